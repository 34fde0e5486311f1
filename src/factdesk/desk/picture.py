"""A chart within the desk, which the notebook itself draws: no library is sent and no network asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

import altair as alt
import ipywidgets as widgets  # type: ignore[import-untyped]

from factdesk.charts.calls import AnyChart
from factdesk.charts.chart_rows import Json

# The notebook draws this form by itself, also of a specification of version 6; it does not draw `v6+json`.
VEGA_LITE = "application/vnd.vegalite.v5+json"
EMBEDDED = {"actions": False, "renderer": "svg"}
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")


class Picture(widgets.Output):
    """A chart that is drawn anew in place, and follows the notebook from light to dark."""

    def draw(self, chart: Callable[[str], AnyChart]) -> None:
        """Show a chart; `chart` draws it in a theme."""
        light, dark = (_plain(chart(theme)) for theme in ("light", "dark"))
        spec = on_both_grounds(light, dark)
        words = str(light.get("description", "")) if isinstance(light, Mapping) else ""
        self.outputs = (
            {
                "output_type": "display_data",
                "data": {VEGA_LITE: spec, "text/plain": words},
                "metadata": {VEGA_LITE: {"embed_options": EMBEDDED}},
            },
        )


def _plain(chart: AnyChart) -> Json:
    # Data sets that stand apart are named by their content, which differs between the two grounds.
    with alt.data_transformers.enable("default", consolidate_datasets=False, max_rows=None):
        return cast(Json, chart.to_dict(validate=False))  # the tests of charts do, at half the time


def on_both_grounds(light: Json, dark: Json) -> Json:
    """Return one specification for two that differ in colours: the browser takes the one for its ground.

    Examples
    --------
    >>> on_both_grounds({"fill": "#ffffff", "width": 3}, {"fill": "#14181d", "width": 3})
    {'fill': 'light-dark(#ffffff, #14181d)', 'width': 3}
    """
    if isinstance(light, Mapping) and isinstance(dark, Mapping):
        return {key: on_both_grounds(value, dark.get(key, value)) for key, value in light.items()}
    if isinstance(light, list) and isinstance(dark, list) and len(light) == len(dark):
        return [on_both_grounds(a, b) for a, b in zip(light, dark, strict=True)]
    if light != dark and all(isinstance(one, str) and _COLOUR.fullmatch(one) for one in (light, dark)):
        return f"light-dark({light}, {dark})"
    return light
