"""How often each claim was made, by whom and when, and what was held of it on that day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from factdesk.frames import LedgerFrame
from factdesk.ledger.intervals import NOT_YET, Days, Integers, made_or_logged, places, sort_key
from factdesk.ledger.ledger import Ledger
from factdesk.schema import Settings


def repeats(ledger: Ledger) -> pd.DataFrame:
    """Return for every time that a claim was made what was held of it that day: was it refuted by then?

    What was held is what the ledger holds today of that day (`holds_from`), not what the claimant could have
    read then; `ledger.as_known` asks for the latter. A repeat counts as made after the refutation where a
    status of the lowest rating (`refuting`) held on its day and had held since an earlier day; the first time
    is never a repeat, and one of which the day is not known never counts.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.

    Returns
    -------
    pandas.DataFrame
        One row per appearance, by claim in the ledger's order, then by day:

        - `claim_id` (str), `appearance_id` (str; empty for the first), `claimant` (str): who made it this time;
        - `day` (datetime64): when; the day on which it was logged where that is not known;
        - `is_dated` (bool): whether it is known;
        - `made_on_precision` (category: month, year): where `day` is the first of the month or year that is known;
        - `first` (bool): whether it is the claim itself and no further appearance;
        - `status` (category, the vocabulary in order): held on that day; missing before the claim's first,
          and where one of its statuses can't be read;
        - `after_refuted` (bool): whether it is a repeat on a known day, later than the refutation that held then;
        - `refuted_on` (datetime64): since when it had been refuted; missing where it was not on that day;
        - `days_since` (Int64): days from then; missing likewise, and where the very day is not known.

    Examples
    --------
    >>> import factdesk as fd
    >>> times = fd.measures.repeats(fd.open("claims.csv"))
    >>> print(times[["claim_id", "day", "status", "after_refuted"]].head(2))
                     claim_id        day      status  after_refuted
    0  trump-positive-signals 2025-03-13  unverified          False
    1  trump-positive-signals 2025-03-13  unverified          False
    """
    claims, made = ledger.claims, ledger.appearances
    claim = places(claims["claim_id"], made["claim_id"])
    day = made_or_logged(made, ledger.settings.zone)
    order = np.lexsort((~made["first"].to_numpy(bool), day, claim))
    order = order[claim[order] >= 0]  # what was known then may name a claim that was not yet
    made, claim, day = made.iloc[order], claim[order], day[order]

    spells = ledger.intervals()
    of_claim = places(claims["claim_id"], spells["claim_id"])
    start = spells["start"].to_numpy("datetime64[us]")
    is_refuted = spells["status"].isin(refuting(ledger.settings)).to_numpy(bool)
    # A claim that goes from one refuting word to another was refuted since the first of the two.
    begins = np.ones(len(spells), bool)
    begins[1:] = ~(is_refuted[1:] & is_refuted[:-1] & (of_claim[1:] == of_claim[:-1]))
    since = np.where(is_refuted, start[begins][np.cumsum(begins) - 1], NOT_YET)

    spell = held_at(of_claim, start, claim, day)
    refuted_on = np.append(since, NOT_YET)[spell]
    first = made["first"].to_numpy(bool)
    is_dated = made["made_on"].notna().to_numpy(bool)
    is_exact = is_dated & made["made_on_precision"].isna().to_numpy(bool)
    return LedgerFrame(
        {
            "claim_id": made["claim_id"].array,
            "appearance_id": made["appearance_id"].array,
            "claimant": made["claimant"].array,
            "day": day,
            "is_dated": is_dated,
            "made_on_precision": made["made_on_precision"].array,
            "first": first,
            "status": spells["status"].array.take(spell, allow_fill=True),
            "after_refuted": (refuted_on < day) & ~first & is_dated,
            "refuted_on": refuted_on,
            "days_since": pd.Series(np.where(is_exact, day, NOT_YET) - refuted_on)
            .dt.days.astype("Int64")
            .array,
        }
    )


def repeat_counts(ledger: Ledger) -> pd.DataFrame:
    """Count how often each claim was made, by how many, and how often after it was refuted.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.

    Returns
    -------
    pandas.DataFrame
        One row per claim, the most often made first, then in the ledger's order:

        - `claim_id` (str), `claimant` (str; who made it first), `status` (category, the vocabulary in order;
          held on the ledger's latest day);
        - `made` (int64): how often it was made, the first time included; `repeats` (int64): one fewer;
        - `claimants` (int64): how many different claimants made it;
        - `first_on`, `last_on` (datetime64): the earliest and the latest day on which it was made (or logged,
          where that is not known);
        - `after_refuted` (int64): how many repeats are known to have come after it was refuted, as `repeats`
          says it.

    Examples
    --------
    >>> import factdesk as fd
    >>> totals = fd.measures.repeat_counts(fd.open("claims.csv"))
    >>> int(totals["made"].sum()) == len(fd.open("claims.csv").appearances)
    True
    """
    claims, times = ledger.claims, repeats(ledger)
    made = times.groupby(places(claims["claim_id"], times["claim_id"]), sort=True)
    held = ledger.status_on()
    counted = made.size().to_numpy("int64")
    status = held["status"].array.take(places(held["claim_id"], claims["claim_id"]), allow_fill=True)
    totals = pd.DataFrame(
        {
            "claim_id": claims["claim_id"].array,
            "claimant": claims["claimant"].array,
            "status": status,
            "made": counted,
            "repeats": counted - 1,
            "claimants": made["claimant"].nunique().to_numpy("int64"),
            "first_on": made["day"].min().to_numpy("datetime64[us]"),
            "last_on": made["day"].max().to_numpy("datetime64[us]"),
            "after_refuted": made["after_refuted"].sum().to_numpy("int64"),
        }
    )
    return LedgerFrame(totals.sort_values("made", ascending=False, kind="stable", ignore_index=True))


def refuting(settings: Settings) -> list[str]:
    """Return the statuses that refute a claim: the settled ones of the lowest rating, if that is below the middle.

    A vocabulary without ratings, or with none below the middle of its scale (3 of 5), has none: nothing is taken for refuted by the
    sound of its name.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.measures.refuting(fd.open("claims.csv").settings)
    ['refuted']
    """
    rated = [
        (status.rating, status.name) for status in settings.vocabulary if status.settled and status.rating
    ]
    middle = (1 + settings.best_rating) / 2
    lowest = min(rated, default=(middle, ""))[0]
    return [name for rating, name in rated if rating == lowest < middle]


# --- what the other measures share -------------------------------------------------------------------------


def held_at(of_claim: Integers, start: Days, claim: Integers, day: Days) -> Integers:
    """Return the place of the spell that held of a claim on a day; -1 where none did yet.

    The spells are given by the place of their claim and their first day, in order of both.
    """
    spell = np.searchsorted(sort_key(of_claim, start), sort_key(claim, day), "right") - 1
    return np.where(np.append(of_claim, -2)[spell] == claim, spell, -1)


def named(codes: Integers, words: Sequence[str] | pd.Index, ordered: bool = False) -> pd.Categorical:
    """Return the words that codes stand for; missing for the code -1."""
    return pd.Categorical.from_codes(codes, pd.Index(words), ordered=ordered)
