"""What of a ledger can no longer be proved: seals, ids, documents and quotes derived anew from the bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path

from factdesk.articles.reading import whole
from factdesk.checks import replay
from factdesk.checks.replay import Change, RowName
from factdesk.errors import Finding
from factdesk.frames import records
from factdesk.ledger import forms, ids, quotes
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.derived import other_ids
from factdesk.ledger.seal import HASH, Row, leaves_file, read_leaves
from factdesk.schema import SEALS, SNAPSHOTS, SOURCES, TABLES, WITHDRAWN
from factdesk.storage.files import Store
from factdesk.storage.folder import Folder
from factdesk.storage.seals import Anew
from factdesk.text import shown

_SEAL_ID = re.compile("l-[a-z2-7]{12}")

NAMED = 5
"""How many of the rows that were changed since a seal a note names."""

RIVALS = ("rival-versions", "two-claims")
"""Findings of rows that stand in versions nobody has chosen between."""

UNREAD = ("torn-line", "unreadable-row", "conflict")
"""Codes of lines that are no rows."""

HIDES = [(table.name, table.id) for table in TABLES.values()]
"""Whose withdrawal hides a row, and the column that names it."""

QUOTED = {"claims": "appearance", "appearances": "source_id", "evidence": "source_id"}
"""Tables that quote, and the column that says which document."""

COMPARED_LIMIT = 20_000_000
"""Characters of documents in which passages like quotes that are not there are looked for: some seconds."""

FROM_A_COPY = "Put the file back from Git or a copy."


@dataclass(frozen=True)
class _Seal:
    """One seal as it lies on the disk: its row, and what its file of leaves says."""

    row: Row
    line: int
    leaves: dict[bytes, RowName] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.row["seal_id"]

    @property
    def label(self) -> str:
        """The seal as messages name it."""
        return f"{shown(self.id)} of {shown(self.row['sealed_at'][:10])}"


class Proof:
    """Derives anew, from the bytes alone, whatever of a ledger can be derived; `findings` names what differs."""

    def __init__(self, anew: Anew, store: Store) -> None:
        self.anew, self.store = anew, store
        self.readings = anew.content.readings
        self._folder = store.folder / "snapshots"
        self._compared = 0

    def findings(self) -> list[Finding]:
        """Return all that does not match."""
        checks = (self._unread, self._seals, self._since, self._beside, self._unexplained, self._ids, self._snapshots,
                  self._quotes, self._forms)  # fmt: skip
        return [*self.anew.sealed.findings, *chain.from_iterable(check() for check in checks)]

    # --- rows as they lie in the files, several versions of one and rows that are wrong among them

    @cached_property
    def _columns(self) -> dict[str, list]:
        return {name: ids.columns(of.cells, TABLES[name]) for name, of in self.readings.items()}

    @cached_property
    def _dataset(self) -> Dataset:
        return Dataset.read(self.anew.content)

    @cached_property
    def _have(self) -> dict[bytes, RowName]:
        """The leaf of every row in the files, and of what stands for several versions of one."""
        have: dict[bytes, RowName] = {}
        for name, reading in self.readings.items():
            row_ids = reading.cells[TABLES[name].id].tolist()
            leaves = ids.leaves(name, self._columns[name])
            have.update(zip(leaves, ((name, row_id) for row_id in row_ids), strict=True))
            if len(set(row_ids)) < len(row_ids):
                settled = ids.columns(self._dataset.cells(name), TABLES[name])
                named = ((name, row_id) for row_id in settled[0].to_pylist())
                have.update(zip(ids.leaves(name, settled), named, strict=True))
        return have

    @cached_property
    def _places(self) -> dict[str, dict[str, list[int]]]:
        """Where the rows of an id lie in their table's frame."""
        places: dict[str, dict[str, list[int]]] = {}
        for name, reading in self.readings.items():
            of = places.setdefault(name, {})
            for at, row_id in enumerate(reading.cells[TABLES[name].id].tolist()):
                of.setdefault(row_id, []).append(at)
        return places

    @cached_property
    def _changes(self) -> dict[RowName, list[Change]]:
        leaves = ids.leaves("changes", self._columns["changes"])
        return replay.by_row(self.readings["changes"].cells.assign(leaf=leaves))

    def _versions(self, name: str, row_id: str) -> list[Row]:
        """Return a row as it lies in its file: once, or in the several versions that a merge left."""
        cells = self.readings[name].cells.iloc[self._places[name].get(row_id, [])]
        return records(cells, TABLES[name].names)

    def _settled(self, name: str, row_id: str) -> list[Row]:
        """Return the row that stands for several versions."""
        settled = self._dataset.cells(name)
        return records(settled[settled[TABLES[name].id] == row_id], TABLES[name].names)

    def _before(self, name: str, row_id: str, rows: Iterable[Row], leaves: Container[bytes]) -> Iterator[Row]:
        """Return what rows held before, with the changes undone that are not among sealed leaves."""
        since = [one for one in self._changes.get((name, row_id), ()) if one.leaf not in leaves]
        for row in rows:
            yield from replay.earlier(row, since, TABLES[name].names)

    def _finding(
        self, code: str, severity: str, message: str, advice: str, table: str, row_id: str, column: str = "",
        value: str = "",
    ) -> Finding:  # fmt: skip
        """Name a row of a table, with its place and its claim."""
        reading = self.readings[table]
        at = self._places[table].get(row_id, [-1])[-1]
        claim = ""
        if table == "claims":
            claim = shown(row_id)
        elif at >= 0 and "claim_id" in reading.cells:
            claim = shown(str(reading.cells["claim_id"].iat[at]))
        line = int(reading.lines[at]) if at >= 0 else 0
        return Finding(code, severity, message, advice, table, reading.file, line, column, shown(value),
                       shown(row_id), claim)  # fmt: skip

    # --- seals

    @cached_property
    def _sealed(self) -> list[_Seal]:
        reading = self.anew.sealed
        rows = records(reading.cells, SEALS.names)
        seals = [_Seal(row, int(line)) for row, line in zip(rows, reading.lines, strict=True)]
        seals = list({tuple(seal.row.items()): seal for seal in seals}.values())
        return sorted(seals, key=lambda seal: (seal.row["sealed_at"], seal.id))

    def _seals(self) -> Iterator[Finding]:
        seals = self._sealed
        lost: dict[RowName, tuple[_Seal, bytes]] = {}
        for seal in seals:
            cells = [seal.row[name] for name in SEALS.names]
            if ids.row_id(SEALS.letter, cells[1:]) != seal.id:
                yield self._of_seal("other-id", "error", "the row's id does not come from its cells: one of them was changed.",
                                    "Put the row back from Git or a copy.", seal)  # fmt: skip
            if not _SEAL_ID.fullmatch(seal.id):
                continue
            yield from self._leaves_of(seal)
            for leaf, named in seal.leaves.items():
                if leaf not in self._have:
                    lost[named] = (seal, leaf)  # of several seals the latest: it was changed since
        for (name, row_id), (seal, leaf) in lost.items():
            yield from self._lost(name, row_id, seal, leaf)
        if seals and seals[-1].row["settings"] != self.anew.settings:
            yield Finding(
                "settings-changed", "note", f"the settings are not those of seal {seals[-1].label}.",
                "Seal the ledger again if that was meant.", file=self.store.named(self.store.settings))  # fmt: skip
        known = {seal.id for seal in seals}
        for path in sorted(self.store.leaves_of("").parent.glob("*")):
            if path.name not in {f"{seal_id}.csv" for seal_id in known}:
                yield Finding(
                    "seal-gone", "warning", "the leaves of a seal lie here, but seals.csv has no row for them.",
                    "Put the row back from Git or a copy. Only where a call to seal was cut short is there none to put back.",
                    SEALS.name, self.store.named(path))  # fmt: skip

    def _beside(self) -> Iterator[Finding]:
        """Name other versions of a row that a seal covers: what is shown may be theirs."""
        places = [(name, *one) for name, of in self._places.items() for one in of.items()]
        twice = {(name, row_id) for name, row_id, at in places if len(at) > 1}
        if not twice:
            return
        yield from (one for one in self._dataset.row_findings if one.code in RIVALS)
        leaves = {leaf for seal in self._sealed for leaf in seal.leaves}
        for name, row_id in sorted(twice):
            table = TABLES[name]
            covered = [row for row in self._versions(name, row_id) if ids.leaf_of(table, row) in leaves]
            content = [one for one in table.names if one not in (table.moment, table.writer)]
            shown_rows = list(self._before(name, row_id, self._settled(name, row_id), leaves))
            same = any(all(a[one] == b[one] for one in content) for a in covered for b in shown_rows)
            if covered and shown_rows and not same:
                yield self._finding(
                    "version-since-seal", "warning", "another version of a sealed row stands in the file, and fills cells of it.",
                    "Look at both; where the other one is wrong, take it out of the file.", name, row_id)  # fmt: skip

    def _since(self) -> Iterator[Finding]:
        """Name the rows of each seal that were changed since through the workbench: whoever holds its digest reads
        others now."""
        touched = {named for named in self._changes if named[0] in TABLES}
        for seal in self._sealed:
            covered: dict[RowName, set[bytes]] = {}
            for leaf, named in seal.leaves.items():
                if named in touched:
                    covered.setdefault(named, set()).add(leaf)
            changed: dict[str, list[RowName]] = {"edited": [], "withdrawn": [], "reinstated": []}
            for named, leaves in sorted(covered.items()):
                if self._is_edited(named, leaves, seal):
                    changed["edited"].append(named)
                turns = [change for change in self._changes[named] if not change.column]
                then = [turn.after for turn in turns if turn.leaf in seal.leaves][-1:] == [WITHDRAWN]
                now = [turn.after for turn in turns][-1:] == [WITHDRAWN]
                if then != now:
                    changed["withdrawn" if now else "reinstated"].append(named)
            rows = list(dict.fromkeys(named for ones in changed.values() for named in ones))
            if not rows:
                continue
            counted = ", ".join(f"{len(ones):,} {how}" for how, ones in changed.items() if ones)
            few = ", ".join(f"{name} {shown(row_id, 40)}" for name, row_id in rows[:NAMED])
            more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
            message = f"rows of seal {seal.label} were changed since through the workbench: {counted} ({few}{more})."
            advice = "Nothing to do; changes says of each what stood there, who changed it and why."
            yield self._of_seal("edited-since-seal", "note", message, advice, seal, seal.row["digest"][:32])

    def _is_edited(self, named: RowName, leaves: set[bytes], seal: _Seal) -> bool:
        """Return whether a row of a seal has changes since, and stands otherwise than it was sealed."""
        since = any(change.column and change.leaf not in seal.leaves for change in self._changes[named])
        return since and any(
            ids.leaf_of(TABLES[named[0]], row) not in leaves for row in self._versions(*named)
        )

    def _of_seal(
        self, code: str, severity: str, message: str, advice: str, seal: _Seal, value: str = ""
    ) -> Finding:
        file, seal_id = self.anew.sealed.file, shown(seal.id)
        return Finding(
            code, severity, message, advice, SEALS.name, file, seal.line, value=shown(value), row_id=seal_id
        )

    def _leaves_of(self, seal: _Seal) -> Iterator[Finding]:
        """Read a seal's leaves, and compare them with its row, and the names in them to the rows that are there."""
        path = self.store.leaves_of(seal.id)
        file = self.store.named(path)

        def finding(code: str, message: str, line: int = 0) -> Finding:
            return Finding(code, "error", message, FROM_A_COPY, SEALS.name, file, line, row_id=seal.id)

        try:
            data = self.store.disk.read(path)
        except OSError as error:
            yield finding("leaves-gone", f"the leaves of seal {seal.label} can't be read ({error.strerror}).")
            return
        found, lines = read_leaves(data)
        if found is None:
            yield finding("leaves-changed", f"line {lines[0]} is no leaf of seal {seal.label}.", lines[0])
            return
        seal.leaves.update(found)
        if ids.root(found) != seal.row["digest"] or str(len(found)) != seal.row["rows"]:
            yield finding("leaves-changed", f"the leaves are not those of seal {seal.label}.")
        for line, (leaf, named) in zip(lines, found.items(), strict=True):
            if named[0] not in TABLES or self._have.get(leaf, named) != named:
                yield finding("leaves-changed", "a leaf is given to another row than it is of.", line)
        if leaves_file(found) != data:
            advice = "Nothing to do."
            message = "the leaves are written otherwise than factdesk writes them, and read the same."
            yield Finding("form", "note", message, advice, SEALS.name, file, row_id=seal.id)

    def _lost(self, name: str, row_id: str, seal: _Seal, leaf: bytes) -> Iterator[Finding]:
        """Name a row that a seal covers and that does not come back when the changes made since are undone."""
        advice = "Where that was right, accept_edits takes it in; else put the row back from Git or a copy."
        if name not in TABLES:
            return
        versions = self._versions(name, row_id)
        if not versions:
            message = f"a row that seal {seal.label} covers is gone."
            yield self._finding("gone-since-seal", "error", message, advice, name, row_id, value=seal.id)
            return
        if len(versions) > 1:
            versions += self._settled(name, row_id)
        earlier = self._before(name, row_id, versions, seal.leaves)
        if all(ids.leaf_of(TABLES[name], row) != leaf for row in earlier):
            message = f"the row is not as it was when seal {seal.label} was made, and no change explains it."
            yield self._finding("changed-since-seal", "error", message, advice, name, row_id, value=seal.id)

    # --- what follows from rows

    def _unread(self) -> Iterator[Finding]:
        """Name lines that could not be read as rows: nothing of them can be proved."""
        for reading in self.readings.values():
            yield from (one for one in reading.findings if one.code in UNREAD)

    def _unexplained(self) -> Iterator[Finding]:
        """Find cells that do not hold what their last change says; of several versions, any that no change knows."""
        for (name, row_id), changes in self._changes.items():
            versions = self._versions(name, row_id) if name in TABLES else []
            for column in dict.fromkeys(change.column for change in changes):
                if not versions or column not in versions[0]:
                    continue
                of_cell = [change for change in changes if change.column == column]
                held = {row[column] for row in versions}
                known = {text for change in of_cell for text in (change.before, change.after)}
                heads = replay.heads((one.before, one.after) for one in of_cell)
                if held.isdisjoint(heads) or not held <= known:
                    yield self._finding(
                        "unexplained-cell", "error", f"{column} does not hold what its last change says.",
                        "Set it with edit, which says why; or put the file back from Git or a copy.",
                        name, row_id, column, min(held - known, default=min(held)))  # fmt: skip

    def _ids(self) -> Iterator[Finding]:
        """Find rows whose id does not come from what was first written in them."""
        cells = {name: reading.cells for name, reading in self.readings.items()}
        for name, row_id in other_ids(cells, self._changes):
            yield self._finding(
                "other-id", "error", "the row's id does not come from its cells: one of them was changed.",
                "Put the row back from Git or a copy.", name, row_id)  # fmt: skip

    def _cells(self, name: str, column: str) -> list[str]:
        return self.readings[name].cells[column].tolist()

    # --- documents

    def _snapshots(self) -> Iterator[Finding]:
        """Compare each kept document to its name and its size."""
        folder = self._folder
        hashed: dict[str, tuple[str, int]] = {}
        rows = (self._cells("snapshots", name) for name in ("snapshot_id", "sha256", "bytes"))
        for row_id, sha256, size in zip(*rows, strict=True):
            if not HASH.fullmatch(sha256):
                continue
            path = folder / sha256
            file = self.store.named(path)
            try:
                if sha256 not in hashed:
                    hashed[sha256] = _hash_of(self.store.disk, path)
            except OSError as error:
                limit = self.anew.content.settings.largest_in_git
                if isinstance(error, FileNotFoundError) and size.isdecimal() and int(size) > limit:
                    message = (
                        f"the document {file} is not here: it has over {limit:,} bytes and stays out of Git."
                    )
                    yield self._finding("snapshot-elsewhere", "note", message, "Copy it from where it was kept.",
                                        SNAPSHOTS.name, row_id)  # fmt: skip
                    continue
                message = f"the document {file} can't be read ({error.strerror})."
                yield self._finding("snapshot-gone", "error", message, FROM_A_COPY, SNAPSHOTS.name, row_id)
                continue
            if hashed[sha256][0] != sha256:
                message = f"the document {file} is not the one that was kept: its SHA-256 is another."
                yield self._finding("snapshot-changed", "error", message, FROM_A_COPY, SNAPSHOTS.name, row_id)
            elif size and size != str(hashed[sha256][1]):
                message = f"the document {file} has {hashed[sha256][1]:,} bytes, the row says otherwise."
                yield self._finding("snapshot-size", "error", message, "Correct the cell with edit.",
                                    SNAPSHOTS.name, row_id, "bytes", size)  # fmt: skip
        named = set(self._cells("snapshots", "sha256"))
        for path in sorted(folder.glob("*")):
            if path.name not in named:
                yield Finding("unnamed-document", "note", "no row of snapshots names this file.",
                              "A call may have been cut short; it can be removed.", file=self.store.named(path))  # fmt: skip

    def _quotes(self) -> Iterator[Finding]:
        """Look for each quote in the documents of its source that were kept."""
        kept: dict[str, list[RowName]] = {}
        for row in self._shown("snapshots", ["source_id", "sha256", "media_type"]):
            kept.setdefault(row[0], []).append((row[1], row[2]))
        texts: dict[str, list[str]] = {}
        unread: set[str] = set()
        for name, source_column in QUOTED.items():
            for row_id, source, quote in self._shown(name, [TABLES[name].id, source_column, "quote"]):
                if source not in kept or not quote:
                    continue
                if source not in texts:
                    texts[source] = list(self._texts(kept[source]))
                if not texts[source]:
                    if all((self._folder / sha256).is_file() for sha256, _ in kept[source]):
                        unread.add(source)  # a document that is gone is named as that
                elif not any(quotes.stands_in(quote, text) for text in texts[source]):
                    others = " (another is no text)" if len(texts[source]) < len(kept[source]) else ""
                    beside = self._beside_quote(quote, texts[source])
                    yield self._finding(
                        "quote-not-found", "warning",
                        f"the quote does not stand in the document kept of {shown(source)}{others}{beside}.",
                        "Quote the exact words; or keep the document in which they stand.",
                        name, row_id, "quote", quote)  # fmt: skip
        for source in sorted(unread):
            yield self._finding(
                "quote-unread", "note", "quotes can't be looked for in the document kept of this source: it is no text.",
                "Look them up yourself.", SOURCES.name, source)  # fmt: skip

    def _beside_quote(self, quote: str, texts: Sequence[str]) -> str:
        """Return where a quote departs from the documents, and what stands there; for so many characters of them."""
        for text in texts:
            self._compared += max(len(text), COMPARED_LIMIT // 400)
            if self._compared < COMPARED_LIMIT and (passage := quotes.nearest_passage(quote, text)):
                quoted, there = (shown(one, 250) for one in passage)
                return f": quoted is '{quoted}', there stands '{there}'"
        return ""

    def _shown(self, name: str, columns: Sequence[str]) -> Iterator[list[str]]:
        """Return some cells of the rows that were not withdrawn, each row once."""
        read = self.readings[name].cells
        cells = read if len(self._places[name]) == len(read) else self._dataset.cells(name)
        hides = [
            (of, column) for of, column in HIDES if column in cells and of in (name, "claims", "sources")
        ]
        gone = [
            ({row_id for table, row_id in self._withdrawn if table == of}, cells[column].tolist())
            for of, column in hides
        ]
        for at, row in enumerate(zip(*(cells[column].tolist() for column in columns), strict=True)):
            if not any(withdrawn and of[at] in withdrawn for withdrawn, of in gone):
                yield list(row)

    @cached_property
    def _withdrawn(self) -> set[RowName]:
        """The rows that were withdrawn and not reinstated."""
        return {
            named
            for named, changes in self._changes.items()
            if [change.after for change in changes if not change.column][-1:] == [WITHDRAWN]
        }

    def _texts(self, documents: Iterable[RowName]) -> Iterator[str]:
        for sha256, kind in documents:
            path = self._folder / sha256
            data = self.store.disk.read_or_none(path)
            if data is not None and (found := whole(data, kind)) is not None:
                yield found.text

    # --- form

    def _forms(self) -> Iterator[Finding]:
        """Find tables that are not in the form in which factdesk writes them, though they say the same."""
        readings = {**self.readings, SEALS.name: self.anew.sealed}
        for name, data in self.anew.data.items():
            if not any(one.code in UNREAD for one in readings[name].findings):
                yield from forms.findings(readings[name], data, self.store.known(name))


def _hash_of(disk: Folder, path: Path) -> tuple[str, int]:
    """Return a file's SHA-256 and size."""
    with disk.reading(path) as descriptor, open(descriptor, "rb", closefd=False) as file:
        hashed = hashlib.file_digest(file, "sha256").hexdigest()
        return hashed, file.tell()
