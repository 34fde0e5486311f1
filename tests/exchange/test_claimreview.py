"""Fact-checks in files: read as frames, also where some of them can't be used."""

import json
import tracemalloc

import pandas as pd
import pytest
import samples

import factdesk as fd
from factdesk.errors import InvalidValue
from factdesk.exchange import feeds
from factdesk.exchange.reviews import COLUMNS


def test_the_case_from_the_field_is_read_whole(tmp_path):
    if not samples.CASES.is_dir():
        pytest.skip("the cases from the field are not here")
    (row,) = fd.claimreview.read(samples.CASES / "17-claimreview.json").to_dict("records")
    assert (row["claim"], row["claimant"], row["made_on"]) == (
        "The target area is only two metres wide.", "J. Roe", "2021-01-30",
    )  # fmt: skip
    assert row["appearances"] == [
        "https://foobar.example/1",
        "https://foobar.example/13531",
        "https://social.example/9",
    ]
    assert (row["rating"], row["rating_value"], row["worst_rating"], row["best_rating"]) == (
        "Mostly False",
        2,
        1,
        6,
    )
    assert (row["reviewer"], row["review_url"], row["reviewed_on"]) == (
        "The Desk",
        "https://checks.example/1",
        "2021-02-01",
    )
    assert (row["misfit"], row["remarks"]) == ("", [])


@samples.needs_cases
def test_a_sheet_of_ratings_is_read_with_its_addresses_and_tags_once_each():
    found = fd.claimreview.read(samples.CASES / "01-politifact-sheet.csv")
    assert found["rating"].tolist() == ["Pants on Fire", "Mostly False", "Half-True"]
    assert [len(sources) for sources in found["sources"]] == [3, 2, 0]
    assert found["topics"].tolist() == [["Health", "Posts"], ["Police"], ["Taxes"]]
    assert found["line"].tolist() == [2, 3, 4]


def test_a_frame_has_the_same_columns_and_types_however_little_was_found(tmp_path):
    for text in ('{"claims": []}', "{}", "[]", '{"@type": "ClaimReview"}'):
        path = tmp_path / "a.json"
        path.write_text(text)
        found = fd.claimreview.read(path)
        assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert found["misfit"].tolist() == ["no claim: claimReviewed is empty."]


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}', "[1]", '{"claims": 5}', '<script type="application/ld+json">{"@type": "WebPage"}</script>'],
)
def test_a_file_in_which_nothing_is_reviewed_is_refused(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InvalidValue, match="in this one there is none"):
        fd.claimreview.read(path)


def test_of_a_feed_larger_than_the_memory_one_review_is_held_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(feeds, "WHOLE", 0)
    path = tmp_path / "feed.json"
    review = {"@type": "ClaimReview", "claimReviewed": "It rained.", "reviewBody": "x" * 10_000}
    path.write_text(json.dumps({"dataFeedElement": [{"item": [review]}] * 500}))
    found = fd.claimreview.iter_reviews(path)
    assert next(found)["place"] == "dataFeedElement[0].item[0]"
    tracemalloc.start()
    assert sum(1 for _ in found) == 499
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < path.stat().st_size / 5


def test_what_a_program_or_a_person_broke_is_named_and_the_rest_is_read(tmp_path):
    page = tmp_path / "page.html"
    good = json.dumps({"@type": "ClaimReview", "claimReviewed": "It rained."})
    script = '<script type="application/ld+json">{}</script>\n'
    page.write_text(script.format(good) + script.format("{broken") + script.format(good))
    found = fd.claimreview.read(page)
    assert found["place"].tolist() == ["script 1", "script 2", "script 3"]
    assert (found["misfit"] != "").tolist() == [False, True, False]
    assert isinstance(found, pd.DataFrame)
