"""Which documents are the same text: an agency's copy, one press release, one page taken over from another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from factdesk.articles.article import Article
from factdesk.articles.speakers import agency

WORDS, SHARED, FEWEST = 6, 0.5, 12
"""Words of a shingle; the share of the shorter text's shingles from which two are one; shingles that this takes."""
LONGEST = 200_000
"""Characters of a text that are looked at."""


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


def origins(articles: Mapping[str, Article | None]) -> dict[str, Origin]:
    """Return the origin of each document; one that can't be read has its own, which nobody knows.

    Those of one origin are named after the first of them. Agencies are known by their byline or dateline.

    >>> from factdesk.articles.article import of_document
    >>> text = "OSLO (Reuters) - " + " ".join(f"word{n}" for n in range(30))
    >>> copies = {name: of_document(text.encode(), "text/plain") for name in ("a", "b")}
    >>> origins(copies | {"c": None})["b"], origins(copies | {"c": None})["c"]
    (Origin(first='a', why='copy of Reuters'), Origin(first='c', why='not known: no text was kept'))
    """
    found: dict[str, Origin] = {}
    read: list[tuple[str, frozenset[str], str]] = []
    for name, article in articles.items():
        if article is None:
            found[name] = Origin(name, "not known: no text was kept")
            continue
        parts, named = shingles(article.text), agency(article.text, article.author)
        found[name] = _of(name, parts, named, read, found)
        read.append((name, parts, named))
    return found


def _of(
    name: str,
    parts: frozenset[str],
    named: str,
    earlier: Sequence[tuple[str, frozenset[str], str]],
    found: Mapping[str, Origin],
) -> Origin:
    for other, its_parts, its_agency in earlier:
        if named and named == its_agency:
            return Origin(found[other].first, f"copy of {named}")
        if are_one(parts, its_parts):
            return Origin(found[other].first, f"the same text as {other}")
    return Origin(name, f"copy of {named}" if named else "its own text")
