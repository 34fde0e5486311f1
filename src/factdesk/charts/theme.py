"""Themes for Altair, and statuses as colours, signs and keys."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from factdesk.charts.colours import PATHS, STANCES, THEMES, Look, Theme, looks
from factdesk.errors import InvalidValue

if TYPE_CHECKING:
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


def looks_of(ledger: Ledger, theme: Theme) -> dict[str, Look]:
    """Return the look of each of a ledger's statuses, in a theme."""
    return looks(ledger.settings.vocabulary, theme.name)


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
    return _scale(looks_of(ledger, in_force(theme)), "colour")


def _scale(of: dict[str, Look], field: str) -> alt.Scale:
    return alt.Scale(domain=list(of), range=[getattr(one, field) for one in of.values()])


def status_colour(ledger: Ledger, theme: Theme, *, legend: alt.Legend | None = None) -> alt.Color:
    """Encode a status as its colour, without a key where none is given."""
    return alt.Color("status:N", scale=_scale(looks_of(ledger, theme), "colour"), legend=legend)


def ink_on_status(ledger: Ledger, theme: Theme) -> alt.Fill:
    """Encode a status as what is read on its colour."""
    return alt.Fill("status:N", scale=_scale(looks_of(ledger, theme), "on"), legend=None)


def labels(ledger: Ledger) -> dict[str, str]:
    """Return what each status is called in a key; statuses that are too many for signs by their number, too."""
    of, vocabulary = looks(ledger.settings.vocabulary), ledger.settings.vocabulary
    numbers = {name: f"{look.sign}. " if look.sign.isdecimal() else "" for name, look in of.items()}
    return {status.name: numbers[status.name] + status.label for status in vocabulary}


def key(ledger: Ledger, theme: Theme, used: Iterable[str], columns: int = 3) -> alt.Chart:
    """Draw nothing but a key of statuses, as squares of their colour with their sign cut out.

    Of one layer's colour and shape Vega makes one key. A click on an entry selects that status.
    """
    of, shown = looks_of(ledger, theme), set(used)
    legend = alt.Legend(
        title=None, orient="top", columns=columns, values=[name for name in of if name in shown],
        labelExpr=f"{_json(labels(ledger))}[datum.label]", symbolOpacity=1, symbolSize=75, symbolStrokeColor=theme.ink,
    )  # fmt: skip
    chosen = alt.selection_point(name=parameter("chosen"), fields=["status"], bind="legend")
    if not legend.values:  # where no status can be read; of a key without entries Vega makes one without end
        unbound = alt.selection_point(name=parameter("chosen"), fields=["status"])
        return alt.Chart(alt.InlineData([])).mark_point().add_params(unbound)
    return (
        alt.Chart(alt.InlineData([{"status": name} for name in legend.values]))
        .mark_point(filled=True, opacity=0, size=0)
        .encode(
            color=status_colour(ledger, theme, legend=legend),
            shape=alt.Shape("status:N", scale=_scale(of, "tile"), legend=legend),
        )
        .add_params(chosen)
    )


def stance_key(theme: Theme, used: Iterable[str], more: dict[str, str] | None = None) -> alt.Chart:
    """Draw nothing but a key of stances, and of further signs by what each stands for."""
    shown = set(used)
    signs = {stance: sign for stance, sign in STANCES.items() if stance in shown} | (more or {})
    return shape_key(theme, {what: PATHS[sign] for what, sign in signs.items()})


def shape_key(theme: Theme, shapes: dict[str, str]) -> alt.Chart:
    """Draw nothing but a key of shapes, by what each stands for."""
    legend = alt.Legend(
        title=None,
        orient="top",
        columns=4,
        symbolFillColor=theme.ink,
        symbolStrokeWidth=0,
        symbolSize=75,
        symbolOpacity=1,
    )
    scale = alt.Scale(domain=list(shapes), range=list(shapes.values()))
    return (
        alt.Chart(alt.InlineData([{"stance": name} for name in shapes]))
        .mark_point(filled=True, color=theme.ink, opacity=0, size=0)
        .encode(shape=alt.Shape("stance:N", scale=scale, legend=legend))
    )


def where_chosen(opacity: float = 1) -> Any:
    """Let marks of statuses other than the chosen ones fade."""
    return alt.condition(alt.param(name=parameter("chosen")), alt.value(opacity), alt.value(0.15))


def sign_of(ledger: Ledger, *, tile: bool = False) -> alt.ExprRef:
    """Return the shape of a row's status, for `mark_point(shape=…)`: its sign, or a square with the sign cut out."""
    of = looks(ledger.settings.vocabulary)
    return alt.ExprRef(
        f"{_json({name: one.tile if tile else one.path for name, one in of.items()})}[datum.status]"
    )


STANCE_SIGN = alt.ExprRef(
    f"{json.dumps({stance: PATHS[sign] for stance, sign in STANCES.items()})}[datum.stance]"
)
"""The shape of a row's stance, for `mark_point(shape=…)`."""


def inline(frame: pd.DataFrame) -> alt.InlineData:
    """Return a frame as the data of one layer, its days as Altair writes them."""
    days = {
        str(name): frame[name].dt.strftime("%Y-%m-%dT00:00:00") for name in frame.select_dtypes("datetime")
    }
    rows: Any = frame.assign(**days).astype(object).where(frame.notna(), None).to_dict("records")
    return alt.InlineData(rows)


def _json(value: object) -> str:
    """Write a value into an expression of Vega's."""
    return json.dumps(value, ensure_ascii=False)
