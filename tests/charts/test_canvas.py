"""What every chart is made of: signs, places, words around a drawing."""

import io
import re
from functools import partial
from itertools import combinations, pairwise

import numpy as np
import pytest
import vl_convert
from colorspacious import cspace_convert
from drawn import ROOT, corrected, generated, sample
from hypothesis import given
from hypothesis import strategies as st
from lab import watched, window
from PIL import Image
from placed_words import assert_words_apart

from factdesk import save
from factdesk.charts import (
    canvas,
    claim_card,
    claimants,
    evidence_balance,
    repeats,
    revisions,
    status_over_time,
    timeline,
    transitions,
)
from factdesk.charts.canvas import SHAPES, TARGET, TEXT_SIZE, THEMES, Key, apart, key
from factdesk.charts.chart_rows import rows_behind
from factdesk.charts.save import picture
from factdesk.charts.typeset import text_width
from factdesk.errors import InvalidValue
from factdesk.schema import STANCE_SIGNS, VOCABULARY


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2)."""

    def luminance(colour):
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


places = st.lists(st.floats(0, 300), min_size=1, max_size=12).map(sorted)


@given(places)
def test_labels_are_moved_apart_in_their_order_and_stay_inside_where_there_is_room(given_places):
    moved = apart(given_places, 17, 5, 295)
    assert all(b - a >= 17 - 1e-6 for a, b in pairwise(moved))
    assert min(moved) >= 5 - 1e-6
    assert max(moved) <= max(295, 5 + 17 * (len(moved) - 1)) + 1e-6


@given(st.lists(st.integers(1, 15), min_size=1, max_size=12))
def test_labels_with_room_enough_stay_where_they_are(steps):
    given_places = [float(sum(steps[: n + 1]) * 20) for n in range(len(steps))]
    assert apart(given_places, 17, 0, 10_000) == pytest.approx(given_places)


def test_all_our_signs_but_the_question_mark_are_drawn_as_outlines():
    ours = {status.sign for status in VOCABULARY} | set(STANCE_SIGNS.values())
    assert ours - set(SHAPES) == {"?"}


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_signs_are_read_well_on_every_status_colour(theme):
    for status in VOCABULARY:
        colour = theme.colour(status)
        assert contrast(colour, theme.ink_on(colour)) >= 4.5
    for grey in canvas.greys_of(VOCABULARY).values():
        assert contrast(grey, theme.ink_on(grey)) >= 4.5


def test_a_key_takes_as_many_lines_as_it_needs():
    keys = [Key(f"a status with many words {n}", "●", "#123456") for n in range(6)]
    _, wide = key([("Status", keys)], THEMES["light"], 0, 0, 3000)
    layers, narrow = key([("Status", keys)], THEMES["light"], 0, 0, 400)
    assert narrow > wide
    placed = [row for layer in layers for row in layer.data.to_dict()["values"]]
    assert all(0 <= row["x"] <= 400 for row in placed)


LONG = (
    "Supported as far as anybody can tell who has read everything that has ever been published about it, "
    "and then some more words, which are the longest of all in this vocabulary and still belong to the label"
)


def test_an_entry_wider_than_the_room_of_its_key_is_broken_between_words_and_the_others_keep_clear_of_it():
    keys = [Key("unverified", "○", "#eeeeee"), Key(LONG, "●", "#123456"), Key("refuted", "✕", "#654321")]
    layers, height = key([("Status", keys)], THEMES["light"], 0, 0, 392)
    told = [row for layer in layers for row in layer.data.to_dict()["values"] if "text" in row]
    assert all(row["x"] + text_width(row["text"], TEXT_SIZE) <= 392 for row in told)
    long = [row for row in told if row["text"].rstrip("…") in LONG]
    assert LONG.startswith(" ".join(row["text"] for row in long).rstrip("…"))
    assert long[-1]["text"].endswith("…")
    refuted = next(row for row in told if row["text"] == "refuted")
    assert refuted["y"] > long[-1]["y"]
    assert height > refuted["y"]


def called(label: str) -> str:
    """Settings in which all statuses are ours, but `supported` has that label."""
    own = [(one.name, label if one.name == "supported" else one.label) for one in VOCABULARY]
    return "".join(f'\n[[status]]\nname = "{name}"\nlabel = "{label}"\n' for name, label in own)


@pytest.mark.parametrize("size", [*canvas.SIZES])
def test_no_long_label_is_cut_at_the_edge_and_none_makes_a_slide_or_a_card_taller(size, tmp_path):
    ledger = generated(tmp_path / "ledger", 12, more=called(LONG))
    charts = [draw(ledger, size=size) for draw in (claimants, evidence_balance, timeline, transitions)]
    charts += [status_over_time(ledger, size=size), status_over_time(ledger, by="claimant", size=size)]
    for chart in charts:
        spec = chart.to_dict()
        assert_words_apart(spec)
        total = spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]
        assert total == pytest.approx(canvas.SIZES[size].height or total, abs=0.01)


KEYED = {
    "balance": evidence_balance,
    "claimants": claimants,
    "repeats": repeats,
    "status by day": status_over_time,
    "status by claimant": partial(status_over_time, by="claimant"),
    "timeline": timeline,
}


@pytest.mark.parametrize("name", KEYED)
@pytest.mark.parametrize("size", ["page", "column"])
def test_what_is_clicked_on_in_a_key_is_large_unseen_and_neither_read_aloud_nor_a_row_of_the_chart(
    name, size
):
    spec = KEYED[name](sample(), size=size).to_dict()
    (layer,) = [one for one in spec["layer"] if one.get("name") == "key"]
    assert layer["mark"] == {"type": "rect", "opacity": 0, "cursor": "pointer", "aria": False}
    boxes = spec["datasets"][layer["data"]["name"]]
    assert all(box["y2"] - box["y"] >= 17 for box in boxes)
    last = max(box["y"] for box in boxes)
    if name in ("balance", "claimants", "status by claimant"):  # in others a line of the key follows
        assert all(box["y2"] - box["y"] >= TARGET for box in boxes if box["y"] == last)
    for one, other in combinations(boxes, 2):
        is_apart = one["y2"] <= other["y"] or other["y2"] <= one["y"]
        assert is_apart or one["x2"] <= other["x"] or other["x2"] <= one["x"]
    assert all("status" in box for box in boxes)
    assert not [row for row in rows_behind(spec) if "x2" in row or "y2" in row]
    without = {**spec, "datasets": {**spec["datasets"], layer["data"]["name"]: []}}
    assert picture(spec, 1) == picture(without, 1)


@pytest.fixture
def page(chromium):
    with watched(chromium, viewport={"width": 900, "height": 1400}) as page:
        yield page


def faint(page) -> int:
    """How many colours of a key are faint."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    return page.evaluate(
        "[...document.querySelectorAll('svg .mark-symbol path')]"
        ".filter(path => path.getAttribute('opacity') === '0.3').length"
    )


@pytest.mark.browser
@pytest.mark.parametrize("name", [*KEYED, "revisions", "claim card"])
def test_a_click_anywhere_on_an_entry_of_a_key_picks_it(name, page, tmp_path):
    ledger = corrected(tmp_path / "ledger", 24, days=21, seed=4) if name == "revisions" else sample()
    others = {"revisions": revisions, "claim card": partial(claim_card, claim_id="trump-positive-signals")}
    chart = (KEYED | others)[name](ledger)
    page.goto(save(chart, tmp_path / "chart.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    keys = page.locator("svg .key_marks path")
    many = keys.count()
    assert many > 1
    assert faint(page) == 0
    for n in (0, many - 1):
        box = keys.nth(n).bounding_box()
        status = page.evaluate(
            "n => document.querySelectorAll('svg .key_marks path')[n].__data__.datum.status", n
        )
        label = next(one.label for one in VOCABULARY if one.name == status)
        y = box["y"] + box["height"] / 2
        words = min(
            (
                word.bounding_box()
                for word in page.locator("svg text", has_text=re.compile(f"^{label}$", re.I)).all()
            ),
            key=lambda word: abs(word["y"] + word["height"] / 2 - y),
        )
        swatch, sign, word = box["x"] + 10, box["x"] + 26, words["x"] + words["width"] - 3
        assert box["x"] <= words["x"] and word <= box["x"] + box["width"]
        for x in (swatch, sign, word):
            page.mouse.click(x, y)
            assert 0 < faint(page) < many
            page.mouse.dblclick(x, y)
            assert faint(page) == 0
    ends = [keys.nth(n).bounding_box() for n in (0, many - 1)]
    page.mouse.click(ends[0]["x"] + ends[0]["width"] - 6, ends[0]["y"] + 3)
    one = faint(page)
    page.keyboard.down("Shift")
    page.mouse.click(ends[1]["x"] + ends[1]["width"] - 6, ends[1]["y"] + 3)
    page.keyboard.up("Shift")
    assert faint(page) < one
    assert page.said == []


@pytest.mark.browser
def test_in_jupyterlab_the_words_of_a_key_can_be_clicked_too(chromium, lab):
    """It draws with Vega-Lite 5 on a canvas."""
    claims = str(ROOT / "claims.csv")
    lab.write("key.ipynb", f"import factdesk as fd\nfd.charts.timeline(fd.open({claims!r}))")
    spec = timeline(sample()).to_dict()
    (layer,) = [one for one in spec["layer"] if one.get("name") == "key"]
    box = spec["datasets"][layer["data"]["name"]][0]
    with window(chromium) as page:
        lab.open(page, "key.ipynb")
        lab.run_all(page)
        chart = page.locator(".jp-OutputArea-output canvas")
        chart.wait_for()
        at = {
            "x": spec["padding"]["left"] + box["x2"] - 8,
            "y": spec["padding"]["top"] + (box["y"] + box["y2"]) / 2,
        }

        def shown() -> np.ndarray:
            page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
            return np.asarray(Image.open(io.BytesIO(chart.screenshot())).convert("L"), dtype=float)

        before = shown()
        chart.click(position=at)
        picked = abs(shown() - before).mean()
        chart.dblclick(position=at)
        cleared = abs(shown() - before).mean()
        assert picked > 1 > 100 * cleared, "an edge drawn again may be a shade off"


def first_line(title: str) -> Image.Image:
    """The first line of a title as it is drawn."""
    spec = status_over_time(sample(), size="column", title=title).to_dict()
    return Image.open(io.BytesIO(vl_convert.vegalite_to_png(spec, scale=1))).crop((0, 0, 420, 34))


@pytest.mark.parametrize("name", ["محمد بن عبد الرحمن آل سعود", "בנימין נתניהו", "٤٢ مليون"])
def test_no_line_is_drawn_over_the_one_before_where_it_begins_in_a_script_written_from_the_right(name):
    told = "Five of twelve claims rest on one source;"
    alone = first_line(f"{told} {'x' * 30}")
    assert first_line(f"{told} {name} has most documents").tobytes() == alone.tobytes()


VISIONS = ("none", "deuteranomaly", "protanomaly", "tritanomaly")
# Smallest distances in CAM02-UCS between any two statuses; 10 is told apart at a glance, also by marks of a few pixels.
APART = {("light", "none"): 28, ("dark", "none"): 27.5, ("light", "others"): 17.5, ("dark", "others"): 17}


def seen(colour: str, vision: str) -> np.ndarray:
    """A colour in CAM02-UCS as it is seen with that vision (Machado, Oliveira & Fernandes 2009)."""
    shown = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    if vision != "none":
        of = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
        shown = np.clip(cspace_convert(shown, of, "sRGB1"), 0, 1)
    return cspace_convert(shown, "sRGB1", "CAM02-UCS")


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_statuses_are_told_apart_with_every_kind_of_colour_vision(theme, vision):
    colours = [seen(canvas.THEMES[theme].colour(status), vision) for status in VOCABULARY]
    nearest = min(np.linalg.norm(a - b) for a, b in combinations(colours, 2))
    assert nearest >= APART[theme, "none" if vision == "none" else "others"]


def test_printed_statuses_are_greys_that_differ_and_neighbours_in_the_stack_more():
    greys = [canvas.greys_of(VOCABULARY)[status.name] for status in VOCABULARY]
    lightness = [seen(grey, "none")[0] for grey in greys]
    assert min(abs(a - b) for a, b in combinations(lightness, 2)) >= 10
    assert min(abs(a - b) for a, b in pairwise(lightness)) >= 20


@pytest.mark.parametrize("theme", canvas.THEMES.values(), ids=lambda theme: theme.name)
def test_words_have_the_contrast_that_wcag_asks_for_on_every_ground(theme):
    for ground in (theme.ground, theme.track):
        assert contrast(theme.ink, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5


@pytest.mark.parametrize("theme", canvas.THEMES.values(), ids=lambda theme: theme.name)
def test_bands_have_an_edge_or_a_colour_that_stands_out_from_the_ground(theme):
    greys = canvas.greys_of(VOCABULARY) if theme.name == "print" else {}
    for status in VOCABULARY:
        colour = greys.get(status.name) or theme.colour(status)
        assert max(contrast(colour, theme.ground), contrast(theme.edge, theme.ground)) >= 3 or (
            contrast(colour, theme.ground)
            >= 2.5  # on the dark ground the palest grey; its word and sign stand beside
        )


@pytest.mark.parametrize("asked", [{"theme": "neon"}, {"size": "poster"}, {"width": 10}, {"width": 10**6}])
def test_a_look_that_is_none_is_refused_with_those_there_are(asked):
    with pytest.raises(InvalidValue, match=r"light, dark, print|page, column, slide, card|420 to 3,000"):
        canvas.look_of(**asked)


@pytest.mark.parametrize("draw", [status_over_time, transitions])
@pytest.mark.parametrize("size", ["slide", "card"])
def test_slides_and_cards_have_their_size_to_the_pixel(draw, size, tmp_path):
    path = save(draw(sample(), size=size), tmp_path / "x.png")
    of = canvas.SIZES[size]
    with Image.open(path) as drawn:
        assert drawn.size == (round(of.width * of.scale), round(of.height * of.scale))
