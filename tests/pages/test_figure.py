"""A chart made ready for a page: which colours follow the page, and how long its table is."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from drawn import sample, written
from test_canvas import contrast

import factdesk as fd
from factdesk.charts.canvas import THEMES
from factdesk.charts.gallery import CHARTS
from factdesk.charts.typeset import CLOSES, OPENS, isolated
from factdesk.pages.article import AT_ONCE, figure_markup
from factdesk.pages.figure import ROWS, figure
from factdesk.pages.html import Chart, document, page_style
from factdesk.schema import VOCABULARY


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_a_chart_of_another_theme_keeps_its_colours_and_its_margin(theme):
    """The ground of the dark theme is the ink of the light one: as the page's ink it would be white on white."""
    chart = fd.charts.status_over_time(sample(), theme=theme).to_dict()
    made = figure(chart, VOCABULARY)
    assert not made.follows_the_page
    assert made.spec["background"] == chart["background"]
    assert made.spec["padding"]["left"] == chart["padding"]["left"]
    assert made.title and made.caption and "title" not in made.spec


def test_a_chart_in_light_follows_the_page_whether_or_not_that_was_asked_for():
    for asked in ({}, {"theme": "light"}):
        made = figure(fd.charts.status_over_time(sample(), **asked).to_dict(), VOCABULARY)
        assert made.spec["background"] == "var(--bg, #ffffff)"


def charted(count: int) -> dict:
    return {
        "usermeta": {"factdesk": {"columns": ["n"]}},
        "datasets": {"a": [{"n": n, "x": n} for n in range(count)]},
        "layer": [{"data": {"name": "a"}, "mark": "point"}],
    }


def test_of_a_long_table_the_first_rows_are_given_and_the_rest_is_counted():
    made = figure(charted(ROWS + 712), VOCABULARY)
    assert (len(made.rows), made.left_out) == (ROWS, 712)
    markup = figure_markup(made, 0)
    assert f'data-at-last="The first 200 of 912 rows.">The first {AT_ONCE} of 912 rows.</p>' in markup
    assert markup.count("<tr>") == 1 + AT_ONCE


def test_a_table_that_fits_says_nothing_of_its_length():
    made = figure(charted(ROWS), VOCABULARY)
    assert made.left_out == 0
    assert "The first 200" not in figure_markup(made, 0)
    assert "The first" not in figure_markup(figure(charted(AT_ONCE), VOCABULARY), 0)


@pytest.mark.parametrize(
    "noted", [{"made": 3}, {"made": {"options": []}}, {"made": {"options": {"theme": {}}}}]
)
def test_what_a_chart_notes_may_be_of_any_kind(noted):
    assert json.dumps(figure({"usermeta": {"factdesk": noted}, "mark": "bar"}, VOCABULARY).spec)


def test_a_title_in_arabic_is_one_text_again(tmp_path):
    """The mark that holds its lines beneath one another would part it in two, the first on the left."""
    said = "قال الوزير إن الضرائب على الصلب المستورد ستنخفض إلى النصف قبل الصيف وإن ذلك سيكون كافيا للجميع في البلاد كلها"
    claim = {"claim_id": "steel", "claim": said, "claimant": "Radio", "made_on": "2025-03-10"}
    chart = fd.charts.claim_card(written(tmp_path, [claim]), "steel", size="column").to_dict()
    assert len(chart["title"]["text"]) > 1
    made = figure(chart, VOCABULARY)
    assert made.title == isolated(said) == f"{OPENS}{said}{CLOSES}", "set apart once, as a whole"
    assert "\N{LEFT-TO-RIGHT MARK}" not in f"{made.subtitle} {made.caption} {made.label}"


OURS = {"factdesk": {"title": "Rain"}}


def variables(style, theme):
    """The variables that a page's style sheet sets for a ground."""
    sheets = dict(zip(("light", "dark"), style.split("prefers-color-scheme:dark", 1), strict=True))
    said = sheets[theme].partition(":root{")[2].partition("}")[0]
    return dict(one.split(":") for one in said.split(";") if one.startswith("--"))


def test_a_shade_of_grey_is_one_of_the_page_and_what_is_written_on_it_is_read_on_either_ground():
    light, shares = THEMES["light"], range(1, 100)
    row = [{"colour": light.mixed(n / 100), "ink": "#000000", "on": light.mixed(n / 100)} for n in shares]
    spec = {"usermeta": OURS, "datasets": {"a": row}, "layer": []}
    made = figure(spec, VOCABULARY).spec["datasets"]["a"]
    for n, one in zip(shares, made, strict=True):
        assert one["colour"] == f"var(--ink-{n}, {light.mixed(n / 100)})"
        assert one["ink"] == f"var(--on-ink-{n}, #000000)"
    style = page_style(VOCABULARY, shares)
    for theme in ("light", "dark"):
        held = variables(style, theme)
        for n in shares:
            assert held[f"--ink-{n}"] == THEMES[theme].mixed(n / 100)
            assert contrast(held[f"--ink-{n}"], held[f"--on-ink-{n}"]) >= 4.5


def test_a_page_names_the_shades_of_its_own_charts_only():
    shaded = {"layer": [{"mark": {"color": "var(--ink-22, #cbcccd)"}}]}
    assert "--ink-22:" in document("A", "", charts=[Chart(shaded, "vega-lite")])
    assert "--ink-" not in document("A", "", charts=[Chart({"layer": []}, "vega-lite")])


def test_a_colour_that_is_no_mixture_of_the_page_s_stays():
    colours = ["#808080", "#2456b8", "#000000", "#ffff00", "grey", "#12345", "#1234567", ""]
    spec = {"usermeta": OURS, "layer": [], "datasets": {"a": [{"colour": c} for c in colours]}}
    assert [row["colour"] for row in figure(spec, VOCABULARY).spec["datasets"]["a"]] == colours


def test_what_lies_on_a_colour_of_the_ledger_s_own_stays_with_it():
    """A file has the variables of the usual statuses only: their ink could be white, on a bar that stays yellow."""
    usual = VOCABULARY[2]
    for status, ink in (
        (usual, "var(--on-status-2, #000000)"),
        (replace(usual, colour="#ffee00"), "#000000"),
    ):
        rows = [{"sign": status.sign, "ink": "#000000"}, {"ink": "#000000", "on": status.colour}]
        spec = {"usermeta": OURS, "layer": [{"range": [status.colour]}], "datasets": {"a": rows}}
        assert [row["ink"] for row in figure(spec, VOCABULARY).spec["datasets"]["a"]] == [ink, ink]


FIRST = date(2025, 3, 10)


def every_status(folder):
    """A ledger in which there is room for words on each status and each shade of a day's work."""
    claims, statuses, moment = [], [], "T10:00:00.000000Z"
    for n, status in enumerate(VOCABULARY):
        own = {"claimant": "Radio", "made_on": str(FIRST), "logged_at": f"{FIRST + timedelta(n)}{moment}"}
        claims += [{"claim_id": f"c-{n}-{m}", "claim": f"It rained {n} {m}.", **own} for m in range(3)]
        given = {"status": status.name, "holds_from": str(FIRST), "rationale": "So."}
        at = {"recorded_at": f"{FIRST + timedelta(n)}{moment}"}
        statuses += [{"claim_id": f"c-{n}-{m}", **given, **at} for m in range(3)] * [1, 1, 2, 5, 9, 20, 40][n]
        # One claim has all of them, one after the other.
        day = FIRST + timedelta(5 * n)
        then = {"holds_from": str(day), "recorded_at": f"{day}{moment}"}
        statuses.append({**given, "claim_id": "all", **then})
    claims.append({"claim_id": "all", "claim": "It rained.", "claimant": "Press", "made_on": str(FIRST)})
    return written(folder, claims, statuses)


def drawn_together(charts):
    """One page of these charts."""
    figures = [figure(chart.to_dict(), VOCABULARY) for chart in charts]
    body = "".join(figure_markup(made, n) for n, made in enumerate(figures))
    return document(
        "Charts", f"<main>{body}</main>", charts=[Chart(made.spec, "vega-lite") for made in figures]
    )


CONTRASTS = """() => {
    const colour = (said) => {
        const [red, green, blue, alpha = 1] = said.match(/[\\d.]+/g).map(Number);
        return [red, green, blue, alpha];
    };
    const over = (top, below) => [0, 1, 2].map((n) => top[3] * top[n] + (1 - top[3]) * below[n]);
    const luminance = (of) => {
        const [red, green, blue] = of.map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => {
        const [pale, deep] = [luminance(one), luminance(other)].sort((a, b) => b - a);
        return (pale + 0.05) / (deep + 0.05);
    };
    const opacity = (element, svg) => {
        let share = 1;
        for (let at = element; at !== svg; at = at.parentElement) share *= getComputedStyle(at).opacity;
        return share;
    };
    const found = [];
    for (const svg of document.querySelectorAll(".canvas svg")) {
        const plot = svg.closest(".plot");
        const ground = [document.body, plot].reduce(
            (below, element) => over(colour(getComputedStyle(element).backgroundColor), below), [255, 255, 255]);
        const beneath = [];
        for (const element of svg.querySelectorAll("path, rect, text")) {
            const style = getComputedStyle(element);
            const box = element.getBoundingClientRect();
            if (style.visibility === "hidden" || !box.width || !box.height) continue;
            if (element.tagName !== "text") {
                const mark = { element, box, on: element.getScreenCTM().inverse(), parts: [] };
                for (const part of ["fill", "stroke"]) {
                    if (style[part] === "none") continue;
                    const own = colour(style[part]);
                    own[3] *= style[`${part}Opacity`] * opacity(element, svg);
                    if (own[3]) mark.parts.push([part === "fill" ? "isPointInFill" : "isPointInStroke", own]);
                }
                if (mark.parts.length) beneath.push(mark);
                continue;
            }
            if (!element.textContent.trim()) continue;
            const ink = colour(style.fill);
            ink[3] *= style.fillOpacity * opacity(element, svg);
            for (const share of [0.1, 0.5, 0.9]) {
                const [x, y] = [box.x + box.width * share, box.y + box.height / 2];
                let below = ground;
                for (const { element: mark, box, on, parts } of beneath) {
                    if (x < box.left - 3 || x > box.right + 3 || y < box.top - 3 || y > box.bottom + 3) continue;
                    const point = new DOMPoint(x, y).matrixTransform(on);
                    for (const [is_in, own] of parts) if (mark[is_in](point)) below = over(own, below);
                }
                const has = contrast(over(ink, below), below);
                found.push({
                    chart: plot.ariaLabel.slice(0, 50), words: element.textContent, contrast: has,
                    size: parseFloat(style.fontSize), is_bold: style.fontWeight >= 700,
                    on: below === ground ? "the ground" : below.map(Math.round).join(),
                });
            }
        }
    }
    return found;
}"""


@pytest.mark.browser
def test_every_word_of_every_chart_is_read_on_a_dark_page_and_on_a_light_one(chromium, tmp_path):
    ledger, other = sample(), every_status(tmp_path / "ledger")
    takes = {"claim_card": [ledger.claims["claim_id"].iloc[0]]}
    charts = [draw(ledger, *takes.get(name, [])) for name, draw in CHARTS.items()]
    charts += [
        fd.charts.evidence_balance(ledger, by="grade"),
        fd.charts.status_over_time(ledger, by="claimant"),
        fd.charts.activity(other),
        fd.charts.claimants(other),
        fd.charts.claimants(other, share=True),
        fd.charts.claim_card(other, "all"),
    ]
    file = tmp_path / "all.html"
    file.write_text(drawn_together(charts), "utf-8")
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, offline=True)
    page.goto(file.as_uri())
    page.wait_for_selector(f"html[data-drawn='{len(charts)}']")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(CONTRASTS)
        on = {one["on"] for one in found}
        for status in VOCABULARY:
            colour = THEMES[scheme].colour(status)
            assert ",".join(str(channel) for channel in bytes.fromhex(colour[1:])) in on, status.name
        faint = [
            one
            for one in found
            if one["contrast"] < (3 if one["size"] >= (18.66 if one["is_bold"] else 24) else 4.5)
        ]
        assert faint == [], scheme
    page.close()


@pytest.mark.browser
def test_busier_days_stand_out_more_on_a_dark_page_too(chromium, tmp_path):
    page = chromium.new_page(color_scheme="dark", offline=True)
    page.goto(fd.save(fd.charts.activity(every_status(tmp_path / "l")), tmp_path / "a.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    fills = page.locator("svg .mark-symbol path").evaluate_all(
        "keys => keys.map(key => getComputedStyle(key).fill.match(/\\d+/g).map(Number))"
    )
    shades = [sum(fill) for fill in fills]
    assert len(shades) == 5
    assert shades == sorted(shades), "the key runs from the fewest to the most"
    assert shades[0] > sum(bytes.fromhex(THEMES["dark"].track[1:])), "and begins above a day of no work"
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (360, 640), (740, 360)])
def test_what_is_said_after_a_long_claim_is_seen(width, height, chromium, tmp_path):
    said = " ".join(f"The minister said {n}." for n in range(230))[:5000]
    claim = {"claim_id": "long", "claim": said, "claimant": "Ada Quist", "made_on": "2025-03-10"}
    given = {"claim_id": "long", "status": "mixed", "holds_from": "2025-03-12", "rationale": said[::-1]}
    ledger = written(tmp_path / "ledger", [claim], [given])
    page = chromium.new_page(viewport={"width": width, "height": height}, offline=True)
    page.goto(fd.save(fd.charts.timeline(ledger), tmp_path / "a.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    mark = page.locator("svg [aria-roledescription='rect mark']").last
    mark.scroll_into_view_if_needed()
    page.evaluate("new Promise(done => setTimeout(done, 100))")  # what scrolls hides what is said
    mark.hover()
    page.wait_for_selector(".tip:not([hidden])")
    seen = page.locator(".tip").evaluate(
        """tip => [tip, ...tip.children].map(part => {
            const box = part.getBoundingClientRect();
            return [part.className, part.textContent, box.left, box.top, box.right, box.bottom];
        })"""
    )
    assert all(left >= 0 and top >= 0 for _, _, left, top, _, _ in seen)
    assert all(right <= width and bottom <= height for *_, right, bottom in seen)
    tip = seen[0]
    assert all(bottom <= tip[5] for *_, bottom in seen), "nothing is cut off at the foot"
    words = [text for name, text, *_ in seen[1:] if name != "key"]
    assert said in words
    assert "Ada Quist" in words
    page.close()
