"""What stands before a folder of pages: the index with its cards, the corrections, and a feed of status changes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote
from xml.etree import ElementTree

import pandas as pd

from factdesk.formats import counted, spoken_day
from factdesk.history.corrections import corrections
from factdesk.pages.figure import lighter
from factdesk.pages.html import Facts, Json, document, escape, header, inert_json, plain, static
from factdesk.schema import DAY, Status, moment_text

if TYPE_CHECKING:
    from factdesk.charts.canvas import Theme
    from factdesk.ledger.ledger import Ledger

INDEX, CORRECTIONS, FEED = "index.html", "corrections.html", "feed.xml"

GENERATOR = "<generator>factdesk</generator>"
"""By this element a feed of ours is told from any other file."""

NEWEST = 50
"""Status changes in the feed."""
MOST = 500
"""Corrections that the page holds; of more, the newest."""
SHOWN = 12
"""Changes since the last issue that stand there at once; the others are folded away."""
PICTURE_WIDTH = 480
"""Pixels of a card's picture: twice its width in the page, for screens of fine dots."""
LONGEST_TITLE = 160
"""Characters of a claim in the title of an entry, where readers have one line for it."""
LARGEST = 64_000_000
"""Bytes of an old index beyond which it is not asked what it said."""

_ISSUE = re.compile(r'<script type="application/json" id="factdesk-issue">([^<]*)</script>')
_ATOM = "http://www.w3.org/2005/Atom"
# Ids of entries are made of these and of nothing that may change, such as where the pages lie.
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "factdesk")
# Noncharacters, which `plain` leaves and XML has no way to write (XML 1.0, 2.2).
_NOT_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Card:
    """What the index says of a page: its address, title and summary, its picture, and the ledger behind it."""

    address: str
    title: str
    summary: str = ""
    picture: str = ""
    facts: Facts | None = None
    ledger: Ledger | None = field(default=None, repr=False)
    explores: bool = False


@dataclass(frozen=True)
class _Since:
    """The issue before this one: its day, and the claims of which another status is held now, with that of then."""

    day: str
    changed: Mapping[str, str]


# ---- the index ----


def index(
    cards: Sequence[Card], *, before: str = "", has_corrections: bool = False, has_feed: bool = False
) -> str:
    """Give the page that leads to the pages, in the order given.

    Parameters
    ----------
    cards : sequence of Card
        A card for each page.
    before : str
        The index that stands there now, which says what was held when it was made; anything else says nothing.
    has_corrections, has_feed : bool
        Whether these stand beside it.

    Returns
    -------
    str
        The whole page.

    Examples
    --------
    >>> page = index([Card("a.html", "Who said what?", "In one week.")])
    >>> page[page.index("<h2") :][:46]
    '<h2><a href="./a.html">Who said what?</a></h2>'
    """
    ledgers = _ledgers(cards)
    facts = cards[0].facts if len({card.facts for card in cards}) == 1 else None
    title = facts.title if facts else "Notebooks"
    said = {ledger.title: _issue(ledger) for ledger in ledgers}
    if len(said) < len(ledgers):  # two of one title can't be told apart in an old index
        said = {}
    old = _issues(before)
    since = {name: found for name, issue in said.items() if (found := _since(old.get(name), issue))}
    kept: dict[str, Json] = {
        name: issue
        | ({"since": {"day": since[name].day, "changed": since[name].changed}} if name in since else {})
        for name, issue in said.items()
    }
    places = {ledger.title: f"changed-{n}" if n else "changed" for n, ledger in enumerate(ledgers)}
    listed = "\n".join(_card(card, since, places) for card in cards)
    told = "\n".join(
        _changes(ledger, since[ledger.title], places[ledger.title], cards, alone=len(ledgers) == 1)
        for ledger in ledgers
        if ledger.title in since
    )
    further = [("Corrections", CORRECTIONS)] * has_corrections + [
        ("Feed of status changes (Atom)", FEED)
    ] * has_feed
    links = " · ".join(f'<a href="{address}">{words}</a>' for words, address in further)
    block = (
        f'<script type="application/json" id="factdesk-issue">{inert_json(kept)}</script>\n' if kept else ""
    )
    body = (
        f'{header(escape(title), facts)}\n<main>\n<ul class="pages">\n{listed}\n</ul>\n{told}\n</main>\n'
        + (f"<footer><p>{links}</p></footer>\n" if links else "")
        + block
    )
    return document(
        title, body, facts=facts, style=_style(ledgers), feed=FEED if has_feed else ""
    )  # fmt: skip


def _ledgers(cards: Sequence[Card]) -> list[Ledger]:
    """Give the ledgers behind the pages, each once."""
    return list({id(card.ledger): card.ledger for card in cards if card.ledger}.values())


def _card(card: Card, since: Mapping[str, _Since], places: Mapping[str, str]) -> str:
    picture = lighter(card.picture, PICTURE_WIDTH) if card.picture else ""
    shown = f'<img class="glance" src="{picture}" alt="">\n' if picture else ""
    summary = f"\n<p>{escape(card.summary)}</p>" if card.summary else ""
    held = _held(card.ledger, card.facts) if card.ledger and card.facts else ""
    found = since.get(card.ledger.title) if card.ledger else None
    changed = f"\n<p>{_how_many(found, places[card.ledger.title])}</p>" if card.ledger and found else ""
    return (
        f'<li class="card">\n{shown}<div><h2><a href="./{escape(card.address)}">{escape(card.title)}</a></h2>'
        f"{summary}{held}{changed}</div>\n</li>"
    )


def _held(ledger: Ledger, facts: Facts) -> str:
    """Say how many claims have each status, in a bar and in words."""
    counts = _counts(ledger)
    whole = sum(counts)
    if not whole:
        return ""
    bars, chips, x = [], [], 0
    for status, count in zip(ledger.settings.vocabulary, counts, strict=True):
        if count:
            bars.append(f'<rect class="{_colours(status)}" x="{x}" width="{count}" height="1"/>')
            chips.append(f"<li>{_sign(status)} {count:,} {escape(status.label)}</li>")
        x += count
    as_of = f'<p>As of <time datetime="{facts.day}">{facts.spoken_day}</time></p>' if facts.day else ""
    return (
        f'\n{as_of}\n<svg class="held" viewBox="0 0 {whole} 1" preserveAspectRatio="none" aria-hidden="true">'
        f'{"".join(bars)}</svg>\n<ul class="held">{"".join(chips)}</ul>'
    )


def _counts(ledger: Ledger) -> list[int]:
    held = ledger.status_on()["status"].value_counts()
    return [int(held.get(name, 0)) for name in ledger.settings.statuses]


def _how_many(since: _Since, place: str) -> str:
    words = f"since {_spoken(since.day)}" if since.day else "since the last issue"
    if not since.changed:
        return f"No status changed {words}."
    return f'<a href="#{place}">{counted(len(since.changed), "status", "statuses")} changed {words}</a>'


def _changes(ledger: Ledger, since: _Since, place: str, cards: Sequence[Card], *, alone: bool) -> str:
    """List the claims of which another status is held than the last issue said."""
    if not since.changed:
        return ""
    now, claims = _statuses(ledger), _claims(ledger)
    items = []
    for claim_id, then in since.changed.items():
        change = f"{_chip(ledger, then, 'not yet in the ledger')} → {_chip(ledger, now.get(claim_id, ''), 'no longer in the ledger')}"
        items.append(f"<li>{_linked(ledger, claim_id, claims, cards)}\n<p>{change}</p></li>")
    first, more = items[:SHOWN], items[SHOWN:]
    folded = (
        f"<details><summary>{counted(len(more), 'more change', 'more changes')}</summary>\n"
        f'<ul class="changes">{"".join(more)}</ul></details>'
        if more
        else ""
    )
    words = f"Changed since {_spoken(since.day)}" if since.day else "Changed since the last issue"
    heading = escape(words if alone else f"{ledger.title}: {words[:1].lower()}{words[1:]}")
    return f'<section id="{place}">\n<h2>{heading}</h2>\n<ul class="changes">\n{"".join(first)}\n</ul>\n{folded}</section>'


# ---- what an issue says, and what the last one said ----


def read(place: Path) -> str:
    """Give the index that stands there now; nothing where there is none, or none that can be read."""
    try:
        if place.stat().st_size > LARGEST:
            return ""
        return place.read_text("utf-8", "replace")
    except OSError:
        return ""


def _issue(ledger: Ledger) -> dict[str, Json]:
    """Say what is held now, for the next issue to compare with."""
    day = ledger.latest_day
    said = "" if pd.isna(day) else f"{day:%Y-%m-%d}"
    return {"day": said, "digest": ledger.digest(), "statuses": _statuses(ledger)}


def _statuses(ledger: Ledger) -> dict[str, str]:
    held = ledger.status_on().drop_duplicates("claim_id")
    return dict(zip(held["claim_id"].astype("str"), held["status"].astype("str"), strict=True))


def _issues(page: str) -> dict[str, Mapping[str, object]]:
    """Read what an index says of itself, by the titles of its ledgers; nothing where it can't be read."""
    found = _ISSUE.search(page)
    try:
        said = json.loads(found[1]) if found else None
    except (ValueError, RecursionError):  # numbers and nesting without end
        return {}
    if not isinstance(said, dict):
        return {}
    return {title: issue for title, issue in said.items() if isinstance(issue, dict)}


def _since(old: Mapping[str, object] | None, now: Mapping[str, Json]) -> _Since | None:
    """Give the issue before this one; where this one says again what stands there, the one before that."""
    if old is None or not (held := _words(old.get("statuses"))):
        return None
    if old.get("digest") == now["digest"]:
        before = old.get("since")
        if not isinstance(before, dict) or (changed := _words(before.get("changed"))) is None:
            return None
        return _Since(_day(before.get("day")), changed)
    current = now["statuses"]
    assert isinstance(current, Mapping)
    ids = [*current, *(claim_id for claim_id in held if claim_id not in current)]
    changed = {one: held.get(one, "") for one in ids if held.get(one, "") != current.get(one, "")}
    return _Since(_day(old.get("day")), changed)


def _words(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
        return None
    return value


def _day(value: object) -> str:
    """Give a day as it stood in an old index; nothing where it is none."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return ""
    try:
        return str(date.fromisoformat(value))
    except ValueError:
        return ""


# ---- corrections ----


def corrections_page(cards: Sequence[Card], *, has_index: bool = True, has_feed: bool = False) -> str:
    """Give the page of the statuses that were corrected, the latest correction first.

    Parameters
    ----------
    cards : sequence of Card
        Those of the pages; one of them at least has a ledger.
    has_index, has_feed : bool
        Whether these stand beside it.

    Returns
    -------
    str
        The whole page.

    Examples
    --------
    >>> import factdesk as fd
    >>> page = corrections_page([Card("a.html", "Who said what?", ledger=fd.open("claims.csv"))])
    >>> "No status has been corrected" in page
    True
    """
    ledgers = _ledgers(cards)
    found = [
        (row, ledger)
        for ledger in ledgers
        for row in cast("list[dict[str, object]]", corrections(ledger).to_dict("records"))
    ]
    found.sort(key=lambda one: str(one[0]["corrected_at"]), reverse=True)
    claims = {id(ledger): _claims(ledger) for ledger in ledgers}
    items = [
        _correction(row, ledger, claims[id(ledger)], cards, len(ledgers) > 1) for row, ledger in found[:MOST]
    ]
    cut = (
        f'<p class="note">The newest {MOST:,} of {len(found):,} corrections.</p>' if len(found) > MOST else ""
    )
    listed = (
        f'<ol class="corrections">\n{"".join(items)}\n</ol>\n{cut}'
        if items
        else "<p>No status has been corrected.</p>"
    )
    facts = next((card.facts for card in cards if card.ledger), None) if len(ledgers) == 1 else None
    explained = (
        "A status is corrected when something else is held of the very day for which it was given: it was judged "
        "anew, edited or withdrawn. A status that gave way to a later one, as things went on, still holds of its days."
    )
    links = [("All pages", INDEX)] * has_index + [("Feed of status changes (Atom)", FEED)] * has_feed
    footer = " · ".join(f'<a href="{address}">{words}</a>' for words, address in links)
    body = f'{header("Corrections", facts)}\n<main>\n<p class="note">{explained}</p>\n{listed}\n</main>\n' + (
        f"<footer><p>{footer}</p></footer>" if footer else ""
    )
    return document("Corrections", body, facts=facts, style=_style(ledgers), feed=FEED if has_feed else "")


def _correction(
    row: Mapping[str, object],
    ledger: Ledger,
    claims: Mapping[str, str],
    cards: Sequence[Card],
    named: bool,
) -> str:
    given, corrected = (_local(row[name], ledger) for name in ("given_at", "corrected_at"))
    day = _spoken(f"{row['day']:%Y-%m-%d}")
    how = {"judged": "judged anew", "edited": "edited", "withdrawn": "withdrawn"}[str(row["what"])]
    change = f"{_chip(ledger, str(row['before']), '')} → {_chip(ledger, str(row['after']), 'no status')}"
    of = f"{escape(ledger.title)} · " if named else ""
    why = f'<p dir="auto">{escape(str(row["why"]))}</p>' if row["why"] else ""
    return (
        f'<li><p class="note">{of}<time datetime="{corrected}">{_spoken(corrected)}</time>, {how}</p>\n'
        f"<h2>{_linked(ledger, str(row['claim_id']), claims, cards)}</h2>\n"
        f'<p>For {day}: {change}</p>\n{why}<p class="note">Given on {_spoken(given)}.</p></li>\n'
    )


# ---- the feed ----


def feed(cards: Sequence[Card]) -> str:
    """Give the newest status changes as an Atom feed (RFC 4287), the newest first.

    An entry's id is made of the status's, so that it stays wherever the pages lie; a status that was edited
    since says when. Addresses are relative to the feed's own.

    Parameters
    ----------
    cards : sequence of Card
        Those of the pages; one of them at least has a ledger.

    Returns
    -------
    str
        The feed; the same ledgers give the same text.

    Examples
    --------
    >>> import factdesk as fd
    >>> text = feed([Card("a.html", "Who said what?", ledger=fd.open("claims.csv"))])
    >>> text.count("<entry>")
    31
    """
    ledgers = _ledgers(cards)
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
            href=_place(entry.ledger, entry.claim_id, cards) or INDEX,
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
    """Give the newest statuses of each ledger; of any ledger the feed can take no more."""
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
        claims = _claims(ledger)
        for row in newest.to_dict("records"):
            status = ledger.settings.status(str(row["status"]))
            words = claims.get(row["claim_id"], row["claim_id"]).rstrip(".")
            cut = words if len(words) <= LONGEST_TITLE else words[:LONGEST_TITLE].rstrip() + "…"
            yield _Entry(
                str(uuid.uuid5(_IDS, f"status {row['status_id']}")), f"{cut}: {status.label}", status,
                row["recorded_at"], row["updated"], row["claim_id"], str(row["rationale"]), ledger,
            )  # fmt: skip


def _add(to: ElementTree.Element, name: str, words: str = "", **about: str) -> ElementTree.Element:
    element = ElementTree.SubElement(to, name, {key: _xml(said) for key, said in about.items()})
    element.text = _xml(words) or None
    return element


def _xml(text: str) -> str:
    """Leave out the characters that XML has no way to write."""
    return _NOT_XML.sub("", plain(text))


def _rfc3339(moment: pd.Timestamp) -> str:
    return moment_text(moment.to_pydatetime())


# ---- what they share ----


def _style(ledgers: Sequence[Ledger]) -> str:
    """Give the style sheet, with a class for the colours of each status."""
    statuses = {_colours(status): status for ledger in ledgers for status in ledger.settings.vocabulary}
    light, dark = (
        "".join(f".{name}{{--of:{theme.colour(status)}}}" for name, status in statuses.items())
        for theme in _grounds()
    )
    in_the_dark = f"@media screen and (prefers-color-scheme:dark){{{dark}}}\n" if dark else ""
    return f"{static('front.css')}{light}\n{in_the_dark}"


def _claims(ledger: Ledger) -> dict[str, str]:
    """Give the words of each claim, of those withdrawn as well: what was said of them was said."""
    claims = ledger._book.all("claims").drop_duplicates("claim_id")
    return dict(zip(claims["claim_id"], claims["claim"], strict=True))


def _place(ledger: Ledger, claim_id: str, cards: Sequence[Card]) -> str:
    """Give the address of a claim in a page that has the ledger's explorer; nothing where none has."""
    page = next((card.address for card in cards if card.explores and card.ledger is ledger), "")
    return f"{page}#claim-{quote(claim_id)}" if page and claim_id in set(ledger.claims["claim_id"]) else ""


def _linked(ledger: Ledger, claim_id: str, claims: Mapping[str, str], cards: Sequence[Card]) -> str:
    said = f'<span dir="auto">{escape(claims.get(claim_id, claim_id))}</span>'
    place = _place(ledger, claim_id, cards)
    return f'<a href="./{escape(place)}">{said}</a>' if place else said


def _chip(ledger: Ledger, name: str, none: str) -> str:
    """Give a status as its sign and word; one that is not in the vocabulary any more as its word."""
    if not name:
        return f'<span class="chip">{none}</span>'
    if name not in ledger.settings.statuses:
        return f'<span class="chip">{escape(name)}</span>'
    status = ledger.settings.status(name)
    return f'<span class="chip">{_sign(status)} {escape(status.label)}</span>'


def _sign(status: Status) -> str:
    return f'<span class="sign {_colours(status)}" aria-hidden="true">{escape(status.sign)}</span>'


def _colours(status: Status) -> str:
    """Name the class of a status's colours: pages of several ledgers, each with its own, may stand together."""
    return f"of{''.join(theme.colour(status).lstrip('#') for theme in _grounds())}"


def _grounds() -> tuple[Theme, Theme]:
    from factdesk.charts.canvas import THEMES

    return THEMES["light"], THEMES["dark"]


def _local(moment: object, ledger: Ledger) -> str:
    assert isinstance(moment, datetime)
    return f"{moment.astimezone(ledger.settings.zone):%Y-%m-%d}"


def _spoken(day: str) -> str:
    return spoken_day(date.fromisoformat(day)) if day else ""
