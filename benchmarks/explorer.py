"""Measure the explorer of a page in Chromium: its weight, how soon it answers, and what a move of the slider costs."""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from large_ledgers import generate
from playwright.sync_api import Browser, Page, sync_playwright

import factdesk as fd
from factdesk.pages.explorer import explorer
from factdesk.pages.html import document

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-extensions"]
SEED = 20250315

# One frame for each place of the slider: from its beginning to the end of script and layout, and until it is painted.
MOVE = """async ([which, places]) => {
  const slider = document.querySelector(`.fx-${which} input`);
  const frames = [];
  for (const place of places) {
    await new Promise((done) => {
      let begun, laidOut;
      requestAnimationFrame(() => (begun = performance.now()));
      slider.value = place;
      slider.dispatchEvent(new Event("input", {bubbles: true}));
      requestAnimationFrame(() => {
        document.body.offsetHeight;
        laidOut = performance.now();
        const painted = new MessageChannel();
        painted.port1.onmessage = () => done(frames.push([laidOut - begun, performance.now() - begun]));
        painted.port2.postMessage(0);
      });
    });
  }
  return frames;
}"""


def main() -> None:
    """Print a line for each way to move."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=50_000)
    parser.add_argument("--moves", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        measure(browser, Path(folder), asked.claims, asked.moves)


def measure(browser: Browser, folder: Path, claims: int, moves: int) -> None:
    """Make a page of so many claims, open it, and move its slider."""
    path = folder / "page.html"
    ledger = fd.open(generate(folder, claims))
    begun = time.perf_counter()
    html, part = explorer(ledger)
    path.write_text(document("Explorer", f"<main><h1>Explorer</h1>{html}</main>", parts=[part]))
    made = time.perf_counter() - begun
    print(f"{len(ledger.claims):,} claims, {len(ledger.statuses):,} statuses: ", end="")
    print(f"a page of {path.stat().st_size / 1e6:.2f} MB, made in {made:.1f} s")
    page = browser.new_context(offline=True, viewport={"width": 1100, "height": 900}).new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-explored]", state="attached", timeout=120_000)
    print(f"answers after {page.evaluate('performance.now()'):.0f} ms")
    measured(page, moves)
    page.context.close()


def measured(page: Page, moves: int) -> None:
    """Move the slider in each way, and print what a move cost."""
    near = [round(9_900 - place * 9_000 / moves) for place in range(moves)]
    far = random.Random(SEED).sample(range(10_000), moves)
    print(f"{'a move of the slider, in ms':44} {'script and layout':>18} {'until painted':>18}")
    print(f"{'':44} {'median':>9} {'95 %':>8} {'median':>9} {'95 %':>8}")

    def show(name: str, which: str, places: list[int]) -> None:
        frames = page.evaluate(MOVE, [which, places])
        cells = []
        for column in zip(*frames, strict=True):
            cells += [statistics.median(column), statistics.quantiles(column, n=20)[-1]]
        print(f"{name:44} {cells[0]:9.1f} {cells[1]:8.1f} {cells[2]:9.1f} {cells[3]:8.1f}")

    show("dragged, as it held", "on", near)
    show("to any day, as it held", "on", far)
    page.locator(".fx-frame a").first.click()
    show("dragged, a card open", "on", near)
    page.get_by_role("button", name="Close this claim").click()
    page.get_by_role("button", name="Status", exact=True).click()
    show("dragged, sorted by status", "on", near)
    page.get_by_role("radio", name="as we knew it").check()
    show("dragged, as we knew it on the same day", "on", near)
    page.get_by_label("the same day").uncheck()
    show("dragged, as we knew it on another day", "on", near)
    show("the day of knowing dragged", "known", near)


if __name__ == "__main__":
    main()
