"""Charts in a notebook: a form that JupyterLab draws by itself, a small picture, and words."""

import base64
import io

import altair as alt
import pytest
from drawn import sample
from PIL import Image

from factdesk import charts
from factdesk.charts import display

CHART = "application/vnd.vegalite.v5+json"


@pytest.fixture(scope="module")
def shown():
    return charts.status_over_time(sample())._repr_mimebundle_()


def test_a_chart_is_shown_as_itself_as_a_picture_and_in_words(shown):
    bundle, size = shown
    assert set(bundle) == {CHART, "image/png", "text/plain"}
    assert bundle[CHART]["$schema"].endswith("/vega-lite/v5.json")
    assert bundle["text/plain"].startswith("Claims in each status, by day")
    picture = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert size["image/png"]["width"] == 700
    assert picture.width == 1050
    assert len(bundle["image/png"]) < 60_000


def test_the_same_chart_is_shown_by_the_same_bytes(shown):
    assert charts.status_over_time(sample())._repr_mimebundle_() == shown


def test_a_chart_whose_data_lie_elsewhere_is_shown_without_a_picture():
    spec = {"mark": "bar", "data": {"url": "no-such-file.csv"}, "description": "Elsewhere"}
    bundle, size = display.render(spec)
    assert (bundle["text/plain"], size) == ("Elsewhere", {})
    assert "image/png" not in bundle


@pytest.mark.parametrize(("chosen", "active"), [("default", "factdesk"), ("json", "json")])
def test_it_is_used_unless_another_way_was_chosen(chosen, active):
    with alt.renderers.enable(chosen):
        display.enable()
        assert alt.renderers.active == active


def test_any_altair_chart_is_shown_this_way():
    bundle, _ = alt.Chart(alt.InlineData(values=[{"a": 1}])).mark_bar().encode(x="a:Q")._repr_mimebundle_()
    assert {CHART, "image/png"} <= set(bundle)
