"""How long claims stay open: the share that is, by days since they were made, and when half were settled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.chart import Words, checked, finish, is_narrow, isolated, nothing, room
from factdesk.charts.looks import Theme
from factdesk.charts.rows import Rows, place
from factdesk.charts.theme import inline, labels
from factdesk.errors import InvalidValue
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.formats import share as percent

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

LEAST, MOST_GROUPS, MOST_STEPS, HEIGHT, TALL = 20, 12, 300, 250, 3.4
"""Claims of a curve, groups of a page, steps of a curve, pixels of the plot, and lines of one of several curves."""
STEPS, YEAR = (1, 2, 5, 10, 20, 50, 100), 365.25
"""Days from label to label; beyond them so many years."""
COLUMNS = ("days", "open", "low", "high", "at_risk", "settled", "censored")
GROUPS = {"claimant": "claimants", "kind": "kinds", "topic": "topics"}


@calls.records_its_call
def time_to_status(
    ledger: Ledger,
    to: str | Sequence[str] | None = None,
    *,
    by: str | None = None,
    theme: str | None = None,
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw the share of claims that are still open so many days after they were made: how long do claims stay open?

    A claim's days count from the one on which it was made to its first settled status; where that day is not known
    it is left out. Claims that are open on the ledger's latest day count for as long as they were followed (Kaplan
    & Meier, 1958); the band is the 95 % interval. It supposes that those logged lately will be settled as the
    earlier ones were. Under each day stands how many claims it rests on.

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
        Where an argument is not one of those allowed, or fewer than 20 claims have a day.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.time_to_status import time_to_status
    >>> time_to_status(fd.open("claims.csv")).title.text
    ['64% of the claims were settled within 1 day of being made']
    """
    of, settings = checked(theme, size, width), ledger.settings
    if to is not None and not isinstance(to, str) and not len(to):
        raise InvalidValue.choice("to", list(to), list(settings.statuses))
    known = ledger.claims["made_on"].notna()
    dated = ledger if known.all() else ledger.where(claim_id=ledger.claims.loc[known, "claim_id"].tolist())
    whole = pd.DataFrame(measures.time_to_status(dated, to))
    groups = pd.DataFrame(measures.time_to_status(dated, to, by)) if by else None
    if ledger.claims.empty:
        return nothing(ledger, of, settings.nouns, title=title, size=size, width=width)
    if known.sum() < LEAST:
        few = f"{counted(int(known.sum()), settings.noun, settings.nouns)} with a day"
        allowed = f"at least {LEAST} for a curve; fd.measures.time_to_status has the numbers of fewer"
        raise InvalidValue("ledger", few, allowed)
    names = labels(ledger)
    wanted = [to] if isinstance(to, str) else to
    done = "settled" if wanted is None else " or ".join(isolated(names[one]) for one in wanted)
    last, day = int(whole["days"].max()), spoken_day(ledger.latest_day.date())
    laid, left_out = None, ""
    if groups is None:
        rows = _thinned(whole)
        layers = _curve(rows, whole, last, of, _within(whole, done))
    else:
        sizes = groups.groupby("group", sort=False)["at_risk"].first()
        drawn = list(sizes.index[sizes >= LEAST])[:MOST_GROUPS]
        if not drawn:
            raise InvalidValue(
                "by",
                by,
                f"groups of at least {LEAST} {settings.nouns}; the largest has {number(int(sizes.max()))}",
            )
        curves = {name: groups[groups["group"] == name].drop(columns="group") for name in drawn}
        heads = pd.DataFrame({
            "words": [f"{isolated(name) or f'no {by}'}, {number(int(sizes[name]))}" for name in drawn], "is_head": False,
            "aside": [_within(curve, done).replace(" within", "\nwithin") for curve in curves.values()], "tall": TALL,
        })  # fmt: skip
        laid = place(heads, is_narrow=is_narrow(size, width), beside=24, between=0.9, room=room(size))
        drawn = drawn[: len(laid.frame)]
        rows = pd.concat(
            [_thinned(curves[name]).assign(group=name or f"no {by}", row=at) for at, name in enumerate(drawn)]
        )
        layers = [*_curves(rows, last, laid, of), *laid.words(of)]
        left_out = (
            f"{number(len(drawn))} of {counted(len(sizes), str(by), GROUPS[str(by)])} drawn, those with {LEAST} {settings.nouns} or more."
            * (len(drawn) < len(sizes))
        )
        left_out += " A claim with several topics is in each of them." * (
            by == "topic" and int(sizes.sum()) > len(dated.claims)
        )
    undated = int((~known).sum())
    base = f"Share of {settings.nouns} not {done} yet, by days since they were made: "
    base += f"{counted(int(known.sum()), settings.noun, settings.nouns)}, {day}"
    caption = (
        "Kaplan-Meier estimate" + ("; shaded: its 95% interval." if rows["low"].notna().any() else "."),
        "" if by else "Under each day: how many were still open, and followed, as it began.",
        f"Small ticks: {settings.nouns} open when last seen, {day}." if rows["censored"].any() else "",
        f"{counted(undated, settings.noun, settings.nouns)} of which the day is not known {'is' if undated == 1 else 'are'} left out." if undated else "",
        "Days that share a pixel are drawn as one." if len(whole) > MOST_STEPS else "",
        left_out.strip(),
    )  # fmt: skip
    told = title or _headline(whole, done, settings.noun, settings.nouns)
    if groups is not None and not title:
        medians = [_median(curves[name]) for name in drawn]
        halves = [one for one in medians if one is not None]
        if len(halves) == len(medians) and min(halves) < max(halves):
            told += f"; by {by} half took from {_long(min(halves))} to {_long(max(halves))}"
    words = Words(told, base, " ".join(filter(None, caption)), _description(whole, groups, done, f"{base}."))
    columns = [*(["group"] if by else []), *COLUMNS]
    return finish(
        ledger,
        of,
        words,
        layers,
        rows,
        columns=columns,
        size=size,
        width=width,
        height=HEIGHT,
        laid=laid,
        below=64 if not by else 40,
    )


def _curve(rows: pd.DataFrame, whole: pd.DataFrame, last: int, theme: Theme, half: str) -> list[alt.Chart]:
    """Draw one curve on an even axis, with a dot where half are settled."""
    ticks = _ticks(last)
    risk = {day: number(_at_risk(whole, day)) for day in ticks}
    axis = alt.Axis(
        values=list(ticks), title="days since it was made" if last <= 2 * YEAR else "time since it was made", grid=False, labelFlush=False,
        labelExpr=f"[{_lookup(ticks)}[datum.value], {_lookup(risk)}[datum.value]]",
    )  # fmt: skip
    x = alt.X("days:Q", scale=alt.Scale(domain=[0, max(last, 1)], nice=False), axis=axis)
    y = alt.Y(
        "open:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False),
    )
    tooltip = [
        alt.Tooltip("days:Q", format=","), alt.Tooltip("open:Q", title="open", format=".0%"), alt.Tooltip("low:Q", format=".0%"),
        alt.Tooltip("high:Q", format=".0%"), alt.Tooltip("at_risk:Q", title="open as the day began", format=","), alt.Tooltip("settled:Q", format=","),
    ]  # fmt: skip
    base = alt.Chart().encode(x=x)
    band = (
        alt.Chart()
        .transform_filter("isValid(datum.band_low)")
        .mark_area(interpolate="step-after", color=theme.ink, opacity=0.16)
    )
    line = base.mark_line(interpolate="step-after", color=theme.ink, strokeWidth=2.2).encode(y=y)
    first = (
        base.transform_filter("datum.days == 0")
        .mark_rule(color=theme.ink, strokeWidth=2.2)
        .encode(y=y, y2=alt.Y2Datum(1))
    )
    marks = (
        base.transform_filter("datum.censored > 0")
        .mark_tick(orient="vertical", size=8, thickness=1.2, color=theme.ink)
        .encode(y=y)
    )
    points = base.mark_point(size=120, opacity=0, filled=True).encode(y=y, tooltip=tooltip)
    layers = [band.encode(x=x, y=alt.Y("band_low:Q"), y2="band_high:Q"), line, first, marks, points]
    median = _median(whole)
    at = {
        "days": last if median is None else median,
        "open": whole["open"].iloc[-1] if median is None else 0.5,
        "text": half,
    }
    spot = alt.Chart(inline(pd.DataFrame([at])))
    if median is not None:
        layers.append(
            spot.mark_point(filled=True, size=60, color=theme.ink, opacity=1, clip=False).encode(
                x=alt.X("days:Q"), y=alt.Y("open:Q")
            )
        )
    # After the middle the curve lies below one half, before it above.
    is_left = median is not None and median < 0.55 * max(last, 1)
    side = spot.mark_text(
        align="left" if is_left else "right",
        dx=9 if is_left else -9,
        dy=-10 if is_left else 14,
        color=theme.ink,
        clip=False,
    )
    end = pd.DataFrame(
        [{"days": last, "open": whole["open"].iloc[-1], "text": percent(float(whole["open"].iloc[-1]))}]
    )
    share = alt.Chart(inline(end)).mark_text(align="left", dx=7, fontWeight="bold", clip=False)
    label = alt.Chart(alt.InlineData([{}])).mark_text(
        align="right",
        dx=-8 - 4 * len(risk[0]),
        dy=27,
        baseline="middle",
        text="open",
        color=theme.soft,
        clip=False,
    )
    return [
        *layers, side.encode(x=alt.X("days:Q"), y=alt.Y("open:Q"), text="text:N"), share.encode(x=alt.X("days:Q"), y=alt.Y("open:Q"), text="text:N"),
        label.encode(x=alt.XValue(0), y=alt.YValue("height")),
    ]  # fmt: skip


def _curves(rows: pd.DataFrame, last: int, laid: Rows, theme: Theme) -> list[alt.Chart]:
    """Draw a curve in each row, all on one axis of days."""
    ticks = _ticks(last)
    axis = alt.Axis(
        values=list(ticks),
        title=None,
        grid=True,
        domain=False,
        ticks=False,
        orient="top",
        labelExpr=f"{_lookup(ticks)}[datum.value]",
    )
    x = alt.X("days:Q", scale=alt.Scale(domain=[0, max(last, 1)], nice=False), axis=axis)
    tooltip = [
        alt.Tooltip("group:N"),
        alt.Tooltip("days:Q"),
        alt.Tooltip("open:Q", format=".0%"),
        alt.Tooltip("at_risk:Q"),
        alt.Tooltip("settled:Q"),
    ]
    track = alt.Chart(inline(laid.frame.reset_index(names="row")[["row"]])).mark_bar(color=theme.track)
    track = laid.at(track, "0", f"{TALL}").encode(x=alt.XValue(0), x2=alt.X2Value("width"))
    band = (
        alt.Chart()
        .transform_filter("isValid(datum.band_low)")
        .mark_area(interpolate="step-after", color=theme.ink, opacity=0.16)
    )
    band = laid.at(band, f"{TALL} * (1 - datum.band_low)", f"{TALL} * (1 - datum.band_high)").encode(
        x=x, detail="row:N"
    )
    curve = laid.at(
        alt.Chart().mark_line(interpolate="step-after", color=theme.ink, strokeWidth=2),
        f"{TALL} * (1 - datum.open)",
    ).encode(x=x, detail="row:N")
    points = laid.at(
        alt.Chart().mark_point(size=100, opacity=0, filled=True), f"{TALL} * (1 - datum.open)"
    ).encode(x=x, tooltip=tooltip)
    marks = (
        laid.at(alt.Chart().transform_filter("datum.censored > 0"), f"{TALL} * (1 - datum.open)")
        .mark_tick(orient="vertical", size=6, color=theme.ink)
        .encode(x=x)
    )
    return [track, band, curve, marks, points]


def _thinned(curve: pd.DataFrame) -> pd.DataFrame:
    """Draw days that share a pixel as one, so that no claim is lost; a band reaches to the next step."""
    if len(curve) > MOST_STEPS:
        pixel = (curve["days"] * MOST_STEPS // curve["days"].max()).to_numpy()
        how = {"at_risk": "first", "settled": "sum", "censored": "sum"}
        curve = (
            curve.groupby(pixel).agg({name: how.get(name, "last") for name in COLUMNS}).reset_index(drop=True)
        )
    return curve.assign(band_low=curve["low"].ffill(), band_high=curve["high"].ffill())


def _ticks(last: int) -> dict[int, str]:
    """Return which days have a label, and which: at most about eight days, or five years."""
    if last <= 2 * YEAR:
        step = next((one for one in STEPS if last / one <= 8), STEPS[-1])
        return {day: number(day) for day in range(0, last + 1, step)}
    every = next(one for one in (1, 2, 5, 10, 20, 50, 100, 500) if last / YEAR / one <= 5)
    return {round(YEAR * n): counted(n, "year") if n else "0" for n in range(0, int(last / YEAR) + 1, every)}


def _lookup(of: dict[int, str]) -> str:
    return json.dumps({str(day): text for day, text in of.items()}, ensure_ascii=False)


def _at_risk(curve: pd.DataFrame, day: int) -> int:
    later = curve.loc[curve["days"] >= day, "at_risk"]
    return int(later.iloc[0]) if len(later) else 0


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
    """Say how long half of the claims took, or that fewer are settled."""
    median = _median(curve)
    if not curve["settled"].sum():
        return f"none {done} yet"
    if median is None:
        return f"fewer than half {done}"
    return f"{'all' if _is_over(curve) else 'half'} {done} {f'within {_long(median)}' if median else 'on the first day'}"


def _headline(curve: pd.DataFrame, done: str, noun: str, nouns: str) -> str:
    """Say how long it took until half were settled, and which share was by then."""
    claims, median, last = int(curve["at_risk"].iloc[0]), _median(curve), int(curve["days"].iloc[-1])
    if not curve["settled"].sum():
        return f"{none_of(claims, noun, nouns).capitalize()} is {done} yet"
    if median is None:
        return f"Fewer than half of the {nouns} were {done} within {_long(last)} of being made"
    share = percent(1 - float(curve.loc[curve["days"] == median, "open"].iloc[0]))
    many = f"{'Half' if share == percent(0.5) else share} of the {nouns}"
    if share == percent(1):
        many = all_of(claims, noun, nouns).capitalize() if _is_over(curve) else f"Nearly all {nouns}"
    return f"{many} were {done} " + (
        f"within {_long(median)} of being made" if median else "on the day they were made"
    )


def _description(whole: pd.DataFrame, groups: pd.DataFrame | None, done: str, base: str) -> str:
    """Tell in words how the share fell."""
    said = [
        f"after {_long(day)} {percent(float(whole.loc[whole['days'] <= day, 'open'].iloc[-1]))}"
        for day in _ticks(int(whole["days"].max()))
    ]
    told = [base, f"{_within(whole, done)}; still open {'; '.join(said)}.".capitalize()]
    if groups is not None:
        told += [
            f"{isolated(str(name))}: {counted(int(own['at_risk'].iloc[0]), 'claim')}, {_within(own, done)}."
            for name, own in list(groups.groupby("group", sort=False))[:MOST_GROUPS]
        ]
    return " ".join(told)
