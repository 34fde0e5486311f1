"""The marks that charts share: words, signs, statuses as squares, and what is read where somebody points."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from factdesk.charts.theme import LINE

LEFT, RIGHT = alt.XValue(0), alt.XValue("width")
ACROSS: dict[str, Any] = {"x": LEFT, "x2": alt.X2Value("width")}
"""From one edge of the plot to the other."""
FORMATS = {
    **dict.fromkeys(("date", "from", "until"), "%-d %B %Y"),
    **dict.fromkeys(("share", "low", "high", "open"), ".0%"),
    **dict.fromkeys(("claims", "of", "pieces", "count", "days", "at_risk", "settled"), ","),
    "median_days": ",.1~f",
}
"""How a column is written in a tooltip; one that is not named here is text."""


def layer(frame: pd.DataFrame) -> alt.Chart:
    """Return a layer with rows of its own, its days as Altair writes them."""
    days = {
        str(name): frame[name].dt.strftime("%Y-%m-%dT00:00:00") for name in frame.select_dtypes("datetime")
    }
    rows: Any = frame.assign(**days).astype(object).where(frame.notna(), None).to_dict("records")
    return alt.Chart(alt.InlineData(rows))


def words(chart: alt.Chart, field: str = "text", **mark: Any) -> alt.Chart:
    """Set the words of a column, which may stand outside of the plot."""
    options: dict[str, Any] = {"align": "left", "clip": False, "lineBreak": "\n", "lineHeight": LINE} | mark
    return chart.mark_text(**options).encode(text=alt.Text(f"{field}:N"))


def signs(chart: alt.Chart, shape: alt.ExprRef, **mark: Any) -> alt.Chart:
    """Draw signs, all of one size and without an outline."""
    options: dict[str, Any] = {"filled": True, "opacity": 1, "size": 62, "strokeWidth": 0} | mark
    return chart.mark_point(shape=shape, **options)


def tooltips(*columns: str) -> list[alt.Tooltip]:
    """Show columns where somebody points, each as its kind is written.

    >>> tooltips("from as on")[0].to_dict()
    {'field': 'from', 'format': '%-d %B %Y', 'title': 'on', 'type': 'temporal'}
    """
    shown = []
    for name, _, title in (column.partition(" as ") for column in columns):
        written = FORMATS.get(name, "")
        options: Any = {"title": title, "format": written}
        kind = "T" if written.startswith("%") else "Q" if written else "N"
        shown.append(alt.Tooltip(f"{name}:{kind}", **{key: text for key, text in options.items() if text}))
    return shown
