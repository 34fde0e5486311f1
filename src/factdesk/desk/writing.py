"""What is written at a desk: each form is one public call, and the last of a session's calls can be undone."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from factdesk.desk.forms import Values, cells_to_edit, forms, refusal
from factdesk.desk.listing import cell, folded, named_source
from factdesk.errors import FactdeskError, FactdeskWarning, InvalidValue
from factdesk.formats import counted
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.parsing import is_address
from factdesk.schema import SEPARATOR, TABLES
from factdesk.text import clean, host

UNDONE = "undone at the desk"
AGAIN = "typed when it was given again"
ADDRESSED = ("made_on", "made_on_precision", "appearance", "source_id", "url")
"""Columns that are typed in another form than the one in which they stand."""
OFFERED = 60
"""Known sources that are offered to choose from at a time."""
NEEDED = {"log": ("claim", "claimant"), "attach": ("url", "stance"), "status": ("status", "rationale")}
COLUMNS = {"log": {"url": "appearance"}, "repeat": {"url": "appearance", "source_id": "appearance"}}
"""Errors about a column of another name stand beside this field."""


@dataclass
class Refused(Exception):
    """What was not written, and why; `field` is where the error stands, `offer` what may be meant."""

    message: str
    field: str = ""
    offer: str = ""


@dataclass
class Saved:
    """What was written: a sentence, the same call in Python, and what undoes it; `row_id` is the call's answer.

    `offers` are the edits that take in what was typed where a row stood already, and holds something else.
    """

    sentence: str
    call: str
    row_id: str = ""
    claim_id: str = ""
    is_new: bool = True
    undo: Callable[[], object] | None = None
    notes: list[str] = field(default_factory=list)
    offers: list[dict[str, Any]] = field(default_factory=list)


def short(words: str, most: int = 48) -> str:
    """Return the beginning of some words.

    >>> short("It rained all week.", 10)
    'It rained…'
    """
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


class Writer:
    """The calls of a desk's forms on a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.last: list[Saved] = []
        self._forms = forms(ledger.settings)

    def write(self, form: str, claim_id: str, given: Values, file: tuple[str, bytes] | None = None) -> Saved:
        """Write what was typed into a form; raise `Refused` where it can't be, with the field that it is about."""
        typed = {name: value for name, value in given.items() if value or name in NEEDED.get(form, ())}
        calls: Mapping[str, Callable[[], Saved]] = {
            "log": lambda: self._log(typed),
            "attach": lambda: self._attach(claim_id, typed, file),
            "status": lambda: self._status(claim_id, typed),
            "repeat": lambda: self._repeat(claim_id, typed),
            "edit": lambda: self._edit(given),
            "withdraw": lambda: self._turn("withdraw", given),
            "reinstate": lambda: self._turn("reinstate", given),
            "many": lambda: self._many(given),
        }
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", FactdeskWarning)
            try:
                saved = calls[form]()
            except InvalidValue as error:
                raise self._refused(form, error, given) from error
            except FactdeskError as error:
                raise Refused(str(error)) from error
        told = [str(one.message) for one in caught]
        saved.notes += [one for one in told if not (saved.offers and "ledger.edit" in one)]
        if saved.is_new and saved.undo:
            self.last.append(saved)
        return saved

    def undo(self) -> Saved:
        """Undo the last call of this session that is not undone yet: by a new row or an edit, never by a deletion."""
        if not self.last:
            raise Refused("There is nothing to undo: this desk has written nothing that still stands.")
        last = self.last[-1]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FactdeskWarning)
                last.undo() if last.undo else None
        except FactdeskError as error:
            raise Refused(str(error)) from error
        self.last.pop()
        return Saved(f"Undone: {last.sentence}", "", last.row_id, last.claim_id)

    def _refused(self, form: str, error: InvalidValue, given: Values) -> Refused:
        of = self._forms.get("status" if form == "many" else form, {"fields": [], "more": []})
        fields = [*of["fields"], *of["more"]]
        if form == "edit":
            fields = cells_to_edit(TABLES[given["table"]], {}, self.ledger.settings)
        if form in ("edit", "withdraw", "reinstate", "many"):
            fields = [*fields, {"name": "why", "about": "the reason"}]
        name, message = refusal(error, fields, COLUMNS.get(form, {}))
        typed = str(error.value or "").strip()
        is_bare = name in ("url", "appearance") and "." in host(f"https://{typed}") and not is_address(typed)
        if is_bare and " " not in typed:
            return Refused(message, name, f"https://{typed}")
        meant = self.sources(typed) if typed and name in ("url", "appearance") else []
        meant = [one for one in meant if folded(typed) in folded(one.split(" · ")[0])]
        return Refused(message, name, meant[0] if len(meant) == 1 else "")

    # --- one call each

    def _log(self, typed: Values) -> Saved:
        before = self.ledger.claims["claim_id"]
        self._resolve(typed, "appearance")
        claim = typed.pop("claim")
        row_id = self.ledger.log(claim, **typed)
        saved = Saved(f"Logged “{short(claim)}”", _call("log", [claim], typed), row_id, row_id)
        if (before == row_id).any():
            saved.sentence, saved.is_new = f"“{short(claim)}” is logged already; here it is", False
            saved.offers = self._offers("claims", row_id, typed)
        saved.undo = self._withdrawing("claims", row_id)
        return saved

    def _attach(self, claim_id: str, typed: Values, file: tuple[str, bytes] | None) -> Saved:
        before = self.ledger.evidence["evidence_id"]
        self._resolve(typed, "url")
        url = typed.pop("url")
        with tempfile.TemporaryDirectory(prefix="factdesk-upload-") as folder:
            if file:
                path = Path(folder) / (
                    PurePosixPath(clean(file[0], one_line=True)[0].replace("\\", "/")).name or "file"
                )
                path.write_bytes(file[1])
                typed["file"] = path
            elif not url:
                raise InvalidValue(
                    "url", url, "an address with http:// or https://, or a known source", "sources"
                )
            row_id = self.ledger.attach(claim_id, url or None, **typed)
            if file:
                typed["file"] = path.name
        named = host(url) or (file[0] if file else "") or named_source(self._source_of(row_id))
        saved = Saved(f"Attached {short(named)}", _call("attach", [claim_id, url], typed), row_id, claim_id)
        if (before == row_id).any():
            saved.sentence, saved.is_new = f"{short(named)} is attached with these words already", False
            saved.offers = self._offers("evidence", row_id, typed)
        saved.offers += self._offers("sources", self._source_of(row_id)["source_id"], typed)
        saved.undo = self._withdrawing("evidence", row_id)
        return saved

    def _status(self, claim_id: str, typed: Values) -> Saved:
        before = self.ledger.statuses["status_id"]
        status = typed.pop("status")
        row_id = self.ledger.set_status(claim_id, status, **typed)
        words = short(self._words(claim_id))
        saved = Saved(
            f"Set “{words}” to {status}", _call("set_status", [claim_id, status], typed), row_id, claim_id
        )
        if (before == row_id).any():
            saved.sentence, saved.is_new = f"“{words}” is {status} already, for the same reason", False
        saved.undo = self._withdrawing("statuses", row_id)
        return saved

    def _repeat(self, claim_id: str, typed: Values) -> Saved:
        before = self.ledger.appearances["appearance_id"]
        self._resolve(typed, "appearance")
        row_id = self.ledger.repeat(claim_id, **typed)
        saved = Saved("Logged that it was made again", _call("repeat", [claim_id], typed), row_id, claim_id)
        if (before == row_id).any():
            saved.sentence, saved.is_new = "That it was made then is logged already", False
            saved.offers = self._offers("appearances", row_id, typed)
        saved.undo = self._withdrawing("appearances", row_id)
        return saved

    def _edit(self, given: Values) -> Saved:
        table, row_id, why = str(given["table"]), str(given["row"]), str(given.get("why", ""))
        cells: Values = dict(given["cells"])
        changes = set(self.ledger.edit(table, row_id, why=why, **cells))
        made = self.ledger.changes
        made = made[made["change_id"].isin(changes).to_numpy()]
        before = dict(zip(made["column"], made["before"], strict=True))
        if "made_on" in cells and table == "claims":
            before.pop("made_on_precision", None)
        names = ", ".join(name.replace("_", " ") for name in before) or "nothing"
        saved = Saved(
            f"Corrected {names}",
            _call("edit", [table, row_id], {"why": why, **cells}),
            row_id,
            is_new=bool(before),
        )
        saved.undo = lambda: self.ledger.edit(table, row_id, why=UNDONE, **before)
        return saved

    def _turn(self, method: str, given: Values) -> Saved:
        table, row_id, why = str(given["table"]), str(given["row"]), str(given.get("why", ""))
        back = "reinstate" if method == "withdraw" else "withdraw"
        turned = getattr(self.ledger, method)(table, row_id, why=why)
        verb, what = ("Withdrew", "withdrawn") if method == "withdraw" else ("Reinstated", "reinstated")
        one = {"claims": "the claim", "evidence": "the evidence", "statuses": "the status"}.get(
            table, "the row"
        )
        saved = Saved(
            f"{verb} {one}", _call(method, [table, row_id], {"why": why}), row_id, is_new=bool(turned)
        )
        if not turned:
            saved.sentence = f"{one.capitalize()} was {what} before"
        saved.undo = lambda: getattr(self.ledger, back)(table, row_id, why=UNDONE)
        return saved

    def _many(self, given: Values) -> Saved:
        """Give several claims one status, or one topic more."""
        ids, why = [str(one) for one in given["ids"]], str(given.get("why", ""))
        many = counted(len(ids), self.ledger.settings.noun, self.ledger.settings.nouns)
        if topic := clean(str(given.get("topic", "")), one_line=True)[0]:
            return self._topic(ids, topic, why, many)
        before = self.ledger.statuses["status_id"]
        status = str(given.get("status", ""))
        rows = pd.DataFrame({"claim_id": ids, "status": status, "rationale": why})
        if day := given.get("holds_from"):
            rows["holds_from"] = day
        if not why.strip():
            raise InvalidValue("why", why, "not empty (the reason)")
        if status not in self.ledger.settings.statuses:
            raise InvalidValue.choice("status", status, self.ledger.settings.statuses)
        given_ids = self.ledger.set_status_many(rows)["status_id"]
        new = given_ids[~given_ids.isin(before)].tolist()
        saved = Saved(f"Set {many} to {status}", "ledger.set_status_many(frame)", is_new=bool(new))
        saved.undo = lambda: self.ledger.withdraw("statuses", new, why=UNDONE)
        return saved

    def _topic(self, ids: Sequence[str], topic: str, why: str, many: str) -> Saved:
        claims = self.ledger.claims
        claims = claims[claims["claim_id"].isin(ids).to_numpy()]
        before: dict[str, list[str]] = {}
        for claim_id, topics in zip(claims["claim_id"], claims["topics"], strict=True):
            if folded(topic) not in {folded(one.strip()) for one in topics.split(SEPARATOR)}:
                before.setdefault(topics, []).append(claim_id)
        why = why or f"about {topic}"
        for topics, some in before.items():
            new = SEPARATOR.join(filter(None, (topics, topic)))
            self.ledger.edit("claims", some, why=why, topics=new)

        def undo() -> None:
            for topics, some in before.items():
                self.ledger.edit("claims", some, why=UNDONE, topics=topics)

        call = _call("edit", ["claims", list(ids)], {"why": why, "topics": topic})
        return Saved(f"Filed {many} under {topic}", call, is_new=bool(before), undo=undo)

    def _withdrawing(self, table: str, row_id: str) -> Callable[[], object]:
        return lambda: self.ledger.withdraw(table, row_id, why=UNDONE)

    # --- sources, by their names

    def sources(self, words: str) -> list[str]:
        """Return known sources in whose name or address all words occur, the last described first."""
        sources, asked = self.ledger.sources.iloc[::-1], folded(words).split()
        found: list[str] = []
        for name, _ in self._named_sources(sources):
            if all(word in folded(name) for word in asked):
                found.append(name)
                if len(found) == OFFERED:
                    break
        return found

    @staticmethod
    def _named_sources(sources: pd.DataFrame) -> Any:
        columns = ("publisher", "title", "url", "source_id")
        for row in zip(*(sources[name] for name in columns), strict=True):
            of = dict(zip(columns, row, strict=True))
            yield f"{named_source(of)} · {of['url'] or of['source_id']}", of["source_id"]

    def _resolve(self, typed: Values, name: str) -> None:
        """Put the id of a known source in the place of the name by which it was offered.

        A form takes an address, never a path: anyone who reaches a served desk would have files copied.
        """
        given = str(typed.get(name, "") or "").strip()
        sources = self.ledger.sources
        if not given or is_address(given) or (sources["source_id"] == given).any():
            return
        exact = [row_id for words, row_id in self._named_sources(sources) if words == given]
        if not exact:
            named = sources[["publisher", "title"]].map(folded) == folded(given)
            exact = sources["source_id"][named.any(axis=1)].tolist()
        if len(exact) == 1:
            typed[name] = exact[0]
            return
        allowed = "an address with http:// or https://, or a known source"
        if len(exact) > 1:
            allowed = f"one of its {len(exact)} documents, from the list: several are of “{short(given)}”"
        raise InvalidValue(name, given, allowed, "sources" if name == "url" else "claims")

    def _row(self, table: str, row_id: str) -> dict[str, Any]:
        rows = getattr(self.ledger, table)
        return dict(rows[(rows[TABLES[table].id] == row_id).to_numpy()].iloc[0])

    def _source_of(self, evidence_id: str) -> dict[str, Any]:
        return self._row("sources", self._row("evidence", evidence_id)["source_id"])

    def _offers(self, table: str, row_id: str, typed: Values) -> list[dict[str, Any]]:
        """Return the edits that take in what was typed and a row that stood already does not hold."""
        row, found = self._row(table, row_id), []
        for name in TABLES[table].editable:
            if (
                name in ADDRESSED
                or (table, name) == ("sources", "note")
                or not (new := clean(str(typed.get(name, "")))[0])
            ):
                continue
            stands, label = cell(row[name], sys.maxsize), name.replace("_", " ")
            if stands == new:
                continue
            words = (
                f"Put {label} “{short(new)}” in place of “{short(stands)}”" if stands else f"Add the {label}"
            )
            found.append(
                {"words": words, "given": {"table": table, "row": row_id, "cells": {name: new}, "why": AGAIN}}
            )
        return found

    def _words(self, claim_id: str) -> str:
        return str(self._row("claims", claim_id)["claim"])

    def withdrawn(self) -> list[dict[str, str]]:
        """Return what was withdrawn, the last first, so that it can be reinstated."""
        gone = self.ledger.withdrawn.sort_values("changed_at", ascending=False).head(OFFERED)
        names = ("table", "row_id", "why", "changed_by")
        return [
            dict(zip(names, map(str, row), strict=True)) for row in gone[[*names]].itertuples(index=False)
        ]


def _call(method: str, first: Sequence[object], given: Mapping[str, object]) -> str:
    arguments = [*map(repr, first), *(f"{name}={value!r}" for name, value in given.items())]
    return f"ledger.{method}({', '.join(arguments)})"
