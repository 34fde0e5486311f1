"""A ledger that is made of what another one exported, as soon as that is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from factdesk.ledger.opening import create
from factdesk.ledger.others import Other
from factdesk.ledger.place import as_path
from factdesk.schema import Settings
from factdesk.storage.files import Store


class NewLedger:
    """What `Merge` asks of a ledger, of one that is not there yet; writing makes it.

    >>> NewLedger(Path("new.csv"), Settings("Tides"), None).title
    'Tides'
    """

    def __init__(self, place: Path, settings: Settings, by: str | None) -> None:
        self._settings, self._by, self.title = settings, by, settings.title
        self._store = Store(as_path(place))
        self._dataset = Other.of_frames({}, settings).dataset

    def _own_store(self, advice: str = "") -> Store:
        return self._store

    def _write(self, compose: Callable[..., Any], then: Callable[[], None] | None = None) -> Any:
        own = self._settings
        made = create(
            self._store.path, title=own.title, publisher=own.publisher, timezone=own.timezone,
            statuses=own.vocabulary, noun=own.noun, plural=own.plural, by=self._by,
        )  # fmt: skip
        return made._write(compose, then)
