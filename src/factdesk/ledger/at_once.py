"""Calls on which nothing that stands bears: found by columns among many, and composed at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from factdesk import schema
from factdesk.errors import FactdeskError
from factdesk.ledger import ids, parsing
from factdesk.ledger.parsing import Given
from factdesk.ledger.transaction import Transaction
from factdesk.schema import APPEARANCES, CLAIMS, EVIDENCE, SEPARATOR, SNAPSHOTS, SOURCES, Table
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.storage.journal import Entry
from factdesk.text import alike

Columns = Mapping[str, Sequence[Given]]
"""What many calls are given, by the name of the argument."""
Cells = dict[str, list[str]]


class _Document(NamedTuple):
    """A document as a call names it: its source's id, its address, and what the call says of it."""

    source_id: str
    url: str
    details: tuple[str, ...]


class AtOnce:
    """Many calls that log a claim, attach sources, give a status, or all three: some of them are composed here.

    A call is where no cell is refused or warned of, and where no row that stands, and no earlier call, has a word in
    what becomes of it. The others are for `Transaction`, each in its place.
    """

    def __init__(self, transaction: Transaction, count: int) -> None:
        self.transaction, self.dataset, self.count = transaction, transaction.dataset, count
        self.doubtful: set[int] = set()
        self.claim_ids = [""] * count
        self.results = self.claim_ids
        """The ids that the calls return."""
        self._claims: Cells = {}
        self._appearances: list[_Document | None] = [None] * count
        self._made_on: dict[str, str] = {}
        self._evidence: Cells = {}
        self._documents: list[_Document | None] = []
        self._details: list[str] = []
        self._first = [0] * (count + 1)
        self._statuses: Cells = {}
        self._status_at: dict[int, int] = {}
        self._writers: Sequence[str] = ()
        # What calls met up to here hold: words and ids of claims, ids of evidence; sources that stand, that a call
        # composed here describes, or one that is not; of a claim's statuses the latest day, and the rationales.
        self._seen: set[str] = set()
        self._standing: set[str] = set()
        self._described: dict[str, _Document] = {}
        self._unsettled: set[str] = set()
        self._judged: dict[str, tuple[str, set[str]]] = {}
        self._words: list[str] = []
        self._new: dict[int, list[_Document]] = {}
        self._last, self._after = transaction.last, dict[str, str]()

    # --- what the calls are given

    def log(self, given: Columns, chosen: Sequence[Given], appearances: Sequence[Given]) -> None:
        """Take in the claims, one for each call."""
        calls = range(self.count)
        cells = self._claims = self._parsed(CLAIMS, given, calls)
        cells["made_on_precision"] = list(map(parsing.precision_of, given["made_on"]))
        people = {claimant: alike(claimant) for claimant in set(cells["claimant"])}
        alikes = [(alike(a), people[b]) for a, b in zip(cells["claim"], cells["claimant"], strict=True)]
        self._words = list(map("\0".join, alikes))
        stands = self.dataset.index(CLAIMS.name, ("claim", "claimant"), alike).hold(alikes)
        lost = set(self.dataset.left_out(CLAIMS.name)["claim"])
        by_words = zip(cells["claim"], cells["claimant"], cells["made_on"], strict=True)
        for call, (claim, claimant, made_on) in enumerate(by_words):
            claim_id = chosen[call]
            if _is_empty(claim_id):
                claim_id = parsing.claim_id(claim, claimant, made_on)
            elif not _is_claim_id(claim_id):
                self.doubtful.add(call)
            if stands[call] or claim in lost:
                self.doubtful.add(call)
            self.claim_ids[call] = str(claim_id)
        self._doubt_taken(CLAIMS, self.claim_ids, calls)
        self._appearances = self._named(appearances, calls, [()] * self.count, may_be_none=True)

    def about(self, claim_ids: Sequence[Given]) -> None:
        """Take in the claims that stand, of which evidence and statuses are."""
        named = {one for one in claim_ids if isinstance(one, str)}
        standing = self._standing_rows(CLAIMS, named)
        self._made_on = dict(zip(standing[CLAIMS.id], standing["made_on"], strict=True))
        late, now = set[str](), schema.moment_text(self.transaction.now)
        for table in (CLAIMS, APPEARANCES, EVIDENCE, STATUSES):
            rows = self.dataset.cells(table.name)
            late.update(rows["claim_id"][rows[table.moment] >= now])
        good = self._made_on.keys() - late - self.dataset.two_claims
        for call, claim_id in enumerate(claim_ids):
            if not isinstance(claim_id, str) or claim_id not in good:
                self.doubtful.add(call)
            self.claim_ids[call] = str(claim_id)

    def attach(self, given: Columns, urls: Sequence[Given], details: Columns, of: Sequence[int]) -> None:
        """Take in evidence; `of` has the call of each, in order."""
        cells = self._evidence = self._parsed(EVIDENCE, given, of)
        described = self._parsed(SOURCES, details, of)
        self._details = list(described)
        told = list(zip(*described.values(), strict=True)) or [()] * len(of)
        self._documents = self._named(urls, of, told)
        cells["source_id"] = [one.source_id if one else "" for one in self._documents]
        cells["claim_id"] = [self.claim_ids[call] for call in of]
        named_by = ("claim_id", "source_id", "stance", "quote")
        cells[EVIDENCE.id] = ids.row_ids(
            EVIDENCE.letter, [pa.array(cells[name], pa.large_string()) for name in named_by]
        )
        self._doubt_taken(EVIDENCE, cells[EVIDENCE.id], of)
        kept = set(self.dataset.cells(SNAPSHOTS.name)["source_id"])  # in which a quote is looked for
        self.doubtful.update(call for call, one in zip(of, cells["source_id"], strict=True) if one in kept)
        self._first = np.searchsorted(of, range(self.count + 1)).tolist()
        if not self._claims:
            self.results = cells[EVIDENCE.id]

    def set_status(self, given: Columns, of: Sequence[int], writers: Sequence[str] = ()) -> None:
        """Take in statuses, at most one for each call; without `evidence` each rests on what its call attaches."""
        made_on, today = self._made_on, schema.day_text(self.transaction.parser.today)
        if self._claims:
            made_on = dict(zip(self.claim_ids, self._claims["made_on"], strict=True))
        days = [
            max(today, made_on.get(self.claim_ids[call], "")) if day is None else day
            for call, day in zip(of, given["holds_from"], strict=True)
        ]
        cells = self._statuses = self._parsed(STATUSES, {**given, "holds_from": days}, of)
        cells["claim_id"] = [self.claim_ids[call] for call in of]
        if "evidence" not in given:
            cells["evidence"] = [
                SEPARATOR.join(self._evidence[EVIDENCE.id][self._first[call] : self._first[call + 1]])
                for call in of
            ]
        elif named := {one for cell in cells["evidence"] for one in cell.split(SEPARATOR) if one}:
            held = self._standing_rows(EVIDENCE, named)
            kept = set(
                self.dataset.cells(SNAPSHOTS.name)["source_id"]
            )  # it was judged on what is kept of these
            held = held[~held["source_id"].isin(kept)]
            own = {("", "")} | set(zip(held["claim_id"], held[EVIDENCE.id], strict=True))
            for call, cell in zip(of, cells["evidence"], strict=True):
                if cell and not {(self.claim_ids[call], one) for one in cell.split(SEPARATOR)} <= own:
                    self.doubtful.add(call)
        if not self._claims:
            rows = self.dataset.cells(STATUSES.name)
            rows = rows[rows["claim_id"].isin(made_on)]
            for row in zip(rows["claim_id"], rows["holds_from"], rows["rationale"], strict=True):
                self._judge(*row)
        if not self._claims:
            self.results = [""] * self.count
        self._status_at = {call: at for at, call in enumerate(of)}
        self._writers = writers or [self.transaction.by] * len(of)

    def _parsed(self, table: Table, given: Columns, of: Sequence[int]) -> Cells:
        cells: Cells = {}
        for name, values in given.items():
            cells[name], doubtful = self.transaction.parser.column(table, name, values)
            if table.by_name[name].required:
                doubtful.update(at for at, cell in enumerate(cells[name]) if not cell)
            self.doubtful.update(of[at] for at in doubtful)
        return cells

    def _doubt_taken(self, table: Table, row_ids: Sequence[str], of: Sequence[int]) -> None:
        """Leave to others the calls whose ids are a row's already, also one's that can't be read."""
        held = self.dataset.index(table.name, (table.id,)).hold([(one,) for one in row_ids])
        lost = set(self.dataset.left_out(table.name)[table.id])
        rows = zip(of, row_ids, held, strict=True)
        self.doubtful.update(call for call, row_id, is_held in rows if is_held or row_id in lost)

    def _standing_rows(self, table: Table, row_ids: Iterable[str]) -> pd.DataFrame:
        rows = self.dataset.cells(table.name)
        rows = rows[rows[table.id].isin(list(row_ids))]
        return rows[~self.dataset.hidden(table.name, rows)]

    def _named(
        self,
        urls: Sequence[Given],
        of: Sequence[int],
        told: Sequence[tuple[str, ...]],
        may_be_none: bool = False,
    ) -> list[_Document | None]:
        """Return the documents that calls name; one that stands takes no more than what it holds already."""
        known: dict[Given, tuple[str, str] | None] = {}
        found: list[_Document | None] = []
        for url in urls:
            if isinstance(url, str) and url not in known:
                known[url] = self._source(url)
        named = {one[0] for one in known.values() if one}
        standing = self._standing_rows(SOURCES, named)
        rows = zip(standing[SOURCES.id], *(standing[name] for name in self._details), strict=True)
        held = {row_id: row for row_id, *row in rows}
        for url, call, details in zip(urls, of, told, strict=True):
            source = known[url] if isinstance(url, str) else None
            if source is None:
                if not (may_be_none and _is_empty(url)):
                    self.doubtful.add(call)
                found.append(None)
                continue
            stands = held.get(source[0])
            if stands is None and source[0] in self.dataset.ids(SOURCES.name):
                self.doubtful.add(call)
            if stands and any(one and one != cell for one, cell in zip(details, stands, strict=False)):
                self.doubtful.add(call)
            found.append(_Document(*source, details))
        self._standing.update(held)
        return found

    def _source(self, url: str) -> tuple[str, str] | None:
        """Return the id and the address of the source that an address or an id names; None where there is a doubt."""
        if url.strip() in self.dataset.ids(SOURCES.name):
            return url.strip(), ""
        warnings = self.transaction.warnings
        told = len(warnings)
        try:
            text, source_id = self.transaction.parser.address(url)
        except FactdeskError:
            return None
        if len(warnings) > told:
            del warnings[told:]
            return None
        return source_id, text

    # --- which of them are composed here

    def takes(self, call: int) -> bool:
        """Return whether a call is composed here; to be asked of each, in order."""
        is_plain = call not in self.doubtful
        of_call = range(self._first[call], self._first[call + 1])
        keys = [self._evidence[EVIDENCE.id][at] for at in of_call]
        if self._claims:
            keys += [self._words[call], self.claim_ids[call]]
        if not self._seen.isdisjoint(keys) or len(set(keys)) < len(keys):
            is_plain = False
        self._seen.update(keys)
        if (at := self._status_at.get(call)) is not None:
            day, why = self._statuses["holds_from"][at], self._statuses["rationale"][at]
            held = self._judged.get(self.claim_ids[call])
            if held and (day < held[0] or why in held[1]):
                is_plain = False
            self._judge(self.claim_ids[call], day, why)
        documents = [
            one
            for one in (self._appearances[call], *(self._documents[at] for at in of_call))
            if one and one.source_id not in self._standing
        ]
        new: dict[str, _Document] = {}
        for one in documents:
            first = self._described.get(one.source_id) or new.setdefault(one.source_id, one)
            if one.source_id in self._unsettled or (any(one.details) and one.details != first.details):
                is_plain = False
        if is_plain:
            self._described |= new
            self._new[call] = list(new.values())
        else:
            self._unsettled.update(new)
        return is_plain

    def _judge(self, claim_id: str, day: str, why: str) -> None:
        latest, whys = self._judged.get(claim_id, ("", set()))
        self._judged[claim_id] = (max(latest, day), whys | {why})

    def note(self, entry: Entry) -> None:
        """Take note of what was composed elsewhere for an earlier call: a longer name may be another's chosen one."""
        self._seen.update(row[0] for row in entry.rows.get(CLAIMS.name, ()))

    # --- what becomes of them

    def rows(self, calls: Sequence[int]) -> dict[str, list[list[str]]]:
        """Return the rows of calls that are composed here, by table; each is later than its claim's others."""
        now, by = schema.moment_text(self.transaction.now), self.transaction.by
        found: dict[str, list[list[str]]] = {}
        if self._claims:
            made = {CLAIMS.id: [self.claim_ids[call] for call in calls], "appearance": [
                one.source_id if one else "" for one in (self._appearances[call] for call in calls)
            ]}  # fmt: skip
            found[CLAIMS.name] = _rows(CLAIMS, self._claims, calls, made, now, by)
            self._last.update(dict.fromkeys(made[CLAIMS.id], now))
        if new := [one for call in calls for one in self._new.get(call, ())]:
            columns = zip(*(one.details or [""] * len(self._details) for one in new), strict=True)
            made = dict(zip(self._details, map(list, columns), strict=True))
            made |= {SOURCES.id: [one.source_id for one in new], "url": [one.url for one in new]}
            found[SOURCES.name] = _rows(SOURCES, made, range(len(new)), {}, now, by)
        if ats := [at for call in calls for at in range(self._first[call], self._first[call + 1])]:
            moments = [self._moment(self._evidence["claim_id"][at]) for at in ats]
            found[EVIDENCE.name] = _rows(EVIDENCE, self._evidence, ats, {EVIDENCE.moment: moments}, now, by)
        if ats := [self._status_at[call] for call in calls if call in self._status_at]:
            moments = [self._moment(self._statuses["claim_id"][at]) for at in ats]
            writers = [self._writers[at] for at in ats]
            made = {STATUSES.moment: moments, STATUSES.writer: writers}
            found[STATUSES.name] = _rows(STATUSES, self._statuses, ats, made, now, by)
            if self.results is not self.claim_ids:
                for call, row in zip(calls, found[STATUSES.name], strict=True):
                    self.results[call] = row[0]
        return found

    def _moment(self, claim_id: str) -> str:
        """Return the moment of one more row of a claim."""
        last = self._last.get(claim_id, "")
        if last not in self._after:
            self._after[last] = self.transaction.moment([last])
        self._last[claim_id] = self._after[last]
        return self._after[last]


def _rows(table: Table, cells: Cells, ats: Sequence[int], made: Cells, now: str, by: str) -> list[list[str]]:
    """Return whole rows of the cells of some places, with what was made for them; what is left is empty."""
    size = len(ats)
    made = {table.moment: [now] * size, table.writer: [by] * size, **made}
    columns = [
        made[name] if name in made else [cells[name][at] for at in ats] if name in cells else [""] * size
        for name in table.names
    ]
    if table is STATUSES:
        columns[0] = ids.row_ids(table.letter, ids.hashed(table, columns))
    return list(map(list, zip(*columns, strict=True)))


def _is_empty(value: Given) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_claim_id(given: Given) -> bool:
    try:
        return bool(parsing.chosen_claim_id(given))
    except FactdeskError:
        return False
