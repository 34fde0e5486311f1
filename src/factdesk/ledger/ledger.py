"""The only state: a ledger opened, read as frames, and written by log, attach, set_status, edit and withdraw."""

from __future__ import annotations

import contextlib
import getpass
import html
import inspect
import warnings
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from factdesk import schema
from factdesk.articles.article import Article
from factdesk.articles.reading import whole
from factdesk.charts.colours import looks
from factdesk.checks import external_edits
from factdesk.checks.findings import findings_frame
from factdesk.checks.sound import sound
from factdesk.errors import (
    FactdeskError,
    FactdeskWarning,
    Finding,
    InvalidValue,
    NotFound,
    ReadOnlyLedger,
    nearest,
)
from factdesk.formats import counted
from factdesk.frames import LedgerFrame, typed
from factdesk.history import due
from factdesk.ledger import (
    bulk,
    candidates,
    documents,
    hand_edits,
    imports,
    intervals,
    marking,
    remembered,
    snapshots,
    vocabulary,
)
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.merge import Merge, Names, Take
from factdesk.ledger.others import Other
from factdesk.ledger.parsing import Given
from factdesk.ledger.seal import covered, leaves_file, new_row, only_versions, standing_seal
from factdesk.ledger.transaction import Transaction
from factdesk.ledger.unread import Unread, apart
from factdesk.ledger.verify import Proof
from factdesk.ledger.vocabulary import Statuses
from factdesk.schema import TABLES, WITHDRAWN, Settings, Table
from factdesk.storage import git, scratch, seals
from factdesk.storage import settings as settings_file
from factdesk.storage.files import Content, Store
from factdesk.storage.journal import Entry
from factdesk.text import clean, comparable, isolated, shown, visible

Result = TypeVar("Result")
Day = str | date | pd.Timestamp
Rows = str | Iterable[str]
Moment = str | datetime | date
ONE_BY_ONE = ("file", "article", "fetch")
"""Arguments of `attach` that `attach_many` does not have."""
View = tuple[str, dict[str, object]]
"""A call that gave a view, and what was asked of it."""


class Ledger:
    """Claims, their appearances, sources, evidence and statuses, as frames; and the calls that write them.

    Made by `factdesk.open` and `factdesk.create`. `where` and `as_known` give views, which read only.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.create("sea.csv", title="Sea levels", by="Ada Quist")
    >>> claim_id = ledger.log("The sea has risen.", claimant="A. Mariner", claim_id="sea-rise")
    >>> ledger.attach("sea-rise", "https://example.org/gauge", stance="supports", quote="up 3 mm")[:2]
    'e-'
    >>> ledger.set_status("sea-rise", "supported", rationale="The gauge says so.")[:2]
    't-'
    >>> print(ledger.statuses[["claim_id", "status", "rationale"]])
       claim_id     status           rationale
    0  sea-rise  supported  The gauge says so.
    """

    _content: Content
    """What the files held when they were last read or written; a view has none."""
    _is_sure = True
    """Whether that is known: not after a write that failed."""
    _has_taken = False
    """Whether rows that others added were taken in by themselves."""

    def __init__(
        self,
        dataset: Dataset,
        *,
        view: str = "",
        views: Sequence[View] = (),
        by: str | None = None,
        store: Store | None = None,
        documents: Store | None = None,
    ) -> None:
        self._documents = store or documents  # a view reads the documents that its ledger keeps
        self._dataset = dataset
        self._view = view
        self._views = tuple(views)
        self._by = by
        self._store = store

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to take a setting that only the ledger's file says: it would be lost without a word."""
        if name in ("noun", "plural", "publisher", "timezone"):
            raise InvalidValue(
                f"ledger.{name}", value, f"{name} = … in ledger.toml, or {name}=… with fd.create"
            )
        super().__setattr__(name, value)

    # --- reading

    @classmethod
    def _opened(cls, store: Store, by: str | None) -> Ledger:
        known = remembered.recall(store)
        added = store.added(known[0], at_first=True) if known else None
        if known and added:
            ledger = cls(Dataset.judged(added[0], known[1]), by=by, store=store)
            ledger._content = added[0]
            ledger._has_taken = bool(added[1])
            if ledger._dataset.grow(added[1]):
                return ledger
        content = store.read()
        found = sound(content.readings, content.settings)
        ledger = cls(Dataset.judged(content, found), by=by, store=store)
        ledger._content = content
        remembered.keep(store, content, found)
        return ledger

    def _read_again(self, known: Content | None = None) -> None:
        self._content = self._own_store().read(known)
        self._dataset = Dataset.read(self._content)
        self._is_sure, self._has_taken = True, False

    def _take_added(self) -> bool:
        """Take in rows that others added, where that is all that they did."""
        added = self._own_store().added(self._content) if self._is_sure else None
        if added is None or not self._dataset.grow(added[1]):
            return False
        self._content = added[0]
        self._has_taken |= bool(added[1])
        return True

    def _whole(self) -> Content:
        """Return what the files held, with the rows in it that others added since."""
        if self._has_taken:
            self._read_again(self._content)
        return self._content

    def refresh(self) -> Ledger:
        """Read what others wrote since; done by itself before every write.

        Examples
        --------
        >>> import factdesk as fd
        >>> mine = fd.create("shared.csv", title="Shared")
        >>> _ = fd.open("shared.csv").log("It rains.", claimant="Ada", claim_id="rain")
        >>> len(mine.claims), len(mine.refresh().claims)
        (0, 1)
        """
        if self._store is None or (self._is_sure and self._store.unchanged(self._content.signatures)):
            return self
        if not self._take_added():
            self._read_again(self._content)
        return self

    def _frame(self, name: str) -> pd.DataFrame:
        return self._dataset.shown(name).copy(deep=False)

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim, typed; the columns are those of the claims table.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").claims.columns[:3].tolist()
        ['claim_id', 'claim', 'claimant']
        """
        return self._frame("claims")

    @property
    def appearances(self) -> pd.DataFrame:
        """Every time that a claim was made, the first included: the appearances table and the column `first`.

        And of the first `made_on_precision`, as in `claims`: of a further one the day is known, or nothing.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.open("claims.csv")
        >>> int(ledger.appearances["first"].sum()) == len(ledger.claims)
        True
        """
        return self._dataset.appearances()

    @property
    def sources(self) -> pd.DataFrame:
        """One row per document, typed.

        Examples
        --------
        >>> import factdesk as fd
        >>> "publisher" in fd.open("claims.csv").sources
        True
        """
        return self._frame("sources")

    @property
    def snapshots(self) -> pd.DataFrame:
        """One row per time that a document was kept, typed.

        Examples
        --------
        >>> import factdesk as fd
        >>> "sha256" in fd.open("claims.csv").snapshots
        True
        """
        return self._frame("snapshots")

    @property
    def evidence(self) -> pd.DataFrame:
        """One row per source attached to a claim, typed.

        Examples
        --------
        >>> import factdesk as fd
        >>> list(fd.open("claims.csv").evidence["stance"].cat.categories)
        ['supports', 'refutes', 'mixed', 'context']
        """
        return self._frame("evidence")

    @property
    def statuses(self) -> pd.DataFrame:
        """One row per status given, typed; `status` is ordered as the vocabulary is.

        Assigning sets the vocabulary, as `set_vocabulary` does: `ledger.statuses = "promises"`.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").statuses["status"].cat.ordered
        True
        """
        return self._frame("statuses")

    @statuses.setter
    def statuses(self, statuses: Statuses) -> None:
        self.set_vocabulary(statuses)

    @property
    def changes(self) -> pd.DataFrame:
        """One row per edit of a cell or withdrawal of a row, typed.

        Examples
        --------
        >>> import factdesk as fd
        >>> "why" in fd.open("claims.csv").changes
        True
        """
        return self._frame("changes")

    @property
    def withdrawn(self) -> pd.DataFrame:
        """What was withdrawn and not reinstated: `table`, `row_id`, `why`, `changed_at`, `changed_by`.

        Examples
        --------
        >>> import factdesk as fd
        >>> len(fd.open("claims.csv").withdrawn)
        0
        """
        return LedgerFrame(self._dataset.withdrawn[["table", "row_id", "why", "changed_at", "changed_by"]])

    @property
    def settings(self) -> Settings:
        """What `ledger.toml` says: title, publisher, time zone and status vocabulary.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").settings.statuses[0]
        'unverified'
        """
        return self._dataset.settings

    @property
    def title(self) -> str:
        """The ledger's title.

        Examples
        --------
        >>> import factdesk as fd
        >>> bool(fd.open("claims.csv").title)
        True
        """
        return self.settings.title

    @property
    def path(self) -> Path | None:
        """The ledger's CSV; None for a view.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").path.name
        'claims.csv'
        """
        return self._store.path if self._store else None

    @property
    def by(self) -> str:
        """Who writes, as each row says: the name given, else the one that Git or the system knows. It can be set.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("signed.csv", title="Signed", by="Ada Quist")
        >>> ledger.by = "Ben Roe"
        >>> _ = ledger.log("It rained.", claimant="The Daily")
        >>> ledger.claims.logged_by[0]
        'Ben Roe'
        """
        return self._writer()

    @by.setter
    def by(self, name: str) -> None:
        given = clean(name, one_line=True)[0] if isinstance(name, str) else ""
        if not given:
            raise InvalidValue("by", name, "the name of who writes")
        self._by = given

    @property
    def is_view(self) -> bool:
        """Whether this was made by `where` or `as_known`, and reads only.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").where(text="peace").is_view
        True
        """
        return bool(self._view)

    @property
    def views(self) -> list[View]:
        """The calls that gave this view of a ledger, in order, each with what was asked of it.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").where(text="peace").views
        [('where', {'text': 'peace'})]
        """
        return list(self._views)

    @property
    def left_out(self) -> int:
        """How many rows can't be read, or say what can't be: they stand in the files, and in no view.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").left_out
        0
        """
        return sum(self.unread.rows.values())

    @property
    def unread(self) -> Unread:
        """How many rows of each table can't be read and are left out, and the claims that are in no status for it.

        Of a view those that belong to its claims, or to claims that are not known.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("days.csv", title="Days", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", made_on="2025-03-10", claim_id="rain")
        >>> _ = ledger.set_status("rain", "supported", holds_from="2025-03-12", rationale="The gauge says so.")
        >>> table = ledger.path.with_suffix("") / "statuses.csv"
        >>> _ = table.write_text(table.read_text().replace("2025-03-12", "12.03.2025"))   # a spreadsheet saved it
        >>> print(ledger.refresh().unread)
        1 status can't be read and is left out; 1 claim is in no status for it.
        >>> dict(ledger.unread.rows), sorted(ledger.unread.claims)
        ({'statuses': 1}, ['rain'])
        """
        return self._dataset.unread()

    @property
    def latest_day(self) -> pd.Timestamp:
        """The as-of day: the latest of all days and moments in the ledger, in its time zone; NaT where it is empty.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.create("empty.csv", title="Empty").latest_day
        NaT
        """
        return self._dataset.latest_day()

    def scratch(self) -> Ledger:
        """Return a copy to try things on, in a temporary folder that goes when the copy does.

        Raises
        ------
        ReadOnlyLedger
            Where this is a view.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.open("claims.csv")
        >>> trial = ledger.scratch()
        >>> _ = trial.log("Pigs fly.", claimant="A passer-by", claim_id="pigs-fly")
        >>> len(trial.claims) - len(ledger.claims)
        1
        """
        store = self._own_store("ask the ledger itself for a copy")
        with contextlib.ExitStack() as files:
            copied = store.copy_to(files.enter_context(scratch.folder()))
            copy = Ledger._opened(Store(copied), self._by)
            weakref.finalize(copy, files.pop_all().close)
        return copy

    # --- views

    def where(
        self,
        *,
        claim_id: str | Sequence[str] | None = None,
        claimant: str | Sequence[str] | None = None,
        topic: str | Sequence[str] | None = None,
        text: str | None = None,
        status: str | Sequence[str] | None = None,
    ) -> Ledger:
        """Return a view of some of the claims, with all that belongs to them; views compose and read only.

        Parameters
        ----------
        claim_id, claimant, topic : str or sequence of str, optional
            Only claims with one of these ids, of one of these claimants, about one of these topics (upper and lower
            case of the latter two are one).
        text : str, optional
            Only claims in whose id, words, claimant, quote, topics or note each of these words occurs.
        status : str or sequence of str, optional
            Only claims that have one of these statuses on the ledger's latest day.

        Returns
        -------
        Ledger
            A view, as of the same day and with the digest of the ledger.

        Raises
        ------
        InvalidValue
            Where a status is not in the vocabulary.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.open("claims.csv")
        >>> set(ledger.where(claimant="Donald Trump").claims["claimant"])
        {'Donald Trump'}
        """
        if text is not None and not isinstance(text, str):
            raise InvalidValue("text", text, "words to look for")
        every = {"claim_id": claim_id, "claimant": claimant, "topic": topic, "text": text, "status": status}
        asked = {name: given for name, given in every.items() if given is not None}
        listed = {name: _listed(name, given) for name, given in asked.items()}
        claims = self._frame("claims")
        chosen = np.ones(len(claims), bool)
        if claim_id is not None:
            chosen &= claims["claim_id"].isin([comparable(one) for one in listed["claim_id"]]).to_numpy()
        if claimant is not None:
            chosen &= claims["claimant"].str.casefold().isin(_folded(listed["claimant"])).to_numpy()
        if topic is not None:
            topics, of = _folded(listed["topic"]), claims["topics"].str.casefold().str.split(schema.SEPARATOR)
            chosen &= np.array([bool(topics & {one.strip() for one in some}) for some in of], bool)
        if text is not None:
            haystack = claims["claim_id"]
            for name in ("claim", "claimant", "quote", "topics", "note"):
                haystack = haystack + "\n" + claims[name]
            haystack = haystack.str.casefold()
            for word in comparable(text).casefold().split():
                chosen &= haystack.str.contains(word, regex=False).to_numpy(bool)
        undecided = frozenset[str]()
        if status is not None:
            undecided = self.unread.claims.intersection(claims["claim_id"][chosen])
            for word in listed["status"]:
                if word not in self.settings.statuses:
                    raise InvalidValue.choice("status", word, self.settings.statuses)
            held = self.status_on(self.latest_day) if len(claims) else self.statuses
            having = held.loc[held["status"].isin(listed["status"]), "claim_id"]
            chosen &= claims["claim_id"].isin(having).to_numpy()
        words = [_few(name.removesuffix("_id"), some) for name, some in listed.items()]
        plain: dict[str, object] = {
            name: given if isinstance(given, str) else list(given) for name, given in asked.items()
        }
        only = self._dataset.of(frozenset(claims["claim_id"][chosen]), undecided)
        return self._viewed(only, ", ".join(words) or "all claims", ("where", plain))

    def _viewed(self, dataset: Dataset, words: str, call: View) -> Ledger:
        view = f"{self._view}, {words}" if self._view else words
        return Ledger(dataset, view=view, views=(*self._views, call), by=self._by, documents=self._documents)

    def as_known(self, moment: Moment) -> Ledger:
        """Return a view of the ledger as it stood then: only what was written by that moment, cells as they were.

        Parameters
        ----------
        moment : str, datetime or date
            A moment with its time zone, or a day, which means its end in the ledger's time zone.

        Raises
        ------
        InvalidValue
            Where the moment is none, or has no time zone.

        Examples
        --------
        >>> import factdesk as fd
        >>> len(fd.open("claims.csv").as_known("2025-03-15").claims)   # it was written down later
        0
        """
        try:
            then = pd.Timestamp(schema.parse_moment(moment, self.settings.zone))
        except ValueError:
            allowed = f"{schema.ALLOWED_DAYS}, or a moment with its time zone, such as 2025-03-15T12:00:00Z"
            raise InvalidValue("moment", moment, allowed) from None
        try:
            words = f"as known at the end of {schema.day_text(schema.parse_day(moment))}"
        except ValueError:
            words = f"as known {schema.moment_text(then)}"
        call: View = ("as_known", {"moment": schema.moment_text(then)})
        return self._viewed(self._dataset.as_known(then), words, call)

    # --- history

    def status_on(self, day: Day | None = None) -> pd.DataFrame:
        """Return the status of each claim on a day; claims that have none yet are not there.

        Parameters
        ----------
        day : str, date or pandas.Timestamp, optional
            The day asked for; by default the ledger's latest.

        Returns
        -------
        pandas.DataFrame
            One row per claim: `claim_id`, `claim`, `claimant`, `status`, `holds_from`, `rationale`, `gaps`,
            `evidence`, `status_id`, `recorded_at`, `recorded_by`, `reviewed_by`. Where a status of a claim can't be
            read (`unread`), its `status` and `holds_from` are missing: it is in no status.

        Examples
        --------
        >>> import factdesk as fd
        >>> held = fd.open("claims.csv").status_on("2025-03-15").set_index("claim_id")
        >>> held.status["trump-positive-signals"]
        'supported'
        """
        standing, day = self._dataset.standing(), self._day_or_latest(day)
        return LedgerFrame(intervals.status_on(standing, self.claims, self.statuses, day))

    def intervals(self) -> pd.DataFrame:
        """Return from when to when each claim had each status; `end` is exclusive, and missing where it still holds.

        Claims of which a status can't be read are not there, nor counted in `counts`: see `unread`.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").intervals().columns.tolist()
        ['claim_id', 'status', 'start', 'end']
        """
        return LedgerFrame(intervals.intervals(self._dataset.standing()))

    def counts(self, every: str = "week") -> pd.DataFrame:
        """Count the claims in each status at the end of each period, up to the ledger's latest day.

        Parameters
        ----------
        every : {"day", "week", "month", "quarter", "year"}, default "week"
            How often to count.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").counts("month").columns.tolist()
        ['date', 'status', 'claims']
        """
        return LedgerFrame(intervals.counts(self._dataset.standing(), every, self._day_or_latest(None)))

    def diff(self, a: Day, b: Day | None = None) -> pd.DataFrame:
        """Return the claims whose status on two days differs, or that have one on only one of them.

        Parameters
        ----------
        a, b : str, date or pandas.Timestamp
            The two days; `b` is the ledger's latest by default. `holds_from` and `rationale` are those of `b`.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").diff("2025-03-15", "2025-03-18").columns.tolist()
        ['claim_id', 'before', 'after', 'holds_from', 'rationale']
        """
        standing, b = self._dataset.standing(), self._day_or_latest(b)
        return LedgerFrame(intervals.diff(standing, self.statuses, a, b))

    def due(self, by: Day | None = None) -> pd.DataFrame:
        """Return the claims that fall due by a day and are not settled, the first due first.

        What is due in a month or year is due at its end. A claim is open where nobody has judged it, or its status
        settles nothing.

        Parameters
        ----------
        by : str, date or pandas.Timestamp, optional
            The last day that counts, or a month or year (`2026-03`, `2026`), which means its last day; by default the
            ledger's latest: what was due by then.

        Returns
        -------
        pandas.DataFrame
            One row per claim: `claim_id`, `claim`, `claimant`, `due_on` (as written), `due_by` (its last day),
            `days_left` (Int64), `status` and `would_settle`. The status is that of `by`, and days are counted from
            there (negative: overdue); of a day that is still to come, from the ledger's latest. `attrs["left_out"]`
            counts the claims of which a status can't be read (`unread`).

        Raises
        ------
        InvalidValue
            Where that is no day, month or year.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("vows.csv", title="Vows", statuses="promises", by="Ada Quist")
        >>> _ = ledger.log("A bridge will be built.", claimant="The mayor", claim_id="bridge", due_on="2031")
        >>> len(ledger.due()), ledger.due(by="2031").loc[0, ["claim_id", "due_on", "status"]].tolist()
        (0, ['bridge', '2031', 'not yet rated'])
        """
        latest = pd.Timestamp(self._day_or_latest(None))
        last = latest if by is None else due.last_day(by)
        as_of = min(last, latest)
        return due.due(self.claims, self.status_on(as_of), self.settings.opened, as_of, last)

    def _day_or_latest(self, day: Day | None) -> Day:
        if day is not None:
            return day
        latest = self.latest_day
        return schema.FIRST_DAY if pd.isna(latest) else latest  # an empty ledger has no claim on any day

    # --- findings and digest

    def check(self) -> pd.DataFrame:
        """Find what is wrong or weak: what reading found, what does not join, what was changed outside the workbench.

        Returns
        -------
        pandas.DataFrame
            `code`, `severity` (`error`, `warning`, `note`), `table`, `row_id`, `claim_id`, `message`, `advice`,
            and the place: `file`, `line`, `column`, `value`. Empty where nothing was found.

        Examples
        --------
        >>> import factdesk as fd
        >>> "error" in set(fd.open("claims.csv").check().severity)
        False
        """
        weak = snapshots.findings(self._dataset, self._store) if self._store else ()
        return LedgerFrame(findings_frame([*self._findings(), *weak, *self._dataset.homoglyphs()]))

    def _errors(self) -> list[Finding]:
        """Return the findings of `check` that are errors, or rows that can't be read; weak evidence and homoglyphs never are."""
        found = self._findings()
        return [one for one in found if one.severity == "error" or (one.code == "torn-line" and one.line)]

    def _findings(self) -> list[Finding]:
        found = self._dataset.findings()
        if self._store is None:
            return found
        by_hand = self._by_hand()
        traced = external_edits.traced(found, self._store.beside_baseline)
        known = external_edits.reminded(traced, by_hand)
        return [*known, *seals.faults(self._store), *external_edits.findings(by_hand)]

    @property
    def imports(self) -> pd.DataFrame:
        """What was brought in from elsewhere, the first import first.

        Columns: `import_id`, `plan`, `file`, `sha256`, `imported_at`, `imported_by`, all `str`; how many rows were
        `new`, `changed`, `same` and `set_aside`, `int64`; `withdrawn_at`, `str`, empty where it was not withdrawn.

        Examples
        --------
        >>> import factdesk as fd
        >>> len(fd.open("claims.csv").imports)
        0
        """
        return LedgerFrame(imports.frame(imports.notes(self._own_store()), self._dataset.cells("changes")))

    def digest(self) -> str:
        """Return a short digest of the ledger's whole content: 32 hexadecimal digits of a Merkle root (RFC 9162, 2.1.1).

        It does not depend on the order of rows, line ends or a spreadsheet's way of writing, and is another as
        soon as any cell reads otherwise. A view by `where` has the digest of the ledger it looks at.

        Examples
        --------
        >>> import factdesk as fd
        >>> len(fd.open("claims.csv").digest())
        32
        """
        return self._dataset.digest()[:32]

    @property
    def seals(self) -> pd.DataFrame:
        """One row per seal, typed; read from the disk whenever it is asked for.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("stamped.csv", title="Stamped", by="Ada Quist")
        >>> seal_id = ledger.seal("before the first claim")
        >>> ledger.seals.note.tolist()
        ['before the first claim']
        """
        sealed = typed(seals.read(self._own_store()).cells, schema.SEALS, self.settings)
        texts = [column.name for column in schema.SEALS.columns if column.holds not in ("moment", "number")]
        texts += [str(name) for name in sealed if name not in schema.SEALS.names]
        for name in texts:
            sealed[name] = sealed[name].map(visible).astype("str")
        return LedgerFrame(sealed)

    def seal(self, note: str = "") -> str:
        """Record what the ledger holds now, so that `verify` can prove it later.

        The seal's row goes to `seals.csv`, the hash of each row to a file of its own in `seals/`. Keep the digest
        where others can't change it (under a chart, in a mail, in a commit): the files alone can all be replaced.

        Parameters
        ----------
        note : str, optional
            What it is sealed for.

        Returns
        -------
        str
            The seal's id; where the latest seal says the same, its id, and nothing is written.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("sealed.csv", title="Sealed", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> seal_id = ledger.seal("as published")
        >>> _ = ledger.path.write_text(ledger.path.read_text().replace("rained", "poured"))
        >>> ledger.verify().loc[0, ["code", "row_id"]].tolist()
        ['changed-since-seal', 'rain']
        """
        store = self._own_store()

        def sealed(transaction: Transaction) -> str:
            by_hand = len(self._by_hand())
            if by_hand:
                transaction.warnings.append(
                    f"{counted(by_hand, 'hand edit')} not accepted yet: sealed as the files stand. hand_edits() names them."
                )
            standing, leaves = seals.read(store).cells, self._dataset.leaves()
            row = new_row(leaves, store.settings_digest(), note, standing, transaction)
            stands = standing_seal(row, standing)
            if not stands or not store.leaves_of(stands).exists():
                seals.keep(store, row, leaves_file(leaves))
                stands = row["seal_id"]
            return stands

        return self._write(sealed)

    def verify(self) -> pd.DataFrame:
        """Derive anew, from the bytes on the disk, all that can be derived, and find what does not match.

        That is: every seal (each row that it covers is there as it was, or comes back when the changes made since
        are undone), the hash and size of every document that was kept, every id that comes from content, every
        quote in a kept document that can be read, every cell that was edited, and the settings since the last
        seal. All files are read, the documents too.

        Returns
        -------
        pandas.DataFrame
            Columns as in `check`. Errors are what was changed past the workbench; notes are what reads the same
            (`form`; also columns that are not the ledger's own, and another order of rows), what may be so
            (`settings-changed`), what was edited or withdrawn since a seal through the workbench
            (`edited-since-seal`) and what can't be told. Empty where all holds, and stands as sealed.

        Raises
        ------
        ReadOnlyLedger, LedgerUnreadable
            Where this is a view, or a file is no table of a ledger, with every place.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").verify().empty
        True
        """
        store = self._own_store()
        return LedgerFrame(findings_frame(Proof(seals.read_anew(store), store).findings()))

    def _own_store(self, advice: str = "ask the ledger itself") -> Store:
        if self._store is None:
            raise ReadOnlyLedger(f"it is a view ({self._view}); {advice}")
        return self._store

    # --- writing

    def set_vocabulary(self, statuses: Statuses, *, renamed: Mapping[str, str] | None = None) -> None:
        """Set the ledger's status vocabulary, in `ledger.toml`; what else stands there stays.

        Rows keep the words with which they were written. A word that rows hold and that is a status no longer needs
        another that reads it: one that `renamed` names, or that says so by `renamed_from`.

        Parameters
        ----------
        statuses : str or sequence of str, Status or mapping
            The name of a ready vocabulary (docs/ledger.md lists them), or statuses in the stacking order of charts:
            words, `factdesk.schema.Status`, or mappings with what a `[[status]]` table may say. Where none of them
            is open, `unverified` stands before them; a word that is a status already stays what it is. A ready one
            also says what a claim is called, where `ledger.toml` does not.
        renamed : mapping of str to str, optional
            What words of before are called now.

        Raises
        ------
        StatusesInUse
            Where rows hold words that no status would read.
        InvalidValue
            Where there is no such vocabulary, a status is wrong, or `ledger.toml` can't be changed without losing
            something in it.
        ReadOnlyLedger
            Where this is a view.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("scale.csv", title="Scale", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> _ = ledger.set_status("rain", "supported", rationale="The gauge says so.")
        >>> ledger.set_vocabulary(["true", "false"], renamed={"supported": "true"})
        >>> ledger.settings.statuses, ledger.statuses.status[0]
        (['unverified', 'true', 'false'], 'true')
        """
        store = self._own_store("set the vocabulary of the ledger itself")
        with store.writing() as messages:
            self._read_again()
            wanted = vocabulary.chosen(statuses, self.settings.vocabulary)
            in_use = vocabulary.words_in_use(self._content.readings)
            found = vocabulary.with_earlier(wanted.statuses, self.settings, in_use, renamed or {})
            noun = "" if wanted.noun == Settings.noun else wanted.noun
            warn(messages)
            store.change_settings(lambda data: settings_file.with_vocabulary(data, found, noun))
            self._read_again(self._content)

    def log(
        self,
        claim: str,
        *,
        claimant: str,
        made_on: Given = None,
        quote: str = "",
        appearance: str | Path | None = None,
        claimant_role: str = "",
        kind: str | None = None,
        topics: str | Sequence[str] = (),
        note: str = "",
        due_on: Given = None,
        would_settle: str = "",
        claim_id: str | None = None,
    ) -> str:
        """Log a claim.

        Parameters
        ----------
        claim, claimant : str
            The proposition, in your own words, and who asserts it.
        made_on : str or date, optional
            The day on which it was made, `YYYY-MM-DD`, not later than today's anywhere on Earth; or the month or year
            (`2025-03`, `2025`), where no more is known. A moment with a
            time zone means its day in the ledger's.
        quote : str, optional
            The claimant's exact words.
        appearance : str or pathlib.Path, optional
            The document in which it was made: an address, a file, or the id of a source.
        claimant_role : str, optional
            The title that the claimant held on the day.
        kind : {"quote", "statement", "statistic", "prediction", "promise", "position", "event"}, optional
            What sort of proposition it is.
        topics : str or sequence of str, optional
            What it is about.
        note : str, optional
            Anything else a colleague should know.
        due_on : str or date, optional
            The day, month or year at whose end a promise or prediction is due: `2025-03-15`, `2025-03` or `2025`.
        would_settle : str, optional
            What would settle it, in words.
        claim_id : str, optional
            A readable name: small letters, digits, dashes. By default made from claimant and claim.

        Returns
        -------
        str
            The claim's id; that which stands, where the claimant's claim of that day is logged already.

        Raises
        ------
        InvalidValue
            Where a value can't be used, or the id is taken by another claim.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("rain.csv", title="Rain", by="Ada Quist")
        >>> ledger.log("It rained on Monday.", claimant="The Daily", made_on="2025-03-10")
        'the-daily-rained-monday-ckaq'
        """
        given = locals()
        return self._write(lambda transaction: bulk.log(transaction, given))

    def log_many(self, claims: pd.DataFrame, *, errors: Literal["raise", "keep"] = "raise") -> pd.DataFrame:
        """Log a claim for each row of a frame, in one write: all of it or nothing.

        Parameters
        ----------
        claims : pandas.DataFrame
            Columns are named as the arguments of `log` are; `claim` and `claimant` are needed. A missing cell is as
            one not given. An `appearance` is an address or a source's id.
        errors : {"raise", "keep"}, default "raise"
            Whether one row that can't be used keeps all from being written, or the others are written.

        Returns
        -------
        pandas.DataFrame
            By the frame's labels: `claim_id` (empty where a row was not taken) and `reason` (why not), both `str`.

        Raises
        ------
        RowsRefused
            With the reason of each, where rows can't be used and are not kept apart.
        NotFound
            Where the frame has a column that `log` has no argument for, or lacks one.

        Examples
        --------
        >>> import factdesk as fd
        >>> import pandas as pd
        >>> ledger = fd.create("many.csv", title="Many", by="Ada Quist")
        >>> sheet = pd.DataFrame({"claim": ["It rained.", ""], "claimant": ["The Daily", "Radio"]})
        >>> print(ledger.log_many(sheet, errors="keep").reason[1])
        claims.claim: '' can't be used. Allowed: not empty (the proposition, in the analyst's words).
        """
        return self._write_many(bulk.log, Ledger.log, schema.CLAIMS, claims, errors)

    def repeat(
        self,
        claim_id: str,
        *,
        claimant: str | None = None,
        made_on: Given = None,
        quote: str = "",
        appearance: str | Path | None = None,
        claimant_role: str | None = None,
        place: str = "",
        note: str = "",
    ) -> str:
        """Log that a claim was made again, by the same or another claimant.

        Parameters
        ----------
        claim_id : str
            The claim.
        claimant, claimant_role : str, optional
            Who made it this time, and the title held on the day; by default as when it was made first.
        made_on : str or date, optional
            The day, `YYYY-MM-DD`, not later than today's anywhere on Earth.
        quote, place, note : str, optional
            The exact words used this time, where in the document they stand, and anything else to know.
        appearance : str or pathlib.Path, optional
            The document: an address, a file, or the id of a source.

        Returns
        -------
        str
            The appearance's id; what is logged already is not logged twice.

        Raises
        ------
        NotFound, InvalidValue
            Where there is no such claim, or a value can't be used.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("again.csv", title="Again", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> ledger.repeat("rain", made_on="2025-03-11", quote="rain again")[:2]
        'a-'
        """
        given = bulk.columns(schema.APPEARANCES, locals())
        return self._write(lambda transaction: transaction.repeat(claim_id, given, appearance))

    def add_source(
        self,
        url: str | None = None,
        *,
        file: str | Path | None = None,
        title: str = "",
        publisher: str = "",
        author: str = "",
        published_on: Given = None,
        type: str | None = None,
        reliability: str | None = None,
        note: str = "",
    ) -> str:
        """Describe a document, once; what is described already keeps its cells, and empty ones are filled.

        Parameters
        ----------
        url : str, optional
            Its address (`http` or `https`).
        file : str or pathlib.Path, optional
            A file instead, or the page at the address as it was saved; its bytes are kept in the ledger.
        title, publisher, author, note : str, optional
            As the document shows them, and anything else to know.
        published_on : str or date, optional
            The day on which it was published, `YYYY-MM-DD`.
        type : {"primary", "news", "analysis", "data", "social", "other"}, optional
            What sort of document it is.
        reliability : {"A", "B", "C", "D", "E", "F"}, optional
            Admiralty grade of the source, A the best (NATO AJP-2.1, source reliability).

        Returns
        -------
        str
            The source's id, made from its address or its bytes.

        Raises
        ------
        NotFound, InvalidValue
            Where there is no such file, or a value can't be used.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("docs.csv", title="Documents", by="Ada Quist")
        >>> a = ledger.add_source("https://example.org/report", publisher="Example")
        >>> a == ledger.add_source("https://EXAMPLE.org/report#page=2")
        True
        """
        details = bulk.columns(schema.SOURCES, locals(), but=["url"])
        return self._write(lambda transaction: transaction.source(url, file, details))

    def keep(self, source_id: str, file: str | Path, *, retrieved_at: Moment | None = None) -> str:
        """Keep a file as what a source was at a moment, such as a page that was saved; a source may have several.

        `verify` then looks for the source's quotes in what was kept of it. The same bytes are kept once.

        Parameters
        ----------
        source_id : str
            The source, as `add_source` and `attach` describe it.
        file : str or pathlib.Path
            The file; its bytes are kept in the ledger.
        retrieved_at : str, datetime or date, optional
            When it was retrieved, by default now: a moment with its time zone, or a day, which means its end in the
            ledger's time zone. `as_known` shows it from the moment on at which it was kept.

        Returns
        -------
        str
            The snapshot's id; where the same bytes are kept of the source, that of the row that stands.

        Raises
        ------
        NotFound, InvalidValue
            Where there is no such source or file, or the moment is none or still to come.

        Examples
        --------
        >>> import factdesk as fd
        >>> from pathlib import Path
        >>> ledger = fd.create("kept.csv", title="Kept", by="Ada Quist")
        >>> gauge = ledger.add_source("https://example.org/gauge")
        >>> _ = Path("saved.html").write_text("<p>4 mm of rain</p>")
        >>> ledger.keep(gauge, "saved.html", retrieved_at="2025-03-11")[:2]
        'n-'
        >>> print(ledger.snapshots[["media_type", "retrieved_at"]])
          media_type                     retrieved_at
        0  text/html 2025-03-11 23:59:59.999999+00:00
        """
        return self._write(lambda transaction: transaction.keep(source_id, file, retrieved_at))

    def refetch(self, source_id: str) -> pd.DataFrame:
        """Fetch a source's page again, keep it beside what was kept before, and return what has become of its quotes.

        Statuses that were judged on words which no longer stand are findings of `check` from then on.

        Parameters
        ----------
        source_id : str
            A source with an address.

        Returns
        -------
        pandas.DataFrame
            One row per quote of the source: `table`, `row_id`, `claim_id`, `quote`, `now` (`stands`, `changed`,
            `vanished`, or `unknown` where a document can't be read), and the passages `before` and `after`; all `str`.

        Raises
        ------
        NotFound, InvalidValue, NotFetched
            Where there is no such source, it has no address, or it can't be fetched: nothing is written.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("once-more.csv", title="Again", by="Ada Quist")
        >>> gauge = ledger.add_source("http://127.0.0.1/gauge")
        >>> try:
        ...     ledger.refetch(gauge)
        ... except fd.FactdeskError as error:
        ...     print(type(error).__name__)
        NotFetched
        """
        self._own_store("write to the ledger itself")
        self.refresh()
        file, _ = documents.fetched(self._dataset.row("sources", source_id)["url"])

        def compose(transaction: Transaction) -> pd.DataFrame:
            before = snapshots.of_source(self._dataset, source_id)
            transaction.keep_again(source_id, file)
            was = next((found for _, found in snapshots.readable(self._own_store(), before)), None)
            now = whole(file.data, file.media_type)
            return LedgerFrame(snapshots.compared(self._dataset, source_id, was, now))

        return self._write(compose)

    def watch(self, days: int = 30, *, on: Day | None = None) -> pd.DataFrame:
        """Return the sources with an address that nobody has looked at for some days, the longest first.

        A source was looked at when it was described and each time that it was kept.

        Parameters
        ----------
        days : int, default 30
            How many days.
        on : str, date or pandas.Timestamp, optional
            Counted up to this day; by default today in the ledger's time zone.

        Returns
        -------
        pandas.DataFrame
            `source_id`, `url`, `title`, `seen_on` (a day), `days` (int64) and `claims` (how many have evidence of it).

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("seen.csv", title="Seen", by="Ada Quist")
        >>> gauge = ledger.add_source("https://example.org/gauge")
        >>> len(ledger.watch(30)), len(ledger.watch(30, on="2999-01-01"))
        (0, 1)
        """
        today = datetime.now(self.settings.zone).date() if on is None else schema.parse_day(on)
        return LedgerFrame(
            snapshots.unseen(
                self.sources, self.snapshots, self.evidence, pd.Timestamp(today), days, self.settings.zone
            )
        )

    def anchors(self) -> pd.DataFrame:
        """Return where each quote stands in the documents kept of its source: found again each time, never stored.

        Each is a TextQuoteSelector and a TextPositionSelector of the W3C's Web Annotation model, over the document's
        words on one line as a reader sees them. All documents with quotes are read for it.

        Returns
        -------
        pandas.DataFrame
            One row per quote that was found: `table`, `row_id`, `claim_id`, `source_id`, `snapshot_id` (the latest that
            has it), `place`, `exact`, `prefix`, `suffix` (`str`), `start` and `end` (int64, in code points).

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("stood.csv", title="Stood", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> article = fd.read_article("On Monday it rained.")
        >>> _ = ledger.attach("rain", article=article, stance="supports", quote="it rained")
        >>> ledger.anchors()[["prefix", "exact"]].values.tolist()
        [['On Monday ', 'it rained']]
        """
        self.refresh()
        return LedgerFrame(snapshots.anchors(self._dataset, self._own_store()))

    def origins(self, claims: Collection[str] | None = None) -> pd.DataFrame:
        """Return which of each claim's sources are one text: an agency's copy, a press release, a page taken over.

        The latest documents kept of the sources are read for it. Two are one where half of the shorter one's runs of
        six words stand in the other, or both name one agency in their byline or dateline.

        Parameters
        ----------
        claims : collection of str, optional
            Ids of the claims asked about; all where none are given.

        Returns
        -------
        pandas.DataFrame
            One row per claim and source of its evidence: `claim_id`, `source_id`, `origin` (the first source of that
            origin) and `why`; all `str`. A source of which no text was kept is an origin of its own, and `why` says
            that it is not known.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("wire.csv", title="Wire", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> text = "OSLO (Reuters) - It rained for a week in the north of the country."
        >>> for n in (1, 2):
        ...     article = fd.read_article(text + " " * n, url=f"https://example.org/{n}")
        ...     _ = ledger.attach("rain", article=article, stance="supports")
        >>> len(ledger.origins()), ledger.origins().origin.nunique()
        (2, 1)
        """
        self.refresh()
        of = self.evidence if claims is None else self.evidence[self.evidence["claim_id"].isin(list(claims))]
        return LedgerFrame(snapshots.origins_of(self._dataset, self._documents, of))

    def marked(self, source_id: str, path: str | Path) -> Path:
        """Write the latest document kept of a source as a page, with the words quoted from it marked.

        The page is safe to open, whatever the document is: no script, no picture and nothing from elsewhere is in it.

        Parameters
        ----------
        source_id : str
            A source of which a document was kept that can be read.
        path : str or pathlib.Path
            The page, `….html`; what stands there is replaced.

        Returns
        -------
        pathlib.Path
            The page.

        Raises
        ------
        NotFound, ArticleUnreadable, InvalidValue, WriteFailed
            Where there is no such source, no document of it that can be read, or the page can't be written there.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("page.csv", title="Page", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> article = fd.read_article("On Monday it rained.")
        >>> _ = ledger.attach("rain", article=article, stance="supports", quote="it rained")
        >>> page = ledger.marked(ledger.sources.source_id[0], "out.html").read_text()
        >>> "On Monday <mark" in page
        True
        """
        self.refresh()
        return marking.write(self._dataset, self._own_store(), source_id, path)

    def attach(
        self,
        claim_id: str,
        url: str | None = None,
        *,
        file: str | Path | None = None,
        article: Article | None = None,
        fetch: bool = False,
        stance: str,
        quote: str = "",
        translation: str = "",
        place: str = "",
        credibility: str | int | None = None,
        note: str = "",
        title: str = "",
        publisher: str = "",
        author: str = "",
        published_on: Given = None,
        type: str | None = None,
        reliability: str | None = None,
    ) -> str:
        """Attach a source to a claim: what the document does to it, and in which words.

        Parameters
        ----------
        claim_id : str
            The claim.
        url : str, optional
            The document's address, or the id of a source that is described already.
        file : str or pathlib.Path, optional
            A file instead, or the page at the address as it was saved; its bytes are kept in the ledger.
        article : Article, optional
            What `fd.read_article` gave, instead of an address or beside it; its bytes are kept, and what it says of
            itself describes the document.
        fetch : bool, default False
            Whether the page at the address is fetched now, and kept.
        stance : {"supports", "refutes", "mixed", "context"}
            What the document does to the claim.
        quote, translation : str, optional
            The words that bear on it, exactly as they stand there, and your translation of them. Where the document is
            kept and can be read, they must stand in it; dashes, quotation marks and blanks may be others.
        place : str, optional
            Where in the document: `p. 12`, `00:14:33`, `para 3`, `#2` (the second time that the words stand there); the
            page is filled in where the document has pages.
        credibility : {"1", "2", "3", "4", "5", "6"}, optional
            Admiralty grade of the information, 1 the best (NATO AJP-2.1, information credibility).
        note : str, optional
            Anything else a colleague should know about this evidence.
        title, publisher, author, published_on, type, reliability
            Of the document, as in `add_source`.

        Returns
        -------
        str
            The evidence's id; the same claim, source, stance and quote are not attached twice.

        Raises
        ------
        NotFound, InvalidValue
            Where there is no such claim, source or file, or a value can't be used; also where the quote does not stand
            in the document: with the nearest words there.
        NotFetched
            Where the address can't be fetched, or may not be.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("proof.csv", title="Proof", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> ledger.attach("rain", "https://example.org/gauge", stance="supports", quote="4 mm")[:2]
        'e-'
        """
        given = locals()
        if not isinstance(fetch, bool):
            raise InvalidValue("fetch", fetch, "True or False", "evidence")
        if article is not None or fetch:
            if file is not None or (article is not None and fetch):
                raise InvalidValue("file", file, "one of file, article and fetch", "evidence")
            if article is not None:
                address, given["file"], details = documents.of_article(article)
                given["url"] = url or address
            else:
                given["file"], details = documents.fetched(url)
            given |= {name: cell for name, cell in details.items() if not given[name]}
        return self._write(lambda transaction: bulk.attach(transaction, given))

    def log_candidates(
        self,
        article: Article,
        rows: pd.DataFrame,
        *,
        stance: str = "context",
        known: Literal["ask", "appearance", "new"] = "ask",
    ) -> pd.DataFrame:
        """Log statements that were found in an article, in one write, with the article as appearance and evidence.

        The article is kept, each quote anchored in it, and the day is the article's. What is logged already is not
        doubled: the same words of the same claimant, in another article, are that claim made again; in the same
        article they stand. So do two of the rows themselves.

        Parameters
        ----------
        article : Article
            What `fd.read_article` gave.
        rows : pandas.DataFrame
            Some of `article.candidates()`, as they are or edited: `claim` and `claimant`, and where there are such
            columns `quote`, `sentence`, `kind`, `claimant_role`, `topics`, `note`, `due_on`, `would_settle`, `claim_id`.
        stance : {"context", "supports", "refutes", "mixed"}, default "context"
            What the article does to the claims; that it reports one makes it neither true nor false.
        known : {"ask", "appearance", "new"}, default "ask"
            What becomes of a claim that is nearly the same as one of its claimant's: it is not written, and named; it is
            that one, made again; or it is another.

        Returns
        -------
        pandas.DataFrame
            By the labels of `rows`: `claim_id`, `what` (`logged`, `appearance`, `stands`, `near`; empty where it could
            not be taken) and `reason`; all `str`.

        Raises
        ------
        NotFound, InvalidValue
            Where the frame has no `claim` or `claimant`, or the article can't be kept.

        Examples
        --------
        >>> import factdesk as fd
        >>> import pandas as pd
        >>> ledger = fd.create("said.csv", title="Said", by="Ada Quist")
        >>> article = fd.read_article("It rained for a week, Bo Lind said.")
        >>> rows = pd.DataFrame({"claim": ["It rained for a week."], "claimant": ["Bo Lind"]})
        >>> ledger.log_candidates(article, rows).what.tolist(), ledger.log_candidates(article, rows).what.tolist()
        (['logged'], ['stands'])
        """
        if known not in candidates.KNOWN:
            raise InvalidValue.choice("known", known, candidates.KNOWN)
        for name in ("claim", "claimant"):
            if name not in rows:
                raise NotFound(
                    "column in the frame:", name, nearest(name, list(map(str, rows))), "Both are needed."
                )

        def compose(transaction: Transaction) -> pd.DataFrame:
            made, what = candidates.log(transaction, article, rows, stance, known)
            columns = {
                "claim_id": [one.row_id for one in made],
                "what": [w if one.row_id or w == "near" else "" for w, one in zip(what, made, strict=True)],
                "reason": [one.reason for one in made],
            }
            return LedgerFrame(columns, index=rows.index, dtype="str")

        return self._write(compose)

    def attach_many(
        self, evidence: pd.DataFrame, *, errors: Literal["raise", "keep"] = "raise"
    ) -> pd.DataFrame:
        """Attach a source to a claim for each row of a frame, in one write: all of it or nothing.

        Parameters
        ----------
        evidence : pandas.DataFrame
            Columns are named as the arguments of `attach` are, but for `file`, `article` and `fetch`; `claim_id`, `url` and `stance` are
            needed. What one row says of a document is taken for all rows of its address.
        errors : {"raise", "keep"}, default "raise"
            As in `log_many`.

        Returns
        -------
        pandas.DataFrame
            By the frame's labels: `evidence_id` and `reason`, both `str`.

        Raises
        ------
        RowsRefused, NotFound
            As `log_many` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> import pandas as pd
        >>> ledger = fd.create("proofs.csv", title="Proofs", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> sheet = pd.DataFrame({"claim_id": "rain", "url": ["https://example.org/a", "https://example.org/b"]})
        >>> len(ledger.attach_many(sheet.assign(stance="supports"))), len(ledger.sources)
        (2, 2)
        """
        return self._write_many(bulk.attach, Ledger.attach, schema.EVIDENCE, evidence, errors, needed=["url"])

    def set_status(
        self,
        claim_id: str,
        status: str,
        *,
        holds_from: Given = None,
        rationale: str,
        evidence: str | Sequence[str] = (),
        gaps: str = "",
        reviewed_by: str = "",
        published_at: str = "",
        published_on: Given = None,
    ) -> str:
        """Record what is held of a claim from a day on. A correction is a new status; nothing is overwritten.

        Warns where a later status of the claim stands: that goes on holding from its own day.

        Parameters
        ----------
        claim_id, status : str
            The claim, and a word of the ledger's vocabulary.
        holds_from : str or date, optional
            From which day it holds, `YYYY-MM-DD`; by default today in the ledger's time zone, or the day on
            which the claim was made where that is later; never later than today's anywhere on Earth.
        rationale : str
            Why, in a sentence or two.
        evidence : str or sequence of str, optional
            Ids of the claim's evidence on which it rests.
        gaps : str, optional
            What was looked for and not found, or would change the status.
        reviewed_by : str, optional
            Who reviewed it.
        published_at : str, optional
            The address of the published check in which it was given.
        published_on : str or date, optional
            The day on which that was published, `YYYY-MM-DD`.

        Returns
        -------
        str
            The status's id; the same status, rationale and evidence as the one that holds on that day are not
            written again.

        Raises
        ------
        NotFound, InvalidValue
            Where there is no such claim or evidence, or a value can't be used.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("held.csv", title="Held", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> ledger.set_status("rain", "in review", rationale="The gauge is read tomorrow.")[:2]
        't-'
        """
        given = locals()
        return self._write(lambda transaction: bulk.set_status(transaction, given))

    def set_status_many(
        self, statuses: pd.DataFrame, *, errors: Literal["raise", "keep"] = "raise"
    ) -> pd.DataFrame:
        """Record a status for each row of a frame, in one write: all of it or nothing.

        Parameters
        ----------
        statuses : pandas.DataFrame
            Columns are named as the arguments of `set_status` are; `claim_id`, `status` and `rationale` are needed.
            Where a claim has several, they are recorded in the frame's order.
        errors : {"raise", "keep"}, default "raise"
            As in `log_many`.

        Returns
        -------
        pandas.DataFrame
            By the frame's labels: `status_id` and `reason`, both `str`.

        Raises
        ------
        RowsRefused, NotFound
            As `log_many` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> import pandas as pd
        >>> ledger = fd.create("holds.csv", title="Holds", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> sheet = pd.DataFrame({"claim_id": ["rain"], "status": ["mixed"], "rationale": ["Here and there."]})
        >>> ledger.set_status_many(sheet).reason.tolist()
        ['']
        """
        return self._write_many(bulk.set_status, Ledger.set_status, schema.STATUSES_TABLE, statuses, errors)

    def _write_many(
        self,
        call: bulk.Call,
        single: Callable[..., str],
        table: Table,
        frame: pd.DataFrame,
        errors: str,
        needed: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Write a call for each row of a frame as one."""
        if errors not in ("raise", "keep"):
            raise InvalidValue.choice("errors", errors, ["raise", "keep"])
        _, *arguments = inspect.signature(single).parameters.values()
        defaults = {one.name: one.default for one in arguments if one.default is not one.empty}
        for name in ONE_BY_ONE:
            defaults.pop(name, None)
        asked = [one.name for one in arguments if one.name not in (*defaults, *ONE_BY_ONE)]
        given = bulk.given(frame, defaults, [*asked, *needed], table)
        if call is bulk.attach:
            given = bulk.one_description(given)
        return self._write(
            lambda transaction: bulk.result(
                bulk.many(transaction, call, given, table.name), frame, table.id, errors
            )
        )

    def edit(self, table: str, row_id: Rows, *, why: str, **columns: Given) -> list[str]:
        """Change cells of one or many rows; what stood there is kept in `changes`, with the reason.

        Parameters
        ----------
        table, row_id : str, str or iterable of str
            The table's name, and the row or rows.
        why : str
            The reason.
        **columns
            The new values by column. Ids, and who wrote a row and when, can't be changed.

        Returns
        -------
        list of str
            The ids of the changes; empty where all cells held these values already.

        Raises
        ------
        NotFound, InvalidValue
            Where there is no such table, row or column, or a value can't be used.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("typo.csv", title="Typo", by="Ada Quist")
        >>> rain = ledger.log("It raned.", claimant="The Daily", claim_id="rain")
        >>> changes = ledger.edit("claims", "rain", why="typing error", claim="It rained.")
        >>> ledger.claims.claim[0], ledger.changes.before[0]
        ('It rained.', 'It raned.')
        """
        of = self._table(table)
        allowed = of.editable
        for name in columns:
            if name not in allowed:
                near = nearest(name, allowed)
                raise NotFound(
                    f"column of {table} that can be edited:", name, near, f"Allowed: {', '.join(allowed)}."
                )
        row_ids = _listed("row_id", row_id)

        def compose(transaction: Transaction) -> list[str]:
            touched = {(of.name, row_id, name) for row_id in row_ids for name in columns}
            by_hand = [
                edit
                for edit in self._by_hand()
                if (edit.table, edit.row_id, edit.column) in touched and not edit.stale
            ]
            hand_edits.remember(transaction, of, by_hand)
            return transaction.edit(of, row_ids, columns, why)

        return self._write(compose)

    def withdraw(self, table: str, row_id: Rows, *, why: str) -> list[str]:
        """Withdraw one or many rows: they stay in their files and are hidden, with what belongs to them.

        Parameters
        ----------
        table, row_id, why : str, str or iterable of str, str
            The table's name, the row or rows, and the reason.

        Returns
        -------
        list of str
            The ids of the changes; empty where all were withdrawn already.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("gone.csv", title="Gone", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> changes = ledger.withdraw("claims", "rain", why="logged twice")
        >>> len(ledger.claims), ledger.withdrawn.row_id[0]
        (0, 'rain')
        """
        return self._write(self._turning(table, row_id, why, before="", after=WITHDRAWN))

    def reinstate(self, table: str, row_id: Rows, *, why: str) -> list[str]:
        """Reinstate rows that were withdrawn; parameters and what is returned are those of `withdraw`.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("back.csv", title="Back", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> _ = ledger.withdraw("claims", "rain", why="a slip")
        >>> _ = ledger.reinstate("claims", "rain", why="it was none")
        >>> len(ledger.claims)
        1
        """
        return self._write(self._turning(table, row_id, why, before=WITHDRAWN, after=""))

    def _turning(
        self, table: str, row_id: Rows, why: str, before: str, after: str
    ) -> Callable[[Transaction], list[str]]:
        of, row_ids = self._table(table), _listed("row_id", row_id)
        return lambda transaction: transaction.turn(of, row_ids, before, after, why)

    # --- other ledgers

    def merge(
        self,
        other: Ledger | str | Path | Mapping[str, pd.DataFrame],
        *,
        why: str = "",
        take: Take = None,
        same: Names = None,
        statuses: Names = None,
    ) -> Merge:
        """Show what comes of merging another ledger into this one, without Git; `write` of what is returned does it.

        Rows come in as they are, with their ids and moments, their changes and the documents that were kept, so that
        `as_known` shows what the other knew then, and to merge again adds nothing. What both edited or described
        otherwise stays as it is here, unless `take` says so. Both verdicts on a claim stand, and are named.

        Parameters
        ----------
        other : Ledger, str, pathlib.Path or mapping of str to DataFrame
            Another ledger, its CSV, or its tables as frames of text by name, as a workbook has them.
        why : str, optional
            The reason for what is taken; needed with `take`, and kept in `changes`.
        take : {"ours", "theirs"} or mapping, optional
            What holds where both say otherwise of one row, for all of them or by the row's id. That settles it; what
            is not said stays as it is here, and is named again next time.
        same : mapping of str to str, optional
            Which id a claim of the other ledger has here: that of a claim that is the same; an id that neither has; or
            its own, where it is another claim than one here in the same words.
        statuses : mapping of str to str, optional
            Which status here a word is that the vocabulary lacks. Such a status is given anew by you, today, its
            rationale naming who gave which word when.

        Returns
        -------
        Merge
            It shows itself: `counts`, `new`, `contrary`, `edits`, `left_out`, `alike`, `questions`; and `write`.

        Raises
        ------
        ReadOnlyLedger, InvalidValue
            Where this, or the other, is a view; or where an argument names what is not there.
        NotFound, LedgerUnreadable, TableUnreadable
            Where the other is no ledger.

        Examples
        --------
        >>> import factdesk as fd
        >>> mine = fd.create("mine.csv", title="Mine", by="Ada Quist")
        >>> theirs = fd.create("theirs.csv", title="Theirs", by="Bo Lind")
        >>> rain = theirs.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> int(mine.merge("theirs.csv").write().counts.loc["claims", "new"])
        1
        >>> mine.claims[["claim_id", "logged_by"]].values.tolist()
        [['rain', 'Bo Lind']]
        """
        self._own_store("merge into the ledger itself")
        self.refresh()
        if isinstance(other, Ledger):
            if other._store is None:
                raise InvalidValue("other", other._view, "a ledger itself, and this is a view of one")
            other.refresh()
            content = other._whole()
            read = Other.of(other._dataset, content, other._store)
        elif isinstance(other, Mapping):
            read = Other.of_frames(other, self.settings)
        else:
            read = Other.read(other)
        return Merge(self, read, why=why, take=take, same=same, statuses=statuses)

    # --- what others did to the files

    def hand_edits(self) -> pd.DataFrame:
        """Find what was changed in the files outside the workbench: cells, rows added and rows gone.

        The files are compared with what the workbench last wrote or accepted in this folder
        (`.factdesk/known/`), and with what Git's checked-out commit holds: what came with a pull, a merge or a
        checkout is no hand edit, nor is what a row of `changes` explains. All tables are read for it.

        Returns
        -------
        pandas.DataFrame
            `what` (`cell changed`, `row added`, `row gone`), `table`, `row_id`, `claim_id`, `column`, `before`,
            `after`, all `str`, and the place: `file` and `line` (0 where the row is gone).

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("sheet.csv", title="Sheet", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> _ = ledger.path.write_text(ledger.path.read_text().replace("rained", "poured"))
        >>> ledger.hand_edits().loc[0, ["what", "column", "before", "after"]].tolist()
        ['cell changed', 'claim', 'It rained.', 'It poured.']
        """
        self._own_store()
        self.refresh()
        return LedgerFrame(external_edits.frame(self._by_hand()))

    def _by_hand(self) -> list[external_edits.HandEdit]:
        if self._store is None:
            return []
        gone = external_edits.seals_gone(seals.beside_baseline(self._store))
        return [*external_edits.found(self._store.beside_baseline()), *gone]

    def accept_edits(self, *, why: str, gone: bool = False) -> list[str]:
        """Accept what was changed outside the workbench: each cell and row gets its row in `changes`.

        Where rows are gone or old values stand again, somebody's work was saved away: `restore` brings it back, and
        nothing is accepted until then, unless `gone` says that it was meant. A row that is gone is put back and
        withdrawn: nothing is deleted.

        Parameters
        ----------
        why : str
            The reason.
        gone : bool, default False
            Whether rows that are gone are withdrawn, and old values that stand again are kept.

        Returns
        -------
        list of str
            The ids of the changes; empty where nothing was changed outside the workbench.

        Raises
        ------
        InvalidValue
            Where no reason is given, rows are gone, or an id was changed (but a claim's, with all rows that refer to
            it).
        NotFound
            Where one of the rows is wrong, and has to be mended in the file first.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("taken.csv", title="Taken", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> _ = ledger.path.write_text(ledger.path.read_text().replace("rained", "poured"))
        >>> changes = ledger.accept_edits(why="corrected in a spreadsheet")
        >>> ledger.changes.loc[0, ["column", "before", "after"]].tolist(), len(ledger.hand_edits())
        (['claim', 'It rained.', 'It poured.'], 0)
        """

        def compose(transaction: Transaction) -> list[str]:
            by_hand = [edit for edit in self._by_hand() if edit.table in TABLES]  # no seal is ever withdrawn
            return hand_edits.accept(transaction, by_hand, why, gone, lambda: covered(self._own_store()))

        return self._write(compose, then=lambda: self._own_store().accept())

    def restore(self) -> list[str]:
        """Bring back rows that are gone from the files, and cells that a spreadsheet made old or wrote in its own way.

        Rows are gone and values old again where a spreadsheet was open while others wrote, and then saved its old
        copy over theirs. Where that was committed in Git, or a commit was reverted, rows that others refer to come
        back: up to 100 a call, each looked for in Git's history.

        A cell is put back, too, where what stood in it is known and what stands there now means the same or
        nothing: a day in another order (04.03.2025), a number with a comma, a moment cut, a date made of a word
        (`1/2` to `01. Feb`), a formula that failed. A cell that says something else is left: a person may have
        meant it. `hand_edits` and `check` show all of it first; the ids of the rows are returned.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("lost.csv", title="Lost", by="Ada Quist")
        >>> old = ledger.path.read_bytes()
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> _ = ledger.path.write_bytes(old)
        >>> ledger.restore(), len(ledger.claims)
        (['rain'], 1)
        """

        def compose(transaction: Transaction) -> list[str]:
            lost = self._lost()
            unsealed = [edit for edit in lost if edit.table not in TABLES]
            restored = hand_edits.restore(transaction, [edit for edit in lost if edit.table in TABLES])
            if unsealed:
                seals.put_back(self._own_store(), (edit.row for edit in unsealed))
            return [*restored, *(edit.row_id for edit in unsealed)]

        return self._write(compose, then=lambda: None)

    def _lost(self) -> list[external_edits.HandEdit]:
        by_hand = self._by_hand()
        gone = {(edit.table, edit.row_id) for edit in by_hand if edit.what == external_edits.GONE}
        taken = external_edits.taken_out(self._dataset.row_findings, self._own_store().beside_baseline())
        return [*by_hand, *(edit for edit in taken if (edit.table, edit.row_id) not in gone)]

    def tidy(self) -> list[str]:
        """Write each row once where merges left several versions of it, or a header line among the rows.

        Rival versions and two claims with one id stay as they are, until a person chooses; so do versions of
        which one is proved by a seal, and could not be proved by the other. The names of the tables that were
        written are returned.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").tidy()
        []
        """
        return self._write(lambda _: self._tidied(), then=lambda: None)

    def _tidied(self, only: Iterable[str] = tuple(TABLES)) -> list[str]:
        """Write tables anew in which a row stands several times; the lock must be held."""
        store, written = self._own_store(), []
        untidy = [one for one in self._dataset.row_findings if one.code in ("untidy", "header-again")]
        for name in dict.fromkeys(one.table for one in untidy if one.table in only):
            of_table = [one for one in untidy if one.table == name]
            row_ids = [one.row_id for one in of_table if one.row_id]
            rows = self._dataset.rows(name, row_ids, withdrawn_too=True)
            kept = only_versions(store, self._whole().readings, name, rows) if rows else set()
            rows = {row_id: row for row_id, row in rows.items() if row_id not in kept}
            if rows or any(one.code == "header-again" for one in of_table):
                store.tidy(name, rows)
                written.append(name)
        return written

    def withdraw_import(self, import_id: str, *, why: str) -> list[str]:
        """Withdraw all that an import brought in, and set back the cells that it edited and nobody has edited since.

        To import the same sheet again brings it back. The changes note the reason as "import ID withdrawn: why".

        Parameters
        ----------
        import_id : str
            The import, as `imports` names it.
        why : str
            The reason.

        Returns
        -------
        list of str
            The ids of the changes; empty where all of it was withdrawn already.

        Raises
        ------
        NotFound
            Where there is no such import.

        Examples
        --------
        >>> import factdesk as fd
        >>> import pandas as pd
        >>> ledger = fd.create("in.csv", title="In", by="Ada Quist")
        >>> sheet = pd.DataFrame({"Claim": ["It rained.", "It snowed."], "Speaker": ["The Daily", "Radio"]})
        >>> brought = fd.import_table(sheet, ledger).write()
        >>> len(ledger.withdraw_import(brought.import_id, why="the wrong sheet")), len(ledger.claims)
        (2, 0)
        """
        found = imports.notes(self._own_store("withdraw it in the ledger itself"))
        return self._write(lambda transaction: imports.withdraw(transaction, found, import_id, why))

    def _table(self, name: str) -> Table:
        writable = [one for one in TABLES if one != "changes"]
        if not isinstance(name, str) or name not in writable:
            raise NotFound("table", name, nearest(name, writable), f"Tables: {', '.join(writable)}.")
        return TABLES[name]

    def _write(
        self, compose: Callable[[Transaction], Result], then: Callable[[], None] | None = None
    ) -> Result:
        """Write one call: under the lock, on what the files hold now, all of it or nothing.

        Where it is about the files themselves, `then` is done after it, and they are read anew.
        """
        store = self._own_store("write to the ledger itself")
        with store.writing() as messages:
            if messages:
                self._read_again()
            before = self._dataset
            self.refresh()
            if self._dataset is not before and then is None:
                messages += _losses(self._by_hand())
            transaction = Transaction(self._dataset, self._writer(), datetime.now(ZoneInfo("UTC")))
            transaction.words = partial(snapshots.words, store)
            result = compose(transaction)
            torn = store.set_aside_torn(self._content) if transaction.entry else []
            if torn:
                self._read_again(self._content)
            lacks = [] if then else self._lacks(self._dataset.unread(transaction.entry.cells))
            warn([*messages, *torn, *transaction.warnings, *lacks], stacklevel=4)
            if transaction.entry:
                self._commit(transaction.entry)
            if then is not None:
                if result:
                    then()
                    self._read_again()
                for lack in self._lacks(self.unread):
                    warnings.warn(lack, FactdeskWarning, stacklevel=3)
        return result

    def _lacks(self, unread: Unread) -> list[str]:
        """Return a warning where rows can't be read."""
        file = self._own_store().path.name
        return [f"{file}: {unread} ledger.check() names each, and what mends it."] if unread else []

    def _commit(self, entry: Entry) -> None:
        """Write what a call composed; take it in, or read anew what the disk holds."""
        try:
            content = self._content
            written = self._own_store().commit(entry, content.readings, content.signatures)
        except BaseException:
            self._is_sure = False  # before the next write at the latest all is read anew
            with contextlib.suppress(Exception):
                self._read_again()
            raise
        mends = bool(entry.cells and self._dataset.row_findings)
        self._dataset.take(entry)
        self._content = content.after(written)
        if mends:
            # It is written; whoever reads next is told what is wrong.
            with contextlib.suppress(FactdeskError):
                self._read_again(self._content)
                if self._tidied(entry.cells):
                    self._read_again(self._content)

    def _writer(self) -> str:
        if self._by is None:
            self._by = known_writer(self._store.path.parent if self._store else Path())
        return self._by

    # --- how it shows itself

    def _summary(self) -> tuple[str, str, list[tuple[schema.Status, int]], list[str]]:
        """Return title, base, counts by status and remarks, for the two forms in which a ledger shows itself."""
        claims, latest = self._frame("claims"), self.latest_day
        held = self.status_on()["status"].value_counts()
        by_status = [(status, int(held.get(status.name, 0))) for status in self.settings.vocabulary]
        base = f"{counted(len(claims), 'claim')}, {counted(len(self._frame('sources')), 'source')}"
        findings = self.check()["severity"]
        wrong = int((findings == "error").sum())
        errors = f", {counted(wrong, 'error')}: ledger.check()" if wrong else ""
        remarks = [
            f"a view: {self._view}" if self._view else "",
            "" if pd.isna(latest) else f"last change {latest:%Y-%m-%d}",
            str(self.unread).rstrip("."),
            f"{counted(len(findings), 'finding')}{errors}",
        ]
        return self.title, base, [one for one in by_status if one[1]], list(filter(None, remarks))

    def __repr__(self) -> str:
        title, base, by_status, remarks = self._summary()
        of = looks(self.settings.vocabulary)
        lines = [
            f"{title} · {base}",
            " ".join(f"{of[s.name].sign} {n} {isolated(s.label)}" for s, n in by_status),
            apart(len(self.unread.claims)),
            " · ".join(remarks),
        ]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        title, base, by_status, remarks = self._summary()
        of = looks(self.settings.vocabulary)
        chips = "".join(
            f'<span style="display:inline-block;margin:0 .9em .2em 0;white-space:nowrap">'
            f'<span style="display:inline-block;width:.75em;height:.75em;margin-right:.35em;border:1px solid #3D4248;'
            f'border-radius:50%;background:{of[status.name].colour}"></span>'
            f"{html.escape(of[status.name].sign)} {html.escape(isolated(status.label))} <b>{n}</b></span>"
            for status, n in by_status
        )
        chips += html.escape(apart(len(self.unread.claims)))
        return (
            f'<div class="factdesk-ledger"><b style="font-size:1.15em">{html.escape(title)}</b><br>{html.escape(base)}'
            f'<div style="margin:.35em 0">{chips}</div>'
            f"<small>{html.escape(' · '.join(remarks))}</small></div>"
        )


def _listed(name: str, given: Rows) -> list[str]:
    if isinstance(given, str):
        return [given]
    parts = list(given) if isinstance(given, Iterable) and not isinstance(given, bytes) else [given]
    if not all(isinstance(part, str) for part in parts):
        raise InvalidValue(name, given, "a text, or several in a list")
    return list(dict.fromkeys(parts))


def _folded(words: Iterable[str]) -> set[str]:
    return {comparable(word).casefold() for word in words}


def _few(kind: str, words: Sequence[str]) -> str:
    few = " or ".join(shown(word, 40) for word in words)
    return f"{kind} {few}" if len(words) <= 3 else counted(len(words), kind)


def _losses(edits: Sequence[external_edits.HandEdit]) -> list[str]:
    """Return a warning where an old copy of a file was saved over a newer one."""
    lost = [edit for edit in edits if edit.is_loss]
    if not lost:
        return []
    files = ", ".join(dict.fromkeys(edit.file for edit in lost))
    return [
        f"{files}: {counted(len({edit.row_id for edit in lost}), 'row')} that stood there are gone or old again, as "
        "when a spreadsheet saves an old copy. hand_edits() names them, restore() brings them back."
    ]


def warn(messages: Iterable[str], stacklevel: int = 3) -> None:
    """Warn the writer before anything is written: an error means that nothing was written.

    Where warnings are errors (`python -W error`), the first of them is one.
    """
    for one in dict.fromkeys(messages):
        try:
            warnings.warn(one, FactdeskWarning, stacklevel=stacklevel)
        except FactdeskWarning:
            raise FactdeskWarning(f"{one} Nothing was written: warnings are errors here.") from None


def known_writer(folder: Path) -> str:
    """Return the name of who writes: the one that Git knows, else the system's.

    >>> bool(known_writer(Path()))
    True
    """
    if name := clean(git.user_name(folder), one_line=True)[0]:
        return name
    with contextlib.suppress(OSError, KeyError):
        return clean(getpass.getuser(), one_line=True)[0]
    return "unknown"
