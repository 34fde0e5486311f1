"""How long claims stay open: days until a status settles them, and the share still open after so many days."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from factdesk.errors import InvalidValue
from factdesk.formats import by_name
from factdesk.frames import LedgerFrame
from factdesk.ledger.ledger import Ledger
from factdesk.schema import SEPARATOR

GROUPS = ("claimant", "kind", "topic")
LEVEL = 0.95


def durations(ledger: Ledger, to: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Return when each claim was made, when it was settled first, and how many days lie between.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.
    to : str or iterable of str, optional
        The status, or several of them, that ends the wait; by default every one that settles a claim.

    Returns
    -------
    pandas.DataFrame
        One row per claim that has a duration, in the ledger's order:

        - `claim_id` (str);
        - `start` (datetime64): the day on which it was made;
        - `settled_on` (datetime64): the first day on which it had such a status; missing where it is open;
        - `days` (int64): from `start` to `settled_on`, or to the ledger's latest day where it is open; 0 where
          it was settled on the day on which it was made;
        - `is_settled` (bool).

        A claim that was opened again was settled once. Claims of which the day is not known, or only its month or
        year, those that had such a status before they were made (`check` names them), and those of which a status
        can't be read (`ledger.unread`), have no duration: they are left out, and `attrs["left_out"]` counts them, as
        `undated`, `imprecise`, `settled_before` and `unread`.

    Examples
    --------
    >>> import factdesk as fd
    >>> print(fd.measures.durations(fd.open("claims.csv")).head(2))
                     claim_id      start settled_on  days  is_settled
    0  trump-positive-signals 2025-03-13 2025-03-14     1        True
    1  trump-talks-productive 2025-03-14 2025-03-15     1        True
    """
    wanted = _wanted(ledger, to)
    claims, spells = ledger.claims, ledger.intervals()
    is_unread = claims["claim_id"].isin(ledger.unread.claims)
    claims = claims[~is_unread]
    start = claims["made_on"].to_numpy("datetime64[us]")
    settling = spells[spells["status"].isin(wanted)].drop_duplicates("claim_id")
    first = settling.set_index("claim_id")["start"].reindex(claims["claim_id"])
    settled_on = first.to_numpy("datetime64[us]")
    is_settled = ~np.isnat(settled_on)
    latest = ledger.latest_day.to_datetime64()
    waited = (np.where(is_settled, settled_on, latest) - start).astype("timedelta64[D]").astype(np.int64)
    is_undated = np.isnat(start)
    is_imprecise = claims["made_on_precision"].notna().to_numpy() & ~is_undated
    is_before = (settled_on < start) & ~is_imprecise
    lives = LedgerFrame(
        {
            "claim_id": claims["claim_id"].array,
            "start": start,
            "settled_on": settled_on,
            "days": waited,
            "is_settled": is_settled,
        }
    )[~is_undated & ~is_imprecise & ~is_before].reset_index(drop=True)
    which = {
        "undated": is_undated,
        "imprecise": is_imprecise,
        "settled_before": is_before,
        "unread": is_unread,
    }
    lives.attrs["left_out"] = {name: int(left_out.sum()) for name, left_out in which.items()}
    return lives


def time_to_status(
    ledger: Ledger, to: str | Iterable[str] | None = None, by: str | None = None
) -> pd.DataFrame:
    """Return the share of claims that are still open so many days after they were made (Kaplan-Meier).

    Claims that are open on the ledger's latest day are censored there: they count among those that could have
    been settled up to that day of their life, and no longer.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.
    to : str or iterable of str, optional
        The status, or several of them, that ends the wait; by default every one that settles a claim. Claims
        that got another settled status instead stay open for this question.
    by : {"claimant", "kind", "topic"}, optional
        One curve for each; a claim with several topics is in each of them, one without in the group "".

    Returns
    -------
    pandas.DataFrame
        With `by` first the column `group` (str), the group of most claims first, then by name. One row for day
        0 and each day on which a claim was settled or censored:

        - `days` (int64): since the claims were made;
        - `open` (float64): the estimated share that is not settled at the end of that day;
        - `low`, `high` (float64): its 95 % confidence interval, missing where the formula gives none: as long
          as nothing was settled, and once nothing is open;
        - `at_risk`, `settled`, `censored` (int64): claims still open when the day began, settled on it, and
          last seen open on it.

        The curve is level from each row to the next. No claims, no rows. Claims without a duration are left out,
        and counted as `durations` counts them.

    Notes
    -----
    The product-limit estimate of Kaplan & Meier (1958), Journal of the American Statistical Association 53,
    457-481, as `scipy.stats.ecdf` works it out. The interval is SciPy's `log-log` ("exponential Greenwood"),
    which stays between 0 and 1: Kalbfleisch & Prentice (1980), The Statistical Analysis of Failure Time Data.
    It supposes that claims are settled independently of each other, and that those logged lately would be
    settled as the earlier ones were.

    Examples
    --------
    >>> import factdesk as fd
    >>> print(fd.measures.time_to_status(fd.open("claims.csv")).round(2).head(3))
       days  open   low  high  at_risk  settled  censored
    0     0  0.95  0.72  0.99       22        1         0
    1     1  0.36  0.17  0.56       21       13         0
    2     2  0.27  0.11  0.46        8        2         0
    """
    if by is not None and (not isinstance(by, str) or by not in GROUPS):
        raise InvalidValue.choice("by", by, GROUPS)
    lives = durations(ledger, to)
    found = LedgerFrame(_curve(lives) if by is None else _curves(lives, ledger.claims, by))
    found.attrs = lives.attrs
    return found


def _wanted(ledger: Ledger, to: str | Iterable[str] | None) -> list[str]:
    settings = ledger.settings
    if to is None:
        return [status.name for status in settings.vocabulary if status.settled]
    wanted = [to] if isinstance(to, str) or not isinstance(to, Iterable) else list(to)
    for word in wanted:
        if word not in settings.statuses:
            raise InvalidValue.choice("to", word, settings.statuses)
    return wanted


def _curves(lives: pd.DataFrame, claims: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the rows of a curve for each group."""
    curves = [_curve(of).assign(group=name) for name, of in _grouped(lives, claims, by)]
    columns = ["group", *_curve(lives.iloc[:0])]
    if not curves:
        return _curve(lives).assign(group=pd.Series(dtype="str"))[columns]
    return pd.concat(curves, ignore_index=True).astype({"group": "str"})[columns]


def _grouped(lives: pd.DataFrame, claims: pd.DataFrame, by: str) -> Iterator[tuple[str, pd.DataFrame]]:
    claims = claims[claims["claim_id"].isin(lives["claim_id"])].reset_index(drop=True)
    if by == "topic":
        names = claims["topics"].str.split(SEPARATOR).explode().str.strip()
        # One claim that names a topic twice is one claim of it.
        kept = names[~pd.MultiIndex.from_arrays([names.index, names]).duplicated()]
    else:
        kept = claims[by].astype("str").fillna("")
    groups = kept.groupby(kept.to_numpy()).groups
    for name in sorted(groups, key=lambda one: (-len(groups[one]), by_name(str(one)))):
        yield str(name), lives.loc[groups[name]]


def _curve(lives: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one curve."""
    days, is_settled = lives["days"].to_numpy("int64"), lives["is_settled"].to_numpy(bool)
    at = np.unique(np.append(days, 0)) if len(days) else days
    settled = np.bincount(np.searchsorted(at, days[is_settled]), minlength=len(at))
    ended = np.bincount(np.searchsorted(at, days), minlength=len(at))
    still_open, low, high = _estimate(at, days, is_settled)
    return pd.DataFrame(
        {
            "days": at,
            "open": still_open,
            "low": low,
            "high": high,
            "at_risk": len(days) - np.cumsum(ended) + ended,
            "settled": settled,
            "censored": ended - settled,
        }
    )


Shares = npt.NDArray[np.float64]


def _estimate(
    at: npt.NDArray[np.int64], days: npt.NDArray[np.int64], is_settled: npt.NDArray[np.bool_]
) -> tuple[Shares, Shares, Shares]:
    """Return the share still open on each day, and its interval."""
    if not len(days):
        return np.empty(0), np.empty(0), np.empty(0)
    from scipy import stats  # takes longer to load than all the rest

    sample = stats.CensoredData(uncensored=days[is_settled], right=days[~is_settled])
    shares = stats.ecdf(sample).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        interval = shares.confidence_interval(LEVEL, method="log-log")
    # SciPy has no row for day 0 where nothing happened on it: all are open then.
    missing = len(at) - len(shares.quantiles)
    first = np.full(missing, np.nan)
    return (
        np.append(np.full(missing, 1.0), shares.probabilities),
        np.append(first, interval.low.probabilities),
        np.append(first, interval.high.probabilities),
    )
