"""How often each claim was made, over what was held of it on those days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Unpack

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import bands, calls
from factdesk.charts.chart import Canvas, Layers, OverTime, Words, canvas, finish, nothing
from factdesk.charts.colours import PATHS
from factdesk.charts.marks import tooltips
from factdesk.charts.rows import BESIDE, isolated, place, wrapped
from factdesk.charts.time_axis import Days
from factdesk.formats import all_of, counted, none_of, number, spoken_days
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.unread import apart

COLUMNS = (*bands.COLUMNS, "from", "until", "by", "how")
MOST_CLAIMS, MOST_DESCRIBED = 60, 12
"""Rows where the height is open, and claims in the text alternative."""
ROOMY, CLOSE, SLIDE = (MOST_CLAIMS, 4, 20), (MOST_CLAIMS, 2, 3), (8, 1, 1)
"""Rows, lines of a claim's words, and lanes of marks."""
MADE, AFTER = "made", "made again after it was refuted"
SHAPES = {MADE: PATHS["△"], AFTER: "M0,-.9L1,.8H-1Z"}


@calls.records_its_call
def repeats(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    **options: Unpack[OverTime],
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
    span : sequence of two days, optional
        The first and the last day shown, on an even axis. Times on other days are not counted, and claims that are
        not known to have been made in those days are left out.
    gaps, span, theme, size, width, locale, title : optional
        As in every chart over time: see `fd.charts`.

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
    on, asked = canvas(ledger, **options), bands.chosen(ledger, claims)
    asked_for, asked = asked["claim_id"], asked[~asked["claim_id"].isin(ledger.unread.claims)]
    held = bands.spells(ledger, asked)
    whole = on.axis(held["from"].unique())
    times = _times(on, asked, whole if on.span is not None else None, every=claims is not None)
    ranked = _ranked(times)
    if whole is None or ranked.empty:
        lacks = "repetitions in these days" if on.span else "repetitions"
        return nothing(on, ledger.settings.nouns if asked.empty else lacks, asked_for)
    is_roomy = len(ranked) <= MOST_CLAIMS / 2 and not on.is_framed
    most, claim_lines, lanes = SLIDE if on.is_framed else ROOMY if is_roomy else CLOSE
    while True:  # fewer rows until they have room
        drawn = ranked.head(most)
        own, statuses = (one[one["claim_id"].isin(drawn.index)] for one in (times, held))
        axis = on.axis(pd.concat([statuses["from"], own["from"]]).unique()) or whole
        shown = bands.seen(statuses, axis)
        frame = _frame(ledger, drawn, own, shown, claim_lines, is_close=not is_roomy)
        marks = own.merge(frame[["claim_id", "claim", "row"]], on="claim_id")
        order = ["row", "after_refuted"]
        marks = marks.sort_values(order, ascending=[True, False], kind="stable", ignore_index=True)
        marks["lane"], why = bands.in_lanes(marks, axis, lanes)
        frame["tall"] = bands.tall(marks, frame)
        hidden = (~why.isin(["", "undated"])).groupby(marks["row"]).sum().reindex(frame.index, fill_value=0)
        counts = zip(drawn["made"], drawn["after"], drawn["undated"], hidden, strict=True)
        frame["aside"] = [_aside(*map(int, one), is_short=on.is_framed) for one in counts]
        text = _words(on, drawn, ranked, frame, axis, own)
        laid = place(
            frame.drop(columns="row"), is_narrow=on.is_narrow, between=0.8 if is_roomy else 0.5,
            most=claim_lines + 2 - on.is_framed, beside=46 if on.is_framed else BESIDE,
        )  # fmt: skip
        used = shown["status"].unique()
        left = on.lines_left(text, -(-len(used) // 3) + 1)
        if left is None or laid.lines[on.is_narrow] <= left or most == 1:
            break
        most = min(most, len(drawn)) - 1
    laid = laid.as_tall_as(left)
    marks["claimant"] = marks["claim_id"].map(asked.set_index("claim_id")["claimant"])
    marks = marks.reindex(columns=[*COLUMNS, "row", "lane", "held", "kind"]).drop(columns="status")
    rows = bands.behind(shown, frame, marks)
    tooltip = tooltips("claim", "by as made by", "begun as on", "how", "held as held that day")
    shape = alt.ExprRef(f"datum.kind == '{MADE}' ? '{SHAPES[MADE]}' : '{SHAPES[AFTER]}'")
    kinds = [MADE, AFTER] if ranked["after"].any() else [MADE]
    layers = [
        *bands.layers(on, rows, laid, axis, list(laid.frame.index), grid=len(frame) > MOST_CLAIMS / 2),
        bands.marks("datum.what == 'made'", laid, axis, shape, fill=on.theme.ink).encode(tooltip=tooltip),
        *laid.words(),
        on.key(used),
        on.shape_key({kind: SHAPES[kind] for kind in kinds}),
    ]
    return finish(on, text, layers, rows, columns=COLUMNS, laid=laid, time=axis)


def _times(on: Canvas, claims: pd.DataFrame, days: Days | None, *, every: bool) -> pd.DataFrame:
    """Return the times that claims were made, in those days or on days not known; all claims, or those repeated."""
    times = pd.DataFrame(measures.repeats(on.ledger)).rename(columns={"claimant": "by"})
    times = times[times["claim_id"].isin(claims["claim_id"])]
    if days:
        times = times[times["day"].between(days.first, days.as_of) | ~times["is_dated"]]
        # Times of which no day is known say nothing of those days by themselves.
        times = times[times["is_dated"].groupby(times["claim_id"]).transform("any")]
    if not every:
        times = times[times["claim_id"].isin(times["claim_id"][~times["first"]])]
    day, after = times["day"].where(times["is_dated"]), times["after_refuted"]
    since = times["days_since"].fillna(0).astype(int).map(lambda days: counted(days, "day")).astype("str")
    how = (
        ("again, " + since + " after it was refuted")
        .where(after, "again")
        .mask(times["first"], "the first time")
    )
    held = times["status"].astype(object).map(on.labels).fillna("nothing yet")
    kind, precision = after.map({True: AFTER, False: MADE}), bands.precision(times)
    of: dict[str, Any] = {"what": "made", "from": day, "until": day, "how": how, "held": held, "kind": kind}
    return times.assign(**of, made_on_precision=precision)


def _ranked(times: pd.DataFrame) -> pd.DataFrame:
    """Count for each claim; those most often made after a refutation first, then those most often made."""
    own = times.groupby("claim_id", sort=False)
    totals = pd.DataFrame({"made": own.size(), "after": own["after_refuted"].sum()})
    totals["again"] = totals["made"] - own["first"].sum()
    totals["undated"] = totals["made"] - own["is_dated"].sum()
    return totals.sort_values(["after", "made"], ascending=False, kind="stable")


def _aside(made: int, after: int, undated: int, hidden: int, *, is_short: bool) -> str:
    """Write how often a claim was made, and how often after it was refuted."""
    words = (("after refuted", after), ("undated", undated), ("unmarked", hidden))
    parts = [counted(made, "time"), *(f"{number(count)} {word}" for word, count in words if count)]
    lines = [", ".join(parts[:2]), ", ".join(parts[2:])] if is_short else parts
    return "\n".join(filter(None, lines))


def _frame(
    ledger: Ledger,
    drawn: pd.DataFrame,
    times: pd.DataFrame,
    shown: pd.DataFrame,
    most: int,
    *,
    is_close: bool,
) -> pd.DataFrame:
    """Return the rows: each claim, and by whom it was made."""
    claims = ledger.claims.set_index("claim_id", drop=False).loc[drawn.index]
    last = shown.drop_duplicates("claim_id", keep="last").set_index("claim_id")["status"]
    who = times.groupby("claim_id")["by"].agg(_people, most=1 if is_close else 3)[drawn.index]
    text = claims["claim"].str.split().str.join(" ")
    cut = text.map(lambda claim: wrapped(claim, most=most).replace("\n", " "))
    words = who + ": " + text if most < 2 else cut + "\n" + who
    frame = claims[["claim_id", "claimant", "claim"]].assign(words=words, status=last)
    return frame.reset_index(drop=True).assign(row=range(len(frame)))


def _people(claimants: pd.Series, most: int) -> str:
    """Write who made a claim, and where they were several how often each."""
    made = claimants.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    if len(made) == 1:
        return isolated(made.index[0])
    named = [f"{isolated(str(name))} ({number(often)})" for name, often in made.head(most).items()]
    others = len(made) - most
    if others > 0:
        return f"{', '.join(named)} and {counted(others, 'other')}"
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


def _words(
    on: Canvas, drawn: pd.DataFrame, ranked: pd.DataFrame, frame: pd.DataFrame, axis: Days, made: pd.DataFrame
) -> Words:
    """Write how many repetitions came after a refutation, of how many claims, and how to read it."""
    settings, again, after = on.ledger.settings, int(ranked["again"].sum()), int(ranked["after"].sum())
    refuting, total = measures.refuting(settings), len(on.ledger.claims) - on.unread()
    repeated = int((ranked["again"] > 0).sum())
    many = f"{number(repeated)} of {on.counted(total)}" if total > 1 else f"The only {settings.noun}"
    base = f"{many} {'was' if repeated == 1 else 'were'} made again, {axis.spoken}"
    base += f"; {apart(on.unread())}" * (on.unread() > 0)
    if len(drawn) < len(ranked):
        which = "most often made again after a refutation" if after else "most often made"
        base += f"; {number(len(drawn))} of {number(len(ranked))} are shown, those {which}"
    held = " or ".join(f"“{on.labels[name]}”" for name in refuting)
    rule = "No status of this ledger’s refutes a claim: none is rated below 3 of 5 and settles it."
    if refuting:
        rule = f"After a refutation: {held} held that day, and since an earlier one."
    undated = "“Undated”: the day is not known, nor whether it came after a refutation."
    unmarked = "“Unmarked”: without room for a mark, or before the days shown."
    is_unmarked = bool(frame["aside"].str.contains("unmarked").any())
    caption = (rule, undated * bool(drawn["undated"].any()), unmarked * is_unmarked, axis.note)
    headline = _headline(on, again, after, repeated, is_refutable=bool(refuting))
    sums = f"{base}. {counted(again, 'repetition')}, {number(after)} after a refutation."
    return on.words(headline, base, caption, [sums, *_description(on, frame, drawn, made)])


def _description(on: Canvas, frame: pd.DataFrame, drawn: pd.DataFrame, times: pd.DataFrame) -> Iterator[str]:
    """Write when and by whom each claim was made; of many claims the first."""
    claims = frame[["claim_id", "claim"]].join(drawn, on="claim_id")
    for one in claims.head(MOST_DESCRIBED).to_dict("records"):
        own = times[times["claim_id"] == one["claim_id"]]
        dated = own[own["is_dated"]].sort_values("day", kind="stable")
        days = dated["day"].dt.date.tolist()
        when = f", {spoken_days(days[0], days[-1], bands.precision(dated).iloc[0])}" if days else ""
        parts = [f"made {counted(one['made'], 'time')}{when}", f"by {_people(own['by'], 6)}"]
        parts += [f"{number(one['after'])} after it was refuted"] * bool(one["after"])
        parts += [f"{number(one['undated'])} of unknown day"] * bool(one["undated"])
        yield f"{one['claim']} {'; '.join(parts)}."
    yield on.untold(len(drawn) - MOST_DESCRIBED)


def _headline(on: Canvas, again: int, after: int, claims: int, *, is_refutable: bool) -> str:
    noun = on.ledger.settings.noun
    if not again:
        return f"No {noun} was made again"
    if not is_refutable:
        return f"{counted(again, 'repetition')} of {on.counted(claims)}"
    if not after:
        none = (
            f"{none_of(again, 'repetition').capitalize()} is" if again > 1 else "The only repetition is not"
        )
        return f"{none} known to have come after a refutation"
    several = f"{number(after)} of {number(again)} repetitions"
    which = all_of(again, "repetition").capitalize() if after == again else several
    return f"{which} came after the {noun} was refuted"
