"""The files of a new ledger, and whether a path is one of a ledger's own."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path

from factdesk.errors import InvalidValue, LedgerExists, WriteFailed
from factdesk.schema import TABLES, Settings
from factdesk.storage import csvfile
from factdesk.storage import settings as settings_file
from factdesk.storage.files import Store
from factdesk.storage.no_ledger import no_ledger

GIT_ATTRIBUTES = {
    "{stem}.csv": "text eol=lf merge=union",
    "{stem}/*.csv": "text eol=lf merge=union",
    "{stem}/snapshots/**": "-text",
    "{stem}/seals/**": "-text",
}
GIT_IGNORE = b".factdesk/\n*.new\n"


def is_of_a_ledger(path: Path) -> bool:
    """Return whether a path is one of a ledger's own files, or in a place where it keeps some."""
    return lies_in_a_ledger(path) or (path.resolve().with_suffix("") / "ledger.toml").is_file()


def lies_in_a_ledger(path: Path) -> bool:
    """Return whether a path is in a place where a ledger keeps files."""
    path = path.resolve()
    return any((place / "ledger.toml").is_file() for place in (path.parent, path.parent.parent))


def create(path: Path, settings: Settings) -> None:
    """Make the files of a new, empty ledger.

    Raises
    ------
    InvalidValue
        The path is no name that a ledger can have.
    LedgerExists
        Anything of that name is there already.
    WriteFailed
        The disk refused; nothing is left of the ledger.
    """
    if path.suffix != ".csv":
        raise InvalidValue("path", str(path), "a name that ends in .csv, such as budget.csv")
    try:
        store = Store(path)
        files = {store.settings: settings_file.render(settings), store.folder / ".gitignore": GIT_IGNORE}
        # claims.csv last, and at once: a ledger is there when it is
        files |= {store.files[name]: csvfile.header_line(TABLES[name]) for name in reversed(TABLES)}
        taken = [one for one in (path, store.path, store.folder) if one.exists() or one.is_symlink()]
        if taken == [store.folder] and _is_half_made(store.folder, files):
            taken = []
    except (OSError, ValueError) as error:
        raise InvalidValue("path", str(path), "a name that this system can give a file") from error
    if taken == [store.folder] and (advice := store.only_claims_missing()):
        raise LedgerExists(str(taken[0]), f"Choose another name; or {advice}")
    if taken:
        places = no_ledger(path)
        if not places and store.settings.is_file():
            raise LedgerExists(str(taken[0]))
        raise LedgerExists(
            str(taken[0]),
            " ".join(["Choose another name.", *(f"It {one.message} {one.advice}" for one in places)]),
        )
    made: list[Path] = []
    try:
        store.disk.make(store.folder)
        _add_git_attributes(store)
        for file, data in files.items():
            made.append(file)
            if file == store.path:
                made.append(file.with_name(f".{file.name}.new"))
                store.disk.replace(file, data)
            else:
                store.disk.remove(file)
                store.disk.write_new(file, data)
    except OSError as error:
        with contextlib.suppress(OSError):
            for file in made:
                store.disk.remove(file)
            store.folder.rmdir()
        reason = error.strerror or str(error)
        raise WriteFailed(str(error.filename or path), reason, "The ledger was not made.") from error


def _is_half_made(folder: Path, files: Mapping[Path, bytes]) -> bool:
    """Return whether a folder holds nothing but what a call like this one left when it was cut short."""
    if folder.is_symlink():
        return False
    left = {one: one.read_bytes().rstrip(b"\0") if one.is_file() else None for one in folder.rglob("*")}
    return all(data is not None and files.get(one, b"").startswith(data) for one, data in left.items())


def _add_git_attributes(store: Store) -> None:
    path = store.path
    file = path.parent / ".gitattributes"
    have = store.disk.read(file) if store.disk.has(file) else b""
    wanted = [f"{_git_pattern(one, path.stem)} {how}" for one, how in GIT_ATTRIBUTES.items()]
    lines = [line for line in wanted if line.encode() not in have.splitlines()]
    if lines:
        gap = b"" if not have or have.endswith(b"\n") else b"\n"
        store.disk.replace(file, have + gap + "".join(f"{line}\n" for line in lines).encode())


def _git_pattern(pattern: str, stem: str) -> str:
    """Write a pattern of Git's for files of that stem, whatever its characters mean to Git."""
    filled = pattern.format(stem=re.sub(r"[\\\[\]*?!#]", r"\\\g<0>", stem))
    if not re.search(r'[\s"\\]', filled):
        return filled
    return '"' + filled.replace("\\", "\\\\").replace('"', '\\"') + '"'
