"""A rating is a status where it says the same; what is only near is left to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.exchange.ratings import match_ratings
from factdesk.schema import VOCABULARY, Status

SCALE = (
    Status("not-rated", "Not rated", settled=False),
    Status("true", "True", rating=5),
    Status("mostly_true", "Mostly True"),
    Status("half-true", "Half True"),
    Status("mostly-false", "Mostly False"),
    Status("false", "False", rating=1),
    Status("pants-fire", "Pants on Fire!", rating=1),
    Status("full flop", "Full Flop", renamed_from=("flip-flop",)),
)


def matched(*words: str, vocabulary=SCALE) -> dict[str, str]:
    found = match_ratings(words, vocabulary)
    return dict(zip(found["rating"], found["status"], strict=True))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Half True", "half-true"),
        ("half_true", "half-true"),
        ("HALF-TRUE ", "half-true"),
        ("“Half true.”", "half-true"),
        ("halfTrue", "half-true"),
        ("TRUE", "true"),
        ("Pants on Fire", "pants-fire"),
        ("pants_on_fire!", "pants-fire"),
        ("barely-true", "mostly-false"),
        ("Barely True", "mostly-false"),
        ("Flip Flop", "full flop"),
        ("refuted", "false"),
        ("Falsch", "false"),
        ("Überwiegend falsch", "mostly-false"),
        ("خطأ", "false"),
    ],
)
def test_the_same_word_is_known_in_any_writing(word, status):
    assert list(matched(word).values()) == [status]


@pytest.mark.parametrize(
    "word",
    ["untrue", "not true", "Half true?", "?true", "~true", "!true", "≠ true", "true/false", "true; false", "nearly true",
     "mostly", "partly false", "misleading", "trues", "Pant on Fire", "half ture", "False (satire)", "4", "3/5", "★★★", "❌",
     "", "n/a", "-", "#REF!", "falsetrue", "true-ish", "<b>true</b>", "x" * 10_000],
)  # fmt: skip
def test_what_is_only_near_is_left_to_be_asked(word):
    found = match_ratings([word], SCALE)
    assert found["status"].tolist() == [""] and found["why"].iloc[0]


def test_each_reason_says_what_to_ask():
    why = match_ratings(
        ["Half true?", "Pant on Fire", "3", "", "barely true", "Flip-Flop", "Nonsense"], SCALE
    )
    assert why.set_index("rating")["why"].to_dict() == {
        "Half true?": "its signs may turn it: is it 'half-true'?",
        "Pant on Fire": "no status has this name; is it 'Pants on Fire!'?",
        "3": "it is a number or sign: say which status each step is",
        "": "it says nothing: no status is given",
        "barely true": "it is 'mostly-false' in other words",
        "Flip-Flop": "it is an earlier name",
        "Nonsense": "no status has this name",
    }


def test_a_name_of_the_vocabulary_goes_before_other_words_for_it():
    own = (Status("barely true", "Barely true"), Status("mostly false", "Mostly false"))
    assert matched("barely true", "Mostly-false", vocabulary=own) == {
        "barely true": "barely true",
        "Mostly-false": "mostly false",
    }
    renamed = (Status("mostly false", "Mostly false", renamed_from=("barely true",)), Status("true", "True"))
    assert matched("barely true", vocabulary=renamed) == {"barely true": "mostly false"}


def test_a_word_that_two_statuses_go_by_is_neither():
    both = (Status("half-true", "x"), Status("half true", "y"), Status("wrong", "z"), Status("falso", "w"))
    assert matched("Half True", "false", "half true", vocabulary=both) == {
        "Half True": "",
        "false": "",
        "half true": "half true",
    }


def test_ratings_are_counted_by_their_words_and_the_most_used_come_first():
    found = match_ratings(["False ", "False", "TRUE", " False", "x"], VOCABULARY)
    assert found["rating"].tolist() == ["False", "TRUE", "x"] and found["rows"].tolist() == [3, 1, 1]
    assert found["status"].tolist() == ["refuted", "supported", ""]
    assert len(match_ratings([], SCALE)) == 0 and len(match_ratings(["a"], ())) == 1


@given(st.text(max_size=30))
def test_no_word_becomes_a_status_but_by_its_letters(word):
    for rating, status in matched(word).items():
        if status:
            assert any(letter.isalpha() for letter in rating) and "?" not in rating
