"""CSV files read as a person means them, whoever saved them; what can't be read is named with its place."""

import time
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from samples import claim

from factdesk import schema
from factdesk.schema import TABLES
from factdesk.storage import csvfile, no_table, table_file
from factdesk.text import clean

CLAIMS, CHANGES, SNAPSHOTS = TABLES["claims"], TABLES["changes"], TABLES["snapshots"]
HEADER = csvfile.header_line(CLAIMS)
MARKS = [*"\",;\t'=+-@␤é🌧a ", '""', "claim_id", "<<<<<<<", "x\u2028y"]
PIECES = st.lists(st.sampled_from(MARKS), max_size=5).map("".join)
CELLS = st.one_of(PIECES, st.text(max_size=8), st.just("")).map(lambda text: clean(text)[0])
RAW = st.lists(st.sampled_from([*MARKS, "\n", "\r", "\r\n", "\0", ",,,,,"]), max_size=40).map("".join)


def read(data: bytes, table: schema.Table = CLAIMS) -> table_file.Reading:
    return table_file.read(data, table, "claims.csv")


def row(claim_id: str = "c", claim: str = "x") -> list[str]:
    return [claim_id, claim, "w", *[""] * 9]


def whole(*some: list[str]) -> list[list[str]]:
    """Rows as they are read: with the columns that came later."""
    return [[*one, *[""] * len(CLAIMS.later_names)] for one in some]


def ids(reading: table_file.Reading) -> list[str]:
    return reading.cells["claim_id"].tolist()


def codes(reading: table_file.Reading) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in [*reading.findings, *reading.fatal]]


def same(one: table_file.Reading, other: table_file.Reading) -> bool:
    return (
        one.cells.equals(other.cells)
        and one.cells.columns.equals(other.cells.columns)
        and (one.lines == other.lines).all()
        and (one.header, one.delimiter, one.torn) == (other.header, other.delimiter, other.torn)
        and one.findings == other.findings
        and one.fatal == other.fatal
    )


# --- what is written is read


@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=4), st.sampled_from([",", ";", "\t"]))
def test_what_is_written_is_read(cells, delimiter):
    rows = [[f"n-{at}", *row[1:]] for at, row in enumerate(cells)]
    data = csvfile.render([SNAPSHOTS.names, *rows], delimiter)
    reading = table_file.read(data, SNAPSHOTS, "s.csv")
    assert reading.cells.to_numpy().tolist() == rows
    assert reading.lines.tolist() == list(range(2, len(rows) + 2))
    assert data.count(b"\n") == len(rows) + 1


def test_no_kind_of_line_end_begins_a_line_of_a_sheet():
    written = csvfile.render([["a\r=1+1", "\r=1+1", "b\r\n=2", "\n=3"]])
    assert written.decode() == "a␤=1+1,'␤=1+1,b␤=2,␤=3\n"


@settings(max_examples=100)
@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=4))
def test_both_readers_say_the_same_of_a_tidy_file(rows):
    data = csvfile.render([SNAPSHOTS.names, *rows])
    quick = table_file._read_tidy(data, SNAPSHOTS, "s.csv")
    assert quick is None or same(quick, table_file._read_any(data, SNAPSHOTS, "s.csv"))


@settings(max_examples=150)
@example('a,"b\nc",,,,,\n')
@example('""a,,,,,,\n')
@example('"a""b",,,,,,\n')
@example("snapshot_id,,,,,,\n")
@example("source_id,snapshot_id,sha256,media_type,bytes,retrieved_at,retrieved_by\n1,2,,,,,\n")
@example("SNAPSHOT_ID,source_id,sha256,media_type,bytes,retrieved_at,retrieved_by\n1,2,,,,,\n")
@given(RAW)
def test_both_readers_say_the_same_of_any_file(body):
    data = csvfile.header_line(SNAPSHOTS) + body.encode("utf-8", "replace")
    quick = table_file._read_tidy(data, SNAPSHOTS, "s.csv")
    assert quick is None or same(quick, table_file._read_any(data, SNAPSHOTS, "s.csv"))


@settings(max_examples=100)
@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_are_too_rude_and_no_place_is_lost(body, with_header):
    data = HEADER * with_header + body
    reading = read(data)
    if not reading.fatal and not reading.torn:
        found = list(csvfile.records(data, CLAIMS))
        assert [
            record.line for record in found if not record.is_header and not record.fault
        ] == reading.lines.tolist()
        assert all(one.end <= other.start for one, other in pairwise(found))


@given(CELLS)
def test_no_cell_is_written_as_a_spreadsheet_would_evaluate_it(text):
    written = csvfile.shielded(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert csvfile.unshielded(written) == text


# --- what spreadsheets do


def spreadsheet(delimiter: str = ",", end: str = "\n", bom: bool = False, quoted: bool = False) -> bytes:
    lines = [CLAIMS.first_names, row("one", "two"), row("three", "1,5; 6")]
    cells = [[f'"{c}"' if quoted or set(c) & set(",;") else c for c in line] for line in lines]
    return b"\xef\xbb\xbf" * bom + "".join(delimiter.join(line) + end for line in cells).encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("quoted", [False, True])
def test_what_a_spreadsheet_saves_is_read_alike(delimiter, end, bom, quoted):
    reading = read(spreadsheet(delimiter, end, bom, quoted))
    assert reading.fatal == []
    assert reading.cells.to_numpy().tolist() == whole(row("one", "two"), row("three", "1,5; 6"))
    assert reading.lines.tolist() == [2, 3]
    assert reading.delimiter == delimiter
    assert [code for code, _ in codes(reading)] == ["delimiter"] * (delimiter != ",")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_added_to_a_file_with_other_line_ends_is_read(end):
    reading = read(spreadsheet(end=end) + claim("four"))
    assert ids(reading) == ["one", "three", "four"]
    assert reading.findings == []


def test_columns_may_stand_in_any_order_and_names_in_any_case():
    names = [name.upper() for name in reversed(CLAIMS.first_names)]
    reading = read(csvfile.render([names, list(reversed(row("one", "two")))]))
    assert reading.cells.to_numpy().tolist() == whole(row("one", "two"))
    assert reading.header == tuple(reversed(CLAIMS.first_names))
    assert reading.findings == []


def test_extra_columns_are_kept_and_told_the_nameless_ones_too():
    header = [*CLAIMS.first_names[:2], "", "mine", "", *CLAIMS.first_names[2:]]
    reading = read(csvfile.render([header, ["a", "b", "1", "2", "3", "w", *[""] * 9]]))
    assert reading.cells.loc[0, ["column 3", "mine", "column 5"]].tolist() == ["1", "2", "3"]
    assert codes(reading) == [("extra-column", 1)]
    assert reading.fatal == []


def test_empty_rows_and_cells_beyond_the_last_column_are_no_fault():
    reading = read(HEADER + b"\n" + claim("one").rstrip() + b",,,\n" + b",,,,,,,,,,,\n\n  \n")
    assert ids(reading) == ["one"]
    assert reading.findings == []
    assert reading.lines.tolist() == [3]


def test_quoted_line_breaks_are_read_as_line_breaks_and_no_conflict_is_seen_in_them():
    tail = b"," * 9 + b"\n"
    rows = b'one,"a\nb\r\nc\rd",w' + tail + b'three,"Heading\n=======\ntext",w' + tail
    reading = read(HEADER + rows + claim("two"))
    assert reading.fatal == []
    assert reading.cells["claim"].tolist() == ["a\nb\nc\nd", "Heading\n=======\ntext", "It hailed."]
    assert reading.lines[0] == 2


# --- headers that come again


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("more", [[], ["mine"]])
def test_a_header_that_comes_again_governs_what_follows(delimiter, quoted, bom, more):
    order = [CLAIMS.names[1], CLAIMS.names[0], *CLAIMS.first_names[2:], *more]
    cells = ["two", "2", "w", *[""] * 9, *["m"] * len(more)]
    mark = '"' if quoted else ""
    again = "".join(delimiter.join(f"{mark}{cell}{mark}" for cell in line) + "\n" for line in (order, cells))
    reading = read(HEADER + claim("one") + bom + again.encode())
    assert reading.cells[["claim_id", "claim"]].to_numpy().tolist() == [["one", "It hailed."], ["2", "two"]]
    assert reading.header == tuple(order)
    assert reading.delimiter == delimiter
    assert ("header-again", 3) in codes(reading)


def test_a_cell_that_quotes_the_header_is_a_cell():
    text = HEADER.decode().strip()
    reading = read(HEADER + csvfile.render([row("one", text), row("two", text.replace(",", ";"))]))
    assert ids(reading) == ["one", "two"]
    assert reading.findings == []


# --- what is wrong in a line


def test_a_last_line_without_an_end_is_a_row_when_it_is_whole():
    reading = read(HEADER + claim("one").rstrip(b"\n"))
    assert ids(reading) == ["one"]
    assert reading.findings == []


@pytest.mark.parametrize("tail", [b"two", b"two,It", b'two,"It rai', b"two,It,w,,,,,,,,", "two,é".encode()])
def test_a_last_line_in_the_middle_of_a_row_is_torn(tail):
    reading = read(HEADER + claim("one") + tail)
    assert ids(reading) == ["one"]
    assert codes(reading) == [("torn-line", 3)]
    assert reading.torn == tail


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"two,few", "2 cells, the header has 12"),
        (b"two" + b",x" * 20, "21 cells, the header has 12"),
        (b'two,"open', "never closes"),
        (b'two,"a"b', "more text follows"),
    ],
)
def test_a_line_that_can_not_be_split_is_named_and_the_others_are_read(bad, words, end):
    reading = read(HEADER + claim("one") + bad + end + claim("three") + claim("four"))
    assert ids(reading) == ["one", "three", "four"]
    assert codes(reading) == [("unreadable-row", 3)]
    assert words in reading.findings[0].message


def test_a_thousand_bad_lines_are_all_named_and_quickly():
    start = time.perf_counter()
    bad = b"".join(b'%d,"open\n' % at for at in range(1000)) + b"x,y\n" * 1000
    reading = read(HEADER + bad + b"".join(claim(f"c{at}") for at in range(2_000)))
    assert len(reading.findings) == 2000
    assert len(reading.cells) == 2_000
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    "cell", ["x" * 50_000_000, ("x" * 50 + "\n") * 90_000], ids=["one line", "many lines"]
)
def test_a_cell_of_megabytes_is_left_out_before_it_is_split(cell):
    start = time.process_time()
    row = claim("one", claim="CELL").replace(b"CELL", f'"{cell}"'.encode())
    reading = read(HEADER + row + claim("two"))
    assert reading.cells["claim_id"].tolist() == ["two"]
    assert reading.findings[0].line == 2 and "," in reading.findings[0].message
    assert time.process_time() - start < 20


def test_the_longest_row_that_can_be_logged_is_read():
    names = schema.CLAIMS.first_names
    full = csvfile.render([["one", *['"' * schema.CELL_LIMIT] * (len(names) - 1)]])
    wide = csvfile.render([["two", *["\U0001f4ac" * schema.CELL_LIMIT] * (len(names) - 1)]])
    assert max(len(full), len(wide)) < csvfile.LINE_LIMIT / 2
    assert read(HEADER + full + wide).cells["claim_id"].tolist() == ["one", "two"]


@pytest.mark.parametrize(
    "bad",
    [
        b'x",""",\n' * 10_000,  # every line opens a quote that runs to the end of the file
        b'x",""",\n' * 10_000 + b'x"y\n',
        b"," * 1_000_000 + b"\n",
        b",x" * 500_000 + b"\n",
        b'"' * 3_000_001 + b"\n",
        b"claim_id," * 100_000 + b"\n",
        b"\r" * 250_000,
        b"\xe9\n" * 100_000,
    ],
    ids=range(8),
)
def test_no_file_costs_more_than_its_size(bad):
    start = time.process_time()
    read(HEADER + bad)
    read(bad)
    assert time.process_time() - start < 10


def test_a_nul_byte_is_named_with_its_line_and_the_other_rows_are_read():
    reading = read(HEADER + claim("one") + claim("two", note="a\0b") + claim("three"))
    assert reading.cells["claim_id"].tolist() == ["one", "three"]
    (finding,) = reading.findings
    assert (finding.code, finding.line) == ("unreadable-row", 3) and "NUL byte" in finding.message
    assert "\\u0000" in finding.value and "\0" not in finding.value


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04\x14\0", "ZIP"), (b"%PDF-1.7\n", "PDF"), (b"\xd0\xcf\x11\xe0\xa1", "Excel"), (b"\x1f\x8b\x08", "gzip"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>", "web page"), (b"<html><table>", "web page"), (b"<?xml version='1.0'?>", "XML"),
        (b"{\\rtf1 claims}", "RTF"), (b"SQLite format 3\0", "database"), (b"c\0l\0a\0i\0m\0", "UTF-16"),
    ],
)  # fmt: skip
def test_another_program_s_file_is_called_what_it_is(data, kind):
    (finding,) = read(data + b"\0" * 9).fatal
    assert finding.code == "encoding" and kind in finding.message


def test_of_very_many_columns_and_very_long_names_little_is_said():
    names = [f"extra {at}" for at in range(500)] + ["x" * 30_000]
    (finding,) = read(HEADER.strip() + ("," + ",".join(names) + "\n").encode()).findings
    assert "'extra 9' and 491 more" in finding.message
    (finding,) = read(HEADER.strip() + f",{names[-1]},{names[-1]}\n".encode()).fatal
    assert finding.code == "column-twice" and len(str(finding)) < 2_000


def test_of_very_many_bad_lines_the_first_are_named_and_the_others_counted():
    many = no_table.FINDING_LIMIT + 5
    reading = read(HEADER + b"x,y\n" * many)
    assert len(reading.findings) == no_table.FINDING_LIMIT + 1
    assert reading.findings[-1].message.startswith("5 more lines")
    assert read(HEADER + b"\xe9\n" * many).fatal[-1].message.startswith("5 more lines")


# --- what is no table

CONFLICT = HEADER + b"<<<<<<< HEAD\na\n||||||| x\n=======\nb\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", [("empty-file", 0)]),
        (b"\n \r\n", [("empty-file", 0)]),
        (b"\xef\xbb\xbf", [("empty-file", 0)]),
        *((HEADER.decode().encode(f"utf-16{of}"), [("encoding", 0)]) for of in ("", "-le", "-be")),
        (b"\x89PNG\r\n\x1a\n\0\0", [("encoding", 0)]),
        (
            HEADER + b"a\n" + "é\n".encode("cp1252") + b"b\n" + "Žluť".encode("cp1250"),
            [("encoding", 3), ("encoding", 5)],
        ),
        (CONFLICT, [("conflict", at) for at in (2, 4, 5, 7)]),
        (CONFLICT.replace(b"\n", b"\r\n"), [("conflict", at) for at in (2, 4, 5, 7)]),
        (b"claim_id,claim\n", [("no-header", 1)]),
        (b"\n\nclaim_id;claim\n", [("no-header", 3)]),
        (HEADER.replace(b"note", b"note,note"), [("column-twice", 1)]),
        (b"just a sentence.", [("no-header", 1)]),
    ],
)
def test_what_is_no_table_says_why_and_where(data, wanted):
    reading = read(data)
    assert [(finding.code, finding.line) for finding in reading.fatal] == wanted
    assert len(reading.cells) == 0
    assert all(finding.file == "claims.csv" and finding.table == "claims" for finding in reading.fatal)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_saved_over_another_is_told_once_with_what_stands_there_and_what_should(name):
    for other in TABLES:
        if other != name:
            data = csvfile.header_line(TABLES[other]) + b"x\n"
            (finding,) = table_file.read(data, TABLES[name], "t.csv").fatal
            assert (finding.code, finding.line) == ("no-header", 1)
            assert f"the header of {other}; there stands '{TABLES[other].names[0]}," in finding.message
            assert "Expected: " + ",".join(TABLES[name].first_names) in finding.advice


@pytest.mark.parametrize("title", ["Claims of the desk", "Claims,,,,,,,,,,,", "Claims\n\nSaved on Monday"])
def test_a_title_above_the_header_is_told_once_with_the_line_of_the_header(title):
    above = title.encode() + b"\n"
    (finding,) = read(above + HEADER + claim("one")).fatal
    assert (finding.code, finding.line) == ("no-header", 1)
    assert "'Claims" in finding.message
    assert f"The header stands in line {above.count(10) + 1}" in finding.advice


RENAMED = [
    ("claimant_role", "role", "'role', renamed: name it 'claimant_role' again"),
    ("claimant_role", "Rolle", "'Rolle', renamed: name it 'claimant_role' again"),
    ("made_on", "Datum", "'Datum', renamed: name it 'made_on' again"),
    ("claim_id", "key", "'key', renamed"),
    ("claimant_role", "claimant role", "'claimant role'"),
]


@pytest.mark.parametrize(("column", "name", "advice"), RENAMED)
def test_a_renamed_column_is_named_by_the_unknown_one_that_stands_there(column, name, advice):
    (finding,) = read(HEADER.replace(f"{column},".encode(), f"{name},".encode(), 1)).fatal
    assert (finding.code, finding.column) == ("missing-column", column)
    assert advice in finding.advice


def test_a_column_that_was_taken_out_may_be_empty_only_where_its_cells_may():
    without = {
        name: read(HEADER.replace(name.encode() + b",", b"", 1)).fatal[0].advice
        for name in ("quote", "claimant")
    }
    assert without["quote"] == "Add the column; it may be empty."
    assert "may not be empty" in without["claimant"]


@pytest.mark.parametrize("mark", ["=======", ">>>>>>> theirs", "|||||||", "||||||| base", "<<<<<<< HEAD"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_mark_of_a_conflict_that_is_left_alone_is_named_as_that(mark, end):
    reading = read(HEADER + claim("one") + f"{mark}{end}".encode() + claim("two"))
    (finding,) = [*reading.fatal, *reading.findings]
    assert (finding.code, finding.severity, finding.line, finding.value) == ("conflict", "error", 3, mark)
    assert len(reading.cells) == (0 if reading.fatal else 2)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_of_every_kind_is_read(name):
    reading = table_file.read(csvfile.header_line(TABLES[name]), TABLES[name], f"{name}.csv")
    assert reading.cells.columns.tolist() == TABLES[name].names
    assert (reading.cells.dtypes == pd.Series(dtype="str").dtype).all()
    assert reading.fatal == reading.findings == []
