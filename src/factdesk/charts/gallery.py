"""Pictures of a ledger: each chart one call, each answering a question that stands in its docstring."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import altair as alt

from factdesk.charts import calls, display
from factdesk.charts.activity_chart import activity
from factdesk.charts.balance_chart import evidence_balance
from factdesk.charts.calls import Chart, Json
from factdesk.charts.canvas import THEMES, config
from factdesk.charts.claim_card_chart import claim_card
from factdesk.charts.claimants_chart import claimants
from factdesk.charts.publishers_chart import publishers
from factdesk.charts.repeats_chart import repeats
from factdesk.charts.revisions_chart import revisions
from factdesk.charts.status_chart import status_over_time
from factdesk.charts.survival_chart import time_to_status
from factdesk.charts.timeline_chart import timeline
from factdesk.charts.transitions_chart import transitions
from factdesk.schema import VOCABULARY

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

__all__ = [
    "CHARTS",
    "activity",
    "claim_card",
    "claimants",
    "evidence_balance",
    "publishers",
    "remade",
    "repeats",
    "revisions",
    "status_over_time",
    "time_to_status",
    "timeline",
    "transitions",
]

CHARTS: dict[str, Chart] = {
    chart.__name__: chart
    for chart in (
        status_over_time,
        timeline,
        claim_card,
        transitions,
        claimants,
        evidence_balance,
        publishers,
        repeats,
        revisions,
        time_to_status,
        activity,
    )
}
"""Every chart by its name."""

display.enable()
for _theme in THEMES.values():
    # For charts of one's own: alt.theme.enable("factdesk-dark"). Ours don't ask which one is enabled.
    alt.theme.register(f"factdesk-{_theme.name}", enable=False)(
        partial(alt.theme.ThemeConfig, config=config(_theme, VOCABULARY))  # type: ignore[arg-type]
    )


def remade(ledger: Ledger, made: Json, **options: object) -> calls.AnyChart:
    """Draw the chart of a ledger that a file says it holds.

    Parameters
    ----------
    ledger : Ledger
        The ledger itself, not a view.
    made : mapping
        What the chart noted as `made`; it may come from anywhere.
    **options
        Other options than those noted, such as `theme`.

    Returns
    -------
    altair.LayerChart
        The chart.

    Raises
    ------
    InvalidValue
        Where that is no call of ours.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.open("claims.csv")
    >>> made = fd.charts.timeline(ledger.where(text="peace")).usermeta["factdesk"]["made"]
    >>> fd.charts.remade(ledger, made).usermeta["factdesk"]["call"]
    "fd.charts.timeline(ledger.where(text='peace'))"
    """
    return calls.remade(CHARTS, ledger, made, **options)
