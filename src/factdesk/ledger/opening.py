"""Open a ledger, or create a new one."""

from __future__ import annotations

import contextlib
import json
import os
import warnings
from pathlib import Path
from zoneinfo import ZoneInfo

from factdesk import schema
from factdesk.checks import external_edits
from factdesk.errors import FactdeskWarning, InvalidValue, LedgerUnreadable
from factdesk.formats import counted
from factdesk.ledger.ledger import Ledger, warn
from factdesk.ledger.place import as_path, explained, place_of
from factdesk.ledger.verify import RIVALS
from factdesk.ledger.vocabulary import Statuses, chosen
from factdesk.schema import Settings
from factdesk.storage import seals
from factdesk.storage.create import create as create_files
from factdesk.storage.files import Store
from factdesk.text import clean

NOTED_IN = "FACTDESK_NOTED_IN"
"""The variable of the environment that names the file in which a notebook that runs to be shared notes such ledgers."""


def open(path: str | Path, *, by: str | None = None, strict: bool = False) -> Ledger:
    """Open a ledger.

    Parameters
    ----------
    path : str or pathlib.Path
        Its CSV, beside which the folder of the same stem lies; or the folder that holds both, and no other ledger.
    by : str, optional
        Who writes; by default the name that Git knows, else the system's.
    strict : bool, default False
        Whether rows that are wrong raise an error; by default they are left out of the frames, kept in their
        files, named by `check`, and counted in a warning.

    Raises
    ------
    NotFound, InvalidValue
        Where there is no such file, or several ledgers lie in the folder.
    LedgerUnreadable
        Where a file is no table of a ledger, with every place; with `strict`, also where a row is wrong.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.create("tides.csv", title="Tides").title
    'Tides'
    >>> fd.open("tides.csv", by="Ada Quist").claims.empty
    True
    """
    place, by = place_of(path), _signed(by)
    with explained(place):
        ledger = Ledger._opened(Store(place), by)
    wrong = [finding for finding in ledger._dataset.row_findings if finding.severity == "error"]
    by_hand = ledger._by_hand() if wrong else []
    wrong = external_edits.reminded(wrong, by_hand) + seals.faults(ledger._own_store())
    if strict and wrong:
        raise LedgerUnreadable(wrong)
    unread, undone = ledger.unread, sum(edit.is_undone for edit in by_hand)
    if wrong or unread:
        back = f" ledger.restore() puts back {counted(undone, 'cell')} as known." if undone else ""
        rivals = sum(finding.code in RIVALS for finding in wrong)
        others = sum(finding.places for finding in wrong) - rivals
        parts = (
            f"{'one place is' if others == 1 else f'{others} places are'} wrong" * (others > 0),
            f"rival versions of {counted(rivals, 'row')} are to be settled" * (rivals > 0),
            str(unread).rstrip("."),
        )
        message = f"{place.name}: {'; '.join(filter(None, parts))}. ledger.check() names each.{back}"
        _note(place, rivals + others or 1, str(next(iter(wrong), unread)))
        warnings.warn(message, FactdeskWarning, stacklevel=2)
    return ledger


def create(
    path: str | Path,
    *,
    title: str,
    publisher: str = "",
    timezone: str = "UTC",
    statuses: Statuses = "factdesk",
    noun: str = "",
    plural: str = "",
    by: str | None = None,
) -> Ledger:
    """Make a new, empty ledger: a CSV and a folder of the same stem beside it.

    Parameters
    ----------
    path : str or pathlib.Path
        The CSV to be made, such as `budget.csv`.
    title, publisher : str
        What the ledger is called in charts and pages, and who publishes what comes of it.
    timezone : str, default "UTC"
        In which time zone the ledger's days begin, by its IANA name.
    statuses : str or sequence of str, Status or mapping, default "factdesk"
        Its status vocabulary: a ready one by its name (`politifact`, `promises`, `snopes`, `full-fact`,
        `truth-scale-5`, `community-notes`), or statuses of your own, as in `Ledger.set_vocabulary`.
    noun, plural : str, optional
        What a claim is called in headlines, and several; by default as the vocabulary says.
    by : str, optional
        Who writes; by default the name that Git knows, else the system's.

    Raises
    ------
    LedgerExists
        Where a file or folder of that name is there; nothing is overwritten.
    InvalidValue
        Where the path does not end in `.csv`, the title is empty, the time zone is none, or a status is wrong.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.create("budget.csv", title="Budget claims", timezone="Europe/London").settings.timezone
    'Europe/London'
    >>> fd.create("pledges.csv", title="Pledges", statuses="promises").settings.statuses[:3]
    ['not yet rated', 'in the works', 'stalled']
    """
    given = {"title": title, "publisher": publisher, "noun": noun, "plural": plural}
    for key, value in given.items():
        if not isinstance(value, str):
            raise InvalidValue(key, value, "a few words")
        if len(value) > schema.CELL_LIMIT:
            raise InvalidValue(key, value, f"{schema.CELL_LIMIT:,} characters")
    place = as_path(path)
    words = {key: clean(value, one_line=True) for key, value in given.items()}
    if not words["title"][0]:
        raise InvalidValue("title", title, "a few words")
    try:
        ZoneInfo(timezone)
    except (OSError, ValueError, LookupError, TypeError):
        raise InvalidValue("timezone", timezone, "a name such as 'Europe/London' or 'UTC'") from None
    wanted, by = chosen(statuses), _signed(by)
    warn([f"{key}: {'; '.join(changes)}." for key, (_, changes) in words.items() if changes])
    title, publisher, noun, plural = (word for word, _ in words.values())
    create_files(place, Settings(title, publisher, timezone, wanted.statuses, noun or wanted.noun, plural))
    return open(place, by=by)


def _note(place: Path, count: int, first: str) -> None:
    """Note for who runs a notebook to share it what is wrong with a ledger that it opens."""
    if noted_in := os.environ.get(NOTED_IN):
        one = json.dumps({"path": str(place.resolve()), "count": count, "first": first})
        with contextlib.suppress(OSError), Path(noted_in).open("a", encoding="utf-8") as file:
            file.write(f"{one}\n")


def _signed(by: str | None) -> str | None:
    """Check the name of who writes; None where it is to be found out."""
    if by is None:
        return None
    name = clean(by, one_line=True)[0] if isinstance(by, str) else ""
    if not name or len(name) > schema.CELL_LIMIT:
        raise InvalidValue("by", by, "a name, or nothing")
    return name
