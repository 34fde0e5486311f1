"""How a sheet comes in: which column is what, which rating is which status, how its days are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from factdesk.errors import InvalidValue, NotFound, nearest
from factdesk.exchange.days import DAY_FIRST, EXCEL, MONTH_FIRST
from factdesk.exchange.fields import FIELDS


@dataclass(frozen=True)
class Plan:
    """How the rows of one kind of sheet become claims, kept with the ledger so that the next one comes in the same way.

    `columns` has a field or nothing for each column, `statuses` a status or nothing for each rating as it is written,
    `constants` what holds of every row; `order`, `numbers` and `languages` say how days are written.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    numbers: str = ""
    languages: tuple[str, ...] = ("en",)

    def of(self, name: str) -> list[str]:
        """Return the columns that are a field.

        >>> Plan({"Speaker": "claimant", "Link": "source", "Link (2)": "source"}).of("source")
        ['Link', 'Link (2)']
        """
        return [column for column, of in self.columns.items() if of == name]

    def corrected(
        self,
        columns: Mapping[str, str | None] | None = None,
        statuses: Mapping[str, str | None] | None = None,
        days: str | tuple[str, ...] | list[str] | None = None,
        constants: Mapping[str, str] | None = None,
    ) -> Plan:
        """Return the plan with what a person says of it.

        Raises
        ------
        NotFound, InvalidValue
            Where there is no such column or field, or days are said in words that nobody knows.
        """
        for column, name in (columns or {}).items():
            if column not in self.columns:
                raise NotFound("column of the sheet:", column, nearest(column, list(self.columns)))
            if name and name not in FIELDS:
                raise InvalidValue.choice("columns", name, list(FIELDS))
        for name in constants or {}:
            if name not in FIELDS:
                raise InvalidValue.choice("constants", name, list(FIELDS))
        order, numbers, languages = self.order, self.numbers, self.languages
        for word in (days,) if isinstance(days, str) else days or ():
            if word in (DAY_FIRST, MONTH_FIRST):
                order = word
            elif word == EXCEL:
                numbers = EXCEL
            elif isinstance(word, str) and re.fullmatch("[a-z]{2}(-[A-Za-z]{2,4})?", word):
                languages = tuple(dict.fromkeys([*languages, word]))
            else:
                allowed = (
                    f"'{DAY_FIRST}', '{MONTH_FIRST}', '{EXCEL}' and languages by their codes, such as 'de'"
                )
                raise InvalidValue("days", word, allowed)
        return replace(
            self,
            columns={**self.columns, **_said(columns)},
            statuses={**self.statuses, **_said(statuses)},
            constants={**self.constants, **(constants or {})},
            order=order,
            numbers=numbers,
            languages=languages,
        )

    def text(self) -> bytes:
        """Return the plan as its file holds it."""
        import tomlkit

        of = {one.name: getattr(self, one.name) for one in fields(self)}
        parts = {name: list(one) if isinstance(one, tuple) else dict(one) if isinstance(one, Mapping) else one
                 for name, one in of.items()}  # fmt: skip
        plain = {name: one for name, one in parts.items() if not isinstance(one, dict)}
        return tomlkit.dumps({**plain, **parts}).encode("utf-8")


def _said(given: Mapping[str, str | None] | None) -> dict[str, str]:
    return {key: value or "" for key, value in (given or {}).items()}


def read(data: bytes) -> Plan | None:
    """Read a plan; None where a file is none.

    >>> read(Plan({"Speaker": "claimant"}, order="day first").text()).of("claimant")
    ['Speaker']
    """
    try:
        told = tomllib.loads(data.decode("utf-8"))
        maps = {
            name: {str(k): str(v) for k, v in told.get(name, {}).items()}
            for name in ("columns", "statuses", "constants")
        }
        languages = tuple(map(str, told.get("languages", ["en"])))
        order, numbers = str(told.get("order", "")), str(told.get("numbers", ""))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
    known = all(name in FIELDS or not name for name in maps["columns"].values())
    return Plan(**maps, order=order, numbers=numbers, languages=languages) if known else None
