"""What was held at a moment against what is held now of the same days, and why the two differ."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from factdesk import schema
from factdesk.frames import LedgerFrame
from factdesk.history.repeats import held_at, named
from factdesk.ledger import intervals
from factdesk.ledger.intervals import NOT_YET, Days, Integers, places
from factdesk.ledger.ledger import Ledger, Moment

WHAT_HAPPENED = ("logged", "judged", "edited", "withdrawn")
ONE_DAY = np.timedelta64(1, "D")


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
        which any claim had a status, then or now, up to that of the moment, at the latest the ledger's latest:

        - `day` (datetime64); `status` (category, the vocabulary in order);
        - `then`, `now` (int64): claims that had it on that day, as was known then, and as is known now.

    Examples
    --------
    >>> import factdesk as fd
    >>> held = fd.measures.revisions(fd.open("claims.csv"), "2025-03-15", every="week")
    >>> held[["then", "now"]].sum().tolist()   # the sample was written down later, in one sitting
    [0, 22]
    """
    known = ledger.as_known(then)
    until = _until(ledger, then)
    then_counts, now_counts = (
        intervals.counts(side.intervals(), every, until).rename(columns={"date": "day", "claims": name})
        for name, side in (("then", known), ("now", ledger))
    )
    both = then_counts.merge(now_counts, "outer", ["day", "status"]).sort_values(
        ["day", "status"], ignore_index=True
    )
    counted = dict.fromkeys(("then", "now"), "int64")
    return LedgerFrame(both.fillna(dict.fromkeys(counted, 0)).astype(counted))


def revised(ledger: Ledger, then: Moment) -> pd.DataFrame:
    """Return the claims of which another status is held now, of days up to a moment, than was known then, and why.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.
    then : str, datetime or date
        The moment, with its time zone, or a day, which means its end in the ledger's time zone.

    Returns
    -------
    pandas.DataFrame
        One row for each claim and run of days on which the two differ, by claim in the ledger's order (those
        withdrawn since at the end), then by day:

        - `claim_id` (str);
        - `start`, `end` (datetime64): the first day, and the day after the last, which is at the latest the
          day after `then`;
        - `before`, `after` (category, the vocabulary in order): as was known then, and as is known now; missing
          where it had none;
        - `what` (category: logged, judged, edited, withdrawn): the claim was logged later; a status was given
          later for these days; a cell or a row was changed later; the claim or the status was withdrawn;
        - `why` (str): the rationale of the status that was given, or the reason given for the change; empty where
          there is none.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.open("claims.csv")
    >>> later = fd.measures.revised(ledger, "2025-03-13")
    >>> print(later[["claim_id", "start", "after", "what"]].head(1))
                     claim_id      start       after    what
    0  trump-positive-signals 2025-03-13  unverified  logged
    """
    known = ledger.as_known(then)
    ids = pd.Index(pd.concat([ledger.claims["claim_id"], known.claims["claim_id"]])).drop_duplicates()
    after_last = np.datetime64(_until(ledger, then), "us") + ONE_DAY
    claim, start, end, before, after = _differences(known, ledger, ids, after_last)
    moment = pd.Timestamp(schema.parse_moment(then, ledger.settings.zone))
    what, why = _reasons(known, ledger, ids, moment, claim, start)
    vocabulary = ledger.settings.statuses
    return LedgerFrame(
        {
            "claim_id": pd.array(ids.take(claim), dtype="str"),
            "start": start,
            "end": end,
            "before": named(before, vocabulary, ordered=True),
            "after": named(after, vocabulary, ordered=True),
            "what": named(what, WHAT_HAPPENED),
            "why": pd.array(why, dtype="str"),
        }
    )


def _until(ledger: Ledger, then: Moment) -> date:
    """Return the day of a moment, or the ledger's latest where that is earlier."""
    zone = ledger.settings.zone
    day = schema.parse_moment(then, zone).astimezone(zone).date()
    latest = ledger.latest_day
    return day if pd.isna(latest) else min(day, latest.date())


def _differences(
    known: Ledger, now: Ledger, ids: pd.Index, after_last: np.datetime64
) -> tuple[Integers, Days, Days, Integers, Integers]:
    """Return the runs of days on which two statuses of a claim differ: claim, first day, day after, and both."""
    unread = known.unread.claims | now.unread.claims  # of these nobody changed what is held
    spells = [known.intervals(), now.intervals()]
    spells = [side[~side["claim_id"].isin(unread)] for side in spells]
    claim = np.concatenate([places(ids, side["claim_id"]) for side in spells])
    start = np.concatenate([side["start"].to_numpy("datetime64[us]") for side in spells])
    code = np.concatenate([side["status"].cat.codes.to_numpy(np.int64) for side in spells])
    is_now = np.repeat([False, True], [len(side) for side in spells])
    order = np.lexsort((start, claim))
    order = order[start[order] < after_last]
    claim, start, code, is_now = claim[order], start[order], code[order], is_now[order]

    # Each begins something on one side; the other side goes on with what last began there.
    place, held = np.arange(len(claim)), []
    for side in (~is_now, is_now):
        last = np.maximum.accumulate(np.where(side, place, -1)) if len(place) else place
        held.append(np.where((last >= 0) & (claim[last] == claim), code[last], -1))
    before, after = held
    last_of_claim = np.diff(claim, append=-1) != 0
    end = np.where(last_of_claim, after_last, np.append(start[1:], NOT_YET)[: len(start)])
    differs = (before != after) & (start < end)  # of two that begin on one day, the later row has both
    return claim[differs], start[differs], end[differs], before[differs], after[differs]


def _reasons(
    known: Ledger, now: Ledger, ids: pd.Index, moment: pd.Timestamp, claim: Integers, start: Days
) -> tuple[Integers, npt.NDArray[np.object_]]:
    """Return what made the difference from a day on, as a place in WHAT_HAPPENED, and why."""
    claim_id = ids.take(claim)
    was_there, is_there = (claim_id.isin(side.claims["claim_id"]) for side in (known, now))
    then_id = _cells(known.statuses["status_id"], _given_row(known, ids, claim, start))
    row = _given_row(now, ids, claim, start)
    now_id, rationale = (_cells(now.statuses[name], row) for name in ("status_id", "rationale"))
    is_new = np.asarray(now.statuses["recorded_at"].array.take(row, allow_fill=True) > moment)

    changes = now.changes[now.changes["changed_at"] > moment].sort_values(["changed_at", "change_id"])
    withdrawn = now.withdrawn
    taken = _why(withdrawn, "statuses", then_id)
    touched = (("statuses", then_id), ("statuses", now_id), ("claims", claim_id))
    edited = [_why(changes, table, row_ids) for table, row_ids in touched]
    cases = [~was_there, ~is_there, is_new, taken != ""]
    what = np.select(cases, [0, 3, 1, 3], 2)
    why = np.select(
        [*cases, *(one != "" for one in edited)],
        [rationale, _why(withdrawn, "claims", claim_id), rationale, taken, *edited],
        "",
    )
    return what, why


def _given_row(side: Ledger, ids: pd.Index, claim: Integers, day: Days) -> Integers:
    """Return the place of the row that says what is held of a claim on a day; -1 where no row does."""
    spells = side._dataset.standing()
    of_claim = places(ids, spells["claim_id"])
    order = np.argsort(of_claim, kind="stable")
    spell = held_at(of_claim[order], spells["start"].to_numpy("datetime64[us]")[order], claim, day)
    return np.append(spells["status_row"].to_numpy()[order], intervals.NO_ROW)[spell]


def _cells(column: pd.Series, row: Integers) -> pd.Index:
    return pd.Index(column.array.take(row, allow_fill=True, fill_value=""))


def _why(changes: pd.DataFrame, table: str, ids: pd.Index) -> npt.NDArray[np.object_]:
    """Return the reason of the last change of each of a table's rows; empty where there is none."""
    rows = changes[changes["table"] == table].drop_duplicates("row_id", keep="last")
    return rows.set_index("row_id")["why"].reindex(ids).fillna("").to_numpy(object)
