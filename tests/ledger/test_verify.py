"""Seals: what was sealed stays provable through edits and merges, and nothing can be changed past them."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from faults import LONG
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import claim, files, git, rain, table
from test_dataset import CALLS, NUMBERS, drawing

import factdesk as fd
from factdesk import schema
from factdesk.errors import LedgerUnreadable
from factdesk.ledger import ids
from factdesk.storage import csvfile

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The folder of a ledger with an edit and a seal, made once, to be copied."""
    folder = tmp_path_factory.mktemp("once")
    ledger = rain(folder)
    (folder / "page.html").write_text("<p>The gauge said <b>4 mm</b>,\nno more.</p>")
    ledger.attach("rain", file=folder / "page.html", stance="supports", quote="said 4 mm, no")
    ledger.edit("claims", "snow", why="seen", note="white")
    ledger.seal("first")
    return folder


@pytest.fixture
def sealed(once, tmp_path):
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return fd.open(tmp_path / "claims.csv", by="Ada Quist")


def named(ledger: fd.Ledger) -> list[tuple[str, str]]:
    """What `verify`, which reads every file anew, names as not matching: code and row."""
    found = ledger.verify()
    found = found[found["code"] != "edited-since-seal"]
    return list(zip(found["code"], found["row_id"], strict=True))


def edited(ledger: fd.Ledger) -> dict[str, str]:
    """What `verify` says of edits since each seal, by the seal's id."""
    found = ledger.verify()
    found = found[found["code"] == "edited-since-seal"]
    assert set(found["severity"]) <= {"note"}
    return dict(
        zip(found["row_id"], found["message"].str.replace(r".*workbench: ", "", regex=True), strict=True)
    )


def shown(ledger: fd.Ledger, *columns: str) -> list[list[object]]:
    """Those columns of what `verify` finds."""
    return ledger.verify()[list(columns)].to_numpy().tolist()


def rewrite(path: Path, change: Callable[[pd.DataFrame], pd.DataFrame | None]) -> None:
    """Change a table behind the workbench's back, in the form in which it writes."""
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    changed = change(frame)
    frame = frame if changed is None else changed
    path.write_bytes(csvfile.render([frame.columns.tolist(), *frame.to_numpy().tolist()]))


# What a seal is


def test_a_seal_notes_the_digest_and_keeps_the_leaves(sealed):
    assert sealed.verify().empty
    (seal,) = sealed.seals.to_dict("records")
    assert seal["digest"][:32] == sealed.digest()
    leaves = pd.read_csv(sealed.path.with_suffix("") / "seals" / f"{seal['seal_id']}.csv")
    assert ids.root(bytes.fromhex(leaf) for leaf in leaves["leaf"]) == seal["digest"]
    rows = sum(len(sealed._dataset.cells(name)) for name in schema.TABLES)
    assert len(leaves) == seal["rows"] == rows
    assert seal["sealed_by"] == "Ada Quist"


def test_sealing_changes_neither_the_digest_nor_the_latest_day(sealed):
    sealed._dataset._kept.clear()
    assert fd.open(sealed.path).digest() == sealed.seals["digest"][0][:32]
    assert sealed.latest_day == fd.open(sealed.path).latest_day


def test_sealing_again_what_stands_writes_nothing(sealed):
    before = files(sealed.path.parent)
    assert sealed.seal("first") == sealed.seals["seal_id"][0]
    assert files(sealed.path.parent) == before
    assert sealed.seal("second") != sealed.seals["seal_id"][0]
    assert sealed.seals["note"].tolist() == ["first", "second"]


def test_a_ledger_without_a_file_of_seals_has_none_and_makes_it_at_the_first_though_it_is_empty(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Empty", by="Ada Quist")
    assert not (tmp_path / "claims" / "seals.csv").exists()
    assert ledger.seals.empty
    assert ledger.verify().empty
    ledger.seal()
    assert len(ledger.seals) == 1
    ledger.log("It rained.", claimant="The Daily")
    assert named(ledger) == []


def test_a_copy_takes_the_seals_along(sealed):
    copy = sealed.scratch()
    assert copy.seals["seal_id"].tolist() == sealed.seals["seal_id"].tolist()
    assert named(copy) == []


def test_seals_stay_in_order_of_time_when_the_clock_is_behind(sealed):
    path = sealed.path.with_suffix("") / "seals.csv"
    ahead = "2999-01-01T00:00:00.000000Z"
    rewrite(path, lambda frame: frame.assign(sealed_at=ahead))
    sealed.seal("later")
    assert pd.read_csv(path)["sealed_at"].tolist() == [ahead, "2999-01-01T00:00:00.000001Z"]


# What goes on holding


def test_edits_withdrawals_and_new_rows_leave_seals_as_they_were(sealed):
    sealed.edit("claims", "rain", why="a slip", claim="It rained on Tuesday.", note="x")
    sealed.seal("second")
    sealed.edit("claims", ["rain", "snow"], why="another", note="y")
    sealed.edit("claims", "rain", why="back again", claim="It rained on Monday.")
    evidence = sealed.evidence["evidence_id"][0]
    sealed.edit("evidence", evidence, why="a slip", stance="mixed", quote="5 mm")
    sealed.edit("sources", sealed.evidence["source_id"][0], why="moved", url="https://example.org/new")
    sealed.withdraw("evidence", evidence, why="not about it")
    sealed.reinstate("evidence", evidence, why="it is")
    sealed.withdraw("claims", "snow", why="no claim")
    sealed.log("It hailed.", claimant="C. Stone")
    rewrite(sealed.path, lambda frame: frame.iloc[::-1])
    header, *rows = sealed.path.read_bytes().splitlines(keepends=True)
    sealed.path.write_bytes(header + claim("older", logged_at="2001-01-01T00:00:00.000000Z") + b"".join(rows))
    assert named(sealed) == [("form", "")]


def test_what_was_edited_or_withdrawn_since_a_seal_is_a_note_of_that_seal_until_it_stands_again(sealed):
    first, digest, stood = sealed.seals["seal_id"][0], sealed.digest(), sealed.claims["quote"][0]
    sealed.log("It hailed.", claimant="C. Stone", claim_id="hail")
    assert sealed.verify().empty
    evidence = sealed.evidence["evidence_id"][0]
    sealed.edit("claims", "hail", why="a slip", note="x")
    sealed.edit("claims", "rain", why="another", quote="y")
    sealed.withdraw("evidence", evidence, why="not about it")
    (note,) = sealed.verify().to_dict("records")
    assert (note["code"], note["severity"], note["value"]) == ("edited-since-seal", "note", digest)
    assert (note["row_id"], note["file"], note["line"]) == (first, "claims/seals.csv", 2)
    assert f"1 edited, 1 withdrawn (claims rain, evidence {evidence})." in note["message"]
    second = sealed.seal("second")
    assert set(edited(sealed)) == {first}
    sealed.reinstate("evidence", evidence, why="it is")
    reinstated = f"1 reinstated (evidence {evidence})."
    assert edited(sealed) == {first: "1 edited (claims rain).", second: reinstated}
    sealed.edit("claims", "rain", why="back again", quote=stood)
    assert set(edited(sealed)) == {second}


def test_what_was_changed_past_the_workbench_is_an_error_until_it_is_accepted_and_then_a_note(sealed):
    first = sealed.seals["seal_id"][0]
    rewrite(sealed.path, lambda frame: frame.replace("The Daily", "The Weekly"))
    assert named(sealed) == [("changed-since-seal", "rain")]
    assert edited(sealed) == {}
    ledger = fd.open(sealed.path, by="Ada Quist")
    ledger.seal("second")
    assert shown(sealed, "value") == [[first]]  # the second has it as it is
    ledger.accept_edits(why="it was the Weekly")
    assert named(sealed) == []
    assert edited(sealed)[first] == "1 edited (claims rain)."


def test_a_row_taken_out_is_named_until_it_is_restored(sealed):
    rewrite(sealed.path, lambda frame: frame.iloc[:1])
    assert ["gone-since-seal", "claims", "snow"] in shown(sealed, "code", "table", "row_id")
    sealed.restore()
    assert named(sealed) == []


def test_an_edit_is_told_also_where_a_merge_left_the_older_version_beside_it(sealed):
    head, *old = sealed.path.read_bytes().splitlines(keepends=True)
    sealed.edit("claims", "rain", why="a slip", note="x")
    _, *new = sealed.path.read_bytes().splitlines(keepends=True)
    said = edited(sealed)
    assert list(said.values()) == ["1 edited (claims rain)."]
    sealed.path.write_bytes(b"".join([head, *old, *new]))
    assert edited(sealed) == said


def test_of_many_rows_the_first_are_named_and_the_others_counted(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Many", by="Ada Quist")
    names = [ledger.log(f"Claim {n}.", claimant="Ada", claim_id=f"claim-{n}") for n in range(9)]
    seal_id = ledger.seal()
    ledger.edit("claims", names, why="all of them", note="x")
    few = ", ".join(f"claims {name}" for name in names[:5])
    assert edited(ledger) == {seal_id: f"9 edited ({few} and 4 more)."}


@settings(max_examples=50 if LONG else 3)
@given(st.lists(st.tuples(st.sampled_from((*CALLS, None, None, None)), NUMBERS), max_size=12), st.data())
def test_whatever_is_written_verifies_and_whatever_is_changed_by_hand_does_not(calls, data):
    with tempfile.TemporaryDirectory() as folder:
        ledger = fd.create(Path(folder) / "claims.csv", title="X", by="Ada Quist")
        ledger.log("Claim 0.", claimant="Ada", made_on="2025-03-01")
        stood = {}
        for call, numbers in calls:
            with contextlib.suppress(fd.FactdeskError, LookupError):
                if call is None:
                    stood[ledger.seal()] = standing(ledger)
                else:
                    call(ledger, drawing(numbers))
        assert named(ledger) == []
        now = standing(ledger)
        assert set(edited(ledger)) == {
            seal_id for seal_id, rows in stood.items() if rows != {row: now.get(row) for row in rows}
        }
        ledger.seal("last")
        filled = [name for name in schema.TABLES if len(ledger._dataset.cells(name))]
        name = data.draw(st.sampled_from(filled))
        cells = ledger._dataset.cells(name)
        at = data.draw(st.integers(0, len(cells) - 1))
        column = data.draw(st.sampled_from(schema.TABLES[name].first_names))
        rewrite(table(Path(folder), name), longer(column, at))
        assert {code for code, _ in named(ledger)} & {"changed-since-seal", "gone-since-seal"}


def standing(ledger: fd.Ledger) -> dict[tuple[str, str], tuple[bytes, bool]]:
    """Each row's hash, and whether it was withdrawn."""
    gone = set(ledger.withdrawn[["table", "row_id"]].itertuples(index=False, name=None))
    return {named: (leaf, named in gone) for leaf, named in ledger._dataset.leaves().items()}


def longer(column: str, at: int) -> Callable[[pd.DataFrame], None]:
    """Put a letter behind one cell."""

    def change(frame: pd.DataFrame) -> None:
        frame.loc[at, column] += "x"

    return change


# What is found


def test_a_changed_cell_is_named_with_the_latest_seal_that_it_breaks(sealed):
    later = sealed.seal("second")
    rewrite(sealed.path, lambda frame: frame.replace("The Daily", "The Weekly"))
    columns = ["code", "table", "row_id", "claim_id", "file", "line", "value"]
    wanted = [["changed-since-seal", "claims", "rain", "rain", "claims.csv", 2, later]]
    assert shown(sealed, *columns) == wanted


def test_taking_a_change_back_by_hand_is_found(sealed):
    path = sealed.path.with_suffix("") / "changes.csv"
    change = sealed.changes["change_id"][0]
    rewrite(path, lambda frame: frame.iloc[:0])
    rewrite(sealed.path, lambda frame: frame.replace("white", ""))
    assert sorted(named(sealed)) == [("changed-since-seal", "snow"), ("gone-since-seal", change)]


def test_an_edit_taken_back_by_hand_is_found_without_a_seal(tmp_path):
    ledger = rain(tmp_path)
    ledger.edit("claims", "rain", why="a slip", note="sleet")
    rewrite(ledger.path, lambda frame: frame.replace("sleet", ""))
    assert named(ledger) == [("unexplained-cell", "rain")]


COLUMNS = {"evidence": "quote", "sources": "url", "changes": "why", "statuses": "rationale"}


def test_an_id_is_held_to_its_content_without_a_seal(tmp_path):
    ledger = rain(tmp_path)
    ledger.edit("claims", "rain", why="a slip", note="sleet")
    for name in (*COLUMNS, "appearances", "snapshots"):
        column, file = COLUMNS.get(name) or schema.TABLES[name].writer, table(tmp_path, name)
        good = file.read_bytes()
        rewrite(file, longer(column, 0))
        assert named(ledger) == [("other-id", ledger._dataset.cells(name).iloc[0, 0])]
        file.write_bytes(good)


def test_a_source_from_a_file_is_held_to_the_bytes_that_were_kept(tmp_path):
    ledger = rain(tmp_path)
    row = ledger.snapshots.iloc[0]
    ledger.edit("sources", row["source_id"], why="found online", url="https://example.org/photo")
    assert named(ledger) == []
    rewrite(table(tmp_path, "snapshots"), lambda frame: frame.iloc[:0])
    assert ("other-id", row["source_id"]) in named(ledger)


def test_a_changed_cell_of_a_seal_is_named_and_so_is_its_file_where_it_is_gone(sealed):
    path, seal_id = sealed.path.with_suffix("") / "seals.csv", sealed.seals["seal_id"][0]
    good = path.read_bytes()
    for column in schema.SEALS.names:
        rewrite(path, lambda frame, column=column: frame.assign(**{column: f"../../{column}"}))
        assert ("other-id", "../../seal_id" if column == "seal_id" else seal_id) in named(sealed), column
        path.write_bytes(good)
    path.unlink()
    assert named(sealed) == [("seal-gone", "")]


def test_leaves_that_are_gone_or_others_are_named(sealed):
    (path,) = (sealed.path.with_suffix("") / "seals").iterdir()
    seal_id, good = path.stem, path.read_bytes()
    header, first, *rest = good.splitlines(keepends=True)
    replaced = (b"rain", b"rein"), (first[:64], b"0" * 64), (b",claims,", b",sources,")
    broken = [b"", header, header + b"".join(rest), first + header, good + b"x", good + b"\xff"]
    for bad in (*broken, *(good.replace(*pair) for pair in replaced)):
        path.write_bytes(bad)
        assert ("leaves-changed", seal_id) in named(sealed), bad
    path.write_bytes(good.replace(b"\n", b"\r\n"))
    assert named(sealed) == [("form", seal_id)]
    path.unlink()
    assert named(sealed) == [("leaves-gone", seal_id)]
    path.write_bytes(good)
    assert named(sealed) == []
    sealed.edit("claims", "rain", why="a slip", note="x")
    path.write_bytes(good.replace(b",claims,rain", b",klaims,rain"))
    assert named(sealed) == [("leaves-changed", seal_id)]


def test_a_conflict_left_in_the_seals_is_named_wherever_one_looks_and_nothing_is_sealed_over_it(sealed):
    path = sealed.path.with_suffix("") / "seals.csv"
    header, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([header, b"<<<<<<< ours\n", *rows, b"=======\n", b">>>>>>> theirs\n"]))
    before = files(sealed.path.parent)
    marks = [("conflict", "claims/seals.csv", line) for line in (2, 4, 5)]
    for look in (sealed.verify, lambda: sealed.seal("more"), lambda: fd.open(sealed.path, strict=True)):
        with pytest.raises(LedgerUnreadable) as told:
            look()
        assert [(one.code, one.file, one.line) for one in told.value.places] == marks
    with pytest.warns(fd.FactdeskWarning, match="3 places are wrong"):
        opened = fd.open(sealed.path)
    found = opened.check()[["code", "file", "line"]]
    assert list(found.itertuples(index=False, name=None)) == marks
    assert files(sealed.path.parent) == before
    path.write_bytes(header + rows[0])
    assert named(sealed) == []
    path.write_bytes(header + rows[0] + b"x,y\n")
    assert sealed.check()[["code", "file"]].to_numpy().tolist() == [["unreadable-row", "claims/seals.csv"]]


def test_changed_settings_are_a_note(sealed):
    path = sealed.path.with_suffix("") / "ledger.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert named(sealed) == []
    path.write_bytes(path.read_bytes().replace(b"Rain", b"Hail"))
    wanted = [["settings-changed", "note", "claims/ledger.toml"]]
    assert shown(sealed, "code", "severity", "file") == wanted


def test_what_reads_the_same_is_form(sealed):
    good = sealed.path.read_bytes()
    for same in (
        good.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + good,
        good.replace(b"rain,", b'"rain",', 1),
        good + b"\n",
        good.rstrip(b"\n"),
    ):
        sealed.path.write_bytes(same)
        assert shown(sealed, "code", "severity", "file") == [["form", "note", "claims.csv"]], same


def test_a_forged_row_dated_before_a_seal_is_no_fault_but_by_what_this_folder_knows(sealed):
    forged = fd.open(sealed.path)
    forged.set_status("snow", "refuted", holds_from="2025-03-12", rationale="Forged.")
    path = sealed.path.with_suffix("") / "statuses.csv"

    def date_back(frame: pd.DataFrame) -> None:
        names = schema.STATUSES_TABLE.first_names
        frame.loc[len(frame) - 1, "recorded_at"] = frame["recorded_at"][0]
        frame.loc[len(frame) - 1, "status_id"] = ids.row_id("t", frame.iloc[-1][names[1:]].tolist())

    rewrite(path, date_back)
    assert set(fd.open(sealed.path).check()["code"]) >= {"row-added"}
    shutil.rmtree(sealed.path.with_suffix("") / ".factdesk" / "known")
    assert named(sealed) == []


def test_seals_and_rows_that_are_removed_together_leave_no_trace_but_in_what_this_folder_knows(sealed):
    folder = sealed.path.with_suffix("")
    sealed.log("It hailed.", claimant="Radio", claim_id="hail")
    sealed.seal("with hail")
    rewrite(sealed.path, lambda frame: frame[frame["claim_id"] != "hail"])
    rewrite(folder / "seals.csv", lambda frame: frame[frame["note"] != "with hail"])
    kept = set(fd.open(sealed.path).seals["seal_id"])
    for leaves in (folder / "seals").iterdir():
        if leaves.stem not in kept:
            leaves.unlink()
    assert set(fd.open(sealed.path).check()["code"]) >= {"row-gone"}
    shutil.rmtree(folder / ".factdesk" / "known")
    assert named(sealed) == [] and fd.open(sealed.path).check().empty


@pytest.mark.parametrize("is_known", [True, False])
def test_an_extra_column_and_another_order_of_rows_are_named_as_form(sealed, is_known):
    if not is_known:
        shutil.rmtree(sealed.path.with_suffix("") / ".factdesk" / "known")
    rewrite(sealed.path, lambda frame: frame.assign(mine="x"))
    assert shown(sealed, "code", "severity", "file", "line") == [["form", "note", "claims.csv", 1]]
    assert "'mine'" in sealed.verify()["message"][0]
    rewrite(sealed.path, lambda frame: frame.drop(columns="mine").iloc[::-1])
    assert shown(sealed, "code", "severity", "file", "line") == [["form", "note", "claims.csv", 3]]
    assert "another order" in sealed.verify()["message"][0]
    assert fd.open(sealed.path).digest() == sealed.digest()


def test_a_line_that_is_no_row_is_named(sealed):
    good = sealed.path.read_bytes()
    for end, code in ((b"x", "torn-line"), (b"x,y\n", "unreadable-row")):
        sealed.path.write_bytes(good + end)
        assert named(sealed) == [(code, "")]


def test_a_document_is_held_to_its_name_and_size(sealed):
    folder = sealed.path.with_suffix("") / "snapshots"
    row = sealed.snapshots.iloc[0]
    path = folder / row["sha256"]
    good = path.read_bytes()
    path.write_bytes(good.replace(b"p", b"q", 1))
    assert named(sealed) == [("snapshot-changed", row["snapshot_id"])]
    path.unlink()
    assert named(sealed) == [("snapshot-gone", row["snapshot_id"])]
    path.write_bytes(good)
    (folder / "stray").write_bytes(b"x")
    assert named(sealed) == [("unnamed-document", "")]
    (folder / "stray").unlink()
    sealed.edit("snapshots", row["snapshot_id"], why="miscounted", bytes=3)
    assert named(sealed) == [("snapshot-size", row["snapshot_id"])]


def test_a_quote_that_does_not_stand_in_the_kept_document_is_named(sealed, tmp_path):
    wrong = sealed.attach("rain", file=tmp_path / "page.html", stance="context", quote="said 4 mm")
    table = sealed.path.with_suffix("") / "evidence.csv"
    table.write_text(table.read_text().replace(",said 4 mm,", ",said 5 mm,"))
    sealed.accept_edits(why="a slip")
    assert ("quote-not-found", wrong) in named(sealed)
    (message,) = sealed.verify().set_index("code").loc[["quote-not-found"], "message"]
    assert "quoted is 'said 5 mm', there stands 'said 4 mm" in message
    sealed.withdraw("evidence", wrong, why="misread")
    assert named(sealed) == []
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    for quote in ("one", "two"):  # of a document that is no text it is said once
        sealed.attach("rain", file=tmp_path / "scan.pdf", stance="context", quote=quote)
    assert named(sealed) == [("quote-unread", sealed.evidence["source_id"].iloc[-1])]


def test_verify_reads_the_bytes_and_not_what_is_known_of_them(sealed):
    path = sealed.path
    stat = path.stat()
    path.write_bytes(path.read_bytes().replace(b"It rained", b"It poured"))
    known = sealed._content.signatures
    known["claims"] = (stat.st_dev, stat.st_ino, *known["claims"][2:])
    assert sealed.verify()["code"].tolist() == ["changed-since-seal"]


# Merges


@pytest.fixture(scope="module")
def common(tmp_path_factory):
    """A sealed ledger in Git, to be copied."""
    folder = tmp_path_factory.mktemp("common")
    rain(folder).seal("common")
    for words in ("init -q -b main", "add -A", "commit -qm common", "branch theirs"):
        git(folder, *words.split())
    return folder


@pytest.fixture
def merged(common, tmp_path):
    """Work on two branches of a sealed ledger, and merge them."""
    folder = shutil.copytree(common, tmp_path / "desk")

    def merge(theirs: Callable[[fd.Ledger], object], ours: Callable[[fd.Ledger], object]) -> fd.Ledger:
        for branch, work in (("theirs", theirs), ("main", ours)):
            git(folder, "checkout", "-q", branch)
            ledger = fd.open(folder / "claims.csv", by=branch)
            work(ledger)
            ledger.seal(branch)
            git(folder, "add", "-A")
            git(folder, "commit", "-qm", branch, "--allow-empty")
        git(folder, "merge", "-q", "--no-edit", "theirs")
        return fd.open(folder / "claims.csv", by="Ada Quist")

    return merge


def test_two_branches_that_each_sealed_merge_to_both_seals(merged):
    ledger = merged(
        lambda ledger: ledger.log("It hailed.", claimant="C. Stone"),
        lambda ledger: ledger.attach("rain", "https://example.org/x", stance="mixed"),
    )
    assert sorted(ledger.seals["note"]) == ["common", "main", "theirs"]
    assert named(ledger) == []


def test_the_same_row_on_two_branches_breaks_no_seal_before_or_after_it_is_tidied(merged):
    def add(ledger: fd.Ledger) -> None:
        ledger.add_source("https://example.org/same", note=ledger._by)

    ledger = merged(add, add)
    assert {code for code, _ in named(ledger)} == {"rival-versions"}  # a person has to choose
    source = ledger.sources.loc[ledger.sources["url"].str.endswith("same"), "source_id"].iloc[0]
    ledger.edit("sources", source, why="settled", note="both")
    assert named(ledger) == []
    ledger.tidy()
    assert named(ledger) == []
    assert ledger.tidy() == []


def test_one_cell_edited_on_both_branches_breaks_no_seal_before_or_after_it_is_settled(merged):
    ledger = merged(
        lambda ledger: ledger.edit("claims", "rain", why="t", note="theirs", topics="t"),
        lambda ledger: ledger.edit("claims", "rain", why="o", note="ours"),
    )
    assert {code for code, _ in named(ledger)} <= {"rival-versions", "version-since-seal"}
    ledger.edit("claims", "rain", why="settled", note="both")
    assert named(ledger) == []
    ledger.seal("settled")
    assert named(ledger) == []
    rewrite(ledger.path, lambda frame: frame.replace("both", "neither"))
    assert {code for code, _ in named(ledger)} >= {"unexplained-cell"}


def test_a_ledger_moved_to_another_name_still_verifies(sealed, tmp_path):
    shutil.copy(sealed.path, tmp_path / "moved.csv")
    shutil.copytree(tmp_path / "claims", tmp_path / "moved", ignore=shutil.ignore_patterns(".factdesk"))
    assert fd.open(tmp_path / "moved.csv").verify().empty


def test_another_version_written_beside_a_sealed_row_is_named(sealed):
    good = sealed.path.read_bytes()
    for code, cells in {
        "two-claims": {"claim": "It poured."},
        "version-since-seal": {"claimant_role": "A fool"},
    }.items():
        later = pd.read_csv(sealed.path, dtype="str", keep_default_na=False).iloc[[0]]
        later = later.assign(logged_at="2026-11-26T10:00:00.000000Z", **cells)
        rewrite(sealed.path, lambda frame, later=later: pd.concat([frame, later]))
        assert (code, "rain") in named(sealed)
        sealed.path.write_bytes(good)
