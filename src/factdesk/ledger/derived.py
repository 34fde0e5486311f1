"""Which ids come from the cells of their rows, the changes made since undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from factdesk.checks import replay
from factdesk.checks.replay import Change, RowName
from factdesk.errors import InvalidValue
from factdesk.frames import records
from factdesk.ledger import ids, parsing
from factdesk.schema import EVIDENCE, SOURCES, TABLES, Table

ID_COLUMNS = {
    table.name: table.names[1:]
    for table in TABLES.values()
    if table.name not in ("claims", "sources", "evidence")
} | {EVIDENCE.name: ["claim_id", "source_id", "stance", "quote"], SOURCES.name: ["url"]}
"""From which cells the ids of a table's rows come; a claim's id may be chosen."""


def other_ids(
    cells: Mapping[str, pd.DataFrame], changes: Mapping[RowName, Sequence[Change]]
) -> Iterator[RowName]:
    """Find the rows whose id does not come from what was first written in them; of several versions, from each.

    >>> cells = {name: pd.DataFrame(columns=TABLES[name].names, dtype="str") for name in TABLES}
    >>> row = dict.fromkeys(SOURCES.names, "") | {"source_id": "s-made-up", "url": "https://example.org"}
    >>> list(other_ids(cells | {"sources": pd.DataFrame([row], dtype="str")}, {}))
    [('sources', 's-made-up')]
    """
    by_bytes: dict[str, set[str]] = {}
    kept = (cells["snapshots"][name].tolist() for name in ("source_id", "sha256"))
    for source, sha256 in zip(*kept, strict=True):
        by_bytes.setdefault(source, set()).add(sha256)
    for name, columns in ID_COLUMNS.items():
        table, rows = TABLES[name], cells[name]
        row_ids = rows[table.id].tolist()
        if table is SOURCES:
            made = [_source_id(url) for url in rows["url"].tolist()]
        else:
            by_name = dict(zip(table.names, ids.columns(rows, table), strict=True))
            made = ids.row_ids(table.letter, [by_name[column] for column in columns])
        other = dict.fromkeys(one for one, derived in zip(row_ids, made, strict=True) if one != derived)
        if not other:
            continue
        versions: dict[str, list[dict[str, str]]] = {}
        for row in records(rows[rows[table.id].isin(other)], table.names):
            versions.setdefault(row[table.id], []).append(row)
        for row_id in other:
            of_row, bytes_of = changes.get((name, row_id), ()), by_bytes.get(row_id, set())
            if not all(_comes_from(table, columns, row, of_row, bytes_of) for row in versions[row_id]):
                yield name, row_id


def _comes_from(
    table: Table, columns: Sequence[str], row: Mapping[str, str], changes: Sequence[Change], kept: set[str]
) -> bool:
    """Return whether a version of a row, with its changes undone, gives its id."""
    earlier, row_id = replay.earlier(row, changes, columns), row[table.id]
    if table is SOURCES:
        by_bytes = any(ids.row_id(table.letter, (sha256,)) == row_id for sha256 in kept)
        return any(_source_id(one["url"]) == row_id or (by_bytes and not one["url"]) for one in earlier)
    return any(ids.row_id(table.letter, ids.parts(table, one, columns)) == row_id for one in earlier)


def _source_id(url: str) -> str:
    try:
        return parsing.address(url)[1] if url else ""
    except InvalidValue:
        return ""
