"""What each row of a ledger said from which day to which: `as_known` for every day at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from factdesk.checks import replay
from factdesk.checks.replay import Change
from factdesk.frames import records, typed
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.intervals import day_in
from factdesk.schema import TABLES
from factdesk.text import clean

NOW = 10_000_000
"""A day after all days, on which the rows say what they say now."""
NEVER = NOW + 1
"""The day on which what is said now ends."""


def versions(
    dataset: Dataset, name: str, columns: Sequence[str], *, withdrawn_too: bool = False
) -> pd.DataFrame:
    """Return what the rows of a table said, and from which day to which they said it.

    At the end of a day the rows whose version has `known` ≤ day < `until` are those that `as_known` gives of
    that day, withdrawals of the row itself heeded unless asked otherwise; those of the day `NOW` are the rows that are
    shown now.
    Costs a pass over the table, and a little for each change that was ever made.

    Beside the columns asked for, `row` is the place of the row in the table; `known` and `until` are days counted
    from 1 January 1970. The versions of a row stand together, in the order of time.

    >>> import factdesk as fd
    >>> ledger = fd.create("sea.csv", title="Sea levels")
    >>> _ = ledger.log("The sea has risen.", claimant="A. Mariner", claim_id="sea-rise")
    >>> versions(ledger._dataset, "claims", ["claim"])[["claim", "until"]].values.tolist()
    [['The sea has risen.', 10000001]]
    """
    table, zone = TABLES[name], dataset.settings.zone
    rows = dataset.all(name)
    plain = rows[list(columns)].assign(
        row=np.arange(len(rows)), known=_day_numbers(rows[table.moment], zone), until=NEVER
    )
    changes = dataset.all("changes")
    changes = changes[(changes["table"] == name).to_numpy()]
    hidden = set() if withdrawn_too else dataset.withdrawn_ids(name)
    # The others were written once, and say now what they said then.
    changed = rows[table.id].isin({*changes["row_id"], *hidden}).to_numpy()
    if not changed.any():
        return plain
    changes = changes.assign(day=_day_numbers(changes["changed_at"], zone))
    of_row = replay.by_row(changes, at="day")
    cells = dataset.cells(name)[changed]
    held = [
        {**version, "row": at}
        for at, row_id, row, written in zip(
            np.flatnonzero(changed),
            cells[table.id],
            records(cells, columns),
            plain["known"][changed],
            strict=True,
        )
        for version in _of_row(
            row, of_row.get((name, row_id), []), int(written), row_id in hidden, withdrawn_too
        )
    ]
    made = pd.DataFrame(held, columns=[*columns, "row", "known", "until"])
    now = dataset.cells(name)[list(columns)].iloc[made["row"].astype("int64")].reset_index(drop=True)
    then = replay.readable(made[list(columns)].astype("str"), now, table, dataset.settings)
    texts = typed(then, table, dataset.settings)
    for column in columns:
        if texts[column].dtype == "str":
            texts[column] = texts[column].map(lambda text: clean(text)[0]).astype("str")
    made = texts.join(made[["row", "known", "until"]].astype("int64"))
    return pd.concat([plain[~changed], made]).sort_values(["row", "known"], kind="stable", ignore_index=True)


def _day_numbers(moments: pd.Series, zone: ZoneInfo) -> np.ndarray:
    """Return the day of each moment in the ledger's time zone; a row without one is there now, and never was."""
    local = day_in(moments, zone).to_numpy("datetime64[D]")
    return np.where(np.isnat(local), NOW, local.astype("int64"))


def _of_row(
    cells: dict[str, str], changes: Sequence[Change], written: int, hidden: bool, withdrawn_too: bool
) -> Iterator[dict[str, str | int]]:
    """Return what one row said at the ends of the days on which it was written or changed, and what it says now."""
    days = sorted({written, *(change.at for change in changes if change.at > written)} - {NOW})
    since, held = NOW, None
    for day in [*days, NOW]:
        if day == NOW:
            then = None if hidden else cells
        else:
            there = replay.is_there(changes, day, withdrawn_too)
            then = replay.cells_at(cells, changes, day) if there else None
        if then == held:
            continue
        if held is not None:
            yield {**held, "known": since, "until": day}
        since, held = day, then
    if held is not None:
        yield {**held, "known": since, "until": NEVER}
