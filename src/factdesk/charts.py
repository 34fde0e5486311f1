"""Pictures of a ledger: the status of its claims through time, and each claim's own history."""

from __future__ import annotations

from factdesk import display
from factdesk.status_chart import status_over_time
from factdesk.timeline import timeline

__all__ = ["status_over_time", "timeline"]

display.enable()
