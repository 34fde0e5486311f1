"""The rows that a chart shows, found in its specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Json = Mapping[str, "Json"] | list["Json"] | str | int | float | bool | None
Spec = Mapping[str, Json]

_LEFTMOST = "\N{LEFT-TO-RIGHT MARK}"


def rows_behind(spec: Spec) -> Iterator[Mapping[str, Json]]:
    """Give the rows that a chart shows: of one of ours those that carry all its columns, of others all.

    Examples
    --------
    >>> list(rows_behind({"data": {"values": [{"day": "2025-03-10", "claims": 2}]}, "mark": "bar"}))
    [{'day': '2025-03-10', 'claims': 2}]
    """
    columns = metadata(spec).get("columns")
    named = [name for name in columns if isinstance(name, str)] if isinstance(columns, list) else []
    for rows in data_of(spec):
        if not named:
            yield from rows
        elif rows and all(name in rows[0] for name in named):
            yield from ({name: row.get(name) for name in named} for row in rows)


def data_of(spec: Spec) -> Iterator[list[Mapping[str, Json]]]:
    """Give the data of a specification, each once, in the order in which its parts use them."""
    named = spec.get("datasets")
    datasets = named if isinstance(named, Mapping) else {}
    seen: set[str] = set()

    def walk(part: Json) -> Iterator[Json]:
        if isinstance(part, list):
            for item in part:
                yield from walk(item)
        if not isinstance(part, Mapping):
            return
        data = part.get("data")
        if isinstance(data, Mapping):
            name = str(data.get("name", ""))
            if name not in seen:
                yield data.get("values", datasets.get(name))
            seen.add(name) if name else None
        for key in ("layer", "hconcat", "vconcat", "concat", "spec"):
            yield from walk(part.get(key))

    for rows in walk(spec):
        if isinstance(rows, list) and any(rows):
            yield [row for row in rows if isinstance(row, Mapping)]


def metadata(spec: Spec) -> Mapping[str, Json]:
    """Give what a chart of ours notes of itself; of others nothing."""
    meta = spec.get("usermeta")
    ours = meta.get("factdesk") if isinstance(meta, Mapping) else None
    return ours if isinstance(ours, Mapping) else {}


def unbroken(words: object) -> str:
    """Give a text that may be broken into lines as one, without the marks that hold lines in their places.

    >>> unbroken(["Claims in each status,", "by day"])
    'Claims in each status, by day'
    """
    if isinstance(words, str):
        return words
    whole = " ".join(str(line).removeprefix(_LEFTMOST) for line in words) if isinstance(words, list) else ""
    return whole.replace("\N{POP DIRECTIONAL ISOLATE} \N{FIRST STRONG ISOLATE}", " ")
