"""The only state: a ledger opened, read as frames, and written by log, attach, set_status, edit and withdraw."""

from __future__ import annotations

import contextlib
import getpass
import html
import mimetypes
import subprocess
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from factdesk import check, hashes, history, intake, schema
from factdesk.errors import (
    FactdeskWarning,
    InvalidValue,
    LedgerUnreadable,
    NotFound,
    Problem,
    ReadOnlyLedger,
    nearest,
)
from factdesk.frames import LedgerFrame
from factdesk.intake import Given
from factdesk.schema import SEPARATOR, TABLES, WITHDRAWN, Settings, Table
from factdesk.store import Cell, Content, Entry, Signature, Store
from factdesk.store import create as create_files
from factdesk.text import clean, comparable

UTC = ZoneInfo("UTC")
CLOCK_BEHIND = timedelta(minutes=5)
"""A clock that is further behind what stands is told to the writer."""

Result = TypeVar("Result")
Day = str | date | pd.Timestamp
Rows = str | Iterable[str]
Moment = str | datetime | date


def open(path: str | Path, *, by: str | None = None, strict: bool = False) -> Ledger:
    """Open a ledger.

    Parameters
    ----------
    path : str or pathlib.Path
        Its `claims.csv`, or whatever the CSV is called; the folder of the same stem lies beside it.
    by : str, optional
        Who writes; by default the name that Git knows, else the system's.
    strict : bool, default False
        Whether rows that are wrong raise an error too. By default they are left out of the frames, kept in
        their files, and named by `check`.

    Returns
    -------
    Ledger

    Raises
    ------
    NotFound
        Where there is no such file.
    LedgerUnreadable
        Where a file is no table of a ledger, with every place; with `strict`, also where a row is wrong.

    Warns
    -----
    FactdeskWarning
        Where rows were left out: how many.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.create("tides.csv", title="Tides").title
    'Tides'
    >>> fd.open("tides.csv", by="Ada Quist").claims.empty
    True
    """
    place = Path(path)
    if not place.exists():
        folder = place.parent if place.parent.is_dir() else Path()
        near = nearest(place.name, [one.name for one in folder.glob("*.csv") if one.with_suffix("").is_dir()])
        raise NotFound("ledger", str(path), near, "Make a new one with fd.create.")
    ledger = Ledger._opened(Store(place), by)
    wrong = [problem for problem in ledger._problems if problem.severity == "error"]
    if strict and wrong:
        raise LedgerUnreadable(wrong)
    if wrong:
        places = "one place is" if len(wrong) == 1 else f"{len(wrong)} places are"
        warnings.warn(
            f"{place.name}: {places} wrong; rows that can't be read are left out. ledger.check() names each.",
            FactdeskWarning,
            stacklevel=2,
        )
    return ledger


def create(
    path: str | Path, *, title: str, publisher: str = "", timezone: str = "UTC", by: str | None = None
) -> Ledger:
    """Make a new, empty ledger: a CSV and a folder of the same stem beside it.

    Parameters
    ----------
    path : str or pathlib.Path
        The CSV to be made, such as `budget.csv`.
    title : str
        What the ledger is called in charts and pages.
    publisher : str, optional
        Who publishes what comes of it.
    timezone : str, default "UTC"
        In which time zone the ledger's days begin, by its IANA name.
    by : str, optional
        Who writes; by default the name that Git knows, else the system's.

    Returns
    -------
    Ledger

    Raises
    ------
    LedgerExists
        Where a file or folder of that name is there; nothing is overwritten.
    InvalidValue
        Where the path does not end in `.csv`, the title is empty or the time zone is none.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.create("budget.csv", title="Budget claims", timezone="Europe/London").settings.timezone
    'Europe/London'
    """
    words = {
        key: clean(str(value), one_line=True)[0]
        for key, value in (("title", title), ("publisher", publisher))
    }
    if not words["title"]:
        raise InvalidValue("title", title, "a few words")
    try:
        ZoneInfo(timezone)
    except (OSError, ValueError, LookupError):
        raise InvalidValue("timezone", timezone, "a name such as 'Europe/London' or 'UTC'") from None
    create_files(Path(path), Settings(words["title"], words["publisher"], timezone))
    return open(path, by=by)


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

    def __init__(
        self,
        cells: Mapping[str, pd.DataFrame],
        settings: Settings,
        *,
        problems: Sequence[Problem] = (),
        left_out: Mapping[str, pd.DataFrame] | None = None,
        only: frozenset[str] | None = None,
        view: str = "",
        by: str | None = None,
    ) -> None:
        self._cells = dict(cells)
        self._settings = settings
        self._problems = list(problems)
        self._left_out = dict(left_out or {})
        self._only = only
        self._view = view
        self._by = by
        self._store: Store | None = None
        self._content: Content | None = None
        self._signatures: dict[str, Signature] = {}
        self._blocked: frozenset[str] = frozenset()
        self._worked_out: dict[str, pd.DataFrame] = {}
        self._typed: dict[str, pd.DataFrame] = {}
        self._added: dict[str, list[dict[str, str]]] = {name: [] for name in TABLES}
        self._ids: dict[str, set[str]] = {}

    # --- reading

    @classmethod
    def _opened(cls, store: Store, by: str | None) -> Ledger:
        ledger = cls({}, Settings(), by=by)
        ledger._store = store
        ledger._load(store.read())
        return ledger

    def _load(self, content: Content) -> None:
        loaded = _joined(content)
        self._content, self._signatures, self._settings = content, dict(content.signatures), content.settings
        self._cells, self._left_out, self._problems = loaded
        self._blocked = frozenset(p.row_id for p in self._problems if p.code == "two-claims")
        self._added = {name: [] for name in TABLES}
        self._typed, self._worked_out, self._ids = {}, {}, {}

    def refresh(self) -> Ledger:
        """Read what others wrote since; done by itself before every write.

        Returns
        -------
        Ledger
            The same ledger.

        Examples
        --------
        >>> import factdesk as fd
        >>> mine = fd.create("shared.csv", title="Shared")
        >>> _ = fd.open("shared.csv").log("It rains.", claimant="Ada", claim_id="rain")
        >>> len(mine.claims), len(mine.refresh().claims)
        (0, 1)
        """
        if self._store and self._content and not self._store.unchanged(self._signatures):
            self._load(self._store.read(self._content))
        return self

    def _raw(self, name: str) -> pd.DataFrame:
        """Give all rows of a table as text, the withdrawn ones too."""
        if self._added[name]:
            new = pd.DataFrame(
                self._added[name], columns=list(self._cells[name].columns), dtype="str"
            ).fillna("")
            if name in self._typed:
                more = schema.typed(new, TABLES[name], self._settings)
                self._typed[name] = pd.concat([self._typed[name], more], ignore_index=True)
            self._cells[name] = pd.concat([self._cells[name], new], ignore_index=True)
            self._added[name] = []
        return self._cells[name]

    def _all(self, name: str) -> pd.DataFrame:
        """Give all rows of a table with their types, the withdrawn ones too."""
        cells = self._raw(name)
        if name not in self._typed:
            self._typed[name] = schema.typed(cells, TABLES[name], self._settings)
        return self._typed[name]

    def _frame(self, name: str) -> LedgerFrame:
        """Give the rows of a table that are in view: not withdrawn, and of the claims looked at."""
        if name not in self._worked_out:
            frame = self._all(name)
            shown = ~self._withdrawn_rows(name)
            if self._only is not None:
                shown &= self._in_view(name)
            kept = frame if shown.all() else frame[shown].reset_index(drop=True)
            self._worked_out[name] = LedgerFrame(kept)
        return self._worked_out[name].copy(deep=False)

    def _in_view(self, name: str) -> np.ndarray:
        frame, only = self._all(name), self._only or frozenset()
        if "claim_id" in frame:
            return frame["claim_id"].isin(only).to_numpy()
        if name == "changes":
            rows = set(only).union(
                *(
                    self._all(t)[TABLES[t].id][self._in_view(t)]
                    for t in ("appearances", "evidence", "statuses")
                )
            )
            return frame["row_id"].isin(rows).to_numpy()
        used = pd.concat(
            [
                self._all("claims").loc[self._in_view("claims"), "appearance"],
                *(self._all(t).loc[self._in_view(t), "source_id"] for t in ("appearances", "evidence")),
            ]
        )
        return frame["source_id"].isin(used).to_numpy()

    def _withdrawals(self) -> pd.DataFrame:
        """Give the last word on each row that was ever withdrawn."""
        changes = self._all("changes")
        words = changes[changes["column"] == ""].sort_values(["changed_at", "change_id"], kind="stable")
        last = words.drop_duplicates(["table", "row_id"], keep="last")
        return last[last["after"] == WITHDRAWN]

    def _withdrawn_ids(self, name: str) -> set[str]:
        if "withdrawn" not in self._worked_out:
            self._worked_out["withdrawn"] = self._withdrawals()
        rows = self._worked_out["withdrawn"]
        return set(rows.loc[rows["table"] == name, "row_id"])

    def _withdrawn_rows(self, name: str) -> np.ndarray:
        """Say which rows are hidden: withdrawn themselves, or belonging to a row that is."""
        frame = self._all(name)
        hidden = np.zeros(len(frame), bool)
        for of, column in ((name, TABLES[name].id), ("claims", "claim_id"), ("sources", "source_id")):
            if of == "sources" and name not in ("sources", "evidence", "snapshots"):
                continue
            ids = self._withdrawn_ids(of)
            if ids and column in frame:
                hidden |= frame[column].isin(ids).to_numpy()
        return hidden

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

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").appearances["first"].sum() == len(fd.open("claims.csv").claims)
        True
        """
        if "every appearance" not in self._worked_out:
            table = schema.APPEARANCES
            first = self._frame("claims").rename(columns={"appearance": "source_id"})
            first = first.assign(appearance_id="", place="", first=True)[[*table.names, "first"]]
            further = self._frame("appearances").assign(first=False)[[*table.names, "first"]]
            every = pd.concat([first, further], ignore_index=True) if len(further) else first
            self._worked_out["every appearance"] = LedgerFrame(every)
        return self._worked_out["every appearance"].copy(deep=False)

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

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").statuses["status"].cat.ordered
        True
        """
        return self._frame("statuses")

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
        self._withdrawn_ids("claims")
        columns = ["table", "row_id", "why", "changed_at", "changed_by"]
        return LedgerFrame(self._worked_out["withdrawn"][columns].reset_index(drop=True))

    @property
    def settings(self) -> Settings:
        """What `ledger.toml` says: title, publisher, time zone and status vocabulary.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").settings.statuses[0]
        'unverified'
        """
        return self._settings

    @property
    def title(self) -> str:
        """The ledger's title.

        Examples
        --------
        >>> import factdesk as fd
        >>> bool(fd.open("claims.csv").title)
        True
        """
        return self._settings.title

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
    def latest_day(self) -> pd.Timestamp:
        """The as-of day: the latest of all days and moments in the ledger, in its time zone; NaT where it is empty.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.create("empty.csv", title="Empty").latest_day
        NaT
        """
        if "latest" not in self._worked_out:
            days = [
                self._all("statuses")["holds_from"],
                self._all("claims")["made_on"],
                self._all("appearances")["made_on"],
            ]
            moments = [self._all(name)[table.moment] for name, table in TABLES.items()]
            local = [moment.max().tz_convert(self._settings.zone).tz_localize(None).normalize()
                     for moment in moments if moment.notna().any()]  # fmt: skip
            known = [day.max() for day in days if day.notna().any()] + local
            self._worked_out["latest"] = pd.DataFrame({"day": pd.Series(known, dtype="datetime64[us]")})
        return self._worked_out["latest"]["day"].max()

    # --- views

    def where(
        self,
        *,
        claimant: str | Sequence[str] | None = None,
        topic: str | Sequence[str] | None = None,
        text: str | None = None,
        status: str | Sequence[str] | None = None,
    ) -> Ledger:
        """Look at some of the claims, with all that belongs to them; views compose and read only.

        Parameters
        ----------
        claimant, topic : str or sequence of str, optional
            Only claims of one of these claimants, about one of these topics (upper and lower case are one).
        text : str, optional
            Only claims in whose id, words, claimant, quote, topics or note each of these words occurs.
        status : str or sequence of str, optional
            Only claims that have one of these statuses on the ledger's latest day.

        Returns
        -------
        Ledger
            A view, as of the same day and with the digest of the ledger it looks at.

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
        claims = self._frame("claims")
        chosen = np.ones(len(claims), bool)
        said: list[str] = []
        if claimant is not None:
            names = _folded(claimant)
            chosen &= claims["claimant"].str.casefold().isin(names).to_numpy()
            said.append(f"claimant {' or '.join(sorted(names))}")
        if topic is not None:
            topics = _folded(topic)
            listed = claims["topics"].str.casefold().str.split(SEPARATOR)
            chosen &= np.array([bool(topics & {one.strip() for one in of}) for of in listed], bool)
            said.append(f"topic {' or '.join(sorted(topics))}")
        if text is not None:
            columns = ["claim_id", "claim", "claimant", "quote", "topics", "note"]
            haystack = (
                claims[columns].agg("\n".join, axis=1).str.casefold() if len(claims) else claims["claim"]
            )
            for word in comparable(text).casefold().split():
                chosen &= haystack.str.contains(word, regex=False).to_numpy(bool)
            said.append(f"text {text!r}")
        if status is not None:
            wanted = [self._known_status(one) for one in _listed(status)]
            held = self.status_on(self.latest_day) if len(claims) else self.statuses
            having = held.loc[held["status"].isin(wanted), "claim_id"]
            chosen &= claims["claim_id"].isin(having).to_numpy()
            said.append(f"status {' or '.join(wanted)}")
        return self._viewed(frozenset(claims["claim_id"][chosen]), ", ".join(said) or "all claims")

    def _viewed(self, only: frozenset[str] | None, said: str) -> Ledger:
        for name in TABLES:
            self._raw(name)
        view = Ledger(
            self._cells, self._settings, problems=self._problems, left_out=self._left_out, only=only,
            view=f"{self._view}, {said}" if self._view else said, by=self._by)  # fmt: skip
        view._typed = dict(self._typed)
        return view

    def as_known(self, moment: Moment) -> Ledger:
        """Give the ledger as it stood then: only what was written by that moment, cells as they were.

        Parameters
        ----------
        moment : str, datetime or date
            A moment with its time zone, or a day, which means its end in the ledger's time zone.

        Returns
        -------
        Ledger
            A view, which reads only.

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
            then = pd.Timestamp(schema.parse_moment(moment, self._settings.zone))
        except ValueError:
            raise InvalidValue(
                "moment",
                moment,
                "a day as YYYY-MM-DD, or a moment with its time zone, such as 2025-03-15T12:00:00Z",
            ) from None
        cells = {}
        for name, table in TABLES.items():
            written = (self._all(name)[table.moment] <= then).to_numpy()
            cells[name] = self._raw(name)[written].reset_index(drop=True)
        changes = self._all("changes")
        edits = changes[changes["column"] != ""].sort_values(["changed_at", "change_id"], kind="stable")
        for (name, row_id, column), of_cell in edits.groupby(["table", "row_id", "column"], sort=False):
            if name in cells and column in cells[name]:
                early = of_cell[of_cell["changed_at"] <= then]
                value = early["after"].iloc[-1] if len(early) else of_cell["before"].iloc[0]
                key = cells[name][TABLES[str(name)].id] == row_id
                cells[name][column] = cells[name][column].mask(key, str(value))
        view = Ledger(cells, self._settings, problems=self._problems, only=self._only, by=self._by,
                      view=f"as known {schema.moment_text(then)}")  # fmt: skip
        return view

    # --- history

    def _standing(self) -> pd.DataFrame:
        if "standing" not in self._worked_out:
            spells = history.standing(self._frame("claims"), self._frame("statuses"), self._settings.zone)
            self._worked_out["standing"] = spells
        return self._worked_out["standing"]

    def status_on(self, day: Day | None = None) -> pd.DataFrame:
        """Give the status of each claim on a day; claims that have none yet are not there.

        Parameters
        ----------
        day : str, date or pandas.Timestamp, optional
            The day asked for; by default the ledger's latest.

        Returns
        -------
        pandas.DataFrame
            One row per claim: `claim_id`, `claim`, `claimant`, `status`, `holds_from`, `rationale`, `gaps`,
            `evidence`, `status_id`, `recorded_at`, `recorded_by`, `reviewed_by`.

        Raises
        ------
        InvalidValue
            Where the day is none.

        Examples
        --------
        >>> import factdesk as fd
        >>> held = fd.open("claims.csv").status_on("2025-03-15").set_index("claim_id")
        >>> held.status["trump-positive-signals"]
        'supported'
        """
        day = self._day_or_latest(day)
        return LedgerFrame(
            history.status_on(self._standing(), self._frame("claims"), self._frame("statuses"), day)
        )

    def intervals(self) -> pd.DataFrame:
        """Give from when to when each claim had each status.

        Returns
        -------
        pandas.DataFrame
            `claim_id`, `status`, `start`, `end` (exclusive; missing where the status still holds).

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").intervals().columns.tolist()
        ['claim_id', 'status', 'start', 'end']
        """
        return LedgerFrame(history.intervals(self._standing()))

    def counts(self, every: str = "week") -> pd.DataFrame:
        """Count the claims in each status at the end of each period, up to the ledger's latest day.

        Parameters
        ----------
        every : {"day", "week", "month", "quarter", "year"}, default "week"
            How often to count.

        Returns
        -------
        pandas.DataFrame
            `date`, `status` (every one of the vocabulary), `claims`.

        Raises
        ------
        InvalidValue
            Where `every` is none of these.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").counts("month").columns.tolist()
        ['date', 'status', 'claims']
        """
        return LedgerFrame(history.counts(self._standing(), every, self._day_or_latest(None)))

    def diff(self, a: Day, b: Day | None = None) -> pd.DataFrame:
        """Give the claims whose status on two days differs, or that have one on only one of them.

        Parameters
        ----------
        a, b : str, date or pandas.Timestamp
            The two days; `b` is the ledger's latest by default.

        Returns
        -------
        pandas.DataFrame
            `claim_id`, `before`, `after`, and of the latter `holds_from` and `rationale`.

        Raises
        ------
        InvalidValue
            Where a day is none.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.open("claims.csv").diff("2025-03-15", "2025-03-18").columns.tolist()
        ['claim_id', 'before', 'after', 'holds_from', 'rationale']
        """
        return LedgerFrame(history.diff(self._standing(), self._frame("statuses"), a, self._day_or_latest(b)))

    def _day_or_latest(self, day: Day | None) -> Day:
        if day is not None:
            return day
        latest = self.latest_day
        return (
            schema.FIRST_DAY if pd.isna(latest) else latest
        )  # an empty ledger has no day, and no claim on any

    # --- findings and digest

    def check(self) -> pd.DataFrame:
        """Name what is wrong or weak: what reading found and what does not join.

        Returns
        -------
        pandas.DataFrame
            `code`, `severity` (`error`, `warning`, `note`), `table`, `row_id`, `claim_id`, `message`, `advice`,
            and the place: `file`, `line`, `column`, `value`. Empty where nothing was found.

        Examples
        --------
        >>> import factdesk as fd
        >>> (fd.open("claims.csv").check().severity == "error").any()
        False
        """
        hidden = set(self._all("evidence")["evidence_id"][self._withdrawn_rows("evidence")])
        statuses = self._all("statuses")[~self._withdrawn_rows("statuses")]
        lines = self._lines("statuses")
        file = self._store._shown("statuses") if self._store else "statuses.csv"
        weak = check.rests(statuses, self._all("evidence"), hidden, file, lines)
        found = [*self._problems, *weak]
        if self._only is not None:
            found = [problem for problem in found if problem.claim_id in self._only]
        return LedgerFrame(check.frame(found))

    def _lines(self, name: str) -> np.ndarray:
        """Give the line of each row; those written since the file was read follow one another."""
        frame = self._raw(name)
        if self._content is None:
            return np.zeros(len(frame), "int64")
        reading = self._content.readings[name]
        known = dict(zip(reading.cells[TABLES[name].id], reading.lines, strict=True))
        last = int(reading.lines.max(initial=1))
        new = iter(range(last + 1, last + 1 + len(frame)))
        return np.array(
            [known[key] if key in known else next(new) for key in frame[TABLES[name].id]], "int64"
        )

    def digest(self) -> str:
        """Give a short digest of the ledger's whole content.

        It does not depend on the order of rows, line ends or a spreadsheet's way of writing, and is another as
        soon as any cell reads otherwise. A view by `where` has the digest of the ledger it looks at.

        Returns
        -------
        str
            The first 32 hexadecimal digits of the Merkle tree's root over all rows (RFC 9162, 2.1.1).

        Examples
        --------
        >>> import factdesk as fd
        >>> len(fd.open("claims.csv").digest())
        32
        """
        if "digest" not in self._worked_out:
            leaves: set[bytes] = set()
            for name, table in TABLES.items():
                for cells in (self._raw(name), self._left_out.get(name)):
                    if cells is not None:
                        rows = zip(*(cells[column] for column in table.names), strict=True)
                        leaves.update(hashes.leaf(name, row) for row in rows)
            self._worked_out["digest"] = pd.DataFrame({"root": [hashes.root(leaves)]})
        return str(self._worked_out["digest"]["root"].iloc[0])[:32]

    # --- writing

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
        claim_id: str | None = None,
    ) -> str:
        """Log a claim.

        Parameters
        ----------
        claim : str
            The proposition, in your own words.
        claimant : str
            Who asserts it.
        made_on : str or date, optional
            The day on which it was made, `YYYY-MM-DD`, not later than today.
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
        claim_id : str, optional
            A readable name: small letters, digits, dashes. By default made from claimant and claim.

        Returns
        -------
        str
            The claim's id. The same claim of the same claimant on the same day is not logged twice: the id
            that stands is given.

        Raises
        ------
        InvalidValue
            Where a value can't be used, or the id is taken by another claim.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("rain.csv", title="Rain", by="Ada Quist")
        >>> ledger.log("It rained on Monday.", claimant="The Daily", made_on="2025-03-10")
        'the-daily-it-rained-monday-xy23'
        """
        given = {
            "claim": claim, "claimant": claimant, "claimant_role": claimant_role, "made_on": made_on,
            "quote": quote, "kind": kind, "topics": topics, "note": note,
        }  # fmt: skip

        def compose(pen: _Pen) -> str:
            row = pen.row(schema.CLAIMS, given)
            same = (row["claim"], row["claimant"], row["made_on"])
            taken = self._known("claims")
            row_id = intake.chosen_claim_id(claim_id) if claim_id else intake.claim_id(*same)
            if row_id in taken:
                standing = self._row("claims", row_id)
                if tuple(standing[name] for name in ("claim", "claimant", "made_on")) == same:
                    return pen.stands(schema.CLAIMS, row_id, row)
                if claim_id:
                    raise InvalidValue(
                        "claim_id", row_id, f"an id that is not taken (this one is: {standing['claim']!r}, "
                        f"{standing['claimant']}, {standing['made_on'] or 'no day'})", "claims")  # fmt: skip
                row_id = intake.claim_id(*same, taken=taken)
            row["appearance"] = pen.source(appearance) if appearance is not None else ""
            return pen.add(schema.CLAIMS, row, row_id)

        return self._write(compose)

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
        claimant : str, optional
            Who made it this time; by default who made it first.
        made_on : str or date, optional
            The day, `YYYY-MM-DD`, not later than today.
        quote : str, optional
            The exact words used this time.
        appearance : str or pathlib.Path, optional
            The document: an address, a file, or the id of a source.
        claimant_role : str, optional
            The title held on the day; by default the first one's, where the claimant is the same.
        place : str, optional
            Where in the document the words stand.
        note : str, optional
            Anything else a colleague should know.

        Returns
        -------
        str
            The appearance's id; what is logged already is not logged twice.

        Raises
        ------
        NotFound
            Where there is no such claim.
        InvalidValue
            Where a value can't be used.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("again.csv", title="Again", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> ledger.repeat("rain", made_on="2025-03-11", quote="rain again")[:2]
        'a-'
        """

        def compose(pen: _Pen) -> str:
            first = self._row("claims", claim_id)
            role = claimant_role
            if role is None:
                role = first["claimant_role"] if claimant in (None, first["claimant"]) else ""
            given = {
                "claim_id": claim_id, "claimant": first["claimant"] if claimant is None else claimant,
                "claimant_role": role, "made_on": made_on, "quote": quote, "place": place, "note": note,
            }  # fmt: skip
            row = pen.row(schema.APPEARANCES, given)
            row["source_id"] = pen.source(appearance) if appearance is not None else ""
            return pen.add_once(
                schema.APPEARANCES, row, ("claim_id", "claimant", "made_on", "source_id", "quote")
            )

        return self._write(compose)

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
            A file instead; its bytes are kept in the ledger.
        title, publisher, author : str, optional
            As the document shows them.
        published_on : str or date, optional
            The day on which it was published, `YYYY-MM-DD`.
        type : {"primary", "news", "analysis", "data", "social", "other"}, optional
            What sort of document it is.
        reliability : {"A", "B", "C", "D", "E", "F"}, optional
            Admiralty grade of the source, A the best (NATO AJP-2.1, source reliability).
        note : str, optional
            Anything else a colleague should know.

        Returns
        -------
        str
            The source's id, made from its address or its bytes.

        Raises
        ------
        InvalidValue
            Where a value can't be used.
        NotFound
            Where there is no such file.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("docs.csv", title="Documents", by="Ada Quist")
        >>> a = ledger.add_source("https://example.org/report", publisher="Example")
        >>> a == ledger.add_source("https://EXAMPLE.org/report#page=2")
        True
        """
        details = {
            "title": title, "publisher": publisher, "author": author, "published_on": published_on,
            "type": type, "reliability": reliability, "note": note,
        }  # fmt: skip
        return self._write(lambda pen: pen.source(url, file, details))

    def attach(
        self,
        claim_id: str,
        url: str | None = None,
        *,
        file: str | Path | None = None,
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
            A file instead; its bytes are kept in the ledger.
        stance : {"supports", "refutes", "mixed", "context"}
            What the document does to the claim.
        quote : str, optional
            The words that bear on it, exactly as they stand there.
        translation : str, optional
            Your translation of the quote.
        place : str, optional
            Where in the document: `p. 12`, `00:14:33`, `para 3`.
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
        NotFound
            Where there is no such claim, source or file.
        InvalidValue
            Where a value can't be used.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("proof.csv", title="Proof", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> ledger.attach("rain", "https://example.org/gauge", stance="supports", quote="4 mm")[:2]
        'e-'
        """
        details = {
            "title": title, "publisher": publisher, "author": author, "published_on": published_on,
            "type": type, "reliability": reliability,
        }  # fmt: skip

        def compose(pen: _Pen) -> str:
            self._row("claims", claim_id)
            given = {
                "claim_id": claim_id, "stance": stance, "quote": quote, "translation": translation,
                "place": place, "credibility": credibility, "note": note, "source_id": "?",
            }  # fmt: skip
            row = pen.row(schema.EVIDENCE, given)
            row["source_id"] = pen.source(url, file, details)
            identity = ("claim_id", "source_id", "stance", "quote")
            row_id = hashes.row_id(schema.EVIDENCE.letter, [row[name] for name in identity])
            if row_id in self._known("evidence"):
                return pen.stands(schema.EVIDENCE, row_id, row)
            return pen.add(schema.EVIDENCE, row, row_id)

        return self._write(compose)

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
    ) -> str:
        """Say what is held of a claim from a day on. A correction is a new status; nothing is overwritten.

        Parameters
        ----------
        claim_id : str
            The claim.
        status : str
            A word of the ledger's vocabulary.
        holds_from : str or date, optional
            From which day it holds, `YYYY-MM-DD`; by default today in the ledger's time zone, never later.
        rationale : str
            Why, in a sentence or two.
        evidence : str or sequence of str, optional
            Ids of the claim's evidence on which it rests.
        gaps : str, optional
            What was looked for and not found, or would change the status.
        reviewed_by : str, optional
            Who reviewed it.

        Returns
        -------
        str
            The status's id; the same status, rationale and evidence as the one that holds on that day are not
            written again.

        Raises
        ------
        NotFound
            Where there is no such claim or evidence.
        InvalidValue
            Where the status is not in the vocabulary, the day is none or in the future, or there is no rationale.

        Warns
        -----
        FactdeskWarning
            Where a later status of the claim stands: it goes on holding from its own day.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("held.csv", title="Held", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> ledger.set_status("rain", "in review", rationale="The gauge is read tomorrow.")[:2]
        't-'
        """

        def compose(pen: _Pen) -> str:
            self._row("claims", claim_id)
            row = pen.row(schema.STATUSES_TABLE, {
                "claim_id": claim_id, "status": status, "rationale": rationale, "evidence": evidence, "gaps": gaps,
                "holds_from": pen.desk.today if holds_from is None else holds_from, "reviewed_by": reviewed_by,
            })  # fmt: skip
            self._check_evidence(claim_id, row["evidence"])
            mine = self._of_claim("statuses", claim_id).sort_values(
                ["holds_from", "recorded_at", "status_id"]
            )
            upto = mine[mine["holds_from"] <= pd.Timestamp(row["holds_from"])]
            if len(upto):
                last = upto.iloc[-1]
                wanted = set(row["evidence"].split(SEPARATOR))
                if (last["status"], last["rationale"]) == (row["status"], row["rationale"]) and wanted == set(
                    last["evidence"].split(SEPARATOR)
                ):
                    return str(last["status_id"])
            later = mine[mine["holds_from"] > pd.Timestamp(row["holds_from"])]
            status_id = pen.add(schema.STATUSES_TABLE, row)
            for _, other in later.iterrows():
                pen.tell(
                    f"{claim_id}: {row['status']!r} holds from {row['holds_from']} until {other['status']!r} of "
                    f"{other['holds_from']:%Y-%m-%d} ({other['status_id']}), which still stands."
                )
                break
            return status_id

        return self._write(compose)

    def edit(self, table: str, row_id: Rows, *, why: str, **columns: Given) -> list[str]:
        """Change cells of one or many rows; what stood there is kept in `changes`, with the reason.

        Parameters
        ----------
        table : str
            The table's name.
        row_id : str or iterable of str
            The row or rows.
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
        NotFound
            Where there is no such table, row or column.
        InvalidValue
            Where a value can't be used.

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
        fixed = {of.id, of.moment, of.writer} | ({"claim_id"} if of.name != "claims" else set())
        allowed = [name for name in of.names if name not in fixed]
        for name in columns:
            if name not in allowed:
                near = nearest(name, allowed)
                raise NotFound(
                    f"column of {table} that can be edited:", name, near, f"Allowed: {', '.join(allowed)}."
                )

        def compose(pen: _Pen) -> list[str]:
            cells = pen.desk.cells(of, columns)
            for column in of.columns:
                if column.required and cells.get(column.name) == "":
                    raise InvalidValue(
                        column.name, columns[column.name], f"something: {column.meaning}", table
                    )
            rows = {one: self._row(table, one) for one in _listed(row_id)}
            for name in ("appearance", "source_id"):
                if cells.get(name):
                    self._row("sources", cells[name])
            if cells.get("evidence"):
                for row in rows.values():
                    self._check_evidence(row["claim_id"], cells["evidence"])
            return pen.change(of, rows, cells, why)

        return self._write(compose)

    def withdraw(self, table: str, row_id: Rows, *, why: str) -> list[str]:
        """Withdraw one or many rows: they stay in their files and are hidden, with what belongs to them.

        Parameters
        ----------
        table : str
            The table's name.
        row_id : str or iterable of str
            The row or rows.
        why : str
            The reason.

        Returns
        -------
        list of str
            The ids of the changes; empty where all were withdrawn already.

        Raises
        ------
        NotFound
            Where there is no such table or row.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.create("gone.csv", title="Gone", by="Ada Quist")
        >>> rain = ledger.log("It rained.", claimant="The Daily", claim_id="rain")
        >>> changes = ledger.withdraw("claims", "rain", why="logged twice")
        >>> len(ledger.claims), ledger.withdrawn.row_id[0]
        (0, 'rain')
        """
        return self._turn(table, row_id, why, before="", after=WITHDRAWN)

    def reinstate(self, table: str, row_id: Rows, *, why: str) -> list[str]:
        """Take a withdrawal back.

        Parameters
        ----------
        table : str
            The table's name.
        row_id : str or iterable of str
            The row or rows.
        why : str
            The reason.

        Returns
        -------
        list of str
            The ids of the changes; empty where none was withdrawn.

        Raises
        ------
        NotFound
            Where there is no such table or row.

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
        return self._turn(table, row_id, why, before=WITHDRAWN, after="")

    def _turn(self, table: str, row_id: Rows, why: str, before: str, after: str) -> list[str]:
        of = self._table(table)

        def compose(pen: _Pen) -> list[str]:
            rows = {one: self._row(table, one, withdrawn_too=True) for one in _listed(row_id)}
            withdrawn = self._withdrawn_ids(table)
            turned = [one for one in rows if (one in withdrawn) == (before == WITHDRAWN)]
            return [pen.record(of, one, "", before, after, why) for one in turned]

        return self._write(compose)

    def _table(self, name: str) -> Table:
        writable = [one for one in TABLES if one != "changes"]
        if name not in writable:
            raise NotFound("table", name, nearest(name, writable), f"Tables: {', '.join(writable)}.")
        return TABLES[name]

    def _write(self, compose: Callable[[_Pen], Result]) -> Result:
        """Write one call: under the lock, on what the files hold now, all of it or nothing."""
        if self._view or self._store is None:
            raise ReadOnlyLedger(f"it is a view ({self._view}); write to the ledger itself")
        with self._store.writing():
            self.refresh()
            if self._content and self._store.set_aside_torn(self._content):
                self._load(self._store.read(self._content))
            pen = _Pen(self, self._store)
            result = compose(pen)
            if pen.entry and self._content:
                try:
                    written = self._store.commit(pen.entry, self._content.readings, self._signatures)
                except BaseException:
                    self._signatures = {}  # whatever the disk holds now is read anew before the next write
                    with contextlib.suppress(Exception):
                        self._load(self._store.read())
                    raise
                self._take(pen.entry, written)
        for told in pen.told:
            warnings.warn(told, FactdeskWarning, stacklevel=3)
        return result

    def _writer(self) -> str:
        if self._by is None:
            self._by = known_writer(self._store.path.parent if self._store else Path())
        return self._by

    def _take(self, entry: Entry, written: Mapping[str, Signature]) -> None:
        self._signatures.update(written)
        self._worked_out = {}
        for name, rows in entry.rows.items():
            self._added[name].extend(dict(zip(TABLES[name].names, row, strict=True)) for row in rows)
            if name in self._ids:
                self._ids[name].update(row[0] for row in rows)
        for name, cells in entry.cells.items():
            frame = self._raw(name)
            for column in {cell.column for cell in cells}:
                new = {cell.row_id: cell.after for cell in cells if cell.column == column}
                changed = frame[TABLES[name].id].map(new)
                frame[column] = frame[column].where(changed.isna(), changed.astype("str"))
            self._typed.pop(name, None)

    def _known(self, name: str) -> set[str]:
        """Give the ids of all rows of a table, the withdrawn ones and those left out too."""
        if name not in self._ids:
            ids = set(self._raw(name)[TABLES[name].id])
            if name in self._left_out:
                ids |= set(self._left_out[name][TABLES[name].id])
            self._ids[name] = ids
        return self._ids[name]

    def _row(self, name: str, row_id: str, withdrawn_too: bool = False) -> dict[str, str]:
        """Give one row as text; refuse what is not there, left out, or withdrawn."""
        kind = {"claims": "claim", "sources": "source"}.get(name, f"row of {name}")
        if not isinstance(row_id, str) or row_id not in self._known(name):
            known = self._known(name)
            near = nearest(row_id, sorted(known)) if len(known) <= 20_000 else []
            raise NotFound(
                kind, row_id, near, "" if near else "ledger.log makes a claim." if kind == "claim" else ""
            )
        frame = self._raw(name)
        found = frame[frame[TABLES[name].id] == row_id]
        if found.empty:
            raise NotFound(kind, row_id, (), "Its row is wrong and left out; ledger.check() says why.")
        if row_id in self._blocked and name == "claims":
            raise NotFound(
                kind, row_id, (), "Two different claims have this id; ledger.check() names both lines."
            )
        if not withdrawn_too and row_id in self._withdrawn_ids(name):
            raise NotFound(
                kind,
                row_id,
                (),
                f"It was withdrawn; ledger.reinstate({name!r}, {row_id!r}, why=…) undoes that.",
            )
        return {str(key): str(value) for key, value in found.iloc[0].items()}

    def _of_claim(self, name: str, claim_id: str) -> pd.DataFrame:
        self._raw(name)
        frame = self._all(name)
        return frame[(frame["claim_id"] == claim_id).to_numpy() & ~self._withdrawn_rows(name)]

    def _check_evidence(self, claim_id: str, named: str) -> None:
        own = list(self._of_claim("evidence", claim_id)["evidence_id"])
        for evidence_id in filter(None, named.split(SEPARATOR)):
            if evidence_id not in own:
                advice = f"Evidence of {claim_id!r}: {', '.join(own) or 'none yet; attach a source first'}."
                raise NotFound(
                    f"evidence of {claim_id!r} with the id", evidence_id, nearest(evidence_id, own), advice
                )

    def _known_status(self, status: str) -> str:
        if status not in self._settings.statuses:
            near = "".join(f"; nearest: {word!r}" for word in nearest(status, self._settings.statuses, n=1))
            raise InvalidValue("status", status, ", ".join(map(repr, self._settings.statuses)) + near)
        return status

    # --- how it shows itself

    def _summary(self) -> tuple[str, str, list[tuple[schema.Status, int]], list[str]]:
        """Give title, base, counts by status and remarks, for the two forms in which a ledger shows itself."""
        claims, latest = self._frame("claims"), self.latest_day
        held = self.status_on()["status"].value_counts()
        counted = [(status, int(held.get(status.name, 0))) for status in self._settings.vocabulary]
        base = f"{_many(len(claims), 'claim')}, {_many(len(self._frame('sources')), 'source')}"
        remarks = []
        if self._view:
            remarks.append(f"a view: {self._view}")
        if not pd.isna(latest):
            remarks.append(f"last change {latest:%Y-%m-%d}")
        findings = self.check()["severity"]
        wrong = int((findings == "error").sum())
        remarks.append(
            f"{_many(len(findings), 'finding')}"
            + (f", {_many(wrong, 'error')}: ledger.check()" if wrong else "")
        )
        return self.title, base, [one for one in counted if one[1]], remarks

    def __repr__(self) -> str:
        title, base, counted, remarks = self._summary()
        lines = [
            f"{title} · {base}",
            " ".join(f"{s.sign} {n} {s.label}" for s, n in counted),
            " · ".join(remarks),
        ]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        title, base, counted, remarks = self._summary()
        chips = "".join(
            f'<span style="display:inline-block;margin:0 .9em .2em 0;white-space:nowrap">'
            f'<span style="display:inline-block;width:.75em;height:.75em;margin-right:.35em;border:1px solid #3D4248;'
            f'border-radius:50%;background:{status.colour}"></span>'
            f"{html.escape(status.sign)} {html.escape(status.label)} <b>{n}</b></span>"
            for status, n in counted
        )
        return (
            f'<div class="factdesk-ledger"><b style="font-size:1.15em">{html.escape(title)}</b><br>{html.escape(base)}'
            f'<div style="margin:.35em 0">{chips}</div>'
            f"<small>{html.escape(' · '.join(remarks))}</small></div>"
        )


class _Pen:
    """What one call writes, gathered under the lock: rows and cells with their ids, moments and names."""

    def __init__(self, ledger: Ledger, store: Store) -> None:
        now = datetime.now(UTC)
        self.ledger, self.store = ledger, store
        self.now = now
        self.desk = intake.Desk(ledger.settings, now.astimezone(ledger.settings.zone).date())
        self.entry = Entry()
        self.told: list[str] = []

    def tell(self, told: str) -> None:
        self.told.append(told)

    def row(self, table: Table, given: Mapping[str, Given]) -> dict[str, str]:
        return self.desk.row(table, given)

    def moment(self, after: Iterable[pd.Timestamp]) -> str:
        """Give the clock's moment, or one microsecond after the latest that stands: moments only go forward."""
        known = [one for one in after if not pd.isna(one)]
        latest = max(known).to_pydatetime() if known else self.now
        if latest < self.now or not known:
            return schema.moment_text(self.now)
        if latest - self.now > CLOCK_BEHIND:
            self.tell(
                f"This computer's clock ({schema.moment_text(self.now)}) is behind what stands in the ledger "
                f"({schema.moment_text(latest)}). One of the two clocks is wrong."
            )
        return schema.moment_text(latest + timedelta(microseconds=1))

    def add(self, table: Table, row: dict[str, str], row_id: str = "") -> str:
        """Take a new row in; its id is the one given, else made from all its cells."""
        claim_id = row.get("claim_id", "")
        row[table.moment] = self.moment(self._moments_of(claim_id) if claim_id else ())
        row[table.writer] = self.ledger._writer()
        if not row_id:
            row_id = hashes.row_id(table.letter, [row[name] for name in table.names[1:]])
        row[table.id] = row_id
        self.entry.rows.setdefault(table.name, []).append([row[name] for name in table.names])
        return row_id

    def _moments_of(self, claim_id: str) -> list[pd.Timestamp]:
        tables = [TABLES[name] for name in ("claims", "appearances", "evidence", "statuses")]
        frames = [(self.ledger._all(table.name), table) for table in tables]
        return [frame.loc[frame["claim_id"] == claim_id, table.moment].max() for frame, table in frames]

    def add_once(self, table: Table, row: dict[str, str], same: Sequence[str]) -> str:
        """Take a new row in, unless one that is the same in these columns stands."""
        frame = self.ledger._raw(table.name)
        alike = np.logical_and.reduce([(frame[name] == row[name]).to_numpy() for name in same])
        if alike.any():
            return self.stands(table, str(frame[table.id][alike].iloc[0]), row)
        return self.add(table, row)

    def stands(self, table: Table, row_id: str, row: Mapping[str, str]) -> str:
        """Give the id of a row that stands already; tell what differs, and take back its withdrawal."""
        standing = self.ledger._row(table.name, row_id, withdrawn_too=True)
        fixed = (table.id, table.moment, table.writer, "appearance")
        other = [name for name in table.names if name not in fixed and row[name] not in ("", standing[name])]
        if other:
            self.tell(
                f"{row_id} stands already with another {' and '.join(other)}; use ledger.edit to change that."
            )
        if row_id in self.ledger._withdrawn_ids(table.name):
            self.record(table, row_id, "", WITHDRAWN, "", "given again")
        return row_id

    def source(
        self,
        url: str | Path | None,
        file: str | Path | None = None,
        details: Mapping[str, Given] | None = None,
    ) -> str:
        """Give the id of a document, by address, file or id; describe it where it is new."""
        details = details or {}
        if (url is None or url == "") == (file is None or file == ""):
            raise InvalidValue("url", url, "an address or the id of a source; or a file, not both", "sources")
        if file is None and isinstance(url, str) and url.strip() in self.ledger._known("sources"):
            return self._described(url.strip(), details)
        if file is None and isinstance(url, str) and intake.is_address(url):
            text, row_id = intake.address(url)
            if row_id in self.ledger._known("sources"):
                return self._described(row_id, details)
            return self.add(schema.SOURCES, self.row(schema.SOURCES, {**details, "url": text}), row_id)
        return self._filed(Path(str(url if file is None else file)), details)

    def _filed(self, path: Path, details: Mapping[str, Given]) -> str:
        if not path.is_file():
            raise NotFound(
                "file", str(path), (), "Give an address with http:// or https://, a file, or a source's id."
            )
        data = path.read_bytes()
        sha256 = self.store.keep(data)
        row_id = hashes.row_id("s", (sha256,))
        if row_id in self.ledger._known("sources"):
            return self._described(row_id, details)
        described = {**details, "title": details.get("title") or path.name}
        self.add(schema.SOURCES, self.row(schema.SOURCES, described), row_id)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kept = {"source_id": row_id, "sha256": sha256, "media_type": media_type, "bytes": len(data)}
        self.add(schema.SNAPSHOTS, self.row(schema.SNAPSHOTS, kept))
        return row_id

    def _described(self, row_id: str, details: Mapping[str, Given]) -> str:
        """Fill the cells of a known document that are still empty; tell where others differ."""
        standing = self.ledger._row("sources", row_id, withdrawn_too=True)
        if row_id in self.ledger._withdrawn_ids("sources"):
            self.record(schema.SOURCES, row_id, "", WITHDRAWN, "", "given again")
        cells = {name: cell for name, cell in self.desk.cells(schema.SOURCES, details).items() if cell}
        empty = {name: cell for name, cell in cells.items() if not standing[name]}
        other = [name for name, cell in cells.items() if standing[name] and standing[name] != cell]
        if other:
            self.tell(
                f"{row_id} stands already with another {' and '.join(other)}; use ledger.edit to change that."
            )
        if empty:
            self.change(schema.SOURCES, {row_id: standing}, empty, "described further")
        return row_id

    def change(
        self, table: Table, rows: Mapping[str, Mapping[str, str]], cells: Mapping[str, str], why: str
    ) -> list[str]:
        """Set cells of rows, each with a row in `changes`."""
        made = []
        for row_id, row in rows.items():
            for column, after in cells.items():
                if row[column] != after:
                    self.entry.cells.setdefault(table.name, []).append(
                        Cell(row_id, column, row[column], after)
                    )
                    made.append(self.record(table, row_id, column, row[column], after, why))
        return made

    def record(self, table: Table, row_id: str, column: str, before: str, after: str, why: str) -> str:
        """Write one row of `changes`, later than the row it is about and its last change."""
        changes = self.ledger._all("changes")
        same = (
            (changes["table"] == table.name) & (changes["row_id"] == row_id) & (changes["column"] == column)
        )
        rows = self.ledger._all(table.name)
        written = rows.loc[rows[table.id] == row_id, table.moment].max()
        made = self.desk.row(
            schema.CHANGES,
            {"table": table.name, "row_id": row_id, "column": column, "why": why, "before": "", "after": ""},
        )
        made |= {"before": before, "after": after, "changed_by": self.ledger._writer()}
        made["changed_at"] = self.moment([changes.loc[same, "changed_at"].max(), written])
        made["change_id"] = hashes.row_id("c", [made[name] for name in schema.CHANGES.names[1:]])
        self.entry.rows.setdefault("changes", []).append([made[name] for name in schema.CHANGES.names])
        return made["change_id"]


def _joined(content: Content) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame], list[Problem]]:
    """Give the rows that are right and join, those left out, and all that was found."""
    problems = list(content.problems)
    cells: dict[str, pd.DataFrame] = {}
    lines: dict[str, np.ndarray] = {}
    out: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for name in ("changes", *(name for name in TABLES if name != "changes")):
        reading = content.readings[name]
        found, wrong = check.values(reading, content.settings)
        problems += [*reading.problems, *found]
        out[name].append(reading.cells[wrong])
        changes = cells.get("changes", reading.cells)
        cells[name], lines[name], found = check.versions(reading, ~wrong, changes)
        problems += found
    for name in TABLES:  # claims and sources come before what refers to them
        drop = np.zeros(len(cells[name]), bool)
        for column, lost, other, leave_out in check.orphans(cells, name):
            known = list(cells[other][TABLES[other].id])
            left_out = {row_id for frame in out[other] for row_id in frame[TABLES[other].id]}
            problems += check.orphan_problems(
                cells[name], lines[name], TABLES[name], content.readings[name].file, column, lost, other, known,
                left_out, leave_out)  # fmt: skip
            if leave_out:
                drop |= lost
        if drop.any():
            out[name].append(cells[name][drop])
            cells[name], lines[name] = cells[name][~drop].reset_index(drop=True), lines[name][~drop]
    problems += check.unknown_changes(cells, content.readings["changes"].file, lines["changes"])
    left = {
        name: pd.concat(frames, ignore_index=True)
        for name, frames in out.items()
        if any(len(f) for f in frames)
    }
    return {name: cells[name] for name in TABLES}, left, problems


def _listed(given: Rows) -> list[str]:
    return [given] if isinstance(given, str) else list(dict.fromkeys(given))


def _folded(given: str | Sequence[str]) -> set[str]:
    return {clean(one, one_line=True)[0].casefold() for one in _listed(given)}


def _many(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def known_writer(folder: Path) -> str:
    """Give the name of who writes: the one that Git knows, else the system's.

    >>> bool(known_writer(Path()))
    True
    """
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        asked = ["git", "config", "user.name"]
        found = subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=5, check=False)
        name, _ = clean(found.stdout, one_line=True)
        if name:
            return name
    with contextlib.suppress(OSError, KeyError):
        return clean(getpass.getuser(), one_line=True)[0]
    return "unknown"
