"""What all charts have in common: they compose as Altair's do, and say what they show."""

import json
import warnings

import altair as alt
import pandas as pd
import pytest
import vl_convert
from drawings import DRAWINGS
from samples import days_as_a_spreadsheet_shows_them, rain, sample

import factdesk as fd
from factdesk.charts.chart import finding, whole_caption
from factdesk.charts.rows import isolated
from factdesk.charts.status_over_time import status_over_time
from factdesk.schema import Settings

EVENT = pd.DataFrame({"date": pd.to_datetime(["2025-03-20"])})


def svg(chart):
    return vl_convert.vegalite_to_svg(chart.to_dict())


def rule(chart):
    return fd.charts.days(chart).on(alt.Chart(EVENT).mark_rule(color="#ff0000"), "date")


COMPOSED = {
    "a layer": lambda a, b: a + rule(a),
    "a layer of Altair's": lambda a, b: b + alt.Chart(EVENT).mark_rule().encode(x="date:T"),
    "beside": lambda a, b: a | b,
    "beneath": lambda a, b: a & b,
    "both": lambda a, b: (a + rule(a)) | b,
    "a width": lambda a, b: (a + rule(a)).properties(width=900),
    "a height and a title": lambda a, b: a.properties(height=400, title="Mine"),
    "a configuration": lambda a, b: a.configure_axis(labelFontSize=18),
    "a zoom": lambda a, b: a.interactive(),
    "a zoom on even days": lambda a, b: b.interactive(),
    "scales": lambda a, b: (a | b).resolve_scale(color="independent"),
    "a filter": lambda a, b: a.transform_filter("datum.status != 'refuted'"),
    "itself": lambda a, b: a | a,
}


@pytest.fixture(scope="module")
def both(sample_ledger):
    """A chart with gaps between its days, and one without."""
    return status_over_time(sample_ledger, gaps=True), status_over_time(sample_ledger, gaps=False)


@pytest.mark.parametrize("what", COMPOSED)
def test_a_chart_composes(what, both):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Automatically deduplicated")
        drawn = svg(COMPOSED[what](*both))
    assert drawn.count("9 supported") >= 1
    assert what != "a height and a title" or ("Mine" in drawn and "9 of 22" not in drawn)


def test_what_is_set_by_hand_wins(sample_ledger):
    spec = status_over_time(sample_ledger).configure_axis(labelFontSize=18).to_dict()
    assert spec["config"]["axis"]["labelFontSize"] == 18
    assert spec["config"]["title"]["fontSize"] == 17


def test_a_chart_takes_the_theme_that_is_enabled(sample_ledger):
    with alt.theme.enable("factdesk-dark"):
        dark = status_over_time(sample_ledger).to_dict()
    assert dark["config"]["background"] == "#14181d"
    assert dark["config"] == status_over_time(sample_ledger, theme="dark").to_dict()["config"]
    with alt.theme.enable("dark"):  # Altair's own
        assert "title" not in status_over_time(sample_ledger).to_dict()["config"]


def test_the_registered_themes_carry_no_colours_of_statuses():
    for name in ("light", "dark", "print"):
        with alt.theme.enable(f"factdesk-{name}"):
            assert "range" not in alt.theme.get()()["config"]


def test_a_chart_says_what_it_shows(sample_ledger):
    chart = status_over_time(sample_ledger)
    about = chart.to_dict()["usermeta"]["factdesk"]
    assert about["ledger"] == sample_ledger.title and about["digest"] == sample_ledger.digest()
    assert about["title"] == "9 of 22 claims are supported, 7 mixed"
    assert "as of 24 November 2026" in about["caption"]
    assert list(chart.data.columns[:4]) == ["date", "status", "claims", "share"]


def test_a_chart_says_how_many_rows_are_left_out(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    ledger.log("It rained.", claimant="Radio", made_on="2025-03-01")
    with (tmp_path / "claims" / "statuses.csv").open("a") as file:
        file.write("t-1,no-such-claim,refuted,2025-03-02,why,,,2025-03-02T00:00:00.000000Z,Ada,\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = fd.open(tmp_path / "claims.csv")
    assert again.left_out == 1
    assert "1 status can't be read and is left out." in whole_caption("", again)


def test_days_and_numbers_are_written_as_a_locale_asks(sample_ledger):
    german = status_over_time(sample_ledger, locale="de")
    assert german.to_dict()["config"]["locale"]["time"]["months"][2] == "März"
    assert "März 2025" in svg(german)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "No promises yet"),
        ({"supported": 1}, "The only promise is supported"),
        ({"supported": 3}, "All 3 promises are supported"),
        ({"in review": 20, "refuted": 1}, "1 of 21 promises is refuted, 20 in review"),
        ({"supported": 2, "refuted": 2, "mixed": 1}, "5 promises in 3 statuses"),
        ({"supported": 4, "refuted": 2, "mixed": 2}, "4 of 8 promises are supported"),
    ],
)
def test_a_headline_names_what_is_settled_first_and_never_one_of_several_that_tie(counts, said):
    assert finding(counts, Settings(noun="promise")) == said


def test_a_status_from_right_to_left_keeps_to_itself_in_a_sentence():
    assert isolated("صحيح").startswith("\N{FIRST STRONG ISOLATE}")
    assert isolated("supported") == "supported"


REFUSED = [
    ("status_over_time", {"height": "tall"}, "height"), ("status_over_time", {"every": "fortnight"}, "every"),
    ("status_over_time", {"by": "party"}, "by"), ("status_over_time", {"what": "given up"}, "what"),
    ("timeline", {"sort": "oldest"}, "sort"), ("timeline", {"group": "publisher"}, "group"),
    ("claimants", {"status": "refutd"}, "nearest: 'refuted'"), ("claimants", {"day": "someday"}, "day"),
    ("claimants", {"interval": True, "share": False}, "only of shares"),
    ("claimants", {"day": "2026-11-25"}, "ledger covers, 2025-.* to 2026-11-24"),
    ("claimants", {"day": "2025-01-01"}, "ledger covers, 2025-.* to 2026-11-24"),
    ("evidence", {"claims": "trump-positive"}, "Nearest"), ("evidence", {"claims": 3}, "the id of a claim"),
    ("time_to_status", {"by": "author"}, "claimant, kind, topic"),
    ("time_to_status", {"to": "refutd"}, "nearest: 'refuted'"), ("time_to_status", {"to": []}, "supported"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options", "allowed"), REFUSED)
def test_what_is_not_allowed_is_refused_with_what_is(name, options, allowed, sample_ledger):
    with pytest.raises(fd.FactdeskError, match=allowed):
        fd.charts.CHARTS[name](sample_ledger, **options)


LACKS = {"transitions": "changes of status", "repeats": "repetitions", "evidence": "evidence"}
"""What a ledger of one claim lacks for a chart."""


@pytest.mark.parametrize("name", sorted({*DRAWINGS} - {"claim_card"}))
def test_a_ledger_without_claims_or_what_is_drawn_of_them_says_so(name, tmp_path):
    ledger = fd.create(tmp_path / "new.csv", title="New", by="Ada Quist")
    what = "statuses" if name.endswith("-given") else "claims"
    assert f">No {what} yet." in svg(DRAWINGS[name](ledger))
    if name in LACKS:
        ledger.log("It rained.", claimant="Radio", made_on="2025-03-10")
        assert DRAWINGS[name](ledger).title.text == [f"No {LACKS[name]} yet"]


def test_text_from_a_ledger_is_never_an_expression(tmp_path):
    hostile = "'] + alert(1) + ['"
    toml = f'\n[[status]]\nname = "open"\nsettled = false\n[[status]]\nname = {json.dumps(hostile)}\nlabel = {json.dumps(hostile)}\nrating = 1\n'
    fd.create(tmp_path / "claims.csv", title=hostile, by="Ada Quist")
    settings = tmp_path / "claims" / "ledger.toml"
    settings.write_text(settings.read_text("utf-8") + toml, "utf-8")
    ledger = fd.open(tmp_path / "claims.csv", by="Ada Quist")
    claim = ledger.log(hostile, claimant=hostile, made_on="2025-03-01")
    ledger.set_status(claim, hostile, holds_from="2025-03-02", rationale="x")
    assert "alert(1)" in svg(status_over_time(ledger, by="claimant"))


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """The sample, a third of its statuses with days as a spreadsheet shows them."""
    path = sample(tmp_path_factory.mktemp("damaged"))
    days_as_a_spreadsheet_shows_them(path.with_suffix("") / "statuses.csv", slice(None, None, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        return fd.open(path)


def drawn(name, ledger):
    if name == "time_to_status":  # of fewer than twenty claims there is no curve
        pytest.skip("the sample has too few claims left for a curve")
    one = {"claim_id": sorted(ledger.unread.claims)[0]} if name == "claim_card" else {}
    return fd.charts.CHARTS[name](ledger, **one)


@pytest.mark.parametrize("name", fd.charts.CHARTS)
def test_every_chart_counts_apart_what_can_not_be_read(name, damaged):
    chart = drawn(name, damaged)
    about = chart.to_dict()["usermeta"]["factdesk"]
    assert about["unread"] == str(damaged.unread) and about["unread"] in about["caption"]
    rows = pd.DataFrame(chart.data)
    if "claim_id" in rows and "status" in rows:
        assert not set(rows["claim_id"][rows["status"].notna()]) & damaged.unread.claims
    if name in ("status_over_time", "timeline", "claimants"):
        assert "11 can't be read" in about["title"]


@pytest.mark.parametrize("by", ["claimant", "topic", None])
def test_a_status_that_can_not_be_read_is_in_no_count(by, damaged):
    chart = fd.charts.status_over_time(damaged, by=by, share=False)
    if by is None:
        assert chart.data[chart.data["date"] == chart.data["date"].max()]["claims"].sum() == 11
    assert "11 claims, 11 can't be read" in chart.usermeta["factdesk"]["subtitle"]
    fares = fd.charts.claimants(damaged)
    assert fares.usermeta["factdesk"]["subtitle"].count("11 claims, 11 can't be read") == 1


@pytest.mark.parametrize("name", sorted({*fd.charts.CHARTS} - {"claim_card", "status_over_time"}))
def test_a_view_of_no_claims_is_said_to_be_one(name, sample_ledger):
    chart = fd.charts.CHARTS[name](sample_ledger.where(claimant="nobody"))
    assert chart.usermeta["factdesk"]["title"] == "No claims in this view of the ledger"


@pytest.mark.parametrize("name", ["status_over_time", "timeline", "claim_card", "claimants", "repeats"])
def test_where_no_status_can_be_read_no_chart_says_that_there_are_no_claims(name, tmp_path):
    ledger = rain(tmp_path)
    ledger.set_status("snow", "refuted", holds_from="2025-03-11", rationale="It was sleet.")
    days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    title = drawn(name, ledger.refresh()).usermeta["factdesk"]["title"]
    whose = "this claim is known: 1" if name == "claim_card" else "these 2 claims is known: 2"
    assert title == f"No status of {whose} can't be read"


def test_a_sound_chart_records_nothing_unread(sample_ledger):
    assert "unread" not in status_over_time(sample_ledger).usermeta["factdesk"]
