"""The chart of how many claims have each status through time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk.charts import calls, canvas
from factdesk.charts import events as events_
from factdesk.charts.canvas import MARGIN, TEXT_SIZE, Frame, Theme, Words, x_of
from factdesk.charts.status_facets import BY, facets
from factdesk.charts.status_steps import (
    change_days,
    claims,
    corners,
    counted_by,
    counts_on,
    levels,
    period_of,
    steps,
)
from factdesk.charts.timeaxis import TimeAxis, Window, time_axis, window
from factdesk.charts.typeset import lines, text_width
from factdesk.errors import InvalidValue, nearest
from factdesk.formats import all_of, number, spoken_day
from factdesk.formats import share as percent
from factdesk.schema import PERIODS, Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

Day = str | date | pd.Timestamp

COLUMNS = ("from", "until", "status", "claims", "share")
HEIGHT, LEAST_HEIGHT = 250, 60
"""Pixels of the drawing, where neither height nor size says otherwise, and at least."""


@calls.records_its_call
def status_over_time(
    ledger: Ledger,
    every: str | None = None,
    *,
    by: str | None = None,
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
    by : {"claimant", "topic"}, optional
        A stack for each, that of most claims first, at most 12; a claim with several topics is in each of them.
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
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    if every is not None and every not in PERIODS:
        near = "".join(f"; nearest: {word!r}" for word in nearest(every, PERIODS, n=1))
        raise InvalidValue("every", every, ", ".join(PERIODS) + near)
    if by is not None and by not in [*BY]:
        near = "".join(f"; nearest: {word!r}" for word in nearest(str(by), [*BY], n=1))
        raise InvalidValue("by", by, ", ".join(map(repr, BY)) + near)
    if height is not None:
        height = canvas.pixels("height", height, LEAST_HEIGHT, canvas.MOST_WIDTH)
    happened = events_.taken(events)
    spells = ledger.intervals()
    days = window((start.date() for start in spells["start"].unique()), canvas.as_of(ledger), span)
    if days is None:
        return canvas.empty(ledger, look, title, height=height or HEIGHT)

    if by is not None:
        last = counts_on(spells, [days.last]).iloc[-1]
        return facets(
            ledger, by, days, every, share=share, even=even, happened=happened, look=look, height=height,
            title=title or _headline(last, ledger.settings.vocabulary, days.last == canvas.as_of(ledger)),
        )  # fmt: skip
    period = period_of([spells], days, every)
    counted = counted_by(ledger, spells, days, period)
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
        change_days(spells, days), days.last, frame.inner, even=even or days.asked, start=days.first,
        every=period, ends=True,
    )  # fmt: skip
    noted = events_.noted(happened, axis, days, frame.right - MARGIN)
    frame = replace(frame, above=noted.above)
    what = "Share of claims in each status" if share else "Claims in each status"
    when = "by day" if period == "day" else f"at the end of each {period}"
    holds = (
        "A status holds until the next one." if period == "day" else f"A bar is the last day of a {period}."
    )
    said = Words(
        title or _headline(counted.iloc[-1], shown, days.last == canvas.as_of(ledger)),
        f"{what}, {when}, {days.told()}; {claims(total)}",
        " ".join(filter(None, (holds, noted.told(), axis.told()))),
        _description(counted, shown, f"{what}, {when}, {days.told()}.", days),
    )
    open_height = (
        height or canvas.height_left(said, ledger, look, above=frame.above, below=frame.below) or HEIGHT
    )
    frame = replace(frame, height=max(open_height, 18 * len(shown)))
    scale = alt.Scale(domain=[0, top], nice=False, zero=True)
    y = alt.Y("low:Q", scale=scale, axis=None)
    tick_words: list[dict[str, canvas.Cell]] = [{"low": tick, "text": _tick(tick, share)} for tick in ticks]
    picks = canvas.picked("status")
    level = alt.Chart(canvas.data(tick_words)).mark_rule(color=look.line, aria=False)
    layers = [
        level.encode(x=canvas.from_left(0), x2=alt.value("width"), y=y),
        *_areas(counted, shown, period, share, axis, look, y, picks),
        *canvas.words(tick_words, canvas.from_left(-6), y, look.muted, size=11, align="right"),
        *canvas.gaps(axis, look, frame.height),
        *canvas.time_labels(axis, look, frame.height),
        *noted.layers(axis, look, frame.height),
        *_direct_labels(counted, shown, share, look, frame.height, top, picks),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


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
    colour = canvas.status_colours(shown, look)
    rows = alt.Chart(canvas.data(list(steps(counted, shown, period, share, axis))))
    pointed = rows.mark_rect(stroke=look.edge).encode(
        x=x_of(axis), x2=alt.X2("to:T"), y=y, y2=alt.Y2("high:Q"), color=colour,
        opacity=alt.value(0) if period == "day" else canvas.where_picked(picks),
        strokeWidth=alt.StrokeWidth("edge:Q", scale=None),
        tooltip=[alt.Tooltip("when:N", title="When"), alt.Tooltip("held:N", title="Claims")],
    )  # fmt: skip
    pointed = canvas.told(pointed, "when", "held")
    if period != "day":
        return [pointed]
    area = alt.Chart(canvas.data(list(corners(counted, shown, share, axis)))).mark_area(
        interpolate="step-after", stroke=look.edge, strokeWidth=0.7, aria=False
    )
    area = area.encode(
        x=x_of(axis), y=y, y2=alt.Y2("high:Q"), color=colour, opacity=canvas.where_picked(picks)
    )
    return [area, pointed]


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
    low, high = levels(counted.iloc[[-1]], share)
    middle = height * (1 - (low[0] + high[0]) / 2 / top)
    places = canvas.apart(list(middle[::-1]), 17, 5, height - 5)[::-1]
    numbers = _numbers(counted.iloc[-1], share)
    widest = max(text_width(number, TEXT_SIZE, bold=True) for number in numbers)
    labels = [lines(status.label, LABEL_WIDTH + 1, TEXT_SIZE, most=1)[0] for status in shown]
    leaders = [{"y": float(at), "y2": place} for at, place in zip(middle, places, strict=True)]
    leader = alt.Chart(canvas.data(leaders)).mark_rule(color=look.muted, strokeWidth=0.75, aria=False)
    rows: list[dict[str, canvas.Cell]] = [
        {
            "y": place,
            "colour": look.colour(status),
            "sign": status.sign,
            "ink": look.ink,
            "status": status.name,
        }
        for status, place in zip(shown, places, strict=True)
    ]
    right = canvas.from_right
    end = 50 + widest + max(text_width(label, TEXT_SIZE) for label in labels)
    return [
        leader.encode(x=right(1), x2=alt.value(alt.ExprRef("width+9")), y=canvas.AT_Y, y2=alt.Y2("y2:Q")),
        *canvas.swatches(rows, right(16), canvas.AT_Y, look, picks),
        *canvas.signs(rows, right(32), canvas.AT_Y, size=10),
        *canvas.words(
            [{"y": place, "text": number} for place, number in zip(places, numbers, strict=True)],
            right(42 + widest), canvas.AT_Y, look.ink, align="right", bold=True,
        ),
        *canvas.words(
            [{"y": place, "text": label} for place, label in zip(places, labels, strict=True)],
            right(46 + widest), canvas.AT_Y, look.ink,
        ),
        *canvas.column_targets(rows, picks, right(8), alt.X2Value(alt.ExprRef(f"width+{end:g}"))),
    ]  # fmt: skip


def _round_numbers(top: float) -> list[float]:
    """Give at most six whole numbers from 0 up to `top`, evenly apart and round."""
    steps = (base * 10**power for power in range(12) for base in (1, 2, 5))
    step = next(step for step in steps if top / step <= 5)
    return [float(number) for number in range(0, int(top) + 1, step)]


def _headline(last: pd.Series, shown: Sequence[Status], is_now: bool) -> str:
    """Say the two most frequent statuses in a sentence."""
    total = int(last.sum())
    label = {status.name: status.label for status in shown}
    most = last[last > 0].sort_values(ascending=False, kind="stable")[:2]
    first, count = str(most.index[0]), int(most.iloc[0])
    verb = ("is" if is_now else "was") if count == 1 else ("are" if is_now else "were")
    if count == total:
        return f"{all_of(total, 'claim').capitalize()} {verb} {label[first]}"
    second, next_count = str(most.index[1]), int(most.iloc[1])
    return f"{number(count)} of {claims(total)} {verb} {label[first]}, {number(next_count)} {label[second]}"


def _description(counted: pd.DataFrame, shown: Sequence[Status], what: str, days: Window) -> str:
    """Say in words what the chart shows: its end, its beginning and the greatest change."""

    def on(row: int, day: date) -> str:
        values = [int(value) for value in counted.iloc[row]]
        parts = [
            f"{number(value)} {status.label}" for value, status in zip(values, shown, strict=True) if value
        ]
        return f"On {spoken_day(day)}: {claims(sum(values))}" + (f", {', '.join(parts)}." if parts else ".")

    told = [what, on(-1, days.last)]
    if len(counted) > 1:
        told.append(on(0, counted.index[0].date()))
        changed = counted.diff().abs().sum(axis=1).to_numpy()
        greatest = int(changed[1:].argmax()) + 1
        if greatest < len(counted) - 1:
            told.append(f"The greatest change: {on(greatest, counted.index[greatest].date())}")
    return " ".join(told)
