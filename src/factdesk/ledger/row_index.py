"""Rows found by what some of their cells hold, at the same cost in a ledger of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from factdesk.packed import Packed
from factdesk.text import alike

Form = Callable[[str], str]
Codes = np.ndarray

_MIX, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
_AT_ONCE = 100_000


def _by_ends(cells: Packed) -> Codes:
    """Return a number for each cell: the same for the same cells, and for few others."""
    # Eight bytes at the beginning, in the middle and at the end, and the length: what is the same there is compared.
    data = np.append(cells.data, np.zeros(8, np.uint8))
    eight = np.lib.stride_tricks.as_strided(data, (len(data) - 7, 8), (1, 1))
    lengths = cells.lengths
    codes = lengths.astype(np.uint64)
    for within in (np.zeros_like(lengths), np.maximum(lengths // 2 - 4, 0), np.maximum(lengths - 8, 0)):
        held = np.ascontiguousarray(eight[cells.bounds[:-1] + within]).view(np.uint64).ravel()
        few = np.minimum(lengths - within, 8).astype(np.uint64)
        codes = (codes * _MIX) ^ (held & _LOW[few])
        codes ^= codes >> _SHIFT
    return codes


_LOW = np.array([(1 << 8 * few) - 1 for few in range(9)], np.uint64)
"""Which bits the first bytes of eight take, on a machine that writes the lowest first, as all that we know do."""

_COUNTED = "bcdegmopqruvxz0123456789"
"""Letters and digits that `alike` leaves as they are, and into which case folding turns none beyond ASCII, such as ß."""
_WORTH = np.zeros(256, np.uint64)
for _letters in (_COUNTED, _COUNTED.upper()):
    _worth = np.arange(1, len(_COUNTED) + 1, dtype=np.uint64) * _MIX
    _WORTH[[ord(one) for one in _letters]] = _worth ^ (_worth >> _SHIFT)


def _by_letters(cells: Packed) -> Codes:
    """Return a number for each cell: the same for cells that are `alike`, and for few others."""
    codes = np.zeros(len(cells.text), np.uint64)
    filled = np.flatnonzero(cells.lengths)
    for start in range(0, len(filled), _AT_ONCE):
        rows = filled[start : start + _AT_ONCE]
        first, end = cells.bounds[rows[0]], cells.bounds[rows[-1] + 1]
        codes[rows] = np.add.reduceat(_WORTH[cells.data[first:end]], cells.bounds[rows] - first)
    return codes


def _codes(columns: Sequence[Packed], form: Form) -> Codes:
    codes = np.zeros(len(columns[0].text), np.uint64)
    for one in columns:
        codes = codes * _MIX + (_by_letters(one) if form is alike else _by_ends(one))
        codes ^= codes >> _SHIFT
    return codes


def _code(cells: tuple[str, ...], form: Form) -> int:
    """Return the number of one row, in a hundredth of the time that an array of one takes."""
    code = 0
    for cell in cells:
        code = (code * _INT_MIX + (_letters_of(cell) if form is alike else _ends_of(cell))) & _ALL
        code ^= code >> 29
    return code


_ALL, _INT_MIX, _INT_WORTH = (1 << 64) - 1, int(_MIX), _WORTH.tolist()


def _ends_of(cell: str) -> int:
    data = cell.encode("utf-8", "surrogatepass")
    code = length = len(data)
    for within in (0, max(length // 2 - 4, 0), max(length - 8, 0)):
        code = (code * _INT_MIX & _ALL) ^ int.from_bytes(data[within : within + 8], "little")
        code ^= code >> 29
    return code


def _letters_of(cell: str) -> int:
    return sum(map(_INT_WORTH.__getitem__, cell.encode("utf-8", "surrogatepass"))) & _ALL


@dataclass(frozen=True)
class RowIndex:
    """Places of rows by numbers made of some of their cells, in order of these; and of those written since, by the cells.

    To ask costs the same in a ledger of any size, to make it a pass over the bytes and a sort. The form in which cells
    are compared is their own (`str`), or what they have in common with others (`text.alike`).
    """

    columns: list[Sequence[str]]
    codes: Codes
    order: np.ndarray
    form: Form
    more: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, frame: pd.DataFrame, columns: tuple[str, ...], form: Form) -> RowIndex:
        """Return the index of a frame's rows by some columns, or by a form of their cells.

        >>> frame = pd.DataFrame({"claim": ["Jobs rose.", "It rained."], "by": ["Ada", "Bo"]}, dtype="str")
        >>> RowIndex.of(frame, ("claim", "by"), str).places(("It rained.", "Bo"))
        [1]
        >>> RowIndex.of(frame, ("claim", "by"), alike).places((alike("jobs rose"), alike("ADA")))
        [0]
        """
        codes = _codes([Packed.of(frame[column]) for column in columns], form)
        order = np.argsort(codes, kind="stable")
        return cls([frame[column].array for column in columns], codes[order], order, form)

    def forked(self, lists: bool) -> RowIndex:
        """Return an index that takes rows in on trial, its cells in lists where many are asked for."""
        more = {cells: list(at) for cells, at in self.more.items()}
        columns: list[Sequence[str]] = [list(one) for one in self.columns] if lists else self.columns
        return replace(self, columns=columns, more=more)

    def places(self, cells: tuple[str, ...]) -> list[int]:
        """Return where the rows stand that hold these cells, or cells of this form."""
        if not len(self.codes):
            return self.more.get(cells, [])
        code = np.uint64(_code(cells, self.form))
        start, end = np.searchsorted(self.codes, code), np.searchsorted(self.codes, code, "right")
        old = [
            at for at in self.order[start:end].tolist()
            if tuple(self.form(column[at]) for column in self.columns) == cells
        ]  # fmt: skip
        return [*old, *self.more.get(cells, ())]

    def hold(self, cells: Sequence[tuple[str, ...]]) -> list[bool]:
        """Return of many rows' cells which may be held already: all that are, and hardly one that is not."""
        columns = [Packed.of(pa.array(one, pa.large_string())) for one in zip(*cells, strict=True)]
        codes = _codes(columns, self.form) if columns else np.zeros(0, np.uint64)
        found: list[bool] = np.isin(codes, self.codes).tolist()
        return (
            [is_old or one in self.more for is_old, one in zip(found, cells, strict=True)]
            if self.more
            else found
        )
