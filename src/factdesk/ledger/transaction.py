"""What one call writes: rows and cells with their ids, moments and names, gathered before any is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath

import pandas as pd

from factdesk import schema
from factdesk.articles import reading
from factdesk.articles.reading import Words
from factdesk.checks.findings import IF_ONE, NEARLY
from factdesk.errors import InvalidValue, NotFound, nearest
from factdesk.ledger import ids, parsing, snapshots
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.parsing import Given
from factdesk.ledger.snapshots import File, Snapshot
from factdesk.schema import (
    ADDED,
    APPEARANCES,
    CHANGES,
    CLAIMS,
    EVIDENCE,
    SEPARATOR,
    SNAPSHOTS,
    SOURCES,
    WITHDRAWN,
    Table,
    reduced,
)
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.storage.journal import Cell, Entry
from factdesk.text import alike

CLOCK_BEHIND = timedelta(minutes=5)
"""A clock that is further behind what stands is reported to the writer."""

Cells = Mapping[str, str]
Values = Mapping[str, Given]


Document = str | PurePath | File | None


@dataclass(frozen=True)
class _Named:
    """A document by the id of its source and its address, and its bytes where a file is given."""

    row_id: str
    url: str = ""
    file: File | None = None


class Transaction:
    """Composes one call's entry on what the ledger holds now; `warnings` is what the writer should know."""

    def __init__(self, dataset: Dataset, by: str, now: datetime) -> None:
        self.dataset, self.by, self.now = dataset, by, now
        self.parser = parsing.Parser(dataset.settings, now)
        self.entry = Entry()
        self.warnings = self.parser.warnings
        self.takes_files = True
        self.words: Callable[[Snapshot], Words | None] | None = None
        """Reads a document that was kept."""
        self._files: dict[str, list[File]] = {}
        self.fresh: dict[tuple[str, str], Cells] = {}
        self.last: dict[str, str] = {}

    def log(self, given: Values, claim_id: object, appearance: Document) -> str:
        """Compose a claim."""
        row = self.parser.row(CLAIMS, given)
        same = {name: row[name] for name in ("claim", "claimant", "made_on")}
        chosen = parsing.chosen_claim_id(claim_id) if _is_given(claim_id) else None
        taken = self.dataset.ids("claims")
        if chosen and chosen in taken:
            standing = self.dataset.row("claims", chosen, withdrawn_too=True)
            if not same.items() <= standing.items():
                day = reduced(standing["made_on"], standing["made_on_precision"]) or "no day"
                held = f"{standing['claim']!r}, {standing['claimant']}, {day}"
                allowed = f"an id that is not taken (this one is: {held})"
                raise InvalidValue("claim_id", chosen, allowed, "claims")
            return self._logged(chosen, chosen, row, appearance)
        standing_id = self.dataset.alike("claims", same)
        if standing_id is not None:
            return self._logged(standing_id, chosen, row, appearance)
        self._refuse_twin_of_one_left_out(same)
        row["appearance"] = (
            self.source(appearance, may_be_file=self.takes_files) if _is_given(appearance) else ""
        )
        named = chosen or parsing.claim_id(row["claim"], row["claimant"], row["made_on"], taken)
        self._warn_nearly_same(named, row)
        return self._add(CLAIMS, row, named)

    def _warn_nearly_same(self, claim_id: str, row: Cells) -> None:
        same = {name: row[name] for name in ("claim", "claimant")}
        withdrawn = self.dataset.withdrawn_ids(CLAIMS.name)
        for other in self.dataset.found(CLAIMS.name, same, alike):
            if other[CLAIMS.id] not in withdrawn and not same.items() <= other.items():
                self.warnings.append(
                    f"{claim_id} is nearly the same as {other[CLAIMS.id]}: {NEARLY} {IF_ONE}"
                )
                return

    def _refuse_twin_of_one_left_out(self, same: Cells) -> None:
        """Refuse a claim that is logged already, in a row that can't be read now: it would get a second id."""
        for standing in self.dataset.left_out_with("claims", "claim", same["claim"]):
            faults = self.dataset.faults("claims", str(standing[CLAIMS.id]))
            wrong = {fault.column for fault in faults}
            if all(standing[name] == cell or name in wrong for name, cell in same.items()):
                places = " ".join(map(str, faults[:3])).rstrip(".")
                allowed = (
                    f"a claim that is not logged yet; this one is, as {standing[CLAIMS.id]!r}, in a row that is wrong and "
                    f"left out. Mend that first, with ledger.edit or in the file: {places}"
                )
                raise InvalidValue("claim", same["claim"], allowed, CLAIMS.name)

    def _logged(self, row_id: str, chosen: str | None, row: dict[str, str], appearance: Document) -> str:
        """Return the id of a claim that is logged already; tell what is not as it stands."""
        if chosen not in (None, row_id):
            self.warnings.append(f"This claim is logged already, as {row_id}; {chosen} was not made.")
        row["appearance"] = (
            self._named(appearance, may_be_file=self.takes_files).row_id if _is_given(appearance) else ""
        )
        return self._stands(CLAIMS, row_id, row)

    def repeat(self, claim_id: str, given: Values, appearance: Document) -> str:
        """Compose one more appearance of a claim."""
        first = self._claim(claim_id)
        claimant = first["claimant"] if given["claimant"] is None else given["claimant"]
        row = self.parser.row(APPEARANCES, {**given, "claim_id": claim_id, "claimant": claimant})
        if given["claimant_role"] is None and row["claimant"] == first["claimant"]:
            row["claimant_role"] = first["claimant_role"]
        row["source_id"] = (
            self.source(appearance, may_be_file=self.takes_files) if _is_given(appearance) else ""
        )
        same = ("claim_id", "claimant", "made_on", "source_id", "quote", "place")
        standing = self.dataset.alike("appearances", {name: row[name] for name in same})
        if standing:
            return self._stands(APPEARANCES, standing, row)
        return self._add(APPEARANCES, row)

    def attach(self, claim_id: str, given: Values, url: Document, file: Document, details: Values) -> str:
        """Compose a source attached to a claim."""
        self._claim(claim_id)
        row = self.parser.row(EVIDENCE, {**given, "claim_id": claim_id, "source_id": "to come"})
        row["source_id"] = self.source(url, file, details)
        named_by = [row[name] for name in ("claim_id", "source_id", "stance", "quote")]
        row_id = ids.row_id(EVIDENCE.letter, named_by)
        if row_id in self.dataset.ids("evidence"):
            return self._stands(EVIDENCE, row_id, row)
        if (EVIDENCE.name, row_id) in self.fresh:
            return row_id
        row["place"] = snapshots.place_of(row["quote"], row["place"], self._documents(row["source_id"]))
        return self._add(EVIDENCE, row, row_id)

    def _documents(self, source_id: str) -> Iterator[Words | None]:
        """Yield the words of what this call keeps of a source, then of what was kept of it before."""
        for file in self._files.get(source_id, ()):
            yield reading.whole(file.data, file.media_type)
        if self.words is not None:
            yield from map(self.words, reversed(snapshots.of_source(self.dataset, source_id)))

    def _claim(self, claim_id: str) -> Cells:
        """Return the row of a claim, also of one that this call makes."""
        made_here = self.fresh.get((CLAIMS.name, claim_id)) if isinstance(claim_id, str) else None
        return made_here or self.dataset.row("claims", claim_id)

    def set_status(self, claim_id: str, given: Values) -> str:
        """Compose a status."""
        made_on = self._claim(claim_id)["made_on"]
        today = schema.day_text(self.parser.today)
        day = max(today, made_on) if given["holds_from"] is None else given["holds_from"]
        row = self.parser.row(STATUSES, {**given, "claim_id": claim_id, "holds_from": day})
        rests_on = self._own_evidence(claim_id, row["evidence"])
        row["judged"] = snapshots.judged(self.dataset, rests_on)
        mine = [
            one | {"status": self._now_called(one["status"])}
            for one in self.dataset.of_claim("statuses", claim_id)
        ]
        mine.sort(key=lambda one: (one["holds_from"], one["recorded_at"], one["status_id"]))
        upto = [one for one in mine if one["holds_from"] <= row["holds_from"]]
        if (
            upto
            and _says_the_same(upto[-1], row)
            and snapshots.same_words(self.dataset, upto[-1]["judged"], row["judged"])
        ):
            optional = ("gaps", "reviewed_by", "published_at", "published_on")
            self._warn_differing(upto[-1]["status_id"], upto[-1], {n: row[n] for n in optional if row[n]})
            return upto[-1]["status_id"]
        for other in mine[len(upto) :][:1]:
            self.warnings.append(
                f"{claim_id}: {row['status']!r} holds from {row['holds_from']} until {other['status']!r} of "
                f"{other['holds_from']} ({other['status_id']}), which still stands."
            )
        return self._add(STATUSES, row)

    def _now_called(self, status: str) -> str:
        return self.dataset.settings.renamed.get(status, status)

    def edit(self, table: Table, row_ids: Sequence[str], columns: Values, why: str) -> list[str]:
        """Compose new cells for rows, and what is to be remembered of the old ones."""
        return self.record(table, self.put(table, row_ids, columns), why)

    def put(self, table: Table, row_ids: Sequence[str], columns: Values) -> list[Cell]:
        """Compose new cells for rows, of which `record` is to remember the old ones."""
        cells = self.parser.filled(table, columns)
        if table is CLAIMS and "made_on" in cells:
            cells.setdefault("made_on_precision", "")
        rows = self.dataset.rows(table.name, row_ids, setting=cells)
        for name in ("appearance", "source_id"):
            if cells.get(name):
                self.dataset.row("sources", cells[name])
        if cells.get("evidence"):
            for row in rows.values():
                self._own_evidence(row["claim_id"], cells["evidence"])
        if table is SOURCES and "url" in cells:
            cells["url"] = self.parser.address(cells["url"])[0] if cells["url"] else ""
        return self._changed(table, rows, cells)

    def choose(self, table: Table, cell: Cell, why: str, after: Iterable[str]) -> None:
        """Compose what is to be remembered of a choice between two ledgers, later than all that was said before."""
        reason = self.parser.row(CHANGES, {"table": table.name, "row_id": "to come", "why": why})
        held = {"row_id": cell.row_id, "column": cell.column, "before": cell.before, "after": cell.after}
        self._add(CHANGES, reason | held, after=after)

    def give(self, row: Cells) -> None:
        """Compose a status that stands for another ledger's, whatever holds on its day."""
        self._add(STATUSES, self.parser.row(STATUSES, {n: row[n] for n in ("claim_id", *STATUSES.editable)}))

    def turn(self, table: Table, row_ids: Sequence[str], before: str, after: str, why: str) -> list[str]:
        """Compose withdrawals of rows, or their end."""
        rows = self.dataset.rows(table.name, row_ids, withdrawn_too=True)
        withdrawn = self.dataset.withdrawn_ids(table.name)
        turned = [row_id for row_id in rows if (row_id in withdrawn) == (before == WITHDRAWN)]
        return self.record(table, [Cell(row_id, "", before, after) for row_id in turned], why)

    def source(
        self, url: Document, file: Document = None, details: Values | None = None, may_be_file: bool = False
    ) -> str:
        """Return the id of a document, by address, file or id; compose its row where it is new."""
        named, details = self._named(url, file, may_be_file), details or {}
        if named.row_id in self.dataset.ids("sources"):
            self._described(named.row_id, details)
        elif (SOURCES.name, named.row_id) not in self.fresh:
            if named.file and not named.url:
                details = {**details, "title": details.get("title") or named.file.name}
            self._add(SOURCES, self.parser.row(SOURCES, {**details, "url": named.url}), named.row_id)
        if named.file:
            self._keep(named.row_id, named.file)
        return named.row_id

    def keep(self, source_id: str, file: Document, retrieved_at: object = None) -> str:
        """Compose a file kept of a source that is described already."""
        self.dataset.row("sources", source_id)
        if not _is_given(file) or not isinstance(file, (str, PurePath, File)):
            raise InvalidValue("file", file, "a file's name, as text or as pathlib.Path", SNAPSHOTS.name)
        at = "" if retrieved_at is None else self.parser.past_moment(SNAPSHOTS, "retrieved_at", retrieved_at)
        return self._keep(source_id, _read(file), at)

    def keep_again(self, source_id: str, file: File) -> str:
        """Compose a document kept of a source anew, also where it is the same as before: somebody looked."""
        self.dataset.row("sources", source_id)
        return self._keep(source_id, file, is_anew=True)

    def _keep(self, source_id: str, file: File, at: str = "", is_anew: bool = False) -> str:
        """Compose a file kept of a source, once; one that was retrieved earlier counts from now on in `as_known`."""
        self._files.setdefault(source_id, []).append(file)
        standing = self.dataset.alike("snapshots", {"source_id": source_id, "sha256": file.sha256})
        if standing and not is_anew:
            self._back(SNAPSHOTS, standing)
            held = self.dataset.row("snapshots", standing, withdrawn_too=True)["retrieved_at"]
            if at and at != held:
                self.warnings.append(
                    f"The same bytes are kept already, as {standing} of {held}; nothing was added."
                )
            return standing
        kept: Values = {
            "source_id": source_id,
            "sha256": file.sha256,
            "media_type": file.media_type,
            "bytes": len(file.data),
        }
        row_id = self._add(SNAPSHOTS, self.parser.row(SNAPSHOTS, kept), at=at)
        self.entry.documents.append(file.data)
        if at:
            written = {row_id: pd.Timestamp(at)}
            self.record(SNAPSHOTS, [Cell(row_id, "", "", ADDED)], "retrieved before it was kept", written)
        return row_id

    def _named(self, url: Document, file: Document = None, may_be_file: bool = False) -> _Named:
        """Return which document an address, a file or an id names; a file beside it is kept of that."""
        for name, one in (("url", url), ("file", file)):
            if _is_given(one) and not isinstance(one, (str, PurePath, File)):
                raise InvalidValue(name, one, "an address, a file or the id of a source", "sources")
        kept = _read(file) if _is_given(file) else None
        if not _is_given(url):
            if kept is None:
                raise InvalidValue("url", url, "an address or the id of a source, or else a file", "sources")
            return _Named(ids.row_id(SOURCES.letter, (kept.sha256,)), file=kept)
        if isinstance(url, str):
            if url.strip() in self.dataset.ids("sources"):
                return _Named(url.strip(), file=kept)
            if parsing.is_address(url):
                text, row_id = self.parser.address(url)
                return _Named(row_id, text, kept)
        # An address column may come from anywhere; no file is read for it.
        if not may_be_file:
            advice = "Give an address with http:// or https://, a source's id, or a file as file=."
            raise NotFound("source", str(url), (), advice)
        kept = _read(url)
        return _Named(ids.row_id(SOURCES.letter, (kept.sha256,)), file=kept)

    def _described(self, row_id: str, details: Values) -> str:
        """Fill the cells of a known document that are still empty; tell where others differ."""
        standing = self.dataset.row("sources", row_id, withdrawn_too=True)
        self._back(SOURCES, row_id)
        cells = {name: cell for name, cell in self.parser.cells(SOURCES, details).items() if cell}
        self._warn_differing(row_id, standing, {name: cell for name, cell in cells.items() if standing[name]})
        empty = {name: cell for name, cell in cells.items() if not standing[name]}
        self.record(SOURCES, self._changed(SOURCES, {row_id: standing}, empty), "described further")
        return row_id

    def _add(
        self,
        table: Table,
        row: dict[str, str],
        row_id: str = "",
        after: Iterable[str] = (),
        at: str = "",
    ) -> str:
        """Take a new row in, later than its claim's others; its id is the one given, else made from all its cells."""
        claim_id = row.get("claim_id", "")
        row[table.moment] = at or self.moment([self._latest(claim_id)] if claim_id else after)
        if claim_id or table is CLAIMS:
            self.last[claim_id or row_id] = row[table.moment]
        row[table.writer] = self.by
        row[table.id] = row_id or ids.row_id(table.letter, ids.parts(table, row, table.names[1:]))
        self.entry.rows.setdefault(table.name, []).append([row[name] for name in table.names])
        self.fresh[table.name, row[table.id]] = row
        return row[table.id]

    def _latest(self, claim_id: str) -> str:
        """Return the latest moment of what belongs to a claim."""
        if claim_id not in self.last:
            of_claim = ("claims", "appearances", "evidence", "statuses")
            self.last[claim_id] = max(self.dataset.last_moment(name, claim_id) for name in of_claim)
        return self.last[claim_id]

    def moment(self, after: Iterable[str]) -> str:
        """Return the clock's moment, or one microsecond after the latest that stands: moments only go forward."""
        latest, now = max(after, default=""), schema.moment_text(self.now)
        if latest < now:
            return now
        standing = datetime.fromisoformat(latest)
        if standing - self.now > CLOCK_BEHIND:
            self.warnings.append(
                f"This computer's clock ({now}) is behind what stands in the ledger ({latest}). One of the two clocks is "
                "wrong."
            )
        return schema.moment_text(standing + timedelta(microseconds=1))

    def _stands(self, table: Table, row_id: str, row: Cells) -> str:
        """Return the id of a row that stands already; tell what differs, and take back its withdrawal."""
        standing = self.dataset.row(table.name, row_id, withdrawn_too=True)
        fixed = (table.id, table.moment, table.writer, "origin")
        # An empty precision says something: that the day is known.
        given = {n: row[n] for n in table.names if n not in fixed and (row[n] or n == "made_on_precision")}
        self._warn_differing(row_id, standing, given)
        self._back(table, row_id)
        return row_id

    def _back(self, table: Table, row_id: str) -> None:
        if row_id in self.dataset.withdrawn_ids(table.name):
            self.record(table, [Cell(row_id, "", WITHDRAWN, "")], "given again")
            self.warnings.append(f"{row_id} had been withdrawn, and stands again.")

    def _warn_differing(self, row_id: str, standing: Cells, given: Cells) -> None:
        other = [name for name, cell in given.items() if standing[name] != cell]
        if other:
            self.warnings.append(
                f"{row_id} stands already with another {' and '.join(other)}; ledger.edit changes that."
            )

    def _changed(self, table: Table, rows: Mapping[str, Cells], cells: Cells) -> list[Cell]:
        """Set cells of rows; of rival versions, of each that holds another."""
        changed = [
            Cell(row_id, column, before, after)
            for row_id, row in rows.items()
            for column, after in cells.items()
            for before in sorted({row[column]} | self.dataset.held(table.name, row_id, column))
            if before != after
        ]
        if changed:
            self.entry.cells.setdefault(table.name, []).extend(changed)
        return changed

    def record(
        self,
        table: Table,
        cells: Sequence[Cell],
        why: str,
        written: Mapping[str, pd.Timestamp] | None = None,
    ) -> list[str]:
        """Take in a row of `changes` for each cell, later than the row it is about and than its last change.

        `written` says when the rows were written that the dataset does not have.
        """
        if not cells:
            return []
        row_ids = {cell.row_id for cell in cells}
        changes = self.dataset.all("changes")
        at = self.dataset.moments(table.name, row_ids) if written is None else written
        written_at = {row_id: "" if pd.isna(one) else schema.moment_text(one) for row_id, one in at.items()}
        of_rows = changes[(changes["table"] == table.name) & changes["row_id"].isin(row_ids)]
        last = of_rows.groupby(["row_id", "column"])["changed_at"].max().dropna()
        changed = {cell: schema.moment_text(one) for cell, one in last.items()}
        reason = self.parser.row(CHANGES, {"table": table.name, "row_id": "to come", "why": why})
        made = []
        for cell in cells:
            row = reason | {"row_id": cell.row_id, "column": cell.column}
            row |= {"before": cell.before, "after": cell.after}
            after = [written_at[cell.row_id], changed.get((cell.row_id, cell.column), "")]
            made.append(self._add(CHANGES, row, after=after))
        return made

    def _own_evidence(self, claim_id: str, named: str) -> list[Cells]:
        """Return the rows of evidence by their ids; refuse those that are none of the claim's."""
        if not named:
            return []
        own: dict[str, Cells] = {
            row["evidence_id"]: row for row in self.dataset.of_claim("evidence", claim_id)
        }
        own |= {
            row_id: row
            for (table, row_id), row in self.fresh.items()
            if table == EVIDENCE.name and row["claim_id"] == claim_id
        }
        for evidence_id in named.split(SEPARATOR):
            if evidence_id not in own:
                advice = f"Its evidence: {', '.join(own) or 'none yet; attach a source first'}."
                raise NotFound(
                    f"evidence of {claim_id!r} with the id",
                    evidence_id,
                    nearest(evidence_id, list(own)),
                    advice,
                )
        return [own[evidence_id] for evidence_id in named.split(SEPARATOR)]


def _read(file: Document) -> File:
    """Read a file that is to be kept."""
    if isinstance(file, File):
        return file
    path = Path(str(file))
    advice = "Give an address with http:// or https://, a file, or a source's id."
    try:
        data = path.read_bytes() if path.is_file() else None
    except (OSError, ValueError) as error:
        raise NotFound("file that can be read:", str(path), (), advice) from error
    if data is None:
        raise NotFound("file", str(path), (), advice)
    return File(path.name, data)


def _is_given(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _says_the_same(standing: Cells, row: Cells) -> bool:
    one, other = (
        (of["status"], of["rationale"], {*of["evidence"].split(SEPARATOR), ""}) for of in (standing, row)
    )
    return one == other
