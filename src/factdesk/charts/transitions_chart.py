"""The chart of which statuses follow which."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import altair as alt

from factdesk import measures
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_X, AT_Y, MARGIN, TEXT_SIZE, Frame, Look, Words
from factdesk.charts.typeset import lines, text_width
from factdesk.formats import all_of, counted, number
from factdesk.schema import Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("from", "to", "count", "claims", "median_days")
CELL, LEAST_CELL, SIGN = 40, 20, 16
"""Pixels of a cell's height, at least, and of the sign beside a word."""
WIDEST, TALLEST = 200, 110
"""Pixels of a cell at most: where there are few, they need not fill the picture."""
LABEL_WIDTH, LINE, MOST_LINES = 120, 14, 4
"""Pixels of the width of a status before, at most, and from one of its lines to the next, and how many it may take."""
SHARES = (0.25, 0.33, 0.4)
"""Of the picture's width, that statuses before may take up where there is little height."""
FAINTEST, STRONGEST = 0.06, 0.35
"""Of the ink in a cell; up to there a number in the same ink has a contrast of 4.5 in every theme (WCAG 2)."""


@calls.records_its_call
def transitions(
    ledger: Ledger,
    *,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw how often each status was followed by each other one: what becomes of claims that were held to be so?

    A turn is from a status that a claim had to the next, on the days from which they hold. What a claim was
    before its first status is no turn.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise the most frequent turn, in words.

    Returns
    -------
    altair.LayerChart
        A cell for each pair of statuses, with how often the one was followed by the other.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.transitions(fd.open("claims.csv"))
    >>> chart.title.text
    ['The most frequent turn is from unverified to supported: 8 of 30']
    """
    vocabulary = ledger.settings.vocabulary
    look = canvas.look_of(theme, size, width, vocabulary)
    turns = measures.transitions(ledger)
    if turns.empty:
        lacks = None if ledger.claims.empty else canvas.none_yet(ledger, "changes of status")
        return canvas.empty(ledger, look, title, lacks)
    pairs = turns.to_dict("records")
    before, after = ({pair[side] for pair in pairs} for side in ("from_status", "to_status"))
    rows = [status for status in vocabulary if status.name in before]
    columns = [status for status in vocabulary if status.name in after]
    total = sum(int(pair["count"]) for pair in pairs)
    most = max(pairs, key=lambda pair: int(pair["count"]))
    of_name = {status.name: status for status in vocabulary}
    named = f"from {of_name[most['from_status']].label} to {of_name[most['to_status']].label}"
    told = "; ".join(
        f"from {of_name[turn['from_status']].label} to {of_name[turn['to_status']].label} {number(turn['count'])}"
        for turn in sorted(pairs, key=lambda pair: -int(pair["count"]))
    )
    base = f"{counted(total, 'change')} of status, {counted(ledger.claims.shape[0], 'claim')}"
    said = Words(
        title
        or (
            f"{all_of(total, 'change').capitalize()} of status {'is' if total == 1 else 'are'} {named}"
            if len(pairs) == 1
            else f"The most frequent turn is {named}: {number(int(most['count']))} of {number(total)}"
        ),
        base,
        "Rows: the status before. Columns: the next one. The stronger a cell, the more often.",
        f"{base}: {told}.",
    )
    # Where the height is given, long names may have to be wide rather than high, or be cut short.
    for most_lines, room in product((MOST_LINES, 2, 1), (LABEL_WIDTH, *(look.width * n for n in SHARES))):
        names = [lines(status.label, max(room, LABEL_WIDTH), TEXT_SIZE, most=most_lines) for status in rows]
        beside = SIGN + max(text_width(line, TEXT_SIZE) for name in names for line in name)
        frame = Frame(look.width, left=MARGIN + beside + 10, right=MARGIN + 8, height=0)
        cell_width = min(frame.inner / len(columns), WIDEST)
        heads, step = _heads(columns, cell_width, frame.right, most_lines)
        above = LINE * max(map(len, heads)) + SIGN + 8 + step
        left_over = canvas.height_left(said, ledger, look, above=above)
        least = max(LEAST_CELL, LINE * max(map(len, names)) + 6)
        if left_over is None or least * len(rows) <= left_over:
            break
    tall = max(min((left_over or CELL * len(rows)) / len(rows), TALLEST), least)
    frame = Frame(look.width, frame.left, frame.right, max(tall * len(rows), left_over or 0), above=above)
    layers = [
        *_cells(pairs, rows, columns, cell_width, tall, look, of_name),
        *_row_words(rows, names, tall, frame, look),
        *_column_words(columns, heads, cell_width, step, look),
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _heads(columns: Sequence[Status], wide: float, right: float, most: int) -> tuple[list[list[str]], float]:
    """Wrap the names of columns so wide, and say how many pixels higher each other one stands."""
    longest = max(text_width(word, TEXT_SIZE) for status in columns for word in status.label.split())
    if longest <= wide - 4:
        return [lines(status.label, wide - 4, TEXT_SIZE, most=most) for status in columns], 0
    room = min(2 * wide - 8, wide + 2 * right - 8)
    heads = [lines(status.label, room, TEXT_SIZE, most=most) for status in columns]
    return heads, LINE * max(map(len, heads)) + SIGN + 4


def _cells(
    turns: Sequence[dict],
    rows: Sequence[Status],
    columns: Sequence[Status],
    wide: float,
    tall: float,
    look: Look,
    of_name: dict[str, Status],
) -> list[alt.Chart]:
    """Draw the grid, and in it a cell for each pair that happened, with its number."""
    row_of = {status.name: n for n, status in enumerate(rows)}
    column_of = {status.name: n for n, status in enumerate(columns)}
    grid: list[dict[str, canvas.Cell]] = [
        {"x": wide * c + 1, "x2": wide * (c + 1) - 1, "y": tall * r + 1, "y2": tall * (r + 1) - 1}
        for r in range(len(rows))
        for c in range(len(columns))
    ]
    top = max(turn["count"] for turn in turns)
    made: list[dict[str, canvas.Cell]] = []
    words: list[dict[str, canvas.Cell]] = []
    for turn in turns:
        x, y = wide * column_of[turn["to_status"]], tall * row_of[turn["from_status"]]
        strength = round(FAINTEST + (STRONGEST - FAINTEST) * turn["count"] / top, 3)
        days = float(turn["median_days"])
        first, second = of_name[turn["from_status"]].label, of_name[turn["to_status"]].label
        made.append(
            {
                "x": x + 1, "x2": x + wide - 1, "y": y + 1, "y2": y + tall - 1, "strength": strength,
                "from": turn["from_status"], "to": turn["to_status"], "count": int(turn["count"]),
                "claims": int(turn["claims"]), "median_days": days,
                "turn": f"{first} to {second}",
                "often": f"{counted(int(turn['count']), 'time')}, {counted(int(turn['claims']), 'claim')}",
                "after": f"after {number(days, 1)} {'day' if days == 1 else 'days'} (median)",
            }
        )  # fmt: skip
        words.append(
            {
                "x": x + wide / 2,
                "y": y + tall / 2,
                "text": number(int(turn["count"])),
            }
        )
    empty = alt.Chart(canvas.data(grid)).mark_rect(color=look.track, opacity=1, aria=False)
    cells = alt.Chart(canvas.data(made)).mark_rect(color=look.ink).encode(
        x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"), opacity=alt.Opacity("strength:Q", scale=None),
        tooltip=[
            alt.Tooltip("turn:N", title="Turn"), alt.Tooltip("often:N", title="How often"),
            alt.Tooltip("after:N", title="When"),
        ],
    )  # fmt: skip
    return [
        empty.encode(x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q")),
        canvas.told(cells, "turn", "often"),
        *canvas.words(words, AT_X, AT_Y, look.ink, align="center", bold=True),
    ]


def _row_words(
    rows: Sequence[Status], names: Sequence[Sequence[str]], tall: float, frame: Frame, look: Look
) -> list[alt.Chart]:
    """Set each status before, with its sign, beside its row."""
    start = MARGIN - frame.left
    places = [tall * (n + 0.5) for n in range(len(rows))]
    signs: list[dict[str, canvas.Cell]] = [
        {"x": start + 6, "y": y, "sign": status.sign, "ink": look.ink}
        for status, y in zip(rows, places, strict=True)
    ]
    words: list[dict[str, canvas.Cell]] = [
        {"x": start + SIGN, "y": y + LINE * (n - (len(name) - 1) / 2), "text": line}
        for name, y in zip(names, places, strict=True)
        for n, line in enumerate(name)
    ]
    return [*canvas.signs(signs, AT_X, AT_Y, size=10), *canvas.words(words, AT_X, AT_Y, look.ink)]


def _column_words(
    columns: Sequence[Status], heads: Sequence[Sequence[str]], wide: float, step: float, look: Look
) -> list[alt.Chart]:
    """Set each next status, with its sign, over its column; each other one so many pixels higher."""
    signs: list[dict[str, canvas.Cell]] = []
    words: list[dict[str, canvas.Cell]] = []
    for n, (status, head) in enumerate(zip(columns, heads, strict=True)):
        x = wide * (n + 0.5)
        low = -10 - step * (n % 2)
        words += [
            {"x": x, "y": low - LINE * (len(head) - 1 - at), "text": line} for at, line in enumerate(head)
        ]
        signs.append({"x": x, "y": low - LINE * len(head), "sign": status.sign, "ink": look.ink})
    return [
        *canvas.signs(signs, AT_X, AT_Y, size=10),
        *canvas.words(words, AT_X, AT_Y, look.ink, align="center"),
    ]
