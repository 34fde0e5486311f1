"""Workbooks with typed cells, in which no text is a formula, a link or a number; the same bytes for the same cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

Cell = str | int | float | date | None
"""What a cell holds; nothing is written of None."""

MOST_ROWS, MOST_CHARACTERS = 1_048_575, 32_767
"""What a sheet holds under its heading, and a cell; characters as UTF-16 counts them."""
NARROWEST, WIDEST = 8, 60
"""Characters of a column's width; rows are as high as their words need."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_DAY = date(1900, 3, 1)
"""Excel has a 29 February 1900, so that days before this one are another day elsewhere."""
_MADE = datetime(2000, 1, 1)
"""The same for every file: the day on which it is written is no part of what it says."""


class Book:
    """A workbook that is being written.

    >>> book = Book({"title": "Rain"})
    >>> book.table("data", {"day": [date(2025, 3, 14)], "note": ["=1+1"]})
    >>> book.written()[:2]
    b'PK'
    """

    def __init__(self, properties: Mapping[str, str]) -> None:
        import xlsxwriter

        self._file = io.BytesIO()
        # Whatever a text looks like, it is written as one.
        as_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True} | as_text)
        self._book.set_properties({**properties, "created": _MADE})
        self._heading, self._bold, self._text, self._day = (
            self._book.add_format({"valign": "top"} | more)
            for more in (
                {"bold": True, "bottom": 1},
                {"bold": True},
                {"text_wrap": True},
                {"num_format": "yyyy-mm-dd", "align": "left"},
            )
        )

    def table(self, name: str, columns: Mapping[str, Sequence[Cell]]) -> None:
        """Add a sheet with a heading that stays in sight and can be filtered, and a column for each of these."""
        sheet = self._book.add_worksheet(name)
        rows = 0
        for at, (heading, cells) in enumerate(columns.items()):
            widest, rows = 0, len(cells)
            sheet.write_string(0, at, heading[:MOST_CHARACTERS], self._heading)
            for number, cell in enumerate(cells, start=1):
                if cell is None:
                    continue
                widest = max(widest, len(str(cell)))
                if isinstance(cell, str):
                    sheet.write_string(number, at, cell, self._text)
                else:
                    sheet.write(number, at, cell, self._day if isinstance(cell, date) else self._text)
            # The heading has a button for the filter beside its words.
            sheet.set_column(at, at, min(max(widest + 1, len(heading) + 4, NARROWEST), WIDEST))
        sheet.freeze_panes(1, 0)
        if columns:
            sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)

    def pairs(self, name: str, values: Iterable[tuple[str, str]], *, low: Sequence[str] = ()) -> None:
        """Add a sheet of names and what they hold; rows named in `low` stay on one line, however long."""
        sheet = self._book.add_worksheet(name)
        for number, (key, value) in enumerate(values):
            sheet.write_string(number, 0, key, self._bold)
            sheet.write_string(number, 1, value, self._text)
            if key in low:
                sheet.set_row(number, 15)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, WIDEST)

    def written(self) -> bytes:
        """Return the workbook's bytes; nothing can be added after that."""
        self._book.close()
        return self._file.getvalue()


def day(text: str) -> date | None:
    """Return the day that a text is, where every program has the same; None where it is none.

    >>> day("2025-03-14"), day("1900-01-01"), day("14.03.2025")
    (datetime.date(2025, 3, 14), None, None)
    """
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return found if found and found >= _FIRST_DAY else None


def is_too_long(text: str) -> bool:
    """Return whether a text is longer than a cell; Excel counts as UTF-16 does."""
    return len(text) > MOST_CHARACTERS // 2 and len(text.encode("utf-16-le", "replace")) > 2 * MOST_CHARACTERS


def cut(text: str) -> str:
    """Return a text as a cell can hold it, with a mark where it was longer.

    >>> cut("rain"), len(cut("a" * 40_000))
    ('rain', 32767)
    """
    if not is_too_long(text):
        return text
    units = text.encode("utf-16-le", "replace")[: 2 * MOST_CHARACTERS - 2]
    return f"{units.decode('utf-16-le', 'ignore')}…"
