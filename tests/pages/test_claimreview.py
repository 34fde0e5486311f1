"""ClaimReview: what is settled is told, with its rating, and only under a publisher's name."""

import pytest
import samples

import factdesk as fd
from factdesk.pages.claimreview import reviews


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    made = fd.create(folder / "desk.csv", title="The desk's", publisher="The Desk")
    rain = {"claimant": "The Daily", "made_on": "2025-03-10", "appearance": "https://example.org/d"}
    made.log("It rained.", claim_id="rain", **rain)
    made.log("It snowed.", claimant="Radio", claim_id="snow")
    made.log("It hails.", claimant="Radio", claim_id="hail")
    made.set_status("rain", "refuted", holds_from="2025-03-12", rationale="The gauge was dry.")
    made.set_status("snow", "unverifiable", holds_from="2025-03-13", rationale="No gauge.")
    made.set_status("hail", "in review", holds_from="2025-03-14", rationale="We ask.")
    return made


def test_a_scale_of_its_own_is_told_with_its_best(tmp_path):
    made = fd.create(tmp_path / "own.csv", title="Own", publisher="The Desk", statuses="politifact")
    made.log("It rained.", claimant="Radio", claim_id="rain")
    made.set_status("rain", "mostly true", rationale="4 mm.")
    assert told(made)["It rained."]["reviewRating"] == {
        "@type": "Rating", "ratingValue": 5, "bestRating": 6, "worstRating": 1, "alternateName": "mostly true",
    }  # fmt: skip


def told(ledger, **more):
    return {review["claimReviewed"]: review for review in reviews(ledger, **more)}


def test_a_settled_claim_is_told_with_its_rating_and_first_appearance(ledger):
    rain = told(ledger)["It rained."]
    assert rain["reviewRating"] == {
        "@type": "Rating", "ratingValue": 1, "bestRating": 5, "worstRating": 1, "alternateName": "refuted",
    }  # fmt: skip
    assert rain["itemReviewed"] == {
        "@type": "Claim", "author": {"@type": "Thing", "name": "The Daily"}, "datePublished": "2025-03-10",
        "firstAppearance": {"@type": "CreativeWork", "url": "https://example.org/d"},
    }  # fmt: skip
    assert (rain["url"], rain["author"]["name"]) == ("#claim-rain", "The Desk")
    assert rain["reviewBody"] == "The gauge was dry."
    assert told(ledger, page="did%20it.html")["It rained."]["url"] == "did%20it.html#claim-rain"


def test_a_status_without_a_rating_is_told_in_its_word_and_an_open_one_not_at_all(ledger):
    assert told(ledger)["It snowed."]["reviewRating"] == {"@type": "Rating", "alternateName": "unverifiable"}
    assert "It hails." not in told(ledger)


@pytest.mark.parametrize("made_on", ["2025-03", "2025"])
def test_a_claim_known_by_its_month_or_year_is_told_by_that(tmp_path, made_on):
    made = fd.create(tmp_path / "own.csv", title="Own", publisher="The Desk")
    made.log("It rained.", claimant="Radio", claim_id="rain", made_on=made_on)
    made.set_status("rain", "refuted", rationale="No rain.")
    assert told(made)["It rained."]["itemReviewed"]["datePublished"] == made_on


def test_the_newest_come_first_and_no_more_than_asked(ledger):
    assert list(told(ledger, most=1)) == ["It snowed."]


def test_without_a_publisher_nothing_is_told(tmp_path):
    assert reviews(samples.rain(tmp_path)) == []


def test_a_claimant_that_publishes_is_an_organization_and_of_others_no_kind_is_said(ledger):
    ledger.add_source("https://example.org/d", title="Rain", publisher="The Daily")
    authors = {claim: review["itemReviewed"]["author"] for claim, review in told(ledger).items()}
    assert authors["It rained."] == {"@type": "Organization", "name": "The Daily"}
    assert authors["It snowed."] == {"@type": "Thing", "name": "Radio"}
