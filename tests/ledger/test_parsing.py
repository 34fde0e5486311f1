"""What is given becomes cells that the files can hold, or is refused with what is allowed."""

import contextlib
import tracemalloc
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import CASES, needs_cases
from slugify import slugify
from w3lib.url import canonicalize_url, safe_url_string

from factdesk import schema
from factdesk.errors import InvalidValue
from factdesk.ledger import parsing
from factdesk.ledger.parsing import Parser
from factdesk.schema import CLAIMS, SNAPSHOTS, SOURCES, STATUSES_TABLE, Settings
from factdesk.text import addresses, clean

NOW = datetime(2025, 3, 15, 9, tzinfo=UTC)
SENTENCES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def taken_in(table: schema.Table = CLAIMS, **given: object) -> tuple[dict[str, str], list[str]]:
    made = Parser(Settings(), NOW)
    return made.cells(table, given), made.warnings  # type: ignore[arg-type]


def refused(table: schema.Table = CLAIMS, **given: object) -> str:
    with pytest.raises(InvalidValue) as told:
        taken_in(table, **given)
    return str(told.value)


@pytest.mark.parametrize(
    "nothing", [None, "", "  ", float("nan"), np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT")]
)
@pytest.mark.parametrize("column", ["claim", "made_on", "kind", "topics", "note"])
def test_nothing_is_an_empty_cell_however_it_is_said(nothing, column):
    assert taken_in(**{column: nothing}) == ({column: ""}, [])


@pytest.mark.parametrize(
    ("day", "advice"),
    [
        ("14/03/2025", "2025-03-14"),
        ("3/14/2025", "2025-03-14"),
        ("03.04.2025", "2025-04-03 or 2025-03-04"),
        ("45730", "2025-03-14"),
        ("2025-03-14T12:00:00", "2025-03-14"),
        ("2025-02-30", "no such day"),
        ("14 March 2025", "meant may be 2025-03-14."),
        ("14. März 2025", "meant may be 2025-03-14."),
        ("2025-3-1", "meant may be 2025-03-01."),
        ("2025-13", "or nothing."),
        ("04.03.25", "or nothing."),
        ("31.31.2025", "YYYY-MM-DD"),
        ("2025-03-16", "up to 2025-03-15"),
        ("31.02.2025", "or nothing."),
        ("0001-01-01", "from 1000-01-01 to 9998-12-31"),
        ("9999-12-31", "from 1000-01-01 to 9998-12-31"),
        (date(1, 1, 1), "from 1000-01-01 to 9998-12-31"),
        (date(2025, 3, 16), "up to 2025-03-15"),
        (datetime(2025, 3, 14, 12), "2025-03-14."),
        (20250314, "YYYY-MM-DD"),
        (True, "YYYY-MM-DD"),
        ([], "YYYY-MM-DD"),
        (b"2025-03-14", "YYYY-MM-DD"),
    ],
)
def test_what_is_no_day_is_refused_with_what_may_be_meant(day, advice):
    told = refused(made_on=day)
    assert advice in told
    assert "claims.made_on" in told
    assert told.count("Allowed: ") == 1
    assert "Nothing was written" in told


@pytest.mark.parametrize(
    "day",
    ["2025-03-14", " 2025-03-14\n", date(2025, 3, 14), datetime(2025, 3, 14), pd.Timestamp("2025-03-14")],
)
def test_a_day_may_be_text_a_date_or_a_timestamp(day):
    assert taken_in(made_on=day)[0] == {"made_on": "2025-03-14"}


@pytest.mark.parametrize(("table", "column"), [(CLAIMS, "made_on"), (SOURCES, "published_on")])
def test_a_day_that_has_begun_somewhere_on_earth_is_taken_and_a_later_one_is_refused(table, column):
    made = Parser(Settings(timezone="America/Los_Angeles"), NOW.replace(hour=10))
    assert made.cells(table, {column: "2025-03-16"}) == {column: "2025-03-16"}
    with pytest.raises(
        InvalidValue, match=r"up to 2025-03-16, .* \(today is 2025-03-15 in America/Los_Angeles"
    ):
        made.cells(table, {column: "2025-03-17"})
    with pytest.raises(InvalidValue, match="up to 2025-03-15"):
        Parser(Settings(), NOW).cells(table, {column: "2025-03-16"})


@needs_cases
def test_days_as_people_write_them_are_never_guessed_in_silence():
    given = (CASES / "10-dates.txt").read_text("utf-8").splitlines()
    answers = []
    for line in filter(None, (one.partition("(")[0].strip() for one in given)):
        try:
            answers.append(
                Parser(Settings(timezone="Europe/Kyiv"), NOW).cells(CLAIMS, {"made_on": line})["made_on"]
            )
        except InvalidValue as error:
            answers.append(error.allowed.partition("meant may be ")[2])
    assert answers == ["2025-03-14", "2025-03-14", "2025-03-01", "2024-06-29", "2025-03-14", ""]


@pytest.mark.parametrize("moment", ["2024-06-28T23:30:00Z", "2024-06-29T00:30:00+01:00"])
def test_a_moment_with_a_zone_means_its_day_in_the_ledgers_zone(moment):
    for day in (moment, datetime.fromisoformat(moment), pd.Timestamp(moment)):
        made = Parser(Settings(timezone="Europe/Kyiv"), NOW)
        assert made.cells(CLAIMS, {"made_on": day}) == {"made_on": "2024-06-29"}
        assert all("is 2024-06-29 in Europe/Kyiv" in one for one in made.warnings)
        assert bool(made.warnings) == (moment[:10] != "2024-06-29")


@pytest.mark.parametrize(
    "given",
    [True, 1.5, b"text", ["a"], {"a": 1}, object(), 10**19, 10**5000, pd.Series(["a"]), lambda: 1],
    ids=range(10),
)
def test_what_is_no_text_is_refused(given):
    assert "claims.claim" in refused(claim=given)


def test_whole_numbers_are_taken_as_they_are_written():
    assert taken_in(claim=7)[0] == {"claim": "7"}
    assert taken_in(claim=np.int64(-7))[0] == {"claim": "-7"}


@pytest.mark.parametrize(
    "topics",
    [
        "a; b;a;", ["a", "b", ""], ("a", "b"), {"b", "a"}, pd.Series(["a", "b"]), np.array(["a", "b"]),
        (word for word in "ab"), ["a;b"], ["a", None, "b"],
    ],
)  # fmt: skip
def test_several_values_come_in_any_form(topics):
    assert taken_in(topics=topics) == ({"topics": "a;b"}, [])


@pytest.mark.parametrize("topics", [[["a"]], [b"a"], b"ab", {"a": 1}, [1.5], 1.5, True, object()])
def test_what_is_no_list_of_texts_is_refused(topics):
    assert "claims.topics" in refused(topics=topics)


def test_what_was_taken_out_of_one_of_several_values_or_of_an_address_is_told():
    cells, told = taken_in(topics=["pay\u202elog", "b"], claim="a\u200bb")
    assert cells == {"topics": "paylog;b", "claim": "ab"}
    assert told == ["claims.claim: taken out: U+200B.", "claims.topics: taken out: U+202E."]
    made = Parser(Settings(), NOW)
    assert made.address("\u200bhttps://example.org/\u202ea") == parsing.address("https://example.org/a")[:2]
    assert made.warnings == ["sources.url: taken out: U+200B, U+202E."]


def test_a_word_of_a_vocabulary_may_be_in_any_case_and_another_is_refused_with_the_nearest():
    assert taken_in(STATUSES_TABLE, status="In Review")[0] == {"status": "in review"}
    told = refused(STATUSES_TABLE, status="suported")
    assert "unverified, in review, supported" in told
    assert "nearest: 'supported'" in told


def test_a_cell_holds_32_000_characters_and_no_more():
    assert len(taken_in(note="x" * 32_000)[0]["note"]) == 32_000
    assert "32,000 characters" in refused(note="x" * 32_001)


@pytest.mark.parametrize("column", ["claim", "kind", "topics", "made_on"])
def test_a_text_of_20_mb_is_refused_at_once_and_shown_short(column):
    text = "x" * 20_000_000
    tracemalloc.start()
    try:
        assert len(refused(**{column: text})) < 300
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_row_that_lacks_what_it_needs_or_has_what_has_no_form_is_refused():
    assert "snapshots.bytes" in refused(SNAPSHOTS, bytes="many")
    assert "snapshots.sha256" in refused(SNAPSHOTS, sha256="ab")
    with pytest.raises(InvalidValue, match=r"claims\.claimant.*not empty \(who asserts it"):
        Parser(Settings(), NOW).row(CLAIMS, {"claim": "x", "claimant": " "})


# --- names


@given(SENTENCES, SENTENCES, st.sampled_from(["", "2025-03-14"]))
def test_a_made_claim_id_is_one_that_a_person_may_choose(claim, claimant, day):
    made = parsing.claim_id(claim, claimant, day)
    assert parsing.chosen_claim_id(made) == made
    longer = parsing.claim_id(claim, claimant, day, {made})
    assert longer.startswith(made)
    assert len(longer) == len(made) + 1


@pytest.mark.parametrize(
    "claim_id",
    [
        "", " ", "Rain", "1st", "-a", "a-", "a--b", "a b", "a_b", "a.b", "é", "rain\n", "x" * 81, "may-1", "march-2025", "sept-11-2001",
        "jan1", "true", "false", "nan", "null", "=a", "a;b", None, 5, ["a"], b"a", "a\u200b",
    ],
)  # fmt: skip
def test_an_id_that_no_file_or_spreadsheet_keeps_is_refused(claim_id):
    with pytest.raises(InvalidValue):
        parsing.chosen_claim_id(claim_id)


@pytest.mark.parametrize(
    "claim_id", ["rain", "a1", "trump-positive-signals", "march-summit", "x" * 80, "mayor-of-1"]
)
def test_a_readable_id_is_taken(claim_id):
    assert parsing.chosen_claim_id(claim_id) == claim_id


# --- addresses


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://example.org", "//example.org", "example.org", "http://", "https:///x",
        "http://[", "http://[x", "http://a b", 'http://a"b', "http://a<b", "http://a\\b", "https://example.org/" + "x" * 32_000, "",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(InvalidValue):
        parsing.address(url)


def test_the_same_page_is_one_source_however_its_address_is_typed_and_two_pages_are_two():
    page = "https://example.org/a?x=1&y=2"
    for same in ("HTTPS://EXAMPLE.org/a?x=1&y=2", "https://example.org/a?y=2&x=1#top", f" {page}\n"):
        assert parsing.address(same)[1] == parsing.address(page)[1]
    rests = (
        "https://example.org/a",
        "https://example.org/A",
        "http://example.org/a",
        page,
        "https://example.org/ä",
    )
    assert len({parsing.address(one)[1] for one in rests}) == 5


@pytest.mark.parametrize(
    "url",
    [
        "https://ada:hunter2@example.org/a",
        "https://hunter2@example.org",
        " HTTP://:hunter2@x",
        "ftp://a:hunter2@x",
    ],
)
def test_an_address_with_a_name_or_password_in_it_is_refused_and_not_said_again(url):
    with pytest.raises(InvalidValue, match="without a name or password") as told:
        parsing.address(url)
    assert "hunter2" not in str(told.value) + repr(told.value)


def test_an_at_sign_in_the_rest_of_an_address_is_no_password():
    assert parsing.address("https://example.org/@ada?to=b@c#d@e")[0] == "https://example.org/@ada?to=b@c#d@e"


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=30))
def test_no_address_is_too_rude(text):
    with contextlib.suppress(InvalidValue):
        parsing.address(f"https://{text}")


A, B = "https://a.example/0,8599,1.html", "http://b.example/actions?q={x;y}&z=1,2"


@pytest.mark.parametrize(
    "between", [",", ";", "|", " ", ", ", " ; ", "\n", "\t", " | ", "，", "؛ ", " and ", ",;"]
)
def test_two_addresses_in_one_are_refused_and_both_named(between):
    for url in (f"{A}{between}{B}", f"{B}{between}{A}"):
        with pytest.raises(InvalidValue) as refused:
            Parser(Settings(), NOW).address(url)
        assert "here are 2: " in refused.value.allowed
        assert all(repr(one) in refused.value.allowed for one in (A, B))


@pytest.mark.parametrize(
    "url",
    [
        "http://www.time.example/0,8599,2057966,00.html",
        "https://example.org/x;y|z,w",
        "https://web.archive.example/web/2020/https://example.org/a,b",
        "https://example.org/?to=https://other.example/",
        "https://example.org/?to=one%2Chttps://other.example/",
    ],
)
def test_an_address_may_hold_marks_and_another_address_of_its_own(url):
    assert Parser(Settings(), NOW).address(url) == (url, parsing.address(url)[1])


def test_of_several_addresses_no_password_is_said_again_and_of_very_many_only_some_are_named():
    with pytest.raises(InvalidValue) as refused:
        Parser(Settings(), NOW).address("https://a.example;https://ada:hunter2@b.example")
    assert "hunter2" not in str(refused.value) + repr(refused.value)
    for url in (",".join([A] * 1_000), "https://a" + "," * 100_000, "https://a,https://" + "b" * 100_000):
        with pytest.raises(InvalidValue) as refused:
            Parser(Settings(), NOW).address(url)
        assert len(str(refused.value)) < 1_500


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("C:\\reports\\a.pdf", False),
        ("reports/a.pdf", False),
        ("mailto:a@example.org", True),
        ("\ufeff\u200bhttps://example.org", True),
    ],
)
def test_an_address_is_told_from_a_file(text, is_one):
    assert parsing.is_address(text) == is_one


@given(st.from_regex(parsing._CANONICAL, fullmatch=True))
@settings(deadline=None, max_examples=50)
def test_an_address_that_is_taken_as_it_stands_has_no_other_form(url):
    assert canonicalize_url(safe_url_string(url)) == url
    assert clean(url, one_line=True) == (url, []) and len(addresses(url)) < 2


@given(st.text(alphabet="aB1,'’“é中，٫２ßİ- .½…х", max_size=12))
@settings(deadline=None, max_examples=100)
def test_the_words_of_a_claim_s_id_are_those_of_a_slug(text):
    assert parsing._words(text, 99) == [word for word in slugify(text).split("-") if word]
