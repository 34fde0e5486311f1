"""What speaks for each claim and against it: the numbers, their places, their grades, and whom they come from."""

import re
from collections import Counter

import drawn
import pytest
from drawings import drawing
from drawn import caption, generated, marks, sample, spec_of, subtitle, title, written
from PIL import Image
from samples import ledger_of, rain
from vl_convert import vegalite_to_svg

import factdesk as fd
from factdesk import measures
from factdesk.charts.evidence import MOST, evidence

FOR, AGAINST = ("supports", "B", "2"), ("refutes", "C", "3")


def weighed(folder, pieces, **more):
    """A ledger of one claim for each list of stances, grades and publishers, such as ("supports", "B", "2", "BBC")."""
    claims, found, sources = [], [], []
    for n, own in enumerate(pieces):
        claims.append({"claim_id": f"claim-{n}", "claim": f"It rained {n}.", "claimant": "Radio"})
        for stance, letter, digit, *publisher in own:
            name = f"s-{len(sources):06}"
            who = publisher[0] if publisher else "P"
            sources.append({"source_id": name, "title": "T", "publisher": who, "reliability": letter})
            found.append(
                {"claim_id": f"claim-{n}", "source_id": name, "stance": stance, "credibility": digit}
            )
    return written(folder, claims, (), found, sources, **more)


def asides(chart):
    return [words.replace("\n", " ") for words in drawn.asides(chart)]


def test_the_data_are_what_the_ledger_measures(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        balance = measures.evidence_balance(ledger)
        expected = balance[balance["pieces"] > 0].set_index(["claim_id", "stance"])["pieces"]
        parts = evidence(ledger).data
        shown = parts.groupby(["claim_id", "stance"])["pieces"].sum()
        assert shown.to_dict() == {
            pair: n for pair, n in expected.items() if pair[0] in set(parts["claim_id"])
        }


def test_what_refutes_lies_left_of_the_line_and_the_rest_right_of_it_as_wide_as_it_is_many():
    parts = drawing("evidence", "sample").data
    assert abs(parts["end"] - parts["start"]).tolist() == pytest.approx(parts["pieces"].tolist())
    of = parts.groupby("stance")
    assert of["start"].max()["refutes"] == 0 == of["start"].min()["supports"]
    assert (of["end"].max()["supports"] < of["start"].min()["mixed"]) and (
        of["end"].max()["mixed"] < of["start"].min()["context"]
    )


def test_the_number_of_pieces_stands_outside_its_bar():
    chart = drawing("evidence", "sample")
    number = r'aria-label="at: [^"]*text: [^"]*"[^>]*text-anchor="(\w+)"'
    anchors = Counter(re.findall(number, vegalite_to_svg(chart.to_dict())))
    is_left = chart.data.drop_duplicates(["row", "stance"])["stance"] == "refutes"
    assert anchors == {"end": is_left.sum(), "start": (~is_left).sum()}


def test_what_weighs_most_lies_nearest_the_line_and_what_is_not_graded_outermost(tmp_path):
    grades = [("", ""), ("D", "4"), ("A", "1"), ("F", "1"), ("B", "2"), ("", "3")]
    own = [(stance, *grade) for stance in ("supports", "refutes") for grade in grades]
    parts = evidence(weighed(tmp_path, [own])).data
    for _, side in parts.groupby("stance"):
        outwards = side.assign(far=side["end"].abs()).sort_values("far")
        assert outwards["grade"].tolist() == ["A1", "B2", "D4", "?3", "F1", "ungraded"]
        assert outwards["fill"].tolist()[3:] == ["#ffffff"] * 3


def test_grades_are_told_in_words_under_each_bar_and_nowhere_where_there_are_none(tmp_path):
    told = [
        row["grades"].replace("\n", " ")
        for rows in marks(drawing("evidence", "sample"), "text")
        for row in rows
        if "grades" in row
    ]
    assert told[0] == "supports B2 × 3, D4; refutes B2, B3, C3 × 2; mixed B2 × 3; context C3"
    ledger = weighed(tmp_path, [[("supports", "", ""), ("refutes", "", "")]])
    assert not any("grades" in row for rows in marks(evidence(ledger), "text") for row in rows)
    assert "No piece is graded." in caption(evidence(ledger))


@pytest.mark.parametrize(("own", "expected"), [
    ([("supports", "", "", "A"), ("refutes", "", "", "B"), ("mixed", "", "", "B")], "3 pieces from 2 publishers"),
    ([("supports", "", "", "A"), ("context", "", "", "B")], "1 piece from 1 publisher"),
    ([("supports", "", "", "A"), ("supports", "", "", "")], "2 pieces from 1 publisher, 1 unknown"),
    ([("supports", "", "", ""), ("supports", "", "", "")], "2 pieces, unknown publisher"),
    ([("context", "", "", "A")], "context only"),
])  # fmt: skip
def test_beside_each_bar_stands_how_many_publishers_it_rests_on(own, expected, tmp_path):
    assert asides(evidence(weighed(tmp_path, [own]))) == [expected]


def test_a_claim_that_may_rest_on_others_too_does_not_rest_on_one_publisher_alone(tmp_path):
    alone, also = [("supports", "", "", "A")] * 2, [("supports", "", "", "A"), ("supports", "", "", "")]
    assert "; 1 rests on one publisher alone" in subtitle(evidence(weighed(tmp_path, [alone, also])))


def test_the_claim_of_most_evidence_comes_first_and_one_without_is_counted(tmp_path):
    ledger = weighed(tmp_path, [[FOR], [("context", "", "")] * 9, [FOR, AGAINST], []])
    chart = evidence(ledger)
    assert list(chart.data.sort_values("row")["claim_id"].unique()) == ["claim-2", "claim-0", "claim-1"]
    assert "1 claim without evidence is left out." in caption(chart)


@pytest.mark.parametrize(("pieces", "expected"), [
    ([[FOR, FOR, AGAINST]], "2 pieces of evidence for the claim, 1 against it"),
    ([[FOR, AGAINST], [AGAINST, FOR]], "Both claims have evidence both for and against them"),
    ([[FOR, AGAINST], [FOR], [AGAINST]],
     "1 of 3 claims has evidence both for and against it; 1 only for, 1 only against"),
    ([[FOR], [FOR]], "Neither claim has evidence both for and against it; 2 only for"),
    ([[("mixed", "", "")], []], "Neither claim has evidence for or against it"),
])  # fmt: skip
def test_the_title_says_how_many_claims_have_evidence_both_ways(pieces, expected, tmp_path):
    assert title(evidence(weighed(tmp_path, pieces))) == expected


@pytest.mark.parametrize("size", ["page", "card"])
def test_more_claims_than_fit_are_counted_and_the_title_is_of_all(size, tmp_path):
    chart = evidence(weighed(tmp_path, [[FOR, AGAINST]] * 20 + [[FOR]] * 40), size=size)
    assert title(chart).startswith("20 of 60 claims")
    shown = chart.data["claim_id"].nunique()
    assert shown == MOST if size in ("page", "column") else 3 <= shown < 20
    assert f"Of 60 claims the {shown} with most evidence are drawn." in caption(chart)


def test_some_claims_alone_can_be_asked_for_and_each_has_its_latest_status():
    chart = evidence(sample(), "trump-positive-signals")
    assert title(chart) == "4 pieces of evidence for the claim, 4 against it"
    assert set(chart.data["claim_id"]) == {"trump-positive-signals"}
    held = sample().status_on().set_index("claim_id")["status"]
    every = drawing("evidence", "sample").data
    assert every["status"].tolist() == [held[one] for one in every["claim_id"]]


def test_no_status_lends_its_colour_to_a_stance():
    colours = {status.colour for status in sample().settings.vocabulary}
    assert not colours & set(drawing("evidence", "sample").data["fill"])


def test_the_text_alternative_gives_the_numbers():
    told = spec_of(drawing("evidence", "sample"))["description"]
    assert "85 pieces, 22 claims" in told
    assert (
        "Donald Trump (outdated): Russia has given positive signals about agreeing to a ceasefire: supports B2 × 3, D4;"
        in told
    )
    assert "11 pieces from 9 publishers." in told
    assert "Many pieces show that much was looked at, not what is true" in caption(
        drawing("evidence", "sample")
    )


def test_nothing_at_all_says_so(tmp_path):
    ledger = weighed(tmp_path / "one", [[], [FOR]])
    assert title(evidence(ledger, "claim-0")) == "No evidence is attached to the claims asked for"
    assert title(evidence(ledger_of("promises"))).startswith("No")


def test_a_claim_whose_status_can_not_be_read_has_its_evidence_and_no_key(tmp_path):
    path = rain(tmp_path).path
    statuses = tmp_path / "claims" / "statuses.csv"
    statuses.write_text(statuses.read_text().replace("2025-03-12", "12.03.2025"))
    with pytest.warns(fd.FactdeskWarning):
        ledger = fd.open(path)
        saved = fd.save(evidence(ledger, "rain"), tmp_path / "evidence.png")
    assert Image.open(saved).height < 3_000
