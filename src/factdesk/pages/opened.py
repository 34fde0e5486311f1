"""The ledgers that a notebook opens, by its metadata, in its code or as it runs, and the errors among their findings."""

from __future__ import annotations

import ast
import contextlib
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factdesk.charts.chart_rows import parsed
from factdesk.errors import FactdeskError, LedgerUnreadable, UnsoundLedger
from factdesk.ledger.opening import open as open_ledger

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from factdesk.ledger.ledger import Ledger

LEFT_OUT = re.compile(r"can(?:'|’|&#x27;|\\+u0027|\\+u2019)t be read and (?:is|are) left out")
"""What an output says that shows a ledger of which rows can't be read, as JSON has it."""


class Unsound(NamedTuple):
    """A ledger with errors among its findings: its name, how many, and the first of them."""

    path: str
    errors: int
    first: str


def errors_of(ledger: Ledger, are_allowed: bool) -> int:
    """Count the errors among a ledger's findings; refuse them where they are not allowed."""
    found = _unsound(ledger)
    if found and not are_allowed:
        raise UnsoundLedger(*found)
    return found.errors if found else 0


def errors_in(notebook: NotebookNode, source: Path, record: Path, are_allowed: bool) -> int:
    """Count the errors of the ledgers that a notebook opens; refuse them where they are not allowed.

    `record` is the file in which `factdesk.open` noted, as the notebook ran, what was wrong; where it did not run, its
    code is asked for the ledgers that it names. Outputs say of themselves where rows are left out.
    """
    opened = _noted(record) if record.exists() else _named(notebook, source.parent)
    found = [*opened, *_shown(notebook, source)]
    if found and not are_allowed:
        raise UnsoundLedger(*found[0])
    return max((one.errors for one in found), default=0)


def _unsound(ledger: Ledger) -> Unsound | None:
    errors = ledger._errors()
    if not errors:  # of a view rows are left out of which nobody knows whether they are its own
        unread = ledger.unread
        return (
            Unsound(str(ledger.path or ledger.title), sum(unread.rows.values()), str(unread))
            if unread
            else None
        )
    first = min(errors, key=lambda one: (one.file, one.line))
    where = f"{first.file}:{first.line} {first.column}".strip()
    return Unsound(str(ledger.path or ledger.title), len(errors), f"{where}: {first.message}")


def _noted(record: Path) -> Iterator[Unsound]:
    """Yield what was wrong with the ledgers that a notebook opened as it ran, unless it mended them."""
    noted = {str(one.get("path")): one for one in map(parsed, record.read_text("utf-8").splitlines())}
    for path, one in noted.items():
        with contextlib.suppress(FactdeskError):
            if not (found := _asked(Path(path))):
                continue
            yield found
            continue
        count = one.get("count")
        yield Unsound(path, count if isinstance(count, int) else 1, str(one.get("first")))


def _named(notebook: NotebookNode, folder: Path) -> Iterator[Unsound]:
    """Yield what is wrong with the ledgers that a notebook's code names."""
    for path in dict.fromkeys(_paths(notebook)):
        with contextlib.suppress(FactdeskError):
            if found := _asked(folder / path):
                yield found


def _asked(path: Path) -> Unsound | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _unsound(open_ledger(path))
        except LedgerUnreadable as error:
            return Unsound(str(path), len(error.places), str(error.places[0]))


def _paths(notebook: NotebookNode) -> Iterator[str]:
    """Yield the paths that stand in a notebook's code as what `factdesk.open` is asked for."""
    ours, names = {"fd", "factdesk"}, set[str]()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in cell.source.splitlines())
        try:
            parts = list(ast.walk(ast.parse("\n".join(lines))))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for part in parts:
            if isinstance(part, ast.Import):
                ours |= {one.asname or one.name for one in part.names if one.name == "factdesk"}
            if isinstance(part, ast.ImportFrom) and part.module == "factdesk":
                names |= {one.asname or one.name for one in part.names if one.name == "open"}
        for part in parts:
            if isinstance(part, ast.Call) and _is_open(part.func, ours, names):
                named = [*part.args, *(one.value for one in part.keywords if one.arg == "path")]
                yield from (text.value for one in named[:1] for text in ast.walk(one)
                            if isinstance(text, ast.Constant) and isinstance(text.value, str))  # fmt: skip


def _is_open(called: ast.expr, ours: set[str], names: set[str]) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr == "open" and isinstance(called.value, ast.Name) and called.value.id in ours
    return isinstance(called, ast.Name) and called.id in names


def _shown(notebook: NotebookNode, source: Path) -> Iterator[Unsound]:
    """Yield the cells whose outputs show a ledger of which rows can't be read."""
    for at, cell in enumerate(notebook.cells, 1):
        if LEFT_OUT.search(json.dumps(cell.get("outputs", ()), ensure_ascii=False)):
            name = f"A ledger that cell {at} of {source.name} shows"
            yield Unsound(name, 1, "rows of it can't be read and are left out.")
