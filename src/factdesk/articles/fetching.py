"""Fetches one document from the public internet, within limits of time, size and hops; nothing else goes online."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from w3lib.url import safe_url_string

from factdesk.articles import reading, robots
from factdesk.articles.reachable import Allowed, NotPublic, connection, is_public
from factdesk.errors import NotFetched
from factdesk.text import shown

ROBOT = "factdesk"
USER_AGENT = f"{ROBOT}/0.1 (claim fact-checking workbench; fetches one page when its user asks for it)"
BY_HAND = "Open it in a browser, save it there, and give the file."

_WHY = {
    401: ("it asks for a login", BY_HAND),
    402: ("it stands behind a paywall", BY_HAND),
    403: ("its server refuses it", BY_HAND),
    404: ("there is no such page", "Look the address up; an archive of the web may have kept it."),
    410: ("the page is gone", "An archive of the web may have kept it."),
    429: ("its server is asked too often", "Try again later."),
    451: ("its server refuses it on legal grounds", BY_HAND),
}
_LOGIN = re.compile(
    r"/(?:log-?in|sign-?in|auth(?:enticate)?|sso|account/login|accounts/login)\b", re.IGNORECASE
)
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Limits:
    """How long a fetch may take as a whole, how large what it gives may be, and how often it is sent elsewhere."""

    seconds: float = 30.0
    bytes: int = 20_000_000
    hops: int = 8
    robots_bytes: int = 500_000


@dataclass(frozen=True)
class Fetched:
    """A document as a server gave it: its address at the end, its bytes and what the server says they are."""

    url: str
    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: http.client.HTTPMessage
    data: bytes


def fetch(url: str) -> Fetched:
    """Fetch a document from the public internet, once, and only where its server allows it to robots.

    Raises
    ------
    NotFetched
        Where the address can't be fetched or may not be.
    """
    return fetched(url, is_public)


def kind_of(fetched: Fetched) -> str:
    """Return what kind of document was fetched: as the server says, or by its bytes where it says nothing.

    >>> kind_of(Fetched("https://example.org/a", b"%PDF-1.7", "application/octet-stream"))
    'application/pdf'
    """
    if reading.kind_of(fetched.media_type) in ("", reading.UNKNOWN):
        return reading.media_type(urlsplit(fetched.url).path, fetched.data)
    return fetched.media_type


def fetched(url: str, allowed: Allowed, limits: Limits = Limits()) -> Fetched:
    """Fetch a document from servers at allowed addresses, within limits."""
    until = time.monotonic() + limits.seconds
    asked, seen = url, set[str]()
    rules: dict[str, str] = {}
    while True:
        parts = _parts(url, asked)
        url = parts.geturl()
        if url in seen or len(seen) > limits.hops:
            raise NotFetched(shown(asked, 300), "it is sent from address to address without end", BY_HAND)
        seen.add(url)
        _ask_robots(parts, allowed, limits, until, rules)
        answer = _get(parts, allowed, limits.bytes, until)
        target = answer.headers.get("Location")
        if answer.status not in _REDIRECTS or not target:
            break
        url = urljoin(url, target)
    if answer.status != 200:
        known = (f"its server answers {answer.status}", "Try again later, or give a saved file.")
        raise NotFetched(shown(url, 300), *_WHY.get(answer.status, known))
    if url != _parts(asked, asked).geturl() and _LOGIN.search(parts.path) and not _LOGIN.search(asked):
        raise NotFetched(shown(asked, 300), f"it leads to a login page, {shown(url, 200)}", BY_HAND)
    return Fetched(
        url, answer.data, answer.headers.get("Content-Type", "application/octet-stream").strip()[:200]
    )


def _parts(url: str, asked: str) -> SplitResult:
    """Return the parts of an address as they are sent; refuse what is none of the web's."""
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        _ = parts.port
    except (ValueError, UnicodeError):
        parts = urlsplit("")
    refused = ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        refused = f"{shown(url, 200)} is no address of the web"
    elif parts.username is not None or parts.password is not None:
        refused = "its address holds a user's name"
    if refused:
        raise NotFetched(shown(asked, 300), refused, "Give an address with http:// or https://.")
    return parts._replace(fragment="", path=parts.path or "/")


def _ask_robots(
    parts: SplitResult, allowed: Allowed, limits: Limits, until: float, known: dict[str, str]
) -> None:
    """Refuse a page that its server keeps from robots (RFC 9309): also where it can't say so at the moment."""
    place = f"{parts.scheme}://{parts.netloc}"
    if place not in known:
        url = f"{place}/robots.txt"
        for _ in range(5):
            answer = _get(_parts(url, url), allowed, limits.robots_bytes, until, is_cut=True)
            if answer.status not in _REDIRECTS or not answer.headers.get("Location"):
                break
            url = urljoin(url, str(answer.headers["Location"]))
        known[place] = robots.NOTHING if answer.status >= 500 else answer.data.decode("utf-8", "replace")
    path = parts._replace(scheme="", netloc="").geturl()
    if not robots.allows(known[place], ROBOT, path):
        raise NotFetched(shown(parts.geturl(), 300), "its server keeps robots from it (robots.txt)", BY_HAND)


def _get(parts: SplitResult, allowed: Allowed, most: int, until: float, is_cut: bool = False) -> _Answer:
    """Return a server's answer to one request."""
    url, host = shown(parts.geturl(), 300), str(parts.hostname)
    left = until - time.monotonic()
    try:
        if left <= 0:
            raise TimeoutError
        with connection(parts.scheme, host, parts.port, allowed, left) as server:
            path = parts._replace(scheme="", netloc="").geturl()
            headers = {
                "User-Agent": USER_AGENT,
                "Accept-Encoding": "gzip",
                "Accept": "*/*",
                "Connection": "close",
            }
            server.request("GET", path, headers=headers)
            answer = server.getresponse()
            data = b""
            if answer.status == 200:
                data = b"".join(_read(answer, url, most, is_cut))
                if answer.length and not is_cut:
                    raise http.client.IncompleteRead(b"")
            if time.monotonic() > until:  # the timer made an end of it, which reads like an end of the page
                raise TimeoutError
            return _Answer(answer.status, answer.headers, data)
    except NotPublic as error:
        advice = "Only servers of the public internet are asked. Save the page, and give the file."
        raise NotFetched(url, f"it leads to {error}, which is in a private network", advice) from None
    except NotFetched:
        raise
    except socket.gaierror as error:
        raise NotFetched(
            url, f"no server is known by the name {shown(host)}", "Look the address up."
        ) from error
    except ssl.SSLError as error:
        reason = shown(getattr(error, "verify_message", "") or error.reason or str(error), 100)
        raise NotFetched(url, f"its connection is not secure ({reason})", BY_HAND) from error
    except (OSError, http.client.HTTPException, zlib.error, UnicodeError, ValueError) as error:
        if time.monotonic() > until - 0.05 or isinstance(error, TimeoutError):
            raise NotFetched(
                url, "its server is too slow", "Try again later, or give a saved file."
            ) from error
        reason = shown(getattr(error, "strerror", None) or type(error).__name__, 100)
        raise NotFetched(
            url, f"its server can't be reached or breaks off ({reason})", "Try again later."
        ) from error


def _read(answer: http.client.HTTPResponse, url: str, most: int, is_cut: bool) -> Iterator[bytes]:
    """Yield a page's bytes, unpacked; refuse it where there are more than so many, packed or unpacked."""
    packed = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise NotFetched(url, f"it comes packed in a way that was not asked for ({shown(packed)})", BY_HAND)
    unpack = zlib.decompressobj(47) if packed not in ("identity", "") else None
    received = given = 0
    while part := answer.read1(65_536):
        received += len(part)
        if unpack is not None:
            part = unpack.decompress(part, most - given + 1)
        given += len(part)
        if given > most or received > most:
            if is_cut:
                return
            raise NotFetched(
                url, f"it has over {most:,} bytes", "Save the part that matters, and give the file."
            )
        yield part
    if unpack is not None and received and not unpack.eof:
        raise NotFetched(url, "its server breaks off", "Try again later.")
