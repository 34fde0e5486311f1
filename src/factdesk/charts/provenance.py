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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape

from factdesk.charts.chart_rows import Json, Spec, metadata, rows_behind, unbroken
from factdesk.errors import InvalidValue, NotFound
from factdesk.text import clean

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 1 << 26
"""A file larger than this (64 MB) is none of ours."""
MOST_IN_RECORD = 1 << 20
MOST_MARKED = 1_000
"""Rows up to which each has its mark in the record; a larger chart has one mark for all of them."""

_SAID = ("title", "subtitle", "description", "ledger", "as_of", "digest", "call")
META = "factdesk:record"
"""By this name a page holds the record."""

_NAMESPACE = "urn:factdesk:provenance#"
_XMP = (b"<x:xmpmeta", b"</x:xmpmeta>")
_XMP_CHUNK = b"XML:com.adobe.xmp\0\0\0\0\0"
_SHEET = "xl/sharedStrings.xml"
_RECORD = '{"factdesk":'
_META = re.compile(rf'<meta name="{META}" content="([^"]*)">'.encode())
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character in a workbook's text (ECMA-376-1, 22.9.2.19); the low line of one that is none is written so."""
_HEAD = 1 << 20
_PACKETS = 16

HOLDS = ".png, .svg, .pdf, .html, .json or .xlsx that fd.save wrote from a chart of a ledger"


@dataclass(frozen=True)
class Marks:
    """What tells the rows that a chart shows from others: how many there are, and a hash of all and of each."""

    number: int = 0
    all: str = ""
    each: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Json]], as_of: str = "") -> Marks:
        """Mark rows.

        Parameters
        ----------
        rows : iterable of mappings
            The rows.
        as_of : str
            The ledger's latest day. What lasts until then, or to the end of that day, lasts until now: such a
            row is the same one day later, where nothing else has changed.

        Examples
        --------
        >>> Marks.of([{"until": "2025-03-10", "claims": 2}], "2025-03-10").each
        ('kdKgi8XE',)
        >>> Marks.of([{"until": "2025-03-11", "claims": 2}], "2025-03-11").each
        ('kdKgi8XE',)
        """
        now = _day_and_next(as_of)
        hashes = [
            hashlib.sha256(
                json.dumps(
                    {name: "now" if cell in now else cell for name, cell in row.items()}, sort_keys=True
                ).encode()
            )
            for row in rows
        ]
        whole = hashlib.sha256(b"".join(one.digest() for one in hashes)).hexdigest()[:32]
        if len(hashes) > MOST_MARKED:
            return cls(len(hashes), whole)
        # Six bytes each: that a changed row is taken for one of a thousand others happens once in 10^11.
        return cls(
            len(hashes), whole, tuple(base64.urlsafe_b64encode(one.digest()[:6]).decode() for one in hashes)
        )


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
    standing : Standing, optional
        Where it was held against a ledger: whether that still says the same.
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
    standing: Standing | None = None

    @classmethod
    def of(cls, spec: Spec, scale: float = 0) -> Provenance:
        """Give what a chart says of itself; of a chart that is none of ours its words only."""
        ours, title = metadata(spec), spec.get("title")
        parts = title if isinstance(title, Mapping) else {"text": title}
        made = ours.get("made")
        return cls(
            title=_text(ours, "title") or unbroken(parts.get("text")),
            subtitle=unbroken(parts.get("subtitle")),
            description=unbroken(spec.get("description")),
            ledger=_text(ours, "ledger"),
            as_of=_text(ours, "as_of"),
            digest=_text(ours, "digest"),
            call=_text(ours, "call"),
            version=_text(ours, "version"),
            made=made if isinstance(made, Mapping) else {},
            scale=scale,
            rows=Marks.of(rows_behind(spec), _text(ours, "as_of")) if ours else Marks(),
        )

    @property
    def source(self) -> str:
        """The ledger in words; empty where there is none."""
        when = f", as of {self.as_of}" if self.as_of else ""
        return f"Ledger “{self.ledger}”{when}, digest {self.digest}" if self.digest else ""

    def record(self) -> str:
        """Write it as one line of JSON; empty where the chart is none of ours."""
        if not self.digest:
            return ""
        said = {name: getattr(self, name) for name in _SAID}
        rows = {"number": self.rows.number, "all": self.rows.all, "each": "".join(self.rows.each)}
        whole = {"factdesk": self.version, **said, "made": self.made, "scale": self.scale, "rows": rows}
        return json.dumps(whole, separators=(",", ":"), ensure_ascii=False)

    def xmp(self) -> str:
        """Write it as a packet of metadata (XMP, ISO 16684-1), which PNG, SVG and PDF hold alike.

        The alternative text stands where IPTC has it, for systems that take it from there.
        """
        languages = "<rdf:Alt><rdf:li xml:lang='x-default'>{}</rdf:li></rdf:Alt>"
        tool = f"factdesk {self.version}".strip()
        parts = {
            "dc:title": languages.format(escape(self.title)) if self.title else "",
            "dc:description": languages.format(escape(self.description)) if self.description else "",
            "dc:relation": f"<rdf:Bag><rdf:li>{escape(self.source)}</rdf:li></rdf:Bag>"
            if self.source
            else "",
            "xmp:CreatorTool": escape(tool),
            "Iptc4xmpCore:AltTextAccessibility": languages.format(escape(self.description))
            if self.description
            else "",
            "factdesk:record": escape(self.record()),
        }
        said = "".join(f"<{name}>{part}</{name}>\n" for name, part in parts.items() if part)
        return (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
            'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" '
            f'xmlns:factdesk="{_NAMESPACE}">\n{said}</rdf:Description></rdf:RDF></x:xmpmeta>'
        )

    def packet(self) -> bytes:
        """Give the metadata between the marks by which programs find it in any file."""
        head = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        return f'{head}{self.xmp()}\n<?xpacket end="r"?>'.encode()

    def __str__(self) -> str:
        said = {
            "Title": self.title, "Ledger": self.ledger, "As of": self.as_of, "Digest": self.digest,
            "Made by": self.call, "Version": self.version and f"factdesk {self.version}",
        }  # fmt: skip
        lines = [f"{name + ':':9} {_line(what)}" for name, what in said.items() if what]
        return "\n".join(lines + ([self.standing.says] if self.standing else []))


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
    except (OSError, ValueError) as error:  # may not be read; or a name that no file can have
        if isinstance(error, NotFound):
            raise
        raise InvalidValue("path", str(path), f"a file that can be read ({error})") from error
    found = _said_in(file)
    if found is None:
        raise InvalidValue("path", str(path), HOLDS)
    return found


def _said_in(file: bytes) -> Provenance | None:
    start = file[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    records: Iterable[str]
    if start.startswith(b"\x89png\r\n\x1a\n"):
        records = (record for chunk in _text_chunks(file) for record in _in_packets(chunk))
    elif file.startswith(b"%PDF-") or start.startswith((b"<svg", b"<?xml")):
        records = _in_packets(file)
    elif start.startswith(b"<!doctype html"):
        records = (
            html.unescape(found[1].decode("utf-8", "replace")) for found in _META.finditer(file[:_HEAD])
        )
    elif file.startswith(b"PK\x03\x04"):
        records = _in_workbook(file)
    elif start.startswith(b"{"):
        return _in_specification(file)
    else:
        return None
    return next(filter(None, map(_from_record, records)), None)


def _in_specification(file: bytes) -> Provenance | None:
    spec = _parsed(file)
    try:
        return Provenance.of(spec) if _text(metadata(spec), "digest") else None
    except RecursionError:  # nested without end
        return None


def _text_chunks(file: bytes) -> Iterator[bytes]:
    """Give the packets of metadata in a PNG (its specification, 5.3 and 11.3.4; XMP part 3)."""
    at = 8
    while at + 8 <= len(file):
        length, kind = int.from_bytes(file[at : at + 4], "big"), file[at + 4 : at + 8]
        if kind == b"iTXt" and file.startswith(_XMP_CHUNK, at + 8):
            yield file[at + 8 + len(_XMP_CHUNK) : at + 8 + length]
        at += length + 12


def _in_packets(file: bytes) -> Iterator[str]:
    """Give the records in the packets of metadata that lie open in a file, from the last on.

    An editor that adds to a PDF writes a new packet behind the old one.
    """
    end = len(file)
    for _ in range(_PACKETS):
        end = file.rfind(_XMP[0], 0, end)
        if end < 0:
            return
        stop = file.find(_XMP[1], end)
        if 0 <= stop - end <= MOST_IN_RECORD:
            yield from _in_xml(file[end : stop + len(_XMP[1])], f"{_NAMESPACE}record")


def _in_xml(document: bytes, wanted: str) -> list[str]:
    """Give the texts of the elements, and of the attributes, of a name; none where it is no XML.

    A document that declares a type is refused: entities of its own can grow without end.
    """
    parser = expat.ParserCreate(namespace_separator="")
    texts: list[str] = []
    within: list[list[str]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == wanted:
            within.append([])
        texts.extend(value for attribute, value in attributes.items() if attribute == wanted)

    def end(name: str) -> None:
        if name == wanted:
            texts.append("".join(within.pop()))

    def refused(*_: object) -> None:
        raise expat.ExpatError("a document type is declared")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: within[-1].append(text) if within else None
    parser.StartDoctypeDeclHandler = refused
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, ValueError, LookupError):
        return []
    return texts


def _in_workbook(file: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive, archive.open(_SHEET) as strings:
            document = strings.read(MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, RuntimeError, ValueError):
        return []  # none, broken, or with a password
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main" + "t"
    records = (text for text in _in_xml(document, name) if text.startswith(_RECORD))
    return [_ESCAPED.sub(lambda mark: chr(int(mark[1], 16)), text) for text in records]


def _from_record(record: str) -> Provenance | None:
    said = _parsed(record) if len(record) <= MOST_IN_RECORD else {}
    if not _text(said, "digest"):
        return None
    made, rows, scale = said.get("made"), said.get("rows"), said.get("scale")
    marks = rows if isinstance(rows, Mapping) else {}
    number, each = marks.get("number"), _text(marks, "each")
    return Provenance(
        title=_text(said, "title"),
        subtitle=_text(said, "subtitle"),
        description=_text(said, "description"),
        ledger=_text(said, "ledger"),
        as_of=_text(said, "as_of"),
        digest=_text(said, "digest"),
        call=_text(said, "call"),
        version=_text(said, "factdesk"),
        made=made if isinstance(made, Mapping) else {},
        scale=scale if isinstance(scale, (int, float)) and 0 <= scale <= 10 else 0,
        rows=Marks(
            number=number if isinstance(number, int) and number > 0 else 0,
            all=_text(marks, "all"),
            each=tuple(each[place : place + 8] for place in range(0, len(each), 8)),
        ),
    )


def _parsed(text: bytes | str) -> Mapping[str, Json]:
    """Parse JSON; give nothing where it is none, or is built to be too much."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _text(said: Mapping[str, Json], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
