"""Which documents are one text."""

from hypothesis import given
from hypothesis import strategies as st

from factdesk.articles.origins import Document, are_one, origins, shingles

WORDS = " ".join(f"word{n}" for n in range(60))
OTHER = " ".join(f"other{n}" for n in range(60))


def test_a_text_taken_over_in_part_has_the_origin_of_the_first():
    texts = {"a": WORDS, "b": f"Our own lead. {WORDS[:300]} And our own end.", "c": OTHER}
    found = origins({name: Document(text) for name, text in texts.items()})
    assert [found[name].first for name in texts] == ["a", "a", "c"]


def test_what_copies_a_copy_has_the_first_ones_origin():
    texts = {"a": WORDS, "b": f"{WORDS} {OTHER}", "c": OTHER}
    found = origins({name: Document(text) for name, text in texts.items()})
    assert {found[name].first for name in texts} == {"a"}


def test_two_that_quote_the_same_sentence_are_two():
    quoted = "the world needs action and not a study or empty words and pointless conditions"
    texts = {"a": f"{WORDS} {quoted}", "b": f"{OTHER} {quoted}"}
    found = origins({name: Document(text) for name, text in texts.items()})
    assert [found[name].first for name in texts] == ["a", "b"]


def test_what_can_not_be_read_is_not_known_to_be_a_copy():
    found = origins({"a": Document(None), "b": Document(None), "c": Document(None, "Reuters")})
    assert len({one.first for one in found.values()}) == 3
    assert all("no text was kept" in one.why for one in found.values())


@given(st.permutations("abcd"))
def test_the_order_changes_who_is_first_and_never_who_is_one(order):
    texts = {
        "a": Document(WORDS),
        "b": Document(f"{WORDS} {OTHER}", "Reuters"),
        "c": Document(OTHER),
        "d": Document(None, "Reuters"),
    }
    found = origins({name: texts[name] for name in order})
    assert {one.first for one in found.values()} == {order[0]}


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_does_not_depend_on_the_order(one, other):
    one, other = shingles(one), shingles(other)
    assert are_one(one, other) == are_one(other, one)
