"""One ledger merged into another: shown first, and only then written, as one call."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from factdesk.errors import InvalidValue, QuestionsOpen
from factdesk.formats import counted
from factdesk.frames import LedgerFrame
from factdesk.ledger.coming import SAME, Alike, Coming, Said, Theirs, coming
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.others import Other
from factdesk.ledger.seal import covered, is_covered
from factdesk.ledger.sides import OURS, THEIRS, Contrary, Edit, LeftOut, Row, claim_of
from factdesk.ledger.transaction import Transaction
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.schema import TABLES, WITHDRAWN, Table
from factdesk.storage.files import Store
from factdesk.text import clean, isolated, shown, visible

LISTED = 10
"""Rows of a kind that a merge names as it shows itself; `contrary`, `edits` and `left_out` have all of them."""

Take = str | Mapping[str, str] | None
Names = Mapping[str, str] | None


class Merges(Protocol):
    """What a merge asks of the ledger into which it writes."""

    _dataset: Dataset

    @property
    def title(self) -> str:
        """What it is called."""
        ...

    def _own_store(self, advice: str = "") -> Store: ...

    def _write(
        self, compose: Callable[[Transaction], Any], then: Callable[[], None] | None = None
    ) -> Any: ...


class Merge:
    """What comes of merging another ledger into this one; `write` does it. Made by `Ledger.merge`.

    Examples
    --------
    >>> import factdesk as fd
    >>> ann = fd.create("ann.csv", title="Ann's", by="Ann")
    >>> bob = fd.create("bob.csv", title="Bob's", by="Bob")
    >>> for ledger, status in ((ann, "supported"), (bob, "refuted")):
    ...     claim = ledger.log("Turnout was the highest ever.", claimant="The Minister", made_on="2025-03-13")
    ...     _ = ledger.set_status(claim, status, holds_from="2025-03-14", rationale="The table says so.")
    >>> coming = ann.merge(bob)
    >>> print(coming.contrary[["what", "here", "there", "by_there"]].to_string(index=False))
       what                      here                   there by_there
    verdict supported from 2025-03-14 refuted from 2025-03-14      Bob
    >>> len(coming.write().contrary), len(ann.claims), len(ann.statuses)
    (1, 1, 2)
    """

    def __init__(
        self, ledger: Merges, other: Other, *, why: str = "", take: Take = None, same: Names = None,
        statuses: Names = None,
    ) -> None:  # fmt: skip
        self._ledger, self._why = ledger, why
        self._said = Said(_taking(take, why), _named("same", same), _named("statuses", statuses))
        self._theirs = Theirs(other)
        self.is_written = False
        self._coming = self._compared(ledger._dataset)

    def _compared(self, dataset: Dataset) -> Coming:
        store = self._ledger._own_store()
        return coming(
            dataset, self._theirs, self._said, is_sealed=self._is_sealed,
            is_kept=lambda sha256: store.disk.has(store.document(sha256)),
        )  # fmt: skip

    @cached_property
    def _sealed(self) -> set[bytes]:
        return covered(self._ledger._own_store())

    def _is_sealed(self, table: Table, row: Row, changes: Sequence[Row]) -> bool:
        return bool(self._sealed) and is_covered(self._sealed, table, row, changes)

    # --- what comes of it

    @property
    def counts(self) -> pd.DataFrame:
        """How many rows of each table are `new`, the `same`, `edited` here by it, `contrary` and `left out`."""
        new = Counter({name: len(rows) for name, rows in self._coming.found.new.items()})
        new[STATUSES.name] += len(self._coming.given)
        of = {
            "new": new,
            "same": self._coming.found.same,
            "edited": _rows_by_table(self._coming.found.edits),
            "contrary": _rows_by_table(self._coming.contrary),
            "left out": Counter(one.table for one in self._coming.left_out),
        }
        return LedgerFrame({kind: [rows[name] for name in TABLES] for kind, rows in of.items()}, list(TABLES))

    @property
    def new(self) -> pd.DataFrame:
        """The rows that come in: `table`, `row_id`, `claim_id` and `says`, what each says in short."""
        rows = [
            (name, row_id, claim_of(name, row), _short(name, row))
            for name, of in self._coming.found.new.items()
            for row_id, row in of.items()
        ]
        rows += [
            (STATUSES.name, "", row["claim_id"], _short(STATUSES.name, row)) for row in self._coming.given
        ]
        return _frame(rows, ["table", "row_id", "claim_id", "says"])

    @property
    def contrary(self) -> pd.DataFrame:
        """What both ledgers say otherwise: `what`, the row and its cell, `here`, `there`, who said it, the `outcome`."""
        return _frame(self._coming.contrary, Contrary._fields)

    @property
    def edits(self) -> pd.DataFrame:
        """What is done to rows that stand here: edits and withdrawals of theirs, and empty cells that are filled."""
        return _frame(self._coming.found.edits, Edit._fields)

    @property
    def left_out(self) -> pd.DataFrame:
        """The rows that don't come in, each with its `reason`; those that can't be read with their `line`."""
        return _frame(self._coming.left_out, LeftOut._fields)

    @property
    def alike(self) -> pd.DataFrame:
        """Claims that are one here under another id, the same or nearly: `there`, `here`, their words, and `how`."""
        return _frame(self._coming.alike, Alike._fields)

    @property
    def questions(self) -> list[str]:
        """What has to be said before it can be written, and how."""
        return list(self._coming.questions)

    @property
    def remarks(self) -> list[str]:
        """What else is to be known of the other ledger."""
        return list(self._coming.remarks)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._coming.found.writes or self._coming.given or self._coming.documents)

    # --- writing

    def write(self) -> Merge:
        """Write it: all of it in one call, or nothing; return the merge, which says that it is written.

        Raises
        ------
        QuestionsOpen
            Where something has to be said first.
        InvalidValue
            Where the ledger was changed since, and more is contrary now than was shown.
        """

        def compose(transaction: Transaction) -> bool:
            was, now = self._coming, self._compared(transaction.dataset)
            if now.questions:
                raise QuestionsOpen(self._theirs.other.name, now.questions)
            known = {one[:-1] for one in was.contrary}
            if more := [one for one in now.contrary if one[:-1] not in known]:
                allowed = (
                    f"what was shown; since then the ledger has changed: {_sentence(more[0])} Look at it anew"
                )
                raise InvalidValue("merge", self._theirs.other.name, allowed)
            self._coming = now
            self._compose(transaction)
            return bool(transaction.entry)

        self._ledger._write(compose, then=lambda: None)
        self.is_written = True
        return self

    def _compose(self, transaction: Transaction) -> None:
        entry, found = transaction.entry, self._coming.found
        for name, rows in found.new.items():
            if rows:
                entry.rows[name] = [[row[one] for one in TABLES[name].names] for row in rows.values()]
        entry.cells |= found.cells
        for choice in found.choices:
            transaction.choose(TABLES[choice.table], choice.cell, self._why, choice.after)
        for row in self._coming.given:
            transaction.give(row)
        entry.copied += self._coming.documents

    # --- how it shows itself

    def summary(self) -> list[str]:
        """Return in lines what is to be said first, contrary, edited and left out, the first of each."""
        own, what = self._theirs.other.name, self._coming
        given, documents = len(what.given), len(what.documents)
        near = [one for one in what.alike if one.how != SAME and one.there not in self._said.claims]
        lines = [
            f"{isolated(shown(own, 120))} into {isolated(shown(f'“{self._ledger.title}”', 120))}",
            *_few("To be said first", what.questions, "questions"),
            *_few("Contrary", map(_sentence, what.contrary), "contrary"),
            *_few("Edited there", map(_edit_sentence, what.found.edits), "edits"),
            *_few("Nearly the same", map(_near_sentence, near), "alike"),
            *_few("Left out", map(_left_sentence, what.left_out), "left_out"),
            f"Given anew in this ledger's words, by who merges: {counted(given, 'status', 'statuses')}."
            * bool(given),
            f"Kept documents that come along: {documents:,}." * bool(documents),
            *what.remarks,
        ]
        end = "Nothing is written yet: .write() does it." if self else "There is nothing to write."
        return [*filter(None, lines), "Written." if self.is_written else end]

    def __repr__(self) -> str:
        first, *rest = self.summary()
        return "\n".join([first, self.counts.to_string(), *rest])

    def _repr_html_(self) -> str:
        first, *rest = (html.escape(line) for line in self.summary())
        rows = "".join(f"<li>{line}</li>" for line in rest)
        table = LedgerFrame(self.counts)._repr_html_()
        return f"<div class='factdesk-merge'><b>{first}</b>{table}<ul>{rows}</ul></div>"


def _named(argument: str, given: Names) -> dict[str, str]:
    """Return a mapping of names as it was given; refuse what is none."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(one, str) for one in (*given, *given.values())):
        raise InvalidValue(argument, given, "a mapping of text to text: {'theirs': 'ours'}")
    return dict(given)


def _taking(take: Take, why: str) -> Callable[[str], str]:
    """Return what was said of a row: whether ours or theirs holds, or nothing."""
    given = {"": take} if isinstance(take, str) else take if take is not None else {}
    for one in given.values() if isinstance(given, Mapping) else [given]:
        if not isinstance(one, str) or one not in (OURS, THEIRS):
            raise InvalidValue.choice(
                "take", one, [OURS, THEIRS], allowed="ours, theirs, or one of them by row id"
            )
    if given and not (isinstance(why, str) and clean(why)[0]):
        raise InvalidValue("why", why, "the reason for which that holds; changes keep it")
    return lambda row_id: given.get(row_id, given.get("", ""))


def _rows_by_table(rows: Iterable[Contrary] | Iterable[Edit]) -> Counter[str]:
    return Counter(table for table, _ in {(one.table, one.row_id) for one in rows})


def _frame(rows: Iterable[Sequence[object]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame, what can't be seen in their texts as its number."""
    cells = [[visible(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    kinds = {name: "int64" if name == "line" else "str" for name in columns}
    return LedgerFrame(pd.DataFrame(cells, columns=list(columns)).astype(kinds))


def _few(kind: str, lines: Iterable[str], where: str) -> list[str]:
    told = [f"{kind}: {line}" for line in lines]
    more = len(told) - LISTED
    return [*told[:LISTED], *([f"{kind}: {more:,} more, in .{where}."] if more > 0 else [])]


_SAYS = {
    "claims": ("claimant", "claim"), "appearances": ("claimant", "made_on", "quote"), "sources": ("url", "title"),
    "snapshots": ("media_type", "retrieved_at"), "evidence": ("stance", "quote"),
    "statuses": ("status", "holds_from", "recorded_by", "rationale"), "changes": ("table", "row_id", "column", "after"),
}  # fmt: skip
"""By table the cells that say most of a row."""


def _short(name: str, row: Row) -> str:
    return shown(": ".join(row[one] for one in _SAYS[name] if row[one]), 200)


def _as_named(text: str, limit: int = 60) -> str:
    return isolated(shown(text, limit))


def _of(one: Contrary | Edit | LeftOut) -> str:
    """Return which row it is, as a sentence names it."""
    claim = "" if one.claim_id in ("", one.row_id) else f" of {_as_named(one.claim_id)}"
    column = "" if isinstance(one, LeftOut) or not one.column else f".{one.column}"
    return f"{one.table}{column} {_as_named(one.row_id)}{claim}".rstrip()


def _sentence(one: Contrary) -> str:
    sides = (
        f"{where} '{_as_named(text, 80)}' by {_as_named(by or 'nobody named', 40)}"
        for where, text, by in (("here", one.here, one.by_here), ("there", one.there, one.by_there))
    )
    return f"{_of(one)}: {', '.join(sides)}; {one.outcome}."


def _edit_sentence(one: Edit) -> str:
    what = f"'{_as_named(one.before)}' to '{_as_named(one.after)}'"
    if not one.column:
        what = "withdrawn" if one.after == WITHDRAWN else "reinstated"
    return f"{_of(one)}: {what} by {_as_named(one.by or 'nobody named', 40)} ({_as_named(one.why, 80)})."


def _near_sentence(one: Alike) -> str:
    there, here = shown(one.there, 60), shown(one.here, 60)
    return f"{there} there and {here} here ({one.how}): same={{{there!r}: {here!r}}} joins them."


def _left_sentence(one: LeftOut) -> str:
    return f"{_of(one)}: {_as_named(one.reason, 300).rstrip('.')}."
