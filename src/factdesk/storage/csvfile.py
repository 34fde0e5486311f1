"""The records of a CSV file: how a cell is written, and where each row begins and ends, whatever a spreadsheet did."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from factdesk.packed import places
from factdesk.schema import Table
from factdesk.storage.no_table import COLUMN_LIMIT
from factdesk.text import clean

NEWLINE = "␤"
"""Stands for a line break inside a cell: Git's union merge corrupts real ones."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SHIELDED = frozenset("'=+-@\t\r")
_LINE_ENDS = re.compile("\r\n|\r|\n")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=.?"?\s*', re.IGNORECASE)  # tells Excel what separates the cells
LINE_LIMIT = 4_000_000
"""Bytes of a line, and characters of a cell, beyond which it is not split: a row of full cells has half of it."""
_READ_AGAIN = 20
# Python stops at 131,072 characters a cell otherwise; what is too long is reported by us, with its place.
csv.field_size_limit(LINE_LIMIT)


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

    >>> from factdesk.schema import CHANGES
    >>> last_header(header_line(CHANGES), CHANGES)
    (0, 69)
    """
    lines, starts = _split(data)
    at = _headers(data, lines, starts, table)[-1][0]
    return starts[at], starts[at + 1]


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
    named = np.searchsorted(starts, places(np.frombuffer(data, np.uint8), begins_id), "right") - 1
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


def begins_id(window: np.ndarray) -> np.ndarray:
    """Return at which bytes `_id` begins, in capitals or not: how the name of each table's first column ends."""
    found: np.ndarray = window[:-2] == 95
    if found.any():
        found &= ((window[1:-1] | 32) == 105) & ((window[2:] | 32) == 100)
    return found
