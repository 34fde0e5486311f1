"""Where a text quotes: marks of every common kind paired by rule, over sentences and paragraphs, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE = re.compile(r"[^\n]+")
CLOSES = {
    "“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", "《": "》", "‟": "”", "〝": "〞", "＂": "＂",
    "‹": "›", "‘": "’", "‚": "‘’", '"': '"', "''": "''\"", "``": "''\"", "'": "'’", "`": "'’",
}  # fmt: skip
"""The marks that open a quotation, and what closes each."""
SINGLE = frozenset("‘‚'`‹")
STRAIGHT = frozenset({'"', "''"})
_MARK = re.compile("``|''|[“”„«»「」『』《》‟〝〞＂‹›‘’‚\"'`]")
_ELIDED = re.compile(r"['‘](?:\d0s|em|til|tis|twas|cause|bout|n)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"s['’]\s+[^\W\d_]")
SHORT_SINGLE = 1_000
"""Characters within which a single mark is to be closed; an apostrophe otherwise pairs with one a page away."""


@dataclass(frozen=True)
class Quotation:
    """Words between quotation marks: `start` and `end` include the marks, `opens` runs on into the next paragraph."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    is_single: bool = False
    runs_on: bool = False


def quotations(text: str) -> list[Quotation]:
    """Return what stands between quotation marks, in order, outermost only.

    A quotation that its paragraph does not close runs to the paragraph's end where the next one opens with a
    mark again, as long quotations are set. Apostrophes, feet and inches are none.

    >>> [text[q.inner_start:q.inner_end] for text in ["«Non», dit-elle. It's ‘a plan’."] for q in quotations(text)]
    ['Non', 'a plan']
    """
    lines = [(found.start(), found.end()) for found in LINE.finditer(text) if not found[0].isspace()]
    found: list[Quotation] = []
    for at, (start, end) in enumerate(lines):
        after = text[lines[at + 1][0] : lines[at + 1][1]].lstrip()[:2] if at + 1 < len(lines) else ""
        found += _in_line(text, start, end, after)
    return found


def _in_line(text: str, start: int, end: int, after: str) -> Iterator[Quotation]:
    opened: re.Match[str] | None = None
    at, unclosed = start, dict[str, int]()
    while mark := _MARK.search(text, at, end):
        at = mark.end()
        if opened is None:
            if mark[0] in SINGLE:
                if mark.end() < unclosed.get(mark[0], 0):
                    continue  # no mark up to there closes it either
                close = _single(text, mark, end)
                if close:
                    yield Quotation(mark.start(), close, mark.end(), close - 1, is_single=True)
                    at = close
                elif close is None and _may_open(text, mark):
                    unclosed[mark[0]] = mark.end() + SHORT_SINGLE // 2
            elif _opens(text, mark, start, end):
                opened = mark
        elif mark[0] in CLOSES[opened[0]] and (
            mark[0] not in STRAIGHT or not _only_opens(text, mark, start, end)
        ):
            if mark.start() > opened.end():
                yield Quotation(opened.start(), mark.end(), opened.end(), mark.start())
            opened = None
        elif mark[0] in CLOSES and mark[0] not in SINGLE and _only_opens(text, mark, start, end):
            opened = mark  # the one before was never closed
    if opened is not None and after[:1] and (after[:1] in CLOSES or after in CLOSES):
        yield Quotation(opened.start(), end, opened.end(), end, runs_on=True)


def _opens(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    if mark[0] not in CLOSES:
        return False
    if mark[0] not in STRAIGHT:
        return True
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    is_inch = before.isdigit() and mark.start() > start
    return (
        mark.end() < end
        and not is_inch
        and not after.isspace()
        and not (before.isalnum() and after in " ,.;:)")
    )


def _only_opens(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    """Return whether a mark can't be a closing one: a blank before it, and a word after it."""
    before = text[mark.start() - 1] if mark.start() > start else " "
    return mark.end() < end and (before.isspace() or before in "([—–") and text[mark.end()].isalnum()


def _may_open(text: str, mark: re.Match[str]) -> bool:
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    is_first = not before or before.isspace() or before in '([—–-“"/'
    return is_first and bool(after.strip()) and not _ELIDED.match(text, mark.start())


def _single(text: str, mark: re.Match[str], end: int) -> int | None:
    """Return where a quotation in single marks ends; None where the mark is an apostrophe."""
    if not _may_open(text, mark):
        return None
    possessive = None
    for close in re.finditer(f"[{CLOSES[mark[0]]}]", text[mark.end() : min(end, mark.end() + SHORT_SINGLE)]):
        at = mark.end() + close.start()
        if at == mark.end() or text[at - 1].isspace() or text[at + 1 : at + 2].isalnum():
            continue
        if _POSSESSIVE.match(text, at - 1):
            possessive = possessive or at + 1
            continue
        return at + 1
    return possessive
