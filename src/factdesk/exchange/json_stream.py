"""JSON of any size, read one element of its list at a time."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from factdesk.text import shown

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
"""A value as JSON has it."""

LONGEST = 16_000_000
"""Bytes that one text, or one line of JSON Lines, may have: a parser looks through a longer one again and again."""
DEEPEST, MOST_VALUES = 100, 100_000
"""How deep one element nests at most, and how many values it holds; a review has some forty."""

LISTS = frozenset(
    {"claims", "dataFeedElement", "@graph", "itemListElement", "reviews", "claimReviews", "data", "items"}
)
"""The names under which feeds hold a list of reviews, each to be read by itself."""


@dataclass(frozen=True)
class Part:
    """One value of a file and where it stands; `fault` says in words what is wrong with it."""

    value: Json
    place: str = ""
    line: int = 0
    fault: str = ""


class BrokenOff(ValueError):
    """A file can't be read from some place on."""


@dataclass
class _Fed:
    """A file as the parser wants it: UTF-8 without a mark, no bare controls; and no value longer than is allowed."""

    file: IO[bytes]
    coding: str
    taken: int = 0
    since: int = 0

    def __post_init__(self) -> None:
        self.decode = codecs.getincrementaldecoder(self.coding)("replace").decode

    def read(self, size: int) -> bytes:
        data = self.file.read(size) if size else b""
        self.taken += len(data)
        self.since += len(data)
        if self.since > LONGEST:
            raise BrokenOff(f"has one value of more than {LONGEST:,} bytes")
        return self.decode(data, size > 0 and not data).encode("utf-8", "replace").translate(_NO_CONTROLS)


_NO_CONTROLS = bytes(32 if byte < 32 else byte for byte in range(256))


@dataclass
class _Open:
    """A list or an object that is being read, and where; `items` is a list whose elements are read one by one."""

    value: Any
    kind: str
    place: str = ""
    key: str = ""
    count: int = 0


@dataclass
class _Reader:
    """Puts events of a parser together to elements, one at a time."""

    stack: list[_Open] = field(default_factory=list)
    skipped: int = 0
    values: int = 0
    fault: str = ""

    def begin(self, kind: str) -> None:
        if self.skipped or self._is_too_much(len(self.stack)):
            self.skipped += 1
            return
        above = self.stack[-1] if self.stack else None
        is_items = kind == "list" and all(one.kind == "object" for one in self.stack)
        if is_items and (above is None or above.key in LISTS):
            self.stack.append(_Open(None, "items", ".".join(one.key for one in self.stack)))
            return
        value: Any = [] if kind == "list" else {}
        self._put(value)
        place = f"{above.place}[{above.count}]" if above is not None and above.kind == "items" else ""
        self.stack.append(_Open(value, kind, place))

    def _is_too_much(self, depth: int) -> bool:
        if depth > DEEPEST or self.values > MOST_VALUES:
            too = (
                f"nests more than {DEEPEST} deep" if depth > DEEPEST else f"holds over {MOST_VALUES:,} values"
            )
            self.fault = self.fault or f"it {too}; what goes beyond is left out."
            return True
        return False

    def _put(self, value: Any) -> None:
        self.values += 1
        if not self.stack or self.skipped or self._is_too_much(0):
            return
        above = self.stack[-1]
        if above.kind == "list":
            above.value.append(value)
        elif above.kind == "object":
            above.value[above.key] = value

    def end(self) -> Part | None:
        if self.skipped:
            self.skipped -= 1
            return None
        closed = self.stack.pop()
        above = self.stack[-1] if self.stack else None
        if above is not None and above.kind != "items":
            return None
        found = Part(closed.value, closed.place, fault=self.fault) if closed.kind != "items" else None
        if above is not None:
            above.count += 1
        self.values, self.fault = 0, ""
        return found

    def scalar(self, value: Any) -> Part | None:
        if not self.stack:
            return Part(value)
        self._put(value)
        if self.stack[-1].kind == "items" and not self.skipped:
            self.stack[-1].count += 1
        return None


def elements(file: IO[bytes], coding: str, why: str = "") -> Iterator[Part]:
    """Yield each element of the list that a file of JSON holds, then what stands around the list.

    Where the file breaks off, the last part says so, in the words of `why` where some are given.

    Raises
    ------
    BrokenOff
        Where nothing can be read.

    >>> import io
    >>> [(part.place, part.value) for part in elements(io.BytesIO(b'{"claims": [{"a": 1}], "b": 2}'), "utf-8")]
    [('claims[0]', {'a': 1}), ('', {'b': 2})]
    """
    fed = _Fed(file, coding)
    import ijson

    reader, found = _Reader(), False
    try:
        # Numbers of its own: a whole number of 5,000 digits, made Python's, ends the process.
        for event, value in ijson.basic_parse(fed, buf_size=1 << 16, use_float=True):
            fed.since = 0
            part = None
            if event == "map_key":
                if not reader.skipped:
                    reader.stack[-1].key = value
            elif event in ("start_map", "start_array"):
                reader.begin("object" if event == "start_map" else "list")
            else:
                part = reader.end() if event in ("end_map", "end_array") else reader.scalar(value)
            if part is not None:
                found = True
                yield part
    except BrokenOff as error:
        fault = str(error)
    except (ijson.JSONError, ValueError) as error:
        near = f"is no JSON any more before byte {fed.taken:,} ({shown(str(error).splitlines()[0])})"
        fault = why or near
    else:
        return
    if not found:
        raise BrokenOff(fault)
    yield Part(None, fault=f"the file {fault}: what follows is not read.")
