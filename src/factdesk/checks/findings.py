"""What is wrong or weak in a ledger's rows: values that can't be, rows that do not join, statuses that can't both hold."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk import schema
from factdesk.checks import codes, merges, spreadsheets
from factdesk.checks.rewritten import days_written
from factdesk.errors import Finding, misspelt, nearest
from factdesk.history.due import last_days
from factdesk.packed import Packed, places
from factdesk.schema import SEPARATOR, TABLES, Column, Settings, Table
from factdesk.storage.csvfile import Rows
from factdesk.text import HIDDEN_IN_FILES, addresses, alike, shown

FINDINGS = [
    "code", "severity", "table", "row_id", "claim_id", "message", "advice", "file", "line", "column", "value",
]  # fmt: skip
"""Columns of the frame that `Ledger.check` gives."""

Mask = np.ndarray
_KINDS = ("day", "moment", "choice", "status", "number")
MOST_FOUND = 1_000
"""Cells of a column that are named one by one where they are wrong in the same way; the others are counted."""
MOST_NAMED = 10
"""Addresses of one cell that a message names; the others are counted."""
NEAR_LIMIT = 20_000
"""Comparisons beyond which no id is looked for that is like one mistyped: it would take seconds."""


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
    kinds = schema.typed(cells[has_kind], table, settings)
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


# What refers to what: table, column, table referred to, and whether a row without its partner is left out.
JOINS = (
    ("claims", "appearance", "sources", False),
    ("appearances", "claim_id", "claims", True),
    ("appearances", "source_id", "sources", False),
    ("snapshots", "source_id", "sources", True),
    ("evidence", "claim_id", "claims", True),
    ("evidence", "source_id", "sources", True),
    ("statuses", "claim_id", "claims", True),
)


LOST = ("orphan", "unknown-reference")
"""Codes of rows that refer to one that is not there."""


def orphans(
    rows: Mapping[str, Rows], table: str, left_out: Mapping[str, set[str]]
) -> Iterator[tuple[Mask, list[Finding]]]:
    """Find rows of a table that refer to one that is not there: which are left out for it, and a finding for each."""
    for name, column, other, leave_out in JOINS:
        if name != table or rows[name].cells.empty:
            continue
        refers, known = rows[name].cells[column], rows[other].cells[TABLES[other].id]
        # pandas' isin is 25 times slower
        found = np.asarray(pc.is_in(pa.array(refers), value_set=pa.array(known)))
        lost = (refers != "").to_numpy() & ~found
        if lost.any():
            code = "orphan" if leave_out else "unknown-reference"
            findings = list(_orphans(rows[name], lost, column, code, other, known.tolist(), left_out[other]))
            yield lost & leave_out, findings


def _orphans(
    rows: Rows, lost: Mask, column: str, code: str, other: str, known: Sequence[str], left_out: set[str]
) -> Iterator[Finding]:
    compares = int(lost.sum()) * len(known) <= NEAR_LIMIT
    for at in np.flatnonzero(lost).tolist():
        value = shown(str(rows.cells[column].iat[at]))
        near = nearest(value, known) if compares else []
        if value in left_out:
            message = f"refers to '{value}' in {other}, whose own row is wrong and left out."
            advice = "Mend that row first."
        else:
            message = f"refers to '{value}', which is not in {other}."
            advice = f"Nearest: {', '.join(near)}." if near else f"Add it to {other}, or take this row out."
        yield rows.finding(at, column, code, "error", message, advice)


def rests(statuses: Rows, evidence: pd.DataFrame, hidden: set[str]) -> Iterator[Finding]:
    """Find statuses that rest on evidence that is not there, was withdrawn, or belongs to another claim."""
    parts = pc.split_pattern(Packed.of(statuses.cells["evidence"]).text, SEPARATOR)
    named, row = pc.utf8_trim_whitespace(pc.list_flatten(parts)), pc.list_parent_indices(parts)
    filled = pc.not_equal(named, "")
    named, row = named.filter(filled), row.filter(filled)
    at_evidence = pc.index_in(named, value_set=Packed.of(evidence["evidence_id"]).text)
    owner = Packed.of(evidence["claim_id"]).text.take(at_evidence)
    lost = np.asarray(at_evidence.is_null())
    withdrawn = np.asarray(pc.is_in(named, value_set=pa.array(sorted(hidden), pa.large_string())))
    others = np.asarray(
        pc.not_equal(owner, Packed.of(statuses.cells["claim_id"]).text.take(row)).fill_null(True)
    )
    for place in np.flatnonzero(lost | withdrawn | others).tolist():
        evidence_id = named[place].as_py()
        rests_on = f"the status rests on {evidence_id!r}, which"
        if lost[place]:
            about = ("lost-evidence", "error", f"{rests_on} is not in evidence.",
                     "Attach it again, or give the status again on what is there.")  # fmt: skip
        elif withdrawn[place]:
            about = ("withdrawn-evidence", "warning", f"{rests_on} was withdrawn.",
                     "Look at the status again; give a new one if it no longer holds.")  # fmt: skip
        else:
            about = ("other-evidence", "warning", f"{rests_on} is evidence of {owner[place].as_py()!r}.",
                     "Attach the source to this claim too.")  # fmt: skip
        yield statuses.finding(row[place].as_py(), "evidence", *about, value=evidence_id)


def doubtful(statuses: Rows, claims: pd.DataFrame, changes: pd.DataFrame) -> Iterator[Finding]:
    """Find statuses that hold from before their claim was made, and those that contradict each other.

    All are typed; of the statuses those that count.
    """
    cells = statuses.cells
    known = Packed.of(claims["claim_id"]).text
    place = pc.index_in(Packed.of(cells["claim_id"]).text, value_set=known).fill_null(len(known)).to_numpy()
    made = np.append(claims["made_on"].to_numpy("datetime64[us]"), np.datetime64("NaT"))[place]
    holds_from = cells["holds_from"].to_numpy("datetime64[us]")
    for at in np.flatnonzero(holds_from < made).tolist():
        day = str(holds_from[at])[:10]
        made_on = schema.reduced(str(made[at]), str(claims["made_on_precision"].iat[place[at]]))
        message = f"the status holds from {day}, before the claim was made ({made_on})."
        advice = "Look at both days; until one of them is set right, no duration is counted of the claim."
        yield statuses.finding(at, "holds_from", "before-claim", "warning", message, advice, value=day)
    yield from merges.contradictions(statuses, changes)


def past_due(
    claims: Rows, spells: pd.DataFrame, opened: Collection[str], latest: pd.Timestamp
) -> Iterator[Finding]:
    """Find claims whose day, month or year has passed, and of which nobody said anything since; and wrong ones.

    `spells` say which status stood from when to when, `opened` which statuses settle nothing.
    """
    if not Packed.of(claims.cells["due_on"]).lengths.any():
        return
    last = last_days(claims.cells["due_on"])
    if last.isna().all():
        return
    now = spells[spells["end"].isna()].drop_duplicates("claim_id").set_index("claim_id")
    now = now[["status", "start"]].reindex(claims.cells["claim_id"])
    is_open = now["status"].isin(opened).to_numpy() & (now["start"].to_numpy() <= last.to_numpy())
    for at in np.flatnonzero(is_open & (last < latest).to_numpy()).tolist():
        message = f"it was due by {last.iat[at]:%Y-%m-%d}, and nobody has judged it since."
        advice = "Give it a status; where it is due later now, say so with edit."
        yield claims.finding(at, "due_on", "past-due", "note", message, advice)
    made = pd.to_datetime(claims.cells["made_on"], format="%Y-%m-%d", errors="coerce")
    for at in np.flatnonzero((last < made).to_numpy()).tolist():
        made_on = schema.reduced(*claims.cells[["made_on", "made_on_precision"]].iloc[at])
        message = f"it was due before it was made ({made_on})."
        yield claims.finding(at, "due_on", "due-before", "warning", message, "Look at both days.")


NEARLY, IF_ONE = (
    "they differ in capitals, blanks or end marks only.",
    "If they are one, withdraw one of them.",
)


def nearly_same(claims: Rows) -> Iterator[Finding]:
    """Find claims that differ from an earlier one of the same claimant in capitals, blanks or end marks only."""
    first: dict[tuple[str, str], int] = {}
    texts = [Packed.of(claims.cells[name]) for name in ("claim", "claimant")]
    alikes = codes.of_rows(texts, alike)
    _, code, times = np.unique(alikes, return_inverse=True, return_counts=True)
    may_be = np.flatnonzero(times[code] > 1)
    held = [text.text.take(pa.array(may_be)).dictionary_encode().indices.to_numpy() for text in texts]
    # Of those that are alike only where they are not all the same, which they may well be.
    differing = np.unique(np.stack([alikes[may_be].view(np.int64), *held], axis=1), axis=0)[:, 0]
    known, times = np.unique(differing, return_counts=True)
    may_be = may_be[np.isin(alikes[may_be].view(np.int64), known[times > 1])]
    words = (claims.cells[name].iloc[may_be].tolist() for name in ("claim", "claimant"))
    both = dict(zip(may_be.tolist(), zip(*words, strict=True), strict=True))
    for at, (claim, claimant) in both.items():
        like = first.setdefault((alike(claim), alike(claimant)), at)
        if both[like] != both[at]:
            where = f"{shown(str(claims.cells['claim_id'].iat[like]))!r} ({claims.file}:{claims.lines[like]})"
            message = f"the claim is nearly the same as {where}: {NEARLY}"
            yield claims.finding(at, "claim", "nearly-same", "warning", message, IF_ONE)


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return findings as a frame, the gravest first; the columns are `FINDINGS`, `severity` is ordered."""
    rows = [{name: getattr(finding, name) for name in FINDINGS} for finding in findings]
    texts = [name for name in FINDINGS if name != "line"]
    found = pd.DataFrame(rows, columns=FINDINGS).astype(dict.fromkeys(texts, "str") | {"line": "int64"})
    found["severity"] = found["severity"].astype(pd.CategoricalDtype(list(schema.SEVERITIES), ordered=True))
    return found.sort_values(["severity", "file", "line"], kind="stable", ignore_index=True)
