"""A model of the disk that survives a power cut: only what was synced is surely on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

MANNERS = ("absent", "half", "zeros", "whole")
"""What can be left of bytes that were written and not synced; zeros are a file's new size without its bytes."""


@dataclass
class File:
    """A file's content since it was last synced: what surely is there, then each state after it."""

    versions: list[bytes] = field(default_factory=lambda: [b""])

    def left(self, manner: str) -> bytes:
        """Give what a power cut leaves."""
        before, now = self.versions[max(0, len(self.versions) - 2)], self.versions[-1]
        if manner == "absent":
            return self.versions[0]
        if manner == "whole" or not now.startswith(before):
            return now
        more = now[len(before) :]
        return before + (more[: len(more) // 2] if manner == "half" else bytes(len(more)))


@dataclass
class Folder:
    """A folder's names: those that surely are there, and those that a process sees."""

    safe: dict[str, Folder | File] = field(default_factory=dict)
    now: dict[str, Folder | File] = field(default_factory=dict)


class Platter:
    """Stands for `disk.perform`: does the calls, and follows what they make of the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.top = Folder()
        self.inodes: dict[int, File] = {}
        self.calls = 0
        self.at_call: Callable[[str], None] = lambda call: None
        self.follow()
        self._settle(self.top)

    def __call__(self, call: str, path: Path, action: Callable[[], Any]) -> Any:
        self.follow()  # what was done past this place, such as making a lock, is on no disk for sure
        got = action()
        self.follow()
        node = self._node(path)
        if call == "sync" and isinstance(node, File):
            node.versions = node.versions[-1:]
        elif call == "sync folder" and isinstance(node, Folder):
            node.safe = dict(node.now)
        self.calls += 1
        self.at_call(f"{call} {path.name}")
        return got

    def follow(self) -> None:
        """See what is there now; a file is known by its inode, wherever it was renamed to."""
        found: dict[int, File] = {}
        self._look(self.root, self.top, found)
        self.inodes = found

    def _look(self, path: Path, folder: Folder, found: dict[int, File]) -> None:
        now: dict[str, Folder | File] = {}
        for one in path.iterdir():
            if one.is_dir():
                old = folder.now.get(one.name)
                now[one.name] = old if isinstance(old, Folder) else Folder()
                self._look(one, now[one.name], found)  # type: ignore[arg-type]
                continue
            inode, content = one.stat().st_ino, one.read_bytes()
            file = found[inode] = self.inodes.get(inode) or File()
            now[one.name] = file
            if content != file.versions[-1]:
                file.versions.append(content)
        folder.now = now

    def _settle(self, folder: Folder) -> None:
        folder.safe = dict(folder.now)
        for node in folder.now.values():
            if isinstance(node, Folder):
                self._settle(node)
            else:
                node.versions = node.versions[-1:]

    def _node(self, path: Path) -> Folder | File | None:
        node: Folder | File | None = self.top
        for part in path.relative_to(self.root).parts:
            node = node.now.get(part) if isinstance(node, Folder) else None
        return node

    def states(self, random: Random, more: int) -> Iterator[dict[str, bytes]]:
        """Give what a power cut at this moment can leave: files by path.

        Names are there if their folder was synced, or all of them, or by turns; unsynced bytes are all left in one
        manner, or by turns.
        """
        for names in ("safe", "now"):
            for manner in MANNERS:
                yield self._state(lambda names=names: names, lambda manner=manner: manner)  # type: ignore[misc]
        for _ in range(more):
            yield self._state(lambda: random.choice(("safe", "now")), lambda: random.choice(MANNERS))

    def _state(self, names: Callable[[], str], manner: Callable[[], str]) -> dict[str, bytes]:
        left: dict[str, bytes] = {}
        manners: dict[int, str] = {}

        def go(folder: Folder, at: str) -> None:
            for name, node in (folder.safe if names() == "safe" else folder.now).items():
                if isinstance(node, Folder):
                    left[f"{at}{name}/"] = b""
                    go(node, f"{at}{name}/")
                else:
                    left[f"{at}{name}"] = node.left(manners.setdefault(id(node), manner()))

        go(self.top, "")
        return left


def put(state: dict[str, bytes], folder: Path) -> None:
    """Make the files of a state."""
    for name, data in state.items():
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(data)
