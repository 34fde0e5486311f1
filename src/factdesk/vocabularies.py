"""Ready vocabularies of statuses, by name: those of other desks, and a scale that many use."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factdesk.schema import VOCABULARY, Status


@dataclass(frozen=True)
class Vocabulary:
    """Statuses in the stacking order of charts, what they are for, and what a claim is called with them."""

    statuses: tuple[Status, ...]
    meaning: str
    noun: str = "claim"


_DEFAULT = {status.name: status for status in VOCABULARY}


def _set(*words: str | tuple[str, int] | Status, opened: int = 1, best: int = 5) -> tuple[Status, ...]:
    """Return statuses, the first ones open; a word alone has no rating, and the looks of the default of its name."""
    statuses = []
    for at, word in enumerate(words):
        if isinstance(word, Status):
            statuses.append(word)
            continue
        name, rating = (word, None) if isinstance(word, str) else word
        default = _DEFAULT.get(name, Status(name, name))
        statuses.append(replace(default, settled=at >= opened, rating=rating, best_rating=best))
    return tuple(statuses)


_WAS_TRUE = replace(_DEFAULT["outdated"], name="was true then", label="was true then")
_MOSTLY_FALSE = Status("mostly false", "mostly false", rating=3, renamed_from=("barely true",), best_rating=6)

VOCABULARIES = {
    "factdesk": Vocabulary(VOCABULARY, "what a ledger has unless it says otherwise"),
    "politifact": Vocabulary(
        _set(
            "unverified",
            ("true", 6),
            ("mostly true", 5),
            ("half true", 4),
            _MOSTLY_FALSE,
            ("false", 2),
            ("pants on fire", 1),
            best=6,
        ),
        "the six ratings of PolitiFact's Truth-O-Meter",
    ),
    "promises": Vocabulary(
        _set(
            "not yet rated",
            "in the works",
            "stalled",
            ("promise kept", 5),
            ("compromise", 3),
            ("promise broken", 1),
            opened=3,
        ),
        "the stages of promise trackers such as PolitiFact's",
        "promise",
    ),
    "snopes": Vocabulary(
        _set(
            "unverified",
            "research in progress",
            ("true", 5),
            ("mostly true", 4),
            ("mixture", 3),
            ("mostly false", 2),
            ("false", 1),
            "unproven",
            "unfounded",
            "outdated",
            "miscaptioned",
            "correct attribution",
            "misattributed",
            "labeled satire",
            "originated as satire",
            "scam",
            opened=2,
        ),
        "the ratings that Snopes gives most",
    ),
    "full-fact": Vocabulary(
        _set(
            "unverified",
            ("true", 5),
            ("missing context", 3),
            ("partly false", 2),
            ("false", 1),
            ("altered", 1),
            "satire",
        ),
        "the ratings that Full Fact gives in Meta's programme; elsewhere it gives none",
    ),
    "truth-scale-5": Vocabulary(
        _set(
            "unverified",
            ("true", 5),
            ("mostly true", 4),
            ("mixed", 3),
            ("mostly false", 2),
            ("false", 1),
            "unverifiable",
        ),
        "five steps from true to false",
    ),
    "community-notes": Vocabulary(
        _set(
            "unverified",
            ("correct", 5),
            _WAS_TRUE,
            "personal opinion",
            "clearly satire",
            "missing context",
            "outdated information",
            "unverified claim as fact",
            "satire taken for fact",
            ("factual error", 1),
            ("manipulated media", 1),
        ),
        "the reasons that a note of Community Notes gives, for a post and against it",
    ),
}
"""The ready vocabularies by name. Where a desk publishes no numbers, the ratings are ours."""
