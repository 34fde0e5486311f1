"""How each claimant's claims fare: the numbers, their order, and what is said of them."""

import pandas as pd
import pytest
from drawings import drawing
from drawn import caption, generated, marks, sample, spec_of, subtitle, title, written
from samples import ledger_of

from factdesk import measures
from factdesk.charts.claimants import MOST, claimants

COLUMNS = ["claimant", "status", "claims", "of", "share", "low", "high"]


def people(folder, counts, *, status="refuted", **more):
    """A ledger of claimants with so many claims each, all with one status."""
    claims = [
        {"claim_id": f"{name[:9]}-{n}", "claim": f"It rained {n}.", "claimant": name, "made_on": "2025-03-10"}
        for name, count in counts.items()
        for n in range(count)
    ]
    given = [
        {"claim_id": one["claim_id"], "status": status, "holds_from": "2025-03-12", "rationale": "So."}
        for one in claims
    ]
    return written(folder, claims, given, **more)


def test_claims_that_nobody_rated_are_never_drawn_as_rated(tmp_path):
    ratings = [("True", 5), ("Mostly True", 4), ("Half True", 3), ("Mostly False", 2), ("False", 1)]
    more = "".join(f'[[status]]\nname = "{word}"\nrating = {rating}\n' for word, rating in ratings)
    claims = [
        {"claim_id": f"c-{n}", "claim": f"It rained {n}.", "claimant": "Jane Roe", "made_on": "2025-03-10"}
        for n in range(6)
    ]
    judged = {"status": "False", "holds_from": "2025-03-12", "rationale": "So."}
    ledger = written(tmp_path, claims, [{**judged, "claim_id": f"c-{n}"} for n in range(2)], more=more)
    chart = claimants(ledger)
    assert title(chart) == "2 of 6 claims by Jane Roe are False, 4 unverified"
    assert dict(zip(chart.data["status"], chart.data["claims"], strict=True)) == {"unverified": 4, "False": 2}


@pytest.mark.parametrize("day", [None, "2025-03-15"])
def test_the_data_are_what_the_ledger_measures(day, tmp_path):
    for ledger in (sample(), generated(tmp_path / str(day), 60)):
        fares = measures.claimants(ledger, day)
        fares = fares[fares["claims"] > 0].astype({"status": "str"})[COLUMNS].reset_index(drop=True)
        shown = claimants(ledger, day).data[COLUMNS].reset_index(drop=True)
        pd.testing.assert_frame_equal(pd.DataFrame(shown), pd.DataFrame(fares), check_dtype=False)


@pytest.mark.parametrize(
    "options", [{}, {"status": "refuted"}, {"share": False}, {"status": "mixed", "interval": True}]
)
def test_parts_keep_the_order_of_the_vocabulary_and_fill_a_bar_from_its_beginning(options):
    ledger = ledger_of("ratings")
    options = {name: "half-true" if name == "status" else value for name, value in options.items()}
    parts = pd.DataFrame(marks(claimants(ledger, **options), "bar")[0])
    order = ledger.settings.statuses.index
    for _, bar in parts.groupby("claimant"):
        assert bar["status"].map(order).is_monotonic_increasing
        assert bar["start"].iloc[0] == 0
        assert bar["end"].tolist()[:-1] == bar["start"].tolist()[1:]
        whole = 1 if options.get("share", True) else bar["of"].iloc[0] / parts["of"].max()
        assert bar["end"].iloc[-1] == pytest.approx(whole, abs=1e-3)


def test_the_interval_is_drawn_only_where_it_is_asked_for():
    assert not marks(drawing("claimants", "sample"), "rule")
    (line,) = marks(claimants(sample(), status="mixed", interval=True), "rule")
    fares = measures.claimants(sample()).set_index(["claimant", "status"])
    assert len(line) == 8
    for row in line:
        assert [row["low"], row["share"], row["high"]] == pytest.approx(
            fares.loc[(row["claimant"], "mixed"), ["low", "share", "high"]].tolist()
        )
    assert "95% interval of the share mixed (Wilson)" in caption(
        claimants(sample(), status="mixed", interval=True)
    )


def test_one_claimant_has_a_scorecard_in_the_order_of_the_vocabulary():
    chart = claimants(sample().where(claimant="The article"))
    bars = marks(chart, "bar")[0]
    assert [row["status"] for row in bars] == ["supported", "mixed", "refuted", "outdated"]
    assert [row["text"] for row in bars][:2] == ["56%, 5 of 9", "22%, 2 of 9"]
    assert title(chart) == "5 of 9 claims by The article are supported, 2 mixed"


@pytest.mark.parametrize(("counts", "status", "expected"), [
    ({"Ada": 1}, None, "The only claim by Ada is refuted"),
    ({"Ada": 1}, "supported", "The only claim by Ada is not supported"),
    ({"Ada": 4}, None, "All 4 claims by Ada are refuted"),
    ({"Ada": 2}, "supported", "Neither claim by Ada is supported"),
    ({"Ada": 3, "Ben": 1}, None, "Ada has most claims, 3 of 4; all 3 are refuted"),
    ({"Ada": 3, "Ben": 1}, "supported", "Ada has most claims, 3 of 4; none of the 3 is supported"),
    ({"Ada": 2, "Ben": 2, "Cem": 1}, None, "Ada and Ben have most claims, 2 each; all 5 are refuted"),
    ({"Ada": 1, "Ben": 1}, None, "2 claimants have one claim each; both are refuted"),
    ({"محمد": 2, "Ben": 1}, None, "\u2068\u2068محمد\u2069 has most claims, 2 of 3; both are refuted\u2069"),
])  # fmt: skip
def test_the_title_says_who_has_most_claims_and_how_these_fare(counts, status, expected, tmp_path):
    assert title(claimants(people(tmp_path, counts), status=status)) == expected


def test_of_statuses_that_tie_the_title_names_none(tmp_path):
    claims = [{"claim_id": f"c-{n}", "claim": "It rained.", "claimant": who} for n, who in enumerate("AAB")]
    given = [
        {"claim_id": f"c-{n}", "status": status, "holds_from": "2025-03-12", "rationale": "So."}
        for n, status in enumerate(["refuted", "supported", "mixed"])
    ]
    ledger = written(tmp_path, claims, given)
    assert title(claimants(ledger)) == "A has most claims, 2 of 3"
    assert title(claimants(ledger.where(claimant="A"))) == "2 claims by A in 2 statuses"


def test_words_say_the_base_the_day_and_that_claims_are_no_sample():
    chart = claimants(sample(), "2025-03-15")
    assert title(chart).endswith(" on 15 March 2025")
    assert subtitle(drawing("claimants", "sample")) == (
        "Shares of each claimant’s claims by status, 24 November 2026: 22 claims, 8 claimants"
    )
    assert "no sample of all that was said" in caption(chart)
    assert (
        "Keir Starmer: 2 supported, 1 unverifiable." in spec_of(drawing("claimants", "sample"))["description"]
    )
    assert "promises" in subtitle(claimants(ledger_of("promises")))


@pytest.mark.parametrize("size", ["page", "card"])
def test_of_many_claimants_those_with_most_claims_are_drawn_and_the_rest_counted(size, tmp_path):
    names = {
        f"{n:03} Voice of the Ministry of Agriculture, Fisheries and Rural Roads": 1 + n % 7
        for n in range(60)
    }
    chart = claimants(people(tmp_path, names), size=size)
    drawn = chart.data["claimant"].nunique()
    assert drawn == MOST if size in ("page", "column") else 3 <= drawn < MOST
    assert f"Of 60 claimants the {drawn} with most claims are drawn." in caption(chart)
    assert chart.data["of"].min() >= 6
