"""A ledger's vocabulary set by call: what is written, what rows hold afterwards, and what is refused."""

import pytest
from samples import files

import factdesk as fd
from factdesk.charts.colours import looks
from factdesk.errors import InvalidValue, ReadOnlyLedger, StatusesInUse
from factdesk.measures import refuting
from factdesk.schema import VOCABULARY, Status

COMMENTED = """\
# Ours.
format = 1
title = "Rain"  # a working title
plural = "claims"
house = [1,
  2]

[[status]]  # nobody looked
name = "open"
settled = false  # of course
# the good one
[[status]]
name = "true"
colour = "#2B825A"  # green
rating = 5
owner = "Ada"

[desk]
k = 1  # kept
"""


@pytest.fixture
def ledger(tmp_path):
    """Two claims; one was held to be supported and is refuted, the other had a status that was edited."""
    made = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    for one in ("dry", "wet"):
        made.log(f"It was {one}.", claimant="The Daily", claim_id=one, made_on="2025-03-01")
    for word in ("supported", "refuted"):
        made.set_status("dry", word, holds_from="2025-03-02", rationale=f"{word} by the gauge.")
    row = made.set_status("wet", "mixed", holds_from="2025-03-02", rationale="The gauge says so.")
    made.edit("statuses", row, status="supported", why="a slip")
    return made


def toml(ledger):
    return ledger.path.with_suffix("") / "ledger.toml"


@pytest.mark.parametrize(
    ("given", "names", "settled"),
    [
        (["true", "false"], ["unverified", "true", "false"], 2),
        (["unverified", "true"], ["unverified", "true"], 1),
        ([{"name": "open", "settled": False}, "true"], ["open", "true"], 1),
        ((Status("asked", "asked", settled=False), "supported"), ["asked", "supported"], 1),
    ],
)
def test_a_list_of_ones_own_becomes_the_vocabulary_by_the_rules_of_the_file(given, names, settled, tmp_path):
    made = fd.create(tmp_path / "own.csv", title="Own", statuses=given, noun="story", plural="tales")
    assert made.settings.statuses == names
    assert sum(status.settled for status in made.settings.vocabulary) == settled
    assert (made.settings.noun, made.settings.nouns) == ("story", "tales")
    again = fd.create(tmp_path / "again.csv", title="Own", noun="story", plural="tales")
    again.statuses = given
    assert fd.open(again.path).settings == made.settings


def test_a_scale_of_its_own_has_its_best_rating_wherever_ratings_count(tmp_path):
    scale = [
        Status("good", "good", rating=10, best_rating=10),
        {"name": "bad", "rating": 5, "best_rating": 10},
    ]
    made = fd.create(tmp_path / "own.csv", title="Own", statuses=[*scale, "supported"], publisher="The Desk")
    assert "best_rating = 10" in toml(made).read_text("utf-8")
    assert made.settings.best_rating == 10
    assert made.settings.status("supported").rating is None  # the default's five is of five
    assert refuting(made.settings) == ["bad"]
    assert looks(made.settings.vocabulary)["good"].colour == looks(VOCABULARY)["supported"].colour
    made.statuses = ["true", "false"]
    assert made.settings.best_rating == 5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "one [[status]] table for each status"),
        (["a;b"], "a word or two"),
        (["a", "a"], "each name once"),
        (["true", "unverified"], "one that is open, such as 'unverified'"),
        ([{"name": "x", "rating": 6}], "1 to 5, or nothing; another scale has its best_rating"),
        ([{"name": "x", "ratting": 5}], "nearest: 'rating'"),
        ([{"name": "x", "best_rating": 1}], "a whole number from 2 to 100"),
        ([{"name": "x", "best_rating": 6}, {"name": "y", "best_rating": []}], "one for all of them"),
        ([{"name": "x", "colour": "red"}], "six hexadecimal digits"),
        ([b"x"], "words, Status, or mappings with a name"),
        ({"x": 1}, "or a list of one's own words"),
        (
            [{"name": "w", "renamed_from": ["supported", "mixed", "refuted"], "label": "w" * 30_000}],
            "20,000 bytes",
        ),
    ],
)
def test_statuses_that_can_not_be_are_refused_and_nothing_changes(ledger, given, words):
    before = files(ledger.path.parent)
    with pytest.raises(InvalidValue) as refused:
        ledger.statuses = given
    assert words in str(refused.value)
    with pytest.raises(InvalidValue):
        ledger.statuses = ledger.statuses
    assert files(ledger.path.parent) == before


def test_words_that_rows_hold_are_never_without_a_reading(ledger):
    before = files(ledger.path.parent)
    with pytest.raises(StatusesInUse) as refused:
        ledger.statuses = "truth-scale-5"
    assert refused.value.words == {"supported": 3, "refuted": 1}
    assert "no 'supported' (3 rows) and no 'refuted' (1 row)" in str(refused.value)
    assert files(ledger.path.parent) == before
    for renamed, words in (
        ({"suported": "true"}, "nearest: 'supported'"),
        ({"supported": "ture"}, "nearest: 'true'"),
        ({"mixed": "false"}, "words that are no status any more"),
    ):
        with pytest.raises(InvalidValue, match=words):
            ledger.set_vocabulary("truth-scale-5", renamed=renamed)
    assert files(ledger.path.parent) == before


def test_rows_keep_their_words_and_read_as_what_these_are_called_now(ledger):
    held, seal = ledger.status_on(), ledger.seal("before")
    edited = ledger.statuses["recorded_at"].max()
    before = files(ledger.path.parent)
    ledger.set_vocabulary("truth-scale-5", renamed={"supported": "true", "refuted": "false"})
    after = files(ledger.path.parent)
    assert {name for name in after if after[name] != before.get(name)} == {"claims/ledger.toml"}
    now = ledger.status_on()
    assert now["status"].tolist() == ["false", "true"]
    assert now["status_id"].tolist() == held["status_id"].tolist()
    assert ledger.as_known(edited).status_on()["status"].tolist() == [
        "false",
        "mixed",
    ]  # before it was edited
    assert ledger.check().empty and ledger.verify()["code"].tolist() == ["settings-changed"]
    ledger.statuses = "factdesk"  # and back: the old words are statuses again
    assert ledger.status_on()["status"].tolist() == held["status"].tolist()
    assert ledger.seals["seal_id"].tolist() == [seal]


def test_what_a_word_was_called_before_is_remembered_from_one_vocabulary_to_the_next(ledger):
    ledger.set_vocabulary("truth-scale-5", renamed={"supported": "true", "refuted": "false"})
    ledger.statuses = [*ledger.settings.statuses, "satire"]
    assert ledger.settings.status("true").rating == 5  # a word that stays is what it was
    ledger.set_vocabulary(["right", "wrong", "mixed"], renamed={"true": "right", "false": "wrong"})
    assert ledger.status_on()["status"].tolist() == ["wrong", "right"]
    assert {"supported", "true"} <= set(ledger.settings.status("right").renamed_from)


def test_all_else_in_the_file_stays_as_it_was(ledger):
    fresh = fd.create(ledger.path.with_name("fresh.csv"), title="Fresh")
    toml(fresh).write_text(COMMENTED, "utf-8")
    fresh.statuses = ["open", "true", "false"]
    text = toml(fresh).read_text("utf-8")
    assert text.replace('\n[[status]]\nname = "false"\n', "").replace("\n\n", "\n") == COMMENTED.replace(
        "\n\n", "\n"
    )
    with pytest.raises(InvalidValue) as refused:
        fresh.statuses = "promises"
    assert "keeps owner; or write its [[status]] tables by hand" in str(refused.value)
    assert toml(fresh).read_text("utf-8") == text
    toml(fresh).write_text(text.replace('owner = "Ada"\n', ""), "utf-8")
    fresh.statuses = "promises"
    assert toml(fresh).read_text("utf-8").endswith("# nobody looked\n# of course\n# the good one\n# green\n")
    toml(fresh).write_text("# ours\ntitle = 'T'\n\n[desk]\nk = 1  # kept\n", "utf-8")
    fresh.statuses = "politifact"
    assert (fresh.title, fresh.settings.best_rating) == ("T", 6)
    assert toml(fresh).read_text("utf-8").startswith("# ours\ntitle = 'T'\n")
    assert "k = 1  # kept" in toml(fresh).read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        'status = [{name = "open", settled = false}]\n',
        '[[status]]\nname = "open"\nsettled = false\n[desk]\nk = 1\n[[status]]\nname = "true"\n',
        'c = """\nk = 1\n[[status]]"""\n[[status]]\nname = "open"\nsettled = false\n',
    ],
    ids=["in one line", "parted by another table", "in a text"],
)
def test_a_form_that_can_not_be_kept_is_written_whole_or_refused(ledger, text):
    toml(ledger).write_text(text, "utf-8")
    try:
        ledger.set_vocabulary(["wet", "dry"], renamed=dict.fromkeys(("supported", "refuted", "mixed"), "wet"))
    except InvalidValue as refused:
        assert "by hand" in str(refused)
        assert toml(ledger).read_text("utf-8") == text
    else:
        assert ledger.settings.statuses == ["unverified", "wet", "dry"]
        assert ("k = 1" in text) == ("k = 1" in toml(ledger).read_text("utf-8"))


def test_a_ready_vocabulary_says_what_a_claim_is_called_where_the_file_does_not(tmp_path):
    made = fd.create(tmp_path / "a.csv", title="A")
    made.statuses = "promises"
    assert made.settings.noun == "promise"
    named = fd.create(tmp_path / "b.csv", title="B", noun="vow")
    named.statuses = "promises"
    assert named.settings.noun == "vow"


def test_a_view_refuses_and_another_opener_sees_the_new_words(ledger):
    other = fd.open(ledger.path, by="Ben")
    ledger.statuses = [*ledger.settings.statuses, "satire"]
    with pytest.raises(ReadOnlyLedger):
        ledger.where(text="dry").statuses = "factdesk"
    assert other.set_status("wet", "satire", rationale="A joke.").startswith("t-")
