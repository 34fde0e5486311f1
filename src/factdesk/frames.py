"""Frames that read well by themselves: whole sentences, text to the left, days as days."""

from __future__ import annotations

import pandas as pd

CELL_SHOWN = 400
"""Characters of a cell that are shown; pandas cuts at 50, in the middle of a claim."""

_STYLE = """<style>
.factdesk-frame td, .factdesk-frame th {text-align: left !important; vertical-align: top !important;}
.factdesk-frame td {max-width: 32em; white-space: normal; overflow-wrap: anywhere;}
</style>"""


class LedgerFrame(pd.DataFrame):
    """A DataFrame that shows a claim's words whole; in everything else it is pandas' own.

    Examples
    --------
    >>> frame = LedgerFrame({"claim": ["word " * 20]})
    >>> "…" in repr(frame) or "..." in repr(frame)
    False
    """

    @property
    def _constructor(self) -> type[LedgerFrame]:
        return LedgerFrame

    @property
    def _constructor_sliced(self) -> type[pd.Series]:
        return pd.Series

    def __repr__(self) -> str:
        with pd.option_context("display.max_colwidth", CELL_SHOWN, "display.max_columns", None):
            return super().__repr__()

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.max_colwidth", CELL_SHOWN, "display.max_columns", None):
            table = pd.DataFrame._repr_html_(self)  # type: ignore[attr-defined]
        return f'<div class="factdesk-frame">{_STYLE}{table}</div>' if table else None
