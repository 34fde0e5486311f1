"""What Git holds of a ledger's files: asked, never told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

SECONDS = 20
"""How long one question to Git may take."""

COMMITS = 200
"""How many of the latest commits that touched a file are looked through."""

_NOW = ("HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


def _ask(folder: Path, *words: str) -> bytes:
    """Give what Git answers; nothing where it can't."""
    # No lock is taken for a question, and no file of the ledger can name a program that Git runs.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-c", "core.fsmonitor=false", *words]
    try:
        asked = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return asked.stdout if asked.returncode == 0 else b""


def held(path: Path) -> list[bytes]:
    """Give a file as the commit that is checked out has it, and those that are being merged into it.

    >>> held(Path("in no repository.csv"))
    []
    """
    if not any((folder / ".git").exists() for folder in path.absolute().parents):
        return []  # asking Git takes longer than looking for it
    found = (_ask(path.parent, "cat-file", "blob", f"{commit}:./{path.name}") for commit in _NOW)
    return [data for data in found if data]


def ever_held(path: Path, texts: Iterable[str]) -> set[str]:
    """Say which of some texts stand in a file of any commit that touched it lately, stashed ones too.

    >>> ever_held(Path("in no repository.csv"), ["rain"])
    set()
    """
    sought = {text: text.encode("utf-8") for text in texts}
    listed = _ask(path.parent, "rev-list", "--all", "--reflog", f"-n{COMMITS}", "--", path.name)
    found: set[str] = set()
    for commit in listed.decode("ascii").split():
        if len(found) == len(sought):
            break
        data = _ask(path.parent, "cat-file", "blob", f"{commit}:./{path.name}")
        found |= {text for text, mark in sought.items() if mark in data}
    return found
