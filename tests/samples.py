"""Ledgers for tests: made by the public calls, broken by hand, compared byte for byte."""

import atexit
import random
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest

import factdesk as fd
from factdesk import schema
from factdesk.ledger import ledger as ledger_module
from factdesk.ledger.dataset import Dataset
from factdesk.storage import csvfile
from factdesk.storage.baseline import signature_of
from factdesk.storage.files import Store

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT.parent / "shared" / "cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the cases from the field are not here")
MOMENT = "T10:00:00.000000Z"
WORDS = "the minister said that taxes on imported steel will fall by half before summer".split()  # noqa: SIM905
PEOPLE = ("Ada Quist", "The Daily Intake", "Ministry of Finance", "Jens Holm", "Radio Nord")
NAMES = (
    "Ministry of Agriculture, Fisheries and Rural Development of the Free State",
    "Владимир Путин", "محمد بن سلمان", "中华人民共和国外交部", "A",
)  # fmt: skip
"""Names that are long, short, or run from right to left."""


def rain(folder: Path) -> fd.Ledger:
    """A small ledger with a row in each table but `changes`: made and judged once, and copied."""
    if ledger_module.datetime is not datetime:  # a test has put the clock
        return _rain(folder)
    return _reopened(_opened_once(), rain_files(folder) / "claims.csv")


def sample_copied(folder: Path) -> fd.Ledger:
    """A copy of the sample ledger, open."""
    return _reopened(sample_ledger(), sample(folder))


def _reopened(ledger: fd.Ledger, path: Path) -> fd.Ledger:
    """Open files that are those of a ledger to which nothing is written, without judging them again."""
    store = Store(path)
    now = {name: signature_of(file) for name, file in {**store.files, "settings": store.settings}.items()}
    copied = fd.Ledger(Dataset(ledger._dataset._sound, ledger.settings), by="Ada Quist", store=store)
    copied._content = replace(ledger._content, signatures=now)
    return copied


def rain_files(folder: Path) -> Path:
    """The files of that ledger, which nobody has opened yet."""
    return shutil.copytree(_made_once(), folder, dirs_exist_ok=True)


@cache
def _made_once() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="factdesk-rain-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _rain(folder)
    return folder


@cache
def _opened_once() -> fd.Ledger:
    return fd.open(_made_once() / "claims.csv")


def _rain(folder: Path) -> fd.Ledger:
    ledger = fd.create(folder / "claims.csv", title="Rain", by="Ada Quist")
    (folder / "photo.txt").write_text("puddles")
    first = {"made_on": "2025-03-10", "claim_id": "rain", "topics": "sky"}
    ledger.log("It rained on Monday.", claimant="The Daily", **first)
    ledger.log("It snowed, too.", claimant="B. Frost", claim_id="snow", quote="white\nall over")
    ledger.repeat("rain", claimant="Radio", made_on="2025-03-11", appearance="https://example.org/radio")
    ledger.attach("rain", "https://example.org/gauge", stance="supports", quote="4 mm", publisher="Office")
    ledger.attach("snow", file=folder / "photo.txt", stance="refutes")
    evidence = ledger.evidence.set_index("claim_id")["evidence_id"]["rain"]
    why = {"rationale": "The gauge says so.", "evidence": evidence}
    ledger.set_status("rain", "supported", holds_from="2025-03-12", **why)
    return ledger


def days_as_a_spreadsheet_shows_them(table: Path, lines: slice = slice(None)) -> int:
    """Write the first day of some rows of a table as 10.03.2025; return of how many."""
    header, *rows = table.read_text("utf-8").splitlines()
    changed = 0
    for at in range(len(rows))[lines]:
        rows[at], found = re.subn(r",(\d{4})-(\d\d)-(\d\d),", r",\3.\2.\1,", rows[at], count=1)
        changed += found
    table.write_text("\n".join([header, *rows, ""]), "utf-8")
    return changed


def sample(folder: Path) -> Path:
    """A copy of the sample ledger."""
    shutil.copy(ROOT / "claims.csv", folder)
    shutil.copytree(ROOT / "claims", folder / "claims", ignore=shutil.ignore_patterns(".factdesk"))
    return folder / "claims.csv"


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a ledger and its bytes, but for the lock and the content as last known: nothing rests on those."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    left_out = re.compile(r"/\.factdesk/(known/|lock$)")
    found = {name: data for name, data in found.items() if not left_out.search(name)}
    if not found.get("claims/.factdesk/journal", b"x"):
        del found["claims/.factdesk/journal"]
    return found


def table(folder: Path, name: str) -> Path:
    """The file of a table."""
    return folder / "claims.csv" if name == "claims" else folder / "claims" / f"{name}.csv"


def git(folder: Path, *words: str) -> str:
    """Run Git in a folder."""
    named = ["-c", "user.name=Ada Quist", "-c", "user.email=ada@example.org"]
    return subprocess.run(
        ["git", *named, *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def line(name: str, **cells: str) -> bytes:
    """A line of a table's file as factdesk writes it."""
    table = schema.TABLES[name]
    names = table.names if set(cells) & set(table.later_names) else table.first_names
    assert set(cells) <= set(names)
    return csvfile.render([[cells.get(column, "") for column in names]])


def claim(claim_id: str, **cells: str) -> bytes:
    """A line of claims.csv that is right, but for what is given."""
    right = {"claim": "It hailed.", "claimant": "C. Stone", "logged_at": "2025-03-14T12:00:00.000000Z"}
    return line("claims", **{"claim_id": claim_id, **right, **cells})


def days_go_by(monkeypatch) -> Callable[[datetime | str], None]:
    """The clock by which ledgers are written stands still at noon, UTC, of the day, or the moment, that it is put to."""
    moment = datetime(2025, 3, 1, 12, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    def put(to: datetime | str) -> None:
        nonlocal moment
        moment = datetime.fromisoformat(f"{to}T12:00:00+00:00") if isinstance(to, str) else to

    monkeypatch.setattr("factdesk.ledger.ledger.datetime", Clock)
    return put


def eventful(folder: Path, monkeypatch, chance: random.Random, timezone: str) -> tuple[fd.Ledger, list[str]]:
    """A ledger to which much was done on many days, in an order that chance chose; and the days from before to after."""
    moment = datetime(2025, 3, 1, 12, tzinfo=UTC)
    put = days_go_by(monkeypatch)
    warnings.simplefilter("ignore", fd.FactdeskWarning)  # days are entered out of order on purpose
    ledger = fd.create(folder / "eventful.csv", title="Eventful", publisher="The Desk", timezone=timezone)
    words = ledger.settings.statuses
    days = ["2025-02-28"]
    for _ in range(40):
        moment += timedelta(hours=chance.choice([1, 5, 11, 40, 80]))
        put(moment)
        today = moment.astimezone(ledger.settings.zone).date()
        past = str(today - timedelta(days=chance.randrange(12)))
        days += [str(today), past]
        claims, statuses = list(ledger.claims["claim_id"]), list(ledger.statuses["status_id"])
        act = chance.choice(["log", *["status"] * 3, "edit", "redate", *["withdraw"] * 2, "reinstate"])
        if act == "log" or not claims:
            n = len(ledger.claims) + len(ledger.withdrawn)
            made, claim_id = chance.choice([past, None]), f"claim-{n}-{moment:%m%d%H}"
            ledger.log(f"Claim {n}.", claimant=chance.choice("ABC"), made_on=made, claim_id=claim_id)
        elif act == "status":
            given = chance.choice(claims), chance.choice(words)
            ledger.set_status(*given, holds_from=past, rationale=f"Seen {moment}.")
        elif act == "edit":
            changed = {"claim": f"Reworded {moment}.", "made_on": past}
            ledger.edit("claims", chance.choice(claims), why="Better.", **changed)
        elif act == "redate" and statuses:
            status_id, changed = chance.choice(statuses), {"holds_from": past, "status": chance.choice(words)}
            ledger.edit("statuses", status_id, why="A slip.", **changed)
        elif act == "withdraw":
            table = chance.choice(["claims", "statuses"]) if statuses else "claims"
            ledger.withdraw(table, chance.choice(claims if table == "claims" else statuses), why="Not ours.")
        elif act == "reinstate" and len(ledger.withdrawn):
            row = ledger.withdrawn.iloc[chance.randrange(len(ledger.withdrawn))]
            ledger.reinstate(str(row["table"]), str(row["row_id"]), why="Ours after all.")
    return ledger, sorted(set(days))


# Ledgers to draw, written as files at once


@cache
def sample_ledger() -> fd.Ledger:
    """The sample ledger itself: to be read, never written."""
    return fd.open(ROOT / "claims.csv", by="Ada Quist")


def written(
    folder: Path,
    claims: Sequence[dict[str, str]],
    statuses: Sequence[dict[str, str]] = (),
    evidence: Sequence[dict[str, str]] = (),
    sources: Sequence[dict[str, str]] = (),
    *,
    appearances: Sequence[dict[str, str]] = (),
    changes: Sequence[dict[str, str]] = (),
    title: str = "Steel",
    as_of: str = "2025-04-30",
    more: str = "",
) -> fd.Ledger:
    """Write a ledger of these rows, all of them recorded on one day; `more` is added to its settings."""
    fd.create(folder / "claims.csv", title=title, by="Ada Quist")
    given = {"claims": claims, "statuses": statuses, "evidence": evidence, "sources": sources}
    for name, rows in (given | {"appearances": appearances, "changes": changes}).items():
        table = schema.TABLES[name]
        own = {table.id: "", table.moment: as_of + MOMENT, table.writer: "Ada Quist"}
        full = [{**own, table.id: f"{table.letter}-{n:06}", **row} for n, row in enumerate(rows)]
        is_later = any(column in row for column in table.later_names for row in rows)
        names = table.names if is_later else table.first_names
        cells = [[row.get(column, "") for column in names] for row in full]
        path = folder / "claims.csv" if name == "claims" else folder / "claims" / f"{name}.csv"
        path.write_bytes(csvfile.render([names, *cells]))
    settings = folder / "claims" / "ledger.toml"
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    return fd.open(folder / "claims.csv", by="Ada Quist")


def generated(
    folder: Path,
    count: int,
    *,
    days: int = 14,
    seed: int = 1,
    each: int = 3,
    again: int = 0,
    names: Sequence[str] = PEOPLE,
    **more: str,
) -> fd.Ledger:
    """Write a ledger of so many claims, made within some days from 10 March 2025 on, with what followed.

    Each got at most `each` statuses and was made `again` at most so often.
    """
    random, first = Random(seed), date(2025, 3, 10)
    statuses_of = [status.name for status in schema.VOCABULARY]
    last = date.fromisoformat(more.get("as_of", "2025-04-30"))
    sources = [
        {"source_id": f"s-{n:06}", "url": f"https://example.org/{n}", "publisher": f"Paper {n}"}
        | ({"published_on": str(first + timedelta(days=random.randrange(days)))} if n % 5 else {})
        for n in range(30)
    ]
    claims, statuses, evidence, appearances = [], [], [], []
    for n in range(count):
        day = first + timedelta(days=random.randrange(days))
        words = " ".join(random.choices(WORDS, k=random.randrange(5, 20)))
        claim = {"claim_id": f"claim-{n}", "claim": f"{words}.", "claimant": random.choice(names)}
        claims.append({**claim, "made_on": str(day)})
        for _ in range(random.randrange(each + 1)):
            day = min(day + timedelta(days=random.randrange(max(2, days // 3))), last)
            given = {"claim_id": f"claim-{n}", "status": random.choice(statuses_of), "holds_from": str(day)}
            statuses.append({**given, "rationale": "It was checked."})
        for source in random.sample(sources, k=random.randrange(5)):
            stance = random.choice(schema.STANCES)
            evidence.append({"claim_id": f"claim-{n}", "source_id": source["source_id"], "stance": stance})
        for _ in range(random.randrange(again + 1) if again else 0):
            on = first + timedelta(days=random.randrange(days))
            made = {"made_on": str(on)} if random.random() < 0.9 else {}
            appearances.append({"claim_id": f"claim-{n}", "claimant": random.choice(names), **made})
    return written(folder, claims, statuses, evidence, sources, appearances=appearances, **more)


def corrected(
    folder: Path, count: int, *, days: int = 30, seed: int = 1, names: Sequence[str] = PEOPLE, **more: str
) -> fd.Ledger:
    """Write a ledger of so many claims that was kept day by day, with what was later logged, judged anew or withdrawn."""
    random, first = Random(seed), date(2025, 3, 10)
    words = [status.name for status in schema.VOCABULARY[2:5]]
    claims, statuses, changes = [], [], []
    for n in range(count):
        day = first + timedelta(days=random.randrange(days))
        wrote = day + timedelta(days=random.choice([0, 0, 0, 1, 20]))
        said = " ".join(random.choices(WORDS, k=random.randrange(5, 14)))
        claim = {"claim_id": f"claim-{n}", "claim": f"{said}.", "claimant": random.choice(names)}
        claims.append({**claim, "made_on": str(day), "logged_at": f"{wrote}{MOMENT}"})
        held = day
        for _ in range(random.randrange(3)):
            held += timedelta(days=random.randrange(1, 6))
            given = {"claim_id": f"claim-{n}", "status": random.choice(words), "holds_from": str(held)}
            at = max(held, wrote) + timedelta(days=random.choice([0, 0, 15]))
            statuses.append({**given, "rationale": "The minutes say so.", "recorded_at": f"{at}{MOMENT}"})
        if statuses and random.random() < 0.15:
            again = {"status": "outdated", "rationale": "A second copy of the minutes differs."}
            at = first + timedelta(days=days + 15)
            statuses.append({**statuses[-1], **again, "recorded_at": f"{at}{MOMENT}"})
        if random.random() < 0.05:
            of = {"table": "claims", "row_id": f"claim-{n}", "after": "withdrawn"}
            at = first + timedelta(days=days + 16)
            changes.append({**of, "why": "It was logged twice.", "changed_at": f"{at}{MOMENT}"})
    until = str(first + timedelta(days=days + 20))
    return written(folder, claims, statuses, changes=changes, **{"as_of": until, **more})


def repeated(
    folder: Path, count: int, *, days: int = 60, most: int = 8, seed: int = 1, names: Sequence[str] = PEOPLE
) -> fd.Ledger:
    """Write a ledger of so many claims, many of them made again and some after they were refuted, not all on known days."""
    random, first = Random(seed), date(2025, 3, 10)
    claims, statuses, appearances = [], [], []
    for n in range(count):
        day = first + timedelta(days=random.randrange(days))
        words = " ".join(random.choices(WORDS, k=random.randrange(5, 20)))
        claim = {"claim_id": f"claim-{n}", "claimant": random.choice(names)}
        claims.append({**claim, "claim": f"{words}.", "made_on": str(day)})
        for status in random.choice([["refuted"], ["mixed"], ["refuted", "mixed"], []]):
            day += timedelta(days=random.randrange(1, 5))
            given = {"claim_id": f"claim-{n}", "status": status, "holds_from": str(day)}
            statuses.append({**given, "rationale": "So."})
        for _ in range(random.randrange(most + 1)):
            on = first + timedelta(days=random.randrange(days + 20))
            made = {"made_on": str(on)} if random.random() < 0.9 else {}
            who = claim["claimant"] if random.random() < 0.6 else random.choice(names)
            appearances.append({"claim_id": f"claim-{n}", "claimant": who, **made})
    until = str(first + timedelta(days=days + 40))
    return written(folder, claims, statuses, appearances=appearances, as_of=until)


def first_week(folder: Path) -> fd.Ledger:
    """Write the first week of a desk: four claims, three statuses, one document."""
    said = [("Mayor Lind", "Rents in the city fell by 4 % last year."), ("Mayor Lind", "No school was closed."),
            ("Transit Authority", "The tram extension will open in 2027."), ("Cllr Okafor", "Crime doubled.")]  # fmt: skip
    claims = [
        {"claim_id": f"claim-{n}", "claimant": who, "claim": what, "made_on": f"2026-11-{23 + n}"}
        for n, (who, what) in enumerate(said)
    ]
    why = {"rationale": "By the register."}
    statuses = [
        {"claim_id": f"claim-{n}", "status": status, "holds_from": f"2026-11-{day}", **why}
        for n, status, day in [(0, "mixed", 24), (1, "supported", 26), (3, "refuted", 27)]
    ]
    sources = [{"source_id": "s-0", "url": "https://example.org/rents", "publisher": "Office of Statistics"}]
    evidence = [{"claim_id": "claim-0", "source_id": "s-0", "stance": "mixed"}]
    return written(
        folder, claims, statuses, evidence, sources, title="City desk, first week", as_of="2026-11-29"
    )


def _vocabulary(noun: str, *statuses: tuple[str, int | None, bool]) -> str:
    """Settings of a vocabulary of one's own: labels, ratings, and whether each is settled."""
    parts = [
        f'[[status]]\nname = "{label.lower().replace(" ", "-")}"\nlabel = "{label}"\nsettled = {str(settled).lower()}\n'
        + (f"rating = {rating}\n" if rating else "")
        for label, rating, settled in statuses
    ]
    return "\n".join([f'noun = "{noun}"\n', *parts])


RATINGS = _vocabulary(
    "rating", ("Unrated", None, False), ("True", 5, True), ("Mostly True", 4, True), ("Half True", 3, True),
    ("Mostly False", 2, True), ("False", 1, True), ("Pants on Fire", 1, True),
)  # fmt: skip
PROMISES = _vocabulary(
    "promise", ("Not yet rated", None, False), ("In the works", None, False), ("Stalled", None, False),
    ("Promise Kept", 5, True), ("Compromise", 3, True), ("Promise Broken", 1, True),
)  # fmt: skip


def rated(folder: Path, count: int = 300, years: int = 13) -> fd.Ledger:
    """Write many statements that were each rated once, over many years."""
    random, claims, statuses = Random(7), [], []
    names = ["true", "mostly-true", "half-true", "mostly-false", "false", "pants-on-fire"]
    for n in range(count):
        day = date(2012, 1, 5) + timedelta(days=random.randrange(365 * years))
        claims.append({
            "claim_id": f"claim-{n}", "claim": f"{' '.join(random.choices(WORDS, k=12))}.", "made_on": str(day),
            "claimant": f"Senator {'ABCDEFGHIJKL'[min(int(random.expovariate(0.4)), 11)]}. Stone",
        })  # fmt: skip
        day += timedelta(days=random.randrange(9))
        given = {"status": random.choice(names), "holds_from": str(day), "rationale": "By the record."}
        statuses.append({"claim_id": f"claim-{n}", **given})
    return written(folder, claims, statuses, title="Ratings", as_of=f"{2012 + years}-02-01", more=RATINGS)


def promised(folder: Path, count: int = 40, *, months: int = 96, as_of: str = "2026-01-20") -> fd.Ledger:
    """Write promises of one day, looked at every month for so long; what is kept or broken stays so."""
    random, claims, statuses = Random(11), [], []
    names = ["in-the-works", "stalled", "promise-kept", "compromise", "promise-broken"]
    for n in range(count):
        claims.append({
            "claim_id": f"promise-{n}", "claim": f"{' '.join(random.choices(WORDS, k=9))}.", "kind": "promise",
            "claimant": "Governor Ames", "made_on": "2018-01-15", "topics": random.choice(["roads", "schools", "courts"]),
        })  # fmt: skip
        status, month = "", 0
        while status not in ("promise-kept", "compromise", "promise-broken"):
            month += random.randrange(1, max(4, months // 3))
            if month >= months:
                break
            status = random.choices(names, [4, 3, 1, 1, 1])[0]
            day = date(2018 + month // 12, 1 + month % 12, 15)
            given = {"status": status, "holds_from": str(day), "rationale": "By the minutes."}
            statuses.append({"claim_id": f"promise-{n}", **given})
    looked_at = {"claim_id": "promise-0", "status": "stalled", "holds_from": as_of}
    statuses.append({**looked_at, "rationale": "By the minutes."})
    return written(folder, claims, statuses, title="Governor's promises", as_of=as_of, more=PROMISES)


LEDGERS: dict[str, Callable[[Path], fd.Ledger]] = {
    "week": first_week,
    "ratings": rated,
    "promises": promised,
    # A tracker that goes quiet after six months, and is looked at once more two years later.
    "quiet": lambda folder: promised(folder, 24, months=6, as_of="2020-06-30"),
    "names": lambda folder: generated(folder, 24, days=40, again=3, names=(*NAMES, *PEOPLE)),
}
"""The ledgers of which every chart is drawn, besides the sample: a week, years, a long silence, hard names."""
_kept = tempfile.TemporaryDirectory(prefix="ledgers-")


@cache
def ledger_of(name: str) -> fd.Ledger:
    """Open the sample or one of `LEDGERS`, written once a session: to be read, never written."""
    if name == "sample":
        return sample_ledger()
    folder = Path(_kept.name) / name
    folder.mkdir()
    return LEDGERS[name](folder)


@cache
def eventful_once(seed: int, timezone: str) -> tuple[fd.Ledger, list[str]]:
    """Make an eventful ledger once a session: to be read, never written."""
    folder = Path(_kept.name) / f"eventful-{seed}"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        return eventful(folder, patch, Random(seed), timezone)


EVENTFUL = [(0, "UTC"), (5, "America/New_York"), (2, "Pacific/Auckland")]
"""The seeds and zones of the eventful ledgers that several tests read."""
