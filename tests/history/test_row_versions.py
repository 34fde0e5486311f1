"""What rows said when: the same as the ledger as it was known, on every day and now."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
import samples

import factdesk as fd
from factdesk.history.row_versions import NOW, versions

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
COLUMNS = {
    "claims": ["claim_id", "claim", "made_on"],
    "statuses": ["claim_id", "status", "holds_from", "rationale"],
}


def numbered(day):
    return (pd.Timestamp(day) - pd.Timestamp(0)).days


def all_versions(ledger):
    return {name: versions(ledger._dataset, name, columns) for name, columns in COLUMNS.items()}


def held_by(every, name, day):
    """The rows that the versions give of a day, of claims that stood on it."""
    found = {of: rows[(rows["known"] <= day) & (day < rows["until"])] for of, rows in every.items()}
    frame = found[name][found[name]["claim_id"].isin(found["claims"]["claim_id"])]
    return frame[COLUMNS[name]].astype("str").sort_values(COLUMNS[name]).values.tolist()


def shown_by(ledger, name):
    frame = getattr(ledger, name)[COLUMNS[name]]
    return frame.astype("str").sort_values(COLUMNS[name]).values.tolist()


@pytest.mark.parametrize(("seed", "zone"), samples.EVENTFUL)
def test_the_versions_of_a_day_are_the_ledger_as_it_was_known(seed, zone):
    ledger, days = samples.eventful_once(seed, zone)
    every = all_versions(ledger)
    assert all(held_by(every, name, NOW) == shown_by(ledger, name) for name in COLUMNS)
    for day in days[::5]:
        known = ledger.as_known(day)
        for name in COLUMNS:
            assert held_by(every, name, numbered(day)) == shown_by(known, name), day


def test_a_view_has_the_versions_of_the_ledger_it_looks_at():
    ledger, days = samples.eventful_once(*samples.EVENTFUL[0])
    past = ledger.as_known(days[len(days) // 2])
    assert held_by(all_versions(past), "statuses", NOW) == shown_by(past, "statuses")


def test_a_row_added_by_hand_was_not_known_before_it_was_accepted(tmp_path):
    ledger = samples.rain(tmp_path)
    with samples.table(tmp_path, "claims").open("ab") as file:
        file.write(samples.claim("hail"))
    ledger.refresh()
    ledger.accept_edits(why="Typed in.")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    assert "hail" in [row[0] for row in held_by(all_versions(ledger), "claims", NOW)]
    assert "hail" not in [row[0] for row in held_by(all_versions(ledger), "claims", numbered(yesterday))]


def test_an_edit_by_hand_shows_now_and_on_no_day_until_it_is_accepted(tmp_path):
    ledger = samples.rain(tmp_path)
    ledger.edit("claims", "rain", why="A typing error.", claim="It rained on Monday, in the end.")
    file = samples.table(tmp_path, "claims")
    file.write_bytes(file.read_bytes().replace(b"in the end", b"by hand"))
    ledger = fd.open(file)
    today = numbered(ledger.latest_day)
    words = {
        day: dict(row[:2] for row in held_by(all_versions(ledger), "claims", day))["rain"]
        for day in (today, NOW)
    }
    assert words[NOW] == "It rained on Monday, by hand."
    assert words[today] == ledger.as_known(ledger.latest_day).claims.set_index("claim_id")["claim"]["rain"]
