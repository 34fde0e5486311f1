"""What an explorer carries of a ledger: its claims, what was held of them and known when, their evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from factdesk.charts.chart_rows import Json
from factdesk.charts.colours import looks
from factdesk.charts.time_axis import time_axis
from factdesk.formats import by_name
from factdesk.history.row_versions import NEVER, NOW, versions
from factdesk.ledger.intervals import day_in
from factdesk.pages.claim import UNREAD, due_words
from factdesk.pages.figure import knots
from factdesk.schema import SEPARATOR, STANCE_SIGNS, STANCES

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

Carried = dict[str, Json]
Integers = npt.NDArray[np.int64]

EPOCH = date(1970, 1, 1).toordinal()

OF_CLAIM = [
    "claim_id",
    "claim",
    "claimant",
    "claimant_role",
    "made_on",
    "made_on_precision",
    "quote",
    "appearance",
    "topics",
    "note",
    "logged_at",
    "due_on",
    "would_settle",
]
OF_STATUS = ["status_id", "claim_id", "status", "holds_from", "recorded_at", "rationale", "gaps"]


def carried(ledger: Ledger) -> Carried:
    """Return what a page needs to say of any day what was held on it, and what was known of it on any other.

    Plain values: days since 1 January 1970, columns as lists, days of a claim's rows as differences, which pack small.
    Claims stand in the ledger's order, those withdrawn at the end, their statuses in the order in which they outrank
    one another. Costs a pass over the ledger.

    >>> import factdesk as fd
    >>> found = carried(fd.open("claims.csv"))
    >>> found["claims"]["id"][0], found["given"]["of"][0]
    ('trump-positive-signals', 3)
    """
    dataset, zone = ledger._dataset, ledger.settings.zone
    every = versions(dataset, "claims", OF_CLAIM)
    if ledger.is_view:
        every = every[every["row"].isin(_in_view(ledger))]
    logged = day_in(every["logged_at"], zone)
    every = every.assign(first=_days(every["made_on"].fillna(logged)), made=_days(every["made_on"]))
    # The last version of each claim says all of it; the others when it was there, from which day, in which words.
    claims = every.drop_duplicates("row", keep="last")
    claims = claims.assign(gone=claims["until"] != NEVER).sort_values(["gone", "row"], kind="stable")
    claims = claims.reset_index(drop=True)
    place = pd.Series(claims.index, index=claims["row"])
    earlier = every.drop(every.drop_duplicates("row", keep="last").index)
    first = claims["first"].to_numpy()

    given = versions(dataset, "statuses", OF_STATUS)
    given = given.assign(claim=_places(claims, given["claim_id"]), day=_days(given["holds_from"]))
    given = given[(given["claim"] >= 0) & given["status"].notna() & (given["day"] != NEVER)]
    given = given.assign(code=given["status"].cat.codes)
    is_unread = claims["claim_id"].isin(ledger.unread.claims)
    if is_unread.any():
        given = pd.concat(
            [given[~given["claim"].isin(claims.index[is_unread])], _unread(ledger, claims[is_unread], every)]
        )
    given = given.sort_values(["claim", "day", "recorded_at", "status_id"], kind="stable")
    of = given["claim"].to_numpy()
    base = np.where(first[of] == NEVER, 0, first[of])

    latest, vocabulary = ledger.latest_day, ledger.settings.vocabulary
    signs = looks(vocabulary)
    named = {name: _numbered(claims[name]) for name in ("claimant", "claimant_role")}
    topics = claims["topics"].map(lambda cell: [t for one in cell.split(SEPARATOR) if (t := one.strip())])
    names = sorted({one for of_one in topics for one in of_one}, key=by_name)
    number = {name: n for n, name in enumerate(names)}
    sources, source_of = _sources(ledger)
    return {
        "title": ledger.title,
        "digest": ledger.digest(),
        "latest": None if pd.isna(latest) else latest.toordinal() - EPOCH,
        "axis": _axis(ledger, every, given),
        "statuses": [
            *({"name": s.name, "label": s.label, "sign": signs[s.name].sign} for s in vocabulary),
            *([{"name": "", "label": UNREAD, "sign": ""}] if is_unread.any() else []),
        ],
        "stances": [{"name": stance, "sign": STANCE_SIGNS[stance]} for stance in STANCES],
        "claimants": named["claimant"][0],
        "roles": named["claimant_role"][0],
        "topics": names,
        "claims": {
            "id": claims["claim_id"].tolist(),
            "claim": claims["claim"].tolist(),
            "claimant": named["claimant"][1],
            "role": named["claimant_role"][1],
            "first": _or_none(first),
            # 0: not known; 1: the day is; 2: its month; 3: its year
            "made": np.where(claims["made"] == NEVER, 0, claims["made_on_precision"].cat.codes + 2).tolist(),
            "known": (claims["known"].to_numpy() - np.where(first == NEVER, 0, first)).tolist(),
            "gone": {str(n): int(day) for n, day in enumerate(claims["until"]) if day != NEVER},
            "quote": claims["quote"].tolist(),
            "note": claims["note"].tolist(),
            "due": _due(claims),
            "source": [source_of.get(one, -1) for one in claims["appearance"]],
            "topics": [[number[one] for one in of_one] for of_one in topics],
        },
        "earlier": [
            [int(place[row]), None if day == NEVER else int(day), int(known), int(end), words]
            for row, day, known, end, words in earlier[
                ["row", "first", "known", "until", "claim"]
            ].itertuples(index=False)
        ],
        "given": {
            "of": np.bincount(of, minlength=len(claims)).tolist(),
            "status": given["code"].tolist(),
            "day": (given["day"].to_numpy() - base).tolist(),
            "known": (given["known"].to_numpy() - given["day"].to_numpy()).tolist(),
            "gone": {str(n): int(day) for n, day in enumerate(given["until"]) if day != NEVER},
            "why": given["rationale"].tolist(),
            "gaps": given["gaps"].tolist(),
        },
        "evidence": _evidence(ledger, claims, source_of),
        "sources": sources,
        "now": NOW,
    }


def _unread(ledger: Ledger, claims: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each claim of which a status can't be read: none of the vocabulary, whatever day is asked for."""
    first = every.groupby("row")[["first", "known"]].min().loc[claims["row"]]
    return pd.DataFrame(
        {
            "claim": claims.index,
            "day": first["first"].to_numpy(),
            "known": first["known"].to_numpy(),
            "until": NEVER,
            "code": len(ledger.settings.vocabulary),
            "rationale": f"A status of this claim {UNREAD}: what was held of it is not known.",
            "gaps": "",
        }
    )


def _in_view(ledger: Ledger) -> set[int]:
    """Return the places of the claims that a view looks at, the withdrawn ones too."""
    dataset = ledger._dataset
    rows = dataset.all("claims")
    looked_at = np.ones(len(rows), bool) if dataset._only is None else rows["claim_id"].isin(dataset._only)
    return set(np.flatnonzero(looked_at).tolist())


def _due(claims: pd.DataFrame) -> Carried:
    """Return when claims are due and what would settle them, by the place of those that say so."""
    said = map(due_words, claims["due_on"], claims["would_settle"])
    return {str(n): words for n, words in enumerate(said) if words}


def _days(column: pd.Series) -> Integers:
    """Count days from 1970; one that is missing is never."""
    days = column.to_numpy("datetime64[D]")
    return np.where(np.isnat(days), NEVER, days.astype("int64"))


def _or_none(days: Integers) -> list[int | None]:
    return [None if day == NEVER else day for day in days.tolist()]


def _places(claims: pd.DataFrame, ids: pd.Series) -> Integers:
    """Return the place of the claim of each id; of two under one id the first, as `standing` has it."""
    return claims["claim_id"].drop_duplicates().pipe(pd.Index).get_indexer(pd.Index(ids)).astype("int64")


def _numbered(cells: pd.Series) -> tuple[list[str], list[int]]:
    codes, words = pd.factorize(cells)
    return list(words), codes.tolist()


def _axis(ledger: Ledger, claims: pd.DataFrame, given: pd.DataFrame) -> list[list[float]]:
    """Return the days between which an even part of the time axis lies, each with its share of the width."""
    latest = ledger.latest_day
    if pd.isna(latest):
        return []
    numbers = pd.concat([claims["first"], given["day"]])
    days = pd.to_datetime(numbers[numbers <= latest.toordinal() - EPOCH].unique(), unit="D", origin="unix")
    axis = time_axis(days, latest)
    if axis is None:
        return []
    end = latest + pd.Timedelta(days=1)
    gaps = tuple((first, min(last, end)) for first, last in axis.gaps)
    return knots(replace(axis, last=end, gaps=gaps))


def _sources(ledger: Ledger) -> tuple[Carried, dict[str, int]]:
    sources = ledger.sources
    found: Carried = {name: sources[name].tolist() for name in ("url", "title", "publisher")}
    found["day"] = _or_none(_days(sources["published_on"]))
    return found, {one: n for n, one in enumerate(sources["source_id"])}


def _evidence(ledger: Ledger, claims: pd.DataFrame, source_of: dict[str, int]) -> Carried:
    """Return the evidence of each claim, by stance and the day on which it was published."""
    evidence = ledger.evidence
    attached = day_in(evidence["attached_at"], ledger.settings.zone)
    source = np.array([source_of.get(one, -1) for one in evidence["source_id"]], "int64")
    published = np.append(_days(ledger.sources["published_on"]), NEVER)[source]
    evidence = evidence.assign(
        of=_places(claims, evidence["claim_id"]), attached=_days(attached), published=published, source=source,
        by=evidence["stance"].cat.codes,
    )  # fmt: skip
    evidence = evidence[(evidence["of"] >= 0).to_numpy() & (evidence["by"] >= 0).to_numpy()]
    evidence = evidence.sort_values(["of", "by", "published"], kind="stable")
    stances = list(evidence["stance"].cat.categories)
    return {
        "of": np.bincount(evidence["of"], minlength=len(claims)).tolist(),
        "stance": evidence["by"].map(lambda code: STANCES.index(stances[code])).tolist(),
        "source": evidence["source"].tolist(),
        "known": _or_none(evidence["attached"].to_numpy()),
        **{name: evidence[name].tolist() for name in ("quote", "translation", "place", "note")},
    }
