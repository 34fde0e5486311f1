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
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape as xml_escape

from factdesk.charts.chart_rows import Json, Spec, drawable, metadata, rows_behind
from factdesk.charts.pdf import labelled
from factdesk.charts.provenance import META, Provenance, packet
from factdesk.charts.svg_fonts import for_pixels, with_typeface
from factdesk.charts.xlsx import cell_text, workbook
from factdesk.errors import FactdeskWarning, InvalidValue
from factdesk.exchange.target import replace
from factdesk.exchange.target import target as checked
from factdesk.storage import csvfile
from factdesk.storage.create import is_of_a_ledger

if TYPE_CHECKING:
    import altair as alt

SCALE = 2
"""Pixels of a PNG for each pixel of a chart that has no size of ours."""


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
    call: `fd.provenance` reads that back. The same chart gives the same bytes. A file that is there is replaced
    once the new one is whole. Where rows of the ledger can't be read, a warning says how many are left out, as the
    chart's caption does.

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
    target = checked(path, FORMS, _is_kept)
    is_number = isinstance(scale, (int, float)) and not isinstance(scale, bool)
    if scale is not None and not (is_number and 0.1 <= scale <= 10):
        raise InvalidValue(
            "scale", scale, "a number from 0.1 to 10; sizes and themes go by name, as size='card'"
        )
    spec = drawable(_redrawn(chart, size, theme).to_dict())
    for words in dict.fromkeys(_unread(chart)):
        message = f"{target.name}: {words} Mend what ledger.check() names, and draw it again."
        warnings.warn(message, FactdeskWarning, stacklevel=2)
    own = metadata(spec).get("scale")
    written = FORMS[target.suffix.lower()](spec, scale or (own if isinstance(own, (int, float)) else SCALE))
    replace(target, written)
    return target


def _is_kept(path: Path) -> bool:
    return path.suffix.lower() == ".csv" and is_of_a_ledger(path)


def _unread(chart: object) -> Iterator[str]:
    """Yield what a chart of ours, or any that it is made of, says that can't be read of its ledger."""
    import altair

    if not isinstance(chart, altair.SchemaBase):
        return
    if isinstance(words := metadata({"usermeta": chart._get("usermeta", {})}).get("unread"), str):
        yield words
    for name in ("layer", "hconcat", "vconcat", "concat", "spec"):
        parts = chart._get(name, [])
        for part in parts if isinstance(parts, list) else [parts]:
            yield from _unread(part)


def _redrawn(chart: alt.TopLevelMixin, size: str | None, theme: str | None) -> alt.TopLevelMixin:
    from factdesk.charts.calls import again

    asked = {name: value for name, value in (("size", size), ("theme", theme)) if value is not None}
    drawn = again(chart, **asked) if asked else chart
    if drawn is not None:
        return drawn
    (name, value), call = next(iter(asked.items())), metadata(chart.to_dict()).get("call")
    advice = f"draw this one anew with {name}={value!r}" + (f", as by {call}" if call else "")
    raise InvalidValue(name, value, f"a chart of fd.charts as it was drawn: {advice}")


def picture(spec: Spec, scale: float, colours: int = 0) -> bytes:
    """Draw a specification as PNG, with its title, its text alternative and its origin in the file.

    With `colours` it is reduced to so many, which makes it several times smaller.
    """
    spec = drawable(spec)
    return _png_of(for_pixels(_svg_of(spec))[0], scale, Provenance.of(spec), colours=colours)


def _png_of(svg: str, scale: float, about: Provenance, xmp: str = "", colours: int = 0) -> bytes:
    import vl_convert
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    drawn: Image.Image = Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=scale)))
    if drawn.getchannel("A").getextrema() == (255, 255):
        drawn = drawn.convert("RGB")
        if colours:
            drawn = drawn.quantize(colours, dither=Image.Dither.NONE)
    chunks, texts = (
        PngInfo(),
        {"Title": about.title, "Description": about.description, "Source": about.source},
    )
    for name, text in (texts | {"XML:com.adobe.xmp": xmp}).items():
        if text:
            chunks.add_itxt(name, text)
    # What vl-convert writes is several times larger than it need be.
    file = io.BytesIO()
    drawn.save(file, "PNG", pnginfo=chunks)
    return file.getvalue()


def _svg_of(spec: Spec) -> str:
    import vl_convert

    try:
        # No address: else a chart whose data can't be reached is an empty picture, without a word.
        svg = vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
    except ValueError as error:
        allowed = "a chart that Vega-Lite can draw, and that carries its data: read what lies elsewhere first"
        raise InvalidValue("chart", str(error).split("\n")[0], allowed) from error
    # Vega numbers what it clips by from one drawing to the next: the same chart is to give the same bytes.
    ids: dict[str, str] = {}
    return re.sub(
        r'(?<=id="clip)\d+(?=")|(?<=clip-path="url\(#clip)\d+(?=\)")',
        lambda found: ids.setdefault(found[0], str(len(ids) + 1)),
        svg,
    )


def _with_boxes(spec: Spec) -> str:
    svg, lacking = for_pixels(_svg_of(spec))
    if lacking:
        # A mark that stands over others' letters, over a circle.
        named = ", ".join(f"◌{one}" if unicodedata.category(one)[0] == "M" else one for one in lacking)
        warnings.warn(
            f"No font of this machine has {named}: the picture shows boxes there. Install one that "
            "has (Noto Sans, say), or save as .html or .svg, which take the reader's own fonts.",
            FactdeskWarning,
            stacklevel=4,
        )
    return svg


def _png(spec: Spec, scale: float) -> bytes:
    svg, about = _with_boxes(spec), Provenance.of(spec, scale)
    return _png_of(svg, scale, about, packet(about.xmp()).decode())


def _svg(spec: Spec, scale: float) -> bytes:
    svg, about = _svg_of(spec), Provenance.of(spec, scale)
    described = " ".join(filter(None, (about.description, about.source)))
    within = f"<title>{xml_escape(about.title)}</title>" if about.title else ""
    within += f"<desc>{xml_escape(described)}</desc>" if described else ""
    within += f"<metadata>{about.xmp()}</metadata>"
    return with_typeface(svg).replace(">", f' role="img">{within}', 1).encode()


def _pdf(spec: Spec, scale: float) -> bytes:
    import vl_convert

    svg, about = _with_boxes(spec), Provenance.of(spec, scale)
    information = {"Title": about.title, "Subject": about.description, "Keywords": about.source}
    return labelled(vl_convert.svg_to_pdf(svg), information, packet(about.xmp()))


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
    meta = {
        "dcterms.source": about.ledger,
        "dcterms.date": about.as_of,
        "factdesk:digest": about.digest,
        META: about.record(),
    }
    charts = [Chart(made.spec, "vega-lite", made.rows[AT_ONCE:], made.fit)]
    return document(title, body, summary=about.description, about=meta, charts=charts).encode()


def _json(spec: Spec, scale: float) -> bytes:
    return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(spec: Spec, scale: float) -> bytes:
    rows = _rows(spec, ".csv")
    names = list(dict.fromkeys(name for row in rows for name in row))
    return csvfile.render([names, *([cell_text(row.get(name)) for name in names] for row in rows)])


def _xlsx(spec: Spec, scale: float) -> bytes:
    return workbook(_rows(spec, ".xlsx"), Provenance.of(spec, scale))


def _rows(spec: Spec, suffix: str) -> list[Mapping[str, Json]]:
    rows = list(rows_behind(spec))
    if not rows:
        raise InvalidValue("path", suffix, "another form: the chart carries no rows of its own")
    return rows


FORMS: dict[str, Callable[[Spec, float], bytes]] = {
    ".png": _png,
    ".svg": _svg,
    ".pdf": _pdf,
    ".html": _html,
    ".json": _json,
    ".csv": _csv,
    ".xlsx": _xlsx,
}
"""The forms in which a chart is written, by suffix."""
