"""Charts in a notebook: a form that JupyterLab draws by itself, a small picture, and words."""

import base64
import io
import re
import subprocess
import sys

import altair as alt
import nbformat
import nbformat.v4 as v4
import pytest
from drawn import ROOT, sample
from lab import window
from nbclient import NotebookClient
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


def test_a_notebook_takes_it_and_a_rerun_gives_no_difference(tmp_path):
    code = f"import factdesk as fd\nfd.charts.timeline(fd.open({str(ROOT / 'claims.csv')!r}), 'trump-positive-signals')"
    outputs = []
    for _ in range(2):
        notebook = v4.new_notebook(cells=[v4.new_code_cell(code)])
        NotebookClient(notebook, timeout=120).execute(cwd=str(tmp_path))
        nbformat.validate(notebook)
        outputs.append(notebook.cells[0].outputs[0]["data"])
    assert outputs[0] == outputs[1]
    assert CHART in outputs[0]


def test_a_chart_whose_data_lie_elsewhere_is_shown_without_a_picture():
    spec = {"mark": "bar", "data": {"url": "no-such-file.csv"}, "description": "Elsewhere"}
    bundle, size = display.render(spec)
    assert (bundle["text/plain"], size) == ("Elsewhere", {})
    assert "image/png" not in bundle


@pytest.mark.parametrize(("chosen", "active"), [("", "factdesk"), ("alt.renderers.enable('json')", "json")])
def test_it_is_used_unless_another_way_was_chosen(chosen, active):
    code = f"import altair as alt\n{chosen}\nimport factdesk as fd\nfd.charts.CHARTS\nprint(alt.renderers.active)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == active


def test_any_altair_chart_is_shown_this_way():
    bundle, _ = alt.Chart(alt.InlineData(values=[{"a": 1}])).mark_bar().encode(x="a:Q")._repr_mimebundle_()
    assert {CHART, "image/png"} <= set(bundle)


@pytest.mark.browser
def test_jupyterlab_draws_it_without_a_network(lab, chromium):
    opened = f"import factdesk as fd\nledger = fd.open({str(ROOT / 'claims.csv')!r})"
    lab.write("charts.ipynb", f"{opened}\nfd.charts.status_over_time(ledger)", "fd.charts.timeline(ledger)")
    with window(chromium) as page:
        lab.open(page, "charts.ipynb")
        lab.run_all(page)
        drawn = page.locator(".jp-OutputArea-output .vega-embed :is(canvas, svg.marks)")
        drawn.nth(1).wait_for()
        box = drawn.first.bounding_box()
        assert (box["width"], drawn.count()) == (700, 2)
        page.mouse.move(box["x"] + 100, box["y"] + 295)
        page.mouse.move(box["x"] + 104, box["y"] + 296)
        tooltip = page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        assert re.search(r"from:\s+\d+ March 2025\s+unverified:\s+\d", tooltip.inner_text())
        assert page.asked == []
