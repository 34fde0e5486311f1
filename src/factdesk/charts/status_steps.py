"""How many claims have each status on each day, or at the end of each period, as rows to draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from factdesk.charts import canvas
from factdesk.charts.timeaxis import DAYS_IN, TimeAxis, Window, milliseconds, period_start
from factdesk.errors import InvalidValue
from factdesk.formats import counted as many_of
from factdesk.formats import number, spoken_day, spoken_days
from factdesk.formats import share as percent
from factdesk.schema import PERIODS, Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

Floats = npt.NDArray[np.float64]

MARKS, MOST_MARKS = 2_000, 10_000
"""Areas or bars drawn before a longer period is chosen, and where the period was asked for."""


def claims(count: int) -> str:
    """Write a number of claims."""
    return many_of(count, "claim")


def period_of(stacks: Sequence[pd.DataFrame], days: Window, every: str | None) -> str:
    """Give the period asked for, else the shortest by which stacks of claims' spells are drawn with few enough marks."""
    statuses = [max(1, spells["status"].nunique()) for spells in stacks]
    length = (days.last - days.first).days
    marks = {period: int(length / DAYS_IN[period] + 2) * sum(statuses) for period in PERIODS}
    marks["day"] = sum(
        len(change_days(spells, days)) * many for spells, many in zip(stacks, statuses, strict=True)
    )
    if every is None:
        return next((period for period in PERIODS if marks[period] <= MARKS), "year")
    if marks[every] > MOST_MARKS:
        allowed = ", ".join(period for period in PERIODS if marks[period] <= MOST_MARKS) or "a shorter span"
        raise InvalidValue("every", every, f"{allowed}; it would take {marks[every]:,} marks")
    return every


def counted_by(ledger: Ledger, spells: pd.DataFrame, days: Window, period: str) -> pd.DataFrame:
    """Give the claims in each status (columns) from each day of change, or on each period's last day (rows)."""
    if period == "day":
        return counts_on(spells, change_days(spells, days))
    counts = ledger.counts(period).pivot(index="date", columns="status", values="claims")
    starts = [period_start(day.date().toordinal(), period) for day in counts.index]
    overlaps = [
        start <= days.last.toordinal() and day.date() >= days.first
        for start, day in zip(starts, counts.index, strict=True)
    ]
    counts = counts[overlaps]
    # A span may end within a period: its last bar then shows the span's last day.
    if counts.index[-1].date() > days.last:
        counts = pd.concat([counts.iloc[:-1], counts_on(spells, [days.last])])
    return counts


def change_days(spells: pd.DataFrame, days: Window) -> list[date]:
    """Give the days in the window on which a claim gets another status, and its first."""
    moments = pd.concat([spells["start"], spells["end"].dropna()]).unique()
    changes = {moment.date() for moment in moments}
    return sorted({day for day in changes if days.first <= day <= days.last} | {days.first})


def counts_on(spells: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Count the claims in each status on each of some days: those begun by then, less those over by then."""
    index = pd.DatetimeIndex(pd.Series(days, dtype="datetime64[us]"))
    counted = {
        status: np.searchsorted(np.sort(rows["start"].to_numpy()), index, side="right")
        - np.searchsorted(np.sort(rows["end"].dropna().to_numpy()), index, side="right")
        for status, rows in spells.groupby("status", observed=False)
    }
    return pd.DataFrame(counted, index=index)


def levels(counted: pd.DataFrame, share: bool) -> tuple[Floats, Floats]:
    """Give the lower and upper edges of the stack, by day and status."""
    values = counted.to_numpy(dtype=float)
    if share:
        values = values / np.maximum(values.sum(axis=1, keepdims=True), 1)
    high = values.cumsum(axis=1)
    return np.round(high - values, 6), np.round(high, 6)


def steps(
    counted: pd.DataFrame, shown: Sequence[Status], period: str, share: bool, axis: TimeAxis
) -> Iterator[dict[str, canvas.Cell]]:
    """Give a row for each area that a reader can point at."""
    low, high = levels(counted, share)
    values, totals = counted.to_numpy(), counted.sum(axis=1).to_numpy()
    days = [day.date() for day in counted.index]
    day_after = [day + timedelta(days=1) for day in days]
    if period == "day":
        spans = list(zip(days, [*days[1:], axis.last + timedelta(days=1)], strict=True))
    else:
        spans = list(zip([axis.first, *day_after[:-1]], day_after, strict=True))
    for n, (first, stop) in enumerate(spans):
        start, end, edge = axis.begin(first), milliseconds(stop.toordinal()), 0.6
        last = stop - timedelta(days=1)
        when = spoken_days(first, last)
        if period != "day":
            when = f"{spoken_day(last)}, the end of a {period}"
            # Bars stand apart where they are wide enough for it. Thin ones have no edges, and go half a pixel
            # under the next one: else the ground shines through between them.
            pixels = axis.scale_on(first) * (stop - first).days
            is_wide = pixels >= 6
            inset = round((end - start) * (1.5 if is_wide else -0.5) / pixels)
            start, end = start + max(inset, 0), end - (inset if is_wide or n + 1 < len(spans) else 0)
            edge = 0.6 if is_wide else 0
        for k, status in enumerate(shown):
            count, part = int(values[n, k]), float(values[n, k] / max(totals[n], 1))
            held = f"{number(count)} of {claims(int(totals[n]))} {status.label} ({percent(part)})"
            yield {
                "at": start, "to": end, "low": float(low[n, k]), "high": float(high[n, k]), "status": status.name,
                "from": first.isoformat(), "until": last.isoformat(), "claims": count, "share": round(part, 4),
                "when": when, "held": held, "edge": edge,
            }  # fmt: skip


def corners(
    counted: pd.DataFrame, shown: Sequence[Status], share: bool, axis: TimeAxis
) -> Iterator[dict[str, canvas.Cell]]:
    """Give the corners of the stepped areas: each day of change, and the end."""
    low, high = levels(counted, share)
    moments = [axis.begin(day.date()) for day in counted.index]
    moments.append(milliseconds(axis.last.toordinal() + 1))
    for k, status in enumerate(shown):
        for n, moment in enumerate(moments):
            row = min(n, len(low) - 1)
            yield {
                "at": moment,
                "low": float(low[row, k]),
                "high": float(high[row, k]),
                "status": status.name,
            }
