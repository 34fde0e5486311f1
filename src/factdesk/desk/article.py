"""An article beside the claims: pasted, uploaded or fetched, with what in it is worth logging and what is logged."""

from __future__ import annotations

import re
from typing import Any

from factdesk.articles.article import Article, of_document, read_article
from factdesk.articles.reading import MOST_BYTES, UNKNOWN, media_type
from factdesk.desk.listing import Listing, cell
from factdesk.errors import ArticleUnreadable, InvalidValue, NotInstalled

LONGEST = 400_000
"""Characters of an article that are shown."""
MARKED = 400


def read(words: str, file: tuple[str, bytes] | None = None) -> Article:
    """Read an article from its address, its text, or a file's bytes; text is never taken for a path.

    >>> read("/etc/hostname").text
    '/etc/hostname'
    """
    if file:
        name, data = file
        kind = media_type(name, data)
        if kind == UNKNOWN:
            raise ArticleUnreadable(name, "is no text, page or PDF", "Save it as one of these first.")
        if len(data) > MOST_BYTES:
            raise ArticleUnreadable(name, f"has over {MOST_BYTES:,} bytes", "Give the part that matters.")
        return of_document(data, kind)
    bare = words.strip()
    if not bare:
        raise InvalidValue("article", words, "an address with http:// or https://, or an article's text")
    if re.fullmatch(r"https?://\S+", bare, re.IGNORECASE):
        return read_article(bare)
    return of_document(words.encode("utf-8", "replace"), "text/plain; charset=utf-8")


def shown(article: Article, listing: Listing) -> dict[str, Any]:
    """Return an article as the reader shows it; offsets count characters (code points)."""
    text = article.text[:LONGEST]
    found = {"title": article.title, "publisher": article.publisher, "published_on": article.published_on,
             "url": article.url, "text": text, "author": article.author}  # fmt: skip
    return found | {"logged": logged(text, listing)}


def logged(text: str, listing: Listing) -> list[dict[str, Any]]:
    """Return where the quotes of claims that are logged stand in a text, each with the claim.

    >>> import factdesk as fd
    >>> listing = Listing(fd.open("claims.csv"))
    >>> logged("He got positive signals from Moscow.", listing)[0]["id"]
    'trump-positive-signals'
    """
    marks = []
    for place, quote in enumerate(listing.claims["quote"].tolist()):
        if len(quote) > 5 and listing.there[place] and (start := text.find(quote)) >= 0:
            claim = listing.claims.iloc[place]
            mark = {
                "id": claim["claim_id"],
                "claim": claim["claim"][:240],
                "status": int(listing.status[place]),
            }
            marks.append(mark | {"start": start, "end": start + len(quote)})
    return sorted(marks, key=lambda one: one["start"])[:MARKED]


def candidates(article: Article) -> dict[str, Any]:
    """Return what the article reports that somebody said; a sentence instead where no language model is installed."""
    try:
        found = article.candidates()
    except (NotInstalled, ImportError) as error:
        missing = "what reads articles is not installed (make articles)"
        why = str(error) if isinstance(error, NotInstalled) else missing
        return {"candidates": [], "why": f"Statements can’t be found by themselves: {why}. Select any words."}
    texts, places = ("claim", "claimant", "claimant_role", "quote", "kind"), ("start", "end")
    rows = [
        {name: cell(row[name]) for name in texts} | {name: int(row[name]) for name in places}
        for row in found[[*texts, *places]].head(MARKED).to_dict("records")
    ]
    return {"candidates": rows, "why": ""}
