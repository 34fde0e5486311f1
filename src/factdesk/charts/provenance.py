"""What a file says of itself: which ledger it shows, as of when, by which call; written into it and read back."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from factdesk.charts.chart_rows import Json, Spec, drawable, mapping, metadata, parsed, rows_behind, unbroken
from factdesk.errors import InvalidValue, NotFound
from factdesk.text import clean

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 1 << 26
"""A file larger than this (64 MB) is none of ours."""
MOST_IN_RECORD = 1 << 20
MOST_MARKED = 1_000
"""Rows up to which each has its mark in the record; a larger chart has one mark for all of them."""
MOST_PACKETS = 16

META = "factdesk:record"
"""By this name a page holds the record."""
HOLDS = ".png, .svg, .pdf, .html, .json or .xlsx that fd.save wrote from a chart of a ledger"

_OF_LEDGER = ("ledger", "as_of", "digest", "call", "unread")
_OF_CHART = ("title", "subtitle", "description", *_OF_LEDGER)
_NAMESPACE = "urn:factdesk:provenance#"
_LANGUAGES = "<rdf:Alt><rdf:li xml:lang='x-default'>{}</rdf:li></rdf:Alt>"
_SHAPES = dict.fromkeys(("dc:title", "dc:description", "Iptc4xmpCore:AltTextAccessibility"), _LANGUAGES)
_SHAPES["dc:relation"] = "<rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag>"
"""How XMP has a text that is more than a text."""
_OPENS, _CLOSES = b"<x:xmpmeta", b"</x:xmpmeta>"
_CHUNK = b"iTXtXML:com.adobe.xmp\0\0\0\0\0"
_META = re.compile(rf'<meta name="{META}" content="([^"]*)">'.encode())
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character in a workbook's text (ECMA-376-1, 22.9.2.19); the low line of one that is none is written so."""


@dataclass(frozen=True)
class Marks:
    """What tells the rows that a chart shows from others: how many there are, and a hash of all and of each."""

    number: int = 0
    all: str = ""
    each: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Json]], as_of: str = "") -> Marks:
        """Mark rows.

        What lasts until the ledger's latest day, or to the end of that day, lasts until now: such a row is the same
        one day later, where nothing else has changed.

        Examples
        --------
        >>> Marks.of([{"until": "2025-03-10", "claims": 2}], "2025-03-10").each
        ('kdKgi8XE',)
        >>> Marks.of([{"until": "2025-03-11", "claims": 2}], "2025-03-11").each
        ('kdKgi8XE',)
        """
        now = _day_and_next(as_of)
        timeless = ({name: "now" if cell in now else cell for name, cell in row.items()} for row in rows)
        hashes = [hashlib.sha256(json.dumps(row, sort_keys=True).encode()).digest() for row in timeless]
        whole = hashlib.sha256(b"".join(hashes)).hexdigest()[:32]
        # Six bytes each: that a changed row is taken for one of a thousand others happens once in 10^11.
        each = (base64.urlsafe_b64encode(one[:6]).decode() for one in hashes)
        return cls(len(hashes), whole, tuple(each) if len(hashes) <= MOST_MARKED else ())


def _day_and_next(day: str) -> list[str]:
    try:
        return [day, str(date.fromisoformat(day) + timedelta(days=1))] if day else []
    except (ValueError, OverflowError):  # none, or the last of all
        return [day]


@dataclass(frozen=True)
class Standing:
    """What a ledger says today of a picture that was made of it."""

    well: bool
    says: str
    changed: pd.DataFrame
    gone: int


@dataclass(frozen=True)
class Provenance:
    """Where a file comes from, as it says itself: nobody vouches for it.

    Attributes
    ----------
    title, subtitle, description : str
        What the chart is called, what stands under that, and its alternative text.
    ledger, as_of, digest : str
        The ledger's title, its latest day and its digest when the chart was drawn.
    call, version : str
        The call that drew it, and the version of factdesk.
    made : mapping
        That call, as `fd.charts.remade` takes it.
    scale : float
        Pixels of a PNG for each pixel of the chart.
    rows : Marks
        What tells the rows that it shows from others.
    unread : str
        What could not be read of the ledger then, and was left out, in words; empty where all could.
    standing : Standing, optional
        Where it was compared with a ledger: whether that still says the same.
    """

    title: str = ""
    subtitle: str = ""
    description: str = ""
    ledger: str = ""
    as_of: str = ""
    digest: str = ""
    call: str = ""
    version: str = ""
    made: Mapping[str, Json] = field(default_factory=dict)
    scale: float = 0
    rows: Marks = field(default_factory=Marks)
    unread: str = ""
    standing: Standing | None = None

    @classmethod
    def of(cls, spec: Spec, scale: float = 0) -> Provenance:
        """Return what a chart says of itself; of a chart that is none of ours its words only."""
        ours, title = metadata(spec), spec.get("title")
        words = title if isinstance(title, Mapping) else {"text": title}
        return cls(
            title=_text(ours, "title") or unbroken(words.get("text")),
            subtitle=_text(ours, "subtitle") or unbroken(words.get("subtitle")),
            description=unbroken(spec.get("description")),
            **_texts(ours, ("version", *_OF_LEDGER)),
            made=mapping(ours.get("made")),
            scale=scale,
            rows=Marks.of(rows_behind(spec), _text(ours, "as_of")) if ours else Marks(),
        )

    @property
    def source(self) -> str:
        """The ledger in words; empty where there is none."""
        when = f", as of {self.as_of}" if self.as_of else ""
        lacks = f". {self.unread}" if self.unread else ""
        return f"Ledger “{self.ledger}”{when}, digest {self.digest}{lacks}" if self.digest else ""

    def record(self) -> str:
        """Write it as one line of JSON; empty where the chart is none of ours."""
        if not self.digest:
            return ""
        texts = {name: getattr(self, name) for name in _OF_CHART if self.unread or name != "unread"}
        whole = {"factdesk": self.version} | texts
        rows = {"number": self.rows.number, "all": self.rows.all, "each": "".join(self.rows.each)}
        whole |= {"made": self.made, "scale": self.scale, "rows": rows}
        return json.dumps(whole, separators=(",", ":"), ensure_ascii=False)

    def xmp(self) -> str:
        """Write it as a packet of metadata (XMP, ISO 16684-1), which PNG, SVG and PDF hold alike.

        The alternative text stands where IPTC has it, for systems that take it from there.
        """
        return xmp(
            {
                "dc:title": self.title,
                "dc:description": self.description,
                "Iptc4xmpCore:AltTextAccessibility": self.description,
                "dc:relation": self.source,
                "xmp:CreatorTool": f"factdesk {self.version}".strip(),
                "factdesk:record": self.record(),
            }
        )

    def __str__(self) -> str:
        version = self.version and f"factdesk {self.version}"
        names = ("Title", "Ledger", "As of", "Digest", "Left out", "Made by", "Version")
        values = (self.title, self.ledger, self.as_of, self.digest, self.unread, self.call, version)
        lines = [f"{name + ':':9} {_line(value)}" for name, value in zip(names, values, strict=True) if value]
        return "\n".join(lines + ([self.standing.says] if self.standing else []))


def xmp(texts: Mapping[str, str]) -> str:
    """Write texts by their names as metadata (XMP, ISO 16684-1)."""
    parts = (
        f"<{name}>{_SHAPES.get(name, '{}').format(escape(drawable(text)))}</{name}>\n"
        for name, text in texts.items()
        if text
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" '
        f'xmlns:factdesk="{_NAMESPACE}">\n{"".join(parts)}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )


def packet(metadata: str) -> bytes:
    """Put metadata between the marks by which programs find it in any file."""
    head = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    return f'{head}{metadata}\n<?xpacket end="r"?>'.encode()


def _line(text: str, most: int = 1_000) -> str:
    line = clean(text[: most + 1], one_line=True)[0]
    return line if len(line) <= most else f"{line[:most]}…"


def read(path: Path) -> Provenance:
    """Read what a file says of itself, whatever it is called.

    Raises
    ------
    NotFound
        Where there is no such file.
    InvalidValue
        Where the file says nothing of the kind, or nothing that can be read.
    """
    try:
        if not path.is_file():
            raise NotFound("file", str(path))
        if path.stat().st_size > MOST_BYTES:
            raise InvalidValue("path", str(path), f"a file of at most {MOST_BYTES >> 20} MB")
        file = path.read_bytes()
    except NotFound:
        raise
    except (OSError, ValueError) as error:  # may not be read; or a name that no file can have
        raise InvalidValue("path", str(path), f"a file that can be read ({error})") from error
    if found := found_in(file):
        return found
    raise InvalidValue("path", str(path), HOLDS)


def found_in(file: bytes) -> Provenance | None:
    """Return what the bytes of a file say of themselves."""
    return _of_specification(file) or next(filter(None, map(_of_record, _records(file))), None)


def _of_specification(file: bytes) -> Provenance | None:
    spec = parsed(file) if file[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else {}
    try:
        return Provenance.of(spec) if _text(metadata(spec), "digest") else None
    except RecursionError:  # nested without end
        return None


def _records(file: bytes) -> Iterable[str]:
    start = file[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"\x89png\r\n\x1a\n"):
        # Words of a ledger stand in a PNG as they are, but for NUL: none of them pass for a packet.
        at = file.rfind(_CHUNK)
        return _in_packets(file[at:]) if at > 0 else []
    if start.startswith((b"%pdf-", b"<svg", b"<?xml")):
        return _in_packets(file)
    if start.startswith(b"<!doctype html"):
        found = _META.finditer(file[:MOST_IN_RECORD])
        return (html.unescape(one[1].decode("utf-8", "replace")) for one in found)
    return _in_workbook(file) if file.startswith(b"PK\x03\x04") else []


def _in_packets(file: bytes) -> Iterable[str]:
    """Find the records in the packets of metadata that lie open in a file, from the last on.

    An editor that adds to a PDF writes a new packet behind the old one.
    """
    at = len(file)
    for _ in range(MOST_PACKETS):
        at = file.rfind(_OPENS, 0, at)
        stop = file.find(_CLOSES, at)
        if at >= 0 and 0 <= stop - at <= MOST_IN_RECORD:
            yield from _in_xml(file[at : stop + len(_CLOSES)], f"{{{_NAMESPACE}}}record")


def _in_xml(document: bytes, name: str) -> list[str]:
    """Find the texts of the elements, and of the attributes, of a name; none where it is no XML.

    A document that declares a type is refused: entities of its own can grow without end.
    """
    if b"<!DOCTYPE" in document:
        return []
    try:
        parts = list(ElementTree.fromstring(document).iter())
    except (ElementTree.ParseError, ValueError, LookupError):
        return []
    return [
        part.get(name, "") or "".join(part.itertext()) for part in parts if name in (part.tag, *part.keys())
    ]


def _in_workbook(file: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive, archive.open("xl/sharedStrings.xml") as strings:
            document = strings.read(MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, RuntimeError, ValueError):
        return []  # none, broken, or with a password
    texts = _in_xml(document, "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}t")
    records = [text for text in texts if text.startswith('{"factdesk":')]
    return [_ESCAPED.sub(lambda mark: chr(int(mark[1], 16)), text) for text in records]


def _of_record(record: str) -> Provenance | None:
    found = parsed(record) if len(record) <= MOST_IN_RECORD else {}
    if not _text(found, "digest"):
        return None
    scale, rows = found.get("scale"), mapping(found.get("rows"))
    number, each = rows.get("number"), _text(rows, "each")
    return Provenance(
        **_texts(found, _OF_CHART),
        version=_text(found, "factdesk"),
        made=mapping(found.get("made")),
        scale=scale if isinstance(scale, (int, float)) and 0 <= scale <= 10 else 0,
        rows=Marks(
            number if isinstance(number, int) and number > 0 else 0,
            _text(rows, "all"),
            tuple(each[place : place + 8] for place in range(0, len(each), 8)),
        ),
    )


def _text(of: Mapping[str, Json], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _texts(of: Mapping[str, Json], names: Iterable[str]) -> dict[str, Any]:
    return {name: _text(of, name) for name in names}
