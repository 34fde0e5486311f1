"""How many claims have each status through time: the numbers, the marks that carry them and their words."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from drawn import caption, generated, rows, sample, spec_of, texts, written

from factdesk.charts import status_over_time
from factdesk.charts.status_steps import MARKS
from factdesk.errors import InvalidValue
from factdesk.schema import VOCABULARY

FIELDS = ("from", "until", "status", "claims", "share")


def numbers(chart):
    """Claims by day and status, for every day that a chart shows."""
    held = {}
    for row in rows(chart, *FIELDS):
        day, last = date.fromisoformat(row["from"]), date.fromisoformat(row["until"])
        while day <= last:
            held[day, row["status"]] = row["claims"]
            day += timedelta(days=1)
    return {key: claims for key, claims in held.items() if claims}


def counted(ledger, every):
    counts = ledger.counts(every)
    days = [moment.date() for moment in counts["date"]]
    return {
        (day, str(status)): int(claims)
        for day, status, claims in zip(days, counts["status"], counts["claims"], strict=True)
        if claims
    }


@pytest.mark.parametrize("seed", range(4))
def test_steps_say_for_every_day_what_the_ledger_counts(tmp_path, seed):
    ledger = generated(tmp_path, 25, days=40, seed=seed)
    assert numbers(status_over_time(ledger)) == counted(ledger, "day")


def test_steps_of_the_sample_say_for_every_day_what_the_ledger_counts():
    assert numbers(status_over_time(sample())) == counted(sample(), "day")


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_a_bar_says_what_the_ledger_counts_at_the_end_of_its_period(tmp_path, every):
    ledger = generated(tmp_path, 25, days=200, as_of="2026-11-24")
    shown = {
        (row["until"], row["status"]): row["claims"] for row in rows(status_over_time(ledger, every), *FIELDS)
    }
    expected = {(str(day), status): claims for (day, status), claims in counted(ledger, every).items()}
    assert {key: claims for key, claims in shown.items() if claims} == expected


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_a_span_shows_its_days_and_ends_with_its_last(tmp_path, every):
    ledger = generated(tmp_path, 25, days=60, as_of="2025-06-30")
    chart = status_over_time(ledger, every, span=("2025-04-02", "2025-05-14"))
    shown = rows(chart, *FIELDS)
    assert max(row["until"] for row in shown) == "2025-05-14"
    assert min(row["from"] for row in shown) <= "2025-04-02"
    last = {row["status"]: row["claims"] for row in shown if row["until"] == "2025-05-14" and row["claims"]}
    held = ledger.status_on("2025-05-14")["status"].value_counts()
    assert last == {str(status): int(count) for status, count in held.items() if count}
    assert "changing at the gaps" not in caption(chart)


def test_a_step_ends_on_the_day_before_the_next_begins():
    by_status = defaultdict(list)
    for row in rows(status_over_time(sample()), *FIELDS):
        by_status[row["status"]].append((date.fromisoformat(row["from"]), date.fromisoformat(row["until"])))
    for spans in by_status.values():
        assert all(b[0] - a[1] == timedelta(days=1) for a, b in pairwise(sorted(spans)))


def test_statuses_are_stacked_in_the_order_of_the_vocabulary():
    day = [row for row in rows(status_over_time(sample()), *FIELDS) if row["from"] == "2025-03-15"]
    order = [status.name for status in VOCABULARY]
    stack = [
        row["status"]
        for row in sorted(day, key=lambda row: (row["low"], row["high"], order.index(row["status"])))
    ]
    assert stack == sorted(stack, key=order.index)
    assert all(
        a["high"] == b["low"] for a, b in pairwise(sorted(day, key=lambda row: order.index(row["status"])))
    )


def test_shares_of_a_day_add_up_to_one():
    by_day = defaultdict(float)
    for row in rows(status_over_time(sample(), share=True), *FIELDS):
        by_day[row["from"]] += row["high"] - row["low"]
    assert all(total == pytest.approx(1, abs=1e-5) for total in by_day.values())


def test_a_chart_carries_marks_and_not_claims(tmp_path):
    few, many = generated(tmp_path / "few", 30), generated(tmp_path / "many", 1500)
    assert len(rows(status_over_time(many))) < 2 * len(rows(status_over_time(few)))


def test_days_become_longer_periods_where_they_would_take_too_many_marks(tmp_path):
    ledger = generated(tmp_path, 1500, days=3000, as_of="2035-01-01")
    chart = status_over_time(ledger)
    assert "at the end of each" in " ".join(spec_of(chart)["title"]["subtitle"])
    assert len(rows(chart, *FIELDS)) <= MARKS
    with pytest.raises(InvalidValue, match=r"Allowed: week, month, quarter, year"):
        status_over_time(ledger, "day")


def test_words_beside_the_stack_never_touch_and_name_every_status_seen(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        chart = status_over_time(ledger)
        seen = {row["status"] for row in rows(chart, *FIELDS)}
        heights = sorted({row["y"] for row in rows(chart, "y", "sign", "colour")})
        assert len(heights) == len(seen)
        assert all(b - a >= 16.9 for a, b in pairwise(heights))
        assert {status.label for status in VOCABULARY if status.name in seen} <= set(texts(chart))


def test_title_subtitle_caption_and_description_say_what_it_shows():
    ledger = sample()
    chart = status_over_time(ledger)
    spec = spec_of(chart)
    assert spec["title"]["text"] == ["9 of 22 claims are supported, 7 mixed"]
    assert "Claims in each status, by day, 11 March 2025 to" in spec["title"]["subtitle"][0]
    assert spec["title"]["subtitle"][-1].endswith("22 claims")
    digest = ledger.digest()
    assert f"“{ledger.title}”, as of" in caption(chart)
    assert f"digest {digest[:4]} {digest[4:8]}." in caption(chart)
    assert "22 claims, 9 supported, 7 mixed, 1 refuted, 3 outdated, 2 unverifiable." in spec["description"]
    assert "On 11 March 2025: 1 claim, 1 unverified." in spec["description"]
    assert spec["usermeta"]["factdesk"]["digest"] == digest
    assert set(spec["usermeta"]) == {"factdesk"}


def test_a_title_can_be_given_and_is_wrapped():
    title = "What became of the claims that one article of mid-March made, and of those that it quoted"
    lines = spec_of(status_over_time(sample(), title=title))["title"]["text"]
    assert len(lines) == 2
    assert " ".join(lines) == title


def test_a_part_of_a_ledger_says_that_it_is_one():
    chart = status_over_time(sample().where(claimant="Donald Trump"))
    assert "Part of the ledger “" in caption(chart)
    assert spec_of(chart)["title"]["text"][0].startswith("1 of 2 claims is")


def test_a_ledgers_own_vocabulary_gives_words_colours_and_order(tmp_path):
    own = """
[[status]]
name = "new"
label = "Nobody has looked"
colour = "#cccccc"
dark = "#555555"
sign = "§"
settled = false

[[status]]
name = "pants"
label = "Pants on fire"
colour = "#aa1f0a"
dark = "#c63614"
sign = "✕"
"""
    claims = [
        {"claim_id": f"c{n}", "claim": "It is so.", "claimant": "B.", "made_on": "2025-03-01"}
        for n in range(3)
    ]
    given = [{"claim_id": "c0", "status": "pants", "holds_from": "2025-03-04", "rationale": "No."}]
    ledger = written(tmp_path, claims, given, more=own)
    for theme, colours in (("light", ["#cccccc", "#aa1f0a"]), ("dark", ["#555555", "#c63614"])):
        chart = status_over_time(ledger, theme=theme)
        scales = [
            layer["encoding"]["color"]["scale"]
            for layer in spec_of(chart)["layer"]
            if "scale" in layer.get("encoding", {}).get("color", {}) and layer["encoding"]["color"]["scale"]
        ]
        assert scales[0] == {"domain": ["new", "pants"], "range": colours}
        assert {"Nobody has looked", "Pants on fire"} <= set(texts(chart))


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ({"every": "weak"}, "nearest: 'week'"),
        ({"theme": "drak"}, "nearest: 'dark'"),
        ({"width": 100}, "420 to 3,000 pixels"),
        ({"span": ("2025-04-01", "2025-03-01")}, "not after the last"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(asked, allowed):
    with pytest.raises(InvalidValue, match=allowed):
        status_over_time(sample(), **asked)
