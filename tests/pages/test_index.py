"""What stands before a folder of pages: what it says, what it makes of what stood there, and what a browser makes of it."""

import base64
import io
import json
import re
import warnings
from xml.etree import ElementTree

import nbformat
import nbformat.v4 as v4
import pandas as pd
import pytest
import samples
from axe_playwright_python.sync_playwright import Axe
from drawings import drawing
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import factdesk as fd
from factdesk.charts.display import render
from factdesk.errors import PageExists
from factdesk.pages import index as index_module
from factdesk.pages.feed import _add, feed
from factdesk.pages.figure import lighter
from factdesk.pages.html import inert_json
from factdesk.pages.index import Card, corrections_page, index
from factdesk.pages.share import facts_of, share

HOSTILE = (
    '</script><script>document.title="ran"</script><img src=x onerror="document.title=1"><!--\x1b[31m\x00'
)
GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
DESK = v4.new_output("display_data", {"text/html": '<div class="fd-saved-desk">The desk</div>'})
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _told_quietly():
    warnings.simplefilter("ignore", fd.FactdeskWarning)


def sea_levels(folder):
    made = fd.create(folder / "case.csv", title="Sea levels", publisher="The Desk", by="Ada Quist")
    for claim_id, words in (("sea-rise", "The sea has risen."), ("tides", "Tides are rising.")):
        made.log(words, claimant="A. Mariner", made_on="2025-03-01", claim_id=claim_id)
    made.set_status("sea-rise", "refuted", holds_from="2025-03-02", rationale="One gauge says so.")
    return made


def notebooks(folder):
    """Notebooks of that ledger: one with a desk, one with a chart, in a folder of its own."""
    written(folder / "in" / "a.ipynb", "# All claims\n\nOn any day.", DESK, ledger="../case.csv")
    shown = v4.new_output(
        "display_data", {"application/vnd.vegalite.v5+json": {"mark": "bar"}, "image/gif": GIF}
    )
    written(folder / "in" / "more" / "b.ipynb", "# One chart", shown, ledger="../../case.csv")
    return folder / "in"


@pytest.fixture
def ledger(tmp_path):
    return sea_levels(tmp_path)


@pytest.fixture
def folder(ledger, tmp_path):
    return notebooks(tmp_path)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The ledger and the pages of the first issue, to read."""
    folder = tmp_path_factory.mktemp("first")
    return sea_levels(folder), shared(notebooks(folder), folder / "site")


def written(path, words, *outputs, ledger=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [v4.new_markdown_cell(words), *(v4.new_code_cell("show()", outputs=[one]) for one in outputs)]
    about = {"factdesk": {"ledger": ledger}} if ledger else {}
    nbformat.write(v4.new_notebook(cells=cells, metadata=about), path)
    return path


def shared(folder, site):
    pages = share(folder, site, execute=False)
    return {page.relative_to(site).as_posix(): page.read_text() for page in pages}


def cards(*ledgers, explores=False):
    return [
        Card(f"{n}.html", f"Page {n}", facts=facts_of(ledger), ledger=ledger, explores=explores)
        for n, ledger in enumerate(ledgers)
    ]


def text_of(markup):
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


# ---- the index ----


def test_a_card_has_picture_title_summary_day_and_counts_with_signs_and_nothing_of_an_issue_before(first):
    ledger, page = first[0], first[1]["index.html"]
    assert "hanged since" not in page
    one, second = re.findall(r'<li class="card">(.*?)</div>\n</li>', page, re.DOTALL)
    assert re.findall("<img[^>]*>", one) == []
    assert f'<img class="glance" src="data:image/gif;base64,{GIF}" alt="">' in second
    assert '<h2><a href="./a.html">All claims</a></h2>' in one
    assert "On any day." in one
    assert '<a href="./more/b.html">One chart</a>' in second
    day = ledger.latest_day
    assert f"As of {day.day} {day:%B %Y} ○ unverified 1 ✕ refuted 1" in text_of(second)
    assert second.count("<span data-look=") == 2


def test_the_next_issue_says_what_changed_since_and_says_so_again_when_redrawn(ledger, folder, tmp_path):
    shared(folder, tmp_path / "site")
    day = ledger.latest_day
    ledger.set_status("tides", "supported", holds_from="2025-03-03", rationale="All gauges do.")
    ledger.log("It rained.", claimant="B", made_on="2025-03-01", claim_id="rain")
    ledger.withdraw("claims", "sea-rise", why="Logged twice.")
    page = shared(folder, tmp_path / "site")["index.html"]
    told = text_of(page.partition('<section id="changed">')[2].partition("</section>")[0])
    assert told == (
        f"Changed since {day.day} {day:%B %Y} Tides are rising. ○ unverified → ● supported "
        "It rained. not yet in the ledger → ○ unverified "
        "The sea has risen. ✕ refuted → no longer in the ledger"
    )
    assert page.count('<a href="#changed">3 statuses changed since') == 2
    assert '<a href="./a.html#claim-tides">' in page
    assert "#claim-sea-rise" not in page
    assert shared(folder, tmp_path / "site")["index.html"] == page


def test_an_issue_without_a_changed_status_says_so(ledger, folder, tmp_path):
    shared(folder, tmp_path / "site")
    ledger.attach("tides", "https://example.org/gauge", stance="supports")
    page = shared(folder, tmp_path / "site")["index.html"]
    assert page.count("No status changed since") == 2
    assert 'id="changed"' not in page


def test_of_many_changes_the_first_stand_there_and_the_others_are_folded(ledger):
    for n in range(20):
        ledger.log(f"Claim {n}.", claimant="B", made_on="2025-03-01", claim_id=f"claim-{n}")
    old = {"Sea levels": {"day": "2025-03-04", "digest": "", "statuses": {"sea-rise": "refuted"}}}
    page = index(cards(ledger), before=block(old))
    assert "21 statuses changed since 4 March 2025" in page
    assert "<summary>9 more changes</summary>" in page


def packed(said):
    return f'<script type="application/json" id="factdesk-issue">{said}</script>'


def block(said):
    return packed(inert_json(said))


NONE = [
    None, [], 1, {}, {"Sea levels": None}, {"Sea levels": {}}, {"Sea levels": {"statuses": []}},
    {"Sea levels": {"statuses": {"tides": 3}}}, {"Other": {"statuses": {"tides": "mixed"}}},
]  # fmt: skip
NO_JSON = [
    "[" * 100_000,
    "1" * 100_000,
    "{",
    "\x00",
    '{"a":' * 50_000,
    "NaN",
    '{"Sea levels":{"statuses":NaN}}',
]


@pytest.mark.parametrize("said", [*map(inert_json, NONE), *NO_JSON], ids=range(16))
def test_an_old_index_that_is_none_says_nothing(first, said):
    assert "changed" not in index(cards(first[0]), before=packed(said)).partition("</style>")[2]


def test_an_old_index_that_is_not_to_be_read_breaks_nothing(tmp_path):
    (tmp_path / "site" / "index.html").mkdir(parents=True)
    assert index_module.read(tmp_path / "site" / "index.html") == ""
    (tmp_path / "latin").write_bytes(b"\xff\xfe\x00")
    assert "\ufffd" in index_module.read(tmp_path / "latin")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
ISSUES = st.fixed_dictionaries(
    {},
    optional={
        "day": JSON | st.sampled_from(["2025-03-04", "0000-00-00", "9999-99-99"]),
        "digest": JSON,
        "statuses": JSON | st.dictionaries(st.sampled_from(["tides", "sea-rise", HOSTILE]), st.text(max_size=30)),
        "since": JSON,
    },
)  # fmt: skip


@given(issue=ISSUES, is_same=st.booleans())
def test_whatever_an_old_index_says_stays_text(first, issue, is_same):
    if is_same:
        issue = {**issue, "digest": first[0].digest()}
        issue["since"] = {"day": issue.get("day"), "changed": issue.get("statuses")}
    page = index(cards(first[0]), before=block({"Sea levels": issue}))
    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts == ['<script type="application/json" id="factdesk-issue">']
    assert "<img" not in page
    assert json.loads(index_module._ISSUE.search(page)[1])["Sea levels"]["digest"] == first[0].digest()


def test_pages_of_several_ledgers_each_say_their_own(ledger, tmp_path):
    other = fd.create(tmp_path / "other.csv", title="Rain", by="Ada Quist")
    other.log("It rained.", claimant="B", made_on="2025-03-01", claim_id="rain")
    settings = tmp_path / "other" / "ledger.toml"
    own = ('name = "open"\nlabel = "still open"\ncolour = "#123456"\ndark = "#abcdef"\nsign = "□"\nsettled = false',
           'name = "shut"\nlabel = "shut"\ncolour = "#654321"\ndark = "#fedcba"\nsign = "■"')  # fmt: skip
    settings.write_text(settings.read_text() + "".join(f"\n[[status]]\n{one}\n" for one in own))
    other = fd.open(other.path, by="Ada Quist")
    page = index(cards(ledger, other, ledger))
    held = [text_of(one) for one in re.findall(r'<p class="fd-counts">(.*?)</p>', page, re.DOTALL)]
    assert held == ["○ unverified 1 ✕ refuted 1", "□ still open 1", "○ unverified 1 ✕ refuted 1"]
    assert "{--light:#123456;--dark:#abcdef}" in page
    other.log("It hailed.", claimant="B", made_on="2025-03-01", claim_id="hail")
    again = index(cards(ledger, other), before=page)
    assert "<h2>Rain: changed since" in again
    assert 'id="changed-1"' in again
    assert len(re.findall("<entry>", feed(cards(ledger, other, ledger)))) == 1


# ---- what is there, and what is not overwritten ----


def test_pages_that_know_no_ledger_have_neither_corrections_nor_feed(tmp_path):
    written(tmp_path / "in" / "a.ipynb", "# A")
    assert list(shared(tmp_path / "in", tmp_path / "site")) == ["a.html", "index.html"]


def test_every_page_leads_to_the_corrections_and_the_feed(folder, tmp_path):
    pages = shared(folder, tmp_path / "site")
    assert list(pages) == ["a.html", "more/b.html", "corrections.html", "feed.xml", "index.html"]
    kind = '<link rel="alternate" type="application/atom+xml" title="Status changes" href='
    for name, above in (("a.html", ""), ("more/b.html", "../"), ("index.html", "")):
        assert f'<a href="{above}corrections.html">Corrections</a>' in pages[name]
        assert f'{kind}"{above}feed.xml">' in pages[name]
    again = share(folder / "a.ipynb", tmp_path / "site", execute=False)[0].read_text()
    assert again == pages["a.html"]
    alone = share(folder / "a.ipynb", tmp_path / "elsewhere", execute=False)[0].read_text()
    assert "corrections.html" not in alone


@pytest.mark.parametrize("name", ["index", "corrections", "Index", "CORRECTIONS"])
def test_a_notebook_keeps_its_name(first, folder, tmp_path, name):
    written(folder / f"{name}.ipynb", "# Mine", ledger="../case.csv")
    pages = shared(folder, tmp_path / "site")
    assert "<h1>Mine</h1>" in pages[f"{name}.html"]
    assert {one.lower() for one in pages} == {name.lower() for name in first[1]}


@pytest.mark.parametrize("name", ["index.html", "corrections.html", "feed.xml"])
def test_what_is_not_ours_is_refused_before_anything_is_written(folder, tmp_path, name):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / name).write_text("Somebody's work")
    with pytest.raises(PageExists, match=re.escape(name)):
        share(folder, tmp_path / "site")
    assert [path.name for path in (tmp_path / "site").iterdir()] == [name]


# ---- corrections ----


def test_a_correction_says_day_statuses_when_and_why(first, ledger, folder, tmp_path):
    assert "No status has been corrected." in first[1]["corrections.html"]
    ledger.set_status("sea-rise", "mixed", holds_from="2025-03-02", rationale="The gauge was broken.")
    page = shared(folder, tmp_path / "site")["corrections.html"]
    (entry,) = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    today = ledger.latest_day
    spoken = f"{today.day} {today:%B %Y}"
    assert text_of(entry) == (
        f"{spoken} , judged anew The sea has risen. For 2 March 2025: ✕ refuted → ◐ mixed The gauge was broken. "
        f"Given on {spoken}."
    )
    assert '<a href="./a.html#claim-sea-rise">' in entry


def test_of_very_many_corrections_the_page_says_how_many_it_leaves_out(ledger, monkeypatch):
    monkeypatch.setattr(index_module, "MOST", 2)
    for status in ("mixed", "supported", "refuted"):
        ledger.set_status("sea-rise", status, holds_from="2025-03-02", rationale=status)
    page = corrections_page(cards(ledger))
    assert "The newest 2 of 3 corrections." in page
    assert page.count("<li>") == 2


# ---- the feed ----


def parsed(text):
    """The entries of a feed that has what RFC 4287 asks of one."""
    root = ElementTree.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (one,) = element.findall(f"{ATOM}{name}")
            assert one.text
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id"))
        moment = element.findtext(f"{ATOM}updated")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", moment)
        for link in element.findall(f"{ATOM}link"):
            assert link.get("href")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    kinds = [link.get("rel") for link in root.findall(f"{ATOM}link")]
    assert sorted(kinds) == ["alternate", "self"]
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert root.findtext(f"{ATOM}updated") == max(updated, default=root.findtext(f"{ATOM}updated"))
    return entries


def test_the_feed_says_each_status_with_its_reason_and_its_place(first):
    ledger, pages = first
    (entry,) = parsed(pages["feed.xml"])
    given = ledger.statuses.iloc[0]
    assert entry.findtext(f"{ATOM}title") == "The sea has risen: refuted"
    assert entry.findtext(f"{ATOM}content") == "One gauge says so."
    assert pd.Timestamp(entry.findtext(f"{ATOM}updated")) == given["recorded_at"]
    assert entry.find(f"{ATOM}link").get("href") == "a.html#claim-sea-rise"


def test_the_id_of_an_entry_stays_and_an_edit_moves_it_up(ledger):
    (first,) = parsed(feed(cards(ledger)))
    ledger.set_status("tides", "supported", holds_from="2025-03-03", rationale="All gauges do.")
    assert first.findtext(f"{ATOM}id") == parsed(feed(cards(ledger)))[1].findtext(f"{ATOM}id")
    ledger.edit("statuses", ledger.statuses["status_id"][0], rationale="Two gauges.", why="Counted again.")
    again = parsed(feed(cards(ledger)))[0]
    assert again.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")
    assert again.findtext(f"{ATOM}published") == first.findtext(f"{ATOM}published")
    assert again.findtext(f"{ATOM}content") == "Two gauges."
    assert feed(cards(ledger)) == feed(cards(fd.open(ledger.path)))


def test_the_feed_holds_the_newest_and_without_an_explorer_leads_to_the_index(tmp_path):
    ledger = samples.sample_copied(tmp_path)
    entries = parsed(feed(cards(ledger)))
    assert len(entries) == 31
    assert {link.get("href") for entry in entries for link in entry.iter(f"{ATOM}link")} == {"index.html"}
    for n in range(30):
        day, why = f"2025-05-{n + 1:02}", f"Reason {n}."
        ledger.set_status("meloni-un-authority", "mixed", holds_from=day, rationale=why)
    newest = parsed(feed(cards(ledger)))
    assert len(newest) == 50
    assert newest[0].findtext(f"{ATOM}content") == "Reason 29."


def test_an_empty_ledger_has_a_feed_without_entries(tmp_path):
    assert parsed(feed(cards(fd.create(tmp_path / "none.csv", title="None yet")))) == []


@given(st.text())
def test_any_text_goes_into_xml(text):
    root = ElementTree.Element("feed")
    _add(root, "title", text, term=text)
    assert ElementTree.fromstring(ElementTree.tostring(root, encoding="unicode").encode()).tag == "feed"


# ---- hostile text, and a real browser ----


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    warnings.simplefilter("ignore", fd.FactdeskWarning)
    made = fd.create(folder / "case.csv", title=HOSTILE, publisher=HOSTILE, by="Ada Quist")
    made.log(HOSTILE, claimant=HOSTILE, made_on="2025-03-01", claim_id="hostile")
    made.log("word " * 300 + "x" * 300, claimant="B", made_on="2025-03-01", claim_id="long")
    made.set_status("hostile", "refuted", holds_from="2025-03-02", rationale=HOSTILE)
    made.set_status("long", "unverifiable", holds_from="2025-03-02", rationale="y" * 300)
    source = written(folder / "in" / "a b'\"&<.ipynb", f"# {HOSTILE}\n\n{HOSTILE}", ledger="../case.csv")
    notebook = nbformat.read(source, 4)
    notebook.cells.append(v4.new_code_cell("desk", outputs=[DESK]))
    spec = drawing("status_over_time", "sample").to_dict()
    shown = v4.new_output("display_data", render(spec)[0])
    notebook.cells.append(v4.new_code_cell("chart", outputs=[shown]))
    nbformat.write(notebook, source)
    share(folder / "in", folder / "site", execute=False)
    made.set_status("hostile", "mixed", holds_from="2025-03-02", rationale=HOSTILE)
    for n, status in enumerate(made.settings.statuses[1:]):
        made.log(f"Claim {n}.", claimant="B", made_on="2025-03-01", claim_id=f"claim-{n}")
        made.set_status(f"claim-{n}", status, holds_from="2025-03-02", rationale=HOSTILE)
    made.set_status("long", "supported", holds_from="2025-03-02", rationale="y" * 300)
    share(folder / "in", folder / "site", execute=False)
    return folder / "site"


def test_the_feed_of_hostile_text_is_sound(hostile_site):
    entries = parsed((hostile_site / "feed.xml").read_text("utf-8"))
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert any(title.startswith("</script><script>") for title in titles)
    assert max(map(len, titles)) < 200


def test_the_picture_of_a_card_is_light(hostile_site):
    page = (hostile_site / "index.html").read_text("utf-8")
    found = re.search(r'<img class="glance" src="([^"]*)"', page)
    assert len(found[1]) < 30_000
    assert lighter(found[1], index_module.PICTURE_WIDTH) == found[1]


@pytest.mark.parametrize("size", [(900, 300), (500, 400), (400, 1600)])
def test_a_card_shows_the_whole_of_its_picture(opened, tmp_path, size):
    drawn = Image.new("RGB", size, "red")
    drawn.paste("white", (40, 40, size[0] - 40, size[1] - 40))
    packed = io.BytesIO()
    drawn.save(packed, "PNG")
    picture = f"data:image/png;base64,{base64.b64encode(packed.getvalue()).decode()}"
    (tmp_path / "index.html").write_text(index([Card("a.html", "A", picture=picture)]), "utf-8")
    page = opened(tmp_path / "index.html", until=".glance")
    for width in (1000, 360):
        page.set_viewport_size({"width": width, "height": 900})
        seen = Image.open(io.BytesIO(page.locator(".glance").screenshot())).convert("RGB")
        assert seen.height < 300
        across = [(x, seen.height // 2) for x in range(seen.width)]
        down = [(seen.width // 2, y) for y in range(seen.height)]
        for line in (across, down):
            reds = "".join("r" if seen.getpixel(at) == (255, 0, 0) else " " for at in line).strip()
            assert re.fullmatch("r+ +r+", reds)


@pytest.mark.parametrize("name", ["index.html", "corrections.html"])
def test_in_a_browser_nothing_runs_and_an_accessibility_engine_finds_nothing(opened, hostile_site, name):
    page = opened(hostile_site / name, until="main")
    for scheme, width in [("light", 1000), ("dark", 360)]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
    assert page.title() != "ran"
    assert page.said == []
    assert page.asked == [(hostile_site / name).as_uri()]
