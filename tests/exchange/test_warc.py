"""Kept documents as WARC, read back by warcio, which others' programs are built on."""

import pytest
from warcio.archiveiterator import ArchiveIterator

import factdesk as fd
from factdesk.articles.article import of_document
from factdesk.errors import FactdeskWarning
from factdesk.ledger.snapshots import File

URL = "https://example.org/gauge"


@pytest.fixture
def ledger(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    ledger.log("It rained.", claimant="The Daily", claim_id="rain")
    page = of_document(b"<!doctype html><title>Gauge</title><p>45 mm of rain</p>", "text/html", URL)
    ledger.attach("rain", article=page, stance="supports")
    return ledger


def records(path):
    with path.open("rb") as file:
        for one in ArchiveIterator(file, check_digests="raise"):
            yield one.rec_type, one.rec_headers.get_header, one.content_stream().read()


def test_each_document_is_a_record_with_its_address_moment_and_digest(ledger, tmp_path):
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"\x89PNG\r\n\r\nWARC/1.1\r\n")
    ledger.attach("rain", file=scan, stance="context")
    made = fd.export(ledger, tmp_path / "kept.warc")
    (about, _, info), *kept = records(made)
    assert about == "warcinfo" and ledger.digest().encode() in info
    rows = ledger.snapshots.set_index("sha256")
    assert len(kept) == len(rows) == 2
    for kind, header, data in kept:
        sha256 = File("", data).sha256
        assert kind == "resource" and sha256 in rows.index
        assert header("WARC-Date") == rows["retrieved_at"][sha256].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        assert header("Content-Type") == rows["media_type"][sha256]
        assert header("WARC-Target-URI") in (URL, f"urn:sha256:{sha256}")
    assert fd.export(ledger, tmp_path / "again.warc").read_bytes() == made.read_bytes()
    assert fd.export(ledger, made) == made, "one of ours is replaced"
    fd.export(ledger.where(claim_id="rain"), tmp_path / "view.warc")


def test_what_is_no_longer_there_as_kept_is_left_out_and_counted(ledger, tmp_path):
    (file,) = (ledger.path.with_suffix("") / "snapshots").iterdir()
    file.write_bytes(b"another")
    with pytest.warns(FactdeskWarning, match="1 kept document not here as kept"):
        made = fd.export(ledger, tmp_path / "kept.warc")
    assert [kind for kind, *_ in records(made)] == ["warcinfo"]


@pytest.mark.parametrize("kind", ["text/html\r\nX-Evil: 1", "text/html␤X-Evil: 1", "x" * 999, "текст/html"])
def test_what_a_stranger_wrote_in_a_table_makes_no_header(ledger, tmp_path, kind):
    table = ledger.path.with_suffix("") / "snapshots.csv"
    table.write_text(table.read_text().replace("text/html", f'"{kind}"'), newline="")
    sources = ledger.path.with_suffix("") / "sources.csv"
    sources.write_text(sources.read_text().replace(URL, f"{URL}␤X-Evil: 1"))
    made = fd.export(fd.open(ledger.path), tmp_path / "kept.warc")
    for _, header, _ in records(made):
        assert header("X-Evil") is None and header("Content-Type").isascii()
    assert b"\nX-Evil" not in made.read_bytes()
