"""Which statuses follow which: every change in its cell, and what is said of them."""

import pandas as pd
import pytest
from drawings import drawing
from drawn import generated, marks, sample, spec_of, title, written
from samples import ledger_of

from factdesk import measures
from factdesk.charts.colours import THEMES
from factdesk.charts.transitions import COLUMNS, FAINTEST, STRONGEST, transitions

RAIN = {"claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}


def changed(folder, *changes, more=""):
    """A ledger of a claim for each list of statuses, given from one day to the next."""
    claims = [{**RAIN, "claim_id": f"c-{n}"} for n in range(len(changes))]
    given = [
        {"claim_id": f"c-{n}", "status": status, "holds_from": f"2025-03-{12 + day}", "rationale": "So."}
        for n, own in enumerate(changes)
        for day, status in enumerate(own)
    ]
    return written(folder, claims, given, more=more)


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_data_are_what_the_ledger_measures(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60), ledger_of("promises")):
        expected = measures.transitions(ledger).astype({"from_status": "str", "to_status": "str"})
        assert (
            transitions(ledger).data[list(COLUMNS)].to_numpy().tolist()
            == expected[list(COLUMNS)].to_numpy().tolist()
        )


def test_rows_and_columns_keep_the_order_of_the_vocabulary():
    ledger = ledger_of("promises")
    cells, order = transitions(ledger).data, list(ledger.settings.statuses)
    for end, place in (("from_status", "row"), ("to_status", "at")):
        of = dict(zip(cells[place], cells[end], strict=True))
        assert [of[at] for at in sorted(of)] == sorted(of.values(), key=order.index)
        assert sorted(of) == list(range(min(of), min(of) + len(of)))


def test_every_status_is_named_in_a_row_or_in_the_key(tmp_path):
    ledger = changed(tmp_path, ["mixed", "refuted"], ["supported"])
    keys = [rows for rows in marks(transitions(ledger), "point") if rows and set(rows[0]) == {"status"}]
    assert [row["status"] for row in keys[0]] == ["unverified", "mixed", "supported", "refuted"] or {
        row["status"] for row in keys[0]
    } == {"unverified", "mixed", "supported", "refuted"}


def test_a_cell_is_stronger_the_more_often_and_its_number_is_read_on_it():
    cells = drawing("transitions", "sample").data.sort_values("count")
    assert cells["fill"].map(luminance).is_monotonic_decreasing
    for theme in THEMES.values():
        for strength in (FAINTEST, STRONGEST):
            low, high = sorted((luminance(theme.ink), luminance(theme.mix(strength))))
            assert (high + 0.05) / (low + 0.05) >= 4.5


@pytest.mark.parametrize(("changes", "expected"), [
    ([["refuted"]], "The only change of status is from unverified to refuted"),
    ([["refuted"], ["refuted"]], "Both changes of status are from unverified to refuted"),
    ([["refuted"], ["refuted"], ["mixed"]], "The most frequent change is from unverified to refuted: 2 of 3"),
    ([["refuted"], ["mixed"]], "2 changes of status, of 2 kinds"),
])  # fmt: skip
def test_the_title_names_the_most_frequent_change_and_none_of_several_that_tie(changes, expected, tmp_path):
    assert title(transitions(changed(tmp_path, *changes))) == expected


def test_words_give_the_base_and_every_number():
    spec = spec_of(drawing("transitions", "sample"))
    assert spec["title"]["subtitle"] == ["30 changes of status, 22 claims"]
    assert "from unverified to supported 8; from unverified to mixed 7;" in spec["description"]


def test_names_of_statuses_from_right_to_left_keep_to_themselves(tmp_path):
    more = '[[status]]\nname = "s-1"\nlabel = "صحيح"\n[[status]]\nname = "s-2"\nlabel = "خادع"\n'
    ledger = changed(tmp_path, ["s-1", "s-2"], ["s-2"], ["s-1", "s-2"], more=more)
    assert "from \u2068صحيح\u2069 to \u2068خادع\u2069" in spec_of(transitions(ledger))["description"]


@pytest.mark.parametrize("size", ["page", "slide", "card"])
def test_no_row_is_left_out_for_want_of_room(size, tmp_path):
    names = [f"s-{n}" for n in range(20)]
    more = "".join(f'[[status]]\nname = "{one}"\n' for one in names)
    chart = transitions(changed(tmp_path, names[:18], more=more), size=size)
    assert chart.data["count"].sum() == len(chart.data) >= 17
    assert (
        max(row["row"] for rows in marks(chart, "text") for row in rows if "beside" in row)
        == chart.data["row"].max()
    )


def test_days_before_a_change_are_told_who_points_at_it():
    layer = next(
        one
        for one in spec_of(drawing("transitions", "sample"))["layer"]
        if "tooltip" in one.get("encoding", {})
    )
    assert {"from", "to", "days before it (median)"} <= {one["title"] for one in layer["encoding"]["tooltip"]}
    assert isinstance(drawing("transitions", "sample").data, pd.DataFrame)
