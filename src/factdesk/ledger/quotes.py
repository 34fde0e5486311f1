"""Where a quote stands in a document's text: found again whenever it is asked for, never stored."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain, islice, pairwise, zip_longest

import nh3
from w3lib.encoding import html_to_unicode

from factdesk.text import comparable

# Between two of these a reader sees a gap, where the file may have none.
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|"
    r"li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)\b)",
    re.IGNORECASE,
)
_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = ("application/json", "application/xml")
MOST_PLACES = 500
"""Places of one piece of text that are looked at: a document may say the same a million times."""


def text_of(data: bytes, media_type: str) -> str | None:
    """Return the text of a document as quotes are compared with it; None where this kind can't be read.

    >>> text_of(b"<p>It <b>rained</b> &amp; poured.</p><script>no</script><p>Twice.</p>", "text/html")
    'It rained & poured. Twice.'
    >>> text_of(b"%PDF-1.7", "application/pdf") is None
    True
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in _HTML and kind not in _PLAIN and not kind.startswith("text/"):
        return None
    _, text = html_to_unicode(media_type, data, auto_detect_fun=_encoding)
    if kind in _HTML:
        text = html.unescape(nh3.clean(_BLOCK.sub(" <", text), tags=set()))
    return comparable(text)


def _encoding(data: bytes) -> str:
    """Guess the encoding of a document that does not say it, as browsers do."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def stands_in(quote: str, text: str) -> bool:
    """Return whether a quote stands in a document's text as a reader sees it, in parts where it has `[…]`.

    Line breaks, blanks, ligatures, the forms of marks and words parted at a line's end don't count; figures do.

    >>> stands_in("'It  rained' - 2.5 mm", "On Monday “It rai-\\nned” – 2.5 mm.")
    True
    >>> stands_in("It rained […] 5 mm", "It rained 2.5 mm."), stands_in("It rained […] mm", "It rained 2.5 mm.")
    (False, True)
    """
    return re.search(r"\w", quote) is not None and not _missing(*_as_seen_beside(quote, text))


def nearest_passage(quote: str, text: str) -> tuple[str, str] | None:
    """Return the words of a quote from where it departs from a text, and the words there that are most like them.

    None where the text has nothing like it. Both are as a reader sees them, so that they differ in what matters only.

    >>> nearest_passage("the figure rose by 21 %", "Last year, the figure rose by 12 % in all.")
    ('the figure rose by 21 %', 'the figure rose by 12 %')
    """
    quote, text = _as_seen_beside(quote, text)
    quote = _missing(quote, text)
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


def _missing(quote: str, text: str) -> str:
    """Return the part of a quote that does not stand in a text behind the parts before it; both are as seen."""
    whole, text, end = _DASH.sub("-", quote), _DASH.sub("-", text), 0
    if _end_of(whole, text, 0) is not None:
        return ""
    for part in filter(None, _LEFT_OUT.split(quote)):
        found = _end_of(_DASH.sub("-", part).strip(), text, end)
        if found is None:
            return part
        end = found
    return "" if end else quote


def _end_of(words: str, text: str, start: int) -> int | None:
    """Return where words end that stand in a text from a place on, without a figure that goes on beyond them."""
    for at in islice(_places(words, text, start), MOST_PLACES):
        end = at + len(words)
        if not _parts_figure(text, at) and not _parts_figure(text, end):
            return end
    return None


def _parts_figure(text: str, at: int) -> bool:
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if before[-1:] in (".", ","):
        return before[:-1].isdigit() and after[:1].isdigit()
    return before[-1:].isdigit() and re.match(r"[.,]?\d", after) is not None


def _as_seen_beside(quote: str, text: str) -> tuple[str, str]:
    """Return both as a reader sees them; a word parted at a line's end has a hyphen where the other has it there."""
    one, other = _as_seen(quote), _as_seen(text)
    return _joined(one, other), _joined(other, one)


@lru_cache(maxsize=16)
def _as_seen(text: str) -> str:
    plain = re.sub("\u00ad *", "", comparable(text)).translate(_CHARACTERS)
    return re.sub(r"(?<=[^\W\d_])- (?=[^\W\d_])", _PARTED, unicodedata.normalize("NFC", plain))


def _joined(text: str, other: str) -> str:
    if _PARTED not in text:
        return text
    hyphened = set(_sides(other, "-"))
    marks = ("-" if sides in hyphened else "" for sides in _sides(text, _PARTED))
    return "".join(chain.from_iterable(zip_longest(text.split(_PARTED), marks, fillvalue="")))


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
_DASH = re.compile(" ?-+ ?")
_LEFT_OUT = re.compile(r" ?[\[(][ .]{3,7}[])] ?")
