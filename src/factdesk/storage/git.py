"""What Git holds of a ledger's files: asked, never told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SECONDS = 20
"""How long one question to Git may take."""

SECONDS_TO_LOOK_BACK = 3
"""How long the history is looked through for one row: whoever asks waits for it."""

COMMITS = 200
"""How many of the latest commits that touched a file are looked through."""

_NOW = ("HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


def _ask(folder: Path, *words: str, seconds: float = SECONDS) -> bytes:
    """Return what Git answers; nothing where it can't."""
    # No lock is taken for a question, and no file of the ledger can name a program that Git runs.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-c", "core.fsmonitor=false", *words]
    try:
        asked = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return asked.stdout if asked.returncode == 0 else b""


def _may_be_asked(path: Path) -> bool:
    """Return whether a file lies in a repository: asking Git takes longer than looking for it."""
    return any((folder / ".git").exists() for folder in path.absolute().parents)


@dataclass(frozen=True)
class TakenOut:
    """The commit that took a text out of a file, its day, and the file as it was before and after."""

    commit: str
    day: str
    before: bytes
    after: bytes


def taken_out(path: Path, text: str) -> TakenOut | None:
    """Return the latest commit that changed how often a text stands in a file; None where Git knows of none.

    >>> taken_out(Path("in no repository.csv"), "rain")
    """
    if not text or "\0" in text or not _may_be_asked(path):
        return None
    listed = _ask(path.parent, "log", "-1", f"-S{text}", "--format=%h %cs", "HEAD", "--", path.name,
                  seconds=SECONDS_TO_LOOK_BACK)  # fmt: skip
    commit, _, day = listed.decode("ascii", "replace").strip().partition(" ")
    if not commit:
        return None
    before, after = (
        _ask(path.parent, "cat-file", "blob", f"{one}:./{path.name}") for one in (f"{commit}^", commit)
    )
    return TakenOut(commit, day, before, after)


def held(path: Path) -> list[bytes]:
    """Return a file as the commit that is checked out has it, and those that are being merged into it.

    >>> held(Path("in no repository.csv"))
    []
    """
    if not _may_be_asked(path):
        return []
    found = (_ask(path.parent, "cat-file", "blob", f"{commit}:./{path.name}") for commit in _NOW)
    return [data for data in found if data]


def ever_held(path: Path, texts: Iterable[str]) -> set[str]:
    """Return which of some texts stand in a file of any commit that touched it lately, stashed ones too.

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
