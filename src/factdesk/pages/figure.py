"""A chart made ready for a page: its words as HTML, its colours the page's, its rows as a table, its width the page's."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from factdesk.charts.chart_rows import Json, Spec, listed, mapping, metadata, rows_behind, unbroken
from factdesk.charts.colours import THEMES, looks
from factdesk.charts.time_axis import Days
from factdesk.schema import VOCABULARY, Status

ROWS = 200
"""Rows that the table of a chart holds; of a longer one the first, since it would outweigh the page."""

PICTURE_WIDTH, COLOURS = 700, 32
"""Pixels of the picture that stands in for a chart where no script runs, and its colours."""

# What a page calls the colours that a chart on a light ground is drawn in.
VARIABLES = {"ground": "bg", "ink": "ink", "soft": "soft", "faint": "line", "track": "hover"}
WORDS = ("datasets", "data", "title", "text", "description", "name", "labelExpr", "calculate", "expr")
"""Parts of a specification in which nothing is taken for a colour."""
NESTED = ("layer", "hconcat", "vconcat", "concat", "spec")
"""Where a specification holds others."""
CAPTIONS = ("caption", "reasons")
"""A layer so described holds the words under a chart."""


@dataclass(frozen=True)
class Figure:
    """A chart's specification, what the page says around it, and how it takes the page's width and day.

    `fit` may hold `heights` (pixels of the plot on a wide page and on a narrow one), `params` (what the chart calls
    its parameters `narrow` and `lines`) and `days` (days since 1970, each with its share of the time axis).
    """

    spec: Mapping[str, Json]
    title: str
    subtitle: str
    caption: str
    label: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    left_out: int
    follows_the_page: bool
    fit: Mapping[str, Json] = field(default_factory=dict)
    reasons: Sequence[tuple[str, str]] = ()


def figure(spec: Mapping[str, Json], vocabulary: Sequence[Status] = VOCABULARY) -> Figure:
    """Take a chart apart into its drawing and its words, which in a page wrap and can be read aloud.

    What is drawn has no `usermeta`: it can hold options for the embedder, addresses among them.

    >>> made = figure({"mark": "bar", "title": {"text": "Claims", "subtitle": "by day"}})
    >>> made.label, made.spec
    ('Claims. by day', {'mark': 'bar'})
    """
    drawn: dict[str, Json] = {
        name: value for name, value in spec.items() if name not in ("usermeta", "$schema")
    }
    about = metadata(spec)
    headed = drawn.pop("title", None)
    head = headed if isinstance(headed, Mapping) else {"text": headed}
    title, subtitle = (
        _whole(head.get(of), about.get(name)) for of, name in (("text", "title"), ("subtitle", "subtitle"))
    )
    caption, fit = "", dict[str, Json]()
    bare = {name: _without_captions(value) if name in NESTED else value for name, value in drawn.items()}
    if about and bare != drawn:
        caption, drawn = unbroken(about.get("caption")), bare
    if about and "layer" in drawn:
        drawn |= {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
        fit = _fit(about)
    if about and about.get("theme") == "light":
        drawn["padding"] = 5
        if not _is_shaded(drawn):
            page = _Page.of(vocabulary, json.dumps(drawn).lower())
            drawn = {key: page.recoloured(part, key) for key, part in drawn.items()}
    description = unbroken(drawn.pop("description", ""))
    around = [title, subtitle] if title and not description.startswith(title) else []
    headings, rows, left_out = _table(spec, about.get("columns"))
    return Figure(
        spec=drawn,
        title=title,
        subtitle=subtitle,
        caption=caption,
        label=". ".join(words.rstrip(".") for words in [*around, description] if words) or "Chart",
        headings=headings,
        rows=rows,
        left_out=left_out,
        follows_the_page="var(--" in json.dumps(drawn),
        reasons=[*_reasons(about)] if caption else (),
        fit=fit,
    )


def lighter(picture: str, width: int = PICTURE_WIDTH) -> str:
    """Return a large PNG at the size at which a page shows it, in few colours; any other picture as it is.

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


def _whole(lines: Json, own: Json) -> str:
    """Join a text that was broken into lines: as the chart notes it, unless somebody has written another."""
    joined = unbroken(lines)
    is_same = isinstance(own, str) and "".join(own.split()) == "".join(joined.split())
    return str(own) if is_same else joined


def _without_captions(part: Json) -> Json:
    if isinstance(part, list):
        kept = (one for one in part if not (isinstance(one, Mapping) and one.get("description") in CAPTIONS))
        return [_without_captions(one) for one in kept]
    if not isinstance(part, Mapping):
        return part
    return {key: _without_captions(value) if key in NESTED else value for key, value in part.items()}


def _reasons(about: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Return the reason for each status of a claim card, and what is missing, each with its heading."""
    for one in map(mapping, listed(about.get("reasons"))):
        gaps = f" Not found, or would change it: {one['gaps']}" if one.get("gaps") else ""
        yield f"{one.get('label', '')}, {one.get('when', '')}", f"{one.get('rationale', '')}{gaps}"
    if missing := listed(about.get("missing")):
        yield "What is missing", " ".join(str(one) for one in missing)


def _fit(about: Mapping[str, Json]) -> dict[str, Json]:
    """Return how a chart of ours takes a page's width, and where the days lie on its axis."""
    found: dict[str, Json] = {}
    heights = listed(about.get("heights"))
    if len(heights) == 2 and all(isinstance(one, (int, float)) for one in heights):
        found["heights"] = heights
    if params := mapping(about.get("params")):
        found["params"] = {name: str(value) for name, value in params.items()}
    if time := mapping(about.get("time")):
        with suppress(LookupError, TypeError, ValueError, ArithmeticError):  # a file may note anything
            found["days"] = knots(Days.read(time))
    return found


def knots(axis: Days) -> list[list[float]]:
    """Return the days, since 1970, between which an even part of a time axis lies, each with its share of the width."""
    return [[day.timestamp() / 86_400, round(at, 5)] for day, at in axis.knots()]


def _is_shaded(part: Json) -> bool:
    """Whether colours are mixed by a scale: a variable of the page can't be mixed, so that such a chart keeps its own."""
    if isinstance(part, list):
        return any(map(_is_shaded, part))
    if not isinstance(part, Mapping):
        return False
    colours = listed(mapping(part.get("scale")).get("range"))
    if part.get("type") in ("quantitative", "temporal") and any(str(one).startswith("#") for one in colours):
        return True
    return any(_is_shaded(value) for key, value in part.items() if key not in WORDS)


@dataclass(frozen=True)
class _Page:
    """What a page calls colours of a light ground, and for which statuses it knows what is read on their colour."""

    colours: Mapping[str, str]
    on: Mapping[str, str]

    @classmethod
    def of(cls, vocabulary: Sequence[Status], drawn: str) -> _Page:
        found = looks(tuple(vocabulary), "light")
        colours = {look.colour.lower(): f"status-{n}" for n, look in enumerate(found.values())}
        colours |= {getattr(THEMES["light"], part).lower(): name for part, name in VARIABLES.items()}
        # A chart of another ledger may have other colours under the same names.
        known = [(n, name) for n, (name, look) in enumerate(found.items()) if look.colour.lower() in drawn]
        return cls(colours, {name: f"on-status-{n}" for n, name in known})

    def recoloured(self, value: Json, key: str = "", words: Sequence[str] = WORDS) -> Json:
        """Write colours as the page's variables, so that they follow its ground; in a saved SVG they stay."""
        if key in words:
            return value
        if key == "config":  # there `text` and `title` say how they look
            words = ()
        if isinstance(value, str):
            name = self.colours.get(value.lower())
            return f"var(--{name}, {value})" if name else value
        if isinstance(value, list):
            return [self.recoloured(part, "", words) for part in value]
        if not isinstance(value, Mapping):
            return value
        ends, colours = listed(value.get("domain")), listed(value.get("range"))
        if colours and len(ends) == len(colours) and set(map(str, colours)) <= {"#000000", "#ffffff"}:
            inks: list[Json] = [self._ink(str(end), str(ink)) for end, ink in zip(ends, colours, strict=True)]
            return {**value, "range": inks}
        return {inner: self.recoloured(part, inner, words) for inner, part in value.items()}

    def _ink(self, status: str, ink: str) -> str:
        return f"var(--{self.on[status]}, {ink})" if status in self.on else ink


def _table(spec: Spec, columns: Json) -> tuple[list[str], list[list[str]], int]:
    """Return the rows behind a chart of ours, and how many are left out."""
    fields = [name for name in listed(columns) if isinstance(name, str)]
    found = list(rows_behind(spec)) if fields else []
    if not found:
        return [], [], 0
    cells = [[_cell(row.get(name)) for name in fields] for row in found[:ROWS]]
    return [name.replace("_", " ") for name in fields], cells, max(len(found) - ROWS, 0)


def _cell(value: Json) -> str:
    return "" if value is None else str(value).removesuffix("T00:00:00")
