"""How each claimant's claims fare: a bar of shares for each, or the scorecard of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.chart import Words, checked, finding, finish, is_narrow, isolated, nothing, room
from factdesk.charts.looks import Theme
from factdesk.charts.rows import Rows, place
from factdesk.charts.theme import ink_on_status, inline, key, labels, sign_of, status_colour, where_chosen
from factdesk.errors import InvalidValue
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.formats import share as percent

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Day, Ledger

MOST, MOST_DESCRIBED, NAME = 15, 12, 70
"""Claimants of a page, those in the text alternative, and characters of a name."""
COLUMNS = ("claimant", "status", "claims", "of", "share", "low", "high")
TOOLTIP = [
    alt.Tooltip("claimant:N"),
    alt.Tooltip("status:N"),
    alt.Tooltip("claims:Q"),
    alt.Tooltip("of:Q"),
    alt.Tooltip("share:Q", format=".0%"),
]


@calls.records_its_call
def claimants(
    ledger: Ledger,
    day: Day | None = None,
    *,
    share: bool = True,
    status: str | None = None,
    interval: bool = False,
    theme: str | None = None,
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw how many claims of each claimant have each status: how do this claimant's claims fare?

    A bar for each claimant, who has most claims first, in the order of the vocabulary; of a single one a bar for
    each status. Who only repeated the claims of others has none.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
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
    of, settings = checked(theme, size, width), ledger.settings
    if status is not None and status not in settings.statuses:
        raise InvalidValue.choice("status", status, settings.statuses)
    if not isinstance(interval, bool) or (interval and not share):
        raise InvalidValue("interval", interval, "True or False, and True only of shares")
    fares = measures.claimants(ledger, day).assign(status=lambda frame: frame["status"].astype(str))
    latest = ledger.latest_day
    on = latest if day is None else pd.Timestamp(day)
    if len(ledger.claims) and (fares.empty or on > latest):
        first = ledger.intervals()["start"].min()
        raise InvalidValue("day", day, f"days that the ledger covers, {first.date()} to {latest.date()}")
    if fares.empty:
        return nothing(ledger, of, settings.nouns, title=title, size=size, width=width)
    totals = fares.drop_duplicates("claimant").set_index("claimant")["of"]
    only = len(totals) == 1
    about = status or _lead(_counts(fares), ledger)[0]
    shown = fares[(fares["claims"] > 0) | ((fares["status"] == about) & (interval | only))].copy()
    names, roomy = labels(ledger), room(size) is None
    if only:
        shown["row"] = range(len(shown))
        heads = [isolated(names[one]) for one in shown["status"]]
    else:
        shown["row"] = shown["claimant"].map({name: at for at, name in enumerate(totals.index)})
        heads = [
            f"{_named(str(name))},\N{NO-BREAK SPACE}{number(count)}" for name, count in totals[:MOST].items()
        ]
    bar = 1.2 if roomy else 1.0
    laid = place(
        pd.DataFrame({"words": heads, "is_head": False, "aside": "", "tall": bar + 0.7 * interval}),
        is_narrow=is_narrow(size, width), beside=26, between=0.75 if roomy else 0.4, room=room(size),
    )  # fmt: skip
    rows = _parts(shown[shown["row"] < len(laid.frame)], share=share, only=only)
    drawn = 1 if only else len(laid.frame)
    layers = _scorecard(rows, laid, bar, ledger, of) if only else _bars(rows, laid, bar, ledger, of, share)
    layers += laid.words(of)
    if interval:
        layers += _intervals(rows if only else rows[rows["status"] == about], laid, bar + 0.4, of)
    base = f"{'Shares' if share else 'Numbers'} of {'' if only else 'each claimant’s '}{settings.nouns} by status, "
    base += f"{spoken_day(on.date())}: {counted(int(totals.sum()), settings.noun, settings.nouns)}"
    base += "" if only else f", {counted(len(totals), 'claimant')}"
    whose = "each" if only else isolated(names[about])
    caption = (
        "" if only else f"Beside each name: how many {settings.nouns}.",
        f"Lines: 95% interval of the share {whose} (Wilson), how far chance alone could move it." * interval,
        f"The {settings.nouns} were chosen to be checked: they are no sample of all that was said.",
        f"Of {number(len(totals))} claimants the {number(drawn)} with most {settings.nouns} are drawn." * (drawn < len(totals)),
    )  # fmt: skip
    when = "" if on == latest else f" on {spoken_day(on.date())}"
    words = Words(
        title or _headline(fares, totals, status, ledger) + when,
        base,
        " ".join(filter(None, caption)),
        _description(rows, names, base),
    )
    return finish(ledger, of, words, layers, rows, columns=COLUMNS, size=size, width=width, laid=laid)


def _parts(fares: pd.DataFrame, *, share: bool, only: bool) -> pd.DataFrame:
    """Add from where to where each part of a bar reaches, and its words."""
    size = fares["share"] if share else fares["claims"] / fares["of"].max()
    end = size if only else size.groupby(fares["claimant"]).cumsum()
    of = [
        percent(one) if share else number(count)
        for one, count in zip(fares["share"], fares["claims"], strict=True)
    ]
    text = [
        f"{percent(one)}, {number(count)} of {number(base)}"
        for one, count, base in zip(fares["share"], fares["claims"], fares["of"], strict=True)
    ]
    return fares.assign(start=(end - size).round(4), end=end.round(4), text=text if only else of)


def _bars(
    rows: pd.DataFrame, laid: Rows, bar: float, ledger: Ledger, theme: Theme, share: bool
) -> list[alt.Chart]:
    """Draw a bar for each claimant, with the sign and the number of each part that has room for them."""
    label = "format(datum.value, '.0%')" if share else f"format(datum.value * {rows['of'].max()}, ',')"
    axis = alt.Axis(
        orient="top",
        grid=False,
        domain=False,
        ticks=False,
        title=None,
        values=[0, 0.5, 1] if share else [0, 1],
        labelExpr=label,
    )
    base = alt.Chart().transform_filter("datum.claims > 0")
    bars = laid.at(base.mark_bar(stroke=theme.ink, strokeWidth=0.5), "0", f"{bar}").encode(
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="end",
        color=status_colour(ledger, theme), opacity=where_chosen(), tooltip=TOOLTIP,
    )  # fmt: skip
    # A chart within another has no `width`.
    inner = laid.at(base.transform_calculate(room="(datum.end - datum.start) * (width || 420)"), f"{bar / 2}")
    inner = inner.encode(x=alt.X("start:Q"), fill=ink_on_status(ledger, theme), opacity=where_chosen())
    sign = inner.transform_filter("datum.room > 18").mark_point(
        filled=True, size=50, strokeWidth=0, xOffset=10, shape=sign_of(ledger)
    )
    text = inner.transform_filter("datum.room > 48").mark_text(align="left", dx=18, fontSize=11)
    used = rows.loc[rows["claims"] > 0, "status"]
    return [bars, sign, text.encode(text="text:N"), key(ledger, theme, used)]


def _scorecard(rows: pd.DataFrame, laid: Rows, bar: float, ledger: Ledger, theme: Theme) -> list[alt.Chart]:
    """Draw a bar for each status, its sign before it, its share and its number beside it."""
    top = max(rows["share"].max(), 0.01)
    x = alt.X("start:Q", scale=alt.Scale(domain=[-0.06 * top, top], nice=False), axis=None)
    bars = laid.at(alt.Chart().mark_bar(stroke=theme.ink, strokeWidth=0.5), "0", f"{bar}").encode(
        x=x, x2="end", color=status_colour(ledger, theme), tooltip=TOOLTIP
    )
    middle = laid.at(alt.Chart().transform_calculate(before=f"{-0.03 * top}"), f"{bar / 2}")
    tiles = middle.mark_point(
        filled=True, opacity=1, size=75, stroke=theme.ink, strokeWidth=0.5, clip=False,
        shape=sign_of(ledger, tile=True),
    ).encode(x=alt.X("before:Q"), color=status_colour(ledger, theme))  # fmt: skip
    text = middle.mark_text(align="left", dx=7, clip=False).encode(x=alt.X("end:Q"), text="text:N")
    return [bars, tiles, text]


def _intervals(rows: pd.DataFrame, laid: Rows, at: float, theme: Theme) -> list[alt.Chart]:
    """Draw the interval of a share in each row, with a dot at the share."""
    base = laid.at(alt.Chart(inline(rows[["claimant", "status", "share", "low", "high", "row"]])), f"{at}")
    about = [
        alt.Tooltip("low:Q", format=".0%"),
        alt.Tooltip("share:Q", format=".0%"),
        alt.Tooltip("high:Q", format=".0%"),
    ]
    line = base.mark_rule(color=theme.ink, strokeWidth=1.25).encode(
        x=alt.X("low:Q"), x2="high", tooltip=about
    )
    ends = base.transform_fold(["low", "high"], as_=["end", "at"]).mark_tick(
        color=theme.ink, thickness=1.25, size=6, orient="vertical"
    )
    dot = base.mark_point(filled=True, size=26, opacity=1, color=theme.ink)
    return [line, ends.encode(x=alt.X("at:Q")), dot.encode(x=alt.X("share:Q"))]


def _counts(fares: pd.DataFrame) -> dict[str, int]:
    sums = fares.groupby("status", sort=False)["claims"].sum()
    return {str(status): int(count) for status, count in sums.items()}


def _lead(counts: Mapping[str, int], ledger: Ledger) -> list[str]:
    """Return the status that most claims have, settled ones first; several where they tie."""
    held = [one for one in ledger.settings.vocabulary if counts.get(one.name)]
    most = min((not one.settled, -counts[one.name]) for one in held)
    return [one.name for one in held if (not one.settled, -counts[one.name]) == most]


def _named(name: str) -> str:
    return isolated(name if len(name) <= NAME else f"{name[: NAME - 1].rstrip()}…")


def _headline(fares: pd.DataFrame, totals: pd.Series, status: str | None, ledger: Ledger) -> str:
    """Say who has most claims and how these fare; of several who have as many none comes first."""
    settings, most, total = ledger.settings, int(totals.iloc[0]), int(totals.sum())
    leaders = [_named(str(name)) for name in totals.index[totals == most]]
    of = fares[fares["claimant"] == totals.index[0]] if len(leaders) == 1 else fares
    counts = _counts(of)
    leading = [status] if status else _lead(counts, ledger)
    if len(totals) == 1 and not status and total > 1:
        return finding(counts, settings, f"{settings.nouns} by {leaders[0]}")
    if len(totals) == 1:
        part = _part(counts[leading[0]], total, settings.noun, settings.nouns)
        return f"{part[:1].upper()}{part[1:]} by {leaders[0]} {_is(counts, leading[0], total, ledger)}"
    if len(leaders) == 1:
        head = f"{leaders[0]} has most {settings.nouns}, {number(most)} of {number(total)}"
        part = "it" if most == 1 else _part(counts[leading[0]], most, the="the ")
    else:
        who = " and ".join(leaders) if len(leaders) == 2 else f"{number(len(leaders))} claimants"
        head = f"{who} have most {settings.nouns}, {number(most)} each"
        if len(leaders) == len(totals):
            each = f"one {settings.noun}" if most == 1 else f"{number(most)} {settings.nouns}"
            head = f"{number(len(leaders))} claimants have {each} each"
        part = _part(counts[leading[0]], total)
    return f"{head}; {part} {_is(counts, leading[0], total, ledger)}" if len(leading) == 1 else head


def _part(count: int, total: int, one: str = "", many: str = "", the: str = "") -> str:
    if count == total or total == 1:
        return all_of(total, one, many)
    if not count and total == 2:
        return none_of(total, one, many)
    return (
        f"{number(count) if count else 'none'} of {the}{counted(total, one, many) if one else number(total)}"
    )


def _is(counts: Mapping[str, int], status: str, total: int, ledger: Ledger) -> str:
    verb = "are" if counts[status] > 1 else "is" if counts[status] or total > 1 else "is not"
    return f"{verb} {isolated(labels(ledger)[status])}"


def _description(rows: pd.DataFrame, names: dict[str, str], what: str) -> str:
    told = [f"{what}."]
    for name, own in list(rows.groupby("claimant", sort=False))[:MOST_DESCRIBED]:
        parts = [
            f"{number(n)} {isolated(names[one])}"
            for one, n in zip(own["status"], own["claims"], strict=True)
            if n
        ]
        told.append(f"{_named(str(name))}: {', '.join(parts)}.")
    return " ".join(told)
