"""A spreadsheet that is no ledger: which columns make one, and how its rows come into a new one."""

from __future__ import annotations

import csv
from pathlib import Path

from factdesk.errors import Finding
from factdesk.schema import CLAIMS
from factdesk.storage.folder import Folder
from factdesk.storage.no_table import is_utf8, kind_of_file, named
from factdesk.text import shown

SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What spreadsheets' own files begin with."""


def no_ledger(place: Path) -> list[Finding]:
    """Name a file that lies where a ledger's CSV would, and is none; nothing where it may be one."""
    path = place.resolve()
    homes = (path.with_suffix(""), path.parent)
    whole = path.parent.with_name(f"{path.parent.name}.csv")
    try:
        if (path.parent / "ledger.toml").is_file() and whole.is_file():
            message = f"is a table of the ledger {shown(whole.name)}, and no ledger by itself."
            return [
                Finding("no-ledger", "error", message, f"Open {shown(str(whole), 200)}.", file=place.name)
            ]
        names = [one.name for home in homes if home.is_dir() for one in home.iterdir()]
        if not path.is_file() or "ledger.toml" in names:
            return []
    except OSError:  # who may not look can't know
        return []
    data = Folder(path.parent).read_or_none(path)
    if data is None or not data.strip():
        return []
    if data[:4] in SHEETS:
        lacks = "it is a spreadsheet's own file"
    else:
        header = _header(data.decode("utf-8-sig" if is_utf8(data) else "latin-1"))
        if kind_of_file(data) or b"\0" in data or {"claim_id", "claimant"} <= set(header):
            return []
        lacks = f"its columns are {named(header)}"
    free = (place.with_name(f"{place.stem[:50]}-ledger{n}.csv") for n in ("", *range(2, 1000)))
    new = next(one for one in free if not one.exists() and not one.with_suffix("").exists())
    message = f"is no ledger: {lacks}. The columns of one are {', '.join(CLAIMS.first_names)}."
    advice = (
        f"Bring it in: fd.import_table({str(place)!r}, {str(new)!r}) shows what each column and row would be in a new "
        "ledger, and .write() of that makes it."
    )
    return [Finding("no-ledger", "error", message, advice, file=place.name)]


def _header(text: str) -> list[str]:
    """Return the first row of a CSV, whatever separates its cells."""
    rows = [next(csv.reader(text[:100_000].splitlines(), delimiter=mark), [""]) for mark in (",", ";", "\t")]
    return max(rows, key=len) or [""]
