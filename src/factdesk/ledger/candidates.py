"""Statements found in an article, logged: each once, with the article as its appearance and first evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd
from rapidfuzz import fuzz

from factdesk.articles import reading
from factdesk.articles.article import Article
from factdesk.errors import InvalidValue
from factdesk.ledger import bulk, documents, quotes
from factdesk.ledger.at_once import AtOnce
from factdesk.ledger.bulk import Composed, Row
from factdesk.ledger.parsing import Given
from factdesk.ledger.transaction import Transaction
from factdesk.text import alike, comparable

NEAR = 88
"""How like two claims of one claimant are, of 100, from which one is asked whether they are the same."""

KNOWN = ("ask", "appearance", "new")
_TAKEN = ("claimant_role", "topics", "note", "due_on", "would_settle")
_COUNTS = re.compile(
    r"\d[\d.,]*|\b(?:not|no|never|none|without|nicht|kein\w*|pas|jamais|sans)\b|n['’]t\b", re.IGNORECASE
)


@dataclass
class _Logging:
    """One call's writing of candidates: the article's source, and the claims of each claimant."""

    article: Article
    text: str
    stance: str
    known: str
    claims: dict[str, list[tuple[str, str]]]
    source_id: str = ""
    what: list[str] = field(default_factory=list)

    def source(self, transaction: Transaction) -> str:
        url, file, details = documents.of_article(self.article)
        self.source_id = transaction.source(url, file, details)
        return self.source_id

    def row(self, transaction: Transaction, given: Row) -> str:
        claim, claimant = (
            comparable(str(given[name])) if bulk.is_given(given[name]) else ""
            for name in ("claim", "claimant")
        )
        quote, twin = self._standing(given.get("quote")), self._twin(claim, claimant)
        is_same = twin is not None and alike(twin[1]) == alike(claim)
        self.what.append("")
        if twin and (is_same or self.known != "new"):
            claim_id = twin[0]
            self.what[-1] = self._again(transaction, claim_id, claimant, quote, is_same)
            if self.what[-1] == "stands":
                return claim_id
            if self.what[-1] == "near":
                allowed = (
                    f"a claim that is not logged yet, and {claim_id} is nearly the same: known='appearance' takes it for "
                    "that one made again, known='new' for another"
                )
                raise InvalidValue("claim", claim, allowed)
        else:
            cells: dict[str, Given] = {name: given[name] for name in _TAKEN if bulk.is_given(given.get(name))}
            cells |= {
                "claim": claim,
                "claimant": claimant,
                "quote": quote,
                "made_on": self.article.published_on,
            }
            cells.setdefault("kind", "quote" if given.get("kind") == "direct" else "statement")
            claim_id = transaction.log(cells, given.get("claim_id"), self.source_id)
            self.claims.setdefault(claimant.casefold(), []).append((claim_id, claim))
            self.what[-1] = "logged"
        evidence = {"stance": self.stance, "quote": quote or self._standing(given.get("sentence"))}
        transaction.attach(claim_id, evidence, self.source_id, None, {})
        return claim_id

    def _again(
        self, transaction: Transaction, claim_id: str, claimant: str, quote: str, is_same: bool
    ) -> str:
        """Take a statement for a claim that is logged; return what came of it."""
        first = transaction.dataset.row("claims", claim_id, withdrawn_too=True)
        if first["appearance"] == self.source_id:
            return "stands"
        repeated = {"claim_id": claim_id, "source_id": self.source_id}
        if any(row["claimant"] == claimant for row in transaction.dataset.found("appearances", repeated)):
            return "stands"
        if self.known == "ask" and not is_same:
            return "near"
        given = {
            "claimant": claimant,
            "claimant_role": None,
            "made_on": self.article.published_on,
            "quote": quote,
        }
        transaction.repeat(claim_id, given, self.source_id)
        return "appearance"

    def _twin(self, claim: str, claimant: str) -> tuple[str, str] | None:
        """Return the claim of a claimant that is the same or nearly so, with its words."""
        own = self.claims.get(claimant.casefold(), [])
        same = next((one for one in own if alike(one[1]) == alike(claim)), None)
        counts = _COUNTS.findall(claim.casefold())
        near = [one for one in own if _COUNTS.findall(one[1].casefold()) == counts]
        best = max(near, key=lambda one: fuzz.token_sort_ratio(one[1], claim), default=None)
        return same or (best if best and fuzz.token_sort_ratio(best[1], claim) >= NEAR else None)

    def _standing(self, words: object) -> str:
        """Return words where they stand in the article's document, or where that can't be told."""
        quote = words if isinstance(words, str) else ""
        return quote if quote and (not self.text or quotes.stands_in(quote, self.text)) else ""


def log(
    transaction: Transaction, article: Article, rows: pd.DataFrame, stance: str, known: str
) -> tuple[list[Composed], list[str]]:
    """Compose candidates into one write; return what each came to."""
    given = [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]
    cells = transaction.dataset.cells("claims")[~transaction.dataset.hidden("claims")]
    claims: dict[str, list[tuple[str, str]]] = {}
    for row_id, claim, claimant in zip(cells["claim_id"], cells["claim"], cells["claimant"], strict=True):
        claims.setdefault(claimant.casefold(), []).append((row_id, claim))
    found = reading.whole(article.data, article.media_type)
    writing = _Logging(article, found.text if found else "", stance, known, claims)
    at_once = AtOnce(transaction, len(given) + 1)
    at_once.doubtful.update(range(at_once.count))  # each is composed on what those before it made

    def one(transaction: Transaction, at: int) -> str:
        return writing.row(transaction, given[at - 1]) if at else writing.source(transaction)

    source, *made = bulk.compose(transaction, at_once, one, "candidates")
    if source.reason:
        raise InvalidValue("article", article.title or article.url, f"one that can be kept: {source.reason}")
    return made, writing.what
