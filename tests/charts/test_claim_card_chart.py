"""One claim on a card: its words, its statuses with their reasons, the evidence on both sides, and what is missing."""

from datetime import date, timedelta

import pytest
from drawn import caption, rows, sample, spec_of, texts, written

from factdesk.charts import claim_card
from factdesk.charts.claim_card_chart import COLUMNS, MISSING
from factdesk.errors import InvalidValue, NotFound
from factdesk.schema import STANCES

ONE = "trump-positive-signals"
MARK = (*COLUMNS, "y", "sign")
BAND = (*COLUMNS, "y2", "status")


def one(folder, claim=(), statuses=(), evidence=(), as_of="2025-04-30", **more):
    """A ledger of one claim, from statuses as (status, day, more) and evidence as (stance, day, publisher)."""
    cells = {"claim_id": "rain", "claim": "It rained in Bern.", "claimant": "Radio", "made_on": "2025-03-10"}
    given = [
        {"claim_id": "rain", "status": status, "holds_from": day, "rationale": "It was seen.", **dict(*other)}
        for status, day, *other in statuses
    ]
    sources = [
        {"source_id": f"s-{n:06}", "publisher": who, "published_on": day}
        for n, (_, day, who) in enumerate(evidence)
    ]
    bears = [
        {"claim_id": "rain", "source_id": f"s-{n:06}", "stance": s} for n, (s, *_) in enumerate(evidence)
    ]
    return written(folder, [{**cells, **dict(claim)}], given, bears, sources, as_of=as_of, **more)


def many(count, days=40):
    first = date(2025, 3, 8)
    return [
        (STANCES[n % 4], str(first + timedelta(days=n * n * 7 % days)) if n % 7 else "", f"Paper {n % 17}")
        for n in range(count)
    ]


def said(chart):
    return " ".join(texts(chart))


def title(chart):
    return " ".join(spec_of(chart)["title"]["text"])


def subtitle(chart):
    return " ".join(spec_of(chart)["title"]["subtitle"])


def test_its_bands_are_the_ledgers_intervals_with_the_reasons_given():
    ledger = sample()
    held = ledger.where(claim_id=ONE).intervals()
    bands = rows(claim_card(ledger, ONE), *BAND)
    assert [(row["value"], row["from"]) for row in bands] == [
        (status, str(start.date())) for status, start in zip(held["status"], held["start"], strict=True)
    ]
    given = ledger.statuses[ledger.statuses["claim_id"] == ONE]
    assert [row["why"] for row in bands] == ["", *given["rationale"]]


@pytest.mark.parametrize("size", ["page", "column", "slide", "card"])
@pytest.mark.parametrize("count", [0, 1, 12, 60, 300])
def test_every_piece_of_evidence_is_a_row_and_counted_beside_its_stance(size, count, tmp_path):
    ledger = one(tmp_path, evidence=many(count))
    chart = claim_card(ledger, "rain", size=size)
    found = [row for row in rows(chart, *COLUMNS) if row["what"] == "evidence"]
    assert len(found) == count
    expected = sorted((stance, day, who) for stance, day, who in many(count))
    assert sorted((row["value"], row["from"], row["source"]) for row in found) == expected
    counted = [row["text"] for row in rows(chart, "y", "text")]
    for stance in STANCES:
        number = sum(one[0] == stance for one in many(count))
        assert (stance in counted) == bool(number or (count and stance in ("supports", "refutes")))
        assert not number or str(number) in counted


def test_what_supports_lies_over_the_band_and_all_else_under_it(tmp_path):
    chart = claim_card(one(tmp_path, evidence=many(40)), "rain")
    (band,) = rows(chart, *BAND)
    ends = {}
    for row in rows(chart, *MARK):
        assert (row["y"] < band["y"]) if row["value"] == "supports" else (row["y"] > band["y2"])
        ends.setdefault(row["value"], []).append(row["y"])
    assert max(ends["refutes"]) < min(ends["mixed"]) <= max(ends["mixed"]) < min(ends["context"])


def test_publishers_are_named_beside_their_marks():
    words = set(texts(claim_card(sample(), ONE)))
    assert {
        "Daily Maverick",
        "Metaworld",
        "Bangladesh Beyond (The Hill)",
        "The Washington Post, reprinted",
    } <= words


def test_evidence_without_a_day_stands_beside_the_axis():
    chart = claim_card(sample(), ONE)
    assert "undated" in texts(chart)
    undated = [row for row in rows(chart, *MARK) if not row["from"]]
    assert [row["source"] for row in undated] == ["The Kyiv Independent"] * 2


SPAN = ("2025-03-14", "2025-03-18")


def test_evidence_on_other_days_than_those_asked_for_is_counted():
    chart = claim_card(sample(), ONE, span=SPAN)
    drawn = [row for row in rows(chart, *COLUMNS) if row["what"] == "evidence"]
    outside = len(sample().where(claim_id=ONE).evidence) - len(drawn)
    assert outside == 6
    assert f"not drawn: {outside} pieces" in caption(chart)
    assert "Mixed on 18 March 2025" in subtitle(chart)


def test_the_title_is_the_claim_and_under_it_stand_who_when_and_what_is_held():
    chart = claim_card(sample(), ONE)
    assert title(chart) == "Russia has given positive signals about agreeing to a ceasefire."
    assert subtitle(chart) == (
        "Donald Trump, President of the United States, 13 March 2025. Outdated since 16 August 2025; "
        "12 pieces of evidence: 4 for, 4 against"
    )
    assert "“positive signals”" in texts(chart)


def test_under_another_title_the_claims_words_stand_in_the_card(tmp_path):
    for size in ("page", "slide"):
        chart = claim_card(sample(), ONE, title="What of the signals?", size=size)
        assert title(chart) == "What of the signals?"
        assert "Russia has given positive signals about agreeing to a ceasefire." in texts(chart)


def test_words_that_the_title_has_no_room_for_stand_whole_under_it(tmp_path):
    words = " ".join(f"word{n}" for n in range(150))
    chart = claim_card(one(tmp_path, {"claim": words}), "rain")
    assert title(chart).endswith("…")
    assert words in said(chart)


def test_what_was_looked_for_and_not_found_stands_with_its_status(tmp_path):
    looked = {"gaps": "No log of the station."}
    ledger = one(tmp_path, statuses=[("refuted", "2025-03-12", looked), ("mixed", "2025-03-14")])
    chart = claim_card(ledger, "rain")
    assert "Not found, or would change it: No log of the station." in texts(chart)
    assert [row["gaps"] for row in rows(chart, *BAND)] == ["", "No log of the station.", ""]
    assert "Not found, or would change it: No log of the station." in spec_of(chart)["description"]


@pytest.mark.parametrize(("given", "expected"), [
    ({}, ["Open since 10 March 2025, for 51 days.", "No evidence is attached."]),
    ({"statuses": [("refuted", "2025-03-12"), ("in review", "2025-04-30")], "evidence": [("refutes", "", "A")]},
     ["Open since 30 April 2025.", "No evidence supports it.", "1 of 1 piece of evidence is undated.",
      "All that speaks for or against it comes from one publisher."]),
    ({"statuses": [("supported", "2025-03-12", {"evidence": "e-000000"})],
      "evidence": [("supports", "2025-03-11", "A"), ("mixed", "2025-03-11", "B"), ("context", "", "C")]},
     ["No evidence refutes it.", "1 of 3 pieces of evidence is undated."]),
    ({"claim": {"made_on": ""}, "statuses": [("supported", "2025-03-12")],
      "evidence": [("supports", "2025-03-11", "A"), ("refutes", "2025-03-11", "B")]},
     ["The day on which it was made is not known; the band begins when it was logged.",
      "Its latest status names no evidence on which it rests."]),
])  # fmt: skip
def test_what_is_missing_is_said(given, expected, tmp_path):
    chart = claim_card(one(tmp_path, **given), "rain")
    assert f"{MISSING}: {' '.join(expected)}" in spec_of(chart)["description"]
    for sentence in expected:
        assert sentence in said(chart)


def test_where_nothing_is_missing_nothing_is_said(tmp_path):
    evidence = [("supports", "2025-03-11", "A"), ("refutes", "2025-03-11", "B")]
    statuses = [("supported", "2025-03-12", {"evidence": "e-000000"})]
    assert MISSING not in texts(claim_card(one(tmp_path, {}, statuses, evidence), "rain"))


def test_a_claim_of_which_nothing_was_found_or_judged_has_a_card(tmp_path):
    chart = claim_card(one(tmp_path), "rain")
    assert subtitle(chart) == "Radio, 10 March 2025. Unverified since 10 March 2025; no evidence"
    assert "No status was given yet." in texts(chart)


@pytest.mark.parametrize(("size", "height"), [("slide", 450), ("card", 420)])
@pytest.mark.parametrize("statuses", [0, 3, 40])
@pytest.mark.parametrize("words", [4, 400])
def test_slides_and_cards_keep_their_height_and_say_what_they_left_out(
    size, height, statuses, words, tmp_path
):
    names = ("supported", "mixed", "refuted")
    given = [
        (names[n % 3], str(date(2025, 3, 11) + timedelta(days=n)), {"rationale": "seen " * words, "gaps": "log " * words})
        for n in range(statuses)
    ]  # fmt: skip
    ledger = one(tmp_path, {"claim": "rain " * words, "quote": "rain " * words}, given, many(60))
    for own in (None, "Did it rain?"):
        chart = claim_card(ledger, "rain", size=size, title=own)
        spec = spec_of(chart)
        padding = spec["padding"]
        assert spec["height"] + padding["top"] + padding["bottom"] == pytest.approx(height)
        listed = sum("colour" in row for row in rows(chart, "x", "y", "colour"))
        left_out = statuses + 1 - listed
        assert (f"not listed: {left_out}." in caption(chart)) == (left_out > 0)


def test_of_very_many_statuses_the_latest_are_listed(tmp_path):
    names = ("supported", "mixed")
    given = [(names[n % 2], str(date(2025, 3, 11) + timedelta(days=n))) for n in range(40)]
    chart = claim_card(one(tmp_path, {}, given), "rain")
    assert "since 19 April 2025" in texts(chart)
    assert "Earlier statuses that are not listed: 17." in caption(chart)


def test_a_long_role_gives_way_to_what_is_held(tmp_path):
    role = "Acting Deputy Parliamentary Under-Secretary of State for Agriculture and Rural Development " * 2
    chart = claim_card(one(tmp_path, {"claimant_role": role}), "rain", size="column")
    assert subtitle(chart).endswith("Unverified since 10 March 2025; no evidence")


def test_a_claim_that_is_not_there_is_refused_by_the_ledgers_own_error():
    with pytest.raises(NotFound, match=f"Nearest: '{ONE}'"):
        claim_card(sample(), "trump-positive-signal")
    with pytest.raises(NotFound):
        claim_card(sample().where(claimant="nobody"), ONE)
    for value in (None, 5, [ONE], {"a": 1}, ""):
        with pytest.raises(NotFound):
            claim_card(sample(), value)


def test_of_a_claim_that_was_withdrawn_it_says_why():
    ledger = sample().scratch()
    ledger.withdraw("claims", ONE, why="Logged twice.")
    with pytest.raises(NotFound, match=r"It was withdrawn: Logged twice\."):
        claim_card(ledger, ONE)


def test_days_before_the_claim_are_refused_and_its_own_named():
    with pytest.raises(InvalidValue, match="on which this claim has a status, 2025-03-13 to 2026-11-24"):
        claim_card(sample(), ONE, span=("2025-01-01", "2025-01-31"))
    with pytest.raises(InvalidValue, match="two days"):
        claim_card(sample(), ONE, span="March")


def test_its_description_tells_evidence_and_reasons():
    told = spec_of(claim_card(sample(), ONE))["description"]
    assert "supported 14 to 17 March 2025: The Kremlin's spokesman confirms" in told
    assert "Evidence, context: The Washington Post, reprinted (16 August 2025)." in told
    assert told.endswith(f"{MISSING}: 2 of 12 pieces of evidence are undated.")


def test_an_own_vocabulary_is_shown_in_its_own_words(tmp_path):
    more = '\n[[status]]\nname = "rumour"\nsettled = false\n[[status]]\nname = "true"\nlabel = "holds"\nsign = "✓"\n'
    chart = claim_card(one(tmp_path, {}, [("true", "2025-03-12")], more=more), "rain")
    assert "Holds since 12 March 2025" in subtitle(chart)
    assert {"rumour", "holds", "No status was given yet."} <= set(texts(chart))
