"""The explorer of a page: a ledger's claims on any day, as it held and as we knew it, without Python."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd

from factdesk.formats import counted, spoken_day
from factdesk.ledger.unread import apart
from factdesk.pages.claim import Claims, made_on, no_claims, shown
from factdesk.pages.explorer_rows import carried
from factdesk.pages.html import Part, escape, framed, kept_styles, static, table

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

SCRIPTS = tuple(f"explorer{of}.js" for of in ("_time", "_moments", "_card", "_bar", "_table", ""))
"""In the order in which they stand in the page, as one script."""
TABLED, CARDED = 200, 40
"""Claims in the table, and of those with a card, where no script runs; in print as well."""
TITLE = "The claims, day by day"

LINK = '<p><a href="#explorer">The claims of this ledger, on any day</a></p>'
"""Stands where a page has a further desk: one explorer is enough."""


def explorer(ledger: Ledger) -> tuple[str, Part]:
    """Return the explorer of a ledger, or of a view of it: what stands in the page, and what makes it work.

    The HTML says without a script what is held on the latest day. Costs a pass over the ledger.

    >>> import factdesk as fd
    >>> html, part = explorer(fd.open("claims.csv"))
    >>> html[:42], part.name
    ('<section class="explorer" id="explorer" ar', 'explorer')
    """
    script = "\n".join(static(name) for name in SCRIPTS)
    part = Part("explorer", f'(() => {{\n"use strict";\n{script}\n}})();', _style(ledger), carried(ledger))
    markup = (
        '<section class="explorer" id="explorer" aria-labelledby="explorer-title">\n'
        f'<h2 id="explorer-title">{TITLE}</h2>\n'
        f'<div class="fx-static">\n{_static(ledger)}\n</div>\n</section>'
    )
    return kept_styles(markup), part


def _style(ledger: Ledger) -> str:
    """Return the style sheet, with a class for the colour of each status."""
    of_statuses = "".join(
        f".fx-s{n}{{color:var(--status-{n})}}.fx-f{n}{{fill:var(--status-{n})}}"
        for n, _ in enumerate(ledger.settings.vocabulary)
    )
    # What can't be read is in no status, and leaves its room in the chart empty.
    unread = f".fx-f{len(ledger.settings.vocabulary)}{{fill:none}}" if ledger.unread.claims else ""
    return static("explorer.css") + of_statuses + unread + "\n"


def _static(ledger: Ledger) -> str:
    """Return what is held on the latest day: all claims in a table, and of each what bears on it."""
    claims = ledger.claims
    if claims.empty:
        return f'<p class="fd-soft">{no_claims(ledger)}.</p>'
    of = Claims(ledger, level=3)
    rows: list[tuple[str, ...]] = []
    cards: list[str] = []
    for _, claim in claims.head(TABLED).iterrows():
        claim_id = claim["claim_id"]
        words = shown(claim["claim"])
        if len(cards) < CARDED:
            words = f'<a href="#claim-{quote(claim_id)}">{words}</a>'
            cards.append(
                f'<article class="fx-card" id="claim-{escape(claim_id)}">\n{of.card(claim_id)}</article>'
            )
        status = of.now["status"].get(claim_id)
        held = "" if status is None else of.chip(status)
        rows.append((held, words, shown(claim["claimant"]), made_on(claim)))
    whole, latest = len(claims), ledger.latest_day
    as_of = "" if pd.isna(latest) else spoken_day(latest.date())
    left_out = [
        f"the first {n} of {whole:,} claims {where}"
        for n, where in ((TABLED, "stand in this table"), (CARDED, "with their evidence below it"))
        if whole > n
    ]
    note = f'<p class="fd-soft">Without a script, {" and ".join(left_out)}.</p>' if left_out else ""
    claims_held = framed(table(("Status", "Claim", "Claimant", "Made on"), rows))
    many = ", ".join(filter(None, (counted(whole - len(of.unread), "claim"), apart(len(of.unread)))))
    summary = f'<p class="fx-summary">{as_of}: {escape(many)}</p>'
    return "\n".join((summary, claims_held, note, *cards))
