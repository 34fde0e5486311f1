"""An opened ledger as the rows that a store holds: what each said from which day to which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.frames import LedgerFrame
from factdesk.history.row_versions import versions
from factdesk.ledger.intervals import GIVEN, day_in, made_or_logged, places
from factdesk.ledger.ledger import Ledger
from factdesk.scale.stored import DATED, TABLES, Note
from factdesk.schema import TABLES as TABLES_OF_A_LEDGER

_TYPES = {
    "int64": pa.int64(), "string": pa.string(), "date": pa.date32(), "timestamp": pa.timestamp("us"),
    "boolean": pa.bool_(),
}  # fmt: skip
STATUSES = ("status", "before", "after", "from_status", "to_status")
"""Columns of an answer that hold a status."""
_OF_CLAIM = ("claim_id", "claim", "claimant", "topics", "made_on", "made_on_precision", "logged_at")


def note_of(ledger: Ledger) -> Note:
    """Return which ledger this is, as a store notes it."""
    claims = ledger._dataset.all("claims")
    first = claims.sort_values(["logged_at", "claim_id"])["claim_id"].head(1)
    views = tuple(ledger.views)
    day, unread = ledger.latest_day, ledger.unread.rows
    return Note(ledger.settings, ledger.digest(), day, unread, views, "".join(first))


def tables_of(ledger: Ledger) -> dict[str, pa.Table]:
    """Return the rows of a ledger, or of a view of one, by the store's table.

    >>> import factdesk as fd
    >>> tables_of(fd.open("claims.csv"))["statuses"].num_rows
    31
    """
    dataset, zone = ledger._dataset, ledger.settings.zone
    ids = dataset.all("claims")["claim_id"]
    shown, is_part = ledger.claims["claim_id"], "where" in dict(ledger.views)

    def of(name: str, columns: tuple[str, ...]) -> pd.DataFrame:
        rows = versions(dataset, name, columns)
        return rows[rows["claim_id"].isin(shown).to_numpy()] if is_part else rows

    claims = of("claims", _OF_CLAIM).rename(columns={"row": "claim_row"})
    claims = claims.assign(
        first_day=made_or_logged(claims, zone),
        is_dated=claims["made_on"].notna() & claims["made_on_precision"].isna(),
        is_unread=claims["claim_id"].isin(ledger.unread.claims),
    )
    statuses = of("statuses", ("claim_id", "status", "holds_from", *GIVEN)).rename(
        columns={"row": "status_row"}
    )
    statuses = statuses.assign(claim_row=places(ids, statuses["claim_id"]))
    again = of("appearances", ("claim_id", "claimant", "made_on", "logged_at"))
    again = again.assign(claim_row=places(ids, again["claim_id"]), day=made_or_logged(again, zone))
    frames = {"claims": claims, "statuses": statuses, "appearances": again, "days": _days(ledger)}
    return {
        name: pa.table({column: _array(frames[name][column], kind) for column, kind in columns.items()})
        for name, columns in TABLES.items()
    }


def _days(ledger: Ledger) -> pd.DataFrame:
    """Return every day that a row names, or was written on, and from when to when it did: withdrawn ones too."""
    dataset, zone = ledger._dataset, ledger.settings.zone

    def found() -> Iterator[pd.DataFrame]:
        for name, table in TABLES_OF_A_LEDGER.items():
            columns = (table.moment, *filter(None, [DATED.get(name)]))
            rows = versions(dataset, name, columns, withdrawn_too=True)
            moments = day_in(rows[table.moment], zone)
            for day in (moments, *(rows[column] for column in columns[1:])):
                yield pd.DataFrame({"day": day, "known": rows["known"], "until": rows["until"]}).dropna()

    days = pd.concat(found(), ignore_index=True)
    return days.groupby(["day", "until"])["known"].min().reset_index()


def _array(column: pd.Series, kind: str) -> pa.Array:
    if kind == "string" and isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("str")
    array = pa.array(column, from_pandas=True)
    if kind in ("date", "timestamp"):
        array = pc.cast(array, pa.timestamp("us"))
    return pc.cast(array, _TYPES[kind])


def framed(found: pa.Table, statuses: Sequence[str]) -> pd.DataFrame:
    """Return an engine's answer with the types that a ledger's frames have."""
    columns: dict[str, object] = {}
    for name, column in zip(found.column_names, found.columns, strict=True):
        kind = column.type
        if name in STATUSES:
            columns[name] = pd.Categorical(column.to_pandas(), pd.Index(statuses), ordered=True)
        elif pa.types.is_date(kind):
            columns[name] = column.cast(pa.timestamp("us")).to_pandas()
        elif pa.types.is_timestamp(kind):
            columns[name] = column.cast(pa.timestamp("us")).to_pandas().dt.tz_localize("UTC")
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            columns[name] = pc.fill_null(column, "").to_pandas().astype("str")
        else:
            columns[name] = column.to_pandas()
    return LedgerFrame(columns)
