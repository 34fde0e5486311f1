"""Each claim's own history: its bands, its evidence, and the words beside them."""

import re
from datetime import date
from itertools import pairwise

import pytest
from drawn import PEOPLE, caption, generated, rows, sample, spec_of, texts, written

from factdesk.charts import timeline
from factdesk.charts.canvas import SIZES
from factdesk.errors import InvalidValue, NotFound

BAND = ("claim_id", "what", "value", "from", "until", "status")
MARK = ("claim_id", "what", "value", "from", "sources", "sign")


def test_bands_are_the_ledgers_intervals():
    ledger = sample()
    shown = {(row["claim_id"], row["value"], row["from"]) for row in rows(timeline(ledger), *BAND)}
    held = ledger.intervals()
    assert shown == {
        (claim, str(status), str(start.date()))
        for claim, status, start in zip(held["claim_id"], held["status"], held["start"], strict=True)
    }


def test_every_piece_of_evidence_is_marked_or_counted_beside_its_row(tmp_path):
    for ledger in (sample(), generated(tmp_path, 20)):
        chart = timeline(ledger)
        marks = rows(chart, *MARK)
        marked = sum(
            1 if row["held"].endswith("(1 document)") else int(row["held"].split("(")[1].split()[0])
            for row in marks
        )
        noted = [text for text in texts(chart) if text.startswith("+")]
        counted = sum(int(text[1:].split()[0]) for text in noted)
        assert marked + counted == len(ledger.evidence)
        assert all(text.endswith("undated") for text in noted)
        assert "“Undated”: evidence whose day of publication is not known." in caption(chart)


def test_evidence_outside_a_span_is_counted_beside_the_row():
    chart = timeline(sample(), "trump-positive-signals", span=("2025-03-14", "2025-03-20"))
    noted = [text for text in texts(chart) if text.startswith("+")]
    assert noted == ["+2 undated", f"+{12 - 2 - _marked(chart)} outside"]
    assert "“Outside”: evidence published on other days." in caption(chart)


def _marked(chart):
    return sum(int(row["held"].split("(")[1].split()[0]) for row in rows(chart, *MARK))


def test_marks_of_evidence_never_touch_and_their_sign_says_the_stance(tmp_path):
    signs = {"supports": "●", "refutes": "✕", "mixed": "◐", "context": "○"}
    places = {}
    for row in rows(timeline(generated(tmp_path, 30)), *MARK):
        assert row["sign"] == signs[row["value"]]
        places.setdefault((row["claim_id"], row["y"]), []).append(row["at"])
    assert all(len(set(there)) == len(there) for there in places.values())


def test_claims_are_grouped_by_claimant_and_each_group_begins_with_its_first(tmp_path):
    ledger = generated(tmp_path, 60, days=40)
    made = {claim.claim_id: claim.made_on for claim in ledger.claims.itertuples()}
    who = dict(zip(ledger.claims["claim_id"], ledger.claims["claimant"], strict=True))
    top = {row["claim_id"]: row["y"] for row in rows(timeline(ledger), *BAND)}
    order = sorted(top, key=top.get)
    assert len(order) == 60
    claimants = [who[claim] for claim in order]
    assert len([1 for a, b in pairwise(claimants) if a != b]) == len(set(claimants)) - 1
    for a, b in pairwise(order):
        if who[a] == who[b]:
            assert made[a] <= made[b]


def test_of_claimants_who_spoke_on_one_day_a_reader_s_order_of_names_holds(tmp_path):
    names = ["Élysée", "Fax", "Paper 2", "paper 3", "Paper 10"]
    claims = [
        {"claim_id": f"c-{n}", "claim": "It rained.", "claimant": name, "made_on": "2025-03-10"}
        for n, name in enumerate(reversed(names))
    ]
    found = sorted(rows(timeline(written(tmp_path, claims)), "claimant", "y"), key=lambda row: row["y"])
    assert list(dict.fromkeys(row["claimant"] for row in found)) == names


@pytest.mark.parametrize(("count", "least"), [(5, 26), (30, 26), (60, 20), (120, 17)])
def test_rows_never_touch_and_closer_ones_cut_words_at_a_whole_one(tmp_path, count, least):
    ledger = generated(tmp_path, count)
    chart = timeline(ledger)
    said = " ".join(row["text"] for row in rows(chart, "y", "text"))
    whole = [claim for claim in ledger.claims["claim"] if claim in said]
    assert len(whole) == count if count <= 30 else said.count("…") == count - len(whole)
    bands = rows(chart, *BAND)
    assert {row["claim"] for row in bands} == set(ledger.claims["claim"])
    tops = sorted({row["y"] for row in bands})
    assert len(tops) == count
    assert all(b - a >= least for a, b in pairwise(tops))


@pytest.mark.parametrize(("count", "most"), [(60, 2_400), (200, 6_000)])
def test_a_picture_of_many_claims_is_no_tower(tmp_path, count, most):
    assert spec_of(timeline(generated(tmp_path, count)))["height"] < most


def test_close_rows_of_as_many_claimants_say_the_claimant_before_the_claim(tmp_path):
    claims = [
        {"claim_id": f"c-{n}", "claim": f"Rain {n}.", "claimant": f"Person {n}", "made_on": "2025-03-01"}
        for n in range(40)
    ]
    assert "Person 7: Rain 7." in texts(timeline(written(tmp_path, claims)))


@pytest.mark.parametrize("count", [60, 120])
def test_evidence_that_close_rows_have_no_room_for_is_counted_beside_them(tmp_path, count):
    ledger = generated(tmp_path, count, days=1)
    chart = timeline(ledger)
    noted = [text for text in texts(chart) if text.startswith("+")]
    assert _marked(chart) + sum(int(text[1:].split()[0]) for text in noted) == len(ledger.evidence)
    assert "evidence undated, published on other days, or without room among the marks." in caption(chart)


def test_a_very_long_claim_ends_after_a_whole_word(tmp_path):
    claims = [
        {"claim_id": "long", "claim": "steel " * 500, "claimant": "B.", "made_on": "2025-03-01"},
        {"claim_id": "short", "claim": "Short.", "claimant": "B.", "made_on": "2025-03-01"},
    ]
    lines = [text for text in texts(timeline(written(tmp_path, claims))) if text.startswith("steel")]
    assert len(lines) == 6
    assert lines[-1].endswith("steel…")


def test_one_claim_is_the_title_and_its_claimant_stands_beside_the_row():
    chart = timeline(sample(), "trump-positive-signals")
    title = spec_of(chart)["title"]
    assert title["text"] == ["Russia has given positive signals about agreeing to a ceasefire."]
    assert "Donald Trump" in texts(chart)
    assert "Statuses of one claim and its evidence" in title["subtitle"][0]


def test_the_reason_of_a_status_is_in_its_band():
    why = {row["value"]: row["why"] for row in rows(timeline(sample(), "trump-positive-signals"), *BAND)}
    assert why["unverified"] == ""
    assert why["outdated"].startswith("After the Alaska summit")


def test_its_description_tells_what_became_of_a_claim():
    told = spec_of(timeline(sample(), "trump-positive-signals"))["description"]
    assert (
        "unverified 13 March 2025; supported 14 to 17 March 2025; mixed 18 March to 15 August 2025; " in told
    )
    assert "outdated since 16 August 2025. Evidence: 12, 2 of them undated." in told


def test_days_before_a_span_and_after_it_are_not_drawn():
    bands = rows(timeline(sample(), span=("2025-03-14", "2025-03-20")), *BAND)
    assert min(row["from"] for row in bands) == "2025-03-14"
    assert max(row["until"] for row in bands) == "2025-03-20"
    assert all(date.fromisoformat(row["from"]) <= date.fromisoformat(row["until"]) for row in bands)


def test_an_unknown_claim_is_refused_with_the_nearest():
    with pytest.raises(NotFound, match="'trump-positive-signals'"):
        timeline(sample(), ["trump-talks-productive", "trump-positive-signal"])


def test_of_a_claim_that_was_withdrawn_it_says_why():
    ledger = sample().scratch()
    ledger.withdraw("claims", "witkoff-met-putin", why="Logged twice.")
    with pytest.raises(NotFound, match=r"It was withdrawn: Logged twice\."):
        timeline(ledger, "witkoff-met-putin")


def test_of_more_claims_than_rows_those_whose_status_changed_last_are_drawn_and_it_says_so(tmp_path):
    ledger = generated(tmp_path, 450, days=200, each=1, as_of="2025-12-31")
    chart = timeline(ledger)
    drawn = {row["claim_id"] for row in rows(chart, *BAND)}
    assert len(drawn) == 200
    given = ledger.statuses[ledger.statuses["status"] != "unverified"]
    latest = given.groupby("claim_id")["holds_from"].max().sort_values(ascending=False)
    assert drawn >= set(latest[latest > latest.iloc[min(199, len(latest) - 1)]].index)
    said = spec_of(chart)
    assert said["title"]["text"][0].startswith("200 of 450 claims by 5 claimants")
    subtitle = " ".join(said["title"]["subtitle"])
    assert "200 of 450 claims: those whose status changed last" in subtitle
    assert "200 of 450 claims: those whose status changed last" in said["description"]
    assert "Look at others with page=1 to 3 or with ledger.where(...)." in caption(chart)


def test_what_was_never_judged_comes_after_what_was_and_the_picture_says_that(tmp_path):
    claims = [
        {"claim_id": f"c-{n}", "claim": "Rain.", "claimant": "B.", "made_on": f"2025-03-{n % 28 + 1:02}"}
        for n in range(300)
    ]
    nothing = timeline(written(tmp_path, claims))
    assert "200 of 300 claims: those made last" in " ".join(spec_of(nothing)["title"]["subtitle"])
    judged = {"claim_id": "c-0", "status": "refuted", "holds_from": "2025-03-01", "rationale": "Dry."}
    (tmp_path / "judged").mkdir()
    chart = timeline(written(tmp_path / "judged", claims, [judged]))
    assert "c-0" in {row["claim_id"] for row in rows(chart, *BAND)}
    assert "those whose status changed last, then those made last" in spec_of(chart)["description"]


def test_a_span_counts_the_claims_in_its_days_only(tmp_path):
    ledger = generated(tmp_path, 450, days=200, as_of="2025-12-31")
    whole = timeline(ledger, span=("2025-03-10", "2025-03-20"))
    assert "of" not in whole.to_dict()["title"]["text"][0].split("claims")[0]
    part = timeline(ledger, span=("2025-12-01", "2025-12-31"))
    assert part.to_dict()["title"]["text"][0].startswith("200 of 450 claims")
    assert min(row["from"] for row in rows(part, *BAND)) == "2025-12-01"


def drawn_on(ledger, size, page):
    return {row["claim_id"] for row in rows(timeline(ledger, size=size, page=page), *BAND)}


@pytest.mark.parametrize("size", ["page", "slide", "card"])
def test_the_pages_together_show_every_claim_once_those_whose_status_changed_last_first(tmp_path, size):
    ledger = generated(tmp_path, 450 if size == "page" else 40, days=200, each=1, as_of="2025-12-31")
    with pytest.raises(InvalidValue) as refused:
        timeline(ledger, size=size, page=10_000)
    pages = int(str(refused.value).split("Allowed: 1 to ")[1].rstrip("."))
    shown = [drawn_on(ledger, size, page) for page in range(1, pages + 1)]
    assert len(set().union(*shown)) == sum(map(len, shown)) == len(ledger.claims)
    assert all(len(one) == len(shown[0]) for one in shown[:-1])
    last = dict(ledger.intervals().groupby("claim_id")["start"].max())
    judged = set(ledger.statuses["claim_id"][ledger.statuses["status"] != "unverified"])
    for one, other in pairwise(shown):
        kept, left = one & judged, other & judged
        assert not left or min(last[claim] for claim in kept) >= max(last[claim] for claim in left)


@pytest.mark.parametrize(("size", "height"), [("slide", 450), ("card", 420)])
@pytest.mark.parametrize("count", [1, 4, 9, 200])
def test_slides_and_cards_keep_their_height_and_say_what_they_left_out(tmp_path, size, height, count):
    ledger = generated(tmp_path, count, days=60, as_of="2025-08-01")
    spec = spec_of(timeline(ledger, size=size))
    padding = spec["padding"]
    assert spec["height"] + padding["top"] + padding["bottom"] == pytest.approx(height)
    bands = rows(timeline(ledger, size=size), *BAND)
    assert max(row["y2"] for row in bands) < spec["height"]
    many = len({row["claim_id"] for row in bands})
    assert many == min(count, many)
    assert many >= min(count, 5)
    subtitle = " ".join(spec["title"]["subtitle"])
    assert (f"{many} of {count} claims: those whose status changed last" in subtitle) == (many < count)


def test_pages_of_a_slide_have_one_axis_and_one_key(tmp_path):
    ledger = generated(tmp_path, 60, days=60, as_of="2025-08-01")
    first, second = (spec_of(timeline(ledger, size="slide", page=page)) for page in (1, 2))
    assert first["title"]["text"] == second["title"]["text"] == [
        "60 claims by 5 claimants, and what became of them"
    ]  # fmt: skip
    assert "page 2 of " in " ".join(second["title"]["subtitle"])
    assert first["padding"] == second["padding"]


def test_on_a_slide_the_claimant_stands_before_each_claim():
    said = texts(timeline(sample(), size="slide"))
    assert any(text.startswith("Donald Trump: Russia has given positive signals") for text in said)
    assert not {*PEOPLE, "Donald Trump"} & set(said)


@pytest.mark.parametrize("page", [0, -1, 2, True, 1.0, "1", None, [], {"a": 1}])
def test_a_page_that_there_is_not_is_refused(page):
    with pytest.raises(InvalidValue, match="1, on which all claims stand"):
        timeline(sample(), page=page)
    with pytest.raises(InvalidValue, match="1, on which all claims stand"):
        timeline(sample().where(claimant="nobody"), page=page, size="slide")


@pytest.mark.parametrize("size", ["slide", "card"])
def test_a_slide_of_claims_judged_and_never_judged_keeps_its_height(tmp_path, size):
    claims = [
        {"claim_id": f"c-{n}", "claim": f"Rain {'in the valley ' * 9}{n}.", "claimant": f"Radio {n}"}
        | {"made_on": f"2025-03-{n + 1:02}"}
        for n in range(9)
    ]
    judged = [
        {"claim_id": f"c-{n}", "status": "refuted", "holds_from": "2025-04-01", "rationale": "Dry."}
        for n in range(3)
    ]
    spec = spec_of(timeline(written(tmp_path, claims, judged), size=size))
    whole = spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]
    assert whole == pytest.approx({"slide": 450, "card": 420}[size])
    assert "those whose status changed last, then those made last" in " ".join(spec["title"]["subtitle"])


@pytest.mark.parametrize("size", SIZES)
def test_the_key_lists_only_what_the_rows_shown_have(size, tmp_path):
    statuses = [
        {
            "claim_id": f"claim-{n}",
            "status": word,
            "holds_from": f"2025-04-{1 + n % 28:02}",
            "rationale": "So.",
        }
        for n in range(60)
        for word in [("refuted", "mixed")[n > 54]]
    ]
    claims = [
        {
            "claim_id": f"claim-{n}",
            "claim": "It rained.",
            "claimant": f"Radio {n}",
            "made_on": f"2025-04-{1 + n % 28:02}",
        }
        for n in range(60)
    ]
    chart = timeline(
        written(tmp_path, claims, statuses), size=size, page=2 if size in ("slide", "card") else 1
    )
    held = {row["status"] for row in rows(chart, *BAND) if row["what"] == "status"}
    key = {row["status"] for row in rows(chart, "colour", "status")}
    assert key == held


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [12, 60, 200])
def test_the_caption_speaks_of_the_words_that_stand_beside_the_rows(size, count, tmp_path):
    chart = timeline(generated(tmp_path, count, days=60, as_of="2025-08-01"), size=size)
    noted = [text for text in texts(chart) if re.fullmatch(r"\+\d+( \w+)?", text)]
    words = {text.partition(" ")[2] for text in noted}
    assert noted or count == 200
    assert {word.lower() for word in re.findall(r"“(\w*)\+?”", caption(chart))} == words | ({"steel"})
