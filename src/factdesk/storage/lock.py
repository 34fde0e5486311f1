"""The lock of a ledger: many readers, or one writer."""

from __future__ import annotations

import contextlib
import os
import platform
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import portalocker
from portalocker import LockFlags

from factdesk.errors import LedgerBusy, ReadOnlyLedger
from factdesk.storage.folder import Folder
from factdesk.text import shown

SECONDS = 30.0
"""How long a call waits, while nobody else takes the lock, before it gives up."""
PAUSE = 0.002
HOLDER = 120
"""Bytes in which the lock file says who took it last."""


class Lock:
    """The lock file in a ledger's folder; whoever holds it in this thread can take it again."""

    def __init__(self, path: Path, ledger: Path, disk: Folder) -> None:
        self.path, self.ledger, self.disk = path, ledger, disk
        self._mutex = threading.RLock()
        self._is_held = False

    @contextlib.contextmanager
    def held(self, *, for_writing: bool = False) -> Iterator[None]:
        """Hold the lock, with other readers or alone.

        Raises
        ------
        LedgerBusy
            Nobody gave it up for too long.
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
                if lock is not None:
                    portalocker.unlock(lock)
                    os.close(lock)

    def _acquire(self, for_writing: bool) -> int | None:
        try:
            self.disk.make(self.path.parent)
            if not self.disk.has(self.path):
                with contextlib.suppress(FileExistsError):
                    os.close(self.disk.open_new(self.path))
            is_ours = os.access(self.path, os.W_OK)
            lock = self.disk.open(self.path, os.O_RDWR if is_ours else os.O_RDONLY)
        except OSError as error:
            if not for_writing:
                return None  # where no lock can be made, nobody writes
            why = f"{self.ledger.stem}/ can't be written ({error.strerror})"
            raise ReadOnlyLedger(why, right_to_write(self.ledger)) from error
        try:
            self._wait(lock, for_writing)
        except BaseException:
            os.close(lock)
            raise
        if is_ours and os.fstat(lock).st_nlink == 1:
            with contextlib.suppress(OSError):
                holder = f"process {os.getpid()} on {platform.node()}, since {time.strftime('%H:%M:%S')}"
                os.write(lock, holder.encode()[: HOLDER - 1].ljust(HOLDER - 1) + b"\n")
        return lock

    def _wait(self, lock: int, for_writing: bool) -> None:
        """Wait for a lock for as long as it changes hands: whoever takes it notes that in its file."""
        flags = LockFlags.NON_BLOCKING | (LockFlags.EXCLUSIVE if for_writing else LockFlags.SHARED)
        taken, since = 0, time.monotonic()
        while True:
            try:
                portalocker.lock(lock, flags)
                return
            except portalocker.exceptions.LockException as error:
                if (changed := os.fstat(lock).st_mtime_ns) != taken:
                    taken, since = changed, time.monotonic()
                elif time.monotonic() - since > SECONDS:
                    raise LedgerBusy(str(self.ledger), SECONDS, _holder(lock)) from error
            time.sleep(PAUSE)


def _holder(lock: int) -> str:
    """Return who took a lock last, as its file says."""
    try:
        os.lseek(lock, 0, os.SEEK_SET)
        text = shown(os.read(lock, HOLDER).decode("utf-8", "replace").strip())
    except OSError:
        text = ""
    return text or LedgerBusy.holder


def right_to_write(ledger: Path) -> str:
    """Return what to do where writing is not allowed."""
    return (
        f"To write, you need the right to write in {ledger.stem}/, in all that lies in it and beside it. "
        "Reading works without; ledger.scratch() gives a copy to try things on."
    )
