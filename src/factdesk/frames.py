"""Frames whose cells have their types, and that read well by themselves: whole sentences, text to the left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk import schema
from factdesk.packed import Packed
from factdesk.schema import Column, Settings, Table

_MARKS = [(at, ord(mark)) for at, mark in enumerate("0000-00-00T00:00:00.000000Z") if mark != "0"]
_BOUNDS = (pd.Timestamp(schema.FIRST_DAY), pd.Timestamp(schema.LAST_DAY))
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


def typed(frame: pd.DataFrame, table: Table, settings: Settings) -> pd.DataFrame:
    """Return a table's cells of text with their types; cells that their column can't hold become missing.

    Days are `datetime64[us]`, moments `datetime64[us, UTC]`, choices categories, statuses ordered categories in
    vocabulary order, sizes `Int64`, everything else `str`.
    """
    return pd.DataFrame(
        {
            str(name): _typed_column(cells, table.by_name.get(str(name)), settings)
            for name, cells in frame.items()
        },
        index=frame.index,
    )


def unheld(cells: pd.Series, column: Column, settings: Settings) -> pd.Series:
    """Return which cells their column can't hold: no day, no word of its own, or nothing where something is needed.

    >>> unheld(pd.Series(["2025-03-13", "13.03.2025", ""], dtype="str"), schema.CLAIMS.by_name["made_on"], Settings()).tolist()
    [False, True, False]
    """
    text = cells.fillna("").astype("str")
    is_empty = text == ""
    return (~is_empty & _typed_column(text, column, settings).isna()) | (is_empty & column.required)


def _typed_column(cells: pd.Series, column: Column | None, settings: Settings) -> pd.Series:
    holds = column.holds if column else "text"
    if holds == "day":
        days = _at_once(cells, schema.DAY_LENGTH, pa.date32())
        if days is not None:
            return days
        good = cells.str.fullmatch(schema.DAY.pattern)
        days = pd.to_datetime(cells.where(good), format="ISO8601", errors="coerce").astype("datetime64[us]")
        return days.where(days.between(*_BOUNDS))
    if holds == "moment":
        moments = _at_once(cells, schema.MOMENT_LENGTH, pa.timestamp("us", "UTC"))
        if moments is not None:
            return moments.dt.tz_localize("UTC")
        good = cells.str.fullmatch(schema.MOMENT.pattern)
        moments = pd.to_datetime(cells.where(good), format="ISO8601", errors="coerce", utc=True)
        moments = moments.astype("datetime64[us, UTC]")
        first, last = (bound.tz_localize("UTC") for bound in _BOUNDS)
        return moments.where(moments.between(first, last))
    if holds == "status":
        return _chosen(cells, settings.statuses, ordered=True, renamed=settings.renamed)
    if holds == "choice" and column:
        return _chosen(cells, list(column.choices), ordered=False)
    if holds == "number":
        return pd.to_numeric(cells.where(cells.str.fullmatch("[0-9]{1,18}")), errors="coerce").astype("Int64")
    return cells.astype("str")


def _at_once(cells: pd.Series, length: int, kind: pa.DataType) -> pd.Series | None:
    """Return a column's days or moments where all its cells are such, or empty; else None."""
    packed = Packed.of(cells)
    written = packed.as_wide_as(length)
    if written is None or packed.text.null_count:
        return None
    if any((written[:, at] != mark).any() for at, mark in _MARKS if at < length):
        return None
    try:
        parsed = packed.with_nulls().cast(kind)
    except pa.ArrowInvalid:
        return None
    values = parsed.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    first, last = (bound.to_datetime64() for bound in _BOUNDS)
    known = values[~np.isnat(values)] if parsed.null_count else values
    if len(known) and (known.min() < first or known.max() > last):
        return None
    return pd.Series(values, index=cells.index)


def _chosen(
    cells: pd.Series, words: list[str], ordered: bool, renamed: Mapping[str, str] | None = None
) -> pd.Series:
    renamed = renamed or {}
    places = np.array([*range(len(words)), *map(words.index, renamed.values()), -1])
    text = Packed.of(cells).text
    known = pa.array([*words, *renamed], pa.large_string())
    codes = places[pc.index_in(text, value_set=known).fill_null(-1).to_numpy(zero_copy_only=False)]
    chosen = pd.Categorical.from_codes(codes, pd.Index(words), ordered=ordered)
    return pd.Series(chosen, index=cells.index)
