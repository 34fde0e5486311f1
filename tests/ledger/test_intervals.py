"""History is compared with the definition of a status on a day, written as plainly as possible."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from faults import LONG
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import factdesk as fd
from factdesk import schema
from factdesk.errors import InvalidValue
from factdesk.frames import typed
from factdesk.ledger import intervals

DAY_ONE = date(2024, 12, 20)  # near the end of a year, so that every kind of period turns
ONE_DAY = timedelta(days=1)
ZONES = ("UTC", "Europe/Kyiv", "America/Los_Angeles", "Pacific/Kiritimati")
WORDS = schema.Settings().statuses
OWN_WORDS = (
    schema.Status("rumour", "rumour", "#DBD7D6", "#5F6369", "○", settled=False),
    *schema.VOCABULARY[2:4],
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


# --- a ledger in plain Python, and the definition as loops over it -----------------------------------------


@dataclass(frozen=True)
class Claim:
    claim_id: str
    made_on: date | None
    logged_at: datetime


@dataclass(frozen=True)
class Given:
    status_id: str
    claim_id: str
    status: str
    holds_from: date
    recorded_at: datetime

    @property
    def rationale(self) -> str:
        return f"why {self.status_id}"


@dataclass(frozen=True)
class Ledger:
    claims: list[Claim]
    given: list[Given]
    settings: schema.Settings

    def first_day(self, claim: Claim) -> date:
        return claim.made_on or claim.logged_at.astimezone(self.settings.zone).date()

    def held(self, claim: Claim, day: date) -> tuple[str, date, Given | None] | None:
        """Status of a claim on a day, from when, and the row that says so."""
        rows = [row for row in self.given if row.claim_id == claim.claim_id and row.holds_from <= day]
        if rows:
            row = max(rows, key=lambda row: (row.holds_from, row.recorded_at, row.status_id))
            return row.status, row.holds_from, row
        if self.first_day(claim) <= day:
            return self.settings.first, self.first_day(claim), None
        return None

    def word(self, claim: Claim, day: date) -> str | None:
        held = self.held(claim, day)
        return held[0] if held else None

    def known(self, moment: datetime) -> Ledger:
        return Ledger(
            [claim for claim in self.claims if claim.logged_at <= moment],
            [row for row in self.given if row.recorded_at <= moment],
            self.settings,
        )


def text(day: date | None) -> str:
    return schema.day_text(day) if day else ""


def frames(ledger: Ledger, as_text: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    claims = [
        {
            "claim_id": c.claim_id,
            "claim": f"text of {c.claim_id}",
            "claimant": "A. Quist",
            "made_on": text(c.made_on),
            "logged_at": schema.moment_text(c.logged_at),
        }
        for c in ledger.claims
    ]
    given_rows = [
        {
            "status_id": g.status_id,
            "claim_id": g.claim_id,
            "status": g.status,
            "holds_from": text(g.holds_from),
            "rationale": g.rationale,
            "recorded_at": schema.moment_text(g.recorded_at),
        }
        for g in ledger.given
    ]
    made = []
    for rows, table in ((claims, schema.CLAIMS), (given_rows, schema.STATUSES_TABLE)):
        frame = pd.DataFrame(rows, columns=table.names, dtype="str").fillna("")
        made.append(frame if as_text else typed(frame, table, ledger.settings))
    return made[0], made[1]


def writable(ledger: Ledger) -> Ledger:
    """The same with no row written down before its day came: files that say so leave it out."""
    claims = [replace(c, logged_at=_not_before(c.made_on, c.logged_at)) for c in ledger.claims]
    given_rows = [replace(g, recorded_at=_not_before(g.holds_from, g.recorded_at)) for g in ledger.given]
    return replace(ledger, claims=claims, given=given_rows)


def _not_before(day: date | None, moment: datetime) -> datetime:
    return moment if day is None else max(moment, datetime.combine(day, time(), UTC))


def write(ledger: Ledger, path: Path) -> None:
    """Make a ledger of these rows and settings."""
    fd.create(path, title="Random", timezone=ledger.settings.timezone)
    with (path.with_suffix("") / "ledger.toml").open("a", encoding="utf-8") as settings_file:
        settings_file.writelines(
            f'[[status]]\nname = "{status.name}"\nsettled = {str(status.settled).lower()}\n'
            for status in ledger.settings.vocabulary
        )
    for file, rows in zip(
        (path, path.with_suffix("") / "statuses.csv"), frames(ledger, as_text=True), strict=True
    ):
        rows.to_csv(file, index=False, lineterminator="\n")


def spells_of(ledger: Ledger) -> pd.DataFrame:
    return intervals.standing(*frames(ledger), ledger.settings.zone)


def status_on(ledger: Ledger, day: object) -> pd.DataFrame:
    both = frames(ledger)
    spells = intervals.standing(*both, ledger.settings.zone)
    return intervals.status_on(spells, *both, day)  # type: ignore[arg-type]


def diff(ledger: Ledger, a: object, b: object) -> pd.DataFrame:
    return intervals.diff(spells_of(ledger), frames(ledger)[1], a, b)  # type: ignore[arg-type]


def span(ledger: Ledger) -> list[date]:
    """Every day on which anything could begin, and some around them."""
    days = [ledger.first_day(claim) for claim in ledger.claims] + [row.holds_from for row in ledger.given]
    first, last = (min(days), max(days)) if days else (DAY_ONE, DAY_ONE)
    return [first + n * ONE_DAY for n in range(-2, (last - first).days + 3)]


def plain(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows as plain Python: days as dates, what is missing as None."""
    columns = [
        [None if pd.isna(v) else v.date() if isinstance(v, pd.Timestamp) else v for v in frame[name]]
        for name in frame
    ]
    return list(zip(*columns, strict=True))


# --- random ledgers ----------------------------------------------------------------------------------------

days = st.integers(0, 40).map(lambda n: DAY_ONE + n * ONE_DAY)
moments = st.integers(0, 400).map(lambda n: datetime(2024, 12, 18, tzinfo=UTC) + n * timedelta(hours=3))


@st.composite
def ledgers(draw: st.DrawFn, days: st.SearchStrategy[date] = days) -> Ledger:
    """Unsorted; with several rows a day, back-dated rows, rows of claims that are gone, claims without rows."""
    vocabulary = draw(st.sampled_from([schema.VOCABULARY, OWN_WORDS]))
    ledger_settings = schema.Settings(timezone=draw(st.sampled_from(ZONES)), vocabulary=vocabulary)
    few_days = st.sampled_from(draw(st.lists(days, min_size=1, max_size=5)))  # so that they meet
    few_moments = st.sampled_from(draw(st.lists(moments, min_size=1, max_size=5)))
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=5))
    claims = [Claim(name, draw(st.none() | few_days), draw(moments)) for name in names]
    rows = st.builds(
        Given,
        status_id=st.integers(0, 10**6).map(lambda n: f"t-{n:x}"),
        claim_id=st.sampled_from([*names, "withdrawn"]),
        status=st.sampled_from(ledger_settings.statuses),
        holds_from=few_days,
        recorded_at=few_moments,
    )
    given_rows = draw(st.lists(rows, max_size=14, unique_by=lambda row: row.status_id))
    return Ledger(claims, given_rows, ledger_settings)


law = settings(deadline=None, max_examples=100 if LONG else 8)


# --- laws --------------------------------------------------------------------------------------------------


@law
@given(ledgers())
def test_a_spell_stands_on_exactly_the_days_on_which_its_status_is_held(ledger: Ledger) -> None:
    spells = plain(spells_of(ledger)[["claim_row", "claim_id", "status", "start", "end", "status_row"]])
    assert spells == sorted(spells, key=lambda spell: (spell[0], spell[3]))
    for place, claim in enumerate(ledger.claims):
        for day in span(ledger):
            stands = [
                (*spell[:4], spell[5])
                for spell in spells
                if spell[1] == claim.claim_id and spell[3] <= day and (spell[4] is None or day < spell[4])
            ]
            held = ledger.held(claim, day)
            if held is None:
                assert stands == []
                continue
            row = ledger.given.index(held[2]) if held[2] else intervals.NO_ROW
            assert stands == [(place, claim.claim_id, held[0], held[1], row)]


@law
@given(ledgers(), days)
def test_status_on_gives_the_status_held_on_that_day(ledger: Ledger, day: date) -> None:
    found = status_on(ledger, day)
    expected = []
    for claim in ledger.claims:
        if held := ledger.held(claim, day):
            row = held[2]
            said = (row.rationale, row.status_id, row.recorded_at) if row else ("", "", None)
            expected.append((claim.claim_id, f"text of {claim.claim_id}", *held[:2], *said))
    columns = ["claim_id", "claim", "status", "holds_from", "rationale", "status_id"]
    moments = [None if pd.isna(moment) else moment for moment in found["recorded_at"]]
    assert [(*row, at) for row, at in zip(plain(found[columns]), moments, strict=True)] == expected


@law
@given(ledgers())
def test_intervals_are_the_runs_of_days_with_one_status(ledger: Ledger) -> None:
    expected = []
    for claim in ledger.claims:
        words = [(day, ledger.word(claim, day)) for day in span(ledger)]
        turns = [(day, word) for (_, before), (day, word) in pairwise(words) if before != word]
        ends = [*(day for day, _ in turns[1:]), None]
        expected += [
            (claim.claim_id, word, day, end) for (day, word), end in zip(turns, ends, strict=True) if word
        ]
    assert plain(intervals.intervals(spells_of(ledger))) == expected


def period_of(day: date, every: str) -> tuple[int, ...]:
    return {
        "day": (day.toordinal(),),
        "week": day.isocalendar()[:2],
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month - 1) // 3),
        "year": (day.year,),
    }[every]


def counted(ledger: Ledger, every: str, until: date) -> list[tuple[object, ...]]:
    """Go through all days up to the as-of day; on the last of each period count every claim."""
    day = min([until, *span(ledger)])
    rows: list[tuple[object, ...]] = []
    begun = False
    while day <= until:
        words = [ledger.word(claim, day) for claim in ledger.claims]
        begun = begun or any(words)
        if begun and (day == until or period_of(day, every) != period_of(day + ONE_DAY, every)):
            rows += [(day, status, words.count(status)) for status in ledger.settings.statuses]
        day += ONE_DAY
    return rows


@pytest.mark.parametrize("every", schema.PERIODS)
@law
@given(ledger=ledgers(), until=days)
def test_counts_are_those_of_the_last_day_of_each_period(every: str, ledger: Ledger, until: date) -> None:
    assert plain(intervals.counts(spells_of(ledger), every, until)) == counted(ledger, every, until)


@pytest.mark.parametrize("every", ["quarter", "year"])
@given(
    ledger=ledgers(st.dates(date(1899, 1, 1), date(1903, 12, 31))),
    until=st.dates(date(1900, 1, 1), date(1904, 1, 1)),
)
@settings(law, max_examples=50 if LONG else 5)
def test_counts_over_years_are_those_of_the_last_day_of_each_period(
    every: str, ledger: Ledger, until: date
) -> None:
    ledger = Ledger([claim for claim in ledger.claims if claim.made_on], ledger.given, ledger.settings)
    assert plain(intervals.counts(spells_of(ledger), every, until)) == counted(ledger, every, until)


@law
@given(ledgers(), days, days)
def test_diff_gives_the_claims_whose_status_differs(ledger: Ledger, a: date, b: date) -> None:
    found = diff(ledger, a, b)
    expected = []
    for claim in ledger.claims:
        before, after = ledger.word(claim, a), ledger.word(claim, b)
        if before != after:
            held = ledger.held(claim, b)
            why = held[2].rationale if held and held[2] else ""
            expected.append((claim.claim_id, before, after, held[1] if held else None, why))
    assert plain(found) == expected
    assert list(found) == ["claim_id", "before", "after", "holds_from", "rationale"]


@law
@given(ledgers(), moments, days)
def test_what_was_known_at_a_moment_is_the_history_of_the_rows_written_by_then(
    ledger: Ledger, moment: datetime, day: date
) -> None:
    claims, statuses = frames(ledger)
    claims, statuses = claims[claims.logged_at <= moment], statuses[statuses.recorded_at <= moment]
    spells = intervals.standing(claims, statuses, ledger.settings.zone)
    known = ledger.known(moment)
    words = [(c.claim_id, word) for c in known.claims if (word := known.word(c, day))]
    assert plain(intervals.status_on(spells, claims, statuses, day)[["claim_id", "status"]]) == words
    assert plain(intervals.intervals(spells)) == plain(intervals.intervals(spells_of(known)))
    assert plain(intervals.counts(spells, "week", day)) == counted(known, "week", day)


@settings(
    law, max_examples=30 if LONG else 4, phases=[Phase.explicit, Phase.generate]
)  # shrinking files takes minutes
@given(ledgers(), moments, days)
def test_a_ledger_on_disk_tells_its_history_by_the_definition(
    ledger: Ledger, moment: datetime, day: date
) -> None:
    ledger = writable(ledger)
    gone = Claim("withdrawn", None, LONG_AGO)
    before = Ledger([*ledger.claims, gone], ledger.given, ledger.settings)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.csv")
        write(before, path)
        opened = fd.open(path, by="Ada Quist")
        opened.withdraw("claims", "withdrawn", why="It was nobody's claim.")
        for found, expected in (
            (opened, ledger),
            (fd.open(path), ledger),
            (opened.as_known(moment), before.known(moment)),  # it was not withdrawn then
        ):
            words = [(c.claim_id, word) for c in expected.claims if (word := expected.word(c, day))]
            assert plain(found.status_on(day)[["claim_id", "status"]]) == words
            assert plain(found.intervals()) == plain(intervals.intervals(spells_of(expected)))
            if expected.claims:
                until = found.latest_day.date()
                assert plain(found.counts(every="month")) == counted(expected, "month", until)


# --- examples ----------------------------------------------------------------------------------------------


def one_claim(*given_rows: tuple[str, str, str], made_on: str = "2025-03-03") -> Ledger:
    """A claim made on a Monday, and rows of status, the day from which it holds, the day of recording."""
    rows = [
        Given(
            f"t-{n}",
            "tides",
            status,
            date.fromisoformat(holds),
            datetime.fromisoformat(f"{at}T12:00:00+00:00"),
        )
        for n, (status, holds, at) in enumerate(given_rows)
    ]
    return Ledger([Claim("tides", date.fromisoformat(made_on), LONG_AGO)], rows, schema.Settings())


def march(day: int) -> date:
    return date(2025, 3, day)


MIXED = ("mixed", "2025-03-04", "2025-03-04")
EXAMPLES = {
    "a correction of an earlier day wins on that day and leaves later ones": (
        [
            ("supported", "2025-03-05", "2025-03-05"),
            ("refuted", "2025-03-10", "2025-03-10"),
            ("mixed", "2025-03-05", "2025-03-12"),
        ],
        [("unverified", march(3), march(5)), ("mixed", march(5), march(10)), ("refuted", march(10), None)],
    ),
    "one given late for an earlier day does not outrank one of a later day": (
        [("supported", "2025-03-10", "2025-03-10"), ("refuted", "2025-03-05", "2025-03-20")],
        [
            ("unverified", march(3), march(5)),
            ("refuted", march(5), march(10)),
            ("supported", march(10), None),
        ],
    ),
    "one from before the claim was made stands from its own day": (
        [("supported", "2025-02-20", "2025-03-05")],
        [("supported", date(2025, 2, 20), None)],
    ),
    "neighbours of one status are one": (
        [MIXED, ("mixed", "2025-03-06", "2025-03-06")],
        [("unverified", march(3), march(4)), ("mixed", march(4), None)],
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_intervals_of_one_claim_are_worked_out_by_hand(example: str) -> None:
    given_rows, expected = EXAMPLES[example]
    found = intervals.intervals(spells_of(one_claim(*given_rows)))
    assert plain(found.drop(columns="claim_id")) == expected


def word_on(ledger: Ledger, day: object) -> str:
    return status_on(ledger, day).set_index("claim_id").status["tides"]


@pytest.mark.parametrize(
    "day", ["2025-03-15", date(2025, 3, 15), datetime(2025, 3, 15), pd.Timestamp("2025-03-15")], ids=repr
)
def test_a_day_is_text_a_date_or_a_timestamp(day: object) -> None:
    assert word_on(one_claim(("supported", "2025-03-15", "2025-03-15")), day) == "supported"


@pytest.mark.parametrize(
    "day",
    [
        "15/03/2025",
        "2025-02-30",
        "2025-3-5",
        "",
        "0044-03-15",
        None,
        pd.NaT,
        20250315,
        datetime(2025, 3, 15, 9),
    ],
    ids=repr,
)
def test_what_is_no_day_is_refused_and_named(day: object) -> None:
    with pytest.raises(InvalidValue, match="YYYY-MM-DD"):
        status_on(one_claim(), day)
    with pytest.raises(InvalidValue, match="YYYY-MM-DD"):
        diff(one_claim(), "2025-03-01", day)
    with pytest.raises(InvalidValue, match=r"until: .*YYYY-MM-DD"):
        intervals.counts(spells_of(one_claim()), "week", day)  # type: ignore[arg-type]


def test_an_unknown_period_is_refused_and_the_nearest_named() -> None:
    with pytest.raises(InvalidValue, match=r"'weekly'.*day, week, month, quarter, year; nearest: 'week'"):
        intervals.counts(spells_of(one_claim()), "weekly", "2025-03-15")


def test_rows_that_say_no_status_or_no_day_are_passed_over() -> None:
    claims, statuses = frames(one_claim(MIXED, ("refuted", "2025-03-06", "2025-03-06")))
    statuses.loc[1, "status"] = np.nan
    assert list(intervals.standing(claims, statuses, ZoneInfo("UTC")).status) == ["unverified", "mixed"]
    statuses.loc[0, "holds_from"] = pd.NaT
    assert list(intervals.standing(claims, statuses, ZoneInfo("UTC")).status) == ["unverified"]


def answers(ledger: Ledger) -> list[pd.DataFrame]:
    spells = spells_of(ledger)
    counts, runs = intervals.counts(spells, "week", "2025-03-15"), intervals.intervals(spells)
    return [spells, status_on(ledger, "2025-03-15"), runs, counts, diff(ledger, "2025-03-01", "2025-03-15")]


def test_an_empty_ledger_gives_empty_frames_of_the_same_types() -> None:
    for full, empty in zip(
        answers(one_claim(MIXED)), answers(Ledger([], [], schema.Settings())), strict=True
    ):
        assert len(full) and not len(empty)
        assert dict(full.dtypes) == dict(empty.dtypes)


def test_columns_have_the_types_of_the_schema() -> None:
    _, on, runs, counts, _ = answers(one_claim(MIXED))
    status, day = pd.CategoricalDtype(WORDS, ordered=True), np.dtype("datetime64[us]")
    assert counts.dtypes.to_dict() == {"date": day, "status": status, "claims": np.dtype("int64")}
    names = pd.StringDtype(na_value=np.nan)
    assert runs.dtypes.to_dict() == {"claim_id": names, "status": status, "start": day, "end": day}
    assert on.recorded_at.dtype == pd.DatetimeTZDtype("us", "UTC")


def test_daily_counts_over_a_thousand_years_cost_what_they_return() -> None:
    claims = 20_000  # times the days, 7.5 thousand million cells
    spells = pd.DataFrame(
        {
            "status": pd.Categorical.from_codes(
                np.arange(claims) % 7, dtype=pd.CategoricalDtype(WORDS, ordered=True)
            ),
            "start": np.datetime64("1000-01-01", "us") + np.arange(claims) * np.timedelta64(18, "D"),
            "end": np.full(claims, np.datetime64("NaT", "us")),
        }
    )
    found = intervals.counts(spells, "day", "2025-03-15")
    assert len(found) == 7 * ((date(2025, 3, 15) - date(1000, 1, 1)).days + 1)
    assert found.tail(7).claims.sum() == claims


def test_the_first_and_the_last_day_that_can_be_written_are_counted() -> None:
    ledger = one_claim(("mixed", "9998-12-31", "2025-03-04"), made_on="1000-01-01")
    found = intervals.counts(spells_of(ledger), "year", "9998-12-31")
    assert plain(found[found.claims > 0].iloc[[0, -2, -1]]) == [
        (date(1000, 12, 31), "unverified", 1),
        (date(9997, 12, 31), "unverified", 1),
        (date(9998, 12, 31), "mixed", 1),
    ]
