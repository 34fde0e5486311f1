"""Charts in a notebook: drawn by JupyterLab without a network, as a picture elsewhere, in words where there is neither."""

from __future__ import annotations

import base64
import json
import struct
from importlib.resources import files

import altair as alt

from factdesk.charts.chart import SIZES
from factdesk.charts.chart_rows import Json, metadata
from factdesk.charts.save import Spec, picture
from factdesk.errors import InvalidValue

NAME = "factdesk"
# JupyterLab 4 draws this form by itself. It does not draw v6, and nbformat refuses Altair's name for that one.
CHART = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SCALE, COLOURS = 1.5, 64
LEAST, MOST = 600, 1_100
"""Pixels between which a chart is as wide as the cell that it stands in."""
# Vega-Embed puts a chart into a box that is as wide as what it holds: at first nothing. With a box that fills the cell
# the chart can ask for its width; where somebody else's chart brought the style before, it keeps its own.
_STYLE = files("factdesk").joinpath("static", "notebook.css").read_text("utf-8").rstrip()


def render(spec: Spec, **options: object) -> tuple[dict[str, Spec | str], dict[str, Spec]]:
    """Return the forms of a chart that a notebook keeps, by media type, and the size at which its picture is shown.

    They are the chart itself, a small picture of it, and words; the same bytes for the same chart, so that running
    a notebook again changes nothing in it. Altair hands on `options`, which are not used.
    """
    bundle: dict[str, Spec | str] = {
        CHART: {**spec, "$schema": SCHEMA},
        "text/plain": str(spec.get("description") or "Chart"),
    }
    try:
        drawn = picture(spec, SCALE, COLOURS)
    except InvalidValue:  # its data lies elsewhere, say: the chart itself is there all the same
        return bundle, _fitted(spec)
    bundle["image/png"] = base64.b64encode(drawn).decode()
    width, height = struct.unpack(">II", drawn[16:24])
    size = {"width": round(width / SCALE), "height": round(height / SCALE)}
    return bundle, {**_fitted(spec), "image/png": size}


def _fitted(spec: Spec) -> dict[str, Spec]:
    """Return what has JupyterLab draw a chart of ours, of which no width was asked, at the width of its cell."""
    about, usual = metadata(spec), SIZES["page"].width
    if not about or about.get("is_framed") or spec.get("width") != usual:
        return {}
    width = f"containerSize()[0] > 0 ? clamp(containerSize()[0], {LEAST}, {MOST}) : {usual}"
    signal: Json = {"name": "width", "init": width, "on": [{"update": width, "events": "window:resize"}]}
    is_first = '"params"' not in json.dumps(spec, default=str)  # what it compiles to has no other signal
    path, value = ("/signals", [signal]) if is_first else ("/signals/0", signal)
    patch: Json = [{"op": "remove", "path": "/width"}, {"op": "add", "path": path, "value": value}]
    return {CHART: {"embed_options": {"defaultStyle": _STYLE, "patch": patch}}}


def enable() -> None:
    """Have Altair show charts this way, unless another way was chosen."""
    alt.renderers.register(NAME, render)
    if alt.renderers.active == "default":
        alt.renderers.enable(NAME)
