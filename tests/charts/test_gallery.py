"""What holds for every chart: one day in every time zone, words without fonts, and text that stays text."""

import inspect
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from drawn import MOMENT, generated, rows, sample, spec_of, texts, written
from PIL import Image

import factdesk as fd
from factdesk.charts import canvas
from factdesk.charts.canvas import SIZES, THEMES
from factdesk.charts.gallery import CHARTS, status_over_time, timeline
from factdesk.errors import InvalidValue, NotFound
from factdesk.schema import STANCES, VOCABULARY

SOURCE = Path(fd.__file__).resolve().parent.parent
ZONES = ("Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati")
TAKES = {name: inspect.signature(draw).parameters for name, draw in CHARTS.items()}
ON_DAYS = [
    name for name in CHARTS if name in ("status_over_time", "timeline", "claim_card", "repeats", "revisions")
]
"""Those with a time axis."""
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
each = pytest.mark.parametrize("name", CHARTS)


def draw(name: str, ledger: fd.Ledger, **options: object) -> alt.LayerChart:
    """A chart by its name; the card is that of the first claim."""
    if "claim_id" in TAKES[name]:
        options = {"claim_id": next(iter(ledger.claims["claim_id"]), "none"), **options}
    return CHARTS[name](ledger, **options)


def hostile(folder: Path) -> fd.Ledger:
    """A ledger of which every text means harm; its claims are made again, judged anew later, and have evidence."""
    folder.mkdir(exist_ok=True)
    numbered = list(enumerate(HOSTILE))
    claims = [
        {
            "claim_id": f"claim-{n}", "claim": text, "claimant": text, "claimant_role": text, "quote": text,
            "note": text, "topics": text, "appearance": f"s-{n}", "made_on": "2025-03-10", "logged_by": text,
            "logged_at": f"2025-03-11{MOMENT}",
        }
        for n, text in numbered
    ]  # fmt: skip
    statuses = [
        {
            "claim_id": f"claim-{n}", "status": status, "holds_from": day, "rationale": text, "gaps": text,
            "reviewed_by": text, "recorded_at": f"{on}{MOMENT}",
        }
        for n, text in numbered
        for status, day, on in (
            ("refuted", "2025-03-12", "2025-03-12"), ("mixed", "2025-03-16", "2025-04-20"),
        )
    ]  # fmt: skip
    sources = [
        {
            "source_id": f"s-{n}", "url": f"https://example.org/{n}", "title": text, "publisher": text,
            "author": text, "note": text, "published_on": "2025-03-11",
        }
        for n, text in numbered
    ]  # fmt: skip
    evidence = [
        {
            "claim_id": f"claim-{n}", "source_id": f"s-{m}", "stance": STANCES[(n + m) % len(STANCES)],
            "quote": text, "translation": text, "place": text, "note": text,
        }
        for n, text in numbered
        for m in (n, (n + 1) % len(HOSTILE))
    ]  # fmt: skip
    again = [
        {"claim_id": f"claim-{n}", "claimant": text, "quote": text, "note": text, "made_on": "2025-03-14"}
        for n, text in numbered
    ]
    return written(folder, claims, statuses, evidence, sources, appearances=again)


@pytest.fixture(scope="module")
def harmful(tmp_path_factory):
    """The ledger of which every text means harm."""
    return hostile(tmp_path_factory.mktemp("harm"))


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
        "card = dict(claim_id=ledger.claims['claim_id'].iloc[0])\n"
        "for name, draw in fd.charts.CHARTS.items():\n"
        "    chart = draw(ledger, **(card if name == 'claim_card' else {}))\n"
        "    print(vl_convert.vegalite_to_svg(chart.to_dict()), end='\\f')"
    )
    first, *others = [drawn_in(zone, code).split("\f")[:-1] for zone in ZONES]
    assert len(first) == len(CHARTS)
    assert "16 to 17 March 2025: 3 of 22 claims unverified" in first[0]
    assert all(other == first for other in others)


@pytest.mark.browser
def test_pages_show_the_same_days_in_every_time_zone(chromium, tmp_path):
    ledger = sample()
    files = [fd.save(draw(name, ledger), tmp_path / f"{name}.html") for name in CHARTS]
    shown = []
    for zone in ZONES:
        context = chromium.new_context(
            timezone_id=zone, offline=True, viewport={"width": 1000, "height": 900}
        )
        page = context.new_page()
        for file in files:
            page.goto(file.as_uri())
            page.wait_for_selector("html[data-drawn='1']")
            picture = page.locator("svg").evaluate("svg => svg.outerHTML")
            page.locator("svg [aria-roledescription='rect mark']").first.hover(force=True)
            shown.append((file.stem, picture, page.locator(".tip").inner_text()))
        context.close()
    first, *others = [shown[at : at + len(files)] for at in range(0, len(shown), len(files))]
    for name, picture, tip in first:
        assert name not in ON_DAYS or "March 2025" in picture + tip
    assert all(other == first for other in others)


def test_words_are_there_on_a_machine_without_fonts(tmp_path):
    (tmp_path / "draw.py").write_text(
        f"import factdesk as fd\nledger = fd.open({str(SOURCE.parent / 'claims.csv')!r})\n"
        "card = dict(claim_id=ledger.claims['claim_id'].iloc[0])\n"
        "for name, draw in fd.charts.CHARTS.items():\n"
        "    chart = draw(ledger, **(card if name == 'claim_card' else {}))\n"
        f"    fd.save(chart, {str(tmp_path)!r} + f'/bare-{{name}}.png', scale=1)\n"
    )
    hidden = f"mount -t tmpfs none /usr/share/fonts && exec {sys.executable} {tmp_path / 'draw.py'}"
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", hidden],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
    )
    if done.returncode and not list(tmp_path.glob("bare-*.png")):
        pytest.skip("needs a system where fonts can be hidden from a process (unshare)")
    for name in CHARTS:
        fd.save(draw(name, sample()), tmp_path / f"usual-{name}.png", scale=1)
        ink = []
        for how in ("bare", "usual"):
            heading = Image.open(tmp_path / f"{how}-{name}.png").convert("L").crop((0, 0, 700, 60))
            ink.append(sum(heading.histogram()[:128]))
        assert ink[1] > 500
        assert ink[0] == pytest.approx(ink[1], rel=0.15), name


WORDS = ("datasets", "data", "title", "text", "description", "usermeta")
"""Where in a specification words of a ledger may stand: in its data, and in what is set as text."""


def without_words(part: object) -> object:
    """A specification without its data and what is set in it as words."""
    if isinstance(part, dict):
        return {key: without_words(value) for key, value in part.items() if key not in WORDS}
    return [without_words(one) for one in part] if isinstance(part, list) else part


@each
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_that_means_harm_stays_data(name, theme, harmful):
    spec = spec_of(draw(name, harmful, theme=theme, title=HOSTILE[0]))
    outside = json.dumps(without_words(spec))
    for text in HOSTILE:
        assert json.dumps(text)[1:-1] not in outside
    assert "script" not in outside
    assert "datum.value" not in outside
    svg = vl_convert.vegalite_to_svg(spec)
    for markup in ("<script", "<img", "<a "):
        assert markup not in svg


@pytest.mark.browser
def test_pages_of_text_that_means_harm_run_and_load_nothing_and_show_its_words(chromium, harmful, tmp_path):
    context = chromium.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("dialog", lambda dialog: asked.append("a dialog"))
    for name in CHARTS:
        file = fd.save(draw(name, harmful, title=HOSTILE[0]), tmp_path / f"{name}.html")
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-drawn='1']")
        page.locator("svg [aria-roledescription='rect mark']").first.hover(force=True)
        assert page.title() == HOSTILE[0]
        assert asked == [file.as_uri()]
        asked.clear()
        # Words are wrapped, and cut after a word where there is no room for all.
        shown = "".join(page.locator("body").evaluate("body => body.textContent").split())
        assert "<script>document.title='gone'</script>" in shown, name
    context.close()


@pytest.mark.parametrize("name", [name for name in CHARTS if "claim_id" not in TAKES[name]])
def test_an_empty_ledger_gives_a_sheet_that_says_so(name, tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Steel", by="Ada Quist")
    chart = draw(name, ledger)
    assert spec_of(chart)["title"]["text"] == ["No claims in the ledger yet"]
    assert "A claim that is logged appears here." in texts(chart)
    assert (
        spec_of(chart)["description"] == "No claims in the ledger yet. A claim that is logged appears here."
    )
    assert fd.save(chart, tmp_path / "empty.png").stat().st_size > 1000


@pytest.mark.parametrize("name", [name for name in CHARTS if "claim_id" not in TAKES[name]])
def test_a_view_without_claims_says_so(name):
    nobody = draw(name, sample().where(text="a word that no claim has"))
    assert spec_of(nobody)["title"]["text"] == ["No claims in this part of the ledger yet"]


@pytest.mark.parametrize("name", [name for name in CHARTS if "claims" in TAKES[name]])
def test_where_no_claim_was_asked_for_it_is_not_said_that_there_is_none(name):
    chart = draw(name, sample(), claims=[])
    assert spec_of(chart)["title"]["text"] == ["No claims were asked for"]
    assert "There are 22 claims in the ledger." in texts(chart)
    one = sample().where(text="positive signals")
    assert "There is 1 claim in this part of the ledger." in texts(draw(name, one, claims=[]))
    assert spec_of(draw(name, one.where(text="no such"), claims=[]))["title"]["text"] == [
        "No claims in this part of the ledger yet"
    ]


def test_a_card_of_a_claim_that_is_not_there_is_refused():
    with pytest.raises(NotFound, match="no-such-claim"):
        draw("claim_card", sample(), claim_id="no-such-claim")
    with pytest.raises(NotFound):
        draw("claim_card", sample().where(text="a word that no claim has"), claim_id="no-such-claim")


@pytest.mark.parametrize("name", [name for name in CHARTS if "span" in TAKES[name]])
def test_a_span_of_which_nothing_is_known_is_refused_and_the_days_that_are_covered_named(name):
    covered = {"activity": "2026-11-24", "claim_card": "2025-03-13"}.get(name, "2025-03-11")
    for span in (("2024-01-01", "2024-02-01"), ("2030-01-01", "2030-02-01")):
        with pytest.raises(InvalidValue, match=f"{covered} to 2026-11-24"):
            draw(name, sample(), span=span)


@pytest.mark.parametrize("name", [name for name in CHARTS if {"span", "claims"} <= set(TAKES[name])])
def test_the_days_that_are_named_are_those_of_the_claims_asked_for(name):
    late = sample().intervals().sort_values("start").drop_duplicates("claim_id").iloc[-1]
    day = f"{late['start']:%Y-%m-%d}"
    assert day > "2025-03-11"
    with pytest.raises(InvalidValue, match=f"{day} to 2026-11-24"):
        draw(name, sample(), claims=late["claim_id"], span=("2025-03-01", "2025-03-11"))


@pytest.mark.parametrize(
    "name", [name for name in CHARTS if "span" in TAKES[name] and "claim_id" not in TAKES[name]]
)
def test_a_span_of_a_ledger_without_claims_still_gives_its_sheet(name, tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Steel", by="Ada Quist")
    chart = draw(name, ledger, span=("2024-01-01", "2024-02-01"))
    assert spec_of(chart)["title"]["text"] == ["No claims in the ledger yet"]


@each
@pytest.mark.parametrize(
    ("option", "choices"), [("theme", THEMES), ("size", SIZES), ("locale", ["a tag", "pt-BR"])]
)
def test_an_option_that_is_none_is_refused_and_the_choices_named(name, option, choices):
    with pytest.raises(InvalidValue) as refused:
        draw(name, sample(), **{option: "poster !"})
    assert "poster !" in str(refused.value)
    assert all(choice in str(refused.value) for choice in choices)


KINDS = [
    ("width", "500", "a whole number from 420 to 3,000 pixels"),
    ("width", 500.5, "a whole number"),
    ("width", True, "a whole number"),
    ("height", -1, "a whole number from 60 to 3,000 pixels"),
    ("height", "tall", "a whole number"),
    ("title", 5, "text"),
    ("even", "no", "True or False"),
    ("share", 2, "True or False"),
    ("claims", 5, "ids"),
]


@pytest.mark.parametrize(
    ("name", "option", "value", "allowed"),
    [(name, *kind) for name in CHARTS for kind in KINDS if kind[0] in TAKES[name]],
)
def test_an_option_of_another_kind_is_refused_and_it_is_said_which_is_meant(name, option, value, allowed):
    with pytest.raises(InvalidValue, match=allowed) as refused:
        draw(name, sample(), **{option: value})
    assert refused.value.column == option


@each
@pytest.mark.parametrize("given", ["claims.csv", Path("claims.csv"), pd.DataFrame(), None])
def test_what_is_no_ledger_is_refused_and_it_is_said_how_to_open_one(name, given):
    options = {"claim_id": "c"} if "claim_id" in TAKES[name] else {}
    with pytest.raises(InvalidValue, match=r"fd\.open\('claims\.csv'\)"):
        CHARTS[name](given, **options)


def test_numbers_of_a_frame_are_pixels_too():
    assert spec_of(timeline(sample(), width=np.int64(500)))["width"] < 500


@each
def test_a_ledger_of_one_claim_and_one_day_is_drawn(name, tmp_path):
    claim = {"claim_id": "c", "claim": "It is so.", "claimant": "B.", "made_on": "2025-03-10"}
    ledger = written(tmp_path, [claim], as_of="2025-03-10")
    chart = draw(name, ledger)
    assert name not in ("status_over_time", "timeline") or "10 March 2025" in " ".join(
        spec_of(chart)["title"]["subtitle"]
    )
    assert fd.save(chart, tmp_path / "one.svg").stat().st_size > 1000


@each
@pytest.mark.parametrize(("theme", "ground"), [("light", "#ffffff"), ("dark", "#14181d")])
def test_a_chart_has_its_own_ground_and_nothing_that_keeps_layers_from_being_added(name, theme, ground):
    spec = spec_of(draw(name, sample(), theme=theme))
    assert spec["background"] == ground
    assert "autosize" in spec and spec["autosize"]["type"] == "none"
    assert spec["config"] == alt.Chart().to_dict(validate=False)["config"]


def place_on(spec: dict, moment: int) -> float:
    """Where a moment lies on a chart's time axis, in pixels of the drawing."""
    scales = (layer.get("encoding", {}).get("x", {}).get("scale") or {} for layer in spec["layer"])
    scale = next(scale for scale in scales if scale.get("type") == "utc")
    moments = json.loads(scale["domain"]["expr"])
    shares = [float(one["expr"].removeprefix("width*")) for one in scale["range"]]
    return float(np.interp(moment, moments, shares)) * spec["width"]


@pytest.mark.parametrize("name", ON_DAYS)
def test_a_layer_of_ones_own_lies_on_our_days(name, harmful):
    chart = draw(name, harmful)
    spec = spec_of(chart)
    moment = 1_742_083_200_000  # 16 March 2025 begins
    assert any(row["at"] == moment for row in rows(chart, "at", "from") if row["from"] == "2025-03-16") or (
        name == "repeats"
    )
    chart += (
        alt.Chart(pd.DataFrame({"day": ["2025-03-16T00:00:00Z"]}))
        .mark_rule(color="#123456")
        .encode(x="day:T")
    )
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    line = next(part for part in svg.split("<") if part.startswith("line") and "#123456" in part)
    place = float(line.split("translate(")[1].split(",")[0])
    assert 0 < place < spec["width"]
    assert place == pytest.approx(place_on(spec, moment), abs=0.01)


@each
def test_a_chart_is_as_wide_as_asked(name):
    for width in (420, 700, 1100):
        spec = spec_of(draw(name, sample(), width=width))
        assert spec["width"] + spec["padding"]["left"] + spec["padding"]["right"] == pytest.approx(width)
    png = vl_convert.vegalite_to_png(spec, scale=1)
    assert Image.open(io.BytesIO(png)).width == 1100


@each
def test_the_same_ledger_gives_the_same_specification(name):
    assert spec_of(draw(name, sample())) == spec_of(draw(name, sample()))


def test_a_chart_of_sixty_claims_stays_small(tmp_path):
    ledger = generated(tmp_path, 60)
    assert len(json.dumps(spec_of(status_over_time(ledger)))) < 150_000
    assert len(json.dumps(spec_of(timeline(ledger)))) < 250_000


def test_thousands_of_claims_over_ten_years_make_no_larger_a_chart(tmp_path):
    """The marks bound it, not the claims; `benchmarks/charts.py` measures it of a million."""
    ledger = generated(tmp_path, 4_000, days=3_650, as_of="2035-04-30")
    assert len(json.dumps(spec_of(status_over_time(ledger)))) < 300_000


@pytest.mark.parametrize("name", ["light", "dark", "print"])
def test_charts_of_ones_own_take_our_themes_and_ours_take_nobody_elses(name):
    points = alt.Chart(alt.InlineData(values=[{"a": 1, "b": "x"}])).mark_point().encode(x="a:Q", color="b:N")
    with alt.theme.enable(f"factdesk-{name}"):
        spec = points.to_dict()
        ours = status_over_time(sample()).to_dict()
    assert spec["config"]["background"] == canvas.THEMES[name].ground
    assert len(set(spec["config"]["range"]["category"])) == len(VOCABULARY)
    assert vl_convert.vegalite_to_svg(spec).startswith("<svg")
    assert ours["background"] == canvas.THEMES["light"].ground
