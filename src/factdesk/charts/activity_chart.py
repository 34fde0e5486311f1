"""The chart of when a ledger was worked on: a calendar of each kind of work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from factdesk import measures
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_X, AT_Y, MARGIN, TEXT_SIZE, Frame, Look, Words
from factdesk.charts.timeaxis import LABEL_SIZE, Window, window
from factdesk.charts.typeset import text_width
from factdesk.formats import (
    all_of,
    counted,
    month,
    month_and_year,
    month_letter,
    number,
    short_day,
    spoken_day,
    spoken_days,
    week_begins,
    weekdays,
)
from factdesk.measures import WHAT

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

Day = str | date | pd.Timestamp
Record = dict[str, canvas.Cell]

COLUMNS = ("from", "until", "what", "count")
LINE, LABEL, AIR, APART = 15, 15, 18, 20
"""Pixels of a line of a head, of the words over a calendar, and between two calendars down and across."""
KEY = 24
WEEKS, STRIP, YEARS, MOST_YEARS = 8, 54, 6, 40
"""Weeks drawn as on a wall, and side by side; rows of years up to which weeks are drawn; rows of years at most."""
FEW_WEEKS = 3
FOLD = 17
"""Pixels of a row that stands for years in which nothing was done."""
CLASSES, PALEST, STRONGEST = 5, 0.22, 0.95
"""Shades at most, and how strong the ink is in the first and the last."""
MOST_TOLD = 12
"""Days, months or years that the text alternative tells one by one."""
KINDS = {
    "logged": ("claim or appearance", "claims and appearances"),
    "attached": ("piece of evidence", "pieces of evidence"),
    "judged": ("status", "statuses"),
    "edited": ("change", "changes"),
}


@dataclass(frozen=True)
class _Work:
    """How much of each kind was done on each day of some."""

    days: Window
    done: dict[str, dict[date, int]]

    @property
    def kinds(self) -> list[str]:
        return [what for what in WHAT if what != "edited" or self.done[what]]

    def total(self, what: str) -> int:
        return sum(self.done[what].values())

    def by_day(self) -> dict[date, int]:
        """Add up the kinds on each day on which something was done, in order."""
        every: dict[date, int] = {}
        for own in self.done.values():
            for day, count in own.items():
                every[day] = every.get(day, 0) + count
        return dict(sorted(every.items()))

    def within(self, first: date, last: date) -> _Work:
        """Give the work of some of the days."""
        own = {
            what: {day: count for day, count in of.items() if first <= day <= last}
            for what, of in self.done.items()
        }
        return _Work(replace(self.days, first=first, last=last), own)


@dataclass(frozen=True)
class _Cell:
    """Some days, and where they lie in a calendar."""

    first: date
    last: date
    column: int
    row: int


@dataclass(frozen=True)
class _Label:
    at: float
    text: str


@dataclass(frozen=True)
class _Calendar:
    """How days, weeks or months are laid out, alike for each kind of work, and how many calendars stand side by side."""

    period: str
    across: int
    wide: float
    tall: float
    columns: int
    tops: list[float]
    """Where each row begins, and where the last one ends."""
    cells: list[_Cell]
    over: list[_Label]
    """Words over the columns, by the pixels at which they begin, or around which they stand in the middle."""
    is_centred: bool
    beside: list[_Label]
    folds: list[_Label]
    from_: date
    is_numbered: bool = False

    @property
    def height(self) -> float:
        return self.tops[-1]

    @property
    def width(self) -> float:
        return self.wide * self.columns


@dataclass(frozen=True)
class _Room:
    """Pixels that there are for calendars, and for how many kinds; a height of None is open."""

    width: float
    height: float | None
    kinds: int
    head: float

    def left(self, across: int) -> float | None:
        """Give how tall one calendar may be, where so many stand side by side."""
        if self.height is None:
            return None
        down = -(-self.kinds // across)
        return (self.height - AIR * (down - 1)) / down - self.head - LABEL


@calls.records_its_call
def activity(
    ledger: Ledger,
    *,
    span: tuple[Day, Day] | None = None,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw how much was logged, attached, judged and edited on each day: when was this ledger worked on?

    A calendar for each kind of work; the darker a day, the more was written on it. Days are those of writing, in
    the ledger's time zone: a status entered today for last March was judged today. Up to eight weeks stand as on
    a wall, up to a year as a strip of weeks; of more years each has a row, of weeks or of months, and years in
    which nothing was done are folded.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    span : tuple of two days, optional
        The first and the last day shown; otherwise from the first to the last on which something was done.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written and weeks begin; otherwise British
        English.
    title : str, optional
        Otherwise on how many days work was done, and on which one most.

    Returns
    -------
    altair.LayerChart
        A calendar for each kind of work.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.activity(fd.open("claims.csv"))
    >>> chart.title.text
    ['All 150 entries were made on one day, 24 November 2026']
    """
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    rows = measures.activity(ledger)
    work = _work(rows, canvas.as_of(ledger), span)
    if work is None or not work.by_day():
        lacks = canvas.none_in(ledger, "work", work.days) if work is not None and not rows.empty else None
        return canvas.empty(ledger, look, title, lacks)
    frame = Frame(look.width, MARGIN, MARGIN, 0, above=KEY)
    # What the words say of the period, and so how much room they take, comes with the choice of it.
    calendar = _chosen(work, _room(ledger, work, None, frame, look, title))
    calendar = _chosen(work, _room(ledger, work, calendar, frame, look, title))
    work = work.within(calendar.from_, work.days.last)
    said = _said(ledger, work, _work(rows, canvas.as_of(ledger), span) or work, calendar, title)
    room = canvas.height_left(said, ledger, look, above=frame.above)
    head = _head_height(work, calendar)
    places = _places(calendar, work, head)
    height = max(places[-1][1] + calendar.height, room or 0)
    frame = replace(frame, height=round(height, 3))
    shades = _shades(work, calendar, look)
    layers = [
        *_ground(work, calendar, places, look),
        *_days(work, calendar, places, shades, look),
        *_heads(work, calendar, places, head, look),
        *_labels(calendar, places, look),
        *_key(shades, calendar, look),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _work(rows: pd.DataFrame, as_of: date | None, span: tuple[Day, Day] | None) -> _Work | None:
    """Gather what was done on each day of the span, or from the first day to the last."""
    days = [day.date() for day in rows["day"]]
    last = max(days, default=None)
    until = max(filter(None, (last, as_of)), default=None) if span else last
    shown = window(days, until, span, "days since the first entry")
    if shown is None:
        return None
    done: dict[str, dict[date, int]] = {what: {} for what in WHAT}
    for day, what, count in zip(days, rows["what"], rows["count"].tolist(), strict=True):
        if shown.first <= day <= shown.last:
            done[what][day] = count
    return _Work(shown, done)


# --- calendars


def _room(
    ledger: Ledger, work: _Work, calendar: _Calendar | None, frame: Frame, look: Look, title: str | None
) -> _Room:
    """Give the room that there is under the words, with that calendar or any."""
    said = _said(ledger, work, work, calendar, title)
    height = canvas.height_left(said, ledger, look, above=frame.above)
    return _Room(frame.inner, height, len(work.kinds), _head_height(work, calendar))


def _chosen(work: _Work, room: _Room) -> _Calendar:
    """Choose days on a wall, a strip of weeks, or years of weeks or of months: the first that has room."""
    for drawn in (_wall, _strip, _years_of_weeks):
        calendar = drawn(work, room)
        if calendar is not None:
            return calendar
    return _years_of_months(work, room)


def _weeks(first: date, last: date) -> tuple[date, int]:
    """Give the day on which the first week begins, and how many weeks there are."""
    begin = first.toordinal() - (first.weekday() - week_begins()) % 7
    return date.fromordinal(max(begin, 1)), (last.toordinal() - begin) // 7 + 1


def _every_day(
    first: date, last: date, begin: date, cell: Callable[[int, int], tuple[int, int]]
) -> list[_Cell]:
    """Give each day's cell, by its week and its place in it."""
    cells = []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        cells.append(_Cell(day, day, *cell(*divmod(ordinal - begin.toordinal(), 7))))
    return cells


def _tops(heights: Iterable[float]) -> list[float]:
    return [0.0, *np.cumsum(list(heights)).round(3).tolist()]


def _wall(work: _Work, room: _Room) -> _Calendar | None:
    """Lay days out as on a wall: a row for each week."""
    first, last = work.days.first, work.days.last
    begin, weeks = _weeks(first, last)
    if weeks > WEEKS:
        return None
    if weeks <= FEW_WEEKS and not work.days.asked:
        # A day or two alone look lost: the month before them, or two weeks, on which nothing was done, stand there too.
        first = min(first.replace(day=1), first - timedelta(days=14))
        begin, weeks = _weeks(first, last)
    texts = [short_day(begin + timedelta(days=7 * n)) for n in range(weeks)]
    left = max(text_width(text, LABEL_SIZE) for text in texts) + 6
    for across in dict.fromkeys((room.kinds, -(-room.kinds // 2), 1)):
        wide = min((room.width - (left + APART) * across + APART) / across / 7, 56)
        height = room.left(across)
        tall = 32.0 if height is None else min(height / weeks, 48)
        if wide >= 22 and tall >= 18:
            break
    else:
        return None
    names = weekdays()
    if max(text_width(name, LABEL_SIZE) for name in names) > wide - 4:
        names = weekdays(short=True)
    return _Calendar(
        "day", across, round(wide, 3), tall, 7, _tops([tall] * weeks),
        _every_day(first, last, begin, lambda week, place: (place, week)),
        [_Label(wide * (n + 0.5), name) for n, name in enumerate(names)], True,
        [_Label(tall * (n + 0.5), text) for n, text in enumerate(texts)], [], work.days.first, is_numbered=True,
    )  # fmt: skip


def _strip(work: _Work, room: _Room) -> _Calendar | None:
    """Lay days out as a strip: a column for each week."""
    begin, weeks = _weeks(work.days.first, work.days.last)
    if weeks > STRIP:
        return None
    names = weekdays()
    left = max(text_width(name, LABEL_SIZE) for name in names) + 6
    for across in (room.kinds, 1):
        wide = min((room.width - (left + APART) * across + APART) / across / weeks, 40)
        height = room.left(across)
        tall = min(wide, 18) if height is None else min(wide, 22, height / 7)
        if wide >= 13 and tall >= 10:
            break
    if wide < 6 or tall < 5:
        return None
    step = 1 if tall >= 12 else 2 if tall >= 6.5 else 3
    return _Calendar(
        "day", across, round(wide, 3), tall, weeks, _tops([tall] * 7),
        _every_day(work.days.first, work.days.last, begin, lambda week, place: (week, place)),
        _without_touch(_months_over(work, begin, wide), wide * weeks), False,
        [_Label(tall * (n + 0.5), names[n]) for n in range(0, 7, step)], [], work.days.first,
    )  # fmt: skip


def _months_over(work: _Work, begin: date, wide: float) -> Iterator[_Label]:
    """Name each month over the week in which it begins."""
    first, last = work.days.first, work.days.last
    day = first
    while day <= last:
        at = (day - begin).days // 7 * wide
        yield _Label(at, month_and_year(day, short=True) if day.month == 1 else month(day, short=True))
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _without_touch(labels: Iterable[_Label], width: float) -> list[_Label]:
    """Leave out words that would touch, the first one before the second."""
    kept: list[_Label] = []
    for label in labels:
        wide = text_width(label.text, LABEL_SIZE)
        label = replace(label, at=max(min(label.at, width - wide), 0))
        while kept and kept[-1].at + text_width(kept[-1].text, LABEL_SIZE) + 6 > label.at:
            if len(kept) > 1:
                break
            kept.pop()
        else:
            kept.append(label)
    return kept


@dataclass(frozen=True)
class _Row:
    """A year, or the years from the first to the last in which nothing was done."""

    first: int
    last: int
    is_quiet: bool

    @property
    def is_fold(self) -> bool:
        return self.is_quiet and self.last > self.first

    def told(self, width: float) -> str:
        """Say which years they are, and that nothing was done in them, where that has room."""
        years = f"{self.first}–{self.last}"
        return f"{years}: nothing" if text_width(f"{years}: nothing", LABEL_SIZE) <= width else years


def _year_rows(work: _Work) -> list[_Row]:
    """Give a row for each year; several in which nothing was done are one."""
    busy = {day.year for day in work.by_day()}
    years = range(work.days.first.year, work.days.last.year + 1)
    rows = []
    for is_busy, run in groupby(years, lambda year: year in busy):
        own = list(run)
        rows += [_Row(year, year, False) for year in own] if is_busy else [_Row(own[0], own[-1], True)]
    return rows


def _years(
    work: _Work, rows: Sequence[_Row], tall: float, wide: float
) -> tuple[dict[int, int], list[float], list[_Label], list[_Label], date]:
    """Give the row of each year, where rows begin, the words beside them and in the folds, and the first day."""
    tops = _tops(FOLD if row.is_fold else tall for row in rows)
    middle = [(before + after) / 2 for before, after in pairwise(tops)]
    beside = [_Label(at, str(row.first)) for at, row in zip(middle, rows, strict=True) if not row.is_fold]
    folds = [_Label(at, row.told(wide)) for at, row in zip(middle, rows, strict=True) if row.is_fold]
    places = {row.first: n for n, row in enumerate(rows) if not row.is_fold}
    return places, tops, beside, folds, max(work.days.first, date(rows[0].first, 1, 1))


def _years_of_weeks(work: _Work, room: _Room) -> _Calendar | None:
    """Lay weeks out, a row for each year."""
    rows = _year_rows(work)
    wide = (room.width - _year_room()) / STRIP
    folds = sum(row.is_fold for row in rows)
    height = room.left(1)
    tall = 18.0
    if height is not None:
        tall = min((height - FOLD * folds) / max(len(rows) - folds, 1), 24)
    if len(rows) > YEARS or wide < 6 or tall < 9:
        return None
    places, tops, beside, folded, first = _years(work, rows, tall, wide * STRIP)
    cells = [
        _Cell(max(start, first), min(stop, work.days.last), column, row)
        for year, row in places.items()
        for column, (start, stop) in enumerate(_weeks_of(year))
        if stop >= first and start <= work.days.last
    ]
    months = [date(2025, n, 1) for n in range(1, 13)]
    over = [
        _Label(
            wide * ((day - months[0]).days / 7), month(day, short=True) if wide >= 7.5 else month_letter(day)
        )
        for day in months
    ]
    return _Calendar(
        "week", 1, round(wide, 3), tall, STRIP, tops, cells, over, False, beside, folded, first,
    )  # fmt: skip


def _weeks_of(year: int) -> Iterator[tuple[date, date]]:
    """Give the weeks of a year; the first and the last may be shorter."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    while True:
        ahead = 6 - (start.weekday() - week_begins()) % 7
        if (end - start).days <= ahead:
            yield start, end
            return
        stop = start + timedelta(days=ahead)
        yield start, stop
        start = stop + timedelta(days=1)


def _years_of_months(work: _Work, room: _Room) -> _Calendar:
    """Lay months out, a row for each year, the latest where not all have room."""
    rows = _year_rows(work)
    across = room.kinds
    wide = min((room.width - _year_room() * across - APART * (across - 1)) / across / 12, 24)
    height = room.left(across)
    tall = 16.0
    if height is not None:
        folds = sum(row.is_fold for row in rows)
        tall = min(max((height - FOLD * folds) / max(len(rows) - folds, 1), 11), 26)
        while len(rows) > 1 and sum(FOLD if row.is_fold else tall for row in rows) > height + 0.01:
            rows = rows[1:]
    rows = rows[-MOST_YEARS:]
    while rows[0].is_fold:
        rows = rows[1:]
    places, tops, beside, folded, first = _years(work, rows, tall, wide * 12)
    cells = []
    for year, row in places.items():
        for n in range(12):
            start = date(year, n + 1, 1)
            stop = date(year, 12, 31) if n == 11 else date(year, n + 2, 1) - timedelta(days=1)
            if stop >= first and start <= work.days.last:
                cells.append(_Cell(max(start, first), min(stop, work.days.last), n, row))
    over = [_Label(wide * (n + 0.5), month_letter(date(2025, n + 1, 1))) for n in range(12)]
    if max(text_width(label.text, LABEL_SIZE) for label in over) > wide - 1:
        over = over[::3]
    return _Calendar(
        "month", across, round(wide, 3), tall, 12, tops, cells, over, True, beside, folded, first
    )


def _year_room() -> float:
    return text_width("2000", LABEL_SIZE) + 6


def _places(calendar: _Calendar, work: _Work, head: float) -> list[tuple[float, float]]:
    """Give where the calendar of each kind begins, under its head."""
    left = max(text_width(label.text, LABEL_SIZE) for label in calendar.beside) + 6
    return [
        (
            round(left + (n % calendar.across) * (left + calendar.width + APART), 3),
            round(head + LABEL + (n // calendar.across) * (head + LABEL + calendar.height + AIR), 3),
        )
        for n in range(len(work.kinds))
    ]


# --- drawn


@dataclass(frozen=True)
class _Shade:
    """A class of counts, from the lowest to the highest, and its colour."""

    low: int
    high: int
    colour: str

    def told(self) -> str:
        return number(self.low) if self.low == self.high else f"{number(self.low)}–{number(self.high)}"


def _counts(work: _Work, calendar: _Calendar) -> Iterator[tuple[int, str, _Cell, int]]:
    """Give for each kind, and its place, the cells in which something was done, and how much."""
    for n, what in enumerate(work.kinds):
        days = sorted(work.done[what])
        ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
        until = np.concatenate(([0], np.cumsum([work.done[what][day] for day in days]))).astype(np.int64)
        for cell in calendar.cells:
            begin, end = np.searchsorted(ordinals, [cell.first.toordinal(), cell.last.toordinal() + 1])
            if until[end] > until[begin]:
                yield n, what, cell, int(until[end] - until[begin])


def _shades(work: _Work, calendar: _Calendar, look: Look) -> list[_Shade]:
    """Divide the counts into few classes, each from a round number on."""
    most = max(count for *_, count in _counts(work, calendar))
    if most <= CLASSES:
        lows = list(range(1, most + 1))
    else:
        steps = ((1, 2, 5), (1, 3), (1,))
        lows = next(
            own
            for step in steps
            for own in [
                [base * 10**power for power in range(12) for base in step if base * 10**power <= most]
            ]
            if len(own) <= CLASSES or step == (1,)
        )
    highs = [*(low - 1 for low in lows[1:]), most]
    strengths = np.linspace(PALEST, STRONGEST, len(lows)) if len(lows) > 1 else [0.6]
    return [
        _Shade(low, high, look.mixed(float(strength)))
        for low, high, strength in zip(lows, highs, strengths, strict=True)
    ]


def _box(calendar: _Calendar, place: tuple[float, float], cell: _Cell) -> Record:
    """Give where a cell lies, with air between it and the next."""
    left, top = place
    air = 0.5 if min(calendar.wide, calendar.tall) < 10 else 1
    return {
        "x": round(left + calendar.wide * cell.column + air, 2),
        "x2": round(left + calendar.wide * (cell.column + 1) - air, 2),
        "y": round(top + calendar.tops[cell.row] + air, 2),
        "y2": round(top + calendar.tops[cell.row + 1] - air, 2),
    }


def _ground(
    work: _Work, calendar: _Calendar, places: Sequence[tuple[float, float]], look: Look
) -> list[alt.Chart]:
    """Draw the days, weeks or months of each calendar in which nothing was done."""
    busy = {(n, cell) for n, _, cell, _ in _counts(work, calendar)}
    boxes = [
        _box(calendar, place, cell)
        for n, place in enumerate(places)
        for cell in calendar.cells
        if (n, cell) not in busy
    ]
    if not boxes:
        return []
    bare = alt.Chart(canvas.data(boxes)).mark_rect(color=look.track, opacity=1, aria=False)
    return [bare.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"))]


def _days(
    work: _Work,
    calendar: _Calendar,
    places: Sequence[tuple[float, float]],
    shades: Sequence[_Shade],
    look: Look,
) -> list[alt.Chart]:
    """Draw how much was done on each day, in each week or month; on a wall each day and its number stand in it."""
    rows: list[Record] = []
    counts: list[Record] = []
    small: list[Record] = []
    bare: list[Record] = []
    busy: set[tuple[int, date]] = set()
    for n, what, cell, count in _counts(work, calendar):
        colour = next(shade.colour for shade in shades if shade.low <= count <= shade.high)
        box = _box(calendar, places[n], cell)
        busy.add((n, cell.first))
        rows.append(
            {
                "from": cell.first.isoformat(), "until": cell.last.isoformat(), "what": what, "count": count, **box,
                "colour": colour, "when": spoken_days(cell.first, cell.last),
                "held": f"{what}: {counted(count, *KINDS[what])}",
            }
        )  # fmt: skip
        if calendar.is_numbered:
            on: Record = {"ink": look.ink_on(colour), "on": colour}
            x, y, tall = _middle(box)
            text = number(count)
            if tall >= 26:
                small.append(
                    {"x": _at(box, "x") + 3, "y": _at(box, "y") + 7, "text": str(cell.first.day), **on}
                )
                y += 5
            if text_width(text, TEXT_SIZE, bold=True) <= calendar.wide - 4:
                counts.append({"x": x, "y": y, "text": text, **on})
    if calendar.is_numbered:
        for n, place in enumerate(places):
            for cell in calendar.cells:
                if (n, cell.first) not in busy:
                    x, y, tall = _middle(_box(calendar, place, cell))
                    box = _box(calendar, place, cell)
                    spot: Record = (
                        {"x": _at(box, "x") + 3, "y": _at(box, "y") + 7}
                        if tall >= 26
                        else {"x": x - 6, "y": y}
                    )
                    bare.append({**spot, "text": str(cell.first.day)})
    mark = alt.Chart(canvas.data(rows)).mark_rect(
        stroke=look.muted, strokeWidth=0.75 if min(calendar.wide, calendar.tall) >= 10 else 0.4
    ).encode(
        x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"), color=alt.Color("colour:N", scale=None),
        tooltip=[alt.Tooltip("when:N", title="When"), alt.Tooltip("held:N", title="Work")],
    )  # fmt: skip
    return [
        canvas.told(mark, "when", "held"),
        *canvas.words(small, AT_X, AT_Y, None, size=9),
        *canvas.words(bare, AT_X, AT_Y, look.muted, size=9),
        *canvas.words(counts, AT_X, AT_Y, None, bold=True, align="center"),
    ]


def _at(row: Record, field: str) -> float:
    return float(row[field] or 0)


def _middle(box: Record) -> tuple[float, float, float]:
    """Give the middle of a cell, and how tall it is."""
    x, x2, y, y2 = (_at(box, field) for field in ("x", "x2", "y", "y2"))
    return (x + x2) / 2, (y + y2) / 2, y2 - y


def _bases(work: _Work) -> list[tuple[str, str]]:
    return [(what, counted(work.total(what), *KINDS[what])) for what in work.kinds]


def _fits(work: _Work, calendar: _Calendar) -> tuple[bool, bool]:
    """Say whether name and number of each kind fit side by side over its calendar, and whether under each other."""
    wide = calendar.width + max(text_width(label.text, LABEL_SIZE) for label in calendar.beside) + 6
    beside = [
        text_width(what.capitalize(), TEXT_SIZE, bold=True) + 8 + text_width(base, TEXT_SIZE)
        for what, base in _bases(work)
    ]
    under = [text_width(base, TEXT_SIZE) for _, base in _bases(work)]
    if calendar.across == 1:
        return True, True
    return max(beside) <= wide, max(under) <= wide + APART - 8


def _head_height(work: _Work, calendar: _Calendar | None) -> float:
    if calendar is None:
        return LINE
    is_beside, is_under = _fits(work, calendar)
    return 2 * LINE if is_under and not is_beside else LINE


def _heads(
    work: _Work, calendar: _Calendar, places: Sequence[tuple[float, float]], head: float, look: Look
) -> list[alt.Chart]:
    """Name each kind of work over its calendar, and how much of it there is."""
    is_beside, is_under = _fits(work, calendar)
    left = min(x for x, _ in places)
    names: list[Record] = []
    bases: list[Record] = []
    for (what, base), (x, y) in zip(_bases(work), places, strict=True):
        name = what.capitalize()
        x, y = x - left, y - LABEL - head + LINE / 2
        names.append({"x": x, "y": y, "text": name})
        beside = x + text_width(name, TEXT_SIZE, bold=True) + 8
        if is_beside or not is_under:
            bases.append({"x": beside, "y": y, "text": base if is_beside else number(work.total(what))})
        else:
            bases.append({"x": x, "y": y + LINE, "text": base})
    return [
        *canvas.words(names, AT_X, AT_Y, look.ink, bold=True),
        *canvas.words(bases, AT_X, AT_Y, look.muted),
    ]


def _labels(calendar: _Calendar, places: Sequence[tuple[float, float]], look: Look) -> list[alt.Chart]:
    """Set the words over and beside each calendar, and in its folds."""
    over: list[Record] = []
    beside: list[Record] = []
    folds: list[Record] = []
    for x, y in places:
        over += [{"x": x + label.at, "y": y - 7, "text": label.text} for label in calendar.over]
        beside += [{"x": x - 6, "y": y + label.at, "text": label.text} for label in calendar.beside]
        folds += [{"x": x + 2, "y": y + label.at, "text": label.text} for label in calendar.folds]
    return [
        *canvas.words(
            over, AT_X, AT_Y, look.muted, size=LABEL_SIZE, align="center" if calendar.is_centred else "left"
        ),
        *canvas.words(beside, AT_X, AT_Y, look.muted, size=LABEL_SIZE, align="right"),
        *canvas.words(folds, AT_X, AT_Y, look.muted, size=LABEL_SIZE),
    ]


def _key(shades: Sequence[_Shade], calendar: _Calendar, look: Look) -> list[alt.Chart]:
    """Say which shade stands for how much."""
    name = f"Entries {_when(calendar.period, 'a')}"
    y, x = 6 - KEY, text_width(name, TEXT_SIZE) + 12
    boxes: list[Record] = []
    words: list[Record] = []
    for shade in shades:
        boxes.append({"x": x + 6, "y": y, "colour": shade.colour})
        words.append({"x": x + 16, "y": y, "text": shade.told()})
        x += 16 + text_width(shade.told(), TEXT_SIZE) + 14
    return [
        *canvas.words([{"x": 0, "y": y, "text": name}], AT_X, AT_Y, look.muted),
        *canvas.swatches(boxes, AT_X, AT_Y, look),
        *canvas.words(words, AT_X, AT_Y, look.ink),
    ]


# --- said


def _said(ledger: Ledger, work: _Work, every: _Work, calendar: _Calendar | None, title: str | None) -> Words:
    """Say on how many days work was done, and how to read it."""
    period = calendar.period if calendar else "month"
    kinds = ", ".join(f"{number(every.total(what))} {what}" for what in every.kinds)
    total = sum(every.by_day().values())
    entries = counted(total, "entry", "entries")
    base = f"Entries {_when(period, 'each')} by kind of work, {every.days.told()}: {entries}, {kinds}"
    if work.days.first > every.days.first:
        base += f"; shown: {work.days.told()}"
    told = ["Logged: claims and their further appearances; attached: evidence; judged: statuses"]
    if "edited" in every.kinds:
        told[0] += "; edited: cells changed and rows withdrawn"
    told[0] += "."
    told.append(f"By the day on which it was written, time zone {ledger.settings.timezone}.")
    if calendar and calendar.folds:
        told.append("Years in which nothing was written are folded.")
    return Words(title or _headline(every), base, " ".join(told), _description(every, base))


def _when(period: str, word: str) -> str:
    return f"{'on' if period == 'day' else 'in'} {word} {period}"


def _headline(work: _Work) -> str:
    """Say on how many days work was done, and on which one most."""
    by_day = work.by_day()
    total = sum(by_day.values())
    if not by_day:
        return "No work was done"
    if len(by_day) == 1:
        day = spoken_day(next(iter(by_day)))
        if total == 1:
            return f"The only entry was made on {day}"
        return f"{all_of(total, 'entry', 'entries').capitalize()} were made on one day, {day}"
    most = max(by_day.values())
    busiest = [day for day, count in by_day.items() if count == most]
    length = (work.days.last - work.days.first).days + 1
    every = all_of(length, "day")
    many = f"{number(len(by_day))} of {number(length)} days" if len(by_day) < length else every
    if len(busiest) > 1:
        return f"Work was done on {many}, at most {counted(most, 'entry', 'entries')} on one"
    return f"Work was done on {many}; the busiest, with {counted(most, 'entry', 'entries')}, was {spoken_day(busiest[0])}"


def _description(work: _Work, base: str) -> str:
    """Tell in words how much was done on each day, or in each month or year."""
    days = list(work.by_day())
    told = [f"{base}."]
    ways: tuple[tuple[Callable[[date], tuple[int, ...]], Callable[[date], str]], ...] = (
        (lambda day: (day.year, day.month, day.day), spoken_day),
        (lambda day: (day.year, day.month), month_and_year),
        (lambda day: (day.year,), lambda day: str(day.year)),
    )
    cut = [([list(own) for _, own in groupby(days, of)], name) for of, name in ways]
    runs, name = next((one for one in cut if len(one[0]) <= MOST_TOLD), cut[-1])
    for run in runs[-MOST_TOLD:]:
        parts = [
            f"{number(count)} {what}"
            for what in work.kinds
            if (count := sum(work.done[what].get(day, 0) for day in run))
        ]
        told.append(f"{name(run[0])}: {', '.join(parts)}.")
    if len(runs) > MOST_TOLD:
        told.append(f"And {counted(len(runs) - MOST_TOLD, 'earlier year')} with work.")
    return " ".join(told)
