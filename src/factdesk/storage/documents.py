"""Documents kept in a ledger: copied only where their bytes have the SHA-256 that names them, and which stay out of Git."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from factdesk.storage.folder import Folder

MOST_BYTES = 500_000_000
"""A document that is larger is not copied: it is read as a whole."""


@dataclass(frozen=True)
class Document:
    """One document: where it lies, under its SHA-256."""

    disk: Folder
    path: Path

    @property
    def sha256(self) -> str:
        """The hash of what was kept, which is the file's name."""
        return self.path.name

    def fault(self) -> str:
        """Return why it can't be copied; nothing where it can. Its bytes are read for it."""
        try:
            if self.disk.size(self.path) > MOST_BYTES:
                return f"it has over {MOST_BYTES:,} bytes"
            self.read()
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def read(self) -> bytes:
        """Return its bytes; raise OSError where they can't be read, or are others than were kept."""
        data = self.disk.read(self.path, MOST_BYTES)
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise OSError(errno.EIO, "its SHA-256 is another", str(self.path))
        return data


def leave_out_of_git(disk: Folder, path: Path, documents: Iterable[bytes], limit: int) -> None:
    """Name documents of more bytes than a limit in a ledger's `.gitignore`, once each."""
    names = [
        f"/snapshots/{hashlib.sha256(data).hexdigest()}".encode() for data in documents if len(data) > limit
    ]
    had = disk.read(path) if names and disk.has(path) else b""
    new = [name for name in names if name not in had.splitlines()]
    if new:
        gap = b"" if not had or had.endswith(b"\n") else b"\n"
        disk.replace(path, had + gap + b"".join(name + b"\n" for name in new))
