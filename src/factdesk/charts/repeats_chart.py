"""The chart of how often each claim was made, over what was held of it on those days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_Y, MARGIN, TEXT_SIZE, Frame, Key, Look, Words, x_of
from factdesk.charts.claim_rows import (
    CLOSE,
    NAME_SHARE,
    NOTE_SIZE,
    ROOMY,
    Claim,
    Day,
    Density,
    Record,
    Row,
    bands,
    chosen,
    claim_words,
    dates,
    grid,
    run_in,
    spells_of,
    statuses_of,
    tracks,
)
from factdesk.charts.timeaxis import TimeAxis, Window, time_axis, window
from factdesk.charts.typeset import lines, text_width
from factdesk.formats import all_of, counted, none_of, number, spoken_day, spoken_days

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("claim_id", "claimant", "claim", "what", "value", "from", "until", "by")
MOST_TOLD = 12
"""Claims that the text alternative tells one by one."""
MOST_CLAIMS, MOST_ROOMY = 60, 30
"""Rows drawn where the height is open, and up to how many stand far apart."""
AIRY, NARROW = replace(ROOMY, most_lanes=6), replace(CLOSE, most_lines=3)
MADE, AFTER = "▽", "▼"
BY_LINES = 3
"""Lines of who made a claim, where rows stand far apart."""
TEXT_LEFT, SIGN_LEFT = 26, 18
"""Pixels right of the drawing at which the words beside the rows begin, and where a sign before them stands."""


@dataclass(frozen=True)
class _Time:
    """One time that a claim was made; without a day where it is not known."""

    by: str
    day: date | None
    is_first: bool
    is_after: bool
    held: str
    days_since: int

    def told(self) -> str:
        if self.is_after:
            return f"again, {counted(self.days_since, 'day')} after it was refuted"
        return "the first time" if self.is_first else "again"


@dataclass(frozen=True)
class _Claim(Claim):
    """A claim with each time that it was made."""

    times: list[_Time]

    @property
    def after(self) -> int:
        return sum(time.is_after for time in self.times)

    @property
    def undated(self) -> int:
        return sum(time.day is None for time in self.times)

    def made_by(self) -> list[tuple[str, int]]:
        """Give who made it how often, the most frequent first."""
        return Counter(time.by for time in self.times).most_common()


@dataclass(frozen=True, kw_only=True)
class _Row(Row):
    """A row, with who made its claim, in lines."""

    claim: _Claim
    by: list[str]


@calls.records_its_call
def repeats(
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
    """Draw each time that a claim was made over what was held of it that day: is it repeated after it was refuted?

    A row for each claim that was made more than once, most often after its refutation first, and at most 60. A repetition counts
    as made after it where the claim was held to be refuted on its day and since an earlier one
    (`factdesk.measures.repeats`). A time of which the day is not known is counted beside the row: it is never
    held to be after a refutation.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claims : str or sequence of str, optional
        Ids of the claims drawn, repeated or not; all that were made more than once where none are given.
    span : tuple of two days, optional
        The first and the last day shown, on an even axis; times on other days are not counted, and claims that are
        not known to have been made in those days are left out. Otherwise all days are shown, and spans in which
        much or nothing happens get a scale of their own.
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
        Otherwise how many repetitions came after a refutation.

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
    >>> chart = fd.charts.repeats(fd.open("claims.csv"))
    >>> chart.title.text
    ['None of 12 repetitions is known to have come after a refutation']
    """
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    rows = chosen(ledger, claims)
    asked = None
    if span is not None:
        spells = ledger.intervals()
        held = spells["start"][spells["claim_id"].isin(rows["claim_id"])].drop_duplicates()
        asked = window([day for day in dates(held) if day], canvas.as_of(ledger), span)
    times = _times(ledger, rows, asked, every=claims is not None)
    ranked = _ranked(times)
    if ranked.empty:
        lacks = canvas.none_chosen(ledger)
        if not rows.empty:
            none = canvas.none_in(ledger, "repetitions", asked) if asked else None
            lacks = none or canvas.none_yet(ledger, "repetitions")
        return canvas.empty(ledger, look, title, lacks)
    gathered = _claims(ledger, rows, times, ranked.index[:MOST_CLAIMS])
    sheets = (
        _drawn(ledger, gathered[:many], ranked, look, span, even=even, title=title)
        for many in range(_at_most(gathered, look), 0, -1)
    )
    return next(chart for chart in sheets if chart is not None)


def _times(ledger: Ledger, claims: pd.DataFrame, days: Window | None, *, every: bool) -> pd.DataFrame:
    """Give the times that claims were made, in those days or on days not known; all claims, or those repeated."""
    times = measures.repeats(ledger)
    times = times[times["claim_id"].isin(claims["claim_id"])]
    if days:
        seen = times["day"].between(pd.Timestamp(days.first), pd.Timestamp(days.last))
        times = times[seen | ~times["is_dated"]]
        # Times of which no day is known say nothing of those days by themselves.
        times = times[times["is_dated"].groupby(times["claim_id"]).transform("any")]
    if every:
        return times
    return times[times["claim_id"].isin(times["claim_id"][~times["first"]])]


def _ranked(times: pd.DataFrame) -> pd.DataFrame:
    """Count for each claim; those most often made after a refutation first, then those most often made."""
    by_claim = times.groupby("claim_id", sort=False)
    totals = pd.DataFrame({"made": by_claim.size(), "after": by_claim["after_refuted"].sum()})
    totals["again"] = totals["made"] - by_claim["first"].sum()
    return totals.sort_values(["after", "made"], ascending=False, kind="stable")


def _claims(ledger: Ledger, rows: pd.DataFrame, times: pd.DataFrame, ids: pd.Index) -> list[_Claim]:
    """Gather what is drawn of some claims, in the order of their ids."""
    rows = rows.set_index("claim_id", drop=False).loc[ids]
    times = times[times["claim_id"].isin(ids)]
    had = spells_of(ledger, rows, ledger.intervals())
    label = {status.name: status.label for status in ledger.settings.vocabulary}
    made: dict[str, list[_Time]] = {}
    for claim_id, by, day, is_dated, first, after, status, since in zip(
        times["claim_id"], times["claimant"], dates(times["day"]), times["is_dated"], times["first"],
        times["after_refuted"], times["status"], times["days_since"].fillna(0), strict=True,
    ):  # fmt: skip
        held = label.get(status, "nothing yet")
        one = _Time(by, day if is_dated else None, bool(first), bool(after), held, int(since))
        made.setdefault(claim_id, []).append(one)
    return [
        _Claim(claim_id, claim, claimant, had[claim_id], made[claim_id])
        for claim_id, claim, claimant in zip(rows["claim_id"], rows["claim"], rows["claimant"], strict=True)
    ]


def _at_most(claims: Sequence[_Claim], look: Look) -> int:
    """Give how many rows may fit, at their lowest."""
    if look.height is None:
        return len(claims)
    return min(len(claims), int(look.height / (NARROW.band + NARROW.lane + NARROW.air)))


def _drawn(
    ledger: Ledger,
    claims: Sequence[_Claim],
    ranked: pd.DataFrame,
    look: Look,
    span: tuple[Day, Day] | None,
    *,
    even: bool,
    title: str | None,
) -> alt.LayerChart | None:
    """Draw some claims; nothing where they have no room, unless it is one."""
    happens = [spell.first for claim in claims for spell in claim.spells]
    happens += [time.day for claim in claims for time in claim.times if time.day]
    days = window(happens, canvas.as_of(ledger), span)
    if days is None:
        return canvas.empty(ledger, look, title, canvas.none_yet(ledger, "repetitions"))
    shown = statuses_of(ledger, claims, days)
    roomy = len(claims) <= MOST_ROOMY and look.height is None
    density = AIRY if roomy else NARROW
    beside = max(
        max(text_width(counted(len(claim.times), "time"), TEXT_SIZE, bold=True) for claim in claims) - 12,
        max(text_width(_after(claim), TEXT_SIZE) for claim in claims),
        max(text_width(note, NOTE_SIZE) for note in ("888 unmarked", "")) - 12,
    )
    words_width = min(max(look.width * (0.33 if roomy else 0.37), 120), 330)
    frame = Frame(look.width, MARGIN + words_width + 12, TEXT_LEFT + beside + MARGIN, 0)
    busy = [spell.first for claim in claims for spell in claim.on(days)]
    busy += [time.day for claim in claims for time in claim.times if time.day]
    axis = time_axis(
        [day for day in busy if day >= days.first], days.last, frame.inner, even=even or days.asked,
        start=days.first, ends=True,
    )  # fmt: skip
    picks = canvas.picked("status")
    groups = [
        ("Status", [Key(status.label, status.sign, look.colour(status), status.name) for status in shown]),
        (
            "Claim",
            [Key("made", MADE), *([Key("made again after it was refuted", AFTER)] * _any_after(claims))],
        ),
    ]
    _, key_height = canvas.key(groups, look, 0, 0, look.width - 2 * MARGIN, picks)
    frame = replace(frame, above=key_height + 40)
    rows = list(_rows(claims, axis, words_width, density))
    said = _said(ledger, rows, ranked, days, axis, title)
    room = canvas.height_left(said, ledger, look, above=frame.above)
    height = rows[-1].bottom
    if room is not None:
        if height > room and len(claims) > 1:
            return None
        spread = min(max(room - height, 0) / len(rows), 14)
        rows = list(_rows(claims, axis, words_width, replace(density, air=density.air + spread)))
        height = max(height, room)
    is_tall = height > 420
    frame = replace(frame, height=height, below=32 if is_tall else 0)
    key, _ = canvas.key(groups, look, MARGIN - frame.left, 6 - frame.above, look.width - 2 * MARGIN, picks)
    layers = [
        *([] if roomy else grid(axis, look, rows[-1].bottom)),
        *tracks(rows, look, density),
        *bands(rows, shown, days, axis, look, density, picks, more={"by": ""}),
        *canvas.gaps(axis, look, height),
        *_marks(rows, axis, look, density),
        *claim_words(rows, look, frame, density),
        *_beside(rows, look, frame, density),
        *key,
        *canvas.time_labels(axis, look, -6, above=True),
        *(canvas.time_labels(axis, look, height) if is_tall else []),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _any_after(claims: Sequence[_Claim]) -> bool:
    return any(claim.after for claim in claims)


def _after(claim: _Claim) -> str:
    return f"{number(claim.after)} after" if claim.after else ""


def _rows(claims: Sequence[_Claim], axis: TimeAxis, width: float, density: Density) -> Iterator[_Row]:
    """Lay the claims out from top to bottom: the times they were made on top of their bands."""
    top = 0.0
    said = [
        (claim.claim_id, _names(claim, width, density) if density.is_close else "", claim.claim)
        for claim in claims
    ]
    told = run_in(said, width, density.text, density.most_lines)
    for claim, words in zip(claims, told, strict=True):
        by = [] if density.is_close else _by(claim, width)
        placed, lanes = _placed(claim, axis, density)
        band = top + density.lane * lanes + (2 if lanes else 0)
        marks = [{**mark, "y": band - 1 - density.lane * (float(str(mark["lane"])) + 0.5)} for mark in placed]
        notes = _notes(claim, sum(time.day is not None for time in claim.times) - len(marks), density)
        tallest = max(
            density.line * len(words) + 13 * len(by),
            band - top + density.band,
            density.line * (1 + bool(claim.after)) + 13 * len(notes),
        )
        bottom = top + tallest + density.air
        yield _Row(
            top=top, band=band, bottom=bottom, words=words, marks=marks, notes=notes, claim=claim, by=by
        )
        top = bottom


def _names(claim: _Claim, width: float, density: Density) -> str:
    """Give who made a claim, where there is little room; a long name leaves some to how many others did."""
    first, *others = [name for name, _ in claim.made_by()]
    told = _and([first, *others], 2 if len(others) == 1 else 1)
    room = NAME_SHARE * width * density.most_lines
    if len(lines(f"{told}: {claim.claim}", width, density.text)) <= density.most_lines:
        return told
    rest = told.removeprefix(first)
    left = room - text_width(rest, density.text)
    is_long = rest and left > room / 3 and text_width(told, density.text) > room
    return lines(first, left, density.text, most=1)[0] + rest if is_long else told


def _placed(claim: _Claim, axis: TimeAxis, density: Density) -> tuple[list[Record], int]:
    """Give a mark for each time, and how many lanes they take; those after a refutation have room first."""
    lanes: list[list[float]] = []
    marks: list[Record] = []
    full: set[float] = set()
    for time in sorted(claim.times, key=lambda time: not time.is_after):
        if time.day is None:
            continue
        place = axis.place(time.day) + axis.scale_on(time.day) / 2
        if place in full:
            continue
        free = (n for n, lane in enumerate(lanes) if all(abs(place - at) >= density.lane for at in lane))
        lane = next(free, len(lanes))
        if lane >= density.most_lanes:
            full.add(place)
            continue
        lanes[lane:] = [[*(lanes[lane] if lane < len(lanes) else []), place], *lanes[lane + 1 :]]
        marks.append(
            {
                **claim.said(), "what": "made", "from": time.day.isoformat(), "until": time.day.isoformat(),
                "value": "after refuted" if time.is_after else "first" if time.is_first else "again",
                "by": time.by, "at": axis.moment_at(place), "lane": lane, "when": spoken_day(time.day),
                "sign": AFTER if time.is_after else MADE, "how": time.told(), "held": time.held,
            }
        )  # fmt: skip
    return marks, len(lanes)


def _notes(claim: _Claim, no_room: int, density: Density) -> list[str]:
    """Say how many times have no mark; close rows have room for one number only."""
    notes = [
        f"{number(many)} {word}" for many, word in ((claim.undated, "undated"), (no_room, "unmarked")) if many
    ]
    if density.is_close and len(notes) > 1:
        return [f"{number(claim.undated + no_room)} unmarked"]
    return notes


def _and(names: Sequence[str], most: int) -> str:
    """Name some, and how many others there are."""
    others = len(names) - most
    if others > 0:
        return f"{', '.join(names[:most])} and {counted(others, 'other')}"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _people(claim: _Claim, most: int) -> str:
    """Say who made a claim, and where it were several how often each."""
    people = claim.made_by()
    if len(people) == 1:
        return people[0][0]
    return _and([f"{name} ({number(often)})" for name, often in people], most)


def _by(claim: _Claim, width: float) -> list[str]:
    """Name as many of those who made a claim as have room in three lines, and say how many others did."""
    told = ""
    for most in (3, 2, 1):
        told = _people(claim, most)
        named = lines(told, width, NOTE_SIZE)
        if len(named) <= BY_LINES:
            return named
    # Not even one name has: what is said behind it stays whole.
    first = claim.made_by()[0][0]
    rest = lines(told.removeprefix(first), width, NOTE_SIZE)
    name = lines(first, width, NOTE_SIZE, most=max(BY_LINES - len(rest), 1))
    return [*name, *(rest if any(rest) else [])][:BY_LINES]


def _marks(rows: Sequence[_Row], axis: TimeAxis, look: Look, density: Density) -> list[alt.Chart]:
    """Draw a pin for each time on top of the band; those after a refutation are filled, and larger."""
    tooltip = [
        alt.Tooltip("claim:N", title="Claim"), alt.Tooltip("by:N", title="Made by"),
        alt.Tooltip("when:N", title="When"), alt.Tooltip("how:N", title="How"),
        alt.Tooltip("held:N", title="Held that day"),
    ]  # fmt: skip
    layers = []
    for sign, ink, size in ((MADE, look.ink, density.lane), (AFTER, look.ink, density.lane * 1.2)):
        marks = [{**mark, "ink": ink} for row in rows for mark in row.marks if mark["sign"] == sign]
        layers += canvas.signs(marks, x_of(axis), AT_Y, size=size)
    return [canvas.told(layer.encode(tooltip=tooltip), "claim", "by", "how", "when") for layer in layers]


def _beside(rows: Sequence[_Row], look: Look, frame: Frame, density: Density) -> list[alt.Chart]:
    """Set who made the claims under their words, and beside the rows how often, and how often after a refutation."""
    by: list[Record] = []
    totals: list[Record] = []
    signs: list[Record] = []
    after: list[Record] = []
    notes: list[Record] = []
    for row in rows:
        claim, y = row.claim, row.top + density.band / 2
        under = y + density.line * (len(row.words) - 1) + 14
        by += [{"y": under + 13 * n, "text": line} for n, line in enumerate(row.by)]
        dated = sorted(time.day for time in claim.times if time.day)
        totals.append(
            {
                **claim.said(), "what": "times made", "value": str(len(claim.times)), "y": y,
                "from": dated[0].isoformat() if dated else "", "until": dated[-1].isoformat() if dated else "",
                "by": _people(claim, len(claim.times)), "text": counted(len(claim.times), "time"),
            }
        )  # fmt: skip
        if claim.after:
            y += density.line
            signs.append({"y": y, "sign": AFTER, "ink": look.ink})
            after.append({"y": y, "text": _after(claim)})
        notes += [{"y": y + density.line + 13 * n, "text": note} for n, note in enumerate(row.notes)]
    start = canvas.from_right(TEXT_LEFT - 12)
    return [
        *canvas.words(by, canvas.from_left(MARGIN - frame.left), AT_Y, look.muted, size=NOTE_SIZE),
        *canvas.words(totals, start, AT_Y, look.ink, bold=True),
        *canvas.signs(signs, canvas.from_right(SIGN_LEFT), AT_Y, size=9),
        *canvas.words(after, canvas.from_right(TEXT_LEFT), AT_Y, look.ink),
        *canvas.words(notes, start, AT_Y, look.muted, size=NOTE_SIZE),
    ]


def _said(
    ledger: Ledger,
    rows: Sequence[_Row],
    ranked: pd.DataFrame,
    days: Window,
    axis: TimeAxis,
    title: str | None,
) -> Words:
    """Say how many repetitions came after a refutation, of how many claims, and how to read it."""
    again, after = int(ranked["again"].sum()), int(ranked["after"].sum())
    refuting = measures.refuting(ledger.settings)
    label = {status.name: status.label for status in ledger.settings.vocabulary}
    repeated = int((ranked["again"] > 0).sum())
    total = len(ledger.claims)
    many = f"{number(repeated)} of {counted(total, 'claim')}" if total > 1 else "The only claim"
    base = f"{many} {'was' if repeated == 1 else 'were'} made again, {days.told()}"
    if len(rows) < len(ranked):
        most = "most often made again after a refutation" if after else "most often made"
        base += f"; {number(len(rows))} of {number(len(ranked))} are shown, those {most}"
    notes = {note.rpartition(" ")[2] for row in rows for note in row.notes}
    told = []
    if refuting:
        words = " or ".join(f"“{label[name]}”" for name in refuting)
        told.append(f"After a refutation: {words} held that day, and since an earlier one.")
    else:
        told.append("No status of this ledger's refutes a claim: none is rated below 3 of 5 and settles it.")
    if "undated" in notes:
        told.append("“Undated”: the day is not known, nor whether it came after a refutation.")
    if "unmarked" in notes:
        told.append("“Unmarked”: times counted without a mark: undated, or without room for one.")
    told.append(axis.told())
    return Words(
        title or _headline(again, after, repeated, bool(refuting)),
        base,
        " ".join(filter(None, told)),
        _description([row.claim for row in rows], base, again, after),
    )


def _headline(again: int, after: int, claims: int, is_refutable: bool) -> str:
    if not is_refutable or not again:
        return (
            f"{counted(again, 'repetition')} of {counted(claims, 'claim')}"
            if again
            else "No claim was made again"
        )
    if not after:
        none = (
            "The only repetition is not" if again == 1 else f"{none_of(again, 'repetition').capitalize()} is"
        )
        return f"{none} known to have come after a refutation"
    if after == again:
        return f"{all_of(again, 'repetition').capitalize()} came after the claim was refuted"
    return f"{number(after)} of {number(again)} repetitions came after the claim was refuted"


def _description(claims: Sequence[_Claim], base: str, again: int, after: int) -> str:
    """Tell in words how often each claim was made, and by whom; of many claims the first."""
    told = [f"{base}. {counted(again, 'repetition')}, {number(after)} after a refutation."]
    for claim in claims[:MOST_TOLD]:
        dated = sorted(time.day for time in claim.times if time.day)
        when = f", {spoken_days(dated[0], dated[-1])}" if dated else ""
        parts = [f"made {counted(len(claim.times), 'time')}{when}", f"by {_people(claim, 6)}"]
        if claim.after:
            parts.append(f"{number(claim.after)} after it was refuted")
        if claim.undated:
            parts.append(f"{number(claim.undated)} of unknown day")
        told.append(f"{claim.claim} {'; '.join(parts)}.")
    if len(claims) > MOST_TOLD:
        told.append(f"And {counted(len(claims) - MOST_TOLD, 'more claim')}.")
    return " ".join(told)
