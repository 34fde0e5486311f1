"""A chart made ready for a page: its words, its colours, its width, and how long its table is."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from factdesk.charts.colours import THEMES, looks
from factdesk.pages.article import AT_ONCE, figure_markup
from factdesk.pages.figure import ROWS, figure
from factdesk.pages.html import Chart, document, page_style
from factdesk.schema import VOCABULARY

LIGHT, LOOKS = THEMES["light"], looks(VOCABULARY, "light")
INKS = [look.on for look in LOOKS.values()]
TIME = {
    "first": "2025-03-01",
    "last": "2025-03-31",
    "as_of": "2025-03-30",
    "gaps": [["2025-03-06", "2025-03-26"]],
}
DAYS = ["2025-03-01", "2025-03-11", "2025-03-21", "2025-03-31"]


def native(theme="light", *, gaps=False, **noted):
    """A chart such as ours are: layers over days, a caption, and what is noted of them."""
    of = THEMES[theme]
    names, colours = list(LOOKS), [look.colour for look in looks(VOCABULARY, theme).values()]
    rows = [{"date": f"{day}T00:00:00", "status": names[2 * n], "claims": 3} for n, day in enumerate(DAYS)]
    if gaps:
        x = {
            "field": "share",
            "type": "quantitative",
            "scale": {"domain": [0, 1], "nice": False, "zero": False},
        }
        rows = [{**row, "share": (DAYS.index(row["date"][:10])) / 3} for row in rows]
    else:
        x = {"field": "date", "type": "temporal"}
    y = {"field": "claims", "type": "quantitative", "axis": {"labelColor": of.soft}}
    colour = {"field": "status", "scale": {"domain": names, "range": colours}}
    fill = {"field": "status", "scale": {"domain": names, "range": INKS}, "legend": None}
    bar = {
        "mark": {"type": "bar", "stroke": of.ink, "width": 20},
        "encoding": {"x": x, "y": y, "color": colour},
    }
    counted = {"x": x, "y": y, "text": {"field": "claims"}, "fill": fill}
    words = {"mark": {"type": "text", "dy": 8}, "encoding": counted}
    edge = {
        "mark": {"type": "text", "align": "left", "dx": 9, "clip": False, "text": "at the edge"},
        "encoding": {"x": {"value": "width"}, "y": {"value": "height"}},
    }
    caption = {
        "name": "view_1",
        "description": "caption",
        "data": {"values": [{}]},
        "mark": {"type": "text", "text": ["A status holds", "until the next."], "dy": 50},
    }
    about = {"title": "Two thirds are open", "subtitle": "By day, in March", "caption": "A status holds until the next.",
             "theme": theme, "columns": ["date", "status", "claims"], "heights": [200, 120], **noted}  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json", "usermeta": {"factdesk": about},
        "title": {"text": ["Two thirds", "are open"], "subtitle": ["By day, in March"]}, "description": "Two bars a day.",
        "config": {"background": of.ground, "text": {"color": of.ink}}, "width": 700, "height": 200,
        "data": {"name": "rows"}, "datasets": {"rows": rows}, "layer": [bar, words, edge, caption],
    }  # fmt: skip


def test_the_words_of_a_chart_stand_in_the_page_and_not_in_the_drawing():
    made = figure(native())
    assert (made.title, made.subtitle) == ("Two thirds are open", "By day, in March")
    assert made.caption == "A status holds until the next."
    assert made.label == "Two thirds are open. By day, in March. Two bars a day"
    assert len(made.spec["layer"]) == 3
    assert {"usermeta", "$schema", "title", "description"} & set(made.spec) == set()
    assert made.headings == ["date", "status", "claims"]
    assert made.rows[0] == ["2025-03-01", "unverified", "3"]


def test_a_title_of_somebodys_own_wins_over_the_one_that_was_noted():
    made = figure(native() | {"title": "Mine"})
    assert (made.title, made.subtitle) == ("Mine", "")


def test_a_caption_within_other_charts_is_taken_out_too():
    both = {"usermeta": native()["usermeta"], "hconcat": [native(), {"spec": native(), "facet": {}}]}
    assert '"until the next."' in json.dumps(both)
    assert '"until the next."' not in json.dumps(figure(both).spec)


def test_a_chart_of_ours_takes_the_width_of_its_page_and_another_keeps_its_own():
    made = figure(native(params={"narrow": "narrow_a", "lines": "lines_a"}))
    assert made.spec["width"] == "container"
    assert made.fit["heights"] == [200, 120]
    assert made.fit["params"]["narrow"] == "narrow_a"
    other = {"layer": [{"mark": "bar"}], "width": 300}
    assert figure(other).spec == other
    assert figure({"hconcat": [other], "usermeta": native()["usermeta"]}).fit == {}


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_a_chart_of_another_theme_keeps_its_colours(theme):
    """The ground of the dark theme is the ink of the light one: as the page's ink it would be white on white."""
    made = figure(native(theme))
    assert not made.follows_the_page
    assert made.spec["config"] == native(theme)["config"]


def test_a_chart_in_light_follows_the_page_in_all_its_colours_and_no_text_is_taken_for_one():
    spec = native()
    spec["layer"][1]["mark"]["text"] = LIGHT.ink
    made = figure(spec)
    assert made.follows_the_page
    assert made.spec["config"] == {
        "background": "var(--bg, #ffffff)",
        "text": {"color": f"var(--ink, {LIGHT.ink})"},
    }
    bar, words, _ = made.spec["layer"]
    assert bar["encoding"]["color"]["scale"]["range"] == [
        f"var(--status-{n}, {look.colour})" for n, look in enumerate(LOOKS.values())
    ]
    assert words["encoding"]["fill"]["scale"]["range"] == [
        f"var(--on-status-{n}, {ink})" for n, ink in enumerate(INKS)
    ]
    assert words["mark"]["text"] == LIGHT.ink


def test_what_lies_on_a_colour_that_the_page_does_not_know_stays_with_it():
    """A page has the variables of its own statuses only: their ink could be white, on a bar that stays yellow."""
    other = tuple(replace(status, colour="#ffee00", dark="#ffee00") for status in VOCABULARY)
    fill = figure(native(), other).spec["layer"][1]["encoding"]["fill"]
    assert fill["scale"]["range"] == INKS


def test_colours_that_a_scale_mixes_stay_as_they_are():
    spec = native()
    shades = {"field": "claims", "type": "quantitative", "scale": {"range": [LIGHT.faint, LIGHT.soft]}}
    spec["layer"][0]["encoding"]["color"] = shades
    made = figure(spec)
    assert not made.follows_the_page
    assert made.spec["layer"][0]["encoding"]["color"] == shades


@pytest.mark.parametrize(
    "noted",
    [{"made": 3}, {"heights": "tall"}, {"heights": [{}, []]}, {"params": 3}, {"time": {"first": []}}, {"time": {}},
     {"time": {"first": "x", "last": 1, "as_of": None, "gaps": 3}}, {"columns": {}}, {"caption": 7}, {"title": []}],
)  # fmt: skip
def test_what_a_chart_notes_may_be_of_any_kind(noted):
    made = figure(native(**noted))
    assert json.dumps(made.spec)
    assert figure_markup(made, 0)
    assert "days" not in made.fit


def test_where_the_days_lie_on_an_axis_is_told_to_the_page():
    days = figure(native(gaps=True, time=TIME)).fit["days"]
    assert [day - days[0][0] for day, _ in days] == [0, 5, 25, 30]
    assert [share for _, share in days] == [0, pytest.approx(0.445), pytest.approx(0.555), 1]


def charted(count: int) -> dict:
    rows = [{"n": n, "x": n} for n in range(count)]
    about = {"factdesk": {"columns": ["n"]}}
    return {"usermeta": about, "datasets": {"a": rows}, "layer": [{"data": {"name": "a"}, "mark": "point"}]}


@pytest.mark.parametrize(
    ("count", "left_out", "words"),
    [(ROWS + 712, 712, 'data-at-last="The first 200 of 912 rows.">The first 8 of 912 rows.'),
     (ROWS, 0, 'data-at-last="">The first 8 of 200 rows.'), (AT_ONCE, 0, "</table>")],
)  # fmt: skip
def test_of_a_long_table_the_first_rows_are_given_and_the_rest_is_counted(count, left_out, words):
    made = figure(charted(count))
    assert (len(made.rows), made.left_out) == (min(ROWS, count), left_out)
    markup = figure_markup(made, 0)
    assert words in markup
    assert ("The first" in markup) == (count > AT_ONCE)
    assert markup.count("<tr>") == 1 + AT_ONCE


def test_a_page_names_the_colours_of_its_own_statuses_on_either_ground():
    style = page_style(VOCABULARY)
    for theme in ("light", "dark"):
        for n, look in enumerate(looks(VOCABULARY, theme).values()):
            assert f"--status-{n}:{look.colour};--on-status-{n}:{look.on};" in style


# ---- in a browser ----


def page_of(*specs):
    """One page of these charts."""
    figures = [figure(spec) for spec in specs]
    body = "".join(figure_markup(made, n) for n, made in enumerate(figures))
    charts = [Chart(made.spec, "vega-lite", made.rows[AT_ONCE:], made.fit) for made in figures]
    return document("Charts", f"<main>{body}</main>", charts=charts)


@pytest.fixture
def drawn(opened, tmp_path):
    """Draw a page of charts in a browser, at a width."""

    def draw(*specs, width=1280):
        (tmp_path / "charts.html").write_text(page_of(*specs), "utf-8")
        until, viewport = f"html[data-drawn='{len(specs)}']", {"width": width, "height": 900}
        return opened(tmp_path / "charts.html", until=until, viewport=viewport)

    return draw


DRAWN = """svg => {
    const box = svg.getBoundingClientRect();
    const sizes = [...svg.querySelectorAll("text")].map(text => parseFloat(getComputedStyle(text).fontSize));
    return [Math.round(box.width), Math.round(box.right), Math.min(...sizes), svg.closest(".canvas").clientWidth];
}"""
OTHER = {
    "width": 500, "mark": "bar", "data": {"values": [{"a": "one", "b": 3}, {"a": "two", "b": 5}]},
    "encoding": {"x": {"field": "b", "type": "quantitative"}, "y": {"field": "a", "type": "nominal"}},
}  # fmt: skip
FACETS = {
    "data": OTHER["data"], "columns": 2, "facet": {"field": "a", "type": "nominal"},
    "spec": {name: OTHER[name] for name in ("mark", "encoding")} | {"width": 300},
}  # fmt: skip


def test_every_chart_is_drawn_at_the_width_there_is_and_drawn_anew_when_that_changes(drawn):
    beside = {"hconcat": [OTHER, OTHER]}
    specs = [native(), native(gaps=True), OTHER, beside, {"vconcat": [OTHER, beside]}, FACETS]
    page = drawn(*specs, width=390)
    for width in (390, 1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(1_000)
        svgs = page.locator(".canvas svg").evaluate_all(f"all => all.map({DRAWN})")
        assert all(own <= room + 1 and right <= width for own, right, _, room in svgs), svgs
        assert all(smallest >= 11 for _, _, smallest, _ in svgs[:2])
        assert all(own == room for own, _, _, room in svgs[:2]), "a chart of ours takes the whole width"
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_narrow_page_has_its_own_layout_of_rows(drawn):
    spec = native(params={"narrow": "narrow_a", "lines": "lines_a"})
    spec["params"] = [{"name": "narrow_a", "value": False}, {"name": "lines_a", "value": 1}]
    spec["layer"][2]["mark"]["text"] = {"expr": "narrow_a ? 'above' : 'beside'"}
    page = drawn(spec, width=390)
    for width, words, height in ((390, "above", 120), (1280, "beside", 200), (390, "above", 120)):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(700)
        assert words in page.locator(".canvas svg").text_content()
        high = page.locator(".canvas svg .background").first.evaluate(
            "it => it.getBoundingClientRect().height"
        )
        assert abs(high - height) < 2


def test_a_line_marks_the_day_that_a_reader_chose(drawn):
    page = drawn(native(), native(gaps=True, time=TIME), native(gaps=True), OTHER)
    assert page.locator("line.chosen").count() == 2, "over those alone along whose width time runs"

    def shares(day):
        page.evaluate(f"document.dispatchEvent(new CustomEvent('factdesk:day', {{detail: {day}}}))")
        return page.locator("line.chosen").evaluate_all(
            """lines => lines.map(line => {
                const plot = line.closest("svg").querySelector(".background").getBoundingClientRect();
                const at = line.getAttribute("visibility") === "visible" && line.getBoundingClientRect().left;
                return at === false ? null : (at - plot.left) / plot.width;
            })"""
        )

    first = 20148  # 1 March 2025
    even, gapped = shares(first + 15)
    assert even == pytest.approx(0.5, abs=0.08)
    assert gapped == pytest.approx(0.5, abs=0.02)
    assert shares(first + 5)[1] == pytest.approx(0.445, abs=0.02)
    assert shares(first - 100) == [None, None]


CONTRASTS = Path(__file__).with_name("contrasts.js").read_text("utf-8")


def test_every_word_is_read_on_a_dark_page_and_on_a_light_one(drawn):
    page = drawn(native())
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(CONTRASTS)
        assert any(is_on_a_bar for _, is_on_a_bar, _ in found)
        assert [one for one in found if one[2] < 4.5] == [], scheme


def test_what_is_said_after_a_long_claim_is_seen(drawn):
    claim = " ".join(f"The minister said {n}." for n in range(230))[:5000]
    row = {"a": "one", "b": 3, "claim": claim, "why": claim[::-1], "who": "Ada Quist"}
    tips = [{"field": name, "type": "nominal"} for name in ("claim", "who", "why")]
    spec = OTHER | {"data": {"values": [row]}, "encoding": {**OTHER["encoding"], "tooltip": tips}}
    page = drawn(spec)
    for width, height in [(1280, 720), (360, 640), (740, 360)]:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(700)
        mark = page.locator("svg .mark-rect path").last
        mark.scroll_into_view_if_needed()
        page.wait_for_timeout(100)  # what scrolls hides what is said
        mark.hover()
        page.wait_for_selector(".tip:not([hidden])")
        tip, *parts = page.locator(".tip").evaluate(
            """tip => [tip, ...tip.children].map(part => {
                const box = part.getBoundingClientRect();
                return [part.className, part.textContent, box.left, box.top, box.right, box.bottom];
            })"""
        )
        for _, _, left, top, right, bottom in (tip, *parts):
            assert left >= 0 and top >= 0 and right <= width and bottom <= min(height, tip[5])
        words = [text for name, text, *_ in parts if name != "key"]
        assert claim in words
        assert "Ada Quist" in words
        page.mouse.move(0, 0)
