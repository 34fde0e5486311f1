"""One HTML page that needs no network and runs nothing but its own script, whatever stands in it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import nh3

from factdesk.charts.chart_rows import Json
from factdesk.charts.colours import looks
from factdesk.schema import VOCABULARY, Status

GENERATOR = '<meta name="generator" content="factdesk">'
"""A page with this line is one of ours."""

_HASH = re.compile(r'<meta name="factdesk:page" content="([0-9a-f]{64})">')
_NOUGHTS = '<meta name="factdesk:page" content="' + "0" * 64 + '">'
"""What stands in the head in the place of the page's own hash while that is taken."""

PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")
# Half characters (surrogates), which no file can hold, and our own mark are among them.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufdd0]")

TAGS = nh3.ALLOWED_TAGS - {"article", "aside", "footer", "header", "nav", "map", "area", "center", "hgroup"}
ATTRIBUTES = {tag: set(names) - {"align"} for tag, names in nh3.ALLOWED_ATTRIBUTES.items()} | {
    "*": {"class", "style", "title", "lang", "dir"},
    "time": {"datetime"},
}

# What an output may say of its own look: nothing that moves it about the page or loads.
PROPERTIES = {
    "--light", "--dark", "background", "background-color", "border-radius", "color", "display", "flex", "font-size",
    "font-style", "font-weight", "height", "margin", "margin-right", "overflow-wrap", "padding", "text-align",
    "white-space", "width",
}  # fmt: skip
PLAIN_VALUE = re.compile(r"[-\w#.,% ]+", re.ASCII)
SHEETS = {"claim": "fd-", "saved_desk": "fd-saved-desk", "index": 'class="pages"'}
"""Further style sheets, and what in a page asks for them."""

# Stands before a style that `clean` let through; a noncharacter, so that no text has it.
KEPT = "\ufdd0"


@dataclass(frozen=True)
class Facts:
    """What a page says of the ledger behind it."""

    title: str
    publisher: str
    day: str
    spoken_day: str
    counts: str
    digest: str
    vocabulary: tuple[Status, ...]


@dataclass(frozen=True)
class Chart:
    """A chart's specification, its language, `vega-lite` or `vega`, and the rows that its table grows by when opened.

    `fit` says how it takes the page's width and day, as `figure` found it.
    """

    spec: Mapping[str, Json]
    kind: str
    rows: Sequence[Sequence[str]] = ()
    fit: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """Something in a page that works by a script of its own: its name, script, style sheet and data."""

    name: str
    script: str
    style: str
    data: Json


def is_safe_link(address: str) -> bool:
    """Whether a link may stand in a page: http, https, a fragment or a path beside the page.

    >>> is_safe_link("https://example.org/a"), is_safe_link("02-status.html#h"), is_safe_link("javascript:x")
    (True, True, False)
    """
    if re.search(r"[\x00-\x20\x7f]", address):
        return False
    if address.lower().startswith(("http://", "https://")):
        return True
    # A path from the root names folders of the author's machine; `//host` names a server.
    return not address.startswith(("/", "\\")) and ":" not in re.split(r"[/?#]", address, maxsplit=1)[0]


def inert_json(value: Json) -> str:
    r"""Write JSON that stays data wherever in a page it stands.

    >>> print(inert_json("</script>"))
    "\u003c/script\u003e"
    """
    # ASCII also for U+2028 and U+2029, which end a line for JavaScript and not for JSON, and for half characters.
    text = json.dumps(value, separators=(",", ":"))
    if "NaN" in text or "Infinity" in text:  # which no browser reads as JSON, and data of charts may hold
        text = json.dumps(json.loads(text, parse_constant=lambda _: None), separators=(",", ":"))
    return text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&"})


def plain(text: str) -> str:
    r"""Take terminal colours and control characters out; of a line that was drawn over keep the last state.

    >>> plain("\x1b[31mred\x1b[0m 10%\r 20%\n")
    ' 20%\n'
    """
    lines = ANSI.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(CONTROLS.sub("", line.rstrip("\r").rsplit("\r", 1)[-1]) for line in lines)


def escape(text: str) -> str:
    """Write text so that it is text in HTML, in an attribute too."""
    return html.escape(plain(text))


def clean(markup: str) -> str:
    """Keep of an output's HTML what shows something, and nothing that runs, loads or restyles the page.

    >>> clean('<b onclick="x()">kept</b><script>gone()</script><img src="http://example.org/a.png">')
    '<b>kept</b>'
    """
    safe = nh3.clean(
        CONTROLS.sub("", markup.replace("\r\n", "\n").replace("\r", "\n")),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "data"},
        link_rel="noopener noreferrer",
    )
    safe = re.sub(r"<img(?![^>]*\ssrc=)[^>]*>", "", safe)
    safe = re.sub(r"<(/?)h1\b", r"<\1h2", safe)  # the page has its one
    return re.sub(r"<table\b.*?</table>", lambda found: framed_table(found[0]), safe, flags=re.DOTALL)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        ours = [
            word for word in value.split() if word.startswith(("fd-", "factdesk-")) or word == "dataframe"
        ]
        return " ".join(ours) or None
    if name == "style":
        pairs = (one.partition(":") for one in value.lower().split(";"))
        kept = [
            f"{of.strip()}:{is_.strip()}"
            for of, _, is_ in pairs
            if of.strip() in PROPERTIES and PLAIN_VALUE.fullmatch(is_.strip())
        ]
        return KEPT + ";".join(kept) if kept else None
    if name == "href":
        return value if is_safe_link(value) else None
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    return None if name == "cite" else value


def kept_styles(markup: str) -> str:
    """Mark the styles in markup of our own, in which all other text is escaped, as those that a page keeps."""
    return markup.replace(' style="', f' style="{KEPT}')


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a table whose cells are HTML."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def framed(table: str) -> str:
    """Put a table in a frame that scrolls where it is too wide."""
    return f'<div class="scroll" tabindex="0" role="group" aria-label="Table">{table}</div>'


def framed_table(table: str) -> str:
    """Return a table's heads their scope, and the table a frame that scrolls where it is too wide."""
    head, mark, rest = table.partition("</thead>")
    if not mark:
        head, rest = "", table
    head = _one_row(head)
    # The corner over an index is empty: a cell, not a head without words. Over no rows it only moves the heads.
    corner = "" if re.search(r"<tbody[^>]*>\s*</tbody>", rest) else "<td></td>"
    head = re.sub(r"<th[^>]*>\s*</th>", corner, head)
    head = re.sub(r"<th\b(?![^>]*\bscope=)", '<th scope="col"', head)
    rest = re.sub(r"<th\b(?![^>]*\bscope=)", '<th scope="row"', rest)
    # Days and numbers stay on one line.
    rest = re.sub(r"<td(?![^>]*\bclass=)([^>]*)>(?=[^<\s]{1,16}</td>)", r'<td class="short"\1>', rest)
    # Words keep a width at which they can be read, and the table scrolls in its frame.
    for least, name in ((160, "longer"), (48, "long"), (12, "words")):
        rest = re.sub(rf"<td(?![^>]*\bclass=)([^>]*)>(?=[^<]{{{least},}})", rf'<td class="{name}"\1>', rest)
    # As in a ledger, what is not known is an empty cell.
    rest = re.sub(r"<td[^>]*>(?:NaN|NaT|None|&lt;NA&gt;)</td>", "<td></td>", rest)
    return framed(f"{head}{mark}{rest}")


def _one_row(head: str) -> str:
    """Join the two rows that pandas sets over a table whose index has a name: no column has words in both."""
    rows = re.findall(r"<tr[^>]*>.*?</tr>", head, re.DOTALL)
    cells = [re.findall(r"<th[^>]*>(?:(?!</th>).)*</th>", row, re.DOTALL) for row in rows]
    if len(rows) != 2 or len(cells[0]) != len(cells[1]) or "span=" in head:
        return head
    filled = [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in cells]
    if any(above and below for above, below in zip(*filled, strict=True)):
        return head
    joined = [one if above else other for one, other, above in zip(*cells, filled[0], strict=True)]
    return head.replace(rows[0], f"<tr>{''.join(joined)}</tr>").replace(rows[1], "")


def header(heading: str, facts: Facts | None, authors: str = "") -> str:
    """Return the head of a page: the title (as HTML), who wrote it, which ledger, as of when and over how much."""
    by = f"By {escape(authors)}" if authors else ""
    if facts is None:
        byline = f'<p class="byline">{by}</p>' if by else ""
        return f"<header><h1>{heading}</h1>{byline}</header>"
    over = (facts.title if escape(facts.title) != heading else "", facts.publisher)
    kicker = escape(" · ".join(filter(None, over)))
    as_of = f'As of <time datetime="{facts.day}">{facts.spoken_day}</time> · ' if facts.day else ""
    return (
        "<header>\n" + (f'<p class="kicker">{kicker}</p>\n' if kicker else "") + f"<h1>{heading}</h1>\n"
        f'<p class="byline">{f"{by} · " if by else ""}{as_of}{escape(facts.counts)} · '
        f"ledger <code>{facts.digest[:4]} {facts.digest[4:8]}</code></p>\n</header>"
    )


def document(
    title: str,
    body: str,
    *,
    language: str = "en",
    summary: str = "",
    facts: Facts | None = None,
    about: Mapping[str, str] | None = None,
    charts: Sequence[Chart] = (),
    parts: Sequence[Part] = (),
    reviews: Sequence[Json] = (),
    style: str = "",
    feed: str = "",
) -> str:
    """Put a body into a whole page: head, policy, style, and where there are charts the library, once.

    What in `body` came from outside has gone through `escape` or `clean`; it has a `data-chart` place for each of
    `charts`, in order. `about` is what the page says of itself by the names of `meta`, `parts` what else works by a
    script, `reviews` JSON-LD for search engines, `feed` the address of an Atom feed. The page has line feeds only:
    the hashes in its policy are of what a parser sees.

    >>> print(document("Empty", "<main></main>").splitlines()[4][:70])
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'
    """
    specs = inert_json(
        [{"spec": c.spec, "kind": c.kind, "rows": [*map(list, c.rows)], "fit": c.fit} for c in charts]
    )
    body, looks = _moved_looks(body)
    sheets = (static(f"{name}.css") for name, mark in SHEETS.items() if mark in body)
    style = "".join(sheets) + page_style(facts.vocabulary if facts else VOCABULARY) + style + looks
    style += "".join(part.style for part in parts)
    packed = [("holds", "library", library()), ("holds", "charts", specs)] if charts else []
    for part in parts:
        packed += [("holds", part.name, inert_json(part.data)), ("runs", part.name, part.script)]
    of_page = {"page": bool(charts), "unpack": bool(parts), "tables": "</thead>" in body}
    own = [static(f"{name}.js") for name, is_asked_for in of_page.items() if is_asked_for]
    runs = [*([library()] if charts else []), *(part.script for part in parts), *own]
    allowed = " ".join(map(_hash, runs)) or "'none'"
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    named = {"description": summary, **(about or {})}
    if facts:
        named |= {
            "dcterms.source": facts.title,
            "dcterms.publisher": facts.publisher,
            "dcterms.date": facts.day,
            "factdesk:digest": facts.digest,
        }
    metas = "".join(
        f'<meta name="{name}" content="{escape(words)}">\n' for name, words in named.items() if words
    )
    scripts = "".join(
        f'<script type="application/gzip" data-{use}="{name}">{_packed(text)}</script>\n'
        for use, name, text in packed
    )
    scripts += "".join(f"<script>{script}</script>\n" for script in own)
    linked = f'<script type="application/ld+json">{inert_json(reviews)}</script>\n' if reviews else ""
    if feed:
        kind = 'rel="alternate" type="application/atom+xml" title="Status changes"'
        linked = f'<link {kind} href="{escape(feed)}">\n{linked}'
    whole = f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
{GENERATOR}
{_NOUGHTS}
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
{metas}<title>{escape(title)}</title>
<style>{style}</style>
{linked}</head>
<body>
{body}
{scripts}</body>
</html>
"""
    return _HASH.sub(f'<meta name="factdesk:page" content="{_hash_of(whole)}">', whole, count=1)


def _hash_of(page: str) -> str:
    blank = _HASH.sub(_NOUGHTS, page, count=1)
    return hashlib.sha256(blank.encode("utf-8", "surrogateescape")).hexdigest()


def has_its_hash(page: str) -> bool | None:
    """Whether a page's text is what `document` wrote; None where it doesn't say by what that is known.

    >>> page = document("Empty", "<main></main>")
    >>> has_its_hash(page), has_its_hash(page.replace("Empty", "Full")), has_its_hash("<p>")
    (True, False, None)
    """
    found = _HASH.search(page)
    return found[1] == _hash_of(page) if found else None


def _moved_looks(body: str) -> tuple[str, str]:
    """Move what outputs say of their own look to the page's sheet: its policy allows no style in the markup."""
    looks: dict[str, str] = {}

    def moved(found: re.Match[str]) -> str:
        name = hashlib.sha256(found[1].encode()).hexdigest()[:8]
        looks[name] = found[1]
        return f'data-look="{name}"'

    body = re.sub(f'style="{KEPT}([^"]*)"', moved, body)
    return body, "".join(f'[data-look="{name}"]{{{look}}}\n' for name, look in looks.items())


@cache
def library() -> str:
    """Return the chart library, the one script beside our own that a page runs (seconds, once)."""
    import vl_convert

    bundle = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub asks for more
    # A parser reads CR as LF, so that the hash would not hold, and these end or swallow a script.
    if "\r" in bundle or "</script" in bundle.lower() or "<!--" in bundle:
        raise RuntimeError("the chart library can't stand in a page as it is")
    return bundle


@cache
def static(name: str) -> str:
    """Return one of the files in `static/`, with line feeds only."""
    text = resources.files("factdesk").joinpath("static", name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def page_style(vocabulary: Sequence[Status]) -> str:
    """Return the page's style sheet, with the colours of statuses, and of what is read on them, as variables."""
    style = static("page.css")
    for theme in ("light", "dark"):
        found = enumerate(looks(tuple(vocabulary), theme).values())
        variables = (f"--status-{n}:{look.colour};--on-status-{n}:{look.on};" for n, look in found)
        style = style.replace(f"/*{theme}*/", "".join(variables))
    return style


def _packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
