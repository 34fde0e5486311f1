"""Hashes of rows: the ids made from content, and the ledger's digest."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.schema import Table

ID_LENGTH = 12
"""Characters of an id after its letter and dash: 60 bits, one clash in 4 million ids once in 100,000 ledgers."""


def _prefixed(parts: Iterable[str]) -> bytes:
    return b"".join([len(part).to_bytes(8, "big") + part for part in map(str.encode, parts)])


def name(parts: Iterable[str], length: int = ID_LENGTH) -> str:
    """Return a short name made from content: lower-case base32 of its SHA-256.

    >>> name(["claim", "claimant"])
    'lotrbmp3fval'
    """
    hashed = hashlib.sha256(_prefixed(parts)).digest()
    if length <= ID_LENGTH:
        return _short(hashed)[:length]
    return base64.b32encode(hashed[: -(-length * 5 // 8)]).decode("ascii").lower()[:length]


def row_id(letter: str, parts: Iterable[str]) -> str:
    """Return a row's id: the table's letter, a dash and a hash.

    The letter keeps a spreadsheet from reading `4e12` as a number.

    >>> row_id("e", ["claim", "source", "supports", ""])[:2]
    'e-'
    """
    return f"{letter}-{name(parts)}"


class Later(NamedTuple):
    """Cells of a column that came after the first format: hashed with its name, and only where filled."""

    name: str
    cells: pa.Array


Hashed: TypeAlias = Any
"""A column as it is hashed: an Arrow array, or `Later`."""


def parts(table: Table, row: Mapping[str, str], columns: Sequence[str] = ()) -> list[str]:
    """Return what is hashed of a row, or of some of its columns: later columns by name and cell, where filled.

    >>> from factdesk.schema import CLAIMS
    >>> row = dict.fromkeys(CLAIMS.names, "") | {"claim": "a", "due_on": "2025"}
    >>> parts(CLAIMS, row, ["claim", "quote", "due_on", "origin"])
    ['a', '', 'due_on', '2025']
    """
    hashed: list[str] = []
    for column in columns or table.names:
        if table.by_name[column].since == 1:
            hashed.append(row[column])
        elif row[column]:
            hashed += [column, row[column]]
    return hashed


def row_ids(letter: str, columns: Sequence[Hashed]) -> list[str]:
    """Return the ids of many rows, of cells that come as columns.

    >>> row_ids("e", [pa.array(["a"]), pa.array(["b"])]) == [row_id("e", ["a", "b"])]
    True
    """
    return [f"{letter}-{_short(hashed)}" for hashed in _hashed(b"", columns)]


_PAIRS = [
    one + other for one in "abcdefghijklmnopqrstuvwxyz234567" for other in "abcdefghijklmnopqrstuvwxyz234567"
]


def _short(hashed: bytes) -> str:
    """Return the first twelve characters of a hash in base32, at a fifth of the library's cost."""
    n = int.from_bytes(hashed[:8], "big") >> 4
    pairs = _PAIRS[n >> 50], _PAIRS[n >> 40 & 1023], _PAIRS[n >> 30 & 1023], _PAIRS[n >> 20 & 1023]
    return "".join((*pairs, _PAIRS[n >> 10 & 1023], _PAIRS[n & 1023]))


def hashed(table: Table, cells: Sequence[Sequence[str]]) -> list[Hashed]:
    """Return columns of cells, in schema order, as the ids of a table's rows are hashed of them: all but the id.

    >>> from factdesk.schema import STATUSES_TABLE as STATUSES
    >>> row = dict.fromkeys(STATUSES.names, "") | {"status": "mixed", "published_at": "https://a.example"}
    >>> made = row_ids("t", hashed(STATUSES, [[cell] for cell in row.values()]))
    >>> made == [row_id("t", parts(STATUSES, row, STATUSES.names[1:]))]
    True
    """
    arrays = [pa.array(column, pa.large_string()) for column in cells]
    return [
        one if column.since == 1 else Later(column.name, one)
        for column, one in zip(table.columns[1:], arrays[1:], strict=True)
    ]


def leaf(table: str, cells: Sequence[str]) -> bytes:
    """Return the hash of one row: table and cells in schema order, each with its length (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\0" + _prefixed((table, *cells))).digest()


def leaf_of(table: Table, row: Mapping[str, str]) -> bytes:
    """Return the hash of one row, of cells that come by column."""
    return leaf(table.name, parts(table, row))


def leaves(table: str, columns: Sequence[Hashed]) -> list[bytes]:
    """Return the hash of each row of a table, of cells that come as columns: three times as fast as `leaf`.

    >>> cells = [pa.array(["a", "b"]), pa.array(["", "c"])]
    >>> leaves("claims", cells) == [leaf("claims", ["a", ""]), leaf("claims", ["b", "c"])]
    True
    """
    return _hashed(b"\0" + _prefixed((table,)), columns)


_AT_ONCE = 100_000


def _hashed(head: bytes, columns: Sequence[Hashed]) -> list[bytes]:
    found: list[bytes] = []
    first = columns[0]
    for start in range(0, len(first.cells if isinstance(first, Later) else first), _AT_ONCE):
        end = start + _AT_ONCE
        found += _hashed_at_once(
            head,
            [
                Later(one.name, one.cells[start:end]) if isinstance(one, Later) else one[start:end]
                for one in columns
            ],
        )
    return found


def _hashed_at_once(head: bytes, columns: Sequence[Hashed]) -> list[bytes]:
    """Write all rows behind one another, each cell with its length, and hash each where it stands."""
    binary = pa.large_binary()
    parts: list[pa.Array | pa.Scalar] = [pa.scalar(head, binary)]
    empty = pa.scalar(b"", binary)
    for column in columns:
        cells = (column.cells if isinstance(column, Later) else column).cast(pa.large_string()).cast(binary)
        lengths = np.asarray(pc.binary_length(cells))
        behind = pa.py_buffer(lengths.astype(">i8").tobytes())
        prefixes = pa.FixedSizeBinaryArray.from_buffers(pa.binary(8), len(cells), [None, behind]).cast(binary)
        if not isinstance(column, Later):
            parts += [prefixes, cells]
        elif lengths.any():
            named = pa.scalar(_prefixed((column.name,)), binary)
            filled = pc.binary_join_element_wise(named, prefixes, cells, empty)
            parts.append(pc.if_else(pa.array(lengths > 0), filled, empty))
    written = pc.binary_join_element_wise(*parts, empty)
    _, offsets, data = written.buffers()
    bounds = np.frombuffer(offsets, np.int64)[written.offset : written.offset + len(written) + 1].tolist()
    view, sha256 = memoryview(data or b""), hashlib.sha256
    return [sha256(view[start:end]).digest() for start, end in pairwise(bounds)]


def columns(cells: pd.DataFrame, table: Table, first: int = 0) -> list[Hashed]:
    """Return a table's columns of text, from a row on, as they are hashed.

    >>> from factdesk.schema import CLAIMS
    >>> cells = pd.DataFrame({name: ["b", "c"] for name in CLAIMS.names}, dtype="str")
    >>> columns(cells, CLAIMS, 1)[0].to_pylist()
    ['c']
    """
    arrays = [pa.array(cells[name].iloc[first:], pa.large_string()) for name in table.names]
    whole = [one.combine_chunks() if isinstance(one, pa.ChunkedArray) else one for one in arrays]
    return [
        one if column.since == 1 else Later(column.name, one)
        for column, one in zip(table.columns, whole, strict=True)
    ]


def root(leaves: Iterable[bytes]) -> str:
    """Return the root of the Merkle tree over the sorted, distinct leaves, in hexadecimal (RFC 9162, 2.1.1).

    >>> root([])[:8]
    'e3b0c442'
    """
    # Neighbours are paired level by level, the odd one handed up: the tree that the RFC defines by splitting at
    # the largest power of two.
    level, sha256 = sorted(set(leaves)), hashlib.sha256
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


class Tree:
    """The leaves of tables' rows, each hashed once, and their root; shared by those who look at the same rows.

    Rows are only ever added at the end of a table. Where a row is another now, `forked` returns a tree of its own.

    >>> tree = Tree()
    >>> tree.of("claims", 1, lambda first: [pa.array(["a"])]) == [leaf("claims", ["a"])]
    True
    """

    def __init__(self) -> None:
        self._leaves: dict[str, list[bytes]] = {}
        self._known: tuple[dict[str, int], str] = ({}, root([]))

    def of(self, table: str, rows: int, columns: Callable[[int], Sequence[Hashed]]) -> list[bytes]:
        """Return the leaves of a table's first rows; `columns` returns the cells from a row on."""
        known = self._leaves.setdefault(table, [])
        if len(known) < rows:
            known.extend(leaves(table, columns(len(known))))
        return known[:rows]

    def root(self, leaves: Mapping[str, list[bytes]]) -> str:
        """Return the root over leaves that are this tree's own, in groups that only grow."""
        sizes = {group: len(of_group) for group, of_group in leaves.items()}
        if sizes != self._known[0]:
            self._known = (sizes, root(chain.from_iterable(leaves.values())))
        return self._known[1]

    def forked(self, table: str, changed: Iterable[tuple[int, bytes]]) -> Tree:
        """Return a tree in which rows of a table have other leaves."""
        tree = Tree()
        tree._leaves = {name: list(known) for name, known in self._leaves.items()}
        known = tree._leaves.get(table, [])
        for at, other in changed:
            if at < len(known):
                known[at] = other
        return tree
