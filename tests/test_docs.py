"""What the pages say of the format is what the schema says, and their examples run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import factdesk as fd

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "ledger.md").read_text("utf-8")


@pytest.fixture
def case(tmp_path, monkeypatch):
    shutil.copy(ROOT / "claims.csv", tmp_path)
    shutil.copytree(ROOT / "claims", tmp_path / "claims", ignore=shutil.ignore_patterns(".factdesk"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tables_of_the_page_are_those_of_the_schema():
    asked = [sys.executable, ROOT / "scripts" / "write_docs.py", "--check"]
    assert subprocess.run(asked, check=False).returncode == 0, "run scripts/write_docs.py"


def test_the_gallery_shows_every_chart_and_says_what_the_code_says():
    asked = [sys.executable, ROOT / "scripts" / "make_pictures.py", "--check"]
    assert subprocess.run(asked, check=False).returncode == 0, "run scripts/make_pictures.py"


def test_the_plain_pandas_way_gives_what_the_ledger_gives(case):
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    names: dict = {}
    exec(code, names)
    given = names["held"].set_index("claim_id")["status"].to_dict()
    held = fd.open("claims.csv").status_on("2025-03-15").set_index("claim_id")["status"]
    assert given == held[held != "unverified"].to_dict()


def test_a_ledger_may_have_the_vocabulary_that_the_page_shows(case):
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
