"""What Git holds of a ledger's files: asked, never told.

A stranger's `.git/config` can name programs (`textconv`, `gpg.program`, `core.fsmonitor`, remotes that run one). So Git
is asked by plumbing alone, `rev-list` and `cat-file`, which run none of them, and may use no transport at all: what
an incomplete clone lacks is not fetched. `GIT_ALLOW_PROTOCOL` outranks every configuration; `protocol.allow` does not.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

SECONDS = 10
"""How long one question to Git may take; where one took longer, no other is asked in that folder."""

SECONDS_TO_LOOK_BACK = 3
"""How long the history is looked through for one row: whoever asks waits for it."""

COMMITS = 200
"""How many of the latest commits that touched a file are looked through."""

MOST_BYTES, AT_ONCE = 500_000_000, 100_000_000
"""Bytes of a version of a file beyond which it is left out, and of those that are read at one time."""

_given_up: set[Path] = set()

_NOW = ("HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")
_SAFE = {
    "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "", "LC_ALL": "C",
}  # fmt: skip


def _ask(folder: Path, *words: str, given: bytes = b"", seconds: float = SECONDS) -> bytes:
    """Return what Git answers; nothing where it can't."""
    if folder in _given_up:
        return b""
    command = [
        "git",
        "--no-pager",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "safe.bareRepository=explicit",
        *words,
    ]
    try:
        asked = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **_SAFE},
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        if isinstance(error, subprocess.TimeoutExpired) and seconds != SECONDS_TO_LOOK_BACK:
            _given_up.add(folder)  # such as where its configuration waits for a pipe
        return b""
    return asked.stdout if asked.returncode == 0 else b""


def _objects(folder: Path, names: Sequence[str], seconds: float = SECONDS) -> Iterator[bytes]:
    """Yield the content of each object of those names; nothing for one that is not there, or is too large."""
    given = "".join(f"{name}\n" for name in names).encode()
    found = _ask(folder, "cat-file", "--batch-check=%(objectsize)", given=given, seconds=seconds)
    sizes = [int(size) if size.isdigit() else -1 for size in found.split(b"\n")[: len(names)]]
    some: list[str] = []
    left = AT_ONCE
    for name, size in zip(names, sizes, strict=False):
        if some and (size > left or size < 0 or size > MOST_BYTES):
            yield from _contents(folder, some, seconds)
            some, left = [], AT_ONCE
        if size < 0 or size > MOST_BYTES:
            yield b""
        else:
            some, left = [*some, name], left - size
    yield from _contents(folder, some, seconds) if some else ()


def _contents(folder: Path, names: Sequence[str], seconds: float) -> Iterator[bytes]:
    given = "".join(f"{name}\n" for name in names).encode()
    answer, at = _ask(folder, "cat-file", "--batch", given=given, seconds=seconds), 0
    for _ in names:
        end = answer.find(b"\n", at)
        size = answer[at:end].rpartition(b" ")[2]
        begin, length = end + 1, int(size) if size.isdigit() else 0
        yield answer[begin : begin + length]
        at = begin + length + 1


def _may_be_asked(path: Path) -> bool:
    """Return whether a file lies in a repository: asking Git takes longer than looking for it."""
    return "\n" not in path.name and any((folder / ".git").exists() for folder in path.absolute().parents)


def user_name(folder: Path) -> str:
    """Return the name that Git knows for who works in a folder; nothing where it knows none.

    >>> isinstance(user_name(Path()), str)
    True
    """
    return _ask(folder, "config", "user.name", seconds=5).decode("utf-8", "replace")


@dataclass(frozen=True)
class TakenOut:
    """The commit that took a text out of a file, its day, and the file as it was before and after."""

    commit: str
    day: str
    before: bytes
    after: bytes


def taken_out(path: Path, text: str) -> TakenOut | None:
    """Return the latest commit after whose parent a text is gone from a file; None where Git knows of none.

    >>> taken_out(Path("in no repository.csv"), "rain")
    """
    sought = text.encode("utf-8", "surrogatepass")
    if not text or "\0" in text or not _may_be_asked(path):
        return None
    listed = _ask(
        path.parent,
        "rev-list",
        "--parents",
        f"-n{COMMITS}",
        "HEAD",
        "--",
        path.name,
        seconds=SECONDS_TO_LOOK_BACK,
    )
    commits = [line.split()[:2] for line in listed.decode("ascii", "replace").splitlines()]
    names = [f"{one}:./{path.name}" for pair in commits for one in pair]
    held = dict(zip(names, _objects(path.parent, names, SECONDS_TO_LOOK_BACK), strict=False))
    for pair in commits:
        after, before = (held.get(f"{one}:./{path.name}", b"") for one in (pair[0], pair[-1]))
        if after.count(sought) < before.count(sought):
            name = _ask(path.parent, "rev-parse", "--short", pair[0]).decode("ascii", "replace").strip()
            return TakenOut(name, _day(path.parent, pair[0]), before, after)
    return None


def _day(folder: Path, commit: str) -> str:
    """Return the day on which a commit was made, where its author was."""
    head = next(_objects(folder, [commit]), b"").partition(b"\n\n")[0].decode("utf-8", "replace")
    line = next((line for line in head.splitlines() if line.startswith("committer ")), "")
    *_, seconds, zone = ["", *line.split()]
    try:
        ahead = timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
        return str(datetime.fromtimestamp(int(seconds), UTC).astimezone(timezone(ahead)).date())
    except (ValueError, OverflowError, OSError):
        return "an unknown day"


def held(path: Path) -> list[bytes]:
    """Return a file as the commit that is checked out has it, and those that are being merged into it.

    >>> held(Path("in no repository.csv"))
    []
    """
    if not _may_be_asked(path):
        return []
    return list(filter(None, _objects(path.parent, [f"{commit}:./{path.name}" for commit in _NOW])))


def ever_held(path: Path, texts: Iterable[str]) -> set[str]:
    """Return which of some texts stand in a file of any commit that touched it lately, stashed ones too.

    >>> ever_held(Path("in no repository.csv"), ["rain"])
    set()
    """
    sought = {text: text.encode("utf-8") for text in texts}
    listed = _ask(path.parent, "rev-list", "--all", "--reflog", f"-n{COMMITS}", "--", path.name)
    names = [f"{commit}:./{path.name}" for commit in listed.decode("ascii", "replace").split()]
    found: set[str] = set()
    for data in _objects(path.parent, names):
        found |= {text for text, mark in sought.items() if mark in data}
    return found
