"""The desk, and a chart, in a real JupyterLab with no network: what a person does there, by mouse and by keys."""

import re
from pathlib import Path

import pandas as pd
import pytest
import samples
from lab import Lab, window
from playwright.sync_api import Locator, Page, expect

SHOWN = 15_000
HOSTILE = '<img src=x onerror="window.ran = 1"></script><script>window.ran = 1</script>'


class Desk:
    """A desk opened on a copy of the sample ledger."""

    def __init__(self, lab: Lab, page: Page, folder: Path) -> None:
        self.lab, self.page, self.folder = lab, page, folder
        self.box = page.locator(".jp-OutputArea-output .fd-desk.widget-vbox")
        self.first = page.locator(".jp-Cell").first.locator(
            ".jp-OutputArea-output .vega-embed :is(canvas, svg.marks)"
        )

    def run(self) -> "Desk":
        self.lab.run_all(self.page)
        self.chart("fd-over-time").wait_for(timeout=SHOWN)
        self.chart("fd-timeline").wait_for(timeout=SHOWN)
        return self

    def field(self, name: str) -> Locator:
        return self.box.get_by_label(name, exact=True)

    def button(self, name: str) -> Locator:
        return self.box.get_by_role("button", name=name, exact=True)

    def error(self, name: str) -> Locator:
        return (
            self.box.locator(".fd-field")
            .filter(has=self.page.get_by_label(name, exact=True))
            .get_by_role("alert")
        )

    @property
    def list(self) -> Locator:
        return self.box.get_by_role("listbox", name="Claims", exact=True)

    def choose_the_first(self) -> None:
        self.list.get_by_role("option").first.click()
        expect(self.box.locator(".fd-words")).to_contain_text("Russia has given positive", timeout=SHOWN)

    def chart(self, part: str) -> Locator:
        return self.box.locator(f".{part} svg.marks")

    def table(self, name: str) -> pd.DataFrame:
        """What plain pandas reads in the file, from outside."""
        path = self.folder / ("claims.csv" if name == "claims" else f"claims/{name}.csv")
        return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def opened(lab, chromium):
    """A notebook on a copy of the sample ledger, opened once: starting a kernel takes longer than any test."""
    folder = lab.folder / "sample"
    folder.mkdir()
    samples.sample(folder)
    opening = 'import factdesk as fd\nledger = fd.open("claims.csv", by="Ada Quist")'
    lab.write("sample/desk.ipynb", f"{opening}\nfd.charts.status_over_time(ledger)", "fd.workbench(ledger)")
    with window(chromium) as page:
        lab.open(page, "sample/desk.ipynb")
        yield Desk(lab, page, folder)


@pytest.fixture
def desk(opened):
    """A new desk that has drawn its charts."""
    return opened.run()


@pytest.fixture
def standing(opened):
    """The desk as the test before left it: it is run again only where it must be new, as that takes seconds."""
    return opened if opened.chart("fd-timeline").is_visible() else opened.run()


def test_jupyterlab_draws_a_chart_without_a_network(standing):
    page = standing.page
    standing.first.scroll_into_view_if_needed()
    box = standing.first.bounding_box()
    cell = page.locator(".vega-embed").first.bounding_box()
    assert 600 <= box["width"] <= cell["width"] < box["width"] + 60  # beside it stands its menu
    page.mouse.move(box["x"] + 100, box["y"] + 295)
    page.mouse.move(box["x"] + 104, box["y"] + 296)
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert re.search(r"from:\s+\d+ March 2025\s+unverified:\s+\d", tooltip.inner_text())
    assert page.asked == []


def test_a_claim_is_logged_sourced_and_judged_by_mouse_and_keys_and_all_of_it_stays_text(standing):
    desk, page = standing, standing.page
    claim = f"The river was higher than in 1998. {HOSTILE}"
    before = desk.chart("fd-over-time").inner_html()
    desk.button("Log a claim").click()
    desk.field("Claim").click()
    page.keyboard.type(claim)
    page.keyboard.press("Tab")
    page.keyboard.type("A. Mariner")
    desk.field("Made on").fill("2025-03-12")
    desk.field("Topics").fill("floods; rivers")
    desk.button("Log claim").click()

    saved = desk.box.locator(".fd-saved")
    expect(saved).to_contain_text("Saved to claims.csv", timeout=SHOWN)
    expect(saved).to_contain_text(f"ledger.log({claim!r}, claimant='A. Mariner'")
    expect(desk.box.locator(".fd-words")).to_have_text(claim)
    expect(desk.list.get_by_role("option", selected=True)).to_contain_text(claim)
    row = desk.table("claims").iloc[-1]
    assert (row.claimant, row.made_on, row.topics, row.logged_by) == (
        "A. Mariner", "2025-03-12", "floods;rivers", "Ada Quist")  # fmt: skip

    desk.button("Attach a source").click()
    desk.field("Source").fill("https://example.org/gauge")
    desk.field("Stance").select_option("supports")
    desk.field("Quote from the source").fill(f"the highest level {HOSTILE}")
    desk.field("Published on").fill("2025-03-13")
    desk.button("Attach source").focus()
    page.keyboard.press("Enter")
    expect(desk.box.locator(".fd-attach .fd-saved")).to_contain_text("ledger.attach(", timeout=SHOWN)
    expect(desk.box.locator(".fd-evidence")).to_contain_text(f"“the highest level {HOSTILE}”")
    attached = desk.table("evidence").iloc[-1]
    assert (attached.claim_id, attached.stance) == (row.claim_id, "supports")
    assert desk.table("sources").iloc[-1].url == "https://example.org/gauge"
    link = desk.box.locator(".fd-evidence a")
    assert link.get_attribute("href").startswith("https://example.org/gauge#:~:text=")
    assert "noopener" in link.get_attribute("rel")

    desk.field("New status").focus()
    page.keyboard.type("supp")
    desk.field("Holds from").fill("2025-03-14")
    desk.field("Rationale").fill("The gauge says so.")
    desk.field("Gaps").fill("No reading of 1998 was found.")
    desk.box.get_by_role("checkbox").check()
    desk.button("Set status").click()
    expect(desk.box.locator(".fd-status .fd-saved")).to_contain_text("ledger.set_status(", timeout=SHOWN)
    given = desk.table("statuses").iloc[-1]
    assert (given.status, given.holds_from, given.evidence) == (
        "supported",
        "2025-03-14",
        attached.evidence_id,
    )
    assert given.gaps == "No reading of 1998 was found."
    expect(desk.box.locator(".fd-held li")).to_have_count(2)
    expect(desk.box.locator(".fd-held")).to_contain_text("No reading of 1998 was found.")

    expect(desk.chart("fd-over-time")).to_contain_text(f"{len(desk.table('claims'))} claims", timeout=SHOWN)
    expect(desk.chart("fd-timeline")).to_contain_text("supported", timeout=SHOWN)
    assert desk.chart("fd-over-time").inner_html() != before
    assert page.asked == []
    assert page.evaluate("window.ran") is None
    assert desk.box.locator("img").count() == 0


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(desk):
    rows = len(desk.table("claims"))
    desk.button("Log a claim").click()
    desk.field("Claimant").fill("The Daily")
    desk.field("Made on").fill("14/03/2025")
    desk.button("Log claim").click()
    expect(desk.error("Made on")).to_contain_text("YYYY-MM-DD", timeout=SHOWN)
    expect(desk.field("Made on")).to_be_focused()
    typed = {name: desk.field(name).input_value() for name in ("Claimant", "Made on")}
    assert typed == {"Claimant": "The Daily", "Made on": "14/03/2025"}

    desk.field("Made on").fill("2025-03-14")
    desk.button("Log claim").click()
    expect(desk.error("Claim")).to_contain_text("Needed: the proposition", timeout=SHOWN)
    expect(desk.error("Made on")).to_have_count(0)
    expect(desk.field("Claim")).to_be_focused()
    assert desk.field("Claimant").input_value() == "The Daily"
    assert len(desk.table("claims")) == rows

    desk.field("Claim").fill("It rained.")
    desk.button("Log claim").click()
    expect(desk.box.locator(".fd-saved")).to_contain_text("Saved to claims.csv", timeout=SHOWN)
    assert len(desk.table("claims")) == rows + 1


def test_keys_typed_at_the_desk_are_no_commands_of_the_notebook(standing):
    desk = standing
    desk.choose_the_first()
    cells = desk.page.locator(".jp-Notebook .jp-Cell")
    places = {
        "button": desk.button("Set status"),
        "toggle": desk.button("Attach a source"),
        "dropdown": desk.field("New status"),
        "checkbox": desk.box.get_by_role("checkbox").first,
        "list": desk.list,
        "link": desk.box.locator(".fd-evidence a").first,
    }
    for place, control in places.items():
        control.focus()
        for keys in ("dd", "x", "a", "b", "m", "y", "00"):
            desk.page.keyboard.type(keys)
        expect(control, place).to_be_focused()
        assert cells.count() == 2, place
        assert desk.page.locator(".jp-Dialog").count() == 0, place
    ran = desk.page.locator(".jp-InputPrompt").all_inner_texts()
    desk.list.press("Control+Enter")
    desk.list.press("Shift+Enter")
    desk.page.wait_for_timeout(500)
    assert desk.page.locator(".jp-InputPrompt").all_inner_texts() == ran
    assert cells.count() == 2
    assert desk.box.is_visible()


def test_the_notebook_is_still_saved_from_within_the_desk(standing):
    desk = standing
    desk.choose_the_first()
    changed = desk.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")
    for control in (desk.button("Set status"), desk.field("Rationale")):
        words = desk.box.locator(".fd-words")
        before = words.inner_text()
        desk.list.press("ArrowDown")
        expect(words).not_to_have_text(before, timeout=SHOWN)
        expect(desk.page.locator(".fd-saved-desk .fd-words")).to_have_text(words.inner_text(), timeout=SHOWN)
        expect(changed).to_have_count(1, timeout=SHOWN)
        control.focus()
        desk.page.keyboard.press("Control+s")
        expect(changed).to_have_count(0, timeout=SHOWN)


def test_claims_are_found_while_typing_and_chosen_by_arrow_keys(standing):
    desk = standing
    desk.choose_the_first()
    desk.field("Search claims").press_sequentially("putin nato")
    options = desk.list.get_by_role("option")
    expect(options).to_have_count(1, timeout=SHOWN)
    expect(options).to_contain_text("dropping NATO membership")
    expect(options).to_contain_text("mixed")
    expect(options).to_contain_text("Vladimir Putin")
    desk.field("Search claims").fill("")
    expect(options.nth(20)).to_be_visible(timeout=SHOWN)
    desk.list.focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    expect(desk.box.locator(".fd-words")).to_contain_text("former president", timeout=SHOWN)
    expect(desk.list.get_by_role("option", selected=True)).to_contain_text("former president")
    desk.field("Search claims").fill("no such words at all")
    expect(desk.box.locator(".fd-claims [role=status]")).to_have_text(
        "No claim has these words.", timeout=SHOWN
    )


def test_a_double_click_saves_once_and_complains_of_nothing(desk):
    rows = len(desk.table("statuses"))
    desk.field("New status").select_option("mixed ◐")
    desk.field("Rationale").fill("Both are said.")
    desk.button("Set status").dblclick()
    expect(desk.box.locator(".fd-form .fd-saved")).to_contain_text("Saved to claims.csv", timeout=SHOWN)
    desk.page.wait_for_timeout(1000)
    assert len(desk.table("statuses")) == rows + 1
    assert desk.box.get_by_role("alert").count() == 0


def test_every_control_has_a_name(standing):
    standing.button("Attach a source").click()
    bare = standing.box.locator(":is(input, select, textarea, button, [role=listbox], a)").evaluate_all(
        """controls => controls.filter(one => !(one.labels?.[0]?.textContent || one.getAttribute("aria-label")
             || one.textContent).trim()).map(one => one.outerHTML)"""
    )
    assert bare == []


def test_charts_and_signs_follow_the_notebook_into_the_dark(standing):
    def colours():
        sign = standing.box.locator(".fd-counts .fd-chip", has_text="supported").locator(".fd-sign")
        area = standing.chart("fd-over-time").locator(".mark-area path").first
        return sign.evaluate("it => getComputedStyle(it).color"), area.evaluate(
            "it => getComputedStyle(it).fill"
        )

    light = colours()
    standing.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    dark = colours()
    standing.page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert (light[0], dark[0]) == ("rgb(43, 130, 90)", "rgb(5, 151, 99)")
    assert light[1] != dark[1]


def test_a_notebook_opened_again_shows_what_stood_there_and_no_dead_desk(standing):
    desk, page = standing, standing.page
    static = page.locator(".fd-saved-desk")
    expect(static).to_be_hidden()
    desk.list.get_by_role("option").nth(1).click()
    expect(static.locator(".fd-words")).to_contain_text("very good and productive", timeout=SHOWN)
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0, timeout=SHOWN)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-item[data-command='kernelmenu:shutdown']").click()
    page.wait_for_timeout(500)
    desk.lab.open(page, "sample/desk.ipynb", kernel=False)
    expect(static).to_be_visible(timeout=SHOWN)
    expect(static.locator("td").nth(1)).to_contain_text("Russia has given positive signals")
    expect(static.locator(".fd-words")).to_contain_text("very good and productive")
    expect(page.get_by_text("Error displaying widget")).to_be_hidden()
