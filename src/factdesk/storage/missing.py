"""What is told of a ledger's files that are not there, or can't be opened."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from factdesk.errors import Finding
from factdesk.schema import TABLES
from factdesk.storage import csvfile
from factdesk.storage.folder import Folder, kind_of
from factdesk.text import shown

STRANGERS = 20
"""Links and the like that are named one by one."""


def missing(ledger: Path, files: Mapping[str, Path], known: Mapping[str, Path]) -> list[Finding]:
    """Name each file that is not there; all of a folder that is not there at once.

    Parameters
    ----------
    ledger : Path
        The ledger's CSV.
    files, known : mapping of str to Path
        The file of each table, and of its baseline.
    """
    found = _missing_folder(ledger)
    for name in ["claims"] if found else TABLES:
        path = files[name]
        file = path.relative_to(ledger.parent).as_posix()
        try:
            held = path.lstat()
        except FileNotFoundError:
            advice = put_back(name, ledger, files, known)
            found.append(Finding("missing-file", "error", "the file is missing.", advice, name, file))
        except OSError as error:
            found.append(unopened(file, error, name))
        else:
            found += no_file(path, held, file, name)
            if path == ledger and stat.S_ISDIR(held.st_mode):
                break  # whatever lies in it is no table of a ledger
    return found


def no_file(path: Path, held: os.stat_result, file: str, table: str = "") -> list[Finding]:
    """Return the finding for a link, a folder, a pipe or a device in the place of a file of the ledger."""
    if stat.S_ISREG(held.st_mode):
        return []
    code = "link" if stat.S_ISLNK(held.st_mode) else "folder" if stat.S_ISDIR(held.st_mode) else "no-file"
    message = (
        f"is {shown(kind_of(path, held), 200)}, not a file: the ledger neither reads nor writes through it."
    )
    advice = "Remove it, or put the file itself in its place."
    return [Finding(code, "error", message, advice, table, shown(file, 200))]


def strangers(disk: Folder, folder: Path) -> list[Finding]:
    """Name what is neither a file nor a folder below a ledger's folder, or is a folder where it keeps a file."""
    found: list[Finding] = []
    files = {folder / name for name in ("ledger.toml", "seals.csv", ".factdesk/journal", ".factdesk/lock")}
    for path in [folder] if folder.is_symlink() else sorted({*disk.files(folder), *files}):
        with contextlib.suppress(OSError):
            found += no_file(path, path.lstat(), path.relative_to(disk.root).as_posix())
    return found[:STRANGERS]


def put_back(name: str, ledger: Path, files: Mapping[str, Path], known: Mapping[str, Path]) -> str:
    """Return how a table's file that is missing comes back."""
    file, kept = (of[name].relative_to(ledger.parent).as_posix() for of in (files, known))
    places = [f"Git (`git checkout HEAD -- {file}`)"]
    if known[name].is_file():
        places.append(f"{kept}, which is as it was written here last")
    only = csvfile.header_line(TABLES[name]).decode().strip()
    return (
        f"Put it back from {', '.join([*places, 'or a copy'])}. If there is none, or it never had rows, its only "
        f"line is: {only} (then ledger.restore() brings back the rows that are known)."
    )


def unopened(file: str, error: OSError, table: str = "") -> Finding:
    """Return the finding for a file that can't be opened."""
    return Finding("unreadable-file", "error", f"can't be opened ({error.strerror}).", table=table, file=file)


def _missing_folder(ledger: Path) -> list[Finding]:
    folder = ledger.with_suffix("")
    try:
        if folder.is_dir():
            return []
        is_there = folder.exists()
    except OSError:
        return []  # each table says why it can't be opened
    what = "is a file, and should be the ledger's folder" if is_there else "the ledger's folder is missing"
    message = f"{what}: all tables but the claims, and the settings, lie in it."
    advice = (
        f"Put it back beside {ledger.name} from Git or a copy. Where there was none, move {ledger.name} away, make a "
        f"new ledger of that name with fd.create, and put {ledger.name} back in its place: its rows are read."
    )
    return [Finding("missing-folder", "error", message, advice, file=f"{folder.name}/")]
