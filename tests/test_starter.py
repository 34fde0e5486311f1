"""The notebooks that a new project begins with: they run on a ledger of any size, and become pages."""

import shutil

import pytest
from drawn import generated

import factdesk as fd
from factdesk import new_project


@pytest.mark.parametrize("claims", [0, 1, 1_000])
def test_the_notebooks_of_a_case_become_pages_whatever_its_size(tmp_path, claims):
    made = new_project.new(tmp_path / "project", "Promises")
    if claims:
        (tmp_path / "ledger").mkdir()
        generated(tmp_path / "ledger", claims, as_of="2025-04-30")
        shutil.copy(tmp_path / "ledger" / "claims.csv", made)
        shutil.copytree(tmp_path / "ledger" / "claims", made / "claims", dirs_exist_ok=True)
    if claims == 1_000:
        desk, charts, *_ = fd.share(made / "notebooks", tmp_path / "site")
        told = desk.read_text("utf-8")
        assert 'data-holds="explorer"' in told, "it carries all claims"
        assert "the first 40 of 1,000 claims with their evidence" in told
    else:
        (charts,) = fd.share(made / "notebooks" / "02-status-over-time.ipynb", tmp_path / "site")
    shown = charts.read_text("utf-8")
    assert shown.count("data-chart=") == 2
    assert ("200 of 1,000 claims by" in shown and "those whose status changed last" in shown) == (
        claims == 1_000
    )
    assert charts.stat().st_size < 1_200_000
