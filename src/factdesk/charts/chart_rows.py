"""The rows that a chart shows, and what it says of itself, found in its specification: JSON from anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
Spec = Mapping[str, Json]

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LEFTMOST = "\N{LEFT-TO-RIGHT MARK}"
_BETWEEN = "\N{POP DIRECTIONAL ISOLATE} \N{FIRST STRONG ISOLATE}"


def rows_behind(spec: Spec) -> Iterator[Mapping[str, Json]]:
    """Return the rows that a chart shows: of one of ours those that carry all its columns, of others all.

    Examples
    --------
    >>> list(rows_behind({"data": {"values": [{"day": "2025-03-10", "claims": 2}]}, "mark": "bar"}))
    [{'day': '2025-03-10', 'claims': 2}]
    """
    named = [name for name in listed(metadata(spec).get("columns")) if isinstance(name, str)]
    for rows in data_of(spec):
        if not named:
            yield from rows
        elif rows and all(name in rows[0] for name in named):
            yield from ({name: _day(row.get(name)) for name in named} for row in rows)


def _day(cell: Json) -> Json:
    """Return a day as the files of a ledger have it: Altair writes one as the moment at which it begins."""
    return cell.removesuffix("T00:00:00") if isinstance(cell, str) and cell[:4].isdecimal() else cell


def data_of(spec: Spec) -> Iterator[list[Mapping[str, Json]]]:
    """Return the data of a specification, each once, in the order in which its views use them."""
    datasets = mapping(spec.get("datasets"))
    found: dict[object, Json] = {}
    for view in _views(spec):
        if data := mapping(view.get("data")):
            name = str(data.get("name", ""))
            found.setdefault(name or id(data), data.get("values", datasets.get(name)))
    for rows in map(listed, found.values()):
        if any(rows):
            yield [row for row in rows if isinstance(row, Mapping)]


def _views(spec: Json) -> Iterator[Spec]:
    if isinstance(spec, Mapping):
        yield spec
        for key in ("layer", "hconcat", "vconcat", "concat", "spec"):
            within = spec.get(key)
            for part in within if isinstance(within, list) else [within]:
                yield from _views(part)


def metadata(spec: Spec) -> Mapping[str, Json]:
    """Return what a chart of ours records of itself; of others nothing."""
    return mapping(mapping(spec.get("usermeta")).get("factdesk"))


def parsed(text: bytes | str) -> Mapping[str, Json]:
    """Parse a mapping in JSON; return an empty one where it is none, or is built to be too much."""
    try:
        return mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def mapping(value: Json) -> Mapping[str, Json]:
    """Return a mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Json) -> Sequence[Json]:
    """Return a list as it is, and an empty one for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def unbroken(words: object) -> str:
    """Return a text of several lines as one, without the marks that hold lines in their places.

    >>> unbroken(["Claims in each status,", "by day"])
    'Claims in each status, by day'
    """
    lines = words if isinstance(words, list) else [words] if isinstance(words, str) else []
    return " ".join(str(line).removeprefix(_LEFTMOST) for line in lines).replace(_BETWEEN, " ")


def drawable(part: Any) -> Any:
    r"""Put � where a text has a character that no XML can hold: at one the renderer ends the whole process.

    Controls, halves of surrogate pairs and two noncharacters are meant (XML 1.0, 2.2).

    Examples
    --------
    >>> drawable({"title": "a\x1b[31mb"})
    {'title': 'a�[31mb'}
    """
    if isinstance(part, str):
        return _NO_XML.sub("\ufffd", part)
    if isinstance(part, Mapping):
        return {drawable(key): drawable(value) for key, value in part.items()}
    return [drawable(one) for one in part] if isinstance(part, list) else part
