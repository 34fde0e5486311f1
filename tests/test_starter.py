"""The notebooks that a new project begins with: on a ledger of many claims too they become pages."""

import shutil

from drawn import generated

import factdesk as fd
from factdesk import new_project


def test_the_notebooks_of_a_large_case_become_pages(tmp_path):
    made = new_project.new(tmp_path / "project", "Promises")
    (tmp_path / "ledger").mkdir()
    generated(tmp_path / "ledger", 300)
    shutil.copy(tmp_path / "ledger" / "claims.csv", made)
    shutil.copytree(tmp_path / "ledger" / "claims", made / "claims", dirs_exist_ok=True)
    desk, charts, *_ = (page.read_text("utf-8") for page in fd.share(made / "notebooks", tmp_path / "site"))
    assert 'data-holds="explorer"' in desk, "it carries all claims"
    assert "the first 40 of 300 claims with their evidence" in desk
    assert charts.count("data-chart=") == 2
    assert "200 of 300 claims by" in charts and "those whose status changed last" in charts
    assert len(charts) < 1_200_000
