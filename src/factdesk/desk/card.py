"""The desk's head, and the desk as it is saved, for where no kernel runs."""

from __future__ import annotations

import pandas as pd

from factdesk.formats import counted, spoken_day
from factdesk.ledger.ledger import Ledger
from factdesk.pages.claim import Claims, counts, line, made_on, no_claims, shown, text
from factdesk.pages.html import escape
from factdesk.schema import STANCE_SIGNS
from factdesk.text import host

TABLED = 40
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


def labelled(row: pd.Series) -> str:
    """Return evidence in a line of plain text, to tick it by."""
    url = text(row["url"])
    words = text(row["quote"]) or text(row["title"]) or host(url) or url or text(row["evidence_id"])
    words = words if len(words) <= 90 else words[:88].rstrip() + "…"
    return line(f"{STANCE_SIGNS[row['stance']]} {row['stance']}", text(row["publisher"]), f"“{words}”")


def _row(of: str, *cells: str) -> str:
    # Said in the cells: of a notebook that is not trusted, JupyterLab shows no style sheet.
    short, long = "text-align:left;white-space:nowrap", "text-align:left;overflow-wrap:anywhere"
    styles = (short, long, long, short)
    made = "".join(f'<{of} style="{style}">{cell}</{of}>' for style, cell in zip(styles, cells, strict=True))
    return f"<tr>{made}</tr>"


def saved(ledger: Ledger, claim_id: str) -> str:
    """Return the desk as it stands, for where no kernel runs: all claims in a table, and the chosen one whole."""
    claims = Claims(ledger)
    rows = [_row("th", "Status", "Claim", "Claimant", "Made on")]
    for _, row in ledger.claims.head(TABLED).iterrows():
        status = claims.now["status"].get(row["claim_id"])
        word = claims.chip(status) if status is not None else ""
        rows.append(_row("td", word, shown(row["claim"], 400), shown(row["claimant"], 120), made_on(row)))
    table = f"<table><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table>"
    more = len(ledger.claims) - TABLED
    parts = [heading(ledger), f'<div class="fd-scroll">{table}</div>' if len(rows) > 1 else ""]
    if more > 0:
        parts.append(f'<p class="fd-soft">and {more:,} more</p>')
    if claim_id:
        parts.append(claims.card(claim_id))
    return "".join(parts)
