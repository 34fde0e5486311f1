"""Ledgers to draw, written as files at once, and what a chart of them carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import altair as alt

import factdesk as fd
from factdesk import schema
from factdesk.storage import csvfile

ROOT = Path(__file__).resolve().parent.parent
MOMENT = "T10:00:00.000000Z"
WORDS = [
    "the",
    "minister",
    "said",
    "that",
    "taxes",
    "on",
    "imported",
    "steel",
    "will",
    "fall",
    "by",
    "half",
    "before",
    "summer",
]
PEOPLE = ("Ada Quist", "The Daily Intake", "Ministry of Finance", "Jens Holm", "Radio Nord")


def sample() -> fd.Ledger:
    """The sample ledger."""
    return fd.open(ROOT / "claims.csv", by="Ada Quist")


def written(
    folder: Path,
    claims: Sequence[dict[str, str]],
    statuses: Sequence[dict[str, str]] = (),
    evidence: Sequence[dict[str, str]] = (),
    sources: Sequence[dict[str, str]] = (),
    *,
    appearances: Sequence[dict[str, str]] = (),
    changes: Sequence[dict[str, str]] = (),
    title: str = "Steel",
    as_of: str = "2025-04-30",
    more: str = "",
) -> fd.Ledger:
    """Write a ledger of these rows, all of them recorded on one day; `more` is added to its settings."""
    fd.create(folder / "claims.csv", title=title, by="Ada Quist")
    for name, rows in (
        ("claims", claims),
        ("statuses", statuses),
        ("evidence", evidence),
        ("sources", sources),
        ("appearances", appearances),
        ("changes", changes),
    ):
        table = schema.TABLES[name]
        own = {table.id: "", table.moment: as_of + MOMENT, table.writer: "Ada Quist"}
        full = [{**own, table.id: f"{table.letter}-{n:06}", **row} for n, row in enumerate(rows)]
        cells = [[row.get(column, "") for column in table.names] for row in full]
        path = folder / "claims.csv" if name == "claims" else folder / "claims" / f"{name}.csv"
        path.write_bytes(csvfile.render([table.names, *cells]))
    settings = folder / "claims" / "ledger.toml"
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    return fd.open(folder / "claims.csv", by="Ada Quist")


def generated(
    folder: Path, count: int, *, days: int = 14, seed: int = 1, each: int = 3, **more: str
) -> fd.Ledger:
    """Write a ledger of so many claims, made within some days from 10 March 2025 on, with what followed."""
    random, first = Random(seed), date(2025, 3, 10)
    names = [status.name for status in schema.VOCABULARY]
    last = date.fromisoformat(more.get("as_of", "2025-04-30"))
    sources = [
        {"source_id": f"s-{n:06}", "url": f"https://example.org/{n}", "publisher": f"Paper {n}"}
        | ({"published_on": str(first + timedelta(days=random.randrange(days)))} if n % 5 else {})
        for n in range(30)
    ]
    claims, statuses, evidence = [], [], []
    for n in range(count):
        day = first + timedelta(days=random.randrange(days))
        words = " ".join(random.choices(WORDS, k=random.randrange(5, 20)))
        claims.append(
            {
                "claim_id": f"claim-{n}",
                "claim": f"{words}.",
                "claimant": random.choice(PEOPLE),
                "made_on": str(day),
            }
        )
        for _ in range(random.randrange(each + 1)):
            day = min(day + timedelta(days=random.randrange(max(2, days // 3))), last)
            given = {"status": random.choice(names), "holds_from": str(day), "rationale": "It was checked."}
            statuses.append({"claim_id": f"claim-{n}", **given})
        for source in random.sample(sources, k=random.randrange(5)):
            stance = random.choice(schema.STANCES)
            evidence.append({"claim_id": f"claim-{n}", "source_id": source["source_id"], "stance": stance})
    return written(folder, claims, statuses, evidence, sources, **more)


def corrected(
    folder: Path, count: int, *, days: int = 30, seed: int = 1, names: Sequence[str] = PEOPLE, **more: str
) -> fd.Ledger:
    """Write a ledger of so many claims that was kept day by day, with what was later logged, judged anew or withdrawn."""
    random, first = Random(seed), date(2025, 3, 10)
    words = [status.name for status in schema.VOCABULARY[2:5]]
    claims, statuses, changes = [], [], []
    for n in range(count):
        day = first + timedelta(days=random.randrange(days))
        wrote = day + timedelta(days=random.choice([0, 0, 0, 1, 20]))
        said = " ".join(random.choices(WORDS, k=random.randrange(5, 14)))
        claim = {"claim_id": f"claim-{n}", "claim": f"{said}.", "claimant": random.choice(names)}
        claims.append({**claim, "made_on": str(day), "logged_at": f"{wrote}{MOMENT}"})
        held = day
        for _ in range(random.randrange(3)):
            held += timedelta(days=random.randrange(1, 6))
            given = {"claim_id": f"claim-{n}", "status": random.choice(words), "holds_from": str(held)}
            at = max(held, wrote) + timedelta(days=random.choice([0, 0, 15]))
            statuses.append({**given, "rationale": "The minutes say so.", "recorded_at": f"{at}{MOMENT}"})
        if statuses and random.random() < 0.15:
            again = {
                **statuses[-1],
                "status": "outdated",
                "rationale": "A second copy of the minutes differs.",
            }
            statuses.append({**again, "recorded_at": f"{first + timedelta(days=days + 15)}{MOMENT}"})
        if random.random() < 0.05:
            why = {
                "after": "withdrawn",
                "why": "It was logged twice.",
                "table": "claims",
                "row_id": f"claim-{n}",
            }
            changes.append({**why, "changed_at": f"{first + timedelta(days=days + 16)}{MOMENT}"})
    until = str(first + timedelta(days=days + 20))
    return written(folder, claims, statuses, changes=changes, **{"as_of": until, **more})


def repeated(
    folder: Path, count: int, *, days: int = 60, most: int = 8, seed: int = 1, names: Sequence[str] = PEOPLE
) -> fd.Ledger:
    """Write a ledger of so many claims, many of them made again and some after they were refuted, not all on known days."""
    random, first = Random(seed), date(2025, 3, 10)
    claims, statuses, appearances = [], [], []
    for n in range(count):
        day = first + timedelta(days=random.randrange(days))
        words = " ".join(random.choices(WORDS, k=random.randrange(5, 20)))
        claim = {"claim_id": f"claim-{n}", "claimant": random.choice(names)}
        claims.append({**claim, "claim": f"{words}.", "made_on": str(day)})
        for status in random.choice([["refuted"], ["mixed"], ["refuted", "mixed"], []]):
            day += timedelta(days=random.randrange(1, 5))
            statuses.append(
                {"claim_id": f"claim-{n}", "status": status, "holds_from": str(day), "rationale": "So."}
            )
        for _ in range(random.randrange(most + 1)):
            on = first + timedelta(days=random.randrange(days + 20))
            made = {"made_on": str(on)} if random.random() < 0.9 else {}
            who = claim["claimant"] if random.random() < 0.6 else random.choice(names)
            appearances.append({"claim_id": f"claim-{n}", "claimant": who, **made})
    return written(
        folder, claims, statuses, appearances=appearances, as_of=str(first + timedelta(days=days + 40))
    )


def spec_of(chart: alt.LayerChart) -> dict:
    """The chart's specification."""
    return chart.to_dict()


def rows(chart: alt.LayerChart, *fields: str) -> list[dict]:
    """The rows of all data of a chart that have these fields."""
    found = spec_of(chart).get("datasets", {}).values()
    return [row for data in found for row in data if all(field in row for field in fields)]


def texts(chart: alt.LayerChart) -> list[str]:
    """All words that are set in a chart."""
    return list(_texts(spec_of(chart)))


def _texts(spec: dict) -> Iterator[str]:
    title = spec["title"]
    yield from title["text"]
    yield from title["subtitle"]
    for data in spec.get("datasets", {}).values():
        yield from (row["text"] for row in data if "text" in row)
    for layer in spec["layer"]:
        text = layer["mark"].get("text", []) if isinstance(layer["mark"], dict) else []
        yield from [text] if isinstance(text, str) else text


def caption(chart: alt.LayerChart) -> str:
    """The caption, on one line."""
    return " ".join(spec_of(chart)["layer"][-1]["mark"]["text"])
