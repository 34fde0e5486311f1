"""Fact-checks in files: read as frames, also where some of them can't be used."""

import json
import tempfile
import tracemalloc
import warnings
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import samples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import factdesk as fd
from factdesk.errors import InvalidValue, NotFound
from factdesk.exchange import feeds
from factdesk.exchange.reviews import COLUMNS
from factdesk.text import clean


def test_the_case_from_the_field_is_read_whole(tmp_path):
    if not samples.CASES.is_dir():
        pytest.skip("the cases from the field are not here")
    (row,) = fd.claimreview.read(samples.CASES / "17-claimreview.json").to_dict("records")
    assert (row["claim"], row["claimant"], row["made_on"]) == (
        "The target area is only two metres wide.", "J. Roe", "2021-01-30",
    )  # fmt: skip
    assert row["appearances"] == [
        "https://foobar.example/1",
        "https://foobar.example/13531",
        "https://social.example/9",
    ]
    assert (row["rating"], row["rating_value"], row["worst_rating"], row["best_rating"]) == (
        "Mostly False",
        2,
        1,
        6,
    )
    assert (row["reviewer"], row["review_url"], row["reviewed_on"]) == (
        "The Desk",
        "https://checks.example/1",
        "2021-02-01",
    )
    assert (row["misfit"], row["remarks"]) == ("", [])


@samples.needs_cases
def test_a_sheet_of_ratings_is_read_with_its_addresses_and_tags_once_each():
    found = fd.claimreview.read(samples.CASES / "01-politifact-sheet.csv")
    assert found["rating"].tolist() == ["Pants on Fire", "Mostly False", "Half-True"]
    assert [len(sources) for sources in found["sources"]] == [3, 2, 0]
    assert found["topics"].tolist() == [["Health", "Posts"], ["Police"], ["Taxes"]]
    assert found["line"].tolist() == [2, 3, 4]


def test_a_frame_has_the_same_columns_and_types_however_little_was_found(tmp_path):
    for text in ('{"claims": []}', "{}", "[]", '{"@type": "ClaimReview"}'):
        path = tmp_path / "a.json"
        path.write_text(text)
        found = fd.claimreview.read(path)
        assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert found["misfit"].tolist() == ["no claim: claimReviewed is empty."]


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}', "[1]", '{"claims": 5}', '<script type="application/ld+json">{"@type": "WebPage"}</script>'],
)
def test_a_file_in_which_nothing_is_reviewed_is_refused(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InvalidValue, match="in this one there is none"):
        fd.claimreview.read(path)


def test_of_a_feed_larger_than_the_memory_one_review_is_held_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(feeds, "WHOLE", 0)
    path = tmp_path / "feed.json"
    review = {"@type": "ClaimReview", "claimReviewed": "It rained.", "reviewBody": "x" * 10_000}
    path.write_text(json.dumps({"dataFeedElement": [{"item": [review]}] * 500}))
    found = fd.claimreview.iter_reviews(path)
    assert next(found)["place"] == "dataFeedElement[0].item[0]"
    tracemalloc.start()
    assert sum(1 for _ in found) == 499
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < path.stat().st_size / 5


def test_what_a_program_or_a_person_broke_is_named_and_the_rest_is_read(tmp_path):
    page = tmp_path / "page.html"
    good = json.dumps({"@type": "ClaimReview", "claimReviewed": "It rained."})
    script = '<script type="application/ld+json">{}</script>\n'
    page.write_text(script.format(good) + script.format("{broken") + script.format(good))
    found = fd.claimreview.read(page)
    assert found["place"].tolist() == ["script 1", "script 2", "script 3"]
    assert (found["misfit"] != "").tolist() == [False, True, False]
    assert isinstance(found, pd.DataFrame)


# Out


def desk(folder, **more) -> fd.Ledger:
    return fd.create(folder / "desk.csv", title="The <desk>'s", publisher="The Desk", by="Ada Quist", **more)


def log(row: dict, ledger: fd.Ledger) -> None:
    """Log a review that was read as a claim of one's own."""
    first, *others = row["appearances"]
    made_on = row["made_on"][: {"month": 7, "year": 4}.get(row["made_on_precision"], 10)]
    words = {name: row[name] for name in ("claimant", "claimant_role", "quote", "topics")}
    claim = ledger.log(row["claim"], made_on=made_on, appearance=first, **words)
    for address in others:
        ledger.repeat(claim, appearance=address)
    evidence = [ledger.attach(claim, address, stance="context") for address in row["sources"]]
    published = {"published_at": row["review_url"], "published_on": row["reviewed_on"], "evidence": evidence}
    rationale = row["rationale"] or "See there."
    ledger.set_status(claim, row["rating"], holds_from=row["reviewed_on"], rationale=rationale, **published)


@samples.needs_cases
def test_the_case_from_the_field_is_written_back_whole(tmp_path):
    path = samples.CASES / "17-claimreview.json"
    ledger = fd.import_table(path, tmp_path / "desk.csv", ours=True, by="Ada Quist").write().ledger
    assert ledger.settings.publisher == "The Desk"
    (scale,) = (one for one in ledger.settings.vocabulary if one.settled)
    assert (scale.name, scale.rating, scale.best_rating) == ("Mostly False", 2, 6)
    assert fd.claimreview.write(ledger, tmp_path / "feed.json").empty
    assert published(tmp_path / "feed.json") == [json.loads(path.read_text("utf-8"))]


def published(feed):
    """The reviews of a feed by their address."""
    elements = json.loads(feed.read_text("utf-8"))["dataFeedElement"]
    return sorted((one for element in elements for one in element["item"]), key=lambda one: one["url"])


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), min_size=1, max_size=12).filter(
    lambda text: clean(text, one_line=True)[0]
)
ADDRESS = st.integers(1, 40).map("https://pages.example/{}?a=b&c=d".format)
DAY = st.dates(date(2019, 1, 1), date(2025, 1, 1)).map(date.isoformat)
SAYS_WHO = {"url": ADDRESS, "sameAs": st.lists(ADDRESS, min_size=1), "image": ADDRESS, "alternateName": WORDS}


def thing(kinds, /, _needed=None, **others):
    named = {"@type": st.sampled_from(kinds.split()), **(_needed or {})}
    return st.fixed_dictionaries(named, optional=others)


WHO = thing("Person Organization", {"name": WORDS}, **SAYS_WHO, jobTitle=WORDS)
WORK = thing(
    "CreativeWork VideoObject", {"url": ADDRESS}, headline=WORDS, datePublished=DAY, author=WHO, publisher=WHO
)
RATING = thing(
    "Rating",
    {"alternateName": st.sampled_from(["False", "Mostly False", "Pants on Fire!", "Вірно"])},
    ratingValue=st.sampled_from([1, 2, 2.5, "6", "3"]), bestRating=st.sampled_from([6, "10"]), worstRating=st.just(1),
    ratingExplanation=WORDS, image=ADDRESS,
)  # fmt: skip
ITEM = thing(
    "Claim", {"author": WHO}, text=WORDS, datePublished=DAY | st.sampled_from(["2018", "2018-05"]), name=WORDS,
    firstAppearance=WORK, appearance=st.lists(WORK | ADDRESS, min_size=1, max_size=3), keywords=st.lists(WORDS, min_size=1), sameAs=ADDRESS,
)  # fmt: skip
REVIEW = thing(
    "ClaimReview", {"datePublished": DAY | DAY.map("{}T10:00:00Z".format), "itemReviewed": ITEM, "reviewRating": RATING},
    publisher=WHO, inLanguage=st.sampled_from(["de", "en-GB"]), headline=WORDS, reviewBody=WORDS, description=WORDS,
    citation=st.lists(ADDRESS, min_size=1), keywords=WORDS, mainEntityOfPage=ADDRESS, dateModified=DAY, image=ADDRESS,
)  # fmt: skip


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(REVIEW, min_size=1, max_size=4), WHO)
def test_nothing_that_a_review_says_is_lost_between_the_file_that_comes_in_and_the_feed_that_goes_out(
    told, desk
):
    statuses = {one["reviewRating"]["alternateName"]: "mixed" for one in told}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        home = Path(folder)
        for at, one in enumerate(told):
            own = {"@context": "https://schema.org", "url": f"https://checks.example/{at}", "author": desk}
            one |= own | {"claimReviewed": f"{at} days of rain"}
        (home / "given.json").write_text(json.dumps(told), "utf-8")
        ledger = fd.create(home / "desk.csv", title="T", publisher="The Desk", by="Ada Quist")
        coming = fd.import_table(home / "given.json", ledger, ours=True, statuses=statuses)
        assert coming.write().new == len(told)
        fd.claimreview.write(ledger, home / "feed.json")
        assert published(home / "feed.json") == told
        for name in ("feed.json", "given.json"):
            again = fd.import_table(home / name, ledger, ours=True)
            assert again.counts == {"new": 0, "changed": 0, "same": len(told), "set aside": 0}


def test_what_was_edited_since_a_review_came_in_is_told_in_its_place_and_nothing_else_changes(tmp_path):
    told = {
        "@context": "https://schema.org", "@type": "ClaimReview", "url": "https://checks.example/1", "inLanguage": "de",
        "claimReviewed": "It rained.", "datePublished": "2025-03-14", "author": {"name": "The Desk", "url": "https://d.example"},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "J. Roe", "sameAs": "https://j.example"}},
        "reviewRating": {"ratingValue": 2, "bestRating": 6, "alternateName": "Mostly False"}, "reviewBody": "Dry.",
    }  # fmt: skip
    (tmp_path / "given.json").write_text(json.dumps(told))
    ledger = fd.import_table(tmp_path / "given.json", tmp_path / "desk.csv", ours=True).write().ledger
    claim, status = ledger.claims["claim_id"][0], ledger.statuses["status_id"][0]
    ledger.edit("claims", claim, claim="It rained all day.", why="clearer")
    ledger.edit("statuses", status, rationale="The gauge was dry.", why="clearer")
    ledger.repeat(claim, appearance="https://b.example/2")
    fd.claimreview.write(ledger.where(text="rained"), tmp_path / "feed.json")
    work = {"@type": "CreativeWork", "url": "https://b.example/2"}
    new = {"claimReviewed": "It rained all day.", "reviewBody": "The gauge was dry."}
    assert published(tmp_path / "feed.json") == [
        told | new | {"itemReviewed": told["itemReviewed"] | {"appearance": [work]}}
    ]
    ledger.edit("statuses", status, status="unverified", why="withdrawn by the desk")
    fd.claimreview.write(ledger, tmp_path / "feed.json")
    assert published(tmp_path / "feed.json") == []


def test_each_published_check_of_a_claim_is_in_the_feed_and_its_latest_in_the_claim_s_own_file(tmp_path):
    ledger = fd.create(tmp_path / "desk.csv", title="T", publisher="The Desk", statuses="politifact")
    ledger.log("It rained.", claimant="Radio", claim_id="rain", made_on="2025-03-01")
    for day, status in ((10, "true"), (11, "false"), (12, "half true")):
        at = f"https://checks.example/{min(day, 11)}"
        ledger.set_status("rain", status, holds_from=f"2025-03-{day}", rationale=f"r{day}", published_at=at)
    fd.claimreview.write(ledger, tmp_path / "out")
    words = [one["reviewRating"]["alternateName"] for one in published(tmp_path / "out" / "feed.json")]
    assert words == ["true", "half true"]
    own = json.loads((tmp_path / "out" / "claim-rain.json").read_text("utf-8"))
    assert own["reviewRating"]["alternateName"] == "half true"
    fd.claimreview.write(ledger, tmp_path / "feed.json")
    back = fd.import_table(tmp_path / "feed.json", ledger)
    assert back.counts["same"] == 2 and back.write().changed == 0


TEXTS = (
    "It rained.",
    "</script><b>&amp;",
    "=1+1",
    "\"quoted\" and 'so'",
    "two lines",
    "😀 é 中 نعم",
    "a;b",
    "\\u0041 \\n",
    "x" * 20_000,
)


def test_what_is_written_is_read_back_with_nothing_lost(tmp_path):
    ledger, rows = desk(tmp_path), []
    days = ["", "2025-03-10", "2025-03", "2025"]
    for n, text in enumerate(TEXTS):
        made_on, addresses = days[n % 4], [f"https://a.example/{n}?x=1&y={y}" for y in range(n % 3 + 1)]
        rows.append({
            "claim": f"{n} {text}", "claimant": text[:50], "claimant_role": TEXTS[n - 1], "quote": TEXTS[n - 2],
            "made_on": (f"{made_on}-01-01")[:10] if made_on else "", "made_on_precision": ["", "", "month", "year"][n % 4],
            "topics": [["sky", "rain, snow"], [], ["=sum"]][n % 3], "appearances": addresses, "sources": addresses[:1],
            "rating": "mixed", "rating_value": 3.0, "worst_rating": 1.0, "best_rating": 5.0, "reviewer": "The Desk",
            "review_url": f"https://checks.example/{n}", "reviewed_on": "2025-03-14", "rationale": TEXTS[n - 3],
            "misfit": "", "remarks": [],
        })  # fmt: skip
        log(rows[-1], ledger)
    missing = fd.claimreview.write(ledger, tmp_path / "feed.json")
    assert set(missing["missing"]) == {"day of the claim"} and len(missing) == len(rows[::4])
    found = fd.claimreview.read(tmp_path / "feed.json").sort_values("claim")[list(rows[0])]
    assert found.to_dict("records") == rows


def test_a_folder_has_a_file_for_each_settled_claim_and_the_feed_beside_them(tmp_path):
    ledger = desk(tmp_path)
    for claim_id in ("rain", "snow", "hail"):
        ledger.log(f"It is {claim_id}.", claimant="The <Daily>", claim_id=claim_id)
    ledger.set_status("rain", "refuted", rationale="Dry.")
    ledger.set_status("snow", "supported", rationale="White.", published_at="https://checks.example/snow")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    missing = fd.claimreview.write(ledger, tmp_path / "out")
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "claim-rain.json", "claim-snow.json", "feed.json", "mine.txt",
    ]  # fmt: skip
    for one in (tmp_path / "out").glob("*.json"):
        assert not set("<>&") & set(one.read_text("utf-8"))
    assert fd.claimreview.read(tmp_path / "out" / "claim-rain.json")["claim"].tolist() == ["It is rain."]
    assert set(fd.claimreview.read(tmp_path / "out" / "feed.json")["claim"]) == {"It is rain.", "It is snow."}
    assert missing.columns.tolist() == ["claim_id", "missing"]
    lacking = {"day of the published check", "day of the claim", "address of an appearance"}
    assert set(missing["missing"][missing["claim_id"] == "snow"]) == lacking
    assert set(missing["missing"][missing["claim_id"] == "rain"]) == lacking | {
        "address of the published check"
    }


def test_a_page_stands_in_for_an_address_that_is_missing(tmp_path):
    ledger = desk(tmp_path)
    ledger.log("It rained.", claimant="The Daily", claim_id="rain")
    ledger.set_status("rain", "refuted", rationale="Dry.")
    path = tmp_path / "feed.json"
    missing = fd.claimreview.write(ledger, path, page="https://checks.example/all.html")
    assert "address of the published check" not in set(missing["missing"])
    assert fd.claimreview.read(path)["review_url"].tolist() == ["https://checks.example/all.html#claim-rain"]
    with pytest.raises(InvalidValue, match="page"):
        fd.claimreview.write(ledger, path, page="all.html")


def test_without_a_path_nothing_is_written_and_what_is_missing_is_said(tmp_path):
    ledger = desk(tmp_path)
    ledger.log("It rained.", claimant="The Daily", claim_id="rain")
    assert fd.claimreview.write(ledger).empty  # nothing is settled
    ledger.set_status("rain", "refuted", rationale="Dry.")
    before = samples.files(tmp_path)
    assert len(fd.claimreview.write(ledger)) == 4
    assert samples.files(tmp_path) == before


def test_a_ledger_without_a_publisher_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(InvalidValue, match=r"publisher = \"The Desk\""):
        fd.claimreview.write(samples.rain(tmp_path), tmp_path / "feed.json")
    assert not (tmp_path / "feed.json").exists()


@pytest.mark.parametrize(
    "path",
    [
        "feed.txt",
        "desk",
        "desk/out",
        "desk/feed.json",
        "desk/seals/x.json",
        "",
        ".",
        5,
        "none/feed.json",
        "none/out",
    ],
)
def test_a_place_that_is_none_or_a_ledgers_own_is_refused(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    ledger = desk(tmp_path)
    ledger.seal()
    before = samples.files(tmp_path)
    with pytest.raises((InvalidValue, NotFound)):
        fd.claimreview.write(ledger, path)
    assert samples.files(tmp_path) == before


def test_an_id_of_a_strangers_ledger_leads_nowhere_else(tmp_path):
    ledger = desk(tmp_path)
    ledger.log("It rained.", claimant="The Daily", claim_id="rain")
    ledger.set_status("rain", "refuted", rationale="Dry.")
    for name in ("desk.csv", "desk/statuses.csv"):
        file = tmp_path / name
        file.write_text(file.read_text("utf-8").replace("rain,", "../../../rain,"), "utf-8")
    fd.claimreview.write(fd.open(ledger.path), tmp_path / "out")
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "claim-..%2F..%2F..%2Frain.json",
        "feed.json",
    ]


def test_an_empty_feed_is_written_and_read_back(tmp_path):
    fd.claimreview.write(desk(tmp_path), tmp_path / "feed.json")
    assert fd.claimreview.read(tmp_path / "feed.json").empty
