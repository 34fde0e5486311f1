"""Settled claims in the words that search engines and other checkers read: schema.org's ClaimReview."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd

from factdesk.exchange import known_rows
from factdesk.exchange.json_stream import Part
from factdesk.exchange.reviews import rows
from factdesk.frames import records
from factdesk.schema import SEPARATOR, Status, day_text, reduced

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

MOST = 100
"""Claims in a page; of more, those whose status is the newest: the words go unpacked into the page."""

RATED = re.compile(r"Rated '.*' in .*\.|Rated \".*\" in .*\.")
"""The reason that an import gives a rating for which its file gives none: nobody wrote it to be published."""

Thing = dict[str, Any]
"""An object of JSON-LD."""

_REVIEWER = ("author", "publisher", "sourceOrganization")
_SAYS = {
    "claimReviewed": ["claim"], "url": ["review_url"], "mainEntityOfPage": ["review_url"], "datePublished": ["reviewed_on"],
    "reviewBody": ["rationale"], "description": ["rationale"], "citation": ["sources"], "isBasedOn": ["sources"],
    "keywords": ["topics"], "about": ["topics"],
}  # fmt: skip
_ITEM_SAYS = {
    "author": ["claimant", "claimant_role"], "creator": ["claimant", "claimant_role"],
    "datePublished": ["made_on", "made_on_precision"], "dateCreated": ["made_on", "made_on_precision"], "text": ["quote"],
    "firstAppearance": ["appearances"], "appearance": ["appearances"], "keywords": ["topics"], "about": ["topics"],
}  # fmt: skip
"""By property of a review, and of what it reviews, the columns of a ledger's own that it is read to."""


def reviews(ledger: Ledger, most: int | None = MOST, *, page: str | None = "") -> list[Thing]:
    """Return a ClaimReview as JSON-LD for each settled claim, the newest first; none where the ledger has no publisher.

    A status without a rating has its word only. The address of a review is that of the published check; where none is
    known, that of the claim in `page`, which may be without a host: a page is made before anybody knows where it will
    lie. Where there is no page (None), it has none.

    >>> import factdesk as fd
    >>> ledger = fd.create("sea.csv", title="Sea levels", publisher="The Desk")
    >>> _ = ledger.log("The sea has risen.", claimant="A. Mariner", claim_id="sea-rise")
    >>> _ = ledger.set_status("sea-rise", "supported", rationale="The gauge says so.")
    >>> reviews(ledger)[0]["reviewRating"]["ratingValue"]
    5
    """
    return [review for _, review, _ in told(ledger, most, page=page)]


def told(
    ledger: Ledger, most: int | None = None, *, page: str | None = None
) -> Iterator[tuple[str, Thing, list[str]]]:
    """Yield the id of each settled claim, the newest first, its review, and what that does not say for want of it."""
    if not ledger.settings.publisher:
        return
    settled = {status.name: status for status in ledger.settings.vocabulary if status.settled}
    held = ledger.status_on()
    held = held[(held["status_id"] != "").to_numpy() & held["status"].isin(list(settled)).to_numpy()]
    order = ["holds_from", "recorded_at"]
    held = held.sort_values(order, ascending=False, kind="stable").head(most or len(held))
    if most is None:  # a check of its own address stays published when another follows it
        given = ledger.statuses
        held = held.merge(given[["status_id", "published_at"]])
        is_told = given["claim_id"].isin(held["claim_id"]) & given["status"].isin(list(settled))
        earlier = given[is_told & (given["published_at"] != "")].sort_values(order, ascending=False)
        held = pd.concat([held, earlier[["claim_id", "status", "status_id", "published_at"]]])
        is_again = held.duplicated("status_id") | held.duplicated(["claim_id", "published_at"])
        held = held[~is_again.to_numpy()]
    desk = _Desk(ledger)
    for row in records(held):
        status_id, claim_id = str(row["status_id"]), str(row["claim_id"])
        review, missing = desk.review(
            desk.claims[claim_id], desk.statuses[status_id], settled[str(row["status"])], page
        )
        yield claim_id, review, missing


class _Desk:
    """What reviews are made of: a ledger's rows by their ids."""

    def __init__(self, ledger: Ledger) -> None:
        self.settings = ledger.settings
        self.claims, self.statuses, self.sources, self.evidence = (
            {str(row[key]): row for row in records(frame)}
            for key, frame in (
                ("claim_id", ledger.claims), ("status_id", ledger.statuses), ("source_id", ledger.sources),
                ("evidence_id", ledger.evidence),
            )
        )  # fmt: skip
        self.made_in: dict[str, list[str]] = {}
        for row in records(ledger.appearances):
            self.made_in.setdefault(str(row["claim_id"]), []).append(str(row["source_id"]))
        # A claimant may be a person, an office or a document. The ledger says so only of whoever publishes what it
        # cites, and of whoever holds a title; the others are things and no more.
        self.publishers = {source["publisher"] for source in self.sources.values()}
        self.published = known_rows.published(ledger._documents)
        changes, latest = ledger.changes, ledger.latest_day
        self.edited = set(changes["row_id"][changes["column"] == "status"])
        self.day = date.min if pd.isna(latest) else latest.date()

    def review(
        self, claim: Mapping[str, Any], status: Mapping[str, Any], held: Status, page: str | None
    ) -> tuple[Thing, list[str]]:
        made_on, published_on = (
            _day(claim["made_on"], claim["made_on_precision"]),
            _day(status["published_on"]),
        )
        first, *others = self.works(claim)
        claimant, role = claim["claimant"], claim["claimant_role"]
        kind = "Organization" if claimant in self.publishers else "Person" if role else "Thing"
        url = status["published_at"] or ("" if page is None else f"{page}#claim-{quote(claim['claim_id'])}")
        item = {
            "@type": "Claim",
            "author": _filled({"@type": kind, "name": claimant, "jobTitle": role}),
            "datePublished": made_on,
            "text": claim["quote"],
            "firstAppearance": first,
            "appearance": others,
            "keywords": [topic.strip() for topic in claim["topics"].split(SEPARATOR) if topic.strip()],
        }
        scale = (
            {"ratingValue": held.rating, "bestRating": held.best_rating, "worstRating": 1}
            if held.rating
            else {}
        )
        review = {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "url": url,
            "datePublished": published_on or self.recorded_on(status),
            "author": {"@type": "Organization", "name": self.settings.publisher},
            "claimReviewed": claim["claim"],
            "itemReviewed": _filled(item),
            "reviewRating": {"@type": "Rating", **scale, "alternateName": held.label},
            "reviewBody": "" if RATED.fullmatch(status["rationale"]) else status["rationale"],
            "citation": self.cited(status),
        }
        missing = {
            "address of the published check": status["published_at"] or page,
            "day of the published check": published_on,
            "day of the claim": made_on,
            "address of an appearance": first or others,
        }
        whole = self.as_published(_filled(review), status["status_id"])
        return whole, [name for name, value in missing.items() if not value]

    def as_published(self, review: Thing, status_id: str) -> Thing:
        """Return a review with all that it said when it was brought in, but for what the ledger says otherwise since."""
        given = self.published.get(status_id)
        if not given:
            return review
        was, now = (
            next(rows(Part({**one, "@type": "ClaimReview"}), self.day), {}) for one in (given, review)
        )
        same = {name for name, cell in now.items() if was.get(name) == cell}
        item = given.get("itemReviewed")
        if set(known := was.get("appearances", ())) <= set(now["appearances"]) and isinstance(item, dict):
            same.add("appearances")
            own = review["itemReviewed"]
            own = [own.get("firstAppearance", {}), *own.get("appearance", ())]
            if new := [work for work in own if work and work["url"] not in known]:
                there = item.get("appearance", [])
                item = item | {"appearance": [*(there if isinstance(there, list) else [there]), *new]}
        review["itemReviewed"] = _merged(item, review["itemReviewed"], _ITEM_SAYS, same)
        others = [name for name in review if name in _REVIEWER and any(map(given.get, _REVIEWER))]
        others += ["reviewRating"] if status_id not in self.edited and "reviewRating" in given else []
        return _merged(given, review, _SAYS | {name: [] for name in others} | {"itemReviewed": ["\0"]}, same)

    def works(self, claim: Mapping[str, Any]) -> list[Thing]:
        """Return the document in which a claim was first made, or nothing in its place, and those in which it was again."""
        ids = [claim["appearance"], *self.made_in.get(claim["claim_id"], ())]
        works = {one: self.work(one) for one in ids}
        first = works.pop(claim["appearance"])
        return [first, *filter(None, works.values())]

    def work(self, source_id: str) -> Thing:
        source = self.sources.get(source_id)
        if not source or not _is_address(source["url"]):
            return {}
        publisher = {"@type": "Organization", "name": source["publisher"]} if source["publisher"] else ""
        work = {
            "@type": "CreativeWork",
            "url": source["url"],
            "headline": source["title"],
            "publisher": publisher,
        }
        return _filled(work | {"datePublished": _day(source["published_on"])})

    def cited(self, status: Mapping[str, Any]) -> list[str]:
        """Return the addresses of what a status rests on."""
        evidence = [self.evidence.get(one.strip()) for one in status["evidence"].split(SEPARATOR)]
        sources = [self.sources.get(one["source_id"]) for one in evidence if one]
        return list(dict.fromkeys(one["url"] for one in sources if one and _is_address(one["url"])))

    def recorded_on(self, status: Mapping[str, Any]) -> str:
        moment = status["recorded_at"]
        return "" if pd.isna(moment) else day_text(moment.tz_convert(self.settings.zone))


def _day(day: Any, precision: object = "") -> str:
    """Return a day as it is known: of one that stands for its month or year only that."""
    return "" if pd.isna(day) else reduced(day_text(day), precision if isinstance(precision, str) else "")


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _filled(values: Mapping[str, Any]) -> Thing:
    """Leave out what is not known."""
    return {name: value for name, value in values.items() if value not in ("", [], {})}


def _merged(given: object, own: Thing, says: Mapping[str, list[str]], same: Collection[str]) -> Thing:
    """Return the properties given, and in the place of those by which other columns are told the ledger's own."""
    if not isinstance(given, dict):
        return own
    is_same = {name: all(column in same for column in columns) for name, columns in says.items()}
    kept = {name: one for name, one in given.items() if is_same.get(name, True)}
    return kept | {name: one for name, one in own.items() if not is_same.get(name, name in kept)}
