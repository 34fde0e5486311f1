"""What a store holds: its tables and their columns, and the note of which ledger they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd
from pandas.api.typing import NaTType

from factdesk.schema import Settings
from factdesk.storage import settings as settings_file

VERSION = 1
"""Of what stands below; a store of another one is loaded anew."""

_VERSIONED = {"known": "int64", "until": "int64"}
TABLES: dict[str, dict[str, str]] = {
    "claims": {
        "claim_row": "int64", **_VERSIONED, "claim_id": "string", "claim": "string", "claimant": "string",
        "topics": "string", "first_day": "date", "is_dated": "boolean", "is_unread": "boolean",
    },
    "statuses": {
        "status_row": "int64", "claim_row": "int64", **_VERSIONED, "status": "string", "holds_from": "date",
        "rationale": "string", "gaps": "string", "evidence": "string", "status_id": "string",
        "recorded_at": "timestamp", "recorded_by": "string", "reviewed_by": "string",
    },
    "appearances": {"claim_row": "int64", **_VERSIONED, "claimant": "string", "day": "date"},
    "days": {"day": "date", **_VERSIONED},
}  # fmt: skip
"""Versions of rows: what each said from the day `known` until the day `until`, counted from 1970, as in
`history.row_versions`. `claim_row` and `status_row` are places in the ledger's tables; `first_day` is that on which a
claim was made, or logged where that is not known; `days` are all that the ledger's latest day follows from."""

SPELLS = {
    "claim_row": "int64", "start": "date", "end": "date", "status": "string", "before": "string", "status_row": "int64",
}  # fmt: skip
"""Each status for as long as it stood, worked out once when a ledger is loaded; `before` is the claim's last one."""


DATED = {"statuses": "holds_from", "claims": "made_on", "appearances": "made_on"}
"""The columns of a ledger whose days count for its latest one, beside the moments of all its rows."""


@dataclass(frozen=True)
class Note:
    """Which ledger a store holds, and what of it no row says."""

    settings: Settings
    digest: str = ""
    """Empty where the rows were taken from files that nothing was hashed of."""
    latest_day: pd.Timestamp | NaTType = pd.NaT
    unread: Mapping[str, int] = field(default_factory=dict)
    views: tuple[tuple[str, dict[str, object]], ...] = ()
    origin: str = ""
    """The claim that was logged first: with the title what tells one ledger from another."""

    def is_of(self, other: Note) -> bool:
        """Return whether two notes are of one ledger, at whatever moment; an empty one goes by its title."""
        same = self.origin == other.origin or not (self.origin and other.origin)
        return same and self.settings.title == other.settings.title

    def written(self) -> str:
        """Write the note as a store keeps it.

        >>> note = Note(Settings(title="Rain"), "0" * 32, pd.Timestamp("2025-03-12"), {"statuses": 1})
        >>> Note.read(note.written()) == note
        True
        """
        return json.dumps(
            {
                "factdesk": VERSION,
                "settings": settings_file.render(self.settings).decode("utf-8"),
                "digest": self.digest,
                "latest_day": "" if pd.isna(self.latest_day) else self.latest_day.date().isoformat(),
                "unread": dict(self.unread),
                "views": self.views,
                "origin": self.origin,
            }
        )

    @classmethod
    @lru_cache(8)
    def read(cls, text: str) -> Note | None:
        """Read a note; None where it is none of ours, or of another version."""
        try:
            found = json.loads(text)
            settings, faults = settings_file.read(found["settings"].encode("utf-8"), "settings")
            digest, unread = found["digest"], found["unread"]
            is_ours = found["factdesk"] == VERSION and re.fullmatch("([0-9a-f]{32})?", digest)
            if not is_ours or any(one.severity == "error" for one in faults):
                return None
            return cls(
                settings,
                digest,
                pd.Timestamp(found["latest_day"] or "NaT"),
                {str(name): int(rows) for name, rows in unread.items()},
                tuple((str(name), dict(of)) for name, of in found["views"]),
                str(found["origin"]),
            )
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None
