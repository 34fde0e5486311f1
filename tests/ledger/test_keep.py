"""Files kept of a source: the page at an address as it was saved, several dated ones, and quotes looked for in them."""

from datetime import UTC, datetime, timedelta

import pytest
from samples import files, rain

import factdesk as fd

GAUGE = "https://example.org/gauge"
PAGE = "<html><script>no</script><p>On Monday, <b>4&nbsp;mm</b> fell.</p></html>"


@pytest.fixture
def ledger(tmp_path):
    return rain(tmp_path)


def saved(folder, text=PAGE, name="saved.html"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def source_of(ledger):
    return ledger.sources.set_index("url")["source_id"][GAUGE]


def test_a_page_that_was_saved_is_kept_of_its_address_when_it_is_attached(ledger, tmp_path):
    evidence = ledger.attach("snow", GAUGE, file=saved(tmp_path), stance="context", quote="4 mm fell.")
    row = ledger.evidence.set_index("evidence_id").loc[evidence]
    assert row["source_id"] == source_of(ledger)
    kept = ledger.snapshots.iloc[-1]
    assert (kept["source_id"], kept["media_type"]) == (source_of(ledger), "text/html")
    assert ledger.sources["title"].tolist().count("saved.html") == 0
    document = ledger.path.with_suffix("") / "snapshots" / kept["sha256"]
    assert document.read_text("utf-8") == PAGE
    assert ledger.verify().empty


def test_a_new_address_is_described_and_its_page_kept_in_one_call(ledger, tmp_path):
    url = "https://example.org/new"
    ledger.attach("snow", url, file=saved(tmp_path), stance="context", title="New", quote="On Monday")
    source = ledger.sources.set_index("url").loc[url]
    assert source["title"] == "New"
    assert ledger.snapshots["source_id"].tolist()[-1] == source["source_id"]
    assert ledger.verify().empty


def test_a_quote_is_found_in_any_of_the_texts_kept_of_its_source(ledger, tmp_path):
    source = source_of(ledger)
    ledger.keep(source, saved(tmp_path), retrieved_at="2025-03-11")
    first = ledger.attach("rain", source, stance="supports", quote="4 mm fell")
    assert ledger.verify().empty
    ledger.keep(source, saved(tmp_path, "<p>On Monday, 5 mm fell.</p>", "later.html"))
    second = ledger.attach("rain", source, stance="refutes", quote="5 mm fell")
    assert ledger.verify().empty
    wrong = ledger.attach("rain", source, stance="context", quote="mm fell")
    ledger.edit("evidence", wrong, why="a slip", quote="6 mm fell")
    found = ledger.verify()
    assert found[["code", "row_id"]].values.tolist() == [["quote-not-found", wrong]]
    assert wrong not in (first, second)


def test_a_document_that_is_no_text_is_named_beside_those_in_which_a_quote_is_not(ledger, tmp_path):
    source = source_of(ledger)
    ledger.keep(source, saved(tmp_path, "<p>Nothing fell.</p>"))
    ledger.keep(source, saved(tmp_path, "%PDF-1.7", "print.pdf"))
    assert "(another is no text)" in ledger.verify()["message"][0]


def test_the_same_bytes_of_the_same_source_are_kept_once(ledger, tmp_path):
    source = source_of(ledger)
    kept = ledger.keep(source, saved(tmp_path))
    before = files(ledger.path.parent)
    assert ledger.keep(source, saved(tmp_path, name="again.html")) == kept
    with pytest.warns(fd.FactdeskWarning, match="same bytes are kept already"):
        assert ledger.keep(source, saved(tmp_path), retrieved_at="2025-03-01") == kept
    (tmp_path / "again.html").unlink()
    assert {n: d for n, d in files(ledger.path.parent).items() if n != "again.html"} == before
    other = ledger.add_source("https://example.org/other")
    assert ledger.keep(other, saved(tmp_path)) != kept


def test_what_was_withdrawn_and_is_kept_again_stands_again(ledger, tmp_path):
    kept = ledger.keep(source_of(ledger), saved(tmp_path))
    ledger.withdraw("snapshots", kept, why="a slip")
    with pytest.warns(fd.FactdeskWarning, match="stands again"):
        assert ledger.keep(source_of(ledger), saved(tmp_path)) == kept
    assert kept in set(ledger.snapshots["snapshot_id"])


def test_an_earlier_retrieval_is_dated_so_and_known_only_from_now_on(ledger, tmp_path):
    kept = ledger.keep(source_of(ledger), saved(tmp_path), retrieved_at="2025-03-11T09:30:00+01:00")
    row = ledger.snapshots.set_index("snapshot_id").loc[kept]
    assert row["retrieved_at"].isoformat() == "2025-03-11T08:30:00+00:00"
    assert kept not in set(ledger.as_known("2025-03-12").snapshots["snapshot_id"])
    now = datetime.now(UTC)
    assert kept in set(ledger.as_known(now).snapshots["snapshot_id"])
    assert ledger.verify().empty
    assert ledger.hand_edits().empty
    assert "error" not in set(ledger.check()["severity"])


def test_today_as_the_day_of_retrieval_means_now(ledger, tmp_path):
    before = datetime.now(UTC)
    kept = ledger.keep(source_of(ledger), saved(tmp_path), retrieved_at=before.date().isoformat())
    at = ledger.snapshots.set_index("snapshot_id")["retrieved_at"][kept]
    assert before <= at <= datetime.now(UTC)


@pytest.mark.parametrize(
    "moment",
    [
        "2025-03-11T09:30:00",
        "yesterday",
        "11.03.2025",
        5,
        True,
        float("nan"),
        b"2025",
        datetime(2025, 3, 11, 9),
    ],
)
def test_a_moment_without_a_zone_or_that_is_none_is_refused(ledger, tmp_path, moment):
    before = files(tmp_path)
    path = saved(tmp_path)
    with pytest.raises(fd.FactdeskError, match=r"snapshots\.retrieved_at.*time zone"):
        ledger.keep(source_of(ledger), path, retrieved_at=moment)
    path.unlink()
    assert files(tmp_path) == before


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=3)])
def test_a_retrieval_that_is_still_to_come_is_refused(ledger, tmp_path, ahead):
    then = datetime.now(UTC) + ahead
    for moment in (then, then.isoformat()):
        with pytest.raises(fd.FactdeskError, match="up to now"):
            ledger.keep(source_of(ledger), saved(tmp_path), retrieved_at=moment)
    with pytest.raises(fd.FactdeskError, match="up to now"):
        ledger.keep(source_of(ledger), saved(tmp_path), retrieved_at=(then + timedelta(days=2)).date())


def test_no_source_no_file_and_no_name_of_one_are_refused(ledger, tmp_path):
    path = saved(tmp_path)
    for source, file in (
        ("s-nowhere", path), (GAUGE, path), (None, path), (source_of(ledger), tmp_path), (source_of(ledger), ""),
        (source_of(ledger), tmp_path / "none.html"), (source_of(ledger), b"bytes"), (source_of(ledger), "a\0b"),
    ):  # fmt: skip
        with pytest.raises(fd.FactdeskError):
            ledger.keep(source, file)
    assert len(ledger.snapshots) == 1


def test_a_page_that_has_no_suffix_is_read_as_a_page(ledger, tmp_path):
    text = "\ufeff <!-- saved --> <!DOCTYPE html>\n<p>4 mm fell</p>"
    ledger.keep(source_of(ledger), saved(tmp_path, text, "report"))
    ledger.keep(source_of(ledger), saved(tmp_path, "four millimetres", "notes"))
    assert ledger.snapshots["media_type"].tolist()[-2:] == ["text/html", "application/octet-stream"]


def test_a_view_keeps_nothing(ledger, tmp_path):
    with pytest.raises(fd.FactdeskError, match="only be read"):
        ledger.where(text="rain").keep(source_of(ledger), saved(tmp_path))
