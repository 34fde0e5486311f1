"""The days of a chart: an even axis, or one on which up to two idle spans are drawn narrow.

An even axis is Vega's own. One with gaps is a plain linear axis from 0 to 1, fed by an expression over the date: it
holds in layers, beside other charts, in facets, under a zoom and at any width, where a range in pixels does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import altair as alt
import numpy as np
import pandas as pd

from factdesk.charts.colours import Theme
from factdesk.errors import InvalidValue
from factdesk.formats import counted, month, month_and_year, spoken_days
from factdesk.schema import DAY as WRITTEN
from factdesk.schema import parse_day

if TYPE_CHECKING:
    import numpy.typing as npt

AnyChart = TypeVar("AnyChart", alt.Chart, alt.LayerChart)
Span = Sequence[object]
Unit = Literal["day", "week", "month", "year"]

DAY = pd.Timedelta(days=1)
GAP = 0.11
"""The share of the axis that an idle span is drawn in."""
LEAST_IDLE, LEAST_GAIN, LEAST_AT_END = 0.6, 3.0, 3.5
"""By itself an axis has gaps where so much of it is idle, and the rest is then shown at so many times its width; more
where the one gap is at the end: that a tracker goes quiet is its story."""
BEFORE_GAP = 0.06
"""So near to a gap no day is named: with the length of the gap it would read as one."""
LAST = 0.02
"""So much of the axis lies after the last day, so that what holds on it has a width."""
UNITS: tuple[tuple[int, Unit, int], ...] = (
    (16, "day", 1),
    (75, "week", 1),
    (450, "month", 1),
    (1_300, "month", 3),
    (4_400, "year", 1),
    (9_000, "year", 2),
)
"""Up to how many days an axis has a tick each so often."""


@dataclass(frozen=True)
class Days:
    """A time axis: from which day to which, and which spans between them are drawn narrow."""

    first: pd.Timestamp
    last: pd.Timestamp
    as_of: pd.Timestamp
    gaps: tuple[tuple[pd.Timestamp, pd.Timestamp], ...] = ()

    def on(
        self, chart: AnyChart, start: str = "date", end: str | None = None, axis: alt.Axis | None = None
    ) -> AnyChart:
        """Put the marks of a layer where their days lie.

        Parameters
        ----------
        chart : altair.Chart
            A layer of one's own.
        start, end : str
            The columns that hold the day of a mark and, of one with an extent, the day at its end.
        axis : altair.Axis, optional
            How the axis is drawn, in the one layer that draws it.

        Returns
        -------
        altair.Chart
            The layer with its place on the x axis.

        Examples
        --------
        >>> import altair as alt, factdesk as fd, pandas as pd
        >>> from factdesk.charts.status_over_time import status_over_time
        >>> chart = status_over_time(fd.open("claims.csv"))
        >>> summit = pd.DataFrame({"date": pd.to_datetime(["2025-08-15"])})
        >>> both = chart + fd.charts.days(chart).on(alt.Chart(summit).mark_rule(), "date")
        """
        drawn: dict[str, Any] = {} if axis is None else {"axis": axis}
        if self.gaps:
            shares = {f"{field}_at": self._share_of(field) for field in (start, end) if field}
            chart, place = chart.transform_calculate(**shares), "_at:Q"
            scale = alt.Scale(domain=[0, 1], nice=False, zero=False)
        else:
            place = ":T"
            low, high = (
                alt.DateTime(year=one.year, month=one.month, date=one.day) for one in (self.first, self.last)
            )
            scale = alt.Scale(domainMin=low, domainMax=high, nice=False)
        chart = chart.encode(x=alt.X(f"{start}{place}", scale=scale, title=None, **drawn))
        return chart.encode(x2=alt.X2(f"{end}{place}")) if end else chart

    def axis(self, **given: Any) -> alt.Axis:
        """Describe the axis: a label for each day, month or year that has room, always with the first year."""
        return self._gapped(**given) if self.gaps else self._even(**given)

    def shares(self, days: Iterable[object]) -> npt.NDArray[np.float64]:
        """Return where days lie on the axis, from 0 to 1."""
        knots, shares = zip(*self.knots(), strict=True)
        at = pd.to_datetime(pd.Series(list(days))).astype("datetime64[s]").astype("int64")
        return np.interp(at, [knot.timestamp() for knot in knots], shares)

    def blanks(self, theme: Theme) -> list[alt.Chart]:
        """Leave bare ground at both ends of each gap."""
        edges = [day for gap in self.gaps for day in gap if day < self.last]
        if not edges:
            return []
        rule = alt.Chart(alt.InlineData([{"edge": round(float(at), 5)} for at in self.shares(edges)]))
        rule = rule.mark_rule(stroke=theme.ground, strokeWidth=7)
        return [rule.encode(x=alt.X("edge:Q", title=None), y=alt.YValue(-1), y2=alt.Y2Value("height"))]

    @property
    def note(self) -> str:
        """Which days are drawn narrow, in words; empty where none are."""
        spans = [spoken_days(a.date(), min(b - DAY, self.as_of).date()) for a, b in self.gaps]
        return f"Drawn narrow, as little or nothing changed: {' and '.join(spans)}." if spans else ""

    @property
    def spoken(self) -> str:
        """From which day to which, in words."""
        return spoken_days(self.first.date(), self.as_of.date())

    @property
    def record(self) -> dict[str, object]:
        """The axis as a chart notes it."""
        days = {"first": self.first, "last": self.last, "as_of": self.as_of}
        gaps = [[str(a.date()), str(b.date())] for a, b in self.gaps]
        return {name: str(day.date()) for name, day in days.items()} | {"gaps": gaps}

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Days:
        """Read an axis as a chart notes it."""
        first, last, as_of = (pd.Timestamp(record[name]) for name in ("first", "last", "as_of"))
        gaps = tuple((pd.Timestamp(a), pd.Timestamp(b)) for a, b in record["gaps"])
        return cls(first, last, as_of, gaps)

    def _stretches(self) -> list[tuple[pd.Timestamp, pd.Timestamp, bool]]:
        """Return the spans of the axis in order, each with whether it is a gap."""
        knots = [self.first, *(day for gap in self.gaps for day in gap), self.last]
        return [(a, b, (a, b) in self.gaps) for a, b in pairwise(knots) if b > a]

    def knots(self) -> list[tuple[pd.Timestamp, float]]:
        """Return the days between which the axis is even, each with where it lies; all open spans share one scale."""
        stretches = self._stretches()
        open_days = sum(((b - a) for a, b, is_gap in stretches if not is_gap), 0 * DAY)
        knots, at = [(self.first, 0.0)], 0.0
        for a, b, is_gap in stretches:
            at += GAP if is_gap else (1 - GAP * len(self.gaps)) * ((b - a) / open_days)
            knots.append((b, at))
        return knots

    def _share_of(self, field: str) -> str:
        """Write, as an expression of Vega's, where the day in a field lies on the axis."""
        day, parts = f"+toDate(datum[{json.dumps(field)}])", ""
        for (a, low), (b, high) in pairwise(self.knots()):
            along = f"({day} - {moment(a)}) / ({moment(b)} - {moment(a)})"
            parts += f"{day} <= {moment(b)} ? {low:.5f} + {high - low:.5f} * {along} : "
        return f"isValid(datum[{json.dumps(field)}]) ? ({parts}1) : null"

    def _even(self, **given: Any) -> alt.Axis:
        unit, step = _unit((self.last - self.first).days)
        value, thin = "datum.value", "width && width < 340"
        top, under, is_new, is_spare = {
            "day": ("%-d", "%b %Y", f"date({value}) == 1", "datum.index % 2"),
            "week": ("%-d", "%b %Y", f"date({value}) <= 7", "datum.index % 2 && datum.index > 1"),
            "month": (
                "%b",
                "%Y",
                f"month({value}) == 0",
                f"month({value}) % {'6' if step > 1 else '3'} && datum.index",
            ),
            "year": ("%Y", "", "false", f"year({value}) % {2 * step}"),
        }[unit]
        words = f"timeFormat({value}, '{top}')"
        if under:
            words = f"[{words}, datum.index == 0 || {is_new} ? timeFormat({value}, '{under}') : '']"
        return alt.Axis(
            **{
                "title": None, "grid": False, "labelOverlap": "greedy", "labelSeparation": 4,
                "labelExpr": f"{thin} && ({is_spare}) ? '' : {words}",
                "labelPadding": 20 if given.get("orient") == "top" and under else 5,
                "tickCount": alt.TimeIntervalStep(interval=unit, step=step),
            }
            | given
        )  # fmt: skip

    def _gapped(self, **given: Any) -> alt.Axis:
        words: dict[int, str] = {}  # by places in ten thousandths of the axis
        open_days = sum((b - a).days for a, b, is_gap in self._stretches() if not is_gap)
        for a, b, is_gap in self._stretches():
            low, high = self.shares([a, b])
            if (
                is_gap
            ):  # at the end of the axis its words end there too: Vega leaves no room for what goes past it
                sign, at = ("+", 2 * high) if b == self.last else ("-", low + high)
                words[round(5_000 * float(at))] = sign + _length((b - a).days)
                continue
            for day, label in _labels(a, b, open_days):
                at = float(low + (high - low) * ((day - a) / (b - a)))
                if day == a or b == self.last or high - at > BEFORE_GAP:
                    words[round(10_000 * at)] = label
        found = f"{json.dumps(words, ensure_ascii=False)}[round(10000 * datum.value)]"
        is_top = given.get("orient") == "top"  # there, several lines grow down into the plot
        align = {"-": "center", "+": "right"}
        tests = [{"test": f"{found}[0] == '{sign}'", "value": value} for sign, value in align.items()]
        return alt.Axis(
            **{
                "title": None, "grid": False, "ticks": False, "domain": not is_top, "values": [at / 10_000 for at in words],
                "labelOverlap": "greedy", "labelSeparation": 2, "labelFlush": False, "labelPadding": 20 if is_top else 5,
                "labelAlign": {"condition": tests, "value": "left"},
                "labelExpr": f"indexof('-+', {found}[0]) >= 0 ? (width && width < 450 ? '' : slice({found}, 1)) : split({found}, '|')",
            }
            | given
        )  # fmt: skip


def time_axis(
    days: Iterable[Any],
    as_of: pd.Timestamp,
    *,
    gaps: bool | str = "auto",
    span: Span | None = None,
    covered: str = "that the ledger covers",
) -> Days | None:
    """Find the axis for the days on which something happens.

    Parameters
    ----------
    days : iterable
        The days on which something happens, in any order; none after the last is shown.
    as_of : pandas.Timestamp
        The last day.
    gaps : {"auto", True, False}
        Whether idle spans, two at most, are drawn narrow: by itself where at least 60 % of the days are idle and
        the rest is then shown at three times its width or more.
    span : sequence of two days, optional
        The first and the last day shown, on an even axis.
    covered : str
        Which days may be asked for, in the words of an error.

    Returns
    -------
    Days or None
        None where nothing happens.

    Raises
    ------
    InvalidValue
        Where `span` is no two days in order, or nothing is known of any of them.
    """
    busy = sorted({pd.Timestamp(day) for day in days if pd.notna(day) and pd.Timestamp(day) <= as_of})
    if span is not None:
        first, last = _asked(span)
        if pd.isna(as_of) or not busy:
            return None
        if first > as_of or last < busy[0]:
            raise InvalidValue("span", span, f"days {covered}, {busy[0].date()} to {as_of.date()}")
        until = min(last, as_of)
        return Days(first, until + _after(first, until), until)
    if not busy:
        return None
    last = as_of + _after(busy[0], as_of)
    return Days(busy[0], last, as_of, _gaps(busy, last, gaps))


def _after(first: pd.Timestamp, last: pd.Timestamp) -> pd.Timedelta:
    return max(DAY, ((last - first) * LAST).round("D"))


def _gaps(
    busy: list[pd.Timestamp], last: pd.Timestamp, asked: bool | str
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], ...]:
    whole = last - busy[0]
    idle = sorted(((b - a, a, b) for a, b in pairwise([*busy, last])), reverse=True)[:2]
    if not asked or not idle or whole < 4 * DAY:
        return ()
    lengths = [sum((one[0] for one in idle[:count]), 0 * DAY) for count in range(len(idle) + 1)]

    def gain(count: int) -> float:
        return float((1 - count * GAP) / max(1 - lengths[count] / whole, 0.02))

    count = 2 if len(idle) > 1 and gain(2) > 2 * gain(1) else 1
    rest = whole - lengths[count]
    least = LEAST_AT_END if count == 1 and idle[0][2] == last else LEAST_GAIN
    if asked == "auto" and (lengths[count] < LEAST_IDLE * whole or gain(count) < least or rest < 4 * DAY):
        return ()
    pad = max(DAY, (rest * 0.06).round("D"))
    found = []
    for _, a, b in sorted(idle[:count], key=lambda one: one[1]):
        end = last if last - b < 2 * pad else b - pad  # no span of its own for a last day alone
        if end - (a + pad) > 2 * pad:
            found.append((a + pad, end))
    return tuple(found)


def _asked(span: Span) -> tuple[pd.Timestamp, pd.Timestamp]:
    allowed = "two days in order, as ('2025-03-01', '2025-03-31')"
    try:
        first, last = (pd.Timestamp(parse_day(day)) for day in span)
    except (TypeError, ValueError):
        written = (
            [day for day in map(str, span) if WRITTEN.fullmatch(day)]
            if isinstance(span, tuple | list)
            else []
        )
        missing = [day for day in written if pd.isna(pd.to_datetime(day, errors="coerce"))]
        allowed += f"; the calendar has no {missing[0]}" if missing else ""
        raise InvalidValue("span", span, allowed) from None
    if first > last:
        raise InvalidValue("span", span, allowed)
    return first, last


def _unit(days: int) -> tuple[Unit, int]:
    longer: tuple[Unit, int] = ("year", max(round(days / 4_400), 5))
    return next(((unit, step) for most, unit, step in UNITS if days <= most), longer)


def _labels(first: pd.Timestamp, last: pd.Timestamp, open_days: int) -> Iterable[tuple[pd.Timestamp, str]]:
    """Label the days of an open span: the first one with its year, and each new month or year."""
    unit, step = _unit(open_days)
    for day in pd.date_range(first, last - DAY):
        is_new = day == first or day.day == 1
        if unit in ("day", "week"):
            if is_new or unit == "day" or (day.day % 5 == 0 and day.day < 30 and (day - first).days > 2):
                under = (month_and_year if day == first else month)(day.date(), short=True)
                yield day, f"{day.day}" + (f"|{under}" if is_new else "")
        elif is_new and (day == first or (day.month - 1) % (step if unit == "month" else 12) == 0):
            if day == first or unit == "month":
                shows_year = day == first or day.month == 1
                yield day, month(day.date(), short=True) + (f"|{day.year}" if shows_year else "")
            else:
                yield day, str(day.year)


def _length(days: int) -> str:
    months = round(days / 30.4)
    return counted(months, "month") if months > 2 else counted(days, "day")


def moment(day: pd.Timestamp) -> str:
    """Write the moment at which a day begins as an expression of Vega's."""
    return f"+datetime({day.year},{day.month - 1},{day.day})"


def days(chart: alt.TopLevelMixin) -> Days:
    """Return the time axis of a chart, to lay marks of one's own over it.

    Parameters
    ----------
    chart : altair chart
        One of ours that is drawn over time, or such a one with further layers.

    Returns
    -------
    Days
        Its `on(layer, field)` puts a layer's marks where the days in a column lie, with gaps or without.

    Raises
    ------
    InvalidValue
        Where the chart is none of ours, or not drawn over time.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.status_over_time import status_over_time
    >>> fd.charts.days(status_over_time(fd.open("claims.csv"), gaps=False)).gaps
    ()
    """
    meta = getattr(chart, "usermeta", None)
    record = meta.get("factdesk", {}).get("time") if isinstance(meta, dict) else None
    if not record:
        raise InvalidValue("chart", type(chart), "a chart of fd.charts that is drawn over time")
    return Days.read(record)
