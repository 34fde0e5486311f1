"""How a chart was made: noted in the chart itself, so that it can be drawn again, alike or in another form."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import PurePath
from typing import Concatenate, ParamSpec

import altair as alt
import numpy as np
import pandas as pd

from factdesk.errors import InvalidValue, nearest
from factdesk.formats import spoken
from factdesk.ledger.ledger import Ledger

Asked = ParamSpec("Asked")
Chart = Callable[..., alt.LayerChart]
Json = Mapping[str, "Json"] | list["Json"] | str | int | float | bool | None

_AGAIN = "_factdesk_again"
VERSION = version("factdesk")
"""Of this package, as it was installed."""


def records_its_call(
    draw: Callable[Concatenate[Ledger, Asked], alt.LayerChart],
) -> Callable[Concatenate[Ledger, Asked], alt.LayerChart]:
    """Let each chart that a function draws note by which call, and of which version, it was made.

    Days and numbers in it are written in the `locale` asked for.
    """
    signature = inspect.signature(draw)

    @functools.wraps(draw)
    def drawn(ledger: Ledger, *words: Asked.args, **options: Asked.kwargs) -> alt.LayerChart:
        asked = dict(signature.bind(ledger, *words, **options).arguments)
        del asked["ledger"]
        _check(ledger, asked)
        with spoken(asked.get("locale")):
            chart = draw(ledger, *words, **options)
        given = {name: plain(value) for name, value in asked.items() if value is not None}
        about = chart.usermeta["factdesk"]
        views = [[name, plain(of)] for name, of in ledger.views]
        about["version"] = VERSION
        about["call"] = call(draw.__name__, given, ledger.views)
        about["made"] = {"chart": draw.__name__, "options": given, "views": views}
        # Altair keeps what is set on a chart for its specification; this is none of it, and no copy has it.
        object.__setattr__(chart, _AGAIN, functools.partial(drawn, ledger, **asked))
        return chart

    return drawn


def _check(ledger: object, asked: Mapping[str, object]) -> None:
    """Refuse what no chart can be drawn of, and what any of them would take for something else."""
    if not isinstance(ledger, Ledger):
        given = ledger if isinstance(ledger, (str, PurePath)) else type(ledger)
        raise InvalidValue("ledger", given, "a ledger, as fd.open('claims.csv') gives it, or a view of one")
    for name in ("even", "share"):
        if not isinstance(asked.get(name, False), (bool, np.bool_)):
            raise InvalidValue(name, asked[name], "True or False")
    if not isinstance(asked.get("title", ""), str | None):
        raise InvalidValue("title", asked["title"], "text")


def again(chart: alt.TopLevelMixin, **options: object) -> alt.LayerChart | None:
    """Draw a chart again with other options.

    Parameters
    ----------
    chart : altair chart
        Any.
    **options
        Options of its kind of chart; the others stay as they were.

    Returns
    -------
    altair.LayerChart or None
        None where it is none of ours, or was changed since it was drawn.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.status_over_time(fd.open("claims.csv"), share=True)
    >>> again(chart, theme="dark").background, again(chart.properties(width=300), theme="dark")
    ('#14181d', None)
    """
    draw = vars(chart).get(_AGAIN)
    if draw is None or draw().to_dict() != chart.to_dict():
        return None
    return draw(**options)


def remade(charts: Mapping[str, Chart], ledger: Ledger, made: Json, **options: object) -> alt.LayerChart:
    """Draw the chart of a ledger that a file says it holds.

    Parameters
    ----------
    charts : mapping
        Every chart by its name.
    ledger : Ledger
        The ledger itself, not a view.
    made : mapping
        What the chart noted as `made`; it may come from anywhere.
    **options
        Other options than those noted.

    Returns
    -------
    altair.LayerChart
        The chart.

    Raises
    ------
    InvalidValue
        Where that is no call of ours.
    """
    allowed = f"a call of ours: {', '.join(charts)}"
    named = made.get("chart") if isinstance(made, Mapping) else None
    if not isinstance(made, Mapping) or not isinstance(named, str) or named not in charts:
        near = "".join(f"; nearest: {one!r}" for one in nearest(str(named), list(charts), n=1))
        raise InvalidValue("made", str(named), allowed + near)
    views, asked = made.get("views", []), made.get("options", {})
    if not isinstance(views, list) or not isinstance(asked, Mapping):
        raise InvalidValue("made", str(made), allowed)
    for view in views:
        name, given = view if isinstance(view, list) and len(view) == 2 else ("", None)
        if name not in ("where", "as_known") or not isinstance(given, Mapping):
            raise InvalidValue("made", str(view), "views of a ledger: where, as_known")
        look = getattr(ledger, name)
        ledger = look(**_taken(look, given))
    draw = charts[named]
    return draw(ledger, **{**_taken(draw, asked), **options})


def _taken(function: Callable[..., object], given: Mapping[str, Json]) -> dict[str, Json]:
    takes = inspect.signature(function).parameters.values()
    known = [one.name for one in takes if one.name != "ledger"]
    for one in takes:
        is_needed = one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
        if is_needed and one.name != "ledger" and one.name not in given:
            raise InvalidValue("made", function.__name__, f"with {one.name}")
    for name in given:
        if name not in known:
            raise InvalidValue("made", name, f"options of {function.__name__}: {', '.join(known)}")
    return {str(name): value for name, value in given.items()}


def plain(value: object) -> Json:
    """Write a value as JSON can hold it: days as text, frames as rows."""
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, (date, pd.Timestamp)):
        return "" if pd.isna(value) else value.isoformat()[:10]
    if isinstance(value, Mapping):
        return {str(name): plain(of) for name, of in value.items()}
    if isinstance(value, Sequence):
        return [plain(of) for of in value]
    return str(value)


def call(
    chart: str, options: Mapping[str, Json], views: Sequence[tuple[str, Mapping[str, object]]] = ()
) -> str:
    """Write the call that makes a chart, as an analyst would type it.

    Examples
    --------
    >>> call("timeline", {"theme": "dark"}, [("where", {"claimant": "Radio"})])
    "fd.charts.timeline(ledger.where(claimant='Radio'), theme='dark')"
    """
    whole = "ledger"
    for name, of in views:
        whole += f".{name}({_options(of)})"
    return f"fd.charts.{chart}({', '.join(filter(None, (whole, _options(options))))})"


def _options(options: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in options.items())
