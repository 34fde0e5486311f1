"""Days and numbers in the reader's language."""

from datetime import date

import pytest
from drawn import caption, sample, spec_of

from factdesk.charts import CHARTS
from factdesk.errors import InvalidValue
from factdesk.formats import (
    all_of,
    by_name,
    none_of,
    number,
    share,
    short_day,
    spoken,
    spoken_day,
    spoken_days,
)

DAY = date(2025, 3, 15)


def test_days_and_numbers_are_british_english_where_nothing_is_asked():
    assert (spoken_day(DAY), short_day(DAY), number(1234567), share(0.5)) == (
        "15 March 2025", "15 Mar", "1,234,567", "50%",
    )  # fmt: skip


@pytest.mark.parametrize(("count", "every", "none"), [
    (2, "both days", "neither day"), (3, "all 3 days", "none of 3 days"),
    (2000, "all 2,000 days", "none of 2,000 days"),
])  # fmt: skip
def test_all_of_two_are_both_and_none_is_neither(count, every, none):
    assert (all_of(count, "day"), none_of(count, "day")) == (every, none)
    assert all_of(1, "day") == "the only day"


@pytest.mark.parametrize("names", [
    ["Paper", "Paper 0", "Paper 1", "Paper 2", "Paper 10", "Paper 11", "Paper 20"],
    ["Ada", "Elysee", "Élysée", "Fax", "łódź", "Lyon", "Ødegård", "Œuvre", "Oslo", "WDR", "zdf"],
    ["Channel 4", "Channel 04", "Channel 4 News", "Channel 5", "Channel " + "9" * 5000],
    ["1 TV", "5 Kanal", "24 Kanal", "Ada", "ada"],
    ["", "Ada", "Владимир Путин", "محمد بن سلمان", "外交部"],
])  # fmt: skip
def test_names_come_in_the_order_in_which_a_reader_looks_them_up(names):
    assert sorted(reversed(names), key=by_name) == sorted(names, key=by_name)
    told = [name.replace("Channel 04", "Channel 4") for name in sorted(names, key=by_name)]
    assert told == [name.replace("Channel 04", "Channel 4") for name in names]


@pytest.mark.parametrize(("tag", "month", "year", "span"), [
    (None, "March 2025", "2025", "March 2025 to 17 March 2025"),
    ("de", "März 2025", "2025", "März 2025 – 17. März 2025"),
    ("ja", "2025年3月", "2025年", "2025年3月 – 2025年3月17日"),
])  # fmt: skip
def test_of_a_day_no_more_is_written_than_is_known(tag, month, year, span):
    first = date(2025, 3, 1)
    with spoken(tag):
        assert (spoken_day(first, "month"), spoken_day(first, "year")) == (month, year)
        assert spoken_days(first, date(2025, 3, 17), "month") == span
        assert spoken_days(first, first, "month") == month


@pytest.mark.parametrize("tag", ["de", "de-AT", "pt_BR", "ja", "ar", "uk"])
def test_any_locale_writes_days_and_numbers_of_its_own(tag):
    with spoken(tag):
        assert "2025" in spoken_day(DAY)
        assert spoken_days(DAY, date(2025, 3, 17)) != "15 to 17 March 2025"
    assert spoken_day(DAY) == "15 March 2025"


@pytest.mark.parametrize("tag", ["xx-YY", "", "de; drop", "../../etc", 7])
def test_an_unknown_locale_is_refused_with_what_one_looks_like(tag):
    with pytest.raises(InvalidValue, match="a tag such as"):
        CHARTS["status_over_time"](sample(), locale=tag)


def test_a_chart_is_written_in_the_locale_asked_for_and_the_next_one_is_not():
    german = CHARTS["status_over_time"](sample(), share=True, locale="de")
    assert "11. März 2025" in " ".join(spec_of(german)["title"]["subtitle"])
    assert spec_of(german)["config"]["locale"]["number"]["decimal"] == ","
    english = CHARTS["status_over_time"](sample(), share=True)
    assert "März" not in caption(english) + " ".join(spec_of(english)["title"]["subtitle"])
