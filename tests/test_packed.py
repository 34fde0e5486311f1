"""What one pass over a column's bytes tells of its cells is what each cell says by itself."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk import packed
from factdesk.packed import Packed, are_distinct, begins, places

TEXTS = st.lists(st.text(st.sampled_from("ab :/“é\u200b\x07\n�"), max_size=6), max_size=8)


@given(TEXTS, st.integers(0, 3), st.sampled_from(["://", "é", "�", "a"]), st.integers(0, 1))
def test_rows_that_hold_a_mark_are_those_whose_text_does(cells, first, mark, more_than) -> None:
    text = pa.array(cells, pa.string())[first:]
    found = Packed.of(text).rows_with(mark.encode(), more_than)
    overlapping = [sum(cell[at:].startswith(mark) for at in range(len(cell))) for cell in cells[first:]]
    assert found.tolist() == [row for row, times in enumerate(overlapping) if times > more_than]


@given(TEXTS, st.integers(0, 3))
def test_lengths_first_bytes_and_missing_cells_are_those_of_each_cell(cells, first) -> None:
    held = Packed.of(pa.array(cells, pa.large_string())[first:])
    each = [cell.encode() for cell in cells[first:]]
    assert held.lengths.tolist() == [len(cell) for cell in each]
    rows, firsts = held.firsts()
    assert list(zip(rows.tolist(), firsts.tolist(), strict=True)) == [
        (row, cell[0]) for row, cell in enumerate(each) if cell
    ]
    assert held.with_nulls().to_pylist() == [cell or None for cell in cells[first:]]
    assert held.is_printable_ascii == all(cell.isascii() and cell.isprintable() for cell in cells[first:])


def test_a_mark_is_found_across_the_windows_in_which_bytes_are_looked_at(monkeypatch) -> None:
    data = np.frombuffer(b"x" * 6 + b"://" + b"x" * 9 + b"://", np.uint8)
    for window in range(1, 12):
        monkeypatch.setattr(packed, "_WINDOW", window)
        assert places(data, lambda some: begins(some, b"://")).tolist() == [6, 18]


@pytest.mark.parametrize("width", [3, 8, 14, 17, 24, 30])
def test_texts_of_one_length_are_distinct_until_one_stands_twice(width) -> None:
    cells = pd.Series([f"{at:0{width}d}" for at in range(500)], dtype="str")
    assert are_distinct(cells)
    assert not are_distinct(pd.concat([cells, cells[250:251]]))
    assert not are_distinct(pd.concat([cells, pd.Series(["longer" * 9] * 2, dtype="str")]))
