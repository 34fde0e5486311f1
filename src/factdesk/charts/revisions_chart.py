"""The chart of what was held at a moment against what is held now of the same days: corrections made visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures, schema
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_X, AT_Y, MARGIN, TEXT_SIZE, Frame, Look, Words, x_of
from factdesk.charts.claim_rows import NOTE_SIZE, Day, Record, dates, rules
from factdesk.charts.revised_rows import (
    BAND,
    HAPPENED,
    SIDE_ROOM,
    SIDES,
    Revised,
    bands_of,
    laid_out,
    revised_of,
    words_of,
)
from factdesk.charts.timeaxis import TimeAxis, Window, milliseconds, time_axis, window
from factdesk.charts.typeset import lines, text_width
from factdesk.errors import InvalidValue
from factdesk.formats import all_of, counted, none_of, number, spoken_day, spoken_days
from factdesk.schema import PERIODS, Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("day", "status", "then", "now")
MARKS = 900
"""Steps drawn before they stand for longer than a day."""
MOST_CLAIMS, ROOMY_CLAIMS = 40, 12
"""Claims drawn where the height is open, and up to how many the reason stands with each."""
MOST_TOLD = 12
"""Claims that the text alternative tells one by one."""
STATUS, LEAST_STATUS, PAD = 38, 20, 8
"""Pixels of a status's row: on a page on average, at least, and of them air."""
CHIP = 31
"""Pixels from a status's colour to its word."""


@dataclass(frozen=True)
class _Step:
    """The counts of some days that are alike, or of a longer period's last day: by status, then and now."""

    day: date
    first: date
    last: date
    then: dict[str, int]
    now: dict[str, int]


@dataclass(frozen=True)
class _Row:
    """Where a status stands in the drawing, and how many pixels a claim takes up."""

    top: float
    base: float
    unit: float


@calls.records_its_call
def revisions(
    ledger: Ledger,
    then: str | date | datetime | None = None,
    *,
    span: tuple[Day, Day] | None = None,
    even: bool = False,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw what was held at a moment against what is held now of the same days: what was corrected since?

    A row for each status: a line for how many claims had it as was known then, over an area for how many had it as
    is known now. Beneath stand the claims that are held otherwise, each with the statuses that it had as was known
    then over those that it has now, one band where the two agree, and with what made the difference.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    then : str, datetime or date, optional
        The moment, with its time zone, or a day, which means its end in the ledger's time zone. Otherwise the day
        before the last one on which something was written: what did the last day of work change?
    span : tuple of two days, optional
        The first and the last day shown, on an even axis. Otherwise all days up to that moment are shown, and spans
        in which much or nothing happens get a scale of their own.
    even : bool
        One scale for all days, whatever happens when.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too, and so how many claims fit.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise of how many claims something else is held now.

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
    >>> chart = fd.charts.revisions(fd.open("claims.csv"))   # it was written down in one sitting
    >>> " ".join(chart.title.text)
    'None of 22 claims was recorded yet on 23 November 2026'
    """
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    moment = _moment(ledger, then)
    if moment is None:
        return canvas.empty(ledger, look, title)
    known = ledger.as_known(moment)
    counts = measures.revisions(ledger, moment)
    spells = [side.intervals() for side in (known, ledger)]
    starts = [day for side in spells for day in dates(side["start"].drop_duplicates()) if day]
    days = window(starts, canvas.as_of(ledger), span)
    if days is None:
        return canvas.empty(ledger, look, title)
    if then is not None and (counts.empty or moment.date() > max(days.last, date.today())):
        allowed = f"a day from {min(starts)} on, since when a claim has a status, that is not still to come"
        raise InvalidValue("then", then, allowed)
    if counts.empty:
        return canvas.empty(ledger, look, title, _nothing_held(ledger, moment, starts))
    until = counts["day"].max().date()
    days = replace(days, last=min(days.last, until))
    if days.first > days.last:
        raise InvalidValue("span", span, f"days up to the moment compared, {min(starts)} to {until}")
    held = {str(one) for side in spells for one in side["claim_id"][side["start"] <= pd.Timestamp(days.last)]}
    steps, period = _steps(ledger, moment, days, counts)
    shown = [
        status
        for status in ledger.settings.vocabulary
        if any(step.then[status.name] or step.now[status.name] for step in steps)
    ]
    differs = measures.revised(ledger, moment)
    inside = (differs["start"] <= pd.Timestamp(days.last)) & (differs["end"] > pd.Timestamp(days.first))
    found = _Found(moment, days, period, len(held), len(known.claims) == 0, differs[inside])
    axis_days = [day for day in starts if days.first <= day <= days.last]
    most = MOST_CLAIMS if look.height is None else int(look.height / (2 * BAND))
    if found.is_new:  # to name them all would say no more
        most = 0
    revised = revised_of(known, ledger, found.differs, most)
    fewer = range(len(revised), -1, -1) if look.height else [len(revised)]
    sheets = (
        _drawn(
            ledger, revised[:many], steps, shown, found, axis_days, even=even or days.asked, look=look,
            title=title,
        )
        for many in fewer
    )  # fmt: skip
    return next(chart for chart in sheets if chart is not None)


@dataclass(frozen=True)
class _Found:
    """What is compared: the moment, the days, how long a step is, claims held on them, and all runs that differ."""

    moment: datetime
    days: Window
    period: str
    claims: int
    is_new: bool
    """Whether nothing was recorded then."""
    differs: pd.DataFrame

    @property
    def when(self) -> str:
        """Say which moment it is; the end of a day is called by the day."""
        is_end = (self.moment + timedelta(microseconds=1)).date() != self.moment.date()
        return spoken_day(self.moment.date()) + ("" if is_end else f", {self.moment:%H:%M}")

    @property
    def many(self) -> int:
        """Count the claims that are held otherwise."""
        return int(self.differs["claim_id"].nunique())


def _nothing_held(ledger: Ledger, moment: datetime, starts: Sequence[date]) -> canvas.Lacks:
    """Say that the moment lies before all that the ledger holds now of any day."""
    many = len(ledger.claims)
    claims = "The only claim" if many == 1 else f"The first of {number(many)} claims"
    return (
        f"Nothing is held of days up to {spoken_day(moment.date())}",
        f"{claims} has a status since {spoken_day(min(starts))}.",
    )


def _moment(ledger: Ledger, then: str | date | datetime | None) -> datetime | None:
    """Give the moment asked for in the ledger's time zone, else the end of the day before the last day of writing."""
    zone = ledger.settings.zone
    if then is not None:
        ledger.as_known(then)  # refuses what is no moment
        return schema.parse_moment(then, zone).astimezone(zone)
    columns = (
        ledger.claims["logged_at"],
        ledger.statuses["recorded_at"],
        ledger.changes["changed_at"],
    )
    last = pd.concat(columns).max()
    if pd.isna(last):
        return None
    return schema.parse_moment(last.astimezone(zone).date() - timedelta(days=1), zone).astimezone(zone)


def _steps(ledger: Ledger, moment: datetime, days: Window, counts: pd.DataFrame) -> tuple[list[_Step], str]:
    """Give the counts from each day of change on, else for the shortest period that takes few enough marks."""
    for period in PERIODS:
        if period != "day":
            counts = measures.revisions(ledger, moment, period)
        sides = [counts.pivot(index="day", columns="status", values=side) for side in SIDES]
        index = sides[0].index
        is_seen = (index >= pd.Timestamp(days.first)) & (index <= pd.Timestamp(days.last))
        if period == "day":
            changes = pd.concat([side.diff() for side in sides], axis=1).ne(0).any(axis=1).to_numpy(bool)
            first = int(index.searchsorted(pd.Timestamp(days.first), side="right")) - 1
            keep = is_seen & changes
            keep[max(first, 0)] = True
        else:
            last = min(int(index.searchsorted(pd.Timestamp(days.last))), len(index) - 1)
            keep = is_seen
            keep[last] = True
        if keep.sum() * len(sides[0].columns) <= MARKS or period == PERIODS[-1]:
            break
    kept = [day.date() for day in index[keep]]
    if period == "day":
        firsts = [max(day, days.first) for day in kept]
        lasts = [*(day - timedelta(days=1) for day in kept[1:]), days.last]
    else:
        firsts = [days.first, *(day + timedelta(days=1) for day in kept[:-1])]
        lasts = [*kept[:-1], days.last]
    values = [side[keep].to_dict("records") for side in sides]
    steps = [
        _Step(day, first, last, _plain(before), _plain(after))
        for day, first, last, before, after in zip(kept, firsts, lasts, *values, strict=True)
    ]
    return steps, period


def _plain(values: dict[object, int]) -> dict[str, int]:
    return {str(name): int(value) for name, value in values.items()}


# --- drawn


def _drawn(
    ledger: Ledger,
    revised: Sequence[Revised],
    steps: Sequence[_Step],
    shown: Sequence[Status],
    found: _Found,
    happens: Sequence[date],
    *,
    even: bool,
    look: Look,
    title: str | None,
) -> alt.LayerChart | None:
    """Draw the statuses and some of the claims; nothing where so many have no room, unless there are none."""
    days = found.days
    words_width = min(max(0.32 * look.width, 118), 300)
    numbers = [f"{number(steps[-1].then[one.name])} → {number(steps[-1].now[one.name])}" for one in shown]
    right = max(
        *(text_width(word, TEXT_SIZE, bold=True) for word in (*numbers, "then → now")),
        *(text_width(word, NOTE_SIZE) for word in HAPPENED.values() if revised),
    )
    frame = Frame(look.width, MARGIN + words_width + SIDE_ROOM, 10 + right + MARGIN, 0, above=40)
    axis = time_axis(happens, days.last, frame.inner, even=even, start=days.first, ends=True)
    said = _said(found, revised, steps, shown, axis, title)
    room = canvas.height_left(said, ledger, look, above=frame.above)
    is_roomy = look.height is None and len(revised) <= ROOMY_CLAIMS
    laid = laid_out(revised, words_width, right, is_roomy=is_roomy)
    listed = sum(line.tall for line in laid) + (26 if laid else 0)
    most = [max(max(step.then[one.name], step.now[one.name]) for step in steps) for one in shown]
    if room is None:
        statuses = max(STATUS * len(shown), 150.0)
    elif revised and LEAST_STATUS * len(shown) + listed > room:
        return None
    else:
        statuses = max(room - listed, LEAST_STATUS * len(shown))
    rows = _rows(most, statuses)
    foot = rows[-1].base + 3
    height = round(max(foot + listed, room or 0), 3)
    is_tall = look.height is None and height > 420
    frame = replace(frame, height=height, below=32 if is_tall else 0)
    picks = canvas.picked("status")
    start = MARGIN - frame.left
    end = foot + listed if laid else foot
    layers = [
        *_status_rows(steps, shown, found, rows, axis, look, picks),
        *bands_of(laid, foot + 26, shown, days, axis, look, picks),
        *canvas.gaps(axis, look, end),
        *_status_words(shown, numbers, steps, rows, start, look, picks),
        *(rules([foot + 12], look, frame) if laid else []),
        *words_of(laid, foot + 26, start, look),
        *canvas.time_labels(axis, look, -6, above=True),
        *(canvas.time_labels(axis, look, height) if is_tall else []),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _rows(most: Sequence[int], height: float) -> list[_Row]:
    """Give each status a row on one scale, as tall as the most claims that had it, all of them together `height`."""
    least = LEAST_STATUS * len(most)
    unit, high = 0.0, height
    for _ in range(40):  # the rows that are at their least make it no sum to be solved at once
        half = (unit + high) / 2
        total = sum(max(LEAST_STATUS, PAD + half * one) for one in most)
        unit, high = (half, high) if total <= max(height, least) else (unit, half)
    rows: list[_Row] = []
    top = 0.0
    for one in most:
        bottom = top + max(LEAST_STATUS, PAD + unit * one)
        rows.append(_Row(round(top + 3, 3), round(bottom - 3, 3), unit))
        top = bottom
    return rows


def _status_rows(
    steps: Sequence[_Step],
    shown: Sequence[Status],
    found: _Found,
    rows: Sequence[_Row],
    axis: TimeAxis,
    look: Look,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Draw for each status an area for what is held now, a line over it for what was held then, and what to point at."""
    moments = [*(axis.begin(step.first) for step in steps), milliseconds(steps[-1].last.toordinal() + 1)]
    corners: list[Record] = []
    pointed: list[Record] = []
    for row, status in zip(rows, shown, strict=True):
        base, unit = row.base, row.unit
        for at, step in zip(moments, [*steps, steps[-1]], strict=True):
            then, now = step.then[status.name], step.now[status.name]
            corners.append(
                {
                    "at": at, "y": round(base - unit * now, 3), "y2": base, "line": round(base - unit * then, 3),
                    "status": status.name,
                }
            )  # fmt: skip
        for step, (at, to) in zip(steps, pairwise(moments), strict=True):
            then, now = step.then[status.name], step.now[status.name]
            pointed.append(
                {
                    "day": step.day.isoformat(), "status": status.name, "then": then, "now": now, "at": at,
                    "to": to, "y": row.top, "y2": base,
                    "when": spoken_day(step.day) if found.period != "day" else spoken_days(step.first, step.last),
                    "held": f"{status.label}: then {counted(then, 'claim')}, now {number(now)}",
                }
            )  # fmt: skip
    data = canvas.data(corners)
    colour = canvas.status_colours(shown, look)
    base_line = alt.Chart(canvas.data([{"y": row.base} for row in rows]))
    area = alt.Chart(data).mark_area(
        interpolate="step-after", stroke=look.edge, strokeWidth=0.5, aria=False
    ).encode(x=x_of(axis), y=AT_Y, y2=alt.Y2("y2:Q"), color=colour, opacity=canvas.where_picked(picks))  # fmt: skip
    line = alt.Y("line:Q", scale=None, axis=None)
    over = [
        alt.Chart(data)
        .mark_line(interpolate="step-after", color=ink, strokeWidth=wide, strokeCap="butt", aria=False)
        .encode(x=x_of(axis), y=line, detail=alt.Detail("status:N"), opacity=alt.value(1))
        for ink, wide in ((look.ground, 4), (look.ink, 1.75))
    ]
    unseen = alt.Chart(canvas.data(pointed)).mark_rect(opacity=0).encode(
        x=x_of(axis), x2=alt.X2("to:T"), y=AT_Y, y2=alt.Y2("y2:Q"),
        tooltip=[alt.Tooltip("when:N", title="When"), alt.Tooltip("held:N", title="Held")],
    )  # fmt: skip
    return [
        base_line.mark_rule(color=look.line, aria=False).encode(
            x=canvas.from_left(0), x2=alt.value("width"), y=AT_Y
        ),
        area,
        *over,
        canvas.told(unseen, "when", "held"),
    ]


def _status_words(
    shown: Sequence[Status],
    numbers: Sequence[str],
    steps: Sequence[_Step],
    rows: Sequence[_Row],
    start: float,
    look: Look,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Name each status left of its row, and right of it how many claims had it on the last day, then and now."""
    swatches: list[Record] = []
    signs: list[Record] = []
    names: list[Record] = []
    counts: dict[bool, list[Record]] = {}
    for row, status, words in zip(rows, shown, numbers, strict=True):
        y = max(row.base - 9, (row.top + row.base) / 2)
        swatches.append({"x": start + 6, "y": y, "colour": look.colour(status), "status": status.name})
        signs.append({"x": start + 22, "y": y, "sign": status.sign, "ink": look.ink})
        label = lines(status.label, -start - CHIP - 8, TEXT_SIZE, most=1)[0]
        names.append({"x": start + CHIP, "y": y, "text": label})
        is_other = steps[-1].then[status.name] != steps[-1].now[status.name]
        counts.setdefault(is_other, []).append({"y": y, "text": words})
    after = canvas.from_right(10)
    return [
        *canvas.swatches(swatches, AT_X, AT_Y, look, picks),
        *canvas.signs(signs, AT_X, AT_Y, size=10),
        *canvas.words(names, AT_X, AT_Y, look.ink),
        *canvas.column_targets(swatches, picks, alt.XValue(start - 4), alt.X2Value(-4)),
        *canvas.words([{"text": "then → now"}], after, canvas.from_top(-18), look.muted, size=NOTE_SIZE),
        *(
            layer
            for is_other, own in counts.items()
            for layer in canvas.words(own, after, AT_Y, look.ink if is_other else look.muted, bold=is_other)
        ),
    ]


# --- said


def _said(
    found: _Found,
    revised: Sequence[Revised],
    steps: Sequence[_Step],
    shown: Sequence[Status],
    axis: TimeAxis,
    title: str | None,
) -> Words:
    """Say of how many claims something else is held now, and how to read it."""
    what = found.differs.drop_duplicates(["claim_id", "what"])["what"].value_counts()
    kinds = [f"{number(int(what[kind]))} {told}" for kind, told in HAPPENED.items() if what.get(kind)]
    base = f"Claims in each status, {found.days.told()}, as known then and now"
    base += f"; held otherwise: {', '.join(kinds)}" if kinds else ""
    if len(revised) < found.many and not found.is_new:
        those = f"the {number(len(revised))} claims" if len(revised) > 1 else "the claim"
        base += f"; shown: {those} with most days" if revised else "; none of them has room here"
    told = [f"Line: as was known on {found.when}; area: as is known now."]
    if found.period != "day":
        told.append(f"A step is the last day of a {found.period}.")
    if revised:
        told.append("Of each claim: what was held then over what is held now, one band where the two agree.")
    told.append(axis.told())
    return Words(
        title or _headline(found),
        base,
        " ".join(filter(None, told)),
        _description(found, revised, steps, shown, base),
    )


def _headline(found: _Found) -> str:
    many, of = found.many, found.claims
    if found.is_new:
        if of == 1:
            return f"The claim was not recorded yet on {found.when}"
        return f"{none_of(of, 'claim').capitalize()} was recorded yet on {found.when}"
    if of == 1:
        held = "something else is held of the claim now than" if many else "the claim is held now as it was"
        return f"Of days up to {found.when}, {held} then"
    if not many:
        return f"Of days up to {found.when}, {all_of(of, 'claim')} are held now as they were then"
    verb = "is" if many == 1 else "are"
    return f"Of days up to {found.when}, {number(many)} of {number(of)} claims {verb} held otherwise now than then"


def _description(
    found: _Found, revised: Sequence[Revised], steps: Sequence[_Step], shown: Sequence[Status], base: str
) -> str:
    """Tell in words how many claims had each status on the last day, and what became of each claim."""
    last = steps[-1]
    counts = "; ".join(
        f"{status.label} then {number(last.then[status.name])}, now {number(last.now[status.name])}"
        for status in shown
    )
    told = [f"{_headline(found)}.", f"{base}.", f"On {spoken_day(last.day)}: {counts}."]
    told += [one.told() for one in revised[:MOST_TOLD]]
    if (left := found.many - min(len(revised), MOST_TOLD)) > 0:
        told.append(f"And {counted(left, 'more claim')}.")
    return " ".join(told)
