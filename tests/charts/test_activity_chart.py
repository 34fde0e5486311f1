"""When a ledger was worked on: each entry on its day, from one week to many years."""

import json
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from drawn import caption, rows, sample, spec_of, texts, written
from placed_words import boxes
from test_canvas import contrast

import factdesk as fd
from factdesk import measures
from factdesk.charts import activity
from factdesk.charts.activity_chart import COLUMNS, MOST_YEARS
from factdesk.charts.canvas import look_of
from factdesk.errors import InvalidValue

FIRST = date(2025, 3, 10)
SIZES = ("page", "column", "slide", "card")


def on(day, hour=10):
    return f"{day}T{hour:02}:30:00.000000Z"


def worked(folder, days, *, each=1, timezone="", last=None):
    """A ledger on which, on each of these moments, a claim was logged, evidence attached and statuses given."""
    claims, statuses, evidence = [], [], []
    for n, at in enumerate(days):
        claim = f"c-{n}"
        claims.append(
            {
                "claim_id": claim,
                "claim": f"It rained {n}.",
                "claimant": "Radio",
                "made_on": at[:10],
                "logged_at": at,
            }
        )
        evidence.append({"claim_id": claim, "source_id": "s-000000", "stance": "supports", "attached_at": at})
        given = {"status": "refuted", "holds_from": at[:10], "rationale": "So.", "recorded_at": at}
        statuses += [{**given, "claim_id": claim}] * each
    sources = [{"source_id": "s-000000", "url": "https://example.org", "added_at": days[0]}]
    ledger = written(folder, claims, statuses, evidence, sources, as_of=last or max(days)[:10])
    if not timezone:
        return ledger
    settings = folder / "claims" / "ledger.toml"
    settings.write_text(settings.read_text("utf-8").replace('"UTC"', f'"{timezone}"'), "utf-8")
    return fd.open(folder / "claims.csv", by="Ada Quist")


def some(folder, length, *, chance=0.4, seed=1, quiet=()):
    """A ledger that was worked on on some of so many days, the first and the last among them."""
    random = Random(seed)
    days = [FIRST + timedelta(days=n) for n in range(length)]
    kept = [
        day
        for day in days
        if day in (days[0], days[-1]) or (random.random() < chance and day.year not in quiet)
    ]
    return worked(folder, [on(day) for day in kept], each=2)


def said(chart):
    return " ".join(spec_of(chart)["title"]["text"])


def under(chart):
    return " ".join(spec_of(chart)["title"]["subtitle"])


def shown(chart):
    return rows(chart, *COLUMNS, "y2")


def measured(ledger):
    work = measures.activity(ledger)
    return {
        (day.date().isoformat(), what): count
        for day, what, count in zip(work["day"], work["what"], work["count"], strict=True)
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("length", [1, 5, 40, 90, 330])
def test_each_day_says_what_is_measured(length, size, tmp_path):
    ledger = some(tmp_path, length)
    cells = shown(activity(ledger, size=size))
    assert all(row["from"] == row["until"] for row in cells)
    assert {(row["from"], row["what"]): row["count"] for row in cells} == measured(ledger)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("length", [800, 3000, 7300])
def test_each_week_or_month_is_the_sum_of_its_days(length, size, tmp_path):
    ledger = some(tmp_path, length, chance=0.05)
    chart = activity(ledger, size=size)
    cells, days = shown(chart), measured(ledger)
    assert len(cells) < len(days)
    for row in cells:
        within = sum(
            count
            for (day, what), count in days.items()
            if what == row["what"] and row["from"] <= day <= row["until"]
        )
        assert row["count"] == within
    if "; shown: " not in under(chart):
        assert sum(row["count"] for row in cells) == sum(days.values())


@pytest.mark.parametrize("length", [5, 40, 330, 800, 3000])
def test_cells_do_not_lie_on_each_other(length, tmp_path):
    cells = shown(activity(some(tmp_path, length)))
    boxes = sorted((row["x"], row["y"], row["x2"], row["y2"]) for row in cells)
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            if other[0] >= one[2]:
                break
            assert other[1] >= one[3] or other[3] <= one[1]


@pytest.mark.parametrize("length", [40, 330])
def test_a_day_stands_in_the_row_or_column_of_its_weekday(length, tmp_path):
    cells = [row for row in shown(activity(some(tmp_path, length))) if row["what"] == "logged"]
    side = "x" if length == 40 else "y"
    places = sorted({row[side] for row in cells})
    assert len(places) == 7
    for row in cells:
        assert places.index(row[side]) == date.fromisoformat(row["from"]).weekday()


def test_a_week_begins_on_the_day_on_which_it_does_there(tmp_path):
    ledger = some(tmp_path, 330)
    cells = [row for row in shown(activity(ledger, locale="en-US")) if row["what"] == "logged"]
    top = min(row["y"] for row in cells)
    assert {date.fromisoformat(row["from"]).weekday() for row in cells if row["y"] == top} == {6}


@pytest.mark.parametrize(("timezone", "day"), [
    ("Pacific/Pago_Pago", "2025-03-30"), ("UTC", "2025-03-31"), ("Pacific/Kiritimati", "2025-04-01"),
])  # fmt: skip
def test_a_day_is_that_of_the_ledger_in_any_time_zone(timezone, day, tmp_path):
    ledger = worked(tmp_path, ["2025-03-31T10:30:00.000000Z"], timezone=timezone)
    chart = activity(ledger)
    assert {row["from"] for row in shown(chart)} == {day}
    assert f"time zone {timezone}." in caption(chart)
    # Nothing of it is a moment: no reader's clock moves a day.
    assert '"temporal"' not in json.dumps(spec_of(chart))
    assert "utc" not in json.dumps(spec_of(chart)["layer"])


def test_the_days_on_either_side_of_new_year_are_in_their_own_years(tmp_path):
    days = ["2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02", "2026-12-31", "2027-01-01"]
    cells = shown(activity(worked(tmp_path, [on(day) for day in days])))
    spans = {(row["from"], row["until"]) for row in cells}
    assert spans == {
        ("2024-12-30", "2024-12-31"), ("2025-01-01", "2025-01-05"), ("2026-12-28", "2026-12-31"),
        ("2027-01-01", "2027-01-01"),
    }  # fmt: skip


def test_years_in_which_nothing_was_done_are_folded_and_one_alone_is_not(tmp_path):
    ledger = some(tmp_path, 5000, chance=0.05, quiet=(2027, 2030, 2031, 2032))
    chart = activity(ledger)
    assert "2030–2032: nothing" in texts(chart)
    assert "2027" in texts(chart)
    assert not {"2030", "2031", "2032"} & set(texts(chart))
    assert "Years in which nothing was written are folded." in caption(chart)
    assert "folded" not in caption(activity(some(tmp_path / "busy", 800)))


@pytest.mark.parametrize("size", SIZES)
def test_of_more_years_than_fit_the_latest_are_drawn_and_it_says_so(size, tmp_path):
    days = [on(date(year, 3, 10)) for year in range(1980, 2026)]
    chart = activity(worked(tmp_path, days), size=size)
    years = sorted({row["from"][:4] for row in shown(chart)})
    assert len(years) <= MOST_YEARS
    assert years[-1] == "2025"
    assert f"; shown: 1 January {years[0]} to 10 March 2025" in under(chart)
    assert "10 March 1980 to 10 March 2025" in under(chart)


@pytest.mark.parametrize(("size", "height"), [("slide", 450), ("card", 420)])
@pytest.mark.parametrize("length", [1, 30, 90, 330, 1200, 7300])
def test_slides_and_cards_keep_their_height(size, height, length, tmp_path):
    chart = activity(some(tmp_path, length, chance=0.2), size=size)
    spec = spec_of(chart)
    assert spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"] == pytest.approx(height)
    assert max(row["y2"] for row in shown(chart)) <= spec["height"] + 0.01


@pytest.mark.parametrize("locale", ["en-GB", "uk"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("length", [1, 20, 50, 90, 250, 370, 800, 3000])
def test_no_words_touch_or_are_cut_however_long_it_is(length, size, locale, tmp_path):
    spec = spec_of(activity(some(tmp_path, length, chance=0.1, quiet=(2027, 2028)), size=size, locale=locale))
    padding = spec["padding"]
    right = spec["width"] + padding["left"] + padding["right"] - 2
    foot = spec["height"] + padding["top"] + padding["bottom"] - 2
    found = sorted(boxes(spec))
    assert [one for one in found if one[0] < 2 or one[1] < 2 or one[2] > right or one[3] > foot] == []
    touching = [
        (one[4], other[4])
        for n, one in enumerate(found)
        for other in found[n + 1 :]
        if other[0] < one[2] - 1 and other[1] < one[3] - 1 and one[1] < other[3] - 1
    ]
    assert touching == []


def test_edits_have_a_calendar_where_there_are_any(tmp_path):
    ledger = some(tmp_path, 5)
    assert "Edited" not in texts(activity(ledger))
    ledger.withdraw("claims", ledger.claims["claim_id"].iloc[0], why="It was logged twice.")
    changed = activity(ledger)
    assert "Edited" in texts(changed)
    assert "edited: cells changed and rows withdrawn" in caption(changed)


@pytest.mark.parametrize(("days", "title"), [
    (["2025-03-10"], "All 3 entries were made on one day, 10 March 2025"),
    (["2025-03-10", "2025-03-11"], "Work was done on both days, at most 3 entries on one"),
    (["2025-03-10", "2025-03-10", "2025-03-12"],
     "Work was done on 2 of 3 days; the busiest, with 6 entries, was 10 March 2025"),
])  # fmt: skip
def test_the_title_says_on_how_many_days_work_was_done(days, title, tmp_path):
    assert said(activity(worked(tmp_path, [on(day) for day in days]))) == title


def test_two_entries_of_one_day_are_both_of_them(tmp_path):
    title = said(activity(worked(tmp_path, [on("2025-03-10")], each=0)))
    assert title == "Both entries were made on one day, 10 March 2025"


def test_classes_of_counts_meet_and_reach_the_greatest(tmp_path):
    for each in (1, 3, 8, 90, 3_000):
        ledger = worked(tmp_path / str(each), [on(FIRST), on(FIRST + timedelta(days=1))], each=each)
        chart = activity(ledger)
        names = [
            row["text"] for row in rows(chart, "x", "y", "text") if row["y"] == -18 and "E" not in row["text"]
        ]
        ends = [tuple(int(end.replace(",", "")) for end in name.split("–")) for name in names]
        assert ends[0][0] == 1
        assert ends[-1][-1] == max(measured(ledger).values())
        assert all(after[0] == before[-1] + 1 for before, after in pairwise(ends))
        assert len(ends) <= 5


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_a_number_is_read_on_its_day_and_each_day_of_work_has_an_edge_that_is_seen(theme, tmp_path):
    look = look_of(theme)
    ledger = worked(tmp_path, [on(FIRST), on(FIRST + timedelta(days=1))], each=100)
    chart = activity(ledger, theme=theme)
    colours = {row["colour"] for row in rows(chart, "colour")}
    assert len(colours) == 5
    assert all(contrast(look.ink_on(colour), colour) >= 4.5 for colour in colours)
    assert contrast(look.muted, look.track) >= 3


def test_a_span_shows_its_days_only(tmp_path):
    ledger = some(tmp_path, 330)
    chart = activity(ledger, span=("2025-04-01", "2025-04-30"))
    assert {row["from"][:7] for row in shown(chart)} == {"2025-04"}
    assert "1 to 30 April 2025" in under(chart)
    quiet = some(tmp_path / "quiet", 60, chance=0)
    span = (FIRST + timedelta(days=20), FIRST + timedelta(days=30))
    assert said(activity(quiet, span=span)) == "No work in the ledger in these days"


def test_the_text_alternative_gives_the_content(tmp_path):
    assert (
        "24 November 2026: 34 logged, 85 attached, 31 judged." in spec_of(activity(sample()))["description"]
    )
    many = spec_of(activity(some(tmp_path, 3000)))["description"]
    assert "2025: " in many
    assert "2032: " in many


def test_its_specification_stays_small_however_much_was_done(tmp_path):
    assert len(json.dumps(spec_of(activity(some(tmp_path, 370, chance=1))))) < 300_000
    assert len(json.dumps(spec_of(activity(some(tmp_path / "long", 7_300, chance=0.5))))) < 300_000


def test_nothing_at_all_says_so():
    assert said(activity(sample().where(claimant="nobody"))) == "No claims in this part of the ledger yet"


def test_what_is_not_allowed_is_refused_with_what_is():
    with pytest.raises(InvalidValue, match="page, column, slide, card"):
        activity(sample(), size="poster")
    with pytest.raises(InvalidValue, match="two days"):
        activity(sample(), span="March")


def test_one_day_alone_stands_in_a_calendar_of_some_weeks_whatever_day_it_is(tmp_path):
    for day in ("2025-08-01", "2025-03-10", "2025-04-30"):
        folder = tmp_path / day
        folder.mkdir()
        words = texts(activity(worked(folder, [on(day)])))
        assert sum(word.isdigit() for word in words) > 3 * 14
