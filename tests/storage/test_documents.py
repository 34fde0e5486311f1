"""A document is copied from another ledger only where it is a file of the very bytes that its name says."""

from __future__ import annotations

import hashlib
import os

import pytest

from factdesk.storage import documents
from factdesk.storage.documents import Document
from factdesk.storage.folder import Folder

WORDS = b"4 mm of rain"


@pytest.fixture
def document(tmp_path):
    """A document that is kept."""
    path = tmp_path / "snapshots" / hashlib.sha256(WORDS).hexdigest()
    path.parent.mkdir()
    path.write_bytes(WORDS)
    return Document(Folder(tmp_path), path)


def test_a_document_of_the_bytes_that_name_it_is_read(document):
    assert (document.fault(), document.read()) == ("", WORDS)
    assert document.sha256 == document.path.name


def test_other_bytes_under_its_name_are_not_it(document):
    document.path.write_bytes(WORDS + b".")
    assert document.fault() == "its SHA-256 is another"
    with pytest.raises(OSError, match="SHA-256"):
        document.read()


def test_one_that_is_too_large_is_not_read(document, monkeypatch):
    monkeypatch.setattr(documents, "MOST_BYTES", len(WORDS) - 1)
    monkeypatch.setattr(Document, "read", lambda self: pytest.fail("read"))
    assert document.fault() == "it has over 11 bytes"


def put_link(path):
    path.with_name("elsewhere").write_bytes(WORDS)
    path.symlink_to(path.with_name("elsewhere"))


@pytest.mark.parametrize("put", [lambda path: None, put_link, os.mkfifo, os.mkdir])
def test_what_is_no_file_of_its_own_is_no_document(document, put):
    document.path.unlink()
    put(document.path)
    assert document.fault()
    with pytest.raises(OSError):
        document.read()


def test_a_folder_that_is_a_link_holds_no_document(document, tmp_path):
    (tmp_path / "snapshots").rename(tmp_path / "elsewhere")
    (tmp_path / "snapshots").symlink_to(tmp_path / "elsewhere")
    assert document.fault()
