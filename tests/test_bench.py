"""The benchmarks run, and the three ways of one give the same answers; what they measure is not asserted."""

import gc
import importlib
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def run(monkeypatch, capsys):
    """Call `main` of a benchmark as a command of these words does, and return what it prints."""
    monkeypatch.syspath_prepend(BENCHMARKS)

    def call(name: str, *words: str) -> str:
        monkeypatch.setattr(sys, "argv", [name, *words])
        # Slow where many modules are loaded; no time is asserted.
        monkeypatch.setattr(gc, "collect", lambda: 0)
        importlib.import_module(name).main()
        return capsys.readouterr().out

    return call


def test_the_benchmark_prints_a_table_for_each_size(run) -> None:
    lines = run("bench", "--claims", "20", "60", "--rounds", "1", "--bad", "1").splitlines()
    assert [line.split(";")[0] for line in lines if line.startswith("### ")] == [
        "### 20 claims, 60 statuses", "### 60 claims, 180 statuses"
    ]  # fmt: skip
    for case in (
        "open, cold",
        "open again",
        "status_on",
        "counts by week",
        "check",
        "log",
        "log after another's",
    ):
        assert sum(line.startswith(f"| {case} |") for line in lines) == 3  # the last says how it grows


def test_the_benchmark_of_the_explorer_prints_each_way_to_move(
    chromium, monkeypatch, capsys, tmp_path
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    importlib.import_module("explorer").measure(chromium, tmp_path, claims=300, moves=3)
    printed = capsys.readouterr().out
    assert "300 claims, 900 statuses: a page of" in printed
    assert printed.count("dragged") == 6
