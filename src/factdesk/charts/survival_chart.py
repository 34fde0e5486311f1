"""The chart of how long claims stay open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import altair as alt
import numpy as np
import pandas as pd

from factdesk import measures
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_X, AT_Y, MARGIN, TEXT_SIZE, Frame, Look, Words
from factdesk.charts.timeaxis import LABEL_SIZE, TimeAxis, time_axis
from factdesk.charts.typeset import lines, text_width
from factdesk.errors import InvalidValue
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.formats import share as percent

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

Record = dict[str, canvas.Cell]

COLUMNS = ("days", "open", "low", "high", "at_risk", "settled", "censored")
HEIGHT = 250
"""Pixels of the drawing of all claims together, where the size leaves its height open."""
GROUP, LEAST_GROUP, MOST_GROUPS = 76, 40, 12
"""Pixels of a group's curve where the height is open, and at least; how many of them are drawn at most."""
LINE, AT_RISK, AXIS, AIR = 15, 18, 30, 14
"""Pixels of a line of a name, of the row at risk, of the axis with its words, and of air between two groups."""
TWO_COLUMNS, COLUMN_APART = 600, 26
"""Pixels of a picture's width from which on groups stand in two columns, and between these."""
MOST_STEPS = 500
"""Days of one curve drawn each by itself; where there are more, those that share a pixel are drawn as one step."""
MOST_TOLD = 12
"""Groups that the text alternative tells one by one."""
BAND, TICK, TICKS_APART = 0.16, 4, 2.5
"""Strength of the ink in the band; pixels of a censored claim's tick above and below the curve, and between two."""
FARTHEST = 48
"""Pixels over the mark at one half in which its words may stand."""
STEPS = (1, 2, 5, 10, 20, 50, 100)
"""Days from tick to tick; beyond them years."""
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
YEAR = 365.25
GROUPS = {"claimant": "claimants", "kind": "kinds", "topic": "topics"}


@dataclass(frozen=True)
class _Curve:
    """The measured rows of some claims, by day."""

    name: str
    days: list[int]
    still_open: list[float]
    low: list[float | None]
    high: list[float | None]
    at_risk: list[int]
    settled: list[int]
    censored: list[int]

    @property
    def claims(self) -> int:
        return self.at_risk[0]

    @property
    def done(self) -> int:
        return sum(self.settled)

    @property
    def median(self) -> int | None:
        """Give the first day at the end of which no more than half are open; None where more are to the end."""
        # A half that was worked out as a product may lie a hair above it.
        return next(
            (day for day, part in zip(self.days, self.still_open, strict=True) if part <= 0.5 + 1e-9), None
        )

    @property
    def is_over(self) -> bool:
        """Say whether all that were left were settled on the day on which half of them were."""
        return self.still_open[-1] < 1e-9 and self.median == self.days[-1]

    def risked_on(self, day: int) -> int:
        """Give how many were open and followed still as a day began."""
        at = int(np.searchsorted(self.days, day))
        return self.at_risk[at] if at < len(self.days) else 0

    def on(self, day: int) -> str:
        """Say which share was open at the end of a day."""
        at = int(np.searchsorted(self.days, day, side="right")) - 1
        return f"{percent(self.still_open[at])}{_interval(self.low[at], self.high[at])}"


@dataclass(frozen=True)
class _Place:
    """Where a curve stands in the drawing, and the words over it."""

    curve: _Curve
    names: list[str]
    base: str
    base_beside: bool
    left: float
    top: float
    tall: float
    is_last: bool
    """Whether the axis stands under it: the last one of its column."""

    def y(self, part: float) -> float:
        """Give where a share lies."""
        return round(self.top + self.tall * (1 - part), 3)

    @property
    def foot(self) -> float:
        return self.top + self.tall


@dataclass(frozen=True)
class _Tick:
    day: int
    at: float
    text: str


@dataclass(frozen=True)
class _Asked:
    """What ends the wait, in words."""

    done: str
    is_any: bool

    def within(self, curve: _Curve) -> str:
        """Say how long half of the claims took."""
        what = " settled" if self.is_any else ""
        if curve.median is None:
            few = {1: "not", 2: "neither"}.get(curve.claims, "none")
            return f"fewer than half{what}" if curve.done else f"{few}{what or ' so held'} yet"
        many = {1: "", 2: "both"}.get(curve.claims, "all") if curve.is_over else "half"
        return (
            f"{many}{what} {f'within {_long(curve.median)}' if curve.median else 'on the first day'}".strip()
        )


@calls.records_its_call
def time_to_status(
    ledger: Ledger,
    to: str | Sequence[str] | None = None,
    *,
    by: str | None = None,
    even: bool = False,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw the share of claims that are still open so many days after they were made: how long do claims stay open?

    A claim's days count from the one on which it was made, or was logged where that is not known, to its first
    settled status. Claims that are open on the ledger's latest day count for as long as they were followed
    (Kaplan & Meier, 1958); the band is the 95 % interval by Greenwood's formula on the log-log scale
    (Kalbfleisch & Prentice, 1980). It supposes that those logged lately will be settled as the earlier ones
    were. Under the curve stands how many claims it rests on.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    to : str or sequence of str, optional
        The status, or several of them, that ends the wait; by default every one that settles a claim. Claims
        that got another settled status stay open for this question.
    by : {"claimant", "kind", "topic"}, optional
        A curve for each, that of most claims first, at most 12; a claim with several topics is in each of them.
    even : bool
        One scale for all days; otherwise spans in which much or nothing happens get a scale of their own.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too, and so how many curves fit.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise how long it took until half of the claims were settled, and how many were by then.

    Returns
    -------
    altair.LayerChart
        A stepped curve, or one for each group.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.time_to_status(fd.open("claims.csv"))
    >>> chart.title.text
    ['64% of the claims were settled within 1 day of being made']
    """
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    asked = _asked(ledger, to)
    whole = measures.time_to_status(ledger, to)
    groups = measures.time_to_status(ledger, to, by) if by is not None else None
    if whole.empty:
        return canvas.empty(ledger, look, title)
    every = _curve("", whole)
    if groups is None or by is None:
        chart = _drawn(ledger, every, [], 0, asked, "", look, even=even, title=title)
        return chart or canvas.empty(ledger, look, title)
    curves = [
        _curve(str(name) or f"no {by}", rows)
        for name, rows in groups.groupby("group", sort=False, observed=True)
    ]
    most = MOST_GROUPS if look.height is None else 2 * int(look.height / (LEAST_GROUP + LINE + AT_RISK))
    sheets = (
        _drawn(ledger, every, curves, many, asked, by, look, even=even, title=title)
        for many in range(max(min(len(curves), most), 1), 0, -1)
    )
    return next(chart for chart in sheets if chart is not None)


def _asked(ledger: Ledger, to: str | Sequence[str] | None) -> _Asked:
    """Say in words which statuses are asked for."""
    if to is None:
        return _Asked("settled", True)
    label = {status.name: status.label for status in ledger.settings.vocabulary}
    words = [label.get(name, name) for name in ([to] if isinstance(to, str) else to)]
    if not words:
        raise InvalidValue("to", to, ", ".join(map(repr, label)))
    return _Asked(" or ".join(filter(None, (", ".join(words[:-1]), words[-1]))), False)


def _curve(name: str, rows: pd.DataFrame) -> _Curve:
    low, high = (
        [None if pd.isna(part) else float(part) for part in rows[end].tolist()] for end in ("low", "high")
    )
    return _Curve(
        name, rows["days"].tolist(), rows["open"].tolist(), low, high,
        *(rows[column].tolist() for column in ("at_risk", "settled", "censored")),
    )  # fmt: skip


def _drawn(
    ledger: Ledger,
    every: _Curve,
    curves: Sequence[_Curve],
    many: int,
    asked: _Asked,
    by: str,
    look: Look,
    *,
    even: bool,
    title: str | None,
) -> alt.LayerChart | None:
    """Draw all claims as one curve, or some groups; nothing where so many have no room, unless it is one."""
    drawn = curves[:many] if by else [every]
    ends = {percent(curve.still_open[-1]) for curve in drawn}
    # Half of the first number at risk reaches over the drawing's edge.
    first = max(text_width(number(curve.claims), LABEL_SIZE) for curve in drawn) / 2
    labels = max(text_width(percent(1), LABEL_SIZE), text_width("at risk", LABEL_SIZE) + first)
    frame = Frame(
        look.width,
        left=MARGIN + labels + 8,
        right=max(8 + max(text_width(end, TEXT_SIZE, bold=True) for end in ends), 16) + MARGIN,
        height=0,
        above=8 if by else 16,
        below=AXIS + AT_RISK + 6,
    )
    across = 2 if len(drawn) > (1 if look.height else 3) and look.width >= TWO_COLUMNS else 1
    beside = frame.left + frame.right - 2 * MARGIN
    wide = (frame.width - 2 * MARGIN - COLUMN_APART * (across - 1)) / across - beside
    last = max(every.days[-1], 1)
    axis = _axis(drawn, last, wide, even=even)
    said = _said(ledger, every, curves, drawn, axis, asked, by, title)
    room = canvas.height_left(said, ledger, look, above=frame.above, below=frame.below)
    places = _places(drawn, asked, by, across, wide, beside, room)
    if places is None:
        return None
    frame = replace(frame, height=max(place.foot for place in places))
    ticks = _ticks(axis, last, every)
    layers = [
        *_grid(places, wide, look, is_group=bool(by)),
        *_bands(places, axis, look),
        *(_overall(places, every, axis, look) if by else []),
        *_curves(places, axis, look),
        *_gaps(places, axis, look),
        *_medians(places, axis, asked, look, is_group=bool(by)),
        *_pointed(places, axis, asked, by, look),
        *_heads(places, frame, look),
        *_ends(places, axis, look),
        *_time(places, ticks, first, look),
    ]
    return canvas.composed(layers, said, ledger, look, frame, ("group", *COLUMNS) if by else COLUMNS)


# --- places


def _axis(curves: Sequence[_Curve], last: int, width: float, *, even: bool) -> TimeAxis:
    """Divide the days since claims were made by the rule by which calendars are divided."""
    days = {
        day for curve in curves for day, settled in zip(curve.days, curve.settled, strict=True) if settled
    }
    # Day 0 is that of ordinal 1; the last one is where the axis ends.
    return time_axis(
        [date.fromordinal(day + 1) for day in days], date.fromordinal(last), width, even=even,
        start=date.fromordinal(1),
    )  # fmt: skip


def _x(axis: TimeAxis, day: int) -> float:
    """Give where a day of claims' lives begins, in pixels."""
    panel = next((panel for panel in axis.panels if day + 1 < panel.stop), axis.panels[-1])
    return round(panel.place(day + 1), 3)


def _places(
    drawn: Sequence[_Curve],
    asked: _Asked,
    by: str,
    across: int,
    wide: float,
    beside: float,
    room: float | None,
) -> list[_Place] | None:
    """Lay the curves out row by row; nothing where several have no room."""
    if not by:
        return [_Place(drawn[0], [], "", False, 0, 0, room or HEIGHT, True)]
    heads = []
    for curve in drawn:
        names = lines(curve.name, wide + beside, TEXT_SIZE, bold=True, most=2)
        base = f"{counted(curve.claims, 'claim')}, {asked.within(curve)}"
        taken = text_width(names[-1], TEXT_SIZE, bold=True) + 10 + text_width(base, TEXT_SIZE)
        heads.append((names, base, taken <= wide + beside))
    rows = [range(n, min(n + across, len(drawn))) for n in range(0, len(drawn), across)]
    over = [max(LINE * (len(heads[n][0]) + (not heads[n][2])) for n in row) + 6 for row in rows]
    between = (AIR if room is None else AIR / 2) + AT_RISK
    tall = float(GROUP)
    if room is not None:
        tall = (room - sum(over) - between * (len(rows) - 1)) / len(rows)
        if tall < LEAST_GROUP and len(drawn) > 1:
            return None
        tall = max(tall, LEAST_GROUP)
    places = []
    top = 0.0
    for row, above in zip(rows, over, strict=True):
        for n in row:
            left = (n - row.start) * (wide + beside + COLUMN_APART)
            places.append(
                _Place(
                    drawn[n], *heads[n], round(left, 3), round(top + above, 3), round(tall, 3),
                    is_last=n + across >= len(drawn),
                )
            )  # fmt: skip
        top += above + tall + between
    return places


def _ticks(axis: TimeAxis, last: int, every: _Curve) -> list[_Tick]:
    """Give the days named under the axis, as many as stand there without touching, with how many were at risk."""
    wanted: list[tuple[int, _Tick]] = [(0, _Tick(0, 0, number(0)))]
    for panel in axis.panels:
        wide = max(
            text_width(number(word), LABEL_SIZE) for word in (every.risked_on(panel.start - 1), panel.stop)
        )
        step = next((days for days in STEPS if days * panel.scale >= wide + 10), 0)
        if step:
            days = range(-(-(panel.start - 1) // step) * step, panel.stop, step)
            wanted += [(2, _tick(axis, day, number(day))) for day in days if day <= last]
            continue
        step = next((years for years in YEARS if years * YEAR * panel.scale >= 56), YEARS[-1])
        years = [(n, round(n * YEAR)) for n in range(step, int(panel.stop / YEAR) + 1, step)]
        wanted += [
            (2, _tick(axis, day, counted(n, "year")))
            for n, day in years
            if panel.start - 1 <= day < panel.stop
        ]
    wanted.append((1, _tick(axis, last, number(last) if last <= 2 * YEAR else _long(last))))
    wanted.sort(key=lambda one: one[0])
    kept: list[_Tick] = []
    for _, tick in wanted:
        if all(
            abs(tick.at - other.at) >= _half(tick, every) + _half(other, every) + 7 for other in kept
        ) and tick.day not in {other.day for other in kept}:
            kept.append(tick)
    return sorted(kept, key=lambda tick: tick.day)


def _tick(axis: TimeAxis, day: int, text: str) -> _Tick:
    return _Tick(day, _x(axis, day), text)


def _half(tick: _Tick, every: _Curve) -> float:
    return max(text_width(word, LABEL_SIZE) for word in (tick.text, number(every.risked_on(tick.day)))) / 2


# --- drawn


def _grid(places: Sequence[_Place], wide: float, look: Look, *, is_group: bool) -> list[alt.Chart]:
    """Draw faint lines at round shares, and these beside them."""
    parts = (0, 0.5, 1) if is_group else (0, 0.25, 0.5, 0.75, 1)
    rules: list[Record] = []
    words: list[Record] = []
    for place in places:
        for part in parts:
            rules.append({"x": place.left, "x2": place.left + wide, "y": place.y(part)})
            words.append({"x": place.left - 6, "y": place.y(part), "text": percent(part)})
    rule = alt.Chart(canvas.data(rules)).mark_rule(color=look.line, aria=False)
    return [
        rule.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y),
        *canvas.words(words, AT_X, AT_Y, look.muted, size=LABEL_SIZE, align="right"),
    ]


def _steps(curve: _Curve, axis: TimeAxis) -> Iterator[Record]:
    """Give a row for each day of a curve and how far it reaches; for each pixel of it where there are many."""
    starts = [_x(axis, day) for day in curve.days]
    shown = list(range(len(starts)))
    if len(starts) > MOST_STEPS:
        # The last day of each pixel: how many are open at its end.
        shown = [n for n in shown if n + 1 == len(starts) or int(starts[n]) != int(starts[n + 1])]
    begin = 0
    for k, n in enumerate(shown):
        own = slice(begin, n + 1)
        end = (
            starts[shown[k + 1]]
            if k + 1 < len(shown)
            else max(axis.width if curve.days[-1] == 0 else 0, starts[n])
        )
        low, high = curve.low[n], curve.high[n]
        yield {
            "days": curve.days[n], "open": round(curve.still_open[n], 4),
            "low": None if low is None else round(low, 4), "high": None if high is None else round(high, 4),
            "at_risk": curve.at_risk[begin], "settled": sum(curve.settled[own]),
            "censored": sum(curve.censored[own]), "x": starts[n], "x2": end,
        }  # fmt: skip
        begin = n + 1


def _line(curve: _Curve, axis: TimeAxis, place: _Place, n: int) -> list[Record]:
    """Give the corners of a curve: all are open as day 0 begins."""
    steps = list(_steps(curve, axis))
    points = [(0.0, 1.0), *((_at(step, "x"), _at(step, "open")) for step in steps)]
    points.append((_at(steps[-1], "x2"), points[-1][1]))
    return [
        {"x": place.left + x, "y": place.y(part), "n": k, "curve": n} for k, (x, part) in enumerate(points)
    ]


def _at(row: Record, field: str) -> float:
    return float(row[field] or 0)


def _curves(places: Sequence[_Place], axis: TimeAxis, look: Look) -> list[alt.Chart]:
    """Draw the curves, and a tick where claims were followed no longer."""
    corners: list[Record] = []
    ticks: list[Record] = []
    for n, place in enumerate(places):
        corners += _line(place.curve, axis, place, n)
        drawn = -TICKS_APART
        for step in _steps(place.curve, axis):
            x, y = _at(step, "x"), place.y(_at(step, "open"))
            # Where many stand, a few show as well that there are some.
            if step["censored"] and x - drawn >= TICKS_APART:
                ticks.append({"x": place.left + x, "y": y - TICK, "y2": y + TICK})
                drawn = x
    layers = [_stepped(corners, look.ink, 2)]
    if ticks:
        tick = alt.Chart(canvas.data(ticks)).mark_rule(color=look.ink, strokeWidth=1, aria=False)
        layers.append(tick.encode(x=AT_X, y=AT_Y, y2=alt.Y2("y2:Q")))
    return layers


def _stepped(corners: Sequence[Record], colour: str, wide: float) -> alt.Chart:
    line = alt.Chart(canvas.data(corners)).mark_line(
        interpolate="step-after", color=colour, strokeWidth=wide, strokeJoin="miter", aria=False
    )
    return line.encode(x=AT_X, y=AT_Y, order=alt.Order("n:Q"), detail=alt.Detail("curve:N"))


def _overall(places: Sequence[_Place], every: _Curve, axis: TimeAxis, look: Look) -> list[alt.Chart]:
    """Draw in each group's place the curve of all claims, to compare it with."""
    corners = [row for n, place in enumerate(places) for row in _line(every, axis, place, n)]
    return [_stepped(corners, look.muted, 0.9)]


def _bands(places: Sequence[_Place], axis: TimeAxis, look: Look) -> list[alt.Chart]:
    """Draw the intervals, from the first day on which there is one to the last."""
    corners: list[Record] = []
    for n, place in enumerate(places):
        known = [step for step in _steps(place.curve, axis) if step["low"] is not None]
        for k, step in enumerate(known):
            edge: Record = {"y": place.y(_at(step, "low")), "y2": place.y(_at(step, "high")), "curve": n}
            corners.append({**edge, "x": place.left + _at(step, "x")})
            if k + 1 == len(known):
                corners.append({**edge, "x": place.left + _at(step, "x2")})
    if not corners:
        return []
    band = alt.Chart(canvas.data(corners)).mark_area(
        interpolate="step-after", orient="vertical", color=look.ink, opacity=BAND, aria=False
    )
    return [band.encode(x=AT_X, y=AT_Y, y2=alt.Y2("y2:Q"), detail=alt.Detail("curve:N"))]


def _gaps(places: Sequence[_Place], axis: TimeAxis, look: Look) -> list[alt.Chart]:
    """Draw the gaps where the scale changes over what lies beneath."""
    rows: list[Record] = [
        {
            "x": place.left + before.right,
            "x2": place.left + after.left,
            "y": place.top - 2,
            "y2": place.foot + 1,
        }
        for place in places
        for before, after in zip(axis.panels, axis.panels[1:], strict=False)
    ]
    if not rows:
        return []
    gap = alt.Chart(canvas.data(rows)).mark_rect(color=look.ground, opacity=1, aria=False)
    return [gap.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"))]


def _medians(
    places: Sequence[_Place], axis: TimeAxis, asked: _Asked, look: Look, *, is_group: bool
) -> list[alt.Chart]:
    """Mark where half of the claims were settled, and say so beside it; a group says it in its head."""
    marks: list[Record] = []
    words: dict[Literal["left", "right"], list[Record]] = {"left": [], "right": []}
    for place in places:
        median, text = place.curve.median, asked.within(place.curve)
        if median is not None:
            x = place.left + _x(axis, median)
            marks.append({"x": x, "y": place.y(0.5), "y2": place.foot})
        if not is_group:
            align, spot = _beside(place, axis, text_width(text, TEXT_SIZE))
            words[align].append({**spot, "text": text})
    layers = []
    if marks:
        data = alt.Chart(canvas.data(marks))
        rule = data.mark_rule(color=look.ink, strokeDash=[2, 3], strokeWidth=1, aria=False)
        dot = data.mark_point(shape="circle", size=44, filled=True, opacity=1, color=look.ink, aria=False)
        layers = [rule.encode(x=AT_X, y=AT_Y, y2=alt.Y2("y2:Q")), dot.encode(x=AT_X, y=AT_Y)]
    for align, rows in words.items():
        layers += canvas.words(rows, AT_X, AT_Y, look.ink, align=align)
    return layers


def _beside(place: _Place, axis: TimeAxis, wide: float) -> tuple[Literal["left", "right"], Record]:
    """Give a place for words of that width beside the mark at one half, or else the curve's end: the nearest clear one."""
    median = place.curve.median
    sides: dict[Literal["left", "right"], float]
    if median is None:
        near, sides = place.y(place.curve.still_open[-1]), {"right": axis.width - 4}
    else:
        near, sides = place.y(0.5), {"left": _x(axis, median) + 8, "right": _x(axis, median) - 8}
    fit = [
        (align, x, left)
        for align, x in sides.items()
        if 0 <= (left := x if align == "left" else x - wide) <= axis.width - wide
    ]
    # Up there nothing ties them to the mark; down to the foot a rule does.
    first, last = int(max(place.top + 9, near - FARTHEST)), int(place.foot - 9)
    ways = sorted(range(first, last + 1), key=lambda y: (abs(y - near), y))
    taken = list(_taken(place, axis))
    for y in ways:
        for align, x, left in fit:
            if not any(
                left < right + 3 and left + wide > start - 3 and y - 7 < foot and y + 7 > top
                for start, right, top, foot in taken
            ):
                return align, {"x": place.left + x, "y": y}
    # Up to the mark the curve lies above one half, and from there on not.
    align = fit[0][0] if fit else "right"
    return align, {"x": place.left + sides[align], "y": near + (10 if align == "right" else -10)}


def _taken(place: _Place, axis: TimeAxis) -> Iterator[tuple[float, float, float, float]]:
    """Give the boxes that a curve, its ticks, its band and the faint lines take up: left, right, top and foot."""
    yield from ((0, axis.width, place.y(part), place.y(part)) for part in (0, 0.25, 0.5, 0.75, 1))
    before = 1.0
    for step in _steps(place.curve, axis):
        x, x2, part = _at(step, "x"), _at(step, "x2"), _at(step, "open")
        low = part if step["low"] is None else _at(step, "low")
        high = part if step["high"] is None else _at(step, "high")
        yield x, x, place.y(before), place.y(part)
        yield x, x2, min(place.y(high), place.y(part) - TICK - 1), max(place.y(low), place.y(part) + TICK + 1)
        before = part


def _pointed(places: Sequence[_Place], axis: TimeAxis, asked: _Asked, by: str, look: Look) -> list[alt.Chart]:
    """Lay an unseen mark over each step, to point at."""
    rows: list[Record] = []
    for place in places:
        for step in _steps(place.curve, axis):
            low, high = step["low"], step["high"]
            part = percent(_at(step, "open"))
            ended = [f"{number(int(_at(step, 'settled')))} {asked.done}"] if step["settled"] else []
            if step["censored"]:
                ended.append(f"{number(int(_at(step, 'censored')))} followed no longer")
            rows.append(
                {
                    **({"group": place.curve.name} if by else {}), **step,
                    # The last day has no width of its own.
                    "x": place.left + _at(step, "x"),
                    "x2": place.left + max(_at(step, "x2"), _at(step, "x") + 3), "y": place.top, "y2": place.foot,
                    "who": place.curve.name or "all claims", "when": _after(int(_at(step, "days"))),
                    "held": f"{part}{_interval(low, high)} not {asked.done} yet",
                    "risked": ", ".join([f"{number(int(_at(step, 'at_risk')))} at risk", *ended]),
                }
            )  # fmt: skip
    mark = alt.Chart(canvas.data(rows)).mark_rect(color=look.ink, opacity=0).encode(
        x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"),
        tooltip=[
            alt.Tooltip("who:N", title="Claims"), alt.Tooltip("when:N", title="When"),
            alt.Tooltip("held:N", title="Share"), alt.Tooltip("risked:N", title="Number"),
        ],
    )  # fmt: skip
    return [canvas.told(mark, "who", "when", "held", "risked")]


def _heads(places: Sequence[_Place], frame: Frame, look: Look) -> list[alt.Chart]:
    """Set over each group's curve its name and how many claims it is of."""
    names: list[Record] = []
    bases: list[Record] = []
    for place in places:
        if not place.names:
            continue
        start, low = place.left + MARGIN - frame.left, place.top - 14
        foot = low if place.base_beside else low - LINE
        names += [
            {"x": start, "y": foot - LINE * (len(place.names) - 1 - n), "text": name}
            for n, name in enumerate(place.names)
        ]
        beside = text_width(place.names[-1], TEXT_SIZE, bold=True) + 10 if place.base_beside else 0
        bases.append({"x": start + beside, "y": low, "text": place.base})
    return [
        *canvas.words(names, AT_X, AT_Y, look.ink, bold=True),
        *canvas.words(bases, AT_X, AT_Y, look.muted),
    ]


def _ends(places: Sequence[_Place], axis: TimeAxis, look: Look) -> list[alt.Chart]:
    """Set beside the end of each curve which share was open then."""
    rows: list[Record] = []
    grounds: list[Record] = []
    for place in places:
        part = place.curve.still_open[-1]
        end = _at(list(_steps(place.curve, axis))[-1], "x2")
        x, y, text = round(place.left + end + 6, 3), place.y(part), percent(part)
        if end < axis.width:
            # Other lines run on there, the axis too.
            y = min(y, place.foot - 9)
            wide = text_width(text, TEXT_SIZE, bold=True)
            grounds.append({"x": x - 3, "x2": x + wide + 2, "y": y - 7, "y2": y + 7})
        rows.append({"x": x, "y": y, "text": text})
    layers = []
    if grounds:
        ground = alt.Chart(canvas.data(grounds)).mark_rect(color=look.ground, opacity=1, aria=False)
        layers.append(ground.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q")))
    return [*layers, *canvas.words(rows, AT_X, AT_Y, look.ink, bold=True)]


def _time(places: Sequence[_Place], ticks: Sequence[_Tick], first: float, look: Look) -> list[alt.Chart]:
    """Set the days under the last curve of a column, and under each how many claims were at risk on them."""
    marks: list[Record] = []
    days: list[Record] = []
    titles: list[Record] = []
    names: list[Record] = []
    risked: list[Record] = []
    has_days, has_years = (
        any((tick.text == number(tick.day)) is one for tick in ticks[1:]) for one in (True, False)
    )
    unit = "time" if not has_days else "days (or years)" if has_years else "days"
    for place in places:
        if place.is_last:
            titles.append({"x": place.left, "y": place.foot + 26, "text": f"{unit} since the claim was made"})
        y = place.foot + (AXIS + 10 if place.is_last else 13)
        names.append({"x": place.left - first - 6, "y": y, "text": "at risk"})
        for tick in ticks:
            x = place.left + tick.at
            marks.append({"x": x, "y": place.foot, "y2": place.foot + 4})
            risked.append({"x": x, "y": y, "text": number(place.curve.risked_on(tick.day))})
            if place.is_last:
                days.append({"x": x, "y": place.foot + 12, "text": tick.text})
    rule = alt.Chart(canvas.data(marks)).mark_rule(color=look.muted, aria=False)
    return [
        rule.encode(x=AT_X, y=AT_Y, y2=alt.Y2("y2:Q")),
        *canvas.words(days, AT_X, AT_Y, look.ink, size=LABEL_SIZE, align="center"),
        *canvas.words(titles, AT_X, AT_Y, look.muted, size=LABEL_SIZE),
        *canvas.words(names, AT_X, AT_Y, look.muted, size=LABEL_SIZE, align="right"),
        *canvas.words(risked, AT_X, AT_Y, look.muted, size=LABEL_SIZE, align="center"),
    ]


# --- said


def _long(days: int) -> str:
    """Say how long so many days are."""
    return counted(days, "day") if days <= 2 * YEAR else f"{number(days / YEAR, 1)} years"


def _after(days: int) -> str:
    return f"{_long(days)} after the claim was made" if days else "on the day it was made"


def _interval(low: canvas.Cell, high: canvas.Cell) -> str:
    if low is None or high is None:
        return ""
    return f" ({percent(float(low))} to {percent(float(high))})"


def _said(
    ledger: Ledger,
    every: _Curve,
    curves: Sequence[_Curve],
    drawn: Sequence[_Curve],
    axis: TimeAxis,
    asked: _Asked,
    by: str,
    title: str | None,
) -> Words:
    """Say how long it took, of how many claims, and how to read it."""
    day = canvas.as_of(ledger)
    base = f"Share of claims not {asked.done} yet, by days since they were made: {counted(every.claims, 'claim')}"
    base += f", {spoken_day(day)}" if day else ""
    if by:
        many, total = number(len(drawn)), number(len(curves))
        few = f"the {many} {GROUPS[by]} with most claims" if len(drawn) > 1 else f"the {by} with most claims"
        base += (
            f"; {few}, of {total}" if len(drawn) < len(curves)
            else f"; {total} {GROUPS[by] if len(curves) > 1 else by}"
        )  # fmt: skip
    told = ["Kaplan-Meier estimate."]
    if any(low is not None for curve in drawn for low in curve.low):
        told = ["Kaplan-Meier estimate; shaded: its 95% interval."]
    if by:
        told.append("Thin line: all claims.")
    if by == "topic" and sum(curve.claims for curve in curves) > every.claims:
        told.append("A claim with several topics is in each of them.")
    if any(any(curve.censored) for curve in drawn):
        when = f", {spoken_day(day)}" if day else ""
        told.append(f"Small ticks: claims open when last seen{when}.")
    told.append("At risk: claims still open, and followed, as that day began.")
    logged = int(ledger.claims["made_on"].isna().sum())
    if logged:
        told.append(
            f"{counted(logged, 'claim')} of which the day is not known "
            f"{'counts' if logged == 1 else 'count'} from the day of logging."
        )
    if any(len(curve.days) > MOST_STEPS for curve in drawn):
        told.append("Days that share a pixel are drawn as one.")
    told.append(_scales(axis))
    return Words(
        title or _headline(every, drawn, asked, by),
        base,
        " ".join(filter(None, told)),
        _description(every, drawn, axis, asked, by, base),
    )


def _scales(axis: TimeAxis) -> str:
    """Say how the axis is made; nothing where it is even."""
    if len(axis.panels) == 1:
        return ""
    spans = []
    for panel in axis.panels:
        # The day with which a panel ends begins the next one; with the last the axis ends.
        first, last = panel.start - 1, panel.stop - (1 if panel is axis.panels[-1] else 2)
        days = number(first) if first == last else f"{number(first)} to {number(last)}"
        spans.append(days + ("" if panel.busy else " (nothing settled)"))
    return f"Days run at {len(spans)} scales, changing at the gaps: {'; '.join(spans)}."


def _many(every: _Curve, by_then: int) -> str:
    """Say how many claims were settled by the day on which half of them, or more, were."""
    if every.is_over:
        return all_of(every.claims, "claim").capitalize()
    share = percent(1 - every.still_open[every.days.index(by_then)])
    if share == percent(1):
        return "Nearly all claims"
    return f"{'Half' if share == percent(0.5) else share} of the claims"


def _headline(every: _Curve, drawn: Sequence[_Curve], asked: _Asked, by: str) -> str:
    """Say how long it took until half were settled, or which share by then."""
    last, median = every.days[-1], every.median
    if every.claims == 1:
        if every.done:
            when = f"{_long(last)} after it was made" if last else "on the day it was made"
            return f"The only claim was {asked.done} {when}"
        return f"The only claim is not {asked.done} yet" + (f" after {_long(last)}" if last else "")
    if not every.done:
        return f"{none_of(every.claims, 'claim').capitalize()} is {asked.done} yet"
    if median is None:
        # Those that got there may be elsewhere by now.
        told = f"Fewer than half of the claims were {asked.done} within {_long(last)} of being made"
    else:
        when = f"within {_long(median)} of being made" if median else "on the day they were made"
        told = f"{_many(every, median)} were {asked.done} {when}"
    if not by or len(drawn) < 2:
        return told
    medians = [curve.median for curve in drawn]
    known = [median for median in medians if median is not None]
    if len(known) < len(medians):
        few = len(medians) - len(known)
        return told if median is None else (
            f"{told}, but in {number(few)} of {number(len(medians))} {GROUPS[by]} fewer than half so far"
        )  # fmt: skip
    if min(known) == max(known):
        return told
    least = number(min(known)) if max(known) <= 2 * YEAR else _long(min(known))
    return f"{told}; by {by} half took from {least} to {_long(max(known))}"


def _description(
    every: _Curve, drawn: Sequence[_Curve], axis: TimeAxis, asked: _Asked, by: str, base: str
) -> str:
    """Tell in words how the share fell; of many groups the first."""
    days = [tick.day for tick in _ticks(axis, axis.panels[-1].stop - 1, every)]
    told = [f"{base}."]
    for curve in drawn[:MOST_TOLD]:
        known = [day for day in days if day <= curve.days[-1]]
        known += [curve.days[-1]] if curve.days[-1] not in known else []
        if by:
            known = known[-1:]
        shares = "; ".join(f"after {_long(day)} {curve.on(day)}" for day in known)
        name = f"{curve.name}: " if by else ""
        still = curve.claims - curve.done
        count = (
            f"{counted(curve.claims, 'claim')}, {number(curve.done)} {asked.done}, {number(still)} not yet"
        )
        told.append(f"{name}{count}; {asked.within(curve)}; still open {shares}.")
    if len(drawn) > MOST_TOLD:
        told.append(f"And {counted(len(drawn) - MOST_TOLD, 'more group')}.")
    return " ".join(told)
