"""Charts in a shared page in Chromium, with fonts of one's choice, and what their words do there."""

from __future__ import annotations

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

MEASURE = """() => [...document.querySelectorAll("figure")].map((figure) => {
  const svg = figure.querySelector(".plot svg");
  const name = figure.querySelector(".title")?.textContent ?? "";
  if (!svg) return { name, fault: figure.querySelector(".plot")?.textContent ?? "no drawing" };
  const frame = svg.getBoundingClientRect(), plot = figure.querySelector(".plot").getBoundingClientRect();
  const left = Math.max(frame.left, plot.left, 0), right = Math.min(frame.right, plot.right, innerWidth);
  const isSeen = (node) => {
    for (let at = node; at !== svg; at = at.parentNode)
      if (at.getAttribute("opacity") === "0" || at.getAttribute("visibility") === "hidden"
        || at.getAttribute("fill-opacity") === "0" || at.style.display === "none") return false;
    return true;
  };
  // A line of words as a quadrangle on the screen: it may be slanted. A touch of its box is no overlap.
  const quad = (node, dx, dy) => {
    const matrix = node.getScreenCTM(), box = node.getBBox();
    const [x, X, y, Y] = [box.x + dx, box.x + box.width - dx, box.y + dy, box.y + box.height - dy];
    return [[x, y], [X, y], [X, Y], [x, Y]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
  };
  const isApart = (one, other) => [one, other].some((of) => [0, 1].some((at) => {
    const [nx, ny] = [of[at + 1].y - of[at].y, of[at].x - of[at + 1].x];
    const [a, b] = [one, other].map((points) => points.map((p) => p.x * nx + p.y * ny));
    return Math.max(...a) <= Math.min(...b) || Math.max(...b) <= Math.min(...a);
  }));
  const lines = [...svg.querySelectorAll("text")].filter(isSeen)
    .flatMap((text) => (text.querySelector("tspan") ? [...text.querySelectorAll("tspan")] : [text]))
    .filter((line) => line.textContent.trim());
  const words = lines.map((line) => ({ text: line.textContent.slice(0, 40), inner: quad(line, 0.75, 2), outer: quad(line, 0, 2),
    size: parseFloat(getComputedStyle(line).fontSize) * Math.hypot(line.getScreenCTM().a, line.getScreenCTM().b) }));
  const overlaps = words.flatMap((one, n) => words.slice(n + 1).filter((other) => !isApart(one.inner, other.inner))
    .map((other) => `${one.text} # ${other.text}`));
  const isCut = (points) => points.some((p) => p.x < left - 1 || p.x > right + 1 || p.y < frame.top - 1 || p.y > frame.bottom + 1);
  const keys = [...svg.querySelectorAll(".role-legend")].map((key) => key.getBoundingClientRect());
  return {
    name, words: words.length, width: Math.round(frame.width), height: Math.round(frame.height), overlaps,
    cut: words.filter((one) => isCut(one.outer)).map((one) => one.text),
    small: words.filter((one) => one.size < 10.95).map((one) => `${one.text} (${one.size.toFixed(1)} px)`),
    offScreen: keys.filter((key) => key.left < left - 1 || key.right > right + 1).length,
  };
})"""
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
