"""How wide words are in the font of our pictures, and how they are broken into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from factdesk.charts.svg_fonts import _is_borrowed, is_borrowed

LEFTMOST = "\N{LEFT-TO-RIGHT MARK}"
"""Stands unseen before a line that begins in Arabic or Hebrew."""

OPENS, CLOSES = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
"""Stand unseen around words whose direction is their own (Unicode's UAX #9)."""

HYPHEN, ELLIPSIS = "-", "…"
_IS_NO_WORD = re.compile(r"[\d/_@=&?#\\<>(){}\[\]|]")
"""What addresses, code and numbers have, in which a hyphen would be read as one of theirs."""

# Thousandths of the font's size, for the characters from the space to `~`.
_REGULAR = """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278
584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944
667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500
278 556 500 722 500 500 500 334 260 334 584
"""
_BOLD = """
278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333
584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944
667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556
333 611 556 778 556 556 500 389 280 389 584
"""
_OTHERS = {"–": 556, "—": 1000, "“": 500, "”": 500, "‘": 278, "’": 278, "…": 1000, "·": 278, "\u00a0": 278}
# Most letters of other alphabets are narrower; what is taken as too wide only leaves air.
_ANY_LETTER, _FULL_WIDTH = 700, 1000
# What our typeface has not is borrowed from another font, and with it the whole line, which then is wider (DejaVu
# Sans; measured: 1.16 times as wide as ours, 1.21 times where it is bold).
_FROM_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BORROWED = {False: 1.2, True: 1.22}


@cache
def _widths(bold: bool) -> dict[str, int]:
    table = map(int, (_BOLD if bold else _REGULAR).split())
    return {chr(code): width for code, width in enumerate(table, start=32)} | _OTHERS


def _is_full_width(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _advance(character: str, bold: bool) -> int:
    known = _widths(bold).get(character)
    if known is not None:
        return known
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if _is_full_width(character):
        return _FULL_WIDTH
    return _widths(bold).get(unicodedata.normalize("NFD", character)[0], _ANY_LETTER)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Give how many pixels wide a line of text is at a font size.

    >>> text_width("claims", 10)
    28.33
    """
    wide: float = sum(_advance(character, bold) for character in text)
    if is_borrowed(text):
        others = sum(_advance(character, bold) for character in text if not _is_borrowed(character))
        wide += (_BORROWED[bold] - 1) * others
    return round(wide * size / 1000, 2)


def isolated(text: str) -> str:
    """Set words written from right to left apart from the others in a line: a number behind a name is none of it.

    A text in which all words are written so is set apart as a whole, with the stop at its end.

    >>> isolated("\u05d0\u05d1, 9 January") == f"{OPENS}\u05d0\u05d1{CLOSES}, 9 January"
    True
    """
    if not _FROM_RIGHT.search(text):
        return text
    return "".join(
        part if part.startswith(OPENS) else _isolated(part)
        for part in re.split(f"({OPENS}[^{CLOSES}]*{CLOSES})", text)
    )


def _isolated(text: str) -> str:
    ways = [unicodedata.bidirectional(character) for character in text]
    if not ({"R", "AL"} & {*ways}):
        return text
    if "L" not in ways and OPENS not in text:
        return f"{OPENS}{text}{CLOSES}"
    made, begins, ends = "", -1, -1
    for place, way in enumerate([*ways, "L"]):
        if way in ("R", "AL"):
            begins, ends = place if begins < 0 else begins, place
        elif way == "L":
            if begins >= 0:
                # Points over and under the last letter are its own.
                while ends + 1 < place and ways[ends + 1] == "NSM":
                    ends += 1
                made += f"{OPENS}{text[begins : ends + 1]}{CLOSES}{text[ends + 1 : place]}"
            made += text[place : place + 1]
            begins = -1
        elif begins < 0:
            made += text[place]
    return made


def _each_isolated(broken: list[str]) -> list[str]:
    """Let what is set apart and goes on in another line be set apart in each."""
    made, is_open = [], False
    for line in broken:
        if is_open:
            line = OPENS + line
        is_open = line.rfind(OPENS) > line.rfind(CLOSES)
        made.append(line + CLOSES if is_open else line)
    return made


def lines(text: str, width: float, size: float, *, bold: bool = False, most: int = 0) -> list[str]:
    """Break text into lines no wider than `width` pixels, between words.

    A word that is wider than a whole line is broken inside: behind a mark such as `/` where it has one, else with a
    hyphen where it is all letters. Scripts written without spaces are broken between any two characters. Where there
    would be more than `most` lines, the last one ends in `…`, behind a whole word unless that would leave less than
    half of the room.

    >>> lines("Russia has given positive signals about a ceasefire.", 150, 12)
    ['Russia has given positive', 'signals about a ceasefire.']
    >>> lines("Russia has given positive signals about a ceasefire.", 150, 12, most=1)
    ['Russia has given positive…']
    """
    text = isolated(text)
    broken = _broken(text, width, size, bold)
    if most and len(broken[0]) > most:
        return _each_isolated(_ended(broken[0][:most], broken[1], width, size, bold))
    return _each_isolated(broken[0]) or [""]


def _broken(text: str, width: float, size: float, bold: bool) -> tuple[list[str], set[int]]:
    """Give all lines of a text, and which of them go on in the word with which the one before ends."""
    broken: list[str] = []
    line = ""
    inside: set[int] = set()
    for piece in _pieces(text):
        joined = (line + piece).lstrip()
        if text_width(joined.rstrip(), size, bold) <= width:
            line = joined
            continue
        if line.strip():
            broken.append(line.rstrip())
        line = piece.lstrip()
        while text_width(line.rstrip(), size, bold) > width and len(line) > 1:
            fits, sign = _broken_at(line, width, size, bold)
            broken.append(line[:fits] + sign)
            inside.add(len(broken))
            line = line[fits:]
    if line.strip():
        broken.append(line.rstrip())
    return broken, inside


def _pieces(text: str) -> list[str]:
    """Cut text where a line may end: before a space, and on both sides of a full-width character."""
    pieces: list[str] = []
    for character in " ".join(text.split()):
        starts = character == " " or not pieces or _is_full_width(character) or _is_full_width(pieces[-1][-1])
        # No line begins with the stop or bracket that closes the one before.
        if starts and not (pieces and unicodedata.category(character) in ("Po", "Pe", "Pf")):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _broken_at(word: str, width: float, size: float, bold: bool) -> tuple[int, str]:
    """Give how many characters of a word that is too wide stand on a line, and the sign that it goes on."""
    fits = _how_many_fit(word, width, size, bold)
    if not _takes_hyphen(word, fits):
        return fits, ""
    while fits > 1 and text_width(word[:fits] + HYPHEN, size, bold) > width:
        fits -= 1
    return fits, HYPHEN if _takes_hyphen(word, fits) else ""


def _takes_hyphen(word: str, at: int) -> bool:
    """Say whether a word is one of letters there, of a script in which words are broken with a hyphen."""
    is_cased = all(letter.lower() != letter.upper() for letter in word[max(at - 1, 0) : at + 1])
    return at < len(word) and is_cased and not _IS_NO_WORD.search(word)


def _how_many_fit(line: str, width: float, size: float, bold: bool) -> int:
    if is_borrowed(line):
        width /= _BORROWED[bold]
    fits, used = 0, 0.0
    for character in line:
        used += _advance(character, bold) * size / 1000
        if used > width:
            break
        fits += 1
    fits = max(fits, 1)
    # An address is better broken behind its own marks than inside a word.
    behind = max(line.rfind(mark, fits // 2, fits) for mark in "/-_.,?&=:;") + 1
    if 0 < behind < len(line):
        return behind
    while fits < len(line) and unicodedata.combining(line[fits]):
        fits += 1
    return fits


def _ended(broken: list[str], inside: Collection[int], width: float, size: float, bold: bool) -> list[str]:
    """End lines that are too few for a text in `…`, which has its room, too."""
    *others, line = broken
    pieces = _pieces(line)
    goes_on = len(broken) in inside
    while len(pieces) > 1 and (goes_on or text_width("".join(pieces) + ELLIPSIS, size, bold) > width):
        pieces.pop()
        goes_on = False
    if goes_on or text_width("".join(pieces) + ELLIPSIS, size, bold) > width:
        # Nothing but a part of a word is left of the line.
        begins = len(others)
        while begins in inside:
            begins -= 1
        before = broken[:begins]
        if sum(text_width(one, size, bold) for one in before) >= width * len(broken) / 2:
            return _ended(before, (), width, size, bold)
        part = "".join(pieces).rstrip(HYPHEN)
        while len(part) > 1 and text_width(part + ELLIPSIS, size, bold) > width:
            part = part[:-1]
        pieces = [part]
    return [*others, "".join(pieces).rstrip(" ,;:.") + ELLIPSIS]
