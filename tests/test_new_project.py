"""A new project: its folder, its ledger, its notebooks, and what is never overwritten."""

import json

import nbformat
import pytest

import factdesk as fd
from factdesk import new_project
from factdesk.errors import InvalidValue, LedgerExists, NotFound

HOSTILE = 'Pro*mises </b><script>alert(1)</script> "quoted" \\ $x$ [a](javascript:b)'


def test_a_case_is_an_empty_ledger_and_notebooks_that_name_it(tmp_path):
    made = new_project.new(
        tmp_path / "budget", "Promises of the budget", publisher="The Desk", timezone="Europe/Paris"
    )
    ledger = fd.open(made / "claims.csv", strict=True)
    assert (ledger.title, ledger.settings.publisher) == ("Promises of the budget", "The Desk")
    assert ledger.settings.timezone == "Europe/Paris"
    assert ledger.claims.empty
    notebooks = sorted((made / "notebooks").glob("*.ipynb"))
    assert len(notebooks) == 2
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert notebook.cells[0].source.startswith("# Promises of the budget")
        assert (path.parent / notebook.metadata["factdesk"]["ledger"]).resolve() == (
            made / "claims.csv"
        ).resolve()


def test_a_title_is_text_in_the_notebooks_whatever_it_says(tmp_path):
    made = new_project.new(tmp_path / "hostile", HOSTILE)
    assert fd.open(made / "claims.csv").title == HOSTILE
    for path in (made / "notebooks").glob("*.ipynb"):
        heading = json.loads(path.read_text("utf-8"))["cells"][0]["source"]
        assert "".join(heading).count("\\<script\\>") == 1
        assert "](javascript" not in "".join(heading).replace("\\]\\(", "")


def test_nothing_is_overwritten_and_nothing_is_left_behind(tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(LedgerExists):
        new_project.new(tmp_path / "there", "Again")
    with pytest.raises(NotFound):
        new_project.new(tmp_path / "no" / "such", "Nowhere")
    for title, timezone in (("  ", "UTC"), ("Good", "Mars/Olympus")):
        with pytest.raises(InvalidValue):
            new_project.new(tmp_path / "fresh", title, timezone=timezone)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize("name", ["n" * 5_000, "a\0b", "\ud800"])
def test_a_name_that_no_folder_can_have_is_refused(tmp_path, name):
    with pytest.raises(fd.FactdeskError):
        new_project.new(tmp_path / name, "Tides")
    assert list(tmp_path.iterdir()) == []
