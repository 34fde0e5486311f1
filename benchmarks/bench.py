"""Measure what a large ledger costs: each job beside plain pandas, databases and the least that it takes.

The ledgers are generated: three statuses and two pieces of evidence a claim. All ways of a job take turns, so that noise
meets all alike, and give the same answer before anything is measured. Times differ from machine to machine; the ratios are
what to compare. The floor is reading the tables with Arrow, mapping them as Arrow files, counting integer codes that are
sorted already, and appending a line to a journal and to a table, each synced.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import ways
from large_ledgers import generate

import factdesk as fd

DAY = "2021-03-15"
DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
LARGE = 300_000
"""Claims from which on each job is measured once, and SQLite is left out: filling it takes longer than all else."""
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Case:
    """One thing to do, and the ways to do it by name; ours first."""

    name: str
    ways: dict[str, Callable[[], object]]
    once: bool = False
    """Whether it can be done but once, such as what is the first."""


@dataclass
class Measured:
    """Seconds of each way of a case: on the clock, and of the processor."""

    wall: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)


@contextlib.contextmanager
def cache(where: str) -> Iterator[None]:
    """Open ledgers with a cache folder, or without one (`off`)."""
    before = os.environ.get("FACTDESK_CACHE")
    os.environ["FACTDESK_CACHE"] = where
    try:
        yield
    finally:
        os.environ.pop("FACTDESK_CACHE")
        if before is not None:
            os.environ["FACTDESK_CACHE"] = before


def cold(path: Path) -> fd.Ledger:
    """Open a ledger that was never read."""
    with cache("off"):
        return fd.open(path)


def cases(folder: Path, claims: int) -> Iterator[Case]:
    """Set up what is measured for a ledger of so many claims, all ways giving the same answer."""
    path = generate(folder, claims)
    is_large = claims >= LARGE
    yield Case("open, cold", {
        "factdesk": lambda: cold(path), "pandas": lambda: ways.plain_open(path), "DuckDB": lambda: ways.duck_open(path),
        "floor": lambda: ways.floor_open(path),
    })  # fmt: skip
    mapped = ways.arrow_files(path)
    ledger = fd.open(path, by="Ada Quist")
    yield Case("open again", {
        "factdesk": lambda: fd.open(path), "pandas": lambda: ways.plain_open(path), "floor": lambda: ways.floor_again(mapped),
    })  # fmt: skip
    first = ledger.settings.statuses[0]
    yield Case("first status_on", {"factdesk": lambda: ledger.status_on(DAY)}, once=True)
    frames, duck = ways.plain_open(path), ways.duck_open(path)
    codes = ways.Codes.of(ledger.intervals())
    last = int(np.datetime64(ledger.latest_day, "D").astype(np.int64))
    _agree(ledger, frames, codes, last, first)
    asked = ways.STATUS_ON.format(day=DAY, first=first)
    on = {
        "factdesk": lambda: ledger.status_on(DAY), "pandas": lambda: ways.plain_status_on(frames, DAY, first),
        "DuckDB": lambda: duck.sql(asked).to_arrow_table(),
    }  # fmt: skip
    if not is_large:
        lite = ways.lite_open(frames)
        on["SQLite"] = lambda: lite.execute(asked).fetchall()
    yield Case("status_on", {**on, "floor": lambda: codes.on(DAY)})
    yield Case("counts by week", {
        "factdesk": lambda: ledger.counts(every="week"), "pandas": lambda: ways.plain_counts(frames, first),
        "floor": lambda: codes.by_week(last),
    })  # fmt: skip
    few = fd.open(generate(_made(folder / "few"), 10))
    few.counts()
    yield Case("chart of counts", {
        "factdesk": lambda: fd.charts.status_over_time(ledger).to_dict(),
        "floor": lambda: fd.charts.status_over_time(few).to_dict(),
    })  # fmt: skip
    yield Case("check", {"factdesk": ledger.check}, once=True)
    yield from _writes(folder, path, ledger, frames)


def _writes(folder: Path, path: Path, ledger: fd.Ledger, frames: ways.Frames) -> Iterator[Case]:
    number = 0

    def log(writer: fd.Ledger) -> None:
        nonlocal number
        number += 1
        writer.log(f"Claim number {number} of a benchmark.", claimant="Ada Quist", made_on=DAY)

    yield Case("first log in a folder", {"factdesk": lambda: log(ledger)}, once=True)
    row = dict.fromkeys(frames["claims"].columns, "") | {"claim_id": "one-more", "claim": "One more claim."}
    line = (",".join(map(str, row.values())) + "\n").encode()
    beside = _made(folder / "copies")
    copies = [beside / name for name in ("plain.csv", "floor.csv", "journal")]
    shutil.copy(path, copies[1])
    lite = ways.lite_log(folder, frames["claims"])
    marks = ",".join("?" * len(row))

    def insert() -> None:
        nonlocal number
        number += 1
        lite.execute(f"INSERT INTO claims VALUES ({marks})", [f"one-{number}", *list(row.values())[1:]])

    yield Case("log", {
        "factdesk": lambda: log(ledger), "pandas": lambda: ways.plain_log(frames["claims"], copies[0], row),
        "SQLite": insert, "floor": lambda: ways.floor_log(copies[2], copies[1], line),
    })  # fmt: skip
    other = fd.open(path, by="Bo Lind")
    log(other)
    log(ledger)

    def after_another() -> float:
        log(other)
        begun = time.perf_counter(), time.process_time()
        log(ledger)
        return begun

    yield Case("log after another's", {"factdesk": after_another, "floor": lambda: log(ledger)})

    def ten_more() -> tuple[float, float]:
        for _ in range(10):
            log(ledger)
        begun = time.perf_counter(), time.process_time()
        fd.open(path)
        return begun

    yield Case("open, ten rows added", {"factdesk": ten_more})


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _agree(ledger: fd.Ledger, frames: ways.Frames, codes: ways.Codes, last: int, first: str) -> None:
    names = ledger.settings.statuses
    ours = ledger.status_on(DAY)["status"].value_counts()[names].tolist()
    plain = (
        ways.plain_status_on(frames, DAY, first)["status"]
        .value_counts()
        .reindex(names, fill_value=0)
        .tolist()
    )
    if not ours == plain == np.bincount(codes.on(DAY), minlength=len(names)).tolist():
        raise SystemExit("status_on: the ways differ")
    weeks = ledger.counts(every="week")["claims"].to_numpy().reshape(-1, len(names))
    plain_weeks = ways.plain_counts(frames, first).reindex(columns=names, fill_value=0).to_numpy()
    if not (np.array_equal(weeks, plain_weeks) and np.array_equal(weeks, codes.by_week(last))):
        raise SystemExit("counts: the ways differ")


def measured(cases: Iterator[Case], rounds: int) -> dict[str, Measured]:
    """Return the medians of each way of each case; the ways take turns."""
    found: dict[str, Measured] = {}
    for case in cases:
        times: dict[str, list[tuple[float, float]]] = {way: [] for way in case.ways}
        for _ in range(1 if case.once else rounds):
            for way, do in case.ways.items():
                gc.collect()
                begun = time.perf_counter(), time.process_time()
                given = do()
                ended = time.perf_counter(), time.process_time()
                if (
                    isinstance(given, tuple)
                    and len(given) == 2
                    and all(isinstance(one, float) for one in given)
                ):
                    begun = given  # what came before was to set it up
                del given
                times[way].append((ended[0] - begun[0], ended[1] - begun[1]))
        found[case.name] = Measured(
            {way: statistics.median(one[0] for one in of) for way, of in times.items()},
            {way: statistics.median(one[1] for one in of) for way, of in times.items()},
        )
    return found


# --- in processes of their own: memory, imports, and a file of bad rows

_ALONE = """
import json, resource, sys, time
begun = time.perf_counter(), time.process_time()
{code}
wall, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
print(json.dumps([wall, cpu, int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) / 1000, {more}]))
"""


def alone(code: str, more: str = "0") -> list[float]:
    """Run code in a process of its own; return seconds on the clock and of the processor, megabytes at most, and more."""
    given = [sys.executable, "-W", "ignore", "-c", _ALONE.format(code=code, more=more)]
    said = subprocess.run(given, capture_output=True, text=True, check=True)
    found: list[float] = json.loads(said.stdout.splitlines()[-1])
    return found


def memory(path: Path, few: Path) -> dict[str, float]:
    """Return megabytes beyond those of a small ledger: in Arrow, of one opened cold then and at most, and in pandas."""
    bench = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import ways; from pathlib import Path\n"
    with cache("off"):
        now = "int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize() / 1e6"
        base = alone(f"{bench}import factdesk\nledger = factdesk.open({str(few)!r})", now)[3]
        opened = f"{bench}import factdesk\nledger = factdesk.open({str(path)!r})"
        _, _, most, held = alone(opened, now)
        plain = alone(f"{bench}kept = ways.plain_open(Path({str(path)!r}))", now)
    arrow = sum(table.nbytes for table in ways.floor_open(path).values()) / 1e6
    return {"Arrow": arrow, "open": held - base, "at most": most - base, "pandas": plain[3] - base}


def imports(path: Path, rounds: int) -> dict[str, float]:
    """Return the median seconds of the processor to import pandas, and to import factdesk and open a ledger."""
    ways_ = {"pandas": "import pandas", "factdesk": f"import factdesk\nfactdesk.open({str(path)!r})"}
    times: dict[str, list[float]] = {way: [] for way in ways_}
    for _ in range(rounds):
        for way, code in ways_.items():
            times[way].append(alone(code)[1])
    return {way: statistics.median(of) for way, of in times.items()}


def bad_rows(folder: Path, megabytes: int) -> list[float]:
    """Open a ledger with so many megabytes of rows that can't be read; return what `alone` does, and the findings."""
    path = _made(folder) / "claims.csv"
    fd.create(path, title="Bad rows")
    line = b'bad-%07d,"It ""rained"" on day %d, said nobody, in so many words that nothing else is left",Nobody,,13.03.2025,,,,,,,\n'
    with path.open("ab") as file:
        for start in range(0, megabytes * 8_000, 8_000):
            file.write(b"".join(line % (at, at) for at in range(start, start + 8_000)))
    with cache("off"):
        return alone(f"import factdesk\nledger = factdesk.open({str(path)!r})", "len(ledger.check())")


# --- tables


def table(found: dict[str, Measured]) -> str:
    """Lay the medians out, with the ratios to plain pandas and to the floor."""
    others = ("pandas", "DuckDB", "SQLite", "floor")
    heads = ("factdesk", "(CPU)", *others, "÷ pandas", "÷ floor")
    lines = ["| job | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for name, one in found.items():
        ours = one.wall["factdesk"]
        cells = [_time(ours), _time(one.cpu["factdesk"]), *(_time(one.wall.get(way)) for way in others)]
        cells += [f"{ours / one.wall[way]:.2g}" if way in one.wall else "" for way in ("pandas", "floor")]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return (
        f"{seconds:,.1f} s"
        if seconds >= 10
        else f"{seconds * 1000:,.0f} ms"
        if seconds >= 0.1
        else f"{seconds * 1000:.2g} ms"
    )


def growth(by_size: dict[int, dict[str, Measured]]) -> str:
    """Fit how the time of each job grows: to which power of the number of claims."""
    sizes = np.log(list(by_size))
    lines = ["| job | grows with claims to the power of |", "|---|--:|"]
    for name in next(iter(by_size.values())):
        times = [found[name].cpu["factdesk"] for found in by_size.values()]
        slope = np.polyfit(sizes, np.log(np.maximum(times, 1e-6)), 1)[0]
        lines.append(f"| {name} | {slope:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Print, and write down, one table for each size of ledger."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    sizes = [10_000, 100_000, 1_000_000]
    parser.add_argument("--claims", type=int, nargs="+", default=sizes, help="sizes of ledger")
    parser.add_argument(
        "--rounds", type=int, default=5, help="how often each is measured; of large ledgers once"
    )
    parser.add_argument("--bad", type=int, default=200, help="megabytes of bad rows")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    given = parser.parse_args()
    warnings.simplefilter("ignore", fd.FactdeskWarning)
    parts, by_size = [], {}
    with tempfile.TemporaryDirectory() as kept, cache(kept):
        for claims in given.claims:
            with tempfile.TemporaryDirectory() as folder:
                rounds = 1 if claims >= LARGE else given.rounds
                by_size[claims] = measured(cases(Path(folder), claims), rounds)
                title = f"{claims:,} claims, {claims * 3:,} statuses; " + (
                    "each once" if rounds == 1 else f"median of {rounds}"
                )
                held = memory(Path(folder) / "claims.csv", Path(folder) / "few" / "claims.csv")
                words = ", ".join(f"{name} {size:,.0f} MB" for name, size in held.items())
                parts += [
                    f"### {title}",
                    table(by_size[claims]),
                    f"Memory beyond that of a small ledger: {words}.",
                ]
                print("\n\n".join(parts[-3:]), end="\n\n", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            starts = imports(generate(Path(folder), 100), given.rounds)
            bad = bad_rows(Path(folder) / "bad", given.bad)
    ratio = starts["factdesk"] / starts["pandas"]
    parts.append(
        f"`import factdesk` and `fd.open` in a new process: {starts['factdesk']:.2f} s of the processor, "
        f"{ratio:.2f} times `import pandas` ({starts['pandas']:.2f} s). {given.bad} MB of rows that can't be read open in "
        f"{bad[0]:.1f} s with {bad[2]:,.0f} MB at most; {bad[3]:,.0f} findings."
    )
    if len(by_size) > 1:
        parts.append(growth(by_size))
    print("\n\n".join(parts[-2:]), flush=True)
    if given.write:
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
        before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
        behind = rest.partition(END)[2]
        text = "\n\n".join([BEGIN, f"Measured with {machine}.", *parts, END])
        DOCUMENT.write_text(before + text + behind, "utf-8")


if __name__ == "__main__":
    main()
