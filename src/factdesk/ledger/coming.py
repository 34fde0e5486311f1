"""What comes of merging another ledger into this one as it stands now, and what has to be said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from factdesk.checks.replay import RowName
from factdesk.errors import InvalidValue, NotFound, nearest
from factdesk.formats import counted
from factdesk.frames import records
from factdesk.ledger import parsing
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.merging import contrary_verdicts, lost_reference, merging
from factdesk.ledger.others import Other
from factdesk.ledger.rekeyed import rekeyed
from factdesk.ledger.sides import ONE_APPEARANCE, Contrary, Here, LeftOut, Merging, Row, Side, by_row
from factdesk.schema import CELL_LIMIT, CLAIMS, TABLES, Table
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.storage.documents import Document
from factdesk.text import alike, clean, shown

UNREADABLE = "its row here can't be read; mend that first (ledger.check())"
UNSETTLED = "its row here is to be settled first (ledger.check())"
SAME = "the same"


class Alike(NamedTuple):
    """A claim of the other ledger and one here that is the same, or nearly."""

    there: str
    here: str
    claim_there: str
    claim_here: str
    how: str


@dataclass(frozen=True)
class Said:
    """What was said of a merge: what holds of a row, which claim of theirs is which here, and which status a word is."""

    take: Callable[[str], str]
    claims: Mapping[str, str]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Coming:
    """What comes of a merge: rows, statuses given anew, documents; what is contrary, left out and alike; questions."""

    found: Merging
    given: list[Row]
    contrary: list[Contrary]
    left_out: list[LeftOut]
    alike: list[Alike]
    documents: list[Document]
    questions: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Theirs:
    """The other ledger as it was read once, with what does not hang on the one that it is merged into."""

    def __init__(self, other: Other) -> None:
        self.other, self.side = other, other.side()
        self.unproved = other.unproved(self.side)
        self.unread = list(other.unread())
        self._faults: dict[str, str] = {}

    def fault(self, document: Document) -> str:
        """Return why a document can't be copied; its bytes are read once for it."""
        if document.sha256 not in self._faults:
            self._faults[document.sha256] = document.fault()
        return self._faults[document.sha256]


def coming(
    ours: Dataset,
    theirs: Theirs,
    said: Said,
    *,
    is_sealed: Callable[[Table, Row, Sequence[Row]], bool],
    is_kept: Callable[[str], bool],
) -> Coming:
    """Compare another ledger with what this one holds; whether a seal covers a row, and a document is kept, is asked."""
    known = ours.ids(CLAIMS.name)
    _check_claims(said.claims, theirs.side.rows[CLAIMS.name], known)
    likely = list(_alike(ours, theirs.side.rows[CLAIMS.name], known))
    pairs = {one.there: one.here for one in likely if one.how == SAME and one.there not in said.claims}
    whole, renamed = rekeyed(theirs.side, {**pairs, **said.claims})
    unproved = {
        (name, renamed.get(name, {}).get(row_id, row_id)): why
        for (name, row_id), why in theirs.unproved.items()
    }
    questions: list[str] = []
    foreign = _foreign(ours, whole, said.words, questions)
    here = _here(ours, whole, is_sealed)
    there = _without(whole, foreign, unproved, here)
    joined = {claim_id for claim_id in said.claims.values() if claim_id in here.rows[CLAIMS.name]}
    found = merging(here, there, unproved, said.take, joined)
    for change_id, change in whole.rows["changes"].items():
        if change_id not in there.rows["changes"] and ("changes", change_id) in unproved:
            found.leave_out("changes", change, unproved["changes", change_id])
    own_ids = {new: old for old, new in renamed.get(STATUSES.name, {}).items()}
    anew = _given_anew(foreign, said.words, own_ids)
    given = list(_to_give(anew, ours, here, whole, unproved, found))
    contrary = [*found.contrary, *_verdicts(ours, there, found, given)]
    questions += _of_pairs(pairs, found, given)
    questions += _of_two_claims(contrary)
    documents, faults = _documents(theirs, there, found, is_kept)
    remarks = [*theirs.other.remarks(ours.settings), *faults]
    left_out = [*theirs.unread, *found.left_out]
    return Coming(found, given, contrary, left_out, likely, documents, questions, remarks)


# --- claims under other ids


def _check_claims(said: Mapping[str, str], rows: Mapping[str, Row], known: Container[str]) -> None:
    for there, here in said.items():
        if there not in rows:
            raise NotFound("claim in the other ledger", there, nearest(there, list(rows)[:1000]))
        if here != there and here not in known:
            parsing.chosen_claim_id(here)
            if here in rows:
                raise InvalidValue("same", here, "the id of a claim here, or one that neither ledger has")


def _alike(ours: Dataset, rows: Mapping[str, Row], known: Container[str]) -> Iterator[Alike]:
    """Yield claims of the other ledger that are one here under another id, the same or nearly."""
    new = [row for row_id, row in rows.items() if row_id not in known]
    if not new:
        return
    columns = (ours.cells(CLAIMS.name)[name].tolist() for name in (CLAIMS.id, "claim", "claimant", "made_on"))
    same: dict[tuple[str, ...], str] = {}
    near: dict[tuple[str, str], tuple[str, str, str]] = {}
    for row_id, *words, day in zip(*columns, strict=True):
        same.setdefault((*words, day), row_id)
        near.setdefault((alike(words[0]), alike(words[1])), (row_id, words[0], day))
    for row in new:
        found = same.get((row["claim"], row["claimant"], row["made_on"]))
        if found is not None:
            yield Alike(row[CLAIMS.id], found, row["claim"], row["claim"], SAME)
        elif likely := near.get((alike(row["claim"]), alike(row["claimant"]))):
            how = "another day" if likely[2] != row["made_on"] else "capitals, blanks or end marks differ"
            yield Alike(row[CLAIMS.id], likely[0], row["claim"], likely[1], how)


def _of_pairs(pairs: Mapping[str, str], found: Merging, given: Sequence[Row]) -> Iterator[str]:
    """Ask of claims that are one under two ids, where joining them would add or change anything."""
    touched = {row["claim_id"] for row in given} | {one.claim_id for one in found.edits}
    for name in ("appearances", "evidence", "statuses"):
        touched |= {row["claim_id"] for row in found.new[name].values()}
    touched |= {cell.row_id for cell in found.cells.get(CLAIMS.name, ())}
    for there, here in pairs.items():
        if here in touched:
            one, other = shown(there, 60), shown(here, 60)
            yield (
                f"The claim {one!r} there is {other!r} here: same={{{one!r}: {other!r}}} joins them, "
                f"same={{{one!r}: {one!r}}} keeps them apart."
            )


def _of_two_claims(contrary: Iterable[Contrary]) -> Iterator[str]:
    """Ask of claims that have one id and are two."""
    clashes: dict[str, Contrary] = {}
    for one in contrary:
        if one.what == "two claims":
            clashes.setdefault(one.row_id, one)
    for one in clashes.values():
        row_id = shown(one.row_id, 60)
        yield (
            f"{row_id!r} is one claim here and another there: {shown(one.here)!r}, {shown(one.there)!r}. "
            f"same={{{row_id!r}: '{row_id}-2'}} brings theirs in under another id; "
            f"same={{{row_id!r}: {row_id!r}}} says that they are one."
        )


# --- what this ledger has


def _here(ours: Dataset, there: Side, is_sealed: Callable[[Table, Row, Sequence[Row]], bool]) -> Here:
    """Return what a merge has to know of this ledger, of its rows those that the other has too."""
    cells: dict[str, pd.DataFrame] = {}
    blocked: dict[RowName, str] = {}
    for name, table in TABLES.items():
        frame = ours.cells(name)
        cells[name] = frame[frame[table.id].isin(list(there.rows[name]))]
        unreadable = set(ours.left_out(name)[table.id]) - set(cells[name][table.id])
        blocked |= {(name, row_id): UNREADABLE for row_id in unreadable}
    barred = blocked | {(CLAIMS.name, row_id): UNSETTLED for row_id in ours.two_claims}
    blocked |= dict.fromkeys(ours.rivals, UNSETTLED) | barred
    appearances = ours.cells("appearances")
    appearances = appearances[appearances["claim_id"].isin(list(there.rows[CLAIMS.name]))]
    twins = {
        tuple(row[one] for one in ONE_APPEARANCE): row
        for row in records(appearances, TABLES["appearances"].names)
    }
    named = {row_id for name in cells for row_id in cells[name][TABLES[name].id]}
    named |= {row["appearance_id"] for row in twins.values()}
    changes = ours.cells("changes")
    about = by_row(records(changes[changes["row_id"].isin(named)], TABLES["changes"].names))
    ids = {name: ours.ids(name) for name in TABLES}
    return Here(Side.of(cells).rows, about, ids, blocked, barred, twins, is_sealed)


# --- statuses in words that are none here


def _foreign(ours: Dataset, there: Side, words: Mapping[str, str], questions: list[str]) -> dict[str, Row]:
    """Return the statuses whose word is none here; ask which it is, where that was not said."""
    settings, standing = ours.settings, ours.ids(STATUSES.name)
    known = {*settings.statuses, *settings.renamed}
    rows = {
        row_id: row
        for row_id, row in there.rows[STATUSES.name].items()
        if row["status"] not in known and row_id not in standing
    }
    held = Counter(row["status"] for row in rows.values())
    for word, status in words.items():
        if word in known:
            raise InvalidValue("statuses", word, "words that are no status here; this one is")
        if word not in held:
            raise InvalidValue.choice("statuses", word, held)
        if status not in settings.statuses:
            raise InvalidValue.choice("statuses", status, settings.statuses)
    for word, count in held.items():
        if word not in words:
            one = shown(word, 40)
            questions.append(
                f"{one!r} ({counted(count, 'status', 'statuses')}) is no status here: statuses={{{one!r}: …}} says "
                f"which it is, of {', '.join(settings.statuses)}; or set_vocabulary adds it first."
            )
    return rows


def _without(there: Side, foreign: Container[str], unproved: Container[RowName], here: Here) -> Side:
    """Return the other side without statuses of words that are none here, and without changes that can't be proved."""
    rows = dict(there.rows)
    rows[STATUSES.name] = {one: row for one, row in rows[STATUSES.name].items() if one not in foreign}
    rows["changes"] = {
        one: row
        for one, row in rows["changes"].items()
        if row["row_id"] not in foreign and (one in here.ids["changes"] or ("changes", one) not in unproved)
    }
    return Side(rows, by_row(rows["changes"].values()))


def _given_anew(
    foreign: Mapping[str, Row], words: Mapping[str, str], own_ids: Mapping[str, str]
) -> Iterator[tuple[Row, Row]]:
    """Yield each status in another word beside what stands for it here, which says who gave which word when."""
    for row_id, row in foreign.items():
        if word := words.get(row["status"]):
            by, day = row["recorded_by"] or "nobody named", row["recorded_at"][:10]
            first = (
                f"{row['status']!r} by {by} on {day} ({own_ids.get(row_id, row_id)}), here read as {word!r}"
            )
            rationale = clean(f"{first}: {row['rationale']}")[0]
            yield row, row | {"status": word, "rationale": rationale, "reviewed_by": ""}


def _to_give(
    anew: Iterable[tuple[Row, Row]],
    ours: Dataset,
    here: Here,
    there: Side,
    unproved: Mapping[RowName, str],
    found: Merging,
) -> Iterator[Row]:
    """Yield the statuses that are to be given; leave out those that can't, and count those that were."""
    for row, new in anew:
        named = (STATUSES.name, row[STATUSES.id])
        reason = lost_reference(STATUSES.name, row, here, there, found) or unproved.get(named, "")
        if there.withdrawn(*named):
            reason = "it was withdrawn there, and its word is no status here"
        if len(new["rationale"]) > CELL_LIMIT:
            reason = "its rationale is too long to say beside it which word stood there"
        if reason:
            found.leave_out(STATUSES.name, row, reason)
        elif ours.alike(
            STATUSES.name, {one: new[one] for one in ("claim_id", "status", "holds_from", "rationale")}
        ):
            found.same[STATUSES.name] += 1
        else:
            yield new


def _verdicts(ours: Dataset, there: Side, found: Merging, given: Sequence[Row]) -> Iterator[Contrary]:
    """Yield the contrary verdicts among the statuses that come in and those that stand here."""
    coming_in = found.new[STATUSES.name].items()
    new = [*(row for row_id, row in coming_in if not there.withdrawn(STATUSES.name, row_id)), *given]
    frame = ours.cells(STATUSES.name)[~ours.hidden(STATUSES.name)]
    mine = records(frame[frame["claim_id"].isin([row["claim_id"] for row in new])], STATUSES.names)
    renamed = ours.settings.renamed
    mine, new = (
        [row | {"status": renamed.get(row["status"], row["status"])} for row in rows] for rows in (mine, new)
    )
    return contrary_verdicts(mine, there.rows[STATUSES.name], new)


# --- documents


def _documents(
    theirs: Theirs, there: Side, found: Merging, is_kept: Callable[[str], bool]
) -> tuple[list[Document], list[str]]:
    """Return the documents that come along, and words on those that can't."""
    left, store = {one.row_id for one in found.left_out if one.table == "snapshots"}, theirs.other.store
    wanted: dict[str, str] = {}
    for row_id, row in there.rows["snapshots"].items():
        if row_id not in left and row["sha256"] not in wanted and not is_kept(row["sha256"]):
            wanted[row["sha256"]] = row_id
    documents: list[Document] = []
    faults: dict[str, str] = {}
    for sha256, row_id in wanted.items():
        document = Document(store.disk, store.document(sha256)) if store else None
        fault = theirs.fault(document) if document else "tables come without documents"
        if document and not fault:
            documents.append(document)
        elif row_id in found.new["snapshots"]:
            faults[row_id] = fault
    if not faults:
        return documents, []
    first, why = next(iter(faults.items()))
    told = f"{counted(len(faults), 'kept document')} can't come along, but their rows do ({shown(first)}: {shown(why)})."
    return documents, [f"{told} verify() names them."]
