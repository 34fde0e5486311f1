"""A chart knows how it was made, and is made again alike."""

import json

import altair as alt
import pandas as pd
import pytest
from drawn import sample

from factdesk import charts
from factdesk.charts import CHARTS, calls, remade
from factdesk.errors import InvalidValue

ONE = "trump-positive-signals"
ASKED = {"claim_card": {"claim_id": ONE}}
"""What a chart does not do without, by its name."""
SPAN = (pd.Timestamp("2025-03-10"), "2025-03-31")


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_redrawn_from_what_a_file_can_hold(name):
    ledger = sample()
    people = ["Donald Trump"] if name != "time_to_status" else ledger.claims["claimant"].unique().tolist()
    view = ledger.where(claimant=people).as_known(ledger.latest_day)
    chart = CHARTS[name](
        view, theme="dark", size="slide", locale="de", title="Krieg & <b>Frieden</b>", **ASKED.get(name, {})
    )
    about = chart.usermeta["factdesk"]
    made = json.loads(json.dumps(about["made"]))
    assert remade(ledger, made).to_dict() == chart.to_dict()
    call = about["call"]
    assert call.startswith(f"fd.charts.{name}(ledger.where(claimant={people}).as_known(moment='")
    assert "theme='dark'" in call


def test_the_call_that_is_noted_runs():
    import factdesk as fd

    ledger = sample()
    chart = fd.charts.status_over_time(ledger.where(text="peace"), share=True, span=SPAN)
    again = eval(chart.usermeta["factdesk"]["call"], {"fd": fd, "ledger": ledger})
    assert again.to_dict() == chart.to_dict()


def test_a_chart_is_drawn_again_in_another_theme_and_size():
    draw = CHARTS["status_over_time"]
    again = calls.again(draw(sample()), theme="print", size="column")
    assert again is not None
    assert again.to_dict() == draw(sample(), theme="print", size="column").to_dict()


def test_a_chart_that_was_changed_is_not_drawn_again_without_what_was_changed():
    chart = CHARTS["status_over_time"](sample())
    dots = alt.Chart(alt.InlineData(values=[{"x": 1}])).mark_point().encode(x=alt.value(3))
    assert calls.again(chart + dots, theme="dark") is None
    chart.height = 90
    assert calls.again(chart, theme="dark") is None


def old(chart, options=None):
    """The record of a picture that an earlier version made."""
    return {"chart": chart, "options": options or {}, "views": [["where", {"text": "peace"}]]}


def drawn(ledger, *, gaps="auto", title=""):
    return {"gaps": gaps, "title": title, "claims": len(ledger.claims)}


@pytest.mark.parametrize(("made", "options"), [
    (old("evidence", {"even": True}), {"gaps": False, "title": ""}),
    (old("evidence", {"even": False, "title": "Steel"}), {"gaps": "auto", "title": "Steel"}),
    (old("evidence_balance", {"by": "grade", "title": "Steel"}), {"gaps": "auto", "title": "Steel"}),
    (old("publishers", {"even": True, "most": 5}), {"gaps": False, "title": ""}),
])  # fmt: skip
def test_a_picture_of_an_earlier_version_is_drawn_by_what_took_its_charts_place(made, options, monkeypatch):
    monkeypatch.setattr(charts, "CHARTS", {"evidence": drawn}, raising=False)
    claims = len(sample().where(text="peace").claims)
    assert remade(sample(), made) == options | {"claims": claims}


@pytest.mark.parametrize("name", ["activity", "revisions"])
def test_of_a_chart_that_is_gone_the_frame_of_its_numbers_is_named(name):
    with pytest.raises(InvalidValue, match=rf"fd\.measures\.{name}\(ledger\)"):
        remade(sample(), old(name))


WRONG = [
    {"theme": "drak"},
    {"size": 3},
    {"size": "poster"},
    {"width": 12},
    {"width": True},
    {"title": 4},
    {"locale": "zz-zz"},
]


@pytest.mark.parametrize("name", CHARTS)
def test_what_every_chart_is_asked_for_is_checked(name):
    for asked in WRONG:
        with pytest.raises(InvalidValue, match=next(iter(asked))):
            CHARTS[name](sample(), **ASKED.get(name, {}), **asked)


@pytest.mark.parametrize("made", [
    None, [], "status_over_time", {}, {"chart": "__import__"}, {"chart": "timeline", "options": []},
    {"chart": "timeline", "options": {"ledger": "x"}}, {"chart": "timeline", "options": {"scale": 3}},
    {"chart": "timeline", "views": [["withdraw", {}]]}, {"chart": "timeline", "views": [["where"]]},
    {"chart": "claim_card"}, {"chart": "timeline", "views": [["as_known", {}]]},
    {"chart": "timeline", "views": [["where", {"path": "/"}]]}, {"chart": ["timeline"]},
])  # fmt: skip
def test_what_is_no_call_of_ours_is_refused(made):
    with pytest.raises(InvalidValue):
        remade(sample(), made)
