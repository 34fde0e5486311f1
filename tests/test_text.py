"""Text that comes in is normal, visible and told about, and stays as it is the second time."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from factdesk.text import clean, comparable, shown

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HIDDEN = BIDI + "\u200b\u2060\ufeff\x00\x07\x1b\x7f\x80\x9f\ud800\udfff"


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60), st.booleans())
def test_cleaned_text_stays_as_it_is_and_shows_nothing_hidden(text, one_line):
    once, _ = clean(text, one_line)
    assert clean(once, one_line) == (once, [])
    assert once == unicodedata.normalize("NFC", once) == once.strip()
    assert not set(once) & set(HIDDEN)
    assert not one_line or "\n" not in once
    once.encode("utf-8")


def test_every_hidden_character_is_taken_out_and_named():
    for mark in HIDDEN:
        text, told = clean(f"pay{mark}log")
        assert text == "paylog"
        assert told == [f"taken out: U+{ord(mark):04X}"]


def test_joiners_that_scripts_and_emoji_need_stay():
    for text in ("می\u200cخواهم", "क्\u200dष", "👩\u200d🔬"):
        assert clean(text) == (text, [])


def test_line_breaks_of_every_kind_become_one_kind():
    assert clean("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h␤i")[0] == "a\nb\nc\nd\ne\nf\ng\nh\ni"


def test_a_line_is_told_when_it_was_put_on_one_line():
    assert clean("good\n signals ", one_line=True) == ("good signals", ["put on one line"])


def test_composed_and_decomposed_letters_are_compared_as_one():
    assert comparable("Zoe\u0308") == comparable("Zo\u00eb") == "Zoë"


def test_messages_show_what_is_hidden_by_its_number_and_cut_what_is_long():
    assert shown("pay\u202elog") == r"pay\u202elog"
    assert shown("x" * 100) == "x" * 80 + "… (100 characters)"
