"""Any table is read as text with its lines; what is no table, or no row, is named."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import zipfile

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import CASES, needs_cases

import factdesk as fd
from factdesk.errors import InvalidValue, NotFound, TableUnreadable
from factdesk.exchange import header, layouts, tables


@pytest.fixture
def table(tmp_path):
    """Write a file and read it as a table."""

    def of(content: str | bytes, name: str = "sheet.csv", **options) -> tables.SourceTable:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        before = path.read_bytes()
        try:
            return tables.read(path, **options)
        finally:
            assert path.read_bytes() == before

    return of


@pytest.fixture
def refused(table):
    """Write a file that is no table, and return the reason why."""

    def of(content: str | bytes, name: str = "sheet.csv", **options) -> str:
        with pytest.raises(TableUnreadable) as caught:
            table(content, name, **options)
        assert isinstance(caught.value, fd.FactdeskError)
        assert name in str(caught.value)
        return caught.value.reason

    return of


def rows(found: tables.SourceTable) -> list[list[str]]:
    return found.cells.to_numpy().tolist()


def aside(found: tables.SourceTable) -> list[tuple[int, str]]:
    return list(zip(found.set_aside["line"], found.set_aside["reason"], strict=True))


# --- dialects and encodings


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_cells_are_told_apart_by_what_most_lines_agree_on(table, delimiter):
    lines = [["Claim", "Speaker", "Links"], ["Prices, wages; rents fell.", "A", "https://a.example/?q=1,2;3"]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([*lines, *lines[1:] * 5])
    found = table(out.getvalue())
    assert rows(found) == lines[1:] * 6
    assert list(found.cells) == lines[0]
    assert found.lines.tolist() == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("encoding", "remark"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_every_usual_encoding_is_read_and_an_unusual_one_remarked(table, encoding, remark):
    found = table("Behauptung;Sprecher\r\nDie Miete stieg – „viel“.;Jürgen Müller\r\n".encode(encoding))
    assert rows(found) == [["Die Miete stieg – „viel“.", "Jürgen Müller"]]
    assert any(remark in one for one in found.remarks) if remark else len(found.remarks) == 1


def test_a_few_bytes_of_another_encoding_do_not_spoil_the_rest(table):
    found = table("claim,who\nCafé au lait, señor,Zoë\n".replace(", s", " s").encode() * 3 + b"Caf\xe9,X\n")
    assert "Café" in found.cells["claim"].tolist() and "Café au lait señor" in found.cells["claim"].tolist()
    assert "Windows-1252" in found.remarks[0]


def test_a_line_that_names_the_separator_is_obeyed_and_counted(table):
    found = table("sep=;\r\nclaim;day\r\nIt rained, again, and again;2025-03-14\r\n")
    assert rows(found) == [["It rained, again, and again", "2025-03-14"]]
    assert found.lines.tolist() == [3]


def test_lines_are_those_of_the_file_whatever_stands_in_cells(table):
    text = 'No.;Claim\n1;"Prices fell.\nTwice."\n2;"It ""rained"".\r\n\r\nYes."\n\n;\n3;Last\n'
    found = table(text)
    assert rows(found) == [["1", "Prices fell.\nTwice."], ["2", 'It "rained".\n\nYes.'], ["3", "Last"]]
    assert found.lines.tolist() == [2, 4, 9]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_kind_of_line_end_is_one(table, end):
    found = table(end.join(["claim,who", "It rained.,A", '"a, b",B']))
    assert rows(found) == [["It rained.", "A"], ["a, b", "B"]]
    assert found.lines.tolist() == [2, 3]


def test_quotation_marks_that_do_not_pair_cost_at_most_their_own_line(table):
    text = 'id,claim,who\n1,"He said "no" to it",A\n2,"open, here,B\n3,"Prices, rose",C\n4,It rained,"D\n5,It snowed,E\n'
    found = table(text)
    assert rows(found) == [
        ["1", 'He said "no" to it', "A"],
        ["3", "Prices, rose", "C"],
        ["4", "It rained", '"D'],
        ["5", "It snowed", "E"],
    ]
    assert aside(found) == [(3, "a quotation mark opens a cell here, and is not closed before the row ends.")]
    assert any("don't pair" in one for one in found.remarks)


def test_blanks_before_a_quotation_mark_and_single_marks_are_read(table):
    assert rows(table('claim, who\n"a, b", "c, d"\n"e", "f"\n')) == [["a, b", "c, d"], ["e", "f"]]
    assert rows(table("claim;who\n'a; b';'c'\n'd';'e;f'\n")) == [["a; b", "c"], ["d", "e;f"]]
    assert rows(table('claim,who\n"a \\"b\\", c","d"\n"e, f","g"\n')) == [['a "b", c', "d"], ["e, f", "g"]]


def test_a_row_that_a_line_break_parts_is_set_aside_whole(table):
    text = "No;Claim;Speaker;Verdict\n" + "".join(f"{n};Jobs rose;A;false\n" for n in range(2, 9))
    found = table(text + "9;Prices fell.\nTwice.;Minister A;false\n10;Last;B;true\n")
    assert [line for line, _ in aside(found)] == [9, 10]
    assert found.cells["No"].iloc[-1] == "10"
    ragged = table("claim,who,day\n" + "It rained.,A\nIt snowed.,B\n" * 5)
    assert len(ragged.cells) == 10 and not aside(ragged)


def test_a_row_of_too_many_cells_is_set_aside_and_one_that_ends_early_filled_up(table):
    found = table("claim,who,day\nPrices fell, twice,A,2025-03-14\nIt rained.,B\nIt snowed.,C,2025-03-15,,\n")
    assert rows(found) == [["It rained.", "B", ""], ["It snowed.", "C", "2025-03-15"]]
    assert aside(found)[0][0] == 2 and "it has 4 cells, and the header 3" in aside(found)[0][1]
    assert found.set_aside["text"].tolist() == ["Prices fell, twice,A,2025-03-14"]


# --- headers


def test_the_header_is_found_below_titles_and_blank_lines(table):
    found = table(
        "Checks of 2025;;\nStand: 14.03.2025;;\n;;\nBehauptung;Wer;Quelle\nEs regnete.;A;https://a.example\n"
    )
    assert list(found.cells) == ["Behauptung", "Wer", "Quelle"]
    assert found.lines.tolist() == [5]
    assert "above the header" in found.remarks[-1]


def test_a_header_of_two_lines_is_joined(table):
    text = "No.,Claim,,Verdict,\n,text,date,word,date\n1,It rained.,2025-03-14,true,2025-03-15\n"
    assert list(table(text).cells) == ["No.", "text", "Claim date", "word", "Verdict date"]


def test_a_second_header_and_one_that_comes_again_are_no_rows(table):
    text = "Claim,Date,Source\nBehauptung,Datum,Quelle\nIt rained.,2025-03-14,x\nclaim,date,source\nIt snowed.,2025-03-15,y\n"
    found = table(text)
    assert found.cells["Claim"].tolist() == ["It rained.", "It snowed."]
    assert aside(found) == [(2, "it names columns: a second header."), (4, "it is the header again.")]


def test_names_are_made_to_differ_and_columns_without_one_are_named_by_their_place(table):
    found = table("Claim,Links,Links,,\nIt rained.,a,b,c,\nIt snowed.,d,e,f,\n")
    assert list(found.cells) == ["Claim", "Links", "Links (2)", "column 4"]


def test_data_without_a_header_lose_no_row(table):
    found = table("1,It rained.,https://a.example\n2,It snowed.,https://b.example\n")
    assert list(found.cells) == ["column 1", "column 2", "column 3"] and len(found.cells) == 2
    assert "No line names the columns" in found.remarks[-1]
    assert table("Prices rose, twice.\nIt rained.\n", "list.txt").cells.shape == (2, 1)


def test_the_index_that_pandas_writes_is_left_out_and_other_numbers_are_not(table):
    frame = pd.DataFrame({"claim": ["a", "b", "c"], "who": ["d", "e", "f"]})
    assert list(table(frame.to_csv()).cells) == ["claim", "who"]
    assert list(table(",Unnamed: 0,claim\n".replace(",U", "U") + "0,x\n1,y\n").cells) == ["claim"]
    assert list(table(frame.iloc[[0, 2]].to_csv()).cells) == ["column 1", "claim", "who"]


def test_totals_at_the_end_are_no_rows_and_numbers_in_the_middle_are(table):
    text = "Claim,Speaker,Votes,Share\nIt rained.,A,3,\n2024,,,\nTotal rainfall rose.,B,4,\nTotal:,,7,\n,,=SUM(C2:C3),\n"
    found = table(text)
    assert found.cells["Claim"].tolist() == ["It rained.", "2024", "Total rainfall rose."]
    assert [line for line, _ in aside(found)] == [5, 6]


def test_notes_and_other_tables_below_are_no_rows(table):
    found = table(
        "Claim,Speaker,Date\nIt rained.,A,2025-03-14\nSources of income fell.,,\n\n* as of March,,\nSource: own research,,\n"
    )
    assert found.cells["Claim"].tolist() == ["It rained.", "Sources of income fell."]
    assert [line for line, _ in aside(found)] == [5, 6]
    found = table("Claim,Speaker,Date\nIt rained.,A,2025-03-14\n\nSpeaker,Topic,Link\nA,rain,x\nB,snow,y\n")
    assert len(found.cells) == 1
    assert {reason for _, reason in aside(found)} == {"another table begins in line 4: save it by itself."}


def test_years_may_name_columns_beside_a_name_that_is_known(table):
    assert list(table("Claim,2024,2025\nIt rained.,3,4\nIt snowed.,5,6\n").cells) == ["Claim", "2024", "2025"]


def test_a_code_page_of_other_letters_is_refused_instead_of_read_wrong(refused):
    text = "Утверждение;Спикер\nЦены выросли вдвое.;Министр\n"
    assert "save it as CSV UTF-8" in refused(text.encode("cp1251"))
    assert "save it as CSV UTF-8" in refused("主張;話者\n雨が降った。;大臣\n".encode("shift_jis"))


def test_long_cells_many_columns_and_trailing_empty_rows_are_taken(table):
    names = ",".join(["claim", *(f"c{n}" for n in range(999))])
    found = table(names + "\n" + "x" * 40_000 + ",1" * 999 + "\n" + ("," * 999 + "\n") * 50)
    assert found.cells.shape == (1, 1000)
    assert len(found.cells["claim"].iloc[0]) == 40_000


# --- workbooks


def workbook(*sheets: tuple[str, list[list[object]]], then=None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, cells in sheets:
        sheet = book.add_worksheet(name)
        for at, row in enumerate(cells):
            sheet.write_row(at, 0, row)
    if then:
        then(book)
    book.close()
    return out.getvalue()


CLAIMS = [
    ["Claim", "Date", "Votes"],
    ["It rained.", dt.datetime(2025, 3, 14), 3],
    ["It snowed.", dt.datetime(2025, 3, 15, 10, 30), 2.5],
]


def test_a_workbook_gives_days_as_days_and_whole_numbers_without_a_point(table):
    found = table(workbook(("Claims", CLAIMS)), "book.xlsx")
    assert rows(found) == [["It rained.", "2025-03-14", "3"], ["It snowed.", "2025-03-15T10:30:00", "2.5"]]
    assert found.lines.tolist() == [2, 3]


def test_of_several_sheets_the_longest_with_claims_is_read_and_others_are_named(table):
    longer = [["Name", "Mail"], *[["A", "B"]] * 50]
    data = workbook(("People", longer), ("Claims", CLAIMS), ("Old", CLAIMS[:2]))
    found = table(data, "book.xlsx")
    assert found.cells.shape == (2, 3)
    assert "'Claims' was read; others: 'People' (51 rows), 'Old' (2 rows)" in found.remarks[0]
    assert table(data, "book.xlsx", sheet="People").cells.shape == (50, 2)
    assert table(data, "book.xlsx", sheet=2).cells.shape == (1, 3)
    with pytest.raises(NotFound, match="Nearest: 'Claims'"):
        table(data, "book.xlsx", sheet="Claim")


def test_links_and_errors_of_a_workbook_stand_as_they_do_in_a_csv(table):
    def more(book):
        sheet = book.get_worksheet_by_name("Claims")
        sheet.write_formula(1, 3, '=HYPERLINK("https://a.example","see")', None, "see")
        sheet.write_url(2, 3, "https://b.example/x", string="The Daily")
        sheet.write_formula(1, 4, "=#REF!", None, "#REF!")
        sheet.write_url(2, 4, "https://c.example/")

    heads = [[*CLAIMS[0], "Source", "Other"], *CLAIMS[1:]]
    found = table(workbook(("Claims", heads), then=more), "book.xlsx")
    assert found.cells["Source"].tolist() == [
        '=HYPERLINK("https://a.example";"see")',
        '=HYPERLINK("https://b.example/x";"The Daily")',
    ]
    assert found.cells["Other"].tolist() == ["#REF!", "https://c.example/"]


def test_merged_cells_hold_for_all_their_rows_and_headings_are_no_rows(table):
    def more(book):
        sheet = book.get_worksheet_by_name("Claims")
        sheet.merge_range(4, 0, 4, 2, "Economy")
        sheet.merge_range(5, 1, 7, 1, "Minister A")
        for row in (5, 6, 7):
            sheet.write_row(row, 0, [f"Claim {row}."])

    found = table(
        workbook(("Claims", [["Claim", "Speaker", "Votes"], ["It rained.", "B", 1]]), then=more), "book.xlsx"
    )
    assert found.cells["Speaker"].tolist() == ["B", *["Minister A"] * 3]
    assert aside(found) == [(5, "one cell is merged over the row: a heading, and no row.")]
    assert any("merged downwards (1)" in one for one in found.remarks)


def ods(content: str, **parts: str) -> bytes:
    out = io.BytesIO()
    names = "office table text xlink calcext".split()  # noqa: SIM905
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in names)
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>",
        )
        packed.writestr("META-INF/manifest.xml", parts.get("manifest", "<manifest/>"))
    return out.getvalue()


def ods_rows(*lines: list[str]) -> str:
    cells = [
        [
            one
            if one.startswith("<")
            else f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>'
            for one in line
        ]
        for line in lines
    ]
    return (
        '<table:table table:name="Claims">'
        + "".join(f"<table:table-row>{''.join(line)}</table:table-row>" for line in cells)
        + "</table:table>"
    )


def test_an_ods_is_read_with_its_days_links_and_errors(table):
    day = '<table:table-cell office:value-type="date" office:date-value="2025-03-14"><text:p>14.03.25</text:p></table:table-cell>'
    link = '<table:table-cell office:value-type="string"><text:p><text:a xlink:href="https://a.example">The Daily</text:a></text:p></table:table-cell>'
    wrong = '<table:table-cell table:formula="of:=[.#REF!]" office:value-type="float" office:value="0" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
    found = table(
        ods(ods_rows(["Claim", "Date", "Source", "Note"], ["It rained.", day, link, wrong])), "book.ods"
    )
    assert rows(found) == [
        ["It rained.", "2025-03-14", '=HYPERLINK("https://a.example";"The Daily")', "#REF!"]
    ]


# --- JSON and frames


def test_json_lines_and_arrays_keep_numbers_as_written_and_what_is_nested_as_json(table):
    first = '{"claim": "It rained.", "votes": 2.50, "who": {"name": "A"}, "links": ["https://a.example", "https://b.example"]}'
    lines = first + '\n\n{"claim": "broken"\n[1]\n{"claim": "It snowed.", "extra": null}\n'
    found = table(lines, "claims.jsonl")
    assert rows(found)[0] == [
        "It rained.",
        "2.50",
        '{"name": "A"}',
        "https://a.example\nhttps://b.example",
        "",
    ]
    assert found.lines.tolist() == [1, 5]
    assert [line for line, _ in aside(found)] == [3, 4]
    again = table("[\n" + first + ",\n" + '{"claim":\n"It snowed."}\n]', "claims.json")
    assert again.cells["claim"].tolist() == ["It rained.", "It snowed."] and again.lines.tolist() == [2, 3]


def test_a_frame_is_read_with_its_named_index_and_missing_values_are_empty():
    frame = pd.DataFrame(
        {
            "claim": ["It rained.", None],
            "day": pd.to_datetime(["2025-03-14", None]),
            "n": [1.0, np.nan],
            "ok": [True, False],
        },
        index=pd.Index(["a", "b"], name="key"),
    )
    found = tables.read(frame)
    assert rows(found) == [["a", "It rained.", "2025-03-14", "1", "TRUE"], ["b", "", "", "", "FALSE"]]
    assert found.sha256 == tables.read(frame.copy()).sha256 != tables.read(frame.iloc[::-1]).sha256


def test_halves_of_surrogate_pairs_and_names_that_are_no_text_are_taken():
    found = tables.read(
        pd.DataFrame({("a", 1): pd.Series(["\ud800x"], dtype=object), 2: [[1, 2]], None: [b"x"]})
    )
    assert rows(found) == [["\ufffdx", "[1, 2]", "b'x'"]] and list(found.cells) == ["a 1", "2", "None"]


# --- what is no table


def test_what_is_no_file_is_refused_by_name(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    reasons = []
    for path in (
        tmp_path,
        tmp_path / "pipe.csv",
        tmp_path / "none.csv",
        tmp_path / "loop.csv",
        "/dev/zero",
        "a\0b",
    ):
        with pytest.raises(TableUnreadable) as caught:
            tables.read(path)
        reasons.append(caught.value.reason)
    assert reasons[:3] == ["it is a folder", "it is a pipe", "there is no such file"]
    assert reasons[4] == "it is a device or a socket"


def test_what_is_neither_a_path_nor_a_frame_is_refused():
    with pytest.raises(InvalidValue, match="a path, or a DataFrame"):
        tables.read(None)
    with pytest.raises(TableUnreadable, match="nothing is fetched"):
        tables.read("https://sheets.example/claims.csv")


def test_a_link_to_a_file_is_followed(tmp_path):
    (tmp_path / "real.csv").write_text("claim,who\nIt rained.,A\n")
    (tmp_path / "link.csv").symlink_to("real.csv")
    found = tables.read(tmp_path / "link.csv")
    assert (
        found.name == "link.csv" and found.sha256 == hashlib.sha256(b"claim,who\nIt rained.,A\n").hexdigest()
    )


def test_files_that_are_no_tables_are_told_by_what_they_are(refused):
    assert refused("") == refused("\ufeff\r\n \n") == refused(",,,\n,,,\n") == "the file is empty"
    assert "header, and no rows" in refused("claim,who\n")
    assert "bytes of another kind" in refused(bytes(range(256)) * 20)
    assert "a PDF" in refused(b"%PDF-1.7\n") and "a web page" in refused(
        "<!DOCTYPE html><table>", "export.xls"
    )
    assert "no workbook: unpack it" in refused(_zip({"claims.csv": "claim\n"}), "claims.zip")
    assert "damaged" in refused(b"PK\x03\x04" + b"\0" * 50, "book.xlsx")
    assert "damaged" in refused(workbook(("Claims", CLAIMS))[:3000], "book.xlsx")
    assert "damaged" in refused(b"\xd0\xcf\x11\xe0" + b"\0" * 2000, "book.xls")
    assert "ClaimReview" in refused('{"@context": "https://schema.org", "@type": "ClaimReview"}', "one.json")
    assert "has no sheets" in refused("claim,who\na,b\n", sheet="Claims")
    assert "no cells" in refused(workbook(("Claims", [])), "book.xlsx")


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


def test_a_password_is_named(refused):
    assert (
        refused(b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "book.xlsx")
        == "it is protected by a password"
    )
    assert (
        refused(ods(ods_rows(["a"]), manifest="<manifest:encryption-data/>"), "b.ods")
        == "it is protected by a password"
    )


def test_json_that_is_nested_without_end_or_cut_is_refused(refused, table):
    assert "nested too deeply" in refused("[" + '{"a":' * 10_000 + "1" + "}" * 10_000 + "]", "deep.json")
    assert "nested too deeply" in refused('{"a":' * 10_000, "deep.jsonl")
    assert "before its array does" in refused('[{"claim": "a"},', "cut.json")
    deep = table('{"claim": ' + "[" * 10_000 + '\n{"claim": "It rained."}\n', "deep.jsonl")
    assert rows(deep) == [["It rained."]] and "nested too deeply" in deep.set_aside["reason"].iloc[0]


def test_a_workbook_that_unpacks_without_end_or_spans_too_far_is_never_parsed(refused, monkeypatch):
    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_filelike", None)
    monkeypatch.setattr(layouts, "MOST_UNZIPPED", 10_000)
    assert "unpacks to more than" in refused(workbook(("Claims", [["x" * 20_000]])), "bomb.xlsx")
    monkeypatch.setattr(layouts, "MOST_UNZIPPED", 5_000_000)
    assert "times its size" in refused(
        workbook(("Claims", [["x" * 30_000 + str(n)] for n in range(100)])), "bomb.xlsx"
    )
    monkeypatch.undo()
    far = workbook(
        ("Claims", CLAIMS), then=lambda book: book.get_worksheet_by_name("Claims").write(1048575, 16383, "x")
    )
    assert "span 17,179,869,184 cells" in refused(far, "far.xlsx")
    far = workbook(
        ("Claims", CLAIMS), then=lambda book: book.get_worksheet_by_name("Claims").write(999_999, 3, "x")
    )
    assert "take out what stands far" in refused(far, "far.xlsx")
    many = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    assert "span 17,179,869,184 cells" in refused(
        ods(f'<table:table table:name="a">{many}</table:table>'), "far.ods"
    )


def test_cells_that_are_coloured_and_empty_make_no_table_larger(table):
    def colour(book):
        book.get_worksheet_by_name("Claims").write_blank(
            1048575, 16383, None, book.add_format({"bold": True})
        )

    assert table(workbook(("Claims", CLAIMS), then=colour), "book.xlsx").cells.shape == (2, 3)


def test_an_xml_in_another_encoding_is_not_handed_on(refused):
    sheet = '<?xml version="1.0"?><worksheet><sheetData/></worksheet>'
    parts = {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": "\ufeff" + sheet}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        for name, text in parts.items():
            new.writestr(name, text.encode("utf-16-le" if "sheet1" in name else "utf-8"))
    assert "not UTF-8" in refused(packed.getvalue(), "wide.xlsx")


def test_a_damaged_archive_is_called_that_wherever_it_breaks(table):
    data = workbook(("Claims", CLAIMS))
    for at in range(0, len(data), 97):
        broken = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        try:
            table(broken, "book.xlsx")
        except TableUnreadable as error:
            assert error.reason.startswith(("it is ", "its ", "the file", "it has"))


def test_an_xml_that_declares_entities_is_refused(refused):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><workbook><sheets><sheet name="&a;"/></sheets></workbook>'
    assert "document type" in refused(_zip({"xl/workbook.xml": bomb}), "bomb.xlsx")


def test_too_many_columns_or_cells_are_refused(refused, monkeypatch):
    assert "more than 16,384 cells" in refused("a," * 20_000 + "\n1,2\n")
    monkeypatch.setattr(tables, "MOST_CELLS", 1_000)
    assert "more than 1,000 cells" in refused(
        ",".join(f"c{n}" for n in range(100)) + "\nclaim\n" + 'a,"b"\n' * 20
    )
    assert "too many names" in refused("\n".join(json.dumps({f"a{n}": n}) for n in range(40)), "wide.jsonl")


def test_a_file_in_which_each_line_swallows_the_rest_is_read_in_good_time(table):
    found = table("claim,date\n" + 'x","y\n' * 20_000 + "It rained.,2025-03-14\n")
    assert len(found.cells) + len(found.set_aside) == 20_001
    assert found.cells["claim"].iloc[-1] == "It rained."
    assert len(table("claim\tdate\n" + '"x\ta' * 10_000 + "\nIt rained.\t2025-03-14\n").cells) == 1


# --- laws

CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\ufeff", exclude_categories=["Cc", "Cs"]),
    max_size=12,
) | st.sampled_from(['"', 'say "no"', "a\nb", ",", ";;", "'x'", "=1+1", "#REF!", " x ", "\t"])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(CELL, CELL, CELL).filter(lambda row: any(one.strip() for one in row)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_what_a_csv_writer_wrote_is_read_as_it_was(
    tmp_path_factory, cells, delimiter, end, encoding, is_quoted
):
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([["Claim", "Speaker", "Note"], *cells])
    path = tmp_path_factory.getbasetemp() / "law.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    found = tables.read(path)
    given = [list(row) for row in cells]
    kept = [
        row
        for row in given
        if not (
            header.is_total(row)
            or header.is_header_again(row, list(found.cells))
            or header.is_second_header(row)
        )
    ]
    told = [row for row in rows(found) if row in kept]
    strip = lambda table: [[cell.strip(" ") for cell in row] for row in table]  # noqa: E731
    assert strip(told) == strip([row for row in kept if row in rows(found)])
    assert len(found.cells) + len(found.set_aside) == len(given)


@needs_cases
def test_the_cases_from_the_field_are_read_whole():
    shapes = {path.name: tables.read(path).cells.shape for path in CASES.glob("*.csv")}
    assert shapes["01-politifact-sheet.csv"] == (3, 7)
    assert shapes["18-sheet-of-300.csv"] == (8, 8)
    assert shapes["05-excel-german-utf8-sig.csv"] == (5, 12)
    joined = tables.read(CASES / "18-sheet-of-300.csv").cells["Links"]
    assert joined.iloc[1] == "https://a.example/3\nhttps://b.example/4"
