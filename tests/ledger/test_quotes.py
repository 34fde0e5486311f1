"""Quotes in kept documents: found whatever the markup, the line breaks and the encoding."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import CASES, needs_cases

from factdesk.articles.reading import whole
from factdesk.ledger import quotes

PRINTED = "The ﬁgure of 45,000 (forty‑five) rose by\n12 % in the co\u00adoperation zone – “we don’t in-\nclude it” –, he said; Haupt- und Nebenfach."


@pytest.mark.parametrize(
    ("data", "kind", "quote"),
    [
        (b"<p>It <b>rai</b>ned\n on\tMonday.</p>", "text/html", "It rained on Monday."),
        (b"<h1>Rain</h1><p>Again.</p>", "text/html; charset=utf-8", "Rain Again."),
        (b"<td>4</td><td>mm</td>", "text/html", "4 mm"),
        ("<p>“Größe” &amp; Maß</p>".encode("cp1252"), "text/html", "“Größe” & Maß"),
        ('<meta charset="koi8-r"><p>Дождь</p>'.encode("koi8-r"), "text/html", "Дождь"),
        ("it rained".encode("utf-16"), "text/plain", "it rained"),
        ("Maß".encode("cp1252"), "text/plain", "Maß"),
        (b"a &lt; b", "text/plain", "&lt;"),
        (b"a &lt; b", "text/html", "a < b"),
        (b"<p>unclosed <b>tags <p>and &nbsp; more", "application/xhtml+xml", "tags and more"),
    ],
)
def test_a_quote_is_found_as_a_reader_sees_it(data, kind, quote):
    assert quotes.stands_in(quote, whole(data, kind).text)


@pytest.mark.parametrize(
    "data", [b"<script>It rained</script>", b"<!-- It rained -->", b"<style>It rained</style>", b""]
)
def test_what_no_reader_sees_is_no_text(data):
    assert not quotes.stands_in("It rained", whole(data, "text/html").text)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "", "application/octet-stream"])
def test_a_kind_that_is_no_text_is_not_read(kind):
    assert whole(b"It rained", kind) is None


@given(st.binary(max_size=200), st.sampled_from(["text/html", "text/plain", "text/csv; charset=x"]))
def test_any_bytes_are_read_without_an_error(data, kind):
    assert isinstance(whole(data, kind).text, str)


@pytest.mark.parametrize(
    "quote",
    [
        "The figure of 45,000",
        "The ﬁgure of ４５,０００",
        "45,000 (forty-five) rose",
        "12 % in the cooperation zone",
        "the co\u00adoperation",
        'zone - "we don\'t include it" -, he said',
        "zone—„we don`t in-\nclude it‟ —, he",
        "Haupt- und Nebenfach",
        "The figure of 45,000 […] in the cooperation",
        "rose by [...] (…) he said",
        "[…] he said; Haupt- und Nebenfach. […]",
    ],
)
def test_a_quote_typed_as_a_reader_sees_it_is_found(quote):
    assert quotes.stands_in(quote, PRINTED)
    assert quotes.nearest_passage(quote, PRINTED) is None


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("rose by 21 % in the", "rose by 12 % in the"),
        ("The figure of 5,000", "The figure of 45,000"),
        ("figure of 45", "figure of 45,000"),
        ("figure of 45,000 […] 21 % in the cooperation", "by 12 % in the cooperation"),
        ("we do include it", "don't include it"),
        ("In no year was anything of the sort seen", None),
        ("he said […] The figure", None),
        ("[…]", None),
    ],
)
def test_a_quote_with_another_figure_or_word_is_not_found_and_shown_beside_the_nearest(quote, passage):
    assert not quotes.stands_in(quote, PRINTED)
    found = quotes.nearest_passage(quote, PRINTED)
    assert passage in found[1] if passage else found is None


def test_a_raised_figure_is_another_figure():
    assert not quotes.stands_in("102 cells", "10² cells")
    assert not quotes.stands_in("31/2 inches", "3½ inches")


def test_a_parted_word_may_have_had_a_hyphen_of_its_own():
    for quote in ("twenty-five", "twentyfive"):
        assert quotes.stands_in(quote, "twenty-\nfive")
    assert not quotes.stands_in("2010 2015", "2010-\n2015")
    assert not quotes.stands_in("20102015", "2010-\n2015")


def test_where_a_long_quote_departs_late_that_place_is_shown():
    text = " ".join(f"word {n}" for n in range(5_000))
    quoted, there = quotes.nearest_passage(text[:20_000].replace("word 1800", "work 1800"), text)
    assert "work 1800" in quoted and "word 1800" in there
    assert len(quoted) < 300 and len(there) < 300


@pytest.mark.parametrize("part", ["a", "-", " ", "1", "\u00ad", "in- ", "[…]", "「", "a1,"])
def test_texts_that_say_the_same_a_million_times_cost_little(part):
    text, quote = whole((part * 300_000).encode(), "text/plain").text, part * 8_000 + "x"
    start = time.process_time()
    assert not quotes.stands_in(quote, text)
    quotes.nearest_passage(quote, text)
    assert time.process_time() - start < 10


@given(st.text(max_size=60), st.text(max_size=300))
def test_any_quote_beside_any_text_is_compared_without_an_error(quote, text):
    quotes.stands_in(quote, text)
    quotes.nearest_passage(quote, text)


@needs_cases
def test_quotes_of_the_field_are_found_and_another_figure_is_not():
    text = whole((CASES / "16-d.txt").read_bytes(), "text/plain").text
    for quote in (
        "neural networks that include an encoder",
        '"we don\'t know" - twice...',
        "The figure of 45,000 (forty-five thousand) rose by 12 % in the cooperation zone",
        "the dominant models […] include an encoder",
    ):
        assert quotes.stands_in(quote, text)
    assert quotes.nearest_passage("rose by 21 %", text) == ("rose by 21 %", "rose by 12 %")


@pytest.mark.parametrize(
    ("quote", "exact"),
    [
        ("The figure of 45,000", "The ﬁgure of 45,000"),
        ("(forty-five) rose", "(forty‑five) rose"),
        ("in the cooperation zone", "in the co\u00adoperation zone"),
        ("we don't include it", "we don’t in- clude it"),
        ('zone - "we', "zone – “we"),
        ("Haupt- und Nebenfach", "Haupt- und Nebenfach"),
        ("he said", "he said"),
    ],
)
def test_an_anchor_is_of_the_words_as_the_document_has_them(quote, exact):
    text = quotes.comparable(PRINTED)
    found = quotes.anchor(quote, text)
    assert found.exact == exact == text[found.start : found.end]
    assert text[: found.start].endswith(found.prefix) and text[found.end :].startswith(found.suffix)


def test_an_anchor_has_the_parts_of_a_quote_that_leaves_something_out():
    text = "On Monday it rained in the north, and on Tuesday it poured."
    found = quotes.anchor("it rained […] it poured", text)
    assert [text[a:b] for a, b in found.parts] == ["it rained", "it poured"]


def test_an_anchor_is_that_of_the_time_or_the_page_asked_for():
    text = "no rain. no rain. no rain."
    assert [quotes.anchor("no rain", text, nth).start for nth in (1, 2, 3, 9)] == [0, 9, 18, 18]
    assert quotes.anchor("no rain", text, within=(8, 20)).start == 9
    assert quotes.anchor("no sun", text) is quotes.anchor("…", text) is None


@given(st.text(alphabet="ab ﬁ\u00ad-–“'é\u0301½ﾊﾞ", max_size=40), st.data())
def test_what_is_cut_from_a_text_is_anchored_where_it_reads_the_same(text, data):
    text = quotes.comparable(text)
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]
    found = quotes.anchor(quote, text)
    assert (found is not None) == quotes.stands_in(quote, text)
    if found is not None:
        assert text[found.start : found.end] == found.exact
        assert quotes.stands_in(quote, found.exact) or "-" in text or "–" in text
