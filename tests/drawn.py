"""What a chart carries."""

from collections.abc import Iterator

import altair as alt
from samples import MOMENT, PEOPLE, ROOT, WORDS, corrected, generated, repeated, written
from samples import sample_ledger as sample

__all__ = [
    "MOMENT", "PEOPLE", "ROOT", "WORDS", "asides", "beside", "caption", "corrected", "generated", "marks", "repeated",
    "rows", "sample", "spec_of", "subtitle", "texts", "title", "told", "written",
]  # fmt: skip


def spec_of(chart: alt.LayerChart) -> dict:
    """The chart's specification."""
    return chart.to_dict()


def rows(chart: alt.LayerChart, *fields: str) -> list[dict]:
    """The rows of all data of a chart that have these fields."""
    found = spec_of(chart).get("datasets", {}).values()
    return [row for data in found for row in data if all(field in row for field in fields)]


def marks(chart: alt.LayerChart, kind: str) -> list[list[dict]]:
    """The rows of each layer of one kind of mark."""
    spec = spec_of(chart)
    layers = [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]
    return [spec["datasets"][layer.get("data", spec["data"])["name"]] for layer in layers]


def texts(chart: alt.LayerChart) -> list[str]:
    """All words that are set in a chart."""
    return list(_texts(spec_of(chart)))


def _texts(spec: dict) -> Iterator[str]:
    title = spec["title"]
    yield from title["text"]
    yield from title["subtitle"]
    for data in spec.get("datasets", {}).values():
        yield from (row["text"] for row in data if "text" in row)
    for layer in spec["layer"]:
        text = layer["mark"].get("text", []) if isinstance(layer["mark"], dict) else []
        yield from [text] if isinstance(text, str) else text


def title(chart: alt.LayerChart) -> str:
    """The title, on one line."""
    return " ".join(spec_of(chart)["title"]["text"])


def subtitle(chart: alt.LayerChart) -> str:
    """The line under the title, on one line."""
    return " ".join(spec_of(chart)["title"]["subtitle"])


def caption(chart: alt.LayerChart) -> str:
    """The caption, on one line."""
    return " ".join(spec_of(chart)["layer"][-1]["mark"]["text"])


def told(chart: alt.LayerChart) -> tuple[str, str, str]:
    """The title, the subtitle and the caption of a chart, each on one line."""
    about = chart.usermeta["factdesk"]
    return about["title"], about["subtitle"], about["caption"]


def asides(chart: alt.LayerChart) -> list[str]:
    """What stands at the right of the rows of a chart."""
    return _in_rows(chart, "aside")


def beside(chart: alt.LayerChart) -> list[str]:
    """The words of the rows of a chart, those of headings included, each on one line."""
    return [" ".join(words.split("\n")) for words in _in_rows(chart, "beside")]


def _in_rows(chart: alt.LayerChart, column: str) -> list[str]:
    own = [layer.data.values for layer in chart.layer if isinstance(layer.data, alt.InlineData)]
    rows = [row for values in own for row in values if column in row]
    return [row[column] for row in sorted(rows, key=lambda row: row["row"])]
