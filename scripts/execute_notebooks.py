"""Run the notebooks again, in place, and keep in them only what a re-run gives again.

Times, and the state of widgets (their names change with every run), are left out; what a widget shows as a still
form stays. So a re-run of an unchanged notebook on an unchanged ledger gives no diff.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"


def executed(path: Path) -> NotebookNode:
    """Return a notebook as a fresh kernel leaves it."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}})
    client.record_timing = False
    # What a kernel says of itself in the terminal is not about the notebook.
    client.execute(stderr=subprocess.DEVNULL)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.pop("execution", None)
            for output in cell.outputs:
                output.get("data", {}).pop(WIDGET, None)
    return notebook


def main(paths: list[str]) -> int:
    """Run the notebooks named, or all of them."""
    for path in [Path(one) for one in paths] or sorted(NOTEBOOKS.glob("*.ipynb")):
        nbformat.write(executed(path), path)
        print(path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
