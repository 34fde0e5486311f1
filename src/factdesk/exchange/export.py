"""A whole ledger to a file in the form that its suffix names, and its tables back from one."""

from __future__ import annotations

import os
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from factdesk.errors import ExportExists, FactdeskWarning, NotFound, TableUnreadable
from factdesk.exchange import claimreview, ledger_tables, sqlite, warc, workbook
from factdesk.exchange.target import replace, target
from factdesk.formats import counted
from factdesk.ledger import opening
from factdesk.schema import Settings
from factdesk.storage.create import lies_in_a_ledger
from factdesk.storage.folder import Folder

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

WRITTEN = {".xlsx": workbook.written, ".sqlite": sqlite.written, ".db": sqlite.written}
FORMS = (*WRITTEN, ".json", ".warc")
"""The suffixes of forms in which a ledger goes out."""


def export(ledger: Ledger, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a whole ledger to a file, in the form that its suffix names.

    `xlsx` is a workbook with a sheet for each table, `sqlite` (or `db`) a database as Datasette shows it: both hold all
    rows as the ledger's files do, the withdrawn ones too, and `read_ledger_tables` reads them back. `json` is a feed of
    its settled claims as ClaimReview (`fd.claimreview.write`), `warc` the kept documents as programs for web archives read them,
    each with its address, moment and digest; in the others they are not. Of a view its own rows are written. The same
    ledger gives the same bytes.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view of one.
    path : str or pathlib.Path
        Where to write it; the folder must be there.
    overwrite : bool, default False
        Whether a file is replaced that is there already and that factdesk did not write.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Raises
    ------
    InvalidValue
        Where the suffix is none of those, the file lies among a ledger's own, or a workbook can't hold the ledger; for
        a feed also where the ledger has no publisher.
    NotFound
        Where the folder is not there.
    ExportExists
        Where something else is there.
    WriteFailed
        Where the disk refuses; what stood there still stands.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.export(fd.open("claims.csv"), "claims.xlsx")
    PosixPath('claims.xlsx')
    """
    place = target(path, FORMS, lies_in_a_ledger)
    if not overwrite and place.exists() and not _is_ours(place):
        raise ExportExists(str(place))
    if ledger.unread:
        apart = "Its rows stand apart in the file; lines that are no rows are not in it. ledger.check() names each."
        warnings.warn(f"{place.name}: {ledger.unread} {apart}", FactdeskWarning, stacklevel=2)
    if place.suffix.lower() == ".json":
        claimreview.write(ledger, place)
    elif place.suffix.lower() == ".warc":
        data, absent = warc.written(ledger)
        replace(place, data)
        if absent:
            left = f"{counted(absent, 'kept document')} not here as kept, and left out. ledger.verify() names each."
            warnings.warn(f"{place.name}: {left}", FactdeskWarning, stacklevel=2)
    else:
        replace(place, WRITTEN[place.suffix.lower()](ledger_tables.of(ledger)))
    return place


def _is_ours(path: Path) -> bool:
    """Return whether a file is one that `export` wrote."""
    head = b""
    try:
        with path.open("rb") as file:
            head = file.read(1_000)
        if head.startswith(b"PK"):
            with zipfile.ZipFile(path) as archive, archive.open("docProps/core.xml") as about:
                return f"<cp:keywords>{workbook.MARK}</cp:keywords>".encode() in about.read(10_000)
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
    if head.startswith(claimreview.HEAD.encode()) or (head.startswith(warc.HEAD) and warc.MARK in head):
        return True
    return head[68:72] == sqlite.MARK.to_bytes(4) and head.startswith(sqlite.HEAD)


def read_ledger_tables(path: str | Path) -> dict[str, pd.DataFrame]:
    """Read a ledger's tables as text, from another ledger's CSV or from what `export` wrote of one.

    Every cell is as the ledger's files hold it: the same rows give the same ids and the same digest. The tables are the
    seven and the seals, as far as they are there; columns that came later than the file are empty.

    Parameters
    ----------
    path : str or pathlib.Path
        A ledger's CSV, a workbook or a database. It may be a stranger's: it is only read, and nothing in it is run.

    Returns
    -------
    dict of str to pandas.DataFrame
        By table, all rows, those that can't be read too.

    Raises
    ------
    TableUnreadable
        Where it is none of a ledger.
    NotFound, LedgerUnreadable
        As `fd.open` raises them, for a CSV.

    Examples
    --------
    >>> import factdesk as fd
    >>> _ = fd.export(fd.open("claims.csv"), "copy.xlsx")
    >>> sorted(read_ledger_tables("copy.xlsx"))[:3]
    ['appearances', 'changes', 'claims']
    """
    place, found = Path(path), read_copy(path)
    return found[0] if found else _of_ledger(place)


def read_copy(path: str | Path) -> tuple[dict[str, pd.DataFrame], Settings] | None:
    """Read a ledger's tables and settings from what `export` wrote of one; None of a file of another kind.

    >>> import factdesk as fd
    >>> read_copy(fd.export(fd.open("claims.csv"), "copy.sqlite"))[1].timezone
    'UTC'
    """
    place = Path(path)
    found: tuple[dict[str, pd.DataFrame], Settings] | None = None
    try:
        real = place.resolve(strict=True)
        head = b"" if real.is_dir() else _head(real)
        if head.startswith(sqlite.HEAD):
            found = sqlite.read(real)
        elif head.startswith(b"PK"):
            found = workbook.read(Folder(real.parent).read(real))
    except FileNotFoundError:
        raise NotFound("file", str(path)) from None
    except (OSError, RuntimeError) as error:
        raise TableUnreadable(place.name, getattr(error, "strerror", None) or str(error)) from None
    except ValueError as error:
        raise TableUnreadable(place.name, str(error)) from None
    if found and "claims" not in found[0]:
        raise TableUnreadable(place.name, "it has no table of claims, and is none of a ledger")
    return found


def _head(path: Path) -> bytes:
    with Folder(path.parent).reading(path) as descriptor:
        return os.read(descriptor, 16)


def _of_ledger(path: Path) -> dict[str, pd.DataFrame]:
    tables = ledger_tables.of(opening.open(path))
    return {
        name: pd.concat([rows, tables.left_out.get(name)]).fillna("").reset_index(drop=True).astype("str")
        for name, rows in tables.rows.items()
    }
