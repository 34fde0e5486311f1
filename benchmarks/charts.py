"""Measure what a chart costs to make: each of the sample beside plain Altair, and one of ledgers of two sizes, in one run.

The plain chart has as many layers and rows. What is drawn is bounded by its marks, not by the ledger: specification
and rendering are to be the same for a thousand claims and for a million over ten years. The history of the statuses
is worked out from the rows once; that is measured apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from large_ledgers import generate

import factdesk as fd

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "charts")]

from drawings import DRAWINGS, drawn  # noqa: E402


def seconds(
    *calls: Callable[[], object], rounds: int, clock: Callable[[], float] = time.process_time
) -> list[float]:
    """Return the least seconds that each call takes, warm; they take turns, so that noise meets all alike."""
    taken = [float("inf")] * len(calls)
    for _ in range(rounds + 1):  # the first one warms
        for at, call in enumerate(calls):
            begun = clock()
            call()
            taken[at] = min(taken[at], clock() - begun)
    return taken


def layers(spec: dict[str, Any], datasets: dict[str, list[Any]], rows: int = 0) -> Iterator[int]:
    """Yield how many rows each layer of a chart draws."""
    data = spec.get("data") or {}
    rows = len(data.get("values", datasets.get(data.get("name", ""), []))) if data else rows
    parts = [part for kind in ("layer", "hconcat", "vconcat", "concat") for part in spec.get(kind, [])]
    parts += [spec["spec"]] if "spec" in spec else []
    for part in parts:
        yield from layers(part, datasets, rows)
    if not parts:
        yield rows


def plain(rows: list[int]) -> alt.LayerChart:
    """Draw points in plain Altair, in as many layers."""
    frames = [pd.DataFrame({"x": range(n), "y": range(n), "of": ["a"] * n}) for n in rows]
    return alt.layer(
        *(alt.Chart(frame).mark_point().encode(x="x:Q", y="y:Q", color="of:N") for frame in frames)
    )


def beside_plain(rounds: int) -> None:
    """Print a row for each chart of the sample."""
    ledger = fd.open(ROOT / "claims.csv")
    print(
        "| chart of the sample | layers | rows | kB | CPU, s | plain, s | ratio |\n|---|---|---|---|---|---|---|"
    )
    for name in DRAWINGS:
        chart = drawn(name, ledger)
        if chart is None:
            continue
        spec = chart.to_dict()
        rows = [*layers(spec, spec.get("datasets", {}))]

        def ours(name: str = name) -> object:
            return drawn(name, ledger).to_dict()

        def theirs(rows: list[int] = rows) -> object:
            return plain(rows).to_dict()

        own, other = seconds(ours, theirs, rounds=rounds)
        size = len(json.dumps(spec)) / 1000
        print(
            f"| {name} | {len(rows)} | {sum(rows)} | {size:.0f} | {own:.2f} | {other:.2f} | {own / other:.1f} |",
            flush=True,
        )


def of_size(claims: int, rounds: int) -> dict[str, str]:
    """Return what is measured of a ledger of so many claims, by name."""
    with tempfile.TemporaryDirectory() as folder:
        path = generate(Path(folder), claims)
        begun = time.perf_counter()
        ledger = fd.open(path)
        opened = time.perf_counter()
        ledger.counts(every="day")
        counted = time.perf_counter()
        spec = fd.charts.status_over_time(ledger).to_dict()
        made, shown = seconds(
            lambda: fd.charts.status_over_time(ledger).to_dict(), lambda: vl_convert.vegalite_to_svg(spec),
            rounds=rounds, clock=time.perf_counter,
        )  # fmt: skip
    return {
        "open, s": f"{opened - begun:.2f}",
        "the history, once, s": f"{counted - opened:.2f}",
        "the chart, s": f"{made:.2f}",
        "specification, kB": f"{len(json.dumps(spec)) / 1000:.0f}",
        "rendered, s": f"{shown:.2f}",
    }


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--claims", type=int, nargs="*", default=[1_000, 1_000_000], help="sizes of ledger, or none"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    given = parser.parse_args()
    beside_plain(given.rounds)
    if not given.claims:
        return
    measured = [of_size(claims, given.rounds) for claims in given.claims]
    print(
        f"\n| status_over_time | {' | '.join(f'{n:,} claims' for n in given.claims)} |\n|---{'|---' * len(measured)}|"
    )
    for name in measured[0]:
        print(f"| {name} | {' | '.join(one[name] for one in measured)} |")


if __name__ == "__main__":
    main()
