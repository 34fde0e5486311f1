"""Every single-byte change of a small sealed ledger: it is named, or it reads the same and is named as form."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from samples import rain

import factdesk as fd
from factdesk import schema
from factdesk.errors import LedgerUnreadable
from faults import LONG, LONGER

SAMPLE = 88
"""Changes tried in `make test`, over all files; all of them in `make faults-longer`."""
LEAVES = 3
"""Of a seal's leaves, which are hashes alone, `make faults` tries one change in so many."""

# Git's own two files say nothing of the ledger; lock, journal and what was last known are not part of it.
OUTSIDE = (".gitattributes", ".gitignore")

PARTS = ("claims.csv", "claims/appearances.csv", "claims/sources.csv", "claims/snapshots.csv", "claims/evidence.csv",
         "claims/statuses.csv", "claims/changes.csv", "claims/seals.csv", "claims/ledger.toml", "claims/seals/",
         "claims/snapshots/")  # fmt: skip


def sealed(folder: Path) -> fd.Ledger:
    """A small ledger with a row in each table, a document, an edited cell, a withdrawal, and two seals."""
    ledger = rain(folder)
    (folder / "page.html").write_text("<p>No <b>snow</b>.</p>")
    ledger.attach("snow", file=folder / "page.html", stance="refutes", quote="No snow.")
    ledger.seal("as drafted")
    ledger.edit("claims", "rain", why="a slip", claim="It rained on Tuesday, “all day”.", note="=1+1")
    ledger.withdraw("appearances", ledger._dataset.cells("appearances")["appearance_id"][0], why="not heard")
    ledger.seal("as published")
    for name in ("page.html", "photo.txt"):
        (folder / name).unlink()
    return ledger


def parts(folder: Path) -> dict[str, list[Path]]:
    """The ledger's files by part; nothing of it is left out."""
    found: dict[str, list[Path]] = {part: [] for part in PARTS}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or path.name in OUTSIDE or ".factdesk" in name:
            continue
        found[name if name in found else f"{path.parent.relative_to(folder).as_posix()}/"].append(path)
    assert all(found.values())
    return found


MARKS = b"\n\r\",;'x \t\x000\xe9"
"""What means something in a CSV, ends a line, or is no text: put in the place of bytes and between them, by turns."""


def changes(data: bytes) -> Iterator[bytes]:
    """Each byte with three of its bits turned, as another mark, taken out, and with a mark put before it."""
    for at, byte in enumerate(data):
        mark = bytes([MARKS[at % len(MARKS)]])
        for other in (bytes([byte ^ 1]), bytes([byte ^ 0x20]), bytes([byte ^ 0x80]), mark, b""):
            yield data[:at] + other + data[at + 1 :]
        yield data[:at] + mark + data[at:]
    yield from (data + bytes([mark]) for mark in MARKS)


def said(ledger: fd.Ledger) -> tuple[object, ...]:
    """All that a ledger reads as, but for the settings."""
    rows = [
        sorted(ledger._dataset.cells(name)[table.names].to_numpy().tolist())
        for name, table in schema.TABLES.items()
    ]
    return ledger.digest(), rows, ledger.seals.to_numpy().tolist()


def outcome(ledger: fd.Ledger, before: tuple[object, ...], part: str, change: Callable[[], object]) -> str:
    """Say how a change is told: named, a fault of reading, or form; fail where it is not told at all."""
    try:
        found = ledger.verify()
    except LedgerUnreadable:
        return "unreadable"
    codes = set(found["code"])
    if (found["severity"] != "note").any():
        return "named"
    if "settings-changed" in codes:
        return "settings"
    assert said(fd.open(ledger.path, strict=True)) == before, change()
    # Line ends of the settings are the one thing that is not even called form: they are hashed without.
    assert "form" in codes or part == "claims/ledger.toml", change()
    return "form"


def holds(ledger: fd.Ledger) -> bool:
    """Say whether nothing is named but what the workbench changed between the two seals."""
    return ledger.verify()["code"].tolist() == ["edited-since-seal"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small sealed ledger; each test puts back what it changed."""
    ledger = sealed(tmp_path_factory.mktemp("sealed"))
    assert holds(ledger)
    return ledger, said(ledger)


@pytest.mark.parametrize("part", PARTS)
def test_every_single_byte_change_of_a_sealed_ledger_is_told(small, tally, part):
    ledger, before = small
    told: Counter[str] = Counter()
    for file in parts(ledger.path.parent)[part]:
        good = file.read_bytes()
        tried = dict.fromkeys(changes(good))
        tried.pop(good, None)
        some = list(tried)
        if not LONG:
            some = random.Random(part).sample(some, min(len(some), SAMPLE // len(PARTS)))
        elif part == "claims/seals/" and not LONGER:
            some = random.Random(part).sample(some, len(some) // LEAVES)
        try:
            for bad in some:
                file.write_bytes(bad)
                told[outcome(ledger, before, part, lambda file=file, bad=bad: (file.name, bad))] += 1
        finally:
            file.write_bytes(good)
    assert holds(ledger)
    counts = {name: told[name] for name in ("named", "unreadable", "settings", "form")}
    tally("single-byte changes of a sealed ledger", tried=told.total(), **counts, lost=0)
