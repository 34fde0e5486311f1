"""The chart of each claim's own history: the statuses that it had, and when evidence was published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_Y, MARGIN, TEXT_SIZE, Frame, Key, Look, Theme, Words, x_of
from factdesk.charts.claim_rows import (
    CLOSE,
    MOST_CLAIMS,
    NOTE_SIZE,
    ROOMY,
    Claim,
    Day,
    Density,
    Evidence,
    Record,
    Row,
    bands,
    chosen,
    claim_words,
    dates,
    density_of,
    documents,
    evidence_of,
    grid,
    rules,
    run_in,
    spells_of,
    statuses_of,
    tracks,
)
from factdesk.charts.timeaxis import TimeAxis, Window, time_axis, window
from factdesk.charts.typeset import lines, text_width
from factdesk.errors import InvalidValue
from factdesk.formats import by_name, number, spoken_day
from factdesk.schema import STANCE_SIGNS, STANCES, Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("claim_id", "claimant", "claim", "what", "value", "from", "until", "sources")
MOST_TOLD = 12
"""Claims that the text alternative tells one by one."""
TIGHT = replace(CLOSE, most_lanes=1)
"""How rows stand on a slide or a card that has no room for airier ones."""
LEAST_ROW = TIGHT.line * TIGHT.most_lines + TIGHT.air
"""Pixels that any row takes up there."""
MOST_AIR = 14


@dataclass(frozen=True)
class _Claim(Claim):
    """A claim with all that is drawn of it."""

    evidence: list[Evidence]

    def drawn(self, days: Window) -> list[Evidence]:
        """Give the evidence published in those days."""
        return [piece for piece in self.evidence if piece.day and days.first <= piece.day <= days.last]

    def undated(self) -> int:
        return sum(piece.day is None for piece in self.evidence)


@calls.records_its_call
def timeline(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    *,
    span: tuple[Day, Day] | None = None,
    even: bool = False,
    page: int = 1,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw a row for each claim: a band for each status that it had, and marks where evidence was published.

    Rows are grouped by claimant; who spoke first comes first. Evidence whose day of publication is not known is
    counted beside the row. The more claims there are, the closer the rows stand. Of more than 200 claims, and of
    more than fit on a slide or a card, those are drawn whose status changed last, and the picture says so; the
    next ones stand on the next page.

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
    page : int
        Which page, where the claims take several: 2 shows those that page 1 left out, and so on.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too, and so how many claims fit.
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
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    spells = ledger.intervals()
    asked = chosen(ledger, claims)
    held = spells["start"][spells["claim_id"].isin(asked["claim_id"])].drop_duplicates()
    known = [day for day in dates(held) if day]
    days = None if span is None else window(known, canvas.as_of(ledger), span)
    seen = _seen(ledger, asked, spells, days)
    ranked = _ranked(ledger, asked, seen)
    # Of a slide or a card every page has the axis and the key of all claims, and so room for as many rows.
    scope = ranked if look.height else ranked.iloc[_on_page(page, len(ranked), MOST_CLAIMS)]
    evidence = documents(ledger, scope)
    starts = seen["start"][seen["claim_id"].isin(scope["claim_id"])]
    happens = [day for day in dates(pd.concat([starts, evidence["published_on"]]).drop_duplicates()) if day]
    days = window(happens, canvas.as_of(ledger), span)
    if days is None or scope.empty:
        _on_page(page, 0, MOST_CLAIMS)
        return canvas.empty(ledger, look, title, canvas.none_chosen(ledger))

    has = set(seen["status"][seen["claim_id"].isin(scope["claim_id"])])
    shown = [status for status in ledger.settings.vocabulary if status.name in has]
    is_dated = evidence["published_on"].between(pd.Timestamp(days.first), pd.Timestamp(days.last))
    stances = set(evidence["stance"][is_dated])
    density = TIGHT if look.height else density_of(len(scope))
    left, right, words_width = _sides(scope, shown, look, density)
    axis = time_axis(
        [day for day in happens if days.first <= day <= days.last], days.last, look.width - left - right,
        even=even or days.asked, start=days.first, ends=True,
    )  # fmt: skip
    frame = Frame(look.width, left, right, 0)
    picks = canvas.picked("status")
    _, key_height = _key(shown, stances, look, frame, 0, picks)
    frame = replace(frame, above=key_height + 40)

    told = partial(_said, ranked=ranked, days=days, axis=axis, title=title, is_open=not look.height)
    room, most = None, MOST_CLAIMS
    if look.height:
        # As if each page said as much around its rows as the first or the last one may.
        note = _noted([f"+1 {kind}" for kind in NOTES], is_short=True)
        ends = (told([], page=n, pages=2, part=ranked, note=note) for n in (1, len(ranked)))
        room = min(canvas.height_left(said, ledger, look, above=frame.above) or 0 for said in ends)
        most = max(int(room / LEAST_ROW), 1)
    part = ranked.iloc[_on_page(page, len(ranked), most)]
    drawn = _in_order(_claims(ledger, part, spells, evidence))
    lay_out = partial(_rows, drawn, days, axis, words_width, look.width - 2 * MARGIN)
    rows = list(lay_out(density))
    if room:
        density, rows = _airiest(lay_out, room)
    notes = [note for row in rows for note in row.notes]
    said = told(
        drawn,
        page=page,
        pages=-(-len(ranked) // most),
        part=part,
        note=_noted(notes, is_short=bool(look.height)),
    )
    # What other pages show is not explained here.
    shown = statuses_of(ledger, drawn, days)
    stances = {str(mark["value"]) for row in rows for mark in row.marks}
    _, key_height = _key(shown, stances, look, frame, 0, picks)
    frame = replace(frame, above=key_height + 40)
    height = rows[-1].bottom
    if look.height:
        room = canvas.height_left(said, ledger, look, above=frame.above) or 0
        spread = min(max(room - height, 0) / len(rows), MOST_AIR)
        rows = list(lay_out(replace(density, air=density.air + spread), is_run_in=True))
        height = max(height, room)
    is_tall = height > 420
    frame = replace(frame, height=height, below=32 if is_tall else 0)
    key, _ = _key(shown, stances, look, frame, 6 - frame.above, picks)
    heads = [row.header_top - (5 if density.is_close else 8) for row in rows[1:] if row.header]
    layers = [
        *(grid(axis, look, rows[-1].bottom) if density.is_close else []),
        *tracks(rows, look, density),
        *bands(rows, shown, days, axis, look, density, picks, more={"sources": ""}),
        *canvas.gaps(axis, look, height),
        *rules(heads, look, frame),
        *_mark_layers([mark for row in rows for mark in row.marks], axis, look, density),
        *claim_words(rows, look, frame, density),
        *_beside(rows, days, look, frame, density),
        *key,
        *canvas.time_labels(axis, look, -6, above=True),
        *(canvas.time_labels(axis, look, height) if is_tall else []),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _on_page(page: int, claims: int, most: int) -> slice:
    """Give the place of the claims on a page among all of them."""
    pages = max(-(-claims // most), 1)
    if isinstance(page, bool) or not isinstance(page, int) or not 1 <= page <= pages:
        raise InvalidValue("page", page, f"1 to {pages}" if pages > 1 else "1, on which all claims stand")
    return slice((page - 1) * most, page * most)


def _seen(ledger: Ledger, asked: pd.DataFrame, spells: pd.DataFrame, days: Window | None) -> pd.DataFrame:
    """Give the spells of the claims asked for that lie in the days shown."""
    seen = spells[spells["claim_id"].isin(asked["claim_id"])]
    if until := canvas.as_of(ledger):
        seen = seen[seen["start"] <= pd.Timestamp(until)]
    if days:
        seen = seen[(seen["start"] <= pd.Timestamp(days.last)) & ~(seen["end"] <= pd.Timestamp(days.first))]
    return seen


def _ranked(ledger: Ledger, asked: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Order the claims that are seen, for a picture without room for all: those whose status changed last first."""
    latest = seen.sort_values("start", kind="stable").drop_duplicates("claim_id", keep="last")
    several = set(seen["claim_id"][seen["claim_id"].duplicated()])
    latest = latest.assign(
        judged=(latest["status"] != ledger.settings.vocabulary[0].name) | latest["claim_id"].isin(several),
        documents=latest["claim_id"].map(ledger.evidence["claim_id"].value_counts()).fillna(0),
    )
    latest = latest.sort_values(
        ["judged", "start", "documents", "claim_id"], ascending=[False, False, False, True]
    )
    return latest[["claim_id", "judged"]].merge(asked[["claim_id", "claim", "claimant"]], on="claim_id")


def _sides(
    scope: pd.DataFrame, shown: Sequence[Status], look: Look, density: Density
) -> tuple[float, float, float]:
    """Give the pixels left and right of the axis, and how many of them the claims' words may take up."""
    label_width = 16 + max(text_width(status.label, TEXT_SIZE) for status in shown)
    note_width = text_width("+88 undated" if density.notes_below else "+88", NOTE_SIZE)
    beside = max(label_width, note_width) if density.notes_below else label_width + 6 + note_width
    words_width = min(max(look.width * (0.37 if density.is_close else 0.33), 120), 330)
    if len(scope) == 1:  # its words are the title, and only the claimant stands beside it
        words_width = min(words_width, text_width(scope["claimant"].iloc[0], TEXT_SIZE) + 1)
    return MARGIN + words_width + 12, min(beside, 150) + 12 + MARGIN, words_width


def _airiest(lay_out: Callable[..., Iterator[Row]], room: float) -> tuple[Density, list[Row]]:
    """Lay rows out on a slide or a card as airily as there is room for."""
    for density in (ROOMY, TIGHT):
        rows = list(lay_out(density, is_run_in=True))
        if rows[-1].bottom <= room:
            break
    return density, rows


def _said(
    drawn: Sequence[_Claim],
    *,
    ranked: pd.DataFrame,
    days: Window,
    axis: TimeAxis,
    title: str | None,
    is_open: bool,
    page: int,
    pages: int,
    part: pd.DataFrame,
    note: str,
) -> Words:
    """Say what the picture shows, and what of it stands on other pages."""
    what = f"Statuses of {'one claim' if len(ranked) == 1 else 'each claim'} and its evidence, {days.told()}"
    others = ""
    if pages > 1:
        many = f"{number(len(part))} of {number(len(ranked))} claims"
        is_judged = part["judged"].any()
        if page == 1:
            those = "those whose status changed last" if is_judged else "those made last"
            if is_judged and not part["judged"].all():
                those += ", then those made last"
            what = f"{what}; {many}: {those}"
        else:
            order = "by last change" if is_judged else "by day made"
            what = f"{what}; {many}, page {number(page)} of {number(pages)}, {order}"
        if is_open:
            others = f"Look at others with page=1 to {pages} or with ledger.where(...)."
    return Words(
        title or _headline(part if is_open else ranked, len(ranked)),
        what,
        " ".join([*filter(None, [others, note, axis.told()])]),
        _description(drawn, f"{what}."),
    )


def _claims(ledger: Ledger, part: pd.DataFrame, spells: pd.DataFrame, evidence: pd.DataFrame) -> list[_Claim]:
    """Gather what is drawn of each claim from the ledger's frames."""
    had = spells_of(ledger, part, spells)
    evidence = evidence[evidence["claim_id"].isin(part["claim_id"])]
    bears = evidence_of(evidence)
    return [
        _Claim(claim_id, claim, claimant, had[claim_id], bears.get(claim_id, []))
        for claim_id, claim, claimant in zip(part["claim_id"], part["claim"], part["claimant"], strict=True)
    ]


def _in_order(claims: Sequence[_Claim]) -> list[_Claim]:
    """Order claims by claimant, whose first claim is earliest, and then by day."""
    first = {claim.claim_id: claim.spells[0].first for claim in claims}
    spoke: dict[str, date] = {}
    for claim in claims:
        spoke[claim.claimant] = min(spoke.get(claim.claimant, date.max), first[claim.claim_id])
    return sorted(
        claims,
        key=lambda claim: (
            spoke[claim.claimant],
            by_name(claim.claimant),
            first[claim.claim_id],
            claim.claim_id,
        ),
    )


def _rows(
    claims: Sequence[_Claim],
    days: Window,
    axis: TimeAxis,
    words_width: float,
    whole_width: float,
    density: Density,
    *,
    is_run_in: bool = False,
) -> Iterator[Row]:
    """Lay the claims out from top to bottom, each as tall as its words, its band and its evidence."""
    top, claimant = 0.0, ""
    # A heading over nearly every row would take as much room as the rows.
    few = len({claim.claimant for claim in claims}) <= len(claims) / 2
    is_run_in = is_run_in or (density.is_close and not few)
    air_above, air_below = (5, 2) if density.is_close else (8, 5)
    told = _told(claims, words_width, density, is_run_in=is_run_in)
    for n, (claim, words) in enumerate(zip(claims, told, strict=True)):
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
        yield Row(claim, top, top, bottom, words, marks, notes, header, header_top)
        top = bottom


def _told(
    claims: Sequence[_Claim], width: float, density: Density, *, is_run_in: bool
) -> Iterator[list[str]]:
    """Give the words of each row; under a claimant's name those of claims of theirs differ."""
    for _, own in groupby(claims, key=lambda claim: "" if is_run_in else claim.claimant):
        said = [(claim.claim_id, claim.claimant if is_run_in else "", claim.claim) for claim in own]
        yield from run_in(said, width, density.text, density.most_lines)


def _notes(undated: int, outside: int, no_room: int, density: Density) -> list[str]:
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
    claim: _Claim, drawn: Sequence[Evidence], axis: TimeAxis, below: float, density: Density
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


def _mark_layers(marks: Sequence[Record], axis: TimeAxis, look: Theme, density: Density) -> list[alt.Chart]:
    """Draw the evidence beneath its claim's band."""
    tooltip = [
        alt.Tooltip("claim:N", title="Claim"), alt.Tooltip("held:N", title="Evidence"),
        alt.Tooltip("when:N", title="Published"), alt.Tooltip("sources:N", title="By"),
    ]  # fmt: skip
    layers = canvas.signs(
        [mark | {"ink": look.ink} for mark in marks], x_of(axis), AT_Y, size=density.lane * 0.8
    )
    return [canvas.told(layer.encode(tooltip=tooltip), "claim", "held", "when") for layer in layers]


def _beside(
    rows: Sequence[Row], days: Window, look: Theme, frame: Frame, density: Density
) -> list[alt.Chart]:
    """Set beside the rows the last status, and evidence that has no place."""
    signs: list[Record] = []
    labels: list[Record] = []
    notes: list[Record] = []
    for row in rows:
        middle = row.top + density.band / 2
        status = row.claim.on(days)[-1].status
        signs.append({"y": middle, "sign": status.sign, "ink": look.ink})
        labels.append({"y": middle, "text": lines(status.label, 130, density.text, most=1)[0]})
        below = middle + (density.line if density.notes_below else 0)
        notes += [{"y": below + 13 * n, "text": note} for n, note in enumerate(row.notes)]
    after = canvas.from_right(24)
    return [
        *canvas.signs(signs, canvas.from_right(14), AT_Y, size=9),
        *canvas.words(labels, after, AT_Y, look.ink, size=density.text),
        *canvas.words(
            notes, after if density.notes_below else canvas.from_right(frame.right - MARGIN), AT_Y, look.muted,
            size=NOTE_SIZE, align="left" if density.notes_below else "right",
        ),
    ]  # fmt: skip


def _key(
    shown: Sequence[Status],
    stances: Collection[str],
    look: Theme,
    size: Frame,
    top: float,
    picks: alt.Parameter,
) -> tuple[list[alt.Chart], float]:
    """Draw the key over the rows: the statuses, and what the marks beneath the bands mean."""
    groups = [
        ("Status", [Key(status.label, status.sign, look.colour(status), status.name) for status in shown])
    ]
    if keys := [Key(stance, STANCE_SIGNS[stance]) for stance in STANCES if stance in stances]:
        groups.append(("Evidence, by day of publication", keys))
    return canvas.key(groups, look, MARGIN - size.left, top, size.width - 2 * MARGIN, picks)


def _headline(claims: pd.DataFrame, of: int) -> str:
    if of == 1:
        return str(claims["claim"].iloc[0])
    people = claims["claimant"].nunique()
    by = claims["claimant"].iloc[0] if people == 1 else f"{number(people)} claimants"
    many = number(len(claims)) if len(claims) == of else f"{number(len(claims))} of {number(of)}"
    return f"{many} claims by {by}, and what became of them"


_ELSEWHERE = "evidence undated, published on other days, or without room among the marks"
NOTES = {
    "undated": "“Undated”: evidence whose day of publication is not known.",
    "outside": "“Outside”: evidence published on other days.",
    "more": f"“More”: {_ELSEWHERE}.",
}
"""What the notes beside the rows mean, by their last word."""


def _noted(notes: Sequence[str], *, is_short: bool) -> str:
    """Explain the notes beside the rows by the words that they end with; in short, several at once."""
    kinds = [kind for kind in NOTES if any(note.endswith(kind) for note in notes)]
    if notes and not kinds:
        return f"“+”: {_ELSEWHERE}."
    if not is_short or len(kinds) < 2:
        return " ".join(NOTES[kind] for kind in kinds)
    named = ", ".join(f"“{kind}”" for kind in kinds)
    what = _ELSEWHERE if "more" in kinds else "evidence undated, or published on other days"
    return f"“{named[1:2].upper()}{named[2:]}: {what}."


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
