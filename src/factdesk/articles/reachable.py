"""Which servers may be reached: addresses of the public internet, looked up once and connected to as looked up."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

Allowed = Callable[[str], bool]

_EMBEDS = (("64:ff9b::/96", 0), ("64:ff9b:1::/48", 0), ("2002::/16", 80), ("::/96", 0))
"""IPv6 networks whose addresses hold one of IPv4, and how many bits stand behind it (RFC 6052, 3056, 4291)."""


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet, not to this machine or a network around it.

    >>> [is_public(one) for one in ("93.184.216.34", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "224.0.0.1")]
    [True, False, False, False, False]
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # such as one with a zone, which is link-local
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped
        for network, behind in _EMBEDS:
            if within is None and ip in ipaddress.IPv6Network(network):
                within = ipaddress.IPv4Address(int(ip) >> behind & 0xFFFFFFFF)
        if within is not None:
            return is_public(str(within))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class NotPublic(OSError):
    """A server whose name leads to an address that may not be reached."""


def resolved(host: str, port: int, allowed: Allowed) -> list[str]:
    """Return the addresses that a name leads to; raise NotPublic where any of its addresses may not be reached.

    >>> resolved("127.0.0.1", 80, is_public)
    Traceback (most recent call last):
    factdesk.articles.reachable.NotPublic: 127.0.0.1
    """
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not allowed(address):
            raise NotPublic(address)
    return list(dict.fromkeys(found))


class _Pinned(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at, whatever the name leads to by then."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.addresses = addresses
        self.opened: socket.socket | None = None
        """The socket, also after http.client has handed it to the answer that is read."""

    def connect(self) -> None:
        self._connect()
        self.opened = self.sock

    def _connect(self) -> None:
        *before, last = self.addresses
        for address in before:
            with suppress(OSError):
                self.sock = socket.create_connection((address, self.port), 5.0)
                self.sock.settimeout(self.timeout)
                return
        self.sock = socket.create_connection((last, self.port), self.timeout)

    def end(self) -> None:
        if self.opened is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.opened, socket.SHUT_RDWR)


class _PinnedTLS(_Pinned):
    """The same under TLS; the certificate is that of the name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        secure = ssl.create_default_context().wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = self.opened = secure  # so that the timer finds it: a handshake may drip too
        secure.do_handshake()


@contextmanager
def connection(
    scheme: str, host: str, port: int | None, allowed: Allowed, seconds: float
) -> Iterator[http.client.HTTPConnection]:
    """Open a connection that ends after so many seconds, however slowly its bytes drip in.

    A timeout of a socket starts anew with each byte, so a timer shuts the socket down.
    """
    kind: Any = _PinnedTLS if scheme == "https" else _Pinned
    port = port or kind.default_port
    made: _Pinned = kind(host, port, resolved(host, port, allowed), seconds)

    timer = threading.Timer(seconds, made.end)
    timer.daemon = True
    timer.start()
    try:
        yield made
    finally:
        timer.cancel()
        made.close()
