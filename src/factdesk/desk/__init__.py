"""The desk in a notebook: forms over the public calls, the list of claims, and two charts.

It may import everything but the command line; nothing but `factdesk.workbench` imports it. Begin with `desk.Desk`;
`forms` are its forms, `card` its HTML, `picture` a chart in it.
"""

from __future__ import annotations

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    """Load the desk when it is first asked for: what lies below it asks for no widgets."""
    if name != "workbench":
        raise AttributeError(name)
    return importlib.import_module("factdesk.desk.desk").workbench
