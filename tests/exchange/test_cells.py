"""What a cell holds is told without losing any of it: addresses, several values, words, nothing, errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.exchange.cells import addresses_in, is_blank, is_broken, link, several, words

JSON = 'https://c.example/bills/1319/actions?q={"s":"x"}'
COMMAS = "http://www.time.example/0,8599,2057966,00.html"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("https://a.example/1 ; https://b.example/2", ["https://a.example/1", "https://b.example/2"]),
        ("https://a.example/3\nhttps://b.example/4", ["https://a.example/3", "https://b.example/4"]),
        ("https://a.example/6,https://a.example/7", ["https://a.example/6", "https://a.example/7"]),
        ("https://a.example/8|https://a.example/8", ["https://a.example/8"]),
        (f"https://a.example/one,{JSON}", ["https://a.example/one", JSON]),
        (f"{COMMAS},https://d.example/", [COMMAS, "https://d.example/"]),
        (
            "https://a.example/8 (archived: https://b.example/8)",
            ["https://a.example/8", "https://b.example/8"],
        ),
        ("see (https://a.example/wiki/Film_(film)).", ["https://a.example/wiki/Film_(film)"]),
        (
            "[The Daily](https://a.example/x), and “https://b.example”",
            ["https://a.example/x", "https://b.example"],
        ),
        ('<a href="https://a.example/?a=1&amp;b=2">x</a>', ["https://a.example/?a=1&b=2"]),
        (
            "https://archive.example/web/2020/https://a.example/x",
            ["https://archive.example/web/2020/https://a.example/x"],
        ),
        ("www.a.example/5", ["https://www.a.example/5"]),
        ('=HYPERLINK("https://a.example/x?a=""b""";"see")', ['https://a.example/x?a="b"']),
        ("n/a", []),
        ("Prices rose by 3, and then a@www.example.org", []),
        ("javascript://alert(1);file:///etc/passwd;ftp://a.example", []),
        ("https://", []),
    ],
)
def test_addresses_are_told_apart_and_kept_whole(cell, found):
    assert addresses_in(cell)[0] == found


def test_what_was_made_of_an_address_and_what_is_none_is_remarked():
    assert addresses_in("www.a.example/5")[1] == ["an address without a scheme was read as https"]
    assert addresses_in("file:///etc/passwd https://a.example")[1] == ["no web address: file:///etc/passwd"]


@given(
    st.lists(
        st.sampled_from(["https://a.example/1", JSON, COMMAS, "http://b.example/?a=1;b=2"]),
        unique=True,
        max_size=4,
    ),
    st.sampled_from([",", ";", " ; ", "|", "\n", ", ", " | ", "،"]),
)
def test_joined_addresses_come_apart_as_they_were(found, between):
    assert addresses_in(between.join(found))[0] == found


@pytest.mark.parametrize(
    "cell",
    [
        "(" * 100_000,
        "www." * 50_000,
        "<a " * 60_000,
        "https://a.example/" + ")" * 150_000,
        '"' * 150_000,
        "[" + "'" * 150_000 + "]",
        "&" * 150_000,
        "https://" * 20_000,
        "x" * 1_000_000,
        "\x00\u202e",
    ],
)
def test_a_cell_that_is_made_to_take_long_takes_no_longer(cell):
    addresses_in(cell)
    several(cell)
    words(cell)
    assert not is_broken(cell)


def test_values_come_in_order_and_once():
    assert several("Health,Health,Posts") == ["Health", "Posts"]
    assert several("Economy, trade; Prices | jobs\n economy,  trade") == ["Economy, trade", "Prices", "jobs"]
    assert several("Wohnen;-;n/a;") == ["Wohnen"]
    assert several("['Health', \"Jobs\"]") == several("[Health, Jobs]") == ["Health", "Jobs"]
    assert several("الصحة، الاقتصاد") == ["الصحة", "الاقتصاد"]


@given(st.text(max_size=60))
def test_values_hold_nothing_that_the_cell_did_not(cell):
    for one in several(cell):
        assert set("".join(one.split())) <= set("".join(cell.split()))


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "  ",
        "-",
        "–",
        "—",
        "?",
        "...",
        "n/a",
        "N/A",
        "NaN",
        "none",
        "NULL",
        "(unknown)",
        "Keine Angabe",
        "non disponible",
        "desconocido",
        "не відомо".replace("не ", "не"),
        "غير معروف",
        "अज्ञात",
    ],
)
def test_what_says_nothing_is_blank(cell):
    assert is_blank(cell) and not is_broken(cell)


@pytest.mark.parametrize(
    "cell", ["0", "No", "no", "false", "❌", "★★", "ND", "None of them", "Nana", "нет", "x" * 50]
)
def test_what_says_something_is_not_blank(cell):
    assert not is_blank(cell)


def test_errors_of_formulas_are_known_in_several_languages():
    assert all(
        map(
            is_broken,
            ["#REF!", " #N/A ", "#NAME?", "#DIV/0!", "#WERT!", "#¡REF!", "#ССЫЛКА!", "Err:502", "#####"],
        )
    )
    assert not any(map(is_broken, ["#WOW!", "#metoo", "#1", "# Heading", "E", "#", "Err: 502 people"]))


def test_markup_goes_and_signs_that_are_none_stay():
    assert words("Jobs <b>rose</b>.<script>alert(1)</script>") == ("Jobs rose.", ["HTML was taken out"])
    assert words("<p>One</p><p>Two&nbsp;&amp; three</p>")[0] == "One\nTwo\xa0& three"
    assert words("a <b and c> <i>d</i>")[0] == "a <b and c> d"
    for plain in ("Prices <10% and >5%", "a <b and c> d", "AT&T; more", "if x<y", "5 > 3", "<3"):
        assert words(plain) == (plain, [])


def test_of_a_link_the_words_are_taken_and_its_address_told():
    assert words('=HYPERLINK("https://a.example","Prices fell.")') == (
        "Prices fell.",
        ["of a link the words were taken (https://a.example)"],
    )
    assert link('=HYPERLINK("https://a.example")') == ("https://a.example", "https://a.example")
    assert words('=HYPERLINK(A1;"x")') == ('=HYPERLINK(A1;"x")', [])
