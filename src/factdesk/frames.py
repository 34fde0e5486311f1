"""Frames that read well by themselves: whole sentences, text to the left, days as days."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

CELL_SHOWN = 400
"""Characters of a cell that are shown; pandas cuts at 50, in the middle of a claim."""

# Said on each cell: JupyterLab takes a style element out of a notebook that it does not trust, and sets all
# cells to the right. A day is not broken at its dashes.
_CELL = '<{tag} style="text-align: left; vertical-align: top{more}">'


def _left(found: re.Match[str]) -> str:
    more = "; white-space: nowrap" if found["day"] else ""
    return _CELL.format(tag=found["tag"], more=more) + (found["day"] or "")


def records(cells: pd.DataFrame, names: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return a frame's rows of text by column; of some columns only where they are named.

    >>> records(pd.DataFrame({"a": ["b", "c"], "d": ["e", "f"]}, dtype="str"), ["a"])
    [{'a': 'b'}, {'a': 'c'}]
    """
    names = names or cells.columns.tolist()
    rows = zip(*(cells[name].tolist() for name in names), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


class LedgerFrame(pd.DataFrame):
    """A DataFrame that shows a claim's words whole; in everything else it is pandas' own.

    Examples
    --------
    >>> frame = LedgerFrame({"claim": ["word " * 20]})
    >>> "…" in repr(frame) or "..." in repr(frame)
    False
    """

    @property
    def _constructor(self) -> type[LedgerFrame]:
        return LedgerFrame

    @property
    def _constructor_sliced(self) -> type[pd.Series]:
        return pd.Series

    def __repr__(self) -> str:
        with pd.option_context("display.max_colwidth", CELL_SHOWN, "display.max_columns", None):
            return super().__repr__()

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.max_colwidth", CELL_SHOWN, "display.max_columns", None):
            table = pd.DataFrame._repr_html_(self)  # type: ignore[attr-defined]
        return re.sub(r"<(?P<tag>t[dh])>(?P<day>\d{4}-\d\d-\d\d(?=</))?", _left, table) if table else None
