"""Claims as rows: the band of each one's statuses with their signs, and marks beneath it on the days of what happened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from factdesk.charts.chart import Canvas
from factdesk.charts.colours import PATHS
from factdesk.charts.marks import RIGHT, layer, signs, tooltips
from factdesk.charts.rows import BAND, BESIDE, Rows, wrapped
from factdesk.charts.theme import LINE, expression, where_chosen
from factdesk.charts.time_axis import DAY, Days
from factdesk.errors import InvalidValue, NotFound, nearest
from factdesk.formats import number, spoken_day, spoken_days, spoken_part
from factdesk.history.due import last_days
from factdesk.ledger.ledger import Ledger

COLUMNS = ("claim_id", "claimant", "claim", "what", "status", "made_on_precision")
"""Of the rows behind every chart of bands; the last where `from` is the first day of a month or year."""
FROM = (
    "isValid(datum.from) ? timeFormat(toDate(datum.from), datum.made_on_precision == 'year' ? '%Y' : "
    "datum.made_on_precision == 'month' ? '%B %Y' : '%-d %B %Y') : 'not known'"
)
"""The day from which something holds or on which it was made in words, as an expression of Vega's."""
LANE = 0.85
"""Lines that a lane of marks beneath a band is high."""
APART, SIGN = 0.038, 0.055
"""Shares of the axis that lie between two marks in a lane, and that a sign on a band takes."""
FLAG_SIGN = "⚐"
FLAG = alt.ExprRef(json.dumps(PATHS[FLAG_SIGN]))
"""The mark of the day on which a claim is due: hollow, as what is due is no evidence."""
POLE = 2.6
"""Pixels from the pole to the middle of the flag."""
FLAGGED = "A flag stands at the end of the day, month or year in which a {noun} is due."
NOTES = {
    "undated": "“Undated”: the day of publication is not known.",
    "earlier": "“Earlier”: published before the days shown.",
    "later": "“Later”: published after the days shown.",
    "more": "“More”: without room among the marks, or not published on a day shown.",
}
"""What the notes at the right of rows mean, by their last word."""


def chosen(ledger: Ledger, claims: str | Sequence[str] | None, name: str = "claims") -> pd.DataFrame:
    """Return the rows of the claims asked for.

    Raises
    ------
    NotFound
        Where there is no claim of an id.
    InvalidValue
        Where those are no ids.
    """
    frame = ledger.claims
    if claims is None:
        return frame
    if not isinstance(claims, Iterable):
        raise InvalidValue(name, claims, "the id of a claim, or a list of such ids")
    asked, known = [claims] if isinstance(claims, str) else list(claims), set(frame["claim_id"])
    for claim_id in asked:
        if not isinstance(claim_id, str) or claim_id not in known:
            gone = ledger.withdrawn
            gone = gone[(gone["table"] == "claims") & (gone["row_id"] == str(claim_id))]
            if gone.empty:
                raise NotFound("claim", claim_id, nearest(str(claim_id), sorted(known)))
            raise NotFound("claim", claim_id, (), f"It was withdrawn: {gone['why'].iloc[-1]}")
    return frame[frame["claim_id"].isin(asked)]


def spells(ledger: Ledger, claims: pd.DataFrame) -> pd.DataFrame:
    """Return the statuses that claims had, in order of time, with why.

    Returns
    -------
    pandas.DataFrame
        `claim_id`, `claimant`, `claim`, `status` (str), `from` and `until` (its last day; missing where it still
        holds), `rationale`, `gaps`, `by` (who gave it; empty where nobody did) and `made_on_precision` (`month` or
        `year` where `from` is the first day of that, in which the claim was made; else empty).
    """
    given = given_statuses(ledger).drop_duplicates(["claim_id", "holds_from"], keep="last")
    given = given[["claim_id", "holds_from", "rationale", "gaps", "recorded_by"]]
    held = pd.DataFrame(ledger.intervals()).rename(columns={"start": "from"})
    held = held.merge(claims[["claim_id", "claimant", "claim", "made_on_precision"]], on="claim_id")
    held = held.merge(given, left_on=["claim_id", "from"], right_on=["claim_id", "holds_from"], how="left")
    texts = {name: held[name].fillna("") for name in ("rationale", "gaps")}
    held = held.assign(**texts, by=held["recorded_by"].fillna(""), status=held["status"].astype(str))
    held["until"] = held["end"] - DAY
    held["made_on_precision"] = precision(held).where(held["holds_from"].isna(), "")
    first = ["claim_id", "claimant", "claim", "status", "from", "until"]
    return held[[*first, *texts, "by", "made_on_precision"]]


def given_statuses(ledger: Ledger) -> pd.DataFrame:
    """Return the statuses that were given, in the order in which they came to hold."""
    return ledger.statuses.sort_values(["holds_from", "recorded_at", "status_id"], kind="stable")


def precision(made: pd.DataFrame) -> pd.Series:
    """Return how much is known of the days on which claims were made, as text; empty for a day."""
    return made["made_on_precision"].astype(object).fillna("")


def spoken_spell(first: pd.Timestamp, last: pd.Timestamp, precision: str = "") -> str:
    """Write on which days a status held; of the first its month or year alone, where no more is known."""
    if pd.isna(last):
        return f"since {spoken_day(first.date(), precision)}"
    return spoken_days(first.date(), last.date(), precision)


def documents(ledger: Ledger, claims: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence of claims: `claim_id`, `stance` (str), `from` (the day of publication), `publisher` and `grade`.

    What has no publisher goes by its title, else by its address; a grade is that of the source and that of the
    information, as "B2".
    """
    found = ledger.evidence[ledger.evidence["claim_id"].isin(claims["claim_id"])]
    found = found[["claim_id", "source_id", "stance", "credibility"]].merge(
        ledger.sources, on="source_id", how="left"
    )
    name = found["publisher"].mask(found["publisher"].fillna("") == "", found["title"])
    name = name.mask(name.fillna("") == "", found["url"])
    grades = found[["reliability", "credibility"]].astype(object).fillna("")
    found["stance"], found["from"] = found["stance"].astype(str), found["published_on"]
    found["publisher"] = name.where(name.fillna("") != "", "not named")
    found["grade"] = grades["reliability"] + grades["credibility"]
    return found[["claim_id", "stance", "from", "publisher", "grade"]]


def flags(claims: pd.DataFrame) -> pd.DataFrame:
    """Return a mark for each claim that is due: its last day as `from`, and `due`, the day, month or year in words."""
    dates = last_days(claims["due_on"])
    found = claims.loc[dates.notna(), ["claim_id", "claimant", "claim", "due_on", "would_settle"]]
    found = found.assign(**{"from": dates[dates.notna()]}, what="due", stance="")
    return found.assign(due=found.pop("due_on").map(spoken_part).astype("str"))


def seen(held: pd.DataFrame, axis: Days) -> pd.DataFrame:
    """Return the statuses that held on any of the days shown; `end` is where their band ends."""
    held = held[(held["from"] <= axis.as_of) & ~(held["until"] < axis.first)]
    return held.assign(end=(held["until"] + DAY).fillna(axis.last))


def in_lanes(marks: pd.DataFrame, axis: Days, most: int) -> tuple[pd.Series, pd.Series]:
    """Return the lane of each mark of a `row`, so that none touch, and why a mark has none: a key of `NOTES`."""
    lanes, why = pd.Series(float("nan"), marks.index), pd.Series("", marks.index)
    why[marks["from"] < axis.first], why[marks["from"] > axis.as_of] = "earlier", "later"
    why[marks["from"].isna()] = "undated"
    dated = marks[why == ""].sort_values("from", kind="stable")
    ends: dict[object, list[float]] = {}
    for mark, row, at in zip(dated.index, dated["row"], axis.shares(dated["from"]), strict=True):
        own = ends.setdefault(row, [])
        lane = next((n for n, end in enumerate(own) if at - end >= APART), len(own))
        if lane < most:
            own[lane : lane + 1] = [at]
            lanes[mark] = lane
        else:
            why[mark] = "more"
    return lanes, why


def tall(marks: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Return how many lines each row takes with the lanes of its marks."""
    lanes = marks.groupby("row")["lane"].max().reindex(frame.index) + 1
    return (BAND + 0.15 + LANE * lanes).fillna(BAND)


def behind(shown: pd.DataFrame, frame: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Return the rows behind a chart: for each row of it the statuses shown, then its marks."""
    spells = shown.merge(frame[["claim_id", "row"]], on="claim_id").assign(what="status")
    rows = pd.concat([spells.drop(columns=["gaps", "by"]), marks])
    return rows.sort_values(["row", "what"], ascending=[True, False], kind="stable")


def unmarked(why: pd.Series, pieces: pd.Series | int = 1, *, is_close: bool = False) -> str:
    """Write how many pieces have no mark, and why; in close rows on one line."""
    sums = pd.Series(pieces, why.index)[why != ""].groupby(why).sum()
    if is_close and len(sums) > 1:
        sums = pd.Series({"more": sums.sum()})
    return "\n".join(f"+{number(int(sums[one]))} {one}" for one in NOTES if one in sums)


def explained(notes: Iterable[str]) -> str:
    """Explain the notes at the right of rows."""
    words = {line.rpartition(" ")[2] for note in notes for line in note.split("\n")}
    return " ".join(meaning for word, meaning in NOTES.items() if word in words)


def distinct(words: pd.Series, ids: pd.Series, most: int, chars: int = BESIDE) -> pd.Series:
    """End words in their claim's id where, cut to so many lines, others would read the same."""
    cut = words.map(lambda one: wrapped(one, chars, most))
    is_like_others = ids.groupby(cut).transform("nunique") > 1
    sizes = [max(most * (chars - 5) - len(one), 12) for one in ids]
    ending = [
        f"{one if len(one) <= size else one[:size] + '…'} ({id})"
        for one, id, size in zip(words, ids, sizes, strict=True)
    ]
    return words.mask(is_like_others, pd.Series(ending, words.index))


def layers(
    on: Canvas, bands: pd.DataFrame, laid: Rows, axis: Days, rows: Collection[int], **drawn: object
) -> list[alt.Chart]:
    """Draw the bands of some rows on a faint track, their signs, and at the right the sign of the last status."""
    theme, shape, middle = on.theme, on.sign(), BAND / 2
    band = alt.Chart().mark_bar(stroke=theme.ink, strokeWidth=0.5, clip=True)
    band = band.transform_filter("datum.what == 'status'")
    label = f"{expression(on.labels)}[datum.status]"
    drawn_axis = axis.axis(orient="top", domain=False, **drawn)
    band = axis.on(band.transform_calculate(label=label, begun=FROM), "from", "end", drawn_axis)
    tooltip = tooltips("claim", "claimant", "label as status", "begun as from", "until", "rationale")
    band = laid.at(band, 0, BAND).encode(color=on.colour, opacity=where_chosen(), tooltip=tooltip)
    own = bands[bands["what"] == "status"]
    begins = own["from"].where(own["from"] > axis.first, axis.first)
    edges = pd.DatetimeIndex(sorted([*(day for gap in axis.gaps for day in gap), axis.last]))
    after = edges.searchsorted(begins, side="right").clip(max=len(edges) - 1)
    ends = own["end"].clip(upper=pd.Series(edges[after], own.index))
    is_wide = axis.shares(ends) - axis.shares(begins) >= SIGN
    inner = axis.on(layer(own.assign(begin=begins).loc[is_wide, ["begin", "row", "status"]]), "begin")
    inner = laid.at(inner, middle).encode(fill=on.ink_on_status)
    last = laid.at(own.drop_duplicates("row", keep="last")[["row", "status"]], middle).encode(x=RIGHT)
    return [
        laid.track(rows, theme.track),
        band,
        *axis.blanks(theme),
        signs(inner, shape, size=52, xOffset=8),
        signs(last, shape, fill=theme.ink, xOffset=14, clip=False),
    ]


def marks(
    which: str, laid: Rows, axis: Days, shape: alt.ExprRef, below: float = BAND + 0.15, **mark: Any
) -> alt.Chart:
    """Draw the marks for which an expression holds, each on its day and in its lane, so many lines below its band."""
    points = signs(alt.Chart(), shape, **mark).transform_filter(f"isValid(datum.lane) && {which}")
    points = points.transform_calculate(noon="+toDate(datum.from) + 432e5", begun=FROM)
    return laid.at(axis.on(points, "noon"), f"{below + LANE / 2} + {LANE} * datum.lane")


def flag_layers(laid: Rows, axis: Days, ink: str) -> list[alt.Chart]:
    """Draw the flags of what is due: on their day, or at the right, beside their words, where that is not shown."""
    tooltip = tooltips("claim", "due", "would_settle as would settle it")
    drawn = marks("datum.what == 'due'", laid, axis, FLAG, fill=ink, xOffset=POLE)
    away = alt.Chart().transform_filter("datum.what == 'due' && !isValid(datum.lane)")
    # Beside the second line of words, which has its height in pixels however tall the rows are.
    away = signs(laid.at(away), FLAG, fill=ink, xOffset=14, yOffset=1.5 * LINE, clip=False)
    return [drawn.encode(tooltip=tooltip), away.encode(x=RIGHT, tooltip=tooltip)]


def fade(layers: Iterable[alt.Chart], strong: list[int]) -> None:
    """Let the marks and words of all rows but some fade."""
    opacity = alt.ExprRef(f"isValid(datum.row) && indexof({strong}, datum.row) < 0 ? 0.3 : 1")
    for one in layers:
        one.mark.opacity = opacity
        if one.encoding.opacity is not alt.Undefined:
            one.encoding.opacity = where_chosen(opacity)
