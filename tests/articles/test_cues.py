"""The lists of words that report speech: whole, and each word under one heading."""

from collections import Counter

from factdesk.articles.cues import CONSTRUCTIONS


def test_no_construction_lists_a_word_twice():
    for one in CONSTRUCTIONS:
        words = Counter(" ".join((one.firmly, one.mostly, one.plainly, one.never)).split())
        assert max(words.values(), default=1) == 1, (one.name, words.most_common(3))


def test_each_construction_of_a_class_stands_once():
    assert len({(one.of, one.name) for one in CONSTRUCTIONS}) == len(CONSTRUCTIONS)
