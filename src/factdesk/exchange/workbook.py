"""A whole ledger as a workbook: one sheet a table, days as days, and read back as the ledger's files hold it."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from pathlib import Path

import pandas as pd

from factdesk.errors import InvalidValue
from factdesk.exchange import xlsx
from factdesk.exchange.layouts import scanned
from factdesk.exchange.ledger_tables import LEFT_OUT, LedgerTables, Sheet, back
from factdesk.exchange.workbooks import safely, text_of
from factdesk.schema import SEALS, TABLES, Column, Settings
from factdesk.text import shown

MARK = "factdesk ledger"
"""Keyword of the workbooks that are written here, by which they are known again."""

_NO_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_LISTED = 1_000_000
"""Bytes of a workbook's list of sheets that are looked at."""
_ANOTHER = "another form, such as .sqlite"


def written(tables: LedgerTables) -> bytes:
    """Write a ledger's tables as a workbook; the same bytes for the same ledger.

    Raises
    ------
    InvalidValue
        Where a table has more rows than a sheet, or a cell holds what none of a workbook can.

    >>> import factdesk as fd
    >>> from factdesk.exchange import ledger_tables
    >>> written(ledger_tables.of(fd.open("claims.csv")))[:2]
    b'PK'
    """
    book = xlsx.Book({"title": tables.settings["title"][:255], "keywords": MARK})
    for name, rows in tables.rows.items():
        book.table(name, _columns(name, rows))
    for name, rows in tables.left_out.items():
        book.table(f"{name} {LEFT_OUT}", _columns(name, rows))
    for name, frame in (
        ("status now", tables.held),
        ("withdrawn", tables.withdrawn),
        ("vocabulary", tables.vocabulary),
    ):
        book.table(name, _columns(name, frame))
    book.pairs("settings", ((name, xlsx.cut(words)) for name, words in tables.settings.items()))
    return book.written()


def _columns(name: str, rows: pd.DataFrame) -> dict[str, list[xlsx.Cell]]:
    if len(rows) > xlsx.MOST_ROWS:
        allowed = f"{_ANOTHER}: {name} has {len(rows):,} rows, and a sheet {xlsx.MOST_ROWS:,}"
        raise InvalidValue("path", ".xlsx", allowed)
    known = (TABLES | {SEALS.name: SEALS}).get(name)
    columns = {}
    for column, cells in rows.items():
        texts = cells.tolist()
        for at, text in enumerate(texts):
            if xlsx.is_too_long(text) or _NO_XML.search(text):
                why = (
                    "is longer than a cell of a workbook"
                    if xlsx.is_too_long(text)
                    else "has a character that XML can't hold"
                )
                allowed = f"{_ANOTHER}: {name}, row {shown(str(rows.iat[at, 0]))}, {shown(str(column))} {why}"
                raise InvalidValue("path", ".xlsx", allowed)
        columns[str(column)] = [
            _cell(text, known.by_name.get(str(column)) if known else None) for text in texts
        ]
    return columns


def _cell(text: str, column: Column | None) -> xlsx.Cell:
    """Return a cell with its type, where the text that it is read back as is the same."""
    if not text:
        return None
    if column and column.holds == "day":
        return xlsx.day(text) or text
    if column and column.holds == "number" and re.fullmatch("0|[1-9][0-9]{0,14}", text):
        return int(text)
    return text


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets without reading any of them; of what is none, nothing.

    >>> import factdesk as fd
    >>> sheet_names(fd.export(fd.open("claims.csv"), "claims.xlsx"))[:3]
    ['claims', 'appearances', 'sources']
    """
    try:
        with zipfile.ZipFile(path) as packed, packed.open("xl/workbook.xml") as part:
            listed = part.read(_LISTED).decode("utf-8", "replace")
    except (OSError, ValueError, LookupError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return []
    return [html.unescape(name) for name in re.findall(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"', listed)]


def read(data: bytes) -> tuple[dict[str, pd.DataFrame], Settings]:
    """Read a workbook's bytes back as a ledger's tables and settings; raise ValueError where it is none of a ledger.

    >>> import factdesk as fd
    >>> from factdesk.exchange import ledger_tables
    >>> tables = ledger_tables.of(fd.open("claims.csv"))
    >>> read(written(tables))[0]["claims"].equals(tables.rows["claims"])
    True
    """
    from python_calamine import CalamineWorkbook

    data, _ = scanned(data)
    book = safely(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))

    def sheet(name: str) -> Sheet | None:
        if name not in book.sheet_names:
            return None
        page = safely(lambda: book.get_sheet_by_name(name))
        first, *rows = [[text_of(cell) for cell in row] for row in safely(page.to_python)] or [[]]
        width = max((at for at, column in enumerate(first, 1) if column), default=0)
        return first[:width], [row for row in rows if any(row)]

    return back(sheet)
