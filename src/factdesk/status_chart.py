"""The chart of how many claims have each status through time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from factdesk import events as events_
from factdesk import recipe, sheet
from factdesk.errors import InvalidValue, nearest
from factdesk.language import counted as many_of
from factdesk.language import number, spoken_day, spoken_days
from factdesk.language import share as percent
from factdesk.schema import PERIODS, Status
from factdesk.sheet import MARGIN, TEXT_SIZE, Frame, Theme, Words, x_of
from factdesk.timeaxis import DAYS_IN, TimeAxis, Window, milliseconds, period_start, time_axis, window
from factdesk.typeset import lines, text_width

if TYPE_CHECKING:
    from factdesk.ledger import Ledger

Day = str | date | pd.Timestamp
Floats = npt.NDArray[np.float64]

MARKS, MOST_MARKS = 2_000, 10_000
"""Areas or bars drawn before a longer period is chosen, and where the period was asked for."""

COLUMNS = ("from", "until", "status", "claims", "share")
HEIGHT = 250
"""Pixels of the drawing, where neither height nor size says otherwise."""


@recipe.noted
def status_over_time(
    ledger: Ledger,
    every: str | None = None,
    *,
    share: bool = False,
    span: tuple[Day, Day] | None = None,
    even: bool = False,
    events: events_.Given = None,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    height: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw how many claims have each status through time, stacked in the order of the vocabulary.

    Days are drawn as steps: a status holds until the next. Where that would take too many marks, and for every
    longer period, there is a bar for each period, which shows its last day.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    every : {"day", "week", "month", "quarter", "year"}, optional
        The shortest that can be drawn legibly, where none is given.
    share : bool
        Draw shares of the claims known on each day in place of counts.
    span : tuple of two days, optional
        The first and the last day shown, on an even axis. Otherwise all days are shown, and spans in which
        much or nothing happens get a scale of their own.
    even : bool
        One scale for all days, whatever happens when.
    events : pandas.DataFrame, optional
        What happened in the world, such as a summit: columns `day` and `event`, at most 40 rows.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    height : int, optional
        Pixels of the drawing's height; otherwise 250, or what the size leaves.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise the two most frequent statuses, in words.

    Returns
    -------
    altair.LayerChart
        Further layers can be added with `+=`; their days lie where ours do.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.status_over_time(fd.open("claims.csv"), share=True)
    >>> type(chart).__name__
    'LayerChart'
    """
    look = sheet.look_of(theme, size, width, ledger.settings.vocabulary)
    if every is not None and every not in PERIODS:
        near = "".join(f"; nearest: {word!r}" for word in nearest(every, PERIODS, n=1))
        raise InvalidValue("every", every, ", ".join(PERIODS) + near)
    happened = events_.taken(events)
    spells = ledger.intervals()
    days = window((start.date() for start in spells["start"].unique()), sheet.as_of(ledger), span)
    if days is None or not (spells["start"] <= pd.Timestamp(days.last)).any():
        return sheet.empty(ledger, look, title, days, height or HEIGHT)

    period = _period(spells, days, every)
    counted = _counted(ledger, spells, days, period)
    shown = [status for status in ledger.settings.vocabulary if counted[status.name].any()]
    counted = counted[[status.name for status in shown]]
    total = int(counted.iloc[-1].sum())
    top = 1.0 if share else float(counted.sum(axis=1).max())
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0] if share else _round_numbers(top)
    frame = Frame(
        look.width,
        left=MARGIN + 8 + max(text_width(_tick(tick, share), 11) for tick in ticks),
        right=46 + _label_width(shown, counted, share) + MARGIN,
        height=0,
        below=32,
    )
    axis = time_axis(
        _change_days(spells, days), days.last, frame.inner, even=even or days.asked, start=days.first,
        every=period,
    )  # fmt: skip
    noted = events_.noted(happened, axis, days, frame.right - MARGIN)
    frame = replace(frame, above=noted.above)
    what = "Share of claims in each status" if share else "Claims in each status"
    when = "by day" if period == "day" else f"at the end of each {period}"
    holds = (
        "A status holds until the next one." if period == "day" else f"A bar is the last day of a {period}."
    )
    said = Words(
        title or _headline(counted.iloc[-1], shown, days.last == sheet.as_of(ledger)),
        f"{what}, {when}, {days.told()}; {_claims(total)}",
        " ".join(filter(None, (holds, noted.told(), axis.told()))),
        _description(counted, shown, f"{what}, {when}, {days.told()}.", days),
    )
    open_height = (
        height or sheet.height_left(said, ledger, look, above=frame.above, below=frame.below) or HEIGHT
    )
    frame = replace(frame, height=max(open_height, 18 * len(shown)))
    scale = alt.Scale(domain=[0, top], nice=False, zero=True)
    y = alt.Y("low:Q", scale=scale, axis=None)
    tick_words: list[dict[str, sheet.Cell]] = [{"low": tick, "text": _tick(tick, share)} for tick in ticks]
    picks = sheet.picked("status")
    level = alt.Chart(sheet.data(tick_words)).mark_rule(color=look.line, aria=False)
    layers = [
        level.encode(x=sheet.from_left(0), x2=alt.value("width"), y=y),
        *_areas(counted, shown, period, share, axis, look, y, picks),
        *sheet.words(tick_words, sheet.from_left(-6), y, look.muted, size=11, align="right"),
        *sheet.gaps(axis, look, frame.height),
        *sheet.time_labels(axis, look, frame.height),
        *noted.layers(axis, look, frame.height),
        *_direct_labels(counted, shown, share, look, frame.height, top, picks),
    ]
    return sheet.composed(layers, said, ledger, look, frame, COLUMNS)


def _period(spells: pd.DataFrame, days: Window, every: str | None) -> str:
    """Give the period asked for, else the shortest that is drawn with few enough marks."""
    statuses = max(1, spells["status"].nunique())
    length = (days.last - days.first).days
    marks = {period: int(length / DAYS_IN[period] + 2) * statuses for period in PERIODS}
    marks["day"] = len(_change_days(spells, days)) * statuses
    if every is None:
        return next((period for period in PERIODS if marks[period] <= MARKS), "year")
    if marks[every] > MOST_MARKS:
        allowed = ", ".join(period for period in PERIODS if marks[period] <= MOST_MARKS) or "a shorter span"
        raise InvalidValue("every", every, f"{allowed}; it would take {marks[every]:,} marks")
    return every


def _counted(ledger: Ledger, spells: pd.DataFrame, days: Window, period: str) -> pd.DataFrame:
    """Give the claims in each status (columns) from each day of change, or on each period's last day (rows)."""
    if period == "day":
        return _counts_on(spells, _change_days(spells, days))
    counts = ledger.counts(period).pivot(index="date", columns="status", values="claims")
    starts = [period_start(day.date().toordinal(), period) for day in counts.index]
    overlaps = [
        start <= days.last.toordinal() and day.date() >= days.first
        for start, day in zip(starts, counts.index, strict=True)
    ]
    counts = counts[overlaps]
    # A span may end within a period: its last bar then shows the span's last day.
    if counts.index[-1].date() > days.last:
        counts = pd.concat([counts.iloc[:-1], _counts_on(spells, [days.last])])
    return counts


def _change_days(spells: pd.DataFrame, days: Window) -> list[date]:
    """Give the days in the window on which a claim gets another status, and its first."""
    moments = pd.concat([spells["start"], spells["end"].dropna()]).unique()
    changes = {moment.date() for moment in moments}
    return sorted({day for day in changes if days.first <= day <= days.last} | {days.first})


def _counts_on(spells: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Count the claims in each status on each of some days: those begun by then, less those over by then."""
    index = pd.DatetimeIndex(pd.Series(days, dtype="datetime64[us]"))
    counted = {
        status: np.searchsorted(np.sort(rows["start"].to_numpy()), index, side="right")
        - np.searchsorted(np.sort(rows["end"].dropna().to_numpy()), index, side="right")
        for status, rows in spells.groupby("status", observed=False)
    }
    return pd.DataFrame(counted, index=index)


def _levels(counted: pd.DataFrame, share: bool) -> tuple[Floats, Floats]:
    """Give the lower and upper edges of the stack, by day and status."""
    values = counted.to_numpy(dtype=float)
    if share:
        values = values / np.maximum(values.sum(axis=1, keepdims=True), 1)
    high = values.cumsum(axis=1)
    return np.round(high - values, 6), np.round(high, 6)


def _areas(
    counted: pd.DataFrame,
    shown: Sequence[Status],
    period: str,
    share: bool,
    axis: TimeAxis,
    look: Theme,
    y: alt.Y,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Draw the stack: stepped areas with an unseen mark for each step to point at, or bars."""
    colour = sheet.status_colours(shown, look)
    rows = alt.Chart(sheet.data(list(_rows(counted, shown, period, share, axis))))
    pointed = rows.mark_rect(stroke=look.edge).encode(
        x=x_of(axis), x2="to:T", y=y, y2="high:Q", color=colour,
        opacity=alt.value(0) if period == "day" else sheet.where_picked(picks),
        strokeWidth=alt.StrokeWidth("edge:Q", scale=None),
        tooltip=[alt.Tooltip("when:N", title="When"), alt.Tooltip("held:N", title="Claims")],
    )  # fmt: skip
    pointed = sheet.told(pointed, "when", "held")
    if period != "day":
        return [pointed]
    area = alt.Chart(sheet.data(list(_corners(counted, shown, share, axis)))).mark_area(
        interpolate="step-after", stroke=look.edge, strokeWidth=0.7, aria=False
    )
    area = area.encode(x=x_of(axis), y=y, y2="high:Q", color=colour, opacity=sheet.where_picked(picks))
    return [area, pointed]


def _rows(
    counted: pd.DataFrame, shown: Sequence[Status], period: str, share: bool, axis: TimeAxis
) -> Iterator[dict[str, sheet.Cell]]:
    """Give a row for each area that a reader can point at."""
    low, high = _levels(counted, share)
    values, totals = counted.to_numpy(), counted.sum(axis=1).to_numpy()
    days = [day.date() for day in counted.index]
    day_after = [day + timedelta(days=1) for day in days]
    if period == "day":
        spans = list(zip(days, [*days[1:], axis.last + timedelta(days=1)], strict=True))
    else:
        spans = list(zip([axis.first, *day_after[:-1]], day_after, strict=True))
    for n, (first, stop) in enumerate(spans):
        start, end, edge = axis.begin(first), milliseconds(stop.toordinal()), 0.6
        last = stop - timedelta(days=1)
        when = spoken_days(first, last)
        if period != "day":
            when = f"{spoken_day(last)}, the end of a {period}"
            # Bars stand apart where they are wide enough for it. Thin ones have no edges, and go half a pixel
            # under the next one: else the ground shines through between them.
            pixels = axis.scale_on(first) * (stop - first).days
            is_wide = pixels >= 6
            inset = round((end - start) * (1.5 if is_wide else -0.5) / pixels)
            start, end = start + max(inset, 0), end - (inset if is_wide or n + 1 < len(spans) else 0)
            edge = 0.6 if is_wide else 0
        for k, status in enumerate(shown):
            count, part = int(values[n, k]), float(values[n, k] / max(totals[n], 1))
            held = f"{number(count)} of {_claims(int(totals[n]))} {status.label} ({percent(part)})"
            yield {
                "at": start, "to": end, "low": float(low[n, k]), "high": float(high[n, k]), "status": status.name,
                "from": first.isoformat(), "until": last.isoformat(), "claims": count, "share": round(part, 4),
                "when": when, "held": held, "edge": edge,
            }  # fmt: skip


def _corners(
    counted: pd.DataFrame, shown: Sequence[Status], share: bool, axis: TimeAxis
) -> Iterator[dict[str, sheet.Cell]]:
    """Give the corners of the stepped areas: each day of change, and the end."""
    low, high = _levels(counted, share)
    moments = [axis.begin(day.date()) for day in counted.index]
    moments.append(milliseconds(axis.last.toordinal() + 1))
    for k, status in enumerate(shown):
        for n, moment in enumerate(moments):
            row = min(n, len(low) - 1)
            yield {
                "at": moment,
                "low": float(low[row, k]),
                "high": float(high[row, k]),
                "status": status.name,
            }


def _numbers(last: pd.Series, share: bool) -> list[str]:
    total = max(int(last.sum()), 1)
    return [percent(value / total) if share else number(value) for value in last]


def _tick(value: float, share: bool) -> str:
    return percent(value) if share else number(value)


def _label_width(shown: Sequence[Status], counted: pd.DataFrame, share: bool) -> float:
    numbers = _numbers(counted.iloc[-1], share)
    widest = max(text_width(number, TEXT_SIZE, bold=True) for number in numbers)
    return widest + 5 + min(max(text_width(status.label, TEXT_SIZE) for status in shown), LABEL_WIDTH)


LABEL_WIDTH = 150


def _direct_labels(
    counted: pd.DataFrame,
    shown: Sequence[Status],
    share: bool,
    look: Theme,
    height: float,
    top: float,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Set each status's number and word beside its area on the last day, apart from one another."""
    low, high = _levels(counted.iloc[[-1]], share)
    middle = height * (1 - (low[0] + high[0]) / 2 / top)
    places = sheet.apart(list(middle[::-1]), 17, 5, height - 5)[::-1]
    numbers = _numbers(counted.iloc[-1], share)
    widest = max(text_width(number, TEXT_SIZE, bold=True) for number in numbers)
    labels = [lines(status.label, LABEL_WIDTH + 1, TEXT_SIZE, most=1)[0] for status in shown]
    leaders = [{"y": float(at), "y2": place} for at, place in zip(middle, places, strict=True)]
    leader = alt.Chart(sheet.data(leaders)).mark_rule(color=look.muted, strokeWidth=0.75, aria=False)
    rows: list[dict[str, sheet.Cell]] = [
        {
            "y": place,
            "colour": look.colour(status),
            "sign": status.sign,
            "ink": look.ink,
            "status": status.name,
        }
        for status, place in zip(shown, places, strict=True)
    ]
    right = sheet.from_right
    return [
        leader.encode(x=right(1), x2=alt.value(alt.ExprRef("width+9")), y=sheet.AT_Y, y2="y2:Q"),
        *sheet.swatches(rows, right(16), sheet.AT_Y, look, picks),
        *sheet.signs(rows, right(32), sheet.AT_Y, size=10),
        *sheet.words(
            [{"y": place, "text": number} for place, number in zip(places, numbers, strict=True)],
            right(42 + widest), sheet.AT_Y, look.ink, align="right", bold=True,
        ),
        *sheet.words(
            [{"y": place, "text": label} for place, label in zip(places, labels, strict=True)],
            right(46 + widest), sheet.AT_Y, look.ink,
        ),
    ]  # fmt: skip


def _round_numbers(top: float) -> list[float]:
    """Give at most six whole numbers from 0 up to `top`, evenly apart and round."""
    steps = (base * 10**power for power in range(12) for base in (1, 2, 5))
    step = next(step for step in steps if top / step <= 5)
    return [float(number) for number in range(0, int(top) + 1, step)]


def _claims(count: int) -> str:
    return many_of(count, "claim")


def _headline(last: pd.Series, shown: Sequence[Status], is_now: bool) -> str:
    """Say the two most frequent statuses in a sentence."""
    total = int(last.sum())
    label = {status.name: status.label for status in shown}
    most = last[last > 0].sort_values(ascending=False, kind="stable")[:2]
    first, count = str(most.index[0]), int(most.iloc[0])
    verb = ("is" if is_now else "was") if count == 1 else ("are" if is_now else "were")
    if count == total:
        return f"{'The only claim' if total == 1 else f'All {_claims(total)}'} {verb} {label[first]}"
    second, next_count = str(most.index[1]), int(most.iloc[1])
    return f"{number(count)} of {_claims(total)} {verb} {label[first]}, {number(next_count)} {label[second]}"


def _description(counted: pd.DataFrame, shown: Sequence[Status], what: str, days: Window) -> str:
    """Say in words what the chart shows: its end, its beginning and the greatest change."""

    def on(row: int, day: date) -> str:
        values = [int(value) for value in counted.iloc[row]]
        parts = [
            f"{number(value)} {status.label}" for value, status in zip(values, shown, strict=True) if value
        ]
        return f"On {spoken_day(day)}: {_claims(sum(values))}" + (f", {', '.join(parts)}." if parts else ".")

    told = [what, on(-1, days.last)]
    if len(counted) > 1:
        told.append(on(0, counted.index[0].date()))
        changed = counted.diff().abs().sum(axis=1).to_numpy()
        greatest = int(changed[1:].argmax()) + 1
        if greatest < len(counted) - 1:
            told.append(f"The greatest change: {on(greatest, counted.index[greatest].date())}")
    return " ".join(told)
