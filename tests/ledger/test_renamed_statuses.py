"""A status that has another name now: rows with the old word read as the new one, and stand as they were."""

import csv

import pytest
from samples import CASES, files, needs_cases, written

import factdesk as fd
from factdesk.errors import InvalidValue
from factdesk.history.corrections import corrections

OLD = """
[[status]]
name = "not rated"
settled = false
[[status]]
name = "true"
rating = 5
[[status]]
name = "barely true"
rating = 2
[[status]]
name = "false"
rating = 1
"""
NEW = OLD.replace('"barely true"', '"mostly false"\nrenamed_from = ["barely true"]')


def set_to(ledger, old, new):
    """The ledger with other settings, opened again."""
    settings = ledger.path.with_suffix("") / "ledger.toml"
    settings.write_text(settings.read_text("utf-8").replace(old, new), "utf-8")
    return fd.open(ledger.path, by="Ada Quist")


@pytest.fixture
def ledger(tmp_path):
    """Two claims, one judged `barely true` at first and `false` later, one the other way; sealed, then renamed."""
    claims = [
        {"claim_id": one, "claim": f"It was {one}.", "claimant": "Jane Roe", "made_on": "2025-03-01"}
        for one in ("dry", "wet")
    ]
    made = written(tmp_path, claims, more=OLD)
    for one, words in {"dry": ("barely true", "false"), "wet": ("false", "barely true")}.items():
        for word in words:
            made.set_status(one, word, holds_from="2025-03-02", rationale=f"{word}, by the gauge.")
    made.seal("before it was renamed")
    return set_to(made, OLD, NEW)


def test_every_frame_reads_the_old_word_as_the_new_one(ledger):
    words = ["false", "mostly false"]
    assert ledger.statuses["status"].tolist() == ["mostly false", "false", "false", "mostly false"]
    for view in (ledger, ledger.as_known(ledger.statuses["recorded_at"].max())):
        assert view.status_on()["status"].tolist() == words
        assert set(view.intervals()["status"]) == {"not rated", *words}
        counts = view.counts("day")
        assert counts[counts["date"] == counts["date"].max()].set_index("status")["claims"].to_dict() == {
            "not rated": 0, "true": 0, "mostly false": 1, "false": 1,
        }  # fmt: skip
    assert ledger.where(status="mostly false").claims["claim_id"].tolist() == ["wet"]
    assert sorted(corrections(ledger)["before"]) == words
    assert set(fd.charts.claimants(ledger).data["status"]) == set(words)
    assert ledger.check().empty


def test_files_ids_digest_and_seal_keep_the_old_word(ledger):
    renamed, digest = files(ledger.path.parent), ledger.digest()
    assert ledger.verify()["code"].tolist() == ["settings-changed"]
    again = set_to(ledger, NEW, OLD)
    assert again.digest() == digest
    changed = {name for name, data in files(ledger.path.parent).items() if renamed[name] != data}
    assert changed == {"claims/ledger.toml"}
    assert (
        b"barely true" in renamed["claims/statuses.csv"] and b"mostly" not in renamed["claims/statuses.csv"]
    )


def test_what_is_written_from_now_on_has_the_new_word(ledger):
    with pytest.raises(InvalidValue, match="'barely true' is called 'mostly false' now"):
        ledger.set_status("dry", "barely true", rationale="As before.")
    standing = ledger.statuses.iloc[-1]
    same = {"holds_from": "2025-03-02", "rationale": standing["rationale"]}
    assert ledger.set_status("wet", "mostly false", **same) == standing["status_id"]
    ledger.edit("statuses", standing["status_id"], status="mostly false", why="the word of today")
    assert ledger.changes[["before", "after"]].to_numpy().tolist() == [["barely true", "mostly false"]]
    assert len(ledger.verify()) == 2 and not (ledger.verify()["severity"] == "error").any()


def test_a_word_that_nothing_explains_is_named_and_the_hint_is_not_its_opposite(ledger):
    renamed = set_to(ledger, 'renamed_from = ["barely true"]', "")
    found = renamed.check()
    found = found[found["code"] == "unknown-status"]
    assert found["value"].tolist() == ["barely true", "barely true"]
    assert not found["advice"].str.contains("nearest").any()
    with pytest.raises(InvalidValue) as refused:
        renamed.set_status("dry", "barely true", rationale="So.")
    assert "nearest" not in str(refused.value)


@needs_cases
def test_the_renamed_scale_of_the_field_is_read(tmp_path):
    with (CASES / "20-statuses-barely-true.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    claims = [
        {
            "claim_id": row["claim_id"],
            "claim": row["claim_id"],
            "claimant": "Jane Roe",
            "made_on": "2011-07-01",
        }
        for row in rows
    ]
    more = (CASES / "20-renamed-scale.toml").read_text("utf-8").partition("[[status]]")
    made = written(tmp_path, claims, rows, as_of="2026-11-30", more="".join(more[1:]))
    assert set(made.check()["code"]) == {"unknown-status"}
    ledger = set_to(made, 'name = "mostly false"', 'name = "mostly false"\nrenamed_from = ["barely true"]')
    assert ledger.check().empty
    held = ledger.status_on()["status"].tolist()
    assert held == ["true", "mostly false", "mostly false", "false", "mostly false"]
