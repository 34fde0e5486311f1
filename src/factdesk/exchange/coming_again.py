"""Rows that came in before, held against what stands in the ledger now: what they change, bring back, or leave alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from factdesk.errors import FactdeskError
from factdesk.exchange.doubles import as_told
from factdesk.exchange.known_rows import Said, key, review_of
from factdesk.exchange.proposed import REVIEW, STANCE, Proposed
from factdesk.frames import records
from factdesk.ledger import imports, parsing
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.imports import Note
from factdesk.ledger.parsing import Parser
from factdesk.schema import CLAIMS, SEPARATOR, TABLES, WITHDRAWN, reduced
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.text import alike, clean, shown

EDITED = (
    "claim",
    "claimant",
    "claimant_role",
    "made_on",
    "quote",
    "topics",
    "note",
    "due_on",
    "would_settle",
)
"""What of a row is a cell of its claim, and is edited where the sheet says otherwise than before."""

JUDGED = ("status", "holds_from", "rationale")
"""What of a row makes a new status."""

Row = dict[str, str]


@dataclass(frozen=True)
class Before:
    """What came in before: what each row said, the status that it gave, and the notes of all imports.

    `plan` is the one by which the sheet comes in; `by_hand` tells which cells of claims were edited in the files.
    """

    said: Said = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[Note] = ()
    plan: str = ""
    by_hand: Callable[[], Collection[tuple[str, str]]] = frozenset


def compare(rows: Sequence[Proposed], before: Before, dataset: Dataset, parser: Parser) -> None:
    """Say of each row which claim it is and what becomes of it, by what stands in the ledger.

    A cell that somebody set in the ledger since is never overwritten, and neither is a verdict: such a row is set
    aside. What was withdrawn with its import comes back; what a person withdrew does not.
    """
    for row in rows:
        row.reasons = [one for one in row.reasons if one not in row.held]
        row.standing, row.claim_id, row.changed, row.emptied, row.back = "new", "", {}, [], []
        row.held, row.moved, row.near, row.is_judged = [], "", "", True
    if len(dataset.cells(CLAIMS.name)):
        ledger, good = _Ledger(before, dataset, parser), [row for row in rows if not row.reasons]
        for row in good:
            row.claim_id = ledger.claim_of(row)
        ledger.named.update(row.claim_id for row in good)
        for row in good:
            if row.claim_id:
                ledger.compare(row)
                row.reasons = [*row.reasons, *row.held]
        ledger.find_near([row for row in rows if row.standing == "new" and not row.reasons])


class _Ledger:
    """What stands in a ledger, by claim, and who set it."""

    def __init__(self, before: Before, dataset: Dataset, parser: Parser) -> None:
        self.before, self.dataset, self.parser = before, dataset, parser
        self.named = set[str]()
        """The claims that rows are."""
        made_by = {note.import_id for note in before.notes if note.plan == before.plan}
        claims = dataset.cells(CLAIMS.name)
        names = (CLAIMS.id, "claim", "claimant", "made_on", "origin")
        withdrawn = dataset.withdrawn_ids(CLAIMS.name)
        self.by_id: dict[str, str] = {}
        self.by_words: dict[tuple[str, str, str], str] = {}
        gone: dict[tuple[str, str, str], str] = {}
        for claim_id, claim, claimant, day, origin in zip(*(claims[n].tolist() for n in names), strict=True):
            import_id, own = imports.own_id(origin)
            if import_id in made_by and own:
                self.by_id[own] = claim_id
            (gone if claim_id in withdrawn else self.by_words).setdefault((claim, claimant, day), claim_id)
        self.by_words = gone | self.by_words

    @cached_property
    def _rows(self) -> dict[str, dict[str, list[Row]]]:
        """By table and claim the rows of the claims that are named, the withdrawn ones too."""
        found: dict[str, dict[str, list[Row]]] = {}
        for name in (CLAIMS.name, "appearances", "evidence", STATUSES.name):
            cells, of = self.dataset.cells(name), found.setdefault(name, {})
            for row in records(cells[cells["claim_id"].isin(self.named)], TABLES[name].names):
                of.setdefault(row["claim_id"], []).append(row)
        return found

    def _of(self, name: str, claim_id: str) -> list[Row]:
        """Return a claim's rows of a table that were not withdrawn."""
        gone = self.dataset.withdrawn_ids(name)
        return [row for row in self._rows[name].get(claim_id, ()) if row[TABLES[name].id] not in gone]

    # --- who set what

    @cached_property
    def _set(self) -> dict[tuple[str, str, str], str]:
        """By table, row and column who said the last word: a person (""), an import, or the end of one ("withdrawn")."""
        mine = {one for note in self.before.notes for one in note.changes}
        changes = self.dataset.cells("changes").sort_values(["changed_at", "change_id"], kind="stable")
        names = ("change_id", "table", "row_id", "column", "why")
        return {
            (table, row_id, column): WITHDRAWN if imports.ended(why) else "import" if change in mine else ""
            for change, table, row_id, column, why in zip(*(changes[n].tolist() for n in names), strict=True)
        }

    @cached_property
    def _ended(self) -> dict[str, list[tuple[str, str]]]:
        """By claim the rows that were withdrawn with an import, and stay so; none where only its edits were undone."""
        found: dict[str, list[tuple[str, str]]] = {}
        ended = [(table, row, column) for (table, row, column), by in self._set.items() if by == WITHDRAWN]
        claims_of: dict[str, dict[str, str]] = {}
        for table, row_id, column in ended:
            if table != CLAIMS.name and table not in claims_of:
                cells = self.dataset.cells(table)
                claims_of[table] = dict(
                    zip(cells[TABLES[table].id], cells.get("claim_id", cells[TABLES[table].id]), strict=True)
                )
            rows = found.setdefault(
                row_id if table == CLAIMS.name else claims_of[table].get(row_id, row_id), []
            )
            if not column and row_id in self.dataset.withdrawn_ids(table):
                rows.append((table, row_id))
        return found

    @cached_property
    def _by_hand(self) -> Collection[tuple[str, str]]:
        return self.before.by_hand()

    @cached_property
    def _of_imports(self) -> set[str]:
        return {row_id for note in self.before.notes for _, row_id in note.rows}

    def _is_by_hand(self, standing: Row, name: str, known: str | None) -> bool:
        """Return whether a person set a claim's cell since; `known` is what the sheet said of it last."""
        last = self._set.get((CLAIMS.name, standing[CLAIMS.id], name))
        if last is not None:
            return last == ""
        if (standing[CLAIMS.id], name) in self._by_hand:
            return True
        return not standing["origin"] and bool(standing[name]) and clean(known or "")[0] != standing[name]

    def find_near(self, rows: Sequence[Proposed]) -> None:
        """Find which new rows are nearly a claim that stands: in other capitals, blanks or end marks."""
        said = [as_told(row)[:2] for row in rows]
        held = self.dataset.index(CLAIMS.name, ("claim", "claimant"), alike).hold(
            [(alike(a), alike(b)) for a, b in said]
        )
        gone = self.dataset.withdrawn_ids(CLAIMS.name)
        for row, words, is_held in zip(rows, said, held, strict=True):
            same = dict(zip(("claim", "claimant"), words, strict=True))
            for one in self.dataset.found(CLAIMS.name, same, alike) if is_held else ():
                if one[CLAIMS.id] not in gone and not same.items() <= one.items():
                    row.near = one[CLAIMS.id]

    # --- one row

    def claim_of(self, row: Proposed) -> str:
        """Return the claim that a row is: by its own id, else by its words; nothing where it is new."""
        own = self.by_id.get(row.own_id, "") if row.own_id else ""
        return own or self.by_words.get(as_told(row), "")

    def compare(self, row: Proposed) -> None:
        known, is_ended = self.before.said.get(key(row.said)), row.claim_id in self._ended
        is_gone = row.claim_id in self.dataset.withdrawn_ids(CLAIMS.name)
        if is_gone and (CLAIMS.name, row.claim_id) not in self._ended.get(row.claim_id, ()):
            row.held.append(
                f"its claim was withdrawn in the ledger since; ledger.reinstate('claims', {row.claim_id!r}, why='…') "
                "brings it back"
            )
            return
        if known == row.said and not is_ended:
            row.standing = "same"
            return
        row.emptied = [name for name in known or () if name not in row.said and name != "row_id"]
        standing = self._rows[CLAIMS.name][row.claim_id][0]
        self._edits(row, known, standing, all_of=is_ended)
        self._others(row, known, standing)
        self._judge(row, known, standing, is_gone)
        row.back = [*self._back(row)] if is_ended else []
        is_same = not (row.changed or row.back) and (known is not None or not self._adds(row))
        row.standing = "brought back" if is_gone else "same" if is_same else "changed"

    def _edits(self, row: Proposed, known: Row | None, standing: Row, *, all_of: bool) -> None:
        """Find the cells of the claim that the row sets; hold the row where a person has set one since."""
        for name in EDITED:
            given, was = row.claim.get(name), None if known is None else known.get(name, "")
            if not given or (was == row.said.get(name, "") and not all_of):
                continue
            here, now = standing[name], self._cell(name, given)
            if name == "made_on":
                here = reduced(here, standing["made_on_precision"])
            if known is None and name == "topics" and here:
                now = self._cell(name, [*here.split(SEPARATOR), *now.split(SEPARATOR)])
            if here == now or (known is None and here and name != "topics"):
                continue
            if known is not None and self._is_by_hand(standing, name, was):
                if was != row.said.get(name, ""):
                    row.held.append(
                        f"{name}: theirs: {shown(now, 60)!r}; ours: {shown(here, 60)!r}, as it was edited in the ledger "
                        "since; settle it there"
                    )
                continue
            row.changed[name] = (here, now)

    def _cell(self, name: str, given: parsing.Given) -> str:
        """Return a cell as the ledger would hold it."""
        if name == "made_on":
            return str(given)
        try:
            return self.parser.cells(CLAIMS, {name: given})[name]
        except FactdeskError:  # the write says why
            return str(given)

    def _others(self, row: Proposed, known: Row | None, standing: Row) -> None:
        """Find what else the row says otherwise than before; leave out sources that a person withdrew."""
        first = str(row.claim.get("appearance") or "")
        if first and first not in row.appearances and _source_id(first) != standing["appearance"]:
            row.appearances = [first, *row.appearances]
        row.appearances = [one for one in row.appearances if _source_id(one) != standing["appearance"]]
        if known is None:
            held = {one["source_id"] for one in self._of("evidence", row.claim_id)}
            row.sources = [
                one for one in row.sources if one["stance"] != STANCE or _source_id(one["url"]) not in held
            ]
        for name, now in row.said.items():
            was = now if known is None else known.get(name, "")
            if was != now and name not in (*EDITED, *JUDGED, "row_id"):
                row.changed[name] = (was, now) if name != REVIEW else ("", f"another {_differing(was, now)}")
        if known is not None and row.sources:
            row.sources = [
                one for one in row.sources if (row.claim_id, _source_id(one["url"])) not in self._refused
            ]

    def _adds(self, row: Proposed) -> bool:
        """Return whether a row has an appearance, a source or a verdict that its claim lacks."""

        def held(name: str) -> set[tuple[str, str]]:
            return {(one["source_id"], one.get("stance", "")) for one in self._of(name, row.claim_id)}

        places = {(_source_id(one), "") for one in row.appearances} - held("appearances")
        sources = {(_source_id(one["url"]), str(one["stance"])) for one in row.sources} - held("evidence")
        return bool(places or sources or (row.status and row.is_judged))

    @cached_property
    def _refused(self) -> set[tuple[str, str]]:
        """Claims and sources whose evidence a person withdrew."""
        gone = self.dataset.withdrawn_ids("evidence")
        cells = self.dataset.cells("evidence")
        some = cells[cells["evidence_id"].isin(gone)]
        return {
            (claim_id, source_id)
            for evidence_id, claim_id, source_id in zip(
                some["evidence_id"], some["claim_id"], some["source_id"], strict=True
            )
            if self._set.get(("evidence", evidence_id, "")) == ""
        }

    def _judge(self, row: Proposed, known: Row | None, standing: Row, is_gone: bool) -> None:
        """Find whether the row gives a status, or another day to the one that it gave; a later judgement is never overruled."""
        if known is None:
            told = row.status or {}
            says = clean(str(told.get("rationale", "")))[0] if "rationale" in row.said else ""
            row.is_judged = bool(row.status) and not any(
                self._now(one) == told["status"]
                and (told.get("published_at") or told["holds_from"])
                in (one["published_at"], one["holds_from"])
                and one["rationale"] == (says or one["rationale"])
                for one in self._of(STATUSES.name, row.claim_id)
            )
            return
        differ = [name for name in JUDGED if row.said.get(name) and known.get(name) != row.said[name]]
        rows = self._rows[STATUSES.name].get(row.claim_id, [])
        given = next(
            (one for one in rows if one["status_id"] == self.before.statuses.get(key(row.said))), None
        )
        own = self._of(STATUSES.name, row.claim_id)
        since = [one for one in own if self._is_since(one, given)]
        latest = max(own, key=lambda one: (one["holds_from"], one["recorded_at"]), default=None)
        row.is_judged = bool(row.status and differ)
        if row.status and not differ and not since and row.claim_id in self._ended:
            row.is_judged = latest is None or self._now(latest) != row.status["status"]
        if row.is_judged and since and row.status:
            last = max(since, key=lambda one: (one["holds_from"], one["recorded_at"]))
            row.is_judged = self._now(last) != row.status["status"]
            if row.is_judged:
                row.held.append(
                    f"status: theirs: {row.status['status']!r}; ours: {self._now(last)!r}, as it was judged in the ledger "
                    "since; settle it there"
                )
        if row.is_judged:
            for name in differ or ["status"]:
                before = (latest or {}).get(name, "") if not differ else known.get(name, "")
                row.changed[name] = (before, row.said.get(name, ""))
        day, moved = str(row.claim.get("made_on") or ""), row.changed.get("made_on")
        if moved and given and given in own and not {"holds_from"} & {*row.said, *known}:
            first = f"{day}-01-01"[:10]
            if given["holds_from"] == standing["made_on"] != first:
                row.moved = given["status_id"]
                row.changed["holds_from"] = (given["holds_from"], first)

    def _now(self, status: Row) -> str:
        """Return what a status is called now."""
        return self.dataset.settings.renamed.get(status["status"], status["status"])

    def _is_since(self, one: Row, given: Row | None) -> bool:
        """Return whether a status was given by a person, after the one that the sheet gave."""
        if one["status_id"] in self._of_imports or one is given:
            return False
        return given is None or one["recorded_at"] > given["recorded_at"]

    def _back(self, row: Proposed) -> Iterator[tuple[str, str]]:
        """Yield the rows withdrawn with an import that the row says again."""
        sources = {_source_id(one["url"]) for one in row.sources}
        places = {_source_id(url) for url in row.appearances}
        for table, row_id in self._ended[row.claim_id]:
            of_table = self._rows[table].get(row.claim_id, ())
            one = next(one for one in of_table if one[TABLES[table].id] == row_id)
            if table == STATUSES.name:
                status = row.status if row.is_judged else None
                if (
                    status
                    and self._now(one) == status["status"]
                    and one["holds_from"] == status["holds_from"]
                ):
                    row.is_judged = False
                    yield table, row_id
            elif table == CLAIMS.name or one.get("source_id") in (sources if table == "evidence" else places):
                yield table, row_id


def _source_id(url: parsing.Given) -> str:
    try:
        return parsing.address(str(url))[1]
    except FactdeskError:
        return ""


def _differing(*reviews: str) -> str:
    """Return which properties of a published review are others than before."""
    was, now = map(review_of, reviews)
    return ", ".join(name for name in {**was, **now} if was.get(name) != now.get(name))


def changed_cells(row: Proposed) -> Mapping[str, parsing.Given]:
    """Return the cells of its claim that a row sets."""
    return {
        name: now.split(SEPARATOR) if name == "topics" else row.claim.get(name)
        for name, (_, now) in row.changed.items()
        if name in EDITED
    }
