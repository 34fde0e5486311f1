"""An article at the desk: read from what was pasted or uploaded, with what is logged marked."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pandas as pd
import pytest

import factdesk as fd
from factdesk.articles import fetching
from factdesk.desk.article import candidates, logged, read, shown
from factdesk.desk.listing import Listing
from factdesk.errors import ArticleUnreadable, InvalidValue

TEXT = "😀 He received positive signals from Moscow, and called the talks very good and productive."


def test_what_is_pasted_is_text_and_never_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("the secret")
    for words in ("secret.txt", str(tmp_path / "secret.txt"), "file:///etc/hostname"):
        assert read(words).text == words
    with pytest.raises(InvalidValue):
        read("  ")


def test_a_file_is_read_by_its_bytes():
    article = read(
        "", ("page.html", b"<title>Rain</title><p>It rained on Monday, said the mayor of the town.</p>")
    )
    assert "It rained on Monday" in article.text
    with pytest.raises(ArticleUnreadable):
        read("", ("picture.png", b"\x89PNG\r\n\x1a\n\0\0"))


def test_quotes_of_logged_claims_are_marked_where_they_stand(sample_ledger):
    found = shown(read(TEXT), Listing(sample_ledger))
    marks = {one["id"]: found["text"][one["start"] : one["end"]] for one in found["logged"]}
    assert marks["trump-positive-signals"] == "positive signals"
    assert logged("Nothing of it.", Listing(sample_ledger)) == []


def test_where_statements_can_not_be_found_words_can_still_be_selected(monkeypatch):
    def missing(self):
        raise ImportError("no model")

    monkeypatch.setattr(type(read(TEXT)), "candidates", missing)
    found = candidates(read(TEXT))
    assert found["candidates"] == [] and "Select any words" in found["why"]


def test_statements_are_looked_for_beside_all_else(front, monkeypatch):
    gate = threading.Event()

    def slow(self):
        gate.wait(20)
        return pd.DataFrame({"claim": ["It rained."], "claimant": [None], "claimant_role": [""], "quote": [""],
                             "kind": ["statement"], "start": [0], "end": [4], "worth": [0.5]})  # fmt: skip

    monkeypatch.setattr(type(read(TEXT)), "candidates", slow)
    front.ask("read", words=TEXT)
    front.desk._asked(None, {"ask": "later", "do": "candidates"}, [])
    assert front.ask("claim")["claim"]["id"] == "trump-positive-signals"
    gate.set()
    (one,) = front.waited("later")["candidates"]
    assert (one["claim"], one["claimant"], one["end"]) == ("It rained.", "", 4)


def test_the_desk_reads_an_article_and_marks_it(front):
    found = front.ask("read", words=TEXT)["article"]
    assert len(found["logged"]) >= 1
    assert "no words" in front.ask("read", name="a.txt", buffers=[b" "])["refused"]["message"]
    uploaded = front.ask("read", name="a.txt", buffers=[memoryview(b"It rained in the north.")])
    assert uploaded["article"]["text"] == "It rained in the north."
    near = front.ask(
        "near", words="Russia has refused positive signals about a ceasefire", claimant="Donald Trumpp"
    )
    assert (near["near"][0]["id"], near["meant"]) == ("trump-positive-signals", "Donald Trump")
    assert isinstance(front.ledger, fd.Ledger)


def test_an_article_is_fetched_from_its_address_and_never_from_a_private_network(front, monkeypatch):
    page = b"<title>Rain</title><article><p>He received positive signals from Moscow, he said on Monday.</p></article>"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/rain" else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page if self.path == "/rain" else b"")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/rain"
    try:
        assert "private network" in front.ask("read", words=address)["refused"]["message"]
        monkeypatch.setattr(fetching, "is_public", lambda _: True)  # the guard's own switch
        article = front.ask("read", words=f" {address} ")["article"]
        missing = front.ask("read", words=address + "/none")["refused"]["message"]
    finally:
        server.shutdown()
        server.server_close()
    assert "positive signals from Moscow" in article["text"] and article["url"] == address
    assert article["logged"][0]["id"] == "trump-positive-signals"
    assert "no such page" in missing
    bare = front.ask("read", words="example.org/rain")["refused"]
    assert bare["offer"] == "https://example.org/rain"
