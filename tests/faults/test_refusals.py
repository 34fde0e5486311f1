"""Disks that refuse: whatever call fails, and for however long, the error is ours and tells what stands."""

import errno
import itertools
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import factdesk as fd
from factdesk.errors import WriteFailed
from factdesk.schema import SEALS
from factdesk.storage import seals
from factdesk.storage.files import Store
from factdesk.storage.folder import Folder
from factdesk.storage.journal import Entry
from faults import LONG, LONGER
from faults.moves import (
    MOVES,
    Written,
    begun,
    ended,
    frames,
    in_child,
    killed,
    lost_documents,
    make,
    opened_by_a_reader,
    performing,
    unwarned,
    with_entry,
)

CODES = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EINTR, errno.EDQUOT)
WAYS = ("once", "from then on", "full from then on", "interrupted")


class Refuse:
    """Refuses one of the calls, or every one from there on, or from there on all that need room."""

    def __init__(self, at: int, way: str, code: int) -> None:
        self.at, self.way, self.calls, self.refused = at, way, 0, 0
        self.error: BaseException = OSError(code, os.strerror(code))
        if way == "interrupted":
            self.error = KeyboardInterrupt()

    def __call__(self, call: str, path: Path, action: Callable[[], Any]) -> Any:
        at = self.calls
        self.calls += 1
        needs_room = call in ("write", "create", "make folder")
        lasting = self.way == "from then on" or (self.way == "full from then on" and needs_room)
        if at == self.at or (at > self.at and lasting):
            self.refused += 1
            raise self.error
        return action()


class Trials:
    """One ledger, kept open, whose writes a disk refuses one after the other."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, Random(seed)
        self.ledger = begun(folder, seed + 10**6)
        self.rows = frames(self.ledger)
        self.refused = 0
        self.wrong: list[str] = []

    def refuse(self, name: str, at: int, way: str, code: int) -> bool:
        """Let the disk refuse a write at a call; say whether it came to that."""
        asked: list[Written] = []
        commit, seal = Store.commit, seals.keep

        def noting(store: Store, entry: Entry, *rest: Any) -> Any:
            asked.append(Written.of(entry))
            return commit(store, entry, *rest)

        def noting_a_seal(store: Store, row: Any, leaves: bytes) -> None:
            asked.append(Written({"seals": [[row[name] for name in SEALS.names]]}, {}))
            seal(store, row, leaves)

        told = ""
        refusing = Refuse(at, way, code)
        where = f"{name}, call {at} refused {way} ({errno.errorcode[code]})"
        with pytest.MonkeyPatch.context() as patch, performing(refusing):
            patch.setattr(Store, "commit", noting)
            patch.setattr(seals, "keep", noting_a_seal)
            try:
                make(self.ledger, name, self.random, self.folder)
            except fd.FactdeskError as error:
                told = str(error)
            except KeyboardInterrupt:
                told = "interrupted"
            except BaseException as error:
                self.wrong.append(f"{where}: an error that is not ours: {error!r}")
        with unwarned():
            try:
                self._look(where, told, asked)
            except (fd.FactdeskError, OSError, AssertionError) as error:
                self.wrong.append(f"{where}: it does not open, or takes no write: {error!r}")
        self.refused += bool(refusing.refused)
        return bool(refusing.refused)

    def _look(self, where: str, told: str, asked: list[Written]) -> None:
        after = with_entry(self.rows, asked[0]) if asked else self.rows
        allowed = [self.rows, after]
        if "Nothing was written" in told or "Nothing was sealed" in told:
            allowed = [self.rows]
        elif not told or "will then stand whole" in told or "It is sealed" in told:
            allowed = [after]
        elif told != "interrupted" and "whoever opens the ledger next" not in told:
            self.wrong.append(f"{where}: it does not say what stands: {told}")
        reader = opened_by_a_reader(self.folder)
        rows = frames(reader)
        if rows not in allowed:
            self.wrong.append(f"{where}: reopened it holds something else than what was said: {told}")
        self.wrong += [f"{where}: {fault}" for fault in lost_documents(self.folder, rows)]
        if frames(self.ledger.refresh()) != rows:
            self.wrong.append(f"{where}: the open ledger holds something else than the files")
        self.ledger.log(f"Claim {len(rows['claims'])}.", claimant="Next")
        self.rows = frames(self.ledger)
        *others, _ = self.rows["claims"]
        if {**self.rows, "claims": others} != {**rows, "claims": list(rows["claims"])}:
            self.wrong.append(f"{where}: the next write left more or less than itself")


SOME = {
    "seal": "once",
    "attach a file": "once",
    "edit many cells": "full from then on",
    "describe": "from then on",
}


@pytest.mark.parametrize(("name", "way"), itertools.product(MOVES, WAYS) if LONG else SOME.items())
def test_a_write_that_the_disk_refuses_says_what_stands(name, way, tmp_path, tally):
    trials = Trials(tmp_path, 1)
    for code in CODES[: 6 if LONGER else 2] if LONG and way != "interrupted" else CODES[:1]:
        at = 0
        while not trials.wrong and trials.refuse(name, at, way, CODES[(CODES.index(code) + at) % len(CODES)]):
            at += 1 if LONG else 3
    tally(f"calls refused, {way}", tried=trials.refused, **{"lost or half": len(trials.wrong)})
    assert trials.wrong == []
    assert trials.refused > 2


@pytest.mark.parametrize("way", WAYS if LONG else ["once"])
def test_a_disk_that_refuses_what_finishes_a_dead_writers_call_keeps_it_for_the_next(way, tmp_path, tally):
    ledger = begun(tmp_path / "start", 3)
    claim_id = ledger.claims["claim_id"].iloc[0]

    [asked] = killed(
        lambda call, _: call == "rename",
        lambda: ledger.edit("claims", claim_id, why="a look", note="seen", topics="sky"),
    )
    whole = with_entry(frames(ledger), asked)
    at = refused = 0
    while True:
        shutil.rmtree(tmp_path / "x", ignore_errors=True)
        shutil.copytree(tmp_path / "start", tmp_path / "x")
        next_one = fd.open(tmp_path / "x" / "claims.csv", by="Next")
        refusing = Refuse(at, way, CODES[at % len(CODES)])
        with performing(refusing):
            try:
                next_one.log("It hailed.", claimant="Radio", claim_id="hail")
            except (fd.FactdeskError, KeyboardInterrupt) as error:
                told = ("opener", "opens the ledger next", "Nothing was written")
                assert isinstance(error, KeyboardInterrupt) or any(one in str(error) for one in told)
        if not refusing.refused:
            break
        refused += 1
        rows = frames(opened_by_a_reader(tmp_path / "x"))
        hail = rows["claims"].pop("hail", None)
        assert rows == whole
        next_one.log("It hailed.", claimant="Radio", claim_id="hail")
        assert (frames(next_one)["claims"]["hail"] == hail) or hail is None
        at += 1 if LONG else 3
    tally("calls refused while a dead writer's call is finished", tried=refused, **{"lost or half": 0})
    assert refused > 3


def test_a_disk_that_writes_a_few_bytes_at_a_time_writes_them_all(tmp_path, monkeypatch):
    ledger = begun(tmp_path, 5)
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:7]))
    for name in ("log with a file", "edit many cells", "set status"):
        make(ledger, name, Random(5), tmp_path)
    monkeypatch.undo()
    assert frames(opened_by_a_reader(tmp_path)) == frames(ledger)


def test_files_that_the_system_lets_grow_no_further_are_as_they_were(tmp_path, tally):
    """The system's own limit on a file's size: a write comes up short, and the next one fails."""
    ledger = begun(tmp_path, 6)
    stood = frames(ledger)
    size = (tmp_path / "claims.csv").stat().st_size

    def write(told: Any) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        for room in (0, 1, 30, 90):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, hard))
            try:
                ledger.log("It hailed. " * 20, claimant="Radio", claim_id="hail")
            except fd.FactdeskError as error:
                told.tell((str(error),))
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            assert frames(ledger) == stood
            assert frames(opened_by_a_reader(tmp_path)) == stood
        ledger.log("It hailed. " * 20, claimant="Radio", claim_id="hail")

    child, told = in_child(write)
    _, said = told.heard()
    assert (ended(child), len(said)) == (0, 4), said
    assert all("Nothing was written" in one and os.strerror(errno.EFBIG) in one for one in said)
    assert frames(ledger.refresh())["claims"].keys() - stood["claims"].keys() == {"hail"}
    tally("files that the system lets grow no further", tried=4, **{"lost or half": 0})


# --- somebody else's files


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder into which every user may look."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_somebody_else(action: Callable[[], object]) -> list[str]:
    """Do something without root's right to do everything; give what it says, or how it failed."""

    def do(told: Any) -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        told.tell((str(action()),))

    child, told = in_child(do)
    said = told.heard()[1]
    ended(child)
    return said


def digest_or_error(path: Path) -> str:
    try:
        return fd.open(path, by="Reader").digest()
    except fd.FactdeskError as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("name", MOVES if LONG else ["edit many cells"])
def test_who_may_not_write_sees_what_a_writer_killed_at_any_call_left(name, open_folder, tally):
    """Real rights, not a stand-in: the reader is another user, or the folder may not be written."""
    ledger = begun(open_folder, 7)
    tried = 0

    def die_at(at: int) -> Callable[[Any], None]:
        calls = itertools.count()

        def perform(call: str, path: Path, action: Callable[[], Any]) -> Any:
            if next(calls) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return action()

        def write(_: Any) -> None:
            with performing(perform):
                make(ledger, name, Random(at + 99), open_folder)

        return write

    for at in range(0, 60, 1 if LONG else 4):
        child, told = in_child(die_at(at))
        told.heard()
        if ended(child) != -signal.SIGKILL:
            break
        folders = [open_folder / "claims" / ".factdesk", open_folder / "claims", open_folder]
        for folder in folders:
            folder.chmod(0o555)
        try:
            [seen] = as_somebody_else(lambda: digest_or_error(open_folder / "claims.csv"))
        finally:
            for folder in folders:
                folder.chmod(0o755)
        assert seen == fd.open(open_folder / "claims.csv").digest()
        tried += 1
    tally("kill -9, then a reader without the right to write", tried=tried, **{"lost or half": 0})
    assert tried > 3


@pytest.mark.parametrize("closed", ["claims", "claims.csv", "claims/statuses.csv", "claims/ledger.toml", "."])
def test_what_may_not_be_read_is_named_in_an_error_of_ours(closed, open_folder):
    begun(open_folder, 8)
    (open_folder / closed).chmod(0)
    try:
        [said] = as_somebody_else(lambda: digest_or_error(open_folder / "claims.csv"))
    finally:
        (open_folder / closed).chmod(0o755)
    assert said.startswith(("LedgerUnreadable", "NotFound")), said


def test_a_journal_that_may_not_be_read_is_no_journal_without_an_entry(open_folder):
    ledger = begun(open_folder, 9)

    killed(
        lambda _, path: path.name == "claims.csv",
        lambda: ledger.log("It hailed.", claimant="Radio", claim_id="hail"),
    )
    journal = open_folder / "claims" / ".factdesk" / "journal"
    for folder in (journal.parent, journal.parent.parent, open_folder):
        folder.chmod(0o777)
    for file in open_folder.rglob("*"):
        file.chmod(0o777)
    journal.chmod(0)

    def write_too() -> str:
        try:
            return fd.open(open_folder / "claims.csv", by="Next").log("It thundered.", claimant="Next")
        except fd.FactdeskError as error:
            return f"{type(error).__name__}: {error}"

    [said] = as_somebody_else(write_too)
    assert "journal" in said
    assert journal.stat().st_size
    journal.chmod(0o644)
    assert "hail" in frames(opened_by_a_reader(open_folder))["claims"]


def test_a_table_that_goes_away_in_the_middle_of_a_call_is_an_error_of_ours(tmp_path, monkeypatch):
    ledger = begun(tmp_path, 10)
    stood = frames(ledger)

    def refuse(disk: Folder, path: Path, size: int) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("factdesk.storage.folder.Folder.tail", refuse)
        with pytest.raises(WriteFailed, match="Nothing was written"):
            ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert frames(ledger) == frames(opened_by_a_reader(tmp_path)) == stood


def test_a_torn_line_is_never_lost_whatever_call_is_refused_while_it_is_set_aside(tmp_path):
    start = tmp_path / "start"
    begun(start, 13)
    with (start / "claims.csv").open("ab") as file:
        file.write(b"x,half a cla")
    at = 0
    while True:
        folder = tmp_path / str(at)
        shutil.copytree(start, folder)
        ledger = fd.open(folder / "claims.csv", by="Next")
        refusing = Refuse(at, WAYS[at % 2], errno.ENOSPC)
        with performing(refusing), unwarned():
            try:
                ledger.log("It hailed.", claimant="Radio", claim_id="hail")
            except fd.FactdeskError as error:
                assert "Nothing was written" in str(error) or "opens the ledger next" in str(error)
        if not refusing.refused:
            break
        with unwarned():
            ledger.log("It hailed.", claimant="Radio", claim_id="hail")
        kept = [path.read_bytes() for path in folder.glob("claims.csv*")]
        assert any(b"x,half a cla" in data for data in kept)
        assert list(frames(opened_by_a_reader(folder))["claims"])[-1] == "hail"
        at += 1 if LONG else 3
    assert at > 5
