"""Names of months and weekdays in the languages that are asked for, as Unicode's CLDR has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError

from factdesk.errors import InvalidValue

_LIKELY = "en de fr es pt it nl pl uk ru ar hi tr sv da nb fi cs sk hu ro el bg sr hr id fa he"
"""Languages in which a word that is no month of those asked for is looked up, to say what it may be."""
# What spreadsheets write for months and CLDR does not have.
_SHORT = {"en": {"sept": 9}, "de": {"mrz": 3, "jan": 1, "dez": 12}, "es": {"setiembre": 9, "set": 9}}


def plain(word: str) -> str:
    """Return a word as words are compared: small letters without accents and points.

    >>> plain("Févr."), plain("MÄRZ")
    ('fevr', 'marz')
    """
    apart = unicodedata.normalize("NFKD", word).casefold().replace("ı", "i")
    return "".join(one for one in apart if not unicodedata.combining(one) and one not in ".’'")


@cache
def months(languages: tuple[str, ...]) -> dict[str, int]:
    """Return the number of each month by its names; 0 for a name that is not the same month in all languages.

    >>> months(("en", "de"))["marz"], months(("cs", "hr"))["listopad"]
    (3, 0)
    """
    found: dict[str, int] = {}
    for language in languages:
        named = [(plain(name), month) for width in _widths(language, "months") for month, name in width]
        for name, month in [*named, *_SHORT.get(_locale(language).language, {}).items()]:
            if not name.isdigit():
                found[name] = month if found.get(name, month) == month else 0
    return found


@cache
def weekdays(languages: tuple[str, ...]) -> dict[str, int]:
    """Return the number of each weekday by its names, Monday as 0; -1 for a name that is not the same in all languages.

    >>> weekdays(("en",))["friday"]
    4
    """
    found: dict[str, int] = {}
    for language in languages:
        for width in _widths(language, "days"):
            for day, name in width:
                for part in map(plain, re.split(r"[\s-]", name)):  # of a name of two words each is one
                    found[part] = day if found.get(part, day) == day else -1
    return found


def languages_of(word: str) -> list[str]:
    """Return the languages, as their tags, in which a word is a month.

    >>> languages_of("März"), languages_of("xyz")
    (['de'], [])
    """
    return [one for one in _LIKELY.split() if months((one,)).get(plain(word))]


def is_language(tag: str) -> bool:
    """Return whether a tag is a language's whose months are known.

    >>> is_language("de-AT"), is_language("German")
    (True, False)
    """
    try:
        return bool(months((tag,)))
    except InvalidValue:
        return False


def _widths(language: str, kind: str) -> Iterable[Iterable[tuple[int, str]]]:
    forms = getattr(_locale(language), kind)
    return [
        forms[form][width].items() for form in ("format", "stand-alone") for width in ("wide", "abbreviated")
    ]


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="_" if "_" in language else "-")
    except (ValueError, TypeError, UnknownLocaleError):
        raise InvalidValue("languages", language, "tags of languages such as 'en', 'de' or 'pt-BR'") from None
