"""What another ledger's rows are to this one's: new, the same, edited there, contrary, or to be left out."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from factdesk.checks.replay import RowName
from factdesk.ledger.settling import Settling
from factdesk.ledger.sides import Contrary, Here, Merging, Row, Side, named
from factdesk.schema import TABLES, Table

ORDER = ("sources", "claims", "appearances", "snapshots", "evidence", "statuses")
"""Tables so that what a row refers to comes before it."""


def merging(
    here: Here,
    there: Side,
    unproved: Mapping[RowName, str],
    take: Callable[[str], str],
    joined: Iterable[str] = (),
) -> Merging:
    """Compare all rows of another ledger with this one's.

    `unproved` are rows of the other whose ids don't come from their cells, and why they would not be taken. `take` says
    of a row's id whether `ours` or `theirs` holds where both say otherwise; nothing where that is not said. `joined`
    are claims of which it was said that they are one.
    """
    found = Merging()
    joined = set(joined)
    told_out: set[RowName] = set()
    for name in ORDER:
        table = TABLES[name]
        for row_id, row in there.rows[name].items():
            changes = there.changes.get((name, row_id), ())
            mine = here.rows[name].get(row_id)
            if row == mine and all(one["change_id"] in here.ids["changes"] for one in changes):
                found.same[name] += 1
                continue
            reason = here.blocked.get((name, row_id), "")
            if not reason and row_id not in here.ids[name]:
                reason = unproved.get((name, row_id), "") or lost_reference(name, row, here, there, found)
            twin = here.twin(row) if name == "appearances" else None
            if reason:
                found.leave_out(name, row, reason)
                told_out.add((name, row_id))
            elif mine is not None:
                settle = Settling(table, mine, row, here, there, take(row_id), row_id in joined)
                if (name, row_id) in unproved and settle.differs:
                    found.leave_out(name, row, unproved[name, row_id])
                    told_out.add((name, row_id))
                else:
                    settle.into(found)
            elif twin is not None:
                told_out.add((name, row_id))
                _twin(table, twin, row, here, there, take(twin[table.id]), found)
            else:
                found.new[name][row_id] = row
                found.bring(changes, here)
    _count_changes(here, there, found, told_out)
    return found


def lost_reference(name: str, row: Row, here: Here, there: Side, found: Merging) -> str:
    """Return why a row can't come in because of one that it refers to; nothing where it can."""
    kinds = {"sources": "source", "claims": "claim", "evidence": "evidence"}
    for other, row_id in named(name, row):
        if why := here.barred.get((other, row_id), ""):
            return f"it is of the {kinds[other]} {row_id}: {why}"
        if not found.has(here, other, row_id) and row_id in there.rows[other]:
            return f"it is of the {kinds[other]} {row_id}, which is left out"
    return ""


def _count_changes(here: Here, there: Side, found: Merging, told_out: set[RowName]) -> None:
    """Count the changes that are here already, and leave out those of rows that are nowhere."""
    of_changes = [one for one in there.rows["changes"].values() if one["table"] == "changes"]
    found.bring([one for one in of_changes if found.has(here, "changes", one["row_id"])], here)
    for change_id, change in there.rows["changes"].items():
        if change_id in here.ids["changes"]:
            mine = here.rows["changes"].get(change_id, change)
            if any(mine[name] != change[name] for name in ("table", "row_id", "column", "before", "after")):
                found.leave_out("changes", change, "it says something else here under this id")
            else:
                found.same["changes"] += 1
        elif change_id not in found.new["changes"]:
            about = change["table"], change["row_id"]
            known = change["table"] in TABLES and change["row_id"] in there.rows[change["table"]]
            if not known and about not in told_out:
                found.leave_out(
                    "changes", change, f"it is of {about[0]} {about[1]}, which is not to be read there"
                )


def _twin(table: Table, twin: Row, row: Row, here: Here, there: Side, choice: str, found: Merging) -> None:
    """Take an appearance that both logged for one; what else is said of it is filled or contrary."""
    if there.withdrawn(table.name, row[table.id]):
        return
    there = Side({table.name: {twin[table.id]: row}}, {})
    Settling(table, twin, row | {table.id: twin[table.id]}, here, there, choice).into(found)


def contrary_verdicts(here: Iterable[Row], there: Container[str], new: Iterable[Row]) -> Iterator[Contrary]:
    """Find statuses that two people gave one claim and that can't both hold.

    `here` are the statuses that count of this ledger, `there` the ids of those of the other, `new` those that come in.
    Of each claim the last ones that only one ledger has are compared, of each day and of all.
    """
    ours = _by_claim(row for row in here if row["status_id"] not in there)
    for claim_id, theirs in _by_claim(new).items():
        mine = ours.get(claim_id, [])
        days = sorted({row["holds_from"] for row in mine} & {row["holds_from"] for row in theirs})
        told = set()
        for only in (*days, ""):
            pair = [
                max((row for row in rows if only in ("", row["holds_from"])), key=held, default=None)
                for rows in (mine, theirs)
            ]
            one, other = pair
            if one is None or other is None or (one["status_id"], other["status_id"]) in told:
                continue
            told.add((one["status_id"], other["status_id"]))
            if one["status"] != other["status"] and one["recorded_by"] != other["recorded_by"]:
                later = max((one, other), key=held)
                is_of_day = one["holds_from"] == other["holds_from"]
                since = "recorded later, is shown" if is_of_day else f"holds from {later['holds_from']} on"
                outcome = f"both stand; {later['status']!r} {since}"
                yield Contrary(
                    "verdict", "statuses", other["status_id"], claim_id, "status", _verdict(one), _verdict(other),
                    one["recorded_by"], other["recorded_by"], outcome,
                )  # fmt: skip


def held(row: Row) -> tuple[str, str, str]:
    """Return by what the status that holds is the greatest of several."""
    return row["holds_from"], row["recorded_at"], row["status_id"]


def _by_claim(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["claim_id"], []).append(row)
    return found


def _verdict(row: Row) -> str:
    return f"{row['status']} from {row['holds_from']}"
