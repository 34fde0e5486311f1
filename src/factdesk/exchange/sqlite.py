"""A whole ledger as a SQLite database, as Datasette shows it, and read back as the ledger's files hold it."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from factdesk.exchange.ledger_tables import LEFT_OUT, LedgerTables, back
from factdesk.exchange.workbooks import text_of
from factdesk.schema import FORMATS, SEALS, TABLES, Settings
from factdesk.text import shown

MARK = int.from_bytes(b"fdsk")
"""Says in a database's head that it was written here."""
HEAD = b"SQLite format 3\0"
LONGEST, MOST_COLUMNS = 4_000_000, 500
"""Bytes of a row and columns of a table, beyond which it is none of a ledger."""

REFERS = {"claim": ("claims", "claim_id"), "source": ("sources", "source_id")}
"""The table and column that a cell refers to, by what it holds; lists of ids refer to none."""

_IS_NUMBER = re.compile("|0|[1-9][0-9]{0,17}")

VIEW = """
CREATE VIEW status_now AS
SELECT claims.claim_id, claims.claim, claims.claimant, claims.made_on, held.status, held.holds_from,
       statuses.rationale, statuses.gaps, statuses.published_at, held.status_id
FROM held JOIN claims USING (claim_id) LEFT JOIN statuses USING (status_id)
"""


def written(tables: LedgerTables) -> bytes:
    """Write a ledger's tables as a database; the same bytes for the same ledger.

    A cell that is not known is NULL, and refers to nothing. `held` has the status of each claim on the ledger's latest
    day, as the ledger says it, and the view `status_now` what else is known of these. Rows that can't be read
    stand in tables of their own, so that ids are unique and what refers to a row finds it.

    >>> import factdesk as fd
    >>> from factdesk.exchange import ledger_tables
    >>> written(ledger_tables.of(fd.open("claims.csv")))[:15]
    b'SQLite format 3'
    """
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.execute("PRAGMA page_size = 4096")
        base.execute(f"PRAGMA application_id = {MARK}")
        base.execute(f"PRAGMA user_version = {FORMATS[-1]}")
        base.execute("BEGIN")
        for name, rows in tables.rows.items():
            table = TABLES.get(name, SEALS)
            refers = {one.name: REFERS[one.holds] for one in table.columns if one.holds in REFERS}
            _add(
                base,
                name,
                rows,
                table.id,
                refers,
                [one.name for one in table.columns if one.holds == "number"],
            )
        for name, rows in tables.left_out.items():
            _add(base, f"{name} {LEFT_OUT}", rows)
        settings = pd.DataFrame(tables.settings.items(), columns=["name", "value"], dtype="str")
        others = {"withdrawn": tables.withdrawn, "vocabulary": tables.vocabulary, "settings": settings}
        for name, rows in others.items():
            _add(base, name, rows)
        refers = {"claim_id": REFERS["claim"], "status_id": ("statuses", "status_id")}
        _add(base, "held", tables.held, "claim_id", refers)
        base.execute(VIEW)
        base.execute("COMMIT")
        return base.serialize()


def _add(
    base: sqlite3.Connection,
    name: str,
    rows: pd.DataFrame,
    key: str = "",
    refers: Mapping[str, tuple[str, str]] | None = None,
    numbers: Sequence[str] = (),
) -> None:
    names = _apart(list(rows.columns))
    cells = {one: rows.iloc[:, at].tolist() for at, one in enumerate(names)}
    columns = []
    for one in names:
        is_number = one in numbers and all(map(_IS_NUMBER.fullmatch, cells[one]))
        is_key = one == key and len(set(cells[one])) == len(rows) and "" not in cells[one]
        columns.append(f"{_quoted(one)} {'INTEGER' if is_number else 'TEXT'}{' PRIMARY KEY' * is_key}")
    for one, (of, theirs) in (refers or {}).items():
        columns.append(f"FOREIGN KEY ({_quoted(one)}) REFERENCES {_quoted(of)} ({_quoted(theirs)})")
    base.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(columns)})")
    for one in refers or ():
        base.execute(f"CREATE INDEX {_quoted(f'{name} by {one}')} ON {_quoted(name)} ({_quoted(one)})")
    values = zip(*([cell or None for cell in cells[one]] for one in names), strict=True)
    base.executemany(f"INSERT INTO {_quoted(name)} VALUES ({', '.join('?' * len(names))})", values)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of columns that SQLite, for which capitals are small letters, tells apart."""
    taken: list[str] = []
    for name in names:
        free = name
        while free.casefold() in {one.casefold() for one in taken}:
            free += "_"
        taken.append(free)
    return taken


# --- back in


def read(path: Path) -> tuple[dict[str, pd.DataFrame], Settings]:
    """Read a database's tables of a ledger as text, and its settings; raise ValueError where it is none of a ledger.

    It may be a stranger's. Nothing but plain tables of a ledger's names is asked for, and no view, trigger, function or
    virtual table of its own is run. A damaged file can say that it holds more than its size: it is not believed.

    >>> import factdesk as fd
    >>> _ = fd.export(fd.open("claims.csv"), "claims.sqlite")
    >>> read(Path("claims.sqlite"))[0]["claims"]["claim_id"][0]
    'trump-positive-signals'
    """
    real = path.resolve()
    try:
        # As it stands: no journal beside it is looked for, nothing is locked, and nothing can be written.
        with contextlib.closing(
            sqlite3.connect(f"{real.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        ) as base:
            _bound(base)
            size = real.stat().st_size
            return back(lambda name: _rows(base, name, size) if _is_table(base, name) else None)
    except (sqlite3.Error, OverflowError) as error:
        raise ValueError(f"it is damaged, or no database of a ledger ({shown(str(error), 100)})") from None


def _bound(base: sqlite3.Connection) -> None:
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    base.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON", "mmap_size = 0"):
        base.execute(f"PRAGMA {pragma}")
    base.text_factory = lambda data: data.decode("utf-8", "replace")
    names = {f"{name}{more}" for name in (*TABLES, SEALS.name) for more in ("", f" {LEFT_OUT}")}
    names |= {"vocabulary", "settings"}

    def allowed(action: int, first: str | None, *about: str | None) -> int:
        is_read = action == sqlite3.SQLITE_READ and first in names | {"sqlite_master"}
        is_asked = action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo"
        return (
            sqlite3.SQLITE_OK
            if is_read or is_asked or action == sqlite3.SQLITE_SELECT
            else sqlite3.SQLITE_DENY
        )

    base.set_authorizer(allowed)


def _is_table(base: sqlite3.Connection, name: str) -> bool:
    """Return whether a plain table has that name: no view, and none that is computed when it is read."""
    found = base.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", [name]).fetchall()
    if [kind for kind, _ in found] not in ([], ["table"]) or any(
        not re.match(r"CREATE TABLE\b", str(sql)) for _, sql in found
    ):
        raise ValueError(f"what it calls {name} is no plain table")
    return bool(found)


def _rows(base: sqlite3.Connection, name: str, size: int) -> tuple[list[str], list[list[str]]]:
    """Return a table's columns that are stored, and its rows as text."""
    names = [one[1] for one in base.execute(f"PRAGMA table_xinfo({_quoted(name)})") if one[6] == 0]
    rows, held = [], 0
    for row in base.execute(f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(name)}"):
        rows.append([_text(cell, name) for cell in row])
        held += 1 + sum(len(cell) for cell in row if isinstance(cell, str))
        if held > size:
            raise ValueError("it is damaged: it says that it holds more than it can")
    return names, rows


def _text(cell: object, name: str) -> str:
    if isinstance(cell, bytes):
        raise ValueError(f"a cell of {name} holds bytes, and no text")
    return "" if cell is None else cell if isinstance(cell, str) else text_of(cell)
