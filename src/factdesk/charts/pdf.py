"""A PDF put in one order, so that the same chart or page gives the same bytes, and with what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

_REFERENCE = re.compile(rb"(\d+) 0 R\b")
_NAMED = re.compile(rb"(?:^ +/\w+ \d+ 0 R\n)+", re.MULTILINE)
_STREAM = b"stream\n"


def labelled(pdf: bytes, information: Mapping[str, str], xmp: bytes) -> bytes:
    """Write a PDF of vl-convert's or Chromium's anew, its objects in the order in which the page comes upon them.

    vl-convert names resources and numbers objects in an order that changes from one run to the next.

    Parameters
    ----------
    pdf : bytes
        What was given: plain objects and a table of where they lie.
    information : mapping of str to str
        Entries of the document's information, such as `Title`.
    xmp : bytes
        The packet of metadata (ISO 16684-1). It is left readable, for programs that know no PDF.

    Returns
    -------
    bytes
        The PDF; as it was, where it is made in another way than the one known here.
    """
    found = _objects(pdf)
    if not found:
        return pdf
    objects, root = found
    order = _order(objects, root)
    numbers = {old: new for new, old in enumerate(order, start=1)}
    bodies = []
    for old in order:
        head, mark, rest = objects[old].partition(_STREAM)
        bodies.append(_REFERENCE.sub(lambda at: b"%d 0 R" % numbers[int(at[1])], head) + mark + rest)
    last = len(bodies)
    entries = b"".join(
        b"/%s <%s>" % (name.encode(), _text(said)) for name, said in information.items() if said
    )
    metadata = b"<< /Type /Metadata /Subtype /XML /Length %d >>\n" % len(xmp)
    shows = b"" if b"/DisplayDocTitle" in bodies[0] else b"\n  /ViewerPreferences << /DisplayDocTitle true >>"
    bodies[0] = bodies[0].replace(b"<<", b"<<\n  /Metadata %d 0 R%s" % (last + 1, shows), 1)
    bodies += [metadata + _STREAM + xmp + b"\nendstream\n", b"<< %s >>\n" % entries]
    return _written(bodies)


def _objects(pdf: bytes) -> tuple[dict[int, bytes], int] | None:
    """Take a PDF apart: what stands in each object, by its number, and the number of the first of them."""
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", pdf)
    table = pdf[int(start[1]) :] if start else b""
    root = re.search(rb"/Root (\d+) 0 R", table)
    places = {
        number: int(entry[1])
        for number, entry in enumerate(re.finditer(rb"^(\d{10}) \d{5} ([fn])", table, re.MULTILINE))
        if entry[2] == b"n"
    }
    if not (start and root and table.startswith(b"xref\n0 ") and int(root[1]) in places):
        return None
    starts = sorted(places.values())
    ends = dict(zip(starts, [*starts[1:], int(start[1])], strict=True))
    objects: dict[int, bytes] = {}
    for number, place in places.items():
        whole = pdf[place : ends[place]].strip(b"\n")
        head = b"%d 0 obj\n" % number
        if not (whole.startswith(head) and whole.endswith(b"endobj")):
            return None
        part, mark, rest = whole[len(head) : -len(b"endobj")].partition(_STREAM)
        objects[number] = (
            _NAMED.sub(lambda run: b"".join(sorted(run[0].splitlines(True))), part) + mark + rest
        )
    known = {int(to[1]) for part in objects.values() for to in _REFERENCE.finditer(part.split(_STREAM)[0])}
    return (objects, int(root[1])) if known <= set(objects) else None


def _order(objects: Mapping[int, bytes], root: int) -> list[int]:
    order: dict[int, None] = {}
    waiting = [root]
    while waiting:
        number = waiting.pop()
        if number not in order:
            order[number] = None
            head = objects[number].split(_STREAM)[0]
            waiting += reversed([int(to[1]) for to in _REFERENCE.finditer(head)])
    return list(order)


def _written(bodies: list[bytes]) -> bytes:
    """Write objects as a file, the first of them its root, the last its information (ISO 32000-1, 7.5)."""
    # The second line says to whoever moves the file that it is no text.
    file = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    file += (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(bodies), len(file))
    )
    return bytes(file)


def _text(said: str) -> bytes:
    return ("\ufeff" + said).encode("utf-16-be", "replace").hex().encode()
