"""Rows found by what some of their cells hold, at the same cost in a ledger of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

Form = Callable[[str], str]


@dataclass(frozen=True)
class RowIndex:
    """Places of rows by the hashes of some of their cells, in order of these; and of those written since, by the cells.

    To ask costs the same in a ledger of any size.
    """

    columns: list[Sequence[str]]
    codes: np.ndarray
    order: np.ndarray
    form: Form
    more: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, frame: pd.DataFrame, columns: tuple[str, ...], form: Form) -> RowIndex:
        """Return the index of a frame's rows by some columns, or by a form of their cells."""
        cells = zip(*(map(form, frame[column].tolist()) for column in columns), strict=True)
        codes = np.fromiter(map(hash, cells), "int64", len(frame))
        order = np.argsort(codes, kind="stable")
        return cls([frame[column].array for column in columns], codes[order], order, form)

    def forked(self, lists: bool) -> RowIndex:
        """Return an index that takes rows in on trial, its cells in lists where many are asked for."""
        more = {cells: list(at) for cells, at in self.more.items()}
        columns: list[Sequence[str]] = [list(one) for one in self.columns] if lists else self.columns
        return replace(self, columns=columns, more=more)

    def places(self, cells: tuple[str, ...]) -> list[int]:
        """Return where the rows stand that hold these cells."""
        if not len(self.codes):
            return self.more.get(cells, [])
        code = hash(cells)
        start, end = np.searchsorted(self.codes, code), np.searchsorted(self.codes, code, "right")
        old = [
            at for at in self.order[start:end].tolist()
            if tuple(self.form(column[at]) for column in self.columns) == cells
        ]  # fmt: skip
        return [*old, *self.more.get(cells, ())]

    def hold(self, cells: Sequence[tuple[str, ...]]) -> list[bool]:
        """Return of many rows' cells which may be held already: all that are, and hardly one that is not."""
        codes = np.fromiter(map(hash, cells), "int64", len(cells))
        found: list[bool] = np.isin(codes, self.codes).tolist()
        return (
            [is_old or one in self.more for is_old, one in zip(found, cells, strict=True)]
            if self.more
            else found
        )
