"""Files are read past factdesk's own reader only where that would say the same."""

import ibis
import pytest
import samples

from factdesk.errors import NotPlain
from factdesk.scale.plain_files import PlainFiles


@pytest.fixture(scope="module")
def reader():
    return ibis.duckdb.connect()


NOT_PLAIN = {
    "a header that another program wrote": ("statuses", lambda text: "\ufeff" + text, "header"),
    "a row that ends early": ("statuses", lambda text: text.rstrip("\n").rsplit(",", 2)[0] + "\n", "statuses"),
    "a status that is none": ("statuses", lambda text: text.replace(",supported,", ",suported,"), "status in 1"),
    "a day that does not exist": ("claims", lambda text: text.replace("2025-03-10", "2025-02-30"), "made_on in 1"),
    "a row that comes twice": ("claims", lambda text: text + text.splitlines()[-1] + "\n", "several rows"),
    "a claim that is not there": ("statuses", lambda text: text.replace(",rain,", ",reign,"), "not there"),
    "what cannot be seen": ("claims", lambda text: text.replace("It snowed", "It\u200b snowed"), "can't be seen in 1"),
    "a NUL": ("claims", lambda text: text.replace("It snowed", "It\0 snowed"), "can't be seen|claims.csv"),
    "a mark of a conflict": ("claims", lambda text: text + "<<<<<<< mine\n", "claims"),
    "a day to come": ("statuses", lambda text: text.replace("2025-03-12", "9000-03-12"), "holds_from in 1"),
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_PLAIN)
def test_files_that_a_person_has_to_look_at_are_refused(what, tmp_path, reader):
    name, spoil, reason = NOT_PLAIN[what]
    samples.rain_files(tmp_path)
    table = samples.table(tmp_path, name)
    table.write_text(spoil(table.read_text("utf-8")), "utf-8")
    with pytest.raises(NotPlain, match=reason):
        PlainFiles(tmp_path / "claims.csv", reader)


def test_files_with_edits_need_the_reader_that_knows_them(tmp_path, reader):
    ledger = samples.rain(tmp_path)
    ledger.edit("claims", "rain", why="slip", note="seen")
    with pytest.raises(NotPlain, match="edited or withdrawn"):
        PlainFiles(ledger.path, reader)


def test_no_link_in_a_ledger_is_followed(tmp_path, reader):
    samples.rain_files(tmp_path)
    table = samples.table(tmp_path, "statuses")
    table.rename(tmp_path / "elsewhere.csv")
    table.symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(NotPlain, match="link"):
        PlainFiles(tmp_path / "claims.csv", reader)


def test_what_was_written_to_while_it_was_read_is_refused(tmp_path, reader):
    ledger = samples.rain(tmp_path)
    files = PlainFiles(ledger.path, reader)
    files.check_unchanged()
    ledger.log("It poured.", claimant="C")
    with pytest.raises(NotPlain, match="load it again"):
        files.check_unchanged()
