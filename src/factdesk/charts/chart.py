"""Charts that know what they show: Altair's own, with a title, a caption, a theme, and their origin."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from factdesk.charts.looks import Theme
from factdesk.charts.rows import Rows
from factdesk.charts.rows import isolated as isolated
from factdesk.charts.theme import LINE, in_force
from factdesk.errors import InvalidValue
from factdesk.formats import counted, number, spoken_day, vega_locale
from factdesk.schema import Settings

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

CAPTION = "caption"
"""By this description a page finds the layer of words under a chart; by a name Altair would take it for a view to select in."""
LEAST_WIDTH, MOST_WIDTH = 280, 3_000
MOST_ROWS = 50_000
"""Rows of a chart; Altair refuses more than 5,000, which two hundred claims with much evidence take."""
AROUND = 205
"""Pixels of a title, a key, an axis and a caption on a slide or a card."""


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


class _OwnChart(alt.TopLevelMixin):
    """What our charts have more than Altair's: alone they come in their theme, at a width that counts every word."""

    def to_dict(self, validate: bool = True, *, format: str = "vega-lite", ignore: list[str] | None = None,
                context: dict[str, Any] | None = None) -> dict[str, Any]:  # fmt: skip
        """Return the specification; within another chart only what may stand there."""
        if not (context or {}).get("top_level", True):
            ignore = [*(ignore or []), "usermeta"]
            return super().to_dict(validate, format=format, ignore=ignore, context=context)  # type: ignore[arg-type]
        about = self._get("usermeta", {}).get("factdesk", {})  # type: ignore[attr-defined]
        is_ours = alt.theme.active == "default" or alt.theme.active.startswith("factdesk-")
        theme = alt.theme.enable(f"factdesk-{about.get('theme', 'light')}") if is_ours else nullcontext()
        # How many rows there are is ours to limit; who set another limit, or way to write rows, keeps it.
        is_unset = alt.data_transformers.active == "default" and not alt.data_transformers.options
        rows = alt.data_transformers.enable("default", max_rows=MOST_ROWS) if is_unset else nullcontext()
        with theme, rows:
            spec = super().to_dict(validate, format=format, ignore=ignore, context=context)  # type: ignore[arg-type]
        if format == "vega-lite" and "layer" in spec and about:
            kind = "fit" if about.get("is_framed") else "fit-x"
            spec.setdefault("autosize", {"type": kind, "contains": "padding"})
        if locale := about.get("locale"):
            spec["config"] = {"locale": locale, **spec.get("config", {})}
        return spec


class Layers(_OwnChart, alt.LayerChart):
    """A chart of one view: it takes layers, a width, a zoom, and a place beside others."""


@dataclass(frozen=True)
class Words:
    """What is said around a chart."""

    title: str
    subtitle: str
    caption: str
    description: str = ""


def finish(
    ledger: Ledger,
    theme: Theme,
    words: Words,
    layers: Sequence[alt.Chart],
    rows: pd.DataFrame,
    *,
    columns: Sequence[str],
    size: str = "page",
    width: int | None = None,
    height: int = 270,
    laid: Rows | None = None,
    below: int = 14,
    time: Mapping[str, object] | None = None,
) -> Layers:
    """Lay layers over one another, with a title above and a caption below, and note what they show.

    Parameters
    ----------
    ledger : Ledger
        What is drawn.
    theme : Theme
        In which colours.
    words : Words
        What is said around it.
    layers : sequence of altair.Chart
        From the ground up; the first has the scales that a zoom moves.
    rows : pandas.DataFrame
        The data of layers without any of their own, and of the chart.
    columns : sequence of str
        The columns that the rows behind the chart are told in.
    size : {"page", "column", "slide", "card"}
        The room that it is for.
    width : int, optional
        Pixels of the whole picture.
    height : int
        Pixels of the plot, where it has no rows of words.
    laid : Rows, optional
        The rows of words, which give the height.
    below : int
        Pixels from the plot to the caption: the room of its axis.
    time : mapping, optional
        The time axis, as `fd.charts.days` reads it.
    """
    # Of a column of objects Altair writes what is missing as NaN, which no JSON has.
    rows = rows.astype({str(name): "str" for name in rows if rows[name].dtype == "object"})
    of = SIZES[size]
    heights = laid.heights if laid else [height, height]
    about = about_of(ledger, theme, words) | {
        "columns": list(columns), "heights": heights, "params": laid.names if laid else {},
        "is_framed": of.height is not None, "time": time, "locale": vega_locale(),
    }  # fmt: skip
    wide = width or of.width
    beside = (
        laid.frame["beside"].str.split("\n").explode().str.len().max() * 6
        if laid and not laid.is_narrow
        else 0
    )
    params: Any = [one.param for one in laid.params] if laid else alt.Undefined
    return Layers(
        data=rows,
        layer=[*layers, caption(words.caption, ledger, theme, wide - beside, below)],
        params=params,
        width=wide,
        height=of.height or heights[is_narrow(size, width)],
        title=title(words, wide),
        description=words.description or f"{words.title}. {words.subtitle}.",
        resolve=alt.Resolve(
            scale=alt.ScaleResolveMap(color="independent", shape="independent", fill="independent")
        ),
        usermeta={"factdesk": about},
    )


def about_of(ledger: Ledger, theme: Theme, words: Words) -> dict[str, object]:
    """Return what a chart notes of itself."""
    return {
        "ledger": ledger.title,
        "as_of": str(ledger.latest_day.date()) if pd.notna(ledger.latest_day) else "",
        "digest": ledger.digest(),
        "title": words.title,
        "subtitle": words.subtitle,
        "caption": whole_caption(words.caption, ledger),
        "theme": theme.name,
    }


def title(words: Words, width: int) -> alt.Title:
    """Set the title and the subtitle, in as many lines as they need."""
    return alt.Title(
        [isolated(line) for line in textwrap.wrap(words.title, max(width // 10, 20))],
        subtitle=[isolated(line) for line in textwrap.wrap(words.subtitle, max(width * 10 // 72, 24))],
    )


def whole_caption(said: str, ledger: Ledger) -> str:
    """Add to a caption which ledger it is of, as of when, and how many rows are left out."""
    whole = "Part of the ledger" if ledger.is_view else "Ledger"
    day = f", as of {spoken_day(ledger.latest_day.date())}" if pd.notna(ledger.latest_day) else ""
    digest = ledger.digest()
    origin = f"{whole} “{isolated(ledger.title)}”{day}, digest {digest[:4]} {digest[4:8]}."
    left_out = ledger.left_out
    lacks = f"{counted(left_out, 'row')} that can't be read left out." if left_out else ""
    return " ".join(filter(None, (said, origin, lacks)))


def caption(said: str, ledger: Ledger, theme: Theme, width: int, below: int) -> alt.Chart:
    """Set a caption under the plot: a mark at its edge, so that the chart takes layers, a width and a zoom."""
    lines = [
        isolated(line) for line in textwrap.wrap(whole_caption(said, ledger), max((width - 60) // 6, 30))
    ]
    return (
        alt.Chart(alt.InlineData([{}]), description=CAPTION)
        .mark_text(
            align="left",
            baseline="top",
            clip=False,
            dy=below,
            fontSize=11,
            lineHeight=14,
            color=theme.soft,
            text=lines,
        )
        .encode(x=alt.XValue(0), y=alt.YValue("height"))
    )


def room(size: str) -> float | None:
    """Return how many lines of rows a slide or a card has room for, besides its words; elsewhere as many as there are."""
    height = SIZES[size].height
    return height and (height - AROUND) / LINE


def is_narrow(size: str, width: int | None) -> bool:
    """Whether words stand above their marks, for want of room beside them."""
    return (width or SIZES[size].width) < 500


def checked(theme: str | None, size: str, width: int | None) -> Theme:
    """Return the theme asked for.

    Raises
    ------
    InvalidValue
        Where there is no such theme or size, or the width is none.
    """
    if size not in SIZES:
        raise InvalidValue.choice("size", size, list(SIZES))
    if width is not None and (
        isinstance(width, bool) or not isinstance(width, int) or not LEAST_WIDTH <= width <= MOST_WIDTH
    ):
        raise InvalidValue("width", width, f"a whole number from {LEAST_WIDTH} to {MOST_WIDTH:,} pixels")
    return in_force(theme)


def finding(counts: Mapping[str, int], settings: Settings, nouns: str = "") -> str:
    """Say which two statuses most claims have, settled ones first; of several that tie none is named.

    >>> finding({"supported": 9, "mixed": 7, "in review": 2}, Settings())
    '9 of 18 claims are supported, 7 mixed'
    >>> finding({"supported": 2, "mixed": 2}, Settings())
    '4 claims in 2 statuses'
    """
    nouns, total = nouns or settings.nouns, sum(counts.values())
    held = [status for status in settings.vocabulary if counts.get(status.name)]
    ranked = sorted(held, key=lambda status: (not status.settled, -counts[status.name]))
    if not ranked:
        return f"No {nouns} yet"
    if len(ranked) == 1:
        of = (
            f"The only {settings.noun} is"
            if total == 1 and nouns == settings.nouns
            else f"All {number(total)} {nouns} are"
        )
        return f"{of} {isolated(ranked[0].label)}"
    sizes = [(status.settled, counts[status.name]) for status in ranked] + [(None, 0)]
    if sizes[0] == sizes[1]:
        return f"{number(total)} {nouns} in {len(ranked)} statuses"
    verb = "is" if sizes[0][1] == 1 else "are"
    first = f"{number(sizes[0][1])} of {number(total)} {nouns} {verb} {isolated(ranked[0].label)}"
    return first if sizes[1] == sizes[2] else f"{first}, {number(sizes[1][1])} {isolated(ranked[1].label)}"


def nothing(
    ledger: Ledger,
    theme: Theme,
    what: str,
    *,
    title: str | None = None,
    size: str = "page",
    width: int | None = None,
) -> Layers:
    """Say that there is nothing to draw yet."""
    lacks = f"No {what} yet" if not ledger.views else f"No {what} in this view of the ledger"
    words = Words(title or lacks, "", "")
    layer = alt.Chart(alt.InlineData([{}])).mark_text(
        align="left", baseline="top", color=theme.soft, text=f"{lacks}."
    )
    layer = layer.encode(x=alt.XValue(0), y=alt.YValue(0))
    return finish(
        ledger,
        theme,
        words,
        [layer],
        pd.DataFrame({"status": []}),
        columns=[],
        size=size,
        width=width,
        height=40,
    )
