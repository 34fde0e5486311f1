"""No page goes out whose notebook opens or shows a ledger of which rows can't be read, unless that is allowed."""

import warnings
from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest
from samples import days_as_a_spreadsheet_shows_them, rain_files

import factdesk as fd
from factdesk.errors import UnsoundLedger
from factdesk.ledger.opening import NOTED_IN

OPENS = {
    "by its path": 'import factdesk as fd\nfd.open("bad/claims.csv")',
    "by another name": 'import factdesk as desk\nledger = desk.open("bad/claims.csv", by="Ada")',
    "from the package": 'from factdesk import open as ledger_of\nledger_of("bad/claims.csv")',
    "after a magic": '%matplotlib inline\nimport factdesk as fd\nlen(fd.open(path="bad/claims.csv").claims)',
    "as a path": 'import factdesk as fd\nfrom pathlib import Path\nfd.open(Path("bad/claims.csv"))',
}
WORKED_OUT = (
    "import warnings; warnings.simplefilter('ignore')\n"
    "import factdesk as fd\nprint(len(fd.open('/'.join(['bad', 'claims.csv'])).claims))"
)


@pytest.fixture
def folder(tmp_path):
    """A sound ledger in one folder, and in another one in which a spreadsheet wrote a day anew."""
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        rain_files(tmp_path / name)
    days_as_a_spreadsheet_shows_them(tmp_path / "bad" / "claims" / "statuses.csv")
    return tmp_path


def notebook(folder, *code, outputs=(), ledger=""):
    cells = [v4.new_markdown_cell("# Rain"), *map(v4.new_code_cell, code)]
    made = v4.new_notebook(cells=cells)
    if outputs:
        cells[-1].outputs = list(outputs)
    if ledger:
        made.metadata["factdesk"] = {"ledger": ledger}
    nbformat.write(made, folder / "a.ipynb")
    return folder / "a.ipynb"


def shared(source, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        return fd.share(source, source.with_suffix(".html"), **{"execute": False, **options})


@pytest.mark.parametrize("code", OPENS.values(), ids=OPENS)
def test_a_ledger_that_the_code_names_is_asked_whatever_the_metadata_say(code, folder):
    source = notebook(folder, "1 + 1", code, ledger="good/claims.csv")
    with pytest.raises(UnsoundLedger, match=r"bad/claims\.csv has 1 error .*allow_findings=True"):
        shared(source)
    assert not source.with_suffix(".html").exists()
    page = shared(source, allow_findings=True)[0].read_text("utf-8")
    assert "the ledger had 1 error among its findings" in page


@pytest.mark.parametrize("shape", ["chart", "html", "words", "warning"])
def test_an_output_that_shows_a_ledger_with_unreadable_rows_is_enough(shape, folder):
    with pytest.warns(fd.FactdeskWarning) as warned:
        ledger = fd.open(folder / "bad" / "claims.csv")
    made = {
        "chart": lambda: v4.new_output(
            "display_data",
            {"application/vnd.vegalite.v6+json": fd.charts.status_over_time(ledger).to_dict()},
        ),
        "html": lambda: v4.new_output("display_data", {"text/html": ledger._repr_html_()}),
        "words": lambda: v4.new_output("execute_result", {"text/plain": repr(ledger)}),
        "warning": lambda: v4.new_output("stream", name="stderr", text=str(warned[0].message)),
    }[shape]()
    source = notebook(folder, "show()", outputs=[made], ledger="good/claims.csv")
    with pytest.raises(UnsoundLedger, match=r"A ledger that cell 2 of a\.ipynb shows"):
        shared(source)
    assert shared(source, allow_findings=True)


def test_a_ledger_whose_path_is_worked_out_is_known_by_the_run(folder):
    source = notebook(folder, WORKED_OUT, ledger="good/claims.csv")
    with pytest.raises(UnsoundLedger, match=r"bad/claims\.csv has 1 error"):
        shared(source, execute=True)
    page = shared(source, execute=True, allow_findings=True)[0].read_text("utf-8")
    assert "the ledger had 1 error among its findings" in page


def test_a_ledger_noted_as_unsound_that_is_gone_since_is_refused_and_one_mended_is_not(folder, monkeypatch):
    from factdesk.pages.opened import errors_in

    record = folder / "noted"
    monkeypatch.setenv(NOTED_IN, str(record))
    with pytest.warns(fd.FactdeskWarning):
        ledger = fd.open(folder / "bad" / "claims.csv")
    nb = nbformat.read(notebook(folder, "1"), 4)
    assert errors_in(nb, Path("a.ipynb"), record, are_allowed=True) == 1
    status_id = ledger.check().set_index("code").loc["bad-day", "row_id"]
    ledger.edit("statuses", status_id, holds_from="2025-03-12", why="a spreadsheet rewrote the day")
    assert errors_in(nb, Path("a.ipynb"), record, are_allowed=False) == 0
    (folder / "bad" / "claims.csv").rename(folder / "elsewhere.csv")
    with pytest.raises(UnsoundLedger):
        errors_in(nb, Path("a.ipynb"), record, are_allowed=False)


def test_sound_ledgers_and_code_that_is_none_are_shared(folder):
    code = (
        'import factdesk as fd\nfd.open("good/claims.csv")\nopen("bad/claims.csv")',
        "%%html\n<b>x</b>",
        "not python (",
    )
    assert shared(notebook(folder, *code, 'fd.open("nowhere.csv")'))


def test_a_last_line_that_is_torn_is_no_page(folder):
    with (folder / "good" / "claims.csv").open("a") as file:
        file.write("half,a cla")
    with pytest.raises(UnsoundLedger, match="not whole"):
        shared(notebook(folder, "1", ledger="good/claims.csv"))
