"""Hashes of rows: the tree of RFC 9162, and nothing that runs together."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from factdesk import hashes

LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=40)
CELLS = st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=1, max_size=4)


def tree(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, on hashed leaves."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + tree(leaves[:split]) + tree(leaves[split:])).digest()


@given(LEAVES)
def test_the_root_is_that_of_the_definition(leaves):
    distinct = sorted(set(leaves))
    wanted = tree(distinct).hex() if distinct else hashlib.sha256(b"").hexdigest()
    assert hashes.root(leaves) == wanted


@given(LEAVES, st.randoms())
def test_neither_order_nor_repetition_of_rows_changes_the_root(leaves, random):
    again = leaves + leaves[:3]
    random.shuffle(again)
    assert hashes.root(leaves) == hashes.root(again)


@given(CELLS, CELLS)
def test_different_cells_have_different_leaves_and_names(one, other):
    assert (hashes.leaf("claims", one) == hashes.leaf("claims", other)) == (one == other)
    assert (hashes.name(one, 52) == hashes.name(other, 52)) == (one == other)


def test_the_same_cells_in_two_tables_have_two_leaves():
    assert hashes.leaf("claims", ["a"]) != hashes.leaf("sources", ["a"])


def test_an_id_is_a_letter_a_dash_and_twelve_characters_that_no_spreadsheet_counts():
    row_id = hashes.row_id("e", ["a", "b"])
    assert len(row_id) == 14
    assert row_id.startswith("e-")
    assert row_id[2:].isalnum()
    assert row_id == row_id.lower()
