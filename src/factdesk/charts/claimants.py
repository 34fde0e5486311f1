"""How each claimant's claims fare: a bar of shares for each, or the scorecard of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Unpack

import altair as alt
import pandas as pd

from factdesk.charts import asked, calls
from factdesk.charts.chart import Canvas, Options, canvas, finding, finish, nothing
from factdesk.charts.marks import signs, tooltips, words
from factdesk.charts.rows import Rows, isolated, place
from factdesk.charts.theme import where_chosen
from factdesk.errors import InvalidValue
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.formats import share as percent
from factdesk.ledger.ledger import Day, Ledger
from factdesk.ledger.unread import apart

MOST, MOST_DESCRIBED, NAME = 15, 12, 70
"""Claimants of a page, those in the text alternative, and characters of a name."""
COLUMNS = ("claimant", "status", "claims", "of", "share", "low", "high")
TOOLTIP = tooltips("claimant", "status", "claims", "of", "share")


@calls.records_its_call
def claimants(
    ledger: Ledger,
    day: Day | None = None,
    *,
    share: bool = True,
    status: str | None = None,
    interval: bool = False,
    **options: Unpack[Options],
) -> alt.LayerChart:
    """Draw how many claims of each claimant have each status: how do this claimant's claims fare?

    A bar for each claimant, who has most claims first, in the order of the vocabulary; of a single one a bar for
    each status. Who only repeated the claims of others has none.

    Parameters
    ----------
    ledger : Ledger or Store
        A ledger, a view of one, or a store that holds one (`fd.scale`).
    day : str, date or pandas.Timestamp, optional
        On which day that the ledger covers; by default its latest. Claims without a status by then don't count.
    share : bool
        Draw shares of each claimant's claims, or, if False, counts.
    status : str, optional
        Which status the title and the interval are about; otherwise that of most claims, settled ones first.
    interval : bool
        Draw the 95 % interval of that status's share (Wilson, 1927): how far chance alone could move it in so few
        claims. Which claims were chosen to be checked is no matter of chance.
    theme, size, width, locale, title : optional
        As in every chart: see `fd.charts`.

    Returns
    -------
    altair.LayerChart
        Its `data` has the columns of `fd.measures.claimants`, for the claimants drawn.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.claimants import claimants
    >>> claimants(fd.open("claims.csv")).title.text
    ['The article has most claims, 9 of 22; 5 of the 9 are supported']
    """
    on, settings = canvas(ledger, **options), ledger.settings
    if status is not None and status not in settings.statuses:
        raise InvalidValue.choice("status", status, settings.statuses)
    if not isinstance(interval, bool) or (interval and not share):
        raise InvalidValue("interval", interval, "True or False, and True only of shares")
    fares = asked.claimants(ledger, day).assign(status=lambda frame: frame["status"].astype(str))
    latest = ledger.latest_day
    at = latest if day is None else pd.Timestamp(day)
    first = asked.history(ledger)["start"].min()
    if pd.notna(first) and (fares.empty or at > latest):
        raise InvalidValue("day", day, f"days that the ledger covers, {first.date()} to {latest.date()}")
    if fares.empty:
        return nothing(on, settings.nouns)
    totals = fares.drop_duplicates("claimant").set_index("claimant")["of"]
    only = len(totals) == 1
    about = status or _lead(_counts(fares), ledger)[0]
    shown = fares[(fares["claims"] > 0) | ((fares["status"] == about) & (interval | only))].copy()
    if only:
        shown["row"] = range(len(shown))
        heads = [on.labels[one] for one in shown["status"]]
    else:
        shown["row"] = shown["claimant"].map({name: row for row, name in enumerate(totals.index)})
        heads = [f"{_named(name)},\N{NO-BREAK SPACE}{number(count)}" for name, count in totals[:MOST].items()]
    bar, between = (1.0, 0.4) if on.is_framed else (1.2, 0.75)
    frame = pd.DataFrame({"words": heads, "tall": bar + 0.7 * interval})
    laid = place(frame, is_narrow=on.is_narrow, beside=26, between=between, limit=on.lines)
    rows = _parts(shown[shown["row"] < len(laid.frame)], share=share, only=only)
    drawn = 1 if only else len(laid.frame)
    layers = _scorecard(on, rows, laid, bar) if only else _bars(on, rows, laid, bar, share=share)
    layers += laid.words()
    if interval:
        layers += _intervals(on, rows if only else rows[rows["status"] == about], laid, bar + 0.4)
    base = f"{'Shares' if share else 'Numbers'} of {'' if only else 'each claimant’s '}{settings.nouns} by status, "
    unread = on.unread()
    base += f"{spoken_day(at.date())}: {on.counted_apart(int(totals.sum()) + unread, unread)}"
    base += "" if only else f", {counted(len(totals), 'claimant')}"
    whose = "each" if only else on.labels[about]
    fewer = f"Of {number(len(totals))} claimants the {number(drawn)} with most {settings.nouns} are drawn."
    caption = (
        "" if only else f"Beside each name: how many {settings.nouns}.",
        f"Lines: 95% interval of the share {whose} (Wilson), how far chance alone could move it." * interval,
        f"The {settings.nouns} were chosen to be checked: they are no sample of all that was said.",
        fewer * (drawn < len(totals)),
    )
    when = "" if at == latest else f" on {spoken_day(at.date())}"
    headline = _headline(on, fares, totals, status) + when + f"; {apart(unread)}" * (unread > 0)
    text = on.words(headline, base, caption, _description(on, rows, base))
    return finish(on, text, layers, rows, columns=COLUMNS, laid=laid)


def _parts(fares: pd.DataFrame, *, share: bool, only: bool) -> pd.DataFrame:
    """Add from where to where each part of a bar reaches, and its words."""
    size = fares["share"] if share else fares["claims"] / fares["of"].max()
    end = size if only else size.groupby(fares["claimant"]).cumsum()
    shares, claims = fares["share"].map(percent), fares["claims"].map(number)
    text = shares + ", " + claims + " of " + fares["of"].map(number) if only else shares if share else claims
    return fares.assign(start=(end - size).round(4), end=end.round(4), text=text)


def _bars(on: Canvas, rows: pd.DataFrame, laid: Rows, bar: float, *, share: bool) -> list[alt.Chart]:
    """Draw a bar for each claimant, with the sign and the number of each part that has room for them."""
    label = "format(datum.value, '.0%')" if share else f"format(datum.value * {rows['of'].max()}, ',')"
    ends = [0, 0.5, 1] if share else [0, 1]
    axis = alt.Axis(
        orient="top", grid=False, domain=False, ticks=False, title=None, values=ends, labelExpr=label
    )
    base = alt.Chart().transform_filter("datum.claims > 0").encode(opacity=where_chosen())
    bars = laid.at(base.mark_bar(stroke=on.theme.ink, strokeWidth=0.5), 0, bar).encode(
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1]), axis=axis),
        x2=alt.X2("end"),
        color=on.colour,
        tooltip=TOOLTIP,
    )
    # A chart within another has no `width`.
    inner = laid.at(base.transform_calculate(room="(datum.end - datum.start) * (width || 420)"), bar / 2)
    inner = inner.encode(x=alt.X("start:Q"), fill=on.ink_on_status)
    sign = signs(inner.transform_filter("datum.room > 18"), on.sign(), size=50, xOffset=10)
    text = words(inner.transform_filter("datum.room > 48"), dx=18, fontSize=11)
    return [bars, sign, text, on.key(rows.loc[rows["claims"] > 0, "status"])]


def _scorecard(on: Canvas, rows: pd.DataFrame, laid: Rows, bar: float) -> list[alt.Chart]:
    """Draw a bar for each status, its sign before it, its share and its number beside it."""
    top = max(rows["share"].max(), 0.01)
    x = alt.X("start:Q", scale=alt.Scale(domain=[-0.06 * top, top], nice=False), axis=None)
    bars = laid.at(alt.Chart().mark_bar(stroke=on.theme.ink, strokeWidth=0.5), 0, bar)
    middle = laid.at(alt.Chart().transform_calculate(before=f"{-0.03 * top}"), bar / 2)
    return [
        bars.encode(x=x, x2=alt.X2("end"), color=on.colour, tooltip=TOOLTIP),
        on.tiles(middle).encode(x=alt.X("before:Q")),
        words(middle, dx=7).encode(x=alt.X("end:Q")),
    ]


def _intervals(on: Canvas, rows: pd.DataFrame, laid: Rows, at: float) -> list[alt.Chart]:
    """Draw the interval of a share in each row, with a dot at the share."""
    base, ink = laid.at(rows[["claimant", "status", "share", "low", "high", "row"]], at), on.theme.ink
    line = base.mark_rule(color=ink, strokeWidth=1.25)
    ends = base.transform_fold(["low", "high"], as_=["end", "at"])
    ends = ends.mark_tick(color=ink, thickness=1.25, size=6, orient="vertical")
    dot = base.mark_point(filled=True, size=26, opacity=1, color=ink)
    return [
        line.encode(x=alt.X("low:Q"), x2=alt.X2("high"), tooltip=tooltips("low", "share", "high")),
        ends.encode(x=alt.X("at:Q")),
        dot.encode(x=alt.X("share:Q")),
    ]


def _counts(fares: pd.DataFrame) -> dict[str, int]:
    sums = fares.groupby("status", sort=False)["claims"].sum()
    return {str(status): int(count) for status, count in sums.items()}


def _lead(counts: Mapping[str, int], ledger: Ledger) -> list[str]:
    """Return the status that most claims have, settled ones first; several where they tie."""
    held = [one for one in ledger.settings.vocabulary if counts.get(one.name)]
    most = min((not one.settled, -counts[one.name]) for one in held)
    return [one.name for one in held if (not one.settled, -counts[one.name]) == most]


def _named(name: object) -> str:
    text = str(name)
    return isolated(text if len(text) <= NAME else f"{text[: NAME - 1].rstrip()}…")


def _headline(on: Canvas, fares: pd.DataFrame, totals: pd.Series, status: str | None) -> str:
    """Name who has most claims, and how these fare; of several who have as many none comes first."""
    settings, most, total = on.ledger.settings, int(totals.iloc[0]), int(totals.sum())
    leaders = [_named(name) for name in totals.index[totals == most]]
    counts = _counts(fares[fares["claimant"] == totals.index[0]] if len(leaders) == 1 else fares)
    leading = [status] if status else _lead(counts, on.ledger)
    count = counts[leading[0]]
    if len(totals) == 1 and not status and total > 1:
        return finding(counts, settings, f"{settings.nouns} by {leaders[0]}")
    verb = "are" if count > 1 else "is" if count or total > 1 else "is not"
    fares_so = f"{verb} {on.labels[leading[0]]}"
    if len(totals) == 1:
        part = _part(count, total, settings.noun, settings.nouns)
        return f"{part[:1].upper()}{part[1:]} by {leaders[0]} {fares_so}"
    if len(leaders) == 1:
        head = f"{leaders[0]} has most {settings.nouns}, {number(most)} of {number(total)}"
        part = "it" if most == 1 else _part(count, most, the="the ")
    else:
        who = " and ".join(leaders) if len(leaders) == 2 else f"{number(len(leaders))} claimants"
        head = f"{who} have most {settings.nouns}, {number(most)} each"
        if len(leaders) == len(totals):
            each = f"one {settings.noun}" if most == 1 else f"{number(most)} {settings.nouns}"
            head = f"{number(len(leaders))} claimants have {each} each"
        part = _part(count, total)
    return f"{head}; {part} {fares_so}" if len(leading) == 1 else head


def _part(count: int, total: int, one: str = "", many: str = "", the: str = "") -> str:
    if count == total or total == 1:
        return all_of(total, one, many)
    if not count and total == 2:
        return none_of(total, one, many)
    of = counted(total, one, many) if one else number(total)
    return f"{number(count) if count else 'none'} of {the}{of}"


def _description(on: Canvas, rows: pd.DataFrame, base: str) -> Iterator[str]:
    """Write how many claims of each status a claimant has; of many claimants the first."""
    yield f"{base}."
    held = rows[rows["claims"] > 0]
    parts = held["claims"].map(number) + " " + held["status"].map(on.labels)
    for name, own in list(parts.groupby(rows["claimant"], sort=False))[:MOST_DESCRIBED]:
        yield f"{_named(name)}: {', '.join(own)}."
