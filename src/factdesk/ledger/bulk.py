"""Many calls of one kind composed as one: each row of a frame on what those before it made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, TypeVar

import pandas as pd

from factdesk import schema
from factdesk.errors import FactdeskError, InvalidValue, NotFound, RowsRefused, nearest
from factdesk.ledger.at_once import AtOnce, Columns
from factdesk.ledger.parsing import Given
from factdesk.ledger.transaction import Transaction
from factdesk.schema import Table
from factdesk.storage.journal import Cell, Entry

SHOWN_FROM = 2_000
"""Rows from which a bar shows how far it is."""

WARNED = 10
"""Warnings of one call that are shown; of more the number."""

Held = TypeVar("Held")
Row = Mapping[str, Given]
Call = Callable[[Transaction, Row], str]


def columns(table: Table, arguments: Mapping[str, Held], but: Collection[str] = ()) -> dict[str, Held]:
    """Return those of a call's arguments, or of many calls', that are cells of a table."""
    return {name: arguments[name] for name in table.editable if name in arguments and name not in but}


def log(transaction: Transaction, given: Row) -> str:
    """Compose a claim of what `Ledger.log` is given."""
    cells = columns(schema.CLAIMS, given, but=["appearance"])
    return transaction.log(cells, given["claim_id"], given["appearance"])  # type: ignore[arg-type]


def attach(transaction: Transaction, given: Row) -> str:
    """Compose evidence of what `Ledger.attach` is given."""
    cells = columns(schema.EVIDENCE, given)
    return transaction.attach(given["claim_id"], cells, given["url"], given.get("file"), details(given))  # type: ignore[arg-type]


def details(given: Mapping[str, Held]) -> dict[str, Held]:
    """Return what is given of the document itself."""
    return columns(schema.SOURCES, given, but=["url", "note"])


def set_status(transaction: Transaction, given: Row) -> str:
    """Compose a status of what `Ledger.set_status` is given."""
    return transaction.set_status(given["claim_id"], columns(schema.STATUSES_TABLE, given))  # type: ignore[arg-type]


class Composed(NamedTuple):
    """What a row came to: the id that it has, or why it can't be taken."""

    row_id: str
    reason: str = ""


def given(frame: pd.DataFrame, defaults: Row, needed: Collection[str], table: Table) -> Columns:
    """Return the columns of a frame as arguments of calls; refuse columns that it has none for."""
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
    return {name: [one] * len(frame) for name, one in defaults.items()} | {
        name: [one if is_given(one) else defaults.get(name) for one in frame[name].tolist()] for name in names
    }


def is_given(cell: object) -> bool:
    """Return whether a cell of a frame says anything."""
    return not (cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell))


def one_description(given: Columns) -> Columns:
    """Return arguments in which all rows of one address have what the first that says it says of the document."""
    shared = dict(given)
    for name in details(given):
        first: dict[Given, Given] = {}
        for url, cell in zip(given["url"], given[name], strict=True):
            if cell and isinstance(url, str):
                first.setdefault(url, cell)
        shared[name] = [
            first.get(url, cell) if isinstance(url, str) and not cell else cell
            for url, cell in zip(given["url"], given[name], strict=True)
        ]
    return shared


def many(transaction: Transaction, call: Call, given: Columns, words: str) -> list[Composed]:
    """Compose a call for each row of a frame's columns."""
    count = len(next(iter(given.values())))
    made = AtOnce(transaction, count)
    if call is log:
        made.log(columns(schema.CLAIMS, given, but=["appearance"]), given["claim_id"], given["appearance"])
    else:
        made.about(given["claim_id"])
    if call is attach:
        made.attach(columns(schema.EVIDENCE, given), given["url"], details(given), range(count))
    if call is set_status:
        made.set_status(columns(schema.STATUSES_TABLE, given), range(count))

    def one(transaction: Transaction, at: int) -> str:
        return call(transaction, {name: values[at] for name, values in given.items()})

    return compose(transaction, made, one, words)


def compose(
    transaction: Transaction, at_once: AtOnce, call: Callable[[Transaction, int], str], words: str
) -> list[Composed]:
    """Compose calls one after another into a transaction's entry; one that is refused leaves nothing."""
    made = [Composed("")] * at_once.count
    whole, dataset = Entry(), transaction.dataset
    pending: dict[tuple[str, str], list[str]] = {}
    transaction.takes_files = False
    run: list[int] = []
    waiting: list[Entry] = []

    def take(entry: Entry) -> None:
        waiting.append(entry)
        add(whole, entry, pending)

    def take_run() -> None:
        if run:
            take(Entry(rows=at_once.rows(run)))
            for at in run:
                made[at] = Composed(at_once.results[at])
            run.clear()

    try:
        from tqdm import tqdm  # type: ignore[import-untyped]  # it costs a tenth of opening a ledger

        for at in tqdm(range(at_once.count), desc=words, disable=at_once.count <= SHOWN_FROM, leave=False):
            if at_once.takes(at):
                run.append(at)
                continue
            take_run()
            if transaction.dataset is dataset:
                transaction.dataset = dataset.forked(len(at_once.doubtful) + 1)
            for entry in waiting:
                transaction.dataset.take(entry)
            waiting.clear()
            transaction.entry, transaction.fresh, known = Entry(), {}, len(transaction.warnings)
            try:
                made[at] = Composed(call(transaction, at))
            except (FactdeskError, KeyError, TypeError) as error:
                del transaction.warnings[known:]
                made[at] = Composed("", reason(error))
                continue
            at_once.note(transaction.entry)
            take(transaction.entry)
        take_run()
    finally:
        transaction.entry, transaction.dataset = whole, dataset
    if (more := len(dict.fromkeys(transaction.warnings)) - WARNED) > 0:
        transaction.warnings[:] = list(dict.fromkeys(transaction.warnings))[:WARNED]
        transaction.warnings.append(f"{more:,} more warnings of this kind.")
    return made


def reason(error: Exception) -> str:
    """Return why a call was refused, without what became of it.

    >>> reason(ValueError("It is odd. Nothing was written."))
    'It is odd.'
    """
    return str(error).removesuffix("Nothing was written.").strip()


def add(whole: Entry, entry: Entry, pending: dict[tuple[str, str], list[str]]) -> None:
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
