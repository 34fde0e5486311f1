"""Statements of an article become claims: once each, with the article kept and its words anchored."""

import pandas as pd
import pytest

import factdesk as fd
from factdesk.articles.article import of_document
from factdesk.errors import NotFound

WORDS = "It rained for 7 days, Bo Lind, the mayor, said. “The river rose,” he added. Nobody was hurt, Ada Quist said."
ROWS = pd.DataFrame(
    {
        "sentence": ["It rained for 7 days, Bo Lind, the mayor, said.", "“The river rose,” he added.",
                     "Nobody was hurt, Ada Quist said."],
        "claim": ["It rained for 7 days.", "The river rose.", "Nobody was hurt."],
        "claimant": ["Bo Lind", "Bo Lind", "Ada Quist"],
        "claimant_role": ["the mayor", "the mayor", ""],
        "quote": ["", "The river rose", ""],
        "kind": ["indirect", "direct", "indirect"],
        "worth": [0.9, 0.5, 0.4],
    },
    index=[3, 5, 8],
)  # fmt: skip


def article(words: str = WORDS, url: str = "https://example.org/rain") -> fd.read_article:
    page = f"<html><meta property='article:published_time' content='2025-03-11'><title>Rain</title><p>{words}</p>"
    return of_document(page.encode(), "text/html; charset=utf-8", url)


@pytest.fixture
def ledger(tmp_path) -> fd.Ledger:
    return fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")


def test_candidates_are_logged_with_the_article_as_appearance_and_evidence(ledger):
    made = ledger.log_candidates(article(), ROWS)
    assert made.index.tolist() == [3, 5, 8] and set(made["what"]) == {"logged"}
    claims = ledger.claims
    assert claims["claim_id"].tolist() == made["claim_id"].tolist()
    assert claims["kind"].tolist() == ["statement", "quote", "statement"]
    assert claims["made_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-11"] * 3
    assert claims["claimant_role"].tolist() == ["the mayor", "the mayor", ""]
    assert len(ledger.sources) == len(ledger.snapshots) == 1
    assert set(claims["appearance"]) == set(ledger.evidence["source_id"]) == set(ledger.sources["source_id"])
    assert set(ledger.evidence["stance"]) == {"context"}
    assert len(ledger.anchors()) == 4 and ledger.verify().empty and ledger.check().empty


def test_the_same_again_writes_nothing(ledger):
    ids = ledger.log_candidates(article(), ROWS)["claim_id"].tolist()
    digest = ledger.digest()
    again = ledger.log_candidates(article(), ROWS)
    assert again["claim_id"].tolist() == ids and set(again["what"]) == {"stands"}
    assert ledger.digest() == digest


def test_the_same_words_in_another_article_are_the_claim_made_again(ledger):
    ids = ledger.log_candidates(article(), ROWS)["claim_id"].tolist()
    other = article(url="https://example.org/more")
    again = ledger.log_candidates(other, ROWS)
    assert again["claim_id"].tolist() == ids and set(again["what"]) == {"appearance"}
    assert len(ledger.claims) == 3 and len(ledger.appearances) == 6 and len(ledger.evidence) == 6
    assert set(ledger.log_candidates(other, ROWS)["what"]) == {"stands"}
    assert len(ledger.appearances) == 6


def test_nearly_the_same_is_asked_about_and_then_taken_as_the_analyst_says(ledger):
    first = ledger.log_candidates(article(), ROWS)["claim_id"].iloc[1]
    near = ROWS.iloc[[1]].assign(claim="The river has risen, the rose.").assign(claim="The rivers rose.")
    other = article(url="https://example.org/more")
    asked = ledger.log_candidates(other, near)
    assert (
        asked["what"].tolist() == ["near"]
        and asked["claim_id"].tolist() == [""]
        and first in asked["reason"].iloc[0]
    )
    assert len(ledger.claims) == 3
    assert ledger.log_candidates(other, near, known="appearance")["claim_id"].tolist() == [first]
    assert ledger.log_candidates(article(url="https://example.org/3"), near, known="new")[
        "what"
    ].tolist() == ["logged"]
    assert len(ledger.claims) == 4


@pytest.mark.parametrize("claim", ["It rained for 8 days.", "It never rained for 7 days."])
def test_another_figure_or_a_denial_is_another_claim(ledger, claim):
    ledger.log_candidates(article(), ROWS)
    other = ledger.log_candidates(article(url="https://example.org/more"), ROWS.iloc[[0]].assign(claim=claim))
    assert other["what"].tolist() == ["logged"]


def test_two_rows_that_say_the_same_are_one_claim(ledger):
    twice = pd.concat([ROWS, ROWS], ignore_index=True)
    made = ledger.log_candidates(article(), twice)
    assert made["what"].tolist() == ["logged"] * 3 + ["stands"] * 3
    assert len(ledger.claims) == 3


def test_a_row_that_can_not_be_taken_says_why_and_the_others_are_logged(ledger):
    rows = ROWS.assign(claim=["It rained for 7 days.", "", "Nobody was hurt."])
    made = ledger.log_candidates(article(), rows)
    assert made["what"].tolist() == ["logged", "", "logged"] and "not empty" in made["reason"].iloc[1]
    with pytest.raises(NotFound, match="claimant"):
        ledger.log_candidates(article(), ROWS[["claim"]])


def test_words_that_do_not_stand_in_the_article_are_not_quoted(ledger):
    rows = ROWS.iloc[[1]].assign(quote="The river sank")
    ledger.log_candidates(article(), rows)
    assert ledger.claims["quote"].tolist() == [""]
    assert ledger.evidence["quote"].tolist() == ["“The river rose,” he added."]
