"""A sheet that comes in again, on a ledger that went on: nobody's work is overwritten, and what was taken back returns."""

from __future__ import annotations

import pandas as pd
import pytest

import factdesk as fd

FIRST = {
    "No.": ["17", "18"],
    "Claim": ["It rained all week.", "Snow fell in May."],
    "Speaker": ["The Daily", "Radio Nord"],
    "Role": ["paper", "station"],
    "Date": ["14.03.2025", "15.03.2025"],
    "Quote": ["All week!", "Snow!"],
    "Topics": ["Weather", "Weather"],
    "Due on": ["2025-04", "2025-05"],
    "Would settle": ["the gauge", "a picture"],
    "Notes": ["n1", "n2"],
    "Verdict": ["Mostly False", "True"],
    "Sources": ["https://a.example/1", "https://b.example/2"],
}
COLUMNS = {
    "No.": "row_id", "Role": "claimant_role", "Quote": "quote", "Topics": "topics", "Due on": "due_on",
    "Would settle": "would_settle", "Notes": "note", "Date": "made_on", "Sources": "source",
}  # fmt: skip
FIELDS = {
    "Claim": ("claim", "It rained for days.", "It rained for a week."),
    "Speaker": ("claimant", "The Evening Daily", "Daily, The"),
    "Role": ("claimant_role", "newspaper", "daily paper"),
    "Date": ("made_on", "13.03.2025", "2025-03-12"),
    "Quote": ("quote", "All of the week!", "The whole week!"),
    "Topics": ("topics", "Weather;Rain", ["Weather", "Floods"]),
    "Due on": ("due_on", "2025-06", "2025-07"),
    "Would settle": ("would_settle", "two gauges", "three gauges"),
    "Notes": ("note", "n1, corrected", "mine"),
}


def sheet(**columns):
    return pd.DataFrame({**FIRST, **columns})


@pytest.fixture
def ledger(tmp_path):
    coming = fd.import_table(sheet(), tmp_path / "claims.csv", by="Ada Quist", columns=COLUMNS)
    return coming.write().ledger


def again(ledger, **columns):
    return fd.import_table(sheet(**columns), ledger)


def seen(ledger):
    """What the ledger holds, but for moments and names of rows."""
    claims = ledger.claims.drop(columns=["logged_at"]).astype(str)
    statuses = ledger.statuses[["claim_id", "status", "holds_from", "rationale"]].astype(str)
    evidence = ledger.evidence[["claim_id", "source_id", "stance"]].astype(str)
    return [frame.sort_values(list(frame)).to_numpy().tolist() for frame in (claims, statuses, evidence)]


CORRECTED = {
    "Notes": ["n1, corrected", "n2"],
    "Date": ["14.03.2025", "16.03.2025"],
    "Verdict": ["False", "True"],
    "Sources": ["https://a.example/1 ; https://a.example/9", "https://b.example/2"],
}


def test_what_was_withdrawn_with_its_import_comes_back_when_the_sheet_comes_in_again(ledger):
    before = seen(ledger)
    for _ in range(2):  # and it can be taken back once more
        ledger.withdraw_import(ledger.imports["import_id"].iloc[-1], why="the wrong sheet")
        assert ledger.claims.empty and ledger.status_on().empty
        coming = again(ledger)
        assert coming.counts == {"new": 0, "brought back": 2, "changed": 0, "same": 0, "set aside": 0}
        assert "2 brought back" in str(coming) and "2 brought back" in str(coming.write())
        assert seen(ledger) == before
        assert again(ledger).counts["same"] == 2
    assert (ledger.imports["withdrawn_at"] > ledger.imports["imported_at"]).tolist() == [True, True, False]
    assert ledger.verify().empty


def test_corrections_that_were_withdrawn_come_in_again_with_their_sheet(ledger):
    before = seen(ledger)
    second = again(ledger, **CORRECTED).write()
    after = seen(ledger)
    ledger.withdraw_import(second.import_id, why="too early")
    assert seen(ledger) == before
    assert again(ledger, **CORRECTED).counts["changed"] == 2
    again(ledger, **CORRECTED).write()
    assert seen(ledger) == after
    assert again(ledger, **CORRECTED).counts["same"] == 2
    for import_id in ledger.imports["import_id"][::-1]:
        ledger.withdraw_import(import_id, why="all of it")
    again(ledger, **CORRECTED).write()
    assert seen(ledger) == after
    assert ledger.verify().empty


def test_a_claim_that_a_person_withdrew_stays_so_and_its_row_says_how_to_bring_it_back(ledger):
    claim_id = ledger.claims["claim_id"][0]
    ledger.withdraw("claims", claim_id, why="twice")
    coming = again(ledger)
    assert coming.counts == {"new": 0, "changed": 0, "same": 1, "set aside": 1}
    assert f"ledger.reinstate('claims', '{claim_id}'" in coming.set_aside["reason"][0]
    coming.write()
    assert len(ledger.claims) == 1


def test_a_source_that_a_person_withdrew_stays_so_when_another_cell_of_its_row_changes(ledger):
    ledger.withdraw("evidence", ledger.evidence["evidence_id"][0], why="says nothing of it")
    again(ledger, Notes=["n1, corrected", "n2"]).write()
    assert ledger.claims["note"].tolist() == ["n1, corrected", "n2"]
    assert len(ledger.evidence) == 1


@pytest.mark.parametrize("column", FIELDS)
def test_a_cell_that_a_person_set_since_is_not_overwritten_but_one_of_the_sheet_s_own_is(ledger, column):
    name, corrected, mine = FIELDS[column]
    claim_id = ledger.claims["claim_id"][0]
    was = ledger.claims.set_index("claim_id")[name].astype(str)[claim_id]
    again(ledger, **{column: [corrected, FIRST[column][1]]}).write()
    theirs = ledger.claims.set_index("claim_id")[name].astype(str)[claim_id]
    assert theirs != was
    ledger.edit("claims", claim_id, why="better", **{name: mine})
    ours = ledger.claims.set_index("claim_id")[name].astype(str)[claim_id]
    assert again(ledger, **{column: [corrected, FIRST[column][1]]}).counts["same"] == 2
    coming = again(ledger, **{column: [FIRST[column][0], FIRST[column][1]]})
    assert coming.counts["set aside"] == 1
    reason = coming.set_aside["reason"][0]
    assert f"{name}: theirs: " in reason and "as it was edited in the ledger since" in reason
    assert f"line 1, {reason}" in repr(coming)
    assert coming.write().set_aside == 1
    assert ledger.claims.set_index("claim_id")[name].astype(str)[claim_id] == ours


def test_a_cell_edited_in_the_file_is_not_overwritten_either(ledger):
    text = ledger.path.read_text()
    ledger.path.write_text(text.replace(",n1,", ",mine,"))
    coming = fd.import_table(sheet(Notes=["n1, corrected", "n2"]), ledger.path)
    assert coming.counts["set aside"] == 1
    coming.write()
    assert fd.open(ledger.path).claims["note"].tolist() == ["mine", "n2"]


def test_what_a_person_does_between_the_showing_and_the_writing_counts(ledger):
    coming = again(ledger, Notes=["n1, corrected", "n2"])
    fd.open(ledger.path).edit("claims", ledger.claims["claim_id"][0], note="mine", why="better")
    assert coming.write().set_aside == 1
    assert ledger.claims["note"].tolist() == ["mine", "n2"]


def test_a_verdict_given_since_is_not_overruled(ledger):
    claim_id = ledger.claims["claim_id"][0]
    ledger.set_status(claim_id, "half true", holds_from="2025-03-14", rationale="We looked again.")
    assert again(ledger).counts["same"] == 2
    coming = again(ledger, Verdict=["False", "True"])
    assert coming.counts["set aside"] == 1
    assert "status: theirs: 'false'; ours: 'half true'" in coming.set_aside["reason"][0]
    coming.write()
    assert ledger.status_on().set_index("claim_id")["status"][claim_id] == "half true"
    agreeing = again(ledger, Verdict=["Half true", "True"])
    assert agreeing.counts["set aside"] == 0
    agreeing.write()
    assert len(ledger.statuses) == 3


def test_a_verdict_of_the_sheet_s_own_gives_way_to_its_next(ledger):
    for verdict in ("False", "Half true", "False"):
        coming = again(ledger, Verdict=[verdict, "True"])
        assert coming.counts["changed"] == 1
        coming.write()
    assert ledger.status_on()["status"].astype(str).tolist() == ["false", "true"]


def test_the_day_of_a_status_follows_the_corrected_day_of_its_claim(ledger):
    coming = again(ledger, Date=["14.03.2025", "16.03.2025"])
    assert coming.changed[["field", "before", "after"]].to_numpy().tolist() == [
        ["made_on", "2025-03-15", "2025-03-16"],
        ["holds_from", "2025-03-15", "2025-03-16"],
    ]
    made = coming.write()
    assert ledger.statuses["holds_from"].dt.strftime("%d").tolist() == ["14", "16"]
    assert "before-claim" not in set(ledger.check()["code"])
    ledger.withdraw_import(made.import_id, why="it was the 15th")
    assert ledger.statuses["holds_from"].dt.strftime("%d").tolist() == ["14", "15"]


def test_an_emptied_cell_takes_nothing_back(ledger):
    before = seen(ledger)
    coming = again(ledger, Verdict=["", "True"], Notes=["", "n2"])
    assert coming.counts["same"] == 2
    coming.write()
    assert seen(ledger) == before and len(ledger.imports) == 1


def test_an_address_added_in_the_first_place_is_not_lost(tmp_path):
    first = sheet(Post=["https://p.example/1", ""])
    made = fd.import_table(first, tmp_path / "claims.csv", columns={**COLUMNS, "Post": "appearance"}).write()
    more = sheet(Post=["https://p.example/0 https://p.example/1", "https://p.example/3"])
    fd.import_table(more, made.ledger).write()
    urls = made.ledger.sources.set_index("source_id")["url"]
    held = made.ledger.appearances.groupby("claim_id", sort=False)["source_id"]
    assert [sorted(urls[one] for one in of if one) for _, of in held] == [
        ["https://p.example/0", "https://p.example/1"],
        ["https://p.example/3"],
    ]
