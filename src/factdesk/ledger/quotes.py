"""Where a quote stands in a document's text: found again whenever it is asked for, never stored."""

from __future__ import annotations

import html
import re

import nh3
from w3lib.encoding import html_to_unicode

from factdesk.text import comparable

# Between two of these a reader sees a gap, where the file may have none.
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|"
    r"li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)\b)",
    re.IGNORECASE,
)
_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = ("application/json", "application/xml")


def text_of(data: bytes, media_type: str) -> str | None:
    """Return the text of a document as quotes are compared with it; None where this kind can't be read.

    >>> text_of(b"<p>It <b>rained</b> &amp; poured.</p><script>no</script><p>Twice.</p>", "text/html")
    'It rained & poured. Twice.'
    >>> text_of(b"%PDF-1.7", "application/pdf") is None
    True
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in _HTML and kind not in _PLAIN and not kind.startswith("text/"):
        return None
    _, text = html_to_unicode(media_type, data, auto_detect_fun=_encoding)
    if kind in _HTML:
        text = html.unescape(nh3.clean(_BLOCK.sub(" <", text), tags=set()))
    return comparable(text)


def _encoding(data: bytes) -> str:
    """Guess the encoding of a document that does not say it, as browsers do."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def stands_in(quote: str, text: str) -> bool:
    """Return whether a quote stands in a document's text, whatever its line breaks and blanks.

    >>> stands_in("It  rained", "On Monday It\\nrained.")
    True
    """
    return comparable(quote) in comparable(text)
