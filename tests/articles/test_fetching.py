"""Fetching, from a real server on this machine: the guard's own switch lets it through here."""

import gzip
import http.server
import socket
import threading
import time
from contextlib import contextmanager

import pytest

import factdesk as fd
from factdesk.articles import fetching, reachable
from factdesk.articles.fetching import Limits, fetched
from factdesk.errors import NotFetched

PAGE = b"<!doctype html><title>Rain</title><p>It rained on Monday.</p>"
SHORT = Limits(seconds=1.0, bytes=100_000)


def anywhere(_: str) -> bool:
    return True


@contextmanager
def serving(answers):
    """Serve answers by path: a status, headers and a body, or what writes to the socket itself."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["User-Agent"]))
            answer = answers.get(self.path, (404, {}, b""))
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def drip(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    until = time.monotonic() + 8
    while time.monotonic() < until:
        try:
            handler.wfile.write(b".")
            time.sleep(0.1)
        except OSError:
            return


def drip_header(handler):
    until = time.monotonic() + 8
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while time.monotonic() < until:
        try:
            handler.wfile.write(b".")
            time.sleep(0.1)
        except OSError:
            return


def to(place):
    return 302, {"Location": place}, b""


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_page_is_fetched_once_and_its_server_is_told_who_asks():
    packed = {**HTML, "Content-Encoding": "gzip"}
    with serving({"/a": to("/b"), "/b": (200, packed, gzip.compress(PAGE))}) as (address, asked):
        page = fetched(f"{address}/a#part", anywhere)
    assert (page.url, page.data, page.media_type) == (f"{address}/b", PAGE, HTML["Content-Type"])
    assert [path for path, _ in asked] == ["/robots.txt", "/a", "/b"]
    assert all(agent.startswith("factdesk/") for _, agent in asked)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((401, {}, b""), "asks for a login"),
        ((402, {}, b""), "behind a paywall"),
        ((403, {}, b""), "refuses it"),
        ((451, {}, b""), "legal grounds"),
        ((404, {}, b""), "no such page"),
        ((500, {}, b""), "answers 500"),
        (to("/asked"), "from address to address without end"),
        (to("/login?next=/asked"), "leads to a login page"),
        (to("ftp://example.org/"), "no address of the web"),
        (to("file:///etc/passwd"), "no address of the web"),
        ((200, HTML, b"x" * 100_001), "over 100,000 bytes"),
        ((200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(b"\0" * 5_000_000)), "over 100,000 bytes"),
        ((200, {**HTML, "Content-Encoding": "br"}, b"x"), "was not asked for"),
        ((200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE)[:-9]), "breaks off"),
        (drip, "too slow"),
        (drip_header, "too slow"),
        (lambda handler: handler.wfile.write(b"\xff\xfe nonsense\r\n\r\n"), "breaks off"),
    ],
)
def test_what_can_not_be_fetched_says_why(answer, reason):
    answers = {"/asked": answer, "/login?next=/asked": (200, HTML, PAGE)}
    with serving(answers) as (address, _), pytest.raises(NotFetched, match=reason):
        fetched(f"{address}/asked", anywhere, SHORT)


def test_a_server_that_sends_on_and_on_is_left():
    with (
        serving({f"/{n}": to(f"/{n + 1}") for n in range(20)}) as (address, asked),
        pytest.raises(NotFetched, match="without end"),
    ):
        fetched(f"{address}/0", anywhere)
    assert len(asked) < 12


def test_robots_txt_is_honoured_also_by_the_page_that_one_is_sent_to():
    rules = b"User-agent: *\nDisallow: /private\n"
    answers = {"/robots.txt": (200, {}, rules), "/open": to("/private/a"), "/private/a": (200, HTML, PAGE)}
    with serving(answers) as (address, asked), pytest.raises(NotFetched, match="robots"):
        fetched(f"{address}/open", anywhere)
    assert [path for path, _ in asked] == ["/robots.txt", "/open"]


def test_where_the_rules_for_robots_can_not_be_had_nothing_is_fetched():
    with (
        serving({"/robots.txt": (503, {}, b""), "/a": (200, HTML, PAGE)}) as (address, asked),
        pytest.raises(NotFetched, match="robots"),
    ):
        fetched(f"{address}/a", anywhere)
    assert [path for path, _ in asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "2130706433",
             "[::ffff:127.0.0.1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]", "[fe80::1]", "100.64.0.1"]
)  # fmt: skip
def test_no_address_of_a_private_network_is_reached(host, monkeypatch):
    reached = []
    monkeypatch.setattr(socket, "create_connection", lambda *given: reached.append(given))
    with pytest.raises(NotFetched):
        fd.read_article(f"http://{host}/secret")
    assert not reached


def test_a_page_of_the_public_web_can_not_send_one_to_a_private_network():
    with (
        serving({"/a": to("http://169.254.169.254/latest/meta-data/")}) as (address, _),
        pytest.raises(NotFetched, match="private network"),
    ):
        fetched(f"{address}/a", lambda ip: ip == "127.0.0.1")


def test_a_name_is_looked_up_once_for_each_request_and_its_address_is_the_one_reached(monkeypatch):
    """A server of names that answers otherwise the second time (DNS rebinding)."""
    with serving({"/a": (200, HTML, PAGE)}) as (address, _):
        port = int(address.rpartition(":")[2])
        looked = []

        def look_up(host, port, **_):
            looked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        connected = []
        monkeypatch.setattr(reachable.socket, "getaddrinfo", look_up)
        monkeypatch.setattr(
            reachable.socket, "create_connection", lambda place, *more: connected.append(place) or raw(place)
        )

        def raw(place):
            made = socket.socket()
            made.settimeout(5)
            made.connect(place)
            return made

        assert fetched(f"http://rebound.example:{port}/a", anywhere).data == PAGE
    assert looked == ["rebound.example"] * 2 and set(connected) == {("127.0.0.1", port)}


def test_a_name_with_one_private_address_among_others_is_not_reached(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(reachable.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(NotFetched, match="private network"):
        fetching.fetch("http://two.example/")


@pytest.mark.parametrize(
    "url", ["http://u:p@example.org/", "http://", "http://exa mple.org:99999/", "http://[::1"]
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(url):
    with pytest.raises(NotFetched):
        fetching.fetch(url)


def test_an_article_is_read_from_an_address(monkeypatch):
    page = b"<html lang=en><title>Rain</title><article><p>" + b"It rained on Monday, the mayor said. " * 20
    with serving({"/a": (200, HTML, page), "/b": (200, {"Content-Type": "image/png"}, b"\x89PNG")}) as (
        address,
        _,
    ):
        monkeypatch.setattr(fetching, "fetch", lambda url: fetched(url, anywhere))
        article = fd.read_article(f"{address}/a")
        assert (article.title, article.url, article.data) == ("Rain", f"{address}/a", page)
        with pytest.raises(fd.FactdeskError, match="image/png"):
            fd.read_article(f"{address}/b")
