"""What speaks for each claim and what against it, how it is graded, and how many publishers it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Unpack

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls
from factdesk.charts.bands import chosen
from factdesk.charts.chart import Canvas, Options, canvas, finish, nothing
from factdesk.charts.colours import STANCES, Theme
from factdesk.charts.marks import ACROSS, LEFT, RIGHT, signs, tooltips, words
from factdesk.charts.rows import Rows, isolated, place, wrapped
from factdesk.charts.theme import STANCE_SIGN, where_chosen
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.ledger.ledger import Ledger

MOST, MOST_DESCRIBED, MOST_NAMED = 40, 12, 8
"""Claims of a page, those in the text alternative, and publishers in a tooltip."""
BAR, GAP, LEAST = 1.2, 1.3, 12.0
"""Lines of a bar, pieces of evidence between columns, and the least that a picture is wide."""
FAINTEST, STRONGEST = 0.08, 0.85
"""How much ink a part has whose pieces weigh nothing, and one whose pieces weigh most."""
UNGRADED = "ungraded"
CODE = (
    "Grades (Admiralty code): source A, reliable, to E; information 1, confirmed, to 5; "
    "the stronger a part, the more it weighs, by factdesk’s own scale."
)
ORIGINS = "Origins: sources are of one where half of their words is the same, or they name one news agency. "
COLUMNS = ("claim_id", "claimant", "claim", "status", "stance", "grade", "pieces", "publishers")


@calls.records_its_call
def evidence(
    ledger: Ledger,
    claims: str | Sequence[str] | None = None,
    **options: Unpack[Options],
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
    on, asked = canvas(ledger, **options), chosen(ledger, claims)
    settings, pieces = ledger.settings, _pieces(ledger, asked)
    if pieces.empty:
        if len(asked) and claims is not None and not on.title:
            on = replace(on, title=f"No evidence is attached to the {settings.nouns} asked for")
        return nothing(on, "evidence" if len(asked) else settings.nouns)
    counts = pieces.pivot_table("pieces", "claim_id", "stance", "sum", fill_value=0, observed=False)
    counts = counts.reindex(asked["claim_id"], columns=list(STANCES), fill_value=0)
    bears = counts.drop(columns="context").sum(axis=1)
    order = counts.assign(bears=bears)[counts.sum(axis=1) > 0]
    order = order.sort_values(["bears", "context"], ascending=False, kind="stable")
    published = pd.DataFrame(measures.publishers(ledger)).astype({"stance": "str"})
    sources = _publishers(published, bears)
    frame = _frame(on, asked, order.index[:MOST], pieces, sources)
    laid = place(frame, is_narrow=on.is_narrow, beside=46 if on.is_framed else 34, limit=on.lines)
    across, bases = _columns(counts.loc[frame["claim_id"].dropna()])
    drawn = laid.frame.assign(row=range(len(laid.frame)))[1:]
    drawn["publishers"] = sources["known"].reindex(drawn["claim_id"]).to_numpy()
    columns = ["claim_id", "claimant", "claim", "status", "publishers", "row"]
    rows = _placed(pieces.merge(drawn[columns], on="claim_id"), bases, on.theme)
    names = published.replace({"publisher": {"": "unknown publisher"}}).groupby(["claim_id", "stance"])[
        "publisher"
    ]
    rows = rows.join(names.agg(_named).rename("names"), on=["claim_id", "stance"])
    layers = [
        *_bars(on, rows, across, laid),
        *_marks(on, drawn, laid, bases, across),
        *laid.words(),
        on.stance_key(rows["stance"]),
        on.key(drawn["status"]),
    ]
    alone = int(((sources["known"] == 1) & (sources["unknown"] == 0)).sum())
    base = f"Evidence by stance and grade, {spoken_day(ledger.latest_day.date())}: "
    base += f"{counted(int(counts.to_numpy().sum()), 'piece')}, {on.counted(len(asked))}"
    base += f"; {number(alone)} {'rests' if alone == 1 else 'rest'} on one publisher alone" * (alone > 0)
    fewer = f"Of {number(len(order))} {settings.nouns} the {number(len(drawn))} with most evidence are drawn."
    caption = (
        _grades(rows),
        "Publishers: of all pieces but context; who is not named is none of them.",
        ORIGINS * bool(drawn["aside"].str.contains("origin").any()),
        "Many pieces show that much was looked at, not what is true.",
        on.left_out(len(asked) - len(order), "without evidence"),
        fewer * (len(drawn) < len(order)),
    )
    text = on.words(_headline(on, counts), base, caption, _description(on, drawn, rows, base))
    return finish(on, text, layers, rows, columns=COLUMNS, laid=laid, below=18)


def _frame(
    on: Canvas, asked: pd.DataFrame, ids: pd.Index, pieces: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows: one for the signs of the stances, then the claims with their grades and publishers."""
    heads = asked.set_index("claim_id").loc[ids]
    heads["status"] = on.ledger.status_on().set_index("claim_id")["status"].astype(object)
    parts = pieces[pieces["claim_id"].isin(ids)]
    is_graded = parts["grade"].ne(UNGRADED).any()
    heads["grades"] = (
        parts.groupby("claim_id")[["stance", "grade", "pieces"]].apply(_listed) if is_graded else ""
    )
    heads["words"] = heads["claimant"].map(isolated) + ": " + heads["claim"]
    independent = measures.origins_in_words(on.ledger, ids)
    heads["aside"] = [
        _from(independent.get(claim_id, ""), *counts) + ",\nstatus can't be read" * on.unread([claim_id])
        for claim_id, counts in zip(ids, sources.loc[ids].itertuples(index=False), strict=True)
    ]
    heads["tall"] = BAR + is_graded * 0.9 * (heads["grades"].str.count("\n") + 1)
    columns = ["claim_id", "claimant", "claim", "status", "words", "aside", "grades", "tall"]
    above = pd.DataFrame([{"words": "", "grades": "", "is_head": True}])
    return pd.concat([above, heads.reset_index()[columns]])


def _pieces(ledger: Ledger, asked: pd.DataFrame) -> pd.DataFrame:
    """Count the evidence of claims by stance and grade; of each stance what weighs most comes first."""
    found = pd.DataFrame(measures.evidence_balance(ledger, "grade"))
    found = found[found["claim_id"].isin(asked["claim_id"])]
    letters = found[["reliability", "credibility"]].astype(object).fillna("?")
    grade = (letters["reliability"] + letters["credibility"]).replace("??", UNGRADED)
    found = found.assign(grade=grade, stance=found["stance"].astype(str), is_graded=found["graded"] > 0)
    found["each"] = found["weight"] / found["pieces"]
    found = found.sort_values(["is_graded", "each", "grade"], ascending=[False, False, True], kind="stable")
    return found[["claim_id", "stance", "grade", "pieces", "is_graded", "each"]]


def _named(names: pd.Series) -> str:
    return ", ".join([*names[:MOST_NAMED], *(["…"] * (len(names) > MOST_NAMED))])


def _publishers(found: pd.DataFrame, bears: pd.Series) -> pd.DataFrame:
    """Count the publishers of each claim's evidence but context, and the pieces of which none is known."""
    own = found[(found["stance"] != "context") & (found["publisher"] != "")].groupby("claim_id")
    known = own["publisher"].nunique().reindex(bears.index, fill_value=0)
    pieces = own["pieces"].agg("sum").reindex(bears.index, fill_value=0)
    return pd.DataFrame({"pieces": bears, "known": known, "unknown": bears - pieces})


def _from(independent: str, pieces: int, known: int, unknown: int) -> str:
    """Write how many pieces come from how many publishers, and how many origins that is.

    >>> _from("5 sources, 2 origins", 5, 3, 0)
    '5 pieces from\\n3 publishers,\\n5 sources, 2 origins'
    >>> _from("", 5, 3, 0), _from("", 1, 0, 1), _from("", 3, 1, 1)
    ('5 pieces from\\n3 publishers', '1 piece,\\nunknown publisher', '3 pieces from\\n1 publisher,\\n1 unknown')
    """
    if not pieces:
        return "context only"
    rest = f",\n{independent.partition(' (')[0]}" if independent else ""
    if not known:
        return f"{counted(pieces, 'piece')},\nunknown publisher{rest}"
    rest = f",\n{number(unknown)} unknown{rest}" if unknown else rest
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
    times = (" × " + parts["pieces"].map(number)).where(parts["pieces"] > 1, "")
    grades = (parts["grade"] + times).groupby(parts["stance"]).agg(", ".join)
    return wrapped("; ".join(f"{stance} {grades[stance]}" for stance in STANCES if stance in grades), 32, 6)


def _bars(on: Canvas, rows: pd.DataFrame, across: float, laid: Rows) -> list[alt.Chart]:
    """Draw a part for each stance and grade, and beside each bar how many pieces it is of."""
    low, gap = min(rows["end"].min(), 0), max(GAP, 0.07 * across) * 0.8
    scale = alt.Scale(domain=[round(low - gap, 3), round(low + across, 3)], nice=False)
    bar = laid.at(alt.Chart().mark_bar(stroke=on.theme.ink, strokeWidth=0.5), 0, BAR).encode(
        x=alt.X("start:Q", scale=scale, axis=None), x2=alt.X2("end"), color=alt.Color("fill:N", scale=None), opacity=where_chosen(),
        tooltip=tooltips("claimant", "claim", "stance", "grade", "pieces", "names as published by"),
    )  # fmt: skip
    parts = {"pieces": ("pieces", "sum"), "low": ("end", "min"), "high": ("end", "max")}
    sums = rows.groupby(["row", "stance"], as_index=False).agg(**parts)
    is_left = sums["stance"] == "refutes"
    sums["at"], sums["text"] = sums["low"].where(is_left, sums["high"]), sums["pieces"].map(number)
    text, outside = (
        laid.at(sums[["row", "at", "text", "stance"]], BAR / 2),
        "datum.stance == 'refutes' ? {} : {}",
    )
    align, dx = (alt.ExprRef(outside.format(*sides)) for sides in (("'right'", "'left'"), (-5, 5)))
    return [bar, words(text, align=align, dx=dx, fontWeight="bold").encode(x=alt.X("at:Q"))]


def _marks(
    on: Canvas, drawn: pd.DataFrame, laid: Rows, bases: dict[str, float], across: float
) -> list[alt.Chart]:
    """Draw the lines that bars begin from, the signs of the stances over them, and each claim's latest status."""
    starts = drawn[["row"]].merge(pd.DataFrame({"at": sorted(set(bases.values()))}), how="cross")
    line = laid.at(starts, -0.15, BAR + 0.15).mark_rule(color=on.theme.ink)
    above = f"-0.32 - ({laid.names['narrow']} ? datum.lines_above : 0)"
    between = laid.at(drawn[["row", "lines_above"]][1:], above).mark_rule(color=on.theme.faint)
    heads = pd.DataFrame({"stance": list(bases), "at": list(bases.values()), "row": 0})
    heads["at"] += across * heads["stance"].eq("refutes").map({True: -0.025, False: 0.025})
    stances = signs(laid.at(heads, 0.6), STANCE_SIGN, size=70, fill=on.theme.ink, clip=False)
    tile = on.tiles(laid.at(drawn.loc[drawn["status"].notna(), ["row", "status"]], 0.6), xOffset=13)
    layers = [
        between.encode(**ACROSS),
        line.encode(x=alt.X("at:Q")),
        stances.encode(x=alt.X("at:Q"), tooltip=tooltips("stance")),
        tile.encode(x=RIGHT, tooltip=tooltips("status")),
    ]
    if drawn["grades"].ne("").any():
        text = laid.at(drawn[["row", "grades"]], BAR + 0.25).encode(x=LEFT)
        text = words(text, "grades", baseline="top", fontSize=11, lineHeight=14, color=on.theme.soft)
        layers.append(text)
    return layers


def _grades(rows: pd.DataFrame) -> str:
    """Explain what grades are, where there are any."""
    if rows["grade"].eq(UNGRADED).all():
        return "No piece is graded."
    is_empty = bool(rows["grade"].str.contains(r"ungraded|\?|F|6").any())
    return CODE + " Empty: ungraded, or judged impossible to grade." * is_empty


def _headline(on: Canvas, counts: pd.DataFrame) -> str:
    """Count the claims that have evidence both for and against them."""
    noun, nouns = on.ledger.settings.noun, on.ledger.settings.nouns
    total, is_for, is_against = len(counts), counts["supports"] > 0, counts["refutes"] > 0
    if total == 1:
        n_for, n_against = int(counts["supports"].iloc[0]), int(counts["refutes"].iloc[0])
        return f"{counted(n_for, 'piece')} of evidence for the {noun}, {number(n_against)} against it"
    both, only_for, only_against = (
        int(which.sum()) for which in (is_for & is_against, is_for & ~is_against, is_against & ~is_for)
    )
    parts = ((only_for, "only for"), (only_against, "only against"))
    rest = ", ".join(f"{number(count)} {which}" for count, which in parts if count)
    if both == total:
        return f"{all_of(total, noun, nouns).capitalize()} have evidence both for and against them"
    none = none_of(total, noun, nouns).capitalize()
    if not both and not rest:
        return f"{none} has evidence for or against it"
    have, them = ("have", "them") if both > 1 else ("has", "it")
    some = f"{number(both)} of {on.counted(total)}" if both else none
    return f"{some} {have} evidence both for and against {them}" + (f"; {rest}" if rest else "")


def _description(on: Canvas, drawn: pd.DataFrame, rows: pd.DataFrame, base: str) -> Iterator[str]:
    """Write the evidence of each claim in words; of many claims that of the first."""
    yield f"{base}."
    by_claim = dict(iter(rows.groupby("claim_id")))
    for claim in drawn[:MOST_DESCRIBED].to_dict("records"):
        held = f" ({on.labels[claim['status']]})" if isinstance(claim["status"], str) else ""
        held += " (status can't be read)" * on.unread([claim["claim_id"]])
        listed = f"{_listed(by_claim[claim['claim_id']])}; {claim['aside']}.".replace("\n", " ")
        yield f"{isolated(claim['claimant'])}{held}: {claim['claim'].rstrip('.')}: {listed}"
    yield on.untold(len(drawn) - MOST_DESCRIBED)
