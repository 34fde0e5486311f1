"""The desk: one widget that lists a ledger's claims, shows one whole, and writes; the browser asks, and each answer is small."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import pandas as pd
import traitlets

from factdesk.charts.colours import looks
from factdesk.desk import article as reading
from factdesk.desk import card, near
from factdesk.desk.drafts import Kept
from factdesk.desk.forms import cells_to_edit, forms
from factdesk.desk.listing import Listing, cell
from factdesk.desk.place import drafts_of, is_scratch, is_served, reads_only
from factdesk.desk.whole import whole
from factdesk.desk.writing import Refused, Saved, Writer
from factdesk.errors import FactdeskError, InvalidValue, NotFound, nearest
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.parsing import is_address
from factdesk.pages.claim import UNREAD, no_claims
from factdesk.pages.html import static
from factdesk.schema import ALLOWED_DAYS, TABLES, parse_day

if TYPE_CHECKING:
    from factdesk.articles.article import Article
    from factdesk.desk.chooser import Chooser
    from factdesk.exchange.importing import Import

Answer = dict[str, Any]

SCRIPTS = ("dom", "bands", "forms", "list", "claim", "reader", "side", "head", "keys", "")
"""In the order in which they stand in the widget, as one script."""
MOST = 50_000_000
"""Bytes of a file that is uploaded."""
FINDINGS = 200
SLOWLY = ("candidates",)
"""What is answered beside all else: a language model takes seconds to load, as a page may from the network."""

_numbers = count(1)


def _script() -> str:
    return "\n".join(static(f"desk_{name}.js" if name else "desk.js") for name in SCRIPTS)


def workbench(ledger: Ledger | Import) -> Desk | Chooser:
    """Open the desk on a ledger: find a claim and read it, log, attach, judge and correct.

    Parameters
    ----------
    ledger : Ledger or Import
        A ledger; or a view of one, which the desk then only shows; or what `import_table` returned, to choose in
        lists what its columns and ratings are, and bring it in.

    Returns
    -------
    Desk or Chooser
        A widget that shows itself as the last line of a cell. In a saved notebook or a page a desk is a table of
        claims, with the chosen one whole.

    Examples
    --------
    >>> import factdesk as fd
    >>> desk = fd.workbench(fd.open("claims.csv"))
    >>> desk.selected = "trump-talks-productive"
    >>> desk
    Desk of “Ceasefire claims, March 2025”, at trump-talks-productive
    """
    if isinstance(ledger, Ledger):
        return Desk(ledger)
    from factdesk.desk.chooser import Chooser

    return Chooser(ledger)


class Desk(anywidget.AnyWidget):
    """A ledger on the screen. Made by `workbench`; one of its parts alone by `fd.desk.claims`, `claim` and `reader`.

    `selected` is the id of the claim that is shown, and `day` the day as of which the desk is read (YYYY-MM-DD, or
    nothing for now); both can be set. `as_known` says whether it shows what was known on that day, rather than what
    held on it.

    Examples
    --------
    >>> import factdesk as fd
    >>> desk = fd.workbench(fd.open("claims.csv"))
    >>> desk.day = "2025-03-15"
    >>> desk.selected, desk.day
    ('trump-positive-signals', '2025-03-15')
    """

    _esm = _script()
    _css = static("claim.css") + static("desk.css")
    selected = traitlets.Unicode().tag(sync=True)
    day = traitlets.Unicode().tag(sync=True)
    as_known = traitlets.Bool().tag(sync=True)
    told = traitlets.Int().tag(sync=True)
    """Counts what was written in Python or by others, so that every view asks anew."""

    def __init__(self, ledger: Ledger, *, part: str = "", article: Article | None = None) -> None:
        self.ledger = ledger
        self.part = part
        self._reads_only = reads_only(ledger)
        self._writer = Writer(ledger)
        self._listings: dict[tuple[str, bool], Listing] = {}
        self._before: Listing | None = None
        self._seen = self._mark()
        self._readable: list[Any] = []
        self._article = article
        self._drafts = None if self._reads_only else Kept(*drafts_of(ledger))
        claims = ledger.claims["claim_id"]
        # The id is the same in every run, so that a notebook executed anew shows no difference.
        super().__init__(selected=str(next(iter(claims), "")), model_id=f"factdesk-desk-{next(_numbers)}")
        self.on_msg(self._asked)
        self.observe(lambda _: self._keep_readable(), "selected")

    # --- what can be set

    @traitlets.validate("selected")
    def _known_claim(self, proposal: Mapping[str, Any]) -> str:
        claim_id = str(proposal["value"])
        if claim_id and not self._is_there(claim_id):
            ids = self.ledger.claims["claim_id"]
            raise NotFound("claim", claim_id, nearest(claim_id, list(ids)) if len(ids) <= 20_000 else [])
        return claim_id

    def _is_there(self, claim_id: str) -> bool:
        with contextlib.suppress(UnicodeEncodeError):  # half a character is in no id
            return bool((self.ledger.claims["claim_id"] == claim_id).any())
        return False

    @traitlets.validate("day")
    def _known_day(self, proposal: Mapping[str, Any]) -> str:
        day = proposal["value"]
        try:
            return str(parse_day(day)) if day else ""
        except ValueError:
            raise InvalidValue("day", day, f"{ALLOWED_DAYS}; or nothing, for now") from None

    @property
    def _listing(self) -> Listing:
        """The claims as of the day looked at; that of now is kept beside it."""
        key = (self.day, self.as_known) if self.day else ("", False)
        if ("", False) not in self._listings:
            self._listings = {("", False): Listing(self.ledger, like=self._before)}
        now = self._listings["", False]
        if key not in self._listings:
            ledger = self.ledger.as_known(self.day) if self.as_known else self.ledger
            then = Listing(ledger, pd.Timestamp(self.day), None if self.as_known else now)
            self._listings = {("", False): now, key: then}
        return self._listings[key]

    def _mark(self) -> dict[str, int]:
        return {name: len(self._table(name)) for name in TABLES}

    def _table(self, name: str) -> pd.DataFrame:
        rows: pd.DataFrame = getattr(self.ledger, name)
        return rows[~rows["first"].to_numpy(bool)] if name == "appearances" else rows

    # --- what the browser asks

    def _asked(self, _: object, message: Mapping[str, Any], buffers: list[Any]) -> None:
        """Answer one question of the browser; what goes wrong is said there, beside what was asked for."""
        answers: Mapping[str, Callable[..., Answer]] = {
            "open": self._open, "list": self._list, "rows": self._rows, "claim": self._claim, "write": self._write,
            "undo": self._undo, "draft": self._draft, "cells": self._cells, "sources": self._offered,
            "near": self._near, "read": self._read, "candidates": self._candidates, "findings": self._findings, "look": self._look, "when": self._when, "by": self._by_name,
        }  # fmt: skip
        asked = dict(message)
        number, do = asked.pop("ask", None), asked.pop("do", None)
        if number is None or do not in answers:
            return
        if do in ("write", "read"):
            asked["buffers"] = buffers
        if do in SLOWLY or (do == "read" and is_address(str(asked.get("words", "")).strip())):
            Thread(target=self._answer, args=(number, answers[do], asked), daemon=True).start()
        else:
            self._answer(number, answers[do], asked)

    def _answer(self, number: object, act: Callable[..., Answer], asked: Mapping[str, Any]) -> None:
        self._later = later = list[Callable[[], None]]()
        try:
            answer = act(**asked)
        except Refused as error:
            answer = _refused(error.message, error.field, error.offer)
        except FactdeskError as error:
            answer = _refused(str(error))
        except Exception as error:
            self.send({"to": number, **_refused(f"{type(error).__name__}: {error}")})
            raise  # a fault of ours: the front end's log gets all of it
        self.send({"to": number, **answer})
        for after in later:  # what takes its time comes after the answer
            after()

    def _open(self) -> Answer:
        """Return all that a new view needs to stand."""
        settings = self.ledger.settings
        light, dark = (looks(settings.vocabulary, theme) for theme in ("light", "dark"))
        statuses = [
            {"name": one.name, "label": one.label, "sign": light[one.name].sign, "light": light[one.name].colour,
             "dark": dark[one.name].colour, "settled": one.settled} for one in settings.vocabulary
        ]  # fmt: skip
        statuses.append({"name": "", "label": UNREAD, "sign": "", "light": "", "dark": "", "settled": False})
        return {
            "title": self.ledger.title, "noun": settings.noun, "nouns": settings.nouns, "statuses": statuses,
            "forms": forms(settings), "reads_only": self._reads_only, "none": no_claims(self.ledger),
            "place": self.ledger.path.name if self.ledger.path else "", "is_scratch": is_scratch(self.ledger),
            "key": self._drafts.file.stem if self._drafts else "", "keeps": not is_served(),
            "drafts": self._drafts.drafts if self._drafts and not is_served() else {},
            "by": "" if self._reads_only else self.ledger.by, "asks_who": is_served(), "part": self.part,
            "article": self._article and reading.shown(self._article, self._listing), **self._list(), **self._claim(),
        }  # fmt: skip

    def _list(self) -> Answer:
        """Return what stands around the list: counts, days, and what there is to choose from."""
        listing = self._listing
        unread = self.ledger.unread
        latest = self.ledger.latest_day
        return {
            "claims": listing.total, "counts": listing.counts, "unread": str(unread), "day": self.day,
            "as_known": self.as_known, "latest": cell(latest), "days": [*map(str, self._listings["", False].days)], "offers": listing.offers,
            "over_time": self._over_time(), "undo": self._writer.last[-1].sentence if self._writer.last else "",
            "withdrawn": [] if self._reads_only else self._writer.withdrawn(),
        }  # fmt: skip

    def _over_time(self) -> Answer:
        """Return how many claims had each status from which day on, where that changed, and where it lies."""
        listing = self._listing
        days, table = listing.over_time
        table, days = table[days <= listing.last], days[days <= listing.last]
        if not len(days):
            return {"at": [], "days": [], "counts": [], "labels": []}
        changed = [0, *((table[1:] != table[:-1]).any(axis=1).nonzero()[0] + 1).tolist()]
        if len(changed) > 400:
            changed = changed[:: len(changed) // 400 + 1]
        axis = listing.axis
        return {
            "at": [round(float(one), 4) for one in axis.at(days[changed])],
            "days": [*map(str, days[changed])],
            "counts": table[changed].tolist(), "labels": [list(one) for one in axis.labels()],
            "gaps": [[round(float(x), 4) for x in axis.at(pd.array(gap).to_numpy())] for gap in axis.gaps],
        }  # fmt: skip

    def _rows(self, query: Mapping[str, Any], start: int = 0, most: int = 60, at: str = "") -> Answer:
        """Return a page of the claims that are asked for; `at` asks where a claim stands among them."""
        listing = self._listing
        found = listing.find(query, pd.Timestamp.now(self.ledger.settings.zone))
        answer: Answer = {"total": len(found), "of": listing.total}
        if at:
            among = (found == listing.place(at)).nonzero()[0]
            answer["index"] = int(among[0]) if len(among) else -1
        return answer | {"start": start, "rows": listing.rows(found[start : start + min(most, 200)])}

    def _claim(self, claim_id: str | None = None) -> Answer:
        """Return a claim whole, and choose it; nothing where there is none."""
        if claim_id is not None and claim_id != self.selected:
            self.selected = claim_id
        if self._listing.place(self.selected) < 0:
            return {"claim": None, "selected": self.selected}
        return {"claim": whole(self._listing, self.selected), "selected": self.selected}

    def _when(self, day: str, as_known: bool) -> Answer:
        """Look at another day."""
        self.as_known, self.day = as_known, day
        return self._list() | self._claim()

    def _cells(self, table: str, row: str) -> Answer:
        """Return the cells of a row that can be edited."""
        of = TABLES[table]
        rows = getattr(self.ledger, table)
        rows = rows[(rows[of.id] == row).to_numpy()]
        if rows.empty:
            raise NotFound(f"row of {table}:", row)
        cells = {str(name): cell(one, sys.maxsize) for name, one in rows.iloc[0].items()}
        if table == "claims":
            cells["made_on"] = cells["made_on"][: {"month": 7, "year": 4}.get(cells["made_on_precision"], 10)]
        return {"fields": cells_to_edit(of, cells, self.ledger.settings)}

    def _offered(self, words: str) -> Answer:
        return {"sources": self._writer.sources(words)}

    def _near(self, words: str, claimant: str) -> Answer:
        """Return the claims near to one that is being typed, and the claimant who may be meant."""
        listing = self._listing
        claims = listing.claims["claim"]
        found = near.near(words, claims.tolist(), listing.plain) if words else []
        rows = listing.rows(np.array([place for place, _ in found], int))
        told = [differs for _, differs in found]
        return {"near": [row | {"differs": one} for row, one in zip(rows, told, strict=True)],
                "meant": near.meant(claimant, listing.claims["claimant"].unique().tolist())}  # fmt: skip

    def _read(self, words: str = "", name: str = "", buffers: list[Any] | None = None) -> Answer:
        """Read an article: from its address, its text, or the bytes of a file."""
        if re.fullmatch(r"[\w-]+(\.[\w-]+)+/\S*", words.strip()):
            offer = f"https://{words.strip()}"
            raise Refused("An address begins with http:// or https://.", "article", offer)
        self._article = reading.read(words, (name, bytes(buffers[0])) if buffers else None)
        return {"article": reading.shown(self._article, self._listing)}

    def _candidates(self) -> Answer:
        """Return what the article reports that somebody said; a language model is loaded for it."""
        if self._article is None:
            return {"candidates": [], "logged": [], "why": ""}
        return {
            **reading.candidates(self._article),
            "logged": reading.logged(self._article.text, self._listing),
        }

    def _findings(self) -> Answer:
        """Return what a check of the ledger finds; it costs a pass over the ledger."""
        found = self.ledger.check()
        names = ("severity", "message", "advice", "claim_id")
        rows = found[[*names]].head(FINDINGS).itertuples(index=False)
        return {
            "findings": [dict(zip(names, map(str, row), strict=True)) for row in rows],
            "found": len(found),
        }

    def _by_name(self, name: str) -> Answer:
        self.ledger.by = name
        return {"by": self.ledger.by}

    # --- what it writes

    def _write(
        self,
        form: str,
        given: dict[str, Any],
        claim_id: str = "",
        name: str = "",
        buffers: list[Any] | None = None,
    ) -> Answer:
        """Write what was typed, and answer before anything is drawn anew."""
        self._may_write()
        file = None
        if buffers:
            data = bytes(buffers[0])
            if len(data) > MOST:
                raise Refused(
                    f"{name} is larger than {MOST // 1_000_000} MB: attach it with ledger.attach(file=…)",
                    "file",
                )
            file = (name, data)
        return self._wrote(self._writer.write(form, claim_id, given, file))

    def _undo(self) -> Answer:
        self._may_write()
        return self._wrote(self._writer.undo())

    def _may_write(self) -> None:
        if self._reads_only:
            raise Refused(self._reads_only)
        if self.day:
            raise Refused("The desk shows an earlier day, which can only be read. Go back to now to write.")

    def _wrote(self, saved: Saved) -> Answer:
        """Show what stands now: the claim that was written about at once, the list when it is asked for."""
        only_added = len(self.ledger.changes) == self._seen["changes"]
        self._listings, self._before = {}, self._listings.get(("", False)) if only_added else None
        self._later.append(lambda: self._seen.update(self._mark()))
        if saved.claim_id and self._is_there(saved.claim_id):
            self.selected = saved.claim_id
        elif not self._is_there(self.selected):
            self.selected = str(next(iter(self.ledger.claims["claim_id"]), ""))
        claim = whole(self._listing, self.selected) if self.selected else None
        self._later.append(self._keep_readable)
        now = datetime.now(self.ledger.settings.zone)
        return {
            "saved": {"sentence": saved.sentence, "call": saved.call, "notes": saved.notes, "row_id": saved.row_id,
                      "is_new": saved.is_new, "at": f"{now:%H:%M}", "offers": saved.offers},
            "undo": self._writer.last[-1].sentence if self._writer.last else "", "claim": claim, "selected": self.selected,
        }  # fmt: skip

    def _draft(self, name: str, typed: dict[str, Any]) -> Answer:
        """Keep what is typed."""
        if self._drafts:
            try:
                self._drafts.put(name, typed)
            except OSError as error:
                raise Refused(
                    f"What you type can’t be kept: {error.strerror or error}. Save it soon."
                ) from None
        return {}

    def _look(self) -> Answer:
        """Read what others wrote meanwhile, and say who wrote what."""
        if self.ledger.is_view:
            return {}
        self.ledger.refresh()
        now = self._mark()
        if now == self._seen:
            return {}
        news = [
            words
            for name in TABLES
            if now[name] > self._seen[name]
            for words in self._news(name, self._seen[name])
        ]
        self._seen = now
        self._listings, self._before = {}, None
        if self._listing.place(self.selected) < 0:
            self.selected = str(next(iter(self.ledger.claims["claim_id"]), ""))
        return {"news": news[:3], **self._claim()}

    def _news(self, table: str, before: int) -> list[str]:
        """Return what was written since, in sentences; what concerns the claim in view comes first."""
        of, rows = TABLES[table], self._table(table).iloc[before:]
        verbs = {
            "claims": "logged a claim", "appearances": "logged that it was made again", "sources": "",
            "snapshots": "kept a document", "evidence": "attached a source", "statuses": "gave a status",
            "changes": "corrected a cell, or withdrew a row",
        }  # fmt: skip
        if not verbs[table] or of.writer not in rows:
            return []
        here = rows["claim_id"] == self.selected if "claim_id" in rows else rows[of.id] == ""
        who = [f"{by or 'Somebody'} {verbs[table]}" + (" here" if near else "")
               for by, near in zip(rows[of.writer], here, strict=True)]  # fmt: skip
        return sorted(dict.fromkeys(who), key=lambda one: not one.endswith("here"))

    # --- where no kernel runs

    def __repr__(self) -> str:
        at = self.selected if self.part != "reader" else ""
        return f"{self.part.capitalize() or 'Desk'} of “{self.ledger.title}”" + (f", at {at}" if at else "")

    def _readable_form(self) -> dict[str, object]:
        # In the mark-up too, for where no style sheet is shown: a word without end is broken.
        saved = card.saved(self.ledger, self.selected, self.part)
        style = static("claim.css") + static("saved_desk.css")
        words = f'<div class="fd-saved-desk fd-desk" style="overflow-wrap:anywhere">{saved}</div>'
        return {"text/html": f"<style>{style}</style>{words}", "text/plain": repr(self)}

    def _keep_readable(self) -> None:
        """Write what the desk shows now into what is saved with the notebook."""
        for handle in self._readable:
            handle.update(self._readable_form(), raw=True)

    def _alive(self) -> dict[str, object]:
        bundle = super()._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {name: one for name, one in (data or {}).items() if "widget-view" in name}

    def _repr_mimebundle_(self, **options: object) -> dict[str, object]:  # type: ignore[override]
        return self._alive() | self._readable_form()

    def _ipython_display_(self) -> None:
        """Show the readable form and the live one; the style sheet hides the first while the second is alive.

        In one output the notebook would show a dead widget in place of the readable form once it was closed.
        """
        from IPython.display import display

        note = '<p class="fd-soft">As it stood when it was saved. Run the cell again to work at the desk.</p>'
        handle = display(self._readable_form(), raw=True, display_id=True)
        if handle:
            self._readable.append(handle)
        display(self._alive() | {"text/html": note, "text/plain": ""}, raw=True)


def _refused(message: str, field: str = "", offer: str = "") -> Answer:
    return {"refused": {"message": message, "field": field, "offer": offer}}
