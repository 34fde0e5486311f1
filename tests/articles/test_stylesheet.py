"""What a page's own stylesheets hide is not the document's words."""

import time

import pytest

from factdesk.articles import webpage
from factdesk.articles.stylesheet import MOST_RULES


def words(css: str, body: str) -> str:
    return webpage.words(f"<html><head><style>{css}</style></head><body>{body}</body></html>")


@pytest.mark.parametrize(
    "css",
    [
        ".x{display:none}",
        "p.x { Display : NONE !important }",
        "#y{visibility:hidden}",
        "span{display:none}",
        ".a, .x{color:red;display:none}",
        "/* } */ .x/**/{display:none}",
        "@media screen{.x{display:none}}",
        '@import "a.css"; .x{display:none}',
        ".q::after{content:'}'} .x{display:none}",
        ".x{display:block} .x{display:none}",
        "span.x{display:none} span{display:inline}",
        ".x{display:none} .x:hover{display:block}",
    ],
)
def test_a_simple_rule_hides_what_it_names(css):
    hidden = '<span class="b x" id="y">Hidden</span><p class="x y-z">Gone</p>'
    assert "Hidden" not in words(
        css, f"<div>Seen {hidden if 'p.x' not in css else hidden.replace('span', 'p')}</div>"
    )


@pytest.mark.parametrize(
    "css",
    [
        ".X{display:none}",
        ".xx{display:none}",
        "b.x{display:none}",
        ".x.z{display:none}",
        ".x:hover{display:none}",
        ".nav .x{display:none}",
        "@media print{.x{display:none}}",
        "@media (max-width:600px){.x{display:none}}",
        "@keyframes k{.x{display:none}}",
        ".x{display:none} .x{display:inline}",
        ".x{display:none} #y{display:inline}",
        ".x{display:none} .lead .x{display:inline}",
        ".x{display:none!important} #y{display:inline!important}",
        "/* .x{display:none} */",
        "/* .x{display:none}",
        "}}}.z{{{",
        ".x{display:none",
    ],
)
def test_what_is_shown_or_may_be_shown_stays(css):
    assert "Seen" in words(css, '<span class="b x" id="y">Seen</span>')


def test_a_sheet_for_print_in_a_comment_or_in_a_script_hides_nothing():
    rule = "<style>.x{display:none}</style>"
    for page in (
        f"<!-- {rule} -->",
        f"<script>'{rule}'</script>",
        rule.replace("<style", "<style media='print'"),
    ):
        assert "Seen" in webpage.words(f"{page}<p class=x>Seen</p>")
    assert "Seen" not in webpage.words(f"{rule.replace('<style', '<style media=screen')}<p class=x>Seen</p>")


def test_a_style_of_its_own_goes_before_the_sheet():
    assert "Seen" in words(".x{display:none}", '<p class="x" style="display:block">Seen</p>')


@pytest.mark.parametrize(
    "css",
    [
        "{" * 500_000, "a{" * 300_000, "/*" * 500_000, "'" * 500_000, "@media{" * 200_000, ".x," * 300_000 + "y{display:none}",
        "".join(f".a.b{n}{{display:none}}" for n in range(40_000)), "display:none;" * 100_000,
    ],
)  # fmt: skip
def test_a_hostile_sheet_costs_little_and_hides_no_more_than_it_says(css):
    body = "".join(f'<i class="a c{n}">seen</i>' for n in range(2_000))
    begun = time.process_time()
    assert words(css, body).count("seen") == 2_000
    assert time.process_time() - begun < 20, "a bound against endless work, no target"


def test_rules_beyond_the_bound_hide_nothing():
    css = "".join(f".a{n}{{display:none}}" for n in range(MOST_RULES + 1))
    assert words(css, f'<p class="a0">No</p><p class="a{MOST_RULES}">Seen</p>') == "Seen"
