"""One claim on a card: its words, its statuses with their reasons, the evidence on both sides, and what is missing."""

from datetime import date, timedelta

import pytest
from drawings import drawing
from drawn import asides, beside, sample, told, written

from factdesk import save
from factdesk.charts.claim_card import MISSING, MOST_PIECES, claim_card
from factdesk.errors import InvalidValue, NotFound
from factdesk.schema import STANCES

ONE = "trump-positive-signals"


def one(folder, claim=(), statuses=(), evidence=(), as_of="2025-04-30", **more):
    """A ledger of one claim, from statuses as (status, day, more) and evidence as (stance, day, publisher)."""
    cells = {"claim_id": "rain", "claim": "It rained in Bern.", "claimant": "Radio", "made_on": "2025-03-10"}
    given = [
        {"claim_id": "rain", "status": status, "holds_from": day, "rationale": "It was seen.", **dict(*other)}
        for status, day, *other in statuses
    ]
    sources = [
        {"source_id": f"s-{n:06}", "publisher": who, "published_on": day, "reliability": "B"}
        for n, (_, day, who) in enumerate(evidence)
    ]
    bears = [
        {"claim_id": "rain", "source_id": f"s-{n:06}", "stance": s, "credibility": "2"}
        for n, (s, *_) in enumerate(evidence)
    ]
    return written(folder, [{**cells, **dict(claim)}], given, bears, sources, as_of=as_of, **more)


def many(count, days=40):
    first = date(2025, 3, 8)
    return [
        (STANCES[n % 4], str(first + timedelta(days=n * n * 7 % days)) if n % 7 else "", f"Paper {n % 17}")
        for n in range(count)
    ]


def about(chart):
    return chart.usermeta["factdesk"]


def evidence_of(chart):
    return chart.data[chart.data["what"] == "evidence"]


def test_its_bands_are_the_ledgers_intervals_and_its_reasons_are_noted_for_pages():
    ledger = sample()
    held = ledger.where(claim_id=ONE).intervals()
    chart = claim_card(ledger, ONE)
    bands = chart.data[chart.data["what"] == "status"]
    assert bands["status"].tolist() == held["status"].astype(str).tolist()
    assert bands["from"].tolist() == held["start"].tolist()
    given = ledger.statuses[ledger.statuses["claim_id"] == ONE]
    reasons = about(chart)["reasons"]
    assert [reason["rationale"] for reason in reasons] == ["No status was given yet.", *given["rationale"]]
    assert [reason["by"] for reason in reasons] == ["", *given["recorded_by"]]
    assert reasons[1] | {"rationale": "", "by": ""} == {
        "status": "supported", "label": "supported", "from": "2025-03-14", "until": "2025-03-17",
        "when": "14 to 17 March 2025", "rationale": "", "gaps": "", "by": "",
    }  # fmt: skip
    assert about(chart)["quote"] == "positive signals"


def test_the_layers_of_the_reasons_stand_last_and_can_be_taken_off():
    chart = drawing("claim_card", "sample")
    rest = [layer for layer in chart.layer if layer.description != "reasons"]
    tops = [
        row["row"]
        for layer in rest
        if hasattr(layer.data, "values")
        for row in layer.data.values
        if "row" in row
    ]
    reasons = [layer for layer in chart.layer if layer.description == "reasons"]
    below = [row["row"] for layer in reasons for row in layer.data.values]
    assert max(tops) < min(below)
    assert all(low < chart.height for low in about(chart)["heights"][:1])


@pytest.mark.parametrize(
    ("size", "count"),
    [("page", 0), ("column", 1), ("slide", 12), ("page", MOST_PIECES + 1), ("card", MOST_PIECES + 1)],
)
def test_every_piece_of_evidence_is_a_row_and_counted_beside_its_stance(size, count, tmp_path):
    chart = claim_card(one(tmp_path, evidence=many(count)), "rain", size=size)
    found = evidence_of(chart)
    days = found["from"].dt.strftime("%Y-%m-%d").fillna("")
    assert sorted(zip(found["stance"], days, found["publisher"], strict=True)) == sorted(many(count))
    for stance in STANCES:
        number = sum(piece[0] == stance for piece in many(count))
        is_told = bool(number or (count and stance in ("supports", "refutes")))
        assert (f"{stance} {number}" in beside(chart)) == is_told


def test_publishers_stand_at_their_marks_with_day_and_grade():
    chart = drawing("claim_card", "sample")
    assert {"Daily Maverick", "Metaworld", "Bangladesh Beyond (The Hill)"} <= set(beside(chart))
    assert {"14 Mar 2025, B2", "undated, B2", "3 times, 1 undated"} <= set(asides(chart))
    found = evidence_of(chart)
    assert found[found["from"].isna()]["publisher"].tolist() == ["The Kyiv Independent"] * 2


def test_evidence_on_other_days_than_those_asked_for_is_counted():
    chart = claim_card(sample(), ONE, span=("2025-03-14", "2025-03-18"))
    unmarked = evidence_of(chart)
    unmarked = unmarked[unmarked["lane"].isna() & unmarked["from"].notna()]
    assert f"not drawn: {len(unmarked)} pieces" in told(chart)[2]
    assert "13 Mar 2025 (earlier), D4" in asides(chart)
    assert "Mixed on 18 March 2025" in told(chart)[1]


def test_the_title_is_the_claim_and_under_it_stand_who_when_and_what_is_held():
    title, subtitle, _ = told(drawing("claim_card", "sample"))
    assert title == "Russia has given positive signals about agreeing to a ceasefire."
    assert subtitle == (
        "Donald Trump, President of the United States, 13 March 2025. Outdated since 16 August 2025; "
        "12 pieces of evidence: 4 for, 4 against. In the claimant’s words: “positive signals”"
    )
    title, subtitle, _ = told(claim_card(sample(), ONE, title="What of the signals?"))
    assert title == "What of the signals?"
    assert subtitle.startswith(
        "Russia has given positive signals about agreeing to a ceasefire. Donald Trump"
    )


def test_what_was_looked_for_and_not_found_stands_with_its_status(tmp_path):
    looked = {"gaps": "No log of the station."}
    chart = claim_card(
        one(tmp_path, statuses=[("refuted", "2025-03-12", looked), ("mixed", "2025-03-14")]), "rain"
    )
    assert [reason["gaps"] for reason in about(chart)["reasons"]] == ["", "No log of the station.", ""]
    words = "Not found, or would change it: No log of the station."
    assert words in chart.description
    texts = [
        row.get("text", "")
        for layer in chart.layer
        if layer.description == "reasons"
        for row in layer.data.values
    ]
    assert any(words in text for text in texts)


@pytest.mark.parametrize(("given", "expected"), [
    ({}, ["Open since 10 March 2025, for 51 days.", "No evidence is attached."]),
    ({"statuses": [("refuted", "2025-03-12"), ("in review", "2025-04-30")], "evidence": [("refutes", "", "A")]},
     ["Open since 30 April 2025.", "No evidence supports it.", "1 of 1 piece of evidence is undated.",
      "All that speaks for or against it comes from one publisher."]),
    ({"statuses": [("supported", "2025-03-12", {"evidence": "e-000000"})],
      "evidence": [("supports", "2025-03-11", "A"), ("mixed", "2025-03-11", "B"), ("context", "", "C")]},
     ["No evidence refutes it.", "1 of 3 pieces of evidence is undated."]),
    ({"claim": {"made_on": "", "logged_at": "2025-03-10T09:00:00.000000Z"}},
     ["Open since 10 March 2025.", "The day on which it was made is not known; the band begins when it was logged.",
      "No evidence is attached."]),
    ({"claim": {"made_on": ""}, "statuses": [("supported", "2025-03-12")],
      "evidence": [("supports", "2025-03-11", "A"), ("refutes", "2025-03-11", "B")]},
     ["The day on which it was made is not known; the band begins when it was logged.",
      "Its latest status names no evidence on which it rests."]),
    ({"statuses": [("supported", "2025-03-12", {"evidence": "e-000000"})],
      "evidence": [("supports", "2025-03-11", "A"), ("refutes", "2025-03-11", "B")]}, []),
])  # fmt: skip
def test_what_is_missing_is_said(given, expected, tmp_path):
    chart = claim_card(one(tmp_path, **given), "rain")
    assert about(chart)["missing"] == expected
    assert (f"{MISSING}: {' '.join(expected)}" in chart.description) == bool(expected)
    assert (MISSING in beside(chart)) == bool(expected)


def test_a_claim_of_which_nothing_was_found_or_judged_has_a_card(tmp_path):
    chart = claim_card(one(tmp_path), "rain")
    assert told(chart)[1] == "Radio, 10 March 2025. Unverified since 10 March 2025; no evidence"
    assert about(chart)["reasons"][0]["rationale"] == "No status was given yet."


@pytest.mark.parametrize(("size", "statuses"), [("card", 0), ("card", 3), ("slide", 40)])
def test_slides_and_cards_say_which_statuses_they_left_out(size, statuses, tmp_path):
    given = [
        (("supported", "mixed", "refuted")[n % 3], str(date(2025, 3, 11) + timedelta(days=n)))
        for n in range(statuses)
    ]
    chart = claim_card(one(tmp_path, {"quote": "rain " * 200}, given, many(60)), "rain", size=size)
    listed = [layer for layer in chart.layer if layer.description == "reasons"][-1].data.values
    left_out = statuses + 1 - len(listed)
    assert (f"not listed: {left_out}." in told(chart)[2]) == (left_out > 0)


def test_a_claim_that_is_not_there_is_refused_by_the_ledgers_own_error():
    with pytest.raises(NotFound, match=f"Nearest: '{ONE}'"):
        claim_card(sample(), "trump-positive-signal")
    for value in (None, 5, [ONE], {"a": 1}, ""):
        with pytest.raises(NotFound):
            claim_card(sample(), value)
    with pytest.raises(InvalidValue, match="on which this claim has a status, 2025-03-13 to 2026-11-24"):
        claim_card(sample(), ONE, span=("2025-01-01", "2025-01-31"))


def test_its_description_tells_evidence_and_reasons():
    description = drawing("claim_card", "sample").description
    assert "supported 14 to 17 March 2025: The Kremlin's spokesman confirms" in description
    assert "Evidence, context: The Washington Post, reprinted (16 August 2025)." in description
    assert description.endswith(f"{MISSING}: 2 of 12 pieces of evidence are undated.")


@pytest.mark.parametrize(("due_on", "words", "lane"), [("2025-04", "April 2025", 0), ("2050", "2050", None)])
@pytest.mark.parametrize("size", ["page", "card"])
def test_a_row_says_when_it_is_due_and_the_subtitle_what_would_settle_it(tmp_path, due_on, words, lane, size):
    chart = claim_card(one(tmp_path, {"due_on": due_on, "would_settle": "The gauge."}), "rain", size=size)
    flag = chart.data[chart.data["what"] == "due"]
    assert flag["lane"].astype(object).where(flag["lane"].notna(), None).tolist() == [lane]
    assert words in asides(chart) and "due" in beside(chart)
    assert "Would settle it: The gauge." in told(chart)[1].replace("\u2068", "").replace("\u2069", "")
    assert f"Due {words}. Would settle it: The gauge." in chart.description


def test_a_claim_known_by_its_month_is_drawn_from_its_first_day_and_written_as_the_month(tmp_path):
    month = {"made_on": "2025-03-01", "made_on_precision": "month"}
    chart = claim_card(one(tmp_path, month, [("in review", "2025-03-20")]), "rain")
    _, base, _ = told(chart)
    assert base.startswith("Radio, March 2025. In review since 20 March 2025")
    assert [reason["when"] for reason in about(chart)["reasons"]] == [
        "March 2025 to 19 March 2025", "since 20 March 2025",
    ]  # fmt: skip
    assert about(chart)["missing"][:2] == [
        "Open since March 2025.", "Only the month in which it was made is known; the band begins on its first day.",
    ]  # fmt: skip
    assert "1 March 2025" not in chart.description
    days = chart.data[["what", "from", "made_on_precision"]].fillna("").astype("str")
    assert ["made", "2025-03-01", "month"] in days.to_numpy().tolist()
    assert "made_on_precision" in about(chart)["columns"]
    assert "made_on_precision" not in about(claim_card(sample(), ONE))["columns"]
    year = claim_card(one(tmp_path / "year", {"made_on": "2025-01-01", "made_on_precision": "year"}), "rain")
    assert told(year)[1] == "Radio, 2025. Unverified since 2025; no evidence"


def test_pointing_at_a_mark_or_a_band_says_no_more_than_is_known(tmp_path):
    month = {"made_on": "2025-03-01", "made_on_precision": "month"}
    chart = claim_card(
        one(tmp_path, month, [("refuted", "2025-03-20")], as_of="2026-04-30"), "rain", locale="de"
    )
    svg = save(chart, tmp_path / "card.svg").read_text("utf-8")
    assert svg.count("on: März 2025;") == 1 and "on: 1. März 2025" not in svg
    assert "from: März 2025;" in svg and "from: 20 März 2025;" in svg
