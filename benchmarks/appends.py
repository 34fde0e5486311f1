"""Measure what one more row costs in a ledger of a thousand rows and of a million, in one run.

Each ledger is written as CSV at once and then added to by the public calls. The floor is one line appended to a
file of that size and synced. The ratio of the two sizes is what to compare: adding is to cost the same in both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from large_ledgers import generate

import factdesk as fd


def calls(ledger: fd.Ledger) -> dict[str, Callable[[int], object]]:
    """Give what is measured, by name."""
    first = ledger.claims["claim_id"].iloc[0]
    return {
        "log": lambda n: ledger.log(f"The sea has risen by {n} mm.", claimant="A. Mariner"),
        "log with an id": lambda n: ledger.log(
            f"It fell by {n} mm.", claimant="A. Mariner", claim_id=f"fell-{n}"
        ),
        "attach": lambda n: ledger.attach(first, f"https://example.org/{n}", stance="context"),
        "set_status": lambda n: ledger.set_status(first, "mixed", rationale=f"Look number {n}."),
    }


def floor(path: Path) -> Callable[[int], object]:
    """Append one line to a file of that size, and sync it."""
    copy = path.with_name("floor.csv")
    copy.write_bytes(path.read_bytes())

    def append(n: int) -> None:
        with copy.open("ab", buffering=0) as file:
            file.write(b"x" * 120 + b"\n")
            os.fdatasync(file.fileno())

    return append


def measured(claims: int, rounds: int) -> dict[str, list[float]]:
    """Give the seconds of each call, made so many times by turns; the first of each warms up."""
    with tempfile.TemporaryDirectory() as folder:
        path = generate(Path(folder), claims)
        ledger = fd.open(path, by="Ada Quist")
        tried = calls(ledger) | {"floor": floor(path)}
        taken: dict[str, list[float]] = {name: [] for name in tried}
        for n in range(rounds + 1):
            for name, call in tried.items():
                begun = time.perf_counter()
                call(n)
                taken[name].append(time.perf_counter() - begun)
    return {name: times[1:] for name, times in taken.items()}


def main() -> None:
    """Print one row for each call."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, nargs=2, default=[1_000, 1_000_000], help="the two sizes")
    parser.add_argument("--rounds", type=int, default=30, help="how often each is measured")
    given = parser.parse_args()
    small, large = (measured(claims, given.rounds) for claims in given.claims)
    print(f"| call | ms at {given.claims[0]:,} | ms at {given.claims[1]:,} | ratio |\n|---|---|---|---|")
    for name in small:
        a, b = statistics.median(small[name]), statistics.median(large[name])
        print(f"| {name} | {a * 1000:.2f} | {b * 1000:.2f} | {b / a:.2f} |")


if __name__ == "__main__":
    main()
