"""The lock: a call waits as long as others take turns, and gives up where nobody lets go."""

import os
import threading
import time
from pathlib import Path

import pytest

from factdesk.errors import LedgerBusy
from factdesk.storage import lock as locking
from factdesk.storage.folder import Folder
from factdesk.storage.lock import Lock


@pytest.fixture
def lock(tmp_path, monkeypatch):
    """Makes locks of one ledger, each as another process has it, and waits for a third of a second only."""
    monkeypatch.setattr(locking, "SECONDS", 0.3)
    (tmp_path / "claims").mkdir()

    def made() -> Lock:
        return Lock(
            tmp_path / "claims" / ".factdesk" / "lock", Path(tmp_path / "claims.csv"), Folder(tmp_path)
        )

    return made


def test_a_writer_waits_as_long_as_others_take_turns(lock):
    start, turns = threading.Barrier(2), 6

    def readers() -> None:
        held = lock().held()
        held.__enter__()
        start.wait()
        for _ in range(turns):
            time.sleep(0.2)
            following = lock().held()
            following.__enter__()  # before the one who reads lets go
            held.__exit__(None, None, None)
            held = following
        held.__exit__(None, None, None)

    others = threading.Thread(target=readers)
    others.start()
    start.wait()
    with lock().held(for_writing=True):  # far more than a third of a second later
        pass
    others.join()


def test_who_waits_in_vain_is_told_who_took_the_lock_last(lock):
    with (
        lock().held(for_writing=True),
        pytest.raises(LedgerBusy, match=rf"process {os.getpid()} on ") as busy,
        lock().held(),
    ):
        pass
    assert "Nothing was written" in str(busy.value)


def test_what_a_stranger_wrote_into_the_lock_is_shown_as_text(lock):
    first = lock()
    with first.held(for_writing=True):
        first.path.write_bytes(b"\x1b]0;owned\x07\xff" * 200)
        with pytest.raises(LedgerBusy) as busy, lock().held():
            pass
    assert "\x1b" not in str(busy.value) and len(str(busy.value)) < 500
