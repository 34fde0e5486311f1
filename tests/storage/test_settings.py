"""What `ledger.toml` may say, and what is told where it says something else."""

import re
import time
import tomllib
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import CASES, needs_cases, rain_files

import factdesk as fd
from factdesk.schema import VOCABULARY, Settings
from factdesk.storage import settings
from factdesk.text import clean

OWN = """
title = "Budget"
[[status]]
name = "rumour"
settled = false
[[status]]
name = "refuted"
colour = "#000000"
[[status]]
name = "true"
label = "holds"
sign = "✓"
rating = 5
"""
SETTLED = '[[status]]\nname = "True"\nrating = 5\n[[status]]\nname = "False"\nrating = 1\n'
OPEN = '[[status]]\nname = "in progress"\nsettled = false\n'


def faults(text: str) -> list[str]:
    return [str(fault) for fault in settings.read(text.encode(), "claims/ledger.toml")[1]]


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_written_is_read_again(title, publisher):
    title, publisher = (clean(text, one_line=True)[0] for text in (title, publisher))
    wanted = Settings(title or "Untitled ledger", publisher, "Europe/Kyiv")
    assert settings.read(settings.render(wanted), "ledger.toml") == (wanted, [])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (b"", Settings.title),
        (b'title = "pay\\u202elog\\nnow"', "paylog now"),
        (b"\xef\xbb\xbftitle = 'X'", "X"),
        (b'title = """\n<<<<<<< so they say"""', "<<<<<<< so they say"),
    ],
    ids=["nothing", "something hidden", "a byte-order mark", "a mark of a conflict"],
)
def test_a_title_is_read_as_it_is_meant(text, title):
    assert settings.read(text, "ledger.toml") == (replace(Settings(), title=title), [])


def test_a_vocabulary_of_ones_own_keeps_its_order_and_what_is_known_of_a_word():
    found, wrong = settings.read(OWN.encode(), "ledger.toml")
    assert wrong == []
    assert found.statuses == ["rumour", "refuted", "true"]
    assert found.first == "rumour"
    refuted = next(status for status in VOCABULARY if status.name == "refuted")
    assert found.status("refuted").sign == refuted.sign
    assert found.status("refuted").colour == "#000000"
    assert found.status("refuted").rating == 1
    assert found.status("true").label == "holds"
    assert not found.status("rumour").settled


def test_a_status_of_ones_own_has_only_the_looks_that_the_ledger_gives():
    text = '[[status]]\nname = "True"\nrating = 5\n[[status]]\nname = "False"\nsign = "✗"\ncolour = "#112233"'
    found, wrong = settings.read(text.encode(), "ledger.toml")
    assert wrong == []
    looks = [(one.colour, one.dark, one.sign) for one in found.vocabulary[1:]]
    assert looks == [("", "", ""), ("#112233", "", "✗")]


def test_before_statuses_that_are_all_settled_stands_unverified_which_is_open():
    found, wrong = settings.read(SETTLED.encode(), "ledger.toml")
    assert wrong == []
    assert found.statuses == ["unverified", "True", "False"]
    assert found.vocabulary[0] == VOCABULARY[0] and not found.vocabulary[0].settled


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SETTLED + OPEN, ["first status is 'True'", "such as 'in progress' further down"]),
        (SETTLED + '[[status]]\nname = "in review"', ["first status is 'True'", "'in review'"]),
        (SETTLED + '[[status]]\nname = "Unverified"', ["'Unverified' settled is True", "Allowed: false"]),
    ],
    ids=["open further down", "open by default", "a word for it that is settled"],
)
def test_a_first_status_that_is_a_verdict_is_refused_where_another_is_open(text, words):
    (fault,) = faults(text)
    assert all(word in fault for word in words)
    assert settings.read((OPEN + SETTLED).encode(), "ledger.toml")[0].first == "in progress"


def test_a_word_that_is_another_status_or_was_two_of_them_is_refused_with_its_place():
    (fault,) = faults(OPEN + SETTLED + 'renamed_from = ["True"]')
    assert "status 'False' renamed_from is ['True']" in fault
    told = faults(OPEN + 'renamed_from = ["pending"]\n' + SETTLED + 'renamed_from = ["pending", "untrue"]')
    assert len(told) == 2 and all("renamed_from is ['pending']" in fault for fault in told)


def test_an_open_status_that_is_itself_wrong_is_the_only_fault():
    (fault,) = faults(OPEN + "label = 5\n" + SETTLED + OPEN.replace("progress", "court"))
    assert "label or sign" in fault


@needs_cases
@pytest.mark.parametrize(
    ("case", "first", "settled"),
    [
        ("02-six-ratings", "unverified", 6),
        ("02b-eight-stages", "Not started", 3),
        ("12-arabic-ratings", "لم يُدقق", 3),
    ],
)
def test_no_vocabulary_of_the_field_begins_with_a_verdict(case, first, settled):
    found, wrong = settings.read((CASES / f"{case}.toml").read_bytes(), "ledger.toml")
    assert wrong == []
    assert (found.first, found.vocabulary[0].settled) == (first, False)
    assert sum(status.settled for status in found.vocabulary) == settled


@pytest.mark.parametrize(
    ("text", "noun", "nouns"),
    [
        ("", "claim", "claims"),
        ("noun = 'story'", "story", "stories"),
        ("noun = 'day'", "day", "days"),
        ("noun = 'pay\u202elog\tbox'", "paylog box", "paylog boxes"),
        ("noun = 'promesa'\nplural = 'promesas públicas'", "promesa", "promesas públicas"),
    ],
)
def test_a_ledger_says_what_its_claims_are_called(text, noun, nouns):
    found, wrong = settings.read(text.encode(), "ledger.toml")
    assert wrong == []
    assert (found.noun, found.nouns) == (noun, nouns)


ABOVE = [
    'a = "# no comment"',
    "# [[status]]",
    "b = [1, # one\n  2]",
    "d.e = '\"#'",
]
BELOW = ["[f]\ng = 1 # kept", "# the end", "[h]\n# empty", "[i.'#']\nj = '[[status]]'", "[[k]]\n[[k]]"]


@given(
    st.lists(st.sampled_from(ABOVE), unique=True),
    st.lists(st.sampled_from(BELOW), unique=True),
    st.lists(st.sampled_from(["rumour", "true", "new", 'it\'s "so" #1']), min_size=1, unique=True),
    st.sampled_from(["\n", "\r\n"]),
)
def test_another_vocabulary_changes_no_other_setting_and_loses_no_comment(above, below, names, end):
    text = end.join([*above, *OWN.splitlines(), *below, ""])
    wanted = settings.parsed([{"name": name} for name in names])
    after = settings.with_vocabulary(text.encode(), wanted).decode()
    before, now = tomllib.loads(text), tomllib.loads(after)
    assert settings.read(after.encode(), "")[0].vocabulary == wanted
    assert {**before, "status": 0} == {**now, "status": 0}
    assert after.count("\r\n") == after.count("\n") * (end == "\r\n")
    comments = [Counter(re.findall("#[^\r\n]*", one)) for one in (text, after)]
    assert comments[0] - Counter(['#000000"']) <= comments[1]


def test_every_wrong_place_is_named_at_once():
    wrong = ['name = "a;b"', 'name = "x"\ncolour = "red"', 'name = "y"\nrating = 9']
    statuses = "".join(f"[[status]]\n{one}\n" for one in wrong)
    told = faults(f'format = 3\ntitle = 5\ntimezone = "Mars/Phobos"\n{statuses}')
    words = ("format is 3", "title is 5", "Mars/Phobos", "a;b", "'red'", "9")
    assert all(word in fault for word, fault in zip(words, told, strict=True))
    assert all(fault.startswith("claims/ledger.toml ") for fault in told)


@pytest.mark.parametrize(
    "text",
    [
        "title = ",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "status = 5",
        "status = []",
        "status = ['supported']",
        "[[status]]",
        "[[status]]\nname = ['x']",
        "[[status]]\nname = {a = 1}",
        "[[status]]\nname = ' x'",
        "[[status]]\nname = 'pay\u202elog'",
        "[[status]]\nname = 'x'\nlabel = ''",
        "[[status]]\nname = 'x'\nsign = 'abc'",
        "[[status]]\nname = 'x'\nsign = '\u202e'",
        "[[status]]\nname = 'x'\nsettled = 'yes'",
        "[[status]]\nname = 'x'\nrating = true",
        "[[status]]\nname = 'x'\ndark = '#12345'",
        "[[status]]\nname = 'x'\n[[status]]\nname = 'x'",
        "[[status]]\nname = 'x'\nrenamed_from = 'y'",
        "[[status]]\nname = 'x'\nrenamed_from = [5]",
        "[[status]]\nname = 'x'\nrenamed_from = ['']",
        "[[status]]\nname = 'x'\nrenamed_from = ['y', 'y']",
        "[[status]]\nname = 'x'\nrenamed_from = ['x']",
        "[[status]]\nname = 'x'\nrenamed_from = ['unverified']",
        "timezone = '../../etc/passwd'",
        "timezone = ''",
        "timezone = 1",
        "noun = 1",
        "best_rating = 10",
        "best_rating = 1\n[[status]]\nname = 'x'",
        "best_rating = true\n[[status]]\nname = 'x'",
        "best_rating = 101\n[[status]]\nname = 'x'",
        "best_rating = 4\n[[status]]\nname = 'x'\nrating = 5",
        "plural = ['x']",
        "format = 'x'",
    ],
)
def test_what_can_not_be_is_a_fault_with_its_file(text):
    told = faults(text)
    assert told
    assert all(fault.startswith("claims/ledger.toml") for fault in told)


def test_a_conflict_that_git_left_is_named_as_that_with_every_line():
    marks = {2: "<<<<<<< HEAD", 4: "||||||| base", 5: "=======", 7: ">>>>>>> theirs"}
    lines = ["format = 1", marks[2], 'title = "Ours"', marks[4], marks[5], 'title = "Theirs"', marks[7], ""]
    for end in ("\n", "\r\n"):
        _, told = settings.read(end.join(lines).encode(), "claims/ledger.toml")
        assert {(one.code, one.file) for one in told} == {("conflict", "claims/ledger.toml")}
        assert {one.line: one.value for one in told} == marks


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 9_000,
        "a = " + "{a=" * 6_000,
        "format = " + "1" * 9_000,
        "format = 0x" + "f" * 9_000,
        "timezone = 0x" + "f" * 9_000,
        "status = " + "[" * 400 + "]" * 400,
        "title = " + "{a=" * 300 + "1" + "}" * 300,
        "a" + ".a" * 20_000 + " = 1",
        "title = '" + "x" * 50_000_000 + "'",
    ],
    ids=range(9),
)
def test_nesting_and_numbers_without_end_are_faults_and_cost_little(text):
    start = time.process_time()
    told = faults(text)
    assert told and all(len(fault) < 400 for fault in told)
    assert time.process_time() - start < 10


def test_the_dearest_settings_that_are_read_take_seconds_at_most():
    start = time.process_time()
    faults("a" + ".a" * 9_900 + " = 1")
    assert time.process_time() - start < 10


def test_a_key_that_nothing_reads_is_a_warning_with_the_nearest_known():
    text = OWN.replace('title = "Budget"', 'titel = "Budget"\nowner = "Ada"').replace("colour", "color")
    found, told = settings.read(text.encode(), "claims/ledger.toml")
    assert found.title == Settings.title
    assert {(one.code, one.severity) for one in told} == {("unknown-setting", "warning")}
    first, second, third = map(str, told)
    assert first.startswith("claims/ledger.toml titel: the setting 'titel' is not known")
    assert "Nearest: title." in first
    assert (
        "Known: format, title, publisher, timezone, noun, plural, best_rating, largest_in_git, status."
        in second
    )
    assert "'color' of status 'refuted'" in third and "Nearest: colour." in third


def test_a_key_that_nothing_reads_is_found_by_check_and_stops_nothing(tmp_path):
    rain_files(tmp_path)
    file = tmp_path / "claims" / "ledger.toml"
    file.write_text(file.read_text("utf-8").replace("publisher", "publsher"), "utf-8")
    found = fd.open(tmp_path / "claims.csv").check()
    (one,) = found[found["code"] == "unknown-setting"].to_dict("records")
    assert (one["severity"], one["file"], one["column"]) == ("warning", "claims/ledger.toml", "publsher")


def test_what_nobody_judged_has_no_rating():
    first = (
        b'[[status]]\nname = "True"\nsettled = false\nrating = 5\n[[status]]\nname = "False"\nrating = 1\n'
    )
    _, found = settings.read(first, "ledger.toml")
    assert [one.column for one in found if one.severity == "error"] == ["status 'True' rating"]
