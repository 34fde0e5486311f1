"""Widgets without a kernel: each says what it stood at, and hostile states stay words."""

import json

import nbformat.v4 as v4
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.pages.widgets import STATES, states, static_form


def form(*models: dict, bundle=json.dumps) -> str:
    """The form of the first of some models, which are called m0, m1 and so on."""
    return static_form("m0", {f"m{n}": model for n, model in enumerate(models)}, bundle)


def model(name: str, **state: object) -> dict:
    return {"model_name": f"{name}Model", "state": state}


@pytest.mark.parametrize(
    ("control", "shown"),
    [
        (model("IntSlider", description="How many:", value=3), "<p>How many: <b>3</b></p>"),
        (model("IntSlider", value=0), "<p>0</p>"),
        (model("FloatRangeSlider", description="Span", value=[1.5, 4]), "<p>Span: <b>1.5, 4</b></p>"),
        (model("Dropdown", description="Which", _options_labels=["a", "b"], index=1), "<p>Which: <b>b</b></p>"),
        (model("Dropdown", description="Which", _options_labels=["a"], index=None), "<p>Which</p>"),
        (model("Dropdown", description="Which", _options_labels=["a"], index=7), "<p>Which</p>"),
        (model("SelectMultiple", _options_labels=["a", "b", "c"], index=[0, 2]), "<p>a, c</p>"),
        (model("SelectionRangeSlider", _options_labels=["a", "b", "c"], index=[0, 2]), "<p>a, c</p>"),
        (model("Checkbox", description="Sure", value=False), "<p>Sure: <b>no</b></p>"),
        (model("DatePicker", description="Day", value={"year": 2025, "month": 2, "date": 15}),
         "<p>Day: <b>2025-03-15</b></p>"),
        (model("Button", description="Go"), "<p>Go</p>"),
        (model("HTML", value="<b>bold</b><script>x</script>"), "<b>bold</b>"),
        (model("Label", value="<b>words</b>"), "<p>&lt;b&gt;words&lt;/b&gt;</p>"),
        (model("Text", description="<i>", value="hello"), "<p>&lt;i&gt;: <b>hello</b></p>"),
        (model("Layout"), ""),
    ],
)  # fmt: skip
def test_a_control_says_what_it_stood_at(control, shown):
    assert form(control) == shown


def test_boxes_show_what_stands_in_them_under_their_titles():
    tab = model("Tab", children=["IPY_MODEL_m1", "IPY_MODEL_m2"], titles=["First", ""])
    assert form(tab, model("Label", value="one"), model("Label", value="two")) == (
        "<p><b>First</b></p>\n<p>one</p>\n<p>two</p>"
    )


def test_a_box_that_stands_in_itself_ends():
    assert form(model("VBox", children=["IPY_MODEL_m0", "IPY_MODEL_gone"])) == ""


def test_what_was_put_out_in_a_control_is_set_as_every_output_is():
    outputs = [
        {"output_type": "stream", "text": "<printed>\n"},
        {"output_type": "display_data", "data": {"text/plain": "shown"}},
        "none",
    ]
    assert form(model("Output", outputs=outputs)) == '<pre>&lt;printed&gt;</pre>\n{"text/plain": "shown"}'
    assert form(model("JupyterChart", spec={"$schema": "vega-lite", "mark": "bar"})).startswith(
        '{"application/vnd.vegalite'
    )


def test_a_notebook_without_states_or_with_others_has_none():
    notebook = v4.new_notebook()
    for widgets in (None, [], {STATES: []}, {STATES: {"state": 3}}):
        notebook.metadata["widgets"] = widgets
        assert states(notebook) == {}
    notebook.metadata["widgets"] = {STATES: {"state": {"m0": model("Label")}}}
    assert list(states(notebook)) == ["m0"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("IPY_MODEL_m1"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    "children",
    "titles",
    "value",
    "description",
    "outputs",
    "index",
    "_options_labels",
    "max",
    "spec",
    "format",
]
KINDS = ["VBox", "Output", "HTML", "IntSlider", "Dropdown", "DatePicker", "Text", "Tab"]
STATE = st.dictionaries(st.sampled_from(NAMES), VALUES)


@given(st.sampled_from(KINDS), STATE, st.sampled_from(KINDS), STATE)
def test_no_state_that_a_file_can_hold_stops_it(kind, state, other, inner):
    made = form(model(kind, **state), model(other, **inner), bundle=lambda data: "")
    assert isinstance(made, str)
    assert "<script" not in made
