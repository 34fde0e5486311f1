"""Which publishers' documents bear on which claims: each piece in its cell, and whom a claim rests on."""

import pytest
from drawn import caption, generated, rows, sample, spec_of, texts, written
from placed_words import assert_words_apart

from factdesk import measures
from factdesk.charts import publishers
from factdesk.charts.publishers_chart import COLUMNS, LARGEST, MOST_PUBLISHERS, TALLEST
from factdesk.errors import InvalidValue


def shown(chart):
    """What the chart's cells say, and where they lie."""
    return rows(chart, *COLUMNS, "x2")


def measured(ledger):
    bears = measures.publishers(ledger).merge(ledger.claims[["claim_id", "claim"]], on="claim_id")
    return sorted(bears[list(COLUMNS)].astype(object).itertuples(index=False, name=None))


def published(folder, pieces, **more):
    """A ledger of claims and documents, from rows of claim, publisher, stance and where it has one an address."""
    names = list(dict.fromkeys(claim for claim, *_ in pieces))
    claims = [
        {"claim_id": name, "claim": f"It rained in {name}.", "claimant": "Radio", "made_on": "2025-03-10"}
        for name in names
    ]
    sources = [
        {"source_id": f"s-{n:06}", "publisher": publisher, "title": "T", "url": "".join(url)}
        for n, (_, publisher, _, *url) in enumerate(pieces)
    ]
    evidence = [
        {"claim_id": claim, "source_id": f"s-{n:06}", "stance": stance}
        for n, (claim, _, stance, *_) in enumerate(pieces)
    ]
    return written(folder, claims, (), evidence, sources, **more)


def said(chart):
    return " ".join(spec_of(chart)["title"]["text"])


def under(chart):
    return " ".join(spec_of(chart)["title"]["subtitle"])


def test_the_cells_say_what_the_ledger_measures(tmp_path):
    for ledger in (sample(), generated(tmp_path, 12)):
        cells = [tuple(row[field] for field in COLUMNS) for row in shown(publishers(ledger))]
        assert sorted(cells) == measured(ledger)


def test_a_publisher_has_a_row_and_a_claim_a_column(tmp_path):
    cells = shown(publishers(generated(tmp_path, 12)))
    assert len(cells) > 20
    for one in cells:
        for other in cells:
            if one["publisher"] == other["publisher"] and one["claim_id"] != other["claim_id"]:
                assert one["x2"] <= other["x"] or other["x2"] <= one["x"]
            if one["claim_id"] == other["claim_id"] and one["publisher"] != other["publisher"]:
                assert one["y2"] <= other["y"] or other["y2"] <= one["y"]


@pytest.mark.parametrize("size", ["page", "column", "slide"])
@pytest.mark.parametrize("claims", [1, 30])
def test_stances_in_one_cell_lie_beside_or_above_each_other(size, claims, tmp_path):
    pieces = [("c-0", "Paper", stance) for stance in ("supports", "refutes", "mixed", "context")]
    pieces += [(f"c-{n}", "Paper", stance) for n in range(1, claims) for stance in ("supports", "mixed")]
    cells = shown(publishers(published(tmp_path, pieces), size=size))
    own = [row for row in cells if row["claim_id"] == "c-0"]
    assert len(own) == 4
    for n, one in enumerate(own):
        for other in own[n + 1 :]:
            is_beside = one["x2"] <= other["x"] + 0.01 or other["x2"] <= one["x"] + 0.01
            assert is_beside or one["y2"] <= other["y"] + 0.01 or other["y2"] <= one["y"] + 0.01


@pytest.mark.parametrize("size", ["slide", "card"])
@pytest.mark.parametrize("pieces", [
    [("Bern", "A", "supports")],
    [("Bern", "A", "supports"), ("Bern", "A", "refutes"), ("Bern", "A", "refutes"), ("Bern", "B", "mixed")],
    [("Bern", "A", "supports"), ("Köln", "B", "supports")],
])  # fmt: skip
def test_few_claims_take_the_room_of_a_slide_or_card(size, pieces, tmp_path):
    chart = publishers(published(tmp_path, pieces), size=size)
    spec = spec_of(chart)
    tracks = [row for row in rows(chart, "x", "x2", "y", "y2") if "claim" not in row]
    least = 0.35 if len(pieces) == 1 else 0.5
    assert max(row["x2"] for row in tracks) > least * spec["width"]
    assert max(row["y2"] for row in tracks) > least * spec["height"]
    assert all(row["x2"] - row["x"] <= LARGEST and row["y2"] - row["y"] <= TALLEST for row in tracks)
    assert_words_apart(spec)


def test_who_has_most_documents_comes_first_and_their_number_stands_beside(tmp_path):
    ledger = published(
        tmp_path, [("Bern", "B", "supports"), *[("Bern", "A", "supports")] * 3, *[("Rome", "C", "mixed")] * 2]
    )
    chart = publishers(ledger)
    top = {row["publisher"]: row["y"] for row in shown(chart)}
    assert sorted(top, key=top.get) == ["A", "C", "B"]
    assert {"3", "2", "1"} <= set(texts(chart))


def test_under_each_column_stands_how_many_publishers_the_claim_rests_on_context_aside(tmp_path):
    ledger = published(tmp_path, [
        ("Bern", "A", "supports"), ("Bern", "B", "context"), ("Rome", "A", "refutes"), ("Rome", "B", "mixed"),
        ("Rome", "C", "supports"),
    ])  # fmt: skip
    chart = publishers(ledger)
    assert said(chart) == "1 of 2 claims rests on one publisher alone"
    totals = [row for row in rows(chart, "x", "y", "text") if row["text"] in ("1", "3")]
    assert [row["text"] for row in sorted(totals, key=lambda row: row["x"])][:2] == ["3", "1"]


def test_who_is_not_named_may_be_several(tmp_path):
    ledger = published(tmp_path, [("Bern", "A", "supports"), ("Bern", "", "supports")])
    chart = publishers(ledger)
    assert "1+" in texts(chart)
    assert said(chart) == "The claim rests on 1+ publishers"
    assert "“+”: and documents of which the publisher is not known." in caption(chart)
    assert "publisher not named" in texts(chart)
    assert under(chart).startswith("2 documents of 1 publisher on 1 claim")


def test_a_host_in_place_of_a_publisher_is_said_to_be_one(tmp_path):
    ledger = published(tmp_path, [("Bern", "", "supports", "https://www.example.org/a")])
    assert "example.org" in texts(publishers(ledger))
    assert "the host in the document’s address stands" in caption(publishers(ledger))
    assert "host" not in caption(publishers(sample()))


@pytest.mark.parametrize(("pieces", "expected"), [
    ([("Bern", "A", "supports")], "The only document is of A"),
    ([("Bern", "A", "supports")] * 2, "Both documents are of A"),
    ([("Bern", "A", "supports"), ("Köln", "B", "supports")],
     "Both claims rest on one publisher alone, each on its own"),
    ([("Bern", "A", "supports")] * 3, "All 3 documents are of A"),
    ([("Bern", "A", "supports"), ("Bern", "B", "supports"), ("Bern", "B", "mixed")],
     "The claim rests on 2 publishers; B has most documents, 2 of 3"),
    ([("Bern", "A", "supports"), ("Rome", "B", "supports"), ("Oslo", "B", "context"), ("Oslo", "C", "mixed")],
     "All 3 claims rest on one publisher alone, each on its own; B has most documents, 2 of 4"),
    ([("Bern", "A", "supports"), ("Bern", "B", "supports"), ("Rome", "A", "mixed"), ("Rome", "B", "mixed")],
     "Neither claim rests on one publisher alone"),
])  # fmt: skip
def test_the_title_says_how_many_claims_rest_on_one_publisher(pieces, expected, tmp_path):
    assert said(publishers(published(tmp_path, pieces))) == expected


def test_a_long_name_does_not_stand_in_the_title(tmp_path):
    name = "Ministry of Agriculture, Fisheries and Rural Development of the Free State"
    ledger = published(
        tmp_path, [("Bern", name, "supports"), ("Bern", name, "mixed"), ("Bern", "B", "mixed")]
    )
    assert said(publishers(ledger)) == "The claim rests on 2 publishers"


def test_of_many_claims_and_publishers_it_is_said_which_are_shown(tmp_path):
    pieces = [(f"c-{n % 70}", f"Paper {n:03}", "supports") for n in range(210)]
    ledger = published(tmp_path, pieces)
    for size in ("page", "column", "slide", "card"):
        cells = shown(publishers(ledger, size=size))
        columns, names = {row["claim_id"] for row in cells}, {row["publisher"] for row in cells}
        told = under(publishers(ledger, size=size))
        assert f"the {len(columns)} claims with most documents" in told or len(columns) < 5
        assert f"and {len(names)} publishers of theirs" in told
        assert len(names) <= MOST_PUBLISHERS


def test_numbers_over_the_columns_are_explained_under_the_table():
    chart = publishers(sample())
    words = " ".join(texts(chart))
    assert "The article: Russia could veto a UN mandate for a" in words
    assert "22" in texts(chart)
    few = publishers(sample().where(claimant="Donald Trump"))
    assert "His side's" in " ".join(texts(few))


def test_the_text_alternative_gives_the_content():
    told = spec_of(publishers(sample()))["description"]
    assert "49 documents of 41 publishers on 22 claims" in told
    assert "Ukrainska Pravda: 4 documents, refuting “Donald Trump: Russia has given positive signals" in told
    assert "And 29 more publishers." in told


def test_nothing_at_all_says_so(tmp_path):
    nothing = publishers(sample().where(claimant="nobody"))
    assert said(nothing) == "No claims in this part of the ledger yet"
    claim = {"claim_id": "rain", "claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}
    assert said(publishers(written(tmp_path, [claim]))) == "No evidence in the ledger yet"


def test_what_is_not_allowed_is_refused_with_what_is():
    with pytest.raises(InvalidValue, match="light, dark, print"):
        publishers(sample(), theme="neon")
