"""The public face: what is asked rudely is refused kindly, and nothing is written by it."""

import inspect
import shutil
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from samples import ROOT, claim, files, git, rain, rain_files, sample_copied

import factdesk as fd
from factdesk import schema
from factdesk.errors import InvalidValue, LedgerExists, LedgerUnreadable, NotFound
from factdesk.ledger.ids import row_id
from factdesk.ledger.ledger import known_writer
from factdesk.storage import csvfile

LONG, SURROGATE = "x" * 40_000, "a\ud800b"


class Sulking:
    """Nothing can be done with it."""

    def __repr__(self) -> str:
        raise RuntimeError

    __str__ = __eq__ = __bool__ = __repr__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def rude() -> list[Any]:
    return [
        None, 7, -1.5, float("nan"), True, "", " \n\t", LONG, SURROGATE, "\u202egnol\u0000", "שלום 🌧️", "it's \"so\"\n,;\r=1+1", [["a"], ["b"]],
        ["a", 1, None], {"a": 1}, {"b", "a"}, b"bytes", Path("nowhere.pdf"), Path(), (one for one in "ab"), lambda: 1, object(),
        pd.NA, pd.NaT, pd.Timestamp("2025-03-14 12:00", tz="UTC"), pd.Series(["rain", "snow"]), pd.DataFrame({"a": [1]}), np.array(["a", "b"]),
        np.datetime64("2025-03-14"), date(9999, 1, 1), datetime(2025, 3, 14, 12), 10**5000, Sulking(), "s-nowhere", "e-x", "rain", "http://[",
        "javascript:alert(1)", "../../etc", "a\0b", "file:///etc/passwd", range(3), sys, int, "-" * 300 + "/" + "y" * 300,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory) -> fd.Ledger:
    """A ledger to look at."""
    return rain(tmp_path_factory.mktemp("rain"))


GOOD: dict[str, dict[str, Any]] = {
    "log": {"claim": "It hailed.", "claimant": "Radio"},
    "repeat": {"claim_id": "rain"},
    "add_source": {"url": "https://example.org/new"},
    "keep": {"source_id": row_id("s", ["https://example.org/gauge"]), "file": __file__},
    "attach": {"claim_id": "rain", "url": "https://example.org/gauge", "stance": "supports"},
    "set_status": {"claim_id": "snow", "status": "mixed", "rationale": "So it is."},
    "edit": {"table": "claims", "row_id": "rain", "why": "a look"}
    | {"note": "x", "topics": "a", "made_on": "2025-01-01", "kind": "event"},
    "withdraw": {"table": "claims", "row_id": "snow", "why": "a slip"},
    "reinstate": {"table": "claims", "row_id": "snow", "why": "none"},
}
LOOKS: dict[str, dict[str, Any]] = {
    "where": {},
    "as_known": {"moment": "2025-03-14"},
    "status_on": {"day": "2025-03-14"},
    "counts": {"every": "week"},
    "diff": {"a": "2025-03-14", "b": None},
}


def asked(name: str) -> Iterator[tuple[str, Any]]:
    """Each argument of a call with each rude value."""
    names = inspect.signature(getattr(fd.Ledger, name)).parameters.keys() - {"self", "columns"}
    for argument in sorted(names | GOOD.get(name, LOOKS.get(name, {})).keys()):
        yield from ((argument, given) for given in rude())


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
@pytest.mark.parametrize("name", GOOD)
def test_rude_input_is_taken_or_refused_and_what_is_taken_can_be_read(name, tmp_path):
    ledger = rain(tmp_path)
    before = files(tmp_path)
    for argument, given in asked(name):
        parts = {**GOOD[name], argument: given}
        if argument == "file":
            parts.pop("url", None)
        try:
            getattr(ledger, name)(**parts)
        except fd.FactdeskError as error:
            assert len(str(error)) < 3000, argument
            assert files(tmp_path) == before, argument
        else:
            after = files(tmp_path)
            assert set(before) <= set(after), argument
            before = after
    fresh = fd.open(tmp_path / "claims.csv", strict=True)
    assert fresh.digest() == ledger.digest()
    frames = (fresh.claims, fresh.evidence, fresh.sources, fresh.changes)
    assert "\u202e" not in "".join(frame.to_csv() for frame in frames)
    assert repr(fresh) == repr(ledger)
    assert fresh.check().equals(ledger.check())


@pytest.mark.parametrize("name", LOOKS)
def test_a_rude_question_is_answered_or_refused(name, ledger):
    for argument, given in asked(name):
        try:
            found = getattr(ledger, name)(**{**LOOKS[name], argument: given})
        except fd.FactdeskError as error:
            assert len(str(error)) < 3000, argument
        else:
            is_told_alike = isinstance(found, fd.Ledger) and argument not in ("text", "moment")
            assert len(repr(found.claims if is_told_alike else found)) < 100_000, argument


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
@pytest.mark.parametrize("argument", ["path", "by", "title", "publisher", "timezone"])
def test_a_rude_name_for_a_ledger_is_refused_and_nothing_is_made(argument, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given in rude():
        parts = {"path": "new.csv", "title": "New", argument: given}
        try:
            made = fd.create(**parts)
        except (fd.FactdeskError, TypeError) as error:
            assert not isinstance(error, TypeError) or argument == "path"
            assert list(tmp_path.iterdir()) == []
        else:
            assert argument in ("by", "title", "publisher")
            made.log("It hailed.", claimant="Radio")
            said = (made.settings.publisher, *made.claims["logged_by"])
            assert "\u202e" not in (repr(made) if argument == "title" else "".join(said))
            shutil.rmtree(tmp_path / "new")
            for path in tmp_path.iterdir():
                path.unlink()


def test_a_rude_path_is_no_ledger(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given in (*rude(), ".", "..", "/", "*", "[", "~", "new.csv/x"):
        with pytest.raises((fd.FactdeskError, TypeError)):
            fd.open(given)
    assert list(tmp_path.iterdir()) == []


# --- opening


@pytest.mark.parametrize("path", [None, 3, b"claims.csv", ["claims.csv"], object()])
def test_what_is_no_path_is_refused(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for asked in (lambda: fd.open(path), lambda: fd.create(path, title="Rain")):
        with pytest.raises(InvalidValue, match=r"path: .* can't be used. Allowed: a file's name"):
            asked()
    assert list(tmp_path.iterdir()) == []


def test_a_link_without_its_folder_says_where_the_folder_was_looked_for(tmp_path):
    rain_files(tmp_path)
    (tmp_path / "real").mkdir()
    (tmp_path / "claims.csv").rename(tmp_path / "real" / "claims.csv")
    (tmp_path / "claims.csv").symlink_to(tmp_path / "real" / "claims.csv")
    with pytest.raises(LedgerUnreadable) as told:
        fd.open(tmp_path / "claims.csv")
    real = tmp_path.resolve() / "real" / "claims.csv"
    assert f"is a link to {real}; the ledger's folder is {real.with_suffix('')}." in str(told.value)


def test_what_was_taken_out_of_a_title_is_told(tmp_path):
    with pytest.warns(fd.FactdeskWarning) as told:
        ledger = fd.create(tmp_path / "a.csv", title="pay\u202elog", publisher="Ada\u200b Quist")
    assert (ledger.title, ledger.settings.publisher) == ("paylog", "Ada Quist")
    wanted = ["title: taken out: U+202E.", "publisher: taken out: U+200B."]
    assert [str(one.message) for one in told] == wanted
    assert {one.filename for one in told} == {__file__}


def test_a_warning_that_is_made_an_error_means_that_nothing_was_written(tmp_path):
    ledger = rain(tmp_path)
    before = files(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for write in (
            lambda: ledger.log("It\u200b hailed.", claimant="Radio", claim_id="hail"),
            lambda: ledger.set_status("rain", "mixed", holds_from="2025-03-11", rationale="A drop."),
            lambda: ledger.edit("claims", "rain", why="a look", note="w\u200bet"),
            lambda: fd.create(tmp_path / "new.csv", title="pay\u202elog"),
        ):
            with pytest.raises(fd.FactdeskWarning, match="Nothing was written"):
                write()
    assert files(tmp_path) == before
    assert fd.open(tmp_path / "claims.csv").digest() == ledger.digest()


def test_a_ledger_that_is_not_there_names_those_that_are(tmp_path):
    rain_files(tmp_path)
    with pytest.raises(NotFound, match=r"Nearest: 'claims\.csv'"):
        fd.open(tmp_path / "claim.csv")
    with pytest.raises(fd.FactdeskError, match="is a folder"):
        fd.open(tmp_path / "claims")
    with pytest.raises(fd.FactdeskError, match="a table of the ledger"):
        fd.open(tmp_path / "claims" / "statuses.csv")
    with pytest.raises(LedgerExists):
        fd.create(tmp_path / "claims.csv", title="Again")


@pytest.mark.parametrize("way", ["from what is known", "an empty one, then restore", "from Git"])
def test_a_csv_that_is_missing_beside_its_folder_comes_back_as_the_messages_say(way, tmp_path):
    ledger = rain(tmp_path)
    digest, path = ledger.digest(), tmp_path / "claims.csv"
    if way == "from Git":
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
            git(tmp_path, *words)
        shutil.rmtree(tmp_path / "claims" / ".factdesk")
    path.unlink()
    again = {"title": "Again"}
    for call in (
        lambda: fd.open(path),
        lambda: fd.create(path, **again),
        lambda: ledger.log("x", claimant="y"),
    ):
        with pytest.raises(fd.FactdeskError) as told:
            call()
        words = str(told.value)
        assert "Make a new one" not in words and "or fd.open it" not in words
        assert "git checkout HEAD -- claims.csv" in words
        assert ("claims/.factdesk/known/claims.csv" in words) == (way != "from Git")
        assert csvfile.header_line(schema.CLAIMS).decode().strip() in words
    if way == "from what is known":
        shutil.copy(tmp_path / "claims/.factdesk/known/claims.csv", path)
    elif way == "from Git":
        git(tmp_path, "checkout", "-q", "HEAD", "--", "claims.csv")
    else:
        path.write_bytes(csvfile.header_line(schema.CLAIMS))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert sorted(fd.open(path).restore()) == ["rain", "snow"]
    again = fd.open(path)
    assert again.digest() == digest
    assert again.hand_edits().empty


def test_a_folder_is_taken_for_the_one_ledger_that_lies_in_it(tmp_path, monkeypatch):
    rain_files(tmp_path)
    (tmp_path / "notes.csv").write_text("a,b\n")
    (tmp_path / "drafts.csv").write_text("a,b\n")
    (tmp_path / "drafts").mkdir()
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path, str(tmp_path), "."):
        assert fd.open(folder).path == tmp_path.resolve() / "claims.csv"
    fd.create(tmp_path / "budget.csv", title="Budget")
    with pytest.raises(InvalidValue, match=r"'.*budget\.csv', '.*claims\.csv'"):
        fd.open(tmp_path)


def test_a_current_folder_without_a_ledger_is_told_the_next_step(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFound, match="Make a new one"):
        fd.open(".")


def test_who_writes_is_the_name_given_else_gits_else_the_systems(tmp_path, monkeypatch):
    rain_files(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LOGNAME", "system")
    assert known_writer(tmp_path) == "system"
    if shutil.which("git"):
        git(tmp_path, "init", "-q")
        (tmp_path / ".git" / "config").write_bytes(b'[user]\n\tname = "Zo\xc3\xab \xff"\n')
        assert known_writer(tmp_path) == "Zoë \ufffd"
    ledger = fd.open(tmp_path / "claims.csv", by=" Ada\u202e  Quist\n")
    ledger.log("It hailed.", claimant="Radio")
    assert ledger.claims["logged_by"].iloc[-1] == "Ada Quist"


def test_warnings_point_to_the_line_that_asked(tmp_path):
    ledger = rain(tmp_path)
    with (tmp_path / "claims.csv").open("ab") as file:
        file.write(claim("bad", made_on="x") + claim("worse", made_on="y"))
    calls = (
        lambda: ledger.log("a\u202eb", claimant="Radio"),
        lambda: ledger.withdraw("claims", "snow", why="a\u202eb"),
        lambda: fd.open(tmp_path / "claims.csv"),
    )
    for call in calls:
        with pytest.warns(fd.FactdeskWarning) as told:
            opened = call()
        assert {warning.filename for warning in told} == {__file__}
    assert "2 places are wrong" in str(told[0].message)
    assert opened.check()["code"].tolist() == ["bad-day", "bad-day", "row-added", "row-added"]
    assert repr(opened).endswith("4 findings, 2 errors: ledger.check()")


# --- how it shows itself


def test_a_ledger_says_what_it_holds_in_three_lines(tmp_path):
    ledger = fd.open(ROOT / "claims.csv")
    title, counted, remarks = repr(ledger).splitlines()
    assert title == "Ceasefire claims, March 2025 · 22 claims, 49 sources"
    assert counted == "● 9 supported ◐ 7 mixed ✕ 1 refuted ◌ 3 outdated ? 2 unverifiable"
    assert remarks.endswith("0 findings")
    view = repr(ledger.where(claimant="Donald Trump").as_known("2025-03-20"))
    assert "a view: claimant Donald Trump, as known at the end of 2025-03-20" in view
    assert "a view: 22 claims" in repr(ledger.where(claim_id=list(ledger.claims["claim_id"])))
    empty = fd.create(tmp_path / "empty.csv", title="Empty")
    assert repr(empty) == "Empty · 0 claims, 0 sources\n0 findings"
    assert empty.latest_day is pd.NaT
    assert empty.status_on("2025-03-14").empty
    assert empty.diff("2025-03-14").empty
    assert len(empty.digest()) == 32


def test_markup_in_a_title_a_status_or_a_search_stays_text(tmp_path):
    rain_files(tmp_path)
    (tmp_path / "claims" / "ledger.toml").write_text(
        'title = "<script>t</script>"\n[[status]]\nname = "unverified"\nlabel = "<b>x</b>"\nsign = "<"\n'
        '[[status]]\nname = "supported"\n'
    )
    ledger = fd.open(tmp_path / "claims.csv")
    for shown in (ledger._repr_html_(), ledger.where(text="<img src=x onerror=alert(1)>")._repr_html_()):
        assert "&lt;script&gt;t" in shown
        assert not any(mark in shown for mark in ("<script", "<img", "<b>x"))
    assert "&lt; &lt;b&gt;x&lt;/b&gt; <b>1</b>" in ledger._repr_html_()


# --- moments


@pytest.mark.parametrize(
    "moment", ["2025-03-14T12:00:00", datetime(2025, 3, 14, 12), "0001-01-01T00:00:00+14:00", "soon"]
)
def test_a_moment_without_a_zone_or_outside_the_calendar_is_refused(moment, ledger):
    with pytest.raises(InvalidValue, match="time zone"):
        ledger.as_known(moment)


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
def test_a_correction_in_a_copy_is_seen_from_both_times_and_by_a_view(tmp_path):
    original = sample_copied(tmp_path)
    ledger, name = original.scratch(), "trump-positive-signals"
    before = ledger.statuses["recorded_at"].max()
    ledger.set_status(name, "refuted", holds_from="2025-03-14", rationale="A denial was overlooked.")
    held = [one.where(claim_id=name).status_on("2025-03-15") for one in (ledger, ledger.as_known(before))]
    assert [frame["status"].tolist() for frame in held] == [["refuted"], ["supported"]]
    assert len(fd.open(original.path).statuses) == 31
