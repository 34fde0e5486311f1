"""What Arrow reads at once is what Python reads line by line, and no quotation mark costs more than its line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from factdesk.exchange.delimited import Delimited, Dialect, opened
from factdesk.exchange.tables import _good

PIECES = st.sampled_from(
    ['"', '""', ",", "\n", "\r\n", "\r", "a", "b c", "é", '"a",', "a,b,c\n", '"x\ny",b,c\n', " ", "'"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.booleans())
def test_both_ways_of_reading_give_the_same_rows_on_the_same_lines(text, has_rows):
    data = f"claim,date,note\n{'a,b,c' + chr(10) if has_rows else ''}{text}".encode()
    page = Delimited(data, Dialect(","))
    quick = page.quickly(1, ["1", "2", "3"])
    if quick is None:
        return
    table, lines = quick
    aside: list[tuple[int, str, str]] = []
    patient = list(_good(page.rows(1, 3), 3, aside, is_ragged=False))
    full = [(line, cells) for line, cells in patient if any(cell.strip() for cell in cells)]
    found = list(zip(lines.tolist(), (list(row.values()) for row in table.to_pylist()), strict=True))
    assert [row for row in found if any(cell.strip() for cell in row[1])] == full
    assert aside == []


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_a_whole_row_below_any_text_is_found(text):
    page = opened(f"claim,date,note\nIt rained.,2025-03-14,x\n{text}\n\nIt snowed.,2025-03-15,y\n".encode())
    page = Delimited(page.data, Dialect(","))
    rows = [cells for _, cells in _good(page.rows(1, 3), 3, [], is_ragged=False)]
    assert rows[0] == ["It rained.", "2025-03-14", "x"]
    assert rows[-1] == ["It snowed.", "2025-03-15", "y"] or text.count('"') % 2


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data):
    try:
        page = opened(data)
    except ValueError:
        return
    page.data.decode("utf-8")
    assert sum(1 for _ in page.rows()) <= data.count(b"\n") + data.count(b"\r") + 1
