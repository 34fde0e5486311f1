"""What each column of a sheet is to a ledger, guessed from its name and its cells; a wrong guess is worse than none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from factdesk.exchange.cells import addresses_in, is_blank, is_broken
from factdesk.exchange.days import parse_days
from factdesk.exchange.fields import FIELDS, Field, by_name
from factdesk.exchange.ratings import is_rating
from factdesk.formats import counted
from factdesk.schema import KINDS
from factdesk.text import host, shown

__all__ = ["FIELDS", "Field", "guess"]

_LOOKED_AT, _DATED = 300, 50
_TRUTH = re.compile(
    r"true|false|yes|no|y|n|t|f|x|[✓✔✗01]|ja|nein|wahr|falsch|oui|non|vrai|faux|s[iíì]|sim|não|так|ні|да|нет|نعم|لا|हाँ|नहीं"
    r"|evet|hayır"
)
# Of these names nothing says whose address it is; an address that has such a word is one of a check.
_NEUTRAL = re.compile(
    r"(?:web ?)?(?:url|link|hyperlink|lien|enlace|ссылка|посилання|رابط|الرابط|लिंक|bağlantı)s?", re.I
)
_CHECK = re.compile(
    r"fact|check|verif|fakten|debunk|hoax|rumou?r|snopes|desment|bufala|teyit|fake|misinfo", re.I
)
_WEAK = re.compile(
    "status|statut|статус|label|result|outcome|Ergebnis|resultado|esito|sonuç|النتيجة", re.IGNORECASE
)
_BY_CONTENT = 60.0
_MOST_RATINGS, _LONG = 30, 60
OF_WHICH = "of the claim, or of the check?"
"""How the reason ends why a column of days is none of either."""


@dataclass(frozen=True)
class _Column:
    """One column: a sample of its cells that say something, and what can be told of them."""

    name: str
    cells: pd.Series
    languages: tuple[str, ...]
    zone: ZoneInfo
    today: date

    @cached_property
    def sample(self) -> list[str]:
        """Cells that say something, spread over the column."""
        count = len(self.cells)
        places = np.linspace(0, count - 1, min(count, _LOOKED_AT)).astype("int64")
        some = [
            cell for cell in self.cells.iloc[places].tolist() if not is_blank(cell) and not is_broken(cell)
        ]
        if len(some) >= min(count, 30):
            return some
        filled = self.cells[self.cells.str.strip() != ""].head(10 * _LOOKED_AT).tolist()
        return [cell for cell in filled if not is_blank(cell) and not is_broken(cell)][:_LOOKED_AT]

    @cached_property
    def distinct(self) -> int:
        """How many different cells it has."""
        return int(self.cells.nunique())

    def share(self, matches: Iterable[object]) -> float:
        """Return which part of the sample does."""
        return sum(map(bool, matches)) / len(self.sample) if self.sample else 0.0

    @cached_property
    def addresses(self) -> list[list[str]]:
        """The addresses of each cell of the sample."""
        return [
            addresses_in(cell)[0] if "://" in cell or "www." in cell.lower() else [] for cell in self.sample
        ]

    @cached_property
    def linked(self) -> float:
        """Which part of the cells are addresses."""
        return self.share(map(bool, self.addresses))

    @cached_property
    def dated(self) -> float:
        """Which part of the cells are days, or would be if their order or language were given."""
        sample = pd.Series(self.sample[:_DATED], dtype="str")
        found = parse_days(sample, languages=self.languages, zone=self.zone, today=self.today).frame
        may_be = found["reason"].str.contains(
            "it may be|would be|no month in the languages|four digits", regex=True
        )
        return float(((found["day"] != "") | may_be).mean()) if len(found) else 0.0

    @cached_property
    def length(self) -> float:
        """How many characters its cells have."""
        return sum(map(len, self.sample)) / len(self.sample) if self.sample else 0.0

    @cached_property
    def is_truth(self) -> bool:
        """Whether its cells are truth values or ticks and nothing else."""
        return bool(self.sample) and all(_TRUTH.fullmatch(cell.strip().casefold()) for cell in self.sample)

    @cached_property
    def numeric(self) -> float:
        """Which part of the cells are numbers."""
        return self.share(re.fullmatch(r"\s*[+-]?[\d.,\s]+%?\s*", cell) for cell in self.sample)

    @cached_property
    def counting(self) -> float:
        """Which part of the cells are one number, as a day such as 14.03.2025 is none."""
        return self.share(re.fullmatch(r"\s*[+-]?\d+(?:[.,]\d+)?%?\s*", cell) for cell in self.sample)

    @cached_property
    def own_address(self) -> str:
        """Where each row has one address of its own, nearly all on one server: the words for whose they are."""
        singles = [one[0] for one in self.addresses if len(one) == 1]
        if len(singles) < 5 or not len(singles) == len(self.addresses) == len(set(singles)):
            return ""
        if pd.Series([host(one) for one in singles], dtype="str").value_counts().iloc[0] < 0.9 * len(singles):
            return ""
        return (
            "the check's"
            if self.share(_CHECK.search(one) for one in singles) > 0.9
            else "the claim's or the check's"
        )

    @cached_property
    def example(self) -> str:
        """The first cell that says something."""
        return shown(self.sample[0].strip(), 60) if self.sample else ""


@dataclass
class _Guess:
    column: _Column
    field: str = ""
    score: float = 0.0
    why: str = ""
    words: int = 0
    """Of how many words the known name is: "date of claim" says more than "date"."""


def guess(
    cells: pd.DataFrame, *, languages: Iterable[str] = ("en",), today: date, zone: ZoneInfo
) -> pd.DataFrame:
    """Return what each column of a table is: `column`, `field` (nothing where none), `score`, `why`, `example`.

    A column is what its name says (91 of 100 or more like a name that is known), unless its cells say otherwise; one
    whose name is not known only where its cells leave nothing else. Of several columns that could be one field the
    likest is it, but for fields that several may be.

    Examples
    --------
    >>> sheet = pd.DataFrame({"Speaker": ["A"], "What was claimed": ["It rained."], "Checked": ["TRUE"]}, dtype="str")
    >>> guess(sheet, today=date(2025, 4, 1), zone=ZoneInfo("UTC"))[["column", "field"]].to_numpy().tolist()
    [['Speaker', 'claimant'], ['What was claimed', 'claim'], ['Checked', '']]
    """
    tags = (languages,) if isinstance(languages, str) else tuple(languages)
    columns = [
        _Column(str(name), cells.iloc[:, at], tags, zone, today) for at, name in enumerate(cells.columns)
    ]
    guesses = [_by_name(column) for column in columns]
    _settle(guesses)
    _by_content(guesses)
    rows = [(one.column.name, one.field, one.score, one.why, one.column.example) for one in guesses]
    frame = pd.DataFrame(rows, columns=["column", "field", "score", "why", "example"])
    return frame.astype({"column": "str", "field": "str", "score": "float64", "why": "str", "example": "str"})


# --- by name


def _by_name(column: _Column) -> _Guess:
    """Return the field that the column's name is like, if its cells allow it."""
    why = ""
    for field, score, known in by_name(column.name):
        like = f"the name is like '{known}'"
        fault = _fault(FIELDS[field], column)
        if not fault and field == "source" and _NEUTRAL.fullmatch(known) and (whose := column.own_address):
            like = f"{like}, and each row has an address of its own on one server: {whose}"
            field, score = ("published_at", score - 5) if whose == "the check's" else ("", 0.0)
        if not fault and field == "status" and _WEAK.fullmatch(known) and not _has_ratings(column):
            score -= 4  # it may as well say how far the work is
        if not fault:
            return _Guess(column, field, score, like, len(known.split()))
        why = why or f"{like}, but {fault}"
    return _Guess(column, why=why)


def _has_ratings(column: _Column) -> bool:
    return any(is_rating(cell) for cell in set(column.sample))


def _fault(field: Field, column: _Column) -> str:
    """Return why a column's cells are not what its name says; nothing where they may be."""
    if not column.sample:
        return ""
    total = len(column.sample)
    if field.holds == "addresses":
        return "" if column.linked >= 0.5 else _of(column.linked, total, "are addresses")
    if column.linked > 0.5:
        return _of(column.linked, total, "are addresses")
    if field.holds == "day":
        return "" if column.dated >= 0.5 else _of(column.dated, total, "are days")
    if field.holds == "kind":
        fits = column.share(cell.strip().casefold() in KINDS for cell in column.sample)
        return "" if fits >= 0.5 else f"its cells are no kinds of claims ({', '.join(KINDS)})"
    if field.holds == "id":
        repeated, rows = len(column.cells) - column.distinct, len(column.cells)
        again = "repeats one above" if repeated == 1 else "repeat one above"
        # Of few rows one may be a slip, as of many one in ten.
        return f"{counted(repeated, 'cell')} {again}" if repeated > max(0.1 * rows, rows > 2) else ""
    if field.name != "status" and column.is_truth:
        return "its cells are truth values"
    if column.numeric > 0.5 and (field.name == "claim" or field.holds == "words"):
        return "its cells are numbers"
    if column.dated > 0.5 and (field.name == "claim" or field.holds in ("words", "several", "status")):
        return _of(column.dated, total, "are days")
    return _fault_of_words(field, column)


def _fault_of_words(field: Field, column: _Column) -> str:
    rows = len(column.cells)
    if field.name == "status" and column.length > _LONG:
        return f"its cells have {column.length:.0f} characters on average"
    if field.name == "status" and rows > 20 and column.distinct > max(_MOST_RATINGS, 0.2 * rows):
        return f"it has {counted(column.distinct, 'different value')}"
    if field.name == "claim" and rows > 20 and column.distinct < 0.1 * rows:
        return f"it has only {counted(column.distinct, 'different value')}"
    if field.name == "source_publisher" and rows > 4 and column.distinct == 1:
        return "it says the same in each row"
    if field.holds == "words" and column.length > 2 * _LONG:
        return f"its cells have {column.length:.0f} characters on average"
    return ""


def _of(part: float, total: int, what: str) -> str:
    return f"{round(part * total) or 'none'} of {total:,} cells {what}"


# --- one column a field


def _settle(guesses: list[_Guess]) -> None:
    """Leave each field that only one column can be to the likest, of equals to the fuller one."""
    best: dict[str, _Guess] = {}
    for one in guesses:
        other = best.get(one.field)
        if other is None or _rank(one) > _rank(other):
            best[one.field] = one
    for one in guesses:
        if one.field and not FIELDS[one.field].many and best[one.field] is not one:
            one.why = f"{one.why}, but '{shown(best[one.field].column.name, 40)}' is more so"
            one.field, one.score = "", 0.0


def _rank(one: _Guess) -> tuple[float, int, int]:
    return one.score, one.words, int((one.column.cells.str.strip() != "").sum())


# --- by content


def _by_content(guesses: list[_Guess]) -> None:
    """Guess at columns whose names are not known, where their cells leave one field only that no column is yet."""
    taken = {one.field for one in guesses}
    bare = [one for one in guesses if not one.why and one.column.sample]
    for field, fits in (("claim", _may_be_claim), ("status", _may_be_status), ("source", _may_be_sources)):
        found = [(one, why) for one in bare if not one.field and (why := fits(one.column))]
        if field in taken:
            continue
        if len(found) == 1:
            one, why = found[0]
            one.field, one.score, one.why = field, _BY_CONTENT, why
        for one, why in found if len(found) > 1 else ():
            one.why = f"{why}, but so may another column be"
    for one in bare:
        if not one.why:
            one.why = _no_guess(one.column)
    first = guesses[0] if guesses else None
    if first and first in bare and not first.field and "row_id" not in taken and _may_be_ids(first.column):
        first.field, first.score, first.why = (
            "row_id",
            _BY_CONTENT,
            "each cell of the first column is another short name",
        )


def _may_be_claim(column: _Column) -> str:
    is_text = column.length >= 40 and column.share(len(cell.split()) > 3 for cell in column.sample) > 0.8
    is_own = column.distinct >= 0.9 * len(column.cells) and len(column.cells) > 2
    return "long texts, each another: a claim?" if is_text and is_own and not column.linked else ""


def _may_be_status(column: _Column) -> str:
    values = {cell.strip().casefold() for cell in column.sample}
    known = [value for value in values if is_rating(value)]
    if (
        column.is_truth
        or len(known) < 2
        or 2 * len(known) < len(values)
        or 2 * len(values) > len(column.sample)
    ):
        return ""
    return f"{counted(column.distinct, 'different value')} such as '{shown(max(known, key=len))}': a rating?"


def _may_be_sources(column: _Column) -> str:
    has_several = any(len(one) > 1 for one in column.addresses)
    return (
        f"{_of(column.linked, len(column.sample), 'are addresses')}, some of them several"
        if has_several and column.linked > 0.5
        else ""
    )


def _may_be_ids(column: _Column) -> bool:
    is_own = column.distinct == len(column.cells) > 2
    return is_own and all(
        re.fullmatch(r"\s*(?=\S*\d)[A-Za-z]{1,8}[-_/ ]?[\w-]{1,30}\s*", cell) for cell in column.sample
    )


def _no_guess(column: _Column) -> str:
    total = len(column.sample)
    if column.is_truth:
        return "truth values: nothing that a ledger holds"
    if column.linked > 0.5:
        return f"{_of(column.linked, total, 'are addresses')}: of evidence, or of the check?"
    if column.counting <= 0.5 and column.dated > 0.5:
        return f"{_of(column.dated, total, 'are days')}: {OF_WHICH}"
    return f"{counted(column.distinct, 'different value')}; the name is not known"
