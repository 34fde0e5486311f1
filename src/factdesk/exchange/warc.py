"""Kept documents as WARC, the form of web archives (ISO 28500): each with its address, its moment and its digest."""

from __future__ import annotations

import base64
import io
import re
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from w3lib.url import safe_url_string

from factdesk.errors import InvalidValue, NotInstalled
from factdesk.ledger import snapshots
from factdesk.ledger.snapshots import Snapshot
from factdesk.text import shown

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

HEAD, MARK = b"WARC/1.1\r\n", b"software: factdesk\r\n"
MOST_BYTES = 2_000_000_000
"""Bytes of all documents together; they are held in memory."""
_KIND = re.compile(r"[\w.+-]+/[\w.+-]+(?:; ?charset=[\w-]+)?", re.ASCII)


def written(ledger: Ledger) -> tuple[bytes, int]:
    """Return the documents that a ledger keeps, in the order of its sources, and how many are not there as kept.

    Each is a record of the type `resource`: the bytes, without what a server said of them. What has no address has
    that of its hash. The same ledger gives the same bytes.

    >>> import factdesk as fd
    >>> data, absent = written(fd.open("claims.csv"))
    >>> data.count(b"WARC-Type: resource"), absent
    (0, 0)
    """
    try:
        from warcio.warcwriter import WARCWriter
    except ImportError:
        raise NotInstalled("Writing WARC", "warcio", "articles") from None
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    every = [one for them in snapshots.kept(ledger._dataset).values() for one in them]
    latest = max((one.retrieved_at for one in every), default="1970-01-01T00:00:00.000000Z")
    about = MARK + f"isPartOf: {shown(ledger.title, 500)}\r\nfactdesk-digest: {ledger.digest()}\r\n".encode()

    def put(kind: str, media_type: str, data: bytes, headers: dict[str, str]) -> None:
        payload, fields = io.BytesIO(data), {name: text for name, text in headers.items() if text}
        named = uuid5(NAMESPACE_URL, f"{kind} {' '.join(fields.values())}")
        fields["WARC-Record-ID"] = f"<urn:uuid:{named}>"
        made = {"warc_content_type": media_type, "warc_headers_dict": fields}
        writer.write_record(writer.create_warc_record("", kind, payload, len(data), **made))

    put("warcinfo", "application/warc-fields", about, {"WARC-Date": latest})
    absent = 0
    urls = dict(zip(*(ledger.sources[name] for name in ("source_id", "url")), strict=True))
    for one in every:
        data = snapshots.data_of(ledger._documents, one.sha256) if ledger._documents else None
        if data is None:
            absent += 1
            continue
        digest = f"sha256:{base64.b32encode(bytes.fromhex(one.sha256)).decode()}"
        headers = {
            "WARC-Target-URI": _address(one, urls.get(one.source_id, "")),
            "WARC-Date": one.retrieved_at,
        }
        headers |= dict.fromkeys(("WARC-Block-Digest", "WARC-Payload-Digest"), digest)
        kind = one.media_type if _KIND.fullmatch(one.media_type) else "application/octet-stream"
        put("resource", kind, data, headers)
        if out.tell() > MOST_BYTES:
            raise InvalidValue(
                "path",
                "warc",
                f"documents of up to {MOST_BYTES:,} bytes together: some claims (where) at a time",
            )
    return out.getvalue(), absent


def _address(one: Snapshot, url: str) -> str:
    """Return a source's address in ASCII; that of a document's hash where it has none."""
    with suppress(ValueError):
        address = safe_url_string(url)
        if re.fullmatch(r"https?://[!-~]+", address):
            return address
    return f"urn:sha256:{one.sha256}"
