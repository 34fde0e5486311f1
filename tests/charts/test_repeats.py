"""How often each claim was made: a mark for each time, those after a refutation counted."""

from collections import Counter

import pytest
from drawn import PEOPLE, asides, beside, repeated, sample, told, written

from factdesk import measures
from factdesk.charts.repeats import AFTER, MADE, repeats
from factdesk.errors import NotFound

RAIN = {"claim_id": "rain", "claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}
DRY = {"claim_id": "rain", "status": "refuted", "holds_from": "2025-03-12", "rationale": "Dry."}


def again(*days, by="Radio"):
    return [{"claim_id": "rain", "claimant": by, "made_on": day} for day in days]


def made(chart):
    return chart.data[chart.data["what"] == "made"]


def marks(chart):
    return made(chart)[made(chart)["lane"].notna()]


def test_each_dated_time_has_a_mark_on_its_day_by_who_made_it(tmp_path):
    for ledger in (sample(), repeated(tmp_path, 12)):
        times = measures.repeats(ledger)
        dated = times[(times.groupby("claim_id")["claim_id"].transform("size") > 1) & times["is_dated"]]
        expected = Counter(
            zip(dated["claim_id"], dated["day"], dated["claimant"], dated["after_refuted"], strict=True)
        )
        found = marks(repeats(ledger))
        is_after = found["kind"] == AFTER
        assert Counter(zip(found["claim_id"], found["from"], found["by"], is_after, strict=True)) == expected


def test_the_numbers_beside_the_rows_and_in_the_title_are_the_measures(tmp_path):
    ledger = repeated(tmp_path, 25)
    counts, times = measures.repeat_counts(ledger).set_index("claim_id"), measures.repeats(ledger)
    counts = counts[counts["repeats"] > 0]
    chart = repeats(ledger)
    title, base, _ = told(chart)
    after = int(times["after_refuted"].sum())
    assert title == f"{after} of {counts['repeats'].sum()} repetitions came after the claim was refuted"
    assert base.startswith(f"{len(counts)} of 25 claims were made again, ")
    rows = made(chart).drop_duplicates("row").sort_values("row")["claim_id"]
    assert [int(words.split()[0]) for words in asides(chart)] == [counts["made"][claim] for claim in rows]
    own = [(counts["after_refuted"][claim], counts["made"][claim]) for claim in rows]
    assert own == sorted(own, reverse=True)


def test_a_time_of_unknown_day_is_counted_and_never_held_to_be_after_a_refutation(tmp_path):
    chart = repeats(written(tmp_path, [RAIN], [DRY], appearances=[{"claim_id": "rain", "claimant": "Paper"}]))
    assert marks(chart)["kind"].tolist() == [MADE]
    assert asides(chart) == ["2 times\n1 undated"]
    title, _, caption = told(chart)
    assert title == "The only repetition is not known to have come after a refutation"
    assert "“Undated”: the day is not known, nor whether it came after a refutation." in caption


def test_the_day_of_the_refutation_itself_is_not_after_it(tmp_path):
    found = marks(repeats(written(tmp_path, [RAIN], [DRY], appearances=again("2025-03-12", "2025-03-13"))))
    found = found.sort_values("from")
    assert found["kind"].tolist() == [MADE, MADE, AFTER]
    assert found["how"].tolist() == ["the first time", "again", "again, 1 day after it was refuted"]
    assert found["held"].tolist() == ["unverified", "refuted", "refuted"]


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (["2025-03-20"], "The only repetition came after the claim was refuted"),
        (["2025-03-20", "2025-04-20"], "Both repetitions came after the claim was refuted"),
        (["2025-03-11", "2025-03-20"], "1 of 2 repetitions came after the claim was refuted"),
        (["2025-03-11", "2025-03-12"], "Neither repetition is known to have come after a refutation"),
    ],
)
def test_the_title_says_how_many_repetitions_came_after_a_refutation(tmp_path, days, title):
    assert told(repeats(written(tmp_path, [RAIN], [DRY], appearances=again(*days))))[0] == title


def test_a_vocabulary_without_a_word_that_refutes_says_so(tmp_path):
    words = '\n[[status]]\nname = "open"\nsettled = false\n\n[[status]]\nname = "closed"\n'
    title, _, caption = told(repeats(written(tmp_path, [RAIN], appearances=again("2025-03-20"), more=words)))
    assert title == "1 repetition of 1 claim"
    assert "No status of this ledger’s refutes a claim" in caption


@pytest.mark.parametrize("size", ["page", "slide"])
def test_marks_never_touch_and_what_has_no_room_is_counted(tmp_path, size):
    chart = repeats(repeated(tmp_path, 60, most=60), size=size)
    for _, own in marks(chart).groupby(["row", "lane"]):
        assert own["from"].is_unique
    words = ", ".join(asides(chart)).replace("\n", ", ").split(", ")
    unmarked = sum(int(one.split()[0]) for one in words if one.endswith(("unmarked", "undated")))
    assert unmarked == len(made(chart)) - len(marks(chart)) > 0
    assert "“Unmarked”: " in told(chart)[2]


def test_claims_made_once_are_left_out_unless_they_are_asked_for(tmp_path):
    once = {**RAIN, "claim_id": "once", "claim": "It snowed."}
    ledger = written(tmp_path, [RAIN, once], appearances=again("2025-03-11"))
    assert set(repeats(ledger).data["claim_id"]) == {"rain"}
    assert told(repeats(ledger))[1].startswith("1 of 2 claims was made again")
    assert told(repeats(ledger, "once"))[0] == "No claim was made again"
    assert asides(repeats(ledger, "once")) == ["1 time"]
    with pytest.raises(NotFound, match="'once'"):
        repeats(ledger, ["onec"])


def test_a_span_counts_the_times_in_its_days_only_and_none_of_unknown_day_by_itself(tmp_path):
    undated = {"claim_id": "rain", "claimant": "Paper"}
    ledger = written(tmp_path, [RAIN], [DRY], appearances=[*again("2025-04-02", "2025-04-03"), undated])
    chart = repeats(ledger, span=("2025-04-01", "2025-04-30"))
    assert told(chart)[0] == "2 of 3 repetitions came after the claim was refuted"
    assert asides(chart) == ["3 times\n2 after refuted\n1 undated"]
    assert told(repeats(ledger, span=("2025-04-10", "2025-04-30")))[0].startswith(
        "No repetitions in these days"
    )


@pytest.mark.parametrize(("size", "most"), [("page", 60), ("slide", 6), ("card", 6)])
def test_of_more_claims_than_have_room_the_most_repeated_are_drawn_and_it_says_so(tmp_path, size, most):
    chart = repeats(repeated(tmp_path, 90, most=20), size=size)
    drawn, base = chart.data["row"].nunique(), told(chart)[1]
    assert min(most, 2) <= drawn <= most
    assert f"; {drawn} of {base.split()[0]} are shown, those most often made again after a refutation" in base


def test_who_made_it_how_often_stands_under_the_claim_and_on_slides_before_it(tmp_path):
    times = again("2025-03-11", "2025-03-20") + again("2025-03-14", by="Paper")
    ledger = written(tmp_path, [RAIN], [DRY], appearances=times)
    assert beside(repeats(ledger)) == ["It rained. Radio (3) and Paper (1)"]
    assert "by Radio (3) and Paper (1); 2 after it was refuted." in repeats(ledger).description
    many = [one for name in PEOPLE for one in again("2025-03-11", by=name)]
    crowd = written(tmp_path / "crowd", [RAIN], appearances=many)
    assert beside(repeats(crowd, size="slide")) == ["Radio (1) and 5 others: It rained."]


def test_a_first_time_known_by_its_month_is_told_by_that_and_counts_from_its_first_day(tmp_path):
    month = {**RAIN, "made_on": "2025-03-01", "made_on_precision": "month"}
    chart = repeats(written(tmp_path, [month], [DRY], appearances=again("2025-03-20")))
    assert "made 2 times, March 2025 to 20 March 2025;" in chart.description
    days = marks(chart).sort_values("from")[["from", "made_on_precision"]].astype("str")
    assert days.to_numpy().tolist() == [["2025-03-01", "month"], ["2025-03-20", ""]]
