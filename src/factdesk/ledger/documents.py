"""A document that is to be kept: an article that was read, or the page at an address, fetched before anything is locked."""

from __future__ import annotations

from contextlib import suppress

from factdesk.articles.article import Article, of_document
from factdesk.errors import ArticleUnreadable, InvalidValue, NotInstalled
from factdesk.ledger.parsing import is_address
from factdesk.ledger.snapshots import File
from factdesk.ledger.transaction import Values

DETAILS = ("title", "author", "publisher", "published_on")


def of_article(article: object) -> tuple[str | None, File, Values]:
    """Return an article's address, where it has one, its bytes, and what it says of itself."""
    if not isinstance(article, Article):
        raise InvalidValue("article", article, "an article, as fd.read_article gives it")
    return article.url or None, File("", article.data, article.media_type), _details(article)


def fetched(url: object) -> tuple[File, Values]:
    """Fetch the document at an address; return its bytes, and what it says of itself where it can be read."""
    if not isinstance(url, str) or not is_address(url):
        raise InvalidValue("fetch", url, "true only with an address (http:// or https://) to fetch")
    from factdesk.articles import fetching  # it costs a fifth of importing factdesk

    found = fetching.fetch(url)
    kind = fetching.kind_of(found)
    details: Values = {}
    with suppress(ArticleUnreadable, NotInstalled):  # a recording or a scan is kept all the same
        details = _details(of_document(found.data, kind, url))
    return File("", found.data, kind), details


def _details(article: Article) -> Values:
    return {name: getattr(article, name) for name in DETAILS if getattr(article, name)}
