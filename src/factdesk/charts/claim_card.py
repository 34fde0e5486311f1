"""One claim: its words, what was held of it when and why, the evidence on both sides, and what is missing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import Unpack

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import bands, calls
from factdesk.charts.chart import Canvas, Layers, OverTime, canvas, finish, nothing
from factdesk.charts.colours import PATHS, STANCES
from factdesk.charts.marks import ACROSS, LEFT, RIGHT, signs, tooltips, words
from factdesk.charts.rows import BAND, Rows, isolated, place
from factdesk.charts.theme import STANCE_SIGN
from factdesk.charts.time_axis import Days
from factdesk.formats import counted, number, short_day, spoken_day
from factdesk.ledger.ledger import Ledger

COLUMNS = (*bands.COLUMNS, "stance", "from", "until", "publisher", "grade", "rationale", "gaps")
REASONS, MISSING = "reasons", "What is missing"
"""What the layers of the reasons are called, and the heading of what a reader would ask for."""
MOST_PIECES, MOST_DESCRIBED, REASON = 60, 24, 58
"""Pieces up to which each has a row, statuses and pieces in the text alternative, and characters of a line of reasons."""
TIGHTER = ((12, 3), (8, 3), (5, 2), (4, 2), (3, 2), (3, 1), (2, 1), (1, 1))
"""Statuses, and lines of a reason, on a slide or a card: the first that has room."""
TOOLTIP = tooltips("what", "stance", "publisher as by", "begun as on", "grade")
SHAPE = alt.ExprRef(
    f"datum.what == 'made' ? '{PATHS['△']}' : datum.what == 'due' ? {bands.FLAG.expr} : {STANCE_SIGN.expr}"
)
"""The shape of a mark: a stance's, that of a time at which the claim was made, or of the day on which it is due."""
BELOW = 0.05
"""Lines from the upper edge of a row to its marks."""


@calls.records_its_call
def claim_card(
    ledger: Ledger,
    claim_id: str,
    **options: Unpack[OverTime],
) -> Layers:
    """Draw one claim: who said it, what was held of it when and why, what speaks for and against it, what is missing.

    A band for each status that it had, a mark for each time that it was made, and a row for each piece of evidence
    with its publisher, its day and its grade (source and information, as "B2"). Beneath stand the reason for each
    status, what was looked for and not found, and what is missing.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claim_id : str
        Which claim.
    gaps, span, theme, size, width, locale, title : optional
        As in every chart over time: see `fd.charts`. Under another title stand the claim's words.

    Returns
    -------
    altair.LayerChart
        Its `data` has a row for each status, each time that it was made, and each piece of evidence.

    Raises
    ------
    NotFound
        Where there is no claim of that id.
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.claim_card import claim_card
    >>> claim_card(fd.open("claims.csv"), "trump-positive-signals").title.text
    ['Russia has given positive signals about agreeing to a ceasefire.']
    """
    on, row = canvas(ledger, **options), bands.chosen(ledger, [claim_id])
    row = row.assign(made_on_precision=bands.precision(row))
    if on.unread([claim_id]):
        return nothing(on, "days", [claim_id])
    claim, held, evidence = row.iloc[0], bands.spells(ledger, row), bands.documents(ledger, row)
    flag = bands.flags(row)
    made = ledger.appearances[ledger.appearances["claim_id"] == claim_id]
    days = pd.concat([evidence["from"], made["made_on"], flag["from"]])
    busy = pd.concat([held["from"], days[days >= held["from"].min()]]).unique()
    axis = on.axis(busy, covered="on which this claim has a status")
    if axis is None:
        return nothing(on, "days")
    shown = bands.seen(held, axis)
    missing, reasons = list(_missing(ledger, claim, held, evidence, axis)), _reasons(on, shown)
    is_compact = on.is_framed or len(evidence) > MOST_PIECES
    frame, marks = _frame(on, shown["status"].iloc[-1], evidence, made, flag, axis, is_compact=is_compact)
    who, held_now, base = _facts(on, claim, shown, evidence, axis)
    room = 90 if on.is_framed else 400
    quote, settles = (
        textwrap.shorten(claim[name], room, placeholder=" …") for name in ("quote", "would_settle")
    )
    subtitle = f"{_ended(claim['claim'])} " if on.title else ""
    subtitle += f"{_ended(who)} {held_now}; {base}"
    subtitle += f". In the claimant’s words: “{quote}”" if quote else ""
    subtitle = f"{_ended(subtitle)} Would settle it: {isolated(settles)}" if settles else subtitle
    described = [*_description(claim, who, f"{held_now}; {base}.", reasons, evidence, flag)]
    described += [f"{MISSING}: {' '.join(missing)}"] if missing else []
    used, columns = shown["status"].unique(), 5 if on.is_framed else 3
    for most, lines in TIGHTER if on.is_framed else ((len(shown), 99),):
        texts = _texts(reasons[-most:], missing, lines, on.is_framed)
        every = pd.concat([frame, texts], ignore_index=True)
        laid = place(every, is_narrow=on.is_narrow, beside=30, between=0.25 if on.is_framed else 0.4)
        caption = _caption(evidence, marks, max(len(shown) - most, 0), is_compact=is_compact)
        text = on.words(claim["claim"], subtitle, [*caption, axis.note], described)
        left = on.lines_left(text, -(-len(used) // columns), 30)
        if left is None or laid.lines[on.is_narrow] <= left:
            break
    laid = laid.as_tall_as(left)
    spells = shown.assign(row=0, what="status")
    of = {name: claim[name] for name in ("claim_id", "claimant", "claim")}
    layers = [
        *bands.layers(on, spells, laid, axis, [0]),
        *_marks(on, laid, frame, axis, is_compact=is_compact),
        *replace(laid, frame=laid.frame.iloc[: len(frame)]).words(),
        on.key(used, columns),
        *_reason_layers(on, laid, texts, len(frame)),
    ]
    rows = pd.concat([spells, marks.assign(**of)])
    chart = finish(on, text, layers, rows, columns=COLUMNS, laid=laid, time=axis)
    alone = place(frame, is_narrow=on.is_narrow, beside=30, between=0.4)  # a page writes the reasons itself
    about = {"reasons": reasons, "missing": missing, "quote": claim["quote"]}
    chart.usermeta["factdesk"] |= about | {"heights": alone.heights}
    return chart


def _frame(
    on: Canvas,
    status: str,
    evidence: pd.DataFrame,
    made: pd.DataFrame,
    flag: pd.DataFrame,
    axis: Days,
    *,
    is_compact: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows over the reasons, and the marks in them: times it was made, is due, and each piece of evidence."""
    rows: list[dict[str, object]] = [
        {"words": "status", "aside": on.labels[status], "status": status, "tall": BAND}
    ]
    marks: list[pd.DataFrame] = []

    def add(own: pd.DataFrame, heads: list[str], lanes: int) -> pd.Series:
        """Add one row for all marks, or one for each; return why any of them has no lane."""
        own = own.assign(row=len(rows) if len(heads) == 1 else range(len(rows), len(rows) + len(own)))
        own["lane"], why = bands.in_lanes(own, axis, lanes)
        rows.extend({"words": head} for head in heads)
        rows[-1]["tall"] = own["lane"].max() + 1
        marks.append(own)
        return why

    times = pd.DataFrame({"from": made["made_on"], "publisher": made["claimant"], "stance": "", "grade": ""})
    times = times.assign(what="made", made_on_precision=bands.precision(made))
    rest = bands.unmarked(add(times, ["made"], 1 if is_compact else 6)).replace("+", "")
    rows[-1]["aside"] = ", ".join([counted(len(times), "time"), *rest.splitlines()])
    if len(flag):
        add(flag[["from", "what", "stance", "due"]], ["due"], 1)
        rows[-1]["aside"] = flag["due"].iloc[0]
    dated = evidence.sort_values("from", kind="stable").assign(what="evidence")
    for stance in STANCES:
        own = dated[dated["stance"] == stance]
        if own.empty and (stance not in ("supports", "refutes") or evidence.empty):
            continue
        head = f"{stance} {number(len(own))}"
        if is_compact:
            why = add(own, [head], 1 if len(evidence) <= MOST_PIECES else 3)
            rows[-1]["aside"] = bands.unmarked(why, is_close=True)
            continue
        rows.append({"words": head, "is_head": True})
        first, why = len(rows), add(own, own["publisher"].map(isolated).tolist(), 1)
        days = map(_day, own["from"], why)
        for row, *pair in zip(rows[first:], days, own["grade"], strict=True):
            row["aside"] = ", ".join(filter(None, pair))
    frame = pd.DataFrame(rows, columns=["words", "aside", "status", "tall", "is_head"]).fillna({"tall": 1})
    every = pd.concat(marks, ignore_index=True)
    return frame, every.assign(until=every["from"])


def _day(day: pd.Timestamp, why: str) -> str:
    return "undated" if pd.isna(day) else f"{short_day(day.date())} {day.year}" + f" ({why})" * bool(why)


def _marks(on: Canvas, laid: Rows, frame: pd.DataFrame, axis: Days, *, is_compact: bool) -> list[alt.Chart]:
    """Draw a faint line through each row, its marks, and beside it the sign of what has no day that is shown."""
    own = frame.index[frame["is_head"].isna() & frame["status"].isna()]
    line = laid.at(pd.DataFrame({"row": own}), BELOW + bands.LANE / 2).mark_rule(color=on.theme.faint)
    marks = bands.marks("datum.what != 'status'", laid, axis, SHAPE, BELOW, fill=on.theme.ink)
    kinds = ["due"] if is_compact else ["due", "evidence"]
    undated = f"indexof({kinds}, datum.what) >= 0 && !isValid(datum.lane)"
    beside = alt.Chart().transform_filter(undated).transform_calculate(begun=bands.FROM)
    beside = laid.at(beside, BELOW + bands.LANE / 2)
    beside = signs(beside, SHAPE, fill=on.theme.ink, xOffset=14, clip=False)
    return [
        line.encode(**ACROSS),
        marks.encode(tooltip=TOOLTIP),
        beside.encode(x=RIGHT, tooltip=TOOLTIP),
    ]


def _reasons(on: Canvas, shown: pd.DataFrame) -> list[dict[str, str]]:
    """Return why each status was given, as a page writes it."""
    first, found = on.ledger.settings.vocabulary[0].name, []
    for one in shown.to_dict("records"):
        none = "No reason was given." if one["status"] != first or one["by"] else "No status was given yet."
        days = {name: "" if pd.isna(one[name]) else str(one[name].date()) for name in ("from", "until")}
        when = bands.spoken_spell(one["from"], one["until"], one["made_on_precision"])
        of = {name: one[name] for name in ("gaps", "by", "status")} | days
        found.append(
            of | {"label": on.labels[one["status"]], "when": when, "rationale": one["rationale"] or none}
        )
    return found


def _texts(reasons: list[dict[str, str]], missing: list[str], lines: int, is_framed: bool) -> pd.DataFrame:
    """Return the rows of the reasons: statuses at the left, and the words beside them, in lines."""
    rows: list[dict[str, object]] = [] if is_framed else [{"words": "reasons", "text": [], "is_head": True}]
    between, chars = (", ", REASON + 16) if is_framed else ("\n", REASON)
    for one in reasons:
        when = one["label"] + between + one["when"]
        rows.append({"words": when, "status": one["status"], "text": [one["rationale"], _gaps(one)]})
    if missing:
        rows.append({"words": MISSING, "text": [" ".join(missing)] if is_framed else missing})
    frame = pd.DataFrame(rows, columns=["words", "status", "text", "is_head"])
    frame["text"] = [
        "\n".join(
            isolated(line)
            for text in part
            for line in textwrap.wrap(text, chars, max_lines=lines, placeholder=" …")
        )
        for part in frame["text"]
    ]
    return frame.assign(tall=frame["text"].str.count("\n") + 1)


def _gaps(reason: dict[str, str]) -> str:
    return f"Not found, or would change it: {reason['gaps']}" if reason["gaps"] else ""


def _reason_layers(on: Canvas, laid: Rows, texts: pd.DataFrame, above: int) -> list[alt.Chart]:
    """Draw the reasons; by their description a page finds these layers, and writes the words itself."""
    rows = texts.assign(row=range(above, above + len(texts)))
    text = laid.at(rows[["row", "text"]]).encode(x=LEFT)
    tiles = on.tiles(laid.at(rows.loc[rows["status"].notna(), ["row", "status"]], 0.5), xOffset=8)
    layers = [
        *replace(laid, frame=laid.frame.iloc[above:]).words(),
        words(text, dx=24, dy=1, baseline="top"),
        tiles.encode(x=LEFT),
    ]
    return [layer.properties(description=REASONS) for layer in layers]


def _missing(
    ledger: Ledger, claim: pd.Series, held: pd.DataFrame, evidence: pd.DataFrame, axis: Days
) -> Iterator[str]:
    """Write what a reader would ask for and does not find."""
    settled = {status.name: status.settled for status in ledger.settings.vocabulary}
    is_settled, until = held["status"].map(settled).tolist(), ledger.latest_day
    if not is_settled[-1]:
        last = max((at for at, one in enumerate(is_settled) if one), default=-1)
        first = held.iloc[last + 1]
        since, precision = first["from"], first["made_on_precision"]
        is_known = not precision and (last >= 0 or pd.notna(claim["made_on"]))
        waited = f", for {counted((until - since).days, 'day')}" if until > since and is_known else ""
        yield f"Open since {spoken_day(since.date(), precision)}{waited}."
    if pd.isna(claim["made_on"]):
        yield "The day on which it was made is not known; the band begins when it was logged."
    elif part := claim["made_on_precision"]:
        yield f"Only the {part} in which it was made is known; the band begins on its first day."
    if evidence.empty:
        yield "No evidence is attached."
        return
    yield from (
        f"No evidence {side} it." for side in ("supports", "refutes") if side not in set(evidence["stance"])
    )
    if undated := int(evidence["from"].isna().sum()):
        many = counted(len(evidence), "piece")
        yield f"{number(undated)} of {many} of evidence {'is' if undated == 1 else 'are'} undated."
    bears = measures.publishers(ledger.where(claim_id=claim["claim_id"]))
    speaks = set(bears["publisher"][bears["stance"] != "context"])
    if len(speaks) == 1 and "" not in speaks:
        yield "All that speaks for or against it comes from one publisher."
    given = bands.given_statuses(ledger)
    given = given[given["claim_id"] == claim["claim_id"]]
    if len(given) and is_settled[-1] and not given["evidence"].iloc[-1]:
        yield "Its latest status names no evidence on which it rests."


def _facts(
    on: Canvas, claim: pd.Series, shown: pd.DataFrame, evidence: pd.DataFrame, axis: Days
) -> tuple[str, str, str]:
    """Write whose claim it is, what is held of it, and how much evidence there is."""
    now, label = shown.iloc[-1], on.labels[shown["status"].iloc[-1]]
    day = "on a day that is not known"
    if pd.notna(claim["made_on"]):
        day = spoken_day(claim["made_on"].date(), claim["made_on_precision"])
    role = claim["claimant_role"] if len(claim["claimant_role"]) < 90 else ""
    who = ", ".join(filter(None, [isolated(claim["claimant"]), role, day]))
    since = f"on {spoken_day(axis.as_of.date())}"
    if axis.as_of == on.ledger.latest_day:
        since = f"since {spoken_day(now['from'].date(), now['made_on_precision'])}"
    held = f"{isolated(label[:1].upper() + label[1:])} {since}"
    if evidence.empty:
        return who, held, "no evidence"
    n_for, n_against = (number(evidence["stance"].eq(side).sum()) for side in ("supports", "refutes"))
    base = f"{counted(len(evidence), 'piece')} of evidence: {n_for} for, {n_against} against"
    independent = measures.origins_in_words(on.ledger, [claim["claim_id"]])
    return who, held, "; ".join(filter(None, [base, *independent.values()]))


def _caption(
    evidence: pd.DataFrame, marks: pd.DataFrame, left_out: int, *, is_compact: bool
) -> Iterator[str]:
    """Write how to read the card, and what is not drawn."""
    if len(evidence):
        is_graded = evidence["grade"].any() and not is_compact
        graded = ", with the grade of its source and its credibility" if is_graded else ""
        yield f"Evidence stands on its day of publication{graded}."
    away = int((marks["what"].eq("evidence") & marks["lane"].isna() & marks["from"].notna()).sum())
    if away:
        yield f"Evidence published on other days, or without room, and not drawn: {counted(away, 'piece')}."
    if left_out:
        yield f"Earlier statuses that are not listed: {number(left_out)}."


def _description(
    claim: pd.Series,
    who: str,
    held: str,
    reasons: list[dict[str, str]],
    evidence: pd.DataFrame,
    flag: pd.DataFrame,
) -> Iterator[str]:
    """Write the card in words, but for what is missing."""
    yield from (_ended(claim["claim"]), _ended(who))
    if claim["quote"]:
        yield _ended(f"In the claimant’s words: “{claim['quote']}”")
    yield held
    yield from (f"Due {when}." for when in flag["due"])
    if claim["would_settle"]:
        yield _ended(f"Would settle it: {claim['would_settle']}")
    for one in reasons[-MOST_DESCRIBED:]:
        gaps = f" {_ended(_gaps(one))}" if one["gaps"] else ""
        yield f"{one['label']} {one['when']}: {_ended(one['rationale'])}{gaps}"
    for stance in STANCES:
        own = evidence[evidence["stance"] == stance].sort_values("from", kind="stable")
        days = [spoken_day(day.date()) if pd.notna(day) else "undated" for day in own["from"]]
        pieces = [f"{name} ({day})" for name, day in zip(own["publisher"], days, strict=True)]
        rest = len(pieces) - MOST_DESCRIBED
        more = f" and {number(rest)} more" if rest > 0 else ""
        if pieces:
            yield f"Evidence, {stance}: {'; '.join(pieces[:MOST_DESCRIBED])}{more}."


def _ended(words: str) -> str:
    """End words with a full stop, where they have no end."""
    return words if words.endswith((".", "!", "?", "…", "。", "؟", "”")) else f"{words}."
