"""What speaks for each claim and what against it, how it is graded, and how many publishers it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.bands import chosen
from factdesk.charts.chart import Words, checked, finish, is_narrow, isolated, nothing, room
from factdesk.charts.looks import STANCES, Theme
from factdesk.charts.rows import Rows, place, wrapped
from factdesk.charts.theme import STANCE_SIGN, inline, key, labels, sign_of, stance_key, status_colour
from factdesk.formats import all_of, counted, none_of, number, spoken_day

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

MOST, MOST_DESCRIBED, MOST_NAMED = 40, 12, 8
"""Claims of a page, those in the text alternative, and publishers in a tooltip."""
BAR, GAP, LEAST = 1.2, 1.3, 12.0
"""Lines of a bar, pieces of evidence between columns, and the least that a picture is wide."""
FAINTEST, STRONGEST = 0.08, 0.85
"""How much ink a part has whose pieces weigh nothing, and one whose pieces weigh most."""
UNGRADED = "ungraded"
COLUMNS = ("claim_id", "claimant", "claim", "status", "stance", "grade", "pieces", "publishers")


@calls.records_its_call
def evidence(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    *,
    theme: str | None = None,
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw the evidence of each claim: how much speaks for it and against it, and how many publishers it is from.

    A row for each claim, that of most evidence first. What refutes lies left of a line, what supports right of it,
    mixed evidence and context in columns of their own. Each part has its grades, of the source and of the
    information (Admiralty code); what weighs more is stronger and nearer the line.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    claims : str or sequence of str, optional
        Ids of the claims drawn; all where none are given.
    theme, size, width, locale, title : optional
        As in every chart: see `fd.charts`.

    Returns
    -------
    altair.LayerChart
        Its `data` has a row for each claim, stance and pair of grades: `claim_id`, `claimant`, `claim`, `status`,
        `stance`, `grade` (str), `pieces` and `publishers` (int64: those of the claim).

    Raises
    ------
    NotFound
        Where there is no claim of an id.
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> from factdesk.charts.evidence import evidence
    >>> evidence(fd.open("claims.csv")).title.text
    ['4 of 22 claims have evidence both for and against them; 13 only for, 1', 'only against']
    """
    of, asked = checked(theme, size, width), chosen(ledger, claims)
    settings, pieces = ledger.settings, _pieces(ledger, asked)
    if pieces.empty:
        lacks = "evidence" if len(asked) else settings.nouns
        if len(asked) and claims is not None:
            title = title or f"No evidence is attached to the {settings.nouns} asked for"
        return nothing(ledger, of, lacks, title=title, size=size, width=width)
    counts = pieces.pivot_table("pieces", "claim_id", "stance", "sum", fill_value=0, observed=False)
    counts = counts.reindex(asked["claim_id"], columns=list(STANCES), fill_value=0)
    bears = counts.drop(columns="context").sum(axis=1)
    order = pd.DataFrame({"bears": bears, "context": counts["context"]}).loc[counts.sum(axis=1) > 0]
    order = order.sort_values(["bears", "context"], ascending=False, kind="stable")
    from_ = _publishers(ledger, bears)
    heads = asked.set_index("claim_id").loc[order.index[:MOST]]
    heads["status"] = ledger.status_on().set_index("claim_id")["status"].astype(object)
    parts = pieces[pieces["claim_id"].isin(heads.index)]
    across, bases = _columns(counts.loc[heads.index])
    is_graded = parts["grade"].ne(UNGRADED).any()
    grades = parts.groupby("claim_id")[["stance", "grade", "pieces"]].apply(_listed) if is_graded else ""
    heads = heads.assign(
        words=[f"{isolated(who)}: {what}" for who, what in zip(heads["claimant"], heads["claim"], strict=True)],
        aside=[_from(int(bears[one]), *from_.loc[one]) for one in heads.index],
        grades=grades, is_head=False,
    )  # fmt: skip
    heads["tall"] = BAR + is_graded * 0.9 * (heads["grades"].str.count("\n") + 1)
    frame = heads.reset_index()[
        ["claim_id", "claimant", "claim", "status", "words", "aside", "grades", "is_head", "tall"]
    ]
    frame = pd.concat(
        [pd.DataFrame({"words": [""], "aside": "", "grades": "", "is_head": True, "tall": 0.0}), frame]
    )
    laid = place(frame, is_narrow=is_narrow(size, width), beside=46 if room(size) else 34, room=room(size))
    drawn = laid.frame.assign(row=range(len(laid.frame)))[1:]
    drawn["publishers"] = from_["known"].reindex(drawn["claim_id"]).to_numpy()
    rows = parts.merge(drawn[["claim_id", "claimant", "claim", "status", "publishers", "row"]], on="claim_id")
    rows = _placed(rows, bases, of)
    rows["names"] = _names(ledger, rows)
    layers = [
        *_bars(rows, bases, across, laid, of),
        *_marks(drawn, laid, bases, across, ledger, of),
        *laid.words(of),
        stance_key(of, rows["stance"]),
        key(ledger, of, drawn["status"]),
    ]
    alone = int(((from_["known"] == 1) & (from_["unknown"] == 0)).sum())
    total = int(counts.to_numpy().sum())
    none = len(asked) - len(order)
    base = f"Evidence by stance and grade, {spoken_day(ledger.latest_day.date())}: {counted(total, 'piece')}"
    base += f", {counted(len(asked), settings.noun, settings.nouns)}"
    base += f"; {number(alone)} {'rests' if alone == 1 else 'rest'} on one publisher alone" * (alone > 0)
    fewer = f"Of {number(len(order))} {settings.nouns} the {number(len(drawn))} with most evidence are drawn."
    caption = (
        _captioned(rows),
        "Publishers: of all pieces but context; who is not named is none of them.",
        "Many pieces show that much was looked at, not what is true.",
        f"{counted(none, settings.noun, settings.nouns)} without evidence {'is' if none == 1 else 'are'} left out." if none else "",
        fewer if len(drawn) < len(order) else "",
    )  # fmt: skip
    words = Words(
        title or _headline(counts, settings.noun, settings.nouns),
        base,
        " ".join(filter(None, caption)),
        _description(drawn, rows, ledger, base),
    )
    return finish(
        ledger, of, words, layers, rows, columns=COLUMNS, size=size, width=width, laid=laid, below=18
    )


def _pieces(ledger: Ledger, asked: pd.DataFrame) -> pd.DataFrame:
    """Count the evidence of claims by stance and grade; of each stance what weighs most comes first."""
    found = pd.DataFrame(measures.evidence_balance(ledger, "grade"))
    found = found[found["claim_id"].isin(asked["claim_id"])]
    letter, digit = (
        found[name].astype(object).where(found[name].notna(), "?") for name in ("reliability", "credibility")
    )
    grade = (letter + digit).replace("??", UNGRADED)
    found = found.assign(grade=grade, stance=found["stance"].astype(str), is_graded=found["graded"] > 0)
    found["each"] = found["weight"] / found["pieces"]
    found = found.sort_values(["is_graded", "each", "grade"], ascending=[False, False, True], kind="stable")
    return found[["claim_id", "stance", "grade", "pieces", "is_graded", "each"]]


def _publishers(ledger: Ledger, bears: pd.Series) -> pd.DataFrame:
    """Count the publishers of each claim's evidence but context, and the pieces of which none is known."""
    found = pd.DataFrame(measures.publishers(ledger))
    own = found[(found["stance"] != "context") & (found["publisher"] != "")].groupby("claim_id")
    known = own["publisher"].nunique().reindex(bears.index, fill_value=0)
    pieces = own["pieces"].agg("sum").reindex(bears.index, fill_value=0)
    return pd.DataFrame({"known": known, "unknown": bears - pieces})


def _names(ledger: Ledger, rows: pd.DataFrame) -> list[str]:
    """Name the publishers of each part's claim and stance."""
    found = pd.DataFrame(measures.publishers(ledger))
    found["publisher"] = found["publisher"].replace("", "unknown publisher")
    of = {
        one: list(names) for one, names in found.groupby(["claim_id", "stance"], observed=True)["publisher"]
    }
    names = [of.get(one, []) for one in zip(rows["claim_id"], rows["stance"], strict=True)]
    return [", ".join([*one[:MOST_NAMED], *(["…"] * (len(one) > MOST_NAMED))]) for one in names]


def _from(pieces: int, known: int, unknown: int) -> str:
    """Say how many pieces come from how many publishers.

    >>> _from(5, 3, 0), _from(1, 0, 1), _from(3, 1, 1)
    ('5 pieces from\\n3 publishers', '1 piece,\\nunknown publisher', '3 pieces from\\n1 publisher,\\n1 unknown')
    """
    if not pieces:
        return "context only"
    if not known:
        return f"{counted(pieces, 'piece')},\nunknown publisher"
    rest = f",\n{number(unknown)} unknown" if unknown else ""
    return f"{counted(pieces, 'piece')} from\n{counted(known, 'publisher')}{rest}"


def _columns(counts: pd.DataFrame) -> tuple[float, dict[str, float]]:
    """Return how many pieces lie across, gaps included, and where the column of each stance begins."""
    most = counts.max()
    gap = max(GAP, 0.07 * int(most.sum()))
    bases, end = {"refutes": 0.0, "supports": 0.0}, float(most["supports"])
    for stance in ("mixed", "context"):
        if most[stance]:
            bases[stance] = round(end + gap, 3)
            end = bases[stance] + int(most[stance])
    return max(round(end + 2 * gap + int(most["refutes"]), 3), LEAST), bases


def _placed(rows: pd.DataFrame, bases: dict[str, float], theme: Theme) -> pd.DataFrame:
    """Add from where to where each part reaches, and its colour."""
    end = rows.groupby(["claim_id", "stance"], sort=False)["pieces"].cumsum()
    way, base = rows["stance"].map({**dict.fromkeys(STANCES, 1), "refutes": -1}), rows["stance"].map(bases)
    strength = (FAINTEST + (STRONGEST - FAINTEST) * rows["each"]).where(rows["is_graded"], 0)
    ends = {"start": base + way * (end - rows["pieces"]), "end": base + way * end}
    return rows.assign(**ends, fill=strength.map(theme.mix)).drop(columns=["is_graded", "each"])


def _listed(parts: pd.DataFrame) -> str:
    """Write the grades of one claim's evidence in words."""
    of = parts.groupby("stance", sort=False)
    told = {
        stance: ", ".join(
            grade + f" × {number(count)}" * (count > 1)
            for grade, count in zip(own["grade"], own["pieces"], strict=True)
        )
        for stance, own in of
    }
    return wrapped("; ".join(f"{stance} {told[stance]}" for stance in STANCES if stance in told), 32, 6)


def _bars(
    rows: pd.DataFrame, bases: dict[str, float], across: float, laid: Rows, theme: Theme
) -> list[alt.Chart]:
    """Draw a part for each stance and grade, and beside each bar how many pieces it is of."""
    low = min(rows["end"].min(), 0)
    gap = max(GAP, 0.07 * across) * 0.8
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[round(low - gap, 3), round(low + across, 3)], nice=False),
        axis=None,
    )
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("claimant", "claim", "stance", "grade")]
    tooltip += [alt.Tooltip("pieces:Q"), alt.Tooltip("names:N", title="published by")]
    bar = laid.at(alt.Chart().mark_bar(stroke=theme.ink, strokeWidth=0.5), "0", f"{BAR}").encode(
        x=x, x2="end", color=alt.Color("fill:N", scale=None), tooltip=tooltip
    )
    sums = rows.groupby(["row", "stance"], as_index=False).agg(
        pieces=("pieces", "sum"), low=("end", "min"), high=("end", "max")
    )
    is_left = sums["stance"] == "refutes"
    sums["at"], sums["text"] = sums["low"].where(is_left, sums["high"]), sums["pieces"].map(number)
    layers = [bar]
    for own, is_first in ((sums[is_left], True), (sums[~is_left], False)):
        if len(own):
            base = laid.at(alt.Chart(inline(own[["row", "at", "text"]])), f"{BAR / 2}")
            text = base.mark_text(
                align="right" if is_first else "left", dx=-5 if is_first else 5, fontWeight="bold"
            )
            layers.append(text.encode(x=alt.X("at:Q"), text="text:N"))
    return layers


def _marks(
    drawn: pd.DataFrame, laid: Rows, bases: dict[str, float], across: float, ledger: Ledger, theme: Theme
) -> list[alt.Chart]:
    """Draw the lines that bars begin from, the signs of the stances over them, and each claim's latest status."""
    starts = pd.DataFrame(
        [{"row": row, "at": at} for row in drawn["row"] for at in sorted(set(bases.values()))]
    )
    line = laid.at(alt.Chart(inline(starts)).mark_rule(color=theme.ink), "-0.15", f"{BAR + 0.15}").encode(
        x=alt.X("at:Q")
    )
    narrow = laid.names["narrow"]
    between = alt.Chart(inline(drawn[["row", "lines_above"]][1:])).mark_rule(color=theme.faint)
    between = laid.at(between, f"-0.32 - ({narrow} ? datum.lines_above : 0)").encode(
        x=alt.XValue(0), x2=alt.X2Value("width")
    )
    layers = [between, line]
    side = {stance: at + across * (-0.025 if stance == "refutes" else 0.025) for stance, at in bases.items()}
    heads = alt.Chart(
        inline(pd.DataFrame({"stance": list(side), "at": list(side.values()), "row": 0}))
    ).mark_point(
        filled=True, size=70, fill=theme.ink, strokeWidth=0, opacity=1, clip=False, shape=STANCE_SIGN
    )
    layers.append(laid.at(heads, "0.6").encode(x=alt.X("at:Q"), tooltip=["stance:N"]))
    tile = alt.Chart(inline(drawn.loc[drawn["status"].notna(), ["row", "status"]])).mark_point(
        filled=True,
        size=75,
        opacity=1,
        stroke=theme.ink,
        strokeWidth=0.5,
        clip=False,
        xOffset=13,
        shape=sign_of(ledger, tile=True),
    )
    layers.append(
        laid.at(tile, "0.6").encode(
            x=alt.XValue("width"), color=status_colour(ledger, theme), tooltip=["status:N"]
        )
    )
    if drawn["grades"].ne("").any():
        text = laid.at(alt.Chart(inline(drawn[["row", "grades"]])), f"{BAR + 0.25}")
        layers.append(
            text.mark_text(
                align="left", baseline="top", fontSize=11, lineHeight=14, color=theme.soft, clip=False
            ).encode(x=alt.XValue(0), text="grades:N")
        )
    return layers


def _captioned(rows: pd.DataFrame) -> str:
    """Say what grades are, where there are any."""
    if rows["grade"].eq(UNGRADED).all():
        return "No piece is graded."
    empty = (
        " Empty: ungraded, or judged impossible to grade."
        if rows["grade"].str.contains(r"ungraded|\?|F|6").any()
        else ""
    )
    return (
        "Grades (Admiralty code): source A, reliable, to E; information 1, confirmed, to 5; the stronger a part, the more it weighs, by factdesk’s own scale."
        + empty
    )


def _headline(counts: pd.DataFrame, noun: str, nouns: str) -> str:
    """Say how many claims have evidence both for and against them."""
    total, is_for, is_against = len(counts), counts["supports"] > 0, counts["refutes"] > 0
    if total == 1:
        n_for, n_against = int(counts["supports"].iloc[0]), int(counts["refutes"].iloc[0])
        return f"{counted(n_for, 'piece')} of evidence for the {noun}, {number(n_against)} against it"
    both = int((is_for & is_against).sum())
    parts = (
        (int((is_for & ~is_against).sum()), "only for"),
        (int((is_against & ~is_for).sum()), "only against"),
    )
    rest = ", ".join(f"{number(count)} {which}" for count, which in parts if count)
    if both == total:
        return f"{all_of(total, noun, nouns).capitalize()} have evidence both for and against them"
    none = none_of(total, noun, nouns).capitalize()
    if not both and not rest:
        return f"{none} has evidence for or against it"
    have, them = ("have", "them") if both > 1 else ("has", "it")
    some = f"{number(both)} of {counted(total, noun, nouns)}" if both else none
    return f"{some} {have} evidence both for and against {them}" + (f"; {rest}" if rest else "")


def _description(drawn: pd.DataFrame, rows: pd.DataFrame, ledger: Ledger, base: str) -> str:
    """Tell in words the evidence of each claim; of many the first."""
    told, names, by_claim = [f"{base}."], labels(ledger), dict(iter(rows.groupby("claim_id")))
    shown = drawn[:MOST_DESCRIBED][["claim_id", "claimant", "claim", "status", "aside"]]
    for claim_id, who, what, status, aside in shown.itertuples(index=False, name=None):
        held = f" ({isolated(names[status])})" if isinstance(status, str) else ""
        listed = f"{_listed(by_claim[claim_id])}; {aside}.".replace("\n", " ")
        told.append(f"{isolated(who)}{held}: {what.rstrip('.')}: {listed}")
    more = len(drawn) - MOST_DESCRIBED
    return " ".join([*told, f"And {number(more)} more."] if more > 0 else told)
