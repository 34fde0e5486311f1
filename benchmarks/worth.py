"""Measure how well `worth` ranks sentences that people chose to check (CheckThat! 2024 task 1, English).

Average precision over the dev split, beside a ranking by numbers alone and by length, in one run; and how often the
sentences of each band of `worth` were chosen. Prints the table of docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from factdesk.articles.worth import MARKS, found, worth

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "checkworthy"


def average_precision(chosen: list[bool], scores: list[float]) -> float:
    """Return the mean precision at each chosen sentence, with the highest score first; ties keep their order.

    >>> average_precision([True, False, True], [3, 2, 1])
    0.8333333333333333
    """
    order = sorted(range(len(chosen)), key=lambda at: -scores[at])
    hits, total = 0, 0.0
    for rank, at in enumerate(order, 1):
        if chosen[at]:
            hits += 1
            total += hits / rank
    return total / hits


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=DATA / "ct24_en_dev.csv", help="sentences with their labels"
    )
    asked = parser.parse_args()
    if not asked.data.is_file():
        sys.exit("Left out: the labelled sentences are not here.")
    with asked.data.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    texts, chosen = [row["text"] for row in table], [row["label"] in ("1", "Yes") for row in table]
    ways: dict[str, Callable[[str], float]] = {
        "worth": worth,
        "numbers alone": lambda text: len(re.findall(r"\d+", text)),
        "length": len,
    }
    print(f"{len(texts)} sentences, {sum(chosen)} chosen ({sum(chosen) / len(texts):.2f})")
    for name, way in ways.items():
        print(f"{name:15} average precision {average_precision(chosen, [way(text) for text in texts]):.3f}")
    bands = pd.cut([worth(text) for text in texts], [0, 0.1, 0.2, 0.4, 0.6, 0.8, 1])
    print(pd.Series(chosen).groupby(bands, observed=False).agg(["size", "mean"]).round(2).to_string())
    marks = [
        {
            "mark": mark.reason,
            "points": mark.points,
            "sentences": len(bearing),
            "chosen": round(sum(bearing) / len(bearing), 2),
        }
        for mark in MARKS
        if (
            bearing := [
                is_chosen for text, is_chosen in zip(texts, chosen, strict=True) if mark in found(text)
            ]
        )
    ]
    print(pd.DataFrame(marks).to_string(index=False))


if __name__ == "__main__":
    main()
