"""Broken files of every kind: what reads them names the fault, and never hangs, eats the memory or breaks down."""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from samples import rain

import factdesk as fd
from factdesk import schema
from factdesk.errors import FactdeskError
from factdesk.storage import csvfile, table_file
from factdesk.storage import settings as toml
from faults import LONG, LONGER

CORPUS = Path(__file__).with_name("corpus")
"""Files that were found by fuzzing to go ways of their own through the readers; `NAME.table` says which table."""
EXAMPLES = 10_000 if LONGER else 2_000 if LONG else 150
DEADLINE = 20
"""Seconds of this process that one small file may take; it takes some milliseconds."""

# What is put into a file, or in the place of a piece of it.
PIECES = [
    b'"', b'""', b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"\0", b"\0" * 40, b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80",
    b"<<<<<<< HEAD\n", b"=======\n", b">>>>>>> x\n", b"'=1", "␤".encode(), b"x" * 40_000, b"," * 3_000, b'"a\n' * 50, b" ", b"\\",
    "\u2028".encode(), "\u202e".encode(), b"2025-13-45", b"9" * 400, b"-", b"[[status]]\n", b"[", b"{", b"]", b"}", b"=", b"#", b"'''",
    b"\x1a", b"\x1b[2J", b"claim_id,", b"NaN",
]  # fmt: skip
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["put in", "put over", "flip", "cut", "take out", "double", "swap"]),
        st.sampled_from(PIECES) | st.binary(max_size=6),
        st.integers(1, 255),
    ),
    min_size=1,
    max_size=6,
)


def changed(data: bytes, changes: list[tuple[float, str, bytes, int]]) -> bytes:
    """A file after somebody's hand, a disk or a program did things to it."""
    for where, what, piece, n in changes:
        at = int(where * len(data))
        if what == "put in":
            data = data[:at] + piece + data[at:]
        elif what == "put over":
            data = data[:at] + piece + data[at + len(piece) :]
        elif what == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ n]) + data[at + 1 :]
        elif what == "cut":
            data = data[:at]
        elif what == "take out":
            data = data[:at] + data[at + n :]
        elif what == "double":
            data = data[:at] + data[at : at + n * 8] + data[at:]
        elif what == "swap":
            data = data[at:] + data[:at]
    return data


@cache
def whole() -> dict[str, bytes]:
    """The files of a small ledger with a row in each table."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = rain(Path(folder))
        ledger.edit("claims", "snow", why="spelling", note='two\nlines, "quoted"')
        found = {"claims": (Path(folder) / "claims.csv").read_bytes()}
        for file in Path(folder).glob("claims/*.*"):
            if file.is_file():
                found[file.stem] = file.read_bytes()
    return {name: data for name, data in found.items() if name in schema.TABLES or name == "ledger"}


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(list(schema.TABLES)), CHANGES)
def test_a_broken_table_is_read_or_its_faults_are_named(name, changes):
    data = changed(whole().get(name) or csvfile.header_line(schema.TABLES[name]), changes)
    start = time.process_time()
    reading = table_file.read(data, schema.TABLES[name], f"{name}.csv")
    assert time.process_time() - start < DEADLINE
    assert len(reading.cells) == len(reading.lines)
    for finding in (*reading.findings, *reading.fatal):
        assert finding.message and len(str(finding)) < 2_000
        str(finding).encode("utf-8")
    if not reading.fatal:
        again = list(csvfile.records(data, schema.TABLES[name]))
        assert sum(not one.is_header and not one.fault for one in again) == len(reading.cells)
        assert all(0 <= one.start < one.end <= len(data) for one in again)


@settings(max_examples=EXAMPLES)
@given(CHANGES)
@example([(0.0, "put in", b"a=" + b"[" * 3_000, 1)])
def test_broken_settings_are_read_or_their_faults_are_named(changes):
    data = changed(whole()["ledger"] + VOCABULARY, changes)
    start = time.process_time()
    found, faults = toml.read(data, "claims/ledger.toml")
    assert time.process_time() - start < DEADLINE
    assert found.vocabulary and found.zone
    assert all(fault.file == "claims/ledger.toml" and len(str(fault)) < 2_000 for fault in faults)


VOCABULARY = b"""
[[status]]
name = "open"
settled = false
[[status]]
name = "true"
label = "True"
colour = "#112233"
sign = "+"
rating = 5
"""


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
@settings(max_examples=EXAMPLES // 10)
@given(st.sampled_from([*schema.TABLES, "ledger", "journal"]), CHANGES)
def test_a_ledger_with_a_broken_file_opens_or_says_what_is_wrong(tmp_path_factory, name, changes):
    """All of the public way in: open, check, digest, and a write after it."""
    folder = tmp_path_factory.mktemp("broken")
    _lay_out(folder)
    others = {"claims": "claims.csv", "ledger": "claims/ledger.toml", "journal": "claims/.factdesk/journal"}
    path = folder / others.get(name, f"claims/{name}.csv")
    before = path.read_bytes() if path.exists() and path.stat().st_size else JOURNAL
    path.write_bytes(changed(before, changes))
    try:
        ledger = fd.open(folder / "claims.csv", by="Ada Quist")
        ledger.check()
        ledger.digest()
        ledger.claims._repr_html_()
        ledger.log("It thundered.", claimant="Radio", claim_id="thunder")
    except FactdeskError as error:
        str(error).encode("utf-8")
    shutil.rmtree(folder)


JOURNAL = (
    b'0123456789abcdef {"claims": {"size": 120, "last": "", "rows": [["rain", "a,b\\n"]], "cells": []}}\n'
)


def _lay_out(folder: Path) -> None:
    (folder / "claims" / ".factdesk").mkdir(parents=True)
    for name, data in whole().items():
        place = {"claims": "claims.csv", "ledger": "claims/ledger.toml"}.get(name, f"claims/{name}.csv")
        (folder / place).write_bytes(data)


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*")), ids=lambda file: file.name)
def test_what_fuzzing_found_is_read_or_named(file):
    data = file.read_bytes()
    if file.suffix == ".toml":
        toml.read(data, file.name)
    else:
        table_file.read(data, schema.TABLES[file.suffix[1:]], file.name)


ODD = {
    "utf-16": "claim_id,claim\nä,ö\n".encode("utf-16"),
    "utf-16 without a mark": "claim_id,claim\na,b\n".encode("utf-16-le"),
    "utf-32": "claim_id,claim\n".encode("utf-32"),
    "utf-7": csvfile.header_line(schema.CLAIMS).replace(b"_", b"+AF8-"),
    "latin-1": csvfile.header_line(schema.CLAIMS) + "é,ü\n".encode("latin-1"),
    "a workbook": b"PK\x03\x04" + bytes(range(256)) * 20,
    "a pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a web page": b"<!DOCTYPE html>\n<table><tr><td>claim_id</td></tr></table>",
    "nothing": b"",
    "a mark": b"\xef\xbb\xbf",
    "zeros": b"\0" * 5_000,
    "noise": bytes(range(256)) * 50,
    "one line end": b"\r",
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_file_in_the_place_of_a_table_is_an_error_of_ours(kind, tmp_path):
    _lay_out(tmp_path)
    (tmp_path / "claims.csv").write_bytes(ODD[kind])
    with pytest.raises(FactdeskError, match=r"claims\.csv"):
        fd.open(tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() == ODD[kind]


GREEDY = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
import factdesk as fd
try:
    print(len(fd.open("claims.csv").claims))
except fd.FactdeskError as error:
    print(type(error).__name__)
"""


@pytest.mark.skipif(not LONG, reason="takes a minute: make faults")
@pytest.mark.parametrize(
    "row",
    [
        b'"' + b"x" * 50_000_000 + b'"\n',
        b'x",""",\n' * 400_000,
        b"," * 20_000_000,
        b'"' * 30_000_001,
        b"a\n" * 2_000_000,
    ],
    ids=range(5),
)
def test_a_greedy_file_is_read_within_three_gigabytes_and_a_minute(row, tmp_path, tally):
    _lay_out(tmp_path)
    with (tmp_path / "claims.csv").open("ab") as file:
        file.write(row)
    words = [sys.executable, "-c", GREEDY.format(limit=3 * 2**30)]
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-500:]
    assert run.stdout.strip() in ("2", "LedgerUnreadable")
    tally("greedy files", tried=1, lost=0)


def test_how_much_was_fuzzed(tally):
    tally("fuzzed files", tried=2 * EXAMPLES + EXAMPLES // 10, lost=0)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 * 2**20
