"""The explorer: it says what the ledger says of every day, follows the slider and the address, and runs nothing else."""

import random
import re

import nbformat
import nbformat.v4 as v4
import pytest
import samples

import factdesk as fd
from factdesk.explorer import explorer, words_at
from factdesk.page import document
from factdesk.sharing import share

HOSTILE = '</script><script>document.title="ran"</script><img src=x onerror="document.title=1">'


def written(folder, ledger, name="explorer.html"):
    """A page with the explorer of a ledger and nothing else."""
    html, part = explorer(ledger)
    page = folder / name
    page.write_text(document("Explorer", f"<main><h1>Explorer</h1>{html}</main>", parts=[part]))
    return page


@pytest.fixture
def opened(chromium):
    """Open a page with the network off; give it with what its console said and what it asked for."""
    contexts = []

    def opener(path, fragment="", **options):
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri() + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-explored]", state="attached", timeout=30_000)
        return page, said, asked

    yield opener
    for context in contexts:
        context.close()


def status_on(ledger, day):
    held = ledger.status_on(day)
    return {
        row["claim_id"]: {
            "status": row["status"],
            "holds_from": f"{row['holds_from']:%Y-%m-%d}",
            "rationale": row["rationale"],
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


def test_a_desk_in_a_notebook_becomes_the_one_explorer_of_its_page(tmp_path):
    ledger = fd.open(samples.sample(tmp_path))
    desk = '<div class="fd-saved-desk fd-desk">The desk</div>'
    cell = v4.new_code_cell("desk", outputs=[v4.new_output("display_data", {"text/html": desk})])
    again = v4.new_code_cell("desk", outputs=cell.outputs)
    nbformat.write(v4.new_notebook(cells=[cell, again]), tmp_path / "a.ipynb")
    page = share(tmp_path / "a.ipynb", tmp_path, execute=False, ledger=ledger)[0].read_text()
    assert page.count('<section class="explorer"') == 1
    assert page.count('<a href="#explorer">') == 1
    assert "The desk" not in page
    alone = share(tmp_path / "a.ipynb", tmp_path, execute=False)[0].read_text()
    assert "The desk" in alone
    assert "explorer" not in alone


def test_without_a_script_the_latest_day_stands_there_whole(tmp_path):
    html, _ = explorer(fd.open(samples.sample(tmp_path)))
    assert html.count("<tr>") == 23
    assert html.count('<article class="fx-card" id="claim-') == 22
    assert "left out" not in html
    assert "#:~:text=good%20signals" in html


def test_of_many_claims_the_static_form_says_what_it_leaves_out(tmp_path):
    ledger = fd.create(tmp_path / "many.csv", title="Many")
    for n in range(210):
        ledger.log(f"Claim {n}.", claimant="A", claim_id=f"claim-{n}")
    html, _ = explorer(ledger)
    assert html.count("<article") == 40
    assert "the first 200 of 210 claims stand in this table" in html


def test_hostile_text_stays_text_in_the_markup(tmp_path):
    html, _ = explorer(hostile(tmp_path))
    assert not re.search(r"<(script|img)", html)


def hostile(folder):
    ledger = fd.create(folder / "hostile.csv", title=HOSTILE, publisher=HOSTILE)
    ledger.log(
        HOSTILE,
        claimant=HOSTILE,
        made_on="2025-03-01",
        claim_id="hostile",
        quote=HOSTILE,
        note=HOSTILE,
        topics=HOSTILE,
    )
    ledger.log("Calm.", claimant="B", made_on="2025-03-01", claim_id="calm", topics="a")
    ledger.attach(
        "hostile",
        "https://example.org/?a=%22%3E",
        stance="supports",
        quote=HOSTILE,
        title=HOSTILE,
        publisher=HOSTILE,
    )
    ledger.set_status("hostile", "mixed", holds_from="2025-03-02", rationale=HOSTILE, gaps=HOSTILE)
    return ledger


# ---- in a browser without a network ----


@pytest.mark.browser
@pytest.mark.parametrize(("seed", "zone"), [(0, "UTC"), (3, "Pacific/Auckland")])
def test_it_says_of_every_day_what_the_ledger_says(opened, tmp_path, monkeypatch, seed, zone):
    ledger, days = samples.eventful(tmp_path, monkeypatch, random.Random(seed), zone)
    page, said, _ = opened(written(tmp_path, ledger))
    chance = random.Random(seed)
    for day in days:
        assert page.evaluate("day => factdesk.statusOn(day)", day) == status_on(ledger, day), day
    for known in chance.sample(days, 12):
        as_known = ledger.as_known(known)
        for day in [known, *chance.sample(days, 4)]:
            answer = page.evaluate("([day, known]) => factdesk.statusOn(day, known)", [day, known])
            assert answer == status_on(as_known, day), (day, known)
    assert said == []


@pytest.mark.browser
def test_the_sample_says_of_many_days_what_the_ledger_says(opened, tmp_path):
    ledger = fd.open(samples.sample(tmp_path))
    page, said, asked = opened(written(tmp_path, ledger))
    for day in [
        "2025-03-01",
        "2025-03-10",
        "2025-03-14",
        "2025-03-18",
        "2025-08-15",
        "2025-08-16",
        "2026-11-24",
    ]:
        assert page.evaluate("day => factdesk.statusOn(day)", day) == status_on(ledger, day)
    assert page.evaluate("factdesk.statusOn('2025-03-15', '2025-03-15')") == {}
    assert said == []
    assert [address for address in asked if not address.startswith("data:")] == [
        (tmp_path / "explorer.html").as_uri()
    ]


@pytest.mark.browser
def test_hostile_text_runs_nothing(opened, tmp_path):
    page, said, _ = opened(written(tmp_path, hostile(tmp_path)), "#claim-hostile")
    assert page.title() == "Explorer"
    assert page.locator(".fx-card h3").first.inner_text() == HOSTILE
    assert page.locator(".explorer img, .explorer script").count() == 0
    assert said == []
