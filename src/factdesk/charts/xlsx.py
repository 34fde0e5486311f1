"""The rows behind a chart as a workbook: days as days, numbers as numbers, and where they come from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from factdesk.charts.provenance import Provenance
from factdesk.errors import InvalidValue
from factdesk.exchange.xlsx import MOST_ROWS, Book, Cell, cut, day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factdesk.charts.chart_rows import Json


def workbook(rows: Sequence[Mapping[str, Json]], about: Provenance) -> bytes:
    """Write rows as a workbook with the sheets `data` and `about`; the same bytes for the same rows.

    A column of days only (YYYY-MM-DD) is one of dates. Other texts stay texts, whatever they look like.

    Raises
    ------
    InvalidValue
        Where there are more rows than a sheet has.
    """
    if len(rows) > MOST_ROWS:
        raise InvalidValue(
            "path", ".xlsx", f"another form: a sheet has {MOST_ROWS:,} rows, not {len(rows):,}"
        )
    words = {"title": about.title, "subject": about.source, "comments": about.description}
    book = Book(words | {"keywords": about.call})
    names = dict.fromkeys(name for row in rows for name in row)
    book.table("data", {name: _cells([row.get(name) for row in rows]) for name in names})
    version = about.version and f"factdesk {about.version}"
    values = {"Title": about.title, "Subtitle": about.subtitle, "Alternative text": about.description}
    values |= {"Ledger": about.ledger, "As of": about.as_of, "Digest": about.digest, "Call": about.call}
    values |= {"Version": version, "Record": about.record()}  # the last for programs
    book.pairs("about", ((name, cut(value)) for name, value in values.items() if value), low=["Record"])
    return book.written()


def _cells(values: Sequence[Json]) -> list[Cell]:
    """Return a column's cells: days where all that are filled are days, numbers that a sheet does not change, texts."""
    filled = [value for value in values if value not in (None, "")]
    days = [day(value) if isinstance(value, str) else None for value in filled]
    if filled and all(days):
        return [day(value) if isinstance(value, str) else None for value in values]
    return [_cell(value) for value in values]


def _cell(value: Json) -> Cell:
    if value is None or (isinstance(value, (int, float)) and abs(value) < 1e15):
        return value
    return cut(cell_text(value))


def cell_text(value: Json) -> str:
    """Write a value as text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
