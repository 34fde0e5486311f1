"""What the controls of a notebook show as it stands, for a page in which no kernel answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from factdesk.pages.html import Json, clean, escape

if TYPE_CHECKING:
    from nbformat import NotebookNode

STATES = "application/vnd.jupyter.widget-state+json"
DEEPEST = 20
"""Boxes within boxes; a notebook's file can say that a box stands in itself."""

_MODEL = "IPY_MODEL_"

States = Mapping[str, Mapping[str, Json]]
Show = Callable[[Mapping[str, Json]], str]


def states(notebook: NotebookNode) -> States:
    """Give what a notebook keeps of its controls, by their models' ids.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> states(v4.new_notebook())
    {}
    """
    kept = notebook.metadata.get("widgets")
    found = kept.get(STATES) if isinstance(kept, Mapping) else None
    listed = found.get("state") if isinstance(found, Mapping) else None
    return listed if isinstance(listed, Mapping) else {}


def static_form(model_id: str, known: States, bundle: Show) -> str:
    """Give what a control shows, and those that it holds, as HTML without anything to press.

    Parameters
    ----------
    model_id : str
        Its model.
    known : mapping
        The states of all of a notebook's models.
    bundle : callable
        Sets the data of an output: what was printed in an `Output`, a picture, a chart.

    Returns
    -------
    str
        HTML; empty where nothing is known of it that could be shown.

    Examples
    --------
    >>> slider = {"model_name": "IntSliderModel", "state": {"description": "How many", "value": 3}}
    >>> static_form("a", {"a": slider}, str)
    '<p>How many: <b>3</b></p>'
    """
    return "\n".join(_form(model_id, known, bundle, 0))


def _form(model_id: str, known: States, bundle: Show, depth: int) -> Iterator[str]:
    model = known.get(model_id)
    state = model.get("state") if isinstance(model, Mapping) else None
    if depth > DEEPEST or not isinstance(model, Mapping) or not isinstance(state, Mapping):
        return
    kind = str(model.get("model_name", ""))
    if kind == "OutputModel":
        for output in _list(state.get("outputs")):
            if isinstance(output, Mapping):
                yield from filter(None, [_printed(output, bundle)])
        return
    if children := [child for child in _list(state.get("children")) if isinstance(child, str)]:
        titles = [str(title) for title in _list(state.get("titles"))]
        for n, child in enumerate(children):
            if n < len(titles) and titles[n]:
                yield f"<p><b>{escape(titles[n])}</b></p>"
            yield from _form(child.removeprefix(_MODEL), known, bundle, depth + 1)
        return
    if isinstance(spec := state.get("spec"), Mapping) and "$schema" in spec:
        yield bundle({"application/vnd.vegalite.v5+json": spec})
        return
    yield from filter(None, [_alone(kind, state, model, bundle)])


def _alone(kind: str, state: Mapping[str, Json], model: Mapping[str, Json], bundle: Show) -> str:
    """Give a control that holds no others, in words: its name and its value."""
    name, value = str(state.get("description") or "").strip().rstrip(":"), state.get("value")
    if kind == "ImageModel":
        return bundle({f"image/{state.get('format') or 'png'}": _bytes(model)}) if _bytes(model) else ""
    if kind in ("HTMLModel", "HTMLMathModel"):
        shown = clean(str(value or ""))
        return f"<p>{escape(name)}</p>\n{shown}" if name and shown else shown
    if kind in ("ButtonModel", "FileUploadModel"):
        return f"<p>Button “{escape(name)}”</p>" if name else ""
    if kind in ("CheckboxModel", "ToggleButtonModel", "ValidModel"):
        said = "yes" if value else "no"
    elif isinstance(options := state.get("_options_labels"), Sequence) and not isinstance(options, str):
        chosen = state.get("index")
        places = chosen if isinstance(chosen, list) else [chosen]
        between = " to " if "Range" in kind else ", "
        said = between.join(
            str(options[at]) for at in places if isinstance(at, int) and -1 < at < len(options)
        )
    else:
        said = _words(value, " to " if "Range" in kind else ", ")
    if kind in ("IntProgressModel", "FloatProgressModel"):
        said = f"{said} of {_words(state.get('max'), '')}"
    if not said:
        return f"<p>{escape(name)}</p>" if name else ""
    return f"<p>{escape(name)}: <b>{escape(said)}</b></p>" if name else f"<p>{escape(said)}</p>"


def _words(value: Json, between: str) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, Mapping):  # a day, its month counted from nought; a moment also has hours
        parts = [value.get(one) for one in ("year", "month", "date")]
        if not all(isinstance(part, int) for part in parts):
            return ""
        year, month, day = (part for part in parts if isinstance(part, int))
        return f"{year:04}-{month + 1:02}-{day:02}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return between.join(filter(None, (_words(one, between) for one in value)))
    return str(value)


def _printed(output: Mapping[str, Json], bundle: Show) -> str:
    if output.get("output_type") == "stream":
        words = str(output.get("text") or "").strip("\n")
        return f"<pre>{escape(words)}</pre>" if words.strip() else ""
    data = output.get("data")
    return bundle(data) if isinstance(data, Mapping) else ""


def _bytes(model: Mapping[str, Json]) -> str:
    """Give the bytes of a picture, as its model keeps them beside its state."""
    for buffer in _list(model.get("buffers")):
        if (
            isinstance(buffer, Mapping)
            and buffer.get("path") == ["value"]
            and buffer.get("encoding") == "base64"
        ):
            return str(buffer.get("data") or "")
    return ""


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
