"""What an import shows before it is written: what differs, what is set aside, what is left out; never more than fits."""

from __future__ import annotations

import pandas as pd
import pytest

import factdesk as fd

CLAIMS = ["It rained all week.", "Snow fell in May.", "Hail fell twice."]


def sheet(**columns):
    plain = {
        "Nr": ["1", "2", "3"], "Claim": CLAIMS, "Speaker": ["The Daily", "Radio Nord", "A. Mariner"],
        "Notes": ["n1", "n2", "n3"], "Verdict": ["False", "True", "True"],
    }  # fmt: skip
    return pd.DataFrame({**plain, **columns})


def test_a_changed_row_shows_each_cell_before_and_after_under_the_sheet_s_own_name(tmp_path):
    ledger = fd.import_table(sheet(), tmp_path / "claims.csv").write().ledger
    coming = fd.import_table(
        sheet(Notes=["n1, corrected", "n2", "n3"], Verdict=["False", "False", "True"]), ledger
    )
    for words in (repr(coming), coming.summary()):
        assert "line 1, Notes: 'n1' → 'n1, corrected'" in words
        assert "line 2, Verdict: 'True' → 'False'" in words
    assert "n1, corrected" in coming._repr_html_()


def test_of_many_changed_cells_the_first_are_shown_and_the_others_counted(tmp_path):
    names = {"claim": [f"It rained for {n} days." for n in range(50)], "claimant": "The Daily"}
    ledger = fd.import_table(pd.DataFrame({**names, "notes": "a"}), tmp_path / "claims.csv").write().ledger
    words = repr(fd.import_table(pd.DataFrame({**names, "notes": "b"}), ledger))
    assert words.count(" → ") == 20 and "30 more cells that differ" in words


def test_an_emptied_cell_is_said_to_take_nothing_back(tmp_path):
    ledger = fd.import_table(sheet(), tmp_path / "claims.csv").write().ledger
    words = repr(fd.import_table(sheet(Verdict=["", "True", "True"]), ledger))
    assert "line 1: Verdict is empty now, and was not: nothing is taken back" in words


TOTALS = """No,Claim,Speaker,Notes,Checked
1,It rained all week.,The Daily,n1,yes
2,Snow fell in May.,Radio Nord,n2,yes
3,Hail fell, twice and hard.,A. Mariner,n3,no
4,,A. Mariner,n4,no
Total,4,,,3
"""


def test_rows_set_aside_while_reading_are_named_and_counted_with_the_others(tmp_path):
    (tmp_path / "sheet.csv").write_text(TOTALS)
    coming = fd.import_table(tmp_path / "sheet.csv", tmp_path / "claims.csv")
    assert coming.counts["set aside"] == len(coming.set_aside) == 3
    aside = [line for line in repr(coming).splitlines() if line.startswith("Set aside, 1 row: ")]
    assert len(aside) == 3
    assert all(any(f"line {line}: " in one for one in aside) for line in (4, 5, 6))
    made = coming.write()
    cells = pd.read_csv(made.file, dtype="str", keep_default_na=False).set_index("set aside: line")
    assert cells.loc["6", ["No", "Claim", "Checked"]].tolist() == ["Total", "4", "3"]
    assert cells.loc["4", ["No", "Claim", "Speaker"]].tolist() == ["3", "Hail fell", " twice and hard."]
    assert "beyond the last column: 'no'" in cells.loc["4", "set aside: reason"]
    cells.loc["4", ["Claim", "Speaker", "Notes", "Checked"]] = ["Hail fell, twice.", "A. Mariner", "n3", "no"]
    cells.loc[["4"]].to_csv(tmp_path / "mended.csv")
    assert fd.import_table(tmp_path / "mended.csv", made.ledger).write().new == 1


def test_a_row_set_aside_for_its_day_shows_no_day_of_a_status():
    coming = fd.import_table(sheet(Date=["14.03.2025", "45730", "mid-March"]), columns={"Date": "made_on"})
    assert coming.rows["holds_from"].tolist() == ["2025-03-14", "", ""]


@pytest.mark.parametrize("length", [200, 31_000, 44_000])
def test_long_cells_are_cut_in_what_is_shown_and_whole_in_the_ledger(tmp_path, length):
    long = "It rained. " * (length // 11)
    coming = fd.import_table(sheet(Claim=[long, *CLAIMS[1:]]), tmp_path / "claims.csv")
    assert max(map(len, repr(coming).splitlines())) < 400
    assert len(coming._repr_html_()) < 10_000
    assert "…" in repr(coming)
    assert length > 32_000 or long.strip() in coming.write().ledger.claims["claim"].tolist()


def test_of_a_thousand_columns_those_that_come_in_are_shown_and_the_others_counted():
    wide = sheet(**{f"x{n}": ["a", "b", "c"] for n in range(1_000)})
    words = repr(fd.import_table(wide))
    assert "and 986 others, left out" in words and "Speaker" in words
    assert len(words.splitlines()) < 60
    assert "and 986 others" in fd.import_table(wide)._repr_html_()


def test_what_is_left_out_of_the_sheet_is_named_before_it_is_written_also_in_the_summary():
    coming = fd.import_table(sheet(Notes=["<b>n1</b> &amp; more", "a < b", "n3"], Mood=["sad", "", "glad"]))
    for words in (repr(coming), coming.summary()):
        assert "Columns left out: 'Mood'." in words
        assert "HTML was taken out of 1 cell, the first in line 1; the words stay." in words
