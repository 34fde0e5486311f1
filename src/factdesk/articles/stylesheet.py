"""What a page's own stylesheets hide: rules for elements, classes and ids, by the order in which browsers apply them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST, MOST_RULES = 2_000_000, 1_000
"""Characters of stylesheets that are read, and rules that hide something which count; the others hide nothing."""

HIDES = r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
_SETS = re.compile(
    r"(?P<what>display|visibility)\s*:\s*[\w-]+\s*(?P<important>!\s*important)?", re.IGNORECASE
)
_HIDES = re.compile(HIDES, re.IGNORECASE)
_OPENS = re.compile(
    r"<(?:!--|(style|script|textarea|title|noscript|template|iframe)\b([^<>]{0,500})>)", re.IGNORECASE
)
_MEDIA = re.compile(r"\bmedia\s*=\s*[\"']?\s*([^\"'>]*)", re.IGNORECASE)
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_EVERYWHERE = re.compile(r"@(?:media\s+(?:only\s+)?(?:screen|all)|layer\b.*)\s*", re.IGNORECASE)
_SIMPLE = re.compile(r"(?:[a-zA-Z][\w-]*)?(?:[.#][\w-]+)*")
_NAMES = re.compile(r"[.#]?[\w-]+")

Names = frozenset[str]


class Rule(NamedTuple):
    """That elements of some names are hidden or shown, and before which other rules that goes."""

    names: Names
    what: str
    hides: bool
    rank: tuple[bool, int, int, int, int]


def sheets(markup: str) -> str:
    """Return the stylesheets that stand in a page, for screens; what stands in comments and scripts is none.

    >>> sheets("<style>p{color:red}</style><!-- <style>i{} --><style media=print>b{}</style>")
    'p{color:red}'
    """
    found, at = [], 0
    while opened := _OPENS.search(markup, at):
        name = (opened[1] or "").lower()
        end = re.compile(rf"</{name}\b" if name else "-->", re.IGNORECASE).search(markup, opened.end())
        at = end.end() if end else len(markup)
        media = _MEDIA.search(opened[2] or "")
        if name == "style" and (media is None or media[1].strip().lower() in ("", "all", "screen")):
            found.append(markup[opened.end() : end.start() if end else at])
    return "\n".join(found)[:LONGEST]


def rules(css: str) -> dict[str, list[Rule]]:
    """Return the rules that hide or show elements, by one of the names that each asks for.

    >>> [(sorted(one.names), one.hides) for of in rules("p.x, i { display: none } .x { display: block }").values() for one in of]
    [(['.x', 'p'], True), (['.x'], False), (['i'], True)]
    """
    found: dict[str, list[Rule]] = {}
    hiding = 0
    for at, (selector, what, hides, is_important) in enumerate(_told(css)):
        names = _NAMES.findall(selector)
        hiding += hides
        if not names or (hides and hiding > MOST_RULES):
            continue
        counts = (sum(one.startswith(mark) for one in names) for mark in "#.")
        rank = (is_important, *counts, sum(one[0] not in "#." for one in names), at)
        found.setdefault(max(names, key=len), []).append(Rule(frozenset(names), what, hides, rank))
    shown = {name: of for name, of in found.items() if any(one.hides for one in of)}
    return found if shown else {}


def is_hidden(found: dict[str, list[Rule]], names: Iterable[str]) -> bool:
    """Return whether the rules hide an element of these names: its own, its classes (`.x`) and its id (`#x`)."""
    own = frozenset(names)
    last: dict[str, Rule] = {}
    for name in own:
        for rule in found.get(name, ()):
            if rule.names <= own and (rule.what not in last or rule.rank > last[rule.what].rank):
                last[rule.what] = rule
    return any(rule.hides for rule in last.values())


def _told(css: str) -> Iterator[tuple[str, str, bool, bool]]:
    """Yield each simple selector with what its rule sets: `display` or `visibility`, whether it hides, how firmly.

    A rule that shows elements in some places only is taken to show them; one that hides them there to hide none.
    """
    css = _STRING.sub("''", _without_comments(css))
    around: list[str] = []
    pieces = re.split(r"([{}])", css)
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            around.append(text.rpartition(";")[2].strip())
            continue
        *outer, own = around or [""]
        around = outer
        settings = {one["what"].lower(): one for one in _SETS.finditer(text)}
        if not settings or own.startswith("@") or any("keyframes" in one for one in outer):
            continue
        is_everywhere = all(map(_EVERYWHERE.fullmatch, outer))
        for selector in own.split(","):
            bare = selector.strip()
            is_simple = is_everywhere and _SIMPLE.fullmatch(bare) is not None
            for what, one in settings.items():
                hides = _HIDES.match(one[0]) is not None
                if is_simple:
                    yield bare, what, hides, bool(one["important"])
                elif not hides and ":" not in bare:
                    last = _SIMPLE.match(re.split(r"[\s>+~]+", bare)[-1])
                    yield last[0] if last else "", what, hides, True


def _without_comments(css: str) -> str:
    parts = css.split("/*")
    return parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])
