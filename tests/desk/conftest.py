"""A desk without a browser: what a browser would ask, and what it is answered."""

import json
import time
from itertools import count

import pytest
import samples

import factdesk as fd

numbers = count(1)


class Front:
    """A desk, and a browser's part: each question is sent as JSON, and so is each answer."""

    def __init__(self, ledger, opened=None):
        self.ledger, self.sent = ledger, []
        self.desk = opened() if opened else fd.workbench(ledger)
        self.desk.send = lambda answer, buffers=None: self.sent.append(json.loads(json.dumps(answer)))

    def ask(self, do, *, buffers=(), **given):
        number = next(numbers)
        self.desk._asked(None, json.loads(json.dumps({"ask": number, "do": do, **given})), list(buffers))
        return self.waited(number)

    def waited(self, number):
        deadline = time.monotonic() + 20
        while not (found := [answer for answer in self.sent if answer["to"] == number]):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        return found[0]

    def write(self, form, **typed):
        return self.ask("write", form=form, given=typed, claim_id=self.desk.selected)

    def rows(self, **query):
        return self.ask("rows", query=query)["rows"]


@pytest.fixture
def ledger(tmp_path):
    """A copy of the sample ledger."""
    return samples.sample_copied(tmp_path)


@pytest.fixture(autouse=True)
def own_drafts(tmp_path, monkeypatch):
    """Drafts are kept in a folder of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def front(ledger):
    return Front(ledger)


@pytest.fixture
def at_desk():
    """Open a desk on a ledger."""
    return Front
