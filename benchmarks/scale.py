"""Measure the questions of a ledger's history in each engine, side by side: `python benchmarks/scale.py`.

Makes ledgers of a size by DuckDB (three statuses a claim over ten years, the same for every engine), loads each engine from
the same files, and prints seconds, peak memory and ratios. Each engine runs in a process of its own.

    python benchmarks/scale.py 100000 1000000 --engines memory duckdb postgres=postgres://… spark=spark://local[2]
    python benchmarks/scale.py 100000000 --engines duckdb --parquet --only counts transitions claimants chart
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

import factdesk as fd
from factdesk.schema import TABLES

CLAIMS = """
SELECT 'c-' || i AS claim_id, 'Claim ' || i || ' holds that prices rose faster than wages in region ' || i % 97 AS claim,
  'Speaker ' || hash(i) % 5000 AS claimant, '' AS claimant_role, CAST(made AS VARCHAR) AS made_on, '' AS quote,
  '' AS appearance, '' AS kind, 'topic ' || i % 12 AS topics, '' AS note,
  strftime(made + INTERVAL 9 HOUR, '%Y-%m-%dT%H:%M:%S.%fZ') AS logged_at, 'Ada Quist' AS logged_by
FROM (SELECT i, CAST('2015-01-01' AS DATE) + CAST(hash(i * 7) % 3285 AS INTEGER) AS made FROM range({claims}) t(i))
"""
STATUSES = """
SELECT 't-' || lower(to_hex(hash(i * 3 + k))) || k AS status_id, 'c-' || i AS claim_id,
  ['in review', 'supported', 'mixed', 'refuted', 'outdated'][1 + CAST(hash(i * 11 + k) % 5 AS INTEGER)] AS status,
  CAST(day AS VARCHAR) AS holds_from, 'The register of ' || k || ' and the minutes of the day say so.' AS rationale,
  '' AS evidence, '' AS gaps, strftime(day + INTERVAL 17 HOUR, '%Y-%m-%dT%H:%M:%S.%fZ') AS recorded_at,
  'Ada Quist' AS recorded_by, '' AS reviewed_by
FROM (SELECT i, k, CAST('2015-01-01' AS DATE) + CAST(hash(i * 7) % 3285 + 1 + k * 60 + hash(i + k) % 60 AS INTEGER) AS day
  FROM range({claims}) t(i), range(3) s(k))
"""
DAYS = ("2019-06-01", "2019-06-08")


def make(folder: Path, rows: int, suffix: str) -> Path:
    """Write a ledger of so many statuses, and return its first table's file."""
    path = folder / f"claims{suffix}"
    fd.create(folder / "claims.csv", title="Scale")
    engine = duckdb.connect(
        config={"preserve_insertion_order": False, "temp_directory": str(folder / "spill")}
    )
    options = "FORMAT parquet" if suffix == ".parquet" else "FORMAT csv, HEADER"
    made = {"claims": CLAIMS.format(claims=rows // 3), "statuses": STATUSES.format(claims=rows // 3)}
    for name, table in TABLES.items():
        file = path if name == "claims" else folder / "claims" / f"{name}{suffix}"
        nothing = ", ".join(f"'' AS \"{column}\"" for column in table.first_names)
        engine.execute(f"COPY ({made.get(name, f'SELECT {nothing} LIMIT 0')}) TO '{file}' ({options})")
    return path


def jobs(path: Path, engine: str) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name; the first makes the rest possible."""
    held: list = []
    if engine == "memory":
        load = lambda: held.append(fd.open(path))  # noqa: E731
        measured = fd.measures
        claimants, transitions = lambda: measured.claimants(held[0]), lambda: measured.transitions(held[0])
    else:
        load = lambda: held.append(fd.scale.connect(engine, name="bench").load(path, replace=True))  # noqa: E731
        claimants, transitions = lambda: held[0].claimants(), lambda: held[0].transitions()
    return {
        "load": load,
        "status_on": lambda: held[0].status_on(DAYS[0]),
        "counts": lambda: held[0].counts("week"),
        "diff": lambda: held[0].diff(*DAYS),
        "transitions": transitions,
        "claimants": claimants,
        "chart": lambda: fd.charts.status_over_time(held[0]).to_dict(),
    }


def measure(path: Path, engine: str, only: list[str]) -> dict[str, float]:
    """Return the seconds of each job, the second time it is done, and the most memory in MB."""
    found = {}
    for name, job in jobs(path, engine).items():
        if name == "load" or name in only:
            for _ in range(1 if name == "load" else 2):
                begun = time.perf_counter()
                job()
                found[name] = round(time.perf_counter() - begun, 3)
                print(f"  {engine.split(':')[0]} {name} {found[name]}", file=sys.stderr, flush=True)
    return found | {"MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def main() -> None:
    """Print a table for each size."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000], help="how many statuses")
    asked.add_argument(
        "--engines", nargs="+", default=["memory", "duckdb"], help="memory, duckdb, or name=address"
    )
    asked.add_argument(
        "--only", nargs="+", default=list(jobs(Path(), "memory")), help="which jobs beside load"
    )
    asked.add_argument("--parquet", action="store_true", help="from Parquet in place of CSV")
    asked.add_argument("--folder", type=Path, help="where the files are made; else in a temporary folder")
    asked.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        print(json.dumps(measure(Path(given.one[0]), given.one[1], given.only)))
        return
    for rows in given.rows:
        folder = Path(tempfile.mkdtemp(prefix="factdesk-bench-", dir=given.folder))
        try:
            path = make(folder, rows, ".parquet" if given.parquet else ".csv")
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
            print(f"\n{rows:,} statuses of {rows // 3:,} claims, {size:,.0f} MB of files", flush=True)
            found: dict[str, dict[str, float]] = {}
            for engine in given.engines:
                name, _, address = engine.partition("=")
                address = address or {"duckdb": f"duckdb://{folder}/store.duckdb"}.get(name, name)
                words = [sys.executable, __file__, "--one", str(path), address, "--only", *given.only]
                done = subprocess.run(words, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
                if done.returncode == 0:
                    found[name] = json.loads(done.stdout)
            first = next(iter(found.values()), {})
            print(f"{'':12}" + "".join(f"{name:>22}" for name in found))
            for job in first:
                cells = [of.get(job) for of in found.values()]
                ratios = [
                    f"{cell:,.2f} ({cell / first[job]:.2f})" if cell and first[job] else "-" for cell in cells
                ]
                print(f"{job:12}" + "".join(f"{one:>22}" for one in ratios), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
