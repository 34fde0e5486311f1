"""The sheet that a chart is drawn on: its ground, its words and signs, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Literal
from unicodedata import bidirectional

import altair as alt
import numpy as np
import pandas as pd

from factdesk.charts.svg_fonts import FONT
from factdesk.charts.timeaxis import LABEL_SIZE, TimeAxis, Window
from factdesk.charts.typeset import LEFTMOST, OPENS, isolated, lines, text_width
from factdesk.errors import InvalidValue, nearest
from factdesk.formats import counted, spoken_day
from factdesk.schema import Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

TITLE_SIZE, SUBTITLE_SIZE, TEXT_SIZE, CAPTION_SIZE = 17, 13, 12, 11
MARGIN = 14
"""Pixels of bare ground around everything."""
LEAST_WIDTH, MOST_WIDTH = 420, 3_000


@dataclass(frozen=True)
class Size:
    """Pixels of a whole picture, and of a file for each of these; where the height is open, what is drawn gives it."""

    width: int
    height: int | None
    scale: float


SIZES = {
    "page": Size(700, None, 2),
    "column": Size(420, None, 2),
    "slide": Size(800, 450, 2.4),
    "card": Size(800, 420, 1.5),
}
"""For the width of an article and of half of it, for a slide of 1920 × 1080 and a social card of 1200 × 630 pixels."""

Cell = str | int | float | None
Rows = Sequence[Mapping[str, Cell]]
X = alt.X | alt.XValue
Y = alt.Y | alt.YValue

DAYS_ABOVE, DAYS_BELOW = "days_above", "days_below"
"""What the words of a time axis are called in a specification."""

AT_X = alt.X("x:Q", scale=None, axis=None)
AT_Y = alt.Y("y:Q", scale=None, axis=None)
"""Places in pixels from the drawing's upper left corner."""


_UNKNOWN = "#808890"
"""For a status to which its ledger gives no colour."""


@dataclass(frozen=True)
class Theme:
    """Colours of everything but the statuses."""

    name: str
    ground: str
    ink: str
    muted: str
    line: str
    track: str
    edge: str

    def colour(self, status: Status) -> str:
        """Give the colour of a status on this ground."""
        return (status.dark if self.name == "dark" else status.colour) or _UNKNOWN

    def ink_on(self, colour: str) -> str:
        """Give black or white, whichever is read better on a colour."""
        # Where the contrast with white (WCAG 2) is as great as with black.
        return "#ffffff" if _luminance(colour) < 0.179 else "#000000"

    def mixed(self, strength: float) -> str:
        """Give the colour of so much ink, from 0 to 1, in the ground."""
        pairs = ((int(self.ground[at : at + 2], 16), int(self.ink[at : at + 2], 16)) for at in (1, 3, 5))
        return "#" + "".join(f"{round((1 - strength) * low + strength * high):02x}" for low, high in pairs)


THEMES = {
    "light": Theme("light", "#ffffff", "#14181d", "#59616b", "#dfe3e8", "#f1f3f5", "#20252b"),
    "dark": Theme("dark", "#14181d", "#eef1f4", "#a5adb7", "#39414b", "#1f252c", "#0b0e11"),
    "print": Theme("print", "#ffffff", "#000000", "#4a4a4a", "#d4d4d4", "#f2f2f2", "#000000"),
}
"""On a light ground, on a dark one, and in greys for paper."""
PALEST, DARKEST = 96, 16
"""Lightness (CIELAB, of 100) of the first and last of the greys in which statuses are printed."""


@dataclass(frozen=True)
class Look(Theme):
    """How a chart is to look: the theme's colours, and the room there is."""

    width: int = SIZES["page"].width
    height: int | None = None
    scale: float = SIZES["page"].scale
    greys: Mapping[str, str] = field(default_factory=dict)
    """The grey of each status, where it is for print."""

    def colour(self, status: Status) -> str:
        """Give the colour of a status on this ground."""
        return self.greys.get(status.name) or super().colour(status)


def look_of(
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    vocabulary: Sequence[Status] = (),
) -> Look:
    """Give the look that is asked for.

    Raises
    ------
    InvalidValue
        Where there is no theme or size of that name, or nothing could be read at that width.

    Examples
    --------
    >>> look = look_of("dark", "slide")
    >>> look.ground, look.width, look.height
    ('#14181d', 800, 450)
    """
    for name, asked, known in (("theme", theme, [*THEMES]), ("size", size, [*SIZES])):
        if asked not in known:
            near = "".join(f"; nearest: {word!r}" for word in nearest(str(asked), known, n=1))
            raise InvalidValue(name, asked, ", ".join(known) + near)
    of = SIZES[size]
    if width is not None:
        width = pixels("width", width, LEAST_WIDTH, MOST_WIDTH)
    greys = greys_of(vocabulary) if theme == "print" else {}
    return Look(
        **asdict(THEMES[theme]), width=width or of.width, height=of.height, scale=of.scale, greys=greys
    )


def pixels(name: str, value: object, least: int, most: int) -> int:
    """Read a number of pixels.

    Raises
    ------
    InvalidValue
        Where it is no whole number, or not one of those allowed.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= most:
        raise InvalidValue(name, value, f"a whole number from {least} to {most:,} pixels")
    return int(value)


def greys_of(vocabulary: Sequence[Status]) -> dict[str, str]:
    """Give each status a grey: the paler its colour the paler, and all equally far apart in lightness.

    Examples
    --------
    >>> from factdesk.schema import VOCABULARY
    >>> greys_of(VOCABULARY)["unverified"], greys_of(VOCABULARY)["unverifiable"]
    ('#f3f3f3', '#282828')
    """
    by_lightness = sorted(vocabulary, key=lambda status: -_luminance(status.colour or _UNKNOWN))
    step = (PALEST - DARKEST) / max(len(by_lightness) - 1, 1)
    return {status.name: _grey(PALEST - step * n) for n, status in enumerate(by_lightness)}


def _grey(lightness: float) -> str:
    """Give the grey of a lightness (CIE 15: L* to Y; IEC 61966-2-1: Y to sRGB)."""
    y = ((lightness + 16) / 116) ** 3 if lightness > 8 else lightness / 903.3
    channel = 12.92 * y if y <= 0.0031308 else 1.055 * y ** (1 / 2.4) - 0.055
    return "#" + f"{round(channel * 255):02x}" * 3


def _luminance(colour: str) -> float:
    """Give the relative luminance of a colour (WCAG 2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def config(theme: Theme, vocabulary: Sequence[Status]) -> dict[str, object]:
    """Give a theme in Vega-Lite's words, for charts of one's own that stand beside ours.

    Examples
    --------
    >>> from factdesk.schema import VOCABULARY
    >>> config(THEMES["dark"], VOCABULARY)["background"]
    '#14181d'
    """
    greys = greys_of(vocabulary) if theme.name == "print" else {}
    words = {"labelFont": FONT, "titleFont": FONT, "labelColor": theme.muted, "titleColor": theme.ink}
    return {
        "background": theme.ground,
        "font": FONT,
        "title": {
            "color": theme.ink, "subtitleColor": theme.muted, "fontSize": TITLE_SIZE, "anchor": "start",
            "subtitleFontSize": SUBTITLE_SIZE, "offset": 12, "subtitlePadding": 4,
        },
        "axis": {
            **words, "labelFontSize": LABEL_SIZE, "titleFontSize": TEXT_SIZE, "titleFontWeight": "normal",
            "domainColor": theme.muted, "tickColor": theme.muted, "gridColor": theme.line,
        },
        "legend": {**words, "labelFontSize": TEXT_SIZE, "titleFontSize": TEXT_SIZE},
        "header": {**words, "labelFontSize": TEXT_SIZE},
        "text": {"color": theme.ink, "fontSize": TEXT_SIZE},
        "mark": {"color": theme.muted},
        "view": {"stroke": None},
        "range": {"category": [greys.get(status.name) or theme.colour(status) for status in vocabulary]},
    }  # fmt: skip


def status_colours(shown: Sequence[Status], theme: Theme) -> alt.Color:
    """Colour by the field `status`."""
    names, colours = [status.name for status in shown], [theme.colour(status) for status in shown]
    return alt.Color("status:N", scale=alt.Scale(domain=names, range=colours), legend=None)


def picked(field: str) -> alt.Parameter:
    """Give what a reader picks in a key (more with the shift key, all again by a double click): values of a field."""
    # A click is heard from every mark of a chart; most stand for no value, and would leave all others faint.
    datum = "event.item.datum"  # where expressions are compiled, a filter knows nothing but the event
    has_one = f"click[event.item && {datum} && isValid({datum}.{field})]"
    return alt.selection_point(
        name=f"picked_{field}", fields=[field], on=has_one, clear="dblclick", empty=True
    )


def where_picked(selection: alt.Parameter, opacity: float = 1, else_: float = 0.12) -> alt.OpacityValue:
    """Make what was not picked in the key faint."""
    return alt.OpacityValue(else_, condition={"param": selection.name, "value": opacity})


# --- signs


def _disc(radius: float, *, hole: bool = False) -> str:
    turn = 0 if hole else 1
    return f"M{radius},0A{radius},{radius},0,1,{turn},{-radius},0A{radius},{radius},0,1,{turn},{radius},0Z"


def _dots() -> str:
    r, d, k = 0.19, 0.76, 0.54  # radius of a dot, its distance from the middle, and that on the diagonals
    places = [(d, 0), (k, k), (0, d), (-k, k), (-d, 0), (-k, -k), (0, -d), (k, -k)]
    return "".join(
        f"M{x + r:.2f},{y}A{r},{r},0,1,1,{x - r:.2f},{y}A{r},{r},0,1,1,{x + r:.2f},{y}Z" for x, y in places
    )


_RING = _disc(0.9) + _disc(0.6, hole=True)
SHAPES = {
    "○": _RING,
    "●": _disc(0.9),
    "◔": _RING + "M0,0L0,-0.9A0.9,0.9,0,0,1,0.9,0Z",
    "◐": _RING + "M0,0.9A0.9,0.9,0,0,1,0,-0.9Z",
    "◌": _dots(),
    "▼": "M-.9,-.7L.9,-.7L0,.85Z",
    "▽": "M-.9,-.7L.9,-.7L0,.85ZM-.5,-.46L0,.4L.5,-.46Z",
    "✕": "M-.85,-.55L-.55,-.85L0,-.3L.55,-.85L.85,-.55L.3,0L.85,.55L.55,.85L0,.3L-.55,.85L-.85,.55L-.3,0Z",
}
"""Signs as outlines, since the font that is on every machine has not all of them. Others are set as text."""


def signs(rows: Rows, x: X, y: Y, *, size: float) -> list[alt.Chart]:
    """Draw the `sign` of rows at their places in their `ink`, `size` pixels high."""
    colour = alt.Color("ink:N", scale=None)
    drawn = [row for row in rows if row["sign"] in SHAPES]
    written = [row for row in rows if row["sign"] not in SHAPES]
    layers = []
    if drawn:
        known = sorted({str(row["sign"]) for row in drawn})
        outlines = alt.Scale(domain=known, range=[SHAPES[sign] for sign in known])
        points = alt.Chart(data(drawn)).mark_point(size=size**2, filled=True, opacity=1, aria=False)
        layers.append(
            points.encode(x=x, y=y, shape=alt.Shape("sign:N", scale=outlines, legend=None), color=colour)
        )
    if written:
        text = alt.Chart(data(written)).mark_text(
            font=FONT, fontSize=size * 1.2, fontWeight="bold", baseline="middle", aria=False
        )
        layers.append(text.encode(x=x, y=y, text=alt.Text("sign:N"), color=colour))
    return layers


def swatches(rows: Rows, x: X, y: Y, theme: Theme, picks: alt.Parameter | None = None) -> list[alt.Chart]:
    """Draw a small square in the `colour` of each row, faint where others were picked by `picks`."""
    if not rows:
        return []
    square = alt.Chart(data(rows)).mark_point(
        shape="square", size=121, filled=True, stroke=theme.muted, strokeWidth=0.75, aria=False
    )
    square = square.encode(x=x, y=y, color=alt.Color("colour:N", scale=None))
    if picks is None:
        return [square.encode(opacity=alt.value(1))]
    return [square.encode(opacity=where_picked(picks, else_=0.3))]


TARGET = 24
"""Pixels that what is clicked on is wide and high at least, where there is room (WCAG 2.2, 2.5.8)."""


def targets(
    rows: Rows, picks: alt.Parameter | None, x: X = AT_X, x2: alt.X2 | alt.X2Value | None = None
) -> list[alt.Chart]:
    """Lay an unseen mark over whole entries of a key, from `x`, `y` to `x2`, `y2`, so that each can be picked."""
    if not rows or picks is None:
        return []
    unseen = alt.Chart(data(rows)).mark_rect(opacity=0, cursor="pointer", aria=False)
    unseen = unseen.encode(x=x, x2=x2 or alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"))
    # Of a chart with a selection only the marks that carry it hear of clicks, and those with a tooltip.
    return [unseen.properties(name="key").add_params(picks)]


def column_targets(rows: Rows, picks: alt.Parameter, x: X, x2: alt.X2Value) -> list[alt.Chart]:
    """Lay them over rows beneath one another, each as high as its neighbours allow."""
    middles = [float(row["y"] or 0) for row in rows]
    boxes = [
        {"y": top, "y2": foot, "status": row["status"]}
        for row, (top, foot) in zip(rows, _reaches(middles), strict=True)
    ]
    return targets(boxes, picks, x, x2)


def _reaches(middles: Sequence[float]) -> list[tuple[float, float]]:
    """Give from where to where each of some entries reaches, none beyond the top: what does pushes the title away.

    >>> _reaches([50, 10, 30])
    [(40.0, 62.0), (0, 20.0), (20.0, 40.0)]
    """
    between = [(one + next_one) / 2 for one, next_one in pairwise(sorted(middles))]
    return [
        (
            max([0, y - TARGET / 2, *(place for place in between if place <= y)]),
            min([y + TARGET / 2, *(place for place in between if place >= y)]),
        )
        for y in middles
    ]


# --- words and places


def words(
    rows: Rows,
    x: X,
    y: Y,
    colour: str | None,
    *,
    size: float = TEXT_SIZE,
    bold: bool = False,
    align: Literal["left", "center", "right"] = "left",
    beside: float = 0,
) -> list[alt.Chart]:
    """Set the `text` of rows at their places, or so many pixels right of them; rows without any give no layer.

    Without a colour each is set in the `ink` of its row, which says in `on` what colour lies beneath: in a page
    both follow the ground.
    """
    if not rows:
        return []
    rows = [{**row, "text": isolated(str(row["text"]))} for row in rows]
    text = alt.Chart(data(rows)).mark_text(
        font=FONT, fontSize=size, fontWeight="bold" if bold else "normal", align=align, baseline="middle",
        color=colour or alt.Undefined, aria=False, dx=beside or alt.Undefined,
    )  # fmt: skip
    own = alt.Undefined if colour else alt.Color("ink:N", scale=None)
    return [text.encode(x=x, y=y, text=alt.Text("text:N"), color=own)]


def data(rows: Rows) -> alt.InlineData:
    """Give rows as the data of a chart. (A frame would be held to Altair's 5,000 rows, and converted twice.)"""
    return alt.InlineData(values=[dict(row) for row in rows])


def told(chart: alt.Chart, *fields: str) -> alt.Chart:
    """Label each mark of a chart, for who can't see it, with some fields of its row."""
    words = " + ': ' + ".join(f"datum.{field}" for field in fields)
    return chart.transform_calculate(tells=words).encode(description=alt.Description("tells:N"))


def nothing() -> alt.InlineData:
    """Give the data of a mark that stands for none: one empty row."""
    return alt.InlineData(values=[{}])


def from_left(pixels: float) -> alt.XValue:
    """Give a place so many pixels right of the drawing's left edge."""
    return alt.XValue(pixels)


def from_right(pixels: float) -> alt.XValue:
    """Give a place so many pixels right of the drawing's right edge, however wide it is."""
    return alt.XValue(alt.ExprRef(f"width+{pixels:g}"))


def from_top(pixels: float) -> alt.YValue:
    """Give a place so many pixels under the drawing's upper edge."""
    return alt.YValue(pixels)


def x_of(axis: TimeAxis, field: str = "at") -> alt.X:
    """Place a field of moments (milliseconds since 1970, UTC) on the time axis.

    The scale is piecewise. Its domain is given as an expression: of a list Vega-Lite keeps the two ends only.
    It is a scale of UTC, so that a day lies at the same place in every reader's time zone. Its range is in
    shares of the width: a chart that is given another width keeps its proportions.
    """
    moments, places = zip(*axis.stops, strict=True)
    domain = alt.ExprRef(f"[{','.join(map(str, moments))}]")
    shares = [alt.ExprRef(f"width*{place / axis.width:.6f}") for place in places]
    return alt.X(
        f"{field}:T", scale=alt.Scale(type="utc", domain=domain, range=shares, nice=False), axis=None
    )


def time_labels(axis: TimeAxis, theme: Theme, y: float, *, above: bool = False) -> list[alt.Chart]:
    """Draw the ticks and the words of the time axis, from `y` pixels on downwards, or upwards."""
    way = -1 if above else 1
    ticks = axis.ticks()
    layers = []
    for opacity, places in (
        (0.4, axis.months()),
        (1, [tick.at for tick in ticks if tick.row == 0 and tick.mark]),
    ):
        if places:
            rule = alt.Chart(data([{"at": axis.moment_at(place)} for place in places]))
            rule = rule.mark_rule(color=theme.muted, opacity=opacity, aria=False)
            layers.append(rule.encode(x=x_of(axis), y=from_top(y), y2=alt.value(y + 4 * way)))
    rows: list[Mapping[str, Cell]] = []
    for tick in ticks:
        line = 1 - tick.row if above else tick.row
        rows.append({"at": axis.moment_at(tick.middle), "y": y + way * (12 + 13 * line), "text": tick.text})
    named = words(rows, x_of(axis), AT_Y, theme.muted, size=LABEL_SIZE, align="center")
    return layers + [layer.properties(name=DAYS_ABOVE if above else DAYS_BELOW) for layer in named]


def gaps(axis: TimeAxis, theme: Theme, height: float) -> list[alt.Chart]:
    """Draw the gaps between the panels over what lies beneath."""
    rows = [{"at": moment, "to": moment + 1} for moment in axis.gaps]
    if not rows:
        return []
    gap = alt.Chart(data(rows)).mark_rect(color=theme.ground, opacity=1, aria=False)
    return [gap.encode(x=x_of(axis), x2=alt.X2("to:T"), y=from_top(-2), y2=alt.value(height + 1))]


def apart(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Move ascending places as little as it takes for them to be `least` apart, between `low` and `high`.

    >>> apart([10, 12, 50], 10, 0, 100)
    [6.0, 16.0, 50.0]
    """
    # Subtracting what each is due makes it a question of order: neighbours out of order are pooled.
    pools: list[list[float]] = []
    for n, place in enumerate(places):
        pools.append([float(place) - n * least])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    moved = [float(np.mean(pool)) for pool in pools for _ in pool]
    last = max(high - least * (len(moved) - 1), low)
    return [min(max(place, low), last) + n * least for n, place in enumerate(moved)]


KEY_LINE, TEXT_LINE, MOST_KEY_LINES = 19, 14, 3
"""Pixels from one line of a key to the next, and between lines of one entry, of which there are no more than these."""

HALF_LETTER = 6
"""Pixels of a line's words over its middle; what reaches further up pushes the title away, seen or not."""


@dataclass(frozen=True)
class Key:
    """One entry of a key: a sign, what it stands for, and its colour where it has one."""

    text: str
    sign: str
    colour: str = ""
    value: str = ""
    """What a reader picks by it."""


def key(
    groups: Sequence[tuple[str, Sequence[Key]]],
    theme: Theme,
    left: float,
    top: float,
    width: float,
    picks: alt.Parameter | None = None,
) -> tuple[list[alt.Chart], float]:
    """Draw groups of keys, each on lines of its own after its name; give the layers and their height.

    What an entry stands for is broken into lines where it is wider than all the room, and ends in `…` if need be.

    Where `picks` is given, entries with a colour can be picked by its field.
    """
    # On a slide or a card each line of the key is one less of the drawing.
    most = 1 if isinstance(theme, Look) and theme.height else MOST_KEY_LINES
    names: list[Mapping[str, Cell]] = []
    colours: list[Mapping[str, Cell]] = []
    marks: list[Mapping[str, Cell]] = []
    texts: list[Mapping[str, Cell]] = []
    boxes: list[tuple[float, float, float, float, str]] = []
    y = top
    for name, keys in groups:
        x, foot = left, y + KEY_LINE
        names.append({"x": x, "y": y, "text": name})
        x = indent = left + text_width(name, TEXT_SIZE) + 12
        for entry in keys:
            box = 17 if entry.colour else 0
            told = lines(entry.text, left + width - indent - box - 14, TEXT_SIZE, most=most)
            size = box + 14 + max(text_width(line, TEXT_SIZE) for line in told)
            if x > indent and x + size > left + width:
                x, y = indent, foot
            foot = max(foot, y + KEY_LINE + TEXT_LINE * (len(told) - 1))
            if entry.colour:
                colours.append({"x": x + 6, "y": y, "colour": entry.colour, "status": entry.value})
                last = y + TEXT_LINE * (len(told) - 1)
                boxes.append(
                    (x - 4, y - HALF_LETTER, x + size + 4, last + KEY_LINE - HALF_LETTER, entry.value)
                )
            marks.append({"x": x + box + 5, "y": y, "sign": entry.sign, "ink": theme.ink})
            texts += [
                {"x": x + box + 14, "y": y + TEXT_LINE * n, "text": line} for n, line in enumerate(told)
            ]
            x += size + 16
        y = foot
    layers = [
        *words(names, AT_X, AT_Y, theme.muted),
        *swatches(colours, AT_X, AT_Y, theme, picks),
        *signs(marks, AT_X, AT_Y, size=10),
        *words(texts, AT_X, AT_Y, theme.ink),
        *targets(_with_room(boxes, y), picks),
    ]
    return layers, y - top


def _with_room(boxes: Sequence[tuple[float, float, float, float, str]], below: float) -> Rows:
    """Give what is clicked on in a key; where no line follows, it reaches as far below as a line is too low for that."""
    return [
        {
            "x": round(x, 1), "y": y, "x2": round(x2, 1),
            "y2": y2 + (TARGET - KEY_LINE) * (y2 > below - KEY_LINE / 2), "status": value,
        }
        for x, y, x2, y2, value in boxes
    ]  # fmt: skip


# --- the whole


@dataclass(frozen=True)
class Frame:
    """The size of a chart: its whole width, and pixels on each side of the drawing and of the drawing itself."""

    width: float
    left: float
    right: float
    height: float
    above: float = 0
    below: float = 0

    @property
    def inner(self) -> float:
        """Pixels of the drawing's width."""
        return self.width - self.left - self.right


@dataclass(frozen=True)
class Words:
    """What a picture says around its drawing, and in its stead."""

    title: str
    subtitle: str
    caption: str
    description: str


@dataclass(frozen=True)
class _Set:
    """The words around a drawing, in lines."""

    title: list[str]
    subtitle: list[str]
    caption: list[str]

    @property
    def above(self) -> float:
        """Pixels over the drawing."""
        return MARGIN + len(self.title) * (TITLE_SIZE + 4) + len(self.subtitle) * (SUBTITLE_SIZE + 4) + 16

    @property
    def below(self) -> float:
        """Pixels under it."""
        return 12 + 15 * len(self.caption) + MARGIN - 4


def _set(said: Words, ledger: Ledger, width: float) -> _Set:
    room = width - 2 * MARGIN
    return _Set(
        _beneath(lines(said.title, room, TITLE_SIZE, bold=True, most=4)),
        _beneath(lines(said.subtitle, room, SUBTITLE_SIZE, most=3)),
        _beneath(lines(" ".join(filter(None, (said.caption, origin(ledger)))), room, CAPTION_SIZE)),
    )


def _beneath(broken: list[str]) -> list[str]:
    """Let lines that are one text stand beneath one another, in whatever script they begin.

    The renderer lowers a line from its first letter on, to the right: of a line that begins in Arabic or Hebrew all
    but that letter would stay on the line before. A mark that is not seen, and stands leftmost, goes before it.
    """
    first, *others = broken
    from_right = ("R", "AL", "AN")
    return [
        first,
        *(
            LEFTMOST + line if bidirectional(line.lstrip(OPENS)[:1] or " ") in from_right else line
            for line in others
        ),
    ]


def height_left(
    said: Words, ledger: Ledger, look: Look, *, above: float = 0, below: float = 0, least: float = 60
) -> float | None:
    """Give how tall a drawing may be between its words and what stands above and below it; None where that is open."""
    if look.height is None:
        return None
    words = _set(said, ledger, look.width)
    return max(look.height - words.above - words.below - above - below, least)


def composed(
    layers: Sequence[alt.Chart],
    said: Words,
    ledger: Ledger,
    theme: Theme,
    size: Frame,
    columns: Sequence[str] = (),
) -> alt.LayerChart:
    """Put a drawing between its title and its caption, with what it says of itself in its metadata.

    Rows that carry all fields named in `columns` are what the chart shows, for whoever wants it as a table.
    """
    set_ = _set(said, ledger, size.width)
    # The caption is part of the drawing: Vega-Lite has a place for titles only.
    note = alt.Chart(nothing()).mark_text(
        text=set_.caption, font=FONT, fontSize=CAPTION_SIZE, lineHeight=15, color=theme.muted, align="left",
        baseline="top", aria=False,
    )  # fmt: skip
    foot = size.height + size.below + 12
    note = note.encode(x=from_left(MARGIN - size.left), y=from_top(foot))
    chart = alt.layer(*layers, note).resolve_scale(color="independent", shape="independent")
    day = as_of(ledger)
    return chart.properties(
        width=size.inner,
        height=size.height,
        autosize=alt.AutoSizeParams(type="none"),
        padding={
            "left": size.left, "right": size.right,
            "top": set_.above + size.above, "bottom": size.below + set_.below,
        },
        background=theme.ground,
        view=alt.ViewBackground(stroke=None, fill=None),
        title=alt.TitleParams(
            text=set_.title, subtitle=set_.subtitle, font=FONT, subtitleFont=FONT, fontSize=TITLE_SIZE,
            fontWeight="bold", subtitleFontSize=SUBTITLE_SIZE, lineHeight=TITLE_SIZE + 4,
            subtitleLineHeight=SUBTITLE_SIZE + 4, color=theme.ink, subtitleColor=theme.muted, anchor="start",
            frame="group", dx=MARGIN - size.left, offset=12, subtitlePadding=4,
        ),
        description=said.description,
        usermeta={
            "factdesk": {
                "title": said.title,
                "ledger": ledger.title,
                "as_of": day.isoformat() if day else "",
                "digest": ledger.digest(),
                "columns": list(columns),
            }
        },
    )  # fmt: skip


def as_of(ledger: Ledger) -> date | None:
    """Give the ledger's latest day; none where it is empty."""
    day = ledger.latest_day
    return None if pd.isna(day) else day.date()


def origin(ledger: Ledger) -> str:
    """Say which ledger a picture is of, and as of when."""
    day, digest = as_of(ledger), ledger.digest()
    whole = "Part of the ledger" if ledger.is_view else "Ledger"
    when = f", as of {spoken_day(day)}" if day else ""
    return f"{whole} “{ledger.title}”{when}, digest {digest[:4]} {digest[4:8]}."


Lacks = tuple[str, str]
"""What there is none of, and a sentence on it."""


def none_yet(ledger: Ledger, what: str) -> Lacks:
    """Say that a ledger has none of these yet."""
    return f"No {what} {_where(ledger)} yet", "What is logged appears here."


def none_in(ledger: Ledger, what: str, days: Window) -> Lacks:
    """Say that a ledger has none of these in the days asked for."""
    return f"No {what} {_where(ledger)} in these days", f"The days asked for are {days.told()}."


def none_chosen(ledger: Ledger) -> Lacks | None:
    """Say that none of a ledger's claims was asked for; None where it has no claims."""
    many = len(ledger.claims)
    if not many:
        return None
    there = f"There {'is' if many == 1 else 'are'} {counted(many, 'claim')} {_where(ledger)}."
    return "No claims were asked for", there


def _where(ledger: Ledger) -> str:
    return "in this part of the ledger" if ledger.is_view else "in the ledger"


def empty(
    ledger: Ledger, look: Look, title: str | None, lacks: Lacks | None = None, height: float = 160
) -> alt.LayerChart:
    """Draw a sheet that says that there is nothing to draw: no claims yet, or what else there is none of."""
    heading, why = lacks or (none_yet(ledger, "claims")[0], "A claim that is logged appears here.")
    said = Words(title or heading, "", "", f"{heading}. {why}")
    size = Frame(look.width, MARGIN, MARGIN, height_left(said, ledger, look) or height)
    told = lines(why, look.width - 4 * MARGIN, SUBTITLE_SIZE)
    card = alt.Chart(nothing()).mark_rect(fill=look.track, stroke=look.line, cornerRadius=4, aria=False)
    layers = [
        card.encode(x=from_left(0), x2=alt.value("width"), y=from_top(0), y2=alt.value("height")),
        *words(
            [{"text": line, "y": size.height / 2 + 17 * (n - (len(told) - 1) / 2)} for n, line in enumerate(told)],
            alt.XValue(alt.ExprRef("width/2")), AT_Y, look.muted, size=SUBTITLE_SIZE, align="center",
        ),
    ]  # fmt: skip
    return composed(layers, said, ledger, look, size)
