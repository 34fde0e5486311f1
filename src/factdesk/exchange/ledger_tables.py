"""All tables of a ledger as text, with what its settings say and what is held on its latest day."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from factdesk.errors import InvalidValue
from factdesk.ledger.vocabulary import chosen
from factdesk.schema import SEALS, SEPARATOR, TABLES, Settings, Status, Table, day_text, moment_text
from factdesk.storage import seals

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

LEFT_OUT = "left out"
"""Stands beside a table's name where its rows can't be read: they are in the files, and in no view."""

VOCABULARY = ("name", "label", "settled", "rating", "best_rating", "colour", "dark", "sign", "renamed_from")


@dataclass(frozen=True)
class LedgerTables:
    """A whole ledger, or a view of one.

    Attributes
    ----------
    rows, left_out : mapping
        By table, the rows as its file holds them: those that are read, the withdrawn ones too, and those that can't be.
    held, withdrawn : pandas.DataFrame
        The status of each claim on the latest day, and what was withdrawn, as text.
    vocabulary : pandas.DataFrame
        The statuses that the ledger knows, one a row.
    settings : mapping
        What `ledger.toml` says besides, the latest day, and the digest.
    """

    rows: Mapping[str, pd.DataFrame]
    left_out: Mapping[str, pd.DataFrame]
    held: pd.DataFrame
    withdrawn: pd.DataFrame
    vocabulary: pd.DataFrame
    settings: Mapping[str, str]


def of(ledger: Ledger) -> LedgerTables:
    """Return the tables of a ledger as its files hold them; of a view the rows in it.

    >>> import factdesk as fd
    >>> tables = of(fd.open("claims.csv"))
    >>> tables.rows["claims"]["claim_id"][0], tables.settings["timezone"]
    ('trump-positive-signals', 'UTC')
    """
    dataset = ledger._dataset
    rows = {name: dataset.cells(name) for name in TABLES}
    if ledger.is_view:
        for name, table in TABLES.items():
            shown = dataset.shown(name)[table.id]
            rows[name] = rows[name][rows[name][table.id].isin(shown)].reset_index(drop=True)
        left_out = {}
    else:
        left_out = {name: cells for name in TABLES if len(cells := dataset.left_out(name))}
        rows[SEALS.name] = seals.read(ledger._own_store()).cells
    held = ledger.status_on()[["claim_id", "status", "holds_from", "status_id"]]
    settings, latest = ledger.settings, ledger.latest_day
    words = {
        name: str(getattr(settings, name)) for name in ("title", "publisher", "timezone", "noun", "nouns")
    }
    words |= {"as_of": "" if pd.isna(latest) else day_text(latest), "digest": ledger.digest()}
    if ledger.is_view:
        words["view"] = "; ".join(
            f"{call}({', '.join(f'{n}={v!r}' for n, v in asked.items())})" for call, asked in ledger.views
        )
    vocabulary = [
        {name: value for name in VOCABULARY for value in [getattr(status, name)]}
        for status in settings.vocabulary
    ]
    return LedgerTables(
        rows,
        left_out,
        _as_text(held),
        _as_text(ledger.withdrawn),
        _as_text(pd.DataFrame(vocabulary, dtype=object)),
        words,
    )


Sheet = tuple[Sequence[str], Sequence[Sequence[str]]]
"""A table's column names, and its rows as text."""


def back(sheet: Callable[[str], Sheet | None]) -> tuple[dict[str, pd.DataFrame], Settings]:
    """Return a ledger's tables by name, and its settings, of what reads a sheet by its name; raise ValueError.

    >>> sheets = {"claims": (TABLES["claims"].names, []), "settings": (["title", "Tides"], [])}
    >>> tables, settings = back(sheets.get)
    >>> list(tables), settings.title
    (['claims'], 'Tides')
    """
    found: dict[str, pd.DataFrame] = {}
    for table in (*TABLES.values(), SEALS):
        sheets = filter(None, map(sheet, (table.name, f"{table.name} {LEFT_OUT}")))
        if frames := [frame_of(table, *one) for one in sheets]:
            found[table.name] = pd.concat(frames, ignore_index=True).fillna("").astype("str")
    first, rows = sheet("settings") or ([], [])
    told = {name: value for name, value, *_ in [first, *rows] if name} if len(first) > 1 else {}
    words: dict[str, Any] = {n: told[n] for n in ("title", "publisher", "timezone", "noun") if told.get(n)}
    settings = Settings(**words, vocabulary=_vocabulary(*(sheet("vocabulary") or ([], []))))
    is_own = told.get("nouns") not in (None, "", settings.nouns)
    return found, replace(settings, plural=told["nouns"]) if is_own else settings


def _vocabulary(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Status, ...]:
    """Return the statuses that rows describe; those that a ledger has by default where they are none."""
    tables: list[dict[str, object]] = []
    with contextlib.suppress(InvalidValue, ValueError, OverflowError):
        for row in rows:
            said = {name: cell for name, cell in zip(names, row, strict=False) if cell and name in VOCABULARY}
            numbers = {name: int(float(cell)) for name, cell in said.items() if name.endswith("rating")}
            earlier = said.pop("renamed_from", "").split(SEPARATOR)
            known = {"settled": said.get("settled") != "false", "renamed_from": list(filter(None, earlier))}
            tables.append({**said, **numbers, **known})
        if tables:
            return chosen(tables).statuses
    return Settings().vocabulary


def frame_of(table: Table, names: Sequence[str], rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return rows that were read back as a frame with a table's columns, then others; what came later may be lacking.

    Raises ValueError where that is none of the table's.

    >>> frame_of(TABLES["snapshots"], TABLES["snapshots"].names, [["n-1"] + [""] * 6])["snapshot_id"].tolist()
    ['n-1']
    """
    lacking = [name for name in table.first_names if name not in names]
    if lacking or len(set(names)) < len(names):
        why = f"lacks {', '.join(lacking)}" if lacking else "has two columns of one name"
        raise ValueError(f"its table {table.name} {why}")
    wide = (([*row, *[""] * len(names)])[: len(names)] for row in rows)
    frame = pd.DataFrame(list(wide), columns=list(names), dtype="str")
    others = [name for name in names if name not in table.names]
    return frame.reindex(columns=[*table.names, *others], fill_value="").astype("str")


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a typed frame as the files would hold it."""
    return pd.DataFrame({name: [_text(cell) for cell in cells] for name, cells in frame.items()}, dtype="str")


def _text(cell: object) -> str:
    if isinstance(cell, tuple):
        return SEPARATOR.join(cell)
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, pd.Timestamp):
        return day_text(cell) if cell.tzinfo is None else moment_text(cell)
    return "" if cell is None or cell != cell or cell is pd.NaT else str(cell)
