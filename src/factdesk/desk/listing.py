"""The claims of a ledger on a day, as the desk lists them: searched, filtered and put in order; a page of rows at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
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
SORTS = ("logged", "newest", "changed", "status", "claimant")
_LETTERS = {
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "’": "'",
    "‘": "'",
    "–": "-",
}
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

    def __init__(self, ledger: Ledger, day: pd.Timestamp | None = None, axis: Axis | None = None) -> None:
        claims, held = ledger.claims, ledger.status_on(day)
        if not claims["claim_id"].is_unique:
            claims, held = claims.drop_duplicates("claim_id"), held.drop_duplicates("claim_id")
        at = pd.Index(held["claim_id"]).get_indexer(claims["claim_id"])
        if day is not None:  # who had no status yet was no claim on that day
            claims, at = claims[at >= 0], at[at >= 0]
        self.ledger, self.day, self._axis = ledger, day, axis
        self.claims = claims.reset_index(drop=True)
        self.ids = pd.Index(self.claims["claim_id"])
        settings = ledger.settings
        self.unread = len(settings.vocabulary)
        codes = held["status"].cat.codes.to_numpy().astype(int)
        codes[codes < 0] = self.unread
        self.status = np.where(at >= 0, codes[at], -1) if len(codes) else np.full(len(at), -1)
        self.counts = np.bincount(self.status[self.status >= 0], minlength=self.unread + 1).tolist()
        latest = day if day is not None else ledger.latest_day
        self.last = np.datetime64("today", "D") if pd.isna(latest) else np.datetime64(latest.date(), "D")
        self._found: tuple[str, Places] = ("", np.arange(len(self.claims)))

    # --- bands

    @cached_property
    def _spells(self) -> pd.DataFrame:
        spells = self.ledger.intervals()
        if self.day is not None:
            spells = spells[(spells["start"] <= self.day).to_numpy()]
        return spells

    @cached_property
    def axis(self) -> Axis:
        """The days on which all bands lie."""
        return self._axis or Axis.of(self._spells["start"].to_numpy(), self.last)

    @cached_property
    def _bands(self) -> tuple[Places, npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int_]]:
        spells = self._spells
        at = self.ids.get_indexer(spells["claim_id"])
        order = np.argsort(at, kind="stable")
        end = spells["end"].to_numpy().astype("datetime64[D]")[order]
        end = np.where(np.isnat(end) | (end > self.last), self.axis.knots[-1], end)
        start = self.axis.at(spells["start"].to_numpy()[order])
        return at[order], start, self.axis.at(end), spells["status"].cat.codes.to_numpy().astype(int)[order]

    def band(self, place: int) -> list[list[float]]:
        """Return the spells of a claim: from where to where each lies, and which status it is."""
        at, start, end, code = self._bands
        first, last = np.searchsorted(at, [place, place + 1])
        return [
            [round(float(start[n]), 4), round(float(end[n]), 4), int(code[n])] for n in range(first, last)
        ]

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

    @cached_property
    def _text(self) -> pa.Array:
        claims, vocabulary = self.claims, self.ledger.settings.vocabulary
        names = ("claim_id", "claim", "claimant", "claimant_role", "quote", "topics", "note", "would_settle")
        labels = np.array([*(f"{one.name} {one.label}" for one in vocabulary), "", ""], object)
        months = [month(pd.Timestamp(2000, n, 1)) for n in range(1, 13)]
        made = claims["made_on"].dt
        spoken = (
            made.day.astype("Int64").astype("str") + " "
            + made.month.map(dict(enumerate(months, 1))).fillna("").astype("str") + " "
            + made.strftime("%Y %Y-%m-%d").astype("str").fillna("")
        )  # fmt: skip
        return _searched(
            [
                *(claims[name] for name in names),
                claims["kind"].astype("str").fillna(""),
                pd.Series(labels[self.status], dtype="str"),
                spoken.where(claims["made_on"].notna(), ""),
            ]
        )

    @cached_property
    def plain(self) -> list[str]:
        """The words of each claim, folded."""
        return [str(words) for words in _searched([self.claims["claim"]]).to_pylist()]

    @cached_property
    def _sources(self) -> tuple[pa.Array, pa.Array, Places, Places, Places]:
        """Return the words of sources and of evidence, and the places of what belongs together."""
        sources = self.ledger.sources
        evidence = self.ledger.evidence
        words = _searched([sources[name] for name in ("publisher", "title", "author", "url")])
        quotes = _searched([evidence[name] for name in ("quote", "translation", "note")])
        ids = pd.Index(sources["source_id"].drop_duplicates())
        of = ids.get_indexer(evidence["source_id"]) if len(ids) else np.full(len(evidence), -1)
        first = ids.get_indexer(self.claims["appearance"]) if len(ids) else np.full(len(self.claims), -1)
        return words, quotes, self.ids.get_indexer(evidence["claim_id"]), of, first

    def _having(self, term: str) -> Mask:
        """Return which claims have a term in their own words, in those of their evidence, or in its sources'."""
        having = _holding(self._text, term)
        words, quotes, claim_of, source_of, first = self._sources
        in_source = np.append(_holding(words, term), False)
        pieces = _holding(quotes, term) | in_source[source_of]
        having[claim_of[pieces & (claim_of >= 0)]] = True
        return having | in_source[first]

    def find(self, asked: Mapping[str, Any], now: pd.Timestamp | None = None) -> Places:
        """Return the places of the claims that are asked for, in the order asked for.

        `words` are searched; `statuses`, `claimant`, `topic`, `since`, `until`, `bare` (without evidence), `due`
        and `fresh` (changed since the day before `now`) filter; `sort` is one of `SORTS`.
        """
        key = repr(sorted(asked.items())) + str(now and now.date())
        if key == self._found[0]:
            return self._found[1]
        claims = self.claims
        keep = np.ones(len(claims), bool)
        for term in terms(str(asked.get("words", ""))):
            keep &= self._having(term)
        if statuses := asked.get("statuses"):
            keep &= np.isin(self.status, [one for one in statuses if isinstance(one, int)])
        if claimant := folded(str(asked.get("claimant", ""))).strip():
            keep &= _holding(_searched([claims["claimant"]]), claimant)
        if topic := folded(str(asked.get("topic", ""))).strip():
            keep &= _holding(_searched([claims["topics"]]), topic)
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
            moments_of[table] = by.max().reindex(self.ids)
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

    def offers(self) -> dict[str, list[str]]:
        """Return the claimants and topics that occur most."""
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
