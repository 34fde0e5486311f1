"""Charts written to files: pictures, pages that need no network, specifications and the rows behind them."""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar
from xml.sax.saxutils import escape as xml_escape

from factdesk.charts.chart_rows import Json, Spec, metadata, rows_behind
from factdesk.charts.pdf import labelled
from factdesk.charts.provenance import META, Provenance
from factdesk.charts.svg_fonts import FONT, with_further_scripts, with_typeface
from factdesk.charts.xlsx import workbook
from factdesk.errors import FactdeskWarning, InvalidValue, NotFound, WriteFailed, nearest
from factdesk.storage import csvfile, fsync
from factdesk.storage.create import is_of_a_ledger

if TYPE_CHECKING:
    import altair as alt

Drawing = TypeVar("Drawing", bytes, str)

LATIN, ASKED, UNASSIGNED, BOX = 0x24F, 1000, "\u0378", "\N{WHITE SQUARE}"
"""Up to where vl-convert's own font has every letter; how many others are looked up; one that no font has; one that ours has."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The same in JSON, which writes controls as escapes; it may be wrong where a backslash stands before one.
_MAY_END_IT = re.compile(r"\\(?:u00[01]|[bf])|[\ud800-\udfff\ufffe\uffff]")
SCALE = 2
"""Pixels of a PNG for each pixel of a chart that has no size of ours."""
NO_ADDRESSES: list[str] = []
"""From where a chart may load: else one whose data can't be reached is an empty picture, without a word."""


def save(
    chart: alt.TopLevelMixin,
    path: str | Path,
    scale: float | None = None,
    *,
    size: str | None = None,
    theme: str | None = None,
) -> Path:
    """Write a chart to a file, in the form that its suffix names.

    `png`, `svg` and `pdf` are pictures with their fonts in them; `html` is a page that works without a network,
    with what its marks say and its rows as a table; `json` is the Vega-Lite specification; `csv` and `xlsx` hold
    the rows behind the chart. All but `csv` say in their metadata which ledger they show, as of when and by which
    call: `fd.whence` reads that back. The same chart gives the same bytes. A file that is there is replaced once
    the new one is whole.

    Parameters
    ----------
    chart : altair chart
        One of ours or any other.
    path : str or pathlib.Path
        Where to write it; the folder must be there.
    scale : float, optional
        Pixels of a PNG for each pixel of the chart; as many as its size has, else 2.
    size, theme : str, optional
        Draw it again at another size (`page`, `column`, `slide`, `card`) or in another theme (`light`, `dark`,
        `print`); for charts of ours that were not changed since.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Raises
    ------
    InvalidValue
        Where that is no chart, the suffix is none of those, the file is one of a ledger's, the scale is no number from
        0.1 to 10, the chart can't be drawn from what it carries, or can't be drawn again.
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
    >>> fd.save(chart, "card.png", size="card", theme="dark")
    PosixPath('card.png')
    """
    import altair

    if not isinstance(chart, altair.TopLevelMixin):
        given = chart if isinstance(chart, str) else type(chart)
        raise InvalidValue("chart", given, "a chart: one that fd.charts draws, or any of Altair's")
    target = _target(path)
    suffix = target.suffix.lower()
    if suffix not in FORMS:
        near = "".join(f"; nearest: {name!r}" for name in nearest(suffix, list(FORMS), n=1))
        raise InvalidValue("path", str(path), f"a name that ends in {', '.join(FORMS)}{near}")
    is_number = isinstance(scale, (int, float)) and not isinstance(scale, bool)
    if scale is not None and not (is_number and 0.1 <= scale <= 10):
        raise InvalidValue(
            "scale", scale, "a number from 0.1 to 10; sizes and themes go by name, as size='card'"
        )
    try:
        if not target.parent.is_dir():
            raise NotFound("folder", str(target.parent), advice="Make it first, or choose another.")
        if target.is_dir():
            raise InvalidValue("path", str(path), "a file, not a folder")
        if suffix == ".csv" and is_of_a_ledger(target):
            allowed = "a file of another name or in another folder: these are a ledger's own, which this would replace"
            raise InvalidValue("path", str(path), allowed)
    except OSError as error:  # such as a name that is too long
        raise WriteFailed(str(target), str(error), "Nothing was written.") from error
    spec = drawable(_redrawn(chart, size, theme).to_dict())
    written = FORMS[suffix](spec, scale or _own_scale(spec))
    if suffix in (".png", ".pdf") and (lacking := without_glyph(_said(spec))):
        warnings.warn(
            f"No font of this machine has {_named(lacking)}: {target.name} shows boxes there. Install one that "
            "has (Noto Sans, say), or save as .html or .svg, which take the reader's own fonts.",
            FactdeskWarning,
            stacklevel=2,
        )
    try:
        fsync.replace(target, written)
    except (OSError, ValueError) as error:  # also a name that no file can have
        raise WriteFailed(str(target), str(error), "What stood there still stands.") from error
    return target


def _target(path: object) -> Path:
    if not isinstance(path, (str, PurePath)):
        raise InvalidValue("path", path, f"a name that ends in {', '.join(FORMS)}")
    return Path(path)


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
    """Give the characters of a text that no font known to the renderer has, of the first thousand in question.

    The renderer does not say so: each is drawn and held against one that is in no font.

    Examples
    --------
    >>> without_glyph("Zażółć gęślą jaźń")
    []
    """
    asked = sorted({one for one in text if ord(one) > LATIN and unicodedata.category(one)[0] in "LMNS"})
    return [one for one in asked[:ASKED] if _is_in_no_font(one)]


@lru_cache(maxsize=8192)
def _is_in_no_font(character: str) -> bool:
    return _glyph(character) == _glyph(UNASSIGNED)


def _glyph(character: str) -> bytes:
    import vl_convert

    words = f'<text x="9" y="22" font-size="18" font-family="{FONT}">{xml_escape(character)}</text>'
    return vl_convert.svg_to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="36" height="30">{words}</svg>'
    )


def _named(characters: Sequence[str]) -> str:
    """Name characters, a mark that stands over others' letters over a circle."""
    return ", ".join(f"◌{one}" if unicodedata.category(one)[0] == "M" else one for one in characters)


def in_boxes(spec: Spec) -> Spec:
    """Put a box where the words of a chart of ours have a character that no font has.

    The renderer draws one by itself, and then gives up on the line: Chinese that stood beside an emoji without a
    font was drawn as boxes, too.
    """
    lacking = without_glyph(_said(spec)) if metadata(spec) else []
    if not lacking:
        return spec
    boxes = str.maketrans({one: "" if unicodedata.category(one)[0] == "M" else BOX for one in lacking})
    return {key: _with_words(part, lambda words: words.translate(boxes), key) for key, part in spec.items()}


def _with_words(part: Json, change: Callable[[str], str], key: str = "") -> Json:
    """Give a part of a specification with the words that it sets changed."""
    if isinstance(part, str):
        return change(part) if key in ("text", "subtitle") else part
    if isinstance(part, Mapping):
        return {name: _with_words(of, change, name) for name, of in part.items()}
    return [_with_words(one, change, key) for one in part] if isinstance(part, list) else part


def _said(spec: Spec) -> str:
    """Give the words that a chart sets: of one of ours those that are drawn, of others all that it carries."""
    if not metadata(spec):
        return json.dumps(spec, ensure_ascii=False)
    said: list[str] = []

    def noticed(words: str) -> str:
        said.append(words)
        return words

    for key, part in spec.items():
        if key != "usermeta":
            _with_words(part, noticed)
    return " ".join(said)


def _redrawn(chart: alt.TopLevelMixin, size: str | None, theme: str | None) -> alt.TopLevelMixin:
    from factdesk.charts.calls import again

    asked = {name: value for name, value in (("size", size), ("theme", theme)) if value is not None}
    if not asked:
        return chart
    drawn = again(chart, **asked)
    if drawn is None:
        (name, value), call = next(iter(asked.items())), metadata(chart.to_dict()).get("call")
        ours = f", as by {call}" if call else ""
        raise InvalidValue(
            name,
            value,
            f"a chart of fd.charts as it was drawn: draw this one anew with {name}={value!r}{ours}",
        )
    return drawn


def _own_scale(spec: Spec) -> float:
    """Give the scale of the size that a chart of ours was drawn at."""
    made = metadata(spec).get("made")
    options = made.get("options") if isinstance(made, Mapping) else None
    size = options.get("size") if isinstance(options, Mapping) else None
    if not isinstance(size, str):
        return SCALE
    from factdesk.charts.canvas import SIZES

    return SIZES[size].scale if size in SIZES else SCALE


def picture(spec: Spec, scale: float, colours: int = 0) -> bytes:
    """Draw a specification as PNG, with its title, its text alternative and its origin in the file.

    With `colours` it is reduced to so many, which makes it several times smaller.
    """
    spec = drawable(spec)
    return _png_of(spec, scale, colours, Provenance.of(spec), "")


def _png_of(spec: Spec, scale: float, colours: int, about: Provenance, xmp: str) -> bytes:
    import vl_convert
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    shown = in_boxes(spec)
    svg = _drawn(lambda: vl_convert.vegalite_to_svg(dict(shown), allowed_base_urls=NO_ADDRESSES))
    drawn: Image.Image = Image.open(io.BytesIO(vl_convert.svg_to_png(with_further_scripts(svg), scale=scale)))
    if drawn.getchannel("A").getextrema() == (255, 255):
        drawn = drawn.convert("RGB")
        if colours:
            drawn = drawn.quantize(colours, dither=Image.Dither.NONE)
    words = PngInfo()
    said = {"Title": about.title, "Description": about.description, "Source": about.source}
    for name, what in (said | {"XML:com.adobe.xmp": xmp}).items():
        if what:
            words.add_itxt(name, what)
    # What vl-convert writes is several times larger than it need be.
    file = io.BytesIO()
    drawn.save(file, "PNG", pnginfo=words)
    return file.getvalue()


def _png(spec: Spec, scale: float) -> bytes:
    about = Provenance.of(spec, scale)
    return _png_of(spec, scale, 0, about, about.packet().decode())


def _svg(spec: Spec, scale: float) -> bytes:
    import vl_convert

    svg = _drawn(lambda: vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=NO_ADDRESSES))
    about = Provenance.of(spec, scale)
    told = f"<title>{xml_escape(about.title)}</title>" if about.title else ""
    described = " ".join(filter(None, (about.description, about.source)))
    told += f"<desc>{xml_escape(described)}</desc>" if described else ""
    told += f"<metadata>{about.xmp()}</metadata>"
    return with_typeface(svg).replace(">", f' role="img">{told}', 1).encode()


def _pdf(spec: Spec, scale: float) -> bytes:
    import vl_convert

    shown = in_boxes(spec)
    svg = _drawn(lambda: vl_convert.vegalite_to_svg(dict(shown), allowed_base_urls=NO_ADDRESSES))
    pdf = vl_convert.svg_to_pdf(with_further_scripts(svg))
    about = Provenance.of(spec, scale)
    said = {"Title": about.title, "Subject": about.description, "Keywords": about.source}
    return labelled(pdf, said, about.packet())


def _html(spec: Spec, scale: float) -> bytes:
    from factdesk.pages.article import AT_ONCE, figure_markup
    from factdesk.pages.figure import figure
    from factdesk.pages.html import Chart, document, escape

    about = Provenance.of(spec, scale)
    made = figure(spec)
    drawn = base64.b64encode(picture(spec, 1, colours=64)).decode()
    title = made.title or "Chart"
    body = (
        f"<header><h1>{escape(title)}</h1></header>\n<main>\n"
        f"{figure_markup(made, 0, f'data:image/png;base64,{drawn}', titled=False)}\n</main>\n"
        "<footer><p>This file is complete: it works without a network.</p></footer>"
    )
    said = {
        "dcterms.source": about.ledger, "dcterms.date": about.as_of, "factdesk:digest": about.digest,
        META: about.record(),
    }  # fmt: skip
    charts = [Chart(made.spec, "vega-lite", made.rows[AT_ONCE:], made.fit)]
    return document(title, body, summary=about.description, about=said, charts=charts).encode()


def _json(spec: Spec, scale: float) -> bytes:
    return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(spec: Spec, scale: float) -> bytes:
    rows = _rows(spec, ".csv")
    names = list(dict.fromkeys(name for row in rows for name in row))
    return csvfile.render([names, *([_cell(row.get(name)) for name in names] for row in rows)])


def _xlsx(spec: Spec, scale: float) -> bytes:
    return workbook(_rows(spec, ".xlsx"), Provenance.of(spec, scale))


def _rows(spec: Spec, suffix: str) -> list[Mapping[str, Json]]:
    rows = list(rows_behind(spec))
    if not rows:
        raise InvalidValue("path", suffix, "another form: the chart carries no rows of its own")
    return rows


def _cell(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _drawn(draw: Callable[[], Drawing]) -> Drawing:
    try:
        return draw()
    except ValueError as error:
        allowed = "a chart that Vega-Lite can draw, and that carries its data: read what lies elsewhere first"
        raise InvalidValue("chart", str(error).split("\n")[0], allowed) from error


FORMS: dict[str, Callable[[Spec, float], bytes]] = {
    ".png": _png, ".svg": _svg, ".pdf": _pdf, ".html": _html, ".json": _json, ".csv": _csv, ".xlsx": _xlsx,
}  # fmt: skip
"""The forms in which a chart is written, by suffix."""
