"""Draw the README's pictures and the gallery of every chart, `docs/charts.md`, from the sample ledger.

`--check` only says whether the gallery's words and calls are as the code says.
"""

from __future__ import annotations

import inspect
import io
import sys
import tempfile
from pathlib import Path

import altair as alt
import pandas as pd

import factdesk as fd

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
GALLERY = ROOT / "docs" / "charts.md"

ONE = "trump-positive-signals"
ARTICLE = """Donald Trump said that he had received positive signals about a ceasefire from Moscow.

He called his talks with the Russian president "very good and productive".

Vladimir Putin asked for a painstaking study of the proposals before any agreement."""
EVENTS = pd.DataFrame(
    {
        "day": ["2025-03-11", "2025-03-18", "2025-08-15"],
        "event": ["US and Ukraine meet in Jeddah", "Trump and Putin speak by telephone", "Summit in Alaska"],
    }
)
INTRO = """# The charts

Each is one call on a ledger or a view of it (`ledger.where(topic="…")`, `ledger.as_known("2025-03-20")`). The pictures are of the sample ledger where nothing else is said, and were drawn by `scripts/make_pictures.py`; each carries the call that made it, which `factdesk provenance` reads back.

Every call takes `theme=` (`light`, `dark`, `print`), `size=` (`page`, `column`, `slide`, `card`) or `width=`, `locale=` (days and numbers, such as `de`) and `title=`; those drawn over time also `span=("2025-03-01", "2025-03-31")` and `gaps=`: by itself (`"auto"`) an axis is even, unless most of its days are idle and little would be seen; `True` and `False` say it outright. Point at a mark for its words; click an entry of a key to let one status stand out, with the shift key several.

The charts are Altair's own, and do what Altair's documentation says: `chart + layer`, `chart | other`, `chart & other`, `.properties(width=900, title="…")`, `.configure_axis(…)`, `.interactive()`, `.save("chart.html")`. `chart.data` is the rows behind it. Marks of your own land on their days with `fd.charts.days(chart).on(alt.Chart(frame).mark_rule(), "date")`, and charts of your own take the colours of a ledger's statuses with `scale=fd.charts.status_scale(ledger)` and our fonts and ground with `alt.theme.enable("factdesk-dark")`.

Save a chart with `fd.save(chart, "name.png")`, in a terminal with `factdesk chart KIND`, all of them with `make charts`.
"""


AGAIN = {"status_over_time": "by-claimant"}
"""Of a chart that is drawn once more, with other options: what its second file is called after its name."""


def drawn() -> dict[str, alt.LayerChart]:
    """Draw every chart of the sample ledger, by its name."""
    ledger = fd.open(ROOT / "claims.csv")
    more: dict[str, dict[str, object]] = {
        "claim_card": {"claim_id": ONE},
        "status_over_time": {"events": EVENTS},
        "timeline": {"claims": ledger.where(claimant="Donald Trump").claims["claim_id"].tolist()},
    }
    return {name: draw(ledger, **more.get(name, {})) for name, draw in fd.charts.CHARTS.items()}


def drawn_again() -> dict[str, alt.LayerChart]:
    """Draw those that have a second picture, by their name."""
    return {"status_over_time": fd.charts.status_over_time(fd.open(ROOT / "claims.csv"), by="claimant")}


def desk() -> bytes:
    """Return a picture of the desk in JupyterLab, beside the beginning of an article, as the browser tests open it."""
    sys.path.insert(0, str(ROOT / "tests"))
    import lab  # type: ignore[import-not-found]
    import samples  # type: ignore[import-not-found]
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as place,
        lab.served(Path(place)) as served,
        sync_playwright() as playwright,
    ):
        samples.sample(Path(place))
        opened = 'import factdesk as fd\nledger = fd.open("claims.csv", by="Ada Quist")'
        served.write("desk.ipynb", opened, f"desk = fd.workbench(ledger)\ndesk.selected = {ONE!r}\ndesk")
        browser = playwright.chromium.launch(executable_path=lab.CHROMIUM, args=lab.FLAGS)
        with lab.window(browser, 1720, 1100) as page:
            served.open(page, "desk.ipynb")
            served.run_all(page)
            page.get_by_label("Address, or the text").fill(ARTICLE)
            page.get_by_role("button", name="Read it").click()
            page.locator("mark.fd-mark-candidate").first.wait_for()
            page.wait_for_timeout(1_000)  # the findings are counted
            shown = Image.open(io.BytesIO(page.locator(".fd-live").screenshot()))
        browser.close()
    found = io.BytesIO()
    shown.convert("RGB").quantize(128).save(found, "PNG", optimize=True)
    return found.getvalue()


def gallery(charts: dict[str, alt.LayerChart], again: dict[str, alt.LayerChart]) -> str:
    """Write the gallery: of each chart its question, its picture and a call."""
    parts = [INTRO]
    for name, chart in charts.items():
        told = inspect.getdoc(fd.charts.CHARTS[name]) or ""
        summary, _, rest = told.partition("\n\n")
        more = rest.partition("\n\nParameters")[0] if not rest.startswith("Parameters") else ""
        parts.append(
            f"## `{name}`\n\n{_line(summary)}\n\n{_shown(chart, _file(name))}\n"
            + (f"\n{_line(more)}\n" if more else "")
        )
        if name in again:
            call = str(again[name].usermeta["factdesk"]["call"]).removeprefix("fd.charts.")
            parts.append(f"`{call}`:\n\n{_shown(again[name], _file(name, AGAIN[name]))}\n")
    return "\n".join(parts)


def _shown(chart: alt.LayerChart, file: str) -> str:
    alternative = str(chart.description).split(". ")[0].replace("[", "").replace("]", "")
    return f"![{_line(alternative)}](pictures/{file})"


def _line(text: str) -> str:
    return " ".join(text.split())


def _file(name: str, after: str = "") -> str:
    return f"{'-'.join(filter(None, [name.replace('_', '-'), after]))}.png"


def main(words: list[str]) -> int:
    """Draw them all, or check the words."""
    charts, again = drawn(), drawn_again()
    page = gallery(charts, again)
    files = {_file(name): chart for name, chart in charts.items()}
    files |= {_file(name, AGAIN[name]): chart for name, chart in again.items()}
    if words == ["--check"]:
        lacking = [file for file in (*files, "desk.png") if not (PICTURES / file).exists()]
        stands = GALLERY.read_text("utf-8") if GALLERY.exists() else ""
        return int(stands != page or bool(lacking))
    GALLERY.write_text(page, "utf-8")
    (PICTURES / "desk.png").write_bytes(desk())
    for file, chart in files.items():
        print(fd.save(chart, PICTURES / file).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
