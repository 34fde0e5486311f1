"""Measure `status_over_time` of a ledger of a thousand claims and of a million over ten years, in one run.

What is drawn is bounded by its marks, not by the ledger: the specification's size and the time to render it are
to be the same in both. The history of the statuses is worked out from the rows once; that is measured apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import vl_convert
from bench import generate

import factdesk as fd


def seconds(call: Callable[[], object], rounds: int = 1) -> float:
    """Give the median of the seconds that a call takes."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def measured(claims: int, rounds: int) -> dict[str, str]:
    """Give what is measured of a ledger of so many claims, by name."""
    with tempfile.TemporaryDirectory() as folder:
        path = generate(Path(folder), claims)
        opened = seconds(lambda: fd.open(path))
        ledger = fd.open(path)
        history = seconds(lambda: ledger.counts(every="day"))
        drawn = {
            every or "own choice": fd.charts.status_over_time(ledger, every).to_dict()
            for every in (None, "week")
        }
        found = {
            "open, s": f"{opened:.2f}",
            "the history, once, s": f"{history:.2f}",
            "the chart, s": f"{seconds(lambda: fd.charts.status_over_time(ledger).to_dict(), rounds):.2f}",
        }
        for name, spec in drawn.items():
            rendered = seconds(lambda spec=spec: vl_convert.vegalite_to_svg(spec), rounds)  # type: ignore[misc]
            found[f"specification ({name}), kB"] = f"{len(json.dumps(spec)) / 1000:.0f}"
            found[f"rendered ({name}), s"] = f"{rendered:.2f}"
    return found


def main() -> None:
    """Print one row for each thing measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, nargs=2, default=[1_000, 1_000_000], help="the two sizes")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    given = parser.parse_args()
    small, large = (measured(claims, given.rounds) for claims in given.claims)
    print(f"| status_over_time | {given.claims[0]:,} claims | {given.claims[1]:,} |\n|---|---|---|")
    for name in small:
        print(f"| {name} | {small[name]} | {large[name]} |")


if __name__ == "__main__":
    main()
