"""Documents kept in another ledger: copied one at a time, each only where its bytes have the SHA-256 that names it."""

from __future__ import annotations

import errno
import hashlib
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
