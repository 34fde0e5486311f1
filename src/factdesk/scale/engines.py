"""The engines that answer: DuckDB in this process, a PostgreSQL server, Apache Spark. Each keeps its rows whole.

What is loaded comes as Ibis tables of a DuckDB of this process, and replaces what stood there in one step.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ibis
import pyarrow.csv
from ibis.backends import BaseBackend
from ibis.backends.duckdb import Backend as DuckDB
from ibis.expr.types import Table

from factdesk.errors import NotInstalled, StoreTaken
from factdesk.scale.addresses import Address
from factdesk.scale.stored import SPELLS, TABLES, Note
from factdesk.storage import scratch

ALL = {**TABLES, "spells": SPELLS, "about": {"note": "string"}}
SQL = {
    "int64": "bigint", "string": 'text COLLATE "C"', "date": "date", "timestamp": "timestamp", "boolean": "boolean",
}  # fmt: skip
"""PostgreSQL's types; texts in the order of their characters, as everywhere else."""
HELD = "SELECT table_name FROM information_schema.tables WHERE table_schema = {}"
BATCH = 100_000
"""Rows that are handed on at once."""
STALE = 86_400
"""Seconds after which a folder that no load finished is removed."""

Rows = Mapping[str, Table]
May = Callable[[Note | None], None]
"""Refuses to replace the ledger of a note."""
Work = Callable[[Callable[[str], Table]], Table]
"""Makes the spells of the other tables, which it is handed by name."""


class Engine(ABC):
    """What holds a ledger's rows, under a name, and answers questions about them."""

    backend: BaseBackend

    def __init__(self, address: Address, name: str) -> None:
        self.address, self._name, self._open = address, name, contextlib.ExitStack()
        self._closing = weakref.finalize(self, self._open.close)

    def close(self) -> None:
        """Let go of the engine."""
        self._closing()

    @contextlib.contextmanager
    def loading(self) -> Iterator[DuckDB]:
        """Hand out a DuckDB that what is to be loaded is read with."""
        with scratch.folder() as folder, contextlib.closing(_duckdb(None, folder).con) as connection:
            yield ibis.duckdb.from_connection(connection)

    def note(self) -> Note | None:
        """Return the note of the ledger that is held; None where there is none that can be read."""
        text = self._text()
        return None if text is None else Note.read(text)

    def _loaded(self, held: Iterable[str]) -> Note | None:
        """Return the note of the ledger that is held; refuse what this version of factdesk did not load."""
        note = self.note()
        if note is None and {*ALL, "current.json"}.intersection(held):
            what, advice = (
                "tables that this version of factdesk did not load",
                "connect(…, name=…) keeps apart from them.",
            )
            raise StoreTaken(self.address.shown, what, advice)
        return note

    @abstractmethod
    def _text(self) -> str | None:
        """Return the note as it is kept."""

    @abstractmethod
    def table(self, name: str) -> Table:
        """Return a table as an Ibis expression."""

    @abstractmethod
    def replace(self, rows: Rows, reader: DuckDB, note: Note, spells: Work, may: May) -> None:
        """Put the rows that a DuckDB reads in the place of all that is held, whole or not at all."""


def connected(address: Address, name: str) -> Engine:
    """Connect to the engine that an address names."""
    kinds: dict[str, type[Engine]] = {"duckdb": InProcess, "postgres": Server, "spark": Cluster}
    with address.failing():
        return kinds[address.engine](address, name)


def _duckdb(place: Path | None, folder: Path) -> DuckDB:
    # Nothing is fetched by itself, whatever a file of another asks for.
    return ibis.duckdb.connect(
        place or ":memory:",
        temp_directory=str(folder),
        autoinstall_known_extensions="false",
        autoload_known_extensions="false",
    )


class _Database(Engine):
    """An engine with schemas and transactions."""

    @abstractmethod
    def _ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        """Return an answer's rows; `{}` in the question stands for a value."""

    def _held(self) -> list[str]:
        return [name for (name,) in self._ask(HELD, self._name)]

    def _place(self, name: str) -> str:
        return f'"{self._name}"."{name}"'

    def _text(self) -> str | None:
        if "about" not in self._held():
            return None
        return next((text for (text,) in self._ask(f"SELECT note FROM {self._place('about')}")), "")

    def table(self, name: str) -> Table:
        """Return a table as an Ibis expression; its types are known, and not asked for."""
        return ibis.table(ALL[name], name, database=self._name)


class InProcess(_Database):
    """DuckDB: a file, or memory, of this process alone; what does not fit in memory goes to the disk."""

    def __init__(self, address: Address, name: str) -> None:
        super().__init__(address, name)
        self.backend = _duckdb(address.place, self._open.enter_context(scratch.folder()))
        self._open.callback(self.backend.disconnect)

    @contextlib.contextmanager
    def loading(self) -> Iterator[DuckDB]:
        """Hand out the DuckDB that holds the rows: they need not be moved."""
        yield self.backend

    def _ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        return self.backend.con.execute(question.replace("{}", "?"), values).fetchall()

    def replace(self, rows: Rows, reader: DuckDB, note: Note, spells: Work, may: May) -> None:
        """Put the rows that a DuckDB reads in the place of all that is held, whole or not at all."""
        self._ask("BEGIN TRANSACTION")
        try:
            may(self._loaded(self._held()))
            self._ask(f'CREATE SCHEMA IF NOT EXISTS "{self._name}"')
            for name, table in rows.items():
                self._make(name, table)
            self._make("spells", spells(self.table).order_by("claim_row", "start"))
            self._ask(
                f"CREATE OR REPLACE TABLE {self._place('about')} AS SELECT {{}} AS note", note.written()
            )
            self._ask("COMMIT")
        except BaseException:
            self._ask("ROLLBACK")
            raise

    def _make(self, name: str, table: Table) -> None:
        self.backend.raw_sql(f"CREATE OR REPLACE TABLE {self._place(name)} AS {self.backend.compile(table)}")


class Server(_Database):
    """PostgreSQL: a team's shared store."""

    def __init__(self, address: Address, name: str) -> None:
        try:
            import psycopg
        except ImportError:
            raise NotInstalled("A store in PostgreSQL", "psycopg, or its libpq", "postgres") from None
        super().__init__(address, name)
        patient: dict[str, Any] = {} if "connect_timeout" in address.whole else {"connect_timeout": 10}
        self._connection = psycopg.connect(address.whole, autocommit=True, client_encoding="utf8", **patient)
        self._open.callback(self._connection.close)
        self.backend = ibis.postgres.from_connection(self._connection)

    def _ask(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        asked = question.replace("%", "%%").replace("{}", "%s") if values else question
        answer = self._connection.execute(asked, values or None)
        return answer.fetchall() if answer.description else []

    def replace(self, rows: Rows, reader: DuckDB, note: Note, spells: Work, may: May) -> None:
        """Put the rows that a DuckDB reads in the place of all that is held, whole or not at all.

        Tables are emptied and filled, so that rights and views of others on them stay.
        """
        with self._connection.transaction():
            self._ask("SELECT pg_advisory_xact_lock(hashtext({}))", f"factdesk {self._name}")
            may(self._loaded(self._held()))
            for name, table in rows.items():
                self._copy(name, table, reader)
            self._ask(f'CREATE SCHEMA IF NOT EXISTS "{self._name}"')
            for name in ALL:
                self._ask(f"CREATE TABLE IF NOT EXISTS {self._place(name)} ({self._columns(name)})")
                self._ask(f"TRUNCATE {self._place(name)}")
            for name in rows:
                self._ask(f'INSERT INTO {self._place(name)} SELECT * FROM "new_{name}"')
                self._ask(f'DROP TABLE "new_{name}"')
            made = self.backend.compile(spells(self.table).select(*SPELLS).order_by("claim_row", "start"))
            self._ask(f"INSERT INTO {self._place('spells')} {made}")
            self._ask(f"INSERT INTO {self._place('about')} VALUES ({{}})", note.written())
        for name in (*rows, "spells"):
            self._ask(f"ANALYZE {self._place(name)}")

    def _columns(self, name: str) -> str:
        return ", ".join(f'"{column}" {SQL[kind]}' for column, kind in ALL[name].items())

    def _copy(self, name: str, table: Table, reader: DuckDB) -> None:
        """Copy rows into a table that only this connection sees."""
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
        self._ask(f'CREATE TEMPORARY TABLE "new_{name}" ({self._columns(name)})')
        batches = reader.con.sql(reader.compile(table.select(*ALL[name]))).to_arrow_reader(BATCH)
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f'COPY "new_{name}" FROM STDIN (FORMAT csv)') as copy,
        ):
            for batch in batches:
                sink = pyarrow.BufferOutputStream()
                pyarrow.csv.write_csv(batch, sink, options)
                copy.write(memoryview(sink.getvalue()))


class Cluster(Engine):
    """Apache Spark, over Parquet in a folder of its own: one that this machine and all workers see.

    Each load writes a folder anew, and then the file that names it.
    """

    def __init__(self, address: Address, name: str) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise NotInstalled("A store in Apache Spark", "pyspark", "spark") from None
        super().__init__(address, name)
        self._folder = (address.place or self._open.enter_context(scratch.folder())) / name
        self._current, self._seen = self._folder / "current.json", ""
        options = {
            "spark.sql.execution.arrow.pyspark.enabled": "true",  # else a missing text comes back as 'NaN'
            "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",  # DuckDB's days are of one calendar
            "spark.sql.warehouse.dir": str(self._folder / "warehouse"),
            "spark.log.level": "ERROR",
            "spark.ui.showConsoleProgress": "false",
        }
        if address.whole.startswith("local"):  # nothing listens beyond this machine
            options |= dict.fromkeys(("spark.driver.bindAddress", "spark.driver.host"), "127.0.0.1")
            options |= {
                "spark.ui.enabled": "false",
                "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
            }
        is_running = SparkSession.getActiveSession() is not None
        builder = SparkSession.builder.master(address.whole).appName("factdesk")
        for option, value in options.items():
            builder = builder.config(option, value)
        session = builder.getOrCreate()
        if not is_running:
            self._open.callback(session.stop)
        self.backend = ibis.pyspark.connect(session)

    def _pointer(self) -> dict[str, str]:
        try:
            found = json.loads(self._current.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found if isinstance(found, dict) else {}

    def _text(self) -> str | None:
        return self._pointer().get("note")

    def table(self, name: str) -> Table:
        """Return a table as an Ibis expression, of the folder that is the last one loaded."""
        newest = Path(self._pointer()["folder"]).name
        if newest != self._seen:
            self._read(self._folder / newest, [*TABLES, "spells"])
            self._seen = newest
        return self._view(name)

    def _view(self, name: str) -> Table:
        return ibis.table(ALL[name], f"factdesk_{name}_{id(self)}")

    def _read(self, folder: Path, names: Iterable[str]) -> None:
        for name in names:
            self.backend.read_parquet(str(folder / name), table_name=f"factdesk_{name}_{id(self)}")

    def replace(self, rows: Rows, reader: DuckDB, note: Note, spells: Work, may: May) -> None:
        """Put the rows that a DuckDB reads in the place of all that is held, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        may(self._loaded(one.name for one in self._folder.iterdir()))
        before = self._pointer().get("folder")
        new = Path(tempfile.mkdtemp(prefix="loaded-", dir=self._folder))
        new.chmod(0o755)  # for workers that are others
        for name, table in rows.items():
            (new / name).mkdir()
            reader.to_parquet(table.select(*TABLES[name]), new / name / "rows.parquet")
        self._seen = ""
        self._read(new, TABLES)
        self.backend.to_parquet(spells(self._view), str(new / "spells"))
        written = self._folder / f"{new.name}.json"
        written.write_text(json.dumps({"folder": new.name, "note": note.written()}), "utf-8")
        written.replace(self._current)
        for old in self._folder.glob("loaded-*"):
            is_left = old != new and time.time() - old.stat().st_mtime > STALE
            if old.name == before or is_left:
                shutil.rmtree(old, ignore_errors=True)
