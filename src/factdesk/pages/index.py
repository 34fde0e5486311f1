"""The page that leads to a folder of pages, with what changed since the last issue, and the page of corrections."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from factdesk.charts.chart_rows import Json, mapping, parsed
from factdesk.formats import counted, spoken_day
from factdesk.history.corrections import corrections
from factdesk.pages.claim import chip, counts, statuses, text
from factdesk.pages.figure import lighter
from factdesk.pages.html import Facts, document, escape, header, inert_json, kept_styles
from factdesk.schema import parse_day

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

INDEX, CORRECTIONS, FEED = "index.html", "corrections.html", "feed.xml"
LINKS = {INDEX: "All pages", CORRECTIONS: "Corrections", FEED: "Feed of status changes (Atom)"}
"""What stands beside the pages, and what a link to it says."""

MOST = 500
"""Corrections that the page holds; of more, the newest."""
SHOWN = 12
"""Changes since the last issue that stand there at once; the others are folded away."""
PICTURE_WIDTH = 480
"""Pixels of a card's picture: twice its width in the page, for screens of fine dots."""
LARGEST = 64_000_000
"""Bytes of an old index beyond which it is not read."""

_ISSUE = re.compile(r'<script type="application/json" id="factdesk-issue">([^<]*)</script>')


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


def ledgers_of(cards: Sequence[Card]) -> list[Ledger]:
    """Return the ledgers behind the pages, each once."""
    return list({id(card.ledger): card.ledger for card in cards if card.ledger}.values())


def all_words(ledger: Ledger) -> dict[str, str]:
    """Return the words of each claim, of those withdrawn as well: they were published."""
    claims = ledger._dataset.all("claims").drop_duplicates("claim_id")
    return dict(zip(claims["claim_id"], claims["claim"], strict=True))


def address_of(ledger: Ledger, claim_id: str, cards: Sequence[Card]) -> str:
    """Return the address of a claim in a page that has the ledger's explorer; nothing where none has."""
    page = next((card.address for card in cards if card.explores and card.ledger is ledger), "")
    return f"{page}#claim-{quote(claim_id)}" if page and claim_id in set(ledger.claims["claim_id"]) else ""


def index(cards: Sequence[Card], *, before: str = "", beside: Collection[str] = ()) -> str:
    """Return the page that leads to the pages, in the order given, and says what changed since the last issue.

    `before` is the index that stands there now, which says what was held when it was made; anything else says nothing.
    `beside` are the names of further files beside the pages.

    >>> page = index([Card("a.html", "Who said what?", "In one week.")])
    >>> page[page.index("<h2") :][:46]
    '<h2><a href="./a.html">Who said what?</a></h2>'
    """
    ledgers = ledgers_of(cards)
    facts = cards[0].facts if len({card.facts for card in cards}) == 1 else None
    title = facts.title if facts else "Notebooks"
    issues = {ledger.title: _issue(ledger) for ledger in ledgers}
    if len(issues) < len(ledgers):  # two of one title can't be told apart in an old index
        issues = {}
    old = _issues(before)
    since = {name: found for name, issue in issues.items() if (found := _since(old.get(name), issue))}
    kept: dict[str, Json] = {name: issue | _noted(since.get(name)) for name, issue in issues.items()}
    places = {ledger.title: f"changed-{n}" if n else "changed" for n, ledger in enumerate(ledgers)}
    listed = "\n".join(_card(card, since, places) for card in cards)
    changes = "\n".join(
        _changes(ledger, since[ledger.title], places[ledger.title], cards, alone=len(ledgers) == 1)
        for ledger in ledgers
        if ledger.title in since
    )
    issue = (
        f'<script type="application/json" id="factdesk-issue">{inert_json(kept)}</script>\n' if kept else ""
    )
    main = f'<ul class="pages">\n{listed}\n</ul>\n{changes}'
    return _page(title, main, facts, {*beside} - {INDEX}, issue)


def _page(title: str, main: str, facts: Facts | None, beside: Collection[str], block: str = "") -> str:
    linked = " · ".join(
        f'<a href="{address}">{words}</a>' for address, words in LINKS.items() if address in beside
    )
    footer = f"<footer><p>{linked}</p></footer>\n" if linked else ""
    body = kept_styles(f"{header(escape(title), facts)}\n<main>\n{main}\n</main>\n{footer}") + block
    return document(title, body, facts=facts, feed=FEED if FEED in beside else "")


def _card(card: Card, since: Mapping[str, _Since], places: Mapping[str, str]) -> str:
    picture = lighter(card.picture, PICTURE_WIDTH) if card.picture else ""
    img = f'<img class="glance" src="{picture}" alt="">\n' if picture else ""
    summary = f"\n<p>{escape(card.summary)}</p>" if card.summary else ""
    held = changed = ""
    if card.ledger and card.facts:
        facts = card.facts
        as_of = f'\n<p>As of <time datetime="{facts.day}">{facts.spoken_day}</time></p>' if facts.day else ""
        held = f"{as_of}\n{counts(card.ledger)}"
    if card.ledger and (found := since.get(card.ledger.title)):
        changed = f"\n<p>{_how_many(found, places[card.ledger.title])}</p>"
    return (
        f'<li class="card">\n{img}<div><h2><a href="./{escape(card.address)}">{escape(card.title)}</a></h2>'
        f"{summary}{held}{changed}</div>\n</li>"
    )


def _how_many(since: _Since, place: str) -> str:
    words = f"since {_spoken(since.day)}" if since.day else "since the last issue"
    if not since.changed:
        return f"No status changed {words}."
    return f'<a href="#{place}">{counted(len(since.changed), "status", "statuses")} changed {words}</a>'


def _changes(ledger: Ledger, since: _Since, place: str, cards: Sequence[Card], *, alone: bool) -> str:
    """List the claims of which another status is held than the last issue said."""
    if not since.changed:
        return ""
    now, claims, vocabulary = statuses(ledger), all_words(ledger), ledger.settings.vocabulary
    items = []
    for claim_id, then in since.changed.items():
        was = chip(vocabulary, then, none="not yet in the ledger")
        current = chip(vocabulary, now.get(claim_id, ""), none="no longer in the ledger")
        items.append(f"<li>{_linked(ledger, claim_id, claims, cards)}\n<p>{was} → {current}</p></li>")
    first, more = items[:SHOWN], items[SHOWN:]
    summary = f"<summary>{counted(len(more), 'more change', 'more changes')}</summary>"
    folded = f'<details>{summary}\n<ul class="changes">{"".join(more)}</ul></details>' if more else ""
    words = f"Changed since {_spoken(since.day)}" if since.day else "Changed since the last issue"
    heading = escape(words if alone else f"{ledger.title}: {words[:1].lower()}{words[1:]}")
    return f'<section id="{place}">\n<h2>{heading}</h2>\n<ul class="changes">\n{"".join(first)}\n</ul>\n{folded}</section>'


# ---- what an issue says, and what the last one said ----


def read(place: Path) -> str:
    """Return the index that stands there now; nothing where there is none, or none that can be read."""
    try:
        if place.stat().st_size > LARGEST:
            return ""
        return place.read_text("utf-8", "replace")
    except OSError:
        return ""


def _issue(ledger: Ledger) -> dict[str, Json]:
    """Return what is held now, for the next issue to compare with."""
    return {"day": text(ledger.latest_day), "digest": ledger.digest(), "statuses": statuses(ledger)}


def _issues(page: str) -> dict[str, Mapping[str, Json]]:
    """Read what an index says of itself, by the titles of its ledgers; nothing where it can't be read."""
    found = _ISSUE.search(page)
    issues = parsed(found[1]) if found else {}
    return {title: one for title, one in issues.items() if isinstance(one, dict)}


def _since(old: Mapping[str, Json] | None, now: Mapping[str, Json]) -> _Since | None:
    """Return the issue before this one; where this one says again what stands there, the one before that."""
    if old is None or not (held := _words(old.get("statuses"))):
        return None
    if old.get("digest") == now["digest"]:
        before = mapping(old.get("since"))
        changed = _words(before.get("changed"))
        return None if changed is None else _Since(_day(before.get("day")), changed)
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
    """Return a day as it stood in an old index; nothing where it is none."""
    try:
        return str(parse_day(value))
    except ValueError:
        return ""


def _noted(since: _Since | None) -> dict[str, Json]:
    return {"since": {"day": since.day, "changed": since.changed}} if since else {}


# ---- corrections ----


def corrections_page(cards: Sequence[Card], *, beside: Collection[str] = (INDEX,)) -> str:
    """Return the page of the statuses that were corrected, the latest correction first; a card at least has a ledger.

    >>> import factdesk as fd
    >>> page = corrections_page([Card("a.html", "Who said what?", ledger=fd.open("claims.csv"))])
    >>> "No status has been corrected" in page
    True
    """
    ledgers = ledgers_of(cards)
    found = [
        (row, ledger)
        for ledger in ledgers
        for row in cast("list[dict[str, object]]", corrections(ledger).to_dict("records"))
    ]
    found.sort(key=lambda one: str(one[0]["corrected_at"]), reverse=True)
    claims = {id(ledger): all_words(ledger) for ledger in ledgers}
    items = [
        _correction(row, ledger, claims[id(ledger)], cards, len(ledgers) > 1) for row, ledger in found[:MOST]
    ]
    listed = (
        f'<ol class="corrections">\n{"".join(items)}\n</ol>'
        if items
        else "<p>No status has been corrected.</p>"
    )
    if len(found) > MOST:
        listed += f'\n<p class="note">The newest {MOST:,} of {len(found):,} corrections.</p>'
    facts = next((card.facts for card in cards if card.ledger), None) if len(ledgers) == 1 else None
    explained = (
        "A status is corrected when something else is held of the very day for which it was given: it was judged "
        "anew, edited or withdrawn. A status that gave way to a later one, as things went on, still holds of its days."
    )
    main = f'<p class="note">{explained}</p>\n{listed}'
    return _page("Corrections", main, facts, {*beside} - {CORRECTIONS})


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
    vocabulary = ledger.settings.vocabulary
    change = (
        f"{chip(vocabulary, str(row['before']))} → {chip(vocabulary, str(row['after']), none='no status')}"
    )
    of = f"{escape(ledger.title)} · " if named else ""
    why = f'<p dir="auto">{escape(str(row["why"]))}</p>' if row["why"] else ""
    return (
        f'<li><p class="note">{of}<time datetime="{corrected}">{_spoken(corrected)}</time>, {how}</p>\n'
        f"<h2>{_linked(ledger, str(row['claim_id']), claims, cards)}</h2>\n"
        f'<p>For {day}: {change}</p>\n{why}<p class="note">Given on {_spoken(given)}.</p></li>\n'
    )


def _linked(ledger: Ledger, claim_id: str, claims: Mapping[str, str], cards: Sequence[Card]) -> str:
    words = f'<span dir="auto">{escape(claims.get(claim_id, claim_id))}</span>'
    address = address_of(ledger, claim_id, cards)
    return f'<a href="./{escape(address)}">{words}</a>' if address else words


def _local(moment: object, ledger: Ledger) -> str:
    assert isinstance(moment, datetime)
    return f"{moment.astimezone(ledger.settings.zone):%Y-%m-%d}"


def _spoken(day: str) -> str:
    return spoken_day(date.fromisoformat(day)) if day else ""
