"""The system calls that change the disk, in one small place, so that faults can be put in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def perform(call: str, path: Path, action: Callable[[], Result]) -> Result:
    """Do one system call that changes the disk; every one of them passes here.

    A test replaces this function to make the call fail, stop short or end the process.
    """
    return action()


def write_at(descriptor: int, path: Path, offset: int, data: bytes) -> None:
    """Write all of the bytes from an offset on."""
    os.lseek(descriptor, offset, os.SEEK_SET)
    view = memoryview(data)
    while view:
        rest = view
        written = perform("write", path, lambda rest=rest: os.write(descriptor, rest))  # type: ignore[misc]
        view = view[written:]


def sync(descriptor: int, path: Path) -> None:
    """Wait until a file's bytes and size are on the disk itself."""
    if hasattr(os, "fdatasync"):
        perform("sync", path, lambda: os.fdatasync(descriptor))
    else:
        perform("sync", path, lambda: os.fsync(descriptor))
