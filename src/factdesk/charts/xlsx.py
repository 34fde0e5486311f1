"""The rows behind a chart as a workbook: days as days, numbers as numbers, and no text that is a formula."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from factdesk.charts.chart_rows import Json
from factdesk.charts.provenance import Provenance
from factdesk.errors import InvalidValue

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS, MOST_CHARACTERS = 1_048_575, 32_767
"""What a sheet holds under its heading, and a cell."""
NARROWEST, WIDEST, LINE = 8, 60, 15
"""Characters of a column's width, and points of a line's height."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_DAY = date(1900, 3, 1)
"""Excel has a 29 February 1900, so that days before this one are another day elsewhere."""
_MADE = datetime(2000, 1, 1)
"""The same for every file: the day on which it is written is no part of what it says."""


def workbook(rows: Sequence[Mapping[str, Json]], about: Provenance) -> bytes:
    """Write rows as a workbook with the sheets `data` and `about`; the same bytes for the same rows.

    A column of days only (YYYY-MM-DD) is one of dates. Other texts stay texts, whatever they look like.

    Raises
    ------
    InvalidValue
        Where there are more rows than a sheet has.
    """
    import xlsxwriter

    if len(rows) > MOST_ROWS:
        raise InvalidValue(
            "path", ".xlsx", f"another form: a sheet has {MOST_ROWS:,} rows, not {len(rows):,}"
        )
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False})
    book.set_properties(
        {
            "title": about.title, "subject": about.source, "comments": about.description,
            "keywords": about.call, "created": _MADE,
        }
    )  # fmt: skip
    heading = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    text = book.add_format({"valign": "top", "text_wrap": True})
    day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
    _data(book.add_worksheet("data"), rows, heading, text, day)
    _about(book.add_worksheet("about"), about, book.add_format({"bold": True, "valign": "top"}), text)
    book.close()
    return file.getvalue()


def _data(
    sheet: Worksheet, rows: Sequence[Mapping[str, Json]], heading: Format, text: Format, day: Format
) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [1] * len(rows)
    for column, name in enumerate(names):
        cells = [row.get(name) for row in rows]
        days = _days(cells)
        sheet.write_string(0, column, name[:MOST_CHARACTERS], heading)
        for number, cell in enumerate(cells, start=1):
            if days:
                if cell:
                    sheet.write_datetime(number, column, date.fromisoformat(str(cell)), day)
            elif isinstance(cell, bool):
                sheet.write_boolean(number, column, cell, text)
            elif isinstance(cell, (int, float)) and abs(cell) < 1e15:
                sheet.write_number(number, column, cell, text)
            elif cell is not None:
                sheet.write_string(number, column, _cell(cell), text)
                lines[number - 1] = max(lines[number - 1], _lines(_cell(cell), WIDEST))
        shown = max((len(_cell(cell)) for cell in cells[:1_000] if cell is not None), default=0)
        # The heading has a button for the filter beside its words.
        sheet.set_column(column, column, min(max(shown + 1, len(name) + 4, NARROWEST), WIDEST))
    # Not every program gives a row the height that its words need.
    for number, high in enumerate(lines, start=1):
        if high > 1:
            sheet.set_row(number, LINE * high)
    sheet.freeze_panes(1, 0)
    if names:
        sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)


def _days(cells: Sequence[Json]) -> bool:
    """Say whether all cells of a column that are filled are days that every program has alike."""
    filled = [cell for cell in cells if cell not in (None, "")]
    try:
        return bool(filled) and all(
            isinstance(cell, str) and bool(_DAY.fullmatch(cell)) and date.fromisoformat(cell) >= _FIRST_DAY
            for cell in filled
        )
    except ValueError:
        return False


def _cell(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # Excel counts as UTF-16 does.
    units = text.encode("utf-16-le", "replace")
    most = 2 * MOST_CHARACTERS
    return text if len(units) <= most else f"{units[: most - 2].decode('utf-16-le', 'ignore')}…"


def _about(sheet: Worksheet, about: Provenance, bold: Format, text: Format) -> None:
    said = {
        "Title": about.title, "Subtitle": about.subtitle, "Alternative text": about.description,
        "Ledger": about.ledger, "As of": about.as_of, "Digest": about.digest, "Call": about.call,
        "Version": about.version and f"factdesk {about.version}", "Record": about.record(),
    }  # fmt: skip
    filled = [(name, what) for name, what in said.items() if what]
    for number, (name, what) in enumerate(filled):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, _cell(what), text)
        # The record is for programs: on one line, however long.
        sheet.set_row(number, LINE * (1 if name == "Record" else _lines(what, WIDEST)))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, WIDEST)


def _lines(text: str, width: int) -> int:
    """Give how many lines a text takes in a column, of 27 at most: a row is no higher than 409 points."""
    return min(sum(-(-len(line) // (width - 4)) or 1 for line in text.split("\n")), 27)
