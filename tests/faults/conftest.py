"""What the fault tests share: a tally of what was tried and what was lost, printed as a table at the end."""

from collections.abc import Callable

import pytest

from faults import SHOWN

TALLY = "tally"


@pytest.fixture
def tally(record_property) -> Callable[..., None]:
    """Note what was tried and how often it went wrong: `tally("kill -9 in a write", tried=120, lost=0)`.

    The name of a count is the head of its column; counts of one name in several tests are added up.
    """

    def note(what: str, **counts: int) -> None:
        record_property(TALLY, [what, counts])

    return note


def pytest_terminal_summary(terminalreporter) -> None:
    rows: dict[str, dict[str, int]] = {}
    heads: list[str] = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name != TALLY or getattr(report, "when", "") != "call":
                    continue
                what, counts = value
                row = rows.setdefault(what, {})
                for head, count in counts.items():
                    row[head] = row.get(head, 0) + count
                    heads += [head] * (head not in heads)
    if not rows or not SHOWN:
        return
    lines = [["what", *heads]]
    lines += [
        [what, *(f"{row[head]:,}" if head in row else "" for head in heads)] for what, row in rows.items()
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    terminalreporter.section("what was tried, and what was lost")
    for line in lines:
        terminalreporter.write_line(
            "  ".join(
                [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
            )
        )
