"""What is typed at a desk and not saved yet, kept in the user's own folder until it is saved or thrown away."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import platformdirs
import xxhash

MOST = 2_000_000
"""Characters of drafts that are kept of a ledger."""

Drafts = dict[str, dict[str, Any]]


class Kept:
    """The drafts of a ledger by form and claim, in a file named after the ledger's path.

    >>> import tempfile
    >>> kept = Kept(Path("claims.csv"), Path(tempfile.mkdtemp()))
    >>> kept.put("log", {"claim": "half a th"})
    >>> Kept(Path("claims.csv"), kept.file.parent).drafts
    {'log': {'claim': 'half a th'}}
    >>> kept.put("log", {})
    >>> kept.file.exists()
    False
    """

    def __init__(self, ledger: Path, folder: Path | None = None) -> None:
        named = xxhash.xxh3_128_hexdigest(os.fsencode(ledger.resolve()))
        folder = folder or platformdirs.user_state_path("factdesk") / "drafts"
        self.file = folder / f"{named}.json"
        self.drafts: Drafts = {}
        with contextlib.suppress(OSError, ValueError):
            read = json.loads(self.file.read_text("utf-8"))
            self.drafts = {
                str(name): typed for name, typed in read.items() if isinstance(typed, dict) and typed
            }

    def put(self, name: str, typed: dict[str, Any]) -> None:
        """Keep what is typed into a form; where nothing is, the draft goes. Raises OSError where it can't be kept."""
        if self.drafts.get(name, {}) == typed:
            return
        self.drafts.pop(name, None)
        if typed:
            self.drafts[name] = typed
        if not self.drafts:
            self.file.unlink(missing_ok=True)
            return
        text = json.dumps(self.drafts)
        if len(text) > MOST:
            raise OSError(f"more than {MOST:,} characters are typed and not saved yet")
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, new = tempfile.mkstemp(
            dir=self.file.parent, prefix=".draft-"
        )  # readable by the user alone
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                out.write(text)
            Path(new).replace(self.file)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise
