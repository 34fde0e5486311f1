"""Charts that know what they show: Altair's own, with a title, a caption, a theme, and their origin."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypedDict, Unpack

import altair as alt
import pandas as pd

from factdesk.charts.asked import claims
from factdesk.charts.colours import PATHS, STANCES, Look, Theme, looks
from factdesk.charts.marks import LEFT
from factdesk.charts.rows import BESIDE, Rows, isolated
from factdesk.charts.theme import LINE, expression, in_force, parameter, scale_of
from factdesk.charts.time_axis import Days, Span, time_axis
from factdesk.formats import counted, number, spoken_day, vega_locale
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.unread import apart
from factdesk.schema import PRECISIONS, Settings

CAPTION = "caption"
"""By this description a page finds the layer of words under a chart; by a name Altair would take it for a view to select in."""
LEAST_WIDTH, MOST_WIDTH = 280, 3_000
MOST_ROWS = 50_000
"""Rows of a chart; Altair refuses more than 5,000, which two hundred claims with much evidence take."""
NO_DIGEST = "not taken"
"""What stands for the digest of a store that was loaded from files which nothing was hashed of."""
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


class Options(TypedDict, total=False):
    """What every chart may be asked for."""

    theme: str | None
    size: str
    width: int | None
    locale: str | None
    title: str | None


class OverTime(Options, total=False):
    """What every chart that is drawn over time may be asked for."""

    gaps: bool | str
    span: Span | None


USUAL: OverTime = {"gaps": "auto", "size": "page"}
"""Of the options those that are not None where they are not given."""


class Layers(alt.LayerChart):
    """A chart of one view: it takes layers, a width, a zoom, and a place beside others.

    Alone it comes in its theme, at a width that counts every word.
    """

    def to_dict(self, validate: bool = True, *, format: Literal["vega-lite", "vega"] = "vega-lite", ignore: list[str] | None = None,
                context: dict[str, Any] | None = None) -> dict[str, Any]:  # fmt: skip
        """Return the specification; within another chart only what may stand there."""
        if not (context or {}).get("top_level", True):
            ignore = [*(ignore or []), "usermeta"]
            return super().to_dict(validate, format=format, ignore=ignore, context=context)
        about = self._get("usermeta", {}).get("factdesk", {})
        is_ours = alt.theme.active == "default" or alt.theme.active.startswith("factdesk-")
        theme = alt.theme.enable(f"factdesk-{about.get('theme', 'light')}") if is_ours else nullcontext()
        # How many rows there are is ours to limit; who set another limit, or way to write rows, keeps it.
        is_unset = alt.data_transformers.active == "default" and not alt.data_transformers.options
        rows = alt.data_transformers.enable("default", max_rows=MOST_ROWS) if is_unset else nullcontext()
        with theme, rows:
            spec = super().to_dict(validate, format=format, ignore=ignore, context=context)
        if format == "vega-lite" and "layer" in spec and about:
            kind = "fit" if about.get("is_framed") else "fit-x"
            spec.setdefault("autosize", {"type": kind, "contains": "padding"})
        if locale := about.get("locale"):
            spec["config"] = {"locale": locale, **spec.get("config", {})}
        return spec


@dataclass(frozen=True)
class Words:
    """The words around a chart."""

    title: str
    subtitle: str
    caption: str
    description: str


@dataclass(frozen=True)
class Canvas:
    """What a chart is drawn of and on: a ledger, a theme, a size, a width, and the title and days asked for."""

    ledger: Ledger
    theme: Theme
    size: Size
    width: int
    title: str | None
    gaps: bool | str
    span: Span | None

    @property
    def is_narrow(self) -> bool:
        """Whether words stand above their marks, as beside them they would leave too little."""
        return self.width < 500

    @property
    def is_framed(self) -> bool:
        """Whether the height is that of a slide or a card."""
        return self.size.height is not None

    @property
    def lines(self) -> float | None:
        """How many lines of rows fit on a slide or a card, besides its words; elsewhere as many as there are."""
        return self.size.height and (self.size.height - AROUND) / LINE

    def lines_left(self, words: Words, keys: int, beside: int = BESIDE) -> int | None:
        """Return how many lines of rows fit on a slide or a card under these words and so many lines of keys."""
        if self.size.height is None:
            return None
        head, foot = title(words, self.width), self.caption(words.caption, self.width - 6 * beside, 14)
        taken = 21 * len(head.text) + 17 * len(head.subtitle) + 14 * len(foot.mark.text)
        return max(int((self.size.height - taken - 20 * keys - 98) / LINE), 2)

    def axis(self, days: Iterable[Any], **words: str) -> Days | None:
        """Find the time axis for the days on which something happens; none where nothing does."""
        return time_axis(days, self.ledger.latest_day, gaps=self.gaps, span=self.span, **words)

    @property
    def looks(self) -> dict[str, Look]:
        """How each status looks."""
        return looks(self.ledger.settings.vocabulary, self.theme.name)

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each status is called among other words; statuses that are too many for signs by their number, too."""
        signs = {name: look.sign for name, look in self.looks.items()}
        numbers = {name: f"{sign}. " if sign.isdecimal() else "" for name, sign in signs.items()}
        return {one.name: isolated(numbers[one.name] + one.label) for one in self.ledger.settings.vocabulary}

    @property
    def colour(self) -> alt.Color:
        """A status as its colour, without a key."""
        return alt.Color("status:N", scale=scale_of(self.looks, "colour"), legend=None)

    @property
    def ink_on_status(self) -> alt.Fill:
        """A status as what is read on its colour."""
        return alt.Fill("status:N", scale=scale_of(self.looks, "on"), legend=None)

    def sign(self, part: str = "path") -> alt.ExprRef:
        """Return the shape of a row's status: its sign, or as `tile` a square with the sign cut out."""
        shapes = {name: getattr(look, part) for name, look in self.looks.items()}
        return alt.ExprRef(f"{expression(shapes)}[datum.status]")

    def tiles(self, chart: alt.Chart, **mark: Any) -> alt.Chart:
        """Draw statuses as squares of their colour with their sign cut out, which may stand outside of the plot."""
        drawn = {"filled": True, "opacity": 1, "size": 75, "strokeWidth": 0.5, "clip": False} | mark
        chart = chart.mark_point(shape=self.sign("tile"), stroke=self.theme.ink, **drawn)
        return chart.encode(color=self.colour)

    def key(self, used: Iterable[str], columns: int = 3) -> alt.Chart:
        """Draw nothing but a key of statuses, as squares of their colour with their sign cut out.

        Of one layer's colour and shape Vega makes one key. A click on an entry selects that status.
        """
        of, shown = self.looks, set(used)
        names = [name for name in of if name in shown]
        chosen = alt.selection_point(name=parameter("chosen"), fields=["status"], bind="legend")
        if not names:  # where no status can be read; of a key without entries Vega makes one without end
            chosen = alt.selection_point(name=parameter("chosen"), fields=["status"])
            return alt.Chart(alt.InlineData([])).mark_point().add_params(chosen)
        legend = alt.Legend(
            title=None, orient="top", columns=columns, values=names, symbolOpacity=1, symbolSize=75,
            symbolStrokeColor=self.theme.ink, labelExpr=f"{expression(self.labels)}[datum.label]",
        )  # fmt: skip
        base = alt.Chart(alt.InlineData([{"status": name} for name in names]))
        colour = alt.Color("status:N", scale=scale_of(of, "colour"), legend=legend)
        shape = alt.Shape("status:N", scale=scale_of(of, "tile"), legend=legend)
        drawn = base.mark_point(filled=True, opacity=0, size=0).encode(color=colour, shape=shape)
        return drawn.add_params(chosen)

    def stance_key(self, used: Iterable[str], more: Mapping[str, str] | None = None) -> alt.Chart:
        """Draw nothing but a key of stances, and of further signs by what each stands for."""
        shown = set(used)
        signs = {stance: sign for stance, sign in STANCES.items() if stance in shown} | dict(more or {})
        return self.shape_key({what: PATHS[sign] for what, sign in signs.items()})

    def shape_key(self, shapes: Mapping[str, str]) -> alt.Chart:
        """Draw nothing but a key of shapes, by what each stands for."""
        ink = self.theme.ink
        legend = alt.Legend(
            title=None, orient="top", columns=4, symbolFillColor=ink, symbolStrokeWidth=0, symbolSize=75, symbolOpacity=1
        )  # fmt: skip
        scale = alt.Scale(domain=list(shapes), range=list(shapes.values()))
        base = alt.Chart(alt.InlineData([{"stance": name} for name in shapes]))
        base = base.mark_point(filled=True, color=ink, opacity=0, size=0)
        return base.encode(shape=alt.Shape("stance:N", scale=scale, legend=legend))

    def counted(self, claims: int) -> str:
        """Write how many claims there are, by what the ledger calls them."""
        return counted(claims, self.ledger.settings.noun, self.ledger.settings.nouns)

    def left_out(self, claims: int, which: str) -> str:
        """Write that claims of a kind are left out; nothing where there are none."""
        return f"{self.counted(claims)} {which} {'is' if claims == 1 else 'are'} left out." if claims else ""

    def unread(self, claim_ids: Iterable[str] | None = None) -> int:
        """Return of how many claims a status can't be read: of all, or of those with these ids."""
        claims = self.ledger.unread.claims
        return len(claims if claim_ids is None else claims.intersection(claim_ids))

    def counted_apart(self, claims: int, unread: int) -> str:
        """Write how many claims there are, those of which a status can't be read apart from the others."""
        return ", ".join(filter(None, (self.counted(claims - unread), apart(unread))))

    def untold(self, rest: int) -> str:
        """Write how many further claims a text alternative passes over."""
        return f"And {number(rest)} more {self.ledger.settings.nouns}." if rest > 0 else ""

    def words(
        self, headline: str, subtitle: str, caption: Iterable[str], description: Iterable[str] = ()
    ) -> Words:
        """Return the words around the chart: the title asked for, else the headline; empty sentences are dropped."""
        title = self.title or headline
        sentences = description or (f"{title}. {subtitle}.",)
        below = whole_caption(" ".join(filter(None, caption)), self.ledger)
        return Words(title, subtitle, below, " ".join(filter(None, sentences)))

    def caption(self, words: str, width: int, below: int) -> alt.Chart:
        """Set a caption under the plot: a mark at its edge, so that the chart takes layers, a width and a zoom."""
        lines = textwrap.wrap(words, max((width - 60) // 6, 30))
        base = alt.Chart(alt.InlineData([{}]), description=CAPTION).encode(x=LEFT, y=alt.YValue("height"))
        return base.mark_text(
            align="left", baseline="top", clip=False, dy=below, fontSize=11, lineHeight=14, color=self.theme.soft,
            text=[isolated(line) for line in lines],
        )  # fmt: skip


def canvas(ledger: Ledger, **asked: Unpack[OverTime]) -> Canvas:
    """Return what a chart is drawn of and on, as its call asks for; `calls` has checked it, and set the locale."""
    of, gaps = SIZES[asked.get("size", USUAL["size"])], asked.get("gaps", USUAL["gaps"])
    width, theme = asked.get("width") or of.width, in_force(asked.get("theme"))
    return Canvas(ledger, theme, of, width, asked.get("title"), gaps, asked.get("span"))


def finish(
    on: Canvas,
    words: Words,
    layers: Sequence[alt.Chart],
    rows: pd.DataFrame,
    *,
    columns: Sequence[str],
    height: int = 270,
    laid: Rows | None = None,
    below: int = 14,
    time: Days | None = None,
) -> Layers:
    """Lay layers over one another, with a title above and a caption below, and note what they show.

    Parameters
    ----------
    on : Canvas
        What is drawn, and on what.
    words : Words
        The words around it.
    layers : sequence of altair.Chart
        From the ground up; the first has the scales that a zoom moves.
    rows : pandas.DataFrame
        The data of layers without any of their own, and of the chart.
    columns : sequence of str
        The columns of the rows behind the chart.
    height : int
        Pixels of the plot, where it has no rows of words.
    laid : Rows, optional
        The rows of words, which give the height.
    below : int
        Pixels from the plot to the caption: the room of its axis.
    time : Days, optional
        The time axis.
    """
    # Of a column of objects Altair writes what is missing as NaN, which no JSON has.
    rows = rows.astype({str(name): "str" for name in rows if rows[name].dtype == "object"})
    if "made_on_precision" in rows and not rows["made_on_precision"].isin(PRECISIONS).any():
        rows = rows.drop(columns="made_on_precision")
    ledger, heights, beside, names = on.ledger, [height, height], 0, {}
    params: Any = alt.Undefined
    if laid:
        heights, names, params = laid.heights, laid.names, [one.param for one in laid.params]
        beside = 0 if laid.is_narrow else laid.frame["beside"].str.split("\n").explode().str.len().max() * 6
    about = {
        "ledger": ledger.title,
        "as_of": str(ledger.latest_day.date()) if pd.notna(ledger.latest_day) else "",
        "digest": ledger.digest() or NO_DIGEST,
        "title": words.title,
        "subtitle": words.subtitle,
        "caption": words.caption,
        "theme": on.theme.name,
        "columns": [name for name in columns if name != "made_on_precision" or name in rows],
        "heights": heights,
        "params": names,
        "is_framed": on.is_framed,
        "time": time and time.record,
        "locale": vega_locale(),
    }
    if unread := ledger.unread:
        about["unread"] = str(unread)
    independent = alt.ScaleResolveMap(color="independent", shape="independent", fill="independent")
    return Layers(
        data=rows,
        layer=[*layers, on.caption(words.caption, on.width - beside, below)],
        params=params,
        width=on.width,
        height=on.size.height or heights[on.is_narrow],
        title=title(words, on.width),
        description=words.description,
        resolve=alt.Resolve(scale=independent),
        usermeta={"factdesk": about},
    )


def title(words: Words, width: int) -> alt.Title:
    """Set the title and the subtitle, in as many lines as they need."""
    head = textwrap.wrap(words.title, max(width // 10, 20))
    under = textwrap.wrap(words.subtitle, max(width * 10 // 72, 24))
    return alt.Title([*map(isolated, head)], subtitle=[*map(isolated, under)])


def whole_caption(caption: str, ledger: Ledger) -> str:
    """Add to a caption which ledger it is of, as of when, and what can't be read of it."""
    whole = "Part of the ledger" if ledger.is_view else "Ledger"
    day = f", as of {spoken_day(ledger.latest_day.date())}" if pd.notna(ledger.latest_day) else ""
    digest = ledger.digest()
    known = f"digest {digest[:4]} {digest[4:8]}" if digest else f"digest {NO_DIGEST}"
    origin = f"{whole} “{isolated(ledger.title)}”{day}, {known}."
    return " ".join(filter(None, (caption, origin, str(ledger.unread))))


def finding(counts: Mapping[str, int], settings: Settings, nouns: str = "", unread: int = 0) -> str:
    """Name the two statuses that most claims have, settled ones first; of several that tie none.

    Claims of which a status can't be read are in none, and counted apart.

    >>> finding({"supported": 9, "mixed": 7, "in review": 2}, Settings())
    '9 of 18 claims are supported, 7 mixed'
    >>> finding({"supported": 2, "mixed": 2}, Settings())
    '4 claims in 2 statuses'
    >>> finding({"supported": 2}, Settings(), unread=3)
    "All 2 claims that can be read are supported; 3 can't be read"
    """
    if unread:
        return f"{_found(counts, settings, nouns, ' that can be read')}; {apart(unread)}"
    return _found(counts, settings, nouns)


def _found(counts: Mapping[str, int], settings: Settings, nouns: str, which: str = "") -> str:
    nouns, total = nouns or settings.nouns, sum(counts.values())
    held = [status for status in settings.vocabulary if counts.get(status.name)]
    ranked = sorted(held, key=lambda status: (not status.settled, -counts[status.name]))
    if not ranked:
        return f"No {nouns} yet"
    if len(ranked) == 1:
        is_only = total == 1 and nouns == settings.nouns
        of = f"The only {settings.noun}{which} is" if is_only else f"All {number(total)} {nouns}{which} are"
        return f"{of} {isolated(ranked[0].label)}"
    sizes = [(status.settled, counts[status.name]) for status in ranked] + [(None, 0)]
    if sizes[0] == sizes[1]:
        return f"{number(total)} {nouns} in {len(ranked)} statuses"
    verb = "is" if sizes[0][1] == 1 else "are"
    first = f"{number(sizes[0][1])} of {number(total)} {nouns} {verb} {isolated(ranked[0].label)}"
    return first if sizes[1] == sizes[2] else f"{first}, {number(sizes[1][1])} {isolated(ranked[1].label)}"


def nothing(on: Canvas, what: str, claim_ids: Iterable[str] | None = None) -> Layers:
    """Draw the words that there is nothing to draw yet, or nothing that can be read, of all claims or of some."""
    lacks = f"No {what} yet" if not on.ledger.views else f"No {what} in this view of the ledger"
    if unread := on.unread(claim_ids):
        settings = on.ledger.settings
        whose = f"this {settings.noun}" if unread == 1 else f"these {counted(unread, '', settings.nouns)}"
        lacks = f"No status of {whose} is known: {apart(unread)}"
    elif "claims" in on.ledger.unread.rows and not claims(on.ledger):
        lacks = f"No {on.ledger.settings.noun} can be read"
    layer = alt.Chart(alt.InlineData([{}])).encode(x=LEFT, y=alt.YValue(0))
    layer = layer.mark_text(align="left", baseline="top", color=on.theme.soft, text=f"{lacks}.")
    return finish(on, on.words(lacks, "", ()), [layer], pd.DataFrame({"status": []}), columns=[], height=40)
