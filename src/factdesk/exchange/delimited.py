"""Text whose cells are separated by commas, semicolons, tabs or bars, split into rows with their lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from factdesk.exchange.fields import known
from factdesk.storage.csvfile import LINE_LIMIT

Row = tuple[int, list[str], str]
"""The line that a row begins on, its cells, and why it can't be read (nothing where it can)."""

SAMPLE = 1 << 14
"""Characters from which the delimiter is told."""
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEPARATOR_LINE = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=(.)"?[ \t,;]*(?:\r\n|\n|\r)', re.IGNORECASE)
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_LINES_OF_A_CELL = 1_000
_READ_AGAIN = 20


@dataclass(frozen=True)
class Dialect:
    """How a text's cells are separated and quoted; without a delimiter each line is one cell."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    blanks: bool = False
    """Whether a blank before a quotation mark is none of the cell."""

    def reader(self, lines: Iterator[str], *, strict: bool = False) -> Iterator[list[str]]:
        """Return the cells of each record."""
        return csv.reader(
            lines,
            delimiter=self.delimiter or "\x1f",
            quotechar=self.quote,
            escapechar=self.escape,
            skipinitialspace=self.blanks,
            doublequote=self.escape is None,
            quoting=csv.QUOTE_MINIMAL if self.delimiter else csv.QUOTE_NONE,
            strict=strict,
        )


@dataclass
class Delimited:
    """A text in UTF-8 with its dialect; `mended` counts the rows whose quotation marks don't pair."""

    data: bytes
    dialect: Dialect
    first_line: int = 1
    remarks: list[str] = field(default_factory=list)
    mended: int = 0

    def rows(self, after: int = 0, width: int = 0) -> Iterator[Row]:
        """Yield the rows that begin below a line; where the width is given, a row that lacks it is looked at closely.

        A quotation mark that is opened and not closed costs its own line: the lines after it are read again.
        """
        stream = io.TextIOWrapper(io.BytesIO(self.data), encoding="utf-8", newline="")
        line, has_returns = self.first_line, b"\r" in self.data
        waiting: deque[str] = deque()
        taken: list[str] = []
        again = 0

        def source() -> Iterator[str]:
            while text := waiting.popleft() if waiting else next(stream, ""):
                taken.append(text)
                if len(text) > LINE_LIMIT:
                    raise csv.Error("line too long")
                # who makes each line swallow all that follow gets each line read by itself in the end
                if len(taken) > (_LINES_OF_A_CELL if again < _READ_AGAIN * line + 10_000 else 1):
                    raise csv.Error("unexpected end of data")
                yield text

        reader = self.dialect.reader(source(), strict=True)
        while True:
            taken.clear()
            reason = ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells, reason = None, str(error)
            if taken and len(taken[0]) > LINE_LIMIT:
                cells, reason = [taken[0][:400]], f"the line has more than {LINE_LIMIT:,} characters."
                reader = self.dialect.reader(source(), strict=True)
            elif cells is None or (
                0 < width < len(cells) and len(filled(cells)) > width and any(map(self._has_mark, taken))
            ):
                again += len(taken) - 1
                waiting.extendleft(reversed(taken[1:]))
                reader = self.dialect.reader(source(), strict=True)
                cells, reason = self._alone(taken[0], width, reason if len(taken) == 1 else "")
                del taken[1:]
            if line > after and cells:
                yield line, [cell.replace("\r\n", "\n") for cell in cells] if has_returns else cells, reason
            line += len(taken)

    def _has_mark(self, line: str) -> bool:
        return self.dialect.quote in line

    def _alone(self, text: str, width: int, error: str) -> tuple[list[str], str]:
        """Split one line whose quotation marks don't pair: a mark counts only beside a delimiter."""
        text, mark = text.rstrip("\r\n"), self.dialect.quote
        between, blank = self.dialect.delimiter, " *" if self.dialect.blanks else ""
        end = rf"{blank}(?={re.escape(between)}|\Z)" if between else r"\Z"
        quoted = re.compile(rf"(?s){blank}{mark}((?:[^{mark}]|{mark}(?!{end}))*+){mark}{end}")
        cells, at, is_closed = [], 0, True
        while at <= len(text):
            if is_closed and (found := quoted.match(text, at)):
                cells.append(found[1].replace(mark * 2, mark))
                at = found.end() + 1
                continue
            is_closed = is_closed and not text.startswith(mark, at)  # else no cell from here on is closed
            to = text.find(between, at) if between else -1
            cells.append(text[at : to if to >= 0 else None])
            at = to + 1 if to >= 0 else len(text) + 1
        if not width or len(filled(cells)) <= width <= len(cells):
            self.mended += 1
            return cells, ""
        if "field larger" in error:
            return cells, f"a cell that begins here has more than {LINE_LIMIT:,} characters."
        if error and "end of data" not in error:
            return cells, "a quotation mark closes a cell here, and more text follows it."
        return cells, "a quotation mark opens a cell here, and is not closed before the row ends."

    def quickly(self, after: int, names: list[str]) -> tuple[pa.Table, np.ndarray] | None:
        """Return all rows below a line, and the line of each, where every row has just so many cells; else None."""
        dialect = self.dialect
        if dialect.quote != '"' or dialect.escape or dialect.blanks or len(dialect.delimiter) != 1:
            return None
        at = 0
        for _ in range(after - self.first_line + 1):
            at = self.data.find(b"\n", at) + 1
            if not at:
                return None
        end = len(self.data)
        while end > at and self.data[end - 1] in b"\r\n":
            end -= 1
        body = memoryview(self.data)[at:end]
        starts = _row_starts(np.frombuffer(body, np.uint8), ord(dialect.delimiter)) if len(body) else None
        if starts is None:
            return None
        try:
            table = pa.csv.read_csv(
                pa.py_buffer(body),
                read_options=pa.csv.ReadOptions(column_names=names, use_threads=len(body) > 1 << 22),
                parse_options=pa.csv.ParseOptions(
                    delimiter=dialect.delimiter, newlines_in_values=True, ignore_empty_lines=False
                ),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        if table.num_rows != len(starts):  # such as where a bare CR ends a line
            return None
        if b"\r\n" in self.data and b'"' in self.data:
            whole = [pc.replace_substring(column, "\r\n", "\n") for column in table.columns]
            table = pa.table(whole, names=names)
        return table, after + 1 + starts


def _row_starts(body: np.ndarray, delimiter: int) -> np.ndarray | None:
    """Return how many lines stand before each row; None where readers may read the quotation marks differently.

    They read the same where each mark opens a cell, closes it or is doubled. Runs of marks are judged all at once:
    outside a quoted cell a run must begin a cell, and a run that leaves one must end it.
    """
    breaks = np.flatnonzero(body == 10)
    at = np.flatnonzero(body == 34)
    if not len(at):
        return np.arange(len(breaks) + 1)
    starts = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    lengths = np.diff(starts, append=len(at))
    first, last = at[starts], at[starts] + lengths - 1
    is_inside = np.concatenate([[False], np.cumsum(lengths) % 2 == 1])
    is_edge = np.isin(np.arange(256), (delimiter, 10, 13))
    opens = (first == 0) | is_edge[body[np.maximum(first - 1, 0)]]
    closes = (last == len(body) - 1) | is_edge[body[np.minimum(last + 1, len(body) - 1)]]
    if is_inside[-1] or not ((is_inside[:-1] | opens) & (is_inside[1:] | closes)).all():
        return None
    ends = np.flatnonzero(~is_inside[np.searchsorted(first, breaks)])
    return np.concatenate([[0], ends + 1])


def filled(cells: list[str]) -> list[str]:
    """Return a row's cells without the empty ones at its end.

    >>> filled(["a", "", "b", "", " "])
    ['a', '', 'b']
    """
    last = len(cells)
    while last and not cells[last - 1].strip():
        last -= 1
    return cells[:last]


def opened(data: bytes) -> Delimited:
    """Return a file's bytes as text with its dialect; raise ValueError where they are no text.

    >>> opened(b"claim;day\\nIt rained, twice.;14.03.2025\\n").dialect.delimiter
    ';'
    """
    remarks: list[str] = []
    data = _utf8(data, remarks)
    first_line, stated = 1, ""
    if mark := _SEPARATOR_LINE.match(data):
        stated, data, first_line = mark[1].decode("latin-1"), data[mark.end() :], 2
    sample = data[: 4 * SAMPLE].decode("utf-8", "ignore")[:SAMPLE]
    if len(data) > len(sample) and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    dialect = Dialect(stated) if stated else _dialect(sample)
    if stated:
        remarks.append(
            f"The first line says that cells are separated by {_DELIMITERS.get(stated, repr(stated))}."
        )
    elif dialect.delimiter not in ("", ","):
        remarks.append(f"Cells are separated by {_DELIMITERS[dialect.delimiter]}.")
    return Delimited(data, dialect, first_line, remarks)


def _utf8(data: bytes, remarks: list[str]) -> bytes:
    """Return text as UTF-8 without a mark, whatever it was written in."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "") or _wide(data)
    if encoding:
        mark = next(
            (mark for mark, name in _MARKS.items() if name == encoding and data.startswith(mark)), b""
        )
        data = data[len(mark) :]
        if encoding != "utf-8":
            remarks.append(f"The file is written in {encoding.upper()}.")
            try:
                data = data.decode(encoding).encode("utf-8", "replace")
            except UnicodeDecodeError as error:
                data = data.decode(encoding, "replace").encode("utf-8", "replace")
                remarks.append(
                    f"It is damaged at byte {error.start + 1:,}; what can't be read is shown as \ufffd."
                )
    beginning = data[: 1 << 16]
    odd = sum(beginning.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
    if odd > max(8, len(beginning) // 100):
        raise ValueError("it is no text, but bytes of another kind of file")
    wrong = _not_utf8(data)
    if not wrong:
        return data
    others = sum(1 for byte in beginning if byte >= 0x80) - _not_utf8(beginning)
    if others > wrong:
        codecs.register_error("factdesk.cp1252", _as_cp1252)
        remarks.append(f"The file is UTF-8, but for {wrong:,} bytes, which were read as Windows-1252.")
        return data.decode("utf-8", "factdesk.cp1252").encode("utf-8")
    western = data.decode("cp1252", "replace")
    letters = [one for one in western[:20_000] if one.isalpha() or one == "\ufffd"]
    if sum(1 for one in letters if not one.isascii()) > 0.3 * len(letters):
        raise ValueError("it is neither UTF-8 nor of Western Europe's letters: save it as CSV UTF-8")
    remarks.append(
        "The file is not UTF-8; it was read as Windows-1252. Where letters look wrong, save it as CSV UTF-8."
    )
    return western.encode("utf-8")


def _wide(data: bytes) -> str:
    """Return which UTF-16 a text without a mark is written in, by the NULs that every other byte of it is."""
    beginning = data[:4096]
    high, low = beginning[0::2].count(0), beginning[1::2].count(0)
    if max(high, low) * 5 < len(beginning) or min(high, low) * 10 > max(high, low):
        return ""
    return "utf-16-be" if high > low else "utf-16-le"


def _not_utf8(data: bytes) -> int:
    """Return how many bytes are not UTF-8."""
    try:
        pa.scalar(data, pa.large_binary()).cast(
            pa.large_string()
        )  # one letter may make Python's four times as long
    except pa.ArrowInvalid:
        return len(data) - len(data.decode("utf-8", "ignore").encode())
    return 0


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


def _dialect(sample: str) -> Dialect:
    """Return the dialect by which most lines of a sample have one number of cells, and the most cells."""
    plain = {delimiter: _agreement(sample, Dialect(delimiter)) for delimiter in _DELIMITERS}
    best = Dialect(max(plain, key=lambda one: plain[one]))
    agreed = plain[best.delimiter]
    others = [Dialect(d, "'") for d in _DELIMITERS if f"{d}'" in sample or f"'{d}" in sample]
    others += [Dialect(d, escape="\\") for d in _DELIMITERS if '\\"' in sample]
    others += [Dialect(d, blanks=True) for d in _DELIMITERS if f'{d} "' in sample]
    for other in others if agreed[0] < 1 else ():
        if (score := _agreement(sample, other)) > (agreed[0] + 0.05, 0):
            best, agreed = other, score
    if agreed[0] > 0.5:
        return best
    named = (one for one in map(Dialect, _DELIMITERS) if _names_columns(sample, one))
    return next(named, Dialect(""))


def _names_columns(sample: str, dialect: Dialect) -> bool:
    """Return whether a line of a sample, whose rows end early at will, names two columns that are known."""
    rows = islice(dialect.reader(io.StringIO(sample, newline="")), 30)
    return any(len({known(cell) for cell in cells[:100]} - {""}) > 1 for cells in rows)


def _agreement(sample: str, dialect: Dialect) -> tuple[float, int]:
    """Return which part of a sample's rows has the width that most have, and that width; nothing where it is one cell."""
    if dialect.delimiter not in sample:
        return 0.0, 0
    rows: list[list[str]] = []
    try:
        for cells in islice(dialect.reader(io.StringIO(sample, newline="")), 200):
            rows.append(cells)
    except csv.Error:
        pass
    widths = Counter(len(cells) for cells in rows if any(cell.strip() for cell in cells))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0, 0
    width = max(wide, key=lambda one: (wide[one], one))
    return wide[width] / widths.total(), width
