"""What each row of a ledger said from which day to which: `as_known` for every day at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from factdesk import schema
from factdesk.ledger.dataset import Book
from factdesk.schema import ADDED, TABLES, WITHDRAWN
from factdesk.text import clean

NOW = 10_000_000
"""A day after all days, on which the rows say what they say now."""
NEVER = NOW + 1
"""The day on which what is said now ends."""


class Change(NamedTuple):
    """A change of a row, and the day on which it was made."""

    day: int
    column: str
    before: str
    after: str

    @property
    def is_of_the_row(self) -> bool:
        """Whether the row itself was withdrawn, reinstated or added, and no cell of it changed."""
        return self.column == ""


def versions(book: Book, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Give what the rows of a table said, and from which day to which they said it.

    At the end of a day the rows whose version has `known` ≤ day < `until` are those that `as_known` gives of
    that day, withdrawals of the row itself heeded; those of the day `NOW` are the rows that are shown now.
    Costs a pass over the table, and a little for each change that was ever made.

    Parameters
    ----------
    book : Book
        The ledger's rows.
    name : str
        The table.
    columns : sequence of str
        The columns whose cells are asked for.

    Returns
    -------
    pandas.DataFrame
        These columns with their types; `row`, the place of the row in the table; `known` and `until`, days
        counted from 1 January 1970. The versions of a row stand together, in the order of time.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.create("sea.csv", title="Sea levels")
    >>> _ = ledger.log("The sea has risen.", claimant="A. Mariner", claim_id="sea-rise")
    >>> versions(ledger._book, "claims", ["claim"])[["claim", "until"]].values.tolist()
    [['The sea has risen.', 10000001]]
    """
    table, zone = TABLES[name], book.settings.zone
    rows = book.all(name)
    plain = rows[list(columns)].assign(
        row=np.arange(len(rows)), known=_day_numbers(rows[table.moment], zone), until=NEVER
    )
    changes = book.all("changes")
    changes = changes[(changes["table"] == name).to_numpy()]
    hidden = book.withdrawn_ids(name)
    # The others were written once, and say now what they said then.
    changed = rows[table.id].isin({*changes["row_id"], *hidden}).to_numpy()
    if not changed.any():
        return plain
    days = _day_numbers(changes["changed_at"], zone)
    changes = changes.assign(day=days).sort_values(["changed_at", "change_id"], kind="stable")
    of_row: dict[object, list[Change]] = {}
    for row_id, *change in changes[["row_id", "day", "column", "before", "after"]].itertuples(index=False):
        of_row.setdefault(row_id, []).append(Change(*change))
    cells = book.cells(name)
    then = cells[changed][list(columns)].to_dict("records")
    told = [
        {**version, "row": at}
        for at, row_id, said, written in zip(
            np.flatnonzero(changed), cells[table.id][changed], then, plain["known"][changed], strict=True
        )
        for version in _told(
            {str(column): str(cell) for column, cell in said.items()},
            of_row.get(row_id, []),
            int(written),
            row_id in hidden,
        )
    ]
    made = pd.DataFrame(told, columns=[*columns, "row", "known", "until"])
    said = made[list(columns)].astype("str")
    for of in (table.by_name[column] for column in columns if column in table.by_name):
        # What stood there could not be read: what it was mended to is told, as `as_known` does.
        now = cells[of.name].iloc[made["row"].astype("int64")].reset_index(drop=True)
        said[of.name] = said[of.name].where(~schema.unheld(said[of.name], of, book.settings), now)
    texts = schema.typed(said, table, book.settings)
    for column in columns:
        if texts[column].dtype == "str":
            texts[column] = texts[column].map(lambda text: clean(text)[0]).astype("str")
    made = texts.join(made[["row", "known", "until"]].astype("int64"))
    return pd.concat([plain[~changed], made]).sort_values(["row", "known"], kind="stable", ignore_index=True)


def _day_numbers(moments: pd.Series, zone: ZoneInfo) -> np.ndarray:
    """Give the day of each moment in the ledger's time zone; a row without one is there now, and never was."""
    local = moments.dt.tz_convert(zone).dt.tz_localize(None).to_numpy("datetime64[D]")
    return np.where(np.isnat(local), NOW, local.astype("int64"))


def _told(
    cells: dict[str, str], changes: Sequence[Change], written: int, hidden: bool
) -> Iterator[dict[str, str | int]]:
    """Give what one row said at the ends of the days on which it was written or changed, and what it says now."""
    added = max((one.day for one in changes if one.is_of_the_row and one.after == ADDED), default=-NEVER)
    first: dict[str, str] = {}
    for one in changes:
        if one.column in cells:
            first.setdefault(one.column, one.before)
    days = sorted({written, *(one.day for one in changes if one.day > written)} - {NOW})
    last: tuple[int, dict[str, str] | None] = (NOW, None)
    for day in [*days, NOW]:
        said = {**cells, **({} if day == NOW else first)}
        gone = hidden if day == NOW else added > day
        for one in changes if day != NOW else ():
            if one.day > day:
                continue
            if one.is_of_the_row:
                gone = added > day or one.after == WITHDRAWN
            elif one.column in cells:
                said[one.column] = one.after
        then = None if gone else said
        if then == last[1]:
            continue
        if last[1] is not None:
            yield {**last[1], "known": last[0], "until": day}
        last = (day, then)
    if last[1] is not None:
        yield {**last[1], "known": last[0], "until": NEVER}
