"""Look at every chart in a page: Chromium with three sets of fonts, at three widths, on a light ground and a dark one.

What is wrong with words is printed, and a picture of each page is written to `looks/`. The ledgers are the sample,
those that the tests generate, and any whose `claims.csv` is named, or lies in `../shared/data/real-ledgers/`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import factdesk as fd

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "charts")]

from browser import FONTS, WIDTHS, chromium_with, faults, opened, page_of  # type: ignore[import-not-found]  # noqa: E402
from drawings import all_drawn  # type: ignore[import-not-found]  # noqa: E402
from samples import LEDGERS, ledger_of  # type: ignore[import-not-found]  # noqa: E402

TO = ROOT / "looks"
REAL = ROOT.parent / "shared" / "data" / "real-ledgers"


def copied(claims: Path) -> fd.Ledger:
    """Open a copy of a ledger: nothing is written beside the original."""
    folder = TO / "ledgers"
    shutil.copytree(claims.with_suffix(""), folder / claims.stem, dirs_exist_ok=True)
    return fd.open(shutil.copy(claims, folder))


def look(browser: Browser, name: str, page: Path, fonts: str, width: int) -> int:
    """Take pictures of a page, print what is wrong with its words, and count it."""
    for scheme in ("dark", "light"):
        with opened(browser, page, width, scheme) as shown:
            shown.screenshot(path=TO / name / f"{fonts}-{width}-{scheme}.png", full_page=True)
            found = faults(shown)
    for words in found:
        print(f"{name}, {fonts}, {width} px: {words}")
    return len(found)


def main(paths: list[str]) -> int:
    """Draw and look; 1 where anything is wrong."""
    shutil.rmtree(TO, ignore_errors=True)
    (TO / "ledgers").mkdir(parents=True)
    ledgers = {} if paths else {name: ledger_of(name) for name in ("sample", *LEDGERS)}
    real = [Path(path) for path in paths] or sorted(REAL.glob("*.csv"))
    ledgers |= {f"{path.stem}-real": copied(path) for path in real}
    pages = {name: page_of(all_drawn(ledger), ledger, TO / name) for name, ledger in ledgers.items()}
    if not paths and not REAL.is_dir():
        print(f"Left out: real ledgers, there is no {REAL}.")
    count = 0
    with sync_playwright() as playwright:
        for fonts in FONTS:
            with chromium_with(fonts, TO / "fonts", playwright) as browser:
                for name, page in pages.items():
                    count += sum(look(browser, name, page, fonts, width) for width in WIDTHS)
    print(f"{count} faults; pictures in {TO.name}/")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
