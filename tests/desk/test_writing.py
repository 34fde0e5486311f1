"""What is written at a desk, refused there, and undone."""

import re

import pytest

import factdesk as fd

FIRST = "trump-positive-signals"


def test_a_claim_is_logged_sourced_and_judged(front):
    logged = front.write("log", claim="The river was high.", claimant="A. Mariner", made_on="2025-03-12")
    assert logged["saved"]["sentence"] == "Logged “The river was high.”" and logged["saved"]["is_new"]
    assert logged["claim"]["id"] == front.desk.selected
    attached = front.write(
        "attach", url="https://example.org/gauge", stance="supports", quote="the highest level"
    )
    (piece,) = attached["claim"]["evidence"]
    assert piece["at"] == "https://example.org/gauge#:~:text=the%20highest%20level"
    typed = {"status": "supported", "rationale": "The gauge says so.", "holds_from": "2025-03-13"}
    judged = front.write("status", **typed, evidence=[piece["evidence_id"]])
    assert judged["claim"]["held"][0]["evidence"] == [piece["evidence_id"]]
    read = fd.open(front.ledger.path)
    assert read.statuses.iloc[-1][["claim_id", "status"]].tolist() == [front.desk.selected, "supported"]


def test_the_call_that_is_said_does_the_same(front, tmp_path):
    other = front.ledger.scratch()
    saved = front.write(
        "status", status="refuted", rationale="It's “over”; \\ done.", gaps="line one\nline two"
    )
    eval(saved["saved"]["call"], {"ledger": other})
    columns = ["claim_id", "status", "rationale", "gaps", "evidence", "holds_from"]
    assert other.statuses[columns].iloc[-1].tolist() == front.ledger.statuses[columns].iloc[-1].tolist()


def test_what_stands_already_is_not_called_saved_and_can_not_be_undone(front):
    typed = {"status": "mixed", "rationale": "Both are said.", "holds_from": "2025-09-01"}
    front.write("status", **typed)
    again = front.write("status", **typed)["saved"]
    assert "already" in again["sentence"] and not again["is_new"]
    front.write("log", claim="It rained.", claimant="The Daily")
    assert not front.write("log", claim="It rained.", claimant="The Daily")["saved"]["is_new"]
    assert len(front.desk._writer.last) == 2


def test_what_is_new_is_offered_where_the_rest_stands_already(front):
    typed = {"url": "https://example.org/gauge", "stance": "supports", "quote": "the highest level"}
    front.write("attach", **typed, publisher="Gauge")
    again = front.write("attach", **typed, publisher="The Gauge", note="seen twice")["saved"]
    offers = {one["words"]: one["given"] for one in again["offers"]}
    assert list(offers) == ["Add the note", "Put publisher “The Gauge” in place of “Gauge”"]
    assert not again["is_new"] and again["notes"] == []
    front.ask("write", form="edit", given=offers["Add the note"])
    assert front.ledger.evidence["note"].iloc[-1] == "seen twice"
    assert front.write("attach", **typed, note="seen twice")["saved"]["offers"] == []


def test_a_known_source_is_found_and_chosen_by_its_name(front):
    (name, *_) = front.ask("sources", words="metaworld")["sources"]
    front.write("attach", url=name, stance="context", quote="new words")
    row = front.ledger.sources.set_index("source_id").loc[front.ledger.evidence["source_id"].iloc[-1]]
    assert row["publisher"] == "Metaworld"
    front.write("attach", url="Metaworld", stance="context", quote="more words")
    assert front.ledger.evidence["source_id"].iloc[-1] == row.name
    front.write("attach", url="metaWORLD", stance="context", quote="other words")
    assert front.ledger.evidence["source_id"].iloc[-1] == row.name
    refused = front.write("attach", url="Metaw", stance="context", quote="words")["refused"]
    assert (refused["field"], refused["offer"]) == ("url", name)


def test_an_uploaded_file_is_kept_under_its_own_name(front):
    answer = front.ask("write", form="attach", given={"url": "", "stance": "context"}, claim_id=FIRST,
                       name="../../etc/notes.txt", buffers=[memoryview(b"what was seen")])  # fmt: skip
    assert answer["saved"]["is_new"]
    assert front.ledger.sources["title"].iloc[-1] == "notes.txt"
    assert front.ledger.snapshots["bytes"].iloc[-1] == 13


WRONG = [
    ("log", {"claim": "", "claimant": "The Daily"}, "claim", "Needed: the proposition"),
    ("log", {"claim": "It rained.", "claimant": "x", "made_on": "14/03/2025"}, "made_on", "2025-03-14"),
    ("log", {"claim": "It rained.", "claimant": "x", "made_on": "2999-01-01"}, "made_on", "a day up to"),
    ("log", {"claim": "It rained.", "claimant": "x", "due_on": "June 2031"}, "due_on", "meant may be 2031-06"),
    ("log", {"claim": "It rained.", "claimant": "x", "appearance": "ftp://x"}, "appearance", "http://"),
    ("log", {"claim": "It rained.", "claimant": "x", "appearance": "/etc/hostname"}, "appearance", "http://"),
    ("log", {"claim": "It rained.", "claimant": "x", "appearance": "claims.csv"}, "appearance", "known source"),
    ("attach", {"url": "", "stance": "supports"}, "url", "Needed"),
    ("attach", {"url": "nowhere.pdf", "stance": "supports"}, "url", "known source"),
    ("attach", {"url": "https://example.org", "stance": ""}, "stance", "Needed: what the document does"),
    ("attach", {"url": "https://example.org", "stance": "mixed", "published_on": "May"}, "published_on", "YYYY"),
    ("status", {"status": "", "rationale": "Why not."}, "status", "Needed: what is held"),
    ("status", {"status": "mixed", "rationale": "  "}, "rationale", "Needed: why"),
    ("status", {"status": "mixed", "rationale": "x", "holds_from": "1/2/25"}, "holds_from", "YYYY-MM-DD"),
    ("edit", {"table": "claims", "row": FIRST, "cells": {"claimant": "x"}, "why": ""}, "why", "Needed"),
    ("edit", {"table": "claims", "row": FIRST, "cells": {"claim": ""}, "why": "x"}, "claim", "Needed: the prop"),
    ("many", {"ids": [FIRST], "status": "mixed", "why": " "}, "why", "Needed"),
    ("many", {"ids": [FIRST], "status": "", "why": "x"}, "status", "Needed"),
]  # fmt: skip


def test_an_error_names_its_field_and_nothing_is_written(front):
    before = front.ledger.digest()
    for form, typed, field, message in WRONG:
        refused = front.write(form, **typed)["refused"]
        assert (refused["field"], message in refused["message"]) == (field, True), (form, typed, refused)
    assert front.ledger.digest() == before


def test_an_address_without_its_scheme_is_offered_with_it(front):
    refused = front.write("attach", url="example.org/gauge", stance="supports")["refused"]
    assert refused["offer"] == "https://example.org/gauge"
    assert not front.write("attach", url="no address", stance="supports")["refused"]["offer"]


def test_warnings_are_said_beside_what_was_saved(front):
    saved = front.write("status", status="mixed", rationale="zero\u200bwidth", holds_from="2025-03-15")[
        "saved"
    ]
    assert any("taken out: U+200B" in note for note in saved["notes"])
    assert any("still stands" in note for note in saved["notes"])


def test_a_cell_is_corrected_with_a_reason(front):
    cells = {"claimant": "Donald J. Trump", "made_on": "2025-03"}
    saved = front.write("edit", table="claims", row=FIRST, cells=cells, why="as he signs")
    assert saved["claim"]["cells"]["claimant"] == "Donald J. Trump"
    assert saved["claim"]["cells"]["made_on"] == "2025-03"
    assert front.ledger.changes["why"].iloc[-1] == "as he signs"
    front.ask("undo")
    claim = front.ask("claim")["claim"]["cells"]
    assert (claim["claimant"], claim["made_on"]) == ("Donald Trump", "2025-03-13")


def test_a_row_is_withdrawn_and_reinstated(front):
    front.write("withdraw", table="claims", row=FIRST, why="logged twice")
    assert FIRST not in [row["id"] for row in front.rows()]
    (gone,) = front.ask("list")["withdrawn"]
    assert (gone["row_id"], gone["why"]) == (FIRST, "logged twice")
    front.write("reinstate", table="claims", row=FIRST, why="it was not")
    assert FIRST in [row["id"] for row in front.rows()]


def test_the_last_writes_are_undone_one_by_one_and_nothing_is_deleted(front):
    before = {
        name: len(getattr(front.ledger, name)) for name in ("claims", "evidence", "statuses", "appearances")
    }
    lines = len(front.ledger.path.read_text("utf-8").splitlines())
    front.write("log", claim="It rained.", claimant="The Daily")
    front.write("attach", url="https://example.org/a", stance="context")
    front.write("status", status="mixed", rationale="Both are said.")
    front.write("repeat", made_on="2025-03-20")
    for _ in range(4):
        assert front.ask("undo")["saved"]["sentence"].startswith("Undone: ")
    assert {name: len(getattr(front.ledger, name)) for name in before} == before
    assert len(front.ledger.path.read_text("utf-8").splitlines()) == lines + 1
    assert "nothing to undo" in front.ask("undo")["refused"]["message"]
    assert set(front.ledger.changes["why"]) >= {"undone at the desk"}


def test_several_claims_take_one_status_or_topic_and_it_is_undone_at_once(front):
    ids = [FIRST, "trump-talks-productive"]
    before = front.ledger.claims.set_index("claim_id")["topics"].loc[ids].tolist()
    saved = front.write("many", ids=ids, status="in review", why="Looked at anew.")["saved"]
    assert saved["sentence"] == "Set 2 claims to in review"
    now = front.ledger.status_on().set_index("claim_id")["status"]
    assert now.loc[ids].tolist() == ["in review", "in review"]
    front.ask("undo")
    assert "in review" not in front.ledger.status_on().set_index("claim_id")["status"].loc[ids].tolist()
    front.write("many", ids=ids, status="", topic="talks", why="")
    topics = front.ledger.claims.set_index("claim_id")["topics"].loc[ids]
    assert all("talks" in one.split(";") for one in topics)
    front.ask("undo")
    assert front.ledger.claims.set_index("claim_id")["topics"].loc[ids].tolist() == before


@pytest.mark.parametrize("form", ["log", "attach", "status", "repeat"])
def test_every_field_is_an_argument_of_its_call(form, front):
    method = {"status": "set_status"}.get(form, form)
    of = front.ask("open")["forms"][form]
    names = [field["name"] for field in (*of["fields"], *of["more"])]
    code = getattr(fd.Ledger, method).__code__
    assert set(names) <= set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    assert all(field["label"] and field["about"] for field in (*of["fields"], *of["more"]))


def test_a_fault_of_ours_is_said_and_raised(front, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no more ink")

    monkeypatch.setattr(fd.Ledger, "log", broken)
    with pytest.raises(RuntimeError):
        front.write("log", claim="It rained.", claimant="x")
    assert front.sent[-1]["refused"]["message"] == "RuntimeError: no more ink"


def test_what_was_removed_meanwhile_is_said(front, tmp_path):
    front.ledger.path.unlink()
    refused = front.write("log", claim="It rained.", claimant="x")["refused"]["message"]
    assert re.search("claims.csv", refused)
