"""Rows that came in before: by which plan, what each said then, and which claim it is."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import pandas as pd

from factdesk.exchange import plan as plans
from factdesk.exchange.plan import Plan
from factdesk.exchange.proposed import Proposed
from factdesk.frames import records
from factdesk.ledger import imports
from factdesk.schema import CLAIMS
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


def said_before(store: Store, plan: str) -> Said:
    """Return what each row said when it came in last."""
    if not store.kept(imports.FOLDER, f"{plan}.csv"):
        return {}
    data = store.disk.read(imports.place(store, f"{plan}.csv"))
    found = records(pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False))
    rows = (
        {n: csvfile.unshielded(c).replace(csvfile.NEWLINE, "\n") for n, c in row.items() if c}
        for row in found
    )
    return {key(row): row for row in rows}


def written(before: Said, rows: Sequence[Proposed]) -> bytes:
    """Return what rows said as it is kept, with those that came in before and are not in this sheet."""
    said = {**before, **{key(row.said): row.said for row in rows}}
    names = list(dict.fromkeys(chain.from_iterable(said.values())))
    return csvfile.render([names, *([row.get(name, "") for name in names] for row in said.values())])


def compare(rows: Sequence[Proposed], before: Said, claims: pd.DataFrame, made_by: Collection[str]) -> None:
    """Say of each row which claim it is, and whether it says the same as before; `made_by` are the plan's imports."""
    by_id: dict[str, str] = {}
    by_words: dict[tuple[str, str, str], str] = {}
    names = (CLAIMS.id, "claim", "claimant", "made_on", "origin")
    for claim_id, *cells, origin in zip(*(claims[name].tolist() for name in names), strict=True):
        import_id, own = imports.own_id(origin)
        if import_id in made_by and own:
            by_id[own] = claim_id
        by_words.setdefault((cells[0], cells[1], cells[2]), claim_id)
    for row in rows:
        if row.reasons:
            continue
        words = [clean(str(row.claim.get(name) or ""), one_line=True)[0] for name in ("claim", "claimant")]
        day = f"{row.claim['made_on']}-01-01"[:10] if row.claim.get("made_on") else ""
        row.claim_id = by_id.get(row.own_id, "") if row.own_id else ""
        row.claim_id = row.claim_id or by_words.get((words[0], words[1], day), "")
        if not row.claim_id:
            continue
        known = before.get(key(row.said))
        row.standing = "same" if known == row.said else "changed"
        if known is not None:
            pairs = {n: (known.get(n, ""), row.said.get(n, "")) for n in dict.fromkeys([*known, *row.said])}
            row.changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def key(said: Mapping[str, str]) -> str:
    """Return by what a row is known again: its own id, else claim, claimant and day.

    >>> key({"row_id": " 17 ", "claim": "It rained."})
    '17'
    """
    if said.get("row_id"):
        return said["row_id"].strip()
    return "\0".join(clean(said.get(name, ""), one_line=True)[0] for name in ("claim", "claimant", "made_on"))
