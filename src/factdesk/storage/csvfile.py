"""One CSV file to a frame of text and back: strict about what it means, kind to what spreadsheets do to it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import repeat, takewhile
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from factdesk.errors import Finding
from factdesk.packed import Packed, begins, has, places
from factdesk.schema import SEALS, TABLES, Table
from factdesk.storage.no_table import COLUMN_LIMIT, FINDING_LIMIT, header_faults, named, no_table
from factdesk.text import clean, conflict_mark, shown

NEWLINE = "␤"
"""Stands for a line break inside a cell: Git's union merge corrupts real ones."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SHIELDED = frozenset("'=+-@\t\r")
_LINE_ENDS = re.compile("\r\n|\r|\n")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_DELIMITERS = (",", ";", "\t")
_MARK_LINE = re.compile(rb"^(<{7}|>{7}|={7}|\|{7})", re.MULTILINE)
_TEXT = pd.StringDtype(na_value=np.nan)
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=.?"?\s*', re.IGNORECASE)  # tells Excel what separates the cells
LINE_LIMIT = 4_000_000
"""Bytes of a line, and characters of a cell, beyond which it is not split: a row of full cells has half of it."""
_READ_AGAIN = 20
# Python stops at 131,072 characters a cell otherwise; what is too long is reported by us, with its place.
csv.field_size_limit(LINE_LIMIT)


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


class Record(NamedTuple):
    """One record of a file: its cells, the header that governs it, and the bytes and lines it takes."""

    cells: list[str]
    header: tuple[str, ...]
    delimiter: str
    start: int
    end: int
    line: int
    fault: str = ""
    is_header: bool = False


def shielded(text: str) -> str:
    """Write one `'` before what a spreadsheet would take for a formula.

    >>> shielded("=1+1"), shielded("'=1+1"), shielded("plain")
    ("'=1+1", "''=1+1", 'plain')
    """
    return f"'{text}" if text[:1] in _SHIELDED and _FORMULA.match(text) else text


def unshielded(text: str) -> str:
    """Take the `'` off again that `shielded` put there.

    >>> unshielded("'=1+1"), unshielded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def render(rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    """Write rows as lines of CSV: one physical line each, RFC 4180 quoting, nothing a spreadsheet evaluates.

    >>> render([["a", "=b", "c, d", "e\\nf"]]).decode()
    'a,\\'=b,"c, d",e␤f\\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows(map(_on_one_line, row) for row in rows)
    return out.getvalue().encode("utf-8")


def _on_one_line(cell: str) -> str:
    # A carriage return is a line's end to a spreadsheet, quoted or not, and Python quotes none.
    text = shielded(cell)
    return _LINE_ENDS.sub(NEWLINE, text) if "\n" in text or "\r" in text else text


def header_line(table: Table) -> bytes:
    """Return the first line of a new file of that table, in the first format."""
    return render([table.first_names])


def last_header(data: bytes, table: Table) -> tuple[int, int]:
    """Return where the header line that governs the end of a file begins and ends.

    >>> last_header(header_line(TABLES["changes"]), TABLES["changes"])
    (0, 69)
    """
    lines, starts = _split(data)
    at = _headers(data, lines, starts, table)[-1][0]
    return starts[at], starts[at + 1]


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
    if not has(letters, _begins_id) or table.id.encode() not in letters.tobytes().lower():
        return False
    named = (pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(one)), table.id) for one in columns.values())
    return any(pc.any(same).as_py() for same in named)


def _begins_id(window: np.ndarray) -> np.ndarray:
    """Return at which bytes `_id` begins, in capitals or not: how the name of each table's first column ends."""
    found: np.ndarray = window[:-2] == 95
    if found.any():
        found &= ((window[1:-1] | 32) == 105) & ((window[2:] | 32) == 100)
    return found


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


def records(data: bytes, table: Table) -> Iterator[Record]:
    """Split a file into its records, header lines among them (their cells are their own header).

    A record that can't be read has a `fault`; its place stands all the same, so that a rewrite keeps it.
    """
    lines, starts = _split(data)
    headers = _headers(data, lines, starts, table)
    fewest, has_nul = 0, b"\0" in data
    ends = [at for at, _ in headers[1:]] + [len(lines)]
    for (at, delimiter), end in zip(headers, ends, strict=True):
        cells = _cells(_text(lines[at]), delimiter)
        header = _header(cells, table)
        fewest = _fewest(header, table)
        yield Record(cells, header, delimiter, starts[at], starts[at + 1], at + 1, is_header=True)
        at += 1
        patience = _READ_AGAIN * (end - at)
        while at < end:
            if len(lines[at]) > LINE_LIMIT:
                fault = f"the line has {len(lines[at]):,} bytes; no row of this table has so many."
                beginning = lines[at][:400].decode("utf-8", "ignore")
                yield Record([beginning], header, delimiter, starts[at], starts[at + 1], at + 1, fault=fault)
                at += 1
                continue
            # A quote that is never closed is looked for to the end of the file: from every line anew, in a file
            # that is made to cost that. After so much in vain each line is read by itself.
            last = end if patience > 0 else at + 1
            short = takewhile(lambda place: len(lines[place]) <= LINE_LIMIT, range(at, last))
            reader = csv.reader((lines[place].decode() for place in short), delimiter=delimiter, strict=True)
            first = at
            try:
                for cells in reader:
                    here, at = at, first + reader.line_num
                    if any(map(str.strip, cells)):
                        place = (starts[here], starts[at], here + 1)
                        is_whole = _is_whole(lines[at - 1])
                        if is_whole and fewest <= len(cells) < len(
                            header
                        ):  # Excel leaves off the empty last cells
                            cells += [""] * (len(header) - len(cells))
                        yield _record(cells, header, delimiter, is_whole, place, has_nul)
            except csv.Error as error:
                torn = at == len(lines) - 1 and not _is_whole(lines[at])
                fault = "torn" if torn else _explained(str(error))
                patience -= first + reader.line_num - at
                cells = [_text(lines[at]).rstrip("\r\n")]
                yield Record(cells, header, delimiter, starts[at], starts[at + 1], at + 1, fault=fault)
                at += 1


def _split(data: bytes) -> tuple[list[bytes], list[int]]:
    """Return a file's lines, and where each begins and the last one ends."""
    lines = _LINE.findall(data)
    return lines, np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(int).tolist()


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace") if len(line) <= LINE_LIMIT else ""


def _headers(data: bytes, lines: list[bytes], starts: list[int], table: Table) -> list[tuple[int, str]]:
    """Find the header lines and how each separates its cells; the first line that is not blank is one."""
    named = np.searchsorted(starts, places(np.frombuffer(data, np.uint8), _begins_id), "right") - 1
    found = [
        (at, delimiter)
        for at in np.unique(named).tolist()
        if table.id in (text := _text(lines[at])).lower()
        for delimiter in _DELIMITERS
        if set(table.first_names) <= set(_header(_cells(text, delimiter), table))
    ]
    first = next((at for at, line in enumerate(lines) if _says_something(_text(line))), 0)
    if not lines or (found and found[0][0] == first):
        return found
    text = _text(lines[first])
    known = {d: set(table.names) & set(_header(_cells(text, d), table)) for d in _DELIMITERS}
    return [(first, max(_DELIMITERS, key=lambda delimiter: len(known[delimiter]))), *found]


def _says_something(line: str) -> bool:
    return bool(line.strip(", ;\t\r\n\ufeff")) and not _SEPARATOR_LINE.fullmatch(line)


def _is_whole(line: bytes) -> bool:
    return line.endswith((b"\n", b"\r"))


def _record(
    cells: list[str],
    header: tuple[str, ...],
    delimiter: str,
    whole: bool,
    span: tuple[int, int, int],
    may_have_nul: bool,
) -> Record:
    if len(cells) > len(header):  # spreadsheets fill rows up with empty cells
        filled = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
        cells = cells[: max(filled, len(header))]
    has_nul = may_have_nul and any("\0" in cell for cell in cells)
    if len(cells) == len(header) and not has_nul:
        return Record([_read_cell(cell) for cell in cells], header, delimiter, *span)
    if len(cells) < len(header) and not whole:
        return Record(cells, header, delimiter, *span, fault="torn")
    fault = f"the row has {len(cells)} cells, the header has {len(header)}."
    if len(cells) > len(header) and any(set(cell) & set("“”„") for cell in cells):
        fault += " Curly quotation marks do not hold a cell together; plain ones do."
    if has_nul:
        fault = "a NUL byte stands in the row: the file is damaged there, or is no text."
    return Record(cells, header, delimiter, *span, fault=fault)


def _fewest(header: tuple[str, ...], table: Table) -> int:
    """Return how many cells a row has at least: those behind are not ours, or follow who wrote the row."""
    needed = set(table.names[: table.names.index(table.writer) + 1])
    return max((at for at, name in enumerate(header, 1) if name in needed), default=0)


def _read_cell(text: str) -> str:
    return unshielded(text.replace("\r\n", "\n").replace("\r", "\n").replace(NEWLINE, "\n"))


def _explained(error: str) -> str:
    if "unexpected end of data" in error:
        return 'a quotation mark (") opens a cell here and never closes it.'
    if "expected after" in error:
        return 'a quotation mark (") closes a cell here, and more text follows it; inside a cell it is written "".'
    if "field limit" in error:
        return f"a cell that begins here has more than {LINE_LIMIT:,} characters."
    return f"the line can't be split into cells ({error})."


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.removeprefix("\ufeff")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _header(cells: list[str], table: Table) -> tuple[str, ...]:
    """Return the column names of a header line; columns without one are named by their place."""
    known = {name.lower(): name for name in table.names}
    filled = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    names = [clean(cell, one_line=True)[0] for cell in cells[: min(filled, COLUMN_LIMIT + 1)]]
    while names and not names[-1]:
        names.pop()
    return tuple(known.get(name.lower(), name or f"column {at}") for at, name in enumerate(names, 1))
