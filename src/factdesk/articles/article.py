"""An article as it was read: its words, who published them when, and the bytes that they were read from."""

from __future__ import annotations

import datetime
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from factdesk.articles import reading, webpage
from factdesk.articles.language_model import SET_UP
from factdesk.articles.reading import Words
from factdesk.errors import ArticleUnreadable, InvalidValue, NotFound, warn
from factdesk.text import clean, comparable, host, shown

if TYPE_CHECKING:
    import pandas as pd

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_PATH = re.compile(r"[^\s<>]*[^\s<>.]\.(?:html?|xhtml|pdf|txt|md|markdown)", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([a-z]{2,3})\b", re.IGNORECASE)
ADVICE = "Give its text, a pathlib.Path, or an address with http:// or https://."


@dataclass(frozen=True)
class Article:
    """An article as `factdesk.read_article` gives it; offsets in it count characters (code points) of `text`.

    What is not known is empty. `published_on` is a day, `YYYY-MM-DD`; `data` is what it was read from.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.read_article("It rained on Monday, the mayor said.")
    Article('It rained on Monday, the mayor said.', 36 characters)
    """

    text: str
    title: str = ""
    author: str = ""
    publisher: str = ""
    published_on: str = ""
    url: str = ""
    language: str = ""
    media_type: str = reading.PLAIN
    data: bytes = field(default=b"", repr=False)
    pages: tuple[int, ...] = field(default=(), repr=False)
    """Where each page begins in `text`; empty where the document has no pages."""

    def page(self, offset: int) -> int | None:
        """Return the page on which a character of the text stands; None where the document has no pages.

        Examples
        --------
        >>> import factdesk as fd
        >>> fd.read_article("It rained.").page(3) is None
        True
        """
        return Words(self.text, self.pages).page(offset)

    def candidates(self, *, own: bool = False) -> pd.DataFrame:
        """Return what the article reports that somebody said, with where it stands and whether it is worth checking.

        Parameters
        ----------
        own : bool, default False
            Add the article's own sentences that are worth checking, and that it attributes to nobody.

        Returns
        -------
        pandas.DataFrame
            One row per statement, in the order of the text: `sentence`, `claim`, `claimant`, `claimant_role`, `cue`,
            `quote`, `kind`, `start`, `end`, `mention_start`, `mention_end`, `worth`, `checkable`, `reasons`.

        Examples
        --------
        >>> import factdesk as fd
        >>> article = fd.read_article('"It rained for a week," said Ada Quist, the mayor.')
        >>> "claimant" in article.candidates()
        True
        """
        from factdesk.articles.candidates import candidates  # loads a language model's library

        told = {"title": self.title, "author": self.author, "language": self.language or "en"}
        return candidates(self.text, **told, own=own)

    def __repr__(self) -> str:
        named = shown(self.title or self.text, 60) if self.title else shown(self.text[:60], 60)
        about = [self.publisher, self.published_on, f"{len(self.text):,} characters"]
        return f"Article({named!r}, {', '.join(shown(one) for one in about if one)})"


def read_article(article: str | PurePath, *, url: str = "") -> Article:
    """Read an article: its text as given, a file, or the page at an address, which is fetched.

    A page's words are those of its article, without what stands around it; where none is found in it, all that a
    reader sees. What is hidden in it (`display:none`, scripts) is not read. Nothing is fetched unless an address is
    given; what a page itself refers to never is.

    Parameters
    ----------
    article : str or pathlib.Path
        Text; the path of a file (HTML, Markdown, plain text, PDF); or an address (`http://`, `https://`).
    url : str, optional
        The address that a file or text was saved from.

    Returns
    -------
    Article
        Text, title, author, publisher, day, address, language and the bytes.

    Raises
    ------
    InvalidValue, NotFound
        Where there is no text, or no such file.
    NotFetched
        Where the address can't be fetched, or may not be: a paywall, `robots.txt`, an address in a private network.
    ArticleUnreadable
        Where it has no text that can be read, such as a scan or a page that asks for a password.
    NotInstalled
        Where reading this kind of document needs a package that is not installed.

    Examples
    --------
    >>> import factdesk as fd
    >>> from pathlib import Path
    >>> _ = Path("brief.md").write_text("# Rain in the north\\n\\nIt rained on Monday, the mayor said.")
    >>> article = fd.read_article("brief.md", url="https://example.org/rain")
    >>> article.title, article.text
    ('Rain in the north', 'Rain in the north\\nIt rained on Monday, the mayor said.')
    """
    if isinstance(article, PurePath):
        return _of_file(Path(article), url)
    if not isinstance(article, str):
        raise InvalidValue("article", article, "text, a pathlib.Path or an address")
    if not comparable(article):
        raise InvalidValue("article", article, "an article's text, which is not empty")
    bare = article.strip()
    if _ADDRESS.fullmatch(bare):
        from factdesk.articles import fetching  # it costs a fifth of importing factdesk

        fetched = fetching.fetch(bare)
        return of_document(fetched.data, fetching.kind_of(fetched), fetched.url)
    if _is_file(bare) or _PATH.fullmatch(bare):
        return _of_file(Path(bare), url)
    return of_document(article.encode("utf-8", "replace"), f"{reading.PLAIN}; charset=utf-8", url)


def of_document(data: bytes, media_type: str, url: str = "") -> Article:
    """Read an article from a document's bytes.

    >>> of_document(b"It rained.", "text/plain", "https://www.example.org/rain").publisher
    'example.org'
    """
    name = shown(url) or "the document"
    if not reading.is_text(media_type):
        kind = reading.kind_of(media_type)
        raise ArticleUnreadable(name, f"is no text ({shown(kind)})", ADVICE)
    found = reading.words(data, media_type)
    kind, known = reading.kind_of(media_type), Article("", url=url, media_type=media_type, data=data)
    known = replace(known, publisher=host(url))
    if kind in webpage.HTML:
        made = _of_page(webpage.decoded(data, media_type), found, known)
    elif kind == reading.PDF:
        title, author = _of_pdf(data)
        made = replace(known, text=found.text, pages=found.pages, title=title, author=author)
    elif kind == reading.MARKDOWN:
        heading = re.search(rb"^#\s+(.+)$", data, re.MULTILINE) is not None
        made = replace(known, text=found.text, title=found.text.partition("\n")[0] if heading else "")
    else:
        made = replace(known, text=found.text)
    if not comparable(made.text):
        raise ArticleUnreadable(name, "has no words", ADVICE)
    return made


def _is_file(text: str) -> bool:
    try:
        return "\n" not in text and len(text) < 1_000 and Path(text).is_file()
    except (OSError, ValueError):
        return False


def _of_file(path: Path, url: str) -> Article:
    try:
        if not path.is_file():  # no folder, no pipe and no device
            raise NotFound("file", str(path), (), ADVICE)
        if path.stat().st_size > reading.MOST_BYTES:
            advice = "Give the part that matters."
            raise ArticleUnreadable(shown(str(path)), f"has over {reading.MOST_BYTES:,} bytes", advice)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise NotFound("file that can be read:", str(path), (), ADVICE) from error
    kind = reading.media_type(path.name, data)
    if kind == reading.UNKNOWN:
        raise ArticleUnreadable(shown(str(path)), "is no text, page or PDF", "Save it as one of these first.")
    return of_document(data, kind, url)


def _of_page(markup: str, found: Words, known: Article) -> Article:
    """Return the article in a page, and what the page says of it."""
    if webpage.asks_for_a_password(markup):
        advice = "Sign in with a browser, save the page there, and give the file."
        raise ArticleUnreadable(shown(known.url) or "the page", "asks for a password", advice)
    try:
        import trafilatura
        from trafilatura.metadata import extract_metadata
    except ImportError:
        warn(f"All words of the page are read, its menus too: trafilatura finds the article in it. {SET_UP}")
        title = re.search(r"<title[^>]{0,200}>([^<]{1,1000})", markup, re.IGNORECASE)
        return replace(known, text=found.text, title=comparable(html.unescape(title[1])) if title else "")
    # Searched further, any day in the words may be taken for it.
    dates = {"original_date": True, "extensive_search": False}
    about: Mapping[str, object] = {}
    text: str | None = None
    try:
        meta = extract_metadata(markup, date_config=dates)
        about = {name: getattr(meta, name) for name in ("title", "author", "sitename", "date", "language")}
        body = trafilatura.bare_extraction(webpage.visible(markup), include_comments=False)
        text = getattr(body, "text", None)
    except Exception:  # of a broken page it raises whatever it runs into; its words are there all the same
        text = text or None
    told = {name: _line(about.get(name)) for name in ("title", "author", "sitename", "date")}
    language = _LANGUAGE.search(markup[:20_000])
    publisher, tongue = told["sitename"] or known.publisher, language[1].lower() if language else ""
    made = replace(known, title=told["title"], author=told["author"], publisher=publisher, language=tongue)
    return replace(made, text=clean(text or "")[0] or found.text, published_on=_day(told["date"]))


def _of_pdf(data: bytes) -> tuple[str, str]:
    """Return the title and author that a PDF names; it was read already."""
    from pypdf import PdfReader

    try:
        about = PdfReader(io.BytesIO(data)).metadata
        return (_line(about.title), _line(about.author)) if about else ("", "")
    except Exception:  # of a broken file it raises whatever it runs into
        return "", ""


def _line(value: object) -> str:
    return comparable(value)[:500] if isinstance(value, str) else ""


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
