"""Where the ledger of a desk lies: whether it can be written, whether it is kept, and where what is typed is."""

from __future__ import annotations

import os
from pathlib import Path

from factdesk.ledger.ledger import Ledger
from factdesk.storage.scratch import PREFIX


def reads_only(ledger: Ledger) -> str:
    """Return why nothing can be written; nothing where it can."""
    if ledger.is_view or ledger.path is None:
        return (
            "This is a view of the ledger. It can only be read: open the desk on the ledger itself to write."
        )
    if not all(os.access(place, os.W_OK) for place in (ledger.path, ledger.path.with_suffix(""))):
        return f"{ledger.path.name} is in a place that can’t be written. It can only be read here."
    return ""


def is_scratch(ledger: Ledger) -> bool:
    """Return whether a ledger is a scratch copy, of which nothing is kept."""
    return ledger.path is not None and ledger.path.parent.name.startswith(PREFIX)


def drafts_of(ledger: Ledger) -> tuple[Path, Path | None]:
    """Return what the drafts of a ledger are kept by, and where: those of a scratch copy go with it."""
    path = ledger.path or Path()
    return path, path.parent / ".drafts" if is_scratch(ledger) else None


def is_served() -> bool:
    """Return whether Voilà serves the desk, where whoever writes is not the one who started it."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
