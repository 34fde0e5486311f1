"""A whole ledger out and back in: every cell comes back as its files hold it, whatever it says."""

import random
import shutil
import sqlite3
import zipfile

import pandas as pd
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

import factdesk as fd
from factdesk import schema
from factdesk.errors import (
    ExportExists,
    FactdeskWarning,
    InvalidValue,
    NotFound,
    TableUnreadable,
    WriteFailed,
)
from factdesk.exchange import ledger_tables, sqlite, workbook
from factdesk.exchange.export import read_ledger_tables
from factdesk.storage import csvfile

FORMS = ["xlsx", "sqlite", "db"]
HOSTILE = (
    "=HYPERLINK(\"https://a.example\")", "'=1", "@SUM(A1)", "_x0041_", "_x005F_", "007", "TRUE", "#REF!", "2025-03-14",
    "1e5", " two\nlines ", "\u2028", "😀" * 8_000, "x" * 32_000, "<b>&amp;</b>", "\"';--", "NULL", "None", "nan", "\u2007x",
)  # fmt: skip


def made_of(tables: dict[str, pd.DataFrame], like: fd.Ledger, folder) -> fd.Ledger:
    """A ledger whose files hold these tables."""
    path = folder / "again.csv"
    shutil.copytree(
        like.path.with_suffix(""), path.with_suffix(""), ignore=shutil.ignore_patterns(".factdesk")
    )
    for name, frame in tables.items():
        file = path if name == "claims" else path.with_suffix("") / f"{name}.csv"
        file.write_bytes(csvfile.render([list(frame.columns), *frame.to_numpy().tolist()]))
    return fd.open(path, by="Ada Quist")


@pytest.fixture
def odd(tmp_path):
    """A ledger with a row in every table, odd cells in many of them, and rows that were edited and withdrawn."""
    ledger = samples.rain(tmp_path)
    for at, text in enumerate(HOSTILE):
        ledger.log(
            f"Claim {at}.",
            claimant="The Daily",
            claim_id=f"odd-{at}",
            note=text,
            made_on="1850-01-01" if at % 2 else "2025-03",
        )
    evidence = ledger.attach("odd-1", "https://example.org/';x", stance="refutes", quote="'=no")
    ledger.set_status(
        "odd-1",
        "refuted",
        rationale="No.",
        evidence=evidence,
        published_at="https://checks.example/1",
        published_on="2025-03-14",
    )
    ledger.edit("claims", "odd-2", why="Better.", note="2,5")
    ledger.withdraw("claims", "odd-3", why="Not ours.")
    ledger.seal("as published")
    return ledger


@pytest.mark.parametrize("form", [*FORMS, "csv"])
def test_what_is_read_back_has_the_cells_the_ids_and_the_digest_of_the_ledger(odd, tmp_path, form):
    path = odd.path if form == "csv" else fd.export(odd, tmp_path / f"out.{form}")
    tables = read_ledger_tables(path)
    assert set(tables) == {*schema.TABLES, "seals"}
    for name in schema.TABLES:
        assert tables[name].equals(odd._dataset.cells(name)), name
    (tmp_path / "again").mkdir()
    again = made_of(tables, odd, tmp_path / "again")
    assert again.digest() == odd.digest()
    assert again.verify()["severity"].isin(["note"]).all()


@pytest.mark.parametrize("form", ["xlsx", "sqlite"])
def test_rows_that_can_not_be_read_come_back_too_and_stand_apart_until_then(tmp_path, form):
    samples.rain(tmp_path)
    samples.days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    with pytest.warns(FactdeskWarning):
        ledger = fd.open(tmp_path / "claims.csv")
    with pytest.warns(FactdeskWarning, match="1 status can't be read .* stand apart"):
        path = fd.export(ledger, tmp_path / f"out.{form}")
    assert read_ledger_tables(path)["statuses"]["holds_from"].tolist() == ["12.03.2025"]
    tables = ledger_tables.of(ledger)
    assert tables.rows["statuses"].empty and tables.held["status"].tolist() == ["", "unverified"]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufffe\uffff")), min_size=1
    )
)
@settings(max_examples=20)
def test_any_text_comes_back_from_a_workbook_and_from_a_database(texts):
    frame = pd.DataFrame({name: texts for name in schema.SOURCES.names}, dtype="str")
    frame["source_id"] = [f"s-{at}" for at in range(len(texts))]
    empty = {name: pd.DataFrame(columns=table.names, dtype="str") for name, table in schema.TABLES.items()}
    held = pd.DataFrame(columns=["claim_id", "status", "holds_from", "status_id"], dtype="str")
    tables = ledger_tables.LedgerTables({**empty, "sources": frame}, {}, held, held, held, {"title": "T"})
    assert workbook.read(workbook.written(tables))[0]["sources"].equals(frame)
    with sqlite3.connect(":memory:") as base:
        base.deserialize(sqlite.written(tables))
        assert [row[0] or "" for row in base.execute("SELECT note FROM sources ORDER BY rowid")] == texts


@pytest.mark.parametrize("form", FORMS)
def test_the_same_ledger_gives_the_same_bytes_and_one_of_ours_is_replaced(tmp_path, form):
    ledger = samples.rain(tmp_path)
    one, other = (fd.export(ledger, tmp_path / f"{name}.{form}").read_bytes() for name in ("claims", "other"))
    assert one == other
    ledger.log("It hails.", claimant="Radio")
    assert fd.export(ledger, tmp_path / f"claims.{form}").read_bytes() != one
    assert fd.open(ledger.path).digest() == ledger.digest()


@pytest.mark.parametrize("form", [*FORMS, "json"])
def test_what_factdesk_did_not_write_is_replaced_only_where_that_is_asked_for(tmp_path, form):
    ledger = samples.rain(tmp_path)
    theirs = tmp_path / f"out.{form}"
    made = [b"", b"theirs", b"PK\x03\x04", b"SQLite format 3\0" + bytes(100)]
    for data in made:
        theirs.write_bytes(data)
        with pytest.raises(ExportExists, match="overwrite=True"):
            fd.export(ledger, theirs)
        assert theirs.read_bytes() == data
    with zipfile.ZipFile(theirs, "w") as archive:
        archive.writestr("docProps/core.xml", "<cp:keywords>a budget</cp:keywords>")
    with pytest.raises(ExportExists):
        fd.export(ledger, theirs)
    if form != "json":
        assert fd.export(ledger, theirs, overwrite=True) == theirs
        assert "claims" in read_ledger_tables(theirs)


def test_a_place_that_is_none_or_a_ledgers_own_is_refused_and_nothing_is_made(tmp_path, monkeypatch):
    ledger = samples.rain(tmp_path)
    before = samples.files(tmp_path)
    for path in (
        "out",
        "out.csv",
        "out.pdf",
        None,
        5,
        tmp_path / "claims" / "out.xlsx",
        tmp_path / "claims" / "seals" / "x.db",
    ):
        with pytest.raises((InvalidValue, NotFound)):
            fd.export(ledger, path)
    with pytest.raises(NotFound, match="no folder"):
        fd.export(ledger, tmp_path / "none" / "out.xlsx")
    with pytest.raises(WriteFailed):
        fd.export(ledger, tmp_path / ("x" * 300 + ".xlsx"))
    assert samples.files(tmp_path) == before


def test_of_a_view_its_own_rows_are_written(tmp_path):
    ledger = samples.rain(tmp_path)
    path = fd.export(ledger.where(claim_id="rain"), tmp_path / "rain.sqlite")
    tables = read_ledger_tables(path)
    assert tables["claims"]["claim_id"].tolist() == ["rain"]
    assert set(tables["evidence"]["claim_id"]) == {"rain"} and len(tables["sources"]) == 2
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT value FROM settings WHERE name = 'view'").fetchone() == (
            "where(claim_id='rain')",
        )


def test_what_holds_no_ledger_is_refused_in_words(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("x", "y")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04")
    with sqlite3.connect(tmp_path / "c.db") as base:
        base.execute("CREATE TABLE claims (a)")
    with sqlite3.connect(tmp_path / "d.db") as base:
        base.execute("CREATE TABLE x (a)")
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "e.xlsx")
    book.add_worksheet("claims").write(0, 0, "claim")
    book.close()
    for name in ("a.xlsx", "b.xlsx", "c.db", "d.db", "e.xlsx"):
        with pytest.raises(TableUnreadable) as refused:
            read_ledger_tables(tmp_path / name)
        assert "Traceback" not in str(refused.value) and name in str(refused.value)
    for name in ("none.csv", "none.db"):
        with pytest.raises(NotFound):
            read_ledger_tables(tmp_path / name)
    with pytest.raises(TableUnreadable):
        read_ledger_tables("/dev/zero")


def test_a_ledger_to_which_much_was_done_comes_back_whole_and_says_what_it_held(tmp_path, monkeypatch):
    ledger, _ = samples.eventful(tmp_path, monkeypatch, random.Random(1), "Europe/Kyiv")
    path = fd.export(ledger, tmp_path / "out.sqlite")
    for name in schema.TABLES:
        assert read_ledger_tables(path)[name].equals(ledger._dataset.cells(name))
    with sqlite3.connect(path) as base:
        now = dict(base.execute("SELECT claim_id, status FROM status_now").fetchall())
    held = ledger.status_on()
    assert now == dict(zip(held["claim_id"], held["status"].astype("str"), strict=True))
