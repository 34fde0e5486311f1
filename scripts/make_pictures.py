"""Draw the README's pictures from the sample ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import factdesk as fd

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"


def main() -> int:
    """Draw them all."""
    ledger = fd.open(ROOT / "claims.csv")
    charts = {
        "status-over-time": fd.charts.status_over_time(ledger),
        "timeline": fd.charts.timeline(ledger.where(claimant="Donald Trump")),
    }
    for name, chart in charts.items():
        print(fd.save(chart, PICTURES / f"{name}.png").relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
