"""Claims as rows beneath one another: which ones, how close they stand, and the bands of their statuses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk.charts import canvas
from factdesk.charts.canvas import AT_Y, MARGIN, TEXT_SIZE, Frame, Theme, x_of
from factdesk.charts.timeaxis import TimeAxis, Window, milliseconds
from factdesk.charts.typeset import CLOSES, lines, text_width
from factdesk.errors import InvalidValue, NotFound, nearest
from factdesk.formats import spoken_day, spoken_days
from factdesk.schema import Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

Day = str | date | pd.Timestamp
Record = dict[str, canvas.Cell]

MOST_CLAIMS = 200
"""Rows drawn where the height is open."""
NOTE_SIZE = 11
NAME_SHARE = 0.4
"""Of the room for a claim and its claimant's name, at most for a name where not all has room."""
TRIES = 4
"""How often rows that read the same are told apart: those that differ in one place may be alike in the next."""
NEAR = 8
"""Characters before the first that differs, at most, with which the end of a row begins."""


@dataclass(frozen=True)
class Spell:
    """A status that a claim had, from its first day to its last; without one where it still holds."""

    status: Status
    first: date
    last: date | None
    why: str
    gaps: str = ""
    """What was looked for and not found, or would change it."""

    def told(self) -> str:
        """Say which days these are."""
        return spoken_days(self.first, self.last) if self.last else f"since {spoken_day(self.first)}"


@dataclass(frozen=True)
class Claim:
    """A claim with the statuses that it had."""

    claim_id: str
    claim: str
    claimant: str
    spells: list[Spell]

    def said(self) -> Record:
        """Give what each mark of it says of it."""
        return {"claim_id": self.claim_id, "claimant": self.claimant, "claim": self.claim}

    def on(self, days: Window) -> list[Spell]:
        """Give the statuses that it had in those days."""
        return [
            spell
            for spell in self.spells
            if spell.first <= days.last and not (spell.last and spell.last < days.first)
        ]


@dataclass(frozen=True)
class Evidence:
    """A document that bears on a claim; without a day where that of its publication is not known."""

    stance: str
    day: date | None
    source: str


@dataclass(frozen=True)
class Density:
    """How close rows stand: pixels, and how many lines of words and lanes of marks a row may have."""

    band: float
    lane: float
    line: float
    air: float
    text: float
    most_lines: int
    most_lanes: int
    is_close: bool = True

    @property
    def notes_below(self) -> bool:
        """Whether what is not drawn is noted under the status, and else beside it."""
        return self.most_lines > 1


ROOMY = Density(14, 10, 15, 12, TEXT_SIZE, most_lines=6, most_lanes=100, is_close=False)
CLOSE = Density(10, 8, 13, 7, NOTE_SIZE, most_lines=2, most_lanes=2)
CLOSEST = Density(9, 8, 13, 4, NOTE_SIZE, most_lines=1, most_lanes=1)


def density_of(count: int) -> Density:
    """Give how close so many rows stand."""
    return ROOMY if count <= 30 else CLOSE if count <= 80 else CLOSEST


@dataclass(frozen=True)
class Row:
    """Where a claim stands in the drawing: its words from `top`, its band from `band` on."""

    claim: Claim
    top: float
    band: float
    bottom: float
    words: list[str]
    marks: list[Record]
    notes: list[str]
    header: list[str] = field(default_factory=list)
    header_top: float = 0


def chosen(ledger: Ledger, claims: str | Sequence[str] | None) -> pd.DataFrame:
    """Give the rows of the claims asked for.

    Raises
    ------
    NotFound
        Where there is no claim of an id.
    InvalidValue
        Where those are no ids.
    """
    frame = ledger.claims
    if claims is None:
        return frame
    if not isinstance(claims, Iterable):
        raise InvalidValue("claims", claims, "the id of a claim, or a list of such ids")
    asked = [claims] if isinstance(claims, str) else list(claims)
    known = set(frame["claim_id"])
    for claim_id in asked:
        if not isinstance(claim_id, str) or claim_id not in known:
            raise _not_there(ledger, claim_id, known)
    return frame[frame["claim_id"].isin(asked)]


def _not_there(ledger: Ledger, claim_id: object, known: Collection[str]) -> NotFound:
    withdrawn = ledger.withdrawn
    rows = withdrawn[(withdrawn["table"] == "claims") & (withdrawn["row_id"] == str(claim_id))]
    if rows.empty:
        return NotFound("claim", claim_id, nearest(str(claim_id), sorted(known)))
    return NotFound("claim", claim_id, (), f"It was withdrawn: {rows['why'].iloc[-1]}")


def spells_of(ledger: Ledger, claims: pd.DataFrame, spells: pd.DataFrame) -> dict[str, list[Spell]]:
    """Gather the statuses that each claim had, with why, from the ledger's intervals."""
    spells = spells[spells["claim_id"].isin(claims["claim_id"])]
    given = ledger.statuses
    given = given[given["claim_id"].isin(claims["claim_id"])]
    given = given.sort_values(["holds_from", "recorded_at", "status_id"], kind="stable")
    given = given.drop_duplicates(["claim_id", "holds_from"], keep="last")
    spells = spells.merge(
        given[["claim_id", "holds_from", "rationale", "gaps"]], left_on=["claim_id", "start"],
        right_on=["claim_id", "holds_from"], how="left",
    )  # fmt: skip
    of_name = {status.name: status for status in ledger.settings.vocabulary}
    had: dict[str, list[Spell]] = {claim_id: [] for claim_id in claims["claim_id"]}
    last_days = spells["end"] - pd.Timedelta(days=1)
    for claim_id, status, first, last, why, gaps in zip(
        spells["claim_id"], spells["status"], dates(spells["start"]), dates(last_days),
        spells["rationale"].fillna(""), spells["gaps"].fillna(""), strict=True,
    ):  # fmt: skip
        if first is not None:
            had[claim_id].append(Spell(of_name[status], first, last, why, gaps))
    return had


def documents(ledger: Ledger, claims: pd.DataFrame) -> pd.DataFrame:
    """Give the evidence of some claims with the day and name of its document."""
    evidence, sources = ledger.evidence, ledger.sources
    evidence = evidence[evidence["claim_id"].isin(claims["claim_id"])]
    name = sources["publisher"].where(sources["publisher"] != "", sources["title"])
    named = sources[["source_id", "published_on"]].assign(source=name.where(name != "", sources["url"]))
    return evidence[["claim_id", "source_id", "stance"]].merge(named, on="source_id", how="left")


def evidence_of(found: pd.DataFrame) -> dict[str, list[Evidence]]:
    """Gather documents by the claim on which they bear."""
    bears: dict[str, list[Evidence]] = {}
    for claim_id, stance, day, source in zip(
        found["claim_id"], found["stance"], dates(found["published_on"]), found["source"], strict=True
    ):
        bears.setdefault(claim_id, []).append(Evidence(stance, day, source))
    return bears


def dates(column: pd.Series) -> list[date | None]:
    """Give a column of days; None where one is missing."""
    return [None if pd.isna(moment) else moment.date() for moment in column]


def statuses_of(ledger: Ledger, claims: Sequence[Claim], days: Window) -> list[Status]:
    """Give the statuses that are seen in those days, in the order of the vocabulary."""
    held = {spell.status.name for claim in claims for spell in claim.on(days)}
    return [status for status in ledger.settings.vocabulary if status.name in held]


# --- drawn


def grid(axis: TimeAxis, look: Theme, height: float) -> list[alt.Chart]:
    """Draw a faint line down from each day that is marked on the axis, which in a long drawing is far away."""
    days = [{"at": axis.moment_at(tick.at)} for tick in axis.ticks() if tick.row == 0 and tick.mark]
    if not days:
        return []
    rule = alt.Chart(canvas.data(days)).mark_rule(color=look.line, strokeWidth=0.75, aria=False)
    return [rule.encode(x=x_of(axis), y=canvas.from_top(0), y2=alt.value(height))]


def tracks(rows: Sequence[Row], look: Theme, density: Density) -> list[alt.Chart]:
    """Draw a faint track for each claim."""
    places = canvas.data([{"y": row.band, "y2": row.band + density.band} for row in rows])
    track = alt.Chart(places).mark_rect(color=look.track, opacity=1, aria=False)
    return [track.encode(x=canvas.from_left(0), x2=alt.value("width"), y=AT_Y, y2=alt.Y2("y2:Q"))]


def rules(places: Sequence[float], look: Theme, frame: Frame) -> list[alt.Chart]:
    """Draw a line across the whole picture at each place."""
    if not places:
        return []
    rule = alt.Chart(canvas.data([{"y": y} for y in places])).mark_rule(color=look.line, aria=False)
    end = alt.value(alt.ExprRef(f"width+{frame.right - MARGIN:g}"))
    return [rule.encode(x=canvas.from_left(MARGIN - frame.left), x2=end, y=AT_Y)]


def bands(
    rows: Sequence[Row],
    shown: Sequence[Status],
    days: Window,
    axis: TimeAxis,
    look: Theme,
    density: Density,
    picks: alt.Parameter,
    more: Record | Callable[[Spell], Record],
) -> list[alt.Chart]:
    """Draw a band for each status that a claim had, with its sign where there is room for it; `more` is what its rows carry besides."""
    drawn: list[Record] = []
    signs: list[Record] = []
    tall = density.band
    for row in rows:
        for spell in row.claim.on(days):
            first, last = max(spell.first, days.first), min(spell.last or days.last, days.last)
            drawn.append(
                {
                    **row.claim.said(), **(more(spell) if callable(more) else more), "what": "status", "value": spell.status.name, "from": first.isoformat(),
                    "until": last.isoformat(), "status": spell.status.name,
                    "at": axis.begin(first), "to": milliseconds(last.toordinal() + 1),
                    "y": row.band, "y2": row.band + tall, "label": spell.status.label, "when": spell.told(),
                    "why": spell.why,
                }
            )  # fmt: skip
            room = [piece for piece in axis.pieces(first, last) if piece[1] - piece[0] >= tall - 1]
            if room:
                middle = min(sum(room[0]) / 2, room[0][0] + tall / 2 + 1)
                ink = look.ink_on(look.colour(spell.status))
                signs.append(
                    {
                        "at": axis.moment_at(middle),
                        "y": row.band + tall / 2,
                        "sign": spell.status.sign,
                        "ink": ink,
                    }
                )
    band = alt.Chart(canvas.data(drawn)).mark_rect(stroke=look.edge, strokeWidth=0.7).encode(
        opacity=canvas.where_picked(picks),
        x=x_of(axis), x2=alt.X2("to:T"), y=AT_Y, y2=alt.Y2("y2:Q"), color=canvas.status_colours(shown, look),
        tooltip=[
            alt.Tooltip("claim:N", title="Claim"), alt.Tooltip("claimant:N", title="Claimant"),
            alt.Tooltip("label:N", title="Status"), alt.Tooltip("when:N", title="When"),
            alt.Tooltip("why:N", title="Why"),
        ],
    )  # fmt: skip
    return [
        canvas.told(band, "claim", "label", "when"),
        *canvas.signs(signs, x_of(axis), AT_Y, size=min(8, tall - 3)),
    ]


def claim_words(rows: Sequence[Row], look: Theme, frame: Frame, density: Density) -> list[alt.Chart]:
    """Set the words of each claim beside its row, and the claimant over the first of theirs."""
    headers: list[Record] = []
    claims: list[Record] = []
    for row in rows:
        middle = row.top + density.band / 2
        headers += [{"y": row.header_top + 15 * (n + 0.5), "text": line} for n, line in enumerate(row.header)]
        claims += [{"y": middle + density.line * n, "text": line} for n, line in enumerate(row.words)]
    start = canvas.from_left(MARGIN - frame.left)
    return [
        *canvas.words(headers, start, AT_Y, look.ink, bold=True),
        *canvas.words(claims, start, AT_Y, look.ink, size=density.text),
    ]


def run_in(claims: Sequence[tuple[str, str, str]], width: float, size: float, most: int) -> list[list[str]]:
    """Set claims (id, claimant and words of each) in at most so many lines, each after its claimant where one is given.

    Where not all has room, a long name leaves most of it to the claim. Where two rows would still read the same, each
    ends in the words in which they differ, and in its id where these are the same.

    >>> run_in([("a", "Ministry of Works and Bridges", "It rained a lot.")], 160, 12, 1)
    [['Ministry…: It rained a lot.']]
    """
    claims = [(claim_id, " ".join(name.split()), " ".join(claim.split())) for claim_id, name, claim in claims]
    whole = [f"{name}: {claim}" if name else claim for _, name, claim in claims]
    told = [_after_name(name, claim, width, size, most) for _, name, claim in claims]
    for _ in range(TRIES):
        for rows in _alike(told):
            letters = zip(*(whole[n] for n in rows), strict=False)
            shared = sum(1 for _ in takewhile(lambda row: len(set(row)) == 1, letters))
            for n in rows:
                claim_id, name, claim = claims[n]
                if all(whole[n] == whole[other] for other in rows):
                    claim = f"{claim} ({claim_id})"
                    shared = len(whole[n]) + 1
                told[n] = _told_apart(name, claim, shared, width, size, most)
    return told


def _alike(told: Sequence[list[str]]) -> list[list[int]]:
    """Give the places of rows that read the same."""
    places: dict[tuple[str, ...], list[int]] = {}
    for n, row in enumerate(told):
        places.setdefault(tuple(row), []).append(n)
    return [rows for rows in places.values() if len(rows) > 1]


def _after_name(name: str, claim: str, width: float, size: float, most: int) -> list[str]:
    """Set a claim after its claimant, whose name is shortened where it would take the claim's room."""
    whole = f"{name}: {claim}" if name else claim
    every = lines(whole, width, size)
    if not most or len(every) <= most:
        return every
    share = NAME_SHARE * width * most
    while name and text_width(name, size) > share:
        short = lines(name, share, size, most=1)[0]
        whole, share = f"{short}: {claim}", 0.8 * share
        # A name of long words leaves lines unfilled.
        if len(lines(f"{short}:", width, size)) <= max(most / 2, 1):
            break
    return lines(whole, width, size, most=most)


def _told_apart(name: str, claim: str, shared: int, width: float, size: float, most: int) -> list[str]:
    """Set the beginning of a row, and on its last line how it ends, where it has so many letters in common with others."""
    whole = f"{name}: {claim}" if name else claim
    every = lines(whole, width, size)
    if not most or len(every) <= most:
        return every
    if most == 1:
        is_claim = bool(name) and shared > len(name) + 1
        short = f"{lines(name, NAME_SHARE * width, size, most=1)[0]}: " if is_claim else ""
        return lines(
            f"{short}{_end(whole, shared, width - text_width(short, size), size)}", width, size, most=1
        )
    *begin, last = _after_name(name, claim, width, size, most - 1)
    return [
        *begin,
        last.replace(f"…{CLOSES}", CLOSES).removesuffix("…"),
        lines(_end(whole, shared, width, size), width, size, most=1)[0],
    ]


def _end(text: str, shared: int, room: float, size: float) -> str:
    """Give the end of a text, so that the line begins before what differs from others: all of it that has room."""
    # Not far before it where words are long.
    end = text[max(text.rfind(" ", 0, shared) + 1, shared - NEAR) :]
    for word in reversed(text[: len(text) - len(end)].split()):
        if text_width(f"…{word} {end}", size) > room:
            break
        end = f"{word} {end}"
    return f"…{end}"
