"""The statuses that a call gives a ledger, and what becomes of the rows that hold other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import pandas as pd

from factdesk.errors import InvalidValue, StatusesInUse, nearest
from factdesk.schema import Settings, Status
from factdesk.storage import settings as settings_file
from factdesk.storage.table_file import Reading
from factdesk.vocabularies import VOCABULARIES, Vocabulary

Statuses = str | Sequence[str | Status | Mapping[str, object]]
"""The name of a ready vocabulary, or statuses in stacking order: words, `Status`, or mappings of its parts."""


def chosen(statuses: Statuses, now: Sequence[Status] = ()) -> Vocabulary:
    """Return the vocabulary that a call asks for: a ready one by its name, or one of statuses of one's own.

    A word that is a status `now` stays what it is.

    Raises
    ------
    InvalidValue
        Where there is none of that name, or `ledger.toml` could not say such statuses.

    Examples
    --------
    >>> [status.name for status in chosen(["true", "false"]).statuses]
    ['unverified', 'true', 'false']
    >>> chosen("promises").noun
    'promise'
    """
    if isinstance(statuses, str) and statuses in VOCABULARIES:
        return VOCABULARIES[statuses]
    if isinstance(statuses, str) or not isinstance(statuses, Sequence) or isinstance(statuses, bytes):
        near = "".join(f"; nearest: {name!r}" for name in nearest(statuses, list(VOCABULARIES), n=1))
        allowed = f"{', '.join(VOCABULARIES)}, or a list of one's own words{near}"
        raise InvalidValue("statuses", statuses, allowed)
    known = {status.name: status for status in now}
    tables = [_table(known.get(one, one) if isinstance(one, str) else one) for one in statuses]
    scales = [table.pop("best_rating") for table in tables if "best_rating" in table] or [settings_file.BEST]
    best = scales[0]
    if any(one != best for one in scales):
        raise InvalidValue("statuses: best_rating", scales, "one for all of them")
    wanted = settings_file.parsed(tables, best)
    names = [status.name for status in wanted]
    if len({name.casefold() for name in names}) < len(names):
        raise InvalidValue("statuses", names, "each name once: capitals alone tell no two statuses apart")
    return Vocabulary(wanted, "the ledger's own")


def _table(status: object) -> dict[str, object]:
    """Return what `ledger.toml` would say of a status."""
    if isinstance(status, str):
        return {"name": status}
    if isinstance(status, Status):
        parts = {name: value for name, value in asdict(status).items() if value not in ("", None, ())}
        if status.rating is None:
            del parts["best_rating"]
    elif isinstance(status, Mapping):
        parts = {str(name): value for name, value in status.items()}
        known = [*settings_file.STATUS_KEYS, "best_rating"]
        for name in parts:
            if name not in known:
                raise InvalidValue.choice("statuses: a part of a status", name, known)
    else:
        raise InvalidValue("statuses", status, "words, Status, or mappings with a name")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in parts.items()}


def words_in_use(readings: Mapping[str, Reading]) -> Counter[str]:
    """Count the rows in which each status stands: in statuses as the files have them, and in what they were before."""
    changes = readings["changes"].cells
    of = changes[(changes["table"] == "statuses") & (changes["column"] == "status")]
    words = pd.concat([readings["statuses"].cells["status"], of["before"], of["after"]])
    return Counter(word for word in words.tolist() if word)


def with_earlier(
    statuses: Sequence[Status], now: Settings, in_use: Mapping[str, int], renamed: Mapping[str, str]
) -> tuple[Status, ...]:
    """Return a new vocabulary that also says how to read the words that rows hold today.

    A word that is a status no longer reads as what `renamed` calls it, else as what `renamed_from` of the new
    vocabulary or the ledger's own says.

    Raises
    ------
    StatusesInUse
        Where rows hold a word of which nothing says how to read it.
    InvalidValue
        Where a word of `renamed` is none.
    """
    names = [status.name for status in statuses]
    said = {old: status.name for status in statuses for old in status.renamed_from}
    words = list(dict.fromkeys([*now.statuses, *now.renamed, *in_use]))
    for old, new in renamed.items():
        if old in names:
            raise InvalidValue("renamed", old, "words that are no status any more")
        if old not in words:
            raise InvalidValue.choice("renamed", old, words)
        if new not in names:
            raise InvalidValue.choice("renamed", new, names)
    earlier: dict[str, str] = {}
    lost: dict[str, int] = {}
    for word in words:
        if word in names or word in said:
            continue
        means = now.renamed.get(word, word)
        new = renamed.get(word) or renamed.get(means) or said.get(means) or (means if means in names else "")
        if new:
            earlier[word] = new
        elif word in in_use and means in now.statuses:
            lost[word] = in_use[word]
    if lost:
        raise StatusesInUse(lost, names)
    return tuple(
        replace(one, renamed_from=(*one.renamed_from, *(w for w, new in earlier.items() if new == one.name)))
        for one in statuses
    )
