"""The chart of one claim: its words, what was held of it when and why, the evidence on both sides, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import altair as alt

from factdesk import measures
from factdesk.charts import calls, canvas, evidence_lanes
from factdesk.charts.canvas import (
    AT_X,
    AT_Y,
    MARGIN,
    SUBTITLE_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    Frame,
    Look,
    Words,
    x_of,
)
from factdesk.charts.claim_rows import (
    NOTE_SIZE,
    Claim,
    Day,
    Density,
    Evidence,
    Record,
    Row,
    Spell,
    bands,
    chosen,
    dates,
    documents,
    evidence_of,
    grid,
    rules,
    spells_of,
    statuses_of,
    tracks,
)
from factdesk.charts.evidence_lanes import LANE, SIGN, UNDATED, Side, laid_out
from factdesk.charts.timeaxis import TimeAxis, Window, time_axis, window
from factdesk.charts.typeset import lines, text_width
from factdesk.formats import counted, number, spoken_day
from factdesk.schema import STANCES

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("claim_id", "claimant", "claim", "what", "value", "from", "until", "source", "why", "gaps")
BAND, LINE, NOTE_LINE = 18, 15, 14
"""Pixels of the band, of a line of words and of one of small ones."""
WORDED = 600
"""Pixels of a picture from which on undated evidence is named, too."""
CARD = Density(BAND, LANE, LINE, 0, TEXT_SIZE, most_lines=1, most_lanes=1)
CHIP = 31
"""Pixels from a status's colour to its word."""
MISSING = "What is missing"
MOST_TOLD = 24
"""Statuses, and pieces of evidence of each stance, that the text alternative tells one by one."""


@dataclass(frozen=True)
class _Claim(Claim):
    """A claim with all that its card tells."""

    role: str
    made_on: date | None
    quote: str
    evidence: list[Evidence]
    missing: list[str]

    def byline(self, *, is_short: bool = False) -> str:
        """Say who made it, in which role, and when; in short, leave the role out."""
        when = spoken_day(self.made_on) if self.made_on else "on a day that is not known"
        return ", ".join(filter(None, [self.claimant, "" if is_short else self.role, when]))

    def shown(self, stance: str, days: Window) -> list[Evidence]:
        """Give the evidence of a stance that was published in those days, or on an unknown day."""
        return [
            piece
            for piece in self.evidence
            if piece.stance == stance and (piece.day is None or days.first <= piece.day <= days.last)
        ]


@dataclass(frozen=True)
class _Density:
    """How much is told: lanes of each stance, lines of a reason, of the quote and of the whole words, and statuses."""

    lanes: int
    lines: int
    quote: int
    words: int
    statuses: int
    is_inline: bool = False
    """Whether the days of a status stand beside it, and else beneath it."""


AIRY = _Density(8, 8, 8, 16, 24)
TIGHTER = (
    _Density(4, 3, 2, 2, 24), _Density(3, 2, 2, 2, 24), _Density(2, 2, 1, 1, 24, True), _Density(1, 2, 1, 1, 24, True),
    *(_Density(1, 1, 0, 1, most, True) for most in (24, 12, 8, 6, 5, 4, 3, 2, 1)),
)  # fmt: skip
"""For slides and cards: the first that fits is taken."""


@dataclass(frozen=True)
class _Entry:
    """A status in the list beneath the axis: when it held and why; or what is missing, without a status."""

    spell: Spell | None
    label: list[str]
    when: list[str]
    text: list[str]
    gaps: list[str]
    top: float
    is_inline: bool

    @property
    def tall(self) -> float:
        """Give how many pixels it takes."""
        beside = 0 if self.is_inline else NOTE_LINE * len(self.when)
        words = LINE * len(self.text) + NOTE_LINE * len(self.gaps)
        return max(LINE * len(self.label) + beside, words) + (3 if self.is_inline else 8)


@dataclass(frozen=True)
class _Line:
    """A line over the axis, `y` pixels down."""

    text: str
    y: float
    is_bold: bool


@calls.records_its_call
def claim_card(
    ledger: Ledger,
    claim_id: str,
    *,
    span: tuple[Day, Day] | None = None,
    even: bool = False,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw one claim: who said it, what was held of it when and why, what speaks for and against it, and what is missing.

    A band for each status that it had; over it the evidence that supports the claim, under it what refutes it, then
    mixed evidence and context, each on the day on which its document was published, with the publisher's name where
    there is room. Beneath stand the reason for each status, what was looked for and not found, and what is missing.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claim_id : str
        Which claim.
    span : tuple of two days, optional
        The first and the last day shown, on an even axis. Otherwise all days are shown, and spans in which
        much or nothing happens get a scale of their own.
    even : bool
        One scale for all days, whatever happens when.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too, and so how much is told.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise the claim's words, which with another title stand beneath it.

    Returns
    -------
    altair.LayerChart
        Further layers can be added with `+=`; their days lie where ours do.

    Raises
    ------
    NotFound
        Where there is no claim of that id.
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.claim_card(fd.open("claims.csv"), "trump-positive-signals")
    >>> chart.title.text
    ['Russia has given positive signals about agreeing to a ceasefire.']
    """
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    claim = _claim(ledger, claim_id)
    days = _days(ledger, claim, span)
    if days is None:
        return canvas.empty(ledger, look, title)
    densities = TIGHTER if look.height else (AIRY,)
    sheets = (
        _drawn(ledger, claim, days, density, even=even or days.asked, look=look, title=title)
        for density in densities
    )
    return next(chart for chart in sheets if chart is not None)


def _claim(ledger: Ledger, claim_id: str) -> _Claim:
    """Gather all that the card tells of a claim."""
    row = chosen(ledger, [claim_id])
    spells = spells_of(ledger, row, ledger.intervals())[claim_id]
    evidence = evidence_of(documents(ledger, row)).get(claim_id, [])
    one = row.iloc[0]
    texts = {name: str(one[name]) for name in ("claim", "claimant", "quote")}
    made_on, role = dates(row["made_on"])[0], str(one["claimant_role"])
    missing = list(_missing(ledger, claim_id, spells, evidence, made_on))
    return _Claim(
        claim_id, spells=spells, evidence=evidence, made_on=made_on, role=role, missing=missing, **texts
    )


def _days(ledger: Ledger, claim: _Claim, span: tuple[Day, Day] | None) -> Window | None:
    """Choose the days that are shown, by the days on which something happens to the claim."""
    if span is not None:
        since = [spell.first for spell in claim.spells]
        return window(since, canvas.as_of(ledger), span, "days on which this claim has a status")
    return window(_happens(claim), canvas.as_of(ledger), span)


def _happens(claim: _Claim) -> list[date]:
    published = [piece.day for piece in claim.evidence if piece.day]
    return [*(spell.first for spell in claim.spells), *published]


def _missing(
    ledger: Ledger, claim_id: str, spells: Sequence[Spell], evidence: Sequence[Evidence], made_on: date | None
) -> Iterator[str]:
    """Say what a reader would ask for and does not find."""
    until = canvas.as_of(ledger)
    if spells and until and not spells[-1].status.settled:
        settled = [n for n, spell in enumerate(spells) if spell.status.settled]
        since = spells[settled[-1] + 1 if settled else 0].first
        waited = f", for {counted((until - since).days, 'day')}" if until > since else ""
        yield f"Open since {spoken_day(since)}{waited}."
    if made_on is None:
        yield "The day on which it was made is not known; the band begins when it was logged."
    if not evidence:
        yield "No evidence is attached."
        return
    stances = {piece.stance for piece in evidence}
    yield from (f"No evidence {stance} it." for stance in ("supports", "refutes") if stance not in stances)
    if undated := sum(piece.day is None for piece in evidence):
        many = counted(len(evidence), "piece")
        yield f"{number(undated)} of {many} of evidence {'is' if undated == 1 else 'are'} undated."
    bears = measures.publishers(ledger.where(claim_id=claim_id))
    speaks = set(bears["publisher"][bears["stance"] != "context"])
    if len(speaks) == 1 and "" not in speaks:
        yield "All that speaks for or against it comes from one publisher."
    given = ledger.statuses[ledger.statuses["claim_id"] == claim_id]
    given = given.sort_values(["holds_from", "recorded_at", "status_id"], kind="stable")
    if len(given) and spells[-1].status.settled and not given["evidence"].iloc[-1]:
        yield "Its latest status names no evidence on which it rests."


# --- laid out


def _entries(
    claim: _Claim, days: Window, density: _Density, width: float, first: str
) -> tuple[list[_Entry], float, int]:
    """Lay out the list of statuses and of what is missing; give it, the width of its first column, and who is left out."""
    held = claim.on(days)
    listed = held[-density.statuses :]
    heads = [(spell.status.label, spell.told()) for spell in listed]
    if density.is_inline:
        widest = max(
            text_width(label, TEXT_SIZE, bold=True) + 8 + text_width(when, NOTE_SIZE) for label, when in heads
        )
        column = min(CHIP + widest, 0.5 * width)
    else:
        widest = max(
            max(text_width(label, TEXT_SIZE, bold=True), text_width(when, NOTE_SIZE)) for label, when in heads
        )
        column = min(CHIP + widest, max(0.28 * width, 118))
    column = max(column, min(text_width(MISSING, TEXT_SIZE, bold=True), 0.28 * width))
    room = width - column - 14
    entries: list[_Entry] = []
    top = 0.0
    for spell, (label, when) in zip(listed, heads, strict=True):
        text = spell.why or (
            "No status was given yet." if spell.status.name == first else "No reason was given."
        )
        gaps = f"Not found, or would change it: {spell.gaps}" if spell.gaps else ""
        names = lines(label, column - CHIP, TEXT_SIZE, bold=True, most=1 if density.is_inline else 2)
        whens = lines(when, column - CHIP, NOTE_SIZE, most=1 if density.is_inline else 3)
        entries.append(
            _Entry(
                spell, names, whens, lines(text, room, TEXT_SIZE, most=density.lines),
                lines(gaps, room, NOTE_SIZE, most=density.lines) if gaps else [], top, density.is_inline,
            )
        )  # fmt: skip
        top += entries[-1].tall
    if claim.missing:
        names = lines(MISSING, column, TEXT_SIZE, bold=True, most=2)
        parts = [" ".join(claim.missing)] if density.is_inline else claim.missing
        told = [line for part in parts for line in lines(part, room, TEXT_SIZE, most=density.lines)]
        entries.append(_Entry(None, names, [], told, [], top, density.is_inline))
    return entries, column, len(held) - len(listed)


def _body(claim: _Claim, density: _Density, look: Look, title: str | None) -> tuple[list[_Line], float]:
    """Give what stands over the axis, and how tall it is: words that the title has no room for, and the quote."""
    width = look.width - 2 * MARGIN
    is_cut = len(lines(claim.claim, width, TITLE_SIZE, bold=True)) > 4
    words: list[str] = []
    quote: list[str] = []
    if title or (is_cut and not look.height):
        words = lines(claim.claim, width, TEXT_SIZE, bold=bool(title), most=density.words)
    if claim.quote and density.quote:
        quoted = f"“{claim.quote}”"
        quote = lines(quoted, width, TEXT_SIZE, most=density.quote)
    foot = LINE * len(words) + (5 if words else 0)
    told = [_Line(line, LINE * (n + 0.5), bool(title)) for n, line in enumerate(words)]
    told += [_Line(line, foot + LINE * (n + 0.5), False) for n, line in enumerate(quote)]
    height = foot + LINE * len(quote)
    return told, height + 6 if told else 0


def _drawn(
    ledger: Ledger,
    claim: _Claim,
    days: Window,
    density: _Density,
    *,
    even: bool,
    look: Look,
    title: str | None,
) -> alt.LayerChart | None:
    """Draw the card with so much on it; nothing where that has no room, unless no card could have less."""
    is_worded = look.width >= WORDED
    evidence = {stance: claim.shown(stance, days) for stance in STANCES}
    left, right = (MARGIN + room for room in evidence_lanes.room_beside(evidence, is_worded=is_worded))
    frame = Frame(look.width, left, right, 0)
    axis = time_axis(
        [day for day in _happens(claim) if days.first <= day <= days.last], days.last, frame.inner,
        even=even, start=days.first, ends=True,
    )  # fmt: skip
    sides, band, foot = laid_out(
        evidence, axis, density.lanes, band=BAND, beyond=right - MARGIN, is_worded=is_worded
    )
    width = look.width - 2 * MARGIN
    first = ledger.settings.vocabulary[0].name
    entries, column, left_out = _entries(claim, days, density, width, first)
    listed = foot + (12 if density.is_inline else 18)
    height = listed + sum(entry.tall for entry in entries)
    body, body_height = _body(claim, density, look, title)
    frame = Frame(look.width, left, right, 0, above=40 + body_height)
    said = _said(ledger, claim, days, axis, sides, left_out, look, title)
    room = canvas.height_left(said, ledger, look, above=frame.above)
    if room is not None and height > room and density is not TIGHTER[-1]:
        return None
    frame = Frame(look.width, left, right, round(max(height, room or 0), 3), frame.above)
    picks = canvas.picked("status")
    row = Row(claim, 0, band, foot, [], [], [])
    shown = statuses_of(ledger, [claim], days)
    start = MARGIN - left
    more = partial(_more, claim)
    layers = [
        *grid(axis, look, foot),
        *tracks([row], look, CARD),
        *bands([row], shown, days, axis, look, CARD, picks, more=more),
        *canvas.gaps(axis, look, foot),
        *_band_words(claim, days, axis, band, look),
        *evidence_lanes.drawn(claim, sides, axis, look),
        *evidence_lanes.gutter(sides, band + BAND / 2, start, look),
        *rules([listed - (6 if density.is_inline else 9)], look, frame),
        *_list(entries, listed, start, column, look, picks),
        *_over(body, start, -frame.above, look),
        *canvas.time_labels(axis, look, -6, above=True),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _more(claim: _Claim, spell: Spell) -> Record:
    return {"source": "", "gaps": spell.gaps}


# --- drawn


def _band_words(claim: _Claim, days: Window, axis: TimeAxis, top: float, look: Look) -> list[alt.Chart]:
    """Name the statuses in their bands, where there is room beside the sign."""
    rows: list[Record] = []
    for spell in claim.on(days):
        begin, end = axis.pieces(max(spell.first, days.first), min(spell.last or days.last, days.last))[0]
        if end - begin >= BAND + 4 + text_width(spell.status.label, NOTE_SIZE) + 4:
            colour, at = look.colour(spell.status), axis.moment_at(begin + 1)
            spot: Record = {"at": at, "y": top + BAND / 2, "text": spell.status.label}
            rows.append({**spot, "ink": look.ink_on(colour), "on": colour})
    return canvas.words(rows, x_of(axis), AT_Y, None, size=NOTE_SIZE, beside=BAND - 1)


def _list(
    entries: Sequence[_Entry], top: float, start: float, column: float, look: Look, picks: alt.Parameter
) -> list[alt.Chart]:
    """Set beneath the axis why each status was given, and what is missing; the colours can be picked."""
    swatches: list[Record] = []
    signs: list[Record] = []
    labels: list[Record] = []
    texts: list[Record] = []
    notes: list[Record] = []
    for entry in entries:
        y = top + entry.top + LINE / 2
        x = start + (CHIP if entry.spell else 0)
        if entry.spell:
            status = entry.spell.status
            swatches.append({"x": start + 6, "y": y, "colour": look.colour(status), "status": status.name})
            signs.append({"x": start + 22, "y": y, "sign": status.sign, "ink": look.ink})
        labels += [{"x": x, "y": y + LINE * n, "text": line} for n, line in enumerate(entry.label)]
        if entry.is_inline and entry.when:
            wide = text_width(entry.label[0], TEXT_SIZE, bold=True)
            notes.append({"x": x + wide + 8, "y": y, "text": entry.when[0]})
        else:
            foot = y + LINE * len(entry.label)
            notes += [{"x": x, "y": foot + NOTE_LINE * n, "text": line} for n, line in enumerate(entry.when)]
        right = start + column + 14
        texts += [{"x": right, "y": y + LINE * n, "text": line} for n, line in enumerate(entry.text)]
        foot = y + LINE * len(entry.text)
        notes += [{"x": right, "y": foot + NOTE_LINE * n, "text": line} for n, line in enumerate(entry.gaps)]
    return [
        *canvas.swatches(swatches, AT_X, AT_Y, look, picks),
        *canvas.signs(signs, AT_X, AT_Y, size=SIGN),
        *canvas.words(labels, AT_X, AT_Y, look.ink, bold=True),
        *canvas.words(texts, AT_X, AT_Y, look.ink),
        *canvas.words(notes, AT_X, AT_Y, look.muted, size=NOTE_SIZE),
        *canvas.column_targets(swatches, picks, alt.XValue(start - 4), alt.X2Value(start + column + 4)),
    ]


def _over(body: Sequence[_Line], start: float, top: float, look: Look) -> list[alt.Chart]:
    """Set the claim's words and its quote over the axis."""
    return [
        layer
        for is_bold in (True, False)
        for layer in canvas.words(
            [{"x": start, "y": top + line.y, "text": line.text} for line in body if line.is_bold == is_bold],
            AT_X, AT_Y, look.ink, bold=is_bold,
        )
    ]  # fmt: skip


# --- said


def _said(
    ledger: Ledger,
    claim: _Claim,
    days: Window,
    axis: TimeAxis,
    sides: Sequence[Side],
    left_out: int,
    look: Look,
    title: str | None,
) -> Words:
    """Say whose claim it is and what is held of it, and how to read the card."""
    now = claim.on(days)[-1]
    label = now.status.label[:1].upper() + now.status.label[1:]
    is_now = days.last == canvas.as_of(ledger)
    held = f"{label} {f'since {spoken_day(now.first)}' if is_now else f'on {spoken_day(days.last)}'}"
    stances = [piece.stance for piece in claim.evidence]
    base = "no evidence"
    if stances:
        many = (number(stances.count(stance)) for stance in ("supports", "refutes"))
        base = "{} of evidence: {} for, {} against".format(counted(len(stances), "piece"), *many)
    subtitle = f"{_ended(claim.byline())} {held}; {base}"
    if len(lines(subtitle, look.width - 2 * MARGIN, SUBTITLE_SIZE)) > 3:
        subtitle = f"{_ended(claim.byline(is_short=True))} {held}; {base}"
    told = []
    if any(side.count for side in sides):
        told.append("Evidence stands on its day of publication: over the band what supports the claim.")
    if any(len(mark.pieces) > 1 for side in sides for mark in side.marks):
        told.append("A number beside a sign: so many documents, from that day on.")
    if outside := len(claim.evidence) - sum(side.count for side in sides):
        told.append(f"Evidence published on other days, and not drawn: {counted(outside, 'piece')}.")
    if left_out:
        told.append(f"Earlier statuses that are not listed: {number(left_out)}.")
    told.append(axis.told())
    return Words(
        title or claim.claim,
        subtitle,
        " ".join(filter(None, told)),
        _description(claim, days, f"{held}; {base}."),
    )


def _description(claim: _Claim, days: Window, found: str) -> str:
    """Tell the whole card in words."""
    told = [f"{_ended(claim.claim)} {_ended(claim.byline())}"]
    if claim.quote:
        told.append(_ended(f"In the claimant’s words: “{claim.quote}”"))
    told.append(found)
    for spell in claim.on(days)[-MOST_TOLD:]:
        gaps = f" Not found, or would change it: {_ended(spell.gaps)}" if spell.gaps else ""
        why = f": {_ended(spell.why)}" if spell.why else "."
        told.append(f"{spell.status.label} {spell.told()}{why}{gaps}")
    for stance in STANCES:
        own = claim.shown(stance, days)
        if own:
            some = [
                f"{piece.source or 'not named'} ({spoken_day(piece.day) if piece.day else UNDATED})"
                for piece in own[:MOST_TOLD]
            ]
            more = f" and {number(len(own) - MOST_TOLD)} more" if len(own) > MOST_TOLD else ""
            told.append(f"Evidence, {stance}: {'; '.join(some)}{more}.")
    if claim.missing:
        told.append(f"{MISSING}: {' '.join(claim.missing)}")
    return " ".join(told)


def _ended(words: str) -> str:
    """End words with a full stop, where they have no end."""
    return words if words.endswith((".", "!", "?", "…", "。", "؟")) else f"{words}."
