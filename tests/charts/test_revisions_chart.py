"""What was held then against what is held now of the same days: counts, the claims that differ, and why they do."""

import pandas as pd
import pytest
from drawn import MOMENT, caption, corrected, generated, rows, sample, spec_of, texts, written

import factdesk as fd
from factdesk import measures
from factdesk.charts import revisions
from factdesk.charts.revisions_chart import COLUMNS, MARKS, MOST_CLAIMS
from factdesk.errors import InvalidValue

THEN = "2025-03-31"
BAND = ("claim_id", "side", "value", "from", "until", "status")


def kept(folder, claims=(), statuses=(), changes=(), **more):
    """A ledger of claims (id, day made, day logged), statuses (id, status, from, recorded) and changes (id, day, why)."""
    return written(
        folder,
        [
            {"claim_id": name, "claim": f"It rained in {name}.", "claimant": "Radio", "made_on": made, "logged_at": f"{at}{MOMENT}"}
            for name, made, at in claims
        ],
        [
            {"claim_id": name, "status": status, "holds_from": day, "recorded_at": f"{at}{MOMENT}", "rationale": f"Seen on {at}."}
            for name, status, day, at in statuses
        ],
        changes=[
            {"table": "claims", "row_id": name, "after": "withdrawn", "why": why, "changed_at": f"{at}{MOMENT}"}
            for name, at, why in changes
        ],
        **more,
    )  # fmt: skip


CLAIMS = [("Bern", "2025-03-10", "2025-03-10"), ("Rome", "2025-03-12", "2025-04-02"), ("Oslo", "2025-03-12", "2025-03-12"),
          ("Kyiv", "2025-03-14", "2025-03-14")]  # fmt: skip
STATUSES = [("Bern", "supported", "2025-03-11", "2025-03-11"), ("Bern", "refuted", "2025-03-15", "2025-04-03"),
            ("Kyiv", "mixed", "2025-03-16", "2025-03-16")]  # fmt: skip
CHANGES = [("Oslo", "2025-04-04", "Logged twice.")]


def said(chart):
    return " ".join(spec_of(chart)["title"]["text"])


def under(chart):
    return " ".join(spec_of(chart)["title"]["subtitle"])


def counts(chart):
    return {tuple(row[name] for name in COLUMNS) for row in rows(chart, *COLUMNS)}


def test_the_counts_are_those_that_the_ledger_measures(tmp_path):
    for n, ledger in enumerate(
        (corrected(tmp_path / "a", 40), kept(tmp_path / "b", CLAIMS, STATUSES, CHANGES))
    ):
        measured = measures.revisions(ledger, THEN)
        held = measured.astype({"status": str})
        held["day"] = held["day"].dt.date.astype(str)
        all_of_them = set(held[list(COLUMNS)].itertuples(index=False, name=None))
        shown = counts(revisions(ledger, THEN))
        assert shown <= all_of_them, n
        # A day that is not there is like the one before it.
        days = sorted({row[0] for row in shown})
        names = {row[1] for row in shown}
        for day, status, then, now in all_of_them:
            if status in names:
                before = max(one for one in days if one <= day)
                assert (before, status, then, now) in shown
            else:
                assert then == now == 0


@pytest.fixture(autouse=True)
def folders(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()


def test_of_each_claim_that_differs_stands_what_was_held_then_and_what_is_held_now(tmp_path):
    ledger = kept(tmp_path, CLAIMS, STATUSES, CHANGES)
    bands = rows(revisions(ledger, THEN), *BAND)
    held = {}
    for row in bands:
        held.setdefault((row["claim_id"], row["side"]), []).append((row["value"], row["from"], row["until"]))
    assert held == {
        ("Bern", "then and now"): [
            ("unverified", "2025-03-10", "2025-03-10"), ("supported", "2025-03-11", "2025-03-14"),
        ],
        ("Bern", "then"): [("supported", "2025-03-15", "2025-03-31")],
        ("Bern", "now"): [("refuted", "2025-03-15", "2025-03-31")],
        ("Rome", "now"): [("unverified", "2025-03-12", "2025-03-31")],
        ("Oslo", "then"): [("unverified", "2025-03-12", "2025-03-31")],
    }  # fmt: skip


def test_what_made_the_difference_stands_beside_and_why_under_the_words(tmp_path):
    words = set(texts(revisions(kept(tmp_path, CLAIMS, STATUSES, CHANGES), THEN)))
    assert {
        "judged later",
        "logged later",
        "withdrawn since",
        "Logged twice.",
        "Seen on 2025-04-03.",
    } <= words


def test_one_band_parts_into_two_and_where_nothing_is_held_the_ground_is_seen(tmp_path):
    chart = revisions(kept(tmp_path, CLAIMS, STATUSES, CHANGES), THEN)
    of = {(row["claim_id"], row["side"]): row for row in rows(chart, *BAND, "y", "y2")}
    then, now, alike = (of["Bern", side] for side in ("then", "now", "then and now"))
    assert then["y"] < alike["y"] < then["y2"] < now["y"] < alike["y2"] < now["y2"]
    bare = [row for row in rows(chart, "at", "to", "y", "y2") if "status" not in row]
    assert {row["y"] for row in bare} == {
        row["y"] + apart
        for row, apart in (
            (then, 0), (now, 0), (of["Rome", "now"], 0), (of["Rome", "now"], then["y"] - now["y"]),
            (of["Oslo", "then"], 0), (of["Oslo", "then"], now["y"] - then["y"]),
        )
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_on_each_day_two_bands_stand_where_the_two_differ_and_one_where_they_agree(seed, tmp_path):
    ledger = corrected(tmp_path, 40, seed=seed)
    known, drawn = ledger.as_known(THEN), {}
    for row in rows(revisions(ledger, THEN), *BAND):
        for day in pd.date_range(row["from"], row["until"]):
            drawn.setdefault((row["claim_id"], day), {})[row["side"]] = row["value"]
    names = {claim_id for claim_id, _ in drawn}
    assert names
    for day in pd.date_range("2025-03-10", THEN):
        sides = [
            dict(zip(held["claim_id"], held["status"].astype(str), strict=True))
            for held in (known.status_on(str(day.date())), ledger.status_on(str(day.date())))
        ]
        for name in names:
            then, now = (side.get(name) for side in sides)
            expected = {"then and now": now} if then == now else {"then": then, "now": now}
            assert drawn.get((name, day), {}) == {side: value for side, value in expected.items() if value}


def test_the_title_says_how_many_and_the_subtitle_of_what_kinds(tmp_path):
    chart = revisions(kept(tmp_path, CLAIMS, STATUSES, CHANGES), THEN)
    assert said(chart) == "Of days up to 31 March 2025, 3 of 4 claims are held otherwise now than then"
    assert under(chart).endswith("held otherwise: 1 logged later, 1 judged later, 1 withdrawn since")
    assert "Line: as was known on 31 March 2025; area: as is known now." in caption(chart)
    assert (
        "Radio: It rained in Rome. Held then nothing, now unverified since 12 March 2025: logged later."
        in (spec_of(chart)["description"])
    )


def test_where_nothing_was_corrected_it_says_so(tmp_path):
    ledger = kept(tmp_path, CLAIMS[:1] + CLAIMS[3:], STATUSES[:1])
    chart = revisions(ledger, THEN)
    assert said(chart) == "Of days up to 31 March 2025, both claims are held now as they were then"
    assert not rows(chart, *BAND)
    one = revisions(ledger.where(claim_id="Bern"), THEN)
    assert said(one) == "Of days up to 31 March 2025, the claim is held now as it was then"


def test_without_a_moment_the_last_day_of_work_is_held_against_the_days_before(tmp_path):
    ledger = kept(tmp_path, CLAIMS, STATUSES, CHANGES)
    assert said(revisions(ledger)).startswith("Of days up to 3 April 2025, 1 of 4 claims is")
    assert said(revisions(sample())) == "None of 22 claims was recorded yet on 23 November 2026"
    assert not rows(revisions(sample()), *BAND)


def test_a_moment_within_a_day_is_told_with_its_time(tmp_path):
    ledger = kept(tmp_path, CLAIMS, STATUSES, CHANGES)
    assert said(revisions(ledger, "2025-04-03T09:30:00+00:00")).startswith(
        "Of days up to 3 April 2025, 09:30, 2 of 4"
    )


def test_days_are_those_of_the_ledgers_time_zone(tmp_path):
    ledger = kept(tmp_path, CLAIMS, STATUSES)
    assert "up to 2 April 2025" in said(revisions(ledger))
    settings = tmp_path / "claims" / "ledger.toml"
    settings.write_text(settings.read_text("utf-8").replace('"UTC"', '"Pacific/Kiritimati"'), "utf-8")
    # What was written at ten in London was written on the next day there.
    assert "up to 3 April 2025" in said(revisions(fd.open(tmp_path / "claims.csv")))


def test_a_span_shows_its_days_only(tmp_path):
    chart = revisions(corrected(tmp_path, 40), THEN, span=("2025-03-20", "2025-04-20"))
    days = {row["day"] for row in rows(chart, *COLUMNS)}
    assert max(days) <= "2025-03-31"
    assert {row["from"] for row in rows(chart, *BAND)} <= {f"2025-03-{day}" for day in range(20, 32)}
    assert "20 to 31 March 2025" in under(chart)
    with pytest.raises(InvalidValue, match="days up to the moment compared, 2025-03-10 to 2025-03-31"):
        revisions(corrected(tmp_path / "a", 40), THEN, span=("2025-04-10", "2025-04-20"))


def test_a_moment_before_all_that_is_held_is_said_to_be_one(tmp_path):
    claim = {"claim_id": "c", "claim": "It is so.", "claimant": "B.", "made_on": "2025-03-10"}
    chart = revisions(written(tmp_path, [claim], as_of="2025-03-10"))
    assert said(chart) == "Nothing is held of days up to 9 March 2025"
    assert "The only claim has a status since 10 March 2025." in texts(chart)


@pytest.mark.parametrize("day", ["1999-01-01", "9998-01-01"])
def test_a_moment_before_all_claims_or_still_to_come_is_refused_and_the_first_day_named(day):
    with pytest.raises(InvalidValue, match=r"a day from 2025-03-11 on, .* not still to come"):
        revisions(sample(), day)


@pytest.mark.parametrize(("size", "height"), [("slide", 450), ("card", 420)])
@pytest.mark.parametrize("count", [1, 12, 200])
def test_slides_and_cards_keep_their_height_and_say_what_they_left_out(size, height, count, tmp_path):
    chart = revisions(corrected(tmp_path, count), THEN, size=size)
    spec = spec_of(chart)
    assert spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"] == pytest.approx(height)
    drawn = {row["claim_id"] for row in rows(chart, *BAND)}
    differs = measures.revised(corrected(tmp_path / "a", count), THEN)["claim_id"].nunique()
    is_part = len(drawn) < differs and "None of" not in said(chart) and "not recorded" not in said(chart)
    assert is_part == ("shown: the" in under(chart) or "has room" in under(chart))


def test_of_many_claims_those_with_most_days_are_shown(tmp_path):
    ledger = corrected(tmp_path, 200)
    chart = revisions(ledger, THEN)
    drawn = {row["claim_id"] for row in rows(chart, *BAND)}
    differs = measures.revised(ledger, THEN)
    days = (differs["end"] - differs["start"]).groupby(differs["claim_id"]).sum()
    assert len(drawn) == MOST_CLAIMS < len(days)
    assert days[days.index.isin(drawn)].min() >= days[~days.index.isin(drawn)].max()
    assert f"shown: the {MOST_CLAIMS} claims with most days" in under(chart)


def test_twenty_years_take_longer_steps_and_few_marks(tmp_path):
    chart = revisions(corrected(tmp_path, 300, days=7000), "2040-01-01")
    assert len(counts(chart)) <= MARKS
    assert "A step is the last day of a quarter." in caption(chart)
    held = measures.revisions(corrected(tmp_path / "a", 300, days=7000), "2040-01-01", "quarter")
    held = held.astype({"status": str})
    held["day"] = held["day"].dt.date.astype(str)
    assert counts(chart) <= set(held[list(COLUMNS)].itertuples(index=False, name=None))
    assert len(chart.to_json()) < 300_000


def test_what_is_no_moment_is_refused(tmp_path):
    for wrong in ("March", "2025-03-20T10:00:00", 5, [], "2025-02-30"):
        with pytest.raises(InvalidValue):
            revisions(sample(), wrong)


def test_a_ledger_without_claims_says_so(tmp_path):
    assert "No claims" in said(revisions(written(tmp_path, [])))
    assert "No claims" in said(revisions(sample().where(claimant="nobody")))


def test_a_ledger_of_one_sitting_shows_what_is_held_now(tmp_path):
    chart = revisions(generated(tmp_path, 20))
    assert all(row["then"] == 0 for row in rows(chart, *COLUMNS))
    assert sum(row["now"] for row in rows(chart, *COLUMNS) if row["day"] == max(r["day"] for r in rows(chart, *COLUMNS))) == 20  # fmt: skip
