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
NARROWEST, WIDEST = 8, 60
"""Characters of a column's width; rows are as high as their words need."""

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
    # Whatever a text looks like, it is written as one.
    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(file, {"in_memory": True} | as_text)
    words = {"title": about.title, "subject": about.source, "comments": about.description}
    book.set_properties(words | {"keywords": about.call, "created": _MADE})
    heading, bold, text, day = (
        book.add_format({"valign": "top"} | more)
        for more in (
            {"bold": True, "bottom": 1},
            {"bold": True},
            {"text_wrap": True},
            {"num_format": "yyyy-mm-dd", "align": "left"},
        )
    )
    _data(book.add_worksheet("data"), rows, heading, text, day)
    _about(book.add_worksheet("about"), about, bold, text)
    book.close()
    return file.getvalue()


def _data(
    sheet: Worksheet, rows: Sequence[Mapping[str, Json]], heading: Format, text: Format, day: Format
) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    for column, name in enumerate(names):
        cells = [row.get(name) for row in rows]
        days, widest = _are_days(cells), 0
        sheet.write_string(0, column, name[:MOST_CHARACTERS], heading)
        for number, cell in enumerate(cells, start=1):
            if cell is None or (days and not cell):
                continue
            is_number = isinstance(cell, (int, float)) and abs(cell) < 1e15
            written = _cell(cell)
            widest = max(widest, len(written))
            value = date.fromisoformat(written) if days else cell if is_number else written
            sheet.write(number, column, value, day if days else text)
        # The heading has a button for the filter beside its words.
        sheet.set_column(column, column, min(max(widest + 1, len(name) + 4, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    if names:
        sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)


def _are_days(cells: Sequence[Json]) -> bool:
    """Return whether all cells of a column that are filled are days that every program has alike."""
    filled = [cell for cell in cells if cell not in (None, "")]
    try:
        return bool(filled) and all(
            isinstance(cell, str) and bool(_DAY.fullmatch(cell)) and date.fromisoformat(cell) >= _FIRST_DAY
            for cell in filled
        )
    except ValueError:
        return False


def cell_text(value: Json) -> str:
    """Write a value as text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cell(value: Json) -> str:
    # Excel counts as UTF-16 does.
    units, most = cell_text(value).encode("utf-16-le", "replace"), 2 * MOST_CHARACTERS
    return cell_text(value) if len(units) <= most else f"{units[: most - 2].decode('utf-16-le', 'ignore')}…"


def _about(sheet: Worksheet, about: Provenance, bold: Format, text: Format) -> None:
    version = about.version and f"factdesk {about.version}"
    values = {"Title": about.title, "Subtitle": about.subtitle, "Alternative text": about.description}
    values |= {"Ledger": about.ledger, "As of": about.as_of, "Digest": about.digest, "Call": about.call}
    values |= {"Version": version, "Record": about.record()}
    for number, (name, value) in enumerate((name, value) for name, value in values.items() if value):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, _cell(value), text)
        if name == "Record":  # for programs: on one line, however long
            sheet.set_row(number, 15)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, WIDEST)
