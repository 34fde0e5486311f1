"""Quotation marks of every kind, and what looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.articles.quotation_marks import quotations


def inside(text):
    return [text[one.inner_start : one.inner_end] for one in quotations(text)]


@pytest.mark.parametrize(
    "quotation",
    ["“a b”", '"a b"', "''a b''", "``a b''", "‘a b’", "'a b'", "«a b»", "„a b“", "»a b«", "「a b」", "‹a b›"],
)
def test_every_kind_of_mark_is_paired(quotation):
    assert inside(f"One {quotation}, two.") == ["a b"]


def test_a_quotation_within_one_is_part_of_it():
    assert inside("She said: “He told me ‘no way’ twice.”") == ["He told me ‘no way’ twice."]


def test_apostrophes_feet_and_decades_are_no_marks():
    assert inside("It’s the leaders' summit of the '90s. Don't ask 'em. The 6'2\" man can't.") == []


def test_a_possessive_within_single_marks_does_not_end_them():
    assert inside("'The leaders' plan failed,' he said.") == ["The leaders' plan failed,"]


def test_a_quotation_left_open_runs_on_only_into_a_paragraph_that_opens_with_a_mark():
    text = "“One two.\n\n“Three four.”"
    assert [(one.runs_on, text[one.start : one.end]) for one in quotations(text)] == [
        (True, "“One two."),
        (False, "“Three four.”"),
    ]
    assert inside("“One two.\n\nThree four.") == []


@given(st.text(alphabet="ab .\n\"'“”‘’«»`", max_size=60))
def test_quotations_are_in_order_apart_and_within_the_text(text):
    at = 0
    for one in quotations(text):
        assert at <= one.start < one.inner_start <= one.inner_end <= one.end <= len(text)
        at = one.end
