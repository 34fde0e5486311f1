"""One claim: its words, what was held of it when and why, the evidence on both sides, and what is missing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import bands, calls, due
from factdesk.charts.chart import Canvas, Layers, canvas, finish, nothing
from factdesk.charts.colours import PATHS, STANCES
from factdesk.charts.marks import ACROSS, LEFT, RIGHT, signs, tooltips, words
from factdesk.charts.rows import BAND, Rows, isolated, place
from factdesk.charts.theme import STANCE_SIGN, labels
from factdesk.charts.time_axis import Days, Span, time_axis
from factdesk.errors import InvalidValue
from factdesk.formats import counted, number, short_day, spoken_day

if TYPE_CHECKING:
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
    f"datum.what == 'made' ? '{PATHS['△']}' : datum.what == 'due' ? {due.FLAG.expr} : {STANCE_SIGN.expr}"
)
"""The shape of a mark: a stance's, that of a time at which the claim was made, or of the day on which it is due."""
BELOW = 0.05
"""Lines from the upper edge of a row to its marks."""


@calls.records_its_call
def claim_card(
    ledger: Ledger,
    claim_id: str,
    *,
    gaps: bool | str = "auto",
    span: Span | None = None,
    theme: str | None = None,
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
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
    gaps : {"auto", True, False}
        Whether idle spans are drawn narrow; by itself where most days are idle and little would be seen.
    span : sequence of two days, optional
        The first and the last day shown, on an even axis.
    theme, size, width, locale, title : optional
        As in every chart: see `fd.charts`. Under another title stand the claim's words.

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
    on, row = canvas(ledger, theme, size, width, title), bands.chosen(ledger, [claim_id])
    row = row.assign(made_on_precision=bands.precision(row))
    if on.unread([claim_id]):
        return nothing(on, "days", [claim_id])
    claim, held, evidence = row.iloc[0], bands.spells(ledger, row), bands.documents(ledger, row)
    flag = due.flags(row)
    made = ledger.appearances[ledger.appearances["claim_id"] == claim_id]
    axis = _axis(ledger, held, pd.concat([evidence["date"], made["made_on"], flag["date"]]), gaps, span)
    if axis is None:
        return nothing(on, "days")
    shown = bands.seen(held, axis)
    missing, reasons = list(_missing(ledger, claim, held, evidence, axis)), _reasons(ledger, shown)
    is_compact = on.is_framed or len(evidence) > MOST_PIECES
    frame, marks = _frame(on, shown["status"].iloc[-1], evidence, made, flag, axis, is_compact=is_compact)
    who, held_now, base = _facts(on, claim, shown, evidence, axis)
    quote = textwrap.shorten(claim["quote"], 90 if on.is_framed else 400, placeholder=" …")
    subtitle = f"{_ended(claim['claim'])} " if title else ""
    subtitle += f"{_ended(who)} {held_now}; {base}"
    subtitle += f". In the claimant’s words: “{quote}”" if quote else ""
    settles = textwrap.shorten(claim["would_settle"], 90 if on.is_framed else 400, placeholder=" …")
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


def _axis(
    ledger: Ledger, held: pd.DataFrame, days: pd.Series, gaps: bool | str, span: Span | None
) -> Days | None:
    """Find the axis of the days on which something happens to the claim, from the first on which it has a status."""
    busy = pd.concat([held["from"], days[days >= held["from"].min()]]).unique()
    try:
        return time_axis(busy, ledger.latest_day, gaps=gaps, span=span)
    except InvalidValue as error:
        covered = "days on which this claim has a status"
        error.allowed = error.allowed.replace("days that the ledger covers", covered)
        raise


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
    times = pd.DataFrame({"date": made["made_on"], "publisher": made["claimant"], "stance": "", "grade": ""})
    times = times.assign(what="made", row=1, made_on_precision=bands.precision(made))
    times["lane"], why = bands.in_lanes(times, axis, 1 if is_compact else 6)
    count = [counted(len(times), "time"), *bands.unmarked(why).replace("+", "").splitlines()]
    rows = [
        {"words": "status", "aside": on.labels[status], "status": status, "tall": BAND},
        {"words": "made", "aside": ", ".join(count), "tall": times["lane"].max() + 1},
    ]
    parts = [times]
    if len(flag):
        flag = flag[["date", "what", "stance", "due"]].assign(row=len(rows))
        flag["lane"], _ = bands.in_lanes(flag, axis, 1)
        rows.append({"words": "due", "aside": flag["due"].iloc[0], "tall": 1})
        parts.append(flag)
    dated = evidence.sort_values("date", kind="stable").assign(what="evidence")
    for stance in STANCES:
        own = dated[dated["stance"] == stance]
        if own.empty and (stance not in ("supports", "refutes") or evidence.empty):
            continue
        head = {"words": f"{stance} {number(len(own))}"}
        if is_compact:
            own = own.assign(row=len(rows))
            own["lane"], why = bands.in_lanes(own, axis, 1 if len(evidence) <= MOST_PIECES else 3)
            rows.append(head | {"aside": bands.unmarked(why, is_close=True), "tall": own["lane"].max() + 1})
        else:
            own = own.assign(row=range(len(rows) + 1, len(rows) + 1 + len(own)))
            own["lane"], why = bands.in_lanes(own, axis, 1)
            days = map(_day, own["date"], why)
            asides = [", ".join(filter(None, pair)) for pair in zip(days, own["grade"], strict=True)]
            pieces = zip(own["publisher"].map(isolated), asides, strict=True)
            rows += [head | {"is_head": True}, *({"words": name, "aside": aside} for name, aside in pieces)]
        parts.append(own)
    frame = pd.DataFrame(rows, columns=["words", "aside", "status", "tall", "is_head"]).fillna({"tall": 1})
    marks = pd.concat(parts, ignore_index=True).rename(columns={"date": "from"})
    return frame, marks.assign(until=marks["from"])


def _day(day: pd.Timestamp, why: str) -> str:
    return "undated" if pd.isna(day) else f"{short_day(day.date())} {day.year}" + f" ({why})" * bool(why)


def _marks(on: Canvas, laid: Rows, frame: pd.DataFrame, axis: Days, *, is_compact: bool) -> list[alt.Chart]:
    """Draw a faint line through each row, its marks, and beside it the sign of what has no day that is shown."""
    own = frame.index[frame["is_head"].isna() & frame["status"].isna()]
    line = laid.at(pd.DataFrame({"row": own}), BELOW + bands.LANE / 2).mark_rule(color=on.theme.faint)
    marks = bands.marks("datum.what != 'status'", laid, axis, on.theme, SHAPE, BELOW)
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


def _reasons(ledger: Ledger, shown: pd.DataFrame) -> list[dict[str, str]]:
    """Return why each status was given, as a page writes it."""
    first, label, found = ledger.settings.vocabulary[0].name, labels(ledger), []
    for one in shown.to_dict("records"):
        is_given = one["status"] != first or one["by"]
        none = "No reason was given." if is_given else "No status was given yet."
        days = {name: "" if pd.isna(one[name]) else str(one[name].date()) for name in ("from", "until")}
        of = {name: one[name] for name in ("gaps", "by", "status")} | days
        when = bands.spoken_spell(one["from"], one["until"], one["made_on_precision"])
        of |= {"label": label[one["status"]], "when": when}
        found.append(of | {"rationale": one["rationale"] or none})
    return found


def _texts(reasons: list[dict[str, str]], missing: list[str], lines: int, is_framed: bool) -> pd.DataFrame:
    """Return the rows of the reasons: statuses at the left, and the words beside them, in lines."""
    rows: list[dict[str, object]] = [] if is_framed else [{"words": "reasons", "text": [], "is_head": True}]
    between, chars = (", ", REASON + 16) if is_framed else ("\n", REASON)
    for one in reasons:
        when = isolated(one["label"]) + between + one["when"]
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
        f"No evidence {stance} it."
        for stance in ("supports", "refutes")
        if stance not in set(evidence["stance"])
    )
    if undated := int(evidence["date"].isna().sum()):
        many = counted(len(evidence), "piece")
        yield f"{number(undated)} of {many} of evidence {'is' if undated == 1 else 'are'} undated."
    bears = measures.publishers(ledger.where(claim_id=claim["claim_id"]))
    speaks = set(bears["publisher"][bears["stance"] != "context"])
    if len(speaks) == 1 and "" not in speaks:
        yield "All that speaks for or against it comes from one publisher."
    given = ledger.statuses[ledger.statuses["claim_id"] == claim["claim_id"]]
    given = given.sort_values(["holds_from", "recorded_at", "status_id"], kind="stable")
    if len(given) and is_settled[-1] and not given["evidence"].iloc[-1]:
        yield "Its latest status names no evidence on which it rests."


def _facts(
    on: Canvas, claim: pd.Series, shown: pd.DataFrame, evidence: pd.DataFrame, axis: Days
) -> tuple[str, str, str]:
    """Write whose claim it is, what is held of it, and how much evidence there is."""
    now, label = shown.iloc[-1], labels(on.ledger)[shown["status"].iloc[-1]]
    day = "on a day that is not known"
    if pd.notna(claim["made_on"]):
        day = spoken_day(claim["made_on"].date(), claim["made_on_precision"])
    role = claim["claimant_role"] if len(claim["claimant_role"]) < 90 else ""
    who = ", ".join(filter(None, [isolated(claim["claimant"]), role, day]))
    is_now = axis.as_of == on.ledger.latest_day
    since = f"on {spoken_day(axis.as_of.date())}"
    if is_now:
        since = f"since {spoken_day(now['from'].date(), now['made_on_precision'])}"
    held = f"{isolated(label[:1].upper() + label[1:])} {since}"
    if evidence.empty:
        return who, held, "no evidence"
    n_for, n_against = (number(evidence["stance"].eq(side).sum()) for side in ("supports", "refutes"))
    return who, held, f"{counted(len(evidence), 'piece')} of evidence: {n_for} for, {n_against} against"


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
        yield f"{isolated(one['label'])} {one['when']}: {_ended(one['rationale'])}{gaps}"
    for stance in STANCES:
        own = evidence[evidence["stance"] == stance].sort_values("date", kind="stable")
        days = [spoken_day(day.date()) if pd.notna(day) else "undated" for day in own["date"]]
        pieces = [f"{name} ({day})" for name, day in zip(own["publisher"], days, strict=True)]
        rest = len(pieces) - MOST_DESCRIBED
        more = f" and {number(rest)} more" if rest > 0 else ""
        if pieces:
            yield f"Evidence, {stance}: {'; '.join(pieces[:MOST_DESCRIBED])}{more}."


def _ended(words: str) -> str:
    """End words with a full stop, where they have no end."""
    return words if words.endswith((".", "!", "?", "…", "。", "؟", "”")) else f"{words}."
