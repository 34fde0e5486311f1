"""Rows of words with a band or a bar each: a linear axis in lines of text, on which Vega sets the words.

Where a picture is wide the words stand beside their bands, else above them. Both places of every row lie in one
expression, so that a page can change from the one to the other without drawing anew.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, replace

import altair as alt
import numpy as np
import pandas as pd

from factdesk.charts.marks import ACROSS, LEFT, RIGHT, layer
from factdesk.charts.marks import words as set_words
from factdesk.charts.theme import LINE, parameter
from factdesk.text import isolated as isolated

BESIDE, ABOVE = 38, 46
"""Characters of a line of words beside a band, and above one."""
MOST_LINES = 4
MOST_AIR = 1.2
"""Lines that are added between rows where there is room."""
BAND = 1.0
"""Lines that a band is high."""


def wrapped(words: str, chars: int = BESIDE, most: int = MOST_LINES) -> str:
    """Break each line of words into lines, at most so many; what is cut off is marked.

    >>> wrapped("Russia has given positive signals", 16)
    'Russia has given\\npositive signals'
    """
    lines = [line for part in words.split("\n") for line in textwrap.wrap(part, chars)] or [""]
    if len(lines) > most:
        last = lines[most - 1]
        whole = last if len(last) <= chars - 2 else last[: chars - 2].rpartition(" ")[0] or last[: chars - 2]
        lines = [*lines[: most - 1], f"{whole} …"]
    return "\n".join(map(isolated, lines))  # else lines from right to left would be set as one


@dataclass(frozen=True)
class Rows:
    """Rows in their places: from the top, in lines, beside and above."""

    frame: pd.DataFrame
    tops: tuple[list[float], list[float]]
    lines: tuple[float, float]
    is_narrow: bool

    @property
    def heights(self) -> list[int]:
        """Pixels of the plot, with the words beside the bands and above them."""
        return [round(lines * LINE) for lines in self.lines]

    @property
    def names(self) -> dict[str, str]:
        """What the parameters are called by which a page changes from one place to the other."""
        return {part: parameter(part) for part in ("narrow", "lines", "tops")}

    @property
    def params(self) -> list[alt.Parameter]:
        """The parameters that the layers of rows ask for."""
        names = self.names
        places = f"{names['narrow']} ? {json.dumps(self.tops[1])} : {json.dumps(self.tops[0])}"
        return [
            alt.param(name=names["narrow"], value=self.is_narrow),
            alt.param(name=names["lines"], value=self.lines[self.is_narrow]),
            alt.param(name=names["tops"], expr=places),
        ]

    def y(self, field: str = "y") -> alt.Y:
        """Encode a place in lines, as `at` calculates it."""
        scale = alt.Scale(
            domainMin=0, domainMax=alt.ExprRef(self.names["lines"]), reverse=True, nice=False, zero=False
        )
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    def at(
        self, marks: alt.Chart | pd.DataFrame, offset: float | str = 0, until: float | str | None = None
    ) -> alt.Chart:
        """Put marks, whose column `row` holds in which row they are, so many lines below its band's upper edge."""
        chart = layer(marks) if isinstance(marks, pd.DataFrame) else marks
        top = f"{self.names['tops']}[datum.row]"
        chart = chart.transform_calculate(y=f"{top} + {offset}").encode(y=self.y())
        if until is None:
            return chart
        return chart.transform_calculate(y_end=f"{top} + {until}").encode(y2=alt.Y2("y_end:Q"))

    def track(self, rows: Iterable[int], colour: str, tall: float = BAND) -> alt.Chart:
        """Draw the ground of some rows from one edge of the plot to the other."""
        return self.at(pd.DataFrame({"row": list(rows)}), 0, tall).mark_bar(color=colour).encode(**ACROSS)

    def words(self) -> list[alt.Chart]:
        """Set the words of each row, those of headings bold, and what stands at the right of its band."""
        narrow = self.names["narrow"]
        frame = self.frame.reset_index(names="row")
        align, dx = alt.ExprRef(f"{narrow} ? 'left' : 'right'"), alt.ExprRef(f"{narrow} ? 0 : -10")
        weight = alt.ExprRef("datum.is_head ? 'bold' : 'normal'")
        above = f"({narrow} && !datum.is_head ? -datum.lines_above : 0)"
        base = self.at(frame[["row", "beside", "above", "lines_above", "is_head"]], above)
        base = base.transform_calculate(words=f"{narrow} ? datum.above : datum.beside").encode(x=LEFT)
        layers = [set_words(base, "words", baseline="top", dy=1, fontWeight=weight, align=align, dx=dx)]
        asides = frame[frame["aside"] != ""]
        if len(asides):
            base = self.at(asides[["row", "aside"]]).encode(x=RIGHT)
            layers.append(set_words(base, "aside", baseline="top", dx=asides_from(self.frame), dy=1))
        return layers

    def as_tall_as(self, lines: float | None) -> Rows:
        """Return the rows with so many lines for them, or with their own where they are more."""
        low, high = self.lines
        return replace(self, lines=(max(low, lines), max(high, lines))) if lines else self


def asides_from(frame: pd.DataFrame) -> int:
    """Return the pixels from the plot to the words at its right: room for a sign where rows have one."""
    return 24 if "status" in frame and frame["status"].notna().any() else 10


def place(
    frame: pd.DataFrame,
    *,
    is_narrow: bool,
    beside: int = BESIDE,
    between: float = 0.6,
    most: int = MOST_LINES,
    limit: float | None = None,
) -> Rows:
    """Give each row its place.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the order of the rows: `words` (str) and `tall` (float: lines from the upper edge of the band to the lower
        one of what is drawn below it); also, where rows have them, `is_head` (bool) and `aside` (str: what stands
        at the right).
    is_narrow : bool
        Whether the words stand above their bands, to begin with.
    beside : int
        Characters of a line of words beside a band.
    between : float
        Lines between rows.
    most : int
        Lines of words that a row has at most.
    limit : float, optional
        Lines that there are: rows that would stand below them are left out, but never the first; fewer rows are
        spread.

    Returns
    -------
    Rows
        With the words broken into lines; the places are those of the bands' upper edges.
    """
    frame = frame.reset_index(drop=True)
    frame = frame.assign(is_head=frame.get("is_head", False), aside=frame.get("aside", ""))
    frame["is_head"], frame["aside"] = frame["is_head"].eq(True), frame["aside"].fillna("")
    frame["beside"] = [wrapped(words, beside, most) for words in frame["words"]]
    frame["above"] = [wrapped(words, ABOVE, most) for words in frame["words"]]
    lines_beside, frame["lines_above"], asides = (
        frame[name].str.count("\n") + 1 for name in ("beside", "above", "aside")
    )
    is_head = frame["is_head"]
    tall = frame["tall"].fillna(0).clip(lower=0).where(~is_head, 0)
    wide = pd.concat([lines_beside, tall, asides], axis=1).max(axis=1)
    low = pd.concat([tall, asides.where(~is_head, 0)], axis=1).max(axis=1) + frame["lines_above"]
    sizes = pd.DataFrame({"wide": wide, "low": low}) + between
    ends = sizes.cumsum()
    if limit is not None:
        fits = max(int((ends["low" if is_narrow else "wide"] <= limit).sum()), 1)
        frame, sizes, ends = frame[:fits], sizes[:fits], ends[:fits]
        free = min(max((limit - ends["wide"].iloc[-1]) / fits, 0), MOST_AIR)
        ends = ends.add(np.arange(1, fits + 1) * free, axis=0)
    tops = ends - sizes
    tops["low"] += frame["lines_above"].where(~frame["is_head"], 0)
    high, higher = (
        ends.iloc[-1].round(2).clip(lower=limit or 0)
    )  # rows keep their height where they leave room
    return Rows(
        frame, (tops["wide"].round(2).tolist(), tops["low"].round(2).tolist()), (high, higher), is_narrow
    )
