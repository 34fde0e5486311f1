"""A feed of status changes, which readers and other programs follow (Atom, RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree

import pandas as pd

from factdesk.charts.chart_rows import drawable
from factdesk.pages.html import plain
from factdesk.pages.index import FEED, INDEX, Card, address_of, all_words, ledgers_of
from factdesk.schema import moment_text

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

GENERATOR = "<generator>factdesk</generator>"
"""A feed with this element is one of ours."""

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
    entries = [(row, ledger) for ledger in ledgers for row in _newest(ledger)]
    entries.sort(key=lambda one: (one[0]["updated"], one[0]["id"]), reverse=True)
    newest = list({row["id"]: (row, ledger) for row, ledger in entries}.values())[:NEWEST]
    days = [ledger.latest_day for ledger in ledgers if not pd.isna(ledger.latest_day)]
    latest = max(days).tz_localize("UTC") if days else pd.Timestamp(0, tz="UTC")
    _add(root, "generator", "factdesk")  # first: by it the file is known
    _add(root, "id", f"urn:uuid:{uuid.uuid5(_IDS, f'feed {title}')}")
    _add(root, "title", f"{title}: status changes")
    _add(root, "updated", moment_text(newest[0][0]["updated"] if newest else latest))
    _add(_add(root, "author"), "name", " · ".join(publishers) or title)
    _add(root, "link", rel="self", type="application/atom+xml", href=FEED)
    _add(root, "link", rel="alternate", type="text/html", href=INDEX)
    for row, ledger in newest:
        status, words = ledger.settings.status(row["status"]), row["claim"].rstrip(".")
        cut = words if len(words) <= LONGEST_TITLE else words[:LONGEST_TITLE].rstrip() + "…"
        address = address_of(ledger, row["claim_id"], cards) or INDEX
        entry = _add(root, "entry")
        _add(entry, "id", f"urn:uuid:{row['id']}")
        _add(entry, "title", f"{cut}: {status.label}")
        _add(entry, "published", moment_text(row["recorded_at"]))
        _add(entry, "updated", moment_text(row["updated"]))
        _add(entry, "category", term=status.name, label=status.label)
        _add(entry, "link", rel="alternate", type="text/html", href=address)
        _add(entry, "content", row["rationale"], type="text")
    ElementTree.indent(root, "")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _newest(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the newest statuses of a ledger, as many as the feed can take, with their claims' words."""
    given, changes = ledger.statuses, ledger.changes
    of_words = changes["column"].isin(["status", "holds_from", "rationale"]) & (
        changes["table"] == "statuses"
    )
    edited = changes[of_words].groupby("row_id")["changed_at"].max()
    again = pd.Series(edited.reindex(given["status_id"]).array, index=given.index)
    given = given.assign(
        updated=again.fillna(given["recorded_at"]),
        id=[str(uuid.uuid5(_IDS, f"status {status_id}")) for status_id in given["status_id"]],
        claim=given["claim_id"].map(all_words(ledger)).fillna(given["claim_id"]),
    )
    given = given[given["status"].notna() & given["updated"].notna()]
    newest = given.sort_values(["updated", "status_id"], ascending=False).head(NEWEST)
    return cast("list[dict[str, Any]]", newest.to_dict("records"))


def _add(to: ElementTree.Element, name: str, words: str = "", **about: str) -> ElementTree.Element:
    element = ElementTree.SubElement(to, name, {key: drawable(plain(value)) for key, value in about.items()})
    element.text = drawable(plain(words)) or None
    return element
