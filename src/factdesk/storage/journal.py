"""What one call writes, as the journal notes it, and how that is carried out on a table's bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factdesk.errors import Finding, LedgerUnreadable
from factdesk.schema import TABLES
from factdesk.storage import csvfile, fsync, table_file
from factdesk.storage.documents import Document
from factdesk.storage.folder import Folder
from factdesk.storage.missing import unopened
from factdesk.storage.no_table import is_utf8


@dataclass(frozen=True)
class Cell:
    """One cell to be set in one row: only where it still holds `before`."""

    row_id: str
    column: str
    before: str
    after: str


@dataclass
class Entry:
    """What one call writes: by table new rows (cells in schema order) and cells to be set; and documents that are
    new, or copied from another ledger."""

    rows: dict[str, list[list[str]]] = field(default_factory=dict)
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    documents: list[bytes] = field(default_factory=list)
    copied: list[Document] = field(default_factory=list)

    def touches(self, table: str) -> bool:
        """Return whether rows are added to a table or cells set in it."""
        return bool(self.rows.get(table) or self.cells.get(table))

    def __bool__(self) -> bool:
        return any(self.rows.values()) or any(self.cells.values()) or bool(self.documents or self.copied)


@dataclass(frozen=True)
class Touched:
    """One table in the journal: what stood before, and what the call adds to it or sets in it."""

    size: int
    last: str
    rows: tuple[tuple[str, str], ...] = ()
    cells: tuple[Cell, ...] = ()
    header: str = ""
    """The header line that takes the old one's place, where a column of a later format is filled first."""

    @property
    def is_rewrite(self) -> bool:
        """Whether the table is written anew, and not only added to."""
        return bool(self.cells or self.header)

    @property
    def text(self) -> bytes:
        """The new rows' lines, after a line end where somebody typed the last row without one."""
        gap = "\n" if self.last and not self.last.endswith("\n") else ""
        return (gap + "".join(line for _, line in self.rows)).encode("utf-8") if self.rows else b""

    @classmethod
    def of(cls, entry: Entry, reading: table_file.Reading, size: int, last: str) -> Touched:
        """Note what a call does to a table of that size and end, its rows as the file's header orders them."""
        names = reading.table.names
        rows = entry.rows.get(reading.table.name, [])
        set_to = tuple(entry.cells.get(reading.table.name, ()))
        header, line = reading.header, ""
        lacking = [name for name in reading.table.later_names if name not in header]
        filled = {cell.column for cell in set_to if cell.after}
        if any(name in filled or any(row[names.index(name)] for row in rows) for name in lacking):
            header = (*header, *lacking)
            line = csvfile.render([header], reading.delimiter).decode("utf-8")
        order = [names.index(column) if column in names else -1 for column in header]
        is_as_composed = order == list(range(len(names)))
        cells = rows if is_as_composed else [["" if at < 0 else row[at] for at in order] for row in rows]
        # A row is one line, whatever is in its cells.
        lines = [
            f"{one}\n" for one in csvfile.render(cells, reading.delimiter).decode("utf-8").split("\n")[:-1]
        ]
        ids = [row[0] for row in rows]
        return cls(size, last, tuple(zip(ids, lines, strict=True)), set_to, line)


class MisshapenEntry(ValueError):
    """A journal has the checksum of an entry, and not its form."""


class Journal:
    """The file in which a call is noted, synced, before it touches a table; empty when all is done."""

    def __init__(self, path: Path, disk: Folder) -> None:
        self.path, self.disk = path, disk

    def write(self, touched: Mapping[str, Touched]) -> None:
        """Note what a call does to each table: it counts from here on."""
        text = written(touched)
        if not self.disk.has(self.path):
            self.disk.write_new(self.path, b"")
            # whoever made the folder may have died before doing that
            self.disk.sync_names(self.path.parent.parent)
        with self.disk.writing(self.path) as descriptor:
            fsync.write_at(descriptor, self.path, 0, text)
            fsync.sync(descriptor, self.path)

    def clear(self) -> None:
        """Forget what was noted."""
        if self.disk.size(self.path):
            self.disk.cut(self.path, 0)

    def entry(self) -> dict[str, Touched] | None:
        """Return the entry that waits to be finished, if any."""
        try:
            return read(self._bytes())
        except MisshapenEntry as error:
            file = self.path.relative_to(self.disk.root).as_posix()
            message = "holds what no write of factdesk's can have left, and is not carried out."
            advice = "Look at it, and remove the file: the tables are as they stand without it."
            raise LedgerUnreadable([Finding("journal", "error", message, advice, file=file)]) from error

    def _bytes(self) -> bytes:
        """Read the journal; one that can't be read, and may hold a call that was committed, is an error."""
        try:
            return self.disk.read(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            try:
                if not self.disk.size(self.path):
                    return b""
            except OSError:  # who may not look into the folder can't know
                return b""
            file = self.path.relative_to(self.disk.root).as_posix()
            raise LedgerUnreadable([unopened(file, error)]) from error


def written(touched: Mapping[str, Touched]) -> bytes:
    """Return an entry as the journal holds it: its checksum, then what it does to each table."""
    body = json.dumps(
        {
            name: [
                t.size,
                t.last,
                t.rows,
                [[c.row_id, c.column, c.before, c.after] for c in t.cells],
                t.header,
            ]
            for name, t in touched.items()
        },
        ensure_ascii=False,
    )
    return f"{_checksum(body)} {body}\n".encode()


def read(data: bytes) -> dict[str, Touched] | None:
    """Read an entry; one without its whole checksum was never committed."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    checksum, _, body = text.partition(" ")
    if not body.endswith("\n") or _checksum(body[:-1]) != checksum:
        return None
    try:
        return {name: _touched(name, noted) for name, noted in json.loads(body).items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise MisshapenEntry from error


def _touched(name: str, noted: Any) -> Touched:
    """Return what an entry does to one table; one that no writer of ours can have made raises an error."""
    size, last, rows, cells, *header = noted  # the first format's writers note no header
    entry = Touched(size, last, tuple(map(tuple, rows)), tuple(Cell(*cell) for cell in cells), *header)
    texts = [last, entry.header, *(text for row in entry.rows for text in row)]
    texts += [text for cell in entry.cells for text in (cell.row_id, cell.column, cell.before, cell.after)]
    if (
        name not in TABLES
        or type(size) is not int
        or size < 0
        or not all(type(text) is str for text in texts)
        or any(len(row) != 2 for row in entry.rows)
        or any(cell.column not in TABLES[name].names for cell in entry.cells)
        or (entry.header and not _is_header(name, entry.header))
    ):
        raise ValueError(name)
    "".join(texts).encode("utf-8")  # half of a surrogate pair is no text
    return entry


def _is_header(name: str, line: str) -> bool:
    """Return whether a line is a header of a table that has all its columns."""
    records = list(csvfile.records(line.encode("utf-8"), TABLES[name]))
    return len(records) == 1 and set(TABLES[name].names) <= set(records[0].header)


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Finished:
    """What an unfinished entry makes of the tables: their bytes, torn tails, and tables that are not as noted."""

    tables: dict[str, bytes] = field(default_factory=dict)
    torn: dict[str, bytes] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)


def finished(entry: Mapping[str, Touched], data: Mapping[str, bytes]) -> Finished:
    """Carry out an unfinished entry; not at all where a table is no longer as it noted."""
    done = Finished()
    for name, table in entry.items():
        content = data[name]
        if not table.is_rewrite and table.text.startswith(content[table.size :]):
            content = content[: table.size]  # part of what is written anew, cut anywhere, inside a letter too
        torn = b"" if table.is_rewrite else _torn_tail(content[table.size :], table.text)
        content = content[: len(content) - len(torn)]
        if torn:
            done.torn[name] = torn
        is_known = is_utf8(content) and (
            table.is_rewrite or _is_as_noted(content, table) or not _absent(name, content, table)
        )
        if not is_known or not _are_rows(name, content, table):
            done.strangers.append(name)
        else:
            made = rewritten(name, content, table) if table.is_rewrite else _appended(name, content, table)
            done.tables[name] = made
    return Finished(strangers=done.strangers) if done.strangers else done


def _torn_tail(tail: bytes, wanted: bytes) -> bytes:
    """Return what a power cut left behind the noted size: no whole line, and no text."""
    last = tail[tail.rfind(b"\n") + 1 :]
    return last if not wanted.startswith(tail) and (b"\0" in last or not is_utf8(last)) else b""


def _are_rows(name: str, content: bytes, table: Touched) -> bool:
    """Return whether each line to be added is one whole row of the table, of the id that is noted with it."""
    headers = [record for record in csvfile.records(content, TABLES[name]) if record.is_header]
    if not headers or not table.rows:
        return not table.rows
    header = table.header.encode("utf-8") or content[headers[-1].start : headers[-1].end]
    lines = "".join(line for _, line in table.rows).encode("utf-8")
    made = list(csvfile.records(header + lines, TABLES[name]))[1:]
    ids = [dict(zip(one.header, one.cells, strict=False)).get(TABLES[name].id) for one in made]
    is_sound = not any(one.is_header or one.fault for one in made) and b"\0" not in lines
    return is_sound and ids == [row_id for row_id, _ in table.rows]


def _is_as_noted(content: bytes, table: Touched) -> bool:
    before = content[: table.size]
    return len(before) == table.size and before[-200:].decode("utf-8", "replace").endswith(table.last)


def _appended(name: str, content: bytes, table: Touched) -> bytes:
    if _is_as_noted(content, table) and table.text.startswith(content[table.size :]):
        return content[: table.size] + table.text
    return _with_absent(name, content, table)


def _with_absent(name: str, content: bytes, table: Touched) -> bytes:
    """Add the rows whose id is not there."""
    absent = _absent(name, content, table)
    gap = b"" if content.endswith(b"\n") or not absent else b"\n"
    return content + gap + absent


def _absent(name: str, content: bytes, table: Touched) -> bytes:
    """Return the lines of the rows whose id is not there: none where somebody typed into a table that has them all."""
    found = [r for r in csvfile.records(content, TABLES[name]) if not r.is_header and not r.fault]
    key = TABLES[name].id
    have = {r.cells[r.header.index(key)] for r in found if key in r.header}
    return "".join(line for row_id, line in table.rows if row_id not in have).encode("utf-8")


def rewritten(name: str, content: bytes, table: Touched) -> bytes:
    """Return a table's bytes with its header replaced or cells set in them; every other line keeps its bytes."""
    if table.header:
        start, end = csvfile.last_header(content, TABLES[name])
        is_as_noted = len(content) == table.size
        content = content[:start] + table.header.encode("utf-8") + content[end:]
        if is_as_noted and not table.cells:
            return content + table.text
    wanted: dict[str, list[Cell]] = {}
    for cell in table.cells:
        wanted.setdefault(cell.row_id, []).append(cell)
    parts: list[bytes] = []
    upto = 0
    key = TABLES[name].id
    for record in csvfile.records(content, TABLES[name]):
        if record.is_header or record.fault:
            continue
        row = dict(zip(record.header, record.cells, strict=True))
        cells = [cell for cell in wanted.get(row.get(key, ""), ()) if row.get(cell.column) == cell.before]
        if cells:
            row.update({cell.column: cell.after for cell in cells})
            parts += [
                content[upto : record.start],
                csvfile.render([[row[c] for c in record.header]], record.delimiter),
            ]
            upto = record.end
    return _with_absent(name, b"".join([*parts, content[upto:]]), table)


def tidied(name: str, content: bytes, settled: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return a table's bytes with each settled row once, all below one header; other lines keep their bytes."""
    records = list(csvfile.records(content, TABLES[name]))
    headers = list(dict.fromkeys((r.header, r.delimiter) for r in records if r.is_header))
    header, delimiter = headers[0]
    if len(headers) > 1:
        first = TABLES[name].first_names
        other = dict.fromkeys(c for columns, _ in headers for c in columns if c not in first)
        header, delimiter = (*first, *other), ","
    parts = [csvfile.render([header], delimiter)] if len(headers) > 1 else [content[: records[0].end]]
    written: set[str] = set()
    for record in records:
        if record.is_header:
            continue
        line = content[record.start : record.end]
        if not record.fault:
            row = dict(zip(record.header, record.cells, strict=True))
            row_id = row[TABLES[name].id]
            if row_id in written:
                continue
            if row_id in settled:
                row |= {column: settled[row_id].get(column, cell) for column, cell in row.items()}
                written.add(row_id)
            if row_id in settled or len(headers) > 1:
                line = csvfile.render([[row.get(column, "") for column in header]], delimiter)
        parts.append(line if line.endswith((b"\n", b"\r")) else line + b"\n")
    return b"".join(parts)
