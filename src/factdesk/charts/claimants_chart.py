"""The chart of how each claimant's claims fare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from factdesk import measures
from factdesk.charts import calls, canvas
from factdesk.charts.canvas import AT_X, AT_Y, MARGIN, TEXT_SIZE, TITLE_SIZE, Frame, Key, Look, Words
from factdesk.charts.typeset import lines, text_width
from factdesk.errors import InvalidValue, nearest
from factdesk.formats import all_of, counted, none_of, number, spoken_day
from factdesk.formats import share as percent
from factdesk.schema import Status, parse_day

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

Day = str | date | pd.Timestamp
Record = dict[str, canvas.Cell]

COLUMNS = ("claimant", "status", "claims", "of", "share", "low", "high")
MOST_CLAIMANTS = 30
"""Rows drawn where the height is open."""
MOST_TOLD = 12
"""Claimants that the text alternative tells one by one."""
NARROW = 560
"""Pixels of a picture's width under which names stand over their bars."""
TITLE_ROOM = 360
"""Pixels of a name in a title."""
LINE, WHISKER, HEAD = 15, 12, 18
"""Pixels of a line of a name, of the interval under a bar, and of the words over the drawing."""


@dataclass(frozen=True)
class _Density:
    """How close rows stand: pixels of a bar and of air, and how many lines a name may have."""

    bar: float
    air: float
    most_lines: int


DENSITIES = (_Density(30, 16, 3), _Density(22, 13, 3), _Density(16, 9, 2), _Density(13, 5, 1))


@dataclass(frozen=True)
class _Claimant:
    """A claimant, with the measured rows of their statuses by name."""

    name: str
    of: int
    fares: dict[str, Record]

    def part(self, status: Status) -> str:
        """Say how many of the claims have a status."""
        return f"{number(_whole(self.fares[status.name]['claims']))} {status.label}"


@dataclass(frozen=True)
class _Row:
    """Where a claimant stands in the drawing."""

    claimant: _Claimant
    names: list[str]
    top: float
    bar: float
    bottom: float


@calls.records_its_call
def claimants(
    ledger: Ledger,
    day: Day | None = None,
    *,
    share: bool = False,
    status: str | None = None,
    theme: str = "light",
    size: str = "page",
    width: int | None = None,
    locale: str | None = None,
    title: str | None = None,
) -> alt.LayerChart:
    """Draw how many claims of each claimant have each status: how do this claimant's claims fare?

    A bar for each claimant, who has most claims first, with their number beside it. One status comes first in
    every bar, so that it can be compared. In shares, a line under each bar is the 95 % interval of that status's
    share (Wilson, 1927): how far chance alone could move it in so few claims. Which claims were chosen to be
    checked is no matter of chance. Who only repeated the claims of others has no bar.

    Parameters
    ----------
    ledger : Ledger
        A ledger or a view of one.
    day : str, date or pandas.Timestamp, optional
        On which day that is not still to come; by default the ledger's latest. Claims that had no status yet are not
        counted.
    share : bool
        Draw shares of each claimant's claims in place of counts.
    status : str, optional
        Which status comes first in every bar; otherwise the one that most claims have.
    theme : {"light", "dark", "print"}
        On a light ground, on a dark one, or in greys for paper.
    size : {"page", "column", "slide", "card"}
        The room that it is for; on slides and social cards its height is given too, and so how many claimants fit.
    width : int, optional
        Pixels of the whole picture's width; otherwise the size's.
    locale : str, optional
        A tag such as "de" or "pt-BR", by which days and numbers are written; otherwise British English.
    title : str, optional
        Otherwise who has most claims, and how many of these have the status that comes first.

    Returns
    -------
    altair.LayerChart
        A bar for each claimant, a part of it for each status.

    Raises
    ------
    InvalidValue
        Where an argument is not one of those allowed.

    Examples
    --------
    >>> import factdesk as fd
    >>> chart = fd.charts.claimants(fd.open("claims.csv"), share=True)
    >>> chart.title.text
    ['The article has most claims, 9 of 22; 5 of the 9 are supported']
    """
    vocabulary = ledger.settings.vocabulary
    look = canvas.look_of(theme, size, width, vocabulary)
    known = [one.name for one in vocabulary]
    if status is not None and status not in known:
        near = "".join(f"; nearest: {word!r}" for word in nearest(str(status), known, n=1))
        raise InvalidValue("status", status, ", ".join(known) + near)
    fares = measures.claimants(ledger, day)
    until = canvas.as_of(ledger)
    on = until if day is None else parse_day(day)
    # Of a day that is still to come nothing is known; up to today the latest statuses hold.
    is_to_come = until and on and on > max(until, date.today())
    if until and not ledger.claims.empty and (fares.empty or is_to_come):
        since = ledger.intervals()["start"].min().date()
        raise InvalidValue("day", day, f"days that the ledger covers, {since} to {until}")
    if fares.empty:
        return canvas.empty(ledger, look, title)
    every = list(_claimants(fares, len(known)))
    totals = dict(zip(known, fares["claims"].to_numpy().reshape(-1, len(known)).sum(axis=0), strict=True))
    first = status or max(known, key=lambda name: totals[name])
    ordered = sorted(vocabulary, key=lambda one: one.name != first)
    shown = [one for one in ordered if totals[one.name] or one.name == first]
    sheets = (
        _drawn(ledger, every, many, shown, look, on, share=share, title=title)
        for many in range(_at_most(every, look), 0, -1)
    )
    return next(chart for chart in sheets if chart is not None)


def _whole(cell: canvas.Cell) -> int:
    return int(cell or 0)


def _claimants(fares: pd.DataFrame, statuses: int) -> Iterator[_Claimant]:
    """Gather the rows of each claimant."""
    columns = [fares[name].tolist() for name in COLUMNS]
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in zip(*columns, strict=True)]
    for at in range(0, len(rows), statuses):
        own = rows[at : at + statuses]
        yield _Claimant(str(own[0]["claimant"]), int(own[0]["of"]), {str(row["status"]): row for row in own})


def _at_most(every: Sequence[_Claimant], look: Look) -> int:
    """Give how many rows may fit, at their lowest."""
    if look.height is None:
        return min(len(every), MOST_CLAIMANTS)
    least = DENSITIES[-1]
    return max(1, min(len(every), int(look.height / (least.bar + least.air))))


def _drawn(
    ledger: Ledger,
    every: Sequence[_Claimant],
    many: int,
    shown: Sequence[Status],
    look: Look,
    on: date | None,
    *,
    share: bool,
    title: str | None,
) -> alt.LayerChart | None:
    """Draw those with most claims; nothing where so many have no room, unless it is one."""
    drawn = every[:many]
    is_narrow = look.width < NARROW
    names = max(text_width(one.name, TEXT_SIZE) for one in drawn)
    names_width = look.width - 2 * MARGIN if is_narrow else min(names, max(0.3 * look.width, 120), 260) + 1
    base_width = max(text_width(number(one.of), TEXT_SIZE, bold=True) for one in drawn)
    base_width = max(base_width, text_width("claims", TEXT_SIZE))
    picks = canvas.picked("status")
    groups = [("Status", [Key(one.label, one.sign, look.colour(one), one.name) for one in shown])]
    _, key_height = canvas.key(groups, look, 0, 0, look.width - 2 * MARGIN, picks)
    frame = Frame(
        look.width,
        left=MARGIN if is_narrow else MARGIN + names_width + 12,
        right=12 + base_width + MARGIN,
        height=0,
        above=key_height + HEAD + 10,
    )
    said = _said(ledger, every, drawn, shown, on, share=share, title=title)
    room = canvas.height_left(said, ledger, look, above=frame.above)
    laid = _laid(drawn, names_width, is_narrow, share, room)
    if laid is None:
        return None
    rows, density = laid
    height = round(max(rows[-1].bottom, room or 0), 3)
    frame = Frame(look.width, frame.left, frame.right, height, frame.above)
    key, _ = canvas.key(groups, look, MARGIN - frame.left, 6 - frame.above, look.width - 2 * MARGIN, picks)
    per = frame.inner / (1 if share else max(one.of for one in drawn))
    layers = [
        *(_grid(rows, frame, look, is_narrow=is_narrow) if share else []),
        *_bars(rows, shown, per, density, share, look, picks),
        *(_whiskers(rows, shown[0], per, density, look) if share else []),
        *_names(rows, frame, density, look, is_narrow=is_narrow),
        *key,
    ]
    return canvas.composed(layers, said, ledger, look, frame, COLUMNS)


def _laid(
    claimants: Sequence[_Claimant], width: float, is_narrow: bool, share: bool, room: float | None
) -> tuple[list[_Row], _Density] | None:
    """Lay rows out as airy as their number, or the room that there is, lets them be."""
    if room is None:
        density = DENSITIES[1 if len(claimants) <= 15 else 2]
        return list(_rows(claimants, width, density, is_narrow, share)), density
    for density in DENSITIES:
        rows = list(_rows(claimants, width, density, is_narrow, share))
        if rows[-1].bottom <= room:
            break
    else:
        if len(claimants) > 1:
            return None
    spread = min(max(room - rows[-1].bottom, 0) / len(rows), 20)
    return list(_rows(claimants, width, density, is_narrow, share, spread)), density


def _rows(
    claimants: Sequence[_Claimant],
    width: float,
    density: _Density,
    is_narrow: bool,
    share: bool,
    spread: float = 0,
) -> Iterator[_Row]:
    """Lay the rows out from top to bottom: names beside the bars, or over them."""
    top = 2.0
    for claimant in claimants:
        names = lines(claimant.name, width, TEXT_SIZE, most=density.most_lines)
        tall = density.bar + (WHISKER if share else 0)
        above = LINE * len(names) + 2 if is_narrow else 0
        beside = 0 if is_narrow else max(LINE * len(names) - density.bar, 0)
        bar = top + above + beside / 2
        bottom = bar + max(tall, density.bar + beside / 2)
        yield _Row(claimant, names, top, bar, bottom)
        top = bottom + density.air + spread


def _grid(rows: Sequence[_Row], frame: Frame, look: Look, *, is_narrow: bool) -> list[alt.Chart]:
    """Draw faint lines at quarters, and their shares over them."""
    places = [(part, frame.inner * part) for part in (0, 0.25, 0.5, 0.75, 1)]
    # No line runs through the names that stand over their bars.
    spans = [(row.bar, row.bottom) for row in rows] if is_narrow else [(-3, rows[-1].bottom)]
    lines_: list[Record] = [{"x": x, "y": top, "y2": end} for _, x in places for top, end in spans]
    rule = alt.Chart(canvas.data(lines_)).mark_rule(color=look.line, aria=False)
    ends = {0: "left", 0.5: "center", 1: "right"}
    words = [
        layer
        for part, x in places
        if part in ends
        for layer in canvas.words(
            [{"x": x, "y": -HEAD / 2, "text": percent(part)}], AT_X, AT_Y, look.muted, size=11,
            align=ends[part],  # type: ignore[arg-type]
        )
    ]  # fmt: skip
    return [rule.encode(x=AT_X, y=AT_Y, y2=alt.Y2("y2:Q")), *words]


def _bars(
    rows: Sequence[_Row],
    shown: Sequence[Status],
    per: float,
    density: _Density,
    share: bool,
    look: Look,
    picks: alt.Parameter,
) -> list[alt.Chart]:
    """Draw the parts of each bar, with sign and number where there is room for them."""
    parts: list[Record] = []
    signs: list[Record] = []
    words: list[Record] = []
    for row in rows:
        end = 0.0
        for status in shown:
            fare = row.claimant.fares[status.name]
            claims = _whole(fare["claims"])
            if not claims:
                continue
            start, end = end, end + per * (claims / row.claimant.of if share else claims)
            part, low, high = (float(fare[name] or 0) for name in ("share", "low", "high"))
            middle = row.bar + density.bar / 2
            parts.append(
                {
                    **fare, "share": round(part, 4), "low": round(low, 4), "high": round(high, 4),
                    "x": round(start, 3), "x2": round(end, 3), "y": row.bar, "y2": row.bar + density.bar,
                    "edge": 0.7 if end - start >= 4 else 0, "label": status.label, "interval": f"{percent(low)} to {percent(high)}",
                    "held": f"{number(claims)} of {counted(row.claimant.of, 'claim')} {status.label} ({percent(part)})",
                }
            )  # fmt: skip
            text = percent(part) if share else number(claims)
            colour = look.colour(status)
            ink = look.ink_on(colour)
            if end - start >= 14:
                signs.append({"x": start + 9, "y": middle, "sign": status.sign, "ink": ink})
            if end - start >= 17 + text_width(text, 11) + 4:
                words.append({"x": start + 17, "y": middle, "text": text, "ink": ink, "on": colour})
    bar = alt.Chart(canvas.data(parts)).mark_rect(stroke=look.edge).encode(
        x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, y2=alt.Y2("y2:Q"), color=canvas.status_colours(shown, look),
        opacity=canvas.where_picked(picks), strokeWidth=alt.StrokeWidth("edge:Q", scale=None),
        tooltip=[
            alt.Tooltip("claimant:N", title="Claimant"), alt.Tooltip("held:N", title="Claims"),
            alt.Tooltip("interval:N", title="95% interval"),
        ],
    )  # fmt: skip
    return [
        canvas.told(bar, "claimant", "held"),
        *canvas.signs(signs, AT_X, AT_Y, size=8),
        *canvas.words(words, AT_X, AT_Y, None, size=11),
    ]


def _whiskers(
    rows: Sequence[_Row], first: Status, per: float, density: _Density, look: Look
) -> list[alt.Chart]:
    """Draw under each bar the interval of the first status's share, with a dot at the share."""
    spans: list[Record] = []
    for row in rows:
        fare = row.claimant.fares[first.name]
        part, low, high = (float(fare[name] or 0) for name in ("share", "low", "high"))
        held = f"{row.claimant.part(first)} of {counted(row.claimant.of, 'claim')}"
        spans.append(
            {
                **({} if fare["claims"] else {**fare, "low": round(low, 4), "high": round(high, 4)}),
                "claimant": row.claimant.name, "held": held, "interval": f"{percent(low)} to {percent(high)}",
                "x": round(per * low, 3), "x2": round(per * high, 3), "dot": round(per * part, 3),
                "y": row.bar + density.bar + 7,
            }
        )  # fmt: skip
    # The rows without such a claim are in no bar: they are what the chart shows, too, and come first.
    spans.sort(key=lambda span: "of" not in span)
    data = alt.Chart(canvas.data(spans))
    tooltip = [
        alt.Tooltip("claimant:N", title="Claimant"), alt.Tooltip("held:N", title="Claims"),
        alt.Tooltip("interval:N", title="95% interval"),
    ]  # fmt: skip
    line = data.mark_rule(color=look.ink, strokeWidth=1.25).encode(
        x=AT_X, x2=alt.X2("x2:Q"), y=AT_Y, tooltip=tooltip
    )
    ends = [
        data.mark_tick(color=look.ink, thickness=1.25, size=6, orient="vertical", aria=False).encode(
            x=alt.X(f"{end}:Q", scale=None, axis=None), y=AT_Y
        )
        for end in ("x", "x2")
    ]
    dot = data.mark_point(shape="circle", size=26, filled=True, opacity=1, color=look.ink, aria=False)
    return [
        canvas.told(line, "claimant", "held", "interval"),
        *ends,
        dot.encode(x=alt.X("dot:Q", scale=None, axis=None), y=AT_Y),
    ]


def _names(
    rows: Sequence[_Row], frame: Frame, density: _Density, look: Look, *, is_narrow: bool
) -> list[alt.Chart]:
    """Set each name, and beside each bar how many claims it is of."""
    names: list[Record] = []
    bases: list[Record] = []
    for row in rows:
        middle = row.bar + density.bar / 2
        first = row.top + LINE / 2 if is_narrow else middle - LINE * (len(row.names) - 1) / 2
        names += [{"y": first + LINE * n, "text": line} for n, line in enumerate(row.names)]
        bases.append({"y": middle, "text": number(row.claimant.of)})
    edge = canvas.from_right(frame.right - MARGIN)
    return [
        *canvas.words(names, canvas.from_left(MARGIN - frame.left), AT_Y, look.ink),
        *canvas.words(bases, edge, AT_Y, look.ink, bold=True, align="right"),
        *canvas.words([{"text": "claims"}], edge, canvas.from_top(-HEAD / 2), look.muted, align="right"),
    ]


# --- said


def _said(
    ledger: Ledger,
    every: Sequence[_Claimant],
    drawn: Sequence[_Claimant],
    shown: Sequence[Status],
    on: date | None,
    *,
    share: bool,
    title: str | None,
) -> Words:
    """Say whose claims they are, of how many, and how to read it."""
    total = sum(one.of for one in every)
    is_now = on is None or on == canvas.as_of(ledger)
    when = "" if on is None else f", {spoken_day(on)}"
    what = "Shares of each claimant’s claims by status" if share else "Claims of each claimant by status"
    base = f"{what}{when}: {counted(total, 'claim')}, {counted(len(every), 'claimant')}"
    if len(drawn) < len(every):
        part = sum(one.of for one in drawn)
        whose = "the one" if len(drawn) == 1 else f"the {number(len(drawn))}"
        base += f"; {whose} with most claims shown, {number(part)} of {number(total)}"
    first = shown[0]
    caption = "Ordered by number of claims, beside each bar."
    if share:
        caption = (
            f"Ordered by number of claims. Line under a bar: 95% interval of the share {first.label} (Wilson), "
            "how far chance alone could move it in so few claims."
        )
    caption += " The claims were chosen to be checked: they are no sample of all that was said."
    return Words(
        title or _headline(every, total, first, is_now),
        base,
        caption,
        _description(drawn, shown, base, share),
    )


def _headline(every: Sequence[_Claimant], total: int, first: Status, is_now: bool) -> str:
    """Say who has most claims, and how these fare."""
    most = [one for one in every if one.of == every[0].of]
    of = sum(one.of for one in most)
    have = sum(_whole(one.fares[first.name]["claims"]) for one in most)
    be = ("is", "are") if is_now else ("was", "were")
    if len(every) == 1:
        name = _named(every[0])
        if total == 1:
            held = "" if have else "not "
            return f"The only claim by {name} {be[0]} {held}{first.label}"
        part = _part(have, total, what="claim")
        return f"{part[:1].upper()}{part[1:]} by {name} {be[have > 1]} {first.label}"
    if len(most) == 1:
        verb = "has" if is_now else "had"
        rest = f"it {be[0]} {'' if have else 'not '}{first.label}" if of == 1 else ""
        rest = rest or f"{_part(have, of, of='the ')} {be[have > 1]} {first.label}"
        return f"{_named(most[0])} {verb} most claims, {number(of)} of {number(total)}; {rest}"
    have = sum(_whole(one.fares[first.name]["claims"]) for one in every)
    rest = f"{_part(have, total)} {be[have > 1]} {first.label}"
    if len(most) == len(every):
        many = "one claim" if every[0].of == 1 else f"{number(every[0].of)} claims"
        return f"{number(len(every))} claimants {'have' if is_now else 'had'} {many} each; {rest}"
    who = " and ".join(map(_named, most)) if len(most) == 2 else f"{number(len(most))} claimants"
    return f"{who} {'have' if is_now else 'had'} most claims, {number(most[0].of)} each; {rest}"


def _named(claimant: _Claimant) -> str:
    """Name a claimant in a title, which has to say more than the name."""
    return lines(claimant.name, TITLE_ROOM, TITLE_SIZE, bold=True, most=1)[0]


def _part(count: int, total: int, *, of: str = "", what: str = "") -> str:
    """Say how many of a total: "5 of the 9 claims", with words before the total and the name of one."""
    if count == total:
        return all_of(total, what)
    if not count and total == 2:
        return none_of(total, what)
    many = counted(total, what) if what else number(total)
    return f"{number(count) if count else 'none'} of {of}{many}"


def _description(drawn: Sequence[_Claimant], shown: Sequence[Status], base: str, share: bool) -> str:
    """Tell in words what each claimant's claims are; of many the first."""
    first = shown[0]
    told = [f"{base}."]
    for one in drawn[:MOST_TOLD]:
        parts = [one.part(status) for status in shown if one.fares[status.name]["claims"]]
        fare = one.fares[first.name]
        if share:
            low, high = percent(float(fare["low"] or 0)), percent(float(fare["high"] or 0))
            parts.append(f"share {first.label} {percent(float(fare['share'] or 0))} ({low} to {high})")
        told.append(f"{one.name}: {counted(one.of, 'claim')}, {', '.join(parts)}.")
    if len(drawn) > MOST_TOLD:
        told.append(f"And {counted(len(drawn) - MOST_TOLD, 'more claimant')}.")
    return " ".join(told)
