"""Which words of a parsed text report that somebody said something, and what: a rule grammar over `cues`."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from factdesk.articles.constructions import Statement, statements, subject
from factdesk.articles.cues import CLASSES, GRADES, KNOWN, ORDER, UNLISTED
from factdesk.articles.parsed import Parsed

_NOBODY = "i we you that one who they people this it there these those which"
NOBODY = frozenset(_NOBODY.split())
"""Subjects that name nobody in particular; with them a cue is less often a report."""
SUBORDINATE = frozenset(
    ["ccomp", "acl", "amod", "relcl", "xcomp", "compound", "dobj", "appos", "pobj", "acomp", "csubj"]
)
NO_VERB = frozenset({"aux", "auxpass", "amod", "compound"})
TO_THE_END = frozenset({"rest of sentence", "up to a quotation"})


class Attribution(NamedTuple):
    """A statement and the word that reports it, with the construction between them."""

    cue: int
    start: int
    end: int
    head: int
    construction: str


def attributions(p: Parsed) -> list[Attribution]:
    """Return the statements that a text attributes, in its order; of two that are much the same the surer one."""
    sure: list[tuple[int, int, Attribution]] = []
    for c, kind in enumerate(map(CLASSES.get, p.pos)):
        if kind is None or p.quoted[c] >= 0 or (p.lemmas[c] not in KNOWN[kind] and not UNLISTED[kind]):
            continue
        if (kind == "verb" and p.deps[c] in NO_VERB) or (kind == "colon" and p.words[c] != ":"):
            continue
        best = _best(p, c, kind)
        if best is not None:
            sure.append(best)
    return _apart(sure)


def _best(p: Parsed, c: int, kind: str) -> tuple[int, int, Attribution] | None:
    lemma, against, best = p.lemmas[c], None, None
    for name, statement in statements(p, c).items():
        grade = GRADES.get((kind, name, lemma), UNLISTED[kind].get(name))
        if grade is None:
            continue
        if against is None:
            against = _against_cue(p, c)
        left = grade - max(-1, min(against + _against_span(p, c, name, statement), 3))
        key = (left, ORDER[kind, name])
        if left >= 0 and (best is None or key > best[:2]):
            best = (*key, Attribution(c, statement.start, statement.end, statement.head, name))
    return best


def _against_cue(p: Parsed, c: int) -> int:
    """How much speaks against a word's reporting what somebody in particular said."""
    if p.pos[c] not in ("VERB", "AUX"):
        return 0
    children = p.children[c]
    marks = {p.lower[k] for k in children if p.deps[k] == "mark"}
    who = subject(p, c)
    against = sum(
        (
            any(p.deps[k] == "neg" for k in children),
            p.tags[c] == "VB" or any(p.tags[k] == "MD" for k in children),
            who is not None and p.lower[who] in NOBODY,
            p.deps[c] in SUBORDINATE,
            bool(marks & {"if", "that", "because", "whether"}),
            p.words[p.sentences[p.sentence_of[c]][1] - 1] == "?",
        )
    )
    return -1 if not against and p.deps[c] == "ROOT" else against


def _against_span(p: Parsed, c: int, name: str, statement: Statement) -> int:
    """How much speaks against a span's being a statement: few words, words left over, no "that"."""
    inside = p.words_in(statement.start, statement.end)
    count = len(inside)
    if name.startswith("quotation"):
        return 2 if count <= 5 else 1 if count <= 9 else 0
    against = int(count <= 3)
    if name in TO_THE_END and statement.end < p.ends[p.sentences[p.sentence_of[c]][1] - 1] - 3:
        against += 1
    if inside and p.lower[inside[0]] == "that" and name != "object":
        against -= 1
    if count == 1 and p.pos[inside[0]] == "PRON":
        against += 1
    return against


def _apart(sure: list[tuple[int, int, Attribution]]) -> list[Attribution]:
    """Leave out what overlaps a surer statement by half or more."""
    kept: list[Attribution] = []
    by_start: list[tuple[int, int]] = []
    for *_, one in sorted(sure, key=lambda x: (-x[0], -x[1], x[2].cue)):
        length = one.end - one.start
        at = bisect_left(by_start, (one.start - 2 * max(length, 1), 0))
        rivals = by_start[at : bisect_left(by_start, (one.end, 0))]
        if not any(_shared(one.start, one.end, start, end) >= 0.5 for start, end in rivals):
            kept.append(one)
            by_start.insert(bisect_left(by_start, (one.start, one.end)), (one.start, one.end))
    return sorted(kept, key=lambda one: (one.start, one.end, one.cue))


def _shared(start: int, end: int, other_start: int, other_end: int) -> float:
    both = max(0, min(end, other_end) - max(start, other_start))
    return both / (end - start + other_end - other_start - both)
