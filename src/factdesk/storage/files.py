"""A ledger's files read and written so that nothing is lost: lock, journal, tables, all synced."""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import portalocker

from factdesk.checks.external_edits import Beside
from factdesk.errors import (
    Finding,
    InvalidValue,
    LedgerBusy,
    LedgerExists,
    LedgerUnreadable,
    ReadOnlyLedger,
    WriteFailed,
)
from factdesk.schema import SEALS, TABLES, Settings
from factdesk.storage import csvfile, fsync, git, journal
from factdesk.storage import settings as settings_file
from factdesk.storage.journal import Entry, Touched

LOCK_SECONDS = 30.0
"""How long a call waits for others before it gives up."""

Signature = tuple[int, int, int, int, int]

GIT_ATTRIBUTES = {
    "{stem}.csv": "text eol=lf merge=union",
    "{stem}/*.csv": "text eol=lf merge=union",
    "{stem}/snapshots/**": "-text",
    "{stem}/seals/**": "-text",
}
GIT_IGNORE = b".factdesk/\n*.new\n"


@dataclass(frozen=True)
class Content:
    """A ledger's files as read at one moment."""

    readings: dict[str, csvfile.Reading]
    signatures: dict[str, Signature]
    settings: Settings
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Anew:
    """All that a proof needs, read from the disk at one moment: rows, seals, bytes by table, the settings' hash."""

    content: Content
    sealed: csvfile.Reading
    data: dict[str, bytes]
    settings: str


class Store:
    """The files of one ledger; the only room that changes them."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()  # the current folder may change, and a renamed link would be a file
        self.folder = self.path.with_suffix("")
        self.state = self.folder / ".factdesk"
        self.journal = self.state / "journal"
        self.files = {name: self.folder / f"{name}.csv" for name in TABLES} | {"claims": self.path}
        self.settings = self.folder / "ledger.toml"
        self.known = {name: self.state / "known" / f"{name}.csv" for name in TABLES}
        self.known_seals = self.state / "known" / "seals.csv"
        self._headers: dict[str, tuple[Signature, bytes]] = {}
        self._knows_all = False
        self.seals = self.folder / "seals.csv"
        self._mutex = threading.RLock()
        self._held = False

    # --- reading

    def read(self, known: Content | None = None) -> Content:
        """Read all tables as they stood at one moment; those that are as in `known` are not read again."""
        missing = list(self._missing())
        if missing and (self.path.is_dir() or not self.folder.is_dir()):
            raise LedgerUnreadable(missing)
        with contextlib.ExitStack() as files:
            with self._lock(portalocker.LockFlags.SHARED):
                opened = self._open(files, missing)
                waiting = None if missing else self._journal()
                settings_text = self._settings_bytes()
                signatures = {name: _signature(os.fstat(descriptor)) for name, descriptor in opened.items()}
                signatures["settings"] = _signature_of(self.settings)
            known = None if missing else known
            fresh = {
                name
                for name in opened
                if known is None or waiting is not None or known.signatures[name] != signatures[name]
            }
            data = {name: _read_up_to(opened[name], signatures[name][2]) for name in fresh}
        if waiting is not None:
            data.update(journal.finished(waiting, data).tables)
        readings = {} if known is None else dict(known.readings)
        for name in opened:
            if name in fresh:
                readings[name] = csvfile.read(data[name], TABLES[name], self.shown(name))
        settings, told = settings_file.read(settings_text, f"{self.folder.name}/ledger.toml")
        faults = [finding for finding in told if finding.severity == "error"]
        fatal = missing + faults + [finding for reading in readings.values() for finding in reading.fatal]
        if fatal:
            raise LedgerUnreadable(fatal)
        return Content(readings, signatures, settings, [*told, *self._set_aside()])

    def copy_to(self, folder: Path) -> Path:
        """Copy the ledger's files, as they stand at one moment, into an empty folder; give the copy's CSV."""
        with self._lock(portalocker.LockFlags.SHARED):
            try:
                self._copy(folder)
            except OSError as error:
                # a folder's copy goes on to the end, and tells all that failed in a list
                first = error.args[0][0] if isinstance(error, shutil.Error) else (0, folder, error.strerror)
                told = "No copy was made; the ledger is as it was."
                raise WriteFailed(str(first[1]), str(first[2]), told) from error
        return folder / self.path.name

    def _copy(self, folder: Path) -> None:
        made = folder / self.folder.name
        # Contents only: what may not be written here may well be in the copy.
        shutil.copytree(
            self.folder,
            made,
            ignore=shutil.ignore_patterns(self.state.name),
            copy_function=shutil.copyfile,
            ignore_dangling_symlinks=True,
        )
        for one in (made, *made.rglob("*")):
            if one.is_dir():
                fsync.set_mode(one, 0o700)
        shutil.copyfile(self.path, folder / self.path.name)
        if self.journal.exists():
            fsync.make_folder(made / self.state.name)
            shutil.copyfile(self.journal, made / self.state.name / self.journal.name)

    def unchanged(self, known: Mapping[str, Signature]) -> bool:
        """Say whether no table has been touched since (device, inode, size and both times are the same)."""
        try:
            files = {**self.files, "settings": self.settings}
            if _signature_of(self.journal)[2]:
                return False  # somebody is writing, or died while they did
            return all(_signature_of(path) == known.get(name) for name, path in files.items())
        except OSError:
            return False

    def _missing(self) -> Iterator[Finding]:
        """Name each file that is not there; all of a folder that is not there at once."""
        folder = self._missing_folder()
        yield from folder
        for name, path in self.files.items():
            if folder and path != self.path:
                continue
            file = self.shown(name)
            try:
                is_folder, is_there, is_file = path.is_dir(), path.exists(), path.is_file()
            except OSError as error:
                yield _unopened(file, error, name)
                continue
            if is_folder:
                yield Finding(
                    "folder", "error", "is a folder, not a file.", "Give the CSV's path.", name, file
                )
                if path == self.path:
                    return  # whatever lies in it is no table of a ledger
            elif is_there and not is_file:
                yield Finding(
                    "no-file", "error", "is no file that holds text, but a device or a pipe.",
                    "Give the CSV's path.", name, file)  # fmt: skip
            elif not is_there:
                yield Finding(
                    "missing-file", "error", "the file is missing.", self._put_back(name), name, file
                )

    def _put_back(self, name: str) -> str:
        """Say how a table's file that is missing comes back."""
        file, known = self.shown(name), self.known[name]
        kept = f"{self.named(known)}, which is as it was written here last" if known.is_file() else ""
        places = ", ".join(filter(None, [f"Git (`git checkout HEAD -- {file}`)", kept, "or a copy"]))
        only = csvfile.header_line(TABLES[name]).decode().strip()
        return (
            f"Put it back from {places}. If there is none, or it never had rows, its only line is: {only} "
            "(then ledger.restore() brings back the rows that are known)."
        )

    def bereft(self) -> str:
        """Say what to do where a ledger's folder is there and its CSV is missing; nothing where that is not so."""
        try:
            is_so = self.settings.is_file() and not self.path.exists()
        except OSError:
            return ""
        if not is_so:
            return ""
        return f"of the ledger in {self.folder.name}/ only {self.path.name} is missing. {self._put_back('claims')}"

    def _missing_folder(self) -> list[Finding]:
        try:
            if self.folder.is_dir():
                return []
            is_there = self.folder.exists()
        except OSError:
            return []  # each table says why it can't be opened
        message = (
            "is a file, and should be the ledger's folder" if is_there else "the ledger's folder is missing"
        )
        advice = f"Put it back beside {self.path.name} from Git or a copy. Where there was none: Make a new one with fd.create."
        return [
            Finding("missing-folder", "error", f"{message}: all tables but the claims, and the settings, lie in it.", advice,
                    file=f"{self.folder.name}/")
        ]  # fmt: skip

    def _open(self, files: contextlib.ExitStack, missing: list[Finding]) -> dict[str, int]:
        """Open the tables that are there; what can't be opened is added to those that are missing."""
        opened: dict[str, int] = {}
        for name in TABLES:
            if name not in {finding.table for finding in missing}:
                try:
                    opened[name] = os.open(self.files[name], os.O_RDONLY | getattr(os, "O_BINARY", 0))
                    files.callback(os.close, opened[name])
                except OSError as error:
                    missing.append(_unopened(self.shown(name), error, name))
        return opened

    def _settings_bytes(self) -> bytes:
        try:
            return self.settings.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise LedgerUnreadable([_unopened(f"{self.folder.name}/ledger.toml", error)]) from error

    def beside_known(self) -> dict[str, Beside]:
        """Give each table's bytes beside those that were last written or accepted here, all of one moment."""
        with self._lock(portalocker.LockFlags.SHARED):
            now = {name: path.read_bytes() for name, path in self.files.items()}
            waiting = self._journal()
            known = {name: _bytes_or_none(path) for name, path in self.known.items()}
        finished = {} if waiting is None else journal.finished(waiting, now).tables
        for name, content in finished.items():  # what waits to be finished is known as well
            held = known[name]
            if held is not None and waiting is not None:
                known[name] = content if held == now[name] else held + self._below_header(name, now, waiting)
        now.update(finished)
        return {name: Beside(self.files[name], self.shown(name), now[name], known[name]) for name in TABLES}

    def _below_header(self, name: str, now: Mapping[str, bytes], waiting: Mapping[str, Touched]) -> bytes:
        """Give the rows that wait to be written, below a header of their own."""
        reading = csvfile.read(now[name], TABLES[name], self.shown(name))
        lines = "".join(line for _, line in waiting[name].rows).encode("utf-8")
        return b"\n" + csvfile.render([reading.header], reading.delimiter) + lines

    def shown(self, table: str) -> str:
        """Give a table's file as messages name it."""
        return self.named(self.seals if table == SEALS.name else self.files[table])

    def named(self, path: Path) -> str:
        """Give a file of the ledger as messages name it."""
        return path.relative_to(self.path.parent).as_posix()

    # --- seals

    def read_seals(self) -> csvfile.Reading:
        """Read the seals; where there is no file yet, there are none."""
        try:
            data = self.seals.read_bytes()
        except FileNotFoundError:
            data = csvfile.header_line(SEALS)
        except OSError as error:
            raise LedgerUnreadable([_unopened(self.shown(SEALS.name), error)]) from error
        reading = csvfile.read(data, SEALS, self.shown(SEALS.name))
        if reading.fatal:
            raise LedgerUnreadable(reading.fatal)
        return reading

    def seal_faults(self) -> list[Finding]:
        """Name what keeps the seals, or a row of them, from being read."""
        try:
            return [finding for finding in self.read_seals().findings if finding.severity == "error"]
        except LedgerUnreadable as error:
            return list(error.places)

    def settings_digest(self) -> str:
        """Give the SHA-256 of the settings file, whatever its line ends."""
        return hashlib.sha256(self._settings_bytes().replace(b"\r\n", b"\n")).hexdigest()

    def leaves_of(self, seal_id: str) -> Path:
        """Give the file of a seal's leaves."""
        return self.folder / "seals" / f"{seal_id}.csv"

    def read_anew(self) -> Anew:
        """Read every byte of tables, settings and seals as they stand at one moment, whatever is known of them."""
        with self._lock(portalocker.LockFlags.SHARED):
            content, sealed = self.read(), self.read_seals()
            data = {name: path.read_bytes() for name, path in self.files.items()}
            waiting = self._journal()
            if waiting is not None:
                data.update(journal.finished(waiting, data).tables)
            if self.seals.exists():
                data[SEALS.name] = self.seals.read_bytes()
            return Anew(content, sealed, data, self.settings_digest())

    def seal(self, row: Mapping[str, str], leaves: bytes) -> None:
        """Keep a seal's leaves, then its row: `seals.csv` takes it in by one rename. The lock must be held."""
        old, after = self._with_seals([row])
        kept, path = self.leaves_of(row[SEALS.id]), self.seals
        renamed = False
        try:
            path = kept
            fsync.make_folder(kept.parent)
            fsync.replace(kept, leaves, by=self.state / "document.new")
            path = self.seals
            new = fsync.prepare(self.state / "seals.new", after, like=self.seals)
            fsync.rename(new, self.seals)
            renamed = True
            fsync.sync_folder(self.folder)
        except BaseException as error:
            if not renamed:
                with contextlib.suppress(OSError):
                    fsync.remove(kept)
            if isinstance(error, OSError):
                told = (
                    "It is sealed, but a loss of power may undo that." if renamed else "Nothing was sealed."
                )
                raise self._failed(path, error, told) from error
            raise
        self._learn_seal(row, old, after)

    def _with_seals(self, rows: Iterable[Mapping[str, str]]) -> tuple[bytes, bytes]:
        """Give the seals' bytes as they are, and with more rows."""
        reading = self.read_seals()
        old = self.seals.read_bytes() if self.seals.exists() else csvfile.header_line(SEALS)
        lines = csvfile.render(
            [[row.get(name, "") for name in reading.header] for row in rows], reading.delimiter
        )
        return old, old + (b"" if old.endswith((b"\n", b"\r")) else b"\n") + lines

    def _learn_seal(self, row: Mapping[str, str], old: bytes, after: bytes) -> None:
        """Keep what was sealed as known, beside seals that are known and gone from the file."""
        with contextlib.suppress(OSError):
            held = _bytes_or_none(self.known_seals)
            if held not in (None, old):
                after = (
                    (held or b"") + b"\n" + csvfile.render([SEALS.names, [row[name] for name in SEALS.names]])
                )
            fsync.make_folder(self.known_seals.parent)
            fsync.replace_unsynced(self.known_seals, after)

    def seals_beside_known(self) -> Beside:
        """Give the seals' bytes beside those that were last known here."""
        now = _bytes_or_none(self.seals) or csvfile.header_line(SEALS)
        return Beside(self.seals, self.shown(SEALS.name), now, _bytes_or_none(self.known_seals))

    def put_back_seals(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Put rows of seals back that are gone; the lock must be held."""
        try:
            fsync.rename(
                fsync.prepare(self.state / "seals.new", self._with_seals(rows)[1], like=self.seals),
                self.seals,
            )
            fsync.sync_folder(self.folder)
        except OSError as error:
            raise self._failed(self.seals, error, "No seal may have been put back; try again.") from error

    # --- writing

    @contextlib.contextmanager
    def writing(self) -> Iterator[list[str]]:
        """Hold the lock for one write; what a dead writer left unfinished is finished first.

        What of it could not be finished is set aside in files, and the list that is given says so.
        """
        missing = list(self._missing())
        if missing:
            raise LedgerUnreadable(missing)
        with self._lock(portalocker.LockFlags.EXCLUSIVE):
            try:
                aside = self._recover()
            except OSError as error:
                raise self._failed(
                    self.journal, error, "What an earlier write left waits for the next opener."
                ) from error
            yield [str(self._put_aside(path)) for path in aside]

    def commit(
        self, entry: Entry, readings: Mapping[str, csvfile.Reading], signatures: Mapping[str, Signature]
    ) -> dict[str, Signature]:
        """Write one call's rows and cells: the journal first, then each table; give the new signatures.

        The lock must be held, `readings` tell each file's header, and `signatures` be those of the files now.
        """
        touched: dict[str, Touched] = {}
        kept: list[Path] = []
        appended: list[str] = []
        before: dict[str, bytes] = {}
        after: dict[str, bytes] = {}
        renamed = False
        path = self.journal
        try:
            for name in filter(entry.touches, TABLES):
                path = self.files[name]
                touched[name] = Touched.of(
                    entry, readings[name], signatures[name][2], _tail(self.files[name], signatures[name][2])
                )
            for data in entry.documents:
                path = self.folder / "snapshots" / hashlib.sha256(data).hexdigest()
                self._keep(path, data, kept)
            path = self.journal
            if touched:
                self._write_journal(touched)
            for name, table in touched.items():
                if not table.cells:
                    path = self.files[name]
                    self._append(name, table, appended)
            ready = []
            for name, table in touched.items():
                if table.cells:
                    path = self.files[name]
                    before[name] = path.read_bytes()
                    after[name] = journal.rewritten(name, before[name], table)
                    ready.append((fsync.prepare(self.state / f"{name}.new", after[name], like=path), path))
            for new, path in ready:
                fsync.rename(new, path)
                renamed = True
            for folder in {path.parent for _, path in ready}:
                fsync.sync_folder(folder)
        except BaseException as error:
            if not renamed:
                self._undo({name: touched[name] for name in appended}, kept, path, error)
            if isinstance(error, OSError):
                told = (
                    "It is written as far as the next opener needs to finish it, and will then stand whole."
                )
                raise self._failed(path, error, told) from error
            raise
        for name, table in touched.items():
            self._learn(name, table, readings[name], before.get(name), after.get(name))
        self._learn_untouched()
        with contextlib.suppress(OSError):  # all is on disk; whoever finds the entry sees that it is done
            self._clear_journal()
        return {name: _signature_of(self.files[name]) for name in touched}

    def _keep(self, path: Path, data: bytes, kept: list[Path]) -> None:
        """Keep a document's bytes under their SHA-256, once."""
        if not path.exists() or path.stat().st_size != len(data):
            fsync.make_folder(path.parent)
            kept.append(path)
            fsync.replace(path, data, by=self.state / "document.new")

    def set_aside_torn(self, content: Content) -> list[str]:
        """Put what torn last lines left into files beside their tables; say where."""
        told = []
        for name, reading in content.readings.items():
            path = self.files[name]
            try:
                if reading.torn and (data := path.read_bytes()).endswith(reading.torn):
                    beside = _free(path.with_name(f"{path.name}.torn"))
                    fsync.write_new(beside, reading.torn + b"\n")
                    self._cut(path, len(data) - len(reading.torn))
                    told.append(str(self._put_aside(beside)))
            except OSError as error:
                raise self._failed(path, error, "Nothing was written.") from error
        return told

    def _append(self, name: str, table: Touched, appended: list[str]) -> None:
        path = self.files[name]
        descriptor = fsync.open_existing(path)
        try:
            if os.fstat(descriptor).st_size != table.size:
                raise OSError(errno.EBUSY, "another program changed the file at the same moment; try again")
            appended.append(name)
            fsync.write_at(descriptor, path, table.size, table.text)
            fsync.sync(descriptor, path)
        finally:
            os.close(descriptor)

    def _cut(self, path: Path, size: int) -> None:
        descriptor = fsync.open_existing(path)
        try:
            fsync.cut(descriptor, path, size)
            fsync.sync(descriptor, path)
        finally:
            os.close(descriptor)

    def _undo(
        self, appended: Mapping[str, Touched], kept: list[Path], path: Path, error: BaseException
    ) -> None:
        """Cut the tables back to what they were and forget the call; raise what is to be told."""
        try:
            for name, table in appended.items():
                if _signature_of(self.files[name])[2] != table.size:
                    self._cut(self.files[name], table.size)
            self._clear_journal()
        except OSError:
            told = "Undoing it failed too: whoever opens the ledger next finishes it, whole, or not at all."
            raise self._failed(path, error, told) from error
        with contextlib.suppress(OSError):  # no row names them
            for document in kept:
                fsync.remove(document)
        if isinstance(error, OSError):
            raise self._failed(path, error, "Nothing was written.") from error
        raise error

    def _failed(self, path: Path, error: BaseException, outcome: str) -> WriteFailed:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        is_refused = isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        return WriteFailed(
            str(path), reason, f"{outcome} {self._right_to_write()}" if is_refused else outcome
        )

    def _right_to_write(self) -> str:
        """Say what to do where writing is not allowed."""
        return (
            f"To write, you need the right to write in {self.folder.name}/, in all that lies in it and beside it. "
            "Reading works without; ledger.scratch() gives a copy to try things on."
        )

    # --- what is known of the tables

    def _learn(
        self,
        name: str,
        table: Touched,
        reading: csvfile.Reading,
        before: bytes | None = None,
        after: bytes | None = None,
    ) -> None:
        """Keep what a call has just written as known. It is not synced, and may fail: nothing rests on it.

        As long as nobody else writes, a table and what is known of it are the same bytes. After that, what is
        known of a row that a call edits is left as it is: `changes` explain it.
        """
        path = self.known[name]
        with contextlib.suppress(OSError):
            if not path.exists():
                self._learn_absent(name, table, reading)
                return
            held = path.read_bytes() if after is not None else None
            if after is not None and held in (before, after):
                fsync.replace_unsynced(path, after)
            elif not table.cells and path.stat().st_size == table.size:
                fsync.append_unsynced(path, table.text)
            elif table.rows:
                self._learn_rows(name, table, reading)

    def _learn_untouched(self) -> None:
        """Take for known the tables of which nothing is: once, when the first write in a folder learns the others."""
        with contextlib.suppress(OSError):
            for name in TABLES if not self._knows_all else ():
                if not self.known[name].exists():
                    held = git.held(self.files[name])
                    fsync.make_folder(self.known[name].parent)
                    fsync.replace_unsynced(
                        self.known[name], held[0] if held else self.files[name].read_bytes()
                    )
            if not self._knows_all and self.seals.exists() and not self.known_seals.exists():
                fsync.replace_unsynced(self.known_seals, self.seals.read_bytes())
            self._knows_all = True

    def _learn_absent(self, name: str, table: Touched, reading: csvfile.Reading) -> None:
        """Take for known what Git's commit holds, and what was written just now; without Git all that stands."""
        held = git.held(self.files[name])
        if not held or csvfile.read(held[0], TABLES[name], self.shown(name)).fatal:
            self._learn_all([name])
            return
        fsync.make_folder(self.known[name].parent)
        fsync.replace_unsynced(self.known[name], held[0])
        self._learn_rows(name, table, reading)

    def _learn_rows(self, name: str, table: Touched, reading: csvfile.Reading) -> None:
        """Add rows to what is known of a table that others have written too, below a header of their own."""
        path = self.known[name]
        header = csvfile.render([reading.header], reading.delimiter)
        if self._headers.get(name) != (_signature_of(path), header):
            data = path.read_bytes()
            if csvfile.read(data, TABLES[name], self.shown(name)).fatal:  # a lost power supply left that
                fsync.remove(path)
                self._learn_absent(name, table, reading)
                return
            fsync.append_unsynced(path, (b"" if data.endswith(b"\n") else b"\n") + header)
        fsync.append_unsynced(path, "".join(line for _, line in table.rows).encode("utf-8"))
        self._headers[name] = (_signature_of(path), header)

    def _learn_all(self, names: Iterable[str] = tuple(TABLES)) -> None:
        """Take tables for known as they are."""
        for name in names:
            fsync.make_folder(self.known[name].parent)
            fsync.replace_unsynced(self.known[name], self.files[name].read_bytes())

    def accept(self) -> None:
        """Take every table for known as it is; the lock must be held."""
        try:
            self._learn_all()
        except OSError as error:
            told = "What was accepted stands in changes; hand_edits() may name it once more."
            raise self._failed(self.state / "known", error, told) from error

    def tidy(self, name: str, settled: Mapping[str, Mapping[str, str]]) -> None:
        """Write a table anew with each settled row once and one header; the lock must be held."""
        path = self.files[name]
        try:
            before = path.read_bytes()
            after = journal.tidied(name, before, settled)
            fsync.replace(path, after, by=self.state / f"{name}.new")
            if _bytes_or_none(self.known[name]) == before:
                fsync.replace_unsynced(self.known[name], after)
        except OSError as error:
            raise self._failed(path, error, "The table is as it was.") from error

    # --- the journal

    def _write_journal(self, touched: Mapping[str, Touched]) -> None:
        text = journal.written(touched)
        if not self.journal.exists():
            fsync.write_new(self.journal, b"")
            fsync.sync_folder(self.folder)  # whoever made the state folder may have died before it did that
        descriptor = fsync.open_existing(self.journal)
        try:
            fsync.write_at(descriptor, self.journal, 0, text)
            fsync.sync(descriptor, self.journal)
        finally:
            os.close(descriptor)

    def _clear_journal(self) -> None:
        if self.journal.exists() and self.journal.stat().st_size:
            self._cut(self.journal, 0)

    def _journal(self) -> dict[str, Touched] | None:
        """Give the entry that waits to be finished; an entry without its whole checksum was never committed."""
        return journal.read(self._journal_bytes())

    def _journal_bytes(self) -> bytes:
        """Read the journal; one that can't be read, and may hold a call that was committed, is an error."""
        try:
            return self.journal.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            with contextlib.suppress(OSError):  # who may not look into the folder can't know
                if self.journal.stat().st_size:
                    raise LedgerUnreadable(
                        [_unopened(self.journal.relative_to(self.path.parent).as_posix(), error)]
                    ) from error
            return b""

    def _recover(self) -> list[Path]:
        """Finish the entry that waits; give the files into which what could not be finished was put."""
        entry = self._journal()
        aside: list[Path] = []
        if entry is not None:
            data = {name: self.files[name].read_bytes() for name in entry}
            finished = journal.finished(entry, data)
            if finished.strangers:
                aside.append(_free(self.state / "set-aside.json"))
                fsync.write_new(aside[0], self.journal.read_bytes())
            for name, torn in finished.torn.items():
                aside.append(_free(self.files[name].with_name(f"{self.files[name].name}.torn")))
                fsync.write_new(aside[-1], torn)
            for name, content in finished.tables.items():
                if content != data[name]:
                    fsync.replace(self.files[name], content, by=self.state / f"{name}.new")
                self._learn(
                    name,
                    entry[name],
                    csvfile.read(content, TABLES[name], self.shown(name)),
                    data[name],
                    content,
                )
        self._clear_journal()
        return aside

    def _set_aside(self) -> Iterator[Finding]:
        """Name the files in which something was set aside, for as long as they are there."""
        for name, path in self.files.items():
            for beside in sorted(path.parent.glob(f"{glob.escape(path.name)}.torn*")):
                yield self._put_aside(beside, name)
        for beside in sorted(self.state.glob("set-aside.json*")):
            yield self._put_aside(beside)

    def _put_aside(self, beside: Path, table: str = "") -> Finding:
        is_entry = beside.parent == self.state
        return Finding(
            "entry-set-aside" if is_entry else "torn-line",
            "warning",
            "a write that was cut short, in files that changed since, was set aside here."
            if is_entry
            else "a last line that was not whole was set aside here.",
            "Look at it, log again what is missing, and remove the file.",
            table,
            beside.relative_to(self.path.parent).as_posix(),
        )

    # --- the lock

    @contextlib.contextmanager
    def _lock(self, flags: portalocker.LockFlags) -> Iterator[None]:
        with self._mutex:
            if self._held:
                yield
                return
            lock = self._acquire(flags)
            self._held = True
            try:
                yield
            finally:
                self._held = False
                if lock:
                    lock.release()

    def _acquire(self, flags: portalocker.LockFlags) -> portalocker.Lock | None:
        path = self.state / "lock"
        try:
            fsync.make_folder(self.state)
            if not path.exists():
                with contextlib.suppress(FileExistsError):
                    os.close(fsync.open_new(path))
            mode: Literal["a", "r"] = "a" if os.access(path, os.W_OK) else "r"
            lock = portalocker.Lock(
                path, mode, timeout=LOCK_SECONDS, check_interval=0.002,
                flags=flags | portalocker.LockFlags.NON_BLOCKING)  # fmt: skip
            lock.acquire()
            return lock
        except portalocker.exceptions.LockException as error:
            raise LedgerBusy(str(self.path), LOCK_SECONDS) from error
        except OSError as error:
            if portalocker.LockFlags.SHARED in flags:
                return None  # where no lock can be made, nobody writes
            why = f"{self.folder.name}/ can't be written ({error.strerror})"
            raise ReadOnlyLedger(why, self._right_to_write()) from error


def is_of_a_ledger(path: Path) -> bool:
    """Say whether a name is one of a ledger's own files, or in a place where it keeps some."""
    path = path.resolve()
    places = (path.with_suffix(""), path.parent, path.parent.parent)
    return any((place / "ledger.toml").is_file() for place in places)


def create(path: Path, settings: Settings) -> None:
    """Make the files of a new, empty ledger; refuse where anything of that name stands."""
    if path.suffix != ".csv":
        raise InvalidValue("path", str(path), "a name that ends in .csv, such as budget.csv")
    try:
        store = Store(path)
        files = {store.settings: settings_file.render(settings), store.folder / ".gitignore": GIT_IGNORE}
        # claims.csv last, and at once: a ledger is there when it is
        files |= {store.files[name]: csvfile.header_line(TABLES[name]) for name in reversed(TABLES)}
        taken = [one for one in (path, store.path, store.folder) if one.exists() or one.is_symlink()]
        if taken == [store.folder] and _is_half_made(store.folder, files):
            taken = []
    except (OSError, ValueError) as error:
        raise InvalidValue("path", str(path), "a name that this system can give a file") from error
    if taken == [store.folder] and (bereft := store.bereft()):
        raise LedgerExists(str(taken[0]), f"Choose another name; or {bereft}")
    if taken:
        raise LedgerExists(str(taken[0]))
    made: list[Path] = []
    try:
        fsync.make_folder(store.folder)
        _add_git_attributes(store.path)
        for file, data in files.items():
            made.append(file)
            if file == store.path:
                made.append(file.with_name(f".{file.name}.new"))
                fsync.replace(file, data)
            else:
                fsync.remove(file)
                fsync.write_new(file, data)
    except OSError as error:
        with contextlib.suppress(OSError):
            for file in made:
                fsync.remove(file)
            store.folder.rmdir()
        raise WriteFailed(str(path), error.strerror or str(error), "The ledger was not made.") from error


def _is_half_made(folder: Path, files: Mapping[Path, bytes]) -> bool:
    """Say whether a folder holds nothing but what a call like this one left when it was cut short."""
    if folder.is_symlink():
        return False
    left = {one: one.read_bytes().rstrip(b"\0") if one.is_file() else None for one in folder.rglob("*")}
    return all(data is not None and files.get(one, b"").startswith(data) for one, data in left.items())


def _add_git_attributes(path: Path) -> None:
    file = path.parent / ".gitattributes"
    have = file.read_bytes() if file.exists() else b""
    wanted = [f"{_git_pattern(one, path.stem)} {how}" for one, how in GIT_ATTRIBUTES.items()]
    lines = [line for line in wanted if line.encode() not in have.splitlines()]
    if lines:
        gap = b"" if not have or have.endswith(b"\n") else b"\n"
        fsync.replace(file, have + gap + "".join(f"{line}\n" for line in lines).encode())


def _git_pattern(pattern: str, stem: str) -> str:
    """Write a pattern of Git's for files of that stem, whatever its characters mean to Git."""
    filled = pattern.format(stem=re.sub(r"[\\\[\]*?!#]", r"\\\g<0>", stem))
    if not re.search(r'[\s"\\]', filled):
        return filled
    return '"' + filled.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unopened(file: str, error: OSError, table: str = "") -> Finding:
    return Finding("unreadable-file", "error", f"can't be opened ({error.strerror}).", table=table, file=file)


def _signature_of(path: Path) -> Signature:
    try:
        return _signature(path.stat())
    except FileNotFoundError:
        return (0, 0, 0, 0, 0)


def _signature(got: os.stat_result) -> Signature:
    return got.st_dev, got.st_ino, got.st_size, got.st_mtime_ns, got.st_ctime_ns


def _bytes_or_none(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _read_up_to(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    parts = []
    while size > 0 and (part := os.read(descriptor, min(size, 1 << 26))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _tail(path: Path, size: int) -> str:
    """Give the end of a file, from its last line's start or 200 bytes back, for the journal to know it by."""
    with path.open("rb") as file:
        file.seek(max(0, size - 200))
        end = file.read(min(size, 200))
    return end[end[:-1].rfind(b"\n") + 1 :].decode("utf-8", "replace")


def _free(path: Path) -> Path:
    """Give the first name that nothing has: the one given, else with a number."""
    if not path.exists():
        return path
    return next(p for n in range(2, 10**6) if not (p := path.with_name(f"{path.name}.{n}")).exists())
