"""Names of columns are known in many languages, with slips and fillers, and never as what they are not."""

from collections import Counter

import pytest

from factdesk.exchange.fields import FIELDS, by_name, known, normal


def test_no_name_is_known_for_two_fields():
    names = [(normal(name), field.name) for field in FIELDS.values() for name in field.names]
    assert [name for name, count in Counter(name for name, _ in set(names)).items() if count > 1] == []
    assert all(name for name, _ in names)


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_every_field_says_what_it_means_and_goes_by_its_own_name(field):
    assert field.meaning and field.holds in {
        "text",
        "words",
        "day",
        "addresses",
        "several",
        "status",
        "kind",
        "id",
    }
    assert all(by_name(name)[0][0] == known(name) == field.name for name in field.names)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Speaker_Name", "claimant"),
        ("verdict_raw", "status"),
        ("claimReview_claimReviewed", "claim"),
        ("DATE OF CLAIM:", "made_on"),
        ("Claimat", "claimant"),
        ("Quelle 2", "source"),
        ("Überprüft von", ""),
        ("speaker_party", ""),
        ("speaker_description", ""),
        ("claim label", ""),
        ("state", ""),
        ("Checked", ""),
        ("title", ""),
        ("", ""),
        ("!!!", ""),
        ("x" * 5_000, ""),
        ("\x00\u202eclaim", "claim"),
    ],
)
def test_names_are_known_through_slips_and_not_by_a_part(name, field):
    assert [found for found, _, _ in by_name(name)][:1] == ([field] if field else [])
