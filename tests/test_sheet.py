"""What every chart is made of: signs, places, words around a drawing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.schema import STANCE_SIGNS, VOCABULARY
from factdesk.sheet import SHAPES, THEMES, Key, apart, key

places = st.lists(st.floats(0, 300), min_size=1, max_size=12).map(sorted)


@given(places)
def test_labels_are_moved_apart_in_their_order_and_stay_inside_where_there_is_room(given_places):
    moved = apart(given_places, 17, 5, 295)
    assert all(b - a >= 17 - 1e-6 for a, b in pairwise(moved))
    assert min(moved) >= 5 - 1e-6
    assert max(moved) <= max(295, 5 + 17 * (len(moved) - 1)) + 1e-6


@given(st.lists(st.integers(1, 15), min_size=1, max_size=12))
def test_labels_with_room_enough_stay_where_they_are(steps):
    given_places = [float(sum(steps[: n + 1]) * 20) for n in range(len(steps))]
    assert apart(given_places, 17, 0, 10_000) == pytest.approx(given_places)


def test_all_our_signs_but_the_question_mark_are_drawn_as_outlines():
    ours = {status.sign for status in VOCABULARY} | set(STANCE_SIGNS.values())
    assert ours - set(SHAPES) == {"?"}


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_signs_are_read_well_on_every_status_colour(theme):
    def luminance(colour):
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for status in VOCABULARY:
        colour = theme.colour(status)
        light, dark = sorted([luminance(colour), luminance(theme.ink_on(colour))], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_key_takes_as_many_lines_as_it_needs():
    keys = [Key(f"a status with many words {n}", "●", "#123456") for n in range(6)]
    _, wide = key([("Status", keys)], THEMES["light"], 0, 0, 3000)
    layers, narrow = key([("Status", keys)], THEMES["light"], 0, 0, 400)
    assert narrow > wide
    placed = [row for layer in layers for row in layer.data.to_dict()["values"]]
    assert all(0 <= row["x"] <= 400 for row in placed)
