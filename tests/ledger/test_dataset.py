"""What a ledger showed after each call, it shows again when it is asked as it was known then."""

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from faults import LONG
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from samples import files, rain, rain_files, table

import factdesk as fd
from factdesk import schema
from factdesk.ledger import ids

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
TABLES = ("claims", "appearances", "sources", "snapshots", "evidence", "statuses", "changes")
Draw = Callable[[list[Any]], Any]


def shown(ledger: fd.Ledger) -> dict[str, pd.DataFrame]:
    """All that a ledger says of itself."""
    frames = {name: getattr(ledger, name) for name in (*TABLES, "withdrawn")}
    frames |= {"held": ledger.status_on(), "intervals": ledger.intervals()}
    return {**frames, "counts": ledger.counts("day")}


def assert_shows(ledger: fd.Ledger, wanted: dict[str, pd.DataFrame]) -> None:
    for name, frame in shown(ledger).items():
        assert_frame_equal(frame.reset_index(drop=True), wanted[name].reset_index(drop=True), obj=name)


def latest(ledger: fd.Ledger) -> pd.Timestamp:
    return max(
        ledger._dataset.all(name)[table.moment].max()
        for name, table in schema.TABLES.items()
        if len(ledger._dataset.all(name))
    )


def log(ledger: fd.Ledger, draw: Draw) -> None:
    claim, claimant = f"Claim {draw(range(6))}.", draw(["Ada", "Bo"])
    ledger.log(claim, claimant=claimant, made_on=draw([None, "2025-03-01", "2025-03-05"]))


def repeat(ledger: fd.Ledger, draw: Draw) -> None:
    ledger.repeat(draw(ledger.claims["claim_id"]), claimant="Echo", made_on=draw([None, "2025-03-04"]))


def attach(ledger: fd.Ledger, draw: Draw) -> None:
    url = f"https://example.org/{draw(range(3))}"
    stance = draw(["supports", "refutes"])
    ledger.attach(draw(ledger.claims["claim_id"]), url, stance=stance, title=draw(["", "a", "b"]))


def judge(ledger: fd.Ledger, draw: Draw) -> None:
    claim_id = draw(ledger.claims["claim_id"])
    own = ledger.evidence.loc[ledger.evidence["claim_id"] == claim_id, "evidence_id"]
    day = draw(["2025-03-02", "2025-03-06", "2025-03-06", None])
    status = draw(["supported", "refuted", "mixed"])
    why = draw(["so", "thus"])
    ledger.set_status(claim_id, status, holds_from=day, rationale=why, evidence=list(own[:1]))


def edit(ledger: fd.Ledger, draw: Draw) -> None:
    rows = list(ledger.claims["claim_id"][: draw([1, 2])])
    ledger.edit("claims", rows, why="a look", note=draw(["", "x", "y\nz"]))


def edit_status(ledger: fd.Ledger, draw: Draw) -> None:
    status_id = draw(ledger.statuses["status_id"])
    ledger.edit("statuses", status_id, why="a slip", holds_from=draw(["2025-03-03", "2025-03-07"]))


def withdraw(ledger: fd.Ledger, draw: Draw) -> None:
    name = draw(["claims", "sources", "evidence", "statuses", "appearances"])
    ids = getattr(ledger, name)[schema.TABLES[name].id]
    ledger.withdraw(name, draw(ids), why="a slip")


def reinstate(ledger: fd.Ledger, draw: Draw) -> None:
    at = draw(range(len(ledger.withdrawn)))
    ledger.reinstate(ledger.withdrawn["table"][at], ledger.withdrawn["row_id"][at], why="none")


CALLS = (log, log, repeat, attach, judge, judge, edit, edit_status, withdraw, reinstate)


NUMBERS = st.lists(st.integers(0, 10**6), min_size=6, max_size=6)


def drawing(numbers: list[int]) -> Draw:
    """Return what chooses by these numbers, one after the other."""
    drawn = iter(numbers)

    def draw(choices: Any) -> Any:
        if not len(choices):
            raise LookupError
        return list(choices)[next(drawn) % len(choices)]

    return draw


@settings(max_examples=50 if LONG else 3)
@given(st.lists(st.tuples(st.sampled_from(CALLS), NUMBERS), max_size=10))
def test_as_known_at_a_moment_is_what_was_shown_then(calls):
    with tempfile.TemporaryDirectory() as folder:
        ledger = fd.create(Path(folder) / "claims.csv", title="X", by="Ada Quist")
        ledger.log("Claim 0.", claimant="Ada", made_on="2025-03-01")
        seen = [(latest(ledger), shown(ledger))]
        for call, numbers in calls:
            try:
                call(ledger, drawing(numbers))
            except (fd.FactdeskError, LookupError):
                continue
            seen.append((latest(ledger), shown(ledger)))
        fresh = fd.open(Path(folder) / "claims.csv", strict=True)
        assert_shows(fresh, seen[-1][1])
        assert fresh.digest() == ledger.digest()
        for moment, frames in seen[::2]:
            assert_shows(fresh.as_known(moment), frames)
        assert ledger.as_known(seen[0][0] - pd.Timedelta(microseconds=1)).claims.empty


def test_what_belongs_to_what_was_withdrawn_goes_and_comes_back_with_it(tmp_path):
    ledger = rain(tmp_path)
    everything = {name: getattr(ledger, name) for name in TABLES[:-1]}
    ledger.withdraw("claims", "rain", why="a slip")
    for name in ("claims", "appearances", "evidence", "statuses"):
        assert "rain" not in set(getattr(ledger, name)["claim_id"])
    assert len(ledger.sources) == len(everything["sources"])
    assert "rain" not in set(ledger.status_on()["claim_id"])
    ledger.reinstate("claims", "rain", why="none")
    photo = ledger.evidence.set_index("claim_id")["source_id"]["snow"]
    ledger.withdraw("sources", photo, why="forged")
    assert "snow" not in set(ledger.evidence["claim_id"])
    assert ledger.snapshots.empty
    ledger.reinstate("sources", photo, why="it was not")
    for name, frame in everything.items():
        assert_frame_equal(getattr(ledger, name), frame)
    assert ledger.withdrawn.empty


def test_a_row_withdrawn_by_itself_stays_so_when_its_claim_comes_back(tmp_path):
    ledger = rain(tmp_path)
    evidence = ledger.evidence.set_index("claim_id")["evidence_id"]["rain"]
    ledger.withdraw("evidence", evidence, why="a slip")
    ledger.withdraw("claims", "rain", why="a slip")
    ledger.reinstate("claims", "rain", why="none")
    assert evidence not in set(ledger.evidence["evidence_id"])
    assert ledger.withdrawn["row_id"].tolist() == [evidence]


def test_a_status_that_rests_on_withdrawn_evidence_stands_and_is_found(tmp_path):
    ledger = rain(tmp_path)
    evidence = ledger.evidence.set_index("claim_id")["evidence_id"]["rain"]
    ledger.withdraw("evidence", evidence, why="forged")
    found = ledger.check()
    wanted = [["withdrawn-evidence", "warning", "rain"]]
    assert found[["code", "severity", "claim_id"]].to_numpy().tolist() == wanted
    assert ledger.status_on().set_index("claim_id")["status"]["rain"] == "supported"
    ledger.reinstate("evidence", evidence, why="it was not")
    assert ledger.check().empty


def test_views_compose_and_carry_what_belongs_to_their_claims(tmp_path):
    ledger = rain(tmp_path)
    view = ledger.where(claimant="the daily").where(text="MONDAY rain")
    assert view.is_view
    assert view.claims["claim_id"].tolist() == ["rain"]
    assert set(view.evidence["claim_id"]) == set(view.statuses["claim_id"]) == {"rain"}
    assert len(view.sources) == 2
    assert len(view.appearances) == 2
    assert view.digest() == ledger.digest()
    assert view.latest_day == ledger.latest_day
    assert ledger.where(topic="SKY").claims["claim_id"].tolist() == ["rain"]
    assert ledger.where(status="supported").claims["claim_id"].tolist() == ["rain"]
    both = ledger.where(status=["supported", "unverified"], claim_id=["snow"])
    assert both.claims["claim_id"].tolist() == ["snow"]
    assert ledger.where(text="rain").where(text="snow").claims.empty
    assert ledger.where(claimant="nobody").status_on().empty
    assert ledger.where(claimant="nobody").counts().shape[1] == 3
    for call in (
        lambda: view.log("x", claimant="y"),
        lambda: view.withdraw("claims", "rain", why="x"),
        view.scratch,
        view.hand_edits,
        lambda: view.accept_edits(why="no"),
        view.restore,
        view.tidy,
        view.seal,
        view.verify,
        lambda: view.seals,
        ledger.as_known("2030-01-01").seal,
    ):
        with pytest.raises(fd.FactdeskError, match="can only be read"):
            call()
    assert view.refresh() is view


def test_a_view_of_a_claim_has_the_claims_findings_only(tmp_path):
    ledger = rain(tmp_path)
    ledger.withdraw("evidence", list(ledger.evidence["evidence_id"]), why="forged")
    assert len(ledger.where(claim_id="rain").check()) == 1
    assert ledger.where(claim_id="snow").check().empty


def test_what_was_known_of_some_claims_is_the_same_either_way_round(tmp_path):
    ledger = rain(tmp_path)
    then = latest(ledger)
    ledger.edit("claims", "rain", why="a look", topics="weather")
    one, other = ledger.as_known(then).where(topic="sky"), ledger.where(claim_id="rain").as_known(then)
    assert one.claims["topics"].tolist() == other.claims["topics"].tolist() == ["sky"]
    assert ledger.as_known(then).where(topic="weather").claims.empty


@settings(max_examples=50 if LONG else 3)
@given(
    st.lists(st.tuples(st.sampled_from(CALLS), NUMBERS), max_size=8), st.sets(st.integers(0, 7), max_size=3)
)
def test_what_is_kept_over_a_write_is_what_a_fresh_reader_works_out(calls, looks):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.csv"
        ledger = fd.create(path, title="X", by="Ada Quist")
        ledger.log("Claim 0.", claimant="Ada", made_on="2025-03-01")
        earlier = []
        for at, (call, numbers) in enumerate(calls):
            with contextlib.suppress(fd.FactdeskError, LookupError):
                call(ledger, drawing(numbers))
            if at in looks:
                fresh = fd.open(path)
                view = ledger.where(claimant="Ada")
                assert ledger.digest() == view.digest() == fresh.digest() == plain_digest(fresh)
                assert_shows(ledger, shown(fresh))
                assert ledger.latest_day == fresh.latest_day
                assert_frame_equal(ledger.check(), fresh.check())
                earlier.append((view, fresh.digest()))
        for view, digest in earlier:
            assert view.digest() == digest
        assert ledger.digest() == fd.open(path).digest()


def plain_digest(ledger: fd.Ledger) -> str:
    """The digest by its definition: the root over a leaf for each row."""
    leaves = [
        ids.leaf(name, row)
        for name, of in schema.TABLES.items()
        for row in ledger._dataset.cells(name)[of.first_names].to_numpy().tolist()
    ]
    return ids.root(leaves)[:32]


def test_a_new_source_leaves_the_history_as_it_was_worked_out(tmp_path):
    ledger = rain(tmp_path)
    standing, claims = ledger._dataset.standing(), ledger._dataset.shown("claims")
    ledger.add_source("https://example.org/new")
    assert ledger._dataset.standing() is standing
    assert ledger._dataset.shown("claims") is claims
    ledger.withdraw("claims", "snow", why="a slip")
    assert ledger._dataset.standing() is not standing
    assert len(ledger.claims) == 1


def test_the_digest_looks_at_content_and_at_nothing_else(tmp_path):
    ledger = rain(tmp_path)
    path, digest = tmp_path / "claims.csv", ledger.digest()
    original = path.read_bytes()
    header, *rows = original.splitlines()
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    backwards = frame[frame.columns[::-1]].iloc[::-1]
    same = {
        "other order": b"\n".join([header, *reversed(rows), b""]),
        "CRLF": original.replace(b"\n", b"\r\n"),
        "a mark": b"\xef\xbb\xbf" + original,
        "all quoted": frame.to_csv(index=False, quoting=1).encode(),
        "semicolons and columns": backwards.to_csv(index=False, sep=";").encode(),
        "an extra column": frame.assign(mine="x").to_csv(index=False).encode(),
        "each row twice": original + b"\n".join([*rows, b""]),
    }
    for what, data in same.items():
        path.write_bytes(data)
        assert fd.open(path).digest() == digest, what
    other = {"made_on": "2025-01-01", "logged_at": "2025-03-14T12:00:00.000001Z", "kind": "event"}
    for at, name in enumerate(frame.columns):
        changed = frame.copy()
        changed.loc[at % len(frame), name] = other.get(name, "other")
        path.write_text(changed.to_csv(index=False))
        assert fd.open(path).digest() != digest, (at, name)


def test_rows_of_claims_that_were_not_yet_logged_do_not_trouble_a_view_of_the_past(tmp_path):
    rain_files(tmp_path)
    path = table(tmp_path, "statuses")
    moment = pd.read_csv(path)["recorded_at"].iloc[0]
    text = path.read_text().replace(moment, "2020-01-01T00:00:00.000000Z")
    path.write_text(text.replace("2025-03-12", "2019-12-31"))
    past = fd.open(tmp_path / "claims.csv").as_known("2021-01-01")
    assert past.claims.empty
    assert past.status_on().empty
    assert past.counts().empty
    assert past.intervals().empty
    assert repr(past)


def test_looking_writes_nothing(tmp_path):
    ledger = rain(tmp_path)
    before = files(tmp_path)
    fresh = fd.open(tmp_path / "claims.csv")
    shown(fresh)
    shown(ledger.as_known("2025-01-01"))
    assert fresh.digest() and repr(fresh) and fresh._repr_html_() and len(fresh.check()) == 0
    assert files(tmp_path) == before


def test_of_the_first_time_that_a_claim_was_made_it_says_how_much_of_the_day_is_known(tmp_path):
    ledger = rain(tmp_path)
    ledger.log("It hailed.", claimant="Radio", made_on="2025-03", claim_id="hail")
    alone, both = ledger.where(claim_id="hail"), ledger
    ledger.repeat("hail", made_on="2025-03-20")
    for view in (alone, both):
        made = view.appearances.query("claim_id == 'hail'")
        assert made["made_on_precision"].tolist()[0] == "month"
        assert made["made_on_precision"].isna().tolist()[1:] == [True] * (len(made) - 1)
        assert made["made_on_precision"].dtype == ledger.claims["made_on_precision"].dtype
