"""What is wrong or weak in a ledger's rows beyond single cells: rows that do not join, statuses that can't both hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk import schema
from factdesk.checks import codes, merges
from factdesk.checks.values import Mask
from factdesk.errors import Finding, nearest
from factdesk.history.due import last_days
from factdesk.packed import Packed
from factdesk.schema import SEPARATOR, TABLES
from factdesk.storage.table_file import Rows
from factdesk.text import alike, shown

FINDINGS = [
    "code", "severity", "table", "row_id", "claim_id", "message", "advice", "file", "line", "column", "value",
]  # fmt: skip
"""Columns of the frame that `Ledger.check` gives."""

NEAR_LIMIT = 20_000
"""Comparisons beyond which no id is looked for that is like one mistyped: it would take seconds."""


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
