"""Ledgers for tests: made by the public calls, broken by hand, compared byte for byte."""

from __future__ import annotations

import random
import shutil
import warnings
from collections.abc import Callable
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path

import factdesk as fd
from factdesk import schema
from factdesk.storage import csvfile

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
    return csvfile.render([[cells.get(column, "") for column in names]])


def claim(claim_id: str, **cells: str) -> bytes:
    """A line of claims.csv that is right, but for what is given."""
    right = {"claim": "It hailed.", "claimant": "C. Stone", "logged_at": "2025-03-14T12:00:00.000000Z"}
    return line("claims", **{"claim_id": claim_id, **right, **cells})


def within(folder: Path, action: Callable[[], object]) -> object:
    """Do something with a folder as the current one."""
    with chdir(folder):
        return action()


def days_go_by(monkeypatch) -> Callable[[datetime | str], None]:
    """The clock by which ledgers are written stands still at noon, UTC, of the day, or the moment, that it is put to."""
    moment = datetime(2025, 3, 1, 12, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    def put(to: datetime | str) -> None:
        nonlocal moment
        moment = datetime.fromisoformat(f"{to}T12:00:00+00:00") if isinstance(to, str) else to

    monkeypatch.setattr("factdesk.ledger.ledger.datetime", Clock)
    return put


def eventful(folder: Path, monkeypatch, chance: random.Random, timezone: str) -> tuple[fd.Ledger, list[str]]:
    """A ledger to which much was done on many days, in an order that chance chose; and the days from before to after."""
    moment = datetime(2025, 3, 1, 12, tzinfo=UTC)
    put = days_go_by(monkeypatch)
    warnings.simplefilter("ignore", fd.FactdeskWarning)  # days are entered out of order on purpose
    ledger = fd.create(folder / "eventful.csv", title="Eventful", publisher="The Desk", timezone=timezone)
    words = ledger.settings.statuses
    days = ["2025-02-28"]
    for _ in range(40):
        moment += timedelta(hours=chance.choice([1, 5, 11, 40, 80]))
        put(moment)
        today = moment.astimezone(ledger.settings.zone).date()
        past = str(today - timedelta(days=chance.randrange(12)))
        days += [str(today), past]
        claims, statuses = list(ledger.claims["claim_id"]), list(ledger.statuses["status_id"])
        act = chance.choice(
            ["log", "status", "status", "status", "edit", "redate", "withdraw", "withdraw", "reinstate"]
        )
        if act == "log" or not claims:
            n = len(ledger.claims) + len(ledger.withdrawn)
            made = chance.choice([past, None])
            ledger.log(
                f"Claim {n}.",
                claimant=chance.choice("ABC"),
                made_on=made,
                claim_id=f"claim-{n}-{moment:%m%d%H}",
            )
        elif act == "status":
            ledger.set_status(
                chance.choice(claims), chance.choice(words), holds_from=past, rationale=f"Seen {moment}."
            )
        elif act == "edit":
            ledger.edit(
                "claims", chance.choice(claims), why="Better.", claim=f"Reworded {moment}.", made_on=past
            )
        elif act == "redate" and statuses:
            ledger.edit(
                "statuses",
                chance.choice(statuses),
                why="A slip.",
                holds_from=past,
                status=chance.choice(words),
            )
        elif act == "withdraw":
            table = chance.choice(["claims", "statuses"]) if statuses else "claims"
            ledger.withdraw(table, chance.choice(claims if table == "claims" else statuses), why="Not ours.")
        elif act == "reinstate" and len(ledger.withdrawn):
            row = ledger.withdrawn.iloc[chance.randrange(len(ledger.withdrawn))]
            ledger.reinstate(str(row["table"]), str(row["row_id"]), why="Ours after all.")
    return ledger, sorted(set(days))
