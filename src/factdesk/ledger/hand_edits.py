"""What a call writes of changes that were made outside the workbench: accepted, remembered or set back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from factdesk.checks.external_edits import ADDED as HAND_ADDED
from factdesk.checks.external_edits import CELL, GONE, HandEdit
from factdesk.errors import InvalidValue, NotFound
from factdesk.ledger import ids
from factdesk.ledger.transaction import Transaction
from factdesk.schema import ADDED, CHANGES, CLAIMS, TABLES, WITHDRAWN, Table
from factdesk.storage.journal import Cell
from factdesk.text import clean, has_hidden


def accept(
    transaction: Transaction,
    edits: Sequence[HandEdit],
    why: str,
    gone_too: bool,
    sealed: Callable[[], set[bytes]] = set,
) -> list[str]:
    """Compose what is to be remembered of hand edits; a row that is gone is put back, and withdrawn.

    What can't be seen is taken out of their cells, as it is of all that comes in, but of a row that is
    `sealed` as it stands: that could not be proved any more.
    """
    lost = [edit for edit in edits if edit.is_loss]
    if lost and not gone_too:
        allowed = (
            "True, where rows that are gone are to be withdrawn and old values to stand; else restore() first"
        )
        raise InvalidValue("gone", gone_too, allowed)
    _refuse_ids(transaction, edits)
    made: list[str] = []
    for name in dict.fromkeys(edit.table for edit in edits):
        table = TABLES[name]
        here = [edit for edit in edits if edit.table == name and edit.what != GONE]
        gone = [edit for edit in edits if edit.table == name and edit.what == GONE]
        sound = set(transaction.dataset.cells(name)[table.id]) if here else set()
        for edit in here:
            if edit.row_id not in sound:
                advice = transaction.dataset.wrong(name, edit.row_id)
                raise NotFound(f"row of {name} that can be accepted:", edit.row_id, (), advice)
        cleaned = _cleaned(transaction, table, here, sealed)
        cells = [Cell(edit.row_id, *_as_changes_hold_it(edit)) for edit in cleaned]
        cells = [one for one in cells if one.column == "" or one.before != one.after]
        made += transaction.record(table, cells, why)
        _put_back(transaction, gone)
        written = {edit.row_id: pd.Timestamp(edit.row[table.moment]) for edit in gone}
        if table is not CHANGES:  # what was done stays done
            cells = [Cell(row_id, "", "", WITHDRAWN) for row_id in written]
            made += transaction.record(table, cells, why, written)
    return made


def _cleaned(
    transaction: Transaction, table: Table, edits: Sequence[HandEdit], sealed: Callable[[], set[bytes]]
) -> Iterator[HandEdit]:
    """Return hand edits as the cells are to stand; set cells that have what can't be seen."""
    leaves = sealed() if any(edit.what == CELL and has_hidden(edit.after) for edit in edits) else set()
    for edit in edits:
        is_hiding = edit.what == CELL and has_hidden(edit.after)
        if not is_hiding or ids.leaf_of(table, edit.row) in leaves:
            yield edit
            continue
        column = table.by_name[edit.column]
        text, changes = clean(edit.after, one_line=column.holds != "text")
        if column.required and not text:
            raise InvalidValue(edit.column, edit.after, f"not empty ({column.meaning})", table.name)
        transaction.warnings.append(f"{table.name}.{edit.column} of {edit.row_id}: {'; '.join(changes)}.")
        set_to = Cell(edit.row_id, edit.column, edit.after, text)
        transaction.entry.cells.setdefault(table.name, []).append(set_to)
        yield replace(edit, after=text)


def _refuse_ids(transaction: Transaction, edits: Sequence[HandEdit]) -> None:
    """Refuse ids that were changed by hand, but a claim's that takes the rows along that are its own."""
    orphans = [finding for finding in transaction.dataset.row_findings if finding.code == "orphan"]
    for edit in edits:
        if edit.column == TABLES[edit.table].id and edit.what != GONE:
            left = [finding for finding in orphans if finding.value == edit.before]
            if edit.table != CLAIMS.name or left:
                allowed = f"{edit.before!r}, as it was; ids never change"
                if left:
                    allowed += (
                        f", unless the rows that refer to it change with it ({left[0].file}:{left[0].line})"
                    )
                raise InvalidValue(edit.column, edit.row_id, allowed, edit.table)


def remember(transaction: Transaction, table: Table, edits: Sequence[HandEdit]) -> None:
    """Compose what hand edits did to cells that this call edits: first that, then the edit, a moment later."""
    cells = [Cell(edit.row_id, edit.column, edit.before, edit.after) for edit in edits]
    if transaction.record(table, cells, "changed by hand before it was edited"):
        transaction.now += timedelta(microseconds=1)


def restore(transaction: Transaction, edits: Sequence[HandEdit]) -> list[str]:
    """Compose rows that are gone, and cells that are old again or written in another way, as they were."""
    gone = [edit for edit in edits if edit.what == GONE]
    undone = [edit for edit in edits if edit.is_undone]
    _put_back(transaction, gone)
    for edit in undone:
        cell = Cell(edit.row_id, edit.column, edit.after, edit.before)
        transaction.entry.cells.setdefault(edit.table, []).append(cell)
    return list(dict.fromkeys(edit.row_id for edit in [*gone, *undone]))


def _put_back(transaction: Transaction, gone: Iterable[HandEdit]) -> None:
    for edit in gone:
        row = [edit.row[name] for name in TABLES[edit.table].names]
        transaction.entry.rows.setdefault(edit.table, []).append(row)


def _as_changes_hold_it(edit: HandEdit) -> tuple[str, str, str]:
    """Return column, before and after of a hand edit as `changes` hold them."""
    return ("", "", ADDED) if edit.what == HAND_ADDED else (edit.column, edit.before, edit.after)
