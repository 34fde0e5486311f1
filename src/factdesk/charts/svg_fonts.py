"""The letters of a drawing: cut out of the typeface that we carry, found in others, or in no font at all."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from functools import cache, lru_cache
from html import escape, unescape
from importlib import resources

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""vl-convert carries the first, so pictures have words on a machine without fonts; the others are as wide."""

NAME = "Arimo"
"""Drawn by the hand that drew Liberation Sans, and as wide. Its licence lets a part of it keep its name."""
WEIGHTS = {400: "arimo-regular.woff", 700: "arimo-bold.woff"}

FURTHER = "DejaVu Sans"
"""Sets a text with a letter that ours has not: the renderer takes the first font that has it, often a bold one."""

UNASSIGNED, BOX = "\u0378", "\N{WHITE SQUARE}"
"""A character that no font has, and one that ours has."""

_NEWER = re.compile(
    "["
    "\u0370-\u0373\u0376-\u0377\u037f\u03cf\u0514-\u0519\u051e-\u052f\u1e9c-\u1e9d\u1e9f\u1efa-\u1eff"
    "\u2011\u2023-\u2025\u2027\u2031\u2035-\u2038\u203b\u203d\u203f-\u2043\u2045-\u205d\u2070-\u2071"
    "\u207a-\u207e\u208a-\u208e\u2095-\u209c\u20b6-\u20be\u2100-\u2104\u2106-\u2112\u2114-\u2115"
    "\u2118-\u2121\u2123-\u2125\u2127-\u212d\u212f-\u214c\u214f"
    "]"
)
"""Letters and signs that our typeface has and the renderer's Liberation Sans has not."""

_TAG = r'(?:[^>"]|"[^"]*")*'
_TEXT = re.compile(rf"<text\b({_TAG})(?<!/)>(.*?)</text>", re.DOTALL)  # a text without words closes itself
# What vl-convert sets in Liberation Sans; the second is what a chart that asks for no font gets.
_OURS = re.compile(r'font-family="((?:Liberation Sans|sans-serif)[^"]*)"')
_BOLD = re.compile(r'font-weight="(?:bold|bolder|[6-9]\d\d)"')


def with_typeface(svg: str) -> str:
    """Return an SVG with the letters that it sets in it, of each weight; others are left to the reader's fonts.

    Examples
    --------
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg"><text font-family="sans-serif">Claims</text></svg>'
    >>> with_typeface(svg)[:75]
    '<svg xmlns="http://www.w3.org/2000/svg"><style>@font-face{font-family:Arimo'
    """
    faces = ""
    for weight, letters in letters_set(svg).items():
        if known := letters & known_letters(weight):
            font = base64.b64encode(cut(weight, known)).decode()
            source = f'src:url(data:font/woff;base64,{font}) format("woff")'
            faces += f"@font-face{{font-family:{NAME};font-weight:{weight};{source}}}"
    if not faces:
        return svg
    # A rule goes over the attributes of the words; whatever knows no rules still has those.
    rule = f'[font-family^="Liberation Sans"],[font-family="sans-serif"]{{font-family:{NAME},{FONT}}}'
    return svg.replace(">", f"><style>{faces}{rule}</style>", 1)


def for_pixels(svg: str) -> tuple[str, list[str]]:
    """Return an SVG for a renderer without a reader's fonts, and the characters in it that no font has.

    These are boxes. The renderer would draw them itself, but then draws Chinese beside an emoji as boxes, too.

    Examples
    --------
    >>> for_pixels('<svg><text font-family="sans-serif">\u0645</text></svg>')[0]
    '<svg><text font-family="DejaVu Sans, sans-serif">\u0645</text></svg>'
    """
    lacking = without_glyph("".join(_letters(words) for _, words in _TEXT.findall(svg)))
    boxes = str.maketrans({one: "" if unicodedata.category(one)[0] == "M" else BOX for one in lacking})

    def named(text: re.Match[str]) -> str:
        shown = f"<text{text[1]}>{text[2].translate(boxes)}</text>"
        return (
            _OURS.sub(rf'font-family="{FURTHER}, \1"', shown, count=1)
            if is_borrowed(_letters(text[2]))
            else shown
        )

    return _TEXT.sub(named, svg), lacking


def letters_set(svg: str) -> dict[int, set[str]]:
    """Return the characters that an SVG sets in our typeface, by its weights.

    Examples
    --------
    >>> svg = '<svg><text font-family="sans-serif" font-weight="bold">Go</text></svg>'
    >>> {weight: sorted(letters) for weight, letters in letters_set(svg).items()}
    {400: [], 700: ['G', 'o']}
    """
    letters: dict[int, set[str]] = {weight: set() for weight in WEIGHTS}
    for attributes, words in _TEXT.findall(svg):
        if _OURS.search(attributes):
            letters[700 if _BOLD.search(attributes) else 400].update(_letters(words))
    return letters


def _letters(markup: str) -> str:
    return unescape(re.sub(f"<{_TAG}>", "", markup))


def cut(weight: int, letters: set[str]) -> bytes:
    """Return the part of our typeface that sets some characters, as WOFF; the same for the same ones."""
    from fontTools import subset

    features = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]
    # Instructions for coarse screens are half of a font's size.
    options = subset.Options(
        flavor="woff", hinting=False, layout_features=features, name_IDs=[0, 1, 2, 13, 14]
    )
    font = subset.load_font(font_file(weight), options)
    chosen = subset.Subsetter(options)
    chosen.populate(text="".join(letters))
    chosen.subset(font)
    written = io.BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()


def font_file(weight: int) -> io.BytesIO:
    """Return the file of our typeface in a weight."""
    return io.BytesIO(resources.files("factdesk").joinpath("static", WEIGHTS[weight]).read_bytes())


@cache
def known_letters(weight: int) -> frozenset[str]:
    """Return the characters that our typeface has."""
    from fontTools.ttLib import TTFont

    return frozenset(map(chr, TTFont(font_file(weight), lazy=True).getBestCmap()))


def is_borrowed(text: str) -> bool:
    """Return whether a text has a letter or sign that our typeface has not, but for Chinese, Japanese and Korean.

    >>> is_borrowed("Київ"), is_borrowed("\u0645"), is_borrowed("5 bn ₽"), is_borrowed("中文")
    (False, True, True, False)
    """
    return any(map(_is_borrowed, text))


@lru_cache(maxsize=8192)
def _is_borrowed(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind[0] in "MCZ" or (character in known_letters(400) and not _NEWER.match(character)):
        return False
    return not (kind == "Lo" and unicodedata.east_asian_width(character) in "WF")


def without_glyph(text: str) -> list[str]:
    """Return the characters of a text that no font known to the renderer has, of the first thousand in question.

    The renderer does not tell: each is drawn, and compared with one that is in no font.

    Examples
    --------
    >>> without_glyph("Zażółć gęślą jaźń")
    []
    """
    # The renderer's own font has every letter up to there.
    asked = sorted({one for one in text if one > "\u024f" and unicodedata.category(one)[0] in "LMNS"})
    return [one for one in asked[:1000] if _glyph(one) == _glyph(UNASSIGNED)]


@lru_cache(maxsize=8192)
def _glyph(character: str) -> bytes:
    import hashlib

    import vl_convert

    words = f'<text x="9" y="22" font-size="18" font-family="{FONT}">{escape(character)}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="36" height="30">{words}</svg>'
    return hashlib.sha256(vl_convert.svg_to_png(svg)).digest()
