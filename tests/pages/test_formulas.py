"""Formulas as MathML: what is set, what is left as it was written, and that nothing else comes with them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.pages.formulas import ATTRIBUTES, LONGEST, TAGS, formula


@pytest.mark.parametrize("marks", ["{}", "${}$", "$${}$$", "\\[{}\\]", "\\({}\\)", " $\\displaystyle {}$\n"])
def test_a_formula_is_set_whatever_stands_around_it(marks):
    made = formula(marks.format(r"\frac12 \le x"))
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac><mo>≤</mo><mi>x</mi>" in made
    assert "$" not in made


@pytest.mark.parametrize(
    "written", [r"\frac{", "{" * 3000, "x" * (LONGEST + 1), r"\text{</mtext><img src=x>}"]
)
def test_what_is_none_stands_as_it_was_written(written):
    made = formula(written)
    assert made.startswith("<code>") and made.endswith("</code>")
    assert "<" not in made.removeprefix("<code>").removesuffix("</code>")


HOSTILE = st.lists(
    st.sampled_from([
        "\\text{", "}", "{", "<script>", "</mtext>", "\\href{javascript:x}", "\\style{color:red}", "x", "\\frac", "&",
        "<img src=x onerror=y>", "\\unicode{60}", '"', "\\class{a}", "\\cssId{a}", "\\mathrm{<b>}", "\\begin{matrix}",
    ]),
    max_size=8,
).map("".join)  # fmt: skip


@given(HOSTILE | st.text())
def test_nothing_but_mathml_comes_of_any_text(latex):
    made = formula(latex)
    for tag, attributes in re.findall(r"<(\w+)([^<>]*)>", made):
        assert tag in TAGS | {"code"}
        assert set(re.findall(r'([\w:-]+)="', attributes)) <= ATTRIBUTES
    assert re.sub(r"</?\w+(?: [a-z]+=\"[^\"<>]*\")*>", "", made).count("<") == 0
