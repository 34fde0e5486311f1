"""Corrections: what was held of a day when a status was given for it, against what was held later."""

from functools import cache

import pandas as pd
import pytest
import samples

import factdesk as fd
from factdesk.history.corrections import corrections

# that a day before another is given is meant
pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")


@pytest.fixture
def ledger(tmp_path):
    made = fd.create(tmp_path / "sea.csv", title="Sea levels", by="Ada Quist")
    made.log("The sea has risen.", claimant="A. Mariner", made_on="2025-03-01", claim_id="sea-rise")
    return made


def judged(ledger, status, day="2025-03-02", why="So."):
    return ledger.set_status("sea-rise", status, holds_from=day, rationale=why)


def told(ledger):
    return corrections(ledger)[["before", "after", "what", "why"]].to_numpy().tolist()


def test_a_status_that_gives_way_to_one_of_a_later_day_was_not_corrected(ledger):
    judged(ledger, "supported")
    judged(ledger, "outdated", "2025-03-05")
    judged(ledger, "mixed", "2025-03-04")
    assert told(ledger) == []
    assert corrections(ledger).columns.tolist() == [
        "claim_id", "day", "before", "after", "given_at", "corrected_at", "what", "why",
    ]  # fmt: skip


def test_one_of_the_same_day_corrects_it_with_its_rationale(ledger):
    judged(ledger, "refuted")
    judged(ledger, "refuted", why="Said better.")
    judged(ledger, "supported", why="The gauge was broken.")
    assert told(ledger) == [["refuted", "supported", "judged", "The gauge was broken."]]
    (row,) = corrections(ledger).to_dict("records")
    assert row["given_at"] < row["corrected_at"]
    assert row["day"] == pd.Timestamp("2025-03-02")


def test_edits_and_withdrawals_correct_it_with_their_reason(ledger):
    first = judged(ledger, "refuted")
    ledger.edit("statuses", first, status="mixed", why="A slip of the transaction.")
    ledger.withdraw("statuses", first, why="Not ours to say.")
    assert told(ledger) == [
        ["mixed", "unverified", "withdrawn", "Not ours to say."],
        ["refuted", "mixed", "edited", "A slip of the transaction."],
    ]


def test_the_statuses_of_a_withdrawn_claim_are_withdrawn(ledger):
    judged(ledger, "refuted")
    ledger.withdraw("claims", "sea-rise", why="Logged twice.")
    assert told(ledger) == [["refuted", "", "withdrawn", "Logged twice."]]


def test_only_the_claims_of_a_view_count(ledger):
    ledger.log("It rained.", claimant="B", made_on="2025-03-01", claim_id="rain")
    judged(ledger, "refuted")
    judged(ledger, "supported")
    assert len(corrections(ledger.where(claim_id="sea-rise"))) == 1
    assert len(corrections(ledger.where(claim_id="rain"))) == 0


def test_the_sample_of_late_but_never_mended_statuses_has_none(tmp_path):
    assert corrections(samples.sample_copied(tmp_path)).empty


def by_definition(ledger):
    """At each moment, of each day for which a status was held just before: is it the one held now?"""
    all_claims, all_statuses = (ledger._dataset.all(name) for name in ("claims", "statuses"))
    moments = {*all_claims["logged_at"], *all_statuses["recorded_at"], *ledger.changes["changed_at"]}
    found, before = set(), {}
    for moment in sorted(moments):
        known = ledger.as_known(moment)
        held = cache(lambda day, known=known: dict(known.status_on(day)[["claim_id", "status"]].to_numpy()))
        for (claim, day), status in before.items():
            after = held(day).get(claim, "")
            if after != status:
                found.add((claim, day, status, after, moment))
        pairs = known.statuses[["claim_id", "holds_from"]].itertuples(index=False, name=None)
        before = {(claim, day): held(day)[claim] for claim, day in pairs}
    return found


@pytest.mark.parametrize(("seed", "zone"), samples.EVENTFUL[::2])
def test_it_is_what_the_ledger_as_known_before_and_after_says(seed, zone):
    ledger, _ = samples.eventful_once(seed, zone)
    found = corrections(ledger)
    keys = ["claim_id", "day", "before", "after", "corrected_at"]
    assert set(found[keys].itertuples(index=False, name=None)) == by_definition(ledger)
    assert len(found)
