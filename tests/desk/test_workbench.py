"""The desk in Python: what it answers a browser, and what it shows where none is."""

import os
import re
import subprocess
import sys
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import samples

import factdesk as fd
from factdesk.errors import FactdeskWarning, InvalidValue, NotFound

ROOT = Path(__file__).resolve().parents[2]
FIRST = "trump-positive-signals"
HOSTILE = " ".join([
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}",
    "<style>*{display:none}</style>", "&lt;b&gt;", "' onmouseover='alert(1)", "</p></div><iframe src=//x>",
])  # fmt: skip


@pytest.fixture
def empty(tmp_path):
    return fd.create(tmp_path / "new.csv", title="New", by="Ada Quist")


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


def test_the_first_claim_is_shown_whole(front):
    opened = front.ask("open")
    claim = opened["claim"]
    assert (claim["id"], front.desk.selected) == (FIRST, FIRST)
    assert claim["cells"]["claimant_role"] == "President of the United States"
    assert claim["since"] == "2025-08-16"
    assert claim["held"][-1]["holds_from"] == "2025-08-16"
    stances = list(dict.fromkeys(one["stance"] for one in claim["evidence"]))
    assert stances == ["supports", "refutes", "mixed", "context"]
    assert opened["place"] == "claims.csv" and opened["by"] == "Ada Quist" and not opened["is_scratch"]


def test_a_scratch_copy_says_that_nothing_is_kept(at_desk, ledger):
    assert at_desk(ledger.scratch()).ask("open")["is_scratch"]


def test_selected_and_day_are_read_and_set_in_python(front):
    front.desk.selected = "trump-talks-productive"
    assert front.ask("claim")["claim"]["id"] == "trump-talks-productive"
    front.desk.day = "2025-03-15"
    found = front.ask("list")
    assert (found["day"], sum(found["counts"])) == ("2025-03-15", len(front.ledger.status_on("2025-03-15")))
    with pytest.raises(InvalidValue):
        front.desk.day = "15 March"
    assert front.desk.day == "2025-03-15"
    front.desk.day = ""


def test_choosing_a_claim_that_is_not_there_is_refused_and_the_nearest_named(front):
    with pytest.raises(NotFound) as caught:
        front.desk.selected = "trump-positive-signal"
    assert FIRST in caught.value.near
    for nothing in ("\ud800", "no-such-claim", "\0"):
        with pytest.raises(fd.FactdeskError):
            front.desk.selected = nothing
    assert "Nearest" in front.ask("claim", claim_id="trump-positive-signal")["refused"]["message"]
    assert front.desk.selected == FIRST


def test_rows_are_sent_a_page_at_a_time(tmp_path, at_desk):
    front = at_desk(samples.generated(tmp_path, 500))
    page = front.ask("rows", query={}, start=120, most=60, at="claim-130")
    assert (page["total"], page["index"], len(page["rows"])) == (500, 130, 60)
    assert page["rows"][10]["id"] == "claim-130"
    assert len(front.ask("rows", query={}, most=10_000)["rows"]) == 200


def test_an_earlier_day_is_for_reading_only_as_it_held_and_as_it_was_known(front):
    found = front.ask("when", day="2025-03-15", as_known=False)
    assert found["claim"]["status"] == front.ledger.settings.statuses.index("supported")
    assert all(one["holds_from"] <= "2025-03-15" for one in found["claim"]["held"])
    assert all(one["published_on"] <= "2025-03-15" for one in found["claim"]["evidence"])
    refused = front.write("status", status="mixed", rationale="Why not.")["refused"]["message"]
    assert "only be read" in refused
    known = front.ask("when", day="2025-03-15", as_known=True)  # it was written down later
    assert (known["claims"], known["claim"]) == (0, None)
    assert front.ask("when", day="", as_known=False)["claims"] == 22


def test_an_empty_ledger_says_so_and_takes_its_first_claim(empty, at_desk):
    front = at_desk(empty)
    opened = front.ask("open")
    assert (opened["none"], opened["claim"], opened["over_time"]["at"]) == ("No claims yet", None, [])
    front.write("log", claim="It rained.", claimant="The Daily")
    assert front.desk.selected == empty.claims["claim_id"][0]


def test_a_view_can_only_be_read(ledger, at_desk):
    front = at_desk(ledger.where(claimant="Donald Trump"))
    assert "only be read" in front.ask("open")["reads_only"]
    assert {row["who"] for row in front.rows()} == {"Donald Trump"}
    assert "only be read" in front.write("log", claim="It rained.", claimant="x")["refused"]["message"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may do everything can write everywhere")
def test_a_ledger_in_a_place_that_cannot_be_written_is_shown_to_be_read(ledger, at_desk):
    folder = ledger.path.with_suffix("")
    folder.chmod(0o555)
    try:
        assert "can’t be written" in at_desk(fd.open(ledger.path)).ask("open")["reads_only"]
    finally:
        folder.chmod(0o755)


def test_a_row_is_offered_with_what_stands_in_it(front):
    fields = {one["name"]: one for one in front.ask("cells", table="claims", row=FIRST)["fields"]}
    assert fields["claimant"]["value"] == "Donald Trump" and fields["claim"]["needed"]
    assert "claim_id" not in fields and "logged_by" not in fields
    assert "no row of claims" in front.ask("cells", table="claims", row="gone")["refused"]["message"]


def test_findings_lead_to_their_claims(front):
    front.ledger.set_status(FIRST, "mixed", rationale="x", evidence=front.ledger.evidence["evidence_id"][0])
    front.ledger.withdraw("evidence", front.ledger.evidence["evidence_id"][0], why="gone")
    found = front.ask("findings")
    assert found["found"] and found["findings"][0]["claim_id"] == FIRST


# Others, who write too


def test_what_a_colleague_wrote_is_named_and_shown(front):
    front.ask("open")
    assert front.ask("look").keys() == {"to"}
    other = fd.open(front.ledger.path, by="Ben Roe")
    other.log("It snowed.", claimant="The Daily", claim_id="snow")
    other.set_status(FIRST, "refuted", rationale="It did not happen.")
    found = front.ask("look")
    assert sorted(found["news"]) == ["Ben Roe gave a status here", "Ben Roe logged a claim"]
    assert found["claim"]["held"][-1]["rationale"] == "It did not happen."
    assert "snow" in [row["id"] for row in front.rows()]
    assert front.ask("look").keys() == {"to"}


def test_a_claim_withdrawn_by_a_colleague_is_named_and_then_shown_no_more(front):
    fd.open(front.ledger.path).withdraw("claims", FIRST, why="logged twice")
    refused = front.write("status", status="mixed", rationale="Both are said.")["refused"]["message"]
    assert "It was withdrawn" in refused
    front.ask("look")
    assert front.desk.selected != FIRST
    assert FIRST not in [row["id"] for row in front.rows()]


def test_who_writes_can_be_said_at_the_desk(front):
    assert front.ask("by", name=" Cleo Vance ")["by"] == "Cleo Vance"
    assert "name of who writes" in front.ask("by", name="  ")["refused"]["message"]
    front.write("log", claim="It rained.", claimant="The Daily")
    assert front.ledger.claims["logged_by"].iloc[-1] == "Cleo Vance"


def test_a_question_that_is_none_is_passed_over(front):
    front.desk._asked(None, {"ask": 1, "do": "__class__"}, [])
    front.desk._asked(None, {"do": "open"}, [])
    assert front.sent == []


# Drafts


def test_what_is_typed_comes_back_in_a_new_desk_and_goes_once_it_is_thrown_away(front, at_desk):
    typed = {"claim": "half a th", "claimant": "A"}
    front.ask("draft", name="log", typed=typed)
    front.ask("draft", name=f"status:{FIRST}", typed={"rationale": "half a reason"})
    again = at_desk(fd.open(front.ledger.path))
    assert again.ask("open")["drafts"] == {"log": typed, f"status:{FIRST}": {"rationale": "half a reason"}}
    again.ask("draft", name="log", typed={})
    assert list(at_desk(fd.open(front.ledger.path)).ask("open")["drafts"]) == [f"status:{FIRST}"]


# Where no kernel runs


def test_a_saved_desk_is_a_readable_table(front):
    saved = front.desk._repr_mimebundle_()
    assert set(saved) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert saved["text/plain"] == f"Desk of “Ceasefire claims, March 2025”, at {FIRST}"
    assert saved["text/html"].count("<tr>") == 1 + 20
    assert "20 of 22 claims" in saved["text/html"]
    assert "Kremlin&#x27;s spokesman" in saved["text/html"]
    assert {"form", "input", "button", "script"} & Tags(saved["text/html"]).tags == set()


def test_executed_twice_a_notebook_has_the_same_outputs():
    code = """if True:
        import json, factdesk as fd
        import IPython.display
        shown = []
        IPython.display.display = lambda data, **options: shown.append(data)
        fd.workbench(fd.open("claims.csv"))._ipython_display_()
        print(json.dumps(shown))
        import sys
        assert "altair" not in sys.modules"""
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                       env={**os.environ, "PYTHONPATH": str(ROOT / "src")}).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert "widget-view" in runs[0]


def test_hostile_claims_stay_text_in_what_is_saved_and_lead_nowhere(empty, at_desk):
    words = dict.fromkeys(("claimant", "quote", "note", "claimant_role"), HOSTILE)
    claim = empty.log(HOSTILE, claim_id="hostile", **words)
    empty.repeat(claim, made_on="2025-03-11", quote=HOSTILE)
    words = dict.fromkeys(("quote", "publisher", "title"), HOSTILE)
    empty.attach(claim, "https://example.org/'x", stance="refutes", **words)
    empty.set_status(claim, "refuted", rationale=HOSTILE, gaps=HOSTILE)
    front = at_desk(empty)
    made = Tags(front.desk._readable_form()["text/html"])
    assert not {"script", "img", "iframe"} & made.tags
    assert not any(name.startswith("on") for name in made.others)
    assert made.links and all(link.startswith("https://example.org/") for link in made.links)
    assert front.ask("open")["claim"]["evidence"][0]["at"].startswith("https://example.org/")


def test_what_can_not_be_read_is_counted_apart(tmp_path, at_desk):
    ledger = samples.rain(tmp_path)
    samples.days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FactdeskWarning)
        opened = at_desk(ledger.refresh()).ask("open")
    unread = len(opened["statuses"]) - 1
    assert opened["statuses"][unread]["label"] == "can't be read" and opened["counts"][unread] == 1
    assert (opened["claim"]["status"], opened["claim"]["held"]) == (unread, [])
    assert re.search("1 status can't be read", opened["unread"])


def test_days_known_by_their_month_or_year_are_sent_as_that(tmp_path, at_desk):
    ledger = samples.rain(tmp_path)
    ledger.log("It hailed.", claimant="Radio", made_on="2025-03", claim_id="hail")
    front = at_desk(ledger)
    row = {row["id"]: row for row in front.rows()}["hail"]
    assert (row["made"], row["precision"]) == ("2025-03-01", "month")
    assert front.ask("claim", claim_id="hail")["claim"]["cells"]["made_on"] == "2025-03"
    assert front.ask("cells", table="claims", row="hail")["fields"][3]["value"] == "2025-03"
    assert isinstance(ledger.claims, pd.DataFrame)


# Parts that stand alone


def test_each_part_is_the_desk_that_shows_only_it(ledger, at_desk):
    one = at_desk(ledger, lambda: fd.desk.claim(ledger, "trump-talks-productive"))
    assert (one.ask("open")["part"], one.desk.selected) == ("claim", "trump-talks-productive")
    saved = one.desk._readable_form()["text/html"]
    assert "<tr>" not in saved and "very good and productive" in saved
    listed = fd.desk.claims(ledger)
    listed.day = "2025-03-15"
    assert listed._readable_form()["text/html"].count("<tr>") == 1 + 20
    with pytest.raises(NotFound):
        fd.desk.claim(ledger, "no-such-claim")


def test_the_reader_shows_an_article_that_was_read_and_logs_it_only_into_a_ledger(ledger, at_desk):
    article = fd.read_article("He got positive signals from Moscow.")
    alone = at_desk(ledger, lambda: fd.desk.reader(article)).ask("open")
    assert alone["reads_only"] and alone["article"]["text"] == article.text and not alone["article"]["logged"]
    beside = at_desk(ledger, lambda: fd.desk.reader(article, ledger)).ask("open")
    assert not beside["reads_only"] and beside["article"]["logged"][0]["id"] == FIRST
    assert at_desk(ledger, lambda: fd.desk.reader(ledger)).ask("open")["article"] is None
