"""What spreadsheets save reads the same, or is named place by place with the likely cause."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import claim, line, rain, sample, table

import factdesk as fd
from factdesk import schema
from factdesk.checks import spreadsheets
from factdesk.checks.values import values
from factdesk.schema import TABLES
from factdesk.storage import csvfile, table_file
from factdesk.text import clean

# Recorded: `rude.csv` as factdesk wrote it, and that file opened and saved again by LibreOffice Calc 7.4.
FIXTURES = Path(__file__).parents[1] / "fixtures" / "spreadsheets"
CLAIMS = TABLES["claims"]
UTF8 = "44,34,76,1"
MADE_OF_TEXT = "plain", "semi", "tab", "quotedtext"

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
needs_calc = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice Calc (soffice)")


def saved_by_calc(path: Path, folder: Path, read: str = UTF8, write: str = UTF8) -> bytes:
    """Open a CSV in Calc, without a window, and save it again."""
    words = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    words += [f"--infilter=CSV:{read}", "--convert-to", f"csv:Text - txt - csv (StarCalc):{write}"]
    words += ["--outdir", str(folder / "saved"), str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    return (folder / "saved" / path.name).read_bytes()


def read(data: bytes, name: str = "claims") -> table_file.Reading:
    return table_file.read(data, TABLES[name], f"{name}.csv")


def cells(reading: table_file.Reading) -> list[list[str]]:
    return reading.cells[reading.table.first_names].to_numpy().tolist()


def opened(folder: Path) -> fd.Ledger:
    return fd.open(folder / "claims.csv", by="Ada Quist")


def changed(before: table_file.Reading, after: table_file.Reading) -> list[tuple[str, str]]:
    pairs = zip(cells(before), cells(after), strict=True)
    return [(a, b) for row, other in pairs for a, b in zip(row, other, strict=True) if a != b]


# --- LibreOffice Calc


@needs_calc
def test_the_sample_ledger_saved_by_calc_has_the_same_digest(tmp_path):
    path = sample(tmp_path)
    digest = fd.open(path).digest()
    for name in TABLES:
        file = table(tmp_path, name)
        file.write_bytes(saved_by_calc(file, tmp_path / name))
    assert opened(tmp_path).digest() == digest


@needs_calc
@pytest.mark.parametrize("write", [UTF8, "59,34,76,1,,0,true", "9,34,76,1"])
def test_what_calc_makes_of_a_rude_ledger_has_a_cause_for_every_cell(write, tmp_path):
    rude = FIXTURES / "rude.csv"
    pairs = changed(read(rude.read_bytes()), read(saved_by_calc(rude, tmp_path, write=write)))
    assert len(pairs) > 20
    assert [pair for pair in pairs if not spreadsheets.cause(*pair)] == []


@pytest.mark.parametrize("kind", [*MADE_OF_TEXT, "wrongin"])
def test_what_calc_was_recorded_to_make_of_a_rude_ledger_has_a_cause_for_every_cell(kind):
    before, after = (read((FIXTURES / f"{name}.csv").read_bytes()) for name in ("rude", f"calc-{kind}"))
    assert after.fatal == []
    pairs = changed(before, after)
    assert {("007", "7"), ("2.50", "2.5"), ("1/2", "01/02/26"), ("true", "TRUE")} <= set(pairs)
    assert [pair for pair in pairs if not spreadsheets.cause(*pair)] == []
    survives = ("=1+1", "+5", "@home", "''quoted''", "2025-03-14", "2025-03-14T12:00:00.000000Z", "a,b", '"')
    assert not {a for a, _ in pairs} & set(survives)


def test_what_calc_saved_as_windows_1252_names_the_lines_that_are_no_utf_8():
    reading = read((FIXTURES / "calc-cp1252.csv").read_bytes())
    assert {(finding.code, finding.line) for finding in reading.fatal} == {("encoding", 44)}
    assert "“quoted”" in reading.fatal[0].message


def test_letters_that_calc_read_in_the_wrong_encoding_are_named_with_what_was_meant(tmp_path):
    ledger = rain(tmp_path)
    assert ledger.path
    ledger.path.write_bytes((FIXTURES / "calc-wrongin.csv").read_bytes())
    found = opened(tmp_path).check()
    found = found[found["code"] == "broken-letters"]
    assert set(found["severity"]) == {"warning"}
    meant = " ".join(found["advice"])
    assert all(word in meant for word in ("“quoted”", "שלום עולם", "مرحبا", "🌧 rain 🌧🏽"))


# --- what Excel is known to do


CAUSES = [
    ("007", "7", "number"),
    ("2.50", "2.5", "number"),
    ("2.50", "2,5", "number"),
    ("1,000,000", "1000000", "number"),
    ("123456789012", "1.23E+11", "number"),
    ("12345678901234567890", "12345678901234500000", "number"),
    ("+5", "5", "number"),
    ("1/2", "02. Jan", "date"),
    ("1/2", "01.02.2025", "date"),
    ("1/2", "1-Feb", "date"),
    ("may-1", "1-May", "date"),
    ("2025-03-14", "14/03/2025", "date"),
    ("2025-03-14", "3/14/2025", "date"),
    ("2025-03-14", "14.03.2025", "date"),
    ("2025-03-14", "45730", "date"),
    ("10:30", "10:30:00", "time"),
    ("10:30", "0.4375", "time"),
    ("true", "TRUE", "truth value"),
    ("=1+1", "2", "formula"),
    ("-rain", "#NAME?", "formula"),
    ("+A1", "#REF!", "formula"),
    ("2025-03-14", "########", "too narrow"),
    ("x" * 40_000, "x" * 32_767, "32,767"),
    ('"so"', "“so”", "typographic"),
    ("it's", "it’s", "typographic"),
    ("a  b", "a b", "blanks"),
    ("Żółw", "?ó?w", "lacks"),
    ("café “so”", "cafÃ© â€œsoâ€\x9d", "Windows-1252"),
]
MOMENT = "2025-03-13T10:00:12.500000Z"
CUT = ["2025-03-13 10:00", "13/03/2025 10:00", "13.03.25 10:00:12", "45729.4166"]
CAUSES += [(MOMENT, cut, "date and a time") for cut in CUT]
NO_CAUSE = [
    ("It rained.", "It snowed."),
    ("-3 degrees", "-4 degrees"),
    ("12 people", "13 people"),
    ("12", "13"),
    ("", "7"),
]
NO_CAUSE += [
    (MOMENT, other) for other in ("2025-03-14T10:00:12.500000Z", "2025-03-13T11:00:12Z", "yesterday")
]


@pytest.mark.parametrize(("before", "after", "words"), CAUSES)
def test_a_cell_that_a_spreadsheet_changed_is_known_by_what_it_became(before, after, words):
    assert words in spreadsheets.cause(before, after)


@pytest.mark.parametrize(("before", "after"), NO_CAUSE)
def test_what_a_person_changed_is_not_laid_on_a_spreadsheet(before, after):
    assert spreadsheets.cause(before, after) == ""


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_may_be_asked_about(before, after):
    assert isinstance(spreadsheets.cause(before, after), str)
    assert isinstance(spreadsheets.unbroken(before), str)


@given(
    st.text(st.characters(min_codepoint=0xA0, max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=2)
)
def test_letters_read_in_the_wrong_encoding_come_back(text):
    try:
        broken = text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    assert spreadsheets.unbroken(broken) == text


@pytest.mark.parametrize(
    "text", ["café", "IRMÃ”", "“São João” — 4 °C", "Ærø, Århus", "naïve façade", "½ £5", "Żółw"]
)
def test_letters_that_are_right_are_left_alone(text):
    assert spreadsheets.unbroken(text) == ""


LEFT = [
    ("claims", "made_on", "14/03/2025", "bad-day", "2025-03-14"),
    ("claims", "made_on", "3/14/2025", "bad-day", "2025-03-14"),
    ("claims", "made_on", "14.03.2025", "bad-day", "2025-03-14"),
    ("claims", "made_on", "3/4/2025", "bad-day", "2025-04-03 or 2025-03-04"),
    ("claims", "made_on", "45730", "bad-day", "2025-03-14"),
    ("claims", "made_on", "########", "bad-day", "too narrow"),
    ("claims", "made_on", "#VALUE!", "bad-day", "formula"),
    ("claims", "logged_at", "14/03/2025 12:00", "bad-moment", "its own way"),
    ("claims", "logged_at", "2025-03-13 10:00", "bad-moment", "Likely cause: a spreadsheet"),
    ("claims", "logged_at", "2025/3/13 10:00:00", "bad-moment", "Likely cause: a spreadsheet"),
    ("claims", "logged_at", "45730.5", "bad-moment", "its own way"),
    ("claims", "logged_at", "########", "bad-moment", "too narrow"),
    ("claims", "note", "#NAME?", "spreadsheet-mark", "formula"),
    ("claims", "note", "1.23E+11", "spreadsheet-mark", "digits"),
    ("claims", "note", "#####", "spreadsheet-mark", "too narrow"),
    ("claims", "note", "x" * 32_767, "too-long", "32,767"),
    ("claims", "quote", "cafÃ© â€œopenâ€", "broken-letters", "café"),
    ("claims", "quote", "caf\ufffd", "lost-letters", "Git"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "value", "code", "words"), LEFT)
def test_what_a_spreadsheet_left_is_named_with_its_place_and_its_cause(name, column, value, code, words):
    data = csvfile.header_line(TABLES[name]) + claim("hail", **{column: value})
    findings, *_ = values(read(data, name), schema.Settings())
    (finding,) = [one for one in findings if one.column == column]
    assert (finding.code, finding.line, finding.row_id) == (code, 2, "hail")
    assert words in finding.advice
    assert finding.value


def test_every_place_of_a_file_that_excel_saved_is_named_at_once(tmp_path):
    ledger = rain(tmp_path)
    assert ledger.path
    more = claim("hail", made_on="14/03/2025", note="#REF!") + claim("fog", made_on="45730", note="1.2E+10")
    data = (ledger.path.read_bytes() + more).replace(b"2025-03-10", b"10/03/2025").replace(b"\n", b"\r\n")
    ledger.path.write_bytes(b"\xef\xbb\xbf" + data)
    found = opened(tmp_path).check()
    places = found[found["file"] == "claims.csv"]
    assert {(row.line, row.column) for row in places.itertuples() if row.column} >= {
        (2, "made_on"), (4, "made_on"), (4, "note"), (5, "made_on"), (5, "note"),
    }  # fmt: skip


# --- how Excel writes files


def as_excel(rows: list[list[str]], delimiter: str = ",", bom: bool = True, end: str = "\r\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return b"\xef\xbb\xbf" * bom + out.getvalue().encode()


def with_empty_rows_and_columns(rows: list[list[str]]) -> bytes:
    wide = [[*row, "", "", ""] for row in rows]
    return as_excel([*wide, [""] * len(wide[0]), [""] * len(wide[0])])


WAYS: dict[str, Callable[[list[list[str]]], bytes]] = {
    "CSV UTF-8": as_excel,
    "semicolons": lambda rows: as_excel(rows, ";"),
    "tabs": lambda rows: as_excel(rows, "\t"),
    "Mac": lambda rows: as_excel(rows, end="\r", bom=False),
    "a line that names the separator": lambda rows: b"sep=;\r\n" + as_excel(rows, ";", bom=False),
    "empty rows and columns": with_empty_rows_and_columns,
}


@pytest.mark.parametrize("way", WAYS)
def test_what_excel_saves_reads_the_same_and_is_written_to_again(way, tmp_path):
    ledger = rain(tmp_path)
    assert ledger.path
    digest = ledger.digest()
    for name in TABLES:
        file = table(tmp_path, name)
        written = read(file.read_bytes(), name)
        shown = [[csvfile.shielded(cell).replace("\n", "␤") for cell in row] for row in cells(written)]
        file.write_bytes(WAYS[way]([TABLES[name].first_names, *shown]))
    again = opened(tmp_path)
    assert again.digest() == digest
    assert not (again.check()["severity"] == "error").any()
    again.log("It hailed.", claimant="Radio", claim_id="hail")
    again.edit("claims", "rain", why="seen", note="wet")
    last = opened(tmp_path)
    assert last.claims["claim_id"].tolist() == ["rain", "snow", "hail"]
    assert last.claims["note"][0] == "wet"
    assert last.digest() == again.digest()


def test_last_cells_that_excel_leaves_off_are_empty_ones(tmp_path):
    ledger = rain(tmp_path)
    digest = ledger.digest()
    file = table(tmp_path, "statuses")
    file.write_bytes(file.read_bytes().replace(b"Ada Quist,\n", b"Ada Quist\n"))
    assert file.read_bytes().endswith(b"Ada Quist\n")
    again = opened(tmp_path)
    assert again.digest() == digest
    again.edit("statuses", again.statuses["status_id"][0], why="read", reviewed_by="Bo")
    assert opened(tmp_path).statuses["reviewed_by"].tolist() == ["Bo"]


def test_cells_that_are_lacking_elsewhere_are_a_fault():
    short = line("statuses", status_id="t-1").replace(b",\n", b"\n").replace(b",,,,,,,,", b",,,,,,,", 1)
    reading = read(csvfile.header_line(schema.STATUSES_TABLE) + short, "statuses")
    assert [finding.code for finding in reading.findings] == ["unreadable-row"]


def test_excels_unicode_text_is_refused_by_name():
    data = as_excel([CLAIMS.first_names], "\t", bom=False).decode().encode("utf-16")
    (finding,) = read(data).fatal
    assert finding.code == "encoding" and "UTF-16" in finding.message and "CSV UTF-8" in finding.advice


def test_two_encodings_in_one_file_name_each_line_that_is_no_utf_8():
    rows = [claim("one", note="café"), claim("two", note="cafe").replace(b"cafe", b"caf\xe9"), claim("three")]
    reading = read(csvfile.header_line(CLAIMS) + b"".join(rows) + rows[1])
    assert [(finding.code, finding.line) for finding in reading.fatal] == [("encoding", 3), ("encoding", 5)]


def test_curly_quotation_marks_around_a_cell_are_named():
    row = claim("one", claim="x", logged_by="Ada").replace(b",x,", ",“rain, and snow”,".encode())
    (finding,) = read(csvfile.header_line(CLAIMS) + row).findings
    assert (finding.code, finding.line) == ("unreadable-row", 2)
    assert "Curly" in finding.message


# --- the law


TEXTS = st.text(st.sampled_from("ab ,;\"'=+@\n␤é🌧\t"), max_size=6).map(lambda text: clean(text)[0])


@given(
    st.lists(st.lists(TEXTS, min_size=11, max_size=11), max_size=5),
    st.permutations(range(12)),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.randoms(use_true_random=False),
)
def test_order_of_rows_and_columns_line_ends_separators_and_quotes_say_nothing(
    texts, columns, delimiter, end, bom, quoting, random
):
    rows = [[f"c{at}", *row] for at, row in enumerate(texts)]
    written = [[csvfile.shielded(cell) for cell in row] for row in rows]
    random.shuffle(written)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([row[at] for at in columns] for row in [CLAIMS.first_names, *written])
    reading = read(b"\xef\xbb\xbf" * bom + out.getvalue().encode())
    assert reading.fatal == []
    assert sorted(cells(reading)) == sorted(cells(read(csvfile.render([CLAIMS.first_names, *rows]))))
