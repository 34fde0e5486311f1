"""The time axis: busy spans found from the days on which something happens, each given its own scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from factdesk.charts.typeset import text_width
from factdesk.errors import InvalidValue
from factdesk.formats import counted, month, month_and_year, short_day, spoken_days
from factdesk.schema import DAY, parse_day

Ordinals = npt.NDArray[np.int64]

GAP = 10.0
"""Pixels between two panels."""
LEAST_MONTH = 3.0
"""Pixels of a month from which on each one has a tick of its own, so that a day's month can be counted off."""
NAMED_DAYS = 6
"""Days of change in a panel up to which they are named themselves, where single days are not marked."""
SIDE_BY_SIDE = 8.0
"""Pixels between two days that the eye tells apart without effort."""
QUIET_WIDTH, BUSY_WIDTH = 48.0, 72.0
"""Least pixels of a panel in which nothing happens, and of one in which something does."""
LAST_STEP, LAST_WIDTH = 3.0, 24.0
"""Pixels under which what holds since the last change is hardly seen, and those that it gets in a panel of its own."""
MOST_PANELS, GAPS_TRIED = 6, 5
# What a further panel must be worth: so great a share of the days of change that no longer touch.
BUSY_PANEL, QUIET_PANEL, BLANK = 0.06, 0.02, 0.5
LABEL_SIZE = 11.0

# Shortest first: how many days, months or years from tick to tick.
STEPS = (
    *(("day", step) for step in (1, 2, 5, 10, 15)),
    *(("month", step) for step in (1, 3, 6)),
    *(("year", step) for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)
DAYS_IN = {"day": 1.0, "week": 7.0, "month": 30.4, "quarter": 91.3, "year": 365.2}
ROOM = {"day": 22.0, "month": 32.0, "year": 38.0}
EPOCH = date(1970, 1, 1).toordinal()
MILLISECONDS = 86_400_000


@dataclass(frozen=True)
class Window:
    """The days that a chart shows, both included, and whether they were asked for."""

    first: date
    last: date
    asked: bool

    def told(self) -> str:
        """Say which days they are."""
        return spoken_days(self.first, self.last)


def window(
    days: Iterable[date],
    as_of: date | None,
    span: Sequence[object] | None,
    covers: str = "days that the ledger covers",
) -> Window | None:
    """Choose the days that a chart shows: those asked for, else from the first on which something is up to now.

    Parameters
    ----------
    days : iterable of datetime.date
        The days on which something happens, in any order.
    as_of : datetime.date or None
        The ledger's latest day; nothing is known of a day after it.
    span : sequence of two days, optional
        The first and the last day asked for.
    covers : str
        What the days from the first on which something happens up to the ledger's latest are called.

    Returns
    -------
    Window or None
        None where there is nothing to show.

    Raises
    ------
    InvalidValue
        Where those asked for are no days, or nothing is known of any of them.

    Examples
    --------
    >>> window([date(2025, 3, 15)], date(2025, 9, 1), ("2025-03-01", "2025-03-31")).told()
    '1 to 31 March 2025'
    """
    known = [day for day in days if as_of and day <= as_of]
    if span is None:
        return Window(min(known), as_of, asked=False) if known and as_of else None
    first, last = _asked(span)
    if as_of is None:
        return None
    begins = min(known, default=None)
    if first > as_of or (begins and last < begins):
        raise InvalidValue("span", span, f"{covers}, {f'{begins} to' if begins else 'up to'} {as_of}")
    return Window(first, min(last, as_of), asked=True)


def _asked(span: Sequence[object]) -> tuple[date, date]:
    """Read the first and the last day asked for."""
    two_days = "two days, as ('2025-03-01', '2025-03-31')"
    try:
        given = () if isinstance(span, str) else tuple(span)
        for day in given:
            if isinstance(day, str) and DAY.fullmatch(day) and not _is_there(day):
                raise InvalidValue("span", span, f"{two_days}; the calendar has no {day}")
        first, last = map(parse_day, given)
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue("span", span, two_days) from None
    if first > last:
        raise InvalidValue("span", span, "a first day that is not after the last")
    return first, last


def _is_there(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def spoken_length(days: int) -> str:
    """Say how long a number of days is, in the unit that people would use.

    >>> spoken_length(139), spoken_length(20)
    ('5 months', '20 days')
    """
    unit = "year" if days > 700 else "month" if days > 59 else "day"
    count = round(days / DAYS_IN[unit])
    return counted(count, unit)


@dataclass(frozen=True)
class Panel:
    """One stretch of time at one scale: from `start` up to `stop` (ordinals of days), `left` to `right` pixels."""

    start: int
    stop: int
    left: float
    right: float
    busy: bool
    days: tuple[int, ...] = ()
    """The days of change in it, where they are to be named."""

    @property
    def first(self) -> date:
        """The first day in it."""
        return date.fromordinal(self.start)

    @property
    def last(self) -> date:
        """The last day in it."""
        return date.fromordinal(self.stop - 1)

    @property
    def scale(self) -> float:
        """Pixels a day."""
        return (self.right - self.left) / (self.stop - self.start)

    def place(self, moment: float) -> float:
        """Give where a moment (days, with a fraction) lies, in pixels."""
        return self.left + (moment - self.start) * self.scale


@dataclass(frozen=True)
class Tick:
    """A mark on the axis at `at` pixels with the words beneath it, whose middle is at `middle` pixels."""

    at: float
    middle: float
    text: str
    row: int
    mark: bool = True

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where the words go, in pixels."""
        half = text_width(self.text, LABEL_SIZE) / 2
        return self.middle - half, self.middle + half


@dataclass(frozen=True)
class TimeAxis:
    """Panels side by side that together are all the days from the first to the last, none left out."""

    panels: tuple[Panel, ...]

    @property
    def first(self) -> date:
        """The first day."""
        return self.panels[0].first

    @property
    def last(self) -> date:
        """The last day."""
        return self.panels[-1].last

    @property
    def width(self) -> float:
        """Pixels of all panels and the gaps between them."""
        return self.panels[-1].right

    @property
    def stops(self) -> list[tuple[int, float]]:
        """Moments (milliseconds since 1970, UTC) and where they lie: the corners of a piecewise scale.

        A panel begins a millisecond after the one before it ends, so that each pixel stands for one moment.
        """
        corners: list[tuple[int, float]] = []
        for panel in self.panels:
            corners += [
                (milliseconds(panel.start) + bool(corners), panel.left),
                (milliseconds(panel.stop), panel.right),
            ]
        return corners

    @property
    def gaps(self) -> list[int]:
        """Moments at which the scale changes."""
        return [milliseconds(panel.start) for panel in self.panels[1:]]

    def begin(self, day: date) -> int:
        """Give the moment at which a day begins on this axis: behind the gap, where the scale changes there."""
        ordinal = day.toordinal()
        return milliseconds(ordinal) + any(panel.start == ordinal for panel in self.panels[1:])

    def moment_at(self, pixels: float) -> int:
        """Give the moment that lies at a place, in milliseconds since 1970."""
        moments, places = zip(*self.stops, strict=True)
        return round(float(np.interp(pixels, places, moments)))

    def place(self, day: date) -> float:
        """Give where a day begins, in pixels.

        >>> axis = time_axis([date(2025, 3, 1), date(2025, 3, 10)], date(2025, 3, 20), 400)
        >>> axis.place(date(2025, 3, 11))
        200.0
        """
        return self._panel(day.toordinal()).place(day.toordinal())

    def _panel(self, ordinal: int) -> Panel:
        return next((panel for panel in self.panels if ordinal < panel.stop), self.panels[-1])

    def pieces(self, first: date, last: date) -> list[tuple[float, float]]:
        """Give the stretches of pixels that a span of days takes up, one for each panel that it lies in."""
        start, stop = first.toordinal(), last.toordinal() + 1
        return [
            (panel.place(max(start, panel.start)), panel.place(min(stop, panel.stop)))
            for panel in self.panels
            if start < panel.stop and stop > panel.start
        ]

    def scale_on(self, day: date) -> float:
        """Give how many pixels wide a day is there."""
        return self._panel(day.toordinal()).scale

    def told(self) -> str:
        """Say in a sentence how the axis is made; nothing where it is even."""
        if len(self.panels) == 1:
            return ""
        spans = "; ".join(
            spoken_days(panel.first, panel.last) + ("" if panel.busy else " (no change)")
            for panel in self.panels
        )
        return f"Time runs at {_NUMBERS[len(self.panels)]} scales, changing at the gaps: {spans}."

    def ticks(self) -> list[Tick]:
        """Give the marks and words beneath the axis, as many as stand there without touching."""
        wanted = [tick for panel in self.panels for tick in self._ticks_of(panel)]
        # The ends first, then what stands further apart: a month's name before one of its days.
        wanted.sort(key=lambda tick: -tick[0])
        kept: list[Tick] = []
        for _, tick in wanted:
            left, right = tick.reach
            touches = any(
                other.row == tick.row and left - 7 < other.reach[1] and right + 7 > other.reach[0]
                for other in kept
            )
            if not touches:
                kept.append(tick)
        places = {tick.at for tick in kept if tick.row == 0}
        kept = [tick for tick in kept if tick.row == 0 or tick.at in places]
        return sorted(kept, key=lambda tick: (tick.row, tick.at))

    def months(self) -> list[float]:
        """Give where months begin, in pixels: ticks without words, for panels too narrow to mark each day.

        >>> axis = time_axis([date(2025, 3, 1)], date(2025, 6, 20), 112, even=True)
        >>> axis.months()
        [0.0, 31.0, 61.0, 92.0]
        """
        return [
            round(panel.place(day.toordinal()), 2)
            for panel in self.panels
            if self._is_marked(panel)
            and _unit(panel)[0] != "day"
            and panel.scale * DAYS_IN["month"] >= LEAST_MONTH
            for day in _days_to_mark(panel, "month", 1)
        ]

    def _is_marked(self, panel: Panel) -> bool:
        return panel.busy or panel is self.panels[-1]

    def _ticks_of(self, panel: Panel) -> Iterator[tuple[float, Tick]]:
        at_the_end = panel is self.panels[-1]
        if not self._is_marked(panel):
            length = Tick(
                panel.left,
                (panel.left + panel.right) / 2,
                spoken_length(panel.stop - panel.start),
                0,
                mark=False,
            )
            yield 2, length
            return
        unit, step = _unit(panel)
        if at_the_end:
            yield from self._end(panel, unit)
        if unit != "day" and len(panel.days) <= NAMED_DAYS:
            for ordinal in panel.days:
                yield from self._day(panel, date.fromordinal(ordinal), 2.5)
        year = of_month = 0
        for day in _days_to_mark(panel, unit, step):
            # A day is a column and is marked at its middle; a month or a year is marked where it begins.
            at = panel.place(day.toordinal() + (0.5 if unit == "day" else 0))
            name = str({"day": day.day, "month": month(day, short=True), "year": day.year}[unit])
            yield 1, self._within(panel, at, name, 0)
            is_new_month, is_new_year = day.month != of_month, day.year != year
            over = ""
            if unit == "day" and is_new_month:
                over = month_and_year(day) if is_new_year else month(day)
            elif unit != "year" and is_new_year:
                over = str(day.year)
            if over:
                yield 1 + (year == 0), self._within(panel, at, over, 1)
            year, of_month = day.year, day.month

    def _day(self, panel: Panel, day: date, worth: float) -> Iterator[tuple[float, Tick]]:
        at = panel.place(day.toordinal() + 0.5)
        yield worth, self._within(panel, at, short_day(day), 0)
        yield worth, self._within(panel, at, str(day.year), 1)

    def _end(self, panel: Panel, unit: str) -> Iterator[tuple[float, Tick]]:
        first, last = panel.first, panel.last
        if first == last:
            return
        if unit == "day" and (first.year, first.month) == (last.year, last.month) and panel.busy:
            yield 3, self._within(panel, panel.place(panel.stop - 0.5), str(last.day), 0)
            return
        yield from self._day(panel, last, 3)

    def _within(self, panel: Panel, at: float, text: str, row: int) -> Tick:
        half = text_width(text, LABEL_SIZE) / 2
        low, high = panel.left - 2 + half, panel.right + 2 - half
        # Words wider than the panel reach over its end that is not the axis's.
        middle = min(max(at, low), high) if panel is self.panels[-1] else max(min(at, high), low)
        return Tick(at, middle, text, row)


_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven")


def _unit(panel: Panel) -> tuple[str, int]:
    """Give the shortest step from tick to tick that leaves room for words."""
    return next((unit, step) for unit, step in STEPS if panel.scale * step * DAYS_IN[unit] >= ROOM[unit])


def milliseconds(ordinal: float) -> int:
    """Give the moment at which a day begins (UTC), in milliseconds since 1970."""
    return round((ordinal - EPOCH) * MILLISECONDS)


def time_axis(
    days: Iterable[date],
    until: date,
    width: float,
    *,
    even: bool = False,
    start: date | None = None,
    every: str = "day",
    ends: bool = False,
) -> TimeAxis:
    """Divide the time from the first day to the last into panels, so that what happens can be told apart.

    A stretch in which much happens gets a scale of its own, and so does one in which nothing does, where that
    makes the days on which something happens at least half as wide again. Nothing is left out: each panel
    begins where the one before it ends.

    Parameters
    ----------
    days : iterable of datetime.date
        The days on which something happens, in any order.
    until : datetime.date
        The last day shown; days after it are passed over.
    width : float
        Pixels for all panels and the gaps between them.
    even : bool
        One panel, whatever happens when.
    start : datetime.date, optional
        The first day shown; otherwise the first of `days`. Days before it are passed over.
    every : {"day", "week", "month", "quarter", "year"}
        The scale may change only where such a period begins.
    ends : bool
        Give what holds since the last change a panel of its own where it would be too narrow to be seen: what is
        drawn lasts until another takes its place, and what is written beside it is what holds at the end.

    Returns
    -------
    TimeAxis
        The panels, and the marks and words beneath them.

    Examples
    --------
    >>> march = [date(2025, 3, day) for day in range(10, 29)]
    >>> axis = time_axis(march, date(2026, 11, 24), 500)
    >>> print(axis.told())
    Time runs at two scales, changing at the gaps: 10 to 31 March 2025; 1 April 2025 to 24 November 2026 (no change).
    """
    ordinals = np.unique(np.array([day.toordinal() for day in days], dtype=np.int64))
    first = start.toordinal() if start else int(ordinals[0]) if len(ordinals) else until.toordinal()
    first, stop = period_start(first, every), until.toordinal() + 1
    happens = np.unique(
        [period_start(int(day), every) for day in ordinals[(ordinals >= first) & (ordinals < stop)]]
    )
    cuts = (
        []
        if even or not len(happens)
        else _snapped(_cuts(happens, first, stop, width, every), happens, stop, every)
    )
    panels = _laid_out([first, *cuts, stop], happens, width)
    if ends and not even and every == "day":
        panels = _with_last_step(panels, happens, width)
    # A longer period is drawn as one mark, whose day is the period's last.
    named = happens.tolist() if every == "day" else []
    return TimeAxis(
        tuple(
            replace(panel, days=tuple(day for day in named if panel.start <= day < panel.stop))
            for panel in panels
        )
    )


def _cuts(happens: Ordinals, first: int, stop: int, width: float, every: str) -> list[int]:
    """Choose where the scale changes: of the ways to cut at the widest gaps beside bustle, the one that reads best."""
    points = np.append(happens, stop)
    gaps = np.diff(points)
    least = 4 * DAYS_IN[every] + 4
    order = np.argsort(-gaps / _bustle_beside(gaps), kind="stable")[:GAPS_TRIED]
    tried = [int(place) for place in order if gaps[place] >= least]
    # On either side of a gap: after its first day, and before the day that ends it.
    nodes = {int(points[place]) + 1 for place in tried} | {int(points[place + 1]) for place in tried}
    inner = sorted(nodes - {first, stop})
    ways = (cuts for most in range(MOST_PANELS) for cuts in combinations(inner, most))
    return list(min(ways, key=lambda cuts: round(_strain([first, *cuts, stop], happens, width), 6)))


def _bustle_beside(gaps: Ordinals) -> npt.NDArray[np.float64]:
    """Give for each gap how close the days of change stand beside it, on its busier side."""
    total = np.concatenate(([0], np.cumsum(gaps)))
    place = np.arange(len(gaps))
    before, after = np.maximum(place - 4, 0), np.minimum(place + 5, len(gaps))
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (total[place] - total[before]) / (place - before)
        right = (total[after] - total[place + 1]) / (after - place - 1)
    return np.fmin(np.fmin(left, right), gaps)


def _strain(ends: list[int], happens: Ordinals, width: float) -> float:
    """Say how hard an axis is to read: days of change that touch, blank plains, and changes of scale."""
    panels = _laid_out(ends, happens, width)
    moments = [float(moment) for panel in panels for moment in (panel.start, panel.stop)]
    corners = [place for panel in panels for place in (panel.left, panel.right)]
    places = np.interp(np.append(happens, ends[-1]), moments, corners)
    apart = np.diff(places)
    crowded = np.clip(1 - apart / SIDE_BY_SIDE, 0, 1).sum() / len(apart)
    blank = ((apart / width) ** 2).sum()
    busy = sum(panel.busy for panel in panels)
    return float(crowded + BLANK * blank + BUSY_PANEL * (busy - 1) + QUIET_PANEL * (len(panels) - busy))


def _snapped(cuts: list[int], happens: Ordinals, stop: int, every: str) -> list[int]:
    """Move each cut a little into the quiet beside it, to the roundest day there: air, and a better caption."""
    points = [*map(int, happens), stop]
    snapped = []
    for cut in cuts:
        after = int(np.searchsorted(happens, cut))
        begins = after < len(happens) and points[after] == cut  # what is busy begins here, and else has ended
        if every != "day":
            snapped.append(period_start(cut, every) if begins else _next_period(cut, every))
            continue
        length = _stretch(happens, after if begins else after - 1, cuts, forward=begins)
        room = (points[after] - points[after - 1]) // 3
        shifts = range(min(room, max(1, length // 25)), min(room, max(3, length * 15 // 100)) + 1)
        nearest_first = [cut - shift if begins else cut + shift for shift in shifts]
        snapped.append(max(nearest_first, key=_roundness))
    return snapped


def _stretch(happens: Ordinals, place: int, cuts: list[int], *, forward: bool) -> int:
    """Give how many days lie between the first and the last change in the panel beside a cut."""
    day = int(happens[place])
    if forward:
        end = min((cut for cut in cuts if cut > day), default=int(happens[-1]) + 1)
        return int(happens[happens < end][-1]) - day + 1
    begin = max((cut for cut in cuts if cut <= day), default=int(happens[0]))
    return day - int(happens[happens >= begin][0]) + 1


def _roundness(ordinal: int) -> int:
    day = date.fromordinal(ordinal)
    if day.day == 1:
        return 3 if day.month == 1 else 2
    return int(day.weekday() == 0)


def period_start(ordinal: int, every: str) -> int:
    """Give the day on which the period of a day begins."""
    day = date.fromordinal(ordinal)
    if every == "week":
        return ordinal - day.weekday()
    if every == "day":
        return ordinal
    month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[every]
    return day.replace(month=month, day=1).toordinal()


def _next_period(ordinal: int, every: str) -> int:
    start = period_start(ordinal, every)
    return ordinal if start == ordinal else period_start(start + math.ceil(DAYS_IN[every]) + 5, every)


def _laid_out(ends: list[int], happens: Ordinals, width: float) -> tuple[Panel, ...]:
    """Give each stretch its pixels: a quiet one few, the busy ones more, the rest by how much happens in them."""
    spans = list(pairwise(ends))
    days = [int(np.searchsorted(happens, stop) - np.searchsorted(happens, start)) for start, stop in spans]
    if len(spans) == 1:
        return (Panel(*spans[0], 0.0, width, True),)
    least = [BUSY_WIDTH if count else QUIET_WIDTH for count in days]
    rest = width - GAP * (len(spans) - 1) - sum(least)
    panels, left = [], 0.0
    for (start, stop), count, size in zip(spans, days, least, strict=True):
        right = left + size + rest * count / sum(days)
        panels.append(Panel(start, stop, round(left, 2), round(right, 2), count > 0))
        left = right + GAP
    return tuple(panels)


def _with_last_step(panels: tuple[Panel, ...], happens: Ordinals, width: float) -> tuple[Panel, ...]:
    """Part the last day of change, and those after it, from the last panel where they are hardly seen there."""
    last = panels[-1]
    day = int(happens[-1]) if len(happens) else last.start
    if day <= last.start or (last.stop - day) * last.scale >= LAST_STEP:
        return panels
    before = [*(panel.start for panel in panels), day]
    room = width - LAST_WIDTH
    parted = _laid_out(before, happens[happens < day], room - GAP)
    if any(panel.right - panel.left < QUIET_WIDTH for panel in parted):
        return panels
    return (*parted, Panel(day, last.stop, room, width, True))


def _days_to_mark(panel: Panel, unit: str, step: int) -> Iterator[date]:
    if unit == "day":
        for ordinal in range(panel.start, panel.stop):
            day = date.fromordinal(ordinal)
            if step == 1 or (day.day % step == (step == 2) and day.day <= 31 - step) or day.day == 1:
                yield day
        return
    months = 1 if unit == "month" else 12
    month = panel.first.year * 12 + panel.first.month - 1
    month += -month % (step * months)
    while month < 12 * 10_000 and (day := date(month // 12, month % 12 + 1, 1)).toordinal() < panel.stop:
        if day.toordinal() >= panel.start:
            yield day
        month += step * months
