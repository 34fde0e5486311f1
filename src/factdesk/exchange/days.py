"""Days in any usual writing to YYYY-MM-DD: decided by the whole column, or asked; never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from factdesk.errors import InvalidValue
from factdesk.exchange.cells import is_blank, is_broken
from factdesk.exchange.months import languages_of, months, plain, weekdays
from factdesk.schema import FIRST_DAY, LAST_DAY, day_text, parse_day_in
from factdesk.text import shown

DAY_FIRST, MONTH_FIRST, EXCEL = "day first", "month first", "excel"

_LIMIT = 60
"""Characters of a day, its weekday and time included."""
_EARLIEST, _AHEAD = 1700, 100
"""Years before which, and so many from today after which, a day is likely one of another calendar."""

_UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff\u200b"))
_TIME = r"(?:[ T,]+(?:um |at )?\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)? ?(?:[ap]\.?m\.?|uhr)?)?"
_NUMBERS = re.compile(
    rf"(\d{{1,4}}) ?([-./]) ?(\d{{1,2}}) ?\2 ?(\d{{1,4}})\.?(?: ?[гр]\.)?{_TIME}", re.IGNORECASE
)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)? ?(?:Z|UTC|[+-]\d\d:?\d\d)", re.IGNORECASE
)
_YEAR_AND_MONTH = re.compile(
    r"(?P<y>\d{4})[-./](?P<m>\d{1,2})|(?P<m2>\d{1,2})[-/](?P<y2>\d{4})|(?P<m3>0\d|1[0-2])\.(?P<y3>\d{4})"
)
_EAST_ASIAN = re.compile(
    r"(\d{4})[年년] ?(?:(\d{1,2})[月월] ?(?:(\d{1,2})[日일號号]?)?)?(?: ?\(?[月火水木金土日一二三四五六天星期週周曜월화수목금토일요]{1,3}\)?)?"
)
_ERA = re.compile(r"(民國|民国|中華民國|令和|平成|昭和) ?(\d{1,3}|元)年 ?(\d{1,2})月 ?(\d{1,2})日")
_ERAS = {"民國": 1911, "民国": 1911, "中華民國": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}
_SERIAL = re.compile(r"([2-6]\d{4})(?:[.,]\d+)?")
_WORDS = re.compile(r"\d+|[^\d\s,،./\-‐‑]+")
# What stands between day, month and year in the languages of our synonyms, and means nothing by itself.
_FILLER = re.compile(
    "st|nd|rd|th|of|the|on|le|er|el|del?|d[aio]|il|de[nr]|am|г|года|р|року|го|d|º|a|h|tarihi"
)

# What is no day, by what it says; the first that is found is named.
_NO_DAYS = {
    "a quarter or half of a year is no day": (
        r"\b[qt] ?[1-4]\b|\b[1-4] ?q\b|\bh ?[12]\b|quart(?:er|al)|trimest|semest|квартал|чверт"
    ),
    "it counts from today, which was another day when it was written": (
        r"\b(?:yesterday|today|tomorrow|ago|last|next|this|gestern|heute|morgen|vorgestern|hier|aujourd.?hui|demain|ayer|hoy"
        r"|mañana|ontem|hoje|ieri|oggi|domani|вчора|сьогодні|вчера|сегодня|أمس|اليوم|कल|आज|dün|bugün)\b"
    ),
    "it is about a day, and none": (
        r"~|\b(?:mid|early|late|beginning|end|ca|circa|c|about|around|approx\w*|before|after|since|by|until|anfang|mitte"
        r"|ende|vor|nach|seit|bis|début|debut|fin|mi|vers|avant|après|principios|mediados|finales|início|meados|fine|inizio"
        r"|початок|середина|кінець|начало|конец|около)\b"
    ),
    "a season is no day": (
        r"\b(?:spring|summer|autumn|fall|winter|frühling|frühjahr|sommer|herbst|printemps|été|automne|hiver|primavera"
        r"|verano|otoño|invierno|весна|літо|осінь|зима|лето|осень)\b"
    ),
}
_NO_DAY = {why: re.compile(pattern, re.IGNORECASE) for why, pattern in _NO_DAYS.items()}
_RANGE = re.compile(r"\d.*(?: to | bis | until | through |–|—|\.\.| - |/).*\d", re.IGNORECASE)


Day = tuple[str, str, str]
"""A day, its precision, and why it is none."""


@dataclass(frozen=True)
class Days:
    """A column of days.

    `frame` has the column's index and for each cell its `day` (YYYY-MM-DD or nothing), its `precision` (`month` or
    `year` where the day is only the first of one) and the `reason` why a cell that says something is no day.
    `order` is that of day and month in days written by numbers, nothing where it is open, or where there are none.
    `question` asks for it where the column alone does not settle it.
    """

    frame: pd.DataFrame
    order: str
    question: str


@dataclass(frozen=True)
class _Read:
    """What one text says: a day, or numbers whose order is open, or why it is none."""

    day: date | None = None
    precision: str = ""
    reason: str = ""
    either: tuple[date, date] | None = None
    """As a day first, and as a month first."""
    tells: str = ""
    """The order that this text alone settles."""
    counted: date | None = None
    """The day that a number is, where it counts days as spreadsheets do."""


def parse_days(
    cells: pd.Series,
    *,
    order: str | None = None,
    languages: Iterable[str] = ("en",),
    zone: ZoneInfo,
    today: date,
    is_counted: bool = False,
) -> Days:
    """Parse a column of days; what is no certain day has a reason, and no day.

    Parameters
    ----------
    cells : Series of str
        As they stand in the sheet. Equal texts are read once.
    order : {"day first", "month first"}, optional
        Of days written by numbers. By default the column tells: one first number over 12 says that days come first,
        one second number over 12 that months do. A day that can only be one is read as that in any case.
    languages : iterable of str
        Languages of months' names, as tags.
    zone : ZoneInfo
        Where a moment with a time zone has its day; a time without one is left out.
    today : date
        Tells years of two digits, and years of other calendars.
    is_counted : bool, default False
        Whether numbers such as 45730 are days as spreadsheets count them; a column that has more of them than of days
        asks.

    Examples
    --------
    >>> column = pd.Series(["14.03.2025", "04.03.2025", "March 2025", "Q1 2025"], dtype="str")
    >>> days = parse_days(column, zone=ZoneInfo("UTC"), today=date(2025, 4, 1))
    >>> days.frame["day"].tolist(), days.frame["precision"].tolist(), days.order
    (['2025-03-14', '2025-03-04', '2025-03-01', ''], ['', '', 'month', ''], 'day first')
    >>> print(parse_days(column[1:2], zone=ZoneInfo("UTC"), today=date(2025, 4, 1)).question)
    '04.03.2025' may be 2025-03-04 or 2025-04-03, and nothing in the column tells. Give the order: 'day first' or 'month first'.
    """
    if order not in (None, "", DAY_FIRST, MONTH_FIRST):
        raise InvalidValue.choice("order", order, [DAY_FIRST, MONTH_FIRST])
    tags = (languages,) if isinstance(languages, str) else tuple(languages)
    months(tags)
    texts = cells.fillna("").astype("str")
    read = {text: _read(text, tags, zone, today) for text in texts.unique().tolist()}
    told = {one.tells: text for text, one in reversed(read.items()) if one.tells}
    is_open = {text: one.either for text, one in read.items() if one.either}
    settled = order or (next(iter(told)) if len(told) == 1 else "")
    question = "" if settled or not is_open else _question(is_open, told)
    if is_counted:
        read = {
            text: replace(one, day=one.counted, reason="") if one.counted else one
            for text, one in read.items()
        }
    elif (numbers := [text for text, one in read.items() if one.counted]) and 2 * len(numbers) > len(
        [one for one in read.values() if one.day or one.either or one.reason]
    ):
        first = f"'{shown(numbers[0])}' would be {day_text(read[numbers[0]].counted)}"  # type: ignore[arg-type]
        question = f"its cells are numbers; as a spreadsheet counts days, {first}. If so, say '{EXCEL}'."
    rows = {text: _row(one, settled) for text, one in read.items()}
    frame = pd.DataFrame(
        [rows[text] for text in texts.tolist()],
        columns=["day", "precision", "reason"],
        index=cells.index,
        dtype="str",
    )
    return Days(frame, settled if is_open or told else "", question)


def read_day(text: str, languages: Iterable[str], zone: ZoneInfo, today: date) -> Day:
    """Return the day that one text alone says, its precision, and why it is none.

    >>> read_day("14 March 2025", ["en"], ZoneInfo("UTC"), date(2025, 4, 1))
    ('2025-03-14', '', '')
    >>> read_day("März 2025", ["en", "de"], ZoneInfo("UTC"), date(2025, 4, 1))
    ('2025-03-01', 'month', '')
    """
    return _row(_read(text, tuple(languages), zone, today), "")


def _row(read: _Read, order: str) -> Day:
    if read.either and order:
        return day_text(read.either[order == MONTH_FIRST]), "", ""
    if read.either:
        first, second = map(day_text, read.either)
        return "", "", f"it may be {first} or {second}: the order of day and month has to be given"
    return day_text(read.day) if read.day else "", read.precision, read.reason


def _question(is_open: dict[str, tuple[date, date]], told: dict[str, str]) -> str:
    text, either = next(iter(is_open.items()))
    may_be = f"'{shown(text)}' may be {day_text(either[0])} or {day_text(either[1])}"
    why = "nothing in the column tells"
    if told:
        why = f"the column has both orders ('{shown(told[DAY_FIRST])}', '{shown(told[MONTH_FIRST])}')"
    return f"{may_be}, and {why}. Give the order: '{DAY_FIRST}' or '{MONTH_FIRST}'."


# --- one text


def _read(text: str, languages: tuple[str, ...], zone: ZoneInfo, today: date) -> _Read:
    """Read one text by the forms that are certain, one after the other."""
    if is_blank(text):
        return _Read()
    if is_broken(text):
        return _Read(reason=f"a formula failed here ({text.strip()[:20]})")
    if len(text) > 4 * _LIMIT:
        return _Read(reason=f"it has {len(text):,} characters, and is no day")
    bare = " ".join(_in_ascii(text).split()).strip(" ,;")
    if len(bare) > _LIMIT:
        return _Read(reason="it is too long for a day")
    years = range(_EARLIEST, today.year + _AHEAD + 1)
    for form in (_by_numbers, _by_month_and_year, _by_signs):
        if read := form(bare, zone, today):
            return read if read.reason else _plausible(read, bare, years)
    read = _by_names(bare, languages, today)
    return read if read.reason else _plausible(read, bare, years)


def _in_ascii(text: str) -> str:
    """Return text with the digits of every script as ours, and without marks of direction."""
    if text.isascii():
        return text
    wide = unicodedata.normalize("NFKC", text.translate(_UNSEEN))
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in wide)


def _plausible(read: _Read, text: str, years: range) -> _Read:
    """Refuse a year that nobody means by our calendar; an ISO day long past stands, where no other calendar has it."""
    day = read.day or (read.either[0] if read.either else None)
    if day is None or day.year in years:
        return read
    is_iso = re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None
    if is_iso and day.year < years[0] and day.year not in range(1300, 1500):
        return read
    return _Read(
        reason=f"the year {day.year} may be of another calendar: write the day as YYYY-MM-DD of the Gregorian one"
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _certain(year: int, month: int, day: int, precision: str = "", tells: str = "") -> _Read:
    found = _day(year, month, day)
    if found is None and not 1 <= month <= 12:
        return _Read(reason=f"there is no month {month}", tells=tells)
    if found is None:
        return _Read(reason=f"there is no day {day} of month {month} in {year}", tells=tells)
    return _Read(found, precision, tells=tells)


def _by_numbers(text: str, zone: ZoneInfo, today: date) -> _Read | None:
    """Read a day written by three numbers, or a moment with its time zone."""
    if _MOMENT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(
                text.upper().replace(" UTC", "Z").replace("UTC", "Z").replace(",", ".")
            )
            return _Read(parse_day_in(moment, zone))
        except (ValueError, OverflowError):
            return _Read(reason="there is no such moment")
    if re.fullmatch(r"\d{8}", text):
        found = _day(int(text[:4]), int(text[4:6]), int(text[6:]))
        return (
            _Read(found)
            if found and found.year >= _EARLIEST
            else _Read(reason="a number of eight digits is no day")
        )
    found_numbers = _NUMBERS.fullmatch(text)
    if not found_numbers:
        return None
    first, between, second, last = found_numbers.groups()
    if len(first) == 4 and len(last) <= 2:
        return _certain(int(first), int(second), int(last))
    if len(first) > 2 or len(last) not in (2, 4):
        return _Read(reason="its year has neither two digits nor four")
    if len(last) == 2 and between == "-":
        return _Read(reason="which of its numbers is the year is open: write it with four digits")
    return _in_either_order(int(first), int(second), _year(last, today))


def _in_either_order(first: int, second: int, year: int) -> _Read:
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if first > 12 >= second:
        return _certain(year, second, first, tells=DAY_FIRST)
    if second > 12 >= first:
        return _certain(year, first, second, tells=MONTH_FIRST)
    if day_first and month_first and first != second:
        return _Read(either=(day_first, month_first))
    return _certain(year, second, first)


def _year(digits: str, today: date) -> int:
    """Return a year; one of two digits is at most ten years ahead."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if 2000 + year <= today.year + 10 else 1900)


def _by_month_and_year(text: str, zone: ZoneInfo, today: date) -> _Read | None:
    """Read a month with its year, or a year, by numbers; tell a spreadsheet's number for a day."""
    if re.fullmatch(r"\d{4}", text):
        is_year = FIRST_DAY.year <= int(text) <= LAST_DAY.year
        return _certain(int(text), 1, 1, "year") if is_year else _Read(reason="it is no year")
    if found := _YEAR_AND_MONTH.fullmatch(text):
        year = found["y"] or found["y2"] or found["y3"]
        return _certain(int(year), int(found["m"] or found["m2"] or found["m3"]), 1, "month")
    if found := _SERIAL.fullmatch(text):
        meant = date(1899, 12, 30) + timedelta(days=int(found[1]))
        return _Read(
            reason=f"it is a number; as a spreadsheet's number of a day it would be {day_text(meant)}: days='{EXCEL}'",
            counted=meant,
        )
    if re.fullmatch(r"1\d{9}(?:\.\d+)?|1\d{12}", text):
        meant = datetime.fromtimestamp(int(text[:10]), zone).date()
        return _Read(reason=f"it is a number; in seconds since 1970 it would be {day_text(meant)}")
    return _Read(reason="it is a number, and no day") if re.fullmatch(r"[\d.,+-]+", text) else None


def _by_signs(text: str, zone: ZoneInfo, today: date) -> _Read | None:
    """Read a day with the signs of East Asia; tell one of another era."""
    if found := _EAST_ASIAN.fullmatch(text):
        year, month, day = found.groups()
        precision = "" if day else "month" if month else "year"
        return _certain(int(year), int(month or 1), int(day or 1), precision)
    if found := _ERA.fullmatch(text):
        meant = _day(
            _ERAS[found[1]] + (1 if found[2] == "元" else int(found[2])), int(found[3]), int(found[4])
        )
        also = f"; by {found[1]} it would be {day_text(meant)}" if meant else ""
        return _Read(reason=f"it is of another calendar{also}")
    return None


def _by_names(text: str, languages: tuple[str, ...], today: date) -> _Read:
    """Read a day whose month has its name: one month, one year, at most one day and a weekday, and no other word."""
    parts = _WORDS.findall(re.sub(rf"(?<=\d){_TIME}$", "", text, count=1, flags=re.IGNORECASE))
    numbers, words = [one for one in parts if one.isdecimal()], [one for one in parts if not one.isdecimal()]
    named, of_week = months(languages), weekdays(languages)
    in_months = [plain(one) for one in words if plain(one) in named]
    in_week = [plain(one) for one in words if plain(one) in of_week and plain(one) not in named]
    known = {*in_months, *in_week}
    others = [one for one in words if plain(one) not in known and not _FILLER.fullmatch(plain(one))]
    if others or len(in_months) != 1:
        return _Read(reason=_why_no_day(text, numbers, others, in_months, in_week))
    month, sizes = named[in_months[0]], [len(one) for one in numbers]
    if not month:
        return _Read(reason=f"'{in_months[0]}' is another month in each of the languages")
    if sizes == [4]:
        return _certain(int(numbers[0]), month, 1, "month")
    if len(numbers) < 2:
        return _Read(reason="it names no year of four digits")
    at = parts.index(numbers[1])
    year, day = (numbers[0], numbers[1]) if sizes[0] == 4 else (numbers[1], numbers[0])
    is_day = len(numbers) == 2 and len(day) < 3 and (len(year) == 4 or (len(year) == 2 and at > 1))
    if not is_day:
        return _Read(
            reason="it has more numbers than a day" if len(numbers) > 2 else "it can't be read as a day"
        )
    read = _certain(_year(year, today), month, int(day))
    weekday = {of_week[one] for one in in_week}
    if read.day and weekday and read.day.weekday() not in weekday and -1 not in weekday:
        return _Read(reason=f"{day_text(read.day)} was not the weekday that it names")
    return read


def _why_no_day(
    text: str, numbers: list[str], others: list[str], in_months: list[str], in_week: list[str]
) -> str:
    """Return why a text is no day, as far as that can be told."""
    if why := next((why for why, pattern in _NO_DAY.items() if pattern.search(text)), ""):
        return why
    if len(in_months) > 1 or (_RANGE.search(text) and len(numbers) > 2):
        return "it is a span of days"
    if not numbers:
        return "a weekday alone is no day" if in_week and not others else "it names no day and year"
    if len(others) == 1 and not in_months and (found := languages_of(others[0])):
        tags = ", ".join(map(repr, found[:4]))
        return f"'{shown(others[0])}' is no month in the languages given; it is one in {tags}"
    if re.fullmatch(_TIME.removesuffix("?"), f" {text}", re.IGNORECASE):
        return "a time alone is no day"
    return "it can't be read as a day"
