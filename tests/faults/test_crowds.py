"""Many writers and readers at once, in processes of their own, some of them killed."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest

import factdesk as fd
from factdesk import schema
from factdesk.errors import NotFound
from faults import LONG, LONGER
from faults.moves import Rows, Told, Written, begun, ended, frames, in_child, make, unwarned

ADDING = ["log", "log with a source", "log with a file", "attach", "attach a file", "set status", "repeat"]
CHANGING = [*ADDING, "edit a cell", "edit many cells", "withdraw", "reinstate"]


def writer(folder: Path, number: int, kinds: list[str], times: int) -> Callable[[Told], None]:
    def write(told: Told) -> None:
        random = Random(number)
        ledger = fd.open(folder / "claims.csv", by=f"Writer {number}")
        for _ in range(times):
            with contextlib.suppress(NotFound):  # somebody else withdrew it meanwhile
                make(ledger, random.choice(kinds), random, folder)
                told.tell(("returned", 0))

    return write


def reader(folder: Path) -> Callable[[Told], None]:
    """Open the ledger again and again, and tell of every half."""

    def read(told: Told) -> None:
        opened = 0
        ledger = fd.open(folder / "claims.csv", strict=True)
        while not (folder / "over").exists():
            # strict: a row that joins nothing is an error
            ledger = fd.open(folder / "claims.csv", strict=True) if opened % 2 else ledger.refresh()
            for half in halves(frames(ledger)):
                told.tell((half,))
            opened += 1
        told.tell((f"opened {opened}",))

    return read


def halves(rows: Rows) -> Iterator[str]:
    """Rows without those written by the same call, and cells that are not as their last change says."""
    places = {
        name: {column: at for at, column in enumerate(table.names)} for name, table in schema.TABLES.items()
    }
    for name, column, of in (
        ("evidence", "claim_id", "claims"), ("evidence", "source_id", "sources"), ("statuses", "claim_id", "claims"),
        ("appearances", "claim_id", "claims"), ("snapshots", "source_id", "sources"), ("claims", "appearance", "sources"),
        ("statuses", "evidence", "evidence"),
    ):  # fmt: skip
        named = {one for row in rows[name].values() for one in row[places[name][column]].split(";") if one}
        yield from (f"{name} {one} without {of}" for one in named - rows[of].keys())
    last: dict[tuple[str, ...], str] = {}
    for row in rows["changes"].values():
        change = dict(zip(schema.CHANGES.names, row, strict=False))
        if change["column"]:
            last[change["table"], change["row_id"], change["column"]] = change["after"]
    for (name, row_id, column), after in last.items():
        if rows[name].get(row_id, ("",) * 20)[places[name][column]] != after:
            yield f"{name} {row_id} {column} is not as its last change says"


def crowd(
    folder: Path, writers: list[Callable[[Told], None]], readers: int, kill: Random | None = None
) -> dict[str, int]:
    """Let them all loose on one ledger, the first half of them to be killed; give how many calls and readings were made and what was wrong."""
    before = frames(begun(folder, 4))
    looking = [in_child(reader(folder)) for _ in range(readers)]
    writing = [in_child(one) for one in writers]
    with ThreadPoolExecutor(len(looking) + len(writing)) as pool:
        heard = [pool.submit(told.heard) for _, told in writing]
        seen = [pool.submit(told.heard) for _, told in looking]
        for child, _ in writing[: len(writing) // 2] if kill else []:
            time.sleep(kill.uniform(0.05, 0.5))  # type: ignore[union-attr]
            os.kill(child, signal.SIGKILL)
        endings = [ended(child) for child, _ in writing]
        (folder / "over").touch()
        endings += [ended(child) for child, _ in looking]
        calls = [one.result() for one in heard]
        sights = [said for one in seen for said in one.result()[1]]
    wrong = [f"a process ended with {one}" for one in endings if one not in (0, -signal.SIGKILL)]
    wrong += [said for _, words in calls for said in words]
    wrong += [said for said in sights if not said.startswith("opened")]
    with unwarned():
        after = frames(fd.open(folder / "claims.csv", by="Next", strict=True))
    wrong += [*halves(after), *lost_or_foreign(before, after, [call for of, _ in calls for call in of])]
    counts = {
        "tried": sum(len(of) for of, _ in calls),
        "acknowledged": sum(call.returned for of, _ in calls for call in of),
        "readings": sum(int(said.split()[1]) for said in sights if said.startswith("opened")),
        "lost or half": len(wrong),
    }
    assert wrong == []
    return counts


def lost_or_foreign(before: Rows, after: Rows, calls: list[Written]) -> Iterator[str]:
    """Calls that returned and are not there, calls that are half there, and rows that nobody wrote."""
    edited = {(name, cell[0]) for call in calls for name, cells in call.cells.items() for cell in cells}
    known = {name: set(rows) for name, rows in before.items()}
    for call in calls:
        there = []
        for name, rows in call.rows.items():
            for row in rows:
                stands = after[name].get(row[0])
                there.append(stands is not None and (stands == tuple(row) or (name, row[0]) in edited))
                known[name].add(row[0])
        if call.returned and not all(there):
            yield f"lost: {call}"
        elif len(set(there)) > 1:
            yield f"half: {call}"
    for name, rows in after.items():
        yield from (f"nobody wrote {name} {row_id}" for row_id in rows.keys() - known[name])


def test_writers_in_many_processes_lose_nothing_while_readers_see_no_half(tmp_path, tally):
    writers = [writer(tmp_path, at, CHANGING, 150 if LONG else 6) for at in range(8 if LONG else 3)]
    tally("writers at once, adding and editing", **crowd(tmp_path, writers, readers=2 if LONG else 1))


@pytest.mark.parametrize("seed", range(10 if LONGER else 4 if LONG else 1))
def test_writers_killed_among_others_hold_nobody_up_and_lose_nothing(seed, tmp_path, tally):
    count = 6 if LONG else 2
    writers = [writer(tmp_path, at, CHANGING, 10**6 if at < count // 2 else 8) for at in range(count)]
    tally("writers at once, half of them killed", **crowd(tmp_path, writers, 1, Random(seed)))


@pytest.mark.skipif(not LONG, reason="make faults")
def test_eight_writers_add_a_thousand_claims_each(tmp_path, tally):
    counts = crowd(tmp_path, [writer(tmp_path, at, ["log"], 1000) for at in range(8)], readers=1)
    tally("8 writers, 1,000 claims each", **counts)


def test_the_lock_of_a_dead_process_holds_nobody_up(tmp_path, monkeypatch):
    monkeypatch.setattr("factdesk.storage.lock.SECONDS", 5.0)
    ledger = begun(tmp_path, 12)

    def hold(_: Any) -> None:
        with ledger._store.writing():
            os.kill(os.getpid(), signal.SIGKILL)

    child, told = in_child(hold)
    told.heard()
    assert ended(child) == -signal.SIGKILL
    ledger.log("It hailed.", claimant="Radio")
