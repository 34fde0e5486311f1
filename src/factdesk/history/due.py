"""Which promises and predictions fall due by a day, and are still open."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from factdesk.errors import InvalidValue
from factdesk.frames import LedgerFrame
from factdesk.schema import ALLOWED_DAYS, is_due, parse_day

COLUMNS = ("claim_id", "claim", "claimant", "due_on", "due_by", "days_left", "status", "would_settle")
"""Of the frame that `due` returns."""


def last_days(cells: pd.Series) -> pd.Series:
    """Return the last day of the day, month or year that each cell names; missing where it names none.

    >>> last_days(pd.Series(["2025", "2024-02", "2025-03-15", ""], dtype="str")).dt.strftime("%d %b %Y").fillna("").tolist()
    ['31 Dec 2025', '29 Feb 2024', '15 Mar 2025', '']
    """
    text, size = cells.fillna("").astype("str"), cells.fillna("").str.len()
    whole = text.where(text.str.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}"), "") + "-01-01"
    first = pd.to_datetime(whole.str[:10], format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    ends = {4: pd.offsets.YearEnd(0), 7: pd.offsets.MonthEnd(0)}
    for of, end in ends.items():
        first = first.where(size != of, first + end)
    return first.astype("datetime64[us]")


def last_day(given: object) -> pd.Timestamp:
    """Return the last day of what is given: a day, or a month or year as text.

    Raises
    ------
    InvalidValue
        Where it is none.

    Examples
    --------
    >>> last_day("2025-02")
    Timestamp('2025-02-28 00:00:00')
    """
    if isinstance(given, str) and is_due(given):
        return pd.Timestamp(last_days(pd.Series([given], dtype="str")).iloc[0])
    try:
        return pd.Timestamp(parse_day(given))
    except ValueError:
        allowed = f"{ALLOWED_DAYS}, or a month or year as YYYY-MM or YYYY: its last day"
        raise InvalidValue("by", given, allowed) from None


def due(
    claims: pd.DataFrame, held: pd.DataFrame, opened: Collection[str], as_of: pd.Timestamp, by: pd.Timestamp
) -> pd.DataFrame:
    """Return the claims that fall due by a day and were open on another, the first due first.

    Parameters
    ----------
    claims, held : pandas.DataFrame
        The claims, and the status of each on the day `as_of`, as `status_on` returns it.
    opened : collection of str
        The statuses that settle nothing.
    as_of, by : pandas.Timestamp
        The day on which a claim has to be open, and the last one that counts.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: `due_on` as written, `due_by` its last day, and `days_left` from `as_of` to that (Int64; negative
        where it has passed). `attrs["left_out"]` counts the claims that fall due and of which a status can't be
        read, as `unread`.
    """
    found = claims.assign(due_by=last_days(claims["due_on"]))
    found = found[found["due_by"] <= by].merge(held[["claim_id", "status"]], on="claim_id")
    is_unread = found["status"].isna()
    found = found[found["status"].isin(opened).to_numpy()]
    found = found.assign(days_left=(found["due_by"] - as_of).dt.days.astype("Int64"))
    found = LedgerFrame(
        found.sort_values(["due_by", "claim_id"], kind="stable", ignore_index=True)[list(COLUMNS)]
    )
    found.attrs["left_out"] = {"unread": int(is_unread.sum())}
    return found
