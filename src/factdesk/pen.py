"""What one call writes: rows and cells with their ids, moments and names, gathered before any is written."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from factdesk import hashes, intake, schema
from factdesk.book import Book
from factdesk.errors import InvalidValue, NotFound, nearest
from factdesk.intake import Given
from factdesk.schema import (
    APPEARANCES,
    CHANGES,
    CLAIMS,
    EVIDENCE,
    SEPARATOR,
    SNAPSHOTS,
    SOURCES,
    TABLES,
    WITHDRAWN,
    Table,
)
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.store import Cell, Entry, Store

CLOCK_BEHIND = timedelta(minutes=5)
"""A clock that is further behind what stands is told to the writer."""

Cells = Mapping[str, str]
Values = Mapping[str, Given]


class Pen:
    """Composes one call's entry on what the ledger holds now; `told` is what the writer should know."""

    def __init__(self, book: Book, store: Store, by: str, now: datetime) -> None:
        self.book, self.store, self.by, self.now = book, store, by, now
        self.intake = intake.Intake(book.settings, now.astimezone(book.settings.zone).date())
        self.entry = Entry()
        self.told = self.intake.told

    def log(self, given: Values, claim_id: str | None, appearance: str | Path | None) -> str:
        """Compose a claim."""
        row = self.intake.row(CLAIMS, given)
        same = (row["claim"], row["claimant"], row["made_on"])
        taken = self.book.ids("claims")
        row_id = intake.chosen_claim_id(claim_id) if claim_id else intake.claim_id(*same)
        if row_id in taken:
            standing = self.book.row("claims", row_id, withdrawn_too=True)
            if tuple(standing[name] for name in ("claim", "claimant", "made_on")) == same:
                return self._stands(CLAIMS, row_id, row)
            if claim_id:
                held = f"{standing['claim']!r}, {standing['claimant']}, {standing['made_on'] or 'no day'}"
                raise InvalidValue(
                    "claim_id", row_id, f"an id that is not taken (this one is: {held})", "claims"
                )
            row_id = intake.claim_id(*same, taken=taken)
        row["appearance"] = "" if appearance is None else self.source(appearance)
        return self._add(CLAIMS, row, row_id)

    def repeat(self, claim_id: str, given: Values, appearance: str | Path | None) -> str:
        """Compose one more appearance of a claim."""
        first = self.book.row("claims", claim_id)
        claimant = given["claimant"] or first["claimant"]
        role = given["claimant_role"]
        if role is None:
            role = first["claimant_role"] if claimant == first["claimant"] else ""
        made = {**given, "claim_id": claim_id, "claimant": claimant, "claimant_role": role}
        row = self.intake.row(APPEARANCES, made)
        row["source_id"] = "" if appearance is None else self.source(appearance)
        frame = self.book.cells("appearances")
        same = ("claim_id", "claimant", "made_on", "source_id", "quote", "place")
        alike = np.logical_and.reduce([(frame[name] == row[name]).to_numpy() for name in same])
        if alike.any():
            return self._stands(APPEARANCES, str(frame["appearance_id"][alike].iloc[0]), row)
        return self._add(APPEARANCES, row)

    def attach(
        self, claim_id: str, given: Values, url: str | None, file: str | Path | None, details: Values
    ) -> str:
        """Compose a source attached to a claim."""
        self.book.row("claims", claim_id)
        row = self.intake.row(EVIDENCE, {**given, "claim_id": claim_id, "source_id": "to come"})
        row["source_id"] = self.source(url, file, details)
        row_id = hashes.row_id(
            EVIDENCE.letter, [row[name] for name in ("claim_id", "source_id", "stance", "quote")]
        )
        if row_id in self.book.ids("evidence"):
            return self._stands(EVIDENCE, row_id, row)
        return self._add(EVIDENCE, row, row_id)

    def set_status(self, claim_id: str, given: Values) -> str:
        """Compose a status."""
        self.book.row("claims", claim_id)
        day = self.intake.today if given["holds_from"] is None else given["holds_from"]
        row = self.intake.row(STATUSES, {**given, "claim_id": claim_id, "holds_from": day})
        self._own_evidence(claim_id, row["evidence"])
        mine = self.book.of_claim("statuses", claim_id).sort_values(
            ["holds_from", "recorded_at", "status_id"]
        )
        upto = mine[mine["holds_from"] <= pd.Timestamp(row["holds_from"])]
        if len(upto) and _says_the_same(upto.iloc[-1], row):
            return str(upto["status_id"].iloc[-1])
        later = mine[mine["holds_from"] > pd.Timestamp(row["holds_from"])]
        if len(later):
            other = later.iloc[0]
            self.told.append(
                f"{claim_id}: {row['status']!r} holds from {row['holds_from']} until {other['status']!r} of "
                f"{other['holds_from']:%Y-%m-%d} ({other['status_id']}), which still stands."
            )
        return self._add(STATUSES, row)

    def edit(self, table: Table, row_ids: Iterable[str], columns: Values, why: str) -> list[str]:
        """Compose new cells for rows, and what is to be remembered of the old ones."""
        cells = self.intake.cells(table, columns)
        for column in table.columns:
            if column.required and cells.get(column.name) == "":
                raise InvalidValue(
                    column.name, columns[column.name], f"not empty ({column.meaning})", table.name
                )
        rows = {row_id: self.book.row(table.name, row_id) for row_id in row_ids}
        for name in ("appearance", "source_id"):
            if cells.get(name):
                self.book.row("sources", cells[name])
        if cells.get("evidence"):
            for row in rows.values():
                self._own_evidence(row["claim_id"], cells["evidence"])
        if table is SOURCES and "url" in cells:
            cells["url"] = intake.address(cells["url"])[0] if cells["url"] else ""
        return self._change(table, rows, cells, why)

    def turn(self, table: Table, row_ids: Iterable[str], before: str, after: str, why: str) -> list[str]:
        """Compose withdrawals of rows, or their end."""
        rows = [row_id for row_id in row_ids if self.book.row(table.name, row_id, withdrawn_too=True)]
        withdrawn = self.book.withdrawn_ids(table.name)
        turned = [row_id for row_id in rows if (row_id in withdrawn) == (before == WITHDRAWN)]
        return [self._record(table, row_id, "", before, after, why) for row_id in turned]

    def source(
        self, url: str | Path | None, file: str | Path | None = None, details: Values | None = None
    ) -> str:
        """Give the id of a document, by address, file or id; compose its row where it is new."""
        details = details or {}
        if (url is None or url == "") == (file is None or file == ""):
            raise InvalidValue("url", url, "an address or the id of a source, or else a file", "sources")
        if file is None and isinstance(url, str):
            url = url.strip()
            if url in self.book.ids("sources"):
                return self._described(url, details)
            if intake.is_address(url):
                text, row_id = intake.address(url)
                if row_id in self.book.ids("sources"):
                    return self._described(row_id, details)
                return self._add(SOURCES, self.intake.row(SOURCES, {**details, "url": text}), row_id)
        return self._filed(Path(str(url if file is None else file)), details)

    def _filed(self, path: Path, details: Values) -> str:
        if not path.is_file():
            advice = "Give an address with http:// or https://, a file, or a source's id."
            raise NotFound("file", str(path), (), advice)
        data = path.read_bytes()
        sha256 = self.store.keep(data)
        row_id = hashes.row_id(SOURCES.letter, (sha256,))
        if row_id in self.book.ids("sources"):
            return self._described(row_id, details)
        described: dict[str, Given] = {**details, "title": details.get("title") or path.name}
        self._add(SOURCES, self.intake.row(SOURCES, described), row_id)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kept: dict[str, Given] = {
            "source_id": row_id,
            "sha256": sha256,
            "media_type": media_type,
            "bytes": len(data),
        }
        self._add(SNAPSHOTS, self.intake.row(SNAPSHOTS, kept))
        return row_id

    def _described(self, row_id: str, details: Values) -> str:
        """Fill the cells of a known document that are still empty; tell where others differ."""
        standing = self.book.row("sources", row_id, withdrawn_too=True)
        self._back(SOURCES, row_id)
        cells = {name: cell for name, cell in self.intake.cells(SOURCES, details).items() if cell}
        self._tell_differing(row_id, standing, {name: cell for name, cell in cells.items() if standing[name]})
        empty = {name: cell for name, cell in cells.items() if not standing[name]}
        self._change(SOURCES, {row_id: standing}, empty, "described further")
        return row_id

    def _add(self, table: Table, row: dict[str, str], row_id: str = "") -> str:
        """Take a new row in; its id is the one given, else made from all its cells."""
        claim_id = row.get("claim_id", "")
        row[table.moment] = self._moment(self._moments_of(claim_id) if claim_id else ())
        row[table.writer] = self.by
        row[table.id] = row_id or hashes.row_id(table.letter, [row[name] for name in table.names[1:]])
        self.entry.rows.setdefault(table.name, []).append([row[name] for name in table.names])
        return row[table.id]

    def _moments_of(self, claim_id: str) -> Iterable[pd.Timestamp]:
        for name in ("claims", "appearances", "evidence", "statuses"):
            frame = self.book.all(name)
            yield frame.loc[frame["claim_id"] == claim_id, TABLES[name].moment].max()

    def _moment(self, after: Iterable[pd.Timestamp]) -> str:
        """Give the clock's moment, or one microsecond after the latest that stands: moments only go forward."""
        latest = max((one.to_pydatetime() for one in after if not pd.isna(one)), default=None)
        if latest is None or latest < self.now:
            return schema.moment_text(self.now)
        if latest - self.now > CLOCK_BEHIND:
            self.told.append(
                f"This computer's clock ({schema.moment_text(self.now)}) is behind what stands in the ledger "
                f"({schema.moment_text(latest)}). One of the two clocks is wrong."
            )
        return schema.moment_text(latest + timedelta(microseconds=1))

    def _stands(self, table: Table, row_id: str, row: Cells) -> str:
        """Give the id of a row that stands already; tell what differs, and take back its withdrawal."""
        standing = self.book.row(table.name, row_id, withdrawn_too=True)
        fixed = (table.id, table.moment, table.writer, "appearance")
        self._tell_differing(row_id, standing, {n: row[n] for n in table.names if n not in fixed and row[n]})
        self._back(table, row_id)
        return row_id

    def _back(self, table: Table, row_id: str) -> None:
        if row_id in self.book.withdrawn_ids(table.name):
            self._record(table, row_id, "", WITHDRAWN, "", "given again")

    def _tell_differing(self, row_id: str, standing: Cells, given: Cells) -> None:
        other = [name for name, cell in given.items() if standing[name] != cell]
        if other:
            self.told.append(
                f"{row_id} stands already with another {' and '.join(other)}; ledger.edit changes that."
            )

    def _change(self, table: Table, rows: Mapping[str, Cells], cells: Cells, why: str) -> list[str]:
        """Set cells of rows, each with a row in `changes`."""
        made = []
        for row_id, row in rows.items():
            for column, after in cells.items():
                if row[column] != after:
                    self.entry.cells.setdefault(table.name, []).append(
                        Cell(row_id, column, row[column], after)
                    )
                    made.append(self._record(table, row_id, column, row[column], after, why))
        return made

    def _record(self, table: Table, row_id: str, column: str, before: str, after: str, why: str) -> str:
        """Take in one row of `changes`, later than the row it is about and than its last change."""
        changes = self.book.all("changes")
        same = (
            (changes["table"] == table.name) & (changes["row_id"] == row_id) & (changes["column"] == column)
        )
        rows = self.book.all(table.name)
        written = rows.loc[rows[table.id] == row_id, table.moment].max()
        made = self.intake.row(CHANGES, {"table": table.name, "row_id": row_id, "why": why})
        made |= {"column": column, "before": before, "after": after, "changed_by": self.by}
        made["changed_at"] = self._moment([changes.loc[same, "changed_at"].max(), written])
        made["change_id"] = hashes.row_id(CHANGES.letter, [made[name] for name in CHANGES.names[1:]])
        self.entry.rows.setdefault("changes", []).append([made[name] for name in CHANGES.names])
        return made["change_id"]

    def _own_evidence(self, claim_id: str, named: str) -> None:
        own = list(self.book.of_claim("evidence", claim_id)["evidence_id"])
        for evidence_id in filter(None, named.split(SEPARATOR)):
            if evidence_id not in own:
                advice = f"Its evidence: {', '.join(own) or 'none yet; attach a source first'}."
                raise NotFound(
                    f"evidence of {claim_id!r} with the id", evidence_id, nearest(evidence_id, own), advice
                )


def _says_the_same(standing: pd.Series, row: Cells) -> bool:
    evidence = [set(filter(None, of["evidence"].split(SEPARATOR))) for of in (standing, row)]
    return (standing["status"], standing["rationale"]) == (row["status"], row["rationale"]) and evidence[
        0
    ] == evidence[1]
