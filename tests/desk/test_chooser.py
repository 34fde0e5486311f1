"""Columns and ratings of a sheet, chosen in lists."""

import pandas as pd
import pytest

import factdesk as fd


@pytest.fixture
def chooser(tmp_path):
    sheet = pd.DataFrame(
        {
            "Whoever": ["The Daily", "Radio Nord"],
            "Claim": ["It rained all week.", "Snow fell in May."],
            "Said": ["03/04/2025", "05/04/2025"],
            "Verdict": ["Hmm?", "true"],
        }
    )
    columns = {"Whoever": None, "Said": "made_on", "Verdict": "status"}
    return fd.workbench(fd.import_table(sheet, tmp_path / "claims.csv", columns=columns))


def test_what_is_chosen_is_what_comes_in(chooser):
    assert chooser.button.disabled
    chooser.columns["Whoever"].value = "claimant"
    chooser.days.value = "day first"
    assert not chooser.button.disabled
    chooser.ratings["Hmm?"].value = ""
    chooser.button.click()
    claims = chooser.brought.ledger.claims
    assert claims["claimant"].tolist() == ["The Daily", "Radio Nord"]
    assert claims["made_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-04-03", "2025-04-05"]
    assert len(chooser.brought.ledger.statuses) == 1


def test_nothing_is_written_before_the_button_and_once_only(chooser, tmp_path):
    chooser.columns["Whoever"].value = "claimant"
    chooser.days.value = "month first"
    assert not (tmp_path / "claims.csv").exists()
    chooser.button.click()
    assert chooser.button.disabled
    assert "2 rows" in chooser._words.value or "new" in chooser._words.value


def test_text_of_the_sheet_is_never_markup(tmp_path):
    sheet = pd.DataFrame(
        {"<img src=x>": ["x"], "Claim": ["<script>alert(1)</script> it rained"], "Speaker": ["A"]}
    )
    chooser = fd.workbench(fd.import_table(sheet, tmp_path / "claims.csv"))
    assert "<script" not in chooser._words.value and "<img" not in chooser._words.value
