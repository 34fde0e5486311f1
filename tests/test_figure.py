"""A chart made ready for a page: which colours follow the page, and how long its table is."""

import json

import pytest
from drawn import sample, written

import factdesk as fd
from factdesk.figure import ROWS, figure
from factdesk.notebook import AT_ONCE, figure_markup
from factdesk.schema import VOCABULARY


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_a_chart_of_another_theme_keeps_its_colours_and_its_margin(theme):
    """The ground of the dark theme is the ink of the light one: as the page's ink it would be white on white."""
    chart = fd.charts.status_over_time(sample(), theme=theme).to_dict()
    made = figure(chart, VOCABULARY)
    assert not made.follows_the_page
    assert made.spec["background"] == chart["background"]
    assert made.spec["padding"]["left"] == chart["padding"]["left"]
    assert made.title and made.caption and "title" not in made.spec


def test_a_chart_in_light_follows_the_page_whether_or_not_that_was_asked_for():
    for asked in ({}, {"theme": "light"}):
        made = figure(fd.charts.status_over_time(sample(), **asked).to_dict(), VOCABULARY)
        assert made.spec["background"] == "var(--bg, #ffffff)"


def charted(count: int) -> dict:
    return {
        "usermeta": {"factdesk": {"columns": ["n"]}},
        "datasets": {"a": [{"n": n, "x": n} for n in range(count)]},
        "layer": [{"data": {"name": "a"}, "mark": "point"}],
    }


def test_of_a_long_table_the_first_rows_are_given_and_the_rest_is_counted():
    made = figure(charted(ROWS + 712), VOCABULARY)
    assert (len(made.rows), made.left_out) == (ROWS, 712)
    markup = figure_markup(made, 0)
    assert f'data-at-last="The first 200 of 912 rows.">The first {AT_ONCE} of 912 rows.</p>' in markup
    assert markup.count("<tr>") == 1 + AT_ONCE


def test_a_table_that_fits_says_nothing_of_its_length():
    made = figure(charted(ROWS), VOCABULARY)
    assert made.left_out == 0
    assert "The first 200" not in figure_markup(made, 0)
    assert "The first" not in figure_markup(figure(charted(AT_ONCE), VOCABULARY), 0)


@pytest.mark.parametrize(
    "noted", [{"made": 3}, {"made": {"options": []}}, {"made": {"options": {"theme": {}}}}]
)
def test_what_a_chart_notes_may_be_of_any_kind(noted):
    assert json.dumps(figure({"usermeta": {"factdesk": noted}, "mark": "bar"}, VOCABULARY).spec)


def test_a_title_in_arabic_is_one_text_again(tmp_path):
    """The mark that holds its lines beneath one another would part it in two, the first on the left."""
    said = "قال الوزير إن الضرائب على الصلب المستورد ستنخفض إلى النصف قبل الصيف وإن ذلك سيكون كافيا للجميع في البلاد كلها"
    claim = {"claim_id": "steel", "claim": said, "claimant": "Radio", "made_on": "2025-03-10"}
    chart = fd.charts.claim_card(written(tmp_path, [claim]), "steel", size="column").to_dict()
    assert len(chart["title"]["text"]) > 1
    made = figure(chart, VOCABULARY)
    assert made.title == said
    assert "\N{LEFT-TO-RIGHT MARK}" not in f"{made.subtitle} {made.caption} {made.label}"
