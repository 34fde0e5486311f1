"""Direct quotations and who says them, by the marks and words around them alone: any language, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from factdesk.articles.quotation_marks import Quotation, quotations

Span = tuple[int, int]

_VERB = (
    "added|admitted|announced|argued|asked|asserted|claimed|concluded|continued|declared|explained|insisted|noted|"
    "recalled|remarked|replied|reported|responded|said|says|stated|stressed|told|tweeted|warned|wrote|writes"
)
_SAID = re.compile(
    r"\b(?:dit|disait|déclar(?:e|é)|affirm(?:e|é)|ajout(?:e|é)|expliqu(?:e|é)|assur(?:e|é)|indiqu(?:e|é)|estim(?:e|é)|"
    r"répond(?:u)?|précis(?:e|é)|soulign(?:e|é)|lanc(?:e|é)|écrit|annonc(?:e|é)|dénonc(?:e|é)|rappel(?:le|é)|"  # French
    r"sagte?|erklärte?|betonte?|meinte?|warnte?|schrieb|schreibt|antwortete?|"  # German
    r"dijo|dice|afirmó|declaró|añadió|explicó|aseguró|señaló|respondió|escribió|advirtió|"  # Spanish
    r"disse|ha (?:detto|dichiarato|affermato|aggiunto|spiegato|scritto)|afirmou|declarou|acrescentou|explicou|escreveu|"
    r"zei|zegt|verklaarde|schreef)\b"  # Italian and Portuguese, Dutch
)
_SETS_APART = re.compile(r"\s*[,،–—-]")
_CAPITAL = r"[^\W\d_]"
_PARTICLES = ["de", "del", "der", "van", "von", "al", "bin", "ben", "da", "di", "du", "la", "le"]
_WORD = re.compile(rf"{_CAPITAL}[\w'’-]*")
_NAME = rf"{_CAPITAL}[\w.'’-]*(?:[ \u00a0](?:(?:{'|'.join(_PARTICLES)})[ \u00a0])*{_CAPITAL}[\w.'’-]*){{0,4}}"
AFTER = re.compile(
    rf"[\s,]*(?:(?P<cue>{_VERB})[ \u00a0](?P<name>{_NAME})|(?P<name2>{_NAME})[ \u00a0](?P<cue2>{_VERB})\b)"
)
BEFORE = re.compile(rf"(?P<name>{_NAME})[ \u00a0](?P<cue>{_VERB})\b[^.!?\n]{{0,40}}[,:][ \u00a0]?$")
_STOP = re.compile(r"[.!?…\n«„“\"。]")
_PRONOUN = frozenset({"he", "she", "they", "it", "we", "i"})
LONG_ENOUGH = 4
"""Words from which a quotation is somebody's statement and not words held at arm's length."""
ABBREVIATED = 4
"""Letters of a title or an initial with its full stop ("Sen.", "J.") that ends no sentence."""
SIDE = 120
"""Characters beside a quotation that are looked at for who says it."""


class Quoted(NamedTuple):
    """A quotation in its marks, with the spans of the verb and the words that name who says it."""

    start: int
    end: int
    cue: Span | None
    mention: Span | None


def quoted(text: str, start: int = 0, *, english: bool = True) -> Iterator[Quoted]:
    """Yield a text's direct quotations from an offset on.

    >>> [text[slice(*one.mention)] for text in ['"It rained for a week," said Ada Quist.'] for one in quoted(text)]
    ['Ada Quist']
    """
    for quotation in quotations(text[start:] if start else text):
        span = (quotation.start + start, quotation.end + start)
        inner = text[quotation.inner_start + start : quotation.inner_end + start]
        cue, mention = _speaker(text, *span, english=english)
        if mention is not None or _is_statement(quotation, inner):
            yield Quoted(*span, cue, mention)


def _is_statement(quotation: Quotation, inner: str) -> bool:
    words = len(inner.split())
    has_no_blanks = words <= 2 and not inner.isascii() and len(inner) > 3 * LONG_ENOUGH  # Chinese, Japanese
    return (
        quotation.runs_on
        or words >= LONG_ENOUGH
        or has_no_blanks
        or inner.rstrip()[-1:] in tuple("!?,。！？")
    )


def _speaker(text: str, start: int, end: int, *, english: bool) -> tuple[Span | None, Span | None]:
    if english:
        after = AFTER.match(text, end, end + SIDE)
        if after and not _ends_sentence(text, start, end):
            which = "" if after["cue"] else "2"
            name = _named(after, "name" + which)
            if name:
                return after.span("cue" + which), name
        before = BEFORE.search(text[max(0, start - SIDE) : start])
        if before:
            name, base = _named(before, "name"), max(0, start - SIDE)
            if name:
                first, last = before.span("cue")
                return (base + first, base + last), (base + name[0], base + name[1])
        return None, None
    stop = _STOP.search(text, end, end + SIDE)
    last = stop.start() if stop else min(len(text), end + SIDE)
    cue = _SAID.search(text, end, last)
    if (cue or _SETS_APART.match(text, end)) and not _ends_sentence(text, start, end):
        name = _capitals(text, cue.end() if cue else end, last) or _capitals(text, end, last)
        return (cue.span() if cue else None), name
    first = max(start - SIDE, 0, *(one.end() for one in _STOP.finditer(text, max(start - SIDE, 0), start)))
    if text[first:start].rstrip().endswith((":", "：")):
        cue, name = _SAID.search(text, first, start), _capitals(text, first, start)
        is_all = name is not None and text[slice(*name)] == text[first:start].rstrip(" \u00a0:：").lstrip()
        return (cue.span() if cue else None), name if cue or is_all else None
    return None, None


def _ends_sentence(text: str, start: int, end: int) -> bool:
    """Return whether a quotation ends its sentence, so that what follows is another."""
    return text[start:end].rstrip("\"”“’'»").endswith(".")


def _capitals(text: str, first: int, last: int) -> Span | None:
    """Return the first words with capitals between two offsets, which may be a name."""
    begun, ended, at = -1, -1, first
    for word in _WORD.finditer(text, first, last):
        is_next = begun < 0 or text[at : word.start()] in (" ", "\u00a0")
        if is_next and word[0][0].isupper():
            begun, ended = word.start() if begun < 0 else begun, word.end()
        elif begun >= 0 and not (is_next and word[0] in _PARTICLES):
            break
        at = word.end()
    return (begun, ended) if ended - begun > 1 else None


def _named(found: re.Match[str], group: str) -> Span | None:
    """The span of a name, from its first capital on; None where there is none and no pronoun."""
    first, last = found.span(group)
    words = re.split(r"[ \u00a0]", found[group])
    if words[-1].lower() in _PRONOUN:
        return last - len(words[-1]), last
    if found.re is AFTER and group == "name":
        words = words[: next((i for i, word in enumerate(words) if not word[:1].isupper()), len(words))]
        ended = next(
            (i for i, word in enumerate(words) if word.endswith(".") and len(word) > ABBREVIATED), None
        )
        name = " ".join(words if ended is None else words[: ended + 1]).rstrip(".,")
        return (first, first + len(name)) if name else None
    kept = next(
        (i for i in range(len(words), 0, -1) if not words[i - 1][:1].isupper() or _ends(words[i - 1])), 0
    )
    return (last - len(" ".join(words[kept:])), last) if kept < len(words) else None


def _ends(word: str) -> bool:
    """Return whether a sentence ends with a word; an initial or a title ("J.", "Sen.") ends none."""
    return word.endswith(".") and len(word) > ABBREVIATED
