"""Any table that people have (CSV of any dialect, XLSX, ODS, XLS, JSON, a pandas frame), read as text with its lines."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.errors import InvalidValue, TableUnreadable
from factdesk.exchange import delimited, header, records, workbooks
from factdesk.exchange.delimited import Row, filled
from factdesk.exchange.fields import FIELDS
from factdesk.storage.folder import Folder
from factdesk.storage.no_table import kind_of_file
from factdesk.text import shown

Source = str | os.PathLike[str] | pd.DataFrame

MOST_COLUMNS, MOST_CELLS = 16_384, 50_000_000
"""What one table may have, its empty cells included."""
_AT_ONCE = 400_000


@dataclass(frozen=True)
class SourceTable:
    """A table as somebody keeps it, every cell as text.

    `cells` has the sheet's own column names, made to differ, and `lines` the line of the file (the row of the sheet,
    the place in a frame) on which each row begins. `remarks` say what was guessed or left out, `set_aside` which rows
    are none: `line`, `reason` and `text`. `sha256` is of the file's bytes, or of a frame's cells.
    """

    name: str
    sha256: str
    cells: pd.DataFrame
    lines: np.ndarray
    remarks: list[str]
    set_aside: pd.DataFrame


def read(source: Source, *, sheet: str | int | None = None) -> SourceTable:
    """Read a table from a file or a frame; the file itself is only ever read.

    Parameters
    ----------
    source : path or DataFrame
        CSV, TSV or text in any usual dialect and encoding, XLSX, ODS, XLS, JSON Lines, a JSON array of objects.
    sheet : str or int, optional
        Which sheet of a workbook; by default the one with most rows of those that have a column of claims.

    Raises
    ------
    TableUnreadable
        Where it is no file, or no table: what it is instead, and what to do.
    NotFound
        Where there is no such sheet.

    Examples
    --------
    >>> from factdesk.exchange import tables
    >>> table = tables.read(pd.DataFrame({"Claim": ["It rained."], "Day": [pd.Timestamp("2025-03-14")]}))
    >>> table.cells.iloc[0].tolist(), table.lines.tolist()
    (['It rained.', '2025-03-14'], [1])
    """
    if isinstance(source, pd.DataFrame):
        try:
            return _of_frame(source)
        except ValueError as error:
            raise TableUnreadable("the frame", str(error)) from None
    if not isinstance(source, (str, os.PathLike)):
        raise InvalidValue("source", source, "a path, or a DataFrame")
    path = Path(source)
    try:
        if "://" in str(source):
            raise ValueError("it is an address, and nothing is fetched: save the file first")
        data = _bytes_of(path)
        return _of_file(path.name, data, path.suffix, sheet)
    except ValueError as error:
        raise TableUnreadable(path.name, str(error)) from None
    except MemoryError:
        raise TableUnreadable(path.name, "it takes more memory than there is") from None


def _bytes_of(path: Path) -> bytes:
    """Return a file's bytes; raise ValueError where it is none, or is larger than any that is read."""
    try:
        found = path.resolve(strict=True)
        data = Folder(found.parent).read(found)
    except FileNotFoundError:
        raise ValueError("there is no such file") from None
    except (OSError, RuntimeError) as error:
        reason = str(getattr(error, "strerror", None) or error).removesuffix(", and no file of the ledger")
        raise ValueError(f"it {reason}" if reason.startswith(("is ", "has ")) else reason) from None
    if not re.search(rb"[^\xef\xbb\xbf\xff\xfe\0\s,;|]", data):
        raise ValueError("the file is empty")
    return data


def _of_file(name: str, data: bytes, suffix: str, sheet: str | int | None) -> SourceTable:
    sha256 = hashlib.sha256(data).hexdigest()
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"):
        page, remarks = workbooks.opened(data, sheet)
        return _assembled(name, sha256, page, page.width, remarks)
    if sheet is not None:
        raise ValueError("it has no sheets: leave `sheet` out")
    if kind := kind_of_file(data):
        raise ValueError(
            f"it looks like {kind}: open it with the program that made it, and save it as CSV or XLSX"
        )
    text = delimited.opened(data)
    if records.is_json(text.data[:10_000].decode("utf-8", "ignore"), suffix):
        remarks = [one for one in text.remarks if one.startswith(("The file", "It is"))]
        return _of_objects(name, sha256, text.data.decode("utf-8"), remarks)
    return _assembled(name, sha256, text, 0, text.remarks)


# --- rows with a header


def _assembled(
    name: str, sha256: str, pages: delimited.Delimited | workbooks.Sheet, width: int, remarks: list[str]
) -> SourceTable:
    """Find the header, then read all that stands below it."""
    if width > MOST_COLUMNS:
        raise ValueError(f"it has more than {MOST_COLUMNS:,} columns")
    first = list(islice((row for row in pages.rows() if any(cell.strip() for cell in row[1])), header.WITHIN))
    if not first:
        raise ValueError("the file is empty")
    if max(len(cells) for _, cells, _ in first) > MOST_COLUMNS:
        raise ValueError(f"a line of it has more than {MOST_COLUMNS:,} cells")
    found = header.find(first, width)
    remarks += found.remarks
    after = first[found.first - 1][0] if found.first else first[0][0] - 1
    aside: list[tuple[int, str, str]] = []
    quick = pages.quickly(after, found.names) if isinstance(pages, delimited.Delimited) else None
    if quick:
        cells, lines = quick
    else:
        width = len(found.names)
        short = sum(1 for _, cells, _ in first[found.first :] if len(cells) < width)
        rows = _good(pages.rows(after, width), width, aside, is_ragged=5 * short > len(first))
        cells, lines = _collected(rows, found.names)
    if isinstance(pages, delimited.Delimited) and pages.mended:
        remarks.append(
            f"In {pages.mended:,} lines quotation marks don't pair; each was taken for its cell's own."
        )
    return _finished(name, sha256, cells, lines, remarks, aside)


def _collected(rows: Iterator[tuple[int, list[str]]], names: Sequence[str]) -> tuple[pa.Table, np.ndarray]:
    """Return rows as a table of text, and the line of each; a part of them is held as lists at a time."""
    width, at_once = len(names), max(1, _AT_ONCE // len(names))
    parts: list[pa.Table] = []
    lines: list[np.ndarray] = []
    count = 0
    while part := list(islice(rows, at_once)):
        count += len(part)
        if count * width > MOST_CELLS:
            raise ValueError(f"it has more than {MOST_CELLS:,} cells ({width:,} columns): split it")
        lines.append(np.array([line for line, _ in part], "int64"))
        columns = zip(*(cells for _, cells in part), strict=True)
        parts.append(pa.table([pa.array(column, pa.large_string()) for column in columns], names=list(names)))
    if not parts:
        return pa.table([pa.array([], pa.large_string())] * width, names=list(names)), np.zeros(0, "int64")
    return pa.concat_tables(parts), np.concatenate(lines)


def _good(
    rows: Iterable[Row], width: int, aside: list[tuple[int, str, str]], *, is_ragged: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that fit under the header, filled up where they end early; set the others aside.

    Two rows that make one and a cell together are one that a line break parts, but where many end early anyway.
    """
    broken = 0  # the line whose quotation mark is open: shorter rows below it may be the rest of its cell
    waiting: tuple[int, list[str]] | None = None
    for line, cells, reason in chain(rows, [(0, [], "")]):
        if len(cells) == width and not (waiting or reason):
            broken = 0
            yield line, cells
            continue
        ends_early = len(cells) < width
        is_rest = waiting and ends_early and not reason and len(cells) + len(waiting[1]) == width + 1
        if waiting and is_rest and not is_ragged:
            why = "a line break that stands in no quotation marks parts this row."
            aside += [(at, why, _text(torn)) for at, torn in (waiting, (line, cells))]
            waiting = None
            continue
        if waiting:
            yield waiting[0], waiting[1] + [""] * (width - len(waiting[1]))
            waiting = None
        cells = filled(cells)
        if reason:
            aside.append((line, reason, _text(cells)))
            broken = line if "opens a cell" in reason else 0
        elif len(cells) > width:
            why = f"it has {len(cells):,} cells, and the header {width:,}: a delimiter may stand in no quotation marks."
            aside.append((line, why, _text(cells)))
        elif broken and cells and ends_early:
            aside.append((line, f"it may belong to line {broken:,}, which can't be read.", _text(cells)))
        elif cells and ends_early:
            waiting = (line, cells)
        elif cells:
            broken = 0
            yield line, cells + [""] * (width - len(cells))


def _text(cells: Sequence[str]) -> str:
    """Return cells as one line of CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def parted(text: str, width: int) -> tuple[list[str], str]:
    """Return the cells of a row that was set aside, as many as there are columns; and in words those beyond.

    >>> parted('Total,7,"a, b"', 2), parted("{not JSON", 2)
    ((['Total', '7'], "beyond the last column: 'a, b'"), (['{not JSON', ''], ''))
    """
    cells = [text]
    if not text.lstrip().startswith(("{", "[")):
        with contextlib.suppress(csv.Error):
            cells = next(csv.reader([text], strict=True), [text])
    beyond = ", ".join(repr(shown(one)) for one in cells[width:])
    return (
        [*cells, *[""] * width][:width],
        f"beyond the last column: {beyond}" if beyond else "",
    )


# --- objects and frames


def _of_objects(name: str, sha256: str, text: str, remarks: list[str]) -> SourceTable:
    columns: dict[str, list[str]] = {}
    lines: list[int] = []
    aside: list[tuple[int, str, str]] = []
    for line, found, reason in records.objects(text):
        if isinstance(found, str):
            aside.append((line, reason, found))
            continue
        for key, cell in found.items():
            column = columns.setdefault(key, [])
            column.extend([""] * (len(lines) - len(column)))
            column.append(cell)
        lines.append(line)
        if len(columns) > MOST_COLUMNS or len(columns) * len(lines) > MOST_CELLS:
            raise ValueError(f"its objects have too many names that differ ({len(columns):,})")
    if not lines:
        raise ValueError(aside[0][1] if aside else "it has no objects")
    for column in columns.values():
        column.extend([""] * (len(lines) - len(column)))
    names = header.unique([header.plain_name(key) for key in columns])
    cells = pa.table([pa.array(records.text_series(column)) for column in columns.values()], names=names)
    return _finished(name, sha256, cells, np.array(lines, "int64"), remarks, aside)


def _of_frame(frame: pd.DataFrame) -> SourceTable:
    if frame.shape[1] > MOST_COLUMNS or frame.size > MOST_CELLS:
        raise TableUnreadable(
            "the frame", f"it has more than {MOST_COLUMNS:,} columns, or {MOST_CELLS:,} cells"
        )
    names, columns, remarks = records.of_frame(frame)
    seen = hashlib.sha256()
    for name, column in zip(names, columns, strict=True):
        seen.update(json.dumps([name, column.tolist()]).encode())
    names = header.unique([header.plain_name(name) for name in names])
    cells = pa.table([pa.array(column) for column in columns], names=names)
    return _finished("the frame", seen.hexdigest(), cells, np.arange(1, len(frame) + 1), remarks, [])


# --- what no row is


def _finished(
    name: str,
    sha256: str,
    table: pa.Table,
    lines: np.ndarray,
    remarks: list[str],
    aside: list[tuple[int, str, str]],
) -> SourceTable:
    """Leave out empty rows and columns and pandas' index; set aside headers that come again, and totals."""
    blank = _blank_rows(table)
    if blank.any():
        table, lines = table.filter(pa.array(~blank)), lines[~blank]
    if not table.num_rows:
        raise ValueError(
            "it has a header, and no rows below it"
            if not aside
            else f"none of its rows can be read: line {aside[0][0]:,}: {aside[0][1]}"
        )
    unnamed = [n for n, one in enumerate(table.column_names) if one == f"column {n + 1}"]
    for at in reversed(unnamed if len(unnamed) < table.num_columns else []):
        if pc.all(pc.equal(pc.utf8_trim_whitespace(table.column(at)), "")).as_py():
            table = table.remove_column(at)
    if len(unnamed) < table.num_columns > 1 and _is_index(table.column_names[0], table.column(0)):
        remarks.append(
            f"The first column ('{table.column_names[0]}') counts the rows, as pandas writes it: left out."
        )
        table = table.remove_column(0)
        aside = [(line, why, text.partition(",")[2]) for line, why, text in aside]
    odd = dict(_no_rows(table, lines))
    aside += [(int(lines[at]), why, _text(_row(table, at))) for at, why in odd.items()]
    if odd:
        kept = np.ones(table.num_rows, bool)
        kept[list(odd)] = False
        table, lines = table.filter(pa.array(kept)), lines[kept]
    cells = table.to_pandas().astype("str")
    aside.sort()
    set_aside = pd.DataFrame(aside, columns=pd.Index(["line", "reason", "text"]))
    types = {"line": "int64", "reason": "str", "text": "str"}
    return SourceTable(name, sha256, cells, lines, remarks, set_aside.astype(types))


def _blank_rows(table: pa.Table) -> np.ndarray:
    blank = np.ones(table.num_rows, bool)
    for column in table.columns:
        at = np.flatnonzero(blank)
        if not len(at):
            break
        some = column if len(at) == table.num_rows else column.take(pa.array(at))
        blank[at] = pc.equal(pc.utf8_trim_whitespace(some), "").to_numpy(zero_copy_only=False)
    return blank


def _is_index(name: str, column: pa.ChunkedArray) -> bool:
    """Return whether a column without a name counts its rows from 0 or 1 on."""
    if name != "column 1" and not name.startswith("Unnamed: 0"):
        return False
    start = column[0].as_py().strip()
    if start not in ("0", "1"):
        return False
    counted = pa.array(np.arange(int(start), int(start) + len(column))).cast(pa.string())
    return bool(pc.all(pc.equal(pc.utf8_trim_whitespace(column).cast(pa.string()), counted)).as_py())


def _no_rows(table: pa.Table, lines: np.ndarray) -> Iterator[tuple[int, str]]:
    """Yield the places of rows that are none, and why: headers, another table, totals, notes below the table."""
    names, count = table.column_names, table.num_rows
    if header.is_second_header(_row(table, 0)):
        yield 0, "it names columns: a second header."
    first = pc.utf8_lower(pc.utf8_trim_whitespace(table.column(0)))
    for at in _places(first, {one.strip().lower() for one in names}):
        if at and header.is_header_again(_row(table, at), names):
            yield at, "it is the header again."
    below_a_gap = set((np.flatnonzero(np.diff(lines) > 1) + 1).tolist())
    for at in sorted(
        below_a_gap & set(_places(first, {one.lower() for field in FIELDS.values() for one in field.names}))
    ):
        if header.is_second_header(row := _row(table, at)) and not header.is_header_again(row, names):
            why = f"another table begins in line {lines[at]:,}: save it by itself."
            yield from ((place, why) for place in range(at, count))
            return
    for at in range(count - 1, 0, -1):
        if header.is_total(row := _row(table, at)):
            yield at, "it adds up the rows above it: a total, and no row."
        elif header.is_note(row):
            yield at, "it is a note below the table, and no row."
        else:
            return


def _places(column: pa.ChunkedArray, words: set[str]) -> list[int]:
    """Return where a column holds one of some words."""
    return np.flatnonzero(pc.is_in(column, pa.array(sorted(words))).to_numpy(zero_copy_only=False)).tolist()


def _row(table: pa.Table, at: int) -> list[str]:
    return [column[at].as_py() for column in table.columns]
