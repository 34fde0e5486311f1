"""What holds for every chart: one day in every time zone, words without fonts, and text that stays text."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
import vl_convert
from drawn import generated, rows, sample, spec_of, texts, written

import factdesk as fd
from factdesk import sheet
from factdesk.charts import status_over_time, timeline
from factdesk.schema import VOCABULARY

SOURCE = Path(fd.__file__).resolve().parent.parent
ZONES = ("Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati")
CHARTS = [status_over_time, timeline]
HOSTILE = [
    "</script><script>document.title='gone'</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://example.org")',
    "{{7*7}} ${7*7} datum.value \\u003c",
    "\u2028line\u2029ends",
    "javascript:alert(1)",
    "محمد بن سلمان",
    "中华人民共和国外交部发言人说关税将减半。",
]
each = pytest.mark.parametrize("draw", CHARTS, ids=lambda draw: draw.__name__)


def hostile(folder: Path) -> fd.Ledger:
    """A ledger of which every text means harm."""
    claims = [
        {"claim_id": f"claim-{n}", "claim": text, "claimant": text, "made_on": "2025-03-10", "quote": text}
        for n, text in enumerate(HOSTILE)
    ]
    statuses = [
        {"claim_id": f"claim-{n}", "status": "refuted", "holds_from": "2025-03-12", "rationale": text}
        for n, text in enumerate(HOSTILE)
    ]
    sources = [
        {
            "source_id": "s-1",
            "url": "https://example.org",
            "publisher": HOSTILE[0],
            "published_on": "2025-03-11",
        }
    ]
    evidence = [{"claim_id": "claim-0", "source_id": "s-1", "stance": "refutes", "quote": HOSTILE[0]}]
    return written(folder, claims, statuses, evidence, sources, title="Steel")


def drawn_in(zone: str, code: str) -> str:
    """What a process in that time zone prints."""
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": str(SOURCE)}
    script = f"import factdesk as fd\nledger = fd.open({str(SOURCE.parent / 'claims.csv')!r})\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_picture_is_the_same_in_every_time_zone():
    code = (
        "import vl_convert\n"
        "for draw in (fd.charts.status_over_time, fd.charts.timeline):\n"
        "    print(vl_convert.vegalite_to_svg(draw(ledger).to_dict()))"
    )
    first, *others = [drawn_in(zone, code) for zone in ZONES]
    assert "16 to 17 March 2025: 3 of 22 claims unverified" in first
    assert all(other == first for other in others)


@pytest.mark.browser
@each
def test_a_page_shows_the_same_days_in_every_time_zone(draw, chromium, tmp_path):
    page_file = fd.save(draw(sample()), tmp_path / "chart.html")
    shown = []
    for zone in ZONES:
        context = chromium.new_context(
            timezone_id=zone, offline=True, viewport={"width": 1000, "height": 900}
        )
        page = context.new_page()
        page.goto(page_file.as_uri())
        page.wait_for_selector("html[data-drawn='1']")
        picture = page.locator("svg").evaluate("svg => svg.outerHTML")
        mark = page.locator("svg [aria-roledescription='rect mark']").first
        mark.hover(force=True)
        shown.append((picture, page.locator(".tip").inner_text()))
        context.close()
    assert "March 2025" in shown[0][1]
    assert shown[0] == shown[1] == shown[2]


@each
def test_words_are_there_on_a_machine_without_fonts(draw, tmp_path):
    code = (
        "import subprocess\n"
        f"chart = fd.charts.{draw.__name__}(ledger)\n"
        f"fd.save(chart, {str(tmp_path / 'bare.png')!r}, scale=1)\n"
    )
    script = f"import factdesk as fd\nledger = fd.open({str(SOURCE.parent / 'claims.csv')!r})\n{code}"
    (tmp_path / "draw.py").write_text(script)
    hidden = f"mount -t tmpfs none /usr/share/fonts && exec {sys.executable} {tmp_path / 'draw.py'}"
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", hidden],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
    )
    if done.returncode and not (tmp_path / "bare.png").exists():
        pytest.skip("needs a system where fonts can be hidden from a process (unshare)")
    from PIL import Image

    fd.save(draw(sample()), tmp_path / "usual.png", scale=1)
    ink = []
    for name in ("bare", "usual"):
        heading = Image.open(tmp_path / f"{name}.png").convert("L").crop((0, 0, 700, 60))
        ink.append(sum(heading.histogram()[:128]))
    assert ink[1] > 500
    assert ink[0] == pytest.approx(ink[1], rel=0.15)


@each
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_that_means_harm_stays_data(draw, theme, tmp_path):
    chart = draw(hostile(tmp_path), theme=theme, title=HOSTILE[0])
    spec = spec_of(chart)
    outside = json.dumps(
        {
            key: value
            for key, value in spec.items()
            if key not in ("datasets", "title", "usermeta", "description")
        }
    )
    assert "script" not in outside.replace("description", "")
    assert "datum.value" not in outside
    svg = vl_convert.vegalite_to_svg(spec)
    assert "<script" not in svg
    assert "<img" not in svg
    assert "<a " not in svg


@pytest.mark.browser
@each
def test_a_page_of_text_that_means_harm_runs_and_loads_nothing(draw, chromium, tmp_path):
    page_file = fd.save(draw(hostile(tmp_path), title=HOSTILE[0]), tmp_path / "chart.html")
    context = chromium.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("dialog", lambda dialog: asked.append("a dialog"))
    page.goto(page_file.as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    page.locator("svg [aria-roledescription='rect mark']").first.hover(force=True)
    assert page.title() == HOSTILE[0]
    assert asked == [page_file.as_uri()]
    context.close()


@each
def test_an_empty_ledger_gives_a_sheet_that_says_so(draw, tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Steel", by="Ada Quist")
    chart = draw(ledger)
    assert spec_of(chart)["title"]["text"] == ["No claims in the ledger yet"]
    assert "A claim that is logged appears here." in texts(chart)
    assert (
        spec_of(chart)["description"] == "No claims in the ledger yet. A claim that is logged appears here."
    )
    assert fd.save(chart, tmp_path / "empty.png").stat().st_size > 1000


@each
def test_a_view_without_claims_and_a_span_before_them_say_so(draw):
    nobody = draw(sample().where(text="a word that no claim has"))
    assert spec_of(nobody)["title"]["text"] == ["No claims in this part of the ledger yet"]
    before = draw(sample(), span=("2024-01-01", "2024-02-01"))
    assert spec_of(before)["title"]["text"] == ["No claims in the ledger in these days"]
    assert "The days asked for are 1 January to 1 February 2024." in texts(before)


@each
def test_a_ledger_of_one_claim_and_one_day_is_drawn(draw, tmp_path):
    claim = {"claim_id": "c", "claim": "It is so.", "claimant": "B.", "made_on": "2025-03-10"}
    ledger = written(tmp_path, [claim], as_of="2025-03-10")
    chart = draw(ledger)
    assert "10 March 2025" in " ".join(spec_of(chart)["title"]["subtitle"])
    assert fd.save(chart, tmp_path / "one.svg").stat().st_size > 1000


@each
@pytest.mark.parametrize(("theme", "ground"), [("light", "#ffffff"), ("dark", "#14181d")])
def test_a_chart_has_its_own_ground_and_nothing_that_keeps_layers_from_being_added(draw, theme, ground):
    spec = spec_of(draw(sample(), theme=theme))
    assert spec["background"] == ground
    assert "autosize" in spec and spec["autosize"]["type"] == "none"
    assert spec["config"] == alt.Chart().to_dict(validate=False)["config"]


@each
def test_a_layer_of_ones_own_lies_on_our_days(draw):
    chart = draw(sample())
    chart += (
        alt.Chart(pd.DataFrame({"day": ["2025-03-15T00:00:00Z"]}))
        .mark_rule(color="#123456")
        .encode(x="day:T")
    )
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    line = next(part for part in svg.split("<") if part.startswith("line") and "#123456" in part)
    place = float(line.split("translate(")[1].split(",")[0])
    begin = next(row["at"] for row in rows(draw(sample()), "at", "from") if row["from"] == "2025-03-15")
    assert begin == 1_741_996_800_000
    begins = [
        float(number) for number in re.findall(r'aria-label="[^"]*March 2025[^"]*"[^>]* d="M([\d.]+)', svg)
    ]
    assert place > 0
    assert any(at == pytest.approx(place, abs=0.01) for at in begins)


@each
def test_a_chart_is_as_wide_as_asked(draw):
    from PIL import Image

    for width in (420, 700, 1100):
        png = vl_convert.vegalite_to_png(draw(sample(), width=width).to_dict(), scale=1)
        import io

        assert Image.open(io.BytesIO(png)).width == width


@each
def test_the_same_ledger_gives_the_same_specification(draw):
    assert spec_of(draw(sample())) == spec_of(draw(sample()))


def test_a_chart_of_sixty_claims_stays_small(tmp_path):
    ledger = generated(tmp_path, 60)
    assert len(json.dumps(spec_of(status_over_time(ledger)))) < 150_000
    assert len(json.dumps(spec_of(timeline(ledger)))) < 250_000


@pytest.mark.parametrize("name", ["light", "dark", "print"])
def test_charts_of_ones_own_take_our_themes_and_ours_take_nobody_elses(name):
    points = alt.Chart(alt.InlineData(values=[{"a": 1, "b": "x"}])).mark_point().encode(x="a:Q", color="b:N")
    with alt.theme.enable(f"factdesk-{name}"):
        spec = points.to_dict()
        ours = status_over_time(sample()).to_dict()
    assert spec["config"]["background"] == sheet.THEMES[name].ground
    assert len(set(spec["config"]["range"]["category"])) == len(VOCABULARY)
    assert vl_convert.vegalite_to_svg(spec).startswith("<svg")
    assert ours["background"] == sheet.THEMES["light"].ground
