"""ClaimReview: what is settled is told, with its rating, and only under a publisher's name."""

import samples

import factdesk as fd
from factdesk.pages.claimreview import reviews


def desk(folder, **more):
    ledger = fd.create(folder / "desk.csv", title="The desk's", publisher="The Desk", **more)
    ledger.log(
        "It rained.",
        claimant="The Daily",
        made_on="2025-03-10",
        claim_id="rain",
        appearance="https://example.org/d",
    )
    ledger.log("It snowed.", claimant="Radio", claim_id="snow")
    ledger.log("It hails.", claimant="Radio", claim_id="hail")
    ledger.set_status("rain", "refuted", holds_from="2025-03-12", rationale="The gauge was dry.")
    ledger.set_status("snow", "unverifiable", holds_from="2025-03-13", rationale="No gauge.")
    ledger.set_status("hail", "in review", holds_from="2025-03-14", rationale="We ask.")
    return ledger


def test_a_settled_claim_is_told_with_its_rating_and_first_appearance(tmp_path):
    told = {review["claimReviewed"]: review for review in reviews(desk(tmp_path))}
    rain = told["It rained."]
    assert rain["reviewRating"] == {
        "@type": "Rating", "ratingValue": 1, "bestRating": 5, "worstRating": 1, "alternateName": "refuted",
    }  # fmt: skip
    assert rain["itemReviewed"] == {
        "@type": "Claim", "author": {"@type": "Thing", "name": "The Daily"}, "datePublished": "2025-03-10",
        "firstAppearance": {"@type": "CreativeWork", "url": "https://example.org/d"},
    }  # fmt: skip
    assert (rain["url"], rain["author"]["name"]) == ("#claim-rain", "The Desk")
    assert rain["reviewBody"] == "The gauge was dry."


def test_a_status_without_a_rating_is_told_in_its_word_and_an_open_one_not_at_all(tmp_path):
    told = {review["claimReviewed"]: review["reviewRating"] for review in reviews(desk(tmp_path))}
    assert told["It snowed."] == {"@type": "Rating", "alternateName": "unverifiable"}
    assert "It hails." not in told


def test_the_newest_come_first_and_no_more_than_asked(tmp_path):
    assert [review["claimReviewed"] for review in reviews(desk(tmp_path), most=1)] == ["It snowed."]


def test_without_a_publisher_nothing_is_told(tmp_path):
    assert reviews(samples.rain(tmp_path)) == []


def test_an_address_names_the_page_where_that_is_known(tmp_path):
    told = {
        review["claimReviewed"]: review["url"] for review in reviews(desk(tmp_path), page="did%20it.html")
    }
    assert told["It rained."] == "did%20it.html#claim-rain"


def test_a_claimant_that_publishes_is_an_organization_and_of_others_no_kind_is_said(tmp_path):
    ledger = desk(tmp_path)
    ledger.add_source("https://example.org/d", title="Rain", publisher="The Daily")
    told = {review["claimReviewed"]: review["itemReviewed"]["author"] for review in reviews(ledger)}
    assert told["It rained."] == {"@type": "Organization", "name": "The Daily"}
    assert told["It snowed."] == {"@type": "Thing", "name": "Radio"}
