"""What merges leave behind: several versions of a row, changes that do not fit, statuses that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from factdesk.checks import replay
from factdesk.errors import Finding
from factdesk.packed import are_distinct
from factdesk.schema import TABLES, WITHDRAWN, Table
from factdesk.storage.table_file import Rows
from factdesk.text import shown

Held = dict[str, set[str]]
"""By column, the values that versions of one row hold."""

APART = pd.Timedelta(days=30)
"""What another person records later than this after a status is a correction of it, not its rival."""

_VERSIONS = {
    "two-claims": (
        "error",
        "two different claims have one id (lines {where}).",
        "Give one of them, and the rows that are its own, another id; until then nothing is written to it.",
    ),
    "rival-versions": (
        "error",
        "several versions of one row stand in the file (lines {where}); they differ in {columns}.",
        "The latest is shown. Choose with edit, or take the others out of the file.",
    ),
    "untidy": (
        "note",
        "one row stands several times in the file (lines {where}).",
        "It is read once; plain pandas sees it several times.",
    ),
}


def versions(rows: Rows, changes: pd.DataFrame) -> tuple[Rows, list[Finding], dict[str, Held]]:
    """Make one row of the several versions that merges leave of it.

    Versions that differ only in who and when are one: the earlier stands, with the cells that only a later one
    fills. Where they differ otherwise, the changes of the cell are replayed in order of time as a set of heads:
    one that replaces a head stands for it. What still differs is a finding, and the latest version is shown. What
    rival versions hold is returned too, by id.
    """
    table, cells = rows.table, rows.cells
    if are_distinct(cells[table.id]):
        return rows, [], {}
    again = cells[table.id].duplicated(keep=False).to_numpy()
    heads = replayed(changes, table.name)
    findings: list[Finding] = []
    rivals: dict[str, Held] = {}
    chosen: dict[int, dict[str, str]] = {}
    stands = np.ones(len(cells), bool)
    order = np.flatnonzero(again)
    columns = {str(name): cells[name].to_numpy(object, copy=True) for name in cells}
    for row_id, places in pd.Series(order).groupby(cells[table.id].to_numpy()[order], sort=False):
        first, *others = at = list(places)
        of_id = [{name: str(column[place]) for name, column in columns.items()} for place in at]
        chosen[first], code, differing = _one(table, str(row_id), of_id, heads)
        if code == "rival-versions":
            rivals[str(row_id)] = {name: {one[name] for one in of_id} for name in differing}
        stands[others] = False
        severity, message, advice = _VERSIONS[code]
        where = ", ".join(str(rows.lines[place]) for place in at)
        message = message.format(where=where, columns=", ".join(differing))
        column = differing[0] if differing else table.id
        findings.append(rows.finding(others[0], column, code, severity, message, advice, value=str(row_id)))
    for place, row in chosen.items():
        for name, cell in row.items():
            columns[name][place] = cell
    settled = pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in columns.items()})
    return Rows(table, rows.file, settled, rows.lines).only(stands), findings, rivals


def _one(
    table: Table, row_id: str, rows: list[dict[str, str]], heads_of: Mapping[tuple[str, str], list[str]]
) -> tuple[dict[str, str], str, list[str]]:
    # By what they hold where the moments are one: nothing that is shown may hang on the order of lines.
    ordered = sorted(rows, key=lambda row: (row[table.moment], *row.values()))
    first = dict(ordered[0])
    if all(row == first for row in ordered):
        return first, "untidy", []
    content = [name for name in first if name not in (table.id, table.moment, table.writer)]
    differing: list[str] = []
    for name in content:
        texts = list(dict.fromkeys(row[name] for row in ordered if row[name] != ""))
        heads = heads_of.get((row_id, name), [])
        if len(heads) == 1:
            first[name] = heads[0]
        elif len(texts) <= 1 and not heads:
            first[name] = texts[0] if texts else ""
        else:
            differing.append(name)
    if not differing:
        return first, "untidy", []
    apart = {row[table.moment] for row in ordered}
    if table.name == "claims" and len(apart) > 1 and {"claim", "claimant"} & set(differing):
        return dict(ordered[-1]), "two-claims", differing
    latest = {name: heads_of.get((row_id, name), [ordered[-1][name]])[-1] for name in differing}
    return {**first, **latest}, "rival-versions", differing


def replayed(changes: pd.DataFrame, table: str) -> dict[tuple[str, str], list[str]]:
    """Replay a table's changes in order of time: what each cell can hold at the end, the latest last."""
    of_table = replay.by_cell(changes[changes["table"] == table])
    return {(row_id, column): replay.heads(pairs) for (_, row_id, column), pairs in of_table.items()}


def unlike_changes(
    rows: Rows, changes: pd.DataFrame, rivals: set[str]
) -> Iterator[tuple[Finding, list[str]]]:
    """Find cells that are not what their last change says, with what that is: a revert or an editor left it behind."""
    if changes.empty:
        return
    table, cells = rows.table, rows.cells
    heads = {cell: held for cell, held in replayed(changes, table.name).items() if cell[0] not in rivals}
    if not heads:
        return
    place = {row_id: at for at, row_id in enumerate(cells[table.id].tolist())}
    for (row_id, column), held in heads.items():
        at = place.get(row_id)
        if at is None or column not in table.names or cells[column].iat[at] in held:
            continue
        value, last = shown(str(cells[column].iat[at])), " or ".join(repr(shown(one)) for one in held)
        message = f"the cell holds {value!r}; its last change says {last}."
        advice = "The cell is shown. Say what holds with edit, also where that is what the cell holds."
        yield rows.finding(at, column, "unlike-change", "warning", message, advice), held


def unknown_changes(
    changes: Rows, cells: Mapping[str, pd.DataFrame], left_out: Mapping[str, set[str]]
) -> Iterator[Finding]:
    """Find changes of tables, columns or rows that are not there."""
    if changes.cells.empty:
        return
    for name, rows in changes.cells.groupby("table", sort=False):
        lost = rows.index
        if table := TABLES.get(str(name)):
            ids = cells[table.name][table.id]
            known = rows["row_id"].isin(ids) | rows["row_id"].isin(left_out[table.name])
            lost = rows.index[~(known & rows["column"].isin(["", *table.names]))]
        for at in lost:
            row = rows.loc[at]
            what = shown(f"{row['table']}.{row['column'] or WITHDRAWN} of {row['row_id']}")
            message = f"changes {what}, which is not there."
            advice = "Put the row back from Git or a copy."
            yield changes.finding(at, "row_id", "lost-change", "warning", message, advice)


def contradictions(given: Rows, changes: pd.DataFrame) -> Iterator[Finding]:
    """Find two statuses of one claim and day that two people gave, most likely without seeing each other's.

    Files do not say what a writer had seen. So: the last two different statuses that different people recorded
    for one claim and day, within `APART`, and nothing since that a person who saw both would write: no third
    status for that day or a later one, and no change of either row. One person's own correction is none.
    """
    statuses = given.cells
    several = statuses[statuses.duplicated(["claim_id", "holds_from"], keep=False)]
    per_day = several.groupby(["claim_id", "holds_from"], sort=False, observed=True)
    mixed = per_day[["status", "recorded_by"]].transform("nunique").gt(1).all(axis=1)
    of_claims = statuses[statuses["claim_id"].isin(several["claim_id"][mixed])]
    for (claim_id, day), rows in several[mixed].groupby(["claim_id", "holds_from"], sort=False):
        rows = rows.sort_values(["recorded_at", "status_id"])
        last = rows.iloc[-1]
        if any(_contradict(one, other) for one, other in combinations(_rows(rows[:-1]), 2)):
            continue  # the last one came after both
        rivals = [row for row in _rows(rows[:-1]) if _contradict(row, last)]
        if not rivals:
            continue
        rival, since = rivals[-1], last["recorded_at"]
        later = of_claims[(of_claims["claim_id"] == claim_id) & (of_claims["holds_from"] > day)]
        looked_at = changes["row_id"].isin([rival["status_id"], last["status_id"]])
        if (later["recorded_at"] > since).any() or (changes["changed_at"][looked_at] > since).any():
            continue
        both = " and ".join(
            f"{row['status']!r} by {shown(row['recorded_by'] or 'nobody named')} ({row['status_id']})"
            for row in (rival, last)
        )
        message = f"two people gave this claim different statuses for {day:%Y-%m-%d}: {both}."
        advice = "The later one is shown. Settle it with a new status, or withdraw one."
        at = rows.index[-1]
        yield given.finding(at, "status", "contradicting-statuses", "warning", message, advice)


def _rows(frame: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in frame.iterrows()]


def _contradict(one: pd.Series, other: pd.Series) -> bool:
    differ = one["status"] != other["status"] and one["recorded_by"] != other["recorded_by"]
    return bool(differ and other["recorded_at"] - one["recorded_at"] <= APART)
