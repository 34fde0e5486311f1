"""Branches of a ledger come together in real Git: nothing is lost, and what a person must settle is named."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from faults import LONG
from samples import table

import factdesk as fd
from factdesk import schema
from factdesk.errors import LedgerUnreadable
from factdesk.storage import git

pytestmark = [
    pytest.mark.skipif(not shutil.which("git"), reason="git is not there"),
    pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning"),
]

NAMES = ("ash", "birch", "cedar", "dogwood", "elm", "fir", "gorse")
Act = Callable[[fd.Ledger], object]
Rows = dict[str, set[tuple[str, ...]]]


class Repository:
    """A work tree with a ledger of seven claims in it, and the branches of two people."""

    def __init__(self, top: Path, ledger: str = "claims.csv") -> None:
        self.top, self.path = top, top / ledger
        if self.path.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        for key, value in {"user.name": "Ada Quist", "user.email": "ada@example.org"}.items():
            self.git("config", key, value)
        made = fd.create(self.path, title="Trees", by="Ada Quist")
        for name in NAMES:
            made.log(f"There is a {name}.", claimant="The Daily", made_on="2025-03-10", claim_id=name)
        self.commit("seven claims")

    def git(self, *words: str, fails: bool = False) -> str:
        done = subprocess.run(["git", *words], cwd=self.top, capture_output=True, text=True, check=False)
        assert fails == (done.returncode != 0), (words, done.stdout, done.stderr)
        return done.stdout

    def commit(self, why: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", why)

    def open(self, by: str = "Ada Quist") -> fd.Ledger:
        return fd.open(self.path, by=by)

    def sound(self) -> fd.Ledger:
        """Open it, and see that nothing in it is wrong."""
        ledger = self.open()
        assert codes(ledger) == []
        return ledger

    def branch(self, name: str, *acts: Act, start: str = "main") -> Rows:
        """Do things on a new branch; give the rows that it has then."""
        self.git("switch", "-q", "-c", name, start)
        return self.act(name, *acts)

    def act(self, name: str, *acts: Act) -> Rows:
        """Do things on the branch that is checked out, a commit for each; give the rows that it has then."""
        ledger = self.open(name)
        for act in acts:
            act(ledger)
            self.commit(name)
        return rows(ledger.refresh())

    def merge(self, *branches: str) -> fd.Ledger:
        self.git("merge", "-q", "--no-edit", *branches)
        return self.open()

    def file(self, name: str) -> Path:
        return table(self.path.parent, name)


@pytest.fixture(scope="module")
def trees(tmp_path_factory) -> Path:
    return Repository(tmp_path_factory.mktemp("trees")).top


@pytest.fixture
def repository(trees: Path, tmp_path: Path) -> Repository:
    shutil.copytree(trees, tmp_path / "desk")
    return Repository(tmp_path / "desk")


def rows(ledger: fd.Ledger) -> Rows:
    return {
        name: set(map(tuple, getattr(ledger, name).astype("str").to_numpy().tolist()))
        for name in schema.TABLES
        if name != "appearances"
    }


def union(*sides: Rows) -> Rows:
    return {name: set().union(*(side[name] for side in sides)) for name in sides[0]}


def codes(ledger: fd.Ledger, *severities: str) -> list[str]:
    found = ledger.check()
    return sorted(found["code"][found["severity"].isin(severities or ["error", "warning"])])


def notes(ledger: fd.Ledger) -> dict[str, str]:
    held = ledger.claims.set_index("claim_id")["note"]
    return {str(name): str(note) for name, note in held.items() if note}


def edit(claim_id: str, note: str) -> Act:
    return lambda ledger: ledger.edit("claims", claim_id, why=f"seen {note}", note=note)


def log(claim_id: str) -> Act:
    return lambda ledger: ledger.log(f"It is {claim_id}.", claimant="Radio", claim_id=claim_id)


def work(name: str) -> Act:
    """A claim, a page and a file attached to it, a status; a page and a status for a claim of everybody's."""

    def act(ledger: fd.Ledger) -> None:
        assert ledger.path
        kept = ledger.path.parent / f"{name}.txt"
        kept.write_text(f"Seen by {name}.")
        ledger.log(f"{name} was here.", claimant="Radio", claim_id=f"{name}-was-here", note="a\nb")
        evidence = ledger.attach(f"{name}-was-here", f"https://example.org/{name}", stance="supports")
        ledger.attach(f"{name}-was-here", file=kept, stance="context", quote=f"by {name}")
        ledger.set_status(f"{name}-was-here", "supported", rationale="The page.", evidence=evidence)
        ledger.repeat("ash", claimant=name, made_on="2025-03-12")
        day = "2025-03-12" if name == "mine" else "2025-03-13"
        ledger.set_status("ash", "in review", holds_from=day, rationale=f"{name} looks.")

    return act


BRANCHES: dict[str, dict[str, list[Act]]] = {
    "work": {name: [work(name)] for name in ("theirs", "mine", "yours")},
    "rivals": {name: [edit("ash", name)] for name in ("mine", "yours")},
    "tables": {"mine": [log("hazel")], "yours": [log("juniper"), edit("gorse", "yours"), log("kapok")]},
}


@pytest.fixture(scope="module")
def branched(trees: Path, tmp_path_factory) -> Callable[[str], tuple[Repository, dict[str, Rows]]]:
    """Make branches once; give a copy each time, the last of them checked out, and the rows of each."""

    @cache
    def made(what: str) -> tuple[Path, dict[str, Rows]]:
        one = Repository(shutil.copytree(trees, tmp_path_factory.mktemp(what) / "desk"))
        return one.top, {name: one.branch(name, *acts) for name, acts in BRANCHES[what].items()}

    def copied(what: str) -> tuple[Repository, dict[str, Rows]]:
        top, held = made(what)
        return Repository(shutil.copytree(top, tmp_path_factory.mktemp(what) / "desk")), held

    return copied


# --- rows that were added


WAYS = {
    "merge": [["merge", "--no-edit", "mine"]],
    "rebase": [["rebase", "-q", "mine"]],
    "cherry-pick": [
        ["cherry-pick", "mine"],
        ["switch", "mine"],
        ["cherry-pick", "yours~1"],
        ["merge", "--no-edit", "yours"],
    ],
    "squash": [["merge", "--squash", "mine"]],
}


@pytest.mark.parametrize("way", WAYS)
def test_branches_come_together_to_all_that_either_holds(way, branched):
    repository, held = branched("work")
    for words in WAYS[way]:
        repository.git(*words)
    repository.commit("together")
    merged = repository.sound()
    assert rows(merged) == union(held["mine"], held["yours"])
    assert len(merged.appearances) == len(merged.claims) + 2
    kept = repository.path.with_suffix("") / "snapshots"
    assert {path.name for path in kept.iterdir()} == set(merged.snapshots["sha256"])
    assert merged.set_status("mine-was-here", "mixed", rationale="Written after the merge.")


def test_three_branches_merge_one_after_another_for_git_refuses_them_at_once(branched):
    repository, held = branched("work")
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-edit", *held, fails=True)
    repository.git("reset", "-q", "--merge")  # Git's octopus merge does not heed attributes
    for side in held:
        repository.git("merge", "-q", "--no-edit", side)
    assert rows(repository.sound()) == union(*held.values())


def test_what_was_stashed_comes_back_beside_what_was_written_meanwhile(repository):
    work("mine")(repository.open())
    mine = rows(repository.open())
    repository.git("stash", "-q", "--include-untracked")
    assert len(repository.open().claims) == len(NAMES)
    yours = repository.branch("yours", work("yours"))
    repository.git("stash", "pop", "-q")
    assert rows(repository.sound()) == union(mine, yours)


def test_a_clone_that_pulls_has_what_was_pushed(repository, tmp_path):
    repository.git("clone", "-q", "--bare", ".", str(tmp_path / "shared.git"))
    repository.git("remote", "add", "shared", str(tmp_path / "shared.git"))
    mine = repository.act("mine", work("mine"))
    repository.git("push", "-q", "shared", "main")
    repository.git("reset", "-q", "--hard", "HEAD~1")
    yours = repository.act("yours", work("yours"))
    repository.git("pull", "-q", "--no-rebase", "--no-edit", "shared", "main")
    assert rows(repository.sound()) == union(mine, yours)


def test_one_address_attached_on_both_sides_is_one_source(repository):
    def attach(note: str) -> Act:
        return lambda ledger: ledger.attach("ash", "https://example.org/x", stance="supports", publisher=note)

    repository.branch("mine", attach("Office"))
    repository.branch("yours", attach(""))
    merged = repository.merge("mine")
    assert merged.sources["publisher"].tolist() == ["Office"]
    assert len(merged.evidence) == 1
    assert codes(merged) == []
    assert set(codes(merged, "note")) == {"untidy"}


def test_statuses_that_contradict_each_other_are_both_there_and_named(repository):
    def judge(status: str) -> Act:
        return lambda ledger: ledger.set_status(
            "ash", status, holds_from="2025-03-12", rationale=f"It is {status}."
        )

    repository.branch("mine", judge("supported"))
    repository.branch("yours", judge("refuted"))
    merged = repository.merge("mine")
    assert sorted(merged.statuses["status"].astype("str")) == ["refuted", "supported"]
    assert codes(merged) == ["contradicting-statuses"]
    assert "'supported' by mine" in merged.check()["message"][0]
    merged.set_status("ash", "mixed", holds_from="2025-03-12", rationale="Both have a point.")
    repository.sound()


# --- cells that were edited


def test_edits_of_different_cells_stand_both_and_the_same_one_on_both_sides_is_no_rivalry(repository):
    repository.branch("mine", edit("ash", "mine"), edit("cedar", "mine"), edit("elm", "both"))
    repository.branch(
        "yours",
        lambda one: one.edit("claims", "ash", why="it was she", claimant="Radio"),
        *(edit("birch", "yours"), edit("dogwood", "yours"), edit("elm", "both")),
    )
    merged = repository.merge("mine")
    wanted = {"ash": "mine", "birch": "yours", "cedar": "mine", "dogwood": "yours", "elm": "both"}
    assert notes(merged) == wanted
    assert merged.claims.set_index("claim_id")["claimant"]["ash"] == "Radio"
    assert codes(merged) == []


@pytest.mark.parametrize(("chosen", "losing"), [("mine", 1), ("yours", 1), ("both", 2)])
def test_rival_edits_stand_both_until_one_edit_chooses_and_says_so_for_every_loser(chosen, losing, branched):
    repository, _ = branched("rivals")
    merged = repository.merge("mine")
    assert codes(merged) == ["rival-versions"]
    assert notes(merged) == {"ash": "yours"}  # the later
    file = repository.path.read_text()
    assert file.count("\nash,") == 2 and ",mine," in file and ",yours," in file
    made = merged.edit("claims", "ash", why="settled", note=chosen)
    assert len(made) == losing
    settled = repository.sound()
    recorded = settled.changes[settled.changes["why"] == "settled"]
    assert set(recorded["before"]) == {"mine", "yours"} - {chosen}
    assert set(recorded["after"]) == {chosen}
    assert notes(settled) == {"ash": chosen}
    repository.commit("settled")
    repository.git("switch", "-q", "mine")
    repository.git("merge", "-q", "--no-edit", "yours")
    assert notes(repository.sound()) == {"ash": chosen}


def test_rivals_that_both_sides_settled_differently_are_rivals_again(branched):
    repository, _ = branched("rivals")
    repository.git("merge", "-q", "--no-edit", "mine")
    repository.branch("one", edit("ash", "mine"), start="yours")
    repository.branch("other", edit("ash", "yours"), start="yours")
    merged = repository.merge("one")
    assert codes(merged) == ["rival-versions"]
    merged.edit("claims", "ash", why="settled", note="yours")
    repository.sound()


def test_a_row_edited_on_one_side_and_withdrawn_on_the_other_is_both(repository):
    repository.branch("mine", edit("ash", "mine"))
    repository.branch("yours", lambda one: one.withdraw("claims", "ash", why="nobody said so"))
    merged = repository.merge("mine")
    assert "ash" not in set(merged.claims["claim_id"])
    merged.reinstate("claims", "ash", why="somebody did")
    assert notes(repository.sound()) == {"ash": "mine"}


def test_an_edit_after_one_by_a_clock_that_was_an_hour_fast_wins(repository):
    def edit_fast(ledger: fd.Ledger) -> None:
        edit("ash", "fast")(ledger)
        file = repository.file("changes")
        moment = ledger.changes["changed_at"].max()
        now, fast = (schema.moment_text(one) for one in (moment, moment + timedelta(hours=1)))
        file.write_text(file.read_text().replace(now, fast))

    repository.branch("mine", edit_fast)
    repository.branch("yours", log("hazel"))
    merged = repository.merge("mine")
    with pytest.warns(fd.FactdeskWarning, match="clock"):
        merged.edit("claims", "ash", why="a later look", note="later")
    again = repository.sound()
    assert notes(again) == {"ash": "later"}
    assert again.changes.sort_values("changed_at")["after"].tolist() == ["fast", "later"]


# --- what Git takes back


def test_a_reverted_row_stays_where_rows_were_added_since(repository):
    repository.branch("mine", log("hazel"), log("ivy"))
    repository.git("revert", "--no-edit", "HEAD~1", fails=True)  # nothing to commit
    ledger = repository.open()
    assert {"hazel", "ivy"} <= set(ledger.claims["claim_id"])  # so: withdraw instead
    ledger.withdraw("claims", "hazel", why="nobody said so")
    assert "hazel" not in set(repository.open().claims["claim_id"])


def test_an_edit_that_was_reverted_behind_its_change_is_found(repository):
    repository.branch("mine", edit("ash", "mine"), edit("gorse", "too"))
    repository.git("revert", "--no-edit", "HEAD~1")
    reverted = repository.open()
    assert notes(reverted) == {"gorse": "too"}
    assert "unlike-change" in codes(reverted)
    reverted.edit("claims", "ash", why="it was no ash", note="")
    assert repository.sound().changes["after"].tolist() == ["mine", "too", ""]


# --- files that were saved differently on one side


def saved(change: Callable[[bytes], bytes]) -> Act:
    """Save claims.csv as another program does."""

    def act(ledger: fd.Ledger) -> None:
        assert ledger.path
        ledger.path.write_bytes(change(ledger.path.read_bytes()))

    return act


def by_lines(change: Callable[[list[list[bytes]]], list[list[bytes]]]) -> Act:
    def lines(data: bytes) -> bytes:
        cells = [line.split(b",") for line in data.splitlines()]
        return b"".join(b",".join(line) + b"\n" for line in change(cells))

    return saved(lines)


def swapped(cells: list[list[bytes]]) -> list[list[bytes]]:
    return [[line[1], line[0], *line[2:]] for line in cells]


SAVED = {
    "sorted": by_lines(lambda cells: [cells[0], *sorted(cells[1:], reverse=True)]),
    "CRLF": saved(lambda data: data.replace(b"\n", b"\r\n")),
    "BOM": saved(lambda data: b"\xef\xbb\xbf" + data),
    "BOM and CRLF": saved(lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")),
    "no last end": saved(lambda data: data.removesuffix(b"\n")),
    "a column added": by_lines(lambda cells: [[*cells[0], b"mine"], *([*line, b"x"] for line in cells[1:])]),
    "columns swapped": by_lines(swapped),
    "semicolons": saved(lambda data: data.replace(b",", b";")),
    "all quoted": by_lines(lambda cells: [[b'"' + cell + b'"' for cell in line] for line in cells]),
}


SIDES = [(way, into) for way in SAVED for into in ("mine", "yours")]


# By turns into one side and the other; `make faults` takes all of them into both.
@pytest.mark.parametrize(("way", "into"), SIDES if LONG else [*SIDES[::4], *SIDES[3::4]])
def test_a_table_saved_differently_on_one_side_merges_with_rows_of_the_other(way, into, branched):
    repository, held = branched("tables")
    repository.git("switch", "-q", "mine")
    mine = repository.act("mine", SAVED[way], log("ivy"))
    repository.git("switch", "-q", into)
    merged = repository.merge("yours" if into == "mine" else "mine")
    names = [name for name in mine if name != "claims"]
    assert {name: rows(merged)[name] for name in names} == union(
        *({n: s[n] for n in names} for s in (mine, held["yours"]))
    )
    assert set(merged.claims["claim_id"]) == {*NAMES, "hazel", "ivy", "juniper", "kapok"}
    assert notes(merged) == {"gorse": "yours"}
    assert codes(merged) == []
    merged.log("It goes on.", claimant="Radio", claim_id="goes-on")
    assert "goes-on" in set(repository.open().claims["claim_id"])


def test_a_column_renamed_on_one_side_is_named(repository):
    repository.branch("mine", log("ivy"))
    saved(lambda data: data.replace(b",note,", b",remark,"))(repository.open())
    repository.commit("renamed")
    repository.branch("yours", log("hazel"), start="main")
    repository.git("merge", "-q", "--no-edit", "mine")
    with pytest.raises(LedgerUnreadable, match="'note' is missing") as told:
        repository.open()
    assert {place.file for place in told.value.places} == {"claims.csv"}


# --- what a person must settle


def test_one_id_for_two_claims_names_both_lines_and_a_new_id_in_the_file_settles_it(repository):
    for side, words in (("mine", "Oaks fall."), ("yours", "Oaks grow.")):
        repository.branch(side, lambda one, words=words: one.log(words, claimant="Radio", claim_id="oak"))
    merged = repository.merge("mine")
    assert codes(merged) == ["two-claims"]
    lines = [
        at for at, line in enumerate(repository.path.read_text().splitlines(), 1) if line.startswith("oak,")
    ]
    assert f"lines {lines[0]}, {lines[1]}" in merged.check()["message"][0]
    before = repository.path.read_bytes()
    with pytest.raises(fd.FactdeskError, match="Two different claims"):
        merged.set_status("oak", "mixed", rationale="Which?")
    assert repository.path.read_bytes() == before
    repository.path.write_bytes(before.replace(b"oak,Oaks fall", b"oak-falls,Oaks fall"))
    repository.open().accept_edits(why="there were two oaks")
    settled = repository.sound()
    assert {"oak", "oak-falls"} <= set(settled.claims["claim_id"])
    assert settled.set_status("oak", "mixed", rationale="The one that grows.")


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_a_conflict_that_was_left_is_named_with_its_lines(style, repository):
    repository.git("rm", "-q", ".gitattributes")
    repository.commit("no attributes")
    repository.git("config", "merge.conflictStyle", style)
    repository.branch("mine", log("hazel"))
    repository.branch("yours", log("ivy"))
    repository.git("merge", "mine", fails=True)
    text = repository.path.read_text().splitlines()
    marks = [at for at, line in enumerate(text, 1) if line[:7] in ("<" * 7, "=" * 7, ">" * 7, "|" * 7)]
    assert len(marks) == (3 if style == "merge" else 4)
    with pytest.raises(LedgerUnreadable) as told:
        repository.open()
    places = [(place.code, place.file, place.line) for place in told.value.places]
    assert places == [("conflict", "claims.csv", at) for at in marks]
    repository.path.write_text("".join(f"{line}\n" for at, line in enumerate(text, 1) if at not in marks))
    assert {"hazel", "ivy"} <= set(repository.sound().claims["claim_id"])


# --- ledgers in a folder of a repository


@pytest.mark.parametrize("attributes", ["beside the ledger", "in the root"])
def test_a_ledger_in_a_folder_merges_by_attributes_beside_it_or_in_the_root(attributes, tmp_path):
    repository = Repository(tmp_path / "desk", "cases/2025/claims.csv")
    if attributes == "in the root":
        repository.git("rm", "-q", "cases/2025/.gitattributes")
        lines = ["**/claims.csv text eol=lf merge=union", "**/claims/*.csv text eol=lf merge=union"]
        (repository.top / ".gitattributes").write_text("".join(f"{line}\n" for line in lines))
        repository.commit("attributes in the root")
    mine, yours = repository.branch("mine", work("mine")), repository.branch("yours", work("yours"))
    repository.git("merge", "-q", "--no-edit", "mine")
    assert rows(repository.sound()) == union(mine, yours)


def with_a_status(repository: Repository) -> bytes:
    """Log a claim with a status after claims.csv was opened elsewhere; give what that holds."""
    old = repository.path.read_bytes()
    ledger = repository.open()
    log("hazel")(ledger)
    ledger.edit("claims", "hazel", why="seen", note="seen")
    ledger.set_status("hazel", "supported", rationale="It stands there.")
    repository.commit("a hazel")
    return old


def save_an_old_copy(repository: Repository) -> None:
    old = with_a_status(repository)
    repository.path.write_bytes(old)
    repository.commit("saved in a spreadsheet")


def take_the_claims_back(repository: Repository) -> None:
    with_a_status(repository)
    repository.git("checkout", "-q", "HEAD~1", "claims.csv")
    repository.commit("taken back")


@pytest.mark.parametrize(("act", "is_known"), [(save_an_old_copy, True), (take_the_claims_back, False)])
def test_rows_that_a_commit_took_out_are_traced_to_it_and_brought_back(act, is_known, repository):
    act(repository)
    if not is_known:
        shutil.rmtree(repository.path.with_suffix("") / ".factdesk")
    commit = repository.git("rev-parse", "--short", "HEAD").strip()
    ledger = repository.open()
    found = ledger.check()
    orphan = found[found["code"] == "orphan"].iloc[0]
    assert f"'hazel', which is not in claims any more: commit {commit} of 20" in orphan["message"]
    assert (
        f"restore() brings it back as it was; `git show {commit}^:./claims.csv` has it." in orphan["advice"]
    )
    assert "hazel" in repository.git("show", f"{commit}^:./claims.csv")
    assert ledger.restore() == ["hazel"]
    for read in (ledger, repository.open()):
        assert codes(read) == []
        assert notes(read)["hazel"] == "seen"
        assert read.statuses["claim_id"].tolist() == ["hazel"]
        assert read.hand_edits().empty
        assert read.restore() == []


def test_of_many_rows_that_are_gone_few_are_looked_for_and_all_come_back(repository, monkeypatch):
    old = repository.path.read_bytes()
    ledger = repository.open()
    for n in range(5):
        log(f"tree-{n}")(ledger)
        ledger.set_status(f"tree-{n}", "supported", rationale="It stands there.")
    ledger.set_status("ash", "supported", rationale="It stands there.")
    path = repository.file("statuses")
    path.write_text(path.read_text("utf-8").replace(",ash,", ",hsa,"), "utf-8")
    repository.commit("five trees")
    lost = repository.open()
    orphan = lost.check().iloc[0]  # no commit ever had it
    assert (orphan["code"], orphan["message"]) == ("orphan", "refers to 'hsa', which is not in claims.")
    assert lost.restore() == []
    path.write_text(path.read_text("utf-8").replace(",hsa,", ",ash,"), "utf-8")
    repository.path.write_bytes(old)
    repository.commit("saved in a spreadsheet")
    asked: list[str] = []
    ask = git.taken_out
    monkeypatch.setattr(git, "taken_out", lambda path, text: asked.append(text) or ask(path, text))
    ledger = repository.open()
    found = ledger.check()
    assert (len(asked), int(found["message"].str.contains("took it out").sum())) == (3, 3)
    assert len(ledger.restore()) == 5
    repository.sound()
