"""The one replay of `changes`: what a row held at a moment, and every form that it can have had before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, NamedTuple

import pandas as pd

from factdesk import schema
from factdesk.schema import ADDED, WITHDRAWN, Settings, Table

TRIES = 20_000
"""Earlier forms of one row that are tried; the likeliest come first."""

RowName = tuple[str, str]
"""The table and the id of a row."""


class Change(NamedTuple):
    """A row of `changes`. Where `column` is empty, the row itself was withdrawn, reinstated or added by hand."""

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
            name: then[name].where(~schema.unheld(then[name], table.by_name[name], settings), now[name])
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
