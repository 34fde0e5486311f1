"""The typeface in an SVG: the letters that it sets, no others, and they are what is drawn."""

import base64
import io
import re

import numpy as np
import pytest
from drawn import sample
from fontTools.ttLib import TTFont
from PIL import Image

import factdesk as fd
from factdesk.charts.save import picture
from factdesk.charts.svg_fonts import FONT, cut, for_pixels, letters_set, with_typeface, without_glyph


def svg(*texts: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">{"".join(texts)}</svg>'


def text(words: str, family: str = FONT, more: str = "") -> str:
    return f'<text x="5" y="20" font-family="{family}" font-size="20"{more}>{words}</text>'


def fonts_in(document: str) -> list[TTFont]:
    coded = re.findall(r"url\(data:font/woff;base64,([^)]+)\)", document)
    return [TTFont(io.BytesIO(base64.b64decode(one))) for one in coded]


def test_the_letters_set_are_in_it_and_no_others():
    (font,) = fonts_in(with_typeface(svg(text("Київ, ąę &amp; Ω"))))
    assert {chr(code) for code in font.getBestCmap()} == set("Київ, ąę&Ω")


def test_each_weight_has_its_own():
    bold = text("No", more=' font-weight="700"')
    document = with_typeface(svg(text("Yes"), bold))
    assert re.findall(r"font-weight:(\d+)", document) == ["400", "700"]
    assert [len(font.getBestCmap()) for font in fonts_in(document)] == [3, 2]
    assert len(fonts_in(with_typeface(svg(bold)))) == 1


def test_lines_of_a_text_count_and_other_fonts_do_not():
    lines = f'<text font-family="sans-serif"><tspan>a</tspan><tspan>b</tspan></text>{text("c", "Courier")}'
    assert letters_set(svg(lines)) == {400: {"a", "b"}, 700: set()}


@pytest.mark.parametrize("words", ["", "中文", "\U0001f600"])
def test_a_picture_without_a_letter_of_ours_stays_as_it_is(words):
    assert with_typeface(svg(text(words))) == svg(text(words))


def test_words_that_look_like_our_markup_stay_words():
    words = 'font-family="sans-serif" &lt;style>'
    assert with_typeface(svg(text(words))).endswith(text(words) + "</svg>")


def test_the_same_letters_give_the_same_font():
    letters = set("Claims, ąę Київ 2025")
    assert cut(400, letters) == cut(400, set(sorted(letters, reverse=True)))


def test_a_chart_carries_little_of_it(tmp_path):
    document = fd.save(fd.charts.status_over_time(sample()), tmp_path / "chart.svg").read_text("utf-8")
    assert len(fonts_in(document)) == 2
    assert len("".join(re.findall(r"base64,([^)]+)\)", document))) < 20_000


def test_a_browser_draws_an_image_with_the_letters_in_it(opened, tmp_path):
    """An SVG shown as <img> may load nothing: what it sets stands in it. Fonts of the machine are named away."""

    def shot(name: str, document: str) -> np.ndarray:
        (tmp_path / f"{name}.svg").write_text(document, "utf-8")
        (tmp_path / f"{name}.html").write_text(f'<body style="margin:0"><img src="{name}.svg">', "utf-8")
        page = opened(tmp_path / f"{name}.html", until="img", viewport={"width": 720, "height": 460})
        page.wait_for_function("document.images[0].complete")
        return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L"), dtype=int)

    chart = fd.charts.status_over_time(sample())
    whole = fd.save(chart, tmp_path / "chart.svg").read_text("utf-8")
    bare = re.sub(r"<style>.*?</style>", "", whole)
    drawn = shot("whole", whole)
    elsewhere, without = (
        shot(name, document.replace(FONT, "No Sans, serif").replace("Liberation Sans", "No Sans"))
        for name, document in (("elsewhere", whole), ("without", bare))
    )
    assert np.abs(drawn - elsewhere).max() == 0
    title = slice(0, 80)  # where the words are
    assert np.abs(drawn - without)[title].mean() > 1


@pytest.mark.parametrize(
    "script",
    [
        "\u0645\u062d\u0645\u062f \u0628\u0646 \u0633\u0644\u0645\u0627\u0646",
        "5 bn ₽,",
        "\U0001f315",
        "✓",
        "Sergei Shoigu‑Petrov",
        "ἀλήθεια",
    ],
)
def test_a_line_with_borrowed_letters_is_drawn_as_bold_as_it_asks_to_be(script):
    words = f"{script} said so"
    if without_glyph(words):
        pytest.skip("needs a font with these letters")

    def ink(weight: str) -> int:
        mark = {"type": "text", "text": words, "fontSize": 20, "fontWeight": weight}
        drawn = picture({"data": {"values": [{}]}, "mark": mark, "width": 300, "height": 40}, 2)
        with Image.open(io.BytesIO(drawn)) as image:
            return sum(image.convert("L").histogram()[:128])

    assert ink("normal") * 1.2 < ink("bold")


def test_a_text_without_words_takes_none_of_the_next():
    svg = '<svg><text font-family="sans-serif" font-weight="bold"/><text font-family="sans-serif">م</text></svg>'
    assert letters_set(svg) == {400: {"م"}, 700: set()}
    assert for_pixels(svg)[0].endswith('<text font-family="DejaVu Sans, sans-serif">م</text></svg>')
