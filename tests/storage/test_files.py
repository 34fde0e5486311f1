"""What a ledger's files hold after a write, and beside what others did to them; faults/ puts faults in at every call."""

from __future__ import annotations

import errno
import functools
import json
import os
import shutil
import stat
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samples import claim, files, rain, table

import factdesk as fd
from factdesk import errors, schema
from factdesk.storage import csvfile, fsync
from factdesk.storage import files as store

EMPTY = b""


# --- the calls that are tried, and the disk that fails at one of them


def attach_file(ledger: fd.Ledger, folder: Path) -> None:
    (folder / "letter.txt").write_text("Dear all, it poured.")
    ledger.attach("rain", file=folder / "letter.txt", stance="context", quote="it poured")


def edit_many(ledger: fd.Ledger, folder: Path) -> None:
    ledger.edit("claims", ["rain", "snow"], why="a second look", note="seen\nagain", topics=["a", "b"])


CALLS: dict[str, Callable[[fd.Ledger, Path], object]] = {
    "log": lambda ledger, _: ledger.log("It hailed.", claimant="Radio", claim_id="hail"),
    "attach a file": attach_file,
    "edit": edit_many,
}


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


class Disk:
    """Stands for `disk.perform`: counts the calls, and lets one of them fail."""

    def __init__(self, at: int = -1, error: OSError | None = None) -> None:
        self.at, self.error = at, error
        self.calls: list[str] = []

    def __call__(self, call: str, path: Path, action: Callable[[], Any]) -> Any:
        self.calls.append(call)
        if len(self.calls) - 1 == self.at and self.error:
            raise self.error
        return action()


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    rain(folder)
    (folder / "more.txt").write_text("snow again")
    return folder


@functools.cache
def digest_of(folder: Path) -> str:
    return fd.open(folder / "claims.csv").digest()


def test_an_error_that_can_not_be_undone_says_that_the_next_opener_decides(start, tmp_path, monkeypatch):
    shutil.copytree(start, tmp_path / "x")
    ledger = fd.open(tmp_path / "x" / "claims.csv", by="Ada Quist")

    def refuse(call: str, path: Path, action: Callable[[], Any]) -> Any:
        if path.name == "claims.csv" or (call == "cut" and path.name == "journal"):
            raise OSError(errno.EIO, "Input/output error")
        return action()

    with monkeypatch.context() as patch:
        patch.setattr(fsync, "perform", refuse)
        with pytest.raises(errors.WriteFailed, match="whoever opens the ledger next"):
            ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert "hail" in set(ledger.claims["claim_id"])
    assert "hail" in set(fd.open(tmp_path / "x" / "claims.csv").claims["claim_id"])
    ledger.log("It thundered.", claimant="Radio", claim_id="thunder")
    assert [one for one in ledger.claims["claim_id"] if one == "hail"] == ["hail"]


# --- what the journal finds when files changed meanwhile


def cut_short(start: Path, folder: Path, name: str, monkeypatch, appended: int = 0) -> None:
    """A copy whose writer died with the journal synced and some of its tables written."""
    shutil.copytree(start, folder)
    ledger = fd.open(folder / "claims.csv", by="Ada Quist")
    writes = 0

    def dying(call: str, path: Path, action: Callable[[], Any]) -> Any:
        nonlocal writes
        if path.name != "journal" and path.parent.name != "snapshots":
            writes += call == "write"
            if writes > appended:
                raise Killed
        return action()

    with monkeypatch.context() as patch:
        patch.setattr(fsync, "perform", dying)
        patch.setattr(store.Store, "_undo", lambda *parts: (_ for _ in ()).throw(parts[-1]))
        with pytest.raises(Killed):
            CALLS[name](ledger, folder)
    assert (folder / "claims" / ".factdesk" / "journal").stat().st_size


def test_an_entry_for_files_of_another_branch_is_set_aside_and_named(start, tmp_path, monkeypatch):
    folder = tmp_path / "x"
    cut_short(start, folder, "log", monkeypatch)
    (folder / "claims.csv").write_bytes(csvfile.header_line(schema.CLAIMS) + claim("other"))
    for name in ("appearances", "evidence", "statuses", "snapshots", "sources"):
        table(folder, name).write_bytes(csvfile.header_line(schema.TABLES[name]))
    ledger = fd.open(folder / "claims.csv", by="Next")
    assert ledger.claims["claim_id"].tolist() == ["other"]
    with pytest.warns(fd.FactdeskWarning, match=r"set-aside\.json"):
        ledger.log("It thundered.", claimant="Radio", claim_id="thunder")
    assert ledger.claims["claim_id"].tolist() == ["other", "thunder"]
    found = {
        "entry-set-aside",
        "row-gone",
        "row-added",
    }  # without Git nobody can say that it is another branch
    assert set(ledger.check()["code"]) == set(fd.open(folder / "claims.csv").check()["code"]) == found
    aside = (folder / "claims" / ".factdesk" / "set-aside.json").read_text("utf-8")
    assert "hail" in str(json.loads(aside.partition(" ")[2]))


def test_an_entry_is_finished_beside_a_row_that_somebody_typed_meanwhile(start, tmp_path, monkeypatch):
    folder = tmp_path / "x"
    cut_short(start, folder, "log", monkeypatch)
    with (folder / "claims.csv").open("ab") as file:
        file.write(claim("typed").rstrip(b"\n"))
    assert fd.open(folder / "claims.csv").claims["claim_id"].tolist() == ["rain", "snow", "typed", "hail"]
    ledger = fd.open(folder / "claims.csv", by="Next")
    ledger.log("It thundered.", claimant="Radio", claim_id="thunder")
    assert fd.open(folder / "claims.csv", strict=True).claims["claim_id"].tolist() == [
        "rain", "snow", "typed", "hail", "thunder",
    ]  # fmt: skip


@pytest.mark.parametrize("torn", [b"\0" * 40, b"half a ro\xc3"])
def test_what_a_lost_power_supply_left_is_set_aside_and_the_entry_finished(
    torn, start, tmp_path, monkeypatch
):
    folder = tmp_path / "x"
    cut_short(start, folder, "log", monkeypatch)
    with (folder / "claims.csv").open("ab") as file:
        file.write(torn)
    assert fd.open(folder / "claims.csv").claims["claim_id"].tolist() == ["rain", "snow", "hail"]
    ledger = fd.open(folder / "claims.csv", by="Next")
    with pytest.warns(fd.FactdeskWarning, match=r"claims\.csv\.torn"):
        ledger.log("It thundered.", claimant="Radio", claim_id="thunder")
    assert ledger.claims["claim_id"].tolist() == ["rain", "snow", "hail", "thunder"]
    assert (folder / "claims.csv.torn").read_bytes() == torn
    assert ledger.check()["code"].tolist() == ["torn-line"]


def test_a_cell_that_was_put_back_by_hand_meanwhile_is_set_no_second_time(start, tmp_path, monkeypatch):
    folder = tmp_path / "x"
    cut_short(start, folder, "edit", monkeypatch, appended=1)
    path = folder / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b",sky,", b",by hand,"))
    ledger = fd.open(path)
    topics = ledger.claims.set_index("claim_id")["topics"]
    assert topics.to_dict() == {"rain": "by hand", "snow": "a;b"}


def test_a_table_in_another_encoding_beside_an_unfinished_entry_is_named_not_crashed_on(
    start, tmp_path, monkeypatch
):
    for name in ("log", "edit"):
        folder = tmp_path / name
        cut_short(start, folder, name, monkeypatch)
        with (folder / "claims.csv").open("ab") as file:
            file.write("é\n".encode("cp1252"))
        with pytest.raises(errors.LedgerUnreadable, match="UTF-8"):
            fd.open(folder / "claims.csv")


@pytest.mark.parametrize("journal", [b"x", b"0" * 64 + b" {}\n", b"\xff\xfe", b" ", b"{}"])
def test_a_journal_without_its_whole_checksum_was_never_committed(journal, start, tmp_path):
    folder = tmp_path / "x"
    shutil.copytree(start, folder)
    (folder / "claims" / ".factdesk" / "journal").write_bytes(journal)
    ledger = fd.open(folder / "claims.csv", by="Next")
    assert ledger.digest() == digest_of(start)
    ledger.log("It thundered.", claimant="Radio")
    assert len(ledger.claims) == 3


# --- several at once


def test_a_ledger_that_somebody_else_holds_is_busy(tmp_path, monkeypatch):
    ledger = rain(tmp_path)
    before = files(tmp_path)
    held = store.Store(tmp_path / "claims.csv")
    monkeypatch.setattr("factdesk.storage.lock.SECONDS", 0.1)
    with held.writing():
        for call in (lambda: ledger.log("x", claimant="y"), lambda: fd.open(tmp_path / "claims.csv")):
            with pytest.raises(errors.LedgerBusy, match="Nothing was written"):
                call()
    assert files(tmp_path) == before
    ledger.log("x", claimant="y")


def test_readers_do_not_hold_one_another_up(tmp_path, monkeypatch):
    rain(tmp_path)
    monkeypatch.setattr("factdesk.storage.lock.SECONDS", 0.1)
    reader = store.Store(tmp_path / "claims.csv")
    with reader.lock.held():
        assert len(fd.open(tmp_path / "claims.csv").claims) == 2


def test_what_others_wrote_is_there_after_refresh_and_before_a_write(tmp_path):
    mine = rain(tmp_path)
    other = fd.open(tmp_path / "claims.csv", by="Bo")
    other.log("It hailed.", claimant="Radio", claim_id="hail")
    assert len(mine.claims) == 2
    assert len(mine.refresh().claims) == 3
    other.edit("claims", "hail", why="a word", claim="It hailed hard.")
    mine.set_status("hail", "mixed", rationale="Pea-sized.")
    assert mine.claims["claim"].iloc[2] == "It hailed hard."
    (tmp_path / "claims" / "ledger.toml").write_text('title = "Storm"')
    assert mine.refresh().title == "Storm"


# --- files that people touch


@pytest.mark.parametrize("gone", ["claims.csv", "claims/statuses.csv", "claims/changes.csv", "claims"])
def test_a_file_that_went_away_under_an_open_ledger_is_named_and_nothing_made(gone, tmp_path):
    ledger = rain(tmp_path)
    path = tmp_path / gone
    path.rename(tmp_path / "elsewhere")
    before = files(tmp_path)
    for call in (ledger.refresh, lambda: ledger.log("x", claimant="y")):
        with pytest.raises(errors.LedgerUnreadable, match="missing"):
            call()
    assert files(tmp_path) == before
    assert not path.exists()


def test_a_file_replaced_under_an_open_ledger_is_read_anew(tmp_path):
    ledger = rain(tmp_path)
    (tmp_path / "new").write_bytes((tmp_path / "claims.csv").read_bytes() + claim("other"))
    (tmp_path / "new").replace(tmp_path / "claims.csv")
    assert ledger.log("x", claimant="y", claim_id="mine") == "mine"
    assert fd.open(tmp_path / "claims.csv").claims["claim_id"].tolist() == ["rain", "snow", "other", "mine"]
    table(tmp_path, "statuses").write_bytes("é".encode("cp1252"))
    with pytest.raises(errors.LedgerUnreadable, match="UTF-8"):
        ledger.log("z", claimant="y")


FORMS = {
    "commas": (csvfile.header_line(schema.CLAIMS), ","),
    "semicolons": (csvfile.render([schema.CLAIMS.names], ";"), ";"),
    "another order": (csvfile.render([list(reversed(schema.CLAIMS.names))]), ","),
    "an extra column": (
        csvfile.render([[*schema.CLAIMS.names[:3], "mine", "", *schema.CLAIMS.names[3:]]]),
        ",",
    ),
    "carriage returns": (csvfile.header_line(schema.CLAIMS).replace(b"\n", b"\r\n"), ","),
    "a byte-order mark": (b"\xef\xbb\xbf" + csvfile.header_line(schema.CLAIMS), ","),
    "bare carriage returns": (csvfile.header_line(schema.CLAIMS).replace(b"\n", b"\r"), ","),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("whole", [True, False])
def test_rows_are_added_and_edited_in_a_file_of_any_form(form, whole, tmp_path):
    header, delimiter = FORMS[form]
    end = "\r" if form == "bare carriage returns" else "\r\n" if form == "carriage returns" else "\n"
    names = header.decode("utf-8-sig").strip().split(delimiter)
    cells = {"claim_id": "typed", "claim": "It hailed.", "claimant": "C", "mine": "kept", "": "too",
             "logged_at": "2025-03-14T12:00:00.000000Z"}  # fmt: skip
    typed = delimiter.join(cells.get(name, "") for name in names).encode() + end.encode()
    rain(tmp_path)
    for name in ("appearances", "evidence", "statuses", "snapshots"):
        table(tmp_path, name).write_bytes(csvfile.header_line(schema.TABLES[name]))
    (tmp_path / "claims.csv").write_bytes(header + (typed if whole else typed.rstrip()))
    ledger = fd.open(tmp_path / "claims.csv", by="Ada Quist")
    ledger.log("It rained.", claimant="Radio", claim_id="new", quote="a;b,c")
    ledger.edit("claims", ["typed", "new"], why="a look", note='said "x"')
    again = fd.open(tmp_path / "claims.csv", strict=True)
    assert again.claims["claim_id"].tolist() == ["typed", "new"]
    assert again.claims["note"].tolist() == ['said "x"'] * 2
    assert again.claims["quote"].tolist() == ["", "a;b,c"]
    assert again.digest() == ledger.digest()
    if form == "an extra column":
        assert again.claims["mine"].tolist() == ["kept", ""]
        assert again.claims["column 5"].tolist() == ["too", ""]
    assert (tmp_path / "claims.csv").read_bytes().startswith(header)


def test_a_torn_last_line_is_set_aside_by_the_next_write_and_named(tmp_path):
    rain(tmp_path)
    torn = b"x,half a cla"
    with (tmp_path / "claims.csv").open("ab") as file:
        file.write(torn)
    with pytest.warns(fd.FactdeskWarning, match="one place is wrong; .* ledger.check"):
        ledger = fd.open(tmp_path / "claims.csv", by="Ada Quist", strict=True)
    before = files(tmp_path)
    with pytest.raises(errors.InvalidValue):
        ledger.log("", claimant="y")
    assert files(tmp_path) == before
    with pytest.warns(fd.FactdeskWarning, match=r"claims\.csv\.torn"):
        ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert (tmp_path / "claims.csv.torn").read_bytes() == torn + b"\n"
    assert ledger.check()["code"].tolist() == ["torn-line"]
    again = fd.open(tmp_path / "claims.csv", by="Ada Quist")
    assert again.claims["claim_id"].tolist() == ["rain", "snow", "hail"]
    assert again.check()["code"].tolist() == ["torn-line"]
    (tmp_path / "claims.csv.torn").unlink()
    assert fd.open(tmp_path / "claims.csv").check().empty


def test_a_torn_line_that_can_not_be_set_aside_is_an_error_of_ours(tmp_path, monkeypatch):
    rain(tmp_path)
    with (tmp_path / "claims.csv").open("ab") as file:
        file.write(b"x,half")
    ledger = fd.open(tmp_path / "claims.csv", by="Ada Quist")
    before = files(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(fsync, "perform", Disk(0, error=OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(errors.WriteFailed, match="No space left"):
            ledger.log("It hailed.", claimant="Radio")
    assert files(tmp_path) == before


def test_appending_neither_reads_nor_rewrites_what_is_there(tmp_path, monkeypatch):
    ledger = rain(tmp_path)
    inode, start = (tmp_path / "claims.csv").stat().st_ino, (tmp_path / "claims.csv").read_bytes()
    monkeypatch.setattr(csvfile, "read", lambda *_: pytest.fail("a table was read"))
    monkeypatch.setattr(
        Path, "read_bytes", lambda _: pytest.fail("a file was read") if "csv" in _.name else EMPTY
    )
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    ledger.set_status("hail", "mixed", rationale="Pea-sized.")
    monkeypatch.undo()
    assert (tmp_path / "claims.csv").stat().st_ino == inode
    assert (tmp_path / "claims.csv").read_bytes().startswith(start)


def test_a_row_typed_in_another_program_at_the_very_moment_of_a_write_is_kept(tmp_path, monkeypatch):
    ledger = rain(tmp_path)
    write = store.Journal.write

    def late(self: store.Store, touched: Any) -> None:
        write(self, touched)
        with (tmp_path / "claims.csv").open("ab") as file:
            file.write(claim("typed"))

    with monkeypatch.context() as patch:
        patch.setattr(store.Journal, "write", late)
        with pytest.raises(errors.WriteFailed, match="try again"):
            ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert fd.open(tmp_path / "claims.csv", strict=True).claims["claim_id"].tolist() == [
        "rain",
        "snow",
        "typed",
        "hail",
    ]


def test_a_folder_that_can_not_be_written_opens_for_reading(tmp_path, monkeypatch):
    rain(tmp_path)
    shutil.rmtree(tmp_path / "claims" / ".factdesk")
    before = files(tmp_path)

    def refuse(call: str, path: Path, action: Callable[[], Any]) -> Any:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(fsync, "perform", refuse)
    ledger = fd.open(tmp_path / "claims.csv", by="Ada Quist")
    assert len(ledger.claims) == 2
    with pytest.raises(errors.ReadOnlyLedger, match="Read-only file system"):
        ledger.log("x", claimant="y")
    assert files(tmp_path) == before


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS])
@pytest.mark.parametrize("file", ["lock", "journal", "claims.csv"])
def test_who_may_not_write_is_told_what_it_takes(file, code, tmp_path, monkeypatch):
    rain(tmp_path)
    ledger = fd.open(tmp_path / "claims.csv", by="Ada Quist")
    (tmp_path / "claims" / ".factdesk" / "lock").unlink()
    real = fsync.perform

    def refuse(call: str, path: Path, action: Callable[[], Any]) -> Any:
        if path.name == file:
            raise OSError(code, os.strerror(code))
        return real(call, path, action)

    monkeypatch.setattr(fsync, "perform", refuse)
    with pytest.raises(
        errors.FactdeskError, match=r"Nothing was written\. To write, you need .* claims/, "
    ) as told:
        ledger.log("x", claimant="y")
    assert "Reading works without" in str(told.value)
    assert len(fd.open(tmp_path / "claims.csv").claims) == 2


def test_a_disk_that_is_full_is_not_told_of_rights(tmp_path, monkeypatch):
    ledger = rain(tmp_path)
    monkeypatch.setattr(fsync, "perform", Disk(0, error=OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(errors.WriteFailed, match=r"Nothing was written\.$"):
        ledger.log("x", claimant="y")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_opens_for_reading(tmp_path):
    rain(tmp_path)
    for path in (tmp_path / "claims" / ".factdesk", tmp_path / "claims", tmp_path):
        path.chmod(0o555)
    try:
        assert len(fd.open(tmp_path / "claims.csv").claims) == 2
    finally:
        for path in (tmp_path, tmp_path / "claims", tmp_path / "claims" / ".factdesk"):
            path.chmod(0o755)


def test_the_current_folder_may_change_under_an_open_ledger(tmp_path, monkeypatch):
    rain(tmp_path)
    monkeypatch.chdir(tmp_path)
    ledger = fd.open("claims.csv", by="Ada Quist")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert list((tmp_path / "other").iterdir()) == []
    assert len(fd.open(tmp_path / "claims.csv").claims) == 3


def test_a_ledger_opened_by_a_link_is_edited_where_it_lies(tmp_path):
    (tmp_path / "real").mkdir()
    rain(tmp_path / "real")
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real" / "claims.csv")
    fd.open(link, by="Ada Quist").edit("claims", "rain", why="a look", note="wet")
    assert link.is_symlink()
    assert fd.open(tmp_path / "real" / "claims.csv").claims["note"].iloc[0] == "wet"


def test_the_mode_of_a_file_is_kept_by_an_edit(tmp_path):
    ledger = rain(tmp_path)
    (tmp_path / "claims.csv").chmod(0o640)
    ledger.edit("claims", "rain", why="a look", note="wet")
    assert (tmp_path / "claims.csv").stat().st_mode & 0o777 == 0o640


def test_a_copy_of_what_may_only_be_read_can_be_written(tmp_path):
    ledger = rain(tmp_path)
    attach_file(ledger, tmp_path)
    read_only = [tmp_path / "claims" / "snapshots", tmp_path / "claims", tmp_path]
    for path in [*tmp_path.rglob("*.csv"), tmp_path / "claims" / "ledger.toml", *read_only]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        copy = fd.open(tmp_path / "claims.csv", by="Ada Quist").scratch()
        assert copy.path is not None
        for path in (copy.path, *copy.path.with_suffix("").rglob("*")):
            assert path.stat().st_mode & stat.S_IWUSR, path
        for name in ("log", "attach a file", "edit"):
            CALLS[name](copy, copy.path.parent)
    finally:
        for path in reversed(read_only):
            path.chmod(0o755)


def test_a_copy_that_can_not_be_made_is_an_error_of_ours(tmp_path):
    ledger = rain(tmp_path)
    (tmp_path / "claims" / "notes").mkdir()
    (tmp_path / "claims" / "notes" / "loop").symlink_to(tmp_path / "claims" / "notes")
    with pytest.raises(errors.WriteFailed, match="No copy was made"):
        ledger.scratch()


def test_what_is_no_file_is_told_with_all_that_is_wrong_elsewhere(tmp_path):
    rain(tmp_path)
    (tmp_path / "claims" / "evidence.csv").unlink()
    (tmp_path / "claims" / "evidence.csv").mkdir()
    (tmp_path / "claims" / "statuses.csv").unlink()
    os.mkfifo(tmp_path / "claims" / "statuses.csv")
    (tmp_path / "claims" / "changes.csv").unlink()
    (tmp_path / "claims.csv").write_bytes(b"claim_id,claim\n")
    (tmp_path / "claims" / "ledger.toml").write_text("format = ")
    with pytest.raises(errors.LedgerUnreadable) as told:
        fd.open(tmp_path / "claims.csv")
    found = {(place.code, place.file) for place in told.value.places}
    assert {
        ("folder", "claims/evidence.csv"), ("no-file", "claims/statuses.csv"),
        ("missing-file", "claims/changes.csv"), ("no-header", "claims.csv"),
    } < found  # fmt: skip
    assert any(file == "claims/ledger.toml" for _, file in found)


@pytest.mark.parametrize("instead", ["nothing", "a file"])
def test_a_folder_that_is_missing_is_told_once_with_what_to_do(instead, tmp_path):
    ledger = rain(tmp_path)
    shutil.rmtree(tmp_path / "claims")
    if instead == "a file":
        (tmp_path / "claims").write_bytes(b"")
    for look in (lambda: fd.open(tmp_path / "claims.csv"), lambda: ledger.log("x", claimant="y")):
        with pytest.raises(errors.LedgerUnreadable) as told:
            look()
        (place,) = told.value.places
        assert (place.code, place.file) == ("missing-folder", "claims/")
        assert "from Git or a copy" in place.advice
    (tmp_path / "claims.csv").unlink()
    with pytest.raises(errors.LedgerUnreadable) as told:
        ledger.log("x", claimant="y")
    assert [place.code for place in told.value.places] == ["missing-folder", "missing-file"]


def test_a_folder_given_for_a_ledger_is_told_once(tmp_path):
    (tmp_path / "notes").mkdir()
    with pytest.raises(errors.LedgerUnreadable) as told:
        fd.open(tmp_path / "notes")
    assert [place.code for place in told.value.places] == ["folder"]


def test_everything_wrong_in_every_file_is_told_at_once(tmp_path):
    rain(tmp_path)
    (tmp_path / "claims.csv").write_bytes(b"claim_id,claim\n")
    table(tmp_path, "sources").write_bytes(b"")
    table(tmp_path, "evidence").write_bytes(csvfile.header_line(schema.EVIDENCE) + b"<<<<<<< HEAD\n")
    (tmp_path / "claims" / "ledger.toml").write_text("title = 5")
    before = files(tmp_path)
    with pytest.raises(errors.LedgerUnreadable) as told:
        fd.open(tmp_path / "claims.csv")
    assert {finding.file for finding in told.value.places} == {
        "claims.csv", "claims/sources.csv", "claims/evidence.csv", "claims/ledger.toml",
    }  # fmt: skip
    assert len(told.value.places) == 4
    assert files(tmp_path) == before


def test_settings_that_are_a_folder_are_named(tmp_path):
    rain(tmp_path)
    (tmp_path / "claims" / "ledger.toml").unlink()
    (tmp_path / "claims" / "ledger.toml").mkdir()
    with pytest.raises(errors.LedgerUnreadable, match=r"ledger\.toml"):
        fd.open(tmp_path / "claims.csv")


# --- a new ledger


def test_a_new_ledger_that_could_not_be_made_leaves_nothing(tmp_path, monkeypatch):
    made = Disk()
    monkeypatch.setattr(fsync, "perform", made)
    (tmp_path / "one").mkdir()
    fd.create(tmp_path / "one" / "claims.csv", title="One")
    last = max(at for at, call in enumerate(made.calls) if call == "rename")
    for at in range(last + 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        monkeypatch.setattr(
            fsync, "perform", Disk(at, error=OSError(errno.ENOSPC, "No space left on device"))
        )
        with pytest.raises(errors.WriteFailed, match="was not made"):
            fd.create(folder / "claims.csv", title="One")
        left = {path.name for path in folder.rglob("*")} - {
            ".gitattributes",
            "..gitattributes.new",
            ".gitattributes.new",
        }
        assert left == set()
        if at % 5 == 0:
            monkeypatch.setattr(fsync, "perform", Disk())
            fd.create(folder / "claims.csv", title="One")


@pytest.mark.parametrize("there", ["claims.csv", "claims"])
def test_a_new_ledger_overwrites_nothing(there, tmp_path):
    (tmp_path / there).mkdir()
    (tmp_path / there / "notes.txt").write_text("mine")
    with pytest.raises(errors.LedgerExists):
        fd.create(tmp_path / "claims.csv", title="One")
    shutil.rmtree(tmp_path / there)
    (tmp_path / there).symlink_to(tmp_path / "nowhere")
    with pytest.raises(errors.LedgerExists):
        fd.create(tmp_path / "claims.csv", title="One")


@pytest.mark.skipif(not shutil.which("git"), reason="git is not there")
@pytest.mark.parametrize("name", ["claims", "my budget", "a[b]*c", "#1", "!x", 'say "x"', "café"])
def test_git_merges_the_tables_of_a_ledger_of_any_name_by_union(name, tmp_path):
    fd.create(tmp_path / f"{name}.csv", title="One", by="Ada Quist")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    asked = [f"{name}.csv", f"{name}/statuses.csv", f"{name}/snapshots/x"]
    got = subprocess.run(
        ["git", "check-attr", "-z", "merge", "text", "--", *asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    told = {(got[at], got[at + 1]): got[at + 2] for at in range(0, len(got) - 2, 3)}
    assert told == {
        (asked[0], "merge"): "union", (asked[0], "text"): "set", (asked[1], "merge"): "union",
        (asked[1], "text"): "set", (asked[2], "merge"): "unspecified", (asked[2], "text"): "unset",
    }  # fmt: skip
    ignored = subprocess.run(
        ["git", "check-ignore", "-q", f"{name}/.factdesk/lock"], cwd=tmp_path, check=False
    )
    assert ignored.returncode == 0


def test_attributes_that_are_there_are_kept_and_nothing_is_said_twice(tmp_path):
    (tmp_path / ".gitattributes").write_text("*.png -text")
    fd.create(tmp_path / "claims.csv", title="One")
    fd.create(tmp_path / "budget.csv", title="Two")
    lines = (tmp_path / ".gitattributes").read_text().splitlines()
    assert lines[0] == "*.png -text"
    assert len(lines) == len(set(lines)) == 9


def test_a_file_attached_twice_is_kept_once_and_a_refused_one_not_at_all(tmp_path):
    ledger = rain(tmp_path)
    (tmp_path / "letter.txt").write_text("Dear all")
    before = files(tmp_path)
    with pytest.raises(errors.InvalidValue):
        ledger.attach("rain", file=tmp_path / "letter.txt", stance="context", reliability="Z")
    assert files(tmp_path) == before
    one = ledger.attach("rain", file=tmp_path / "letter.txt", stance="context")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ledger.attach("rain", file=str(tmp_path / "letter.txt"), stance="context") == one
    kept = [tmp_path / "claims" / "snapshots" / name for name in ledger.snapshots["sha256"]]
    assert sorted(path.read_text() for path in kept) == ["Dear all", "puddles"]
    assert sorted(kept) == sorted((tmp_path / "claims" / "snapshots").iterdir())
