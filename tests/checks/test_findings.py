"""What is wrong or weak in files is found, named with its place, and kept."""

import shutil
from pathlib import Path

import hypothesis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import strategies as st
from samples import claim, files, line, rain_files, table

import factdesk as fd
from factdesk import schema
from factdesk.checks import spreadsheets, values
from factdesk.checks.findings import FINDINGS, findings_frame
from factdesk.errors import FactdeskWarning, LedgerUnreadable
from factdesk.ledger import parsing
from factdesk.packed import Packed, places
from factdesk.storage import csvfile
from factdesk.text import HIDDEN_IN_FILES

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
MOMENT = "2025-03-14T12:00:00.000000Z"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A ledger as after a clone: what the workbench last wrote is not known, so that nothing counts as written by hand."""
    shutil.rmtree(rain_files(tmp_path) / "claims" / ".factdesk" / "known")
    return tmp_path


def add(folder: Path, name: str, *lines: bytes) -> None:
    with table(folder, name).open("ab") as file:
        file.write(b"".join(lines))


def opened(folder: Path, **how: bool) -> fd.Ledger:
    shutil.rmtree(folder / "claims" / ".factdesk" / "known", ignore_errors=True)
    return fd.open(folder / "claims.csv", by="Ada Quist", **how)


def change(
    folder: Path, at: int, before: str, after: str, row_id: str = "rain", column: str = "note"
) -> None:
    cells = {"table": "claims", "row_id": row_id, "column": column, "before": before, "after": after}
    moment = f"2025-03-15T12:00:{at:02d}.000000Z"
    add(folder, "changes", line("changes", change_id=f"c-{at}", changed_at=moment, why="x", **cells))


def found(ledger: fd.Ledger, *columns: str) -> list[list[object]]:
    """Those columns of what is found."""
    return ledger.check()[list(columns)].to_numpy().tolist()


def sizes(ledger: fd.Ledger) -> list[int]:
    return [len(getattr(ledger, name)) for name in schema.TABLES]


def bad(name: str, **cells: str) -> bytes:
    """A line that is right but for what is given."""
    right = {
        "claims": {"claim_id": "bad", "claim": "x", "claimant": "y"},
        "statuses": {"status_id": "t-bad", "status": "mixed", "holds_from": "2025-03-13", "rationale": "x"},
        "evidence": {"evidence_id": "e-bad", "stance": "mixed"},
        "appearances": {"appearance_id": "a-bad", "claimant": "x"},
        "snapshots": {"snapshot_id": "n-bad", "sha256": "0" * 64},
    }[name]
    of = {} if name in ("claims", "snapshots") else {"claim_id": "rain"}
    return line(name, **{**of, **right, schema.TABLES[name].moment: MOMENT, **cells})


WRONG = [
    ("claims", {"made_on": "14/03/2025"}, "bad-day", "made_on", "2025-03-14"),
    ("claims", {"made_on": "2025-02-30"}, "bad-day", "made_on", "no such day"),
    ("claims", {"made_on": "0025-03-14"}, "bad-day", "made_on", "from 1000-01-01"),
    ("claims", {"logged_at": "2025-03-14 12:00"}, "bad-moment", "logged_at", "six digits and a Z"),
    ("claims", {"logged_at": "9999-12-31T23:59:59.999999Z"}, "bad-moment", "logged_at", "six digits and a Z"),
    ("claims", {"kind": "rumor"}, "unknown-value", "kind", "quote, statement"),
    ("claims", {"claim": ""}, "missing-value", "claim", "Fill it in"),
    ("claims", {"note": "x" * 32_001}, "too-long", "note", "32,000"),
    ("claims", {"claim_id": "ba\u202ed"}, "hidden-characters", "claim_id", "Take them out"),
    ("statuses", {"status": "suported"}, "unknown-status", "status", "nearest: supported"),
    ("statuses", {"holds_from": ""}, "missing-value", "holds_from", "Fill it in"),
    ("statuses", {"claim_id": "rian"}, "orphan", "claim_id", "Nearest: rain"),
    ("evidence", {"source_id": "s-none"}, "orphan", "source_id", "sources"),
    ("snapshots", {"sha256": "AB"}, "bad-hash", "sha256", "64 hexadecimal"),
    ("snapshots", {"bytes": "1e3"}, "bad-number", "bytes", "digits"),
]  # fmt: skip


SIZES = [2, 3, 3, 1, 2, 1, 0]
"""How many rows each table shows, in the order of the schema."""


@pytest.mark.parametrize(("name", "cells", "code", "column", "advice"), WRONG)
def test_a_wrong_cell_leaves_its_row_out_and_is_named(name, cells, code, column, advice, folder):
    if name == "snapshots":
        cells = {**cells, "source_id": pd.read_csv(table(folder, "sources"))["source_id"][0]}
    add(folder, name, bad(name, **cells))
    with pytest.warns(fd.FactdeskWarning, match="one place is wrong"):
        ledger = fd.open(folder / "claims.csv", by="Ada Quist")
    assert sizes(ledger) == SIZES
    path = table(folder, name)
    at, file = path.read_bytes().count(b"\n"), path.relative_to(folder).as_posix()
    wanted = [[code, "error", name, column, file, at]]
    assert found(ledger, "code", "severity", "table", "column", "file", "line") == wanted
    assert advice in "".join(found(ledger, "message", "advice")[0])


@pytest.mark.parametrize("cells", [{"made_on": "14/03/2025"}, {"claim": ""}, {"claim_id": "ba\u202ed"}])
def test_a_row_that_is_left_out_stays_in_its_file_is_refused_where_asked_and_gets_no_status(cells, folder):
    add(folder, "claims", bad("claims", **cells))
    ledger, kept = opened(folder), (folder / "claims.csv").read_bytes()
    with pytest.raises(LedgerUnreadable, match=f"4 {next(iter(cells))}"):
        opened(folder, strict=True)
    ledger.log("It hailed.", claimant="Radio")
    assert (folder / "claims.csv").read_bytes().startswith(kept)
    with pytest.raises(fd.FactdeskError):
        ledger.set_status(cells.get("claim_id", "bad"), "mixed", rationale="x")


def test_what_rests_on_a_wrong_row_is_left_out_with_it_and_says_so(folder):
    path = folder / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b"2025-03-10", b"10.03.2025"))
    ledger = opened(folder)
    assert ledger.claims["claim_id"].tolist() == ["snow"]
    for frame in (ledger.evidence, ledger.statuses, ledger.appearances):
        assert set(frame["claim_id"]) <= {"snow"}
    rows = ledger.check()
    assert sorted(rows["code"]) == ["bad-day", "orphan", "orphan", "orphan"]
    assert rows.loc[rows["code"] == "orphan", "message"].str.contains("wrong and left out").all()


def test_an_unknown_document_of_a_claim_is_found_and_the_claim_stays(folder):
    add(folder, "claims", claim("hail", appearance="s-none"))
    ledger = opened(folder)
    assert "hail" in set(ledger.claims["claim_id"])
    wanted = [["unknown-reference", "claims.csv", 4, "appearance"]]
    assert found(ledger, "code", "file", "line", "column") == wanted


def test_a_thousand_wrong_rows_are_all_named_and_as_many_versions_settled(folder):
    add(folder, "claims", *(claim(f"c{at}", made_on="x") for at in range(1000)))
    add(folder, "claims", *(claim(f"d{at}") for at in range(2000)))
    add(folder, "claims", *(claim(f"d{at}", note="x") for at in range(1000)))
    cells = ({"evidence_id": f"e-{at}", "claim_id": f"d{at}x", "source_id": "s"} for at in range(1000))
    add(folder, "evidence", *(bad("evidence", **of) for of in cells))
    ledger = opened(folder)
    assert len(ledger.claims) == 2002
    counts = ledger.check()["code"].value_counts().to_dict()
    assert (counts["bad-day"], counts["orphan"]) == (1000, 2000)


def test_hidden_characters_reach_neither_frames_nor_findings_nor_pictures_of_them(folder):
    hidden = "\u202e\u200b\u2066\x07"
    names = ("claim", "claimant", "claimant_role", "quote", "topics", "note")
    spoilt = claim("hail", appearance=f"s{hidden}", **dict.fromkeys(names, f"a{hidden}b"))
    add(folder, "claims", spoilt, claim(f"x{hidden}"), claim("y", made_on=hidden, kind=hidden))
    source = pd.read_csv(table(folder, "sources"))["source_id"][0]
    evidence = {"evidence_id": "e-2", "claim_id": hidden}
    add(folder, "evidence", bad("evidence", source_id=source, quote=hidden), bad("evidence", **evidence))
    status = {"evidence": hidden, "rationale": f"a{hidden}b"}
    add(folder, "statuses", bad("statuses", **status), bad("statuses", status=hidden))
    header, *rows = table(folder, "sources").read_text().splitlines()
    extra = [f"{header},mi\u202ene", *(f"{row},{hidden}" for row in rows)]
    table(folder, "sources").write_text("\n".join(extra) + "\n")
    (folder / "claims" / "ledger.toml").write_text('title = "Ra\\u202ein"')
    ledger = opened(folder)
    pictures = [repr(ledger), ledger._repr_html_()]
    for frame in (*(getattr(ledger, name) for name in schema.TABLES), ledger.check(), ledger.status_on()):
        pictures += [frame.to_csv(), repr(frame), frame._repr_html_()]
    with pytest.raises(LedgerUnreadable) as error:
        opened(folder, strict=True)
    for picture in (*pictures, str(error.value)):
        assert not set(picture) & set(hidden)
    assert "mine" in ledger.sources


# --- several versions of one row


def test_versions_that_differ_only_in_who_and_when_are_the_earlier_with_what_the_later_fills(folder):
    row = pd.read_csv(table(folder, "sources"), dtype="str", keep_default_na=False).iloc[0].to_dict()
    other = {**row, "added_at": "2020-01-01T00:00:00.000000Z", "added_by": "Bo", "title": ""}
    third = {**row, "added_at": "2030-01-01T00:00:00.000000Z", "note": "seen"}
    add(folder, "sources", line("sources", **other), line("sources", **third))
    ledger = opened(folder)
    shown = ledger.sources.set_index("source_id").loc[row["source_id"]]
    assert (shown["added_by"], shown["note"]) == ("Bo", "seen")
    assert found(ledger, "code", "severity", "file") == [["untidy", "note", "claims/sources.csv"]]


def version(folder: Path, note: str) -> bytes:
    row = pd.read_csv(folder / "claims.csv", dtype="str", keep_default_na=False).iloc[0].to_dict()
    return line("claims", **{**row, "note": note})


@pytest.mark.parametrize(
    "earlier",
    [
        [("", "b")],
        [("", "b"), ("", "b")],
        [("", "b"), ("", "c"), ("c", "b")],
        [("", "a"), ("", "c"), ("a", "b"), ("c", "b")],
    ],
    ids=["edited once", "edited alike on both sides", "settled for one", "settled for neither"],
)
def test_of_versions_that_changes_explain_the_last_stands(earlier, folder):
    """A merge, or an old copy, brings the row back as it was before the last edit."""
    for n, (before, after) in enumerate([*earlier, ("b", "newest")]):
        change(folder, n, before, after)
    add(folder, "claims", version(folder, "newest"), version(folder, "b"))
    ledger = opened(folder)
    assert ledger.claims["note"].tolist() == ["newest", ""]
    assert found(ledger, "code") == [["untidy"]]


def test_versions_that_nothing_explains_are_rivals(folder):
    add(folder, "claims", version(folder, "one"), version(folder, "two"))
    ledger = opened(folder)
    assert ledger.check()["code"].tolist() == ["rival-versions"]
    ledger.edit("claims", "rain", why="neither", note="three")
    assert opened(folder).claims["note"][0] == "three"
    assert ledger.check().empty


def test_two_claims_under_one_id_are_an_error_and_nothing_is_written_to_it(folder):
    add(folder, "claims", claim("rain", claim="Another thing.", claimant="Bo"))
    ledger = opened(folder)
    assert found(ledger, "code", "severity", "row_id") == [["two-claims", "error", "rain"]]
    assert "lines 2, 4" in ledger.check()["message"][0]
    before = files(folder)
    same = {"claim": "It rained on Monday.", "claimant": "The Daily", "made_on": "2025-03-10"}
    for call in (
        lambda: ledger.set_status("rain", "mixed", rationale="x"),
        lambda: ledger.attach("rain", "https://example.org/x", stance="mixed"),
        lambda: ledger.repeat("rain"),
        lambda: ledger.edit("claims", "rain", why="x", note="x"),
        lambda: ledger.withdraw("claims", "rain", why="x"),
        lambda: ledger.log("Another thing.", claimant="Bo", claim_id="rain"),
        lambda: ledger.log(**same, claim_id="rain"),
    ):
        with pytest.raises(fd.FactdeskError, match="Two different claims"):
            call()
    assert files(folder) == before
    assert ledger.set_status("snow", "mixed", rationale="x")


def test_a_cell_that_is_not_what_its_last_change_says_is_found_and_shown_as_it_is(folder):
    ledger = opened(folder)
    ledger.edit("claims", "rain", why="seen", note="wet")
    path = folder / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b"wet", b"dry"))
    ledger = opened(folder)
    assert ledger.claims["note"][0] == "dry"
    rows = ledger.check()
    rows = rows[rows["code"] == "unlike-change"]
    assert rows[["severity", "table", "row_id", "column", "value", "line"]].to_numpy().tolist() == [
        ["warning", "claims", "rain", "note", "dry", 2]
    ]
    assert "'wet'" in rows["message"].iloc[0]
    ledger.edit("claims", "rain", why="it did not rain there", note="dry")
    again = opened(folder)
    assert again.changes[["before", "after"]].to_numpy().tolist() == [["", "wet"], ["wet", "dry"]]
    assert "unlike-change" not in set(again.check()["code"])


# --- days that had not come, and days long gone


AHEAD = [
    ("statuses", "holds_from", "2199-01-01"),
    ("statuses", "holds_from", "2025-03-16"),
    ("claims", "made_on", "2025-04-14"),
    ("appearances", "made_on", "2026-03-14"),
]


@pytest.mark.parametrize(("name", "column", "day"), AHEAD)
def test_a_day_that_had_not_come_when_it_was_written_is_left_out_and_moves_no_picture(
    name, column, day, folder
):
    add(folder, "statuses", bad("statuses", status_id="t-next", holds_from="2025-03-15"))
    before = opened(folder)
    assert before.check().empty  # the next day has come somewhere
    add(folder, name, bad(name, **{column: day}))
    ledger = opened(folder)
    assert ledger.latest_day == before.latest_day
    assert found(ledger, "code", "severity", "column", "value") == [["day-ahead", "error", column, day]]
    assert "2025-03-14" in ledger.check()["message"][0]


def test_a_document_dated_ahead_is_a_warning_and_stays(folder):
    add(folder, "sources", line("sources", source_id="s-9", published_on="2052-03-14", added_at=MOMENT))
    ledger = opened(folder)
    assert "s-9" in set(ledger.sources["source_id"])
    assert found(ledger, "code", "severity", "line") == [["day-ahead", "warning", 5]]


def test_a_day_that_came_later_may_be_set_by_an_edit(folder):
    ledger = opened(folder)
    add(folder, "claims", claim("hail", made_on="2025-03-10"))
    ledger.edit("claims", "hail", why="found an earlier speech, then a later", made_on="2025-06-01")
    assert opened(folder).check().empty
    path = folder / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b"2025-06-01", b"2025-06-02"))
    assert "day-ahead" in set(opened(folder).check()["code"])


def test_a_status_from_before_its_claim_was_made_is_a_warning(folder):
    add(folder, "statuses", bad("statuses", holds_from="2025-03-10"))
    assert opened(folder).check().empty
    add(folder, "statuses", bad("statuses", status_id="t-2", holds_from="2025-03-09"))
    ledger = opened(folder)
    assert found(ledger, "code", "severity", "line") == [["before-claim", "warning", 4]]
    message = ledger.check()["message"][0]
    assert "2025-03-09" in message and "2025-03-10" in message


def test_a_claim_known_by_its_month_was_not_made_before_the_first_day_of_that(folder):
    ledger = opened(folder)
    ledger.log("It hailed.", claimant="Radio", made_on="2025-03", claim_id="hail")
    ledger.set_status("hail", "refuted", holds_from="2025-03-01", rationale="It did not.")
    assert ledger.check().empty
    ledger.set_status("hail", "mixed", holds_from="2025-02-28", rationale="It did not.")
    assert "2025-02-28, before the claim was made (2025-03)." in ledger.check()["message"][0]


def test_a_moment_in_the_place_of_a_day_is_hinted_at_as_its_day_in_the_ledgers_zone(folder):
    settings = folder / "claims" / "ledger.toml"
    settings.write_text(settings.read_text().replace('"UTC"', '"Europe/Kyiv"'))
    add(folder, "claims", claim("late", made_on="2024-06-28T23:30:00Z"))
    assert "meant may be 2024-06-29." in opened(folder).check()["advice"][0]


# --- statuses that contradict each other


def given(folder: Path, at: str, status: str, by: str, holds_from: str = "2025-03-13") -> str:
    cells = {"status_id": f"t-{at}", "status": status, "recorded_by": by, "holds_from": holds_from}
    add(folder, "statuses", bad("statuses", **cells, recorded_at=f"2025-{at}:00.000000Z"))
    return f"t-{at}"


def contradictions(ledger: fd.Ledger) -> list[str]:
    rows = ledger.check()
    assert set(rows["code"]) <= {"contradicting-statuses"}
    return rows["row_id"].tolist()


def test_two_people_who_gave_one_day_different_statuses_are_named_both(folder):
    given(folder, "03-13T09:00", "mixed", "Ada")
    given(folder, "03-13T09:30", "mixed", "Ada")  # her own again, which settles nothing
    yours = given(folder, "03-13T10:00", "refuted", "Bo")
    ledger = opened(folder)
    assert contradictions(ledger) == [yours]
    message = ledger.check()["message"][0]
    assert all(word in message for word in (yours, "Ada", "Bo", "mixed", "refuted", "2025-03-13"))
    assert ledger.status_on("2025-03-13").set_index("claim_id")["status"]["rain"] == "refuted"


@pytest.mark.parametrize(
    "second",
    [
        ("03-13T10:00", "refuted", "Ada"),  # her own correction
        ("03-13T10:00", "mixed", "Bo"),  # they agree
        ("03-13T10:00", "refuted", "Bo", "2025-03-12"),  # of another day
        ("08-01T09:00", "refuted", "Bo"),  # much later
    ],
)
def test_corrections_agreements_and_other_days_are_no_contradiction(second, folder):
    given(folder, "03-13T09:00", "mixed", "Ada")
    given(folder, *second)
    assert contradictions(opened(folder)) == []


@pytest.mark.parametrize("settled", ["same day", "later day", "withdrawn", "edited"])
def test_a_contradiction_is_settled_by_whoever_saw_both(settled, folder):
    mine, yours = given(folder, "03-13T09:00", "mixed", "Ada"), given(folder, "03-13T10:00", "refuted", "Bo")
    ledger = opened(folder)
    assert contradictions(ledger) == [yours]
    if settled == "same day":
        ledger.set_status("rain", "mixed", holds_from="2025-03-13", rationale="We talked about it.")
    elif settled == "later day":
        ledger.set_status("rain", "supported", holds_from="2025-03-20", rationale="A second gauge.")
    elif settled == "withdrawn":
        ledger.withdraw("statuses", mine, why="given without the gauge")
    else:
        ledger.edit("statuses", yours, reviewed_by="Cy", why="the two talked about it")
    assert contradictions(opened(folder)) == []


# --- what statuses and changes name


def test_evidence_that_is_lost_or_another_claims_is_found(folder):
    others = opened(folder).evidence.set_index("claim_id")["evidence_id"]["snow"]
    add(folder, "statuses", bad("statuses", evidence=f"e-none; {others}"))
    add(folder, "statuses", bad("statuses", status_id="t-2", evidence=";"))
    wanted = [["lost-evidence", "error", "e-none", 3], ["other-evidence", "warning", others, 3]]
    assert found(opened(folder), "code", "severity", "value", "line") == wanted


def test_changes_of_what_is_not_there_are_found(folder):
    change(folder, 1, "", "x", row_id="nowhere")
    change(folder, 2, "", "x", column="colour")
    moods = {"change_id": "c-9", "table": "moods", "row_id": "x", "why": "x", "changed_at": MOMENT}
    add(folder, "changes", line("changes", **moods))
    add(folder, "claims", claim("bad", made_on="x"))
    change(folder, 3, "", "x", row_id="bad")
    assert sorted(found(opened(folder), "code")) == [["bad-day"], *[["lost-change"]] * 3]


def test_findings_are_a_frame_with_the_gravest_first(folder):
    assert findings_frame([]).columns.tolist() == FINDINGS
    add(folder, "claims", claim("bad", made_on="x"))
    table(folder, "sources").write_bytes(
        table(folder, "sources").read_bytes().replace(b"\n", b"\r\n").replace(b"note", b"note,mine", 1)
    )
    table(folder, "evidence").write_bytes(csvfile.render([schema.EVIDENCE.first_names], ";"))
    table(folder, "sources").write_bytes(csvfile.header_line(schema.SOURCES))
    ledger = opened(folder)
    assert ledger.check()["severity"].is_monotonic_increasing
    assert ledger.check()["severity"].cat.categories.tolist() == ["error", "warning", "note"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org/x", "https://me:secret@example.org/", "x"]
)
def test_an_address_that_is_none_is_named(url, folder):
    path = folder / "claims" / "sources.csv"
    path.write_text(path.read_text("utf-8").replace("https://example.org/gauge", url), "utf-8")
    assert fd.open(folder / "claims.csv").check().set_index("code").severity["bad-address"] == "warning"


def test_a_cell_that_joins_two_addresses_is_named_with_both_and_its_id_still_comes_from_it(folder):
    joined = "https://example.org/1,2;https://example.org/3"
    row = {"source_id": parsing.address(joined)[1], "url": joined, "added_at": "2025-03-15T12:00:00.000000Z"}
    add(folder, "sources", line("sources", **row))
    ledger = opened(folder)
    (one,) = ledger.check().to_dict("records")
    assert (one["code"], one["severity"], one["column"]) == ("joined-addresses", "warning", "url")
    assert "'https://example.org/1,2', 'https://example.org/3'" in one["advice"]
    assert not (ledger.verify()["severity"] == "error").any()


ODD = st.text(
    st.one_of(st.sampled_from("\u200b\u200d\u2060\u2066\u202e\ufeff\x85\x7f\x1b\t\n’“”Ã©â€™Ô\uf18d"), st.characters(codec="utf-8")),
    max_size=5,
)  # fmt: skip


@hypothesis.given(st.lists(ODD, max_size=6))
def test_a_quick_look_at_the_bytes_passes_over_no_cell_that_is_wrong(cells):
    text = Packed.of(pa.array(cells, pa.large_string()))
    looks = {
        HIDDEN_IN_FILES: values._may_have_hidden(text),
        spreadsheets.MAY_BE_BROKEN: text.rows_of(places(text.data, values._may_be_broken)),
    }
    for pattern, rows in looks.items():
        every = pc.match_substring_regex(text.text, pattern).to_pylist()
        assert values._matches(text, pattern, rows).tolist() == every


def test_of_many_cells_that_are_wrong_alike_the_first_are_named_and_each_can_be_mended(folder, monkeypatch):
    monkeypatch.setattr(values, "MOST_FOUND", 3)
    add(folder, "claims", *(claim(f"c{at}", made_on="13.03.2025") for at in range(9)))
    add(folder, "claims", *(claim(f"d{at}", made_on="2031-01-01") for at in range(7)))
    with pytest.warns(FactdeskWarning, match="16 places are wrong"):
        ledger = fd.open(folder / "claims.csv", by="Ada Quist")
    found = ledger.check()
    assert found["code"].value_counts().to_dict() == {"bad-day": 4, "day-ahead": 4}
    assert found["message"].str.extract(r"^(\d+) more cells")[0].dropna().tolist() == ["6", "4"]
    assert dict(ledger.unread.rows) == {"claims": 16}
    with pytest.raises(fd.FactdeskError, match="is not a day"):
        ledger.set_status("c8", "supported", rationale="So it is.")
    ledger.edit("claims", "c8", why="a slip", made_on="2025-03-13")
    assert "c8" in ledger.claims["claim_id"].tolist()
