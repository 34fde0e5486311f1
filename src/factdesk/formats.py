"""Days, numbers and names as readers write and look them up: in British English, or days as a locale asks."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from factdesk.errors import InvalidValue

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en-GB"
"""Where no locale is given; the sentences of pictures are English in any."""

# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_NUMBER = re.compile(r"(\d+)")

_locale: ContextVar[str] = ContextVar("locale", default=ENGLISH)


@contextlib.contextmanager
def spoken(locale: str | None) -> Iterator[None]:
    """Write days and numbers in a locale for as long as the block runs (as `decimal.localcontext` does).

    Examples
    --------
    >>> with spoken("de"):
    ...     spoken_day(date(2025, 3, 15)), number(12345), share(0.421)
    ('15. März 2025', '12.345', '42\xa0%')
    """
    name = ENGLISH if locale is None else locale
    _known(name)
    before = _locale.set(name)
    try:
        yield
    finally:
        _locale.reset(before)


def _known(name: str) -> Locale:
    try:
        return _parsed(name)
    except Exception as error:  # babel has errors of its own for each way to be none
        from babel.localedata import locale_identifiers

        words = [one.replace("_", "-") for one in locale_identifiers()]
        allowed = "a tag such as 'en-GB', 'de' or 'pt-BR'"
        raise InvalidValue.choice("locale", name, words, allowed=allowed) from error


@cache
def _parsed(name: str) -> Locale:
    from babel import Locale

    return Locale.parse(name, sep="_" if "_" in name else "-")


def _of_now() -> Locale:
    return _parsed(_locale.get())


def _is_english() -> bool:
    return _locale.get() == ENGLISH


def _apart(day: str) -> str:
    """Set a day in a language written from right to left apart from what stands around it (Unicode's UAX #9).

    Else a number behind it would be read as one of its own, and be set on its other side.
    """
    from_right = _of_now().text_direction == "rtl"
    return f"\N{FIRST STRONG ISOLATE}{day}\N{POP DIRECTIONAL ISOLATE}" if from_right else day


def spoken_day(day: date, precision: str = "") -> str:
    """Write a day as people say it; its `month` or `year` alone where no more is known.

    >>> spoken_day(date(2025, 3, 15)), spoken_day(date(2025, 3, 1), "month"), spoken_day(date(2025, 1, 1), "year")
    ('15 March 2025', 'March 2025', '2025')
    """
    from babel.dates import format_date, format_skeleton

    if precision == "month":
        return _apart(month_and_year(day))
    if precision == "year":
        return _apart(format_skeleton("y", day, locale=_of_now()))
    return _apart(format_date(day, "long", _of_now()))


def spoken_days(first: date, last: date, precision: str = "") -> str:
    """Write a span of days, both included, as people say it; of the first its `month` or `year` alone.

    >>> spoken_days(date(2025, 3, 15), date(2025, 3, 17)), spoken_days(date(2025, 3, 1), date(2025, 3, 17), "month")
    ('15 to 17 March 2025', 'March 2025 to 17 March 2025')
    """
    if first == last:
        return spoken_day(first, precision)
    if precision:
        return f"{spoken_day(first, precision)} {'to' if _is_english() else '–'} {spoken_day(last)}"
    if not _is_english():
        from babel.dates import format_interval

        return _apart(format_interval(first, last, "yMMMMd", locale=_of_now()))
    if first.year != last.year:
        return f"{spoken_day(first)} to {spoken_day(last)}"
    named = f" {month(first)}" if first.month != last.month else ""
    return f"{first.day}{named} to {spoken_day(last)}"


def short_day(day: date) -> str:
    """Write a day without its year, as under an axis.

    >>> short_day(date(2025, 3, 15))
    '15 Mar'
    """
    from babel.dates import format_skeleton

    return format_skeleton("MMMd", day, locale=_of_now())


def month(day: date, *, short: bool = False) -> str:
    """Name the month of a day.

    >>> month(date(2025, 3, 15)), month(date(2025, 3, 15), short=True)
    ('March', 'Mar')
    """
    return str(_of_now().months["stand-alone"]["abbreviated" if short else "wide"][day.month])


def month_and_year(day: date, *, short: bool = False) -> str:
    """Name the month of a day with its year.

    >>> month_and_year(date(2025, 3, 15)), month_and_year(date(2025, 3, 15), short=True)
    ('March 2025', 'Mar 2025')
    """
    from babel.dates import format_skeleton

    return format_skeleton("yMMM" if short else "yMMMM", day, locale=_of_now())


def spoken_part(written: str) -> str:
    """Write a day, a month or a year, given as files hold one, as people say it.

    >>> [spoken_part(text) for text in ("2025-03-15", "2025-03", "2025")]
    ['15 March 2025', 'March 2025', '2025']
    """
    first = date.fromisoformat(f"{written}-01-01"[:10])
    return spoken_day(first, {7: "month", 4: "year"}.get(len(written), ""))


def number(value: float, digits: int = 0) -> str:
    """Write a number, with its thousands set apart and at most so many digits after the point.

    >>> number(12345), number(2.5, 1)
    ('12,345', '2.5')
    """
    from babel.numbers import format_decimal

    return format_decimal(value, f"#,##0.{'#' * digits}" if digits else "#,##0", _of_now())


def share(part: float) -> str:
    """Write a share as a percentage without digits after the point.

    >>> share(0.421)
    '42%'
    """
    from babel.numbers import format_percent

    return format_percent(part, locale=_of_now())


def vega_locale() -> dict[str, dict[str, object]]:
    """Return how Vega is to write days and numbers; nothing for English, which it writes by itself.

    >>> with spoken("de"):
    ...     vega_locale()["time"]["months"][2]
    'März'
    """
    if _is_english():
        return {}
    of = _of_now()
    symbols = of.number_symbols[of.default_numbering_system]
    days = [(n + 6) % 7 for n in range(7)]  # Babel begins with Monday, D3 with Sunday
    time: dict[str, object] = {
        "dateTime": "%x %X",
        "date": "%-d.%-m.%Y",
        "time": "%H:%M",
        "periods": ["", ""],
    }
    for names, width in (("days", "wide"), ("shortDays", "abbreviated")):
        time[names] = [str(of.days["stand-alone"][width][day]) for day in days]
    for names, width in (("months", "wide"), ("shortMonths", "abbreviated")):
        time[names] = [str(of.months["stand-alone"][width][one]) for one in range(1, 13)]
    numbers = {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", ""],
    }
    return {"number": numbers, "time": time}


def counted(count: int, one: str, many: str = "") -> str:
    """Write how many there are of something.

    >>> counted(1, "claim"), counted(1234, "claim"), counted(0, "day it was made", "days it was made")
    ('1 claim', '1,234 claims', '0 days it was made')
    """
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def all_of(count: int, one: str = "", many: str = "") -> str:
    """Write that there are no others of something; of two one says "both".

    >>> all_of(2, "claim"), all_of(1234, "claim"), all_of(2), all_of(3, "entry", "entries")
    ('both claims', 'all 1,234 claims', 'both', 'all 3 entries')
    """
    if count == 1:
        return f"the only {one}" if one else "the only one"
    what = f" {many or one + 's'}" if one else ""
    return f"both{what}" if count == 2 else f"all {number(count)}{what}"


def none_of(count: int, one: str = "", many: str = "") -> str:
    """Write that it is none of several, with a verb as for one; of two one says "neither".

    >>> none_of(2, "claim"), none_of(1234, "claim"), none_of(2), none_of(3, "entry", "entries")
    ('neither claim', 'none of 1,234 claims', 'neither', 'none of 3 entries')
    """
    if count == 2:
        return f"neither {one}".strip()
    return f"none of {number(count)}" + (f" {many or one + 's'}" if one else "")


def by_name(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Return by what names are put in order: numbers in them by value, accents and case aside but where all else is alike.

    >>> sorted(["Paper 10", "Zeit", "Élysée", "paper 2", "Elysee", "Łódź", "Lyon"], key=by_name)
    ['Elysee', 'Élysée', 'Łódź', 'Lyon', 'paper 2', 'Paper 10', 'Zeit']
    """
    plain = name.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain.translate(_PLAIN))
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    # Text and digits by turns; of two numbers that with more digits is greater, however many there are.
    parts = enumerate(_NUMBER.split(plain))
    return tuple((len(own := part.lstrip("0")), own) if n % 2 else (0, part) for n, part in parts), name
