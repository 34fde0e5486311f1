"""Many calls as one: all rows or none, or the good ones and the others with their reasons."""

import pandas as pd
import pytest
import samples

import factdesk as fd
from factdesk.errors import NotFound, RowsRefused


def sheet(**columns):
    return pd.DataFrame({"claim": ["It hailed.", "It froze."], "claimant": "Radio", **columns})


def test_many_claims_are_what_as_many_calls_make(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    one, many = (fd.create(tmp_path / name / "claims.csv", title="T", by="Ada") for name in ("one", "many"))
    rows = sheet(
        made_on=["2025-03-10", "2025-03"], topics=[["sky", "ice"], None], quote=[None, "ice\nall over"]
    )
    made = many.log_many(rows)
    for row in rows.astype(object).where(rows.notna(), None).to_dict("records"):
        one.log(**{name: cell for name, cell in row.items() if cell is not None})
    content = ["claim_id", "claim", "claimant", "made_on", "topics", "quote", "made_on_precision"]
    assert many.claims[content].equals(one.claims[content])
    assert made["claim_id"].tolist() == many.claims["claim_id"].tolist()
    assert fd.open(many.path).verify().empty


def test_one_wrong_row_keeps_all_from_being_written_and_is_named(tmp_path):
    ledger = samples.rain(tmp_path)
    before = ledger.path.read_bytes()
    rows = sheet(made_on=["2025-03-10", "soon"])
    rows.index = ["first", "second"]
    with pytest.raises(RowsRefused, match="1 of 2 rows") as refused:
        ledger.log_many(rows)
    assert list(refused.value.reasons) == ["second"]
    assert "claims.made_on" in refused.value.reasons["second"]
    assert ledger.path.read_bytes() == before
    assert len(ledger.claims) == 2


def test_good_rows_are_kept_and_the_others_come_back_with_their_reasons(tmp_path):
    ledger = samples.rain(tmp_path)
    made = ledger.log_many(sheet(made_on=["2025-03-10", "soon"]), errors="keep")
    assert [bool(one) for one in made["claim_id"]] == [True, False]
    assert [bool(one) for one in made["reason"]] == [False, True]
    assert len(fd.open(ledger.path).claims) == 3


def test_rows_see_those_before_them(tmp_path):
    ledger = samples.rain(tmp_path)
    with pytest.warns(fd.FactdeskWarning, match="nearly the same"):
        made = ledger.log_many(pd.concat([sheet(), sheet(), sheet(claimant="RADIO")], ignore_index=True))
    assert made["claim_id"].nunique() == 4
    assert len(ledger.claims) == 6


def test_evidence_and_statuses_come_in_by_many_too(tmp_path):
    ledger = samples.rain(tmp_path)
    evidence = pd.DataFrame(
        {
            "claim_id": ["rain", "snow", "rain"],
            "url": ["https://example.org/a", "https://example.org/a", "https://example.org/b"],
            "stance": "supports",
            "title": [None, "A gauge", None],
        }
    )
    attached = ledger.attach_many(evidence)
    assert ledger.sources.set_index("url")["title"]["https://example.org/a"] == "A gauge"
    statuses = pd.DataFrame(
        {
            "claim_id": ["rain", "snow", "rain"],
            "status": ["mixed", "refuted", "refuted"],
            "holds_from": ["2025-03-13", "2025-03-13", "2025-03-14"],
            "rationale": "Read again.",
            "evidence": [attached["evidence_id"][0], None, [attached["evidence_id"][2]]],
            "published_at": ["https://example.org/check", None, None],
        }
    )
    made = ledger.set_status_many(statuses)
    again = fd.open(ledger.path)
    assert again.status_on().set_index("claim_id")["status"].astype(str).to_dict() == {
        "rain": "refuted",
        "snow": "refuted",
    }
    held = again.statuses.set_index("status_id").loc[made["status_id"]]
    assert held["published_at"].tolist() == ["https://example.org/check", "", ""]
    assert again.verify().empty
    assert again.digest() == ledger.digest()


def test_the_same_rows_again_write_nothing(tmp_path):
    ledger = samples.rain(tmp_path)
    rows = sheet(made_on="2025-03-10")
    first = ledger.log_many(rows)
    before = ledger.digest()
    assert ledger.log_many(rows).equals(first)
    assert ledger.digest() == before


def test_a_source_that_one_row_describes_further_is_written_once_with_both_in_it(tmp_path):
    ledger = samples.rain(tmp_path)
    evidence = pd.DataFrame(
        {
            "claim_id": ["rain", "snow"],
            "url": "https://example.org/gauge",
            "stance": "mixed",
            "author": ["", "G."],
        }
    )
    ledger.attach_many(evidence)
    assert ledger.sources.set_index("url")["author"]["https://example.org/gauge"] == "G."
    assert fd.open(ledger.path).verify().empty


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (sheet(clamant="x"), "Nearest: 'claimant'"),
        (sheet().drop(columns="claimant"), "column in the frame: 'claimant'"),
        (pd.concat([sheet(), sheet()[["claim"]]], axis=1), "each name once"),
        ([{"claim": "x"}], "a DataFrame"),
        (sheet(appearance="/etc/hostname"), "There is no source"),
        (sheet(file="/etc/hostname"), "column of this call"),
        (sheet(made_on=[{}, "2025-03-10"]), "claims.made_on"),
    ],
)
def test_a_frame_that_is_none_of_claims_is_refused_in_its_own_words(tmp_path, frame, error):
    ledger = samples.rain(tmp_path)
    before = ledger.path.read_bytes()
    with pytest.raises(fd.FactdeskError, match=error):
        ledger.log_many(frame)
    assert ledger.path.read_bytes() == before


def test_many_rows_are_one_journal_entry(tmp_path, monkeypatch):
    ledger = samples.rain(tmp_path)
    calls = []
    commit = type(ledger._store).commit
    monkeypatch.setattr(type(ledger._store), "commit", lambda *given: calls.append(1) or commit(*given))
    ledger.log_many(pd.concat([sheet()] * 20).assign(claim=[f"It is {n} degrees." for n in range(40)]))
    assert calls == [1]


def test_a_claim_that_is_not_there_is_named_for_its_row(tmp_path):
    ledger = samples.rain(tmp_path)
    rows = pd.DataFrame({"claim_id": ["rain", "rein"], "status": "mixed", "rationale": "x"})
    with pytest.raises(RowsRefused, match="'rain'"):
        ledger.set_status_many(rows)
    with pytest.raises(fd.FactdeskError, match="errors"):
        ledger.set_status_many(rows, errors="ignore")
    with pytest.raises(NotFound):
        ledger.set_status_many(rows.drop(columns="rationale"))
