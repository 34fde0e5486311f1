"""How each job of the benchmark is done without factdesk: in plain pandas, in a database, and at the least that it takes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from factdesk.schema import TABLES

Frames = dict[str, pd.DataFrame]
DATED = ("day", "moment")


def files(path: Path) -> dict[str, Path]:
    """Return a ledger's seven tables."""
    return {name: path if name == "claims" else path.with_suffix("") / f"{name}.csv" for name in TABLES}


# --- plain pandas


def plain_open(path: Path) -> Frames:
    """Read all tables, days and moments parsed."""
    return {
        name: pd.read_csv(
            file,
            parse_dates=[one.name for one in TABLES[name].columns if one.holds in DATED and one.since == 1],
        )
        for name, file in files(path).items()
    }


def plain_status_on(frames: Frames, day: str, first: str) -> pd.DataFrame:
    """Sort the rows given up to the day and keep the last of each claim."""
    claims, statuses = frames["claims"], frames["statuses"]
    given = statuses[statuses["holds_from"] <= day]
    given = given.sort_values(["holds_from", "recorded_at", "status_id"])
    held = claims.merge(given.drop_duplicates("claim_id", keep="last"), on="claim_id", how="left")
    held = held[(held["made_on"] <= day) | held["status"].notna()]
    return held.fillna({"status": first})


def plain_counts(frames: Frames, first: str) -> pd.DataFrame:
    """Add up what begins and ends on each day, and sample the weeks."""
    claims, statuses = frames["claims"], frames["statuses"]
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


# --- databases


def duck_open(path: Path) -> duckdb.DuckDBPyConnection:
    """Read all tables into a database in memory."""
    connection = duckdb.connect()
    for name, file in files(path).items():
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, header = true)", [str(file)])
    return connection


STATUS_ON = """
WITH given AS (
    SELECT claim_id, status, row_number() OVER
        (PARTITION BY claim_id ORDER BY holds_from DESC, recorded_at DESC, status_id DESC) AS place
    FROM statuses WHERE holds_from <= '{day}')
SELECT c.claim_id, c.claim, c.claimant, coalesce(g.status, '{first}') AS status FROM claims c
LEFT JOIN given g ON g.claim_id = c.claim_id AND g.place = 1 WHERE g.status IS NOT NULL OR c.made_on <= '{day}'
"""


def lite_open(frames: Frames) -> sqlite3.Connection:
    """Put claims and statuses into SQLite, with the index that the questions want."""
    connection = sqlite3.connect(":memory:")
    for name in ("claims", "statuses"):
        frame = frames[name].astype(str)
        marks = ",".join("?" * frame.shape[1])
        connection.execute(f"CREATE TABLE {name} ({','.join(frame.columns)})")
        connection.executemany(
            f"INSERT INTO {name} VALUES ({marks})", frame.itertuples(index=False, name=None)
        )
    connection.execute("CREATE INDEX of_claim ON statuses (claim_id, holds_from, recorded_at, status_id)")
    return connection


def lite_log(folder: Path, claims: pd.DataFrame) -> sqlite3.Connection:
    """Return a database on disk that syncs each write, as a ledger does."""
    connection = sqlite3.connect(folder / "log.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"CREATE TABLE claims ({','.join(claims.columns)}, PRIMARY KEY (claim_id))")
    return connection


# --- the floor


@dataclass(frozen=True)
class Codes:
    """Spells as integers: which status, from which day to which."""

    status: np.ndarray
    start: np.ndarray
    end: np.ndarray
    statuses: int

    @classmethod
    def of(cls, intervals: pd.DataFrame) -> Codes:
        """Return them, of intervals; an open end is further away than any day."""
        start = intervals["start"].to_numpy().astype("datetime64[D]").astype(np.int64)
        end = intervals["end"].to_numpy().astype("datetime64[D]")
        end = np.where(np.isnat(end), np.datetime64("9999-12-31"), end).astype(np.int64)
        status = intervals["status"].cat.codes.to_numpy().astype(np.int64)
        return cls(status, start, end, len(intervals["status"].cat.categories))

    def on(self, day: str) -> np.ndarray:
        """Return the statuses held on a day."""
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


def floor_open(path: Path) -> dict[str, pa.Table]:
    """Read all tables with Arrow."""
    return {name: pa.csv.read_csv(file) for name, file in files(path).items()}


def floor_log(journal: Path, table: Path, line: bytes) -> None:
    """Append a line to a journal and to a table, each synced."""
    for path in (journal, table):
        with path.open("ab", buffering=0) as file:
            file.write(line)
            getattr(os, "fdatasync", os.fsync)(file.fileno())


def arrow_files(path: Path) -> list[Path]:
    """Write all tables as Arrow files, to be mapped."""
    made = []
    for name, read in floor_open(path).items():
        made.append(path.with_name(f"{name}.arrow"))
        with pa.OSFile(str(made[-1]), "wb") as sink, pa.ipc.new_file(sink, read.schema) as writer:
            writer.write_table(read.combine_chunks())
    return made


def floor_again(mapped: list[Path]) -> list[pa.Table]:
    """Map Arrow files."""
    return [pa.ipc.open_file(pa.memory_map(str(one))).read_all() for one in mapped]
