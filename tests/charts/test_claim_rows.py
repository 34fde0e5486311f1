"""Claims as rows: each after its claimant, and no two that read the same."""

import pytest
from drawn import texts, written
from hypothesis import given
from hypothesis import strategies as st

from factdesk.charts import evidence_balance, publishers, timeline
from factdesk.charts.claim_rows import run_in
from factdesk.charts.typeset import text_width

LONG = "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff, Under-Secretary for Administrative Affairs"
words = st.text("ab XW", max_size=120)
claims = st.lists(st.tuples(words, words), min_size=1, max_size=6)


@given(claims, st.integers(120, 400), st.integers(1, 4))
def test_rows_keep_to_their_room_and_no_two_read_the_same(of, width, most):
    told = run_in([(f"c-{n}", name, claim) for n, (name, claim) in enumerate(of)], width, 12, most)
    assert all(len(row) <= most for row in told)
    assert all(text_width(line, 12) <= width for row in told for line in row)
    assert len({tuple(row) for row in told}) == len(told)


@pytest.mark.parametrize("most", [1, 2, 4])
def test_a_long_name_leaves_most_of_the_room_to_the_claim(most):
    (row,) = run_in([("a", LONG, "The minister said that bridges are closed. " * 9)], 250, 12, most)
    told = " ".join(row)
    assert told.startswith("Hubert Blaine")
    assert "…: The minister said" in told
    assert len(told.split("…:")[1]) > len(told) / 2


def test_a_name_is_whole_where_it_has_room_with_the_claim():
    assert run_in([("a", LONG, "No.")], 600, 12, 1) == [[f"{LONG}: No."]]


def test_rows_that_begin_alike_end_in_what_differs():
    said = "The minister said that taxes on imported steel will fall by half before"
    told = run_in([("a", "O", f"{said} summer."), ("b", "O", f"{said} winter.")], 200, 12, 2)
    assert told == [
        ["O: The minister said that taxes on", "…will fall by half before summer."],
        ["O: The minister said that taxes on", "…steel will fall by half before winter."],
    ]


def test_names_that_begin_alike_are_told_apart_too():
    told = run_in([("a", f"{LONG} I", "No."), ("b", f"{LONG} II", "No.")], 200, 12, 1)
    assert len({line for (line,) in told}) == 2


def test_claims_of_the_same_words_are_told_apart_by_their_ids():
    told = run_in([("a", "O", "It rained."), ("b", "O", "It rained."), ("c", "O", "No.")], 200, 12, 2)
    assert told == [["O: It rained. (a)"], ["O: It rained. (b)"], ["O: No."]]


@pytest.mark.parametrize("draw", [timeline, evidence_balance, publishers])
@pytest.mark.parametrize("size", ["slide", "card"])
def test_the_words_of_a_claim_are_seen_in_every_chart_whatever_its_claimant_is_called(draw, size, tmp_path):
    made = {"claimant": LONG * 2, "made_on": "2025-03-10"}
    said = [
        f"{word} are closed until the bridges of the town have been looked at again"
        for word in ("Trains", "Roads")
    ]
    ledger = written(
        tmp_path, [{**made, "claim_id": f"c-{n}", "claim": claim} for n, claim in enumerate(said)],
        evidence=[{"claim_id": f"c-{n}", "source_id": "s", "stance": "supports"} for n in range(2)],
        sources=[{"source_id": "s", "url": "https://example.org", "publisher": "P"}],
    )  # fmt: skip
    shown = " ".join(texts(draw(ledger, size=size)))
    assert "Trains" in shown
    assert "Roads" in shown
