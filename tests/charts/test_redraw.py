"""Where a picture comes from, whether the ledger still says what it shows, and the same chart drawn again."""

import json
import shutil
import warnings
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import samples

import factdesk as fd
from factdesk import cli
from factdesk.charts.provenance import MOST_MARKED
from factdesk.charts.redraw import redrawn
from factdesk.errors import FactdeskError, InvalidValue


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    samples.sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    return fd.open("claims.csv", by="Ada Quist")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A picture of the sample ledger, drawn once."""
    chart = fd.charts.status_over_time(samples.sample_ledger(), theme="dark")
    return fd.save(chart, tmp_path_factory.mktemp("drawn") / "status.png")


@pytest.fixture
def picture(ledger, drawn):
    return Path(shutil.copy(drawn, "status.png"))


def refute(ledger) -> str:
    claim = ledger.claims["claim_id"].iloc[0]
    with warnings.catch_warnings(category=fd.FactdeskWarning, action="ignore"):
        ledger.set_status(claim, "refuted", rationale="It was found out.", holds_from="2025-03-20")
    return claim


def test_without_a_ledger_it_says_what_the_file_says(picture):
    found = fd.provenance(picture)
    assert found.call == "fd.charts.status_over_time(ledger, theme='dark')"
    assert found.standing is None


def test_the_same_ledger_still_says_so(picture, ledger):
    standing = fd.provenance(picture, ledger).standing
    assert standing.well
    assert standing.says == "Still so: the ledger has the same digest."


def test_what_is_written_elsewhere_in_the_ledger_does_not_change_what_a_picture_shows(ledger):
    path = fd.save(fd.charts.status_over_time(ledger.where(text="peace")), "part.svg")
    claim = ledger.where(text="peace").claims["claim_id"].iloc[0]
    ledger.edit("claims", claim, topics="peace; war", why="It is about both.")
    standing = fd.provenance(path, ledger).standing
    assert standing.well
    assert standing.says.startswith("The picture still shows what the ledger says")


def test_a_new_day_alone_does_not_make_a_picture_wrong(picture, ledger):
    """Rows last until the ledger's latest day, which moves with whatever is written."""
    day = ledger.latest_day
    ledger.attach(ledger.claims["claim_id"].iloc[0], "https://example.org/new", stance="supports")
    assert ledger.latest_day > day
    assert fd.provenance(picture, ledger).standing.says.startswith(
        "The picture still shows what the ledger says"
    )


def test_a_status_that_was_changed_since_is_told_row_by_row(picture, ledger):
    before = fd.charts.status_over_time(ledger)
    refute(ledger)
    standing = fd.provenance(picture, ledger).standing
    assert not standing.well
    assert standing.says.startswith("No longer so: of ")
    assert list(standing.changed) == before.usermeta["factdesk"]["columns"]
    assert set(standing.changed["status"]) >= {"refuted"}
    assert 0 < standing.gone < fd.provenance(picture).rows.number
    assert before.to_dict() != fd.charts.status_over_time(ledger).to_dict()


def test_a_ledger_of_another_title_is_said_to_be_one(picture, tmp_path):
    other = fd.create(tmp_path / "tides.csv", title="Tides", by="Ada Quist")
    other.log("It is so.", claimant="The Daily", made_on="2025-03-10")
    standing = fd.provenance(picture, other).standing
    assert not standing.well
    assert "a ledger called “Ceasefire claims, March 2025”; this one is called “Tides”" in standing.says


def test_a_larger_chart_is_told_as_a_whole(ledger, monkeypatch):
    monkeypatch.setattr("factdesk.charts.provenance.MOST_MARKED", 10)
    path = fd.save(fd.charts.status_over_time(ledger), "status.png")
    refute(ledger)
    monkeypatch.setattr("factdesk.charts.provenance.MOST_MARKED", MOST_MARKED)
    standing = fd.provenance(path, ledger).standing
    assert not standing.well
    assert standing.says.startswith("No longer so: other rows (")


def test_rows_in_another_order_are_said_to_be_the_same(picture, ledger, monkeypatch):
    found = fd.provenance(picture)
    other = replace(found, rows=replace(found.rows, all="0", each=found.rows.each[::-1]), version="0.0.9")
    monkeypatch.setattr("factdesk.charts.redraw.read", lambda path: other)
    says = fd.provenance(picture, ledger).standing.says
    assert "They are the same rows in another order." in says
    assert "It was made by factdesk 0.0.9; this is" in says


def test_a_specification_whose_rows_were_changed_by_hand_is_found_out(ledger):
    path = fd.save(fd.charts.status_over_time(ledger), "status.json")
    spec = json.loads(path.read_text("utf-8"))
    for rows in spec["datasets"].values():
        for row in rows:
            if row.get("status") == "refuted" and "claims" in row:
                row["claims"] = 0
    path.write_text(json.dumps(spec), "utf-8")
    standing = fd.provenance(path, ledger).standing
    assert not standing.well
    assert standing.says.endswith("what the file says of itself was changed.")


def test_a_chart_is_redrawn_as_it_was(picture, ledger):
    found = fd.provenance(picture)
    again = fd.save(redrawn(found, ledger), "again.png", found.scale)
    assert again.read_bytes() == picture.read_bytes()


def test_a_chart_with_events_and_days_is_known_again(ledger):
    events = pd.DataFrame({"day": ["2025-03-15"], "event": ["Summit"]})
    chart = fd.charts.status_over_time(ledger, events=events, span=("2025-03-10", "2025-03-20"))
    found = fd.provenance(fd.save(chart, "chart.svg"), ledger)
    assert found.standing.well
    assert redrawn(found, ledger).to_dict() == chart.to_dict()


HOSTILE = [
    {"chart": "save", "options": {"path": "x.png"}},
    {"chart": ["status_over_time"]},
    {"chart": "status_over_time", "options": {"theme": 5}},
    {"chart": "status_over_time", "options": {"theme": {"a": []}}},
    {"chart": "status_over_time", "options": {"theme": ["light"], "size": []}},
    {"chart": "status_over_time", "options": {"width": "wide"}},
    {"chart": "status_over_time", "options": {"width": 1e308}},
    {"chart": "status_over_time", "options": {"title": {"a": 1}}},
    {"chart": "status_over_time", "options": {"title": 10**400}},
    {"chart": "status_over_time", "options": {"every": "second"}},
    {"chart": "status_over_time", "options": {"start": "0000-99-99"}},
    {"chart": "status_over_time", "options": {"__class__": 1}},
    {"chart": "status_over_time", "views": [["log", {"claim": "x"}]]},
    {"chart": "status_over_time", "views": [["where", {"status": 3}]]},
    {"chart": "status_over_time", "views": [["where", {"text": ["a", {"b": 1}]}]]},
    {"chart": "status_over_time", "views": [["as_known", {"moment": "yesterday"}]]},
    {"chart": "status_over_time", "views": [["as_known", {}]]},
    {"chart": "status_over_time", "views": [[{}, {}]]},
    {"chart": "status_over_time", "views": 7},
    {"chart": "status_over_time", "options": []},
    {},
]


def test_a_call_from_a_file_is_looked_up_and_never_run_as_it_stands(ledger, picture):
    found, before = fd.provenance(picture), sorted(Path().rglob("*"))
    for made in HOSTILE:
        try:
            redrawn(replace(found, made=made), ledger)
        except FactdeskError as error:
            assert str(error), made
        assert sorted(Path().rglob("*")) == before, made


# From a terminal


def test_provenance_says_it_in_lines_and_is_zero(picture, capsys):
    assert cli.main(["provenance", "status.png", "--ledger", "claims.csv"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out[:6]] == ["Title:", "Ledger:", "As", "Digest:", "Made", "Version:"]
    assert out[6] == "Still so: the ledger has the same digest."


def test_provenance_names_the_rows_that_differ_and_is_one(picture, ledger, capsys):
    refute(ledger)
    assert cli.main(["provenance", "status.png", "--ledger", "claims.csv"]) == 1
    out = capsys.readouterr().out
    assert "No longer so" in out
    assert "In the ledger, and not in the file:" in out
    assert out.count("refuted") >= 1


def test_provenance_prints_json(picture, ledger, capsys):
    refute(ledger)
    assert cli.main(["provenance", "status.png", "--ledger", "claims.csv", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["made"] == {"chart": "status_over_time", "options": {"theme": "dark"}, "views": []}
    assert not said["standing"]["well"]
    assert "refuted" in {row["status"] for row in said["standing"]["changed"]}


def test_provenance_makes_it_again_in_any_form(picture, ledger, capsys):
    refute(ledger)
    assert cli.main(["provenance", "status.png", "--ledger", "claims.csv", "--again", "new.svg"]) == 1
    assert capsys.readouterr().out.endswith("new.svg\n")
    assert fd.provenance("new.svg", ledger).standing.well


def test_misuse_is_told_in_one_line_and_is_two(picture, capsys):
    for words in ("claims.csv", "nowhere.png", "status.png --again new.png", "status.png --ledger x.csv"):
        assert cli.main(["provenance", *words.split()]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("factdesk: ") and told.err.count("\n") == 1


def test_a_file_that_says_no_call_can_not_be_redrawn(picture, ledger):
    with pytest.raises(InvalidValue, match="by which call"):
        redrawn(replace(fd.provenance(picture), made={}), ledger)


def test_the_old_name_still_works_and_warns_once(picture):
    vars(fd).pop("whence", None)
    with pytest.warns(fd.FactdeskWarning, match=r"fd\.whence is called fd\.provenance now"):
        assert fd.whence(picture) == fd.provenance(picture)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fd.whence is fd.provenance
