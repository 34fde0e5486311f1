"""A claim as HTML, for desk, explorer and index: its status, its words, its evidence and what was held of it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pandas as pd

from factdesk import measures
from factdesk.charts.colours import looks
from factdesk.formats import spoken_day, spoken_part
from factdesk.ledger.unread import apart
from factdesk.pages.html import escape
from factdesk.schema import STANCE_SIGNS, STANCES, Status, is_due
from factdesk.text import isolated

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

UNREAD = "can't be read"
"""Stands in the place of a status where one of the claim's can't be read."""
LONGEST = 1_200
"""Characters of a quote or note that are shown; the frames hold the rest."""


def text(cell: object) -> str:
    """Return a cell as text: a missing one is empty, a day is written as the files hold it."""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    return "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def spoken(day: object, precision: object = None) -> str:
    """Return a day in words, as far as it is known; nothing for a missing one."""
    return spoken_day(day.date(), text(precision)) if isinstance(day, pd.Timestamp) else ""


def made_on(claim: pd.Series | Mapping[Hashable, Any]) -> str:
    """Return the day, month or year in which a claim was made, in words; nothing where it is not known."""
    return spoken(claim["made_on"], claim["made_on_precision"])


def shown(
    cell: object, most: int = LONGEST, *, tag: str = "span", name: str = "", quoted: bool = False
) -> str:
    """Return a cell as an element, cut where it is very long; in its own direction, so that it turns nothing around it."""
    whole = text(cell)
    if not whole:
        return ""
    words = escape(whole if len(whole) <= most else whole[:most].rstrip() + "…")
    named = f' class="{name}"' if name else ""
    return f'<{tag}{named} dir="auto">{f"“{words}”" if quoted else words}</{tag}>'


def line(*parts: str) -> str:
    """Join those parts of a line that are there, as HTML."""
    return " · ".join(part for part in parts if part)


def colours(vocabulary: tuple[Status, ...], name: str) -> str:
    """Return a status's colours, on a light ground and on a dark one, as CSS."""
    light, dark = (looks(vocabulary, theme)[name].colour for theme in ("light", "dark"))
    return f"--light:{light};--dark:{dark}"


def chip(vocabulary: tuple[Status, ...], name: str, more: str = "", *, none: str = "") -> str:
    """Return a status as its sign in its colour and its word; one that is not in the vocabulary any more as its word."""
    status = next((one for one in vocabulary if one.name == name), None)
    if status is None:
        return f'<span class="fd-chip">{escape(name) or none}</span>'
    sign = escape(looks(vocabulary)[name].sign)
    coloured = f'<span class="fd-sign" style="{colours(vocabulary, name)}" aria-hidden="true">{sign}</span>'
    return f'<span class="fd-chip">{coloured} {escape(status.label)}{more}</span>'


def counts(ledger: Ledger) -> str:
    """Return how many claims have each status, as chips and a bar; apart from these what can't be read."""
    unread = ledger.unread
    held, vocabulary = ledger.status_on()["status"].value_counts(), ledger.settings.vocabulary
    found = [(status.name, int(held[status.name])) for status in vocabulary if held.get(status.name, 0)]
    chips = [chip(vocabulary, name, f" <b>{n:,}</b>") for name, n in found]
    chips += [chip(vocabulary, apart(len(unread.claims)))] if unread.claims else []
    bar = "".join(f'<span style="flex:{n};{colours(vocabulary, name)}"></span>' for name, n in found)
    return (
        (f'<p class="fd-counts">{" ".join(chips)}</p>' if chips else "")
        + (f'<div class="fd-bar" aria-hidden="true">{bar}</div>' if found else "")
        + (f'<p class="fd-soft">{escape(str(unread))}</p>' if unread else "")
    )


def no_claims(ledger: Ledger) -> str:
    """Return why there is no claim: none was logged, or none can be read."""
    return "No claim can be read" if "claims" in ledger.unread.rows else "No claims yet"


def statuses(ledger: Ledger) -> dict[str, str]:
    """Return the status of each claim on the latest day; words of its own where one of them can't be read."""
    held = ledger.status_on().drop_duplicates("claim_id")
    words = held["status"].astype("str").where(held["status"].notna(), UNREAD)
    return dict(zip(held["claim_id"].astype("str"), words, strict=True))


def due_words(due_on: str, would_settle: str) -> str:
    """Write when a promise or prediction is due, and what would settle it.

    >>> due_words("2031-06", ""), due_words("", "")
    ('Due June 2031', '')
    """
    when = f"Due {spoken_part(due_on) if is_due(due_on) else due_on}" if due_on else ""
    return line(when, f"Would settle it: {isolated(would_settle)}" if would_settle else "")


def words_at(address: str, words: str) -> str:
    """Return the address of words in a document: browsers scroll to them (the WICG's text fragments).

    Only of a web address; of any other none. As `wordsAt` in the explorer's script has it.

    >>> words_at("https://example.org/a", "good signals, he said")
    'https://example.org/a#:~:text=good%20signals%2C%20he%20said'
    >>> words_at("javascript:alert(1)", "x")
    ''
    """
    if not re.match(r"https?://", address, re.IGNORECASE):
        return ""
    # Of a quote with something left out, what stands before the gap.
    found = re.split(r"\[?(?:…|\.{3})\]?", words)[0].split()
    if not found:
        return address
    ends = [found] if len(found) <= 12 else [found[:5], found[-5:]]
    parts = ",".join(quote(" ".join(end), safe="._~").replace("-", "%2D") for end in ends)
    return f"{address}{'' if '#' in address else '#'}:~:text={parts}"


def link(address: str, words: str) -> str:
    """Return a link to a web address; to anything else there is none.

    >>> link("javascript:alert(1)", "read it")
    ''
    """
    try:
        urlsplit(address)
    except ValueError:  # brackets that hold no address
        return ""
    if not re.match(r"https?://", address, re.IGNORECASE):
        return ""
    whole, directive, _ = address.partition(":~:")
    # On paper stands where the document is, and not the words over again.
    at = f' data-at="{escape(whole.removesuffix("#"))}"' if directive else ""
    return f'<a href="{escape(address)}"{at} target="_blank" rel="noopener noreferrer">{escape(words)} ↗</a>'


def attached(ledger: Ledger) -> pd.DataFrame:
    """Return evidence with what is known of its sources, by stance and day."""
    sources = ledger.sources.drop_duplicates("source_id")
    rows = ledger.evidence.merge(sources, on="source_id", how="left", suffixes=("", "_of_source"))
    return rows.sort_values(["stance", "published_on"], kind="stable")


class Claims:
    """The claims of a ledger as HTML, with headings of a level; of level 0 where the place has none, as the desk."""

    def __init__(self, ledger: Ledger, level: int = 0) -> None:
        self.level, self.settings, self.ledger = level, ledger.settings, ledger
        self.claims = ledger.claims.drop_duplicates("claim_id").set_index("claim_id", drop=False)
        self.now = ledger.status_on().drop_duplicates("claim_id").set_index("claim_id")
        self.urls = ledger.sources.drop_duplicates("source_id").set_index("source_id")["url"]
        given = ledger.statuses
        self.given = given[given["status"].notna()].sort_values(["holds_from", "recorded_at", "status_id"])
        self.repeated = ledger.appearances[~ledger.appearances["first"]]
        self.attached = attached(ledger)
        self.unread = ledger.unread.claims

    def chip(self, name: object) -> str:
        """Return a status of the ledger; words of its own for a missing one."""
        return chip(self.settings.vocabulary, text(name) or UNREAD)

    def card(self, claim_id: str) -> str:
        """Return all that is known of a claim."""
        return f"{self.words(claim_id)}{self._head('Evidence', 'fd-h', 1)}{self.evidence(claim_id)}{self.held(claim_id)}"

    def words(self, claim_id: str) -> str:
        """Return who says what, and what is held of it since when."""
        claim: dict[Hashable, Any] = self.claims.loc[claim_id].to_dict()
        who = ", ".join(filter(None, (text(claim["claimant"]), text(claim["claimant_role"]))))
        at = words_at(text(self.urls.get(claim["appearance"], "")), claim["quote"])
        byline = line(shown(who), made_on(claim) or "no day", link(at, "where it was made"))
        quoted = shown(claim["quote"], tag="p", name="fd-quote", quoted=True)
        note = shown(claim["note"], tag="p", name="fd-soft")
        note += shown(due_words(claim["due_on"], claim["would_settle"]), tag="p", name="fd-soft")
        status = ""
        if claim_id in self.now.index:
            now: dict[Hashable, Any] = self.now.loc[claim_id].to_dict()
            is_given = now["status_id"] or claim_id in self.unread
            day = spoken(now["holds_from"]) if is_given else made_on(claim)
            since = f' <span class="fd-soft">since {day}</span>' if day else ""
            status = f'<p class="fd-now">{self.chip(now["status"])}{since}</p>'
        return (
            f'<p class="fd-soft">{byline}</p>{self._head(shown(claim["claim"]), "fd-words")}'
            f"{quoted}{status}{note}{self._repeats(claim_id)}"
        )

    def evidence(self, claim_id: str) -> str:
        """Return the sources attached to a claim, by what they do to it: words, publisher, day, grade and link."""
        rows, groups = self.attached[self.attached["claim_id"] == claim_id], []
        for stance in STANCES:
            of_stance = rows[(rows["stance"] == stance).to_numpy()]
            if len(of_stance):
                items = "".join(piece(row) for _, row in of_stance.iterrows())
                groups.append(
                    f'<p class="fd-h fd-stance"><span aria-hidden="true">{STANCE_SIGNS[stance]}</span> '
                    f'{stance.capitalize()} <span class="fd-soft">{len(of_stance)}</span></p>'
                    f'<ul class="fd-evidence">{items}</ul>'
                )
        if not groups:
            return '<p class="fd-soft">No source is attached yet.</p>'
        independent = measures.origins_in_words(self.ledger, [claim_id])
        return shown(independent.get(claim_id, ""), tag="p", name="fd-soft") + "".join(groups)

    def held(self, claim_id: str) -> str:
        """Return every status that a claim was given, oldest first: day, word, why, and what was not found."""
        rows = self.given[self.given["claim_id"] == claim_id]
        claim: dict[Hashable, Any] = self.claims.loc[claim_id].to_dict()
        first = claim["made_on"]
        items: list[str] = []
        if pd.isna(first):
            first = claim["logged_at"].tz_convert(self.settings.zone).tz_localize(None).normalize()
        if claim_id in self.unread:
            items.append(
                f"<li>{escape(f'A status of this claim {UNREAD}: what was held of it is not known.')}</li>"
            )
        elif not pd.isna(first) and (rows.empty or first < rows["holds_from"].iloc[0]):
            unheld = '<span class="fd-soft">No status given yet.</span>'
            begun = made_on(claim) or spoken(first)
            items.append(self._given(begun, self.settings.vocabulary[0].name, unheld))
        for _, row in rows.iterrows():
            gaps = f'<br><span class="fd-soft">Not found, or would change it: {shown(row["gaps"])}</span>'
            why = shown(row["rationale"]) + (gaps if row["gaps"] else "")
            items.append(self._given(spoken(row["holds_from"]), row["status"], why))
        return f'{self._head("What we held", "fd-h", 1)}<ul class="fd-held">{"".join(items)}</ul>'

    def _given(self, day: str, status: object, why: str) -> str:
        return f'<li><span class="fd-day">{day}</span> {self.chip(status)} <span class="fd-why">{why}</span></li>'

    def _repeats(self, claim_id: str) -> str:
        again = self.repeated[self.repeated["claim_id"] == claim_id]
        if again.empty:
            return ""
        times = "once" if len(again) == 1 else f"{len(again)} times"
        made = "".join(
            f"<li>{line(made_on(row) or 'no day', shown(row['claimant'], 120), shown(row['quote'], 300))}</li>"
            for _, row in again.iterrows()
        )
        return f'<details class="fd-soft"><summary>Made again {times}</summary><ul>{made}</ul></details>'

    def _head(self, words: str, name: str, deeper: int = 0) -> str:
        if not self.level:
            return f'<p class="{name}"><b>{words}</b></p>'
        tag = f"h{self.level + deeper}"
        return f'<{tag} class="{name}">{words}</{tag}>'


def piece(row: pd.Series) -> str:
    """Return a piece of evidence: its words, and where they stand."""
    words = text(row["quote"])
    cited = shown(words, name="fd-q", quoted=True)
    cited = cited or shown(text(row["title"]) or text(row["note"]) or "No words were noted.", 300)
    translated = shown(row["translation"], name="fd-q fd-soft", quoted=True)
    about = line(
        shown(row["publisher"], 120),
        spoken(row["published_on"]) or "no date",
        shown(row["type"], 120),
        grade(row),
        shown(row["place"], 120),
        link(words_at(text(row["url"]), words), "read the words" if words else "read it"),
    )
    return (
        f'<li>{cited}{f"<br>{translated}" if translated else ""}<br><span class="fd-soft">{about}</span></li>'
    )


def grade(row: pd.Series) -> str:
    """Return the Admiralty grade as one sign, with what it means."""
    source, information = escape(text(row["reliability"])), escape(text(row["credibility"]))
    if not source and not information:
        return ""
    meaning = line(f"source {source}" if source else "", f"information {information}" if information else "")
    return f'<abbr title="Admiralty grade: {meaning}">{source}{information}</abbr>'
