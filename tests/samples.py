"""Ledgers for tests: made by the public calls, broken by hand, compared byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import factdesk as fd
from factdesk import schema, tables

ROOT = Path(__file__).resolve().parent.parent


def rain(folder: Path) -> fd.Ledger:
    """A small ledger with a row in each table but `changes`."""
    ledger = fd.create(folder / "claims.csv", title="Rain", by="Ada Quist")
    (folder / "photo.txt").write_text("puddles")
    ledger.log(
        "It rained on Monday.", claimant="The Daily", made_on="2025-03-10", claim_id="rain", topics="sky"
    )
    ledger.log("It snowed, too.", claimant="B. Frost", claim_id="snow", quote="white\nall over")
    ledger.repeat("rain", claimant="Radio", made_on="2025-03-11", appearance="https://example.org/radio")
    ledger.attach("rain", "https://example.org/gauge", stance="supports", quote="4 mm", publisher="Office")
    ledger.attach("snow", file=folder / "photo.txt", stance="refutes")
    evidence = ledger.evidence.set_index("claim_id")["evidence_id"]
    ledger.set_status(
        "rain",
        "supported",
        holds_from="2025-03-12",
        rationale="The gauge says so.",
        evidence=evidence["rain"],
    )
    return ledger


def sample(folder: Path) -> Path:
    """A copy of the sample ledger."""
    shutil.copy(ROOT / "claims.csv", folder)
    shutil.copytree(ROOT / "claims", folder / "claims", ignore=shutil.ignore_patterns(".factdesk"))
    return folder / "claims.csv"


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a ledger and its bytes, but for the lock and the content as last known: nothing rests on those."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = {name: data for name, data in found.items() if "/.factdesk/known/" not in name}
    found.pop("claims/.factdesk/lock", None)
    if not found.get("claims/.factdesk/journal", b"x"):
        del found["claims/.factdesk/journal"]
    return found


def table(folder: Path, name: str) -> Path:
    """The file of a table."""
    return folder / "claims.csv" if name == "claims" else folder / "claims" / f"{name}.csv"


def line(name: str, **cells: str) -> bytes:
    """A line of a table's file as factdesk writes it."""
    names = schema.TABLES[name].names
    assert set(cells) <= set(names)
    return tables.render([[cells.get(column, "") for column in names]])


def claim(claim_id: str, **cells: str) -> bytes:
    """A line of claims.csv that is right, but for what is given."""
    right = {"claim": "It hailed.", "claimant": "C. Stone", "logged_at": "2025-03-14T12:00:00.000000Z"}
    return line("claims", **{"claim_id": claim_id, **right, **cells})


def within(folder: Path, action: Callable[[], object]) -> object:
    """Do something with a folder as the current one."""
    with chdir(folder):
        return action()
