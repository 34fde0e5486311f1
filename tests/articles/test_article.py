"""An article read from text, files and pages: what a reader sees of it, and nothing else."""

import contextlib
import io
import sys
from pathlib import Path

import pikepdf
import pytest
from samples import CASES

import factdesk as fd
from factdesk.articles import reading
from factdesk.articles.article import of_document
from factdesk.errors import ArticleUnreadable, InvalidValue, NotFound

SEED = CASES.parent / "data/seed-article.txt"
WORDS = "It rained on Monday in the north of the country, the mayor said, and the river rose by two metres. "
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Rain in the north - The Daily</title>
<meta property="og:title" content="Rain in the north"><meta property="og:site_name" content="The Daily">
<meta name="author" content="Ada Quist"><meta property="article:published_time" content="2025-03-11T08:00:00Z">
<script>var secret = "scripted";</script><style>.x{{}}</style></head><body><nav>Home News Sport</nav>
<article><h1>Rain in the north</h1><p>{WORDS * 3}</p><p style="display:none">Unseen words.</p>
<p>“More is to come,” she <b>said</b>.<span hidden>Hidden too.</span></p><p onclick="alert(1)">{WORDS * 2}</p></article>
<footer>Copyright 2019</footer></body></html>"""


def pdf(pages: list[str]) -> bytes:
    made = pikepdf.new()
    for words in pages:
        page = made.add_blank_page(page_size=(300, 300))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        content = f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET" if words else ""
        page.Contents = made.make_stream(content.encode())
    to = io.BytesIO()
    made.save(to)
    return to.getvalue()


def test_a_saved_page_gives_its_article_and_what_it_says_of_itself(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    article = fd.read_article(tmp_path / "page.html", url="https://example.org/rain")
    assert (article.title, article.author, article.publisher) == (
        "Rain in the north",
        "Ada Quist",
        "The Daily",
    )
    assert (article.published_on, article.language, article.url) == (
        "2025-03-11",
        "en",
        "https://example.org/rain",
    )
    assert WORDS.strip() in article.text and "“More is to come,” she said." in article.text
    assert not any(
        word in article.text for word in ("Unseen", "Hidden", "scripted", "Home News", "Copyright", "alert")
    )
    assert article.data == PAGE.encode() and article.media_type == "text/html"


def test_a_day_that_a_page_does_not_say_is_not_guessed(tmp_path):
    (tmp_path / "page.html").write_text(
        f"<p>On 3 May 2019 it rained.</p><p>{WORDS * 5}</p><footer>© 2019 X</footer>"
    )
    assert fd.read_article(tmp_path / "page.html").published_on == ""


def test_text_is_told_from_a_path_and_a_path_from_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("brief.txt").write_text("It rained.\n\nTwice.")
    assert (
        fd.read_article("brief.txt").text == fd.read_article(Path("brief.txt")).text == "It rained.\n\nTwice."
    )
    assert fd.read_article("See https://example.org/a for more.").text.startswith("See https")
    assert fd.read_article("He wrote brief.txt and left.").text == "He wrote brief.txt and left."
    for gone in ("gone.html", Path("gone"), Path("/dev/zero"), tmp_path):
        with pytest.raises(NotFound):
            fd.read_article(gone)


@pytest.mark.parametrize("empty", ["", " \n\t", "\u200b", None, 5, b"bytes"])
def test_what_is_no_text_is_refused(empty):
    with pytest.raises(InvalidValue):
        fd.read_article(empty)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04\0\0", b"\0" * 5_000, b"%PDF-1.7 broken", b" \n"]
)
def test_a_file_without_words_says_so(data, tmp_path):
    (tmp_path / "file.txt").write_bytes(data)
    with pytest.raises(ArticleUnreadable):
        fd.read_article(tmp_path / "file.txt")


def test_right_to_left_and_cjk_text_and_old_encodings_are_read(tmp_path):
    for text in ("قال الوزير إن المطر هطل.", "市长说星期一下了雨。", "שר החוץ אמר"):
        assert fd.read_article(text).text == text
    (tmp_path / "old.txt").write_bytes("“Né en mars”".encode("cp1252"))
    (tmp_path / "wide.txt").write_bytes("Né en mars".encode("utf-16"))
    assert fd.read_article(tmp_path / "old.txt").text == "“Né en mars”"
    assert fd.read_article(tmp_path / "wide.txt").text == "Né en mars"


def test_a_pdf_tells_the_page_of_each_word(tmp_path):
    (tmp_path / "report.pdf").write_bytes(pdf(["It rained on Monday.", "", "It poured on Tuesday."]))
    article = fd.read_article(tmp_path / "report.pdf")
    assert [article.page(article.text.index(word)) for word in ("rained", "poured")] == [1, 3]
    assert fd.read_article("It rained.").page(3) is None
    whole = reading.whole(article.data, article.media_type)
    assert whole.page(whole.text.index("poured")) == 3


def test_a_scan_says_that_it_has_no_text(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(pdf(["", ""]))
    with pytest.raises(ArticleUnreadable, match="scan"):
        fd.read_article(tmp_path / "scan.pdf")


def test_markdown_is_read_without_its_marks(tmp_path):
    (tmp_path / "brief.md").write_text(
        "# Rain\n\nIt **poured** on [Monday](https://example.org).\n\n- one\n- two\n"
    )
    article = fd.read_article(tmp_path / "brief.md")
    assert (article.title, article.text) == ("Rain", "Rain\nIt poured on Monday.\none\ntwo")


def test_a_page_that_asks_for_a_password_is_none():
    page = b"<html><form><p>Please sign in</p><input type='password' name=p></form></html>"
    with pytest.raises(ArticleUnreadable, match="password"):
        of_document(page, "text/html")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 3_000 + WORDS * 5,
        "<p " + "a='" * 5_000 + WORDS,
        "<table>" * 300 + WORDS * 5,
        "<!--" * 10_000 + WORDS,
        "&" * 50_000 + WORDS,
        "<b" * 20_000 + ">" + WORDS,
    ],
)
def test_broken_and_hostile_pages_give_words_or_an_error(markup):
    with contextlib.suppress(fd.FactdeskError):
        assert of_document(f"<html>{markup}".encode(), "text/html").text


def test_a_page_that_is_nested_without_end_is_refused_at_once():
    with pytest.raises(ArticleUnreadable, match="nested"):
        of_document(b"<html>" + b"<div>" * 100_000 + b"x", "text/html")
    assert reading.whole(b"<div>" * 100_000, "text/html") is None


def test_an_article_shows_itself_in_a_line():
    article = fd.read_article("word\x1b[31m " * 1_000)
    assert len(repr(article)) < 150 and "\x1b" not in repr(article)


@pytest.mark.skipif(not SEED.exists(), reason="the sample article is not at hand")
def test_the_sample_article_is_read_whole():
    assert fd.read_article(SEED).text == SEED.read_text("utf-8").strip()


def test_without_trafilatura_all_words_of_a_page_are_read_and_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.warns(fd.FactdeskWarning, match="make articles"):
        article = of_document(PAGE.encode(), "text/html")
    assert article.title == "Rain in the north - The Daily" and article.published_on == ""
    assert WORDS.strip() in article.text and "Unseen" not in article.text
