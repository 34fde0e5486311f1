"""What other hands did to the files: named, taken in or undone, and never mixed up with what Git brings."""

import csv
import io
import shutil
import warnings
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from samples import days_go_by, files, git, rain, table

import factdesk as fd
from factdesk import errors, schema
from factdesk.checks import external_edits
from factdesk.history import row_versions
from factdesk.storage import fsync

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
FOG = "fog,It is foggy.,Radio,,,,,,,,2025-03-01T10:00:00.000000Z,Bo Lind\n"


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The folder of a ledger with an edit, made once, to be copied."""
    folder = tmp_path_factory.mktemp("once")
    rain(folder).edit("claims", "snow", why="a first look", note="seen")
    return folder


@pytest.fixture
def ledger(once, tmp_path):
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return fd.open(tmp_path / "claims.csv", by="Ada Quist")


def by_hand(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def saved(rows: Iterable[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def what(ledger: fd.Ledger) -> list[tuple[str, str, str]]:
    return list(ledger.hand_edits()[["what", "row_id", "column"]].itertuples(index=False, name=None))


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def committed(folder: Path, message: str) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "-qm", message)


def test_what_the_workbench_writes_is_no_hand_edit(ledger, tmp_path):
    ledger.attach("snow", "https://example.org/snow", stance="context")
    ledger.set_status("snow", "refuted", rationale="None lies.")
    ledger.edit("claims", ["rain", "snow"], why="again", note="seen twice")
    ledger.withdraw("claims", "snow", why="a slip")
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    for frame in (ledger.hand_edits(), fd.open(tmp_path / "claims.csv").hand_edits()):
        assert list(frame.columns) == external_edits.HAND_EDITS
        assert frame.empty


def test_a_changed_cell_is_named_and_taken_in_for_a_reason(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", "It rained", "It poured")
    row = ledger.hand_edits().iloc[0].to_dict()
    assert row == {
        "what": "cell changed",
        "table": "claims",
        "row_id": "rain",
        "claim_id": "rain",
        "column": "claim",
        "before": "It rained on Monday.",
        "after": "It poured on Monday.",
        "file": "claims.csv",
        "line": 2,
    }
    assert "accept_edits" in ledger.check().set_index("code").advice["hand-edit"]
    with pytest.raises(errors.InvalidValue, match="why"):
        ledger.accept_edits(why=" ")
    changes = ledger.accept_edits(why="a better word")
    assert what(ledger) == []
    made = ledger.changes.set_index("change_id").loc[changes[0]]
    assert (made.before, made.why) == ("It rained on Monday.", "a better word")
    assert ledger.accept_edits(why="again") == []
    assert ledger.as_known("2020-01-01").claims.empty


def test_rows_that_a_spreadsheet_saved_away_are_named_and_brought_back(ledger, tmp_path):
    old = {path: path.read_bytes() for path in (table(tmp_path, name) for name in ("claims", "statuses"))}
    other = fd.open(tmp_path / "claims.csv", by="Bo Lind")
    other.log("It hailed.", claimant="Radio", claim_id="hail")
    status_id = other.set_status("hail", "supported", rationale="Stones lie.")
    for path, data in old.items():
        path.write_bytes(data)
    assert what(ledger) == [("row gone", "hail", ""), ("row gone", status_id, "")]
    assert set(ledger.check().query("severity == 'error'")["code"]) == {"row-gone"}
    with pytest.warns(fd.FactdeskWarning, match=r"2 rows that stood there are gone.*restore\(\)"):
        other.log("It thawed.", claimant="Radio", claim_id="thaw")
    assert ledger.restore() == ["hail", status_id]
    assert what(ledger) == []
    assert ledger.status_on(ledger.latest_day).set_index("claim_id").status["hail"] == "supported"
    assert list(ledger.claims.claim_id) == ["rain", "snow", "thaw", "hail"]


def test_restoring_gives_the_digest_that_stood(ledger, tmp_path):
    old = (tmp_path / "claims.csv").read_bytes()
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    ledger.edit("claims", "rain", why="a word", note="heavy")
    digest = ledger.digest()
    (tmp_path / "claims.csv").write_bytes(old)
    stale = ledger.hand_edits().set_index("row_id").loc["rain"]
    assert (stale.column, stale.before, stale.after) == ("note", "heavy", "")
    assert "old-value" in set(ledger.check().code)
    assert set(ledger.restore()) == {"hail", "rain"}
    assert ledger.digest() == fd.open(tmp_path / "claims.csv").digest() == digest


def test_restoring_leaves_other_hand_edits_to_be_seen(ledger, tmp_path):
    old = (tmp_path / "claims.csv").read_text("utf-8")
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    (tmp_path / "claims.csv").write_text(old.replace("It rained", "It poured"), "utf-8")
    assert ledger.restore() == ["hail"]
    assert what(ledger) == [("cell changed", "rain", "claim")]


def test_a_row_that_is_gone_is_put_back_and_withdrawn_when_that_is_accepted(ledger, tmp_path):
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    lines = (tmp_path / "claims.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "claims.csv").write_text("".join(line for line in lines if "hailed" not in line), "utf-8")
    with pytest.raises(errors.InvalidValue, match=r"restore\(\) first"):
        ledger.accept_edits(why="never said")
    ledger.accept_edits(why="never said", gone=True)
    assert "hail" not in set(ledger.claims.claim_id)
    assert ledger.withdrawn.row_id.tolist() == ["hail"]
    assert "hailed" in (tmp_path / "claims.csv").read_text("utf-8")
    assert what(ledger) == []
    ledger.reinstate("claims", "hail", why="said after all")
    assert "hail" in set(ledger.claims.claim_id)


def test_a_row_typed_into_the_file_is_named_and_known_from_when_it_was_taken_in(ledger, tmp_path):
    append(tmp_path / "claims.csv", FOG)
    assert what(ledger) == [("row added", "fog", "")]
    assert ledger.check().set_index("code").severity["row-added"] == "note"
    ledger.accept_edits(why="typed in a spreadsheet")
    assert what(ledger) == []
    assert "fog" in set(ledger.claims.claim_id)
    assert "fog" not in set(ledger.as_known("2025-04-01").claims.claim_id)
    assert ledger.changes.iloc[-1][["row_id", "column", "after"]].tolist() == ["fog", "", "added"]
    assert "error" not in set(ledger.check().severity)


def test_an_id_given_anew_is_one_change_and_no_row_gone(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", 'snow,"It snowed', 'sleet,"It snowed')
    assert what(ledger) == [("cell changed", "sleet", "claim_id")]
    by_hand(tmp_path / "claims" / "evidence.csv", ",snow,", ",sleet,")
    ledger.accept_edits(why="it was sleet")
    assert what(ledger) == []


def test_a_row_that_is_wrong_has_to_be_mended_before_it_is_accepted(ledger, tmp_path):
    ledger.set_status("snow", "refuted", rationale="None lies.")
    by_hand(tmp_path / "claims" / "statuses.csv", "refuted", "refutted")
    before = (tmp_path / "claims" / "changes.csv").read_bytes()
    with pytest.raises(errors.NotFound, match=r"statuses that can be accepted.*is no status.*status=…"):
        ledger.accept_edits(why="all of it")
    assert (tmp_path / "claims" / "changes.csv").read_bytes() == before
    by_hand(tmp_path / "claims" / "statuses.csv", "refutted", "refuted")
    assert what(ledger) == []


SPOILT = {
    "a day in a spreadsheet's way": ("claims", "made_on", "2025-03-10", "10.03.2025"),
    "a word with a capital letter": ("statuses", "status", "supported", "Supported"),
    "a cell that was emptied": ("claims", "claimant", "The Daily", ""),
}


@pytest.mark.parametrize(
    ("what_happened", "is_known"),
    [*((one, True) for one in SPOILT), *((one, False) for one in list(SPOILT)[:1])],
)
def test_a_cell_that_a_spreadsheet_made_unreadable_is_mended_by_an_edit(
    ledger, tmp_path, monkeypatch, what_happened, is_known
):
    put = days_go_by(monkeypatch)
    name, column, good, spoilt = SPOILT[what_happened]
    row_id = "rain" if name == "claims" else ledger.statuses["status_id"][0]
    ledger.seal()
    by_hand(table(tmp_path, name), f",{good},", f",{spoilt},")
    if not is_known:
        shutil.rmtree(tmp_path / "claims" / ".factdesk")
    ledger = fd.open(tmp_path / "claims.csv")
    assert row_id not in set(getattr(ledger, name).iloc[:, 0])
    put(datetime.now(UTC) + timedelta(days=2))
    made = ledger.edit(name, row_id, why="a spreadsheet did that", **{column: good})
    turned = ledger.changes.set_index("change_id").loc[made[-1], ["before", "after"]].tolist()
    assert turned == [spoilt, good]
    again = fd.open(tmp_path / "claims.csv")
    for read in (ledger, again):
        assert str(getattr(read, name).set_index(schema.TABLES[name].id)[column][row_id])[:10] == good[:10]
        assert "error" not in {*read.check()["severity"], *read.verify()["severity"]}
        assert what(read) == []
        then = read.as_known(datetime.now(UTC) + timedelta(days=1))
        assert str(getattr(then, name).set_index(schema.TABLES[name].id)[column][row_id])[:10] == good[:10]
    said = row_versions.versions(again._dataset, name, [schema.TABLES[name].id, column])
    assert {str(cell)[:10] for cell in said.loc[said.iloc[:, 0] == row_id, column]} == {good[:10]}
    assert len(again.changes) == 2 + is_known


def test_where_more_is_wrong_than_an_edit_sets_it_says_what_and_where_and_writes_nothing(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", ",The Daily,,2025-03-10,", ",,,10.03.2025,")
    before = files(tmp_path)
    places = r"claims.csv:2 claimant: claimant is empty.* why=…, claimant=…\), all in one call. Nothing was written"
    with pytest.raises(errors.NotFound, match=places):
        ledger.edit("claims", "rain", why="a slip", made_on="2025-03-10")
    both = r"claimant is empty.*claims.csv:2 made_on: '10.03.2025' is not a day.*claimant=…, made_on=…"
    for call in (
        lambda: ledger.edit("claims", "rain", why="a slip", note="x"),
        lambda: ledger.withdraw("claims", "rain", why="a slip"),
        lambda: ledger.attach("rain", "https://example.org/x", stance="supports"),
        lambda: ledger.accept_edits(why="a slip"),
    ):
        with pytest.raises(errors.NotFound, match=both):
            call()
    assert files(tmp_path) == before
    ledger.edit("claims", "rain", why="a slip", made_on="2025-03-10", claimant="The Daily")
    assert what(ledger) == []
    assert "error" not in set(ledger.check()["severity"])


def test_a_claim_whose_row_can_not_be_read_is_not_logged_a_second_time(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", ",2025-03-10,", ",10.03.2025,")
    before = files(tmp_path)
    given = {"claim": "It rained on Monday.", "claimant": "The Daily", "made_on": "2025-03-10"}
    for more in ({}, {"claim_id": "wet"}):
        with pytest.raises(
            errors.InvalidValue, match=r"as 'rain', in a row.* claims.csv:2 made_on: '10.03.2025'"
        ):
            ledger.log(**given, **more)
    assert files(tmp_path) == before
    ledger.log(**(given | {"claimant": "Radio"}), claim_id="radio")
    ledger.edit("claims", "rain", why="a spreadsheet did that", made_on="2025-03-10")
    assert ledger.log(**given) == "rain"


def test_what_an_edit_can_not_mend_is_left_to_the_file_and_named(ledger, tmp_path):
    logged = str(ledger.claims["logged_at"][0].strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    by_hand(tmp_path / "claims.csv", f"{logged},", "yesterday,")
    before = files(tmp_path)
    with pytest.raises(
        errors.NotFound, match=r"claims.csv:2 logged_at: 'yesterday' is not a moment.* in the file"
    ):
        ledger.edit("claims", "rain", why="a slip", claim="x")
    assert files(tmp_path) == before


ESCAPE = "\x1b[31m\u202egnp"


def test_what_can_not_be_seen_is_taken_out_of_what_is_taken_in_and_that_is_told(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", "It rained", f"It {ESCAPE}poured")
    edits = ledger.hand_edits()
    assert edits.loc[0, "after"] == r"It \u001b[31m\u202egnppoured on Monday."
    with pytest.warns(fd.FactdeskWarning, match=r"claims.claim of rain: taken out: U\+001B, U\+202E"):
        ledger.accept_edits(why="worded better")
    again = fd.open(tmp_path / "claims.csv")
    assert again.changes.loc[1, ["before", "after"]].tolist() == [
        "It rained on Monday.",
        "It [31mgnppoured on Monday.",
    ]
    for name in ("claims", "changes"):
        assert not set(table(tmp_path, name).read_text("utf-8")) & set("\x1b\u202e")
    assert what(again) == []
    assert again.check().empty
    assert again.verify().empty


def test_a_hand_edit_that_adds_only_what_can_not_be_seen_is_undone(ledger, tmp_path):
    before = files(tmp_path)
    by_hand(tmp_path / "claims.csv", "It rained", "\u200bIt rained")
    with pytest.warns(fd.FactdeskWarning, match="taken out"):
        assert ledger.accept_edits(why="as it was") == []
    assert files(tmp_path) == before
    assert what(ledger) == []


def test_a_row_that_was_sealed_as_it_stands_is_taken_in_as_it_stands(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", "It rained", f"It {ESCAPE}poured")
    with pytest.warns(fd.FactdeskWarning, match="not accepted yet"):
        ledger.seal()
    ledger.accept_edits(why="worded better")
    assert "error" not in set(ledger.verify()["severity"])
    ledger.edit("claims", "rain", why="without what can't be seen", claim="It poured.")
    found = ledger.check()
    assert found["severity"].tolist() == ["note", "note"]
    assert found["code"].unique().tolist() == ["hidden-characters"]
    assert found["advice"].str.contains("Nothing to do").all()
    assert not set("".join(ledger.changes["before"]) + repr(ledger.changes)) & set("\x1b\u202e")
    assert "error" not in set(ledger.verify()["severity"])


@pytest.mark.parametrize("form", ["crlf", "bom", "reversed", "columns", "semicolons"])
def test_a_file_saved_otherwise_that_reads_the_same_is_no_hand_edit(ledger, tmp_path, form):
    path = tmp_path / "claims.csv"
    text = path.read_text("utf-8")
    head, *rows = text.splitlines()
    table = list(csv.reader(io.StringIO(text)))
    forms = {
        "crlf": text.replace("\n", "\r\n"),
        "bom": "\ufeff" + text,
        "reversed": "\n".join([head, *reversed(rows)]) + "\n",
        "columns": saved(row[::-1] for row in table),
        "semicolons": saved(table, ";"),
    }
    path.write_bytes(forms[form].encode())
    assert what(ledger) == []
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    ledger.log("It thawed.", claimant="Radio", claim_id="thaw")
    ledger.edit("claims", "hail", why="a word", note="big")
    assert what(ledger) == what(fd.open(path)) == []
    by_hand(path, "It thawed", "It froze")
    assert what(ledger) == [("cell changed", "thaw", "claim")]


@pytest.mark.parametrize("known", [None, b"", b"\0\0\0\0", b"no table"])
def test_what_is_known_may_be_lost(ledger, tmp_path, known):
    path = tmp_path / "claims" / ".factdesk" / "known" / "claims.csv"
    assert path.exists()
    shutil.rmtree(path.parent)
    if known is not None:
        path.parent.mkdir()
        path.write_bytes(known)
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert {row for row in what(ledger) if row[0] != "row added"} == set()
    ledger.accept_edits(why="all is well")
    assert what(ledger) == []
    by_hand(tmp_path / "claims.csv", "It hailed", "It froze")
    assert what(ledger) == [("cell changed", "hail", "claim")]


@pytest.mark.parametrize("before", [False, True], ids=["known as it was", "after another old copy"])
def test_a_copy_opened_while_a_dead_writers_edit_waits_and_saved_later_hides_nothing(
    before, ledger, tmp_path, monkeypatch
):
    """The copy has neither the edit, which only the next writer finishes, nor what that one logs."""
    if before:  # from then on the tables and what is known of them are not the same bytes
        old = (tmp_path / "claims.csv").read_bytes()
        ledger.log("It froze.", claimant="Radio", claim_id="frost")
        (tmp_path / "claims.csv").write_bytes(old)
        assert ledger.restore() == ["frost"]

    is_dead = False

    def dying(call, path, action):
        nonlocal is_dead
        is_dead = is_dead or path.name in ("claims.new", "claims.csv")  # after the journal
        if is_dead:
            raise Killed
        return action()

    with monkeypatch.context() as patch:
        patch.setattr(fsync, "perform", dying)
        with pytest.raises(Killed):
            ledger.edit("claims", "rain", why="a word", note="heavy")
    old = (tmp_path / "claims.csv").read_bytes()
    assert b"heavy" not in old
    other = fd.open(tmp_path / "claims.csv", by="Bo Lind")
    assert other.claims.set_index("claim_id").note["rain"] == "heavy", "what waits counts"
    other.log("It hailed.", claimant="Radio", claim_id="hail")
    (tmp_path / "claims.csv").write_bytes(old)
    assert ("row gone", "hail", "") in what(other)
    told = {(row.code, row.row_id, row.column) for row in other.check().itertuples()}
    assert {("hand-edit", "rain", "note"), ("unlike-change", "rain", "note")} & told
    assert "heavy" in set(other.changes["after"])
    other.restore()
    assert "hail" in set(other.claims["claim_id"])


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


# Git


@pytest.fixture
def repository(ledger, tmp_path):
    git(tmp_path, "init", "-qb", "main")
    committed(tmp_path, "begun")
    return tmp_path


@pytest.mark.parametrize("way", ["another branch", "a stash", "an unfinished merge", "a merge"])
def test_what_git_brings_or_takes_away_is_no_hand_edit(way, ledger, repository):
    git(repository, "checkout", "-qb", "side")
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    ledger.edit("claims", "rain", why="a word", note="heavy")
    if way == "a stash":
        git(repository, "stash", "-q")
        assert what(ledger) == []
        git(repository, "stash", "pop", "-q")
    else:
        ledger.seal("there")
        committed(repository, "side")
        git(repository, "checkout", "-q", "main")
    if "merge" in way:
        ledger.log("It thawed.", claimant="Radio", claim_id="thaw")
        committed(repository, "mine")
        git(repository, "merge", "-q", "--no-edit", *["--no-commit"] * (way == "an unfinished merge"), "side")
    assert what(ledger) == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ledger.log("It froze.", claimant="Radio", claim_id="frost")
    assert what(ledger) == []
    by_hand(repository / "claims.csv", "It froze", "It burnt")
    assert what(ledger) == [("cell changed", "frost", "claim")]


def test_rows_that_no_commit_has_are_missed_though_the_file_is_as_committed(ledger, repository):
    old = (repository / "claims.csv").read_bytes()
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    (repository / "claims.csv").write_bytes(old)
    assert what(ledger) == [("row gone", "hail", "")]
    assert ledger.restore() == ["hail"]


def test_a_hand_edit_in_a_new_clone_is_seen_until_it_is_committed_and_so_taken_for_meant(
    repository, tmp_path_factory
):
    clone = tmp_path_factory.mktemp("new") / "clone"
    git(repository, "clone", "-q", str(repository), str(clone))
    by_hand(clone / "claims.csv", "It rained", "It poured")
    ledger = fd.open(clone / "claims.csv", by="Cy")
    assert what(ledger) == [("cell changed", "rain", "claim")]
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert what(ledger) == [("cell changed", "rain", "claim")]
    committed(clone, "by hand")
    assert what(ledger) == []


# Tidying


def test_rows_that_stand_several_times_are_written_once_beside_lines_that_can_not_be_read(ledger, tmp_path):
    path = tmp_path / "claims.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *rows, rows[0], head, "broken,row", rows[1]]) + "\n", "utf-8")
    digest = ledger.refresh().digest()
    assert {"untidy", "header-again"} <= set(ledger.check().code)
    assert ledger.tidy() == ["claims"]
    assert path.read_text("utf-8").splitlines() == [head, *rows, "broken,row"]
    assert ledger.digest() == digest
    assert ledger.check()["code"].tolist() == ["unreadable-row"]
    assert ledger.tidy() == []


def test_the_next_edit_writes_each_row_once(ledger, tmp_path):
    path = tmp_path / "claims.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", "utf-8")
    ledger.edit("claims", "snow", why="a word", note="deep")
    assert len(path.read_text("utf-8").splitlines()) == len(lines)
    assert ledger.check().empty


def test_versions_that_a_merge_leaves_of_an_edited_row_are_no_hand_edits(ledger, repository):
    git(repository, "checkout", "-qb", "side")
    ledger.edit("claims", "rain", why="a word", note="heavy")
    committed(repository, "side")
    git(repository, "checkout", "-q", "main")
    ledger.edit("claims", "rain", why="a name", claimant="The Weekly")
    committed(repository, "mine")
    git(repository, "merge", "-q", "--no-edit", "side")
    assert what(ledger) == []
    assert len((repository / "claims.csv").read_text("utf-8").splitlines()) == 4
    assert ledger.claims.set_index("claim_id").loc["rain", ["claimant", "note"]].tolist() == [
        "The Weekly",
        "heavy",
    ]
    ledger.tidy()
    assert what(ledger) == []
    assert len((repository / "claims.csv").read_text("utf-8").splitlines()) == 3


def test_a_row_typed_into_a_table_that_nothing_was_written_to_is_seen(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="New", by="Ada Quist")
    ledger.log("It rained.", claimant="The Daily", claim_id="rain")
    row = "t-1,rain,supported,2025-03-01,Seen.,,,2025-03-01T10:00:00.000000Z,Bo Lind,\n"
    append(tmp_path / "claims" / "statuses.csv", row)
    assert what(ledger) == [("row added", "t-1", "")]
    with pytest.warns(fd.FactdeskWarning, match="1 hand edit not accepted yet"):
        ledger.seal("as it stands")


def test_an_edit_of_a_cell_that_was_changed_by_hand_remembers_both(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", "It rained", "It poured")
    ledger.edit("claims", "rain", why="a better word", claim="It drizzled.")
    told = ledger.changes[ledger.changes["column"] == "claim"].sort_values("changed_at")
    assert told["before"].tolist() == ["It rained on Monday.", "It poured on Monday."]
    assert told["after"].tolist() == ["It poured on Monday.", "It drizzled."]
    assert what(ledger) == []
    assert ledger.check().empty


def test_an_id_changed_by_hand_is_refused_where_rows_refer_to_it(ledger, tmp_path):
    by_hand(tmp_path / "claims.csv", "rain,It", "drizzle,It")
    with pytest.raises(errors.InvalidValue, match="ids never change, unless the rows that refer to it"):
        ledger.accept_edits(why="a better id")
    by_hand(tmp_path / "claims.csv", "drizzle,It", "rain,It")
    status_id = ledger.refresh().statuses["status_id"][0]
    by_hand(tmp_path / "claims" / "statuses.csv", status_id, "t-aaaaaaaaaaaa")
    with pytest.raises(errors.InvalidValue, match="ids never change"):
        ledger.accept_edits(why="a better id")


def test_a_change_added_by_hand_is_more_than_a_note(ledger, tmp_path):
    row = "c-aaaaaaaaaaaa,claims,rain,,,withdrawn,because,2026-11-25T03:15:00.000000Z,Mallory\n"
    append(tmp_path / "claims" / "changes.csv", row)
    assert "rain" not in set(ledger.refresh().claims.claim_id)
    assert ledger.check().set_index("code").severity["row-added"] == "warning"


@pytest.mark.parametrize("way", ["an old copy", "no file", "sealed again since"])
def test_seals_that_an_old_copy_saved_away_are_named_and_brought_back(ledger, tmp_path, way):
    path = tmp_path / "claims" / "seals.csv"
    first = ledger.seal("first")
    old = path.read_bytes()
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    gone = {ledger.seal("second")}
    if way == "no file":
        path.unlink()
        gone.add(first)
    else:
        path.write_bytes(old)
    if way == "sealed again since":
        with pytest.warns(fd.FactdeskWarning, match="not accepted yet"):
            ledger.seal("third")
    again = fd.open(tmp_path / "claims.csv")
    edits = again.hand_edits()
    assert edits["table"].unique().tolist() == ["seals"]
    assert set(edits["row_id"]) == gone
    found = again.check()
    assert found["code"].unique().tolist() == ["row-gone"]
    assert found["advice"].str.contains("restore").all()
    assert again.accept_edits(why="seals stay") == []
    assert len(again.hand_edits()) == len(gone)
    assert set(again.restore()) == gone
    assert gone <= set(again.seals["seal_id"])
    assert what(again) == again.restore() == []
    assert again.check().empty
    assert set(again.verify()["severity"]) <= {"note"}


@pytest.mark.parametrize(
    ("spoilt", "advice"),
    [
        ("Mar-25", "meant may be 2025-03. Likely cause: a spreadsheet"),
        ("Mrz 25", "meant may be 2025-03. Likely cause: a spreadsheet"),
        ("01.03.2025", "meant may be 2025-03-01 or 2025-01-03 or 2025-03. Likely cause"),
        ("45717", "meant may be 2025-03-01 or 2025-03. Likely cause"),
        ("soon", "YYYY-MM or YYYY, or nothing."),
    ],
)
def test_a_month_that_a_spreadsheet_wrote_anew_is_named_and_put_back_where_it_is_known(
    spoilt, advice, tmp_path
):
    ledger = rain(tmp_path)
    ledger.log("A bridge will stand.", claimant="M. Mayor", due_on="2025-03", claim_id="bridge")
    before = files(tmp_path)
    by_hand(tmp_path / "claims.csv", ",2025-03,", f",{spoilt},")
    ledger = fd.open(tmp_path / "claims.csv")
    found = ledger.check().set_index("code")["advice"]
    assert advice in found["bad-due"]
    is_known = spoilt != "soon"
    assert ("restore() puts back what stood here" in found["hand-edit"]) == is_known
    ledger.restore()
    assert (files(tmp_path) == before) == is_known


def test_a_word_that_says_of_no_day_how_much_is_known_is_named_as_other_choices_are(tmp_path):
    rain(tmp_path).log("It hailed.", claimant="Radio", made_on="2025-03", claim_id="hail")
    by_hand(tmp_path / "claims.csv", ",month,", ",months,")
    shutil.rmtree(tmp_path / "claims" / ".factdesk")
    ledger = fd.open(tmp_path / "claims.csv")
    (found,) = ledger.check().to_dict("records")
    assert (found["code"], found["column"]) == ("unknown-value", "made_on_precision")
    assert found["advice"] == "Allowed: month, year; nearest: month."
