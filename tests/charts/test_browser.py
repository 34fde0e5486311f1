"""Charts in a page, in a browser without the font that they were made with, on a telephone and on a screen."""

import pytest
from browser import chromium_with, faults, opened, page_of
from drawings import DRAWINGS, drawing
from samples import ledger_of


@pytest.fixture(scope="module")
def browser(playwright, tmp_path_factory):
    """Chromium with DejaVu alone, whose letters are an eighth wider than those that most systems have."""
    with chromium_with("dejavu", tmp_path_factory.mktemp("fonts"), playwright) as started:
        yield started


@pytest.fixture(scope="module", params=["sample", "week"])
def page(request, tmp_path_factory):
    charts = {name: chart for name in DRAWINGS if (chart := drawing(name, request.param)) is not None}
    return page_of(charts, ledger_of(request.param), tmp_path_factory.mktemp("page"))


@pytest.mark.parametrize("width", [390, 1400])
def test_no_words_overlap_or_are_cut_and_all_can_be_read(browser, page, width):
    with opened(browser, page, width) as shown:
        assert "\n".join(faults(shown)) == ""
