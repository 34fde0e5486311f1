"""The rows of a ledger that are right and join, judged all together; or those alone that were added to such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.checks import merges
from factdesk.checks.findings import JOINS, orphans
from factdesk.checks.merges import Held
from factdesk.checks.values import Mask, values
from factdesk.errors import Finding
from factdesk.packed import Packed, are_distinct
from factdesk.schema import TABLES, Settings
from factdesk.storage.table_file import Reading, Rows


@dataclass(frozen=True)
class Sound:
    """The rows that are right and join, the file and line of each, those left out, and all that was found.

    `rivals` has, by table and id, what the versions of a row hold in the columns in which they differ, and what
    its changes say where a cell holds something else: what one edit settles. `unread` has, by table, the cells of
    the lines that are no rows. `kinds` has, of tables of which every row is right, the columns that are no text with
    their types.
    """

    files: dict[str, str]
    cells: dict[str, pd.DataFrame]
    lines: dict[str, np.ndarray]
    left_out: dict[str, pd.DataFrame]
    findings: list[Finding]
    rivals: dict[tuple[str, str], Held]
    unread: dict[str, list[list[str]]]
    kinds: dict[str, pd.DataFrame] = field(default_factory=dict)

    def may_grow(self) -> bool:
        """Return whether rows that are right by themselves, and join, change nothing of what was found."""
        is_whole = not self.left_out and not self.rivals and not any(self.unread.values())
        return is_whole and all(finding.code in _OF_ONE_CELL for finding in self.findings)

    def fits(self, added: Mapping[str, Rows], settings: Settings) -> bool:
        """Return whether rows that were added are right, and join; judged alone, which costs what they are.

        Not where a cell was changed: that is judged with all that was said of it.
        """
        if not self.may_grow():
            return False
        for name, rows in added.items():
            key, cells = TABLES[name].id, rows.cells
            found, wrong, _ = values(rows, settings)
            if (
                found
                or wrong.any()
                or not are_distinct(cells[key])
                or _among(cells[key], self.cells[name][key]).any()
            ):
                return False
        ids = {name: rows.cells[TABLES[name].id] for name, rows in added.items()}

        def are_known(asked: pd.Series, table: str) -> bool:
            known = _among(asked, self.cells[table][TABLES[table].id])
            return bool((known | asked.isin(ids.get(table, ())).to_numpy()).all())

        for name, column, other, _ in JOINS:
            if name in added:
                refers = added[name].cells[column]
                if not are_known(refers[refers != ""], other):
                    return False
        if "changes" in added:
            changes = added["changes"].cells
            if (changes["column"] != "").any() or not changes["table"].isin(list(TABLES)).all():
                return False
            return all(are_known(of["row_id"], str(name)) for name, of in changes.groupby("table"))
        return True


_OF_ONE_CELL = {
    "hidden-characters", "spreadsheet-mark", "broken-letters", "lost-letters", "bad-address", "joined-addresses", "bad-due",
    "untidy", "header-again",
}  # fmt: skip
"""Codes of what is found in a row whatever others there are."""


def _among(asked: pd.Series, ids: pd.Series) -> Mask:
    """Return which of some ids are among many: looked for in these, so that they are not sorted or hashed."""
    wanted = pa.array(asked, pa.large_string())
    if len(asked) * 20 < len(ids):
        many = Packed.of(ids).text
        ids = many.filter(pc.is_in(many, value_set=wanted))
    return np.asarray(pc.is_in(wanted, value_set=Packed.of(ids).text))


class _IdsOf(dict[str, set[str]]):
    """The ids of rows that are left out, by table; each table's are gathered when they are asked for."""

    def __init__(self, left_out: Mapping[str, Sequence[pd.DataFrame]]) -> None:
        super().__init__()
        self._left_out = left_out

    def __missing__(self, name: str) -> set[str]:
        self[name] = {row_id for rows in self._left_out[name] for row_id in rows[TABLES[name].id].tolist()}
        return self[name]


def sound(readings: Mapping[str, Reading], settings: Settings) -> Sound:
    """Judge what was read: values, then versions of one row, then what refers to what."""
    findings: list[Finding] = []
    rows: dict[str, Rows] = {}
    rivals: dict[tuple[str, str], Held] = {}
    out: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    kinds: dict[str, pd.DataFrame] = {}
    for name in ("changes", *(name for name in TABLES if name != "changes")):
        reading = readings[name]
        changes = rows["changes"].cells if "changes" in rows else None
        found, wrong, kinds[name] = values(reading, settings, changes)
        out[name].append(reading.cells[wrong])
        rows[name], settled, held = merges.versions(
            reading.only(~wrong), reading.cells if changes is None else changes
        )
        findings += [*reading.findings, *found, *settled]
        rivals |= {(name, row_id): columns for row_id, columns in held.items()}

    for name in TABLES:  # claims and sources come before what refers to them
        drop = np.zeros(len(rows[name].cells), bool)
        for lost, found in orphans(rows, name, _IdsOf(out)):
            drop |= lost
            findings += found
        if drop.any():
            out[name].append(rows[name].cells[drop])
            rows[name] = rows[name].only(~drop)
    cells = {name: rows[name].cells for name in TABLES}
    findings += merges.unknown_changes(rows["changes"], cells, _IdsOf(out))
    for name in TABLES:
        settled_ids = {row_id for table, row_id in rivals if table == name}
        for finding, held_now in merges.unlike_changes(rows[name], cells["changes"], settled_ids):
            findings.append(finding)
            rivals.setdefault((name, finding.row_id), {})[finding.column] = set(held_now)
    left = {name: pd.concat(some, ignore_index=True) for name, some in out.items() if any(map(len, some))}
    files = {name: rows[name].file for name in TABLES}
    lines = {name: rows[name].lines for name in TABLES}
    unread = {name: readings[name].unread for name in TABLES}
    whole = {name: kinds[name] for name in TABLES if cells[name] is readings[name].cells and len(cells[name])}
    return Sound(files, cells, lines, left, findings, rivals, unread, whole)
