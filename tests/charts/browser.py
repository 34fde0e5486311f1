"""Charts in a shared page in Chromium, with fonts of one's choice, and what their words do there."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import altair as alt
import nbformat
import nbformat.v4 as v4
from lab import CHROMIUM, FLAGS
from playwright.sync_api import Browser, Page, Playwright

import factdesk as fd

FONTS = {
    "liberation": ("liberation/LiberationSans-*.ttf", "Liberation Sans"),
    "dejavu": ("dejavu/DejaVuSans*.ttf", "DejaVu Sans"),
    "wide": ("dejavu/DejaVuSansMono*.ttf", "DejaVu Sans Mono"),
}
"""Sets of fonts, as a pattern below the system's folder and the family used where a page names one that is missing."""
SYSTEM = Path("/usr/share/fonts/truetype")
WIDTHS = (390, 700, 1400)
"""Pixels of a telephone, of a tablet and of a screen."""

MEASURE = Path(__file__).with_name("measure.js").read_text("utf-8")
"""The words of every chart of a page: which overlap, are cut or too small, and how many keys are off the screen."""

UNDRAWN = """() => [...document.querySelectorAll(".plot")]
  .some((plot) => !plot.querySelector("svg") && !("failed" in plot.dataset))"""


@contextlib.contextmanager
def chromium_with(fonts: str, folder: Path, playwright: Playwright) -> Iterator[Browser]:
    """Start Chromium with nothing but one of the sets of fonts; `folder` holds copies of them."""
    pattern, family = FONTS[fonts]
    own = folder / fonts
    own.mkdir(parents=True, exist_ok=True)
    for file in SYSTEM.glob(pattern):
        shutil.copy(file, own)
    aliases = "".join(
        f"<alias binding='same'><family>{name}</family><prefer><family>{family}</family></prefer></alias>"
        for name in ("sans-serif", "system-ui", "serif", "monospace")
    )
    config = own / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{own}</dir><cachedir>{own}/cache</cachedir>{aliases}</fontconfig>")
    environment = {**os.environ, "FONTCONFIG_FILE": str(config)}
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, env=environment)
    yield browser
    browser.close()


def page_of(charts: Mapping[str, alt.TopLevelMixin], ledger: fd.Ledger, folder: Path) -> Path:
    """Write charts into a shared page, as the outputs of a notebook."""
    cells = []
    for name, chart in charts.items():
        output = v4.new_output(
            "display_data", {"application/vnd.vegalite.v5+json": chart.to_dict(), "text/plain": ""}
        )
        cells += [v4.new_markdown_cell(f"## {name}"), v4.new_code_cell(f"# {name}", outputs=[output])]
    folder.mkdir(parents=True, exist_ok=True)
    notebook = folder / "charts.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# Charts"), *cells]), notebook)
    return fd.share(
        notebook, folder / "charts.html", execute=False, ledger=ledger, allow_findings=True, overwrite=True
    )[0]


@contextlib.contextmanager
def opened(browser: Browser, page: Path, width: int, scheme: str = "light") -> Iterator[Page]:
    """Open a page of charts so wide, and wait until all are drawn."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    try:
        shown = context.new_page()
        shown.goto(page.as_uri())
        while shown.evaluate(UNDRAWN):  # the page's own policy forbids to wait for a function
            shown.wait_for_timeout(100)
        shown.wait_for_timeout(300)
        yield shown
    finally:
        context.close()


def faults(page: Page) -> list[str]:
    """Say what is wrong with the words of a page's charts."""
    found = []
    for one in page.evaluate(MEASURE):
        about = [one[kind] for kind in ("fault",) if kind in one]
        about += [
            f"{kind}: {'; '.join(one[kind][:4])}" for kind in ("overlaps", "cut", "small") if one.get(kind)
        ]
        about += [f"{one['offScreen']} keys off the screen"] if one.get("offScreen") else []
        found += [f"{one['name']}: {words}" for words in about]
    return found
