"""Notebooks run afresh and written as pages that stand alone."""

from __future__ import annotations

import base64
import mimetypes
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, unquote

import pandas as pd

from factdesk.charts.chart_rows import listed, mapping
from factdesk.errors import (
    FactdeskWarning,
    InvalidValue,
    NotANotebook,
    NotebookFailed,
    NotebooksFailed,
    NotFound,
    PageExists,
    WriteFailed,
    nearest,
)
from factdesk.exchange.published import reviews
from factdesk.formats import counted
from factdesk.ledger.opening import open as open_ledger
from factdesk.pages import bundle, explorer, feed, formats, index, run
from factdesk.pages.article import Article, first_picture, has_desk, typeset
from factdesk.pages.claim import text
from factdesk.pages.html import GENERATOR, Facts, document, escape, header
from factdesk.pages.opened import errors_in, errors_of
from factdesk.pages.redact import redact
from factdesk.schema import VOCABULARY
from factdesk.storage import scratch
from factdesk.storage.folder import Folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from factdesk.ledger.ledger import Ledger
    from factdesk.pages.bundle import Bundle
    from factdesk.pages.html import Part

SEVERAL = 3
"""Parts from which an article has a list of contents."""

NAMED = "a file that ends in .html, .pdf or .ipynb"


def share(
    notebooks: str | Path,
    to: str | Path,
    *,
    execute: bool = True,
    ledger: Ledger | str | Path | None = None,
    evidence: bool | Literal["documents"] = False,
    names: bool = True,
    code: bool = True,
    allow_findings: bool = False,
    overwrite: bool = False,
    timeout: float | None = 600,
    progress: bool | None = None,
) -> list[Path]:
    """Run notebooks and write each as one HTML file that needs no network, with its charts interactive.

    A notebook is code: it is run with all that you may do here, so share only those that you trust, or with
    `execute=False`. The notebooks themselves are not changed. Of one that fails no page is written. The page's head
    says the ledger's title, as-of day and digest; which ledger that is stands in the notebook's metadata, as
    `{"factdesk": {"ledger": "../claims.csv"}}`, or is given here. Warns of outputs that a page can't show.

    Parameters
    ----------
    notebooks : str or path
        A notebook, or a folder: then every notebook in it and in its folders, and an `index.html` with a card for
        each. Where they name a ledger, `corrections.html` and `feed.xml` (Atom) stand beside it.
    to : str or path
        The folder for the pages, or for one notebook the file itself: `.html`; `.pdf`, printed by the Chromium,
        Chrome or Edge that is here; `.ipynb`, the notebook with its outputs.
    execute : bool
        Whether to run each in a fresh kernel; else its outputs are taken as they were saved.
    ledger : Ledger, str or path, optional
        The ledger that the pages speak of.
    evidence : bool or "documents"
        Whether the ledger's tables travel inside of each page, with quotes and hashes: `fd.unpack` gives them back byte
        for byte, `factdesk verify page.html` says whether page, data and seal agree. Kept documents, which are the
        work of others, travel whole (up to 256 kB each) only with `evidence="documents"`.
    names : bool
        Whether the names of those who logged and judged may stand in a page and its tables. Who also speaks in
        the ledger, as claimant, author or publisher, is named either way.
    code : bool
        Whether the notebook's code goes along, in a page folded away; else only its words and outputs.
    allow_findings : bool
        Whether to share a ledger that has errors among its findings; its pages then say so.
    overwrite : bool
        Whether to replace a file that is no page of ours; our own pages are always replaced.
    timeout : float, optional
        Seconds that one cell may take.
    progress : bool, optional
        Whether to draw a bar of the notebooks run; otherwise where somebody sits at a terminal.

    Returns
    -------
    list of pathlib.Path
        The pages written, the index last.

    Raises
    ------
    NotFound
        There is no such notebook or ledger, or no notebook in the folder.
    NotANotebook
        A file is no notebook.
    NotebookFailed
        A cell failed, or took too long, or there is no kernel to run it.
    NotebooksFailed
        Some notebooks of a folder failed, or are none; pages of all others are written.
    PageExists
        A file that is not ours stands where a page is to go.
    UnsoundLedger
        A page's ledger, or one that its notebook opens or shows, has errors among its findings or rows that can't be
        read, and `allow_findings` was not given.
    NoBrowser, PrintFailed
        A PDF is asked for, and there is no browser here to print it, or it did not.
    InvalidValue
        `to` can't hold the pages, or `evidence` is asked of a page that knows no ledger.

    Examples
    --------
    >>> import factdesk as fd, nbformat, nbformat.v4 as v4
    >>> notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Who said what?")])
    >>> nbformat.write(notebook, "who.ipynb")
    >>> [page.name for page in fd.share("who.ipynb", "site/")]
    ['who.html']
    """
    if evidence not in (True, False, bundle.DOCUMENTS):
        raise InvalidValue("evidence", evidence, f"True, False or {bundle.DOCUMENTS!r}")
    pages: list[_Page] = []
    failed: list[NotebookFailed | NotANotebook] = []
    for source, target in _planned(Path(notebooks), Path(to)):
        try:
            pages.append(_Page(source, target, run.read(source), names, evidence))
        except NotANotebook as error:
            failed.append(error)
    if failed and not Path(notebooks).is_dir():
        raise failed[0]
    indexes = _index_paths(Path(to), pages, ledger) if Path(notebooks).is_dir() else {}
    for target in [*(page.target for page in pages), *indexes.values()]:
        if _is_there(target) and not overwrite and not _is_ours(target):
            raise PageExists(str(target))
    # Before anything is run: what is wrong here would be so after it too.
    ledgers: dict[Path | None, _Behind] = {}
    for page in pages:
        formats.check(page.source, page.target)
        page.behind = _behind(page, ledger, ledgers, allow_findings)
        if evidence and page.behind is None:
            allowed = f"where pages know their ledger: {page.source.name} names none"
            raise InvalidValue("evidence", evidence, allowed)
        if evidence and page.target.suffix.lower() in formats.OTHERS:
            raise InvalidValue("evidence", evidence, "in pages, which end in .html")
    with_code = (page for page in pages if any(cell.cell_type == "code" for cell in page.notebook.cells))
    to_run = [(page.notebook, page.source) for page in with_code] if execute else []
    with scratch.folder() as records:
        broken = run.run_all(to_run, timeout, progress, records)
        for page in pages:
            if page.source not in broken:
                record = run.record(records, page.source)
                page.errors = errors_in(page.notebook, page.source, record, allow_findings)
    if broken and not Path(notebooks).is_dir():
        raise next(iter(broken.values()))
    failed += broken.values()
    pages = [page for page in pages if page.source not in broken]
    if failed and not pages:
        raise NotebooksFailed(failed, 0)
    for behind in ledgers.values():
        behind.errors = errors_of(behind.ledger.refresh(), allow_findings)
    for page in pages:
        for cell in page.notebook.cells:
            if cell.cell_type == "code" and not code:
                cell.source = ""
        redact(page.notebook, page.source.parent, page.behind.ledger if page.behind else None, names=names)
        page.article = _typeset(page, pages)
        if lost := page.article.lost:
            cells = "; ".join(f"cell {at}: {kind}" for at, kind in lost)
            advice = "A picture beside them would be shown, as most libraries can save one."
            message = f"{page.source.name}: what a page can't show stays out of it ({cells}). {advice}"
            warnings.warn(message, FactdeskWarning, stacklevel=2)
    files = {page.target: _content(page, indexes) for page in pages}
    beside = {target: text.encode() for target, text in _index_files(Path(to), pages, indexes).items()}
    for target, content in (files | beside).items():
        try:
            folder = Folder(target.parent)
            folder.make(target.parent)
            folder.replace(target, content)
        except (OSError, ValueError) as error:  # also a name that no file can have
            raise WriteFailed(str(target), str(error), "What stood there still stands.") from error
    if failed:
        raise NotebooksFailed(failed, len(pages))
    return [*files, *beside]


@dataclass
class _Behind:
    """A ledger behind pages, the errors among its findings, and what pages have of it, each made once."""

    ledger: Ledger
    has_names: bool
    has_documents: bool
    errors: int

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.ledger)

    @cached_property
    def shown(self) -> Ledger:
        """The ledger as pages may show it."""
        return self.ledger if self.has_names else bundle.nameless(self.ledger)

    @cached_property
    def packed(self) -> Bundle:
        return bundle.pack(self.ledger, names=self.has_names, documents=self.has_documents)

    @cached_property
    def explorer(self) -> tuple[str, Part]:
        return explorer.explorer(self.shown)


@dataclass
class _Page:
    """One notebook on its way to a page."""

    source: Path
    target: Path
    notebook: NotebookNode
    has_names: bool
    evidence: bool | str
    behind: _Behind | None = None
    errors: int = 0
    article: Article = field(default_factory=Article)

    @property
    def facts(self) -> Facts | None:
        return self.behind.facts if self.behind else None

    def picture(self, address: str) -> str:
        """Return a picture as a `data:` address if it lies beside the notebook or below; no text reaches further."""
        folder = self.source.resolve().parent
        path = (folder / unquote(address)).resolve()
        kind = mimetypes.guess_type(path.name)[0] or ""
        if not kind.startswith("image/") or not path.is_relative_to(folder) or not path.is_file():
            return ""
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"

    @property
    def title(self) -> str:
        """The notebook's first heading, else its file name as words."""
        if self.article.title:
            return self.article.title
        words = (
            re.sub(r"[\W_]+", " ", re.sub(r"^\d+[\W_]+", "", self.source.stem)).strip() or self.source.stem
        )
        return words[:1].upper() + words[1:]

    @property
    def authors(self) -> str:
        """Who wrote the notebook, as its metadata says (`authors` of nbformat, each with a `name`)."""
        names = (mapping(one).get("name") for one in listed(self.notebook.metadata.get("authors")))
        return ", ".join(name for name in names if isinstance(name, str) and name)

    @property
    def named_ledger(self) -> str:
        """The ledger that the notebook's metadata names."""
        named = mapping(self.notebook.metadata.get("factdesk")).get("ledger")
        return named if isinstance(named, str) else ""


def _planned(notebooks: Path, to: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each notebook with the page that it becomes."""
    if not _is_there(notebooks):
        beside = [path.name for path in notebooks.parent.glob("*.ipynb")]
        raise NotFound("notebook", str(notebooks), nearest(notebooks.name, beside))
    named = to.suffix.lower() in (*formats.PAGES, *formats.OTHERS)
    if (named and notebooks.is_dir()) or (_is_there(to) and to.is_dir() == named):
        allowed = "a folder for the pages" if notebooks.is_dir() else f"a folder for the pages, or {NAMED}"
        raise InvalidValue("to", str(to), allowed)
    if not notebooks.is_dir():
        # A file of a form that we can't write was more likely meant than a new folder of such a name.
        if not named and re.fullmatch(r"\.[^\W_]+", to.suffix) and not to.is_dir():
            raise InvalidValue("to", str(to), f"a folder that is there, or {NAMED}")
        yield notebooks, to if named else to / f"{notebooks.stem}.html"
        return
    found = [
        path
        for path in sorted(notebooks.rglob("*.ipynb"))
        if not any(part.startswith(".") for part in path.relative_to(notebooks).parts)
    ]
    if not found:
        raise NotFound("notebook in", str(notebooks))
    for path in found:
        yield path, to / path.relative_to(notebooks).with_suffix(".html")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name that is too long
        return False


def _is_ours(target: Path) -> bool:
    if not target.is_file():
        return False
    if target.suffix.lower() in formats.OTHERS:
        return formats.is_ours(target)
    with target.open("rb") as file:
        start = file.read(4096)
    return any(mark.encode() in start for mark in (GENERATOR, feed.GENERATOR))


def _behind(
    page: _Page, ledger: Ledger | str | Path | None, known: dict[Path | None, _Behind], allow_findings: bool
) -> _Behind | None:
    """Return the ledger behind a page: the one given, else the one that the notebook's metadata names."""
    if ledger is None:
        if not page.named_ledger:
            return None
        ledger = page.source.parent / page.named_ledger
    path = Path(ledger).resolve() if isinstance(ledger, (str, Path)) else None
    if path not in known:
        asked = open_ledger(ledger) if isinstance(ledger, (str, Path)) else ledger
        known[path] = _Behind(
            asked, page.has_names, page.evidence == bundle.DOCUMENTS, errors_of(asked, allow_findings)
        )
    return known[path]


def facts_of(ledger: Ledger) -> Facts:
    """Return what a page says of the ledger behind it."""
    day = ledger.latest_day
    counts = (
        counted(len(ledger.claims), "claim"),
        counted(len(ledger.sources), "source"),
        counted(len(ledger.statuses), "dated status", "dated statuses"),
    )
    return Facts(
        title=ledger.title,
        publisher=ledger.settings.publisher,
        day=text(day),  # an empty ledger has none
        spoken_day="" if pd.isna(day) else f"{day.day} {day:%B %Y}",
        counts=". ".join(filter(None, (", ".join(counts), str(ledger.unread).rstrip(".")))),
        digest=ledger.digest(),
        vocabulary=ledger.settings.vocabulary,
    )


def _typeset(page: _Page, pages: Sequence[_Page]) -> Article:
    """Set a notebook, executed before, as the article of its page."""
    folder = page.source.resolve().parent
    targets = {other.source.resolve(): other.target for other in pages}

    def link(address: str) -> str:
        """A link to a notebook that becomes a page too leads to that page."""
        path, mark, fragment = address.partition("#")
        target = targets.get((folder / unquote(path)).resolve()) if path.endswith(".ipynb") else None
        if target is None:
            return address
        return quote(Path(os.path.relpath(target, page.target.parent)).as_posix()) + mark + fragment

    return typeset(
        page.notebook,
        link=link,
        picture=page.picture,
        vocabulary=page.facts.vocabulary if page.facts else VOCABULARY,
        explorer=page.behind.explorer[0] if page.behind and has_desk(page.notebook) else "",
        explorer_link=explorer.LINK,
    )


def _content(page: _Page, indexes: Mapping[str, Path]) -> bytes:
    """Write a notebook in the form that the name of its file asks for."""
    form = page.target.suffix.lower()
    if form == ".pdf":
        from factdesk.pages import printing

        text = _text(page, {}, [printing.WATCH], printing.SHEET)
        return printing.printed(text, page.title, page.article.summary, page.facts)
    if form == ".ipynb":
        return formats.as_notebook(page.notebook)
    return _text(page, indexes).encode()


def _text(page: _Page, indexes: Mapping[str, Path], parts: Sequence[Part] = (), style: str = "") -> str:
    article, behind = page.article, page.behind
    packed = behind.packed if behind and page.evidence else None
    made = f"Made from <code>{escape(page.source.name)}</code> with factdesk."
    notes = [f"{made} This file is complete: it works without a network."]
    if corrected := _beside(page, index.CORRECTIONS, indexes):
        notes.append(f'<a href="{corrected}">Corrections</a>')
    if packed:
        carries = "It carries its data: <code>factdesk unpack</code> gives the ledger back, <code>factdesk verify</code>"
        notes.append(f"{carries} says whether page, data and seal agree. {packed.words}".strip())
    elif not page.has_names:
        notes.append("The names of those who logged and judged are left out.")
    if errors := (behind.errors if behind else 0) or page.errors:
        notes.append(f"When it was made, the ledger had {counted(errors, 'error')} among its findings.")
    body = (
        f"{header(article.heading or escape(page.title), page.facts, page.authors)}\n"
        f"<main>\n{_contents(article)}{article.body}\n</main>\n"
        f"<footer>{''.join(f'<p>{words}</p>' for words in notes)}</footer>\n"
        + (packed.markup if packed else "")
    )
    language = page.notebook.metadata.get("language", "en")
    explored = behind if article.explores else None
    return document(
        page.title,
        body,
        language=language if isinstance(language, str) else "en",
        summary=article.summary,
        facts=page.facts,
        charts=article.charts,
        parts=[*([explored.explorer[1]] if explored else []), *parts],
        style=style,
        feed=_beside(page, index.FEED, indexes),
        reviews=reviews(explored.shown, page=quote(page.target.name)) if explored else [],
    )


def _contents(article: Article) -> str:
    """List the parts of an article that has several, the explorer among them."""
    parts = list(article.contents)
    if article.explores:
        # An output brings no heading with an id, so that these are the article's own.
        before = article.body.partition('<section class="explorer"')[0].count('<h2 id="')
        parts.insert(before, ("explorer", explorer.TITLE))
    if len(parts) < SEVERAL:
        return ""
    listed = "".join(f'<li><a href="#{escape(name)}">{escape(words)}</a></li>' for name, words in parts)
    return f'<nav class="contents" aria-label="Contents"><ol>{listed}</ol></nav>\n'


def _index_paths(to: Path, pages: Sequence[_Page], ledger: object) -> dict[str, Path]:
    """Return what is to stand beside the pages of a folder; no page of a notebook gives way to it."""
    has_ledger = ledger or any(page.named_ledger for page in pages)
    # On many disks capitals make no other file.
    taken = {str(page.target).casefold() for page in pages}
    names = [index.CORRECTIONS, index.FEED, index.INDEX] if has_ledger else [index.INDEX]
    return {name: to / name for name in names if str(to / name).casefold() not in taken}


def _beside(page: _Page, name: str, indexes: Mapping[str, Path]) -> str:
    """Return the address, from a page, of what stands beside it; also of what was made with an earlier folder."""
    if page.target.suffix.lower() in formats.OTHERS:  # in print, an address would be one on this machine
        return ""
    path = indexes.get(name, page.target.parent / name)
    if name not in indexes and (page.target.name == name or not (_is_there(path) and _is_ours(path))):
        return ""
    return quote(Path(os.path.relpath(path, page.target.parent)).as_posix())


def _index_files(to: Path, pages: Sequence[_Page], indexes: Mapping[str, Path]) -> dict[Path, str]:
    """Write what stands beside the pages: the index last, since it says what was held when it was made."""
    if not indexes:
        return {}
    cards = [
        index.Card(
            address=quote(page.target.relative_to(to).as_posix()),
            title=page.title,
            summary=page.article.summary,
            picture=first_picture(page.notebook),
            facts=page.facts,
            ledger=page.behind.shown if page.behind else None,
            explores=page.article.explores,
        )
        for page in pages
    ]
    texts = {}
    if path := indexes.get(index.CORRECTIONS):
        texts[path] = index.corrections_page(cards, beside=indexes)
    if path := indexes.get(index.FEED):
        texts[path] = feed.feed(cards)
    if path := indexes.get(index.INDEX):
        texts[path] = index.index(cards, before=index.read(path), beside=indexes)
    return texts
