"""The desk in Python: what it shows, sends and says, without a browser."""

import html
import json
import os
import re
import subprocess
import sys
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import factdesk as fd
from factdesk.desk.desk import LISTED, workbench
from factdesk.desk.forms import Ticks
from factdesk.desk.picture import VEGA_LITE, on_both_grounds
from factdesk.errors import FactdeskWarning, NotFound
from factdesk.pages import claim
from factdesk.schema import CLAIMS

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = [
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}",
    "<style>*{display:none}</style>", "&lt;b&gt;", "' onmouseover='alert(1)", "</p></div><iframe src=//x>",
]  # fmt: skip


@pytest.fixture
def ledger():
    """A copy of the sample ledger."""
    return fd.open(ROOT / "claims.csv", by="Ada Quist").scratch()


@pytest.fixture(scope="module")
def shown(sample_ledger):
    """A desk of the sample ledger, to look at."""
    return workbench(sample_ledger)


@pytest.fixture
def empty(tmp_path):
    return fd.create(tmp_path / "new.csv", title="New", by="Ada Quist")


def fill(form, **typed):
    for name, value in typed.items():
        form.fields[name].value = value
    form.button.click()


def error(form, name):
    return form._errors[name].value


class Tags(HTMLParser):
    """The tags and addresses of a piece of HTML."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.links, self.others = set(), [], set()
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.others |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in ("href", "src")]


# What it shows


def test_the_first_claim_is_shown_whole(shown):
    assert shown.chosen == "trump-positive-signals"
    assert "Russia has given positive signals about agreeing to a ceasefire." in shown._words.value
    assert "Donald Trump, President of the United States" in shown._words.value
    assert "since 16 August 2025" in shown._words.value
    assert shown._history.value.count("<li>") == 4
    assert "Russia agreed to pause strikes on energy targets" in shown._history.value
    stances = re.findall(r"(Supports|Refutes|Mixed|Context)", shown._evidence.value)
    assert stances == ["Supports", "Refutes", "Mixed", "Context"]
    assert "“good signals”" in shown._evidence.value


def test_a_claim_in_the_list_has_its_words_its_status_and_its_claimant(shown):
    row = shown._claims.rows[0]
    assert (row["claim"], row["who"], row["day"]) == (
        "Russia has given positive signals about agreeing to a ceasefire.", "Donald Trump", "13 March 2025",
    )  # fmt: skip
    assert (row["sign"], row["word"]) == ("◌", "outdated")


def test_the_list_follows_the_words_searched_for(shown):
    shown._search.value = "putin NATO"
    assert [row["who"] for row in shown._claims.rows] == ["Vladimir Putin"]
    shown._search.value = "no such words"
    assert (shown._claims.rows, shown._claims.note) == ([], "No claim has these words.")
    assert shown.chosen == "trump-positive-signals"
    shown._search.value = ""
    assert len(shown._claims.rows) == 22


def test_of_two_thousand_claims_a_few_hundred_reach_the_browser(empty):
    many = pd.DataFrame({"claim": [f"Claim number {n}." for n in range(2_000)]})
    many["claim_id"] = [f"claim-{n}" for n in range(2_000)]
    rows = many.assign(claimant="The Daily", logged_at="2025-03-14T12:00:00.000000Z").reindex(
        columns=CLAIMS.names
    )
    rows.to_csv(empty.path, index=False, lineterminator="\n")
    desk = workbench(fd.open(empty.path))
    assert len(desk._claims.rows) == LISTED
    assert desk._claims.note == "and 1,800 more: search to narrow the list"
    desk.choose("claim-1900")
    assert len(desk._claims.rows) == LISTED
    assert "claim-1900" in [row["id"] for row in desk._claims.rows]
    desk._search.value = "claim-177"
    assert {row["id"] for row in desk._claims.rows} == {"claim-177"} | {f"claim-177{n}" for n in range(10)}
    assert "and 1,960 more" in desk._readable_form()["text/html"]


def test_choosing_a_claim_that_is_not_there_is_refused_and_the_nearest_named(shown):
    with pytest.raises(NotFound) as caught:
        shown.choose("trump-positive-signal")
    assert "trump-positive-signals" in caught.value.near
    for nothing in ("\ud800", "", "no-such-claim", "\0"):
        with pytest.raises(fd.FactdeskError):
            shown.choose(nothing)


def test_an_empty_ledger_says_so_and_offers_to_log(empty):
    desk = workbench(empty)
    assert "No claims yet" in desk._head.value
    assert desk._claims.note == "No claims yet."
    assert desk._areas["log"].layout.display is None
    fill(desk._log, claim="It rained.", claimant="The Daily")
    assert desk.chosen == empty.claims["claim_id"][0]
    assert desk._areas["log"].layout.display == "none"


def controls(desk):
    seen, waiting = [], [desk]
    while waiting:
        one = waiting.pop()
        seen.append(one)
        waiting += getattr(one, "children", ())
    return seen


def test_a_view_is_shown_without_forms(sample_ledger):
    desk = workbench(sample_ledger.where(claimant="Donald Trump"))
    there = controls(desk)
    assert not any(form in there for form in (desk._log, desk._attach, desk._status))
    assert any("can only be read" in str(getattr(one, "value", "")) for one in there)
    assert {row["who"] for row in desk._claims.rows} == {"Donald Trump"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may do everything can write everywhere")
def test_a_ledger_in_a_place_that_cannot_be_written_is_shown_without_forms(ledger):
    folder = ledger.path.with_suffix("")
    folder.chmod(0o555)
    try:
        desk = workbench(fd.open(ledger.path))
    finally:
        folder.chmod(0o755)
    assert desk._status not in controls(desk)


def test_every_control_has_a_label(shown):
    for control in (*shown._log.fields.values(), *shown._attach.fields.values()):
        assert control.description
        assert control.tooltip


# What it writes


def test_a_claim_is_logged_sourced_and_judged(ledger):
    desk = workbench(ledger)
    fill(desk._log, claim="The river was high.", claimant="A. Mariner", made_on="2025-03-12")
    assert "Saved to claims.csv" in desk._news.value
    assert "ledger.log(&#x27;The river was high.&#x27;, claimant=&#x27;A. Mariner&#x27;" in desk._news.value
    assert desk._log.values["claim"] == ""

    fill(desk._attach, url="https://example.org/gauge", stance="supports", quote="the highest level")
    assert "Saved to claims.csv" in desk._attach.notice.value
    assert "the highest level" in desk._evidence.value

    ticks = desk._status.fields["evidence"]
    ticks.children[1].value = True
    fill(desk._status, status="supported", rationale="The gauge says so.", holds_from="2025-03-13")
    assert "Saved to claims.csv" in desk._status.notice.value
    read = fd.open(ledger.path)
    given = read.statuses.iloc[-1]
    assert (given["claim_id"], given["status"]) == (desk.chosen, "supported")
    assert given["evidence"] == read.evidence["evidence_id"].iloc[-1]
    assert "supported" in desk._words.value


def test_a_promise_is_logged_with_its_day_and_a_wrong_one_stands_beside_its_field(ledger):
    desk = workbench(ledger)
    fill(desk._log, claim="A dyke will be built.", claimant="A. Mariner", due_on="June 2031")
    assert "meant may be 2031-06" in error(desk._log, "due_on")
    fill(desk._log, due_on="2031-06", would_settle="The sea stays out.")
    assert "due_on=&#x27;2031-06&#x27;" in desk._news.value
    assert "Due June 2031 · Would settle it: " in desk._words.value


def test_the_call_that_is_told_does_the_same(ledger):
    desk = workbench(ledger)
    fill(desk._status, status="refuted", rationale="It's “over”; \\ done.", gaps="line one\nline two")
    code = re.search(r"<code>(.*?)</code>", desk._status.notice.value, flags=re.DOTALL)[1]
    other = fd.open(ROOT / "claims.csv").scratch()
    eval(html.unescape(code), {"ledger": other})
    columns = ["claim_id", "status", "rationale", "gaps", "evidence", "holds_from"]
    assert other.statuses[columns].iloc[-1].tolist() == ledger.statuses[columns].iloc[-1].tolist()


def test_what_stands_already_is_not_called_saved(ledger):
    desk = workbench(ledger)
    typed = {"status": "mixed", "rationale": "Both are said.", "holds_from": "2025-09-01"}
    fill(desk._status, **typed)
    fill(desk._status, **typed)
    assert "It stands in claims.csv already" in desk._status.notice.value


def test_a_known_source_is_chosen_by_its_name(ledger):
    desk = workbench(ledger)
    name = desk._attach.fields["url"].options[-1]
    fill(desk._attach, url=name, stance="context", quote="a new quote")
    assert ledger.evidence["source_id"].iloc[-1] == ledger.sources["source_id"].iloc[0]


WRONG = [
    ("log", {"claim": "", "claimant": "The Daily"}, "claim", "Needed: the proposition"),
    ("log", {"claim": "It rained.", "claimant": "x", "made_on": "14/03/2025"}, "made_on", "2025-03-14"),
    ("log", {"claim": "It rained.", "claimant": "x", "made_on": "2999-01-01"}, "made_on", "a day up to"),
    ("log", {"claim": "It rained.", "claimant": "x", "appearance": "ftp://x"}, "appearance", "http://"),
    ("log", {"claim": "It rained.", "claimant": "x", "appearance": "/etc/hostname"}, "appearance", "http://"),
    ("log", {"claim": "It rained.", "claimant": "x", "appearance": "claims.csv"}, "appearance", "known source"),
    ("attach", {"url": "", "stance": "supports"}, "url", "Needed"),
    ("attach", {"url": "https://example.org", "stance": ""}, "stance", "Needed: what the document does"),
    ("attach", {"url": "https://example.org", "stance": "mixed", "published_on": "May"}, "published_on", "YYYY"),
    ("status", {"status": "", "rationale": "Why not."}, "status", "Needed: what is held"),
    ("status", {"status": "mixed", "rationale": "  "}, "rationale", "Needed: why"),
    ("status", {"status": "mixed", "rationale": "x", "holds_from": "1/2/25"}, "holds_from", "YYYY-MM-DD"),
]  # fmt: skip


def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(ledger):
    desk, before = workbench(ledger), ledger.digest()
    forms = {"log": desk._log, "attach": desk._attach, "status": desk._status}
    for name, typed, column, message in WRONG:
        form = forms[name]
        form.values = {}
        fill(form, **typed)
        assert message in error(form, column), typed
        assert [name for name in form.fields if error(form, name)] == [column], typed
        assert {name: form.values[name] for name in typed} == typed
    assert ledger.digest() == before


def test_an_error_without_a_field_stands_beside_the_button(ledger):
    desk = workbench(ledger)
    fill(desk._attach, url="nowhere.pdf", stance="supports")
    assert "There is no source" in desk._attach.notice.value
    assert desk._attach.values["url"] == "nowhere.pdf"


def test_a_claim_withdrawn_by_a_colleague_is_named_and_then_shown_no_more(ledger):
    desk = workbench(ledger)
    fd.open(ledger.path).withdraw("claims", desk.chosen, why="logged twice")
    fill(desk._status, status="mixed", rationale="Both are said.")
    assert "It was withdrawn" in desk._status.notice.value
    assert desk._status.values["rationale"] == "Both are said."
    fill(desk._log, claim="It rained.", claimant="The Daily")
    assert "Saved to claims.csv" in desk._news.value
    assert "It rained." in desk._words.value
    assert "trump-positive-signals" not in [row["id"] for row in desk._claims.rows]


def test_warnings_are_shown_and_do_not_go_astray(ledger):
    desk = workbench(ledger)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FactdeskWarning)
        fill(desk._status, status="mixed", rationale="zero\u200bwidth", holds_from="2025-03-15")
    assert "taken out: U+200B" in desk._status.notice.value
    assert "still stands" in desk._status.notice.value


def test_what_a_colleague_wrote_is_shown_after_the_next_call(ledger):
    desk = workbench(ledger)
    fd.open(ledger.path, by="B").log("It snowed.", claimant="The Daily", claim_id="snow")
    fill(desk._status, status="mixed", rationale="Both are said.")
    assert "snow" in [row["id"] for row in desk._claims.rows]


def test_what_is_typed_about_a_claim_stays_with_that_claim(ledger):
    desk = workbench(ledger)
    desk._status.fields["rationale"].value = "half a thought"
    desk._status.fields["evidence"].children[2].value = True
    ticked = desk._status.values["evidence"]
    desk._log.fields["claim"].value = "half a claim"
    desk.choose("trump-talks-productive")
    assert not any(desk._status.values.values())
    assert desk._log.values["claim"] == "half a claim"
    desk.choose("trump-positive-signals")
    fill(desk._attach, url="https://example.org/a", stance="context")
    assert desk._status.values["rationale"] == "half a thought"
    assert desk._status.values["evidence"] == ticked != ()


def test_boxes_to_tick_are_used_again():
    ticks = Ticks("Evidence")
    ticks.offer({"a": "one", "b": "two"})
    ticks.children[1].value = True
    assert ticks.value == ("a",)
    first = ticks.children
    ticks.offer({"c": "three"})
    assert (ticks.value, ticks.children[1]) == ((), first[1])
    ticks.value = ("c", "gone")
    assert ticks.value == ("c",)


# Its charts


def chart_of(picture):
    return picture.outputs[0]["data"][VEGA_LITE]


def test_charts_are_drawn_once_the_browser_says_how_wide_and_again_after_each_call(ledger):
    desk = workbench(ledger)
    assert desk._over_time.outputs == ()
    desk._claims.widths = (900, 600)
    before = json.dumps([chart_of(desk._over_time), chart_of(desk._timeline)])
    assert "light-dark(#2b825a, #059763)" in before
    assert "http" not in before.replace("https://vega.github.io", "")
    fill(desk._status, status="refuted", rationale="It did not happen.", holds_from="2025-09-01")
    assert "refuted" in chart_of(desk._timeline)["description"]
    assert "2 refuted" in chart_of(desk._over_time)["description"]
    assert json.dumps(chart_of(desk._over_time)) not in before


def test_one_specification_stands_for_both_grounds():
    light = {"mark": {"fill": "#FFF"}, "data": [{"text": "#1", "colour": "#abcdef"}], "n": 1}
    dark = {"mark": {"fill": "#000"}, "data": [{"text": "#1", "colour": "#abcdef"}], "n": 1}
    assert on_both_grounds(light, dark) == {**light, "mark": {"fill": "light-dark(#FFF, #000)"}}


# Where no kernel runs


def test_a_saved_desk_is_a_readable_table(shown):
    saved = shown._repr_mimebundle_()
    assert set(saved) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert saved["text/plain"] == "Desk of “Ceasefire claims, March 2025”, at trump-positive-signals"
    assert saved["text/html"].count("<tr>") == 1 + 22
    assert "Kremlin&#x27;s spokesman" in saved["text/html"]
    assert {"form", "input", "button", "script"} & Tags(saved["text/html"]).tags == set()


def test_executed_twice_a_notebook_has_the_same_outputs(tmp_path):
    code = """if True:
        import json, factdesk as fd
        from factdesk.desk import desk
        shown = []
        desk.display = lambda data, **options: shown.append(data)
        desk.workbench(fd.open("claims.csv"))._ipython_display_()
        print(json.dumps(shown))"""
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                       env={**os.environ, "PYTHONPATH": str(ROOT / "src")}).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert "widget-view" in runs[0]


# Hostile text


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), min_size=9, max_size=9))
def test_whatever_stands_in_a_cell_is_text(hostile):
    row = pd.Series(dict(zip(
        ["quote", "translation", "title", "note", "publisher", "place", "url", "type", "reliability"], hostile,
        strict=True)))  # fmt: skip
    row["published_on"], row["credibility"] = pd.NaT, "1"
    row["reliability"], row["type"] = "A", "news"
    made = Tags(claim.piece(row))
    assert made.tags <= {"li", "span", "br", "a", "abbr"}
    assert made.others <= {"class", "title", "href", "target", "rel", "dir", "data-at"}
    assert all(re.match("https?://", link, re.IGNORECASE) for link in made.links)


def test_hostile_claims_stay_text_in_every_part(empty):
    hostile = " ".join(HOSTILE)
    words = dict.fromkeys(("claimant", "quote", "note", "claimant_role"), hostile)
    claim = empty.log(hostile, claim_id="hostile", **words)
    empty.repeat(claim, made_on="2025-03-11", quote=hostile)
    words = dict.fromkeys(("quote", "publisher", "title"), hostile)
    empty.attach(claim, "https://example.org/'x", stance="refutes", **words)
    empty.set_status(claim, "refuted", rationale=hostile, gaps=hostile)
    desk = workbench(empty)
    parts = [desk._head, desk._words, desk._evidence, desk._history]
    made = Tags("".join(part.value for part in parts) + desk._readable_form()["text/html"])
    assert {"script", "img", "iframe", "b"} & made.tags <= {"b"}
    assert not any(name.startswith("on") for name in made.others)
    assert made.links and all(link.startswith("https://example.org/") for link in made.links)


def test_a_link_leads_to_the_web_only_and_tells_nobody_where_from():
    assert claim.link("https://example.org/a", "read") == (
        '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer">read ↗</a>'
    )
    for address in ("javascript:alert(1)", "data:text/html,x", "//example.org", "", "ftp://x", " https://x"):
        assert claim.link(address, "read") == ""
