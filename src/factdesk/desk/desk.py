"""The desk: choose a claim and read it, log, attach and judge, and see both charts; each form is one public call."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import count

import anywidget
import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd
import traitlets
from IPython.display import DisplayHandle, display

from factdesk import charts
from factdesk.charts.colours import looks
from factdesk.desk import card
from factdesk.desk.chooser import Chooser
from factdesk.desk.forms import Form, Ticks, Values, alert, classed, field
from factdesk.desk.picture import Picture
from factdesk.errors import FactdeskError, InvalidValue, NotFound, nearest
from factdesk.exchange.importing import Import
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.parsing import is_address
from factdesk.pages.claim import UNREAD, Claims, line, made_on, no_claims, text
from factdesk.pages.html import escape, static
from factdesk.schema import CLAIMS, EVIDENCE, SOURCES, STATUSES_TABLE, TABLES

LISTED = 200
"""Claims and known sources that are sent to the browser; the ledger may hold a million."""
WORDS = 240
"""Characters of a claim that are sent for the list, which shows two lines of it."""
TIMELINE = "Status and evidence through time"
NARROWEST = 320
"""Pixels to which a chart shrinks; in a narrower desk it scrolls."""

STYLE = static("claim.css") + static("desk.css")

_numbers = count(1)


def workbench(ledger: Ledger | Import) -> Desk | Chooser:
    """Open the desk on a ledger: a form for each thing that an analyst does, over the same calls.

    Parameters
    ----------
    ledger : Ledger or Import
        A ledger; or a view of one, which the desk then only shows; or what `import_table` returned, to choose in
        lists what its columns and ratings are, and bring it in.

    Returns
    -------
    Desk or Chooser
        A widget that shows itself as the last line of a cell. In a saved notebook or a page a desk is a table of
        the claims, with the chosen one whole.

    Examples
    --------
    >>> import factdesk as fd
    >>> desk = fd.workbench(fd.open("claims.csv"))
    >>> desk.choose("trump-talks-productive")
    >>> desk
    Desk of “Ceasefire claims, March 2025”, at trump-talks-productive
    """
    return Chooser(ledger) if isinstance(ledger, Import) else Desk(ledger)


class ClaimList(anywidget.AnyWidget):
    """The claims found, to choose one of by mouse or keys; the browser holds these rows and no more."""

    _esm = static("desk.js")
    _css = STYLE
    rows: traitlets.List = traitlets.List().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    widths = traitlets.Tuple(traitlets.Int(), traitlets.Int(), default_value=(0, 0)).tag(sync=True)


class Desk(widgets.VBox):
    """A ledger on the screen. Made by `workbench`.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.workbench(fd.create("new.csv", title="New")).chosen
    ''
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._reads_only = _reads_only(ledger)
        self._shown = ""
        self._drafts: dict[str, tuple[Values, Values]] = {}
        self._sources: dict[str, str] = {}
        self._readable: list[DisplayHandle] = []
        self._held = pd.Series(dtype="object")
        self._search = widgets.Text(description="Search claims", placeholder="words, people, topics")
        self._claims = ClaimList()
        parts = (widgets.HTML() for _ in range(5))
        self._head, self._news, self._words, self._evidence, self._history = parts
        self._timeline, self._over_time = Picture(), Picture()
        self._log, self._attach, self._status = self._forms()
        self._open_log, self._open_attach = widgets.ToggleButton(), widgets.ToggleButton()
        self._claim = widgets.VBox()
        # The id is the same in every run, so that a notebook executed anew shows no difference.
        super().__init__(self._laid_out(), model_id=f"factdesk-desk-{next(_numbers)}")
        self.add_class("fd-desk")
        self._renew()
        claims = ledger.claims["claim_id"]
        if len(claims):
            self.choose(str(claims.iloc[0]))
        self._open_log.value = claims.empty and not self._reads_only
        self._search.observe(lambda _: self._find(), "value")
        self._claims.observe(lambda change: self._guarded(lambda: self.choose(change["new"])), "chosen")
        self._claims.observe(lambda _: self._draw(), "widths")

    # --- its parts

    def _forms(self) -> tuple[Form, Form, Form]:
        of_claim, of_source, of_evidence = (partial(field, table) for table in (CLAIMS, SOURCES, EVIDENCE))
        of_status = partial(field, STATUSES_TABLE)
        address = "https://… or a known source"
        log = {
            "claim": of_claim("claim", "Claim", hint="One checkable proposition, in your own words", rows=2),
            "claimant": of_claim("claimant", "Claimant", hint="Who asserts it", known=True),
            "claimant_role": of_claim("claimant_role", "Role of the claimant"),
            "made_on": of_claim("made_on", "Made on", hint="YYYY-MM-DD or YYYY-MM"),
            "appearance": of_claim("appearance", "Where it was made", hint=address, known=True),
            "quote": of_claim("quote", "Exact words"),
            "kind": of_claim("kind", "Kind of claim"),
            "topics": of_claim("topics", "Topics", hint="several are separated by ;"),
            "note": of_claim("note", "Note on the claim"),
            "due_on": of_claim("due_on", "Due on", hint="2027-06-30, 2027-06 or 2027"),
            "would_settle": of_claim("would_settle", "What would settle it"),
        }
        attach = {
            "url": of_source("url", "Source", hint=address, known=True),
            "quote": of_evidence("quote", "Quote from the source"),
            "stance": of_evidence("stance", "Stance"),
            "published_on": of_source("published_on", "Published on"),
            "publisher": of_source("publisher", "Publisher"),
            "title": of_source("title", "Title"),
            "type": of_source("type", "Type of source"),
            "place": of_evidence("place", "Place in the source", hint="p. 12, para 3, 00:14:33"),
            "reliability": of_source("reliability", "Reliability, A best"),
            "credibility": of_evidence("credibility", "Credibility, 1 best"),
            "translation": of_evidence("translation", "Translation"),
            "note": of_evidence("note", "Note on the evidence"),
        }
        words = [(f"{status.label} {status.sign}", status.name) for status in self.ledger.settings.vocabulary]
        status = {
            "status": of_status("status", "New status", choices=words),
            "holds_from": of_status("holds_from", "Holds from", hint="today if empty"),
            "rationale": of_status("rationale", "Rationale", hint="Why, in a sentence or two"),
            "gaps": of_status("gaps", "Gaps", hint="What was not found, or would change it"),
            "evidence": Ticks("Evidence that it rests on"),
        }
        for source in (log["appearance"], attach["url"]):
            source.observe(lambda change: self._offer_sources(change["owner"]), "value")
        return (
            Form(log, "Log claim", self._log_claim, needed=["claim", "claimant"], wide=["claim", "appearance", "quote"],
                 columns={"url": "appearance"}, done=self._news),
            Form(attach, "Attach source", self._attach_source, needed=["url", "stance"], wide=["url", "quote"]),
            Form(status, "Set status", self._set_status, needed=["status", "rationale"],
                 wide=["rationale", "gaps", "evidence"]),
        )  # fmt: skip

    def _laid_out(self) -> list[widgets.Widget]:
        log_form = _area("fd-log", [widgets.HTML('<p class="fd-h">Log a claim</p>'), self._log])
        attach_form = _area("fd-attach", [self._attach])
        self._areas = {"log": log_form, "attach": attach_form}
        evidence = widgets.HTML('<p class="fd-h">Evidence</p>')
        self._claim.children = [
            self._words,
            classed("fd-timeline", self._timeline),
            *self._to_write(_area("fd-status", [self._status])),
            _area("fd-row", [evidence, *self._to_write(self._open_attach)]),
            *self._to_write(attach_form),
            self._evidence,
            self._history,
        ]
        find = _area("fd-find", [self._search, *self._to_write(self._open_log)])
        left = _area("fd-left", [find, classed("fd-claims", self._claims)])
        main = _area("fd-main", [self._news, *self._to_write(log_form), self._claim])
        self._open_log.observe(lambda change: self._opened(self._log, change["new"]), "value")
        self._open_attach.observe(lambda change: self._opened(self._attach, change["new"]), "value")
        self._arrange()
        notice = f'<p class="fd-soft fd-only">{escape(self._reads_only)}</p>' if self._reads_only else ""
        body = _area("fd-body", [left, main])
        return [self._head, widgets.HTML(notice), body, classed("fd-over-time", self._over_time)]

    def _to_write(self, *parts: widgets.DOMWidget) -> tuple[widgets.DOMWidget, ...]:
        """Return parts that write, where something can be written."""
        return () if self._reads_only else parts

    def _opened(self, form: Form, is_open: bool) -> None:
        self._arrange()
        if is_open:
            next(iter(form.fields.values())).focus()

    def _arrange(self) -> None:
        logging = self._open_log.value
        _show(self._areas["log"], logging)
        _show(self._claim, not logging and bool(self._shown))
        _show(self._areas["attach"], self._open_attach.value)
        self._open_log.description = "Close the form" if logging else "Log a claim"
        self._open_attach.description = "Close the form" if self._open_attach.value else "Attach a source"

    # --- what it shows

    @property
    def chosen(self) -> str:
        """The id of the claim that is shown; empty where there is none.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.workbench(fd.open("claims.csv")).chosen
        'trump-positive-signals'
        """
        return self._shown

    def choose(self, claim_id: str) -> None:
        """Show a claim. What is typed about another one stays with that one.

        Parameters
        ----------
        claim_id : str
            The claim.

        Raises
        ------
        NotFound
            Where there is no such claim.

        Examples
        --------
        >>> import factdesk as fd
        >>> desk = fd.workbench(fd.open("claims.csv"))
        >>> desk.choose("trump-talks-productive")
        >>> desk.chosen
        'trump-talks-productive'
        """
        if claim_id == self._shown:
            return
        known = self.ledger.claims["claim_id"]
        if claim_id not in set(known):
            raise NotFound("claim", claim_id, nearest(claim_id, list(known)) if len(known) <= 20_000 else [])
        if self._shown:
            self._drafts[self._shown] = (self._attach.values, self._status.values)
        self._shown = claim_id
        self._news.value = ""
        self._show_claim(self._drafts.pop(claim_id, ({}, {})))
        self._find()
        self._open_log.value = False
        self._arrange()
        self._draw(only_claim=True)
        self._keep_readable()

    def _renew(self) -> None:
        """Read what others wrote too, and show everything as it stands now."""
        self.ledger.refresh()
        self._held = self.ledger.status_on().set_index("claim_id")["status"]
        self._head.value = card.heading(self.ledger)
        if self._shown and not (self.ledger.claims["claim_id"] == self._shown).any():
            self._shown = ""  # a colleague withdrew it
            self._arrange()
        self._find()
        self._offer_known()
        if self._shown:
            self._show_claim((self._attach.values, self._status.values))
        self._draw()

    def _show_claim(self, drafts: tuple[Values, Values]) -> None:
        one = self.ledger.where(claim_id=self._shown)
        claims = Claims(one)
        self._words.value = claims.words(self._shown)
        self._evidence.value = claims.evidence(self._shown)
        self._history.value = claims.held(self._shown)
        self._status.fields["evidence"].offer(
            {row["evidence_id"]: card.labelled(row) for _, row in claims.attached.iterrows()}
        )
        self._attach.values, self._status.values = drafts

    def _find(self) -> None:
        """List the claims that hold the words searched for, the chosen one among them wherever it stands."""
        words = self._search.value.strip()
        found = self.ledger.where(text=words).claims if words else self.ledger.claims
        listed = found.head(LISTED)
        if self._shown not in set(listed["claim_id"]):
            chosen = found[found["claim_id"] == self._shown]
            listed = pd.concat([chosen, listed.head(LISTED - len(chosen))])
        rows = [self._listed(row) for _, row in listed.iterrows()]
        more = len(found) - len(rows)
        with self._claims.hold_sync():
            self._claims.rows = rows
            self._claims.chosen = self._shown
            self._claims.note = (
                f"and {more:,} more: search to narrow the list" if more
                else "" if rows else "No claim has these words." if words else f"{no_claims(self.ledger)}."
            )  # fmt: skip

    def _listed(self, row: pd.Series) -> dict[str, str]:
        claim_id = text(row["claim_id"])
        shown = {"id": claim_id, "claim": text(row["claim"])[:WORDS], "who": text(row["claimant"])[:80]}
        if claim_id in self.ledger.unread.claims:
            shown |= {"sign": "", "word": UNREAD, "light": "", "dark": ""}
        elif claim_id in self._held.index:
            settings = self.ledger.settings
            status = settings.status(self._held[claim_id])
            light, dark = (looks(settings.vocabulary, ground)[status.name] for ground in ("light", "dark"))
            shown |= {"sign": light.sign, "word": status.label, "light": light.colour, "dark": dark.colour}
        return shown | {"day": made_on(row)}

    def _offer_known(self) -> None:
        claimants = self.ledger.claims["claimant"].value_counts().head(LISTED)
        self._log.fields["claimant"].options = [str(name) for name in claimants.index]
        sources = self.ledger.sources.iloc[::-1]
        names = sources["publisher"].where(sources["publisher"] != "", sources["title"])
        places = sources["url"].where(sources["url"] != "", sources["source_id"])
        self._sources = {
            line(*parts): row_id for *parts, row_id in zip(names, places, sources["source_id"], strict=True)
        }
        for source in (self._log.fields["appearance"], self._attach.fields["url"]):
            self._offer_sources(source)

    def _offer_sources(self, source: widgets.Combobox) -> None:
        words = source.value.casefold().split() if len(self._sources) > LISTED else []
        fit = (name for name in self._sources if all(word in name.casefold() for word in words))
        source.options = [name for name, _ in zip(fit, range(LISTED), strict=False)]

    def _draw(self, only_claim: bool = False) -> None:
        """Draw the charts as wide as the browser says there is room; before it says so there is nobody to see."""
        whole, column = self._claims.widths
        if not whole:
            return
        whole, column = max(whole, NARROWEST), max(column, NARROWEST)
        if self._shown:
            timeline = partial(charts.timeline, self.ledger, self._shown, title=TIMELINE, width=column)
            self._guarded(lambda: self._timeline.draw(lambda theme: timeline(theme=theme)))
        if not only_claim:
            over_time = partial(charts.status_over_time, self.ledger, width=whole)
            self._guarded(lambda: self._over_time.draw(lambda theme: over_time(theme=theme)))

    def _guarded(self, act: Callable[[], None]) -> None:
        """Do what a person asked for; say where it can't be done."""
        try:
            act()
        except FactdeskError as error:
            self._news.value = alert(str(error))
        except Exception as error:  # what can't be shown is no reason to think that nothing was saved
            self._news.value = alert(f"{type(error).__name__}: {error}")

    # --- what it writes

    def _log_claim(self, given: Values) -> str:
        saved = self._call("log", [given.pop("claim")], self._resolved(given, "appearance"))
        self._claims.focus()
        return saved

    def _attach_source(self, given: Values) -> str:
        url = self._resolved(given, "url").pop("url")
        return self._call("attach", [self._shown, url], given)

    def _set_status(self, given: Values) -> str:
        return self._call("set_status", [self._shown, given.pop("status")], given)

    def _resolved(self, given: Values, name: str) -> Values:
        """Put the id of a known source in the place of the name by which it was offered.

        A form takes an address, never a path: anyone who reaches a served desk would have files copied.
        """
        typed = given.get(name, "")
        if isinstance(typed, str) and typed in self._sources:
            given[name] = self._sources[typed]
            return given
        is_known = typed in set(self.ledger.sources["source_id"])
        if name == "appearance" and typed and not is_known and not is_address(str(typed)):
            allowed = "an address with http:// or https://, or a known source"
            raise InvalidValue(name, typed, allowed, "claims")
        return given

    def _call(self, method: str, first: list[object], given: Values) -> str:
        """Make one public call, show what it changed, and say that it is saved and how to do it by call."""
        before = self._rows()
        row_id = getattr(self.ledger, method)(*first, **given)
        self._renew()
        if method == "log":
            self.choose(row_id)
        self._keep_readable()
        now = datetime.now(self.ledger.settings.zone)
        file = self.ledger.path.name if self.ledger.path else self.ledger.title
        done = f"Saved to {file}" if self._rows() != before else f"It stands in {file} already"
        arguments = [*map(repr, first), *(f"{name}={value!r}" for name, value in given.items())]
        call = f"ledger.{method}({', '.join(arguments)})"
        return (
            f'<p class="fd-saved" role="status"><b>✓ {escape(done)}</b> · {now:%H:%M} {now:%Z} · '
            f"the same call: <code>{escape(call)}</code></p>"
        )

    def _rows(self) -> int:
        return sum(len(getattr(self.ledger, name)) for name in TABLES)

    # --- where no kernel runs

    def __repr__(self) -> str:
        return f"Desk of “{self.ledger.title}”" + (f", at {self._shown}" if self._shown else "")

    def _readable_form(self) -> dict[str, object]:
        # In the mark-up too, for where no style sheet is shown: a word without end is broken.
        saved = card.saved(self.ledger, self._shown)
        words = f'<div class="fd-saved-desk fd-desk" style="overflow-wrap:anywhere">{saved}</div>'
        return {"text/html": f"<style>{STYLE}</style>{words}", "text/plain": repr(self)}

    def _keep_readable(self) -> None:
        """Write what the desk shows now into what is saved with the notebook."""
        for handle in self._readable:
            handle.update(self._readable_form(), raw=True)

    def _repr_mimebundle_(self, **options: object) -> dict[str, object]:
        shown: dict[str, object] = super()._repr_mimebundle_(**options)
        return shown | self._readable_form()

    def _ipython_display_(self) -> None:
        """Show the readable form and the live one; the style sheet hides the first while the second is alive.

        In one output the notebook would show a dead widget in place of the readable form once it was closed.
        """
        alive = widgets.VBox._repr_mimebundle_(self)
        note = '<p class="fd-soft">As it stood when it was saved. Run the cell again to work at the desk.</p>'
        handle = display(self._readable_form(), raw=True, display_id=True)
        if handle:
            self._readable.append(handle)
        display(alive | {"text/html": note, "text/plain": ""}, raw=True)


def _reads_only(ledger: Ledger) -> str:
    """Return why nothing can be written; nothing where it can."""
    if ledger.is_view or ledger.path is None:
        return (
            "This is a view of the ledger. It can only be read: open the desk on the ledger itself to write."
        )
    if not all(os.access(place, os.W_OK) for place in (ledger.path, ledger.path.with_suffix(""))):
        return f"{ledger.path.name} is in a place that can’t be written. It can only be read here."
    return ""


def _area(name: str, children: list[widgets.Widget]) -> widgets.VBox:
    return classed(name, widgets.VBox(children))


def _show(widget: widgets.DOMWidget, is_shown: bool) -> None:
    widget.layout.display = None if is_shown else "none"
