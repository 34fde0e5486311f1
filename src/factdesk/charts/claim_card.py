"""One claim: its words, what was held of it when and why, the evidence on both sides, and what is missing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.bands import (
    LANE,
    band_layers,
    chosen,
    documents,
    in_lanes,
    lines_left,
    mark_layer,
    noted,
    seen,
    spells,
    spoken_spell,
)
from factdesk.charts.chart import Layers, Words, checked, finish, is_narrow, isolated, nothing
from factdesk.charts.looks import PATHS, STANCES, Theme
from factdesk.charts.rows import BAND, Rows, place
from factdesk.charts.theme import LINE, STANCE_SIGN, inline, key, labels, sign_of, status_colour
from factdesk.charts.time_axis import Days, Span, time_axis
from factdesk.errors import InvalidValue
from factdesk.formats import counted, number, short_day, spoken_day

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

COLUMNS = (
    "claim_id", "claimant", "claim", "what", "status", "stance", "from", "until", "publisher", "grade", "rationale", "gaps",
)  # fmt: skip
REASONS, MISSING = "reasons", "What is missing"
"""What the layers of the reasons are called, and the heading of what a reader would ask for."""
MOST_PIECES, MOST_TOLD, REASON = 60, 24, 58
"""Pieces up to which each has a row, what the text alternative tells one by one, and characters of a line of reasons."""
TIGHTER = ((12, 3), (8, 3), (5, 2), (4, 2), (3, 2), (3, 1), (2, 1), (1, 1))
"""Statuses, and lines of a reason, on a slide or a card: the first that has room."""
MADE = PATHS["△"]


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
    of, narrow = checked(theme, size, width), is_narrow(size, width)
    row = chosen(ledger, [claim_id])
    claim, held = row.iloc[0], spells(ledger, row)
    evidence = documents(ledger, row)
    made = ledger.appearances[ledger.appearances["claim_id"] == claim_id]
    axis = _axis(ledger, held, evidence, made, gaps, span)
    if axis is None:
        return nothing(ledger, of, "days", title=title, size=size, width=width)
    shown = seen(held, axis)
    missing = list(_missing(ledger, claim, held, evidence, axis))
    reasons, columns = _reasons(ledger, shown), 5 if size in ("slide", "card") else 3
    is_framed = lines_left(Words("", "", ""), ledger, of, size, width, 0) is not None
    is_compact = is_framed or len(evidence) > MOST_PIECES
    for most, lines in TIGHTER if is_framed else ((len(shown), 99),):
        left_out = max(len(shown) - most, 0)
        frame, marks = _frame(ledger, claim, shown, evidence, made, axis, is_compact=is_compact)
        texts = _texts(reasons[-most:], missing, lines, is_framed)
        laid = place(
            pd.concat([frame, texts], ignore_index=True),
            is_narrow=narrow,
            beside=30,
            between=0.25 if is_framed else 0.4,
        )
        words = _words(
            ledger,
            claim,
            shown,
            evidence,
            marks,
            axis,
            reasons,
            missing,
            title,
            left_out,
            size,
            is_compact=is_compact,
        )
        used = shown["status"].unique()
        room = lines_left(words, ledger, of, size, width, -(-len(used) // columns), 30)
        if room is None or laid.lines[narrow] <= room:
            break
    if room is not None:
        laid = replace(laid, lines=(max(laid.lines[0], room), max(laid.lines[1], room)))
    bands = shown.assign(row=0, what="status")
    rows = pd.concat(
        [bands, marks.assign(claim_id=claim_id, claimant=claim["claimant"], claim=claim["claim"])]
    )
    tooltip = [
        alt.Tooltip("what:N"), alt.Tooltip("stance:N"), alt.Tooltip("publisher:N", title="by"),
        alt.Tooltip("from:T", title="on", format="%-d %B %Y"), alt.Tooltip("grade:N"),
    ]  # fmt: skip
    layers = [
        *band_layers(bands, laid, ledger, axis, of, [0]),
        *_lines(laid, frame, of),
        mark_layer("datum.what != 'status'", laid, axis, of, _shape(), tooltip, below=0.05),
        _aside(laid, of, tooltip, is_compact=is_compact),
        *replace(laid, frame=laid.frame.iloc[: len(frame)]).words(of),
        key(ledger, of, used, columns),
        *_reason_layers(laid, texts, len(frame), ledger, of),
    ]
    chart = finish(
        ledger, of, words, layers, rows, columns=COLUMNS, size=size, width=width, laid=laid, time=axis.record
    )
    chart.usermeta["factdesk"] |= {
        "heights": place(frame, is_narrow=narrow, beside=30, between=0.4).heights, "reasons": reasons, "missing": missing, "quote": claim["quote"],
    }  # fmt: skip
    return chart


def _axis(
    ledger: Ledger,
    held: pd.DataFrame,
    evidence: pd.DataFrame,
    made: pd.DataFrame,
    gaps: bool | str,
    span: Span | None,
) -> Days | None:
    """Find the axis of the days on which something happens to the claim, from the first on which it has a status."""
    days = pd.concat([evidence["date"], made["made_on"]])
    days = pd.concat([held["from"], days[days >= held["from"].min()]]).unique()
    try:
        return time_axis(days, ledger.latest_day, gaps=gaps, span=span)
    except InvalidValue as error:
        error.allowed = error.allowed.replace(
            "days that the ledger covers", "days on which this claim has a status"
        )
        raise


def _frame(
    ledger: Ledger, claim: pd.Series, shown: pd.DataFrame, evidence: pd.DataFrame, made: pd.DataFrame, axis: Days, *,
    is_compact: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Return the rows over the reasons, and the marks in them: times it was made, and each piece of evidence."""
    status = shown["status"].iloc[-1]
    lanes = 1 if is_compact else 6
    rows = [{"words": "status", "aside": isolated(labels(ledger)[status]), "status": status, "tall": BAND}]
    times = pd.DataFrame(
        {
            "date": made["made_on"],
            "publisher": made["claimant"],
            "stance": "",
            "grade": "",
            "what": "made",
            "row": 1,
        }
    )
    times["lane"], why = in_lanes(times, axis, lanes)
    count = counted(len(times), "time")
    rows.append(
        {
            "words": "made",
            "aside": ", ".join([count, *noted(why, pd.Series(1, why.index)).replace("+", "").splitlines()]),
            "tall": times["lane"].max() + 1,
        }
    )
    parts = [times]
    for stance in STANCES:
        own = (
            evidence[evidence["stance"] == stance].sort_values("date", kind="stable").assign(what="evidence")
        )
        if own.empty and (stance not in ("supports", "refutes") or evidence.empty):
            continue
        head = f"{stance} {number(len(own))}"
        if is_compact:
            own = own.assign(row=len(rows))
            own["lane"], why = in_lanes(own, axis, 1 if len(evidence) <= MOST_PIECES else 3)
            rows.append(
                {
                    "words": head,
                    "aside": noted(why, pd.Series(1, why.index), is_close=True),
                    "tall": own["lane"].max() + 1,
                }
            )
        else:
            rows.append({"words": head, "is_head": True})
            own["row"] = range(len(rows), len(rows) + len(own))
            own["lane"], why = in_lanes(own, axis, 1)
            rows += [
                {
                    "words": isolated(name),
                    "aside": ", ".join(filter(None, [_day(day, reason), grade])),
                    "tall": 1,
                }
                for name, day, reason, grade in zip(
                    own["publisher"], own["date"], why, own["grade"], strict=True
                )
            ]
        parts.append(own)
    frame = pd.DataFrame(rows, columns=["words", "aside", "status", "tall", "is_head"])
    frame = frame.fillna({"aside": "", "tall": 1}).assign(is_head=frame["is_head"].eq(True))
    marks = pd.concat(parts, ignore_index=True).rename(columns={"date": "from"})
    return frame, marks.assign(until=marks["from"])


def _day(day: pd.Timestamp, why: str) -> str:
    return "undated" if pd.isna(day) else f"{short_day(day.date())} {day.year}" + f" ({why})" * bool(why)


def _lines(laid: Rows, frame: pd.DataFrame, theme: Theme) -> list[alt.Chart]:
    """Draw a faint line through each row of marks, from its words to what is told of it at the right."""
    own = frame.index[~frame["is_head"] & frame["status"].isna()]
    line = alt.Chart(inline(pd.DataFrame({"row": own}))).mark_rule(color=theme.faint)
    return [laid.at(line, str(0.05 + LANE / 2)).encode(x=alt.XValue(0), x2=alt.X2Value("width"))]


def _aside(laid: Rows, theme: Theme, tooltip: list[alt.Tooltip], *, is_compact: bool) -> alt.Chart:
    """Draw the signs of evidence that stands on no day shown beside the axis, where each piece has a row."""
    marks = alt.Chart().mark_point(
        filled=True,
        size=62,
        strokeWidth=0,
        fill=theme.ink,
        xOffset=14,
        clip=False,
        shape=STANCE_SIGN,
        opacity=1,
    )
    shown = f"datum.what == 'evidence' && !isValid(datum.lane) && {str(not is_compact).lower()}"
    return laid.at(marks.transform_filter(shown), str(0.05 + LANE / 2)).encode(
        x=alt.XValue("width"), tooltip=tooltip
    )


def _shape() -> alt.ExprRef:
    """Return the shape of a mark: a stance's, or that of a time at which the claim was made."""
    return alt.ExprRef(f"datum.what == 'made' ? '{MADE}' : {STANCE_SIGN.expr}")


def _reasons(ledger: Ledger, shown: pd.DataFrame) -> list[dict[str, str]]:
    """Return why each status was given, as a page writes it."""
    first, label, found = ledger.settings.vocabulary[0].name, labels(ledger), []
    for one in shown.to_dict("records"):
        none = (
            "No status was given yet." if one["status"] == first and not one["by"] else "No reason was given."
        )
        days = {name: "" if pd.isna(one[name]) else str(one[name].date()) for name in ("from", "until")}
        texts = {name: one[name] for name in ("gaps", "by", "status")}
        when = spoken_spell(one["from"], one["until"])
        found.append(
            texts
            | days
            | {"label": label[one["status"]], "when": when, "rationale": one["rationale"] or none}
        )
    return found


def _texts(reasons: list[dict[str, str]], missing: list[str], lines: int, is_framed: bool) -> pd.DataFrame:
    """Return the rows of the reasons: statuses at the left, and the words beside them, in lines."""
    rows: list[dict[str, object]] = []
    for one in reasons:
        gaps = f"Not found, or would change it: {one['gaps']}" if one["gaps"] else ""
        rows.append(
            {
                "words": isolated(one["label"]) + (", " if is_framed else "\n") + one["when"],
                "status": one["status"],
                "text": [one["rationale"], gaps],
            }
        )
    if missing:
        rows.append({"words": MISSING, "text": [" ".join(missing)] if is_framed else missing})
    if not is_framed:
        rows.insert(0, {"words": "reasons", "text": [], "is_head": True})
    frame = pd.DataFrame(rows, columns=["words", "status", "text", "is_head"]).assign(aside="")
    frame["is_head"] = frame["is_head"].eq(True)
    chars = REASON + 16 * is_framed
    frame["text"] = [
        "\n".join(
            isolated(line)
            for text in part
            if text
            for line in textwrap.wrap(text, chars, max_lines=lines, placeholder=" …")
        )
        for part in frame["text"]
    ]
    return frame.assign(tall=frame["text"].str.count("\n") + 1)


def _reason_layers(
    laid: Rows, texts: pd.DataFrame, above: int, ledger: Ledger, theme: Theme
) -> list[alt.Chart]:
    """Draw the reasons; by their description a page finds these layers, and writes the words itself."""
    part = replace(laid, frame=laid.frame.iloc[above:].assign(aside=""))
    rows = texts.assign(row=range(above, above + len(texts)))
    text = laid.at(alt.Chart(inline(rows[["row", "text"]])))
    text = text.mark_text(
        align="left", dx=24, dy=1, baseline="top", clip=False, lineBreak="\n", lineHeight=LINE
    )
    tiles = laid.at(alt.Chart(inline(rows.loc[rows["status"].notna(), ["row", "status"]])), "0.5")
    tiles = tiles.mark_point(
        filled=True,
        size=75,
        stroke=theme.ink,
        strokeWidth=0.5,
        xOffset=8,
        shape=sign_of(ledger, tile=True),
        opacity=1,
    ).encode(x=alt.XValue(0), color=status_colour(ledger, theme))
    layers = [*part.words(theme), text.encode(x=alt.XValue(0), text="text:N"), tiles]
    return [layer.properties(description=REASONS) for layer in layers]


def _missing(
    ledger: Ledger, claim: pd.Series, held: pd.DataFrame, evidence: pd.DataFrame, axis: Days
) -> Iterator[str]:
    """Say what a reader would ask for and does not find."""
    settled = {status.name: status.settled for status in ledger.settings.vocabulary}
    is_settled, until = held["status"].map(settled).tolist(), ledger.latest_day
    if not is_settled[-1]:
        last = max((at for at, one in enumerate(is_settled) if one), default=-1)
        since = held["from"].iloc[last + 1]
        waited = f", for {counted((until - since).days, 'day')}" if until > since else ""
        yield f"Open since {spoken_day(since.date())}{waited}."
    if pd.isna(claim["made_on"]):
        yield "The day on which it was made is not known; the band begins when it was logged."
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


def _words(
    ledger: Ledger, claim: pd.Series, shown: pd.DataFrame, evidence: pd.DataFrame, marks: pd.DataFrame, axis: Days,
    reasons: list[dict[str, str]], missing: list[str], title: str | None, left_out: int, size: str,
    *, is_compact: bool,
) -> Words:  # fmt: skip
    """Say whose claim it is and what is held of it, and how to read the card; tell the whole card in words."""
    label, now, is_now = labels(ledger), shown.iloc[-1], axis.as_of == ledger.latest_day
    on = spoken_day(claim["made_on"].date()) if pd.notna(claim["made_on"]) else "on a day that is not known"
    role = claim["claimant_role"] if len(claim["claimant_role"]) < 90 else ""
    who = ", ".join(filter(None, [isolated(claim["claimant"]), role, on]))
    status = isolated(label[now["status"]][:1].upper() + label[now["status"]][1:])
    held = f"{status} {'since ' + spoken_day(now['from'].date()) if is_now else 'on ' + spoken_day(axis.as_of.date())}"
    counts = evidence["stance"].value_counts()
    base = "no evidence"
    if len(evidence):
        sides = f"{number(counts.get('supports', 0))} for, {number(counts.get('refutes', 0))} against"
        base = f"{counted(len(evidence), 'piece')} of evidence: {sides}"
    quote = textwrap.shorten(claim["quote"], 90 if size in ("slide", "card") else 400, placeholder=" …")
    subtitle = f"{_ended(who)} {held}; {base}" + (f". In the claimant’s words: “{quote}”" if quote else "")
    unmarked = marks[(marks["what"] == "evidence") & marks["lane"].isna() & marks["from"].notna()]
    caption = [
        "Evidence stands on its day of publication, with the grade of its source and its credibility." if evidence["grade"].any() and not is_compact
        else "Evidence stands on its day of publication." if len(evidence) else "",
        f"Evidence published on other days, or without room, and not drawn: {counted(len(unmarked), 'piece')}." if len(unmarked) else "",
        f"Earlier statuses that are not listed: {number(left_out)}." if left_out else "", axis.note,
    ]  # fmt: skip
    told = [_ended(claim["claim"]), _ended(who)]
    told += [_ended(f"In the claimant’s words: “{claim['quote']}”")] * bool(claim["quote"])
    told.append(f"{held}; {base}.")
    for one in reasons[-MOST_TOLD:]:
        gaps = f" Not found, or would change it: {_ended(one['gaps'])}" if one["gaps"] else ""
        told.append(f"{isolated(one['label'])} {one['when']}: {_ended(one['rationale'])}{gaps}")
    for stance in STANCES:
        own = evidence[evidence["stance"] == stance].sort_values("date", kind="stable").head(MOST_TOLD)
        pieces = [
            f"{name} ({spoken_day(day.date()) if pd.notna(day) else 'undated'})"
            for name, day in zip(own["publisher"], own["date"], strict=True)
        ]
        more = f" and {number(counts[stance] - len(own))} more" if len(own) < counts.get(stance, 0) else ""
        told += [f"Evidence, {stance}: {'; '.join(pieces)}{more}."] * bool(pieces)
    told += [f"{MISSING}: {' '.join(missing)}"] * bool(missing)
    claimed = f"{_ended(claim['claim'])} " if title else ""
    return Words(title or claim["claim"], claimed + subtitle, " ".join(filter(None, caption)), " ".join(told))


def _ended(words: str) -> str:
    """End words with a full stop, where they have no end."""
    return words if words.endswith((".", "!", "?", "…", "。", "؟", "”")) else f"{words}."
