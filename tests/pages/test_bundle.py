"""The ledger inside a page: given back byte for byte, and found out where page, data or seal do not agree."""

import base64
import gzip
import hashlib
import io
import re
import shutil
import warnings
import zipfile
from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

import factdesk as fd
from factdesk import cli
from factdesk.errors import InvalidValue, NotAPage, NotFound, ReadOnlyLedger, UnsoundLedger
from factdesk.pages import bundle
from factdesk.pages.bundle import unpack, verify_page

LOGGER = "Wilhelmina Logger"


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The folder of a ledger and of a page with that ledger in it, made once, to be copied."""
    folder = tmp_path_factory.mktemp("once")
    (folder / "kept").mkdir()
    made = fd.create(folder / "kept" / "claims.csv", title="Weather", by=LOGGER)
    document = folder / "report.txt"
    document.write_text("It rained all day, said the office.\n")
    rain = made.log("It rained.", claimant="Radio", made_on="2025-03-10", claim_id="rain")
    made.attach(rain, file=document, stance="supports", quote="It rained all day")
    made.set_status(rain, "supported", holds_from="2025-03-11", rationale="The office says so.")
    made.edit("claims", rain, why="Clearer.", claim="It rained in Bonn.")
    made.seal("before sharing")
    shared(folder, made, evidence="documents")
    return folder


@pytest.fixture
def ledger(once, tmp_path):
    shutil.copytree(once / "kept", tmp_path / "kept")
    return fd.open(tmp_path / "kept" / "claims.csv", by=LOGGER)


@pytest.fixture
def page(once, tmp_path):
    return Path(shutil.copy(once / "rain.html", tmp_path))


def shared(folder: Path, ledger: fd.Ledger, *cells: NotebookNode, **options: object) -> Path:
    nbformat.write(
        v4.new_notebook(cells=[v4.new_markdown_cell("# Did it rain?"), *cells]), folder / "rain.ipynb"
    )
    return fd.share(
        folder / "rain.ipynb", folder / "rain.html", ledger=ledger.path, execute=False, **options
    )[0]


def shown(markup: str, words: str = "") -> NotebookNode:
    """A cell with outputs, as it is saved."""
    outputs = [v4.new_output("stream", text=words), v4.new_output("display_data", {"text/html": markup})]
    return v4.new_code_cell("show()", outputs=outputs)


def files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def codes(page, ledger=None):
    return verify_page(page, ledger)["code"].tolist()


def test_what_travels_is_given_back_byte_for_byte(ledger, page, tmp_path):
    given = unpack(page, tmp_path / "given")
    of_ours = {
        path: content
        for path, content in files(ledger.path.parent).items()
        if ".factdesk" not in path.parts and not path.name.startswith(".git")
    }
    assert files(given.parent) == of_ours
    assert any("snapshots" in path.parts for path in of_ours)
    assert any("seals" in path.parts for path in of_ours)
    assert fd.open(given).verify().empty
    assert codes(page, ledger) == []


def test_the_same_ledger_gives_the_same_page(ledger, page, tmp_path):
    first = page.read_bytes()
    assert shared(tmp_path, ledger, evidence="documents").read_bytes() == first


def test_what_changed_in_the_ledger_since_is_told(ledger, page):
    ledger.log("It hailed.", claimant="Radio", claim_id="hail")
    ledger.set_status("rain", "refuted", holds_from="2025-03-12", rationale="The gauge was dry.")
    ledger.edit("claims", "rain", why="Longer.", claim="It rained in Bonn all day.")
    found = verify_page(page, ledger)
    assert set(found["severity"]) == {"note"}
    told = {(row.code, row.table): row.message for row in found.itertuples()}
    assert "hail" in told["rows-since", "claims"]
    assert "rain" in told["changed-since", "claims"]
    assert told["status-since", "statuses"] == "the page says supported, the ledger now says refuted."
    lines = ledger.path.read_text().splitlines(True)
    ledger.path.write_text("".join(line for line in lines if "hail" not in line and "rain" not in line))
    found = verify_page(page, ledger)
    assert ("gone-since", "warning") in set(zip(found["code"], found["severity"], strict=True))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_a_page_is_found(once, tmp_path, data):
    whole = (once / "rain.html").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    changed = tmp_path / "changed.html"
    changed.write_bytes(whole[:at] + bytes([other]) + whole[at + 1 :])
    try:
        found = verify_page(changed)
    except NotAPage:
        return  # it no longer says that it is one of ours, or what it carries can't be read
    assert len(found[found["severity"] != "note"]) or "page-without-hash" in set(found["code"])


def rehashed(text: str) -> str:
    blank = re.sub(r'(?<=<meta name="factdesk:page" content=")[0-9a-f]{64}', "0" * 64, text, count=1)
    return blank.replace("0" * 64, hashlib.sha256(blank.encode()).hexdigest(), 1)


def remade(page: Path, change) -> Path:
    """A page whose maker knows how to write its hash anew."""
    text = page.read_text("utf-8")
    coded = re.search(r'data-without="[^"]*">([^<]*)<', text)[1]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(coded))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(files).items():
            archive.writestr(name, content)
    page.write_text(rehashed(text.replace(coded, base64.b64encode(made.getvalue()).decode())), "utf-8")
    return page


def test_a_forger_who_writes_the_hash_anew_is_found_by_digest_and_seal(page):
    def other(files):
        return files | {"claims/statuses.csv": files["claims/statuses.csv"].replace(b"supported", b"refuted")}

    found = verify_page(remade(page, other))
    assert "page-changed" not in set(found["code"])
    assert "digest" in set(found["code"])
    assert (found["severity"] == "error").sum() >= 2, "the seal too"


ELSEWHERE = [
    "../out.csv", "/etc/x.csv", "claims/../../x.csv", "claims/snapshots/../../../x", "other.csv", "claims/a.exe",
    "claims\\x.csv", "C:x.csv", "claims/con.csv", "claims//x.csv", "claims/seals/..", ".",
]  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_file_that_would_stand_elsewhere_is_refused_and_nothing_is_written(name, page, tmp_path):
    with pytest.raises(NotAPage, match="no file of a ledger"):
        unpack(remade(page, lambda files: {**files, name: b"x"}), tmp_path / "given")
    assert not (tmp_path / "given").exists()


def test_an_archive_that_holds_nothing_or_far_more_than_its_bytes_is_refused(page, tmp_path):
    for change, why in (
        (lambda files: {}, "it is empty"),
        (lambda files: files | {"claims.csv": b"0" * 60_000_000}, "larger than any ledger"),
    ):
        with pytest.raises(NotAPage, match=why):
            unpack(remade(page, change), tmp_path / "given")
        assert not (tmp_path / "given").exists()


def test_a_page_that_unpacks_to_more_than_any_ledger_is_refused(page, tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "MOST_BYTES", 1_000_000)
    remade(page, lambda files: files | {"claims.csv": b"0" * 2_000_000})
    with pytest.raises(NotAPage) as told:
        unpack(page, tmp_path / "given")
    assert str(told.value).count("can't be read") == 1
    assert "larger than any ledger" in str(told.value)


@pytest.mark.parametrize(("was", "now"), [("UEsD", "AAAA"), ("data-names=", "data-name=")])
def test_a_block_that_is_broken_is_told(was, now, page, tmp_path):
    page.write_text(page.read_text("utf-8").replace(was, now, 1), "utf-8")
    with pytest.raises(NotAPage):
        unpack(page, tmp_path / "given")


def test_large_documents_stay_and_that_is_no_fault(ledger, tmp_path):
    document = tmp_path / "large.bin"
    document.write_bytes(bytes(range(256)) * 2000)
    ledger.attach("rain", file=document, stance="context", title="A film")
    page = shared(tmp_path, ledger, evidence="documents")
    assert "1 kept document is left out for the page's size" in page.read_text("utf-8")
    assert codes(page, ledger) == []


def test_whole_documents_of_others_travel_only_where_they_are_asked_for(ledger, tmp_path):
    page = shared(tmp_path, ledger, evidence=True)
    assert "1 kept document is left out." in page.read_text("utf-8") and codes(page, ledger) == []
    given = fd.open(unpack(page, tmp_path / "given"))
    assert not (given.path.with_suffix("") / "snapshots").exists()
    assert given.digest() == ledger.digest() and given.evidence["quote"].tolist() == ["It rained all day"]
    with pytest.raises(InvalidValue, match="documents"):
        shared(tmp_path, ledger, evidence="document")


def test_names_stay_out_of_page_and_tables_and_the_page_says_so(ledger, tmp_path):
    cell = shown(ledger.statuses[["recorded_by", "status"]].to_html(), f"by {LOGGER}")
    with_names = shared(tmp_path, ledger, cell, evidence=True)
    assert LOGGER in with_names.read_text("utf-8")
    page = shared(tmp_path, ledger, cell, evidence=True, names=False)
    text = page.read_text("utf-8")
    assert LOGGER not in text
    assert "The names of those who logged and judged are left out." in text
    given = fd.open(unpack(page, tmp_path / "given"))
    for path in given.path.parent.rglob("*"):
        assert not path.is_file() or LOGGER.encode() not in path.read_bytes()
    assert given.claims["claim"].tolist() == ledger.claims["claim"].tolist()
    assert codes(page, ledger) == ["names-left-out"]
    ledger.set_status("rain", "refuted", holds_from="2025-03-12", rationale="The gauge was dry.")
    assert "status-since" in codes(page, ledger)


def everything(page: Path) -> str:
    """A page's text, and what is packed in it."""
    text = page.read_text("utf-8")
    packed = re.findall(r'<script type="application/gzip"[^>]*>([^<]*)</script>', text)
    return text + "".join(gzip.decompress(base64.b64decode(one)).decode() for one in packed)


def test_names_stay_out_also_where_rationales_say_them(ledger, tmp_path):
    """Of the explorer, corrections, feed, index and tables alike; what others said stays."""
    why = f"The gauge was dry, as {LOGGER} saw."
    ledger.set_status("rain", "refuted", holds_from="2025-03-11", rationale=why)
    ledger.attach("rain", "https://example.org/film", stance="refutes", quote=f"{LOGGER} stood in the sun")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cell = shown('<div class="fd-saved-desk">The desk</div>')
    nbformat.write(v4.new_notebook(cells=[cell]), folder / "rain.ipynb")
    for names in (True, False):
        site = tmp_path / f"site-{names}"
        fd.share(folder, site, ledger=ledger.path, evidence=True, names=names, execute=False)
        for file in ("rain.html", "corrections.html", "feed.xml"):
            said = everything(site / file)
            assert (why in said) is names
            assert names or "as (name left out) saw" in said
            assert said.count(LOGGER) == (
                said.count(f"{LOGGER} stood in the sun") if not names else said.count(LOGGER)
            )
        assert names or LOGGER not in everything(site / "index.html")
    given = fd.open(unpack(site / "rain.html", tmp_path / "given"))
    assert given.statuses["rationale"].iloc[-1] == "The gauge was dry, as (name left out) saw."
    assert f"{LOGGER} stood in the sun" in set(given.evidence["quote"])
    assert codes(site / "rain.html", ledger) == ["names-left-out"]
    assert ledger.statuses["rationale"].iloc[-1] == why


def test_a_page_without_a_ledger_can_be_held_too(ledger, tmp_path):
    page = shared(tmp_path, ledger)
    assert codes(page, ledger) == ["no-ledger-inside"]
    ledger.log("It hailed.", claimant="Radio")
    assert codes(page, ledger) == ["no-ledger-inside", "ledger-changed"]
    with pytest.raises(NotAPage, match="carries no ledger"):
        unpack(page, tmp_path / "given")


def test_what_is_no_page_is_told(ledger, tmp_path):
    other = tmp_path / "other.html"
    other.write_text("<html></html>")
    for call in (lambda path: unpack(path, tmp_path / "given"), verify_page):
        with pytest.raises(NotAPage, match="factdesk didn't make it"):
            call(other)
        with pytest.raises(NotAPage, match="a folder"):
            call(tmp_path)
        with pytest.raises(NotFound):
            call(tmp_path / "nowhere.html")


def test_a_folder_that_holds_something_is_left_alone(page, tmp_path):
    with pytest.raises(InvalidValue, match="is empty"):
        unpack(page, tmp_path)


def test_evidence_needs_a_ledger_that_is_itself_and_sound(ledger, tmp_path):
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Did it rain?")])
    nbformat.write(notebook, tmp_path / "plain.ipynb")
    with pytest.raises(InvalidValue, match="names none"):
        fd.share(tmp_path / "plain.ipynb", tmp_path / "plain.html", evidence=True)
    view = ledger.where(claim_id="rain")
    with pytest.raises(ReadOnlyLedger):
        fd.share(tmp_path / "plain.ipynb", tmp_path / "plain.html", evidence=True, ledger=view)
    assert not (tmp_path / "plain.html").exists()
    statuses = ledger.path.parent / "claims" / "statuses.csv"
    statuses.write_text(statuses.read_text().replace("supported", "sported"))
    with pytest.raises(UnsoundLedger, match=r"1 error among its findings.*statuses\.csv:2 status"):
        shared(tmp_path, ledger)
    page = shared(tmp_path, ledger, allow_findings=True)
    assert "the ledger had 1 error among its findings" in page.read_text("utf-8")


def test_the_same_from_a_terminal(ledger, tmp_path, capsys):
    shared(tmp_path, ledger)
    page = tmp_path / "rain.html"
    words = ["share", str(tmp_path / "rain.ipynb"), str(page), "--ledger", str(ledger.path), "--evidence"]
    assert cli.main(words) == 0
    assert cli.main(["verify", str(page), "--ledger", str(ledger.path)]) == 0
    assert "page, data and seal agree" in capsys.readouterr().out
    assert cli.main(["unpack", str(page), str(tmp_path / "given")]) == 0
    assert capsys.readouterr().out.strip().endswith("claims.csv")
    page.write_text(page.read_text("utf-8").replace("Did it rain?", "It did rain!"), "utf-8")
    assert cli.main(["verify", str(page)]) == 1
    assert "page-changed" in capsys.readouterr().out


def test_whoever_unpacks_a_page_that_was_changed_is_told(page, tmp_path, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        unpack(page, tmp_path / "whole")
    page.write_text(page.read_text("utf-8").replace("Did it rain?", "It did rain!"), "utf-8")
    with pytest.warns(fd.FactdeskWarning, match=r"rain\.html is not as .* factdesk verify rain\.html"):
        assert unpack(page, tmp_path / "given").is_file()
    with warnings.catch_warnings(), pytest.raises(fd.FactdeskWarning):
        warnings.simplefilter("error")
        unpack(page, tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert cli.main(["unpack", str(page), str(tmp_path / "again")]) == 0
    assert "factdesk verify rain.html" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("notes.md", "a shared page (.html); this is neither"),
        ("LICENSE", "a shared page (.html); this is neither"),
        ("nowhere.md", "There is no ledger or page"),
        ("nowhere.html", "There is no page"),
        ("nowhere.csv", "There is no ledger"),
    ],
)
def test_what_is_neither_page_nor_ledger_is_told_so(tmp_path, capsys, name, said):
    if "nowhere" not in name:
        (tmp_path / name).write_text("# Words\n")
    assert cli.main(["verify", str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err


def test_every_page_knows_its_own_bytes_front_pages_and_saved_charts_too(ledger, tmp_path):
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Did it rain?")])
    notebook.metadata["factdesk"] = {"ledger": "../kept/claims.csv"}
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "rain.ipynb")
    pages = fd.share(tmp_path / "notebooks", tmp_path / "site", execute=False)
    pages.append(fd.save(fd.charts.status_over_time(ledger), tmp_path / "chart.html"))
    html = [page for page in pages if page.suffix == ".html"]
    assert len(html) == 4
    for page in html:
        assert codes(page) == ["no-ledger-inside"], page.name
        page.write_text(page.read_text("utf-8").replace("rain", "hail", 1), "utf-8")
    assert "page-changed" in codes(html[0])
