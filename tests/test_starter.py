"""The notebook of charts that a new project begins with becomes a page of many claims too."""

import shutil

from samples import corrected

import factdesk as fd
from factdesk import new_project


def test_the_charts_of_a_large_case_become_a_page_that_says_what_it_leaves_out(tmp_path):
    made = new_project.new(tmp_path / "project", "Promises")
    (tmp_path / "ledger").mkdir()
    many = len(corrected(tmp_path / "ledger", 230).claims)
    shutil.copy(tmp_path / "ledger" / "claims.csv", made)
    shutil.copytree(tmp_path / "ledger" / "claims", made / "claims", dirs_exist_ok=True)
    [page] = fd.share(made / "notebooks" / "02-status-over-time.ipynb", tmp_path / "site")
    shown = page.read_text("utf-8")
    assert shown.count("data-chart=") == 2
    assert many > 200 and f"200 of {many} claims by" in shown and "those whose status changed last" in shown
    assert len(shown) < 1_200_000
