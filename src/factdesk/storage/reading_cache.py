"""What reading a ledger gave, kept in the user's own cache folder: it saves time, and nothing rests on it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import xxhash

from factdesk.storage.baseline import Signature, signature, signature_of

SWITCH = "FACTDESK_CACHE"
"""The variable of the environment that says where the cache is; `off` for nowhere."""
FORMAT = 1
LEAST = 1_000_000
"""Bytes of a ledger's tables from which on it is worth it: a smaller one is read as fast."""
MOST = 8_000_000_000
"""Bytes of all that is kept; beyond, what was not used for longest is dropped."""
_ALIGNED = 64
_BOOT = Path("/proc/sys/kernel/random/boot_id")

Noted = dict[str, Any]


@dataclass(frozen=True)
class Cache:
    """The files that are kept of one ledger: Arrow tables behind one another in one, and in the other what they are."""

    ledger: Path
    folder: Path

    @classmethod
    def of(cls, ledger: Path, own: Path) -> Cache | None:
        """Return the cache of the ledger at a path, of which a folder is its own; None where there is none to trust.

        That is: where it is switched off, or its folder is in the ledger's own (a stranger may have sent it), is
        somebody else's, or can be read or written by others.
        """
        where = os.environ.get(SWITCH, "")
        if where == "off":
            return None
        try:
            folder = Path(where or _own_folder()).absolute() / "readings"
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = folder.lstat()
            is_own = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
            if stat.S_ISDIR(found.st_mode) and is_own and not folder.resolve().is_relative_to(own.resolve()):
                return cls(ledger, folder)
        except (OSError, RuntimeError, ValueError):
            pass
        return None

    @property
    def _name(self) -> str:
        return xxhash.xxh3_128_hexdigest(os.fsencode(self.ledger))

    @property
    def tables(self) -> Path:
        """The file of the tables."""
        return self.folder / f"{self._name}.arrow"

    @property
    def noted(self) -> Path:
        """The file that says what they are, and of what they are true."""
        return self.folder / f"{self._name}.json"

    @property
    def trail(self) -> Path:
        """The file of what this computer's user added to the ledger since, by signatures."""
        return self.folder / f"{self._name}.trail"

    def load(self) -> tuple[dict[str, pa.Table], Noted] | None:
        """Return what was kept: the tables, mapped; None where there is nothing, or it is damaged or of another format."""
        try:
            noted = _checked(self.noted.read_bytes())
            made_by = (FORMAT, _code(), str(self.ledger))
            if noted is None or (noted["format"], noted["code"], noted["ledger"]) != made_by:
                return None
            descriptor = os.open(self.tables, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            try:
                if list(signature(os.fstat(descriptor))) != noted["signature"]:
                    return None
                with pa.memory_map(str(self.tables)) as file:
                    held = file.read_buffer()
                if list(signature(os.fstat(descriptor))) != list(signature_of(self.tables)):
                    return None
            finally:
                os.close(descriptor)
            if noted["boot"] != _boot() and xxhash.xxh3_128_hexdigest(held) != noted["hash"]:
                return None  # a power cut may have taken what was not on the disk yet
            tables = {
                name: pa.ipc.open_stream(held.slice(start, size)).read_all()
                for name, (start, size) in noted["parts"].items()
            }
            with contextlib.suppress(OSError):
                os.utime(self.noted)
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None
        return tables, noted["told"]

    def keep(self, tables: Mapping[str, pa.Table], told: Noted) -> None:
        """Keep tables and what is to be told of them, each file put in its place at once; it may fail."""
        new = self.folder / f"{self._name}.{secrets.token_hex(4)}.new"
        try:
            parts: dict[str, tuple[int, int]] = {}
            _write(new, b"")
            with pa.OSFile(str(new), "wb") as file:
                for name, table in tables.items():
                    start = file.tell()
                    with pa.ipc.new_stream(file, table.schema) as writer:
                        writer.write_table(table)
                    parts[name] = (start, file.tell() - start)
                    file.write(b"\0" * (-file.tell() % _ALIGNED))
            with pa.memory_map(str(new)) as file:
                hashed = xxhash.xxh3_128_hexdigest(file.read_buffer())
            new.replace(self.tables)
            noted = {
                "format": FORMAT, "code": _code(), "ledger": str(self.ledger), "signature": signature_of(self.tables), "parts": parts,
                "boot": _boot(), "hash": hashed, "told": told,
            }  # fmt: skip
            text = json.dumps(noted, ensure_ascii=True).encode()
            _write(new, xxhash.xxh3_128_hexdigest(text).encode() + b" " + text)
            new.replace(self.noted)
            self.trail.unlink(missing_ok=True)
            self._drop_oldest()
        except (OSError, ValueError, pa.ArrowException, MemoryError):
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)

    def note_added(self, table: str, before: Signature, after: Signature) -> None:
        """Note that this user's own program added lines to a table that was known to the last byte; it may fail."""
        with contextlib.suppress(OSError):
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(self.trail, flags, 0o600)
            try:
                os.write(descriptor, (json.dumps([table, before, after]) + "\n").encode())
            finally:
                os.close(descriptor)

    def is_added_to(self, table: str, before: Signature, after: Signature) -> bool:
        """Return whether all that was done to a table since is that this user's own programs added lines."""
        try:
            lines = self.trail.read_text("ascii").splitlines()
            steps = {tuple(old): tuple(new) for name, old, new in map(json.loads, lines) if name == table}
        except (OSError, ValueError, TypeError):
            return False
        now = before
        while now != after and now in steps:
            now = steps.pop(now)
        return now == after

    def _drop_oldest(self) -> None:
        """Keep the whole folder within its bounds."""
        kept = sorted(((noted.stat().st_mtime, noted) for noted in self.folder.glob("*.json")), reverse=True)
        total = 0
        for _, noted in kept:
            files = [noted.with_suffix(suffix) for suffix in (".arrow", ".trail", ".json")]
            total += sum(file.stat().st_size for file in files if file.exists())
            if total > MOST and noted != self.noted:
                for file in files:
                    file.unlink(missing_ok=True)


def _own_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("factdesk")


def is_worth(size: int) -> bool:
    """Return whether tables of so many bytes are worth to be kept."""
    return size >= LEAST


def _checked(data: bytes) -> Noted | None:
    held, _, text = data.partition(b" ")
    found: Noted | None = json.loads(text) if xxhash.xxh3_128_hexdigest(text).encode() == held else None
    return found


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


@cache
def _code() -> str:
    """Return what names the code that reads and judges: what another version found is not what this one finds."""
    package = Path(__file__).parents[1]
    files = sorted([*package.glob("*.py"), *package.glob("checks/*.py"), *package.glob("storage/*.py")])
    stats = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return xxhash.xxh3_128_hexdigest(repr(stats).encode())


def _boot() -> str:
    """Return what names the time since the computer was started; something new at each call where that is not known."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return secrets.token_hex(8)
