"""Sheets of workbooks (XLSX, ODS, XLS) as rows of text: links and errors kept, merged cells filled downwards."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from factdesk.errors import NotFound, nearest
from factdesk.exchange import header
from factdesk.exchange.delimited import Row
from factdesk.exchange.fields import known
from factdesk.exchange.layouts import Layout, Place, scanned
from factdesk.text import shown

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Read = TypeVar("Read")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    layout: Layout
    page: CalamineSheet

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.page.end[1] + 1 if self.page.end else 0

    def rows(self, after: int = 0, width: int = 0) -> Iterator[Row]:
        """Yield its rows below a line, as text; how many columns it has, it knows."""
        left = [""] * (self.page.start[1] if self.page.start else 0)
        errors, links = _by_row(self.layout.errors), _by_row(self.layout.links)
        merged: dict[int, list[tuple[Place, Place]]] = {}
        for corners in self.layout.merged:
            merged.setdefault(corners[0][0], []).append(corners)
        below: dict[int, tuple[int, str]] = {}
        for row, values in enumerate(self.page.iter_rows()):
            cells = [*left, *map(text_of, values)]
            for column, code in errors.get(row, ()):
                if column < len(cells):
                    cells[column] = code
            for column, address in links.get(row, ()):
                if column < len(cells):
                    cells[column] = _linked(address, cells[column])
            for column, (last, text) in list(below.items()):
                if row > last:
                    del below[column]
                else:
                    cells[column] = cells[column] or text
            reason = ""
            for (_, column), (last, end) in merged.get(row, ()):
                if row < last and column < len(cells):
                    below[column] = (last, cells[column])
                if 2 * (end - column + 1) > len(cells) > 2 and sum(map(bool, cells)) == 1:
                    reason = "one cell is merged over the row: a heading, and no row."
            if row >= after:
                yield row + 1, cells, reason


def _by_row(places: dict[Place, str]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in places.items():
        found.setdefault(row, []).append((column, text))
    return found


def opened(data: bytes, sheet: str | int | None = None) -> tuple[Sheet, list[str]]:
    """Return one sheet of a workbook's bytes, and remarks; raise ValueError where it can't be read.

    Without a choice it is the one with most rows of those that have a column of claims, hidden ones last.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    is_zip = data[:2] == b"PK"
    if not is_zip and "EncryptedPackage".encode("utf-16-le") in data:
        raise ValueError("it is protected by a password")
    layouts: dict[str, Layout] = {}
    if is_zip:
        data, layouts = scanned(data)
    book = safely(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    visible = {
        one.name: one.visible == SheetVisibleEnum.Visible
        for one in book.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet
    }
    chosen = list(visible) if sheet is None else [_chosen(sheet, list(visible))]
    sheets = []
    for name in chosen:
        page = safely(lambda name=name: book.get_sheet_by_name(name))  # type: ignore[misc]
        layout = layouts.get(name, Layout()) if is_zip else Layout(merged=page.merged_cell_ranges or [])
        if page.start is not None:
            sheets.append(Sheet(name, layout, page))
    if not sheets:
        raise ValueError(
            "it has no cells" if sheet is None else f"the sheet '{shown(chosen[0])}' has no cells"
        )
    best = max(sheets, key=lambda one: (visible[one.name], _has_claims(one), one.page.height))
    return best, list(_remarks(best, sheets, visible[best.name], is_zip))


def _chosen(sheet: str | int, names: list[str]) -> str:
    if isinstance(sheet, int) and 0 <= sheet < len(names):
        return names[sheet]
    if sheet in names:
        return str(sheet)
    there = shown(", ".join(map(repr, names)), 400)
    raise NotFound("sheet", sheet, nearest(sheet, names), f"There are: {there}.")


def _remarks(best: Sheet, sheets: list[Sheet], is_visible: bool, is_zip: bool) -> Iterator[str]:
    name = shown(best.name)
    if len(sheets) > 1:
        others = ", ".join(f"'{one.name}' ({one.page.height:,} rows)" for one in sheets if one is not best)
        yield f"Of {len(sheets)} sheets '{name}' was read; others: {shown(others, 300)}."
    if not is_visible:
        yield f"The sheet '{name}' is hidden."
    if not is_zip:
        yield "An .xls does not show where links lead, and which formulas failed: save it as .xlsx to see both."
    if down := sum(1 for (first, _), (last, _) in best.layout.merged if last > first):
        yield f"What stands in cells that are merged downwards ({down:,}) was read in each of their rows."


def _has_claims(sheet: Sheet) -> bool:
    rows = list(islice((row for row in sheet.rows() if any(row[1])), header.WITHIN))
    return any(known(name) == "claim" for name in header.find(rows).names)


def text_of(value: object) -> str:
    """Return a cell's value as text: days as YYYY-MM-DD, whole numbers without a point.

    >>> [text_of(one) for one in (45730.0, 2.5, True, dt.datetime(2025, 3, 14), dt.time(10, 30), "a")]
    ['45730', '2.5', 'TRUE', '2025-03-14', '10:30:00', 'a']
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n") if "\r" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat()
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def _linked(address: str, text: str) -> str:
    """Return a cell with a link as the formula that makes one; as the address alone where it says no more.

    >>> _linked("https://a.example/", "see"), _linked("https://a.example/", "https://a.example"), _linked("#Sheet2", "see")
    ('=HYPERLINK("https://a.example/";"see")', 'https://a.example/', 'see')
    """
    if not re.match(r"https?://", address, re.IGNORECASE):
        return text
    if text.strip().rstrip("/") in ("", address.rstrip("/")):
        return address
    quoted = [part.replace('"', '""') for part in (address, text)]
    return f'=HYPERLINK("{quoted[0]}";"{quoted[1]}")'


def safely(read: Callable[[], Read]) -> Read:
    """Return what the reader of workbooks gives; what it raises, panics of its own included, is a ValueError."""
    from python_calamine import PasswordError

    try:
        return read()
    except PasswordError:
        raise ValueError("it is protected by a password") from None
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ValueError(f"it is damaged, or no workbook ({shown(str(error), 100)})") from None
        raise
