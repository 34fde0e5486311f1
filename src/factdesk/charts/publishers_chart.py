"""The chart of which publishers' documents bear on which claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import (
    AT_X,
    AT_Y,
    CAPTION_SIZE,
    MARGIN,
    TEXT_SIZE,
    TITLE_SIZE,
    Frame,
    Key,
    Look,
    Words,
)
from factdesk.charts.claim_rows import Record, run_in
from factdesk.charts.typeset import lines, text_width
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.schema import STANCE_SIGNS, STANCES

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("publisher", "known_by", "claim_id", "claim", "stance", "documents", "pieces", "of")
MOST_PUBLISHERS = 60
"""Rows drawn where the height is open."""
MOST_TOLD = 12
"""Publishers that the text alternative tells one by one."""
TOLD_CLAIMS = 3
WORDED, WIDEST, LEAST_CELL, MOST_CELL = 104, 150, 14, 26
"""Pixels of a column with a claim's words over it, at least and at most, and of one with a number."""
ROW, LEAST_ROW, LINE, AIR = 22, 18, 14, 8
"""Pixels of a row, on a slide or a card at least, of a line of words, and of air."""
LARGEST, TALLEST = 400, 110
"""Pixels of a cell on a slide or a card, across and down at most: few claims take the room that there is."""
SIGN, LARGEST_SIGN = 10.0, 20.0
LISTED_APART = 24
TITLE_ROOM = 300
"""Pixels of a name in a title, at most; a title has more to say than a longer one."""
FAINTEST, STRONGEST = 0.0, 0.3
"""Of the ink in a part of a cell, for one document and for most."""
NAMELESS = "publisher not named"


@dataclass(frozen=True)
class _Publisher:
    """A publisher with the documents of theirs that bear on the claims."""

    name: str
    of: int
    rows: list[Record]

    @property
    def shown(self) -> str:
        """Give the name, or say that there is none."""
        return self.name or NAMELESS


@dataclass(frozen=True)
class _Head:
    """A claim at the head of a column."""

    claim_id: str
    claimant: str
    claim: str
    publishers: int
    has_others: bool
    """Whether it rests on documents of which the publisher is not known, too."""

    @property
    def words(self) -> str:
        """Say who claims what."""
        return f"{self.claimant}: {self.claim}"

    @property
    def is_alone(self) -> bool:
        """Say whether all that speaks for it or against it comes from one publisher."""
        return self.publishers == 1 and not self.has_others

    @property
    def total(self) -> str:
        """Give how many publishers it rests on, with a sign where there may be more."""
        return number(self.publishers) + ("+" if self.has_others else "")


@dataclass(frozen=True)
class _Row:
    """Where a publisher stands in the drawing."""

    publisher: _Publisher
    names: list[str]
    top: float
    tall: float


@dataclass(frozen=True)
class _Grid:
    """How wide columns are, and whether the claims' words stand over them, or in a list under the table."""

    cell: float
    is_worded: bool
    heads: list[list[str]]

    @property
    def above(self) -> float:
        """Pixels of the heads."""
        return LINE * max(map(len, self.heads)) + AIR


@calls.records_its_call
def publishers(
    ledger: Ledger,
    *,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw which publishers' documents bear on which claims, and with what stance: whom does a claim rest on?

    A row for each publisher, that of most documents first, and a column for each claim, that of most documents
    first; a sign in their cell for each stance. Under each column stands how many publishers it has. A document
    without a publisher goes by the host in its address.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too, and so how many rows fit.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise how many claims rest on one publisher alone, and who has most documents.

    Returns
    -------
    altair.LayerChart
        A table of signs.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.publishers(fd.open("claims.csv"))
    >>> " ".join(chart.title.text)
    '4 of 22 claims rest on one publisher alone; Ukrainska Pravda has most documents, 4 of 49'
    """
    look = canvas.look_of(theme, size, width, ledger.settings.vocabulary)
    if ledger.claims.empty:
        return canvas.empty(ledger, look, title)
    bears = measures.publishers(ledger)
    if bears.empty:
        return canvas.empty(ledger, look, title, canvas.none_yet(ledger, "evidence"))
    heads = _heads(ledger, bears)
    every = _publishers(ledger, bears)
    names_width = _names_width(every, look)
    base_width = max(text_width(number(one.of), TEXT_SIZE, bold=True) for one in every)
    frame = Frame(look.width, MARGIN + names_width + 10 + base_width + 10, MARGIN, 0)
    grid = _grid(heads, frame.inner, look)
    columns = heads[: len(grid.heads)]
    seen = {head.claim_id for head in columns}
    rows = [one for one in every if any(row["claim_id"] in seen for row in one.rows)]
    most = MOST_PUBLISHERS if look.height is None else int(look.height / LEAST_ROW)
    sheets = (
        _drawn(ledger, every, rows[:many], heads, columns, grid, names_width, frame, look, title)
        for many in range(min(len(rows), most), 0, -1)
    )
    return next(chart for chart in sheets if chart is not None)


def _heads(ledger: Ledger, bears: pd.DataFrame) -> list[_Head]:
    """Gather the claims that have evidence, those of most documents first, with how many publishers they rest on."""
    speaks = bears[bears["stance"] != "context"].drop_duplicates(["claim_id", "publisher"])
    is_named = speaks["publisher"] != ""
    rest_on, others = speaks["claim_id"][is_named].value_counts(), set(speaks["claim_id"][~is_named])
    documents = ledger.evidence[["claim_id", "source_id"]].drop_duplicates()["claim_id"].value_counts()
    claims = ledger.claims.set_index("claim_id")
    claims = claims[claims.index.isin(bears["claim_id"])]
    order = documents.reindex(claims.index).sort_values(ascending=False, kind="stable").index
    return [
        _Head(claim_id, claimant, claim, int(rest_on.get(claim_id, 0)), claim_id in others)
        for claim_id, claimant, claim in zip(
            order, claims["claimant"][order], claims["claim"][order], strict=True
        )
    ]


def _publishers(ledger: Ledger, bears: pd.DataFrame) -> list[_Publisher]:
    """Gather the rows of each publisher, in the measure's order."""
    words = ledger.claims.set_index("claim_id")["claim"]
    bears = bears.assign(claim=words[bears["claim_id"]].to_numpy()).astype({"known_by": str, "stance": str})
    columns = [bears[name].tolist() for name in COLUMNS]
    gathered: dict[tuple[str, str], list[Record]] = {}
    for cells in zip(*columns, strict=True):
        row = dict(zip(COLUMNS, cells, strict=True))
        gathered.setdefault((row["publisher"], row["known_by"]), []).append(row)
    return [_Publisher(name, _whole(rows[0]["of"]), rows) for (name, _), rows in gathered.items()]


def _whole(cell: canvas.Cell) -> int:
    return int(cell or 0)


def _names_width(every: Sequence[_Publisher], look: Look) -> float:
    words = (*(one.shown for one in every), "publishers")  # that stands under them
    widest = max(text_width(word, TEXT_SIZE) for word in words)
    return min(widest + 1, max(0.27 * look.width, 130), 240)


def _grid(heads: Sequence[_Head], width: float, look: Look) -> _Grid:
    """Choose columns with words over them where these have room, else such with a number."""
    fit = int(width / WORDED)
    if look.height is not None or len(heads) <= fit:
        some = heads[: max(fit, 1)]
        cell = min(width / len(some), LARGEST if look.height else WIDEST)
        most = 4 if look.height else 7
        return _Grid(cell, True, _told(some, cell - 8, most))
    some = heads[: int(width / LEAST_CELL)]
    cell = min(width / len(some), MOST_CELL)
    return _Grid(cell, False, [[number(n + 1)] for n in range(len(some))])


def _told(heads: Sequence[_Head], width: float, most: int) -> list[list[str]]:
    """Say who claims what, in lines that differ."""
    claims = [(head.claim_id, head.claimant, head.claim) for head in heads]
    return run_in(claims, width, CAPTION_SIZE, most)


def _drawn(
    ledger: Ledger,
    every: Sequence[_Publisher],
    drawn: Sequence[_Publisher],
    heads: Sequence[_Head],
    columns: Sequence[_Head],
    grid: _Grid,
    names_width: float,
    frame: Frame,
    look: Look,
    title: str | None,
) -> alt.LayerChart | None:
    """Draw some publishers; nothing where so many have no room, unless it is one."""
    at = {head.claim_id: n for n, head in enumerate(columns)}
    stances = {row["stance"] for one in drawn for row in one.rows if row["claim_id"] in at}
    groups = [("Evidence", [Key(stance, STANCE_SIGNS[stance]) for stance in STANCES if stance in stances])]
    _, key_height = canvas.key(groups, look, 0, 0, look.width - 2 * MARGIN)
    above = key_height + 8 + grid.above
    said = _said(ledger, every, drawn, heads, columns, title)
    room = canvas.height_left(said, ledger, look, above=above)
    rows = _rows(drawn, names_width, ROW, 2)
    if room is not None:
        table = room - ROW
        if rows[-1].top + rows[-1].tall > table:
            rows = _rows(drawn, names_width, LEAST_ROW, 1)
        if rows[-1].top + rows[-1].tall > table and len(drawn) > 1:
            return None
        free = max(table - rows[-1].top - rows[-1].tall, 0)
        spread = min(free / len(rows), TALLEST - rows[0].tall)
        rows = _rows(drawn, names_width, rows[0].tall + spread, 1 if rows[0].tall < ROW else 2)
    foot = rows[-1].top + rows[-1].tall
    listed, end = _listed(columns, foot + ROW + 14, frame, look) if not grid.is_worded else ([], foot + ROW)
    frame = Frame(look.width, frame.left, MARGIN, round(max(end, room or 0), 3), above)
    key, _ = canvas.key(groups, look, MARGIN - frame.left, 6 - above, look.width - 2 * MARGIN)
    layers = [
        *_cells(rows, at, grid, look),
        *_names(rows, frame, look),
        *_head_words(grid, look),
        *_totals(columns, foot, grid, frame, look),
        *listed,
        *key,
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _rows(drawn: Sequence[_Publisher], width: float, least: float, most_lines: int) -> list[_Row]:
    """Lay the publishers out from top to bottom."""
    rows: list[_Row] = []
    top = 0.0
    for one in drawn:
        names = lines(one.shown, width, TEXT_SIZE, most=most_lines)
        rows.append(_Row(one, names, top, max(least, LINE * len(names) + 6)))
        top += rows[-1].tall
    return rows


def _cells(rows: Sequence[_Row], at: dict[str, int], grid: _Grid, look: Look) -> list[alt.Chart]:
    """Draw the cells, and in each a part with its sign for each stance; the more documents, the stronger."""
    wide = grid.cell
    empty = [
        {"x": wide * n + 1, "x2": wide * (n + 1) - 1, "y": row.top + 1, "y2": row.top + row.tall - 1}
        for row in rows
        for n in at.values()
    ]
    by_cell: dict[tuple[int, int], list[Record]] = {}
    for n, row in enumerate(rows):
        for one in row.publisher.rows:
            if one["claim_id"] in at:
                by_cell.setdefault((n, at[str(one["claim_id"])]), []).append(one)
    most = max(_whole(one["documents"]) for own in by_cell.values() for one in own)
    parts: list[Record] = []
    numbers: list[Record] = []
    signs: dict[float, list[Record]] = {}
    for (n, column), own in by_cell.items():
        row = rows[n]
        is_tall = row.tall > wide  # then two signs stand above each other
        across, down = {1: (1, 1), 2: (1, 2) if is_tall else (2, 1)}.get(len(own), (2, 2))
        part_wide, part_tall = (wide - 2) / across, (row.tall - 2) / down
        for k, one in enumerate(own):
            x, y = wide * column + 1 + part_wide * (k % across), row.top + 1 + part_tall * (k // across)
            documents = _whole(one["documents"])
            many = f"{counted(documents, 'document')}, {counted(_whole(one['pieces']), 'piece')} of evidence"
            parts.append(
                {
                    **one, "x": round(x, 3), "x2": round(x + part_wide, 3), "y": round(y, 3),
                    "y2": round(y + part_tall, 3), "who": row.publisher.shown, "held": f"{one['stance']}: {many}",
                    "strength": round(FAINTEST + (STRONGEST - FAINTEST) * (documents - 1) / max(most - 1, 1), 3),
                }
            )  # fmt: skip
            middle = x + part_wide / 2
            large = min(max(SIGN, part_tall / 3), LARGEST_SIGN)
            if documents > 1 and part_wide >= 36:
                many_at: Record = {"x": middle + 2, "y": y + part_tall / 2, "text": number(documents)}
                numbers.append(many_at)
                middle -= large / 2 + 1
            spot: Record = {"x": middle, "y": y + part_tall / 2, "ink": look.ink}
            height = round(min(large, part_wide - 1, part_tall - 1), 1)
            signs.setdefault(height, []).append({**spot, "sign": STANCE_SIGNS[str(one["stance"])]})
    track = alt.Chart(canvas.data(empty)).mark_rect(color=look.track, opacity=1, aria=False)
    part = alt.Chart(canvas.data(parts)).mark_rect(color=look.ink).encode(
        x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"), opacity=alt.Opacity("strength:Q", scale=None),
        tooltip=[
            alt.Tooltip("who:N", title="Publisher"), alt.Tooltip("claim:N", title="Claim"),
            alt.Tooltip("held:N", title="Evidence"),
        ],
    )  # fmt: skip
    return [
        track.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q")),
        *(layer for height, own in signs.items() for layer in canvas.signs(own, AT_X, AT_Y, size=height)),
        *canvas.words(numbers, AT_X, AT_Y, look.ink, bold=True),
        canvas.told(part, "who", "claim", "held"),
    ]


def _names(rows: Sequence[_Row], frame: Frame, look: Look) -> list[alt.Chart]:
    """Set each publisher's name, and beside it how many of their documents bear on the claims."""
    names: list[Record] = []
    bases: list[Record] = []
    for row in rows:
        middle = row.top + row.tall / 2
        first = middle - LINE * (len(row.names) - 1) / 2
        names += [{"y": first + LINE * n, "text": line} for n, line in enumerate(row.names)]
        bases.append({"y": middle, "text": number(row.publisher.of)})
    start, edge = canvas.from_left(MARGIN - frame.left), canvas.from_left(-10)
    return [
        *canvas.words(names, start, AT_Y, look.ink),
        *canvas.words(bases, edge, AT_Y, look.ink, bold=True, align="right"),
        *canvas.words([{"text": "documents"}], edge, canvas.from_top(-AIR), look.muted, align="right"),
    ]


def _head_words(grid: _Grid, look: Look) -> list[alt.Chart]:
    """Set the words of the claims, or their numbers, over their columns."""
    words: list[Record] = [
        {"x": grid.cell * (n + 0.5), "y": -AIR - LINE * (len(head) - 1 - k), "text": line}
        for n, head in enumerate(grid.heads)
        for k, line in enumerate(head)
    ]
    if not grid.is_worded:
        return canvas.words(words, AT_X, AT_Y, look.muted, size=10, align="center")
    words = [{**word, "x": float(str(word["x"])) - grid.cell / 2 + 3} for word in words]
    return canvas.words(words, AT_X, AT_Y, look.ink, size=CAPTION_SIZE)


def _totals(columns: Sequence[_Head], top: float, grid: _Grid, frame: Frame, look: Look) -> list[alt.Chart]:
    """Set under each column how many publishers its claim rests on."""
    y = top + ROW / 2 + 2
    totals: dict[bool, list[Record]] = {}
    for n, head in enumerate(columns):
        spot: Record = {"x": grid.cell * (n + 0.5), "y": y, "text": head.total}
        totals.setdefault(head.is_alone, []).append(spot)
    size = TEXT_SIZE if grid.cell >= 20 else 10
    return [
        *canvas.words(
            [{"text": "publishers"}], canvas.from_left(-10), canvas.from_top(y), look.muted, align="right"
        ),
        *canvas.words(totals.get(False, []), AT_X, AT_Y, look.muted, size=size, align="center"),
        *canvas.words(totals.get(True, []), AT_X, AT_Y, look.ink, size=size, align="center", bold=True),
    ]


def _listed(columns: Sequence[_Head], top: float, frame: Frame, look: Look) -> tuple[list[alt.Chart], float]:
    """Set the claims by number under the table, in one column or two."""
    across = 2 if look.width >= 600 and len(columns) > 3 else 1
    left = MARGIN - frame.left
    wide = (look.width - 2 * MARGIN - LISTED_APART * (across - 1)) / across
    indent = text_width(number(len(columns)), CAPTION_SIZE, bold=True) + 6
    entries = _told(columns, wide - indent, 2)
    half = sum(map(len, entries)) / across
    numbers: list[Record] = []
    words: list[Record] = []
    y, x, done, end = top, left, 0, top
    for n, entry in enumerate(entries):
        if across == 2 and x == left and done >= half:
            x, y = left + wide + LISTED_APART, top
        numbers.append({"x": x + indent - 6, "y": y, "text": number(n + 1)})
        words += [{"x": x + indent, "y": y + LINE * k, "text": line} for k, line in enumerate(entry)]
        y += LINE * len(entry) + 3
        done += len(entry)
        end = max(end, y)
    return [
        *canvas.words(numbers, AT_X, AT_Y, look.muted, size=CAPTION_SIZE, align="right"),
        *canvas.words(words, AT_X, AT_Y, look.ink, size=CAPTION_SIZE),
    ], end - LINE / 2


# --- said


def _said(
    ledger: Ledger,
    every: Sequence[_Publisher],
    drawn: Sequence[_Publisher],
    heads: Sequence[_Head],
    columns: Sequence[_Head],
    title: str | None,
) -> Words:
    """Say how many publishers bear on how many claims, and how to read it."""
    day = canvas.as_of(ledger)
    documents = sum(one.of for one in every)
    named = sum(one.name != "" for one in every)
    base = (
        f"{counted(documents, 'document')} of {counted(named, 'publisher')} on {counted(len(heads), 'claim')}"
        + (f", {spoken_day(day)}" if day else "")
    )
    some = f"{number(len(drawn))} publishers" if len(drawn) > 1 else "one publisher"
    if len(columns) < len(heads):
        few = f"{number(len(columns))} claims" if len(columns) > 1 else "one claim"
        base += (
            f"; shown: the {few} with most documents, and {some} of {'theirs' if len(columns) > 1 else 'its'}"
        )
    elif len(drawn) < len(every):
        base += f"; shown: the {some} with most documents"
    told = []
    if any(_whole(row["documents"]) > 1 for one in drawn for row in one.rows):
        told.append("The stronger a cell, the more documents.")
    told.append("Under each column: how many publishers speak for or against the claim, context aside.")
    if any(head.has_others for head in columns):
        told.append("“+”: and documents of which the publisher is not known.")
    if any(row["known_by"] == "address" for one in drawn for row in one.rows):
        told.append("Where no publisher is given, the host in the document’s address stands.")
    return Words(title or _headline(every, heads), base, " ".join(told), _description(drawn, heads, base))


def _headline(every: Sequence[_Publisher], heads: Sequence[_Head]) -> str:
    """Say how many claims rest on one publisher alone, and who has most documents."""
    total, alone = len(heads), sum(head.is_alone for head in heads)
    documents = sum(one.of for one in every)
    most = [one for one in every if one.of == every[0].of]
    is_named = (
        len(most) == 1 and most[0].name and text_width(most[0].name, TITLE_SIZE, bold=True) <= TITLE_ROOM
    )
    if len(every) == 1:
        who = most[0].name if is_named else "one publisher" if most[0].name else "no known publisher"
        return f"{all_of(documents, 'document').capitalize()} {'are' if documents > 1 else 'is'} of {who}"
    if total == 1:
        told = f"The claim rests on {heads[0].total} publisher{'' if heads[0].is_alone else 's'}"
    elif not alone:
        told = f"{none_of(total, 'claim').capitalize()} rests on one publisher alone"
    elif alone == total:
        told = f"{all_of(total, 'claim').capitalize()} rest on one publisher alone, each on its own"
    else:
        told = f"{number(alone)} of {number(total)} claims {'rests' if alone == 1 else 'rest'} on one publisher alone"
    if not is_named:
        return told
    return f"{told}; {most[0].name} has most documents, {number(most[0].of)} of {number(documents)}"


def _description(drawn: Sequence[_Publisher], heads: Sequence[_Head], base: str) -> str:
    """Tell in words what each publisher's documents do; of many the first."""
    words = {head.claim_id: head.words for head in heads}
    told = [f"{base}."]
    for one in drawn[:MOST_TOLD]:
        by_stance: dict[str, list[str]] = {}
        for row in one.rows:
            by_stance.setdefault(str(row["stance"]), []).append(words[str(row["claim_id"])].rstrip("."))
        verbs = {
            "supports": "supporting",
            "refutes": "refuting",
            "mixed": "mixed on",
            "context": "context on",
        }
        parts = [f"{verbs[stance]} {_some(own)}" for stance, own in by_stance.items()]
        told.append(f"{one.shown}: {counted(one.of, 'document')}, {'; '.join(parts)}.")
    if len(drawn) > MOST_TOLD:
        told.append(f"And {counted(len(drawn) - MOST_TOLD, 'more publisher')}.")
    return " ".join(told)


def _some(claims: Sequence[str]) -> str:
    """Quote some claims, and say how many more there are."""
    quoted = ", ".join(f"“{claim}”" for claim in claims[:TOLD_CLAIMS])
    left = len(claims) - TOLD_CLAIMS
    return f"{quoted} and {counted(left, 'more claim')}" if left > 0 else quoted
