"""What the widgets of a notebook show as they stand, for a page in which no kernel answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from factdesk.charts.chart_rows import Json, listed, mapping
from factdesk.pages.html import clean, escape

if TYPE_CHECKING:
    from nbformat import NotebookNode

STATES = "application/vnd.jupyter.widget-state+json"
DEEPEST = 20
"""Boxes within boxes; a notebook's file can say that a box stands in itself."""

States = Mapping[str, Mapping[str, Json]]
Show = Callable[[Mapping[str, Json]], str]


def states(notebook: NotebookNode) -> States:
    """Return what a notebook keeps of its widgets, by their models' ids.

    >>> import nbformat.v4 as v4
    >>> states(v4.new_notebook())
    {}
    """
    kept = mapping(mapping(notebook.metadata.get("widgets")).get(STATES)).get("state")
    return {name: mapping(model) for name, model in mapping(kept).items()}


def static_form(model_id: str, known: States, bundle: Show) -> str:
    """Return what a widget shows, and those that it holds, as HTML without anything to press; empty where that is nothing.

    `known` are the states of all of a notebook's models; `bundle` sets the data of an output that stands in one.

    >>> slider = {"model_name": "IntSliderModel", "state": {"description": "How many", "value": 3}}
    >>> static_form("a", {"a": slider}, str)
    '<p>How many: <b>3</b></p>'
    """
    return "\n".join(filter(None, _parts(model_id, known, bundle, 0)))


def _parts(model_id: str, known: States, bundle: Show, depth: int) -> Iterator[str]:
    model = known.get(model_id, {})
    state = mapping(model.get("state"))
    if depth > DEEPEST:
        return
    for output in map(mapping, listed(state.get("outputs"))):
        words = str(output.get("text") or "").strip()
        data = mapping(output.get("data"))
        yield f"<pre>{escape(words)}</pre>" if words else bundle(data) if data else ""
    titles = listed(state.get("titles"))
    for n, child in enumerate(listed(state.get("children"))):
        title = str(titles[n]) if n < len(titles) else ""
        yield f"<p><b>{escape(title)}</b></p>" if title else ""
        yield from _parts(str(child).removeprefix("IPY_MODEL_"), known, bundle, depth + 1)
    if (spec := mapping(state.get("spec"))) and "$schema" in spec:
        yield bundle({"application/vnd.vegalite.v5+json": spec})
    elif "HTML" in str(model.get("model_name")):
        yield clean(str(state.get("value") or ""))
    elif "outputs" not in state and "children" not in state:
        name, words = str(state.get("description") or "").strip().rstrip(":"), _words(_value(state))
        both = f"{escape(name)}: <b>{escape(words)}</b>" if name and words else escape(name or words)
        yield f"<p>{both}</p>" if both else ""


def _value(state: Mapping[str, Json]) -> Json:
    """Return a widget's value; of one that is chosen from others, their words."""
    options, chosen = listed(state.get("_options_labels")), state.get("index")
    places = listed(chosen) or [chosen]
    found = [options[at] for at in places if isinstance(at, int) and 0 <= at < len(options)]
    return found or ("" if options else state.get("value"))


def _words(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):  # a day, its month counted from nought
        parts = [part for name in ("year", "month", "date") if isinstance(part := value.get(name), int)]
        return f"{parts[0]:04}-{parts[1] + 1:02}-{parts[2]:02}" if len(parts) == 3 else ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(filter(None, map(_words, value)))
    return "" if value is None else str(value)
