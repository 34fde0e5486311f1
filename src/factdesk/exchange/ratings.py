"""The words of a rating column to the statuses of a vocabulary: only where they say the same, never where they are near."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from factdesk.errors import InvalidValue, misspelt
from factdesk.exchange.cells import is_blank, is_broken
from factdesk.exchange.fields import normal
from factdesk.ledger.vocabulary import chosen
from factdesk.schema import SEPARATOR, Settings, Status
from factdesk.text import clean, shown
from factdesk.vocabularies import VOCABULARIES

MOST_NEW_WORDS = 12
"""Ratings of one's own that a new ledger's vocabulary is given; a sheet with more has no column of ratings."""

# Steps of scales in other words, and in other languages; "barely true" is what PolitiFact's "mostly false" was called
# until 2011. Words that are only near ("misleading", "partly false", "unproven") are no step of another scale.
_SAME = (
    "true, correct, accurate, supported, wahr, richtig, stimmt, vrai, verdadero, cierto, verdadeiro, vero, правда, صحيح, "
    "सच, सही, doğru",
    "false, incorrect, inaccurate, wrong, refuted, falsch, unwahr, faux, falso, неправда, ложь, خطأ, गलत, झूठ, yanlış",
    "mostly true, largely true, überwiegend wahr, größtenteils wahr, plutôt vrai, mayormente verdadero, переважно правда",
    "mostly false, barely true, largely false, überwiegend falsch, größtenteils falsch, plutôt faux, mayormente falso, "
    "переважно неправда",
    "half true, halb wahr, à moitié vrai, mitad verdad, напівправда, полуправда",
    "pants on fire, pants fire",
    "unverifiable, not verifiable, nicht überprüfbar, invérifiable, inverificable",
)
_GROUPS = [frozenset(normal(word) for word in group.split(", ")) for group in _SAME]
_OTHER_SIGNS = re.compile(r"""[^\w\s\-–—.,:()\[\]"'“”„‘’«»!]|!(?=.*\w)""")
"""Signs that may turn a word: a question mark, a tilde, a cross, an exclamation mark before it."""


def match_ratings(words: Iterable[str], vocabulary: Sequence[Status]) -> pd.DataFrame:
    """Return each rating that is used with how many rows use it, the status that it is, and why; the most used first.

    A rating is a status whose name, label or earlier name it is, whatever its capitals, hyphens and end marks, or that
    is the same step in other words. Any other has no status: it is for a person to say what it means.

    Examples
    --------
    >>> scale = [Status("pants-fire", "Pants on Fire!"), Status("mostly-false", "Mostly False"), Status("true", "True")]
    >>> match_ratings(["TRUE", "Barely True", "Pants on fire", "Barely True", "untrue", "True?"], scale)[["rating", "status"]]
              rating        status
    0    Barely True  mostly-false
    1           TRUE          true
    2  Pants on fire    pants-fire
    3         untrue
    4          True?
    """
    counts = Counter(" ".join(word.split()) for word in words)
    known: dict[str, set[str]] = {}
    for status in vocabulary:
        for name in (status.name, status.label, *status.renamed_from):
            known.setdefault(_key(name), set()).add(status.name)
    rows = [(rating, count, *_match(rating, known, vocabulary)) for rating, count in counts.most_common()]
    frame = pd.DataFrame(rows, columns=["rating", "rows", "status", "why"])
    return frame.astype({"rating": "str", "rows": "int64", "status": "str", "why": "str"})


def is_rating(word: str) -> bool:
    """Return whether a word is a step of a scale that is known, such as "mostly false".

    >>> is_rating("Mostly_False"), is_rating("Wisconsin")
    (True, False)
    """
    return any(normal(word) in group for group in _GROUPS)


def _key(name: str) -> str:
    return normal(name) or name.strip()


def _match(rating: str, known: dict[str, set[str]], vocabulary: Sequence[Status]) -> tuple[str, str]:
    """Return the status that a rating is, or nothing, and why."""
    names = [status.name for status in vocabulary]
    if rating in names:
        return rating, "it is the status's own name"
    if is_blank(rating):
        return "", "it says nothing: no status is given"
    if is_broken(rating):
        return "", "a formula failed here"
    key = _key(rating)
    group = next((one for one in _GROUPS if key in one), frozenset())
    found = known.get(key) or {name for word in group for name in known.get(word, ())}
    if len(found) > 1:
        return "", f"it may be {' or '.join(repr(one) for one in names if one in found)}"
    if found and _OTHER_SIGNS.search(rating):
        return "", f"its signs may turn it: is it {min(found)!r}?"
    if found:
        status = next(one for one in vocabulary if one.name in found)
        if key in (_key(status.name), _key(status.label)):
            return status.name, "it is the status's name, but for capitals and marks"
        is_earlier = key in map(_key, status.renamed_from)
        return status.name, "it is an earlier name" if is_earlier else f"it is {status.name!r} in other words"
    if re.fullmatch(r"[\d\W_]+", rating):
        return "", "it is a number or sign: say which status each step is"
    near = misspelt(rating, [*names, *(status.label for status in vocabulary)])
    return "", f"no status has this name; is it {shown(near[0])!r}?" if near else "no status has this name"


def vocabulary_for(written: Mapping[str, int], known: Mapping[str, str]) -> tuple[Status, ...]:
    """Return the vocabulary of a new ledger: the ready one that has most of the ratings, with words of the sheet's own.

    `written` counts the rows of each rating; `known` has those of which it was said what they are.

    >>> [status.name for status in vocabulary_for({"Mostly False": 3, "True": 2}, {})][:3]
    ['unverified', 'true', 'mostly true']
    """
    words = [word for word in written if known.get(word) != ""]
    if not words:
        return Settings().vocabulary
    matched = {name: match_ratings(words, one.statuses) for name, one in VOCABULARIES.items()}

    def rows_of(name: str) -> float:
        """Count the rows whose rating a vocabulary has; one in other words counts a little less."""
        found = zip(matched[name]["rating"], matched[name]["status"], strict=True)
        names = [
            (word, status, re.sub(r"[\W_]+", " ", word).strip().casefold())
            for word, status in found
            if status
        ]
        return sum(
            written[word] * (1 if plain == status.casefold() else 0.9) for word, status, plain in names
        )

    best = max(VOCABULARIES, key=rows_of)
    vocabulary = (
        VOCABULARIES[best].statuses if rows_of(best) * 2 >= sum(written[word] for word in words) else ()
    )
    have = set(matched[best]["rating"][matched[best]["status"] != ""]) if vocabulary else set()
    own = [
        word
        for word in words
        if word not in have and word not in known and written[word] > 1 and "?" not in word
    ]
    if len(own) > MOST_NEW_WORDS:
        own = []
    names = {status.name for status in vocabulary}
    own_statuses = [
        Status(name, name)
        for word in own
        if (name := clean(word, one_line=True)[0].replace(SEPARATOR, ",")) not in names
    ]
    first = vocabulary or Settings().vocabulary[:1]
    return (*first, *own_statuses) if own_statuses or vocabulary else Settings().vocabulary


def vocabulary_of(reviews: pd.DataFrame, ready: Sequence[Status]) -> tuple[Status, ...]:
    """Return the ratings of published reviews with their numbers as a vocabulary, the best first.

    It is the ready one where that has the same numbers, or where theirs are on no one scale that begins with 1.

    >>> told = {"rating": ["Mostly False"], "rating_value": [2.0], "worst_rating": [1.0], "best_rating": [6.0]}
    >>> [(one.name, one.rating) for one in vocabulary_of(pd.DataFrame(told), VOCABULARIES["politifact"].statuses)]
    [('unverified', None), ('Mostly False', 2)]
    """
    names = ["rating", "rating_value", "worst_rating", "best_rating"]
    rated = reviews.loc[(reviews["rating"] != "") & reviews["rating_value"].notna(), names].drop_duplicates()
    ranked = rated.sort_values("rating_value", ascending=False)
    numbers = dict(zip(ranked["rating"].tolist(), ranked["rating_value"].tolist(), strict=True))
    bests, words = set(rated["best_rating"]), match_ratings(numbers, ready)
    here = {one.name: (one.rating, one.best_rating) for one in ready}
    found = zip(words["rating"], words["status"], strict=True)
    if all(here.get(status) == (numbers[word], max(bests)) for word, status in found):
        return tuple(ready)
    is_scale = len(numbers) == len(rated) and len(bests) == 1 and set(rated["worst_rating"].fillna(1)) == {1}
    others = [word for word in reviews["rating"].unique() if word and word not in numbers]
    tables = [
        {"name": word, "rating": int(number), "best_rating": int(max(bests))}
        for word, number in numbers.items()
    ]
    with contextlib.suppress(InvalidValue, ValueError):
        if is_scale and all(map(float.is_integer, numbers.values())):
            return chosen([*tables, *others]).statuses
    return tuple(ready)
