"""The seals of a ledger on the disk: read, kept and put back, and all that a proof needs, of one moment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from factdesk.errors import Finding, LedgerUnreadable
from factdesk.schema import SEALS
from factdesk.storage import csvfile, journal, table_file
from factdesk.storage.baseline import Beside
from factdesk.storage.files import Content, Store
from factdesk.storage.table_file import Reading


@dataclass(frozen=True)
class Anew:
    """All that a proof needs, read from the disk at one moment: rows, seals, bytes by table, the settings' hash."""

    content: Content
    sealed: Reading
    data: dict[str, bytes]
    settings: str


def read(store: Store) -> Reading:
    """Read the seals; where there is no file yet, there are none."""
    reading = table_file.read(_bytes(store), SEALS, store.shown(SEALS.name))
    if reading.fatal:
        raise LedgerUnreadable(reading.fatal)
    return reading


def faults(store: Store) -> list[Finding]:
    """Name what keeps the seals, or a row of them, from being read."""
    try:
        return [finding for finding in read(store).findings if finding.severity == "error"]
    except LedgerUnreadable as error:
        return list(error.places)


def read_anew(store: Store) -> Anew:
    """Read every byte of tables, settings and seals as they stand at one moment, whatever is known of them."""
    with store.lock.held():
        content, sealed = store.read(), read(store)
        data = store.bytes_by_table()
        waiting = store.journal.entry()
        if waiting is not None:
            data.update(journal.finished(waiting, data).tables)
        if seals := store.bytes_of(store.seals, SEALS.name, missing=b""):
            data[SEALS.name] = seals
        return Anew(content, sealed, data, store.settings_digest())


def keep(store: Store, row: Mapping[str, str], leaves: bytes) -> None:
    """Keep a seal's leaves, then its row: `seals.csv` takes it in by one rename. The lock must be held."""
    before, after = _with(store, [row])
    kept = path = store.leaves_of(row[SEALS.id])
    renamed = False
    try:
        store.disk.make(kept.parent)
        store.disk.replace(kept, leaves, by=store.state / "document.new")
        path = store.seals
        new = store.disk.prepare(store.state / "seals.new", after, like=store.seals)
        store.disk.rename(new, store.seals)
        renamed = True
        store.disk.sync_names(store.folder)
    except BaseException as error:
        if not renamed:
            with contextlib.suppress(OSError):
                store.disk.remove(kept)
        if isinstance(error, OSError):
            outcome = "It is sealed, but a power cut may undo that." if renamed else "Nothing was sealed."
            raise store.failed(path, error, outcome) from error
        raise
    store.baseline.add_seal(row, before, after)


def beside_baseline(store: Store) -> Beside:
    """Return the seals' bytes beside those that were last known here."""
    now = store.disk.read_or_none(store.seals) or csvfile.header_line(SEALS)
    return Beside(store.seals, store.shown(SEALS.name), now, store.baseline.read(SEALS.name))


def put_back(store: Store, rows: Iterable[Mapping[str, str]]) -> None:
    """Put rows of seals back that are gone; the lock must be held."""
    with store.failing(store.seals, "No seal may have been put back; try again."):
        after = _with(store, rows)[1]
        store.disk.rename(store.disk.prepare(store.state / "seals.new", after, like=store.seals), store.seals)
        store.disk.sync_names(store.folder)


def _with(store: Store, rows: Iterable[Mapping[str, str]]) -> tuple[bytes, bytes]:
    """Return the seals' bytes as they are, and with more rows."""
    reading, before = read(store), _bytes(store)
    cells = [[row.get(name, "") for name in reading.header] for row in rows]
    gap = b"" if before.endswith((b"\n", b"\r")) else b"\n"
    return before, before + gap + csvfile.render(cells, reading.delimiter)


def _bytes(store: Store) -> bytes:
    return store.bytes_of(store.seals, SEALS.name, missing=csvfile.header_line(SEALS))
