"""A stack of statuses for each claimant or topic: its numbers are those of a view, and its words fit."""

import pandas as pd
import pytest
from drawn import generated, rows, sample, written
from placed_words import boxes
from samples import LEDGERS, ledger_of

import factdesk as fd
from factdesk.charts.canvas import SIZES
from factdesk.charts.status_facets import LEAST, MOST
from factdesk.errors import InvalidValue

draw = fd.charts.status_over_time


def shown(chart):
    return [row for row in rows(chart) if {"group", "claims", "from"} <= row.keys()]


@pytest.mark.parametrize("by", ["claimant", "topic"])
@pytest.mark.parametrize("every", [None, "week", "month"])
def test_each_stack_has_the_numbers_of_a_view_of_its_claims(by, every):
    ledger = sample()
    found = shown(draw(ledger, every, by=by))
    assert len({row["group"] for row in found}) > 3
    for group in {row["group"] for row in found}:
        view = ledger.where(**{by: group})
        for day in ("2025-03-13", "2025-03-16", "2025-03-31", "2025-09-30", "2026-11-24"):
            held = view.status_on(day)["status"].value_counts()
            on = {
                row["status"]: row["claims"]
                for row in found
                if row["group"] == group
                and (row["until"] == day if every else row["from"] <= day <= row["until"])
            }
            if every and not on:
                continue  # that day ends no such period
            assert on == {name: count for name, count in held.items() if count}, (group, day)


def test_a_claim_with_several_topics_is_in_each_and_one_without_has_a_name_too(tmp_path):
    claims = [
        {
            "claim_id": "a",
            "claim": "It rained.",
            "claimant": "Ada",
            "made_on": "2025-03-10",
            "topics": "rain;weather;rain",
        },
        {"claim_id": "b", "claim": "It hailed.", "claimant": "Bo", "made_on": "2025-03-11", "topics": ""},
    ]
    chart = draw(written(tmp_path, claims), by="topic")
    found = {row["group"]: row["claims"] for row in shown(chart)}
    assert found == {"rain": 1, "weather": 1, "no topic": 1}
    words = chart.to_dict()["layer"][-1]["mark"]["text"]
    assert "A claim with several topics is in each of them." in " ".join(words)
    assert "2 claims, 3 topics" in " ".join(chart.title.subtitle)


def test_stacks_have_one_scale_and_stand_in_the_order_of_their_claims():
    chart = draw(sample(), by="claimant")
    found = shown(chart)
    tall = {round((row["y"] - row["y2"]) / row["claims"], 1) for row in found}
    assert len(tall) == 1
    claims = sample().claims["claimant"].value_counts()
    order = list(dict.fromkeys(row["group"] for row in sorted(found, key=lambda row: row["y"])))
    assert [claims[name] for name in order] == sorted(claims, reverse=True)


def test_stacks_of_as_many_claims_stand_in_a_reader_s_order_of_names(tmp_path):
    names = ["Élysée", "Fax", "Paper 2", "paper 3", "Paper 10"]
    claims = [
        {"claim_id": f"c-{n}", "claim": "It rained.", "claimant": name, "made_on": "2025-03-10"}
        for n, name in enumerate(reversed(names))
    ]
    found = shown(draw(written(tmp_path, claims), by="claimant"))
    assert list(dict.fromkeys(row["group"] for row in sorted(found, key=lambda row: row["y"]))) == names


def test_a_stack_of_shares_is_whole_on_every_day():
    for row in (found := shown(draw(sample(), by="claimant", share=True))):
        same = [one for one in found if (one["group"], one["from"]) == (row["group"], row["from"])]
        assert sum(one["share"] for one in same) == pytest.approx(1, abs=0.001)


def test_of_many_claimants_those_with_most_claims_are_drawn_and_the_rest_is_counted(tmp_path):
    claims = [
        {"claim_id": f"c-{n}-{k}", "claim": f"It rained {n} {k}.", "claimant": f"Person {n:02}", "made_on": "2025-03-10"}
        for n in range(40)
        for k in range(1 + (n % 20 == 0))
    ]  # fmt: skip
    ledger = written(tmp_path, claims)
    chart = draw(ledger, by="claimant")
    groups = {row["group"] for row in shown(chart)}
    assert len(groups) == MOST
    assert {"Person 00", "Person 20"} <= groups
    assert "42 claims, the 12 claimants with most claims, of 40" in " ".join(chart.title.subtitle)
    slide = draw(ledger, by="claimant", size="slide")
    assert len({row["group"] for row in shown(slide)}) < MOST
    assert slide.height + slide.padding["top"] + slide.padding["bottom"] == SIZES["slide"].height


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("by", ["claimant", "topic"])
@pytest.mark.parametrize("ledger", ["sample", *LEDGERS])
def test_no_words_touch_or_are_cut(by, size, ledger):
    spec = draw(ledger_of(ledger), by=by, size=size).to_dict()
    padding = spec["padding"]
    width = spec["width"] + padding["left"] + padding["right"]
    height = spec["height"] + padding["top"] + padding["bottom"]
    found = sorted(boxes(spec))
    assert [
        one[4] for one in found if one[0] < 2 or one[1] < 2 or one[2] > width - 2 or one[3] > height - 2
    ] == []
    touching = [
        (one[4], other[4])
        for n, one in enumerate(found)
        for other in found[n + 1 :]
        if other[0] < one[2] - 1 and other[1] < one[3] - 1 and one[1] < other[3] - 1
    ]
    assert touching == []


def test_many_claims_of_short_names_have_room_for_their_number(tmp_path):
    claims = [
        {"claim_id": f"c-{n}", "claim": f"It rained {n}.", "claimant": ("EU", "US")[n % 2], "made_on": "2025-03-10"}
        for n in range(2400)
    ]  # fmt: skip
    spec = draw(written(tmp_path, claims), by="claimant", share=True).to_dict()
    ends = {line: right for _, _, right, _, line in boxes(spec)}
    assert ends["1,200 claims"] < spec["padding"]["left"]


def test_words_say_what_is_seen_at_the_end():
    chart = draw(sample(), by="claimant")
    held = sample().where(claimant="The article").status_on()["status"].value_counts()
    most = held.index[0]
    assert f"The article, 9 claims: {held[most]} {most}" in chart.description.replace("\xa0", " ")
    assert LEAST > 28, "a name and a number of claims fit beside every stack"


def test_bad_words_are_refused_with_the_choices():
    with pytest.raises(InvalidValue, match=r"'claimant', 'topic'; nearest: 'claimant'"):
        draw(sample(), by="claiment")
    with pytest.raises(InvalidValue, match="'claimant', 'topic'"):
        draw(sample(), by=["claimant"])


def test_an_empty_view_says_so_and_days_before_all_claims_are_refused():
    empty = draw(sample().where(claimant="nobody"), by="claimant")
    assert "No claims" in " ".join(empty.title.text)
    with pytest.raises(InvalidValue, match="2025-03-11 to 2026-11-24"):
        draw(sample(), by="topic", span=("2024-01-01", "2024-02-01"))


def test_events_and_many_years_are_drawn_too(tmp_path):
    ledger = generated(tmp_path, 300, days=7000, as_of="2045-01-01")
    events = pd.DataFrame({"day": ["2031-05-01"], "event": ["election"]})
    chart = draw(ledger, by="claimant", events=events)
    assert "election" in str(chart.to_dict())
    assert len(str(chart.to_dict())) < 1_500_000
