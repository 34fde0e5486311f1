"""What is told of a ledger's files that are not there, or can't be opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from factdesk.errors import Finding
from factdesk.schema import TABLES
from factdesk.storage import csvfile


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
            is_there, is_folder, is_file = path.exists(), path.is_dir(), path.is_file()
        except OSError as error:
            found.append(unopened(file, error, name))
            continue
        if not is_there:
            advice = put_back(name, ledger, files, known)
            found.append(Finding("missing-file", "error", "the file is missing.", advice, name, file))
        elif not is_file:
            code = "folder" if is_folder else "no-file"
            kind = "a folder, not a file" if is_folder else "no file that holds text, but a device or a pipe"
            found.append(Finding(code, "error", f"is {kind}.", "Give the CSV's path.", name, file))
            if is_folder and path == ledger:
                break  # whatever lies in it is no table of a ledger
    return found


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
    advice = f"Put it back beside {ledger.name} from Git or a copy. Where there was none: Make a new one with fd.create."
    return [Finding("missing-folder", "error", message, advice, file=f"{folder.name}/")]
