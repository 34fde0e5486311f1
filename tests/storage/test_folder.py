"""Every call that changes the disk passes one place, and does the whole of what it says."""

import ast
import os
from pathlib import Path

import pytest

from factdesk.storage import fsync
from factdesk.storage.folder import Folder

PACKAGE = Path(fsync.__file__).parent.parent
CHANGING = {
    "write", "pwrite", "writev", "replace", "rename", "unlink", "remove", "ftruncate", "truncate", "fsync", "fdatasync", "mkdir",
    "makedirs", "write_bytes", "write_text", "rmtree", "link", "symlink", "chmod", "touch", "symlink_to", "hardlink_to",
}  # fmt: skip


def test_what_handles_a_ledger_s_files_changes_the_disk_through_one_place():
    found = []
    files = [file for folder in ("storage", "checks", "ledger") for file in (PACKAGE / folder).glob("*.py")]
    elsewhere = {"fsync.py", "folder.py"}  # the one place
    # Where a copy is taken away, who holds a lock is noted, and whoever runs a notebook is told.
    elsewhere |= {"scratch.py", "lock.py", "opening.py"}
    # What lies in the user's own cache folder, and the page that is written where somebody says, outside of ledgers.
    elsewhere |= {"reading_cache.py", "marking.py"}
    for file in (file for file in files if file.name not in elsewhere):
        tree = ast.parse(file.read_text("utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                of, name = ast.unparse(call.func.value), call.func.attr
                # .replace of a text takes two values, of a path one; .rename of a frame takes names
                is_text = name == "replace" and len(call.args) > 1
                is_text |= name == "rename" and bool(call.keywords)
                is_ours = of in (
                    "fsync",
                    "pc",
                    "out",
                    "named",
                    "store.disk",
                    "standing",
                    "marking",
                ) or of.startswith("self")
                if name in CHANGING and not is_text and not is_ours:
                    found.append(f"{file.name}: {of}.{name}")
    assert found == []


def test_a_write_goes_on_until_all_bytes_are_written(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:3]))
    Folder(tmp_path).write_new(tmp_path / "x", b"0123456789")
    assert (tmp_path / "x").read_bytes() == b"0123456789"


def test_what_is_there_is_not_written_over_as_new(tmp_path):
    (tmp_path / "x").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        Folder(tmp_path).write_new(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"old"


def test_a_file_is_replaced_at_once_with_its_mode_and_nothing_is_left_beside_it(tmp_path):
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "x").chmod(0o600)
    (tmp_path / ".x.new").write_bytes(b"left by a dead process")
    Folder(tmp_path).replace(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"new"
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_everything_written_is_synced_before_it_is_named(tmp_path, monkeypatch):
    calls: list[tuple[str, str]] = []

    def noting(call, path, action):
        calls.append((call, path.name))
        return action()

    monkeypatch.setattr(fsync, "perform", noting)
    (tmp_path / "x").write_bytes(b"old")
    Folder(tmp_path).replace(tmp_path / "x", b"new")
    assert calls == [
        ("remove", ".x.new"), ("create", ".x.new"), ("write", ".x.new"), ("sync", ".x.new"), ("mode", ".x.new"),
        ("rename", "x"), ("sync folder", tmp_path.name),
    ]  # fmt: skip
