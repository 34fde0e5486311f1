"""Notebooks read and executed, several at a time, each in a kernel of its own; their files are left alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from factdesk.errors import NotANotebook, NotebookFailed
from factdesk.ledger.opening import NOTED_IN
from factdesk.pages.html import plain

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_AT_ONCE = 4
"""Notebooks that run at the same time."""


def read(source: Path) -> NotebookNode:
    """Read a notebook of any format, as the current one, or raise NotANotebook."""
    import nbformat

    if not source.is_file():  # a pipe or a device would be read without end
        raise NotANotebook(str(source), "it is no file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old formats lack ids; they are given
            notebook = nbformat.read(source, as_version=4)
            nbformat.validate(notebook)
    except Exception as error:  # nbformat raises KeyError, AttributeError and more for what is none
        raise NotANotebook(str(source), _why_not(source, error)) from error
    return notebook


def _why_not(source: Path, error: Exception) -> str:
    """Return what a file is that is no notebook, where a word says it."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
    if isinstance(error, OSError):
        return first
    try:
        content = json.loads(source.read_bytes())
    except (ValueError, RecursionError):
        return "it is no JSON, as Jupyter writes notebooks (.ipynb)"
    is_one = "a notebook is a JSON object with `nbformat` and `cells`, as Jupyter writes it"
    if not isinstance(content, dict):
        kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
        return f"it holds {kinds.get(type(content), 'a number')}; {is_one}"
    # In the oldest formats the cells stand in worksheets.
    missing = [name for name in ("nbformat", "cells") if name not in content]
    missing = [name for name in missing if name != "cells" or "worksheets" not in content]
    if missing:
        return f"it has no {' and no '.join(f'`{name}`' for name in missing)}; {is_one}"
    return first if isinstance(content.get("cells", []), list) else f"its `cells` are no list; {is_one}"


def run_all(
    notebooks: Sequence[tuple[NotebookNode, Path]],
    timeout: float | None,
    progress: bool | None,
    records: Path,
) -> dict[Path, NotebookFailed]:
    """Run several notebooks, each in the folder of its file; return those that failed.

    `timeout` is in seconds for each cell; without `progress` a bar is drawn for several, where somebody sits at a
    terminal. In the folder `records` is noted for each which unsound ledgers it opened (`record`).
    """
    from tqdm import tqdm  # type: ignore[import-untyped]

    failed: dict[Path, NotebookFailed] = {}
    if not notebooks:
        return failed
    # None: shown where somebody sits at a terminal.
    disable = (len(notebooks) == 1 or None) if progress is None else not progress
    bar = tqdm(total=len(notebooks), unit="notebook", disable=disable)
    with bar, ThreadPoolExecutor(min(len(notebooks), MOST_AT_ONCE, os.cpu_count() or 1)) as pool:
        runs = [
            pool.submit(_run, notebook, source, timeout, record(records, source))
            for notebook, source in notebooks
        ]
        try:
            for one, (_, source) in zip(runs, notebooks, strict=True):
                try:
                    one.result()
                except NotebookFailed as error:
                    failed[source] = error
                bar.update()
        except BaseException:
            for one in runs:
                one.cancel()
            raise
    return failed


def record(records: Path, source: Path) -> Path:
    """Return the file in which a notebook's kernel notes the unsound ledgers that it opens; there once it has run."""
    return records / f"{hash(source)}.jsonl"


def _run(notebook: NotebookNode, source: Path, timeout: float | None, noted: Path) -> None:
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError
    from nbformat import ValidationError

    at = -1

    def started(cell: NotebookNode, cell_index: int) -> None:
        nonlocal at
        at = cell_index

    resources = {"metadata": {"path": str(source.resolve().parent)}}
    client = NotebookClient(notebook, timeout=timeout, resources=resources, on_cell_start=started)
    noted.touch()
    try:
        # What a kernel says of itself in the terminal is not about the notebook.
        client.execute(stderr=subprocess.DEVNULL, env={**os.environ, NOTED_IN: str(noted)})
    except NoSuchKernel as error:
        raise NotebookFailed(str(source), 0, f"there is no kernel {error.name!r} here") from error
    except (CellControlSignal, DeadKernelError, ValidationError) as error:
        if isinstance(error, CellExecutionError):
            # What fails while it is shown comes without a name: it stands at the end of the trace.
            named = error.ename not in ("", "NoneType")
            why = f"{error.ename}: {error.evalue}" if named else plain(str(error)).strip().split("\n")[-1]
        elif isinstance(error, TimeoutError):
            why = f"it took longer than {timeout:g} seconds"
        else:
            why = str(error).strip().splitlines()[0]
        code = _failing_line(notebook.cells[at]) if at >= 0 else ""
        # Our own errors are whole sentences; this one goes on in another.
        raise NotebookFailed(str(source), at + 1, why.rstrip().removesuffix("."), code) from error


def _failing_line(cell: NotebookNode) -> str:
    """Return the line of a cell that was running when it failed, as Python's trace names it; else its first."""
    lines = cell.source.strip().splitlines()  # a kernel counts from the first that is not empty
    failed = [output for output in cell.get("outputs", ()) if output.output_type == "error"]
    trace = plain("\n".join(failed[-1].get("traceback", ()))) if failed else ""
    number = cell.get("execution_count") or r"\d+"
    named = re.search(rf"Cell In ?\[{number}\], line (\d+)", trace)
    at = int(named[1]) if named else 1
    return next((line.strip() for line in lines[at - 1 : at]), lines[0] if lines else "")
