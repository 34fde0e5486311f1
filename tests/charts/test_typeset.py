"""Words are measured as they are drawn, and broken between words."""

import io
import re
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from factdesk.charts.svg_fonts import FONT
from factdesk.charts.typeset import CLOSES, OPENS, isolated, lines, text_width
from factdesk.formats import spoken, spoken_day

FONTS = Path("/usr/share/fonts/truetype/liberation")
prose = st.text(st.characters(categories=["L", "M", "N", "P", "Zs"]), max_size=300)


@pytest.mark.skipif(not FONTS.is_dir(), reason="needs Debian's fonts-liberation to measure against")
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "text", ["Russia has given positive signals.", "22 claims (9%) – “Søre”", "Ärger, Łódź; §5?"]
)
def test_a_width_is_that_of_the_font(text, bold):
    font = ImageFont.truetype(str(FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf"), 100)
    drawn = font.getlength(text)
    # What is not in the table counts as wider than it is: that leaves air.
    assert drawn * 0.98 <= text_width(text, 100, bold) <= drawn * 1.2


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "محمد بن سلمان",
        "בנימין נתניהו",
        "ირაკლი",
        "Նիկոլ",
        "中华人民",
        "Владимир",
        "नरेन्द्र",
        "5 bn ₽",
        "\U0001f315",
        "✓",
        "Shoigu‑Petrov",
        "ἀλήθεια",
    ],
)
def test_a_line_in_two_scripts_is_drawn_no_wider_than_it_is_measured(name, bold):
    text = f"{name}: the by summer said on before said steel will fall"
    mark = {"type": "text", "text": text, "font": FONT, "fontSize": 20, "align": "left", "x": 5}
    mark["fontWeight"] = "bold" if bold else "normal"
    spec = {"data": {"values": [{}]}, "mark": mark, "width": 1400, "height": 60, "padding": 0}
    picture = Image.open(io.BytesIO(vl_convert.vegalite_to_png(spec, scale=1))).convert("L")
    inked = np.flatnonzero((np.asarray(picture)[2:-2, 2:-2] < 150).any(axis=0))
    assert inked.max() - inked.min() <= text_width(text, 20, bold)


@given(prose, st.integers(40, 400))
def test_no_line_is_wider_than_asked_and_no_word_is_lost(text, width):
    broken = lines(text, width, 12)
    assert all(text_width(line, 12) <= width for line in broken)
    # A word broken inside has a hyphen there.
    assert bare("".join(broken)) == bare(text)


def bare(text: str) -> str:
    return "".join(text.split()).replace("-", "").replace(OPENS, "").replace(CLOSES, "")


mixed = st.text("ab, 12.:“”-\u05d0\u05d1\u05b8\u0645\u062d\u064e中", max_size=80)


@given(mixed, st.integers(40, 400), st.integers(0, 3))
def test_in_each_line_words_from_right_to_left_are_set_apart_from_the_others(text, width, most):
    for line in lines(text, width, 12, most=most):
        outside = re.sub(f"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}", "", line)
        assert OPENS not in outside and CLOSES not in outside
        assert not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in outside)
        for inside in re.findall(f"{OPENS}(.*?){CLOSES}", line):
            assert not any(unicodedata.bidirectional(letter) == "L" for letter in inside)
    assert isolated(isolated(text)) == isolated(text)
    assert bare(isolated(text)) == bare(text)


@pytest.mark.parametrize(("text", "apart"), [
    ("\u05d0\u05d1, 9 January", "[\u05d0\u05d1], 9 January"),
    ("by \u05d0\u05d1 3 \u05d2.", "by [\u05d0\u05d1 3 \u05d2]."),
    ("\u05d0\u05d1 15.", "[\u05d0\u05d1 15.]"), ("Київ, 9 “a”", "Київ, 9 “a”"), ("", ""),
])  # fmt: skip
def test_a_number_behind_a_name_is_none_of_it_and_a_stop_ends_its_sentence(text, apart):
    assert isolated(text) == apart.replace("[", OPENS).replace("]", CLOSES)


def test_days_in_a_language_from_right_to_left_stand_apart():
    with spoken("ar"):
        (line,) = lines(f"Claims, {spoken_day(date(2026, 11, 24))}: 22 claims", 900, 12)
    assert re.fullmatch(f"Claims, {OPENS}24 .* 2026{CLOSES}: 22 claims", line)


@given(st.one_of(prose, st.text("abcXW ", max_size=300)), st.integers(40, 400), st.integers(1, 4))
def test_no_line_is_wider_than_asked_where_the_last_one_ends_in_an_ellipsis(text, width, most):
    broken = lines(text, width, 12, bold=True, most=most)
    assert len(broken) <= most
    assert all(text_width(line, 12, bold=True) <= width for line in broken)


def test_a_word_wider_than_a_line_is_broken_with_a_sign_that_it_goes_on():
    broken = lines("Hubert Wolfeschlegelsteinhausenbergerdorff", 100, 12)
    assert [line.endswith("-") for line in broken] == [False, True, True, False]
    assert "-" not in "".join(lines("b4c1fa21d09e" * 9, 100, 12))
    assert "-" not in "".join(lines("ใครๆก็รู้ว่าภาษาไทยไม่มีช่องว่างระหว่างคำ", 60, 12))


def test_text_ends_behind_a_whole_word_where_that_leaves_most_of_the_room():
    words = "the total budget for renovating the Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
    assert lines(words, 100, 12, most=3) == ["the total budget", "for renovating…"]
    assert lines(f"O: {'X' * 300}", 100, 12, most=2) == ["O:", "XXXXXXXXXX…"]


def test_words_are_not_cut_where_they_fit_on_a_line():
    text = "A coalition of the willing will take shape to secure a ceasefire."
    assert " ".join(lines(text, 120, 12)) == text


def test_text_without_spaces_is_broken_between_characters():
    broken = lines("进口钢铁的关税将在夏季之前减半，而医院得到的资金不会比去年多。", 100, 12)
    assert len(broken) > 2
    assert not any(line.startswith(("，", "。")) for line in broken)


def test_an_address_is_broken_behind_its_own_marks():
    assert all(
        line.endswith("/") for line in lines("https://example.org/a/long/address/that/goes/on", 110, 12)[:-1]
    )


def test_what_does_not_fit_ends_in_an_ellipsis_after_a_whole_word():
    last = lines("word " * 100, 100, 12, most=3)
    assert len(last) == 3
    assert last[-1].endswith("word…")
