"""Another ledger as it is merged: read as a stranger's, from its files or from frames of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from factdesk.checks import replay
from factdesk.checks.replay import RowName
from factdesk.checks.sound import sound
from factdesk.errors import Finding, InvalidValue, NotFound, TableUnreadable, nearest
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.derived import other_ids
from factdesk.ledger.place import explained, place_of
from factdesk.ledger.sides import LeftOut, Side, is_vouched_for
from factdesk.schema import SEALS, TABLES, Settings, Status
from factdesk.storage import csvfile
from factdesk.storage.files import Content, Store
from factdesk.storage.table_file import Reading
from factdesk.text import shown

BROKEN = ("torn-line", "unreadable-row", "conflict")
"""Codes of lines that are no rows."""

UNDERIVED = (
    "its id does not come from its cells: they were changed past factdesk, or names were left out of them"
)


@dataclass(frozen=True)
class Other:
    """Another ledger: what it is called, its rows, and where its documents lie; None where it comes without."""

    name: str
    dataset: Dataset
    readings: Mapping[str, Reading]
    store: Store | None

    @classmethod
    def read(cls, path: str | Path) -> Other:
        """Read the ledger that a path names."""
        place = place_of(path)
        store = Store(place)
        with explained(place):
            content = store.read()
        return cls.of(Dataset.read(content), content, store)

    @classmethod
    def of(cls, dataset: Dataset, content: Content, store: Store) -> Other:
        """Return a ledger that is open."""
        name = f"“{dataset.settings.title}” ({store.path.name})"
        return cls(name, dataset, content.readings, store)

    @classmethod
    def of_frames(cls, frames: Mapping[str, pd.DataFrame], settings: Settings) -> Other:
        """Return a ledger of frames of text by table, such as a workbook gives; without a table there are no rows."""
        for name in frames:
            if name not in TABLES and name != SEALS.name:
                raise NotFound("table of a ledger", name, nearest(name, list(TABLES)))
        readings = {name: _reading(name, frames.get(name)) for name in TABLES}
        words = dict.fromkeys(readings["statuses"].cells["status"].tolist())
        known = {*settings.statuses, *settings.renamed, ""}
        more = tuple(Status(word, word) for word in words if word not in known)
        settings = replace(settings, vocabulary=(*settings.vocabulary, *more))
        return cls("these tables", Dataset(sound(readings, settings), settings), readings, None)

    def side(self) -> Side:
        """Return its sound rows, the withdrawn ones too."""
        return Side.of({name: self.dataset.cells(name) for name in TABLES})

    def unproved(self, side: Side) -> dict[RowName, str]:
        """Return the rows whose ids don't come from their cells, and why they are left out."""
        cells = {name: reading.cells for name, reading in self.readings.items()}
        changes = replay.by_row(cells["changes"])
        found = list(other_ids(cells, changes))
        if forged := {row_id for name, row_id in found if name == "snapshots"}:
            # A file's own id comes from what was kept of it.
            kept = cells["snapshots"]
            proved = kept[~kept["snapshot_id"].isin(forged)]
            found += other_ids({**cells, "snapshots": proved}, changes)
        return {named: UNDERIVED for named in found if not is_vouched_for(side.changes.get(named, ()))}

    def unread(self) -> Iterator[LeftOut]:
        """Yield the rows that can't be read, and the lines that are none; what is shown is not among them."""
        faults: dict[tuple[str, str], Finding] = {}
        for finding in self.dataset.row_findings:
            if finding.severity == "error":
                faults.setdefault((finding.table, finding.row_id), finding)
            if finding.code in BROKEN and finding.table in TABLES:
                yield LeftOut(finding.table, "", "", finding.line, str(finding))
        for name, table in TABLES.items():
            rows = self.dataset.left_out(name)
            standing = set(self.dataset.cells(name)[table.id]) if len(rows) else set()
            claims = rows["claim_id"].tolist() if "claim_id" in rows else [""] * len(rows)
            for row_id, claim_id in zip(rows[table.id].tolist(), claims, strict=True):
                if row_id not in standing:
                    fault = faults.get((name, shown(row_id)))
                    reason = str(fault) if fault else "it can't be read"
                    yield LeftOut(name, row_id, claim_id, fault.line if fault else 0, reason)

    def remarks(self, settings: Settings) -> Iterator[str]:
        """Yield what else of it is to be known before it is merged into a ledger of some settings."""
        for name, reading in self.readings.items():
            if extra := [str(one) for one in reading.cells if one not in TABLES[name].names]:
                few = ", ".join(shown(one, 30) for one in extra[:5]) + (", …" if len(extra) > 5 else "")
                yield f"Columns of {name} that are no ledger's own stay there: {few}."
        rivals = [one for one in self.dataset.row_findings if one.code == "rival-versions"]
        if rivals:
            first = f"{shown(rivals[0].file)}:{rivals[0].line}"
            yield f"Rows with rival versions there come in as they are shown there: {len(rivals):,}, the first at {first}."
        if self.dataset.settings.timezone != settings.timezone:
            zones = f"{shown(self.dataset.settings.timezone)}, here in {settings.timezone}"
            yield f"Days begin there in {zones}; they stay as they are, and so do moments, which are in UTC."


def _reading(name: str, frame: pd.DataFrame | None) -> Reading:
    """Return a frame of text as if it had been read from its table's file."""
    table = TABLES[name]
    if frame is None:
        frame = pd.DataFrame(columns=table.names, dtype="str")
    if not isinstance(frame, pd.DataFrame):
        raise InvalidValue(name, frame, "a DataFrame of text")
    columns = [str(one) for one in frame.columns]
    lacking = [one for one in table.first_names if one not in columns]
    if lacking or len(set(columns)) < len(columns):
        reason = f"it has no column {', '.join(lacking)}" if lacking else "a column stands in it twice"
        raise TableUnreadable(name, reason, f"The columns are {', '.join(table.names)}.")
    held = dict(zip(columns, (frame[one].tolist() for one in frame.columns), strict=True))
    try:
        texts = {
            one: _texts(held.get(one, [""] * len(frame))) for one in dict.fromkeys([*table.names, *columns])
        }
    except (UnicodeError, TypeError) as error:
        raise TableUnreadable(name, "a cell in it is no text", "Read it with dtype=str.") from error
    cells = pd.DataFrame(texts)
    places = np.flatnonzero((cells != "").any(axis=1).to_numpy())
    return Reading(table, name, cells.iloc[places].reset_index(drop=True), places + 2, tuple(cells.columns))


def _texts(cells: Sequence[object]) -> pd.Series:
    """Return a column's cells as reading a file gives them; what is missing is empty."""
    texts = []
    for cell in cells:
        is_missing = (
            cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and cell != cell)
        )
        text = "" if is_missing else cell
        if not isinstance(text, str):
            raise TypeError(type(text))
        texts.append(
            text.replace("\r\n", "\n").replace("\r", "\n").replace(csvfile.NEWLINE, "\n").replace("\0", "")
        )
    return pd.Series(texts, dtype="str")
