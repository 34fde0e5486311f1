"""Days, moments and typed cells: what is one, what is none, and that text and value say the same."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk import schema
from factdesk.frames import typed
from factdesk.schema import FIRST_DAY, LAST_DAY, STATUSES_TABLE, TABLES, Settings

DAYS = st.dates(FIRST_DAY, LAST_DAY)
MOMENTS = st.datetimes(datetime(1000, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC))


@given(DAYS)
def test_a_day_is_read_as_it_was_written(day):
    assert schema.parse_day(schema.day_text(day)) == day
    assert schema.parse_day(pd.Timestamp(day)) == day


@given(MOMENTS)
def test_a_moment_is_read_as_it_was_written_and_sorts_as_text(moment):
    text = schema.moment_text(moment)
    assert schema.parse_moment(text, ZoneInfo("UTC")) == moment
    assert text < schema.moment_text(moment + timedelta(microseconds=1))


@given(st.lists(DAYS, max_size=5), st.lists(MOMENTS, max_size=5))
def test_typed_frames_say_what_the_text_says(days, moments):
    rows = [["", "", "mixed", schema.day_text(day), "", "", "", "", "", ""] for day in days]
    rows += [["", "", "", "", "", "", "", schema.moment_text(moment), "", ""] for moment in moments]
    cells = pd.DataFrame(rows, columns=STATUSES_TABLE.first_names, dtype="str")
    frame = typed(cells, STATUSES_TABLE, Settings())
    assert [one.date() for one in frame["holds_from"].dropna()] == days
    assert [one.to_pydatetime() for one in frame["recorded_at"].dropna()] == moments


NO_DAYS = [
    None, "", "14/03/2025", "2025-3-14", "2025-02-30", " 2025-03-14", "2025-03-14T00:00", "２０２５-03-14",
    "0999-12-31", "9999-01-01", True, 20250314, 1.5, float("nan"), pd.NaT, pd.NA, b"2025-03-14", [], {},
    datetime(2025, 3, 14, 12), datetime(2025, 3, 14, 0, 0, 0, 1), datetime(2025, 3, 14, tzinfo=UTC),
]  # fmt: skip
NO_MOMENTS = [
    None, "", "yesterday", 5, pd.NaT, [], datetime(2025, 3, 14, 12), "2025-03-14T12:00:00",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00", "0999-12-31T00:00:00Z",
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parse", "wrong"),
    [(schema.parse_day, NO_DAYS), (lambda one: schema.parse_moment(one, ZoneInfo("UTC")), NO_MOMENTS)],
    ids=["day", "moment"],
)
def test_what_is_no_day_or_moment_is_refused(parse, wrong):
    for one in wrong:
        with pytest.raises(ValueError):
            parse(one)


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", "2025-03-30T23:59:59.999999Z"),
        ("Europe/Kyiv", "2025-03-30T20:59:59.999999Z"),  # the clocks went forward that morning
        ("America/Los_Angeles", "2025-03-31T06:59:59.999999Z"),
        ("Pacific/Kiritimati", "2025-03-30T09:59:59.999999Z"),
    ],
)
def test_a_day_as_a_moment_is_its_end_in_the_ledgers_zone(zone, end):
    assert schema.moment_text(schema.parse_moment("2025-03-30", ZoneInfo(zone))) == end


def test_cells_that_their_column_can_not_hold_become_missing():
    days = ["2025-03-14", "2025-02-30", "14/03/2025", "0001-01-01", "9999-12-31", "２０２５-03-14", ""]
    statuses = ["mixed", "Mixed", "", "x", "mixed", "", "?"]
    cells = pd.DataFrame({"holds_from": days, "status": statuses}, dtype="str")
    frame = typed(cells, STATUSES_TABLE, Settings())
    assert frame["holds_from"].notna().tolist() == [True, *[False] * 6]
    assert frame["status"].notna().tolist() == [one == "mixed" for one in statuses]


def test_statuses_are_ordered_as_the_vocabulary_is():
    cells = pd.DataFrame({"status": ["refuted", "supported", "unverified"]}, dtype="str")
    frame = typed(cells, STATUSES_TABLE, Settings())
    assert frame.sort_values("status")["status"].tolist() == ["unverified", "supported", "refuted"]
    assert frame["status"].max() == "refuted"


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_an_empty_table_has_its_types_all_the_same_and_names_its_id_its_moment_and_its_writer(table):
    full = pd.DataFrame([[""] * len(table.names)], columns=table.names, dtype="str")
    kinds = [typed(frame, table, Settings()).dtypes for frame in (full, full.iloc[:0])]
    assert (kinds[0] == kinds[1]).all()
    assert table.id.endswith("_id") and table.moment.endswith("_at") and table.writer.endswith("_by")
    assert len(set(table.names)) == len(table.names)


DAYS = st.sampled_from(
    ["", "2024-02-29", "2023-02-29", "0999-12-31", "9999-01-01", "2025-03-1٣", "2025/03/13", "2025-3-13"]
)
MOMENTS = st.sampled_from([
    "", "2024-02-29T23:59:59.999999Z", "2025-03-13T24:00:00.000000Z", "2025-03-13T12:00:60.000000Z",
    "2025-03-13 12:00:00.000000Z", "2025-03-13T12:00:00.0+01:00", "2025-03-13T12:00:00,000000Z", "9999-01-01T00:00:00.000000Z",
])  # fmt: skip


@given(st.lists(DAYS, max_size=3), st.lists(MOMENTS, max_size=3))
def test_a_day_or_moment_is_the_same_read_with_others_or_by_itself(days, moments):
    for column, cells in (("holds_from", days), ("recorded_at", moments)):
        text = pd.Series(cells, dtype="str", index=range(5, 5 + len(cells)))
        read = typed(pd.DataFrame({column: text}), STATUSES_TABLE, Settings())[column]
        form = schema.DAY if column == "holds_from" else schema.MOMENT
        known = [_or_none(cell) if form.fullmatch(cell) else None for cell in cells]
        assert [None if pd.isna(one) else one.to_pydatetime().replace(tzinfo=UTC) for one in read] == known
        assert list(read.index) == list(text.index)
        assert read.dtype == ("datetime64[us]" if column == "holds_from" else "datetime64[us, UTC]")


def _or_none(cell):
    try:
        moment = datetime.fromisoformat(cell).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if FIRST_DAY <= moment.date() <= LAST_DAY else None
