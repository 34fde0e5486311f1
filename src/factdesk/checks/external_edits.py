"""What was changed in a ledger's files outside the workbench: cells, rows added and rows gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from factdesk.checks import replay, spreadsheets
from factdesk.checks.findings import JOINS, LOST
from factdesk.checks.rewritten import is_rewritten
from factdesk.errors import Finding
from factdesk.schema import SEALS, SEVERITIES, TABLES, Table
from factdesk.storage import csvfile, git, table_file
from factdesk.storage.baseline import Beside
from factdesk.storage.table_file import Reading
from factdesk.text import shown, visible

HAND_EDITS = ["what", "table", "row_id", "claim_id", "column", "before", "after", "file", "line"]
"""Columns of the frame that `Ledger.hand_edits` gives."""

CELL, ADDED, GONE = "cell changed", "row added", "row gone"

Row = tuple[str, ...]


@dataclass(frozen=True)
class HandEdit:
    """One thing that was done to a file by hand.

    `row` has the whole row: as the file has it, or as it was where it is gone. `stale` says that the cell holds
    what an edit had replaced: an old copy of the file was saved over a newer one.
    """

    what: str
    table: str
    row_id: str
    file: str
    row: dict[str, str] = field(default_factory=dict)
    line: int = 0
    column: str = ""
    before: str = ""
    after: str = ""
    stale: bool = False

    @property
    def claim_id(self) -> str:
        """The claim that the row is about; empty where it is about none."""
        return self.row.get("claim_id", "")

    @property
    def is_loss(self) -> bool:
        """Whether a row is gone or an old value stands again: somebody's work was saved away."""
        return self.what == GONE or self.stale

    @cached_property
    def is_undone(self) -> bool:
        """Whether the cell is put back by `restore`: what stood in it is known, and means the same as now."""
        is_cell = self.what == CELL and self.column != (TABLES | {SEALS.name: SEALS})[self.table].id
        return self.stale or (is_cell and is_rewritten(self.before, self.after))


def found(tables_now: Mapping[str, Beside]) -> list[HandEdit]:
    """Find what was changed by hand, in the tables' order.

    What Git's checked-out commit holds just so came with a pull, a merge or a checkout and is none. A row that
    is gone counts unless a commit has it that is not checked out: then another branch was.
    """
    suspect = [name for name in TABLES if tables_now[name].now != tables_now[name].known]
    changes = Changes.of(tables_now["changes"]) if suspect else Changes({}, {})
    return [edit for name in suspect for edit in _of_table(TABLES[name], tables_now[name], changes)]


def seals_gone(one: Beside) -> list[HandEdit]:
    """Find seals that are known and gone from the file, as when a spreadsheet saves an old copy over a newer one."""
    if one.known in (None, one.now) or table_file.read(one.now, SEALS, one.file).fatal:
        return []
    return [edit for edit in _of_table(SEALS, one, Changes({}, {})) if edit.what == GONE]


def _of_table(table: Table, one: Beside, changes: Changes) -> list[HandEdit]:
    held = git.held(one.path) if one.known is None else None
    if one.known is None and not held:
        return []
    reading = table_file.read(one.now, table, one.file)
    before = None if one.known is None else table_file.read(one.known, table, one.file)
    is_known = before is not None and not before.fatal
    known = list(_rows(before)) if before is not None and is_known else []
    if is_known and not _differences(reading, known, [], changes):
        return []
    held = git.held(one.path) if held is None else held
    committed = [row for data in held for row in _rows(table_file.read(data, table, one.file))]
    if not is_known and not committed:
        return []
    edits = _differences(reading, known, committed, changes)
    here = {row[0] for row in committed}
    gone = [edit.row_id for edit in edits if edit.what == GONE and edit.row_id not in here]
    elsewhere = git.ever_held(one.path, gone) if gone else set()
    return [edit for edit in edits if edit.what != GONE or edit.row_id not in elsewhere]


def _rows(reading: Reading) -> Iterator[Row]:
    columns = [reading.cells[name].tolist() for name in reading.table.names]
    return zip(*columns, strict=True)


@dataclass(frozen=True)
class Changes:
    """The changes of each cell, by table, row and column and in order of time: all that were known, and those now."""

    ever: Mapping[replay.CellName, Sequence[tuple[str, str]]]
    now: Mapping[replay.CellName, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, one: Beside) -> Changes:
        """Take them from the changes table."""
        frames = [
            table_file.read(data, TABLES["changes"], one.file).cells[TABLES["changes"].names]
            for data in (one.now, one.known or b"")
        ]
        return cls(replay.by_cell(pd.concat(frames).drop_duplicates()), replay.by_cell(frames[0]))


def _differences(
    reading: Reading, known: Sequence[Row], committed: Sequence[Row], changes: Changes
) -> list[HandEdit]:
    """Compare the rows of a file with all versions known of each; what `changes` explain is no difference."""
    table = reading.table
    changed = {row_id for name, row_id, _ in changes.ever if name == table.name}
    rows = list(_rows(reading))
    whole, as_committed = set(known), set(committed)
    suspect = [at for at, row in enumerate(rows) if row not in whole or row[0] in changed]
    present = {row[0] for row in rows}
    sought = {rows[at][0] for at in suspect}
    versions = _by_id(row for row in (*committed, *known) if row[0] in sought or row[0] not in present)
    standing = _by_id(row for row in rows if row[0] in sought)
    edits: list[HandEdit] = []
    moved = _moved(rows, [rows[at] for at in suspect if rows[at][0] not in versions], [*committed, *known])
    for at in suspect:
        row = rows[at]
        cells = dict(zip(table.names, row, strict=True))
        about = (table.name, row[0], reading.file, cells, int(reading.lines[at]))
        if row in as_committed:
            edits += _cells(table, row, row, standing[row[0]], changes.now, about)
        elif row[0] in versions:
            of_row = standing[row[0]]
            compared = (
                list(_cells(table, one, row, of_row, changes.ever, about)) for one in versions[row[0]]
            )
            closest: list[HandEdit] = min(compared, key=len)
            edits += closest
        elif row[0] in moved:
            edits.append(HandEdit(CELL, *about, column=table.id, before=moved[row[0]], after=row[0]))
        else:
            edits.append(HandEdit(ADDED, *about, after=_line(row)))
    unreadable = [p.value for p in reading.findings if p.code in ("unreadable-row", "torn-line")]
    for row_id, rows_known in versions.items():
        broken = any(row_id in value for value in unreadable)  # its line is there, and named as what it is
        if row_id not in present and row_id not in moved.values() and not broken:
            was = _now(table, rows_known[-1], changes)
            edits.append(_gone(table, row_id, reading.file, was))
    return edits


def _by_id(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def _gone(table: Table, row_id: str, file: str, was: dict[str, str]) -> HandEdit:
    return HandEdit(GONE, table.name, row_id, file, was, before=_line(list(was.values())))


def _moved(rows: Iterable[Row], new: Iterable[Row], known: Iterable[Row]) -> dict[str, str]:
    """Find new rows that are a known one under another id, which no longer has them: new id to old."""
    content = {row[1:]: row[0] for row in new}
    if not content:
        return {}
    standing = set(rows)
    return {content[row[1:]]: row[0] for row in known if row[1:] in content and row not in standing}


def _cells(
    table: Table,
    version: Row,
    row: Row,
    standing: Sequence[Row],
    changes: Mapping[replay.CellName, Sequence[tuple[str, str]]],
    about: tuple[str, str, str, dict[str, str], int],
) -> Iterator[HandEdit]:
    """Find the cells that are neither as known nor as the changes since have made them.

    A merge leaves several versions of a row standing: an old value in one is none where another has the new.
    """
    for at, (name, known, cell) in enumerate(zip(table.names, version, row, strict=True)):
        of_cell = changes.get((table.name, row[0], name), ())
        heads = replay.heads(of_cell, known)
        if cell not in heads:
            stale = any(cell == before for before, _ in of_cell)
            if stale and any(one[at] in heads for one in standing):
                continue
            yield HandEdit(CELL, *about, column=name, before=heads[-1], after=cell, stale=stale)


def _line(row: Sequence[str]) -> str:
    return csvfile.render([row]).decode("utf-8").rstrip("\n")


TRACED = 3
"""Rows that are referred to and not there whose history is looked through for a finding."""

RESTORED = 100
"""And for their being brought back, by one call."""

_OTHER = {(table, column): other for table, column, other, _ in JOINS}


def _referred_to(findings: Iterable[Finding], limit: int) -> list[tuple[str, str]]:
    """Return table and id of the first rows that others refer to and that are not there."""
    found = [
        (_OTHER[finding.table, finding.column], finding.value)
        for finding in findings
        if finding.code in LOST and (finding.table, finding.column) in _OTHER
    ]
    return list(dict.fromkeys(found))[:limit]


def _taken_out(one: Beside, table: Table, row_id: str) -> tuple[git.TakenOut, Row] | None:
    """Return the commit that took a row out of a table's file, and the row as it was."""
    taken = git.taken_out(one.path, row_id)
    if taken is None:
        return None
    before, after, now = (
        [row for row in _rows(table_file.read(data, table, one.file)) if row[0] == row_id]
        for data in (taken.before, taken.after, one.now)
    )
    return (taken, before[-1]) if before and not after and not now else None


def taken_out(findings: Iterable[Finding], tables_now: Mapping[str, Beside]) -> list[HandEdit]:
    """Find rows that others refer to and a commit took out, as they were: a revert, or an old copy committed."""
    sought = _referred_to(findings, RESTORED)
    changes = Changes.of(tables_now["changes"]) if sought else None
    edits = []
    for name, row_id in sought:
        table, one = TABLES[name], tables_now[name]
        found = _taken_out(one, table, row_id)
        if found is not None and changes is not None:
            edits.append(_gone(table, row_id, one.file, _now(table, found[1], changes)))
    return edits


def _now(table: Table, row: Row, changes: Changes) -> dict[str, str]:
    """Return a row as the changes since have made it."""
    return {
        name: replay.heads(changes.ever.get((table.name, row[0], name), ()), cell)[-1]
        for name, cell in zip(table.names, row, strict=True)
    }


def traced(findings: Sequence[Finding], tables_now: Callable[[], Mapping[str, Beside]]) -> list[Finding]:
    """Say of rows that are referred to and not there which commit took them out, and what brings them back."""
    sought = _referred_to(findings, TRACED)
    beside = tables_now() if sought else {}
    by_commit = {}
    for name, row_id in sought:
        found = _taken_out(beside[name], TABLES[name], row_id)
        if found is not None:
            taken, file = found[0], beside[name].file
            by_commit[name, row_id] = (
                f"refers to '{row_id}', which is not in {name} any more: commit {taken.commit} of {taken.day} took it out.",
                f"ledger.restore() brings it back as it was; `git show {taken.commit}^:./{file}` has it.",
            )
    named = []
    for finding in findings:
        of = (_OTHER.get((finding.table, finding.column), ""), finding.value)
        if finding.code in LOST and of in by_commit:
            message, advice = by_commit[of]
            finding = replace(finding, message=message, advice=advice)
        named.append(finding)
    return named


def reminded(findings: Iterable[Finding], edits: Iterable[HandEdit]) -> list[Finding]:
    """Say of cells that can't be read what stood in them, where that is known, in place of what may be meant."""
    cells = {(edit.table, shown(edit.row_id), edit.column): edit for edit in edits if edit.what == CELL}
    named = []
    for finding in findings:
        edit = cells.get((finding.table, finding.row_id, finding.column))
        if edit is not None and edit.before and finding.severity == SEVERITIES[0]:
            back = "restore() puts it back" if edit.is_undone else "put it back, or set the cell with edit"
            finding = replace(finding, advice=f"'{shown(edit.before)}' stood here: {back}.")
        named.append(finding)
    return named


def frame(edits: Sequence[HandEdit]) -> pd.DataFrame:
    """Return hand edits as a frame, what can't be seen as its number; the columns are `HAND_EDITS`."""
    rows = [{name: getattr(edit, name) for name in HAND_EDITS} for edit in edits]
    rows = [row | {name: visible(row[name]) for name in HAND_EDITS if name != "line"} for row in rows]
    texts = dict.fromkeys(HAND_EDITS, "str")
    return pd.DataFrame(rows, columns=HAND_EDITS).astype(texts | {"line": "int64"})


_FINDINGS: dict[str, tuple[str, str, Callable[[HandEdit], str], str]] = {
    CELL: (
        "hand-edit", SEVERITIES[1],
        lambda edit: f"was changed outside the workbench, from '{shown(edit.before)}' to '{shown(edit.after)}'.",
        "Take it in with accept_edits(why=…), or put the cell back in the file.",
    ),
    ADDED: (
        "row-added", SEVERITIES[2], lambda _: "the row was added outside the workbench.",
        "Take it in with accept_edits(why=…), or take the row out of the file.",
    ),
    GONE: (
        "row-gone", SEVERITIES[0], lambda edit: f"a row that stood here is gone: '{shown(edit.before)}'.",
        "Bring it back with restore(), or take it in as withdrawn with accept_edits(why=…, gone=True).",
    ),
}  # fmt: skip


def findings(edits: Iterable[HandEdit]) -> Iterator[Finding]:
    """Return each hand edit as a finding."""
    for edit in edits:
        code, severity, message, advice = _FINDINGS[edit.what]
        if edit.what == ADDED and edit.table == "changes":
            severity = SEVERITIES[1]  # it can hide a claim, or explain an edit that nobody made
        if edit.stale:
            code = "old-value"
            advice = (
                "An old copy of the file was saved over a newer one: restore() puts back what stood here."
            )
        if edit.table == SEALS.name:
            advice = "Bring it back with restore(). What is proved by no seal can be changed unseen."
        elif edit.is_undone:
            advice = (
                "restore() puts back what stood here; it means the same. accept_edits(why=…) takes it in."
            )
        likely = spreadsheets.cause(edit.before, edit.after) if edit.what == CELL else ""
        if likely:
            advice = f"Likely cause: {likely}. {advice}"
        yield Finding(code, severity, message(edit), advice, edit.table, edit.file, edit.line, edit.column,
                      shown(edit.after), shown(edit.row_id), shown(edit.claim_id))  # fmt: skip
