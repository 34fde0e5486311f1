"""How long claims stay open: the share that is, by days since they were made, and when half were settled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Unpack

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.chart import Options, canvas, finish, nothing
from factdesk.charts.colours import Theme
from factdesk.charts.marks import LEFT, layer, tooltips, words
from factdesk.charts.rows import Rows, isolated, place
from factdesk.errors import InvalidValue
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.formats import share as percent
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.unread import apart

LEAST, MOST_GROUPS, MOST_STEPS, HEIGHT, TALL = 20, 12, 300, 250, 3.4
"""Claims of a curve, groups of a page, steps of a curve, pixels of the plot, and lines of one of several curves."""
STEPS, YEAR = (1, 2, 5, 10, 20, 50, 100, 500), 365.25
"""Days, or years, from label to label."""
COLUMNS = ("days", "open", "low", "high", "at_risk", "settled", "censored")
GROUPS = {"claimant": "claimants", "kind": "kinds", "topic": "topics"}


@calls.records_its_call
def time_to_status(
    ledger: Ledger,
    to: str | Sequence[str] | None = None,
    *,
    by: str | None = None,
    **options: Unpack[Options],
) -> alt.LayerChart:
    """Draw the share of claims that are still open so many days after they were made: how long do claims stay open?

    A claim's days count from the one on which it was made to its first settled status; it is left out where that day
    is not known, or only its month or year, or the status held before it. Claims that are open on the ledger's latest
    day count for as long as they were followed (Kaplan & Meier, 1958); the band is the 95 % interval. It supposes that
    those logged lately will be settled as the earlier ones were. Under each day stands how many claims it rests on.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    to : str or sequence of str, optional
        The status, or several of them, that ends the wait; by default every one that settles a claim.
    by : {"claimant", "kind", "topic"}, optional
        A curve for each of those with 20 claims or more, that of most claims first; a claim with several topics is
        in each of them.
    theme, size, width, locale, title : optional
        As in every chart: see `fd.charts`.

    Returns
    -------
    altair.LayerChart
        Its `data` has the columns of `fd.measures.time_to_status`.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed, or fewer than 20 claims have a duration.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.time_to_status import time_to_status
    >>> time_to_status(fd.open("claims.csv")).title.text
    ['64% of the claims were settled within 1 day of being made']
    """
    on, settings = canvas(ledger, **options), ledger.settings
    if to is not None and not isinstance(to, str) and not len(to):
        raise InvalidValue.choice("to", list(to), list(settings.statuses))
    whole = pd.DataFrame(measured := measures.time_to_status(ledger, to))
    without, unread = measured.attrs["left_out"], on.unread()
    known = len(ledger.claims) - sum(without.values())
    groups = pd.DataFrame(measures.time_to_status(ledger, to, by)) if by else None
    if len(ledger.claims) == unread:
        return nothing(on, settings.nouns)
    if known < LEAST:
        allowed = f"at least {LEAST} for a curve; fd.measures.time_to_status has the numbers of fewer"
        few = ", ".join(filter(None, (f"{on.counted(known)} with a duration", apart(unread))))
        raise InvalidValue("ledger", few, allowed)
    wanted = [to] if isinstance(to, str) else to
    done = "settled" if wanted is None else " or ".join(on.labels[one] for one in wanted)
    last, day = int(whole["days"].max()), spoken_day(ledger.latest_day.date())
    headline, laid, of_groups = _headline(whole, done, settings.noun, settings.nouns), None, []
    if groups is None:
        rows = _thinned(whole)
        layers = _curve(on.theme, rows, whole, last, _within(whole, done))
    else:
        curves = _by_size(groups, str(by), settings.nouns)
        heads = [f"{isolated(name)}, {number(_claims(curve))}" for name, curve in curves.items()]
        asides = [_within(curve, done).replace(" within", "\nwithin") for curve in curves.values()]
        frame = pd.DataFrame({"words": heads, "aside": asides, "tall": TALL})
        laid = place(frame, is_narrow=on.is_narrow, beside=24, between=0.9, limit=on.lines)
        curves = dict(list(curves.items())[: len(laid.frame)])
        rows = pd.concat(_thinned(curve).assign(group=name) for name, curve in curves.items())
        rows["row"] = rows["group"].map({name: at for at, name in enumerate(curves)})
        layers = [*_curves(on.theme, rows, last, laid), *laid.words()]
        of_groups = _about_groups(groups, len(curves), str(by), known, settings.nouns)
        halves = [_median(curve) for curve in curves.values()]
        reached = [one for one in halves if one is not None]
        if len(reached) == len(halves) and min(reached) < max(reached):
            headline += f"; by {by} half took from {_long(min(reached))} to {_long(max(reached))}"
    base = f"Share of {settings.nouns} not {done} yet, by days since they were made: "
    base += f"{on.counted_apart(known + unread, unread)}, {day}"
    caption = (
        "Kaplan-Meier estimate" + ("; shaded: its 95% interval." if rows["low"].notna().any() else "."),
        "" if by else "Under each day: how many were still open, and followed, as it began.",
        f"Small ticks: {settings.nouns} open when last seen, {day}." if rows["censored"].any() else "",
        on.left_out(without["undated"], "of which the day is not known"),
        on.left_out(without["imprecise"], "of which only the month or year is known"),
        on.left_out(without["settled_before"], f"{done} before the day of being made"),
        "Days that share a pixel are drawn as one." if len(whole) > MOST_STEPS else "",
        *of_groups,
    )
    text = on.words(headline, base, caption, _description(whole, groups, done, base))
    columns = [*(["group"] if by else []), *COLUMNS]
    below = 40 if by else 64
    return finish(on, text, layers, rows, columns=columns, height=HEIGHT, laid=laid, below=below)


def _by_size(groups: pd.DataFrame, by: str, nouns: str) -> dict[str, pd.DataFrame]:
    """Return the curve of each group with claims enough for one, that of most claims first."""
    parts = groups.groupby("group", sort=False)
    curves = {str(name) or f"no {by}": curve.drop(columns="group") for name, curve in parts}
    enough = {name: curve for name, curve in curves.items() if _claims(curve) >= LEAST}
    if not enough:
        largest = number(max(map(_claims, curves.values())))
        raise InvalidValue("by", by, f"groups of at least {LEAST} {nouns}; the largest has {largest}")
    return dict(list(enough.items())[:MOST_GROUPS])


def _about_groups(groups: pd.DataFrame, drawn: int, by: str, claims: int, nouns: str) -> list[str]:
    """Write which groups are drawn, and that a claim may be in several."""
    sizes = groups.groupby("group")["at_risk"].max()
    of = counted(len(sizes), by, GROUPS[by])
    fewer = f"{number(drawn)} of {of} drawn, those with {LEAST} {nouns} or more."
    several = "A claim with several topics is in each of them."
    return [fewer * (drawn < len(sizes)), several * (by == "topic" and int(sizes.sum()) > claims)]


def _steps(color: str, width: float) -> tuple[alt.Chart, alt.Chart]:
    """Return the band of a curve's interval and its line, without their places."""
    band = alt.Chart().transform_filter("isValid(datum.band_low)")
    band = band.mark_area(interpolate="step-after", color=color, opacity=0.16)
    return band, alt.Chart().mark_line(interpolate="step-after", color=color, strokeWidth=width)


def _days(last: int, **axis: Any) -> alt.X:
    """Encode the days since claims were made."""
    axis = {"values": list(_ticks(last)), "labelExpr": f"{_lookup(_ticks(last))}[datum.value]"} | axis
    scale = alt.Scale(domain=[0, max(last, 1)], nice=False)
    return alt.X("days:Q", scale=scale, axis=alt.Axis(**axis))


def _curve(theme: Theme, rows: pd.DataFrame, whole: pd.DataFrame, last: int, half: str) -> list[alt.Chart]:
    """Draw one curve on an even axis, with a dot where half are settled."""
    ink, ticks, median, end = theme.ink, _ticks(last), _median(whole), float(whole["open"].iloc[-1])
    risk = {day: number(_at_risk(whole, day)) for day in ticks}
    x = _days(
        last, title="days since it was made" if last <= 2 * YEAR else "time since it was made", grid=False,
        labelFlush=False, labelExpr=f"[{_lookup(ticks)}[datum.value], {_lookup(risk)}[datum.value]]",
    )  # fmt: skip
    shares = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False)
    y = alt.Y("open:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=shares)
    band, line = _steps(ink, 2.2)
    base = alt.Chart().encode(x=x, y=y)
    first = base.transform_filter("datum.days == 0").mark_rule(color=ink, strokeWidth=2.2)
    censored = base.transform_filter("datum.censored > 0")
    tooltip = tooltips("days", "open", "low", "high", "at_risk as open as the day began", "settled")
    layers = [
        band.encode(x=x, y=alt.Y("band_low:Q"), y2=alt.Y2("band_high:Q")),
        line.encode(x=x, y=y),
        first.encode(y2=alt.Y2Datum(1)),
        censored.mark_tick(orient="vertical", size=8, thickness=1.2, color=ink),
        base.mark_point(size=120, opacity=0, filled=True).encode(tooltip=tooltip),
    ]
    at = {"days": [last], "open": [end]} if median is None else {"days": [median], "open": [0.5]}
    spot = layer(pd.DataFrame({**at, "text": half})).encode(x=alt.X("days:Q"), y=alt.Y("open:Q"))
    if median is not None:
        layers.append(spot.mark_point(filled=True, size=60, color=ink, opacity=1, clip=False))
    # After the middle the curve lies below one half, before it above.
    is_left = median is not None and median < 0.55 * max(last, 1)
    align, dx, dy = ("left", 9, -10) if is_left else ("right", -9, 14)
    share = layer(pd.DataFrame([{"days": last, "open": end, "text": percent(end)}]))
    label = alt.Chart(alt.InlineData([{"text": "open"}])).encode(x=LEFT, y=alt.YValue("height"))
    return [
        *layers,
        words(spot, align=align, dx=dx, dy=dy, color=ink),
        words(share, dx=7, fontWeight="bold").encode(x=alt.X("days:Q"), y=alt.Y("open:Q")),
        words(label, align="right", dx=-8 - 4 * len(risk[0]), dy=27, baseline="middle", color=theme.soft),
    ]


def _curves(theme: Theme, rows: pd.DataFrame, last: int, laid: Rows) -> list[alt.Chart]:
    """Draw a curve in each row, all on one axis of days."""
    x = _days(last, title=None, grid=True, domain=False, ticks=False, orient="top")
    band, line = _steps(theme.ink, 2)
    low, high, at = (f"{TALL} * (1 - datum.{name})" for name in ("band_low", "band_high", "open"))
    curve, base = laid.at(line, at), laid.at(alt.Chart(), at).encode(x=x)
    points = base.mark_point(size=100, opacity=0, filled=True)
    return [
        laid.track(laid.frame.index, theme.track, TALL),
        laid.at(band, low, high).encode(x=x, detail=alt.Detail("row:N")),
        curve.encode(x=x, detail=alt.Detail("row:N")),
        base.transform_filter("datum.censored > 0").mark_tick(orient="vertical", size=6, color=theme.ink),
        points.encode(tooltip=tooltips("group", "days", "open", "at_risk", "settled")),
    ]


def _thinned(curve: pd.DataFrame) -> pd.DataFrame:
    """Draw days that share a pixel as one, so that no claim is lost; a band reaches to the next step."""
    if len(curve) > MOST_STEPS:
        pixel = (curve["days"] * MOST_STEPS // curve["days"].max()).to_numpy()
        how = {"at_risk": "first", "settled": "sum", "censored": "sum"}
        curve = curve.groupby(pixel).agg({name: how.get(name, "last") for name in COLUMNS})
        curve = curve.reset_index(drop=True)
    return curve.assign(band_low=curve["low"].ffill(), band_high=curve["high"].ffill())


def _ticks(last: int) -> dict[int, str]:
    """Return which days have a label, and which: at most about eight days, or five years."""
    if last <= 2 * YEAR:
        step = next(one for one in STEPS if last / one <= 8)
        return {day: number(day) for day in range(0, last + 1, step)}
    every = next(one for one in STEPS if last / YEAR / one <= 5)
    return {round(YEAR * n): counted(n, "year") if n else "0" for n in range(0, int(last / YEAR) + 1, every)}


def _lookup(of: dict[int, str]) -> str:
    return json.dumps({str(day): text for day, text in of.items()}, ensure_ascii=False)


def _at_risk(curve: pd.DataFrame, day: int) -> int:
    later = curve.loc[curve["days"] >= day, "at_risk"]
    return int(later.iloc[0]) if len(later) else 0


def _claims(curve: pd.DataFrame) -> int:
    return int(curve["at_risk"].iloc[0])


def _median(curve: pd.DataFrame) -> int | None:
    """Return the first day at the end of which no more than half are open; none where more are to the end."""
    # A half that was worked out as a product may lie a hair above it.
    reached = curve.loc[curve["open"] <= 0.5 + 1e-9, "days"]
    return int(reached.iloc[0]) if len(reached) else None


def _long(days: int) -> str:
    return counted(days, "day") if days <= 2 * YEAR else f"{number(days / YEAR, 1)} years"


def _is_over(curve: pd.DataFrame) -> bool:
    return bool(curve["open"].iloc[-1] < 1e-9 and _median(curve) == curve["days"].iloc[-1])


def _within(curve: pd.DataFrame, done: str) -> str:
    """Write how long half of the claims took, or that fewer are settled."""
    median = _median(curve)
    if not curve["settled"].sum():
        return f"none {done} yet"
    if median is None:
        return f"fewer than half {done}"
    when = f"within {_long(median)}" if median else "on the first day"
    return f"{'all' if _is_over(curve) else 'half'} {done} {when}"


def _headline(curve: pd.DataFrame, done: str, noun: str, nouns: str) -> str:
    """Write how long it took until half were settled, and which share was by then."""
    claims, median, last = _claims(curve), _median(curve), int(curve["days"].iloc[-1])
    if not curve["settled"].sum():
        return f"{none_of(claims, noun, nouns).capitalize()} is {done} yet"
    if median is None:
        return f"Fewer than half of the {nouns} were {done} within {_long(last)} of being made"
    share = percent(1 - float(curve.loc[curve["days"] == median, "open"].iloc[0]))
    many = f"{'Half' if share == percent(0.5) else share} of the {nouns}"
    if share == percent(1):
        many = all_of(claims, noun, nouns).capitalize() if _is_over(curve) else f"Nearly all {nouns}"
    when = f"within {_long(median)} of being made" if median else "on the day they were made"
    return f"{many} were {done} {when}"


def _description(whole: pd.DataFrame, groups: pd.DataFrame | None, done: str, base: str) -> Iterator[str]:
    """Write in words how the share fell."""
    days, shares = whole["days"], whole["open"].map(percent)
    fell = [f"after {_long(day)} {shares[days <= day].iloc[-1]}" for day in _ticks(int(days.max()))]
    yield f"{base}."
    yield f"{_within(whole, done)}; still open {'; '.join(fell)}.".capitalize()
    if groups is not None:
        for name, curve in list(groups.groupby("group", sort=False))[:MOST_GROUPS]:
            yield f"{isolated(str(name))}: {counted(_claims(curve), 'claim')}, {_within(curve, done)}."
