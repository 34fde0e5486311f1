"""A chart made ready for a page: its words as words, its colours the page's, its rows as a table."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from factdesk.charts.canvas import MARGIN, THEMES
from factdesk.charts.chart_rows import unbroken
from factdesk.pages.html import Json
from factdesk.schema import Status

ROWS = 200
"""Rows that the table of a chart holds; of a longer one the first, since it would outweigh the page."""

SHOWN, COLOURS = 700, 32
"""Pixels of the picture that stands in for a chart where no script runs, and its colours."""

# What a page calls the colours that a chart on a light ground is drawn in.
VARIABLES = {"ground": "bg", "ink": "ink", "muted": "soft", "line": "line", "track": "hover", "edge": "edge"}
COLOURED = ("colour", "fill")
"""Fields of rows that hold the colour of a mark."""
SIX = re.compile("#[0-9a-f]{6}")
# Text is never taken for a colour, whatever it says.
WORDS = ("datasets", "data", "title", "text", "description", "name")


@dataclass(frozen=True)
class Figure:
    """A chart's specification, and what the page says around it."""

    spec: Mapping[str, Json]
    title: str
    subtitle: str
    caption: str
    label: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    left_out: int
    follows_the_page: bool


def figure(spec: Mapping[str, Json], vocabulary: Sequence[Status]) -> Figure:
    """Take a chart apart into its drawing and its words, which in a page wrap and can be read aloud.

    Parameters
    ----------
    spec : mapping
        A Vega-Lite or Vega specification from an output.
    vocabulary : sequence of Status
        The ledger's statuses; the page has a variable for the colour of each.

    Returns
    -------
    Figure
        What is drawn has no `usermeta`: it can hold options for the embedder, addresses among them.

    Examples
    --------
    >>> from factdesk.schema import VOCABULARY
    >>> made = figure({"mark": "bar", "title": {"text": "Claims", "subtitle": "by day"}}, VOCABULARY)
    >>> made.label, made.spec
    ('Claims. by day', {'mark': 'bar'})
    """
    drawn = {name: value for name, value in spec.items() if name not in ("usermeta", "$schema")}
    about = _mapping(_mapping(spec.get("usermeta")).get("factdesk"))
    title, subtitle, caption = _title(drawn), "", ""
    if isinstance(drawn.get("title"), Mapping):
        subtitle = unbroken(_mapping(drawn["title"]).get("subtitle"))
    if title:
        _close_up(drawn)
        del drawn["title"]
    if about:
        caption = _take_caption(drawn)
    # The colours of other themes go together and stay: a dark chart keeps its own ground, and margin, on any page.
    if about and _theme(about) == "light":
        _trim(drawn)
        names = _names(vocabulary)
        # A ledger of other colours than the page's has the same signs on them.
        said = json.dumps(drawn).lower()
        on_status = {
            status.sign: f"on-status-{n}"
            for n, status in enumerate(vocabulary)
            if status.colour and status.colour.lower() in said
        }
        drawn = {key: _recoloured(part, names, key) for key, part in drawn.items()}
        if isinstance(drawn.get("datasets"), Mapping):
            datasets = _mapping(drawn["datasets"]).items()
            drawn["datasets"] = {name: _recoloured_rows(rows, names, on_status) for name, rows in datasets}
    told = (title, subtitle, unbroken(drawn.pop("description", "")))
    headings, rows, left_out = _table(drawn, about.get("columns"))
    return Figure(
        spec=drawn,
        title=title,
        subtitle=subtitle,
        caption=caption,
        label=". ".join(words.rstrip(".") for words in told if words) or "Chart",
        headings=headings,
        rows=rows,
        left_out=left_out,
        follows_the_page="var(--" in json.dumps(drawn),
    )


def lighter(picture: str, width: int = SHOWN) -> str:
    """Give a chart's picture at the size at which a page shows it, in few colours: few readers ever see it.

    Parameters
    ----------
    picture : str
        A `data:` address; anything but a large PNG comes back as it is.
    width : int
        Pixels.

    Returns
    -------
    str
        A `data:` address.

    Examples
    --------
    >>> lighter("data:image/gif;base64,R0lGODlh")
    'data:image/gif;base64,R0lGODlh'
    """
    from PIL import Image

    head, mark, coded = picture.partition(";base64,")
    if head != "data:image/png" or not mark:
        return picture
    try:
        drawn: Image.Image = Image.open(io.BytesIO(base64.b64decode(coded)))
        if drawn.width <= width:
            return picture
        height = round(drawn.height * width / drawn.width)
        drawn = drawn.convert("RGB").resize((width, height), Image.Resampling.BOX)
        file = io.BytesIO()
        drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    except (OSError, ValueError):  # no picture at all, whatever it says
        return picture
    return f"{head}{mark}{base64.b64encode(file.getvalue()).decode()}"


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _title(drawn: Mapping[str, Json]) -> str:
    title = drawn.get("title")
    return unbroken(_mapping(title).get("text") or title)


def _theme(about: Mapping[str, Json]) -> str:
    return str(_mapping(_mapping(about.get("made")).get("options")).get("theme", "light"))


def _close_up(drawn: dict[str, Json]) -> None:
    """Take the room of the title away where a chart has measured it itself."""
    title, padding = _mapping(drawn.get("title")), _mapping(drawn.get("padding"))
    room = padding.get("top")
    if not isinstance(room, (int, float)):
        return
    for part, height in (("text", "lineHeight"), ("subtitle", "subtitleLineHeight")):
        words, line = title.get(part), title.get(height)
        if isinstance(words, list) and isinstance(line, (int, float)):
            room -= len(words) * line
    drawn["padding"] = {**padding, "top": max(room, 0)}


def _take_caption(drawn: dict[str, Json]) -> str:
    """Take the caption out of a chart of ours: its last layer, a text of several lines under the drawing."""
    layers, padding = drawn.get("layer"), _mapping(drawn.get("padding"))
    mark = _mapping(_mapping(layers[-1]).get("mark")) if isinstance(layers, list) and layers else {}
    words, line, room = mark.get("text"), mark.get("lineHeight"), padding.get("bottom")
    if not isinstance(layers, list) or not isinstance(words, list):
        return ""
    if not isinstance(line, (int, float)) or not isinstance(room, (int, float)):
        return ""
    drawn["layer"] = layers[:-1]
    drawn["padding"] = {**padding, "bottom": max(room - len(words) * line, 0)}
    return unbroken(words)


def _trim(drawn: dict[str, Json]) -> None:
    """Cut the bare ground around a chart of ours: it stands in a column that has its own."""
    padding = _mapping(drawn.get("padding"))
    sides = {side: room for side, room in padding.items() if isinstance(room, (int, float))}
    drawn["padding"] = {**padding, **{side: max(room - MARGIN, 0) for side, room in sides.items()}}


def _recoloured(value: Json, names: Mapping[str, str], key: str = "") -> Json:
    """Write colours as the page's variables, so that they follow its ground; in a saved SVG they stay."""
    if key in WORDS:
        return value
    if isinstance(value, str):
        name = _name(value, names)
        return f"var(--{name}, {value})" if name else value
    if isinstance(value, Mapping):
        return {inner: _recoloured(part, names, inner) for inner, part in value.items()}
    if isinstance(value, list):
        return [_recoloured(part, names) for part in value]
    return value


def _recoloured_rows(rows: Json, names: Mapping[str, str], on_status: Mapping[str, str]) -> Json:
    """The same for the fields of data that hold colours, and for words and signs that lie on what has one of them."""
    if not isinstance(rows, list):
        return rows
    made: list[Json] = []
    for row in map(_mapping, rows):
        kept = dict(row)
        for field in COLOURED:
            if name := _name(str(row.get(field)), names):
                kept[field] = f"var(--{name}, {row[field]})"
        ink = str(row.get("ink"))
        if "on" in row:
            name = _name_on(_name(str(row["on"]), names))
        elif ink in ("#000000", "#ffffff"):
            name = on_status.get(str(row.get("sign")), "")
        else:
            name = _name(ink, names)
        if name:
            kept["ink"] = f"var(--{name}, {ink})"
        made.append(kept)
    return made


def _name(colour: str, names: Mapping[str, str]) -> str:
    """Give what the page calls a colour: of its own, or so many hundredths of its ink in its ground; else nothing."""
    colour = colour.lower()
    if colour in names or not SIX.fullmatch(colour):
        return names.get(colour, "")
    light = THEMES["light"]
    own, ground, ink = (bytes.fromhex(of[1:]) for of in (colour, light.ground, light.ink))
    strength = (sum(ground) - sum(own)) / (sum(ground) - sum(ink))
    if not 0 <= strength <= 1:
        return ""
    nearest = bytes.fromhex(light.mixed(strength)[1:])
    is_mixed = all(abs(a - b) <= 1 for a, b in zip(own, nearest, strict=True))
    return f"ink-{round(100 * strength)}" if is_mixed else ""


def _name_on(name: str) -> str:
    """Give what the page calls the black or white that is read on a colour of its own."""
    return "ink" if name == "bg" else f"on-{name}" if name.startswith(("status-", "ink-")) else ""


def _names(vocabulary: Sequence[Status]) -> dict[str, str]:
    names = {status.colour.lower(): f"status-{n}" for n, status in enumerate(vocabulary) if status.colour}
    return names | {getattr(THEMES["light"], part).lower(): name for part, name in VARIABLES.items()}


def _table(drawn: Mapping[str, Json], columns: Json) -> tuple[list[str], list[list[str]], int]:
    """Give the rows that a chart shows, those that carry all the fields that it names, and how many are left out."""
    fields = [field for field in columns if isinstance(field, str)] if isinstance(columns, list) else []
    found = [row for row in _rows(drawn) if fields and all(field in row for field in fields)]
    if not found:
        return [], [], 0
    cells = [["" if row[field] is None else str(row[field]) for field in fields] for row in found[:ROWS]]
    return [field.replace("_", " ") for field in fields], cells, max(len(found) - ROWS, 0)


def _rows(drawn: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    for rows in _mapping(drawn.get("datasets")).values():
        if isinstance(rows, list):
            yield from map(_mapping, rows)
