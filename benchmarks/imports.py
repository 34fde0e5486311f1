"""Measure an import, and many calls as one, beside pandas reading and writing the same rows as CSV, in one run.

All is processor time, after one import that loads the modules. Of each the least of some rounds counts: other programs
of the machine only ever add to it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import factdesk as fd

LEDGERS = Path(__file__).resolve().parents[2] / "shared" / "data" / "ledgers"
FILES = 6
"""Tables that an import writes to, as many as pandas writes the sheet to."""


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time of a call."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def by_pandas(sheet: Path, folder: Path) -> None:
    """Read a sheet and write it six times."""
    frame = pd.read_csv(sheet, dtype="str", keep_default_na=False)
    for number in range(FILES):
        frame.to_csv(folder / f"{number}.csv", index=False)


def imported(sheet: Path, folder: Path) -> tuple[float, float]:
    """Return the time that pandas takes with a sheet, and that of an import into a new ledger."""
    plain = seconds(lambda: by_pandas(sheet, folder))
    return plain, seconds(lambda: fd.import_table(sheet, folder / "ledger.csv").write())


def many(count: int, folder: Path) -> tuple[float, float]:
    """Return the time that pandas takes to write claims with a source and a status each, and that of three calls."""
    ledger = fd.create(folder / "many.csv", title="Many", by="Ada Quist")
    numbers = range(count)
    claims = pd.DataFrame({"claim": [f"The budget rose by {n} million." for n in numbers]})
    claims = claims.assign(claimant=[f"Person {n % 200}" for n in numbers], made_on="2025-03-10")

    def write() -> None:
        logged = ledger.log_many(claims)
        links = [f"https://example.org/{n}" for n in numbers]
        evidence = pd.DataFrame({"claim_id": logged["claim_id"], "url": links, "stance": "supports"})
        attached = ledger.attach_many(evidence)
        judged = pd.DataFrame({"claim_id": logged["claim_id"], "status": "supported", "rationale": "Read."})
        ledger.set_status_many(judged.assign(evidence=attached["evidence_id"]))

    taken = seconds(write)
    frames = (ledger.claims, ledger.sources, ledger.evidence, ledger.statuses)
    return seconds(lambda: [one.to_csv(folder / "plain.csv", index=False) for one in frames]), taken


def main() -> None:
    """Print one row for each sheet, and one for the calls of many."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sheets", nargs="*", type=Path, help="CSV files; by default those of the samples")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    given = parser.parse_args()
    sheets = given.sheets or sorted(LEDGERS.glob("*.csv"))
    if not sheets:
        print("The sheets of the samples are not here: give some.")
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        first = pd.DataFrame({"claim": ["It rained all day."], "claimant": ["The Daily"]})
        fd.import_table(first, Path(folder) / "first.csv").write()
    print("| what | pandas, s | factdesk, s | ratio |\n|---|---|---|---|")
    measured: list[tuple[str, Callable[[Path], tuple[float, float]]]] = [
        (sheet.name, lambda folder, sheet=sheet: imported(sheet, folder)) for sheet in sheets
    ]
    measured.append(("10,000 claims, sources and statuses", lambda folder: many(10_000, folder)))
    for name, measure in measured:
        times = []
        for _ in range(given.rounds):
            with tempfile.TemporaryDirectory() as folder:
                times.append(measure(Path(folder)))
        plain, ours = (min(column) for column in zip(*times, strict=True))
        print(f"| {name} | {plain:.2f} | {ours:.2f} | {ours / plain:.1f} |")


if __name__ == "__main__":
    main()
