"""Every chart of a ledger, as often as it has a shape of its own, drawn once a session."""

from collections.abc import Callable
from functools import cache, partial

import altair as alt
from samples import ledger_of

import factdesk as fd
from factdesk.errors import InvalidValue

EVENTS = [
    {"day": "2025-03-11", "event": "US and Ukraine meet in Jeddah"},
    {"day": "2025-08-15", "event": "Summit in Alaska"},
]
DRAWINGS: dict[str, Callable[..., alt.TopLevelMixin]] = {
    **fd.charts.CHARTS,
    "status_over_time-given": partial(fd.charts.status_over_time, what="given"),
    "status_over_time-by": partial(fd.charts.status_over_time, by="claimant"),
}
"""The charts, and the other forms of one, by the name of their pictures."""


@cache
def drawing(name: str, ledger: str, theme: str = "light") -> alt.TopLevelMixin | None:
    """Draw a chart of the sample or one of `samples.LEDGERS`; none where the ledger has too little for it."""
    events = {"events": EVENTS} if (name, ledger) == ("status_over_time", "sample") else {}
    return drawn(name, ledger_of(ledger), theme=theme, **events)


def drawn(name: str, ledger: fd.Ledger, **options: object) -> alt.TopLevelMixin | None:
    """Draw a chart of any ledger; none where it is refused for having too few claims."""
    if name == "claim_card":
        options["claim_id"] = ledger.claims["claim_id"].iloc[0]
    try:
        return DRAWINGS[name](ledger, **options)
    except InvalidValue:
        if name == "time_to_status" and len(ledger.claims) < 20:
            return None
        raise


def all_drawn(ledger: fd.Ledger, **options: object) -> dict[str, alt.TopLevelMixin]:
    """Draw every chart of a ledger."""
    charts = {name: drawn(name, ledger, **options) for name in DRAWINGS}
    return {name: chart for name, chart in charts.items() if chart is not None}
