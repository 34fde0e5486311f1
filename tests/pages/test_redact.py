"""What is taken out of a notebook before it goes out, and what stays."""

from pathlib import Path

import nbformat.v4 as v4
import pytest
import samples

from factdesk.pages.redact import redact


@pytest.fixture
def ledger(tmp_path):
    return samples.rain(tmp_path)


def redacted(folder, ledger, code, printed, *, names=True):
    """A cell's code and what it printed, after names, paths and secrets were taken out."""
    cell = v4.new_code_cell(code, outputs=[v4.new_output("stream", text=printed)])
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(code), cell])
    redact(notebook, folder, ledger, names=names)
    assert notebook.cells[0].source == notebook.cells[1].source
    return notebook.cells[1].source, notebook.cells[1].outputs[0].text


def test_paths_secrets_and_names_of_this_machine_are_taken_out(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSROOM_API_TOKEN", "hunter2-hunter2")
    monkeypatch.setattr("getpass.getuser", lambda: "wlogger")
    monkeypatch.setattr("socket.gethostname", lambda: "press-room-7")
    printed = f"press-room-7 {tmp_path}/a/b.csv {Path.home()} hunter2-hunter2 wlogger"
    code, output = redacted(
        tmp_path, ledger, f"open('{tmp_path}/a.csv', 'hunter2-hunter2')  # wlogger", printed
    )
    assert output == f"(this machine) b.csv {Path.home().name} (secret) (login name)"
    assert code == "open('a.csv', '(secret)')  # wlogger", "a login name in code was typed by its author"


@pytest.mark.parametrize("login", ["rained", "Ada Quist"])
def test_a_login_name_that_is_a_word_of_the_ledger_stands(login, ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "disabled")
    monkeypatch.setattr("getpass.getuser", lambda: login)
    words = f"It {login.upper()} and {login}, disabled"
    assert redacted(tmp_path, ledger, "x", words)[1] == words


def test_a_login_name_is_no_part_of_a_word(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    assert redacted(tmp_path, ledger, "# The root", "rooted root")[1] == "rooted (login name)"


def test_who_logged_is_left_out_where_that_is_asked(ledger, tmp_path):
    assert redacted(tmp_path, ledger, "by='Ada Quist'", "Ada Quist", names=False) == (
        "by='(name left out)'",
        "(name left out)",
    )
