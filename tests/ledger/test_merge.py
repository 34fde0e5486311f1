"""One ledger merged into another: what is new comes in as it is, what is contrary is named, and nothing is lost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from samples import CASES, files, needs_cases, rain

import factdesk as fd
from factdesk.errors import QuestionsOpen
from factdesk.ledger import merge as module

TURNOUT = {"claim": "Turnout was the highest ever.", "claimant": "The Minister", "made_on": "2025-03-13"}
ADDRESS = "https://example.org/table"


def ledger_of(folder: Path, who: str, **options) -> fd.Ledger:
    """A ledger of one person, with a claim that others log too."""
    folder.mkdir(exist_ok=True)
    ledger = fd.create(folder / "claims.csv", title=f"{who}'s", by=who, **options)
    ledger.log(**TURNOUT, claim_id="turnout")
    return ledger


@pytest.fixture
def both(tmp_path):
    """Two ledgers that were begun apart."""
    return ledger_of(tmp_path / "ann", "Ann"), ledger_of(tmp_path / "bob", "Bob")


@pytest.fixture
def forked(tmp_path):
    """A ledger, and a copy of it that went on by itself."""
    rain(tmp_path / "ann")
    shutil.copytree(tmp_path / "ann", tmp_path / "bob")
    return tuple(fd.open(tmp_path / who.lower() / "claims.csv", by=who) for who in ("Ann", "Bob"))


def counts(merge, kind):
    return {name: n for name, n in merge.counts[kind].items() if n}


def is_well(ledger) -> bool:
    """Whether ids, seals, documents and cells hold, what is on the disk is in memory, and nothing was done by hand."""
    wrong = ledger.verify()
    assert "error" not in set(wrong["severity"]), wrong["message"].tolist()
    assert ledger.hand_edits().empty
    assert fd.open(ledger.path).digest() == ledger.digest()
    return True


# --- what is new


def test_rows_come_in_as_they_are_with_their_changes_and_documents(both, tmp_path):
    ann, bob = both
    (tmp_path / "table.html").write_text("<p>61 %</p>")
    hail = bob.log("It hailed.", claimant="Radio", made_on="2025-03")
    evidence = bob.attach("turnout", ADDRESS, file=tmp_path / "table.html", stance="refutes", quote="61 %")
    bob.set_status("turnout", "refuted", rationale="61 %.", evidence=evidence)
    bob.edit("evidence", evidence, why="said so", note="Table 2")
    bob.repeat("turnout", made_on="2025-03-15", claimant="The Deputy")
    coming = ann.merge(bob)
    before = files(tmp_path)
    assert counts(coming, "new") == {
        "claims": 1, "appearances": 1, "sources": 1, "snapshots": 1, "evidence": 1, "statuses": 1, "changes": 1,
    }  # fmt: skip
    assert set(coming.new["row_id"]) >= {hail, evidence}
    assert files(tmp_path) == before
    assert coming.write() is coming
    for name in ("sources", "snapshots", "evidence", "statuses", "changes"):
        assert getattr(ann, name).equals(getattr(bob, name)), name
    assert len(ann.appearances) == 3
    assert ann.claims.set_index("claim_id").loc[hail].equals(bob.claims.set_index("claim_id").loc[hail])
    assert ann.claims["made_on_precision"][1] == "month"
    kept = ann.snapshots["sha256"][0]
    assert (ann.path.with_suffix("") / "snapshots" / kept).read_text() == "<p>61 %</p>"
    assert is_well(ann)


def test_to_merge_again_adds_nothing(both):
    ann, bob = both
    bob.set_status("turnout", "refuted", rationale="61 %.")
    ann.merge(bob).write()
    digest, before = ann.digest(), files(ann.path.parent)
    again = ann.merge(bob.path)
    assert not again
    assert "There is nothing to write." in repr(again)
    again.write()
    assert (ann.digest(), files(ann.path.parent)) == (digest, before)


def test_a_ledger_merged_into_itself_or_with_an_older_copy_adds_nothing(forked):
    ann, bob = forked
    ann.edit("claims", "snow", why="seen", note="wet snow")
    ann.withdraw("evidence", ann.evidence["evidence_id"][1], why="a slip")
    before = files(ann.path.parent)
    for other in (ann, ann.path, bob):
        coming = ann.merge(other)
        assert not coming, coming
        assert coming.contrary.empty
        coming.write()
    assert files(ann.path.parent) == before
    bob.merge(ann).write()
    assert bob.digest() == ann.digest()


def test_what_the_other_knew_then_is_known_then(both):
    ann, bob = both
    bob.set_status("turnout", "refuted", rationale="61 %.")
    then = bob.statuses["recorded_at"][0]
    ann.log("It hailed.", claimant="Radio")
    ann.merge(bob).write()
    known = ann.as_known(then.to_pydatetime())
    assert known.statuses["recorded_by"].tolist() == ["Bob"]
    assert known.status_on()["status"].tolist() == ["refuted"]
    assert len(known.claims) == 1


def test_seals_of_before_still_hold(forked):
    ann, bob = forked
    ann.edit("claims", "snow", why="seen", note="wet snow")
    ann.seal("as published")
    bob.edit("claims", "snow", why="a day was found", made_on="2025-03-09")
    bob.set_status("snow", "refuted", rationale="Dry.")
    bob.withdraw("evidence", bob.evidence["evidence_id"][0], why="a slip")
    ann.merge(bob).write()
    assert len(ann.evidence) == 1
    assert is_well(ann)


def test_a_row_that_a_seal_covers_keeps_who_and_when(both):
    ann, bob = both[1], both[0]  # the later one seals
    ann.attach("turnout", ADDRESS, stance="supports")
    ann.seal()
    bob.attach("turnout", ADDRESS, stance="supports", title="Table", note="p. 2")
    sealed = ann.claims["logged_at"][0]
    ann.merge(bob).write()
    assert ann.claims["logged_at"][0] == sealed
    assert ann.sources["title"].tolist() == ["Table"]
    assert is_well(ann)
    assert not ann.merge(bob)


def test_what_was_withdrawn_there_stays_withdrawn(both):
    ann, bob = both
    evidence = bob.attach("turnout", ADDRESS, stance="refutes")
    bob.withdraw("evidence", evidence, why="a slip")
    ann.merge(bob).write()
    assert ann.evidence.empty
    assert ann.withdrawn["row_id"].tolist() == [evidence]


# --- what is contrary


def test_both_verdicts_stand_and_are_named(both):
    ann, bob = both
    ann.set_status("turnout", "supported", holds_from="2025-03-14", rationale="Ann read the table.")
    bob.set_status("turnout", "refuted", holds_from="2025-03-14", rationale="Bob read the notes.")
    coming = ann.merge(bob)
    told = coming.contrary.iloc[0]
    assert (told["what"], told["here"], told["there"]) == (
        "verdict", "supported from 2025-03-14", "refuted from 2025-03-14",
    )  # fmt: skip
    assert (told["by_here"], told["by_there"]) == ("Ann", "Bob")
    assert "both stand; 'refuted' recorded later, is shown" in repr(coming)
    coming.write()
    assert sorted(ann.statuses["status"]) == ["refuted", "supported"]
    assert "contradicting-statuses" in set(ann.check()["code"])


def test_verdicts_of_different_days_are_contrary_too_and_of_one_person_or_one_word_are_not(both):
    ann, bob = both
    ann.set_status("turnout", "supported", holds_from="2025-03-14", rationale="a")
    bob.set_status("turnout", "mixed", holds_from="2025-03-15", rationale="b")
    assert ann.merge(bob).contrary["outcome"].tolist() == ["both stand; 'mixed' holds from 2025-03-15 on"]
    bob.set_status("turnout", "supported", holds_from="2025-03-16", rationale="c")
    assert ann.merge(bob).contrary.empty
    bob.set_status("turnout", "refuted", holds_from="2025-03-17", rationale="d")
    assert len(ann.merge(fd.open(bob.path, by="Ann")).contrary) == 1
    ann.merge(bob).write()
    assert ann.merge(bob).contrary.empty  # it is known now


def test_a_verdict_that_only_the_other_goes_on_from_is_not_contrary(forked):
    ann, bob = forked
    bob.set_status("rain", "refuted", rationale="The gauge was broken.")
    assert ann.merge(bob).contrary.empty


def test_a_cell_that_says_otherwise_stays_until_somebody_chooses(both):
    ann, bob = both
    ann.attach("turnout", ADDRESS, stance="supports", quote="61 %", note="Ann's", title="Table 2")
    row = bob.attach("turnout", ADDRESS, stance="supports", quote="61 %", note="Bob's", title="Table 1")
    coming = ann.merge(bob)
    assert coming.contrary[["table", "column", "here", "there", "outcome"]].values.tolist() == [
        ["sources", "title", "Table 2", "Table 1", "ours stays"],
        ["evidence", "note", "Ann's", "Bob's", "ours stays"],
    ]
    coming.write()
    assert (ann.sources["title"][0], ann.evidence["note"][0]) == ("Table 2", "Ann's")
    assert ann.changes.empty
    assert len(ann.merge(bob).contrary) == 2
    with pytest.raises(fd.FactdeskError, match="the reason"):
        ann.merge(bob, take="theirs")
    ann.merge(bob, take={row: "theirs"}, why="Bob saw it").write()
    assert (ann.sources["title"][0], ann.evidence["note"][0]) == ("Table 2", "Bob's")
    assert ann.changes[["column", "before", "after", "why", "changed_by"]].values.tolist() == [
        ["note", "Ann's", "Bob's", "Bob saw it", "Ann"]
    ]
    assert ann.merge(bob).contrary["table"].tolist() == ["sources"]
    assert is_well(ann)


@pytest.mark.parametrize("take", ["ours", "theirs"])
def test_the_same_source_described_differently_is_settled_once(both, take):
    ann, bob = both
    ann.add_source(ADDRESS, title="Table 2", publisher="Office")
    bob.add_source(ADDRESS, title="Table 1", author="C. Stone")
    ann.merge(bob, take=take, why="looked it up").write()
    held = "Table 2" if take == "ours" else "Table 1"
    for ledger, other in ((ann, bob), (bob, ann)):
        again = ledger.merge(other)
        assert again.contrary.empty
        again.write()
        assert ledger.sources.iloc[0][["title", "publisher", "author"]].tolist() == [
            held,
            "Office",
            "C. Stone",
        ]
        assert is_well(ledger)
    assert ann.digest() == bob.digest()


def test_an_edit_there_is_shown_and_comes_in_with_its_reason(forked):
    ann, bob = forked
    bob.edit("claims", "snow", why="heard again", quote="white all over")
    status = bob.statuses["status_id"][0]
    bob.edit("statuses", status, why="a slip", status="mixed")
    coming = ann.merge(bob)
    assert coming.contrary.empty
    assert coming.edits[["row_id", "before", "after", "why", "by"]].values.tolist() == [
        ["snow", "white\nall over", "white all over", "heard again", "Bob"],
        [status, "supported", "mixed", "a slip", "Bob"],
    ]
    coming.write()
    assert ann.statuses["status"].tolist() == ["mixed"]
    assert ann.digest() == bob.digest()


def test_a_cell_that_both_edited_is_contrary_and_the_others_of_the_row_come_in(forked):
    ann, bob = forked
    ann.edit("claims", "snow", why="a", note="from Ann")
    bob.edit("claims", "snow", why="b", note="from Bob", made_on="2025-03-09")
    coming = ann.merge(bob)
    assert coming.contrary[["column", "here", "there"]].values.tolist() == [["note", "from Ann", "from Bob"]]
    coming.write()
    snow = ann.claims.set_index("claim_id").loc["snow"]
    assert (snow["note"], str(snow["made_on"])[:10]) == ("from Ann", "2025-03-09")
    assert "from Bob" not in ann.changes["after"].tolist()
    assert is_well(ann)
    ann.merge(bob, take="ours", why="Ann was there").write()
    assert ann.merge(bob).contrary.empty
    bob.merge(ann).write()
    assert bob.claims.set_index("claim_id")["note"]["snow"] == "from Ann"
    assert ann.digest() == bob.digest()


def test_an_edit_that_was_seen_before_the_other_edited_again_wins(forked):
    ann, bob = forked
    ann.edit("claims", "snow", why="a", note="one")
    bob.merge(ann).write()
    bob.edit("claims", "snow", why="b", note="two")
    ann.merge(bob).write()
    assert ann.claims.set_index("claim_id")["note"]["snow"] == "two"
    assert ann.digest() == bob.digest()


def test_a_claim_withdrawn_in_one_of_two_ledgers_that_both_logged_it_is_contrary(both):
    ann, bob = both
    ann.set_status("turnout", "supported", rationale="a")
    bob.withdraw("claims", "turnout", why="logged twice")
    coming = ann.merge(bob)
    assert coming.contrary[["what", "here", "there"]].values.tolist() == [["withdrawal", "", "withdrawn"]]
    coming.write()
    assert len(ann.claims) == 1
    ann.merge(bob, take="theirs", why="so it was").write()
    assert ann.claims.empty
    assert ann.merge(bob).contrary.empty


def test_a_row_of_both_that_was_withdrawn_there_is_withdrawn_and_that_is_shown_first(forked):
    ann, bob = forked
    bob.withdraw("claims", "snow", why="nobody said so")
    coming = ann.merge(bob)
    assert "claims snow: withdrawn by Bob (nobody said so)" in repr(coming)
    coming.write()
    assert ann.claims["claim_id"].tolist() == ["rain"]


def test_what_was_typed_into_a_file_there_is_no_edit(forked):
    ann, bob = forked
    bob.path.write_text(bob.path.read_text().replace("It snowed, too.", "It snowed, and how."))
    coming = ann.merge(bob)
    assert coming.contrary[["column", "there"]].values.tolist() == [["claim", "It snowed, and how."]]
    coming.write()
    assert "It snowed, too." in ann.claims["claim"].tolist()


def test_an_appearance_that_both_logged_counts_once(both):
    ann, bob = both
    for ledger, note in ((ann, ""), (bob, "on page 2")):
        ledger.repeat("turnout", made_on="2025-03-15", claimant="The Deputy", note=note)
    ann.merge(bob).write()
    assert ann.appearances.loc[~ann.appearances["first"], "note"].tolist() == ["on page 2"]
    assert not ann.merge(bob)
    assert is_well(ann)


def test_a_day_is_not_made_a_month_by_a_ledger_that_knows_less(both):
    ann, bob = both
    ann.log("It hailed.", claimant="Radio", made_on="2025-03-01", claim_id="hail")
    bob.log("It hailed.", claimant="Radio", made_on="2025-03", claim_id="hail")
    coming = ann.merge(bob)
    assert coming.contrary["column"].tolist() == ["made_on_precision"]
    coming.write()
    assert ann.claims["made_on_precision"].isna().all()


# --- what has to be said first


def test_two_claims_under_one_id_are_refused_until_it_is_said_what_they_are(both, tmp_path):
    ann, bob = both
    ann.log("Ballots were lost.", claimant="J. Roe", claim_id="ballots")
    bob.log("Ballots were found.", claimant="C. Stone", claim_id="ballots")
    bob.set_status("ballots", "mixed", rationale="Some.")
    bob.edit("statuses", bob.statuses["status_id"][0], why="more", gaps="the count")
    before = files(tmp_path)
    for take in (None, "theirs"):
        with pytest.raises(QuestionsOpen, match="'ballots' is one claim here and another there"):
            ann.merge(bob, take=take, why="x").write()
    assert files(tmp_path) == before
    coming = ann.merge(bob, same={"ballots": "ballots-found"})
    coming.write()
    held = ann.status_on().set_index("claim_id")
    assert held["status"]["ballots-found"] == "mixed"
    assert held["gaps"]["ballots-found"] == "the count"
    assert held["status"]["ballots"] == "unverified"
    assert is_well(ann)
    assert not ann.merge(bob, same={"ballots": "ballots-found"})


def test_the_same_claim_under_another_id_is_named_and_joined_where_that_is_said(both):
    ann, bob = both
    ann.log("It hailed.", claimant="Radio", made_on="2025-03-10", claim_id="hail")
    bob.log("It hailed.", claimant="Radio", made_on="2025-03-10", claim_id="ice", note="on the coast")
    evidence = bob.attach("ice", ADDRESS, stance="refutes", quote="dry")
    bob.edit("evidence", evidence, why="added", place="p. 2")
    other = bob.attach("ice", ADDRESS, stance="context")
    status = bob.set_status("ice", "refuted", rationale="Dry.", evidence=[evidence, other])
    bob.edit("statuses", status, why="fewer", evidence=evidence)
    coming = ann.merge(bob)
    assert coming.alike.iloc[0][["there", "here", "how"]].tolist() == ["ice", "hail", "the same"]
    with pytest.raises(QuestionsOpen, match=re.escape("same={'ice': 'hail'} joins them")):
        coming.write()
    for _ in range(2):
        ann.merge(bob, same={"ice": "hail"}).write()
        assert sorted(ann.claims["claim_id"]) == ["hail", "turnout"]
        assert ann.claims.set_index("claim_id")["note"]["hail"] == "on the coast"
        held = ann.statuses.iloc[0]
        assert (held["claim_id"], held["recorded_by"]) == ("hail", "Bob")
        assert held["evidence"] == ann.evidence.set_index("place")["evidence_id"]["p. 2"]
        assert is_well(ann)
    assert not ann.merge(bob)  # that they are one is known now
    bob.set_status("ice", "mixed", rationale="A little.")
    with pytest.raises(QuestionsOpen):
        ann.merge(bob).write()


def test_a_claim_in_the_same_words_can_be_kept_apart(both):
    ann, bob = both
    ann.log("It hailed.", claimant="Radio", claim_id="hail")
    bob.log("It hailed.", claimant="Radio", claim_id="ice", note="another storm")
    ann.merge(bob, same={"ice": "ice"}).write()
    assert sorted(ann.claims["claim_id"]) == ["hail", "ice", "turnout"]


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
def test_nearly_the_same_claims_are_listed_and_come_in(both):
    ann, bob = both
    bob.log("turnout was the highest  ever", claimant="The minister", claim_id="voters")
    coming = ann.merge(bob)
    assert coming.alike[["there", "here", "how"]].values.tolist() == [["voters", "turnout", "another day"]]
    assert "same={'voters': 'turnout'} joins them" in repr(coming)
    coming.write()
    assert len(ann.claims) == 2


def test_words_of_another_vocabulary_are_refused_until_it_is_said_what_they_are(tmp_path):
    ann = ledger_of(tmp_path / "ann", "Ann")
    bob = ledger_of(tmp_path / "bob", "Bob", statuses=["Pants on Fire", "True"])
    gone = bob.set_status("turnout", "True", holds_from="2025-03-14", rationale="It says so.")
    bob.withdraw("statuses", gone, why="it did not")
    evidence = bob.attach("turnout", ADDRESS, stance="refutes")
    status = bob.set_status(
        "turnout",
        "Pants on Fire",
        holds_from="2025-03-15",
        rationale="Ha.",
        evidence=evidence,
        reviewed_by="Cy",
    )
    with pytest.raises(QuestionsOpen, match=re.escape("statuses={'Pants on Fire': …}")):
        ann.merge(bob, statuses={"True": "supported"}).write()
    words = {"Pants on Fire": "refuted", "True": "supported"}
    for _ in range(2):
        coming = ann.merge(bob, statuses=words)
        coming.write()
        held = ann.statuses.iloc[0]
        assert (held["status"], held["recorded_by"], held["evidence"]) == ("refuted", "Ann", evidence)
        assert str(held["holds_from"])[:10] == "2025-03-15"
        day = bob.statuses["recorded_at"].max().date()
        assert held["rationale"] == f"'Pants on Fire' by Bob on {day} ({status}), here read as 'refuted': Ha."
        assert held["reviewed_by"] == ""
        assert ann.as_known(bob.statuses["recorded_at"].max().to_pydatetime()).statuses.empty
        assert coming.left_out["reason"].tolist() == [
            "it was withdrawn there, and its word is no status here"
        ]
        assert is_well(ann)
    assert not ann.merge(bob, statuses=words)


def test_a_word_that_reads_as_a_status_here_comes_in_as_it_is(tmp_path):
    ann = ledger_of(tmp_path / "ann", "Ann")
    ann.set_status("turnout", "refuted", rationale="a")
    ann.set_vocabulary(["true", "false"], renamed={"refuted": "false"})
    bob = ledger_of(tmp_path / "bob", "Bob")
    bob.set_status("turnout", "refuted", holds_from="2025-03-14", rationale="b")
    ann.merge(bob).write()
    assert ann.statuses["status"].tolist() == ["false", "false"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"same": {"nobody": "turnout"}}, "no claim in the other ledger"),
        ({"same": {"turnout": "May 1"}}, "claim_id: 'May 1'"),
        ({"same": {"turnout": "hail"}}, "neither ledger has"),
        ({"same": "turnout"}, "a mapping of text"),
        ({"same": {"turnout": 1}}, "a mapping of text"),
        ({"statuses": {"supported": "refuted"}}, "this one is"),
        ({"statuses": {"Nope": "refuted"}}, "statuses: 'Nope'"),
        ({"take": "mine", "why": "x"}, "ours, theirs"),
        ({"take": 3, "why": "x"}, "ours, theirs"),
        ({"take": {"turnout": None}, "why": "x"}, "ours, theirs"),
        ({"take": "ours", "why": " \u200b"}, "the reason"),
    ],
)
def test_what_is_said_of_nothing_that_is_there_is_refused(both, said, words):
    ann, bob = both
    bob.log("It hailed.", claimant="Radio", claim_id="hail")
    with pytest.raises(fd.FactdeskError, match=words):
        ann.merge(bob, **said)


# --- writing


def test_a_ledger_that_changed_since_is_looked_at_anew(both):
    ann, bob = both
    bob.attach("turnout", ADDRESS, stance="supports", title="Table 1")
    coming = ann.merge(bob)
    fd.open(ann.path, by="Cy").log("It hailed.", claimant="Radio")
    coming.write()  # nothing is contrary to that
    bob.add_source(ADDRESS + "/2", title="Table 2")
    coming = ann.merge(bob)
    fd.open(ann.path, by="Cy").add_source(ADDRESS + "/2", title="Another")
    digest = ann.refresh().digest()
    with pytest.raises(fd.FactdeskError, match=r"since then the ledger has changed: sources\.title"):
        coming.write()
    assert ann.refresh().digest() == digest


def test_where_a_document_changed_since_it_was_looked_at_nothing_is_written(both, tmp_path):
    ann, bob = both
    (tmp_path / "table.txt").write_text("61 %")
    bob.attach("turnout", file=tmp_path / "table.txt", stance="refutes")
    coming = ann.merge(bob)
    (bob.path.with_suffix("") / "snapshots" / bob.snapshots["sha256"][0]).write_text("62 %")
    before = files(ann.path.parent)
    with pytest.raises(fd.FactdeskError, match="its SHA-256 is another"):
        coming.write()
    assert files(ann.path.parent) == before
    coming = ann.merge(bob)
    assert "1 kept document can't come along" in repr(coming)
    coming.write()
    assert set(ann.verify()["code"]) == {"snapshot-gone"}


def test_a_document_that_was_missing_comes_with_the_next_merge(both, tmp_path):
    ann, bob = both
    (tmp_path / "table.txt").write_text("61 %")
    bob.attach("turnout", file=tmp_path / "table.txt", stance="refutes")
    path = bob.path.with_suffix("") / "snapshots" / bob.snapshots["sha256"][0]
    path.rename(tmp_path / "kept")
    ann.merge(bob).write()
    (tmp_path / "kept").rename(path)
    coming = ann.merge(bob)
    assert coming
    coming.write()
    assert is_well(ann)


def test_a_view_is_neither_merged_nor_merged_into(both):
    ann, bob = both
    with pytest.raises(fd.FactdeskError, match="merge into the ledger itself"):
        ann.where(text="turnout").merge(bob)
    for view in (bob.where(text="turnout"), bob.as_known("2025-03-15")):
        with pytest.raises(fd.FactdeskError, match="a ledger itself"):
            ann.merge(view)


# --- how it shows itself


def test_what_stands_in_the_other_ledger_is_text_wherever_the_merge_shows_it(both):
    ann, bob = both
    ann.edit("claims", "turnout", why="x", note="mine")
    evil = "<img src=x onerror=alert(1)>\x1b[31m\u202e"
    bob.path.write_text(bob.path.read_text().replace(",,,,,,", f",,,,,{evil},", 1))
    bob = fd.open(bob.path)
    coming = ann.merge(bob)
    page, words = coming._repr_html_(), repr(coming)
    assert "onerror" in page and "<img" not in page
    assert "\x1b" not in page + words and "\u202e" not in page + words
    assert "\u202e" not in coming.contrary["there"][0]


def test_many_rows_of_a_kind_are_counted_and_the_first_named(both, monkeypatch):
    monkeypatch.setattr(module, "LISTED", 2)
    ann, bob = both
    for n in range(4):
        ann.add_source(f"{ADDRESS}/{n}", title="a")
        bob.add_source(f"{ADDRESS}/{n}", title="b")
    coming = ann.merge(bob)
    assert repr(coming).count("Contrary: sources.title") == 2
    assert "Contrary: 2 more, in .contrary." in repr(coming)
    assert len(coming.contrary) == 4


@needs_cases
def test_two_ledgers_begun_apart_as_a_reader_reported_them(tmp_path):
    parts = re.split(r"==> (\S+) <==\n", (CASES / "11-two-ledgers.txt").read_text())
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    for who in ("ann", "bob"):
        (tmp_path / who).mkdir()
        fd.create(tmp_path / who / "claims.csv", title=who, by=who.title())
    for name, text in texts.items():
        (tmp_path / name).write_text(text.strip() + "\n")
    ann, bob = (fd.open(tmp_path / who / "claims.csv", by=who.title()) for who in ("ann", "bob"))
    claim = ann.statuses["claim_id"][0]
    bob.set_status(claim, "refuted", holds_from="2025-03-14", rationale="Bob read the notes.")
    coming = ann.merge(bob)
    assert coming.contrary[["what", "row_id", "here", "there"]].values.tolist() == [
        ["cell", "ballots", "Ann2", "Bob2"],
        ["verdict", bob.statuses["status_id"][0], "supported from 2025-03-14", "refuted from 2025-03-14"],
    ]
    assert coming.left_out.empty and "left out:" not in repr(coming).lower()
    coming.write()
    assert sorted(ann.claims["claim_id"]) == ["ballots", claim]
    assert sorted(ann.statuses["status"]) == ["refuted", "supported"]
    found = ann.check()
    assert "contradicting-statuses" in set(found["code"])
    assert not found["message"].str.contains("left out").any()
