"""Which statuses follow which: a matrix of how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.chart import Words, checked, finish, is_narrow, isolated, nothing, room
from factdesk.charts.looks import Theme
from factdesk.charts.rows import Rows, place
from factdesk.charts.theme import inline, key, labels, sign_of, status_colour
from factdesk.formats import all_of, counted, number

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("from_status", "to_status", "count", "claims", "median_days")
CELL, PITCH, LEAST = 1.3, 1.75, 4
"""Lines of a cell and from row to row; columns for which there is room at least, so that one does not fill it."""
SIGN = 0.06
"""The share of the plot that the signs of the rows take."""
FAINTEST, STRONGEST = 0.12, 0.38
"""How much ink a cell has; up to there a number in the same ink has a contrast of 4.5 in every theme (WCAG 2)."""


@calls.records_its_call
def transitions(
    ledger: Ledger,
    *,
    theme: str | None = None,
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw how often each status was followed by each other one: what becomes of claims that were held to be so?

    A change is from a status that a claim had to the next, on the days from which they hold. The status with which
    a claim begins is none.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    theme, size, width, locale, title : optional
        As in every chart: see `fd.charts`.

    Returns
    -------
    altair.LayerChart
        Its `data` has the columns of `fd.measures.transitions`.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.transitions import transitions
    >>> transitions(fd.open("claims.csv")).title.text
    ['The most frequent change is from unverified to supported: 8 of 30']
    """
    of, settings = checked(theme, size, width), ledger.settings
    rows = pd.DataFrame(measures.transitions(ledger)).astype({"from_status": "str", "to_status": "str"})
    if rows.empty:
        lacks = "changes of status" if len(ledger.claims) else settings.nouns
        return nothing(ledger, of, lacks, title=title, size=size, width=width)
    before, after = (
        [one for one in settings.statuses if one in set(rows[end])] for end in ("from_status", "to_status")
    )
    names, most, total = labels(ledger), int(rows["count"].max()), int(rows["count"].sum())
    rows["row"] = rows["from_status"].map(before.index) + 1  # below that of the signs
    rows["at"] = rows["to_status"].map(after.index)
    rows["fill"] = (FAINTEST + (STRONGEST - FAINTEST) * rows["count"] / most).map(of.mix)
    heads = pd.DataFrame(
        {
            "words": ["", *(isolated(names[one]) for one in before)],
            "is_head": False,
            "aside": "",
            "tall": CELL,
        }
    )
    heads.loc[0, "is_head"] = True
    space = room(size)  # many rows stand closer rather than that some are left out
    laid = place(
        heads, is_narrow=is_narrow(size, width), beside=26, between=PITCH - CELL,
        room=space if space and len(heads) * PITCH <= space else None,
    )  # fmt: skip
    layers = [
        *_cells(rows, before, after, laid, ledger, of),
        *laid.words(of),
        key(ledger, of, [*before, *after]),
    ]
    said = [
        (f"from {isolated(names[one])} to {isolated(names[other])}", int(count))
        for one, other, count in zip(rows["from_status"], rows["to_status"], rows["count"], strict=True)
    ]
    said.sort(key=lambda pair: -pair[1])
    base = (
        f"{counted(total, 'change')} of status, {counted(len(ledger.claims), settings.noun, settings.nouns)}"
    )
    words = Words(
        title or _headline(said, total),
        base,
        "Rows: the status before. Columns: the next one, by its sign. The stronger a cell, the more often.",
        f"{base}: {'; '.join(f'{pair} {number(count)}' for pair, count in said)}.",
    )
    return finish(ledger, of, words, layers, rows, columns=COLUMNS, size=size, width=width, laid=laid)


def _cells(
    rows: pd.DataFrame, before: list[str], after: list[str], laid: Rows, ledger: Ledger, theme: Theme
) -> list[alt.Chart]:
    """Draw a cell for each pair, the number in those that happened, and the signs of rows and columns."""
    wide = max(len(after), LEAST)
    x = alt.X("begin:Q", scale=alt.Scale(domain=[-SIGN * wide, wide], nice=False), axis=None)
    ends = {"begin": "datum.at + 0.02", "end": "datum.at + 0.98", "middle": "datum.at + 0.5"}
    every = pd.DataFrame(
        [{"row": row, "at": at} for row in range(1, len(before) + 1) for at in range(len(after))]
    )
    empty = laid.at(alt.Chart(inline(every)).mark_bar(color=theme.track), "0", f"{CELL}")
    cell = laid.at(alt.Chart().mark_bar(), "0", f"{CELL}").encode(
        color=alt.Color("fill:N", scale=None),
        tooltip=[
            alt.Tooltip("from_status:N", title="from"), alt.Tooltip("to_status:N", title="to"),
            alt.Tooltip("count:Q", title="how often", format=","), alt.Tooltip("claims:Q", title=ledger.settings.nouns, format=","),
            alt.Tooltip("median_days:Q", title="days before it (median)", format=",.1~f"),
        ],
    )  # fmt: skip
    text = (
        laid.at(alt.Chart(), f"{CELL / 2}")
        .transform_calculate(**ends)
        .mark_text(fontWeight="bold", fontSize=13)
    )
    tile = alt.Chart(
        inline(pd.DataFrame({"status": before, "row": range(1, len(before) + 1), "middle": -SIGN * wide / 2}))
    )
    head = alt.Chart(
        inline(pd.DataFrame({"status": after, "middle": [at + 0.5 for at in range(len(after))], "row": 0}))
    )
    row_signs, heads = (
        base.mark_point(
            filled=True, opacity=1, size=75, stroke=theme.ink, strokeWidth=0.5, clip=False, shape=sign_of(ledger, tile=True),
        ).encode(x=alt.X("middle:Q"), color=status_colour(ledger, theme), tooltip=["status:N"])
        for base in (tile, head)
    )  # fmt: skip
    return [
        *(one.transform_calculate(**ends).encode(x=x, x2="end") for one in (empty, cell)),
        text.encode(x=alt.X("middle:Q"), text=alt.Text("count:Q", format=",")),
        laid.at(row_signs, f"{CELL / 2}"),
        laid.at(heads, "0.6"),
    ]


def _headline(said: list[tuple[str, int]], total: int) -> str:
    """Name the change that happened most often; of several that tie none."""
    (pair, count), *others = said
    if not others:
        return f"{all_of(total, 'change').capitalize()} of status {'is' if total == 1 else 'are'} {pair}"
    if others[0][1] == count:
        return f"{number(total)} changes of status, of {number(len(said))} kinds"
    return f"The most frequent change is {pair}: {number(count)} of {number(total)}"
