"""What of a ledger can't be read stands apart in everything that pages and the desk say of it."""

import html
import warnings

import pytest
from samples import days_as_a_spreadsheet_shows_them, rain, rain_files

import factdesk as fd
from factdesk.desk import card
from factdesk.pages.claim import UNREAD, Claims, counts, statuses
from factdesk.pages.explorer import explorer
from factdesk.pages.explorer_rows import carried
from factdesk.pages.index import Card, index
from factdesk.pages.share import facts_of


@pytest.fixture
def damaged(tmp_path):
    """A small ledger in whose one status a spreadsheet wrote the day anew."""
    ledger = rain(tmp_path)
    days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    return ledger.refresh()


SENTENCE = "1 status can't be read and is left out; 1 claim is in no status for it"


def test_chips_count_apart_what_can_not_be_read(damaged):
    shown = html.unescape(counts(damaged))
    assert "1 can't be read" in shown and SENTENCE in shown
    assert shown.count("unverified") == 1 and "supported" not in shown
    assert statuses(damaged) == {"rain": UNREAD, "snow": "unverified"}


def test_a_claim_says_that_a_status_of_it_can_not_be_read(damaged):
    shown = html.unescape(Claims(damaged).card("rain"))
    assert f"{UNREAD}</span></p>" in shown and "since" not in shown
    assert "No status given yet" not in shown and "unverified" not in shown
    assert f"A status of this claim {UNREAD}" in shown


def test_a_saved_desk_and_pages_say_what_is_left_out(damaged):
    assert UNREAD in html.unescape(card.saved(damaged, "rain"))
    assert SENTENCE in facts_of(damaged).counts


def test_where_no_claim_can_be_read_the_desk_does_not_say_that_none_was_logged(tmp_path):
    rain_files(tmp_path)
    table = tmp_path / "claims.csv"
    table.write_text(table.read_text("utf-8").replace(".", ","), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        ledger = fd.open(table)
    assert ledger.claims.empty
    assert "No claim can be read" in card.heading(ledger)
    assert "No claim can be read." in explorer(ledger)[0]


def test_the_explorer_counts_apart_what_can_not_be_read_on_every_day(damaged):
    found, (markup, part) = carried(damaged), explorer(damaged)
    last = len(damaged.settings.vocabulary)
    assert found["statuses"][last] == {"name": "", "label": UNREAD, "sign": ""}
    assert found["given"]["of"] == [1, 0] and found["given"]["status"] == [last]
    assert found["given"]["day"] == [0] and found["given"]["known"] == [found["claims"]["known"][0]]
    assert f".fx-f{last}{{fill:none}}" in part.style
    assert "1 claim, 1 can't be read" in html.unescape(markup)


def test_an_index_names_a_status_that_can_no_longer_be_read(tmp_path):
    ledger = rain(tmp_path)
    before = index([Card("a.html", "Rain", ledger=ledger, facts=facts_of(ledger))])
    days_as_a_spreadsheet_shows_them(tmp_path / "claims" / "statuses.csv")
    ledger.refresh()
    page = html.unescape(
        index([Card("a.html", "Rain", ledger=ledger, facts=facts_of(ledger))], before=before)
    )
    assert SENTENCE in page and f'→ <span class="fd-chip">{UNREAD}</span>' in page
    assert "no longer in the ledger" not in page


def test_a_claim_says_when_it_is_due_and_what_would_settle_it_where_that_is_known(tmp_path):
    ledger = rain(tmp_path)
    assert "Due" not in Claims(ledger).words("rain") and carried(ledger)["claims"]["due"] == {}
    ledger.edit("claims", "rain", why="a forecast", due_on="2031-06", would_settle="</p><b>the gauge</b>")
    shown = Claims(ledger).words("rain")
    assert "Due June 2031 · Would settle it: " in shown
    assert "<b>the gauge" not in shown and "the gauge" in shown
    assert carried(ledger)["claims"]["due"]["0"].startswith("Due June 2031 · ")
    ledger.edit("claims", "snow", why="a forecast", would_settle="It is white.")
    assert html.unescape(Claims(ledger).words("snow")).count("Would settle it: ") == 1


def test_a_claim_known_by_its_month_or_year_is_told_by_that(tmp_path):
    ledger = rain(tmp_path)
    ledger.log("It hailed.", claimant="Radio", made_on="2025-03", claim_id="hail")
    ledger.log("It froze.", claimant="Radio", made_on="2025", claim_id="frost")
    ledger.repeat("hail", made_on="2025-03-20")
    ledger.set_status("hail", "refuted", holds_from="2025-03-21", rationale="It did not.")
    hail, frost = (Claims(ledger).card(one) for one in ("hail", "frost"))
    assert hail.count("March 2025") == 5 and hail.count("1 March 2025") == 2  # twice 21 March
    assert frost.count(">2025<") + frost.count("since 2025<") + frost.count("· 2025<") == 3
    for page in (card.saved(ledger, "hail"), explorer(ledger)[0]):
        assert ">March 2025</td>" in page and ">2025</td>" in page and "2025-03-01" not in page


def test_a_card_says_of_how_many_origins_its_sources_are_where_that_is_known(tmp_path):
    ledger = fd.create(tmp_path / "claims.csv", title="Rain", by="Ada Quist")
    ledger.log("It rained.", claimant="The Daily", claim_id="rain", made_on="2025-03-01")
    text = " ".join(f"word{n}" for n in range(60))
    for n in range(3):
        article = fd.read_article(text + "." * n, url=f"https://{n}.example/rain")
        ledger.attach("rain", article=article, stance="supports")
    ledger.attach("rain", "https://3.example/rain", stance="refutes")
    words = "4 sources, at most 2 origins"
    assert f"{words} (of 1 no text was kept)" in Claims(ledger).card("rain")
    for chart in (fd.charts.claim_card(ledger, "rain"), fd.charts.evidence(ledger)):
        assert words in chart.description
