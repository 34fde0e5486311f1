"""A notebook as Markdown: what shows on sites that host code, and text that stays text there."""

import base64
import re

import nbformat.v4 as v4
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from factdesk.pages.html import is_safe_link, plain
from factdesk.pages.markdown import MARK, Report, escaped, fenced, table
from factdesk.schema import VOCABULARY

GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
HOSTILE = "<img src=x onerror=run()> [x](javascript:run()) `<b>` ![y](https://example.org/track.png)\n\n<script>run()</script>"


def written(*cells, beside=lambda address: ""):
    report = Report("a b_files", beside, VOCABULARY)
    return report.text(v4.new_notebook(cells=list(cells)), "a b.ipynb", "The title", None), report.pictures


def shown(**bundle):
    data = {kind.replace("__", "/"): value for kind, value in bundle.items()}
    return v4.new_code_cell("show()", outputs=[v4.new_output("display_data", data)])


def parsed(text):
    """The text as a site reads it that takes HTML in Markdown for what it is."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: True
    return parser.parse(text)


def inner(text):
    return [child for token in parsed(text) for child in token.children or []]


def test_words_stay_as_they_are_and_code_is_folded():
    text, _ = written(v4.new_markdown_cell("# What *is* it?\n\n- one\n- two"), v4.new_code_cell("1 + 1"))
    assert text.startswith(f"{MARK}\n\n# What *is* it?\n\n- one\n- two\n\n<details><summary>Code</summary>")
    assert "```python\n1 + 1\n```" in text
    assert text.endswith("Made from a b.ipynb with factdesk.\n")


def test_a_notebook_without_a_heading_gets_its_title():
    assert written(v4.new_markdown_cell("Words."))[0].startswith(f"{MARK}\n\n# The title\n\nWords.")


def test_a_frame_is_a_table_and_its_cells_are_text():
    frame = pd.DataFrame({"claim": ["It *rained* | <b>twice</b>", "a\nb"], "n": [1, None]})
    text, _ = written(shown(text__html=frame.to_html()))
    assert "|  | claim | n |\n| --- | --- | --- |" in text
    assert "| 0 | It \\*rained\\* \\| \\<b\\>twice\\</b\\> | 1.0 |" in text
    assert table([]) == ""
    assert "The first 200 of 300 rows." in table([["n"]] * 301)


def test_a_chart_is_a_picture_beside_the_text_with_its_words():
    spec = {"mark": "bar", "title": "Claims by [day]", "description": "Two bars."}
    text, pictures = written(shown(**{"application/vnd.vegalite.v5+json": spec, "image/gif": GIF}))
    assert "![Claims by \\[day\\]. Two bars](a%20b_files/figure-1.gif)" in text
    assert pictures == {"figure-1.gif": base64.b64decode(GIF)}
    without, _ = written(shown(**{"application/vnd.vegalite.v5+json": spec}))
    assert "*Claims by \\[day\\]. Two bars*" in without


def test_pictures_of_the_text_are_taken_along_and_none_is_fetched_from_afar():
    cell = v4.new_markdown_cell(
        "![a](map.gif) ![b](attachment:b.gif) ![far](https://example.org/c.gif) ![gone](no.gif)",
        attachments={"b.gif": {"image/gif": GIF}},
    )
    address = f"data:image/gif;base64,{base64.b64encode(b'other').decode()}"
    text, pictures = written(cell, beside=lambda name: address if name == "map.gif" else "")
    sources = [child.attrGet("src") for child in inner(text) if child.type == "image"]
    assert sources == ["a%20b_files/figure-1.gif", "a%20b_files/figure-2.gif"] or sources == []
    assert list(pictures) == ["figure-1.gif", "figure-2.gif"]
    assert not [one for one in sources if "example.org" in one]


def test_printed_text_errors_and_plain_results_are_between_fences():
    cell = v4.new_code_cell(
        "x", outputs=[v4.new_output("stream", name="stdout", text="\x1b[31m```\n# no\x1b[0m\n")]
    )
    cell.outputs.append(v4.new_output("error", ename="E", evalue="<b>", traceback=["/home/ada"]))
    text, _ = written(cell)
    assert "````text\n```\n# no\n````" in text
    assert "```text\nE: <b>\n```" in text
    assert "ada" not in text
    assert fenced("a`````b").startswith("``````text")


@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "text/plain"])
def test_hostile_outputs_stay_text(kind):
    assert_harmless(written(shown(**{kind: HOSTILE}))[0])


def test_hostile_words_stay_text():
    text, _ = written(v4.new_markdown_cell("# " + HOSTILE + "\n\n" + HOSTILE))
    assert_harmless(text)


def assert_harmless(text):
    """Nothing is markup but what the form itself writes; no link leads astray, no picture is fetched."""
    own = r"<!-- made by factdesk -->|<details><summary>Code</summary>|</details>"
    for token in parsed(text):
        if token.type == "html_block":
            assert re.sub(own, "", token.content).strip() == ""
        for child in token.children or []:
            assert child.type != "html_inline", child
            if child.type == "link_open":
                assert is_safe_link(child.attrGet("href"))
            if child.type == "image":
                assert child.attrGet("src").startswith("a%20b_files/")


MARKUP = st.lists(
    st.sampled_from(
        ["<", ">", "<b>", "<!--", "-->", "`", "``", "\n", "\n\n", "    ", "[x]", "(javascript:x)", "[x]: javascript:x",
         "![y](http://e.org/a.png)", "<script>", "</script>", "\\", "&lt;", "|", "---", "a", " ", "<javascript:x>",
         "<?x", "<![CDATA[", "- ", "> ", "* "]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(MARKUP)
def test_no_markup_of_an_author_comes_through(source):
    report = Report("a b_files", lambda address: "", VOCABULARY)
    assert_harmless(report.words(source, {}))


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=40) | MARKUP)
def test_escaped_text_reads_as_it_was(text):
    line = " ".join(plain(text).split())
    said = "".join(child.content for child in inner(escaped(line)) if child.type.startswith("text"))
    assert " ".join(said.split()) == line
