"""Charts written to files: pictures, pages that need no network, specifications and the rows behind them."""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from xml.sax.saxutils import escape as xml_escape

from factdesk import disk, tables
from factdesk.errors import FactdeskWarning, InvalidValue, NotFound, WriteFailed, nearest
from factdesk.typeset import FONT

if TYPE_CHECKING:
    import altair as alt

Json = Mapping[str, "Json"] | list["Json"] | str | int | float | bool | None
Spec = Mapping[str, Json]
Drawing = TypeVar("Drawing", bytes, str)

LATIN, ASKED, UNASSIGNED = 0x24F, 100, "\u0378"
"""Up to where vl-convert's own font has every letter; how many others are looked up; one that no font has."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The same in JSON, which writes controls as escapes; it may be wrong where a backslash stands before one.
_MAY_END_IT = re.compile(r"\\(?:u00[01]|[bf])|[\ud800-\udfff\ufffe\uffff]")
NO_ADDRESSES: list[str] = []
"""From where a chart may load: else one whose data can't be reached is an empty picture, without a word."""


def save(chart: alt.TopLevelMixin, path: str | Path, scale: float = 2) -> Path:
    """Write a chart to a file, in the form that its suffix names.

    `png`, `svg` and `pdf` are pictures; `html` is a page that works without a network, with what its marks say
    and its rows as a table; `json` is the Vega-Lite specification; `csv` holds the rows behind the chart. What
    the picture is of stands in its metadata too. A file that is there is replaced once the new one is whole.

    Parameters
    ----------
    chart : altair chart
        One of ours or any other.
    path : str or pathlib.Path
        Where to write it; the folder must be there.
    scale : float
        Pixels of a PNG for each pixel of the chart.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Raises
    ------
    InvalidValue
        Where the suffix is none of those, the scale is no number from 0.1 to 10, or the chart can't be drawn
        from what it carries.
    NotFound
        Where the folder is not there.
    WriteFailed
        Where the disk refuses; what stood there still stands.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.status_over_time(fd.open("claims.csv"))
    >>> fd.save(chart, "status.svg")
    PosixPath('status.svg')
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in FORMS:
        near = "".join(f"; nearest: {name!r}" for name in nearest(suffix, list(FORMS), n=1))
        raise InvalidValue("path", str(path), f"a name that ends in {', '.join(FORMS)}{near}")
    if not 0.1 <= scale <= 10:
        raise InvalidValue("scale", scale, "a number from 0.1 to 10")
    try:
        if not target.parent.is_dir():
            raise NotFound("folder", str(target.parent), advice="Make it first, or choose another.")
        if target.is_dir():
            raise InvalidValue("path", str(path), "a file, not a folder")
    except OSError as error:  # such as a name that is too long
        raise WriteFailed(str(target), str(error), "Nothing was written.") from error
    spec = drawable(chart.to_dict())
    written = FORMS[suffix](spec, scale)
    if suffix in (".png", ".pdf") and (lacking := without_glyph(_said(spec))):
        warnings.warn(
            f"No font of this machine has {', '.join(lacking)}: {target.name} shows boxes there. Install one that "
            "has (Noto Sans, say), or save as .html or .svg, which take the reader's own fonts.",
            FactdeskWarning,
            stacklevel=2,
        )
    try:
        disk.replace(target, written)
    except (OSError, ValueError) as error:  # also a name that no file can have
        raise WriteFailed(str(target), str(error), "What stood there still stands.") from error
    return target


def drawable(spec: Spec) -> Spec:
    r"""Put � where a text has a character that no XML can hold: at one the renderer ends the whole process.

    Controls, halves of surrogate pairs and two noncharacters are meant (XML 1.0, 2.2).

    Examples
    --------
    >>> drawable({"title": "a\x1b[31mb"})
    {'title': 'a�[31mb'}
    """
    if not _MAY_END_IT.search(json.dumps(spec, ensure_ascii=False)):
        return spec
    return {_whole(key): _drawable(part) for key, part in spec.items()}


def _drawable(part: Json) -> Json:
    if isinstance(part, str):
        return _whole(part)
    if isinstance(part, Mapping):
        return {_whole(key): _drawable(value) for key, value in part.items()}
    return [_drawable(one) for one in part] if isinstance(part, list) else part


def _whole(text: str) -> str:
    return _NO_XML.sub("\ufffd", text) if isinstance(text, str) else text


def without_glyph(text: str) -> list[str]:
    """Give the characters of a text that no font known to the renderer has, of the first hundred in question.

    The renderer does not say so: each is drawn and held against one that is in no font.

    Examples
    --------
    >>> without_glyph("Zażółć gęślą jaźń")
    []
    """
    asked = sorted({one for one in text if ord(one) > LATIN and unicodedata.category(one)[0] in "LNS"})
    if not asked:
        return []
    box = _glyph(UNASSIGNED)
    return [one for one in asked[:ASKED] if _glyph(one) == box]


def _glyph(character: str) -> bytes:
    import vl_convert

    words = f'<text x="9" y="22" font-size="18" font-family="{FONT}">{xml_escape(character)}</text>'
    return vl_convert.svg_to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="36" height="30">{words}</svg>'
    )


def _said(spec: Spec) -> str:
    """Give the words that a chart sets: of one of ours those that are drawn, of others all that it carries."""
    if not _ours(spec):
        return json.dumps(spec, ensure_ascii=False)
    drawn = [row.get("text", "") for rows in _data(spec) for row in rows]
    return json.dumps([spec.get("title"), drawn], ensure_ascii=False)


def picture(spec: Spec, scale: float, colours: int = 0) -> bytes:
    """Draw a specification as PNG, with its title, its text alternative and its origin in the file.

    With `colours` it is reduced to so many, which makes it several times smaller.
    """
    import vl_convert
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    spec = drawable(spec)
    drawn: Image.Image = Image.open(
        io.BytesIO(
            _drawn(
                lambda: vl_convert.vegalite_to_png(dict(spec), scale=scale, allowed_base_urls=NO_ADDRESSES)
            )
        )
    )
    if drawn.getchannel("A").getextrema() == (255, 255):
        drawn = drawn.convert("RGB")
        if colours:
            drawn = drawn.quantize(colours, dither=Image.Dither.NONE)
    about = PngInfo()
    for name, said in _about(spec).items():
        if said:
            about.add_itxt(name, said)
    # What vl-convert writes is several times larger than it need be.
    file = io.BytesIO()
    drawn.save(file, "PNG", pnginfo=about)
    return file.getvalue()


def _svg(spec: Spec, scale: float) -> bytes:
    import vl_convert

    svg = _drawn(lambda: vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=NO_ADDRESSES))
    about = _about(spec)
    told = f"<title>{xml_escape(about['Title'])}</title>" if about["Title"] else ""
    described = " ".join(filter(None, (about["Description"], about["Source"])))
    told += f"<desc>{xml_escape(described)}</desc>" if described else ""
    return svg.replace(">", f' role="img">{told}', 1).encode()


def _pdf(spec: Spec, scale: float) -> bytes:
    """Draw it as PDF, and say in an appended section (ISO 32000-1, 7.5.6) what it is of."""
    import vl_convert

    pdf = _drawn(lambda: vl_convert.vegalite_to_pdf(dict(spec), allowed_base_urls=NO_ADDRESSES))
    trailer = pdf[pdf.rindex(b"trailer") :]
    size, root = re.search(rb"/Size (\d+)", trailer), re.search(rb"/Root (\d+ \d+ R)", trailer)
    before = re.search(rb"startxref\s+(\d+)", trailer)
    if not (size and root and before):
        return pdf
    about = _about(spec)
    said = {"Title": about["Title"], "Subject": about["Description"], "Keywords": about["Source"]}
    entries = "".join(f"/{name} <{_utf16(text)}>" for name, text in said.items() if text)
    number = int(size[1])
    information = f"{number} 0 obj\n<<{entries}>>\nendobj\n".encode()
    at = len(pdf) + 1
    section = (
        f"xref\n{number} 1\n{at:010} 00000 n \ntrailer\n<</Size {number + 1}/Root {root[1].decode()}"
        f"/Info {number} 0 R/Prev {before[1].decode()}>>\nstartxref\n{at + len(information)}\n%%EOF\n"
    )
    return pdf + b"\n" + information + section.encode()


def _utf16(text: str) -> str:
    return ("\ufeff" + text).encode("utf-16-be", "replace").hex()


def _html(spec: Spec, scale: float) -> bytes:
    from factdesk.figure import figure
    from factdesk.notebook import figure_markup
    from factdesk.page import Chart, document, escape
    from factdesk.schema import VOCABULARY

    about = _about(spec)
    made = figure(spec, VOCABULARY)
    drawn = base64.b64encode(picture(spec, 1, colours=64)).decode()
    title = made.title or "Chart"
    body = (
        f"<header><h1>{escape(title)}</h1></header>\n<main>\n"
        f"{figure_markup(made, 0, f'data:image/png;base64,{drawn}', titled=False)}\n</main>\n"
        "<footer><p>This file is complete: it works without a network.</p></footer>"
    )
    charts = [Chart(made.spec, "vega-lite")]
    return document(title, body, summary=about["Description"], charts=charts).encode()


def _json(spec: Spec, scale: float) -> bytes:
    return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(spec: Spec, scale: float) -> bytes:
    rows = list(rows_behind(spec))
    if not rows:
        raise InvalidValue("path", ".csv", "another form: the chart carries no rows of its own")
    names = list(dict.fromkeys(name for row in rows for name in row))
    return tables.render([names, *([_cell(row.get(name)) for name in names] for row in rows)])


def _cell(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def rows_behind(spec: Spec) -> Iterator[Mapping[str, Json]]:
    """Give the rows that a chart shows: of one of ours those that carry all its columns, of others all."""
    columns = _ours(spec).get("columns")
    named = [name for name in columns if isinstance(name, str)] if isinstance(columns, list) else []
    for rows in _data(spec):
        if not named:
            yield from rows
        elif rows and all(name in rows[0] for name in named):
            yield from ({name: row[name] for name in named} for row in rows)


def _data(spec: Spec) -> Iterator[list[Mapping[str, Json]]]:
    """Give the data of a specification, each once, in the order in which its parts use them."""
    named = spec.get("datasets")
    datasets = named if isinstance(named, Mapping) else {}
    seen: set[str] = set()

    def walk(part: Json) -> Iterator[Json]:
        if isinstance(part, list):
            for item in part:
                yield from walk(item)
        if not isinstance(part, Mapping):
            return
        data = part.get("data")
        if isinstance(data, Mapping):
            name = str(data.get("name", ""))
            if name not in seen:
                yield data.get("values", datasets.get(name))
            seen.add(name) if name else None
        for key in ("layer", "hconcat", "vconcat", "concat", "spec"):
            yield from walk(part.get(key))

    for rows in walk(spec):
        if isinstance(rows, list) and any(rows):
            yield [row for row in rows if isinstance(row, Mapping)]


def _ours(spec: Spec) -> Mapping[str, Json]:
    meta = spec.get("usermeta")
    ours = meta.get("factdesk") if isinstance(meta, Mapping) else None
    return ours if isinstance(ours, Mapping) else {}


def _about(spec: Spec) -> dict[str, str]:
    """Say what a chart is of: its title, its text alternative, and the ledger that it was drawn from."""
    ours, title = _ours(spec), spec.get("title")
    words = title.get("text") if isinstance(title, Mapping) else title
    said = " ".join(map(str, words)) if isinstance(words, list) else str(words or "")
    origin = f"Ledger “{ours['ledger']}”, as of {ours['as_of']}, digest {ours['digest']}" if ours else ""
    return {
        "Title": str(ours.get("title") or said),
        "Description": str(spec.get("description") or ""),
        "Source": origin,
    }


def _drawn(draw: Callable[[], Drawing]) -> Drawing:
    try:
        return draw()
    except ValueError as error:
        allowed = "a chart that Vega-Lite can draw, and that carries its data: read what lies elsewhere first"
        raise InvalidValue("chart", str(error).split("\n")[0], allowed) from error


FORMS: dict[str, Callable[[Spec, float], bytes]] = {
    ".png": picture, ".svg": _svg, ".pdf": _pdf, ".html": _html, ".json": _json, ".csv": _csv,
}  # fmt: skip
"""The forms in which a chart is written, by suffix."""
