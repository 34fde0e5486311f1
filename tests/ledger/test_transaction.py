"""What one call writes: once, in order of time, with its reasons; what stands already is not written again."""

import warnings
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from samples import CASES, days_go_by, files, needs_cases, rain

import factdesk as fd
from factdesk import schema
from factdesk.errors import InvalidValue, NotFound
from factdesk.ledger import ids
from factdesk.storage.folder import Folder


@pytest.fixture
def ledger(tmp_path) -> fd.Ledger:
    return rain(tmp_path)


def clock(monkeypatch, moment: datetime) -> None:
    days_go_by(monkeypatch)(moment)


MONDAY = {"claim": "It rained on Monday.", "claimant": "The Daily", "made_on": "2025-03-10"}
GAUGE = {"claim_id": "rain", "url": "https://example.org/gauge", "stance": "supports", "quote": "4 mm"}
LINKS = {"01-politifact-sheet.csv": "extra_refered_links", "18-sheet-of-300.csv": "Links"}
SAYS_SO = {"claim_id": "rain", "status": "supported", "rationale": "The gauge says so."}


def evidence_of(ledger: fd.Ledger, claim_id: str) -> str:
    return ledger.evidence.set_index("claim_id")["evidence_id"][claim_id]


# --- asking again for what stands


def test_the_same_again_writes_nothing_and_gives_the_id_that_stands(ledger, tmp_path):
    evidence, source = evidence_of(ledger, "rain"), ledger.evidence["source_id"].iloc[0]
    again = {"claimant": "Radio", "made_on": "2025-03-11", "appearance": "https://EXAMPLE.org/radio"}
    before = files(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ledger.log(**MONDAY) == "rain"
        assert ledger.log(**MONDAY, claim_id="rain", topics="sky") == "rain"
        ledger.repeat("rain", **again)
        ledger.add_source("https://example.org/gauge#top", publisher="Office")
        assert ledger.attach(**GAUGE) == evidence
        assert ledger.attach(**{**GAUGE, "url": source, "quote": "  4 mm "}) == evidence
        ledger.attach("snow", file=tmp_path / "photo.txt", stance="refutes")
        for more in ({"holds_from": "2025-03-12", "evidence": evidence}, {"evidence": [evidence]}):
            assert ledger.set_status(**SAYS_SO, **more) == ledger.statuses["status_id"][0]
        assert ledger.edit("claims", "rain", why="a look", topics="sky", made_on="2025-03-10") == []
    assert files(tmp_path) == before


def test_supported_refuted_and_supported_on_one_day_are_three_rows(ledger):
    for status, why in (("supported", "a"), ("refuted", "b"), ("supported", "a")):
        ledger.set_status("snow", status, holds_from="2025-03-12", rationale=why)
    mine = ledger.statuses[ledger.statuses["claim_id"] == "snow"]
    assert mine["status"].tolist() == ["supported", "refuted", "supported"]
    assert mine["status_id"].is_unique
    assert ledger.status_on("2025-03-12").set_index("claim_id")["status"]["snow"] == "supported"


def test_what_differs_from_what_stands_is_told_and_left_to_edit(ledger, tmp_path):
    evidence = evidence_of(ledger, "rain")
    calls = {
        "another note": lambda: ledger.log(**MONDAY, note="x"),
        "another appearance": lambda: ledger.log(**MONDAY, appearance="https://example.org/first"),
        "logged already, as rain; wet": lambda: ledger.log(**MONDAY, claim_id="wet"),
        "another place": lambda: ledger.attach(**GAUGE, place="p. 2"),
        "another publisher": lambda: ledger.add_source("https://example.org/gauge", publisher="Somebody"),
        "another gaps": lambda: ledger.set_status(**SAYS_SO, evidence=evidence, gaps="x"),
    }
    before = files(tmp_path)
    for words, call in calls.items():
        with pytest.warns(fd.FactdeskWarning, match=words):
            call()
    assert files(tmp_path) == before


def test_what_was_withdrawn_and_is_given_again_stands_again_and_that_is_told(ledger):
    evidence = evidence_of(ledger, "rain")
    ledger.withdraw("evidence", evidence, why="a slip")
    with pytest.warns(fd.FactdeskWarning, match="stands again"):
        assert ledger.attach(**GAUGE) == evidence
    assert evidence in set(ledger.evidence["evidence_id"])
    ledger.withdraw("claims", "rain", why="a slip")
    with pytest.warns(fd.FactdeskWarning, match="stands again"):
        assert ledger.log(**MONDAY) == "rain"
    assert ledger.withdrawn.empty


def test_empty_cells_of_a_document_are_filled_and_remembered(ledger):
    source = ledger.add_source("https://example.org/gauge", title="Gauge readings")
    assert ledger.sources.set_index("source_id")["title"][source] == "Gauge readings"
    assert ledger.changes[["row_id", "column", "before", "after"]].to_numpy().tolist() == [
        [source, "title", "", "Gauge readings"]
    ]


def test_a_claim_with_the_words_of_one_that_was_edited_is_another(ledger):
    first = ledger.log("It raned.", claimant="Radio")
    ledger.edit("claims", first, why="a slip", claim="It rained.")
    second = ledger.log("It raned.", claimant="Radio")
    assert second != first
    assert second.startswith(first)


def test_an_id_that_another_claim_has_is_refused_and_the_claim_named(ledger, tmp_path):
    before = files(tmp_path)
    with pytest.raises(InvalidValue, match="It rained on Monday"):
        ledger.log("Something else.", claimant="Radio", claim_id="rain")
    assert files(tmp_path) == before


# --- moments


def test_a_clock_that_is_behind_does_not_make_the_older_row_win(ledger, monkeypatch):
    last = ledger.statuses["recorded_at"].max()
    clock(monkeypatch, datetime.now(UTC) - timedelta(hours=1))
    with pytest.warns(fd.FactdeskWarning, match="clock"):
        ledger.set_status("rain", "mixed", holds_from="2025-03-12", rationale="A second gauge.")
    assert ledger.statuses["recorded_at"].max() == last + pd.Timedelta(microseconds=1)
    assert ledger.status_on("2025-03-12").set_index("claim_id")["status"]["rain"] == "mixed"
    for note in ("one", "two"):
        with pytest.warns(fd.FactdeskWarning, match="clock"):
            ledger.edit("claims", "rain", why="a look", note=note)
    assert ledger.changes["changed_at"].is_monotonic_increasing
    assert ledger.changes["changed_at"].is_unique
    assert ledger.as_known(ledger.changes["changed_at"].iloc[0]).claims["note"].iloc[0] == "one"
    for call in (ledger.withdraw, ledger.reinstate):
        with pytest.warns(fd.FactdeskWarning, match="clock"):
            call("claims", "rain", why="x")
    assert "rain" in set(ledger.claims["claim_id"])


def test_a_clock_a_little_behind_is_not_told(ledger, monkeypatch):
    clock(monkeypatch, datetime.now(UTC) - timedelta(minutes=2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ledger.set_status("rain", "mixed", holds_from="2025-03-12", rationale="A second gauge.")
    assert ledger.statuses["recorded_at"].is_monotonic_increasing


def test_today_is_that_of_the_ledgers_zone(tmp_path, monkeypatch):
    clock(monkeypatch, datetime(2025, 3, 14, 23, 30, tzinfo=UTC))
    east = fd.create(tmp_path / "east.csv", title="East", timezone="Pacific/Kiritimati", by="A")
    west = fd.create(tmp_path / "west.csv", title="West", timezone="America/Los_Angeles", by="A")
    for ledger in (east, west):
        ledger.log("It rained.", claimant="Radio", claim_id="rain")
        ledger.set_status("rain", "mixed", rationale="Perhaps.")
    days = [f"{one.statuses['holds_from'][0]:%F}" for one in (east, west)]
    assert days == ["2025-03-15", "2025-03-14"]
    assert f"{east.latest_day:%F} {west.latest_day:%F}" == "2025-03-15 2025-03-14"
    with pytest.raises(InvalidValue, match="today is 2025-03-14 in America/Los_Angeles"):
        west.log("It hailed.", claimant="Radio", made_on="2025-03-16")


def test_a_claim_made_today_in_a_place_ahead_of_the_ledgers_zone_is_logged_and_judged(tmp_path, monkeypatch):
    clock(monkeypatch, datetime(2025, 3, 14, 12, tzinfo=UTC))
    ledger = fd.create(tmp_path / "claims.csv", title="Here", by="A")
    ledger.log("It hailed.", claimant="Radio Kiritimati", made_on="2025-03-15", claim_id="hail")
    ledger.set_status("hail", "refuted", rationale="It did not.")
    assert f"{ledger.statuses['holds_from'][0]:%F}" == "2025-03-15" and ledger.check().empty
    assert ledger.status_on()["status"].tolist() == ["refuted"]


def test_a_status_for_a_day_before_one_that_stands_says_so_and_names_it(ledger):
    later, before = ledger.statuses["status_id"][0], ledger.statuses["recorded_at"].min()
    with pytest.warns(fd.FactdeskWarning, match=rf"until 'supported' of 2025-03-12 \({later}\)"):
        ledger.set_status("rain", "in review", holds_from="2025-03-11", rationale="Asked.")
    views = [(ledger, 10), (ledger, 11), (ledger, 12), (ledger.as_known(before), 11)]
    held = [one.where(claim_id="rain").status_on(f"2025-03-{day}")["status"].item() for one, day in views]
    assert held == ["unverified", "in review", "supported", "unverified"]


# --- many at once, and what belongs to whom


def test_many_rows_are_edited_by_one_call_that_rewrites_once(ledger, tmp_path, monkeypatch):
    names = [ledger.log(f"Claim {at}.", claimant="Radio", claim_id=f"c{at}") for at in range(9)]
    renamed, rename = [], Folder.rename
    monkeypatch.setattr(
        Folder, "rename", lambda disk, old, new: (renamed.append(new), rename(disk, old, new))
    )
    made = ledger.edit("claims", [*names, "c1"], why="tags", topics=["a", "b"], kind="EVENT")
    assert len(made) == len(set(made)) == 18
    assert [path for path in renamed if path.parent.name != "known"] == [tmp_path / "claims.csv"]
    assert (ledger.claims["topics"] == "a;b").sum() == 9
    assert len(ledger.withdraw("claims", iter(names), why="enough")) == 9
    assert len(ledger.claims) == 2
    fresh = fd.open(tmp_path / "claims.csv", strict=True)
    assert fresh.digest() == ledger.digest()


def test_one_wrong_row_of_many_stops_all(ledger, tmp_path):
    before = files(tmp_path)
    with pytest.raises(NotFound, match="'rain'"):
        ledger.edit("claims", ["snow", "rainn"], why="x", note="x")
    with pytest.raises(NotFound):
        ledger.withdraw("claims", ["snow", "nowhere"], why="x")
    assert files(tmp_path) == before


def test_what_an_edit_may_not_change_is_refused(ledger, tmp_path):
    before = files(tmp_path)
    for name, row_id, cells in (
        ("claims", "rain", {"claim_id": "wet"}),
        ("claims", "rain", {"logged_at": "2020-01-01T00:00:00.000000Z"}),
        ("claims", "rain", {"logged_by": "Somebody"}),
        ("claims", "rain", {"clam": "x"}),
        ("claims", "rain", {"claim": ""}),
        ("claims", "rain", {"appearance": "s-none"}),
        ("evidence", evidence_of(ledger, "rain"), {"claim_id": "snow"}),
        ("evidence", evidence_of(ledger, "rain"), {"source_id": "s-none"}),
        ("statuses", ledger.statuses["status_id"][0], {"evidence": evidence_of(ledger, "snow")}),
        ("snapshots", ledger.snapshots["snapshot_id"][0], {"bytes": "many"}),
        ("snapshots", ledger.snapshots["snapshot_id"][0], {"sha256": "ab"}),
        ("sources", ledger.sources["source_id"][0], {"url": "javascript:alert(1)"}),
        ("changes", "c-x", {"after": "x"}),
        ("nowhere", "rain", {"note": "x"}),
    ):
        with pytest.raises(fd.FactdeskError):
            ledger.edit(name, row_id, why="x", **cells)
    with pytest.raises(InvalidValue, match=r"changes\.why"):
        ledger.edit("claims", "rain", why=" ", note="x")
    assert files(tmp_path) == before


def test_a_status_rests_on_the_claims_own_evidence_only(ledger, tmp_path):
    before = files(tmp_path)
    with pytest.raises(NotFound, match="Its evidence"):
        ledger.set_status("rain", "mixed", rationale="x", evidence=evidence_of(ledger, "snow"))
    assert files(tmp_path) == before


def test_a_repetition_takes_the_role_of_the_same_claimant_only(ledger):
    ledger.log("Taxes fall.", claimant="M. Inister", claimant_role="Minister", claim_id="tax")
    ledger.repeat("tax", made_on="2025-03-11")
    ledger.repeat("tax", claimant=" M.  Inister ", made_on="2025-03-12")
    ledger.repeat("tax", claimant="Radio", made_on="2025-03-13")
    mine = ledger.appearances[(ledger.appearances["claim_id"] == "tax") & ~ledger.appearances["first"]]
    assert mine["claimant_role"].tolist() == ["Minister", "Minister", ""]


def test_ids_are_made_from_what_is_said(ledger):
    row = ledger._dataset.cells("evidence").iloc[0]
    assert row["evidence_id"] == ids.row_id(
        "e", [row[name] for name in ("claim_id", "source_id", "stance", "quote")]
    )
    for name in ("statuses", "appearances", "snapshots"):
        frame, made = ledger._dataset.cells(name), schema.TABLES[name]
        for cells in frame.to_numpy().tolist():
            assert cells[0] == ids.row_id(made.letter, cells[1 : len(made.first_names)])


def test_a_status_with_a_hidden_character_is_told_once(ledger):
    with pytest.warns(fd.FactdeskWarning) as told:
        ledger.withdraw("claims", ["rain", "snow"], why="pay\u202elog")
    assert [str(one.message) for one in told] == ["changes.why: taken out: U+202E."]
    assert ledger.changes["why"].tolist() == ["paylog", "paylog"]


def test_no_file_is_read_for_an_address(ledger, tmp_path):
    (tmp_path / "secret.txt").write_text("a secret")
    for given in (str(tmp_path / "secret.txt"), tmp_path / "secret.txt"):
        with pytest.raises(fd.FactdeskError, match="file as file="):
            ledger.attach("rain", given, stance="context")
        with pytest.raises(fd.FactdeskError, match="file as file="):
            ledger.add_source(given)
    assert not (tmp_path / "claims" / "snapshots").exists() or not any(
        b"a secret" in path.read_bytes() for path in (tmp_path / "claims" / "snapshots").iterdir()
    )


def test_an_appearance_given_as_nothing_is_none(ledger):
    claim_id = ledger.log("Fog.", claimant="Radio", appearance="")
    assert ledger.claims.set_index("claim_id")["appearance"][claim_id] == ""
    assert ledger.repeat(claim_id, appearance=" ")


@needs_cases
@pytest.mark.parametrize(("case", "column"), LINKS.items())
def test_joined_addresses_of_the_field_are_refused_by_every_way_in_and_nothing_is_written(
    case, column, ledger, tmp_path
):
    rows = pd.read_csv(CASES / case, sep=None, engine="python", dtype=str, keep_default_na=False)
    joined = [cell for cell in rows[column] if cell.count("://") > 1]
    before = files(tmp_path)
    assert joined
    for cell in joined:
        ways = (
            lambda url: ledger.attach("rain", url, stance="context"),
            lambda url: ledger.log("It hailed.", claimant="The Daily", appearance=url),
            lambda url: ledger.edit("sources", ledger.sources["source_id"][0], why="more", url=url),
        )
        for way in ways:
            with pytest.raises(InvalidValue, match=f"here are {cell.count('://')}: "):
                way(cell)
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "near",
    [
        {"claim": "it rained on MONDAY"},
        {"claim": "It rained on Monday!", "made_on": "2025-03-11"},
        {"claim": "It  rained onMonday…"},
        {"claimant": "THE DAILY"},
    ],
)
def test_a_claim_that_is_nearly_one_that_stands_is_logged_and_both_are_named(near, ledger):
    first = ledger.log(**MONDAY)
    with pytest.warns(fd.FactdeskWarning, match=f"again is nearly the same as {first}"):
        ledger.log(**MONDAY | near, claim_id="again")
    for checked in (ledger, fd.open(ledger.path)):
        found = checked.check()
        (one,) = found[found["code"] == "nearly-same"].to_dict("records")
        assert (one["row_id"], one["severity"], one["line"]) == ("again", "warning", 4)
        assert f"nearly the same as {first!r} (claims.csv:2)" in one["message"]
    ledger.withdraw("claims", first, why="logged twice")
    assert "nearly-same" not in set(ledger.check()["code"])


@pytest.mark.parametrize(
    "other",
    [
        {"made_on": "2025-03-11"},
        {"claimant": "The Weekly", "claim": "It rained on Monday!"},
        {"claim": "It rained on Monday?" + " Twice."},
        {"claim": "It rained on Sunday."},
    ],
)
def test_another_claim_claimant_or_day_is_not_nearly_the_same(other, ledger):
    ledger.log(**MONDAY)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ledger.log(**MONDAY | other)
    assert "nearly-same" not in set(ledger.check()["code"])


def test_a_claim_that_was_edited_or_withdrawn_is_compared_as_it_stands(ledger):
    first = ledger.log(**MONDAY)
    ledger.edit("claims", first, why="a slip", claim="It hailed on Monday.")
    with pytest.warns(fd.FactdeskWarning, match="nearly the same"):
        second = ledger.log(**MONDAY | {"claim": "It hailed on monday"})
    ledger.withdraw("claims", [first, second], why="not ours")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ledger.log(**MONDAY)
        ledger.log(**MONDAY | {"claim": "It hailed on Monday !"})


@needs_cases
@pytest.mark.filterwarnings("ignore::factdesk.FactdeskWarning")
def test_near_doubles_of_the_field_are_named(ledger):
    rows = pd.read_csv(CASES / "18-sheet-of-300.csv", sep=";", dtype=str, keep_default_na=False)
    rows = rows[rows["Speaker"] != ""]
    for claim, who, day in rows[["Claim", "Speaker", "Date of claim"]].to_numpy():
        ledger.log(claim, claimant=who, made_on="-".join(reversed(day.split("."))))
    found = ledger.check()
    found = found[found["code"] == "nearly-same"]
    assert ledger.claims["claim"].str.startswith("Jobs rose").sum() == 3
    assert found["message"].str.count("Jobs|jobs-rose").tolist() == [1, 1]


# --- a month or a year in the place of a day


def test_an_edit_of_the_day_sets_how_much_of_it_is_known(ledger):
    def held():
        rain = ledger.claims.set_index("claim_id").loc["rain"]
        return [str(rain["made_on"])[:10], str(rain["made_on_precision"])]

    for given, expected in [
        ("2025-03", ["2025-03-01", "month"]), ("2025", ["2025-01-01", "year"]), ("2025-03-11", ["2025-03-11", "nan"]),
    ]:  # fmt: skip
        ledger.edit("claims", "rain", why="looked up", made_on=given)
        assert held() == expected
    assert ledger.verify().empty


def test_a_repetition_needs_a_day(ledger, tmp_path):
    before = files(tmp_path)
    with pytest.raises(InvalidValue, match=r"made_on: '2025-03' can't be used. Allowed: a day as YYYY-MM-DD"):
        ledger.repeat("rain", made_on="2025-03")
    assert files(tmp_path) == before


def test_a_claim_known_by_its_month_is_not_silently_that_of_the_months_first_day(ledger):
    hail = {"claim": "It hailed.", "claimant": "Radio"}
    ledger.log(**hail, made_on="2025-03", claim_id="hail")
    with pytest.warns(fd.FactdeskWarning, match="hail stands already with another made_on_precision"):
        assert ledger.log(**hail, made_on="2025-03-01") == "hail"
    with pytest.raises(InvalidValue, match=r"this one is: 'It hailed.', Radio, 2025-03\)"):
        ledger.log("It froze.", claimant="Radio", claim_id="hail")
