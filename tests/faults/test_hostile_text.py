"""Text that means harm in every field, on every surface: it stays text in pages, pictures, sheets and terminals."""

import csv
import html
import io
import itertools
import json
import re
import sys
import unicodedata
import warnings
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import altair as alt
import nbformat
import nbformat.v4 as v4
import pandas as pd
import pytest
from drawn import written

import factdesk as fd
from factdesk import cli, new_project
from factdesk.charts import CHARTS, display
from factdesk.desk import card
from factdesk.desk.workbench import Desk, workbench
from factdesk.errors import InvalidValue
from factdesk.pages import article, formulas
from factdesk.pages.claim import Claims
from factdesk.pages.html import static
from faults import LONG
from faults.hostile import HOSTILE

BATCH = 60
SOME = HOSTILE if LONG else HOSTILE[::25]
MANY = HOSTILE if LONG else HOSTILE[::4]
"""What the dearer surfaces are tried with, and those where many go on one page."""
HANDS = 4
"""How many lots the texts are dealt in, one to each chart."""
# What a terminal obeys or a reader can't see: controls but for the line feed and tab, and marks that turn text round.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FORMULA = re.compile(r"[=+\-@\t\r]")


def batches(texts=SOME, size=BATCH):
    return [texts[at : at + size] for at in range(0, len(texts), size)]


def plain(text: str) -> str:
    """A text as a file can hold it: without half characters."""
    return text.encode("utf-8", "ignore").decode("utf-8")


FIELDS = {
    "claims": "claim claimant claimant_role quote note topics logged_by",
    "statuses": "rationale gaps reviewed_by",
    "appearances": "claimant claimant_role quote note place",
    "sources": "url title publisher author note",
    "evidence": "quote translation place note",
}
"""What holds text in each table."""


def ledger_of(folder: Path, texts: list[str]) -> fd.Ledger:
    """A ledger with each text in every field that holds text, as somebody may have typed it into the files."""
    folder.mkdir(parents=True)
    texts = [plain(text).replace("\r", "") or "x" for text in texts]

    def rows(name: str, **more: str) -> list[dict[str, str]]:
        made = []
        for n, text in enumerate(texts):
            own = {column: cell.format(n) for column, cell in more.items()}
            made.append({**dict.fromkeys(FIELDS[name].split(), text), "claim_id": f"c-{n}", **own})
        return made

    claims = rows("claims", made_on="2025-03-10", kind="quote", appearance="s-{}")
    statuses = rows("statuses", status="in review", holds_from="2025-03-12")
    statuses += rows("statuses", status="refuted", holds_from="2025-03-20")
    appearances = rows("appearances", made_on="2025-03-25")
    sources = rows("sources", source_id="s-{}", published_on="2025-03-11")
    evidence = rows("evidence", source_id="s-{}", stance="refutes")
    ledger = written(folder, claims, statuses, evidence, sources, appearances=appearances, title="Harm")
    assert len(ledger.claims) >= len(texts) * 0.95  # a claim that is nothing that can be seen is none
    return ledger


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """A ledger for each batch of what the dearer surfaces are tried with."""
    folder = tmp_path_factory.mktemp("ledgers")
    return [(ledger_of(folder / str(n), texts), texts) for n, texts in enumerate(batches())]


@pytest.fixture(scope="module")
def hands(ledgers, tmp_path_factory):
    """Ledgers to be dealt to the charts: there are more charts than there is time for all texts on each."""
    if LONG:
        return ledgers
    folder = tmp_path_factory.mktemp("hands")
    return [(ledger_of(folder / str(n), SOME[n::HANDS]), SOME[n::HANDS]) for n in range(HANDS)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A ledger of many of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        return ledger_of(tmp_path_factory.mktemp("whole") / "all", MANY)


# --- in a browser

WATCH = """
window.__tried = [];
for (const name of ["alert", "confirm", "prompt", "open", "print"]) window[name] = () => window.__tried.push(name);
"""
# Whatever could run, load, restyle or lead away; what is allowed is what factdesk itself writes.
LOOK = (
    Path(__file__)
    .with_name("look.js")
    .read_text("utf-8")
    .replace("FORMULAS", json.dumps([sorted(formulas.TAGS), sorted(formulas.ATTRIBUTES)]))
)


OWN_SCRIPTS = 4
"""Of a page with charts: the library packed and unpacked, the charts, and the page's own."""


class Watched:
    """A browser that notes whatever a page runs, asks for or leads to."""

    def __init__(self, browser):
        self.context = browser.new_context(viewport={"width": 900, "height": 1400})
        self.context.add_init_script(WATCH)
        self.happened: list[str] = []
        self.pages = 0
        self.address = ""
        self.context.route("**/*", self._route)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda one: (self.happened.append(f"dialog {one.message}"), one.dismiss()))
        self.page.on("popup", lambda one: self.happened.append(f"popup {one.url}"))
        self.page.on("download", lambda one: self.happened.append(f"download {one.url}"))

    def _route(self, route):
        url = route.request.url
        if url == self.address or url.startswith("data:image/png;base64,"):
            route.continue_()
            return
        self.happened.append(f"asked {url[:100]}")
        route.abort()

    def look(self, file: Path, *, drawn: bool = False) -> dict:
        """Open a file, wait for what it draws, and see what became of it."""
        self.address = file.as_uri()
        self.happened.clear()
        self.page.goto(self.address, wait_until="load")
        if drawn:
            self.page.wait_for_selector("html[data-drawn]", state="attached", timeout=60_000)
        self.page.wait_for_timeout(50)
        self.pages += 1
        return self.page.evaluate(LOOK)

    def assert_harmless(self, file: Path, *, drawn: bool = False) -> None:
        seen = self.look(file, drawn=drawn)
        told = f"{file.name}: {seen['found'][:5]} {self.happened[:5]}"
        assert seen["found"] == [], told
        assert self.happened == [], told
        assert (seen["pwned"], seen["tried"], seen["at"]) == (None, [], self.address), told
        assert seen["title"] != "pwned", told
        sorts = static("tables.js") in file.read_text("utf-8")  # word for word
        assert seen["scripts"] <= (OWN_SCRIPTS if drawn else 0) + sorts, told


@pytest.fixture(scope="module")
def watched(chromium):
    one = Watched(chromium)
    yield one
    one.context.close()


def raw_page(folder: Path, *fragments: str) -> Path:
    """A page of fragments that trusts them: no policy, and every way for them to run."""
    file = folder / f"{next(_numbers)}.html"
    body = "\n".join(f"<div>{one}</div>" for one in fragments)
    page = f"<!doctype html><meta charset=utf-8><title>frames</title><body>{body}</body>"
    file.write_text(page, "utf-8", "replace")
    return file


_numbers = itertools.count(1)


def unguarded(file: Path) -> Path:
    """The same page without its policy: what is held back by markup alone."""
    page, n = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?', "", file.read_text("utf-8"))
    assert n == 1
    other = file.with_name(f"unguarded-{file.name}")
    other.write_text(page, "utf-8")
    return other


def test_the_watch_sees_what_runs(watched, tmp_path):
    """What is looked for is found where nothing is escaped, so that finding nothing means something."""
    caught = 0
    probes = [
        text for text in HOSTILE if text.startswith(("<script>window", "<img src=x onerror=", "<svg onload"))
    ]
    for text in probes[:6]:
        seen = watched.look(raw_page(tmp_path, plain(text)))
        caught += bool(seen["found"] or seen["pwned"] or seen["tried"] or watched.happened)
    assert caught == len(probes[:6]) > 2


def test_frames_hold_text_only(watched, whole, tmp_path, tally):
    with pd.option_context("display.max_rows", None):
        names = ("claims", "appearances", "sources", "evidence", "statuses", "changes")
        frames = [*(getattr(whole, name) for name in names), whole.status_on(), whole.check()]
        fragments = [*(frame._repr_html_() for frame in frames), whole.claims.to_html()]
        watched.assert_harmless(raw_page(tmp_path, *fragments))
    tally("strings x surfaces in a browser", tried=len(MANY) * 9, run=0)


def test_the_summary_of_a_ledger_is_text(watched, whole, tmp_path, tally):
    settings = whole._dataset.settings
    fragments = []
    for text in SOME:
        title = replace(settings, title=plain(text), publisher=plain(text))
        view = whole.where(text=plain(text))
        view._dataset.settings = title
        fragments.append(view._repr_html_())
    watched.assert_harmless(raw_page(tmp_path, *fragments))
    tally("strings x surfaces in a browser", tried=len(SOME), run=0)


def test_the_desk_s_parts_are_text(watched, ledgers, tmp_path, tally):
    """The parts that ipywidgets puts into the notebook as HTML, and the form that is saved with it."""
    for ledger, texts in ledgers:
        desk = workbench(ledger)
        fragments = [desk._readable_form()["text/html"], card.heading(ledger)]
        for claim_id in ledger.claims["claim_id"]:
            one = ledger.where(claim_id=claim_id)
            fragments.append(Claims(one).card(claim_id))
        watched.assert_harmless(raw_page(tmp_path, *fragments))
        tally("strings x surfaces in a browser", tried=len(texts) * 4, run=0)


def test_the_desk_sets_what_it_is_sent_as_text(watched, ledgers, tmp_path, tally):
    """The desk's own script, with answers of a desk to all that it asks: lists, a claim whole, its forms, its findings."""
    for n, (ledger, texts) in enumerate(ledgers):
        desk, sent = workbench(ledger), []
        desk.send = lambda answer, buffers=None, sent=sent: sent.append(answer)
        asked = {
            "rows": {"query": {}},
            "cells": {"table": "claims", "row": desk.selected},
            "sources": {"words": ""},
        }
        for do in ("open", "list", "rows", "claim", "findings", "look", "cells", "sources", "draft"):
            given = (
                {"name": "log", "typed": {"claim": plain(texts[0])}} if do == "draft" else asked.get(do, {})
            )
            desk._asked(None, {"ask": do, "do": do, **given}, [])
        for do, given in (
            ("near", {"words": texts[0], "claimant": ""}),
            ("read", {"words": "".join(map(plain, texts))}),
        ):
            desk._asked(None, {"ask": do, "do": do, **given}, [])
        said = {name: plain(texts[-1]) for name in ("claim", "claimant", "claimant_role", "quote", "kind")}
        near = [{**row, "differs": [plain(texts[-1])]} for row in sent[2]["rows"]]
        sent.append(
            {"to": "candidates", "candidates": [said | {"start": 0, "end": 9}], "logged": [], "why": ""}
        )
        sent.append({"to": "near", "near": near, "meant": plain(texts[0])})
        answers = json.dumps({one["to"]: one for one in sent}).replace("<", "\\u003c")
        script = (
            Desk._esm.replace("export default", "const desk =")
            + f"\nconst answers = {answers}, heard = [];\n"
            "const model = {get: (name) => answers.open[name], set() {}, save_changes() {}, off() {},\n"
            "  on: (what, act) => what === 'msg:custom' && heard.push(act),\n"
            "  send: ({ask, do: what}) => setTimeout(() => heard.forEach((act) => act({...answers[what], to: ask})), 0)};\n"
            "desk.initialize?.({model});\ndesk.render({model, el: document.querySelector('main')});\n"
            "setTimeout(() => { const box = document.querySelector('.fd-article textarea'); box.value = 'x';\n"
            "  box.form.requestSubmit(); }, 300);\n"
            "setTimeout(() => { document.querySelector('.fd-wide-button').click(); }, 600);\n"
            "setTimeout(() => { document.querySelector('.fd-log textarea')?.dispatchEvent(new Event('input', {bubbles: true}));\n"
            "  document.querySelector('.fd-reader mark')?.click(); }, 650);\n"
            "setTimeout(() => { document.querySelector('.fd-pencil')?.click(); }, 1300);\n"
            "setTimeout(() => { document.documentElement.dataset.drawn = '1'; }, 1900);"
        )
        file = tmp_path / f"desk-{n}.html"
        head = "<!doctype html><meta charset=utf-8><title>desk</title>"
        file.write_text(f"{head}<main></main><script type=module data-ours>{script}</script>", "utf-8")
        watched.assert_harmless(file, drawn=True)
        shown = watched.page.locator("[role=option] .fd-row-words").all_text_contents()
        assert (
            shown
            == [row["claim"] for row in next(one for one in sent if one["to"] == "rows")["rows"]][
                : len(shown)
            ]
        )
        assert shown and watched.page.locator(".fd-edit form").count() == 1
        assert (
            watched.page.locator(".fd-picked").count() == watched.page.locator(".fd-reader mark").count() > 0
        )
        tally("strings x surfaces in a browser", tried=len(texts) * 6, run=0)


@pytest.mark.parametrize("name", CHARTS)
def test_charts_saved_as_pages_and_pictures_are_text(watched, hands, tmp_path, name, tally):
    for n, ledger, texts in _dealt(hands, name):
        chart = _drawn(name, ledger, plain(texts[n % len(texts)]))
        page = fd.save(chart, tmp_path / f"{n}.html")
        watched.assert_harmless(page, drawn=True)
        for mark in watched.page.locator("svg [aria-roledescription$=mark], svg .mark-rect path").all()[:4]:
            mark.hover(force=True)
        seen = watched.page.evaluate(LOOK)
        assert (seen["found"], seen["pwned"], seen["tried"], watched.happened) == ([], None, [], [])
        watched.assert_harmless(unguarded(page), drawn=True)
        picture = fd.save(chart, tmp_path / f"{n}.svg")
        watched.assert_harmless(picture)
        tally("strings x surfaces in a browser", tried=len(texts) * 3, run=0)


def _dealt(hands, name: str) -> list[tuple[int, fd.Ledger, list[str]]]:
    """The ledgers that a chart is tried with, dealt so that all texts meet several charts."""
    turn = list(CHARTS).index(name) % HANDS
    return [(n, *one) for n, one in enumerate(hands) if n % HANDS == turn]


def _drawn(name: str, ledger: fd.Ledger, title: str) -> alt.LayerChart:
    more = {"claim_id": ledger.claims["claim_id"].iloc[0]} if name == "claim_card" else {}
    # Fewer claims are dealt here than a curve is drawn of.
    with patch.object(sys.modules["factdesk.charts.time_to_status"], "LEAST", 1):
        return CHARTS[name](ledger, title=title, **more)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, whole):
    """A shared page of a notebook in which everything is hostile: words, outputs of every kind, names."""
    folder = tmp_path_factory.mktemp("shared")
    cells = [v4.new_markdown_cell("# Harm")]
    for text in map(plain, MANY):
        cells.append(
            v4.new_markdown_cell(f"{text}\n\n## {text}\n\n[x]({text}) ![y]({text}) <{text}>\n\n- {text}")
        )
        outputs = [
            v4.new_output("display_data", data={kind: text})
            for kind in ("text/html", "text/markdown", "text/plain", "text/latex", "application/javascript")
        ]
        outputs += [
            v4.new_output("stream", text=text),
            v4.new_output("error", ename=text, evalue=text, traceback=[text]),
        ]
        cells.append(v4.new_code_cell(text, outputs=outputs, execution_count=1))
    with pd.option_context("display.max_rows", None):
        frame = whole.claims._repr_html_()
    cells.append(v4.new_code_cell("x", outputs=[v4.new_output("display_data", data={"text/html": frame})]))
    made = v4.new_notebook(cells=cells)
    source = folder / "harm.ipynb"
    source.write_text(nbformat.writes(made), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fd.share(source, folder / "site", execute=False)[0]


def test_a_shared_page_is_text_with_its_policy_and_without(watched, shared, tally):
    watched.assert_harmless(shared)
    watched.assert_harmless(unguarded(shared))
    tally("strings x surfaces in a browser", tried=len(MANY) * 22, run=0)


def test_a_page_about_a_hostile_ledger_is_text(watched, tmp_path, tally):
    """Its title, publisher and file names stand in the page's head and in the index."""
    for n, text in enumerate(SOME if LONG else SOME[::8]):
        folder = tmp_path / str(n)
        folder.mkdir()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", fd.FactdeskWarning)
            try:
                ledger = fd.create(folder / "claims.csv", title=plain(text), publisher=plain(text), by="Ada")
            except InvalidValue:  # nothing of it can be seen
                continue
        source = folder / "harm.ipynb"
        source.write_text(
            nbformat.writes(v4.new_notebook(cells=[v4.new_markdown_cell(f"# {plain(text)}\n\nx")])), "utf-8"
        )
        for page in fd.share(folder, folder / "site", execute=False, ledger=ledger):
            watched.assert_harmless(page)
            tally("strings x surfaces in a browser", tried=4, run=0)


def test_the_notebooks_of_a_new_case_are_text(watched, tmp_path, tally):
    """Also for a reader that lets HTML in Markdown through, as many do."""
    from markdown_it import MarkdownIt

    trusting = MarkdownIt("commonmark", {"html": True})
    fragments = []
    for n, text in enumerate(SOME if LONG else SOME[::4]):
        try:
            made = new_project.new(tmp_path / f"case-{n}", plain(text))
        except fd.FactdeskError:  # nothing is left of it that could be a title
            continue
        for source in sorted((made / "notebooks").glob("*.ipynb")):
            read = nbformat.reads(source.read_text("utf-8"), as_version=4)
            nbformat.validate(read)
            words = [cell.source for cell in read.cells if cell.cell_type == "markdown"]
            fragments += [trusting.render(one) for one in words] + [article.typeset(read).body]
        tally("strings x surfaces in a browser", tried=2, run=0)
    watched.assert_harmless(raw_page(tmp_path, *fragments))


# --- in notebooks, sheets, files and terminals


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_carries_text_in_its_data_and_its_words_only(hands, name):
    for n, ledger, texts in _dealt(hands, name):
        spec = _drawn(name, ledger, plain(texts[n % len(texts)])).to_dict()
        bundle, _ = display.render(spec)
        assert not OBEYED.search(bundle["text/plain"])
        json.dumps(bundle)
        assert json.loads(json.dumps(spec)) == spec
        outside = json.dumps(_without_words(spec))
        for text in texts:
            if len(text) > 6 and not text.isalnum():
                assert json.dumps(plain(text))[1:-1] not in outside


def _without_words(part):
    """A specification without its data and what is set in it as words."""
    if isinstance(part, dict):
        return {
            key: _without_words(value)
            for key, value in part.items()
            if key not in ("datasets", "data", "title", "text", "description", "usermeta")
        }
    return [_without_words(one) for one in part] if isinstance(part, list) else part


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_saved_in_every_form(hands, tmp_path, name, tally):
    _, ledger, texts = _dealt(hands, name)[0]
    chart = _drawn(name, ledger, plain(texts[5]))
    for form in ("png", "pdf", "json", "csv"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", fd.FactdeskWarning)  # no font has all of this
            file = fd.save(chart, tmp_path / f"chart.{form}")
        assert file.stat().st_size > 50
    json.loads((tmp_path / "chart.json").read_text("utf-8"))
    _assert_no_formula((tmp_path / "chart.csv").read_bytes())
    tally("strings x files and terminals", tried=len(texts) * 4, obeyed=0)


def test_tables_hold_no_formula_for_a_spreadsheet(whole, tally):
    for name in ("claims", "sources", "evidence", "statuses"):
        file = whole.path if name == "claims" else whole.path.with_suffix("") / f"{name}.csv"
        _assert_no_formula(file.read_bytes())
    frame = pd.DataFrame({"claim": [plain(text) for text in HOSTILE], "n": range(len(HOSTILE))})
    rows = alt.Chart(frame).mark_bar().encode(x="claim:N", y="n:Q")
    saved = fd.save(rows, whole.path.with_name("rows.csv"))
    _assert_no_formula(saved.read_bytes())
    tally("strings x files and terminals", tried=len(MANY) * 4 + len(HOSTILE), obeyed=0)


def _assert_no_formula(data: bytes) -> None:
    for row in csv.reader(io.StringIO(data.decode("utf-8"), newline="")):
        for cell in row:
            assert not FORMULA.match(cell) or re.fullmatch(r"-?[\d.]+", cell), cell
            assert not FORMULA.match(cell.lstrip("\ufeff")) or re.fullmatch(r"-?[\d.]+", cell), cell


def test_nothing_that_is_printed_steers_a_terminal(whole, capsys, tally):
    print(whole)
    for name in ("claims", "appearances", "sources", "evidence", "statuses"):
        with pd.option_context("display.max_rows", None, "display.width", 400):
            print(getattr(whole, name))
    for text in SOME:
        print(repr(whole.where(text=plain(text))))
    for words in (["check", str(whole.path)], ["check", str(whole.path), "--json"]):
        cli.main(words)
    said = capsys.readouterr()
    found = OBEYED.search(said.out + said.err)
    assert not found, (ascii(found[0]), ascii((said.out + said.err)[found.start() - 60 : found.end() + 60]))
    tally("strings x files and terminals", tried=len(MANY) * 7 + len(SOME), obeyed=0)


def _told(action) -> list[str]:
    """What an action says in errors and warnings; an error that is not ours is raised."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            action()
        except fd.FactdeskError as error:
            return [str(error), *(str(one.message) for one in told)]
    return [str(one.message) for one in told]


def test_errors_and_warnings_name_what_was_given_without_passing_it_on(tmp_path, tally):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    ledger.log("It rained.", claimant="Radio", claim_id="rain")
    chart, desk = fd.charts.status_over_time(ledger), workbench(ledger)
    n = 0
    for text in SOME if LONG else SOME[::2]:
        asked = (
            lambda text=text: ledger.where(claim_id=text),
            lambda text=text: ledger.where(status=text),
            lambda text=text: ledger.status_on(text),
            lambda text=text: ledger.counts(every=text),
            lambda text=text: ledger.edit("claims", text, why="x", note="y"),
            lambda text=text: ledger.edit(text, "rain", why="x", note="y"),
            lambda text=text: ledger.withdraw("claims", text, why="x"),
            lambda text=text: ledger.set_status("rain", text, rationale="x"),
            lambda text=text: ledger.attach("rain", text, stance="nowhere"),
            lambda text=text: ledger.attach("rain", stance="supports", file=f"nowhere/{text}"),
            lambda text=text: ledger.log("It rained.", claimant="Radio", claim_id=text, made_on=text),
            lambda text=text: fd.open(tmp_path / "nowhere" / text),
            lambda text=text: fd.save(chart, tmp_path / "nowhere" / text),
            lambda text=text: fd.share(tmp_path / "nowhere" / text, tmp_path / "site"),
            lambda text=text: fd.charts.timeline(ledger, theme=text),
            lambda text=text: new_project.new(tmp_path / "nowhere" / text, "x"),
            lambda text=text: setattr(desk, "selected", text),
        )
        for action in asked:
            n += 1
            for said in _told(action):
                assert not OBEYED.search(said), ascii(said)
                said.encode("utf-8")
                assert len(said) < 2_000, said[:200]
    assert len(ledger.claims) == 1
    tally("strings x errors and warnings", tried=n, obeyed=0)


def test_what_is_logged_is_clean_in_the_files_and_is_read_again(tmp_path, tally):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    texts = SOME
    logged = set()
    for n, text in enumerate(texts):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                claim_id = ledger.log(text, claimant=text, quote=text, note=text, claim_id=f"c-{n}")
            except InvalidValue:  # nothing of it can be seen
                continue
            logged.add(claim_id)  # one that reads the same as another, once cleaned, is that one
    again = fd.open(tmp_path / "claims.csv")
    assert set(again.claims["claim_id"]) == logged and len(logged) > len(texts) * 0.8
    assert not (set(again.check()["severity"]) & {"error"})
    data = (tmp_path / "claims.csv").read_text("utf-8")
    assert not OBEYED.search(data)
    assert len(data.split("\n")) == len(logged) + 2
    assert data == unicodedata.normalize("NFC", data)
    _assert_no_formula(data.encode())
    tally("strings x files and terminals", tried=len(texts) * 4, obeyed=0)


def test_only_web_addresses_and_paths_beside_the_page_become_links(ledgers):
    allowed = re.compile(r"https?://", re.IGNORECASE)
    for ledger, texts in ledgers:
        for claim_id in ledger.claims["claim_id"]:
            one = ledger.where(claim_id=claim_id)
            for address in re.findall(r'href="([^"]*)"', Claims(one).card(claim_id)):
                assert allowed.match(html.unescape(address)), address
        assert len(ledger.claims) >= len(texts) * 0.95


def test_the_list_is_long_enough_and_of_every_kind():
    assert len(HOSTILE) >= 500 and len(set(HOSTILE)) == len(HOSTILE)
    whole = "".join(HOSTILE)
    marks = ["\x1b", "\0", "\u202e", "\u2028", "\ud800", "\u200d"]
    for mark in (*marks, "</script>", "javascript:", "{{", "=1+1", "../.."):
        assert mark in whole
