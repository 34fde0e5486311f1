"""Faults put in on purpose: what a ledger holds after crashes, power cuts, refusing disks and crowds."""

import os

_HOW = os.environ.get("FACTDESK_FAULTS", "")

SHOWN = bool(_HOW)
"""Whether a table of what was tried is printed."""

LONGER = _HOW == "longer"
"""Whether this is `make faults-longer`, which tries each random thing several times as often as `make faults`."""

LONG = LONGER or _HOW == "long"
"""Whether this is `make faults`, which tries in an hour far more than `make test` has time for."""
