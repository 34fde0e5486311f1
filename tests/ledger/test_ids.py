"""Hashes of rows: the tree of RFC 9162, and nothing that runs together."""

import hashlib

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from factdesk.ledger import ids

LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=40)
CELLS = st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=1, max_size=4)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=5)


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
    assert ids.root(leaves) == wanted


@given(LEAVES, st.randoms())
def test_neither_order_nor_repetition_of_rows_changes_the_root(leaves, random):
    again = leaves + leaves[:3]
    random.shuffle(again)
    assert ids.root(leaves) == ids.root(again)


@given(CELLS, CELLS)
def test_different_cells_have_different_leaves_and_names(one, other):
    assert (ids.leaf("claims", one) == ids.leaf("claims", other)) == (one == other)
    assert (ids.name(one, 52) == ids.name(other, 52)) == (one == other)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), max_size=9)))
def test_rows_hashed_by_columns_have_the_leaves_of_rows(rows):
    columns = [pa.array(column, pa.large_string()) for column in zip(*rows, strict=True)] or [
        pa.array([], pa.large_string())
    ]
    assert ids.leaves("claims", columns) == [ids.leaf("claims", row) for row in rows]


@given(st.lists(TEXTS, max_size=12), st.lists(st.tuples(st.integers(0, 11), TEXTS), max_size=4), st.data())
def test_a_tree_that_grows_and_forks_has_the_root_of_all_its_leaves(cells, changed, data):
    tree = ids.Tree()

    def rooted(rows: list[str], tree: ids.Tree) -> str:
        some = tree.of("claims", len(rows), lambda first: [pa.array(rows[first:], pa.large_string())])
        return tree.root({"claims": some, "others": others})

    others = [ids.leaf("claims", ["left out"])]
    for upto in sorted(data.draw(st.lists(st.integers(0, len(cells)), max_size=3))):
        assert rooted(cells[:upto], tree) == ids.root(
            [*others, *(ids.leaf("claims", [cell]) for cell in cells[:upto])]
        )
    now = list(cells)
    distinct = {at: cell for at, cell in changed if at < len(now) and cell not in cells}
    for at, cell in distinct.items():
        now[at] = f"{at} {cell}"
    forked = tree.forked("claims", [(at, ids.leaf("claims", [now[at]])) for at in distinct])
    for rows, of in ((now, forked), (cells, tree)):
        if len(set(cells)) == len(cells):  # rows have ids: no two of a table are alike
            assert rooted(rows, of) == ids.root([*others, *(ids.leaf("claims", [c]) for c in rows)])


def test_the_same_cells_in_two_tables_have_two_leaves():
    assert ids.leaf("claims", ["a"]) != ids.leaf("sources", ["a"])


def test_an_id_is_a_letter_a_dash_and_twelve_characters_that_no_spreadsheet_counts():
    row_id = ids.row_id("e", ["a", "b"])
    assert len(row_id) == 14
    assert row_id.startswith("e-")
    assert row_id[2:].isalnum()
    assert row_id == row_id.lower()
