"""The list of claims: searched, filtered and put in order."""

import numpy as np
import pandas as pd
import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

import factdesk as fd
from factdesk.desk.listing import SORTS, Listing, folded, terms


@pytest.fixture(scope="module")
def listing(sample_ledger):
    return Listing(sample_ledger)


def who(listing, **asked):
    return [row["who"] for row in listing.rows(listing.find(asked))]


def test_a_row_has_words_status_claimant_day_and_band(listing, sample_ledger):
    (row,) = listing.rows(np.array([0]))
    assert (row["claim"], row["who"], row["made"]) == (
        "Russia has given positive signals about agreeing to a ceasefire.", "Donald Trump", "2025-03-13",
    )  # fmt: skip
    assert sample_ledger.settings.statuses[row["status"]] == "outdated"
    spells = sample_ledger.intervals()
    assert len(row["band"]) == (spells["claim_id"] == row["id"]).sum()
    ends = [edge for start, end, _ in row["band"] for edge in (start, end)]
    assert ends == sorted(ends) and ends[-1] == 1


@pytest.mark.parametrize(("words", "found"), [
    ("putin NATO", ["Vladimir Putin"]),
    ("stöRe", ["The article"]),
    ("“positive signals about”", ["Donald Trump"]),
    ("“signals positive”", []),
    ("metaworld", ["Donald Trump"]),
    ("no such words", []),
    ("refuted", ["The article"]),
])  # fmt: skip
def test_words_are_found_wherever_they_stand(listing, words, found):
    assert who(listing, words=words) == found


def test_a_day_is_found_in_words_and_as_files_hold_it(listing):
    assert (
        listing.find({"words": "“13 march 2025”"}).tolist()
        == listing.find({"words": "2025-03-13"}).tolist()
        != []
    )


def test_filters_keep_what_fits_all_of_them(listing, sample_ledger):
    statuses = sample_ledger.settings.statuses
    asked = {"statuses": [statuses.index("outdated")], "claimant": "trump"}
    assert who(listing, **asked) == ["Donald Trump"]
    assert who(listing, topic="nato") == who(listing, topic="no such topic") == []
    assert len(who(listing, since="2025-03", until="2025-03-13")) == (
        sample_ledger.claims["made_on"].between("2025-03-01", "2025-03-13").sum()
    )


def test_claims_without_evidence_due_and_changed_are_found(tmp_path):
    ledger = samples.rain(tmp_path)
    ledger.log("A dyke stands.", claimant="The mayor", claim_id="dyke", due_on="2025-03-01")
    listing, now = Listing(ledger), pd.Timestamp.now("UTC")
    assert [row["id"] for row in listing.rows(listing.find({"bare": True}))] == ["dyke"]
    assert [row["id"] for row in listing.rows(listing.find({"due": True}))] == ["dyke"]
    assert len(listing.find({"fresh": True}, now)) == 3
    assert len(listing.find({"fresh": True}, now + pd.Timedelta(days=3))) == 0


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_holds_every_claim_once(listing, sort):
    assert sorted(listing.find({"sort": sort})) == list(range(22))


def test_on_a_day_those_are_listed_that_had_a_status(sample_ledger):
    listing = Listing(sample_ledger, pd.Timestamp("2025-03-12"))
    held = sample_ledger.status_on("2025-03-12")
    assert sorted(row["id"] for row in listing.rows(listing.find({}))) == sorted(held["claim_id"])
    assert sum(listing.counts) == listing.total == len(held)


def test_a_listing_made_from_the_one_before_finds_and_shows_what_a_new_one_does(tmp_path):
    ledger = samples.rain(tmp_path)
    before = Listing(ledger)
    before.find({"words": "rain"})
    claim = ledger.log("The Łódź flood rose.", claimant="Støre", made_on="2025-03-12")
    ledger.attach(claim, "https://example.org/g2", stance="supports", quote="a new quote", publisher="Gauge")
    ledger.set_status(claim, "mixed", rationale="Both.", holds_from="2025-03-14")
    new, grown = Listing(ledger), Listing(ledger, like=before)
    for words in ("lodz", "new quote", "gauge", "mixed", "12 march 2025", "rain", "store"):
        found = new.find({"words": words})
        assert grown.find({"words": words}).tolist() == found.tolist() and len(found), words
        assert grown.rows(found) == new.rows(found)


def test_an_empty_ledger_has_no_rows(tmp_path):
    listing = Listing(fd.create(tmp_path / "new.csv", title="New"))
    assert (
        len(listing.find({"words": "rain", "sort": "status"})) == 0 and listing.rows(listing.find({})) == []
    )


@given(st.text(max_size=30))
def test_words_are_found_by_any_way_of_writing_them(text):
    assert folded(folded(text)) == folded(text)
    assert all(term == folded(term) for term in terms(text))
