"""A store answers as the ledger that was loaded into it does, and as the definition does, on every engine."""

import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import samples
from hypothesis import Phase, given, settings
from pandas.testing import assert_frame_equal
from test_intervals import Ledger, days, ledgers, writable, write

import factdesk as fd
from factdesk.errors import InvalidValue, NotFound, NotPlain, ReadOnlyLedger, StoreTaken
from factdesk.schema import PERIODS, TABLES

each_engine = pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
EVIL = "'; DROP TABLE claims; -- \" {} %s \\ $1 <script>"


def assert_same(store: fd.scale.Store, ledger: fd.Ledger, day: object, other: object) -> None:
    """Compare every answer, its columns, types and order."""
    assert_frame_equal(store.status_on(day), ledger.status_on(day))
    assert_frame_equal(store.intervals(), ledger.intervals())
    assert_frame_equal(store.diff(day, other), ledger.diff(day, other))
    assert_frame_equal(store.transitions(), fd.measures.transitions(ledger))
    assert_frame_equal(store.claimants(day), fd.measures.claimants(ledger, day))
    assert str(store.latest_day) == str(ledger.latest_day)
    assert store.size == len(ledger.claims)


# --- the law, of random ledgers


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
@each_engine
def test_a_store_answers_as_the_ledger_and_the_definition_do(engine, stores):
    store = stores(engine)

    @settings(max_examples=2, phases=[Phase.explicit, Phase.generate])  # a smaller one takes minutes to find
    @given(ledgers(), days, days)
    def law(plain: Ledger, day: date, other: date) -> None:
        plain = writable(plain)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "random.csv"
            write(plain, path)
            opened = fd.open(path)
            is_plain = engine == "duckdb" and not opened.left_out
            store.load(path if is_plain else opened, replace=True)
        assert_same(store, opened, day, other)
        assert_frame_equal(store.counts("day"), opened.counts("day"))
        held = store.status_on(day).set_index("claim_id")["status"].to_dict()
        words = {claim.claim_id: plain.word(claim, day) for claim in plain.claims}
        assert held == {claim: word for claim, word in words.items() if word}

    law()


# --- edits, withdrawals and what was known when


@pytest.fixture(scope="module")
def lively(tmp_path_factory):
    """A ledger written over days: edited, withdrawn, reinstated, judged again; and the days on which that was."""
    with pytest.MonkeyPatch.context() as patch:
        put = samples.days_go_by(patch)
        put("2025-03-01")
        ledger = fd.create(tmp_path_factory.mktemp("lively") / "claims.csv", title="Lively", by="Ada")
        for name, day in (("rain", "2025-02-27"), ("snow", None), ("hail", "2025-02")):
            ledger.log(
                f"It {name}s.", claimant=f"{EVIL} of {name}", claim_id=name, made_on=day, topics="sky;sea"
            )
        first = ledger.set_status("rain", "refuted", holds_from="2025-02-28", rationale="No.")
        put("2025-03-03")
        ledger.repeat("rain", claimant="Radio", made_on="2025-03-02")
        ledger.set_status("rain", "supported", rationale="The gauge.")
        ledger.set_status("rain", "supported", rationale="And another.")
        ledger.set_status("hail", "mixed", rationale="Some.")
        put("2025-03-05")
        ledger.edit("claims", "snow", why="slip", claimant="B. Frost", made_on="2025-03-02")
        ledger.withdraw("statuses", first, why="slip")
        ledger.withdraw("claims", "hail", why="slip")
        put("2025-03-07")
        ledger.reinstate("claims", "hail", why="no slip")
        ledger.reinstate("statuses", first, why="no slip")
        ledger.edit("statuses", first, why="slip", holds_from="2025-03-01")
        ledger.withdraw("claims", "snow", why="gone")
    return ledger


@each_engine
def test_edits_and_withdrawals_count_from_when_they_were_made(engine, stores, lively):
    store = stores(engine).load(lively, replace=True)
    assert_same(store, lively, "2025-03-04", None)
    for day in ("2025-02-20", "2025-03-04", "2025-03-05")[:: 1 if engine == "duckdb" else 2]:
        then, asked = lively.as_known(day), store.as_known(day)
        assert_frame_equal(asked.status_on(), then.status_on())
        assert_frame_equal(asked.intervals(), then.intervals())
        assert (asked.views, asked.digest(), asked.size) == (then.views, "", len(then.claims))
    assert_frame_equal(asked.claimants(), fd.measures.claimants(then))


@each_engine
def test_counts_of_every_period_are_those_of_the_ledger(engine, stores, lively):
    store = stores(engine).load(lively, replace=True)
    for every in PERIODS[:: 1 if engine == "duckdb" else 3]:
        assert_frame_equal(store.counts(every), lively.counts(every))
    with pytest.raises(InvalidValue, match="nearest: 'week'"):
        store.counts("weeks")


def test_a_claim_of_which_a_status_cannot_be_read_is_in_none(tmp_path, stores):
    samples.rain(tmp_path)
    table = samples.table(tmp_path, "statuses")
    table.write_text(table.read_text("utf-8").replace("2025-03-12", "12.03.2025", 1), "utf-8")
    with pytest.warns(fd.FactdeskWarning):
        ledger = fd.open(tmp_path / "claims.csv")
    store = stores("duckdb").load(ledger, replace=True)
    assert_same(store, ledger, "2025-03-20", "2025-03-01")
    assert store.unread == ledger.unread
    with pytest.raises(InvalidValue, match="every row can be read"):
        store.as_known("2025-03-20")
    with pytest.raises(NotPlain, match=r"holds_from in 1"):
        store.load(tmp_path / "claims.csv")


def test_a_part_of_a_ledger_and_an_empty_one_are_held_as_that(tmp_path, stores, lively):
    store = stores("duckdb").load(lively.where(claim_id="rain"), replace=True)
    assert_same(store, lively.where(claim_id="rain"), "2025-03-04", None)
    assert store.is_view
    empty = fd.create(tmp_path / "none.csv", title="None")
    for given_as in (empty, empty.path):
        assert_frame_equal(store.load(given_as, replace=True).counts(), empty.counts())
    assert_same(store, empty, "2025-03-04", None)


# --- files taken as they are


@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_plain_files_give_what_the_opened_ledger_gives(tmp_path, stores, zone):
    ledger = fd.create(tmp_path / "sea [1]*.csv", title="Sea", timezone=zone, by="=Ada")
    for n, text in enumerate((EVIL, "=1+1", "'=1", 'two\nlines, "so"', "naïve ␤ 日本")):
        ledger.log(
            text,
            claimant=text,
            claim_id=f"c{n}",
            made_on=None if n % 2 else f"2025-03-0{n + 1}",
            due_on="2031" * (n == 3),
        )
        ledger.set_status(f"c{n}", "mixed", holds_from=f"2025-04-0{n + 1}", rationale=text, gaps="-1")
    ledger.repeat("c0", claimant="Radio", made_on="2025-03-09")
    store = stores("duckdb").load(ledger.path, replace=True)
    assert_same(store, ledger, "2025-04-03", "2025-03-02")
    then = "2025-03-02"
    assert_frame_equal(store.as_known(then).status_on(), ledger.as_known(then).status_on())
    assert store.digest() == ""


def test_parquet_files_of_the_same_columns_are_read_too(tmp_path, stores):
    ledger = samples.rain(tmp_path)
    store = stores("duckdb").load(ledger, replace=True)
    for name in TABLES:
        file = samples.table(tmp_path, name)
        pd.read_csv(file, dtype="str", keep_default_na=False).to_parquet(
            file.with_suffix(".parquet"), index=False
        )
        file.unlink()
    before = store.intervals()
    assert_frame_equal(store.load(tmp_path / "claims.parquet").intervals(), before)


def test_files_that_are_refused_leave_what_was_held(tmp_path, stores):
    samples.rain_files(tmp_path)
    store = stores("duckdb", "plain").load(tmp_path / "claims.csv", replace=True)
    before = store.intervals()
    table = samples.table(tmp_path, "statuses")
    table.write_text(table.read_text("utf-8").replace(",supported,", ",suported,"), "utf-8")
    with pytest.raises(NotPlain, match=r"fd\.open"):
        store.load(tmp_path / "claims.csv")
    assert_frame_equal(store.intervals(), before)


# --- what a store holds


@each_engine
def test_another_ledger_is_replaced_only_where_that_is_said(engine, tmp_path, stores, lively):
    store = stores(engine).load(lively, replace=True)
    other = samples.rain(tmp_path)
    with pytest.raises(StoreTaken, match=r"“Lively”.*replace=True"):
        store.load(other)
    assert_frame_equal(store.intervals(), lively.intervals())
    assert store.load(other, replace=True).load(other).title == "Rain"
    namesake = fd.create(tmp_path / "namesake.csv", title="Rain", by="Ada")
    namesake.log("It poured.", claimant="C", claim_id="pour")
    with pytest.raises(StoreTaken):
        store.load(namesake)


@each_engine
def test_a_load_that_fails_leaves_what_was_there(engine, tmp_path, stores, lively, monkeypatch):
    store = stores(engine).load(lively, replace=True)

    def fail(*_: object, **__: object) -> None:
        raise ArithmeticError("no spells today")

    with monkeypatch.context() as patch:
        patch.setattr("factdesk.scale.questions.standing", fail)
        with pytest.raises(fd.FactdeskError, match="no spells today"):
            store.load(samples.rain(tmp_path), replace=True)
    assert_frame_equal(store.intervals(), lively.intervals())


def test_tables_of_somebody_else_are_never_touched(tmp_path, stores, postgres, lively):
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as other:
        other.execute("CREATE SCHEMA IF NOT EXISTS theirs; CREATE TABLE theirs.claims (mine text)")
        store = fd.scale.connect(postgres, name="theirs")
        for replace in (False, True):
            with pytest.raises(StoreTaken, match="did not load"):
                store.load(lively, replace=replace)
        assert other.execute("SELECT count(*) FROM theirs.claims").fetchone() == (0,)
        store.close()


def test_readers_keep_their_rights_and_views_when_a_ledger_is_loaded_again(stores, postgres, lively):
    import psycopg

    store = stores("postgres").load(lively, replace=True)
    with psycopg.connect(postgres, autocommit=True) as other:
        other.execute("CREATE OR REPLACE VIEW words AS SELECT claim FROM desk.claims")
        store.load(lively)
        assert other.execute("SELECT count(*) FROM words").fetchone()[0] >= 3


def test_what_a_colleague_loads_is_there_at_the_next_question(tmp_path, lively):
    path = tmp_path / "desk.duckdb"
    with fd.scale.connect(f"duckdb://{path}") as store:
        store.load(lively)
    with fd.scale.connect(f"duckdb://{path}") as store:
        assert_frame_equal(store.intervals(), lively.intervals())
        assert "Lively" in repr(store)


def test_a_store_without_a_ledger_says_what_to_do(tmp_path):
    store = fd.scale.connect("duckdb://")
    assert "no ledger yet" in repr(store)
    with pytest.raises(NotFound, match="Load one"):
        store.counts()
    store.load(samples.rain(tmp_path))
    with pytest.raises(ReadOnlyLedger, match="view of a store"):
        store.as_known("2030-01-01").load(samples.rain(tmp_path))
    with pytest.raises(InvalidValue, match="YYYY-MM-DD"):
        store.status_on("13.03.2025")


# --- charts


@each_engine
def test_charts_of_a_store_are_those_of_its_ledger(engine, stores, sample_ledger):
    store = stores(engine).load(sample_ledger, replace=True)
    asked = [{}, {"by": "topic"}, {"what": "given", "every": "month"}, {"by": "claimant", "what": "given"}]
    for options in asked[: 4 if engine == "duckdb" else 1]:
        drawn, wanted = (
            fd.charts.status_over_time(one, **options).to_dict() for one in (store, sample_ledger)
        )
        assert drawn == wanted
    assert fd.charts.transitions(store).to_dict() == fd.charts.transitions(sample_ledger).to_dict()
    assert fd.charts.claimants(store).to_dict() == fd.charts.claimants(sample_ledger).to_dict()


def test_other_charts_say_that_they_need_the_ledger(stores, lively):
    with pytest.raises(InvalidValue, match="claimants, status_over_time, transitions"):
        fd.charts.timeline(stores("duckdb").load(lively, replace=True))


def test_a_picture_of_files_that_nothing_was_hashed_of_says_so(tmp_path, stores):
    samples.rain_files(tmp_path)
    chart = fd.charts.transitions(stores("duckdb").load(tmp_path / "claims.csv", replace=True))
    assert "digest not taken" in chart.usermeta["factdesk"]["caption"]
    found = fd.provenance(fd.save(chart, tmp_path / "moves.svg"), fd.open(tmp_path / "claims.csv"))
    assert found.standing.says == "The picture still shows what the ledger says, though it notes no digest."
