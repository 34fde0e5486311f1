"""What holds of merges, whatever two people did in ledgers that they began apart or together."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path

import pandas as pd
from faults import LONG
from hypothesis import given, settings
from hypothesis import strategies as st

import factdesk as fd
from factdesk.schema import TABLES

WORDS = {"rain": "It rained.", "snow": "It snowed.", "hail": "It hailed."}
DAYS = ["2025-03-10", "2025-03-11"]
CLAIM = st.sampled_from(sorted(WORDS))
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("log"), CLAIM, st.just("")),
        st.tuples(st.just("attach"), CLAIM, st.sampled_from(["supports", "refutes"])),
        st.tuples(st.just("judge"), CLAIM, st.sampled_from(["supported", "refuted"])),
        st.tuples(st.just("note"), CLAIM, st.sampled_from(["wet", "cold"])),
        st.tuples(st.just("withdraw"), CLAIM, st.just("")),
    ),
    max_size=3,
)


def act(ledger: fd.Ledger, what: str, claim: str, said: str) -> None:
    """Do one thing with a claim, which is logged where it is not yet."""
    if claim in set(ledger.withdrawn["row_id"]):
        return
    ledger.log(WORDS[claim], claimant="The Daily", claim_id=claim, made_on=DAYS[0])
    if what == "attach":
        ledger.attach(claim, f"https://a.example/{claim}", stance=said, quote="4 mm")
    elif what == "judge":
        ledger.set_status(claim, said, holds_from=DAYS[1], rationale=f"{ledger._by} read it.")
    elif what == "note":
        ledger.edit("claims", claim, note=said, why="known")
    elif what == "withdraw":
        ledger.withdraw("claims", claim, why="twice")


def ledgers(folder: Path, first, mine, theirs) -> tuple[fd.Ledger, fd.Ledger]:
    """Two ledgers: what was done before one was copied, and in each since."""
    ann = fd.create(folder / "ann" / "claims.csv", title="One", by="Ann")
    for one in first:
        act(ann, *one)
    shutil.copytree(folder / "ann", folder / "bob")
    bob = fd.open(folder / "bob" / "claims.csv", by="Bob")
    for ledger, acts in ((ann, mine), (bob, theirs)):
        for one in acts:
            act(ledger, *one)
    return ann, bob


def copied(ledger: fd.Ledger, to: Path) -> fd.Ledger:
    shutil.copytree(ledger.path.parent, to)
    return fd.open(to / "claims.csv", by=ledger._by)


def content(ledger: fd.Ledger) -> dict[str, set[tuple[str, ...]]]:
    """What a ledger says, whenever and by whom it was written down."""
    found = {}
    for name, table in TABLES.items():
        if name != "changes":
            rows = ledger._dataset.cells(name).drop(columns=[table.moment, table.writer])
            rows = rows.drop(columns=table.id) if name == "statuses" else rows
            found[name] = set(rows.itertuples(index=False, name=None))
    withdrawn = ledger.withdrawn
    return found | {"withdrawn": set(zip(withdrawn["table"], withdrawn["row_id"], strict=True))}


def verdicts(ledger: fd.Ledger) -> set[tuple[str, ...]]:
    frame = pd.DataFrame(ledger._dataset.cells("statuses"))
    return set(frame.itertuples(index=False, name=None))


@given(ACTS, ACTS, ACTS)
@settings(deadline=None, max_examples=50 if LONG else 3)
def test_a_merge_adds_once_loses_no_verdict_and_comes_to_the_same_in_both_orders(first, mine, theirs):
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(name)
        (folder / "ann").mkdir()
        ann, bob = ledgers(folder, first, mine, theirs)
        said = verdicts(ann) | verdicts(bob)
        other = copied(bob, folder / "other")
        there = other.merge(ann)
        here = ann.merge(bob)
        is_contrary = bool(len(here.contrary)) or bool(len(there.contrary))
        if here.questions or there.questions:
            assert is_contrary or len(here.alike) or len(there.alike)
            return
        here.write()
        there.write()
        for merged, from_there in ((ann, bob), (other, ann)):
            assert said <= verdicts(merged)
            again = merged.merge(from_there)
            assert not again, again.summary()
            assert "error" not in set(merged.verify()["severity"])
        if not is_contrary:
            assert content(ann) == content(other)
            days = DAYS[1]
            assert ann.status_on(days)["status"].tolist() == [
                other.status_on(days).set_index("claim_id")["status"][claim]
                for claim in ann.status_on(days)["claim_id"]
            ]
