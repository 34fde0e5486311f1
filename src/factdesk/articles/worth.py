"""How worth checking a sentence is, from 0 to 1, in points that can be read, and whether it can be checked at all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """What speaks for or against checking a sentence: how much, why, and how it is found."""

    points: float
    reason: str
    found: re.Pattern[str]


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_NAME = r"[A-Z][\w'’.-]+"
MARKS = (
    Mark(3, "a number", re.compile(r"\d")),
    Mark(3, "a share", _words(r"per ?cent|percent(?:age)?(?: points?)?|%|half|a (?:third|quarter)|twice|double[sd]?|tripled?")),
    Mark(2, "a number in words", _words(
        "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|dozens?|"
        "hundreds?|thousands?|millions?|billions?|trillions?")),
    Mark(1, "money", re.compile(r"[$€£¥]|\b(?:dollars?|euros?|pounds)\b", re.IGNORECASE)),
    Mark(3, "a vote, a law or a signature", _words(
        "vot(?:e|es|ed|ing)|signed|passed|supported|opposed|proposed|vetoed|introduced|agreed|ratified")),
    Mark(2, "a figure that is kept", _words(
        "jobs?|tax(?:es)?|budgets?|trade|deficits?|debts?|unemployment|crimes?|rates?|incomes?|wages?|inflation|economy|"
        "insurance|spending|prices?|costs?|poverty|oil|energy|troops|nuclear|deaths?|killed|casualties|emissions|"
        "prisoners|refugees|migrants")),
    Mark(1, "something past", _words(
        "was|were|had|did|went|said|made|took|came|got|gave|left|lost|won|spent|paid|cut|met|sent|began|told|held|"
        "[a-z]{3,}ed|has|have")),
    Mark(1, "a source that can be asked", _words(
        "said|says|told|according to|report(?:s|ed)?|stud(?:y|ies)|surveys?|polls?|data|statistics|figures|show(?:s|ed|n)?|found")),
    Mark(1, "a comparison", _words(
        "than|most|least|highest|lowest|largest|biggest|greatest|worst|best|first|only|ever|never|history|record|"
        "increas\\w+|decreas\\w+|gr[eo]wn?|ro?se|risen|rising|fe?ll|fallen|falling|dropped|reduc\\w+|rais\\w+")),
    Mark(1, "an office or a body", _words(
        "presidents?|ministers?|senators?|governors?|congress|parliament|administration|democrats?|republicans?|bills?|laws?|"
        "act|secretary|courts?|treat(?:y|ies)|government")),
    Mark(0.5, "a name", re.compile(rf"(?<=[a-z,;] )(?!I\b|I['’]){_NAME}")),
    Mark(0.5, "a full name", re.compile(rf"(?<=[a-z,;] )(?!I\b|I['’]){_NAME} {_NAME}")),
    Mark(0.5, "another's doing", _words("he|she|his|him|her|they|them|their")),
    Mark(0.5, "a time", _words("years?|months?|weeks?|days?|ago|since|last|yesterday|decades?|century")),
    Mark(-1, "short", re.compile(r"^\W*(?:[\w'’-]+\W+){0,6}[\w'’-]+\W*$")),
    Mark(-0.5, "spoken to somebody", _words("you|yours?|thanks?|god|please|good (?:evening|morning)|welcome|okay|well")),
    Mark(-1, "what will be or could be", _words("will|['’]ll|shall|going to|gonna|would|could|might|may")),
    Mark(-1, "what will be", _words("will|['’]ll|shall|going to|gonna")),
    Mark(-1.5, "in the first person", re.compile(r"\bI\b")),
    Mark(-1.5, "a view or a feeling", _words(
        r"I (?:think|believe|hope|feel|guess|want|know|don['’]t)|I['’](?:m|d)|I am|in (?:my|our) (?:view|opinion)|my")),
    Mark(-2, "a demand", _words(r"should|must|ought|needs? to|have to|let['’]s|let us|let me")),
    Mark(-3, "a question", re.compile(r"\?\W*$")),
)  # fmt: skip
"""The points; set by hand, their size from how often each mark stands in sentences that people chose to check."""
HALF = 4
"""The points at which a sentence is as likely worth checking as not."""
SENTENCE = 2_000
"""Characters of a sentence that are looked at."""

_PREDICTION = _words(
    r"will|['’]ll|shall|won['’]t|going to|gonna|is (?:set|due|expected|likely) to|are (?:set|due|expected|likely) to|"
    "by 20[3-9]\\d|predict(?:s|ed)?|forecasts?"
)
_EXPERIENCE = re.compile(
    r"\b(?:I|[Mm]y|[Ww]e)\b.*?\b(?:remember|felt|grew up|was born|saw|met|used to|father|mother|wife|husband|kids|children|family|friends?)\b"
)
_OPINION = _words(
    r"should|must|ought|needs? to|have to|believes?|thinks?|hopes?|feels?|wants?|wishes|prefers?|let['’]s|"
    "good|bad|great|terrible|horrible|wonderful|beautiful|tremendous|important|essential|shameful|disgrace(?:ful)?|"
    "productive|wrong|right|fair|unfair|stupid|smart|disaster|viable|proud|sad|ridiculous|absurd|best|worst|better|worse"
)
_HARD = re.compile(
    r"\d|%|\b(?:per ?cent|voted|signed|passed|killed|million|billion|more than|less than|according to)\b",
    re.IGNORECASE,
)


def found(sentence: str) -> list[Mark]:
    """Return the marks that a sentence bears.

    >>> [mark.reason for mark in found("Is it so?")]
    ['short', 'a question']
    """
    return [mark for mark in MARKS if mark.found.search(sentence[:SENTENCE])]


def worth(sentence: str) -> float:
    """Return how worth checking a sentence is, from 0 to 1.

    >>> worth("Unemployment fell to 4 percent last year.") > 0.8 > 0.1 > worth("I hope you are well.")
    True
    """
    points = sum(mark.points for mark in found(sentence))
    return round(1 / (1 + math.exp((HALF - points) / 2)), 3)


def reasons(sentence: str) -> str:
    """Return why a sentence is worth checking or is not, in words, with the points of each.

    >>> reasons("It fell by 5.")
    'a number +3, a comparison +1, short -1'
    """
    return ", ".join(f"{mark.reason} {mark.points:+g}" for mark in found(sentence))


def checkable(statement: str) -> str:
    """Return `yes` where a statement can be checked, else why not: question, prediction, experience or opinion.

    >>> checkable("The deal will hold."), checkable("It is a great deal."), checkable("Exports fell by 3 %.")
    ('prediction', 'opinion', 'yes')
    """
    words = statement[:SENTENCE]
    if re.search(r"\?\W*$", words):
        return "question"
    if _PREDICTION.search(words):
        return "prediction"
    if _EXPERIENCE.search(words) and not _HARD.search(words):
        return "experience"
    if _OPINION.search(words) and not _HARD.search(words):
        return "opinion"
    return "yes"
