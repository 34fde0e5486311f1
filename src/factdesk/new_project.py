"""A project of one's own: a folder with an empty ledger and the notebooks that go with it."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from importlib import resources
from pathlib import Path

from factdesk.errors import InvalidValue, LedgerExists, NotFound
from factdesk.ledger import opening
from factdesk.ledger.vocabulary import Statuses

STARTER = "starter"
"""Folder of the package that holds the notebooks of a new project."""


def new(
    folder: str | Path,
    title: str,
    *,
    publisher: str = "",
    timezone: str = "UTC",
    statuses: Statuses = "factdesk",
) -> Path:
    """Make a folder with an empty ledger and notebooks that open it; nothing is overwritten.

    Parameters
    ----------
    folder : str or pathlib.Path
        The folder to be made; the one above it must be there.
    title : str
        What the ledger is called in charts and pages.
    publisher : str, optional
        Who publishes what comes of it.
    timezone : str, default "UTC"
        In which time zone the ledger's days begin, by its IANA name.
    statuses : str or sequence of str, Status or mapping, default "factdesk"
        The ledger's status vocabulary: a ready one by its name, or statuses of your own.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    LedgerExists
        Where something of that name is there.
    NotFound
        Where the folder above is not there.
    InvalidValue
        Where the title is empty, the time zone is none, a status is wrong, or no folder can have the name.

    Examples
    --------
    >>> sorted(path.name for path in new("tides", "Tides and floods").iterdir())
    ['.gitattributes', 'claims', 'claims.csv', 'notebooks']
    """
    place = Path(folder)
    try:
        place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError) as error:  # too long a name, or one with a NUL in it
        raise InvalidValue("folder", str(folder), "a name that a folder can have") from error
    else:
        raise LedgerExists(str(place))
    above = place.absolute().parent
    if not above.is_dir():
        raise NotFound("folder", str(above), (), "Make it first.")
    with tempfile.TemporaryDirectory(dir=above, prefix=f".{place.name}-") as scratch:
        made = Path(scratch) / place.name
        made.mkdir()
        opened = opening.create(
            made / "claims.csv", title=title, publisher=publisher, timezone=timezone, statuses=statuses
        )
        shutil.rmtree(made / "claims" / ".factdesk", ignore_errors=True)
        (made / "notebooks").mkdir()
        for notebook in resources.files("factdesk").joinpath(STARTER).iterdir():
            text = notebook.read_text("utf-8")
            word = json.dumps(opened.settings.statuses[:2][-1], ensure_ascii=False)
            named = text.replace("PROJECT TITLE", _as_json(_as_markdown(opened.title))).replace(
                _as_json('"in review"'), _as_json(word)
            )
            (made / "notebooks" / notebook.name).write_text(named, "utf-8", newline="\n")
        made.rename(place)
    return place


def _as_json(text: str) -> str:
    """Write text as it stands between the quotation marks of a notebook's file."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _as_markdown(text: str) -> str:
    """Write text so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$&])", r"\\\1", text)
