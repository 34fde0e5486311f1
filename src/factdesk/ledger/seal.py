"""Seals: the row and the leaves that record what a ledger held at a moment."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable, Mapping
from datetime import timedelta

import pandas as pd

from factdesk import schema
from factdesk.checks import replay
from factdesk.checks.replay import Change, RowName
from factdesk.frames import records
from factdesk.ledger import ids
from factdesk.ledger.transaction import Transaction, Values
from factdesk.schema import SEALS, TABLES, Table
from factdesk.storage import csvfile, table_file
from factdesk.storage.files import Store

LEAVES_HEADER = ("leaf", "table", "row_id")
"""Columns of a seal's own file: the hash of each row, and which row it was."""

HASH = re.compile("[0-9a-f]{64}")

Leaves = Mapping[bytes, RowName]
Row = dict[str, str]


def leaves_file(leaves: Leaves) -> bytes:
    """Write the leaves that a seal covers, in their order in the tree.

    >>> leaves_file({bytes(32): ("claims", "rain")}).decode().splitlines()[1][-14:]
    '00,claims,rain'
    """
    return csvfile.render([LEAVES_HEADER, *((leaf.hex(), *leaves[leaf]) for leaf in sorted(leaves))])


def read_leaves(data: bytes) -> tuple[dict[bytes, RowName] | None, list[int]]:
    """Read a seal's file: its leaves and the line of each; or None, and the line that is no leaf."""
    found: dict[bytes, RowName] = {}
    lines: list[int] = []
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        for at, cells in enumerate(reader, 1):
            if at == 1 and tuple(cells) == LEAVES_HEADER:
                continue
            if at == 1 or len(cells) != 3 or not HASH.fullmatch(cells[0]):
                return None, [at]
            leaf = bytes.fromhex(cells[0])
            if leaf not in found:
                lines.append(at)
            found[leaf] = (cells[1], csvfile.unshielded(cells[2].replace(csvfile.NEWLINE, "\n")))
    except (UnicodeDecodeError, csv.Error):
        return None, [len(lines) + 2]
    return (found, lines) if data else (None, [1])


def new_row(leaves: Leaves, settings: str, note: str, seals: pd.DataFrame, made_by: Transaction) -> Row:
    """Return the row of a new seal; its moment is later than those of the seals that stand."""
    digest = ids.root(leaves)
    given: Values = {"digest": digest, "rows": len(leaves), "settings": settings, "note": note}
    row, now = made_by.parser.row(SEALS, given), made_by.now
    moments = pd.to_datetime(seals["sealed_at"], format="ISO8601", errors="coerce", utc=True).dropna()
    if len(moments):
        now = max(now, moments.max().to_pydatetime() + timedelta(microseconds=1))
    row |= {"sealed_at": schema.moment_text(now), "sealed_by": made_by.by}
    row["seal_id"] = ids.row_id(SEALS.letter, [row[name] for name in SEALS.names[1:]])
    return row


def standing_seal(row: Row, seals: pd.DataFrame) -> str:
    """Return the id of the latest seal where it says the same as a new one, else an empty text."""
    if seals.empty:
        return ""
    last = seals.sort_values(["sealed_at", "seal_id"]).iloc[-1]
    same = all(last[name] == row[name] for name in ("digest", "settings", "note"))
    return str(last["seal_id"]) if same else ""


def covered(store: Store) -> set[bytes]:
    """Return the leaf of every row that a seal covers."""
    leaves: set[bytes] = set()
    for path in store.leaves_of("").parent.glob("*.csv"):
        leaves |= set(read_leaves(store.disk.read(path))[0] or ())
    return leaves


def is_covered(
    sealed: Container[bytes], table: Table, row: Row, changes: Iterable[Mapping[str, str]]
) -> bool:
    """Return whether a seal covers a row as it stands, or as it was before rows of `changes`."""
    of_row = [
        Change(one["changed_at"], one["column"], one["before"], one["after"], one["why"], b"")
        for one in changes
    ]
    return any(ids.leaf_of(table, form) in sealed for form in replay.earlier(row, of_row, table.names))


def only_versions(
    store: Store, readings: Mapping[str, table_file.Reading], name: str, settled: Mapping[str, Row]
) -> set[str]:
    """Return the ids of rows of which a seal covers a version that would be lost if each were written once.

    Two branches that described one document, each sealed, have two versions of its row that differ in who and
    when. No change leads from one to the other, and no hash gives a moment back.
    """
    sealed = covered(store)
    if not sealed:
        return set()
    names, key = TABLES[name].names, TABLES[name].id
    changes = replay.by_row(readings["changes"].cells)
    cells = readings[name].cells
    lost: set[str] = set()
    for row in records(cells[cells[key].isin(settled)], names):
        of_row = changes.get((name, row[key]), [])
        here, there = (
            {ids.leaf_of(TABLES[name], form) for form in replay.earlier(version, of_row, names)}
            for version in (row, settled[row[key]])
        )
        if (here - there) & sealed:
            lost.add(row[key])
    return lost
