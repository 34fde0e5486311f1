"""What makes a sentence worth checking, and what makes it no thing to check."""

import pytest

from factdesk.articles.worth import checkable, found, reasons, worth


def test_figures_are_worth_more_than_wishes():
    assert worth("Exports fell by 12 percent in 2019.") > 0.7
    assert worth("I hope you will be well.") < 0.1


def test_the_reasons_add_up_to_the_points():
    sentence = "Did taxes rise by 3 percent?"
    assert sum(float(part.rsplit(" ", 1)[1]) for part in reasons(sentence).split(", ")) == sum(
        mark.points for mark in found(sentence)
    )


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("Did taxes rise?", "question"),
        ("Taxes will rise by 3 percent.", "prediction"),
        ("I remember how my father paid for it.", "experience"),
        ("Taxes should be lower.", "opinion"),
        ("Taxes rose by 3 percent.", "yes"),
    ],
)
def test_what_can_not_be_checked_says_why(statement, why):
    assert checkable(statement) == why
