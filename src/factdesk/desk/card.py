"""A ledger's claims as HTML for the desk, alive or saved: whatever stands in a cell is text here."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pandas as pd

from factdesk.formats import spoken_day
from factdesk.ledger.ledger import Ledger
from factdesk.pages.html import escape
from factdesk.schema import STANCE_SIGNS, STANCES, Status

LONGEST = 1_200
"""Characters of a quote or note that are shown; the frames hold the rest."""
TABLED = 40
"""Claims in the table of a saved desk."""


def text(cell: object) -> str:
    """Give a cell as text: a missing one is empty, a day is written as the files hold it."""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    return "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def shown(cell: object, most: int = LONGEST) -> str:
    """Give a cell as HTML, cut where it is very long."""
    whole = text(cell)
    return escape(whole if len(whole) <= most else whole[:most].rstrip() + "…")


def chip(status: Status, more: str = "") -> str:
    """Give a status as its sign in its colour, its word, and what else is to be said of it."""
    return (
        f'<span class="fd-chip"><span class="fd-sign" style="--light:{status.colour};--dark:{status.dark}" '
        f'aria-hidden="true">{escape(status.sign)}</span> {escape(status.label)}{more}</span>'
    )


def link(address: str, words: str) -> str:
    """Give a link to a web address; to anything else there is none, only the words.

    >>> link("javascript:alert(1)", "read")
    ''
    """
    if not re.match(r"https?://", address, re.IGNORECASE):
        return ""
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(words)} ↗</a>'


def host(address: str) -> str:
    """Give the name of the server that an address leads to."""
    try:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    except ValueError:
        return address


def line(*parts: str) -> str:
    """Join what is there of some parts of a line, as HTML."""
    return " · ".join(part for part in parts if part)


def heading(ledger: Ledger) -> str:
    """Give the ledger's title, how many claims there are and how many have each status."""
    held = ledger.status_on()["status"].value_counts()
    counted = [(status, int(held.get(status.name, 0))) for status in ledger.settings.vocabulary]
    counted = [(status, n) for status, n in counted if n]
    bar = "".join(
        f'<span style="flex:{n};--light:{status.colour};--dark:{status.dark}"></span>'
        for status, n in counted
    )
    chips = " ".join(chip(status, f" <b>{n:,}</b>") for status, n in counted)
    claims, latest = len(ledger.claims), ledger.latest_day
    many = "No claims yet" if not claims else "1 claim" if claims == 1 else f"{claims:,} claims"
    as_of = "" if pd.isna(latest) else f"as of {spoken_day(latest.date())}"
    return (
        f'<div class="fd-head"><div><p class="fd-title"><b>{escape(ledger.title)}</b></p>'
        f'<p class="fd-soft">{line(many, as_of)}</p></div>'
        f'<div><p class="fd-counts">{chips}</p><div class="fd-bar" aria-hidden="true">{bar}</div></div></div>'
    )


def words(one: Ledger) -> str:
    """Give who says what since when, and what is held of it; `one` is a view of a single claim."""
    claim = one.claims.iloc[0]
    sources = one.sources.set_index("source_id")
    where = sources["url"].get(claim["appearance"], "")
    role = text(claim["claimant_role"])
    byline = line(
        escape(text(claim["claimant"]) + (f", {role}" if role else "")),
        text(claim["made_on"]) or "no day",
        link(text(where), "where it was made"),
    )
    quote = f'<p class="fd-quote">“{shown(claim["quote"])}”</p>' if claim["quote"] else ""
    again = one.appearances
    again = again[~again["first"]]
    repeated = "".join(
        f"<li>{line(text(row['made_on']) or 'no day', shown(row['claimant'], 120), shown(row['quote'], 300))}</li>"
        for _, row in again.iterrows()
    )
    repeated = f'<details class="fd-soft"><summary>Made again {_times(len(again))}</summary><ul>{repeated}</ul></details>'
    note = f'<p class="fd-note">{shown(claim["note"])}</p>' if claim["note"] else ""
    held = one.status_on()
    status = ""
    if len(held):
        now = held.iloc[0]
        since = now["holds_from"] if not pd.isna(now["holds_from"]) else claim["made_on"]
        told = f'<span class="fd-soft">since {spoken_day(since.date())}</span>' if not pd.isna(since) else ""
        status = f"<p>{chip(one.settings.status(now['status']))} {told}</p>"
    return (
        f'<p class="fd-soft">{byline}</p><p class="fd-words"><b>{shown(claim["claim"])}</b></p>{quote}{status}{note}'
        f"{repeated if len(again) else ''}"
    )


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"


def held(one: Ledger) -> str:
    """Give every status that the claim was given, oldest first: day, word, why, and what was not found."""
    rows = one.statuses.sort_values(["holds_from", "recorded_at"])
    spells = one.intervals()
    items = []
    if len(spells) and (rows.empty or spells["start"].iloc[0] < rows["holds_from"].iloc[0]):
        first = one.settings.status(str(spells["status"].iloc[0]))
        items.append(
            _given(text(spells["start"].iloc[0]), first, '<span class="fd-soft">No status given yet.</span>')
        )
    for _, row in rows.iterrows():
        gaps = f'<br><span class="fd-soft">Not found, or would change it: {shown(row["gaps"])}</span>'
        why = shown(row["rationale"]) + (gaps if row["gaps"] else "")
        items.append(_given(text(row["holds_from"]), one.settings.status(row["status"]), why))
    return f'<p class="fd-h"><b>What we held</b></p><ul class="fd-held">{"".join(items)}</ul>'


def _given(day: str, status: Status, why: str) -> str:
    return f'<li><span class="fd-day">{day}</span> {chip(status)} <span class="fd-why">{why}</span></li>'


def attached(one: Ledger) -> pd.DataFrame:
    """Give the claim's evidence with what is known of each source, by stance and day."""
    rows = one.evidence.merge(one.sources, on="source_id", how="left", suffixes=("", "_of_source"))
    return rows.sort_values(["stance", "published_on"], kind="stable")


def evidence(one: Ledger) -> str:
    """Give the sources attached to the claim, by what they do to it: words, publisher, day, grade and link."""
    rows, groups = attached(one), []
    for stance in STANCES:
        of_stance = rows[(rows["stance"] == stance).to_numpy()]
        if len(of_stance):
            items = "".join(_set(row) for _, row in of_stance.iterrows())
            groups.append(
                f'<p class="fd-h fd-stance"><span aria-hidden="true">{STANCE_SIGNS[stance]}</span> '
                f'{stance.capitalize()} <span class="fd-soft">{len(of_stance)}</span></p><ul class="fd-evidence">{items}</ul>'
            )
    return "".join(groups) or '<p class="fd-soft">No source is attached yet.</p>'


def _set(row: pd.Series) -> str:
    said = f'<span class="fd-q">“{shown(row["quote"])}”</span>' if row["quote"] else ""
    said = said or f"<span>{shown(row['title'] or row['note'] or 'No words were noted.', 300)}</span>"
    translated = (
        f'<br><span class="fd-q fd-soft">“{shown(row["translation"])}”</span>' if row["translation"] else ""
    )
    return (
        f'<li>{said}{translated}<br><span class="fd-soft">'
        + line(
            shown(row["publisher"], 120),
            text(row["published_on"]) or "no date",
            text(row["type"]),
            grade(row),
            shown(row["place"], 120),
            link(text(row["url"]), host(text(row["url"]))),
        )
        + "</span></li>"
    )


def grade(row: pd.Series) -> str:
    """Give the Admiralty grade as one sign, with what it means."""
    source, information = text(row["reliability"]), text(row["credibility"])
    if not source and not information:
        return ""
    meaning = line(f"source {source}" if source else "", f"information {information}" if information else "")
    return f'<abbr title="Admiralty grade: {meaning}">{source}{information}</abbr>'


def labelled(row: pd.Series) -> str:
    """Give evidence in a line of plain text, to tick it by."""
    said = text(row["quote"]) or text(row["title"]) or host(text(row["url"])) or text(row["evidence_id"])
    said = said if len(said) <= 90 else said[:88].rstrip() + "…"
    return line(f"{STANCE_SIGNS[row['stance']]} {row['stance']}", text(row["publisher"]), f"“{said}”")


def _row(of: str, *cells: str) -> str:
    # Said in the cells: of a notebook that is not trusted, JupyterLab shows no style sheet.
    short, long = "text-align:left;white-space:nowrap", "text-align:left;overflow-wrap:anywhere"
    looks = (short, long, long, short)
    told = "".join(f'<{of} style="{look}">{cell}</{of}>' for look, cell in zip(looks, cells, strict=True))
    return f"<tr>{told}</tr>"


def saved(ledger: Ledger, claim_id: str) -> str:
    """Give the desk as it stands, for where no kernel runs: all claims in a table, and the chosen one whole."""
    held_now = ledger.status_on().set_index("claim_id")["status"]
    claims = ledger.claims
    rows = [_row("th", "Status", "Claim", "Claimant", "Made on")]
    for _, row in claims.head(TABLED).iterrows():
        status = held_now.get(row["claim_id"])
        word = chip(ledger.settings.status(status)) if status is not None else ""
        rows.append(
            _row("td", word, shown(row["claim"], 400), shown(row["claimant"], 120), text(row["made_on"]))
        )
    table = f"<table><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table>"
    table = f'<div class="fd-scroll">{table}</div>'
    more = len(claims) - TABLED
    parts = [heading(ledger), table if len(claims) else ""]
    if more > 0:
        parts.append(f'<p class="fd-soft">and {more:,} more</p>')
    if claim_id:
        one = ledger.where(claim_id=claim_id)
        parts.append(f'{words(one)}<p class="fd-h"><b>Evidence</b></p>{evidence(one)}{held(one)}')
    return "".join(parts)
