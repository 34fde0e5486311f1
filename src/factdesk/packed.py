"""A column of text as Arrow holds it, all cells behind one another: what one pass over the bytes tells of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

Bytes = np.ndarray
Places = np.ndarray

_WINDOW = 1 << 19
"""Bytes looked at at once: they stay in the processor's own memory."""
_BEHIND = 3
"""Bytes that may be looked at behind each; behind the last one blanks stand in for them."""


@dataclass(frozen=True)
class Packed:
    """The bytes of a column's cells, and where each cell begins, and where the last one ends.

    >>> cells = Packed.of(pd.Series(["a", "", "bé"], dtype="str"))
    >>> cells.lengths.tolist(), cells.is_printable_ascii, cells.rows_with("é".encode()).tolist()
    ([1, 0, 3], False, [2])
    """

    text: pa.Array
    data: Bytes
    bounds: Places

    @classmethod
    def of(cls, cells: pd.Series | pa.Array | pa.ChunkedArray) -> Packed:
        """Return a column's cells; a missing one has no bytes."""
        text = cells if isinstance(cells, (pa.Array, pa.ChunkedArray)) else pa.array(cells)
        if isinstance(text, pa.ChunkedArray):
            text = text.combine_chunks()
        if text.type != pa.large_string():
            text = text.cast(pa.large_string())
        _, offsets, held = text.buffers()
        if not len(text):
            return cls(text, np.zeros(0, np.uint8), np.zeros(1, np.int64))
        bounds = np.frombuffer(offsets, np.int64)[text.offset : text.offset + len(text) + 1]
        data = np.frombuffer(held or b"", np.uint8)[bounds[0] : bounds[-1]]
        return cls(text, data, bounds - bounds[0] if bounds[0] else bounds)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Bytes of each cell."""
        return np.diff(self.bounds)

    @cached_property
    def is_printable_ascii(self) -> bool:
        """Whether there is nothing but the letters, digits and marks of ASCII."""
        return not len(self.data) or bool(self.data.min() >= 32 and self.data.max() < 127)

    def rows_of(self, places: Places) -> Places:
        """Return the rows in which bytes stand, each once."""
        if not len(places):
            return places
        return np.unique(np.searchsorted(self.bounds, places, "right") - 1)

    def rows_with(self, mark: bytes, more_than: int = 0) -> Places:
        """Return the rows that hold a mark of up to four bytes more often than so many times."""
        found = places(self.data, lambda window: begins(window, mark))
        rows, times = np.unique(np.searchsorted(self.bounds, found, "right") - 1, return_counts=True)
        return rows[times > more_than]

    def firsts(self) -> tuple[Places, Bytes]:
        """Return the rows that are not empty, and the first byte of each."""
        rows = np.flatnonzero(self.lengths)
        return rows, self.data[self.bounds[rows]]

    def as_wide_as(self, width: int) -> Bytes | None:
        """Return the cells that are not empty as lines of a table of bytes; None where one has another length."""
        if not ((self.lengths == width) | (self.lengths == 0)).all():
            return None
        return self.data.reshape(-1, width)

    def with_nulls(self) -> pa.Array:
        """Return the cells with missing ones for those that are empty."""
        is_filled = pa.array(self.lengths > 0)
        bounds = pa.py_buffer(np.ascontiguousarray(self.bounds))
        buffers = [is_filled.buffers()[1], bounds, pa.py_buffer(np.ascontiguousarray(self.data))]
        return pa.Array.from_buffers(pa.large_string(), len(self.text), buffers)


def begins(window: Bytes, mark: bytes) -> np.ndarray:
    """Return at which bytes a mark begins."""
    found = window[: len(window) - len(mark) + 1] == mark[0]
    if found.any():
        for at, byte in enumerate(mark[1:], 1):
            found &= window[at : len(window) - len(mark) + 1 + at] == byte
    return found


def places(data: Bytes, found: Callable[[Bytes], np.ndarray]) -> Places:
    """Return at which bytes something begins, of up to four bytes; a part of them is asked at a time.

    >>> places(np.frombuffer(b"a-b--", np.uint8), lambda window: begins(window, b"-")).tolist()
    [1, 3, 4]
    """
    parts = [start + np.flatnonzero(is_found) for start, is_found in _asked(data, found)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def has(data: Bytes, found: Callable[[Bytes], np.ndarray]) -> bool:
    """Return whether something stands among bytes, of up to four bytes.

    >>> has(np.frombuffer(b"a-b", np.uint8), lambda window: begins(window, b"-b"))
    True
    """
    return any(True for _ in _asked(data, found))


_BLANKS = np.full(_BEHIND, 32, np.uint8)


def _asked(data: Bytes, found: Callable[[Bytes], np.ndarray]) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, len(data), _WINDOW):
        window = data[start : start + _WINDOW + _BEHIND]
        if len(window) < _WINDOW + _BEHIND:
            window = np.append(window, _BLANKS)
        is_found = found(window)[: min(_WINDOW, len(data) - start)]
        if is_found.any():
            yield start, is_found


def are_distinct(cells: pd.Series) -> bool:
    """Return whether no two cells are the same.

    >>> are_distinct(pd.Series(["t-a", "t-b"], dtype="str")), are_distinct(pd.Series(["t-a", "t-a"], dtype="str"))
    (True, False)
    """
    packed = Packed.of(cells)
    width = int(packed.lengths[0]) if len(packed.lengths) else 0
    if 8 <= width <= 24 and (packed.lengths == width).all():
        hashed = _hashed(packed.data.reshape(-1, width))
        hashed.sort()
        if (hashed[1:] != hashed[:-1]).all():
            return True
    return not cells.duplicated().any()


def _hashed(table: Bytes) -> np.ndarray:
    """Return a number for each line of a table of bytes; different lines may share one."""
    width, hashed = table.shape[1], np.zeros(len(table), np.uint64)
    for start in sorted({min(at, width - 8) for at in range(0, width, 8)}):
        hashed *= np.uint64(0x9E3779B97F4A7C15)
        hashed ^= np.ascontiguousarray(table[:, start : start + 8]).view(np.uint64).ravel()
        hashed ^= hashed >> np.uint64(29)
    return hashed
