"""How often each claim was made, over what was held of it on those days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.bands import LANE, band_layers, chosen, in_lanes, lines_left, mark_layer, seen, spells
from factdesk.charts.chart import Layers, Words, checked, finish, is_narrow, isolated, nothing
from factdesk.charts.looks import PATHS
from factdesk.charts.rows import BAND, BESIDE, place, wrapped
from factdesk.charts.theme import key, labels, shape_key
from factdesk.charts.time_axis import Days, Span, time_axis
from factdesk.formats import all_of, counted, none_of, number, spoken_days
from factdesk.schema import Settings

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = ("claim_id", "claimant", "claim", "what", "status", "from", "until", "by", "how")
MOST_CLAIMS, MOST_TOLD = 60, 12
"""Rows where the height is open, and claims that the text alternative tells one by one."""
MADE, AFTER = "made", "made again after it was refuted"
SHAPES = {MADE: PATHS["△"], AFTER: "M0,-.9L1,.8H-1Z"}


@calls.records_its_call
def repeats(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    *,
    gaps: bool | str = "auto",
    span: Span | None = None,
    theme: str | None = None,
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> Layers:
    """Draw each time that a claim was made over what was held of it that day: is it repeated after it was refuted?

    A row for each claim that was made more than once, most often after its refutation first, and at most 60. A
    repetition counts as made after it where the claim was held to be refuted on its day and since an earlier one
    (`factdesk.measures.repeats`). A time of which the day is not known is counted beside the row: it is never held
    to be after a refutation.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claims : str or sequence of str, optional
        Ids of the claims drawn, repeated or not; all that were made more than once where none are given.
    gaps : {"auto", True, False}
        Whether idle spans are drawn narrow; by itself where most days are idle and little would be seen.
    span : sequence of two days, optional
        The first and the last day shown, on an even axis. Times on other days are not counted, and claims that are
        not known to have been made in those days are left out.
    theme, size, width, locale, title : optional
        As in every chart: see `fd.charts`.

    Returns
    -------
    altair.LayerChart
        Its `data` has a row for each status and each time that a claim was made.

    Raises
    ------
    NotFound
        Where there is no claim of an id.
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.repeats import repeats
    >>> repeats(fd.open("claims.csv")).title.text
    ['None of 12 repetitions is known to have come after a refutation']
    """
    of, narrow = checked(theme, size, width), is_narrow(size, width)
    asked = chosen(ledger, claims)
    held = spells(ledger, asked)
    whole = time_axis(held["from"].unique(), ledger.latest_day, span=span)
    times = _times(ledger, asked, whole if span is not None else None, every=claims is not None)
    ranked = _ranked(times)
    if whole is None or ranked.empty:
        lacks = (
            ledger.settings.nouns if asked.empty else "repetitions in these days" if span else "repetitions"
        )
        return nothing(ledger, of, lacks, title=title, size=size, width=width)
    is_after, is_framed = (
        bool(ranked["after"].sum()),
        lines_left(Words("", "", ""), ledger, of, size, width, 0) is not None,
    )
    most, claim_lines, lanes = (
        (MOST_CLAIMS, 4, 20)
        if len(ranked) <= MOST_CLAIMS / 2 and not is_framed
        else ((8, 1, 1) if is_framed else (MOST_CLAIMS, 2, 3))
    )
    label = labels(ledger)
    while True:  # fewer rows until they have room
        drawn = ranked.head(most)
        own, statuses = times[times["claim_id"].isin(drawn.index)], held[held["claim_id"].isin(drawn.index)]
        axis = (
            time_axis(
                pd.concat([statuses["from"], own["day"][own["is_dated"]]]).unique(),
                ledger.latest_day,
                gaps=gaps,
                span=span,
            )
            or whole
        )
        frame = _frame(ledger, drawn, own, statuses, axis, claim_lines, is_close=lanes < 20)
        marks = own.merge(frame[["claim_id", "claim", "row"]], on="claim_id").rename(
            columns={"claimant": "by"}
        )
        marks = marks.assign(date=marks["day"].where(marks["is_dated"])).sort_values(
            ["row", "after_refuted"], ascending=[True, False], kind="stable", ignore_index=True
        )
        marks["lane"], why = in_lanes(marks, axis, lanes)
        tall = marks.groupby("row")["lane"].max().reindex(frame.index) + 1
        frame["tall"] = (BAND + 0.15 + LANE * tall).fillna(BAND)
        unmarked = why[why != "undated"].ne("").groupby(marks["row"]).sum().reindex(frame.index).fillna(0)
        frame["aside"] = [
            _aside(made, after, undated, int(hidden), is_short=is_framed)
            for made, after, undated, hidden in zip(
                drawn["made"], drawn["after"], drawn["undated"], unmarked, strict=True
            )
        ]
        words = _words(ledger, drawn, ranked, frame, axis, title, own, hidden=bool(unmarked.any()))
        laid = place(
            frame.drop(columns="row"),
            is_narrow=narrow,
            between=0.8 if lanes == 20 else 0.5,
            most=claim_lines + 2 - is_framed,
            beside=46 if is_framed else BESIDE,
        )
        used = seen(statuses, axis)["status"].unique()
        room = lines_left(words, ledger, of, size, width, -(-len(used) // 3) + 1)
        if room is None or laid.lines[narrow] <= room or most == 1:
            break
        most = min(most, len(drawn)) - 1
    if room is not None:
        laid = replace(laid, lines=(max(laid.lines[0], room), max(laid.lines[1], room)))
    bands = seen(statuses, axis).merge(frame[["claim_id", "row"]], on="claim_id").assign(what="status")
    marks = marks.assign(
        what="made", until=marks["date"], kind=marks["after_refuted"].map({True: AFTER, False: MADE}),
        held=marks["status"].astype(object).map(label).fillna("nothing yet"),
        how=["the first time" if first else f"again, {counted(int(since), 'day')} after it was refuted" if after else "again"
             for first, after, since in zip(marks["first"], marks["after_refuted"], marks["days_since"].fillna(0), strict=True)],
    ).rename(columns={"date": "from"})  # fmt: skip
    marks = marks[["claim_id", "claim", "row", "what", "from", "until", "by", "how", "held", "kind", "lane"]]
    marks["claimant"] = marks["claim_id"].map(asked.set_index("claim_id")["claimant"])
    rows = pd.concat([bands.drop(columns=["gaps", "by"]), marks]).sort_values(
        ["row", "what"], ascending=[True, False], kind="stable"
    )
    tooltip = [
        alt.Tooltip("claim:N"), alt.Tooltip("by:N", title="made by"), alt.Tooltip("from:T", title="on", format="%-d %B %Y"),
        alt.Tooltip("how:N"), alt.Tooltip("held:N", title="held that day"),
    ]  # fmt: skip
    shape = alt.ExprRef(f"datum.kind == '{MADE}' ? '{SHAPES[MADE]}' : '{SHAPES[AFTER]}'")
    shapes = {kind: SHAPES[kind] for kind in ((MADE, AFTER) if is_after else (MADE,))}
    layers = [
        *band_layers(bands, laid, ledger, axis, of, list(laid.frame.index), grid=len(frame) > MOST_CLAIMS / 2),
        mark_layer("datum.what == 'made'", laid, axis, of, shape, tooltip),
        *laid.words(of), key(ledger, of, used), shape_key(of, shapes),
    ]  # fmt: skip
    return finish(
        ledger, of, words, layers, rows, columns=COLUMNS, size=size, width=width, laid=laid, time=axis.record
    )


def _times(ledger: Ledger, claims: pd.DataFrame, days: Days | None, *, every: bool) -> pd.DataFrame:
    """Return the times that claims were made, in those days or on days not known; all claims, or those repeated."""
    times = pd.DataFrame(measures.repeats(ledger))
    times = times[times["claim_id"].isin(claims["claim_id"])]
    if days:
        times = times[times["day"].between(days.first, days.as_of) | ~times["is_dated"]]
        # Times of which no day is known say nothing of those days by themselves.
        times = times[times["is_dated"].groupby(times["claim_id"]).transform("any")]
    return times if every else times[times["claim_id"].isin(times["claim_id"][~times["first"]])]


def _ranked(times: pd.DataFrame) -> pd.DataFrame:
    """Count for each claim; those most often made after a refutation first, then those most often made."""
    own = times.groupby("claim_id", sort=False)
    totals = pd.DataFrame({"made": own.size(), "after": own["after_refuted"].sum()})
    totals["again"] = totals["made"] - own["first"].sum()
    totals["undated"] = totals["made"] - own["is_dated"].sum()
    return totals.sort_values(["after", "made"], ascending=False, kind="stable")


def _aside(made: int, after: int, undated: int, hidden: int, *, is_short: bool) -> str:
    """Say how often a claim was made, and how often after it was refuted."""
    words = (("after refuted", after), ("undated", undated), ("unmarked", hidden))
    parts = [counted(made, "time"), *(f"{number(count)} {word}" for word, count in words if count)]
    return (
        "\n".join(filter(None, [", ".join(parts[:2]), ", ".join(parts[2:])]))
        if is_short
        else "\n".join(parts)
    )


def _frame(
    ledger: Ledger,
    drawn: pd.DataFrame,
    times: pd.DataFrame,
    statuses: pd.DataFrame,
    axis: Days,
    most: int,
    *,
    is_close: bool,
) -> pd.DataFrame:
    """Return the rows: each claim, and by whom it was made."""
    claims = ledger.claims.set_index("claim_id", drop=False).loc[drawn.index]
    last = seen(statuses, axis).drop_duplicates("claim_id", keep="last").set_index("claim_id")["status"]
    who = {
        claim_id: _people(own["claimant"], 1 if is_close else 3)
        for claim_id, own in times.groupby("claim_id")
    }
    words = [
        f"{who[claim_id]}: {' '.join(claim.split())}"
        if most < 2
        else wrapped(" ".join(claim.split()), most=most).replace("\n", " ") + "\n" + who[claim_id]
        for claim_id, claim in zip(claims["claim_id"], claims["claim"], strict=True)
    ]
    frame = claims[["claim_id", "claimant", "claim"]].assign(
        words=words, is_head=False, status=claims["claim_id"].map(last)
    )
    return frame.reset_index(drop=True).assign(row=range(len(frame)))


def _people(claimants: pd.Series, most: int) -> str:
    """Say who made a claim, and where they were several how often each."""
    made = claimants.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    if len(made) == 1:
        return isolated(made.index[0])
    named = [f"{isolated(str(name))} ({number(often)})" for name, often in made.head(most).items()]
    others = len(made) - most
    if others > 0:
        return f"{', '.join(named)} and {counted(others, 'other')}"
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


def _words(
    ledger: Ledger,
    drawn: pd.DataFrame,
    ranked: pd.DataFrame,
    frame: pd.DataFrame,
    axis: Days,
    title: str | None,
    times: pd.DataFrame,
    *,
    hidden: bool,
) -> Words:
    """Say how many repetitions came after a refutation, of how many claims, and how to read it."""
    settings, refuting = ledger.settings, measures.refuting(ledger.settings)
    again, after, repeated = (
        int(ranked["again"].sum()),
        int(ranked["after"].sum()),
        int((ranked["again"] > 0).sum()),
    )
    total = len(ledger.claims)
    many = (
        f"{number(repeated)} of {counted(total, settings.noun, settings.nouns)}"
        if total > 1
        else f"The only {settings.noun}"
    )
    base = f"{many} {'was' if repeated == 1 else 'were'} made again, {axis.spoken}"
    if len(drawn) < len(ranked):
        which = "most often made again after a refutation" if after else "most often made"
        base += f"; {number(len(drawn))} of {number(len(ranked))} are shown, those {which}"
    label = {status.name: status.label for status in settings.vocabulary}
    held = " or ".join(f"“{isolated(label[name])}”" for name in refuting)
    caption = [
        f"After a refutation: {held} held that day, and since an earlier one." if refuting
        else "No status of this ledger’s refutes a claim: none is rated below 3 of 5 and settles it.",
        "“Undated”: the day is not known, nor whether it came after a refutation." if drawn["undated"].any() else "",
        "“Unmarked”: without room for a mark, or before the days shown." if hidden else "", axis.note,
    ]  # fmt: skip
    told = [f"{base}. {counted(again, 'repetition')}, {number(after)} after a refutation."]
    for one in frame[["claim_id", "claim"]].join(drawn, on="claim_id").head(MOST_TOLD).to_dict("records"):
        own = times[times["claim_id"] == one["claim_id"]]
        days = own["day"][own["is_dated"]]
        when = f", {spoken_days(days.min().date(), days.max().date())}" if len(days) else ""
        parts = [f"made {counted(one['made'], 'time')}{when}", f"by {_people(own['claimant'], 6)}"]
        parts += [f"{number(one['after'])} after it was refuted"] * bool(one["after"])
        parts += [f"{number(one['undated'])} of unknown day"] * bool(one["undated"])
        told.append(f"{one['claim']} {'; '.join(parts)}.")
    if len(drawn) > MOST_TOLD:
        told.append(f"And {number(len(drawn) - MOST_TOLD)} more {settings.nouns}.")
    return Words(
        title or _headline(again, after, repeated, settings, is_refutable=bool(refuting)),
        base,
        " ".join(filter(None, caption)),
        " ".join(told),
    )


def _headline(again: int, after: int, claims: int, settings: Settings, *, is_refutable: bool) -> str:
    if not again:
        return f"No {settings.noun} was made again"
    if not is_refutable:
        return f"{counted(again, 'repetition')} of {counted(claims, settings.noun, settings.nouns)}"
    if not after:
        none = (
            "The only repetition is not" if again == 1 else f"{none_of(again, 'repetition').capitalize()} is"
        )
        return f"{none} known to have come after a refutation"
    which = (
        all_of(again, "repetition").capitalize()
        if after == again
        else f"{number(after)} of {number(again)} repetitions"
    )
    return f"{which} came after the {settings.noun} was refuted"
