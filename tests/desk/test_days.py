"""The axis under a band, with idle spans drawn narrow."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from factdesk.desk.days import Axis

FIRST = np.datetime64("2020-01-01")
DAYS = st.lists(st.integers(0, 4_000), min_size=1, max_size=30)


def axis_of(offsets):
    days = FIRST + np.array(sorted(offsets)).astype("timedelta64[D]")
    return days, Axis.of(days, days[-1])


@given(DAYS)
def test_later_days_lie_further_right_and_all_within_the_axis(offsets):
    days, axis = axis_of(offsets)
    at = axis.at(np.arange(days[0], days[-1] + 1))
    assert at[0] == 0 and at[-1] < 1
    assert (np.diff(at) > 0).all()
    assert np.isclose(axis.shares[-1], 1)


@given(DAYS)
def test_nothing_happened_within_a_gap(offsets):
    days, axis = axis_of(offsets)
    for first, end in axis.gaps:
        assert not ((days >= first) & (days < end) & (days != days[-1])).any()


@given(DAYS)
def test_labels_stand_apart(offsets):
    _, axis = axis_of(offsets)
    at = sorted(place for place, _ in axis.labels())
    assert at and (np.diff(at) > 0.08).all()


def test_an_even_axis_where_little_is_idle():
    assert not Axis.of(np.arange(FIRST, FIRST + 100), FIRST + 100).gaps
    assert len(Axis.of(np.array(["NaT"], "datetime64[D]"), FIRST).knots) == 2
