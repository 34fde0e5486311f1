"""A page's HTML as a reader sees it: cleaned, without what is hidden, cut into tags and words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

import nh3
from w3lib.encoding import html_to_unicode

from factdesk.articles import stylesheet
from factdesk.articles.stylesheet import Rule

HTML = ("text/html", "application/xhtml+xml")
DEEPEST, REFUSED = 200, 5_000
"""Tags that are nested deeper than the first are left out, and their words kept: parsers of trees stop at 256. A page
with more than the second is refused: cleaning takes the square of the depth (28 s of processor for 100,000)."""

_NAME = re.compile(r"\w+")
_BLOCKS = frozenset(
    _NAME.findall(
        "address article aside blockquote br button caption center dd details dialog div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol optgroup option p pre section select summary "
        "table tbody td tfoot th thead title tr ul"
    )
)
_IN_LINE = frozenset(
    _NAME.findall(
        "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span strike "
        "strong sub sup time tt u var wbr"
    )
)
_GAP = re.compile(rf"<(?=/?(?:{'|'.join(sorted(_BLOCKS))})\b)", re.IGNORECASE)
_NO_WORDS = {"script", "style", "template", "noscript", "svg", "textarea"}
_VOID = frozenset(("br", "hr", "wbr"))
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|br|hr|img|input|link|meta|option|source)\b)[a-z]", re.IGNORECASE
)
_TOKEN = re.compile(r'<(?P<end>/?)(?P<name>[a-zA-Z0-9-]+)(?P<rest>(?:[^>"]|"[^"]*")*)>|[^<]+|<')
_STYLE = re.compile(r'\s(style="([^"]*)"|hidden="[^"]*")')
_NAMED = re.compile(r'\s(class|id)="([^"]*)"')
_HIDDEN = re.compile(rf"{stylesheet.HIDES}|(?:font-size|opacity)\s*:\s*0(?:\.0*)?(?![.\d])", re.IGNORECASE)
_SHOWN = re.compile(r"\b(?:display|visibility)\s*:", re.IGNORECASE)


class Piece(NamedTuple):
    """A tag, or words between two tags; `words` is empty for a tag, and a line break for one that parts blocks."""

    markup: str
    words: str = ""


class TooDeep(ValueError):
    """A page whose tags are nested without end, which no cleaner takes in reasonable time."""


def decoded(data: bytes, media_type: str) -> str:
    """Return a document's characters, in the encoding that it or its server names, else guessed as browsers do.

    >>> decoded("é".encode("cp1252"), "text/plain"), decoded("é".encode(), "text/html")
    ('é', 'é')
    """
    return html_to_unicode(media_type, data, auto_detect_fun=_encoding)[1]


def _encoding(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def pieces(markup: str) -> Iterator[Piece]:
    """Yield what a reader sees of a page, in order; scripts, hidden elements and what lies in them are left out.

    Hidden is what its own style or attribute hides, or a simple rule of a stylesheet that stands in the page.

    >>> "".join(piece.words for piece in pieces("<p>It <b>rained</b>.<i style='display:none'>Not.</i><p>Twice."))
    '\\n\\nIt rained.\\n\\n\\nTwice.\\n'
    """
    depth = deepest = 0
    for tag in _NESTING.finditer(markup):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > REFUSED:
        raise TooDeep(f"its tags are nested {deepest:,} deep")
    clean = nh3.clean(
        _GAP.sub("\n<", markup),  # a cell outside of a table loses its tag, and two words would be one
        tags={*_BLOCKS, *_IN_LINE},
        clean_content_tags=_NO_WORDS,
        attributes={"*": {"style", "hidden", "class", "id"}, "a": {"href", "style", "hidden", "class", "id"}},
        link_rel=None,
    )
    rules = stylesheet.rules(stylesheet.sheets(markup))
    depth = hidden = 0
    for token in _TOKEN.finditer(clean):
        name, end, rest = token["name"], token["end"], token["rest"]
        if name is None:
            if not hidden:
                yield Piece(token[0], html.unescape(token[0]))
            continue
        if name in _VOID:
            if not hidden:
                yield Piece(f"<{name}>", "\n" if name in _BLOCKS else "")
            continue
        depth += -1 if end else 1
        at = depth + bool(end)
        if not hidden and not end and _is_hidden(name, rest, rules):
            hidden = depth
        elif not hidden:
            is_shown = at <= DEEPEST
            shown = f"<{end}{name}{_STYLE.sub('', rest)}>" if is_shown else ""
            yield Piece(shown, "\n" if name in _BLOCKS else "")
        elif depth < hidden:
            hidden = 0


def words(markup: str) -> str:
    """Return the words of a page that a reader sees, a line for each block.

    >>> words("<h1>Rain</h1><p>It rained &amp; <b>poured</b>.</p><script>no</script>")
    'Rain\\nIt rained & poured.'
    """
    text = "".join(piece.words for piece in pieces(markup))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def visible(markup: str) -> str:
    """Return a page's markup without scripts, styles and what is hidden.

    >>> visible('<p class="lead" style="color:red">Rain<span hidden>Sun</span></p>').replace("\\n", "")
    '<html><body><p class="lead">Rain</p></body></html>'
    """
    return f"<html><body>{''.join(piece.markup for piece in pieces(markup))}</body></html>"


def asks_for_a_password(markup: str) -> bool:
    """Return whether a page has little but a form with a password.

    >>> asks_for_a_password("<form>Sign in <input name=p type=password></form>"), asks_for_a_password("<p>Rain")
    (True, False)
    """
    has_field = re.search(r"<input\b[^>]{0,500}?\btype\s*=\s*[\"']?password\b", markup, re.IGNORECASE)
    return has_field is not None and len(words(markup)) < 1_500


def _is_hidden(name: str, attributes: str, rules: dict[str, list[Rule]]) -> bool:
    styles = [found[2] for found in _STYLE.finditer(attributes)]
    if any(style is None or _HIDDEN.search(html.unescape(style)) for style in styles):
        return True
    if not rules or any(map(_SHOWN.search, styles)):
        return False
    named = ((mark, html.unescape(words).split()) for mark, words in _NAMED.findall(attributes))
    of = (f"{'#' if mark == 'id' else '.'}{word}" for mark, words in named for word in words)
    return stylesheet.is_hidden(rules, [name, *of])
