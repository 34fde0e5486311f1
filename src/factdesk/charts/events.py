"""Events in the world, such as a summit, noted over the days of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import altair as alt
import pandas as pd

from factdesk.charts import canvas
from factdesk.charts.canvas import AT_Y, Look, x_of
from factdesk.charts.timeaxis import LABEL_SIZE, TimeAxis, Window
from factdesk.charts.typeset import lines, text_width
from factdesk.errors import InvalidValue
from factdesk.formats import counted, spoken_day
from factdesk.schema import parse_day
from factdesk.text import clean

ALLOWED = "a frame, or rows, with the columns day and event"
WIDTH, LINE, MOST_EVENTS = 170, 13, 40
"""Pixels of the words of one event and of a line of them, and how many events are read."""

DASHES = [3, 2]
"""Pixels of a dash, and from it to the next."""

MOST_LINES, MOST_ROWS = 4, 6
"""Lines of the words of one event, and of all that stand over one another: more would be taller than a chart."""


@dataclass(frozen=True)
class Event:
    """Something that happened on a day."""

    day: date
    event: str


Given = pd.DataFrame | Sequence[dict[str, object]] | None


def taken(events: Given) -> list[Event]:
    """Take events as an analyst gives them, in order of their days.

    Raises
    ------
    InvalidValue
        Where they are none, one has no day or no words, or there are more than can be read.

    Examples
    --------
    >>> taken([{"day": "2025-03-18", "event": "Trump and Putin speak by telephone"}])
    [Event(day=datetime.date(2025, 3, 18), event='Trump and Putin speak by telephone')]
    """
    if events is None:
        return []
    rows = events.to_dict("records") if isinstance(events, pd.DataFrame) else events
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Sequence):
        raise InvalidValue("events", events, ALLOWED)
    if len(rows) > MOST_EVENTS:
        raise InvalidValue("events", f"{len(rows)} events", f"at most {MOST_EVENTS}")
    found = []
    for row in rows:
        if not isinstance(row, dict) or not {"day", "event"} <= row.keys():
            raise InvalidValue("events", row, ALLOWED)
        try:
            day = parse_day(row["day"])
        except (TypeError, ValueError):
            raise InvalidValue("events: day", row["day"], "a day, such as 2025-03-18") from None
        said = row["event"]
        # What a frame lacks is no text, though it can be written as one ("nan").
        is_missing = bool(pd.Series([said], dtype="object").isna().all())
        words = "" if is_missing else " ".join(clean(str(said))[0].split())
        if not words:
            raise InvalidValue("events: event", row["event"], "what happened, in a few words")
        found.append(Event(day, words))
    return sorted(found, key=lambda one: (one.day, one.event))


@dataclass(frozen=True)
class _Placed:
    event: Event
    lines: list[str]
    left: float
    right: float
    lane: int


@dataclass(frozen=True)
class Noted:
    """Events with the places of their words in lanes over a drawing."""

    placed: list[_Placed]
    lanes: list[float]
    """How tall each lane is, from the drawing upwards."""
    left_out: int
    wordless: Sequence[Event] = ()
    """Those for whose words there is no room; in order of their days."""

    @property
    def above(self) -> float:
        """Pixels over the drawing."""
        return sum(self.lanes) + (6 if self.lanes else 0)

    def told(self) -> str:
        """Say what the rules are, and what is not shown; nothing where there are no events."""
        shown = "Dashed: what happened on a day." if self.placed else ""
        many = len(self.wordless)
        short = f"{counted(many, 'event')} without room for words." if many else ""
        out = f"{counted(self.left_out, 'event')} outside these days left out." if self.left_out else ""
        return " ".join(filter(None, (shown, short, out)))

    def layers(self, axis: TimeAxis, look: Look, height: float) -> list[alt.Chart]:
        """Draw a rule on each event's day, down through the drawing, and its words over it."""
        rules: list[dict[str, canvas.Cell]] = []
        words: list[dict[str, canvas.Cell]] = []
        under: list[dict[str, canvas.Cell]] = []
        first: dict[date, float] = {}
        for one in self.placed:
            bottom = -4 - sum(self.lanes[: one.lane])
            top = bottom - LINE * len(one.lines)
            day = one.event.day
            begins = _in_step(top, first.setdefault(day, top))
            rules.append(
                {"at": axis.begin(day), "y": begins, "event": one.event.event, "when": spoken_day(day)}
            )
            words += [
                {"x": one.left, "y": top + LINE * (n + 0.5), "text": line} for n, line in enumerate(one.lines)
            ]
            under.append({"x": one.left - 1, "x2": one.right + 1, "y": top, "y2": bottom})
        if not rules:
            return []
        # Of rules at one place a reader can point at the last one only: it tells of all that have no words.
        for day, those in groupby(self.wordless, key=lambda event: event.day):
            told = "; ".join(one.event for one in those)
            begins = _in_step(0, first.get(day, 0))
            rules.append({"at": axis.begin(day), "y": begins, "event": told, "when": spoken_day(day)})
        # Where words had to be moved before their day, another rule may pass there: it goes beneath them.
        ground = alt.Chart(canvas.data(under)).mark_rect(color=look.ground, opacity=1, aria=False)
        rule = alt.Chart(canvas.data(rules)).mark_rule(color=look.ink, strokeDash=DASHES, strokeWidth=1)
        rule = rule.encode(
            x=x_of(axis), y=AT_Y, y2=alt.value(height),
            tooltip=[alt.Tooltip("event:N", title="Event"), alt.Tooltip("when:N", title="Day")],
        )  # fmt: skip
        return [
            canvas.told(rule, "event", "when"),
            ground.encode(x=canvas.AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q")),
            *canvas.words(words, canvas.AT_X, AT_Y, look.ink, size=LABEL_SIZE),
        ]


def _in_step(top: float, first: float) -> float:
    """Give where a rule begins, a little off its place, so that dashes over those of another make no solid line."""
    step = sum(DASHES)
    return first + step * round((top - first) / step)


def noted(events: Sequence[Event], axis: TimeAxis, days: Window, room: float = 0) -> Noted:
    """Find places for events over a drawing, whose words may reach `room` pixels beyond it.

    Words never touch: earlier ones go a lane higher where they would, so that no rule runs through later ones. Where
    they would stand too high, an event has a rule only.

    Examples
    --------
    >>> from factdesk.charts.timeaxis import time_axis
    >>> axis = time_axis([date(2025, 3, 1)], date(2025, 3, 20), 400)
    >>> days = Window(date(2025, 3, 1), date(2025, 3, 20), asked=False)
    >>> noted([Event(date(2025, 3, 4), "Summit"), Event(date(2025, 4, 9), "Vote")], axis, days).told()
    'Dashed: what happened on a day. 1 event outside these days left out.'
    """
    inside = [one for one in events if days.first <= one.day <= days.last]
    width = axis.width + room
    starts: list[float] = []
    rows: list[int] = []
    placed, wordless = [], []
    for one in reversed(inside):
        at = axis.place(one.day)
        broken = lines(one.event, min(WIDTH, width), LABEL_SIZE, most=MOST_LINES)
        wide = max(text_width(line, LABEL_SIZE) for line in broken)
        left = max(min(at + 4, width - wide), 0)
        lane = next((n for n, start in enumerate(starts) if left + wide + 8 <= start), len(starts))
        higher = [*rows[:lane], max([len(broken), *rows[lane : lane + 1]]), *rows[lane + 1 :]]
        if sum(higher) > MOST_ROWS:
            wordless.append(one)
            continue
        rows = higher
        starts[lane:] = [min(left, at), *starts[lane + 1 :]]
        placed.append(_Placed(one, broken, left, left + wide, lane))
    lanes = [LINE * row + 3.0 for row in rows]
    return Noted(placed[::-1], lanes, len(events) - len(inside), wordless[::-1])
