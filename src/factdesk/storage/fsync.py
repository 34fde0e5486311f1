"""The system calls that change the disk, in one small place, so that faults can be put in."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def perform(call: str, path: Path, action: Callable[[], Result]) -> Result:
    """Do one system call that changes the disk; every one of them passes here.

    A test replaces this function to make the call fail, stop short or end the process.
    """
    return action()


def open_new(path: Path) -> int:
    """Make a file that must not be there yet and give its descriptor."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return perform("create", path, lambda: os.open(path, flags, 0o666))


@contextlib.contextmanager
def existing(path: Path) -> Iterator[int]:
    """Open a file for writing, by its path, without making it."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        yield descriptor
    finally:
        os.close(descriptor)


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


def sync_folder(path: Path) -> None:
    """Wait until a folder's names are on the disk; systems that can't open a folder do it by themselves."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        perform("sync folder", path, lambda: os.fsync(descriptor))
    finally:
        os.close(descriptor)


def cut(path: Path, size: int) -> None:
    """Cut a file back to a size, synced."""
    with existing(path) as descriptor:
        perform("cut", path, lambda: os.ftruncate(descriptor, size))
        sync(descriptor, path)


def rename(old: Path, new: Path) -> None:
    """Put a file in another's place, at once; the caller syncs the folder."""
    perform("rename", new, lambda: old.replace(new))


def remove(path: Path) -> None:
    """Remove a file that is ours and not needed any more."""
    perform("remove", path, lambda: path.unlink(missing_ok=True))


def set_mode(path: Path, mode: int) -> None:
    """Say who may read and write a file or folder."""
    perform("mode", path, lambda: path.chmod(mode))


def make_folder(path: Path) -> None:
    """Make a folder and those above it, their names synced: else a power cut takes all that is in them."""
    missing = [one for one in (path, *path.parents) if not one.is_dir()]
    for one in reversed(missing):
        perform("make folder", one, lambda one=one: one.mkdir(exist_ok=True))  # type: ignore[misc]
        sync_folder(one.parent)


def _make(path: Path, data: bytes, *, is_synced: bool = True) -> None:
    descriptor = open_new(path)
    try:
        write_at(descriptor, path, 0, data)
        if is_synced:
            sync(descriptor, path)
    finally:
        os.close(descriptor)


def write_new(path: Path, data: bytes) -> None:
    """Make a file with these bytes, synced, its name too; it must not be there yet."""
    _make(path, data)
    sync_folder(path.parent)


def prepare(new: Path, data: bytes, like: Path) -> Path:
    """Write bytes to a file, synced, ready to be renamed into the place of `like`, whose mode it takes."""
    remove(new)
    _make(new, data)
    if like.exists():
        set_mode(new, like.stat().st_mode & 0o7777)
    return new


def replace(path: Path, data: bytes, by: Path | None = None) -> None:
    """Put new content in a file's place by an atomic rename, all of it synced.

    `by` is where the content is written first: another file on the same disk, beside `path` by default.
    """
    rename(prepare(by or path.with_name(f".{path.name}.new"), data, like=path), path)
    sync_folder(path.parent)


def append_unsynced(path: Path, data: bytes) -> None:
    """Add bytes to a file that nothing rests on: a power cut may take them."""
    with existing(path) as descriptor:
        write_at(descriptor, path, os.fstat(descriptor).st_size, data)


def replace_unsynced(path: Path, data: bytes) -> None:
    """Put new content in the place of a file that nothing rests on; its folder is made where there is none."""
    make_folder(path.parent)
    new = path.with_name(f"{path.name}.new")
    remove(new)
    _make(new, data, is_synced=False)
    rename(new, path)
