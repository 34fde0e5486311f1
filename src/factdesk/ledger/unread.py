"""How many rows of a ledger can't be read, and which claims have no status for it: in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from factdesk.formats import counted, number

CALLED = {
    "appearances": ("appearance", "appearances"),
    "sources": ("source", "sources"),
    "snapshots": ("snapshot", "snapshots"),
    "evidence": ("piece of evidence", "pieces of evidence"),
    "statuses": ("status", "statuses"),
    "changes": ("change", "changes"),
}
"""What a row of a table is called, and several; a row of `claims` is called as the ledger's settings say."""


@dataclass(frozen=True)
class Unread:
    """What can't be read of a ledger, or of a view of it.

    Attributes
    ----------
    rows : mapping
        How many rows of each table can't be read, or belong to one that can't; tables without any are not there.
    claims : frozenset of str
        The claims of which a status can't be read: they are in no status.
    noun, nouns : str
        What the ledger calls a claim, and several.

    Examples
    --------
    >>> print(Unread({"claims": 2, "statuses": 1}, frozenset({"rain"})))
    2 claims and 1 status can't be read and are left out; 1 claim is in no status for it.
    >>> bool(Unread())
    False
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    claims: frozenset[str] = frozenset()
    noun: str = "claim"
    nouns: str = "claims"

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __str__(self) -> str:
        if not self.rows:
            return ""
        called = {"claims": (self.noun, self.nouns), **CALLED}
        *most, last = (counted(count, *called[name]) for name, count in self.rows.items())
        which = f"{', '.join(most)} and {last}" if most else last
        is_one = sum(self.rows.values()) == 1
        words = f"{which} can't be read and {'is' if is_one else 'are'} left out"
        if not self.claims:
            return f"{words}."
        verb = "is" if len(self.claims) == 1 else "are"
        return f"{words}; {counted(len(self.claims), self.noun, self.nouns)} {verb} in no status for it."


def apart(claims: int) -> str:
    """Count the claims of which a status can't be read, beside those that are in one; nothing where there are none.

    >>> apart(3), apart(0)
    ("3 can't be read", '')
    """
    return f"{number(claims)} can't be read" if claims else ""
