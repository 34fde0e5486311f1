"""One notebook in other forms: what each is, what is refused, and when."""

import json
import re
import shutil

import nbformat
import nbformat.v4 as v4
import pytest
from lab import needs_chromium
from pypdf import PdfReader

import factdesk as fd
from factdesk import cli
from factdesk.errors import InvalidValue, NoBrowser, PageExists
from factdesk.pages.share import share

GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture
def source(tmp_path):
    chart = {"application/vnd.vegalite.v5+json": {"mark": "bar", "title": "Bars"}, "image/gif": GIF}
    cells = [
        v4.new_markdown_cell("# What?\n\nWords, and [more](b.ipynb)."),
        v4.new_code_cell("print(6 * 7)"),
        v4.new_code_cell("chart", outputs=[v4.new_output("display_data", chart)]),
    ]
    path = tmp_path / "in" / "n.ipynb"
    path.parent.mkdir()
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_notebook_is_run_and_keeps_its_outputs_and_nothing_of_the_machine(tmp_path):
    code = "import os\nprint(os.getcwd())\nprint(6 * 7)"
    made = v4.new_notebook(
        cells=[v4.new_code_cell(code)], metadata={"widgets": {"x": 1}, "factdesk": {"a": 1}}
    )
    (tmp_path / "in").mkdir()
    nbformat.write(made, tmp_path / "in" / "n.ipynb")
    target = tmp_path / "report.ipynb"
    share(tmp_path / "in" / "n.ipynb", target)
    read = nbformat.read(target, 4)
    nbformat.validate(read)
    assert read.cells[0].outputs[0].text == "in\n42\n"
    assert read.metadata["factdesk"] == {"a": 1, "shared": True}
    assert str(tmp_path) not in target.read_text()
    assert "iopub" not in target.read_text()
    assert "widgets" not in read.metadata
    before = target.read_bytes()
    share(tmp_path / "in" / "n.ipynb", target)
    assert target.read_bytes() == before
    assert "outputs" not in json.loads((tmp_path / "in" / "n.ipynb").read_text())["metadata"]


@needs_chromium
def test_a_pdf_is_written_and_replaced_and_a_long_table_has_its_heads_on_every_sheet(tmp_path):
    rows = "".join(f"<tr><td>claim {n}</td><td>{n}</td></tr>" for n in range(120))
    markup = f"<table><thead><tr><th>words</th><th>count</th></tr></thead><tbody>{rows}</tbody></table>"
    cell = v4.new_code_cell("", outputs=[v4.new_output("display_data", {"text/html": markup})])
    source, target = tmp_path / "long.ipynb", tmp_path / "long.pdf"
    nbformat.write(v4.new_notebook(cells=[cell]), source)
    assert cli.main(["share", str(source), str(target), "--no-execute"]) == 0
    before = target.read_bytes()
    assert before.startswith(b"%PDF-")
    sheets = [sheet.extract_text() for sheet in PdfReader(target).pages]
    assert len(sheets) > 2
    assert all(re.search(r"words\s+count", sheet) for sheet in sheets)
    assert share(source, target, execute=False) == [target]
    # Chromium numbers what is read aloud in an order of its own; all else is the same.
    assert sorted(target.read_bytes()) == sorted(before)
    assert [sheet.extract_text() for sheet in PdfReader(target).pages] == sheets


@pytest.mark.parametrize("suffix", [".pdf", ".ipynb", ".PDF"])
def test_a_file_that_is_not_ours_is_refused_before_the_notebook_is_run(tmp_path, suffix):
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("open('ran', 'w')")]), tmp_path / "n.ipynb")
    target = tmp_path / f"report{suffix}"
    for content in (b"mine", b"%PDF-1.4", b"{}", b"[" * 100_000, b'{"metadata": {"factdesk": 1}}'):
        target.write_bytes(content)
        with pytest.raises(PageExists):
            share(tmp_path / "n.ipynb", target)
        assert target.read_bytes() == content
    assert not (tmp_path / "ran").exists()


def test_a_notebook_is_never_put_over_itself(source):
    before = source.read_bytes()
    for overwrite in (False, True):
        with pytest.raises(fd.FactdeskError):
            share(source, source, execute=False, overwrite=overwrite)
    assert source.read_bytes() == before


def test_without_a_browser_nothing_is_run(tmp_path, monkeypatch):
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("open('ran', 'w')")]), tmp_path / "n.ipynb")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROME", raising=False)
    with pytest.raises(NoBrowser):
        share(tmp_path / "n.ipynb", tmp_path / "report.pdf")
    assert names(tmp_path) == ["n.ipynb"]


def test_evidence_travels_in_pages_only(source, tmp_path):
    ledger = fd.create(tmp_path / "case.csv", title="Case")
    with pytest.raises(InvalidValue, match=r"\.html"):
        share(source, tmp_path / "report.ipynb", execute=False, evidence=True, ledger=ledger)


def test_a_shared_notebook_can_be_shared_again(source, tmp_path):
    share(source, tmp_path / "a.ipynb", execute=False)
    shutil.copy(tmp_path / "a.ipynb", tmp_path / "b.ipynb")
    assert "What?" in share(tmp_path / "b.ipynb", tmp_path / "b.html", execute=False)[0].read_text()
