"""Forms whose fields are columns: what was typed stays until it is saved, and an error stands beside its field."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets  # type: ignore[import-untyped]

from factdesk.errors import FactdeskError, FactdeskWarning, InvalidValue
from factdesk.pages.html import escape
from factdesk.schema import Table

Value = str | tuple[str, ...]
Values = dict[str, Value]

DOUBLE_CLICK = 1.0
"""Seconds in which a second press of a button, with nothing typed since, is the second half of a double click."""


def field(
    table: Table,
    name: str,
    label: str,
    *,
    hint: str = "",
    known: bool = False,
    rows: int = 0,
    choices: Sequence[tuple[str, str]] = (),
) -> widgets.DOMWidget:
    """Return the control for a column: its label is its accessible name, its meaning the tooltip."""
    column = table.by_name[name]
    about = {"description": label, "tooltip": column.meaning}
    if choices or column.choices:
        options = [("", ""), *(choices or ((choice, choice) for choice in column.choices))]
        return widgets.Dropdown(options=options, value="", **about)
    if column.holds == "day":
        hint = hint or "YYYY-MM-DD"
    if known:
        return widgets.Combobox(placeholder=hint, **about)
    if rows or column.holds == "text":
        return widgets.Textarea(rows=rows or 2, placeholder=hint, **about)
    return widgets.Text(placeholder=hint, **about)


def classed(name: str, widget: widgets.DOMWidget) -> widgets.DOMWidget:
    """Return a widget that style sheets find by a class."""
    widget.add_class(name)
    return widget


class Ticks(widgets.VBox):
    """Rows to tick: the ids of those ticked are its value."""

    def __init__(self, label: str) -> None:
        self._label = widgets.HTML(f'<p class="fd-label">{escape(label)}</p>')
        self._boxes: list[widgets.Checkbox] = []
        self._ids: list[str] = []
        super().__init__([self._label])
        self.add_class("fd-ticks")

    def offer(self, rows: Mapping[str, str]) -> None:
        """Show other rows, by id and words; none is ticked. Boxes are used again: each costs the browser."""
        self._ids = list(rows)
        while len(self._boxes) < len(rows):
            self._boxes.append(widgets.Checkbox(indent=False))
        for box, words in zip(self._boxes, rows.values(), strict=False):
            box.description, box.value = words, False
        self.children = [self._label, *self._boxes[: len(rows)]] if rows else []

    @property
    def value(self) -> tuple[str, ...]:
        """The ids ticked."""
        return tuple(row_id for row_id, box in zip(self._ids, self._boxes, strict=False) if box.value)

    @value.setter
    def value(self, ids: Value) -> None:
        for row_id, box in zip(self._ids, self._boxes, strict=False):
            box.value = row_id in ids


class Form(widgets.VBox):
    """Fields, each with a place for its error, and a button that makes one call.

    `write` takes what was typed, by argument, and returns HTML; `needed` arguments are handed on although they are
    empty, so that the call says what is missing. `columns` names the field for errors about a column of another
    name. `done` is where success is announced, by default beside the button.
    """

    def __init__(
        self,
        fields: Mapping[str, widgets.DOMWidget],
        button: str,
        write: Callable[[Values], str],
        *,
        needed: Sequence[str],
        wide: Sequence[str] = (),
        columns: Mapping[str, str] | None = None,
        done: widgets.HTML | None = None,
    ) -> None:
        self.fields = dict(fields)
        self.button = widgets.Button(description=button, button_style="primary")
        self.notice = widgets.HTML()
        self.done = done or self.notice
        self._write, self._needed, self._columns = write, set(needed), dict(columns or {})
        self._errors = {name: widgets.HTML() for name in fields}
        self._saved_at = float("-inf")
        cells = [classed("fd-field", widgets.VBox([fields[name], self._errors[name]])) for name in fields]
        for name in wide:
            cells[list(fields).index(name)].add_class("fd-wide")
        foot = classed("fd-foot", widgets.Box([self.button, self.notice]))
        super().__init__([classed("fd-fields", widgets.Box(cells)), foot])
        self.add_class("fd-form")
        self.button.on_click(self._pressed)

    @property
    def values(self) -> Values:
        """What is typed, by argument."""
        return {name: control.value for name, control in self.fields.items()}

    @values.setter
    def values(self, typed: Mapping[str, Value]) -> None:
        for name, control in self.fields.items():
            control.value = typed.get(name, () if isinstance(control, Ticks) else "")
        self.quiet()

    def quiet(self) -> None:
        """Take away the messages of earlier tries."""
        for note in (*self._errors.values(), self.notice, self.done):
            note.value = ""

    def _pressed(self, _: widgets.Button) -> None:
        typed = self.values
        if not any(typed.values()) and time.monotonic() - self._saved_at < DOUBLE_CLICK:
            return
        self.quiet()
        given = {name: value for name, value in typed.items() if value or name in self._needed}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", FactdeskWarning)
            try:
                saved = self._write(given)
            except FactdeskError as error:
                self._refuse(error)
                return
            except Exception as error:
                self.notice.value = alert(f"{type(error).__name__}: {error}")
                raise  # a fault of ours: the front end's log gets all of it
        self._saved_at = time.monotonic()
        self.values = {}
        self.done.value = saved + "".join(
            f'<p class="fd-warning">{escape(str(one.message))}</p>' for one in caught
        )

    def _refuse(self, error: FactdeskError) -> None:
        column = getattr(error, "column", "")
        name = self._columns.get(column, column)
        if not isinstance(error, InvalidValue) or name not in self.fields:
            self.notice.value = alert(str(error))
            return
        empty = error.value is None or not str(error.value).strip()
        needed = f"Needed: {self.fields[name].tooltip}."
        message = needed if empty else f"This can’t be used. Allowed: {error.allowed}."
        self._errors[name].value = alert(message)
        self.notice.value = '<p class="fd-soft">Nothing was saved; see above.</p>'
        self.fields[name].focus()


def alert(message: str) -> str:
    """Return an error as HTML that a screen reader reads out at once."""
    return f'<p class="fd-error" role="alert">{escape(message)}</p>'
