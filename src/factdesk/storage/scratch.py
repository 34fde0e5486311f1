"""Folders for scratch copies: each goes with the process that made it, and what a killed one left with the next."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import portalocker
from portalocker import LockFlags

PREFIX = "factdesk-scratch-"
IN_USE = ".in-use"
"""A file that is locked for as long as the process lives."""
BEGUN = 3_600
"""Seconds after which a folder without that file is no longer one that is being made."""


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that is removed in the end; what killed processes left of such folders is removed first."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, portalocker.exceptions.LockException):
            _remove_if_left(left)
    made = Path(tempfile.mkdtemp(prefix=PREFIX))
    mark = os.open(made / IN_USE, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    try:
        portalocker.lock(mark, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
        yield made
    finally:
        os.close(mark)
        shutil.rmtree(made, ignore_errors=True)


def _remove_if_left(place: Path) -> None:
    """Remove a folder of our own whose process is gone."""
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        return
    try:
        mark = os.open(place / IN_USE, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        if time.time() - found.st_mtime > BEGUN:
            shutil.rmtree(place, ignore_errors=True)
        return
    try:
        portalocker.lock(mark, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
    finally:
        os.close(mark)
    shutil.rmtree(place, ignore_errors=True)
