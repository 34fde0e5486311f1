"""Sharing: what a page holds, what it refuses, and what it does in a real browser without a network."""

import asyncio
import base64
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import altair as alt
import nbformat
import nbformat.v4 as v4
import pandas as pd
import pytest
from drawings import DRAWINGS, drawing
from hypothesis import given
from hypothesis import strategies as st
from lab import watched
from nbclient import NotebookClient
from PIL import Image

from factdesk import charts, errors
from factdesk.charts.display import render
from factdesk.desk.workbench import workbench
from factdesk.frames import LedgerFrame
from factdesk.ledger.opening import create
from factdesk.ledger.opening import open as open_ledger
from factdesk.pages.article import AT_ONCE, typeset
from factdesk.pages.figure import figure, lighter
from factdesk.pages.html import clean, document, escape, inert_json, is_safe_link, plain
from factdesk.pages.run import _failing_line
from factdesk.pages.share import share

SAMPLE = Path(__file__).parents[2] / "claims.csv"
HOSTILE = (
    '</script><script>document.title="ran"</script><img src=x onerror="document.title=\'ran\'">'
    '<a href="javascript:document.title=1">x</a><!--<script>'
)


def picture(colour="red"):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(drawn, "PNG")
    return base64.b64encode(drawn.getvalue()).decode()


def bundle(data):
    return v4.new_output("display_data", data)


def shown(*outputs, source="show()"):
    return v4.new_code_cell(source, outputs=list(outputs))


def written(path, *cells, **metadata):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=list(cells), metadata=metadata), path)
    return path


def page_of(folder, *cells, **metadata):
    """The text of the page of a notebook of these cells, which are not run."""
    return share(written(folder / "a.ipynb", *cells, **metadata), folder, execute=False)[0].read_text()


def chart(claim="Talks were productive", **more):
    rows = pd.DataFrame({"day": ["2025-03-13", "2025-03-14"], "claims": [3, 4], "claim": [claim, claim]})
    made = alt.Chart(rows, **({"width": 300, "title": "Claims by day", "description": "Two bars."} | more))
    return made.mark_bar().encode(x="day:O", y="claims:Q", tooltip=["claim:N", "claims:Q"]).to_dict()


def charted(spec, **more):
    return bundle({"application/vnd.vegalite.v5+json": spec, "text/plain": "a chart"} | more)


def body(*cells):
    return typeset(v4.new_notebook(cells=list(cells))).body


class Tags(HTMLParser):
    """The elements of a page and their attributes, as a parser sees them."""

    def __init__(self, text):
        super().__init__()
        self.seen = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def __getitem__(self, tag):
        return [attributes for name, attributes in self.seen if name == tag]


# ---- running and writing ----


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder of a notebook that says much of where it runs, and its pages of two runs, the first from within Jupyter."""
    folder = tmp_path_factory.mktemp("ran") / "Ada's case"
    code = (
        "import os, json, warnings\nfrom pathlib import Path\nprint(open('words.txt').read())",
        "print(os.getcwd(), Path.home() / 'x.csv')\nwarnings.warn('careful')",
        "print(json.__file__, Path.cwd().as_uri() + '/b.csv')\nprint('https://example.org' + os.getcwd())",
        "Path.cwd() / 'status.png'",
    )
    cells = [v4.new_markdown_cell("# Who said what?"), *map(v4.new_code_cell, code)]
    source = written(folder / "01-who-said-what.ipynb", *cells)
    (folder / "words.txt").write_text("from beside the notebook")

    async def inside():
        return share(source, folder / "one")

    with ThreadPoolExecutor(1) as thread:  # in this one another test's browser may have a loop running
        first = thread.submit(asyncio.run, inside()).result()
    return folder, source.read_bytes(), [*first, *share(source, folder / "two")]


def test_a_notebook_is_run_in_its_own_folder_and_left_as_it_is_also_from_within_jupyter(ran):
    folder, stood, pages = ran
    assert pages == [folder / name / "01-who-said-what.html" for name in ("one", "two")]
    assert "<pre>from beside the notebook</pre>" in pages[0].read_text()
    assert (folder / "01-who-said-what.ipynb").read_bytes() == stood
    assert list((folder / "one").iterdir()) == pages[:1]


def test_the_same_notebook_gives_the_same_bytes(ran):
    first, second = (page.read_bytes() for page in ran[2])
    assert first == second


def test_nothing_of_the_author_s_machine_is_in_a_page(ran):
    folder, _, (page, _) = ran
    text = page.read_text()
    assert "status.png" in text and "careful" in text
    without_address = re.sub(r"https://example\.org\S*", "", text)
    for place in (folder, folder.parent, Path.home(), Path(json.__file__).parent, "ipykernel"):
        assert str(place) not in without_address
        assert Path(str(place)).as_posix() not in without_address


def test_a_failing_cell_is_named_in_one_sentence_and_the_old_page_stays(tmp_path):
    source = written(tmp_path / "a.ipynb", v4.new_markdown_cell("# One"))
    page = share(source, tmp_path, execute=False)[0]
    before = page.read_bytes()
    code = "which = 'a part'\nraise ValueError(f'Choose {which} with where.')"
    written(source, v4.new_markdown_cell("# Two"), v4.new_code_cell(code))
    with pytest.raises(errors.NotebookFailed) as failed:
        share(source, tmp_path)
    assert (failed.value.cell, failed.value.notebook) == (2, str(source))
    assert failed.value.error == "ValueError: Choose a part with where"
    assert "ValueError: Choose a part with where. No page" in str(failed.value)
    assert "cell 2 (`raise ValueError(f'Choose {which} with where.')`)" in str(failed.value)
    assert page.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.ipynb"]


def test_a_failing_cell_is_named_by_the_line_that_failed():
    failing = {
        "\n\nx = 1\nif x:\n    x = {}[x]\nprint(x)": "x = {}[x]",
        "x = 1\ny = = x": "y = = x",
        "def f():\n    return 1 / 0\n\n\nf()": "f()",
        "%%time\n\n1 / 0": "%%time",  # Python's trace names no line of the cell
        "print('Cell In[1], line 1')\n1 / 0": "1 / 0",
    }
    notebook = v4.new_notebook(cells=[v4.new_code_cell(code) for code in failing])
    with ThreadPoolExecutor(1) as thread:
        thread.submit(NotebookClient(notebook, allow_errors=True).execute).result()
    assert [_failing_line(cell) for cell in notebook.cells] == list(failing.values())


def test_a_cell_that_takes_too_long_fails(tmp_path):
    source = written(tmp_path / "a.ipynb", v4.new_code_cell("import time\ntime.sleep(60)"))
    with pytest.raises(errors.NotebookFailed, match=r"cell 1 .* longer than 1 seconds"):
        share(source, tmp_path, timeout=1)


def test_a_missing_kernel_is_named(tmp_path):
    source = written(
        tmp_path / "a.ipynb", v4.new_code_cell("1"), kernelspec={"name": "no-such", "display_name": ""}
    )
    with pytest.raises(errors.NotebookFailed, match="no kernel 'no-such'"):
        share(source, tmp_path)


def test_of_a_folder_with_failing_notebooks_the_others_become_pages_and_all_that_failed_are_named(tmp_path):
    fails_as_it_is_shown = "class Shy:\n    def _repr_html_(self): return {}[1]\nShy()"
    for name, cell in {"a": "1 / 0", "c": fails_as_it_is_shown}.items():
        written(tmp_path / "in" / f"{name}.ipynb", v4.new_code_cell(cell))
    written(tmp_path / "in" / "b.ipynb", v4.new_markdown_cell("# Sound"))
    (tmp_path / "in" / "d.ipynb").write_text("{")
    with pytest.raises(errors.NotebooksFailed) as failed:
        share(tmp_path / "in", tmp_path / "site")
    assert "3 of 4 notebooks failed" in str(failed.value)
    for name, why in {"a": "ZeroDivisionError", "c": "KeyError: 1", "d": "no JSON"}.items():
        assert re.search(rf"{name}\.ipynb.*{why}", str(failed.value))
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["b.html", "index.html"]
    assert "a.html" not in (tmp_path / "site" / "index.html").read_text()


LOST = {
    "Plotly": {"application/vnd.plotly.v1+json": {"data": []}, "text/html": "<div></div><script>draw()</script>"},
    "Bokeh": {"application/vnd.bokehjs_exec.v0+json": "", "text/html": "<div id='b1'></div>"},
    "a frame of another page, such as a map or a video": {
        "text/html": "<iframe src='https://example.org'></iframe>", "text/plain": "<folium.Map>",
    },
    "the style of a table": {"text/html": "<style>#T_a {color:red}</style><table><tr><td>1</td></tr></table>"},
    "what a script draws": {"application/javascript": "draw()"},
    "a PDF": {"application/pdf": "JVBERi0xLjQK", "text/plain": "<PDF>"},
    "application/vnd.own+json": {"application/vnd.own+json": {}},
}  # fmt: skip
SCOPED = "<style scoped>.dataframe th{}</style><table class='dataframe'><tr><td>1</td></tr></table>"
KEPT = (
    {"text/html": SCOPED},
    {"application/vnd.plotly.v1+json": {}, "image/png": picture()},
    {"text/plain": "3"},
    {"text/html": "<b>words</b>"},
)


def test_what_a_page_can_not_show_is_told_to_who_shares_it_by_cell_and_kind(tmp_path):
    cells = [shown(bundle(data)) for data in (*LOST.values(), *KEPT)]
    with pytest.warns(errors.FactdeskWarning) as warned:
        page_of(tmp_path, v4.new_markdown_cell("# Mixed"), *cells)
    named = "; ".join(f"cell {at}: {kind}" for at, kind in enumerate(LOST, 2))
    assert any(f"({named})" in str(one.message) for one in warned)


def test_the_outputs_of_a_notebook_from_the_field_are_shown_or_named(tmp_path):
    case = Path(__file__).parents[3] / "shared" / "cases" / "06-mixed-outputs.ipynb"
    if not case.exists():
        pytest.skip("needs the cases from the field")
    with pytest.warns(
        errors.FactdeskWarning, match=r"cell 2: Plotly; cell 3: Plotly; cell 7: the style .* cell 13: Bokeh"
    ):
        share(case, tmp_path, execute=False)


def test_a_folder_becomes_pages_and_an_index_that_links_them(tmp_path):
    written(tmp_path / "in" / "01-a.ipynb", v4.new_markdown_cell("# First & best\n\nWhat it tells."))
    written(tmp_path / "in" / "more" / "02 b.ipynb", v4.new_markdown_cell("See [one](../01-a.ipynb#First)."))
    written(tmp_path / "in" / ".ipynb_checkpoints" / "01-a.ipynb", v4.new_markdown_cell("old"))
    site = tmp_path / "site"
    pages = share(tmp_path / "in", site, execute=False)
    assert pages == [site / "01-a.html", site / "more" / "02 b.html", site / "index.html"]
    index = Tags(pages[-1].read_text())
    assert [link["href"] for link in index["a"]] == ["./01-a.html", "./more/02%20b.html"]
    assert "First &amp; best" in pages[-1].read_text()
    assert "What it tells." in pages[-1].read_text()
    assert [link["href"] for link in Tags(pages[1].read_text())["a"]] == ["../01-a.html#First"]


def test_an_old_format_is_read(tmp_path):
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["# From 2013\n", "Words."]}
    (tmp_path / "a.ipynb").write_text(json.dumps(old | {"worksheets": [{"cells": [cell], "metadata": {}}]}))
    assert "<h1>From 2013</h1>" in share(tmp_path / "a.ipynb", tmp_path, execute=False)[0].read_text()


# ---- the ledger behind it ----


@pytest.fixture
def case(tmp_path):
    """A ledger of one claim with one status, and a notebook that names it."""
    ledger = create(tmp_path / "case.csv", title="Ceasefire <claims>", publisher="The Desk", by="Ada Quist")
    claim = ledger.log("Talks were productive", claimant="Donald Trump", made_on="2025-03-14")
    ledger.attach(claim, "https://example.org/a", stance="supports")
    ledger.set_status(claim, "mixed", holds_from="2025-03-15", rationale="Only one side says so.")
    about = {"ledger": "../case.csv"}
    source = written(tmp_path / "notebooks" / "a.ipynb", v4.new_markdown_cell("# What?"), factdesk=about)
    return ledger, source


def test_the_head_says_which_ledger_as_of_when(case, tmp_path):
    ledger, source = case
    page = share(source, tmp_path / "site", execute=False)[0].read_text()
    day = ledger.latest_day
    assert '<p class="kicker">Ceasefire &lt;claims&gt; · The Desk</p>' in page
    assert f'As of <time datetime="{day:%Y-%m-%d}">{day.day} {day:%B %Y}</time>' in page
    assert "1 claim, 1 source, 1 dated status" in page
    assert f"<code>{ledger.digest()[:4]} {ledger.digest()[4:8]}</code>" in page
    metas = {meta.get("name"): meta.get("content") for meta in Tags(page)["meta"]}
    assert metas["factdesk:digest"] == ledger.digest()
    assert metas["dcterms.source"] == "Ceasefire <claims>"


def test_the_ledger_given_comes_before_the_one_in_the_notebook(case, tmp_path):
    _, source = case
    create(tmp_path / "other.csv", title="Another")
    for other in (tmp_path / "other.csv", open_ledger(tmp_path / "other.csv")):
        page = share(source, tmp_path / "site", execute=False, ledger=other)[0].read_text()
        assert '<p class="kicker">Another</p>' in page


def test_a_page_without_a_ledger_says_nothing_of_one(tmp_path):
    page = page_of(tmp_path, v4.new_markdown_cell("# A"))
    assert "ledger <code>" not in page
    assert "<header><h1>A</h1></header>" in page


def test_a_ledger_that_is_named_and_missing_is_an_error(case, tmp_path):
    _, source = case
    (tmp_path / "case.csv").rename(tmp_path / "cases.csv")
    with pytest.raises(errors.NotFound, match="case"):
        share(source, tmp_path / "site", execute=False)


# ---- bad input ----


@pytest.mark.parametrize(
    ("content", "said"),
    [
        *((content, "no JSON") for content in (b"", b"claim_id,claim\n", b"\xff\xfe", b"[" * 100_000)),
        (b"[1]", "holds a list; a notebook is a JSON object with `nbformat` and `cells`"),
        (b"3", "holds a number"),
        (b'{"a": 1}', "no `nbformat` and no `cells`"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "it has no `cells`"),
        (b'{"cells": 3, "nbformat": 4}', "`cells` are no list"),
    ],
)
def test_of_what_is_no_notebook_it_is_said_what_it_is(tmp_path, content, said):
    (tmp_path / "a.ipynb").write_bytes(content)
    with pytest.raises(
        errors.NotANotebook, match=rf"a\.ipynb can't be read as a notebook.*{re.escape(said)}"
    ):
        share(tmp_path / "a.ipynb", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_where_no_notebook_is_that_is_said_and_the_nearest_named(tmp_path):
    with pytest.raises(errors.NotFound, match="no notebook in"):
        share(tmp_path, tmp_path / "site")
    written(tmp_path / "02-status-over-time.ipynb")
    with pytest.raises(errors.NotFound, match="02-status-over-time"):
        share(tmp_path / "02-status-over-tme.ipynb", tmp_path / "site")


def test_a_file_that_is_not_ours_is_replaced_only_when_asked(tmp_path):
    source = written(tmp_path / "a.ipynb", v4.new_markdown_cell("# Mine"))
    other = tmp_path / "report.html"
    other.write_text("<h1>Somebody's work</h1>")
    with pytest.raises(errors.PageExists, match="overwrite=True"):
        share(source, other, execute=False)
    assert other.read_text() == "<h1>Somebody's work</h1>"
    share(source, other, execute=False, overwrite=True)
    assert share(source, other, execute=False) == [other]


def test_a_folder_of_notebooks_does_not_go_into_one_file(tmp_path):
    written(tmp_path / "in" / "a.ipynb")
    with pytest.raises(errors.InvalidValue, match="a folder for the pages"):
        share(tmp_path / "in", tmp_path / "all.html", execute=False)
    with pytest.raises(errors.InvalidValue, match="a folder for the pages"):
        share(tmp_path / "in", tmp_path / "all.ipynb", execute=False)
    (tmp_path / "site").write_text("a file")
    with pytest.raises(errors.InvalidValue, match="a folder for the pages"):
        share(tmp_path / "in", tmp_path / "site", execute=False)


def test_a_form_that_we_do_not_write_is_refused_and_a_folder_is_taken_whatever_its_name(tmp_path):
    source = written(tmp_path / "a.ipynb", v4.new_markdown_cell("# Mine"))
    for name in ("a.xyz", "a.docx", "new/a.HTMLX"):
        with pytest.raises(errors.InvalidValue, match=r"\.html, \.pdf or \.ipynb"):
            share(source, tmp_path / name, execute=False)
    assert [path.name for path in tmp_path.iterdir()] == ["a.ipynb"]
    (tmp_path / "site.v2").mkdir()
    assert share(source, tmp_path / "site.v2", execute=False) == [tmp_path / "site.v2" / "a.html"]
    assert share(source, tmp_path / "2025.03 pages", execute=False)[0].name == "a.html"


# ---- what a page holds ----


def test_a_page_has_one_h1_and_no_step_left_out_below_it():
    words = "Before.\n\n## *First* `heading`\n\n# Second\n\n##### Third\n\n## First heading"
    cells = [v4.new_markdown_cell(text) for text in (words, "## First heading")]
    article = typeset(v4.new_notebook(cells=cells))
    assert (article.title, article.heading) == ("First heading", "<em>First</em> <code>heading</code>")
    assert re.findall(r"<(h\d)", article.body) == ["h2", "h3", "h2", "h2"]
    assert [h["id"] for h in Tags(article.body)["h2"]] == ["Second", "First-heading", "First-heading-2"]
    assert article.summary == "Before."
    assert clean("<h1>Loud</h1>") == "<h2>Loud</h2>", "of an output"


def test_a_notebook_without_a_heading_is_called_by_its_file(tmp_path):
    source = written(tmp_path / "02-status_over-time.ipynb", v4.new_markdown_cell("Words."))
    assert "<h1>Status over time</h1>" in share(source, tmp_path, execute=False)[0].read_text()


def test_the_richest_form_that_a_page_can_show_is_taken():
    rich = {
        "text/html": "<p>html</p>",
        "image/png": picture(),
        "text/markdown": "*md*",
        "text/plain": "plain",
    }
    forms = ("<p>html</p>", "data:image/png;base64,", "<em>md</em>", "<pre>plain</pre>")
    for (kind, _), form in zip(list(rich.items()), forms, strict=True):
        assert form in body(shown(bundle(rich)))
        del rich[kind]
    assert "data-chart" in body(shown(charted(chart(), **{"text/html": "<p>html</p>"})))


def test_html_that_is_empty_once_it_is_safe_gives_way_to_the_next_form():
    only_script = {"text/html": "<div id=v></div><script>draw()</script>", "text/plain": "the words"}
    assert "<pre>the words</pre>" in body(shown(bundle(only_script)))
    only_script["text/plain"] = "<IPython.core.display.HTML object>"
    assert "can’t show" in body(shown(bundle(only_script)))


def test_a_widget_gives_its_static_form_and_never_a_dead_control():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a1"}, "text/plain": "HBox(children=())"}
    assert "needs the notebook itself" in body(shown(bundle(view)))
    assert "<table" in body(shown(bundle(view | {"text/html": "<table><tr><td>22 claims</td></tr></table>"})))
    saved = bundle({"text/html": '<div class="fd-saved-desk fd-desk">22 claims</div>'})
    note = {"text/html": "<p>Run the cell again.</p>", "text/plain": ""}
    for left in (bundle(view | note), bundle(note)):  # of a desk, with its widget and without
        page = body(shown(saved, left))
        assert "22 claims" in page and "again" not in page
    assert "Run the cell" in body(shown(bundle(note)))


def test_a_table_has_heads_with_scope():
    frame = pd.DataFrame({"claim": ["a"], "n": [1]}, index=["x"])
    tags = Tags(body(shown(bundle({"text/html": frame.to_html()}))))
    assert [head["scope"] for head in tags["th"]] == ["col", "col", "row"]
    assert next(one for one in tags["div"] if one["class"] == "scroll")["tabindex"] == "0"
    assert tags["table"][0]["class"] == "dataframe"


def test_what_was_printed_is_one_piece_without_colours():
    red = v4.new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m\n")
    more = v4.new_output("stream", name="stdout", text="10%\r 100%\x07\n")
    assert "<pre>red\n 100%</pre>" in body(shown(red, more))


def test_an_error_kept_in_a_notebook_is_text():
    failed = v4.new_output("error", ename="ValueError", evalue="<b>no</b>", traceback=["/home/ada/x.py"])
    assert '<pre class="error">ValueError: &lt;b&gt;no&lt;/b&gt;</pre>' in body(shown(failed))
    assert "ada" not in body(shown(failed))


def test_code_is_folded_away_and_counted():
    cell = v4.new_code_cell("import factdesk as fd\n\nfd.open('claims.csv')")
    assert "<summary>2 lines of code</summary>" in body(cell)
    cell.outputs = [v4.new_output("stream", name="stdout", text="x")]
    assert "<summary>How this was made (2 lines of code)</summary>" in body(cell)


def test_a_picture_comes_in_only_from_beside_the_notebook(tmp_path):
    (tmp_path / "secret.png").write_bytes(base64.b64decode(picture()))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "map.png").write_bytes(base64.b64decode(picture("blue")))
    words = "![a map](map.png) ![not ours](../secret.png) ![far](http://example.org/x.png) ![gone](no.png) ![at](attachment:a.png)"
    cell = v4.new_markdown_cell(words, attachments={"a.png": {"image/png": picture("green")}})
    page = page_of(tmp_path / "in", cell)
    sources = [image["src"] for image in Tags(page)["img"]]
    assert sources == [f"data:image/png;base64,{picture(colour)}" for colour in ("blue", "green")]
    assert "not ours" in page
    assert "example.org" not in page


def test_a_chart_says_what_it_shows_to_those_who_cannot_see_it():
    tags = Tags(body(shown(charted(chart(title={"text": ["Claims", "by day"], "subtitle": "March"})))))
    plot = next(one for one in tags["div"] if "data-chart" in one)
    assert (plot["role"], plot["aria-label"]) == ("img", "Claims by day. March. Two bars")


def test_a_chart_brings_no_options_for_the_embedder():
    spec = chart() | {"usermeta": {"embedOptions": {"loader": {"baseURL": "http://example.org"}}}}
    article = typeset(v4.new_notebook(cells=[shown(charted(spec))]))
    assert "example.org" not in json.dumps(article.charts[0].spec)


def test_the_charts_of_the_sample_give_up_their_words_and_their_rows():
    spec = charts.status_over_time(open_ledger(SAMPLE)).to_dict()
    page = body(shown(charted(spec)))
    about = spec["usermeta"]["factdesk"]
    assert f'<p class="title">{escape(about["title"])}</p>' in page
    assert {head["scope"] for head in Tags(page)["th"]} == {"col"}
    assert len(Tags(page)["th"]) == len(about["columns"])


def test_an_output_keeps_its_colours_in_the_page_s_sheet_and_no_other_style():
    markup = '<p class="fd-x" style="color: RED; position:fixed; background:url(http://example.org)">style="color:red"</p>'
    page = document("A", clean(markup))
    tag = Tags(page)["p"][0]
    assert tag.keys() == {"class", "data-look"}
    assert f'[data-look="{tag["data-look"]}"]{{color:red}}' in page
    assert '>style="color:red"</p>' in page
    assert "example.org" not in page
    assert "style" not in Tags(document("A", clean("<p style='color:red;}body{color:x'>\ufdd0</p>")))["p"][0]


def test_what_is_not_known_is_an_empty_cell():
    frame = pd.DataFrame(
        {"day": [pd.NaT], "who": [None], "n": [float("nan")], "words": ["NaN is not a number"]}
    )
    for shown in (frame.to_html(index=False), LedgerFrame(frame)._repr_html_()):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", clean(shown).partition("</thead>")[2])
        assert cells == ["", "", "", "NaN is not a number"]


def test_the_library_is_in_a_page_once_and_only_where_there_are_charts(tmp_path):
    many = page_of(tmp_path, *[shown(charted(chart())) for _ in range(3)])
    none = page_of(tmp_path, v4.new_markdown_cell("Words."))
    assert len(many.encode()) < 450_000
    assert len(none.encode()) < 12_000
    assert "script-src 'none'" in none


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    source = written(tmp_path / "a.ipynb", v4.new_markdown_cell("# A"))
    for name in ("n" * 5_000, "a\0b", "\ud800"):
        for asked in ((tmp_path / f"{name}.ipynb", tmp_path / "site"), (source, tmp_path / name)):
            with pytest.raises(errors.FactdeskError):
                share(*asked)


# ---- hostile text ----


UNSAFE = [
    "javascript:alert(1)", "JAVASCRIPT:x", "java\tscript:x", " javascript:x", "\x01javascript:x", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "//example.org/x", "\\\\server\\x", "/etc/passwd", "x:y", "blob:x",
]  # fmt: skip


def test_a_link_leads_nowhere_but_over_http_or_beside_the_page():
    for address in UNSAFE:
        assert not is_safe_link(address)
        assert "href" not in clean(f'<a href="{address}">x</a>'), address
    for address in ("https://example.org/a:b", "#claim-x", "02-status.html#on=1:2", "a/b.html", "?q=1"):
        assert is_safe_link(address)
        assert Tags(clean(f'<a href="{address}">x</a>'))["a"][0]["href"] == address


@given(st.text())
def test_json_in_a_page_is_inert_and_reads_back(text):
    written_as = inert_json({"claim": text})
    assert not set(written_as) & set("<>&\u2028\u2029")
    assert json.loads(written_as) == {"claim": text}


@given(st.text(alphabet=st.sampled_from(list("<>/!-='\" \tabimgscript:onerxd&;#x3c\x00\x1b[\r\n"))))
def test_no_markup_that_runs_comes_through(text):
    tags = Tags(clean(text) + body(v4.new_markdown_cell(text)) + body(shown(bundle({"text/plain": text}))))
    running = {"script", "iframe", "object", "embed", "style", "link", "form", "svg"}
    assert not {name for name, _ in tags.seen} & running
    given = {name for _, attributes in tags.seen for name in attributes}
    assert not [name for name in given if name.startswith("on") or name == "style"]


@given(st.text())
def test_no_control_character_comes_through(text):
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", plain(text))


# ---- in a browser without a network ----


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory):
    """A page of charts, tables and words in which everything that can be hostile is."""
    folder = tmp_path_factory.mktemp("hostile")
    frame = pd.DataFrame({"claim": [HOSTILE, "a " * 200], "n": [1, 2]})
    far = chart() | {"data": {"url": "http://127.0.0.1:9/rows.json"}}
    panels = {"title": "Two", "data": chart()["data"], "datasets": chart()["datasets"]}
    panels |= {"hconcat": [{key: chart()[key] for key in ("mark", "encoding")} | {"width": 350}] * 2}
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>parent.x=1</script></svg>"
    texts = [bundle({kind: HOSTILE}) for kind in ("text/html", "text/markdown", "text/plain")]
    source = written(
        folder / "a.ipynb",
        v4.new_markdown_cell("# What became of it?\n\n" + HOSTILE + "\n\n[x](javascript:document.title=1)"),
        shown(charted(chart(HOSTILE, title=HOSTILE, description=HOSTILE), **{"image/png": picture()})),
        shown(charted(panels)),
        shown(charted(far)),
        shown(bundle({"text/html": frame.to_html() + HOSTILE + "<p style='color:red' onclick='x()'>p</p>"})),
        shown(*texts),
        shown(bundle({"image/svg+xml": svg})),
        shown(
            v4.new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[HOSTILE]), source="'''" + HOSTILE
        ),
    )
    return share(source, folder, execute=False)[0]


@pytest.fixture(scope="module")
def hostile_view(chromium, hostile_page):
    """That page in a browser."""
    with watched(chromium, hostile_page) as page:
        yield page


def test_every_chart_is_drawn_and_hostile_text_runs_nothing_and_nothing_is_asked_for(
    hostile_view, hostile_page
):
    page = hostile_view
    assert page.locator(".plot svg.marks").count() == 2
    assert page.locator(".plot > img").count() == 0
    assert page.title() == "What became of it?"
    assert page.locator("[onclick], [onerror], [style*=red], a[href^=javascript]").count() == 0
    assert page.locator("td", has_text="document.title").first.inner_text().startswith("</script>")
    assert page.said == []
    assert page.asked == [hostile_page.as_uri()]


def test_a_mark_says_its_values_as_text(hostile_view):
    page = hostile_view
    page.locator(".plot svg .mark-rect path").first.hover()
    page.wait_for_selector(".tip:not([hidden])")
    assert page.locator(".tip").inner_text().startswith("claim\n</script><script>")
    page.keyboard.press("Escape")
    assert page.locator(".tip").is_hidden()
    assert page.said == []


def test_a_chart_whose_data_lie_elsewhere_says_so(hostile_view):
    figure = hostile_view.locator("figure", has=hostile_view.locator("[data-failed]"))
    assert "lie outside the page" in figure.inner_text()


def test_a_page_does_not_scroll_sideways_on_a_phone(opened, hostile_page):
    page = opened(hostile_page, viewport={"width": 360, "height": 740}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.said == []


def test_a_chart_that_can_not_be_drawn_narrower_says_that_it_goes_on(opened, tmp_path):
    rows = alt.Data(values=[{"day": f"{n}.", "claims": n} for n in range(32)])
    spec = alt.Chart(rows, width=alt.Step(18)).mark_bar().encode(x="day:O", y="claims:Q").to_dict()
    made = written(tmp_path / "a.ipynb", shown(charted(spec)))
    path = share(made, tmp_path, execute=False)[0]
    page = opened(path, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    hint = page.locator(".sideways")
    assert hint.inner_text() == "Turn the phone or scroll the chart sideways: it goes on at the right."
    assert page.locator(".plot").get_attribute("tabindex") == "0"
    page.emulate_media(media="print")
    assert not hint.is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(300)
    assert not hint.is_visible()
    assert page.locator(".plot").get_attribute("tabindex") is None
    assert page.said == []


def test_without_scripts_the_picture_of_a_chart_is_shown(opened, hostile_page):
    page = opened(hostile_page, java_script_enabled=False)
    assert page.locator(".plot > img").first.is_visible()
    assert page.get_by_text("Two", exact=True).count() == 2


# What stands out of the page: neither in a box that scrolls nor within the page's width.
OUTSIDE = """() => [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter((one) => !one.closest('.scroll, .fd-scroll, .plot'))
    .map((one) => `${one.tagName}.${one.className}`)"""
WIDTHS = "cells => cells.map((cell) => cell.clientWidth)"


def test_tables_keep_lines_of_several_words_and_scroll_in_their_own_box(opened, tmp_path, sample_ledger):
    unbroken = create(tmp_path / "long.csv", title="x" * 300, by="Ada Quist")
    unbroken.log("y" * 300, claimant="z" * 300, made_on="2025-03-01", claim_id="long", quote="w" * 300)
    unbroken.set_status("long", "mixed", holds_from="2025-03-02", rationale="v" * 300, gaps="u" * 300)
    unbroken.attach("long", "https://example.org/" + "t" * 300, stance="supports", quote="s" * 300)
    outputs = [
        sample_ledger.diff("2025-03-15", "2025-09-10")._repr_html_(),
        sample_ledger.status_on("2025-03-15")._repr_html_(),
        workbench(sample_ledger)._readable_form()["text/html"],
        workbench(unbroken)._readable_form()["text/html"],
        unbroken.claims._repr_html_(),
    ]
    cells = [shown(bundle({"text/html": output})) for output in outputs]
    cells += [shown(charted(charts.timeline(sample_ledger).to_dict()))]
    page = opened(share(written(tmp_path / "a.ipynb", *cells), tmp_path, execute=False)[0])
    for width in (1200, 700, 400):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(OUTSIDE) == []
        rows = page.locator("tr").filter(has_not_text="x" * 50).filter(has_not_text="y" * 50)
        heights = rows.evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)")
        assert max(heights) < 300
        for cells, least in [(".scroll > .dataframe td.long", 200), (".fd-saved-desk td:nth-child(2)", 190)]:
            assert min(page.locator(cells).evaluate_all(WIDTHS)) >= least


@pytest.mark.parametrize("named", [False, True])
def test_heads_stand_in_one_row_over_their_columns(named):
    frame = pd.DataFrame({"then": [4, 3], "now": [0, 1]}, index=["unverified", "mixed"])
    frame.index.name = "status" if named else None
    seen = Tags(clean(frame.to_html()))
    assert len(seen["tr"]) == 1 + len(frame)
    assert len(seen["th"]) == len(frame) + 2 + named


def test_heads_over_no_rows_stand_at_the_edge():
    head = clean(LedgerFrame({"code": [], "advice": []})._repr_html_()).partition("<th")[0]
    assert "<td" not in head


def test_the_picture_of_a_chart_is_made_lighter_for_a_page():
    noise = io.BytesIO()
    drawn = Image.effect_noise((1050, 900), 60).convert("RGB")
    drawn.save(noise, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(noise.getvalue()).decode()}"
    made = lighter(address)
    assert Image.open(io.BytesIO(base64.b64decode(made.partition(",")[2]))).size == (700, 600)
    assert len(made) < len(address) / 2
    for other in ("", f"data:image/png;base64,{picture()}", "data:image/png;base64,AAAA"):
        assert lighter(other) == other


def test_ten_charts_of_ours_weigh_less_than_600_kilobytes(tmp_path):
    drawn = [drawing(name, "sample").to_dict() for name in DRAWINGS]
    source = written(tmp_path / "ten.ipynb", *[shown(bundle(render(spec)[0])) for spec in drawn])
    [page] = share(source, tmp_path / "ten.html", execute=False, ledger=SAMPLE)
    assert page.read_text("utf-8").count("data-chart=") == 10
    assert page.stat().st_size < 600_000


def test_an_article_of_several_parts_lists_them_and_names_who_wrote_it(tmp_path):
    parts = [v4.new_markdown_cell(f"## Part <{n}>\n\nWords.\n\n### Deeper") for n in range(3)]
    authors = [{"name": "Ada <b>Quist</b>"}, {"name": "Bo"}, "nobody", {"email": "x@example.org"}]
    text = page_of(tmp_path, v4.new_markdown_cell("# Whole"), *parts, authors=authors)
    listed = re.search(r'<nav class="contents" aria-label="Contents">(.*?)</nav>', text)[1]
    assert re.findall(r'href="#([^"]*)">([^<]*)<', listed) == [
        (f"Part-&lt;{n}&gt;", f"Part &lt;{n}&gt;") for n in range(3)
    ]
    assert "By Ada &lt;b&gt;Quist&lt;/b&gt;, Bo" in text
    for few in ([], parts[:2]):
        assert "<nav" not in page_of(tmp_path, *few)


@pytest.mark.parametrize("form", ["html", "ipynb"])
def test_code_can_be_left_out(form, tmp_path):
    cell = shown(bundle({"text/plain": "forty-two"}), source="secret_recipe = 6 * 7")
    source = written(tmp_path / "sums.ipynb", v4.new_markdown_cell("# Sums"), cell)
    said = {}
    for code in (True, False):
        [file] = share(source, tmp_path / f"{code}.{form}", execute=False, code=code)
        said[code] = file.read_text("utf-8")
    assert "forty-two" in said[False]
    assert "secret_recipe" in said[True]
    assert "secret_recipe" not in said[False]
    assert "code" not in said[False].partition("<main>")[2].partition("</main>")[0]


NUMBERS = [
    # decimals behind commas
    ("en", ["12,5", "3,25", "1.000,75", "−2,5"], ["−2,5", "3,25", "12,5", "1.000,75"]),
    ("en", ["1,250", "900", "12,000"], ["900", "1,250", "12,000"]),  # groups
    ("de", ["1,250", "900", "12,000"], ["1,250", "12,000", "900"]),  # both, as the language does
    ("de", ["1.5", "10.25", "2"], ["1.5", "2", "10.25"]),  # points
    ("en", ["7, 8", "1,5", "x"], ["1,5", "7, 8", "x"]),  # words
]


@pytest.mark.parametrize("language", ["en", "de"])
def test_numbers_are_sorted_as_their_column_writes_them(language, opened, tmp_path):
    cases = [(pd.DataFrame({"n": cells}), ordered) for of, cells, ordered in NUMBERS if of == language]
    cells = [shown(bundle({"text/html": frame.to_html()})) for frame, _ in cases]
    source = written(tmp_path / "table.ipynb", *cells, language=language)
    page = opened(share(source, tmp_path / "table.html", execute=False)[0], until="thead button")
    for n, (_, ordered) in enumerate(cases):
        table = page.locator("main table").nth(n)
        table.locator("thead button").last.click()
        assert table.locator("tbody td").all_text_contents() == ordered


def test_tables_are_sorted_by_their_heads_and_searched(opened, tmp_path):
    claims = [f"Claim {n} <b>x</b>" for n in range(20)]
    counted = [None, *(str(n * 7 % 20) for n in range(1, 20))]
    cell = shown(bundle({"text/html": pd.DataFrame({"claim": claims, "count": counted}).to_html()}))
    source = written(tmp_path / "table.ipynb", cell)
    page = opened(share(source, tmp_path / "table.html", execute=False)[0], until="thead button")
    counts = "[...document.querySelectorAll('main tbody tr')].filter(row => !row.hidden).map(row => row.cells[2].textContent)"
    head = page.get_by_role("button", name="count")
    head.click()
    found = page.evaluate(counts)
    assert found == [*map(str, sorted(n * 7 % 20 for n in range(1, 20))), ""]
    head.press("Enter")
    assert page.evaluate(counts) == [*reversed(found[:-1]), ""], "what is not known stands last either way"
    assert page.get_by_role("columnheader", name="count").get_attribute("aria-sort") == "descending"
    page.get_by_role("searchbox", name="Search this table").fill("claim 17 X")
    assert page.evaluate(counts) == ["19", "17"], "the words of all cells count"
    assert page.get_by_role("status").inner_text() == "2 of 20 rows"
    assert page.said == []


def test_the_rest_of_a_charts_table_comes_when_it_is_opened(opened, tmp_path, sample_ledger):
    spec = charts.timeline(sample_ledger).to_dict()
    source = written(tmp_path / "chart.ipynb", shown(charted(spec)))
    page = opened(share(source, tmp_path / "chart.html", execute=False, ledger=SAMPLE)[0])
    rows = page.locator("details.data tbody tr")
    assert rows.count() == AT_ONCE
    page.get_by_text("Table of this chart").click()
    made = figure(spec)
    page.wait_for_selector(f"details.data tbody tr:nth-child({len(made.rows)})")
    assert rows.count() == len(made.rows) > AT_ONCE
    assert rows.last.locator("td").all_inner_texts() == list(made.rows[-1])
