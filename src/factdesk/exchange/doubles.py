"""Rows of one sheet that are one claim, joined so that nothing of them is lost, and those that nearly are, named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factdesk.exchange.proposed import Proposed
from factdesk.ledger.parsing import Given
from factdesk.text import alike, clean

SINGLE = ("claimant_role", "made_on", "quote", "kind", "due_on", "would_settle")
"""What a claim has one of."""


def join(rows: Sequence[Proposed], *, is_sheet: bool) -> None:
    """Let each row that is the claim of one above say so, and the first have what all say of it.

    A row of a sheet that says otherwise, or is judged otherwise from the same day, is set aside. Reviews are of several
    organisations, each with its own words.

    >>> told = {"claim": "It rained.", "claimant": "The Daily"}
    >>> one, other = (Proposed(line, "", {}, {**told, "topics": [topic]}) for line, topic in ((1, "rain"), (2, "May")))
    >>> join([one, other], is_sheet=True)
    >>> other.twin_of, one.claim["topics"]
    ('line 1', ['rain', 'May'])
    """
    first: dict[tuple[str, ...], list[Proposed]] = {}
    for row in rows:
        if row.reasons:
            continue
        same = first.setdefault(as_told(row), [])
        if same:
            _join(same, row, is_sheet)
        if not row.reasons:
            same.append(row)


def as_told(row: Proposed) -> tuple[str, str, str]:
    """Return a row's claim, claimant and day as a ledger would hold them.

    >>> as_told(Proposed(1, "", {}, {"claim": " It  rained.", "claimant": "Radio", "made_on": "2025-03"}))
    ('It rained.', 'Radio', '2025-03-01')
    """
    claim, claimant, day = (row.claim.get(name) for name in ("claim", "claimant", "made_on"))
    said, who = (clean(str(text or ""), one_line=True)[0] for text in (claim, claimant))
    return said, who, f"{day}-01-01"[:10] if day else ""


def _join(same: Sequence[Proposed], row: Proposed, is_sheet: bool) -> None:
    head = same[0]
    for name in SINGLE if is_sheet else ():
        here, there = row.claim.get(name), head.claim.get(name)
        if here and there and here != there:
            row.reasons.append(f"line {head.line} is the same claim, and its {name} is another")
    for other in same if is_sheet else ():
        if row.status and other.status and row.status["holds_from"] == other.status["holds_from"]:
            word = other.status["status"]
            if row.status["status"] != word:
                row.reasons.append(f"line {other.line} is the same claim, and is {word!r} from the same day")
            elif "rationale" not in row.said:
                row.status = None
                break
    if row.reasons:
        return
    row.twin_of, claim = f"line {head.line}", head.claim
    claim |= {name: row.claim[name] for name in SINGLE if row.claim.get(name) and not claim.get(name)}
    claim["topics"] = _several(claim, row.claim)
    notes = dict.fromkeys(filter(None, (str(one.get("note") or "") for one in (claim, row.claim))))
    claim["note"] = "\n".join(notes)
    places = [str(row.claim.get("appearance") or ""), *row.appearances]
    claim["appearance"] = claim.get("appearance") or places.pop(0)
    held = {claim["appearance"], *head.appearances, ""}
    head.appearances += [one for one in dict.fromkeys(places) if one not in held]
    row.claim, row.appearances = claim, []


def _several(*claims: dict[str, Given]) -> list[str]:
    return list(dict.fromkeys(one for claim in claims for one in claim.get("topics") or ()))  # type: ignore[union-attr]


def nearly(rows: Sequence[Proposed]) -> Iterator[str]:
    """Yield which rows are nearly the same claim as another, or as one that stands: by whom, and in words that differ in capitals, blanks and end marks."""
    seen: dict[tuple[str, ...], Proposed] = {}
    for row in rows:
        if row.reasons or row.twin_of:
            continue
        words = as_told(row)
        other = seen.setdefault(tuple(map(alike, words[:2])), row)
        if other is not row and as_told(other)[:2] != words[:2]:
            yield f"lines {other.line} and {row.line}"
        elif row.near:
            yield f"line {row.line} and {row.near!r} in the ledger"
