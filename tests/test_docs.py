"""What the pages say of the format is what the schema says, and their examples run."""

import importlib
import re
from pathlib import Path

import pytest
import samples

import factdesk as fd

ROOT = samples.ROOT
PAGE = (ROOT / "docs" / "ledger.md").read_text("utf-8")


@pytest.fixture
def case(tmp_path, monkeypatch):
    samples.sample(tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("script", ["write_docs", "make_pictures"])
def test_the_pages_that_a_script_writes_are_as_the_code_says(script, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    assert importlib.import_module(script).main(["--check"]) == 0, f"run scripts/{script}.py"


@pytest.mark.usefixtures("case")
def test_the_plain_pandas_way_gives_what_the_ledger_gives():
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    names: dict = {}
    exec(code, names)
    given = names["held"].set_index("claim_id")["status"].to_dict()
    held = fd.open("claims.csv").status_on("2025-03-15").set_index("claim_id")["status"]
    assert given == held[held != "unverified"].to_dict()


@pytest.mark.usefixtures("case")
def test_a_ledger_may_have_the_vocabulary_that_the_page_shows():
    settings = Path("claims/ledger.toml")
    settings.write_text(
        settings.read_text("utf-8") + re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1], "utf-8"
    )
    ledger = fd.create("own.csv", title="Own words", by="Ada")
    Path("own/ledger.toml").write_text(settings.read_text("utf-8"), "utf-8")
    ledger = fd.open("own.csv", by="Ada")
    assert ledger.settings.statuses == ["open", "true"]
    ledger.log("It is so.", claimant="Somebody", claim_id="so")
    ledger.set_status("so", "true", rationale="It was seen.")
    assert ledger.status_on()["status"].tolist() == ["true"]
