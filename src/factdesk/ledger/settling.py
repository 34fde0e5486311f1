"""One row that two ledgers have: what holds in each cell by the changes of both, and where that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from factdesk.checks import replay
from factdesk.ledger import ids
from factdesk.ledger.sides import (
    THEIRS,
    Choice,
    Contrary,
    Edit,
    Here,
    Merging,
    Row,
    Side,
    claim_of,
    first_written,
    is_withdrawn,
    named,
)
from factdesk.schema import CHANGES, WITHDRAWN, Table
from factdesk.storage.journal import Cell
from factdesk.text import alike

APART = ("claims", "sources", "evidence")
"""Tables in which two people make one id without knowing of each other: who and when are no part of it."""

FURTHER = "described further in another ledger"
"""The reason that `changes` have for a cell that one ledger had empty and the other filled."""


class Settling:
    """One row that both ledgers have: what holds in each cell by the changes of both, and where that is not known."""

    def __init__(
        self,
        table: Table,
        here: Row,
        there: Row,
        ours: Here,
        theirs: Side,
        choice: str,
        is_joined: bool = False,
    ) -> None:
        self.table, self.here, self.there, self.ours = table, here, there, ours
        self.choice, self.is_joined = choice, is_joined
        row_id = here[table.id]
        self.mine = ours.changes.get((table.name, row_id), ())
        self.others = theirs.changes.get((table.name, row_id), ())
        self.content = [name for name in table.names if name not in (table.id, table.moment, table.writer)]
        self.is_apart = any(here[name] != there[name] for name in (table.moment, table.writer))

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return any(self.here[name] != self.there[name] for name in self.content)

    def into(self, found: Merging) -> None:
        """Add to a merge what comes of the row."""
        have = {one["change_id"] for one in self.mine}
        more = [one for one in self.others if one["change_id"] not in have]
        if not self.differs and not self.is_apart and not more:
            found.same[self.table.name] += 1
            return
        rows_before = len(found.edits), len(found.contrary)
        first_here, first_there = (
            first_written(row, of) for row, of in ((self.here, self.mine), (self.there, self.others))
        )
        is_later = self.is_apart and _when(self.table, self.there) < _when(self.table, self.here)
        can_be = is_later and self.table.name in APART
        adopts = can_be and not self.ours.is_sealed(self.table, self.here, self.mine)
        contrary = False
        for column in self.content:
            new = [one for one in more if one["column"] == column]
            if (
                self.here[column] == self.there[column]
                and not new
                and first_here[column] == first_there[column]
            ):
                continue
            base = first_there if adopts else first_here
            contrary |= not self._settled(column, base, (first_here, first_there), new, found)
        self._words([one for one in more if not one["column"]], found)
        if adopts and not contrary:
            for column in (self.table.moment, self.table.writer):
                self._set(column, self.there[column], found)
        if (len(found.edits), len(found.contrary)) == rows_before:
            found.same[self.table.name] += 1

    def _settled(
        self, column: str, base: Row, firsts: tuple[Row, Row], new: Sequence[Row], found: Merging
    ) -> bool:
        """Settle one cell; return whether what holds there is known."""
        of_cell = {one["change_id"]: one for one in (*self.others, *self.mine) if one["column"] == column}
        fills: list[Row] = []
        values = list(dict.fromkeys(one[column] for one in firsts))
        if len(values) == 2 and "" in values and self._may_fill(column, firsts):
            values = [one for one in values if one]
            if not base[column]:
                fills = [self._fill(column, values[0], firsts)]
        pairs = [(one["before"], one["after"]) for one in _in_time([*of_cell.values(), *fills])]
        heads = replay.heads(pairs, *values)
        mine = [(one["before"], one["after"]) for one in self.mine if one["column"] == column]
        # What nobody's change explains was typed into a file, and is no edit.
        is_known = self.here[column] in (replay.heads(mine) or [self.here[column]])
        if len(heads) == 1 and is_known:
            if not all(found.has(self.ours, *one) for one in named(self.table.name, {column: heads[0]})):
                return True  # it names a row that is left out
            found.bring([*new, *fills], self.ours)
            if heads[0] != self.here[column]:
                self._set(column, heads[0], found)
                last = [*new, *fills][-1:] or [{"why": FURTHER, "changed_by": self.there[self.table.writer]}]
                self._tell(column, heads[0], last[0]["why"], last[0]["changed_by"], found)
            return True
        if self.here[column] == self.there[column]:
            return True
        if self._is_two_claims(column):
            self._contrary("two claims", column, found)
            return False
        losing = [one for one in dict.fromkeys([*heads, self.here[column]]) if one != self._chosen(column)]
        if self.choice:
            found.bring(new, self.ours)
            after = (self.here[self.table.moment], *(one["changed_at"] for one in of_cell.values()))
            cells = [Cell(self.here[self.table.id], column, one, self._chosen(column)) for one in losing]
            found.choices += [Choice(self.table.name, cell, after) for cell in cells]
            self._set(column, self._chosen(column), found)
        self._contrary("cell", column, found)
        return bool(self.choice)

    def _may_fill(self, column: str, firsts: tuple[Row, Row]) -> bool:
        """Return whether a cell that is empty says nothing: a day without a precision is a day."""
        is_said = column == "made_on_precision" and all(one["made_on"] for one in firsts)
        return self.is_apart and not is_said

    def _is_two_claims(self, column: str) -> bool:
        """Return whether one id was given to two claims, each of which has rows of its own."""
        if self.table.name != "claims" or column not in ("claim", "claimant") or self.is_joined:
            return False
        one, other = ((alike(row["claim"]), alike(row["claimant"])) for row in (self.here, self.there))
        return one != other and self.here[self.table.moment] != self.there[self.table.moment]

    def _chosen(self, column: str) -> str:
        return (self.there if self.choice == THEIRS else self.here)[column]

    def _fill(self, column: str, value: str, firsts: tuple[Row, Row]) -> Row:
        """Return the change that one ledger's filling a cell is to the other, which had it empty."""
        filled_here = firsts[0][column] == value
        writer = (self.here if filled_here else self.there)[self.table.writer]
        at = max(self.here[self.table.moment], self.there[self.table.moment])
        change = dict.fromkeys(CHANGES.names, "") | {
            "table": self.table.name, "row_id": self.here[self.table.id], "column": column, "after": value,
            "why": FURTHER, "changed_at": at, "changed_by": writer,
        }  # fmt: skip
        change["change_id"] = ids.row_id(CHANGES.letter, ids.parts(CHANGES, change, CHANGES.names[1:]))
        return change

    def _words(self, more: Sequence[Row], found: Merging) -> None:
        """Settle whether the row stands: of one begun in both ledgers a withdrawal there is none here."""
        is_here, is_there = (is_withdrawn(of) for of in (self.mine, self.others))
        after = is_withdrawn(_in_time([*self.mine, *more]))
        states = ["" if not one else WITHDRAWN for one in (is_here, is_there)]
        if self.is_apart and is_here != is_there:
            self._contrary("withdrawal", "", found, states)
            if self.choice == THEIRS:
                found.bring(more, self.ours)
                if after != is_there:
                    at = tuple(one["changed_at"] for one in (*self.mine, *more))
                    found.choices.append(
                        Choice(self.table.name, Cell(self.here[self.table.id], "", states[0], states[1]), at)
                    )
            return
        found.bring(more, self.ours)
        if after != is_here:
            last = more[-1]
            self._tell("", WITHDRAWN if after else "", last["why"], last["changed_by"], found)

    def _set(self, column: str, after: str, found: Merging) -> None:
        if self.here[column] != after:
            cell = Cell(self.here[self.table.id], column, self.here[column], after)
            found.cells.setdefault(self.table.name, []).append(cell)

    def _tell(self, column: str, after: str, why: str, by: str, found: Merging) -> None:
        before = self.here[column] if column else (WITHDRAWN if not after else "")
        row_id, claim_id = self.here[self.table.id], claim_of(self.table.name, self.here)
        found.edits.append(Edit(self.table.name, row_id, claim_id, column, before, after, why, by))

    def _contrary(self, what: str, column: str, found: Merging, says: Sequence[str] = ()) -> None:
        rows = ((self.here, self.mine), (self.there, self.others))
        here, there = says or (row[column] for row, _ in rows)
        by_here, by_there = (_last_by(row, of, self.table, column) for row, of in rows)
        row_id, claim_id = self.here[self.table.id], claim_of(self.table.name, self.here)
        outcome = "theirs is taken" if self.choice == THEIRS else "ours stays"
        outcome = "refused" if what == "two claims" else outcome
        found.contrary.append(
            Contrary(what, self.table.name, row_id, claim_id, column, here, there, by_here, by_there, outcome)
        )


def _in_time(changes: Iterable[Row]) -> list[Row]:
    return sorted(changes, key=lambda one: (one["changed_at"], one["change_id"]))


def _when(table: Table, row: Row) -> tuple[str, bool, str]:
    """Return by what of two versions of a row one is earlier: its moment, then one that says who wrote it."""
    return row[table.moment], not row[table.writer], row[table.writer]


def _last_by(row: Row, changes: Sequence[Row], table: Table, column: str) -> str:
    """Return who said last what a cell holds."""
    of_cell = [one["changed_by"] for one in changes if one["column"] == column]
    return of_cell[-1] if of_cell else row[table.writer]
