"""How each claimant's claims fare: the numbers, the base beside every bar, and the interval under it."""

import pytest
from drawn import caption, generated, rows, sample, spec_of, texts, written

from factdesk import measures
from factdesk.charts import claimants
from factdesk.charts.claimants_chart import MOST_CLAIMANTS
from factdesk.errors import InvalidValue

FIELDS = ("claimant", "status", "claims", "of", "share", "low", "high")


def shown(chart):
    """What the chart's rows say, by claimant and status."""
    found = rows(chart, *FIELDS)
    said = {(row["claimant"], row["status"]): [row[field] for field in FIELDS[2:]] for row in found}
    assert len(said) == len(found)
    return said


def measured(ledger, day=None, *, also=None):
    """What the ledger's measure says, of statuses that claims have, and of one besides."""
    fares = measures.claimants(ledger, day)
    fares = fares[(fares["claims"] > 0) | (fares["status"] == also)].round(4)
    return {
        (row["claimant"], row["status"]): [row[field] for field in FIELDS[2:]]
        for row in fares.to_dict("records")
    }


def people(folder, counts, *, status="refuted", **more):
    """A ledger of claimants with so many claims each, all with one status."""
    claims = [
        {"claim_id": f"{name}-{n}", "claim": f"It rained {n}.", "claimant": name, "made_on": "2025-03-10"}
        for name, count in counts.items()
        for n in range(count)
    ]
    given = [
        {"claim_id": one["claim_id"], "status": status, "holds_from": "2025-03-12", "rationale": "So."}
        for one in claims
    ]
    return written(folder, claims, given, **more)


def said(chart):
    return " ".join(spec_of(chart)["title"]["text"])


def under(chart):
    return " ".join(spec_of(chart)["title"]["subtitle"])


def test_the_bars_say_what_the_ledger_measures(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        assert shown(claimants(ledger)) == measured(ledger)


def test_in_shares_who_has_no_claim_of_the_first_status_is_told_too(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        assert shown(claimants(ledger, share=True, status="refuted")) == measured(ledger, also="refuted")


def test_a_day_before_shows_what_was_held_then():
    chart = claimants(sample(), "2025-03-15")
    assert shown(chart) == measured(sample(), "2025-03-15")
    assert "15 March 2025" in under(chart)
    assert "had most claims" in said(chart)


def test_bars_are_as_long_as_their_numbers_and_shares():
    parts = rows(claimants(sample()), *FIELDS, "x", "x2")
    assert {round((row["x2"] - row["x"]) / row["claims"], 1) for row in parts} == {
        round(parts[0]["x2"] / 5, 1)
    }
    parts = rows(claimants(sample(), share=True), *FIELDS, "y2")
    whole = max(row["x2"] for row in parts)
    assert all(row["x2"] - row["x"] == pytest.approx(whole * row["share"], abs=0.1) for row in parts)


def test_the_interval_is_drawn_on_the_scale_of_the_shares():
    chart = claimants(sample(), share=True, status="mixed")
    whole = max(row["x2"] for row in rows(chart, *FIELDS, "y2"))
    fares = measures.claimants(sample()).set_index(["claimant", "status"])
    for row in rows(chart, "dot", "claimant"):
        fare = fares.loc[(row["claimant"], "mixed")]
        assert [row["x"], row["dot"], row["x2"]] == pytest.approx(
            [whole * fare[name] for name in ("low", "share", "high")], abs=0.01
        )


def test_who_has_most_claims_comes_first_and_the_base_stands_beside_every_bar(tmp_path):
    ledger = people(tmp_path, {"Ada": 2, "Ben": 5, "Cem": 3})
    chart = claimants(ledger, share=True)
    top = {row["claimant"]: row["y"] for row in rows(chart, *FIELDS)}
    assert sorted(top, key=top.get) == ["Ben", "Cem", "Ada"]
    beside = texts(chart)
    assert {"2", "3", "5", "claims"} <= set(beside)


def test_the_status_asked_for_comes_first_in_every_bar(tmp_path):
    ledger = generated(tmp_path, 60)
    chart = claimants(ledger, status="refuted")
    assert {row["status"] for row in rows(chart, *FIELDS) if row["x"] == 0} >= {"refuted"}
    assert all(row["x"] == 0 for row in rows(chart, *FIELDS) if row["status"] == "refuted")


@pytest.mark.parametrize(("counts", "expected"), [
    ({"Ada": 1}, "The only claim by Ada is refuted"),
    ({"Ada": 4}, "all 4 claims by Ada are refuted"),
    ({"Ada": 3, "Ben": 1}, "Ada has most claims, 3 of 4; all 3 are refuted"),
    ({"Ada": 2, "Ben": 2, "Cem": 1}, "Ada and Ben have most claims, 2 each; all 5 are refuted"),
    ({"Ada": 2}, "both claims by Ada are refuted"),
    ({"Ada": 1, "Ben": 1}, "2 claimants have one claim each; both are refuted"),
])  # fmt: skip
def test_the_title_says_who_has_most_claims_and_how_these_fare(counts, expected, tmp_path):
    title = said(claimants(people(tmp_path, counts)))
    assert title == expected[0].upper() + expected[1:]


def test_the_title_says_so_where_no_claim_has_the_status_asked_for(tmp_path):
    ledger = people(tmp_path, {"Ada": 3, "Ben": 1})
    assert said(claimants(ledger, status="supported")).endswith("none of the 3 is supported")
    two = people(tmp_path / "two", {"Ada": 2})
    assert said(claimants(two, status="supported")) == "Neither claim by Ada is supported"
    more = people(tmp_path / "more", {"Ada": 2, "Ben": 1})
    assert said(claimants(more, status="supported")).endswith("; neither is supported")
    one = people(tmp_path / "one", {"Ada": 1})
    assert said(claimants(one, status="supported")) == "The only claim by Ada is not supported"


def test_the_subtitle_says_the_base_and_the_caption_how_to_read_it():
    assert under(claimants(sample())) == (
        "Claims of each claimant by status, 24 November 2026: 22 claims, 8 claimants"
    )
    told = caption(claimants(sample(), share=True))
    assert "95% interval of the share supported (Wilson)" in told
    assert "no sample of all that was said" in told


def test_the_text_alternative_gives_the_numbers():
    told = spec_of(claimants(sample(), share=True))["description"]
    assert (
        "The article: 9 claims, 5 supported, 2 mixed, 1 refuted, 1 outdated, share supported 56% (27% to 81%)."
        in told
    )
    assert "David Lammy: 1 claim, 1 mixed, share supported 0% (0% to 79%)." in told


@pytest.mark.parametrize("size", ["page", "slide", "card"])
def test_of_many_claimants_those_with_most_claims_are_drawn_and_the_picture_says_so(size, tmp_path):
    ledger = people(tmp_path, {f"Voice {n:03}": 1 + n % 7 for n in range(120)})
    chart = claimants(ledger, size=size)
    drawn = {row["claimant"] for row in rows(chart, *FIELDS)}
    assert len(drawn) == MOST_CLAIMANTS if size == "page" else 5 < len(drawn) < MOST_CLAIMANTS
    total, part = len(ledger.claims), sum(row["claims"] for row in rows(chart, *FIELDS))
    assert (
        f"{total} claims, 120 claimants; the {len(drawn)} with most claims shown, {part} of {total}"
        in under(chart)
    )
    assert min(row["of"] for row in rows(chart, *FIELDS)) >= 6


def test_nothing_at_all_says_so():
    nothing = claimants(sample().where(claimant="nobody"))
    assert said(nothing) == "No claims in this part of the ledger yet"
    with pytest.raises(InvalidValue, match="2025-03-11 to 2026-11-24"):
        claimants(sample(), "1999-01-01")


def test_a_name_too_long_for_a_title_leaves_room_for_what_it_says(tmp_path):
    name = (
        "Ministry of Agriculture, Fisheries, Forests, Rivers, Roads and Rural Development of the Free State"
    )
    ledger = people(tmp_path, {name: 3, "Ben": 1})
    assert said(claimants(ledger, size="column")).endswith("all 3 are refuted")
    assert name in {row["claimant"] for row in rows(claimants(ledger), *FIELDS)}


@pytest.mark.parametrize(("options", "allowed"), [
    ({"status": "refutd"}, "nearest: 'refuted'"), ({"theme": "neon"}, "light, dark, print"),
    ({"day": "someday"}, "day"), ({"day": "9998-01-01"}, "ledger covers, 2025-.* to 2026-11-24"),
    ({"day": "2025-01-01"}, "ledger covers, 2025-.* to 2026-11-24"), ({"size": "poster"}, "page, column, slide, card"),
])  # fmt: skip
def test_what_is_not_allowed_is_refused_with_what_is(options, allowed):
    with pytest.raises(InvalidValue, match=allowed):
        claimants(sample(), **options)
