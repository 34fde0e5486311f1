"""The benchmark runs, and its three ways give the same answers; what it measures is not asserted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "benchmarks" / "bench.py"


def test_the_benchmark_prints_a_table_for_each_size() -> None:
    command = [sys.executable, str(BENCH), "--claims", "50", "300", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "50 claims, 150 statuses" in done.stdout and "300 claims, 900 statuses" in done.stdout
    for case in ("open", "status_on", "counts by week", "log"):
        assert sum(line.startswith(f"{case} ") for line in done.stdout.splitlines()) == 2


@pytest.mark.browser
def test_the_benchmark_of_the_explorer_prints_each_way_to_move(chromium) -> None:
    command = [sys.executable, str(BENCH.with_name("explorer.py")), "--claims", "300", "--moves", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "300 claims, 900 statuses: a page of" in done.stdout
    assert done.stdout.count("dragged") == 6
