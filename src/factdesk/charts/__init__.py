"""Charts of a ledger: each one call, each answering a question that stands in its docstring, each an Altair chart.

They take a ledger's frames and change nothing; they may import everything below pages, and nothing there. Begin with
`status_over_time.py`, which shows how a chart is put together from `theme`, `time_axis`, `rows` and `chart`.

Options of every chart: `theme` ("light", "dark" or "print"; otherwise the one enabled in Altair, or light), `size`
("page", "column", "slide" or "card": the room that it is for), `width` (pixels of the whole picture), `locale` (a tag
such as "de", by which days and numbers are written), `title` (otherwise the finding, in words), and of those drawn
over time `gaps` ("auto", True or False: whether idle spans are drawn narrow) and `span` (the first and the last day).
"""

from __future__ import annotations

import importlib
import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factdesk.charts.claim_card import claim_card as claim_card
    from factdesk.charts.claimants import claimants as claimants
    from factdesk.charts.evidence import evidence as evidence
    from factdesk.charts.repeats import repeats as repeats
    from factdesk.charts.status_over_time import status_over_time as status_over_time
    from factdesk.charts.theme import status_scale as status_scale
    from factdesk.charts.time_axis import days as days
    from factdesk.charts.time_to_status import time_to_status as time_to_status
    from factdesk.charts.timeline import timeline as timeline
    from factdesk.charts.transitions import transitions as transitions

NAMES = (
    "status_over_time", "timeline", "claim_card", "claimants", "transitions", "repeats", "evidence", "time_to_status",
)  # fmt: skip
"""Every chart: a file of this name draws it."""
_HOMES = {name: name for name in NAMES} | {"days": "time_axis", "status_scale": "theme", "remade": "redraw"}

__all__ = ["CHARTS", *_HOMES]


class _Charts(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        """Keep a chart's function where importing the file of its name would put the module."""
        if name in _HOMES and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Charts


def __getattr__(name: str) -> Any:
    """Load a chart when it is first asked for: what lies below asks for no Altair."""
    if name == "CHARTS":
        return {one: getattr(sys.modules[__name__], one) for one in NAMES}
    if name not in _HOMES:
        return _earlier(name)
    importlib.import_module("factdesk.charts.display").enable()
    return getattr(importlib.import_module(f"factdesk.charts.{_HOMES[name]}"), name)


def _earlier(name: str) -> Any:
    """Return the chart that has the place of one of an earlier version; name the frame of one that is gone."""
    from factdesk.charts.calls import GONE, RENAMED

    if name in GONE:
        raise AttributeError(f"fd.charts.{name} is drawn no more; its numbers are in {GONE[name]}")
    if name not in RENAMED:
        raise AttributeError(f"module 'factdesk.charts' has no attribute {name!r}")
    warnings.warn(f"fd.charts.{name} is fd.charts.{RENAMED[name]} now", FutureWarning, stacklevel=3)
    return __getattr__(RENAMED[name])


def __dir__() -> list[str]:
    return sorted(__all__)
