"""Settled claims in the words that search engines and other checkers read: schema.org's ClaimReview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd

from factdesk.charts.chart_rows import Json
from factdesk.pages.claim import text
from factdesk.schema import Status, reduced

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

MOST = 100
"""Claims in a page; of more, those whose status is the newest: the words go unpacked into the page."""


def reviews(ledger: Ledger, most: int = MOST, *, page: str = "") -> list[Json]:
    """Return a ClaimReview as JSON-LD for each settled claim, the newest first; none where the ledger has no publisher.

    A status without a rating has its word only. Addresses are those of claims in `page`, without a host: it is
    made before anybody knows where it will lie.

    >>> import factdesk as fd
    >>> ledger = fd.create("sea.csv", title="Sea levels", publisher="The Desk")
    >>> _ = ledger.log("The sea has risen.", claimant="A. Mariner", claim_id="sea-rise")
    >>> _ = ledger.set_status("sea-rise", "supported", rationale="The gauge says so.")
    >>> reviews(ledger)[0]["reviewRating"]["ratingValue"]
    5
    """
    if not ledger.settings.publisher:
        return []
    settled = {status.name: status for status in ledger.settings.vocabulary if status.settled}
    held = ledger.status_on()
    held = held[(held["status_id"] != "").to_numpy() & held["status"].isin(list(settled)).to_numpy()]
    held = held.sort_values(["holds_from", "recorded_at"], ascending=False, kind="stable").head(most)
    claims = ledger.claims.drop_duplicates("claim_id").set_index("claim_id")
    sources = ledger.sources.drop_duplicates("source_id").set_index("source_id")
    return [
        _review(ledger, row, claims.loc[row["claim_id"]], settled[str(row["status"])], sources, page)
        for _, row in held.iterrows()
    ]


def _review(
    ledger: Ledger, held: pd.Series, claim: pd.Series, status: Status, sources: pd.DataFrame, page: str
) -> Json:
    written = held["recorded_at"]
    published = "" if pd.isna(written) else f"{written.tz_convert(ledger.settings.zone):%Y-%m-%d}"
    scale = {"bestRating": status.best_rating, "worstRating": 1}
    rating = {"ratingValue": status.rating, **scale} if status.rating else {}
    # A claimant may be a person, an office or a document. The ledger says so only of whoever publishes what it cites;
    # the others are things and no more.
    publishes = claim["claimant"] in set(sources["publisher"])
    reviewed: dict[str, Json] = {
        "@type": "Claim",
        "author": {"@type": "Organization" if publishes else "Thing", "name": claim["claimant"]},
        "datePublished": reduced(text(claim["made_on"]), text(claim["made_on_precision"])),
    }
    appearance = claim["appearance"]
    if appearance in sources.index and sources["url"][appearance].lower().startswith(("http://", "https://")):
        first = {"@type": "CreativeWork", "url": sources["url"][appearance]}
        reviewed["firstAppearance"] = first | _filled({"headline": sources["title"][appearance]})
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{page}#claim-{quote(str(held['claim_id']))}",
        **_filled({"datePublished": published}),
        "author": {"@type": "Organization", "name": ledger.settings.publisher},
        "claimReviewed": claim["claim"],
        "itemReviewed": _filled(reviewed),
        "reviewRating": {"@type": "Rating", **rating, "alternateName": status.label},
        **_filled({"reviewBody": held["rationale"]}),
    }


def _filled(values: Mapping[str, Json]) -> dict[str, Json]:
    """Leave out what is not known."""
    return {name: value for name, value in values.items() if value != ""}
