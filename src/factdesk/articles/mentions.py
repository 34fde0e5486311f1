"""Which words of a text name who a statement is attributed to: the cue's subject, its agent, or the nearest name."""

from __future__ import annotations

from collections.abc import Iterator

from factdesk.articles.attributions import Attribution
from factdesk.articles.constructions import subject
from factdesk.articles.parsed import Parsed, Span

CUT_BEFORE = frozenset({"relcl", "acl", "appos", "advcl", "ccomp", "parataxis"})
"""What follows a name and describes it; the mention ends before."""
CLIMBS = 5
RELATIVE = frozenset({"who", "which", "that"})
NEAR = 6
"""Words within which a relative pronoun is told with its noun."""
OF_NOUN = frozenset({"by", "of", "from", "between", "among"})
OF_OTHERS = frozenset(
    ["accuse", "ask", "believe", "blame", "criticize", "expect", "know", "report", "say", "tell", "think"]
)
"""Verbs whose passive subject is not who speaks."""


def mention(p: Parsed, one: Attribution) -> Span | None:
    """Return the words that name who says a statement; None where nothing does."""
    own = subject(p, one.cue)
    is_of_others = own is not None and p.deps[own] == "nsubjpass" and p.lemmas[one.cue] in OF_OTHERS
    if is_of_others and not any(p.deps[k] == "agent" for k in p.children[one.cue]):
        return None  # "Prices are expected to rise": nobody says who expects it
    for head in _heads(p, one):
        if p.quoted[head] >= 0 and head != own and p.quoted[one.cue] < 0:
            continue
        is_inside = one.start <= p.starts[head] < one.end
        is_set_in = p.quoted[head] < 0 and ((head == own and p.deps[head] == "nsubj") or _is_set_in(one))
        if not is_inside or is_set_in:
            return _with_antecedent(p, head) or phrase(p, head)
    return None


def _with_antecedent(p: Parsed, head: int) -> Span | None:
    """A relative pronoun with the noun before it that it stands for: "the mayor, who"; None where there is none."""
    verb = p.heads[head]
    noun = p.heads[verb]
    is_relative = p.lower[head] in RELATIVE and p.deps[verb] == "relcl" and noun < head <= noun + NEAR
    return (phrase(p, noun)[0], head + 1) if is_relative else None


def _is_set_in(one: Attribution) -> bool:
    """Return whether the words that name the speaker may stand between the parts of what is said."""
    return "around" in one.construction or one.construction == "quotation before"


def phrase(p: Parsed, head: int) -> Span:
    """Return the words of a noun phrase without the clauses that follow it."""
    first, end = p.lefts[head], p.rights[head]
    for k in p.children[head]:
        if k > head and p.deps[k] in CUT_BEFORE:
            end = min(end, p.lefts[k])
    while end > head + 1 and not any(letter.isalnum() for letter in p.words[end - 1]):
        end -= 1
    while first < head and not any(letter.isalnum() for letter in p.words[first]):
        first += 1
    return first, max(end, head + 1)


def _heads(p: Parsed, one: Attribution) -> Iterator[int]:
    """The words that may name the speaker, the likeliest first."""
    c = one.cue
    if p.pos[c] == "PUNCT":
        yield from _before_colon(p, c)
    if p.lower[c] in ("according", "per"):
        yield from _objects(p, c, deep=True)
    for k in p.children[c]:
        if p.deps[k] == "agent" or (p.lower[k] == "by" and p.tags[c] == "VBN"):
            yield from _objects(p, k)
    who = subject(p, c)
    is_passive = any(p.deps[k] in ("auxpass", "nsubjpass") for k in p.children[c])
    if (
        who is not None
        and p.deps[who] != "expl"
        and not (is_passive and one.construction.startswith("subject"))
    ):
        yield who
    if p.pos[c] in ("NOUN", "ADJ"):
        yield from _of_noun(p, c)
    yield from _above(p, c)
    yield from _near(p, c)


def _objects(p: Parsed, k: int, *, deep: bool = False) -> Iterator[int]:
    for x in p.children[k]:
        if p.deps[x] == "pobj":
            yield x
        elif deep:
            yield from _objects(p, x)


def _of_noun(p: Parsed, c: int) -> Iterator[int]:
    for k in p.children[c]:
        if p.deps[k] == "poss":
            yield k
    for k in p.children[c]:
        if p.lower[k] in OF_NOUN:
            yield from _objects(p, k)
    for k in p.children[c]:
        if p.deps[k] in ("compound", "amod") and p.entities[k]:
            yield k


def _above(p: Parsed, c: int) -> Iterator[int]:
    """The noun that a cue describes, and the subjects of what it hangs on."""
    at = c
    is_added = p.deps[c] == "advcl" and p.tags[c] == "VBG"
    if is_added or (p.deps[c] == "conj" and p.deps[p.heads[c]] == "ccomp"):
        yield from _of_sentence(p, c)  # often hung too low: "said that it was over, adding that …"
    for _ in range(CLIMBS):
        head = p.heads[at]
        if head == at:
            return
        if p.deps[at] in ("acl", "relcl"):
            if p.tags[at] == "VBG" and p.deps[at] == "acl" and not p.entities[head]:
                yield from _of_sentence(p, c)
            yield head
        elif p.pos[head] in ("VERB", "AUX", "NOUN", "ADJ"):
            who = subject(p, head)
            if who is not None and who != at and p.deps[who] != "expl":
                yield who
            if p.pos[head] == "NOUN":
                yield from (k for k in p.children[head] if p.deps[k] == "poss" and k != at)
        at = head


def _of_sentence(p: Parsed, c: int) -> Iterator[int]:
    """The subject of the sentence's own verb, where it stands before a cue."""
    at = c
    while p.heads[at] != at:
        at = p.heads[at]
    who = subject(p, at)
    if who is not None and who < c and p.quoted[who] < 0 and p.deps[who] != "expl":
        yield who


def _near(p: Parsed, c: int) -> Iterator[int]:
    """The nearest name or noun beside the cue, then the subject of the sentence before."""
    begin, end = p.sentences[p.sentence_of[c]]

    def names(i: int) -> bool:
        is_noun = p.pos[i] == "NOUN" and p.deps[i] in ("nsubj", "dobj", "pobj", "ROOT")
        return p.quoted[i] < 0 and (is_noun or p.pos[i] in ("PROPN", "PRON"))

    if p.tags[c] != "VBD":
        yield from _of_sentence(p, c)
    doing = [i for i in range(begin, c) if p.deps[i] in ("nsubj", "nsubjpass") and names(i)]
    if doing and not (p.deps[c] == "ROOT" and p.words[c + 1 : c + 2] and p.pos[c + 1] == "PROPN"):
        yield doing[-1]
    right = next((i for i in range(c + 1, min(end, c + 6)) if names(i)), None)
    if right is not None:
        yield p.heads[right] if p.deps[right] == "compound" else right
    left = next((i for i in range(c - 1, max(begin, c - 8) - 1, -1) if names(i)), None)
    if left is not None:
        yield left
    if p.sentence_of[c]:
        before = range(*p.sentences[p.sentence_of[c] - 1])
        yield from (i for i in before if p.deps[i] == "nsubj" and p.quoted[i] < 0)


def _before_colon(p: Parsed, c: int) -> Iterator[int]:
    """Who speaks before a colon: the subject of a verb there ("wrote on Monday: …"), else the words themselves."""
    begin = p.sentences[p.sentence_of[c]][0]
    for i in range(c - 1, begin - 1, -1):
        who = subject(p, i) if p.pos[i] in ("VERB", "AUX") else None
        if who is not None and who < c and p.quoted[who] < 0:
            yield who
            return
    for i in range(c - 1, max(begin, c - 7) - 1, -1):
        if p.pos[i] in ("PROPN", "NOUN", "PRON"):
            yield i
            return
