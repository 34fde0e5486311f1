"""ClaimReview: what is settled is told, with its rating, and only under a publisher's name."""

import pandas as pd
import pytest
import samples

import factdesk as fd
from factdesk.exchange.published import reviews


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


def test_the_newest_come_first_and_no_more_than_asked(ledger):
    assert list(told(ledger, most=1)) == ["It snowed."]


def test_without_a_publisher_nothing_is_told(tmp_path):
    assert reviews(samples.rain(tmp_path)) == []


def test_a_claimant_that_publishes_is_an_organization_and_of_others_no_kind_is_said(ledger):
    ledger.add_source("https://example.org/d", title="Rain", publisher="The Daily")
    authors = {claim: review["itemReviewed"]["author"] for claim, review in told(ledger).items()}
    assert authors["It rained."] == {"@type": "Organization", "name": "The Daily"}
    assert authors["It snowed."] == {"@type": "Thing", "name": "Radio"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A ledger of six steps in which one claim says all that a ClaimReview can."""
    folder = tmp_path_factory.mktemp("whole")
    made = fd.create(
        folder / "desk.csv",
        title="The desk's",
        publisher="The Desk",
        timezone="Europe/Kyiv",
        statuses="politifact",
    )
    made.log(
        "It rained.", claim_id="rain", claimant="Jane Roe", claimant_role="Governor", made_on="2025-03", topics="sky; rain, snow",
        quote="It's raining, folks.", appearance="https://a.example/1",
    )  # fmt: skip
    made.add_source("https://a.example/1", title="Rain", publisher="The Daily", published_on="2025-03-11")
    made.repeat("rain", claimant="Radio", appearance="https://b.example/2")
    made.repeat("rain", claimant="TV", appearance="https://a.example/1")
    made.repeat("rain", claimant="A passer-by")
    gauge = made.attach("rain", "https://c.example/gauge", stance="refutes")
    made.attach("rain", "https://d.example/unused", stance="context")
    given = {"published_at": "https://checks.example/1", "published_on": "2025-03-14", "evidence": gauge}
    status = next(one for one in made.settings.vocabulary if one.rating == 2).name
    made.set_status("rain", status, holds_from="2025-03-13", rationale="The gauge was dry.", **given)
    return made


def test_a_claim_says_all_that_is_known_of_it(whole):
    (review,) = reviews(whole)
    assert (review["url"], review["datePublished"]) == ("https://checks.example/1", "2025-03-14")
    assert review["citation"] == ["https://c.example/gauge"]
    assert review["reviewRating"] == {
        "@type": "Rating", "ratingValue": 2, "bestRating": 6, "worstRating": 1, "alternateName": whole.statuses["status"][0],
    }  # fmt: skip
    assert review["itemReviewed"] == {
        "@type": "Claim", "author": {"@type": "Person", "name": "Jane Roe", "jobTitle": "Governor"},
        "datePublished": "2025-03", "text": "It's raining, folks.", "keywords": ["sky", "rain, snow"],
        "firstAppearance": {
            "@type": "CreativeWork", "url": "https://a.example/1", "headline": "Rain", "datePublished": "2025-03-11",
            "publisher": {"@type": "Organization", "name": "The Daily"},
        },
        "appearance": [{"@type": "CreativeWork", "url": "https://b.example/2"}],
    }  # fmt: skip


def test_where_no_day_of_publication_is_known_that_of_the_record_stands_in_its_place(tmp_path, monkeypatch):
    samples.days_go_by(monkeypatch)("2025-03-20")
    made = fd.create(tmp_path / "desk.csv", title="T", publisher="The Desk")
    made.log("It rained.", claimant="The Daily", claim_id="rain")
    made.set_status("rain", "refuted", holds_from="2025-03-13", rationale="Dry.")
    (review,) = reviews(made)
    assert review["datePublished"] == "2025-03-20"
    assert "url" not in reviews(made, page=None)[0]


@pytest.mark.parametrize(
    ("precision", "day"), [("2025-03", "2025-03"), ("2025", "2025"), ("2025-03-10", "2025-03-10")]
)
def test_a_month_or_a_year_is_told_as_no_more_than_that(tmp_path, precision, day):
    made = fd.create(tmp_path / "desk.csv", title="T", publisher="The Desk")
    made.log("It rained.", claimant="The Daily", claim_id="rain", made_on=precision)
    made.set_status("rain", "refuted", rationale="Dry.")
    assert reviews(made)[0]["itemReviewed"]["datePublished"] == day


def test_a_document_without_an_address_of_the_web_is_no_appearance(tmp_path):
    (tmp_path / "leaflet.txt").write_text("rain")
    made = fd.create(tmp_path / "desk.csv", title="T", publisher="The Desk")
    made.log("It rained.", claimant="The Daily", claim_id="rain", appearance=tmp_path / "leaflet.txt")
    made.set_status("rain", "refuted", rationale="Dry.")
    assert not {"firstAppearance", "appearance"} & set(reviews(made)[0]["itemReviewed"])


def test_the_reason_that_an_import_made_up_is_not_published(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="T", publisher="The Desk", by="Ada")
    sheet = pd.DataFrame({"Claim": ["It rained."], "Speaker": ["The Daily"], "Verdict": ["refuted"]})
    fd.import_table(sheet, ledger).write()
    assert "reviewBody" not in reviews(ledger)[0]
