"""What columns and ratings of a sheet are, chosen in a notebook before the sheet comes in."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from factdesk.errors import FactdeskError
from factdesk.exchange.days import DAY_FIRST, EXCEL, MONTH_FIRST
from factdesk.exchange.fields import FIELDS
from factdesk.exchange.importing import Import, Imported
from factdesk.pages.html import escape

NOTHING, UNSAID = "(nothing)", "(not said)"


class Chooser(widgets.VBox):
    """A list to choose from for each column and rating of an import, and a button that writes it.

    `coming` is the import as chosen, `brought` what was written.

    Examples
    --------
    >>> import factdesk as fd
    >>> import pandas as pd
    >>> sheet = pd.DataFrame({"Who": ["The Daily"], "Claim": ["It rained."]})
    >>> chooser = fd.workbench(fd.import_table(sheet, "rain.csv"))
    >>> chooser.columns["Who"].value = "claimant"
    >>> chooser.coming.plan.columns["Who"]
    'claimant'
    """

    def __init__(self, coming: Import) -> None:
        self.coming = coming
        self.brought: Imported | None = None
        fields = [(NOTHING, ""), *((f"{name}: {field.meaning}", name) for name, field in FIELDS.items())]
        statuses = [(UNSAID, UNSAID), (NOTHING, ""), *((word, word) for word in coming.settings.statuses)]
        self.columns = {
            column: self._list(column, fields, name, "columns")
            for column, name in zip(coming.columns["column"], coming.columns["field"], strict=True)
        }
        self.ratings = {
            rating: self._list(rating, statuses, status or UNSAID, "statuses")
            for rating, status in zip(coming.ratings["rating"], coming.ratings["status"], strict=True)
        }
        orders = [("as the column shows", ""), (DAY_FIRST, DAY_FIRST), (MONTH_FIRST, MONTH_FIRST)]
        orders.append(("numbers, as spreadsheets count days", EXCEL))
        self.days = self._list("Days", orders, coming.plan.order or coming.plan.numbers, "days")
        self.button = widgets.Button(description="Bring it in", button_style="primary")
        self.button.on_click(lambda _: self._write())
        self._words = widgets.HTML()
        lists = [*self.columns.values(), self.days, *self.ratings.values()]
        super().__init__([widgets.VBox(lists), self.button, self._words])
        self._show()

    def _list(self, label: str, options: list[tuple[str, str]], value: str, name: str) -> widgets.Dropdown:
        chosen = widgets.Dropdown(
            options=options, value=value, description=label[:60], tooltip=label, style={"description_width": "16em"},
            layout={"width": "42em", "max_width": "100%"},
        )  # fmt: skip

        def correct(change: dict[str, Any]) -> None:
            if name == "days":
                self._correct(days=change["new"] or None)
            elif change["new"] != UNSAID:
                self._correct(**{name: {label: change["new"] or None}})

        chosen.observe(correct, "value")
        return chosen

    def _correct(self, **corrections: object) -> None:
        try:
            self.coming = self.coming.correct(**corrections)
        except FactdeskError as error:
            self._words.value = f'<p class="fd-error" role="alert">{escape(str(error))}</p>'
            return
        self._show()

    def _show(self) -> None:
        self.button.disabled = bool(self.coming.questions)
        self._words.value = self.coming._repr_html_()

    def _write(self) -> None:
        try:
            self.brought = self.coming.write()
        except FactdeskError as error:
            self._words.value = f'<p class="fd-error" role="alert">{escape(str(error))}</p>'
            return
        self.button.disabled = True
        self._words.value = f'<p role="status">{escape(str(self.brought))}</p>'
