"""What a row held at a moment is what its changes say, whatever column, order and moment."""

from hypothesis import given
from hypothesis import strategies as st

from factdesk.checks.replay import Change, cells_at, earlier, is_there

EDITS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=6)


@given(EDITS, st.integers(-1, 7))
def test_a_row_is_what_it_was_written_as_with_the_changes_up_to_the_moment(edits, moment):
    now, changes, stood = {"a": "first", "b": "first"}, [], [{"a": "first", "b": "first"}]
    for at, (column, after) in enumerate(edits):
        changes.append(Change(at, column, now[column], after, "", b""))
        now = {**now, column: after}
        stood.append(now)
    assert cells_at(now, changes, moment) == stood[min(moment + 1, len(edits))]
    assert stood[0] in list(earlier(now, changes, "ab"))


def test_a_row_added_by_hand_later_was_not_there_and_one_withdrawn_comes_back():
    changes = [
        Change(2, "", "", "added", "", b""),
        Change(4, "", "", "withdrawn", "", b""),
        Change(6, "", "withdrawn", "", "", b""),
    ]
    assert [is_there(changes, moment) for moment in (1, 3, 5, 7)] == [False, True, False, True]
    assert [is_there(changes, moment, withdrawn_too=True) for moment in (1, 5)] == [False, True]
