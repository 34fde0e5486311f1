"""Write the sample ledger `claims.csv` from the researched facts of the March 2025 ceasefire claims, once.

The facts lie beside the checkout (`../shared/data/ukraine-ceasefire`) and are not part of the project; what this
script made of them, by the public calls only, is committed. Record times are those of the day it was run on.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import factdesk as fd

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT.parent / "shared" / "data" / "ukraine-ceasefire"
SOURCE = ["title", "publisher", "published_on", "type", "reliability"]


def facts(name: str) -> list[dict[str, str]]:
    """Read one table of facts."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> int:
    """Write the ledger; refuse where one is."""
    if not FACTS.is_dir():
        print(
            f"The facts are not here ({FACTS.name}/ is missing beside the checkout); the sample is committed."
        )
        return 2
    ledger = fd.create(ROOT / "claims.csv", title="Ceasefire claims, March 2025", by="factdesk sample")
    sources = {
        row["source_id"]: ledger.add_source(
            row["url"], note=row["note"], **{name: row[name] for name in SOURCE}
        )
        for row in facts("sources")
    }
    for row in facts("claims"):
        ledger.log(
            row["claim"], claim_id=row["claim_id"], claimant=row["claimant"], claimant_role=row["claimant_role"],
            made_on=row["made_on"], quote=row["quote"], kind=row["kind"], topics=row["topics"], note=row["note"],
        )  # fmt: skip
    for row in facts("appearances"):
        ledger.repeat(
            row["claim_id"], claimant=row["claimant"], claimant_role=row["claimant_role"], made_on=row["made_on"],
            appearance=sources[row["source_id"]], quote=row["quote"], note=row["note"],
        )  # fmt: skip
    evidence = {
        (row["claim_id"], row["source_id"]): ledger.attach(
            row["claim_id"],
            sources[row["source_id"]],
            stance=row["stance"],
            quote=row["quote"],
            credibility=row["credibility"],
        )
        for row in facts("evidence")
    }
    for row in facts("statuses"):
        ledger.set_status(
            row["claim_id"], row["status"], holds_from=row["holds_from"], rationale=row["rationale"],
            evidence=[evidence[row["claim_id"], source] for source in row["sources"].split(";")],
        )  # fmt: skip
    print(ledger)
    return 0


if __name__ == "__main__":
    sys.exit(main())
