"""The chart of each claim's own history: the statuses that it had, and when evidence was published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import recipe, sheet
from factdesk.errors import NotFound, nearest
from factdesk.language import spoken_day, spoken_days
from factdesk.schema import STANCE_SIGNS, STANCES, Status
from factdesk.sheet import AT_Y, MARGIN, TEXT_SIZE, Frame, Key, Theme, Words, x_of
from factdesk.timeaxis import TimeAxis, Window, milliseconds, time_axis, window
from factdesk.typeset import lines, text_width

if TYPE_CHECKING:
    from factdesk.ledger import Ledger

Day = str | date | pd.Timestamp
Record = dict[str, sheet.Cell]

MOST_CLAIMS = 200
"""Rows drawn; of more claims, those whose status changed last."""
NOTE_SIZE = 11
COLUMNS = ("claim_id", "claimant", "claim", "what", "value", "from", "until", "sources")
MOST_TOLD = 12
"""Claims that the text alternative tells one by one."""


@dataclass(frozen=True)
class _Spell:
    """A status that a claim had, from its first day to its last; without one where it still holds."""

    status: Status
    first: date
    last: date | None
    why: str

    def told(self) -> str:
        return spoken_days(self.first, self.last) if self.last else f"since {spoken_day(self.first)}"


@dataclass(frozen=True)
class _Evidence:
    """A document that bears on a claim; without a day where that of its publication is not known."""

    stance: str
    day: date | None
    source: str


@dataclass(frozen=True)
class _Claim:
    """A claim with all that is drawn of it."""

    claim_id: str
    claim: str
    claimant: str
    spells: list[_Spell]
    evidence: list[_Evidence]

    def said(self) -> Record:
        return {"claim_id": self.claim_id, "claimant": self.claimant, "claim": self.claim}

    def on(self, days: Window) -> list[_Spell]:
        """Give the statuses that it had in those days."""
        return [
            spell
            for spell in self.spells
            if spell.first <= days.last and not (spell.last and spell.last < days.first)
        ]

    def drawn(self, days: Window) -> list[_Evidence]:
        """Give the evidence published in those days."""
        return [piece for piece in self.evidence if piece.day and days.first <= piece.day <= days.last]

    def undated(self) -> int:
        return sum(piece.day is None for piece in self.evidence)


@dataclass(frozen=True)
class _Density:
    """How close rows stand: pixels, and how many lines of words and lanes of evidence a row may have."""

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


ROOMY = _Density(14, 10, 15, 12, TEXT_SIZE, most_lines=6, most_lanes=100, is_close=False)
CLOSE = _Density(10, 8, 13, 7, NOTE_SIZE, most_lines=2, most_lanes=2)
CLOSEST = _Density(9, 8, 13, 4, NOTE_SIZE, most_lines=1, most_lanes=1)


def _density(count: int) -> _Density:
    return ROOMY if count <= 30 else CLOSE if count <= 80 else CLOSEST


@dataclass(frozen=True)
class _Row:
    """Where a claim stands in the drawing, and the words and marks that stand there."""

    claim: _Claim
    status: Status
    top: float
    bottom: float
    words: list[str]
    header: list[str]
    header_top: float
    notes: list[str]
    marks: list[Record]


@recipe.noted
def timeline(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    *,
    span: tuple[Day, Day] | None = None,
    even: bool = False,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw a row for each claim: a band for each status that it had, and marks where evidence was published.

    Rows are grouped by claimant; who spoke first comes first. Evidence whose day of publication is not known is
    counted beside the row. The more claims there are, the closer the rows stand. Of more than 200 claims those
    are drawn whose status changed last, and the picture says so.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claims : str or sequence of str, optional
        Ids of the claims drawn; all of them where none are given.
    span : tuple of two days, optional
        The first and the last day shown, on an even axis. Otherwise all days are shown, and spans in which
        much or nothing happens get a scale of their own.
    even : bool
        One scale for all days, whatever happens when.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for. Its height is that of its rows: choose few claims for a slide or a social card.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise how many claims of how many claimants; of one claim, its words.

    Returns
    -------
    altair.LayerChart
        Further layers can be added with `+=`; their days lie where ours do.

    Raises
    ------
    NotFound
        Where there is no claim of an id.
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.timeline(fd.open("claims.csv"), "trump-positive-signals")
    >>> type(chart).__name__
    'LayerChart'
    """
    look = sheet.look_of(theme, size, width, ledger.settings.vocabulary)
    width = look.width
    spells = ledger.intervals()
    picked = _picked(ledger, _chosen(ledger, claims), spells, window([], sheet.as_of(ledger), span))
    chosen = _claims(ledger, picked.claims, spells)
    happens = [spell.first for claim in chosen for spell in claim.spells]
    happens += [piece.day for claim in chosen for piece in claim.evidence if piece.day]
    days = window(happens, sheet.as_of(ledger), span)
    chosen = _in_order([claim for claim in chosen if claim.on(days)]) if days else []
    if days is None or not chosen:
        return sheet.empty(ledger, look, title, days)
    density = _density(len(chosen))

    held = {spell.status.name for claim in chosen for spell in claim.on(days)}
    shown = [status for status in ledger.settings.vocabulary if status.name in held]
    label_width = 16 + max(text_width(status.label, TEXT_SIZE) for status in shown)
    note_width = text_width("+88 undated" if density.notes_below else "+88", NOTE_SIZE)
    beside = max(label_width, note_width) if density.notes_below else label_width + 6 + note_width
    words_width = min(max(width * (0.37 if density.is_close else 0.33), 120), 330)
    if len(chosen) == 1:  # its words are the title, and only the claimant stands beside it
        words_width = min(words_width, text_width(chosen[0].claimant, TEXT_SIZE) + 1)
    left, right = MARGIN + words_width + 12, min(beside, 150) + 12 + MARGIN
    axis = time_axis(
        _days_of_change(chosen, days),
        days.last,
        width - left - right,
        even=even or days.asked,
        start=days.first,
    )
    rows = list(_rows(chosen, days, axis, words_width, width - 2 * MARGIN, density))

    height = rows[-1].bottom
    is_tall = height > 420
    frame = Frame(width, left, right, height, below=32 if is_tall else 0)
    picks = sheet.picked("status")
    marks = [mark for row in rows for mark in row.marks]
    _, key_height = _key(shown, marks, look, frame, 0, picks)
    frame = replace(frame, above=key_height + 40)
    key, _ = _key(shown, marks, look, frame, 6 - frame.above, picks)
    layers = [
        *(_grid(axis, look, height) if density.is_close else []),
        *_tracks(rows, look, density),
        *_band_layers(rows, shown, days, axis, look, density, picks),
        *sheet.gaps(axis, look, height),
        *_rules(rows, look, frame, density),
        *_mark_layers(marks, axis, look, density),
        *_row_words(rows, look, frame, density),
        *key,
        *sheet.time_labels(axis, look, -6, above=True),
        *(sheet.time_labels(axis, look, height) if is_tall else []),
    ]
    what = f"Statuses of {'one claim' if len(chosen) == 1 else 'each claim'} and its evidence, {days.told()}"
    others = "Look at others with ledger.where(...)." if picked.why else ""
    said = Words(
        title or _headline(chosen, picked.of),
        f"{what}; {picked.why}" if picked.why else what,
        " ".join(filter(None, (others, _notes_told(rows, density), axis.told()))),
        _description(chosen, f"{what}; {picked.why}." if picked.why else f"{what}."),
    )
    return sheet.composed(layers, said, ledger, look, frame, COLUMNS)


def _chosen(ledger: Ledger, claims: str | Sequence[str] | None) -> pd.DataFrame:
    """Give the rows of the claims asked for."""
    frame = ledger.claims
    if claims is None:
        return frame
    asked = [claims] if isinstance(claims, str) else list(claims)
    known = set(frame["claim_id"])
    for claim_id in asked:
        if claim_id not in known:
            raise NotFound("claim", claim_id, nearest(claim_id, sorted(known)))
    return frame[frame["claim_id"].isin(asked)]


@dataclass(frozen=True)
class _Picked:
    """The rows of the claims that are drawn, of how many, and why these where they are not all."""

    claims: pd.DataFrame
    of: int
    why: str = ""


def _picked(ledger: Ledger, asked: pd.DataFrame, spells: pd.DataFrame, days: Window | None) -> _Picked:
    """Choose what is drawn of more claims than a picture has room for: those whose status changed last."""
    seen = spells[spells["claim_id"].isin(asked["claim_id"])]
    if until := sheet.as_of(ledger):
        seen = seen[seen["start"] <= pd.Timestamp(until)]
    if days:
        seen = seen[(seen["start"] <= pd.Timestamp(days.last)) & ~(seen["end"] <= pd.Timestamp(days.first))]
    of = seen["claim_id"].nunique()
    if of <= MOST_CLAIMS:
        return _Picked(asked[asked["claim_id"].isin(seen["claim_id"])], of)
    latest = seen.sort_values("start", kind="stable").drop_duplicates("claim_id", keep="last")
    several = set(seen["claim_id"][seen["claim_id"].duplicated()])
    latest = latest.assign(
        judged=(latest["status"] != ledger.settings.vocabulary[0].name) | latest["claim_id"].isin(several),
        documents=latest["claim_id"].map(ledger.evidence["claim_id"].value_counts()).fillna(0),
    )
    latest = latest.sort_values(
        ["judged", "start", "documents", "claim_id"], ascending=[False, False, False, True]
    ).head(MOST_CLAIMS)
    those = "those whose status changed last" if latest["judged"].any() else "those made last"
    if latest["judged"].any() and not latest["judged"].all():
        those += ", then those made last"
    return _Picked(
        asked[asked["claim_id"].isin(latest["claim_id"])], of, f"{MOST_CLAIMS} of {of:,} claims: {those}"
    )


def _claims(ledger: Ledger, chosen: pd.DataFrame, spells: pd.DataFrame) -> list[_Claim]:
    """Gather what is drawn of each claim from the ledger's frames."""
    evidence = _documents(ledger, chosen)
    spells = spells[spells["claim_id"].isin(chosen["claim_id"])]
    given = ledger.statuses
    given = given[given["claim_id"].isin(chosen["claim_id"])]
    given = given.sort_values(["holds_from", "recorded_at", "status_id"], kind="stable")
    given = given.drop_duplicates(["claim_id", "holds_from"], keep="last")
    spells = spells.merge(
        given[["claim_id", "holds_from", "rationale"]], left_on=["claim_id", "start"],
        right_on=["claim_id", "holds_from"], how="left",
    )  # fmt: skip
    of_name = {status.name: status for status in ledger.settings.vocabulary}
    had: dict[str, list[_Spell]] = {}
    last_days = spells["end"] - pd.Timedelta(days=1)
    for claim_id, status, first, last, why in zip(
        spells["claim_id"], spells["status"], _dates(spells["start"]), _dates(last_days),
        spells["rationale"].fillna(""), strict=True,
    ):  # fmt: skip
        if first is not None:
            had.setdefault(claim_id, []).append(_Spell(of_name[status], first, last, why))
    bears: dict[str, list[_Evidence]] = {}
    for claim_id, stance, day, source in zip(
        evidence["claim_id"],
        evidence["stance"],
        _dates(evidence["published_on"]),
        evidence["source"],
        strict=True,
    ):
        bears.setdefault(claim_id, []).append(_Evidence(stance, day, source))
    return [
        _Claim(claim_id, claim, claimant, had.get(claim_id, []), bears.get(claim_id, []))
        for claim_id, claim, claimant in zip(
            chosen["claim_id"], chosen["claim"], chosen["claimant"], strict=True
        )
    ]


def _documents(ledger: Ledger, chosen: pd.DataFrame) -> pd.DataFrame:
    """Give the evidence of some claims with the day and name of its document."""
    evidence, sources = ledger.evidence, ledger.sources
    evidence = evidence[evidence["claim_id"].isin(chosen["claim_id"])]
    name = sources["publisher"].where(sources["publisher"] != "", sources["title"])
    named = sources[["source_id", "published_on"]].assign(source=name.where(name != "", sources["url"]))
    return evidence[["claim_id", "source_id", "stance"]].merge(named, on="source_id", how="left")


def _dates(column: pd.Series) -> list[date | None]:
    return [None if pd.isna(moment) else moment.date() for moment in column]


def _in_order(claims: Sequence[_Claim]) -> list[_Claim]:
    """Order claims by claimant, whose first claim is earliest, and then by day."""
    first = {claim.claim_id: claim.spells[0].first for claim in claims}
    spoke: dict[str, date] = {}
    for claim in claims:
        spoke[claim.claimant] = min(spoke.get(claim.claimant, date.max), first[claim.claim_id])
    return sorted(
        claims,
        key=lambda claim: (spoke[claim.claimant], claim.claimant, first[claim.claim_id], claim.claim_id),
    )


def _days_of_change(claims: Sequence[_Claim], days: Window) -> list[date]:
    spells = [spell.first for claim in claims for spell in claim.on(days)]
    return spells + [piece.day for claim in claims for piece in claim.drawn(days) if piece.day]


def _rows(
    claims: Sequence[_Claim],
    days: Window,
    axis: TimeAxis,
    words_width: float,
    whole_width: float,
    density: _Density,
) -> Iterator[_Row]:
    """Lay the claims out from top to bottom, each as tall as its words, its band and its evidence."""
    top, claimant = 0.0, ""
    # A heading over nearly every row would take as much room as the rows.
    is_run_in = density.is_close and len({claim.claimant for claim in claims}) > len(claims) / 2
    air_above, air_below = (5, 2) if density.is_close else (8, 5)
    for n, claim in enumerate(claims):
        said = f"{claim.claimant}: {claim.claim}" if is_run_in else claim.claim
        words = lines(said, words_width, density.text, most=density.most_lines)
        header, header_top = [], top
        if len(claims) == 1:
            words = lines(claim.claimant, words_width, TEXT_SIZE, most=2)
        elif not is_run_in and (n == 0 or claim.claimant != claimant):
            header = lines(claim.claimant, whole_width, TEXT_SIZE, bold=True, most=2)
            header_top = top + (air_above if n else 0)
            top = header_top + 15 * len(header) + air_below
        claimant = claim.claimant
        drawn = claim.drawn(days)
        marks, lanes, no_room = _marks(claim, drawn, axis, top + density.band, density)
        undated = claim.undated()
        notes = _notes(undated, len(claim.evidence) - undated - len(drawn), no_room, density)
        tallest = max(
            density.line * len(words),
            density.band + density.lane * lanes + (3 if lanes else 0),
            density.line + 13 * len(notes) if density.notes_below else density.line,
        )
        bottom = top + tallest + density.air
        yield _Row(claim, claim.on(days)[-1].status, top, bottom, words, header, header_top, notes, marks)
        top = bottom


def _notes(undated: int, outside: int, no_room: int, density: _Density) -> list[str]:
    """Say how many documents are not drawn; close rows have room for one number only."""
    if not density.is_close:
        return [f"+{many} {word}" for many, word in ((undated, "undated"), (outside, "outside")) if many]
    total = undated + outside + no_room
    if not total:
        return []
    if not density.notes_below:
        return [f"+{total}"]
    return [f"+{total} {'undated' if total == undated else 'outside' if total == outside else 'more'}"]


def _marks(
    claim: _Claim, drawn: Sequence[_Evidence], axis: TimeAxis, below: float, density: _Density
) -> tuple[list[Record], int, int]:
    """Give a mark for each day and stance, how many lanes they take, and how many documents have no room.

    What would touch goes a lane below, as long as there is one.
    """
    sources: dict[tuple[date, str], list[str]] = {}
    for piece in sorted(drawn, key=lambda piece: (piece.day or date.max, STANCES.index(piece.stance))):
        if piece.day:
            sources.setdefault((piece.day, piece.stance), []).append(piece.source)
    marks: list[Record] = []
    ends: list[float] = []
    no_room = 0
    top = below + density.lane / 2 + (3 if not density.is_close else 2)
    for (day, stance), names in sources.items():
        place = axis.place(day) + axis.scale_on(day) / 2
        lane = next((n for n, end in enumerate(ends) if place - end >= density.lane), len(ends))
        if lane >= density.most_lanes:
            no_room += len(names)
            continue
        ends[lane:] = [place, *ends[lane + 1 :]]
        count = "1 document" if len(names) == 1 else f"{len(names)} documents"
        marks.append(
            {
                **claim.said(), "what": "evidence", "value": stance, "from": day.isoformat(),
                "until": day.isoformat(), "sources": "; ".join(_named(names)), "at": axis.moment_at(place),
                "y": top + density.lane * lane, "sign": STANCE_SIGNS[stance], "when": spoken_day(day),
                "held": f"{stance} ({count})",
            }
        )  # fmt: skip
    return marks, len(ends), no_room


def _named(names: Sequence[str], most: int = 6) -> list[str]:
    known = list(dict.fromkeys(names))
    return known if len(known) <= most else [*known[:most], f"and {len(known) - most} more"]


def _grid(axis: TimeAxis, look: Theme, height: float) -> list[alt.Chart]:
    """Draw a faint line down from each day that is marked on the axis, which in a long drawing is far away."""
    days = [{"at": axis.moment_at(tick.at)} for tick in axis.ticks() if tick.row == 0 and tick.mark]
    if not days:
        return []
    rule = alt.Chart(sheet.data(days)).mark_rule(color=look.line, strokeWidth=0.75, aria=False)
    return [rule.encode(x=x_of(axis), y=sheet.from_top(0), y2=alt.value(height))]


def _tracks(rows: Sequence[_Row], look: Theme, density: _Density) -> list[alt.Chart]:
    """Draw a faint track for each claim."""
    tracks = sheet.data([{"y": row.top, "y2": row.top + density.band} for row in rows])
    track = alt.Chart(tracks).mark_rect(color=look.track, opacity=1, aria=False)
    return [track.encode(x=sheet.from_left(0), x2=alt.value("width"), y=AT_Y, y2="y2:Q")]


def _rules(rows: Sequence[_Row], look: Theme, size: Frame, density: _Density) -> list[alt.Chart]:
    """Draw a line between two claimants."""
    heads = [{"y": row.header_top - (5 if density.is_close else 8)} for row in rows[1:] if row.header]
    if not heads:
        return []
    rule = alt.Chart(sheet.data(heads)).mark_rule(color=look.line, aria=False)
    end = alt.value(alt.ExprRef(f"width+{size.right - MARGIN:g}"))
    return [rule.encode(x=sheet.from_left(MARGIN - size.left), x2=end, y=AT_Y)]


def _band_layers(
    rows: Sequence[_Row],
    shown: Sequence[Status],
    days: Window,
    axis: TimeAxis,
    look: Theme,
    density: _Density,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Draw a band for each status that a claim had, with its sign where there is room for it."""
    bands: list[Record] = []
    signs: list[Record] = []
    tall = density.band
    for row in rows:
        for spell in row.claim.on(days):
            first, last = max(spell.first, days.first), min(spell.last or days.last, days.last)
            bands.append(
                {
                    **row.claim.said(), "what": "status", "value": spell.status.name, "from": first.isoformat(),
                    "until": last.isoformat(), "sources": "", "status": spell.status.name,
                    "at": axis.begin(first), "to": milliseconds(last.toordinal() + 1),
                    "y": row.top, "y2": row.top + tall, "label": spell.status.label, "when": spell.told(),
                    "why": spell.why,
                }
            )  # fmt: skip
            room = [piece for piece in axis.pieces(first, last) if piece[1] - piece[0] >= tall - 1]
            if room:
                middle = min(sum(room[0]) / 2, room[0][0] + tall / 2 + 1)
                ink = look.ink_on(look.colour(spell.status))
                sign = spell.status.sign
                signs.append(
                    {"at": axis.moment_at(middle), "y": row.top + tall / 2, "sign": sign, "ink": ink}
                )
    band = alt.Chart(sheet.data(bands)).mark_rect(stroke=look.edge, strokeWidth=0.7).encode(
        opacity=sheet.where_picked(picks),
        x=x_of(axis), x2="to:T", y=AT_Y, y2="y2:Q", color=sheet.status_colours(shown, look),
        tooltip=[
            alt.Tooltip("claim:N", title="Claim"), alt.Tooltip("claimant:N", title="Claimant"),
            alt.Tooltip("label:N", title="Status"), alt.Tooltip("when:N", title="When"),
            alt.Tooltip("why:N", title="Why"),
        ],
    )  # fmt: skip
    return [
        sheet.told(band, "claim", "label", "when"),
        *sheet.signs(signs, x_of(axis), AT_Y, size=min(8, tall - 3)),
    ]


def _mark_layers(marks: Sequence[Record], axis: TimeAxis, look: Theme, density: _Density) -> list[alt.Chart]:
    """Draw the evidence beneath its claim's band."""
    tooltip = [
        alt.Tooltip("claim:N", title="Claim"), alt.Tooltip("held:N", title="Evidence"),
        alt.Tooltip("when:N", title="Published"), alt.Tooltip("sources:N", title="By"),
    ]  # fmt: skip
    layers = sheet.signs(
        [mark | {"ink": look.ink} for mark in marks], x_of(axis), AT_Y, size=density.lane * 0.8
    )
    return [sheet.told(layer.encode(tooltip=tooltip), "claim", "held", "when") for layer in layers]


def _row_words(rows: Sequence[_Row], look: Theme, size: Frame, density: _Density) -> list[alt.Chart]:
    """Set the words beside the rows: claimant, claim, the last status, and evidence that has no place."""
    headers: list[Record] = []
    claims: list[Record] = []
    signs: list[Record] = []
    labels: list[Record] = []
    notes: list[Record] = []
    for row in rows:
        middle = row.top + density.band / 2
        headers += [{"y": row.header_top + 15 * (n + 0.5), "text": line} for n, line in enumerate(row.header)]
        claims += [{"y": middle + density.line * n, "text": line} for n, line in enumerate(row.words)]
        signs.append({"y": middle, "sign": row.status.sign, "ink": look.ink})
        labels.append({"y": middle, "text": lines(row.status.label, 130, density.text, most=1)[0]})
        below = middle + (density.line if density.notes_below else 0)
        notes += [{"y": below + 13 * n, "text": note} for n, note in enumerate(row.notes)]
    start, after = sheet.from_left(MARGIN - size.left), sheet.from_right(24)
    return [
        *sheet.words(headers, start, AT_Y, look.ink, bold=True),
        *sheet.words(claims, start, AT_Y, look.ink, size=density.text),
        *sheet.signs(signs, sheet.from_right(14), AT_Y, size=9),
        *sheet.words(labels, after, AT_Y, look.ink, size=density.text),
        *sheet.words(
            notes, after if density.notes_below else sheet.from_right(size.right - MARGIN), AT_Y, look.muted,
            size=NOTE_SIZE, align="left" if density.notes_below else "right",
        ),
    ]  # fmt: skip


def _key(
    shown: Sequence[Status],
    marks: Sequence[Record],
    look: Theme,
    size: Frame,
    top: float,
    picks: alt.Parameter,
) -> tuple[list[alt.Chart], float]:
    """Draw the key over the rows: the statuses, and what the marks beneath the bands mean."""
    groups = [
        ("Status", [Key(status.label, status.sign, look.colour(status), status.name) for status in shown])
    ]
    stances = [stance for stance in STANCES if any(mark["value"] == stance for mark in marks)]
    if stances:
        groups.append(
            ("Evidence, by day of publication", [Key(stance, STANCE_SIGNS[stance]) for stance in stances])
        )
    return sheet.key(groups, look, MARGIN - size.left, top, size.width - 2 * MARGIN, picks)


def _headline(claims: Sequence[_Claim], of: int) -> str:
    if len(claims) == 1:
        return claims[0].claim
    people = {claim.claimant for claim in claims}
    by = claims[0].claimant if len(people) == 1 else f"{len(people)} claimants"
    many = f"{len(claims)}" if len(claims) == of else f"{len(claims)} of {of:,}"
    return f"{many} claims by {by}, and what became of them"


def _notes_told(rows: Sequence[_Row], density: _Density) -> str:
    """Explain the notes beside the rows, where there are any."""
    notes = " ".join(note for row in rows for note in row.notes)
    elsewhere = "evidence undated, published on other days, or without room among the marks"
    if not density.notes_below:
        return f"“+1”: {elsewhere}." if notes else ""
    told = {
        "undated": "evidence whose day of publication is not known",
        "outside": "evidence published on other days",
        "more": elsewhere,
    }
    return " ".join(f"“{word.capitalize()}”: {meaning}." for word, meaning in told.items() if word in notes)


def _description(claims: Sequence[_Claim], what: str) -> str:
    """Tell in words what each claim went through; of many claims the first."""
    told = [what]
    for claim in claims[:MOST_TOLD]:
        held = "; ".join(f"{spell.status.label} {spell.told()}" for spell in claim.spells)
        undated = f", {claim.undated()} of them undated" if claim.undated() else ""
        told.append(f"{claim.claimant}: {claim.claim} {held}. Evidence: {len(claim.evidence)}{undated}.")
    if len(claims) > MOST_TOLD:
        told.append(f"And {len(claims) - MOST_TOLD} more claims.")
    return " ".join(told)
