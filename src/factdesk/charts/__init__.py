"""Charts."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_NAMES = {
    "CHARTS", "activity", "claim_card", "claimants", "evidence_balance", "publishers", "remade", "repeats", "revisions",
    "status_over_time", "time_to_status", "timeline", "transitions", "__all__",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load the charts when the first is asked for: what lies below them asks for no Altair."""
    if name in ("days", "status_scale"):
        home = {"days": "time_axis", "status_scale": "theme"}[name]
        return getattr(importlib.import_module(f"factdesk.charts.{home}"), name)
    if name not in _NAMES:
        raise AttributeError(name)
    return getattr(importlib.import_module("factdesk.charts." + "gallery"), name)


class _Charts(ModuleType):
    """Keep the name of a chart for the function where a file of that name is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _NAMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Charts
