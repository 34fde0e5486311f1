"""The letters that an SVG sets, cut out of the typeface that we carry, so that it looks the same everywhere."""

from __future__ import annotations

import base64
import io
import re
from html import unescape
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from factdesk.charts.typeset import FONT, WEIGHTS, font_file, is_borrowed, known_letters

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "Arimo"
"""Drawn by the hand that drew Liberation Sans, and as wide. Its licence lets a part of it keep its name."""

_OURS = (FONT, "sans-serif")
"""What vl-convert sets in Liberation Sans; the second is what a chart that asks for no font gets."""

FURTHER = "DejaVu Sans"
"""Sets a line with a letter or sign that ours has not: what draws pictures would else take the first font that has
it, often a bold one, and set the whole line in that."""

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
