"""Cells that can't be: values that their column can't hold, and what spreadsheets and hidden characters do to them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk import schema
from factdesk.checks import spreadsheets
from factdesk.checks.rewritten import days_written
from factdesk.errors import Finding, misspelt
from factdesk.frames import typed
from factdesk.packed import Packed, places
from factdesk.schema import Column, Settings, Table
from factdesk.storage.table_file import Rows
from factdesk.text import HIDDEN_IN_FILES, addresses, shown

Mask = np.ndarray
_KINDS = ("day", "moment", "choice", "status", "number")
MOST_FOUND = 1_000
"""Cells of a column that are named one by one where they are wrong in the same way; the others are counted."""
MOST_NAMED = 10
"""Addresses of one cell that a message names; the others are counted."""


def values(
    reading: Rows, settings: Settings, changes: pd.DataFrame | None = None
) -> tuple[list[Finding], Mask, pd.DataFrame]:
    """Find the cells of one table that their column can't hold, and the rows that have to be left out for it.

    Returned with them are the columns that are no text, with their types; of an empty table none. `changes` say when a
    cell was written, where that was later than its row: days that were still to come then are wrong too.
    """
    table, cells = reading.table, reading.cells
    findings: list[Finding] = []
    wrong = np.zeros(len(cells), bool)
    if cells.empty:
        return findings, wrong, pd.DataFrame()
    has_kind = [one.name for one in table.columns if one.holds in _KINDS]
    kinds = typed(cells[has_kind], table, settings)
    for column in table.columns:
        text = Packed.of(cells[column.name])
        unread = np.zeros(len(cells), bool)
        if column.name in kinds:
            unread = kinds[column.name].isna().to_numpy()
        for fault in _faults(table, column, text, unread, settings):
            if fault.severity == "error":
                wrong |= fault.mask
            places_at = np.flatnonzero(fault.mask)
            for at in places_at[:MOST_FOUND].tolist():
                value = str(cells[column.name].iat[at])
                message, advice = fault.message.format(value=shown(value)), fault.advice
                advice = advice if isinstance(advice, str) else advice(value)
                findings.append(reading.finding(at, column.name, fault.code, fault.severity, message, advice))
            findings += _others(reading, column, fault.code, fault.severity, len(places_at))
    for ahead, found in _days_ahead(reading, kinds, changes):
        wrong |= ahead
        findings += found
    return findings, wrong, kinds


def _others(reading: Rows, column: Column, code: str, severity: str, places: int) -> Iterator[Finding]:
    """Count the cells of a column that are not named one by one."""
    if (others := places - MOST_FOUND) > 0:
        message = f"{others:,} more cells of the column are wrong in the same way."
        advice = "Mend the first ones; most of the others may have the same cause."
        yield Finding(
            code,
            severity,
            message,
            advice,
            reading.table.name,
            reading.file,
            column=column.name,
            places=others,
        )


def _days_ahead(
    reading: Rows, kinds: pd.DataFrame, changes: pd.DataFrame | None
) -> Iterator[tuple[Mask, list[Finding]]]:
    """Find days that were still to come when they were written down: which rows are wrong for it, and what to say.

    The clock is not asked, so that the same files always give the same picture: a day is compared with the
    moment of its row, or of the last change that set it. One day of grace holds for every time zone.
    """
    table, cells = reading.table, reading.cells
    written = kinds[table.moment].to_numpy("datetime64[us]").astype("datetime64[D]")
    # A document may be dated a day ahead of the ledger's time zone, and a wrong date of it moves no picture.
    grace, severity = (2, "warning") if table.name == "sources" else (1, "error")
    for column in (column for column in table.columns if column.holds == "day"):
        allowed = kinds[column.name].to_numpy("datetime64[us]").astype("datetime64[D]") - grace
        places = np.flatnonzero(allowed > written)
        if not len(places):
            continue
        known = written[places]
        if changes is not None and (edited := _last_set(changes, table.name, column.name)):
            texts = zip(*(cells[name].iloc[places].tolist() for name in (table.id, column.name)), strict=True)
            set_on = [edited.get(one, "")[:10] or "0001-01-01" for one in texts]
            known = np.maximum(known, np.array(set_on, "datetime64[D]"))
            places, known = places[allowed[places] > known], known[allowed[places] > known]
        mask, found = np.zeros(len(cells), bool), []
        mask[places] = severity == "error"
        for at, day in zip(places[:MOST_FOUND].tolist(), known[:MOST_FOUND], strict=True):
            message = f"'{cells[column.name].iat[at]}' had not come yet when it was written down ({day})."
            advice = "Give the day that was meant; nothing is known of a day to come."
            found.append(reading.finding(at, column.name, "day-ahead", severity, message, advice))
        yield mask, [*found, *_others(reading, column, "day-ahead", severity, len(places))]


def _last_set(changes: pd.DataFrame, table: str, column: str) -> dict[tuple[str, str], str]:
    """Return when cells of a column were last set, by row and value."""
    rows = changes[(changes["table"] == table) & (changes["column"] == column)].sort_values("changed_at")
    return dict(zip(zip(rows["row_id"], rows["after"], strict=True), rows["changed_at"], strict=True))


@dataclass(frozen=True)
class _Fault:
    """One way in which cells of a column are wrong: which of them, and the message for each."""

    mask: Mask
    code: str
    message: str
    advice: str | Callable[[str], str]
    severity: str = "error"


def _faults(table: Table, column: Column, text: Packed, unread: Mask, settings: Settings) -> Iterator[_Fault]:
    filled = text.lengths > 0
    unread = filled & unread
    if column.required:
        yield _Fault(~filled, "missing-value", f"{column.name} is empty.", "Fill it in.")
    if column.holds in _ALLOWED:
        kind, allowed = _ALLOWED[column.holds]
        code, message = f"bad-{column.holds}", "'{value}' is " + f"{kind}."
        zone = settings.zone
        yield _Fault(unread, code, message, lambda value: f"Allowed: {allowed(value, zone)}.{_cause(value)}")
    elif column.holds in ("choice", "status"):
        words = settings.statuses if column.holds == "status" else list(column.choices)
        code = "unknown-status" if column.holds == "status" else "unknown-value"
        message = "'{value}' is no " + f"{column.name}."
        yield _Fault(unread, code, message, lambda value: _choice_advice(value, words))
    elif column.holds == "due":
        bad = filled.copy()
        bad[filled] = [not schema.is_due(cell) for cell in text.text.filter(pa.array(filled)).to_pylist()]
        message = "'{value}' is no day, month or year: nobody is told when the claim is due."
        yield _Fault(
            bad, "bad-due", message, lambda value: f"Allowed: {allowed_due(value)}.{_cause(value)}", "warning"
        )
    elif column.holds == "hash":
        bad = filled & ~_matches(text, "^[0-9a-f]{64}$", np.flatnonzero(filled))
        yield _Fault(bad, "bad-hash", "'{value}' is no SHA-256.", "Allowed: 64 hexadecimal digits.")
    else:
        message = "the cell has characters that can't be seen (controls, or marks that turn text round)."
        hidden = _matches(text, HIDDEN_IN_FILES, _may_have_hidden(text))
        if column.holds in ("id", "claim", "source"):  # a name that is not what it looks like
            yield _Fault(hidden, "hidden-characters", message, "Take them out of the file.")
        else:
            yield _Fault(hidden, "hidden-characters", message, *_hidden_advice(table, column))
            yield from _traces(text)
    if column.name == "url":
        bad = filled & ~_matches(text, r"(?i)^https?://[^\s/?#@]+([/?#]|$)", np.flatnonzero(filled))
        message = "'{value}' is no address that can be opened."
        advice = "Allowed: an address with http:// or https:// and no password. It is shown as text, not as a link."
        yield _Fault(bad, "bad-address", message, advice, "warning")
        joined = _matches(text, "://.*://", text.rows_with(b"://", more_than=1))
        for at in np.flatnonzero(joined).tolist():
            joined[at] = len(addresses(text.text[at].as_py())) > 1
        message = "'{value}' is more than one address."
        yield _Fault(
            joined, "joined-addresses", message, lambda value: f"Allowed: {one_by_one(value)}.", "warning"
        )
    may_be_long = np.flatnonzero(text.lengths > schema.CELL_LIMIT)
    if not len(may_be_long):
        return
    lengths = np.zeros(len(filled), np.int64)
    lengths[may_be_long] = pc.utf8_length(text.text.take(pa.array(may_be_long)))
    advice = f"Allowed: {schema.CELL_LIMIT:,} characters. Keep long texts as a file and attach that."
    if (lengths == spreadsheets.CUT_AT[-1]).any():
        advice += " A spreadsheet cuts cells at 32,767 characters."
    yield _Fault(lengths > schema.CELL_LIMIT, "too-long", "the cell is too long: '{value}'.", advice)


def one_by_one(value: str) -> str:
    """Return what to do about a cell that joins several addresses, and which these are.

    >>> one_by_one("https://a.example/1;https://b.example/2")
    "one address a source; here are 2: 'https://a.example/1', 'https://b.example/2'. A comma within one is written %2C"
    """
    found = addresses(value)
    named = ", ".join(repr(shown(one)) for one in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED:,} more" if len(found) > MOST_NAMED else ""
    return f"one address a source; here are {len(found):,}: {named}{more}. A comma within one is written %2C"


def _hidden_advice(table: Table, column: Column) -> tuple[str, str]:
    """Return what to do about characters that can't be seen, and how grave they are."""
    if table.name == "changes" and column.name in ("before", "after"):
        return "Nothing to do: this is what stood in the cell that was changed. They are not shown.", "note"
    if table.name != "changes" and column.name in table.editable:
        return "They are not shown; take them out with edit.", "warning"
    return "They are not shown; take them out of the file.", "warning"


def _may_have_hidden(text: Packed) -> np.ndarray:
    """Return the rows whose bytes may be of characters that can't be seen: few, and quickly found."""
    if text.is_printable_ascii:
        return _NO_ROWS

    def found(window: np.ndarray) -> np.ndarray:
        first = window[:-2]
        is_control = ((first < 32) & (first != 9) & (first != 10)) | (first == 127)
        if first.max(initial=0) < 128:
            return is_control
        second = window[1:-1]
        is_c1 = (first == 0xC2) & (second < 0xA0)
        is_mark = (first == 0xE2) & ((second == 0x81) | ((second == 0x80) & (window[2:] != 0x99)))
        return is_control | is_c1 | is_mark | ((first == 0xEF) & (second == 0xBB))

    return text.rows_of(places(text.data, found))


def _traces(text: Packed) -> Iterator[_Fault]:
    """Find what spreadsheets leave in texts: errors, hatches, cut numbers, letters read in another encoding."""
    left_by = "|".join([spreadsheets.ERRORS, spreadsheets.NARROW, spreadsheets.SCIENTIFIC])
    rows, firsts = text.firsts()
    begun = rows[(firsts < 58) | (firsts == ord("E"))]  # with a digit, `#`, `+`, `-`; or Err:
    marks = _matches(text, f"^(?:{left_by})$", begun)
    message = "'{value}' is what a spreadsheet leaves of a text."
    advice = "Put back what stood there, from Git or a copy."
    yield _Fault(marks, "spreadsheet-mark", message, lambda value: advice + _cause(value), "warning")
    if text.is_printable_ascii:
        return
    broken = _matches(text, spreadsheets.MAY_BE_BROKEN, text.rows_of(places(text.data, _may_be_broken)))
    for at in np.flatnonzero(broken).tolist():
        broken[at] = bool(spreadsheets.unbroken(text.text[at].as_py()))
    message = "'{value}' has letters that were UTF-8 and were read as Windows-1252."
    yield _Fault(broken, "broken-letters", message, _meant, "warning")
    message = "'{value}' has letters that another program could not read, and lost (\ufffd)."
    lost = np.zeros(len(text.text), bool)
    lost[text.rows_with("\ufffd".encode())] = True
    yield _Fault(lost, "lost-letters", message, advice, "warning")


def _may_be_broken(window: np.ndarray) -> np.ndarray:
    """Return at which bytes one of the letters Â to ô stands before another that is none of ASCII's."""
    return (window[:-2] == 0xC3) & (window[2:] >= 0x80)


def _meant(value: str) -> str:
    meant = shown(spreadsheets.unbroken(value))
    return f"Meant was {meant!r}; a spreadsheet opened the file as another encoding."


_CAUSES = (
    (spreadsheets.NARROW, "saved what it showed, in a column that was too narrow"),
    (spreadsheets.ERRORS, "took the text for a formula, and it failed"),
    (spreadsheets.SCIENTIFIC, "took a long number's digits off"),
    (spreadsheets.CUT_MOMENT, "took it for a date and a time, and cut it to what it shows"),
    (spreadsheets.SHOWN_DATE, "wrote it in its own way of writing dates"),
)


def _cause(value: str) -> str:
    """Return what left a cell so, where it is known."""
    causes = (f" Likely cause: a spreadsheet {what}." for mark, what in _CAUSES if re.fullmatch(mark, value))
    return next(causes, "")


_NO_ROWS = np.zeros(0, np.int64)


def _matches(text: Packed, pattern: str, rows: np.ndarray) -> Mask:
    """Return which cells match, of those rows that may."""
    found = np.zeros(len(text.text), bool)
    if len(rows):
        asked = text.text.take(pa.array(rows)) if len(rows) < len(found) else text.text
        found[rows] = pc.match_substring_regex(asked, pattern).fill_null(False)
    return found


def allowed_day(value: str, zone: ZoneInfo) -> str:
    """Return what is allowed for a day, and which day a text may have meant, a moment in a ledger's time zone.

    >>> allowed_day("14/03/2025", ZoneInfo("UTC"))
    'a day as YYYY-MM-DD, or nothing; meant may be 2025-03-14'
    """
    meant: list[str] = []
    if schema.DAY.fullmatch(value):
        if schema.FIRST_DAY.year <= int(value[:4]) <= schema.LAST_DAY.year:
            return "a day as YYYY-MM-DD, or nothing; the calendar has no such day"
        return f"{schema.ALLOWED_DAYS}, or nothing"
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]", value):
        meant = [value[:10]]
        with contextlib.suppress(ValueError):
            meant = [schema.day_text(schema.parse_day_in(value, zone))]
    elif len(value) < 40:
        meant = [
            f"{year}-{month:02}-{day:02}" for year, month, day in days_written(value.strip()) if year and day
        ]
    days = " or ".join(dict.fromkeys(filter(_is_day, meant)))
    return "a day as YYYY-MM-DD, or nothing" + (f"; meant may be {days}" if days else "")


def allowed_due(value: str) -> str:
    """Return what is allowed for the day, month or year in which a claim is due, and what a text may have meant.

    >>> allowed_due("Mar 2025"), allowed_due("Mar-25") == allowed_due("Mar 2025")
    ('a day, month or year as YYYY-MM-DD, YYYY-MM or YYYY, or nothing; meant may be 2025-03', True)
    >>> allowed_due("01.03.2025")[-35:]
    '2025-03-01 or 2025-01-03 or 2025-03'
    """
    written = days_written(value.strip()) if len(value) < 40 else ()
    full = [(2000 + year if year < 100 else year, month, day) for year, month, day in written if year]
    days = [f"{year}-{month:02}-{day:02}" for year, month, day in full if day]
    # Of a month spreadsheets make its first day.
    months = [f"{year}-{month:02}" for year, month, day in full if day in (None, 1)]
    meant = " or ".join(dict.fromkeys(filter(schema.is_due, [*days, *months])))
    allowed = "a day, month or year as YYYY-MM-DD, YYYY-MM or YYYY, or nothing"
    return allowed + (f"; meant may be {meant}" if meant else "")


def _is_day(text: str) -> bool:
    try:
        schema.parse_day(text)
    except ValueError:
        return False
    return True


_ALLOWED: dict[str, tuple[str, Callable[[str, ZoneInfo], str]]] = {
    "day": ("not a day", allowed_day),
    "moment": ("not a moment", lambda *_: "UTC with six digits and a Z, such as 2025-03-15T12:00:00.000000Z"),
    "number": ("not a whole number", lambda *_: "digits"),
}


def _choice_advice(value: str, words: Sequence[str]) -> str:
    near = misspelt(value, words)
    return f"Allowed: {', '.join(words)}" + (f"; nearest: {near[0]}." if near else ".")
