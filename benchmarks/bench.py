"""Measure open, status_on, counts and log on generated ledgers, beside plain pandas and beside the floor.

The floor is the least that the machine must do for the answer: reading the files with Arrow, counting integer
codes that are already sorted, appending one line and syncing it. Times differ from machine to machine; the
ratios are what to compare. All three ways must give the same answer before anything is measured.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

import factdesk as fd

SEED = 20250315
FIRST, YEARS = np.datetime64("2014-01-01"), 10
GIVEN = 3
DAY = "2021-03-15"
WORDS = np.array(
    ["the", "budget", "deficit", "rose", "fell", "by", "percent", "since", "war", "school", "tax"]
)


@dataclass(frozen=True)
class Case:
    """One thing to do, done by factdesk, by plain pandas and by the least that does it."""

    name: str
    ours: Callable[[], object]
    plain: Callable[[], object]
    floor: Callable[[], object]


def generate(folder: Path, claims: int) -> Path:
    """Write a ledger of so many claims with three statuses each, over ten years, as CSV."""
    path = folder / "claims.csv"
    empty = fd.create(path, title=f"{claims:,} generated claims")
    settled = np.array(empty.settings.statuses[1:])
    random = np.random.default_rng(SEED)

    claim_id = np.char.add("claim-", np.char.zfill(np.arange(claims).astype(str), 7))
    made_on = FIRST + random.integers(0, 365 * YEARS, claims)
    words = random.integers(0, len(WORDS), (claims, 12))
    texts = WORDS[words[:, 0]]
    for column in words.T[1:]:
        texts = np.char.add(np.char.add(texts, " "), WORDS[column])
    _write(path, empty.claims, {
        "claim_id": claim_id,
        "claim": texts,
        "claimant": np.char.add("Speaker ", random.integers(0, 500, claims).astype(str)),
        "made_on": made_on.astype(str),
        "kind": np.full(claims, "statement"),
        "topics": WORDS[words[:, 0]],
        "logged_at": np.char.add(made_on.astype(str), "T09:00:00.000000Z"),
        "logged_by": np.full(claims, "Ada Quist"),
    })  # fmt: skip

    of_claim = np.repeat(np.arange(claims), GIVEN)
    holds_from = made_on[of_claim] + random.integers(1, 400, claims * GIVEN)
    order = np.argsort(holds_from, kind="stable")  # written as they were given, one after the other
    of_claim, holds_from = of_claim[order], holds_from[order]
    second = np.arange(claims * GIVEN) % 86_400
    moment = holds_from.astype("datetime64[s]") + second
    _write(path.with_suffix("") / "statuses.csv", empty.statuses, {
        "status_id": np.char.add("t-", np.char.zfill(np.arange(claims * GIVEN).astype(str), 16)),
        "claim_id": claim_id[of_claim],
        "status": settled[random.integers(0, len(settled), claims * GIVEN)],
        "holds_from": holds_from.astype(str),
        "rationale": np.char.add("Two documents agree that ", texts[of_claim]),
        "recorded_at": np.char.add(moment.astype(str), ".000000Z"),
        "recorded_by": np.full(claims * GIVEN, "Ada Quist"),
    })  # fmt: skip
    return path


def _write(path: Path, like: pd.DataFrame, cells: dict[str, np.ndarray]) -> None:
    rows = len(next(iter(cells.values())))
    empty = np.full(rows, "")
    table = pa.table({name: pa.array(cells.get(name, empty)) for name in like.columns})
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write((",".join(like.columns) + "\n").encode())
        pa.csv.write_csv(table, file, options)


# --- plain pandas ------------------------------------------------------------------------------------------

Frames = tuple[pd.DataFrame, pd.DataFrame]


def plain_open(path: Path) -> Frames:
    """Read both tables."""
    claims = pd.read_csv(path, parse_dates=["made_on", "logged_at"])
    statuses = pd.read_csv(path.with_suffix("") / "statuses.csv", parse_dates=["holds_from", "recorded_at"])
    return claims, statuses


def plain_status_on(frames: Frames, day: str, first: str) -> pd.DataFrame:
    """Sort the rows given up to the day and keep the last of each claim."""
    claims, statuses = frames
    given = statuses[statuses["holds_from"] <= day]
    given = given.sort_values(["holds_from", "recorded_at", "status_id"])
    held = claims.merge(given.drop_duplicates("claim_id", keep="last"), on="claim_id", how="left")
    held = held[(held["made_on"] <= day) | held["status"].notna()]
    return held.fillna({"status": first})


def plain_counts(frames: Frames, first: str) -> pd.DataFrame:
    """Add up what begins and ends on each day, and sample the weeks."""
    claims, statuses = frames
    begins = claims[["claim_id", "made_on"]].rename(columns={"made_on": "holds_from"}).assign(status=first)
    rows = pd.concat([begins, statuses[["claim_id", "holds_from", "recorded_at", "status_id", "status"]]])
    rows = rows.sort_values(["claim_id", "holds_from", "recorded_at", "status_id"], na_position="first")
    rows = rows.drop_duplicates(["claim_id", "holds_from"], keep="last")
    rows["end"] = rows.groupby("claim_id")["holds_from"].shift(-1)
    begun = rows.groupby(["holds_from", "status"]).size().unstack(fill_value=0)
    ended = rows.dropna(subset="end").groupby(["end", "status"]).size().unstack(fill_value=0)
    return begun.sub(ended, fill_value=0).cumsum().resample("W").last().ffill()


def plain_log(claims: pd.DataFrame, path: Path, row: Mapping[str, object]) -> None:
    """Add a row to the frame and write the file anew."""
    pd.concat([claims, pd.DataFrame([row])]).to_csv(path, index=False)


# --- the floor ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Codes:
    """Spells as integers: which status, from which day to which."""

    status: np.ndarray
    start: np.ndarray
    end: np.ndarray
    statuses: int

    @classmethod
    def of(cls, intervals: pd.DataFrame) -> Codes:
        """Take them from intervals; an open end is further away than any day."""
        start = intervals["start"].to_numpy().astype("datetime64[D]").astype(np.int64)
        end = intervals["end"].to_numpy().astype("datetime64[D]")
        end = np.where(np.isnat(end), np.datetime64("9999-12-31"), end).astype(np.int64)
        status = intervals["status"].cat.codes.to_numpy().astype(np.int64)
        return cls(status, start, end, len(intervals["status"].cat.categories))

    def on(self, day: str) -> np.ndarray:
        """Give the statuses held on a day."""
        asked = np.datetime64(day).astype(np.int64)
        return self.status[(self.start <= asked) & (asked < self.end)]

    def by_week(self, last: int) -> np.ndarray:
        """Count the statuses held at each week's end."""
        first = (self.start.min() + 3) // 7
        weeks = (last + 3) // 7 - first + 1
        ended = self.end <= last
        begun = ((self.start + 3) // 7 - first) * self.statuses + self.status
        over = ((self.end[ended] + 3) // 7 - first) * self.statuses + self.status[ended]
        cells = weeks * self.statuses
        change = np.bincount(begun, minlength=cells) - np.bincount(over, minlength=cells)
        return change.reshape(weeks, self.statuses).cumsum(axis=0)


def floor_open(path: Path) -> tuple[pa.Table, pa.Table]:
    """Read both tables with Arrow."""
    return pa.csv.read_csv(path), pa.csv.read_csv(path.with_suffix("") / "statuses.csv")


def floor_log(path: Path, line: bytes) -> None:
    """Append one line and sync it."""
    with path.open("ab", buffering=0) as file:
        file.write(line)
        getattr(os, "fdatasync", os.fsync)(file.fileno())


# --- measuring ---------------------------------------------------------------------------------------------


def cases(folder: Path, claims: int) -> list[Case]:
    """Set up what is measured for a ledger of so many claims, all three ways giving the same answer."""
    path = generate(folder, claims)
    copies = [folder / name / "claims.csv" for name in ("ours", "plain", "floor")]
    for copy in copies:
        copy.parent.mkdir()
        shutil.copy(path, copy)
    shutil.copytree(path.with_suffix(""), copies[0].with_suffix(""))

    ledger, frames = fd.open(path), plain_open(path)
    codes, first = Codes.of(ledger.intervals()), ledger.settings.statuses[0]
    last = int(np.datetime64(ledger.latest_day, "D").astype(np.int64))
    _agree(ledger, frames, codes, last, first)

    number = 0

    def log() -> None:
        nonlocal number
        number += 1
        writer.log(f"Claim number {number} of a benchmark.", claimant="Ada Quist", made_on=DAY)

    writer = fd.open(copies[0], by="Ada Quist")
    log()  # the first write to a ledger makes its journal
    row = dict.fromkeys(frames[0].columns, "") | {"claim_id": "one-more", "claim": "One more claim."}
    line = (",".join(map(str, row.values())) + "\n").encode()

    def opened() -> Frames:
        fresh = fd.open(path)
        return fresh.claims, fresh.statuses

    return [
        Case("open", opened, lambda: plain_open(path), lambda: floor_open(path)),
        Case(
            "open, status_on",
            lambda: fd.open(path).status_on(DAY),
            lambda: plain_status_on(plain_open(path), DAY, first),
            lambda: (floor_open(path), codes.on(DAY)),
        ),
        Case(
            "status_on",
            lambda: ledger.status_on(DAY),
            lambda: plain_status_on(frames, DAY, first),
            lambda: codes.on(DAY),
        ),
        Case(
            "counts by week",
            lambda: ledger.counts(every="week"),
            lambda: plain_counts(frames, first),
            lambda: codes.by_week(last),
        ),
        Case("log", log, lambda: plain_log(frames[0], copies[1], row), lambda: floor_log(copies[2], line)),
    ]


def _agree(ledger: fd.Ledger, frames: Frames, codes: Codes, last: int, first: str) -> None:
    names = ledger.settings.statuses
    ours = ledger.status_on(DAY)["status"].value_counts()[names].tolist()
    plain = plain_status_on(frames, DAY, first)["status"].value_counts().reindex(names, fill_value=0).tolist()
    if not ours == plain == np.bincount(codes.on(DAY), minlength=len(names)).tolist():
        raise SystemExit("status_on: the three ways differ")
    weeks = ledger.counts(every="week")["claims"].to_numpy().reshape(-1, len(names))
    plain_weeks = plain_counts(frames, first).reindex(columns=names, fill_value=0).to_numpy()
    if not (np.array_equal(weeks, plain_weeks) and np.array_equal(weeks, codes.by_week(last))):
        raise SystemExit("counts: the three ways differ")


def measured(cases: list[Case], rounds: int) -> dict[str, list[float]]:
    """Give the median seconds of each way of each case; they take turns, so that noise meets all alike."""
    times: dict[str, list[list[float]]] = {case.name: [[], [], []] for case in cases}
    for _ in range(rounds):
        for case in cases:
            for way, taken in zip((case.ours, case.plain, case.floor), times[case.name], strict=True):
                gc.collect()
                begun = time.perf_counter()
                way()
                taken.append(time.perf_counter() - begun)
    return {name: [statistics.median(taken) for taken in ways] for name, ways in times.items()}


def table(medians: dict[str, list[float]]) -> str:
    """Lay the medians out, with the ratios to plain pandas and to the floor."""
    heads = ("factdesk", "pandas", "floor", "÷ pandas", "÷ floor")
    lines = [" " * 16 + "".join(f"{head:>15}" for head in heads)]
    for name, (ours, plain, floor) in medians.items():
        shown = "".join(f"{seconds * 1000:>12,.2f} ms" for seconds in (ours, plain, floor))
        lines.append(f"{name:16}{shown}{ours / plain:>15.2g}{ours / floor:>15.2g}")
    return "\n".join(lines)


def main() -> None:
    """Print one table for each size of ledger."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000], help="sizes of ledger")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    given = parser.parse_args()
    for claims in given.claims:
        with tempfile.TemporaryDirectory() as folder:
            medians = measured(cases(Path(folder), claims), given.rounds)
        print(f"{claims:,} claims, {claims * GIVEN:,} statuses; median of {given.rounds}")
        print(table(medians), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
