"""What a ledger's files held and what was found in them, put into the reading cache and taken out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from factdesk.checks.sound import Sound
from factdesk.errors import Finding
from factdesk.packed import Packed
from factdesk.schema import TABLES, Settings, Table
from factdesk.storage.baseline import as_signature
from factdesk.storage.files import Content, Store
from factdesk.storage.reading_cache import is_worth
from factdesk.storage.table_file import Reading, as_text

_LINE = "\0line"
"""The column of lines beside a table's own; no file has one of that name."""
_MOST_FINDINGS = 10_000
_TEXT = pd.StringDtype(na_value=np.nan)


def keep(store: Store, content: Content, sound: Sound) -> None:
    """Keep what reading gave, where that is worth it and was of files that nobody was writing to."""
    size = sum(content.signatures[name][2] for name in TABLES)
    cache = store.cache() if is_worth(size) else None
    is_plain = not sound.rivals and not any(one.torn for one in content.readings.values())
    if cache is None or not is_plain or len(sound.findings) > _MOST_FINDINGS or not content.hashes:
        return
    frames: dict[str, pd.DataFrame] = {}
    lines: dict[str, bool] = {}
    for name in TABLES:
        reading = content.readings[name]
        frames[name] = reading.cells
        lines[name] = _is_counted(reading.lines)
        if not lines[name]:
            frames[f"{name} lines"] = pd.DataFrame({_LINE: reading.lines})
        if sound.cells[name] is not reading.cells:
            frames[f"{name} sound"] = sound.cells[name].assign(**{_LINE: sound.lines[name]})
        if name in sound.left_out:
            frames[f"{name} left out"] = sound.left_out[name]
        if name in sound.kinds:
            frames[f"{name} kinds"] = _plain(sound.kinds[name])
    told = {
        "signatures": content.signatures, "hashes": content.hashes, "settings": content.settings_hash, "lines": lines,
        "findings": [asdict(one) for one in sound.findings], "unread": sound.unread,
        "readings": {
            name: {
                "header": of.header, "delimiter": of.delimiter, "is_tidy": of.is_tidy, "unread": of.unread,
                "findings": [asdict(one) for one in of.findings],
            }
            for name, of in content.readings.items()
        },
    }  # fmt: skip
    cache.keep({name: _arrow(frame) for name, frame in frames.items()}, told)


def recall(store: Store) -> tuple[Content, Sound] | None:
    """Return what was kept of a ledger: of whatever its files held then; None where there is nothing."""
    cache = store.cache()
    loaded = cache.load() if cache else None
    if loaded is None:
        return None
    try:
        return _content(store, *loaded)
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException):
        return None  # kept by another version, and not as this one does


def _content(store: Store, tables: Mapping[str, pa.Table], told: dict[str, Any]) -> tuple[Content, Sound]:
    now = store.settings_now()
    if now.settings_hash != told["settings"] or any(one.severity == "error" for one in now.findings):
        raise ValueError("judged by other settings")
    readings: dict[str, Reading] = {}
    cells: dict[str, pd.DataFrame] = {}
    lines: dict[str, np.ndarray] = {}
    for name, table in TABLES.items():
        held, frame = told["readings"][name], _frame(tables[name])
        at = (
            np.arange(2, len(frame) + 2)
            if told["lines"][name]
            else _frame(tables[f"{name} lines"])[_LINE].to_numpy(copy=True)
        )
        readings[name] = Reading(
            table, store.shown(name), frame, at, tuple(held["header"]), held["delimiter"], _findings(held["findings"]),
            unread=held["unread"], is_tidy=held["is_tidy"],
        )  # fmt: skip
        cells[name], lines[name] = frame, at
        if f"{name} sound" in tables:
            sound = _frame(tables[f"{name} sound"])
            cells[name], lines[name] = sound.drop(columns=_LINE), sound[_LINE].to_numpy(copy=True)
    found = Sound(
        {name: store.shown(name) for name in TABLES},
        cells,
        lines,
        {name: _frame(tables[f"{name} left out"]) for name in TABLES if f"{name} left out" in tables},
        _findings(told["findings"]),
        {},
        told["unread"],
        _Kinds(tables, now.settings),
    )
    signatures = {name: as_signature(told["signatures"][name]) for name in TABLES}
    hashes = {name: tuple((int(end), str(held)) for end, held in told["hashes"][name]) for name in TABLES}
    content = replace(now, readings=readings, signatures=signatures | now.signatures, hashes=hashes)
    return content, found


class _Kinds(dict[str, pd.DataFrame]):
    """The columns that are no text, each table's made when it is asked for."""

    def __init__(self, tables: Mapping[str, pa.Table], settings: Settings) -> None:
        super().__init__()
        self._tables, self._settings = tables, settings

    def get(self, name: str, default: Any = None) -> Any:
        if name not in self and f"{name} kinds" in self._tables:
            self[name] = _typed(self._tables[f"{name} kinds"], TABLES[name], self._settings)
        return super().get(name, default)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    arrays = [
        Packed.of(frame[name]).text if frame[name].dtype == _TEXT else pa.array(frame[name].to_numpy())
        for name in frame
    ]
    return pa.Table.from_arrays(arrays, [str(name) for name in frame])


def _frame(table: pa.Table) -> pd.DataFrame:
    columns = {
        name: as_text(column) if column.type == pa.large_string() else column.to_numpy()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pd.DataFrame(columns, copy=False)


def _plain(kinds: pd.DataFrame) -> pd.DataFrame:
    """Return typed columns as the numbers that they are."""
    return pd.DataFrame({str(name): _numbers(kinds[name]) for name in kinds}, index=kinds.index)


def _numbers(column: pd.Series) -> np.ndarray:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy()
    if column.dtype == "Int64":
        return column.fillna(-1).to_numpy("int64")
    plain = column.dt.tz_localize(None) if isinstance(column.dtype, pd.DatetimeTZDtype) else column
    return plain.to_numpy("datetime64[us]").view("int64")


def _typed(table: pa.Table, of: Table, settings: Settings) -> pd.DataFrame:
    typed: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        numbers, holds = column.to_numpy(), of.by_name[name]
        if holds.holds in ("status", "choice"):
            words = settings.statuses if holds.holds == "status" else list(holds.choices)
            typed[name] = pd.Categorical.from_codes(numbers, pd.Index(words), ordered=holds.holds == "status")
        elif holds.holds == "number":
            typed[name] = pd.arrays.IntegerArray(numbers.copy(), numbers < 0)
        else:
            days = pd.Series(numbers.copy().view("datetime64[us]"))
            typed[name] = days.dt.tz_localize("UTC") if holds.holds == "moment" else days
    return pd.DataFrame(typed, copy=False)


def _is_counted(lines: np.ndarray) -> bool:
    return not len(lines) or bool(lines[0] == 2 and lines[-1] == len(lines) + 1)


def _findings(told: list[dict[str, Any]]) -> list[Finding]:
    return [Finding(**one) for one in told]
