"""Each claim's own history: its bands, its evidence, and the words beside them."""

import re
from itertools import pairwise

import pytest
import vl_convert
from drawn import PEOPLE, asides, beside, generated, rows, sample, told, written

from factdesk.charts.time_axis import days
from factdesk.charts.timeline import SORTS, timeline
from factdesk.errors import InvalidValue, NotFound

ONE = "trump-positive-signals"


def bands(chart):
    return chart.data[chart.data["what"] == "status"]


def marks(chart):
    return chart.data[(chart.data["what"] == "evidence") & chart.data["lane"].notna()]


def order(chart):
    """The claims from the top."""
    return list(dict.fromkeys(bands(chart).sort_values("row", kind="stable")["claim_id"]))


def test_bands_are_the_ledgers_intervals_with_the_reason_of_each_status():
    ledger = sample()
    shown, held = bands(timeline(ledger)), ledger.intervals()
    assert set(zip(shown["claim_id"], shown["status"], shown["from"], strict=True)) == set(
        zip(held["claim_id"], held["status"].astype(str), held["start"], strict=True)
    )
    why = shown[shown["claim_id"] == ONE].set_index("status")["rationale"]
    assert why["unverified"] == ""
    assert why["outdated"].startswith("After the Alaska summit")


@pytest.mark.parametrize("count", [20, 120])
def test_every_piece_of_evidence_is_marked_or_counted_beside_its_row(tmp_path, count):
    ledger = generated(tmp_path, count, days=2)
    chart = timeline(ledger)
    notes = [line for words in asides(chart) for line in words.split("\n") if line.startswith("+")]
    counted = sum(int(line[1:].split()[0]) for line in notes)
    assert marks(chart)["pieces"].sum() + counted == len(ledger.evidence)
    for word in {line.split()[-1] for line in notes}:
        assert f"“{word.capitalize()}”: " in told(chart)[2]


def test_marks_in_a_lane_never_touch(tmp_path):
    chart = timeline(generated(tmp_path, 30))
    for _, own in marks(chart).groupby(["row", "lane"]):
        assert own["from"].is_unique


def test_evidence_outside_a_span_is_counted_beside_the_row():
    chart = timeline(sample(), ONE, span=("2025-03-14", "2025-03-20"))
    assert asides(chart) == ["mixed\n+2 undated\n+3 earlier\n+2 later"]
    assert bands(chart)["status"].tolist() == ["supported", "mixed"]


def test_who_spoke_first_comes_first_and_claimants_stand_together(tmp_path):
    ledger = generated(tmp_path, 60, days=40)
    claims = ledger.claims.set_index("claim_id").loc[order(timeline(ledger))]
    assert len([1 for a, b in pairwise(claims["claimant"]) if a != b]) == claims["claimant"].nunique() - 1
    for _, own in claims.groupby("claimant"):
        assert own["made_on"].is_monotonic_increasing
    assert claims["made_on"].iloc[0] == claims["made_on"].min()


def test_of_claimants_who_spoke_on_one_day_a_reader_s_order_of_names_holds(tmp_path):
    names = ["Élysée", "Fax", "Paper 2", "paper 3", "Paper 10"]
    claims = [
        {"claim_id": f"c-{n}", "claim": "It rained.", "claimant": name, "made_on": "2025-03-10"}
        for n, name in enumerate(reversed(names))
    ]
    assert list(dict.fromkeys(bands(timeline(written(tmp_path, claims)))["claimant"])) == names


@pytest.mark.parametrize("sort", SORTS[1:])
def test_rows_stand_in_the_order_asked_for(tmp_path, sort):
    ledger = generated(tmp_path, 25, days=40)
    chart = timeline(ledger, sort=sort, group=None)
    settled = {status.name: status.settled for status in ledger.settings.vocabulary}
    held = ledger.intervals().drop_duplicates("claim_id", keep="last").set_index("claim_id").loc[order(chart)]
    if sort == "outcome":
        assert held["status"].cat.codes.is_monotonic_increasing
    elif sort == "last change":
        assert held["start"].is_monotonic_decreasing
    else:
        is_settled = held["status"].astype(str).map(settled)
        assert is_settled.is_monotonic_increasing


def test_a_claim_with_several_topics_stands_under_each():
    ledger = sample()
    chart = timeline(ledger, group="topic")
    topics = ledger.claims["topics"].str.split(";").explode()
    assert set(topics[topics != ""]) <= set(beside(chart))
    assert len(bands(chart)[["row"]].drop_duplicates()) == len(topics)


def test_rows_that_are_not_highlighted_pale():
    chart = timeline(sample(), highlight=ONE)
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    bars = re.findall(r'status: [^"]*; claim: ([^"]*?); claimant: [^>]*"bar"[^>]* opacity="([.\d]+)"', svg)
    assert len(bars) > 22
    words = sample().claims.set_index("claim_id")["claim"][ONE]
    assert all((opacity == "1") == (claim == words) for claim, opacity in bars)
    with pytest.raises(NotFound, match=f"Nearest: '{ONE}'"):
        timeline(sample(), highlight=["trump-positive-signal"])


def test_rows_that_would_read_the_same_end_in_their_id(tmp_path):
    claims = [
        {"claim_id": f"c-{n}", "claim": f"{'rain ' * 60}{n}", "claimant": "B.", "made_on": "2025-03-01"}
        for n in range(40)
    ]
    words = [one for one in beside(timeline(written(tmp_path, claims))) if "rain" in one]
    assert len(set(words)) == 40


def test_one_claim_is_the_title_and_its_claimant_stands_beside_the_row():
    chart = timeline(sample(), ONE)
    title, subtitle, _ = told(chart)
    assert title == "Russia has given positive signals about agreeing to a ceasefire."
    assert subtitle.startswith("Statuses of one claim and its evidence, 13 March 2025 to ")
    assert beside(chart) == ["Donald Trump"]
    description = chart.description
    assert "unverified 13 March 2025; supported 14 to 17 March 2025; " in description
    assert "outdated since 16 August 2025. Evidence: 12, 2 of them undated." in description


def test_an_unknown_claim_is_refused_with_the_nearest_and_of_one_withdrawn_it_says_why():
    with pytest.raises(NotFound, match=f"'{ONE}'"):
        timeline(sample(), ["trump-talks-productive", "trump-positive-signal"])
    with pytest.raises(InvalidValue, match="a list of such ids"):
        timeline(sample(), 5)
    ledger = sample().scratch()
    ledger.withdraw("claims", "witkoff-met-putin", why="Logged twice.")
    with pytest.raises(NotFound, match=r"It was withdrawn: Logged twice\."):
        timeline(ledger, "witkoff-met-putin")


def test_what_was_never_judged_comes_after_what_was_and_the_picture_says_that(tmp_path):
    claims = [
        {"claim_id": f"c-{n}", "claim": "Rain.", "claimant": "B.", "made_on": f"2025-03-{n % 28 + 1:02}"}
        for n in range(300)
    ]
    judged = {"claim_id": "c-0", "status": "refuted", "holds_from": "2025-03-01", "rationale": "Dry."}
    chart = timeline(written(tmp_path, claims, [judged]))
    assert "c-0" in set(bands(chart)["claim_id"])
    assert "200 of 300 claims by B.: those whose status changed last, then the newest" in told(chart)[1]


@pytest.mark.parametrize("size", ["page", "slide", "card"])
def test_the_pages_together_show_every_claim_once_those_whose_status_changed_last_first(tmp_path, size):
    ledger = generated(tmp_path, 450 if size == "page" else 12, days=200, each=1, as_of="2025-12-31")
    with pytest.raises(InvalidValue) as refused:
        timeline(ledger, size=size, page=10_000)
    pages = int(str(refused.value).split("Allowed: 1 to ")[1].rstrip("."))
    shown = [set(bands(timeline(ledger, size=size, page=page))["claim_id"]) for page in range(1, pages + 1)]
    assert len(set().union(*shown)) == sum(map(len, shown)) == len(ledger.claims)
    last = dict(ledger.intervals().groupby("claim_id")["start"].max())
    judged = set(ledger.statuses["claim_id"][ledger.statuses["status"] != "unverified"])
    for one, other in pairwise(shown):
        kept, left = one & judged, other & judged
        assert not left or min(last[claim] for claim in kept) >= max(last[claim] for claim in left)


@pytest.mark.parametrize("page", [0, -1, 2, True, 1.0, "1", None, [], {"a": 1}])
def test_a_page_that_there_is_not_is_refused(page):
    with pytest.raises(InvalidValue, match="1, on which all claims stand"):
        timeline(sample(), page=page)
    with pytest.raises(InvalidValue, match="1, on which all claims stand"):
        timeline(sample().where(claimant="nobody"), page=page, size="slide")


def test_on_a_slide_the_claimant_stands_before_each_claim_and_all_pages_have_one_axis():
    first, second = (timeline(sample(), size="slide", page=page) for page in (1, 2))
    assert any(text.startswith("Donald Trump: Russia has") for text in beside(first))
    assert not {*PEOPLE, "Donald Trump"} & set(beside(first))
    assert first.usermeta["factdesk"]["time"] == second.usermeta["factdesk"]["time"]
    assert "page 2 of " in told(second)[1]


def test_lines_from_right_to_left_are_set_one_by_one(tmp_path):
    words = "ارتفعت أسعار الخبز في العاصمة بنسبة عشرين في المئة منذ بداية العام الجاري."
    claims = [
        {"claim_id": f"c-{n}", "claim": f"{words} {n}", "claimant": "محمد", "made_on": "2025-03-10"}
        for n in (1, 2)
    ]
    chart = timeline(written(tmp_path, claims))
    lines = [line for layer in chart.layer if hasattr(layer.data, "values") for row in layer.data.values
             for line in row.get("beside", "").split("\n") if any("\u0600" < one < "\u06ff" for one in line)]  # fmt: skip
    assert len(lines) > 4
    assert all(line[0] + line[-1] == "\u2068\u2069" for line in lines)


def test_claims_with_very_much_evidence_can_be_written(tmp_path):
    sources = [
        {
            "source_id": f"s-{n}",
            "publisher": f"Paper {n}",
            "published_on": f"2025-{n // 28 + 1:02}-{n % 28 + 1:02}",
        }
        for n in range(300)
    ]
    claims = [
        {"claim_id": f"c-{n}", "claim": f"Rain {n}.", "claimant": "B.", "made_on": "2025-01-01"}
        for n in range(20)
    ]
    bears = [
        {"claim_id": claim["claim_id"], "source_id": f"s-{n}", "stance": "context"}
        for claim in claims
        for n in range(300)
    ]
    chart = timeline(written(tmp_path, claims, [], bears, sources, as_of="2026-01-01"))
    assert len(chart.to_dict()["datasets"][chart.to_dict()["data"]["name"]]) == 20 * 300 + 20


def due(folder, *on, **more):
    """A timeline of promises that are due then."""
    claims = [
        {"claim_id": f"vow-{n}", "claim": f"Bridge {n} will be built.", "claimant": "The mayor", "made_on": "2025-03-01",
         "due_on": day, "would_settle": "It is open."}
        for n, day in enumerate(on)
    ]  # fmt: skip
    given = [
        {"claim_id": "vow-0", "status": "in review", "holds_from": "2025-04-20", "rationale": "We asked."}
    ]
    return timeline(written(folder, claims, given, more="noun = 'promise'\n"), **more)


def flags(chart):
    return chart.data[chart.data["what"] == "due"].set_index("claim_id")


@pytest.mark.parametrize("gaps", [True, False])
def test_a_flag_stands_on_the_last_day_on_which_a_claim_is_due(tmp_path, gaps):
    chart = due(tmp_path, "2025-03-15", "2025-03", "", gaps=gaps)
    found = flags(chart)
    assert found["from"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-15", "2025-03-31"]
    assert found["due"].tolist() == ["15 March 2025", "March 2025"]
    assert found["lane"].tolist() == [0, 0]
    assert "the day, month or year in which a promise is due" in told(chart)[2]
    assert [row["stance"] for row in rows(chart, "stance") if len(row) == 1] == ["due"]  # in the key
    assert "Due March 2025." in chart.description


def test_a_day_to_come_stretches_no_axis_and_stands_at_the_edge_in_words(tmp_path):
    chart = due(tmp_path, "2050", "2025-03-15", "2061-02-03")
    assert days(chart).last.year == 2025
    assert asides(chart) == ["in review\ndue 2050", "unverified", "unverified\ndue 3 February 2061"]
    assert flags(chart)["lane"].isna().tolist() == [True, False, True]
    assert "Due 2050." in chart.description


def test_a_day_before_those_shown_stands_at_the_edge_too(tmp_path):
    chart = due(tmp_path, "2025-03-15", span=("2025-04-01", "2025-04-30"))
    assert asides(chart) == ["in review\ndue 15 March 2025"]


@pytest.mark.parametrize("size", ["slide", "card", "column"])
def test_flags_fit_beside_words_whatever_the_size(tmp_path, size):
    chart = due(tmp_path, *["2025-03-15", "2050"] * 4, size=size)
    assert set(flags(chart)["due"]) == {"15 March 2025", "2050"}
    assert sum("due 2050" in words for words in asides(chart)) == flags(chart)["lane"].isna().sum()


def test_where_nothing_is_due_there_is_no_flag_and_no_column_of_them():
    chart = timeline(sample())
    assert "due" not in chart.data.columns and "due" not in told(chart)[2]


def test_the_text_of_a_claim_known_by_its_year_begins_with_that(tmp_path):
    year = {"claim_id": "c", "claim": "It rained.", "claimant": "Radio", "made_on": "2025-01-01"}
    given = {"claim_id": "c", "status": "refuted", "holds_from": "2025-03-02", "rationale": "Dry."}
    chart = timeline(written(tmp_path, [{**year, "made_on_precision": "year"}], [given]))
    assert "unverified 2025 to 1 March 2025; refuted since 2 March 2025." in chart.description
