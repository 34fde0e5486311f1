"""Faults put in on purpose: what a ledger holds after crashes, power cuts, refusing disks and crowds."""

import os

SHOWN = bool(os.environ.get("FACTDESK_FAULTS"))
"""Whether a table of what was tried is printed."""

LONG = os.environ.get("FACTDESK_FAULTS") == "long"
"""Whether this is `make faults`, which tries far more than `make test` has time for."""
