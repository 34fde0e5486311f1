"""What falls due by a day: days, months and years, and what is settled or not known."""

import calendar
import warnings
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import written

import factdesk as fd
from factdesk.errors import InvalidValue
from factdesk.history.due import COLUMNS, last_days

VOWS = {"bridge": "2025-03", "tunnel": "2025-03-15", "port": "2024", "dam": "2050", "road": ""}


def vows(folder, statuses=(), **more):
    claims = [
        {"claim_id": one, "claim": f"A {one} will be built.", "claimant": "The mayor", "made_on": "2024-01-10",
         "due_on": due_on, "would_settle": f"The {one} is open."}
        for one, due_on in VOWS.items()
    ]  # fmt: skip
    given = [dict(zip(("claim_id", "status", "holds_from"), one, strict=True)) for one in statuses]
    return written(
        folder, claims, [{**one, "rationale": "Seen."} for one in given], as_of="2025-06-30", **more
    )


@given(st.dates(date(1000, 1, 1), date(9998, 12, 31)), st.sampled_from([4, 7, 10]))
def test_what_is_due_in_a_month_or_year_is_due_on_its_last_day(day, length):
    text = day.isoformat()[:length]
    ends = {
        4: date(day.year, 12, 31),
        7: day.replace(day=calendar.monthrange(day.year, day.month)[1]),
        10: day,
    }
    assert last_days(pd.Series([text], dtype="str")).tolist() == [pd.Timestamp(ends[length])]


@pytest.mark.parametrize(
    "text", ["", "2025-13", "2025-02-30", "March 2025", "25", "2025-3", " 2025", "2025-03-", "٢٠٢٥"]
)
def test_what_is_no_day_month_or_year_has_no_last_day(text):
    assert last_days(pd.Series([text], dtype="str")).isna().all()


def test_what_is_open_and_due_by_the_latest_day_comes_first_due_first(tmp_path):
    found = vows(tmp_path).due()
    assert found.columns.tolist() == list(COLUMNS)
    assert found["claim_id"].tolist() == ["port", "tunnel", "bridge"]
    assert found["due_on"].tolist() == ["2024", "2025-03-15", "2025-03"]
    assert found["due_by"].dt.strftime("%Y-%m-%d").tolist() == ["2024-12-31", "2025-03-15", "2025-03-31"]
    assert found["days_left"].tolist() == [-181, -107, -91]
    assert found["status"].tolist() == ["unverified"] * 3
    assert found["would_settle"][0] == "The port is open."


def test_of_a_day_to_come_what_is_left_is_counted_from_the_latest_and_of_a_day_gone_from_that(tmp_path):
    ledger = vows(tmp_path, [("tunnel", "supported", "2025-03-10"), ("port", "in review", "2025-01-05")])
    for by in ("2050", "2050-12", "2050-12-31", date(2050, 12, 31), pd.Timestamp("2050-12-31")):
        found = ledger.due(by).set_index("claim_id")
        assert found.index.tolist() == ["port", "bridge", "dam"]
        assert found["days_left"]["dam"] == (date(2050, 12, 31) - date(2025, 6, 30)).days
        assert found["status"]["port"] == "in review"
    then = ledger.due("2025-03-09")
    assert then["claim_id"].tolist() == ["port"] and then["days_left"].tolist() == [-68]
    assert ledger.due("2024-12")["status"].tolist() == ["unverified"]  # nobody had looked at it then
    assert ledger.due("2023").empty  # nobody had said it yet


def test_what_was_withdrawn_or_is_no_claim_of_a_view_is_not_due(tmp_path):
    ledger = vows(tmp_path)
    ledger.withdraw("claims", "port", why="no promise")
    assert ledger.due("2025-06-30")["claim_id"].tolist() == ["tunnel", "bridge"]
    assert ledger.where(text="bridge").due("2050")["claim_id"].tolist() == ["bridge"]
    assert fd.create(tmp_path / "empty.csv", title="Empty").due("2050").empty


def test_of_a_claim_whose_status_can_not_be_read_nobody_knows_whether_it_is_open(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        ledger = vows(tmp_path, [("tunnel", "no such word", "2025-03-10")])
    found = ledger.due()
    assert found["claim_id"].tolist() == ["port", "bridge"]
    assert found.attrs["left_out"] == {"unread": 1}


@pytest.mark.parametrize("by", ["soon", "2025-13", 2025, None.__class__, "2025-03-10T10:00:00Z"])
def test_what_is_no_day_is_refused_with_what_is_allowed(by, tmp_path):
    with pytest.raises(InvalidValue, match="or a month or year as YYYY-MM or YYYY"):
        vows(tmp_path).due(by)


@pytest.mark.parametrize("given", ["2027", "2027-06", "2027-06-30", date(2027, 6, 30), 2027])
def test_a_claim_is_logged_with_a_day_to_come_and_asked_again_changes_nothing(given, tmp_path):
    ledger = fd.create(tmp_path / "vows.csv", title="Vows", by="Ada Quist")
    about = {"claimant": "The mayor", "due_on": given, "would_settle": "It opens."}
    first = ledger.log("A bridge will be built.", **about)
    assert ledger.claims["due_on"].tolist() == [str(given)]
    assert ledger.log("A bridge will be built.", **about) == first
    ledger.edit("claims", first, why="put off", due_on="2031")
    assert fd.open(ledger.path).due("2031")["due_on"].tolist() == ["2031"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("June 2027", "2027-06"),
        ("Jun-27", "2027-06"),
        ("30.06.2027", "2027-06-30"),
        ("2027-13", ""),
        ("Q1 2027", ""),
        ("27", ""),
    ],
)
def test_another_form_is_refused_with_what_may_have_been_meant(given, meant, tmp_path):
    ledger = fd.create(tmp_path / "vows.csv", title="Vows", by="Ada Quist")
    with pytest.raises(InvalidValue) as refused:
        ledger.log("A bridge will be built.", claimant="The mayor", due_on=given)
    assert "YYYY-MM-DD, YYYY-MM or YYYY" in str(refused.value)
    assert (f"meant may be {meant}" in str(refused.value)) == bool(meant)
    assert ledger.claims.empty


def codes(ledger):
    found = ledger.check()
    return dict(zip(found["claim_id"], found["code"], strict=True))


def test_what_has_passed_unjudged_is_a_finding_until_somebody_says_something(tmp_path):
    ledger = vows(tmp_path, [("tunnel", "in review", "2025-03-15"), ("port", "in review", "2025-02-01")])
    assert codes(ledger) == {"bridge": "past-due", "tunnel": "past-due"}
    found = ledger.check().set_index("claim_id").loc["bridge"]
    assert (found["severity"], found["column"], found["value"]) == ("note", "due_on", "2025-03")
    assert found["message"] == "it was due by 2025-03-31, and nobody has judged it since."
    ledger.set_status("bridge", "refuted", holds_from="2025-04-02", rationale="No bridge is there.")
    ledger.set_status("tunnel", "in review", holds_from="2025-03-16", rationale="We asked.")
    assert codes(ledger) == {}
    assert "bridge" not in set(ledger.due()["claim_id"])


def test_a_day_before_the_claim_was_made_and_one_that_is_none_are_named(tmp_path):
    claims = [
        {
            "claim_id": "a",
            "claim": "A.",
            "claimant": "B",
            "made_on": "2024-03-01",
            "due_on": "2023",
            "made_on_precision": "month",
        },
        {"claim_id": "b", "claim": "B.", "claimant": "B", "made_on": "2024-03-01", "due_on": "Mar 2025"},
        {"claim_id": "c", "claim": "C.", "claimant": "B", "made_on": "2024-03-01", "due_on": "2024-03"},
    ]
    ledger = written(tmp_path, claims, as_of="2024-03-02")
    found = ledger.check().set_index("claim_id")
    assert found.loc["a", "code"] == "due-before" and "it was made (2024-03)" in found.loc["a", "message"]
    assert found.loc["b", "code"] == "bad-due" and "meant may be 2025-03" in found.loc["b", "advice"]
    assert "c" not in found.index
    assert len(ledger.claims) == 3  # a day that can't be read costs no claim
