"""What the dead left behind: journals and tables cut at every byte, and files of another branch beside them."""

import shutil
from pathlib import Path

import pytest

import factdesk as fd
from factdesk.schema import CLAIMS
from factdesk.storage import csvfile, files
from faults import LONG
from faults.moves import begun, frames, killed, opened_by_a_reader, with_entry

WORDS = "It hailed in São Paulo, 雨 too. \U0001f327"


@pytest.fixture(scope="module")
def waiting(tmp_path_factory) -> tuple[Path, dict, dict]:
    """A ledger whose writer died once its journal was written; what stood before, and what has to stand."""
    folder = tmp_path_factory.mktemp("waiting")
    ledger = begun(folder, 11)

    [asked] = killed(
        lambda _, path: path.name == "claims.csv",
        lambda: ledger.log(WORDS, claimant="Radio", claim_id="hail"),
    )
    return folder, frames(ledger), with_entry(frames(ledger), asked)


def test_a_journal_cut_at_any_byte_was_never_committed(waiting, tmp_path, tally):
    folder, old, new = waiting
    shutil.copytree(folder, tmp_path / "x")
    case = files.Store(tmp_path / "x" / "claims.csv")
    whole = case.journal.path.read_bytes()
    assert case.journal.entry() is not None
    for size in range(len(whole)):
        case.journal.path.write_bytes(whole[:size])
        assert case.journal.entry() is None
        if size % (7 if LONG else 97) == 0:
            assert frames(opened_by_a_reader(tmp_path / "x")) == old
    for at in range(len(whole)):
        case.journal.path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert case.journal.entry() is None
    case.journal.path.write_bytes(whole)
    assert frames(opened_by_a_reader(tmp_path / "x")) == new
    tally("journals cut or changed at every byte", tried=2 * len(whole), **{"lost or half": 0})


def test_a_table_cut_at_any_byte_of_what_was_added_is_finished(waiting, tmp_path, tally):
    folder, _, new = waiting
    shutil.copytree(folder, tmp_path / "x")
    case = files.Store(tmp_path / "x" / "claims.csv")
    before, [added] = case.path.read_bytes(), [entry.text for entry in case.journal.entry().values()]
    tried = 0
    for size in range(0, len(added) + 1, 1 if LONG else 7):
        for tail in (
            added[:size],
            added[:size] + bytes(len(added) - size),
        ):  # cut, or its size without its bytes
            tried += 1
            case.path.write_bytes(before + tail)
            finished = case.read().readings["claims"]
            assert not finished.torn
            assert finished.cells["claim_id"].tolist() == list(new["claims"])
            assert finished.cells["claim"].tolist()[-1] == WORDS
            if size % (5 if LONG else 40) == 0:
                assert frames(opened_by_a_reader(tmp_path / "x")) == new
    tally("tables cut at every byte of what was added", tried=tried, **{"lost or half": 0})


@pytest.mark.parametrize("kept", [True, False])
def test_a_journal_of_another_branch_is_set_aside_whole_and_named(kept, waiting, tmp_path):
    folder, _, _ = waiting
    shutil.copytree(folder, tmp_path / "x")
    path = tmp_path / "x" / "claims.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(
        b"".join(lines[:1] if kept else [*lines[:-1], lines[-1].replace(b"Ada Quist", b"Bob Quist")])
    )
    for name in ("appearances", "evidence", "statuses"):
        table = path.with_suffix("") / f"{name}.csv"
        table.write_bytes(table.read_bytes().splitlines(keepends=True)[0])
    journal = (tmp_path / "x" / "claims" / ".factdesk" / "journal").read_bytes()
    ledger = fd.open(path, by="Next")
    assert "hail" not in frames(ledger)["claims"]
    with pytest.warns(fd.FactdeskWarning, match=r"set-aside\.json"):
        ledger.log("It thundered.", claimant="Next", claim_id="thunder")
    assert (tmp_path / "x" / "claims" / ".factdesk" / "set-aside.json").read_bytes() == journal
    assert "entry-set-aside" in set(ledger.check()["code"])
    assert list(frames(fd.open(path))["claims"])[-1] == "thunder"


@pytest.mark.parametrize(
    "typed", ["x", "It was typed over at length, and at greater length than what stood there."]
)
def test_a_cell_typed_into_above_rows_that_are_there_already_sets_nothing_aside(typed, waiting, tmp_path):
    """A writer died once its rows stood in the table: whatever becomes longer or shorter above, they are its own."""
    folder, _, new = waiting
    shutil.copytree(folder, tmp_path / "x")
    path = tmp_path / "x" / "claims.csv"
    [added] = [entry.text for entry in files.Store(path).journal.entry().values()]
    data = path.read_bytes()
    row = list(csvfile.records(data, CLAIMS))[1]
    line = csvfile.render([[row.cells[0], typed, *row.cells[2:]]])
    path.write_bytes(data[: row.start] + line + data[row.end :] + added)
    ledger = fd.open(path, by="Next")
    assert ledger.hand_edits()[["what", "after"]].to_numpy().tolist() == [["cell changed", typed]]
    ledger.accept_edits(why="typed")
    assert not list((tmp_path / "x" / "claims" / ".factdesk").glob("set-aside*"))
    assert list(frames(fd.open(path, strict=True))["claims"]) == list(new["claims"])
    assert path.read_bytes().count(b"\nhail,") == 1
