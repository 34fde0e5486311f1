"""The ready vocabularies: what they hold, how they look, and that a ledger's file says them."""

from itertools import pairwise

import pytest

import factdesk as fd
from factdesk.charts.colours import THEMES, looks
from factdesk.errors import InvalidValue
from factdesk.schema import Settings
from factdesk.storage import settings
from factdesk.vocabularies import VOCABULARIES

each = pytest.mark.parametrize("name", VOCABULARIES)


@each
def test_the_file_of_a_ledger_says_a_ready_vocabulary_whole(name, tmp_path):
    ready = VOCABULARIES[name]
    ledger = fd.create(tmp_path / "own.csv", title="Own", statuses=name)
    assert ledger.settings.vocabulary == ready.statuses
    assert ledger.settings.noun == ready.noun
    assert ledger.check().empty
    rendered = settings.render(ledger.settings)
    assert rendered == (tmp_path / "own" / "ledger.toml").read_bytes()
    assert settings.read(rendered, "") == (ledger.settings, [])


@each
def test_what_nobody_judged_is_open_and_what_is_rated_is_settled(name):
    first, *others = VOCABULARIES[name].statuses
    assert not first.settled and first.rating is None
    assert all(status.settled for status in others if status.rating)
    assert {status.rating for status in others} >= {1, first.best_rating}


@each
@pytest.mark.parametrize("theme", THEMES)
def test_each_status_has_a_sign_of_its_own_and_is_told_from_its_neighbour_by_colour(name, theme):
    found = list(looks(VOCABULARIES[name].statuses, theme).values())
    assert len({look.sign for look in found}) == len(found)
    assert all(a.colour != b.colour for a, b in pairwise(found))


def test_the_default_is_what_a_ledger_has_that_says_nothing():
    assert VOCABULARIES["factdesk"].statuses == Settings().vocabulary


def test_six_ratings_read_the_word_of_before_and_what_was_true_when_said_is_no_rating():
    renamed = Settings(vocabulary=VOCABULARIES["politifact"].statuses).renamed
    assert renamed == {"barely true": "mostly false"}
    notes = {status.name: status for status in VOCABULARIES["community-notes"].statuses}
    assert notes["was true then"].settled and notes["was true then"].rating is None


@pytest.mark.parametrize(
    ("typed", "nearest"), [("promise", "promises"), ("Politifakt", "politifact"), (7, "")]
)
def test_a_name_that_none_has_is_told_all_of_them_and_the_nearest(typed, nearest, tmp_path):
    with pytest.raises(InvalidValue) as refused:
        fd.create(tmp_path / "own.csv", title="Own", statuses=typed)
    assert all(name in str(refused.value) for name in VOCABULARIES)
    assert str(refused.value).count(f"nearest: {nearest!r}") == bool(nearest)
    assert list(tmp_path.iterdir()) == []


def test_statuses_that_capitals_alone_tell_apart_are_refused(tmp_path):
    with pytest.raises(fd.FactdeskError, match="each name once"):
        fd.create(tmp_path / "claims.csv", title="T", statuses=["open", "True", "true"])


@pytest.mark.parametrize("name", ["noun", "plural", "publisher", "timezone"])
def test_a_setting_that_only_the_file_says_is_not_taken_without_a_word(tmp_path, name):
    ledger = fd.create(tmp_path / "claims.csv", title="T")
    with pytest.raises(fd.FactdeskError, match=r"in ledger\.toml"):
        setattr(ledger, name, "pledge")
