"""The one replay of `changes`: what a row held at a moment, and every form that it can have had before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, NamedTuple

import pandas as pd

from factdesk.frames import unheld
from factdesk.schema import ADDED, WITHDRAWN, Settings, Table

TRIES = 20_000
"""Earlier forms of one row that are tried; the likeliest come first."""

RowName = tuple[str, str]
"""The table and the id of a row."""

CellName = tuple[str, str, str]
"""Table, row and column."""


class Change(NamedTuple):
    """A row of `changes`. Where `column` is empty, the row itself was withdrawn, reinstated or added later than it says."""

    at: Any
    column: str
    before: str
    after: str
    why: str
    leaf: bytes


def by_row(changes: pd.DataFrame, at: str = "changed_at") -> dict[RowName, list[Change]]:
    """Return the changes of each row in order of time.

    `at` names the column that holds when: a moment, its text or a day. `leaf` is read where there is one.

    >>> row = {"table": "claims", "row_id": "rain", "column": "claim", "before": "a", "after": "b", "why": "typo"}
    >>> by_row(pd.DataFrame([row | {"change_id": "c-1", "changed_at": "2025-03-15"}]))["claims", "rain"][0].after
    'b'
    """
    ordered = changes.sort_values(["changed_at", "change_id"], kind="stable")
    names = ("table", "row_id", at, "column", "before", "after", "why")
    leaves = ordered["leaf"].tolist() if "leaf" in ordered else [b""] * len(ordered)
    found: dict[RowName, list[Change]] = {}
    for table, row_id, *change in zip(*(ordered[name].tolist() for name in names), leaves, strict=True):
        found.setdefault((table, row_id), []).append(Change(*change))
    return found


def by_cell(changes: pd.DataFrame) -> dict[CellName, list[tuple[str, str]]]:
    """Return the changes of each cell in order of time: what stood there before and after."""
    found: dict[CellName, list[tuple[str, str]]] = {}
    for row, of_row in by_row(changes).items():
        for change in of_row:
            if change.column:
                found.setdefault((*row, change.column), []).append((change.before, change.after))
    return found


def heads(changes: Iterable[tuple[str, str]], *first: str) -> list[str]:
    """Replay the changes of one cell in order of time: what it can hold at the end, the latest last.

    A change replaces what it says stood before; where nothing did, its value stands beside the others, unless it
    is there already. Where a value stands several times, since one that was settled came to it too, a change
    replaces them all; but two that settled the same values in opposite ways leave both.

    >>> heads([("a", "b"), ("b", "c")], "a"), heads([("a", "b"), ("a", "c")], "a")
    (['c'], ['b', 'c'])
    >>> both_sides = [("a", "b"), ("a", "b"), ("b", "c")]
    >>> settled = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e")]
    >>> in_opposite_ways = [("a", "b"), ("a", "c"), ("b", "c"), ("c", "b")]
    >>> [heads(changes, "a") for changes in (both_sides, settled, in_opposite_ways)]
    [['c'], ['e'], ['c', 'b']]
    """
    standing, made = list(first), set[tuple[str, str]]()
    for before, after in changes:
        if before not in standing:
            standing = [head for head in standing if head != after]
        elif standing.count(before) > 1 and (after, before) in made:
            standing.remove(before)
        else:
            standing = [head for head in standing if head != before]
        standing.append(after)
        made.add((before, after))
    return list(dict.fromkeys(reversed(standing)))[::-1]


def cells_at(cells: Mapping[str, str], changes: Sequence[Change], moment: Any) -> dict[str, str]:
    """Return a row's cells as they were at a moment.

    >>> changes = [Change(3, "claim", "a", "b", "", b""), Change(5, "claim", "b", "c", "", b"")]
    >>> [cells_at({"claim": "c"}, changes, moment)["claim"] for moment in (2, 3, 6)]
    ['a', 'b', 'c']
    """
    then = dict(cells)
    changed = set()
    for change in changes:
        if change.column in then and (change.at <= moment or change.column not in changed):
            then[change.column] = change.after if change.at <= moment else change.before
            changed.add(change.column)
    return then


def is_there(changes: Sequence[Change], moment: Any, withdrawn_too: bool = False) -> bool:
    """Return whether a row that was written by a moment was there: not added later, and not withdrawn.

    >>> withdrawn = [Change(3, "", "", "withdrawn", "", b"")]
    >>> is_there(withdrawn, 2), is_there(withdrawn, 3), is_there(withdrawn, 3, withdrawn_too=True)
    (True, False, True)
    """
    of_row = [change for change in changes if change.column == ""]
    if any(change.after == ADDED and not change.at <= moment for change in of_row):
        return False
    words = [change.after for change in of_row if change.at <= moment]
    return withdrawn_too or words[-1:] != [WITHDRAWN]


def readable(then: pd.DataFrame, now: pd.DataFrame, table: Table, settings: Settings) -> pd.DataFrame:
    """Return cells as they were; where one could not be read, what it was mended to."""
    columns = [name for name in then if name in table.by_name and not then[name].equals(now[name])]
    return then.assign(
        **{
            name: then[name].where(~unheld(then[name], table.by_name[name], settings), now[name])
            for name in columns
        }
    )


def earlier(
    row: Mapping[str, str], changes: Sequence[Change], columns: Sequence[str]
) -> Iterator[dict[str, str]]:
    """Return what a row held before: with all changes undone, then every form from which they lead to this one."""
    undone = dict(row)
    for change in reversed(changes):
        if undone.get(change.column) == change.after:
            undone[change.column] = change.before
    yield undone
    held: dict[str, list[str]] = {}
    for column in columns:
        texts = [row[column]]
        for text in texts:
            befores = [c.before for c in changes if c.column == column and c.after == text]
            texts += [one for one in dict.fromkeys(befores) if one not in texts]
        held[column] = texts
    for cells in islice(product(*held.values()), TRIES):
        yield {**undone, **dict(zip(held, cells, strict=True))}
