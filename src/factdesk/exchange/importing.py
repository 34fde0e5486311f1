"""Bring a sheet, a feed or published reviews into a ledger: guess, show, let it be corrected, and only then write."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from slugify import slugify

from factdesk import schema
from factdesk.errors import FactdeskError, InvalidValue, QuestionsOpen
from factdesk.exchange import claimreview, doubles, known_rows, proposed, tables, target, workbook
from factdesk.exchange.columns import OF_WHICH, guess
from factdesk.exchange.coming_again import Before, changed_cells, compare
from factdesk.exchange.export import read_copy
from factdesk.exchange.fields import FIELDS
from factdesk.exchange.new_ledger import NewLedger
from factdesk.exchange.plan import Plan
from factdesk.exchange.preview import Preview
from factdesk.exchange.proposed import Proposed
from factdesk.exchange.ratings import match_ratings, vocabulary_for, vocabulary_of
from factdesk.exchange.reviews import COLUMNS
from factdesk.exchange.tables import Source, SourceTable, read
from factdesk.formats import counted
from factdesk.ledger import bulk, imports
from factdesk.ledger.imports import Note
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.merge import Merge
from factdesk.ledger.opening import create
from factdesk.ledger.opening import open as opened
from factdesk.ledger.others import Other
from factdesk.ledger.parsing import Parser
from factdesk.ledger.transaction import Transaction
from factdesk.schema import CLAIMS, WITHDRAWN, Settings
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.storage import csvfile
from factdesk.storage.files import Store
from factdesk.storage.journal import Cell, Entry

_REVIEWS = (".json", ".jsonld", ".jsonl", ".ndjson", ".html", ".htm")
_INTO = "a ledger, or the name of a new one such as 'claims.csv'"
_REVIEW_COLUMNS = {
    "claim": "claim", "claimant": "claimant", "rating": "status", "review_url": "published_at",
}  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What an import wrote: the ledger, the import's id, counts, and where the rows lie that were set aside."""

    ledger: Ledger
    import_id: str
    new: int
    changed: int
    same: int
    set_aside: int
    file: Path | None
    brought_back: int = 0

    def __str__(self) -> str:
        made = f" ({self.import_id})" if self.import_id else ""
        aside = (
            f" {counted(self.set_aside, 'row')} set aside in {self.file}: mend and import that."
            if self.file
            else ""
        )
        back = f"{self.brought_back:,} brought back, " if self.brought_back else ""
        return f"{self.new:,} new, {back}{self.changed:,} changed, {self.same:,} as they were{made}.{aside}"


def import_table(
    source: Source,
    into: Ledger | str | os.PathLike[str] | None = None,
    *,
    columns: Mapping[str, str | None] | None = None,
    statuses: Mapping[str, str | None] | None = None,
    days: str | Sequence[str] | None = None,
    constants: Mapping[str, str] | None = None,
    sheet: str | int | None = None,
    ours: bool = False,
    by: str | None = None,
) -> Import | Merge:
    """Read a sheet, a feed or published reviews, and show what would be brought into a ledger; nothing is written yet.

    Parameters
    ----------
    source : path or pandas.DataFrame
        CSV or TSV of any dialect and encoding, XLSX, ODS, XLS, JSON Lines, a frame; ClaimReview in JSON or a saved page,
        the feeds of Google and Duke; another ledger, or a workbook or database that `export` wrote of one.
    into : Ledger or path, optional
        The ledger, or the CSV of one, which is made where there is none; by default `Import.write` says it.
    columns : mapping of str to str, optional
        What columns are that were guessed wrong or not at all: `{"Speaker": "claimant", "Row": None}`.
    statuses : mapping of str to str, optional
        Which status a rating is, as it stands in the sheet; None for none.
    days : str or sequence of str, optional
        `"day first"` or `"month first"` where the sheet does not show it, `"excel"` where numbers such as 45730 are days
        as spreadsheets count them, and the languages of its months: `["de"]`.
    constants : mapping of str to str, optional
        What holds of every row and stands in no column, such as `{"claimant": "Jane Roe"}`.
    sheet : str or int, optional
        Which sheet of a workbook.
    ours : bool, default False
        Whether reviews of other organisations become statuses of this ledger. Otherwise each is a source that supports
        or refutes its claim: another's verdict is never yours.
    by : str, optional
        Who writes, where the ledger is opened here.

    Returns
    -------
    Import or Merge
        What was guessed and what the rows would be; of another ledger what `Ledger.merge` shows. `write` brings it in.

    Raises
    ------
    TableUnreadable, NotFound, InvalidValue
        Where the source is no table, or a correction names what is not there.

    Examples
    --------
    >>> import factdesk as fd
    >>> import pandas as pd
    >>> sheet = pd.DataFrame({"Claim": ["It rained."], "Speaker": ["The Daily"], "Verdict": ["Mostly False"]})
    >>> coming = fd.import_table(sheet, "rain.csv")
    >>> coming.plan.columns
    {'Claim': 'claim', 'Speaker': 'claimant', 'Verdict': 'status'}
    >>> print(coming.write())   # doctest: +ELLIPSIS
    1 new, 0 changed, 0 as they were (i-...).
    """
    ledger = into if isinstance(into, Ledger) else None
    place = None if into is None or isinstance(into, Ledger) else Path(into)
    if ledger is None and place is not None and (place.exists() or place.with_suffix("").exists()):
        ledger = opened(place, by=by)
    if not isinstance(source, (pd.DataFrame, str, os.PathLike)):
        raise InvalidValue("source", source, "a path, or a DataFrame")
    theirs = None if isinstance(source, pd.DataFrame) else _ledger_of(Path(source))
    if theirs is not None and ledger is not None:
        return ledger.merge(theirs if isinstance(theirs, Path) else theirs[0])
    if theirs is not None:
        if place is None:
            raise InvalidValue("into", into, _INTO)
        other = Other.read(theirs) if isinstance(theirs, Path) else Other.of_frames(*theirs)
        return Merge(NewLedger(place, other.dataset.settings, by), other)
    corrections = {"columns": columns, "statuses": statuses, "days": days, "constants": constants}
    table, reviews = _reviews(source) or (read(source, sheet=sheet), None)
    return Import(table, reviews, ledger, place, corrections, ours, by)


def _ledger_of(path: Path) -> Path | tuple[dict[str, pd.DataFrame], Settings] | None:
    """Return the ledger's own CSV, or the tables and settings of a copy of one; None where a file is none of these.

    A sheet that is called as a ledger is, and lies beside it, is a sheet.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv" and (path.with_suffix("") / "ledger.toml").is_file():
        return path
    if suffix in (".sqlite", ".db"):
        return read_copy(path)
    if suffix == ".xlsx" and CLAIMS.name in workbook.sheet_names(path):
        with contextlib.suppress(FactdeskError, OSError):
            return read_copy(path)
    return None


def _reviews(source: Source) -> tuple[SourceTable, pd.DataFrame] | None:
    """Read published reviews, where the source is that; else None."""
    if isinstance(source, pd.DataFrame):
        if not set(COLUMNS) <= set(source):
            return None
        found, name = source.reset_index(drop=True), "the frame"
        sha256 = hashlib.sha256(found.to_json().encode()).hexdigest()
    else:
        path = Path(source)
        if path.suffix.lower() not in _REVIEWS:
            return None
        try:
            found, name = claimreview.read(path), path.name
        except InvalidValue:
            return None
        if (found["misfit"] != "").all() and (found[["claim", "review_url", "rating"]] == "").all(axis=None):
            return None
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    numbers = zip(*(found[one].map("{:g}".format) for one in ("rating_value", "best_rating")), strict=True)
    words = [f"{value} of {best}".replace(" of nan", "") if value != "nan" else "" for value, best in numbers]
    found = found.assign(rating=found["rating"].where(found["rating"] != "", words))
    cells = found[list(_REVIEW_COLUMNS)].astype("str")
    none = pd.DataFrame(columns=["line", "reason", "text"])
    return SourceTable(name, sha256, cells, found["line"].to_numpy(), [], none), found


class Import(Preview):
    """What would be brought in from a sheet: its columns, ratings and rows as guessed or said; `write` does it.

    Examples
    --------
    >>> import factdesk as fd
    >>> import pandas as pd
    >>> sheet = pd.DataFrame({"Claim": ["It rained."], "Speaker": ["The Daily"], "Said on": ["03/04/2025"]})
    >>> coming = fd.import_table(sheet)
    >>> len(coming.questions), len(coming.correct(days="day first").questions)
    (1, 0)
    """

    def __init__(
        self,
        table: SourceTable,
        reviews: pd.DataFrame | None,
        ledger: Ledger | None,
        place: Path | None,
        corrections: Mapping[str, object],
        ours: bool = False,
        by: str | None = None,
    ) -> None:
        self.table, self.reviews, self.ledger, self.ours = table, reviews, ledger, ours
        self._place, self._corrections, self._by = place, dict(corrections), by
        self.settings = ledger.settings if ledger is not None else Settings()
        now = datetime.now(UTC).astimezone(self.settings.zone)
        self.name, kept = slugify(Path(self.table.name).stem)[:60] or "sheet", Plan()
        self._before = Before()
        if ledger is not None:
            self.name, kept = known_rows.kept_plan(self._store, self.name, table.cells.columns)
            said, gave = known_rows.said_before(self._store, self.name)
            self._before = Before(said, gave, imports.notes(self._store), self.name, self._edited_by_hand)
        guessed = (
            guess(table.cells, languages=kept.languages, today=now.date(), zone=self.settings.zone)
            if reviews is None
            else None
        )
        begun = kept if guessed is not None else replace(kept, columns=_REVIEW_COLUMNS)
        if guessed is not None:
            named = dict(zip(guessed["column"], guessed["field"], strict=True))
            single = {name for name in kept.columns.values() if name and not FIELDS[name].many}
            fresh = {column: "" if name in single else name for column, name in named.items()}
            begun = replace(kept, columns={**fresh, **{c: n for c, n in kept.columns.items() if c in named}})
        self._guessed = guessed
        begun = begun.corrected(**corrections)  # type: ignore[arg-type]
        self.ratings, self.settings, matched = self._matched(begun)
        self.plan = replace(begun, statuses={**matched, **begun.statuses})
        for status in self.plan.statuses.values():
            if status and status not in self.settings.statuses:
                raise InvalidValue.choice("statuses", status, self.settings.statuses)
        if reviews is None:
            self._rows, self.questions = proposed.of_table(
                table, self.plan, self.settings.zone, now.date(), table.name
            )
            self.questions += self._undated({*kept.columns, *(corrections.get("columns") or ())})  # type: ignore[misc]
        else:
            publisher = self.settings.publisher
            self._rows, self.questions = (
                proposed.of_reviews(reviews, self.plan, publisher, ours, table.name),
                [],
            )
        doubles.join(self._rows, is_sheet=reviews is None)
        if ledger is not None:
            compare(self._rows, self._before, ledger._dataset, Parser(ledger.settings, now))

    def correct(self, **corrections: object) -> Import:
        """Return the import with `columns`, `statuses`, `days` or `constants` corrected, as `import_table` takes them."""
        merged = dict(self._corrections)
        for name, given in corrections.items():
            if name not in merged:
                raise InvalidValue.choice("correct", name, list(merged))
            both = isinstance(given, Mapping) and isinstance(merged[name], Mapping)
            merged[name] = {**merged[name], **given} if both else given  # type: ignore[dict-item]
        return Import(self.table, self.reviews, self.ledger, self._place, merged, self.ours, self._by)

    @property
    def _store(self) -> Store:
        assert self.ledger is not None
        return self.ledger._own_store("import into the ledger itself")

    def _undated(self, answered: Collection[str]) -> list[str]:
        """Return what is to be asked of columns of days that may be the claim's, where no column is that."""
        if self._guessed is None or self.plan.of("made_on") or "made_on" in self.plan.constants:
            return []
        open_ = self._guessed[(self._guessed["field"] == "") & self._guessed["why"].str.endswith(OF_WHICH)]
        return [
            f"{column!r}: its cells are days, {OF_WHICH} Say it with columns={{{column!r}: 'made_on'}}, or "
            f"columns={{{column!r}: 'holds_from'}}, or columns={{{column!r}: None}} to leave it out."
            for column in open_["column"]
            if column not in answered
        ]

    def _edited_by_hand(self) -> set[tuple[str, str]]:
        """Return the cells of claims that were edited in the files, past factdesk, and not accepted yet."""
        assert self.ledger is not None
        return {(one.row_id, one.column) for one in self.ledger._by_hand() if one.table == CLAIMS.name}

    # --- ratings

    def _matched(self, plan: Plan) -> tuple[pd.DataFrame, Settings, dict[str, str]]:
        """Match the ratings to statuses: the ledger's own, or for a new ledger the ready vocabulary that has most."""
        columns = [self.table.cells[name].tolist() for name in plan.of("status")[:1]]
        written = Counter(text for column in columns for one in column if (text := one.strip()))
        settings = self.settings
        if self.ledger is None:
            vocabulary = vocabulary_for(written, plan.statuses)
            if self.reviews is not None and self.ours:
                vocabulary = vocabulary_of(self.reviews, vocabulary)
            settings = replace(settings, vocabulary=vocabulary)
        found = match_ratings(list(written), settings.vocabulary)
        found = found.assign(rows=[written[word] for word in found["rating"]])
        given = {word: status for word, status in plan.statuses.items() if word in written}
        found["status"] = [
            given.get(word, status) for word, status in zip(found["rating"], found["status"], strict=True)
        ]
        known = {w: s for w, s in zip(found["rating"], found["status"], strict=True) if s or w in given}
        return found[["rating", "rows", "status", "why"]], settings, known

    # --- writing

    def write(self, into: Ledger | str | os.PathLike[str] | None = None) -> Imported:
        """Bring the rows in: all in one write; what can't be taken is set aside in a CSV beside the ledger.

        Parameters
        ----------
        into : Ledger or path, optional
            The ledger, where `import_table` was not told.

        Returns
        -------
        Imported
            The ledger, the import's id (`Ledger.withdraw_import` takes it back), counts, and the file of what was set
            aside.

        Raises
        ------
        QuestionsOpen
            Where the sheet does not show something that has to be known, such as the order of its days.
        InvalidValue
            Where it was not said into which ledger.
        """
        if into is not None and into is not self.ledger:
            place = None if isinstance(into, Ledger) else Path(into)
            ledger = into if isinstance(into, Ledger) else None
            if place is not None and (place.exists() or place.with_suffix("").exists()):
                ledger = opened(place, by=self._by)
            return Import(
                self.table, self.reviews, ledger, place, self._corrections, self.ours, self._by
            ).write()
        if self.questions:
            raise QuestionsOpen(self.table.name, self.questions)
        if self.ledger is None and self._place is None:
            raise InvalidValue("into", into, _INTO)
        ledger = self.ledger
        if ledger is None:
            title = re.sub(r"[-_\s]+", " ", Path(self.table.name).stem).strip() or "Imported claims"
            reviewers = set(self.reviews["reviewer"]) if self.reviews is not None and self.ours else set()
            publisher = reviewers.pop() if len(reviewers) == 1 else ""
            vocabulary = self.settings.vocabulary
            ledger = create(self._place, title=title, publisher=publisher, statuses=vocabulary, by=self._by)  # type: ignore[arg-type]
            self.ledger = ledger
        note = ledger._write(self._composed)
        file = self._write_aside(ledger)
        made, counts = note.import_id if note.new or note.changed else "", self.counts
        return Imported(
            ledger, made, counts["new"], note.changed, note.same, note.set_aside, file, counts.get("brought back", 0)
        )  # fmt: skip

    def _composed(self, transaction: Transaction) -> Note:
        """Compose all rows, note the import beside the tables, and keep what the rows said."""
        compare(
            self._rows,
            self._before,
            transaction.dataset,
            Parser(transaction.dataset.settings, transaction.now),
        )
        good = [row for row in self._rows if not row.reasons]
        import_id = imports.import_id(self.name, self.table.sha256, transaction)
        dataset, back = transaction.dataset, [named for row in good for named in row.back]
        self._bring_back(transaction, back)
        self._edit(transaction, good)
        first = transaction.entry
        coming = [row for row in good if row.standing != "same" and not row.reasons]
        origins = [imports.origin(import_id, row.own_id or str(row.line)) for row in coming]

        def one_by_one(transaction: Transaction, at: int) -> str:
            if coming[at].standing == "new":
                return proposed.bring_in(transaction, coming[at], origins[at])
            row = coming[at]
            proposed.add_to(transaction, row.claim_id, row if row.is_judged else replace(row, status=None))
            return row.claim_id

        at_once = proposed.at_once(transaction, coming, origins)
        made = bulk.compose(transaction, at_once, one_by_one, self.table.name)
        transaction.dataset, whole = dataset, transaction.entry
        whole.rows |= {name: [*rows, *whole.rows.get(name, ())] for name, rows in first.rows.items()}
        whole.cells |= {name: [*cells, *whole.cells.get(name, ())] for name, cells in first.cells.items()}
        for row, one in zip(coming, made, strict=True):
            row.claim_id = one.row_id or row.claim_id
            if one.reason:
                row.reasons.append(one.reason)
        added = transaction.entry.rows
        new = {row[0] for row in added.get(CLAIMS.name, ())}
        others = [
            (name, row[0])
            for name in ("appearances", "evidence", "statuses")
            for row in added.get(name, ())
            if row[schema.TABLES[name].names.index("claim_id")] not in new
        ]
        counts = self.counts
        note = Note(
            import_id, self.name, self.table.name, self.table.sha256, schema.moment_text(transaction.now), transaction.by,
            counts["new"] + counts.get("brought back", 0), counts["changed"], counts["same"], counts["set aside"],
            (*others, *back),
            tuple(row[0] for row in added.get("changes", ())),
        )  # fmt: skip
        store, good = self._store, [row for row in good if not row.reasons]
        if transaction.entry:
            store.keep(imports.FOLDER, f"{import_id}.toml", imports.written(note))
            store.keep(imports.FOLDER, f"{self.name}.toml", self.plan.text())
        if transaction.entry or any(
            self._before.said.get(known_rows.key(row.said), row.said) != row.said for row in good
        ):
            said = known_rows.written(self._before.said, good, self._gave(added))
            store.keep(imports.FOLDER, f"{self.name}.csv", said)
        return note

    def _gave(self, added: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str]:
        """Return the status that each row gave last, by its key."""
        given: dict[tuple[str, ...], str] = {}
        for one in (dict(zip(STATUSES.names, row, strict=True)) for row in added.get(STATUSES.name, ())):
            claim_id, status_id = one["claim_id"], one[STATUSES.id]
            given |= dict.fromkeys([(claim_id,), (claim_id, one["status"], one["holds_from"])], status_id)
        now = {}
        for row in self._rows:
            back = next((one for table, one in row.back if table == STATUSES.name), "")
            if row.status and not row.reasons and row.standing != "same":
                own = (row.claim_id, str(row.status["status"]), str(row.status["holds_from"]))
                now[known_rows.key(row.said)] = back or given.get(own) or given.get((row.claim_id,), "")
        return {**self._before.statuses, **{name: one for name, one in now.items() if one}}

    def _bring_back(self, transaction: Transaction, named: Sequence[tuple[str, str]]) -> None:
        """End the withdrawal of what was withdrawn with an import."""
        tables: dict[str, list[str]] = {}
        for table, row_id in dict.fromkeys(named):
            tables.setdefault(table, []).append(row_id)
        for table, row_ids in tables.items():
            transaction.turn(schema.TABLES[table], row_ids, WITHDRAWN, "", f"import of {self.table.name}")
        self._go_on(transaction, transaction.entry)

    def _edit(self, transaction: Transaction, rows: Sequence[Proposed]) -> None:
        """Compose what rows say otherwise of their claims, all of it on what stood before."""
        entry, transaction.entry = transaction.entry, Entry()
        why = f"import of {self.table.name}"
        done, edited, moved = set[tuple[str, str]](), list[Cell](), list[Cell]()
        for row in rows:
            edits = {
                name: one for name, one in changed_cells(row).items() if (row.claim_id, name) not in done
            }
            done.update((row.claim_id, name) for name in edits)
            try:
                if row.moved:
                    moved += transaction.put(
                        STATUSES, [row.moved], {"holds_from": row.changed["holds_from"][1]}
                    )
                if edits and row.standing != "new":
                    edited += transaction.put(CLAIMS, [row.claim_id], edits)
            except FactdeskError as error:
                row.reasons.append(bulk.reason(error))
        transaction.record(CLAIMS, edited, why)
        transaction.record(STATUSES, moved, why)
        self._go_on(transaction, transaction.entry)
        bulk.add(entry, transaction.entry, {})
        transaction.entry = entry

    def _go_on(self, transaction: Transaction, entry: Entry) -> None:
        """Let what is composed from here on stand on an entry."""
        if entry:
            transaction.dataset = transaction.dataset.forked(len(self._rows))
            transaction.dataset.take(entry)

    def _write_aside(self, ledger: Ledger) -> Path | None:
        """Write the rows that were not taken to a CSV that can be mended and imported again."""
        whole = self.table.set_aside
        columns = [str(name) for name in self.table.cells]
        rows = [
            [*self.table.cells.iloc[at].tolist(), str(row.line), "; ".join(row.reasons)]
            for at, row in enumerate(self._rows)
            if row.reasons
        ]
        for line, reason, text in zip(whole["line"], whole["reason"], whole["text"], strict=True):
            cells, more = tables.parted(str(text), len(columns))
            rows.append([*cells, str(line), "; ".join(filter(None, [str(reason), more]))])
        if not rows:
            return None
        data = csvfile.render([[*columns, "set aside: line", "set aside: reason"], *rows])
        assert ledger.path is not None
        for number in range(1, 10**6):
            path = ledger.path.with_name(f"{self.name}-set-aside{'' if number == 1 else f'-{number}'}.csv")
            if not path.exists() and not path.is_symlink():
                target.replace(path, data)
            elif not path.is_file() or path.is_symlink() or path.read_bytes() != data:
                continue
            return path
        return None
