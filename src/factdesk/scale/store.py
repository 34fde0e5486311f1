"""A ledger in an engine beside this machine's memory: loaded once, then asked as a ledger is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from pandas.api.typing import NaTType

from factdesk import measures, schema
from factdesk.errors import InvalidValue, NotFound, NotInstalled, ReadOnlyLedger, StoreTaken
from factdesk.frames import LedgerFrame
from factdesk.history.row_versions import NOW
from factdesk.ledger import intervals
from factdesk.ledger.ledger import Day, Ledger, View
from factdesk.ledger.unread import Unread
from factdesk.scale.addresses import parsed
from factdesk.scale.rows import framed, note_of, tables_of
from factdesk.scale.stored import Note
from factdesk.schema import Settings
from factdesk.text import shown

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from factdesk.scale.engines import Engine

NAME = re.compile("[a-z][a-z0-9_]{0,39}")
EPOCH = pd.Timestamp("1970-01-01")


def connect(address: str, *, name: str = "factdesk") -> Store:
    """Return the store at an address: in DuckDB, PostgreSQL or Apache Spark.

    Parameters
    ----------
    address : str
        `duckdb://` (in memory), `duckdb:///folder/file.duckdb`, `postgres://user:password@host:port/database`,
        `spark://local[2]/folder` or `spark://host:port/folder`. Spark's folder is one that all its workers see;
        without one, what is loaded goes when the store is closed.
    name : str, default "factdesk"
        Under which name the rows lie there: a schema of the database, a folder in Spark's. A store holds one ledger.

    Raises
    ------
    InvalidValue
        Where the address or the name is none.
    NotInstalled
        Where a package for that engine is missing; it says what to install.
    StoreFailed
        Where there is nobody at the address.

    Examples
    --------
    >>> import factdesk as fd
    >>> store = fd.scale.connect("duckdb://").load(fd.open("claims.csv"))
    >>> store.counts("month").equals(fd.open("claims.csv").counts("month"))
    True
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InvalidValue("name", name, "small letters, digits and _, at most 40, a letter first")
    read = parsed(address)
    try:
        from factdesk.scale import engines, questions
    except ImportError as error:
        raise NotInstalled("A store", error.name or "ibis", "scale") from None
    return Store(engines.connected(read, name), questions)


class Store:
    """One ledger in an engine: what a ledger is asked of its history, in the same frames.

    Made by `factdesk.scale.connect`. It is read anew for every question, so that what a colleague loads is there at
    once. `fd.charts.status_over_time`, `transitions` and `claimants` draw from it.

    Examples
    --------
    >>> import factdesk as fd
    >>> with fd.scale.connect("duckdb://") as store:
    ...     _ = store.load("claims.csv")
    ...     print(store.status_on("2025-03-15")[["claim_id", "status"]].head(1))
                     claim_id     status
    0  trump-positive-signals  supported
    """

    def __init__(self, engine: Engine, questions: ModuleType, known: int = NOW) -> None:
        self._engine, self._ask, self._known = engine, questions, known

    def __repr__(self) -> str:
        note = self._read_note()
        holds = f"“{shown(note.settings.title, 80)}”" if note else "no ledger yet"
        return f"<Store of {holds} in {shown(self._engine.address.shown, 200)}>"

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine; what is loaded stays, unless it was in memory.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").close()
        """
        self._engine.close()

    # --- loading

    def load(self, ledger: Ledger | str | Path, *, replace: bool = False) -> Store:
        """Load a ledger in the place of what is held, whole or not at all.

        Parameters
        ----------
        ledger : Ledger, str or pathlib.Path
            An open ledger, or a view of one. Or the path of one whose files are plain: as factdesk writes them, every
            row sound, none edited or withdrawn. DuckDB then reads its CSVs, or Parquet files of the same text columns
            (`claims.parquet`, `claims/statuses.parquet` …), in no more memory than it needs; nothing is hashed of
            them, so that pictures drawn from the store name no digest.
        replace : bool, default False
            Whether another ledger may be replaced. It is another where its title, or its first claim, is.

        Raises
        ------
        StoreTaken
            Where another ledger, or something of somebody else's, is held.
        NotPlain
            Where the files need to be opened; it says why.

        Examples
        --------
        >>> import factdesk as fd
        >>> store = fd.scale.connect("duckdb://").load(fd.open("claims.csv"))
        >>> try:
        ...     store.load(fd.create("other.csv", title="Other"))
        ... except fd.FactdeskError as error:
        ...     print(str(error).split(". ")[0])
        duckdb:// holds the ledger “Ceasefire claims, March 2025”
        """
        from factdesk.scale.plain_files import PlainFiles

        if self._known != NOW:
            raise ReadOnlyLedger("it is a view of a store", "Load into the store itself.")
        with self._asking(), self._engine.loading() as reader, ExitStack() as lent:
            if isinstance(ledger, Ledger):
                note, rows, check = note_of(ledger), {}, None
                for name, table in tables_of(ledger).items():
                    reader.con.register(f"factdesk_loaded_{name}", table)
                    lent.callback(reader.con.unregister, f"factdesk_loaded_{name}")
                    rows[name] = reader.table(f"factdesk_loaded_{name}")
            else:
                files = PlainFiles(ledger, reader)
                note, rows, check = files.note(), files.tables(), files.check_unchanged

            def may(held: Note | None) -> None:
                if held is not None and not held.is_of(note) and not replace:
                    what = f"the ledger “{held.settings.title}”"
                    advice = "load(…, replace=True) replaces it; connect(…, name=…) keeps both."
                    raise StoreTaken(self._engine.address.shown, what, advice)

            def spells(table: Callable[[str], Table]) -> Table:
                if check:  # the files have been read by now
                    check()
                claims, statuses = (self._ask.as_known(table(name)) for name in ("claims", "statuses"))
                return self._ask.standing(claims, statuses, note.settings.first, is_whole=not note.unread)

            self._engine.replace(rows, reader, note, spells, may)
        return self

    # --- which ledger

    def _read_note(self) -> Note | None:
        with self._asking():
            return self._engine.note()

    @property
    def _note(self) -> Note:
        note = self._read_note()
        if note is None:
            raise NotFound("ledger", self._engine.address.shown, (), "Load one: store.load(fd.open(…)).")
        return note

    @property
    def settings(self) -> Settings:
        """What the ledger's `ledger.toml` said when it was loaded.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).settings.statuses[0]
        'unverified'
        """
        return self._note.settings

    @property
    def title(self) -> str:
        """The ledger's title.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).title == fd.open("claims.csv").title
        True
        """
        return self.settings.title

    @property
    def latest_day(self) -> pd.Timestamp | NaTType:
        """The as-of day of what is held; NaT where there is no day.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).latest_day == fd.open("claims.csv").latest_day
        True
        """
        if self._known == NOW:
            return self._note.latest_day
        days = self._table("days")
        return pd.Timestamp(self._found(days.agg(day=days.day.max()))["day"][0].as_py())

    @property
    def views(self) -> list[View]:
        """The calls that gave the view of a ledger that is held, or this view of the store.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).as_known("2026-12-01").views[0][0]
        'as_known'
        """
        own: list[View] = []
        if self._known != NOW:
            day = (EPOCH + pd.Timedelta(days=self._known)).date()
            end = schema.parse_moment(day, self.settings.zone)
            own = [("as_known", {"moment": schema.moment_text(end)})]
        return [*self._note.views, *own]

    @property
    def is_view(self) -> bool:
        """Whether only a part of a ledger is held, or looked at.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv").where(text="peace")).is_view
        True
        """
        return bool(self.views)

    @property
    def unread(self) -> Unread:
        """How many rows of the ledger can't be read, and the claims that are in no status for it.

        Examples
        --------
        >>> import factdesk as fd
        >>> bool(fd.scale.connect("duckdb://").load(fd.open("claims.csv")).unread)
        False
        """
        note, claims = self._note, frozenset[str]()
        if note.unread:
            rows = self._table("claims")
            claims = frozenset(
                self._found(rows.filter(rows.is_unread).select("claim_id"))["claim_id"].to_pylist()
            )
        return Unread(note.unread, claims, note.settings.noun, note.settings.nouns)

    def digest(self) -> str:
        """Return the digest that the ledger had when it was loaded; empty where nothing was hashed of it.

        Examples
        --------
        >>> import factdesk as fd
        >>> ledger = fd.open("claims.csv")
        >>> fd.scale.connect("duckdb://").load(ledger).digest() == ledger.digest()
        True
        """
        return self._note.digest if self._known == NOW else ""

    @property
    def size(self) -> int:
        """How many claims are held.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).size == len(fd.open("claims.csv").claims)
        True
        """
        rows = self._table("claims")
        return int(self._found(rows.agg(claims=rows.count()))["claims"][0].as_py())

    def as_known(self, day: Day) -> Store:
        """Return a view of the store as the ledger stood at the end of a day: rows as they were written by then.

        Costs more than the store itself, of which it was worked out at loading what stood when.

        Parameters
        ----------
        day : str, date or pandas.Timestamp
            A day in the ledger's time zone. Of a moment within one, load `ledger.as_known(moment)`.

        Raises
        ------
        InvalidValue
            Where that is no day, or where rows of the ledger can't be read: from when on is not known of them.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).as_known("2025-03-15").size   # it was written down later
        0
        """
        asked = self._day("day", day)
        if self._note.unread:
            raise InvalidValue("day", day, "days of a ledger of which every row can be read")
        return Store(self._engine, self._ask, (pd.Timestamp(asked) - EPOCH).days)

    # --- history

    def status_on(self, day: Day | None = None) -> pd.DataFrame:
        """Return the status of each claim on a day, as `Ledger.status_on` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> store = fd.scale.connect("duckdb://").load(fd.open("claims.csv"))
        >>> store.status_on("2025-03-15").equals(fd.open("claims.csv").status_on("2025-03-15"))
        True
        """
        asked = self._day("day", self._day_or_latest(day))
        rows = self._ask.status_on(self._spells(), self._table("claims"), self._table("statuses"), asked)
        return self._framed(rows)

    def intervals(self) -> pd.DataFrame:
        """Return from when to when each claim had each status, as `Ledger.intervals` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> store = fd.scale.connect("duckdb://").load(fd.open("claims.csv"))
        >>> store.intervals().equals(fd.open("claims.csv").intervals())
        True
        """
        return self._framed(self._ask.intervals(self._spells(), self._table("claims")))

    def counts(self, every: str = "week") -> pd.DataFrame:
        """Count the claims in each status at the end of each period, as `Ledger.counts` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).counts("month").columns.tolist()
        ['date', 'status', 'claims']
        """
        return LedgerFrame(intervals.counts(self.steps(), every, self._day_or_latest(None)))

    def diff(self, a: Day, b: Day | None = None) -> pd.DataFrame:
        """Return the claims whose status on two days differs, as `Ledger.diff` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> store = fd.scale.connect("duckdb://").load(fd.open("claims.csv"))
        >>> store.diff("2025-03-15").equals(fd.open("claims.csv").diff("2025-03-15"))
        True
        """
        days = self._day("day", a), self._day("day", self._day_or_latest(b))
        return self._framed(
            self._ask.diff(self._spells(), self._table("claims"), self._table("statuses"), *days)
        )

    def transitions(self) -> pd.DataFrame:
        """Count from which status claims went to which, as `fd.measures.transitions` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> store = fd.scale.connect("duckdb://").load(fd.open("claims.csv"))
        >>> store.transitions().equals(fd.measures.transitions(fd.open("claims.csv")))
        True
        """
        rows = self._framed(self._ask.transitions(self._spells(), self._table("claims")))
        rows["undated"] = rows["count"] - rows.pop("timed")
        return rows.astype({"median_days": "float64"}).sort_values(
            ["from_status", "to_status"], ignore_index=True
        )

    def claimants(self, day: Day | None = None) -> pd.DataFrame:
        """Count for each claimant the claims in each status, as `fd.measures.claimants` does.

        Examples
        --------
        >>> import factdesk as fd
        >>> store = fd.scale.connect("duckdb://").load(fd.open("claims.csv"))
        >>> store.claimants().equals(fd.measures.claimants(fd.open("claims.csv")))
        True
        """
        asked, claims = self._day("day", self._day_or_latest(day)), self._table("claims")
        held = self._framed(self._ask.fares(self._spells(), claims, asked)).sort_values(
            "first", kind="stable"
        )
        made = self._framed(self._ask.made(claims, self._table("appearances"), asked))
        return measures.fares(held, made.set_index("claimant")["made"], self.settings)

    def steps(self, what: str = "held", by: str | None = None, parts: Iterable[str] = ()) -> pd.DataFrame:
        """Return by how many claims each status grew or shrank on each day: all that a chart through time needs.

        Parameters
        ----------
        what : {"held", "given"}
            The statuses that claims had from the day in `start`, or those that they were given for that in `holds_from`.
        by : {"claimant", "topic"}, optional
            For each claimant or topic apart, in the column `part`.
        parts : iterable of str
            Which of these.

        Examples
        --------
        >>> import factdesk as fd
        >>> steps = fd.scale.connect("duckdb://").load(fd.open("claims.csv")).steps()
        >>> steps["claims"].sum() == len(fd.open("claims.csv").claims)
        np.True_
        """
        claims = self._table("claims")
        of = self._ask.parts(claims, by).filter(lambda rows: rows.part.isin(list(parts))) if by else None
        if what == "given":
            return self._framed(self._ask.given(self._table("statuses"), claims, of))
        return self._framed(self._ask.steps(self._spells(), of)).assign(end=pd.Timestamp("NaT"))

    def parts(self, by: str, what: str = "held") -> pd.DataFrame:
        """Count the claims of each claimant or topic, but for those of which what was held can't be read.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.scale.connect("duckdb://").load(fd.open("claims.csv")).parts("claimant")["claims"].sum()
        np.int64(22)
        """
        claims = self._table("claims")
        if what == "held":
            claims = claims.filter(~claims.is_unread)
        rows = self._ask.parts(claims, by)
        return self._framed(rows.group_by("part").agg(claims=rows.count()))

    # --- asking

    def _asking(self) -> AbstractContextManager[None]:
        return self._engine.address.failing()

    def _table(self, name: str) -> Table:
        _ = self._note  # says what to do where there is none
        with self._asking():
            return self._ask.as_known(self._engine.table(name), self._known)

    def _spells(self) -> Table:
        if self._known == NOW:
            with self._asking():
                return self._engine.table("spells")
        first = self.settings.first
        return self._ask.standing(self._table("claims"), self._table("statuses"), first, is_whole=True)

    def _found(self, question: Table) -> pa.Table:
        with self._asking():
            return self._engine.backend.to_pyarrow(question)

    def _framed(self, question: Table) -> pd.DataFrame:
        return framed(self._found(question), self.settings.statuses)

    def _day(self, name: str, day: Day) -> date:
        try:
            return schema.parse_day(day)
        except ValueError:
            raise InvalidValue(name, day, schema.ALLOWED_DAYS) from None

    def _day_or_latest(self, day: Day | None) -> Day:
        latest = self.latest_day if day is None else day
        return schema.FIRST_DAY if pd.isna(latest) else latest
