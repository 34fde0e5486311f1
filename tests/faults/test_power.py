"""Power cuts at every call: what was synced is there, what was not may be absent, half there or whole."""

import hashlib
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest

import factdesk as fd
from faults import LONG, LONGER
from faults.moves import (
    ABOUT_FILES,
    MOVES,
    Rows,
    begun,
    change_files_for,
    frames,
    lost_documents,
    make,
    opened_by_a_reader,
    performing,
    unwarned,
)
from faults.platter import Platter, put


class Cuts:
    """Makes writes on a disk that is followed, and looks at what a power cut after each call leaves."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.folder, self.after = folder / "desk" / "case", folder / "after"
        self.folder.mkdir(parents=True)
        self.states: list[tuple[int, str, dict[str, bytes]]] = []
        self.acknowledged: list[Rows] = []
        self.seen: set[str] = set()
        self.cuts = self.tried = 0
        self.wrong: list[str] = []

    @property
    def told(self) -> dict[str, int]:
        """Count what is to be told."""
        return {"tried": self.cuts, "states": self.tried, "lost or half": len(self.wrong)}

    def record(self, names: list[str], begin: bool) -> None:
        """Make writes, and keep the states that a power cut after each call can leave."""
        if not begin:
            begun(self.folder, self.random.randrange(10**6))
            if names[0] in ABOUT_FILES:
                change_files_for(names[0], fd.open(self.folder / "claims.csv", by="Ada Quist"), self.random)
            elif self.random.random() < 0.5:
                shutil.rmtree(self.folder / "claims" / ".factdesk")
        platter = Platter(self.folder.parent)
        platter.at_call = lambda call: self._keep(platter, call)
        with performing(platter):
            if begin:
                self.ledger = fd.create(self.folder / "claims.csv", title="Weather", by="Ada Quist")
            else:
                self.ledger = fd.open(self.folder / "claims.csv", by="Ada Quist")
            self.acknowledged.append(frames(self.ledger))
            for name in names:
                make(self.ledger, name, self.random, self.folder.parent.parent)
                self.acknowledged.append(frames(self.ledger))

    def _keep(self, platter: Platter, call: str) -> None:
        self.cuts += 1
        for state in platter.states(self.random, more=6 if LONG else 2):
            digest = hashlib.sha256(
                repr((len(self.acknowledged), sorted(state.items()))).encode()
            ).hexdigest()
            if digest not in self.seen:
                self.seen.add(digest)
                self.states.append((len(self.acknowledged), call, state))

    def check(self) -> None:
        """Open each state: every call that returned is there, and of the one under way all or nothing."""
        for at, call, state in self.states if LONG else self.states[::5]:
            folder = self.after / str(self.tried)
            put(state, folder)
            self.tried += 1
            with unwarned():
                fault = self._fault(folder / "case", at)
            if fault:
                self.wrong.append(f"power cut after call {self.tried} ({call}): {fault}")
            shutil.rmtree(folder)

    def _fault(self, folder: Path, at: int) -> str:
        if at == 0:  # the ledger was being made
            if (folder / "claims.csv").exists():
                return "" if frames(opened_by_a_reader(folder)) == self.acknowledged[0] else "it is half made"
            again = fd.create(folder / "claims.csv", title="Weather", by="Ada Quist")
            return "" if frames(again) == self.acknowledged[0] else "it can't be made again"
        allowed = self.acknowledged[at - 1 : at + 1]
        try:
            ledger = opened_by_a_reader(folder)
            rows = frames(ledger)
            if rows not in allowed:
                return "what stands is not what was written"
            if lost := lost_documents(folder, rows):
                return lost[0]
            if self.random.random() < 0.3:
                row_id = ledger.log("A later claim.", claimant="Next")
                later = frames(ledger)
                del later["claims"][row_id]
                return "" if later == rows else "the next writer finds something else than the reader"
        except (fd.FactdeskError, OSError, AssertionError) as error:
            return f"it does not open, or takes no write: {error}"
        return ""


def tried(folder: Path, seed: int, names: list[str], tally: Any, begin: bool = False) -> None:
    cuts = Cuts(folder, seed)
    cuts.record(names, begin)
    cuts.check()
    tally("power cuts, after every call of random writes", **cuts.told)
    assert cuts.wrong == []


def test_a_new_ledger_is_wholly_there_or_can_be_made_again(tmp_path, tally):
    tried(tmp_path, 1, ["log"], tally, begin=True)


@pytest.mark.parametrize("name", [*MOVES, *ABOUT_FILES] if LONG else ["describe", "accept edits"])
def test_a_power_cut_at_any_call_leaves_a_write_whole_or_not_there(name, tmp_path, tally):
    tried(tmp_path, 1, [name], tally)


@pytest.mark.parametrize("seed", range(20 if LONGER else 6 if LONG else 1))
def test_power_cuts_in_a_row_of_random_writes_lose_nothing(seed, tmp_path, tally):
    random = Random(seed)
    tried(tmp_path, seed, random.choices(list(MOVES), k=5 if LONG else 2), tally)
