"""How long claims stay open: a curve that says what is measured, and how many claims it rests on."""

from datetime import date, timedelta

import pytest
from drawings import drawing
from drawn import caption, generated, marks, sample, spec_of, subtitle, title, written
from samples import ledger_of

from factdesk import measures
from factdesk.charts.time_to_status import COLUMNS, LEAST, MOST_STEPS, time_to_status
from factdesk.errors import InvalidValue

RAIN = {"claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}


def settled(
    folder, days, *, still_open=0, topics=(), status="refuted", as_of="2025-04-30", undated=0, precision=""
):
    """A ledger of claims of 10 March, settled after so many days; topics are of the claims in turn."""
    many = len(days) + still_open + undated
    claims = [
        {**RAIN, "claim_id": f"c-{n}", "topics": topics[n % len(topics)] if topics else ""}
        for n in range(many)
    ]
    for claim in claims[many - undated :]:
        claim["made_on"] = ""
    for claim in claims[:2] if precision else ():
        claim["made_on_precision"] = precision
    given = [
        {
            "claim_id": f"c-{n}",
            "status": status,
            "holds_from": str(date(2025, 3, 10) + timedelta(day)),
            "rationale": "So.",
        }
        for n, day in enumerate(days)
    ]
    return written(folder, claims, given, as_of=as_of)


def told(chart):
    return [row["text"] for rows in marks(chart, "text") for row in rows if "text" in row]


def numbers(frame, columns=COLUMNS):
    frame = frame[list(columns)].round(4).astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


@pytest.mark.parametrize("to", [None, "refuted", ["refuted", "mixed"]])
def test_the_curve_says_what_is_measured(to):
    ledgers = [sample(), *([ledger_of("promises")] if to is None else [])]
    for ledger in ledgers:
        assert numbers(time_to_status(ledger, to).data) == numbers(measures.time_to_status(ledger, to))


def test_the_curve_of_each_group_says_what_is_measured(tmp_path):
    ledger = generated(tmp_path, 200)
    measured = measures.time_to_status(ledger.where(claim_id=_dated(ledger)), by="claimant")
    shown = time_to_status(ledger, by="claimant").data
    for group, own in shown.groupby("group"):
        assert numbers(own) == numbers(measured[measured["group"] == group])
    sizes = measured.groupby("group")["at_risk"].first()
    assert set(shown["group"]) == set(sizes.index[sizes >= LEAST])


def _dated(ledger):
    return ledger.claims.loc[ledger.claims["made_on"].notna(), "claim_id"].tolist()


def test_fewer_than_twenty_claims_with_a_day_are_refused_with_their_number(tmp_path):
    ledger = settled(tmp_path, [1] * 19, undated=5)
    with pytest.raises(InvalidValue, match=r"19 claims with a duration.*at least 20"):
        time_to_status(ledger)
    with pytest.raises(InvalidValue, match="at least 20 claims"):
        time_to_status(sample(), by="claimant")


def test_claims_without_a_day_are_left_out_and_counted(tmp_path):
    chart = time_to_status(settled(tmp_path, [1] * 20, undated=3))
    assert "3 claims of which the day is not known are left out." in caption(chart)
    months = time_to_status(settled(tmp_path / "months", [1] * 22, precision="month"))
    assert "2 claims of which only the month or year is known are left out." in caption(months)
    assert chart.data["at_risk"].iloc[0] == 20
    assert "left out" not in caption(drawing("time_to_status", "sample"))


def test_claims_settled_before_they_were_made_are_left_out_and_counted(tmp_path):
    chart = time_to_status(settled(tmp_path, [4] * 20 + [-1]))
    assert "1 claim settled before the day of being made is left out." in caption(chart)
    assert title(chart) == "All 20 claims were settled within 4 days of being made"


@pytest.mark.parametrize(("days", "still_open", "expected", "label"), [
    ([1, 2, 3, 9] * 5, 0, "Half of the claims were settled within 2 days of being made", "half settled within 2 days"),
    ([0, 0, 5] * 7, 0, "67% of the claims were settled on the day they were made", "half settled on the first day"),
    ([4] * 20, 0, "All 20 claims were settled within 4 days of being made", "all settled within 4 days"),
    ([], 20, "None of 20 claims is settled yet", "none settled yet"),
    ([2] * 8, 12, "Fewer than half of the claims were settled within 51 days of being made", "fewer than half settled"),
])  # fmt: skip
def test_it_says_how_long_half_of_the_claims_took(days, still_open, expected, label, tmp_path):
    chart = time_to_status(settled(tmp_path, days, still_open=still_open))
    assert title(chart) == expected
    assert label in told(chart)


def test_a_half_that_is_worked_out_a_hair_too_great_is_a_half(tmp_path):
    # 27 of 54 are open: the product of the shares of 27 days is 0.5000000000000003 in floats.
    ledger = settled(tmp_path, list(range(27)), still_open=27)
    assert measures.time_to_status(ledger)["open"].min() > 0.5
    assert title(time_to_status(ledger)).startswith("Half of the claims were settled within 26 days")


def test_the_axis_is_even_and_under_each_day_stands_how_many_claims_were_at_risk(tmp_path):
    chart = time_to_status(settled(tmp_path, [2, 4] * 8, still_open=10, as_of="2025-03-18"))
    x = next(
        layer["encoding"]["x"]
        for layer in spec_of(chart)["layer"]
        if "axis" in layer.get("encoding", {}).get("x", {})
    )
    assert x["scale"]["domain"] == [0, 8] and x["scale"].get("type") is None and x["field"] == "days"
    assert x["axis"]["values"] == list(range(9))
    assert '"2": "26", "3": "18", "4": "18", "5": "10"' in x["axis"]["labelExpr"]


def test_years_are_told_as_years(tmp_path):
    chart = time_to_status(generated(tmp_path, 80, days=7_300, as_of="2045-04-30"))
    assert "years of being made" in title(chart)
    labels = next(
        layer["encoding"]["x"]["axis"]
        for layer in spec_of(chart)["layer"]
        if "axis" in layer.get("encoding", {}).get("x", {})
    )
    assert len(labels["values"]) <= 6 and "5 years" in labels["labelExpr"]


def test_open_claims_have_a_tick_and_an_interval_is_named_only_where_it_is_drawn(tmp_path):
    both = caption(time_to_status(settled(tmp_path / "a", [2] * 10, still_open=20)))
    assert "Small ticks: claims open when last seen, 30 April 2025." in both and "95% interval" in both
    assert "Small ticks" not in caption(drawing("time_to_status", "sample"))
    assert "95% interval" not in caption(time_to_status(settled(tmp_path / "b", [], still_open=20)))


def test_a_band_lies_about_the_curve_and_reaches_its_end():
    for ledger in (sample(), ledger_of("promises")):
        drawn = time_to_status(ledger).data
        band = drawn[drawn["low"].notna()]
        assert (band["band_low"] <= band["open"]).all() and (band["open"] <= band["band_high"]).all()
        assert drawn["band_low"].notna().iloc[-1]


def test_the_wait_may_end_with_any_status_asked_for(tmp_path):
    ledger = settled(tmp_path, [1, 2, 3] * 7, status="in review")
    assert title(time_to_status(ledger)) == "None of 21 claims is settled yet"
    assert (
        title(time_to_status(ledger, "in review"))
        == "67% of the claims were in review within 2 days of being made"
    )
    assert subtitle(time_to_status(ledger, ["mixed", "refuted"])).startswith(
        "Share of claims not mixed or refuted yet"
    )


def test_groups_are_named_with_their_claims_and_those_too_small_are_counted(tmp_path):
    ledger = settled(tmp_path, [1, 5, 9] * 20 + [3], topics=["steel", "rice; steel", ""])
    chart = time_to_status(ledger, by="topic")
    assert set(chart.data["group"]) == {"steel", "rice", "no topic"}
    assert "A claim with several topics is in each of them." in caption(chart)
    assert "; by topic half took from" in title(chart)
    few = settled(tmp_path / "few", list(range(40)), topics=["tin", "tin", "tin", "lead"])
    assert "1 of 2 topics drawn, those with 20 claims or more." in caption(time_to_status(few, by="topic"))


def test_many_days_are_drawn_as_pixels_and_no_claim_is_lost(tmp_path):
    ledger = generated(tmp_path, 2_000, days=7_300, as_of="2045-04-30")
    chart = time_to_status(ledger)
    assert len(chart.data) <= MOST_STEPS + 1
    assert chart.data[["settled", "censored"]].sum().sum() == len(_dated(ledger))
    assert "Days that share a pixel are drawn as one." in caption(chart)


def test_the_text_alternative_gives_the_content():
    assert (
        "Half settled within 1 day; still open after 0 days 95%; after 2 days 27%"
        in spec_of(drawing("time_to_status", "sample"))["description"]
    )
