"""Notebooks run afresh and written as pages that stand alone."""

from __future__ import annotations

import base64
import getpass
import json
import mimetypes
import os
import re
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pandas as pd

from factdesk.errors import (
    InvalidValue,
    NotANotebook,
    NotebookFailed,
    NotFound,
    PageExists,
    UnsoundLedger,
    WriteFailed,
    nearest,
)
from factdesk.pages import bundle, formats
from factdesk.schema import VOCABULARY
from factdesk.storage import fsync

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from factdesk.ledger.ledger import Ledger
    from factdesk.pages.article import Article
    from factdesk.pages.bundle import Enclosed
    from factdesk.pages.html import Facts, Part

MOST_AT_ONCE = 4
"""Notebooks that run at the same time, each in a kernel of its own."""

SEVERAL = 3
"""Parts from which an article has a list of contents."""

_SECRET = re.compile(r"(?i)(?:^|_)(?:token|secret|passw(?:or)?d|api_?key|access_key|credentials?)(?:_|$)")


def share(
    notebooks: str | Path,
    to: str | Path,
    *,
    execute: bool = True,
    ledger: Ledger | str | Path | None = None,
    evidence: bool = False,
    names: bool = True,
    code: bool = True,
    allow_findings: bool = False,
    overwrite: bool = False,
    timeout: float | None = 600,
    progress: bool | None = None,
) -> list[Path]:
    """Run notebooks and write each as one HTML file that needs no network, with its charts interactive.

    The notebooks themselves are not changed. Where one fails, no page is written. The page's head says the
    ledger's title, as-of day and digest; which ledger that is stands in the notebook's metadata, as
    `{"factdesk": {"ledger": "../claims.csv"}}`, or is given here.

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
    evidence : bool
        Whether the ledger's tables, and small kept documents, travel inside of each page: `fd.unpack` gives them
        back byte for byte, `factdesk verify page.html` says whether page, data and seal agree.
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
    PageExists
        A file that is not ours stands where a page is to go.
    UnsoundLedger
        A page's ledger has errors among its findings, and `allow_findings` was not given.
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
    pages = [_Page(source, target, _read(source)) for source, target in _planned(Path(notebooks), Path(to))]
    before = _before(Path(to), pages, ledger) if Path(notebooks).is_dir() else {}
    for target in [*(page.target for page in pages), *before.values()]:
        if _is_there(target) and not overwrite and not _is_ours(target):
            raise PageExists(str(target))
    for page in pages:
        formats.check(page.source, page.target)
    # Before anything is run: what is wrong here would be so after it too.
    ledgers: dict[Path, Ledger] = {}
    for page in pages:
        page.ledger = _ledger(page, ledger, ledgers)
        if evidence and page.ledger is None:
            raise InvalidValue(
                "evidence", evidence, f"where pages know their ledger: {page.source.name} names none"
            )
        if evidence and page.target.suffix.lower() in formats.OTHERS:
            raise InvalidValue("evidence", evidence, "in pages, which end in .html")
        page.errors = _errors_of(page.ledger, allow_findings)
    _run_all([page for page in pages if execute and _has_code(page)], timeout, progress)
    for page in pages:
        if page.ledger:
            page.facts = _facts_of(page.ledger.refresh())
            alike = [other for other in pages if other.ledger is page.ledger]
            shown = next((other.shown for other in alike if other.shown), None)
            page.shown = shown or (page.ledger if names else bundle.nameless(page.ledger))
        if evidence and page.ledger:
            known = next((other.enclosed for other in alike if other.enclosed), None)
            page.enclosed = known or bundle.enclose(page.ledger, names=names)
        page.has_names = names
        if not code:
            for cell in page.notebook.cells:
                cell.source = "" if cell.cell_type == "code" else cell.source
        _hide(page)
        page.article = _typeset(page, pages)
    files = {target: content for page in pages for target, content in _files(page, before).items()}
    beside = {target: text.encode() for target, text in _front(Path(to), pages, before).items()}
    for target, content in (files | beside).items():
        try:
            fsync.make_folder(target.parent)
            fsync.replace(target, content)
        except (OSError, ValueError) as error:  # also a name that no file can have
            raise WriteFailed(str(target), str(error), "What stood there still stands.") from error
    return [*(page.target for page in pages), *beside]


@dataclass
class _Page:
    """One notebook on its way to a page."""

    source: Path
    target: Path
    notebook: NotebookNode
    ledger: Ledger | None = None
    shown: Ledger | None = None
    facts: Facts | None = None
    errors: int = 0
    has_names: bool = True
    enclosed: Enclosed | None = None
    explored: tuple[str, Part] | None = None
    article: Article | None = None

    def picture(self, address: str) -> str:
        """Give a picture as a `data:` address if it lies beside the notebook or below; no text reaches further."""
        folder = self.source.resolve().parent
        path = (folder / unquote(address)).resolve()
        kind = mimetypes.guess_type(path.name)[0] or ""
        if not kind.startswith("image/") or not path.is_relative_to(folder) or not path.is_file():
            return ""
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _planned(notebooks: Path, to: Path) -> Iterator[tuple[Path, Path]]:
    """Give each notebook with the page that it becomes."""
    if not _is_there(notebooks):
        beside = [path.name for path in notebooks.parent.glob("*.ipynb")]
        raise NotFound("notebook", str(notebooks), nearest(notebooks.name, beside))
    named = to.suffix.lower() in (*formats.PAGES, *formats.OTHERS)
    if (named and notebooks.is_dir()) or (_is_there(to) and to.is_dir() == named):
        allowed = "a folder for the pages" + (
            "" if notebooks.is_dir() else ", or a file that ends in .html, .pdf or .ipynb"
        )
        raise InvalidValue("to", str(to), allowed)
    if not notebooks.is_dir():
        # A file of a form that we can't write was more likely meant than a new folder of such a name.
        if not named and re.fullmatch(r"\.[^\W_]+", to.suffix) and not to.is_dir():
            raise InvalidValue(
                "to", str(to), "a folder that is there, or a file that ends in .html, .pdf or .ipynb"
            )
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


def _read(source: Path) -> NotebookNode:
    """Read a notebook of any format, as the current one."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old formats lack ids; they are given
            notebook = nbformat.read(source, as_version=4)
            nbformat.validate(notebook)
    except Exception as error:  # nbformat raises KeyError, AttributeError and more for what is none
        raise NotANotebook(str(source), _no_notebook(source, error)) from error
    return notebook


def _no_notebook(source: Path, error: Exception) -> str:
    """Say why a file is no notebook: what it is instead, where that can be told in a word."""
    reason = str(error).strip().splitlines() or [type(error).__name__]
    said = reason[0][:200].rstrip(".")
    if isinstance(error, OSError):
        return said
    try:
        content = json.loads(source.read_bytes())
    except (ValueError, RecursionError):
        return "it is no JSON, as Jupyter writes notebooks (.ipynb)"
    is_one = "a notebook is a JSON object with `nbformat` and `cells`, as Jupyter writes it"
    if not isinstance(content, dict):
        kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
        return f"it holds {kinds.get(type(content), 'a number')}; {is_one}"
    missing = [name for name in ("nbformat", "cells") if name not in content]
    # In the oldest formats the cells stand in worksheets.
    if "worksheets" in content and "cells" in missing:
        missing.remove("cells")
    if missing:
        return f"it has no {' and no '.join(f'`{name}`' for name in missing)}; {is_one}"
    if not isinstance(content.get("cells", []), list):
        return f"its `cells` are no list; {is_one}"
    return said


def _is_ours(target: Path) -> bool:
    from factdesk.pages import feed
    from factdesk.pages.html import GENERATOR

    if not target.is_file():
        return False
    if target.suffix.lower() in formats.OTHERS:
        return formats.is_ours(target)
    with target.open("rb") as file:
        start = file.read(4096)
    return any(mark.encode() in start for mark in (GENERATOR, feed.GENERATOR))


def _has_code(page: _Page) -> bool:
    return any(cell.cell_type == "code" for cell in page.notebook.cells)


def _run_all(pages: list[_Page], timeout: float | None, progress: bool | None) -> None:
    """Run several notebooks at once; the first that fails, in their order, is told."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    if not pages:
        return
    is_hidden = len(pages) == 1 and progress is None
    # None: shown where somebody sits at a terminal.
    bar = tqdm(
        total=len(pages), unit="notebook", disable=is_hidden or (None if progress is None else not progress)
    )
    with bar, ThreadPoolExecutor(min(len(pages), MOST_AT_ONCE, os.cpu_count() or 1)) as pool:
        runs = [pool.submit(_run, page, timeout) for page in pages]
        try:
            for run in runs:
                run.result()
                bar.update()
        except BaseException:
            for run in runs:
                run.cancel()
            raise


def _run(page: _Page, timeout: float | None) -> None:
    """Run a notebook in a fresh kernel, in its own folder; its file is left alone."""
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError
    from nbformat import ValidationError

    from factdesk.pages.html import plain

    at = -1

    def started(cell: NotebookNode, cell_index: int) -> None:
        nonlocal at
        at = cell_index

    client = NotebookClient(
        page.notebook,
        timeout=timeout,
        resources={"metadata": {"path": str(page.source.resolve().parent)}},
        on_cell_start=started,
    )
    try:
        # What a kernel says of itself in the terminal is not about the notebook.
        client.execute(stderr=subprocess.DEVNULL)
    except NoSuchKernel as error:
        raise NotebookFailed(str(page.source), 0, f"there is no kernel {error.name!r} here") from error
    except (CellControlSignal, DeadKernelError, ValidationError) as error:
        if isinstance(error, CellExecutionError):
            # What fails while it is shown comes without a name: it stands at the end of the trace.
            named = error.ename not in ("", "NoneType")
            said = f"{error.ename}: {error.evalue}" if named else plain(str(error)).strip().split("\n")[-1]
        elif isinstance(error, TimeoutError):
            said = f"it took longer than {timeout:g} seconds"
        else:
            said = str(error).strip().splitlines()[0]
        # Our own errors are whole sentences; this one goes on in another.
        told = said.rstrip().removesuffix(".")
        code = _failing_line(page.notebook.cells[at]) if at >= 0 else ""
        raise NotebookFailed(str(page.source), at + 1, told, code) from error


def _failing_line(cell: NotebookNode) -> str:
    """Give the line of a cell that was running when it failed, as Python's trace names it; else its first."""
    from factdesk.pages.html import plain

    lines = cell.source.strip().splitlines()  # a kernel counts from the first that is not empty
    failed = [output for output in cell.get("outputs", ()) if output.output_type == "error"]
    trace = plain("\n".join(failed[-1].get("traceback", ()))) if failed else ""
    number = cell.get("execution_count") or r"\d+"
    named = re.search(rf"Cell In ?\[{number}\], line (\d+)", trace)
    at = int(named[1]) if named else 1
    return next((line.strip() for line in lines[at - 1 : at]), lines[0] if lines else "")


def _ledger(page: _Page, ledger: Ledger | str | Path | None, known: dict[Path, Ledger]) -> Ledger | None:
    """Give a page's ledger: the one given, else the one that the notebook's metadata names."""
    if ledger is None:
        if not (named := _named_ledger(page)):
            return None
        ledger = page.source.parent / named
    if not isinstance(ledger, (str, Path)):
        return ledger
    from factdesk.ledger.opening import open as open_ledger

    path = Path(ledger).resolve()
    if path not in known:
        known[path] = open_ledger(ledger)
    return known[path]


def _errors_of(ledger: Ledger | None, are_allowed: bool) -> int:
    """Count the errors among a ledger's findings; refuse them where they are not allowed."""
    if ledger is None:
        return 0
    errors = ledger._errors()
    if errors and not are_allowed:
        first = min(errors, key=lambda one: (one.file, one.line))
        where = f"{first.file}:{first.line} {first.column}".strip()
        raise UnsoundLedger(str(ledger.path or ledger.title), len(errors), f"{where}: {first.message}")
    return len(errors)


def _named_ledger(page: _Page) -> str:
    about = page.notebook.metadata.get("factdesk", {})
    named = about.get("ledger") if isinstance(about, Mapping) else None
    return named if isinstance(named, str) else ""


def _facts_of(ledger: Ledger) -> Facts:
    from factdesk.pages.html import Facts

    day = ledger.latest_day
    counts = [
        (len(ledger.claims), "claim"),
        (len(ledger.sources), "source"),
        (len(ledger.statuses), "dated status"),
    ]
    return Facts(
        title=ledger.title,
        publisher=ledger.settings.publisher,
        # An empty ledger has no day.
        day=f"{day:%Y-%m-%d}" if day is not pd.NaT else "",
        spoken_day=f"{day.day} {day:%B %Y}" if day is not pd.NaT else "",
        counts=", ".join(f"{n:,} {word}{_plural(word) if n != 1 else ''}" for n, word in counts),
        digest=ledger.digest(),
        vocabulary=ledger.settings.vocabulary,
    )


def _plural(word: str) -> str:
    return "es" if word.endswith("s") else "s"


def _hide(page: _Page) -> None:
    """Take what is this machine's and its user's out of a notebook, and names where they are not to be told.

    Paths are cut down to the name of the file. The names of login and machine are looked for in outputs only, and
    not where they are words of the ledger: a claim stays what it is also where somebody's login is "will".
    """
    told = _words_in(page.ledger)
    secret = bundle.recorders(page.ledger) if page.ledger and not page.has_names else set()
    everywhere = dict.fromkeys(secret, bundle.LEFT_OUT)
    values = (value for variable, value in os.environ.items() if _SECRET.search(variable))
    everywhere |= {value: "(secret)" for value in values if len(value) >= 8}
    own = {_login(): "(login name)", socket.gethostname(): "(this machine)"}
    in_outputs = {word: said for word, said in own.items() if len(word) > 1 and not told(word)} | everywhere
    folder = page.source.resolve().parent
    places = {
        folder,
        Path.cwd(),
        Path.home(),
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(tempfile.gettempdir()),
    }
    places |= {above for above in folder.parents if len(above.parts) > 2}
    roots = sorted((re.escape(str(place)) for place in places if len(place.parts) > 1), key=len, reverse=True)
    path = re.compile(
        rf"(?:file://)?(?<![\w.:~-])(?<![\w.:~-]/)(?:{'|'.join(roots)})(?![\w.-])[^\s\"'`<>|:;,()\[\]{{}}]*"
    )

    def name(found: re.Match[str]) -> str:
        if "ipykernel_" in found[0]:
            return "the cell"
        return re.split(r"[/\\]+", found[0].rstrip("/\\"))[-1]

    def hidden(value: object, words: Mapping[str, str], named: re.Pattern[str], kind: str = "") -> object:
        if isinstance(value, str):
            if kind.startswith("image/") and "svg" not in kind:
                return value
            return named.sub(lambda found: words[found[0]], path.sub(name, value))
        if isinstance(value, list):
            return [hidden(one, words, named, kind) for one in value]
        if isinstance(value, dict):
            for key, one in value.items():
                value[key] = hidden(one, words, named, key)
        return value

    for part, words in (("source", everywhere), ("outputs", in_outputs)):
        listed = sorted(map(re.escape, words), key=len, reverse=True)
        named = re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)" if listed else r"(?!)")
        for cell in page.notebook.cells:
            if part in cell:
                cell[part] = hidden(cell[part], words, named)
        if part == "outputs" and "widgets" in page.notebook.metadata:
            page.notebook.metadata["widgets"] = hidden(page.notebook.metadata["widgets"], words, named)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody, as in some containers
        return ""


def _tables(ledger: Ledger) -> tuple[pd.DataFrame, ...]:
    return (ledger.claims, ledger.appearances, ledger.sources, ledger.snapshots, ledger.evidence, ledger.statuses,
            ledger.changes)  # fmt: skip


def _words_in(ledger: Ledger | None) -> Callable[[str], bool]:
    """Give what says whether a word stands anywhere in a ledger."""
    texts: list[pd.DataFrame] = [frame.select_dtypes("str") for frame in _tables(ledger)] if ledger else []
    columns: list[pd.Series] = [text.iloc[:, at] for text in texts for at in range(text.shape[1])]

    def told(word: str) -> bool:
        whole = rf"(?<!\w){re.escape(word)}(?!\w)"
        return any(column.str.contains(whole, case=False, na=False).any() for column in columns)

    return told


def _typeset(page: _Page, pages: list[_Page]) -> Article:
    from factdesk.pages import explorer
    from factdesk.pages.article import typeset

    folder = page.source.resolve().parent
    targets = {other.source.resolve(): other.target for other in pages}

    def link(address: str) -> str:
        """A link to a notebook that becomes a page too leads to that page."""
        path, mark, fragment = address.partition("#")
        target = targets.get((folder / unquote(path)).resolve()) if path.endswith(".ipynb") else None
        if target is None:
            return address
        return quote(Path(os.path.relpath(target, page.target.parent)).as_posix()) + mark + fragment

    vocabulary = page.facts.vocabulary if page.facts else VOCABULARY
    if page.shown and _has_desk(page):
        same = (other.explored for other in pages if other.ledger is page.ledger and other.explored)
        page.explored = next(same, None) or explorer.explorer(page.shown)
    return typeset(
        page.notebook, link=link, picture=page.picture, vocabulary=vocabulary,
        explorer=page.explored[0] if page.explored else "", explorer_link=explorer.LINK,
    )  # fmt: skip


def _has_desk(page: _Page) -> bool:
    """Say whether a desk stands in the notebook, for which the page's ledger has to be read through."""
    outputs = (output for cell in page.notebook.cells for output in cell.get("outputs", ()))
    return any("fd-saved-desk" in str(output.get("data", {}).get("text/html", "")) for output in outputs)


def _title(page: _Page) -> str:
    """The notebook's first heading, else its file name as words."""
    if page.article and page.article.title:
        return page.article.title
    words = re.sub(r"[\W_]+", " ", re.sub(r"^\d+[\W_]+", "", page.source.stem)).strip() or page.source.stem
    return words[:1].upper() + words[1:]


def _authors(page: _Page) -> str:
    """Name who wrote a notebook, as its metadata says (`authors` of nbformat, each with a `name`)."""
    listed = page.notebook.metadata.get("authors")
    named = (
        [one.get("name") for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    )
    return ", ".join(name for name in named if isinstance(name, str) and name)


def _contents(article: Article) -> str:
    """List the parts of an article that has several, the explorer among them."""
    from factdesk.pages.explorer import TITLE
    from factdesk.pages.html import escape

    parts = list(article.contents)
    if article.explores:
        # An output brings no heading with an id, so that these are the article's own.
        before = article.body.partition('<section class="explorer"')[0].count('<h2 id="')
        parts.insert(before, ("explorer", TITLE))
    if len(parts) < SEVERAL:
        return ""
    listed = "".join(f'<li><a href="#{escape(name)}">{escape(words)}</a></li>' for name, words in parts)
    return f'<nav class="contents" aria-label="Contents"><ol>{listed}</ol></nav>\n'


def _files(page: _Page, before: Mapping[str, Path]) -> dict[Path, bytes]:
    """Write a notebook in the form that the name of its file asks for."""
    form, summary = page.target.suffix.lower(), page.article.summary if page.article else ""
    if form == ".pdf":
        from factdesk.pages import printing

        text = _text(page, {}, [printing.WATCH], printing.SHEET)
        return {page.target: printing.printed(text, _title(page), summary, page.facts)}
    if form == ".ipynb":
        return {page.target: formats.as_notebook(page.notebook)}
    return {page.target: _text(page, before).encode()}


def _text(page: _Page, before: Mapping[str, Path], parts: Sequence[Part] = (), style: str = "") -> str:
    from factdesk.pages import index as front
    from factdesk.pages.claimreview import reviews
    from factdesk.pages.html import document, escape, header

    article = page.article
    assert article is not None
    heading = article.heading or escape(_title(page))
    made = f"Made from <code>{escape(page.source.name)}</code> with factdesk."
    noted = [f"{made} This file is complete: it works without a network."]
    if corrected := _beside(page, front.CORRECTIONS, before):
        noted.append(f'<a href="{corrected}">Corrections</a>')
    if page.enclosed:
        carries = "It carries its data: <code>factdesk unpack</code> gives the ledger back, <code>factdesk verify</code>"
        noted.append(f"{carries} says whether page, data and seal agree. {page.enclosed.told}".strip())
    elif not page.has_names:
        noted.append("The names of those who logged and judged are left out.")
    if page.errors:
        found = "1 error" if page.errors == 1 else f"{page.errors} errors"
        noted.append(f"When it was made, the ledger had {found} among its findings.")
    body = (
        f"{header(heading, page.facts, _authors(page))}\n<main>\n{_contents(article)}{article.body}\n</main>\n"
        f"<footer>{''.join(f'<p>{words}</p>' for words in noted)}</footer>\n"
        + (page.enclosed.markup if page.enclosed else "")
    )
    language = page.notebook.metadata.get("language", "en")
    return document(
        _title(page),
        body,
        language=language if isinstance(language, str) else "en",
        summary=article.summary,
        facts=page.facts,
        charts=article.charts,
        parts=[*([page.explored[1]] if page.explored and article.explores else []), *parts],
        style=style,
        feed=_beside(page, front.FEED, before),
        reviews=(
            reviews(page.shown, page=quote(page.target.name)) if page.shown and article.explores else []
        ),
    )


def _before(to: Path, pages: list[_Page], ledger: object) -> dict[str, Path]:
    """Give what is to stand before the pages of a folder; no page of a notebook gives way to it."""
    from factdesk.pages import index as front

    names = [front.CORRECTIONS, front.FEED] if ledger or any(map(_named_ledger, pages)) else []
    # On many disks capitals make no other file.
    taken = {str(page.target).casefold() for page in pages}
    before = {name: to / name for name in (*names, front.INDEX)}
    return {name: path for name, path in before.items() if str(path).casefold() not in taken}


def _beside(page: _Page, name: str, before: Mapping[str, Path]) -> str:
    """Give the address, from a page, of what stands before it; also of what was made with an earlier folder."""
    if page.target.suffix.lower() in formats.OTHERS:  # in print, an address would be one on this machine
        return ""
    path = before.get(name, page.target.parent / name)
    if name not in before and (page.target.name == name or not (_is_there(path) and _is_ours(path))):
        return ""
    return quote(Path(os.path.relpath(path, page.target.parent)).as_posix())


def _front(to: Path, pages: list[_Page], before: Mapping[str, Path]) -> dict[Path, str]:
    """Write what stands before the pages: the index last, since it says what was held when it was made."""
    from factdesk.pages import feed
    from factdesk.pages import index as front
    from factdesk.pages.article import first_picture

    cards = [
        front.Card(
            address=quote(page.target.relative_to(to).as_posix()),
            title=_title(page),
            summary=page.article.summary if page.article else "",
            picture=first_picture(page.notebook),
            facts=page.facts,
            ledger=page.shown,
            explores=bool(page.article and page.article.explores),
        )
        for page in pages
        if before
    ]
    has = {"has_feed": front.FEED in before}
    texts = {}
    if front.CORRECTIONS in before:
        texts[before[front.CORRECTIONS]] = front.corrections_page(
            cards, has_index=front.INDEX in before, **has
        )
    if front.FEED in before:
        texts[before[front.FEED]] = feed.feed(cards)
    if index := before.get(front.INDEX):
        has["has_corrections"] = front.CORRECTIONS in before
        texts[index] = front.index(cards, before=front.read(index), **has)
    return texts
