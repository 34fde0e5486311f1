"""What every chart is made of: signs, places, words around a drawing."""

import io
from itertools import combinations, pairwise

import numpy as np
import pytest
import vl_convert
from colorspacious import cspace_convert
from drawn import generated, sample
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from test_pictures import assert_words_apart

from factdesk import save, sheet
from factdesk.charts import claimants, evidence_balance, status_over_time, timeline, transitions
from factdesk.errors import InvalidValue
from factdesk.schema import STANCE_SIGNS, VOCABULARY
from factdesk.sheet import SHAPES, TEXT_SIZE, THEMES, Key, apart, key
from factdesk.typeset import text_width


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
    for grey in sheet.greys_of(VOCABULARY).values():
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


@pytest.mark.parametrize("size", [*sheet.SIZES])
def test_no_long_label_is_cut_at_the_edge_and_none_makes_a_slide_or_a_card_taller(size, tmp_path):
    ledger = generated(tmp_path / "ledger", 12, more=called(LONG))
    charts = [draw(ledger, size=size) for draw in (claimants, evidence_balance, timeline, transitions)]
    charts += [status_over_time(ledger, size=size), status_over_time(ledger, by="claimant", size=size)]
    for chart in charts:
        spec = chart.to_dict()
        assert_words_apart(spec)
        total = spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]
        assert total == pytest.approx(sheet.SIZES[size].height or total, abs=0.01)


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
    colours = [seen(sheet.THEMES[theme].colour(status), vision) for status in VOCABULARY]
    nearest = min(np.linalg.norm(a - b) for a, b in combinations(colours, 2))
    assert nearest >= APART[theme, "none" if vision == "none" else "others"]


def test_printed_statuses_are_greys_that_differ_and_neighbours_in_the_stack_more():
    greys = [sheet.greys_of(VOCABULARY)[status.name] for status in VOCABULARY]
    lightness = [seen(grey, "none")[0] for grey in greys]
    assert min(abs(a - b) for a, b in combinations(lightness, 2)) >= 10
    assert min(abs(a - b) for a, b in pairwise(lightness)) >= 20


@pytest.mark.parametrize("theme", sheet.THEMES.values(), ids=lambda theme: theme.name)
def test_words_have_the_contrast_that_wcag_asks_for_on_every_ground(theme):
    for ground in (theme.ground, theme.track):
        assert contrast(theme.ink, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5


@pytest.mark.parametrize("theme", sheet.THEMES.values(), ids=lambda theme: theme.name)
def test_bands_have_an_edge_or_a_colour_that_stands_out_from_the_ground(theme):
    greys = sheet.greys_of(VOCABULARY) if theme.name == "print" else {}
    for status in VOCABULARY:
        colour = greys.get(status.name) or theme.colour(status)
        assert max(contrast(colour, theme.ground), contrast(theme.edge, theme.ground)) >= 3 or (
            contrast(colour, theme.ground)
            >= 2.5  # on the dark ground the palest grey; its word and sign stand beside
        )


@pytest.mark.parametrize("asked", [{"theme": "neon"}, {"size": "poster"}, {"width": 10}, {"width": 10**6}])
def test_a_look_that_is_none_is_refused_with_those_there_are(asked):
    with pytest.raises(InvalidValue, match=r"light, dark, print|page, column, slide, card|420 to 3,000"):
        sheet.look_of(**asked)


@pytest.mark.parametrize("draw", [status_over_time, transitions])
@pytest.mark.parametrize("size", ["slide", "card"])
def test_slides_and_cards_have_their_size_to_the_pixel(draw, size, tmp_path):
    path = save(draw(sample(), size=size), tmp_path / "x.png")
    of = sheet.SIZES[size]
    with Image.open(path) as drawn:
        assert drawn.size == (round(of.width * of.scale), round(of.height * of.scale))
