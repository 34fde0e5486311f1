"""A ledger's rows in memory: as text, with their types, and those that are in view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from factdesk import schema
from factdesk.checks import homoglyphs, replay
from factdesk.checks.findings import NEAR_LIMIT, doubtful, nearly_same, past_due, rests
from factdesk.checks.sound import Sound, sound
from factdesk.checks.values import values
from factdesk.errors import Finding, NotFound, nearest
from factdesk.frames import LedgerFrame, records, typed
from factdesk.ledger import ids, intervals
from factdesk.ledger.kept import once
from factdesk.ledger.row_index import Form, RowIndex
from factdesk.ledger.unread import Unread
from factdesk.schema import CHANGES, TABLES, WITHDRAWN, Settings
from factdesk.storage.files import Content
from factdesk.storage.journal import Cell, Entry
from factdesk.storage.table_file import Rows
from factdesk.text import clean, shown

Made = TypeVar("Made")
P = ParamSpec("P")
_LISTED = 50
"""Rows for each call up to which a table is held as lists too: a row costs a hundredth then to look up."""

FEW = 100
"""Rows up to which each is looked up by its id; beyond, the whole table is looked through once."""


class Dataset:
    """The seven tables as they stand, those of them that are in view, and what follows from them.

    What follows is worked out when it is asked for, and kept until a row is written that it follows from.
    """

    def __init__(self, found: Sound, settings: Settings, only: frozenset[str] | None = None) -> None:
        self.settings = settings
        self.row_findings = found.findings
        self._sound = found
        self._cells = dict(found.cells)
        self._lines = dict(found.lines)
        self._left_out = found.left_out
        self.rivals = found.rivals
        self.two_claims = {finding.row_id for finding in found.findings if finding.code == "two-claims"}
        self._only, self._undecided = only, frozenset[str]()
        self._added: dict[str, list[list[str]]] = {name: [] for name in TABLES}
        self._lists: dict[str, list[list[str]]] = {}
        self._typed: dict[str, pd.DataFrame] = {}
        self._ids_left_out: dict[str, frozenset[str]] = {}
        self._indices: dict[tuple[str, tuple[str, ...], Form], RowIndex] = {}
        self._kept: dict[tuple[object, ...], tuple[set[object], Any]] = {}
        self._tree = ids.Tree()

    @classmethod
    def read(cls, content: Content) -> Dataset:
        """Return the dataset of what the files hold."""
        return cls.judged(content, sound(content.readings, content.settings))

    @classmethod
    def judged(cls, content: Content, found: Sound) -> Dataset:
        """Return the dataset of what the files hold, judged already."""
        return cls(replace(found, findings=[*found.findings, *content.findings]), content.settings)

    # --- all rows

    def cells(self, name: str) -> pd.DataFrame:
        """Return all rows of a table as text, the withdrawn ones too."""
        if self._added[name]:
            new = self._frame(name, self._added[name])
            if name in self._typed:
                more = typed(new, TABLES[name], self.settings)
                self._typed[name] = pd.concat([self._typed[name], more], ignore_index=True)
            last = int(self._lines[name].max(initial=1))
            self._lines[name] = np.append(self._lines[name], np.arange(last + 1, last + 1 + len(new)))
            self._cells[name] = pd.concat([self._cells[name], new], ignore_index=True)
            if name in self._lists:
                self._lists[name] = [*self._lists[name], *self._added[name]]
            self._added[name] = []
        return self._cells[name]

    def all(self, name: str) -> pd.DataFrame:
        """Return all rows of a table with their types, the withdrawn ones too."""
        cells = self.cells(name)
        if name not in self._typed:
            frame = self._with_kinds(name, cells)
            extra = set(cells.columns) - set(TABLES[name].names)
            for column in extra | {
                p.column for p in self.row_findings if p.code == "hidden-characters" and p.table == name
            }:
                frame[column] = frame[column].map(lambda text: clean(text)[0]).astype("str")
            self._typed[name] = frame
        return self._typed[name]

    def _sound_now(self) -> Sound:
        """Return what reading found, with the rows as they are now."""
        cells = {name: self.cells(name) for name in TABLES}
        kinds = {name: of for name, of in self._sound.kinds.items() if cells[name] is self._sound.cells[name]}
        return replace(self._sound, cells=cells, lines=dict(self._lines), kinds=kinds)

    def _with_kinds(self, name: str, cells: pd.DataFrame) -> pd.DataFrame:
        """Return a table's rows with their types: those that reading found already, where no row is another since."""
        kinds = self._sound.kinds.get(name)
        if kinds is None or cells is not self._sound.cells[name]:
            return typed(cells, TABLES[name], self.settings)
        return pd.DataFrame(
            {str(column): kinds[column] if column in kinds else cells[column] for column in cells}, copy=False
        )

    def ids(self, name: str) -> Ids:
        """Return the ids of all rows of a table, the withdrawn ones and those left out too."""
        return Ids(self, name)

    def has_id(self, name: str, row_id: object) -> bool:
        """Return whether a table has a row of an id, withdrawn or left out though it may be."""
        if not isinstance(row_id, str):
            return False
        key = TABLES[name].id
        if name in self._left_out and name not in self._ids_left_out:
            self._ids_left_out[name] = frozenset(self._left_out[name][key])
        return row_id in self._ids_left_out.get(name, ()) or bool(self.index(name, (key,)).places((row_id,)))

    def found(self, name: str, same: Mapping[str, str], form: Form = str) -> list[dict[str, str]]:
        """Return the rows that hold these cells, or cells of the same form, as text, the withdrawn ones too."""
        places = self.index(name, tuple(same), form).places(tuple(map(form, same.values())))
        frame, added = self._cells[name], self._added[name]
        # Taking rows out of Arrow's columns looks through all of them; taking cells does not.
        names = TABLES[name].names
        of_frame = [at for at in places if at < len(frame)]
        if name in self._lists:
            old = [dict(zip(names, self._lists[name][at], strict=True)) for at in of_frame]
        else:
            old = [{column: frame[column].array[at] for column in names} for at in of_frame]
        new = [dict(zip(names, added[at - len(frame)], strict=True)) for at in places if at >= len(frame)]
        return [*old, *new]

    def index(self, name: str, columns: tuple[str, ...], form: Form = str) -> RowIndex:
        """Return where a table's rows stand by some of their columns, or by a form of their cells."""
        if (key := (name, columns, form)) not in self._indices:
            index = RowIndex.of(self.cells(name), columns, form)
            self._indices[key] = index.forked(lists=True) if name in self._lists else index
        return self._indices[key]

    def alike(self, name: str, same: Mapping[str, str]) -> str | None:
        """Return the id of the first row that holds these cells; None where none does."""
        return next((row[TABLES[name].id] for row in self.found(name, same)), None)

    def _frame(self, name: str, rows: Sequence[Sequence[str]]) -> pd.DataFrame:
        """Return rows as text; the extra columns of new ones are empty."""
        columns = list(self._cells[name].columns)
        full = [[*row, *[""] * (len(columns) - len(row))] for row in rows]
        return pd.DataFrame(full, columns=columns, dtype="str")

    def faults(self, name: str, row_id: str) -> list[Finding]:
        """Return what keeps a row from being read; nothing where it is read, or not there at all."""
        if name not in self._left_out or row_id not in set(self._left_out[name][TABLES[name].id]):
            return []
        row = (name, shown(row_id), "error")
        named = [p for p in self.row_findings if (p.table, p.row_id, p.severity) == row]
        if named or all(one.places == 1 for one in self.row_findings):
            return named
        rows = self._left_out[name]  # one of many that were counted only
        rows = rows[rows[TABLES[name].id] == row_id].reset_index(drop=True)
        alone = Rows(TABLES[name], self._sound.files[name], rows, np.zeros(len(rows), "int64"))
        found, _, _ = values(alone, self.settings, self.cells("changes"))
        return [one for one in found if one.severity == "error"]

    def left_out(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that are wrong, or do not join, as text."""
        return self._left_out.get(name, self._cells[name].iloc[:0])

    def left_out_with(self, name: str, column: str, cell: str) -> list[dict[str, str]]:
        """Return the rows of a table that are wrong and hold a cell."""
        rows = self._left_out.get(name)
        return [] if rows is None else records(rows[rows[column] == cell])

    def _typed_left_out(self, name: str) -> pd.DataFrame:
        return typed(self.left_out(name)[TABLES[name].names], TABLES[name], self.settings)

    def moments(self, name: str, row_ids: Iterable[str]) -> dict[str, pd.Timestamp | NaTType]:
        """Return when rows were written, those left out too; NaT where that can't be read."""
        table = TABLES[name]
        found: dict[str, pd.Timestamp | NaTType] = {}
        for frame in (self._typed_left_out(name), self.all(name)):
            mine = frame[frame[table.id].isin(list(row_ids))]
            found |= dict(zip(mine[table.id], mine[table.moment], strict=True))
        return found

    def row(self, name: str, row_id: str, withdrawn_too: bool = False) -> dict[str, str]:
        """Return one row as text; refuse what is not there, left out, or withdrawn."""
        return self.rows(name, [row_id], withdrawn_too)[row_id]

    def rows(
        self, name: str, row_ids: Sequence[str], withdrawn_too: bool = False, setting: Iterable[str] = ()
    ) -> dict[str, dict[str, str]]:
        """Return rows as text by their ids; refuse what is not there, left out, or withdrawn.

        A row that is left out is given where all cells that are wrong in it are among those that are to be set.
        """
        kind = {"claims": "claim", "sources": "source"}.get(name, f"row of {name} with the id")
        known = self.ids(name)
        for row_id in row_ids:
            if not isinstance(row_id, str) or row_id not in known:
                near = nearest(row_id, sorted(known)) if len(known) <= NEAR_LIMIT else []
                raise NotFound(kind, row_id, near)
        key = TABLES[name].id
        if len(row_ids) <= FEW:
            rows = [row for row_id in row_ids for row in self.found(name, {key: row_id})]
        else:
            rows = records(self.cells(name)[self.cells(name)[key].isin(row_ids)])
        found = {row[key]: row for row in rows}
        withdrawn = set() if withdrawn_too else self.withdrawn_ids(name)
        for row_id in row_ids:
            if row_id not in found:
                found[row_id] = self._mendable(name, row_id, kind, set(setting))
            if name == "claims" and row_id in self.two_claims:
                advice = "Two different claims have this id; ledger.check() names both lines."
                raise NotFound(kind, row_id, (), advice)
            if row_id in withdrawn:
                advice = f"It was withdrawn; ledger.reinstate({name!r}, {row_id!r}, why=…) undoes that."
                raise NotFound(kind, row_id, (), advice)
        return {row_id: found[row_id] for row_id in row_ids}

    def _mendable(self, name: str, row_id: str, kind: str, setting: set[str]) -> dict[str, str]:
        frame, faults = self.left_out(name), self.faults(name, row_id)
        rows = records(frame[frame[TABLES[name].id] == row_id])
        left = [fault for fault in faults if fault.column not in setting]
        if faults and not left and len(rows) == 1:
            return rows[0]
        raise NotFound(kind, row_id, (), self.wrong(name, row_id, left or faults))

    def wrong(self, name: str, row_id: str, faults: Sequence[Finding] = ()) -> str:
        """Return where a row that is left out is wrong, and what mends it."""
        faults = faults or self.faults(name, row_id)
        if not faults:
            return "Its row is wrong and left out; ledger.check() says why. Nothing was written."
        cells = [one for one in faults if one.column in TABLES[name].editable and one.code != "orphan"]
        if len(cells) == len(faults):
            named = ", ".join(f"{column}=…" for column in dict.fromkeys(one.column for one in cells))
            advice = f"Mend it with ledger.edit({name!r}, {row_id!r}, why=…, {named}), all in one call."
        else:
            advice = "" if all(one.code == "orphan" for one in faults) else "Mend it in the file."
        words = [*map(str, faults[:5]), advice, "Nothing was written."]
        return f"Its row is wrong and left out. {' '.join(filter(None, words))}"

    def held(self, name: str, row_id: str, column: str) -> set[str]:
        """Return what the rival versions of a row hold in a column; nothing where there are none."""
        return set(self.rivals.get((name, row_id), {}).get(column, ()))

    def forked(self, calls: int) -> Dataset:
        """Return a dataset that takes in the rows of some calls on trial; this one stays as it is."""
        fork = copy(self)
        listed = [name for name in TABLES if len(self.cells(name)) < _LISTED * calls]
        fork._lists = {
            name: self.cells(name)[TABLES[name].names].to_numpy(object).tolist() for name in listed
        }
        fork._added = {name: list(rows) for name, rows in self._added.items()}
        fork._typed, fork._kept = dict(self._typed), dict(self._kept)
        fork._cells, fork._lines = dict(self._cells), dict(self._lines)
        fork._indices = {key: one.forked(key[0] in fork._lists) for key, one in self._indices.items()}
        return fork

    def grow(self, added: Mapping[str, Rows]) -> bool:
        """Take in rows that others wrote, judged alone; False where they have to be judged with all others."""
        if self._only is not None or not self._sound_now().fits(added, self.settings):
            return False
        self.take(Entry(rows={name: _lists(rows.cells, TABLES[name].names) for name, rows in added.items()}))
        return True

    def take(self, entry: Entry) -> None:
        """Take in what was written."""
        written = {*entry.rows, *entry.cells}
        if any(row[CHANGES.names.index("column")] == "" for row in entry.rows.get("changes", ())):
            written.add(WITHDRAWN)
        for key in [key for key, kept in self._kept.items() if not kept[0].isdisjoint(written)]:
            del self._kept[key]
        for name, rows in entry.rows.items():
            first = len(self._cells[name]) + len(self._added[name])
            self._added[name].extend(rows)
            if len(rows) > max(FEW, first // 10):  # an index is made anew in less time
                self._indices = {key: index for key, index in self._indices.items() if key[0] != name}
            for (of, columns, form), index in self._indices.items():
                if of == name:
                    ats = [TABLES[name].names.index(column) for column in columns]
                    for place, row in enumerate(rows, first):
                        index.more.setdefault(tuple(form(row[at]) for at in ats), []).append(place)
        for name, changed in entry.cells.items():
            set_in = {cell.column for cell in changed}
            for key in [one for one in self._indices if one[0] == name and not set_in.isdisjoint(one[1])]:
                del self._indices[key]
            frame = self.cells(name).copy()
            self._lists.pop(name, None)
            for column in set_in:
                new = frame[TABLES[name].id].map({c.row_id: c.after for c in changed if c.column == column})
                frame[column] = frame[column].where(new.isna(), new).astype("str")
            self._cells[name] = frame
            self._typed.pop(name, None)
            places = np.flatnonzero(frame[TABLES[name].id].isin({cell.row_id for cell in changed}))
            changed_rows = records(frame.iloc[places], TABLES[name].names)
            leaves = [ids.leaf_of(TABLES[name], row) for row in changed_rows]
            self._tree = self._tree.forked(name, zip(places.tolist(), leaves, strict=True))

    # --- what was withdrawn

    @property
    @once(WITHDRAWN)
    def withdrawn(self) -> pd.DataFrame:
        """The last word on each row that was withdrawn and not reinstated, as a row of `changes`."""
        changes = self.all("changes")
        words = changes[changes["column"] == ""].sort_values(["changed_at", "change_id"], kind="stable")
        last = words.drop_duplicates(["table", "row_id"], keep="last")
        return last[last["after"] == WITHDRAWN].reset_index(drop=True)

    @property
    @once(WITHDRAWN)
    def _withdrawn_by_table(self) -> dict[str, set[str]]:
        return {str(name): set(row_ids) for name, row_ids in self.withdrawn.groupby("table")["row_id"]}

    def withdrawn_ids(self, name: str) -> set[str]:
        """Return the ids of a table's rows that were withdrawn themselves."""
        return self._withdrawn_by_table.get(name, set())

    def hidden(self, name: str, rows: pd.DataFrame | None = None) -> np.ndarray:
        """Return which rows are hidden: withdrawn themselves, or belonging to a claim or source that is."""
        frame = self.all(name) if rows is None else rows
        hidden = np.zeros(len(frame), bool)
        for of, column in self._hiding(name):
            if ids := self.withdrawn_ids(of):
                hidden |= frame[column].isin(ids).to_numpy()
        return hidden

    @staticmethod
    def _hiding(name: str) -> Iterator[tuple[str, str]]:
        """Return the tables whose withdrawn rows hide rows of this one, and the column that names them."""
        for of, column in ((name, TABLES[name].id), ("claims", "claim_id"), ("sources", "source_id")):
            belongs = of != "sources" or name in ("sources", "evidence", "snapshots")
            if belongs and column in TABLES[name].by_name:
                yield of, column

    # --- what is in view

    @once(WITHDRAWN)
    def shown(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that are in view: not withdrawn, and of the claims looked at."""
        frame, shown = self.all(name), ~self.hidden(name)
        if self._only is not None:
            shown &= self._of_claims(name, self._only)
        return LedgerFrame(frame if shown.all() else frame[shown].reset_index(drop=True))

    def _of_claims(self, name: str, only: Iterable[str]) -> np.ndarray:
        frame = self.all(name)
        if "claim_id" in frame:
            return frame["claim_id"].isin(only).to_numpy()
        if name == "changes":
            tables = ("claims", "appearances", "evidence", "statuses")
            rows = [self.all(t)[TABLES[t].id][self._of_claims(t, only)] for t in tables]
            return frame["row_id"].isin(pd.concat(rows)).to_numpy()
        used = [self.all(t)["source_id"][self._of_claims(t, only)] for t in ("appearances", "evidence")]
        used.append(self.all("claims")["appearance"][self._of_claims("claims", only)])
        return frame["source_id"].isin(pd.concat(used)).to_numpy()

    def unread(self, mended: Mapping[str, Iterable[Cell]] | None = None) -> Unread:
        """Count the rows in view that can't be read, but for those that some cells would mend, and name their claims.

        A row is in view unless it was withdrawn or is known to be of another claim than those looked at; one of
        which another version is shown is none that can't be read. Costs a pass over the rows left out.
        """
        if not self._left_out and not any(self._sound.unread.values()):
            return Unread()
        set_in = {name: {cell.row_id for cell in cells} for name, cells in (mended or {}).items()}
        out = {name: self._unread(name, set_in) for name in TABLES}
        broken = {name: [cells for cells in lines if self._may_be_in_view(cells)]
                  for name, lines in self._sound.unread.items()}  # fmt: skip
        counts = {name: len(out[name]) + len(broken[name]) for name in TABLES}
        of = {*out["statuses"]["claim_id"], *(cell for cells in broken["statuses"] for cell in cells)}
        words = out["changes"]  # whether their rows were withdrawn, or are back again, can't be known
        turned = set(words["row_id"][words["column"] == ""])
        statuses = self.cells("statuses")
        of |= turned | set(statuses["claim_id"][statuses["status_id"].isin(turned)])
        claims = frozenset(of.intersection([*self.shown("claims")["claim_id"], *self._undecided]))
        rows = {name: count for name, count in counts.items() if count}
        return Unread(rows, claims, self.settings.noun, self.settings.nouns)

    def _unread(self, name: str, mended: Mapping[str, set[str]]) -> pd.DataFrame:
        rows, key = self.left_out(name), TABLES[name].id
        gone = self.hidden(name, rows) | rows[key].isin(self.cells(name)[key]).to_numpy()
        for of, column in ((name, key), ("claims", "claim_id"), ("sources", "source_id")):
            if column in rows:
                gone |= rows[column].isin(mended.get(of, ())).to_numpy()
        rows = rows[~gone]
        if "claim_id" not in rows or self._only is None:
            return rows
        return rows[np.array([self._may_be_in_view([claim_id]) for claim_id in rows["claim_id"]], bool)]

    def _may_be_in_view(self, cells: Iterable[str]) -> bool:
        """Return whether a row is of a claim looked at, or of one that is not known."""
        if self._only is None:
            return True
        of = self._claim_ids().intersection(cells)
        return not of or bool(of & (self._only | self._undecided))

    @once("claims")
    def _claim_ids(self) -> set[str]:
        return set(self.cells("claims")["claim_id"])

    def of_claim(self, name: str, claim_id: str) -> list[dict[str, str]]:
        """Return a claim's rows of a table that were not withdrawn, as text."""
        hides = [(column, ids) for of, column in self._hiding(name) if (ids := self.withdrawn_ids(of))]
        rows = self.found(name, {"claim_id": claim_id})
        return [row for row in rows if not any(row[column] in ids for column, ids in hides)]

    def last_moment(self, name: str, claim_id: str) -> str:
        """Return the latest moment of a claim's rows of a table, the withdrawn ones too; empty where there are none."""
        moments = (row[TABLES[name].moment] for row in self.found(name, {"claim_id": claim_id}))
        return max(moments, default="")  # of one form, they sort as text

    def appearances(self) -> pd.DataFrame:
        """Return every time that a claim was made, the first included."""
        columns = [*schema.APPEARANCES.names, "made_on_precision", "first"]
        first = self.shown("claims").rename(columns={"appearance": "source_id"})
        first = first.assign(appearance_id="", place="", first=True)[columns]
        further = self.shown("appearances").assign(first=False)
        precision = first["made_on_precision"].dtype  # of a further one the day is known, or nothing
        further = further.assign(made_on_precision=pd.Series(dtype=precision))[columns]
        return pd.concat([first, further], ignore_index=True) if len(further) else first

    def of(self, only: frozenset[str], undecided: frozenset[str] = frozenset()) -> Dataset:
        """Return a view of some claims and what belongs to them; others may belong there, could they be read."""
        view = Dataset(self._sound_now(), self.settings, only)
        view._typed, view._tree, view._undecided = dict(self._typed), self._tree, self._undecided | undecided
        return view

    def as_known(self, then: pd.Timestamp) -> Dataset:
        """Return the rows that were written by a moment, their cells as they were then."""
        changes = replay.by_row(self.all("changes"))
        cells, lines = {}, {}
        for name, table in TABLES.items():
            rows = self.cells(name)
            of_row = {row_id: of for (other, row_id), of in changes.items() if other == name}
            # Whatever moment a row gives itself that was added later.
            later = [row_id for row_id, of in of_row.items() if not replay.is_there(of, then, True)]
            written = ((self.all(name)[table.moment] <= then) & ~rows[table.id].isin(later)).to_numpy()
            cells[name] = rows[written].reset_index(drop=True)
            now = cells[name][cells[name][table.id].isin(list(of_row))]
            if len(now):
                held = [replay.cells_at(row, of_row[row[table.id]], then) for row in records(now)]
                was = pd.DataFrame(held, now.index, now.columns, dtype="str")
                was = replay.readable(was, now, table, self.settings)
                cells[name] = pd.concat([cells[name].drop(index=now.index), was]).sort_index()
            lines[name] = self._lines[name][written]
        left_out = {
            name: rows[~(self._typed_left_out(name)[TABLES[name].moment] > then).to_numpy()]
            for name, rows in self._left_out.items()
        }
        known = replace(self._sound, cells=cells, lines=lines, left_out=left_out, rivals={}, kinds={})
        return Dataset(known, self.settings, self._only)

    # --- what follows

    @once(*TABLES)
    def latest_day(self) -> pd.Timestamp:
        """Return the latest of all days and moments, in the ledger's time zone; NaT where there is none."""
        dated = (("statuses", "holds_from"), ("claims", "made_on"), ("appearances", "made_on"))
        days = [self.all(name)[column].max() for name, column in dated]
        moments = [self.all(name)[table.moment].max() for name, table in TABLES.items()]
        days += [
            m.tz_convert(self.settings.zone).tz_localize(None).normalize() for m in moments if not pd.isna(m)
        ]
        return pd.Series([day for day in days if not pd.isna(day)], dtype="datetime64[us]").max()

    @once("claims", "statuses", WITHDRAWN)
    def standing(self) -> pd.DataFrame:
        """Return each status for as long as it stood."""
        claims, statuses = self.shown("claims"), self.shown("statuses")
        return intervals.standing(claims, statuses, self.settings.zone, self.unread().claims)

    @once(*TABLES)
    def digest(self) -> str:
        """Return the Merkle tree's root over all rows, those left out and withdrawn too."""
        return self._tree.root(self._leaves())

    def _leaves(self) -> dict[str, list[bytes]]:
        """Return the leaf of each row by table; those of rows left out, which no write touches, stand by themselves."""
        found = {}
        for name, table in TABLES.items():
            cells = self.cells(name)
            found[name] = self._tree.of(name, len(cells), partial(ids.columns, cells, table))
            if name in self._left_out:
                found[f"{name}, left out"] = ids.leaves(name, ids.columns(self._left_out[name], table))
        return found

    def leaves(self) -> dict[bytes, tuple[str, str]]:
        """Return the leaf of every row, those left out and withdrawn too, with the row's table and id."""
        named: dict[bytes, tuple[str, str]] = {}
        for group, leaves in self._leaves().items():
            name, _, left_out = group.partition(",")
            rows = self._left_out[name] if left_out else self.cells(name)
            named |= {
                leaf: (name, row_id) for leaf, row_id in zip(leaves, rows[TABLES[name].id], strict=True)
            }
        return named

    @once(*TABLES)
    def findings(self) -> list[Finding]:
        """Return what reading found, and what is weak now; in a view, of its claims only."""
        judged = ~self.hidden("statuses")
        lost = set(self.all("evidence")["evidence_id"][self.hidden("evidence")])
        statuses = self._rows("statuses")
        statuses = replace(statuses, cells=self.all("statuses")).only(judged)
        claims = self._rows("claims").only(~self.hidden("claims"))
        weak = [
            *rests(statuses, self.all("evidence"), lost),
            *doubtful(statuses, self.shown("claims"), self.all("changes")),
            *nearly_same(claims),
            *past_due(claims, self.standing(), self.settings.opened, self.latest_day()),
        ]
        return self._in_view([*self.row_findings, *weak])

    @once(*TABLES)
    def homoglyphs(self) -> list[Finding]:
        """Find names that pass for others; in a view, of its claims only."""
        names = ("claims", "appearances", "sources")
        return self._in_view(
            homoglyphs.findings({name: self._rows(name).only(~self.hidden(name)) for name in names})
        )

    def _rows(self, name: str) -> Rows:
        return Rows(TABLES[name], self._sound.files[name], self.cells(name), self._lines[name])

    def _in_view(self, found: Iterable[Finding]) -> list[Finding]:
        return [one for one in found if self._only is None or one.claim_id in self._only]


class Ids(Set[str]):
    """The ids of a table's rows: whether one is among them is looked up, and costs the same in a ledger of any size."""

    def __init__(self, dataset: Dataset, name: str) -> None:
        self._dataset, self._name = dataset, name

    def __contains__(self, row_id: object) -> bool:
        return self._dataset.has_id(self._name, row_id)

    def __iter__(self) -> Iterator[str]:
        return iter({row_id for frame in self._frames() for row_id in frame[TABLES[self._name].id]})

    def __len__(self) -> int:
        return sum(map(len, self._frames()))

    def _frames(self) -> list[pd.DataFrame]:
        return [self._dataset.cells(self._name), self._dataset.left_out(self._name)]


def _lists(cells: pd.DataFrame, names: Sequence[str]) -> list[list[str]]:
    return list(map(list, zip(*(cells[name].tolist() for name in names), strict=True)))
