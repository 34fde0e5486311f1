"""Files in which what could not be finished or read was set aside, beside a ledger's own."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping
from pathlib import Path

from factdesk.errors import Finding


def found(files: Mapping[str, Path], state: Path) -> Iterator[Finding]:
    """Name the files in which something was set aside, for as long as they are there."""
    ledger = files["claims"]
    for name, path in files.items():
        for beside in sorted(path.parent.glob(f"{glob.escape(path.name)}.torn*")):
            yield finding(beside, ledger, name)
    for beside in sorted(state.glob("set-aside.json*")):
        yield finding(beside, ledger)


def finding(beside: Path, ledger: Path, table: str = "") -> Finding:
    """Name a file in which something of a ledger was set aside."""
    if beside.parent.name == ".factdesk":
        code = "entry-set-aside"
        message = "a write that was cut short, in files that changed since, was set aside here."
    else:
        code, message = "torn-line", "a last line that was not whole was set aside here."
    advice = "Look at it, log again what is missing, and remove the file."
    return Finding(code, "warning", message, advice, table, beside.relative_to(ledger.parent).as_posix())


def free(path: Path) -> Path:
    """Return the first name that nothing has: the one given, else with a number.

    >>> free(Path("nothing.torn")).name
    'nothing.torn'
    """
    if not path.exists():
        return path
    return next(p for n in range(2, 10**6) if not (p := path.with_name(f"{path.name}.{n}")).exists())
