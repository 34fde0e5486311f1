"""How many claims have each status through time."""

import json
from itertools import pairwise

import pandas as pd
import pytest
import vl_convert
from samples import generated, written

import factdesk as fd
from factdesk.charts.status_over_time import MOST_PARTS, status_over_time

OWN = """
[[status]]
name = "new"
label = "Nobody has looked"
colour = "#cccccc"
settled = false

[[status]]
name = "pants"
label = "Pants on fire"
rating = 1
"""
COLUMNS = ["date", "status", "claims", "share"]


def on(chart, day):
    """The counts that a chart shows for a day: those of the last row up to it."""
    rows = chart.data[chart.data["date"] <= day]
    rows = rows[rows["date"] == rows["date"].max()]
    return {s: n for s, n in zip(rows["status"], rows["claims"], strict=True) if n}


def counted(ledger, every):
    counts = ledger.counts(every)
    counts = counts[counts["claims"] > 0].astype({"status": str})
    return {
        day: dict(zip(rows["status"], rows["claims"], strict=True)) for day, rows in counts.groupby("date")
    }


@pytest.mark.parametrize("seed", range(3))
def test_steps_say_for_every_day_what_the_ledger_counts(tmp_path, seed):
    ledger = generated(tmp_path, 25, days=40, seed=seed)
    chart = status_over_time(ledger, "day")
    assert all(on(chart, day) == counts for day, counts in counted(ledger, "day").items())


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_a_longer_period_says_what_the_ledger_counts_at_its_end(tmp_path, every):
    ledger = generated(tmp_path, 25, days=200, as_of="2026-11-24")
    chart = status_over_time(ledger, every)
    assert all(on(chart, day) == counts for day, counts in counted(ledger, every).items())


@pytest.mark.parametrize("every", ["day", "week", "month", "year"])
def test_what_is_given_adds_up_to_all_statuses(sample_ledger, every):
    given = status_over_time(sample_ledger, every, what="given").data
    assert given["claims"].sum() == len(sample_ledger.statuses)
    assert given.groupby("date")["share"].sum().round(2).isin([0, 1]).all()


def test_a_span_shows_its_days_and_begins_with_what_was_held(sample_ledger):
    chart = status_over_time(sample_ledger, span=("2025-03-20", "2025-03-31"))
    assert chart.data["date"].min() == pd.Timestamp("2025-03-20")
    assert chart.data["date"].max() == pd.Timestamp("2025-03-31")
    assert on(chart, pd.Timestamp("2025-03-20")) == counted(sample_ledger, "day")[pd.Timestamp("2025-03-20")]
    assert chart.title.text[0].endswith("on 31 March 2025")


def test_only_days_on_which_a_count_changes_are_rows(sample_ledger):
    wide = status_over_time(sample_ledger).data.pivot(index="date", columns="status", values="claims")
    assert all((a != b).any() for (_, a), (_, b) in pairwise(list(wide.iterrows())[:-1]))


def test_the_specification_is_small(sample_ledger, tmp_path):
    big = generated(tmp_path, 1_000, days=3_000, as_of="2034-11-24")
    for ledger in (sample_ledger, big):
        assert len(json.dumps(status_over_time(ledger).to_dict())) < 60_000


@pytest.mark.parametrize("by", ["claimant", "topic"])
def test_a_stack_has_the_numbers_of_a_view_of_its_claims(by, sample_ledger):
    chart = status_over_time(sample_ledger, "week", by=by)
    for part, rows in chart.data.groupby("part"):
        view = sample_ledger.where(**{by: part})
        last = rows[rows["date"] == rows["date"].max()]
        assert {s: n for s, n in zip(last["status"], last["claims"], strict=True) if n} == on(
            status_over_time(view, "week"), sample_ledger.latest_day
        )


def test_a_claim_with_several_topics_is_in_each_and_one_without_has_a_name_too(tmp_path):
    made = {"claimant": "Ada", "made_on": "2025-03-10"}
    claims = [
        {"claim_id": "a", "claim": "It rained.", "topics": "rain;weather;rain", **made},
        {"claim_id": "b", "claim": "It hailed.", "topics": "", **made},
    ]
    chart = status_over_time(written(tmp_path, claims), by="topic")
    assert chart.data.groupby("part")["claims"].max().to_dict() == {"rain": 1, "weather": 1, "no topic": 1}
    assert "2 claims, 3 topics" in " ".join(chart.title.subtitle)
    assert "A claim with several topics is in each of them." in chart.usermeta["factdesk"]["caption"]


def test_of_many_claimants_those_with_most_claims_are_drawn_and_the_rest_is_counted(tmp_path):
    claims = [
        {"claim_id": f"c-{n}-{k}", "claim": f"It rained {n} {k}.", "claimant": f"Person {n:02}", "made_on": "2025-03-10"}
        for n in range(40)
        for k in range(1 + (n % 20 == 0))
    ]  # fmt: skip
    chart = status_over_time(written(tmp_path, claims), by="claimant")
    assert chart.data["part"].nunique() == MOST_PARTS
    assert list(chart.data["part"].unique()[:3]) == ["Person 00", "Person 20", "Person 01"]
    assert "The 12 claimants with most claims are drawn." in chart.usermeta["factdesk"]["caption"]


def test_words_say_what_is_shown(sample_ledger):
    chart = status_over_time(sample_ledger)
    assert chart.title.text == ["9 of 22 claims are supported, 7 mixed"]
    assert " ".join(chart.title.subtitle).startswith("Claims in each status, by day, 11 March 2025 to")
    assert "On 11 March 2025: 1 unverified." in chart.description
    assert "9 supported, 7 mixed, 1 refuted, 3 outdated, 2 unverifiable." in chart.description
    part = status_over_time(sample_ledger.where(claimant="Donald Trump"))
    assert "Part of the ledger “" in part.usermeta["factdesk"]["caption"]


def test_a_ledger_s_own_vocabulary_and_noun_are_used(tmp_path):
    made = {"claim": "It is so.", "claimant": "B.", "made_on": "2025-03-01"}
    claims = [{"claim_id": f"c{n}", **made} for n in range(3)]
    given = [{"claim_id": "c0", "status": "pants", "holds_from": "2025-03-04", "rationale": "No."}]
    ledger = written(tmp_path, claims, given, more=OWN)
    settings = tmp_path / "claims" / "ledger.toml"
    settings.write_text(settings.read_text().replace("timezone", 'noun = "promise"\ntimezone', 1))
    chart = status_over_time(fd.open(ledger.path))
    assert chart.title.text == ["1 of 3 promises is Pants on fire, 2 Nobody has looked"]
    scale = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == ["new", "pants"] and scale["range"][0] == "#cccccc"


EVENTS = [
    {"day": f"2025-03-{day}", "event": f"Event of the {day}th, told at some length"} for day in range(11, 19)
]


@pytest.mark.parametrize("by", [None, "claimant"])
@pytest.mark.parametrize("gaps", [True, False])
def test_events_stand_over_the_days(sample_ledger, by, gaps):
    events = [*EVENTS[:1], {"day": "2024-01-01", "event": "Long before"}]
    chart = status_over_time(sample_ledger, by=by, gaps=gaps, events=pd.DataFrame(events))
    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    assert "Event of the 11th" in drawn and "Long before" not in drawn
    assert "1 outside these days are left out" in chart.usermeta["factdesk"]["caption"]


def test_many_events_leave_a_chart_its_height(sample_ledger):
    chart = status_over_time(sample_ledger, events=EVENTS)
    assert "of them without room for words" in chart.usermeta["factdesk"]["caption"]
    assert chart.height == 270


@pytest.mark.parametrize(
    ("events", "allowed"),
    [
        ("a summit", "columns day and event"),
        ([{"day": "2025-03-18"}], "columns day and event"),
        ([{"day": "mid-March", "event": "x"}], "a day, such as"),
        ([{"day": "2025-03-18", "event": " "}], "what happened"),
        (pd.DataFrame({"day": ["2025-03-18"], "event": [None]}), "what happened"),
        (EVENTS * 6, "at most 40"),
    ],
)
def test_what_is_no_event_is_refused_with_what_is(sample_ledger, events, allowed):
    with pytest.raises(fd.FactdeskError, match=allowed):
        status_over_time(sample_ledger, events=events)
