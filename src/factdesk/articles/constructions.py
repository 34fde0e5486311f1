"""What stands around a word that may report speech, by construction: the clause it takes, its object, a quotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from factdesk.articles.parsed import Parsed, Span

BETWEEN = " \n\t,;:—–-\u00a0"
"""What may part a statement from the words around it, and is none of it."""
OVER_PARAGRAPHS = 8
GROUP = frozenset({"aux", "advmod", "neg", "auxpass", "prt"})
NO_COMPLEMENT = frozenset(
    ["punct", "cc", "conj", "nsubj", "nsubjpass", "prt", "aux", "auxpass", "neg", "relcl"]
)
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
OF_OBJECT = frozenset({"as", "for", "of", "with"})


class Statement(NamedTuple):
    """A span that may be what somebody said: offsets, and the word that it hangs on."""

    start: int
    end: int
    head: int


def subject(p: Parsed, c: int) -> int | None:
    """Return the subject of a verb; None where it has none of its own."""
    return next((k for k in p.children[c] if p.deps[k] in SUBJECTS), None)


def statements(p: Parsed, c: int) -> dict[str, Statement]:
    """Return the spans that a cue may report, by construction."""
    found: dict[str, Statement] = {}
    for name, first, end, head in _spans(p, c):
        if name not in found and end > first:
            start, stop = _trimmed(p.text, p.starts[first], p.ends[end - 1])
            if not name.startswith("quotation"):
                start, stop = _with_whole_quotation(p, c, start, stop, end - 1)
            if stop - start >= 2:
                found[name] = Statement(start, stop, head)
    return found


def _spans(p: Parsed, c: int) -> Iterator[tuple[str, int, int, int]]:
    if p.pos[c] == "NOUN" or p.pos[c] == "ADJ":
        yield from _of_noun(p, c)
        return
    if p.pos[c] != "PUNCT":
        yield from _of_verb(p, c)
        yield from _main_clause(p, c)
    first, last = _group(p, c)
    end = p.sentences[p.sentence_of[c]][1]
    begin = p.sentences[p.sentence_of[c]][0]
    if (
        first - begin >= 2
        and p.words[first - 1] == ","
        and last < end
        and p.words[last] == ","
        and max(p.quoted[begin:end]) < 0
    ):
        yield "sentence around", begin, end, c
    if end - last >= 2 and p.pos[c] != "PUNCT":
        yield "rest of sentence", last, _before_next_verb(p, c, last, end), c
    if p.quoted[c] < 0 and p.paragraph_of[c] in p.quotations_of:
        yield from _quotations(p, c, first, last)


def _of_noun(p: Parsed, c: int) -> Iterator[tuple[str, int, int, int]]:
    """A noun's or an adjective's own: "claim that", "plan to", "concerned about"."""
    for k in p.children[c]:
        dep, first, end = p.deps[k], p.lefts[k], p.rights[k]
        if first <= c < end or k < c:
            continue
        if dep in ("acl", "relcl", "ccomp"):
            has_that = any(p.lower[x] == "that" and p.deps[x] == "mark" for x in p.children[k])
            if dep == "ccomp" or has_that:
                yield "clause", first, end, k
            elif dep == "acl" and p.tags[k] == "VB":
                yield "infinitive", first, end, k
        elif dep == "prep" and p.lower[k] == "about":
            for what in p.children[k]:
                if p.deps[what] in ("pobj", "pcomp"):
                    yield "about", p.lefts[what], p.rights[what], what


def _of_verb(p: Parsed, c: int) -> Iterator[tuple[str, int, int, int]]:
    """A verb's own: its clause, infinitive, object, and what it takes with a preposition."""
    children = p.children[c]
    after = [k for k in children if k > c and p.deps[k] not in NO_COMPLEMENT and p.deps[k] != "acl"]
    for k in children:
        dep, first, end = p.deps[k], p.lefts[k], p.rights[k]
        if dep == "ccomp":
            yield (
                "clause around" if first <= c < end else "clause" if k > c else "clause before",
                first,
                end,
                k,
            )
        elif dep == "acl" or dep == "relcl":
            if k > c and any(p.lower[x] == "that" and p.deps[x] == "mark" for x in p.children[k]):
                yield "clause", first, end, k
        elif dep == "xcomp":
            if k > c and p.tags[k] == "VB":
                yield "infinitive", first, end, k
        elif dep == "dobj":
            if k > c:
                yield "object", first, end, k
                tied = next((x for x in after if x > k and p.deps[x] == "prep"), None)
                if tied is not None:
                    yield "object and more", first, p.rights[tied], k
        elif dep == "advcl":
            mark = next((x for x in p.children[k] if p.deps[x] in ("mark", "advmod") and x < k), None)
            if mark is not None and p.lower[mark] == "for" and k > c:
                yield "for doing", first, end, k
        elif dep in ("prep", "agent"):
            for what in p.children[k]:
                if p.deps[what] in ("pobj", "pcomp"):
                    yield p.lower[k], p.lefts[what], p.rights[what], what
    main = next((k for k in after if p.deps[k] in ("dobj", "ccomp", "oprd", "attr")), None)
    if main is None:
        return
    for k in after:
        if k > main and p.deps[k] == "prep" and p.lower[k] in OF_OBJECT:
            yield f"object {p.lower[k]}", p.lefts[main], p.rights[k], main
        elif k > main and p.deps[k] in ("oprd", "attr", "xcomp", "acomp", "ccomp"):
            yield "object complement", p.lefts[main], p.rights[k], main


def _main_clause(p: Parsed, c: int) -> Iterator[tuple[str, int, int, int]]:
    """What a cue is set into: "…, according to her, …", "…, the ministry said, …"."""
    head, dep = p.heads[c], p.deps[c]
    if head == c or dep not in ("prep", "parataxis"):
        return
    left, right, first, end = p.lefts[head], p.rights[head], p.lefts[c], p.rights[c]
    if first - left <= 1 and end < right:
        yield f"main clause after {dep}", end, right, head
    elif right - end <= 1 and first > left:
        yield f"main clause before {dep}", left, first, head
    elif first > left and end < right:
        yield f"main clause around {dep}", left, right, head


def _group(p: Parsed, c: int) -> Span:
    """The cue with its subject and auxiliaries, as words."""
    own = [c, *(k for k in p.children[c] if p.deps[k] in GROUP)]
    who = subject(p, c)
    first = min(own) if who is None or who > c else min(*own, p.lefts[who])
    last = max(own) if who is None or who < c else max(*own, p.rights[who] - 1)
    return first, last + 1


def _quotations(p: Parsed, c: int, first: int, last: int) -> Iterator[tuple[str, int, int, int]]:
    """The quotations beside a cue, joined with those that follow with no words between."""
    text, end = p.text, p.sentences[p.sentence_of[c]][1]
    spans = [p.quotation_words[q] for q in p.quotations_of[p.paragraph_of[c]]]
    spans = [span for span in spans if span[1] > span[0]]
    before = [span for span in spans if span[1] <= first]
    later = [span for span in spans if span[0] >= last]
    inside = [span for span in later if span[0] < end]
    over = _over_paragraphs(p, c)
    paragraph_end = p.paragraphs[p.paragraph_of[c]][1]

    def is_blank(start: int, stop: int) -> bool:
        return not text[start:stop].strip(" .,;:—–-")

    def run(at: int) -> int | None:
        joined = None
        for span in spans:
            if p.starts[span[0]] >= at:
                has_own_cue = p.starts[span[0]] >= p.ends[end - 1] and _ends_with_comma(p, span)
                if has_own_cue or not is_blank(at, p.starts[span[0]]):
                    break
                joined, at = span[1], p.ends[span[1] - 1]
        return joined

    if before and is_blank(p.ends[before[-1][1] - 1], p.starts[first]):
        start = before[-1][0]
        for span in reversed(before[:-1]):
            if not is_blank(p.ends[span[1] - 1], p.starts[start]):
                break
            start = span[0]
        start = _back_over_paragraphs(p, c, start)
        gap = text[p.ends[last - 1] : p.starts[inside[0][0]]] if inside else ""
        goes_on = inside and (not gap.strip(" .,;:—–-") or gap.rstrip()[-1:] in (",", ":"))
        tail = run(p.starts[inside[0][0]]) if goes_on else run(p.ends[end - 1])
        if over and (tail or 0) >= paragraph_end - 2:
            tail = over
        stop = tail or before[-1][1]
        is_over = stop == over or p.paragraph_of[start] < p.paragraph_of[c]
        yield "quotation before", *_longest(p, spans, start, stop, is_whole=is_over), c
    elif inside:
        start = inside[0][0]
        gap = text[p.ends[last - 1] : p.starts[start]]
        stop = run(p.starts[start]) or inside[0][1]
        if over and stop >= paragraph_end - 2:
            stop = over
        if not gap.strip():
            yield "quotation at once", start, stop, c
        elif not gap.strip(" .,;:—–-"):
            yield "quotation after a mark", start, stop, c
        elif gap.rstrip()[-1:] in (",", ":"):
            yield "quotation after words", start, stop, c
        yield "up to a quotation", last, inside[-1][1], c


def _ends_with_comma(p: Parsed, span: Span) -> bool:
    """Return whether a quotation goes on into words of its own sentence: '"It is over," said Holm'."""
    return p.text[p.starts[span[0]] : p.ends[span[1] - 1]].rstrip("\"'”’“»`").endswith(",")


def _longest(p: Parsed, spans: list[Span], start: int, stop: int, *, is_whole: bool) -> Span:
    """The span of several quotations; the longest alone where the words set between them are longer than they are."""
    inside = [span for span in spans if span[0] >= start and span[1] <= stop]
    quoted = sum(p.ends[b - 1] - p.starts[a] for a, b in inside)
    if is_whole or p.ends[stop - 1] - p.starts[start] <= 2 * quoted:
        return start, stop
    return max(inside, key=lambda span: p.ends[span[1] - 1] - p.starts[span[0]])


def _over_paragraphs(p: Parsed, c: int) -> int | None:
    """The word after a quotation of several paragraphs that this one begins; None where there is none."""
    end, at = None, p.paragraph_of[c] + 1
    while at < len(p.paragraphs) and at <= p.paragraph_of[c] + OVER_PARAGRAPHS:
        before, own = p.quotations_of.get(at - 1), p.quotations_of.get(at)
        if not before or not p.quotations[before[-1]].runs_on or not own:
            break
        first, stop = p.quotation_words[own[0]]
        if first > p.paragraphs[at][0] + 1:
            break
        end, at = stop, at + 1
    return end


def _before_next_verb(p: Parsed, c: int, last: int, end: int) -> int:
    """The word at which a second verb of the same subject begins: "blasted the plan and said …"."""
    joined = [k for k in p.children[c] if p.deps[k] == "conj" and k > last and p.pos[k] in ("VERB", "AUX")]
    if not joined:
        return end
    ties = [k for k in p.children[c] if p.deps[k] == "cc" and last < k < joined[0]]
    cut = ties[-1] if ties else p.lefts[joined[0]]
    return cut if cut > last + 1 else end


def _back_over_paragraphs(p: Parsed, c: int, start: int) -> int:
    """The first word of a quotation that runs on from earlier paragraphs into this one."""
    at = p.paragraph_of[c]
    while p.paragraph_of[c] - at < OVER_PARAGRAPHS and start <= p.paragraphs[at][0] + 1:
        before = p.quotations_of.get(at - 1)
        if not before or not p.quotations[before[-1]].runs_on:
            break
        start, at = p.quotation_words[before[-1]][0], at - 1
    return start


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in BETWEEN + ".":
        start += 1
    while end > start and text[end - 1] in BETWEEN:
        end -= 1
    return start, end


def _with_whole_quotation(p: Parsed, c: int, start: int, end: int, last: int) -> Span:
    """A quotation that a statement cuts is the statement's, over sentences too: "He is weak. Very weak."."""
    number = p.quoted[last]
    if number < 0 or number == p.quoted[c]:
        return start, end
    quotation = p.quotations[number]
    if start <= quotation.start < end:
        return start, max(end, quotation.end)
    if 0 < start - quotation.start <= 2:
        return quotation.start, max(end, quotation.end)
    return start, end
