"""Which documents are the same text: an agency's copy, one press release, one page taken over from another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from factdesk.formats import counted

WORDS, SHARED, FEWEST = 6, 0.5, 12
"""Words of a shingle; the share of the shorter text's shingles from which two are one; shingles that this takes."""
LONGEST = 200_000
"""Characters of a text that are looked at."""
NO_TEXT = "no text was kept"


class Document(NamedTuple):
    """What tells of a document where its text comes from: its words, and the agency that it names."""

    words: str | None
    agency: str = ""


class Origin(NamedTuple):
    """Where a document's text comes from: the first document of the same origin, and how that is known."""

    first: str
    why: str


def shingles(text: str) -> frozenset[str]:
    """Return all runs of six words of a text, in one form.

    >>> sorted(shingles("It rained, and then it poured again"))
    ['it rained and then it poured', 'rained and then it poured again']
    """
    words = re.findall(r"\w+", text[:LONGEST].casefold())
    return frozenset(" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1))


def are_one(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two texts, by their shingles, are the same in their greater part, or one is in the other.

    >>> words = [" ".join(f"w{n}" for n in range(a, b)) for a, b in ((0, 40), (10, 50), (30, 70))]
    >>> a, b, c = map(shingles, words)
    >>> are_one(a, b), are_one(a, c)
    (True, False)
    """
    fewer = min(len(one), len(other))
    return fewer >= FEWEST and len(one & other) >= SHARED * fewer


def origins(documents: Mapping[str, Document]) -> dict[str, Origin]:
    """Return the origin of each document; one without words may have the origin of any other, and says so.

    Those of one origin are named after the first of them.

    >>> copy = Document(" ".join(f"word{n}" for n in range(30)), "Reuters")
    >>> found = origins({"a": copy, "b": Document("It rained.", "Reuters"), "c": Document(None)})
    >>> found["b"], found["c"]
    (Origin(first='a', why='copy of Reuters'), Origin(first='c', why='not known: no text was kept'))
    """
    found: dict[str, Origin] = {}
    read: dict[str, tuple[frozenset[str], str]] = {}
    for name, one in documents.items():
        parts = shingles(one.words or "")
        links = {
            other: f"copy of {agency}" if agency and agency == one.agency else f"the same text as {other}"
            for other, (its, agency) in read.items()
            if (agency and agency == one.agency) or are_one(parts, its)
        }
        alone = f"copy of {one.agency}" if one.agency else "its own text"
        if one.words is None:
            alone = f"{alone if one.agency else 'not known'}: {NO_TEXT}"
        joined = {found[other].first for other in links}
        first = next((other for other in found if other in joined), name)
        for other, origin in found.items():
            if origin.first in joined - {first}:  # two that this one shows to be of one origin
                why = f"of one origin with {name}" if origin.first == other else origin.why
                found[other] = Origin(first, why)
        found[name] = Origin(first, next(iter(links.values()), alone))
        read[name] = parts, one.agency
    return found


def in_words(sources: int, origins: int, unknown: int = 0) -> str:
    """Write of how many origins sources are, of which so many have no text; nothing where none can be compared.

    >>> in_words(5, 2), in_words(5, 4, 2), in_words(2, 2, 1)
    ('5 sources, 2 origins', '5 sources, at most 4 origins (of 2 no text was kept)', '')
    """
    if origins == sources < unknown + 2:
        return ""
    most = "at most " if unknown and origins > 1 else ""
    aside = f" (of {unknown} {NO_TEXT})" if unknown else ""
    return f"{counted(sources, 'source')}, {most}{counted(origins, 'origin')}{aside}"
