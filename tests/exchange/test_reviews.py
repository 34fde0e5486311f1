"""ClaimReviews in values of JSON: of every shape in which they are published, each property is read, or its words kept."""

import math
from datetime import date

import pytest

from factdesk.exchange.json_stream import Part
from factdesk.exchange.reviews import COLUMNS, rows

REVIEW = {
    "@type": "ClaimReview",
    "claimReviewed": "It rained.",
    "itemReviewed": {"@type": "Claim", "author": {"name": "The Daily"}},
    "reviewRating": {"alternateName": "False"},
}


def read(value, **more) -> list[dict]:
    return list(rows(Part(value, **more), date(2025, 4, 1)))


def only(review=None, /, **properties) -> dict:
    (row,) = read({**REVIEW, **(review or {}), **properties})
    return row


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (REVIEW, [""]),
        ([REVIEW, "x", [REVIEW]], ["[0]", "[2][0]"]),
        ({"@graph": [{"@type": "WebPage"}, REVIEW]}, ["@graph[1]"]),
        ({"@type": "WebPage", "mainEntity": {"review": [REVIEW, REVIEW]}}, ["mainEntity.review[0]", "mainEntity.review[1]"]),
        ({"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW]}]}, ["dataFeedElement[0].item[0]"]),
        ({**REVIEW, "@type": ["Review", "https://schema.org/ClaimReview"]}, [""]),
        ({f"http://schema.org/{name}": value for name, value in REVIEW.items() if name != "@type"}, [""]),
        ({f"schema:{name}".replace("schema:@", "@"): value for name, value in REVIEW.items()}, [""]),
        ({name: [{"@value": value}] if isinstance(value, str) else [value] for name, value in REVIEW.items() if name != "@type"} | {"@type": ["ClaimReview"]}, [""]),
        ({"claimReview": {"claimReviewed": "It rained."}, "rating": {"alternateName": "False"}, "creativeWork": {"author": "The Daily"}}, [""]),
        ({"claimReview_claimReviewed": "It rained.", "rating_alternateName": "False", "creativeWork_author_name": "The Daily"}, [""]),
        ([{"text": "It rained.", "claimant": "The Daily", "claimReview": [{"textualRating": "False"}]}], ["[0].claimReview[0]"]),
    ],
)  # fmt: skip
def test_a_review_is_found_wherever_it_stands_and_says_where(value, places):
    found = read(value)
    assert [row["place"] for row in found] == places
    assert {(row["claim"], row["claimant"], row["rating"]) for row in found} == {
        ("It rained.", "The Daily", "False")
    }
    assert all(set(row) == set(COLUMNS) for row in found)


@pytest.mark.parametrize(
    "value", [None, 5, "x", [], {}, {"@type": "MediaReview"}, {"claimReview": "x"}, {"a": [[{}]]}]
)
def test_what_is_no_review_is_none(value):
    assert read(value) == []


def test_two_reviews_of_one_claim_are_two_rows_with_their_own_days():
    answer = {"text": "It rained.", "claimant": "The Daily", "claimDate": "2025-03-10T23:30:00+02:00", "claimReview": [
        {"publisher": {"name": "A", "site": "a.example"}, "url": "https://a.example/1", "title": "No.", "reviewDate": "2025-03-12T00:00:00Z", "textualRating": "False", "languageCode": "en"},
        {"publisher": {"name": "B"}, "reviewDate": "2025-03-13", "textualRating": "Mixed"},
    ]}  # fmt: skip
    one, other = read(answer)
    assert (one["reviewer"], one["reviewer_url"], one["reviewed_on"], one["rating"]) == (
        "A",
        "a.example",
        "2025-03-12",
        "False",
    )
    assert (other["reviewer"], other["reviewed_on"], other["rating"]) == ("B", "2025-03-13", "Mixed")
    assert one["made_on"] == other["made_on"] == "2025-03-10"
    assert (one["title"], one["language"], one["review_url"]) == ("No.", "en", "https://a.example/1")
    claim = {"@type": "Claim", "author": "The Daily", "review": [{"@type": "ClaimReview", "reviewRating": {"alternateName": name}} for name in "AB"], "name": "It rained."}  # fmt: skip
    assert [(row["claim"], row["claimant"], row["rating"]) for row in read(claim)] == [
        ("It rained.", "The Daily", "A"), ("It rained.", "The Daily", "B"),
    ]  # fmt: skip


def test_objects_that_are_named_by_their_id_are_looked_up_in_the_graph_also_where_they_name_one_another():
    graph = [
        {
            "@type": "ClaimReview",
            "claimReviewed": "It rained.",
            "itemReviewed": {"@id": "#claim"},
            "author": {"@id": "#desk"},
        },
        {"@id": "#claim", "@type": "Claim", "author": "#daily", "appearance": {"@id": "#page"}},
        {"@id": "#daily", "name": "The Daily", "sameAs": {"@id": "#daily"}},
        {"@id": "#desk", "@type": "Organization", "name": "The Desk", "url": "https://checks.example"},
        {"@id": "#page", "url": "https://a.example", "author": {"@id": "#claim"}},
    ]
    (row,) = read({"@graph": graph})
    assert (row["claimant"], row["reviewer"], row["reviewer_url"]) == (
        "The Daily",
        "The Desk",
        "https://checks.example",
    )
    assert row["appearances"] == ["https://a.example"]


@pytest.mark.parametrize(
    ("author", "claimant", "role"),
    [
        ("The Daily", "The Daily", ""),
        ({"@type": "Person", "name": "Jane Roe", "jobTitle": "Governor"}, "Jane Roe", "Governor"),
        ([{"name": "A"}, "B", {"name": "A"}], "A, B", ""),
        ({"@type": "Organization", "alternateName": "WHO"}, "WHO", ""),
        ({"name": {"@value": "A\n B", "@language": "en"}}, "A B", ""),
        ({"name": ["", "A"]}, "A", ""),
        (None, "", ""), (True, "", ""), ({}, "", ""), ([[], [{}]], "", ""),
    ],
)  # fmt: skip
def test_who_made_a_claim_is_a_text_an_object_or_several(author, claimant, role):
    row = only(itemReviewed={"@type": "Claim", "author": author})
    assert (row["claimant"], row["claimant_role"]) == (claimant, role)


def test_the_first_appearance_comes_first_and_each_once_with_what_is_said_of_it():
    row = only(itemReviewed={
        "@type": "Claim",
        "appearance": ["https://b.example", {"@type": "VideoObject", "contentUrl": "https://c.example"}, {"url": "https://a.example"},
                       {"@id": "https://d.example"}, {"headline": "On the radio"}, "www.e.example"],
        "firstAppearance": {"url": "https://a.example", "headline": "Rain", "publisher": {"name": "The Daily"}, "datePublished": "2025-03-10"},
    })  # fmt: skip
    assert row["appearances"] == [f"https://{one}.example" for one in "abcd"]
    assert row["works"][0] == {
        "url": "https://a.example", "title": "Rain", "publisher": "The Daily", "author": "", "published_on": "2025-03-10",
    }  # fmt: skip
    assert row["remarks"] == [
        "an appearance without an address: On the radio.", "no address of an appearance: www.e.example.",
    ]  # fmt: skip


def test_of_a_work_its_own_address_is_where_the_claim_was_made_and_of_a_claim_it_is_not():
    work = {"author": "A", "url": "https://a.example", "headline": "Rain", "sameAs": ["https://b.example"]}
    assert only(itemReviewed={"@type": "CreativeWork", **work})["appearances"] == ["https://a.example"]
    assert only(itemReviewed={"@type": "Claim", **work})["appearances"] == []


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2025-03-14", "2025-03-14", ""),
        ("2024-06-28T23:30:00Z", "2024-06-28", ""),
        ("2024-06-28 23:30", "2024-06-28", ""),
        ("2025-03", "2025-03-01", "month"),
        ("2025", "2025-01-01", "year"),
        (2025, "2025-01-01", "year"),
        ([{"@value": "2025-03-14"}], "2025-03-14", ""),
        ("14.03.2025", "2025-03-14", ""),
        ("March 14th, 2025", "2025-03-14", ""),
        ("Mar 2025", "2025-03-01", "month"),
        ("２０２５-03-14", "2025-03-14", ""),
    ],
)
def test_a_day_is_read_as_it_is_written_a_month_or_a_year_as_its_first(written, day, precision):
    row = only(itemReviewed={"@type": "Claim", "datePublished": written})
    assert (row["made_on"], row["made_on_precision"], row["remarks"]) == (day, precision, [])


@pytest.mark.parametrize(
    "written",
    ["2025-02-30", "2025-13", "0001-01-01", "45730", "民國114年3月14日", "03/04/2025", "14. März 2025"],
)
def test_a_day_that_cannot_be_read_is_none_and_its_words_are_kept(written):
    row = only(datePublished=written, itemReviewed={"@type": "Claim", "datePublished": written})
    assert (row["made_on"], row["reviewed_on"], row["misfit"]) == ("", "", "")
    of_claim, of_review = row["remarks"]
    assert of_claim.startswith(f"the day of the claim can't be read: {written} (")
    assert of_review.startswith(f"the day of the review can't be read: {written} (")


def test_months_are_read_in_the_review_s_own_language_too():
    assert only(datePublished="14. März 2025", inLanguage="de-AT")["reviewed_on"] == "2025-03-14"
    assert only(datePublished="14 March 2025", inLanguage="de")["reviewed_on"] == "2025-03-14"
    assert only(datePublished="14. März 2025", inLanguage="German")["reviewed_on"] == ""


def test_a_review_of_some_month_has_no_day():
    assert only(datePublished="2025-03")["reviewed_on"] == ""


@pytest.mark.parametrize(
    ("rating", "numbers"),
    [
        ({"ratingValue": "2", "bestRating": "6", "worstRating": "1"}, (2, 1, 6)),
        ({"ratingValue": 2.5, "bestRating": 5}, (2.5, math.nan, 5)),
        ({"ratingValue": "2,5"}, (2.5, math.nan, math.nan)),
        ({"ratingValue": [{"@value": "-1"}]}, (-1, math.nan, math.nan)),
        ({"ratingValue": True, "bestRating": None, "worstRating": []}, (math.nan,) * 3),
        ("False", (math.nan,) * 3),
    ],
)
def test_numbers_are_read_also_where_they_are_written_as_text(rating, numbers):
    row = only(reviewRating=rating)
    found = tuple(row[name] for name in ("rating_value", "worst_rating", "best_rating"))
    assert found == pytest.approx(numbers, nan_ok=True)
    assert (row["misfit"], row["remarks"]) == ("", [])


@pytest.mark.parametrize("number", ["four", float("inf"), "1e999", "9" * 5000, "nan", "4/5"])
def test_what_is_no_number_is_none_and_said(number):
    row = only(reviewRating={"ratingValue": number, "alternateName": "x"})
    assert math.isnan(row["rating_value"]) and row["rating"] == "x"
    assert row["remarks"][0].startswith("ratingValue is no number: ")


@pytest.mark.parametrize(
    ("value", "worst", "best", "bound"),
    [(7, 1, 6, "above 6"), (0, 1, 6, "below 1"), (7, 6, 1, "above 6"), (7, None, 6, "above 6")],
)
def test_a_rating_outside_of_its_scale_can_not_be_used_and_the_row_stands(value, worst, best, bound):
    row = only(
        reviewRating={"ratingValue": value, "worstRating": worst, "bestRating": best, "alternateName": "x"}
    )
    assert row["misfit"] == f"the rating {value} is outside of its scale: {bound}."
    assert (row["claim"], row["rating"], row["rating_value"]) == ("It rained.", "x", value)


def test_a_review_without_a_claim_can_not_be_used_and_one_too_long_for_a_cell_neither():
    assert only(claimReviewed=" ")["misfit"].startswith("no claim")
    assert "40,000 characters" in only(claimReviewed="x" * 40_000)["misfit"]
    assert "40,000 characters" in only(itemReviewed={"author": "x" * 40_000})["misfit"]


def test_the_claims_own_words_are_a_quote_and_stand_in_for_a_claim_that_is_missing():
    item = {"@type": "Claim", "text": "It's raining, folks."}
    assert only(itemReviewed=item)["quote"] == "It's raining, folks."
    assert only(itemReviewed=item, claimReviewed="")["claim"] == "It's raining, folks."
    assert only(itemReviewed={"@type": "NewsArticle", "headline": "x"}, claimReviewed="")["claim"] == ""


def test_words_topics_sources_and_language_are_read_in_each_of_their_forms():
    row = only(
        headline="No rain", reviewBody="The gauge\nwas dry.", description="short", inLanguage={"@type": "Language", "alternateName": "en"},
        keywords="Sky, Rain,Sky;Gauges", about=[{"name": "Weather"}], citation=["https://a.example", {"url": "https://b.example"}],
        isBasedOn="https://c.example https://a.example", mainEntityOfPage={"@id": "https://checks.example/1"},
    )  # fmt: skip
    assert (row["title"], row["rationale"], row["language"]) == ("No rain", "The gauge\nwas dry.", "en")
    assert row["topics"] == ["Sky", "Rain", "Gauges", "Weather"]
    assert row["sources"] == ["https://a.example", "https://b.example", "https://c.example"]
    assert row["review_url"] == "https://checks.example/1"


def test_what_can_not_be_seen_or_read_in_a_text_is_said_and_markup_stays_text():
    row = only(claimReviewed="<script>x</script> pay\u202edlog\0 \ufffd")
    assert row["claim"] == "<script>x</script> paydlog �"
    assert row["remarks"] == ["taken out: U+0000, U+202E.", "some letters can't be read: � stands for them."]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "#claim-rain", "ftp://a.example", "/1", "https://"]
)
def test_what_is_no_address_of_the_web_is_no_address_and_its_words_are_kept(address):
    row = only(url=address)
    assert (row["review_url"], row["remarks"]) == ("", [f"no address of the review: {address}."])


def test_a_part_that_is_broken_is_a_row_that_says_so_and_so_is_a_line_without_a_review():
    (broken,) = read(None, place="script 2", line=41, fault="the script is no JSON.")
    assert (broken["place"], broken["line"], broken["misfit"], broken["appearances"]) == (
        "script 2",
        41,
        "the script is no JSON.",
        [],
    )
    (line,) = read({"a": 1}, line=3)
    assert line["misfit"] == "no ClaimReview stands in the line."
    (cut,) = read(REVIEW, fault="it nests.")
    assert (cut["claim"], cut["misfit"]) == ("It rained.", "it nests.")


def test_a_place_in_a_script_and_one_in_a_list_are_told_apart():
    assert read({"@graph": [REVIEW]}, place="script 1", line=3)[0]["place"] == "script 1, @graph[0]"
    assert read({"item": [REVIEW]}, place="dataFeedElement[7]")[0]["place"] == "dataFeedElement[7].item[0]"
    assert read([REVIEW], place="[7]")[0]["place"] == "[7][0]"


@pytest.mark.parametrize(
    "odd",
    [None, 5, True, "x", [], {}, [[]], [None], {"@value": 1}, {"@id": "#a"}, {"@list": [{"@set": "x"}]}],
)
def test_no_property_of_another_type_than_it_should_be_ends_the_reading(odd):
    item = dict.fromkeys(
        (
            "@type",
            "author",
            "datePublished",
            "appearance",
            "firstAppearance",
            "keywords",
            "about",
            "text",
            "url",
        ),
        odd,
    )
    rating = dict.fromkeys(("ratingValue", "bestRating", "worstRating", "alternateName"), odd)
    every = dict.fromkeys(
        ("author", "url", "datePublished", "headline", "reviewBody", "keywords", "inLanguage", "citation"),
        odd,
    )
    for value in (REVIEW | every, REVIEW | {"itemReviewed": item, "reviewRating": rating}, {"text": odd, "claimReview": [odd]}, REVIEW | {"itemReviewed": odd, "reviewRating": odd}):  # fmt: skip
        assert len(read(value)) == 1
