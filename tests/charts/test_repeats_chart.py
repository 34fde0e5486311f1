"""How often each claim was made: a mark for each time, those after a refutation counted."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from drawn import PEOPLE, caption, repeated, rows, sample, spec_of, texts, written

from factdesk import measures
from factdesk.charts import repeats
from factdesk.charts.canvas import SIZES
from factdesk.charts.claim_rows import CLOSE, run_in
from factdesk.charts.repeats_chart import AFTER, AIRY, MADE
from factdesk.errors import InvalidValue, NotFound

BAND = ("claim_id", "what", "value", "from", "until", "status", "by")
MARK = ("claim_id", "what", "value", "from", "by", "sign", "how")
TOTAL = ("claim_id", "what", "value", "from", "until", "by", "text")
RAIN = {"claim_id": "rain", "claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}
DRY = {"claim_id": "rain", "status": "refuted", "holds_from": "2025-03-12", "rationale": "Dry."}


def again(*days, by="Radio"):
    return [{"claim_id": "rain", "claimant": by, "made_on": day} for day in days]


def told(chart):
    title = spec_of(chart)["title"]
    return " ".join(title["text"]), " ".join(title["subtitle"])


def test_each_dated_time_has_a_mark_on_its_day_by_who_made_it(tmp_path):
    for ledger in (sample(), repeated(tmp_path, 12)):
        made = measures.repeats(ledger)
        of = made.groupby("claim_id")["claim_id"].transform("size")
        dated = made[(of > 1) & made["is_dated"]]
        expected = Counter(
            (claim, str(day.date()), by, AFTER if after else MADE)
            for claim, day, by, after in zip(
                dated["claim_id"], dated["day"], dated["claimant"], dated["after_refuted"], strict=True
            )
        )
        found = Counter(
            (row["claim_id"], row["from"], row["by"], row["sign"]) for row in rows(repeats(ledger), *MARK)
        )
        assert found == expected


def test_the_numbers_beside_the_rows_and_in_the_title_are_the_measures(tmp_path):
    ledger = repeated(tmp_path, 25)
    made = measures.repeat_counts(ledger).set_index("claim_id")
    made = made[made["repeats"] > 0]
    chart = repeats(ledger)
    shown = {row["claim_id"]: int(row["value"]) for row in rows(chart, *TOTAL)}
    assert shown == made["made"].to_dict()
    times = measures.repeats(ledger)
    after = int(times["after_refuted"].sum())
    title, base = told(chart)
    assert title == f"{after} of {made['repeats'].sum()} repetitions came after the claim was refuted"
    assert base.startswith(f"{len(made)} of 25 claims were made again, ")
    beside = [int(text.split()[0]) for text in texts(chart) if text.endswith(" after")]
    assert sum(beside) == after


def test_those_most_often_made_after_a_refutation_come_first(tmp_path):
    chart = repeats(repeated(tmp_path, 25))
    after = Counter(row["claim_id"] for row in rows(chart, *MARK) if row["sign"] == AFTER)
    totals = sorted(rows(chart, *TOTAL), key=lambda row: row["y"])
    order = [(after[row["claim_id"]], int(row["value"])) for row in totals]
    assert order == sorted(order, reverse=True)


def test_a_time_of_unknown_day_is_counted_and_never_held_to_be_after_a_refutation(tmp_path):
    undated = {"claim_id": "rain", "claimant": "Paper"}
    chart = repeats(written(tmp_path, [RAIN], [DRY], appearances=[undated]))
    assert len(rows(chart, *MARK)) == 1
    assert {"2 times", "1 undated"} <= set(texts(chart))
    assert told(chart)[0] == "The only repetition is not known to have come after a refutation"
    assert "“Undated”: the day is not known, nor whether it came after a refutation." in caption(chart)


def test_the_day_of_the_refutation_itself_is_not_after_it(tmp_path):
    chart = repeats(written(tmp_path, [RAIN], [DRY], appearances=again("2025-03-12", "2025-03-13")))
    assert [row["sign"] for row in sorted(rows(chart, *MARK), key=lambda row: row["from"])] == [
        MADE, MADE, AFTER,
    ]  # fmt: skip
    assert {row["how"] for row in rows(chart, *MARK)} == {
        "the first time", "again", "again, 1 day after it was refuted",
    }  # fmt: skip
    assert {row["held"] for row in rows(chart, *MARK)} == {"unverified", "refuted"}


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
    words = "".join(
        f'\n[[status]]\nname = "{name}"\nsign = "{sign}"\ncolour = "{colour}"\ndark = "{colour}"\n'
        for name, sign, colour in (("open", "○", "#dddddd"), ("closed", "●", "#225588"))
    )
    ledger = written(tmp_path, [RAIN], appearances=again("2025-03-20"), more=words)
    if [status.name for status in ledger.settings.vocabulary] != ["open", "closed"]:
        pytest.fail("the vocabulary is not the one written")
    chart = repeats(ledger)
    assert told(chart)[0] == "1 repetition of 1 claim"
    assert "No status of this ledger's refutes a claim" in caption(chart)


def test_marks_never_touch_and_what_has_no_room_is_counted(tmp_path):
    chart = repeats(repeated(tmp_path, 60, most=60))
    marks = rows(chart, *MARK)
    lanes = {}
    for row in marks:
        lanes.setdefault((row["claim_id"], row["y"]), []).append(row["at"])
    assert all(len(set(there)) == len(there) for there in lanes.values())
    made = Counter(row["claim_id"] for row in marks)
    total = sum(int(row["value"]) for row in rows(chart, *TOTAL))
    unmarked = [int(t.split()[0]) for t in texts(chart) if t.endswith((" unmarked", " undated"))]
    assert sum(unmarked) == total - sum(made.values()) > 0
    assert "“Unmarked”: times counted without a mark" in caption(chart)


@pytest.mark.parametrize("many", [3, 200])
def test_the_times_of_one_day_stand_on_one_another_as_high_as_there_is_room(tmp_path, many):
    chart = repeats(written(tmp_path, [RAIN], [DRY], appearances=again(*["2025-03-20"] * many)))
    high = sorted({row["y"] for row in rows(chart, *MARK) if row["from"] == "2025-03-20"})
    assert len(high) == min(many, AIRY.most_lanes)
    assert all(below - above == AIRY.lane for above, below in pairwise(high))
    assert max(high) + AIRY.lane / 2 <= min(row["y"] for row in rows(chart, *BAND))


def test_claims_made_once_are_left_out_unless_they_are_asked_for(tmp_path):
    once = {**RAIN, "claim_id": "once", "claim": "It snowed."}
    ledger = written(tmp_path, [RAIN, once], appearances=again("2025-03-11"))
    assert {row["claim_id"] for row in rows(repeats(ledger), *BAND)} == {"rain"}
    assert told(repeats(ledger))[1].startswith("1 of 2 claims was made again")
    asked = repeats(ledger, "once")
    assert told(asked)[0] == "No claim was made again"
    assert "1 time" in texts(asked)
    with pytest.raises(NotFound, match="'once'"):
        repeats(ledger, ["onec"])


def test_a_span_counts_the_times_in_its_days_only(tmp_path):
    ledger = written(tmp_path, [RAIN], [DRY], appearances=again("2025-03-15", "2025-04-02", "2025-04-03"))
    chart = repeats(ledger, span=("2025-04-01", "2025-04-30"))
    assert told(chart)[0] == "Both repetitions came after the claim was refuted"
    assert "2 times" in texts(chart)
    none = repeats(ledger, span=("2025-04-10", "2025-04-30"))
    assert told(none)[0] == "No repetitions in the ledger in these days"


def test_times_of_unknown_day_are_not_said_to_be_of_the_days_asked_for(tmp_path):
    undated = {"claim_id": "rain", "claimant": "Paper"}
    ledger = written(tmp_path, [RAIN], [DRY], appearances=[undated])
    late = repeats(ledger, span=("2025-03-20", "2025-03-31"))
    assert told(late)[0] == "No repetitions in the ledger in these days"
    assert "1 undated" in texts(repeats(ledger, span=("2025-03-01", "2025-03-31")))


@pytest.mark.parametrize(("size", "height"), [("slide", 450), ("card", 420)])
@pytest.mark.parametrize("count", [2, 12, 200])
def test_slides_and_cards_keep_their_height_and_say_what_they_left_out(tmp_path, size, height, count):
    chart = repeats(repeated(tmp_path, count, most=20), size=size)
    spec = spec_of(chart)
    whole = spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]
    assert whole == pytest.approx(height)
    totals = rows(chart, *TOTAL)
    assert max(row["y2"] for row in rows(chart, *BAND)) < spec["height"]
    repeated_ = int(told(chart)[1].split(" of ")[0])
    assert len(totals) == repeated_ or f"; {len(totals)} of {repeated_} are shown" in told(chart)[1]
    assert count == 2 or len(totals) >= 4


def test_of_more_claims_than_rows_the_most_repeated_are_drawn_and_it_says_so(tmp_path):
    chart = repeats(repeated(tmp_path, 90, most=20))
    assert len(rows(chart, *TOTAL)) == 60
    many = told(chart)[1].split(" of ")[0]
    assert f"60 of {many} are shown, those most often made again after a refutation" in told(chart)[1]
    assert spec_of(chart)["height"] < 3_000


def test_who_made_it_how_often_stands_under_the_claim_and_in_close_rows_before_it(tmp_path):
    ledger = written(
        tmp_path,
        [RAIN],
        [DRY],
        appearances=again("2025-03-11", "2025-03-20") + again("2025-03-14", by="Paper"),
    )
    assert "Radio (3) and Paper (1)" in texts(repeats(ledger))
    assert "Radio and Paper: It rained." in texts(repeats(ledger, size="slide"))
    many = [one for name in PEOPLE for one in again("2025-03-11", by=name)]
    crowd = written(tmp_path / "crowd", [RAIN], appearances=many)
    assert any(text.startswith("Radio and 5 others:") for text in texts(repeats(crowd, size="card")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "script",
    [
        "Ministry for the Coordination of Regional Procurement",
        "وزارة التخطيط والتعاون الدولي",
        "中华人民共和国外交部发言人办公室",
    ],
)
def test_how_many_others_made_it_is_never_cut_off(script, size, tmp_path):
    names = [f"{script} {n}" for n in range(8)]
    made = [
        one
        for n, name in enumerate(names)
        for one in again(*(f"2025-03-{11 + k}" for k in range(9 - n)), by=name)
    ]
    chart = repeats(written(tmp_path, [RAIN], appearances=made), size=size)
    assert re.search(r"and \d others", " ".join(texts(chart)))


def test_its_description_tells_how_often_each_claim_was_made_and_by_whom(tmp_path):
    ledger = written(tmp_path, [RAIN], [DRY], appearances=again("2025-03-11", "2025-03-20"))
    assert spec_of(repeats(ledger))["description"] == (
        "The only claim was made again, 10 March to 30 April 2025. 2 repetitions, 1 after a refutation. "
        "It rained. made 3 times, 10 to 20 March 2025; by Radio; 1 after it was refuted."
    )


def test_nothing_repeated_and_nothing_at_all_say_so(tmp_path):
    assert told(repeats(written(tmp_path, [RAIN])))[0] == "No repetitions in the ledger yet"
    nobody = repeats(sample().where(claimant="nobody"))
    assert told(nobody)[0] == "No claims in this part of the ledger yet"


def test_what_is_not_allowed_is_refused_with_what_is():
    with pytest.raises(InvalidValue, match="page, column, slide, card"):
        repeats(sample(), size="poster")
    with pytest.raises(InvalidValue, match="two days"):
        repeats(sample(), span="March")


def test_words_with_arabic_in_them_are_broken_earlier(tmp_path):
    words = "the minister said that taxes on steel will fall by half before summer"
    ada, muhammad = run_in([("a", "Ada", words), ("b", "محمد", words)], 300, CLOSE.text, CLOSE.most_lines)
    assert max(map(len, muhammad)) < max(map(len, ada))
    assert len(muhammad[0]) > 0.8 * len(ada[0]), "and no earlier than they are wider"
