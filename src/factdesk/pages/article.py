"""A notebook with its outputs, set as an article: words, pictures, charts, tables, and the code folded away."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from factdesk.charts.chart_rows import Json, listed, mapping
from factdesk.pages.figure import Figure, figure, lighter
from factdesk.pages.formulas import formula
from factdesk.pages.html import (
    KEPT,
    PICTURE,
    Chart,
    clean,
    escape,
    framed_table,
    is_safe_link,
    plain,
    table,
)
from factdesk.pages.widgets import States, states, static_form
from factdesk.schema import VOCABULARY, Status

VEGA = re.compile(r"application/vnd\.vega(lite)?\.v\d+[+.]json")
# Before the specification in the HTML that Altair's own ways to show a chart write.
ALTAIR = re.compile(r"(?:\}\)\(|\bspec\s*=\s*)(?=\{)")
NAME_OF_AN_OBJECT = re.compile(r"<[\w.]+ object( at 0x[0-9a-f]+)?>|alt\.\w*Chart\(\.\.\.\)")
DROPPED = {
    "a frame of another page, such as a map or a video": re.compile(
        r"<(iframe|object|embed)\b", re.IGNORECASE
    ),
    "the style of a table": re.compile(r"<style(?![^>]*\bscoped\b)[^>]*>[^<]*\S", re.IGNORECASE),
    "what a script draws": re.compile(r"<script\b", re.IGNORECASE),
}
"""What `clean` takes out of an output's HTML that a reader would miss."""
LOST = {"plotly": "Plotly", "bokeh": "Bokeh", "application/pdf": "a PDF", "javascript": "what a script draws"}
"""What an output is that no page can show, by a part of a kind of it."""
SAVED_DESK = "fd-saved-desk"
WIDGET = "application/vnd.jupyter.widget-view+json"
AT_ONCE = 8
"""Rows of a chart's table that stand in the page itself."""

MOST_PICTURES = 40_000
"""Bytes of pictures that stand in for charts where no script runs; what lies beyond has the words and the table."""

PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif")


@dataclass
class Article:
    """A notebook set as HTML.

    `heading` is its first heading as HTML and `title` the same as text, `summary` its first words, `body` the
    rest; `contents` are the headings of its parts, by their ids; `charts` are those that the body has a place for, `explores` says whether it has the explorer, and `lost` names what can't be shown, with the numbers of cells.
    """

    title: str = ""
    heading: str = ""
    summary: str = ""
    body: str = ""
    charts: list[Chart] = field(default_factory=list)
    contents: list[tuple[str, str]] = field(default_factory=list)
    explores: bool = False
    lost: list[tuple[int, str]] = field(default_factory=list)


def typeset(
    notebook: NotebookNode,
    *,
    link: Callable[[str], str] = str,
    picture: Callable[[str], str] = lambda address: "",
    vocabulary: Sequence[Status] = VOCABULARY,
    explorer: str = "",
    explorer_link: str = "",
) -> Article:
    """Set a notebook, executed before, as an article: HTML that runs nothing and leads nowhere but over http.

    `link` gives the address that a link of the text has in the page, `picture` a picture beside the notebook as a
    `data:` address, or nothing. `explorer` stands in the place of the first desk and `explorer_link` in that of each
    further one; where they are empty, the desk stays.

    >>> import nbformat.v4 as v4
    >>> notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Who said what?\\n<b>Now</b>")])
    >>> article = typeset(notebook)
    >>> print(article.title, article.body)
    Who said what? <p>&lt;b&gt;Now&lt;/b&gt;</p>
    """
    setting = _Setting(link, picture, vocabulary, explorer, explorer_link, states(notebook))
    cells = []
    for setting.at, cell in enumerate(notebook.cells, 1):
        cells.append(setting.cell(cell))
    setting.article.body = "\n".join(filter(None, cells))
    return setting.article


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # judged in _inline
    # A dollar before a number is money.
    dollarmath_plugin(
        markdown,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        double_inline=True,
        renderer=lambda latex, options: formula(latex, block=options["display_mode"]),
    )
    markdown.add_render_rule("table_open", lambda *_: '<table class="dataframe">')
    return markdown


@dataclass
class _Setting:
    """The state of setting one notebook: the article so far, the depth of its headings, the names given."""

    link: Callable[[str], str]
    picture: Callable[[str], str]
    vocabulary: Sequence[Status]
    explorer: str
    explorer_link: str
    states: States
    article: Article = field(default_factory=Article)
    depth: int = 1
    names: set[str] = field(default_factory=set)
    left: int = MOST_PICTURES
    at: int = 0
    markdown: MarkdownIt = field(default_factory=_markdown)

    def cell(self, cell: NotebookNode) -> str:
        if cell.cell_type == "markdown":
            return self.text(cell.source, cell.get("attachments", {}), opens=True)
        if cell.cell_type != "code" or (not cell.source.strip() and not cell.outputs):
            return ""
        outputs = "\n".join(filter(None, map(self.output, _without_dead_desks(_joined(cell.outputs)))))
        return f"{outputs}\n{_code(cell.source, bool(outputs))}".strip()

    # ---- words ----

    def text(self, source: str, attachments: Mapping[str, Mapping[str, str]], opens: bool = False) -> str:
        tokens = self.markdown.parse(plain(source))
        for token in tokens:
            self._inline(token, attachments)
        if opens and not self.article.heading:
            tokens = self._without_title(tokens)
        for heading, words, end in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if heading.type == "heading_open":
                self._rank(heading, _words(words))
                end.tag = heading.tag
        for token in tokens:
            if token.type in ("th_open", "td_open") and (style := token.attrGet("style")):
                token.attrSet("style", KEPT + str(style))
        if opens and not self.article.summary:
            paragraphs = (b for a, b in pairwise(tokens) if a.type == "paragraph_open")
            self.article.summary = next((_words(p)[:300] for p in paragraphs if _words(p)), "")
        markup = self.markdown.renderer.render(tokens, self.markdown.options, {}).strip()
        return re.sub(r"<table\b.*?</table>", lambda found: framed_table(found[0]), markup, flags=re.DOTALL)

    def _without_title(self, tokens: list[Token]) -> list[Token]:
        """Take the first heading out of the text: it stands in the page's head."""
        at = next(
            (i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0), None
        )
        if at is None or not _words(tokens[at + 1]):
            return tokens
        self.article.title = _words(tokens[at + 1])
        self.article.heading = self.markdown.renderer.render([tokens[at + 1]], self.markdown.options, {})
        return tokens[:at] + tokens[at + 3 :]

    def _rank(self, heading: Token, words: str) -> None:
        """Leave one h1 to the page and no step out between headings, and name each as JupyterLab does."""
        self.depth = max(2, min(int(heading.tag[1]), self.depth + 1))
        heading.tag = f"h{self.depth}"
        stem = re.sub(r"\s+", "-", words)
        numbered = (f"{stem}-{n}" if n > 1 else stem for n in count(1))
        name = next(one for one in numbered if one not in self.names)
        self.names.add(name)
        heading.attrSet("id", name)
        if self.depth == 2:
            self.article.contents.append((name, words))

    def _inline(self, token: Token, attachments: Mapping[str, Mapping[str, str]]) -> None:
        for child in token.children or []:
            if child.type == "link_open":
                address = self.link(str(child.attrGet("href")))
                child.attrs = {"href": address, "rel": "noopener noreferrer"} if is_safe_link(address) else {}
            elif child.type == "image":
                address = self._picture(str(child.attrGet("src")), attachments)
                if address:
                    child.attrSet("src", address)
                else:
                    child.type, child.tag, child.children = "text", "", None

    def _picture(self, address: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
        if PICTURE.fullmatch(address):
            return address
        if address.startswith("attachment:"):
            return _data_picture(attachments.get(address.removeprefix("attachment:"), {}))
        return self.picture(address) if is_safe_link(address) and ":" not in address else ""

    # ---- outputs ----

    def output(self, output: NotebookNode) -> str:
        if output.output_type == "stream":
            words = plain(output.text).strip("\n")
            return f"<pre>{escape(words)}</pre>" if words.strip() else ""
        if output.output_type == "error":
            return f'<pre class="error">{escape(f"{output.ename}: {output.evalue}")}</pre>'
        return self.bundle(output.data)

    def bundle(self, data: Mapping[str, Json]) -> str:
        """Set the richest form of an output that shows something in a page without a kernel and a network."""
        kind = next((kind for kind in data if VEGA.fullmatch(kind)), "")
        written = _joined_text(data.get("text/html"))
        if spec := mapping(data.get(kind)) or _altair(written):
            is_lite = re.search("vega-?lite", kind or str(spec["$schema"]))
            return self.chart(spec, "vega-lite" if is_lite else "vega", _data_picture(data))
        markup = clean(written)
        if self.explorer and SAVED_DESK in markup:
            first, self.article.explores = not self.article.explores, True
            return self.explorer if first else self.explorer_link
        if re.sub(r"<(?!img\b)[^>]*>", "", markup).strip():
            self._lose(*_missing(data, written))
            return f'<div class="output">{markup}</div>'
        if picture := _data_picture(data):
            return f'<figure><img src="{picture}" alt="{escape(_alternative(data))}"></figure>'
        self._lose(*(missing := _missing(data, written)))
        if words := _joined_text(data.get("text/markdown")):
            return self.text(words, {})
        if view := mapping(data.get(WIDGET)):
            if shown := static_form(str(view.get("model_id")), self.states, self.bundle):
                return f'<div class="output">{shown}</div>'
            self._lose("a control")
            return '<p class="note">A control of the notebook stood here. It needs the notebook itself.</p>'
        if latex := _joined_text(data.get("text/latex")):
            return f"<p>{formula(latex, block=True)}</p>"
        if "application/json" in data:
            written = json.dumps(data["application/json"], indent=2, ensure_ascii=False)
            return f"<pre>{escape(plain(written))}</pre>"
        words = plain(_joined_text(data.get("text/plain"))).strip("\n")
        if words and not NAME_OF_AN_OBJECT.fullmatch(words):
            return f"<pre>{escape(words)}</pre>"
        self._lose(*([] if missing else list(data)[:1]))
        kinds = escape(", ".join(data))
        return f'<p class="note">An output that a page can’t show stood here ({kinds}).</p>' if data else ""

    def _lose(self, *kinds: str) -> None:
        """Note what of the cell at hand a page can't show."""
        self.article.lost += [(self.at, kind) for kind in kinds]

    def chart(self, spec: Mapping[str, Json], kind: str, picture: str) -> str:
        """Set a chart, with its picture for want of scripts and its rows as a table for whoever can't see it."""
        made = figure(spec, self.vocabulary)
        self.article.charts.append(Chart(made.spec, kind, made.rows[AT_ONCE:], made.fit))
        picture = lighter(picture)
        self.left -= len(picture)
        return figure_markup(made, len(self.article.charts) - 1, picture if self.left >= 0 else "")


def _missing(data: Mapping[str, Json], markup: str) -> list[str]:
    """Name what a reader of the page will miss of an output."""
    known = [name for part, name in LOST.items() if any(part in kind for kind in data)]
    return known[:1] or [name for name, mark in DROPPED.items() if mark.search(markup)]


def figure_markup(made: Figure, number: int, picture: str = "", *, titled: bool = True) -> str:
    """Write the HTML around a chart: its words, the place where it is drawn, and its rows as a table.

    `number` says which of the page's charts it is; `titled` is false where the page itself has its title.
    """
    ground = "plot" if made.follows_the_page or made.fit else "plot card"
    around = {"title": made.title if titled else "", "subtitle": made.subtitle}
    shown = f'<img src="{picture}" alt="">' if picture else ""
    parts = (
        "<figure>",
        *(f'<p class="{name}">{escape(words)}</p>' for name, words in around.items() if words),
        f'<div class="{ground}" data-chart="{number}" role="img" aria-label="{escape(made.label)}">{shown}</div>',
        '<div class="inputs"></div>',
        "" if picture else f'<noscript><p class="note">{escape(made.label)}</p></noscript>',
        *(f'<p class="note"><b>{escape(head)}</b> {escape(words)}</p>' for head, words in made.reasons),
        f"<figcaption>{escape(made.caption)}</figcaption>" if made.caption else "",
        _rows(made),
        "</figure>",
    )
    return "\n".join(filter(None, parts))


def _rows(made: Figure) -> str:
    if not made.rows:
        return ""
    first = made.rows[:AT_ONCE]
    rows = table(map(escape, made.headings), (map(escape, row) for row in first))
    whole = len(made.rows) + made.left_out
    # The page's script sets the rest, which travels packed, once the table is opened.
    at_last = f"The first {len(made.rows)} of {whole:,} rows." if made.left_out else ""
    cut = f'<p class="note" data-at-last="{at_last}">The first {len(first)} of {whole:,} rows.</p>'
    note = cut if len(first) < whole else ""
    return f'<details class="data"><summary>Table of this chart</summary>{framed_table(rows)}{note}</details>'


def _words(token: Token) -> str:
    """The text of an inline token without its marks."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or []
        if child.type in ("text", "code_inline", "softbreak", "hardbreak")
    ).strip()


def _joined(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Join what was printed in several pieces, so that a piece is not a paragraph."""
    joined: list[NotebookNode] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before and output.output_type == before.output_type == "stream" and output.name == before.name:
            joined[-1] = NotebookNode(before | {"text": before.text + output.text})
        else:
            joined.append(output)
    return joined


def _without_dead_desks(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Leave a desk out where the form of it that can be read stands just before, and what a page says in its place.

    Notebooks are often saved without their widgets; what is left of a desk then has no words of its own.
    """
    data = [output.get("data", {}) for output in outputs]
    saved = [False, *(SAVED_DESK in _joined_text(one.get("text/html")) for one in data)]
    return [
        output
        for output, one, before in zip(outputs, data, saved, strict=False)
        if not (before and (WIDGET in one or one.get("text/plain") == ""))
    ]


def _joined_text(value: Json) -> str:
    return value if isinstance(value, str) else "".join(map(str, listed(value)))


def _altair(markup: str) -> Mapping[str, Json]:
    """Return the specification in the HTML by which Altair shows a chart; its scripts would ask a network for more."""
    for before in ALTAIR.finditer(markup) if "vegaEmbed" in markup else ():
        try:
            spec, _ = json.JSONDecoder().raw_decode(markup, before.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(spec, Mapping) and "vega.github.io/schema/vega" in str(spec.get("$schema")):
            return spec
    return {}


def _data_picture(data: Mapping[str, Json]) -> str:
    """Return the first picture of a bundle as a `data:` address, or nothing."""
    for kind in PICTURES:
        content = _joined_text(data.get(kind))
        if not content:
            continue
        if kind == "image/svg+xml":
            content = base64.b64encode(content.encode("utf-8", "replace")).decode()
        try:
            packed = base64.b64encode(base64.b64decode("".join(content.split()), validate=True)).decode()
        except binascii.Error:
            continue
        return f"data:{kind};base64,{packed}"
    return ""


def first_picture(notebook: NotebookNode) -> str:
    """Return the picture of the first chart as a `data:` address, else the first picture; nothing where there is none.

    >>> import nbformat.v4 as v4
    >>> shown = v4.new_output("display_data", {"image/gif": "R0lGODlh"})
    >>> first_picture(v4.new_notebook(cells=[v4.new_code_cell("draw()", outputs=[shown])]))
    'data:image/gif;base64,R0lGODlh'
    """
    charts = [data for data in _bundles(notebook) if any(VEGA.fullmatch(kind) for kind in data)]
    return next((picture for data in [*charts, *_bundles(notebook)] if (picture := _data_picture(data))), "")


def has_desk(notebook: NotebookNode) -> bool:
    """Whether a desk stands in a notebook, for which the page's ledger has to be read through."""
    return any(SAVED_DESK in _joined_text(data.get("text/html")) for data in _bundles(notebook))


def _bundles(notebook: NotebookNode) -> list[Mapping[str, Json]]:
    return [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]


def _alternative(data: Mapping[str, Json]) -> str:
    words = plain(_joined_text(data.get("text/plain"))).strip()
    return words if words and not words.startswith("<") else "Picture made by the code below"


def _code(source: str, beside_an_output: bool) -> str:
    lines = sum(bool(line.strip()) for line in source.splitlines())
    if not lines:
        return ""
    counted = "1 line of code" if lines == 1 else f"{lines} lines of code"
    summary = f"How this was made ({counted})" if beside_an_output else counted
    marked = highlight(plain(source), PythonLexer(), HtmlFormatter(nowrap=True, classprefix="hl-")).rstrip()
    return f'<details class="code"><summary>{summary}</summary><pre><code>{marked}</code></pre></details>'
