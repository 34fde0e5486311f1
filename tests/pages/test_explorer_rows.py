"""What an explorer carries: all that is needed, in plain values, packed small."""

import json

import samples

import factdesk as fd
from factdesk.pages.explorer_rows import carried


def test_what_is_carried_can_be_written_as_json(tmp_path):
    ledger = samples.rain(tmp_path)
    found = json.loads(json.dumps(carried(ledger), allow_nan=False))
    assert found["claims"]["id"] == ["rain", "snow"]
    assert found["given"]["of"] == [1, 0]
    assert found["evidence"]["of"] == [1, 1]
    assert found["sources"]["url"][found["claims"]["source"][0]] == ""


def test_an_empty_ledger_carries_nothing(tmp_path):
    found = carried(fd.create(tmp_path / "empty.csv", title="Empty"))
    assert found["latest"] is None
    assert found["axis"] == []
    assert found["claims"]["id"] == []


def test_a_view_carries_its_own_claims_alone(tmp_path):
    ledger = samples.rain(tmp_path)
    found = carried(ledger.where(claim_id="snow"))
    assert found["claims"]["id"] == ["snow"]
    assert "gauge" not in json.dumps(found)


def test_a_claim_that_was_withdrawn_stands_at_the_end_with_its_day():
    ledger, _ = samples.eventful_once(*samples.EVENTFUL[0])
    found = carried(ledger)["claims"]
    shown, gone = list(ledger.claims["claim_id"]), found["gone"]
    assert found["id"][: len(shown)] == shown
    assert 0 < len(gone) == len(found["id"]) - len(shown)
    assert sorted(map(int, gone)) == list(range(len(shown), len(found["id"])))


def test_who_wrote_a_row_is_not_carried(tmp_path):
    assert "Ada Quist" not in json.dumps(carried(samples.rain(tmp_path)))


def test_how_much_of_a_day_is_known_is_carried(tmp_path):
    ledger = samples.rain(tmp_path)
    ledger.log("It hailed.", claimant="Radio", made_on="2025-03", claim_id="hail")
    ledger.log("It froze.", claimant="Radio", made_on="2025", claim_id="frost")
    assert carried(ledger)["claims"]["made"] == [1, 0, 2, 3]
    ledger.edit("claims", "hail", why="looked up", made_on="2025-03-04")
    assert carried(ledger)["claims"]["made"] == [1, 0, 1, 3]
