"""Why a file is no table: its kind, its encoding, a conflict left in it, or its header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from factdesk.errors import Finding, nearest
from factdesk.schema import TABLES, Table
from factdesk.text import conflict_marks, shown

COLUMN_LIMIT = 1_000
"""Columns beyond which a first line is none of a table."""
FINDING_LIMIT = 10_000
"""Lines of a file that are named one by one where they can't be read; the others are counted."""
# What other programs' files begin with.
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive, such as a spreadsheet's own file (.xlsx, .ods)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls)"),
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"SQLite format 3\0", "a database"),
    (b"\x89PNG", "a picture"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "XML"),
    (b"{\\rtf", "a text document (RTF)"),
)

Found = partial[Finding]
"""Makes a finding of one file: code, severity, message and advice are still to be given."""


def no_table(data: bytes, table: Table, found: Found) -> Iterator[Finding]:
    """Name what keeps a file from being a table: another kind of file, another encoding, a conflict left in it."""
    if kind := kind_of_file(data):
        message = f"the file is no CSV; it looks like {kind}."
        advice = "Open it with the program that made it, and save it as CSV UTF-8."
        yield found("encoding", "error", message, advice)
        return
    if _is_utf16(data):
        message = "the file is not UTF-8 text; it looks like UTF-16."
        yield found("encoding", "error", message, "Save it as CSV UTF-8.")
        return
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        advice = f"Its first line must be: {','.join(table.first_names)}"
        yield found("empty-file", "error", "the file is empty.", advice)
        return
    yield from _not_utf8(data, found)
    for number, mark in conflict_marks(data):
        message = "a merge conflict was left here."
        advice = "Keep the rows of both sides, one a line, and take the marks out."
        yield found("conflict", "error", message, advice, line=number, value=shown(mark))


def kind_of_file(data: bytes) -> str:
    """Return which other program's file it is by how it begins; nothing where it may be text."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((kind for begins, kind in _SIGNATURES if start.startswith(begins.lower())), "")


def _not_utf8(data: bytes, found: Found) -> Iterator[Finding]:
    wrong, advice = 0, "Save the file as CSV UTF-8."
    for number, line in enumerate(() if is_utf8(data) else data.splitlines(), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            wrong += 1
            if wrong <= FINDING_LIMIT:
                meant = line[error.start : error.end + 12].decode("cp1252", "replace").strip()
                message = f"byte {error.start + 1} of the line is not UTF-8 (as Windows-1252: {meant!r})."
                yield found("encoding", "error", message, advice, line=number, value=shown(meant))
    if wrong > FINDING_LIMIT:
        message = f"{wrong - FINDING_LIMIT:,} more lines are not UTF-8."
        yield found("encoding", "error", message, advice)


def is_utf8(data: bytes) -> bool:
    """Return whether bytes are text in UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_utf16(data: bytes) -> bool:
    """Return whether a file begins with UTF-16's mark, or has a NUL for every other byte as its letters have."""
    beginning = data[:4096]
    nuls = max(beginning[0::2].count(0), beginning[1::2].count(0))
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or nuls * 4 > len(beginning) > 1


def named(columns: Sequence[str]) -> str:
    """Return columns as messages name them."""
    more = f" and {len(columns) - 10:,} more" if len(columns) > 10 else ""
    return ", ".join(f"'{shown(name)}'" for name in columns[:10]) + more


def header_faults(
    header: Sequence[str], stands: str, line: int, table: Table, found: Found
) -> Iterator[Finding]:
    """Name what is wrong with a header line, in which `stands` stands."""
    if len(header) > COLUMN_LIMIT:
        message = f"the line has more than {COLUMN_LIMIT:,} cells, and should name the columns of a table."
        yield found("missing-column", "error", message, line=line)
        return
    missing = [name for name in table.first_names if name not in header]
    others = [one.name for one in TABLES.values() if one is not table and set(one.first_names) <= set(header)]
    if 2 * len(missing) > len(table.first_names) or (missing and others):
        # another file, or text above the header: named once
        kind = f"the header of {others[0]}" if others else f"no header of {table.name}"
        message = f"the line is {kind}; there stands '{stands}'."
        advice = "Another file may have been saved in its place: put it back from Git or a copy. Expected: "
        advice += ",".join(table.first_names)
        yield found("no-header", "error", message, advice, line=line, value=stands)
        return
    for name in missing:
        message, advice = f"the column {name!r} is missing.", _missing_advice(name, header, table)
        yield found("missing-column", "error", message, advice, line=line, column=name)
    for name in sorted({shown(name) for name in header if header.count(name) > 1}):
        message = f"the column '{name}' stands twice."
        yield found("column-twice", "error", message, "Rename one.", line=line, column=name)


def _missing_advice(name: str, header: Sequence[str], table: Table) -> str:
    """Return which column most likely is the one that is missing, or what to do where none is."""
    others = [one for one in header if one not in table.names]
    parts = set(name.split("_"))
    at = table.names.index(name)
    likely = [one for one in others if set(re.split(r"[\W_]+", one.lower())) & parts - {"id"}]
    likely += nearest(name, others)
    if at < len(header) and header[at] in others:  # it stands where the column stood
        likely.append(header[at])
    if likely:
        return f"Likely it is the column {named(likely[:1])}, renamed: name it {name!r} again."
    column = table.by_name[name]
    if column.required or name == table.writer:
        return "Put the column back from Git or a copy; its cells may not be empty."
    return "Add the column; it may be empty."
