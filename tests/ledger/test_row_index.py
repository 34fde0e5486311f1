"""Rows are found by their cells, or by what these have in common, as looking at each would find them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.checks import codes
from factdesk.checks.codes import FOLDED
from factdesk.ledger.row_index import RowIndex
from factdesk.text import alike

WORDS = st.text(st.sampled_from("abBsSßẞ \u00a0.!Iİıéﬁ1Kk\u212a" + "x" * 3), max_size=14)


@pytest.mark.parametrize("form", [str, alike])
@given(rows=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=9), asked=st.tuples(WORDS, WORDS))
def test_what_is_found_is_every_row_that_holds_it(form, rows, asked):
    frame = pd.DataFrame(rows, columns=["one", "two"], dtype="str")
    index = RowIndex.of(frame, ("one", "two"), form)
    for wanted in [*rows, asked]:
        cells = tuple(map(form, wanted))
        every = [at for at, row in enumerate(rows) if tuple(map(form, row)) == cells]
        assert index.places(cells) == every


def test_long_cells_that_differ_in_the_middle_only_are_told_apart():
    cells = [f"{'a' * 40}{at:03d}{'z' * 41}" for at in range(200)]
    index = RowIndex.of(pd.DataFrame({"one": cells}, dtype="str"), ("one",), str)
    assert [index.places((cell,)) for cell in cells] == [[at] for at in range(200)]


def test_letters_that_are_folded_into_ascii_are_all_known():
    """Else two texts that are alike would have different numbers, and one not be found."""
    others = map(chr, range(128, 0x110000))
    assert {one for one in others if any(map(str.isascii, one.casefold()))} == set(FOLDED)
    window = np.frombuffer(FOLDED.encode() + b"  ", np.uint8)
    assert codes._may_be_folded(window).sum() == len(FOLDED)
