"""Which statuses follow which: a matrix of how often."""

from __future__ import annotations

from typing import Unpack

import altair as alt
import pandas as pd

from factdesk.charts import asked, calls
from factdesk.charts.chart import Canvas, Options, canvas, finish, nothing
from factdesk.charts.marks import tooltips
from factdesk.charts.rows import Rows, place
from factdesk.charts.theme import where_chosen
from factdesk.formats import all_of, counted, number
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
    **options: Unpack[Options],
) -> alt.LayerChart:
    """Draw how often each status was followed by each other one: what becomes of claims that were held to be so?

    A change is from a status that a claim had to the next, on the days from which they hold. The status with which
    a claim begins is none.

    Parameters
    ----------
    ledger : Ledger or Store
        A ledger, a view of one, or a store that holds one (`fd.scale`).
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
    on, settings = canvas(ledger, **options), ledger.settings
    rows = pd.DataFrame(asked.transitions(ledger)).astype({"from_status": "str", "to_status": "str"})
    if rows.empty:
        return nothing(on, "changes of status" if asked.claims(ledger) else settings.nouns)
    before, after = (
        [one for one in settings.statuses if one in set(rows[end])] for end in ("from_status", "to_status")
    )
    names, most, total = on.labels, int(rows["count"].max()), int(rows["count"].sum())
    rows["row"] = rows["from_status"].map(before.index) + 1  # below that of the signs
    rows["at"] = rows["to_status"].map(after.index)
    rows["fill"] = (FAINTEST + (STRONGEST - FAINTEST) * rows["count"] / most).map(on.theme.mix)
    heads = pd.DataFrame({"words": ["", *(names[one] for one in before)], "tall": CELL})
    heads["is_head"] = heads.index == 0
    # Many rows stand closer rather than that some are left out.
    limit = on.lines if on.lines and len(heads) * PITCH <= on.lines else None
    laid = place(heads, is_narrow=on.is_narrow, beside=26, between=PITCH - CELL, limit=limit)
    layers = [*_cells(on, rows, before, after, laid), *laid.words(), on.key([*before, *after])]
    pairs = [
        (f"from {names[one]} to {names[other]}", int(count))
        for one, other, count in zip(rows["from_status"], rows["to_status"], rows["count"], strict=True)
    ]
    pairs.sort(key=lambda pair: -pair[1])
    base = f"{counted(total, 'change')} of status, {on.counted_apart(asked.claims(ledger), on.unread())}"
    caption = (
        "Rows: the status before. Columns: the next one, by its sign. The stronger a cell, the more often."
    )
    listed = "; ".join(f"{pair} {number(count)}" for pair, count in pairs)
    text = on.words(_headline(pairs, total), base, [caption], [f"{base}: {listed}."])
    return finish(on, text, layers, rows, columns=COLUMNS, laid=laid)


def _cells(
    on: Canvas, rows: pd.DataFrame, before: list[str], after: list[str], laid: Rows
) -> list[alt.Chart]:
    """Draw a cell for each pair, the number in those that happened, and the signs of rows and columns."""
    wide = max(len(after), LEAST)
    x = alt.X("begin:Q", scale=alt.Scale(domain=[-SIGN * wide, wide], nice=False), axis=None)
    every = pd.MultiIndex.from_product([range(1, len(before) + 1), range(len(after))], names=["row", "at"])
    empty = laid.at(every.to_frame(), 0, CELL).mark_bar(color=on.theme.track)
    cell = laid.at(alt.Chart().mark_bar(), 0, CELL).transform_calculate(status="datum.to_status").encode(
        color=alt.Color("fill:N", scale=None), opacity=where_chosen(),
        tooltip=tooltips(
            "from_status as from", "to_status as to", "count as how often", f"claims as {on.ledger.settings.nouns}",
            "median_days as days before it (median)",
        ),
    )  # fmt: skip
    bars = [
        one.transform_calculate(begin="datum.at + 0.02", end="datum.at + 0.98").encode(x=x, x2=alt.X2("end"))
        for one in (empty, cell)
    ]
    text = laid.at(alt.Chart(), CELL / 2).transform_calculate(middle="datum.at + 0.5")
    text = text.mark_text(fontWeight="bold", fontSize=13).encode(text=alt.Text("count:Q", format=","))
    heads = [{"status": one, "row": row, "middle": -SIGN * wide / 2} for row, one in enumerate(before, 1)]
    heads += [{"status": one, "row": 0, "middle": at + 0.5} for at, one in enumerate(after)]
    tiles = on.tiles(laid.at(pd.DataFrame(heads), f"(datum.row ? {CELL / 2} : 0.6)")).encode(
        tooltip=tooltips("status")
    )
    return [*bars, *(one.encode(x=alt.X("middle:Q")) for one in (text, tiles))]


def _headline(pairs: list[tuple[str, int]], total: int) -> str:
    """Name the change that happened most often; of several that tie none."""
    (pair, count), *others = pairs
    if not others:
        return f"{all_of(total, 'change').capitalize()} of status {'is' if total == 1 else 'are'} {pair}"
    if others[0][1] == count:
        return f"{number(total)} changes of status, of {number(len(pairs))} kinds"
    return f"The most frequent change is {pair}: {number(count)} of {number(total)}"
