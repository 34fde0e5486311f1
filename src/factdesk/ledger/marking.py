"""A kept document as a page that is safe to open, with the words that were quoted from it marked."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import nh3

from factdesk.articles import reading, webpage
from factdesk.articles.reading import Words
from factdesk.articles.webpage import Piece
from factdesk.errors import ArticleUnreadable, InvalidValue, NotFound, WriteFailed
from factdesk.ledger import snapshots
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.snapshots import Snapshot
from factdesk.storage.create import lies_in_a_ledger
from factdesk.storage.files import Store
from factdesk.text import clean, comparable, shown

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">
<style>body{{font:1rem/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}}
header,footer{{font:.85rem/1.5 sans-serif;color:#3D4248}}mark{{background:#FFE08A;outline:1px solid #8A6A00}}
mark[title]:focus,mark:target{{outline-width:3px}}.plain{{white-space:pre-wrap}}</style></head><body>
<header><h1>{title}</h1><p>{about}</p>{listed}<hr></header>
<main>{body}</main></body></html>
"""
_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area"} | {"main", "section", "mark"}
_SPACE = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)


class Span(NamedTuple):
    """Words that are marked: from and to which of the text's characters that are no blanks, and by which row."""

    start: int
    end: int
    row_id: str


def write(dataset: Dataset, store: Store, source_id: str, path: str | Path) -> Path:
    """Write the latest document of a source that can be read, with its quotes marked."""
    place = Path(path)
    if place.suffix.lower() not in (".html", ".htm") or lies_in_a_ledger(place):
        raise InvalidValue("path", str(path), "a page outside of the ledger's folder, such as 'out.html'")
    source = dataset.row("sources", source_id)
    kept = snapshots.of_source(dataset, source_id)
    if not kept:
        advice = "Keep one: ledger.keep(source_id, file)."
        raise NotFound("document kept of the source", source_id, (), advice)
    latest = next(snapshots.readable(store, kept), None)
    if latest is None:
        advice = "It is a scan, a recording or a page behind a login."
        raise ArticleUnreadable(f"the document kept of {source_id}", "has no text that can be read", advice)
    page = _page(dataset, source, *latest, snapshots.data_of(store, latest[0].sha256) or b"")
    try:
        place.write_text(page, "utf-8")
    except OSError as error:
        raise WriteFailed(str(place), error.strerror or str(error), "The page was not written.") from error
    return place


def _page(dataset: Dataset, source: dict[str, str], one: Snapshot, found: Words, data: bytes) -> str:
    spans, listed = [], []
    for name, row_id, claim_id, _, quote, where in snapshots.quotes_of(dataset, [source["source_id"]]):
        stands = snapshots.anchored(quote, where, found)
        words = html.escape(f"{name} {row_id}, of {claim_id}")
        if stands is None:
            listed.append(f"<li>{words}: does not stand here</li>")
            continue
        at = f", {html.escape(stands[1])}" if stands[1] else ""
        listed.append(f'<li><a href="#{html.escape(row_id)}">“{html.escape(quote)}”</a> ({words}{at})</li>')
        spans += [Span(_solid(found.text[:a]), _solid(found.text[:b]), row_id) for a, b in stands[0].parts]
    about = [source[name] for name in ("publisher", "published_on", "url")]
    about += [f"kept at {one.retrieved_at}", f"SHA-256 {one.sha256}"]
    title = source["title"] or source["url"] or source["source_id"]
    return _PAGE.format(
        title=html.escape(comparable(title)),
        about=html.escape(" · ".join(shown(part, 300) for part in about if part)),
        listed=f"<ul>{''.join(listed)}</ul>" if listed else "",
        body=body(_pieces(data, one.media_type), spans),
    )


def _pieces(data: bytes, media_type: str) -> Iterator[Piece]:
    if reading.kind_of(media_type) in webpage.HTML:
        yield from webpage.pieces(webpage.decoded(data, media_type))
        return
    yield Piece('<div class="plain">')
    yield Piece("-", reading.words(data, media_type).text)
    yield Piece("</div>")


def _solid(text: str) -> int:
    """Return how many characters of a text are no blanks: however lines are broken, these are the same."""
    return len(text) - sum(map(str.isspace, text))


def body(pieces: Iterable[Piece], spans: Iterable[Span]) -> str:
    """Return a page's pieces as safe HTML, the words of each span marked in all the pieces that hold them.

    >>> body([Piece("<p>"), Piece("-", "It <rained>"), Piece("<b>"), Piece("-", " twice"), Piece("</b>")], [Span(2, 12, "e")])
    '<p>It <mark id="e" title="e">&lt;rained&gt;</mark><b> <mark title="e">tw</mark>ice</b></p>'
    """
    marks = _parted(spans)
    starts = [mark.start for mark in marks]
    made, at, opened = [], 0, set[str]()
    for piece in pieces:
        if not piece.words.strip():
            made.append(" " if piece.markup.isspace() else piece.markup)
            continue
        space = _SPACE.fullmatch(piece.words)
        assert space is not None
        words = clean(space[2])[0]
        made.append(space[1])
        solid, last = [at], 0
        for one in words:
            solid.append(solid[-1] + (not one.isspace()))
        end = solid[-1]
        for mark in marks[max(bisect_right(starts, at) - 1, 0) : bisect_right(starts, end)]:
            if mark.end <= at or mark.start >= end:
                continue
            a = bisect_right(solid, max(mark.start, at)) - 1
            b = next(n for n, count in enumerate(solid) if count >= min(mark.end, end))
            ids = "" if mark.row_id in opened else f' id="{html.escape(mark.row_id)}"'
            opened.add(mark.row_id)
            title = html.escape(mark.row_id)
            made.append(
                f'{html.escape(words[last:a])}<mark{ids} title="{title}">{html.escape(words[a:b])}</mark>'
            )
            last = b
        made.append(html.escape(words[last:]) + space[3])
        at = end
    return nh3.clean(
        "".join(made),
        tags=_TAGS,
        attributes={"a": {"href"}, "mark": {"id", "title"}},
        allowed_classes={"div": {"plain"}},
        url_schemes={"http", "https"},
    )


def _parted(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, without what an earlier one of them has."""
    parted: list[Span] = []
    for span in sorted(spans):
        start = max(span.start, parted[-1].end) if parted else span.start
        if start < span.end:
            parted.append(span._replace(start=start))
    return parted
