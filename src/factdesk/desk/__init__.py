"""The desk in a notebook."""

from __future__ import annotations

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    """Load the desk when it is first asked for: what lies below it asks for no widgets."""
    if name != "workbench":
        raise AttributeError(name)
    return importlib.import_module("factdesk.desk.desk").workbench
