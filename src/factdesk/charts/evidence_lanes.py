"""Evidence as signs in lanes around a band of statuses: over it what supports the claim, under it the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from factdesk.charts import canvas
from factdesk.charts.canvas import AT_X, AT_Y, TEXT_SIZE, Look, x_of
from factdesk.charts.claim_rows import NOTE_SIZE, Claim, Evidence, Record
from factdesk.charts.timeaxis import TimeAxis
from factdesk.charts.typeset import lines, text_width
from factdesk.formats import counted, number, spoken_days
from factdesk.schema import STANCE_SIGNS, STANCES

LANE = 14
"""Pixels of a lane."""
SIGN, AIR = 10, 6
"""Pixels of a mark, and between what stands in one lane."""
LABEL = SIGN / 2 + 8
"""Pixels from where a mark begins to where its publisher's name does."""
NAME_ROOMS = (0.7, 0.4)
"""How much of the axis a publisher's name may take up: where that is too much for all, less."""
APART = 18
"""Pixels from the axis to evidence of which the day is not known."""
UNDATED, UNDATED_ROOM = "undated", 150
"""What such evidence is called, and pixels for it at most."""
MOST_NAMED = 6
"""Publishers that a mark names where it is pointed at."""


@dataclass(frozen=True)
class Mark:
    """One sign for evidence: how far right it stands, in which lane, and what stands beside it."""

    pieces: list[Evidence]
    x: float
    lane: int
    label: str
    is_left: bool = False
    """Whether the label stands left of the sign."""


@dataclass(frozen=True)
class Side:
    """The evidence of one stance, in lanes from `y` on upwards or downwards."""

    stance: str
    dated: list[Mark]
    undated: list[Mark]
    count: int
    y: float
    way: int

    @property
    def marks(self) -> list[Mark]:
        """Give the marks on the axis and those beside it."""
        return [*self.dated, *self.undated]

    def middle(self, lane: int) -> float:
        """Give the middle of a lane."""
        return self.y + self.way * LANE * (lane + 0.5)


Spots = Sequence[tuple[float, Evidence]]


def _named(spots: Spots, high: float, most: int, room: float) -> list[Mark] | None:
    """Give each piece a mark with its publisher's name; nothing where they take more than `most` lanes."""
    taken: list[list[tuple[float, float]]] = []
    marks = []
    for x, piece in spots:
        label = lines(piece.source, room, NOTE_SIZE, most=1)[0]
        wide = text_width(label, NOTE_SIZE)
        is_left = x + LABEL - SIGN / 2 + wide > high
        left, right = (
            (x - LABEL + SIGN / 2 - wide, x + SIGN / 2)
            if is_left
            else (x - SIGN / 2, x + LABEL - SIGN / 2 + wide)
        )
        free = (
            n
            for n, lane in enumerate(taken)
            if all(left >= end + AIR or right + AIR <= begin for begin, end in lane)
        )
        lane = next(free, len(taken))
        if lane >= most or left < -SIGN:
            return None
        taken[lane:] = [[*(taken[lane] if lane < len(taken) else []), (left, right)], *taken[lane + 1 :]]
        marks.append(Mark([piece], x, lane, label, is_left))
    return marks


def _signed(spots: Spots, high: float, most: int) -> list[Mark] | None:
    """Give each piece a mark, and its publisher's name where nothing stands in its way."""
    lanes: list[list[tuple[float, Evidence]]] = []
    for x, piece in spots:
        lane = next((n for n, own in enumerate(lanes) if x - own[-1][0] > SIGN), len(lanes))
        if lane >= most:
            return None
        lanes[lane:] = [[*(lanes[lane] if lane < len(lanes) else []), (x, piece)], *lanes[lane + 1 :]]
    return [
        Mark([piece], x, n, _fitting(piece, end - x))
        for n, own in enumerate(lanes)
        for (x, piece), end in zip(own, _ends([x for x, _ in own], high), strict=True)
    ]


def _ends(places: Sequence[float], high: float) -> list[float]:
    """Give for each mark in a lane how far its words may reach."""
    return [*(x - SIGN / 2 - AIR for x in places[1:]), *([high] if places else [])]


def _fitting(piece: Evidence, room: float) -> str:
    """Give the publisher's name, where so many pixels from the mark's middle on are enough for it."""
    return piece.source if LABEL - SIGN / 2 + text_width(piece.source, NOTE_SIZE) <= room else ""


def _grouped(spots: Spots, high: float) -> list[Mark]:
    """Give the pieces of days side by side one mark, on the first of these days, with their number."""
    groups: list[tuple[float, list[Evidence]]] = []
    for x, piece in spots:
        if groups and x <= groups[-1][0] + 1.5 * SIGN + AIR + text_width("88", NOTE_SIZE, bold=True):
            groups[-1][1].append(piece)
        else:
            groups.append((x, [piece]))
    return [
        Mark(own, x, 0, number(len(own)) if len(own) > 1 else _fitting(own[0], end - x))
        for (x, own), end in zip(groups, _ends([x for x, _ in groups], high), strict=True)
    ]


def room_beside(evidence: Mapping[str, Sequence[Evidence]], *, is_worded: bool) -> tuple[float, float]:
    """Give how many pixels the names of stances take up left of the axis, and undated evidence right of it."""
    counts = max(text_width(number(len(own)), TEXT_SIZE, bold=True) for own in evidence.values())
    left = 14 + max(text_width(stance, TEXT_SIZE) for stance in STANCES) + 8 + counts + 10
    undated = [piece.source for own in evidence.values() for piece in own if piece.day is None]
    if not undated:
        return left, 12
    widest = max(text_width(name, NOTE_SIZE) for name in undated) if is_worded else 16
    return left, APART + max(text_width(UNDATED, NOTE_SIZE), min(LABEL + widest, UNDATED_ROOM))


def laid_out(
    evidence: Mapping[str, Sequence[Evidence]],
    axis: TimeAxis,
    most: int,
    *,
    band: float,
    beyond: float,
    is_worded: bool,
) -> tuple[list[Side], float, float]:
    """Lay the evidence of each stance out around a band.

    Parameters
    ----------
    evidence : mapping
        What is drawn, by stance.
    axis : TimeAxis
        Where its days lie.
    most : int
        Lanes that a stance may take up. Where names leave no room, they are left out; then signs are put together.
    band : float
        Pixels of the band's height.
    beyond : float
        Pixels right of the axis, for evidence of which the day is not known; names may end there.
    is_worded : bool
        Whether such evidence is named, too.

    Returns
    -------
    tuple
        What is drawn of each stance, where the band begins, and where all of it ends.
    """
    sides: list[Side] = []
    tall, top, begins = band, 0.0, 0.0
    for stance in STANCES:
        own = evidence.get(stance, ())
        # That nothing speaks for a claim, or against it, is seen where it would stand.
        if not own and (stance not in ("supports", "refutes") or not any(evidence.values())):
            if stance == "supports":
                top = tall + 3
            continue
        dated = sorted(
            ((axis.place(piece.day) + axis.scale_on(piece.day) / 2, piece) for piece in own if piece.day),
            key=lambda spot: spot[0],
        )
        undated = [(0.0, piece) for piece in own if piece.day is None]
        high = axis.width if undated else axis.width + beyond
        ways = (_named(dated, high, most, share * axis.width) for share in NAME_ROOMS)
        marks = next(filter(None, ways), None) or _signed(dated, high, most) or _grouped(dated, high)
        beside = _named(undated, beyond - APART, most, beyond - APART - LABEL + 1) if is_worded else None
        beside = beside or _grouped(undated, beyond - APART)
        lanes = 1 + max((mark.lane for mark in (*marks, *beside)), default=0)
        is_above = stance == "supports"
        if is_above:
            begins = LANE * lanes + 3
        sides.append(
            Side(stance, marks, beside, len(own), begins - 3 if is_above else top, -1 if is_above else 1)
        )
        top = begins + tall + 3 if is_above else top + LANE * lanes + 3
    return sides, begins, top


def drawn(claim: Claim, sides: Sequence[Side], axis: TimeAxis, look: Look) -> list[alt.Chart]:
    """Draw a sign for each piece of evidence, with its publisher or how many share the sign beside it."""
    dated = [(side, mark) for side in sides for mark in side.dated]
    undated = [(side, mark) for side in sides for mark in side.undated]
    return [
        *_signs(claim, dated, x_of(axis), axis, look),
        *_signs(claim, undated, canvas.from_right(APART + SIGN / 2), axis, look),
    ]


def _signs(
    claim: Claim, marks: Sequence[tuple[Side, Mark]], x: canvas.X, axis: TimeAxis, look: Look
) -> list[alt.Chart]:
    """Draw marks at their places, or undated ones one below another at `x`."""
    signs: list[Record] = []
    beneath: list[Record] = []
    words: dict[tuple[bool, bool], list[Record]] = {}
    for side, mark in marks:
        spot: Record = {"at": axis.moment_at(mark.x), "y": side.middle(mark.lane)}
        first, *others = (_row(claim, piece) for piece in mark.pieces)
        signs.append({**first, **spot, **_told(mark), "sign": STANCE_SIGNS[side.stance], "ink": look.ink})
        beneath += [{**other, **spot} for other in others]
        if mark.label:
            is_number = len(mark.pieces) > 1
            words.setdefault((is_number, mark.is_left), []).append({**spot, "text": mark.label})
    tooltip = [
        alt.Tooltip("held:N", title="Evidence"), alt.Tooltip("when:N", title="Published"),
        alt.Tooltip("by:N", title="By"),
    ]  # fmt: skip
    layers = []
    if beneath:
        # Signs over one another would look bolder; the others are there for the table only.
        unseen = alt.Chart(canvas.data(beneath)).mark_point(opacity=0, aria=False)
        layers.append(unseen.encode(x=x, y=AT_Y))
    layers += [
        canvas.told(layer.encode(tooltip=tooltip), "held", "by", "when")
        for layer in canvas.signs(signs, x, AT_Y, size=SIGN - 0.5)
    ]
    for (is_number, is_left), rows in words.items():
        layers += canvas.words(
            rows, x, AT_Y, look.ink, size=NOTE_SIZE, bold=is_number,
            align="right" if is_left else "left", beside=-LABEL + SIGN / 2 if is_left else LABEL - SIGN / 2,
        )  # fmt: skip
    return layers


def _row(claim: Claim, piece: Evidence) -> Record:
    """Give a piece of evidence as a row of the table behind the chart."""
    day = piece.day.isoformat() if piece.day else ""
    more = {"source": piece.source, "why": "", "gaps": ""}
    return {**claim.said(), "what": "evidence", "value": piece.stance, "from": day, "until": day, **more}


def _told(mark: Mark) -> Record:
    """Give what a mark says where it is pointed at."""
    days = sorted({piece.day for piece in mark.pieces if piece.day})
    names = list(dict.fromkeys(piece.source for piece in mark.pieces))
    some = [
        *names[:MOST_NAMED],
        *([f"and {number(len(names) - MOST_NAMED)} more"] if len(names) > MOST_NAMED else []),
    ]
    return {
        "held": f"{mark.pieces[0].stance} ({counted(len(mark.pieces), 'document')})",
        "when": spoken_days(days[0], days[-1]) if days else UNDATED,
        "by": "; ".join(some),
    }


def gutter(sides: Sequence[Side], band: float, start: float, look: Look) -> list[alt.Chart]:
    """Name the stances left of the axis, with how many pieces of evidence there are of each, and the band at `band`."""
    signs: list[Record] = []
    names: list[Record] = []
    counts: list[Record] = []
    for side in sides:
        y = side.middle(0)
        signs.append({"x": start + 5, "y": y, "sign": STANCE_SIGNS[side.stance], "ink": look.ink})
        names.append({"x": start + 14, "y": y, "text": side.stance})
        counts.append({"y": y, "text": number(side.count)})
    held: list[Record] = [{"x": start, "y": band, "text": "status"}]
    head = canvas.words(
        [{"text": UNDATED}], canvas.from_right(APART), canvas.from_top(-18), look.muted,
        size=NOTE_SIZE,
    )  # fmt: skip
    return [
        *canvas.signs(signs, AT_X, AT_Y, size=SIGN),
        *canvas.words(names, AT_X, AT_Y, look.ink),
        *canvas.words(held, AT_X, AT_Y, look.muted),
        *canvas.words(counts, canvas.from_left(-10), AT_Y, look.ink, bold=True, align="right"),
        *(head if any(side.undated for side in sides) else []),
    ]
