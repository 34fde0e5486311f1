"""What `ledger.toml` may say, read and checked: every place that is wrong is named at once."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from factdesk.errors import Finding, InvalidValue, nearest
from factdesk.schema import FORMATS, SEPARATOR, VOCABULARY, Settings, Status
from factdesk.text import clean, conflict_marks, shown

_FILE = """\
# Settings of a factdesk ledger: docs/ledger.md of factdesk says what may stand here.
format = {format}
title = {title}
publisher = {publisher}
timezone = {timezone}
"""

SIZE_LIMIT = 20_000
"""Bytes beyond which a file is not looked at: TOML's nested keys cost the square of their number."""

TEXTS = ("title", "publisher", "timezone", "noun", "plural")
KEYS = ("format", *TEXTS, "best_rating", "largest_in_git", "status")
STATUS_KEYS = ("name", "label", "colour", "dark", "sign", "settled", "rating", "renamed_from")

BEST, BEST_LIMIT = Status.best_rating, 100
"""The best rating of a scale that says none, and the highest that one may have."""

_COMMENT = re.compile(r"""^(?:[^"'#\n]|"(?:\\.|[^"\\\n])*"|'[^'\n]*')*(#.*)""", re.MULTILINE)

Wrong = Callable[[str, object, str], None]


def render(settings: Settings) -> bytes:
    """Write a new ledger's settings file; of noun, ratings and statuses what is not the default."""
    words = {key: _quoted(getattr(settings, key)) for key in ("title", "publisher", "timezone")}
    text = _FILE.format(format=FORMATS[0], **words)
    for key in ("noun", "plural"):
        if getattr(settings, key) != getattr(Settings, key):
            text += f"{key} = {_quoted(getattr(settings, key))}\n"
    data = text.encode("utf-8")
    return data if settings.vocabulary == VOCABULARY else with_vocabulary(data, settings.vocabulary)


def _best_rating(best: object, wrong: Wrong) -> int:
    if type(best) is int and 2 <= best <= BEST_LIMIT:
        return best
    wrong("best_rating", best, f"a whole number from 2 to {BEST_LIMIT}")
    return BEST


def parsed(tables: Iterable[Mapping[str, object]], best: object = BEST) -> tuple[Status, ...]:
    """Return the vocabulary that `[[status]]` tables say, by the rules of the file; the first that is wrong is named.

    >>> [status.name for status in parsed([{"name": "true", "rating": 6}, {"name": "false"}], best=6)]
    ['unverified', 'true', 'false']
    """

    def wrong(key: str, value: object, allowed: str) -> None:
        raise InvalidValue(f"statuses: {key}", value, allowed)

    return _vocabulary([dict(table) for table in tables], _best_rating(best, wrong), wrong)


def with_vocabulary(data: bytes, vocabulary: tuple[Status, ...], noun: str = "") -> bytes:
    """Return a settings file with another vocabulary; what else stands in it stays, comments too.

    Of a status that stays, what does not change is left as it is written; comments on what goes stand at the end. The
    noun is set where the file says none.

    Raises
    ------
    InvalidValue
        Where something in the file would be lost, or read otherwise than before.
    """
    import tomlkit  # writes TOML with its comments; needed only here, and as slow to load as tomllib is quick
    from tomlkit.exceptions import TOMLKitError

    names, whole = [status.name for status in vocabulary], data.decode("utf-8-sig")
    text, end = whole.replace("\r\n", "\n"), "\r\n" if "\r\n" in whole else "\n"
    try:
        file: Any = tomlkit.parse(text)
        had = {str(table["name"]): table for table in file.get("status", ())}
        tables = tomlkit.aot()
        for status in vocabulary:
            table = had.pop(status.name, None)
            tables.append(_said(tomlkit.table() if table is None else table, status))
        lost = [key for table in had.values() for key in table if key not in STATUS_KEYS]
        file["status"] = tables
        if vocabulary[0].best_rating != file.get("best_rating", BEST):
            file["best_rating"] = vocabulary[0].best_rating
        if noun and not {"noun", "plural"} & set(file):
            file["noun"] = noun
        after = re.sub(r"\n+(?=\[\[status\]\])", "\n\n", tomlkit.dumps(file))
        gone = Counter(_COMMENT.findall(text)) - Counter(_COMMENT.findall(after))
        after += "".join(f"{comment.rstrip()}\n" for comment in gone.elements())
        is_kept = _apart(tomllib.loads(text), noun) == _apart(tomllib.loads(after), noun)
        written = after.replace("\n", end).encode("utf-8")
        is_kept &= read(written, "")[0].vocabulary == vocabulary
    except (TOMLKitError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # such as statuses that stand in one line, or parted by another table
        is_kept, lost, written = False, [], b""
    if len(written) > SIZE_LIMIT:
        raise InvalidValue("statuses", names, f"what fits into the {SIZE_LIMIT:,} bytes of ledger.toml")
    if not is_kept or lost:
        kept = f"keeps {', '.join(map(shown, lost))}" if lost else "loses nothing else that stands there"
        allowed = (
            f"what can be written to ledger.toml so that it {kept}; or write its [[status]] tables by hand"
        )
        raise InvalidValue("statuses", names, allowed)
    return written


def _said(table: Any, status: Status) -> Any:
    """Write in a table what makes its status another than the default of the name."""
    default = _default(status.name, status.best_rating)
    for key in STATUS_KEYS:
        value, usual = getattr(status, key), getattr(default, key)
        if value in ("", None, ()):
            table.pop(key, None)
        elif key in table or value != usual or key == "name":
            value = list(value) if isinstance(value, tuple) else value
            if table.get(key) != value:
                table[key] = value
    return table


def _apart(found: dict[str, Any], noun: str) -> dict[str, Any]:
    """Return settings apart from those that come with a vocabulary."""
    but = {"status", "best_rating", *(["noun"] if noun else [])}
    return {key: value for key, value in found.items() if key not in but}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(data: bytes, file: str) -> tuple[Settings, list[Finding]]:
    """Read `ledger.toml`; every place that is wrong is named, and as a warning what says nothing to factdesk."""
    finding = partial(Finding, file=file)
    faults: list[Finding] = []

    def wrong(key: str, value: object, allowed: str) -> None:
        message = f"{key} is {_written(value)}."
        faults.append(finding("settings", "error", message, f"Allowed: {allowed}.", column=key))

    if len(data) > SIZE_LIMIT:
        message = f"has more than {SIZE_LIMIT:,} bytes; settings have a few hundred."
        return Settings(), [finding("settings", "error", message, "Put the right file there.")]
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # beside what is no TOML: numbers and nesting without end
        message, advice = (
            "a merge conflict was left here.",
            "Keep each setting once, as it is meant, and take the marks out.",
        )
        conflicts = [
            finding("conflict", "error", message, advice, line=number, value=shown(mark))
            for number, mark in conflict_marks(data)
        ]
        message = f"is not TOML: {shown(str(error), 200)}."
        return Settings(), conflicts or [finding("settings", "error", message, "Mend the line.")]
    if found.get("format", 1) not in FORMATS or isinstance(found.get("format"), (bool, float)):
        newest = " or ".join(map(str, FORMATS))
        wrong("format", found["format"], f"{newest}; a newer ledger needs a newer factdesk")
    for key in TEXTS:
        if not isinstance(found.get(key, ""), str):
            wrong(key, found[key], "text in quotation marks")
    largest = found.get("largest_in_git", Settings.largest_in_git)
    if type(largest) is not int or largest < 0:
        wrong("largest_in_git", largest, "a number of bytes")
    vocabulary: tuple[Status, ...] = VOCABULARY
    timezone = found.get("timezone", "UTC")
    try:
        ZoneInfo(str(timezone))
    except (OSError, ValueError, LookupError):
        wrong("timezone", timezone, "a name of the IANA time zone database, such as 'Europe/London'")
    best = _best_rating(found.get("best_rating", BEST), wrong)
    if best != BEST and "status" not in found:
        wrong("best_rating", best, f"{BEST}, unless [[status]] tables give ratings of their own")
    elif "status" in found:
        vocabulary = _vocabulary(found["status"], best, wrong)
    if faults:
        return Settings(), faults
    texts = {key: clean(found.get(key, ""), one_line=True)[0] for key in TEXTS}
    given = {key: text for key, text in texts.items() if text}
    return Settings(**given, vocabulary=vocabulary, largest_in_git=largest), list(_unknown(found, file))


_FORMAT = re.compile(rb"^(\s*format\s*=\s*)1\b", re.MULTILINE)
_GROWN = re.compile(rb"^(\s*format\s*=\s*)2\b", re.MULTILINE)
_ADDED = b"format = 2  # columns came that the first format lacks\n"


def grown(data: bytes) -> bytes:
    """Return settings with the second format, in which tables may have the later columns; nothing where they have it.

    >>> grown(b'format = 1\\ntitle = "Rain"\\n')
    b'format = 2\\ntitle = "Rain"\\n'
    """
    try:
        if tomllib.loads(data.decode("utf-8-sig")).get("format", 1) != 1:
            return b""
    except ValueError:  # a person mends it, and reading says what
        return b""
    made = _FORMAT.sub(rb"\g<1>2", data, count=1)
    return made if made != data else _ADDED + data.removeprefix(b"\xef\xbb\xbf")


def as_begun(data: bytes) -> bytes:
    """Return settings with line ends as ours, and as they were before the format grew: what a seal has the hash of.

    >>> as_begun(grown(b"format = 1\\r\\n")) == as_begun(b"format = 1\\n")
    True
    """
    plain = data.replace(b"\r\n", b"\n")
    return _GROWN.sub(rb"\g<1>1", plain.removeprefix(_ADDED), count=1)


def _unknown(found: Mapping[str, object], file: str) -> Iterator[Finding]:
    """Name the keys that nothing here reads: most are a known one mistyped."""
    statuses = found.get("status")
    parts: list[tuple[str, Mapping[str, object], tuple[str, ...]]] = [("", found, KEYS)]
    for one in statuses if isinstance(statuses, list) else ():
        parts.append((f" of status {one['name']!r}", one, STATUS_KEYS))
    for where, part, known in parts:
        for key in part:
            if key not in known:
                near = nearest(key, known, n=1) or [", ".join(known)]
                message = f"the setting {shown(key)!r}{where} is not known, and not heeded."
                advice = f"{'Nearest' if near[0] in known else 'Known'}: {near[0]}."
                yield Finding("unknown-setting", "warning", message, advice, file=file, column=shown(key))


def _written(value: object) -> str:
    """Write a value for a message: on one line, cut where it is long."""
    try:
        return shown(repr(value))
    except (ValueError, RecursionError):  # a whole number of 5,000 digits, or lists within lists
        return f"this {type(value).__name__}"


def _vocabulary(found: object, best: int, wrong: Wrong) -> tuple[Status, ...]:
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        wrong("status", found, "one [[status]] table for each status, in stacking order")
        return VOCABULARY
    statuses: list[Status] = []
    for at, one in enumerate(found):
        name, old = one.get("name"), one.get("renamed_from", [])
        if not _is_name(name):
            wrong(f"status {at + 1} name", name, "a word or two without ';'")
            continue
        default = _default(name, best)
        colours = {key: one.get(key, getattr(default, key)) for key in ("colour", "dark")}
        for key, colour in colours.items():
            if key in one and not (isinstance(colour, str) and _is_colour(colour)):
                wrong(f"status {name!r} {key}", colour, "six hexadecimal digits after '#', such as '#2B825A'")
        label, sign = one.get("label", name), one.get("sign", default.sign)
        settled, rating = one.get("settled", default.settled), one.get("rating", default.rating)
        texts = [label, sign] if "sign" in one else [label]
        if not all(isinstance(text, str) and text and _is_plain(text) for text in texts) or len(sign) > 2:
            wrong(f"status {name!r} label or sign", (label, sign), "a text, and one character")
        elif not isinstance(settled, bool):
            wrong(f"status {name!r} settled", settled, "true or false")
        elif rating is not None and (type(rating) is not int or not 1 <= rating <= best):
            scale = "" if best != BEST else "; another scale has its best_rating"
            wrong(f"status {name!r} rating", rating, f"1 to {best}, or nothing{scale}")
        elif not isinstance(old, list) or not all(map(_is_name, old)):
            wrong(
                f"status {name!r} renamed_from", old, 'a list of its earlier names, such as ["barely true"]'
            )
        else:
            colour, dark = str(colours["colour"]), str(colours["dark"])
            statuses.append(Status(name, label, colour, dark, sign, settled, rating, tuple(old), best))
    if len(statuses) < len(found):
        return VOCABULARY
    if len({status.name for status in statuses}) != len(statuses):
        wrong("status", [status.name for status in statuses], "each name once")
    vocabulary = _with_first(statuses, best, wrong)
    names = Counter(word for status in vocabulary for word in (status.name, *status.renamed_from))
    for status in vocabulary:
        if twice := [word for word in status.renamed_from if names[word] > 1]:
            wrong(
                f"status {status.name!r} renamed_from", twice, "words that are no status and stand there once"
            )
    return vocabulary


def _default(name: str, best: int) -> Status:
    """Return what holds of a status unless the file says otherwise; the default's ratings are of five."""
    default = next((status for status in VOCABULARY if status.name == name), Status(name, name))
    return replace(default, rating=default.rating if best == BEST else None, best_rating=best)


def _with_first(statuses: list[Status], best: int, wrong: Wrong) -> tuple[Status, ...]:
    """Put `unverified` before statuses that are all settled: what nobody judged has the first, and no verdict."""
    unjudged, first = _default(VOCABULARY[0].name, best), statuses[0]
    opened = [status.name for status in statuses if not status.settled]
    if not first.settled and first.rating is not None:
        allowed = "none: what nobody has judged stands there"
        wrong(f"status {first.name!r} rating", first.rating, allowed)
    if not opened:
        for status in statuses:
            if status.name.casefold() == unjudged.name:
                wrong(f"status {status.name!r} settled", True, "false")
        return (unjudged, *statuses)
    if first.settled:
        allowed = f"one that is open, such as {opened[0]!r} further down: every claim that nobody judged has the first"
        wrong("first status", first.name, allowed)
    return tuple(statuses)


def _is_name(name: object) -> TypeGuard[str]:
    return isinstance(name, str) and bool(name) and _is_plain(name) and SEPARATOR not in name


def _is_plain(text: str) -> bool:
    return clean(text, one_line=True)[0] == text


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in text[1:])
