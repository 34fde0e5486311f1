"""The terminal: each command is the call of the same name, with an exit status."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import samples

import factdesk as fd
from factdesk import cli

ROOT = samples.ROOT


@pytest.fixture
def sample(tmp_path, monkeypatch):
    samples.sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def spoil(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def test_check_names_the_place_the_value_and_what_is_allowed_also_as_json(sample, capsys):
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out == "claims.csv: nothing is wrong.\n"
    spoil(sample / "claims" / "statuses.csv", ",supported,", ",\x1b[sup\u202eported,")
    assert cli.main(["check", "claims.csv"]) == 1
    printed = capsys.readouterr()
    assert "error: claims/statuses.csv:2 status: " in printed.out and " is no status." in printed.out
    assert "nearest: supported" in printed.out
    assert printed.out.endswith("1 error\n")
    assert not {"\x1b", "\u202e"} & set(printed.out + printed.err)
    assert cli.main(["check", "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["code"] == "unknown-status"
    assert (finding["file"], finding["line"], finding["column"]) == ("claims/statuses.csv", 2, "status")


def test_what_another_ledger_would_bring_in_is_printed_as_json(tmp_path, capsys):
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
        samples.rain(tmp_path / name)
    hail = fd.open(tmp_path / "theirs" / "claims.csv", by="B").log("It hailed.", claimant="Radio")
    into = tmp_path / "mine" / "claims.csv"
    asked = ["import", str(tmp_path / "theirs" / "claims.csv"), "--into", str(into), "--json"]
    assert cli.main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["row_id"] for row in told["new"]] == [hail]
    assert told["counts"][0] == {
        "table": "claims",
        "new": 1,
        "same": 2,
        "edited": 0,
        "contrary": 0,
        "left out": 0,
    }
    assert told["questions"] == [] and told["contrary"] == []
    assert cli.main([*asked, "--yes"]) == 0
    json.loads(capsys.readouterr().out)
    assert len(fd.open(into).claims) == 3


def test_verify_says_that_all_matches_or_names_the_row_and_the_seal(sample, capsys):
    seal_id = fd.open("claims.csv", by="Ada Quist").seal("as published")
    assert cli.main(["verify"]) == 0
    assert capsys.readouterr().out == "claims.csv: all matches (1 seal).\n"
    spoil(sample / "claims.csv", "Donald Trump", "Donald Duck")
    assert cli.main(["verify", "claims.csv", "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["code"], finding["table"], finding["value"]) == ("changed-since-seal", "claims", seal_id)


def test_verify_of_a_ledger_that_was_edited_since_is_well_and_says_what_was(sample, capsys):
    ledger = fd.open("claims.csv", by="Ada Quist")
    ledger.seal("as published")
    ledger.edit("claims", ledger.claims["claim_id"][0], why="a slip", note="x")
    path = sample / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert cli.main(["verify"]) == 0
    printed = capsys.readouterr().out
    assert "note: claims.csv:1" in printed
    assert "note: claims/seals.csv:2: " in printed and "[edited-since-seal]\n" in printed
    assert printed.endswith("\n2 notes\nclaims.csv: all matches (1 seal).\n")


def test_a_ledger_that_cannot_be_read_is_all_findings(sample, capsys):
    (sample / "claims" / "sources.csv").write_bytes(b"")
    (sample / "claims" / "evidence.csv").unlink()
    assert cli.main(["check"]) == 1
    out = capsys.readouterr().out
    assert "claims/sources.csv" in out or "claims/evidence.csv" in out


@pytest.mark.parametrize("command", ["check", "verify"])
def test_a_folder_is_taken_for_the_one_ledger_that_lies_in_it(command, sample, capsys):
    assert cli.main([command, "."]) == 0
    assert capsys.readouterr().out.startswith("claims.csv: nothing ")
    assert cli.main([command, str(sample)]) == 0
    assert capsys.readouterr().out.startswith(f"{sample / 'claims.csv'}: nothing ")
    fd.create("budget.csv", title="Budget")
    assert cli.main([command, "."]) == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "one of the ledgers there: 'budget.csv', 'claims.csv'" in printed


def test_misuse_is_told_in_one_line_and_is_two(sample, capsys):
    assert cli.main(["check", "nowhere.csv"]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("factdesk: There is no ledger 'nowhere.csv'.")
    assert 'factdesk new my-project "Title"' in printed
    assert cli.main(["chart", "timeline", "--to", "picture.gif"]) == 2
    assert "png" in capsys.readouterr().err
    assert not Path("picture.gif").exists()
    assert cli.main(["chart", "timeline", "--every", "week"]) == 2
    assert "status-over-time only" in capsys.readouterr().err
    with pytest.raises(SystemExit) as misuse:
        cli.main(["weigh"])
    assert misuse.value.code == 2


def test_a_terminal_is_told_its_own_words_and_no_call(sample, capsys):
    (sample / "there").mkdir()
    (sample / "page.html").write_text("somebody else's")
    spoil(sample / "claims" / "statuses.csv", ",supported,", ",suported,")
    shutil.copy(next((ROOT / "notebooks").glob("*.ipynb")), sample / "x.ipynb")
    cli.main(["check", "nowhere.csv"])
    cli.main(["new", "there", "There"])
    cli.main(["share", "--no-execute", "x.ipynb", "page.html"])
    cli.main(["chart", "timeline", "--to", "x.svg"])
    printed = capsys.readouterr().err
    assert printed.count("factdesk: ") == 5
    for words in ("factdesk new", "Choose another name.", "--overwrite", "factdesk check names each"):
        assert words in printed
    assert not re.search(r"fd\.|ledger\.|=True|\(\)", printed)


def test_charts_are_drawn_from_the_terminal(sample, capsys):
    words = ["--theme", "dark", "--size", "slide", "--locale", "de", "--title", "What is <so>?"]
    claim = ["--claim", "trump-positive-signals"]
    assert cli.main(["chart", "claim-card", "--to", "picture.svg", *words, *claim]) == 0
    picture = Path("picture.svg").read_text("utf-8")
    assert "What is &lt;so&gt;?" in picture
    assert "size='slide'" in fd.provenance("picture.svg").call


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (["status-over-time", "--by", "claimant"], "status_over_time(ledger, by='claimant')"),
        (["status-over-time", "--what", "given"], "status_over_time(ledger, what='given')"),
        (["status-over-time", "--gaps", "no"], "status_over_time(ledger, gaps=False)"),
        (
            ["time-to-status", "--to-status", "refuted", "--to-status", "mixed"],
            "time_to_status(ledger, to=['refuted', 'mixed'])",
        ),
    ],
)
def test_what_a_chart_counts_by_is_asked_for_in_the_terminal(words, call, sample, capsys):
    assert cli.main(["chart", *words, "--to", "by.json"]) == 0
    assert fd.provenance("by.json").call == f"fd.charts.{call}"


def test_a_page_of_a_timeline_is_drawn_from_the_terminal(sample, capsys):
    assert cli.main(["chart", "timeline", "--size", "slide", "--page", "2", "--to", "two.json"]) == 0
    assert fd.provenance("two.json").call == "fd.charts.timeline(ledger, page=2, size='slide')"
    assert cli.main(["chart", "timeline", "--size", "slide", "--page", "99"]) == 2
    assert cli.main(["chart", "claimants", "--page", "2"]) == 2
    assert "with timeline only" in capsys.readouterr().err


@pytest.fixture
def two(monkeypatch):
    """Two kinds of chart stand for all."""
    kinds = {name: fd.charts.CHARTS[name] for name in ("claim_card", "transitions")}
    monkeypatch.setattr(fd.charts, "CHARTS", kinds)
    return kinds


def drawn_files() -> set[str]:
    return {path.stem.replace("-", "_") for path in Path("charts").iterdir()}


def test_every_chart_is_drawn_into_a_folder_at_once(two, sample, capsys):
    assert cli.main(["chart", "all", "--theme", "print", "--claim", "trump-positive-signals"]) == 0
    assert drawn_files() == set(two)
    assert "not drawn" not in capsys.readouterr().err
    for folder in ("all.png", "claims.csv", "no/such/folder"):
        assert cli.main(["chart", "all", "--to", folder]) == 2


@pytest.mark.parametrize(
    "claims", [[], ["--claim", "witkoff-met-putin", "--claim", "trump-positive-signals"]]
)
def test_a_chart_of_one_claim_is_passed_over_where_there_is_not_one(claims, two, sample, capsys):
    assert cli.main(["chart", "all", *claims]) == 0
    assert drawn_files() == {"transitions"}
    assert capsys.readouterr().err == "factdesk: claim-card is not drawn: it is of one claim, --claim ID\n"
    assert cli.main(["chart", "claim-card", *claims]) == 2
    printed = capsys.readouterr().err
    assert "with --claim and the id of the one claim that it is of, such as " in printed
    assert sum(claim in printed for claim in fd.open("claims.csv").claims["claim_id"]) >= 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pie"], "status-over-time, timeline"),
        (["time-line"], "nearest: 'timeline'"),
        (["timeline", "--share"], "status-over-time"),
        (["timeline", "--theme", "drak"], "nearest: 'dark'"),
        (["timeline", "--size", "poster"], "page, column, slide, card"),
        (["timeline", "--span", "2025-03-31", "2025-03-01"], "two days in order"),
        (["timeline", "--span", "1999-01-01", "1999-02-01"], "ledger covers, 2025-03-11 to 2026-11-24"),
        (["status-over-time", "--locale", "zz-zz"], "a tag such as"),
        (["status-over-time", "--claim", "x"], "timeline"),
        (["timeline", "--claim", "no-such-claim"], "There is no claim"),
        (["timeline", "--by", "claimant"], "status-over-time"),
        (["status-over-time", "--by", "grade"], "claimant, topic"),
        (["timeline", "--to-status", "refuted"], "--to-status"),
        (["time-to-status", "--to-status", "refutde"], "nearest: 'refuted'"),
        (["all", "--by", "claimant"], "with one of status-over-time, "),
    ],
)
def test_what_no_chart_can_do_is_refused_with_what_one_can(words, said, sample, capsys):
    assert cli.main(["chart", *words]) == 2
    assert said in capsys.readouterr().err


def test_the_old_word_for_provenance_still_works_and_is_told(sample, capsys):
    fd.save(fd.charts.status_over_time(fd.open("claims.csv")), "a.json")
    assert cli.main(["whence", "a.json"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Title: ")
    assert printed.err == "factdesk: whence is called provenance now.\n"


def test_a_whole_ledger_goes_out_in_the_form_that_is_named(sample, capsys):
    for name in ("out.xlsx", "out.db"):
        assert cli.main(["export", "--to", name]) == 0
        assert capsys.readouterr().out == f"{name}\n"
    assert cli.main(["export", "claims.csv", "--to", "feed.json"]) == 2
    assert 'publisher = "The Desk"' in capsys.readouterr().err
    spoil(sample / "claims" / "ledger.toml", 'publisher = ""', 'publisher = "The Desk"')
    assert cli.main(["export", "claims.csv", "--to", "feed.json"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "feed.json\n"
    assert re.search(r"factdesk: not said for \d+ claims?: address of the published check\n", printed.err)
    assert len(fd.claimreview.read("feed.json"))
    Path("theirs.db").write_bytes(b"theirs")
    assert cli.main(["export", "--to", "theirs.db"]) == 2
    assert "--overwrite to replace it" in capsys.readouterr().err
    assert cli.main(["export", "--to", "theirs.db", "--overwrite"]) == 0
    assert cli.main(["export", "--to", "out.csv"]) == 2
    assert ".xlsx" in capsys.readouterr().err


def test_new_makes_a_project_and_says_the_next_step(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "my-project", "My project"]) == 0
    printed = re.search(
        r"Next: cd my-project && (\S*jupyter) lab notebooks/01-the-desk\.ipynb", capsys.readouterr().out
    )
    assert shutil.which(printed[1])
    assert fd.open("my-project/claims.csv").title == "My project"
    assert cli.main(["new", "my-project", "My project"]) == 2


def test_new_takes_the_name_of_a_vocabulary_and_its_notebook_a_word_of_that(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "pledges", "Pledges", "--statuses", "promises"]) == 0
    assert fd.open("pledges/claims.csv").settings.noun == "promise"
    assert '\\"in the works\\"' in Path("pledges/notebooks/01-the-desk.ipynb").read_text("utf-8")
    assert cli.main(["new", "none", "None", "--statuses", "promise"]) == 2
    assert "nearest: 'promises'" in capsys.readouterr().err
    assert not Path("none").exists()


def test_the_module_runs_as_a_program():
    asked = subprocess.run(
        [sys.executable, "-m", "factdesk", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("new", "check", "chart", "export", "share"):
        assert command in asked.stdout


def test_what_can_not_be_read_is_told_in_the_words_of_a_terminal(tmp_path, capsys):
    samples.rain_files(tmp_path)
    samples.days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    ledger, picture = str(tmp_path / "claims.csv"), str(tmp_path / "status.svg")
    assert cli.main(["chart", "status-over-time", ledger, "--to", picture]) == 0
    warned = capsys.readouterr().err
    assert "status.svg: 1 status can't be read and is left out" in warned and "factdesk check" in warned
    assert cli.main(["provenance", picture]) == 0
    assert "Left out: 1 status can't be read" in capsys.readouterr().out
    cell = nbformat.v4.new_code_cell(f"import factdesk as fd\nfd.open({ledger!r})")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "a.ipynb")
    share = ["share", str(tmp_path / "a.ipynb"), str(tmp_path / "a.html"), "--no-execute"]
    assert cli.main(share) == 2
    refused = capsys.readouterr().err
    assert "--allow-findings" in refused and "factdesk check" in refused
    assert "allow_findings=True" not in refused and "ledger." not in refused.replace("ledger.csv", "")
    assert cli.main([*share, "--allow-findings"]) == 0


def test_an_import_is_corrected_in_the_terminal_s_own_words_and_names_the_next_step(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("s.csv").write_text("Behauptet,Tag der Tat,Verdict\nA,14.03.2025,Odd thing\nB,15.03.2025,True\n")
    assert cli.main(["import", "s.csv", "--into", "c.csv"]) == 1
    said = capsys.readouterr().out
    assert "--column NAME=claim" in said and "--constant claim=TEXT" in said
    assert "--column 'Tag der Tat=made_on'" in said and "--column 'Tag der Tat='" in said
    assert "={" not in said
    words = [
        "--column",
        "Behauptet=claim",
        "--constant",
        "claimant=A. Mariner",
        "--column",
        "Tag der Tat=made_on",
        "--status",
        "Odd thing=",
    ]
    assert cli.main(["import", "s.csv", "--into", "c.csv", "--yes", *words]) == 0
    assert "Next: factdesk chart status-over-time c.csv" in capsys.readouterr().out
    Path("t.csv").write_text("claim,claimant,date\nIt rained.,Radio,45730\n")
    assert cli.main(["import", "t.csv", "--into", "d.csv"]) == 1
    said = capsys.readouterr().out
    assert "--days excel" in said and "days=" not in said
    with pytest.raises(SystemExit):
        cli.main(["import", "--help"])
    assert "Exit status: 0 well; 1 " in " ".join(capsys.readouterr().out.split())


def test_the_candidates_of_an_article_are_printed_also_for_other_programs(tmp_path, capsys):
    (tmp_path / "brief.txt").write_text('"=It rained for 7 days," said Bo Lind, the mayor.')
    asked = ["candidates", str(tmp_path / "brief.txt")]
    assert cli.main(asked) == 0
    assert "Bo Lind (direct" in capsys.readouterr().out
    assert cli.main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["claimant"] == "Bo Lind"
    assert cli.main([*asked, "--csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["claimant"] == "Bo Lind" and row["quote"].startswith("'=It rained")
    assert cli.main(["candidates", "text that is no file"]) == 2
