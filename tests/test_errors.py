"""Errors say what was wrong, where, and what is allowed, and can be handled like any other."""

import copy
import pickle

import pytest

from factdesk import errors

ODD = "Zoë 東\x1b[2J\0\u202egnp"

EXAMPLES = [
    errors.InvalidValue("made_on", "14/03/2025", "a day as YYYY-MM-DD", "claims"),
    errors.NotFound("claim", "sea-ris", ["sea-rise"], "Look again."),
    errors.LedgerUnreadable([errors.Finding("x", "error", "is wrong.", file="claims.csv", line=3)]),
    errors.LedgerExists("claims.csv"),
    errors.LedgerBusy("claims.csv", 30.0),
    errors.ReadOnlyLedger("it is a view"),
    errors.WriteFailed("claims.csv", "No space left on device", "Nothing was written."),
    errors.NotFetched("https://example.org/", "its server is too slow", "Try again later."),
    errors.ArticleUnreadable("scan.pdf", "has no text", "Type the words that matter."),
    errors.NotInstalled("Reading PDFs", "pypdf", "articles"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_can_be_copied_pickled_hashed_and_read(error):
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert vars(other) == vars(error)
    assert error in {error}
    assert isinstance(error, errors.FactdeskError)
    assert str(error)


def test_an_error_is_also_the_one_that_python_has_for_it():
    for kind, python in (
        (errors.InvalidValue, ValueError),
        (errors.NotFound, LookupError),
        (errors.LedgerExists, FileExistsError),
        (errors.LedgerBusy, TimeoutError),
        (errors.WriteFailed, OSError),
    ):
        assert issubclass(kind, python)


class Sulking:
    def __repr__(self) -> str:
        raise RuntimeError


def test_a_value_is_shown_short_whatever_it_is():
    for value in ("x" * 10**6, 10**5000, Sulking(), ["y" * 500] * 500):
        for error in (errors.InvalidValue("claim", value, "text"), errors.NotFound("claim", value)):
            assert len(str(error)) < 300


def test_one_place_is_one_place():
    place = errors.Finding("x", "error", "is wrong.", file="claims.csv")
    assert "(1 place)" in str(errors.LedgerUnreadable([place]))
    assert "(2 places)" in str(errors.LedgerUnreadable([place, place]))


def test_the_nearest_words_come_first_and_case_does_not_count():
    words = ["unverified", "supported", "unverifiable", "refuted"]
    assert errors.nearest("Suported", words)[0] == "supported"
    assert errors.nearest("unverifed", words)[:2] == ["unverified", "unverifiable"]
    assert errors.nearest(None, words) == errors.nearest(5, words) == errors.nearest("zzz", words) == []
    assert errors.nearest("x", []) == []


def test_a_value_outside_its_choices_is_told_them_and_the_nearest():
    error = errors.InvalidValue.choice("status", "Refutd", ["in review", "refuted\x1b"], "statuses")
    assert error.allowed == "in review, refuted\\x1b; nearest: 'refuted\\x1b'"
    assert str(error).startswith("statuses.status: 'Refutd' can't be used.")
    assert errors.InvalidValue.choice("by", ["topic"], iter(["topic"])).allowed == "topic"
    assert (
        errors.InvalidValue.choice("locale", "dee", ["de"], allowed="a tag").allowed == "a tag; nearest: 'de'"
    )


@pytest.mark.parametrize(
    ("typed", "choices", "meant"),
    [
        ("Half-True", ["Half True", "True"], ["Half True"]),
        ("mostly  ture", ["true", "mostly false", "mostly true"], ["mostly true"]),
        ("refutde", ["supported", "refuted"], ["refuted"]),
        ("barely true", ["not rated", "true", "mostly false", "false"], []),
        ("untrue", ["true"], []),
        ("not supported", ["supported"], []),
        ("unsupported", ["supported"], []),
        ("inaccurate", ["accurate"], []),
        ("mostly untrue", ["mostly true"], []),
        ("stage 2", ["stage 1"], []),
        ("C2", ["C1"], []),
        ("部分不实", ["部分属实"], []),
        ("غير صحيح", ["صحيح"], []),
        ("?", ["!", "true"], []),
        ("x" * 10_000, ["x" * 10_000], []),
        (None, ["true"], []),
    ],
)
def test_only_a_word_that_was_misspelt_has_a_choice_that_was_meant(typed, choices, meant):
    assert errors.misspelt(typed, choices) == meant


def test_a_finding_names_its_place():
    where = errors.Finding(
        "bad-day", "error", "'x' is not a day.", "Allowed: a day.", "claims", "claims.csv", 4, "made_on"
    )
    assert str(where) == "claims.csv:4 made_on: 'x' is not a day. Allowed: a day."


@pytest.mark.parametrize(
    "error",
    [
        errors.LedgerExists(ODD),
        errors.LedgerBusy(ODD, 5),
        errors.WriteFailed(ODD, ODD, "Nothing was written."),
        errors.NotANotebook(ODD, ODD),
        errors.NotebookFailed(ODD, 1, ODD, ODD),
        errors.NotebookFailed(ODD, 0, ODD),
        errors.PageExists(ODD),
        errors.NotFound("folder", ODD),
        errors.InvalidValue("path", ODD, "a name"),
    ],
)
def test_a_name_of_a_file_steers_no_terminal(error):
    assert str(error).isprintable()
    assert "\\x1b" in str(error) and "\\u202e" in str(error) and "Zoë 東" in str(error)
