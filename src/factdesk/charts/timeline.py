"""Each claim's own history: the statuses that it had, and when evidence was published."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Unpack

import pandas as pd

from factdesk.charts import bands, calls
from factdesk.charts.chart import Canvas, Layers, OverTime, canvas, finding, finish, nothing
from factdesk.charts.marks import tooltips
from factdesk.charts.rows import BAND, BESIDE, isolated, place
from factdesk.charts.theme import STANCE_SIGN
from factdesk.charts.time_axis import Days
from factdesk.errors import InvalidValue
from factdesk.formats import by_name, number, spoken_day
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.unread import apart
from factdesk.schema import STANCES

SORTS, GROUPS = ("ledger", "outcome", "last change", "longest open"), ("claimant", "topic")
COLUMNS = (*bands.COLUMNS, "stance", "from", "until", "pieces", "publishers")
MOST_CLAIMS, MOST_DESCRIBED, MOST_NAMED = 200, 12, 6
"""Rows where the height is open, claims in the text alternative, and publishers that a mark names."""
DENSITIES = ((30, 6, 20, 0.6), (80, 2, 2, 0.45), (MOST_CLAIMS, 1, 1, 0.35))
"""Up to so many claims a row has at most so many lines of words and lanes of marks, and so many lines of air."""
SLIDE = (0, 2, 1, 0.4)


@calls.records_its_call
def timeline(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    *,
    sort: str = "ledger",
    group: str | None = "claimant",
    highlight: str | Sequence[str] | None = None,
    page: int = 1,
    **options: Unpack[OverTime],
) -> Layers:
    """Draw a row for each claim: a band for each status, marks where evidence was published, a flag where it is due.

    Evidence of an unknown day, or of days that are not shown, is counted beside the row. Of more than 200 claims,
    and of more than fit on a slide or a card, those are drawn whose status changed last, or that come first in
    another order asked for, and the picture says so; the next ones stand on the next page.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claims : str or sequence of str, optional
        Ids of the claims drawn; all of them where none are given.
    sort : {"ledger", "outcome", "last change", "longest open"}
        Who spoke first comes first; or by the last status, in the order of the vocabulary; by the day of the last
        change, the latest first; or what has been open for longest, and then what is settled.
    group : {"claimant", "topic"} or None
        What rows stand under one heading; a claim with several topics is in each of them.
    highlight : str or sequence of str, optional
        Ids of the claims whose rows stay strong while all others pale.
    page : int
        Which page, where the claims take several.
    gaps, span, theme, size, width, locale, title : optional
        As in every chart over time: see `fd.charts`.

    Returns
    -------
    altair.LayerChart
        Its `data` has a row for each status, and one for the evidence of each day and stance.

    Raises
    ------
    NotFound
        Where there is no claim of an id.
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.timeline import timeline
    >>> timeline(fd.open("claims.csv"), "trump-positive-signals").title.text
    ['Russia has given positive signals about agreeing to a ceasefire.']
    """
    on, settings = canvas(ledger, **options), ledger.settings
    for name, given, known in (("sort", sort, SORTS), ("group", group, (*GROUPS, None))):
        if given not in known:
            raise InvalidValue.choice(name, given, [one for one in known if one])
    asked = bands.chosen(ledger, claims)
    strong = None if highlight is None else set(bands.chosen(ledger, highlight, "highlight")["claim_id"])
    held = bands.spells(ledger, asked)
    axis = on.axis(held["from"].unique())
    if axis is None:
        _on_page(page, 0, MOST_CLAIMS)
        return nothing(on, settings.nouns, asked["claim_id"])
    shown = bands.seen(held, axis)
    ranked = _ranked(ledger, asked, held, shown, sort)
    last = shown.drop_duplicates("claim_id", keep="last").set_index("claim_id")
    ends = {str(name): int(count) for name, count in last["status"].value_counts().items()}
    unread = on.unread(asked["claim_id"])
    headline = _headline(on, ranked, ends, unread)
    if len(ranked) > 1 and axis.as_of != ledger.latest_day:
        headline += f" on {spoken_day(axis.as_of.date())}"
    flags = bands.flags(asked)
    flagged = bands.FLAGGED.format(noun=settings.noun)
    longest = [bands.explained(("undated", "earlier", "more")) + axis.note, flagged if len(flags) else ""]
    draft = on.words(headline, _subtitle(on, ranked, axis, ranked, 99, 999, sort), longest)
    # A fifth sign takes a further line of a key of four.
    more = len(flags) > 0 and ledger.evidence["stance"].nunique() == len(STANCES)
    left = on.lines_left(draft, -(-len(ends) // 3) + 1 + more)
    row = max(SLIDE[1], BAND + 0.15 + bands.LANE) + SLIDE[3]
    most = MOST_CLAIMS if left is None else max(math.floor(left / row), 1)
    part = ranked.iloc[_on_page(page, len(ranked), most)].sort_values("order", kind="stable")
    pages = -(-len(ranked) // most)
    scope = part if left is None else ranked
    evidence = bands.documents(ledger, scope)
    dated, flags = (one[one["claim_id"].isin(scope["claim_id"])] for one in (held, flags))
    later = pd.concat([evidence["from"], flags["from"]])
    axis = on.axis(pd.concat([dated["from"], later[later >= dated["from"].min()]]).unique()) or axis
    shown = bands.seen(held, axis)
    _, lines, lanes, air = next(one for one in DENSITIES if len(part) <= one[0]) if left is None else SLIDE
    frame = _frame(part, last, group if left is None else None, lines)
    marks = _marks(frame, evidence, flags, axis, lanes)
    is_due, close = marks["what"] == "due", lines < 3
    notes = {
        at: bands.unmarked(own["why"], own["pieces"], is_close=close)
        for at, own in marks[~is_due].groupby("row")
    }
    away = marks[is_due & marks["lane"].isna()]
    under = dict(zip(away["row"], "due " + away["due"], strict=True)) if len(away) else {}
    rest = [
        (" · " if close else "\n").join(filter(None, [under.get(at), notes.get(at)])) for at in frame["row"]
    ]
    labels = frame["status"].map(on.labels).fillna("")
    frame["aside"] = ["\n".join(filter(None, pair)) for pair in zip(labels, rest, strict=True)]
    frame["tall"] = bands.tall(marks, frame)
    beside = BESIDE if lines > 2 else 46
    laid = place(frame.drop(columns="row"), is_narrow=on.is_narrow, beside=beside, between=air, most=lines)
    laid = laid.as_tall_as(left)
    rows = bands.behind(shown, frame, marks)
    elsewhere = strong is not None and strong - set(frame["claim_id"])
    stances = marks["stance"][marks["lane"].notna() & ~is_due]
    caption = (
        "Evidence stands on its day of publication." if len(stances) else "",
        bands.explained(notes.values()),
        flagged if is_due.any() else "",
        "Some of the highlighted are not on this page." if elsewhere else "",
        axis.note,
        f"Others: page=1 to {pages}, or ledger.where(...)." if pages > 1 and left is None else "",
    )
    base = _subtitle(on, ranked, axis, part, page, pages, sort)
    description = _description(on, part, shown, evidence, flags)
    text = on.words(headline, base, caption, [f"{on.title or headline}.", *description])
    ids, kinds = frame.index[~frame["is_head"]], set(marks["what"])
    layers = bands.layers(on, rows, laid, axis, ids, grid=len(frame) > DENSITIES[0][0])
    if "evidence" in kinds:
        tooltip = tooltips("claim", "stance", "from as published", "pieces", "publishers")
        pieces = bands.marks("datum.what == 'evidence'", laid, axis, STANCE_SIGN, fill=on.theme.ink)
        layers.append(pieces.encode(tooltip=tooltip))
    if "due" in kinds:
        layers += bands.flag_layers(laid, axis, on.theme.ink)
    layers += laid.words()
    if strong is not None:
        bands.fade(layers, frame.index[frame["claim_id"].isin(strong) | frame["is_head"]].tolist())
    layers.append(on.key(rows["status"]))
    keyed = {"due": bands.FLAG_SIGN} if is_due.any() else {}
    layers += [on.stance_key(stances, keyed)] if len(stances) or keyed else []
    columns = (*COLUMNS, "due", "would_settle") if keyed else COLUMNS
    return finish(on, text, layers, rows, columns=columns, laid=laid, time=axis)


def _on_page(page: int, claims: int, most: int) -> slice:
    """Return the place of the claims on a page among all of them."""
    pages = max(-(-claims // most), 1)
    if isinstance(page, bool) or not isinstance(page, int) or not 1 <= page <= pages:
        raise InvalidValue("page", page, f"1 to {pages}" if pages > 1 else "1, on which all claims stand")
    return slice((page - 1) * most, page * most)


def _ranked(
    ledger: Ledger, asked: pd.DataFrame, held: pd.DataFrame, shown: pd.DataFrame, sort: str
) -> pd.DataFrame:
    """Put the claims that are seen in the order of the pages; `order` is that of the rows."""
    settled = {status.name: status.settled for status in ledger.settings.vocabulary}
    own, seen_of = held.groupby("claim_id"), shown.groupby("claim_id")
    frame = asked[asked["claim_id"].isin(shown["claim_id"])].set_index("claim_id", drop=False)
    last = seen_of["status"].last()
    runs = shown["status"].map(settled).groupby(shown["claim_id"]).cumsum()
    since = shown[~shown["status"].map(settled)].assign(run=runs).drop_duplicates(["claim_id", "run"])
    opened = since.drop_duplicates("claim_id", keep="last").set_index("claim_id")["from"]
    frame = frame[["claim_id", "claim", "claimant", "topics"]].assign(
        first=own["from"].min(), change=seen_of["from"].max(),
        judged=(last != ledger.settings.vocabulary[0].name) | (own.size() > 1),
        documents=ledger.evidence["claim_id"].value_counts().reindex(frame.index).fillna(0),
        outcome=last.map({name: at for at, name in enumerate(settled)}), settled=last.map(settled), opened=opened,
    )  # fmt: skip
    frame["spoke"] = frame.groupby("claimant")["first"].transform("min")
    frame["name"] = frame["claimant"].map(by_name)
    frame = frame.reset_index(drop=True).sort_values(["spoke", "name", "first", "claim_id"], kind="stable")
    by, ascending = {
        "ledger": (["judged", "change", "documents", "claim_id"], [False, False, False, True]),
        "outcome": (["outcome"], [True]),
        "last change": (["change"], [False]),
        "longest open": (["settled", "opened"], [True, True]),
    }[sort]
    frame["order"] = range(len(frame))
    frame = frame.sort_values(by, ascending=ascending, kind="stable")
    return frame if sort == "ledger" else frame.assign(order=range(len(frame)))


def _frame(part: pd.DataFrame, last: pd.DataFrame, group: str | None, most: int) -> pd.DataFrame:
    """Return the rows from the top, with headings where several rows stand under one."""
    names = part["claimant"] if group != "topic" else part["topics"].str.split(";")
    rows = part.assign(part=names if group else "").explode("part", ignore_index=True)
    rows["part"] = rows["part"].replace("", f"no {group}")
    parts = rows["part"].unique()
    is_headed = bool(group) and len(rows) > 1 and (most > 2 or len(parts) <= len(rows) / 2)
    text = rows["claim"].str.split().str.join(" ")
    if len(part) == 1:
        text = rows["claimant"]
    elif ((not is_headed or group == "topic") and part["claimant"].nunique() > 1) or not group:
        text = rows["claimant"].map(isolated) + ": " + text
    status = rows["claim_id"].map(last["status"])
    rows = rows.assign(words=bands.distinct(text, rows["claim_id"], most), is_head=False, status=status)
    if is_headed:
        heads = {name: pd.DataFrame([{"words": name, "is_head": True}]) for name in parts}
        rows = pd.concat([one for name in parts for one in (heads[name], rows[rows["part"] == name])])
    rows = rows[["claim_id", "claimant", "claim", "words", "is_head", "status"]].reset_index(drop=True)
    return rows.assign(row=range(len(rows)))


def _marks(
    frame: pd.DataFrame, evidence: pd.DataFrame, flags: pd.DataFrame, axis: Days, lanes: int
) -> pd.DataFrame:
    """Return a mark for the evidence of each day and stance, one for the day on which a claim is due, and their lanes."""

    def publishers(names: pd.Series) -> str:
        known = names.unique()
        rest = len(known) - MOST_NAMED
        return "; ".join([*known[:MOST_NAMED], *([f"and {rest} more"] if rest > 0 else [])])

    of_a_day = evidence.groupby(["claim_id", "stance", "from"], dropna=False, sort=False)["publisher"]
    found = of_a_day.agg(pieces="size", publishers=publishers).reset_index().assign(what="evidence")
    if len(flags):
        found = pd.concat([flags.drop(columns=["claimant", "claim"]), found], ignore_index=True)
    found = frame.loc[~frame["is_head"], ["claim_id", "claimant", "claim", "row"]].merge(found, on="claim_id")
    found["lane"], found["why"] = bands.in_lanes(found, axis, lanes)
    return found.assign(until=found["from"])


def _headline(on: Canvas, ranked: pd.DataFrame, ends: dict[str, int], unread: int) -> str:
    """Write what most claims came to; of one its words, and where statuses tie whose claims they are."""
    if len(ranked) == 1:
        return str(ranked["claim"].iloc[0])
    settings = on.ledger.settings
    tied = f"{number(len(ranked))} {settings.nouns}"
    if finding(ends, settings) == f"{tied} in {len(ends)} statuses":
        found = f"{tied} by {_people(ranked)}, and what became of them"
        return f"{found}; {apart(unread)}" if unread else found
    return finding(ends, settings, unread=unread)


def _people(ranked: pd.DataFrame) -> str:
    people = ranked["claimant"].unique()
    return isolated(people[0]) if len(people) == 1 else f"{number(len(people))} claimants"


def _subtitle(
    on: Canvas, ranked: pd.DataFrame, axis: Days, part: pd.DataFrame, page: int, pages: int, sort: str
) -> str:
    """Write what is shown of how many claims, and which of them."""
    settings, by = on.ledger.settings, _people(ranked)
    if len(ranked) == 1:
        return f"Statuses of one {settings.noun} and its evidence, {axis.spoken}"
    what = f"Statuses of each {settings.noun} and its evidence, {axis.spoken}; "
    if pages == 1:
        return f"{what}{on.counted(len(ranked))} by {by}"
    what += f"{number(len(part))} of {number(len(ranked))} {settings.nouns} by {by}"
    judged = part["judged"]
    those = "those whose status changed last" if judged.any() else "the newest"
    if judged.any() and not judged.all():
        those += ", then the newest"
    if page == 1:
        return f"{what}: {those if sort == 'ledger' else f'the first by {sort}'}"
    order = ("last change" if judged.any() else "day") if sort == "ledger" else sort
    return f"{what}, page {number(page)} of {number(pages)}, by {order}"


def _description(
    on: Canvas, part: pd.DataFrame, shown: pd.DataFrame, evidence: pd.DataFrame, flags: pd.DataFrame
) -> Iterator[str]:
    """Write in words what each claim went through, and when it is due; of many claims the first."""
    due_in = dict(zip(flags["claim_id"], flags["due"], strict=True))
    for claim in part.head(MOST_DESCRIBED).to_dict("records"):
        own = shown[shown["claim_id"] == claim["claim_id"]]
        held = "; ".join(
            f"{on.labels[status]} {bands.spoken_spell(*days)}"
            for status, *days in own[["status", "from", "until", "made_on_precision"]].itertuples(index=False)
        )
        is_undated = evidence["from"][evidence["claim_id"] == claim["claim_id"]].isna()
        undated = f", {number(int(is_undated.sum()))} of them undated" if is_undated.any() else ""
        pieces = f"Evidence: {number(len(is_undated))}{undated}."
        due_then = f" Due {due_in[claim['claim_id']]}." if claim["claim_id"] in due_in else ""
        yield f"{isolated(claim['claimant'])}: {claim['claim']} {held}.{due_then} {pieces}"
    yield on.untold(len(part) - MOST_DESCRIBED)
