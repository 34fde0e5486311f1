"""Rows found by what some of their cells hold, at the same cost in a ledger of any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from factdesk.checks import codes
from factdesk.checks.codes import Codes, Form
from factdesk.packed import Packed


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
        >>> from factdesk.text import alike
        >>> RowIndex.of(frame, ("claim", "by"), alike).places((alike("jobs rose"), alike("ADA")))
        [0]
        """
        found = codes.of_rows([Packed.of(frame[column]) for column in columns], form)
        order = np.argsort(found, kind="stable")
        return cls([frame[column].array for column in columns], found[order], order, form)

    def forked(self, lists: bool) -> RowIndex:
        """Return an index that takes rows in on trial, its cells in lists where many are asked for."""
        more = {cells: list(at) for cells, at in self.more.items()}
        columns: list[Sequence[str]] = (
            [np.asarray(one, object).tolist() for one in self.columns] if lists else self.columns
        )
        return replace(self, columns=columns, more=more)

    def places(self, cells: tuple[str, ...]) -> list[int]:
        """Return where the rows stand that hold these cells, or cells of this form."""
        if not len(self.codes):
            return self.more.get(cells, [])
        code = np.uint64(codes.of_row(cells, self.form))
        start, end = np.searchsorted(self.codes, code), np.searchsorted(self.codes, code, "right")
        old = [
            at for at in self.order[start:end].tolist()
            if tuple(self.form(column[at]) for column in self.columns) == cells
        ]  # fmt: skip
        return [*old, *self.more.get(cells, ())]

    def hold(self, cells: Sequence[tuple[str, ...]]) -> list[bool]:
        """Return of many rows' cells which may be held already: all that are, and hardly one that is not."""
        columns = [Packed.of(pa.array(one, pa.large_string())) for one in zip(*cells, strict=True)]
        asked = codes.of_rows(columns, self.form) if columns else np.zeros(0, np.uint64)
        found: list[bool] = np.isin(asked, self.codes).tolist()
        return (
            [is_old or one in self.more for is_old, one in zip(found, cells, strict=True)]
            if self.more
            else found
        )
