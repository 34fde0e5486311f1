"""Events in the world, such as a summit, over the days of a chart."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import pandas as pd

from factdesk.charts.colours import Theme
from factdesk.charts.marks import layer, tooltips
from factdesk.charts.marks import words as set_words
from factdesk.charts.theme import LINE
from factdesk.charts.time_axis import Days
from factdesk.errors import InvalidValue
from factdesk.schema import parse_day
from factdesk.text import clean

Given = pd.DataFrame | Sequence[Mapping[str, object]] | None

ALLOWED = "a frame, or rows, with the columns day and event"
CHARS, MOST_EVENTS, MOST_LINES = 34, 40, 6
"""Characters of a line, how many events are read, and lines over a chart: more would be taller than it."""


def read_events(events: Given) -> pd.DataFrame:
    """Read events as an analyst gives them.

    Returns
    -------
    pandas.DataFrame
        `date` (datetime64) and `event` (str), in order of both.

    Raises
    ------
    InvalidValue
        Where they are none, one has no day or no words, or there are more than can be read.

    Examples
    --------
    >>> read_events([{"day": "2025-03-18", "event": "Trump and Putin speak by telephone"}])["event"].tolist()
    ['Trump and Putin speak by telephone']
    """
    rows = events.to_dict("records") if isinstance(events, pd.DataFrame) else [] if events is None else events
    if isinstance(rows, str | bytes) or not isinstance(rows, Sequence):
        raise InvalidValue("events", events, ALLOWED)
    if len(rows) > MOST_EVENTS:
        raise InvalidValue("events", f"{len(rows)} events", f"at most {MOST_EVENTS}")
    found: list[tuple[date, str]] = []
    for row in rows:
        if not isinstance(row, Mapping) or not {"day", "event"} <= row.keys():
            raise InvalidValue("events", row, ALLOWED)
        try:
            day = parse_day(row["day"])
        except (TypeError, ValueError):
            raise InvalidValue("events: day", row["day"], "a day, such as 2025-03-18") from None
        # What a frame lacks is no text, though it can be written as one ("nan").
        is_missing = bool(pd.Series([row["event"]], dtype="object").isna().all())
        words = "" if is_missing else " ".join(clean(str(row["event"]))[0].split())
        if not words:
            raise InvalidValue("events: event", row["event"], "what happened, in a few words")
        found.append((day, words))
    frame = pd.DataFrame(sorted(found), columns=["date", "event"])
    return frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[ms]"))


def event_layers(events: pd.DataFrame, axis: Days, theme: Theme) -> tuple[list[alt.Chart], str]:
    """Draw a rule on the day of each event, its words over the plot, and explain them in words.

    The words of each stand on lines of their own, so that none run into others in whatever font.
    """
    shown = events[events["date"].between(axis.first, axis.as_of)].reset_index(drop=True)
    if shown.empty:
        return [], f"{len(events)} events lie outside these days." if len(events) else ""
    rows, line = [], 0
    for one in shown[::-1].to_dict(
        "records"
    ):  # the last stands lowest, so that no rule runs through later words
        lines = textwrap.wrap(one["event"], CHARS)
        has_room = line + len(lines) <= MOST_LINES
        line += len(lines) * has_room
        rows.append(one | {"text": "\n".join(lines) if has_room else "", "top": -2 - LINE * line})
    frame = pd.DataFrame(rows)
    frame["is_late"], wordless = axis.shares(frame["date"]) > 0.6, int(frame["text"].eq("").sum())
    base, top = axis.on(layer(frame), "date"), alt.ExprRef("datum.top")
    rule = base.mark_rule(strokeDash=[3, 2], clip=False, color=theme.ink, yOffset=top)
    align, dx = alt.ExprRef("datum.is_late ? 'right' : 'left'"), alt.ExprRef("datum.is_late ? -5 : 5")
    text = set_words(base, align=align, dx=dx, dy=top, baseline="top").encode(y=alt.YValue(0))
    reach = {"y": alt.YValue(0), "y2": alt.Y2Value("height")}
    layers = [rule.encode(**reach, tooltip=tooltips("event", "date")), text]
    without = f" {wordless} of them without room for words." if wordless else ""
    outside = len(events) - len(shown)
    out = f" {outside} outside these days are left out." if outside else ""
    return layers, f"Dashed: what happened on a day.{without}{out}"
