"""Claims as rows: the band of each one's statuses with their signs, and marks beneath it on the days of what happened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk.charts.chart import SIZES, Words, caption, title
from factdesk.charts.looks import Theme
from factdesk.charts.rows import BAND, BESIDE, Rows, wrapped
from factdesk.charts.theme import LINE, ink_on_status, inline, labels, sign_of, status_colour, where_chosen
from factdesk.charts.time_axis import DAY, Days
from factdesk.errors import InvalidValue, NotFound, nearest
from factdesk.formats import number, spoken_day, spoken_days

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

LANE = 0.85
"""Lines that a lane of marks beneath a band is high."""
APART, SIGN = 0.038, 0.055
"""Shares of the axis that lie between two marks in a lane, and that a sign on a band takes."""
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
        holds), `rationale`, `gaps` and `by` (who gave it; empty where nobody did).
    """
    given = ledger.statuses.sort_values(["holds_from", "recorded_at", "status_id"], kind="stable")
    given = given.drop_duplicates(["claim_id", "holds_from"], keep="last")
    given = given[["claim_id", "holds_from", "rationale", "gaps", "recorded_by"]]
    held = pd.DataFrame(ledger.intervals()).rename(columns={"start": "from"})
    held = held.merge(claims[["claim_id", "claimant", "claim"]], on="claim_id")
    held = held.merge(given, left_on=["claim_id", "from"], right_on=["claim_id", "holds_from"], how="left")
    texts = {name: held[name].fillna("") for name in ("rationale", "gaps")}
    held = held.assign(**texts, by=held["recorded_by"].fillna(""), status=held["status"].astype(str))
    held["until"] = held["end"] - DAY
    return held[["claim_id", "claimant", "claim", "status", "from", "until", *texts, "by"]]


def spoken_spell(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Say on which days a status held."""
    return f"since {spoken_day(first.date())}" if pd.isna(last) else spoken_days(first.date(), last.date())


def documents(ledger: Ledger, claims: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence of claims: `claim_id`, `stance` (str), `date` of publication, `publisher` and `grade`.

    What has no publisher goes by its title, else by its address; a grade is that of the source and that of the
    information, as "B2".
    """
    found = ledger.evidence[ledger.evidence["claim_id"].isin(claims["claim_id"])]
    found = found[["claim_id", "source_id", "stance", "credibility"]].merge(
        ledger.sources, on="source_id", how="left"
    )
    name = found["publisher"].mask(found["publisher"].fillna("") == "", found["title"])
    name = name.mask(name.fillna("") == "", found["url"])
    source, information = (
        found[column].astype(object).where(found[column].notna(), "")
        for column in ("reliability", "credibility")
    )
    return pd.DataFrame(
        {
            "claim_id": found["claim_id"], "stance": found["stance"].astype(str), "date": found["published_on"],
            "publisher": name.where(name.fillna("") != "", "not named"), "grade": source + information,
        }
    )  # fmt: skip


def seen(held: pd.DataFrame, axis: Days) -> pd.DataFrame:
    """Return the statuses that held on any of the days shown; `end` is where their band ends."""
    held = held[(held["from"] <= axis.as_of) & ~(held["until"] < axis.first)]
    return held.assign(end=(held["until"] + DAY).fillna(axis.last))


def in_lanes(marks: pd.DataFrame, axis: Days, most: int) -> tuple[pd.Series, pd.Series]:
    """Return the lane of each mark of a `row`, so that none touch, and why a mark has none: a key of `NOTES`."""
    lanes, why = pd.Series(float("nan"), marks.index), pd.Series("", marks.index)
    why[marks["date"] < axis.first], why[marks["date"] > axis.as_of] = "earlier", "later"
    why[marks["date"].isna()] = "undated"
    dated = marks[why == ""].sort_values("date", kind="stable")
    ends: dict[object, list[float]] = {}
    for mark, row, at in zip(dated.index, dated["row"], axis.shares(dated["date"]), strict=True):
        own = ends.setdefault(row, [])
        lane = next((n for n, end in enumerate(own) if at - end >= APART), len(own))
        if lane < most:
            own[lane : lane + 1] = [at]
            lanes[mark] = lane
        else:
            why[mark] = "more"
    return lanes, why


def noted(why: pd.Series, pieces: pd.Series, *, is_close: bool = False) -> str:
    """Write how many pieces have no mark, and why; in close rows on one line."""
    sums = pieces[why != ""].groupby(why[why != ""]).sum()
    if is_close and len(sums) > 1:
        sums = pd.Series({"more": sums.sum()})
    return "\n".join(f"+{number(int(sums[one]))} {one}" for one in NOTES if one in sums)


def explained(notes: Iterable[str]) -> str:
    """Say what the notes at the right of rows mean."""
    words = {line.rpartition(" ")[2] for note in notes for line in note.split("\n")}
    return " ".join(meaning for word, meaning in NOTES.items() if word in words)


def told_apart(words: pd.Series, ids: pd.Series, most: int, chars: int = BESIDE) -> pd.Series:
    """End words in their claim's id where, cut to so many lines, others would read the same."""
    cut = words.map(lambda one: wrapped(one, chars, most))
    is_like_others = ids.groupby(cut).transform("nunique") > 1
    room = [max(most * (chars - 5) - len(one), 12) for one in ids]
    ending = [
        f"{one if len(one) <= size else one[:size] + '…'} ({id})"
        for one, id, size in zip(words, ids, room, strict=True)
    ]
    return words.mask(is_like_others, pd.Series(ending, words.index))


def band_layers(
    bands: pd.DataFrame,
    laid: Rows,
    ledger: Ledger,
    axis: Days,
    theme: Theme,
    rows: Collection[int],
    **drawn: object,
) -> list[alt.Chart]:
    """Draw the bands of some rows on a faint track, their signs, and at the right the sign of the last status."""
    track = alt.Chart(inline(pd.DataFrame({"row": list(rows)}))).mark_bar(color=theme.track)
    track = laid.at(track, "0", str(BAND)).encode(x=alt.XValue(0), x2=alt.X2Value("width"))
    shown = f"datum.what == 'status' && indexof({json.dumps(list(rows))}, datum.row) >= 0"
    band = alt.Chart().mark_bar(stroke=theme.ink, strokeWidth=0.5, clip=True).transform_filter(shown)
    band = band.transform_calculate(label=f"{json.dumps(labels(ledger), ensure_ascii=False)}[datum.status]")
    band = laid.at(axis.on(band, "from", "end", axis=axis.axis(orient="top", domain=False, **drawn)), "0", str(BAND)).encode(
        color=status_colour(ledger, theme), opacity=where_chosen(),
        tooltip=[
            alt.Tooltip("claim:N"), alt.Tooltip("claimant:N"), alt.Tooltip("label:N", title="status"),
            *(alt.Tooltip(f"{day}:T", format="%-d %B %Y") for day in ("from", "until")), alt.Tooltip("rationale:N"),
        ],
    )  # fmt: skip
    own = bands[bands["row"].isin(rows)]
    begins = own["from"].where(own["from"] > axis.first, axis.first)
    edges = sorted([*(day for gap in axis.gaps for day in gap), axis.last])
    ends = [
        min(end, next((edge for edge in edges if edge > begin), axis.last))
        for begin, end in zip(begins, own["end"], strict=True)
    ]
    is_wide = axis.shares(ends) - axis.shares(begins) >= SIGN
    signs = alt.Chart(
        inline(pd.DataFrame({"begin": begins, "row": own["row"], "status": own["status"]})[is_wide])
    )
    signs = signs.mark_point(filled=True, size=52, strokeWidth=0, xOffset=8, shape=sign_of(ledger), opacity=1)
    signs = laid.at(axis.on(signs, "begin"), str(BAND / 2)).encode(fill=ink_on_status(ledger, theme))
    last = own.drop_duplicates("row", keep="last")[["row", "status"]]
    last_signs = alt.Chart(inline(last)).mark_point(
        filled=True,
        size=62,
        strokeWidth=0,
        fill=theme.ink,
        xOffset=14,
        clip=False,
        shape=sign_of(ledger),
        opacity=1,
    )
    return [
        track,
        band,
        *axis.blanks(theme),
        signs,
        laid.at(last_signs, str(BAND / 2)).encode(x=alt.XValue("width")),
    ]


def mark_layer(
    marks: str,
    laid: Rows,
    axis: Days,
    theme: Theme,
    shape: alt.ExprRef,
    tooltip: Sequence[alt.Tooltip],
    *,
    below: float = BAND + 0.15,
) -> alt.Chart:
    """Draw the marks for which an expression holds, each on its day and in its lane, so many lines below the band's top."""
    points = alt.Chart().mark_point(
        filled=True, size=62, strokeWidth=0, fill=theme.ink, shape=shape, opacity=1
    )
    points = points.transform_filter(f"isValid(datum.lane) && {marks}")
    points = points.transform_calculate(noon="+toDate(datum.from) + 432e5")
    return laid.at(axis.on(points, "noon"), f"{below + LANE / 2} + {LANE} * datum.lane").encode(
        tooltip=list(tooltip)
    )


def faded(layers: Sequence[alt.Chart]) -> list[alt.Chart]:
    """Let marks and words fade, so that others stand out."""
    for layer in layers:
        layer.mark.opacity = 0.3
        if layer.encoding.opacity is not alt.Undefined:
            layer.encoding.opacity = alt.Undefined
    return list(layers)


def lines_left(
    words: Words, ledger: Ledger, theme: Theme, size: str, width: int | None, keys: int, beside: int = BESIDE
) -> int | None:
    """Return how many lines of rows have room on a slide or a card, under so many lines of keys; None where the height is open."""
    height, wide = SIZES[size].height, width or SIZES[size].width
    if height is None:
        return None
    head, foot = title(words, wide), caption(words.caption, ledger, theme, wide - 6 * beside, 14)
    taken = 21 * len(head.text) + 17 * len(head.subtitle) + 14 * len(foot.mark.text)
    return max(int((height - taken - 20 * keys - 98) / LINE), 2)
