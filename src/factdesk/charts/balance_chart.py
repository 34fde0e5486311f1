"""The chart of what speaks for each claim, and what against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_X, AT_Y, MARGIN, TEXT_SIZE, Frame, Key, Look, Words
from factdesk.charts.claim_rows import MOST_CLAIMS, Record, chosen, run_in
from factdesk.charts.typeset import text_width
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.schema import STANCE_SIGNS, STANCES, Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("claim_id", "claimant", "claim", "status", "stance", "pieces", "graded", "weight")
BY_GRADE = (*COLUMNS[:5], "reliability", "credibility", *COLUMNS[5:])
MOST_TOLD = 12
"""Claims that the text alternative tells one by one."""
NARROW = 560
"""Pixels of a picture's width under which words stand over their bars."""
LINE, CHIP, HEAD = 15, 22, 18
"""Pixels of a line of words, of the sign before them, and of the words over the drawing."""
GAP, LABEL, APART = 2, 6, 14
"""Pixels between a bar and the line it begins from, between a bar and its number, and between columns."""
MOST_UNIT = 34
"""Pixels of one piece of evidence, at most."""
GRADE_SIZE = 10
FAINTEST, STRONGEST = 0.08, 0.85
"""How much of the ink is mixed into the ground for a piece that weighs nothing, and for one that weighs 1."""


@dataclass(frozen=True)
class _Density:
    """How close rows stand: pixels of a bar and of air, and how many lines the words may have."""

    bar: float
    air: float
    most_lines: int


DENSITIES = (_Density(24, 18, 4), _Density(18, 14, 4), _Density(15, 9, 2), _Density(12, 6, 1))


@dataclass(frozen=True)
class _Part:
    """Pieces of evidence of one stance, and where they are split by grade of one pair of grades."""

    pieces: int
    graded: int
    weight: float
    reliability: str = ""
    credibility: str = ""

    @property
    def grade(self) -> str:
        """Give both grades as the Admiralty code writes them, `?` in place of one that is lacking."""
        both = self.reliability + self.credibility
        return f"{self.reliability or '?'}{self.credibility or '?'}" if both else ""

    def told(self) -> str:
        """Say what it weighs."""
        if not self.graded:
            return "not graded"
        weighs = f"weighs {number(self.weight, 2)}"
        return weighs if self.graded == self.pieces else f"{weighs}, {number(self.graded)} graded"


@dataclass(frozen=True)
class _Claim:
    """A claim with its evidence by stance."""

    claim_id: str
    claim: str
    claimant: str
    status: Status | None
    parts: dict[str, list[_Part]] = field(default_factory=dict)

    def pieces(self, stance: str) -> int:
        """Count the pieces of a stance."""
        return sum(part.pieces for part in self.parts.get(stance, ()))

    def said(self) -> Record:
        """Give what each mark of it says of it."""
        return {
            "claim_id": self.claim_id, "claimant": self.claimant, "claim": self.claim,
            "status": self.status.name if self.status else "",
        }  # fmt: skip


@dataclass(frozen=True)
class _Row:
    """Where a claim stands in the drawing."""

    claim: _Claim
    words: list[str]
    top: float
    bar: float
    bottom: float


@dataclass(frozen=True)
class _Columns:
    """Where the columns of the stances begin, from the drawing's left edge, and pixels of a piece."""

    axis: float
    mixed: float
    context: float
    unit: float

    def span(self, stance: str, done: int, pieces: int) -> tuple[float, float]:
        """Give from where to where some pieces reach, after those that are placed already."""
        base, way = {"refutes": (self.axis, -1), "supports": (self.axis, 1)}.get(stance, (self.mixed, 1))
        ends = (base + way * (GAP + self.unit * done), base + way * (GAP + self.unit * (done + pieces)))
        return round(min(ends), 3), round(max(ends), 3)


@calls.records_its_call
def evidence_balance(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    *,
    by: str = "count",
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw the evidence for, against and mixed of each claim: how much speaks for it, how much against?

    A row for each claim, that of most evidence first. Evidence that refutes lies left of a line, evidence that
    supports right of it, mixed evidence on a line of its own; the number of pieces stands beside each bar.
    Context speaks neither way and is only counted. Before each claim stands its latest status, which the evidence
    may or may not bear out.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claims : str or sequence of str, optional
        Ids of the claims drawn; all where none are given.
    by : {"count", "grade"}, default "count"
        One bar for each stance, or split by the grades of the Admiralty code (source A to F, information 1 to 6):
        what weighs more is stronger and nearer the line (`factdesk.measures.evidence_balance`), what is not
        graded is empty.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too, and so how many claims fit.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise how many claims have evidence both for and against them.

    Returns
    -------
    altair.LayerChart
        A row for each claim, a bar in it for each stance.

    Raises
    ------
    NotFound
        Where there is no claim of an id.
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.evidence_balance(fd.open("claims.csv"))
    >>> chart.title.text
    ['4 of 22 claims have evidence both for and against them; 13 only for, 1 only against']
    """
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    balance = measures.evidence_balance(ledger, by)
    asked = chosen(ledger, claims)
    if asked.empty:
        return canvas.empty(ledger, look, title, canvas.none_chosen(ledger))
    balance = balance[balance["claim_id"].isin(asked["claim_id"])]
    if not balance["pieces"].any():
        lacks = canvas.none_yet(ledger, "evidence")
        if claims is not None:
            one = "claim" if len(asked) == 1 else "claims"
            lacks = (f"No evidence is attached to the {one} asked for", lacks[1])
        return canvas.empty(ledger, look, title, lacks)
    counts = _counts(balance, asked)
    gathered = _gathered(ledger, asked, balance, counts.index[: _at_most(len(counts), look)])
    sheets = (
        _drawn(ledger, gathered[:many], counts, look, by=by, title=title)
        for many in range(len(gathered), 0, -1)
    )
    return next(chart for chart in sheets if chart is not None)


def _counts(balance: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Count the pieces of each stance (columns) by claim; those of most evidence first, context counting last."""
    counts = balance.groupby(["claim_id", "stance"], observed=False)["pieces"].sum().unstack(fill_value=0)
    counts = counts.reindex(asked["claim_id"], fill_value=0)
    bears = counts[["supports", "refutes", "mixed"]].sum(axis=1)
    order = pd.DataFrame({"bears": bears, "context": counts["context"]})
    return counts.loc[order.sort_values(["bears", "context"], ascending=False, kind="stable").index]


def _gathered(ledger: Ledger, asked: pd.DataFrame, balance: pd.DataFrame, ids: pd.Index) -> list[_Claim]:
    """Gather what is drawn of some claims, in the order of their ids."""
    asked = asked.set_index("claim_id").loc[ids]
    held = ledger.status_on().set_index("claim_id")["status"].reindex(ids)
    of_name = {status.name: status for status in ledger.settings.vocabulary}
    parts: dict[str, dict[str, list[_Part]]] = {claim_id: {} for claim_id in ids}
    rows = balance[balance["claim_id"].isin(ids) & (balance["pieces"] > 0)]
    grades = [
        rows[name].astype(object).where(rows[name].notna(), "") if name in rows else [""] * len(rows)
        for name in ("reliability", "credibility")
    ]
    for claim_id, stance, pieces, graded, weight, letter, digit in zip(
        rows["claim_id"], rows["stance"], rows["pieces"], rows["graded"], rows["weight"], *grades, strict=True
    ):
        part = _Part(int(pieces), int(graded), round(float(weight), 4), str(letter), str(digit))
        parts[claim_id].setdefault(stance, []).append(part)
    for own in parts.values():
        for of_stance in own.values():
            of_stance.sort(key=lambda part: (not part.graded, -part.weight / part.pieces, part.grade))
    return [
        _Claim(claim_id, claim, claimant, of_name.get(status), parts[claim_id])
        for claim_id, claim, claimant, status in zip(
            ids, asked["claim"], asked["claimant"], held, strict=True
        )
    ]


def _at_most(count: int, look: Look) -> int:
    """Give how many rows may fit, at their lowest."""
    if look.height is None:
        return min(count, MOST_CLAIMS)
    return max(1, min(count, int(look.height / (LINE + DENSITIES[-2].air))))


def _drawn(
    ledger: Ledger,
    claims: Sequence[_Claim],
    counts: pd.DataFrame,
    look: Look,
    *,
    by: str,
    title: str | None,
) -> alt.LayerChart | None:
    """Draw some claims; nothing where so many have no room, unless it is one."""
    is_narrow = look.width < NARROW
    words_width = (
        look.width - 2 * MARGIN - CHIP if is_narrow else min(max(0.42 * look.width - CHIP, 200), 420)
    )
    frame = Frame(look.width, MARGIN if is_narrow else MARGIN + CHIP + words_width + 12, MARGIN, 0)
    columns = _columns(claims, frame.inner)
    shown = _shown(ledger, claims)
    picks = canvas.picked("status")
    groups = [("Status", [Key(one.label, one.sign, look.colour(one), one.name) for one in shown])]
    _, key_height = canvas.key(groups, look, 0, 0, look.width - 2 * MARGIN, picks)
    frame = Frame(look.width, frame.left, MARGIN, 0, above=key_height + HEAD + 12)
    said = _said(ledger, claims, counts, by=by, title=title)
    room = canvas.height_left(said, ledger, look, above=frame.above)
    laid = _laid(claims, words_width, is_narrow, room)
    if laid is None:
        return None
    rows, density = laid
    height = round(max(rows[-1].bottom, room or 0), 3)
    frame = Frame(look.width, frame.left, MARGIN, height, frame.above)
    key, _ = canvas.key(groups, look, MARGIN - frame.left, 6 - frame.above, look.width - 2 * MARGIN, picks)
    layers = [
        *_lines(rows, columns, density, frame, look, is_narrow=is_narrow),
        *_bars(rows, columns, density, look, picks, is_split=by == "grade"),
        *_numbers(rows, columns, density, look, BY_GRADE if by == "grade" else COLUMNS),
        *_heads(columns, look),
        *_words(rows, frame, density, look, picks, is_narrow=is_narrow),
        *key,
    ]
    return canvas.composed(layers, said, ledger, look, frame, BY_GRADE if by == "grade" else COLUMNS)


def _shown(ledger: Ledger, claims: Sequence[_Claim]) -> list[Status]:
    held = {claim.status.name for claim in claims if claim.status}
    return [status for status in ledger.settings.vocabulary if status.name in held]


def _columns(claims: Sequence[_Claim], width: float) -> _Columns:
    """Place the columns: a piece of evidence is as wide in each, and as wide as there is room for."""
    most = {stance: max(claim.pieces(stance) for claim in claims) for stance in STANCES}
    digits = {stance: text_width(number(most[stance]), TEXT_SIZE, bold=True) for stance in STANCES}
    heads = {stance: 14 + text_width(stance, TEXT_SIZE) + LABEL for stance in STANCES}

    def room(unit: float) -> dict[str, float]:
        return {
            stance: max(heads[stance], unit * most[stance] + GAP + 2 * LABEL + digits[stance])
            for stance in ("refutes", "supports", "mixed")
        }

    left_over = width - heads["context"] - 2 * APART
    low, high = 0.0, float(MOST_UNIT)
    if sum(room(high).values()) > left_over:
        for _ in range(24):
            middle = (low + high) / 2
            low, high = (middle, high) if sum(room(middle).values()) <= left_over else (low, middle)
    else:
        low = high
    wide = room(low)
    axis = wide["refutes"]
    mixed = axis + wide["supports"] + APART
    return _Columns(axis, mixed, mixed + wide["mixed"] + APART, low)


def _laid(
    claims: Sequence[_Claim], width: float, is_narrow: bool, room: float | None
) -> tuple[list[_Row], _Density] | None:
    """Lay rows out as airy as their number, or the room that there is, lets them be."""
    if room is None:
        density = DENSITIES[1 if len(claims) <= 30 else 2 if len(claims) <= 80 else 3]
        return list(_rows(claims, width, density, is_narrow)), density
    # Fewer claims that can be read to their end are better than more of which only the beginning is seen.
    for density in DENSITIES[:-1]:
        rows = list(_rows(claims, width, density, is_narrow))
        if rows[-1].bottom <= room:
            break
    else:
        if len(claims) > 1:
            return None
    spread = min(max(room - rows[-1].bottom, 0) / len(rows), 16)
    return list(_rows(claims, width, density, is_narrow, spread)), density


def _rows(
    claims: Sequence[_Claim], width: float, density: _Density, is_narrow: bool, spread: float = 0
) -> Iterator[_Row]:
    """Lay the rows out from top to bottom: words beside the bars, or over them."""
    air = density.air + spread
    top = air / 2
    told = [(claim.claim_id, claim.claimant, claim.claim) for claim in claims]
    for claim, words in zip(claims, run_in(told, width, TEXT_SIZE, density.most_lines), strict=True):
        tall = LINE * len(words)
        if is_narrow:
            bar = top + tall + 3
            bottom = bar + density.bar
        else:
            bottom = top + max(tall, density.bar)
            bar = (top + bottom - density.bar) / 2
        yield _Row(claim, words, top, bar, bottom + air / 2)
        top = bottom + air


def _lines(
    rows: Sequence[_Row], columns: _Columns, density: _Density, frame: Frame, look: Look, *, is_narrow: bool
) -> list[alt.Chart]:
    """Draw a faint line under each row but the last, and those from which bars begin."""
    layers = []
    if len(rows) > 1:
        rule = alt.Chart(canvas.data([{"y": row.bottom} for row in rows[:-1]]))
        rule = rule.mark_rule(color=look.line, aria=False)
        end = alt.value(alt.ExprRef("width"))
        layers.append(rule.encode(x=canvas.from_left(MARGIN - frame.left), x2=end, y=AT_Y))
    # No line runs through the words that stand over their bars.
    spans = (
        [(row.bar - 2, row.bar + density.bar + 2) for row in rows] if is_narrow else [(-4, rows[-1].bottom)]
    )
    bases: list[Record] = [
        {"x": x, "y": top, "y2": end} for x in (columns.axis, columns.mixed) for top, end in spans
    ]
    base = alt.Chart(canvas.data(bases)).mark_rule(color=look.ink, strokeWidth=1, aria=False)
    return [*layers, base.encode(x=AT_X, y=AT_Y, y2=alt.Y2("y2:Q"))]


def _heads(columns: _Columns, look: Look) -> list[alt.Chart]:
    """Name each stance, with its sign, over its column."""
    y = -HEAD / 2 - 4
    starts = {
        "refutes": columns.axis - LABEL - text_width("refutes", TEXT_SIZE) - 14,
        "supports": columns.axis + LABEL,
        "mixed": columns.mixed,
        "context": columns.context,
    }
    signs: list[Record] = [
        {"x": x + 5, "y": y, "sign": STANCE_SIGNS[stance], "ink": look.ink} for stance, x in starts.items()
    ]
    words: list[Record] = [{"x": x + 14, "y": y, "text": stance} for stance, x in starts.items()]
    return [*canvas.signs(signs, AT_X, AT_Y, size=9), *canvas.words(words, AT_X, AT_Y, look.ink)]


def _bars(
    rows: Sequence[_Row],
    columns: _Columns,
    density: _Density,
    look: Look,
    picks: alt.Parameter,
    *,
    is_split: bool,
) -> list[alt.Chart]:
    """Draw a bar for each stance, where it is split a part for each pair of grades, from the line outwards."""
    parts: list[Record] = []
    wholes: list[Record] = []
    grades: list[Record] = []
    for row in rows:
        for stance in ("refutes", "supports", "mixed"):
            done = 0
            if pieces := row.claim.pieces(stance):
                start, end = columns.span(stance, 0, pieces)
                wholes.append({"x": start, "x2": end, "y": row.bar, "y2": row.bar + density.bar})
            for part in row.claim.parts.get(stance, ()):
                x, x2 = columns.span(stance, done, part.pieces)
                done += part.pieces
                fill = _fill(part, look) if is_split else look.muted
                what = f"{counted(part.pieces, 'piece')} of evidence"
                parts.append(
                    {
                        **row.claim.said(), **_measured(stance, part), "x": x, "x2": x2, "y": row.bar,
                        "y2": row.bar + density.bar, "fill": fill,
                        "edge": 0.75 if is_split and x2 - x >= 4 else 0, "held": f"{stance}: {what}",
                        "grade": part.grade or "none", "weighs": part.told(),
                    }
                )  # fmt: skip
                text = part.grade + (f" × {number(part.pieces)}" if part.pieces > 1 else "")
                if is_split and part.grade and x2 - x >= text_width(text, GRADE_SIZE) + 5:
                    spot: Record = {"x": (x + x2) / 2, "y": row.bar + density.bar / 2, "text": text}
                    grades.append({**spot, "ink": look.ink_on(fill), "on": fill})
    if not parts:
        return []
    tooltip = [
        alt.Tooltip("claim:N", title="Claim"), alt.Tooltip("claimant:N", title="Claimant"),
        alt.Tooltip("held:N", title="Evidence"),
        *([alt.Tooltip("grade:N", title="Grade")] if is_split else []),
        alt.Tooltip("weighs:N", title="Weight"),
    ]  # fmt: skip
    bar = alt.Chart(canvas.data(parts)).mark_rect(stroke=look.muted).encode(
        x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"), color=alt.Color("fill:N", scale=None),
        opacity=canvas.where_picked(picks), strokeWidth=alt.StrokeWidth("edge:Q", scale=None), tooltip=tooltip,
    )  # fmt: skip
    outline = alt.Chart(canvas.data(wholes)).mark_rect(
        fill=None, stroke=look.muted, strokeWidth=0.75, aria=False
    )
    outlined = outline.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"))
    return [
        canvas.told(bar, "claim", "held", *(["grade"] if is_split else [])),
        *([outlined] if is_split else []),
        *canvas.words(grades, AT_X, AT_Y, None, size=GRADE_SIZE, align="center"),
    ]


def _measured(stance: str, part: _Part) -> Record:
    """Give what the measure says of a part."""
    return {
        "stance": stance, "pieces": part.pieces, "graded": part.graded, "weight": part.weight,
        "reliability": part.reliability, "credibility": part.credibility,
    }  # fmt: skip


def _fill(part: _Part, look: Look) -> str:
    """Mix as much ink into the ground as a piece weighs; none where it is not graded."""
    if not part.graded:
        return look.ground
    strength = FAINTEST + (STRONGEST - FAINTEST) * part.weight / part.pieces
    return look.mixed(strength)


def _numbers(
    rows: Sequence[_Row], columns: _Columns, density: _Density, look: Look, carried: Sequence[str]
) -> list[alt.Chart]:
    """Set the number of pieces beside each bar, that of context in its column, and say where there is none."""
    left: list[Record] = []
    right: list[Record] = []
    context: list[Record] = []
    none: list[Record] = []
    for row in rows:
        y, claim = row.bar + density.bar / 2, row.claim
        for stance in ("refutes", "supports", "mixed"):
            if pieces := claim.pieces(stance):
                x, x2 = columns.span(stance, 0, pieces)
                at = x - LABEL if stance == "refutes" else x2 + LABEL
                side = left if stance == "refutes" else right
                side.append({"x": at, "y": y, "text": number(pieces)})
        if pieces := claim.pieces("context"):
            spot: Record = {"x": columns.context + 14, "y": y, "text": number(pieces)}
            context += [
                {**(spot if n == 0 else {**spot, "text": ""}), **claim.said(), **_measured("context", part)}
                for n, part in enumerate(claim.parts["context"])
            ]
        if not claim.parts:
            lacks = {name: 0 if name in ("pieces", "graded", "weight") else "" for name in carried}
            spot = {"x": columns.axis + LABEL, "y": y, "text": "no evidence"}
            none.append({**lacks, **claim.said(), **spot})
    return [
        *canvas.words(left, AT_X, AT_Y, look.ink, bold=True, align="right"),
        *canvas.words(right, AT_X, AT_Y, look.ink, bold=True),
        *canvas.words(context, AT_X, AT_Y, look.muted),
        *canvas.words(none, AT_X, AT_Y, look.muted),
    ]


def _words(
    rows: Sequence[_Row],
    frame: Frame,
    density: _Density,
    look: Look,
    picks: alt.Parameter,
    *,
    is_narrow: bool,
) -> list[alt.Chart]:
    """Set the words of each claim beside its bars, or over them, after the sign of its status."""
    start = MARGIN - frame.left
    chips: list[Record] = []
    signs: list[Record] = []
    words: list[Record] = []
    for row in rows:
        middle = row.top if is_narrow else row.bar + (density.bar - LINE * len(row.words)) / 2
        first = middle + LINE / 2
        words += [
            {"x": start + CHIP, "y": first + LINE * n, "text": line} for n, line in enumerate(row.words)
        ]
        if status := row.claim.status:
            colour = look.colour(status)
            chips.append({"x": start, "x2": start + 14, "y": first - 7, "y2": first + 7,
                          "status": status.name, "colour": colour})  # fmt: skip
            signs.append({"x": start + 7, "y": first, "sign": status.sign, "ink": look.ink_on(colour)})
    chip = alt.Chart(canvas.data(chips)).mark_rect(stroke=look.muted, strokeWidth=0.75, aria=False)
    return [
        chip.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"), color=alt.Color("colour:N", scale=None),
                    opacity=canvas.where_picked(picks)),
        *canvas.signs(signs, AT_X, AT_Y, size=8),
        *canvas.words(words, AT_X, AT_Y, look.ink),
    ]  # fmt: skip


# --- said


def _said(
    ledger: Ledger, claims: Sequence[_Claim], counts: pd.DataFrame, *, by: str, title: str | None
) -> Words:
    """Say how many claims have which evidence, and how to read it."""
    sums = {stance: int(counts[stance].sum()) for stance in STANCES}
    none = int((counts.sum(axis=1) == 0).sum())
    day = canvas.as_of(ledger)
    what = "by stance and grade" if by == "grade" else "by stance"
    when = f", {spoken_day(day)}" if day else ""
    base = f"Evidence {what}{when}: {counted(sum(sums.values()), 'piece')}, {counted(len(counts), 'claim')}"
    if none:
        base += f", {number(none)} without any"
    if len(claims) < len(counts):
        base += f"; the {number(len(claims))} with most evidence shown" if len(claims) > 1 else (
            "; the one with most evidence shown"
        )  # fmt: skip
    caption = "Context speaks neither for nor against a claim. Many pieces show that much was looked at, not what is true."
    if by == "grade":
        caption = (
            "Grades (Admiralty code): source A, reliable, to E; information 1, confirmed, to 5; F and 6 can’t be "
            "judged. The stronger a part, the more a piece weighs, by factdesk’s own scale; empty: not graded. "
            + caption
        )
    return Words(
        title or _headline(counts), base, caption, _description(claims, f"{base}; {_summed(sums)}", by)
    )


def _summed(counts: Mapping[str, int]) -> str:
    verbs = {"supports": "support", "refutes": "refute", "mixed": "mixed", "context": "context"}
    parts = [
        f"{number(count)} {stance if count == 1 else verbs[stance]}"
        for stance, count in counts.items()
        if count
    ]
    return ", ".join(parts) or "no evidence"


def _headline(counts: pd.DataFrame) -> str:
    """Say how many claims have evidence both for and against them."""
    total, is_for, is_against = len(counts), counts["supports"] > 0, counts["refutes"] > 0
    if total == 1:
        return f"{counted(int(counts['supports'].iloc[0]), 'piece')} of evidence for the claim, {number(int(counts['refutes'].iloc[0]))} against it"
    both, only_for = int((is_for & is_against).sum()), int((is_for & ~is_against).sum())
    only_against = int((is_against & ~is_for).sum())
    parts = [(only_for, "only for"), (only_against, "only against")]
    rest = ", ".join(f"{number(count)} {which}" for count, which in parts if count)
    if both == total:
        return f"{all_of(total, 'claim').capitalize()} have evidence both for and against them"
    if not both and not rest:
        return f"{none_of(total, 'claim').capitalize()} has evidence for or against it"
    some = f"{number(both)} of {counted(total, 'claim')}" if both else none_of(total, "claim").capitalize()
    have, them = ("have", "them") if both > 1 else ("has", "it")
    told = f"{some} {have} evidence both for and against {them}"
    return f"{told}; {rest}" if rest else told


def _description(claims: Sequence[_Claim], base: str, by: str) -> str:
    """Tell in words the evidence of each claim; of many the first."""
    told = [f"{base}."]
    for claim in claims[:MOST_TOLD]:
        held = f" ({claim.status.label})" if claim.status else ""
        parts = _summed({stance: claim.pieces(stance) for stance in STANCES})
        if by == "grade":
            graded = [
                f"{stance} {', '.join(map(_graded, claim.parts[stance]))}"
                for stance in STANCES
                if stance in claim.parts
            ]
            parts += f" ({'; '.join(graded)})" if graded else ""
        told.append(f"{claim.claimant}{held}: {claim.claim.rstrip('.')}: {parts}.")
    if len(claims) > MOST_TOLD:
        told.append(f"And {counted(len(claims) - MOST_TOLD, 'more claim')}.")
    return " ".join(told)


def _graded(part: _Part) -> str:
    return f"{number(part.pieces)} {part.grade or 'without grades'}"
