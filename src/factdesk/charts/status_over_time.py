"""How many claims have each status through time: held on each day, or given in each period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, Unpack

import altair as alt
import numpy as np
import pandas as pd

from factdesk.charts import asked, calls
from factdesk.charts.chart import Canvas, Layers, OverTime, canvas, finding, finish, nothing
from factdesk.charts.events import Given, event_layers, read_events
from factdesk.charts.marks import RIGHT, layer, tooltips, words
from factdesk.charts.rows import Rows, place
from factdesk.charts.theme import LINE, parameter, where_chosen
from factdesk.charts.time_axis import Days, moment
from factdesk.errors import InvalidValue
from factdesk.formats import counted, number, spoken_day
from factdesk.ledger import intervals
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.unread import apart
from factdesk.schema import PERIODS

HEIGHT, TALL, MOST_PARTS, MOST_ON_SLIDE, MOST_ROWS, MOST_BARS = 270, 2.6, 12, 5, 600, 60
"""Pixels of the plot, lines of a stack with `by`, how many of these are drawn (on a slide), and the rows and bars up to
which a shorter period is drawn."""
BY, WHAT = ("claimant", "topic"), ("held", "given")
FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
CAPTIONS = {
    "held": "A status holds until the next one.",
    "given": "A status counts in the period that it holds from.",
}
COLUMNS = ("date", "status", "claims", "share")
# Where a period begins, of which a row holds the last day.
BEGINS = {
    "day": "toDate(datum.date)",
    "week": "datetime(year(datum.date), month(datum.date), date(datum.date) - (day(datum.date) + 6) % 7)",
    "month": "datetime(year(datum.date), month(datum.date), 1)",
    "quarter": "datetime(year(datum.date), floor(month(datum.date) / 3) * 3, 1)",
    "year": "datetime(year(datum.date), 0, 1)",
}


@calls.records_its_call
def status_over_time(
    ledger: Ledger,
    every: str | None = None,
    *,
    what: str = "held",
    by: str | None = None,
    share: bool | None = None,
    events: Given = None,
    height: int | None = None,
    **options: Unpack[OverTime],
) -> Layers:
    """Draw how many claims have each status through time, stacked in the order of the vocabulary.

    What is held on a day is drawn as steps: a status holds until the next. What was given is drawn as a bar for
    each period: many one-off ratings can't be read from a pile that only grows.

    Parameters
    ----------
    ledger : Ledger or Store
        A ledger, a view of one, or a store that holds one (`fd.scale`).
    every : {"day", "week", "month", "quarter", "year"}, optional
        The shortest that can be drawn legibly, where none is given. A longer period than a day shows what is
        held on its last day, or all that was given in it.
    what : {"held", "given"}
        The statuses that claims have, or those that they were given.
    by : {"claimant", "topic"}, optional
        A stack for each, that of most claims first, at most 12; a claim with several topics is in each of them.
    share : bool, optional
        Draw shares in place of counts; with `by`, shares are drawn unless False is given.
    events : pandas.DataFrame or sequence of mappings, optional
        What happened in the world: columns `day` and `event`, at most 40 rows.
    gaps, span, theme, size, width, locale, title : optional
        As in every chart over time: see `fd.charts`.
    height : int, optional
        Pixels of the plot.

    Returns
    -------
    altair.LayerChart
        Its `data` has the columns `date` (datetime64), `status` (str), `claims` (int64), `share` (float64).

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = status_over_time(fd.open("claims.csv"), share=True)
    >>> list(chart.data.columns)[:3]
    ['date', 'status', 'claims']
    """
    on, settings = canvas(ledger, **options), ledger.settings
    for name, value, known in (("every", every, PERIODS), ("by", by, BY), ("what", what, WHAT)):
        if value is not None and value not in known:
            raise InvalidValue.choice(name, value, known)
    if height is not None and (type(height) is not int or not 60 <= height <= 3_000):
        raise InvalidValue("height", height, "a whole number from 60 to 3,000 pixels")
    happened = read_events(events)
    is_held = what == "held"
    given, began = asked.history(ledger, what), asked.BEGAN[what]
    axis = (on if is_held else replace(on, gaps=False)).axis(given[began].unique())
    if axis is None:
        return nothing(on, settings.nouns if is_held else "statuses")
    unread = on.unread() if is_held else 0
    groups = asked.sizes(ledger, by, what) if by else {}
    parts = dict(list(groups.items())[: MOST_ON_SLIDE if on.is_framed else MOST_PARTS])
    statuses = max(len(parts), 1) * len(settings.vocabulary)
    every = every or _period(given[began], axis, statuses, is_held=is_held)
    count = _held if is_held else _given
    whole = count(given, ledger, axis, every)
    at_end = whole[whole["date"] == whole["date"].max()] if is_held else whole
    sums = at_end.groupby("status", sort=False)["claims"].sum()
    counts = {str(status): int(claims) for status, claims in sums.items()}
    share = by is not None if share is None else share
    high, laid, rows = height or HEIGHT, None, whole
    if by:
        rows = pd.concat(
            count(of, ledger, axis, every).assign(part=part)
            for part, of in asked.of_parts(ledger, by, what, parts)
        )
        layers, laid = _stacks(on, rows, parts, axis, every, share=share)
    elif is_held:
        high = max(high, round(1.2 * LINE * len(counts)))
        layers = _pile(on, rows, counts, axis, every, share, high)
    else:
        layers = _bars(on, rows, axis, every, share=share)
    above, dashed = event_layers(happened, axis, on.theme)
    noun, nouns = (settings.noun, settings.nouns) if is_held else ("rating", "ratings")
    is_now = axis.as_of == ledger.latest_day
    headline = finding(counts, settings, nouns, unread) + (
        "" if is_now else f" on {spoken_day(axis.as_of.date())}"
    )
    when = "by day" if every == "day" else f"at the end of each {every}" if is_held else f"in each {every}"
    shown = "Statuses given"
    if is_held:
        shown = f"{settings.nouns.capitalize()}{f' of each {by}' if by else ''} in each status"
    base = f"Share of {shown[0].lower()}{shown[1:]}" if share else shown
    base += f", {when}, {axis.spoken}; {counted(sum(counts.values()), noun, nouns)}"
    base += f", {apart(unread)}" * (unread > 0)
    base += f", {counted(len(groups), by)}" if by else ""
    caption = (
        CAPTIONS[what] if every == "day" or not is_held else f"A step shows the last day of a {every}.",
        f"The {number(len(parts))} {by}s with most {settings.nouns} are drawn." * (len(parts) < len(groups)),
        f"A {settings.noun} with several topics is in each of them." * (by == "topic"),
        dashed,
        axis.note,
    )
    description = [*_description(on, rows if is_held and not by else whole, counts)]
    description += [f"{apart(unread)}."] * (unread > 0)
    text = on.words(headline, base, caption, [f"{shown}, {when}, {axis.spoken}.", *description])
    layers, columns, below = [*layers, *above], [*COLUMNS, *(["part"] if by else [])], 14 if by else 52
    return finish(on, text, layers, rows, columns=columns, height=high, laid=laid, below=below, time=axis)


def _period(changes: pd.Series, axis: Days, statuses: int, *, is_held: bool) -> str:
    """Return the shortest period whose rows are not too many, or whose bars are not too thin."""
    for every, frequency in FREQUENCIES.items():
        bars = len(pd.period_range(axis.first, axis.as_of, freq=frequency))
        rows = changes.dt.to_period(frequency).nunique() * statuses
        if (rows <= MOST_ROWS) if is_held else (bars <= MOST_BARS):
            return every
    return "year"


def _held(spells: pd.DataFrame, ledger: Ledger, axis: Days, every: str) -> pd.DataFrame:
    """Count the claims in each status on the days on which a count changes, and on the last one."""
    counts = intervals.counts(spells, every, axis.as_of)
    names = ledger.settings.statuses
    wide = pd.DataFrame(
        counts["claims"].to_numpy().reshape(-1, len(names)), counts["date"].to_numpy()[:: len(names)], names
    )
    before = wide[wide.index < axis.first].tail(1)
    wide = pd.concat([before.set_axis([axis.first] * len(before)), wide[wide.index >= axis.first]])
    wide = wide[~wide.index.duplicated(keep="last")]
    kept = wide.ne(wide.shift()).any(axis=1)
    kept.iloc[-1:] = True
    return _long(wide[kept], ledger)


def _given(statuses: pd.DataFrame, ledger: Ledger, axis: Days, every: str) -> pd.DataFrame:
    """Count the statuses given in each period; its day is its last."""
    given = statuses[statuses["holds_from"].between(axis.first, axis.as_of)]
    period = given["holds_from"].dt.to_period(FREQUENCIES[every]).dt.end_time.dt.normalize()
    claims = given["claims"] if "claims" in given else pd.Series(1, given.index)
    counts = pd.crosstab(period.rename("date"), given["status"], claims, aggfunc="sum")
    return _long(counts.fillna(0), ledger)


def _long(wide: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Return a row for each day and status that any claim has, in the vocabulary's order."""
    names = [name for name in ledger.settings.statuses if name in wide and wide[name].any()]
    share = wide.div(wide.sum(axis=1).replace(0, np.nan), axis=0)
    return pd.DataFrame(
        {
            "date": wide.index.repeat(len(names)).astype("datetime64[ms]"),
            "status": names * len(wide),
            "claims": wide[names].to_numpy("int64").ravel(),
            "share": share[names].to_numpy("float64").ravel().round(4),
            "order": [*range(len(names))] * len(wide),
        }
    )


def _pile(
    on: Canvas, rows: pd.DataFrame, counts: dict[str, int], axis: Days, every: str, share: bool, height: int
) -> list[alt.Chart]:
    """Draw stacked steps, with what is held at the end beside them."""
    stack: Literal["normalize", "zero"] = "normalize" if share else "zero"
    y = alt.Y("claims:Q", stack=stack, title=None, axis=_counts_axis(share))
    last, begins = f"time(datum.date) == {moment(rows['date'].max())}", f"+{BEGINS[every]}"
    steps = alt.Chart().mark_area(interpolate="step-after", stroke=on.theme.ink, strokeWidth=0.5, clip=True)
    steps = steps.transform_calculate(begins=f"{last} ? [{begins}, {moment(axis.last)}] : [{begins}]")
    steps = axis.on(steps.transform_flatten(["begins"]), "begins", axis=axis.axis())
    ends = pd.DataFrame({"status": list(counts), "claims": list(counts.values())})
    ends["middle"] = ends["claims"].cumsum() - ends["claims"] / 2
    top = rows.groupby("date")["claims"].sum().max()
    if share:
        ends["middle"], top = ends["middle"] / ends["claims"].sum(), 1
    ends["at"] = _spread(ends["middle"].tolist(), 1.2 * LINE / height * top, top)
    ends["words"] = ends["claims"].map(number) + " " + ends["status"].map(on.labels)
    edge = layer(ends[["status", "at", "words"]]).encode(x=RIGHT, y=alt.Y("at:Q"), opacity=where_chosen())
    chosen = alt.selection_point(name=parameter("chosen"), fields=["status"])
    return [
        steps.encode(y=y, color=on.colour, order=alt.Order("order:O"), opacity=where_chosen()),
        *axis.blanks(on.theme),
        on.tiles(edge, xOffset=16).add_params(chosen),
        words(edge, "words", dx=29),
        _each_day(on, rows, axis, every),
    ]


def _bars(on: Canvas, rows: pd.DataFrame, axis: Days, every: str, *, share: bool) -> list[alt.Chart]:
    """Draw a stacked bar for each period."""
    scale = alt.Scale(domain=[0, 1]) if share else alt.Undefined
    y = alt.Y(
        f"{'share' if share else 'claims'}:Q", stack="zero", title=None, scale=scale, axis=_counts_axis(share)
    )
    ends = "+datetime(year(datum.date), month(datum.date), date(datum.date) + 1)"
    bars = alt.Chart().mark_bar(orient="vertical", stroke=on.theme.ground, strokeWidth=0.5, clip=True)
    bars = bars.transform_calculate(begins=f"+{BEGINS[every]}", ends=ends)
    bars = axis.on(bars, "begins", "ends", axis=axis.axis())
    bars = bars.encode(y=y, color=on.colour, order=alt.Order("order:O"), opacity=where_chosen())
    return [bars, on.key(rows["status"]), _each_day(on, rows, axis, every)]


def _stacks(
    on: Canvas, rows: pd.DataFrame, parts: dict[str, int], axis: Days, every: str, *, share: bool
) -> tuple[list[alt.Chart], Rows]:
    """Draw a band of shares, or of counts, for each part."""
    heads = pd.DataFrame({"words": [f"{part}, {number(size)}" for part, size in parts.items()], "tall": TALL})
    laid = place(heads, is_narrow=on.is_narrow, beside=26)
    rows["row"] = rows["part"].map({part: at for at, part in enumerate(parts)})
    size = rows["share"] if share else rows["claims"] / rows.groupby(["part", "date"])["claims"].sum().max()
    high = size.groupby([rows["part"], rows["date"]]).cumsum()
    rows["low"], rows["high"] = (TALL * (1 - high + size)).round(3), (TALL * (1 - high)).round(3)
    rows["until"] = rows.groupby(["part", "status"])["date"].shift(-1).fillna(axis.last)
    bands = alt.Chart().mark_bar(clip=True, stroke=on.theme.ink, strokeWidth=0.3)
    bands = _through(axis, bands.transform_filter("datum.claims > 0"), every, drawn=axis.axis(orient="top"))
    bands = laid.at(bands, "datum.high", "datum.low").encode(
        color=on.colour, opacity=where_chosen(), tooltip=tooltips("part", "date", "status", "claims", "share")
    )
    return [bands, *axis.blanks(on.theme), *laid.words(), on.key(rows["status"])], laid


def _each_day(on: Canvas, rows: pd.DataFrame, axis: Days, every: str) -> alt.Chart:
    """Show all counts of a day, or of a period, where somebody points at it."""
    wide = rows.pivot_table(index="date", columns="status", values="claims", sort=False)
    names = {f"n{at}": str(name) for at, name in enumerate(wide)}
    wide.columns = pd.Index(names)
    wide = wide.reset_index()
    wide["until"] = wide["date"].shift(-1).fillna(axis.last)
    fields = tooltips(f"date as {'from' if every == 'day' else 'until'}")
    fields += [
        alt.Tooltip(f"{column}:Q", title=on.labels[name], format=",") for column, name in names.items()
    ]
    cover = _through(axis, alt.Chart(wide).mark_bar(opacity=0, clip=True), every)
    return cover.encode(y=alt.YValue(0), y2=alt.Y2Value("height"), tooltip=fields)


def _through(axis: Days, marks: alt.Chart, every: str, drawn: alt.Axis | None = None) -> alt.Chart:
    """Put marks where they reach from the begin of a row's period to that of the next row's."""
    until = BEGINS[every].replace("datum.date", "datum.until")
    ends = f"time(datum.until) >= {moment(axis.last)} ? +toDate(datum.until) : +{until}"
    return axis.on(marks.transform_calculate(begins=f"+{BEGINS[every]}", ends=ends), "begins", "ends", drawn)


def _counts_axis(share: bool) -> alt.Axis:
    whole = alt.Undefined if share else "datum.value % 1 ? '' : datum.label"  # there is no half of a claim
    written = "%" if share else ",d"
    return alt.Axis(tickCount=4, domain=False, ticks=False, format=written, labelExpr=whole)


def _spread(places: list[float], least: float, top: float) -> list[float]:
    """Move places apart, so that each has room for a line of words; all stay within the plot."""
    least = min(least, top / max(len(places), 1))
    at = [max(one, least / 2 + least * n) for n, one in enumerate(places)]
    for n in range(1, len(at)):
        at[n] = max(at[n], at[n - 1] + least)
    limit = top - least / 2
    for n in reversed(range(len(at))):
        at[n] = min(at[n], limit)
        limit = at[n] - least
    return [round(one, 4) for one in at]


def _description(on: Canvas, rows: pd.DataFrame, counts: dict[str, int]) -> Iterator[str]:
    """Write the counts of the first day and those at the end in words."""
    first = rows["date"].min()
    begin = rows[rows["date"] == first].set_index("status")["claims"]
    for when, sizes in ((f"On {spoken_day(first.date())}", begin), ("In the end", counts)):
        held = ", ".join(f"{number(n)} {on.labels[str(name)]}" for name, n in sizes.items() if n)
        yield f"{when}: {held}."
