"""The desk as `make app` serves it: a page of its own, live, for who has the address."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pandas as pd
import pytest
import samples
from lab import SOURCE, WAIT, free_port, wait_for, window
from playwright.sync_api import expect

APP = Path(__file__).resolve().parents[2] / "scripts" / "app"
FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A folder with a copy of the ledger."""
    return samples.sample(tmp_path_factory.mktemp("app")).parent


@pytest.fixture(scope="module")
def app(sample):
    """Serve the desk of a copy of the ledger; gives the address that is printed."""
    shutil.copytree(APP, sample / "scripts" / "app", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    port, said = free_port(), sample / "said"
    own = {name: str(sample / ".own" / name) for name in FOLDERS}
    command = [sys.executable, "scripts/app", "--no-browser", f"--port={port}"]
    environment = {**os.environ, **own, "PYTHONPATH": str(SOURCE)}
    with said.open("w") as sink:
        server = subprocess.Popen(
            command, cwd=sample, env=environment, stdout=sink, stderr=sink, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/login", server, said)
        token = re.search(r"\?token=(\w{32,})", said.read_text())
        assert token, said.read_text()
        yield f"http://127.0.0.1:{port}/", token[1]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(15)


def test_the_desk_writes_to_the_ledger_and_asks_nothing_of_anybody_else(app, sample, chromium):
    address, token = app
    with window(chromium) as page:
        page.goto(f"{address}?token={token}")
        page.get_by_label("Who is writing?").fill("Cleo Vance", timeout=WAIT)
        page.get_by_role("button", name="That is me").click()
        page.get_by_role("button", name="Log a claim").click()
        page.get_by_label("Claim", exact=True).fill("The river was higher than in 1998.")
        page.get_by_label("Claimant", exact=True).fill("A. Mariner")
        page.get_by_role("button", name="Log claim").click()
        expect(page.locator(".fd-said")).to_contain_text("saved to claims.csv", timeout=WAIT)
        assert page.title() == "Ceasefire claims, March 2025"
        assert page.locator(".jp-InputArea").count() == 0, "no code around it"
        assert not page.asked
    row = pd.read_csv(sample / "claims.csv").iloc[-1]
    assert (row.claimant, row.logged_by) == ("A. Mariner", "Cleo Vance")


def test_without_the_token_nobody_sees_the_desk(app):
    address, _ = app
    with urllib.request.urlopen(address) as answer:
        assert "/login" in answer.url
        assert b"workbench" not in answer.read()
