"""The forms in which one notebook is shared beside the page: PDF, Markdown, and a notebook with its outputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from factdesk.errors import InvalidValue, PageExists

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from factdesk.pages.html import Facts

PAGES = (".html", ".htm")
OTHERS = (".pdf", ".md", ".ipynb")
"""Suffixes of one file's forms."""

SHARED = "shared"
"""In a notebook's metadata of ours: it was made, and no person's work is in it."""


def is_ours(target: Path) -> bool:
    """Say whether a file in one of the other forms was made by `share`."""
    from factdesk.pages.markdown import MARK
    from factdesk.pages.printing import MARK as PRINTED

    content = target.read_bytes()
    if target.suffix.lower() == ".pdf":
        return content.startswith(b"%PDF-") and PRINTED in content
    if target.suffix.lower() == ".md":
        return content.startswith(MARK.encode())
    try:
        return json.loads(content)["metadata"]["factdesk"][SHARED] is True
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def check(source: Path, target: Path, *, overwrite: bool) -> None:
    """Refuse, before anything is run, what could not be written in the end, or would take a person's work away.

    Raises
    ------
    InvalidValue
        The target is the notebook itself.
    PageExists
        Pictures that are not ours stand where a Markdown's are to go.
    NoBrowser
        There is no browser to print with.
    """
    form = target.suffix.lower()
    if form == ".pdf":
        from factdesk.pages.printing import browser

        browser()
    if form == ".ipynb" and target.resolve() == source.resolve():
        raise InvalidValue("to", str(target), "another name than the notebook's own, which is left as it is")
    folder = pictures_of(target)
    if form == ".md" and folder.exists() and not target.exists() and not overwrite:
        raise PageExists(str(folder))


def pictures_of(target: Path) -> Path:
    """Give the folder of a Markdown's pictures.

    Examples
    --------
    >>> pictures_of(Path("report.md")).name
    'report_files'
    """
    return target.with_name(f"{target.stem}_files")


def as_markdown(
    notebook: NotebookNode,
    target: Path,
    name: str,
    title: str,
    facts: Facts | None,
    picture: Callable[[str], str],
) -> dict[Path, bytes]:
    """Give a notebook as Markdown, after the pictures that it shows.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Its cells and outputs.
    target : path
        Where the text goes; the pictures go into a folder beside it.
    name, title : str
        What the notebook's file is called, and the notebook where it has no heading.
    facts : Facts, optional
        The ledger behind it.
    picture : callable
        Gives a picture beside the notebook as a `data:` address; empty where there is none.
    """
    from factdesk.pages.markdown import Report
    from factdesk.schema import VOCABULARY

    folder = pictures_of(target)
    report = Report(folder.name, picture, facts.vocabulary if facts else VOCABULARY)
    text = report.text(notebook, name, title, facts)
    return {**{folder / one: content for one, content in report.pictures.items()}, target: text.encode()}


def as_notebook(notebook: NotebookNode) -> bytes:
    """Give a notebook with its outputs, without what changes from one run to the next or works on one machine only."""
    import nbformat

    made = nbformat.from_dict(json.loads(json.dumps(notebook)))
    # Controls that no kernel stands behind any more.
    made.metadata.pop("widgets", None)
    about = made.metadata.get("factdesk")
    made.metadata["factdesk"] = {**(about if isinstance(about, dict) else {}), SHARED: True}
    for cell in made.cells:
        cell.metadata.pop("execution", None)  # at what time each was run
    text: str = nbformat.writes(made)
    return (text + "\n").encode("utf-8", "replace")
