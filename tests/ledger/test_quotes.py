"""Quotes in kept documents: found whatever the markup, the line breaks and the encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.ledger import quotes


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
    assert quotes.stands_in(quote, quotes.text_of(data, kind))


@pytest.mark.parametrize(
    "data", [b"<script>It rained</script>", b"<!-- It rained -->", b"<style>It rained</style>", b""]
)
def test_what_no_reader_sees_is_no_text(data):
    assert not quotes.stands_in("It rained", quotes.text_of(data, "text/html"))


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "", "application/octet-stream"])
def test_a_kind_that_is_no_text_is_not_read(kind):
    assert quotes.text_of(b"It rained", kind) is None


@given(st.binary(max_size=200), st.sampled_from(["text/html", "text/plain", "text/csv; charset=x"]))
def test_any_bytes_are_read_without_an_error(data, kind):
    assert isinstance(quotes.text_of(data, kind), str)
