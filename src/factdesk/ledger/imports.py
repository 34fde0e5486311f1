"""What was brought in from elsewhere: a note of each import beside the tables, and its withdrawal."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from factdesk.errors import NotFound, nearest
from factdesk.ledger import ids
from factdesk.ledger.transaction import Transaction
from factdesk.schema import ADDED, CLAIMS, TABLES, WITHDRAWN, moment_text
from factdesk.storage.files import Store
from factdesk.storage.journal import Cell

FOLDER = "imports"
_END = re.compile(r"import (i-\w+) withdrawn: ")
SEPARATOR = ":"
"""Between the import's id and the row's own in `origin`."""


@dataclass(frozen=True)
class Note:
    """One import: of which file, by which plan, when and by whom; what it made of the rows, and what it added elsewhere.

    `rows` are the rows that it added to claims that stood already, `changes` its edits.
    """

    import_id: str
    plan: str
    file: str
    sha256: str
    imported_at: str
    imported_by: str
    new: int = 0
    changed: int = 0
    same: int = 0
    set_aside: int = 0
    rows: tuple[tuple[str, str], ...] = ()
    changes: tuple[str, ...] = ()


COLUMNS = [name for name in Note.__dataclass_fields__ if name not in ("rows", "changes")]
WITHDRAWN_AT = "withdrawn_at"
_COUNTS = ("new", "changed", "same", "set_aside")


def import_id(plan: str, sha256: str, transaction: Transaction) -> str:
    """Name an import by its plan, its file's content and its moment."""
    return ids.row_id("i", (plan, sha256, moment_text(transaction.now)))


def origin(import_id: str, row: str) -> str:
    """Return what a claim notes of where it came from.

    >>> origin("i-abc", "17"), own_id("i-abc:17")
    ('i-abc:17', ('i-abc', '17'))
    """
    return f"{import_id}{SEPARATOR}{row}"


def own_id(origin: str) -> tuple[str, str]:
    """Return the import and the row's own id there, of what a claim notes."""
    made_by, _, row = origin.partition(SEPARATOR)
    return made_by, row


def end(import_id: str, why: str) -> str:
    """Return the reason that changes note of what is withdrawn with an import.

    >>> end("i-abc", "the wrong sheet"), ended(end("i-abc", "the wrong sheet")), ended("a typing error")
    ('import i-abc withdrawn: the wrong sheet', 'i-abc', '')
    """
    return f"import {import_id} withdrawn: {why}"


def ended(why: str) -> str:
    """Return the import with which something was withdrawn, by the reason noted; nothing where that is another."""
    found = _END.match(why)
    return found[1] if found else ""


def written(note: Note) -> bytes:
    """Return a note as its file holds it."""
    import tomlkit

    return tomlkit.dumps({name: value for name, value in asdict(note).items() if value != ()}).encode("utf-8")


def notes(store: Store) -> list[Note]:
    """Read the notes of all imports, the first one first; what is none is left out."""
    found = []
    for path in store.kept(FOLDER, "i-*.toml"):
        try:
            read = tomllib.loads(store.disk.read(path).decode("utf-8"))
            told = {name: read[name] for name in read if name in Note.__dataclass_fields__}
            told["rows"] = tuple((str(table), str(row)) for table, row in told.get("rows", ()))
            told["changes"] = tuple(map(str, told.get("changes", ())))
            note = Note(**told)
        except (ValueError, TypeError, OSError, RecursionError):
            continue
        texts = [getattr(note, name) for name in COLUMNS if name not in _COUNTS]
        if all(isinstance(one, str) for one in texts) and note.import_id == path.stem:
            found.append(note)
    return sorted(found, key=lambda note: (note.imported_at, note.import_id))


def frame(found: Iterable[Note], changes: pd.DataFrame) -> pd.DataFrame:
    """Return notes as a frame, each with the moment at which `changes` say that it was withdrawn last."""
    ends = changes[changes["why"].str.startswith("import i-")]
    at: dict[str, str] = {}
    for why, moment in sorted(zip(ends["why"], ends["changed_at"], strict=True), key=lambda one: one[1]):
        at[ended(why)] = moment
    rows = [
        {**{name: getattr(note, name) for name in COLUMNS}, WITHDRAWN_AT: at.get(note.import_id, "")}
        for note in found
    ]
    columns = [*COLUMNS, WITHDRAWN_AT]
    kinds = {name: "int64" if name in _COUNTS else "str" for name in columns}
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def withdraw(transaction: Transaction, found: list[Note], import_id: str, why: str) -> list[str]:
    """Compose the withdrawal of all that an import brought in, and the end of its edits where nobody edited since."""
    note = next((one for one in found if one.import_id == import_id), None)
    if note is None:
        known = [one.import_id for one in found]
        raise NotFound("import", import_id, nearest(import_id, known), "ledger.imports lists them.")
    reason = end(import_id, why) if isinstance(why, str) and why.strip() else why
    claims = transaction.dataset.cells(CLAIMS.name)
    made = claims[CLAIMS.id][claims["origin"].str.startswith(import_id + SEPARATOR)].tolist()
    rows: dict[str, list[str]] = {CLAIMS.name: made}
    for table, row_id in note.rows:
        if table in TABLES and row_id in transaction.dataset.ids(table):
            rows.setdefault(table, []).append(row_id)
    done = []
    for table, row_ids in rows.items():
        if row_ids:
            done += transaction.turn(TABLES[table], row_ids, "", WITHDRAWN, reason)
    undone: dict[str, list[Cell]] = {}
    for table, row_id, column, before in _undone(transaction, note):
        undone.setdefault(table, []).extend(transaction.put(TABLES[table], [row_id], {column: before}))
    for table, cells in undone.items():
        done += transaction.record(TABLES[table], cells, reason)
    return done


def _undone(transaction: Transaction, note: Note) -> Iterator[tuple[str, str, str, str]]:
    """Return the cells that an import edited and that still hold what it set, with what stood there before."""
    changes = transaction.dataset.cells("changes")
    mine = changes[changes["change_id"].isin(note.changes)]
    cells = zip(*(mine[name] for name in ("table", "row_id", "column", "before", "after")), strict=True)
    for table, row_id, column, before, after in cells:
        if column and after != ADDED and transaction.dataset.row(table, row_id, True)[column] == after:
            yield table, row_id, column, before


def place(store: Store, name: str) -> Path:
    """Return where a file about imports lies."""
    return store.folder / FOLDER / name
