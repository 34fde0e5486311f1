"""Write the parts of `docs/ledger.md` that the schema says: tables, columns and status vocabularies.

`--check` only says whether the page is as the schema says.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from factdesk.schema import SEALS, TABLES, VOCABULARY, Column, Status, Table
from factdesk.vocabularies import VOCABULARIES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "ledger.md"

HOLDS = {
    "id": "id", "claim": "id of a claim", "source": "id of a source", "evidence": "ids of evidence, by `;`",
    "line": "text on one line", "text": "text", "several": "texts, by `;`", "day": "day", "due": "day, month or year", "moment": "moment",
    "status": "status", "number": "whole number", "hash": "SHA-256",
}  # fmt: skip


def tables() -> str:
    """Return a heading and a table of columns for each table."""
    return "\n".join(_table(table) for table in (*TABLES.values(), SEALS))


def _table(table: Table) -> str:
    file = "claims.csv" if table.name == "claims" else f"claims/{table.name}.csv"
    rows = "\n".join(f"| `{c.name}` | {_holds(c)} | {c.meaning} |" for c in table.columns)
    needed = ", ".join(f"`{c.name}`" for c in table.columns if c.required)
    return (
        f"### `{file}`: {table.meaning}\n\n| column | holds | what it is for |\n| --- | --- | --- |\n{rows}\n\n"
        f"Never empty: {needed}.\n"
    )


def _holds(column: Column) -> str:
    return ", ".join(f"`{choice}`" for choice in column.choices) if column.choices else HOLDS[column.holds]


def vocabulary() -> str:
    """Return the default status vocabulary as a table."""
    rows = "\n".join(
        f"| {s.sign} `{s.name}` | {'settled' if s.settled else 'open'} | {s.rating or 'words only'} "
        f"| `{s.colour}` | `{s.dark}` |"
        for s in VOCABULARY
    )
    head = "| status | open or settled | ClaimReview rating of 5 | colour on light | on dark |\n| --- | --- | --- | --- | --- |"
    return f"{head}\n{rows}\n"


def vocabularies() -> str:
    """Return the ready vocabularies as a table."""
    rows = "\n".join(
        f"| `{name}` | {', '.join(_worded(s) for s in of.statuses)} | {of.meaning} |"
        for name, of in VOCABULARIES.items()
    )
    return f"| name | statuses, the open ones in *italics*, with their ratings | what it is |\n| --- | --- | --- |\n{rows}\n"


def _worded(status: Status) -> str:
    rating = f" {status.rating}" if status.rating else ""
    return f"{status.name}{rating}" if status.settled else f"*{status.name}*"


def page() -> str:
    """Return the page as it has to be."""
    text = PAGE.read_text("utf-8")
    parts = {"tables": tables(), "vocabulary": vocabulary(), "vocabularies": vocabularies()}
    for name, part in parts.items():
        marked = re.compile(f"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text = marked.sub(lambda found, part=part: f"{found[1]}\n{part}\n{found[2]}", text)  # type: ignore[misc]
    return text


def main(words: list[str]) -> int:
    """Write the page, or check it."""
    if words == ["--check"]:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
