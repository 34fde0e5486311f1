"""What can't be read is counted, named with every write, and in no status: as after a spreadsheet saved a table."""

import html
import re
import shutil
import warnings

import pandas as pd
import pytest
from samples import ROOT, days_as_a_spreadsheet_shows_them, rain, rain_files, sample

import factdesk as fd
from factdesk.ledger.unread import Unread

LEDGERS = ROOT.parent / "shared" / "data" / "real-ledgers"


def opened(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        return fd.open(path, by="Ada Quist")


@pytest.fixture
def damaged(tmp_path):
    """The sample, a third of its statuses with days as a spreadsheet shows them."""
    path = sample(tmp_path)
    assert days_as_a_spreadsheet_shows_them(path.with_suffix("") / "statuses.csv", slice(None, None, 3)) == 11
    return opened(path)


def test_a_sound_ledger_has_nothing_that_can_not_be_read(sample_ledger):
    assert not sample_ledger.unread and str(sample_ledger.unread) == "" and sample_ledger.left_out == 0


def test_rows_are_counted_by_table_and_named_in_words():
    one = Unread({"claims": 1, "evidence": 2, "changes": 1}, frozenset("ab"), "promise", "promises")
    assert str(one) == (
        "1 promise, 2 pieces of evidence and 1 change can't be read and are left out; "
        "2 promises are in no status for it."
    )


def test_claims_with_an_unreadable_status_are_in_none(damaged):
    unread = damaged.unread
    assert unread.rows == {"statuses": 11} == {"statuses": damaged.left_out}
    held = damaged.status_on().set_index("claim_id")
    assert set(held.index[held["status"].isna()]) == unread.claims and len(held) == 22
    assert held["holds_from"][held["status"].isna()].isna().all()
    assert (held["rationale"][held["status"].isna()] == "").all()
    assert not set(damaged.intervals()["claim_id"]) & unread.claims
    counts = damaged.counts("day")
    assert counts.loc[counts["date"] == counts["date"].max(), "claims"].sum() == 22 - len(unread.claims)
    assert not set(damaged.diff("2025-03-13")["claim_id"]) & unread.claims
    for word in damaged.settings.statuses:
        assert not set(damaged.where(status=word).claims["claim_id"]) & unread.claims


def test_a_claim_of_which_only_a_status_is_unreadable_is_on_no_day_unverified(tmp_path):
    ledger = rain(tmp_path)
    days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    ledger.refresh()
    for day in ("2025-03-10", "2025-03-11", "2025-03-20"):
        held = ledger.status_on(day).set_index("claim_id")["status"]
        assert pd.isna(held["rain"])
    assert "rain" not in set(ledger.status_on("2025-03-09")["claim_id"])


def test_measures_leave_claims_without_a_readable_status_out(damaged):
    unread, measures = damaged.unread.claims, fd.measures
    assert measures.claimants(damaged).drop_duplicates("claimant")["of"].sum() == 22 - len(unread)
    assert not set(measures.durations(damaged)["claim_id"]) & unread
    assert measures.time_to_status(damaged)["at_risk"].iloc[0] == 22 - len(unread)
    assert measures.time_to_status(damaged, by="claimant").groupby("group")[
        "at_risk"
    ].max().sum() == 22 - len(unread)
    totals = measures.repeat_counts(damaged).set_index("claim_id")
    assert totals["status"][sorted(unread)].isna().all()
    times = measures.repeats(damaged)
    assert times["status"][times["claim_id"].isin(unread)].isna().all()
    assert not times["after_refuted"][times["claim_id"].isin(unread)].any()
    assert not set(measures.revised(damaged, "2026-11-01")["claim_id"]) & unread


def test_every_write_warns_until_it_is_mended(tmp_path):
    ledger = rain(tmp_path)
    days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    says = (
        r"claims\.csv: 1 status can't be read and is left out; 1 claim is in no status for it\. ledger\.check"
    )
    with pytest.warns(fd.FactdeskWarning, match=says):
        ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    with pytest.warns(fd.FactdeskWarning, match=says):
        ledger.attach("hail", "https://example.org/hail", stance="supports")
    with pytest.warns(fd.FactdeskWarning, match=says):
        ledger.seal()
    with pytest.warns(fd.FactdeskWarning, match=says):
        ledger.tidy()
    row_id = ledger.check().set_index("code").loc["bad-day", "row_id"]
    with warnings.catch_warnings():
        warnings.simplefilter("error", fd.FactdeskWarning)
        ledger.edit("statuses", row_id, holds_from="2025-03-12", why="a spreadsheet rewrote the day")
        assert not ledger.unread
        ledger.log("It froze.", claimant="Radio")
    assert ledger.status_on().set_index("claim_id")["status"]["rain"] == "supported"


def test_an_open_ledger_says_that_all_its_claims_have_gone(tmp_path):
    ledger = rain(tmp_path)
    with (tmp_path / "claims.csv").open("r+") as file:
        text = file.read()
        file.seek(0)
        file.truncate()
        file.write(text.replace("T", " ").replace(".0", ","))
    with pytest.warns(fd.FactdeskWarning, match="2 claims, 1 appearance, 2 pieces of evidence and 1 status"):
        ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    assert ledger.claims["claim_id"].tolist() == ["hail"]


def test_mending_a_claim_mends_what_hangs_on_it_without_a_warning(tmp_path):
    rain_files(tmp_path)
    days_as_a_spreadsheet_shows_them(tmp_path / "claims.csv", slice(1))
    ledger = opened(tmp_path / "claims.csv")
    assert ledger.unread.rows == {"claims": 1, "appearances": 1, "evidence": 1, "statuses": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("error", fd.FactdeskWarning)
        ledger.edit("claims", "rain", made_on="2025-03-10", why="a spreadsheet rewrote the day")
    assert not ledger.unread


def test_a_line_that_is_no_row_counts_too_and_its_claim_is_known_by_its_id(tmp_path):
    ledger = rain(tmp_path)
    with (tmp_path / "claims" / "statuses.csv").open("a") as file:
        file.write("t-1,rain,refuted,2025-03-13,one, comma, too, many,,,2025-03-13T10:00:00.000000Z,Ada,\n")
    ledger.refresh()
    assert ledger.unread.rows == {"statuses": 1} and ledger.unread.claims == {"rain"}


def test_a_row_of_which_another_version_is_shown_is_not_left_out(tmp_path):
    ledger, table = rain(tmp_path), tmp_path / "claims" / "statuses.csv"
    sound = table.read_text("utf-8").splitlines()[1]
    days_as_a_spreadsheet_shows_them(table)
    with table.open("a") as file:
        file.write(sound + "\n")
    assert not ledger.refresh().unread


def test_what_was_withdrawn_is_not_missed(tmp_path):
    ledger = rain(tmp_path)
    ledger.withdraw("claims", "rain", why="a slip")
    days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    assert not ledger.refresh().unread


def test_views_say_what_is_left_out_of_them(damaged):
    unread = sorted(damaged.unread.claims)
    others = damaged.claims["claim_id"][~damaged.claims["claim_id"].isin(unread)].tolist()
    assert damaged.where(claim_id=unread[:2]).unread.claims == set(unread[:2])
    assert not damaged.where(claim_id=others).unread
    assert damaged.where().unread == damaged.unread
    assert damaged.as_known("2027-01-01").unread == damaged.unread
    assert not damaged.as_known("2025-03-01").unread  # nothing was written yet
    known = damaged.as_known("2027-01-01").status_on().set_index("claim_id")["status"]
    assert known[unread].isna().all()


@pytest.mark.parametrize("form", ["repr", "html"])
def test_a_ledger_shows_what_can_not_be_read(damaged, form):
    shown = repr(damaged) if form == "repr" else html.unescape(damaged._repr_html_())
    assert f"{len(damaged.unread.claims)} can't be read" in shown
    assert str(damaged.unread).rstrip(".") in shown


def test_rival_versions_are_to_be_settled_and_not_left_out(tmp_path):
    rain_files(tmp_path)
    table = tmp_path / "claims.csv"
    line = next(line for line in table.read_text("utf-8").splitlines() if line.startswith("snow"))
    with table.open("a") as file:
        file.write(line.replace("B. Frost", "B. Frost", 1).replace("all over", "on the hills") + "\n")
    with pytest.warns(fd.FactdeskWarning) as warned:
        fd.open(table)
    assert "to be settled" in str(warned[0].message) and "left out" not in str(warned[0].message)


@pytest.mark.parametrize("name", ["week", "eight", "pf"])
def test_ledgers_of_newsrooms_that_a_spreadsheet_saved(name, tmp_path):
    if not LEDGERS.is_dir():
        pytest.skip("the ledgers of newsrooms are not here")
    shutil.copy(LEDGERS / f"{name}.csv", tmp_path)
    shutil.copytree(LEDGERS / name, tmp_path / name)
    before = fd.open(tmp_path / f"{name}.csv").status_on().set_index("claim_id")["status"]
    changed = days_as_a_spreadsheet_shows_them(tmp_path / name / "statuses.csv", slice(None, None, 2))
    ledger = opened(tmp_path / f"{name}.csv")
    assert ledger.unread.rows["statuses"] == changed > 0
    held = ledger.status_on().set_index("claim_id")["status"]
    sound = before.index.difference(list(ledger.unread.claims))
    assert held[list(ledger.unread.claims)].isna().all()
    assert (held[sound] == before[sound]).all()


def test_a_view_by_status_says_of_which_claims_it_can_not_be_known_whether_they_belong_there(damaged):
    view = damaged.where(status="supported")
    assert (
        view.unread.claims == damaged.unread.claims and not set(view.claims["claim_id"]) & view.unread.claims
    )
    assert "can't be read" in repr(view)
    assert "can't be read" in fd.charts.status_over_time(view).title.text[-1]
    some = damaged.claims["claimant"][damaged.claims["claim_id"].isin(damaged.unread.claims)].iloc[0]
    one = damaged.where(status="supported", claimant=some).unread.claims
    of = damaged.claims.set_index("claim_id")["claimant"]
    assert one == {claim_id for claim_id in damaged.unread.claims if of[claim_id] == some}


@pytest.mark.parametrize("name", ["claims", "statuses"])
def test_what_may_have_been_withdrawn_is_in_no_status(tmp_path, name):
    ledger = rain(tmp_path)
    row_id = "rain" if name == "claims" else ledger.statuses["status_id"].iloc[0]
    ledger.withdraw(name, row_id, why="not said")
    changes = tmp_path / "claims" / "changes.csv"
    changes.write_text(re.sub(r"(\d{4})-(\d\d)-(\d\d)T[\d:.]+Z", r"\3.\2.\1 14:05", changes.read_text()))
    ledger = opened(tmp_path / "claims.csv")
    assert ledger.unread.claims == {"rain"}
    assert ledger.status_on().set_index("claim_id")["status"].isna()["rain"]
