"""A spreadsheet that is no ledger is told which columns make one, and the call that brings it in runs as it stands."""

import re
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from samples import rain, rain_files

import factdesk as fd
from factdesk.errors import LedgerExists, LedgerUnreadable

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
SHEET = "Nr;Behauptung;Speaker;Date of claim\n1;Die Mieten stiegen;Jürgen Müller;14.03.2025\n2;;;\n3;Es regnet;;\n"


def refusal(path: Path) -> str:
    with pytest.raises(LedgerUnreadable) as refused:
        fd.open(path)
    (place,) = refused.value.places
    assert (place.code, place.file) == ("no-ledger", path.name)
    assert "claim_id, claim, claimant, claimant_role, made_on" in place.message
    return str(refused.value)


def brought_in(words: str) -> fd.Ledger:
    call = re.search(r"fd\.import_table\(.*?\.csv['\"]\)", words)
    return eval(call[0], {"fd": fd}).write().ledger


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("has_folder", [True, False])
def test_a_csv_of_any_country_is_brought_in_by_the_call_that_its_refusal_shows(
    encoding, has_folder, tmp_path
):
    path = tmp_path / "it's mine.csv"
    path.write_bytes(SHEET.encode(encoding))
    if has_folder:
        path.with_suffix("").mkdir()
    words = refusal(path)
    assert "'Behauptung'" in words
    rows = brought_in(words).claims[["claim", "claimant"]].to_numpy().tolist()
    assert rows == [["Die Mieten stiegen", "Jürgen Müller"]]
    with pytest.raises(LedgerExists) as exists:
        fd.create(path, title="Mine")
    assert "or fd.open it" not in str(exists.value)
    assert len(brought_in(str(exists.value)).claims) == 1  # beside the one that was made before
    assert path.read_bytes() == SHEET.encode(encoding)


def test_an_excel_file_is_brought_in_as_it_is(tmp_path):
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["claim", "claimant"])
        sheet.write_row(1, 0, ["It rains.", "Radio"])
    assert brought_in(refusal(path)).claims["claimant"].tolist() == ["Radio"]


@pytest.mark.parametrize("header", ["\u202eclaim,x\n", "a\n", '"",b\n', "claim'\"\\,claimant\n", ",\n"])
def test_whatever_the_columns_are_called_the_refusal_can_be_printed(header, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(f"{header}It rains.,Radio\n", "utf-8")
    assert all(one.isprintable() or one == "\n" for one in refusal(path))


def test_a_ledger_that_lost_its_folder_is_still_one_and_comes_back_as_its_refusal_says(tmp_path):
    rain_files(tmp_path)
    path, aside = tmp_path / "claims.csv", tmp_path / "aside.csv"
    shutil.rmtree(tmp_path / "claims")
    with pytest.raises(LedgerUnreadable, match=r"move claims\.csv away, make a new ledger of that name"):
        fd.open(path)
    with pytest.raises(LedgerExists) as exists:
        fd.create(path, title="Rain")
    assert "or fd.open it" not in str(exists.value)
    path.rename(aside)
    fd.create(path, title="Rain")
    aside.replace(path)
    assert fd.open(path).claims["claim_id"].tolist() == ["rain", "snow"]


def test_a_name_whose_folder_is_taken_is_not_sent_from_open_to_create_and_back(tmp_path):
    (tmp_path / "budget").mkdir()
    (tmp_path / "budget" / "notes.txt").write_text("mine")
    with pytest.raises(fd.FactdeskError, match="under another name: budget/ is there already"):
        fd.open(tmp_path / "budget.csv")
    with pytest.raises(LedgerExists, match=r"Choose another name\.$"):
        fd.create(tmp_path / "budget.csv", title="Budget")


def test_a_file_of_another_kind_is_offered_no_call(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7\nclaim,claimant\n")
    with pytest.raises(LedgerUnreadable) as refused:
        fd.open(path)
    assert "import_table" not in str(refused.value)


def test_a_table_of_a_ledger_leads_to_the_ledger(tmp_path):
    path = rain(tmp_path).path
    with pytest.raises(
        LedgerUnreadable, match=r"a table of the ledger claims\.csv.*Open .*claims\.csv"
    ) as refused:
        fd.open(tmp_path / "claims" / "statuses.csv")
    assert "fd.create" not in str(refused.value) and path.exists()
