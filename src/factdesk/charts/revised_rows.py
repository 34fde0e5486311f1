"""Claims that are held otherwise now than they were at a moment, as rows of two bands: then, and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk.charts import canvas
from factdesk.charts.canvas import AT_X, AT_Y, Look, x_of
from factdesk.charts.claim_rows import (
    NOTE_SIZE,
    Claim,
    Density,
    Record,
    Row,
    Spell,
    bands,
    dates,
    run_in,
    spells_of,
)
from factdesk.charts.timeaxis import TimeAxis, Window, milliseconds
from factdesk.charts.typeset import lines
from factdesk.schema import Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

BAND, APART, NOTE_LINE = 10, 1, 13
"""Pixels of a band, between the two of a claim, and of a line of words."""
SIDES = THEN, NOW = ("then", "now")
ALIKE = "then and now"
SIDE_SIZE, SIDE_ROOM = 10, 30
"""Size of these words beside the bands, and pixels for them."""
CARD = Density(BAND, 8, NOTE_LINE, 0, NOTE_SIZE, most_lines=1, most_lanes=1)
A_DAY = timedelta(days=1)
HAPPENED = {
    "logged": "logged later", "judged": "judged later", "edited": "edited since", "withdrawn": "withdrawn since",
}  # fmt: skip
"""What made the difference, in the words of the picture."""
Run = tuple[date, date]


@dataclass(frozen=True)
class Revised:
    """A claim that is held otherwise: as it was held then, as it is held now, and the days on which the two differ."""

    then: Claim
    now: Claim
    runs: list[Run]
    what: list[str]
    why: list[str]

    @property
    def words(self) -> str:
        """Say who claims what."""
        return f"{self.now.claimant}: {self.now.claim}"

    @property
    def happened(self) -> str:
        """Say what made the difference."""
        return ", ".join(HAPPENED[what] for what in dict.fromkeys(self.what))

    @property
    def reason(self) -> str:
        """Give the reasons that were given for it."""
        return " ".join(dict.fromkeys(filter(None, self.why)))

    def told(self) -> str:
        """Tell it in words."""
        sides = []
        for name, claim in zip(SIDES, (self.then, self.now), strict=True):
            held = "; ".join(f"{spell.status.label} {spell.told()}" for spell in claim.spells)
            sides.append(f"{name} {held or 'nothing'}")
        why = f" {self.reason}" if self.reason else ""
        return f"{self.words} Held {', '.join(sides)}: {self.happened}.{why}"


@dataclass(frozen=True)
class Line:
    """Where a revised claim stands in the drawing."""

    revised: Revised
    top: float
    words: list[str]
    why: list[str]
    what: list[str]
    tall: float


def revised_of(known: Ledger, now: Ledger, differs: pd.DataFrame, most: int) -> list[Revised]:
    """Gather the claims that are held otherwise, those of most days first."""
    length = (differs["end"] - differs["start"]).dt.days
    order = length.groupby(differs["claim_id"], sort=False).sum().sort_values(ascending=False, kind="stable")
    ids = [str(claim_id) for claim_id in order.index[:most]]
    sides: list[dict[str, Claim]] = []
    for side in (known, now):
        own = side.claims[side.claims["claim_id"].isin(ids)]
        had = spells_of(side, own, side.intervals())
        sides.append(
            {
                claim_id: Claim(claim_id, claim, claimant, had[claim_id])
                for claim_id, claim, claimant in zip(
                    own["claim_id"], own["claim"], own["claimant"], strict=True
                )
            }
        )
    rows = differs[differs["claim_id"].isin(ids)]
    of: dict[str, list[tuple[Run, str, str]]] = {claim_id: [] for claim_id in ids}
    for claim_id, first, end, what, why in zip(
        rows["claim_id"], dates(rows["start"]), dates(rows["end"]), rows["what"], rows["why"], strict=True
    ):
        if first and end:
            of[claim_id].append(((first, end), what, why))
    found = []
    for claim_id, runs in of.items():
        then, current = (side.get(claim_id) for side in sides)
        there = current or then
        if there is None:
            continue
        gone = replace(there, spells=[])
        found.append(
            Revised(
                then or gone, current or gone, [run for run, *_ in runs], [what for _, what, _ in runs],
                [why for *_, why in runs],
            )
        )  # fmt: skip
    return found


def laid_out(revised: Sequence[Revised], words_width: float, right: float, *, is_roomy: bool) -> list[Line]:
    """Lay the claims out from top to bottom; where there is room, each with the reason given."""
    laid: list[Line] = []
    top = 0.0
    claims = [(one.now.claim_id, one.now.claimant, one.now.claim) for one in revised]
    told = run_in(claims, words_width, NOTE_SIZE, 3 if is_roomy else 2)
    for one, words in zip(revised, told, strict=True):
        reason = one.reason if is_roomy else ""
        why = lines(reason, words_width, NOTE_SIZE, most=2) if reason else []
        what = lines(one.happened, right, NOTE_SIZE, most=2)
        tall = max(NOTE_LINE * (len(words) + len(why)), NOTE_LINE * len(what), 2 * BAND + APART)
        laid.append(Line(one, top, words, why, what, tall + (10 if is_roomy else 6)))
        top += laid[-1].tall
    return laid


def bands_of(
    laid: Sequence[Line],
    top: float,
    shown: Sequence[Status],
    days: Window,
    axis: TimeAxis,
    look: Look,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Draw of each claim what was held then over what is held now, and one band where the two agree."""
    if not laid:
        return []
    places = {THEN: 0.0, NOW: BAND + APART, ALIKE: (BAND + APART) / 2}
    empty: list[Record] = []
    drawn: dict[str, list[Row]] = {side: [] for side in places}
    for line in laid:
        one = line.revised
        runs = [(max(first, days.first), min(stop, days.last + A_DAY)) for first, stop in one.runs]
        runs = [(first, stop) for first, stop in runs if first < stop]
        shows = {THEN: (one.then, runs), NOW: (one.now, runs), ALIKE: (one.now, _between(runs, days))}
        for side, (claim, when) in shows.items():
            y = top + line.top + places[side]
            within = replace(claim, spells=[part for run in when for part in _within(claim.spells, run)])
            drawn[side].append(Row(within, 0, y, 0, [], [], []))
            if side != ALIKE:
                # Else it would not be seen that there was nothing to hold.
                empty += [
                    {
                        "at": axis.begin(first),
                        "to": milliseconds(stop.toordinal()),
                        "y": y,
                        "y2": y + BAND,
                    }
                    for first, stop in when
                ]
    track = alt.Chart(canvas.data(empty)).mark_rect(color=look.track, opacity=1, aria=False)
    layers = [track.encode(x=x_of(axis), x2=alt.X2("to:T"), y=AT_Y, y2=alt.Y2("y2:Q"))] if empty else []
    for side, rows in drawn.items():
        if any(row.claim.spells for row in rows):
            layers += bands(rows, shown, days, axis, look, CARD, picks, more={"side": side})
    return layers


def _within(spells: Sequence[Spell], run: Run) -> list[Spell]:
    """Give the parts of what a claim had that lie in a run of days."""
    first, last = run[0], run[1] - A_DAY
    return [
        replace(spell, first=max(spell.first, first), last=min(spell.last or last, last))
        for spell in spells
        if spell.first <= last and not (spell.last and spell.last < first)
    ]


def _between(runs: Sequence[Run], days: Window) -> list[Run]:
    """Give the days shown that lie in none of some runs: first days, and the days after the last."""
    after = days.last + A_DAY
    ends = [days.first, *(end for _, end in runs)]
    starts = [*(first for first, _ in runs), after]
    clipped = [(max(end, days.first), min(start, after)) for end, start in zip(ends, starts, strict=True)]
    return [(first, stop) for first, stop in clipped if first < stop]


def words_of(laid: Sequence[Line], top: float, start: float, look: Look) -> list[alt.Chart]:
    """Set beside the bands whose claim it is and why it is held otherwise, and what made the difference."""
    words: list[Record] = []
    notes: list[Record] = []
    sides: list[Record] = []
    whats: list[Record] = []
    for line in laid:
        y = top + line.top + BAND / 2
        words += [{"x": start, "y": y + NOTE_LINE * n, "text": text} for n, text in enumerate(line.words)]
        foot = y + NOTE_LINE * len(line.words)
        notes += [{"x": start, "y": foot + NOTE_LINE * n, "text": text} for n, text in enumerate(line.why)]
        sides += [{"y": y + (BAND + APART) * n, "text": side} for n, side in enumerate(SIDES)]
        whats += [{"y": y + NOTE_LINE * n, "text": text} for n, text in enumerate(line.what)]
    return [
        *canvas.words(words, AT_X, AT_Y, look.ink, size=NOTE_SIZE),
        *canvas.words(notes, AT_X, AT_Y, look.muted, size=NOTE_SIZE),
        *canvas.words(sides, canvas.from_left(-5), AT_Y, look.muted, size=SIDE_SIZE, align="right"),
        *canvas.words(whats, canvas.from_right(10), AT_Y, look.ink, size=NOTE_SIZE),
    ]
