"""Measure who-said-what against people's annotations (PolNeAR): by kind, by rule family, and beside textacy, in one run.

The metric is that of `../shared/data/attribution/score.py`: a row is right when its characters and a statement's that
people marked overlap by half or more; for attribution the words that name the speaker have to overlap theirs too. The
time of all but the parse is compared with the parse's own. Prints the tables of docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from spacy.language import Language

from factdesk.articles import candidates, language_model, mentions
from factdesk.articles.attributions import Attribution, attributions
from factdesk.articles.cues import CLASSES, CONSTRUCTIONS, FAMILIES
from factdesk.articles.parsed import Parsed

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "attribution"
TIMED = 12
"""Texts that are timed."""
Row = tuple[int, int, int | None, int | None]


def scorer() -> Any:
    """Return the module that scores, as it lies beside its data."""
    spec = importlib.util.spec_from_file_location("score", DATA / "score.py")
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


def rows(p: Parsed, found: list[Attribution]) -> list[Row]:
    """Return statements as the metric takes them."""
    named = [mentions.mention(p, one) for one in found]
    return [
        (one.start, one.end, *((p.starts[who[0]], p.ends[who[1] - 1]) if who else (None, None)))
        for one, who in zip(found, named, strict=True)
    ]


def family(p: Parsed, one: Attribution) -> str:
    """Return the rule family that found a statement."""
    return FAMILIES[CLASSES[p.pos[one.cue]], one.construction]


def result(name: str, scored: dict[str, Any]) -> dict[str, object]:
    """Return a line of the table from what the metric says."""
    content, attribution = scored["content P R F1"], scored["attribution P R F1"]
    kinds = {kind: recall for kind, (recall, _) in scored["content recall by kind"].items()}
    return {
        "": name,
        **dict(zip(("content P", "R", "F1"), content, strict=True)),
        **dict(zip(("attribution P", "R ", "F1 "), attribution, strict=True)),
        "claimant right": scored["source right of matched"],
        **{kind: kinds.get(kind, 0.0) for kind in ("direct", "mixed", "indirect")},
    }


def times(texts: list[str], model: Language) -> tuple[float, float]:
    """Return the seconds that the parse alone takes and that all takes, text by text in turn, warm."""
    taken = [0.0, 0.0]
    for text in texts:
        rounds = []
        for _ in range(3):  # the first one warms
            begun = time.process_time()
            for _ in model.pipe((text[a:b] for a, b in language_model.paragraphs(text)), batch_size=64):
                pass
            between = time.process_time()
            candidates.candidates(text)
            rounds.append((between - begun, time.process_time() - between))
        for at in (0, 1):
            taken[at] += min(one[at] for one in rounds)
    return taken[0], taken[1]


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=DATA / "polnear_dev.jsonl", help="annotated texts, as JSON lines"
    )
    parser.add_argument("--first", type=int, help="only so many texts")
    asked = parser.parse_args()
    model = language_model.model()
    if not asked.data.is_file() or model is None:
        sys.exit("Left out: the annotated texts or the language model are not here.")
    docs = [json.loads(line) for line in asked.data.read_text("utf-8").splitlines()][: asked.first]
    score = scorer().score

    alone, whole = times([doc["text"] for doc in docs[:TIMED]], model)
    parsed = {doc["text"]: language_model.parsed(doc["text"], model) for doc in docs}
    found = {text: attributions(p) for text, p in parsed.items()}

    def by(keep: Callable[[Parsed, Attribution], bool]) -> dict[str, Any]:
        picked = {text: [one for one in found[text] if keep(p, one)] for text, p in parsed.items()}
        scored: dict[str, Any] = score(docs, lambda text: rows(parsed[text], picked[text]))
        return scored

    lines = [result("factdesk", by(lambda p, one: True))]
    if importlib.util.find_spec("textacy") is None:
        print(
            "Left out: textacy is not installed (its direct_quotations: content F1 0.20 when it was measured).\n"
        )
    else:
        lines.append(result("textacy", score(docs, scorer().textacy())))
    print(pd.DataFrame(lines).to_string(index=False))
    print(f"\ncandidates take {whole / alone:.2f} of the time of the parse alone ({alone:.0f} s)\n")

    families = list(dict.fromkeys(one.family for one in CONSTRUCTIONS))
    kept: set[str] = set()
    steps = []
    for name in families:
        kept.add(name)
        steps.append(result(f"+ {name}", by(lambda p, one: family(p, one) in kept)))
        alone_scored = by(lambda p, one, name=name: family(p, one) == name)  # type: ignore[misc]
        steps[-1]["its own precision"] = alone_scored["content P R F1"][0]
    print(pd.DataFrame(steps).to_string(index=False))


if __name__ == "__main__":
    main()
