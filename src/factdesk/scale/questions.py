"""The questions of a ledger's history, each said once for every engine: Ibis expressions over a store's tables.

What the words mean is said in `ledger.intervals` and `measures`, whose frames these give.
"""

from __future__ import annotations

from datetime import date

import ibis
from ibis.expr.types import Table

from factdesk.history.row_versions import NOW
from factdesk.ledger.intervals import GIVEN


def as_known(table: Table, day: int = NOW) -> Table:
    """Return the rows of a table as they were known at the end of a day."""
    return table.filter(table.known <= day, table.until > day)


def standing(claims: Table, statuses: Table, first: str, *, is_whole: bool) -> Table:
    """Return each status for as long as it stood; `is_whole` says that the statuses of every claim can be read.

    All rows of a claim come in one order: by day, what holds of itself before what was given, then by moment and id. A
    row stands where the next one is of a later day; what holds of itself only where no row comes before it.
    """
    of_claims = claims.select("claim_row", "first_day", "is_unread")
    given = statuses.join(of_claims, "claim_row").select(
        "claim_row", "is_unread", "status", "status_row", "recorded_at", "status_id",
        start="holds_from", is_given=ibis.literal(1),
    )  # fmt: skip
    ungiven = of_claims.select(
        "claim_row", "is_unread", status=ibis.literal(first), status_row=ibis.null("int64"),
        recorded_at=ibis.null(statuses.recorded_at.type()), status_id=ibis.literal(""), start="first_day", is_given=ibis.literal(0),
    )  # fmt: skip
    rows = ungiven.union(given)
    rows = rows.filter(rows.start.notnull())
    order = ibis.window(
        group_by="claim_row", order_by=[rows.start, rows.is_given, rows.recorded_at, rows.status_id]
    )
    unread = rows.filter(rows.is_unread).group_by("claim_row").agg(start=rows.start.min())
    if not is_whole:
        rows = rows.filter(~rows.is_unread)
    rows = rows.mutate(next=rows.start.lead(1).over(order), at=ibis.row_number().over(order))
    is_last = rows.next.isnull() | (rows.next > rows.start)
    stood = rows.filter(is_last, (rows.is_given == 1) | (rows["at"] == 0))
    through = ibis.window(group_by="claim_row", order_by="start")
    spells = stood.select(
        "claim_row", "start", "status", "status_row",
        end=stood.start.lead(1).over(through), before=stood.status.lag(1).over(through),
    )  # fmt: skip
    if is_whole:
        return spells
    nothing = {name: ibis.null(spells[name].type()) for name in ("status", "status_row", "end", "before")}
    return spells.union(unread.select("claim_row", "start", **nothing))


def held(spells: Table, day: date) -> Table:
    """Return the spells that hold on a day."""
    return spells.filter(spells.start <= day, spells.end.isnull() | (spells.end > day))


def status_on(spells: Table, claims: Table, statuses: Table, day: date) -> Table:
    """Return the status of each claim on a day, with what the row says that gave it."""
    of_claims = claims.select("claim_row", "claim_id", "claim", "claimant")
    of_statuses = statuses.select("status_row", *GIVEN)
    rows = held(spells, day).join(of_claims, "claim_row").left_join(of_statuses, "status_row")
    holds_from = rows.status.isnull().ifelse(ibis.null("date"), rows.start)
    columns = ("claim_id", "claim", "claimant", "status", "holds_from", *GIVEN)
    return rows.mutate(holds_from=holds_from).order_by("claim_row").select(*columns)


def runs(spells: Table) -> Table:
    """Return the spells that begin another status than the claim had before."""
    return spells.filter(spells.status.notnull(), spells.before.isnull() | (spells.before != spells.status))


def intervals(spells: Table, claims: Table) -> Table:
    """Return from when to when each claim had each status."""
    rows = runs(spells)
    through = ibis.window(group_by="claim_row", order_by="start")
    rows = rows.mutate(end=rows.start.lead(1).over(through)).join(claims, "claim_row")
    return rows.order_by("claim_row", "start").select("claim_id", "status", "start", "end")


def steps(spells: Table, parts: Table | None = None) -> Table:
    """Return by how many claims each status grew or shrank on each day, of all claims or of each part of them.

    As many rows as there are days and statuses, however many claims: what charts and counts are drawn from.
    """
    rows = runs(spells)
    if parts is not None:
        rows = rows.join(parts, "claim_row")
    by = ["start", "status", *(["part"] if parts is not None else [])]
    gains = rows.select(*by, claims=ibis.literal(1, "int64"))
    left = rows.filter(rows.before.notnull()).drop("status").rename(status="before")
    both = gains.union(left.select(*by, claims=ibis.literal(-1, "int64")))
    return both.group_by(by).agg(claims=both.claims.sum()).order_by(by)


def given(statuses: Table, claims: Table, parts: Table | None = None) -> Table:
    """Return how many statuses were given for each day, of all claims or of each part of them."""
    rows = statuses.join(claims.select("claim_row") if parts is None else parts, "claim_row")
    by = ["holds_from", "status", *(["part"] if parts is not None else [])]
    return rows.group_by(by).agg(claims=rows.count()).order_by(by)


def diff(spells: Table, claims: Table, statuses: Table, a: date, b: date) -> Table:
    """Return the claims whose status on two days differs, or that have one on only one of them."""

    def holds(day: date) -> ibis.Column:
        return (spells.start <= day) & (spells.end.isnull() | (spells.end > day))

    # What holds on both days is no difference, and most of all spells: the others are few.
    moved = spells.mutate(on_a=holds(a), on_b=holds(b)).filter(lambda rows: rows.on_a != rows.on_b)

    def only(when: str, name: str) -> ibis.Column:
        return moved[when].ifelse(moved[name], ibis.null(moved[name].type())).max()

    rows = moved.group_by("claim_row").agg(
        before=only("on_a", "status"),
        after=only("on_b", "status"),
        holds_from=only("on_b", "start"),
        status_row=only("on_b", "status_row"),
    )
    rows = rows.filter(~rows.before.identical_to(rows.after))
    rows = rows.join(claims.select("claim_row", "claim_id"), "claim_row")
    rows = rows.left_join(statuses.select("status_row", "rationale"), "status_row").order_by("claim_row")
    return rows.select("claim_id", "before", "after", "holds_from", "rationale")


def transitions(spells: Table, claims: Table) -> Table:
    """Return which status followed which, how often, in how many claims, and after how many days."""
    rows = runs(spells)
    through = ibis.window(group_by="claim_row", order_by="start")
    rows = rows.mutate(
        since=rows.start.lag(1).over(through), given_by=rows.status_row.lag(1).over(through)
    ).join(claims.select("claim_row", "is_dated"), "claim_row")
    rows = rows.filter(rows.before.notnull())
    days = rows.start.delta(rows.since, unit="day")
    rows = rows.mutate(days=(rows.is_dated | rows.given_by.notnull()).ifelse(days, ibis.null("int64")))
    return rows.group_by(from_status="before", to_status="status").agg(
        count=rows.count(),
        claims=rows.claim_row.nunique(),
        median_days=rows.days.median(),
        timed=rows.days.count(),
    )


def fares(spells: Table, claims: Table, day: date) -> Table:
    """Return how many claims of each claimant have each status on a day; `first` is the place of the first."""
    rows = held(spells, day)
    rows = rows.filter(rows.status.notnull()).join(claims.select("claim_row", "claimant"), "claim_row")
    return rows.group_by("claimant", "status").agg(claims=rows.count(), first=rows.claim_row.min())


def made(claims: Table, appearances: Table, day: date) -> Table:
    """Return how often each claimant made a claim up to a day, repeats included."""
    again = appearances.join(claims.select("claim_row"), "claim_row").select("claimant", "day")
    times = claims.select("claimant", day="first_day").union(again)
    times = times.filter(times.day <= day)
    return times.group_by("claimant").agg(made=times.count())


def parts(claims: Table, by: str) -> Table:
    """Return of which claimant each claim is, or of which topics, as `part`; "no topic" where it has none."""
    if by == "claimant":
        return claims.select("claim_row", part="claimant")
    topics = (claims.topics == "").ifelse("no topic", claims.topics).split(";")
    return claims.select("claim_row", part=topics.unnest()).distinct()
