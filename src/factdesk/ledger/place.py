"""Where a ledger lies: the CSV that a path names, and in whose words it is told that there is none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from factdesk.errors import InvalidValue, LedgerUnreadable, NotFound, nearest
from factdesk.storage.files import Store
from factdesk.storage.no_ledger import no_ledger


def place_of(path: str | Path) -> Path:
    """Return the CSV of the ledger that a path names: itself, or that of the one ledger in a folder.

    Raises
    ------
    NotFound, InvalidValue
        Where there is no such file, or several ledgers lie in the folder.
    """
    place = _held_by(as_path(path))
    if is_there(place):
        return place
    folder = place.parent if is_there(place.parent) else Path()
    near = nearest(place.name, [one.name for one in folder.glob("*.csv") if one.with_suffix("").is_dir()])
    has_folder = place.suffix == ".csv" and is_there(place.with_suffix(""))
    missing = Store(place).only_claims_missing() if has_folder else ""
    other = f"Make a new one with fd.create under another name: {place.stem}/ is there already."
    advice = f"But {missing}" if missing else other if has_folder else "Make a new one with fd.create."
    raise NotFound("ledger", str(path), near, advice)


@contextlib.contextmanager
def explained(place: Path) -> Iterator[None]:
    """Tell of files that are no ledger what they may be, and of a link where it leads."""
    try:
        yield
    except LedgerUnreadable as error:
        if places := no_ledger(place):
            raise LedgerUnreadable(places) from None
        if not place.is_symlink():
            raise
        real = place.resolve()
        raise LedgerUnreadable(
            error.places, f"{place} is a link to {real}; the ledger's folder is {real.with_suffix('')}."
        ) from error


def as_path(given: str | Path) -> Path:
    """Return a path as pathlib has it; refuse what is none."""
    try:
        return Path(given)
    except TypeError:
        raise InvalidValue("path", given, "a file's name, as text or as pathlib.Path") from None


def is_there(path: Path) -> bool:
    """Return whether something lies at a path that can be asked for."""
    try:
        return bool(path.name) and path.exists()
    except (OSError, ValueError):  # such as a name that is too long
        return False


def _held_by(place: Path) -> Path:
    """Return the CSV of the one ledger that lies in a folder; what is no folder, or holds none, as it is."""
    held: list[Path] = []
    with contextlib.suppress(OSError, ValueError):
        if place.is_dir():
            held = [
                csv for csv in sorted(place.glob("*.csv")) if (csv.with_suffix("") / "ledger.toml").is_file()
            ]
    if len(held) > 1:
        raise InvalidValue(
            "path", str(place), f"one of the ledgers there: {', '.join(map(repr, map(str, held)))}"
        )
    return held[0] if held else place
