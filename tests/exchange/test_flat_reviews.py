"""Tables of ClaimReview: columns are known by what they are called, however their parts are joined."""

import pytest

from factdesk.exchange.flat_reviews import is_flat, nested, path


@pytest.mark.parametrize(
    ("column", "steps"),
    [
        ("claimReview_claimReviewed", ("claimReviewed",)),
        ("claimReviewed", ("claimReviewed",)),
        ("CLAIMREVIEW_AUTHOR_NAME", ("author", "name")),
        ("rating_ratingValue", ("reviewRating", "ratingValue")),
        ("reviewRating.alternateName", ("reviewRating", "alternateName")),
        ("creativeWork_author_name", ("itemReviewed", "author", "name")),
        ("itemReviewed/appearance/0/url", ("itemReviewed", "appearance", "0", "url")),
        ("extra_refered_links", ("citation",)),
        ("0", ()), ("", ()), ("Unnamed: 0", ()), ("claimReview", ()), ("extra_body", ()), ("claim", ()),
    ],
)  # fmt: skip
def test_a_column_leads_to_the_property_that_it_is_named_after(column, steps):
    assert path(column) == steps


def test_a_row_becomes_the_review_that_it_was_made_of():
    row = {
        "itemReviewed_appearance_1_url": "https://b.example", "itemReviewed_appearance_0_url": "https://a.example",
        "author": "The Desk", "author_url": "https://checks.example", "rating_alternateName": "", "url": "nan",
        "citation": '["https://c.example"]', "keywords": "[not JSON",
    }  # fmt: skip
    assert nested(row) == {
        "itemReviewed": {"appearance": [{"url": "https://a.example"}, {"url": "https://b.example"}]},
        "author": {"name": "The Desk", "url": "https://checks.example"},
        "citation": ["https://c.example"],
        "keywords": "[not JSON",
    }


def test_an_object_with_the_columns_of_a_table_is_a_row_of_one():
    assert is_flat({"claimReview_url": "x"}) and is_flat({"itemReviewed.author.name": "x"})
    assert not is_flat({"claimReview": [], "rating": 1, "url": "x"})


def test_a_cell_that_nests_deep_is_no_more_than_a_cell():
    assert nested({"url": "[" * 100_000}) == {"url": "[" * 100_000}
