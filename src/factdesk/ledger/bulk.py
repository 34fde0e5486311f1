"""Many calls of one kind composed as one: each row of a frame on what those before it made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from tqdm import tqdm  # type: ignore[import-untyped]

from factdesk import schema
from factdesk.errors import FactdeskError, InvalidValue, NotFound, RowsRefused, nearest
from factdesk.ledger.parsing import Given
from factdesk.ledger.transaction import Transaction, Values
from factdesk.schema import Table
from factdesk.storage.journal import Cell, Entry

SHOWN_FROM = 2_000
"""Rows from which a bar shows how far it is."""

WARNED = 10
"""Warnings of one call that are shown; of more the number."""

Row = Mapping[str, Given]
Call = Callable[[Transaction, Row], str]


def columns(table: Table, arguments: Row, but: Collection[str] = ()) -> dict[str, Given]:
    """Return those of a call's arguments that are cells of a table."""
    return {name: arguments[name] for name in table.editable if name in arguments and name not in but}


def log(transaction: Transaction, given: Row) -> str:
    """Compose a claim of what `Ledger.log` is given."""
    cells = columns(schema.CLAIMS, given, but=["appearance"])
    return transaction.log(cells, given["claim_id"], given["appearance"])  # type: ignore[arg-type]


def attach(transaction: Transaction, given: Row) -> str:
    """Compose evidence of what `Ledger.attach` is given."""
    cells = columns(schema.EVIDENCE, given)
    return transaction.attach(given["claim_id"], cells, given["url"], given.get("file"), details(given))  # type: ignore[arg-type]


def details(given: Row) -> Values:
    """Return what is given of the document itself."""
    return columns(schema.SOURCES, given, but=["url", "note"])


def set_status(transaction: Transaction, given: Row) -> str:
    """Compose a status of what `Ledger.set_status` is given."""
    return transaction.set_status(given["claim_id"], columns(schema.STATUSES_TABLE, given))  # type: ignore[arg-type]


class Composed(NamedTuple):
    """What a row came to: the id that it has, or why it can't be taken."""

    row_id: str
    reason: str = ""


def rows(frame: pd.DataFrame, defaults: Row, needed: Collection[str], table: Table) -> list[dict[str, Given]]:
    """Return the rows of a frame as arguments of a call; refuse columns that it has none for."""
    if not isinstance(frame, pd.DataFrame):
        raise InvalidValue(table.name, frame, "a DataFrame with a row for each call")
    names = [str(name) for name in frame.columns]
    known = [*needed, *defaults]
    for name in names:
        if name not in known:
            advice = f"Allowed: {', '.join(known)}."
            raise NotFound("column of this call:", name, nearest(name, known), advice)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InvalidValue("columns", twice, "each name once")
    for name in needed:
        if name not in names:
            raise NotFound(
                "column in the frame:", name, nearest(name, names), f"Needed: {', '.join(needed)}."
            )
    cells = zip(*(frame[name].tolist() for name in frame.columns), strict=True)
    return [dict(defaults) | {n: c for n, c in zip(names, row, strict=True) if _is_given(c)} for row in cells]


def _is_given(cell: object) -> bool:
    return not (cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell))


def one_description(given: Sequence[dict[str, Given]]) -> None:
    """Give all rows of one address what the first that says it says of the document: it is described once."""
    of: dict[Given, dict[str, Given]] = {}
    for row in given:
        known = of.setdefault(row.get("url"), {})
        for name, cell in details(row).items():
            known.setdefault(name, cell) if cell else None
    for row in given:
        row.update({name: cell for name, cell in of[row.get("url")].items() if not row.get(name)})


def compose(transaction: Transaction, calls: Sequence[tuple[Call, Row]], words: str) -> list[Composed]:
    """Compose calls one after another into a transaction's entry; one that is refused leaves nothing."""
    made: list[Composed] = []
    whole, dataset = Entry(), transaction.dataset
    pending: dict[tuple[str, str], list[str]] = {}
    transaction.dataset, transaction.takes_files = dataset.forked(len(calls)), False
    try:
        for call, given in tqdm(calls, desc=words, disable=len(calls) <= SHOWN_FROM, leave=False):
            transaction.entry, transaction.fresh, known = Entry(), {}, len(transaction.warnings)
            try:
                made.append(Composed(call(transaction, given)))
            except (FactdeskError, KeyError, TypeError) as error:
                del transaction.warnings[known:]
                made.append(Composed("", _reason(error)))
                continue
            transaction.dataset.take(transaction.entry)
            _add(whole, transaction.entry, pending)
    finally:
        transaction.entry, transaction.dataset = whole, dataset
    if (more := len(dict.fromkeys(transaction.warnings)) - WARNED) > 0:
        transaction.warnings[:] = list(dict.fromkeys(transaction.warnings))[:WARNED]
        transaction.warnings.append(f"{more:,} more warnings of this kind.")
    return made


def _reason(error: Exception) -> str:
    return str(error).removesuffix("Nothing was written.").strip()


def _add(whole: Entry, entry: Entry, pending: dict[tuple[str, str], list[str]]) -> None:
    """Add one call's entry to that of all; what it sets in a row that waits to be written is set there."""
    set_here: set[tuple[str, str, str]] = set()
    for name, cells in entry.cells.items():
        names = schema.TABLES[name].names
        for cell in cells:
            if row := pending.get((name, cell.row_id)):
                row[names.index(cell.column)] = cell.after
                set_here.add((name, cell.row_id, cell.column))
            else:
                whole.cells.setdefault(name, []).append(Cell(*vars(cell).values()))
    change = schema.CHANGES.names
    at = [change.index(name) for name in ("table", "row_id", "column")]
    for name, new in entry.rows.items():
        for row in new:
            if name == schema.CHANGES.name and (row[at[0]], row[at[1]], row[at[2]]) in set_here:
                continue
            pending[name, row[0]] = row
            whole.rows.setdefault(name, []).append(row)
    whole.documents += entry.documents


def result(made: Sequence[Composed], frame: pd.DataFrame, key: str, errors: str) -> pd.DataFrame:
    """Return the ids and reasons of rows by the frame's labels; raise where rows are refused, unless they are kept."""
    reasons = {label: one.reason for label, one in zip(frame.index, made, strict=True) if one.reason}
    if reasons and errors == "raise":
        raise RowsRefused(reasons, len(frame))
    columns = {key: [one.row_id for one in made], "reason": [one.reason for one in made]}
    return pd.DataFrame(columns, index=frame.index, dtype="str")
