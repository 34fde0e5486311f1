"""The statements that a text attributes, one row each: who says what in which words, and whether it can be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from factdesk.articles import language_model
from factdesk.articles.attributions import Attribution, attributions
from factdesk.articles.by_rule import Quoted, quoted
from factdesk.articles.language_model import LONGEST, SET_UP, parsed
from factdesk.articles.mentions import mention
from factdesk.articles.parsed import Parsed, Span
from factdesk.articles.quotation_marks import quotations
from factdesk.articles.speakers import NOBODY, Speaker, Speakers, agency
from factdesk.articles.worth import checkable, reasons, worth
from factdesk.errors import warn
from factdesk.frames import LedgerFrame
from factdesk.text import clean

KINDS = ("direct", "indirect", "mixed", "own")
COLUMNS = {
    "sentence": "str", "claim": "str", "claimant": "str", "claimant_role": "str", "cue": "str", "quote": "str",
    "kind": pd.CategoricalDtype(list(KINDS)), "start": "int64", "end": "int64", "mention_start": "float64",
    "mention_end": "float64", "worth": "float64", "checkable": "str", "reasons": "str",
}  # fmt: skip
WHOLE = frozenset({"clause", "clause before", "clause around"})
"""Constructions whose statement is a sentence of its own; others need the speaker and the cue to stand alone."""
MOSTLY_LATIN = 0.5
WORTH_A_ROW = 0.5
MANY = 1_000
"""Characters of a sentence or a statement that a cell shows."""
_MARKS = "\"“”„«»「」『』'‘’‚‹›`"
_told: set[str] = set()


def candidates(
    text: str, *, title: str = "", author: str = "", language: str = "en", own: bool = False
) -> pd.DataFrame:
    """Return the statements that a text attributes to somebody, in its order.

    Without the language model, and in other languages than English, these are the direct quotations; of a text
    longer than 400,000 characters the rest is read so too. Nothing is fetched, and the same text gives the same rows.

    Parameters
    ----------
    text : str
        An article's words.
    title, author : str, optional
        The article's; an agency named as its author is kept as `attrs["origin"]`.
    language : str, default "en"
        The language of the text, as BCP 47 writes it.
    own : bool, default False
        Add the text's own sentences that are worth checking and that it attributes to nobody (kind `own`).

    Returns
    -------
    pandas.DataFrame
        `sentence` (with the cue), `claim` (the statement as a proposition), `claimant` and `claimant_role` (missing
        where the text names nobody), `cue`, `quote` (the words in quotation marks), `kind` (direct, indirect, mixed),
        `start`, `end`, `mention_start`, `mention_end` (code points of `text`; the
        last two missing, so of floats, where the text names nobody), `worth` (0 to 1), `checkable` (`yes`,
        or why not: question, prediction, experience, opinion), `reasons` (the points that make up `worth`).

    Examples
    --------
    >>> frame = candidates('"It rained for a whole week," said Ada Quist.')
    >>> frame[["claim", "claimant", "kind"]].values.tolist()
    [['It rained for a whole week', 'Ada Quist', 'direct']]
    """
    origin = agency(text, author)
    rows: list[dict[str, Any]] = []
    read_to = 0
    if language.lower().startswith("en") and _is_latin(text):
        model = language_model.model()
        if model is None:
            _tell_once(
                f"Only direct quotations are found: what is said without marks takes a language model. {SET_UP}"
            )
        elif text.strip():
            read_to = len(text) if len(text) <= LONGEST else text.rfind("\n", 0, LONGEST) + 1 or LONGEST
            rows += _by_grammar(parsed(text[:read_to], model), author or origin, own=own, origin=origin)
            if len(text) > LONGEST:
                _tell_once(
                    f"Of a text this long, the first {LONGEST:,} characters are parsed; of the rest, only direct quotations are found."
                )
    if read_to < len(text):
        rows += (
            _by_rule(text, one) for one in quoted(text, read_to, english=language.lower().startswith("en"))
        )
    frame = LedgerFrame(
        {name: pd.array([row[name] for row in rows], dtype=dtype) for name, dtype in COLUMNS.items()}  # type: ignore[call-overload]
    )
    frame.attrs["origin"] = origin
    return frame


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text[:20_000] if letter.isalpha()]
    return not letters or sum(letter < "\u0250" for letter in letters) >= MOSTLY_LATIN * len(letters)


def _tell_once(sentence: str) -> None:
    if sentence not in _told:
        _told.add(sentence)
        warn(sentence)


def _by_grammar(p: Parsed, author: str, *, own: bool, origin: str) -> list[dict[str, Any]]:
    speakers, rows, before = Speakers(p, author), [], NOBODY
    reported = attributions(p)
    for one in reported:
        words = mention(p, one)
        who = speakers.meant(words, before)
        before = who if who.name else before
        rows.append(_row(p, one, words, who))
    if own:
        taken = sorted((one.start, one.end) for one in reported)
        rows += _own(p, taken, origin)
        rows.sort(key=lambda row: (row["start"], row["end"]))
    return rows


def _row(p: Parsed, one: Attribution, words: Span | None, who: Speaker) -> dict[str, Any]:
    text = p.text[one.start : one.end]
    inside = [p.quotations[q] for q in _quotations_in(p, one.start, one.end)]
    cuts = [(max(q.start, one.start), min(q.end, one.end)) for q in inside]
    kind = _kind(one, text, sum(end - start for start, end in cuts))
    quote = " … ".join(p.text[max(q.inner_start, one.start) : min(q.inner_end, one.end)] for q in inside)
    first, end = p.sentences[p.sentence_of[one.cue]]
    claim = _claim(p, one, text, quote if kind == "direct" else "", who)
    return _cells(
        sentence=p.text[p.starts[first] : p.ends[end - 1]],
        claim=claim,
        claimant=who.name or None,
        claimant_role=who.role or None,
        cue=p.words[one.cue],
        quote=quote.rstrip(", "),
        kind=kind,
        start=one.start,
        end=one.end,
        mention_start=p.starts[words[0]] if words else None,
        mention_end=p.ends[words[1] - 1] if words else None,
    )


def _quotations_in(p: Parsed, start: int, end: int) -> Iterator[int]:
    inside = p.words_in(start, end)
    seen: dict[int, None] = dict.fromkeys(p.quoted[i] for i in inside if p.quoted[i] >= 0)
    return iter(seen)


def _kind(one: Attribution, text: str, quoted_length: int) -> str:
    if not quoted_length:
        return "indirect"
    is_direct = one.construction.startswith("quotation") or quoted_length >= len(text.strip()) - 2
    return "direct" if is_direct else "mixed"


def _claim(p: Parsed, one: Attribution, text: str, quote: str, who: Speaker) -> str:
    if quote:
        return _proposition(quote.replace(" … ", " "))
    if one.start <= p.starts[one.cue] < one.end:  # "The bridge, she said, is closed"
        return _proposition(_without_cue(p, one))
    stands_alone = one.construction in WHOLE or "main clause" in one.construction or p.words[one.cue] == ":"
    inside = p.words_in(one.start, one.end)
    subjects = [p.lefts[i] for i in inside if p.deps[i] in ("nsubj", "nsubjpass", "expl")]
    begins_with_it = bool(subjects) and subjects[0] <= inside[0] + (p.lower[inside[0]] == "that")
    if (stands_alone and subjects) or (one.construction == "rest of sentence" and begins_with_it):
        return _proposition(re.sub(r"^that\s+", "", text, flags=re.IGNORECASE))
    name = who.name or "Somebody"
    if p.pos[one.cue] not in ("VERB", "AUX"):
        return _proposition(
            f"{name}: {text}" if p.words[one.cue] == ":" else f"{name}, {p.words[one.cue]}: {text}"
        )
    after = p.text[p.starts[one.cue] : one.end]
    return _proposition(
        f"{name} {after}" if one.start > p.starts[one.cue] else f"{name} {p.words[one.cue]} {text}"
    )


def _without_cue(p: Parsed, one: Attribution) -> str:
    """A statement that its cue is set into, without the cue and its subject."""
    group = [one.cue, *(k for k in p.children[one.cue] if p.deps[k] in ("nsubj", "aux", "advmod", "prt"))]
    cut_from, cut_to = (
        p.starts[min(p.lefts[k] if k != one.cue else k for k in group)],
        p.ends[max(p.rights[k] - 1 if k != one.cue else k for k in group)],
    )
    before, after = p.text[one.start : cut_from].rstrip(" ,—–-"), p.text[cut_to : one.end].lstrip(" ,—–-")
    return f"{before} {after}" if cut_from > one.start else after


def _proposition(words: str) -> str:
    plain = words.strip().strip(",;:—–- ")
    if plain.count('"') % 2 == 0 and plain[:1] in _MARKS and plain[-1:] in _MARKS and len(plain) > 2:
        plain = plain[1:-1]
    plain = plain.rstrip(",;: ")
    return plain[:1].upper() + plain[1:]


def _own(p: Parsed, taken: list[Span], origin: str) -> Iterator[dict[str, Any]]:
    """The sentences that nobody is said to have said, where they are worth checking."""
    covered = [False] * len(p.words)
    for start, end in taken:
        for i in p.words_in(start, end):
            covered[i] = True
    for first, end in p.sentences:
        start, stop = p.starts[first], p.ends[end - 1]
        if any(covered[first:end]) or worth(p.text[start:stop]) < WORTH_A_ROW:
            continue
        yield _cells(
            sentence=p.text[start:stop], claim=p.text[start:stop], claimant=origin or None, claimant_role=None, cue="",
            quote="", kind="own", start=start, end=stop, mention_start=None, mention_end=None,
        )  # fmt: skip


def _by_rule(text: str, one: Quoted) -> dict[str, Any]:
    first = max(text.rfind(mark, 0, one.start) for mark in ("\n", ". "))
    ends = [at for at in (text.find(mark, one.end, one.end + MANY) for mark in ("\n", ".")) if at >= 0]
    inner = quotations(text[one.start : one.end])
    quote = (
        text[one.start + inner[0].inner_start : one.start + inner[0].inner_end]
        if inner
        else text[one.start : one.end].strip(_MARKS)
    )
    name = text[slice(*one.mention)] if one.mention else ""
    return _cells(
        sentence=text[max(first + 1, one.start - MANY) : min([*ends, one.end + MANY]) + 1],
        claim=_proposition(quote),
        claimant=None if name.lower() in ("", "he", "she", "they", "it", "we", "i") else name,
        claimant_role=None,
        cue=text[slice(*one.cue)] if one.cue else "",
        quote=quote,
        kind="direct",
        start=one.start,
        end=one.end,
        mention_start=one.mention[0] if one.mention else None,
        mention_end=one.mention[1] if one.mention else None,
    )


def _cells(**cells: Any) -> dict[str, Any]:
    """A row with its words on one line, without what can't be seen, and with what its claim is worth."""
    for name in ("sentence", "claim", "claimant", "claimant_role", "cue", "quote"):
        if cells[name] is not None:
            cells[name] = clean(cells[name], one_line=True)[0]
    said = cells["claim"] if cells["kind"] != "own" else cells["sentence"]
    return cells | {"worth": worth(said), "checkable": checkable(said), "reasons": reasons(said)}
