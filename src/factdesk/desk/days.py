"""Where days lie on a thin band: an axis from 0 to 1 on which up to two idle spans are drawn narrow; it needs no Altair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from factdesk.formats import month, short_day

Days = npt.NDArray[np.datetime64]
Shares = npt.NDArray[np.float64]

DAY = np.timedelta64(1, "D")
GAP = 0.1
"""The share of the axis that an idle span is drawn in."""
IDLE = 0.55
"""An axis has gaps where so much of it is idle."""
PAD, LAST = 0.06, 0.03
"""So much of the open days stays open around a gap, and lies behind the last day, so that what holds on it has a width."""
STEPS = (1, 2, 5, 7, 14, 30, 61, 91, 182, 365, 730, 1826, 3652, 18262)
APART = 0.085
"""The least share between two labels."""


@dataclass(frozen=True)
class Axis:
    """A time axis: the days between which it is even, where each lies, and which spans between them are narrow."""

    knots: Days
    shares: Shares
    gaps: tuple[tuple[np.datetime64, np.datetime64], ...] = ()

    @classmethod
    def of(cls, busy: Days, last: np.datetime64) -> Axis:
        """Return the axis for days on which something happened, up to the end of the last one.

        >>> days = np.array(["2025-03-10", "2025-03-14", "2025-03-18"], "datetime64[D]")
        >>> axis = Axis.of(days, np.datetime64("2025-09-01"))
        >>> axis.at(days).round(2).tolist(), len(axis.gaps)
        ([0.0, 0.33, 0.65], 1)
        """
        days = np.unique(busy[~np.isnat(busy)].astype("datetime64[D]"))
        days = days[days <= last]
        if not len(days):
            days = np.array([last], "datetime64[D]")
        whole = max(int((last - days[0]) / DAY), 1)
        end = last + DAY * max(1, round(whole * LAST))
        gaps = tuple(_gaps(days, last, whole))
        open_days = int((end - days[0]) / DAY) - sum(int((b - a) / DAY) for a, b in gaps)
        if gaps:  # the last day keeps a width on the scale of what is open
            end = last + DAY * max(1, round(open_days * LAST))
            open_days = int((end - days[0]) / DAY) - sum(int((b - a) / DAY) for a, b in gaps)
        edges = np.unique(np.array([days[0], *(day for gap in gaps for day in gap), end], "datetime64[D]"))
        widths = [
            GAP if (a, b) in gaps else (1 - GAP * len(gaps)) * int((b - a) / DAY) / open_days
            for a, b in pairwise(edges)
        ]
        return cls(edges, np.concatenate([[0.0], np.cumsum(widths)]), gaps)

    def at(self, days: Days) -> Shares:
        """Return where days lie, from 0 to 1."""
        return np.interp(
            days.astype("datetime64[D]").astype("int64"), self.knots.astype("int64"), self.shares
        ).astype(float)

    def labels(self) -> Iterator[tuple[float, str]]:
        """Return days with room for a label between them, each with where it lies and in words."""
        taken: list[float] = []
        stretches = [(a, b) for a, b in pairwise(self.knots) if (a, b) not in self.gaps]
        open_days = sum(int((b - a) / DAY) for a, b in stretches)
        step = next((one for one in STEPS if open_days / one <= 9), STEPS[-1])
        for first, end in stretches:
            for day in [first, *_ticks(first, end, step)]:
                at = float(self.at(np.array([day]))[0])
                if at < 0.97 and all(abs(at - one) >= APART for one in taken):
                    taken.append(at)
                    yield round(at, 4), _label(day.astype(object), day == first, step)


def _gaps(days: Days, last: np.datetime64, whole: int) -> Iterator[tuple[np.datetime64, np.datetime64]]:
    edges = np.append(days, last)
    idle = np.diff(edges).astype("int64")
    longest = np.argsort(-idle, kind="stable")[:2]

    def gain(count: int) -> float:
        return (1 - count * GAP) / max(1 - int(idle[longest[:count]].sum()) / whole, 0.02)

    chosen = longest[:2] if len(longest) > 1 and gain(2) > 2 * gain(1) else longest[:1]
    rest = whole - int(idle[chosen].sum())
    if whole < 8 or idle[chosen].sum() < IDLE * whole or rest < 2:
        return
    pad = max(1, round(rest * PAD))
    for at in sorted(chosen):
        first, end = edges[at] + DAY * pad, edges[at + 1] - DAY * pad
        if (end - first) / DAY > 2 * pad:
            yield first, end


def _ticks(first: np.datetime64, end: np.datetime64, step: int) -> Iterator[np.datetime64]:
    if step < 30:
        every = np.arange(first, end, DAY)
        of_month = [day.astype(object).day for day in every]
        fit = {1: 1, 2: 2, 5: 5, 7: 5, 14: 10}[step]
        yield from (
            day for day, n in zip(every, of_month, strict=True) if (n % fit == 0 and n < 31) or n == 1
        )
        return
    months = {30: 1, 61: 2, 91: 3, 182: 6}.get(step, 12 * max(1, step // 365))
    starts = np.arange(first.astype("datetime64[M]"), end.astype("datetime64[M]") + 1)
    yield from (
        one.astype("datetime64[D]") for one in starts
        if one.astype("int64") % months == 0 and first < one.astype("datetime64[D]") < end
    )  # fmt: skip


def _label(day: date, is_first: bool, step: int) -> str:
    if step > 365 or (step >= 30 and day.month == 1 and not is_first):
        return str(day.year)
    if step >= 30 and not is_first:
        return month(day, short=True)
    return short_day(day) if is_first or day.day == 1 else str(day.day)
