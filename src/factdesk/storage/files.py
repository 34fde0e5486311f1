"""A ledger's files, read as of one moment and written so that nothing is lost."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from stat import S_ISREG

from factdesk.errors import Finding, LedgerUnreadable, WriteFailed
from factdesk.schema import SEALS, TABLES, Settings
from factdesk.storage import documents, fsync, git, journal, set_aside, table_file
from factdesk.storage import settings as settings_file
from factdesk.storage.baseline import (
    Baseline,
    Beside,
    Signature,
    below_header,
    signature,
    signature_of,
)
from factdesk.storage.folder import MOST_BYTES, Folder, read_up_to
from factdesk.storage.growth import Hashes, Written, added_to, grown, hash_of, hashes_of
from factdesk.storage.journal import Entry, Journal, Touched
from factdesk.storage.lock import Lock, right_to_write
from factdesk.storage.missing import missing, put_back, strangers, unopened
from factdesk.storage.reading_cache import Cache, is_worth


@dataclass(frozen=True)
class Content:
    """A ledger's files as read at one moment.

    `hashes` say what bytes each table had, part by part: up to where, and the hash of the part. Tables in `behind`
    have rows by now that their readings lack, and that were taken in by themselves.
    """

    readings: dict[str, table_file.Reading]
    signatures: dict[str, Signature]
    settings: Settings
    findings: list[Finding] = field(default_factory=list)
    hashes: dict[str, Hashes] = field(default_factory=dict)
    behind: frozenset[str] = frozenset()
    settings_hash: str = ""

    def after(self, written: Mapping[str, Written]) -> Content:
        """Return the content after rows were added to tables, or tables written anew."""
        hashes = {name: added_to(self.hashes.get(name, ()), one) for name, one in written.items()}
        signatures = {name: one.signature for name, one in written.items()}
        return replace(
            self,
            signatures=self.signatures | signatures,
            hashes=self.hashes | hashes,
            behind=self.behind | set(written),
        )


class Store:
    """The files of one ledger; nothing else changes them."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()  # the current folder may change, and a renamed link would be a file
        self.folder = self.path.with_suffix("")
        self.state = self.folder / ".factdesk"
        self.disk = Folder(self.path.parent)
        self.journal = Journal(self.state / "journal", self.disk)
        self.files = {name: self.folder / f"{name}.csv" for name in TABLES} | {"claims": self.path}
        self.seals = self.folder / "seals.csv"
        self.settings = self.folder / "ledger.toml"
        self.lock = Lock(self.state / "lock", self.path, self.disk)
        self.baseline = Baseline({**self.files, SEALS.name: self.seals}, self.state / "known", self.disk)

    # --- reading

    def read(self, known: Content | None = None) -> Content:
        """Read all tables as they stood at one moment; those that are as in `known` are not read again."""
        absent = self._missing()
        if known is None:
            named = {finding.file for finding in absent}
            absent += [one for one in strangers(self.disk, self.folder) if one.file not in named]
        if absent and (self.path.is_dir() or self.folder.is_symlink() or not self.folder.is_dir()):
            raise LedgerUnreadable(absent)
        with contextlib.ExitStack() as files:
            with self.lock.held():
                opened = self._open(files, absent)
                waiting = None if absent else self.journal.entry()
                is_absent = self.named(self.settings) in {finding.file for finding in absent}
                settings_text = b"" if is_absent else self._settings_bytes()
                signatures = {name: signature(os.fstat(descriptor)) for name, descriptor in opened.items()}
                signatures["settings"] = signature_of(self.settings)
            known = None if absent else known
            fresh = {
                name
                for name in opened
                if known is None
                or waiting is not None
                or name in known.behind
                or known.signatures[name] != signatures[name]
            }
            data = {name: read_up_to(opened[name], signatures[name][2]) for name in fresh}
        if waiting is not None:
            data.update(journal.finished(waiting, data).tables)
        readings, hashes = ({}, {}) if known is None else (dict(known.readings), dict(known.hashes))
        for name in opened:
            if name in fresh:
                readings[name] = table_file.read(data[name], TABLES[name], self.shown(name))
                hashes[name] = hashes_of(data[name])
        settings, found = settings_file.read(settings_text, f"{self.folder.name}/ledger.toml")
        faults = [finding for finding in found if finding.severity == "error"]
        fatal = absent + faults + [finding for reading in readings.values() for finding in reading.fatal]
        if fatal:
            raise LedgerUnreadable(fatal)
        found += set_aside.found(self.files, self.state)
        hashed = hash_of(settings_text)
        return Content(readings, signatures, settings, found, hashes, settings_hash=hashed)

    def settings_now(self) -> Content:
        """Return the content without any table: settings, what is to be found beside tables, and the settings' hash."""
        signatures, text = {"settings": signature_of(self.settings)}, self._settings_bytes()
        settings, found = settings_file.read(text, self.named(self.settings))
        found += set_aside.found(self.files, self.state)
        return Content({}, signatures, settings, found, settings_hash=hash_of(text))

    def cache(self) -> Cache | None:
        """Return where what was read is kept, in the user's own cache folder; None where there is none."""
        return Cache.of(self.path, self.folder)

    def added(
        self, known: Content, at_first: bool = False
    ) -> tuple[Content, dict[str, table_file.Reading]] | None:
        """Read the rows that were added since, and no others; None where that is not all that was done."""
        if self._missing() or (at_first and strangers(self.disk, self.folder)):
            return None
        cache = self.cache()
        rows: dict[str, table_file.Reading] = {}
        written: dict[str, Written] = {}
        try:
            with contextlib.ExitStack() as files, self.lock.held():
                opened = self._open(files, [])
                if len(opened) < len(TABLES) or self.disk.size(self.journal.path):
                    return None
                if signature_of(self.settings) != known.signatures["settings"]:
                    return None
                for name, descriptor in opened.items():
                    now = signature(os.fstat(descriptor))
                    if now == known.signatures[name]:
                        continue
                    is_sure = cache is not None and cache.is_added_to(name, known.signatures[name], now)
                    lines = grown(descriptor, known.hashes.get(name, ()), now[2], is_sure)
                    reading = table_file.added(lines, known.readings[name]) if lines else None
                    if lines is None or reading is None:
                        return None
                    rows[name], written[name] = reading, Written(now, lines)
        except OSError:
            return None
        beside = set_aside.found(self.files, self.state)
        is_as_known = all(one in known.findings for one in beside)
        return (known.after(written), rows) if is_as_known else None

    def copy_to(self, folder: Path) -> Path:
        """Copy the ledger's files, as they stand at one moment, into an empty folder; return the copy's CSV."""
        with self.lock.held():
            to = Folder(folder)
            try:
                kept = [path for path in self.disk.files(self.folder) if not path.is_relative_to(self.state)]
                kept += [path for path in (self.path, self.journal.path) if self.disk.has(path)]
                for path in kept:
                    self.disk.copy(path, to, folder / path.relative_to(self.path.parent))
            except OSError as error:
                outcome = "No copy was made; the ledger is as it was."
                place = str(error.filename or folder)
                raise WriteFailed(place, error.strerror or str(error), outcome) from error
        return folder / self.path.name

    def unchanged(self, known: Mapping[str, Signature]) -> bool:
        """Return whether no table has been touched since (device, inode, size and both times are the same)."""
        try:
            files = {**self.files, "settings": self.settings}
            if signature_of(self.journal.path)[2]:
                return False  # somebody is writing, or died while they did
            return all(signature_of(path) == known.get(name) for name, path in files.items())
        except OSError:
            return False

    def _missing(self) -> list[Finding]:
        return missing(self.path, self.files, self.baseline.paths)

    def only_claims_missing(self) -> str:
        """Return what to do where a ledger's folder is there and its CSV is missing; else nothing."""
        try:
            if not self.settings.is_file() or self.path.exists():
                return ""
        except OSError:
            return ""
        advice = put_back("claims", self.path, self.files, self.baseline.paths)
        return f"of the ledger in {self.folder.name}/ only {self.path.name} is missing. {advice}"

    def _open(self, files: contextlib.ExitStack, absent: list[Finding]) -> dict[str, int]:
        """Open the tables that are there; what can't be opened is added to what is absent."""
        opened: dict[str, int] = {}
        for name in TABLES:
            if name not in {finding.table for finding in absent}:
                try:
                    opened[name] = files.enter_context(self.disk.reading(self.files[name]))
                except OSError as error:
                    absent.append(unopened(self.shown(name), error, name))
        return opened

    def _settings_bytes(self) -> bytes:
        return self.bytes_of(self.settings, missing=b"", most=settings_file.SIZE_LIMIT + 1)

    def bytes_of(
        self, path: Path, table: str = "", missing: bytes | None = None, most: int = MOST_BYTES
    ) -> bytes:
        """Read a file; one that can't be read is told in our own words."""
        try:
            return self.disk.read(path, most)
        except OSError as error:
            if missing is not None and isinstance(error, FileNotFoundError):
                return missing
            raise LedgerUnreadable([unopened(self.named(path), error, table)]) from error

    def bytes_by_table(self) -> dict[str, bytes]:
        """Read every table."""
        return {name: self.bytes_of(path, name) for name, path in self.files.items()}

    def beside_baseline(self) -> dict[str, Beside]:
        """Return each table's bytes beside those last written or accepted here, all of one moment."""
        with self.lock.held():
            now = self.bytes_by_table()
            waiting = self.journal.entry()
            known = {name: self.baseline.read(name) for name in TABLES}
        finished = journal.finished(waiting, now).tables if waiting else {}
        for name, content in finished.items():  # what waits to be finished is known as well
            held = known[name]
            if held is not None and waiting:
                reading = table_file.read(now[name], TABLES[name], self.shown(name))
                known[name] = content if held == now[name] else held + below_header(reading, waiting[name])
        now.update(finished)
        return {name: Beside(self.files[name], self.shown(name), now[name], known[name]) for name in TABLES}

    def known(self, table: str) -> list[bytes]:
        """Return a table's bytes as last written or accepted here, and as Git's commits have them."""
        path = self.seals if table == SEALS.name else self.files[table]
        return [*filter(None, [self.baseline.read(table)]), *git.held(path)]

    def shown(self, table: str) -> str:
        """Return a table's file as messages name it."""
        return self.named(self.seals if table == SEALS.name else self.files[table])

    def named(self, path: Path) -> str:
        """Return a file of the ledger as messages name it."""
        return path.relative_to(self.path.parent).as_posix()

    def settings_digest(self) -> str:
        """Return the SHA-256 of the settings file, whatever its line ends, and whether the format has grown since."""
        return hashlib.sha256(settings_file.as_begun(self._settings_bytes())).hexdigest()

    def document(self, sha256: str) -> Path:
        """Return the file of a document that was kept."""
        return self.folder / "snapshots" / sha256

    def leaves_of(self, seal_id: str) -> Path:
        """Return the file of a seal's leaves."""
        return self.folder / "seals" / f"{seal_id}.csv"

    # --- writing

    @contextlib.contextmanager
    def writing(self) -> Iterator[list[str]]:
        """Hold the lock for one write; what a dead writer left unfinished is finished first.

        What of it could not be finished is set aside in files, and the list that is given says so.
        """
        if absent := self._missing():
            raise LedgerUnreadable(absent)
        with self.lock.held(for_writing=True):
            with self.failing(self.journal.path, "What an earlier write left waits for the next opener."):
                aside = self._recover()
            yield [str(set_aside.finding(path, self.path)) for path in aside]

    def commit(
        self, entry: Entry, readings: Mapping[str, table_file.Reading], signatures: Mapping[str, Signature]
    ) -> dict[str, Written]:
        """Write one call's rows and cells: the journal first, then each table; return what each is then.

        The lock must be held, `readings` tell each file's header, and `signatures` be those of the files now.
        """
        touched: dict[str, Touched] = {}
        kept: list[Path] = []
        appended: list[str] = []
        before: dict[str, bytes] = {}
        after: dict[str, bytes] = {}
        renamed = False
        path = self.journal.path
        try:
            for name in filter(entry.touches, TABLES):
                path = self.files[name]
                touched[name] = Touched.of(
                    entry,
                    readings[name],
                    signatures[name][2],
                    self.disk.tail(self.files[name], signatures[name][2]),
                )
            for data in entry.documents:
                path = self.document(hashlib.sha256(data).hexdigest())
                self._keep(path, data, kept)
            for document in entry.copied:
                path = self.document(document.sha256)
                self._keep(path, document.read(), kept)
            if entry.documents:
                path = self.folder / ".gitignore"
                limit = settings_file.read(self._settings_bytes(), "")[0].largest_in_git
                documents.leave_out_of_git(self.disk, path, entry.documents, limit)
            path = self.journal.path
            if touched:
                self.journal.write(touched)
            for name, table in touched.items():
                if not table.is_rewrite:
                    path = self.files[name]
                    self._append(name, table, appended)
            ready = []
            for name, table in touched.items():
                if table.is_rewrite:
                    path = self.files[name]
                    before[name] = self.disk.read(path)
                    after[name] = journal.rewritten(name, before[name], table)
                    ready.append(
                        (self.disk.prepare(self.state / f"{name}.new", after[name], like=path), path)
                    )
            if any(table.header for table in touched.values()) and (
                grown := settings_file.grown(self._settings_bytes())
            ):
                path = self.settings
                new = self.disk.prepare(self.state / "ledger.new", grown, like=path)
                ready.append((new, path))
            for new, path in ready:
                self.disk.rename(new, path)
                renamed = True
            for folder in {path.parent for _, path in ready}:
                self.disk.sync_names(folder)
        except BaseException as error:
            if not renamed:
                self._undo({name: touched[name] for name in appended}, kept, path, error)
            if isinstance(error, OSError):
                outcome = (
                    "It is written as far as the next opener needs to finish it, and will then stand whole."
                )
                raise self.failed(path, error, outcome) from error
            raise
        for name, table in touched.items():
            self.baseline.update(name, table, readings[name], before.get(name), after.get(name))
        self.baseline.complete()
        with contextlib.suppress(OSError):  # all is on disk; whoever finds the entry sees that it is done
            self.journal.clear()
        written = {
            name: Written(signature_of(self.files[name]), None if table.is_rewrite else table.text)
            for name, table in touched.items()
        }
        large = [name for name, one in written.items() if one.lines and is_worth(one.signature[2])]
        if large and (cache := self.cache()):
            for name in large:
                cache.note_added(name, signatures[name], written[name].signature)
        return written

    def _keep(self, path: Path, data: bytes, kept: list[Path]) -> None:
        """Keep a document's bytes under their SHA-256, once."""
        if not self.disk.has(path) or self.disk.size(path) != len(data):
            self.disk.make(path.parent)
            kept.append(path)
            self.disk.replace(path, data, by=self.state / "document.new")

    def change_settings(self, change: Callable[[bytes], bytes]) -> None:
        """Put what a change makes of the settings in their place, at once; the lock must be held."""
        before = self._settings_bytes()
        after = change(before)
        if after != before:
            with self.failing(self.settings, "The settings are as they were."):
                self.disk.replace(self.settings, after, by=self.state / "settings.new")

    def set_aside_torn(self, content: Content) -> list[str]:
        """Put what torn last lines left into files beside their tables; return a message for each."""
        messages = []
        for name, reading in content.readings.items():
            path = self.files[name]
            with self.failing(path, "Nothing was written."):
                if reading.torn and (data := self.disk.read(path)).endswith(reading.torn):
                    beside = set_aside.free(path.with_name(f"{path.name}.torn"))
                    self.disk.write_new(beside, reading.torn + b"\n")
                    self.disk.cut(path, len(data) - len(reading.torn))
                    messages.append(str(set_aside.finding(beside, self.path)))
        return messages

    def _append(self, name: str, table: Touched, appended: list[str]) -> None:
        path = self.files[name]
        with self.disk.writing(path) as descriptor:
            if os.fstat(descriptor).st_size != table.size:
                raise OSError(errno.EBUSY, "another program changed the file at the same moment; try again")
            appended.append(name)
            fsync.write_at(descriptor, path, table.size, table.text)
            fsync.sync(descriptor, path)

    def _undo(
        self, appended: Mapping[str, Touched], kept: list[Path], path: Path, error: BaseException
    ) -> None:
        """Cut the tables back to what they were and forget the call; raise what is to be told."""
        try:
            for name, table in appended.items():
                if signature_of(self.files[name])[2] != table.size:
                    self.disk.cut(self.files[name], table.size)
            self.journal.clear()
        except OSError:
            outcome = (
                "Undoing it failed too: whoever opens the ledger next finishes it, whole, or not at all."
            )
            raise self.failed(path, error, outcome) from error
        with contextlib.suppress(OSError):  # no row names them
            for document in kept:
                self.disk.remove(document)
        if isinstance(error, OSError):
            raise self.failed(path, error, "Nothing was written.") from error
        raise error

    @contextlib.contextmanager
    def failing(self, path: Path, outcome: str) -> Iterator[None]:
        """Say what came of a write where the disk refuses it."""
        try:
            yield
        except OSError as error:
            raise self.failed(path, error, outcome) from error

    def failed(self, path: Path, error: BaseException, outcome: str) -> WriteFailed:
        """Return the error that says what a disk refused, and what came of it."""
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        is_refused = isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        advice = f" {right_to_write(self.path)}" if is_refused else ""
        return WriteFailed(str(path), reason, f"{outcome}{advice}")

    def kept(self, folder: str, pattern: str) -> list[Path]:
        """Return the files of a name in one of the ledger's own folders; a link, a folder or a pipe is none."""
        return sorted(one for one in (self.folder / folder).glob(pattern) if S_ISREG(one.lstat().st_mode))

    def keep(self, folder: str, name: str, data: bytes) -> None:
        """Keep a file in one of the ledger's own folders, whole or not at all; the lock must be held."""
        path = self.folder / folder / name
        with self.failing(path, "It was not kept."):
            self.disk.make(path.parent)
            self.disk.replace(path, data, by=self.state / "document.new")

    # --- external edits

    def accept(self) -> None:
        """Take every table for known as it is; the lock must be held."""
        outcome = "What was accepted stands in changes; hand_edits() may name it once more."
        with self.failing(self.baseline.folder, outcome):
            self.baseline.accept()

    def tidy(self, name: str, settled: Mapping[str, Mapping[str, str]]) -> None:
        """Write a table anew with each settled row once and one header; the lock must be held."""
        path = self.files[name]
        with self.failing(path, "The table is as it was."):
            before = self.disk.read(path)
            after = journal.tidied(name, before, settled)
            self.disk.replace(path, after, by=self.state / f"{name}.new")
            if self.baseline.read(name) == before:
                self.baseline.write(name, after)

    # --- what a dead writer left

    def _recover(self) -> list[Path]:
        """Finish the entry that waits; return the files into which what could not be finished was put."""
        entry = self.journal.entry()
        aside: list[Path] = []
        if entry is not None:
            data = {name: self.disk.read(self.files[name]) for name in entry}
            finished = journal.finished(entry, data)
            if finished.strangers:
                aside.append(set_aside.free(self.state / "set-aside.json"))
                self.disk.write_new(aside[0], self.disk.read(self.journal.path))
            for name, torn in finished.torn.items():
                aside.append(set_aside.free(self.files[name].with_name(f"{self.files[name].name}.torn")))
                self.disk.write_new(aside[-1], torn)
            for name, content in finished.tables.items():
                if content != data[name]:
                    self.disk.replace(self.files[name], content, by=self.state / f"{name}.new")
                reading = table_file.read(content, TABLES[name], self.shown(name))
                self.baseline.update(name, entry[name], reading, data[name], content)
            if any(entry[name].header for name in finished.tables) and (
                grown := settings_file.grown(self._settings_bytes())
            ):
                self.disk.replace(self.settings, grown, by=self.state / "ledger.new")
        self.journal.clear()
        return aside
