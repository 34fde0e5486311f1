"""What was held at a moment against what is held now of the same days."""

from __future__ import annotations

from datetime import date

import pandas as pd

from factdesk import history, schema
from factdesk.frames import LedgerFrame
from factdesk.ledger import Ledger, Moment
from factdesk.repetition import named


def revisions(ledger: Ledger, then: Moment, every: str = "day") -> pd.DataFrame:
    """Count the claims in each status as was known at a moment and as is known now, of the same days.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.
    then : str, datetime or date
        The moment, with its time zone, or a day, which means its end in the ledger's time zone.
    every : {"day", "week", "month", "quarter", "year"}, default "day"
        How often to count, as `ledger.counts` does.

    Returns
    -------
    pandas.DataFrame
        One row for each day, or last day of a period, and each status of the vocabulary, from the first day on
        which any claim had a status, then or now, up to the day of `then`, at the latest the ledger's latest; its columns:

        - `day` (datetime64); `status` (category, the vocabulary in order);
        - `then` (int64): claims that had it on that day, as was known then;
        - `now` (int64): as is known now.

        Costs what it returns, and reading the ledger as it was known.

    Raises
    ------
    InvalidValue
        Where the moment is none, or has no time zone, or `every` is none of these.

    Examples
    --------
    >>> import factdesk as fd
    >>> held = fd.measures.revisions(fd.open("claims.csv"), "2025-03-15", every="week")
    >>> held[["then", "now"]].sum().tolist()   # the sample was written down later, in one sitting
    [0, 22]
    """
    known = ledger.as_known(then)
    until = _until(ledger, then)
    counted = {
        name: history.counts(side.intervals(), every, until)
        for name, side in (("then", known), ("now", ledger))
    }
    both = pd.concat(
        {
            name: pd.Series(frame["claims"].array, [frame["date"], frame["status"].cat.codes])
            for name, frame in counted.items()
        },
        axis=1,
    )
    both = both.fillna(0).sort_index()
    days, codes = (both.index.get_level_values(level) for level in (0, 1))
    return LedgerFrame(
        {
            "day": days.to_numpy("datetime64[us]"),
            "status": named(codes.to_numpy("int64"), ledger.settings.statuses, ordered=True),
            "then": both["then"].to_numpy("int64"),
            "now": both["now"].to_numpy("int64"),
        }
    )


def _until(ledger: Ledger, then: Moment) -> date:
    """Give the day of a moment, or the ledger's latest where that is earlier."""
    zone = ledger.settings.zone
    day = schema.parse_moment(then, zone).astimezone(zone).date()
    latest = ledger.latest_day
    return day if pd.isna(latest) else min(day, latest.date())
