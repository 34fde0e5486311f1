"""Where a file that holds a chart comes from, whether a ledger still says what it shows, and the chart drawn again."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from factdesk import charts
from factdesk.charts.calls import GONE, RENAMED, VERSION
from factdesk.charts.chart import NO_DIGEST
from factdesk.charts.chart_rows import Json, metadata, rows_behind
from factdesk.charts.provenance import Marks, Provenance, Standing, read
from factdesk.errors import FactdeskError, InvalidValue
from factdesk.frames import LedgerFrame
from factdesk.text import shown

if TYPE_CHECKING:
    from factdesk.charts.calls import AnyChart
    from factdesk.ledger.ledger import Ledger


def remade(ledger: Ledger, made: Json, **options: object) -> AnyChart:
    """Draw the chart of a ledger that a file says it holds, also one that an earlier version made.

    Parameters
    ----------
    ledger : Ledger
        The ledger itself, not a view.
    made : mapping
        What the chart recorded as `made`; it may come from anywhere.
    **options
        Other options than those recorded, such as `theme`.

    Returns
    -------
    altair.LayerChart
        The chart.

    Raises
    ------
    InvalidValue
        Where that is no call of ours, or the chart is gone.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.open("claims.csv")
    >>> made = fd.charts.timeline(ledger.where(text="peace")).usermeta["factdesk"]["made"]
    >>> fd.charts.remade(ledger, made).usermeta["factdesk"]["call"]
    "fd.charts.timeline(ledger.where(text='peace'))"
    """
    given: Mapping[str, Any] = made if isinstance(made, Mapping) else {}
    name = str(given.get("chart"))
    if name in GONE:
        raise InvalidValue("made", name, f"a chart that is still drawn; its numbers are in {GONE[name]}")
    draw = charts.CHARTS.get(RENAMED.get(name, name))
    if draw is None:
        raise InvalidValue.choice("made", name, charts.CHARTS)
    try:
        for kind, asked in given.get("views", ()):
            if kind not in ("where", "as_known"):
                raise InvalidValue("made", str(kind), "views of a ledger: where, as_known")
            ledger = getattr(ledger, kind)(**asked)
        recorded = {**given.get("options", {})}
        takes = inspect.signature(draw).parameters
        if recorded.pop("even", None) is True and "gaps" in takes:
            recorded["gaps"] = False
        if name in RENAMED:
            recorded = {one: value for one, value in recorded.items() if one in takes}
        return draw(ledger, **{**recorded, **options})
    except FactdeskError:
        raise
    # The call comes from a file, so that its words may be of any kind.
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise InvalidValue("made", str(made), f"a call that can be made again ({error})") from error


def provenance(path: str | Path, ledger: Ledger | None = None) -> Provenance:
    """Read where a file comes from: which ledger it shows, as of when, and by which call it was made.

    It is what the file says of itself, in metadata that anybody can write.

    Parameters
    ----------
    path : str or pathlib.Path
        A PNG, SVG, PDF, HTML, JSON or XLSX that `fd.save` wrote, whatever it is called now.
    ledger : Ledger, optional
        The ledger itself, not a view: the chart is drawn of it again, and its rows compared with the file's.

    Returns
    -------
    Provenance
        What it says, and as `standing` whether the ledger still says the same.

    Raises
    ------
    NotFound
        Where there is no such file.
    InvalidValue
        Where the file says nothing of the kind, or the chart can't be drawn again.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.open("claims.csv")
    >>> chart = fd.charts.status_over_time(ledger.where(text="peace"))
    >>> found = fd.provenance(fd.save(chart, "status.svg"), ledger)
    >>> found.call
    "fd.charts.status_over_time(ledger.where(text='peace'))"
    >>> found.standing.says
    'Still so: the ledger has the same digest.'
    """
    found = read(Path(path))
    if ledger is None:
        return found
    standing = _standing(found, ledger)
    return replace(found, standing=replace(standing, says=f"{standing.says} {ledger.unread}".rstrip()))


def redrawn(found: Provenance, ledger: Ledger) -> AnyChart:
    """Draw the chart that a file says it holds, of a ledger as it is today.

    Raises
    ------
    InvalidValue
        Where the file does not say by which call, or the call can't be made.
    """
    if not found.made:
        raise InvalidValue("path", found.title, "a file that says by which call its chart was made")
    return remade(ledger, found.made)


def _standing(found: Provenance, ledger: Ledger) -> Standing:
    spec = redrawn(found, ledger).to_dict()
    rows, about = list(rows_behind(spec)), metadata(spec)
    now, then = Marks.of(rows, str(about.get("as_of", ""))), found.rows
    same = about.get("digest") == found.digest
    if now.all == then.all:
        since = "it notes no digest" if found.digest == NO_DIGEST else "the ledger was written to since"
        says = f"The picture still shows what the ledger says, though {since}."
        return Standing(True, "Still so: the ledger has the same digest." if same else says, _frame([]), 0)
    why = _reason(found, ledger, same)
    if len(then.each) != then.number or len(now.each) != now.number:
        counts = f"{then.number:,} rows in it, {now.number:,} of the ledger today"
        return Standing(False, f"No longer so: other rows ({counts}).{why}", _frame([]), 0)
    left, changed = Counter(then.each), []
    for row, mark in zip(rows, now.each, strict=True):
        if left[mark]:
            left[mark] -= 1
        else:
            changed.append(row)
    gone = left.total()
    order = "" if changed or gone else " They are the same rows in another order."
    says = (
        f"No longer so: of {then.number:,} rows in it the ledger gives {gone:,} no more, and today "
        f"{len(changed):,} that are not in it.{order}{why}"
    )
    return Standing(False, says, _frame(changed), gone)


def _reason(found: Provenance, ledger: Ledger, same: bool) -> str:
    if found.ledger != ledger.title:
        theirs, ours = (f"“{shown(title, limit=60)}”" for title in (found.ledger, ledger.title))
        return f" The file names a ledger called {theirs}; this one is called {ours}: it may be another, or renamed."
    if found.version != VERSION:
        made_by = shown(found.version, limit=20)
        return f" It was made by factdesk {made_by}; this is {VERSION}, which may draw other rows."
    return " Yet the ledger has the same digest: what the file says of itself was changed." if same else ""


def _frame(rows: Sequence[Mapping[str, Json]]) -> pd.DataFrame:
    return LedgerFrame(pd.DataFrame(rows))
