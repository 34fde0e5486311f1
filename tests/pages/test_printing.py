"""Printing a page as PDF: with pictures as lines, nothing of this machine in it, and whole or not at all."""

import io
import os
import re
from unicodedata import normalize

import pytest
from lab import needs_chromium
from pypdf import PdfReader
from samples import ROOT

import factdesk as fd
from factdesk.errors import NoBrowser, PrintFailed
from factdesk.pages.article import figure_markup
from factdesk.pages.explorer import explorer
from factdesk.pages.figure import figure
from factdesk.pages.html import Chart, document
from factdesk.pages.printing import MARK, SHEET, WATCH, browser, printed
from factdesk.pages.share import facts_of

TITLE = "What? </title><script>document.title='ran'</script>\x00 \ufffe"


@pytest.fixture(scope="module")
def page():
    ledger = fd.open(ROOT / "claims.csv")
    made = figure(fd.charts.status_over_time(ledger).to_dict(), ledger.settings.vocabulary)
    links = (
        '<p><a href="b.html">beside</a> <a href="#words">below</a> <a href="https://example.org/">far</a></p>'
    )
    body = f'<main><h1>Heading</h1>{links}{figure_markup(made, 0)}<h2 id="words">Words</h2></main>'
    facts = facts_of(ledger)
    text = document(
        "Heading", body, facts=facts, charts=[Chart(made.spec, "vega-lite")], parts=[WATCH], style=SHEET
    )
    return text, facts


@pytest.fixture(scope="module")
def pdf(page):
    return printed(page[0], TITLE, "In one week.", page[1])


@needs_chromium
def test_a_page_is_printed_with_its_charts_as_lines_and_says_what_it_is(page, pdf):
    facts = page[1]
    read = PdfReader(io.BytesIO(pdf))
    words = read.pages[0].extract_text()
    assert "Heading" in words
    assert "supported" in words  # a word of the chart
    assert [image for one in read.pages for image in one.images] == []
    assert read.metadata.title.startswith("What? </title><script>")
    assert (read.metadata.subject, read.metadata.creator) == ("In one week.", "factdesk")
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert facts.digest in root["/Metadata"].get_data().decode()
    assert [round(float(side)) for side in read.pages[0].mediabox[2:]] == [595, 842]
    assert MARK in pdf
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@needs_chromium
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_no_head_of_a_claim_is_cut_in_two_or_stands_at_the_foot_of_a_sheet(size):
    ledger = fd.open(ROOT / "claims.csv")
    html, part = explorer(ledger)
    sheets = _sheets(f"<main>{html}</main>", size, part)
    of_cards = sheets[next(n for n, sheet in enumerate(sheets) if "Evidence" in sheet) :]
    for claim in ledger.claims["claim"]:
        on = [sheet for sheet in of_cards if claim in sheet]
        assert on, f"{claim} is cut"
        after = on[-1].rpartition(claim)[2]
        assert re.search(r"(Evidence .*|What we held \d{4}-\d\d-\d\d .*)", after), f"nothing follows {claim}"
    for sheet in sheets:
        assert not re.search(r"(Evidence|What we held|(supported|mixed|refuted) since [^·]*\d{4})$", sheet)
        # More than one change of a claim stands in one place.
        assert not re.match(r"\d{4}-\d\d-\d\d", sheet)


@needs_chromium
def test_no_row_of_a_table_stands_alone():
    tables = ""
    for many in range(18, 36):  # somewhere among these the last row would be the first of a sheet
        rows = "".join(f"<tr><td>row{n}</td><td>some words</td></tr>" for n in range(many))
        table = f"<table><thead><tr><th>name</th><th>what</th></tr></thead><tbody>{rows}</tbody></table>"
        tables += f'<section><div class="scroll">{table}</div></section>'
    sheets = _sheets(f"<main>{tables}</main>", "A4", style="section{break-before:page}")
    assert len(sheets) > 18
    assert all(len(re.findall(r"row\d+", sheet)) > 1 for sheet in sheets)


def _sheets(body, size, *parts, style=""):
    """The words of each sheet, with one blank between two."""
    style = SHEET.replace("A4", size) + style
    pdf = printed(document("T", body, parts=[*parts, WATCH], style=style), "T", "", None)
    read = PdfReader(io.BytesIO(pdf)).pages
    return [" ".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in read]  # no ligatures


@needs_chromium
def test_the_same_page_gives_the_same_bytes_and_they_name_no_place_of_this_machine(page, pdf):
    first = printed(page[0], TITLE, "In one week.", page[1])
    assert first == pdf
    assert not re.search(rb"file:|/tmp|factdesk-|Headless|HeadlessChrome", first)
    assert b"https://example.org/" in first


@needs_chromium
def test_a_page_of_which_not_everything_is_drawn_is_not_printed():
    text = document("T", '<main><div data-chart="0"></div></main>', parts=[WATCH])
    with pytest.raises(PrintFailed, match="not everything in the page was drawn"):
        printed(text, "T", "", None)


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_a_browser_that_fails_is_named_with_what_it_said(tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'no display' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CHROME", str(broken))
    assert browser() == str(broken)
    with pytest.raises(PrintFailed, match="no display"):
        printed("<p>x", "T", "", None)


def test_where_there_is_no_browser_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROME", "my-browser")
    with pytest.raises(
        NoBrowser, match=r"my-browser, chromium, .* apt install chromium.*set CHROME"
    ) as found:
        browser()
    assert isinstance(found.value, fd.FactdeskError)
