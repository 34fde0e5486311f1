"""What a spreadsheet wrote in its own way is known for the same, put back in one call, and nothing else is."""

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from samples import CASES, ROOT, needs_cases, rain

import factdesk as fd
from factdesk.checks.rewritten import is_rewritten
from factdesk.errors import LedgerUnreadable
from factdesk.schema import TABLES

REAL = ROOT.parent / "shared" / "data" / "real-ledgers"
MOMENT = "2026-11-30T13:13:24.508321Z"


@pytest.mark.parametrize(
    ("stood", "written"),
    [
        ("2025-03-04", "04.03.2025 3/4/2025 3/4/25 04/03/2025 2025/03/04 45720 4-Mar-25"),
        ("2025-03-04", ["04. Mrz 25", "4. März 2025", "March 4, 2025", "04.03.2025 00:00"]),
        ("1/2", ["01. Feb", "2-Jan", "01/02/26", "01.02.2026"]),
        ("2.5", ["02. Mai"]),
        ("MARCH1", ["1-Mar", "01. Mrz"]),
        ("Mar 2025", ["Mrz 25", "01.03.2025"]),
        ("2.50", "2,5 2.5"),
        ("1,234", "1234 1.234"),
        ("1 234", ["1234"]),
        ("007", "7"),
        ("12 %", "12% 0,12"),
        ("123456789012345", "1,23457E+14 1.23456789012345E+014"),
        ("12345678901234567890", "12345678901234500000"),
        (MOMENT, ["30.11.2026 13:13", "11/30/2026 1:13 PM", "2026-11-30 13:13:24", "30.11.2026"]),
        (MOMENT, ["13:24,5", "13:13:24", "2026-11-30T14:13:24.508321+01:00", "46356,551", "46356"]),
        ("00:14:33", ["0:14:33", "0,0101041666666667"]),
        ("true", "TRUE WAHR"),
        ("=1+1", "#NAME? #####"),
        ("café", ["cafÃ©"]),
    ],
)
def test_a_value_in_another_writing_is_the_same(stood, written):
    for one in written.split() if isinstance(written, str) else written:
        assert is_rewritten(stood, one), one


@pytest.mark.parametrize(
    ("stood", "written"),
    [
        ("2025-03-04", ["05.03.2025", "2025-04-03", "2024-03-04", "", "March 2025", "2025-3", "04.03."]),
        ("04.03.2025", ["03.04.2025"]),
        ("1/2", ["2/1", "0.5"]),
        ("12 %", ["21 %", "12"]),
        ("1.5", ["15"]),
        ("7", ["8", "7.1"]),
        (
            MOMENT,
            ["30.11.2026 13:14", "01.12.2026", "yesterday", "13:14:24", "2026-11-30T13:13:24+01:00", "x"],
        ),
        ("1:30", ["1:30 PM", "1:31"]),
        ("mixed", ["refuted"]),
        ("March", ["March 1"]),
        ("", ["04.03.2025"]),
        ("x" * 500, ["y" * 500]),
    ],
)
def test_another_value_is_not_the_same(stood, written):
    assert [one for one in written if is_rewritten(stood, one)] == []


def saved_by_excel(path: Path, table: str, german: bool) -> None:
    """Write a table as Excel does that opened and saved it: the delimiter, days, moments and numbers of its country."""

    def written(cell: str) -> str:
        if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d).*Z)?", cell):
            year, month, day, time = found.groups()
            if int(year) < 1900:
                return cell
            shown = f"{day}.{month}.{year}" if german else f"{int(month)}/{int(day)}/{year}"
            return shown + (f" {time}" if time else "")
        if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})", cell):
            first, second = int(found[1]), int(found[2])
            if german and second <= 12:
                return f"{first:02}. {'JanFebMrzAprMaiJunJulAugSepOktNovDez'[3 * second - 3 : 3 * second]}"
        if re.fullmatch(r"\d{1,15}", cell):
            return str(int(cell))
        if re.fullmatch(r"\d+\.\d+", cell):
            number = f"{float(cell):g}"
            return number.replace(".", ",") if german else number
        return "WAHR" if cell == "true" and german else cell.upper() if cell in ("true", "false") else cell

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    out = io.StringIO()
    csv.writer(out, delimiter=";" if german else ",").writerows([list(map(written, row)) for row in rows])
    path.write_bytes(("\ufeff" + out.getvalue()).encode("utf-8"))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real ledgers are not here")
@pytest.mark.parametrize(("name", "german"), [("week", False), ("eight", True), ("pf", True)])
@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
def test_a_real_ledger_that_excel_saved_stands_again_after_one_call(name, german, tmp_path):
    shutil.copy(REAL / f"{name}.csv", tmp_path)
    shutil.copytree(REAL / name, tmp_path / name)
    tmp_path.chmod(0o755), (tmp_path / name).chmod(0o755)
    for path in tmp_path.rglob("*.csv"):
        path.chmod(0o644)
    path = tmp_path / f"{name}.csv"
    ledger = fd.open(path, by="Ada Quist")
    ledger.log("What begins what is known.", claimant="Ada Quist")
    digest, frames = ledger.digest(), {table: getattr(ledger, table) for table in TABLES}
    saved_by_excel(path, "claims", german)
    saved_by_excel(tmp_path / name / "statuses.csv", "statuses", german)
    again = fd.open(path, by="Ada Quist")
    assert again.digest() != digest
    shown = set(again.hand_edits()["row_id"])
    assert set(again.restore()) == shown
    for now in (again, fd.open(path)):
        assert now.digest() == digest and now.hand_edits().empty
        for table, frame in frames.items():
            assert frame.equals(getattr(now, table)), table


@needs_cases
def test_a_ledger_saved_by_a_german_excel_is_named_with_what_stood_there_and_put_right(tmp_path):
    data = (CASES / "05-excel-german-utf8-sig.csv").read_bytes().decode("utf-8-sig")
    ledger = fd.create(tmp_path / "miete.csv", title="Miete", by="Ada")
    as_it_stood = re.sub(r"(\d\d)\.(\d\d)\.(\d{4})", r"\3-\2-\1", data).replace("01. Feb", "1/2")
    rows = csv.reader(io.StringIO(as_it_stood), delimiter=";")
    with ledger.path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    ledger.log("Hier beginnt es.", claimant="Ada", claim_id="beginn")
    stood, digest = ledger.path.read_bytes(), ledger.digest()
    last = stood.decode().splitlines()[-1].replace(",", ";")
    ledger.path.write_bytes(f"\ufeff{data}{last}\n".encode())
    with pytest.warns(fd.FactdeskWarning, match=r"restore\(\) puts back 6 cells as known"):
        again = fd.open(ledger.path, by="Ada")
    advice = again.check().query("code == 'bad-day'")["advice"].tolist()
    assert advice == [f"'2025-03-0{day}' stood here: restore() puts it back." for day in (4, 5, 6, 7, 8)]
    assert len(again.restore()) == 5
    assert again.digest() == digest and again.claims["note"][0] == "1/2"


def replaced(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def test_a_day_that_a_person_set_in_another_writing_is_left_and_what_stood_there_is_named(tmp_path):
    ledger = rain(tmp_path)
    replaced(ledger.path, ("2025-03-10", "11.03.2025"))
    with pytest.warns(fd.FactdeskWarning) as warned:
        opened = fd.open(ledger.path)
    assert "restore" not in str(warned[0].message)
    assert "'2025-03-10' stood here: put it back, or set the cell with edit." in set(opened.check()["advice"])
    assert opened.restore() == []
    with pytest.raises(LedgerUnreadable, match="'2025-03-10' stood here"):
        fd.open(ledger.path, strict=True)


def test_what_is_taken_in_is_not_put_back(tmp_path):
    ledger = rain(tmp_path)
    ledger.edit("claims", "rain", why="noted", note="2.50")
    replaced(ledger.path, ("2.50", "2.5"))
    ledger.accept_edits(why="shorter")
    assert ledger.restore() == [] and ledger.claims["note"][0] == "2.5"
