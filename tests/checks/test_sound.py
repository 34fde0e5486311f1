"""Rows that were added are judged alone only where judging all says the same."""

import random

import pytest

import factdesk as fd
from factdesk.ledger.ledger import Ledger
from factdesk.schema import TABLES
from factdesk.storage import table_file

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.errors.FactdeskWarning")


def same(one: Ledger, other: Ledger) -> None:
    """Assert that two ledgers show, find and prove the same."""
    for name in TABLES:
        assert getattr(one, name).equals(getattr(other, name)), name
        assert getattr(one, name).dtypes.tolist() == getattr(other, name).dtypes.tolist(), name
    assert one.check().equals(other.check())
    assert one.digest() == other.digest()
    assert one.unread == other.unread
    assert one.status_on().equals(other.status_on())


@pytest.fixture
def desks(tmp_path) -> tuple[Ledger, Ledger]:
    """One ledger, opened by two people."""
    path = tmp_path / "rain.csv"
    mine = fd.create(path, title="Rain", by="Ada Quist")
    mine.log("It rained.", claimant="The Daily", claim_id="rain", made_on="2025-03-10")
    mine.attach("rain", "https://example.org/1", stance="supports")
    mine.set_status("rain", "supported", rationale="The gauge says so.", holds_from="2025-03-11")
    return mine, fd.open(path, by="Bo Lind")


def test_rows_that_another_added_are_taken_in_alone(desks, monkeypatch):
    mine, theirs = desks
    theirs.log("It poured.", claimant="Kurjer", claim_id="pour")
    theirs.attach("pour", "https://example.org/2", stance="refutes", quote="dry, “all day”")
    theirs.set_status("pour", "refuted", rationale="It was dry.")
    theirs.withdraw("claims", "rain", why="a slip")
    monkeypatch.setattr(table_file, "read", lambda *_: pytest.fail("a whole table was read"))
    mine.refresh()
    assert mine.claims["claim_id"].tolist() == ["pour"]
    mine.log("It hailed.", claimant="Kurjer", claim_id="hail")
    theirs.refresh()
    assert theirs.claims["claim_id"].tolist() == ["pour", "hail"]
    monkeypatch.undo()
    same(mine, fd.open(mine.path))
    same(theirs, fd.open(mine.path))


LINES = {
    "claims": [
        "wind,It blew.,Kurjer,,2025-03-12,,,,,,2025-03-12T09:00:00.000000Z,Bo",
        "rain,It rained again.,Kurjer,,,,,,,,2025-03-12T09:00:00.000000Z,Bo",
        "ahead,It will blow.,Kurjer,,2025-04-12,,,,,,2025-03-12T09:00:00.000000Z,Bo",
        "odd,It\u200b blew.,Kurjer,,,,,,,,2025-03-12T09:00:00.000000Z,Bo",
        "lost,It blew hard.,Kurjer,,,,s-nowhere,,,,2025-03-12T09:00:00.000000Z,Bo",
        "short,It blew",
        "",
        "claim_id,claim,claimant,claimant_role,made_on,quote,appearance,kind,topics,note,logged_at,logged_by",
        '"quoted","It ""blew"", twice.",Kurjer,,,,,,,,2025-03-12T09:00:00.000000Z,Bo',
        "<<<<<<< ours",
    ],
    "statuses": [
        "t-one,rain,refuted,2025-03-12,Dry.,,,2025-03-12T09:00:00.000000Z,Bo,",
        "t-two,wind,refuted,2025-03-12,Dry.,,,2025-03-12T09:00:00.000000Z,Bo,",
        "t-bad,rain,refuted,12.03.2025,Dry.,,,2025-03-12T09:00:00.000000Z,Bo,",
        "t-odd,rain,no word,2025-03-12,Dry.,e-none,,2025-03-12T09:00:00.000000Z,Bo,",
    ],
    "changes": [
        "c-one,claims,rain,,,withdrawn,a slip,2025-03-12T09:00:00.000000Z,Bo",
        "c-two,claims,rain,claim,It rained.,It poured.,a slip,2025-03-12T09:00:00.000000Z,Bo",
        "c-off,claims,nowhere,,,withdrawn,a slip,2025-03-12T09:00:00.000000Z,Bo",
        "c-odd,nothing,rain,,,withdrawn,a slip,2025-03-12T09:00:00.000000Z,Bo",
    ],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(24))
def test_what_is_taken_in_alone_is_as_all_that_is_judged(desks, seed):
    mine, _ = desks
    draw = random.Random(seed)
    lines = [(name, line) for name, some in LINES.items() for line in some]
    for _ in range(2):
        for name, line in draw.sample(lines, draw.randint(1, 3)):
            file = mine.path if name == "claims" else mine.path.with_suffix("") / f"{name}.csv"
            with file.open("a", encoding="utf-8") as table:
                table.write(line + draw.choice(["\n", "\n", "\n", "\r\n", ""]))
        try:
            fresh = fd.open(mine.path)
        except fd.FactdeskError as error:
            with pytest.raises(type(error)):
                mine.refresh()
            return
        same(mine.refresh(), fresh)
