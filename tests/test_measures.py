"""Measures are compared with their definitions, written as plain loops over the rows of random ledgers."""

import math
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from faults import LONG
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import CASES, needs_cases

import factdesk as fd
from factdesk import measures, schema
from factdesk.errors import InvalidValue
from factdesk.formats import by_name
from factdesk.storage import csvfile

DAY_ONE = date(2025, 3, 10)
DAYS = 40
PEOPLE = ("Ada Quist", "The Daily", "Jens Holm", "Ministry of Finance")
OWN_WORDS = """
[[status]]
name = "rumour"
settled = false
[[status]]
name = "true"
rating = 5
[[status]]
name = "false"
rating = 1
[[status]]
name = "pants on fire"
rating = 1
[[status]]
name = "dead end"
"""
ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")
CHOICES: dict[str, dict[str, list[str]]] = {
    "sources": {
        "url": ["", "https://www.example.org/x", "http://a@PAPER.example:80/x", "http://[oh"],
        "publisher": ["", "The Paper", "example.org"],
        "reliability": ["", *schema.RELIABILITY],
    },
    "claims": {
        "claim": ["It rained."],
        "claimant": [*PEOPLE],
        "kind": ["", "quote", "promise"],
        "topics": ["", "rain", "rain;snow", "snow; rain;rain"],
    },
    "appearances": {"claimant": [*PEOPLE]},
    "evidence": {"stance": [*schema.STANCES], "credibility": ["", *schema.CREDIBILITY]},
}
"""What the cells of a random row are drawn from."""


# --- random ledgers: rows written on any day, judged for earlier days, edited and withdrawn later ------------


@cache
def drawn(seed: int) -> fd.Ledger:
    """A random ledger of at most eight claims, so small that everything meets."""
    return write(*rows_of(Random(seed)))


def rows_of(random: Random) -> tuple[dict[str, list[dict[str, str]]], str, str]:
    def day(first: int = 0) -> date:
        return DAY_ONE + timedelta(days=random.randrange(first, DAYS))

    def moment(not_before: date) -> str:
        written = datetime(not_before.year, not_before.month, not_before.day, 14, tzinfo=UTC)
        return schema.moment_text(written + timedelta(hours=random.choice([0, 0, 3, 30, 300])))

    own = random.random() < 0.4
    words = ["rumour", "true", "false", "pants on fire", "dead end"] if own else schema.Settings().statuses
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in schema.TABLES}

    def add(name: str, **cells: str) -> dict[str, str]:
        table = schema.TABLES[name]
        some = {column: random.choice(choices) for column, choices in CHOICES.get(name, {}).items()}
        rows[name].append({table.id: f"{table.letter}-{len(rows[name])}", **some, **cells})
        return rows[name][-1]

    for _ in range(random.randrange(6)):
        add("sources", added_at=moment(DAY_ONE))
    for _ in range(random.randrange(9)):
        made = day()
        day_or_none = random.choice([str(made), str(made), ""])
        known = {"made_on": day_or_none, "made_on_precision": random.choice(["", "", "month", "year"])}
        of = {"claim_id": add("claims", **known, logged_at=moment(made))["claim_id"]}
        for _ in range(random.choice([0, 0, 1, 3])):
            again = day()
            add("appearances", **of, made_on=random.choice([str(again), ""]), logged_at=moment(again))
        for n in range(random.randrange(5)):
            since = day()
            given_as = {
                "status": random.choice(words),
                "holds_from": str(since),
                "rationale": f"why {since} {n}",
            }
            add("statuses", **of, **given_as, recorded_at=moment(since))
        for source in random.sample(rows["sources"], k=random.randrange(len(rows["sources"]) + 1)):
            add("evidence", **of, source_id=source["source_id"], attached_at=moment(DAY_ONE))
    for name in ("claims", "appearances", "statuses", "evidence", "sources"):
        table = schema.TABLES[name]
        for row in rows[name]:
            changed = {"table": name, "row_id": row[table.id], "why": f"reason {len(rows['changes'])}"}
            changed["change_id"] = f"c-{len(rows['changes'])}"
            changed["changed_at"] = moment(DAY_ONE + timedelta(days=DAYS - 15))
            if row[table.moment] > changed["changed_at"]:
                continue
            if random.random() < 0.1:
                rows["changes"].append({**changed, "after": schema.WITHDRAWN})
            elif name == "statuses" and random.random() < 0.2:
                earlier = random.choice([word for word in words if word != row["status"]])
                rows["changes"].append(
                    {**changed, "column": "status", "before": earlier, "after": row["status"]}
                )
    return rows, random.choice(ZONES), OWN_WORDS if own else ""


def write(rows: dict[str, list[dict[str, str]]], timezone: str = "UTC", more: str = "") -> fd.Ledger:
    """Write a ledger of these rows, with more settings, and open it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.csv"
        fd.create(path, title="Random", timezone=timezone, by="Ada Quist")
        for name, table in schema.TABLES.items():
            cells = [[row.get(column, "") for column in table.names] for row in rows.get(name, [])]
            file = path if name == "claims" else path.with_suffix("") / f"{name}.csv"
            file.write_bytes(csvfile.render([table.names, *cells]))
        toml = path.with_suffix("") / "ledger.toml"
        toml.write_text(toml.read_text("utf-8") + more, "utf-8")
        ledger = fd.open(path, by="Ada Quist", strict=True)
        _ = ledger.latest_day
        return ledger


def claim(claim_id: str = "rain", made_on: str = "2025-03-10", **cells: str) -> dict[str, str]:
    right = {"claim": "It rained.", "claimant": "Ada Quist", "logged_at": "2025-03-12T09:00:00.000000Z"}
    return {"claim_id": claim_id, "made_on": made_on, **right, **cells}


def status(n: int, word: str, holds_from: str, **cells: str) -> dict[str, str]:
    right = {"claim_id": "rain", "rationale": f"why {n}", "recorded_at": f"{holds_from}T09:00:00.000000Z"}
    return {"status_id": f"t-{n}", "status": word, "holds_from": holds_from, **right, **cells}


law = settings(deadline=None, max_examples=100 if LONG else 8)
seeds = st.integers(0, 39)  # few enough that a ledger serves several laws: writing one takes the time


# --- the definitions ---------------------------------------------------------------------------------------


def plain(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows as plain Python: days as dates, what is missing as None."""

    def value(cell: Any) -> Any:
        if pd.isna(cell):
            return None
        return cell.date() if isinstance(cell, pd.Timestamp) and cell.tz is None else cell

    return list(zip(*([value(cell) for cell in frame[name]] for name in frame), strict=True))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame, row, strict=True)) for row in plain(frame)]


@cache
def rows_once(ledger: fd.Ledger, name: str) -> list[dict[str, Any]]:
    """The rows of a table of a ledger to which nothing is written."""
    return records(getattr(ledger, name))


def day_of(row: dict[str, Any], ledger: fd.Ledger) -> date:
    return row["made_on"] or row["logged_at"].astimezone(ledger.settings.zone).date()


def held(ledger: fd.Ledger, claim_id: str, day: date) -> tuple[str, dict[str, Any] | None] | None:
    """The status of a claim on a day, and the row that says so."""
    claims, statuses = (
        [row for row in rows_once(ledger, name) if row["claim_id"] == claim_id]
        for name in ("claims", "statuses")
    )
    if not claims:  # what was known then may hold a status of a claim that was not known yet
        return None
    rows = [row for row in statuses if row["holds_from"] <= day]
    if rows:
        row = max(rows, key=lambda r: (r["holds_from"], r["recorded_at"], r["status_id"]))
        return row["status"], row
    return (ledger.settings.first, None) if day_of(claims[0], ledger) <= day else None


def word(ledger: fd.Ledger, claim_id: str, day: date) -> str | None:
    found = held(ledger, claim_id, day)
    return found[0] if found else None


def every_day(ledger: fd.Ledger) -> list[date]:
    last = DAY_ONE if pd.isna(ledger.latest_day) else ledger.latest_day.date()
    return [DAY_ONE + timedelta(days=n) for n in range((last - DAY_ONE).days + 1)]


def settles(ledger: fd.Ledger) -> list[str]:
    return [status.name for status in ledger.settings.vocabulary if status.settled]


def wilson(k: int, n: int) -> tuple[float, float]:
    z = 1.959963984540054
    middle = k / n + z * z / (2 * n)
    wide = z * math.sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n))
    return (middle - wide) / (1 + z * z / n), (middle + wide) / (1 + z * z / n)


# --- laws --------------------------------------------------------------------------------------------------


@law
@given(seeds, st.integers(0, DAYS) | st.none())
def test_claimants_are_counted_by_status_with_their_base(seed: int, n: int | None) -> None:
    ledger = drawn(seed)
    day = ledger.latest_day.date() if n is None and len(ledger.claims) else DAY_ONE + timedelta(days=n or 0)
    found = measures.claimants(ledger, None if n is None else day)
    claims = [(r["claimant"], word(ledger, r["claim_id"], day)) for r in records(ledger.claims)]
    claims = [(who, has) for who, has in claims if has]
    of = Counter(who for who, _ in claims)
    made = Counter(r["claimant"] for r in records(ledger.appearances) if day_of(r, ledger) <= day)
    expected = []
    for who in sorted(of, key=lambda who: (-of[who], who)):
        settled = sum(has in settles(ledger) for name, has in claims if name == who)
        for one in ledger.settings.statuses:
            expected.append((who, one, claims.count((who, one)), of[who], settled, made[who]))
    assert plain(found[["claimant", "status", "claims", "of", "settled", "made"]]) == expected
    for row in records(found):
        assert row["share"] == row["claims"] / row["of"]
        assert (row["low"], row["high"]) == pytest.approx(wilson(row["claims"], row["of"]), abs=1e-12)


@law
@given(seeds)
def test_evidence_is_added_up_by_stance_and_no_grade_is_guessed(seed: int) -> None:
    ledger = drawn(seed)
    grade_of = {r["source_id"]: r["reliability"] for r in records(ledger.sources)}
    weights = dict(zip("ABCDE12345", [1, 0.75, 0.5, 0.25, 0] * 2, strict=True))
    graded_as = ((r, grade_of[r["source_id"]]) for r in records(ledger.evidence))
    pieces = [(r["claim_id"], r["stance"], grade, r["credibility"]) for r, grade in graded_as]

    def sums(these: list[tuple[Any, ...]]) -> tuple[int, int, int, float]:
        graded = [(a, b) for _, _, a, b in these if a in weights and b in weights]
        weight = sum(weights[a] * weights[b] for a, b in graded)
        return len(these), len(graded), len(these) - len(graded), weight

    by_count = [
        (claim_id, stance, *sums([p for p in pieces if p[:2] == (claim_id, stance)]))
        for claim_id in ledger.claims["claim_id"]
        for stance in schema.STANCES
    ]
    assert plain(measures.evidence_balance(ledger)) == by_count
    order = list(ledger.claims["claim_id"])

    def place(key: tuple[Any, ...]) -> tuple[Any, ...]:
        return (order.index(key[0]), schema.STANCES.index(key[1]), key[2] or "", key[3] or "")

    by_grade = [(*key, *sums([p for p in pieces if p == key])) for key in sorted(set(pieces), key=place)]
    assert plain(measures.evidence_balance(ledger, by="grade")) == by_grade


@law
@given(seeds)
def test_publishers_are_counted_by_claim_and_stance(seed: int) -> None:
    ledger = drawn(seed)
    hosts = {"": "", "http://a@PAPER.example:80/x": "paper.example", "http://[oh": ""}

    def publisher(source: dict[str, Any]) -> tuple[str, str]:
        host = hosts.get(source["url"], "example.org")
        if source["publisher"]:
            return source["publisher"], "publisher"
        return host, "address" if host else "nothing"

    by = {r["source_id"]: publisher(r) for r in records(ledger.sources)}
    rows = [
        (by[r["source_id"]], r["claim_id"], r["stance"], r["source_id"]) for r in records(ledger.evidence)
    ]
    of = {one: len({source for who, _, _, source in rows if who == one}) for one in by.values()}
    kinds, order = ["publisher", "address", "nothing"], list(ledger.claims["claim_id"])
    keys = sorted(
        {row[:3] for row in rows},
        key=lambda k: (
            -of[k[0]], by_name(k[0][0]), kinds.index(k[0][1]), order.index(k[1]), schema.STANCES.index(k[2])
        ),
    )  # fmt: skip
    expected = []
    for key in keys:
        sources = [row[3] for row in rows if row[:3] == key]
        expected.append((*key[0], *key[1:], len(set(sources)), len(sources), of[key[0]]))
    assert plain(measures.publishers(ledger)) == expected


def lives(ledger: fd.Ledger, to: list[str]) -> list[tuple[str, date, date | None, int, bool]]:
    rows = []
    for row in records(ledger.claims):
        start, settled_on = row["made_on"], None
        for day in every_day(ledger):
            if word(ledger, row["claim_id"], day) in to:
                settled_on = day
                break
        if start is None or row["made_on_precision"] or (settled_on and settled_on < start):
            continue
        days = ((settled_on or ledger.latest_day.date()) - start).days
        rows.append((row["claim_id"], start, settled_on, days, settled_on is not None))
    return rows


@law
@given(seeds, st.booleans())
def test_durations_run_to_the_first_day_with_such_a_status(seed: int, any_settled: bool) -> None:
    ledger = drawn(seed)
    to = settles(ledger) if any_settled else ledger.settings.statuses[1]
    found = measures.durations(ledger, None if any_settled else to)
    assert plain(found) == lives(ledger, [to] if isinstance(to, str) else to)


def curve(waits: list[tuple[int, bool]]) -> list[tuple[int, float, int, int, int]]:
    """The product-limit estimate, day by day."""
    rows, share = [], 1.0
    for day in sorted({0, *(days for days, _ in waits)}) if waits else []:
        at_risk = sum(days >= day for days, _ in waits)
        settled = sum(days == day and done for days, done in waits)
        censored = sum(days == day and not done for days, done in waits)
        share *= 1 - settled / at_risk
        rows.append((day, share, at_risk, settled, censored))
    return rows


@law
@given(seeds)
def test_the_share_still_open_is_the_product_limit_estimate(seed: int) -> None:
    ledger = drawn(seed)
    expected = curve([life[3:] for life in lives(ledger, settles(ledger))])
    found = measures.time_to_status(ledger)
    assert plain(found[["days", "at_risk", "settled", "censored"]]) == [(d, *n) for d, _, *n in expected]
    assert found["open"].tolist() == pytest.approx([share for _, share, *_ in expected])
    inside = found[(found["open"] > 0) & (found["open"] < 1)]
    assert ((inside["low"] < inside["open"]) & (inside["open"] < inside["high"])).all()
    outside = found.drop(inside.index)
    assert outside[["low", "high"]].isna().all(axis=None)


@law
@given(seeds, st.sampled_from(["claimant", "kind", "topic"]))
def test_each_group_has_the_curve_of_its_own_claims(seed: int, by: str) -> None:
    ledger = drawn(seed)
    found = measures.time_to_status(ledger, by=by)
    groups: dict[str, list[str]] = {}
    dated = set(measures.durations(ledger)["claim_id"])
    for row in (row for row in records(ledger.claims) if row["claim_id"] in dated):
        names = {part.strip() for part in row["topics"].split(";")} if by == "topic" else {row[by] or ""}
        for name in names:
            groups.setdefault(name, []).append(row["claim_id"])
    order = sorted(groups, key=lambda name: (-len(groups[name]), name))
    assert found["group"].unique().tolist() == order
    for name in order:
        alone = measures.time_to_status(ledger.where(claim_id=groups[name]))
        of_group = found[found["group"] == name].drop(columns="group").reset_index(drop=True)
        pd.testing.assert_frame_equal(of_group, alone)


def halfway(days: list[int | None]) -> tuple[float | None, int]:
    """The median of the days that are known, and how many are not."""
    known = [one for one in days if one is not None]
    return median(known) if known else None, len(days) - len(known)


@law
@given(seeds)
def test_transitions_are_the_turns_from_one_day_to_the_next(seed: int) -> None:
    ledger = drawn(seed)
    turns: dict[tuple[str, str], list[tuple[str, int | None]]] = {}
    claims = records(ledger.claims)
    dated = {row["claim_id"] for row in claims if row["made_on"] and not row["made_on_precision"]}
    for claim_id in ledger.claims["claim_id"]:
        before, since, is_known = None, None, False
        for day in every_day(ledger):
            now = word(ledger, claim_id, day)
            if now != before:
                if before is not None:
                    days = (day - since).days if is_known else None
                    turns.setdefault((before, now), []).append((claim_id, days))
                before, since = now, day
                is_known = claim_id in dated or held(ledger, claim_id, day)[1] is not None
    words = ledger.settings.statuses
    expected = [
        (*pair, len(turns[pair]), len({c for c, _ in turns[pair]}), *halfway([d for _, d in turns[pair]]))
        for pair in sorted(turns, key=lambda pair: (words.index(pair[0]), words.index(pair[1])))
    ]
    assert plain(measures.transitions(ledger)) == expected


def refuted_since(ledger: fd.Ledger, claim_id: str, day: date) -> date | None:
    """Walk back from a day as long as a refuting status held."""
    since = None
    while day >= DAY_ONE and word(ledger, claim_id, day) in ("refuted", "false", "pants on fire"):
        since, day = day, day - timedelta(days=1)
    return since


@law
@given(seeds)
def test_repeats_say_what_was_held_on_the_day(seed: int) -> None:
    ledger = drawn(seed)
    order = list(ledger.claims["claim_id"])
    expected = []
    for row in records(ledger.appearances):
        day = day_of(row, ledger)
        since = refuted_since(ledger, row["claim_id"], day)
        is_exact = row["made_on"] and not row["made_on_precision"]
        expected.append(
            (
                row["claim_id"], row["appearance_id"], row["claimant"], day, row["made_on"] is not None,
                row["made_on_precision"], row["first"], word(ledger, row["claim_id"], day),
                since is not None and since < day and not row["first"] and row["made_on"] is not None,
                since, (day - since).days if since and is_exact else None,
            )
        )  # fmt: skip
    expected.sort(key=lambda row: (order.index(row[0]), row[3], not row[6]))
    found = measures.repeats(ledger)
    assert plain(found) == expected

    totals = []
    for row in records(ledger.claims):
        times = [one for one in expected if one[0] == row["claim_id"]]
        totals.append(
            (
                row["claim_id"], row["claimant"],
                word(ledger, row["claim_id"], ledger.latest_day.date()),
                len(times), len(times) - 1, len({one[2] for one in times}),
                min(one[3] for one in times), max(one[3] for one in times), sum(one[8] for one in times),
            )
        )  # fmt: skip
    totals.sort(key=lambda row: -row[3])
    assert plain(measures.repeat_counts(ledger)) == totals


@law
@given(seeds)
def test_activity_counts_the_rows_written_on_each_day_of_the_ledgers_zone(seed: int) -> None:
    ledger = drawn(seed)
    written = [
        *(("logged", r["logged_at"]) for r in records(ledger.appearances)),
        *(("attached", r["attached_at"]) for r in records(ledger.evidence)),
        *(("judged", r["recorded_at"]) for r in records(ledger.statuses)),
        *(("edited", r["changed_at"]) for r in records(ledger.changes)),
    ]
    counted = Counter((at.astimezone(ledger.settings.zone).date(), what) for what, at in written)
    kinds = ["logged", "attached", "judged", "edited"]
    order = sorted(counted, key=lambda key: (key[0], kinds.index(key[1])))
    assert plain(measures.activity(ledger)) == [(*key, counted[key]) for key in order]


@law
@given(seeds, st.integers(0, DAYS + 20))
def test_revisions_count_the_same_days_as_known_then_and_now(seed: int, n: int) -> None:
    ledger = drawn(seed)
    then = DAY_ONE + timedelta(days=n)
    known = ledger.as_known(then)
    expected, begun = [], False
    for day in every_day(ledger):
        if day > then:
            break
        sides = [[word(side, c, day) for c in side.claims["claim_id"]] for side in (known, ledger)]
        begun = begun or any(has for side in sides for has in side)
        if begun:
            expected += [
                (day, one, sides[0].count(one), sides[1].count(one)) for one in ledger.settings.statuses
            ]
    assert plain(measures.revisions(ledger, then)) == expected


@settings(law, max_examples=100 if LONG else 12)
@given(seeds, st.integers(0, DAYS + 20))
def test_revised_names_the_days_on_which_another_status_is_held_now(seed: int, n: int) -> None:
    ledger = drawn(seed)
    then = DAY_ONE + timedelta(days=n)
    known = ledger.as_known(then)
    order = list(dict.fromkeys([*ledger.claims["claim_id"], *known.claims["claim_id"]]))
    expected: list[list[Any]] = []
    for claim_id in order:
        run: list[Any] | None = None
        for day in every_day(ledger):
            if day > then:
                break
            pair = [word(known, claim_id, day), word(ledger, claim_id, day)]
            if run and run[3:] == pair:
                run[2] = day + timedelta(days=1)
            elif pair[0] != pair[1]:
                run = [claim_id, day, day + timedelta(days=1), *pair]
                expected.append(run)
            else:
                run = None
    found = measures.revised(ledger, then)
    assert [list(row) for row in plain(found[["claim_id", "start", "end", "before", "after"]])] == expected

    moment = schema.parse_moment(then, ledger.settings.zone)
    for row in records(found):
        before, after = (held(side, row["claim_id"], row["start"]) for side in (known, ledger))
        given_by = after[1] if after else None
        if row["claim_id"] not in set(known.claims["claim_id"]):
            assert (row["what"], row["why"]) == ("logged", given_by["rationale"] if given_by else "")
        elif row["what"] == "judged":
            assert given_by and given_by["recorded_at"] > moment and given_by["rationale"] == row["why"]
        else:
            assert row["what"] in ("edited", "withdrawn")
            about = {row["claim_id"], *(one[1]["status_id"] for one in (before, after) if one and one[1])}
            reasons = [
                r for r in records(ledger.changes) if r["changed_at"] > moment and r["row_id"] in about
            ]
            assert row["why"] in {r["why"] for r in reasons}
            if row["what"] == "withdrawn":
                assert any(r["after"] == schema.WITHDRAWN and r["why"] == row["why"] for r in reasons)


FUNCTIONS: dict[str, Callable[[fd.Ledger], pd.DataFrame]] = {
    "claimants": measures.claimants,
    "evidence_balance": measures.evidence_balance,
    "evidence_balance by grade": lambda ledger: measures.evidence_balance(ledger, by="grade"),
    "publishers": measures.publishers,
    "durations": measures.durations,
    "time_to_status": measures.time_to_status,
    "time_to_status by topic": lambda ledger: measures.time_to_status(ledger, by="topic"),
    "transitions": measures.transitions,
    "repeats": measures.repeats,
    "repeat_counts": measures.repeat_counts,
    "activity": measures.activity,
    "revisions": lambda ledger: measures.revisions(ledger, "2025-03-20"),
    "revised": lambda ledger: measures.revised(ledger, "2025-03-20"),
}


def test_an_empty_ledger_gives_no_rows_and_the_types_of_a_full_one_and_so_does_a_view_of_nothing() -> None:
    nothing, one = write({}), write({"claims": [claim()]})
    for name, function in FUNCTIONS.items():
        full, empty = function(drawn(full_seed())), function(nothing)
        function(one)
        assert len(full) and not len(empty) and not len(function(one.where(claimant="nobody"))), name
        assert full.dtypes.to_dict() == empty.dtypes.to_dict(), name
        assert full.columns.tolist() == empty.columns.tolist(), name


@cache
def full_seed() -> int:
    """A seed whose ledger has the usual vocabulary and rows for every measure."""
    return next(
        seed
        for seed in range(1000)
        if drawn(seed).settings.first == "unverified" and all(len(f(drawn(seed))) for f in FUNCTIONS.values())
    )


def test_one_open_claim_is_a_level_line_that_is_censored_at_the_latest_day() -> None:
    found = measures.time_to_status(write({"claims": [claim()]}))
    assert plain(found) == [(0, 1.0, None, None, 1, 0, 0), (2, 1.0, None, None, 1, 0, 1)]


@pytest.mark.parametrize(("made_on", "precision", "why"), [
    ("", "", "undated"), ("2025-03-10", "", "settled_before"),
    ("2025-02-01", "month", "imprecise"), ("2025-01-01", "year", "imprecise"), ("2025-03-10", "month", "imprecise"),
])  # fmt: skip
def test_a_claim_without_an_exact_day_or_settled_before_it_has_no_duration_and_is_counted(
    made_on, precision, why
) -> None:
    rows = [claim(made_on=made_on, made_on_precision=precision), claim("snow", made_on="2025-03-01")]
    days = [status(1, "refuted", "2025-03-01"), status(2, "refuted", "2025-03-04", claim_id="snow")]
    ledger = write({"claims": rows, "statuses": days})
    found = measures.durations(ledger)
    assert plain(found) == [("snow", date(2025, 3, 1), date(2025, 3, 4), 3, True)]
    every = dict.fromkeys(("undated", "imprecise", "settled_before", "unread"), 0)
    assert found.attrs["left_out"] == every | {why: 1}
    by_claimant = measures.time_to_status(ledger, by="claimant")
    assert by_claimant["at_risk"].max() == 1
    assert by_claimant.attrs == measures.time_to_status(ledger).attrs == found.attrs


@pytest.mark.parametrize("known", [{"made_on": ""}, {"made_on": "2025-03-01", "made_on_precision": "month"}])
def test_what_was_held_before_the_first_status_of_a_claim_without_an_exact_day_has_no_duration(known) -> None:
    rows = [claim(**known), claim("snow", made_on="2025-03-10")]
    days = [status(n, "refuted", "2025-03-13", claim_id=of) for n, of in enumerate(("rain", "snow"))]
    days.append(status(3, "mixed", "2025-03-20"))
    found = measures.transitions(write({"claims": rows, "statuses": days}))
    assert plain(found[["to_status", "count", "median_days", "undated"]]) == [
        ("refuted", 2, 3.0, 1),
        ("mixed", 1, 7.0, 0),
    ]


def test_a_repeat_without_a_day_came_no_days_after_a_refutation() -> None:
    rows = {
        "claims": [claim()],
        "appearances": [{**claim(made_on=""), "appearance_id": "a-1"}],
        "statuses": [status(1, "refuted", "2025-03-01")],
    }
    found = measures.repeats(write(rows))
    assert found.loc[~found["is_dated"], "days_since"].isna().all() and not found["after_refuted"].any()


@needs_cases
def test_of_claims_without_days_nothing_is_said_to_have_been_settled_at_once(tmp_path: Path) -> None:
    ledger = fd.create(tmp_path / "claims.csv", title="From the field", by="Ada")
    for row in pd.read_csv(CASES / "15-no-claim-dates.csv", dtype="str").fillna("").to_dict("records"):
        made = ledger.log(row["claim"], claimant=row["claimant"], made_on=row["claim_date"])
        ledger.set_status(made, "refuted", holds_from=row["check_date"], rationale="So.")
    found = measures.durations(ledger)
    assert found.empty and found.attrs["left_out"] == {
        "undated": 3, "imprecise": 0, "settled_before": 1, "unread": 0,
    }  # fmt: skip
    assert measures.time_to_status(ledger).empty
    wrong = ledger.check()
    assert wrong[["code", "severity", "value"]].to_numpy().tolist() == [
        ["before-claim", "warning", "2025-03-10"]
    ]
    assert "before the claim was made (2025-03-20)" in wrong["message"][0]


def test_the_curve_and_its_interval_are_those_that_scipy_gives_for_known_numbers() -> None:
    # Six of ten settled after 1, 2, 2, 4, 5 and 7 days; worked out by hand at day 2: 0.9 * 7/9.
    days = [DAY_ONE + timedelta(days=n) for n in (1, 2, 2, 4, 5, 7)]
    claims = [claim(f"c{n}", logged_at="2025-03-20T09:00:00.000000Z") for n in range(10)]
    rows = [status(n, "supported", str(day), claim_id=f"c{n}") for n, day in enumerate(days)]
    found = measures.time_to_status(write({"claims": claims, "statuses": rows})).set_index("days")
    assert found.loc[2, "open"] == pytest.approx(0.7)
    # exp(-exp(log(-log S) ± z se)), se² = Greenwood's sum over (log S)²
    spread = 1.959963984540054 * math.sqrt(1 / 90 + 2 / 63) / abs(math.log(0.7))
    centre = math.log(-math.log(0.7))
    assert found.loc[2, "low"] == pytest.approx(math.exp(-math.exp(centre + spread)))
    assert found.loc[2, "high"] == pytest.approx(math.exp(-math.exp(centre - spread)))
    assert found.loc[10, ["at_risk", "censored"]].tolist() == [4, 4]


def test_a_refutation_that_was_taken_back_or_came_the_same_day_counts_no_repeat() -> None:
    def again(n: int, day: str) -> dict[str, str]:
        row = claim(made_on=day, logged_at="2025-04-01T09:00:00.000000Z")
        return {**row, "appearance_id": f"a-{n}"}

    ledger = write(
        {
            "claims": [claim()],
            "appearances": [
                again(1, "2025-03-14"), again(2, "2025-03-15"), again(3, "2025-03-20"), again(4, "2025-03-01")
            ],
            "statuses": [status(1, "refuted", "2025-03-14"), status(2, "mixed", "2025-03-16")],
        }
    )  # fmt: skip
    found = measures.repeats(ledger)
    assert plain(found[["day", "status", "after_refuted", "days_since"]]) == [
        (date(2025, 3, 1), None, False, None),
        (date(2025, 3, 10), "unverified", False, None),
        (date(2025, 3, 14), "refuted", False, 0),
        (date(2025, 3, 15), "refuted", True, 1),
        (date(2025, 3, 20), "mixed", False, None),
    ]


def test_a_repeat_of_unknown_day_is_not_said_to_have_come_after_the_refutation() -> None:
    again = {**claim(made_on="", logged_at="2025-03-20T09:00:00.000000Z"), "appearance_id": "a-1"}
    ledger = write(
        {"claims": [claim()], "appearances": [again], "statuses": [status(1, "refuted", "2025-03-14")]}
    )
    found = measures.repeats(ledger)
    assert plain(found[["day", "is_dated", "status", "after_refuted"]]) == [
        (date(2025, 3, 10), True, "unverified", False),
        (date(2025, 3, 20), False, "refuted", False),
    ]
    assert list(measures.repeat_counts(ledger)["after_refuted"]) == [0]


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ({"true": 5, "false": 1, "lie": 1}, ["false", "lie"]),
        ({"true": 5, "half true": 3}, []),
        ({"true": 5, "mostly false": 2}, ["mostly false"]),
        ({"yes": None, "refuted": None}, []),
    ],
)
def test_what_refutes_is_told_by_ratings_and_not_by_names(
    ratings: dict[str, int | None], expected: list[str]
) -> None:
    words = [schema.Status(name, name, "#000", "#fff", "x", rating=n) for name, n in ratings.items()]
    assert measures.refuting(schema.Settings(vocabulary=tuple(words))) == expected


def test_a_vocabulary_without_settled_statuses_settles_nothing() -> None:
    more = '[[status]]\nname = "new"\nsettled = false\n[[status]]\nname = "old"\nsettled = false\n'
    ledger = write({"claims": [claim()], "statuses": [status(1, "old", "2025-03-11")]}, more=more)
    assert measures.time_to_status(ledger)["settled"].sum() == 0
    assert measures.claimants(ledger)["settled"].tolist() == [0, 0]
    assert measures.time_to_status(ledger, to="old")["settled"].sum() == 1


def test_a_status_or_a_group_that_is_none_is_refused_and_the_nearest_named() -> None:
    ledger = write({"claims": [claim()]})
    refused: list[tuple[Callable[..., object], dict[str, object], str]] = [
        (measures.time_to_status, {"to": ["supported", "refutted"]}, "nearest: 'refuted'"),
        (measures.time_to_status, {"by": "topics"}, "nearest: 'topic'"),
        (measures.evidence_balance, {"by": "grades"}, "nearest: 'grade'"),
        *((measures.evidence_balance, {"by": wrong}, ".") for wrong in (3, ["count"], None)),
        *((measures.durations, {"to": [wrong]}, ".") for wrong in (3, ["count"], None)),
        (measures.claimants, {"day": "yesterday"}, "."),
        (measures.revisions, {"then": "2025-03-10T10:00:00"}, "."),
        (measures.revised, {"then": "never"}, "."),
    ]
    for call, given_as, words in refused:
        with pytest.raises(InvalidValue, match=words):
            call(ledger, **given_as)


def test_revisions_end_at_the_latest_day_however_late_the_moment() -> None:
    ledger = write({"claims": [claim()]})
    assert measures.revisions(ledger, "9998-12-31")["day"].max() == pd.Timestamp("2025-03-12")


def test_a_claim_that_was_withdrawn_since_is_named_with_its_reason() -> None:
    gone = {"change_id": "c-1", "table": "claims", "row_id": "rain", "after": schema.WITHDRAWN}
    gone |= {"why": "logged twice", "changed_at": "2025-03-20T09:00:00.000000Z"}
    ledger = write({"claims": [claim(), claim("snow")], "changes": [gone]})
    assert plain(measures.revised(ledger, "2025-03-15")) == [
        ("rain", date(2025, 3, 10), date(2025, 3, 16), "unverified", None, "withdrawn", "logged twice")
    ]


def test_measuring_leaves_the_ledger_as_it_is() -> None:
    ledger = drawn(full_seed())
    digest, claims = ledger.digest(), ledger.claims.copy()
    for function in FUNCTIONS.values():
        function(ledger)
    assert ledger.digest() == digest
    pd.testing.assert_frame_equal(ledger.claims, claims)


def test_columns_have_the_types_that_the_docstrings_say() -> None:
    ledger = drawn(full_seed())
    names = {
        "str": "str", "int64": "int64", "Int64": "Int64", "float64": "float64", "bool": "bool",
        "datetime64[us]": "datetime64", "category": "category",
    }  # fmt: skip
    for name, function in FUNCTIONS.items():
        said = getattr(measures, name.split()[0]).__doc__
        for column, kind in function(ledger).dtypes.items():
            # "- `low`, `high` (float64)": the kind is the next one in brackets after the column
            mentions = said.split("Returns")[1].split("Raises")[0].split(f"`{column}`")[1:]
            kinds = [mention.split(")", 1)[0] for mention in mentions]
            assert any(names[str(kind)] in one for one in kinds), (name, column)


def test_names_of_as_many_claims_or_documents_come_in_a_reader_s_order() -> None:
    names = ["Élysée", "Fax", "Paper 2", "paper 3", "Paper 10"]
    at = "2025-03-12T09:00:00.000000Z"
    claims = [claim(f"c{n}", claimant=name, topics=name) for n, name in enumerate(reversed(names))]
    sources = [
        {"source_id": f"s-00000{n}", "url": f"https://example.org/{n}", "publisher": name, "added_at": at}
        for n, name in enumerate(reversed(names))
    ]
    of = {"claim_id": "c0", "stance": "supports", "attached_at": at}
    evidence = [{"evidence_id": f"e-{s['source_id']}", "source_id": s["source_id"], **of} for s in sources]
    ledger = write({"claims": claims, "sources": sources, "evidence": evidence})
    assert measures.claimants(ledger)["claimant"].drop_duplicates().tolist() == names
    assert measures.publishers(ledger)["publisher"].tolist() == names
    for by in ("claimant", "topic"):
        assert measures.time_to_status(ledger, by=by)["group"].drop_duplicates().tolist() == names


def test_claimants_of_a_thousand_cost_no_call_for_each() -> None:
    claims = [claim(f"c{n}", claimant=f"Speaker {n}") for n in range(1000)]
    found = measures.claimants(write({"claims": claims}))
    assert len(found) == 1000 * len(schema.VOCABULARY)
    assert np.isfinite(found[["low", "high"]].to_numpy()).all()
