"""The committed notebooks run from top to bottom, and a re-run gives what is committed."""

import importlib.util
import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STARTERS = sorted((ROOT / "src" / "factdesk" / "starter").glob("*.ipynb"))

specification = importlib.util.spec_from_file_location("execute", ROOT / "scripts" / "execute_notebooks.py")
execute = importlib.util.module_from_spec(specification)
specification.loader.exec_module(execute)


def shown(notebook) -> list[list[dict]]:
    """What each code cell shows, but for the pixels of pictures: those are a matter of the machine's fonts."""
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    plain = json.loads(json.dumps(outputs))
    for output in (output for cell in plain for output in cell):
        if "image/png" in output.get("data", {}):
            output["data"]["image/png"] = "a picture"
    return plain


def unmade(notebook) -> str:
    """What each cell shows, but for what a ledger that the notebook makes has of its making: digest and day."""
    made = r"(\b|_)[0-9a-f]{6,32}(?![0-9a-z])|digest [0-9a-f]{4} [0-9a-f]{4}|as of \d+ \w+ \d{4}"
    return re.sub(made, "", json.dumps(shown(notebook), sort_keys=True))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_rerun_gives_what_is_committed(path):
    committed = nbformat.read(path, as_version=4)
    assert unmade(execute.executed(path)) == unmade(committed)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_a_short_story_without_logic(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 12
    assert all(len(source.splitlines()) <= 12 for source in code)
    assert not any(word in source for source in code for word in ("def ", "class ", "!pip", "%pip", "for _"))
    assert notebook.cells[0].source.startswith("# ")
    assert notebook.cells[0].source.splitlines()[0].endswith("?")
    assert path.stat().st_size < 700_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_its_pictures_without_running_and_holds_nothing_of_a_machine(path):
    text = path.read_text("utf-8")
    outputs = [output for cell in shown(nbformat.read(path, as_version=4)) for output in cell]
    assert not any(output["output_type"] == "error" for output in outputs)
    charts = [
        output["data"] for output in outputs if "application/vnd.vegalite.v5+json" in output.get("data", {})
    ]
    assert (charts or path.stem.startswith(("00", "01", "05"))) and all(
        "image/png" in data and "text/plain" in data for data in charts
    )
    assert "application/vnd.jupyter.widget-view+json" not in text
    for trace in ("/tmp/", "/home/", str(ROOT), "Traceback"):
        assert trace not in text


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_a_starter_notebook_is_valid_and_has_no_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    assert "PROJECT TITLE" in notebook.cells[0].source
