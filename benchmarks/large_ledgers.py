"""Write large ledgers of made-up claims straight as CSV: three statuses and two pieces of evidence a claim."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import factdesk as fd
from factdesk import schema

SEED = 20250315
FIRST, YEARS = np.datetime64("2014-01-01"), 10
GIVEN, ATTACHED = 3, 2
"""Statuses and pieces of evidence that each claim has."""

# About a cell in twelve has letters beyond ASCII, as real claims have: names, quotation marks, dashes.
_WHO = (
    "the ministry of finance", "the mayor’s office", "a spokesperson", "the regional council", "her government",
    "the national bank", "the opposition", "the railway company", "our party", "the Żeleński committee",
)  # fmt: skip
_DID = (
    "raised spending on schools", "cut the number of hospital beds", "built more homes than any before",
    "lowered taxes on small companies", "doubled imports of natural gas", "halved youth unemployment",
    "closed every second post office", "let rents rise faster than wages", "paid back the whole debt",
    "planted a million trees", "ended the waiting lists", "kept all its promises, bar one",
)  # fmt: skip
_HOW = (
    "by 4.5 percent", "by a third", "since the last election", "within two years", "in every region",
    "more than all its neighbours", "for the first time since the war", "without a single new loan",
    "from 12,400 to 9,800", "as “never before”",
)  # fmt: skip
_FIRST_NAMES = (
    "Ada",
    "Bela",
    "Chidi",
    "Dana",
    "Emeka",
    "Farid",
    "Grace",
    "Hana",
    "Ivo",
    "Jana",
    "Zoë",
    "Niña",
)
_LAST_NAMES = ("Quist", "Marlow", "Okafor", "Petrenko", "Lindqvist", "Haddad", "Novak", "Ferreira", "Brandt")
_TOPICS = ("budget", "health", "housing", "energy", "schools;budget", "transport", "taxes", "climate;energy")
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz234567"))
_BY = "Ada Quist"


def generate(folder: Path, claims: int) -> Path:
    """Write a ledger of so many claims over ten years into a folder, the same at each call; return its CSV."""
    path = folder / "claims.csv"
    settled = fd.create(path, title=f"{claims:,} generated claims").settings.statuses[1:]
    random = np.random.default_rng(SEED)
    beside = path.with_suffix("")

    claim_id = pa.array(np.char.add("claim-", np.char.zfill(np.arange(claims).astype(str), 7)))
    made_on = FIRST + np.sort(random.integers(0, 365 * YEARS, claims))
    text = _joined(random, claims, " ", _WHO, _DID, _HOW)
    claimant = _joined(random, claims, " ", _FIRST_NAMES, _LAST_NAMES)
    sources = max(1, claims // 2)
    source_id = _ids("s", random, sources)
    _write(path, schema.CLAIMS, claims, {
        "claim_id": claim_id, "claim": text, "claimant": claimant, "made_on": _days(made_on),
        "quote": _some(random, pc.binary_join_element_wise("We know that", text, " ")),
        "appearance": source_id.take(pa.array(random.integers(0, sources, claims))),
        "kind": _one_of(random, claims, schema.KINDS), "topics": _one_of(random, claims, _TOPICS),
        "logged_at": _moments(made_on, random), "logged_by": _BY,
    })  # fmt: skip
    _write(beside / "sources.csv", schema.SOURCES, sources, {
        "source_id": source_id,
        "url": pc.binary_join_element_wise("https://news.example.org/2021/", source_id, ""),
        "title": _joined(random, sources, " ", _WHO, _DID),
        "publisher": _one_of(random, sources, ("The Daily", "Kurjer", "Morning Post", "Le Réveil")),
        "published_on": _days(FIRST + random.integers(0, 30, sources)),
        "type": _one_of(random, sources, schema.SOURCE_TYPES),
        "reliability": _one_of(random, sources, schema.RELIABILITY),
        "added_at": _moments(np.full(sources, FIRST + 40), random), "added_by": _BY,
    })  # fmt: skip

    of = np.repeat(np.arange(claims), ATTACHED)
    attached = made_on[of] + random.integers(1, 40, len(of))
    order = np.argsort(attached, kind="stable")  # written as they came, one after the other
    of, attached = of[order], attached[order]
    evidence_id = _ids("e", random, len(of))
    _write(beside / "evidence.csv", schema.EVIDENCE, len(of), {
        "evidence_id": evidence_id, "claim_id": claim_id.take(pa.array(of)),
        "source_id": source_id.take(pa.array(random.integers(0, sources, len(of)))),
        "stance": _one_of(random, len(of), schema.STANCES),
        "quote": _some(random, _joined(random, len(of), " ", _WHO, _DID, _HOW)),
        "place": pc.binary_join_element_wise("para", _one_of(random, len(of), tuple("123456789")), " "),
        "credibility": _one_of(random, len(of), schema.CREDIBILITY),
        "attached_at": _moments(attached, random), "attached_by": _BY,
    })  # fmt: skip

    rests_on = np.empty(claims, np.int64)
    rests_on[of] = np.arange(len(of))
    of = np.repeat(np.arange(claims), GIVEN)
    holds_from = made_on[of] + random.integers(40, 400, len(of))
    order = np.argsort(holds_from, kind="stable")
    of, holds_from = of[order], holds_from[order]
    why = _joined(
        random,
        len(of),
        " ",
        ("Two documents agree that", "The figures show that", "Read in full:"),
        _WHO,
        _DID,
    )
    _write(beside / "statuses.csv", schema.STATUSES_TABLE, len(of), {
        "status_id": _ids("t", random, len(of)), "claim_id": claim_id.take(pa.array(of)),
        "status": _one_of(random, len(of), tuple(settled)), "holds_from": _days(holds_from), "rationale": why,
        "evidence": evidence_id.take(pa.array(rests_on[of])),
        "gaps": _some(random, _one_of(random, len(of), ("No figures since 2019.", "The ministry’s own tables.")), 0.2),
        "recorded_at": _moments(holds_from, random), "recorded_by": _BY,
    })  # fmt: skip
    return path


def _joined(random: np.random.Generator, rows: int, between: str, *parts: tuple[str, ...]) -> pa.Array:
    return pc.binary_join_element_wise(*(_one_of(random, rows, words) for words in parts), between)


def _one_of(random: np.random.Generator, rows: int, words: tuple[str, ...]) -> pa.Array:
    return pa.array(words).take(pa.array(random.integers(0, len(words), rows)))


def _some(random: np.random.Generator, cells: pa.Array, share: float = 0.5) -> pa.Array:
    return pc.if_else(pa.array(random.random(len(cells)) < share), cells, "")


def _ids(letter: str, random: np.random.Generator, rows: int) -> pa.Array:
    """Return ids of the form that rows have; at random, and each once."""
    drawn = _LETTERS[random.integers(0, 32, (rows, 12))]
    drawn[:, :5] = _LETTERS[np.arange(rows)[:, None] // 32 ** np.arange(5) % 32]
    names = pa.array(np.ascontiguousarray(drawn).view("U12").ravel())
    return pc.binary_join_element_wise(letter, names, "-")


def _days(days: np.ndarray) -> pa.Array:
    return pc.cast(pa.array(days.astype("datetime64[D]")), pa.string())


def _moments(days: np.ndarray, random: np.random.Generator) -> pa.Array:
    moments = days.astype("datetime64[us]") + random.integers(0, 86_400_000_000, len(days))
    return pc.strftime(pa.array(np.sort(moments) if len(days) > 1 else moments), "%Y-%m-%dT%H:%M:%SZ")


def _write(path: Path, table: schema.Table, rows: int, cells: dict[str, pa.Array | str]) -> None:
    columns = [cells.get(name, "") for name in table.first_names]
    with path.open("wb") as file:
        file.write((",".join(table.first_names) + "\n").encode())
        for start in range(0, rows, 200_000):
            part = [one if isinstance(one, str) else _quoted(one[start : start + 200_000]) for one in columns]
            lines = pc.binary_join_element_wise(pc.binary_join_element_wise(*part, ","), "", "\n")
            file.write(memoryview(lines.buffers()[2])[: _bytes(lines)])


def _quoted(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(cells, pa.ChunkedArray):  # what NumPy's texts become where they are many
        cells = cells.combine_chunks()
    return pc.if_else(pc.match_substring(cells, ","), pc.binary_join_element_wise('"', cells, '"', ""), cells)


def _bytes(lines: pa.Array) -> int:
    return int(pc.sum(pc.binary_length(lines)).as_py())
