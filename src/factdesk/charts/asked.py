"""What charts ask of a ledger, or of a store that holds one: there the engine adds up, and no claim's rows come along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from factdesk import measures
from factdesk.formats import by_name
from factdesk.ledger.ledger import Day, Ledger
from factdesk.scale.store import Store
from factdesk.schema import SEPARATOR

BEGAN = {"held": "start", "given": "holds_from"}
"""In which column of a history a status begins."""


def claims(ledger: Ledger | Store) -> int:
    """Return how many claims there are.

    >>> import factdesk as fd
    >>> claims(fd.open("claims.csv"))
    22
    """
    return ledger.size if isinstance(ledger, Store) else len(ledger.claims)


def history(ledger: Ledger | Store, what: str = "held") -> pd.DataFrame:
    """Return the statuses held, or given; of a store added up by day, with how many `claims` a row stands for."""
    if isinstance(ledger, Store):
        return ledger.steps(what)
    return ledger.intervals() if what == "held" else ledger.statuses


def transitions(ledger: Ledger | Store) -> pd.DataFrame:
    """Return the frame of `fd.measures.transitions`."""
    return ledger.transitions() if isinstance(ledger, Store) else measures.transitions(ledger)


def claimants(ledger: Ledger | Store, day: Day | None) -> pd.DataFrame:
    """Return the frame of `fd.measures.claimants`."""
    return ledger.claimants(day) if isinstance(ledger, Store) else measures.claimants(ledger, day)


def sizes(ledger: Ledger | Store, by: str, what: str) -> dict[str, int]:
    """Return how many claims each claimant or topic has, most first; of those held, claims that can be read."""
    if isinstance(ledger, Store):
        found = ledger.parts(by, what).set_index("part")["claims"]
    else:
        found = _parts(ledger, by, what)["part"].value_counts()
    return {
        part: int(found[part]) for part in sorted(found.index, key=lambda part: (-found[part], by_name(part)))
    }


def of_parts(
    ledger: Ledger | Store, by: str, what: str, parts: Iterable[str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the history of each of some claimants or topics."""
    whole = ledger.steps(what, by, parts) if isinstance(ledger, Store) else history(ledger, what)
    of = None if isinstance(ledger, Store) else _parts(ledger, by, what)
    for part in parts:
        if of is None:
            yield part, whole[whole["part"] == part].drop(columns="part")
        else:
            yield part, whole[whole["claim_id"].isin(of.loc[of["part"] == part, "claim_id"])]


def _parts(ledger: Ledger, by: str, what: str) -> pd.DataFrame:
    """Return of which claimant each claim is, or of which topics."""
    found = ledger.claims[["claim_id", "claimant", "topics"]]
    if what == "held":
        found = found[~found["claim_id"].isin(ledger.unread.claims)]
    if by == "claimant":
        return found.rename(columns={"claimant": "part"})
    topics = found["topics"].replace("", "no topic").str.split(SEPARATOR)
    return found.assign(part=topics).explode("part").drop_duplicates(["claim_id", "part"])
