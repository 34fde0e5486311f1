"""The sample ledger: without an error, and each fact as it was researched."""

from pathlib import Path

import pandas as pd
import pytest
from samples import ROOT, sample

import factdesk as fd

FACTS = ROOT.parent / "shared" / "data" / "ukraine-ceasefire"
needs_facts = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the researched facts are not beside the checkout"
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory) -> fd.Ledger:
    return fd.open(sample(tmp_path_factory.mktemp("sample")), strict=True)


def facts(name: str) -> pd.DataFrame:
    return pd.read_csv(FACTS / f"{name}.csv", dtype="str", keep_default_na=False)


def text(frame: pd.DataFrame, columns: list[str]) -> list[tuple[str, ...]]:
    plain = {
        name: frame[name].dt.strftime("%Y-%m-%d")
        if frame[name].dtype.kind == "M"
        else frame[name].astype("str")
        for name in columns
    }
    return sorted(pd.DataFrame(plain).fillna("").itertuples(index=False, name=None))


def test_nothing_is_found_wrong_in_it(ledger):
    assert ledger.check().empty


def test_it_has_all_the_rows(ledger):
    tables = (ledger.claims, ledger.appearances, ledger.sources, ledger.evidence, ledger.statuses)
    sizes = [len(frame) for frame in tables]
    assert sizes == [22, 12 + 22, 49, 85, 31]
    assert ledger.changes.empty
    assert ledger.snapshots.empty


def test_the_example_that_everybody_tries_prints_supported(ledger):
    assert (
        ledger.status_on("2025-03-15").set_index("claim_id").status["trump-positive-signals"] == "supported"
    )


def test_nothing_of_it_was_known_in_march_2025(ledger):
    then = ledger.as_known("2025-03-20")
    assert then.claims.empty
    assert then.status_on("2025-03-20").empty


def test_a_spreadsheet_or_plain_pandas_reads_it_without_us():
    frame = pd.read_csv(ROOT / "claims.csv")
    assert len(frame) == 22
    for path in [ROOT / "claims.csv", *(ROOT / "claims").glob("*.csv")]:
        data = path.read_bytes()
        assert data.endswith(b"\n")
        assert b"\r" not in data
        assert data.count(b"\n") == len(pd.read_csv(path)) + 1


def by_address(frame: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    if "source_id" not in frame or "url" in frame:
        return frame
    return frame.assign(url=frame["source_id"].map(sources.set_index("source_id")["url"]))


RESEARCHED = {
    "claims": "claim_id claim claimant claimant_role made_on quote kind topics note",
    "sources": "url title publisher published_on type reliability note",
    "appearances": "claim_id claimant claimant_role made_on url quote note",
    "evidence": "claim_id url stance quote credibility",
}


@needs_facts
@pytest.mark.parametrize("table", RESEARCHED)
def test_every_row_is_as_it_was_researched(table, ledger):
    mine, columns = getattr(ledger, table), RESEARCHED[table].split()
    if table == "appearances":
        mine = mine[~mine["first"]]
    theirs = by_address(facts(table), facts("sources"))
    assert text(by_address(mine, ledger.sources), columns) == text(theirs, columns)


@needs_facts
def test_every_status_is_as_it_was_researched_and_rests_on_the_same_documents(ledger):
    columns = ["claim_id", "status", "holds_from", "rationale", "documents"]
    mine = ledger.evidence.set_index("evidence_id")["source_id"].map(
        ledger.sources.set_index("source_id")["url"]
    )
    theirs = facts("sources").set_index("source_id")["url"]

    def with_documents(frame: pd.DataFrame, column: str, of: pd.Series) -> pd.DataFrame:
        named = frame[column].map(lambda ids: ";".join(sorted(of[one] for one in ids.split(";"))))
        return frame.assign(documents=named)

    assert text(with_documents(ledger.statuses, "evidence", mine), columns) == text(
        with_documents(facts("statuses"), "sources", theirs), columns
    )


def test_the_script_that_wrote_it_is_there():
    assert Path(ROOT / "scripts" / "make_sample.py").is_file()
