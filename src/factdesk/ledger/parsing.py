"""What a person gives, made into a row: cleaned, checked against its column, and named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from itertools import islice
from numbers import Integral

import numpy as np
import pandas as pd
from slugify import slugify

from factdesk import schema
from factdesk.checks.values import allowed_day, allowed_due, one_by_one
from factdesk.errors import InvalidValue
from factdesk.ledger.ids import name, row_id
from factdesk.schema import SEPARATOR, Column, Settings, Table
from factdesk.text import addresses, clean

Given = str | int | date | datetime | Iterable[str] | None
"""What may be given for a cell."""

_KEYS = frozenset({str, int, date, type(None)})
CLAIM_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# What a spreadsheet reads as a date or a truth value, and pandas as nothing.
_MISREAD = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-?\d{1,4}(-\d{1,4})?|true|false|nan|null"
)
_FORMS = {"number": re.compile("[0-9]{1,18}"), "hash": re.compile("[0-9a-f]{64}")}
FIRST_ZONE = timezone(timedelta(hours=14))
"""Where a day begins first on Earth: what is said or published there today is of no day to come."""
ID_LIMIT = 80
TOO_LONG = f"{schema.CELL_LIMIT:,} characters; keep a long text as a file and attach that"
RAW_LIMIT = 4 * schema.CELL_LIMIT
"""Characters beyond which a text is refused as it is: cleaning one of 50 MB takes seconds and gigabytes."""


@dataclass(frozen=True)
class Parser:
    """Makes cells of what is given, by the ledger's settings and the moment; `warnings` says what it changed."""

    settings: Settings
    now: datetime
    warnings: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day in the ledger's time zone."""
        return self.now.astimezone(self.settings.zone).date()

    @cached_property
    def _last_day(self) -> date:
        return self.now.astimezone(FIRST_ZONE).date()

    def cells(self, table: Table, given: Mapping[str, Given]) -> dict[str, str]:
        """Return the cells of some columns as the files hold them, each checked; tell what was changed."""
        cells: dict[str, str] = {}
        for column in table.columns:
            if column.name in given:
                cells[column.name] = self._cell(table, column, given[column.name])
        if table is schema.CLAIMS and (precision := precision_of(given.get("made_on"))):
            cells["made_on_precision"] = precision
        return cells

    def column(self, table: Table, name: str, given: Sequence[Given]) -> tuple[list[str], set[int]]:
        """Return a column's cells, of equal values parsed once, and the places of those that are refused or warned of."""
        column, doubtful = table.by_name[name], set[int]()
        if not {*map(type, given)} <= _KEYS:  # what is equal of other types may be written otherwise
            cells = [self._sure(table, column, value) for value in given]
        else:
            known = {value: self._sure(table, column, value) for value in dict.fromkeys(given)}
            cells = [known[value] for value in given]
        if None in cells:
            doubtful = {at for at, cell in enumerate(cells) if cell is None}
        return [cell or "" for cell in cells], doubtful

    def _sure(self, table: Table, column: Column, given: Given) -> str | None:
        """Return a cell; None where what is given is refused, or changed in a way that is to be warned of."""
        known = len(self.warnings)
        try:
            cell = self._cell(table, column, given)
        except (InvalidValue, KeyError, TypeError):
            return None
        if len(self.warnings) == known:
            return cell
        del self.warnings[known:]
        return None

    def filled(self, table: Table, given: Mapping[str, Given]) -> dict[str, str]:
        """Return the cells of some columns, none empty that is required."""
        cells = self.cells(table, given)
        for column in table.columns:
            if column.required and cells.get(column.name) == "":
                allowed = f"not empty ({column.meaning})"
                raise InvalidValue(column.name, given[column.name], allowed, table.name)
        return cells

    def row(self, table: Table, given: Mapping[str, Given]) -> dict[str, str]:
        """Return a whole new row, without its id and its moment: what is not given is empty."""
        return dict.fromkeys(table.names, "") | self.filled(table, dict.fromkeys(table.needed) | dict(given))

    def address(self, given: str) -> tuple[str, str]:
        """Check a web address; give it as the file holds it and the id of its source; tell what was changed."""
        text = clean(given[:RAW_LIMIT], one_line=True)[0]
        if not _CANONICAL.fullmatch(text) and len(addresses(text)) > 1:
            safe = _SECRET.sub(r"\1…@", text)
            raise InvalidValue("url", safe, one_by_one(safe), schema.SOURCES.name)
        text, source_id, changes = address(given)
        if changes:
            self.warnings.append(f"{schema.SOURCES.name}.url: {'; '.join(changes)}.")
        return text, source_id

    def past_moment(self, table: Table, column: str, given: object) -> str:
        """Return a moment that is not to come as the files hold it; a day means its end, that of today now."""

        def refuse(allowed: str) -> InvalidValue:
            return InvalidValue(column, given, allowed, table.name)

        form = f"a moment with its time zone, such as 2025-03-15T12:00:00Z, or {schema.ALLOWED_DAYS}"
        value = given.strip() if isinstance(given, str) else given
        try:
            moment = schema.parse_moment(value, self.settings.zone)
        except (ValueError, TypeError):
            raise refuse(form) from None
        if moment > self.now and not self._is_today(value):
            raise refuse(f"a moment up to now, {schema.moment_text(self.now)}")
        return schema.moment_text(min(moment, self.now))

    def _is_today(self, given: object) -> bool:
        try:
            return schema.parse_day(given) == self.today
        except ValueError:
            return False

    def _cell(self, table: Table, column: Column, given: Given) -> str:
        if given is None or (isinstance(given, (str, tuple)) and not given):
            return ""

        def refuse(allowed: str) -> InvalidValue:
            return InvalidValue(column.name, given, allowed, table.name)

        if column.holds == "day":
            if table is schema.CLAIMS and precision_of(given):
                given = f"{str(given).strip()}-01-01"[:10]
            return self._day(column, given, refuse)
        if column.holds == "due" and isinstance(given, date) and not _is_missing(given):
            given = str(given).removesuffix(" 00:00:00")
        holds_several = column.holds in ("several", "evidence")
        parts = _parts(given) if holds_several else [given]
        texts = [_text(part, refuse) for part in parts]
        if sum(map(len, texts)) > RAW_LIMIT:
            raise refuse(TOO_LONG)
        text, changes = clean(SEPARATOR.join(texts), one_line=column.holds != "text")
        if changes:
            self.warnings.append(f"{table.name}.{column.name}: {'; '.join(changes)}.")
        if holds_several:
            text = SEPARATOR.join(dict.fromkeys(filter(None, map(str.strip, text.split(SEPARATOR)))))
        if len(text) > schema.CELL_LIMIT:
            raise refuse(TOO_LONG)
        if text and column.holds == "due" and not schema.is_due(text):
            raise refuse(allowed_due(text))
        if text and column.holds in _FORMS and not _FORMS[column.holds].fullmatch(text):
            raise refuse(f"{column.meaning}, in the form {_FORMS[column.holds].pattern}")
        if column.holds in ("choice", "status") and text:
            words = self.settings.statuses if column.holds == "status" else list(column.choices)
            text = _chosen(text, words)
            if text not in words:
                if column.holds == "status" and (now := self.settings.renamed.get(text)):
                    raise refuse(f"{', '.join(words)}; what was {text!r} is called {now!r} now")
                raise InvalidValue.choice(column.name, given, words, table.name)
        return text

    def _day(self, column: Column, given: Given, refuse: Callable[[str], InvalidValue]) -> str:
        if _is_missing(given):
            return ""
        if isinstance(given, str):
            given = given.strip()
            if not given:
                return ""
        written = given.isoformat() if isinstance(given, date) else given
        zone = self.settings.zone
        try:
            day = schema.parse_day_in(given, zone)
        except ValueError:
            raise refuse(
                allowed_day(written, zone) if isinstance(written, str) else schema.ALLOWED_DAYS
            ) from None
        last = self._last_day
        if day > last:
            today = f"today is {schema.day_text(self.today)} in {self.settings.timezone}"
            raise refuse(f"a day up to {schema.day_text(last)}, today's where days begin first ({today})")
        text = schema.day_text(day)
        if not str(written).startswith(text):
            self.warnings.append(f"{column.name}: {written} is {text} in {self.settings.timezone}.")
        return text


def precision_of(given: Given) -> str:
    """Return `month` or `year` where a day is given as one of these, such as 2025-03.

    >>> precision_of("2025-03"), precision_of("2025"), precision_of("2025-03-15")
    ('month', 'year', '')
    """
    written = given.strip() if isinstance(given, str) else ""
    is_part = not schema.DAY.fullmatch(written) and schema.is_due(written)
    return schema.PRECISIONS[0 if "-" in written else 1] if is_part else ""


def _chosen(text: str, words: Sequence[str]) -> str:
    """Return the word of a vocabulary that differs from the text in case only, else the text."""
    if text in words:
        return text
    return next((word for word in words if word.casefold() == text.casefold()), text)


def _is_missing(given: object) -> bool:
    if isinstance(given, (float, np.floating, np.datetime64)):
        return bool(given != given)  # NaN and NaT are not themselves
    return given is None or given is pd.NaT or given is pd.NA


def _text(given: object, refuse: Callable[[str], InvalidValue]) -> str:
    if _is_missing(given):
        return ""
    if isinstance(given, str):
        return given
    if isinstance(given, Integral) and not isinstance(given, bool) and abs(int(given)) < 10**18:
        return str(int(given))
    raise refuse("text")


def _parts(given: object) -> list[object]:
    """Return what stands in a list, a column or a set (in order), or one value alone."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        return [given]
    parts = list(islice(given, schema.CELL_LIMIT))
    return sorted(parts, key=str) if isinstance(given, (set, frozenset)) else parts


def claim_id(claim: str, claimant: str, made_on: str, taken: Iterable[str] = ()) -> str:
    """Name a claim: its claimant, three words and four characters of the hash of claim, claimant and day.

    >>> claim_id("Russia has given positive signals.", "Donald Trump", "2025-03-13")[:32]
    'donald-trump-russia-given-positi'
    """
    who = _words(claimant, 2) or ["claim"]
    what = [word for word in _words(claim, 12) if word not in _SMALL and word not in who][:3] or _words(
        claim, 3
    )
    stem = "-".join([*who, *what])[: ID_LIMIT - 20].strip("-")
    if not stem[:1].isalpha():
        stem = f"c-{stem}".strip("-")
    hashed = (claim, claimant, made_on)
    if (short := f"{stem}-{name(hashed, 4)}") not in taken:
        return short
    long = name(hashed, 26)
    return next(one for n in range(5, 27) if (one := f"{stem}-{long[:n]}") not in taken)


_SMALL_WORDS = """
a an and are as at be but by for from has have he in is it its of on or she that the their they this to was
were will with
"""
_SMALL = frozenset(_SMALL_WORDS.split())


@lru_cache(4_096)
def _words(text: str, n: int) -> list[str]:
    """Return the first words of a text as `slugify` writes them, at a tenth of its cost."""
    if "&" in text:
        return [word for word in slugify(text).split("-") if word][:n]
    plain = text if text.isascii() else text.translate(_SLUGS)
    return _SLUG_WORD.findall(_BETWEEN_DIGITS.sub("", plain.lower()))[:n]


class _Slugs(dict[int, str]):
    """What `slugify` makes of each character that is not ASCII; a comma joins the digits around it."""

    def __missing__(self, code: int) -> str:
        if code < 128:
            self[code] = chr(code)
        else:
            joins = slugify(f"1{chr(code)}1") == "11"
            piece = slugify(f"x{chr(code)}x")[1:-1]
            self[code] = "," if joins and piece else piece
        return self[code]


_SLUGS = _Slugs()
_SLUG_WORD = re.compile("[a-z0-9]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]),(?=[0-9])")


def chosen_claim_id(given: object) -> str:
    """Check an id that a person chose for a claim."""
    if (
        not isinstance(given, str)
        or len(given) > ID_LIMIT
        or not CLAIM_ID.fullmatch(given)
        or _MISREAD.fullmatch(given)
    ):
        raise InvalidValue(
            "claim_id", given,
            f"small letters, digits and single dashes, beginning with a letter, up to {ID_LIMIT} characters, "
            "nothing that a spreadsheet reads as a date; such as 'trump-positive-signals'", "claims")  # fmt: skip
    return given


# Addresses that have one form only, at a tenth of the cost of looking for it.
_CANONICAL = re.compile(
    r"https?://[a-z0-9]{1,63}(?:[.-][a-z0-9]{1,20}){1,8}(?:/(?!\.)[A-Za-z0-9._~-]{0,200}){1,40}"
)
_SECRET = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,30}:/+)[^/?#]*@")


def address(given: str) -> tuple[str, str, list[str]]:
    """Check a web address; give it as the file holds it, the id of the source it names, and what was changed.

    The id comes from the address in one form (host in small letters, arguments in order, no fragment), so that
    the same page attached twice is one source.
    """

    if _CANONICAL.fullmatch(given):
        return given, row_id(schema.SOURCES.letter, (given,)), []

    def refuse(allowed: str, value: str = given) -> InvalidValue:
        return InvalidValue("url", value, allowed, "sources")

    too_long = f"{schema.CELL_LIMIT:,} characters"
    if len(given) > RAW_LIMIT:
        raise refuse(too_long)
    text, changes = clean(given, one_line=True)
    if _SECRET.match(text):
        published = "the ledger and its pages are published, and would publish that too"
        allowed = f"an address without a name or password before the host: {published}"
        raise refuse(allowed, _SECRET.sub(r"\1…@", text))
    allowed = "an address that begins with http:// or https:// and has no blanks"
    if not re.match(r"https?://[^\s/?#]+", text, re.IGNORECASE) or any(mark in text for mark in ' <>"\\`'):
        raise refuse(allowed)
    if len(text) > schema.CELL_LIMIT:
        raise refuse(too_long)
    try:
        from w3lib.url import canonicalize_url, safe_url_string  # it loads what speaks HTTP

        return text, row_id(schema.SOURCES.letter, (canonicalize_url(safe_url_string(text)),)), changes
    except ValueError:  # a host that can be none, such as http://[x
        raise refuse(allowed) from None


def is_address(given: str) -> bool:
    """Return whether a text was meant as an address rather than a file or an id.

    >>> is_address("\u200bhttps://example.org"), is_address("C:\\\\reports\\\\a.pdf")
    (True, False)
    """
    start, _ = clean(given[:100], one_line=True)
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+:", start) is not None
