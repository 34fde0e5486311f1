"""Measure the page of a notebook with ten charts beside other tools' pages of the same notebook, in one run.

Each page is opened from its file with the network off. Told are the bytes that it loads, what it would have asked
of a network, how many charts can be used (hovered, dragged) or are pictures only, and how soon the first and the
last of them is there. Jupyter Book is measured where its command is found (`--book /somewhere/bin/jupyter-book`).
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import nbformat.v4 as v4
from nbclient import NotebookClient
from playwright.sync_api import Browser, sync_playwright

import factdesk as fd

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-extensions"]
CHARTS = 10
OPEN = 'import altair as alt\nimport factdesk as fd\n\nledger = fd.open("claims.csv")'
INLINE = 'alt.renderers.enable("html", template="inline")'

# The moment of each chart and picture, noted when it is in the page with a size.
WATCH = """
window.shown = new Map();
const look = () => {
  for (const one of document.querySelectorAll("svg.marks, canvas.marks, .output img, .cell_output img, .jp-OutputArea img, figure img"))
    if (!window.shown.has(one) && one.getBoundingClientRect().height > 40 && (one.tagName != "IMG" || one.complete))
      window.shown.set(one, performance.now());
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
TOLD = """() => {
  const there = [...window.shown].filter(([one]) => one.isConnected);
  const drawn = there.filter(([one]) => one.tagName != "IMG");
  const counted = drawn.length ? drawn : there;
  const times = counted.map(([, at]) => at);
  const [first, last] = times.length ? [Math.min(...times), Math.max(...times)] : [NaN, NaN];
  return {drawn: drawn.length, pictures: there.length - drawn.length, first, last};
}"""


@dataclass
class Seen:
    """What one opening of a page showed."""

    loaded: int = 0
    asked: list[str] = field(default_factory=list)
    drawn: int = 0
    pictures: int = 0
    first: float = 0
    last: float = 0


def notebook(folder: Path, name: str, *before: str) -> Path:
    """Write a notebook of ten charts of the sample ledger, and run it."""
    kinds = [kind for kind in fd.charts.CHARTS if kind != "claim_card"][: CHARTS - 1]
    shown = [
        *(f"fd.charts.{kind}(ledger)" for kind in kinds),
        'fd.charts.claim_card(ledger, "trump-positive-signals")',
    ]
    cells = [
        v4.new_markdown_cell("# Ten charts"),
        *map(v4.new_code_cell, ("\n".join((OPEN, *before)), *shown)),
    ]
    made = v4.new_notebook(cells=cells)
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.metadata.factdesk = {"ledger": "claims.csv"}
    NotebookClient(made, resources={"metadata": {"path": str(folder)}}).execute()
    path = folder / f"{name}.ipynb"
    nbformat.write(made, path)
    return path


def pages(folder: Path, book: str | None) -> Iterator[tuple[str, Path]]:
    """Give each tool's page of the notebook, by what it is called in the table."""
    plain, inline = notebook(folder, "plain"), notebook(folder, "inline", INLINE)
    [ours] = fd.share(plain, folder / "ours.html", execute=False)
    yield "factdesk", ours
    [ours] = fd.share(plain, folder / "evidence.html", execute=False, evidence=True)
    yield "factdesk, evidence=True", ours
    yield "nbconvert", _converted(plain)
    yield "nbconvert, Altair inline", _converted(inline)
    if book:
        yield "Jupyter Book", _bound(folder / "book", plain, book)
        yield "Jupyter Book, Altair inline", _bound(folder / "book-inline", inline, book)


def _converted(source: Path) -> Path:
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR", str(source)]
    subprocess.run(command, check=True)
    return source.with_suffix(".html")


def _bound(folder: Path, source: Path, book: str) -> Path:
    folder.mkdir()
    shutil.copy(source, folder / "ten.ipynb")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: ten\n")
    (folder / "_config.yml").write_text('title: Ten charts\nexecute:\n  execute_notebooks: "off"\n')
    subprocess.run([book, "build", "--quiet", str(folder)], check=True, capture_output=True)
    return folder / "_build" / "html" / "ten.html"


def opened(browser: Browser, path: Path) -> Seen:
    """Open a page with the network off, wait until nothing more is drawn, and tell what was seen."""
    seen = Seen()
    context = browser.new_context(viewport={"width": 1100, "height": 900})

    def refuse(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.url.startswith(("file:", "data:", "blob:")):
            return route.continue_()
        seen.asked.append(route.request.url)
        return route.abort()

    context.route("**/*", refuse)
    context.add_init_script(WATCH)
    page = context.new_page()
    local: set[Path] = set()

    def note(response) -> None:  # type: ignore[no-untyped-def]
        if response.url.startswith("file:"):
            local.add(Path(response.url.split("?")[0].split("#")[0].removeprefix("file://")))

    page.on("response", note)
    page.goto(path.as_uri(), wait_until="load", timeout=120_000)
    before = -1
    while (now := page.evaluate("window.shown.size")) != before:
        # Charts of ours are drawn as they come into sight.
        for height in range(0, page.evaluate("document.body.scrollHeight"), 700):
            page.evaluate(f"window.scrollTo(0, {height})")
            page.wait_for_timeout(30)
        before = now
        page.wait_for_timeout(1500)
    told = page.evaluate(TOLD)
    for name, value in told.items():
        setattr(seen, name, value)
    seen.loaded = sum(file.stat().st_size for file in local)
    context.close()
    return seen


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--book", default=shutil.which("jupyter-book"), help="the command of Jupyter Book 1")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        shutil.copy(ROOT / "claims.csv", folder)
        shutil.copytree(ROOT / "claims", folder / "claims", ignore=shutil.ignore_patterns(".factdesk"))
        made = list(pages(folder, asked.book))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        rounds = [[opened(browser, path) for _, path in made] for _ in range(asked.rounds)]
        browser.close()

    def median(at: int, name: str) -> float:
        return statistics.median(getattr(one[at], name) for one in rounds)

    def cell(value: float, wide: int, form: str = ",.0f") -> str:
        return f"{'none' if value != value else format(value, form):>{wide}}"

    print(f"{'':29}{'loaded, kB':>11}{'ratio':>7}{'to use':>8}{'pictures':>10}{'asked of a network':>20}"
          f"{'first, ms':>11}{'ratio':>7}{'last, ms':>10}")  # fmt: skip
    for at, (name, _) in enumerate(made):
        seen = rounds[0][at]
        first, size = median(at, "first"), median(at, "loaded")
        print(f"{name:29}{cell(size / 1000, 11)}{cell(size / median(0, 'loaded'), 7, '.2f')}{seen.drawn:8}{seen.pictures:10}"
              f"{len(set(seen.asked)):20}{cell(first, 11)}{cell(first / median(0, 'first'), 7, '.2f')}"
              f"{cell(median(at, 'last'), 10)}")  # fmt: skip
    if not asked.book:
        print("Jupyter Book was left out: no jupyter-book on the path.")


if __name__ == "__main__":
    main()
