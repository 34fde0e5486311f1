"""A parsed text laid out flat: one list per property of its words, with its sentences, paragraphs and quotations."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factdesk.articles.quotation_marks import Quotation, quotations

if TYPE_CHECKING:
    from spacy.tokens import Doc

Span = tuple[int, int]


@dataclass
class Parsed:
    """The words of a text by position; offsets are code points of the text, spans exclude their end."""

    text: str
    words: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    lefts: list[int] = field(default_factory=list)
    """The first word of what hangs on each word."""
    rights: list[int] = field(default_factory=list)
    """The word after the last of what hangs on each word."""
    entities: list[str] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)
    sentences: list[Span] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    paragraphs: list[Span] = field(default_factory=list)
    paragraph_of: list[int] = field(default_factory=list)
    entity_spans: list[tuple[int, int, str]] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)
    """The number of the quotation that each word stands in; -1 outside."""
    quotation_words: list[Span] = field(default_factory=list)
    quotations_of: dict[int, list[int]] = field(default_factory=dict)
    """The quotations of each paragraph."""

    def words_in(self, start: int, end: int) -> range:
        """Return the words that begin between two offsets."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def head(self, first: int, end: int) -> int:
        """Return the word of a span that hangs on none within it."""
        return next((i for i in range(first, end) if not first <= self.heads[i] < end), first)


def flat(text: str, paragraphs: Iterable[tuple[int, Doc]]) -> Parsed:
    """Return a text's parsed paragraphs, each with the offset it begins at, laid out flat."""
    p = Parsed(text)
    for number, (offset, doc) in enumerate(paragraphs):
        base = len(p.words)
        n = len(doc)
        heads = [token.head.i for token in doc]
        p.words += [token.text for token in doc]
        p.lemmas += [token.lemma_.lower() for token in doc]
        p.pos += [token.pos_ for token in doc]
        p.tags += [token.tag_ for token in doc]
        p.deps += [token.dep_ for token in doc]
        p.entities += [token.ent_type_ for token in doc]
        p.starts += [offset + token.idx for token in doc]
        p.lefts += [base + token.left_edge.i for token in doc]
        p.rights += [base + token.right_edge.i + 1 for token in doc]
        p.heads += [base + head for head in heads]
        children: list[list[int]] = [[] for _ in range(n)]
        for i, head in enumerate(heads):
            if head != i:
                children[head].append(base + i)
        p.children += children
        for sentence in doc.sents:
            p.sentence_of += [len(p.sentences)] * (sentence.end - sentence.start)
            p.sentences.append((base + sentence.start, base + sentence.end))
        p.entity_spans += [(base + ent.start, base + ent.end, ent.label_) for ent in doc.ents]
        p.paragraph_of += [number] * n
        p.paragraphs.append((base, base + n))
    p.lower = [word.lower() for word in p.words]
    p.ends = [start + len(word) for start, word in zip(p.starts, p.words, strict=True)]
    p.quoted = [-1] * len(p.words)
    for number, quotation in enumerate(quotations(text)):
        inside = p.words_in(quotation.start, quotation.end)
        p.quotations.append(quotation)
        p.quotation_words.append((inside.start, inside.stop))
        if inside:
            p.quotations_of.setdefault(p.paragraph_of[inside.start], []).append(number)
        for i in inside:
            p.quoted[i] = number
    return p
