"""The desk, and a chart, in a real JupyterLab with no network: what a person does there, by mouse and by keys."""

import re
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
import samples
from axe_playwright_python.sync_playwright import Axe
from lab import Lab, window
from playwright.sync_api import Locator, Page, TimeoutError, expect

import factdesk as fd

SHOWN = 30_000
HOSTILE = '<img src=x onerror="window.ran = 1"></script><script>window.ran = 1</script>'


class Desk:
    """A desk opened on a copy of the sample ledger."""

    def __init__(self, lab: Lab, page: Page, folder: Path) -> None:
        self.lab, self.page, self.folder = lab, page, folder
        self.box = page.locator(".jp-OutputArea-output .fd-live")
        self.words = self.box.locator(".fd-words")
        self.said = self.box.locator(".fd-said")
        self.first = page.locator(".jp-Cell").first.locator(
            ".jp-OutputArea-output .vega-embed :is(canvas, svg.marks)"
        )

    def run(self) -> "Desk":
        self.lab.run_all(self.page)
        expect(self.list.get_by_role("option").first).to_be_visible(timeout=SHOWN)
        return self

    def field(self, name: str) -> Locator:
        return self.box.get_by_label(name, exact=True)

    def button(self, name: str) -> Locator:
        return self.box.get_by_role("button", name=name, exact=True)

    def error(self, name: str) -> Locator:
        return (
            self.box.locator(".fd-field")
            .filter(has=self.page.get_by_label(name, exact=True))
            .locator(".fd-error")
        )

    @property
    def list(self) -> Locator:
        return self.box.get_by_role("listbox", name="Claims", exact=True)

    def tab(self, name: str) -> None:
        """Turn to a part for which there is no room beside the others."""
        if (found := self.button(name)).is_visible():
            found.click()

    def choose_the_first(self) -> None:
        self.tab("Claims")
        self.field("Search claims").fill("")
        self.list.press("Home")
        expect(self.words).to_contain_text("Russia has given positive", timeout=SHOWN)

    def table(self, name: str) -> pd.DataFrame:
        """What plain pandas reads in the file, from outside."""
        path = self.folder / ("claims.csv" if name == "claims" else f"claims/{name}.csv")
        return pd.read_csv(path, dtype=str, keep_default_na=False)

    def kernel(self, command: str) -> None:
        self.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        self.page.locator(f".lm-Menu-item[data-command='{command}']").click()


@pytest.fixture(scope="module")
def opened(lab, chromium):
    """A notebook on a copy of the sample ledger, opened once: starting a kernel takes longer than any test."""
    folder = lab.folder / "sample"
    folder.mkdir()
    samples.sample(folder)
    opening = 'import factdesk as fd\nledger = fd.open("claims.csv", by="Ada Quist")'
    lab.write("sample/desk.ipynb", f"{opening}\nfd.charts.status_over_time(ledger)", "fd.workbench(ledger)")
    with window(chromium) as page:
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        lab.open(page, "sample/desk.ipynb")
        yield Desk(lab, page, folder).run()
        assert [fault for fault in page.faults if "disposed" not in fault] == []


@pytest.fixture
def desk(opened):
    """The desk as the test before left it."""
    opened.page.keyboard.press("Escape")
    close = opened.button("Close the form").first
    if close.is_visible():
        with suppress(TimeoutError):  # Escape closed it meanwhile
            close.click(timeout=3_000)
    return opened


def test_jupyterlab_draws_a_chart_without_a_network(desk):
    page = desk.page
    desk.first.wait_for(timeout=SHOWN)
    desk.first.scroll_into_view_if_needed()
    box = desk.first.bounding_box()
    cell = page.locator(".vega-embed").first.bounding_box()
    assert 600 <= box["width"] <= cell["width"] < box["width"] + 60  # beside it stands its menu
    page.mouse.move(box["x"] + 100, box["y"] + 295)
    page.mouse.move(box["x"] + 104, box["y"] + 296)
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert re.search(r"from:\s+\d+ March 2025\s+unverified:\s+\d", tooltip.inner_text())
    assert page.asked == []


def test_a_claim_is_logged_sourced_and_judged_by_mouse_and_keys_and_all_of_it_stays_text(desk):
    page = desk.page
    claim = f"The river was higher than in 1998. {HOSTILE}"
    desk.button("Log a claim").click()
    expect(desk.field("Claim")).to_be_focused()
    page.keyboard.type(claim)
    page.keyboard.press("Tab")
    page.keyboard.type("A. Mariner")
    desk.field("Made on").fill("2025-03-12")
    desk.field("Made on").press("Control+Enter")
    expect(desk.said).to_contain_text("saved to claims.csv", timeout=SHOWN)
    expect(desk.box.locator(".fd-call")).to_contain_text(f"ledger.log({claim!r}, claimant='A. Mariner'")
    expect(desk.words).to_have_text(claim)
    expect(desk.list.get_by_role("option", selected=True)).to_contain_text(
        "The river was higher", timeout=SHOWN
    )
    expect(desk.box.locator(":focus")).to_have_count(1)  # else the notebook hears the next key
    row = desk.table("claims").iloc[-1]
    assert (row.claimant, row.made_on, row.logged_by) == ("A. Mariner", "2025-03-12", "Ada Quist")

    desk.button("Attach a source").click()
    desk.field("Source").fill("example.org/gauge")
    desk.field("Stance").select_option("supports")
    desk.field("Quote from the source").fill(f"the highest level {HOSTILE}")
    desk.field("Published on").fill("2025-03-13")
    desk.button("Attach source").click()
    desk.button("Use https://example.org/gauge").click(timeout=SHOWN)
    desk.button("Attach source").focus()
    page.keyboard.press("Enter")
    expect(desk.box.locator(".fd-evidence")).to_contain_text(f"“the highest level {HOSTILE}”", timeout=SHOWN)
    attached = desk.table("evidence").iloc[-1]
    assert (attached.claim_id, attached.stance) == (row.claim_id, "supports")
    link = desk.box.locator(".fd-evidence a")
    assert link.get_attribute("href").startswith("https://example.org/gauge#:~:text=")
    assert "noopener" in link.get_attribute("rel")

    desk.box.get_by_role("checkbox", name="The new status rests on").check()
    desk.field("New status").select_option("supported")
    desk.field("Holds from").fill("2025-03-14")
    desk.field("Rationale").fill("The gauge says so.")
    desk.button("Set status").click()
    expect(desk.box.locator(".fd-held li")).to_have_count(2, timeout=SHOWN)
    given = desk.table("statuses").iloc[-1]
    assert (given.status, given.holds_from, given.evidence) == (
        "supported",
        "2025-03-14",
        attached.evidence_id,
    )
    assert page.asked == []
    assert page.evaluate("window.ran") is None
    assert desk.box.locator("img").count() == 0


def test_the_last_write_is_undone_and_the_one_before(desk):
    rows = len(desk.table("changes"))
    desk.button("Undo: Set “The river was higher than in 1998. <img src=x…” to supported").click()
    expect(desk.said).to_contain_text("Undone", timeout=SHOWN)
    expect(desk.box.locator(".fd-held li")).to_have_count(1, timeout=SHOWN)
    desk.box.get_by_role("button", name="Undo: Attached").click()
    expect(desk.box.locator(".fd-claim")).to_contain_text("No source is attached yet", timeout=SHOWN)
    assert len(desk.table("changes")) == rows + 2


def test_a_wrong_claimant_is_put_right_with_a_reason(desk):
    desk.button("Correct the claim").click()
    desk.field("Claimant").fill("Alan Mariner")
    desk.button("Save the correction").click()
    expect(desk.error("Why")).to_contain_text("Needed: the reason", timeout=SHOWN)
    desk.field("Why").fill("his whole name")
    desk.button("Save the correction").click()
    expect(desk.box.locator(".fd-claim .fd-soft").first).to_contain_text("Alan Mariner", timeout=SHOWN)
    assert desk.table("claims").iloc[-1].claimant == "Alan Mariner"
    assert desk.table("changes").iloc[-1].why == "his whole name"


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(desk):
    rows = len(desk.table("claims"))
    desk.button("Log a claim").click()
    desk.field("Claim").fill("")
    desk.field("Claimant").fill("The Daily")
    desk.field("Made on").fill("14/03/2025")
    desk.button("Log claim").click()
    expect(desk.error("Made on")).to_contain_text("2025-03-14", timeout=SHOWN)
    expect(desk.field("Made on")).to_be_focused()
    assert desk.field("Made on").get_attribute("aria-invalid") == "true"
    assert desk.field("Claimant").input_value() == "The Daily"
    desk.field("Made on").fill("2025-03-14")
    desk.button("Log claim").click()
    expect(desk.error("Claim")).to_contain_text("Needed: the proposition", timeout=SHOWN)
    expect(desk.error("Made on")).to_be_empty()
    assert len(desk.table("claims")) == rows
    desk.field("Claim").fill("It rained.")
    desk.button("Log claim").dblclick()
    expect(desk.said).to_contain_text("Logged “It rained.”", timeout=SHOWN)
    assert len(desk.table("claims")) == rows + 1
    expect(desk.field("Made on")).to_have_count(0, timeout=SHOWN)  # the form has gone with its save
    desk.button("Log a claim").click()
    typed = {name: desk.field(name).input_value() for name in ("Claim", "Claimant", "Made on")}
    assert typed == {"Claim": "", "Claimant": "The Daily", "Made on": "2025-03-14"}, (
        "the next of a series stands ready"
    )


def test_what_is_typed_while_a_save_runs_stays(desk):
    desk.choose_the_first()
    desk.field("New status").select_option("mixed")
    desk.field("Rationale").fill("Both are said.")
    # Both in one turn of the page: no answer can come between.
    desk.field("Rationale").evaluate(
        """field => { field.form.requestSubmit(); field.value = 'The next thought';
            field.dispatchEvent(new Event('input', {bubbles: true})); }"""
    )
    expect(desk.said).to_contain_text("to mixed", timeout=SHOWN)
    assert desk.field("Rationale").input_value() == "The next thought"
    assert desk.table("statuses").iloc[-1].rationale == "Both are said."


def test_a_colleague_s_status_appears_and_is_named(desk):
    desk.choose_the_first()
    fd.open(desk.folder / "claims.csv", by="Ben Roe").set_status(
        "trump-positive-signals", "refuted", rationale="Seen by Ben."
    )
    expect(desk.said).to_contain_text("Ben Roe gave a status here", timeout=SHOWN)
    expect(desk.box.locator(".fd-held")).to_contain_text("Seen by Ben.")
    assert desk.field("Rationale").input_value() == "The next thought"


def test_keys_typed_at_the_desk_are_no_commands_of_the_notebook(desk):
    desk.choose_the_first()
    cells = desk.page.locator(".jp-Notebook .jp-Cell")
    places = {
        "button": desk.button("Set status"),
        "dropdown": desk.field("New status"),
        "checkbox": desk.box.get_by_role("checkbox", name="The new status rests on").first,
        "list": desk.list,
        "link": desk.box.locator(".fd-evidence a").first,
    }
    for place, control in places.items():
        control.focus()
        for keys in ("dd", "x", "b", "m", "y", "00"):
            desk.page.keyboard.type(keys)
        assert cells.count() == 2, place
        assert desk.page.locator(".jp-Dialog").count() == 0, place
    ran = desk.page.locator(".jp-InputPrompt").all_inner_texts()
    desk.list.press("Control+Enter")
    desk.list.press("Shift+Enter")
    desk.page.wait_for_timeout(500)
    assert desk.page.locator(".jp-InputPrompt").all_inner_texts() == ran
    assert cells.count() == 2


def test_its_own_keys_lead_through_a_day_s_work(desk):
    desk.choose_the_first()
    page = desk.page
    desk.list.focus()
    page.keyboard.press("n")
    expect(desk.words).to_contain_text("very good and productive", timeout=SHOWN)
    page.keyboard.press("s")
    expect(desk.field("New status")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    desk.list.focus()
    page.keyboard.press("a")
    expect(desk.field("Source")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(desk.field("Search claims")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(desk.box.get_by_text("next claim", exact=True)).to_be_visible()
    desk.button("Close").click()


def test_the_notebook_is_still_saved_from_within_the_desk(desk):
    desk.choose_the_first()
    changed = desk.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")
    before = desk.words.inner_text()
    desk.list.press("ArrowDown")
    expect(desk.words).not_to_have_text(before, timeout=SHOWN)
    expect(desk.page.locator(".fd-saved-desk .fd-words")).to_have_text(desk.words.inner_text(), timeout=SHOWN)
    expect(changed).to_have_count(1, timeout=SHOWN)
    desk.field("Rationale").focus()
    desk.page.keyboard.press("Control+s")
    expect(changed).to_have_count(0, timeout=SHOWN)


def test_claims_are_found_while_typing_by_chips_and_by_arrow_keys(desk):
    desk.choose_the_first()
    desk.field("Search claims").press_sequentially("putin nato")
    options = desk.list.get_by_role("option")
    expect(options).to_have_count(1, timeout=SHOWN)
    expect(options).to_contain_text("dropping NATO membership")
    expect(options).to_contain_text("Vladimir Putin")
    desk.field("Search claims").fill("no such words at all")
    expect(desk.box.locator(".fd-note")).to_have_text("No claim has these words.", timeout=SHOWN)
    desk.field("Search claims").fill("")
    chips = desk.box.get_by_role("group", name="Filter by status")
    chips.get_by_role("button", name="unverifiable").click()
    expect(options).to_have_count(2, timeout=SHOWN)
    chips.get_by_role("button", name="unverifiable").click()
    expect(options.nth(5)).to_be_visible(timeout=SHOWN)
    desk.choose_the_first()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    expect(desk.words).to_contain_text("former president", timeout=SHOWN)
    expect(desk.list.get_by_role("option", selected=True)).to_contain_text("former president")


def test_words_selected_in_an_article_are_logged_with_what_is_near_named(desk):
    desk.choose_the_first()
    said = "😀 Trump received positive signals from Moscow. Moscow, he said, gave a very clear answer."
    desk.tab("Article")
    desk.field("Address, or the text").fill(said)
    desk.button("Read it").click()
    text = desk.box.get_by_role("textbox", name="Article", exact=True)
    expect(text.locator("mark.fd-mark-logged")).to_have_text("positive signals", timeout=SHOWN)
    desk.page.evaluate(
        """() => { const box = document.querySelector('.fd-reader'), walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
            let node; while ((node = walker.nextNode())) { const at = node.data.indexOf('gave a very clear answer');
                if (at >= 0) { box.focus(); getSelection().setBaseAndExtent(node, at, node, at + 24); } } }"""
    )
    expect(desk.box.locator(".fd-picked")).to_contain_text("gave a very clear answer", timeout=SHOWN)
    desk.button("Log as claim").click()
    expect(desk.field("Exact words")).to_have_value("gave a very clear answer")
    desk.field("Claim").fill("Russia has refused positive signals about agreeing to a ceasefire.")
    expect(desk.box.locator(".fd-near")).to_contain_text("denies or refuses", timeout=SHOWN)
    desk.field("Claimant").fill("Donald Trumpp")
    desk.button("Use Donald Trump").click(timeout=SHOWN)
    rows = len(desk.table("claims"))
    desk.field("Claim").press("Control+Enter")
    expect(desk.said).to_contain_text("Logged “Russia has refused", timeout=SHOWN)
    row = desk.table("claims").iloc[-1]
    assert (len(desk.table("claims")), row.quote, row.claimant) == (
        rows + 1,
        "gave a very clear answer",
        "Donald Trump",
    )
    desk.box.get_by_role("button", name="Undo: Logged").click()
    expect(desk.said).to_contain_text("Undone", timeout=SHOWN)


def test_an_earlier_day_can_be_looked_at_and_nothing_written_there(desk):
    desk.choose_the_first()
    slider = desk.field("Day looked at")
    slider.focus()
    slider.press("Home")
    expect(desk.box.locator(".fd-only")).to_contain_text("Read only", timeout=SHOWN)
    expect(desk.button("Set status")).to_have_count(0)
    desk.button("Back to now").click()
    expect(desk.box.locator(".fd-only")).to_be_hidden(timeout=SHOWN)
    desk.choose_the_first()
    expect(desk.button("Set status")).to_be_visible(timeout=SHOWN)


@pytest.mark.parametrize("width", [1400, 700])
def test_whoever_cannot_see_it_finds_everything_by_name(desk, width):
    desk.page.set_viewport_size({"width": width, "height": 1000})
    desk.choose_the_first()
    desk.list.press("a")
    for part in ("Claims", "Claim", "Article"):
        desk.tab(part)
        found = Axe().run(desk.page, context=".fd-live").response["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], part
        assert desk.box.evaluate("it => it.scrollWidth <= it.clientWidth"), part
    desk.tab("Claim")
    desk.page.set_viewport_size({"width": 1400, "height": 1000})


def test_bands_and_signs_follow_the_notebook_into_the_dark(desk):
    def colours():
        sign = desk.box.locator(".fd-chip-button", has_text="supported").locator(".fd-sign")
        area = desk.box.locator(".fd-band span").first
        return sign.evaluate("it => getComputedStyle(it).color"), area.evaluate(
            "it => getComputedStyle(it).backgroundColor"
        )

    light = colours()
    desk.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    dark = colours()
    desk.page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert (light[0], dark[0]) == ("rgb(43, 130, 90)", "rgb(5, 151, 99)")
    assert light[1] != dark[1]


def test_a_kernel_restart_in_mid_sentence_loses_no_word(desk):
    desk.choose_the_first()
    desk.field("Rationale").fill("Half a sentence, and then the ker")
    desk.page.wait_for_timeout(1_500)
    desk.kernel("kernelmenu:restart")
    accept = desk.page.locator(".jp-Dialog .jp-mod-accept")
    accept.click()
    expect(desk.box.locator(".fd-gone")).to_contain_text("The kernel is gone", timeout=SHOWN)
    desk.field("Rationale").fill("Half a sentence, and then the kernel went")
    desk.page.wait_for_timeout(800)
    desk.run()
    expect(desk.box.locator(".fd-gone")).to_be_hidden(timeout=SHOWN)
    desk.choose_the_first()
    expect(desk.field("Rationale")).to_have_value("Half a sentence, and then the kernel went", timeout=SHOWN)
    desk.button("Throw it away").click()
    expect(desk.field("Rationale")).to_have_value("")


def test_a_notebook_opened_again_shows_what_stood_there_and_no_dead_desk(desk):
    page = desk.page
    static = page.locator(".fd-saved-desk")
    expect(static).to_be_hidden()
    desk.choose_the_first()
    desk.list.press("n")
    expect(static.locator(".fd-words")).to_contain_text("very good and productive", timeout=SHOWN)
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0, timeout=SHOWN)
    desk.kernel("kernelmenu:shutdown")
    page.wait_for_timeout(500)
    desk.lab.open(page, "sample/desk.ipynb", kernel=False)
    expect(static).to_be_visible(timeout=SHOWN)
    expect(static.locator("td").nth(1)).to_contain_text("Russia has given positive signals")
    expect(static.locator(".fd-words")).to_contain_text("very good and productive")
    expect(page.get_by_text("Error displaying widget")).to_be_hidden()
