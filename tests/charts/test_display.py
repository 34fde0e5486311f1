"""Charts in a notebook: a form that JupyterLab draws by itself, a small picture, and words."""

import base64
import io

import altair as alt
import pytest
import vl_convert
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


@pytest.mark.parametrize("chart", [charts.status_over_time, charts.claimants, charts.repeats])
def test_a_chart_of_no_width_asked_for_takes_that_of_its_cell_and_compiles_to_a_chart_that_can(
    chart, monkeypatch
):
    monkeypatch.setattr(display, "picture", lambda *_: bytes(24))  # it is not what is looked at
    drawn = chart(sample())
    options = drawn._repr_mimebundle_()[1][CHART]["embed_options"]
    remove, add = options["patch"]
    vega = vl_convert.vegalite_to_vega(drawn.to_dict())
    assert remove == {"op": "remove", "path": "/width"} and "width" in vega
    assert add["path"] == ("/signals/0" if vega.get("signals") else "/signals")
    for asked in (drawn.properties(width=900), chart(sample(), width=640), chart(sample(), size="slide")):
        assert CHART not in asked._repr_mimebundle_()[1]


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
