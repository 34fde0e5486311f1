"""Events over a chart: each on its day, no words touch, and what can't be one is refused."""

from datetime import date, timedelta
from itertools import combinations

import pandas as pd
import pytest
from drawn import caption, generated, rows, sample, texts
from hypothesis import given
from hypothesis import strategies as st

from factdesk.charts.events import Event, noted, taken
from factdesk.charts.gallery import remade, status_over_time
from factdesk.charts.timeaxis import Window, time_axis
from factdesk.errors import InvalidValue

FIRST, LAST = date(2025, 3, 1), date(2026, 3, 1)
FRAME = pd.DataFrame(
    {"day": [pd.Timestamp("2025-03-18"), "2025-03-13"], "event": ["They speak by telephone", "A visit"]}
)
happenings = st.lists(
    st.builds(
        Event,
        st.dates(FIRST, LAST),
        st.text("abcdefg 汉字", min_size=1, max_size=90).filter(str.strip),
    ),
    max_size=40,
)


@given(happenings, st.lists(st.dates(FIRST, LAST), min_size=1, max_size=20), st.sampled_from([280, 560]))
def test_words_of_events_never_touch_and_stay_inside(events, days, width):
    axis = time_axis(days, LAST, width, start=FIRST)
    found = noted(sorted(events, key=lambda one: one.day), axis, Window(FIRST, LAST, asked=False), room=90)
    assert sorted([*(one.event for one in found.placed), *found.wordless], key=repr) == sorted(
        events, key=repr
    )
    assert found.above <= 6 * 13 + 6 * 3 + 6
    assert found.above == pytest.approx(sum(found.lanes) + (6 if found.lanes else 0))
    for one in found.placed:
        assert one.left >= -1e-6
        assert one.right <= width + 90 + 1e-6
    for one, other in combinations(found.placed, 2):
        assert one.lane != other.lane or one.right <= other.left or other.right <= one.left


def test_each_event_stands_on_its_day_with_its_words():
    chart = status_over_time(sample(), events=FRAME)
    rules = rows(chart, "event", "when")
    assert [(row["when"], row["event"]) for row in rules] == [
        ("13 March 2025", "A visit"),
        ("18 March 2025", "They speak by telephone"),
    ]
    assert "They speak by telephone" in texts(chart)
    assert "Dashed: what happened on a day." in caption(chart)


def test_events_on_other_days_are_counted_and_a_chart_without_any_says_nothing():
    chart = status_over_time(sample(), events=[{"day": "1999-01-01", "event": "Long ago"}])
    assert "1 event outside these days left out." in caption(chart)
    assert "Dashed" not in caption(chart)
    assert "event" not in caption(status_over_time(sample()))


def test_many_events_of_one_day_leave_the_chart_its_height_and_are_told_by_their_rule():
    events = [{"day": "2025-03-18", "event": f"Event number {n:02} of that day"} for n in range(40)]
    plain, chart = (status_over_time(sample(), events=given) for given in (None, events))
    assert chart.padding["top"] - plain.padding["top"] <= 6 * 13 + 6 * 3 + 6
    assert "34 events without room for words." in caption(chart)
    told = rows(chart, "event", "when")
    assert len(told) == 6 + 1
    assert all(any(event["event"] in row["event"] for row in told) for event in events)
    assert len({row["y"] % 5 for row in told}) == 1, "dashes over dashes make no solid line"
    few = status_over_time(sample(), events=events[:3])
    assert "without room" not in caption(few)


def test_an_event_told_at_length_ends_in_an_ellipsis_and_is_told_whole_by_its_rule():
    told = "They speak " + "and speak and speak " * 40
    chart = status_over_time(sample(), events=[{"day": "2025-03-18", "event": told}])
    assert [row["event"] for row in rows(chart, "event", "when")] == [told.strip()]
    shown = [text for text in texts(chart) if "speak" in text]
    assert len(shown) == 4
    assert shown[-1].endswith("…")
    assert "without room" not in caption(chart)


def test_a_chart_with_events_is_redrawn_from_what_a_file_holds():
    chart = status_over_time(sample(), events=FRAME)
    assert remade(sample(), chart.usermeta["factdesk"]["made"]).to_dict() == chart.to_dict()


def test_a_drawing_on_a_slide_makes_room_for_its_events(tmp_path):
    ledger = generated(tmp_path, 40)
    events = [
        {"day": str(FIRST + timedelta(days=n)), "event": f"Event number {n} of that week"}
        for n in range(9, 15)
    ]
    plain, chart = (status_over_time(ledger, size="slide", events=given) for given in (None, events))
    assert chart.height < plain.height
    total = [one.height + one.padding["top"] + one.padding["bottom"] for one in (plain, chart)]
    assert total == [450, 450]


@pytest.mark.parametrize(
    ("events", "allowed"),
    [
        ("summit", "columns day and event"),
        (7, "columns day and event"),
        ([("2025-03-18", "x")], "columns day and event"),
        (pd.DataFrame({"date": ["2025-03-18"]}), "columns day and event"),
        ([{"day": "soon", "event": "x"}], "a day, such as 2025-03-18"),
        ([{"day": None, "event": "x"}], "a day, such as 2025-03-18"),
        ([{"day": "2025-03-18", "event": " \u200b "}], "what happened"),
        (pd.DataFrame({"day": ["2025-03-15", "2025-03-16"], "event": ["x", None]}), "what happened"),
        (pd.DataFrame({"day": ["2025-03-15", "2025-03-16"], "event": ["x", float("nan")]}), "what happened"),
        (pd.DataFrame({"day": ["2025-03-15"], "event": pd.array([pd.NA], "string")}), "what happened"),
        ([{"day": "2025-03-18", "event": None}], "what happened"),
        ([{"day": "2025-03-18", "event": "x"}] * 41, "at most 40"),
    ],
)
def test_what_is_no_event_is_refused_with_what_is(events, allowed):
    with pytest.raises(InvalidValue, match=allowed):
        taken(events)
