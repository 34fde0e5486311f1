"""From the statuses given to the status that held: on a day, through time, and between two days.

Everything starts from `standing`, which says of every claim which status stood from when to when. It is worked
out once for a ledger; the other functions read it. "As we knew it at a moment" is the same functions on the
rows that were written by then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.errors import InvalidValue
from factdesk.schema import ALLOWED_DAYS, PERIODS, parse_day

Day = str | date | pd.Timestamp
Integers = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]

NO_ROW = -1
"""Stands for the row of the first status, which no row says."""

# In which unit NumPy counts each period from 1970, how many of them make one, and how far in that one began:
# 1 January 1970 was a Thursday, three days after a Monday.
PERIOD = {
    "day": ("D", 1, 0),
    "week": ("D", 7, 3),
    "month": ("M", 1, 0),
    "quarter": ("M", 3, 0),
    "year": ("Y", 1, 0),
}

NOT_YET = np.datetime64("NaT", "us")
GIVEN = ("rationale", "gaps", "evidence", "status_id", "recorded_at", "recorded_by", "reviewed_by")


def standing(
    claims: pd.DataFrame, statuses: pd.DataFrame, zone: ZoneInfo, unread: Collection[str] = ()
) -> pd.DataFrame:
    """Return which status each claim had from when to when: one row for each status for as long as it stood.

    Of several statuses given for one day the one with the greatest (`recorded_at`, `status_id`) stands, the
    others never did. Until the first given status the first of the vocabulary stands, from the day on which
    the claim was made, or was logged where that is not known. Statuses of other claims, and those without a
    status or a day, are passed over. A claim among `unread`, of which a status can't be read, has one row, with a
    missing status, from the first day known of it.

    The columns are `claim_id`, `status`, `start`, `end` (exclusive; missing where the status still holds), and
    the places of the rows that say so: `claim_row`, and `status_row` (-1 where no row does). Claims are in the
    order of `claims`, statuses in the order of time.

    >>> import factdesk as fd
    >>> ledger = fd.open("claims.csv")
    >>> spells = standing(ledger.claims, ledger.statuses, ledger.settings.zone)
    >>> print(spells[["status", "start", "end"]].head(2))
           status      start        end
    0  unverified 2025-03-13 2025-03-14
    1   supported 2025-03-14 2025-03-18
    """
    claim, row = _in_order(claims, statuses)
    day = _days(statuses["holds_from"])[row]

    first_day = made_or_logged(claims, zone)
    opens = np.flatnonzero(np.diff(claim, prepend=-1))
    given_from = np.full(len(claims), NOT_YET)
    given_from[claim[opens]] = day[opens]
    is_unread = claims["claim_id"].isin(unread).to_numpy()
    if is_unread.any():
        first_day = np.where(is_unread, np.fmin(first_day, given_from), first_day)
        given_from[is_unread] = NOT_YET
        is_read = ~is_unread[claim]
        claim, row, day = claim[is_read], row[is_read], day[is_read]
    code = _codes(statuses["status"])[row]
    ungiven = np.flatnonzero(~np.isnat(first_day) & ~(given_from <= first_day))

    at = np.searchsorted(claim, ungiven)
    claim = np.insert(claim, at, ungiven)
    start = np.insert(day, at, first_day[ungiven])
    end = np.full(len(start), NOT_YET)
    end[:-1] = np.where(claim[1:] == claim[:-1], start[1:], NOT_YET)
    return pd.DataFrame(
        {
            "claim_id": claims["claim_id"].array.take(claim),
            "status": _as_statuses(np.insert(code, at, -is_unread[ungiven].astype(int)), statuses["status"]),
            "start": start,
            "end": end,
            "claim_row": claim,
            "status_row": np.insert(row, at, NO_ROW),
        }
    )


def status_on(spells: pd.DataFrame, claims: pd.DataFrame, statuses: pd.DataFrame, day: Day) -> pd.DataFrame:
    """Return the status of each claim on a day; claims that have none yet are not there.

    What the row says that gave the status (`GIVEN`) is empty where none was given yet. A claim of which a status
    can't be read has a missing one, of no day.
    """
    held = _held(spells, day)
    status = spells["status"].array.take(held)
    start = np.where(status.codes < 0, NOT_YET, _days(spells["start"])[held])
    claim_row = spells["claim_row"].to_numpy()[held]
    status_row = spells["status_row"].to_numpy()[held]
    return pd.DataFrame(
        {
            **{name: claims[name].array.take(claim_row) for name in ("claim_id", "claim", "claimant")},
            "status": status,
            "holds_from": start,
            **{name: _given(statuses[name], status_row) for name in GIVEN if name in statuses},
        }
    )


def intervals(spells: pd.DataFrame) -> pd.DataFrame:
    """Return from when to when each claim had each status; neighbouring spells of one status are one.

    A claim of which a status can't be read is in none, and not there.

    >>> spells = pd.DataFrame({
    ...     "claim_id": "tides", "claim_row": 0,
    ...     "status": pd.Categorical(["mixed", "mixed", "refuted"], ["mixed", "refuted"], ordered=True),
    ...     "start": pd.to_datetime(["2025-03-01", "2025-03-04", "2025-03-09"]),
    ...     "end": pd.to_datetime(["2025-03-04", "2025-03-09", None]),
    ... })
    >>> print(intervals(spells))
      claim_id   status      start        end
    0    tides    mixed 2025-03-01 2025-03-09
    1    tides  refuted 2025-03-09        NaT
    """
    spells = _in_a_status(spells)
    claim, code = spells["claim_row"].to_numpy(), _codes(spells["status"])
    changes = np.ones(len(spells) + 1, dtype=bool)  # at the first row, at each change, and past the last row
    changes[1:-1] = (claim[1:] != claim[:-1]) | (code[1:] != code[:-1])
    return pd.DataFrame(
        {
            **{name: spells[name].array[changes[:-1]] for name in ("claim_id", "status", "start")},
            "end": spells["end"].array[changes[1:]],
        }
    )


def counts(spells: pd.DataFrame, every: str, until: Day) -> pd.DataFrame:
    """Count the claims in each status at the end of each day, week, month, quarter or year.

    Costs one pass over the spells, and what it returns: a row for each status of the vocabulary and each period,
    from the first day on which any claim has a status. The last period ends on the as-of day `until`. A spell counts
    once, or as many times as its cell in a column `claims` says.

    >>> spells = pd.DataFrame({
    ...     "status": pd.Categorical(["mixed", "refuted"], ["mixed", "refuted"], ordered=True),
    ...     "start": pd.to_datetime(["2025-03-07", "2025-03-11"]),
    ...     "end": pd.to_datetime(["2025-03-11", None]),
    ... })
    >>> counts(spells, "week", "2025-03-12")["claims"].tolist()
    [1, 0, 0, 1]
    """
    if not isinstance(every, str) or every not in PERIODS:
        raise InvalidValue.choice("every", every, PERIODS)
    last, spells = _parsed("until", until), _in_a_status(spells)
    started, ended = _days(spells["start"]), _days(spells["end"])
    statuses = len(spells["status"].cat.categories)
    counted = started <= last
    period = _numbers(np.append(started[counted], last), every)
    first = period.min()
    begun, over = period[:-1] - first, _numbers(ended[ended <= last], every) - first
    code = _codes(spells["status"])

    periods = period[-1] - first + 1 if counted.any() else 0
    size = periods * statuses
    change = counted_by(begun * statuses + code[counted], size, spells[counted])
    change -= counted_by(over * statuses + code[ended <= last], size, spells[ended <= last])
    dates = _ends(np.arange(first, first + periods), every)
    dates[-1:] = last
    return pd.DataFrame(
        {
            "date": np.repeat(dates, statuses),
            "status": _as_statuses(np.tile(np.arange(statuses), periods), spells["status"]),
            "claims": change.reshape(periods, statuses).cumsum(axis=0).ravel(),
        }
    )


def diff(spells: pd.DataFrame, statuses: pd.DataFrame, a: Day, b: Day) -> pd.DataFrame:
    """Return the claims whose status on two days differs, or that have one on only one of them.

    The columns are `claim_id`, `before` (on `a`), `after` (on `b`), and of the latter `holds_from` and
    `rationale`. A claim without a status on a day has a missing one there.
    """
    claim, code = spells["claim_row"].to_numpy(), _codes(spells["status"])
    spell = np.full((2, claim.max(initial=-1) + 1), NO_ROW)
    for which, day in enumerate((a, b)):
        held = _held(spells, day)
        spell[which, claim[held]] = held
    # One more code at the end, so that the spell -1, which is none, has the code of no status.
    before, after = np.append(code, -1)[spell]
    differs = before != after
    any_spell, spell_on_b = spell.max(axis=0)[differs], spell[1, differs]
    status_row = np.append(spells["status_row"].to_numpy(), NO_ROW)[spell_on_b]
    return pd.DataFrame(
        {
            "claim_id": spells["claim_id"].array.take(any_spell),
            "before": _as_statuses(before[differs], spells["status"]),
            "after": _as_statuses(after[differs], spells["status"]),
            "holds_from": spells["start"].array.take(spell_on_b, allow_fill=True),
            "rationale": _given(statuses["rationale"], status_row),
        }
    )


def counted_by(places: npt.ArrayLike, size: int, rows: pd.DataFrame) -> Integers:
    """Count rows by their place among so many, each once or as many times as its cell in a column `claims` says.

    >>> counted_by([0, 2, 2], 3, pd.DataFrame({"claims": [5, 1, -3]})).tolist()
    [5, 0, -2]
    """
    weights = rows["claims"].to_numpy() if "claims" in rows else None
    return np.bincount(places, weights, size).astype(np.int64)


def _in_order(claims: pd.DataFrame, statuses: pd.DataFrame) -> tuple[Integers, Integers]:
    """Return the statuses that stood, by claim and day: the place of the claim, and that of the status."""
    claim = places(claims["claim_id"], statuses["claim_id"])
    day = _days(statuses["holds_from"])
    row = np.flatnonzero((claim >= 0) & (_codes(statuses["status"]) >= 0) & ~np.isnat(day))
    key = sort_key(claim[row], day[row])

    order = np.argsort(key)
    same_day = np.diff(key[order], append=-1) == 0
    rivals = np.flatnonzero(same_day | np.roll(same_day, 1))
    # Moments and ids decide only among these: sorting three million texts takes seconds.
    among = order[rivals]
    rank = pd.factorize(statuses["status_id"].array.take(row[among]), sort=True)[0]
    recorded = statuses["recorded_at"].to_numpy("datetime64[us]").astype(np.int64)[row[among]]
    order[rivals] = among[np.lexsort((rank, recorded, key[among]))]

    last_of_day = np.diff(key[order], append=-1) != 0
    stood = row[order][last_of_day]
    return claim[stood], stood


def sort_key(claim: Integers, day: Days) -> Integers:
    """Return claim and day in one number that sorts as both do, in a third of the time; it holds 11,000 years.

    >>> days = np.array(["2025-03-01", "0001-01-01"], "datetime64[us]")
    >>> first, last = sort_key(np.array([0, 1]), days)
    >>> bool(first < last)
    True
    """
    return (claim << 22) + day.astype("datetime64[D]").astype(np.int64) + date(1970, 1, 1).toordinal()


def day_in(moments: pd.Series, zone: ZoneInfo) -> pd.Series:
    """Return the day of each moment in a time zone.

    >>> day_in(pd.to_datetime(pd.Series(["2025-03-14T23:00:00Z"])), ZoneInfo("Europe/Kyiv")).dt.day.tolist()
    [15]
    """
    return moments.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()


def made_or_logged(rows: pd.DataFrame, zone: ZoneInfo) -> Days:
    """Return the day on which claims were made, or were logged where that is not known."""
    return _days(rows["made_on"].fillna(day_in(rows["logged_at"], zone)))


def places(ids: pd.Series | pd.Index, asked: pd.Series) -> Integers:
    """Return the place of each asked id among the ids; -1 where it is not among them."""
    found = pc.index_in(pa.array(asked), value_set=pa.array(ids))
    return found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _days(column: pd.Series) -> Days:
    return column.to_numpy("datetime64[us]")


def _codes(column: pd.Series) -> Integers:
    return np.asarray(column.cat.codes, dtype=np.int64)


def _as_statuses(codes: Integers, like: pd.Series) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, like.cat.categories, ordered=True)


def _parsed(name: str, day: Day) -> np.datetime64:
    try:
        return np.datetime64(parse_day(day), "us")
    except ValueError:
        raise InvalidValue(name, day, ALLOWED_DAYS) from None


def _in_a_status(spells: pd.DataFrame) -> pd.DataFrame:
    is_in = spells["status"].notna()
    return spells if is_in.all() else spells[is_in]


def _held(spells: pd.DataFrame, day: Day) -> Integers:
    """Return the places of the spells that hold on a day."""
    asked = _parsed("day", day)
    return np.flatnonzero((_days(spells["start"]) <= asked) & ~(_days(spells["end"]) <= asked))


def _given(column: pd.Series, row: Integers) -> pd.api.extensions.ExtensionArray:
    """Take a column's cells; where no row says anything, text is empty and a moment is missing."""
    empty = "" if isinstance(column.dtype, pd.StringDtype) else None
    return column.array.take(row, allow_fill=True, fill_value=empty)


def _numbers(days: Days, every: str) -> Integers:
    """Number the periods in which days lie, so that neighbours differ by one."""
    unit, units, offset = PERIOD[every]
    return (days.astype(f"datetime64[{unit}]").astype(np.int64) + offset) // units


def _ends(periods: Integers, every: str) -> Days:
    """Return the last days of numbered periods."""
    unit, units, offset = PERIOD[every]
    next_starts = ((periods + 1) * units - offset).astype(f"datetime64[{unit}]").astype("datetime64[D]")
    return (next_starts - np.timedelta64(1, "D")).astype("datetime64[us]")
