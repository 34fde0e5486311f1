"""What a ledger's claims add up to: frames from a ledger's frames, for charts and tables."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from factdesk.articles.origins import in_words
from factdesk.errors import InvalidValue
from factdesk.formats import by_name
from factdesk.frames import LedgerFrame
from factdesk.history.durations import durations, time_to_status
from factdesk.history.repeats import named, refuting, repeat_counts, repeats
from factdesk.history.revisions import revised, revisions
from factdesk.ledger import snapshots
from factdesk.ledger.intervals import counted_by, day_in, made_or_logged, places
from factdesk.ledger.ledger import Day, Ledger
from factdesk.schema import CREDIBILITY, RELIABILITY, STANCES, Settings
from factdesk.text import host

__all__ = [
    "CREDIBILITY_WEIGHTS", "RELIABILITY_WEIGHTS", "activity", "claimants", "durations", "evidence_balance", "origins",
    "publishers", "refuting", "repeat_counts", "repeats", "revised", "revisions", "time_to_status", "transitions",
]  # fmt: skip

LEVEL = 0.95

RELIABILITY_WEIGHTS = {"A": 1.0, "B": 0.75, "C": 0.5, "D": 0.25, "E": 0.0}
"""What a source of each grade counts for. F, "reliability cannot be judged", is no grade to weigh by."""

CREDIBILITY_WEIGHTS = {"1": 1.0, "2": 0.75, "3": 0.5, "4": 0.25, "5": 0.0}
"""What information of each grade counts for. 6, "truth cannot be judged", is no grade to weigh by."""

KNOWN_BY = ("publisher", "address", "nothing")
WHAT = ("logged", "attached", "judged", "edited")


def claimants(ledger: Ledger, day: Day | None = None) -> pd.DataFrame:
    """Count for each claimant the claims in each status: how do this claimant's claims fare?

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.
    day : str, date or pandas.Timestamp, optional
        On which day; by default the ledger's latest. Claims that had no status yet are not counted, nor those of
        which a status can't be read (`ledger.unread`).

    Returns
    -------
    pandas.DataFrame
        One row for each claimant and each status of the vocabulary, the claimant of most claims first, then by
        name:

        - `claimant` (str), `status` (category, the vocabulary in order);
        - `claims` (int64): the claimant's claims that had it on that day;
        - `share` (float64): of all the claimant's claims; `low`, `high` (float64): its 95 % interval;
        - `of` (int64): the claimant's claims, which the share is of;
        - `settled` (int64): how many of them had a status that settles;
        - `made` (int64): how often the claimant made a claim up to that day, repeats of any claim included.

        Who only repeated the claims of others has no row.

    Raises
    ------
    InvalidValue
        Where the day is none.

    Notes
    -----
    The interval is the score interval of Wilson (1927), Journal of the American Statistical Association 22,
    209-212, from `scipy.stats.binomtest`; Brown, Cai & DasGupta (2001), Statistical Science 16, 101-133,
    recommend it for few cases. It says how far chance alone could move the share in so few claims. Which claims were
    chosen to be checked is no matter of chance, and no interval mends that.

    Examples
    --------
    >>> import factdesk as fd
    >>> fares = fd.measures.claimants(fd.open("claims.csv"))
    >>> print(fares.loc[fares.claims > 0, ["claimant", "status", "claims", "of"]].head(3))
          claimant     status  claims  of
    2  The article  supported       5   9
    3  The article      mixed       2   9
    4  The article    refuted       1   9
    """
    held = ledger.status_on(day)
    times = ledger.appearances
    until = ledger.latest_day if day is None else pd.Timestamp(day)
    times = times[made_or_logged(times, ledger.settings.zone) <= pd.Timestamp(until).to_datetime64()]
    return fares(held[held["status"].notna()], times["claimant"].value_counts(), ledger.settings)


def fares(held: pd.DataFrame, made: pd.Series, settings: Settings) -> pd.DataFrame:
    """Return the frame of `claimants`: of claims with a status, or of how many `claims` have it, and of times made.

    >>> held = pd.DataFrame({"claimant": ["Ada", "Bo"], "status": pd.Categorical(["mixed", "refuted"], Settings().statuses)})
    >>> fares(held.assign(claims=[2, 3]), pd.Series({"Ada": 4}), Settings())["made"].unique().tolist()
    [0, 4]
    """
    vocabulary = held["status"].cat.categories
    who, names = pd.factorize(held["claimant"])
    size = len(vocabulary)
    table = counted_by(who * size + held["status"].cat.codes, len(names) * size, held).reshape(-1, size)
    of = table.sum(axis=1)
    order = sorted(range(len(names)), key=lambda one: (-of[one], by_name(str(names[one]))))
    table, of, names = table[order], of[order], names[order]

    settles = np.array([status.settled for status in settings.vocabulary], bool)
    claims, base = table.ravel(), np.repeat(of, size)
    low, high = _wilson(claims, base)
    return LedgerFrame(
        {
            "claimant": names.array.repeat(size),
            "status": named(np.tile(np.arange(size), len(names)), vocabulary, ordered=True),
            "claims": claims,
            "share": claims / base,
            "low": low,
            "high": high,
            "of": base,
            "settled": np.repeat(table[:, settles].sum(axis=1), size),
            "made": np.repeat(made.reindex(names, fill_value=0).to_numpy("int64"), size),
        }
    )


def evidence_balance(ledger: Ledger, by: str = "count") -> pd.DataFrame:
    """Add up for each claim the evidence of each stance: how much speaks for it, how much against?

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.
    by : {"count", "grade"}, default "count"
        One row for each claim and stance, or split further by the grades.

    Returns
    -------
    pandas.DataFrame
        By count, a row for each claim, in the ledger's order, and each stance, zeros included; by grade, a row
        for each claim, stance and pair of grades of which there is evidence:

        - `claim_id` (str), `stance` (category: supports, refutes, mixed, context);
        - by grade, `reliability` (category A to F; the source's) and `credibility` (category 1 to 6; the
          information's), both ordered, missing where not graded;
        - `pieces` (int64): rows of evidence;
        - `graded`, `ungraded` (int64): of these, those with both grades from A to E and from 1 to 5, and all
          others: no grade is guessed, and F and 6 say that it can't be judged;
        - `weight` (float64): of the graded ones, what they weigh together.

    Notes
    -----
    Graded is by the Admiralty code (Ministry of Defence, Joint Warfare Publication 2-00, 2003), which judges
    source and information apart from each other and gives words, no numbers. The weights are factdesk's own:
    `RELIABILITY_WEIGHTS` from A = 1 to E = 0 and `CREDIBILITY_WEIGHTS` from 1 = 1 to 5 = 0, in even steps, a
    piece weighing the product of the two. The order of grades comes from the code, the distances do not: show
    the number of pieces beside a weight.

    Examples
    --------
    >>> import factdesk as fd
    >>> balance = fd.measures.evidence_balance(fd.open("claims.csv"))
    >>> print(balance[["claim_id", "stance", "pieces", "ungraded"]].head(2))
                     claim_id    stance  pieces  ungraded
    0  trump-positive-signals  supports       4         0
    1  trump-positive-signals   refutes       4         0
    """
    if by not in ("count", "grade"):
        raise InvalidValue.choice("by", by, ("count", "grade"))
    claims, evidence, sources = ledger.claims, ledger.evidence, ledger.sources
    claim = places(claims["claim_id"], evidence["claim_id"])
    evidence, claim = evidence[claim >= 0], claim[claim >= 0]
    source = places(sources["source_id"], evidence["source_id"])
    reliability = sources["reliability"].array.take(source, allow_fill=True)
    weight = reliability.map(RELIABILITY_WEIGHTS) * evidence["credibility"].map(CREDIBILITY_WEIGHTS).astype(
        float
    )
    pieces = evidence.assign(claim=claim, reliability=reliability, weight=weight)
    types: dict[str, Any] = dict.fromkeys(("claim", "pieces", "graded", "ungraded"), "int64")
    types["stance"] = pd.CategoricalDtype(list(STANCES))
    keys = ["claim", "stance"]
    if by == "grade":
        keys += ["reliability", "credibility"]
        types["reliability"] = pd.CategoricalDtype(list(RELIABILITY), ordered=True)
        types["credibility"] = pd.CategoricalDtype(list(CREDIBILITY), ordered=True)
    sums = pieces.groupby(keys, observed=True, dropna=False)["weight"]
    rows = sums.agg(pieces="size", graded="count", weight="sum")
    if by == "count":
        every = pd.MultiIndex.from_product([range(len(claims)), STANCES], names=keys)
        rows = rows.reindex(every, fill_value=0)
    rows = rows.assign(ungraded=rows["pieces"] - rows["graded"]).reset_index().astype(types)
    rows = rows.sort_values(keys, na_position="first", ignore_index=True)
    rows["claim_id"] = claims["claim_id"].array.take(rows["claim"].to_numpy())
    return LedgerFrame(rows[["claim_id", *keys[1:], "pieces", "graded", "ungraded", "weight"]])


def publishers(ledger: Ledger) -> pd.DataFrame:
    """Count the evidence by who published it: whose documents bear on which claims, and with what stance?

    A document without a publisher goes by the host in its address, without a leading `www.`, and `known_by`
    says so; one that has neither, such as a file, has the publisher "".

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.

    Returns
    -------
    pandas.DataFrame
        One row for each publisher, claim and stance of which there is evidence; the publisher of most documents
        first, then by name; claims in the ledger's order:

        - `publisher` (str), `known_by` (category: publisher, address, nothing);
        - `claim_id` (str), `stance` (category: supports, refutes, mixed, context);
        - `documents` (int64): different sources; `pieces` (int64): rows of evidence;
        - `of` (int64): the publisher's documents that bear on any of the claims.

    Examples
    --------
    >>> import factdesk as fd
    >>> print(fd.measures.publishers(fd.open("claims.csv"))[["publisher", "claim_id", "stance"]].head(2))
              publisher                claim_id   stance
    0  Ukrainska Pravda  trump-positive-signals  refutes
    1  Ukrainska Pravda  trump-talks-productive  refutes
    """
    claims, evidence, sources = ledger.claims, ledger.evidence, ledger.sources
    claim = places(claims["claim_id"], evidence["claim_id"])
    source = places(sources["source_id"], evidence["source_id"])
    known = (claim >= 0) & (source >= 0)
    claim, source = claim[known], source[known]

    name, known_by = _published(sources)
    who, names = pd.factorize(pd.MultiIndex.from_arrays([name, known_by]))
    publisher = who[source]
    of = np.bincount(who[np.unique(source)], minlength=len(names))
    listed = [(-count, by_name(one), kind) for count, (one, kind) in zip(of, names, strict=True)]
    order = np.array(sorted(range(len(names)), key=listed.__getitem__), np.int64)
    rank = np.argsort(order)
    stance = evidence["stance"].cat.codes.to_numpy()[known]
    pieces = pd.DataFrame({"rank": rank[publisher], "claim": claim, "stance": stance, "source": source})
    rows = pieces.groupby(["rank", "claim", "stance"])["source"].agg(["nunique", "size"]).reset_index()
    which = order[rows["rank"]]
    spelled = pd.array([one for one, _ in names], dtype="str")
    by_kind = np.array([kind for _, kind in names], np.int64)
    return LedgerFrame(
        {
            "publisher": spelled.take(which),
            "known_by": named(by_kind[which], KNOWN_BY),
            "claim_id": claims["claim_id"].array.take(rows["claim"].to_numpy()),
            "stance": named(rows["stance"].to_numpy("int64"), STANCES),
            "documents": rows["nunique"].to_numpy("int64"),
            "pieces": rows["size"].to_numpy("int64"),
            "of": of[which],
        }
    )


def origins(ledger: Ledger, claims: Collection[str] | None = None) -> pd.DataFrame:
    """Count the sources for and against each claim, and their origins: five copies of one agency's text are one.

    Parameters
    ----------
    ledger : Ledger
        The ledger or a view; the documents that were kept are read.
    claims : collection of str, optional
        Ids of the claims asked about; all where none are given.

    Returns
    -------
    pandas.DataFrame
        One row per claim with evidence for or against it: `claim_id`, `sources`, `origins` (at most: a source of which no text was kept
        counts as one of its own) and `unknown` (how many such there are), `int64`.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.measures.origins(fd.open("claims.csv")).columns.tolist()
    ['claim_id', 'sources', 'origins', 'unknown']
    """
    evidence = ledger.evidence
    evidence = evidence if claims is None else evidence[evidence["claim_id"].isin(list(claims))]
    return LedgerFrame(snapshots.origin_counts(snapshots.bearing(ledger.origins(claims), evidence)))


def origins_in_words(ledger: Ledger, claims: Collection[str]) -> dict[str, str]:
    """Return for claims of how many origins their sources are, such as "5 sources, 2 origins", where that can be said.

    >>> import factdesk as fd
    >>> origins_in_words(fd.open("claims.csv"), ["trump-positive-signals"])
    {'trump-positive-signals': ''}
    """
    counts = origins(ledger, claims).set_index("claim_id")
    return {str(claim_id): in_words(*of) for claim_id, *of in counts.itertuples(name=None)}


def transitions(ledger: Ledger) -> pd.DataFrame:
    """Count from which status claims went to which, and how long they had stayed: which way do verdicts move?

    The status with which a claim begins is no transition; each that follows another, up to the ledger's latest
    day, is one. A status given again while it holds is none.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.

    Returns
    -------
    pandas.DataFrame
        One row for each pair that happened, in the order of the vocabulary:

        - `from_status`, `to_status` (category, the vocabulary in order);
        - `count` (int64): how often; `claims` (int64): in how many claims;
        - `median_days` (float64): for how many days the first had been held by then; of a claim without a day, or
          with only its month or year, the status before its first given one is left out: it held since nobody
          knows when;
        - `undated` (int64): how many are left out for that.

    Examples
    --------
    >>> import factdesk as fd
    >>> print(fd.measures.transitions(fd.open("claims.csv")).head(2))
      from_status  to_status  count  claims  median_days  undated
    0  unverified  in review      3       3          1.0        0
    1  unverified  supported      8       8          1.0        0
    """
    spells = ledger.intervals()
    claim, vocabulary = spells["claim_id"], spells["status"].dtype
    given = ledger.statuses.groupby("claim_id")["holds_from"].min().reindex(claim).to_numpy("datetime64[us]")
    claims = ledger.claims
    no_day = claims["made_on"].isna() | claims["made_on_precision"].notna()
    undated = claim.isin(claims.loc[no_day, "claim_id"])
    unknown = undated & ~(spells["start"].to_numpy("datetime64[us]") >= given)
    days = spells["start"].diff().dt.days.astype("float64")
    moves = spells.assign(
        from_status=spells["status"].shift(),
        to_status=spells["status"],
        days=days.mask(unknown.shift(fill_value=False)),
    )[claim == claim.shift()]
    rows = moves.groupby(["from_status", "to_status"], observed=True).agg(
        count=("claim_id", "size"),
        claims=("claim_id", "nunique"),
        median_days=("days", "median"),
        timed=("days", "count"),
    )
    rows["undated"] = rows["count"] - rows.pop("timed")
    types: dict[str, Any] = {"from_status": vocabulary, "to_status": vocabulary, "median_days": "float64"}
    return LedgerFrame(rows.reset_index().astype(types))


def activity(ledger: Ledger) -> pd.DataFrame:
    """Count what was written on each day: when was this ledger worked on?

    Days are those of the ledger's time zone, and of writing: a status entered today for last March was judged
    today. Rows that were withdrawn since are not counted; their withdrawal is.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.

    Returns
    -------
    pandas.DataFrame
        One row for each day and kind of work that was done on it, in order of both:

        - `day` (datetime64);
        - `what` (category, ordered: logged, attached, judged, edited): claims and their further appearances,
          evidence, statuses, and changes of cells, withdrawals included;
        - `count` (int64): rows written.

    Examples
    --------
    >>> import factdesk as fd
    >>> work = fd.measures.activity(fd.open("claims.csv"))
    >>> work.loc[work.what == "attached", "count"].sum() == len(fd.open("claims.csv").evidence)
    np.True_
    """
    written = {
        "logged": [ledger.claims["logged_at"], ledger.appearances["logged_at"][~ledger.appearances["first"]]],
        "attached": [ledger.evidence["attached_at"]],
        "judged": [ledger.statuses["recorded_at"]],
        "edited": [ledger.changes["changed_at"]],
    }
    moments = {what: pd.concat(columns) for what, columns in written.items()}
    days = day_in(pd.concat(moments.values()), ledger.settings.zone)
    what = np.repeat(np.arange(len(WHAT)), [len(moments[one]) for one in WHAT])
    rows = pd.DataFrame({"day": days.to_numpy("datetime64[us]"), "what": what})
    rows = rows.groupby(["day", "what"]).size().reset_index(name="count")
    kinds = named(rows["what"].to_numpy("int64"), WHAT, ordered=True)
    return LedgerFrame({"day": rows["day"], "what": kinds, "count": rows["count"].to_numpy("int64")})


def _wilson(claims: npt.NDArray[np.int64], base: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the lower and the upper end of each share's interval."""
    from scipy import stats  # takes longer to load than all the rest

    pairs, which = np.unique(np.stack([claims, base]), axis=1, return_inverse=True)
    ends = [
        stats.binomtest(int(k), int(n)).proportion_ci(LEVEL, method="wilson")
        for k, n in pairs.T  # as many as there are different pairs, however many claimants
    ]
    return np.array([(end.low, end.high) for end in ends], float).reshape(-1, 2).T[:, which.ravel()]


def _published(sources: pd.DataFrame) -> tuple[pd.Series, npt.NDArray[np.int64]]:
    """Return the name of each source's publisher, and the place in KNOWN_BY of what it is known by."""
    hosts = sources["url"].map(host).astype("str")
    name = sources["publisher"].where(sources["publisher"] != "", hosts)
    return name, np.select([sources["publisher"] != "", hosts != ""], [0, 1], 2)
