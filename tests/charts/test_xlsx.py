"""The workbook of a chart: typed cells, no formula whatever a text says, the same bytes for the same rows."""

import io
import shutil
import subprocess
import zipfile
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest
from drawn import sample

import factdesk as fd
from factdesk.charts.provenance import Provenance
from factdesk.charts.xlsx import workbook
from factdesk.errors import InvalidValue
from factdesk.exchange.xlsx import MOST_CHARACTERS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ABOUT = Provenance(title="Steel", ledger="Steel claims", digest="abcd", as_of="2025-03-10", call="f(x)")


def cells(made: bytes, sheet: int = 1) -> list[list[tuple[str, str]]]:
    """Give the kind and the value of every cell: `s` a text, `b` true or false, `d` a day, `n` a number, `f` a formula."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        strings = [
            "".join(part.text or "" for part in item.iter(f"{MAIN}t"))
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        formats = ElementTree.fromstring(archive.read("xl/styles.xml")).find(f"{MAIN}cellXfs")
        tree = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    days = [int(one.get("numFmtId", 0)) >= 164 for one in formats]
    found = []
    for row in tree.iter(f"{MAIN}row"):
        found.append([])
        for cell in row:
            value, kind = cell.findtext(f"{MAIN}v", ""), cell.get("t", "n")
            if cell.find(f"{MAIN}f") is not None:
                kind = "f"
            elif kind == "s":
                value = strings[int(value)]
            elif kind == "n" and days[int(cell.get("s", 0))]:
                kind, value = "d", str(date.fromordinal(date(1899, 12, 30).toordinal() + int(value)))
            found[-1].append((kind, value))
    return found


def test_days_are_days_numbers_numbers_and_the_rest_is_text():
    rows = [
        {"from": "2025-03-10", "claims": 2, "share": 0.5, "status": "supported", "open": True, "note": None},
        {"from": "", "claims": 10, "share": 1, "status": "2025-03-10", "open": False, "note": ["a", 1]},
    ]
    heading, first, second = cells(workbook(rows, ABOUT))
    assert [value for _, value in heading] == list(rows[0])
    assert first == [("d", "2025-03-10"), ("n", "2"), ("n", "0.5"), ("s", "supported"), ("b", "1")]
    assert second == [("n", "10"), ("n", "1"), ("s", "2025-03-10"), ("b", "0"), ("s", '["a", 1]')]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@SUM(A1)", "+49", "-1", "{=1}", "https://example.org", "internal:about!A1", "00123", "1e5"],
)
def test_text_is_never_a_formula_a_link_or_a_number(text):
    made = workbook([{"claim": text, "n": 1}], ABOUT)
    assert cells(made)[1][0] == ("s", text)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert not [name for name in archive.namelist() if "_rels/sheet" in name or "externalLink" in name]


@pytest.mark.parametrize("text", ["1899-12-31", "1900-02-28", "2025-02-30", "2025-3-1", "２０２５-03-10"])
def test_days_that_programs_do_not_have_alike_stay_text(text):
    assert cells(workbook([{"on": text}, {"on": "2025-03-10"}], ABOUT))[1] == [("s", text)]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**16, 10**400])
def test_numbers_that_a_sheet_would_change_are_text(number):
    assert cells(workbook([{"n": number}], ABOUT))[1][0][0] == "s"


@pytest.mark.parametrize("letter", ["a", "😀"])
def test_a_text_longer_than_a_cell_is_cut_with_a_mark(letter):
    (_, text) = cells(workbook([{"claim": letter * 40_000}], ABOUT))[1][0]
    assert text.endswith(f"{letter}…")
    assert len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


def test_more_rows_than_a_sheet_has_are_refused_and_another_form_named():
    rows = [{"n": 1}] * 1_048_576
    with pytest.raises(InvalidValue, match="another form: a sheet has 1,048,575 rows"):
        workbook(rows, ABOUT)


def test_a_sheet_says_what_the_file_is_of():
    assert [value for row in cells(workbook([{"n": 1}], ABOUT), sheet=2) for _, value in row][:10] == [
        "Title", "Steel", "Ledger", "Steel claims", "As of", "2025-03-10", "Digest", "abcd", "Call", "f(x)",
    ]  # fmt: skip


def test_the_same_rows_give_the_same_bytes_and_no_moment_is_in_them(tmp_path):
    chart = fd.charts.status_over_time(sample())
    one, other = (fd.save(chart, tmp_path / f"{name}.xlsx").read_bytes() for name in "ab")
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


def test_the_heading_stays_in_sight_and_can_be_filtered(tmp_path):
    path = fd.save(fd.charts.timeline(sample()), tmp_path / "chart.xlsx")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b'state="frozen"' in sheet
    assert b"<autoFilter ref=" in sheet


def test_it_holds_what_the_csv_holds(tmp_path):
    chart = fd.charts.status_over_time(sample())
    rows = cells(fd.save(chart, tmp_path / "chart.xlsx").read_bytes())
    frame = pd.read_csv(fd.save(chart, tmp_path / "chart.csv"))
    assert [value for _, value in rows[0]] == list(frame)
    assert len(rows) - 1 == len(frame)
    claims = list(frame).index("claims")
    assert [float(row[claims][1]) for row in rows[1:]] == frame["claims"].tolist()
    assert [row[0] for row in rows[1:]] == [("d", day) for day in frame[frame.columns[0]]]


def test_another_program_reads_it_alike(tmp_path):
    """LibreOffice stands for all: it opens the workbook, and writes its first sheet as CSV."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("needs LibreOffice")
    (tmp_path / "a.xlsx").write_bytes(workbook([{"on": "2025-03-10", "claim": "=1+1", "n": 2.5}], ABOUT))
    words = ["--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "csv"]
    subprocess.run([office, *words, "a.xlsx"], cwd=tmp_path, capture_output=True, check=True, timeout=120)
    assert (tmp_path / "a.csv").read_text("utf-8").splitlines() == ["on,claim,n", "2025-03-10,=1+1,2.5"]
