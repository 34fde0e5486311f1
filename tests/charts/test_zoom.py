"""The strip under a chart's days: what is dragged over fills the drawing, a double click shows all again."""

import io
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from drawn import generated, sample
from lab import watched, window
from PIL import Image, ImageChops

import factdesk as fd
from factdesk import formats
from factdesk.charts import save as export
from factdesk.charts.display import render
from factdesk.charts.zoom import NAME, STRIP, TALL, zoomable
from factdesk.pages.figure import figure
from factdesk.schema import VOCABULARY

TIMED = [fd.charts.status_over_time, fd.charts.timeline, fd.charts.repeats]
timed = pytest.mark.parametrize("draw", TIMED, ids=lambda draw: draw.__name__)


def picture(spec):
    return Image.open(io.BytesIO(export.picture(spec, 1))).convert("RGB")


@timed
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_until_something_is_dragged_the_chart_is_as_it_was_but_for_the_strip(draw, theme):
    spec = draw(sample(), theme=theme).to_dict()
    before, after = picture(spec), picture(zoomable(spec))
    assert before.size == after.size
    left, top, right, bottom = ImageChops.difference(before, after).getbbox()
    assert bottom - top <= TALL + 1, "nothing but the strip"
    assert left >= spec["padding"]["left"] - 1
    assert right <= before.width - spec["padding"]["right"] + 1


def test_a_chart_without_days_or_of_another_maker_has_no_strip():
    for spec in (
        fd.charts.transitions(sample()).to_dict(),
        {"mark": "bar", "data": {"values": []}},
        {"layer": [{"mark": "bar"}], "usermeta": {"factdesk": {}}},
        {"layer": [], "usermeta": {"factdesk": {}}},
        fd.charts.status_over_time(sample().where(claimant="nobody at all")).to_dict(),
    ):
        assert zoomable(spec) is spec


@timed
def test_a_notebook_and_a_page_have_the_strip_and_a_file_that_is_a_picture_does_not(draw, tmp_path):
    chart = draw(sample())
    bundle, _ = render(chart.to_dict())
    live = next(form for kind, form in bundle.items() if kind.startswith("application/"))
    assert STRIP in [layer.get("name") for layer in live["layer"]]
    assert f"{NAME}_marks" not in fd.save(chart, tmp_path / "chart.svg").read_text("utf-8")


def test_the_caption_is_still_found_by_a_page():
    spec = fd.charts.timeline(sample()).to_dict()
    assert figure(zoomable(spec), VOCABULARY).caption == figure(spec, VOCABULARY).caption != ""


@pytest.mark.parametrize(
    ("locale", "said"), [("en-GB", "15 Mar 2025"), ("de", "15. März 2025"), ("en-US", "Mar 15, 2025"),
                         ("ja", "2025年3月15日"), ("sv", "15 mars 2025")],
)  # fmt: skip
def test_days_seen_from_nearer_are_written_as_the_locale_writes_them(locale, said):
    with formats.spoken(locale):
        parts, months = formats.short_date()
    written = {"d": "15", "M": "3", "MMM": months[2], "y": "2025"}
    assert "".join(written.get(part, part) for part in parts) == said


def strip(page, what=NAME):
    """Give the place of the strip, or of what is spanned, without the unseen edge by which a finger finds it."""
    return page.locator(f"svg .{what}_marks").evaluate(
        """marks => {
            const box = marks.getBBox(), on = marks.getScreenCTM();
            return { x: box.x * on.a + on.e, y: box.y * on.d + on.f, width: box.width * on.a, height: box.height * on.d };
        }"""
    )


def drawn(page):
    """Wait until what was done is drawn."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")


def shot(page):
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def drag(page, start, end):
    """Drag from one share of the strip to another."""
    box = strip(page)
    page.mouse.move(box["x"] + start * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.3, 0.7, 1):
        page.mouse.move(
            box["x"] + (start + (end - start) * share) * box["width"], box["y"] + box["height"] / 2
        )
    page.mouse.up()
    drawn(page)


def days_named(page):
    words = page.locator("svg text").all_text_contents()
    return [word for word in words if re.fullmatch(r"\d{1,2} \w{3} \d{4}", word)]


@pytest.fixture
def page(chromium):
    viewport = {"width": 1000, "height": 1400}
    with watched(chromium, viewport=viewport, timezone_id="Pacific/Kiritimati") as page:
        yield page


@pytest.mark.browser
@timed
def test_what_is_dragged_over_fills_the_drawing_and_a_double_click_shows_all_again(draw, page, tmp_path):
    page.goto(fd.save(draw(sample()), tmp_path / "chart.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    page.mouse.move(5, 5)
    whole = shot(page)
    drag(page, 0.02, 0.3)
    near = days_named(page)
    assert near and all(day.endswith("Mar 2025") for day in near)
    assert max(Counter(near).values()) <= 2, "above, and in a tall chart below too"
    # What is spanned can be moved on, and stays as wide.
    spanned, whole_strip = strip(page, f"{NAME}_spanned"), strip(page)
    drag(page, 0.1, 0.2)
    moved, there = days_named(page), strip(page, f"{NAME}_spanned")
    assert moved and moved != near
    assert there["width"] == pytest.approx(spanned["width"], abs=0.1)
    assert there["x"] - spanned["x"] == pytest.approx(whole_strip["width"] * 0.1, abs=0.1)
    box = strip(page)
    page.mouse.dblclick(box["x"] + 300, box["y"] + box["height"] / 2)
    page.mouse.move(5, 5)
    drawn(page)
    assert not days_named(page)
    # Marks that were left out come back in another order, and are blended in another.
    changed = ImageChops.difference(shot(page), whole).convert("L").point(lambda value: 255 * (value > 32))
    assert changed.getbbox() is None
    assert page.said == []


@pytest.mark.browser
def test_a_day_seen_from_nearer_is_the_one_that_is_pointed_at(page, tmp_path):
    page.goto(fd.save(fd.charts.status_over_time(sample()), tmp_path / "chart.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    drag(page, 0.05, 0.25)
    label = page.locator("svg text", has_text="15 Mar 2025").bounding_box()
    middle = label["x"] + label["width"] / 2
    drawing = strip(page)
    page.mouse.move(middle, drawing["y"] - 100)
    assert page.locator(".tip").inner_text().startswith("When\n15")
    # No label leaves the drawing, and none touches the next.
    boxes = [
        box
        for text in page.locator("svg text").all()
        if re.fullmatch(r"\d+ Mar 2025", text.text_content()) and (box := text.bounding_box())
    ]
    boxes.sort(key=lambda box: box["x"])
    assert all(a["x"] + a["width"] + 4 < b["x"] for a, b in pairwise(boxes))
    assert boxes[0]["x"] >= drawing["x"] - 12
    assert boxes[-1]["x"] + boxes[-1]["width"] <= drawing["x"] + drawing["width"] + 12


@pytest.mark.browser
def test_a_drag_picks_no_status(page, tmp_path):
    page.goto(fd.save(fd.charts.timeline(sample()), tmp_path / "chart.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    opacities = (
        "[...document.querySelectorAll('svg .mark-rect path')].map(path => path.getAttribute('opacity'))"
    )
    before = set(page.evaluate(opacities))
    drag(page, 0.1, 0.3)
    assert set(page.evaluate(opacities)) == before
    words = page.locator("svg text", has_text="The article").first.bounding_box()
    page.mouse.click(words["x"] + 20, words["y"] + 6)
    assert set(page.evaluate(opacities)) == before


@pytest.mark.browser
def test_a_part_of_one_day_is_named_too(page, tmp_path):
    page.goto(fd.save(fd.charts.repeats(sample()), tmp_path / "chart.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    drag(page, 0.1, 0.12)
    assert days_named(page) == ["14 Mar 2025"]


@pytest.mark.browser
def test_twenty_years_can_be_seen_by_the_day(page, tmp_path):
    ledger = generated(tmp_path / "ledger", 60, days=20 * 365, as_of="2045-04-30")
    page.goto(fd.save(fd.charts.status_over_time(ledger), tmp_path / "chart.html").as_uri())
    page.wait_for_selector("html[data-drawn='1']")
    drag(page, 0.500, 0.506)
    near = days_named(page)
    assert near and len(near) == len(set(near))
    assert page.said == []


@pytest.mark.browser
def test_in_jupyterlab_the_strip_works_too(chromium, lab):
    """It draws with Vega-Lite 5 on a canvas, and compiles the expressions that a page interprets."""
    claims = Path(__file__).parents[2] / "claims.csv"
    lab.write("near.ipynb", f"import factdesk as fd\nfd.charts.status_over_time(fd.open({str(claims)!r}))")
    with window(chromium) as page:
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        lab.open(page, "near.ipynb")
        lab.run_all(page)
        chart = page.locator(".jp-OutputArea-output canvas")
        chart.wait_for()
        spec = zoomable(fd.charts.status_over_time(sample()).to_dict())
        padding, width = spec["padding"], spec["width"]
        strip = next(layer for layer in spec["layer"] if layer.get("name") == STRIP)
        y = strip["layer"][0]["encoding"]["y"]["value"] + padding["top"] + TALL / 2

        def drag(start, end):
            box = chart.bounding_box()
            left = box["x"] + padding["left"]
            page.mouse.move(left + start * width, box["y"] + y)
            page.mouse.down()
            for share in (0.3, 0.7, 1):
                page.mouse.move(left + (start + (end - start) * share) * width, box["y"] + y)
            page.mouse.up()
            page.mouse.move(left + width / 2, box["y"] + padding["top"] + 60)
            page.locator("#vg-tooltip-element.visible").wait_for()
            return page.locator("#vg-tooltip-element").inner_text()

        nowhere = drag(0.5, 0.5)
        near = drag(0.05, 0.25)
        moved = drag(0.1, 0.16)
        assert re.search(r"1[5-9].*March 2025", near), near
        assert len({nowhere, near, moved}) == 3
        assert said == []
