"""Charts in a notebook: drawn by JupyterLab without a network, as a picture elsewhere, in words where there is neither."""

from __future__ import annotations

import base64
import struct

import altair as alt

from factdesk.charts.save import Spec, picture
from factdesk.errors import InvalidValue

NAME = "factdesk"
# JupyterLab 4 draws this form by itself. It does not draw v6, and nbformat refuses Altair's name for that one.
CHART = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SCALE, COLOURS = 1.5, 64


def render(spec: Spec, **options: object) -> tuple[dict[str, Spec | str], dict[str, dict[str, int]]]:
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
        return bundle, {}
    bundle["image/png"] = base64.b64encode(drawn).decode()
    width, height = struct.unpack(">II", drawn[16:24])
    return bundle, {"image/png": {"width": round(width / SCALE), "height": round(height / SCALE)}}


def enable() -> None:
    """Have Altair show charts this way, unless another way was chosen."""
    alt.renderers.register(NAME, render)
    if alt.renderers.active == "default":
        alt.renderers.enable(NAME)
