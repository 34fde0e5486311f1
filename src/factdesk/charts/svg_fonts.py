"""The letters that an SVG sets, cut out of the typeface that we carry, so that it looks the same everywhere."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from functools import cache
from html import unescape
from importlib import resources
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Mapping

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""vl-convert carries the first, so pictures have words on a machine without fonts; the others are as wide."""

WEIGHTS = {400: "arimo-regular.woff", 700: "arimo-bold.woff"}
"""The typeface that we carry, as wide as that."""

NAME = "Arimo"
"""Drawn by the hand that drew Liberation Sans, and as wide. Its licence lets a part of it keep its name."""

_OURS = (FONT, "sans-serif")
"""What vl-convert sets in Liberation Sans; the second is what a chart that asks for no font gets."""

FURTHER = "DejaVu Sans"
"""Sets a line with a letter or sign that ours has not: what draws pictures would else take the first font that has
it, often a bold one, and set the whole line in that."""

_PLAIN = re.compile("[\x00-\u017f\u0391-\u03a1\u03a3-\u03ce\u0400-\u045f\u2013\u2014\u2018-\u201e\u2026]*")
"""Letters that our typeface has for certain, so that words in these need not be looked up."""

_NEWER = re.compile(
    "["
    "\u0370-\u0373\u0376-\u0377\u037f\u03cf\u0514-\u0519\u051e-\u052f\u1e9c-\u1e9d\u1e9f\u1efa-\u1eff"
    "\u2011\u2023-\u2025\u2027\u2031\u2035-\u2038\u203b\u203d\u203f-\u2043\u2045-\u205d\u2070-\u2071"
    "\u207a-\u207e\u208a-\u208e\u2095-\u209c\u20b6-\u20be\u2100-\u2104\u2106-\u2112\u2114-\u2115"
    "\u2118-\u2121\u2123-\u2125\u2127-\u212d\u212f-\u214c\u214f"
    "]"
)
"""Letters and signs that our typeface has and the renderer's Liberation Sans has not."""

_FEATURES = ("ccmp", "kern", "liga", "locl", "mark", "mkmk")


def with_typeface(svg: str) -> str:
    """Put the letters that an SVG sets into it; what our typeface has not is left to the reader's own.

    Parameters
    ----------
    svg : str
        What vl-convert drew.

    Returns
    -------
    str
        The SVG with a style sheet that holds a part of Arimo for each weight that it uses, and a rule that
        sets its words in it; as it was, where it sets no letter of it.

    Examples
    --------
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg"><text font-family="sans-serif">Claims</text></svg>'
    >>> with_typeface(svg)[:75]
    '<svg xmlns="http://www.w3.org/2000/svg"><style>@font-face{font-family:Arimo'
    """
    faces = []
    for weight, letters in letters_set(svg).items():
        if known := letters & known_letters(weight):
            font = base64.b64encode(cut(weight, known)).decode()
            faces.append(
                f"@font-face{{font-family:{NAME};font-weight:{weight};"
                f'src:url(data:font/woff;base64,{font}) format("woff")}}'
            )
    if not faces:
        return svg
    # A rule goes over the attributes of the words; whatever knows no rules still has those.
    which = ",".join(f'[font-family="{family}"]' for family in _OURS)
    rule = f"{which}{{font-family:{NAME},{FONT}}}"
    return svg.replace(">", f"><style>{''.join(faces)}{rule}</style>", 1)


def with_further_scripts(svg: str) -> str:
    """Name a font of its own for lines with letters that our typeface has not, for whatever draws an SVG as pixels.

    Examples
    --------
    >>> with_further_scripts('<svg><text font-family="sans-serif">\u0645</text></svg>')
    '<svg><text font-family="DejaVu Sans, sans-serif">\u0645</text></svg>'
    >>> with_further_scripts('<svg><text font-family="sans-serif" aria-label="\u0645">m</text></svg>')[:36]
    '<svg><text font-family="sans-serif" '
    """

    def named(found: re.Match[str]) -> str:
        text = found[0]
        if not is_borrowed(_letters(text)):
            return text
        family = re.search(rf'font-family="({"|".join(_OURS)})"', text)
        if not family:
            return text
        further = f'font-family="{FURTHER}, {family[1]}"'
        if "<tspan" not in text:
            return text.replace(family[0], further, 1)
        # Each line of several by itself: the others keep the letters, and the width, that they were measured for.
        return re.sub(
            r"<tspan\b([^>]*)>(.*?)</tspan>",
            lambda line: f"<tspan {further}{line[0][6:]}" if is_borrowed(_letters(line[2])) else line[0],
            text,
            flags=re.DOTALL,
        )

    return re.sub(r"<text\b.*?</text>", named, svg, flags=re.DOTALL)


def _letters(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup))


def letters_set(svg: str) -> Mapping[int, set[str]]:
    """Give the characters that an SVG sets in our typeface, by its weights.

    Examples
    --------
    >>> svg = '<svg><text font-family="sans-serif" font-weight="bold">Go</text></svg>'
    >>> {weight: sorted(letters) for weight, letters in letters_set(svg).items()}
    {400: [], 700: ['G', 'o']}
    """
    letters: dict[int, set[str]] = {weight: set() for weight in WEIGHTS}

    def walk(part: ElementTree.Element, family: str, weight: str) -> None:
        family, weight = part.get("font-family", family), part.get("font-weight", weight)
        if part.text and family in _OURS:
            letters[700 if _is_bold(weight) else 400].update(part.text)
        for line in part:
            walk(line, family, weight)

    for text in ElementTree.fromstring(svg).iter():
        if text.tag.rpartition("}")[2] == "text":
            walk(text, "", "normal")
    return letters


def _is_bold(weight: str) -> bool:
    return weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 600)


def cut(weight: int, letters: set[str]) -> bytes:
    """Give the part of our typeface that sets some characters, as WOFF; the same for the same ones."""
    from fontTools import subset

    options = subset.Options()
    # Instructions for coarse screens are half of a font's size.
    options.set(flavor="woff", hinting=False, layout_features=[*_FEATURES], name_IDs=[0, 1, 2, 13, 14])
    options.recalc_timestamp = False
    font = subset.load_font(font_file(weight), options)
    chosen = subset.Subsetter(options)
    chosen.populate(text="".join(letters))
    chosen.subset(font)
    written = io.BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()


def is_borrowed(text: str) -> bool:
    """Say whether a line has a letter or sign that our typeface has not, but for those of Chinese, Japanese and Korean.

    >>> is_borrowed("Київ"), is_borrowed("\u0645"), is_borrowed("5 bn ₽"), is_borrowed("中文")
    (False, True, True, False)
    """
    return not _PLAIN.fullmatch(text) and any(map(_is_borrowed, text))


@cache
def _is_borrowed(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind[0] in "MCZ" or (character in known_letters(400) and not _NEWER.match(character)):
        return False
    return not (kind == "Lo" and unicodedata.east_asian_width(character) in "WF")


@cache
def known_letters(weight: int) -> frozenset[str]:
    """Give the characters that our typeface has."""
    from fontTools.ttLib import TTFont

    return frozenset(map(chr, TTFont(font_file(weight), lazy=True).getBestCmap()))


def font_file(weight: int) -> io.BytesIO:
    """Give the file of our typeface in a weight."""
    return io.BytesIO(_font(weight))


@cache
def _font(weight: int) -> bytes:
    return resources.files("factdesk").joinpath("static", WEIGHTS[weight]).read_bytes()
