"""The tables, columns, types, vocabularies and colours of a ledger, said once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import pandas as pd

FORMATS = (1, 2)
"""Versions of the format on disk, as `ledger.toml` states them: a ledger begins with the first, and grows when needed."""

CELL_LIMIT = 32_000
"""Characters that one cell may hold; what `log` takes, `open` can read."""

SEPARATOR = ";"
"""Between the values of a cell that holds several."""

KINDS = ("quote", "statement", "statistic", "prediction", "promise", "position", "event")
STANCES = ("supports", "refutes", "mixed", "context")
SOURCE_TYPES = ("primary", "news", "analysis", "data", "social", "other")
RELIABILITY = ("A", "B", "C", "D", "E", "F")
CREDIBILITY = ("1", "2", "3", "4", "5", "6")
SEVERITIES = ("error", "warning", "note")
PRECISIONS = ("month", "year")
PERIODS = ("day", "week", "month", "quarter", "year")
WITHDRAWN = "withdrawn"
ADDED = "added"


@dataclass(frozen=True)
class Column:
    """One column: its name, what kind of value it holds and what it is for.

    `holds` is `text`, `line` (text on one line), `id`, `claim`, `source`, `evidence` (ids of rows of that
    table), `day`, `due` (a day, month or year), `moment`, `choice`, `several` (values joined by `;`), `status`,
    `number` or `hash`. `since` is the format in which it came: a column of a later one than the first stands in a
    file once a cell of it is filled, and enters ids, leaves and digest only where filled.
    """

    name: str
    holds: str
    meaning: str
    choices: tuple[str, ...] = ()
    required: bool = False
    since: int = 1


@dataclass(frozen=True)
class Table:
    """One table: its file, its columns in order, and which of them say what the row is, when and by whom."""

    name: str
    letter: str
    meaning: str
    columns: tuple[Column, ...]

    @cached_property
    def names(self) -> list[str]:
        """Column names, in the order in which they are written."""
        return [column.name for column in self.columns]

    @cached_property
    def first_names(self) -> list[str]:
        """Names of the columns of the first format: every file has these."""
        return [column.name for column in self.columns if column.since == 1]

    @cached_property
    def later_names(self) -> list[str]:
        """Names of the columns that came later; they stand behind the others."""
        return [column.name for column in self.columns if column.since > 1]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def id(self) -> str:
        """Name of the column that identifies a row."""
        return self.columns[0].name

    @cached_property
    def editable(self) -> list[str]:
        """Names of the columns that can be edited: no ids, and not who wrote a row and when."""
        fixed = {self.id, self.moment, self.writer, "claim_id", "origin", "judged"}
        return [name for name in self.names if name not in fixed]

    @cached_property
    def needed(self) -> list[str]:
        """Names of the columns that may not be empty, but for those that are made with the row."""
        return [one.name for one in self.columns if one.required and one.name not in (self.id, self.moment)]

    @cached_property
    def moment(self) -> str:
        """Name of the column that holds when the row was written (record time)."""
        return next(column.name for column in self.columns if column.holds == "moment")

    @cached_property
    def writer(self) -> str:
        """Name of the column that holds who wrote the row."""
        return self.names[self.names.index(self.moment) + 1]


def _claimed(first: str) -> tuple[Column, ...]:
    return (
        Column("claimant", "line", "who asserts it: person, office, organisation, or the article itself",
               required=True),
        Column("claimant_role", "line", "the title that the claimant held on the day"),
        Column("made_on", "day", first),
    )  # fmt: skip


CLAIMS = Table("claims", "", "one row per claim", (
    Column("claim_id", "id", "readable name of the claim; never changes", required=True),
    Column("claim", "line", "the proposition, in the analyst's words", required=True),
    *_claimed("the day on which it was first made"),
    Column("quote", "text", "the claimant's exact words, in the document's own language"),
    Column("appearance", "source", "the document in which it was first known to be made"),
    Column("kind", "choice", "what sort of proposition it is", choices=KINDS),
    Column("topics", "several", "what it is about; several values are separated by `;`"),
    Column("note", "text", "anything else a colleague should know"),
    Column("logged_at", "moment", "when it was logged", required=True),
    Column("logged_by", "line", "who logged it"),
    Column("made_on_precision", "choice",
           "how much of `made_on` is known: `month` or `year` where it is the first day of one; empty for a day",
           choices=PRECISIONS, since=2),
    Column("due_on", "due", "the day, month or year at whose end a promise or prediction is due", since=2),
    Column("would_settle", "text", "what would settle it, in words", since=2),
    Column("origin", "line", "the import that brought it in, and the row's own id there", since=2),
))  # fmt: skip

APPEARANCES = Table("appearances", "a", "one row per further time that a claim was made", (
    Column("appearance_id", "id", "name of the row, made from its content", required=True),
    Column("claim_id", "claim", "the claim that was made again", required=True),
    *_claimed("the day on which it was made this time"),
    Column("source_id", "source", "the document in which it was made this time"),
    Column("quote", "text", "the exact words used this time"),
    Column("place", "line", "where in the document the words stand"),
    Column("note", "text", "anything else a colleague should know"),
    Column("logged_at", "moment", "when it was logged", required=True),
    Column("logged_by", "line", "who logged it"),
))  # fmt: skip

SOURCES = Table("sources", "s", "one row per document", (
    Column("source_id", "id", "name of the row, made from its address or its bytes", required=True),
    Column("url", "line", "address; empty for a file"),
    Column("title", "line", "the document's own title"),
    Column("publisher", "line", "who published it"),
    Column("author", "line", "who wrote it"),
    Column("published_on", "day", "the day on which it was published, where shown"),
    Column("type", "choice", "what sort of document it is", choices=SOURCE_TYPES),
    Column("reliability", "choice", "Admiralty grade of the source, A (best) to F (can't be judged)",
           choices=RELIABILITY),
    Column("note", "text", "anything else a colleague should know"),
    Column("added_at", "moment", "when it was described", required=True),
    Column("added_by", "line", "who described it"),
))  # fmt: skip

SNAPSHOTS = Table("snapshots", "n", "one row per time that a document was kept", (
    Column("snapshot_id", "id", "name of the row, made from its content", required=True),
    Column("source_id", "source", "the document that was kept", required=True),
    Column("sha256", "hash", "SHA-256 of the bytes; also the file's name in `snapshots/`", required=True),
    Column("media_type", "line", "what kind of file it is"),
    Column("bytes", "number", "size of the file"),
    Column("retrieved_at", "moment", "when it was kept", required=True),
    Column("retrieved_by", "line", "who kept it"),
))  # fmt: skip

EVIDENCE = Table("evidence", "e", "one row per source attached to a claim", (
    Column("evidence_id", "id", "name of the row, made from its content", required=True),
    Column("claim_id", "claim", "the claim on which it bears", required=True),
    Column("source_id", "source", "the document that bears on it", required=True),
    Column("stance", "choice", "what the document does to the claim", choices=STANCES, required=True),
    Column("quote", "text", "the words that bear on it, exactly as they stand there"),
    Column("translation", "text", "the checker's translation of the quote"),
    Column("place", "line", "where in the document the words stand"),
    Column("credibility", "choice", "Admiralty grade of the information, 1 (confirmed) to 6 (can't be judged)",
           choices=CREDIBILITY),
    Column("note", "text", "anything else a colleague should know"),
    Column("attached_at", "moment", "when it was attached", required=True),
    Column("attached_by", "line", "who attached it"),
))  # fmt: skip

STATUSES_TABLE = Table("statuses", "t", "one row per status given; a correction is a new row", (
    Column("status_id", "id", "name of the row, made from its content", required=True),
    Column("claim_id", "claim", "the claim that is judged", required=True),
    Column("status", "status", "what is held of it", required=True),
    Column("holds_from", "day", "the day in the world from which it holds", required=True),
    Column("rationale", "text", "why, in a sentence or two", required=True),
    Column("evidence", "evidence", "ids of the evidence it rests on, separated by `;`"),
    Column("gaps", "text", "what was looked for and not found, or would change the status"),
    Column("recorded_at", "moment", "when it was written down", required=True),
    Column("recorded_by", "line", "who wrote it down"),
    Column("reviewed_by", "line", "who reviewed it"),
    Column("published_at", "line", "address of the published check in which it was given", since=2),
    Column("published_on", "day", "the day on which that was published", since=2),
    Column("judged", "line", "which words of which kept documents it was judged on", since=2),
))  # fmt: skip

CHANGES = Table("changes", "c", "one row per later edit of a cell or withdrawal of a row; only ever added to", (
    Column("change_id", "id", "name of the row, made from its content", required=True),
    Column("table", "line", "the table that was changed", required=True),
    Column("row_id", "line", "the row that was changed", required=True),
    Column("column", "line", "the cell that was changed; empty for a withdrawal, or a row that was added later than it says"),
    Column("before", "text", "what stood there"),
    Column("after", "text", "what stands there now; `withdrawn` for a withdrawal, `added` for a row that was added later than it says, such as by hand"),
    Column("why", "text", "the reason given", required=True),
    Column("changed_at", "moment", "when it was changed", required=True),
    Column("changed_by", "line", "who changed it"),
))  # fmt: skip

TABLES = {t.name: t for t in (CLAIMS, APPEARANCES, SOURCES, SNAPSHOTS, EVIDENCE, STATUSES_TABLE, CHANGES)}
"""The seven tables by name, in the order in which they depend on one another."""

SEALS = Table("seals", "l", "one row per seal: all that the ledger held at a moment; only ever added to", (
    Column("seal_id", "id", "name of the row, made from its content; also of the file of its leaves in `seals/`",
           required=True),
    Column("digest", "hash", "root of the Merkle tree over all rows; its first 32 digits are the ledger's digest",
           required=True),
    Column("rows", "number", "how many rows it covers", required=True),
    Column("settings", "hash", "SHA-256 of `ledger.toml`, its line ends as `\\n`", required=True),
    Column("note", "text", "what it was sealed for"),
    Column("sealed_at", "moment", "when it was sealed", required=True),
    Column("sealed_by", "line", "who sealed it"),
))  # fmt: skip
"""The seals stand outside the seven: sealing a ledger does not change its digest."""


@dataclass(frozen=True)
class Status:
    """One word of the status vocabulary, and how it is shown.

    `colour` and `dark` are for light and dark grounds; `sign` stands beside the word, so that colour never
    stands alone. Any of the three may be empty: `factdesk.charts.colours` then chooses one. `rating` is the
    ClaimReview rating from 1 to `best_rating`, which is one for all of a vocabulary, or None where words only are
    given. `renamed_from` are words that it was called before: rows that hold them read as this one.
    """

    name: str
    label: str
    colour: str = ""
    dark: str = ""
    sign: str = ""
    settled: bool = True
    rating: int | None = None
    renamed_from: tuple[str, ...] = ()
    best_rating: int = 5


# Searched numerically: least distance in CAM02-UCS 28.9 (light) and 28.0 (dark), 18.0 and 17.5 for the worst
# of deuteranopia, protanopia and tritanopia; neighbours in this order at least 12.0 apart in lightness.
VOCABULARY = (
    Status("unverified", "unverified", "#DBD7D6", "#5F6369", "○", settled=False),
    Status("in review", "in review", "#85A4DB", "#94B3EB", "◔", settled=False),
    Status("supported", "supported", "#2B825A", "#059763", "●", rating=5),
    Status("mixed", "mixed", "#DCB33A", "#E7BB4B", "◐", rating=3),
    Status("refuted", "refuted", "#AA1F0A", "#C63614", "✕", rating=1),
    Status("outdated", "outdated", "#996991", "#C07AA2", "◌"),
    Status("unverifiable", "unverifiable", "#3D4248", "#E7E3E2", "?"),
)

STANCE_SIGNS = {"supports": "●", "refutes": "✕", "mixed": "◐", "context": "○"}
"""A sign for each stance, so that a mark or a word never depends on colour."""


@dataclass(frozen=True)
class Settings:
    """What `ledger.toml` says: title, publisher, time zone, status vocabulary and what its claims are called."""

    title: str = "Untitled ledger"
    publisher: str = ""
    timezone: str = "UTC"
    vocabulary: tuple[Status, ...] = field(default=VOCABULARY)
    noun: str = "claim"
    plural: str = ""
    largest_in_git: int = 50_000_000
    """Bytes of a kept document beyond which it stays out of Git; hosting sites refuse files of 100 MB."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the ledger's days begin and end."""
        return ZoneInfo(self.timezone)

    @property
    def nouns(self) -> str:
        """What several of the ledger's claims are called: `plural`, or else the English plural of `noun`.

        >>> [Settings(noun=noun).nouns for noun in ("claim", "promise", "story", "address")]
        ['claims', 'promises', 'stories', 'addresses']
        """
        if self.plural:
            return self.plural
        if re.search("[^aeiou]y$", self.noun):
            return f"{self.noun[:-1]}ies"
        return self.noun + ("es" if re.search("(s|x|z|ch|sh)$", self.noun) else "s")

    @property
    def statuses(self) -> list[str]:
        """Names of the statuses, in vocabulary order (the stacking order of charts)."""
        return [status.name for status in self.vocabulary]

    @cached_property
    def renamed(self) -> dict[str, str]:
        """What each status is called now that had another name before."""
        return {old: status.name for status in self.vocabulary for old in status.renamed_from}

    @property
    def best_rating(self) -> int:
        """The best ClaimReview rating that a status can have; the worst is 1."""
        return self.vocabulary[0].best_rating

    @property
    def opened(self) -> list[str]:
        """Names of the statuses that settle nothing."""
        return [status.name for status in self.vocabulary if not status.settled]

    @property
    def first(self) -> str:
        """The status that every claim has until one is given."""
        return self.vocabulary[0].name

    def status(self, name: str) -> Status:
        """Return the status of that name."""
        return next(status for status in self.vocabulary if status.name == name)


DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
DAY_LENGTH, MOMENT_LENGTH = 10, 27
# Years that both Python's dates and pandas' timestamps of microseconds hold, and a person can have meant.
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(9998, 12, 31)
ALLOWED_DAYS = f"a day as YYYY-MM-DD, from {FIRST_DAY} to {LAST_DAY}"
"""What messages say is allowed for a day."""


def day_text(day: date) -> str:
    """Write a day as the files hold it.

    >>> day_text(date(2025, 3, 15))
    '2025-03-15'
    """
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def reduced(day: str, precision: str) -> str:
    """Return a day of the files as `log` takes it: cut to its month or year where no more is known (ISO 8601).

    >>> reduced("2025-03-01", "month"), reduced("2025-01-01", "year"), reduced("2025-03-15", "")
    ('2025-03', '2025', '2025-03-15')
    """
    return day[: {"month": 7, "year": 4}.get(precision, 10)]


@lru_cache(256)
def moment_text(moment: datetime) -> str:
    """Write a moment as the files hold it: UTC, always six digits and the `Z`.

    >>> from datetime import timezone
    >>> moment_text(datetime(2025, 3, 15, 12, tzinfo=timezone.utc))
    '2025-03-15T12:00:00.000000Z'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_day(value: object) -> date:
    """Parse a day from text, a date or a timestamp; raise ValueError where it is none.

    >>> parse_day("2025-03-15")
    datetime.date(2025, 3, 15)
    """
    if isinstance(value, datetime):
        if pd.isna(value) or value.tzinfo is not None or value.time() != time():
            raise ValueError("a moment is not a day")
        value = value.date()
    if isinstance(value, str):
        if not DAY.fullmatch(value):
            raise ValueError("not of the form YYYY-MM-DD")
        value = date.fromisoformat(value)
    if not isinstance(value, date) or not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError("not a day")
    return value


def is_due(value: str) -> bool:
    """Return whether a text is a day, a month or a year as files hold one: 2025-03-15, 2025-03, 2025.

    >>> [is_due(text) for text in ("2025-03-15", "2025-03", "2025", "2025-13", "25")]
    [True, True, True, False, False]
    """
    try:
        return bool(re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", value) and parse_day((value + "-01-01")[:10]))
    except ValueError:
        return False


def parse_moment(value: object, zone: ZoneInfo) -> datetime:
    """Parse a moment; a day means its end in `zone`, a moment without a time zone is refused.

    >>> parse_moment("2025-03-15", ZoneInfo("UTC")).isoformat()
    '2025-03-15T23:59:59.999999+00:00'
    """
    try:
        day = parse_day(value)
    except ValueError:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(moment, datetime) or pd.isna(moment) or moment.tzinfo is None:
            raise ValueError("a moment needs a time zone") from None
        try:
            moment = moment.astimezone(ZoneInfo("UTC"))
        except OverflowError:
            raise ValueError("a moment outside the calendar") from None
        if not FIRST_DAY <= moment.date() <= LAST_DAY:
            raise ValueError("a moment outside the calendar") from None
        return moment
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    return midnight.astimezone(ZoneInfo("UTC")) - timedelta(microseconds=1)


def parse_day_in(value: object, zone: ZoneInfo) -> date:
    """Parse a day; a moment with a time zone means its day in `zone`, one without is refused.

    >>> parse_day_in("2024-06-28T23:30:00Z", ZoneInfo("Europe/Kyiv"))
    datetime.date(2024, 6, 29)
    """
    try:
        return parse_day(value)
    except ValueError:
        return parse_day(parse_moment(value, zone).astimezone(zone).date())
