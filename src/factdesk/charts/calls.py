"""The call that drew a chart: checked, recorded in the chart, and made again."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import PurePath
from typing import Any, Concatenate, ParamSpec, TypeVar, cast, get_args, get_type_hints

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import schemapi

from factdesk.charts.chart import LEAST_WIDTH, MOST_WIDTH, SIZES, USUAL
from factdesk.charts.chart_rows import Json
from factdesk.charts.colours import THEMES
from factdesk.charts.theme import named
from factdesk.errors import InvalidValue
from factdesk.formats import spoken
from factdesk.ledger.ledger import Ledger
from factdesk.scale.store import Store

Asked = ParamSpec("Asked")
AnyChart = alt.LayerChart | alt.VConcatChart | alt.FacetChart
Drawn = TypeVar("Drawn", bound=AnyChart)

_AGAIN = "_factdesk_again"
OF_STORES = ("claimants", "status_over_time", "transitions")
"""Charts that are drawn of counts, and so of a store too."""
VERSION = version("factdesk")
"""Of this package, as it was installed."""

RENAMED = {"evidence_balance": "evidence", "publishers": "evidence"}
GONE = {"activity": "fd.measures.activity(ledger)", "revisions": "fd.measures.revisions(ledger)"}
"""Charts of earlier versions, which pictures still name: what draws them today, or what holds their numbers."""


def records_its_call(
    draw: Callable[Concatenate[Ledger, Asked], Drawn],
) -> Callable[Concatenate[Ledger | Store, Asked], Drawn]:
    """Check what all charts are asked for, draw in the `locale` asked for, and note the call and version."""
    signature = _signature(draw)

    @functools.wraps(draw)
    def drawn(ledger: Ledger | Store, *words: Asked.args, **options: Asked.kwargs) -> Drawn:
        asked = dict(signature.bind(ledger, *words, **options).arguments)
        del asked["ledger"]
        _check(draw.__name__, ledger, asked)
        given = {name: plain(value) for name, value in asked.items() if value is not None}
        called = call(draw.__name__, given, ledger.views)
        # What is built here is checked once it is written out, as a whole.
        with spoken(asked.get("locale")), named(f"{called} {ledger.digest()}"), schemapi.debug_mode(False):
            chart = draw(cast(Ledger, ledger), *words, **options)
        about = chart.usermeta["factdesk"]
        views = [[name, plain(of)] for name, of in ledger.views]
        about["version"], about["scale"] = VERSION, SIZES[asked.get("size") or "page"].scale
        about["call"] = called
        about["made"] = {"chart": draw.__name__, "options": given, "views": views}
        # Altair keeps what is set on a chart for its specification; this is none of it, and no copy has it.
        object.__setattr__(chart, _AGAIN, functools.partial(drawn, ledger, **asked))
        return chart

    drawn.__signature__ = signature  # type: ignore[attr-defined]
    return drawn


def _signature(draw: Callable[..., AnyChart]) -> inspect.Signature:
    """Return the signature of a chart with the options that it shares with others by their names."""
    signature = inspect.signature(draw, eval_str=True)
    *own, options = signature.parameters.values()
    (shared,) = get_args(options.annotation)
    one = functools.partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY)
    named = [one(name, default=USUAL.get(name), annotation=of) for name, of in get_type_hints(shared).items()]
    return signature.replace(parameters=[*own, *named])


def _check(chart: str, ledger: object, asked: Mapping[str, Any]) -> None:
    """Refuse what no chart can be drawn of, and what any of them would take for something else."""
    if isinstance(ledger, Store) and chart not in OF_STORES:
        allowed = f"a ledger: of a store {', '.join(OF_STORES)} are drawn"
        raise InvalidValue("ledger", ledger, allowed)
    if not isinstance(ledger, Ledger | Store):
        given = ledger if isinstance(ledger, (str, PurePath)) else type(ledger)
        raise InvalidValue("ledger", given, "a ledger, as fd.open('claims.csv') returns it, or a view of one")
    if not isinstance(asked.get("share", False), (bool, np.bool_)):
        raise InvalidValue("share", asked["share"], "True or False")
    gaps = asked.get("gaps", "auto")
    if gaps != "auto" and not isinstance(gaps, (bool, np.bool_)):
        raise InvalidValue("gaps", gaps, "'auto', True or False")
    if not isinstance(asked.get("title"), str | None):
        raise InvalidValue("title", asked["title"], "text")
    for name, default, known in (("theme", None, THEMES), ("size", "page", SIZES)):
        value = asked.get(name, default)
        if value is not default and not (isinstance(value, str) and value in known):
            raise InvalidValue.choice(name, value, known)
    width = asked.get("width")
    if width is not None and (type(width) is not int or not LEAST_WIDTH <= width <= MOST_WIDTH):
        raise InvalidValue("width", width, f"a whole number from {LEAST_WIDTH} to {MOST_WIDTH:,} pixels")


def again(chart: alt.TopLevelMixin, **options: object) -> AnyChart | None:
    """Draw a chart again with other options.

    Parameters
    ----------
    chart : altair chart
        Any.
    **options
        Options of its kind of chart; the others stay as they were.

    Returns
    -------
    altair chart or None
        None where it is none of ours, or was changed since it was drawn.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.status_over_time(fd.open("claims.csv"), share=True)
    >>> again(chart, theme="dark").to_dict()["config"]["background"], again(chart.properties(width=300), theme="dark")
    ('#14181d', None)
    """
    draw = vars(chart).get(_AGAIN)
    if draw is None or draw().to_dict() != chart.to_dict():
        return None
    return draw(**options)


def plain(value: object) -> Any:
    """Write a value as JSON can hold it: days as text, frames as rows."""
    return json.loads(json.dumps(value, default=_plainer))


def _plainer(value: object) -> object:
    if isinstance(value, pd.DataFrame):
        return value.to_dict("records")
    if isinstance(value, date):
        return "" if pd.isna(value) else value.isoformat()[:10]
    return (
        dict(value)
        if isinstance(value, Mapping)
        else list(value)
        if isinstance(value, Sequence)
        else str(value)
    )


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
