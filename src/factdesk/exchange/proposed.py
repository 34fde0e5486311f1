"""Rows of somebody's sheet, or their reviews, as the claims that they would be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from factdesk import schema
from factdesk.errors import InvalidValue
from factdesk.exchange import cells
from factdesk.exchange.days import EXCEL, Day, parse_days
from factdesk.exchange.plan import Plan
from factdesk.exchange.ratings import match_ratings
from factdesk.exchange.tables import SourceTable
from factdesk.frames import records
from factdesk.ledger import bulk, parsing
from factdesk.ledger.at_once import AtOnce
from factdesk.ledger.bulk import Row
from factdesk.ledger.parsing import Given
from factdesk.ledger.transaction import Transaction
from factdesk.text import clean
from factdesk.vocabularies import VOCABULARIES

TEXTS = (
    "claim",
    "claimant",
    "claimant_role",
    "quote",
    "rationale",
    "gaps",
    "recorded_by",
    "reviewed_by",
    "would_settle",
)
DAYS = ("made_on", "holds_from", "due_on")
REVIEW = "review"
"""What a row says that is a published review: the whole of it, as JSON."""
STANCE = "context"
"""What a link of a sheet does to the claim: the sheet does not say."""


@dataclass
class Proposed:
    """One row as it would stand: the arguments of `log`, `repeat`, `attach` and `set_status`; why not, where it can't.

    `said` is what the row says, by field, to know it again by; `own_id` is its own id there.
    """

    line: int
    own_id: str
    said: dict[str, str]
    claim: dict[str, Given] = field(default_factory=dict)
    appearances: list[str] = field(default_factory=list)
    sources: list[dict[str, Given]] = field(default_factory=list)
    works: list[dict[str, Given]] = field(default_factory=list)
    """What is said of the documents in which the claim was made."""
    status: dict[str, Given] | None = None
    recorded_by: str = ""
    reasons: list[str] = field(default_factory=list)
    claim_id: str = ""
    """The claim in the ledger that the row is, where there is one."""
    standing: str = "new"
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By field what stands in the ledger, or what the row said when it came in last, and what it says now."""
    emptied: list[str] = field(default_factory=list)
    """Fields of which the row said something when it came in last."""
    held: list[str] = field(default_factory=list)
    """Those of the reasons that lie in the ledger."""
    back: list[tuple[str, str]] = field(default_factory=list)
    """Rows of the ledger, by table and id, that were withdrawn with an import, and come back."""
    is_judged: bool = True
    """Whether the status is given."""
    twin_of: str = ""
    """The row above that is the same claim, where there is one: its line, where rows have any."""
    near: str = ""
    """The claim in the ledger that a new one nearly is."""
    moved: str = ""
    """The status whose day follows that of the claim."""


def of_table(
    table: SourceTable, plan: Plan, zone: ZoneInfo, today: date, where: str
) -> tuple[list[Proposed], list[str]]:
    """Return the rows of a sheet as claims, by a plan; and what has to be asked before."""
    days: dict[str, list[Day]] = {}
    questions = []
    for name in DAYS:
        for column in plan.of(name)[:1]:
            found = parse_days(
                table.cells[column],
                order=plan.order or None,
                languages=plan.languages,
                zone=zone,
                today=today,
                is_counted=plan.numbers == EXCEL,
            )
            parts = (found.frame[part].tolist() for part in ("day", "precision", "reason"))
            days[name] = list(zip(*parts, strict=True))
            if found.question:
                questions.append(f"{column!r}: {found.question}")
    for needed in ("claim", "claimant"):
        if not plan.of(needed) and needed not in plan.constants:
            questions.append(
                f"No column is the {needed}: say which with columns={{'…': {needed!r}}}, or what it is in every row "
                f"with constants={{{needed!r}: '…'}}."
            )
    sheet = _Sheet.of(table, plan)
    rows = [_row(at, line, sheet, plan, days, where) for at, line in enumerate(table.lines.tolist())]
    first: dict[str, Proposed] = {}
    for row in rows:
        if row.own_id and first.setdefault(row.own_id, row) is not row:
            other = first[row.own_id]
            if other.said != row.said:
                row.reasons.append(f"the id {row.own_id!r} stands in line {other.line} too, of another claim")
    return rows, questions


@dataclass(frozen=True)
class _Sheet:
    """A sheet's cells by field, what is blank as nothing: of each column; as the row says them; without markup."""

    columns: dict[str, list[list[str]]]
    said: dict[str, list[str]]
    texts: dict[str, list[str]]
    odd: dict[str, set[str]]
    """By field what a formula that failed left, and what is too long."""

    @classmethod
    def of(cls, table: SourceTable, plan: Plan) -> _Sheet:
        """Read the columns of a sheet; equal cells are looked at once."""
        columns: dict[str, list[list[str]]] = {}
        for column, name in plan.columns.items():
            if name and column in table.cells:
                written = table.cells[column].tolist()
                kept = {text: "" if cells.is_blank(text) else text for text in set(written)}
                columns.setdefault(name, []).append([kept[text] for text in written])
        said, texts, odd = {}, {}, {}
        for name, several in columns.items():
            rows = zip(*several, strict=True)
            held = several[0] if len(several) == 1 else ["\n".join(filter(None, row)) for row in rows]
            said[name], different = held, set(held)
            odd[name] = {one for one in different if len(one) > schema.CELL_LIMIT or cells.is_broken(one)}
            if name in TEXTS:
                plain = {text: cells.words(text)[0] for text in different}
                texts[name] = [plain[text] for text in held]
        return cls(columns, said, {name: texts[name] for name in TEXTS if name in texts}, odd)

    def held(self, name: str, at: int) -> list[str]:
        """Return what a row has of a field, by column."""
        return [one[at] for one in self.columns.get(name, ()) if one[at]]


def _row(
    at: int, line: int, sheet: _Sheet, plan: Plan, days: Mapping[str, list[Day]], where: str
) -> Proposed:
    """Return one row of a sheet as a claim."""

    def held(name: str) -> list[str]:
        return sheet.held(name, at)

    said = {name: text for name, column in sheet.said.items() if (text := column[at])}
    row = Proposed(line, " ".join(held("row_id")[:1]).strip(), dict(said))
    odd = {name: text for name, text in said.items() if text in sheet.odd[name]}
    for name, text in odd.items():
        if cells.is_broken(text):
            row.reasons.append(f"{name} is {text.strip()!r}: a formula failed in the sheet")
    texts = {**plan.constants, **{name: column[at] for name, column in sheet.texts.items() if name in said}}
    for name in ("claim", "claimant"):
        if not texts.get(name):
            row.reasons.append(f"it has no {name}")
    for name, text in odd.items():
        if len(text) > schema.CELL_LIMIT:
            row.reasons.append(f"{name} has {len(text):,} characters; a cell holds {schema.CELL_LIMIT:,}")
    row.claim = {
        name: texts[name]
        for name in ("claim", "claimant", "claimant_role", "quote", "would_settle")
        if name in texts
    }
    notes = [cells.words(one)[0] for one in held("note")]
    row.claim["topics"] = tuple(one for text in held("topics") for one in cells.several(cells.words(text)[0]))
    kind = said.get("kind", "").strip().casefold()
    if kind in schema.KINDS:
        row.claim["kind"] = kind
    elif kind:
        notes.append(f"kind: {said['kind'].strip()}")
    for name in days:
        day, precision, reason = days[name][at]
        if reason and said.get(name):
            row.reasons.append(f"{name} is {said[name].strip()!r}: {reason}")
        elif name == "holds_from" and precision:
            row.reasons.append(f"{name} is {said[name].strip()!r}: a day is needed")
        elif day:
            row.said[name] = day if not precision else day[: 7 if precision == "month" else 4]
    row.claim |= {
        name: row.said[name] for name in ("made_on", "due_on") if name in days and row.said.get(name)
    }
    row.recorded_by = clean(texts.get("recorded_by", ""), one_line=True)[0]
    _documents(row, held, notes)
    row.claim["note"] = "\n".join(notes)
    _status(row, held, texts, plan, where)
    return row


def _documents(row: Proposed, held: Callable[[str], list[str]], notes: list[str]) -> None:
    """Take the addresses of a row: where the claim was made, and what bears on it."""
    for name in ("appearance", "source"):
        for text in held(name):
            found, _ = cells.addresses_in(text)
            if not found and not cells.is_broken(text):
                # A document that is named, and has no address.
                notes.append(f"{name}: {cells.words(text)[0]}")
            for url in map(_escaped, found):
                _refuse_address(row, name, url)
                if name == "appearance":
                    row.appearances.append(url)
                else:
                    row.sources.append({"url": url, "stance": STANCE})
    if len(row.sources) == 1:
        for name in ("title", "publisher"):
            for text in held(f"source_{name}")[:1]:
                row.sources[0][name] = cells.words(text)[0]
    row.claim["appearance"], *row.appearances = row.appearances or [""]


def _escaped(url: str) -> str:
    """Write what an address may not have as browsers send it.

    >>> _escaped('https://a.example/?q="x y"')
    'https://a.example/?q=%22x%20y%22'
    """
    return re.sub(r'[ "<>\\`]', lambda mark: f"%{ord(mark[0]):02X}", url)


def _refuse_address(row: Proposed, name: str, url: str) -> None:
    try:
        parsing.address(url)
    except InvalidValue as error:
        row.reasons.append(f"{name}: {error.value!r} can't be used; allowed: {error.allowed}")


def _status(
    row: Proposed, held: Callable[[str], list[str]], texts: Mapping[str, str], plan: Plan, where: str
) -> None:
    """Take the rating of a row as a status, from its own day or else the claim's on."""
    rating = " ".join(held("status")[:1]).strip()
    if not rating:
        return
    status = plan.statuses.get(rating)
    if status is None:
        row.reasons.append(
            f"nobody has said which status the rating {rating!r} is: statuses={{{rating!r}: '…'}}"
        )
        return
    if not status:
        return
    published = [url for text in held("published_at")[:1] for url in cells.addresses_in(text)[0][:1]]
    made_on = row.said.get("made_on", "")
    row.status = {
        "status": status,
        "holds_from": row.said.get("holds_from") or f"{made_on}-01-01"[:10]
        if row.said.get("holds_from") or made_on
        else None,
        "rationale": texts.get("rationale") or f"Rated {rating!r} in {where}, line {row.line}.",
        "gaps": texts.get("gaps", ""),
        "reviewed_by": texts.get("reviewed_by", ""),
        "published_at": published[0] if published else "",
        "published_on": row.said.get("holds_from") if published else None,
    }


def of_reviews(reviews: pd.DataFrame, plan: Plan, publisher: str, ours: bool, where: str) -> list[Proposed]:
    """Return published reviews as claims: another organisation's verdict as a source that says so, one's own as a status."""
    several = set(reviews["review_url"][reviews["review_url"].duplicated()])
    rows = enumerate(records(reviews), 1)
    return [
        _review(at, one, one["review_url"] not in several, plan, publisher, ours, where) for at, one in rows
    ]


def _review(
    at: int, review: Mapping[str, Any], is_alone: bool, plan: Plan, publisher: str, ours: bool, where: str
) -> Proposed:
    texts = {
        name: str(review[name] or "")
        for name in ("claim", "claimant", "claimant_role", "quote", "rationale", "review_url")
    }
    scale = [review[name] for name in ("rating_value", "worst_rating", "best_rating")]
    rating, own_id = str(review["rating"] or ""), texts["review_url"] * is_alone
    first_day = str(review["made_on"] or "")
    made_on = schema.reduced(first_day, review["made_on_precision"])
    said = {**texts, "made_on": made_on, "status": rating, "holds_from": str(review["reviewed_on"] or "")}
    said |= {"appearance": "\n".join(review["appearances"]), "row_id": own_id}
    row = Proposed(review["line"] or at, own_id, {n: text for n, text in said.items() if text})
    if review["misfit"]:
        row.reasons.append(str(review["misfit"]))
    elif not texts["claimant"] and "claimant" not in plan.constants:
        row.reasons.append("it has no claimant")
    row.claim = {
        name: texts[name] or plan.constants.get(name, "")
        for name in ("claim", "claimant", "claimant_role", "quote")
    }
    row.claim |= {"made_on": made_on or None, "topics": tuple(review["topics"])}
    urls = [str(url) for url in review["appearances"]]
    for url in [*urls, *filter(None, [texts["review_url"]])]:
        _refuse_address(row, "appearance" if url in urls else "review_url", url)
    row.claim["appearance"], *row.appearances = urls or [""]
    row.works = [work for work in review["works"] if len(work) - sum(map("".__eq__, work.values())) > 1]
    reviewed_on = str(review["reviewed_on"] or "") or None
    reviewer = str(review["reviewer"] or "")
    row.sources = [{"url": str(url), "stance": STANCE} for url in review["sources"]]
    if ours or (publisher and reviewer.casefold() == publisher.casefold()):
        status = plan.statuses.get(rating)
        if rating and status is None:
            row.reasons.append(
                f"nobody has said which status the rating {rating!r} is: statuses={{{rating!r}: '…'}}"
            )
        elif status:
            row.status = {
                "status": status,
                "holds_from": reviewed_on or first_day or None,
                "rationale": texts["rationale"] or f"Rated {rating!r} in {where}.",
                "published_at": texts["review_url"],
                "published_on": reviewed_on,
            }
            if review["review"]:
                row.said[REVIEW] = review["review"]
    elif texts["review_url"]:
        row.sources.append(
            {
                "url": texts["review_url"],
                "stance": stance(rating, *scale),
                "title": str(review["title"] or ""),
                "publisher": reviewer,
                "published_on": reviewed_on,
                "note": _verdict(rating, *scale),
            }
        )
    elif not review["misfit"]:
        row.reasons.append("it has no address, so that nobody could look up whose verdict it is")
    return row


def _verdict(rating: str, value: float, worst: float, best: float) -> str:
    """Return another organisation's verdict in words."""
    on = f" ({value:g} on a scale from {worst:g} to {best:g})" if value == value and best == best else ""
    return f"Rates the claim {rating!r}{on}." if rating or on else ""


def stance(rating: str, value: float, worst: float, best: float) -> str:
    """Return what a published review does to its claim: by its words where they are known, else by its number.

    The middle of a scale of even length is two steps, and mixed; what is neither known nor counted is `context`.

    >>> stance("", 5, 1, 5), stance("", 3, 1, 6), stance("Half True", 4, 1, 6), stance("Satire", float("nan"), 1, 5)
    ('supports', 'mixed', 'mixed', 'context')
    >>> stance("Mostly False", 3, 1, 6)
    'refutes'
    """
    known = set(_stances(rating)) if rating else set()
    if len(known) == 1:
        return known.pop()
    if not (worst < best and worst <= value <= best):
        return STANCE
    share = (value - worst) / (best - worst)
    return "refutes" if share < 0.399 else "supports" if share > 0.601 else "mixed"


def _stances(rating: str) -> Iterator[str]:
    """Return what a word says on the scale of each ready vocabulary that has it; "half true" is mixed on all."""
    for vocabulary in VOCABULARIES.values():
        matched = match_ratings([rating], vocabulary.statuses)["status"].iat[0]
        for status in vocabulary.statuses:
            if status.name == matched and status.rating is not None:
                share = (status.rating - 1) / (status.best_rating - 1)
                yield "refutes" if share < 0.45 else "supports" if share > 0.65 else "mixed"


_CLAIM: Row = {
    "claim": "", "claimant": "", "claimant_role": "", "made_on": None, "quote": "", "kind": None, "topics": "",
    "note": "", "due_on": None, "would_settle": "",
}  # fmt: skip
_AGAIN: Row = {
    "claimant": None, "claimant_role": None, "made_on": None, "quote": "", "place": "", "note": "",
}  # fmt: skip
_EVIDENCE: Row = {"quote": "", "translation": "", "place": "", "credibility": None, "note": ""}
_SOURCE: Row = {"title": "", "publisher": "", "published_on": None}
_STATUS: Row = {
    "status": "", "holds_from": None, "rationale": "", "gaps": "", "reviewed_by": "", "published_at": "",
    "published_on": None,
}  # fmt: skip


def at_once(transaction: Transaction, rows: Sequence[Proposed], origins: Sequence[str]) -> AtOnce:
    """Take in all rows by column; those that are new are composed so where nothing that stands bears on them."""

    def columns(of: Sequence[Row], defaults: Row) -> dict[str, list[Given]]:
        return {name: [one.get(name) or empty for one in of] for name, empty in defaults.items()}

    made = AtOnce(transaction, len(rows))
    made.doubtful.update(
        at for at, row in enumerate(rows) if row.standing != "new" or row.appearances or row.works
    )
    claims = columns([row.claim for row in rows], _CLAIM)
    appearances = [row.claim["appearance"] for row in rows]
    made.log({**claims, "origin": origins}, [None] * len(rows), appearances)
    sources = [(at, source) for at, row in enumerate(rows) for source in row.sources]
    of, given = [at for at, _ in sources], [source for _, source in sources]
    evidence = columns(given, {"url": None, "stance": None, **_EVIDENCE})
    made.attach(evidence, evidence.pop("url"), columns(given, _SOURCE), of)
    judged = [(at, row.status) for at, row in enumerate(rows) if row.status]
    writers = [rows[at].recorded_by or transaction.by for at, _ in judged]
    made.set_status(columns([status for _, status in judged], _STATUS), [at for at, _ in judged], writers)
    return made


def bring_in(transaction: Transaction, row: Proposed, origin: str) -> str:
    """Compose a row that is new: its claim, appearances, sources and status."""
    _describe(transaction, row)
    cells_of = bulk.columns(schema.CLAIMS, {**_CLAIM, **row.claim}, but=["appearance"])
    claim_id = transaction.log({**cells_of, "origin": origin}, None, row.claim["appearance"])  # type: ignore[arg-type]
    add_to(transaction, claim_id, row)
    return claim_id


def add_to(transaction: Transaction, claim_id: str, row: Proposed) -> None:
    """Compose what belongs to a claim that stands: appearances, sources and status; what stands is not added again."""
    _describe(transaction, row)
    for url in row.appearances:
        transaction.repeat(claim_id, _AGAIN, url)
    evidence = []
    for source in row.sources:
        evidence.append(bulk.attach(transaction, {**_EVIDENCE, **source, "claim_id": claim_id}))
    if row.status:
        by = transaction.by
        transaction.by = row.recorded_by or by
        given = {"evidence": evidence, **_STATUS, **row.status}
        transaction.set_status(claim_id, bulk.columns(schema.STATUSES_TABLE, given))
        transaction.by = by


def _describe(transaction: Transaction, row: Proposed) -> None:
    for work in row.works:
        transaction.source(work["url"], details=bulk.details(work))  # type: ignore[arg-type]
