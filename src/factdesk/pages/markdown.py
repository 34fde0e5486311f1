"""A notebook with its outputs as plain Markdown, its pictures beside it, for sites that host code."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbformat import NotebookNode

from factdesk.pages.article import (
    NAME_OF_AN_OBJECT,
    PICTURES,
    VEGA,
    WIDGET,
    _data_picture,
    _joined,
    _joined_text,
    _without_dead_desks,
)
from factdesk.pages.figure import figure
from factdesk.pages.html import PICTURE, Facts, Json, clean, is_safe_link, plain
from factdesk.schema import Status

MARK = "<!-- made by factdesk -->"
"""By this first line a file of ours is told from any other; it is not shown."""

ENDINGS = {"svg+xml": "svg", "jpeg": "jpg"}
ROWS = 200
"""Rows of a table that are written."""
LONGEST = 600
"""Characters of what is said in place of a picture."""

_MEANS = re.compile(r"([\\`*_{}\[\]<>|~&$])")
# At the beginning of a line these make a list, a heading or a rule of it.
_BEGINS = re.compile(r"(?m)^(\s*)([-+=#:]|\d+(?=[.)](?:\s|$)))")


class Report:
    """A notebook on its way to Markdown: the text, and the pictures that stand beside it by name.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Who said *what*?"), v4.new_code_cell("6 * 7")])
    >>> print(Report("report_files", lambda address: "", ()).text(notebook, "who.ipynb", "Who?", None))
    <!-- made by factdesk -->
    <BLANKLINE>
    # Who said *what*?
    <BLANKLINE>
    <details><summary>Code</summary>
    <BLANKLINE>
    ```python
    6 * 7
    ```
    <BLANKLINE>
    </details>
    <BLANKLINE>
    ---
    <BLANKLINE>
    Made from who.ipynb with factdesk.
    <BLANKLINE>
    """

    def __init__(self, folder: str, picture: Callable[[str], str], vocabulary: Sequence[Status]) -> None:
        self.folder, self.picture, self.vocabulary = folder, picture, vocabulary
        self.pictures: dict[str, bytes] = {}
        # As the sites read it, HTML included: what is HTML to them is made text.
        self.parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.parser.validateLink = lambda url: True  # type: ignore[method-assign]  # judged in _harmless

    def text(self, notebook: NotebookNode, name: str, title: str, facts: Facts | None) -> str:
        """Write a notebook, executed before; `title` is for one that has none of its own."""
        parts = [MARK]
        words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        if not any(token.type == "heading_open" for source in words for token in self.parser.parse(source)):
            parts.append(f"# {escaped(title)}")
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                parts.append(self.words(cell.source, cell.get("attachments", {})))
            elif cell.cell_type == "code":
                parts += map(self.output, _without_dead_desks(_joined(cell.outputs)))
                if cell.source.strip():
                    code = fenced(cell.source, "python")
                    parts.append(f"<details><summary>Code</summary>\n\n{code}\n\n</details>")
        made = f"Made from {escaped(name)} with factdesk."
        if facts:
            of = (
                f" Ledger “{escaped(facts.title)}”, as of {facts.spoken_day}"
                if facts.day
                else f" Ledger “{escaped(facts.title)}”"
            )
            made += f"{of}: {escaped(facts.counts)}; digest `{facts.digest[:4]} {facts.digest[4:8]}`."
        parts += ["---", made]
        return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"

    # ---- words ----

    def words(self, source: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
        """Give an author's Markdown, its pictures taken along, and what would be markup or lead astray as text."""
        source = self._with_pictures(plain(source), attachments)
        for _ in range(5):  # what is made text may make markup of what stands beside it
            harmless = self._harmless(source)
            if harmless == source:
                return source
            source = harmless
        return escaped(source)

    def _with_pictures(self, source: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
        inner = (child for token in self.parser.parse(source) for child in token.children or [])
        for address in dict.fromkeys(str(child.attrGet("src")) for child in inner if child.type == "image"):
            if PICTURE.fullmatch(address):
                found = address
            elif address.startswith("attachment:"):
                found = _data_picture(attachments.get(address.removeprefix("attachment:"), {}))
            else:
                found = self.picture(address) if is_safe_link(address) and ":" not in address else ""
            kept = self._kept(found) if found else ""
            if kept:
                source = source.replace(f"]({address}", f"]({kept}")
        return source

    def _harmless(self, source: str) -> str:
        lines = source.split("\n")
        ours = {self._address(name) for name in self.pictures}

        def rewrite(token: Token, how: Callable[[str], str]) -> None:
            first, last = token.map or (0, len(lines))
            lines[first:last] = [how(line) for line in lines[first:last]]

        for token in self.parser.parse(source):
            if token.type == "html_block":
                rewrite(token, lambda line: line.replace("<", "&lt;"))
            children = token.children or []
            if any(child.type == "html_inline" for child in children):
                rewrite(token, lambda line: line.replace("<", "&lt;"))
            if any(self._leads_astray(child, ours) for child in children):
                rewrite(token, lambda line: re.sub(r"(?<!\\)([\[<])", r"\\\1", line))
        return "\n".join(lines)

    @staticmethod
    def _leads_astray(child: Token, ours: set[str]) -> bool:
        """Say whether a link leads elsewhere than over http or beside the file, or a picture is fetched from afar."""
        if child.type == "link_open":
            return not is_safe_link(str(child.attrGet("href")))
        return child.type == "image" and str(child.attrGet("src")) not in ours

    # ---- outputs ----

    def output(self, output: NotebookNode) -> str:
        """Write an output in the richest form that such a site shows."""
        if output.output_type == "stream":
            return fenced(plain(output.text).strip("\n")) if output.text.strip() else ""
        if output.output_type == "error":
            return fenced(plain(f"{output.ename}: {output.evalue}"))
        return self.bundle(output.data)

    def bundle(self, data: Mapping[str, Json]) -> str:
        """Write a bundle of forms."""
        spec = next((data[kind] for kind in data if VEGA.fullmatch(kind)), None)
        if isinstance(spec, Mapping):
            return self.chart(spec, data)
        markup = clean(_joined_text(data.get("text/html")))
        read = _Read()
        read.feed(markup)
        read.close()
        if parts := read.parts():
            return "\n\n".join(parts)
        if (
            any(kind in data for kind in PICTURES)
            and (found := _data_picture(data))
            and (kept := self._kept(found))
        ):
            return f"![Picture made by the code below]({kept})"
        if words := _joined_text(data.get("text/markdown")):
            return self.words(words, {})
        words = plain(_joined_text(data.get("text/plain"))).strip("\n")
        if words and WIDGET not in data and not NAME_OF_AN_OBJECT.fullmatch(words):
            return fenced(words)
        return "*An output that this form can’t show stood here.*" if data else ""

    def chart(self, spec: Mapping[str, Json], data: Mapping[str, Json]) -> str:
        """Write a chart as its picture, with what it says in words."""
        made = figure(spec, self.vocabulary)
        found = _data_picture(data)
        kept = self._kept(found) if found else ""
        label = made.label if len(made.label) <= LONGEST else made.label[:LONGEST].rstrip() + "…"
        shown = f"![{escaped(label)}]({kept})" if kept else f"*{escaped(label)}*"
        caption = f"\n\n{escaped(made.caption)}" if made.caption else ""
        return shown + caption

    def _kept(self, address: str) -> str:
        """Put a picture beside the text; give its address."""
        found = PICTURE.fullmatch(address)
        if not found:
            return ""
        content = base64.b64decode(address.partition(",")[2])
        name = next((name for name, other in self.pictures.items() if other == content), "")
        name = name or f"figure-{len(self.pictures) + 1}.{ENDINGS.get(found[1], found[1])}"
        self.pictures[name] = content
        return self._address(name)

    def _address(self, name: str) -> str:
        return quote(f"{self.folder}/{name}")


class _Read(HTMLParser):
    """The tables and the words of an output's HTML, which `clean` has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | list[list[str]]] = [""]
        self.in_table = self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.found.append([])
            self.in_table = True
        elif tag == "tr" and isinstance(rows := self.found[-1], list):
            rows.append([])
        elif tag in ("td", "th") and isinstance(rows := self.found[-1], list) and rows:
            rows[-1].append("")
            self.in_cell = True
        elif tag in ("p", "div", "li", "br", "h2", "h3", "h4", "summary", "blockquote"):
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.in_cell = False
        elif tag == "table" and self.in_table:
            self.in_table = False
            self.found.append("")

    def handle_data(self, data: str) -> None:
        last = self.found[-1]
        if isinstance(last, str):
            self.found[-1] = last + data
        elif self.in_cell and last and last[-1]:
            last[-1][-1] += data

    def parts(self) -> list[str]:
        """Give them as Markdown."""
        made = []
        for one in self.found:
            if isinstance(one, list):
                made.append(table(one))
            else:
                made += [escaped(line.strip()) for line in one.split("\n") if line.strip()]
        return [part for part in made if part]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows, the first of them heads, as a table.

    Examples
    --------
    >>> print(table([["claim", "n"], ["It *rained* | twice", "2"]]))
    | claim | n |
    | --- | --- |
    | It \\*rained\\* \\| twice | 2 |
    """
    wide = max((len(row) for row in rows), default=0)
    if not wide:
        return ""
    lines = [
        "| "
        + " | ".join(escaped(" ".join(cell.split())) for cell in [*row, *[""] * (wide - len(row))])
        + " |"
        for row in rows[: ROWS + 1]
    ]
    left_out = f"\n\nThe first {ROWS} of {len(rows) - 1:,} rows." if len(rows) > ROWS + 1 else ""
    return "\n".join([lines[0], "| " + " | ".join(["---"] * wide) + " |", *lines[1:]]) + left_out


def fenced(text: str, language: str = "text") -> str:
    """Write text as it is, between fences that it does not have itself.

    Examples
    --------
    >>> print(fenced("```"))
    ````text
    ```
    ````
    """
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{plain(text)}\n{fence}"


def escaped(text: str) -> str:
    r"""Write text so that it is text in Markdown.

    Examples
    --------
    >>> print(escaped("<b>1*2</b>"))
    \<b\>1\*2\</b\>
    """
    line = _MEANS.sub(r"\\\1", plain(text))
    return _BEGINS.sub(lambda at: at[0] + "\\" if at[2][0].isdigit() else f"{at[1]}\\{at[2]}", line)
