"""Documents kept of sources: quotes anchored in them, what changes between two, what was judged on which."""

import re

import pytest
from samples import rain

import factdesk as fd
from factdesk.articles import fetching
from factdesk.articles.article import of_document
from factdesk.articles.fetching import Fetched
from factdesk.errors import InvalidValue, NotFetched, NotFound

URL = "https://example.org/gauge"
WORDS = "On Monday 45 mm of rain fell in the north, the office said. It rained for a week."


def page(words: str) -> bytes:
    return f"<!doctype html><title>Gauge</title><p>{words}</p>".encode()


@pytest.fixture
def ledger(tmp_path) -> fd.Ledger:
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    ledger.log("It rained.", claimant="The Daily", claim_id="rain")
    return ledger


@pytest.fixture
def web(monkeypatch):
    """What the address gives, as the network's edge: bytes, or an error."""
    served = {URL: page(WORDS)}

    def fetch(url):
        if isinstance(served[url], Exception):
            raise served[url]
        return Fetched(url, served[url], "text/html; charset=utf-8")

    monkeypatch.setattr(fetching, "fetch", fetch)
    return served


def codes(ledger: fd.Ledger) -> list[str]:
    return ledger.check()["code"].tolist()


def test_a_page_is_fetched_kept_and_described_and_its_quote_anchored(ledger, web):
    ledger.attach("rain", URL, fetch=True, stance="supports", quote="45 mm of rain  fell")
    assert ledger.sources.loc[0, ["url", "title"]].tolist() == [URL, "Gauge"]
    sha256 = ledger.snapshots["sha256"][0]
    assert (ledger.path.with_suffix("") / "snapshots" / sha256).read_bytes() == web[URL]
    found = ledger.anchors().iloc[0]
    assert (found["exact"], found["prefix"][-7:]) == ("45 mm of rain fell", "Monday ")
    assert codes(ledger) == [] and ledger.verify().empty


@pytest.mark.parametrize(
    ("quote", "differs"),
    [
        ("54 mm of rain fell in the north", "45⟧ mm of rain fell"),
        ("It snowed for a week", "It ⟦rained⟧ for a week"),
        ("Pigs fly above the ministry", "nothing like it"),
    ],
)
def test_words_that_do_not_stand_in_the_document_are_refused_with_what_stands_there(
    ledger, web, quote, differs
):
    before = (ledger.path.read_bytes(), len(ledger.evidence), len(ledger.snapshots))
    with pytest.raises(InvalidValue, match=re.escape(differs)):
        ledger.attach("rain", URL, fetch=True, stance="supports", quote=quote)
    assert (ledger.path.read_bytes(), len(ledger.evidence), len(ledger.snapshots)) == before
    assert not (ledger.path.with_suffix("") / "snapshots").exists()


def test_words_are_looked_for_in_what_was_kept_before(ledger, web):
    ledger.attach("rain", URL, fetch=True, stance="supports")
    ledger.attach("rain", URL, stance="supports", quote="It rained for a week")
    with pytest.raises(InvalidValue, match="week"):
        ledger.attach("rain", URL, stance="supports", quote="It rained for a month")
    source = ledger.sources["source_id"][0]
    with pytest.raises(InvalidValue, match="week"):
        ledger.attach("rain", source, stance="supports", quote="It rained for a month")


def test_a_scan_a_recording_and_a_login_page_are_taken_and_named_as_not_anchored(ledger, tmp_path):
    files = {
        "scan.pdf": b"%PDF-1.7 no text",
        "speech.mp3": b"ID3\0\0",
        "login.html": b"<html>Sign in <input type=password>",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        ledger.attach("rain", file=tmp_path / name, stance="context", quote="it rained")
    found = ledger.check()
    assert found["code"].tolist() == ["not-anchored"] * 3 and set(found["severity"]) == {"note"}
    assert set(found["row_id"]) == set(ledger.evidence["evidence_id"])


def test_a_login_page_is_not_kept_where_one_asks_for_the_page(ledger, web):
    web[URL] = NotFetched(URL, "it asks for a login", "Save it.")
    with pytest.raises(NotFetched):
        ledger.attach("rain", URL, fetch=True, stance="supports")
    assert len(ledger.sources) == len(ledger.evidence) == 0


def test_fetching_anew_says_what_has_become_of_each_quote(ledger, web):
    for quote in ("45 mm of rain fell in the north", "the office said", "It rained for a week"):
        ledger.attach("rain", URL, fetch=True, stance="supports", quote=quote)
    source = ledger.sources["source_id"][0]
    web[URL] = page("On Monday 12 mm of rain fell in the north, the office said.")
    found = ledger.refetch(source)
    assert found["now"].tolist() == ["changed", "stands", "vanished"]
    assert "45 mm" in found["before"][0] and "⟦12⟧ mm" in found["after"][0] and "week" in found["before"][2]
    assert len(ledger.snapshots) == 2 and len(set(ledger.snapshots["sha256"])) == 2
    assert ledger.verify()["code"].tolist() == []


def test_a_look_that_finds_the_same_is_remembered(ledger, web):
    ledger.attach("rain", URL, fetch=True, stance="supports", quote="It rained for a week")
    source = ledger.sources["source_id"][0]
    assert ledger.refetch(source)["now"].tolist() == ["stands"]
    assert len(ledger.snapshots) == 2 and len(set(ledger.snapshots["sha256"])) == 1
    web[URL] = NotFetched(URL, "the page is gone", "Look.")
    with pytest.raises(NotFetched):
        ledger.refetch(source)
    assert len(ledger.snapshots) == 2 and ledger.verify().empty


def test_sources_that_nobody_has_looked_at_are_listed(ledger, web):
    ledger.attach("rain", URL, fetch=True, stance="supports")
    ledger.add_source("https://example.org/other")
    assert len(ledger.watch(30)) == 0
    later = ledger.watch(30, on="2999-01-01")
    assert later["url"].tolist().count(URL) == 1 and sorted(later["claims"]) == [0, 1]


def test_a_status_remembers_what_it_was_judged_on_and_that_it_no_longer_stands(ledger, web):
    evidence = ledger.attach("rain", URL, fetch=True, stance="supports", quote="45 mm of rain fell")
    given = {"rationale": "The gauge says so.", "evidence": evidence}
    status = ledger.set_status("rain", "supported", **given)
    kept = ledger.snapshots["snapshot_id"][0]
    assert ledger.statuses["judged"][0].startswith(f"{evidence}:{kept}:")
    source = ledger.sources["source_id"][0]
    web[URL] = page(WORDS.replace("week", "month"))
    ledger.refetch(source)
    assert codes(ledger) == []  # what was quoted still stands
    web[URL] = page(WORDS.replace("45", "12"))
    ledger.refetch(source)
    found = ledger.check()
    assert found[["code", "row_id"]].values.tolist() == [["judged-on-another-version", status]]
    anew = ledger.set_status("rain", "supported", **given)
    assert anew != status and codes(ledger) == []
    assert anew == ledger.set_status("rain", "supported", **given) and ledger.verify()["code"].tolist() == []


def test_a_status_whose_words_were_edited_since_is_found(ledger, web):
    evidence = ledger.attach("rain", URL, fetch=True, stance="supports", quote="45 mm of rain fell")
    ledger.set_status("rain", "supported", rationale="So it is.", evidence=evidence)
    ledger.edit("evidence", evidence, why="shorter", quote="45 mm")
    assert codes(ledger) == ["judged-on-another-version"]


def test_a_ledger_without_documents_stays_in_the_first_format(ledger):
    evidence = ledger.attach("rain", URL, stance="supports", quote="45 mm")
    ledger.set_status("rain", "supported", rationale="So it is.", evidence=evidence)
    assert "format = 1" in (ledger.path.with_suffix("") / "ledger.toml").read_text()
    assert codes(ledger) == []


HOSTILE = (
    b"<!doctype html><title>x</title><body onload=alert(1)><p>It <b onclick=alert(2)>rained</b> for a "
    b"<i>week</i>.</p><script>alert(3)</script><img src=https://evil.example/a.png onerror=alert(4)>"
    b"<a href='javascript:alert(5)'>go</a><iframe src=//evil.example></iframe><p style=display:none>unseen</p>"
    b"<style>@import url(//evil.example)</style><svg onload=alert(6)></svg>&lt;script&gt;"
)


def test_a_kept_page_is_handed_out_with_its_words_marked_and_nothing_that_acts(ledger, tmp_path):
    article = of_document(HOSTILE, "text/html", "https://example.org/x")
    evidence = ledger.attach("rain", article=article, stance="supports", quote="rained for a week")
    out = ledger.marked(ledger.sources["source_id"][0], tmp_path / "out.html").read_text("utf-8")
    body = out.partition("<main>")[2]
    assert re.findall("<mark[^>]*>(.*?)</mark>", body) == ["rained", "for a", "week"]
    assert f'id="{evidence}"' in body and f'href="#{evidence}"' in out
    for bad in (
        "onload",
        "onclick",
        "onerror",
        "<script",
        "<img",
        "<iframe",
        "<svg",
        "javascript:",
        "@import",
        "unseen",
    ):
        assert bad not in body
    assert "default-src 'none'" in out


def test_marks_lie_where_the_words_are_in_text_of_any_script(ledger, tmp_path):
    text = "市长说：“星期一下了雨。”\n\nقال الوزير إن المطر هطل.\n\nThe ﬁgure rose — by 12 %."
    article = fd.read_article(text)
    for quote in ("星期一下了雨", "المطر هطل", "The figure rose - by"):
        ledger.attach("rain", article=article, stance="supports", quote=quote)
    out = ledger.marked(ledger.sources["source_id"][0], tmp_path / "out.html").read_text("utf-8")
    assert re.findall("<mark[^>]*>(.*?)</mark>", out) == ["星期一下了雨", "المطر هطل", "The ﬁgure rose — by"]


def test_a_source_without_a_document_is_not_marked(ledger, tmp_path):
    source = ledger.add_source(URL)
    with pytest.raises(NotFound, match="keep"):
        ledger.marked(source, tmp_path / "out.html")
    with pytest.raises(InvalidValue):
        ledger.marked(source, ledger.path)


def test_a_link_in_the_place_of_a_document_is_not_followed(tmp_path):
    ledger = rain(tmp_path)
    ledger.log("It rained.", claimant="The Daily", claim_id="again")
    article = fd.read_article("It rained on Monday.")
    ledger.attach("again", article=article, stance="supports", quote="It rained")
    source = ledger.sources["source_id"].iloc[-1]
    file = ledger.path.with_suffix("") / "snapshots" / ledger.snapshots["sha256"].iloc[-1]
    (tmp_path / "elsewhere").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    assert len(ledger.anchors()[lambda one: one["source_id"] == source]) == 0
    with pytest.raises(fd.FactdeskError):
        ledger.marked(source, tmp_path / "out.html")


def test_a_document_over_the_size_of_the_settings_stays_out_of_git(ledger):
    folder = ledger.path.with_suffix("")
    with (folder / "ledger.toml").open("a") as settings:
        settings.write("largest_in_git = 20\n")
    for text in ("Rain.", "It rained for the whole of a week."):
        ledger.attach("rain", article=fd.read_article(text), stance="supports")
    large = ledger.snapshots["sha256"][1]
    assert (folder / ".gitignore").read_text().splitlines()[-1] == f"/snapshots/{large}"
    assert (folder / ".gitignore").read_text().count("snapshots") == 1
    (folder / "snapshots" / large).unlink()
    assert ledger.verify()[["code", "severity"]].values.tolist() == [["snapshot-elsewhere", "note"]]


LONG = " ".join(f"word{n}" for n in range(60))


def sources(ledger, texts: dict[str, str], stance: str = "supports", **more) -> None:
    """A source of one claim for each text, kept; without one where that is empty."""
    for name, text in texts.items():
        menu = "<nav><a>Home of all that is news</a><a>More from our desk</a></nav>"
        kept = of_document(
            f"<!doctype html>{menu}<p>{text}</p>".encode(), "text/html", f"https://{name}.example/"
        )
        given = {"article": kept} if text else {"url": f"https://{name}.example/"}
        ledger.attach("rain", stance=stance, **given, **more)


def test_sources_that_are_one_text_are_told_by_check_and_counted(ledger):
    sources(ledger, {"a": LONG, "b": f"Our own lead. {LONG}", "c": LONG[::-1]})
    (found,) = ledger.check().to_dict("records")
    assert (found["code"], found["severity"], found["claim_id"]) == ("shared-origin", "note", "rain")
    assert found["message"].startswith("3 sources, 2 origins: ") and "the same text as" in found["message"]
    counts = fd.measures.origins(ledger.where(claim_id="rain"))
    assert counts.to_numpy().tolist() == [["rain", 3, 2, 0]]


def test_a_source_without_a_text_is_at_most_an_origin_of_its_own(ledger):
    sources(ledger, {"a": LONG, "b": LONG, "c": ""})
    assert "3 sources, at most 2 origins (of 1 no text was kept)" in ledger.check()["message"][0]


def test_where_nothing_can_be_compared_nothing_is_said(ledger):
    sources(ledger, {"a": LONG, "b": ""})
    sources(ledger, {"c": LONG}, stance="context")
    assert codes(ledger) == []
    assert fd.measures.origins_in_words(ledger, ["rain"]) == {"rain": ""}


def test_an_agency_that_is_named_as_publisher_is_an_origin_without_a_text(ledger):
    sources(ledger, {"a": "", "b": ""}, publisher="The Daily (AP)")
    assert "2 sources, 1 origin" in ledger.check()["message"][0]


def test_pages_of_one_house_are_no_copies_for_the_menus_that_they_share(ledger):
    menu = "".join(f"<li>Section {n} of the house</li>" for n in range(80))
    for n, text in enumerate((LONG, LONG[::-1])):
        data = f"<!doctype html><ul>{menu}</ul><p>{text}</p>".encode()
        ledger.attach(
            "rain", article=of_document(data, "text/html", f"https://a.example/{n}"), stance="supports"
        )
    assert codes(ledger) == []
