"""What speaks for each claim, and what against: the numbers, their places, and the grades they are split by."""

import pandas as pd
import pytest
from drawn import caption, generated, rows, sample, spec_of, texts, written
from test_canvas import contrast

from factdesk import measures
from factdesk.charts import evidence_balance
from factdesk.charts.balance_chart import BY_GRADE, COLUMNS, DENSITIES, _fill, _Part
from factdesk.charts.canvas import look_of
from factdesk.charts.claim_rows import MOST_CLAIMS
from factdesk.errors import InvalidValue, NotFound

MEASURED = ("claim_id", "stance", "pieces", "graded", "weight")
GRADED = ("claim_id", "stance", "reliability", "credibility", "pieces", "graded", "weight")


def shown(chart, fields=MEASURED):
    return sorted(tuple(row[field] for field in fields) for row in rows(chart, *fields) if row["pieces"])


def measured(ledger, by="count", fields=MEASURED):
    balance = measures.evidence_balance(ledger, by)
    balance = balance[balance["pieces"] > 0]
    balance["weight"] = balance["weight"].round(4)
    told = balance[list(fields)].astype(object).where(balance[list(fields)].notna(), "")
    return sorted(told.itertuples(index=False, name=None))


def weighed(folder, pieces, **more):
    """A ledger of one claim for each list of stances and grades, such as ("supports", "B", "2")."""
    claims, evidence, sources = [], [], []
    for n, own in enumerate(pieces):
        claims.append(
            {
                "claim_id": f"claim-{n}",
                "claim": f"It rained {n}.",
                "claimant": "Radio",
                "made_on": "2025-03-10",
            }
        )
        for stance, letter, digit in own:
            name = f"s-{len(sources):06}"
            sources.append(
                {
                    "source_id": name,
                    "url": f"https://example.org/{name}",
                    "publisher": "P",
                    "reliability": letter,
                }
            )
            evidence.append(
                {"claim_id": f"claim-{n}", "source_id": name, "stance": stance, "credibility": digit}
            )
    return written(folder, claims, (), evidence, sources, **more)


FOR, AGAINST = ("supports", "B", "2"), ("refutes", "C", "3")


def said(chart):
    return " ".join(spec_of(chart)["title"]["text"])


def under(chart):
    return " ".join(spec_of(chart)["title"]["subtitle"])


def test_the_bars_say_what_the_ledger_measures(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        assert shown(evidence_balance(ledger)) == measured(ledger)


def test_split_by_grade_the_parts_say_what_the_ledger_measures(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        chart = evidence_balance(ledger, by="grade")
        assert shown(chart, GRADED) == measured(ledger, "grade", GRADED)


def test_what_refutes_lies_left_of_the_line_and_what_supports_right_of_it_as_wide_as_it_is_many():
    bars = pd.DataFrame(rows(evidence_balance(sample()), *COLUMNS, "x2"))
    per = (bars["x2"] - bars["x"]) / bars["pieces"]
    assert per.max() - per.min() < 0.01
    edge = bars.groupby("stance").agg(low=("x", "min"), high=("x2", "max"))
    starts = bars.groupby("stance")["x"].nunique()
    assert bars.loc[bars["stance"] == "refutes", "x2"].nunique() == 1
    assert (starts["supports"], starts["mixed"]) == (1, 1)
    assert edge.loc["refutes", "high"] < edge.loc["supports", "low"]
    assert edge.loc["supports", "high"] < edge.loc["mixed", "low"]


def test_what_weighs_most_lies_nearest_the_line_and_what_is_not_graded_outermost(tmp_path):
    pieces = [("", ""), ("D", "4"), ("A", "1"), ("F", "1"), ("B", "2")]
    own = [(stance, *grade) for stance in ("supports", "refutes") for grade in pieces]
    parts = rows(evidence_balance(weighed(tmp_path, [own]), by="grade"), *BY_GRADE, "x2")
    outwards = {
        "supports": sorted(
            (part for part in parts if part["stance"] == "supports"), key=lambda part: part["x"]
        ),
        "refutes": sorted(
            (part for part in parts if part["stance"] == "refutes"), key=lambda part: -part["x"]
        ),
    }
    for own_parts in outwards.values():
        assert [part["grade"] for part in own_parts] == ["A1", "B2", "D4", "none", "F1"]
        assert [part["weighs"] for part in own_parts][-2:] == ["not graded", "not graded"]


def test_grades_are_written_into_their_parts():
    words = texts(evidence_balance(sample(), by="grade"))
    assert {"B2", "C3", "C3 × 2", "B2 × 3"} <= set(words)
    assert "C3 × 2" not in texts(evidence_balance(sample()))


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_a_grade_is_read_on_a_part_of_any_strength(theme):
    look = look_of(theme)
    for weight in range(101):
        fill = _fill(_Part(1, 1, weight / 100, "A", "1"), look)
        assert contrast(look.ink_on(fill), fill) >= 4.5


def test_the_number_of_pieces_stands_beside_each_bar(tmp_path):
    ledger = weighed(
        tmp_path, [[FOR] * 7 + [AGAINST] * 5 + [("mixed", "", "")] * 3 + [("context", "", "")] * 2]
    )
    for by in ("count", "grade"):
        assert {"7", "5", "3", "2"} <= set(texts(evidence_balance(ledger, by=by)))


def test_the_claim_of_most_evidence_comes_first_context_aside(tmp_path):
    ledger = weighed(tmp_path, [[FOR], [("context", "", "")] * 9, [FOR, AGAINST], []])
    chart = evidence_balance(ledger)
    top = {row["claim_id"]: row["y"] for row in rows(chart, *COLUMNS)}
    assert sorted(top, key=top.get) == ["claim-2", "claim-0", "claim-1", "claim-3"]
    assert "no evidence" in texts(chart)
    assert "4 claims, 1 without any" in under(chart)


@pytest.mark.parametrize(("pieces", "expected"), [
    ([[FOR, FOR, AGAINST]], "2 pieces of evidence for the claim, 1 against it"),
    ([[FOR, AGAINST], [AGAINST, FOR]], "Both claims have evidence both for and against them"),
    ([[FOR, AGAINST], [FOR], [AGAINST]],
     "1 of 3 claims has evidence both for and against it; 1 only for, 1 only against"),
    ([[FOR], [FOR]], "Neither claim has evidence both for and against it; 2 only for"),
    ([[("mixed", "", "")], []], "Neither claim has evidence for or against it"),
])  # fmt: skip
def test_the_title_says_how_many_claims_have_evidence_both_ways(pieces, expected, tmp_path):
    assert said(evidence_balance(weighed(tmp_path, pieces))) == expected


def test_the_title_is_of_all_claims_also_where_few_are_drawn(tmp_path):
    ledger = weighed(tmp_path, [[FOR, AGAINST]] * 20 + [[FOR]] * 20)
    chart = evidence_balance(ledger, size="card")
    assert said(chart).startswith("20 of 40 claims")
    drawn = {row["claim_id"] for row in rows(chart, *COLUMNS)}
    assert 5 < len(drawn) < 20
    assert f"60 pieces, 40 claims; the {len(drawn)} with most evidence shown" in under(chart)


def test_more_claims_than_fit_a_page_are_said_to_be_left_out(tmp_path):
    ledger = weighed(tmp_path, [[FOR]] * (MOST_CLAIMS + 40))
    chart = evidence_balance(ledger)
    assert len({row["claim_id"] for row in rows(chart, *COLUMNS)}) == MOST_CLAIMS
    assert f"; the {MOST_CLAIMS} with most evidence shown" in under(chart)


def test_some_claims_alone_can_be_asked_for():
    chart = evidence_balance(sample(), "trump-positive-signals")
    assert said(chart) == "4 pieces of evidence for the claim, 4 against it"
    assert {row["claim_id"] for row in rows(chart, *COLUMNS)} == {"trump-positive-signals"}


def test_each_claim_is_shown_with_its_latest_status():
    held = sample().status_on().set_index("claim_id")["status"]
    for row in rows(evidence_balance(sample()), *COLUMNS):
        assert row["status"] == held[row["claim_id"]]


def test_the_text_alternative_gives_the_numbers():
    told = spec_of(evidence_balance(sample()))["description"]
    many = sample().evidence["stance"].value_counts()
    counts = f"{many['supports']} support, {many['refutes']} refute, {many['mixed']} mixed, {many['context']} context"
    assert f"85 pieces, 22 claims; {counts}." in told
    assert (
        "Donald Trump (outdated): Russia has given positive signals about agreeing to a ceasefire: "
        "4 support, 4 refute, 3 mixed, 1 context." in told
    )
    by_grade = spec_of(evidence_balance(sample(), by="grade"))["description"]
    assert "(supports 3 B2, 1 D4; refutes 1 B2, 1 B3, 2 C3; mixed 3 B2; context 1 C3)" in by_grade


def test_the_caption_says_what_weights_are_and_what_counting_is_not():
    told = caption(evidence_balance(sample(), by="grade"))
    assert "by factdesk’s own scale; empty: not graded" in told
    assert "Many pieces show that much was looked at, not what is true" in told


def test_nothing_at_all_says_so(tmp_path):
    nothing = evidence_balance(sample().where(claimant="nobody"))
    assert said(nothing) == "No claims in this part of the ledger yet"
    assert said(evidence_balance(weighed(tmp_path, [[], []]))) == "No evidence in the ledger yet"


def test_a_claim_without_evidence_is_not_said_to_be_a_ledger_without(tmp_path):
    ledger = weighed(tmp_path, [[], [("supports", "B", "2")], []])
    assert said(evidence_balance(ledger, "claim-0")) == "No evidence is attached to the claim asked for"
    both = evidence_balance(ledger, ["claim-0", "claim-2"])
    assert said(both) == "No evidence is attached to the claims asked for"


def test_a_long_name_leaves_room_for_the_claim_where_rows_are_close(tmp_path):
    claim = {"claim": "It rained.", "claimant": "Ministry of Agriculture, Fisheries and Rural Development"}
    claims = [
        {**claim, "claim_id": f"c-{n}", "claim": f"It rained {n}.", "made_on": "2025-03-10"}
        for n in range(90)
    ]
    sources = [{"source_id": "s-1", "url": "https://example.org", "publisher": "P"}]
    evidence = [{"claim_id": f"c-{n}", "source_id": "s-1", "stance": "supports"} for n in range(90)]
    words = texts(evidence_balance(written(tmp_path, claims, (), evidence, sources)))
    assert DENSITIES[-1].most_lines == 1
    assert any(word.startswith("Ministry of") and word.endswith("…: It rained 5.") for word in words)


@pytest.mark.parametrize(("options", "error", "allowed"), [
    ({"by": "grades"}, InvalidValue, "nearest: 'grade'"), ({"claims": "trump-positive"}, NotFound, "Nearest"),
    ({"theme": "neon"}, InvalidValue, "light, dark, print"), ({"size": "poster"}, InvalidValue, "slide, card"),
])  # fmt: skip
def test_what_is_not_allowed_is_refused_with_what_is(options, error, allowed):
    with pytest.raises(error, match=allowed):
        evidence_balance(sample(), **options)
