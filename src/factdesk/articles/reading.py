"""The words of a document of any kind that can be read: a page, Markdown, plain text, a PDF."""

from __future__ import annotations

import io
import logging
import re
import time
from bisect import bisect_right
from dataclasses import dataclass, field

from factdesk.articles import webpage
from factdesk.errors import ArticleUnreadable, NotInstalled
from factdesk.text import clean, comparable

PDF, MARKDOWN, PLAIN, UNKNOWN = "application/pdf", "text/markdown", "text/plain", "application/octet-stream"
MOST_BYTES = 50_000_000
"""A document that is larger is not read as text."""
LONGEST, MOST_PAGES = 60.0, 5_000
"""Seconds that a PDF may take, and how many of its pages are read."""

_ALSO_TEXT = ("application/json", "application/xml")
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_BOM = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


@dataclass(frozen=True)
class Words:
    """A document's words, a line for each block; and where its pages begin in them, where it has pages."""

    text: str
    pages: tuple[int, ...] = field(default=())

    def page(self, offset: int) -> int | None:
        """Return the page on which a character stands; None where the document has none.

        >>> Words("one two", (0, 4)).page(5)
        2
        """
        return bisect_right(self.pages, offset) or None


def media_type(name: str, data: bytes) -> str:
    """Return what kind of document this is, by its bytes, else by its name.

    >>> media_type("report", b"%PDF-1.7 ..."), media_type("brief.md", b"# Rain"), media_type("x", b"PK\\x03\\x04\\x00")
    ('application/pdf', 'text/markdown', 'application/octet-stream')
    """
    begin, suffix = data[:2_000], name.lower().rpartition(".")[2]
    if begin.lstrip().startswith(b"%PDF-"):
        return PDF
    if b"\0" in begin and not begin.startswith(_BOM[:2]):
        return UNKNOWN
    if _PAGE.match(begin.removeprefix(_BOM[2])) or suffix in ("html", "htm", "xhtml"):
        return webpage.HTML[0]
    return MARKDOWN if suffix in ("md", "markdown") else PLAIN


def kind_of(media_type: str) -> str:
    """Return a media type without its parameters.

    >>> kind_of("Text/HTML; charset=utf-8")
    'text/html'
    """
    return media_type.partition(";")[0].strip().lower()


def is_text(media_type: str) -> bool:
    """Return whether documents of this kind have words that can be read.

    >>> is_text("text/html"), is_text("image/png")
    (True, False)
    """
    kind = kind_of(media_type)
    return kind in (PDF, *webpage.HTML, *_ALSO_TEXT) or kind.startswith("text/")


def words(data: bytes, media_type: str) -> Words:
    """Return all words of a document that a reader sees.

    Raises
    ------
    ArticleUnreadable
        Where it has none, or can't be read.

    Examples
    --------
    >>> words(b"# Rain\\n\\nIt **poured**.", "text/markdown").text
    'Rain\\nIt poured.'
    """
    kind = kind_of(media_type)
    if not is_text(kind):
        raise ArticleUnreadable(f"a document of the kind {kind}", "has no text that can be read", "")
    if len(data) > MOST_BYTES:
        raise ArticleUnreadable(
            "the document", f"has over {MOST_BYTES:,} bytes", "Give the part that matters."
        )
    if kind == PDF:
        return _pdf(data)
    text = webpage.decoded(data, media_type)
    if kind in webpage.HTML:
        try:
            text = webpage.words(text)
        except webpage.TooDeep as error:
            raise ArticleUnreadable("the page", str(error), "Save its words as a text file.") from error
    elif kind == MARKDOWN:
        text = _markdown(text)
    return Words(clean(text)[0])


def whole(data: bytes, media_type: str) -> Words | None:
    """Return a document's words on one line, as quotes are compared with them; None where it can't be read.

    A page that asks for a password is not the document that it stands in front of.

    >>> whole(b"<p>It <b>rained</b> &amp; poured.</p><script>no</script><p>Twice.</p>", "text/html").text
    'It rained & poured. Twice.'
    >>> whole(b"...", "image/png") is None
    True
    """
    try:
        if _is_login(data, media_type):
            return None
        found = words(data, media_type)
    except (ArticleUnreadable, NotInstalled):
        return None
    if not found.pages:
        return Words(comparable(found.text))
    ends = [*found.pages[1:], len(found.text)]
    return _paged([comparable(found.text[a:b]) for a, b in zip(found.pages, ends, strict=True)], " ")


def _is_login(data: bytes, media_type: str) -> bool:
    if (
        kind_of(media_type) not in webpage.HTML
        or re.search(rb"password", data, re.IGNORECASE) is None
        or len(data) > MOST_BYTES
    ):
        return False
    try:
        return webpage.asks_for_a_password(webpage.decoded(data, media_type))
    except webpage.TooDeep:
        return False


def _paged(texts: list[str], gap: str) -> Words:
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + (len(gap) if text else 0)
    return Words(gap.join(filter(None, texts)), tuple(starts))


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    return webpage.words(MarkdownIt("commonmark").enable("table").render(text))


def _pdf(data: bytes) -> Words:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise NotInstalled("Reading PDFs", "pypdf", "articles") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it writes of each slip in a file to the terminal
    until, texts = time.monotonic() + LONGEST, []
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleUnreadable("the PDF", "asks for a password", "Save a copy that has none.")
        if len(reader.pages) > MOST_PAGES:
            raise ArticleUnreadable(
                "the PDF", f"has over {MOST_PAGES:,} pages", "Give the pages that matter."
            )
        for page in reader.pages:
            texts.append(clean(page.extract_text())[0])
            if time.monotonic() > until:
                raise ArticleUnreadable(
                    "the PDF", f"takes over {LONGEST:.0f} s to read", "Save its words as text."
                )
    except ArticleUnreadable:
        raise
    except Exception as error:  # of a broken file it raises whatever it runs into
        raise ArticleUnreadable(
            "the PDF", f"is broken: {type(error).__name__}", "Open and save it anew."
        ) from error
    if not any(texts):
        advice = "It is a scan, or pictures: make its text readable (OCR), or type the words that matter."
        raise ArticleUnreadable("the PDF", "has no text", advice)
    return _paged(texts, "\n")
