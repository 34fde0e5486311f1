"""What a ledger's files hold after a write, and beside what others did to them; faults/ puts faults in at every call."""

import errno
import json
import os
import shutil
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samples import claim, files, git, rain, table

import factdesk as fd
from factdesk import errors, schema
from factdesk.storage import csvfile, fsync, table_file
from factdesk.storage import files as store


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


def refusing(monkeypatch, code: int, *files: str) -> None:
    """Refuse every call that changes one of these files, or any where none is named."""
    real = fsync.perform

    def refuse(call: str, path: Path, action: Callable[[], Any]) -> Any:
        if not files or path.name in files:
            raise OSError(code, os.strerror(code))
        return real(call, path, action)

    monkeypatch.setattr(fsync, "perform", refuse)


def ids(folder: Path, **how: bool) -> list[str]:
    """The claims that whoever opens the ledger finds."""
    return fd.open(folder / "claims.csv", **how).claims["claim_id"].tolist()


def opened(folder: Path, by: str = "Ada Quist") -> fd.Ledger:
    return fd.open(folder / "claims.csv", by=by)


def log(ledger: fd.Ledger, claim_id: str = "hail") -> str:
    return ledger.log(f"There was {claim_id}.", claimant="Radio", claim_id=claim_id)


@pytest.fixture
def ledger(tmp_path) -> fd.Ledger:
    return rain(tmp_path)


def test_an_error_that_can_not_be_undone_says_that_the_next_opener_decides(ledger, tmp_path, monkeypatch):
    def refuse(call: str, path: Path, action: Callable[[], Any]) -> Any:
        if path.name == "claims.csv" or (call == "cut" and path.name == "journal"):
            raise OSError(errno.EIO, "Input/output error")
        return action()

    with monkeypatch.context() as patch:
        patch.setattr(fsync, "perform", refuse)
        with pytest.raises(errors.WriteFailed, match="whoever opens the ledger next"):
            log(ledger)
    assert "hail" in set(ledger.claims["claim_id"])
    assert "hail" in ids(tmp_path)
    log(ledger, "thunder")
    assert ledger.claims["claim_id"].tolist() == ["rain", "snow", "hail", "thunder"]


# --- what the journal finds when files changed meanwhile


@pytest.fixture
def cut_short(ledger, tmp_path, monkeypatch) -> Callable[..., Path]:
    """Let the writer die with the journal synced and some of its tables written; give the ledger's file."""

    def write(call: Callable[[fd.Ledger], object], appended: int = 0) -> Path:
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
                call(ledger)
        assert (tmp_path / "claims" / ".factdesk" / "journal").stat().st_size
        return tmp_path / "claims.csv"

    return write


def edit(ledger: fd.Ledger) -> None:
    ledger.edit("claims", ["rain", "snow"], why="a second look", note="seen\nagain", topics=["a", "b"])


def test_an_entry_for_files_of_another_branch_is_set_aside_and_named(cut_short, tmp_path):
    cut_short(log).write_bytes(csvfile.header_line(schema.CLAIMS) + claim("other"))
    for name in ("appearances", "evidence", "statuses", "snapshots", "sources"):
        table(tmp_path, name).write_bytes(csvfile.header_line(schema.TABLES[name]))
    ledger = opened(tmp_path)
    assert ledger.claims["claim_id"].tolist() == ["other"]
    with pytest.warns(fd.FactdeskWarning, match=r"set-aside\.json"):
        log(ledger, "thunder")
    assert ledger.claims["claim_id"].tolist() == ["other", "thunder"]
    # without Git nobody can say that it is another branch
    found = {"entry-set-aside", "row-gone", "row-added"}
    assert set(ledger.check()["code"]) == set(opened(tmp_path).check()["code"]) == found
    aside = (tmp_path / "claims" / ".factdesk" / "set-aside.json").read_text("utf-8")
    assert "hail" in str(json.loads(aside.partition(" ")[2]))


def test_an_entry_is_finished_beside_a_row_that_somebody_typed_meanwhile(cut_short, tmp_path):
    with cut_short(log).open("ab") as file:
        file.write(claim("typed").rstrip(b"\n"))
    assert ids(tmp_path) == ["rain", "snow", "typed", "hail"]
    log(opened(tmp_path), "thunder")
    assert ids(tmp_path, strict=True) == ["rain", "snow", "typed", "hail", "thunder"]


@pytest.mark.parametrize("torn", [b"\0" * 40, b"half a ro\xc3"])
def test_what_a_lost_power_supply_left_is_set_aside_and_the_entry_finished(torn, cut_short, tmp_path):
    with cut_short(log).open("ab") as file:
        file.write(torn)
    assert ids(tmp_path) == ["rain", "snow", "hail"]
    ledger = opened(tmp_path)
    with pytest.warns(fd.FactdeskWarning, match=r"claims\.csv\.torn"):
        log(ledger, "thunder")
    assert ledger.claims["claim_id"].tolist() == ["rain", "snow", "hail", "thunder"]
    assert (tmp_path / "claims.csv.torn").read_bytes() == torn
    assert ledger.check()["code"].tolist() == ["torn-line"]


def test_a_cell_that_was_put_back_by_hand_meanwhile_is_set_no_second_time(cut_short):
    path = cut_short(edit, appended=1)
    path.write_bytes(path.read_bytes().replace(b",sky,", b",by hand,"))
    topics = fd.open(path).claims.set_index("claim_id")["topics"]
    assert topics.to_dict() == {"rain": "by hand", "snow": "a;b"}


@pytest.mark.parametrize("call", [log, edit])
def test_a_table_in_another_encoding_beside_an_unfinished_entry_is_named_not_crashed_on(call, cut_short):
    path = cut_short(call)
    with path.open("ab") as file:
        file.write("é\n".encode("cp1252"))
    with pytest.raises(errors.LedgerUnreadable, match="UTF-8"):
        fd.open(path)


def test_a_journal_without_its_whole_checksum_was_never_committed(ledger, tmp_path):
    for n, journal in enumerate([b"x", b"0" * 64 + b" {}\n", b"\xff\xfe", b" ", b"{}"]):
        (tmp_path / "claims" / ".factdesk" / "journal").write_bytes(journal)
        again = opened(tmp_path)
        assert again.digest() == ledger.digest(), journal
        log(again, f"hail-{n}")
        assert len(again.claims) == 3 + n
        ledger.refresh()


# --- several at once


def test_a_ledger_that_somebody_else_holds_is_busy(ledger, tmp_path, monkeypatch):
    before = files(tmp_path)
    monkeypatch.setattr("factdesk.storage.lock.SECONDS", 0.1)
    with store.Store(tmp_path / "claims.csv").writing():
        for call in (lambda: log(ledger), lambda: opened(tmp_path)):
            with pytest.raises(errors.LedgerBusy, match="Nothing was written"):
                call()
    assert files(tmp_path) == before
    log(ledger)


def test_readers_do_not_hold_one_another_up(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr("factdesk.storage.lock.SECONDS", 0.1)
    with store.Store(tmp_path / "claims.csv").lock.held():
        assert len(ids(tmp_path)) == 2


def test_what_others_wrote_is_there_after_refresh_and_before_a_write(ledger, tmp_path):
    other = opened(tmp_path, by="Bo")
    log(other)
    assert len(ledger.claims) == 2
    assert len(ledger.refresh().claims) == 3
    other.edit("claims", "hail", why="a word", claim="It hailed hard.")
    ledger.set_status("hail", "mixed", rationale="Pea-sized.")
    assert ledger.claims["claim"].iloc[2] == "It hailed hard."
    (tmp_path / "claims" / "ledger.toml").write_text('title = "Storm"')
    assert ledger.refresh().title == "Storm"


# --- files that people touch


@pytest.mark.parametrize("gone", ["claims.csv", "claims/statuses.csv", "claims/changes.csv", "claims"])
def test_a_file_that_went_away_under_an_open_ledger_is_named_and_nothing_made(gone, ledger, tmp_path):
    path = tmp_path / gone
    path.rename(tmp_path / "elsewhere")
    before = files(tmp_path)
    for call in (ledger.refresh, lambda: log(ledger)):
        with pytest.raises(errors.LedgerUnreadable, match="missing"):
            call()
    assert files(tmp_path) == before
    assert not path.exists()


def test_a_file_replaced_under_an_open_ledger_is_read_anew(ledger, tmp_path):
    (tmp_path / "new").write_bytes((tmp_path / "claims.csv").read_bytes() + claim("other"))
    (tmp_path / "new").replace(tmp_path / "claims.csv")
    log(ledger)
    assert ids(tmp_path) == ["rain", "snow", "other", "hail"]
    table(tmp_path, "statuses").write_bytes("é".encode("cp1252"))
    with pytest.raises(errors.LedgerUnreadable, match="UTF-8"):
        log(ledger, "thunder")


HEADER, NAMES = csvfile.header_line(schema.CLAIMS), schema.CLAIMS.first_names
FORMS = {
    "commas": (HEADER, ",", "\n"),
    "semicolons": (csvfile.render([NAMES], ";"), ";", "\n"),
    "another order": (csvfile.render([NAMES[::-1]]), ",", "\n"),
    "an extra column": (csvfile.render([[*NAMES[:3], "mine", "", *NAMES[3:]]]), ",", "\n"),
    "carriage returns": (HEADER.replace(b"\n", b"\r\n"), ",", "\r\n"),
    "a byte-order mark": (b"\xef\xbb\xbf" + HEADER, ",", "\n"),
    "bare carriage returns": (HEADER.replace(b"\n", b"\r"), ",", "\r"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("whole", [True, False])
def test_rows_are_added_and_edited_in_a_file_of_any_form(form, whole, tmp_path):
    header, delimiter, end = FORMS[form]
    names = header.decode("utf-8-sig").strip().split(delimiter)
    cells = {"claim_id": "typed", "claim": "It hailed.", "claimant": "C", "mine": "kept", "": "too"}
    cells["logged_at"] = "2025-03-14T12:00:00.000000Z"
    typed = delimiter.join(cells.get(name, "") for name in names) + end * whole
    fd.create(tmp_path / "claims.csv", title="Forms")
    (tmp_path / "claims.csv").write_bytes(header + typed.encode())
    ledger = opened(tmp_path)
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


def test_a_torn_last_line_is_set_aside_by_the_next_write_and_named(ledger, tmp_path):
    torn = b"x,half a cla"
    with (tmp_path / "claims.csv").open("ab") as file:
        file.write(torn)
    with pytest.warns(fd.FactdeskWarning, match="1 claim can.t be read and is left out. ledger.check"):
        ledger = fd.open(tmp_path / "claims.csv", by="Ada Quist", strict=True)
    before = files(tmp_path)
    with pytest.raises(errors.InvalidValue):
        ledger.log("", claimant="y")
    assert files(tmp_path) == before
    with pytest.warns(fd.FactdeskWarning, match=r"claims\.csv\.torn"):
        log(ledger)
    assert (tmp_path / "claims.csv.torn").read_bytes() == torn + b"\n"
    for one in (ledger, opened(tmp_path)):
        assert one.claims["claim_id"].tolist() == ["rain", "snow", "hail"]
        assert one.check()["code"].tolist() == ["torn-line"]
    (tmp_path / "claims.csv.torn").unlink()
    assert opened(tmp_path).check().empty


def test_appending_neither_reads_nor_rewrites_what_is_there(ledger, tmp_path, monkeypatch):
    inode, start = (tmp_path / "claims.csv").stat().st_ino, (tmp_path / "claims.csv").read_bytes()
    monkeypatch.setattr(table_file, "read", lambda *_: pytest.fail("a table was read"))
    monkeypatch.setattr(
        Path, "read_bytes", lambda _: pytest.fail("a file was read") if "csv" in _.name else b""
    )
    log(ledger)
    ledger.set_status("hail", "mixed", rationale="Pea-sized.")
    monkeypatch.undo()
    assert (tmp_path / "claims.csv").stat().st_ino == inode
    assert (tmp_path / "claims.csv").read_bytes().startswith(start)


def test_a_row_typed_in_another_program_at_the_very_moment_of_a_write_is_kept(ledger, tmp_path, monkeypatch):
    write = store.Journal.write

    def late(self: store.Store, touched: Any) -> None:
        write(self, touched)
        with (tmp_path / "claims.csv").open("ab") as file:
            file.write(claim("typed"))

    with monkeypatch.context() as patch:
        patch.setattr(store.Journal, "write", late)
        with pytest.raises(errors.WriteFailed, match="try again"):
            log(ledger)
    log(ledger)
    assert ids(tmp_path, strict=True) == ["rain", "snow", "typed", "hail"]


def test_a_folder_that_can_not_be_written_opens_for_reading(ledger, tmp_path, monkeypatch):
    shutil.rmtree(tmp_path / "claims" / ".factdesk")
    before = files(tmp_path)
    refusing(monkeypatch, errno.EROFS)
    ledger = opened(tmp_path)
    assert len(ledger.claims) == 2
    with pytest.raises(errors.ReadOnlyLedger, match="Read-only file system"):
        log(ledger)
    assert files(tmp_path) == before


@pytest.mark.parametrize("file", ["lock", "journal", "claims.csv"])
def test_who_may_not_write_is_told_what_it_takes(file, ledger, tmp_path, monkeypatch):
    wanted = r"Nothing was written\. To write, you need .* claims/, .*Reading works without"
    for code in (errno.EACCES, errno.EPERM, errno.EROFS):
        (tmp_path / "claims" / ".factdesk" / "lock").unlink(missing_ok=True)
        with monkeypatch.context() as patch:
            refusing(patch, code, file)
            with pytest.raises(errors.FactdeskError, match=wanted):
                log(ledger)
    assert len(ids(tmp_path)) == 2


def test_a_disk_that_is_full_is_not_told_of_rights(ledger, monkeypatch):
    refusing(monkeypatch, errno.ENOSPC)
    with pytest.raises(errors.WriteFailed, match=r"Nothing was written\.$"):
        log(ledger)


def test_the_current_folder_may_change_under_an_open_ledger(ledger, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ledger = fd.open("claims.csv", by="Ada Quist")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    log(ledger)
    assert list((tmp_path / "other").iterdir()) == []
    assert len(ids(tmp_path)) == 3


def test_a_ledger_opened_by_a_link_is_edited_where_it_lies_and_keeps_its_mode(ledger, tmp_path):
    link, path = tmp_path / "link.csv", tmp_path / "claims.csv"
    link.symlink_to(path)
    path.chmod(0o640)
    fd.open(link, by="Ada Quist").edit("claims", "rain", why="a look", note="wet")
    assert link.is_symlink()
    assert fd.open(path).claims["note"].iloc[0] == "wet"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_copy_of_what_may_only_be_read_can_be_written(ledger, tmp_path):
    read_only = [tmp_path / "claims" / "snapshots", tmp_path / "claims", tmp_path]
    for path in [*tmp_path.rglob("*.csv"), tmp_path / "claims" / "ledger.toml", *read_only]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        copy = opened(tmp_path).scratch()
        for path in (copy.path, *copy.path.with_suffix("").rglob("*")):
            assert path.stat().st_mode & stat.S_IWUSR, path
        log(copy)
        edit(copy)
        (copy.path.parent / "letter.txt").write_text("Dear all, it poured.")
        copy.attach("rain", file=copy.path.parent / "letter.txt", stance="context", quote="it poured")
    finally:
        for path in reversed(read_only):
            path.chmod(0o755)


def test_a_copy_that_can_not_be_made_is_an_error_of_ours(ledger, tmp_path):
    (tmp_path / "claims" / "notes").mkdir()
    (tmp_path / "claims" / "notes" / "loop").symlink_to(tmp_path / "claims" / "notes")
    with pytest.raises(errors.WriteFailed, match="No copy was made"):
        ledger.scratch()


def test_everything_wrong_in_every_file_is_told_at_once(ledger, tmp_path):
    folder = tmp_path / "claims"
    for name in ("evidence.csv", "statuses.csv", "changes.csv"):
        (folder / name).unlink()
    (folder / "evidence.csv").mkdir()
    os.mkfifo(folder / "statuses.csv")
    (folder / "ledger.toml").write_text("title = 5")
    (tmp_path / "claims.csv").write_bytes(b"claim_id,claim\n")
    table(tmp_path, "sources").write_bytes(b"")
    marked = csvfile.header_line(schema.APPEARANCES) + b"<<<<<<< HEAD\n"
    table(tmp_path, "appearances").write_bytes(marked)
    before = files(tmp_path)
    with pytest.raises(errors.LedgerUnreadable) as told:
        opened(tmp_path)
    found = {place.file: place.code for place in told.value.places}
    assert found.pop("claims/ledger.toml")
    assert found == {
        "claims/evidence.csv": "folder", "claims/statuses.csv": "no-file", "claims/changes.csv": "missing-file",
        "claims.csv": "no-header", "claims/sources.csv": "empty-file", "claims/appearances.csv": "conflict",
    }  # fmt: skip
    assert len(told.value.places) == 7
    assert files(tmp_path) == before
    (folder / "ledger.toml").unlink()
    (folder / "ledger.toml").mkdir()
    with pytest.raises(errors.LedgerUnreadable, match=r"ledger\.toml"):
        opened(tmp_path)


@pytest.mark.parametrize("instead", ["nothing", "a file"])
def test_a_folder_that_is_missing_is_told_once_with_what_to_do(instead, ledger, tmp_path):
    shutil.rmtree(tmp_path / "claims")
    if instead == "a file":
        (tmp_path / "claims").write_bytes(b"")
    for look in (lambda: opened(tmp_path), lambda: log(ledger)):
        with pytest.raises(errors.LedgerUnreadable) as told:
            look()
        (place,) = told.value.places
        assert (place.code, place.file) == ("missing-folder", "claims/")
        assert "from Git or a copy" in place.advice
    (tmp_path / "claims.csv").unlink()
    with pytest.raises(errors.LedgerUnreadable) as told:
        log(ledger)
    assert [place.code for place in told.value.places] == ["missing-folder", "missing-file"]


def test_a_folder_given_for_a_ledger_is_told_once(tmp_path):
    (tmp_path / "notes").mkdir()
    with pytest.raises(errors.LedgerUnreadable) as told:
        fd.open(tmp_path / "notes")
    assert [place.code for place in told.value.places] == ["folder"]


# --- a new ledger


def test_a_new_ledger_that_could_not_be_made_leaves_nothing(tmp_path, monkeypatch):
    git_s = {".gitattributes", "..gitattributes.new", ".gitattributes.new"}
    for at in range(100):
        folder, calls = tmp_path / str(at), []
        folder.mkdir()

        def refuse(
            call: str, path: Path, action: Callable[[], Any], at: int = at, calls: list = calls
        ) -> Any:
            calls.append(call)
            if len(calls) - 1 == at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return action()

        with monkeypatch.context() as patch:
            patch.setattr(fsync, "perform", refuse)
            try:
                fd.create(folder / "claims.csv", title="One")
            except errors.WriteFailed as error:
                assert "was not made" in str(error)
            else:
                break  # what follows the last rename is no more than a sync
        assert {path.name for path in folder.rglob("*")} - git_s == set()
        if at % 5 == 0:
            fd.create(folder / "claims.csv", title="One")
    assert at > 10


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
def test_git_merges_the_tables_of_a_ledger_of_any_name_by_union(tmp_path):
    git(tmp_path, "init", "-q")
    wanted = []
    names = ["claims", "my budget", "a[b]*c", "#1", "!x", 'say "x"', "café"]
    for name in names:
        fd.create(tmp_path / f"{name}.csv", title="One", by="Ada Quist")
        for file in (f"{name}.csv", f"{name}/statuses.csv"):
            wanted += [(file, "merge", "union"), (file, "text", "set")]
        wanted += [(f"{name}/snapshots/x", "merge", "unspecified"), (f"{name}/snapshots/x", "text", "unset")]
    asked = list(dict.fromkeys(file for file, *_ in wanted))
    got = git(tmp_path, "check-attr", "-z", "merge", "text", "--", *asked).split("\0")
    assert list(zip(got[:-1:3], got[1::3], got[2::3], strict=True)) == wanted
    locks = [f"{name}/.factdesk/lock" for name in names]
    assert git(tmp_path, "check-ignore", *locks).count("\n") == len(locks)


def test_attributes_that_are_there_are_kept_and_nothing_is_said_twice(tmp_path):
    (tmp_path / ".gitattributes").write_text("*.png -text")
    fd.create(tmp_path / "claims.csv", title="One")
    fd.create(tmp_path / "budget.csv", title="Two")
    lines = (tmp_path / ".gitattributes").read_text().splitlines()
    assert lines[0] == "*.png -text"
    assert len(lines) == len(set(lines)) == 9


def test_a_file_attached_twice_is_kept_once_and_a_refused_one_not_at_all(ledger, tmp_path):
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
