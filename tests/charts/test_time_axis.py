"""The days of a chart."""

import re

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

import factdesk as fd
from factdesk.charts.status_over_time import status_over_time
from factdesk.charts.time_axis import DAY, Days, time_axis

AS_OF = pd.Timestamp("2026-11-24")
BUSY_MARCH = [*pd.date_range("2025-03-11", "2025-03-28"), "2025-08-15", "2025-09-03"]
DAYS = st.lists(st.dates(pd.Timestamp("2015-01-01").date(), AS_OF.date()), min_size=1, max_size=30)


def placed(axis, day):
    """Where Vega puts a day: its share of the plot's width, read from the scene graph."""
    frame = pd.DataFrame({"date": pd.to_datetime([day])})
    chart = axis.on(alt.Chart(frame).mark_rule(color="#123456"), "date").properties(width=1000, height=20)
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    return float(re.search(r'<line [^>]*transform="translate\(([\d.]+),[^>]*stroke="#123456"', svg)[1]) / 1000


def test_a_ledger_that_is_idle_for_most_of_its_days_has_gaps():
    axis = time_axis(BUSY_MARCH, AS_OF)
    assert len(axis.gaps) == 2
    assert "30 March" in axis.note or "March 2025" in axis.note


@pytest.mark.parametrize(
    "busy",
    [
        pd.date_range("2020-01-01", AS_OF, freq="MS"),  # something happens every month
        pd.date_range("2025-02-20", "2025-09-01", freq="W"),  # fifteen idle months: that is the story
        ["2026-11-20", "2026-11-21", "2026-11-24"],  # a first week
        [AS_OF],
    ],
)
def test_an_axis_is_even_otherwise(busy):
    assert time_axis(busy, AS_OF).gaps == ()


def test_gaps_are_drawn_or_not_as_asked():
    quiet = pd.date_range("2024-01-01", "2024-07-01", freq="W")
    assert time_axis(quiet, AS_OF, gaps=True).gaps
    assert time_axis(BUSY_MARCH, AS_OF, gaps=False).gaps == ()


@given(DAYS, st.sampled_from(["auto", True, False]))
def test_days_keep_their_order_and_every_stretch_has_one_scale(days, gaps):
    axis = time_axis(days, AS_OF, gaps=gaps)
    every = pd.date_range(axis.first, axis.last)
    shares = axis.shares(every)
    assert shares[0] == 0 and shares[-1] == pytest.approx(1)
    assert (np.diff(shares) > 0).all()
    assert len(axis.gaps) <= 2
    outside = [not any(a <= day < b for a, b in axis.gaps) for day in every[:-1]]
    steps = np.diff(shares)[outside]
    assert np.allclose(steps, steps[0]) if len(steps) else True
    # No span of its own for the last day alone.
    assert all(b == axis.last or axis.last - b > 2 * DAY for _, b in axis.gaps)


@given(DAYS, st.sampled_from([True, False]))
def test_an_axis_is_read_back_as_it_was_noted(days, gaps):
    axis = time_axis(days, AS_OF, gaps=gaps)
    assert Days.read(axis.record) == axis


@pytest.mark.parametrize("day", ["2025-03-11", "2025-03-20", "2025-06-01", "2025-08-15", "2026-01-01"])
def test_vega_puts_a_day_where_the_axis_has_it(day):
    axis = time_axis(BUSY_MARCH, AS_OF)
    assert placed(axis, day) == pytest.approx(axis.shares([day])[0], abs=0.002)


def test_a_span_is_shown_evenly_and_ends_with_what_is_known():
    axis = time_axis(BUSY_MARCH, AS_OF, span=("2025-03-01", "2027-01-01"))
    assert (axis.first, axis.as_of, axis.gaps) == (pd.Timestamp("2025-03-01"), AS_OF, ())


@pytest.mark.parametrize(
    "span",
    [
        "2025",
        ("2025-03-01",),
        ("2025-03-02", "2025-03-01"),
        ("2025-02-30", "2025-03-01"),
        (None, None),
        5,
        ("2027-01-01", "2027-02-01"),
    ],
)
def test_a_span_that_is_none_is_refused(span):
    with pytest.raises(fd.FactdeskError, match="span"):
        time_axis(BUSY_MARCH, AS_OF, span=span)


def test_no_day_makes_no_axis():
    assert time_axis([], pd.NaT) is None
    assert time_axis([pd.NaT], AS_OF) is None


@pytest.mark.parametrize("gaps", [True, False])
def test_a_layer_of_one_s_own_lands_on_its_day(sample_ledger, gaps):
    chart = status_over_time(sample_ledger, gaps=gaps)
    axis = fd.charts.days(chart)
    assert bool(axis.gaps) == gaps
    assert fd.charts.days(chart + alt.Chart(pd.DataFrame()).mark_rule()) == axis


def test_charts_without_days_are_refused():
    with pytest.raises(fd.FactdeskError, match="drawn over time"):
        fd.charts.days(alt.Chart(pd.DataFrame()).mark_rule())


@pytest.mark.parametrize(
    ("days", "first", "step"), [(10, "day", 1), (60, "week", 1), (400, "month", 1), (5_000, "year", 2)]
)
def test_an_even_axis_has_ticks_that_suit_its_length(days, first, step):
    axis = time_axis([AS_OF - days * DAY], AS_OF).axis().to_dict()
    assert axis["tickCount"] == {"interval": first, "step": step}


def test_the_first_label_says_the_year():
    labels = time_axis(BUSY_MARCH, AS_OF).axis().to_dict()["labelExpr"]
    assert "Mar 2025" in labels
