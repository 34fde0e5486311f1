"""The content of a ledger's files as last written or accepted here (`.factdesk/known`): what shows an external edit."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from factdesk.schema import SEALS, TABLES
from factdesk.storage import csvfile, git, table_file
from factdesk.storage.folder import Folder
from factdesk.storage.journal import Touched
from factdesk.storage.table_file import Reading

Signature = tuple[int, int, int, int, int]
"""Device, inode, size and both times of a file: where they are the same, so is its content."""


@dataclass(frozen=True)
class Beside:
    """A table's file beside its baseline; `known` is None where there is none."""

    path: Path
    file: str
    now: bytes
    known: bytes | None


class Baseline:
    """A copy of each table and of the seals. It is not synced, not in Git, and may be deleted: nothing rests on it."""

    def __init__(self, files: Mapping[str, Path], folder: Path, disk: Folder) -> None:
        self.files, self.disk = files, disk
        self.folder = folder
        self.paths = {name: folder / f"{name}.csv" for name in files}
        self._headers: dict[str, tuple[Signature, bytes]] = {}
        self._is_complete = False

    def read(self, name: str) -> bytes | None:
        """Return a table's bytes as last written or accepted, if there are any."""
        return self.disk.read_or_none(self.paths[name])

    def write(self, name: str, data: bytes) -> None:
        """Take these bytes for what is known of a table."""
        self.disk.replace_unsynced(self.paths[name], data)

    def accept(self, names: Iterable[str] = tuple(TABLES)) -> None:
        """Take tables for known as they are."""
        for name in names:
            self.write(name, self.disk.read(self.files[name]))

    def update(
        self,
        name: str,
        table: Touched,
        reading: Reading,
        before: bytes | None = None,
        after: bytes | None = None,
    ) -> None:
        """Add what a call has just written; it may fail.

        As long as nobody else writes, a table and its baseline are the same bytes. After that, what is known of a
        row that a call edits is left as it is: `changes` explain it.
        """
        path = self.paths[name]
        with contextlib.suppress(OSError):
            if not self.disk.has(path):
                self._begin(name, table, reading)
                return
            known = self.disk.read(path) if after is not None else None
            if after is not None and known in (before, after):
                self.write(name, after)
            elif not table.is_rewrite and self.disk.size(path) == table.size:
                self.disk.append_unsynced(path, table.text)
            elif table.rows:
                self._add_rows(name, table, reading)

    def complete(self) -> None:
        """Begin the baseline of all other files, once: with the first write in a folder."""
        if self._is_complete:
            return
        with contextlib.suppress(OSError):
            for name, path in self.files.items():
                if not self.disk.has(self.paths[name]) and self.disk.has(path):
                    held = git.held(path) if name in TABLES else []
                    self.write(name, held[0] if held else self.disk.read(path))
            self._is_complete = True

    def _begin(self, name: str, table: Touched, reading: Reading) -> None:
        """Take for known what Git's commit holds, and what was written just now; without Git all that stands."""
        held = git.held(self.files[name])
        if not held or table_file.read(held[0], TABLES[name], name).fatal:
            self.accept([name])
        else:
            self.write(name, held[0])
            self._add_rows(name, table, reading)

    def _add_rows(self, name: str, table: Touched, reading: Reading) -> None:
        """Add rows to the baseline of a table that others have written too, below a header of their own."""
        path = self.paths[name]
        header = header_of(reading, table)
        if self._headers.get(name) != (signature_of(path), header):
            data = self.disk.read(path)
            if table_file.read(data, TABLES[name], name).fatal:  # a power cut left that
                self.disk.remove(path)
                self._begin(name, table, reading)
                return
            self.disk.append_unsynced(path, (b"" if data.endswith(b"\n") else b"\n") + header)
        self.disk.append_unsynced(path, "".join(line for _, line in table.rows).encode("utf-8"))
        self._headers[name] = (signature_of(path), header)

    def add_seal(self, row: Mapping[str, str], before: bytes, after: bytes) -> None:
        """Add a seal, beside seals that are known and gone from the file; it may fail."""
        with contextlib.suppress(OSError):
            known = self.read(SEALS.name)
            if known not in (None, before):
                lines = csvfile.render([SEALS.names, [row[name] for name in SEALS.names]])
                after = (known or b"") + b"\n" + lines
            self.write(SEALS.name, after)


def below_header(reading: Reading, table: Touched) -> bytes:
    """Return the rows that wait to be written, below a header of their own."""
    lines = "".join(line for _, line in table.rows).encode("utf-8")
    return b"\n" + header_of(reading, table) + lines


def header_of(reading: Reading, table: Touched) -> bytes:
    """Return the header line that the rows of a call stand below."""
    return table.header.encode("utf-8") or csvfile.render([reading.header], reading.delimiter)


def signature_of(path: Path) -> Signature:
    """Return a file's signature; zeros where there is none."""
    try:
        return signature(path.lstat())
    except FileNotFoundError:
        return (0, 0, 0, 0, 0)


def as_signature(noted: Sequence[int]) -> Signature:
    """Return a signature that was noted down; raise ValueError where it is none."""
    device, inode, size, changed, turned = map(int, noted)
    return device, inode, size, changed, turned


def signature(found: os.stat_result) -> Signature:
    """Return the signature of a file that was asked for already."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
