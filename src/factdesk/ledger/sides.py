"""Two ledgers side by side: their rows as text, and what is found of each as one is merged into the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from factdesk.checks.replay import RowName
from factdesk.frames import records
from factdesk.schema import ADDED, CHANGES, SEPARATOR, TABLES, WITHDRAWN, Table
from factdesk.storage.journal import Cell

Row = dict[str, str]

OURS, THEIRS = "ours", "theirs"

ONE_APPEARANCE = ("claim_id", "claimant", "made_on", "source_id", "quote", "place")
"""Cells by which an appearance is known again, as `Ledger.repeat` does."""

REFERS = {
    "claims": {"appearance": "sources"},
    "appearances": {"claim_id": "claims", "source_id": "sources"},
    "snapshots": {"source_id": "sources"},
    "evidence": {"claim_id": "claims", "source_id": "sources"},
    "statuses": {"claim_id": "claims", "evidence": "evidence"},
}
"""By table the columns that name rows of another, and which."""


class Contrary(NamedTuple):
    """Two things that both ledgers say and that are not one."""

    what: str
    table: str
    row_id: str
    claim_id: str
    column: str
    here: str
    there: str
    by_here: str
    by_there: str
    outcome: str


class Edit(NamedTuple):
    """What comes of a row that stands here: a cell set as it was edited there, or filled, or the row withdrawn."""

    table: str
    row_id: str
    claim_id: str
    column: str
    before: str
    after: str
    why: str
    by: str


class LeftOut(NamedTuple):
    """A row of the other ledger that does not come in, and why."""

    table: str
    row_id: str
    claim_id: str
    line: int
    reason: str


class Choice(NamedTuple):
    """A cell that was contrary, and which of its values holds from now on; `after` are moments before that."""

    table: str
    cell: Cell
    after: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One ledger's sound rows by table and id, as text, and the rows of `changes` about each, in order of time."""

    rows: Mapping[str, Mapping[str, Row]]
    changes: Mapping[RowName, Sequence[Row]]

    @classmethod
    def of(cls, cells: Mapping[str, pd.DataFrame]) -> Side:
        """Return a side of tables of text."""
        rows = {
            name: {row[table.id]: row for row in records(cells[name], table.names)}
            for name, table in TABLES.items()
        }
        return cls(rows, by_row(rows["changes"].values()))

    def withdrawn(self, table: str, row_id: str) -> bool:
        """Return whether a row was withdrawn, and not reinstated."""
        return is_withdrawn(self.changes.get((table, row_id), ()))


@dataclass(frozen=True)
class Here(Side):
    """The ledger into which another is merged: of its rows those that the other has too, and what it knows of all."""

    ids: Mapping[str, Set[str]]
    """Ids of all rows, those that can't be read too."""
    blocked: Mapping[RowName, str]
    """Rows that can't be touched, and why."""
    barred: Mapping[RowName, str]
    """Those of them to which nothing can be added."""
    appearances: Mapping[tuple[str, ...], Row]
    """Rows of appearances by the cells of `ONE_APPEARANCE`."""
    is_sealed: Callable[[Table, Row, Sequence[Row]], bool]
    """Whether a seal covers a row, or what it was before its changes."""

    def twin(self, appearance: Row) -> Row | None:
        """Return the row of an appearance that both logged."""
        return self.appearances.get(tuple(appearance[one] for one in ONE_APPEARANCE))


@dataclass
class Merging:
    """What comes of a merge, gathered row by row."""

    new: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in TABLES})
    same: Counter[str] = field(default_factory=Counter)
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    contrary: list[Contrary] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, table: str, row: Row, reason: str) -> None:
        """Leave a row out of what comes in."""
        self.left_out.append(LeftOut(table, row[TABLES[table].id], claim_of(table, row), 0, reason))

    def bring(self, changes: Iterable[Row], here: Here) -> None:
        """Let rows of `changes` come in that are not here."""
        for change in changes:
            if change["change_id"] not in here.ids["changes"]:
                self.new["changes"][change["change_id"]] = change

    def has(self, here: Here, other: str, row_id: str) -> bool:
        """Return whether a row is here, or comes in."""
        return row_id in here.ids[other] or row_id in self.new[other]

    @property
    def writes(self) -> bool:
        """Whether anything is to be written."""
        return any(self.new.values()) or bool(self.cells or self.choices)


def by_row(changes: Iterable[Row]) -> dict[RowName, list[Row]]:
    """Return rows of `changes` by the row that they are about, in order of time."""
    found: dict[RowName, list[Row]] = {}
    for row in sorted(changes, key=lambda row: (row["changed_at"], row["change_id"])):
        found.setdefault((row["table"], row["row_id"]), []).append(row)
    return found


def first_written(row: Row, changes: Sequence[Row]) -> Row:
    """Return a row with its changes undone.

    >>> first_written({"note": "b"}, [{"column": "note", "before": "a", "after": "b"}])
    {'note': 'a'}
    """
    first = dict(row)
    for change in reversed(changes):
        if change["column"] and first.get(change["column"]) == change["after"]:
            first[change["column"]] = change["before"]
    return first


def claim_of(table: str, row: Row) -> str:
    """Return the claim that a row is of; of a source none."""
    return row.get("claim_id", "") if table != CHANGES.name else ""


def is_withdrawn(changes: Sequence[Row]) -> bool:
    """Return whether rows of `changes`, in order of time, leave a row withdrawn."""
    words = [one["after"] for one in changes if not one["column"]]
    return words[-1:] == [WITHDRAWN]


def named(name: str, row: Row) -> Iterator[RowName]:
    """Yield the rows that a row refers to.

    >>> list(named("claims", {"appearance": "s-1"})), list(named("claims", {"appearance": ""}))
    ([('sources', 's-1')], [])
    """
    for column, other in REFERS.get(name, {}).items():
        cell = row.get(column, "")
        for row_id in cell.split(SEPARATOR) if column == "evidence" else [cell]:
            if row_id:
                yield other, row_id


def is_vouched_for(changes: Sequence[Row]) -> bool:
    """Return whether its ledger took a row in that was added past the workbench, such as by hand."""
    return any(not one["column"] and one["after"] == ADDED for one in changes)
