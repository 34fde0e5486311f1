"""Where a sheet's header stands, what its columns are called, and which of its rows are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from factdesk.exchange.delimited import Row, filled
from factdesk.exchange.fields import known
from factdesk.text import clean, shown

WITHIN = 60
"""Rows among which the header is looked for."""
_WORDS_LIMIT = 200
_VALUE = re.compile(
    r"[a-z][a-z0-9+.-]*://.*|www\..*|[\d\W_]+|true|false|.{41,}[.!?…\"”»]|=.*"
    r"|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}.*|\d{1,2}\.? \w{3,12}\.? \d{4}|\w{3,12}\.? \d{1,2},? \d{4}",
    re.IGNORECASE | re.DOTALL,
)
"""What stands in a row, and not in its header: a number, a day, an address, a truth value, a sentence."""
_TOTAL = re.compile(
    r"\W*(?:grand |sub ?)?(?:totals?|sum|count|average|mean|summe|gesamt|anzahl|insgesamt|somme|total général|suma"
    r"|soma|totale|somma|итого|всего|сумма|разом|всього|المجموع|الإجمالي|कुल|योग|toplam)(?:\W*\d[\d.,]*)?\W*(?: \w+)?\W*",
    re.IGNORECASE,
)

_NOTE = re.compile(
    r"\s*(?:[*†©¹]|(?:sources?|notes?|as of|last updated?|updated|legend|quellen?|anmerkung(?:en)?|hinweise?|stand|légende"
    r"|remarques?|fuentes?|notas?|actualizado|fontes?|atualizado|fonti|aggiornato|джерел[ао]|источники?|примечани[ея]"
    r"|المصدر|ملاحظة|स्रोत|kaynak|not)(?: \w+)?\s*:)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """A sheet's column names, the place of the first row below among those looked at, and remarks."""

    names: list[str]
    first: int
    remarks: list[str]


def find(rows: Sequence[Row], width: int = 0) -> Header:
    """Return the header of rows: the one that names most columns that are known, else the first that may name any.

    `width` is how many columns there are at least. Where most rows have more cells than the header, its last
    columns have no name.

    >>> find([(1, ["Checks of 2025"], ""), (3, ["Claim", "Day"], ""), (4, ["It rained.", "2025-03-14"], "")]).names
    ['Claim', 'Day']
    """
    sizes = [sum(1 for cell in cells if cell.strip()) for _, cells, _ in rows]
    widest = _usual(sizes)
    at = _place(rows, sizes, widest)
    if at < 0:
        first = next((n for n, size in enumerate(sizes) if 2 * size >= widest and size), 0)
        width = max(width, _usual([len(filled(cells)) for _, cells, _ in rows]), 1)
        remarks = _left_out(rows[:first])
        remarks.append("No line names the columns; they are called by their places.")
        return Header(unique([""] * width), first, remarks)
    if at + 1 < len(rows) and _is_below(rows[at][1], rows[at + 1][1]):
        at += 1
    names = filled([plain_name(cell) for cell in rows[at][1]])
    width = max(width, len(names), _usual([len(filled(cells)) for _, cells, _ in rows[at + 1 :]]))
    joined = _joined(
        [plain_name(cell) for cell in rows[at - 1][1]] if at else [], [*names, *[""] * (width - len(names))]
    )
    is_joined = filled(joined) != names
    remarks = _left_out(rows[: at - is_joined])
    if is_joined:
        remarks.append(f"The header takes two lines, {rows[at - 1][0]} and {rows[at][0]}.")
    return Header(unique(joined), at + 1, remarks)


def _usual(sizes: Sequence[int]) -> int:
    """Return what three in four sizes that are any do not exceed: one broken row counts for nothing."""
    some = sorted(filter(None, sizes))
    return some[3 * (len(some) - 1) // 4] if some else 0


def _place(rows: Sequence[Row], sizes: list[int], widest: int) -> int:
    """Return the place of the row that names the columns; -1 where none does."""
    named: list[int] = []
    for at, (_, cells, _) in enumerate(rows):
        named.append(len({known(cell) for cell in cells[:1000]} - {""}))
        if 2 * named[at] >= sizes[at] and named[at] > 1:
            return at
    most = max(named, default=0)
    if most > 1 or (most == 1 and widest == 1):
        return named.index(most)
    full = [at for at, size in enumerate(sizes) if 2 * size > widest]
    at = next((at for at in full if named[at]), full[0] if full else -1)
    stand = [cell.strip() for cell in rows[at][1] if cell.strip()] if full else []
    values = [cell for cell in stand if len(cell) > _WORDS_LIMIT or _VALUE.fullmatch(cell)]
    if full and named[at]:  # beside a name that is known, a year may be one too
        may_name = 2 * sum(1 for cell in values if not re.fullmatch(r"(?:19|20)\d\d", cell)) <= len(stand)
    else:
        may_name = not values
    return at if may_name and widest > 1 else -1


def _is_below(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Return whether a row names the columns of which the header's own line names groups only."""
    has_gaps = any(cell.strip() and not own.strip() for own, cell in zip_longest(above, cells, fillvalue=""))
    stand = [cell.strip() for cell in cells if cell.strip()]
    named = sum(1 for cell in stand[:1000] if known(cell))
    return has_gaps and named > 1 and 2 * named >= len(stand) and not any(map(_VALUE.fullmatch, stand))


def _left_out(rows: Sequence[Row]) -> list[str]:
    texts = [(line, " ".join(cell.strip() for cell in cells if cell.strip())) for line, cells, _ in rows]
    texts = [(line, text) for line, text in texts if text]
    if not texts:
        return []
    where = f"Line {texts[0][0]}" if len(texts) == 1 else f"Lines {texts[0][0]} to {texts[-1][0]}"
    return [f"{where} above the header: left out ('{shown(texts[0][1], 60)}')."]


def plain_name(cell: str) -> str:
    """Return a header's cell on one line, normal and cut.

    >>> plain_name(" Date of\\n claim ")
    'Date of claim'
    """
    return clean(cell[: 4 * _WORDS_LIMIT], one_line=True)[0][:_WORDS_LIMIT]


def _joined(above: list[str], names: list[str]) -> list[str]:
    """Return names for which the line above stands in where they are empty, and stands before where one comes twice.

    A line of one cell is a title, and names no column.
    """
    if len(list(filter(None, above))) < 2:
        return names
    twice, group, joined = {name for name in names if names.count(name) > 1}, "", []
    for at, name in enumerate(names):
        own = above[at] if at < len(above) else ""
        group = own or group
        joined.append(own if not name else f"{group} {name}" if name in twice and group != name else name)
    return joined


def unique(names: Iterable[str]) -> list[str]:
    """Return names that differ: a second "Links" is "Links (2)", one without a name "column 4".

    >>> unique(["Links", "Links", "", "links"])
    ['Links', 'Links (2)', 'column 3', 'links']
    """
    taken: dict[str, None] = {}
    for place, name in enumerate(names, 1):
        own = name or f"column {place}"
        number, one = 1, own
        while one in taken:
            number += 1
            one = f"{own} ({number})"
        taken[one] = None
    return list(taken)


def is_header_again(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether a row is the header once more, be its columns in another order.

    >>> is_header_again(["Day", "claim"], ["Claim", "Day"]), is_header_again(["Claim", "It rained."], ["Claim", "Day"])
    (True, False)
    """
    plain = [{cell.strip().casefold() for cell in row if cell.strip()} for row in (cells, names)]
    return len(plain[0]) > 1 and plain[0] <= plain[1]


def is_second_header(cells: Sequence[str]) -> bool:
    """Return whether a row names columns, like a header in another language below the first.

    >>> is_second_header(["Behauptung", "Datum", "Quelle"]), is_second_header(["It rained.", "2025-03-14", ""])
    (True, False)
    """
    stand = [cell.strip() for cell in cells if cell.strip()]
    named = {known(cell) for cell in stand[:1000]} - {""}
    return len(named) > 1 and 2 * len(named) >= len(stand) and not any(map(_VALUE.fullmatch, stand))


def is_note(cells: Sequence[str]) -> bool:
    """Return whether a row at the end of a sheet is a note below it: one cell at its beginning, which says so.

    >>> is_note(["Source: own research", "", ""]), is_note(["Sources of income fell.", "", ""])
    (True, False)
    """
    return len(cells) > 2 and len(filled(list(cells))) == 1 and _NOTE.match(cells[0]) is not None


def is_total(cells: Sequence[str]) -> bool:
    """Return whether a row at the end of a sheet adds up what stands above it.

    >>> is_total(["Total:", "", "300"]), is_total(["", "", "=SUM(C2:C301)"]), is_total(["7", "Total exports fell.", "2024"])
    (True, True, False)
    """
    stand = [cell.strip() for cell in cells if cell.strip()]
    if not stand:
        return False
    others = [
        cell
        for cell in stand
        if not re.fullmatch(r"[\d\s.,%+-]+|=(?:SUM|COUNT|AVERAGE|SUBTOTAL|SUMME)\w*\(.*", cell)
    ]
    if not others:
        return any(cell.startswith("=") for cell in stand) or 2 * len(stand) <= len(cells)
    return len(others) == 1 and others[0] == stand[0] and _TOTAL.fullmatch(others[0]) is not None
