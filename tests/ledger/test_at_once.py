"""Many calls as one write what the same calls write one by one, whatever stands and whatever they are given."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from faults import LONG
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import rain

import factdesk as fd
from factdesk.errors import FactdeskError
from factdesk.ledger import ledger as ledger_module
from factdesk.ledger.at_once import AtOnce
from factdesk.ledger.transaction import Transaction

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
WORDS = [
    "It hailed.",
    "it  hailed",
    "It froze.",
    "It rained on Monday.",
    "=1+1",
    "sn\u200bow",
    "",
    "a\nb",
    "Größe, 1,000",
]
PEOPLE = ["The Daily", "the daily", "Radio", None]
DAYS = [None, "2025-03-10", "2025-03", "2025", "soon", date(2025, 3, 11), "2032-01-01"]
PLACES = [
    None, "https://a.example/1", "https://A.example/1", " https://b.example/?q=1", "https://example.org/gauge", "ftp://a.example"
]  # fmt: skip


def one_of(*values):
    return st.sampled_from(values)


CLAIMS = st.fixed_dictionaries(
    {"claim": one_of(*WORDS), "claimant": one_of(*PEOPLE)},
    optional={
        "made_on": one_of(*DAYS),
        "claim_id": one_of(None, "rain", "hail", "No", "snow", "radio-it-froze-2ez3", " "),
        "appearance": one_of(*PLACES),
        "topics": one_of(None, "a; b", ["b", "a", "b"], "a;;b"),
        "kind": one_of(None, "Quote", "event", "rumour"),
        "quote": one_of(None, "'=x", "two\nlines"),
        "due_on": one_of(None, "2026", "2026-13"),
    },
)
EVIDENCE = st.fixed_dictionaries(
    {
        "claim": st.integers(0, 9),
        "url": one_of(*PLACES),
        "stance": one_of("supports", "Mixed", "no", None),
        "quote": one_of(None, "4 mm", "so  it is"),
    }
)
STATUSES = st.fixed_dictionaries(
    {
        "claim": st.integers(0, 9),
        "status": one_of("mixed", "Refuted", "maybe"),
        "rationale": one_of("Read.", "Read again.", ""),
        "holds_from": one_of(*DAYS),
        "evidence": st.lists(st.integers(0, 9), max_size=2),
        "published_at": one_of(None, "https://a.example/check"),
    }
)


@cache
def standing() -> Path:
    """A ledger of the second format with a claim that was withdrawn, and one whose row can't be read."""
    folder = Path(tempfile.mkdtemp(prefix="factdesk-at-once-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ledger = rain(folder)
    ledger.edit("claims", "snow", why="known", due_on="2026")
    ledger.edit("statuses", ledger.statuses["status_id"].iat[0], why="known", published_on="2025-03-12")
    ledger.withdraw("claims", ledger.log("It froze.", claimant="Radio"), why="twice")
    ledger.withdraw("sources", ledger.add_source("https://b.example/?q=1"), why="gone")
    with ledger.path.open("a") as file:
        file.write("wrong,It hailed.,The Daily,,2025-99-01,,,,,,2025-03-11T10:00:00.000000Z,Ada Quist\n")
    return folder


def opened(folder: Path, name: str) -> fd.Ledger:
    return fd.open(shutil.copytree(standing(), folder / name) / "claims.csv", by="Ada Quist")


def one_by_one(call, rows, needed):
    """Return what each call returns, and why one is refused, in the form of the calls of many."""
    made = []
    for row in rows:
        given = dict.fromkeys(needed) | {name: cell for name, cell in row.items() if cell is not None}
        try:
            made.append((call(**given), ""))
        except FactdeskError as error:
            made.append(("", str(error).removesuffix("Nothing was written.").strip()))
    return made


def bytes_of(ledger: fd.Ledger) -> dict[str, bytes]:
    files = [ledger.path, *ledger.path.with_suffix("").glob("*.csv")]
    return {path.name: path.read_bytes() for path in files}


def put_clock(patch, moment: datetime) -> None:
    class Frozen(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    patch.setattr(ledger_module, "datetime", Frozen)


@given(
    st.lists(CLAIMS, min_size=1, max_size=8), st.lists(EVIDENCE, max_size=8), st.lists(STATUSES, max_size=8)
)
@settings(deadline=None, max_examples=100 if LONG else 5)
def test_many_calls_write_what_as_many_single_calls_write(claims, evidence, statuses):
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        put_clock(patch, NOON)
        one, many = (opened(Path(folder), name) for name in ("one", "many"))
        logged = one_by_one(one.log, claims, ["claim", "claimant"])
        made = many.log_many(pd.DataFrame(claims, dtype=object), errors="keep")
        assert list(made.itertuples(index=False, name=None)) == logged

        put_clock(patch, NOON + timedelta(hours=1))
        known = [*(row_id for row_id, _ in logged), "rain", "snow", "wrong", "none"]
        rows = [
            {"claim_id": known[row["claim"] % len(known)], "title": (row["url"] or "").strip().lower(), **row}
            for row in evidence
        ]
        rows = [{name: cell for name, cell in row.items() if name != "claim"} for row in rows]
        attached = one_by_one(one.attach, rows, ["claim_id", "url", "stance"])
        if rows:
            made = many.attach_many(pd.DataFrame(rows, dtype=object), errors="keep")
            assert list(made.itertuples(index=False, name=None)) == attached

        put_clock(patch, NOON + timedelta(hours=2))
        ids = [*(row_id for row_id, _ in attached if row_id), one.evidence["evidence_id"].iat[0], "e-none"]
        rows = [
            {
                "claim_id": known[row["claim"] % len(known)],
                **{name: cell for name, cell in row.items() if name != "claim"},
                "evidence": [ids[at % len(ids)] for at in row["evidence"]],
            }
            for row in statuses
        ]
        judged = one_by_one(one.set_status, rows, ["claim_id", "status", "rationale"])
        if rows:
            made = many.set_status_many(pd.DataFrame(rows, dtype=object), errors="keep")
            assert list(made.itertuples(index=False, name=None)) == judged
        assert bytes_of(many) == bytes_of(one)
        assert many.digest() == one.digest()
        assert many.check().equals(one.check())


def test_calls_on_which_nothing_bears_are_composed_at_once(tmp_path, monkeypatch):
    ledger = rain(tmp_path)
    for name in ("log", "attach", "set_status"):
        monkeypatch.setattr(Transaction, name, lambda *given: pytest.fail("one by one"))
    claims = pd.DataFrame({"claim": [f"It is {n}°." for n in range(30)], "claimant": "Radio"})
    logged = ledger.log_many(claims.assign(appearance="https://a.example/radio"))
    rows = pd.DataFrame(
        {"claim_id": [*logged["claim_id"], "rain"], "url": "https://a.example/1", "stance": "mixed"}
    )
    attached = ledger.attach_many(rows.assign(title="One"))
    rows = pd.DataFrame({"claim_id": rows["claim_id"], "status": "mixed", "rationale": "Read."})
    ledger.set_status_many(rows.assign(evidence=attached["evidence_id"]))
    ledger.set_status_many(rows.assign(rationale="Read again."))
    again = fd.open(ledger.path)
    assert again.verify().empty
    assert len(again.sources) == len(ledger.sources) == 5
    assert again.digest() == ledger.digest()


def test_a_name_that_a_claim_got_before_is_refused_to_a_later_one_that_chose_it(tmp_path):
    ledger = rain(tmp_path)
    twins = pd.DataFrame({"claim": ["It hailed.", "IT HAILED."], "claimant": "Radio"})
    (tmp_path / "other").mkdir()
    other = rain(tmp_path / "other")
    with pytest.warns(fd.FactdeskWarning, match="nearly the same"):
        taken = other.log_many(twins)["claim_id"].tolist()
    rows = pd.concat([twins, pd.DataFrame({"claim": ["Third."], "claimant": ["Radio"]})], ignore_index=True)
    rows["claim_id"] = [None, None, taken[1]]
    with pytest.warns(fd.FactdeskWarning, match="nearly the same"):
        made = ledger.log_many(rows, errors="keep")
    assert made["claim_id"].tolist() == [*taken, ""]
    assert "an id that is not taken" in made["reason"][2]


def test_an_empty_frame_writes_nothing(tmp_path):
    ledger = rain(tmp_path)
    before = ledger.digest()
    assert ledger.log_many(pd.DataFrame({"claim": [], "claimant": []})).empty
    assert ledger.digest() == before
    assert AtOnce.__doc__


def awkward_sheet(rows: int) -> pd.DataFrame:
    """A sheet with twins, links that are shared and described in two ways, judges of its own and cells that don't fit."""
    numbers = range(rows)
    return pd.DataFrame(
        {
            "No.": [str(n) for n in numbers],
            "Claim": [f"It is {n // 2 if n % 5 else 7}° warm{'!' * (n % 2)}" for n in numbers],
            "Speaker": [("Radio", "The Daily", "the daily", "")[n % 4] for n in numbers],
            "Date": [f"{1 + n % 31}.02.2025" for n in numbers],
            "Verdict": [("True", "False", "", "Half True")[n % 4] for n in numbers],
            "Explanation": [f"Read <b>{n % 3}</b>\u200b times." for n in numbers],
            "Checked by": [("Ann", "")[n % 2] for n in numbers],
            "Sources": [
                ("", "https://a.example/1", f"https://a.example/{n}; https://b.example")[n % 3]
                for n in numbers
            ],
            "Source title": [("One", "Two", "")[n % 3] for n in numbers],
            "Appearance": [("", "https://a.example/1", "https://c.example/?q=2&a=1")[n % 3] for n in numbers],
            "Topics": ["warm; weather" if n % 2 else "" for n in numbers],
        }
    )


@pytest.mark.filterwarnings("ignore::factdesk.errors.FactdeskWarning")
def test_an_import_writes_the_same_whether_rows_come_in_at_once_or_one_by_one(tmp_path, monkeypatch):
    written = []
    takes = AtOnce.takes
    taken: list[bool] = []
    for name in ("one", "many"):
        put_clock(monkeypatch, NOON)
        of_many = lambda self, call: taken.append(takes(self, call)) or taken[-1]  # noqa: E731
        monkeypatch.setattr(AtOnce, "takes", of_many if name == "many" else lambda self, call: False)
        ledger = opened(tmp_path, name)
        named = {"Appearance": "appearance", "Checked by": "recorded_by", "Source title": "source_title"}
        coming = fd.import_table(awkward_sheet(40), ledger, columns=named, days="day first")
        coming.write()
        put_clock(monkeypatch, NOON + timedelta(hours=1))
        changed = awkward_sheet(44).assign(Verdict="True", Topics="warm")
        fd.import_table(changed, ledger, columns=named, days="day first").write()
        folder = ledger.path.with_suffix("")
        notes = {path.name: path.read_bytes() for path in (folder / "imports").iterdir()}
        aside = {path.name: path.read_bytes() for path in ledger.path.parent.glob("*set-aside*")}
        written.append(bytes_of(ledger) | notes | aside)
    assert written[0] == written[1]
    assert True in taken and False in taken
