"""Writers killed at every call that changes the disk, also while they finish what a dead one left."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

import factdesk as fd
from factdesk.store import Store
from faults import LONG
from faults.moves import (
    MOVES,
    Rows,
    Told,
    begun,
    ended,
    frames,
    in_child,
    lost_documents,
    make,
    opened_by_a_reader,
    performing,
    unwarned,
    with_entry,
)

KILLED = -signal.SIGKILL


class Kill:
    """Kills its own process at one of the calls: before it, or after it, of a write after half of the bytes."""

    def __init__(self, at: int, before: bool) -> None:
        self.at, self.before, self.calls = at, before, 0

    def __call__(self, call: str, path: Path, action: Callable[[], Any]) -> Any:
        here = self.calls == self.at
        self.calls += 1
        if here and call == "write":
            halve(action) if not self.before else None
        elif not here or not self.before:
            got = action()
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return got


def halve(action: Callable[[], Any]) -> None:
    """Do half of a write."""
    write = os.write
    os.write = lambda descriptor, data: write(descriptor, bytes(data)[: len(data) // 2])  # type: ignore[assignment]
    action()


class Chain:
    """One ledger whose writers die one after the other, and what has to stand in it after each."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, Random(seed)
        self.ledger = begun(folder, seed + 10**6)
        self.rows = frames(self.ledger)
        self.killed = self.acknowledged = 0
        self.calls = dict.fromkeys(MOVES, 12)
        self.wrong: list[str] = []

    def kill(self, name: str, at: int, before: bool) -> bool:
        """Let one writer die at a call, and look at what it left; say whether it did."""
        if self.random.random() < 0.1:
            shutil.rmtree(self.folder / "claims" / ".factdesk" / "known", ignore_errors=True)
        stood = self._files()

        def write(told: Told) -> None:
            dying = Kill(at, before)
            with performing(dying):
                make(self.ledger, name, self.random, self.folder)
            told.tell(("returned", dying.calls))

        child, told = in_child(write)
        calls, said = told.heard()
        ending = ended(child)
        self.random.seed(self.random.random())  # the writer drew from a copy in its own process
        where = f"{name}, killed {'before' if before else 'in or after'} call {at}"
        if ending == KILLED:
            self.killed += 1
        elif ending == 0:
            self.calls[name] = told.calls or self.calls[name]
        else:
            self.wrong.append(f"{where}: it ended with {ending}: {said}")
        allowed = [self.rows]
        for call in calls:
            allowed.append(with_entry(allowed[-1], call))
            if call.returned:
                allowed = allowed[-1:]
                self.acknowledged += 1
        if self._files() != stood:  # the same bytes read the same
            self.look(where, allowed)
        elif self.rows not in allowed:
            self.wrong.append(f"{where}: what was acknowledged is not there")
        return ending == KILLED

    def _files(self) -> list[bytes]:
        store = Store(self.folder / "claims.csv")
        return [p.read_bytes() for p in (*store.files.values(), store.journal) if p.exists()]

    def look(self, where: str, allowed: list[Rows]) -> None:
        """Open the ledger as somebody who may not write, and now and then go on writing."""
        with unwarned():
            try:
                self.ledger = opened_by_a_reader(self.folder)
                rows = frames(self.ledger)
                if rows not in allowed:
                    self.wrong.append(f"{where}: what stands is not what was written")
                self.wrong += [f"{where}: {fault}" for fault in lost_documents(self.ledger, rows)]
                if self.random.random() < 0.3:
                    row_id = self.ledger.log(f"Claim {len(rows['claims'])}.", claimant="Next")
                    later = frames(self.ledger)
                    del later["claims"][row_id]
                    if later != rows:
                        self.wrong.append(f"{where}: the next writer finds something else than the reader")
                    rows = frames(self.ledger)
                self.rows = rows
            except (fd.FactdeskError, OSError, AssertionError) as error:
                self.wrong.append(f"{where}: it does not open, or takes no write: {error}")

    def kill_everywhere(self, name: str) -> None:
        """Kill one kind of write at each of its calls, however many these are."""
        for before in (True, False):
            at = over = 0
            while not self.wrong and over < 3:  # the same write takes fewer calls where a document is known
                over = 0 if self.kill(name, at, before) else over + 1
                at += 1

    def kill_anywhere(self, times: int) -> None:
        """Kill random writes at random calls."""
        while not self.wrong and self.killed < times:
            name = self.random.choice(list(MOVES))
            self.kill(name, self.random.randrange(self.calls[name]), self.random.random() < 0.4)

    def told(self) -> dict[str, int]:
        """Count what is to be told."""
        return {"tried": self.killed, "acknowledged": self.acknowledged, "lost or half": len(self.wrong)}


# What the others do to the disk, these do too.
KINDS = list(MOVES) if LONG else ["log", "attach a file", "edit many cells", "describe"]


@pytest.mark.parametrize("name", KINDS)
def test_a_writer_killed_at_any_call_leaves_its_write_whole_or_not_there(name, tmp_path, tally):
    chain = Chain(tmp_path, 1)
    chain.kill_everywhere(name)
    tally("kill -9 at every call of every kind of write", **chain.told())
    assert chain.wrong == []
    assert chain.killed > 10


@pytest.mark.parametrize("seed", range(100 if LONG else 1))
def test_random_writers_killed_at_random_calls_lose_nothing(seed, tmp_path, tally):
    chain = Chain(tmp_path, seed)
    chain.kill_anywhere(100 if LONG else 25)
    tally("kill -9 at random calls of random writes, one after the other", **chain.told())
    assert chain.wrong == []
