"""One table's file to a frame of text: strict about what it means, kind to what spreadsheets do to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import repeat

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from factdesk.errors import Finding
from factdesk.packed import Packed, begins, has
from factdesk.schema import SEALS, TABLES, Table
from factdesk.storage.csvfile import NEWLINE, begins_id, records, render
from factdesk.storage.no_table import FINDING_LIMIT, header_faults, named, no_table
from factdesk.text import conflict_mark, shown

_MARK_LINE = re.compile(rb"^(<{7}|>{7}|={7}|\|{7})", re.MULTILINE)
_TEXT = pd.StringDtype(na_value=np.nan)


@dataclass(frozen=True)
class Rows:
    """Rows of one table as text: the schema's columns, then the file's extra ones; and the line of each."""

    table: Table
    file: str
    cells: pd.DataFrame
    lines: np.ndarray

    def only(self, chosen: np.ndarray) -> Rows:
        """Return those of the rows that a mask chooses."""
        if chosen.all():
            return Rows(self.table, self.file, self.cells, self.lines)
        cells = self.cells[chosen].reset_index(drop=True)
        return Rows(self.table, self.file, cells, self.lines[chosen])

    def finding(
        self,
        at: int,
        column: str,
        code: str,
        severity: str,
        message: str,
        advice: str,
        *,
        value: str | None = None,
    ) -> Finding:
        """Return a finding in one cell; `value` stands in for what the cell holds."""
        held, row_id = (str(self.cells[name].iat[at]) for name in (column, self.table.id))
        claim_id = str(self.cells["claim_id"].iat[at]) if "claim_id" in self.cells else ""
        return Finding(
            code, severity, message, advice, self.table.name, self.file, int(self.lines[at]), column,
            shown(held if value is None else value), shown(row_id), shown(claim_id),
        )  # fmt: skip


@dataclass(frozen=True)
class Reading(Rows):
    """What one file holds.

    `header` and `delimiter` are those in force at the end of the file, for the next row; `torn` is what a last
    line without an end left, not a whole row; `unread` are the cells with text of the lines that are no rows. `is_tidy` says
    that the file is just as we write it: each line behind the header is a row.
    """

    header: tuple[str, ...]
    delimiter: str = ","
    findings: list[Finding] = field(default_factory=list)
    fatal: list[Finding] = field(default_factory=list)
    torn: bytes = b""
    unread: list[list[str]] = field(default_factory=list)
    is_tidy: bool = False


def read(data: bytes, table: Table, file: str) -> Reading:
    """Read one table's file.

    Parameters
    ----------
    data : bytes
        The file's content.
    table : Table
        Which table it is meant to be.
    file : str
        Its name, for messages.

    Returns
    -------
    Reading
        With `fatal` findings where it is no table at all, and `findings` for each row that can't be read.
    """
    quick = _read_tidy(data, table, file)
    return quick if quick is not None else _read_any(data, table, file)


def added(lines: bytes, known: Reading) -> Reading | None:
    """Read the lines that were added to a file; None where they, or it, are not just as we write them.

    >>> from factdesk.storage.csvfile import header_line
    >>> known = read(header_line(TABLES["changes"]), TABLES["changes"], "changes.csv")
    >>> added(b"c-a,claims,rain,,,withdrawn,a slip,2025-03-15T12:00:00.000000Z,Ada\\n", known).cells["row_id"].tolist()
    ['rain']
    """
    return _read_tidy(render([known.header]) + lines, known.table, known.file) if known.is_tidy else None


@cache
def _no_rows(table: str) -> pd.DataFrame:
    return pd.DataFrame(columns=pd.Index((TABLES | {SEALS.name: SEALS})[table].names), dtype="str")


def _empty(table: Table, file: str, fatal: list[Finding], header: Sequence[str] = ()) -> Reading:
    cells = _no_rows(table.name).copy()
    return Reading(table, file, cells, np.zeros(0, "int64"), tuple(header or table.first_names), fatal=fatal)


def _read_tidy(data: bytes, table: Table, file: str) -> Reading | None:
    """Read a file that is just as we write it, fast; None where it is not."""
    forms = {render([names]): names for names in (table.first_names, table.names)}
    header = next((line for line in forms if data.startswith(line)), b"")
    if not header or not data.endswith(b"\n"):
        return None
    names = forms[header]
    body = memoryview(data)[len(header) :]
    if not body:
        return replace(_empty(table, file, [], names), is_tidy=True)
    letters = np.frombuffer(body, np.uint8)
    if b"\r" in data or b"\0" in data or not _quotes_are_plain(letters):
        return None
    columns = _parsed(body, names)
    if columns is None and len(names) > len(table.first_names):
        columns = _parsed(_filled_rows(body, len(table.first_names), len(names)), names)
    rows = int(np.count_nonzero(letters == 10))
    if columns is None or len(columns[0]) != rows:
        return None  # the patient reader finds what is wrong, and where
    has_breaks = has(letters, partial(begins, mark=NEWLINE.encode()))
    cells = {name: _unwritten(column, has_breaks) for name, column in zip(names, columns, strict=True)}
    if not _are_ids(cells[table.id], data) or _may_have_headers(letters, cells, table):
        return None
    empty = pa.repeat(pa.scalar("", pa.large_string()), rows)
    kept = {name: as_text(cells.get(name, empty)) for name in table.names}
    return Reading(
        table, file, pd.DataFrame(kept, copy=False), np.arange(2, rows + 2), tuple(names), is_tidy=True
    )


def as_text(cells: pa.Array | pa.ChunkedArray) -> pd.api.extensions.ExtensionArray:
    """Return Arrow's cells as pandas holds text, without copying them."""
    held: pd.api.extensions.ExtensionArray = _TEXT.__from_arrow__(cells)  # type: ignore[attr-defined]
    return held


def _parsed(body: memoryview, names: Sequence[str]) -> list[pa.Array] | None:
    """Return the cells of lines by column; None where Arrow can't part them."""
    try:
        got = pa.csv.read_csv(
            pa.py_buffer(body),
            read_options=pa.csv.ReadOptions(column_names=names, use_threads=len(body) > 1 << 20),
            parse_options=pa.csv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [column.combine_chunks() for column in got.columns]


def _filled_rows(body: memoryview, fewest: int, columns: int) -> memoryview:
    """Fill up rows that were written before the last columns came, and end early."""
    letters = np.frombuffer(body, np.uint8)
    is_quoted = np.cumsum(letters == 34, dtype=np.uint8) % 2 == 1  # wraps round, and stays odd or even
    ends = np.flatnonzero(letters == 10)
    commas = np.searchsorted(np.flatnonzero((letters == 44) & ~is_quoted), ends)
    cells = np.diff(commas, prepend=0) + 1
    lacking = np.where((cells >= fewest) & (cells < columns), columns - cells, 0)
    return memoryview(np.insert(letters, np.repeat(ends, lacking), 44).tobytes()) if lacking.any() else body


def _unwritten(column: pa.Array, has_breaks: bool) -> pa.Array:
    if pc.any(pc.starts_with(column, "'")).as_py():
        column = pc.replace_substring_regex(column, r"^'('*[=+\-@\t\r])", r"\1")
    if has_breaks and pc.any(pc.match_substring(column, NEWLINE)).as_py():
        column = pc.replace_substring(column, NEWLINE, "\n")
    return column


def _are_ids(column: pa.Array, data: bytes) -> bool:
    """Return whether no line lacks its first cell or is a mark of a merge conflict."""
    packed = Packed.of(column)
    rows, firsts = packed.firsts()
    if len(rows) < len(column):
        return False
    if ((firsts <= 32) | (firsts >= 128)).any() and pc.any(
        pc.equal(pc.utf8_trim_whitespace(column), "")
    ).as_py():
        return False
    return not (np.isin(firsts, list(b"<>=|")).any() and _MARK_LINE.search(data))


def _may_have_headers(letters: np.ndarray, columns: Mapping[str, pa.Array], table: Table) -> bool:
    """Return whether a header stands among the rows, in whatever order of columns; the bytes are asked first."""
    if not has(letters, begins_id) or table.id.encode() not in letters.tobytes().lower():
        return False
    named = (pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(one)), table.id) for one in columns.values())
    return any(pc.any(same).as_py() for same in named)


def _quotes_are_plain(body: np.ndarray) -> bool:
    """Return whether every quote opens at a cell's start, closes at its end or is doubled, on one line.

    Arrow's parser is lenient where Python's strict one refuses; a file that passes here reads the same in
    both. Runs of quotes are judged all at once: outside a quoted cell a run must begin a cell, and a run that
    leaves one must end it.
    """
    at = np.flatnonzero(body == 34)
    if not len(at):
        return True
    starts = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    lengths = np.diff(starts, append=len(at))
    first, last = at[starts], at[starts] + lengths - 1
    inside_after = np.cumsum(lengths) % 2 == 1
    inside_before = np.concatenate([[False], inside_after[:-1]])
    before = np.where(first > 0, body[np.maximum(first - 1, 0)], 10)
    after = body[np.minimum(last + 1, len(body) - 1)]
    ends = np.isin(after, (44, 10))
    opens_well = inside_before | np.isin(before, (44, 10))
    closes_well = inside_after | ends
    newlines = np.flatnonzero(body == 10)
    runs_before = np.searchsorted(first, newlines) - 1
    outside = (runs_before < 0) | ~inside_after[np.maximum(runs_before, 0)]
    return bool(opens_well.all() and closes_well.all() and outside.all())


def _read_any(data: bytes, table: Table, file: str) -> Reading:
    found = partial(Finding, table=table.name, file=file)
    if fatal := list(no_table(data, table, found)):
        return _empty(table, file, fatal)
    rows: list[tuple[tuple[str, ...], list[list[str]]]] = []  # below each header those that it governs
    lines: list[int] = []
    findings: list[Finding] = []
    extras: dict[str, None] = {}
    torn = b""
    torn_cells: list[list[str]] = []
    unread: list[list[str]] = []
    header: tuple[str, ...] = ()
    delimiter = ","
    all_records = records(data, table)
    for record in all_records:
        line = record.line
        text = data[record.start : record.end] if record.fault else b""
        if record.is_header:
            if fatal := list(
                header_faults(
                    record.header, shown(record.delimiter.join(record.cells), 120), record.line, table, found
                )
            ):
                below = next((one.line for one in all_records if one.is_header), 0)
                if fatal[0].code == "no-header" and below:
                    advice = (
                        f"The header stands in line {below}: take out what stands above it, such as a title."
                    )
                    fatal = [replace(fatal[0], advice=advice)]
                return _empty(table, file, fatal)
            if header:
                message = "a header line stands here again and governs the rows below it."
                advice = "Nothing to do; merges of differently saved files make that."
                findings.append(found("header-again", "note", message, advice, line=line))
            header, delimiter = record.header, record.delimiter
            rows.append((header, []))
            extras |= dict.fromkeys(name for name in header if name not in table.names)
        elif record.fault == "torn":
            torn, torn_cells = text, [record.cells]
            message = "the last line is not whole: it ends in the middle of a row."
            advice = "It is left out, and set aside in a file beside the table by the next write."
            value = shown(text.decode("utf-8", "replace"))
            findings.append(found("torn-line", "warning", message, advice, line=line, value=value))
        elif record.fault and (mark := conflict_mark(text)):
            message = "a mark of a merge conflict was left here."
            advice = "See that the rows of both sides stand, one a line, and take the mark out; until then it is left out."
            findings.append(found("conflict", "error", message, advice, line=line, value=shown(mark)))
        elif record.fault:
            unread.append([cell for cell in record.cells if cell])
            if len(unread) <= FINDING_LIMIT:
                advice, value = "Mend the line; until then it is left out.", shown(";".join(record.cells))
                findings.append(
                    found("unreadable-row", "error", record.fault, advice, line=line, value=value)
                )
        else:
            rows[-1][1].append(record.cells)
            lines.append(line)
    if len(unread) > FINDING_LIMIT:
        message = f"{len(unread) - FINDING_LIMIT:,} more lines can't be read."
        advice = "Mend the first ones; most of the others may follow from them."
        more = len(unread) - FINDING_LIMIT
        findings.append(found("unreadable-row", "error", message, advice, places=more))
    if extras:
        message = f"columns that are not the ledger's own: {named(list(extras))}."
        findings.append(
            found("extra-column", "note", message, "They are kept as they are, outside the digest.", line=1)
        )
    if delimiter != ",":
        message = f"cells are separated by {delimiter!r} instead of a comma."
        advice = "It is read and written all the same; save it with commas to let Git merge it."
        findings.append(found("delimiter", "note", message, advice, line=1))
    cells = pd.DataFrame(
        {name: pd.Series(list(_column(name, rows)), dtype="str") for name in (*table.names, *extras)}
    )
    at, unread = np.array(lines, "int64"), [*unread, *torn_cells]
    return Reading(table, file, cells, at, header, delimiter, findings, torn=torn, unread=unread)


def _column(name: str, rows: Iterable[tuple[tuple[str, ...], list[list[str]]]]) -> Iterator[str]:
    """Return the cells of a column; nothing where a header does not name it."""
    for header, below in rows:
        at = header.index(name) if name in header else None
        yield from repeat("", len(below)) if at is None else (row[at] for row in below)
