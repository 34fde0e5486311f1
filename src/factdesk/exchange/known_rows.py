"""Rows that came in before: by which plan, and what each said then."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from factdesk.exchange import plan as plans
from factdesk.exchange.plan import Plan
from factdesk.exchange.proposed import REVIEW, Proposed
from factdesk.frames import records
from factdesk.ledger import imports
from factdesk.schema import STATUSES_TABLE as STATUSES
from factdesk.storage import csvfile
from factdesk.storage.files import Store
from factdesk.text import clean

Said = dict[str, dict[str, str]]
"""What each row said, by its key."""


def kept_plan(store: Store, own: str, columns: Collection[str]) -> tuple[str, Plan]:
    """Return the name and the plan by which a sheet of these columns came in before, else a free name and no plan."""
    taken = set()
    for path in store.kept(imports.FOLDER, "*.toml"):
        kept = None if path.stem.startswith("i-") else plans.read(store.disk.read(path))
        taken.add(path.stem)
        used = {column for column, name in kept.columns.items() if name} if kept else set()
        if kept is not None and used and used <= set(columns):
            return path.stem, kept
    names = (own if n == 1 else f"{own}-{n}" for n in range(1, 10**6))
    return next(name for name in names if name not in taken), Plan()


def said_before(store: Store, plan: str) -> tuple[Said, dict[str, str]]:
    """Return what each row said when it came in last, and by the same keys the status that it gave."""
    if not store.kept(imports.FOLDER, f"{plan}.csv"):
        return {}, {}
    data = store.disk.read(imports.place(store, f"{plan}.csv"))
    found = records(pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False))
    rows = (
        {n: csvfile.unshielded(c).replace(csvfile.NEWLINE, "\n") for n, c in row.items() if c}
        for row in found
    )
    gave = [(row.pop(STATUSES.id, ""), row) for row in rows]
    return {key(row): row for _, row in gave}, {key(row): status_id for status_id, row in gave if status_id}


def review_of(text: str) -> dict[str, Any]:
    """Return a published review of its JSON; what is none has nothing.

    >>> review_of('{"claimReviewed": "It rained."}'), review_of("[")
    ({'claimReviewed': 'It rained.'}, {})
    """
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(text)
        return found if isinstance(found, dict) else {}
    return {}


def published(store: Store | None) -> dict[str, dict[str, Any]]:
    """Return the published reviews that became statuses, by the status."""
    kept = store.kept(imports.FOLDER, "*.csv") if store else []
    found: dict[str, dict[str, Any]] = {}
    for path in kept:
        said, gave = said_before(store, path.stem)  # type: ignore[arg-type]
        found |= {
            gave[name]: review_of(row[REVIEW]) for name, row in said.items() if REVIEW in row and name in gave
        }
    return found


def written(before: Said, rows: Sequence[Proposed], gave: Mapping[str, str]) -> bytes:
    """Return what rows said as it is kept, with those that came in before and are not in this sheet.

    `gave` has the status that each gave last, by its key.
    """
    said = {**before, **{key(row.said): row.said for row in rows}}
    said = {name: row | {STATUSES.id: gave[name]} if name in gave else row for name, row in said.items()}
    names = list(dict.fromkeys(chain.from_iterable(said.values())))
    return csvfile.render([names, *([row.get(name, "") for name in names] for row in said.values())])


def key(said: Mapping[str, str]) -> str:
    """Return by what a row is known again: its own id, else claim, claimant and day.

    >>> key({"row_id": " 17 ", "claim": "It rained."})
    '17'
    """
    if said.get("row_id"):
        return said["row_id"].strip()
    return "\0".join(clean(said.get(name, ""), one_line=True)[0] for name in ("claim", "claimant", "made_on"))
