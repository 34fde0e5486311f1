"""Where a quote stands in a document's text: found again whenever it is asked for, never stored."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice, pairwise

from factdesk.text import comparable

MOST_PLACES = 500
"""Places of one piece of text that are looked at: a document may say the same a million times."""
CONTEXT = 32
"""Characters before and after a quote that help to know it again."""


@dataclass(frozen=True)
class Anchor:
    """Where a quote stands in a text, as the W3C's Web Annotation model says it.

    A TextQuoteSelector (`exact`, `prefix`, `suffix`) and a TextPositionSelector (`start`, `end`, in characters).
    `parts` are the places of a quote that leaves something out (`[…]`).
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    parts: tuple[tuple[int, int], ...]


def anchor(quote: str, text: str, nth: int = 1, within: tuple[int, int] | None = None) -> Anchor | None:
    """Return where a quote stands in a text on one line, the nth time or within a part of it; None where it does not.

    >>> found = anchor("'It  rained'", "On Monday “It rained” – 2.5 mm.")
    >>> found.exact, found.prefix, found.start
    ('“It rained”', 'On Monday ', 10)
    """
    if re.search(r"\w", quote) is None:
        return None
    one, other = _as_seen_beside(quote, text)
    whole, plain = one.sub(_DASH, "-"), other.sub(_DASH, "-")
    spans, _ = _found(one.text, whole.text, plain.text)
    if not spans:
        return None
    if len(spans) == 1:
        places = list(_stands(plain.text[slice(*spans[0])], plain.text, spans[0][0]))
        if within is not None:
            inside = [one for one in places if within[0] <= plain.origin(one[0]) < within[1]]
            places = inside or places
        spans = [places[min(nth, len(places)) - 1]]
    parts = tuple((plain.origin(a), plain.origin(b)) for a, b in spans)
    start, end = parts[0][0], parts[-1][1]
    before, after = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
    return Anchor(text[start:end], before, after, start, end, parts)


def stands_in(quote: str, text: str) -> bool:
    """Return whether a quote stands in a document's text as a reader sees it, in parts where it has `[…]`.

    Line breaks, blanks, ligatures, the forms of marks and words parted at a line's end don't count; figures do.

    >>> stands_in("'It  rained' - 2.5 mm", "On Monday “It rai-\\nned” – 2.5 mm.")
    True
    >>> stands_in("It rained […] 5 mm", "It rained 2.5 mm."), stands_in("It rained […] mm", "It rained 2.5 mm.")
    (False, True)
    """
    if re.search(r"\w", quote) is None:
        return False
    one, other = _as_seen_beside(quote, text)
    return not _missing(one.text, other.text)


def nearest_passage(quote: str, text: str) -> tuple[str, str] | None:
    """Return the words of a quote from where it departs from a text, and the words there that are most like them.

    None where the text has nothing like it. Both are as a reader sees them, so that they differ in what matters only.

    >>> nearest_passage("the figure rose by 21 %", "Last year, the figure rose by 12 % in all.")
    ('the figure rose by 21 %', 'the figure rose by 12 %')
    """
    seen, beside = _as_seen_beside(quote, text)
    quote, text = _missing(seen.text, beside.text), beside.text
    stands = bisect_left(range(len(quote)), True, key=lambda last: quote[: last + 1] not in text)
    quote = _whole_words(quote, stands - 60, stands + 100)
    size = min(8, max(len(quote) // 3, 2))
    begins: Counter[int] = Counter()
    for at in range(0, len(quote) - size + 1, len(quote) // 40 + 1):
        places = islice(_places(quote[at : at + size], text), MOST_PLACES)
        begins.update((place - at) // 16 * 16 for place in places)
    if not begins:
        return None
    begin = begins.most_common(1)[0][0]
    around = text[max(begin - 32, 0) : begin + len(quote) + 48]
    *same, _ = SequenceMatcher(None, around, quote, autojunk=False).get_matching_blocks()
    if sum(block.size for block in same) < len(quote) / 2:
        return None
    passage = _whole_words(around, same[0].a - same[0].b, same[-1].a - same[-1].b + len(quote))
    return None if quote == passage else (quote, passage)


def _whole_words(text: str, start: int, end: int) -> str:
    """Return a part of a text, no word of it cut but a very long one."""
    start = max(start, 0)
    before, after = text.rfind(" ", max(start - 30, 0), start), text.find(" ", end, end + 30)
    return text[before + 1 if before >= 0 else max(start - 30, 0) : after if after >= 0 else end + 30]


def _places(words: str, text: str, start: int = 0) -> Iterator[int]:
    while (start := text.find(words, start)) >= 0:
        yield start
        start += 1


def marked(quote: str, passage: str) -> tuple[str, str]:
    """Return a quote and the passage that is most like it, with what differs between brackets, word by word.

    >>> marked("rose by 21 % in all", "rose by 12 % in all")
    ('rose by ⟦21⟧ % in all', 'rose by ⟦12⟧ % in all')
    """
    one, other = quote.split(), passage.split()
    bare = [[word.casefold().strip(".,;:!?'()") or word for word in side] for side in (one, other)]
    sides: tuple[list[str], list[str]] = ([], [])
    for how, *ends in SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_opcodes():
        for side, words in zip(sides, (one[ends[0] : ends[1]], other[ends[2] : ends[3]]), strict=True):
            if words:
                side.append(" ".join(words) if how == "equal" else f"⟦{' '.join(words)}⟧")
    return " ".join(sides[0]), " ".join(sides[1])


def _missing(quote: str, text: str) -> str:
    """Return the part of a quote that does not stand in a text behind the parts before it; both are as seen."""
    return _found(quote, _DASH.sub("-", quote), _DASH.sub("-", text))[1]


def _found(quote: str, whole: str, text: str) -> tuple[list[tuple[int, int]], str]:
    """Return where the parts of a quote stand in a text, in order; and the part that does not, where there is one."""
    if place := next(_stands(whole, text), None):
        return [place], ""
    places: list[tuple[int, int]] = []
    for part in filter(None, _LEFT_OUT.split(quote)):
        place = next(_stands(_DASH.sub("-", part).strip(), text, places[-1][1] if places else 0), None)
        if place is None:
            return [], part
        places.append(place)
    return places, "" if places else quote


def _stands(words: str, text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield where words stand in a text from a place on, without a figure that goes on beyond them."""
    for at in islice(_places(words, text, start), MOST_PLACES):
        end = at + len(words)
        if not _parts_figure(text, at) and not _parts_figure(text, end):
            yield at, end


def _parts_figure(text: str, at: int) -> bool:
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if before[-1:] in (".", ","):
        return before[:-1].isdigit() and after[:1].isdigit()
    return before[-1:].isdigit() and re.match(r"[.,]?\d", after) is not None


class _Seen:
    """A text as a reader sees it, which remembers where each of its characters stood before it was changed."""

    def __init__(self, text: str, steps: tuple[tuple[list[int], list[int]], ...] = ()) -> None:
        self.text, self.steps = text, steps

    def sub(self, pattern: re.Pattern[str], put: str | Callable[[re.Match[str]], str]) -> _Seen:
        """Return it with other characters in the place of some."""
        parts: list[str] = []
        ends: list[int] = []
        shifts: list[int] = []
        at = length = 0
        for found in pattern.finditer(self.text):
            new = put if isinstance(put, str) else put(found)
            parts += self.text[at : found.start()], new
            length += found.start() - at + len(new)
            at = found.end()
            if len(new) != len(found[0]):
                ends.append(length)
                shifts.append(at - length)
        if not parts:
            return self
        text = "".join([*parts, self.text[at:]])
        return _Seen(text, (*self.steps, (ends, shifts)) if ends else self.steps)

    def origin(self, at: int) -> int:
        """Return where the character at a place stood in the text that this was made of."""
        for ends, shifts in reversed(self.steps):
            last = bisect_right(ends, at) - 1
            at += shifts[last] if last >= 0 else 0
        return at


def _as_seen_beside(quote: str, text: str) -> tuple[_Seen, _Seen]:
    """Return both as a reader sees them; a word parted at a line's end has a hyphen where the other has it there."""
    one, other = _as_seen(quote), _as_seen(text)
    return _joined(one, other.text), _joined(other, one.text)


@lru_cache(maxsize=16)
def _as_seen(text: str) -> _Seen:
    seen = _Seen(comparable(text)).sub(_SOFT_HYPHEN, "")
    longer = [one for one in set(seen.text) if len(_CHARACTERS[ord(one)]) != 1]
    if longer:
        seen = seen.sub(re.compile(f"[{re.escape(''.join(longer))}]"), lambda one: _CHARACTERS[ord(one[0])])
    seen = _Seen(seen.text.translate(_CHARACTERS), seen.steps)
    if not unicodedata.is_normalized("NFC", seen.text):
        added = "".join(
            one for one in set(seen.text) if unicodedata.combining(one) or "\u1160" <= one <= "\u11ff"
        )
        if added:
            seen = seen.sub(
                re.compile(f"[^{added}][{added}]+"), lambda one: unicodedata.normalize("NFC", one[0])
            )
    return seen.sub(_AT_LINE_END, _PARTED)


def _joined(seen: _Seen, other: str) -> _Seen:
    if _PARTED not in seen.text:
        return seen
    hyphened = set(_sides(other, "-"))
    marks = ("-" if sides in hyphened else "" for sides in _sides(seen.text, _PARTED))
    return seen.sub(re.compile(_PARTED), lambda _: next(marks))


def _sides(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """Return the words on both sides of each mark; forty letters of them are enough."""
    for left, right in pairwise(text.split(mark)):
        yield re.split(r"\W", left[-40:])[-1], re.split(r"\W", right[:40])[0]


class _Characters(dict[int, str]):
    """What a reader takes each character for; those that differ in form only are one (UAX #15, compatibility)."""

    def __missing__(self, code: int) -> str:
        drawn = chr(code)
        # A raised figure is another figure, and a few marks are drawn apart on a blank.
        if unicodedata.decomposition(drawn).partition(">")[0] in _SAME:
            plain = unicodedata.normalize("NFKC", drawn)
            drawn = drawn if plain.startswith(" ") else plain.translate(self)
        self[code] = drawn
        return drawn


_SAME = ("<compat", "<wide", "<narrow", "<noBreak", "<font", "<initial", "<medial", "<final", "<isolated")
_MARKS = {
    "'": '‘’‚‛′`´ʼ“”„‟″«»"',
    "-": "‐‑‒–—―−",
}  # which marks enclose a quote in a quote is a house's style
_CHARACTERS = _Characters({ord(mark): plain for plain, marks in _MARKS.items() for mark in marks})
_PARTED = "\u00ad"
_SOFT_HYPHEN, _AT_LINE_END = re.compile("\u00ad *"), re.compile(r"(?<=[^\W\d_])- (?=[^\W\d_])")
_DASH = re.compile(" ?-+ ?")
_LEFT_OUT = re.compile(r" ?[\[(][ .]{3,7}[])] ?")
