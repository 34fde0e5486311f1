"""A feed of status changes, which readers and other programs follow (Atom, RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pandas as pd

from factdesk.charts.chart_rows import drawable
from factdesk.pages.html import plain
from factdesk.pages.index import FEED, INDEX, Card, address_of, all_words, ledgers_of
from factdesk.schema import Status, moment_text

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

GENERATOR = "<generator>factdesk</generator>"
"""By this element a feed of ours is told from any other file."""

NEWEST = 50
"""Status changes in the feed."""
LONGEST_TITLE = 160
"""Characters of a claim in the title of an entry, where readers have one line for it."""

_ATOM = "http://www.w3.org/2005/Atom"
# Ids of entries are made of these and of nothing that may change, such as where the pages lie.
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "factdesk")


def feed(cards: Sequence[Card]) -> str:
    """Return the newest status changes of some ledgers as an Atom feed (RFC 4287), the newest first.

    An entry's id is made of the status's, so that it stays wherever the pages lie; a status that was edited
    since says when. Addresses are relative to the feed's own. The same ledgers give the same text.

    >>> import factdesk as fd
    >>> text = feed([Card("a.html", "Who said what?", ledger=fd.open("claims.csv"))])
    >>> text.count("<entry>")
    31
    """
    ledgers = ledgers_of(cards)
    root = ElementTree.Element("feed", xmlns=_ATOM)
    title = " · ".join(ledger.title for ledger in ledgers)
    publishers = dict.fromkeys(ledger.settings.publisher for ledger in ledgers if ledger.settings.publisher)
    entries = sorted(_entries(ledgers), key=lambda one: (one.updated, one.id), reverse=True)
    newest = list({entry.id: entry for entry in entries}.values())[:NEWEST]
    days = [ledger.latest_day for ledger in ledgers if not pd.isna(ledger.latest_day)]
    latest = max(days).tz_localize("UTC") if days else pd.Timestamp(0, tz="UTC")
    _add(root, "generator", "factdesk")  # first: by it the file is known
    _add(root, "id", f"urn:uuid:{uuid.uuid5(_IDS, f'feed {title}')}")
    _add(root, "title", f"{title}: status changes")
    _add(root, "updated", _rfc3339(newest[0].updated if newest else latest))
    _add(_add(root, "author"), "name", " · ".join(publishers) or title)
    _add(root, "link", rel="self", type="application/atom+xml", href=FEED)
    _add(root, "link", rel="alternate", type="text/html", href=INDEX)
    for entry in newest:
        element = _add(root, "entry")
        _add(element, "id", f"urn:uuid:{entry.id}")
        _add(element, "title", entry.title)
        _add(element, "published", _rfc3339(entry.published))
        _add(element, "updated", _rfc3339(entry.updated))
        _add(element, "category", term=entry.status.name, label=entry.status.label)
        _add(
            element,
            "link",
            rel="alternate",
            type="text/html",
            href=address_of(entry.ledger, entry.claim_id, cards) or INDEX,
        )
        _add(element, "content", entry.why, type="text")
    ElementTree.indent(root, "")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


@dataclass(frozen=True)
class _Entry:
    """A status that was given, as an entry of the feed."""

    id: str
    title: str
    status: Status
    published: pd.Timestamp
    updated: pd.Timestamp
    claim_id: str
    why: str
    ledger: Ledger = field(repr=False)


def _entries(ledgers: Sequence[Ledger]) -> Iterator[_Entry]:
    """Yield the newest statuses of each ledger; of any ledger the feed can take no more."""
    for ledger in ledgers:
        given, changes = ledger.statuses, ledger.changes
        of_words = changes["column"].isin(["status", "holds_from", "rationale"]) & (
            changes["table"] == "statuses"
        )
        edited = changes[of_words].groupby("row_id")["changed_at"].max()
        again = pd.Series(edited.reindex(given["status_id"]).array, index=given.index)
        given = given.assign(updated=again.fillna(given["recorded_at"]))
        given = given[given["status"].notna() & given["updated"].notna()]
        newest = given.sort_values(["updated", "status_id"], ascending=False).head(NEWEST)
        claims = all_words(ledger)
        for row in newest.to_dict("records"):
            status = ledger.settings.status(str(row["status"]))
            words = claims.get(row["claim_id"], row["claim_id"]).rstrip(".")
            cut = words if len(words) <= LONGEST_TITLE else words[:LONGEST_TITLE].rstrip() + "…"
            yield _Entry(
                str(uuid.uuid5(_IDS, f"status {row['status_id']}")), f"{cut}: {status.label}", status,
                row["recorded_at"], row["updated"], row["claim_id"], str(row["rationale"]), ledger,
            )  # fmt: skip


def _add(to: ElementTree.Element, name: str, words: str = "", **about: str) -> ElementTree.Element:
    element = ElementTree.SubElement(to, name, {key: drawable(plain(value)) for key, value in about.items()})
    element.text = drawable(plain(words)) or None
    return element


def _rfc3339(moment: pd.Timestamp) -> str:
    return moment_text(moment.to_pydatetime())
