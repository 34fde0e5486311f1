"""Tables of ClaimReview: what their columns are called, and their rows as the nested values that they were made of."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

PROPERTIES = (
    "@id", "@type", "about", "alternateName", "appearance", "author", "bestRating", "citation", "claimReviewed",
    "datePublished", "description", "firstAppearance", "headline", "inLanguage", "itemReviewed", "jobTitle", "keywords",
    "languageCode", "mainEntityOfPage", "name", "publisher", "ratingExplanation", "ratingValue", "reviewBody",
    "reviewRating", "sameAs", "text", "url", "worstRating",
)  # fmt: skip
"""What of ClaimReview, and of what it speaks of, is read."""

_BY_NAME = {name.casefold(): name for name in PROPERTIES}
_PARTS = {"claimreview": (), "rating": ("reviewRating",), "creativework": ("itemReviewed",)}
"""What the first part of a column's name means, in tables made by ClaimsKG and Fact-Check Insights."""
_EXTRA = {
    "extra_tags": ("keywords",), "extra_title": ("headline",), "extra_refered_links": ("citation",),
    "extra_referred_links": ("citation",),
}  # fmt: skip
_NOTHING = {"nan", "NaN", "null", "NULL"}
"""What programs write into a cell that holds nothing."""
_FLAT = re.compile(r"(?i)(claimreview|creativework|rating|itemreviewed|reviewrating|extra)[._/:]\w")


@cache
def path(column: str) -> tuple[str, ...]:
    """Return the properties that lead to what a column holds, positions in lists among them; none where it is not read.

    >>> path("creativeWork_author_name"), path("itemReviewed.appearance[1].url"), path("colour")
    (('itemReviewed', 'author', 'name'), ('itemReviewed', 'appearance', '1', 'url'), ())
    """
    if column.casefold() in _EXTRA:
        return _EXTRA[column.casefold()]
    first, *others = steps = [step for step in re.split(r"[._/:\[\]]+", column.strip()[:200]) if step] or [""]
    names = [*_PARTS[first.casefold()], *others] if first.casefold() in _PARTS else steps
    found = [name if name.isdecimal() else _BY_NAME.get(name.casefold(), "") for name in names]
    return tuple(found) if found and all(found) and not found[0].isdecimal() else ()


def is_flat(value: Mapping[str, object]) -> bool:
    """Return whether an object is a row of a table, written as JSON."""
    return any(_FLAT.match(key) for key in value)


def nested(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a table as the review that it was made of; cells of columns that are not read are left out.

    >>> nested({"claimReview_claimReviewed": "It rained.", "rating_alternateName": "False", "id": "7"})
    {'claimReviewed': 'It rained.', 'reviewRating': {'alternateName': 'False'}}
    """
    found = _Steps()
    for column, cell in row.items():
        steps = path(column)
        if not steps or cell is None or cell == "" or cell in _NOTHING:
            continue
        within = found
        for step in steps[:-1]:
            below = within.get(step)
            if not isinstance(below, _Steps):  # a column for the whole, and others for its parts
                below = within[step] = _Steps({} if below is None else {"name": below})
            within = below
        last = within.get(steps[-1])
        if isinstance(last, _Steps):
            last.setdefault("name", cell)
        else:
            within[steps[-1]] = _value(cell)
    return {name: _listed(value) for name, value in found.items()}


class _Steps(dict[str, Any]):
    """What columns lead to; other objects are what a cell holds."""


def _value(cell: object) -> object:
    """Return what a cell holds: a list or an object where it is written as JSON."""
    if isinstance(cell, str) and cell.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell


def _listed(value: Any) -> Any:
    """Return objects whose names are all positions as lists."""
    if not isinstance(value, _Steps):
        return value
    within = {name: _listed(one) for name, one in value.items()}
    if within and all(name.isdecimal() for name in within):
        return [within[name] for name in sorted(within, key=int)]
    return within
