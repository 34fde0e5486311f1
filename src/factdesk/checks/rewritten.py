"""Whether a spreadsheet wrote a text in another way: a day in another order, a number with a comma, a moment cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from factdesk.checks.spreadsheets import ERRORS, NARROW, unbroken
from factdesk.schema import MOMENT

MONTHS = (
    "jan janv january januar ene enero gen gennaio", "feb févr february februar febrero febbraio février",
    "mar mär mrz mars march märz marzo", "apr avr abr april abril aprile avril", "may mai mayo mag maggio",
    "jun juin june juni junio giu giugno", "jul juil july juli julio lug luglio juillet",
    "aug août august ago agosto", "sep sept september septiembre set settembre septembre",
    "oct okt october oktober octubre ott ottobre octobre", "nov november noviembre novembre",
    "dec dez déc december dezember dic diciembre dicembre décembre",
)  # fmt: skip
"""Names of the months as spreadsheets write them in English, German, French, Spanish and Italian."""

_MONTH = {word: at for at, words in enumerate(MONTHS, 1) for word in words.split()}
_TRUTHS = ({"true", "wahr", "vrai", "verdadero", "vero"}, {"false", "falsch", "faux", "falso"})
_TIME = re.compile(
    r"(?P<hour>\d{1,3}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?P<half>\s?[AP]M)?", re.IGNORECASE
)
_MINUTES = re.compile(r"(?P<minute>\d\d?):(?P<second>\d\d)[.,]\d+")
_PLAIN = r"[-+]?\d+(?:{point}\d+)?"
_GROUPED = r"[-+]?\d{{1,3}}(?:{group}\d{{3}})+(?:{point}\d+)?"
_SCIENTIFIC = re.compile(r"([-+]?\d(?:[.,]\d+)?)E([-+]?\d{1,4})", re.IGNORECASE)
_NUMBER_LIMIT = 400
_EPOCH = date(1899, 12, 30)

_Day = tuple[int | None, int, int | None]
"""Year, month and day, as far as they are written; a year of two digits as those."""


def is_rewritten(before: str, after: str) -> bool:
    """Return whether a cell's text is what a spreadsheet makes of another, and means the same or nothing.

    >>> is_rewritten("2025-03-04", "04.03.2025"), is_rewritten("1/2", "01. Feb"), is_rewritten("2.50", "2,5")
    (True, True, True)
    >>> is_rewritten("2025-03-04", "05.03.2025"), is_rewritten("12 %", "21 %"), is_rewritten("mixed", "refuted")
    (False, False, False)
    """
    old, new = before.strip(), after.strip()
    if not old or old == new:
        return False
    if re.fullmatch(f"{NARROW}|{ERRORS}", new) or unbroken(after) == before:
        return True
    if max(len(old), len(new)) > _NUMBER_LIMIT:
        return False
    if MOMENT.fullmatch(old):
        return _is_moment(datetime.fromisoformat(old), new)
    return (
        any({old.casefold(), new.casefold()} <= words for words in _TRUTHS)
        or _is_day(old, new)
        or _is_time(old, new)
        or _is_number(old, new)
    )


def _is_day(old: str, new: str) -> bool:
    """Return whether both are one day. Where both are written in one way, no order is guessed."""
    new = re.sub(r"[ T]0?0:00(:00)?$", "", new)
    if re.sub(r"\d+", "0", old) == re.sub(r"\d+", "0", new):
        numbers = zip(re.findall(r"\d+", old), re.findall(r"\d+", new), strict=True)
        return bool(list(days_written(old))) and all(int(one) == int(other) for one, other in numbers)
    days = list(days_written(new))
    return any(_is_one(one, other) for one in days_written(old) for other in days)


def _is_one(old: _Day, new: _Day) -> bool:
    """Return whether one day is the other, and written as fully; a month may have become its first day."""
    is_day = old[2] == new[2] or (old[2] is None and new[2] == 1)
    if old[0] is None or new[0] is None:
        return old[1] == new[1] and is_day and old[0] is None
    years = sorted((old[0], new[0]))
    return old[1] == new[1] and is_day and years[0] == years[1] % (100 if years[0] < 100 else 10_000)


def days_written(text: str) -> Iterator[_Day]:
    """Read a day, or a month, in every order that spreadsheets and people write it in.

    >>> list(days_written("04.03.2025")), list(days_written("Mar 4"))
    ([(2025, 3, 4), (2025, 4, 3)], [(4, 3, None), (None, 3, 4)])
    """
    if re.fullmatch(r"[1-9]\d{4}", text):
        day = _EPOCH + timedelta(days=int(text))
        yield day.year, day.month, day.day
    found = re.fullmatch(r"(\d{4})([-./])(\d{1,2})(?:\2(\d{1,2}))?\.?", text)
    if found:
        yield int(found[1]), int(found[3]), int(found[4]) if found[4] else None
        return
    if found := re.fullmatch(r"(\d{1,2})[-./] ?(\d{1,2})(?:[-./] ?(\d{4}|\d{2})?)?", text):
        one, other, year = int(found[1]), int(found[2]), int(found[3]) if found[3] else None
        yield year, other, one
        yield year, one, other
        if year is None:
            yield other, one, None
        return
    if found := re.fullmatch(r"(\d{1,2})[-./](\d{4})", text):
        yield int(found[2]), int(found[1]), None
        return
    words = re.findall(r"[^\W\d_]+", text)
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    if len(words) != 1 or words[0].casefold() not in _MONTH or re.search(r"[^\w\s.,/-]|\d{5}", text):
        return
    month = _MONTH[words[0].casefold()]
    if len(numbers) == 1:
        yield numbers[0], month, None
        yield None, month, numbers[0]
    elif len(numbers) == 2:
        yield numbers[0], month, numbers[1]
        yield numbers[1], month, numbers[0]


def _is_moment(moment: datetime, new: str) -> bool:
    """Return whether a moment in UTC is what a text shows, as far as it shows it."""
    try:
        full = datetime.fromisoformat(new)
    except ValueError:
        pass
    else:
        if full.tzinfo is not None:
            return abs(full - moment) < timedelta(seconds=1)
    if found := re.fullmatch(r"([1-9]\d{4})(?:[.,](\d+))?", new):
        day = _EPOCH + timedelta(days=int(found[1]))
        if found[2] is None:
            return day == moment.date()
        shown = datetime.combine(day, datetime.min.time(), moment.tzinfo)
        shown += timedelta(days=float(f"0.{found[2]}"))
        return abs(shown - moment) < timedelta(days=10.0 ** -len(found[2]), seconds=1)
    if _MINUTES.fullmatch(new):
        return _shows(_MINUTES, new, moment)
    time = re.search(rf"(?:^|[T\s,]){_TIME.pattern}Z?$", new, re.IGNORECASE)
    shown_day = (new[: time.start()] if time else new).rstrip(", ")
    shown_time = time[0].strip("TtZz, ") if time else ""
    own = moment.year, moment.month, moment.day
    has_day = not shown_day or any(_is_one(own, one) for one in days_written(shown_day))
    return has_day and (not shown_time or _shows(_TIME, shown_time, moment))


def _shows(form: re.Pattern[str], text: str, moment: datetime) -> bool:
    found = form.fullmatch(text)
    parts = found.groupdict() if found else {"none": ""}
    half = (parts.pop("half", None) or "").strip().casefold()
    numbers = {name: int(cell) for name, cell in parts.items() if cell}
    if half and "hour" in numbers:
        numbers["hour"] = numbers["hour"] % 12 + 12 * (half == "pm")
    return bool(numbers) and all(getattr(moment, name) == number for name, number in numbers.items())


def _is_time(old: str, new: str) -> bool:
    seconds = _seconds(old)
    if seconds is None:
        return False
    if re.fullmatch(r"\d[.,]\d+", new):
        return abs(float(new.replace(",", ".")) * 86_400 - seconds) < 0.5
    return seconds == _seconds(new)


def _seconds(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour = int(found["hour"])
    if half := (found["half"] or "").strip().casefold():
        hour = hour % 12 + 12 * (half == "pm")
    return hour * 3600 + int(found["minute"]) * 60 + int(found["second"] or 0)


def _is_number(old: str, new: str) -> bool:
    """Return whether both are one number, rounded to the digits that the second shows."""
    return any(
        abs(one - other) <= max(close, abs(one) * Decimal("1e-14"))
        for one, _ in _numbers(old)
        for other, close in _numbers(new)
    )


def _numbers(text: str) -> Iterator[tuple[Decimal, Decimal]]:
    """Read a number with either mark before its decimals, and how far it may be rounded."""
    scale = Decimal("0.01") if text.endswith("%") else Decimal(1)
    bare = re.sub(r"\s?%$", "", text)
    if found := _SCIENTIFIC.fullmatch(bare):
        number = Decimal(found[1].replace(",", ".")).scaleb(int(found[2]))
        yield number * scale, Decimal(1).scaleb(int(number.as_tuple().exponent)) * scale / 2
        return
    for group, point in ((",", "."), (".", ","), ("[ '\u00a0\u202f’]", "[.,]")):
        forms = (form.format(group=re.escape(group) if len(group) == 1 else group,
                             point=re.escape(point) if len(point) == 1 else point)
                 for form in (_PLAIN, _GROUPED))  # fmt: skip
        if any(re.fullmatch(form, bare) for form in forms):
            digits = re.sub(group if len(group) > 1 else re.escape(group), "", bare).replace(",", ".")
            yield Decimal(digits) * scale, Decimal(0)
