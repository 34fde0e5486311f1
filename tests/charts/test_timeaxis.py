"""The time axis: spans are found from the days, whatever the days are, and nothing is left out."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.charts.timeaxis import (
    GAP,
    LAST_STEP,
    LAST_WIDTH,
    TimeAxis,
    period_start,
    spoken_length,
    time_axis,
    window,
)
from factdesk.errors import InvalidValue
from factdesk.formats import spoken_days
from factdesk.schema import PERIODS

WIDTH = 540
SEEDS = range(5)
some_days = st.lists(st.dates(date(1900, 1, 1), date(2100, 12, 31)), min_size=1, max_size=60)
# Bursts: a few places in time with days close around each.
bursts = st.lists(
    st.tuples(
        st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.lists(st.integers(0, 30), min_size=1, max_size=15)
    ),
    min_size=1,
    max_size=4,
).map(lambda groups: [start + timedelta(days=n) for start, offsets in groups for n in offsets])
days_of_all_kinds = st.one_of(some_days, bursts)


def burst(start: date, seed: int, count: int = 12, length: int = 14) -> list[date]:
    random = Random(seed)
    return [start, *(start + timedelta(days=random.randrange(length)) for _ in range(count))]


def drawn(days: list[date], until: date, **more) -> TimeAxis:
    return time_axis(days, until, WIDTH, **more)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("start", [date(2025, 3, 10), date(1999, 12, 20)])
def test_one_burst_gets_a_scale_of_its_own_and_the_quiet_after_it_little_room(start, seed):
    axis = drawn(burst(start, seed), start + timedelta(days=600))
    busy, quiet = axis.panels
    assert (busy.busy, quiet.busy) == (True, False)
    assert busy.right - busy.left > WIDTH / 2
    assert (busy.stop - busy.start) < 25


@pytest.mark.parametrize("seed", SEEDS)
def test_each_of_three_bursts_gets_a_scale_of_its_own(seed):
    starts = [date(2023, 3, 1), date(2024, 3, 5), date(2025, 6, 1)]
    axis = drawn([day for start in starts for day in burst(start, seed)], date(2025, 9, 1))
    panels = [panel for panel in axis.panels if panel.busy]
    assert len(panels) == 3
    assert all(
        panel.start <= start.toordinal() < panel.stop for start, panel in zip(starts, panels, strict=True)
    )
    assert all(panel.stop - panel.start < 25 for panel in panels)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_burst_and_a_few_days_long_after_are_both_seen(seed):
    later = [date(2025, 8, 16), date(2025, 9, 4), date(2025, 9, 5)]
    axis = drawn(burst(date(2025, 3, 11), seed) + later, date(2026, 11, 24))
    assert 3 <= len(axis.panels) <= 4
    assert axis.scale_on(date(2025, 3, 12)) > 8
    places = [axis.place(day) for day in later]
    assert places[1] - places[0] > 8


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("length", [300, 7300])
def test_days_without_a_burst_lie_on_an_even_axis(seed, length):
    random = Random(seed)
    start = date(2005, 1, 1)
    days = [start + timedelta(days=random.randrange(length)) for _ in range(60)]
    assert len(drawn(days, start + timedelta(days=length)).panels) == 1


def test_twenty_years_and_a_burst_at_their_end_are_both_seen():
    random = Random(7)
    old = [date(2005, 1, 1) + timedelta(days=random.randrange(7000)) for _ in range(12)]
    axis = drawn(old + burst(date(2024, 12, 1), 3), date(2025, 1, 1))
    assert axis.scale_on(date(2024, 12, 2)) > 8
    assert axis.place(date(2024, 12, 1)) > WIDTH / 4


def test_one_day_is_as_wide_as_the_drawing_and_marked_at_its_middle():
    axis = drawn([date(2025, 3, 15)], date(2025, 3, 15))
    assert [(tick.text, tick.at) for tick in axis.ticks()] == [("15", WIDTH / 2), ("March 2025", WIDTH / 2)]


def test_no_days_at_all_still_give_an_axis():
    assert drawn([], date(2025, 3, 15)).first == date(2025, 3, 15)


@pytest.mark.parametrize("last", [date(9998, 12, 31), date(1000, 1, 2)])
def test_the_first_and_last_days_that_can_be_written_can_be_drawn(last):
    axis = drawn([date(1000, 1, 1)], last)
    assert (axis.first, axis.last) == (date(1000, 1, 1), last)
    assert axis.ticks()


def test_an_even_axis_has_one_scale_whatever_happens():
    assert len(drawn(burst(date(2025, 3, 1), 1), date(2026, 11, 24), even=True).panels) == 1


@given(days_of_all_kinds, st.integers(0, 2000), st.booleans())
def test_panels_lie_side_by_side_and_leave_no_day_out(days, more, ends):
    until = max(days) + timedelta(days=more)
    axis = drawn(days, until, ends=ends)
    assert (axis.first, axis.last) == (min(days), until)
    assert axis.width == pytest.approx(WIDTH)
    for left, right in pairwise(axis.panels):
        assert left.stop == right.start
        assert right.left - left.right == pytest.approx(GAP, abs=0.02)
    *others, last = axis.panels
    assert all(panel.right - panel.left > 40 for panel in others)
    assert last.right - last.left >= (LAST_WIDTH if ends else 40)


@given(days_of_all_kinds, st.integers(0, 2000), st.booleans())
def test_a_later_day_lies_further_right_and_each_pixel_stands_for_one_moment(days, more, ends):
    axis = drawn(days, max(days) + timedelta(days=more), ends=ends)
    places = [axis.place(day) for day in sorted(set(days))]
    assert all(a < b for a, b in pairwise(places))
    moments = [moment for moment, _ in axis.stops]
    assert all(a < b for a, b in pairwise(moments))
    middle = axis.width * 0.37
    assert (
        axis.moment_at(middle)
        == sorted([axis.moment_at(middle - 1), axis.moment_at(middle), axis.moment_at(middle + 1)])[1]
    )


@given(days_of_all_kinds, st.integers(0, 2000), st.booleans())
def test_what_holds_since_the_last_change_is_wide_enough_to_be_seen_where_that_is_asked_for(days, more, ends):
    until = max(days) + timedelta(days=more)
    axis = drawn(days, until, ends=ends)
    wide = sum(right - left for left, right in axis.pieces(max(days), until))
    assert wide >= LAST_STEP or not ends
    if axis != drawn(days, until):  # only then, and only for it
        assert axis.panels[-1].first == max(days)
        assert axis.panels[-1].right - axis.panels[-1].left == pytest.approx(LAST_WIDTH)
        last = drawn(days, until).pieces(max(days), until)
        assert sum(right - left for left, right in last) < LAST_STEP


@given(days_of_all_kinds, st.integers(0, 2000), st.sampled_from([300, WIDTH, 1000]), st.booleans())
def test_words_under_the_axis_never_touch_and_stay_inside(days, more, width, ends):
    axis = time_axis(days, max(days) + timedelta(days=more), width, ends=ends)
    ticks = axis.ticks()
    assert any(tick.at >= axis.panels[-1].left for tick in ticks)
    for row in (0, 1):
        reaches = sorted(tick.reach for tick in ticks if tick.row == row)
        assert all(a[1] < b[0] for a, b in pairwise(reaches))
        assert all(left >= -3 and right <= width + 3 for left, right in reaches)


@given(days_of_all_kinds, st.integers(0, 2000), st.sampled_from(PERIODS))
def test_the_scale_changes_only_where_a_period_begins(days, more, every):
    axis = drawn(days, max(days) + timedelta(days=more), every=every)
    assert all(panel.start == period_start(panel.start, every) for panel in axis.panels)


@given(days_of_all_kinds)
def test_the_same_days_give_the_same_axis_in_any_order(days):
    until = max(days) + timedelta(days=400)
    assert drawn(days, until) == drawn(list(reversed(days)), until)


def test_the_caption_names_every_span_and_says_where_nothing_changes():
    axis = drawn(burst(date(2025, 3, 10), 1), date(2026, 11, 24))
    told = axis.told()
    assert told.startswith("Time runs at two scales, changing at the gaps: 10 ")
    assert told.endswith("to 24 November 2026 (no change).")
    assert drawn([date(2025, 3, 10)], date(2025, 3, 12)).told() == ""


def test_spans_of_days_are_said_as_people_say_them():
    assert spoken_days(date(2025, 3, 15), date(2025, 3, 15)) == "15 March 2025"
    assert spoken_days(date(2025, 3, 15), date(2025, 4, 2)) == "15 March to 2 April 2025"
    assert spoken_days(date(2024, 12, 31), date(2025, 1, 1)) == "31 December 2024 to 1 January 2025"
    assert [spoken_length(days) for days in (1, 45, 100, 3650)] == [
        "1 day",
        "45 days",
        "3 months",
        "10 years",
    ]


def test_a_window_ends_with_what_is_known():
    as_of = date(2025, 9, 1)
    assert window([date(2025, 3, 1), date(2026, 1, 1)], as_of, None).told() == "1 March to 1 September 2025"
    assert window([date(2025, 3, 1)], as_of, ("2025-08-01", "2030-01-01")).last == as_of
    assert window([], as_of, None) is None
    assert window([], None, None) is None


@pytest.mark.parametrize(
    "span",
    [
        ("2025-03-02", "2025-03-01"),
        ("2025-03-01",),
        "2025",
        ("14/03/2025", "2025-04-01"),
        ("2026-01-01", "2026-02-01"),
        ("2025-01-01", "2025-02-01"),
        7,
        (["2025-03-01"], "2025-03-02"),
    ],
)
def test_a_span_that_is_none_is_refused(span):
    with pytest.raises(InvalidValue, match="span"):
        window([date(2025, 3, 1)], date(2025, 9, 1), span)


def test_a_few_days_of_change_on_a_coarse_scale_are_named_themselves():
    march = [date(2025, 3, day) for day in (13, 14, 18, 19)]
    for width in (220, 350, 500):
        axis = time_axis([*march, date(2025, 8, 16)], date(2026, 11, 24), width)
        at = axis.place(date(2025, 8, 16)) + axis.scale_on(date(2025, 8, 16)) / 2
        said = {(tick.row, tick.text) for tick in axis.ticks() if abs(tick.at - at) < 0.1}
        assert said >= {(0, "16 Aug"), (1, "2025")}


@pytest.mark.parametrize(("width", "ticks"), [(60, 14), (540, 14), (30, 0)])
def test_months_have_ticks_without_words_where_there_is_room(width, ticks):
    axis = time_axis([date(2025, 1, 1)], date(2026, 2, 10), width, even=True)
    assert len(axis.months()) == ticks
    assert time_axis([date(2025, 1, 1)], date(2025, 1, 20), width, even=True).months() == []


@given(days_of_all_kinds, st.integers(0, 2000), st.sampled_from([300, WIDTH, 1000]), st.booleans())
def test_no_year_stands_beneath_nothing(days, more, width, ends):
    ticks = time_axis(days, max(days) + timedelta(days=more), width, ends=ends).ticks()
    above = {tick.at for tick in ticks if tick.row == 0}
    assert all(tick.at in above for tick in ticks if tick.row == 1)


def test_a_long_months_name_in_the_last_narrow_panel_stays_inside():
    days = [date(1999, 1, 1), date(2000, 1, 1), date(2000, 1, 2), date(2000, 9, 2)]
    assert all(tick.reach[1] <= 303 for tick in time_axis(days, days[-1], 300).ticks())


def test_a_refused_span_is_told_what_is_wrong_with_it():
    known, as_of = [date(2025, 3, 1), date(2025, 4, 1)], date(2025, 9, 1)
    with pytest.raises(InvalidValue, match="the calendar has no 2025-02-30"):
        window(known, as_of, ("2025-02-28", "2025-02-30"))
    for nothing in (("2026-01-01", "2026-02-01"), ("2024-01-01", "2025-02-28")):
        with pytest.raises(InvalidValue, match="days that the ledger covers, 2025-03-01 to 2025-09-01"):
            window(known, as_of, nothing)
    with pytest.raises(InvalidValue, match="a first day that is not after the last"):
        window(known, as_of, ("2025-08-02", "2025-08-01"))
