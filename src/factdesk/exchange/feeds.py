"""Files in which fact-checks are published, to plain values one at a time: JSON of any size, pages, tables."""

from __future__ import annotations

import codecs
import contextlib
import csv
import html
import io
import json
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

from factdesk.errors import InvalidValue, NotFound
from factdesk.exchange import json_stream
from factdesk.exchange.flat_reviews import nested
from factdesk.exchange.flat_reviews import path as property_path
from factdesk.exchange.json_stream import BrokenOff, Json, Part
from factdesk.storage.csvfile import LINE_LIMIT
from factdesk.storage.folder import Folder
from factdesk.storage.no_table import kind_of_file
from factdesk.text import shown

if TYPE_CHECKING:
    pass

WHOLE = 16_000_000
"""Bytes up to which JSON is read at once; of a larger file one element of its list at a time."""
LARGEST_PAGE = 16_000_000
ALLOWED = (
    "a file with ClaimReview in it: JSON-LD, JSON Lines, a saved page (.html), an answer of Google's Fact Check Tools, "
    "the feed of Data Commons, or a CSV or JSON of Fact-Check Insights"
)


def parts(source: str | Path) -> Iterator[Part]:
    """Read a file value by value; no more than one of them is in memory, or a file of 16 MB.

    What is broken is a part with a fault; where a file breaks off, that is the last one.

    Raises
    ------
    InvalidValue, NotFound
        Where that is no file, can't be read at all, or is of another kind.
    """
    path = _path(source)
    with _opened(path) as file:
        head = file.read(1 << 16)
        file.seek(0)
        coding = json.detect_encoding(head[:4])
        start = head.decode(coding, "replace").lstrip("\ufeff \t\r\n")
        try:
            if start.startswith("<"):
                yield from _page(_all(file, coding, head))
            elif start.startswith(("{", "[")):
                is_lines = path.suffix.lower() in (".jsonl", ".ndjson") or _is_lines(file)
                yield from _lines(file) if is_lines else _json(file, coding)
            else:
                yield from _table(file, head, path)
        except BrokenOff as error:
            raise refused(path, f"{ALLOWED}; this one {error}") from None
        except OSError as error:
            raise refused(path, f"{ALLOWED}, that can be read ({error.strerror or error})") from error


def refused(path: Path, allowed: str) -> InvalidValue:
    """Return the error for a file that can't be used."""
    return InvalidValue("source", str(path), allowed)


def _path(source: object) -> Path:
    if not isinstance(source, (str, PurePath)):
        raise InvalidValue("source", source, ALLOWED)
    if isinstance(source, str) and "://" in source[:20]:
        allowed = "a file: save the page or the feed first, nothing is fetched from the network"
        raise InvalidValue("source", source, allowed)
    return Path(source)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        real = path.resolve()
        if not real.exists():
            raise NotFound("file", str(path))
        descriptor = Folder(real.parent).open(real, os.O_RDONLY)
    except (OSError, ValueError) as error:
        if isinstance(error, NotFound):
            raise
        reason = getattr(error, "strerror", "") or str(error)
        raise refused(path, f"{ALLOWED}; this one {shown(reason, 200)}") from error
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _all(file: IO[bytes], coding: str, head: bytes) -> str:
    """Return a page's text: by its first bytes, or by what it says of itself, or as Windows wrote it."""
    data = file.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise BrokenOff(f"is a page of more than {LARGEST_PAGE:,} bytes")
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        named = re.search(rb"charset\s*=\s*[\"']?([a-z0-9_-]{1,20})", head, re.IGNORECASE)
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return data.decode(named[1].decode("ascii") if named else "cp1252")
        return data.decode("cp1252", "replace")


# --- JSON


def loaded(text: str) -> Json:
    """Parse JSON, kindly: line breaks within texts, NaN and numbers without end are met with.

    >>> loaded('{"a": "one\\nline", "b": NaN}')
    {'a': 'one\\nline', 'b': None}
    """
    value: Json = _DECODER.decode(text)
    return value


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


_DECODER = json.JSONDecoder(strict=False, parse_int=_whole_number, parse_constant=lambda _: None)


def _json(file: IO[bytes], coding: str) -> Iterator[Part]:
    why = ""
    if os.fstat(file.fileno()).st_size <= WHOLE:
        data = file.read(WHOLE)
        try:
            yield Part(loaded(data.decode(coding, "replace")))
            return
        except (ValueError, RecursionError) as error:
            why = _why(error)
        file = io.BytesIO(data)
    yield from json_stream.elements(file, coding, why)


def _is_lines(file: IO[bytes]) -> bool:
    """Return whether a file's first line is a value by itself, and another line follows."""
    first = file.readline(json_stream.LONGEST)
    more = file.read(1 << 10).strip() if first.endswith(b"\n") else b""
    file.seek(0)
    try:
        _line(first)
    except BrokenOff:
        return False
    return bool(more)


def _lines(file: IO[bytes]) -> Iterator[Part]:
    number = 0
    while data := file.readline(json_stream.LONGEST + 1):
        number += 1
        if len(data) > json_stream.LONGEST:
            while not data.endswith(b"\n") and (data := file.readline(json_stream.LONGEST)):
                pass
            yield Part(None, line=number, fault=f"the line has more than {json_stream.LONGEST:,} bytes.")
        elif data.strip(b" \t\r\n\0\xef\xbb\xbf"):
            try:
                yield Part(_line(data), line=number)
            except BrokenOff as error:
                yield Part(None, line=number, fault=f"the line {error}.")


def _line(data: bytes) -> Json:
    try:
        return loaded(data.decode("utf-8-sig", "replace").strip())
    except (ValueError, RecursionError) as error:
        raise BrokenOff(_why(error, is_line=True)) from None


def _why(error: Exception, is_line: bool = False) -> str:
    if isinstance(error, RecursionError):
        return "nests too deep to be read"
    where = ""
    if isinstance(error, json.JSONDecodeError):
        where = (
            f" at its character {error.pos + 1}"
            if is_line
            else f" in its line {error.lineno}, character {error.colno}"
        )
    return f"is no JSON{where} ({shown(getattr(error, 'msg', str(error)))})"


# --- pages

_SCRIPT = re.compile(r"<!--|<script(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(r"""<script(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE)
_LD_JSON = re.compile(r"""\stype\s*=\s*["']?\s*application/ld\+json\s*[;"'\s>]""", re.IGNORECASE)
LONGEST_TAG = 2000
_END = re.compile("</script", re.IGNORECASE)
_BEFORE, _AFTER = ("<!--", "//", "/*", "<![CDATA[", "*/"), ("-->", "*/", "]]>", "/*", "//", ";")
"""What pages wrap a script in, so that old browsers or XML pass it over."""


def scripts(page: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each script of JSON-LD in a page, none of those in comments.

    One pass: Python's html.parser takes the square of a page's size where tags are left open (240 kB: minutes).

    >>> list(scripts('<p>\\n<script type="application/ld+json">{}</script><!-- <script type=application/ld+json> -->'))
    [(2, '{}')]
    """
    at, line, counted = 0, 1, 0
    while found := _SCRIPT.search(page, at):
        if found[0] == "<!--":
            at = page.find("-->", found.end())
            if at < 0:
                return
            continue
        tag = _TAG.match(page, found.start(), found.start() + LONGEST_TAG)
        if not tag:
            at = (
                found.end()
                if ">" in page[found.end() : found.end() + LONGEST_TAG]
                else found.end() + LONGEST_TAG
            )
            continue
        start = tag.end()
        end = _END.search(page, start)
        at = end.start() if end else len(page)
        if _LD_JSON.search(tag[0]):
            line, counted = line + page.count("\n", counted, start), start
            yield line, page[start:at]


def _bare(script: str) -> str:
    """Return a script without what it is wrapped in."""
    bare = script.strip()
    for mark in _BEFORE:
        bare = bare.removeprefix(mark).lstrip()
    for mark in _AFTER:
        bare = bare.removesuffix(mark).rstrip()
    return bare


def _page(page: str) -> Iterator[Part]:
    number = 0
    for number, (line, text) in enumerate(scripts(page), 1):
        place = f"script {number}"
        bare = _bare(text)
        try:
            yield Part(loaded(bare), place, line)
        except (ValueError, RecursionError) as error:
            with contextlib.suppress(ValueError, RecursionError):
                yield Part(loaded(html.unescape(bare)), place, line)
                continue
            yield Part(None, place, line, f"the script {_why(error)}.")
    if not number:
        raise BrokenOff("is a page without a script of the type application/ld+json")


# --- tables


def _table(file: IO[bytes], head: bytes, path: Path) -> Iterator[Part]:
    if not head.strip():
        raise BrokenOff("is empty")
    if (kind := kind_of_file(head)) or b"\0" in head[:4]:
        raise BrokenOff(f"is {kind}" if kind else "is no text")
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(head)
        coding = "utf-8-sig"
    except UnicodeDecodeError:
        coding = "cp1252"
    text = io.TextIOWrapper(file, coding, "replace", newline="")
    rows = iter(partial(text.readline, LINE_LIMIT + 2), "")  # a line without an end is none of a table
    first = next((line for line in rows if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    known = [name for name in header if property_path(name)]
    if "claimReviewed" not in {step for name in known for step in property_path(name)}:
        columns = shown(", ".join(header), 200)
        raise BrokenOff(f"is none: as a table, it lacks a column claimReviewed, and has {columns}")
    reader = csv.reader(rows, delimiter=delimiter)
    while True:
        line = reader.line_num + 2
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Part(None, line=line, fault=f"the line can't be split into cells ({error}).")
            continue
        if any(cell.strip() for cell in cells):
            too_many = f"the row has {len(cells)} cells, the header has {len(header)}."
            fault = too_many if len(cells) > len(header) and any(cells[len(header) :]) else ""
            review = {"@type": "ClaimReview"} | nested(dict(zip(header, cells, strict=False)))
            yield Part(review, line=line, fault=fault)
