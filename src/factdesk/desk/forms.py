"""The desk's forms, said by the columns of the tables; and what was typed into one, as the arguments of a public call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from factdesk.errors import InvalidValue
from factdesk.schema import APPEARANCES, CLAIMS, EVIDENCE, SOURCES, STATUSES_TABLE, Settings, Table

Field = dict[str, Any]
Values = dict[str, Any]

ADDRESS = "https://… or a known source"
KEPT = ("claimant", "claimant_role", "made_on", "appearance", "topics")
"""What of a claim that was logged stands ready for the next one of a series."""


def field(table: Table, name: str, label: str, hint: str = "", *, needed: bool = False, **more: Any) -> Field:
    """Return a field for a column: what it holds decides the control, and its meaning explains it.

    >>> field(EVIDENCE, "stance", "Stance", needed=True)["choices"][1]
    ['supports', 'supports']
    """
    column = table.by_name[name]
    kind = {"text": "text", "day": "day", "due": "day", "source": "source"}.get(column.holds, "line")
    choices = [["", ""], *([one, one] for one in column.choices)] if column.choices else []
    found = {"name": name, "label": label, "hint": hint, "about": column.meaning, "needed": needed}
    return found | {"kind": "choice" if choices else kind, "choices": choices} | more


def forms(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return what the forms ask for; `more` is folded away until it is asked for.

    >>> sorted(forms(Settings()))
    ['attach', 'log', 'repeat', 'status']
    """
    words = [
        ["", "New status…"],
        *([one.name, f"{one.label} {one.sign}".strip()] for one in settings.vocabulary),
    ]
    part = "YYYY-MM-DD, YYYY-MM or YYYY"
    return {
        "log": {
            "title": f"Log a {settings.noun}", "button": f"Log {settings.noun}", "keeps": KEPT,
            "fields": [
                field(CLAIMS, "claim", "Claim", "One checkable proposition, in your own words", needed=True, kind="text"),
                field(CLAIMS, "claimant", "Claimant", "Who asserts it", needed=True, list="claimants"),
                field(CLAIMS, "made_on", "Made on", part),
                field(CLAIMS, "appearance", "Where it was made", ADDRESS),
                field(CLAIMS, "quote", "Exact words"),
            ],
            "more": [
                field(CLAIMS, "claimant_role", "Role of the claimant", "The title held on the day"),
                field(CLAIMS, "kind", "Kind of claim"),
                field(CLAIMS, "topics", "Topics", "several are separated by ;", list="topics"),
                field(CLAIMS, "due_on", "Due on", part),
                field(CLAIMS, "would_settle", "What would settle it"),
                field(CLAIMS, "note", "Note on the claim"),
            ],
        },
        "attach": {
            "title": "Attach a source", "button": "Attach source",
            "fields": [
                field(SOURCES, "url", "Source", ADDRESS, needed=True, kind="source"),
                field(EVIDENCE, "stance", "Stance", needed=True),
                field(EVIDENCE, "quote", "Quote from the source", "The words that bear on it, exactly"),
                field(SOURCES, "published_on", "Published on", "YYYY-MM-DD"),
                field(SOURCES, "publisher", "Publisher"),
            ],
            "more": [
                {"name": "file", "label": "File, or the page as saved", "kind": "file", "choices": [], "needed": False,
                 "hint": "", "about": "its bytes are kept in the ledger"},
                field(SOURCES, "title", "Title"),
                field(SOURCES, "type", "Type of source"),
                field(EVIDENCE, "place", "Place in the source", "p. 12, para 3, 00:14:33"),
                field(SOURCES, "reliability", "Reliability, A best"),
                field(EVIDENCE, "credibility", "Credibility, 1 best"),
                field(EVIDENCE, "translation", "Translation"),
                field(EVIDENCE, "note", "Note on the evidence"),
            ],
        },
        "status": {
            "title": "Set a status", "button": "Set status",
            "fields": [
                field(STATUSES_TABLE, "status", "New status", needed=True, kind="choice", choices=words),
                field(STATUSES_TABLE, "holds_from", "Holds from", "today"),
                field(STATUSES_TABLE, "rationale", "Rationale", "Why? One or two sentences; tick the evidence below",
                      needed=True, kind="line"),
            ],
            "more": [
                field(STATUSES_TABLE, "gaps", "Gaps", "What was not found, or would change it"),
                field(STATUSES_TABLE, "reviewed_by", "Reviewed by"),
            ],
        },
        "repeat": {
            "title": "Made again", "button": "Log appearance",
            "fields": [
                field(APPEARANCES, "claimant", "Claimant", "As when it was made first", list="claimants"),
                field(APPEARANCES, "made_on", "Made on", "YYYY-MM-DD"),
                field(APPEARANCES, "source_id", "Where it was made", ADDRESS) | {"name": "appearance"},
                field(APPEARANCES, "quote", "Exact words"),
                field(APPEARANCES, "place", "Place in the document", "p. 12, para 3, 00:14:33"),
                field(APPEARANCES, "note", "Note on the appearance"),
            ],
            "more": [],
        },
    }  # fmt: skip


LABELS = {
    "claim": "Claim", "claimant": "Claimant", "claimant_role": "Role of the claimant", "made_on": "Made on",
    "quote": "Exact words", "appearance": "Where it was made", "kind": "Kind of claim", "topics": "Topics",
    "due_on": "Due on", "would_settle": "What would settle it", "holds_from": "Holds from",
    "reviewed_by": "Reviewed by", "published_on": "Published on", "published_at": "Published at", "url": "Address",
    "source_id": "Source",
}  # fmt: skip


def cells_to_edit(table: Table, row: Mapping[str, str], settings: Settings) -> list[Field]:
    """Return a field for each cell of a row that can be edited, with what stands there.

    >>> [one["value"] for one in cells_to_edit(CLAIMS, {"claim": "It rained."}, Settings())][:2]
    ['It rained.', '']
    """
    found = []
    for name in table.editable:
        if name in (
            "evidence",
            "made_on_precision",
        ):  # ids are ticked; a day says by itself how much is known
            continue
        label = LABELS.get(name, name.replace("_", " ").capitalize())
        value = str(row.get(name) or "")
        one = field(table, name, label, needed=table.by_name[name].required)
        if one["kind"] == "source":
            one["kind"] = "line"
        if table.by_name[name].holds == "status":
            one |= {"kind": "choice", "choices": [[status, status] for status in settings.statuses]}
        found.append(one | {"value": value})
    return found


def refusal(error: InvalidValue, fields: Sequence[Field], columns: Mapping[str, str]) -> tuple[str, str]:
    """Return the field that an error is about and what to say beside it; no field where the form has none of that name."""
    name = columns.get(error.column, error.column)
    of = next((one for one in fields if one["name"] == name), None)
    if of is None:
        return "", str(error)
    if error.value is None or not str(error.value).strip():
        return name, f"Needed: {of['about']}."
    return name, f"This can’t be used. Allowed: {error.allowed}."
