"""The explorer: it says what the ledger says of every day, follows the slider and the address, and runs nothing else."""

import json
import random
import re
from functools import cache

import nbformat
import nbformat.v4 as v4
import numpy as np
import pandas as pd
import pytest
import samples
from axe_playwright_python.sync_playwright import Axe

import factdesk as fd
from factdesk.pages.claim import Claims, words_at
from factdesk.pages.explorer import explorer
from factdesk.pages.html import document
from factdesk.pages.share import share

HOSTILE = '</script><script>document.title="ran"</script><img src=x onerror="document.title=1">'


def written(folder, ledger, name="explorer.html"):
    """A page with the explorer of a ledger and nothing else."""
    html, part = explorer(ledger)
    page = folder / name
    page.write_text(document("Explorer", f"<main><h1>Explorer</h1>{html}</main>", parts=[part]))
    return page


@pytest.fixture
def explored(opened):
    """Open a page, wait until its explorer can be used, and see that its console said nothing."""
    pages = []

    def open_page(*where, **options):
        pages.append(opened(*where, until="html[data-explored]", **options))
        return pages[-1]

    yield open_page
    assert [page.said for page in pages] == [[]] * len(pages)


@pytest.fixture(scope="module")
def sample_page(tmp_path_factory):
    return written(tmp_path_factory.mktemp("sample"), samples.sample_ledger())


@pytest.fixture(scope="module")
def eventful(tmp_path_factory):
    """Give a ledger to which much was done, with its days and its page, made once."""

    @cache
    def made(n=0):
        ledger, days = samples.eventful_once(*samples.EVENTFUL[n])
        return ledger, days, written(tmp_path_factory.mktemp("eventful"), ledger)

    return made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    ledger = fd.create(tmp_path_factory.mktemp("hostile") / "hostile.csv", title=HOSTILE, publisher=HOSTILE)
    words = dict.fromkeys(("claimant", "quote", "note", "topics"), HOSTILE)
    ledger.log(HOSTILE, made_on="2025-03-01", claim_id="hostile", **words)
    ledger.log("Calm.", claimant="B", made_on="2025-03-01", claim_id="calm", topics="a")
    words = dict.fromkeys(("quote", "title", "publisher"), HOSTILE)
    ledger.attach("hostile", "https://example.org/?a=%22%3E", stance="supports", **words)
    ledger.set_status("hostile", "mixed", holds_from="2025-03-02", rationale=HOSTILE, gaps=HOSTILE)
    return ledger


def shared(folder, ledger, *cells):
    """The page of a notebook of these cells."""
    nbformat.write(v4.new_notebook(cells=list(cells)), folder / "a.ipynb")
    return share(folder / "a.ipynb", folder, execute=False, ledger=ledger)[0]


def desk(markup='<div class="fd-saved-desk">The desk</div>'):
    return v4.new_code_cell("desk", outputs=[v4.new_output("display_data", {"text/html": markup})])


def status_on(ledger, day):
    held = ledger.status_on(day)
    return {
        row["claim_id"]: {
            **{name: row[name] for name in ("claim", "status", "rationale", "gaps")},
            "holds_from": f"{row['holds_from']:%Y-%m-%d}",
        }
        for _, row in held.iterrows()
    }


# ---- on its own ----


def test_a_link_to_words_leads_to_a_web_address_alone():
    assert words_at("https://example.org/a", "") == "https://example.org/a"
    assert words_at("HTTP://example.org/#b", "a-b") == "HTTP://example.org/#b:~:text=a%2Db"
    assert words_at("javascript:alert(1)", "x") == words_at("file:///etc/passwd", "x") == ""
    assert words_at("https://e.org", "he said … that") == "https://e.org#:~:text=he%20said"
    assert words_at("https://e.org", " ".join("abcdefghijklmn")).endswith(
        "text=a%20b%20c%20d%20e,j%20k%20l%20m%20n"
    )


def test_a_desk_in_a_notebook_becomes_the_one_explorer_of_its_page(tmp_path, sample_ledger):
    cells = [desk('<div class="fd-saved-desk fd-desk">The desk</div>') for _ in range(2)]
    page = shared(tmp_path, sample_ledger, *cells).read_text()
    assert page.count('<section class="explorer"') == 1
    assert page.count('<a href="#explorer">') == 1
    assert "The desk" not in page
    alone = shared(tmp_path, None, *cells).read_text()
    assert "The desk" in alone
    assert "explorer" not in alone


def test_the_explorer_stands_in_the_list_of_contents_in_its_place(tmp_path, sample_ledger):
    one, two, three = (v4.new_markdown_cell(f"## {name}") for name in ("One", "Two", "Three"))
    page = shared(tmp_path, sample_ledger, v4.new_markdown_cell("# All"), one, desk(), two, three).read_text()
    listed = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page.partition("</nav>")[0])
    explorer = ("explorer", "The claims, day by day")
    assert listed == [("One", "One"), explorer, ("Two", "Two"), ("Three", "Three")]


def test_without_a_script_the_latest_day_stands_there_whole(sample_ledger):
    html, _ = explorer(sample_ledger)
    assert html.count("<tr>") == 23
    assert html.count('<article class="fx-card" id="claim-') == 22
    assert "left out" not in html
    assert "#:~:text=good%20signals" in html


def test_of_many_claims_the_static_form_says_what_it_leaves_out(tmp_path):
    html, _ = explorer(samples.generated(tmp_path, 210))
    assert html.count("<article") == 40
    assert "the first 200 of 210 claims stand in this table" in html


def test_hostile_text_stays_text_in_the_markup(hostile):
    html, _ = explorer(hostile)
    assert not re.search(r"<(script|img)", html)


def test_settled_claims_are_told_to_search_engines_as_data_that_stays_data(tmp_path, hostile):
    head = shared(tmp_path, hostile, desk()).read_text().partition("</head>")[0]
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', head)
    (review,) = json.loads(found[1])
    assert review["author"]["name"] == hostile.settings.publisher
    assert review["claimReviewed"] == HOSTILE
    assert review["url"].startswith("a.html#claim-")


# ---- in a browser without a network ----


@pytest.mark.parametrize("n", [0, 1])
def test_it_says_of_every_day_what_the_ledger_says(explored, eventful, n):
    ledger, days, file = eventful(n)
    page = explored(file)
    chance = random.Random(n)
    for day in days:
        assert page.evaluate("day => factdesk.statusOn(day)", day) == status_on(ledger, day), day
    as_known = cache(lambda known: ledger.as_known(known) if known else ledger)
    for known in chance.sample(days, 8):
        for day in [known, *chance.sample(days, 3)]:
            answer = page.evaluate("([day, known]) => factdesk.statusOn(day, known)", [day, known])
            assert answer == status_on(as_known(known), day), (day, known)
    for known, then in [(None, False), (days[len(days) // 2], False), (None, True)]:
        counted = page.evaluate("([known, then]) => factdesk.counts(known, then)", [known, then])
        for day, counts in counted[:: 5 if then else 2]:
            held = as_known(day if then else known).status_on(day)["status"]
            assert counts == {name: int((held == name).sum()) for name in counts}, (day, known, then)


def test_a_view_is_explored_like_a_ledger(explored, eventful, tmp_path):
    ledger, days, _ = eventful()
    past = ledger.as_known(days[-6])
    for view in [
        ledger.where(claimant=["A", "B"]),
        past,
        past.where(claimant=past.claims["claimant"].iloc[0]),
    ]:
        page = explored(written(tmp_path, view))
        for day in days[::6]:
            assert page.evaluate("day => factdesk.statusOn(day)", day) == status_on(view, day)
            answer = page.evaluate("day => factdesk.statusOn(day, day)", day)
            assert answer == status_on(view.as_known(day), day)


def test_the_sample_says_of_many_days_what_the_ledger_says(explored, sample_page, sample_ledger):
    page = explored(sample_page)
    for day in [
        "2025-03-01",
        "2025-03-10",
        "2025-03-14",
        "2025-03-18",
        "2025-08-15",
        "2025-08-16",
        "2026-11-24",
    ]:
        assert page.evaluate("day => factdesk.statusOn(day)", day) == status_on(sample_ledger, day)
    assert page.evaluate("factdesk.statusOn('2025-03-15', '2025-03-15')") == {}
    assert page.asked == [sample_page.as_uri()]


def test_hostile_text_runs_nothing(explored, tmp_path, hostile):
    page = explored(written(tmp_path, hostile), "#claim-hostile")
    assert page.title() == "Explorer"
    assert page.locator(".fx-card h3").first.inner_text() == HOSTILE
    assert page.locator(".explorer img, .explorer script").count() == 0


def day_of(page):
    """The day that is shown, once what was just done has been drawn."""
    page.evaluate(
        "new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done))))"
    )
    return page.locator(".fx-on .fx-shown").inner_text()


def ask(page, fragment):
    page.evaluate("fragment => { location.hash = fragment }", fragment)
    return day_of(page)


def settled(page, fragment):
    """Wait until the address says it, as it does shortly after the last move."""
    page.wait_for_url(lambda address: address.partition("#")[2] == fragment, timeout=5_000)


def test_the_slider_is_driven_by_keys_and_says_the_day_and_no_key_is_lost(explored, sample_page):
    page = explored(sample_page, "#on=2025-03-14")
    slider = page.get_by_role("slider", name="Day")
    slider.focus()
    for key, day in [
        ("ArrowRight", "15 March 2025"), ("ArrowUp", "16 March 2025"), ("ArrowLeft", "15 March 2025"),
        ("ArrowDown", "14 March 2025"), ("PageUp", "15 March 2025"), ("PageDown", "14 March 2025"),
        ("Home", "11 March 2025"), ("ArrowLeft", "11 March 2025"), ("End", "24 November 2026"),
        ("ArrowRight", "24 November 2026"), ("PageDown", "5 September 2025"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert day_of(page) == day, key
    assert slider.get_attribute("aria-valuetext").startswith("5 September 2025: 9 supported, ")
    settled(page, "on=2025-09-05")
    page.keyboard.press("Home")
    slider.evaluate(
        """slider => { for (let n = 0; n < 9; n++) slider.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'})) }"""
    )
    assert day_of(page) == "20 March 2025"


def test_the_slider_is_dragged_to_any_day_by_mouse_and_touched(explored, sample_page):
    page = explored(sample_page, has_touch=True)
    box = page.get_by_role("slider", name="Day").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 9, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, middle, steps=5)
    page.mouse.up()
    assert day_of(page).endswith("March 2025")
    page.touchscreen.tap(box["x"] + 9, middle)
    assert day_of(page) == "11 March 2025"
    page.locator(".fx-plot").click(position={"x": 3, "y": 60})
    assert day_of(page) == "11 March 2025"


def test_counts_table_and_chart_follow_the_day(explored, sample_page, sample_ledger):
    page = explored(sample_page)
    for day in ["2025-03-11", "2025-03-14", "2025-03-15", "2025-08-16"]:
        ask(page, f"on={day}")
        held = sample_ledger.status_on(day)
        counts = page.locator(".fx-counts b").all_inner_texts()
        assert [int(count) for count in counts] == [
            int((held["status"] == s).sum()) for s in sample_ledger.settings.statuses
        ]
        rows = page.locator(".fx-frame tbody tr:visible")
        words = rows.locator("a").all_inner_texts(), rows.locator(".fx-word").all_inner_texts()
        assert dict(zip(*words, strict=True)) == dict(
            zip(held["claim"], held["status"].astype(str), strict=True)
        )


def test_the_address_shows_what_its_sender_saw(explored, sample_page):
    page = explored(sample_page, "#claim-trump-positive-signals&on=2025-03-15")
    card = page.locator(".fx-card:visible")
    assert card.locator("h3").inner_text().startswith("Russia has given positive signals")
    assert card.locator(".fx-word").first.inner_text() == "supported"
    assert "since 14 March 2025, as of 15 March 2025" in card.locator(".fd-now").inner_text()
    assert page.evaluate("document.activeElement.className") == "fd-words"
    assert page.evaluate("document.querySelector('.fx-card:not([hidden])').getBoundingClientRect().top") < 200
    later = page.get_by_role("button", name="Day: later change")
    later.click()
    settled(page, "claim-trump-positive-signals&on=2025-03-16")
    later.click()
    settled(page, "claim-trump-positive-signals&on=2025-03-18")
    assert "mixed" in card.locator(".fd-now").inner_text()
    for day in ("16 March 2025", "15 March 2025"):
        page.go_back()
        assert day_of(page) == day


BROKEN = [
    "#on=2025-02-31", "#on=", "#on=%", "#claim-%E0%A4%A", "#claim-no-such-claim", "#known=x&on=y", "#on=9999-99-99",
    "#on=0001-01-01", "#&&&=", "#claim-", "#on=2025-03-15&on=x", "#claim-__proto__", "#claim-constructor&on=12025-01-01",
]  # fmt: skip
IN_VAIN = [
    ("#on=garbage", "“garbage” is no day", ""),
    ("#on=2025-02-31", "“2025-02-31” is no day", ""),
    ("#on=1999-01-01", "11 March 2025 to 24 November 2026, not of 1 January 1999", ""),
    ("#on=2050-01-01", "not of 1 January 2050", ""),
    ("#known=2050-01-01&on=2025-03-15", "not of 1 January 2050", "#on=2025-03-15"),
    ("#claim-no-such-claim&on=2025-03-15", "no claim “no-such-claim”", "#on=2025-03-15"),
    ("#claim-trump-positive-signals&on=x", "“x” is no day", "#claim-trump-positive-signals"),
    ("#on=" + "x" * 500, "x…” is no day", ""),
]


def test_a_broken_address_breaks_nothing(explored, sample_page):
    page = explored(sample_page, BROKEN[0])
    for fragment in BROKEN:
        ask(page, fragment)
        assert page.evaluate("document.documentElement.dataset.explored") == "22"
        page.get_by_role("slider", name="Day").press("Home")
        assert day_of(page) == "11 March 2025", fragment


def test_what_an_address_asks_in_vain_is_told_and_set_right(explored, sample_page):
    page = explored(sample_page, IN_VAIN[0][0])
    remark = page.locator(".fx-remark")
    for n, (fragment, words, right) in enumerate(IN_VAIN):
        if n:  # the first was asked for as the page was opened
            ask(page, fragment)
        assert words in remark.inner_text()
        assert len(remark.inner_text()) < 200
        assert page.evaluate(
            "document.querySelector('.fx-remark').getBoundingClientRect().bottom < innerHeight"
        )
        assert words in page.get_by_role("status").first.text_content()
        assert page.evaluate("location.hash") == right
        assert day_of(page) == ("15 March 2025" if "2025-03-15" in right else "24 November 2026")
        page.get_by_role("slider", name="Day").press("Home")
        page.wait_for_url(lambda address: address.endswith("on=2025-03-11"))
        assert not remark.is_visible()
        assert ask(page, "#on=2025-03-15") == "15 March 2025"
        assert not remark.is_visible()


def test_after_an_address_in_vain_going_back_is_answered(explored, sample_page):
    page = explored(sample_page, "#on=2025-03-15")
    assert ask(page, "#on=garbage") == "24 November 2026"
    assert "is no day" in page.locator(".fx-remark").inner_text()
    assert ask(page, "#on=2025-03-18") == "18 March 2025"
    assert page.locator(".fx-remark").inner_text() == ""
    for day in ("24 November 2026", "15 March 2025"):
        page.go_back()
        assert day_of(page) == day


def test_what_was_known_is_told_apart_from_what_held(explored, eventful):
    ledger, days, file = eventful()
    page = explored(file)
    middle = days[len(days) // 2]
    ask(page, f"on={middle}")
    page.get_by_role("radio", name="as we knew it").check()
    settled(page, f"on={middle}&known={middle}")
    counts = list(map(int, page.locator(".fx-counts b").all_inner_texts()))
    held = ledger.as_known(middle).status_on(middle)["status"]
    assert counts == [int((held == status).sum()) for status in ledger.settings.statuses]
    assert page.get_by_role("slider", name="Known on").count() == 0  # it is the same day
    page.get_by_label("the same day").uncheck()
    page.get_by_role("slider", name="Known on").press("End")
    settled(page, f"on={middle}&known={days[-1]}")
    page.get_by_role("radio", name="as it held").check()
    settled(page, f"on={middle}")


def test_claims_are_found_by_words_claimant_topic_and_status(explored, sample_page, sample_ledger):
    ledger, page = sample_ledger, explored(sample_page)
    listed = page.locator(".fx-frame tbody tr:visible a")

    def looked_for(**asked):
        return list(ledger.where(**asked).claims["claim"])

    page.get_by_label("Search").fill("PUTIN ceasefire")
    assert listed.all_inner_texts() == looked_for(text="Putin ceasefire")
    page.get_by_label("Search").fill("")
    page.get_by_label("Claimant").select_option(label="Donald Trump (2)")
    assert listed.all_inner_texts() == looked_for(claimant="Donald Trump")
    page.get_by_label("Claimant").select_option(label="all")
    topic = ledger.claims["topics"].iloc[0].split(";")[0]
    page.get_by_label("Topic").select_option(label=f"{topic} ({len(looked_for(topic=topic))})")
    assert listed.all_inner_texts() == looked_for(topic=topic)
    page.get_by_label("Topic").select_option(label="all")
    page.get_by_role("button", name="outdated").click()
    assert listed.all_inner_texts() == looked_for(status="outdated")
    page.get_by_label("Search").fill("no such words")
    assert page.get_by_text("No claim fits.").is_visible()


def test_the_table_is_sorted_by_its_heads(explored, sample_page):
    page = explored(sample_page)
    rows = page.locator(".fx-frame tbody tr:visible")
    page.get_by_role("button", name="Made on").click()
    days = [pd.Timestamp(day) for day in rows.locator("td:nth-child(4)").all_inner_texts()]
    assert days == sorted(days) and len(set(days)) > 1
    assert page.get_by_role("columnheader", name="Made on").get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Status", exact=True).click()
    page.get_by_role("button", name="Status", exact=True).click()
    words = rows.locator(".fx-word").all_inner_texts()
    assert (words[0], words[-1]) == ("unverifiable", "supported")


def test_a_card_brings_the_words_and_how_to_cite_it(explored, sample_page, sample_ledger):
    ledger, page = sample_ledger, explored(sample_page)
    page.get_by_role("link", name="Russia has given positive signals").first.click()
    card = page.locator(".fx-card:visible")
    one = ledger.where(claim_id="trump-positive-signals")
    url = one.sources.set_index("source_id")["url"]
    expected = {words_at(url[row["source_id"]], row["quote"]) for _, row in one.evidence.iterrows()}
    links = card.locator(".fd-evidence a")
    assert set(links.evaluate_all("links => links.map((one) => one.getAttribute('href'))")) == expected
    assert {*links.evaluate_all("links => links.map((one) => one.rel)")} == {"noopener noreferrer"}
    for reason in one.statuses["rationale"]:
        assert reason in card.locator(".fd-held").inner_text()
    cited = card.locator(".fx-cite > span").inner_text()
    assert ledger.digest() in cited
    assert cited.endswith("explorer.html#claim-trump-positive-signals&on=2026-11-24")
    assert str(sample_page.parent) not in page.locator("body").inner_text()
    card.get_by_role("button", name="Copy").click()
    card.get_by_role("button", name="Copied").wait_for()
    page.get_by_role("button", name="Close this claim").click()
    assert page.locator(".fx-card:visible").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "A"
    settled(page, "")


QUOTES = ["a-b, c & d #1 'e' (f)!*", "é – “x” %41", "he said … that", "[…] gap first", "one " * 13, "~._ 水"]


def test_a_link_to_words_is_the_same_in_both_languages(explored, tmp_path):
    ledger = fd.create(tmp_path / "links.csv", title="Links")
    ledger.log("It rained.", claimant="A", made_on="2025-03-01", claim_id="rain")
    for n, words in enumerate(QUOTES):
        ledger.attach("rain", f"https://example.org/{n}", stance="context", quote=words)
    page = explored(written(tmp_path, ledger), "#claim-rain")
    links = page.locator(".fx-card:visible .fd-evidence a")
    found = sorted(links.evaluate_all("links => links.map((one) => one.getAttribute('href'))"))
    kept = ledger.evidence["quote"]
    assert found == sorted(words_at(f"https://example.org/{n}", words) for n, words in enumerate(kept))


def test_without_a_script_and_in_print_the_static_form_is_shown(explored, sample_page):
    page = explored(sample_page, "#claim-trump-positive-signals", java_script_enabled=False)
    assert page.locator(".fx-static article:visible").count() == 22
    assert page.locator("#claim-trump-positive-signals").bounding_box()["y"] < 50
    page = explored(sample_page, "#claim-trump-positive-signals")
    assert page.locator(".fx-static:visible").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".fx-static article:visible").count() == 22
    assert page.locator(".fx-plot:visible").count() == 1
    assert page.locator(".fx-time:visible, .fx-frame:visible, .fx-find:visible").count() == 0


def test_words_without_an_end_and_from_right_to_left_stay_in_their_place(explored, tmp_path):
    ledger = fd.create(tmp_path / "long.csv", title="x" * 300)
    made = {"made_on": "2025-03-01", "claim_id": "long", "quote": "q" * 300, "topics": "t" * 300}
    ledger.log("w" * 300, claimant="z" * 300, **made)
    made = {"made_on": "2025-03-01", "claim_id": "weather", "topics": "t"}
    ledger.log("قال الوزير إن الطقس جيد.", claimant="وزير", **made)
    words = {"quote": "s" * 300, "publisher": "p" * 300}
    ledger.attach("long", "https://example.org/" + "u" * 300, stance="mixed", **words)
    ledger.set_status("long", "mixed", holds_from="2025-03-02", rationale="v" * 300, gaps="g" * 300)
    page = explored(written(tmp_path, ledger), viewport={"width": 360, "height": 740})
    for claim_id in ("long", "weather"):
        ask(page, f"#claim-{claim_id}")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    cited = page.locator(".fx-card:visible .fx-cite > span")
    assert cited.evaluate("line => getComputedStyle(line).direction") == "ltr"
    assert cited.inner_text().startswith("“قال الوزير إن الطقس جيد.” (وزير): unverified, as of ")


def test_a_claim_that_was_reworded_is_shown_in_the_words_of_the_day_of_knowing(explored, eventful):
    ledger, days, file = eventful()
    edits = ledger.changes[ledger.changes["column"] == "claim"]
    now = ledger.claims.set_index("claim_id")["claim"]
    for _, edit in edits.iterrows():
        row_id, before = edit["row_id"], str((edit["changed_at"] - pd.Timedelta(days=1)).date())
        then = ledger.as_known(before).claims.set_index("claim_id")["claim"]
        if row_id in now and row_id in then:
            break
    page = explored(file, f"#claim-{row_id}&on={days[-1]}&known={before}")
    title = page.locator(".fx-card:visible h3")
    assert title.inner_text() == then[row_id]
    page.get_by_role("radio", name="as it held").check()
    day_of(page)
    assert title.inner_text() == now[row_id] != then[row_id]


def test_of_evidence_a_card_shows_what_was_attached_by_the_day_of_knowing(explored, tmp_path, monkeypatch):
    days = samples.days_go_by(monkeypatch)
    ledger = fd.create(tmp_path / "days.csv", title="Days")
    for day in ("2025-03-01", "2025-03-05"):
        days(day)
        ledger.log("It rained.", claimant="A", made_on="2025-02-28", claim_id="rain")
        ledger.attach("rain", f"https://example.org/{day}", stance="supports", quote=f"Wet on {day}.")
    page = explored(written(tmp_path, ledger), "#claim-rain&on=2025-03-05&known=2025-03-03")
    words = page.locator(".fx-card:visible .fd-q")
    assert words.all_inner_texts() == ["“Wet on 2025-03-01.”"]
    page.get_by_role("radio", name="as it held").check()
    day_of(page)
    assert words.count() == 2


def test_where_its_data_are_broken_what_stands_without_a_script_goes_on_standing(
    opened, sample_page, tmp_path
):
    broken = re.sub(r'(data-holds="explorer">)[^<]{40}', r"\1", sample_page.read_text())
    (tmp_path / "broken.html").write_text(broken)
    page = opened(tmp_path / "broken.html", until="html[data-explored]")
    assert page.locator(".fx-static article:visible").count() == 22
    assert page.locator(".fx-time, .fx-live").count() == 0


def test_an_empty_ledger_says_so(explored, tmp_path):
    page = explored(written(tmp_path, fd.create(tmp_path / "empty.csv", title="Empty")))
    assert page.get_by_text("No claims yet.").is_visible()


@pytest.mark.parametrize(
    "fragment",
    ["", "#claim-trump-positive-signals&on=2025-03-20&known=2026-11-24", "#on=2025-03-20&known=2025-03-20"],
)
def test_nothing_reaches_over_the_edge_and_an_accessibility_engine_finds_nothing(
    explored, sample_page, fragment
):
    page = explored(sample_page, fragment)
    for scheme, width in [("light", 1000), ("dark", 360)]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()


def test_charts_along_whose_width_time_runs_follow_the_day(explored, tmp_path, sample_ledger):
    status = fd.charts.status_over_time(sample_ledger, span=("2025-03-12", "2025-09-30"))
    charts = [
        v4.new_output("display_data", {"application/vnd.vegalite.v5+json": chart.to_dict()})
        for chart in (status, fd.charts.claimants(sample_ledger))
    ]
    cells = [v4.new_code_cell("chart", outputs=[chart]) for chart in charts]
    file = shared(tmp_path, sample_ledger, *cells, desk())
    page = explored(file, "#on=2025-03-15")
    page.wait_for_selector("html[data-drawn='2']", state="attached")
    line = page.locator("line.chosen")
    assert line.count() == 1  # the second chart has no time

    def place():
        day_of(page)
        return float(line.get_attribute("x1")) if line.get_attribute("visibility") == "visible" else None

    slider = page.get_by_role("slider", name="Day")
    first = place()
    slider.press("ArrowRight")
    second = place()
    slider.press("PageUp")
    third = place()
    assert 0 < first < second < third
    slider.press("Home")
    assert place() is None  # the chart begins later
    days = {}
    for day in ("2025-03-12", "2025-03-20", "2025-09-30"):
        ask(page, f"on={day}")
        days[day] = place()
    first, at, last = days.values()
    assert (at - first) / (last - first) == pytest.approx(8 / 202, abs=0.003)
    assert page.asked == [file.as_uri()]


def generated(folder, claims):
    """A ledger of so many claims with three statuses each, over ten years, of a few words."""
    path, random = folder / "claims.csv", np.random.default_rng(20250315)
    empty = fd.create(path, title=f"{claims:,} generated claims", by="Ada Quist")
    settled = np.array(empty.settings.statuses[1:])
    words = np.array(
        ["the", "budget", "deficit", "rose", "fell", "by", "percent", "since", "war", "school", "tax"]
    )
    claim_id = np.char.add("claim-", np.char.zfill(np.arange(claims).astype(str), 7))
    made_on = np.datetime64("2014-01-01") + random.integers(0, 3650, claims)
    chosen = random.integers(0, len(words), (claims, 12))
    texts = np.array([" ".join(words[row]) for row in chosen])
    made = {
        "claim_id": claim_id, "claim": texts, "made_on": made_on.astype(str), "kind": "statement",
        "claimant": np.char.add("Speaker ", random.integers(0, 500, claims).astype(str)),
        "topics": words[chosen[:, 0]], "logged_by": "Ada Quist",
        "logged_at": np.char.add(made_on.astype(str), "T09:00:00.000000Z"),
    }  # fmt: skip
    pd.DataFrame(made).reindex(columns=empty.claims.columns).to_csv(path, index=False)
    of_claim = np.repeat(np.arange(claims), 3)
    holds_from = made_on[of_claim] + random.integers(1, 400, claims * 3)
    order = np.argsort(holds_from, kind="stable")
    of_claim, holds_from = of_claim[order], holds_from[order]
    moment = holds_from.astype("datetime64[s]") + np.arange(claims * 3) % 86_400
    given = {
        "status_id": np.char.add("t-", np.char.zfill(np.arange(claims * 3).astype(str), 16)),
        "claim_id": claim_id[of_claim], "status": settled[random.integers(0, len(settled), claims * 3)],
        "holds_from": holds_from.astype(str), "recorded_by": "Ada Quist",
        "rationale": np.char.add("Two documents agree that ", texts[of_claim]),
        "recorded_at": np.char.add(moment.astype(str), ".000000Z"),
    }  # fmt: skip
    statuses = pd.DataFrame(given).reindex(columns=empty.statuses.columns)
    statuses.to_csv(path.with_suffix("") / "statuses.csv", index=False)
    return fd.open(path)


def test_ten_thousand_claims_stay_light(explored, tmp_path):
    ledger = generated(tmp_path, 10_000)
    page = explored(written(tmp_path, ledger))
    assert (tmp_path / "explorer.html").stat().st_size < 700_000
    assert page.locator(".fx-frame tbody tr").count() == 60
    assert page.evaluate("document.querySelectorAll('*').length") < 8_000
    for day in ["2014-06-01", "2021-03-15", "2019-01-01"]:
        page.evaluate("fragment => { location.hash = fragment }", f"on={day}")
        page.wait_for_timeout(300)
        held = ledger.status_on(day)["status"]
        counts = [int(count.replace(",", "")) for count in page.locator(".fx-counts b").all_inner_texts()]
        assert counts == [int((held == status).sum()) for status in ledger.settings.statuses]
    moves = page.evaluate(
        """async () => {
            const slider = document.querySelector(".fx-on input"), took = [];
            for (let place = 9000; place > 1000; place -= 200) {
                let begun;
                requestAnimationFrame(() => (begun = performance.now()));
                slider.value = place;
                slider.dispatchEvent(new Event("input"));
                await new Promise((done) => requestAnimationFrame(done)); // after the explorer's own
                document.body.offsetHeight;
                took.push(performance.now() - begun);
            }
            return took.sort((a, b) => a - b);
        }"""
    )
    assert moves[len(moves) // 2] < 50  # benchmarks/explorer.py says how much less where nothing else runs
    page.get_by_role("button", name="Show more").click()
    assert page.locator(".fx-frame tbody tr").count() == 180
    page.get_by_label("Search").fill("budget school war")
    assert page.locator(".fx-frame tbody tr:visible").count() == 60


def test_of_a_claim_without_a_day_nothing_is_said_to_hold_since_it_was_made(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada")
    ledger.log("It rained.", claimant="Radio", claim_id="rain")
    assert "since" not in Claims(ledger).words("rain")
    ledger.set_status("rain", "refuted", holds_from="2025-03-12", rationale="It did not.")
    assert "since 12 March 2025" in Claims(ledger).words("rain")


def test_a_claim_known_by_its_month_or_year_is_told_by_that(explored, tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada")
    for made_on in ("2025", "2025-03", "2025-03-15"):
        ledger.log(f"It rained in {made_on}.", claimant="Radio", made_on=made_on, claim_id=f"c-{made_on}")
    page = explored(written(tmp_path, ledger), "#claim-c-2025-03")
    days = page.locator(".fx-live td:nth-child(4)").all_inner_texts()
    assert days == ["2025", "March 2025", "15 March 2025"]
    card = page.locator(".fx-live .fx-card").inner_text()
    assert card.count("March 2025") == 3 and "1 March 2025" not in card


def test_what_can_not_be_read_is_counted_apart_on_every_day(explored, tmp_path):
    ledger = samples.rain(tmp_path)
    samples.days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    page = explored(written(tmp_path, ledger.refresh()))
    for day in ("2025-03-10", "2025-03-20", str(ledger.latest_day.date())):
        held = page.evaluate("day => factdesk.statusOn(day)", day)["rain"]
        assert (held["status"], held["holds_from"]) == ("", "")
    chips = page.locator(".fx-counts button").all_inner_texts()
    assert [" ".join(one.split()) for one in chips if "can't" in one] == ["can't be read 1"]
    page.locator("a", has_text="It rained on Monday.").first.click()
    card = page.locator(".fx-live .fx-card")
    card.wait_for()
    now = card.locator(".fd-now").inner_text()
    assert "can't be read" in now and "since" not in now and "No status was given" not in card.inner_text()
