"""Claims near to one that is typed, and what differs."""

import pytest

from factdesk.desk.listing import folded
from factdesk.desk.near import differences, meant, near

CLAIMS = [
    "Ukraine agreed to an unconditional ceasefire of 30 days.",
    "Starmer spoke with Macron.",
    "It rained.",
]


def found(words):
    return near(words, CLAIMS, [folded(one) for one in CLAIMS])


def test_a_claim_in_like_words_is_found_and_others_are_not():
    assert found("An unconditional ceasefire of 30 days Ukraine agreed to") == [(0, [])]
    assert found("The budget was passed in May") == found("It rained") == []


@pytest.mark.parametrize(("words", "differs"), [
    ("Ukraine agreed to an unconditional ceasefire of 60 days.", ["another number: 60, not 30"]),
    ("Ukraine refused an unconditional ceasefire of 30 days.", ["one of the two denies or refuses"]),
    ("Ukraine did not agree to an unconditional ceasefire of 30 days.", ["one of the two is negated"]),
    ("Today Russia agreed to an unconditional ceasefire of 30 days.", []),
])  # fmt: skip
def test_what_differs_all_the_same_is_named(words, differs):
    assert differences(words, CLAIMS[0]) == differs


def test_a_mistyped_claimant_is_offered_as_known():
    assert meant("Volodymyr Zelenskyy", ["Volodymyr Zelensky", "Vladimir Putin"]) == "Volodymyr Zelensky"
    assert meant("Boris Johnson", ["Vladimir Putin"]) == meant("", ["x"]) == ""
