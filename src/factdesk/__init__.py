"""A claim fact-checking workbench for Jupyter: log claims, attach sources, give statuses, chart them."""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factdesk import charts, desk, measures, scale
    from factdesk.articles.article import read_article
    from factdesk.charts.redraw import provenance
    from factdesk.charts.save import save
    from factdesk.desk.workbench import workbench
    from factdesk.errors import FactdeskError, FactdeskWarning
    from factdesk.exchange import claimreview
    from factdesk.exchange.export import export
    from factdesk.exchange.importing import import_table
    from factdesk.ledger.ledger import Ledger
    from factdesk.ledger.opening import create, open
    from factdesk.pages.bundle import unpack
    from factdesk.pages.share import share

__version__ = "0.1.0"
__all__ = [
    "FactdeskError", "FactdeskWarning", "Ledger", "charts", "claimreview", "create", "desk", "export", "import_table", "measures",
    "open", "provenance", "read_article", "save", "scale", "share", "unpack", "workbench",
]  # fmt: skip

# Where each public name lives: loaded when it is first used, so that importing factdesk costs little.
_HOMES = {
    "FactdeskError": "errors", "FactdeskWarning": "errors", "Ledger": "ledger.ledger", "create": "ledger.opening",
    "export": "exchange.export", "import_table": "exchange.importing", "open": "ledger.opening",
    "provenance": "charts.redraw", "read_article": "articles.article", "save": "charts.save", "share": "pages.share", "unpack": "pages.bundle",
    "workbench": "desk.workbench",
}  # fmt: skip
_MODULES = {
    "charts": "charts",
    "claimreview": "exchange.claimreview",
    "desk": "desk",
    "measures": "measures",
    "scale": "scale",
}
_RENAMED = {"whence": "provenance"}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(f"factdesk.{_MODULES[name]}")
    home = _RENAMED.get(name, name)
    if home in _HOMES:
        value = getattr(importlib.import_module(f"factdesk.{_HOMES[home]}"), home)
        if home != name:
            from factdesk.errors import FactdeskWarning

            warnings.warn(f"fd.{name} is called fd.{home} now.", FactdeskWarning, stacklevel=2)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'factdesk' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
