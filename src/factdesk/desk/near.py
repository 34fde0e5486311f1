"""Claims that are near to one that is being typed, by their words, and what all the same differs between the two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from factdesk.desk.listing import folded

ALIKE = 74
"""The share of words in common, of 100, from which claims are near (rapidfuzz's token set ratio)."""
NAMED = 86
"""From which two names may be one that was mistyped."""
_NEGATED = re.compile(
    r"\b(not|no|never|none|nobody|nothing|without|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\b(refus|reject|den(y|ie)|declin|oppos|fail|fell|fall|decreas|fewer|less|lower|lost|lose)\w*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÀ-Ý][\w’'-]+")


def near(
    words: str, claims: Sequence[str], plain: Sequence[str], most: int = 3
) -> list[tuple[int, list[str]]]:
    """Return the places of the nearest claims, each with what differs; `plain` are the claims folded.

    >>> claims = ["Russia agreed to a ceasefire of 30 days.", "It rained."]
    >>> near("Russia refused a ceasefire of 60 days", claims, [folded(one) for one in claims])
    [(0, ['another number: 60, not 30', 'one of the two denies or refuses'])]
    """
    if len(words.split()) < 3:
        return []
    found = process.extract(folded(words), plain, scorer=fuzz.token_set_ratio, limit=most, score_cutoff=ALIKE)
    return [(place, differences(words, claims[place])) for _, _, place in found]


def differences(one: str, other: str) -> list[str]:
    """Return in which numbers, negations and names two claims in like words differ.

    >>> differences("He did not meet Starmer.", "He did meet Macron.")
    ['one of the two is negated', 'another name: Starmer, not Macron']
    """
    told = []
    mine, theirs = (set(_NUMBER.findall(text)) for text in (one, other))
    if mine != theirs and (mine or theirs):
        told.append(_apart("number", mine - theirs, theirs - mine))
    if bool(_NEGATED.search(one)) != bool(_NEGATED.search(other)):
        told.append("one of the two is negated")
    elif bool(_AGAINST.search(one)) != bool(_AGAINST.search(other)):
        told.append("one of the two denies or refuses")
    mine, theirs = (set(_NAME.findall(text)) for text in (one, other))
    unsaid, added = {name for name in mine if name not in other}, {name for name in theirs if name not in one}
    if unsaid and added:
        told.append(_apart("name", unsaid, added))
    return told


def _apart(what: str, mine: set[str], theirs: set[str]) -> str:
    said, there = (", ".join(sorted(some)) or "none" for some in (mine, theirs))
    return f"another {what}: {said}, not {there}"


def meant(name: str, known: Sequence[str]) -> str:
    """Return the known name that another one may be meant for; nothing where it is known, or like none.

    >>> meant("Donald Trumpp", ["Keir Starmer", "Donald Trump"]), meant("Donald Trump", ["Donald Trump"])
    ('Donald Trump', '')
    """
    if len(name) < 4 or name in known:
        return ""
    found = process.extractOne(
        folded(name), [folded(one) for one in known], scorer=fuzz.ratio, score_cutoff=NAMED
    )
    return known[found[2]] if found else ""
