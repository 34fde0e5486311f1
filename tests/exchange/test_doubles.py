"""Rows of one sheet that are one claim: said so before they are written, and nothing of them is lost."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import factdesk as fd

TWO = {
    "No.": ["5", "6"], "Claim": ["  Jobs  rose ", "Jobs rose"], "Speaker": ["Minister  A", "Minister A"],
    "Date": ["16.03.2025", "16.03.2025"],
}  # fmt: skip


def sheet(**columns):
    return pd.DataFrame({**TWO, **columns})


def test_two_rows_that_are_one_claim_say_so_and_what_both_say_of_it_comes_in(tmp_path):
    frame = sheet(
        Topic=["Economy", "Jobs"],
        Notes=["n1", "n2"],
        Quote=["", "They rose!"],
        Verdict=["", "False"],
        Links=["https://a.example/6", "https://a.example/8"],
        Post=["https://p.example/1", "https://p.example/2"],
    )
    columns = {"Links": "source", "Post": "appearance", "Quote": "quote", "No.": "row_id"}
    coming = fd.import_table(frame, tmp_path / "claims.csv", columns=columns)
    assert coming.counts == {"new": 1, "changed": 0, "same": 1, "set aside": 0}
    assert coming.rows["standing"].tolist() == ["new", "same as line 1"]
    for words in (repr(coming), coming.summary(), coming._repr_html_()):
        assert "Line 2 is the same claim as line 1" in words
    with warnings.catch_warnings():
        warnings.simplefilter("error", fd.FactdeskWarning)
        made = coming.write()
    ledger = made.ledger
    assert (made.new, made.same, len(ledger.claims), len(ledger.statuses)) == (1, 1, 1, 1)
    one = ledger.claims.iloc[0]
    assert (one["topics"], one["note"], one["quote"]) == ("Economy;Jobs", "n1\nn2", "They rose!")
    assert len(ledger.evidence) == 2 and len(ledger.appearances) == 2
    assert fd.import_table(frame, ledger).counts["same"] == 2
    ledger.withdraw_import(made.import_id, why="all of it")
    fd.import_table(frame, ledger).write()
    assert ledger.claims["topics"].tolist() == ["Economy;Jobs"]


@pytest.mark.parametrize(
    ("column", "cells", "reason"),
    [
        ("Verdict", ["True", "False"], "line 1 is the same claim, and is 'true' from the same day"),
        ("Quote", ["They rose!", "They fell!"], "line 1 is the same claim, and its quote is another"),
    ],
)
def test_of_two_rows_that_contradict_each_other_the_second_is_set_aside(tmp_path, column, cells, reason):
    coming = fd.import_table(sheet(**{column: cells}), tmp_path / "claims.csv")
    assert coming.set_aside[["line", "reason"]].to_numpy().tolist() == [[2, reason]]
    assert coming.write().new == 1


def test_one_claim_judged_on_two_days_keeps_both_verdicts(tmp_path):
    frame = sheet(Verdict=["False", "True"], Reviewed=["17.03.2025", "18.03.2025"])
    ledger = (
        fd.import_table(frame, tmp_path / "claims.csv", columns={"Reviewed": "holds_from"}).write().ledger
    )
    assert ledger.statuses["status"].astype(str).tolist() == ["false", "true"]


def test_claims_that_are_nearly_the_same_are_named_before_they_are_written():
    words = repr(fd.import_table(sheet(Claim=["Jobs rose.", "jobs rose!"])))
    assert "Nearly the same claim, and two claims: lines 1 and 2:" in words
    assert "2 new" in words


def test_a_row_that_is_nearly_a_claim_of_the_ledger_is_named_before_it_is_written(tmp_path):
    ledger = (
        fd.import_table(sheet(Claim=["Jobs rose.", "It rained."]), tmp_path / "claims.csv").write().ledger
    )
    more = sheet(**{"No.": ["7", "8"]}, Claim=["jobs  rose!", "Hail fell."])
    coming = fd.import_table(more, ledger)
    claim_id = ledger.claims["claim_id"][0]
    for words in (repr(coming), coming.summary()):
        assert f"two claims: line 1 and '{claim_id}' in the ledger:" in words
    assert coming.counts["new"] == 2
