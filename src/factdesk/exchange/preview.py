"""What would come of an import, before it is written: in frames, in a terminal and in a notebook."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from factdesk.exchange.plan import Plan
from factdesk.exchange.proposed import Proposed
from factdesk.exchange.tables import SourceTable
from factdesk.formats import counted
from factdesk.frames import LedgerFrame
from factdesk.schema import Settings
from factdesk.text import clean, shown

PREVIEWED = 20
MISFITS_SHOWN = 5


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
                "standing": "set aside" if row.reasons else row.standing,
                **{name: _plain(row.claim.get(name)) for name in ("claim", "claimant", "made_on")},
                "status": str((row.status or {}).get("status", "")),
                "holds_from": str((row.status or {}).get("holds_from") or ""),
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
            (row.line, row.claim_id, name, *pair) for row in self._rows for name, pair in row.changed.items()
        ]
        return LedgerFrame(pd.DataFrame(told, columns=["line", "claim_id", "field", "before", "after"]))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are `new`, `changed`, `same` and `set aside`; `brought back`, where any was withdrawn before."""
        found = Counter("set aside" if row.reasons else row.standing for row in self._rows)
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
        first: dict[str, list[Proposed]] = {}
        for row in self._rows:
            for reason in row.reasons:
                first.setdefault(re.sub(r"'.*?'|\d+", "…", reason), []).append(row)
        for kind, rows in sorted(first.items(), key=lambda one: -len(one[1]))[:MISFITS_SHOWN]:
            reason = next(r for r in rows[0].reasons if re.sub(r"'.*?'|\d+", "…", r) == kind)
            lines.append(f"Set aside, {counted(len(rows), 'row')}: line {rows[0].line}: {shown(reason, 300)}")
        return lines

    def summary(self) -> str:
        """Return what was read, asked and set aside, in words: every row that is set aside is named by its line."""
        aside = self.set_aside
        rows = [
            f"line {line}: {shown(str(why), 300)}"
            for line, why in zip(aside["line"], aside["reason"], strict=True)
        ]
        return "\n".join([*self._words()[: 1 + len(self.table.remarks) + len(self.questions)], *rows])

    def __repr__(self) -> str:
        with pd.option_context("display.max_colwidth", 40, "display.width", 160):
            frames = [pd.DataFrame(self.columns), self.ratings, pd.DataFrame(self.rows)]
            tables = [frame.to_string(index=False) for frame in frames if len(frame)]
        return "\n\n".join(["\n".join(self._words()), *tables, "Nothing is written yet: .write() does it."])

    def _repr_html_(self) -> str:
        words = "".join(f"<li>{html.escape(line)}</li>" for line in self._words())
        titled = (
            ("Columns", self.columns),
            ("Ratings", self.ratings),
            ("Rows as they would stand", self.rows),
        )
        parts = (
            f"<h4>{title}</h4>{LedgerFrame(of.set_index(of.columns[0]).rename_axis(index=None, columns=of.columns[0]))._repr_html_()}"
            for title, of in titled
            if len(of)
        )
        return f"<div class='factdesk-import'><ul>{words}</ul>{''.join(parts)}<p>Nothing is written yet: <code>.write()</code> does it.</p></div>"


def _plain(value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")
    return clean(text[:2_000], one_line=True)[0]
