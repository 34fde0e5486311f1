"""A notebook set as an article: charts of plain Altair, widgets, formulas, tables and headings."""

import re

import altair as alt
import nbformat.v4 as v4
import pandas as pd
import pytest

from factdesk.pages.article import typeset
from factdesk.pages.html import document
from factdesk.pages.widgets import STATES

HOSTILE = 'x</script><script>window.ran = 1</script> })({"a": 1})'


def altair_html(**options: object) -> str:
    frame = pd.DataFrame({"a": [HOSTILE, "y"], "b": [1, 2]})
    chart = alt.Chart(frame).mark_bar().encode(x="b", y="a")
    return chart.to_html(fullhtml=False, **options)


def set_(*data: dict, source: str = "") -> object:
    outputs = [v4.new_output("display_data", one) for one in data]
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(source), v4.new_code_cell("", outputs=outputs)])
    return typeset(notebook)


@pytest.mark.parametrize("options", [{}, {"inline": True}], ids=["from a network", "inline"])
def test_a_chart_of_a_notebook_that_does_not_know_us_is_drawn_from_its_html(options):
    article = set_({"text/html": altair_html(**options), "text/plain": "alt.Chart(...)"})
    [chart] = article.charts
    assert chart.kind == "vega-lite"
    [rows] = chart.spec["datasets"].values()
    assert rows[0]["a"] == HOSTILE
    page = document("T", f"<main>{article.body}</main>", charts=article.charts)
    assert "<script>window" not in page
    assert "jsdelivr" not in page


@pytest.mark.parametrize(
    "markup", ["vegaEmbed })({", "vegaEmbed })({}", 'vegaEmbed spec = {"$schema": 3}', "<b>vegaEmbed</b>"]
)
def test_html_that_only_looks_like_a_chart_is_html(markup):
    article = set_({"text/html": markup})
    assert article.charts == []
    assert "vegaEmbed" in article.body


def test_a_widget_shows_what_it_stood_at():
    notebook = v4.new_notebook(cells=[v4.new_code_cell("slider", outputs=[v4.new_output("display_data", {
        "application/vnd.jupyter.widget-view+json": {"model_id": "m", "version_major": 2}, "text/plain": "IntSlider(value=3)",
    })])])  # fmt: skip
    assert "It needs the notebook itself" in typeset(notebook).body
    state = {"model_name": "IntSliderModel", "state": {"description": "How many", "value": 3}}
    notebook.metadata["widgets"] = {STATES: {"state": {"m": state}}}
    body = typeset(notebook).body
    assert "<p>How many: <b>3</b></p>" in body
    assert "needs the notebook" not in body


def test_formulas_are_set_and_money_is_not():
    body = set_(
        {"text/latex": r"$\displaystyle \frac{a}{b}$"},
        source="It cost $5, or $10 a day.\n\n$$\\int x\\,dx$$ and $n^2$",
    ).body
    assert "It cost $5, or $10 a day." in body
    assert body.count("<math") == 3
    assert "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>" in body


def test_json_is_shown_as_text():
    assert (
        "<pre>{\n  &quot;a&quot;: &quot;&lt;b&gt;&quot;\n}</pre>"
        in set_({"application/json": {"a": "<b>"}}).body
    )


def test_columns_of_a_table_in_words_keep_their_side_and_no_markup_has_a_look_of_its_own():
    article = set_(source="# T\n\n| a | b |\n|---|--:|\n| 1 | 2 |")
    page = document("T", f"<main>{article.body}</main>")
    assert not re.search(r"<\w+[^>]*\sstyle=", page)
    assert "text-align:right" in page


def test_headings_end_as_they_begin():
    body = set_(source="# Title\n\n## Part\n\n###### Deep").body
    assert re.findall(r"<(/?h\d)", body) == ["h2", "/h2", "h3", "/h3"]
