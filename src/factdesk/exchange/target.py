"""Where a file is to be written: looked at before anything is made, and written all at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path, PurePath

from factdesk.errors import InvalidValue, NotFound, WriteFailed
from factdesk.storage.folder import Folder


def target(path: object, suffixes: Collection[str], is_kept: Callable[[Path], bool]) -> Path:
    """Return the path to write to; `is_kept` says of one whether it is a ledger's own.

    Raises
    ------
    InvalidValue
        Where it is no path, has another suffix, is a folder, or a ledger's own.
    NotFound
        Where its folder is not there.
    WriteFailed
        Where the system can't say, as of a name that is too long.

    >>> target("status.svg", [".svg"], lambda path: False)
    PosixPath('status.svg')
    """
    allowed = f"a name that ends in {', '.join(suffixes)}"
    if not isinstance(path, (str, PurePath)):
        raise InvalidValue("path", path, allowed)
    found = Path(path)
    suffix = found.suffix.lower()
    if suffix not in suffixes:
        raise InvalidValue.choice("path", suffix or str(path), suffixes, allowed=allowed)
    try:
        if not found.parent.is_dir():
            raise NotFound("folder", str(found.parent), advice="Make it first, or choose another.")
        if found.is_dir():
            raise InvalidValue("path", str(path), "a file, not a folder")
        if is_kept(found):
            allowed = "a file of another name or in another folder: these are a ledger's own, which this would replace"
            raise InvalidValue("path", str(path), allowed)
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidValue):
            raise
        raise WriteFailed(str(found), str(error), "Nothing was written.") from error
    return found


def replace(path: Path, data: bytes) -> None:
    """Write a file in one go, in the place of what is there; raise WriteFailed where the disk refuses."""
    try:
        Folder(path.parent).replace(path, data)
    except (OSError, ValueError) as error:  # also a name that no file can have
        raise WriteFailed(str(path), str(error), "What stood there still stands.") from error
