"""One claim as the desk shows it whole: its cells, its band with marks, its evidence, what was held of it, and when it was made again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from factdesk.desk.listing import Listing, Row, cell, named_source
from factdesk.ledger.ledger import Ledger
from factdesk.pages.claim import words_at
from factdesk.schema import CLAIMS, EVIDENCE, SEPARATOR, SOURCES, STANCES, reduced


def _records(frame: pd.DataFrame, names: Iterable[str]) -> list[dict[str, Any]]:
    names = [name for name in names if name in frame]
    return [
        dict(zip(names, map(cell, row), strict=True))
        for row in frame[names].itertuples(index=False, name=None)
    ]


def whole(listing: Listing, claim_id: str) -> dict[str, object]:
    """Return all that is shown of a claim, as of the listing's day.

    >>> import factdesk as fd
    >>> shown = whole(Listing(fd.open("claims.csv")), "trump-positive-signals")
    >>> shown["cells"]["claimant"], len(shown["evidence"]), len(shown["held"])
    ('Donald Trump', 12, 3)
    """
    ledger, place = listing.ledger, listing.place(claim_id)
    claim = listing.claims.iloc[place]
    cells: dict[str, str] = {name: cell(claim[name]) for name in CLAIMS.names}
    sources = ledger.sources
    evidence = ledger.evidence
    evidence = evidence[(evidence["claim_id"] == claim_id).to_numpy()]
    again = ledger.appearances
    again = again[(again["claim_id"] == claim_id).to_numpy() & ~again["first"].to_numpy(bool)]
    used = {*evidence["source_id"], *again["source_id"], cells["appearance"]} - {""}
    about = {
        row["source_id"]: row
        for row in _records(sources[sources["source_id"].isin(used).to_numpy()], SOURCES.names)
    }
    snapshots = ledger.snapshots
    snapshots = snapshots[snapshots["source_id"].isin(used).to_numpy()]
    kept = dict(snapshots.groupby("source_id")["retrieved_at"].max())
    pieces = [_piece(row, about, kept) for row in _records(evidence, EVIDENCE.names)]
    if (
        listing.day is not None and not ledger.is_view
    ):  # as it held: what was not published yet bore on nothing
        pieces = [one for one in pieces if one["published_on"] <= cell(listing.day)]
    pieces.sort(
        key=lambda one: (STANCES.index(one["stance"]) if one["stance"] in STANCES else 9, one["published_on"])
    )
    made = reduced(cells["made_on"], cells["made_on_precision"])
    status = int(listing.status[place])
    held = _held(ledger, claim_id, listing.day)
    since = held[-1]["holds_from"] if held and status != listing.unread else ""
    return {
        "id": claim_id, "cells": cells | {"made_on": made}, "status": status, "since": since or cells["made_on"],
        "given": bool(held), "at": _address(about.get(cells["appearance"]), cells["quote"]),
        "place": named_source(about[cells["appearance"]]) if cells["appearance"] in about else "",
        "evidence": pieces, "held": held, "band": _band(listing, place, pieces),
        "logged": _moment(claim["logged_at"], ledger),
        "again": [
            {**row, "at": _address(about.get(row["source_id"]), row["quote"])}
            for row in _records(again, again.columns)
        ],
    }  # fmt: skip


def _piece(
    row: dict[str, Any], about: Mapping[str, Mapping[str, str]], kept: Mapping[Any, Any]
) -> dict[str, Any]:
    source = about.get(row["source_id"], dict.fromkeys(SOURCES.names, ""))
    moment = kept.get(row["source_id"])
    return row | {
        "publisher": named_source(source), "title": source["title"], "type": source["type"],
        "published_on": source["published_on"], "reliability": source["reliability"],
        "at": _address(source, row["quote"]), "kept": "" if moment is None else f"{moment:%Y-%m-%d}",
    }  # fmt: skip


def _address(source: Mapping[str, str] | None, words: str) -> str:
    """Return the web address of words in a document; nothing where it has none."""
    at = words_at(source["url"], words) if source else ""
    return at if re.match(r"https?://[^\s\[\]]+$", at, re.IGNORECASE) else ""


def _moment(moment: object, ledger: Ledger) -> str:
    if not isinstance(moment, pd.Timestamp):
        return ""
    return f"{moment.tz_convert(ledger.settings.zone):%Y-%m-%d %H:%M}"


def _held(ledger: Ledger, claim_id: str, day: pd.Timestamp | None) -> list[dict[str, Any]]:
    """Return every status that a claim was given, up to a day, oldest first."""
    given = ledger.statuses
    given = given[(given["claim_id"] == claim_id).to_numpy() & given["status"].notna().to_numpy()]
    if day is not None:
        given = given[(given["holds_from"] <= day).to_numpy()]
    given = given.sort_values(["holds_from", "recorded_at", "status_id"])
    names = ("status_id", "status", "holds_from", "rationale", "gaps", "recorded_by", "reviewed_by")
    places = {status.name: n for n, status in enumerate(ledger.settings.vocabulary)}
    return [
        row | {"status": places[row["status"]], "evidence": [one for one in ids.split(SEPARATOR) if one],
               "recorded_at": _moment(moment, ledger)}
        for row, ids, moment in zip(_records(given, names), given["evidence"], given["recorded_at"], strict=True)
    ]  # fmt: skip


def _band(listing: Listing, place: int, pieces: list[dict[str, Any]]) -> Row:
    """Return a claim's spells, its evidence by the day of publication, and the axis under both."""
    axis = listing.axis
    days = np.array([one["published_on"] or "NaT" for one in pieces], "datetime64[D]")
    shown = ~np.isnat(days) & (days >= axis.knots[0]) & (days <= listing.last)
    marks = [
        {"at": round(float(at), 4), "stance": one["stance"], "id": one["evidence_id"],
         "words": f"{one['publisher']}, {one['published_on']}"}
        for at, one, is_shown in zip(axis.at(days), pieces, shown, strict=True) if is_shown
    ]  # fmt: skip
    return {
        "spells": listing.band(place), "marks": marks, "unmarked": int((~shown).sum()),
        "labels": [list(one) for one in axis.labels()],
        "gaps": [[round(float(x), 4) for x in axis.at(np.array(gap))] for gap in axis.gaps],
    }  # fmt: skip
