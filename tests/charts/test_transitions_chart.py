"""Which statuses follow which: every turn in its cell."""

import numpy as np
import pytest
from drawn import generated, rows, sample, spec_of, texts, written
from placed_words import assert_words_apart
from test_canvas import contrast

from factdesk import measures
from factdesk.charts import transitions
from factdesk.charts.canvas import SIZES, THEMES
from factdesk.charts.transitions_chart import FAINTEST, STRONGEST, TALLEST, WIDEST
from factdesk.errors import InvalidValue

FIELDS = ("from", "to", "count", "claims", "median_days")


def test_each_cell_says_what_the_ledger_measures(tmp_path):
    for ledger in (sample(), generated(tmp_path, 60)):
        turns = measures.transitions(ledger)
        assert [
            [row[field] for field in FIELDS] for row in rows(transitions(ledger), *FIELDS)
        ] == turns.astype({"from_status": "str", "to_status": "str"}).to_numpy().tolist()


def test_the_title_says_the_most_frequent_turn_and_the_subtitle_the_base():
    spec = spec_of(transitions(sample()))
    assert spec["title"]["text"] == ["The most frequent turn is from unverified to supported: 8 of 30"]
    assert spec["title"]["subtitle"] == ["30 changes of status, 22 claims"]
    assert "from unverified to supported 8; from unverified to mixed 7;" in spec["description"]


def test_words_over_narrow_columns_stand_in_two_heights_and_are_whole():
    chart = transitions(sample(), size="column")
    assert {"supported", "unverifiable", "outdated"} <= set(texts(chart))


LONG = [
    "not yet looked at by anybody in this newsroom", "true as far as the documents at hand go",
    "Verfassungswidrigkeitsfeststellungsverfahren anhängig", "half of it is so, the other half is not known",
    "说法与公开记录不符，而且没有任何文件支持",
]  # fmt: skip


def long_words(folder):
    """A ledger of which every status has a name that is wider than there is room on one line."""
    more = "".join(f'[[status]]\nname = "s-{n}"\nlabel = "{label}"\n' for n, label in enumerate(LONG))
    claims = [
        {"claim_id": f"c-{n}", "claim": f"It rained {n}.", "claimant": "Radio", "made_on": "2025-03-10"}
        for n in range(20)
    ]
    given = [
        {
            "claim_id": f"c-{n}",
            "status": f"s-{(n * k) % 5}",
            "holds_from": f"2025-03-{11 + k}",
            "rationale": "So.",
        }
        for n in range(20)
        for k in range(4)
    ]
    return written(folder, claims, given, more=more)


@pytest.mark.parametrize("size", ["page", "column", "slide", "card"])
def test_long_names_of_statuses_are_wrapped_and_never_cut(size, tmp_path):
    chart = transitions(long_words(tmp_path), size=size)
    # A word that is longer than its line is parted by a hyphen.
    set_ = "".join("".join(text.split()).removesuffix("-") for text in texts(chart))
    for label in LONG:
        assert set_.count("".join(label.split())) >= 2
    assert not any(text.endswith("…") for text in texts(chart))
    spec = spec_of(chart)
    assert_words_apart(spec)
    usual = spec_of(transitions(sample(), size=size))
    if size in ("slide", "card"):
        assert _height(spec) == pytest.approx(_height(usual))


def _height(spec):
    return spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]


def test_a_cell_is_stronger_the_more_often_and_its_number_is_read_on_it():
    cells = rows(transitions(sample()), *FIELDS)
    by_count = sorted(cells, key=lambda row: row["count"])
    assert [row["strength"] for row in by_count] == sorted(row["strength"] for row in cells)
    assert {str(row["count"]) for row in cells} <= set(texts(transitions(sample())))


@pytest.mark.parametrize("size", SIZES)
def test_a_single_cell_does_not_fill_the_picture(size, tmp_path):
    claim = {"claim_id": "rain", "claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}
    given = {"claim_id": "rain", "status": "refuted", "holds_from": "2025-03-12", "rationale": "So."}
    chart = transitions(written(tmp_path, [claim], [given]), size=size)
    (cell,) = rows(chart, *FIELDS, "x", "x2", "y", "y2")
    assert cell["x2"] - cell["x"] <= WIDEST
    assert cell["y2"] - cell["y"] <= TALLEST
    if height := SIZES[size].height:
        assert _height(spec_of(chart)) == pytest.approx(height)


def test_one_turn_alone_and_none_at_all_say_so(tmp_path):
    claim = {"claim_id": "rain", "claim": "It rained.", "claimant": "Radio", "made_on": "2025-03-10"}
    given = {"claim_id": "rain", "status": "refuted", "holds_from": "2025-03-12", "rationale": "So."}
    one = transitions(written(tmp_path / "one", [claim], [given]))
    assert spec_of(one)["title"]["text"] == ["The only change of status is from unverified to refuted"]
    twice = [{**claim, "claim_id": name} for name in ("rain", "hail")]
    both = transitions(
        written(tmp_path / "both", twice, [{**given, "claim_id": one["claim_id"]} for one in twice])
    )
    assert spec_of(both)["title"]["text"] == ["Both changes of status are from unverified to refuted"]
    none = transitions(written(tmp_path / "none", [claim]))
    assert spec_of(none)["title"]["text"] == ["No changes of status in the ledger yet"]
    nothing = transitions(sample().where(claimant="nobody"))
    assert spec_of(nothing)["title"]["text"] == ["No claims in this part of the ledger yet"]


def test_what_is_not_allowed_is_refused_with_what_is():
    with pytest.raises(InvalidValue, match="light, dark, print"):
        transitions(sample(), theme="neon")


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_a_number_is_read_on_a_cell_of_any_strength(theme):
    for strength in np.linspace(FAINTEST, STRONGEST, 100):
        mixed = [
            round(
                strength * int(theme.ink[at : at + 2], 16)
                + (1 - strength) * int(theme.track[at : at + 2], 16)
            )
            for at in (1, 3, 5)
        ]
        assert contrast(theme.ink, "#" + "".join(f"{channel:02x}" for channel in mixed)) >= 4.5


def test_one_day_is_a_day():
    said = {row["after"] for row in rows(transitions(sample()), "after")}
    assert "after 1 day (median)" in said
    assert "after 83 days (median)" in said
