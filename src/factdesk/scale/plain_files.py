"""A ledger's files as the rows that a store holds, read by DuckDB: no more than it needs is ever in memory.

Only files that are plain are read so: just as factdesk writes them, every row sound, nothing edited or withdrawn. All else
needs `factdesk.open`, which knows what to do about it.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
import pandas as pd
from ibis import _
from ibis.expr.types import BooleanValue, DateValue, IntegerValue, StringValue, Table, TimestampValue

from factdesk import schema
from factdesk.checks.findings import JOINS
from factdesk.errors import NotPlain
from factdesk.history.row_versions import NEVER
from factdesk.ledger.place import as_path, place_of
from factdesk.scale.stored import DATED, Note
from factdesk.scale.stored import TABLES as STORED
from factdesk.schema import CELL_LIMIT, TABLES, Column, Settings
from factdesk.storage import csvfile
from factdesk.storage import settings as settings_file
from factdesk.storage.baseline import signature_of
from factdesk.storage.files import Store as Files
from factdesk.text import HIDDEN_IN_FILES

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

ABSENT = "\ufffe"
"""No cell holds it: so an empty cell is told from one that a short row lacks."""
_HOUR = "(?:[01][0-9]|2[0-3])"
_PATTERNS = {
    "day": schema.DAY.pattern,
    "moment": rf"{schema.DAY.pattern}T{_HOUR}:[0-5][0-9]:[0-5][0-9]\.[0-9]{{6}}Z",
    "number": "[0-9]{1,18}",
    "hash": "[0-9a-f]{64}",
}


# DuckDB's function of one name has two meanings: the time in a zone at a moment, and the moment of a time in a zone.
_time_at = ibis.udf.scalar.builtin(
    lambda zone, moment: ..., name="timezone", signature=((dt.string, dt.Timestamp("UTC")), dt.timestamp)
)
_moment_of = ibis.udf.scalar.builtin(
    lambda zone, time: ..., name="timezone", signature=((dt.string, dt.timestamp), dt.Timestamp("UTC"))
)


class PlainFiles:
    """A ledger's files, looked at by DuckDB.

    >>> import ibis, factdesk as fd
    >>> ledger = fd.create("sea.csv", title="Sea levels")
    >>> _ = ledger.log("The sea has risen.", claimant="A. Mariner", claim_id="sea-rise")
    >>> files = PlainFiles("sea.csv", ibis.duckdb.connect())
    >>> files.tables()["claims"].claim_id.execute().tolist(), files.note().origin
    (['sea-rise'], 'sea-rise')
    """

    def __init__(self, path: str | Path, engine: Backend) -> None:
        self.path, self.engine = as_path(path), engine
        if self.path.suffix != ".parquet":
            self.path = place_of(path)
        files = Files(self.path.with_suffix(".csv"))
        self._disk, self._journal, self._folder = files.disk, files.journal.path, files.folder
        self.files = {name: file.with_suffix(self.path.suffix) for name, file in files.files.items()}
        try:
            self._before = self._signatures()
            self.settings, faults = settings_file.read(self._disk.read(files.settings), files.settings.name)
            for file in self.files.values():
                with self._disk.reading(file):
                    pass
        except OSError as error:
            raise self._not_plain(str(error)) from error
        if any(fault.severity == "error" for fault in faults):
            raise self._not_plain("its ledger.toml is wrong")
        self._filled: list[str] = []
        self._cells = {name: self._read(name) for name in TABLES}
        self._check()
        claims = self._cells["claims"].select("claim_id").mutate(claim_row=ibis.row_number())
        self._claims = engine.create_table("factdesk_claim_rows", claims, temp=True, overwrite=True)
        self._days = engine.create_table("factdesk_days", self._every_day(), temp=True, overwrite=True)

    def _signatures(self) -> dict[str, tuple[int, ...]]:
        every = {**self.files, "settings": self._folder / "ledger.toml", "journal": self._journal}
        return {name: signature_of(file) for name, file in every.items()}

    def _not_plain(self, reason: str) -> NotPlain:
        return NotPlain(str(self.path), reason)

    def check_unchanged(self) -> None:
        """Refuse what was read while somebody wrote to the files: it may be of two moments."""
        if self._before != self._signatures():
            raise self._not_plain("it was written to meanwhile; load it again")

    # --- cells

    def _read(self, name: str) -> Table:
        """Return a table's cells as text, as they were meant."""
        table, file = TABLES[name], self.files[name]
        names = table.names
        place, view = glob.escape(str(file)), f"factdesk_{name}"
        if file.suffix == ".parquet":
            cells = self.engine.read_parquet(place, table_name=view)
            if not set(table.first_names) <= set(cells.columns):
                raise self._not_plain(f"{file.name} lacks columns of {name}")
            names = [one for one in names if one in cells.columns]
            self._filled.append(name)
        else:
            with self._disk.reading(file) as descriptor, open(descriptor, "rb", closefd=False) as lines:
                header = lines.readline(1 << 16)
            forms = {csvfile.render([one]): one for one in (table.first_names, table.names)}
            if header not in forms:
                raise self._not_plain(f"the header of {file.name} is not as factdesk writes it")
            names = forms[header]
            if self._before[name][2] > len(header):
                self._filled.append(name)
            cells = self.engine.read_csv(
                place, table_name=view, header=False, skip=1, auto_detect=False, delim=",", quote='"', escape='"',
                columns=dict.fromkeys(names, "VARCHAR"), nullstr=ABSENT, null_padding=len(names) > len(table.first_names),
                max_line_size=csvfile.LINE_LIMIT, new_line="\\n",
            )  # fmt: skip
        if any(not cells[one].type().is_string() for one in names):
            raise self._not_plain(f"{file.name} has columns that are not text")
        given = {one: _meant(cells[one], one in table.first_names) for one in names}
        return cells.select(**given, **{one: ibis.literal("") for one in table.names if one not in given})

    def _check(self) -> None:
        """Refuse files of which any row needs to be looked at."""
        if self._before["journal"][2]:
            raise self._not_plain("a write to it was not finished")
        for name in self._filled:
            table, cells, file = TABLES[name], self._cells[name], self.files[name].name
            wrong = {one.name: _is_wrong(cells, one, self.settings) for one in table.columns}
            for column in (one.name for one in table.columns if one.holds == "day" and name != "sources"):
                ahead = _day(cells[column]).delta(_utc(cells[table.moment]).date(), unit="day")
                wrong[column] |= (ahead > 1).fill_null(False)
            texts = [
                cells[one.name] for one in table.columns if one.holds not in (*_PATTERNS, "choice", "status")
            ]
            wrong["characters that can't be seen"] = texts[0].concat(*texts[1:]).re_search(HIDDEN_IN_FILES)
            sums = {one: mask.fill_null(True).sum() for one, mask in wrong.items()}
            [found] = self._asked(
                cells.agg(_rows=cells.count(), _ids=cells[table.id].nunique(), **sums), name
            )
            rows, ids = found.pop("_rows"), found.pop("_ids")
            if name == "changes" and rows:
                raise self._not_plain("rows of it were edited or withdrawn")
            if ids < rows:
                raise self._not_plain(f"{file} has several rows with one {table.id}")
            if bad := [f"{column} in {count:,}" for column, count in found.items() if count]:
                raise self._not_plain(f"rows of {file} have cells to be looked at: {', '.join(bad[:5])}")
        for name, column, other, leave_out in JOINS:
            if leave_out and name in self._filled:
                known = self._cells[other].select(**{column: TABLES[other].id})
                lost = self._cells[name].anti_join(known, column)
                if self._asked(lost.agg(rows=lost.count()))[0]["rows"]:
                    raise self._not_plain(
                        f"rows of {self.files[name].name} have a {column} that is not there"
                    )

    def _asked(self, question: Table, name: str = "claims") -> list[dict[str, Any]]:
        try:
            return question.to_pyarrow().to_pylist()
        except Exception as error:  # of DuckDB, of whatever kind
            reason = str(error).split("\n")[0]
            raise self._not_plain(f"DuckDB can't read {self.files[name].name}: {reason[:200]}") from error

    # --- rows

    def note(self) -> Note:
        """Return which ledger this is; nothing was hashed, so that it has no digest."""
        first = self._cells["claims"].order_by("logged_at", "claim_id").limit(1).select("claim_id")
        [latest] = self._asked(self._days.agg(day=self._days.day.max()))
        return Note(
            self.settings,
            latest_day=pd.Timestamp(latest["day"]),
            origin="".join(row["claim_id"] for row in self._asked(first)),
        )

    def tables(self) -> dict[str, Table]:
        """Return the rows by the store's table."""
        renamed = self.settings.renamed
        claims = self._dated("claims").mutate(
            claim_row=ibis.row_number(),
            first_day=_.day,
            is_dated=(_.made_on != "") & (_.made_on_precision == ""),
            is_unread=ibis.literal(False),
        )
        statuses = self._versioned("statuses").mutate(
            status_row=ibis.row_number(),
            status=_.status.substitute(renamed) if renamed else _.status,
            holds_from=lambda rows: _day(rows.holds_from),
            recorded_at=lambda rows: _utc(rows.recorded_at),
        )
        rows = {
            "claims": claims,
            "statuses": statuses.join(self._claims, "claim_id"),
            "appearances": self._dated("appearances").join(self._claims, "claim_id"),
            "days": self._days,
        }
        return {name: rows[name].select(*columns) for name, columns in STORED.items()}

    def _local_day(self, moment: TimestampValue) -> DateValue:
        if self.settings.timezone == "UTC":
            return moment.date()
        return _time_at(self.settings.timezone, _moment_of("UTC", moment)).date()

    def _versioned(self, name: str) -> Table:
        """Return a table with the day from which each row is known, and on: none was edited."""

        def known(rows: Table) -> IntegerValue:
            day = self._local_day(_utc(rows[TABLES[name].moment]))
            return day.delta(ibis.date("1970-01-01"), unit="day")

        return self._cells[name].mutate(known=known, until=ibis.literal(NEVER, "int64"))

    def _dated(self, name: str) -> Table:
        """Return claims or appearances with the day on which each was made, or else logged."""
        return self._versioned(name).mutate(
            day=lambda rows: _day(rows.made_on).coalesce(self._local_day(_utc(rows.logged_at)))
        )

    def _every_day(self) -> Table:
        """Return every day that a row names, or was written on, and from when on it did."""

        def found() -> Iterator[Table]:
            for name in self._filled or ["claims"]:
                rows = self._versioned(name)
                yield rows.select("known", "until", day=self._local_day(_utc(rows[TABLES[name].moment])))
                if column := DATED.get(name):
                    yield rows.select("known", "until", day=_day(rows[column])).filter(_.day.notnull())

        return ibis.union(*found()).group_by("day", "until").agg(known=_.known.min())


def _meant(cell: StringValue, is_there: bool) -> StringValue:
    """Return a cell as it was meant, without what keeps a spreadsheet from evaluating it; null where it has to be there."""
    # Few cells have either, and looking costs a tenth of replacing.
    cell = cell.startswith("'").ifelse(cell.re_replace(r"^'('*[=+\-@\t\r])", r"\1"), cell)
    cell = cell.contains(csvfile.NEWLINE).ifelse(cell.replace(csvfile.NEWLINE, "\n"), cell)
    return cell if is_there else cell.fill_null("")


def _day(cell: StringValue) -> DateValue:
    return cell.try_cast("date")


def _utc(cell: StringValue) -> TimestampValue:
    return cell.try_cast("timestamp")


def _is_wrong(cells: Table, column: Column, settings: Settings) -> BooleanValue:
    """Return which cells their column can't hold, or a person would have to look at."""
    cell, is_filled = cells[column.name], cells[column.name] != ""
    wrong = cell.length() > CELL_LIMIT
    if column.required:
        wrong |= cell.strip() == ""
    if pattern := _PATTERNS.get(column.holds):
        wrong |= is_filled & ~cell.re_search(f"^{pattern}$")
    if column.holds in ("day", "moment"):
        is_day = _utc(cell).date().between(schema.FIRST_DAY, schema.LAST_DAY)
        return wrong | (is_filled & ~is_day.fill_null(False))
    if column.holds in ("choice", "status"):
        words = [*settings.statuses, *settings.renamed] if column.holds == "status" else column.choices
        return wrong | (is_filled & ~cell.isin(words))
    return wrong
