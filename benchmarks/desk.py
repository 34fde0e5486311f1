"""The desk beside the bare calls, in CPU seconds, each built in a new process: `python benchmarks/desk.py [claims …]`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEASURED = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import factdesk as fd

clock, path = time.process_time, sys.argv[1]
def timed(act):
    begun = clock()
    found = act()
    return clock() - begun, found

open_time, ledger = timed(lambda: fd.open(path, by="Ada Quist"))
cold, desk = timed(lambda: fd.workbench(ledger))
warm, desk = timed(lambda: fd.workbench(ledger))
answers = []
desk.send = lambda answer, buffers=None: answers.append((clock(), answer))
def asked(do, **given):
    begun = clock()
    desk._asked(None, {"ask": 1, "do": do, **given}, [])
    moment, answer = answers[-1]
    assert "refused" not in answer, answer
    return moment - begun, clock() - begun
ids = ledger.claims["claim_id"].tolist()
rows = {"open": [open_time, None], "build, new process": [cold, None], "build, warm": [warm, None]}
rows["first view"] = [asked("open")[0], None]
rows["rows"] = [asked("rows", query={"words": ""}, start=0, most=60)[0], None]
rows["first search"] = [asked("rows", query={"words": "putin summer"})[0], None]
rows["search"] = [asked("rows", query={"words": "nato minister"})[0], timed(lambda: ledger.where(text="nato minister"))[0]]
asked("claim", claim_id=ids[1])
rows["choice"] = [asked("claim", claim_id=ids[2])[0], timed(lambda: ledger.where(claim_id=ids[2]).claims)[0]]
days = [str(day.date()) for day in ledger.statuses["holds_from"].dropna().sample(4, random_state=1)]
asked("when", day=days[0], as_known=False)
rows["day"] = [asked("when", day=days[1], as_known=False)[0], timed(lambda: ledger.status_on(days[1]))[0]]
asked("when", day="", as_known=False)
desk.ledger.log("A first one.", claimant="Ada")
bare = timed(lambda: desk.ledger.log("The river rose.", claimant="Ada"))[0]
given = {"claim": "The river rose again.", "claimant": "Ada"}
answered, over = asked("write", form="log", given=given)
rows["log"] = [answered, bare]
bare = timed(lambda: desk.ledger.set_status(ids[3], "mixed", rationale="Both."))[0]
given = {"status": "mixed", "rationale": "Both are said."}
rows["status"] = [asked("write", form="status", given=given, claim_id=ids[2])[0], bare]
rows["list, after a save"] = [asked("list")[0], None]
print(json.dumps(rows))
"""


def main(sizes: list[int]) -> None:
    """Measure the desk on a copy of the sample ledger, and on generated ones."""
    sys.path.insert(0, str(ROOT / "tests"))
    import samples

    found: dict[str, dict[str, list[float | None]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in (0, *sizes):
            place = Path(folder) / str(size)
            place.mkdir()
            path = place / "claims.csv"
            if size:
                samples.generated(place, size)
                path = next(place.glob("*.csv"))
            else:
                samples.sample(place)
            run = subprocess.run(
                [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
            )
            found[f"{size or 22:,} claims"] = json.loads(run.stdout)
    print(f"CPU seconds, {time.strftime('%Y-%m-%d')}; in brackets the bare call.")
    print("| | " + " | ".join(found) + " |")
    print("|---|" + "---|" * len(found))
    for what in next(iter(found.values())):
        cells = [
            f"{mine:.3f}" + ("" if bare is None else f" ({bare:.3f})")
            for mine, bare in (of[what] for of in found.values())
        ]
        print(f"| {what} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [20_000, 100_000])
