"""A spreadsheet that is no ledger: which columns make one, and how its rows come into a new one."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from factdesk.errors import Finding
from factdesk.schema import CLAIMS
from factdesk.storage.folder import Folder
from factdesk.storage.no_table import is_utf8, kind_of_file, named
from factdesk.text import shown

SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What spreadsheets' own files begin with."""

_CLAIM = ("claim", "reviewed", "statement", "assertion", "quote", "text", "headline", "title")
_CLAIMANT = ("claimant", "speaker", "person", "politician", "author", "source", "who", "name", "by")
_OTHER = re.compile("url|link|date|day|on|id|role|alternate|rating|verdict|status|type")
"""Words in the names of columns that are neither a claim's words nor who made it."""


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
        source = place.with_suffix(".csv")
        header, delimiter, encoding = ["claim", "claimant"], ",", "utf-8-sig"
        lacks = "it is a spreadsheet's own file"
        before = f"Save it as CSV UTF-8 ({source.name}); with columns of these names"
    else:
        source, encoding = place, "utf-8-sig" if is_utf8(data) else "latin-1"
        header, delimiter = _header(data.decode(encoding))
        if kind_of_file(data) or b"\0" in data or {"claim_id", "claimant"} <= set(header):
            return []
        lacks = f"its columns are {named(header)}"
        before = "From this file"
    message = f"is no ledger: {lacks}. The columns of one are {', '.join(CLAIMS.names)}; claim and claimant are needed."
    code = lines(place, source, header, delimiter, encoding)
    advice = (
        f"{before}, these two lines make one in Python:\n{code}\n"
        "They bring in claims and claimants; what else a row holds, ledger.log, attach and set_status take."
    )
    return [Finding("no-ledger", "error", message, advice, file=place.name)]


def lines(place: Path, source: Path, header: Sequence[str], delimiter: str, encoding: str) -> str:
    """Return two lines of Python that make a ledger beside a CSV and log its rows."""
    free = (place.with_name(f"{place.stem[:50]}-ledger{n}.csv") for n in ("", *range(2, 1000)))
    new = next(one for one in free if not one.exists() and not one.with_suffix("").exists())
    claim = _likely(header, _CLAIM) or header[0]
    claimant = _likely([one for one in header if one != claim], _CLAIMANT)
    who = f"row[{claimant!r}] or 'not named'" if claimant else "'not named'"
    opened = f"open({str(source)!r}, encoding={encoding!r}, newline='')"
    return (
        f"    import csv; ledger = fd.create({str(new)!r}, title={place.stem!r})\n"
        f"    for row in csv.DictReader({opened}, delimiter={delimiter!r}): "
        f"row[{claim!r}] and ledger.log(row[{claim!r}], claimant={who})"
    )


def _header(text: str) -> tuple[list[str], str]:
    """Return the first row of a CSV, and what separates its cells."""
    rows = {
        mark: next(csv.reader(text[:100_000].splitlines(), delimiter=mark), [""]) for mark in (",", ";", "\t")
    }
    delimiter = max(rows, key=lambda mark: len(rows[mark]))
    return rows[delimiter] or [""], delimiter


def _likely(header: Sequence[str], words: Sequence[str]) -> str:
    """Return the column whose name has the first of some words, and none that says that it is about them."""
    parts = {
        one: {part.lower() for part in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+", one)} for one in header if one
    }
    return next(
        (
            one
            for word in words
            for one, of in parts.items()
            if word in of and not any(map(_OTHER.fullmatch, of))
        ),
        "",
    )
