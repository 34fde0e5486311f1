"""What is wrong or weak in a ledger's rows: values that can't be, rows that do not join, several versions of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.checks import spreadsheets
from factdesk.errors import Finding, nearest
from factdesk.schema import (
    ALLOWED_DAYS,
    CELL_LIMIT,
    DAY,
    FIRST_DAY,
    LAST_DAY,
    SEPARATOR,
    SEVERITIES,
    TABLES,
    WITHDRAWN,
    Column,
    Settings,
    Table,
    parse_day,
    typed,
)
from factdesk.storage.csvfile import Reading
from factdesk.text import HIDDEN_IN_FILES, shown

FINDINGS = [
    "code", "severity", "table", "row_id", "claim_id", "message", "advice", "file", "line", "column", "value",
]  # fmt: skip
"""Columns of the frame that `Ledger.check` gives."""

Mask = np.ndarray
Held = dict[str, set[str]]
NEAR_LIMIT = 20_000
"""Comparisons beyond which no id is looked for that is like one mistyped: it would take seconds."""


def values(
    reading: Reading, settings: Settings, changes: pd.DataFrame | None = None
) -> tuple[list[Finding], Mask]:
    """Find the cells of one table that their column can't hold, or could not when they were written.

    Parameters
    ----------
    reading : Reading
        The table as read.
    settings : Settings
        The ledger's status vocabulary.
    changes : pandas.DataFrame, optional
        The rows of `changes` as text: they say when a cell was written, where that was later than its row.

    Returns
    -------
    tuple of list of Finding and numpy.ndarray
        One finding for each such cell, and for each row whether it is wrong and has to be left out.
    """
    table, cells = reading.table, reading.cells
    kinds = typed(cells[table.names], table, settings)
    findings: list[Finding] = []
    wrong = np.zeros(len(cells), bool)
    for column in table.columns:
        for fault in _faults(table, column, cells[column.name], kinds[column.name], settings):
            if fault.severity == "error":
                wrong |= fault.mask
            for at in np.flatnonzero(fault.mask).tolist():
                value = str(cells[column.name].iat[at])
                advice = fault.advice if isinstance(fault.advice, str) else fault.advice(value)
                findings.append(
                    Finding(
                        fault.code, fault.severity, fault.message.format(value=shown(value)), advice, table.name,
                        reading.file, int(reading.lines[at]), column.name, shown(value),
                        _row_id(cells, table, at), _claim_id(cells, at),
                    )
                )  # fmt: skip
    for at, finding in _days_ahead(reading, kinds, changes):
        wrong[at] |= finding.severity == "error"
        findings.append(finding)
    return findings, wrong


def _days_ahead(
    reading: Reading, kinds: pd.DataFrame, changes: pd.DataFrame | None
) -> Iterator[tuple[int, Finding]]:
    """Find days that were still to come when they were written down.

    The clock is not asked, so that the same files always give the same picture: a day is compared with the
    moment of its row, or of the last change that set it. One day of grace holds for every time zone.
    """
    table, cells = reading.table, reading.cells
    written = kinds[table.moment].dt.tz_localize(None).dt.normalize()
    for column in table.columns:
        if column.holds != "day":
            continue
        # A document may be dated a day ahead of the ledger's time zone, and a wrong date of it moves no picture.
        is_document = table.name == "sources"
        allowed = kinds[column.name] - pd.Timedelta(days=2 if is_document else 1)
        places = np.flatnonzero((allowed > written).to_numpy())
        edited = _last_set(changes, table.name, column.name) if len(places) and changes is not None else {}
        for at in places.tolist():
            row_id, value = str(cells[table.id].iat[at]), str(cells[column.name].iat[at])
            day = max(str(written.iat[at])[:10], edited.get((row_id, value), "")[:10])
            if str(allowed.iat[at])[:10] > day:
                yield at, Finding(
                    "day-ahead", "warning" if is_document else "error",
                    f"'{value}' had not come yet when it was written down ({day}).",
                    "Give the day that was meant; nothing is known of a day to come.", table.name, reading.file,
                    int(reading.lines[at]), column.name, value, _row_id(cells, table, at), _claim_id(cells, at),
                )  # fmt: skip


def _last_set(changes: pd.DataFrame, table: str, column: str) -> dict[tuple[str, str], str]:
    """Say when cells of a column were last set, by row and value."""
    rows = changes[(changes["table"] == table) & (changes["column"] == column)].sort_values("changed_at")
    return dict(zip(zip(rows["row_id"], rows["after"], strict=True), rows["changed_at"], strict=True))


@dataclass(frozen=True)
class _Fault:
    """One way in which cells of a column are wrong: which of them, and what to say of each."""

    mask: Mask
    code: str
    message: str
    advice: str | Callable[[str], str]
    severity: str = "error"


def _faults(
    table: Table, column: Column, text: pd.Series, kinds: pd.Series, settings: Settings
) -> Iterator[_Fault]:
    filled = (text != "").to_numpy()
    unread = filled & kinds.isna().to_numpy()
    if column.required:
        yield _Fault(~filled, "missing-value", f"{column.name} is empty.", "Fill it in.")
    if column.holds == "day":
        yield _Fault(
            unread,
            "bad-day",
            "'{value}' is not a day.",
            lambda value: f"Allowed: {allowed_day(value)}.{_left(value)}",
        )
    elif column.holds == "moment":
        allowed = "Allowed: UTC with six digits and a Z, such as 2025-03-15T12:00:00.000000Z."
        yield _Fault(unread, "bad-moment", "'{value}' is not a moment.", lambda value: allowed + _left(value))
    elif column.holds in ("choice", "status"):
        words = settings.statuses if column.holds == "status" else list(column.choices)
        code = "unknown-status" if column.holds == "status" else "unknown-value"
        message = "'{value}' is no " + f"{column.name}."
        yield _Fault(unread, code, message, lambda value: _choice_advice(value, words))
    elif column.holds == "number":
        message = "'{value}' is not a whole number."
        yield _Fault(unread, "bad-number", message, lambda value: "Allowed: digits." + _left(value))
    elif column.holds == "hash":
        good = text.str.fullmatch("[0-9a-f]{64}").to_numpy(bool)
        yield _Fault(
            filled & ~good, "bad-hash", "'{value}' is no SHA-256.", "Allowed: 64 hexadecimal digits."
        )
    else:
        message = "the cell has characters that can't be seen (controls, or marks that turn text round)."
        hidden = _matches(text, HIDDEN_IN_FILES)
        if column.holds in ("id", "claim", "source"):  # a name that is not what it looks like
            yield _Fault(hidden, "hidden-characters", message, "Take them out of the file.")
        else:
            yield _Fault(hidden, "hidden-characters", message, *_hidden_advice(table, column))
            yield from _traces(text)
        if column.name == "url":
            good = _matches(text, r"(?i)^https?://[^\s/?#@]+([/?#]|$)")
            advice = "Allowed: an address with http:// or https:// and no password. It is shown as text, not as a link."
            yield _Fault(
                filled & ~good,
                "bad-address",
                "'{value}' is no address that can be opened.",
                advice,
                "warning",
            )
    lengths = text.str.len()
    too_long = (lengths > CELL_LIMIT).to_numpy()
    allowed = f"Allowed: {CELL_LIMIT:,} characters. Keep long texts as a file and attach that."
    if (lengths == spreadsheets.CUT_AT[-1]).any():
        allowed += " A spreadsheet cuts cells at 32,767 characters."
    yield _Fault(too_long, "too-long", "the cell is too long: '{value}'.", allowed)


def _hidden_advice(table: Table, column: Column) -> tuple[str, str]:
    """Say what to do about characters that can't be seen, and how grave they are."""
    if table.name == "changes" and column.name in ("before", "after"):
        return "Nothing to do: this is what stood in the cell that was changed. They are not shown.", "note"
    if table.name != "changes" and column.name in table.editable:
        return "They are not shown; take them out with edit.", "warning"
    return "They are not shown; take them out of the file.", "warning"


def _traces(text: pd.Series) -> Iterator[_Fault]:
    """Find what spreadsheets leave in texts: errors, hatches, cut numbers, letters read in another encoding."""
    marks = "|".join([spreadsheets.ERRORS, spreadsheets.NARROW, spreadsheets.SCIENTIFIC])
    advice = "Put back what stood there, from Git or a copy."
    yield _Fault(
        _matches(text, f"^(?:{marks})$"), "spreadsheet-mark", "'{value}' is what a spreadsheet leaves of a text.",
        lambda value: f"{advice}{_left(value)}", "warning",
    )  # fmt: skip
    broken = _matches(text, spreadsheets.MAY_BE_BROKEN)
    for at in np.flatnonzero(broken).tolist():
        broken[at] = bool(spreadsheets.unbroken(str(text.iat[at])))
    yield _Fault(
        broken, "broken-letters", "'{value}' has letters that were UTF-8 and were read as Windows-1252.",
        lambda value: f"Meant was {shown(spreadsheets.unbroken(value))!r}; a spreadsheet opened the file as another encoding.",
        "warning",
    )  # fmt: skip
    lost = _matches(text, "\ufffd")
    message = "'{value}' has letters that another program could not read, and lost (\ufffd)."
    yield _Fault(lost, "lost-letters", message, advice, "warning")


def _left(value: str) -> str:
    """Say what left a cell so, where it is known."""
    if re.fullmatch(spreadsheets.NARROW, value):
        return " Likely cause: a spreadsheet saved what it showed, in a column that was too narrow."
    if re.fullmatch(spreadsheets.ERRORS, value):
        return " Likely cause: a spreadsheet took the text for a formula, and it failed."
    if re.fullmatch(spreadsheets.SCIENTIFIC, value):
        return " Likely cause: a spreadsheet took a long number's digits off."
    if re.fullmatch(spreadsheets.CUT_MOMENT, value):
        return " Likely cause: a spreadsheet took it for a date and a time, and cut it to what it shows."
    if re.match(r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|[2-6]\d{4}(?:[.,]\d|$)", value):
        return " Likely cause: a spreadsheet wrote it in its own way of writing dates."
    return ""


def _matches(cells: pd.Series, pattern: str) -> Mask:
    return np.asarray(pc.match_substring_regex(pa.array(cells), pattern).fill_null(False))


def allowed_day(value: str) -> str:
    """Say what is allowed for a day, and which day a text may have meant.

    >>> allowed_day("14/03/2025")
    'a day as YYYY-MM-DD, or nothing; meant may be 2025-03-14'
    """
    meant: list[str] = []
    if DAY.fullmatch(value):
        if FIRST_DAY.year <= int(value[:4]) <= LAST_DAY.year:
            return "a day as YYYY-MM-DD, or nothing; the calendar has no such day"
        return f"{ALLOWED_DAYS}, or nothing"
    if found := re.fullmatch(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*", value):
        first, second, year = found.groups()
        meant = [f"{year}-{month:0>2}-{day:0>2}" for month, day in ((second, first), (first, second))]
    elif re.fullmatch(r"[2-6]\d{4}", value):  # days since 1899-12-30: what a spreadsheet keeps
        meant = [str(date(1899, 12, 30) + timedelta(days=int(value)))]
    elif re.match(r"\d{4}-\d{2}-\d{2}[T ]", value):
        meant = [value[:10]]
    days = " or ".join(dict.fromkeys(filter(_is_day, meant)))
    return "a day as YYYY-MM-DD, or nothing" + (f"; meant may be {days}" if days else "")


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except ValueError:
        return False
    return True


def _choice_advice(value: str, words: Sequence[str]) -> str:
    near = nearest(value, words, n=1)
    return f"Allowed: {', '.join(words)}" + (f"; nearest: {near[0]}." if near else ".")


def _row_id(cells: pd.DataFrame, table: Table, at: int) -> str:
    return shown(str(cells[table.id].iat[at]))


def _claim_id(cells: pd.DataFrame, at: int) -> str:
    return shown(str(cells["claim_id"].iat[at])) if "claim_id" in cells else ""


def versions(
    reading: Reading, good: Mask, changes: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray, list[Finding], dict[str, Held]]:
    """Make one row of the several versions that merges leave of it.

    Versions that differ only in who and when are one: the earlier stands, with the cells that only a later one
    fills. Where they differ otherwise, the changes of the cell are replayed in order of time as a set of heads:
    one that replaces a head stands for it. What still differs is a finding, and the latest version is shown.

    Returns
    -------
    tuple of pandas.DataFrame, numpy.ndarray, list of Finding and dict
        One row per id, the line of each, what was found, and what rival versions hold.
    """
    table = reading.table
    cells, lines = reading.cells[good], reading.lines[good]
    again = cells[table.id].duplicated(keep=False).to_numpy()
    if not again.any():
        return cells.reset_index(drop=True), lines, [], {}
    heads = replayed(changes, table.name)
    findings: list[Finding] = []
    rivals: dict[str, Held] = {}
    chosen: dict[int, dict[str, str]] = {}
    dropped = np.zeros(len(cells), bool)
    order = np.flatnonzero(again)
    columns = {str(name): cells[name].to_numpy(object, copy=True) for name in cells}
    for row_id, places in pd.Series(order).groupby(cells[table.id].to_numpy()[order], sort=False):
        at = list(places)
        rows = [{name: str(column[place]) for name, column in columns.items()} for place in at]
        row, code, differing = _one(table, str(row_id), rows, heads)
        chosen[at[0]] = row
        if code == "rival-versions":
            rivals[str(row_id)] = {name: {one[name] for one in rows} for name in differing}
        dropped[at[1:]] = True
        if code:
            where = ", ".join(str(lines[place]) for place in at)
            message = _VERSION_MESSAGE[code].format(where=where, columns=", ".join(differing))
            column = differing[0] if differing else table.id
            findings.append(Finding(
                code, _VERSION_SEVERITY[code], message, _VERSION_ADVICE[code], table.name, reading.file,
                int(lines[at[1]]), column, str(row_id), str(row_id), row.get("claim_id", "")))  # fmt: skip
    for place, row in chosen.items():
        for name, cell in row.items():
            columns[name][place] = cell
    settled = pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in columns.items()})
    return settled[~dropped].reset_index(drop=True), lines[~dropped], findings, rivals


_VERSION_SEVERITY = {"two-claims": "error", "rival-versions": "error", "untidy": "note"}
_VERSION_MESSAGE = {
    "two-claims": "two different claims have one id (lines {where}).",
    "rival-versions": "several versions of one row stand in the file (lines {where}); they differ in {columns}.",
    "untidy": "one row stands several times in the file (lines {where}).",
}
_VERSION_ADVICE = {
    "two-claims": "Give one of them, and the rows that are its own, another id; until then nothing is written to it.",
    "rival-versions": "The latest is shown. Choose with edit, or take the others out of the file.",
    "untidy": "It is read once; plain pandas sees it several times.",
}


def _one(
    table: Table, row_id: str, rows: list[dict[str, str]], heads_of: Mapping[tuple[str, str], list[str]]
) -> tuple[dict[str, str], str, list[str]]:
    # By what they hold where the moments are one: nothing that is shown may hang on the order of lines.
    ordered = sorted(rows, key=lambda row: (row[table.moment], *row.values()))
    first = dict(ordered[0])
    if all(row == first for row in ordered):
        return first, "untidy", []
    content = [name for name in first if name not in (table.id, table.moment, table.writer)]
    differing: list[str] = []
    for name in content:
        said = list(dict.fromkeys(row[name] for row in ordered if row[name] != ""))
        heads = heads_of.get((row_id, name), [])
        if len(heads) == 1:
            first[name] = heads[0]
        elif len(said) <= 1 and not heads:
            first[name] = said[0] if said else ""
        else:
            differing.append(name)
    if not differing:
        return first, "untidy", []
    apart = {row[table.moment] for row in ordered}
    if table.name == "claims" and len(apart) > 1 and {"claim", "claimant"} & set(differing):
        return dict(ordered[-1]), "two-claims", differing
    latest = {name: heads_of.get((row_id, name), [ordered[-1][name]])[-1] for name in differing}
    return {**first, **latest}, "rival-versions", differing


def replayed(changes: pd.DataFrame, table: str) -> dict[tuple[str, str], list[str]]:
    """Replay a table's changes in order of time: by row and column, what the cell can hold at the end, the latest last."""
    edits = changes[(changes["table"] == table) & (changes["column"] != "")]
    edits = edits.sort_values(["changed_at", "change_id"])
    of_cells: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row_id, column, before, after in zip(
        *(edits[name].tolist() for name in ("row_id", "column", "before", "after")), strict=True
    ):
        of_cells.setdefault((row_id, column), []).append((before, after))
    return {cell: replayed_cell(of_cell) for cell, of_cell in of_cells.items()}


def replayed_cell(changes: Iterable[tuple[str, str]], *first: str) -> list[str]:
    """Replay the changes of one cell in order of time: what it can hold at the end, the latest last.

    A change replaces what it says stood before; where nothing did, its value stands beside the others, unless it
    is there already. Where a value stands several times, since one that was settled came to it too, a change
    replaces them all; but two that settled the same values in opposite ways leave both.

    >>> replayed_cell([("a", "b"), ("b", "c")], "a"), replayed_cell([("a", "b"), ("a", "c")], "a")
    (['c'], ['b', 'c'])
    >>> both_sides = [("a", "b"), ("a", "b"), ("b", "c")]
    >>> settled = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e")]
    >>> in_opposite_ways = [("a", "b"), ("a", "c"), ("b", "c"), ("c", "b")]
    >>> [replayed_cell(changes, "a") for changes in (both_sides, settled, in_opposite_ways)]
    [['c'], ['e'], ['c', 'b']]
    """
    heads, made = list(first), set[tuple[str, str]]()
    for before, after in changes:
        if before not in heads:
            heads = [head for head in heads if head != after]
        elif heads.count(before) > 1 and (after, before) in made:
            del heads[heads.index(before)]
        else:
            heads = [head for head in heads if head != before]
        heads.append(after)
        made.add((before, after))
    return list(dict.fromkeys(reversed(heads)))[::-1]


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


def orphans(cells: dict[str, pd.DataFrame], table: str) -> Iterator[tuple[str, Mask, str, bool]]:
    """Find rows of a table that refer to one that is not there: column, which rows, to what, left out or not."""
    for name, column, other, leave_out in JOINS:
        if name == table:
            refers = cells[name][column]
            known = pa.array(cells[other][TABLES[other].id])
            found = np.asarray(pc.is_in(pa.array(refers), value_set=known))  # pandas' isin is 25 times slower
            lost = (refers != "").to_numpy() & ~found
            if lost.any():
                yield column, lost, other, leave_out


def orphan_findings(
    cells: pd.DataFrame, lines: np.ndarray, reading: Reading, column: str, lost: Mask, other: str,
    known: Sequence[str], left_out: set[str], leave_out: bool,
) -> Iterator[Finding]:  # fmt: skip
    """Name each row that refers to one that is not there, and the nearest that is."""
    table, file = reading.table, reading.file
    looks = int(lost.sum()) * len(known) <= NEAR_LIMIT
    for at in np.flatnonzero(lost).tolist():
        value = shown(str(cells[column].iat[at]))
        near = nearest(value, known) if looks else []
        if value in left_out:
            message = f"refers to '{value}' in {other}, whose own row is wrong and left out."
            advice = "Mend that row first."
        else:
            message = f"refers to '{value}', which is not in {other}."
            advice = f"Nearest: {', '.join(near)}." if near else f"Add it to {other}, or take this row out."
        code = "orphan" if leave_out else "unknown-reference"
        yield Finding(code, "error", message, advice, table.name, file, int(lines[at]), column, value,
                      _row_id(cells, table, at), _claim_id(cells, at))  # fmt: skip


def rests(
    statuses: pd.DataFrame, evidence: pd.DataFrame, hidden: set[str], file: str, lines: np.ndarray
) -> Iterator[Finding]:
    """Find statuses that rest on evidence that is not there, was withdrawn, or belongs to another claim."""
    named = statuses["evidence"].str.split(SEPARATOR).explode().str.strip()
    named = named[named != ""]
    owner = named.map(evidence.set_index("evidence_id")["claim_id"])
    lost, withdrawn = owner.isna().to_numpy(), named.isin(hidden).to_numpy()
    others = (owner != statuses["claim_id"].loc[named.index]).to_numpy()
    for place in np.flatnonzero(lost | withdrawn | others).tolist():
        at, evidence_id = named.index[place], str(named.iloc[place])
        row = statuses.iloc[at]
        about = ("statuses", file, int(lines[at]), "evidence", evidence_id, row["status_id"], row["claim_id"])
        if lost[place]:
            yield Finding("lost-evidence", "error", f"the status rests on {evidence_id!r}, which is not in evidence.",
                          "Attach it again, or give the status again on what is there.", *about)  # fmt: skip
        elif withdrawn[place]:
            yield Finding("withdrawn-evidence", "warning", f"the status rests on {evidence_id!r}, which was withdrawn.",
                          "Look at the status again; give a new one if it no longer holds.", *about)  # fmt: skip
        else:
            yield Finding("other-evidence", "warning",
                          f"the status rests on {evidence_id!r}, which is evidence of {owner.iloc[place]!r}.",
                          "Attach the source to this claim too.", *about)  # fmt: skip


LONG_BEFORE = pd.Timedelta(days=366)
"""A status that holds from longer than this before its claim was made is more likely a mistyped year."""

APART = pd.Timedelta(days=30)
"""What another person records later than this after a status is a correction of it, not its rival."""


def doubtful(
    statuses: pd.DataFrame, claims: pd.DataFrame, changes: pd.DataFrame, file: str, lines: np.ndarray
) -> Iterator[Finding]:
    """Find statuses that hold from long before their claim was made, and those that contradict each other.

    Parameters
    ----------
    statuses, claims, changes : pandas.DataFrame
        Typed; of the statuses those that count.
    file : str
        The statuses' file, for messages.
    lines : numpy.ndarray
        The line of each status.
    """
    made = claims.set_index("claim_id")["made_on"].reindex(statuses["claim_id"]).to_numpy("datetime64[us]")
    holds_from = statuses["holds_from"].to_numpy("datetime64[us]")
    for at in np.flatnonzero(holds_from < made - LONG_BEFORE.to_timedelta64()).tolist():
        row = statuses.iloc[at]
        day = f"{row['holds_from']:%Y-%m-%d}"
        yield Finding("long-before", "warning",
                      f"the status holds from {day}, long before the claim was made ({str(made[at])[:10]}).",
                      "Look at the year of both.", "statuses", file, int(lines[at]), "holds_from", day,
                      row["status_id"], row["claim_id"])  # fmt: skip
    yield from _contradictions(statuses, changes, file, lines)


def _contradictions(
    statuses: pd.DataFrame, changes: pd.DataFrame, file: str, lines: np.ndarray
) -> Iterator[Finding]:
    """Find two statuses of one claim and day that two people gave, most likely without seeing each other's.

    Files do not say what a writer had seen. So: the last two different statuses that different people recorded
    for one claim and day, within `APART`, and nothing since that a person who saw both would write: no third
    status for that day or a later one, and no change of either row. One person's own correction is none.
    """
    several = statuses[statuses.duplicated(["claim_id", "holds_from"], keep=False)]
    per_day = several.groupby(["claim_id", "holds_from"], sort=False, observed=True)
    mixed = per_day[["status", "recorded_by"]].transform("nunique").gt(1).all(axis=1)
    of_claims = statuses[statuses["claim_id"].isin(several["claim_id"][mixed])]
    for (claim_id, day), rows in several[mixed].groupby(["claim_id", "holds_from"], sort=False):
        rows = rows.sort_values(["recorded_at", "status_id"])
        last = rows.iloc[-1]
        if any(_contradict(one, other) for one, other in combinations(_rows(rows[:-1]), 2)):
            continue  # the last one came after both
        rivals = [row for row in _rows(rows[:-1]) if _contradict(row, last)]
        if not rivals:
            continue
        rival, since = rivals[-1], last["recorded_at"]
        later = of_claims[(of_claims["claim_id"] == claim_id) & (of_claims["holds_from"] > day)]
        looked_at = changes["row_id"].isin([rival["status_id"], last["status_id"]])
        if (later["recorded_at"] > since).any() or (changes["changed_at"][looked_at] > since).any():
            continue
        said = " and ".join(f"{row['status']!r} by {shown(row['recorded_by'] or 'nobody named')} ({row['status_id']})"
                            for row in (rival, last))  # fmt: skip
        yield Finding("contradicting-statuses", "warning",
                      f"two people gave this claim different statuses for {day:%Y-%m-%d}: {said}.",
                      "The later one is shown. Settle it with a new status, or withdraw one.", "statuses", file,
                      int(lines[rows.index[-1]]), "status", str(last["status"]), last["status_id"], str(claim_id),
                      )  # fmt: skip


def _rows(frame: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in frame.iterrows()]


def _contradict(one: pd.Series, other: pd.Series) -> bool:
    differ = one["status"] != other["status"] and one["recorded_by"] != other["recorded_by"]
    return bool(differ and other["recorded_at"] - one["recorded_at"] <= APART)


def unknown_changes(
    cells: dict[str, pd.DataFrame], left_out: dict[str, set[str]], file: str, lines: np.ndarray
) -> Iterator[Finding]:
    """Find changes of tables, columns or rows that are not there."""
    changes = cells["changes"]
    for name, rows in changes.groupby("table", sort=False):
        table = TABLES.get(str(name))
        if table is None:
            lost = rows.index
        else:
            known = rows["row_id"].isin(cells[table.name][table.id]) | rows["row_id"].isin(
                left_out[table.name]
            )
            named = rows["column"].isin(["", *table.names])
            lost = rows.index[~(known & named)]
        for at in lost:
            row = changes.loc[at]
            what = shown(f"{row['table']}.{row['column'] or WITHDRAWN} of {row['row_id']}")
            message = f"changes {what}, which is not there."
            yield Finding("lost-change", "warning", message, "Put the row back from Git or a copy.", "changes", file,
                          int(lines[at]), "row_id", shown(row["row_id"]), shown(row["change_id"]))  # fmt: skip


def unlike_changes(
    cells: pd.DataFrame, lines: np.ndarray, reading: Reading, changes: pd.DataFrame, rivals: set[str]
) -> Iterator[tuple[Finding, list[str]]]:
    """Find cells that are not what their last change says, with what that is: a revert or a hand left it behind."""
    table = reading.table
    heads = {cell: held for cell, held in replayed(changes, table.name).items() if cell[0] not in rivals}
    if not heads:
        return
    place = {row_id: at for at, row_id in enumerate(cells[table.id].tolist())}
    for (row_id, column), held in heads.items():
        at = place.get(row_id)
        if at is None or column not in table.names or cells[column].iat[at] in held:
            continue
        value, said = shown(str(cells[column].iat[at])), " or ".join(repr(shown(one)) for one in held)
        message = f"the cell holds {value!r}; its last change says {said}."
        advice = "The cell is shown. Say what holds with edit, also where that is what the cell holds."
        yield Finding("unlike-change", "warning", message, advice, table.name, reading.file, int(lines[at]), column,
                      value, shown(row_id), _claim_id(cells, at)), held  # fmt: skip


def frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """Give findings as a frame, the gravest first; the columns are `FINDINGS`, `severity` is ordered."""
    rows = [{name: getattr(finding, name) for name in FINDINGS} for finding in findings]
    found = pd.DataFrame(rows, columns=FINDINGS)
    texts = [name for name in FINDINGS if name != "line"]
    found = found.astype(dict.fromkeys(texts, "str") | {"line": "int64"})
    found["severity"] = found["severity"].astype(pd.CategoricalDtype(list(SEVERITIES), ordered=True))
    return found.sort_values(["severity", "file", "line"], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Sound:
    """The rows that are right and join, the line of each, those left out, and all that was found.

    `rivals` has, by table and id, what the versions of a row hold in the columns in which they differ, and what
    its changes say where a cell holds something else: what one edit settles.
    """

    cells: dict[str, pd.DataFrame]
    lines: dict[str, np.ndarray]
    left_out: dict[str, pd.DataFrame]
    findings: list[Finding]
    rivals: dict[tuple[str, str], Held]


def sound(readings: Mapping[str, Reading], settings: Settings) -> Sound:
    """Judge what was read: values, then versions of one row, then what refers to what."""
    findings: list[Finding] = []
    cells: dict[str, pd.DataFrame] = {}
    lines: dict[str, np.ndarray] = {}
    rivals: dict[tuple[str, str], Held] = {}
    out: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for name in ("changes", *(name for name in TABLES if name != "changes")):
        reading = readings[name]
        found, wrong = values(reading, settings, cells.get("changes"))
        findings += [*reading.findings, *found]
        out[name].append(reading.cells[wrong])
        changes = cells.get("changes", reading.cells)
        cells[name], lines[name], found, held = versions(reading, ~wrong, changes)
        findings += found
        rivals |= {(name, row_id): columns for row_id, columns in held.items()}
    for name in TABLES:  # claims and sources come before what refers to them
        drop = np.zeros(len(cells[name]), bool)
        for column, lost, other, leave_out in orphans(cells, name):
            left_out = {row_id for frame in out[other] for row_id in frame[TABLES[other].id]}
            known = list(cells[other][TABLES[other].id])
            findings += orphan_findings(
                cells[name], lines[name], readings[name], column, lost, other, known, left_out, leave_out
            )
            if leave_out:
                drop |= lost
        if drop.any():
            out[name].append(cells[name][drop])
            cells[name], lines[name] = cells[name][~drop].reset_index(drop=True), lines[name][~drop]
    gone = {name: {row_id for frame in out[name] for row_id in frame[TABLES[name].id]} for name in TABLES}
    findings += unknown_changes(cells, gone, readings["changes"].file, lines["changes"])
    for name in TABLES:
        rows = {row_id for table, row_id in rivals if table == name}
        for finding, said in unlike_changes(cells[name], lines[name], readings[name], cells["changes"], rows):
            findings.append(finding)
            rivals.setdefault((name, finding.row_id), {})[finding.column] = set(said)
    left = {
        name: pd.concat(frames, ignore_index=True) for name, frames in out.items() if any(map(len, frames))
    }
    return Sound({name: cells[name] for name in TABLES}, lines, left, findings, rivals)
