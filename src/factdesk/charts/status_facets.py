"""Claims in each status through time, a stack for each claimant or topic, beneath one another on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk.charts import canvas, events
from factdesk.charts.canvas import AT_Y, MARGIN, TEXT_SIZE, Frame, Key, Look, Words, x_of
from factdesk.charts.status_steps import change_days, claims, corners, counts_on, period_of, steps
from factdesk.charts.timeaxis import TimeAxis, Window, time_axis
from factdesk.charts.typeset import lines, text_width
from factdesk.formats import by_name, number, spoken_day
from factdesk.schema import SEPARATOR, Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

BY = {"claimant": "claimants", "topic": "topics"}
"""What claims can be parted by, and the word for several of it."""

COLUMNS = ("group", "from", "until", "status", "claims", "share")
MOST = 12
"""Stacks beneath one another; of more those of most claims."""

LEAST, AIR, A_CLAIM, A_SHARE = 30, 12, 14, 38
"""Pixels of a stack's room at least, between two, of one claim's height at most, and of a stack of shares."""

NAME_WIDTH = 180


@dataclass(frozen=True)
class _Stack:
    """The claims of one claimant or topic: its name in lines, what was held of them, and how many there are."""

    name: str
    spells: pd.DataFrame
    claims: int


@dataclass(frozen=True)
class _Place:
    """Where a stack stands: from the top of its room to its foot, and how tall one claim is."""

    top: float
    foot: float
    unit: float


def facets(
    ledger: Ledger,
    by: str,
    days: Window,
    every: str | None,
    *,
    share: bool,
    even: bool,
    happened: Sequence[events.Event],
    look: Look,
    height: int | None,
    title: str,
) -> alt.LayerChart:
    """Draw a stack for each group that has claims in the days shown; all have one scale, but where they are shares."""
    groups = _stacks(ledger, by, days)
    began = ledger.intervals()["start"] <= pd.Timestamp(days.last)
    total = int(ledger.intervals().loc[began, "claim_id"].nunique())
    shown = _seen(ledger, groups, days)
    names_width = min(max(text_width(group.name, TEXT_SIZE, bold=True) for group in groups), NAME_WIDTH)
    # At column width the names take a third.
    names_width = min(names_width, (look.width - 2 * MARGIN) / 3)
    # Beneath a short name how many claims there are may need more.
    names_width = max(names_width, *(text_width(claims(group.claims), TEXT_SIZE) for group in groups[:MOST]))
    tally = max(text_width(_told(group, days)[1], TEXT_SIZE) for group in groups[:MOST]) + 16
    frame = Frame(look.width, left=MARGIN + names_width + 12, right=MARGIN + 8 + tally, height=0, below=32)
    picks = canvas.picked("status")
    keys = [Key(status.label, status.sign, look.colour(status), status.name) for status in shown]
    left = MARGIN - frame.left
    key_height = canvas.key([("Status", keys)], look, left, 0, look.width - 2 * MARGIN)[1]
    period = period_of([group.spells for group in groups[:MOST]], days, every)
    axis = time_axis(
        change_days(ledger.intervals(), days), days.last, frame.inner, even=even or days.asked, start=days.first,
        every=period, ends=True,
    )  # fmt: skip
    noted = events.noted(happened, axis, days, frame.right - MARGIN)
    above = noted.above + key_height + 10
    said = _said(by, groups, groups[:MOST], shown, days, period, axis, noted, share, total, title)
    room = height or canvas.height_left(said, ledger, look, above=above, below=frame.below)
    drawn = groups[: max(1, min(MOST, int((room + AIR) // (LEAST + AIR)) if room else MOST))]
    said = _said(by, groups, drawn, shown, days, period, axis, noted, share, total, title)
    places = _places(drawn, share, room)
    frame = Frame(look.width, frame.left, frame.right, places[-1].foot, above=above, below=frame.below)
    layers = [
        *canvas.key([("Status", keys)], look, left, -above + 7, look.width - 2 * MARGIN, picks)[0],
        *_feet(places, look),
        *_areas(drawn, places, shown, days, period, share, axis, look, picks),
        *canvas.gaps(axis, look, frame.height),
        *canvas.time_labels(axis, look, frame.height),
        *noted.layers(axis, look, frame.height),
        *_words(drawn, places, shown, days, names_width, left, look),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _stacks(ledger: Ledger, by: str, days: Window) -> list[_Stack]:
    """Give the groups that have claims in those days, that of most first."""
    all_claims, spells = ledger.claims, ledger.intervals()
    spells = spells[spells["start"] <= pd.Timestamp(days.last)]
    ids = all_claims["claim_id"].astype("str")
    if by == "topic":
        names = all_claims["topics"].astype("str").str.split(SEPARATOR).explode().str.strip()
    else:
        names = all_claims[by].astype("str")
    # A claim that names a topic twice is one claim of it.
    of = pd.DataFrame(
        {"claim_id": ids.loc[names.index].to_numpy(), "name": names.to_numpy()}
    ).drop_duplicates()
    of = of[of["claim_id"].isin(set(spells["claim_id"]))]
    many = of["name"].value_counts(sort=False)
    listed = sorted(many.items(), key=lambda pair: (-int(pair[1]), by_name(str(pair[0]))))
    stacks = []
    for name, count in listed[:MOST]:
        held = of.loc[of["name"] == name, "claim_id"]
        stacks.append(_Stack(str(name) or f"no {by}", spells[spells["claim_id"].isin(set(held))], int(count)))
    # What is not drawn is only counted.
    return stacks + [_Stack(str(name), spells.iloc[:0], int(count)) for name, count in listed[MOST:]]


def _seen(ledger: Ledger, groups: Sequence[_Stack], days: Window) -> list[Status]:
    """Give the statuses that one of the groups has in those days, in the order of the vocabulary."""
    first = pd.Timestamp(days.first)
    held = {
        str(name)
        for group in groups
        for name in group.spells.loc[
            group.spells["end"].isna() | (group.spells["end"] > first), "status"
        ].unique()
    }
    return [status for status in ledger.settings.vocabulary if status.name in held]


def _last(group: _Stack, days: Window) -> Mapping[str, int]:
    """Give how many of its claims have each status on the last day."""
    return {str(name): int(count) for name, count in counts_on(group.spells, [days.last]).iloc[-1].items()}


def _told(group: _Stack, days: Window) -> tuple[str, str]:
    """Give the status that most of its claims have on the last day, and how many."""
    last = _last(group, days)
    most = max(last, key=lambda name: last[name], default="")
    return most, f"{number(last.get(most, 0))} of {number(sum(last.values()))}"


def _places(drawn: Sequence[_Stack], share: bool, room: float | None) -> list[_Place]:
    """Part the room among stacks: one height for every claim, none lower than its words."""
    free = (room - AIR * (len(drawn) - 1)) if room else None
    tops = [1 if share else max(group.claims, 1) for group in drawn]
    unit = float(A_SHARE if share else A_CLAIM)
    if free is None and not share:
        unit = min(unit, 320 / sum(tops), 120 / max(tops))
    elif free is not None:
        # What a low stack leaves to its words the high ones have less.
        low, high = 0.0, free / max(tops)
        for _ in range(40):
            middle = (low + high) / 2
            fits = sum(max(LEAST, middle * top) for top in tops) <= free
            low, high = (middle, high) if fits else (low, middle)
        unit = low
    places, y = [], 0.0
    for top in tops:
        foot = y + max(LEAST, unit * top)
        places.append(_Place(y, round(foot, 2), unit))
        y = foot + AIR
    return places


def _feet(places: Sequence[_Place], look: Look) -> list[alt.Chart]:
    """Draw the line on which each stack stands."""
    line = alt.Chart(canvas.data([{"y": place.foot} for place in places])).mark_rule(
        color=look.line, aria=False
    )
    return [line.encode(x=canvas.from_left(0), x2=alt.value("width"), y=AT_Y)]


def _areas(
    drawn: Sequence[_Stack],
    places: Sequence[_Place],
    shown: Sequence[Status],
    days: Window,
    period: str,
    share: bool,
    axis: TimeAxis,
    look: Look,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Draw the stacks: stepped areas with an unseen mark for each step to point at, or bars."""
    pointed: list[dict[str, canvas.Cell]] = []
    edges: list[dict[str, canvas.Cell]] = []
    for n, (group, place) in enumerate(zip(drawn, places, strict=True)):
        counted = _counted(group, shown, days, period)
        begun = counted.loc[counted.sum(axis=1).cumsum() > 0]
        pointed += [
            {**_placed(row, place), "group": group.name}
            for row in steps(counted, shown, period, share, axis)
            if row["claims"]
        ]
        # Before its first claim a stack has no edges to be drawn.
        edges += [{**_placed(row, place), "stack": n} for row in corners(begun, shown, share, axis)]
    colour = canvas.status_colours(shown, look)
    marks = alt.Chart(canvas.data(pointed)).mark_rect(stroke=look.edge).encode(
        x=x_of(axis), x2=alt.X2("to:T"), y=AT_Y, y2=alt.Y2("y2:Q"), color=colour,
        opacity=alt.value(0) if period == "day" else canvas.where_picked(picks),
        strokeWidth=alt.StrokeWidth("edge:Q", scale=None),
        tooltip=[
            alt.Tooltip("group:N", title="Of"), alt.Tooltip("when:N", title="When"),
            alt.Tooltip("held:N", title="Claims"),
        ],
    )  # fmt: skip
    marks = canvas.told(marks, "group", "when", "held")
    if period != "day":
        return [marks]
    area = alt.Chart(canvas.data(edges)).mark_area(
        interpolate="step-after", stroke=look.edge, strokeWidth=0.7, aria=False
    )
    area = area.encode(
        x=x_of(axis),
        y=AT_Y,
        y2=alt.Y2("y2:Q"),
        color=colour,
        opacity=canvas.where_picked(picks),
        detail=alt.Detail("stack:N"),
    )
    return [area, marks]


def _counted(group: _Stack, shown: Sequence[Status], days: Window, period: str) -> pd.DataFrame:
    """Count a group's claims in each status from each day of change, or on each period's last day."""
    at = change_days(group.spells, days) if period == "day" else _period_ends(days, period)
    return counts_on(group.spells, at).reindex(columns=[status.name for status in shown], fill_value=0)


def _period_ends(days: Window, period: str) -> list[date]:
    """Give the last day of each period in the days shown, and their own last day."""
    code = {"week": "W-SUN", "month": "ME", "quarter": "QE", "year": "YE"}[period]
    ends = pd.date_range(days.first, days.last, freq=code)
    return [*(end.date() for end in ends if end.date() < days.last), days.last]


def _placed(row: Mapping[str, canvas.Cell], place: _Place) -> dict[str, canvas.Cell]:
    """Give a row its pixels: from the foot of its stack upwards."""
    low, high = (round(place.foot - float(str(row[edge])) * place.unit, 2) for edge in ("low", "high"))
    return {**{name: cell for name, cell in row.items() if name not in ("low", "high")}, "y": low, "y2": high}


def _words(
    drawn: Sequence[_Stack],
    places: Sequence[_Place],
    shown: Sequence[Status],
    days: Window,
    names_width: float,
    left: float,
    look: Look,
) -> list[alt.Chart]:
    """Set each stack's name and number of claims before it, and what most of it is behind it."""
    of_name = {status.name: status for status in shown}
    names: list[dict[str, canvas.Cell]] = []
    sizes: list[dict[str, canvas.Cell]] = []
    tallies: list[dict[str, canvas.Cell]] = []
    signs: list[dict[str, canvas.Cell]] = []
    for group, place in zip(drawn, places, strict=True):
        # Set from the foot upwards: there every stack stands.
        rows = int((place.foot - place.top - 2) // 14) - 1
        name = lines(group.name, names_width + 1, TEXT_SIZE, bold=True, most=max(1, min(rows, 3)))
        names += [
            {"y": place.foot - 21 - 14 * (len(name) - 1 - n), "text": line} for n, line in enumerate(name)
        ]
        sizes.append({"y": place.foot - 7, "text": claims(group.claims)})
        most, tally = _told(group, days)
        if most in of_name:
            signs.append({"y": place.foot - 7, "sign": of_name[most].sign, "ink": look.ink})
            tallies.append({"y": place.foot - 7, "text": tally})
    return [
        *canvas.words(names, canvas.from_left(left), AT_Y, look.ink, bold=True),
        *canvas.words(sizes, canvas.from_left(left), AT_Y, look.muted),
        *canvas.signs(signs, canvas.from_right(14), AT_Y, size=10),
        *canvas.words(tallies, canvas.from_right(24), AT_Y, look.ink),
    ]


def _said(
    by: str,
    groups: Sequence[_Stack],
    drawn: Sequence[_Stack],
    shown: Sequence[Status],
    days: Window,
    period: str,
    axis: TimeAxis,
    noted: events.Noted,
    share: bool,
    total: int,
    title: str,
) -> Words:
    """Say how many claims and groups there are, which are drawn, and how to read it."""
    when = "by day" if period == "day" else f"at the end of each {period}"
    what = f"{'Share of claims' if share else 'Claims'} in each status, {when}"
    every, few = number(len(groups)), number(len(drawn))
    whose = f"{every} {BY[by] if len(groups) > 1 else by}"
    if len(drawn) < len(groups):
        most = f"the {few} {BY[by]} with most claims" if len(drawn) > 1 else f"the {by} with most claims"
        whose = f"{most}, of {every}"
    told = [
        "A status holds until the next one." if period == "day" else f"A bar is the last day of a {period}.",
        "At the right: the most frequent status on the last day.",
    ]
    if not share:
        told.append("One scale for all.")
    if by == "topic" and sum(group.claims for group in groups) > total:
        told.append("A claim with several topics is in each of them.")
    parts = [_described(group, shown, days) for group in drawn]
    return Words(
        title,
        f"{what}, {days.told()}; {claims(total)}, {whose}",
        " ".join(filter(None, (*told, noted.told(), axis.told()))),
        f"{what}, {days.told()}, of {whose}. On {spoken_day(days.last)}: {' '.join(parts)}",
    )


def _described(group: _Stack, shown: Sequence[Status], days: Window) -> str:
    last = _last(group, days)
    held = [f"{number(last[status.name])} {status.label}" for status in shown if last.get(status.name)]
    return f"{group.name}, {claims(group.claims)}: {', '.join(held)}."
