"""A folder whose files are read and changed without following a link that lies in it.

A ledger's folder may be a stranger's: a link, a pipe or a device in it would have us write or read elsewhere, or
without end. So every file is opened name by name from the folder down (`openat` with `O_NOFOLLOW`), at each call.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from factdesk.storage import fsync

_BY_DESCRIPTOR = {os.open, os.stat, os.mkdir, os.unlink, os.rename} <= os.supports_dir_fd
_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _BINARY
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_CHUNK, _PART = 1 << 26, 1 << 20
MOST_BYTES, HOLE = 4_000_000_000, 100_000_000
"""A file that says it is larger is none of a ledger's; nor is one of which hardly anything lies on the disk."""


class NotAFile(OSError):
    """In the place of a file or folder of a ledger is something else, which is neither read nor written."""


class Folder:
    """A folder, and all that lies below it; the folder itself may be reached by links."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # --- reading

    def stat(self, path: Path) -> os.stat_result:
        """Return what the system knows of a file, or of the link in its place."""
        with self._parent(path) as (name, parent):
            return os.stat(name, dir_fd=parent, follow_symlinks=False)

    def has(self, path: Path) -> bool:
        """Return whether anything lies at a path, be it a link to nowhere."""
        try:
            self.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def size(self, path: Path) -> int:
        """Return how many bytes a file has; none where there is no file."""
        try:
            return self.stat(path).st_size
        except FileNotFoundError:
            return 0

    def read(self, path: Path, most: int = MOST_BYTES) -> bytes:
        """Return a file's bytes, as many as it has when it is opened, and at most so many."""
        with self.reading(path) as descriptor:
            try:
                return read_up_to(descriptor, min(os.fstat(descriptor).st_size, most))
            except MemoryError:
                raise NotAFile(errno.ENOMEM, "is larger than the memory that there is", str(path)) from None

    def read_or_none(self, path: Path) -> bytes | None:
        """Return a file's bytes; None where it can't be read."""
        try:
            return self.read(path)
        except OSError:
            return None

    def tail(self, path: Path, size: int) -> str:
        """Return the end of a file of a size, from its last line's start or 200 bytes back, to know it by."""
        with self.reading(path) as descriptor:
            os.lseek(descriptor, max(0, size - 200), os.SEEK_SET)
            end = os.read(descriptor, min(size, 200))
        return end[end[:-1].rfind(b"\n") + 1 :].decode("utf-8", "replace")

    @contextlib.contextmanager
    def reading(self, path: Path) -> Iterator[int]:
        """Open a file for reading."""
        descriptor = self.open(path, os.O_RDONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def open(self, path: Path, flags: int) -> int:
        """Return a descriptor of a file that is there.

        Raises
        ------
        NotAFile
            Where it is a link, a folder, a pipe or a device, lies behind a link, or is larger than any of a ledger's.
        """
        with self._parent(path) as (name, parent):
            try:
                descriptor = os.open(name, flags | _NO_LINK, dir_fd=parent)
            except OSError as error:
                raise _named(error, path, name, parent) from None
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and not _is_link(path) and not _is_too_large(found):
            return descriptor
        os.close(descriptor)
        raise _not_a_file(path, found)

    def files(self, folder: Path) -> Iterator[Path]:
        """Yield all that lies below a folder and is no folder, links to folders too, sorted."""
        for place, folders, files in os.walk(folder):
            links = [name for name in folders if Path(place, name).is_symlink()]
            folders[:] = sorted(set(folders) - set(links))
            yield from (Path(place, name) for name in sorted([*files, *links]))

    def copy(self, path: Path, to: Folder, target: Path) -> None:
        """Copy a file, as many bytes as it has when it is opened, into another folder; nothing rests on the copy."""
        to.make(target.parent)
        made = to.open_new(target)
        try:
            with self.reading(path) as descriptor:
                at, size = 0, os.fstat(descriptor).st_size
                while at < size and (part := os.read(descriptor, min(size - at, _PART))):
                    if part.count(0) < len(part):  # of a hole no disk is filled
                        fsync.write_at(made, target, at, part)
                    at += len(part)
            os.ftruncate(made, at)
        finally:
            os.close(made)

    # --- changing

    def open_new(self, path: Path) -> int:
        """Make a file that must not be there yet, and return its descriptor."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK
        with self._parent(path) as (name, parent):
            return fsync.perform("create", path, lambda: os.open(name, flags, 0o666, dir_fd=parent))

    @contextlib.contextmanager
    def writing(self, path: Path) -> Iterator[int]:
        """Open a file for writing where it is; one that has other names too is parted from them first."""
        descriptor = self.open(path, os.O_RDWR)
        if os.fstat(descriptor).st_nlink > 1:
            os.close(descriptor)
            self.replace(path, self.read(path))
            descriptor = self.open(path, os.O_RDWR)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def sync_names(self, path: Path) -> None:
        """Wait until a folder's names are on the disk; systems that can't open a folder do it by themselves."""
        if os.name == "nt":
            return
        with self._parent(path / "_") as (_, parent):
            descriptor = os.open(".", os.O_RDONLY, dir_fd=parent)
        try:
            fsync.perform("sync folder", path, lambda: os.fsync(descriptor))
        finally:
            os.close(descriptor)

    def cut(self, path: Path, size: int) -> None:
        """Cut a file back to a size, synced."""
        with self.writing(path) as descriptor:
            fsync.perform("cut", path, lambda: os.ftruncate(descriptor, size))
            fsync.sync(descriptor, path)

    def rename(self, old: Path, new: Path) -> None:
        """Put a file in another's place, at once; the caller syncs the names."""
        with self._parent(old) as (before, source), self._parent(new) as (after, target):
            fsync.perform(
                "rename", new, lambda: os.replace(before, after, src_dir_fd=source, dst_dir_fd=target)
            )

    def remove(self, path: Path) -> None:
        """Remove a file that is ours and not needed any more."""

        def unlink() -> None:
            with contextlib.suppress(FileNotFoundError), self._parent(path) as (name, parent):
                os.unlink(name, dir_fd=parent)

        fsync.perform("remove", path, unlink)

    def make(self, path: Path) -> None:
        """Make a folder and those above it, their names synced: else a power cut takes all that is in them."""
        for one in reversed([one for one in (path, *path.parents) if not one.is_dir()]):
            if one.is_relative_to(self.root) and one != self.root:
                with self._parent(one) as (name, parent), contextlib.suppress(FileExistsError):
                    fsync.perform("make folder", one, lambda: os.mkdir(name, dir_fd=parent))
                self.sync_names(one.parent)
            else:
                fsync.perform("make folder", one, lambda one=one: one.mkdir(exist_ok=True))  # type: ignore[misc]
                Folder(one.parent).sync_names(one.parent)

    def write_new(self, path: Path, data: bytes, *, is_synced: bool = True) -> None:
        """Make a file with these bytes, its name synced too; it must not be there yet."""
        self._write_new(path, data, is_synced=is_synced)
        if is_synced:
            self.sync_names(path.parent)

    def prepare(self, new: Path, data: bytes, like: Path) -> Path:
        """Write bytes to a file, synced, ready to be renamed into the place of `like`, whose mode it takes."""
        self.remove(new)
        self._write_new(new, data)
        with contextlib.suppress(FileNotFoundError):
            mode = self.stat(like).st_mode & 0o7777
            with self.reading(new) as descriptor:
                target = descriptor if os.chmod in os.supports_fd else new
                fsync.perform("mode", new, lambda: os.chmod(target, mode))  # noqa: PTH101
        return new

    def replace(self, path: Path, data: bytes, by: Path | None = None) -> None:
        """Put new content in a file's place by an atomic rename, all of it synced.

        `by` is where the content is written first: another file on the same disk, beside `path` by default.
        """
        self.rename(self.prepare(by or path.with_name(f".{path.name}.new"), data, like=path), path)
        self.sync_names(path.parent)

    def append_unsynced(self, path: Path, data: bytes) -> None:
        """Add bytes to a file that nothing rests on: a power cut may take them."""
        with self.writing(path) as descriptor:
            fsync.write_at(descriptor, path, os.fstat(descriptor).st_size, data)

    def replace_unsynced(self, path: Path, data: bytes) -> None:
        """Put new content in the place of a file that nothing rests on; its folder is made where there is none."""
        self.make(path.parent)
        new = path.with_name(f"{path.name}.new")
        self.remove(new)
        self._write_new(new, data, is_synced=False)
        self.rename(new, path)

    def _write_new(self, path: Path, data: bytes, *, is_synced: bool = True) -> None:
        descriptor = self.open_new(path)
        try:
            fsync.write_at(descriptor, path, 0, data)
            if is_synced:
                fsync.sync(descriptor, path)
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def _parent(self, path: Path) -> Iterator[tuple[str, int | None]]:
        """Open the folder that a path lies in, name by name; yield the path's last name in it, and its descriptor."""
        *folders, last = path.relative_to(self.root).parts
        if not _BY_DESCRIPTOR:  # such as on Windows, where making a link takes a right of its own
            for above in path.parents[: len(folders)]:
                if _is_link(above):
                    raise _not_a_file(above, above.lstat())
            yield str(path), None
            return
        here, at = self.root, os.open(self.root, _FOLDER)
        try:
            for one in folders:
                here /= one
                try:
                    below = os.open(one, _FOLDER | _NO_LINK, dir_fd=at)
                except NotADirectoryError as error:
                    raise _named(error, here, one, at) from None
                os.close(at)
                at = below
            yield last, at
        finally:
            os.close(at)


def read_up_to(descriptor: int, size: int, start: int = 0) -> bytes:
    """Return so many bytes from a file's beginning, or from a place on; or all where it has fewer."""
    os.lseek(descriptor, start, os.SEEK_SET)
    parts = []
    while size > 0 and (part := os.read(descriptor, min(size, _CHUNK))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def kind_of(path: Path, found: os.stat_result) -> str:
    """Return in words what lies at a path that is no file."""
    if stat.S_ISLNK(found.st_mode):
        with contextlib.suppress(OSError):
            return f"a link to {path.readlink()}"
        return "a link"
    if stat.S_ISDIR(found.st_mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(found.st_mode) else "a device or a socket"


def _is_link(path: Path) -> bool:
    """Return whether a path is a link, where opening it could not be told to refuse one."""
    return not hasattr(os, "O_NOFOLLOW") and path.is_symlink()


def _named(error: OSError, path: Path, name: str, parent: int | None) -> OSError:
    """Return the error for what can't be opened: the system's where it is a file, else what lies there instead."""
    found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    return error if stat.S_ISREG(found.st_mode) else _not_a_file(path, found)


def _is_too_large(found: os.stat_result) -> bool:
    """Return whether a file is larger than any of a ledger's, or a hole that takes a hundredth of its size."""
    on_disk = getattr(found, "st_blocks", found.st_size) * 512
    return found.st_size > MOST_BYTES or (found.st_size > HOLE and on_disk * 100 < found.st_size)


def _not_a_file(path: Path, found: os.stat_result) -> NotAFile:
    if stat.S_ISREG(found.st_mode) and _is_too_large(found):
        return NotAFile(
            errno.EFBIG, f"has {found.st_size:,} bytes, more than any file of a ledger", str(path)
        )
    return NotAFile(errno.ELOOP, f"is {kind_of(path, found)}, and no file of the ledger", str(path))
