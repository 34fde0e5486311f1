"""Scratch copies: they go with their process, and what a killed one left goes with the next."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import samples

from factdesk.storage import scratch

WAITING = """
import sys, time
sys.path[:0] = {path!r}
from factdesk.storage import scratch
with scratch.folder() as folder:
    (folder / "copy.csv").write_text("words")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_process_left_is_cleared_by_the_next_and_a_living_one_s_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = WAITING.format(path=sys.path)
    others = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
        )
        for _ in range(2)
    ]
    killed, living = (Path(one.stdout.readline().decode().strip()).name for one in others)
    others[0].send_signal(signal.SIGKILL)
    others[0].wait()
    try:
        with scratch.folder() as mine:
            there = {path.name for path in tmp_path.iterdir()}
        assert there == {living, mine.name}
        assert killed not in there
    finally:
        others[1].kill()
        others[1].wait()


def test_a_link_that_is_named_like_a_scratch_folder_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / scratch.IN_USE).write_text("")
    (tmp_path / f"{scratch.PREFIX}x").symlink_to(tmp_path / "home")
    with scratch.folder():
        pass
    assert (tmp_path / "home" / scratch.IN_USE).exists()


def test_a_scratch_copy_goes_when_nobody_holds_it_any_more(tmp_path):
    copy = samples.rain(tmp_path).scratch()
    folder = copy.path.parent
    assert (folder / "claims.csv").exists()
    del copy
    assert not folder.exists()
