"""Objects of JSON, one a line or in one array, and frames of pandas, as columns of text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from factdesk.exchange.workbooks import text_of

Placed = tuple[int, dict[str, str] | str, str]
"""The line that an object begins on, its cells by name (else its text), and why it can't be read."""

_BLANK = re.compile(r"[ \t\r\n,]*")
# Numbers stay as they are written: 2.50 is not 2.5, and 5,000 digits are no number to Python.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def is_json(text: str, suffix: str) -> bool:
    """Return whether a text is JSON by its file's name, or by how it begins.

    >>> is_json('{"claim": "It rained."}', ".txt"), is_json("claim,day", ".csv")
    (True, False)
    """
    begins = re.match(r'\s*(?:\[\s*)?\{\s*(?:"|\})', text[:10_000]) is not None
    return begins or suffix.lower() in (".json", ".jsonl", ".ndjson")


def objects(text: str) -> Iterator[Placed]:
    """Yield the objects of lines or of one array; raise ValueError where they are no table, or an array is not whole.

    >>> list(objects('{"claim": "It rained.", "links": ["https://a.example"]}\\n{"claim": ...}\\n'))
    [(1, {'claim': 'It rained.', 'links': 'https://a.example'}, ''), (2, '{"claim": ...}', 'it is no JSON (...)')]
    """
    at = _end_of_blank(text, 0)
    is_array = text[at : at + 1] == "["
    if not is_array and '"@context"' in text[:10_000]:
        raise ValueError("it is linked data, such as ClaimReview, and no table")
    line, counted, at = 1, 0, at + is_array
    while (at := _end_of_blank(text, at)) < len(text):
        line, counted = line + text.count("\n", counted, at), at
        if is_array and text[at] == "]":
            return
        try:
            found, at = _DECODER.raw_decode(text, at)
            yield _placed(line, found, text[counted:at])
        except (ValueError, RecursionError) as error:
            why = (
                "its values are nested too deeply"
                if isinstance(error, RecursionError)
                else f"it is no JSON ({error})"
            )
            if is_array:
                raise ValueError(f"in line {line:,} {why}") from None
            end = text.find("\n", at)
            at = end if end >= 0 else len(text)
            yield line, text[counted:at].strip(), why
    if is_array:
        raise ValueError(f"it ends in line {line:,}, before its array does")


def _end_of_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    assert blank is not None
    return blank.end()


def _placed(line: int, found: Any, said: str) -> Placed:
    if not isinstance(found, dict):
        return line, said, "it is no object with names and values"
    return line, {name: cell(value) for name, value in found.items()}, ""


def cell(value: Any) -> str:
    """Return a value as the text of a cell: several words one a line, what is nested as JSON.

    >>> cell(["a", "b"]), cell({"a": [1]}), cell(None), cell(True), cell(2.0)
    ('a\\nb', '{"a": [1]}', '', 'TRUE', '2')
    """
    if isinstance(value, (str, bool, float, int)):
        return "" if value != value else text_of(value)
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) and "\n" not in one for one in value):
        return "\n".join(value)
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None or value is pd.NaT or value is pd.NA else text_of(value)


def of_frame(frame: pd.DataFrame) -> tuple[list[str], list[pd.Series], list[str]]:
    """Return a frame's column names, its columns as text, and remarks."""
    remarks = []
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index(allow_duplicates=True)
    elif not isinstance(frame.index, pd.RangeIndex):
        remarks.append("The frame's index, which has no name, was left out.")
    names = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in frame.columns]
    return names, [_text_column(frame.iloc[:, at]) for at in range(len(names))], remarks


def _text_column(column: pd.Series) -> pd.Series:
    column = column.reset_index(drop=True)
    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").astype("str")
    return text_series([cell(value) for value in column.astype(object)])


def text_series(cells: Sequence[str]) -> pd.Series:
    """Return cells as a column of text; halves of surrogate pairs, which no text can hold, become U+FFFD.

    >>> text_series(["a", "\\ud800"]).tolist()
    ['a', '\ufffd']
    """
    try:
        return pd.Series(pa.array(cells, pa.large_string()).to_pandas(), dtype="str")
    except UnicodeEncodeError:
        return pd.Series([re.sub("[\ud800-\udfff]", "\ufffd", one) for one in cells], dtype="str")
