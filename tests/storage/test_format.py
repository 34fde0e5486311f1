"""The format on disk grows: later columns come with the first cell that needs one, and nothing else changes."""

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

import factdesk as fd
from factdesk.ledger import ids
from factdesk.schema import TABLES
from factdesk.storage import csvfile, journal, table_file

CLAIMS = TABLES["claims"]


def git(folder, *what):
    call = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *what]
    return subprocess.run(call, cwd=folder, check=True, capture_output=True, text=True).stdout


def lines(ledger, table="claims"):
    path = ledger.path if table == "claims" else ledger.path.with_suffix("") / f"{table}.csv"
    return path.read_text().splitlines()


def old_row(claim_id, claim):
    """A row as a clone that knows only the first format writes it."""
    moment = "2026-01-02T10:00:00.000000Z"
    return f"{claim_id},{claim},B. Frost,,2025-03-11,,,,,,{moment},Bo\n"


def test_a_ledger_begins_in_the_first_format(tmp_path):
    ledger = samples.rain(tmp_path)
    assert lines(ledger)[0] == ",".join(CLAIMS.first_names)
    assert "format = 1" in (tmp_path / "claims" / "ledger.toml").read_text()
    assert list(ledger.claims) == CLAIMS.names


def test_the_first_cell_of_a_later_column_replaces_the_header_line_alone(tmp_path):
    ledger = samples.rain(tmp_path)
    before = lines(ledger)
    claim = ledger.log("It will hail.", claimant="Radio", made_on="2025-03", claim_id="hail")
    after = lines(ledger)
    assert after[0] == ",".join(CLAIMS.names)
    assert after[1:-1] == before[1:]
    assert after[-1].startswith("hail,It will hail.,Radio,,2025-03-01,")
    assert "format = 2" in (tmp_path / "claims" / "ledger.toml").read_text()
    again = fd.open(ledger.path)
    held = again.claims.set_index("claim_id").loc[claim]
    assert (str(held["made_on"])[:10], held["made_on_precision"]) == ("2025-03-01", "month")
    assert again.verify().empty
    assert again.digest() == ledger.digest()


def test_a_second_write_appends_again(tmp_path):
    ledger = samples.rain(tmp_path)
    ledger.log("It will hail.", claimant="Radio", made_on="2025", claim_id="hail")
    inode = ledger.path.stat().st_ino
    ledger.log("It will thaw.", claimant="Radio", made_on="2024", claim_id="thaw")
    assert ledger.path.stat().st_ino == inode
    assert fd.open(ledger.path).claims["made_on_precision"].tolist()[-2:] == ["year", "year"]


def test_the_upgrade_changes_no_id_digest_or_seal(tmp_path):
    path = samples.sample(tmp_path)
    ledger = fd.open(path, by="Ada Quist")
    ledger.seal("as published")
    before, leaves = ledger.digest(), ledger._dataset.leaves()
    table = CLAIMS
    grown = path.read_text().replace(",".join(table.first_names), ",".join(table.names), 1)
    path.write_text(grown)
    settings = path.with_suffix("") / "ledger.toml"
    settings.write_text(settings.read_text().replace("format = 1", "format = 2"))
    again = fd.open(path)
    assert again.digest() == before
    assert again._dataset.leaves() == leaves
    assert again.verify().empty


def test_an_edit_of_a_later_column_is_proved_like_any_other(tmp_path):
    ledger = samples.rain(tmp_path)
    ledger.seal("before")
    ledger.edit("claims", "rain", why="a promise", would_settle="the gauge, read again")
    assert (
        fd.open(ledger.path).claims.set_index("claim_id")["would_settle"]["rain"] == "the gauge, read again"
    )
    assert set(ledger.verify()["code"]) == {"edited-since-seal"}
    ledger.path.write_text(ledger.path.read_text().replace("read again", "read once"))
    assert {"changed-since-seal", "unexplained-cell"} & set(ledger.verify()["code"])


cells = st.lists(st.sampled_from(["", "a", "due_on", "ü,\n"]), min_size=16, max_size=16)


@given(st.lists(cells, min_size=1, max_size=4))
def test_columns_are_hashed_as_rows_are(rows):
    frame = pd.DataFrame(rows, columns=CLAIMS.names, dtype="str")
    by_row = [ids.leaf_of(CLAIMS, dict(zip(CLAIMS.names, row, strict=True))) for row in rows]
    assert ids.leaves("claims", ids.columns(frame, CLAIMS)) == by_row


@given(cells)
def test_a_row_without_later_cells_is_hashed_as_in_the_first_format(row):
    row = dict(zip(CLAIMS.names, row, strict=True)) | dict.fromkeys(CLAIMS.later_names, "")
    assert ids.leaf_of(CLAIMS, row) == ids.leaf("claims", [row[name] for name in CLAIMS.first_names])


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4])
def test_rows_may_end_early_under_the_longer_header(cut):
    whole = [
        "rain",
        'It "rained", twice.',
        "The Daily",
        *[""] * 7,
        "2026-01-02T10:00:00.000000Z",
        "Ada",
        *[""] * 4,
    ]
    data = csvfile.render([CLAIMS.names, whole, whole[: 16 - cut], ["snow", *whole[1:]]])
    read = table_file.read(data, CLAIMS, "claims.csv")
    assert not read.findings
    assert read.cells.to_numpy().tolist() == [whole, whole, ["snow", *whole[1:]]]
    assert table_file._read_tidy(data, CLAIMS, "claims.csv") is not None
    patient = table_file._read_any(data, CLAIMS, "claims.csv")
    assert patient.cells.equals(read.cells)


def test_a_row_that_lacks_cells_of_the_first_format_is_none(tmp_path):
    data = csvfile.render([CLAIMS.names, ["rain", "It rained.", "The Daily"]])
    read = table_file.read(data, CLAIMS, "claims.csv")
    assert [one.code for one in read.findings] == ["unreadable-row"]


@pytest.mark.parametrize("first", ["old", "new"])
def test_clones_of_both_formats_merge_both_ways(tmp_path, first):
    mine = tmp_path / "mine"
    mine.mkdir()
    ledger = samples.rain(mine)
    git(mine, "init", "-q", "-b", "main")
    git(mine, "add", "-A")
    git(mine, "commit", "-qm", "begin")
    git(tmp_path, "clone", "-q", "mine", "theirs")
    with (tmp_path / "theirs" / "claims.csv").open("a") as table:  # a clone of the first format
        table.write(old_row("thaw", "It thawed."))
    git(tmp_path / "theirs", "commit", "-qam", "thaw")
    ledger.log("It will hail.", claimant="Radio", made_on="2025-03", claim_id="hail")
    git(mine, "commit", "-qam", "hail")
    into, other = (mine, tmp_path / "theirs") if first == "new" else (tmp_path / "theirs", mine)
    git(into, "pull", "-q", "--no-rebase", "--no-edit", str(other), "main")
    merged = fd.open(into / "claims.csv", by="Ada Quist")
    assert set(merged.claims["claim_id"]) == {"rain", "snow", "thaw", "hail"}
    assert merged.claims.set_index("claim_id")["made_on_precision"].dropna().to_dict() == {"hail": "month"}
    assert "error" not in set(merged.check()["severity"])
    assert merged.left_out == 0
    merged.log("It froze.", claimant="Radio", made_on="2024", claim_id="frost")
    assert len(fd.open(into / "claims.csv").claims) == 5


def test_a_header_of_the_first_format_reads_anywhere_and_later_columns_are_kept_below_it(tmp_path):
    ledger = samples.rain(tmp_path)
    ledger.log("It will hail.", claimant="Radio", made_on="2025-03", claim_id="hail")
    with ledger.path.open("a") as table:
        table.write(",".join(CLAIMS.first_names) + "\n" + old_row("thaw", "It thawed."))
    ledger.refresh()
    ledger.log("It froze.", claimant="Radio", made_on="2024", claim_id="frost")
    held = fd.open(ledger.path).claims.set_index("claim_id")["made_on_precision"]
    assert (held["hail"], held["frost"]) == ("month", "year")
    assert ledger.tidy() == ["claims"]
    assert len(fd.open(ledger.path).claims) == 5
    assert fd.open(ledger.path).digest() == ledger.digest()


def test_an_older_program_is_told_that_it_is_too_old(tmp_path):
    ledger = samples.rain(tmp_path)
    settings = tmp_path / "claims" / "ledger.toml"
    settings.write_text(settings.read_text().replace("format = 1", "format = 3"))
    with pytest.raises(fd.FactdeskError, match="a newer ledger needs a newer factdesk"):
        fd.open(ledger.path)


def test_settings_without_a_format_grow_too_and_their_seal_holds(tmp_path):
    ledger = samples.rain(tmp_path)
    settings = tmp_path / "claims" / "ledger.toml"
    settings.write_text(settings.read_text().replace("format = 1\n", ""))
    ledger.refresh().seal("before")
    ledger.log("It will hail.", claimant="Radio", made_on="2025-03", claim_id="hail")
    assert settings.read_text().startswith("format = 2")
    assert ledger.verify().empty


@pytest.mark.parametrize("done", ["nothing", "table", "table and settings"])
def test_a_write_that_needs_a_later_column_is_finished_wherever_it_was_cut_off(tmp_path, done):
    ledger = samples.rain(tmp_path)
    folder = tmp_path / "after"
    shutil.copytree(tmp_path / "claims", folder / "claims")
    shutil.copy(ledger.path, folder)
    before = ledger.path.read_bytes()
    reading = ledger._content.readings["claims"]
    ledger.log("It will hail.", claimant="Radio", made_on="2025-03", claim_id="hail")
    row = next(csvfile.records(ledger.path.read_bytes().splitlines(keepends=True)[-1], CLAIMS)).cells
    entry = journal.Entry(rows={"claims": [row]})
    tail = before.splitlines(keepends=True)[-1].decode()
    touched = journal.Touched.of(entry, reading, len(before), tail)
    (folder / "claims" / ".factdesk" / "journal").write_bytes(journal.written({"claims": touched}))
    if done != "nothing":
        shutil.copy(ledger.path, folder)
    if done == "table and settings":
        shutil.copy(tmp_path / "claims" / "ledger.toml", folder / "claims")
    cut_off = fd.open(folder / "claims.csv", by="Ada Quist")
    assert cut_off.digest() == ledger.digest()
    cut_off.set_status("hail", "in review", rationale="The radar shows it.")
    assert Path(folder / "claims.csv").read_bytes() == ledger.path.read_bytes()
    assert "format = 2" in (folder / "claims" / "ledger.toml").read_text()


@pytest.mark.parametrize(
    "header", ["claim_id\n", "claim_id,\n", ",".join(CLAIMS.first_names) + "\n", "a\nb\n", 7, None]
)
def test_a_journal_whose_header_is_none_is_not_carried_out(header):
    entry = {"claims": [0, "", [], [], header]}
    body = journal.json.dumps(entry)
    with pytest.raises(journal.MisshapenEntry):
        journal.read(f"{journal._checksum(body)} {body}\n".encode())
