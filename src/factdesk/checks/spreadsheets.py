"""What spreadsheets do to cells: known again by what they leave, and said as the likely cause."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from factdesk.schema import MOMENT

ERRORS = r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3}"
"""What a formula that failed leaves; Calc writes some by number."""

NARROW = r"#{4,}"
"""What a column too narrow for its number or day leaves where cells are saved as they are shown."""

SCIENTIFIC = r"[+-]?\d(?:[.,]\d+)?E[+-]\d{2,3}"
"""A number that was too long for its column."""

CUT_MOMENT = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,3})?)?"
"""What is left of a moment that was shown in a cell: no microseconds, no time zone."""

SHOWN_DATE = r"(?s)(\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|[2-6]\d{4}(?:[.,]\d|$)|[^\W\d_]{3,9}\.?[- ]\d{2}$).*"
"""A day or month as a spreadsheet shows it, or the number that it keeps for one."""

CUT_AT = (255, 32_767)
"""Characters after which older and newer spreadsheets cut a cell."""

# What Windows-1252 makes of the bytes from 0x80 on; of five of them nothing, for which Calc has letters of its own.
_HIGH = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
_HIGH |= {chr(0xF100 + byte): byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_RUN = re.compile("[" + re.escape("".join(_HIGH)) + "]{2,}")
# Words end in these, and quotation marks, dots or dashes follow them: Portuguese "IRMÃ”" is no broken letter.
_INNOCENT = re.compile("[ÂÃÎÔÕØÐ][‘’“”–—…»]")
MAY_BE_BROKEN = "[\u00c2-\u00f4][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™\uf181\uf18d\uf18f\uf190\uf19d]"
"""Where text can be UTF-8 that was read as Windows-1252, for a first quick look at whole columns."""

_TYPOGRAPHIC = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-",
    "…": "...", "\u00a0": " ", "\u202f": " ",
})  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:[$€£]\s?)?[-+]?\d[\d.,' ]*(?:[eE][-+]?\d+)?\s?(?:%|[$€£])?")
_TIME = re.compile(r"\d{1,3}:\d{1,2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AP]M)?", re.IGNORECASE)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY = re.compile(
    rf"\d{{1,4}}[-./]\d{{1,2}}(?:[-./]\d{{1,4}})?|\d{{1,4}}[-. ](?:{_MONTHS})[a-z]*(?:[-. ]\d{{2,4}})?"
    rf"|(?:{_MONTHS})[a-z]*[-. ]\d{{1,4}}(?:,? \d{{4}})?",
    re.IGNORECASE,
)
_SHOWN_DAY = re.compile(
    rf"\d{{1,4}}[-./] ?(?:\d{{1,2}}|(?:{_MONTHS})[a-z]*)(?:[-./] ?\d{{2,4}})?|[1-9]\d{{4}}"
    rf"|(?:{_MONTHS})[a-z]*[- ]\d{{2,4}}",
    re.IGNORECASE,
)
_SHOWN_TIME = re.compile(rf"{_TIME.pattern}|0[.,]\d+|\d+[.,]\d{{5,}}", re.IGNORECASE)


def cause(before: str, after: str) -> str:
    """Return what a spreadsheet most likely did to a cell; empty where a person's hand is as likely.

    >>> cause("007", "7")
    'a spreadsheet took 007 for a number'
    >>> cause("1/2", "01/02/26")
    'a spreadsheet took 1/2 for a date'
    >>> cause("It rained.", "It snowed.")
    ''
    """
    if before == after or not before:
        return ""
    if re.fullmatch(NARROW, after):
        return "a spreadsheet saved what it showed, in a column that was too narrow"
    if re.fullmatch(ERRORS, after):
        return f"a spreadsheet took {_named(before)} for a formula, and it failed"
    if before.casefold() == after.casefold() and after in ("TRUE", "FALSE"):
        return f"a spreadsheet took {_named(before)} for a truth value"
    bare = before.strip()
    shows_a_day = "T" not in after and (_SHOWN_DAY.match(after) or _SHOWN_TIME.fullmatch(after))
    if MOMENT.fullmatch(bare) and (shows_a_day or re.fullmatch(CUT_MOMENT, after)):
        return f"a spreadsheet took {_named(before)} for a date and a time"
    if _TIME.fullmatch(bare) and _SHOWN_TIME.fullmatch(after):
        return f"a spreadsheet took {_named(before)} for a time"
    if _NUMBER.fullmatch(bare) and _NUMBER.fullmatch(after) and _is_one_number(bare, after):
        return f"a spreadsheet took {_named(before)} for a number"
    if _DAY.fullmatch(bare) and _SHOWN_DAY.fullmatch(after):
        return f"a spreadsheet took {_named(before)} for a date"
    if bare.startswith("=") or (
        bare[:1] in "+-@" and not _NUMBER.fullmatch(bare) and _NUMBER.fullmatch(after)
    ):
        return f"a spreadsheet took {_named(before)} for a formula"
    if len(after) in CUT_AT and before.startswith(after):
        return f"a spreadsheet cut it after {len(after):,} characters"
    return _letters(before, after)


def _letters(before: str, after: str) -> str:
    if unbroken(after) == before or (unbroken(after) and "\ufffd" not in after and len(after) > len(before)):
        return "a spreadsheet read UTF-8 as Windows-1252"
    if len(before) == len(after) and all(
        a == b or (b in "?\ufffd" and ord(a) > 127) for a, b in zip(before, after, strict=True)
    ):
        return "a spreadsheet saved it in an encoding that lacks some of its letters"
    plain = before.translate(_TYPOGRAPHIC), after.translate(_TYPOGRAPHIC)
    if plain[0] == plain[1]:
        return "a spreadsheet made its marks and blanks typographic, or plain"
    if " ".join(plain[0].split()) == " ".join(plain[1].split()):
        return "a spreadsheet took blanks off"
    if before == f"'{after}":
        return "a spreadsheet took the first ' for a sign that text follows"
    return ""


def _named(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _is_one_number(before: str, after: str) -> bool:
    """Return whether two texts may be one number, whatever separates its thousands and decimals."""
    for one in _numbers(before):
        for other in _numbers(after):
            close = abs(one - other) <= abs(one) * Decimal("1e-2" if "E" in after.upper() else "1e-9")
            if close or (abs(one) > Decimal("1.7e308") < abs(other)):
                return True
    return False


def _numbers(text: str) -> list[Decimal]:
    digits = re.sub(r"[\s'$€£%]", "", text)
    scale = Decimal("0.01") if "%" in text else Decimal(1)
    read = []
    for thousands, point in ((",", "."), (".", ",")):
        try:
            read.append(Decimal(digits.replace(thousands, "").replace(point, ".")) * scale)
        except InvalidOperation:
            continue
    return read


def unbroken(text: str) -> str:
    """Return text whose letters were UTF-8 and were read as Windows-1252 as it was meant; else nothing.

    >>> unbroken("cafÃ© â€œopenâ€\\x9d"), unbroken("café “open”"), unbroken("IRMÃ”")
    ('café “open”', '', '')
    """
    mended = _RUN.sub(_mended, text)
    hits = len(text) - len(mended)
    return mended if hits > 1 or (hits == 1 and not _INNOCENT.search(text)) else ""


def _mended(run: re.Match[str]) -> str:
    data = bytes(_HIGH[letter] for letter in run[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    parts: list[str] = []
    while data:  # what is UTF-8 is read as that, what is not stays
        size = 2 if data[0] < 0xE0 else 3 if data[0] < 0xF0 else 4
        try:
            parts.append(data[:size].decode("utf-8"))
        except UnicodeDecodeError:
            size = 1
            parts.append(run[0][-len(data)])
        data = data[size:]
    return "".join(parts)
