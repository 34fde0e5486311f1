"""The desk as it is saved, for where no kernel runs: some claims in a table with their bands, the chosen one whole."""

from __future__ import annotations

import pandas as pd

from factdesk.desk.listing import Listing
from factdesk.formats import counted, spoken_day
from factdesk.ledger.ledger import Ledger
from factdesk.pages.claim import Claims, colours, counts, line, made_on, no_claims, shown
from factdesk.pages.html import escape

TABLED = 20
"""Claims in the table of a saved desk."""


def heading(ledger: Ledger) -> str:
    """Return the ledger's title, how many claims there are and how many have each status."""
    claims, latest = len(ledger.claims), ledger.latest_day
    many = counted(claims, "claim") if claims else no_claims(ledger)
    as_of = "" if pd.isna(latest) else f"as of {spoken_day(latest.date())}"
    return (
        f'<div class="fd-head"><div><p class="fd-title"><b>{escape(ledger.title)}</b></p>'
        f'<p class="fd-soft">{line(many, as_of)}</p></div><div>{counts(ledger)}</div></div>'
    )


def _row(of: str, *cells: str) -> str:
    # Said in the cells: of a notebook that is not trusted, JupyterLab shows no style sheet.
    short, long = "text-align:left;white-space:nowrap", "text-align:left;overflow-wrap:anywhere"
    styles = (short, long, long, short)
    made = "".join(f'<{of} style="{style}">{cell}</{of}>' for style, cell in zip(styles, cells, strict=True))
    return f"<tr>{made}</tr>"


def _band(listing: Listing, place: int) -> str:
    """Return a claim's statuses through time as a thin bar; what went before them is bare."""
    vocabulary, at, parts = listing.ledger.settings.vocabulary, 0.0, []
    for start, end, code in listing.band(place):
        if start > at:
            parts.append(f'<span style="flex:{start - at:.3f};background:none"></span>')
        look = colours(vocabulary, vocabulary[int(code)].name)
        parts.append(f'<span style="flex:{end - start:.3f};{look}"></span>')
        at = end
    return f'<div class="fd-bar" aria-hidden="true">{"".join(parts)}</div>' if parts else ""


def saved(ledger: Ledger, claim_id: str, part: str = "") -> str:
    """Return the desk as it stands: claims in a table, and the chosen one whole; of a part the one or the other.

    >>> import factdesk as fd
    >>> "20 of 22 claims" in saved(fd.open("claims.csv"), "trump-positive-signals")
    True
    """
    every = ledger.claims
    tabled = 0 if part in ("claim", "reader") else TABLED
    first = [*every["claim_id"].head(tabled), *([claim_id] if claim_id else [])]
    view = ledger.where(claim_id=first)
    claims, listing = Claims(view), Listing(view)
    rows = [_row("th", "Status", "Claim", "Claimant", "Made on")]
    for _, row in (
        view.claims[view.claims["claim_id"].isin(first[:tabled])].drop_duplicates("claim_id").iterrows()
    ):
        status = claims.now["status"].get(row["claim_id"])
        word = claims.chip(status) if status is not None else ""
        band = _band(listing, listing.place(row["claim_id"]))
        words = shown(row["claim"], 400) + band
        rows.append(_row("td", word, words, shown(row["claimant"], 120), made_on(row)))
    table = f"<table><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table>"
    parts = [heading(ledger), f'<div class="fd-scroll">{table}</div>' if len(rows) > 1 else ""]
    if len(every) > tabled > 0:
        parts.append(f'<p class="fd-soft">{tabled} of {counted(len(every), "claim")}</p>')
    if claim_id and part in ("", "claim"):
        parts.append(claims.card(claim_id))
    return "".join(parts)
