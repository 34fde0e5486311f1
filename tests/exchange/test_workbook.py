"""A ledger as a workbook: sheets with typed cells, of which none is a formula."""

import io

import pytest
import samples
from python_calamine import CalamineWorkbook

import factdesk as fd
from factdesk.errors import InvalidValue
from factdesk.exchange import ledger_tables, workbook, xlsx


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = fd.export(
        samples.rain(tmp_path_factory.mktemp("rain")), tmp_path_factory.mktemp("out") / "out.xlsx"
    )
    return CalamineWorkbook.from_path(path)


def test_there_is_a_sheet_for_each_table_and_for_what_the_settings_say(book):
    assert book.sheet_names == [
        "claims", "appearances", "sources", "snapshots", "evidence", "statuses", "changes", "seals", "status now",
        "withdrawn", "vocabulary", "settings",
    ]  # fmt: skip
    settings = dict(book.get_sheet_by_name("settings").to_python())
    assert settings["title"] == "Rain" and settings["timezone"] == "UTC" and len(settings["digest"]) == 32
    assert [row[0] for row in book.get_sheet_by_name("vocabulary").to_python()][1:3] == [
        "unverified",
        "in review",
    ]


def test_days_are_days_sizes_numbers_and_moments_and_ids_text(book):
    header, first, _ = book.get_sheet_by_name("claims").to_python()
    row = dict(zip(header, first, strict=True))
    assert (str(row["made_on"]), type(row["made_on"]).__name__) == ("2025-03-10", "date")
    assert row["logged_at"].endswith("Z") and row["claim_id"] == "rain"
    snapshot = dict(zip(*book.get_sheet_by_name("snapshots").to_python(), strict=True))
    assert snapshot["bytes"] == 7.0


@pytest.mark.parametrize(
    ("note", "why"), [("😀" * 17_000, "longer than a cell"), ("\uffff", "XML can't hold")]
)
def test_a_cell_that_no_workbook_can_hold_is_refused_and_named_with_another_form(tmp_path, note, why):
    ledger = samples.rain(tmp_path)
    ledger.log("It hails.", claimant="Radio", claim_id="hail", note=note)
    with pytest.raises(InvalidValue, match=rf"\.sqlite: claims, row hail, note .*{why}"):
        fd.export(ledger, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()
    fd.export(ledger, tmp_path / "out.sqlite")


def test_more_rows_than_a_sheet_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 1)
    with pytest.raises(InvalidValue, match=r"claims has 2 rows, and a sheet 1"):
        fd.export(samples.rain(tmp_path), tmp_path / "out.xlsx")


def test_a_workbook_that_a_person_went_on_with_is_read_by_its_cells(tmp_path):
    """Sheets of their own, empty rows and columns, a column left out that came later, and a day typed in."""
    import xlsxwriter

    tables = ledger_tables.of(samples.rain(tmp_path)).rows
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    made.add_worksheet("My notes").write(0, 0, "claims")
    sheet = made.add_worksheet("claims")
    names = tables["claims"].columns[:12].tolist()
    for at, row in enumerate([names, [], *tables["claims"][names].to_numpy().tolist()]):
        sheet.write_row(at, 0, row)
    made.close()
    found, _ = workbook.read(file.getvalue())
    assert list(found) == ["claims"] and found["claims"].equals(tables["claims"])
