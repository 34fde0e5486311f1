"""A day is read where it is certain, by the whole column; what is none has a reason, and is never guessed."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import CASES, needs_cases

from factdesk.errors import InvalidValue
from factdesk.exchange.days import DAY_FIRST, MONTH_FIRST, Days, parse_days
from factdesk.exchange.months import languages_of

TODAY = date(2026, 11, 30)
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "uk", "ru", "ar", "hi", "tr")


def days(*cells: str, zone: str = "UTC", **options) -> Days:
    return parse_days(pd.Series(cells, dtype="str"), zone=ZoneInfo(zone), today=TODAY, **options)


def one(cell: str, **options) -> tuple[str, str, str]:
    day, precision, reason = days(cell, **options).frame.iloc[0]
    return day, precision, reason


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-14",
        "2025/3/14",
        "2025.03.14",
        "20250314",
        "14.03.2025",
        "14. 3. 2025",
        "3/14/2025",
        "14/3/25",
        "14-03-2025",
        "March 14, 2025",
        "14 March 2025",
        "14th of March, 2025",
        "Mar 14 2025",
        "14-Mar-25",
        "Fri, 14 Mar 2025",
        "2025 March 14",
        "2025-03-14 10:30",
        "2025-03-14T10:30:00",
        "3/14/2025 10:30:22 PM",
        "March 14, 2025 10:30 am",
        "2025年3月14日",
        "2025年3月14日(金)",
        "٢٠٢٥-٠٣-١٤",
        "１４／０３／２０２５",
        "\u200e14/03/2025",
        "  14 March 2025 ",
    ],
)
def test_a_day_is_read_in_any_usual_writing(cell):
    assert one(cell) == ("2025-03-14", "", "")


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["full", "long", "medium"]),
)
def test_what_a_language_writes_is_read_in_that_language(day, language, width):
    written = format_date(day, width, Locale.parse(language))
    found = days(written, "31.12.2025" if language != "en" else "12/31/2025", languages=(language,))
    assert found.frame["day"].iloc[0] == str(day), (written, found.frame["reason"].iloc[0])
    named = format_skeleton("yMMMM", day, locale=Locale.parse(language))
    assert one(named, languages=(language,)) == (f"{day:%Y-%m}-01", "month", "")


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789/-. :,QTZ+Marchmid–元年月日"), max_size=20) | st.text(max_size=30))
def test_any_text_gives_a_day_or_a_reason_and_never_both(cell):
    day, precision, reason = one(cell)
    assert not (day and reason)
    if day:
        assert str(date.fromisoformat(day)) == day
        assert not precision or day.endswith("-01")


def test_one_number_over_twelve_settles_the_order_of_the_whole_column():
    found = days("04.03.2025", "14.03.2025", "3/3/2025")
    assert found.frame["day"].tolist() == ["2025-03-04", "2025-03-14", "2025-03-03"]
    assert (found.order, found.question) == (DAY_FIRST, "")
    found = days("04/03/2025", "3/14/2025")
    assert found.frame["day"].tolist() == ["2025-04-03", "2025-03-14"] and found.order == MONTH_FIRST


def test_an_order_that_nothing_settles_is_asked_and_no_day_guessed():
    found = days("04.03.2025", "05.03.2025", "2025-01-02", "6 May 2025")
    assert found.frame["day"].tolist() == ["", "", "2025-01-02", "2025-05-06"]
    assert "the order of day and month has to be given" in found.frame["reason"].iloc[0]
    assert found.order == "" and "'04.03.2025' may be 2025-03-04 or 2025-04-03" in found.question
    given = days("04.03.2025", "05.03.2025", order=DAY_FIRST)
    assert given.frame["day"].tolist() == ["2025-03-04", "2025-03-05"] and given.question == ""


def test_in_a_column_of_both_orders_only_what_is_certain_is_read():
    found = days("14/3/2025", "3/14/2025", "4/3/2025", "5/5/2025")
    assert found.frame["day"].tolist() == ["2025-03-14", "2025-03-14", "", "2025-05-05"]
    assert "both orders ('14/3/2025', '3/14/2025')" in found.question
    given = days("14/3/2025", "3/14/2025", "4/3/2025", order=MONTH_FIRST)
    assert given.frame["day"].tolist() == ["2025-03-14", "2025-03-14", "2025-04-03"]


def test_a_column_without_numeric_days_has_no_order_and_no_question():
    assert (days("2025-03-14", "March 2025", "").order, days("3/3/2025").question) == ("", "")


def test_a_month_or_a_year_alone_is_its_first_day_with_its_precision():
    for cell in ("2025-03", "03/2025", "03.2025", "March 2025", "Mar. 2025", "2025年3月"):
        assert one(cell) == ("2025-03-01", "month", "")
    assert one("2025") == one("2025年") == ("2025-01-01", "year", "")


def test_a_moment_has_the_day_of_the_ledgers_zone():
    assert one("2024-06-28T23:30:00Z", zone="Europe/Kyiv")[0] == "2024-06-29"
    assert one("2024-06-28 23:30:00+00:00", zone="America/New_York")[0] == "2024-06-28"
    assert one("2024-06-28T24:30:00Z")[2] == "there is no such moment"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("45730", "number of a day it would be 2025-03-14"),
        ("45730.4375", "number of a day it would be 2025-03-14"),
        ("1741910400", "seconds since 1970 it would be 2025-03-14"),
        ("民國114年3月14日", "by 民國 it would be 2025-03-14"),
        ("令和7年3月14日", "by 令和 it would be 2025-03-14"),
        ("14 March 2568", "another calendar"),
        ("1403/12/24", "another calendar"),
        ("1446-05-01", "another calendar"),
        ("Q1 2025", "a quarter"),
        ("1. Quartal 2025", "a quarter"),
        ("mid-March 2025", "about a day"),
        ("about 14 March 2025", "about a day"),
        ("~2025-03-14", "about a day"),
        ("Anfang März 2025", "about a day"),
        ("Spring 2025", "a season"),
        ("10-14 March 2025", "more numbers than a day"),
        ("2025-03-10 – 2025-03-14", "a span of days"),
        ("10 March 2025 to 14 March 2025", "a span of days"),
        ("yesterday", "counts from today"),
        ("3 days ago", "counts from today"),
        ("last Friday", "counts from today"),
        ("Friday", "a weekday alone"),
        ("Mon, 14 Mar 2025", "not the weekday"),
        ("14 March", "no year of four digits"),
        ("01. Feb", "no year of four digits"),
        ("Mar-25", "no year of four digits"),
        ("14-03-25", "which of its numbers is the year"),
        ("31/02/2025", "there is no day 31 of month 2"),
        ("2024-13-01", "there is no month 13"),
        ("13/13/2025", "there is no month 13"),
        ("0/0/2025", "there is no month 0"),
        ("1/1/225", "neither two digits nor four"),
        ("99999999", "no day"),
        ("10:30", "a time alone"),
        ("12", "a number"),
        ("14 Foo 2025", "can't be read"),
        ("March 14, 2025 11:30 PM EST", "can't be read"),
        ("FY2025", "can't be read"),
        ("#REF!", "a formula failed here (#REF!)"),
        ("x" * 70, "too long"),
        ("9" * 5_000, "5,000 characters"),
        ("14. März 2025", "no month in the languages given; it is one in 'de'"),
    ],
)
def test_what_is_no_certain_day_has_a_reason_and_no_day(cell, reason):
    day, precision, why = one(cell)
    assert (day, precision) == ("", "") and reason in why


def test_what_says_nothing_has_no_day_and_no_reason():
    for cell in ("", "  ", "n/a", "–", "unknown", "NaT"):
        assert one(cell) == ("", "", "")


def test_days_long_past_and_to_come_are_given_as_they_are():
    assert one("1215-06-15")[0] == "1215-06-15"
    assert one("2030-01-01")[0] == "2030-01-01"
    assert one("1/13/70")[0] == "1970-01-13" and one("1/13/36")[0] == "2036-01-13"


def test_a_name_that_means_two_months_is_not_read():
    assert "another month" in one("3. listopad 2024", languages=("cs", "hr"))[2]
    assert one("3. listopadu 2024", languages=("cs",))[0] == "2024-11-03"
    assert languages_of("März") == ["de"]


def test_the_frame_keeps_the_columns_index_and_options_are_checked():
    column = pd.Series(["2025-03-14", None], index=[7, 3], dtype="str")
    found = parse_days(column, zone=ZoneInfo("UTC"), today=TODAY)
    assert found.frame.index.tolist() == [7, 3] and found.frame["day"].tolist() == ["2025-03-14", ""]
    assert len(days().frame) == 0
    with pytest.raises(InvalidValue, match="nearest: 'day first'"):
        days("1/2/2025", order="days first")
    with pytest.raises(InvalidValue, match="languages: 'deutsch'"):
        days("1/2/2025", languages=("deutsch",))


@needs_cases
def test_the_days_of_the_cases_are_read_or_told():
    cells = [line.split("  (")[0] for line in (CASES / "10-dates.txt").read_text("utf-8").splitlines()]
    found = days(*cells, zone="Europe/Kyiv", languages=("en", "de"))
    assert found.frame["day"].tolist() == ["2025-03-14", "2025-03-14", "2025-03-01", "2024-06-29", "", ""]
    assert all("would be 2025-03-14" in reason for reason in found.frame["reason"].iloc[4:])


def test_a_column_of_a_spreadsheet_s_numbers_asks_whether_they_are_days_and_reads_them_where_that_is_said():
    cells = ("45730", "45731.4375", "14.03.2025", "")
    asked = days(*cells)
    assert "'45730' would be 2025-03-14" in asked.question and "'excel'" in asked.question
    assert asked.frame["day"].tolist() == ["", "", "2025-03-14", ""]
    read = days(*cells, is_counted=True)
    assert (read.question, read.frame["day"].tolist()) == ("", ["2025-03-14", "2025-03-15", "2025-03-14", ""])
    assert days("45730", "14.03.2025", "15.03.2025").question == ""
