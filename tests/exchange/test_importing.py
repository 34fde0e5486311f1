"""Sheets as people keep them, into a ledger: guessed, shown, corrected, written, brought in again and taken back."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from samples import CASES, needs_cases, rain

import factdesk as fd
from factdesk.exchange import xlsx
from factdesk.ledger import imports


def sheet(**columns):
    """A sheet of two rated claims."""
    plain = {
        "No.": ["17", "18"],
        "Claim": ["It rained all week.", "Snow fell in May."],
        "Speaker": ["The Daily", "Radio Nord"],
        "Date": ["14.03.2025", "15.03.2025"],
        "Verdict": ["Mostly False", "True"],
        "Sources": ["https://a.example/1 ; https://b.example/2", ""],
    }
    return pd.DataFrame({**plain, **columns})


def brought(tmp_path, frame=None, **corrections):
    coming = fd.import_table(
        sheet() if frame is None else frame, tmp_path / "claims.csv", by="Ada Quist", **corrections
    )
    return coming.write()


def test_a_sheet_becomes_a_ledger_with_its_own_vocabulary(tmp_path):
    ledger = brought(tmp_path).ledger
    claims = ledger.claims.set_index("claimant")
    assert claims["claim"].to_dict() == {
        "The Daily": "It rained all week.",
        "Radio Nord": "Snow fell in May.",
    }
    assert claims["made_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-14", "2025-03-15"]
    held = ledger.status_on().set_index("claimant")["status"].astype(str).to_dict()
    assert held == {"The Daily": "mostly false", "Radio Nord": "true"}
    assert ledger.settings.statuses[0] == "unverified"
    assert sorted(ledger.sources["url"]) == ["https://a.example/1", "https://b.example/2"]
    assert set(ledger.evidence["stance"].astype(str)) == {"context"}
    assert ledger.verify().empty
    assert "error" not in set(ledger.check()["severity"])


def test_nothing_is_written_before_write(tmp_path):
    coming = fd.import_table(sheet(), tmp_path / "claims.csv")
    assert "2 new" in repr(coming) and "<table" in coming._repr_html_()
    assert list(tmp_path.iterdir()) == []


def test_a_correction_of_the_plan_counts_and_is_kept_for_the_next_sheet(tmp_path):
    frame = sheet().rename(columns={"Speaker": "Whoever"})
    coming = fd.import_table(frame, tmp_path / "claims.csv")
    assert any("claimant" in one for one in coming.questions)
    with pytest.raises(fd.FactdeskError, match="claimant"):
        coming.write()
    ledger = coming.correct(columns={"Whoever": "claimant"}, statuses={"True": None}).write().ledger
    assert len(ledger.statuses) == 1
    more = frame.assign(**{"No.": ["19", "20"], "Claim": ["Hail fell.", "It froze."]})
    again = fd.import_table(more, ledger)
    assert again.plan.columns["Whoever"] == "claimant"
    assert again.counts == {"new": 2, "changed": 0, "same": 0, "set aside": 0}


@pytest.mark.parametrize(
    ("correction", "error"),
    [
        ({"columns": {"Speeker": "claimant"}}, "Nearest: 'Speaker'"),
        ({"columns": {"Speaker": "claimnt"}}, "claimant"),
        ({"statuses": {"True": "tru"}}, "true"),
        ({"days": "dmy"}, "day first"),
        ({"constants": {"speaker": "x"}}, "claimant"),
    ],
)
def test_a_correction_that_names_nothing_is_refused_with_what_there_is(correction, error):
    with pytest.raises(fd.FactdeskError, match=error):
        fd.import_table(sheet(), **correction)


def test_the_same_sheet_again_adds_nothing(tmp_path):
    ledger = brought(tmp_path).ledger
    before = ledger.digest()
    coming = fd.import_table(sheet(), ledger)
    assert coming.counts == {"new": 0, "changed": 0, "same": 2, "set aside": 0}
    assert coming.write().import_id == ""
    assert ledger.digest() == before
    assert len(ledger.imports) == 1


@pytest.mark.parametrize("suffix", [".xlsx", ".tsv", ".jsonl"])
def test_a_sheet_called_as_its_ledger_comes_in_again_and_again(tmp_path, suffix):
    path = tmp_path / f"claims{suffix}"
    if suffix == ".xlsx":
        book = xlsx.Book({})
        book.table("claims", {str(name): cells.tolist() for name, cells in sheet().items()})
        path.write_bytes(book.written())
    elif suffix == ".jsonl":
        path.write_text(sheet().to_json(orient="records", lines=True))
    else:
        sheet().to_csv(path, sep="\t", index=False)
    first = fd.import_table(path, tmp_path / "claims.csv").write()
    assert first.new == 2
    assert fd.import_table(path, tmp_path / "claims.csv").counts["same"] == 2


def test_corrected_cells_come_in_as_edits_and_new_statuses_with_a_reason(tmp_path):
    ledger = brought(tmp_path).ledger
    corrected = sheet(Claim=["It rained all month.", "Snow fell in May."], Verdict=["Mostly False", "False"])
    coming = fd.import_table(corrected, ledger)
    assert coming.counts["changed"] == 2
    assert coming.changed[["field", "before", "after"]].to_numpy().tolist() == [
        ["claim", "It rained all week.", "It rained all month."],
        ["status", "True", "False"],
    ]
    coming.write()
    assert ledger.claims["claim"].tolist() == ["It rained all month.", "Snow fell in May."]
    assert ledger.changes["why"].tolist() == ["import of a frame"] or "import of" in ledger.changes["why"][0]
    assert len(ledger.statuses) == 3
    assert ledger.status_on().set_index("claimant")["status"]["Radio Nord"] == "false"
    assert ledger.verify().empty


def test_what_was_judged_or_edited_here_since_is_not_replaced_by_the_sheet(tmp_path):
    ledger = brought(tmp_path).ledger
    by_who = ledger.claims.set_index("claimant")["claim_id"]
    ledger.set_status(by_who["Radio Nord"], "half true", rationale="We looked again.")
    ledger.edit("claims", by_who["The Daily"], why="clearer", claim="It rained for a week.")
    coming = fd.import_table(sheet(Claim=["It rained all month.", "Snow fell in May."]), ledger)
    made = coming.write()
    assert made.set_aside == 1
    assert "as it was edited in the ledger since" in coming.set_aside["reason"].iloc[0]
    assert ledger.status_on().set_index("claim_id")["status"][by_who["Radio Nord"]] == "half true"
    assert ledger.claims["claim"].tolist()[0] == "It rained for a week."


def test_an_import_is_noted_and_withdrawn_whole(tmp_path):
    ledger = brought(tmp_path).ledger
    note = ledger.imports.iloc[0]
    assert (note["new"], note["imported_by"]) == (2, "Ada Quist")
    assert ledger.claims["origin"].tolist() == [f"{note['import_id']}:17", f"{note['import_id']}:18"]
    second = fd.import_table(
        sheet(Claim=["It rained all month.", "Snow fell in May."], Verdict=["False", "True"]), ledger
    ).write()
    ledger.withdraw_import(second.import_id, why="the wrong month")
    assert ledger.claims["claim"].tolist()[0] == "It rained all week."
    assert len(ledger.statuses) == 2
    ledger.withdraw_import(note["import_id"], why="the wrong sheet")
    assert len(ledger.claims) == 0
    assert ledger.verify().empty
    with pytest.raises(fd.FactdeskError, match="imports lists them"):
        ledger.withdraw_import("i-none", why="x")


def test_rows_that_do_not_fit_are_set_aside_in_a_file_that_can_be_mended(tmp_path):
    frame = pd.concat(
        [sheet(), sheet().assign(**{"No.": ["17", "21"], "Claim": ["Another.", ""], "Date": "14.03.2025"})]
    )
    made = brought(tmp_path, frame, columns={"No.": "row_id"})
    assert (made.new, made.set_aside) == (2, 2)
    aside = pd.read_csv(made.file, dtype="str", keep_default_na=False)
    assert aside["set aside: reason"].str.contains("stands in line 1 too|it has no claim").all()
    aside.loc[0, "No."], aside.loc[1, "Claim"] = "20", "A third."
    aside.to_csv(tmp_path / "mended.csv", index=False)
    assert fd.import_table(tmp_path / "mended.csv", made.ledger).write().new == 2
    assert len(made.ledger.claims) == 4


def test_a_rating_that_nobody_mapped_is_no_verdict(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="T", statuses="politifact", by="Ada")
    frame = sheet(Verdict=["Half true?", "True"])
    coming = fd.import_table(frame, ledger)
    assert coming.counts["set aside"] == 1
    assert "Half true?" in repr(coming)
    coming.write()
    assert len(ledger.claims) == 1
    with_it = fd.import_table(frame, ledger, statuses={"Half true?": "half true"}).write()
    assert with_it.new == 1


def test_a_month_or_year_is_kept_as_that_and_days_that_could_be_two_are_asked(tmp_path):
    ledger = brought(tmp_path, sheet(Date=["March 2025", "2025"])).ledger
    assert ledger.claims["made_on_precision"].astype(str).tolist() == ["month", "year"]
    coming = fd.import_table(sheet(Date=["03/04/2025", "05/04/2025"]))
    assert coming.questions
    assert coming.correct(days="month first").rows["made_on"].tolist() == ["2025-03-04", "2025-05-04"]


def test_who_judged_when_and_where_comes_from_the_sheet(tmp_path):
    frame = sheet(**{
        "Reviewed on": ["20.03.2025", "21.03.2025"],
        "Fact-checker": ["Bo Lind", ""],
        "Published at": ["https://checks.example/1", ""],
    })  # fmt: skip
    columns = {"Reviewed on": "holds_from", "Fact-checker": "recorded_by", "Published at": "published_at"}
    statuses = brought(tmp_path, frame, columns=columns).ledger.statuses
    assert statuses["recorded_by"].tolist() == ["Bo Lind", "Ada Quist"]
    assert statuses["holds_from"].dt.strftime("%d").tolist() == ["20", "21"]
    assert statuses["published_at"].tolist() == ["https://checks.example/1", ""]
    assert statuses["published_on"].dt.strftime("%Y-%m-%d").tolist()[0] == "2025-03-20"


def review(**parts):
    return {
        "@context": "https://schema.org", "@type": "ClaimReview", "url": "https://checks.example/1",
        "datePublished": "2021-02-01", "claimReviewed": "The area is only two metres wide.",
        "author": {"@type": "Organization", "name": "The Desk"},
        "itemReviewed": {"@type": "Claim", "datePublished": "2021-01-30", "author": {"@type": "Person", "name": "J. Roe"},
                         "appearance": [{"url": "https://a.example/1"}, {"url": "https://a.example/2"}]},
        "reviewRating": {"ratingValue": "2", "bestRating": "6", "worstRating": "1", "alternateName": "Mostly False"},
        **parts,
    }  # fmt: skip


def test_another_organisation_s_verdict_is_a_source_and_no_status(tmp_path):
    (tmp_path / "feed.json").write_text(
        json.dumps(
            [
                review(),
                review(
                    url="https://other.example/2",
                    author={"name": "Others"},
                    reviewRating={"alternateName": "False"},
                ),
            ]
        )
    )
    ledger = fd.create(
        tmp_path / "claims.csv", title="T", publisher="The Desk", statuses="politifact", by="Ada"
    )
    made = fd.import_table(tmp_path / "feed.json", ledger).write()
    assert (made.new, made.same) == (1, 1)
    assert len(ledger.claims) == 1
    assert ledger.statuses[["status", "published_at"]].astype(str).to_numpy().tolist() == [
        ["mostly false", "https://checks.example/1"]
    ]
    assert ledger.evidence["stance"].astype(str).tolist() == ["refutes"]
    assert "False" in ledger.evidence["note"][0]
    assert len(ledger.appearances) == 2
    asked = fd.create(tmp_path / "ours.csv", title="T", statuses="politifact", by="Ada")
    fd.import_table(tmp_path / "feed.json", asked, ours=True).write()
    assert len(asked.statuses) == 2


def test_a_review_without_a_day_of_a_claim_known_by_its_month_holds_from_its_first_day(tmp_path):
    said = review(datePublished=None)
    said["itemReviewed"]["datePublished"] = "2025-03"
    (tmp_path / "feed.json").write_text(json.dumps([said]))
    ledger = fd.create(tmp_path / "claims.csv", title="T", statuses="politifact", by="Ada")
    assert fd.import_table(tmp_path / "feed.json", ledger, ours=True).write().new == 1
    assert ledger.claims["made_on_precision"].tolist() == ["month"]
    assert ledger.statuses["holds_from"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-01"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Claim": ["", "x"]}, "no claim"),
        ({"Speaker": ["#REF!", "x"]}, "a formula failed"),
        ({"Claim": ["y" * 40_000, "x"]}, "32,000"),
        ({"Sources": ["https://user:secret@a.example/", ""]}, "can't be used"),
        ({"Date": ["31.31.2025", "15.03.2025"]}, "made_on"),
        ({"Date": ["14.03.2094", "15.03.2025"]}, "up to"),
    ],
)
def test_what_can_t_be_used_is_set_aside_with_its_reason_and_the_rest_comes_in(tmp_path, cells, reason):
    columns = {"Claim": "claim", "Speaker": "claimant", "Date": "made_on", "Sources": "source"}
    coming = fd.import_table(sheet(**cells), tmp_path / "claims.csv", columns=columns)
    made = coming.write()
    assert (made.new, made.set_aside) == (1, 1)
    assert reason in coming.set_aside["reason"].iloc[0]
    assert "secret" not in repr(coming)


def test_text_of_a_sheet_is_never_markup_or_a_formula(tmp_path):
    hostile = "<script>alert(1)</script>=1+1"
    coming = fd.import_table(
        sheet(Claim=[hostile, '=HYPERLINK("https://a.example";"see this")'], Verdict=["<b>", ""])
    )
    assert "<script" not in coming._repr_html_() and "<b>x" not in coming._repr_html_()
    made = coming.write(tmp_path / "claims.csv")
    assert "see this" in made.ledger.claims["claim"].tolist()
    for line in made.file.read_text().splitlines()[1:] if made.file else ():
        assert not any(cell.startswith("=") for cell in line.split(","))


def test_a_stranger_s_notes_of_imports_are_read_as_no_more_than_that(tmp_path):
    ledger = brought(tmp_path).ledger
    folder = tmp_path / "claims" / imports.FOLDER
    for name, text in {
        "i-a.toml": "import_id = 7", "i-b.toml": "[[", "i-c.toml": "x = " + "[" * 50_000, "odd.toml": "columns = 3",
        "i-d.toml": 'import_id = "i-other"',
    }.items():  # fmt: skip
        (folder / name).write_text(text)
    assert len(ledger.imports) == 1
    assert fd.import_table(sheet(), ledger).counts["same"] == 2


def test_a_view_takes_nothing_in(tmp_path):
    ledger = brought(tmp_path).ledger
    with pytest.raises(fd.FactdeskError, match="view"):
        fd.import_table(sheet(), ledger.where(text="rain")).write()


@needs_cases
@pytest.mark.parametrize(
    ("name", "claims", "statuses", "sources"),
    [
        ("01-politifact-sheet.csv", 3, 3, 5),
        ("15-no-claim-dates.csv", 4, 4, 0),
        ("18-sheet-of-300.csv", 5, 5, 9),
    ],
)
def test_sheets_from_the_field_come_in_with_what_they_say(tmp_path, name, claims, statuses, sources):
    shutil.copy(CASES / name, tmp_path)
    before = (tmp_path / name).read_bytes()
    ledger = fd.create(
        tmp_path / "in.csv", title="In", statuses="factdesk" if name[:2] == "18" else "politifact"
    )
    said = {"TRUE": "supported", "Mostly False": "refuted", "False": "refuted"} if name[:2] == "18" else None
    coming = fd.import_table(tmp_path / name, ledger, statuses=said)
    ledger = coming.write().ledger
    assert (len(ledger.claims), len(ledger.statuses)) == (claims, statuses)
    assert len(ledger.sources) >= sources
    assert ledger.verify().empty
    assert (tmp_path / name).read_bytes() == before


@needs_cases
def test_a_scraped_sheet_has_its_days_sources_and_tags_once_each(tmp_path):
    ledger = fd.import_table(CASES / "01-politifact-sheet.csv", tmp_path / "in.csv").write().ledger
    assert ledger.statuses["holds_from"].dt.strftime("%Y-%m-%d").tolist() == [
        "2021-07-22",
        "2021-07-12",
        "2021-06-01",
    ]
    assert ledger.evidence.groupby("claim_id", sort=False).size().tolist() == [3, 2]
    assert ledger.claims["topics"].tolist() == ["Health;Posts", "Police", "Taxes"]
    assert ledger.status_on()["status"].astype(str).tolist() == ["pants on fire", "mostly false", "half true"]


@pytest.mark.parametrize("form", ["copy.xlsx", "copy.sqlite", "claims.csv"])
def test_a_ledger_that_went_out_comes_back_without_doubles(tmp_path, form):
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
    theirs, mine = rain(tmp_path / "theirs"), fd.create(tmp_path / "mine" / "mine.csv", title="Mine", by="Bo")
    source = theirs.path if form == "claims.csv" else fd.export(theirs, tmp_path / form)
    fd.import_table(source, mine).write()
    assert sorted(mine.claims["claim_id"]) == ["rain", "snow"]
    before = mine.digest()
    fd.import_table(source, mine).write()
    assert mine.digest() == before


@pytest.mark.parametrize("form", ["copy.xlsx", "copy.sqlite", "theirs.csv"])
def test_a_ledger_that_went_out_becomes_a_new_one_with_its_own_words(tmp_path, form):
    statuses = [
        {"name": "open", "settled": False},
        {"name": "Wahr", "rating": 6, "best_rating": 6, "renamed_from": ["wahr"]},
        "?",
    ]
    told = {
        "title": "Züge",
        "publisher": "The Desk",
        "timezone": "Europe/Kyiv",
        "noun": "promise",
        "plural": "Promises",
    }
    theirs = fd.create(tmp_path / "theirs.csv", statuses=statuses, by="Bo", **told)
    claim = theirs.log("It rained.", claimant="The Daily", made_on="2025-03")
    theirs.attach(claim, "https://a.example/1", stance="supports")
    theirs.set_status(claim, "Wahr", rationale="4 mm.")
    source = theirs.path if form == "theirs.csv" else fd.export(theirs, tmp_path / form)
    coming = fd.import_table(source, tmp_path / "new.csv", by="Ada")
    assert "Züge" in repr(coming) and not (tmp_path / "new.csv").exists()
    coming.write()
    made = fd.open(tmp_path / "new.csv")
    assert (made.settings, made.digest()) == (theirs.settings, theirs.digest())
    assert not fd.import_table(source, tmp_path / "new.csv")
    with pytest.raises(fd.FactdeskError, match="name of a new one"):
        fd.import_table(source)


@pytest.mark.parametrize("source", [None, 5, b"a.csv", "", ".", "a\0b.csv", [1]])
def test_what_is_no_source_is_refused_in_our_words(tmp_path, source):
    with pytest.raises(fd.FactdeskError):
        fd.import_table(source, tmp_path / "claims.csv")


def test_days_that_may_be_the_claim_s_are_asked_where_no_column_says_that_they_are(tmp_path):
    assert brought(tmp_path, sheet().rename(columns={"Date": "When"})).ledger.claims["made_on"].notna().all()
    named = sheet().rename(columns={"Date": "Tag der Tat"})
    coming = fd.import_table(named, tmp_path / "other.csv")
    assert len(coming.questions) == 1 and "columns={'Tag der Tat': 'made_on'}" in coming.questions[0]
    assert "of the claim, or of the check" in repr(coming)
    with pytest.raises(fd.FactdeskError, match="of the claim, or of the check"):
        coming.write()
    assert coming.correct(columns={"Tag der Tat": "made_on"}).questions == []
    left_out = coming.correct(columns={"Tag der Tat": None})
    assert left_out.questions == []
    assert fd.import_table(named, left_out.write().ledger).questions == []


@pytest.mark.parametrize("rows", [3, 20])
def test_one_id_that_stands_twice_costs_one_row_and_not_the_column(rows):
    frame = pd.DataFrame(
        {
            "id": [*map(str, range(1, rows)), "1"],
            "claim": [f"It rained for {n} days." for n in range(rows)],
            "claimant": "The Daily",
        }
    )
    coming = fd.import_table(frame)
    assert coming.plan.columns["id"] == "row_id"
    assert coming.set_aside["reason"].tolist() == ["the id '1' stands in line 1 too, of another claim"]


@pytest.mark.parametrize("value", ["9", "0", -1])
def test_a_review_whose_rating_is_out_of_its_scale_is_set_aside_with_its_reason(tmp_path, value):
    rating = {"ratingValue": value, "bestRating": 6, "worstRating": 1, "alternateName": "Mostly False"}
    (tmp_path / "feed.json").write_text(json.dumps(review(reviewRating=rating)))
    coming = fd.import_table(tmp_path / "feed.json", tmp_path / "claims.csv", ours=True)
    assert "is outside of its scale" in coming.set_aside["reason"][0]
    assert coming.write().set_aside == 1


def test_numbers_that_a_spreadsheet_made_of_days_are_asked_about_and_the_answer_is_kept(tmp_path):
    coming = fd.import_table(sheet(Date=["45730", "45731"]), tmp_path / "claims.csv")
    assert coming.plan.columns["Date"] == "made_on" and "as a spreadsheet counts days" in repr(coming)
    with pytest.raises(fd.FactdeskError, match="2025-03-14"):
        coming.write()
    ledger = coming.correct(days="excel").write().ledger
    assert ledger.claims["made_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-14", "2025-03-15"]
    assert fd.import_table(sheet(Date=["45730", "45731"]), ledger).counts["same"] == 2
