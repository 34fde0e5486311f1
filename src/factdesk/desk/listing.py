"""The claims of a ledger on a day, as the desk lists them: searched, filtered and put in order; a page of rows at a time."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.desk.days import DAY, Axis
from factdesk.formats import month
from factdesk.ledger.ledger import Ledger
from factdesk.schema import SEPARATOR
from factdesk.text import host

Places = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
Row = dict[str, object]

LONGEST = 4_000
"""Characters of a cell that are sent; the frames hold the rest."""
WORDS = 240
"""Characters of a claim that are sent for a row, which shows two lines of it."""
OFFERED = 200
"""Claimants and topics that are offered to choose from."""
OF_CLAIMS = ("claim_id", "claim", "claimant", "claimant_role", "quote", "topics", "note", "would_settle")
SORTS = ("logged", "newest", "changed", "status", "claimant")
_LETTERS = {**dict(zip("øłđı’‘–", "oldi''-", strict=True)), "ß": "ss", "æ": "ae", "œ": "oe"}
_PHRASE = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]')


def folded(text: str) -> str:
    """Return words as they are searched by: case, accents and letters of one sound are one.

    >>> folded("Støre’s Łódź, ÉTÉ")
    "store's lodz, ete"
    """
    plain = text.casefold()
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFKD", plain.translate({ord(one): of for one, of in _LETTERS.items()}))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def terms(words: str) -> list[str]:
    """Return what is looked for: each word, and what stands in quotation marks as one.

    >>> terms('Putin “demilitarized zone" nato')
    ['demilitarized zone', 'putin', 'nato']
    """
    phrases = _PHRASE.findall(words)
    rest = _PHRASE.sub(" ", words).translate(dict.fromkeys(map(ord, '"“”„«»'), " ")).split()
    return [one for one in (" ".join(folded(part).split()) for part in (*phrases, *rest)) if one]


def _searched(columns: Iterable[pd.Series]) -> pa.Array:
    """Return the words of each row, folded, joined with line breaks."""
    arrays = [pa.array(column, pa.large_string(), from_pandas=True) for column in columns]
    arrays = [pc.cast(one, pa.large_string()) for one in arrays]
    between = pa.scalar("\n", pa.large_string())
    joined = pc.binary_join_element_wise(*arrays, between, null_handling="replace", null_replacement="")
    joined = pc.utf8_lower(joined)
    if not pc.all(pc.string_is_ascii(joined)).as_py():
        for letter, plain in _LETTERS.items():
            joined = pc.replace_substring(joined, letter, plain)
        joined = pc.replace_substring_regex(pc.utf8_normalize(joined, "NFKD"), r"\p{Mn}+", "")
    return joined


def _spoken(claims: pd.DataFrame) -> pd.Series:
    """Return the day on which each claim was made, as it is said and as it is written, and its kind."""
    months = {n: month(pd.Timestamp(2000, n, 1)) for n in range(1, 13)}
    made = claims["made_on"].dt
    days = made.day.astype("Int64").astype("str") + " " + made.month.map(months).fillna("").astype("str")
    days = days + " " + made.strftime("%Y %Y-%m-%d").astype("str").fillna("")
    return days.where(claims["made_on"].notna(), "") + "\n" + claims["kind"].astype("str").fillna("")


def _holding(column: pa.Array, term: str) -> Mask:
    return np.asarray(pc.match_substring(column, term), bool)


class Listing:
    """Which claims there are on a day, each with its status; `day` is the ledger's latest where none is given.

    >>> import factdesk as fd
    >>> listing = Listing(fd.open("claims.csv"))
    >>> found = listing.find({"words": "putin nato"})
    >>> [row["who"] for row in listing.rows(found)]
    ['Vladimir Putin']
    """

    def __init__(self, ledger: Ledger, day: pd.Timestamp | None = None, like: Listing | None = None) -> None:
        """Make the listing; `like` is one of the same rows, or but for the last of them: its folded words are kept."""
        self.ledger, self.day, self.claims = ledger, day, ledger.claims
        self.unread = len(ledger.settings.vocabulary)
        spells = ledger._dataset.standing()
        self._claim = spells["claim_row"].to_numpy()
        self._start, self._end = (spells[name].to_numpy("datetime64[D]") for name in ("start", "end"))
        self._code = np.array(spells["status"].cat.codes, int)
        self._code[self._code < 0] = self.unread
        latest = day if day is not None else ledger.latest_day
        self.last = np.datetime64("today", "D") if pd.isna(latest) else np.datetime64(latest.date(), "D")
        holds = (self._start <= self.last) & ~(self._end <= self.last)
        self.status = np.full(len(self.claims), -1)
        self.status[self._claim[holds]] = self._code[holds]
        # Who had no status yet was no claim on that day.
        self.there = self.status >= 0 if day is not None else np.ones(len(self.claims), bool)
        self.total = int(self.there.sum())
        self.counts = np.bincount(self.status[self.status >= 0], minlength=self.unread + 1).tolist()
        is_like = like and like.claims["claim_id"].equals(self.claims["claim_id"].iloc[: len(like.claims)])
        self._folded: dict[tuple[str, ...], pa.Array] = dict(like._folded) if like and is_like else {}
        self._found: tuple[str, Places] = ("", np.flatnonzero(self.there))
        if like and day is not None:
            self.days, self.over_time, self.offers = like.days, like.over_time, like.offers

    def place(self, claim_id: str) -> int:
        """Return where a claim stands; -1 where it is not there."""
        with contextlib.suppress(UnicodeEncodeError):  # half a character is in no id
            at = np.flatnonzero((self.claims["claim_id"] == claim_id).to_numpy() & self.there)
            return int(at[0]) if len(at) else -1
        return -1

    # --- bands

    @cached_property
    def days(self) -> npt.NDArray[np.datetime64]:
        """The days on which something happened."""
        return np.unique(self._start[~np.isnat(self._start)])

    @cached_property
    def axis(self) -> Axis:
        """The days on which all bands lie."""
        return Axis.of(self.days, self.last)

    @cached_property
    def over_time(self) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.int_]]:
        """The days from the first one on, and how many claims had each status on each."""
        counts = self.ledger.counts("day")
        table = counts["claims"].to_numpy().reshape(-1, self.unread)
        return counts["date"].to_numpy("datetime64[D]")[:: self.unread], table

    def band(self, place: int) -> list[list[float]]:
        """Return the spells of a claim: from where to where each lies, and which status it is."""
        first, last = np.searchsorted(self._claim, [place, place + 1])
        end = self._end[first:last]
        ends = self.axis.at(np.where(np.isnat(end) | (end > self.last), self.axis.knots[-1], end))
        found: list[list[float]] = []
        for n, (at, to) in enumerate(zip(self.axis.at(self._start[first:last]), ends, strict=True), first):
            if self._code[n] == self.unread or not self._start[n] <= self.last:
                continue
            if found and found[-1][2] == self._code[n]:
                found[-1][1] = round(float(to), 4)
            else:
                found.append([round(float(at), 4), round(float(to), 4), int(self._code[n])])
        return found

    def rows(self, places: Places) -> list[Row]:
        """Return claims as the list shows them."""
        some = self.claims.iloc[places]
        columns = ("claim_id", "claim", "claimant", "made_on", "made_on_precision")
        return [
            {
                "id": claim_id, "claim": claim[:WORDS], "who": who[:80], "made": cell(made),
                "precision": precision if isinstance(precision, str) else "",
                "status": int(self.status[place]), "band": self.band(int(place)),
            }
            for place, claim_id, claim, who, made, precision in zip(
                places, *(some[name] for name in columns), strict=True
            )
        ]  # fmt: skip

    # --- search

    def _words(
        self, table: str, names: Sequence[str], more: Callable[[pd.DataFrame], pd.Series] | None = None
    ) -> pa.Array:
        """Return the folded words of a table's rows; only what was added since is folded."""
        rows: pd.DataFrame = self.claims if table == "claims" else getattr(self.ledger, table)
        old = self._folded.get((table, *names))
        if old is None or len(old) > len(rows):
            old = pa.array([], pa.large_string())
        if len(old) < len(rows):
            new = rows.iloc[len(old) :]
            words = _searched([*(new[name] for name in names), *([more(new)] if more else [])])
            old = pa.chunked_array([old, words]).combine_chunks()
        self._folded[table, *names] = old
        return old

    @property
    def plain(self) -> list[str]:
        """The words of each claim, folded."""
        return [str(words) for words in self._words("claims", ["claim"]).to_pylist()]

    def _having(self, term: str) -> Mask:
        """Return which claims have a term in their own words, in those of their evidence, or in its sources'."""
        ledger, labels = (
            self.ledger,
            [folded(f"{one.name} {one.label}") for one in self.ledger.settings.vocabulary],
        )
        having = _holding(self._words("claims", OF_CLAIMS, _spoken), term)
        having |= np.isin(self.status, [n for n, label in enumerate(labels) if term in label])
        evidence, sources = ledger.evidence, ledger.sources
        pieces = _holding(self._words("evidence", ("quote", "translation", "note")), term)
        of = sources["source_id"][
            _holding(self._words("sources", ("publisher", "title", "author", "url")), term)
        ]
        if len(of):
            pieces |= evidence["source_id"].isin(of).to_numpy()
            having |= self.claims["appearance"].isin(of).to_numpy()
        if pieces.any():
            having |= self.claims["claim_id"].isin(evidence["claim_id"][pieces]).to_numpy()
        return having

    def find(self, asked: Mapping[str, Any], now: pd.Timestamp | None = None) -> Places:
        """Return the places of the claims that are asked for, in the order asked for.

        `words` are searched; `statuses`, `claimant`, `topic`, `since`, `until`, `bare` (without evidence), `due`
        and `fresh` (changed since the day before `now`) filter; `sort` is one of `SORTS`.
        """
        key = repr(sorted(asked.items())) + str(now and now.date())
        if key == self._found[0]:
            return self._found[1]
        claims = self.claims
        keep = self.there.copy()
        for term in terms(str(asked.get("words", ""))):
            keep &= self._having(term)
        if statuses := asked.get("statuses"):
            keep &= np.isin(self.status, [one for one in statuses if isinstance(one, int)])
        if claimant := folded(str(asked.get("claimant", ""))).strip():
            keep &= _holding(self._words("claims", ["claimant"]), claimant)
        if topic := folded(str(asked.get("topic", ""))).strip():
            keep &= _holding(self._words("claims", ["topics"]), topic)
        made = claims["made_on"].to_numpy().astype("datetime64[D]")
        for name, side in (("since", np.greater_equal), ("until", np.less_equal)):
            if re.fullmatch(r"\d{4}(-\d\d){0,2}", day := str(asked.get(name, ""))):
                keep &= side(made, _edge(day, name == "until"))
        if asked.get("bare"):
            keep &= ~claims["claim_id"].isin(self.ledger.evidence["claim_id"]).to_numpy()
        if asked.get("due"):
            keep &= claims["claim_id"].isin(self.ledger.due()["claim_id"]).to_numpy()
        if asked.get("fresh") and now is not None:
            keep &= (self._changed() >= now.normalize() - pd.Timedelta(days=1)).to_numpy()
        found = self._sorted(np.flatnonzero(keep), str(asked.get("sort", "logged")))
        self._found = (key, found)
        return found

    def _changed(self) -> pd.Series:
        """Return when each claim was last written about."""
        tables = ("claims", "appearances", "evidence", "statuses", "changes")
        moments = ("logged_at", "logged_at", "attached_at", "recorded_at", "changed_at")
        moments_of = {}
        for table, moment in zip(tables, moments, strict=True):
            rows = getattr(self.ledger, table)
            by = rows.groupby("row_id" if table == "changes" else "claim_id")[moment]
            moments_of[table] = by.max().reindex(self.claims["claim_id"])
        return pd.DataFrame(moments_of).max(axis=1)

    def _sorted(self, places: Places, by: str) -> Places:
        claims = self.claims
        if by == "status":
            return places[np.argsort(self.status[places], kind="stable")]
        if by == "newest":
            return places[claims["made_on"].iloc[places].argsort(kind="stable").to_numpy()[::-1]]
        if by == "changed":
            return places[np.argsort(self._changed().iloc[places].to_numpy(), kind="stable")[::-1]]
        if by == "claimant":
            names = np.array([folded(name) for name in claims["claimant"].iloc[places]], object)
            return places[np.argsort(names, kind="stable")]
        return places

    # --- what is there to choose from

    @cached_property
    def offers(self) -> dict[str, list[str]]:
        """The claimants and topics that occur most."""
        topics = self.claims["topics"]
        topics = topics[topics != ""].str.split(SEPARATOR).explode().str.strip()
        named = {"claimants": self.claims["claimant"], "topics": topics[topics != ""]}
        return {name: [*map(str, some.value_counts().index[:OFFERED])] for name, some in named.items()}


def _edge(day: str, is_last: bool) -> np.datetime64:
    """Return the first or last day of a day, month or year."""
    first = np.datetime64(day)
    return (first + 1).astype("datetime64[D]") - DAY if is_last else first.astype("datetime64[D]")


def cell(value: object, most: int = LONGEST) -> str:
    """Return a cell as text for the browser: a missing one is empty, a day as files hold it, a very long one cut.

    >>> cell(pd.NaT), cell(pd.Timestamp("2025-03-10")), len(cell("x" * 9_000))
    ('', '2025-03-10', 4001)
    """
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    text = "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    return text if len(text) <= most else text[:most] + "…"


def named_source(row: Mapping[Any, Any]) -> str:
    """Return what a source is called: its publisher, its title, or where it lies.

    >>> named_source({"publisher": "", "title": "", "url": "https://www.example.org/a"})
    'example.org'
    """
    return str(row["publisher"] or row["title"] or host(row["url"]) or row["url"] or row.get("source_id", ""))
