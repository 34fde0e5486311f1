"""Themes for Altair, and statuses as colours, signs and keys."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import partial
from typing import Any

import altair as alt

from factdesk.charts.colours import PATHS, STANCES, THEMES, Look, Theme, looks
from factdesk.errors import InvalidValue
from factdesk.ledger.ledger import Ledger

FONT = "Liberation Sans, Arimo, Arial, Helvetica, sans-serif"
LINE = 16
"""Pixels from one line of words to the next."""
_name: ContextVar[str] = ContextVar("name", default="")


@contextlib.contextmanager
def named(call: str) -> Iterator[None]:
    """Name what the chart that is being drawn calls its parameters after its call: beside others, no two are one."""
    before = _name.set(hashlib.sha256(call.encode()).hexdigest()[:6])
    try:
        yield
    finally:
        _name.reset(before)


def parameter(purpose: str) -> str:
    """Return the name of a parameter of the chart that is being drawn.

    >>> with named("fd.charts.timeline(ledger)"):
    ...     parameter("chosen")
    'chosen_a322a4'
    """
    return f"{purpose}_{_name.get()}"


def config(name: str) -> alt.theme.ThemeConfig:
    """Return a theme's configuration: its ground and its fonts, no colours of statuses."""
    of = THEMES[name]
    axis: Any = {
        "labelColor": of.ink, "labelFontSize": 12, "labelLimit": 0, "labelPadding": 6, "labelLineHeight": 14,
        "titleColor": of.soft, "titleFontSize": 12, "titleFontWeight": "normal",
        "gridColor": of.faint, "domainColor": of.soft, "tickColor": of.soft,
    }  # fmt: skip
    words: Any = {key: axis[key] for key in ("labelColor", "labelFontSize", "labelLimit", "titleColor")}
    return {
        "config": {
            "background": of.ground,
            "font": FONT,
            "padding": 12,
            "view": {"stroke": None},
            "concat": {"spacing": 30},
            "axis": axis,
            "header": words | {"titleFontSize": 12},
            "legend": words
            | {"symbolStrokeWidth": 0.5, "layout": {"top": {"direction": "vertical", "anchor": "start"}}},
            "title": {
                "anchor": "start", "frame": "bounds", "offset": 16, "color": of.ink, "fontSize": 17,
                "lineHeight": 21, "subtitleColor": of.soft, "subtitleFontSize": 13, "subtitleLineHeight": 17,
                "subtitlePadding": 5,
            },
            "text": {"color": of.ink, "fontSize": 12, "lineBreak": "\n", "lineHeight": LINE},
            "rule": {"color": of.ink},
        }
    }  # fmt: skip


def register() -> None:
    """Register our themes with Altair, and enable the light one where none was chosen: charts side by side take it."""
    for name in THEMES:
        is_chosen = alt.theme.active != "default"
        alt.theme.register(f"factdesk-{name}", enable=name == "light" and not is_chosen)(
            partial(config, name)
        )


register()


def in_force(theme: str | None = None) -> Theme:
    """Return the theme asked for, else the one enabled in Altair, else the light one.

    Raises
    ------
    InvalidValue
        Where there is none of that name.
    """
    name = alt.theme.active.removeprefix("factdesk-") if theme is None else theme
    if theme is not None and theme not in THEMES:
        raise InvalidValue.choice("theme", theme, list(THEMES))
    return THEMES.get(name, THEMES["light"])


def status_scale(ledger: Ledger, theme: str | None = None) -> alt.Scale:
    """Return the colours of a ledger's statuses as a scale, for charts of one's own.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    theme : {"light", "dark", "print"}, optional
        The ground; otherwise that of the theme enabled in Altair, or a light one.

    Returns
    -------
    altair.Scale
        The statuses in the order of the vocabulary.

    Raises
    ------
    InvalidValue
        Where there is no such theme.

    Examples
    --------
    >>> import altair as alt, factdesk as fd
    >>> ledger = fd.open("claims.csv")
    >>> colour = alt.Color("status:N", scale=fd.charts.status_scale(ledger))
    >>> bars = alt.Chart(ledger.status_on("2025-03-15")).mark_bar().encode(x="count()", y="claimant", color=colour)
    """
    return scale_of(looks(ledger.settings.vocabulary, in_force(theme).name), "colour")


def scale_of(of: Mapping[str, Look], field: str) -> alt.Scale:
    """Return a part of the look of statuses as a scale."""
    return alt.Scale(domain=list(of), range=[getattr(one, field) for one in of.values()])


def where_chosen(opacity: float | alt.ExprRef = 1) -> alt.OpacityValue:
    """Let marks of statuses other than the chosen ones fade."""
    shown = alt.condition(alt.param(name=parameter("chosen")), alt.value(opacity), alt.value(0.15))
    return alt.OpacityValue(**shown)


def expression(value: object) -> str:
    """Write a value into an expression of Vega's."""
    return json.dumps(value, ensure_ascii=False)


STANCE_SIGN = alt.ExprRef(f"{expression({one: PATHS[sign] for one, sign in STANCES.items()})}[datum.stance]")
"""The shape of a row's stance, for `mark_point(shape=…)`."""
