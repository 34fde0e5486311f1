"""A strip under a chart's days, by which a reader goes nearer to some of them: in live forms, never in a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from factdesk import formats
from factdesk.charts.canvas import DAYS_ABOVE, DAYS_BELOW, THEMES, Theme
from factdesk.charts.rows import Json, Spec, noted
from factdesk.charts.timeaxis import LABEL_SIZE
from factdesk.charts.typeset import FONT

NAME, STRIP = "zoom", "zoom_strip"
TALL, UNDER, AROUND = 4, 4, 5
"""Pixels of the strip's height, between it and the caption under it, and that it is wider to a finger than to the eye."""

SPACING = 80
"""Pixels at least from one day's label to the next, once a reader has gone nearer."""

TOLD = "Drag to see some days from nearer, and what is marked to move on; double-click to see all."
DAY = 86_400_000

# Where the part that is shown begins and ends, as shares of the whole; what is narrower than two pixels is none.
SPANNED, HELD, IS_NEAR = f"{NAME}_spanned_x", f"{NAME}_held", f"{NAME}_is_near"
BEGIN, END = f"{NAME}_begin", f"{NAME}_end"
_SHARES = re.compile(r"width\*(\d\.\d+)")


def zoomable(spec: Spec) -> Spec:
    """Give a chart of ours a strip to drag along: the days that it spans fill the drawing.

    Parameters
    ----------
    spec : mapping
        A Vega-Lite specification. One without a time axis of ours, or that has the strip, comes back as it is.

    Returns
    -------
    mapping
        Until something is dragged every mark lies where it lay.

    Examples
    --------
    >>> import factdesk as fd
    >>> spec = fd.charts.status_over_time(fd.open("claims.csv")).to_dict()
    >>> near = zoomable(spec)
    >>> len(near["layer"]) - len(spec["layer"]), zoomable(near) is near, zoomable({"mark": "bar"})
    (2, True, {'mark': 'bar'})
    """
    layers, height = _list(spec.get("layer")), spec.get("height")
    theme = THEMES.get(_option(spec, "theme", "light"))
    if not noted(spec) or not layers or theme is None or _has_strip(layers):
        return spec
    scale = next(filter(None, map(_time_scale, layers)), None)
    foot = _encoded(layers[-1], "y").get("value")
    if scale is None or not isinstance(foot, (int, float)) or not isinstance(height, (int, float)):
        return spec
    with formats.spoken(_option(spec, "locale", formats.ENGLISH)):
        days = [_day_labels(scale, theme, at) for at in _label_places(spec)]
    config = _mapping(spec.get("config"))
    moved = [_nearer(layer) for layer in layers]
    is_above = any(_mapping(layer).get("name") == DAYS_ABOVE for layer in layers)
    strip = _strip(scale, theme, -TALL - 1 if is_above else foot - UNDER - TALL)
    # The caption stays last: a page looks for it there.
    return {
        **spec,
        "config": {**config, "signals": [*_list(config.get("signals")), *_signals()]},
        "layer": [*moved[:-1], *days, strip, moved[-1]],
    }


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _option(spec: Spec, name: str, default: str) -> str:
    """Give an option of the call that made the chart."""
    given = _mapping(_mapping(noted(spec).get("made")).get("options")).get(name)
    return given if isinstance(given, str) else default


def _encoded(layer: Json, channel: str) -> Mapping[str, Json]:
    return _mapping(_mapping(_mapping(layer).get("encoding")).get(channel))


def _has_strip(layers: list[Json]) -> bool:
    return any(_mapping(layer).get("name") == STRIP for layer in layers)


def _time_scale(layer: Json) -> Mapping[str, Json] | None:
    """Give the scale of a layer's places on our time axis; none where it has none."""
    scale = _mapping(_encoded(layer, "x").get("scale"))
    return scale if scale.get("type") == "utc" and "expr" in _mapping(scale.get("domain")) else None


def _signals() -> list[Json]:
    """Say, in Vega's words, what is spanned and so which part is shown.

    Vega-Lite's own brush lies over the whole drawing, and takes the marks under it from whoever points at them.
    """
    on_strip, on_spanned = f"@{NAME}_marks:pointerdown", f"@{NAME}_spanned_marks:pointerdown"
    along = f"clampRange([{HELD}[1] + x() - {HELD}[0], {HELD}[2] + x() - {HELD}[0]], 0, width)"
    return [
        {
            "name": HELD,
            "value": [0, 0, 0],
            "on": [{"events": f"{on_strip}, {on_spanned}", "update": f"[x(), {SPANNED}[0], {SPANNED}[1]]"}],
        },
        {
            "name": SPANNED,
            "value": [0, 0],
            "on": [
                {
                    "events": f"[{on_strip}, window:pointerup] > window:pointermove!",
                    "update": f"extent([clamp({HELD}[0], 0, width), clamp(x(), 0, width)])",
                },
                {"events": f"[{on_spanned}, window:pointerup] > window:pointermove!", "update": along},
                {"events": "dblclick", "update": "[0, 0]"},
            ],
        },
        {"name": IS_NEAR, "update": f"{SPANNED}[1] - {SPANNED}[0] > 2"},
        {"name": BEGIN, "update": f"{IS_NEAR} ? {SPANNED}[0] / width : 0"},
        {"name": END, "update": f"{IS_NEAR} ? {SPANNED}[1] / width : 1"},
    ]


def _nearer(layer: Json) -> Json:
    """Let a layer on the time axis fill the drawing with what is shown, and leave out what is not."""
    scale = _time_scale(layer)
    if scale is None:
        return layer
    layer = _mapping(layer)
    encoding, mark = _mapping(layer.get("encoding")), layer.get("mark")
    mark = dict(mark) if isinstance(mark, Mapping) else {"type": mark}
    places: list[Json] = [
        {"expr": f"width*({share}-{BEGIN})/({END}-{BEGIN})"}
        for share in _SHARES.findall(str(scale.get("range")))
    ]
    x: Json = {**_encoded(layer, "x"), "scale": {**scale, "range": places}}
    made: dict[str, Json] = {**layer, "encoding": {**encoding, "x": x}}
    if "x2" in encoding or mark["type"] in ("area", "line", "trail"):
        # Only what lies on the drawing itself can be cut at its edges.
        made["mark"] = {**mark, "clip": {"expr": IS_NEAR}}
    else:
        field = json.dumps(_encoded(layer, "x").get("field"))
        inside = f"!{IS_NEAR} || inrange(scale('x', datum[{field}]), [-1, width + 1])"
        if layer.get("name") in (DAYS_ABOVE, DAYS_BELOW):
            inside = f"!{IS_NEAR}"
        made["transform"] = [*_list(layer.get("transform")), {"filter": inside}]
    return made


def _label_places(spec: Spec) -> Iterator[float]:
    """Give where, in pixels from the drawing's top, the days are named: of two lines the nearer one."""
    for layer in map(_mapping, _list(spec.get("layer"))):
        name = str(layer.get("name", ""))
        if name in (DAYS_ABOVE, DAYS_BELOW):
            rows = _list(_mapping(spec.get("datasets")).get(str(_mapping(layer.get("data")).get("name"))))
            places = [place for row in rows if isinstance(place := _mapping(row).get("y"), (int, float))]
            yield min(places) if name == DAYS_BELOW else max(places)


def _day_labels(scale: Mapping[str, Json], theme: Theme, y: float) -> Json:
    """Name days in full, as many as there is room for, once a reader has gone nearer."""
    moments: list[int] = json.loads(str(_mapping(scale.get("domain"))["expr"]))
    first, last = -(-moments[0] // DAY) * DAY, moments[-1] // DAY * DAY
    place, next_place = "scale('x', datum.data)", f"scale('x', datum.data + {DAY})"
    # Each panel has a scale of its own: no label lies across a gap, where it would meet that of the next one.
    edges = [
        f"(datum.data < {stop} ? [scale('x', {start}), scale('x', {stop})] : "
        for start, stop in zip(moments[::2], moments[1::2], strict=True)
    ]
    panel = "".join(edges) + "[0, 0]" + ")" * len(edges)
    half = SPACING / 2 - 8
    fits = f"datum.middle > max(0, datum.panel[0]) + {half} && datum.middle < min(width, datum.panel[1]) - {half}"
    steps: list[Json] = [
        {"calculate": panel, "as": "panel"},
        {"calculate": f"(max({place}, 0) + min({next_place}, width)) / 2", "as": "middle"},
        {"calculate": f"max(1, ceil({SPACING} / max({next_place} - {place}, 0.001)))", "as": "step"},
        {"filter": f"{IS_NEAR} && {fits} && (datum.data / {DAY}) % datum.step == 0"},
        {"calculate": _spoken("datum.data"), "as": "text"},
    ]
    return {
        "data": {"sequence": {"start": first, "stop": last, "step": DAY}},
        "transform": steps,
        "mark": {
            "type": "text", "font": FONT, "fontSize": LABEL_SIZE, "color": theme.muted, "align": "center",
            "baseline": "middle", "aria": False,
        },
        "encoding": {
            "x": {"field": "middle", "type": "quantitative", "scale": None, "axis": None},
            "y": {"value": y},
            "text": {"field": "text", "type": "nominal"},
        },
    }  # fmt: skip


def _strip(scale: Mapping[str, Json], theme: Theme, y: float) -> Json:
    """Draw the strip, on a scale of its own that stays, with what is spanned marked on it."""
    moments: list[int] = json.loads(str(_mapping(scale.get("domain"))["expr"]))
    panels: list[Json] = [
        {"at": start, "to": stop} for start, stop in zip(moments[::2], moments[1::2], strict=True)
    ]
    x: Json = {"field": "at", "type": "temporal", "scale": scale, "axis": None}
    # In a chart that has a selection, marks without a tooltip of their own hear of no pointer (JupyterLab's Vega-Lite 5).
    common: dict[str, Json] = {"y": {"value": y}, "y2": {"value": y + TALL}, "tooltip": {"value": TOLD}}
    touched: dict[str, Json] = {
        "type": "rect",
        "stroke": "transparent",
        "strokeWidth": 2 * AROUND,
        "aria": False,
    }
    track = {**touched, "color": theme.line, "cursor": "ew-resize"}
    spanned = {**touched, "color": theme.muted, "cursor": "grab"}
    return {
        "name": STRIP,
        "resolve": {"scale": {"x": "independent"}},
        "layer": [
            {
                "name": NAME,
                "data": {"values": panels},
                "mark": track,
                "encoding": {"x": x, "x2": {"field": "to"}, **common},
            },
            {
                "name": f"{NAME}_spanned",
                "data": {"values": [{}]},
                "transform": [{"filter": IS_NEAR}],
                "mark": spanned,
                "encoding": {
                    "x": {"value": {"expr": f"{BEGIN} * width"}},
                    "x2": {"value": {"expr": f"{END} * width"}},
                    **common,
                },
            },
        ],
    }


def _spoken(moment: str) -> str:
    """Write, in Vega's words, a day of UTC as the locale writes it in short."""
    parts, months = formats.short_date()
    written = {
        "d": f"utcdate({moment})",
        "dd": f"pad(utcdate({moment}), 2, '0', 'left')",
        "M": f"(utcmonth({moment}) + 1)",
        "MM": f"pad(utcmonth({moment}) + 1, 2, '0', 'left')",
        **dict.fromkeys(("MMM", "MMMM", "LLL", "LLLL"), f"{json.dumps(months)}[utcmonth({moment})]"),
        "y": f"utcyear({moment})",
    }
    return " + ".join(written.get(part, json.dumps(part)) for part in parts)
