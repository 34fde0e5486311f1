"""Rows of another ledger under the ids that their claims have in this one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from factdesk.ledger import ids
from factdesk.ledger.derived import ID_COLUMNS
from factdesk.ledger.sides import Row, Side, by_row, first_written
from factdesk.schema import CHANGES, CLAIMS, TABLES

_NAMED = re.compile("([;:])")
"""Between the ids that a cell holds: `evidence` and `judged` name evidence."""


def rekeyed(side: Side, claims: Mapping[str, str]) -> tuple[Side, dict[str, dict[str, str]]]:
    """Return a side with other ids for some claims and for the rows that are theirs, and by table the new id of each.

    An id that comes from a row's cells is made anew from what the row would have been, had its claim had that id from
    the start; who wrote it and when stays. So the same rows get the same ids each time, and what `verify` derives holds.
    """
    if not claims:
        return side, {}
    renamed: dict[str, dict[str, str]] = {CLAIMS.name: dict(claims)}
    rows = {name: dict(of) for name, of in side.rows.items()}
    rows[CLAIMS.name] = {}
    for row_id, row in side.rows[CLAIMS.name].items():
        new = claims.get(row_id, row_id)
        rows[CLAIMS.name].setdefault(new, row | {CLAIMS.id: new})
    for name in ("appearances", "evidence", "statuses"):  # statuses name evidence
        table, renamed[name], rows[name] = TABLES[name], {}, {}
        for row_id, row in side.rows[name].items():
            if row["claim_id"] not in claims:
                rows[name][row_id] = row
                continue
            moved = _moved(name, row, claims, renamed)
            first = _moved(name, first_written(row, side.changes.get((name, row_id), ())), claims, renamed)
            new = ids.row_id(table.letter, ids.parts(table, first, ID_COLUMNS[name]))
            renamed[name][row_id] = new
            rows[name][new] = moved | {table.id: new}
    changes: dict[str, Row] = {}
    for change in side.rows[CHANGES.name].values():
        moved_to = renamed.get(change["table"], {}).get(change["row_id"])
        if moved_to is not None:
            change = change | {"row_id": moved_to}
            if change["column"] == "evidence":
                of = renamed["evidence"]
                change |= {one: _named(change[one], of) for one in ("before", "after")}
            change[CHANGES.id] = ids.row_id(CHANGES.letter, ids.parts(CHANGES, change, CHANGES.names[1:]))
        changes[change[CHANGES.id]] = change
    rows[CHANGES.name] = changes
    return Side(rows, by_row(changes.values())), renamed


def _moved(name: str, row: Row, claims: Mapping[str, str], renamed: Mapping[str, Mapping[str, str]]) -> Row:
    """Return a row as one of another claim, its id as it was."""
    moved = row | {"claim_id": claims[row["claim_id"]]}
    if name == "statuses":
        moved |= {one: _named(row[one], renamed["evidence"]) for one in ("evidence", "judged")}
    return moved


def _named(cell: str, renamed: Mapping[str, str]) -> str:
    return "".join(renamed.get(part, part) for part in _NAMED.split(cell))
