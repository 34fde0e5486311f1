"""Writers killed at every call that changes the disk, also while they finish what a dead one left."""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

import factdesk as fd
from factdesk.storage.baseline import signature_of
from factdesk.storage.files import Store
from faults import LONG, LONGER
from faults.moves import (
    ABOUT_FILES,
    MOVES,
    Rows,
    Told,
    begun,
    change_files_for,
    ended,
    forbidden,
    frames,
    in_child,
    lost_documents,
    make,
    opened_by_a_reader,
    performing,
    seals,
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


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restore(folder: Path, kept: dict[Path, bytes]) -> None:
    """Make the files what they were."""
    for path, data in contents(folder).items():
        if path not in kept:
            path.unlink()
        elif data != kept[path]:
            path.write_bytes(kept[path])
    for path in kept.keys() - contents(folder).keys():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kept[path])


def signatures(folder: Path) -> dict[str, Any]:
    store = Store(folder / "claims.csv")
    return {name: signature_of(path) for name, path in {**store.files, "settings": store.settings}.items()}


class Chain:
    """One ledger whose writers die one after the other, and what has to stand in it after each."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, Random(seed)
        self.ledger = begun(folder, seed + 10**6)
        self.rows = frames(self.ledger)
        self.killed = self.acknowledged = 0
        self.calls = dict.fromkeys([*MOVES, *ABOUT_FILES], 12)
        self.wrong: list[str] = []

    def kill(self, name: str, at: int, before: bool) -> bool:
        """Let one writer die at a call, and look at what it left; say whether it did."""
        if self.random.random() < 0.1:
            shutil.rmtree(self.folder / "claims" / ".factdesk" / "known", ignore_errors=True)
        self._change_files(name)
        stood = self._files()
        ending, allowed, where = self._write(name, at, before)
        self.random.seed(self.random.random())  # the writer drew from a copy in its own process
        if self._files() != stood:  # the same bytes read the same
            self.look(where, allowed)
        elif self.rows not in allowed:
            self.wrong.append(f"{where}: what was acknowledged is not there")
        return ending == KILLED

    def _write(self, name: str, at: int, before: bool) -> tuple[int, list[Rows], str]:
        """Let a writer die, or not; give how it ended, and what may stand then."""

        def write(told: Told) -> None:
            dying = Kill(at, before)
            with performing(dying):
                make(self.ledger, name, self.random, self.folder)
            told.tell(("returned", dying.calls))

        child, told = in_child(write)
        calls, said = told.heard()
        ending = ended(child)
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
        return ending, allowed, where

    def _files(self) -> list[bytes]:
        store = Store(self.folder / "claims.csv")
        return [
            p.read_bytes() for p in (*store.files.values(), store.journal.path, store.seals) if p.exists()
        ]

    def _change_files(self, name: str) -> None:
        """Where a move is about what others did to the files, do that first."""
        if name in ABOUT_FILES:
            change_files_for(name, self.ledger, self.random)
            self.ledger = opened_by_a_reader(self.folder)
            self.rows = frames(self.ledger)

    def look(self, where: str, allowed: list[Rows]) -> None:
        """Open the ledger as somebody who may not write, and now and then go on writing."""
        with unwarned():
            try:
                self.ledger = opened_by_a_reader(self.folder)
                rows = frames(self.ledger)
                if rows not in allowed:
                    self.wrong.append(f"{where}: what stands is not what was written")
                self.wrong += [f"{where}: {fault}" for fault in lost_documents(self.folder, rows)]
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
        """Kill one and the same write at its calls, however many these are, on the same files each time."""
        self._change_files(name)
        kept, ledger, rows, random = contents(self.folder), self.ledger, self.rows, self.random.getstate()
        for before in (True, False):
            for at in range(0 if before else 1, 200, 1 if LONG else 6):
                restore(self.folder, kept)
                # byte for byte what was read, under other inodes
                self.ledger, self.rows = ledger, rows
                ledger._content = replace(ledger._content, signatures=signatures(self.folder))
                self.random.setstate(random)
                ending, allowed, where = self._write(name, at, before)
                if at % 16 == 8 or (ending != KILLED and not before) or name == "tidy":  # rows stand twice
                    self.random.seed(at)
                    self.look(where, allowed)
                else:
                    self._glance(where, allowed)
                if self.wrong or ending != KILLED:
                    break

    def _glance(self, where: str, allowed: list[Rows]) -> None:
        """Read the files as every opener reads them, in a fifth of the time that judging each cell takes."""
        with performing(forbidden):
            try:
                store = Store(self.folder / "claims.csv")
                readings = store.read().readings
            except fd.FactdeskError as error:
                self.wrong.append(f"{where}: it does not open: {error}")
                return
        rows = {n: {row[0]: tuple(row) for row in of.cells.to_numpy().tolist()} for n, of in readings.items()}
        rows["seals"] = seals(store)
        faults = [finding for of in readings.values() for finding in of.findings]
        if rows not in allowed or faults or any(len(rows[n]) != len(of.cells) for n, of in readings.items()):
            self.wrong.append(f"{where}: what stands is not what was written {faults}")
        self.wrong += [f"{where}: {fault}" for fault in lost_documents(self.folder, rows)]

    def kill_anywhere(self, times: int) -> None:
        """Kill random writes at random calls."""
        while not self.wrong and self.killed < times:
            name = self.random.choice([*MOVES, *ABOUT_FILES])
            self.kill(name, self.random.randrange(self.calls[name]), self.random.random() < 0.4)
            if name in ABOUT_FILES and not self.wrong:
                self.do_again(name)

    def do_again(self, name: str) -> None:
        """Let somebody end what the killed call was about: rows in two versions can't be told by what a call wrote."""
        with unwarned():
            self.ledger = fd.open(self.folder / "claims.csv", by="Again")
            make(self.ledger, name, self.random, self.folder)
            self.rows = frames(self.ledger)

    def told(self) -> dict[str, int]:
        """Count what is to be told."""
        return {"tried": self.killed, "acknowledged": self.acknowledged, "lost or half": len(self.wrong)}


# What the others do to the disk, these do too.
SOME = ["attach a file", "log a promise", "edit many cells", "seal", "accept what is gone", "restore", "tidy"]
KINDS = [*MOVES, *ABOUT_FILES] if LONG else SOME


@pytest.mark.parametrize("seed", range(36 if LONGER else 8 if LONG else 1))
def test_a_writer_killed_at_any_call_leaves_its_write_whole_or_not_there(seed, tmp_path, tally):
    chain = Chain(tmp_path, seed)
    for name in KINDS:
        chain.kill_everywhere(name)
    tally("kill -9 at every call of every kind of write", **chain.told())
    assert chain.wrong == []
    assert chain.killed > (15 if LONG else 3) * len(KINDS)


@pytest.mark.parametrize("seed", range(20 if LONGER else 8 if LONG else 1))
def test_random_writers_killed_at_random_calls_lose_nothing(seed, tmp_path, tally):
    chain = Chain(tmp_path, seed)
    chain.kill_anywhere(50 if LONG else 10)
    tally("kill -9 at random calls, also of writers that finish what a dead one left", **chain.told())
    assert chain.wrong == []
