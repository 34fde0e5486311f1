"""The days on which promises and predictions are due, as flags in the rows of their claims."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from factdesk.charts import bands
from factdesk.charts.colours import PATHS, Theme
from factdesk.charts.marks import RIGHT, signs, tooltips
from factdesk.charts.rows import Rows
from factdesk.charts.theme import LINE
from factdesk.charts.time_axis import Days
from factdesk.formats import spoken_part
from factdesk.history.due import last_days

SIGN = "⚐"
FLAG = alt.ExprRef(json.dumps(PATHS[SIGN]))
"""The shape of the mark, for `mark_point(shape=…)`: hollow, as what is due is no evidence."""
POLE = 2.6
"""Pixels from the pole to the middle of the flag."""
TOOLTIP = tooltips("claim", "due", "would_settle as would settle it")
CAPTION = "A flag stands at the end of the day, month or year in which a {noun} is due."


def flags(claims: pd.DataFrame) -> pd.DataFrame:
    """Return a mark for each claim that is due: its last day as `date`, and `due`, the day, month or year in words."""
    dates = last_days(claims["due_on"])
    found = claims.loc[dates.notna(), ["claim_id", "claimant", "claim", "due_on", "would_settle"]]
    found = found.assign(date=dates[dates.notna()], what="due", stance="")
    return found.assign(due=found.pop("due_on").map(spoken_part).astype("str"))


def beside(marks: pd.DataFrame) -> dict[int, str]:
    """Return by row what is written at its right of a claim that is due on a day that is not shown."""
    away = marks[marks["what"].eq("due") & marks["lane"].isna()]
    return dict(zip(away["row"], "due " + away["due"], strict=True))


def layers(which: str, laid: Rows, axis: Days, theme: Theme) -> list[alt.Chart]:
    """Draw the flags of some rows: on their day, or at the right, beside their words, where that is not shown."""
    drawn = bands.marks(f"datum.what == 'due' && {which}", laid, axis, theme, FLAG, right=POLE)
    away = alt.Chart().transform_filter(f"datum.what == 'due' && !isValid(datum.lane) && {which}")
    # Beside the second line of words, which has its height in pixels however tall the rows are.
    away = signs(laid.at(away), FLAG, fill=theme.ink, xOffset=14, yOffset=1.5 * LINE, clip=False)
    return [drawn.encode(tooltip=TOOLTIP), away.encode(x=RIGHT, tooltip=TOOLTIP)]
