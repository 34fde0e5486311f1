"""Statuses that were corrected: of the day for which one was given, something else was held later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from factdesk.checks import replay
from factdesk.checks.replay import Change
from factdesk.frames import LedgerFrame, records
from factdesk.ledger.ledger import Ledger
from factdesk.schema import DAY, WITHDRAWN

WHAT_HAPPENED = ("judged", "edited", "withdrawn")
COLUMNS: dict[str, Any] = {
    "claim_id": "str",
    "day": "datetime64[us]",
    **dict.fromkeys(("before", "after"), "str"),
    **dict.fromkeys(("given_at", "corrected_at"), "datetime64[us, UTC]"),
    "what": pd.CategoricalDtype(list(WHAT_HAPPENED)),
    "why": "str",
}
"""Columns of the frame, with their types."""


class _Row(NamedTuple):
    """A row of `statuses` or `claims`: its id, when it was written, its cells as they are now, and its changes."""

    row_id: str
    written: pd.Timestamp
    cells: Mapping[str, str]
    changes: Sequence[Change]

    def at(self, moment: pd.Timestamp) -> dict[str, str] | None:
        """Return its cells as they were at a moment; None where it was not there."""
        if not self.written <= moment or not replay.is_there(self.changes, moment):
            return None
        return replay.cells_at(self.cells, self.changes, moment)


def corrections(ledger: Ledger) -> pd.DataFrame:
    """Return every status that was corrected: given for a day of which something else was held later.

    A status that only gave way to one that holds from a later day is none, nor is a claim logged or first
    judged late: nothing had been said. Claims of which a status can't be read (`ledger.unread`) are passed over.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view.

    Returns
    -------
    pandas.DataFrame
        One row for each status that stopped being held of the day for which it was given, the latest to stop first:

        - `claim_id` (str); `day` (datetime64): the day for which the status was given;
        - `before`, `after` (str): what was held of that day until then, and from then on; `after` is empty where
          the claim had no status on that day any more;
        - `given_at`, `corrected_at` (datetime64, UTC): when each was written down;
        - `what` (category: judged, edited, withdrawn), as `fd.measures.revised` has it; `why` (str): the rationale
          of the status given since, or the reason of the edit or withdrawal.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.create("sea.csv", title="Sea levels")
    >>> _ = ledger.log("The sea has risen.", claimant="A. Mariner", made_on="2025-03-01", claim_id="sea-rise")
    >>> for status, why in (("refuted", "One gauge."), ("supported", "All gauges: one was broken.")):
    ...     _ = ledger.set_status("sea-rise", status, holds_from="2025-03-02", rationale=why)
    >>> print(corrections(ledger)[["before", "after", "why"]].to_string(index=False))
     before     after                         why
    refuted supported All gauges: one was broken.
    """
    found = [one for claim, rows in _suspects(ledger) for one in _corrected(claim, rows, ledger)]
    frame = pd.DataFrame(found, columns=list(COLUMNS)).astype(COLUMNS)
    order = ["corrected_at", "claim_id", "day"]
    return LedgerFrame(frame.sort_values(order, ascending=[False, True, True], ignore_index=True))


def _suspects(ledger: Ledger) -> Iterator[tuple[_Row, list[_Row]]]:
    """Return the claims of which a status can have been corrected: each with the rows of its statuses."""
    dataset = ledger._dataset
    claims, statuses, changes = (dataset.all(name) for name in ("claims", "statuses", "changes"))
    changes = changes[changes["table"].isin(["claims", "statuses"]).to_numpy()]
    of_row = replay.by_row(changes)
    of_claims = {row_id for table, row_id in of_row if table == "claims"}
    of_statuses = {row_id for table, row_id in of_row if table == "statuses"}
    again = statuses.duplicated(["claim_id", "holds_from"], keep=False)
    changed = statuses["status_id"].isin(of_statuses) | statuses["claim_id"].isin(of_claims)
    mine = set(ledger.claims["claim_id"])
    # Of the claims of a view that were withdrawn nothing says that they were looked at.
    mine |= set() if ledger.is_view else dataset.withdrawn_ids("claims")
    chosen = (set(statuses["claim_id"][again | changed]) & mine) - ledger.unread.claims

    wanted = statuses["claim_id"].isin(chosen).to_numpy()
    texts = records(
        dataset.cells("statuses")[wanted], ["claim_id", "status_id", "status", "holds_from", "rationale"]
    )
    rows: dict[str, list[_Row]] = {}
    for cells, written in zip(texts, statuses["recorded_at"][wanted], strict=True):
        row = _Row(cells["status_id"], written, cells, of_row.get(("statuses", cells["status_id"]), []))
        rows.setdefault(cells["claim_id"], []).append(row)
    wanted = (claims["claim_id"].isin(chosen) & ~claims.duplicated("claim_id")).to_numpy()
    texts = records(dataset.cells("claims")[wanted], ["claim_id", "made_on"])
    for cells, written in zip(texts, claims["logged_at"][wanted], strict=True):
        claim = _Row(cells["claim_id"], written, cells, of_row.get(("claims", cells["claim_id"]), []))
        yield claim, rows[claim.row_id]


Given = tuple[_Row, dict[str, str]]
Found = tuple[str, str, str, str, pd.Timestamp, pd.Timestamp, str, str]


def _corrected(claim: _Row, rows: Sequence[_Row], ledger: Ledger) -> Iterator[Found]:
    """Return what stopped being held at each moment at which anything of a claim was written."""
    written = {row.written for row in (claim, *rows)}
    moments = written | {change.at for row in (claim, *rows) for change in row.changes}
    before: dict[str, Given] = {}
    for moment in sorted(one for one in moments if not pd.isna(one)):
        now = _held(claim, rows, ledger, moment)
        for day, (row, cells) in before.items():
            last = max((other for other in now if other <= day), default="")
            after = now[last][1]["status"] if last else _unjudged(claim, day, ledger, moment)
            if after != cells["status"]:
                edits = (change.at for change in row.changes if change.at < moment and change.column in cells)
                what, why = _reason(claim, row, now[last][0] if last else None, moment)
                given_at = max([row.written, *edits])
                yield claim.row_id, day, cells["status"], after, given_at, moment, what, why
        before = now


def _held(claim: _Row, rows: Sequence[_Row], ledger: Ledger, moment: pd.Timestamp) -> dict[str, Given]:
    """Return the status that was held, at a moment, of each day for which one was given."""
    if claim.at(moment) is None:
        return {}
    known, renamed = ledger.settings.statuses, ledger.settings.renamed
    there = [
        (row, {**cells, "status": renamed.get(cells["status"], cells["status"])})
        for row in rows
        if (cells := row.at(moment))
    ]
    sound = [one for one in there if DAY.fullmatch(one[1]["holds_from"]) and one[1]["status"] in known]
    # Of several for one day the one written last stands, as `history.standing` has it.
    sound.sort(key=lambda one: (one[0].written, one[0].row_id))
    return {cells["holds_from"]: (row, cells) for row, cells in sound}


def _unjudged(claim: _Row, day: str, ledger: Ledger, moment: pd.Timestamp) -> str:
    """Return what was held of a day for which, and for none before, a status was given; nothing before the claim."""
    cells = claim.at(moment)
    if cells is None:
        return ""
    logged = f"{claim.written.tz_convert(ledger.settings.zone):%Y-%m-%d}"
    return ledger.settings.first if (cells["made_on"] or logged) <= day else ""


def _reason(claim: _Row, row: _Row, then: _Row | None, moment: pd.Timestamp) -> tuple[str, str]:
    """Return what made the difference, a word of WHAT_HAPPENED, and why."""
    if then and then.written == moment:
        cells = then.at(moment)
        return "judged", cells["rationale"] if cells else ""
    changes = [change for one in (row, claim, then) if one for change in one.changes if change.at == moment]
    gone = next((change.why for change in changes if not change.column and change.after == WITHDRAWN), None)
    if gone is not None:
        return "withdrawn", gone
    return "edited", next((change.why for change in changes if change.why), "")
