"""Names, paths and secrets taken out of a notebook: of this machine, its user, and those who logged and judged."""

from __future__ import annotations

import getpass
import os
import re
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from factdesk.pages import bundle
from factdesk.schema import TABLES

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from factdesk.ledger.ledger import Ledger

_SECRET = re.compile(r"(?i)(?:^|_)(?:token|secret|passw(?:or)?d|api_?key|access_key|credentials?)(?:_|$)")


def redact(notebook: NotebookNode, folder: Path, ledger: Ledger | None, *, names: bool = True) -> None:
    """Take what names this machine and its user out of a notebook, in place; without `names`, who logged and judged too.

    Paths are cut down to the name of the file. The names of login and machine are looked for in outputs only, and
    not where they are words of the ledger: a claim stays what it is also where somebody's login is "will".
    """
    values = (value for variable, value in os.environ.items() if _SECRET.search(variable))
    everywhere = {value: "(secret)" for value in values if len(value) >= 8}
    if ledger and not names:
        everywhere |= dict.fromkeys(bundle.recorders(ledger), bundle.LEFT_OUT)
    own = {_login(): "(login name)", socket.gethostname(): "(this machine)"}
    in_outputs = {
        word: instead for word, instead in own.items() if len(word) > 1 and not _stands_in(word, ledger)
    }
    paths = _paths(folder.resolve())
    hide_in_code, hide_in_outputs = (_Hidden(words, paths) for words in (everywhere, in_outputs | everywhere))
    for cell in notebook.cells:
        cell.source = hide_in_code(cell.source)
        if "outputs" in cell:
            cell.outputs = hide_in_outputs(cell.outputs)
    if "widgets" in notebook.metadata:
        notebook.metadata["widgets"] = hide_in_outputs(notebook.metadata["widgets"])


class _Hidden:
    """Replaces words and paths in a text, and in all texts of a list or mapping but pictures."""

    def __init__(self, words: Mapping[str, str], paths: re.Pattern[str]) -> None:
        self.words, self.paths = words, paths
        self.named = bundle.left_out(set(words))

    def __call__(self, value: object, kind: str = "") -> object:
        if isinstance(value, str):
            if kind.startswith("image/") and "svg" not in kind:
                return value
            return self.named.sub(lambda found: self.words[found[0]], self.paths.sub(_name_of, value))
        if isinstance(value, list):
            return [self(one, kind) for one in value]
        if isinstance(value, dict):
            for key, one in value.items():
                value[key] = self(one, key)
        return value


def _paths(folder: Path) -> re.Pattern[str]:
    """Return what finds paths in this machine's places: of the notebook, the home, Python and temporary files."""
    places = [Path.cwd(), Path.home(), *map(Path, (sys.prefix, sys.base_prefix, tempfile.gettempdir()))]
    places += [folder, *(above for above in folder.parents if len(above.parts) > 2)]
    roots = {re.escape(str(place)) for place in places if len(place.parts) > 1}
    listed = "|".join(sorted(roots, key=len, reverse=True))
    return re.compile(
        rf"(?:file://)?(?<![\w.:~-])(?<![\w.:~-]/)(?:{listed})(?![\w.-])[^\s\"'`<>|:;,()\[\]{{}}]*"
    )


def _name_of(path: re.Match[str]) -> str:
    if "ipykernel_" in path[0]:
        return "the cell"
    return re.split(r"[/\\]+", path[0].rstrip("/\\"))[-1]


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody, as in some containers
        return ""


def _stands_in(word: str, ledger: Ledger | None) -> bool:
    """Whether a word stands anywhere in a ledger."""
    if ledger is None:
        return False
    whole = rf"(?<!\w){re.escape(word)}(?!\w)"
    texts = (getattr(ledger, name).select_dtypes("str") for name in TABLES)
    columns = (cells for text in texts for _, cells in text.items())
    return any(cells.str.contains(whole, case=False, na=False).any() for cells in columns)
