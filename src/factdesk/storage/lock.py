"""The lock of a ledger: many readers, or one writer."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import portalocker
from portalocker import LockFlags

from factdesk.errors import LedgerBusy, ReadOnlyLedger
from factdesk.storage import fsync

SECONDS = 30.0
"""How long a call waits for others before it gives up."""


class Lock:
    """The lock file in a ledger's folder; whoever holds it in this thread can take it again."""

    def __init__(self, path: Path, ledger: Path) -> None:
        self.path, self.ledger = path, ledger
        self._mutex = threading.RLock()
        self._is_held = False

    @contextlib.contextmanager
    def held(self, *, for_writing: bool = False) -> Iterator[None]:
        """Hold the lock, with other readers or alone.

        Raises
        ------
        LedgerBusy
            Somebody else holds it for too long.
        ReadOnlyLedger
            It is to be held for writing, and the folder can't be written.
        """
        with self._mutex:
            if self._is_held:
                yield
                return
            lock = self._acquire(for_writing)
            self._is_held = True
            try:
                yield
            finally:
                self._is_held = False
                if lock:
                    lock.release()

    def _acquire(self, for_writing: bool) -> portalocker.Lock | None:
        flags = LockFlags.NON_BLOCKING | (LockFlags.EXCLUSIVE if for_writing else LockFlags.SHARED)
        try:
            fsync.make_folder(self.path.parent)
            if not self.path.exists():
                with contextlib.suppress(FileExistsError):
                    os.close(fsync.open_new(self.path))
            mode: Literal["a", "r"] = "a" if os.access(self.path, os.W_OK) else "r"
            lock = portalocker.Lock(self.path, mode, timeout=SECONDS, check_interval=0.002, flags=flags)
            lock.acquire()
            return lock
        except portalocker.exceptions.LockException as error:
            raise LedgerBusy(str(self.ledger), SECONDS) from error
        except OSError as error:
            if not for_writing:
                return None  # where no lock can be made, nobody writes
            why = f"{self.ledger.stem}/ can't be written ({error.strerror})"
            raise ReadOnlyLedger(why, right_to_write(self.ledger)) from error


def right_to_write(ledger: Path) -> str:
    """Return what to do where writing is not allowed."""
    return (
        f"To write, you need the right to write in {ledger.stem}/, in all that lies in it and beside it. "
        "Reading works without; ledger.scratch() gives a copy to try things on."
    )
