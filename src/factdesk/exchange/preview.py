"""What would come of an import, before it is written: in frames, in a terminal and in a notebook."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from factdesk.checks.findings import IF_ONE, NEARLY
from factdesk.exchange.cells import MARKUP, words
from factdesk.exchange.doubles import nearly
from factdesk.exchange.plan import Plan
from factdesk.exchange.proposed import TEXTS, Proposed
from factdesk.exchange.tables import SourceTable
from factdesk.formats import counted
from factdesk.frames import LedgerFrame
from factdesk.schema import Settings
from factdesk.text import clean, shown

PREVIEWED = 20
MISFITS_SHOWN, CHANGES_SHOWN, COLUMNS_SHOWN, WIDEST = 5, 20, 14, 60

_WRITTEN = frozenset([*TEXTS, "note", "topics"])
"""Fields of which the words are taken."""


class Preview:
    """The columns, ratings and rows of an import as guessed or said."""

    table: SourceTable
    plan: Plan
    settings: Settings
    ratings: pd.DataFrame
    questions: list[str]
    _guessed: pd.DataFrame | None
    _rows: Sequence[Proposed]

    @property
    def columns(self) -> pd.DataFrame:
        """What each column was taken for and why: `column`, `field`, `why`, `example`."""
        if self._guessed is None:
            return LedgerFrame(columns=["column", "field", "why", "example"], dtype="str")
        shown_here = self._guessed[["column", "field", "why", "example"]].copy()
        now = [self.plan.columns.get(column, "") for column in shown_here["column"]]
        shown_here["why"] = [
            w if f == n else "as said"
            for w, f, n in zip(shown_here["why"], shown_here["field"], now, strict=True)
        ]
        # A name and password in an address are nobody's business.
        examples = shown_here["example"].str.replace(r"(://)[^/@\s]*@", r"\1…@", regex=True)
        return LedgerFrame(shown_here.assign(field=now, example=examples))

    @property
    def rows(self) -> pd.DataFrame:
        """The first twenty rows as they would stand: `line`, `standing` (new, same, changed, set aside) and their cells."""
        some = [
            {
                "line": row.line,
                "standing": _standing(row, f"same as {row.twin_of}"),
                **{name: _plain(row.claim.get(name)) for name in ("claim", "claimant", "made_on")},
                "status": str((row.status or {}).get("status", "")),
                "holds_from": "" if row.reasons else str((row.status or {}).get("holds_from") or ""),
                "sources": len(row.sources),
                "topics": "; ".join(row.claim.get("topics") or ()),  # type: ignore[arg-type]
            }
            for row in self._rows[:PREVIEWED]
        ]
        return LedgerFrame(some)

    @property
    def set_aside(self) -> pd.DataFrame:
        """The rows that can't be taken: `line`, `reason` and `text`, what the row says."""
        told = [
            (row.line, "; ".join(row.reasons), _plain(list(row.said.values())))
            for row in self._rows
            if row.reasons
        ]
        whole = pd.DataFrame(told, columns=["line", "reason", "text"])
        return LedgerFrame(
            pd.concat([whole, self.table.set_aside], ignore_index=True).sort_values("line", kind="stable")
        )

    @property
    def changed(self) -> pd.DataFrame:
        """What rows say that came in before, and say otherwise now: `line`, `claim_id`, `field`, `before`, `after`."""
        told = [
            (row.line, row.claim_id, name, *pair)
            for row in self._rows
            if not row.reasons
            for name, pair in row.changed.items()
        ]
        return LedgerFrame(pd.DataFrame(told, columns=["line", "claim_id", "field", "before", "after"]))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are `new`, `changed`, `same` and `set aside`; `brought back`, where any was withdrawn before."""
        found = Counter(_standing(row, "same") for row in self._rows)
        found["set aside"] += len(self.table.set_aside)
        names = ("new", "brought back", "changed", "same", "set aside")
        return {name: found[name] for name in names if found[name] or name != "brought back"}

    def _words(self) -> list[str]:
        """Return what there is to say before it is written, a line each."""
        counts = ", ".join(f"{number:,} {name}" for name, number in self.counts.items())
        lines = [
            f"{self.table.name}: {counts}",
            *self.table.remarks,
            *(f"To be answered: {one}" for one in self.questions),
        ]
        unknown = self.ratings[self.ratings["status"] == ""]
        if len(unknown):
            some = ", ".join(
                f"{shown(r, 30)!r} ({n:,})"
                for r, n in zip(unknown["rating"][:8], unknown["rows"][:8], strict=True)
            )
            lines.append(f"Ratings without a status: {some}. Statuses: {', '.join(self.settings.statuses)}.")
        aside = self.set_aside
        kinds: dict[str, list[tuple[int, str]]] = {}
        for line, reasons in zip(aside["line"].tolist(), aside["reason"].tolist(), strict=True):
            kinds.setdefault(re.sub(r"'.*?'|\d+", "…", reasons), []).append((line, reasons))
        listed = sorted(kinds.values(), key=len, reverse=True)
        lines += self._doubles()
        for rows in listed[:MISFITS_SHOWN]:
            line, reason = rows[0]
            lines.append(f"Set aside, {counted(len(rows), 'row')}: line {line}: {shown(reason, 300)}")
        if more := sum(map(len, listed[MISFITS_SHOWN:])):
            lines.append(f"Set aside for other reasons: {counted(more, 'row')}; set_aside names each.")
        held = [f"line {row.line}, {reason}" for row in self._rows for reason in row.held]
        lines += held[:CHANGES_SHOWN]
        return [*lines, *self._differences(), *self._losses()]

    def _doubles(self) -> Iterator[str]:
        """Yield which rows are one claim, or nearly, the first of them."""
        twins = [row for row in self._rows if row.twin_of and not row.reasons]
        for row in twins[:MISFITS_SHOWN]:
            yield f"Line {row.line} is the same claim as {row.twin_of}: what both say of it comes in once."
        if (more := len(twins) - MISFITS_SHOWN) > 0:
            yield f"{counted(more, 'more row')} are the same claim as one above."
        near = list(islice(nearly(self._rows), MISFITS_SHOWN + 1))
        if near:
            some = "; ".join(near[:MISFITS_SHOWN]) + "; and others" * (len(near) > MISFITS_SHOWN)
            yield f"Nearly the same claim, and two claims: {some}: {NEARLY} {IF_ONE}"

    def _differences(self) -> Iterator[str]:
        """Yield what differs in rows that came in before, cell by cell, the first of them."""
        column = {name: self.plan.of(name)[0] for name in self.plan.columns.values() if name}
        changed = self.changed
        cells = zip(*(changed[name].tolist() for name in ("line", "field", "before", "after")), strict=True)
        for line, name, before, after in islice(cells, CHANGES_SHOWN):
            named = shown(column.get(name, name), 40)
            yield f"line {line}, {named}: {shown(before, 60)!r} → {shown(after, 60)!r}"
        if (more := len(changed) - CHANGES_SHOWN) > 0:
            yield f"{counted(more, 'more cell')} that differ: changed names each."
        emptied = [(row, name) for row in self._rows if not row.reasons for name in row.emptied]
        for row, name in emptied[:1]:
            of = f", and in {counted(len(emptied) - 1, 'more cell')}" if len(emptied) > 1 else ""
            yield (
                f"line {row.line}{of}: {shown(column.get(name, name), 40)} is empty now, and was not: nothing is taken "
                "back, for a missing value is no verdict."
            )

    def _losses(self) -> Iterator[str]:
        """Yield what of the sheet does not come in although its rows do."""
        dropped = [column for column in self.table.cells if not self.plan.columns.get(str(column))]
        if dropped and self._guessed is not None:
            some = ", ".join(repr(shown(str(one), 40)) for one in dropped[:COLUMNS_SHOWN])
            more = len(dropped) - COLUMNS_SHOWN
            yield f"Columns left out: {some}{f' and {more:,} others' if more > 0 else ''}."
        marked = [
            row.line
            for row in self._rows
            for name, text in row.said.items()
            if ("<" in text or "&" in text) and name in _WRITTEN and MARKUP in words(text)[1]
        ]
        if marked:
            yield f"{MARKUP} of {counted(len(marked), 'cell')}, the first in line {marked[0]}; the words stay."

    def summary(self) -> str:
        """Return what was read, asked and set aside, in words: every row that is set aside is named by its line."""
        aside = self.set_aside
        rows = [
            f"line {line}: {shown(str(why), 300)}"
            for line, why in zip(aside["line"], aside["reason"], strict=True)
        ]
        first = self._words()[: 1 + len(self.table.remarks) + len(self.questions)]
        return "\n".join([*first, *self._doubles(), *rows, *self._differences(), *self._losses()])

    def _few_columns(self) -> tuple[pd.DataFrame, str]:
        """Return the columns that come in, and some of those that don't; and how many more there are."""
        columns = self.columns
        none = np.flatnonzero((columns["field"] == "").to_numpy())[COLUMNS_SHOWN:]
        kept = np.setdiff1d(np.arange(len(columns)), none)
        return columns.iloc[kept], f"and {len(none):,} others, left out" if len(none) else ""

    def __repr__(self) -> str:
        columns, more = self._few_columns()
        frames = [_cut(pd.DataFrame(one)) for one in (columns, self.ratings, self.rows) if len(one)]
        with pd.option_context("display.width", 160):
            tables = [frame.to_string(index=False) for frame in frames]
        if more:
            tables[0] += f"\n{more}"
        return "\n\n".join(["\n".join(self._words()), *tables, "Nothing is written yet: .write() does it."])

    def _repr_html_(self) -> str:
        words = "".join(f"<li>{html.escape(line)}</li>" for line in self._words())
        columns, more = self._few_columns()
        titled = (
            (f"Columns {more}".strip(), columns),
            ("Ratings", self.ratings),
            ("Rows as they would stand", self.rows),
        )
        parts = (
            f"<h4>{title}</h4>{LedgerFrame(_cut(of).set_index(of.columns[0]).rename_axis(index=None, columns=of.columns[0]))._repr_html_()}"
            for title, of in titled
            if len(of)
        )
        return f"<div class='factdesk-import'><ul>{words}</ul>{''.join(parts)}<p>Nothing is written yet: <code>.write()</code> does it.</p></div>"


def _standing(row: Proposed, twin: str) -> str:
    """Return what becomes of a row; `twin` is what one that is the claim of another row is called."""
    if row.reasons:
        return "set aside"
    return twin if row.twin_of and row.standing == "new" else row.standing


def _plain(value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")
    return clean(text[:2_000], one_line=True)[0]


def _cut(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose long cells are cut."""

    def short(cell: object) -> object:
        return f"{cell[: WIDEST - 1]}…" if isinstance(cell, str) and len(cell) > WIDEST else cell

    return frame.map(short).rename(columns=short)
