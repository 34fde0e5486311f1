"""How long claims stay open: a curve that says what is measured, and how many claims it rests on."""

from itertools import pairwise

import pytest
from drawn import caption, generated, rows, sample, spec_of, texts, written

from factdesk import measures
from factdesk.charts import time_to_status
from factdesk.charts.canvas import SIZES, TEXT_SIZE
from factdesk.charts.survival_chart import COLUMNS, MOST_GROUPS, MOST_STEPS
from factdesk.charts.typeset import text_width
from factdesk.errors import InvalidValue

RAIN = {"claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}


def settled(folder, days, *, still_open=0, topics=(), status="refuted", as_of="2025-04-30"):
    """A ledger of claims of 10 March, settled after so many days; topics are of the claims in turn."""
    many = len(days) + still_open
    claims = [
        {**RAIN, "claim_id": f"c-{n}", "topics": topics[n % len(topics)] if topics else ""}
        for n in range(many)
    ]
    given = [
        {
            "claim_id": f"c-{n}",
            "status": status,
            "holds_from": f"2025-{3 + (9 + day) // 31:02}-{(9 + day) % 31 + 1:02}",
            "rationale": "So.",
        }
        for n, day in enumerate(days)
    ]
    return written(folder, claims, given, as_of=as_of)


def said(chart):
    return " ".join(spec_of(chart)["title"]["text"])


def under(chart):
    return " ".join(spec_of(chart)["title"]["subtitle"])


def measured(ledger, to=None, by=None):
    rows_ = measures.time_to_status(ledger, to, by).round(4).astype(object)
    rows_ = rows_.where(rows_.notna(), None)
    if by:
        rows_["group"] = rows_["group"].replace({"": f"no {by}"})
    return rows_.to_dict("records")


@pytest.mark.parametrize("to", [None, "refuted", ["refuted", "mixed"]])
def test_the_curve_says_what_is_measured(to, tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        shown = rows(time_to_status(ledger, to), *COLUMNS)
        assert [{field: row[field] for field in COLUMNS} for row in shown] == measured(ledger, to)


@pytest.mark.parametrize("by", ["claimant", "kind", "topic"])
def test_the_curve_of_each_group_says_what_is_measured(by):
    fields = ("group", *COLUMNS)
    shown = rows(time_to_status(sample(), by=by), *fields)
    assert [{field: row[field] for field in fields} for row in shown] == measured(sample(), by=by)


@pytest.mark.parametrize(("days", "still_open", "title", "label"), [
    ([1, 2, 3, 9], 0, "Half of the claims were settled within 2 days of being made", "half settled within 2 days"),
    ([0, 0, 5], 0, "67% of the claims were settled on the day they were made", "half settled on the first day"),
    ([4, 4, 4], 0, "All 3 claims were settled within 4 days of being made", "all settled within 4 days"),
    ([4, 4], 0, "Both claims were settled within 4 days of being made", "both settled within 4 days"),
    ([], 2, "Neither claim is settled yet", "neither settled yet"),
    ([1], 0, "The only claim was settled 1 day after it was made", "settled within 1 day"),
    ([], 1, "The only claim is not settled yet after 51 days", "not settled yet"),
    ([], 3, "None of 3 claims is settled yet", "none settled yet"),
    ([2], 2, "Fewer than half of the claims were settled within 51 days of being made", "fewer than half settled"),
])  # fmt: skip
def test_it_says_how_long_half_of_the_claims_took(days, still_open, title, label, tmp_path):
    chart = time_to_status(settled(tmp_path, days, still_open=still_open))
    assert said(chart) == title
    assert label in texts(chart)


def placed(chart, *beginnings):
    """Where words that begin so stand: left, top, right, foot."""
    for layer in spec_of(chart)["layer"]:
        for row in rows_of(chart, layer):
            if str(row.get("text", "")).startswith(beginnings):
                wide = text_width(row["text"], TEXT_SIZE)
                left = row["x"] - (wide if layer["mark"]["align"] == "right" else 0)
                return left, row["y"] - 5, left + wide, row["y"] + 5
    raise AssertionError(beginnings)


def rows_of(chart, layer):
    return spec_of(chart)["datasets"].get(layer["data"].get("name"), []) if "data" in layer else []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("still_open", [1, 2, 20])
def test_that_none_is_settled_yet_stands_beside_the_curve_and_not_at_one_half(size, still_open, tmp_path):
    chart = time_to_status(settled(tmp_path, [], still_open=still_open), size=size)
    _, top, _, foot = placed(chart, "not settled", "neither settled", "none settled")
    (curve,) = {row["y"] for row in rows(chart, "x", "y", "curve")}
    assert curve + 4 < top < foot < curve + 30


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("days", "still_open"), [([1, 2, 2], 9), ([0, 3, 9, 9, 20], 8), ([1, 40], 3), ([40, 50], 4)]
)
def test_that_fewer_than_half_are_settled_stands_beside_the_curve(days, still_open, size, tmp_path):
    chart = time_to_status(settled(tmp_path, days, still_open=still_open), size=size)
    assert_clear(chart, "fewer than half")


@pytest.mark.parametrize("size", SIZES)
def test_how_long_half_took_stands_clear_of_band_and_curve(size, tmp_path):
    (tmp_path / "years").mkdir()
    for ledger in (
        sample(),
        generated(tmp_path, 60),
        generated(tmp_path / "years", 80, days=7_300, as_of="2045-04-30"),
    ):
        assert_clear(time_to_status(ledger, size=size), "half settled")


def assert_clear(chart, beginning):
    left, top, right, foot = placed(chart, beginning)
    bands = [row for row in rows(chart, "x", "y", "y2", "curve")]
    curve = sorted(rows(chart, "x", "y", "n"), key=lambda row: row["n"])
    for x, x2, high, low in (
        *((one["x"], two["x"], one["y2"], one["y"]) for one, two in pairwise(bands)),
        *((one["x"], two["x"], one["y"], one["y"]) for one, two in pairwise(curve)),
        *((two["x"], two["x"], one["y"], two["y"]) for one, two in pairwise(curve)),
    ):
        assert x2 <= left or right <= x or low <= top or foot <= high


def test_a_half_that_is_worked_out_a_hair_too_great_is_a_half(tmp_path):
    # 27 of 54 are open: the product of the shares of 27 days is 0.5000000000000003 in floats.
    ledger = settled(tmp_path, list(range(27)), still_open=27)
    assert measures.time_to_status(ledger)["open"].min() > 0.5
    assert said(time_to_status(ledger)).startswith("Half of the claims were settled within 26 days")


def test_under_each_day_that_is_named_stands_how_many_claims_were_at_risk(tmp_path):
    chart = time_to_status(settled(tmp_path, [2, 4, 4], still_open=4, as_of="2025-03-18"))
    under_each: dict[float, list[tuple[float, str]]] = {}
    for row in rows(chart, "x", "y", "text"):
        under_each.setdefault(row["x"], []).append((row["y"], row["text"]))
    stacks = [[text for _, text in sorted(stack)] for stack in under_each.values()]
    at_risk = {stack[0]: stack[1] for stack in stacks if len(stack) == 2}
    assert at_risk == {"1": "7", "2": "7", "3": "6", "4": "6", "5": "4", "6": "4", "7": "4", "8": "4"}


def test_a_claim_that_is_open_has_a_tick_and_the_caption_says_what_it_is(tmp_path):
    chart = time_to_status(settled(tmp_path, [2], still_open=2))
    assert "Small ticks: claims open when last seen, 30 April 2025." in caption(chart)
    assert "Small ticks" not in caption(time_to_status(sample()))


def test_a_claim_of_which_the_day_is_not_known_is_said_to_count_from_its_logging(tmp_path):
    ledger = written(tmp_path, [{**RAIN, "claim_id": "a"}, {**RAIN, "claim_id": "b", "made_on": ""}])
    assert "1 claim of which the day is not known counts from the day of logging." in caption(
        time_to_status(ledger)
    )
    assert "not known" not in caption(time_to_status(sample()))


def test_no_interval_is_told_where_none_is_drawn(tmp_path):
    assert "95% interval" not in caption(time_to_status(settled(tmp_path, [], still_open=3)))
    assert "95% interval" in caption(time_to_status(sample()))


def test_a_band_begins_when_the_first_claim_is_settled_and_lies_about_the_curve(tmp_path):
    shown = rows(time_to_status(generated(tmp_path, 60)), *COLUMNS)
    known = [row for row in shown if row["low"] is not None]
    assert known
    assert all(row["low"] <= row["open"] <= row["high"] for row in known)
    drawn = [layer for layer in spec_of(time_to_status(sample()))["layer"] if layer["mark"]["type"] == "area"]
    assert len(drawn) == 1
    # Vega-Lite divides an area by its order: each of its corners was an area of its own, and none was seen.
    assert "order" not in drawn[0]["encoding"]


def test_the_wait_may_end_with_any_status_asked_for(tmp_path):
    ledger = settled(tmp_path, [1, 2, 3], status="in review")
    assert said(time_to_status(ledger)) == "None of 3 claims is settled yet"
    assert (
        said(time_to_status(ledger, "in review"))
        == "67% of the claims were in review within 2 days of being made"
    )
    assert under(time_to_status(ledger, ["mixed", "refuted"])).startswith(
        "Share of claims not mixed or refuted yet"
    )


def test_groups_are_named_with_how_many_claims_they_have(tmp_path):
    ledger = settled(tmp_path, [1, 1, 5, 5, 5, 9], topics=["steel", "rice", ""])
    chart = time_to_status(ledger, by="topic")
    assert {"steel", "rice", "no topic", "2 claims, half settled within 1 day"} <= set(texts(chart))
    assert (
        said(chart)
        == "83% of the claims were settled within 5 days of being made; by topic half took from 1 to 5 days"
    )
    assert under(chart).endswith("6 claims, 30 April 2025; 3 topics")


def test_that_a_claim_is_in_several_groups_is_said(tmp_path):
    both = settled(tmp_path / "both", [1, 2], topics=["steel; rice"])
    assert "A claim with several topics is in each of them." in caption(time_to_status(both, by="topic"))
    one = settled(tmp_path / "one", [1, 2], topics=["steel"])
    assert "several topics" not in caption(time_to_status(one, by="topic"))


@pytest.mark.parametrize("size", ["page", "column", "slide", "card"])
def test_of_more_groups_than_fit_it_is_said_which_are_shown(size, tmp_path):
    ledger = settled(tmp_path, list(range(40)), topics=[f"topic {n}" for n in range(20)])
    chart = time_to_status(ledger, by="topic", size=size)
    shown = {row["group"] for row in rows(chart, "group", *COLUMNS)}
    assert 2 <= len(shown) <= MOST_GROUPS
    assert f"the {len(shown)} topics with most claims, of 20" in under(chart)


def test_curves_of_groups_lie_apart():
    shown = rows(time_to_status(sample(), by="topic"), "group", *COLUMNS, "y2")
    panels = {(row["group"], row["y"], row["y2"], row["x"] < 300) for row in shown}
    for group, y, y2, _ in panels:
        same = [other for other in panels if other[0] == group]
        assert {(one[1], one[2]) for one in same} == {(y, y2)}
    tops = sorted({(y, y2) for _, y, y2, _ in panels})
    assert all(before[1] < after[0] for before, after in pairwise(tops))


def test_many_days_are_drawn_as_pixels_and_no_claim_is_lost(tmp_path):
    ledger = generated(tmp_path, 2_000, days=7_300, as_of="2045-04-30")
    assert len(measures.time_to_status(ledger)) > MOST_STEPS
    chart = time_to_status(ledger)
    shown = rows(chart, *COLUMNS)
    assert len(shown) <= 1_000
    assert sum(row["settled"] + row["censored"] for row in shown) == 2_000
    assert "Days that share a pixel are drawn as one." in caption(chart)
    assert len(str(spec_of(chart))) < 500_000


def test_years_are_told_as_years(tmp_path):
    chart = time_to_status(generated(tmp_path, 80, days=7_300, as_of="2045-04-30"))
    assert said(chart) == "Half of the claims were settled within 5.3 years of being made"
    assert "1 year" in texts(chart) or "2 years" in texts(chart)
    assert "time since the claim was made" in texts(chart)


def test_a_change_of_scale_is_said_and_may_be_refused(tmp_path):
    ledger = generated(tmp_path, 200, days=60, as_of="2025-08-01")
    assert "Days run at 2 scales, changing at the gaps: 0 to 35; 36 to 144 (nothing settled)." in caption(
        time_to_status(ledger)
    )
    assert "scales" not in caption(time_to_status(ledger, even=True))


def test_the_text_alternative_gives_the_content():
    told = spec_of(time_to_status(sample()))["description"]
    assert "22 claims, 22 settled, 0 not yet; half settled within 1 day" in told
    assert "after 1 day 36% (17% to 56%)" in told
    assert "Vladimir Putin: 3 claims" in spec_of(time_to_status(sample(), by="claimant"))["description"]


def test_nothing_at_all_says_so():
    assert (
        said(time_to_status(sample().where(claimant="nobody"), by="topic"))
        == "No claims in this part of the ledger yet"
    )


@pytest.mark.parametrize(("options", "choices"), [
    ({"theme": "neon"}, "light, dark, print"),
    ({"by": "author"}, "claimant, kind, topic"),
    ({"to": "refutd"}, "nearest: 'refuted'"),
    ({"to": []}, "'supported'"),
])  # fmt: skip
def test_what_is_not_allowed_is_refused_with_what_is(options, choices):
    with pytest.raises(InvalidValue, match=choices):
        time_to_status(sample(), **options)


def test_the_title_says_the_share_that_the_curve_shows_where_more_than_half_were_settled_on_one_day():
    chart = time_to_status(sample())
    assert said(chart) == "64% of the claims were settled within 1 day of being made"
    assert "after 1 day 36%" in spec_of(chart)["description"]
