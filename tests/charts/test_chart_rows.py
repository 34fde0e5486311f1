"""The rows behind a chart, wherever in its specification they stand."""

import altair as alt
import pandas as pd
from drawn import sample

import factdesk as fd
from factdesk.charts.chart_rows import data_of, metadata, rows_behind


def test_rows_of_ours_are_those_with_all_the_columns_that_it_names():
    spec = {
        "usermeta": {"factdesk": {"columns": ["a", "b"]}},
        "layer": [
            {"data": {"values": [{"a": 1, "b": 2, "colour": "red"}]}},
            {"data": {"values": [{"a": 1, "text": "x"}]}},
        ],
    }
    assert list(rows_behind(spec)) == [{"a": 1, "b": 2}]


def test_data_that_several_parts_share_are_given_once():
    chart = alt.Chart(pd.DataFrame({"n": [1]})).mark_bar().encode(x="n:Q")
    assert len(list(data_of((chart | chart).to_dict()))) == 1


def test_a_specification_of_the_wrong_shape_has_no_rows():
    for spec in ({}, {"data": 3}, {"data": {"values": "x"}}, {"layer": {"data": []}}, {"usermeta": []}):
        assert list(rows_behind(spec)) == []
        assert metadata(spec) == {}


def test_a_chart_of_ours_notes_its_ledger():
    spec = fd.charts.status_over_time(sample()).to_dict()
    assert metadata(spec)["digest"] == sample().digest()
    assert len(list(rows_behind(spec))) > 20


def test_days_are_days_in_the_rows_of_ours():
    rows = [{"date": "2025-03-10T00:00:00", "claim": "It began at T00:00:00", "claims": 2}]
    spec = {"usermeta": {"factdesk": {"columns": ["date", "claim"]}}, "data": {"values": rows}}
    assert list(rows_behind(spec)) == [{"date": "2025-03-10", "claim": "It began at T00:00:00"}]
