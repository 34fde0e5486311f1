"""The forms in which one notebook is shared beside the page: a PDF, and a notebook with its outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from factdesk.charts.chart_rows import mapping, parsed
from factdesk.errors import InvalidValue

if TYPE_CHECKING:
    from nbformat import NotebookNode

PAGES = (".html", ".htm")
OTHERS = (".pdf", ".ipynb")
"""Suffixes of one file's forms."""

SHARED = "shared"
"""In a notebook's metadata of ours: it was made, and no person's work is in it."""


def is_ours(target: Path) -> bool:
    """Whether a file in one of the other forms was made by `share`."""
    from factdesk.pages.printing import MARK

    content = target.read_bytes()
    if target.suffix.lower() == ".pdf":
        return content.startswith(b"%PDF-") and MARK in content
    return mapping(mapping(parsed(content).get("metadata")).get("factdesk")).get(SHARED) is True


def check(source: Path, target: Path) -> None:
    """Refuse, before anything is run, a notebook over itself, and a PDF where no browser is there to print it."""
    form = target.suffix.lower()
    if form == ".pdf":
        from factdesk.pages.printing import browser

        browser()
    if form == ".ipynb" and target.resolve() == source.resolve():
        raise InvalidValue("to", str(target), "another name than the notebook's own, which is left as it is")


def as_notebook(notebook: NotebookNode) -> bytes:
    """Return a notebook with its outputs, without what changes from run to run or works on one machine only."""
    import nbformat

    made = nbformat.from_dict(json.loads(json.dumps(notebook)))
    # Controls that no kernel stands behind any more.
    made.metadata.pop("widgets", None)
    made.metadata["factdesk"] = {**mapping(made.metadata.get("factdesk")), SHARED: True}
    for cell in made.cells:
        cell.metadata.pop("execution", None)  # at what time each was run
    text: str = nbformat.writes(made)
    return (text + "\n").encode("utf-8", "replace")
