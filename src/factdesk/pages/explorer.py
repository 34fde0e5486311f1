"""The explorer of a page: a ledger's claims on any day, as it held and as we knew it, without Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pandas as pd

from factdesk.formats import counted, spoken_day
from factdesk.pages.explorer_rows import carried
from factdesk.pages.html import Part, escape, static
from factdesk.schema import STANCE_SIGNS, STANCES, Status

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

SCRIPTS = tuple(f"explorer{of}.js" for of in ("_time", "_moments", "_card", "_bar", "_table", ""))
"""In the order in which they stand in the page, as one script."""
TABLED, CARDED = 200, 40
"""Claims in the table, and of those with a card, where no script runs; in print as well."""
LONGEST = 1_200
"""Characters of a quote that such a card shows."""

TITLE = "The claims, day by day"

LINK = '<p><a href="#explorer">The claims of this ledger, on any day</a></p>'
"""Stands where a page has a further desk: one explorer is enough."""


def explorer(ledger: Ledger) -> tuple[str, Part]:
    """Give the explorer of a ledger: what stands in the page, and what makes it work.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or any view of it.

    Returns
    -------
    tuple of str and Part
        HTML that says without a script what is held on the ledger's latest day, and the script that makes it
        follow any other, with its style and its data. Costs a pass over the ledger.

    Examples
    --------
    >>> import factdesk as fd
    >>> html, part = explorer(fd.open("claims.csv"))
    >>> html[:42], part.name
    ('<section class="explorer" id="explorer" ar', 'explorer')
    """
    script = "\n".join(static(name) for name in SCRIPTS)
    part = Part("explorer", f'(() => {{\n"use strict";\n{script}\n}})();', _style(ledger), carried(ledger))
    return _markup(ledger), part


def words_at(address: str, words: str) -> str:
    """Give the address of words in a document: browsers scroll to them (the WICG's text fragments).

    Only of a web address; of any other none. As `wordsAt` in the script has it.

    Examples
    --------
    >>> words_at("https://example.org/a", "good signals, he said")
    'https://example.org/a#:~:text=good%20signals%2C%20he%20said'
    >>> words_at("javascript:alert(1)", "x")
    ''
    """
    if not re.match(r"https?://", address, re.IGNORECASE):
        return ""
    # Of a quote with something left out, what stands before the gap.
    said = re.split(r"\[?(?:…|\.{3})\]?", words)[0].split()
    if not said:
        return address
    ends = [said] if len(said) <= 12 else [said[:5], said[-5:]]
    parts = ",".join(quote(" ".join(end), safe="._~").replace("-", "%2D") for end in ends)
    return f"{address}{'' if '#' in address else '#'}:~:text={parts}"


def _style(ledger: Ledger) -> str:
    """Give the style sheet, with a class for the colour of each status."""
    of_statuses = "".join(
        f".fx-s{n}{{color:var(--status-{n})}}.fx-f{n}{{fill:var(--status-{n})}}"
        for n, _ in enumerate(ledger.settings.vocabulary)
    )
    return static("explorer.css") + of_statuses + "\n"


def _markup(ledger: Ledger) -> str:
    latest = ledger.latest_day
    as_of = spoken_day(latest.date()) if not pd.isna(latest) else ""
    return (
        '<section class="explorer" id="explorer" aria-labelledby="explorer-title">\n'
        f'<h2 id="explorer-title">{TITLE}</h2>\n'
        f'<div class="fx-static">\n{_static(ledger, as_of)}\n</div>\n</section>'
    )


def _static(ledger: Ledger, as_of: str) -> str:
    """Say what is held on the latest day: all claims in a table, and of each what bears on it."""
    claims = ledger.claims
    if claims.empty:
        return '<p class="fx-soft">No claims yet.</p>'
    held = ledger.status_on().drop_duplicates("claim_id").set_index("claim_id")
    sources = ledger.sources.set_index("source_id").add_prefix("of_source_")
    evidence = ledger.evidence.join(sources, on="source_id")
    order = evidence["stance"].astype("str").map({stance: n for n, stance in enumerate(STANCES)})
    evidence = evidence.assign(order=order).sort_values(["order", "of_source_published_on"], kind="stable")
    given = ledger.statuses.sort_values(["holds_from", "recorded_at", "status_id"])
    urls = dict(zip(sources.index, sources["of_source_url"], strict=True))
    rows: list[str] = []
    cards: list[str] = []
    for _, claim in claims.head(TABLED).iterrows():
        now = held.loc[claim["claim_id"]] if claim["claim_id"] in held.index else None
        word = _chip(ledger, str(now["status"])) if now is not None else ""
        has_card = len(cards) < CARDED
        words = escape(claim["claim"])
        words = f'<a href="#claim-{quote(claim["claim_id"])}">{words}</a>' if has_card else words
        cells = (word, words, escape(claim["claimant"]), _day(claim["made_on"]))
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
        if has_card:
            of_claim = (frame[frame["claim_id"] == claim["claim_id"]] for frame in (evidence, given))
            cards.append(_card(ledger, claim, now, urls.get(claim["appearance"], ""), *of_claim))
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Status", "Claim", "Claimant", "Made on"))
    whole = len(claims)
    left_out = [
        f"the first {n} of {whole:,} claims {where}"
        for n, where in ((TABLED, "stand in this table"), (CARDED, "with their evidence below it"))
        if whole > n
    ]
    told = f'<p class="fx-soft">Without a script, {" and ".join(left_out)}.</p>' if left_out else ""
    many = counted(whole, "claim")
    return (
        f'<p class="fx-said">{as_of}: {many}</p>\n<div class="scroll" tabindex="0" role="group" aria-label="Table">'
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>{chr(10).join(rows)}</tbody></table></div>\n{told}\n"
        + "\n".join(cards)
    )


def _card(
    ledger: Ledger,
    claim: pd.Series,
    now: pd.Series | None,
    url: str,
    evidence: pd.DataFrame,
    given: pd.DataFrame,
) -> str:
    """Give one claim: its status and since when, the words that bear on it, and every status given, with why."""
    who = ", ".join(filter(None, (claim["claimant"], claim["claimant_role"])))
    made = _link(words_at(url, claim["quote"]), "where it was made")
    parts = (_said(who), _day(claim["made_on"]), made)
    since = (
        f'<p class="fx-held">{_chip(ledger, str(now["status"]))} <span class="fx-soft">since '
        f"{spoken_day(now['holds_from'].date())}</span></p>"
        if now is not None and not pd.isna(now["holds_from"])
        else ""
    )
    quoted = (
        f'<blockquote class="fx-quote" dir="auto">“{_cut(claim["quote"])}”</blockquote>'
        if claim["quote"]
        else ""
    )
    items = "".join(_piece(row) for _, row in evidence.iterrows())
    pieces = f'<h4>Evidence</h4>\n<ul class="fx-evidence">{items}</ul>' if items else ""
    steps = "".join(
        f'<li><span class="fx-day">{_day(row["holds_from"])}</span> {_chip(ledger, str(row["status"]))} '
        f'<span class="fx-why">{_said(row["rationale"])}{_gaps(row["gaps"])}</span></li>'
        for _, row in given.iterrows()
        if not pd.isna(row["status"])
    )
    changes = f'<h4>What we held</h4>\n<ol class="fx-changes">{steps}</ol>' if steps else ""
    return (
        f'<article class="fx-card" id="claim-{escape(claim["claim_id"])}">\n'
        f'<p class="fx-soft">{" · ".join(filter(None, parts))}</p>\n'
        f'<h3 class="fx-claim" dir="auto">{escape(claim["claim"])}</h3>\n{since}{quoted}{pieces}{changes}</article>'
    )


def _piece(row: pd.Series) -> str:
    url = "" if pd.isna(row["of_source_url"]) else str(row["of_source_url"])
    words = str(row["quote"])
    title = "" if pd.isna(row["of_source_title"]) else str(row["of_source_title"])
    said = f"“{_cut(words)}”" if words else _cut(title or row["note"] or "No words were noted.")
    look = ' class="fx-words"' if words else ""
    translated = (
        f'<p class="fx-words fx-soft" dir="auto">“{_cut(row["translation"])}”</p>'
        if row["translation"]
        else ""
    )
    publisher = "" if pd.isna(row["of_source_publisher"]) else str(row["of_source_publisher"])
    about = (
        f'<span aria-hidden="true">{STANCE_SIGNS[row["stance"]]}</span> {row["stance"]}',
        _said(publisher),
        _day(row["of_source_published_on"]),
        _said(row["place"]),
        _link(words_at(url, words), "read the words" if words else "read it"),
    )
    return f'<li><p{look} dir="auto">{said}</p>{translated}<p class="fx-soft">{" · ".join(filter(None, about))}</p></li>'


def _cut(text: str) -> str:
    return escape(text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…")


def _gaps(text: str) -> str:
    return (
        f'<span class="fx-gaps fx-soft" dir="auto">Not found, or would change it: {_cut(text)}</span>'
        if text
        else ""
    )


def _said(text: str) -> str:
    """Give text in its own direction, so that it turns nothing around it."""
    return f'<span dir="auto">{_cut(text)}</span>' if text else ""


def _day(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _chip(ledger: Ledger, name: str) -> str:
    vocabulary: tuple[Status, ...] = ledger.settings.vocabulary
    code = ledger.settings.statuses.index(name)
    status = vocabulary[code]
    return (
        f'<span class="fx-chip"><span class="fx-sign fx-s{code}" aria-hidden="true">{escape(status.sign)}</span>'
        f'<span class="fx-word">{escape(status.label)}</span></span>'
    )


def _link(address: str, words: str) -> str:
    try:
        urlsplit(address)
    except ValueError:  # brackets that hold no address
        return ""
    if not address:
        return ""
    plain, directive, _ = address.partition(":~:")
    # On paper stands where the document is, and not the words over again.
    at = f' data-at="{escape(plain.removesuffix("#"))}"' if directive else ""
    return f'<a href="{escape(address)}"{at} target="_blank" rel="noopener noreferrer">{words} ↗</a>'
