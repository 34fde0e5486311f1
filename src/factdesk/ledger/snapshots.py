"""What the documents kept of a source say: their words, the quotes that stand in them, and what changed between two."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import pandas as pd

from factdesk.articles import reading, webpage
from factdesk.articles.origins import NO_TEXT, Document, in_words, origins
from factdesk.articles.reading import Words
from factdesk.articles.speakers import AGENCY, agency
from factdesk.errors import ArticleUnreadable, Finding, InvalidValue, NotInstalled
from factdesk.ledger import quotes
from factdesk.ledger.dataset import Dataset
from factdesk.ledger.quotes import Anchor
from factdesk.schema import SEPARATOR, TABLES
from factdesk.storage.files import Store
from factdesk.text import comparable, shown

QUOTED = {"claims": "appearance", "appearances": "source_id", "evidence": "source_id"}
"""The tables that hold quotes, and which of their columns names the document."""

HASH = re.compile("[0-9a-f]{64}")
LARGEST_LOOKED_AT = 2_000_000
"""Bytes of a document that `check` reads to say whether it has text; `verify` reads every one."""
OWN_LINE = 60
"""Characters from which a line of a page is a passage, and not a part of its menus."""

ANCHORS = ["table", "row_id", "claim_id", "source_id", "snapshot_id", "place", "exact", "prefix", "suffix", "start", "end"]  # fmt: skip
CHANGED = ["table", "row_id", "claim_id", "quote", "now", "before", "after"]

Made = TypeVar("Made")


@dataclass(frozen=True)
class File:
    """A file that is to be kept: its name, its bytes, and what kind it is where that is known."""

    name: str
    data: bytes
    kind: str = ""

    @property
    def sha256(self) -> str:
        """The hash under which it is kept."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def media_type(self) -> str:
        """What kind of file it is, by its name; a page saved without a name that says so is one all the same."""
        if self.kind:
            return self.kind
        by_bytes = reading.media_type("", self.data)
        is_known = by_bytes in (reading.PDF, webpage.HTML[0])
        return mimetypes.guess_type(self.name)[0] or (by_bytes if is_known else reading.UNKNOWN)


class Snapshot(NamedTuple):
    """One time that a document was kept."""

    snapshot_id: str
    source_id: str
    sha256: str
    media_type: str
    bytes: str
    retrieved_at: str


def kept(dataset: Dataset, sources: Collection[str] | None = None) -> dict[str, list[Snapshot]]:
    """Return what was kept of each source, or of some, the first kept first."""
    rows = dataset.cells("snapshots")[~dataset.hidden("snapshots")]
    rows = rows if sources is None else rows[rows["source_id"].isin(sources)]
    found: dict[str, list[Snapshot]] = {}
    for row in rows[list(Snapshot._fields)].itertuples(index=False, name=None):
        one = Snapshot(*map(str, row))
        found.setdefault(one.source_id, []).append(one)
    return {source: sorted(them, key=lambda one: one.retrieved_at) for source, them in found.items()}


def of_source(dataset: Dataset, source_id: str) -> list[Snapshot]:
    """Return what was kept of one source, the first kept first; looks at no other."""
    withdrawn = dataset.withdrawn_ids("snapshots")
    rows = dataset.found("snapshots", {"source_id": source_id})
    them = [Snapshot(*(row[name] for name in Snapshot._fields)) for row in rows]
    return sorted((one for one in them if one.snapshot_id not in withdrawn), key=lambda one: one.retrieved_at)


def words(store: Store, snapshot: Snapshot) -> Words | None:
    """Return the words of a kept document; None where it can't be read, or is not there as it was kept."""
    return _read(_words, store, snapshot)


def readable(store: Store, kept: Sequence[Snapshot]) -> Iterator[tuple[Snapshot, Words]]:
    """Yield what was kept of a source and can be read, the last kept first."""
    for one in reversed(kept):
        if found := words(store, one):
            yield one, found


def _read(as_what: Callable[[Store, str, str, int], Made], store: Store, one: Snapshot) -> Made | None:
    if not HASH.fullmatch(one.sha256):
        return None
    try:
        size = store.disk.size(store.document(one.sha256))
        return as_what(store, one.sha256, one.media_type, size)
    except OSError:
        return None


@lru_cache(maxsize=16)
def _words(store: Store, sha256: str, media_type: str, size: int) -> Words | None:
    if not reading.is_text(media_type) or size > reading.MOST_BYTES:
        return None
    data = data_of(store, sha256)
    return None if data is None else reading.whole(data, media_type)


def data_of(store: Store, sha256: str) -> bytes | None:
    """Return the bytes of a kept document; None where they are not there as they were kept."""
    data = store.disk.read_or_none(store.document(sha256)) if HASH.fullmatch(sha256) else None
    return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None


@lru_cache(maxsize=256)
def _passages(store: Store, sha256: str, media_type: str, size: int) -> str | None:
    """Return a document's lines; of a page those that are long enough to be its own, and no menu's."""
    data = data_of(store, sha256) if size <= LARGEST_LOOKED_AT else None
    try:
        found = "" if data is None else reading.words(data, media_type).text
    except (ArticleUnreadable, NotInstalled):
        found = ""
    if not found:
        return None
    own = [line for line in found.split("\n") if len(line) >= OWN_LINE]
    return "\n".join(own) if own and reading.kind_of(media_type) in webpage.HTML else found


def origins_of(dataset: Dataset, store: Store | None, evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the sources of each claim, and which of them are of one origin."""
    rows: list[tuple[str, ...]] = []
    asked = evidence["source_id"].unique()
    of = dataset.cells("sources")
    of = of.loc[of["source_id"].isin(asked), ["source_id", "author", "publisher"]]
    every = kept(dataset, asked) if store else {}
    documents: dict[str, Document] = {}
    for source, author, publisher in of.itertuples(index=False, name=None):
        read = (_read(_passages, store, one) for one in reversed(every.get(source, [])) if store)
        text = next(filter(None, read), None)
        documents[source] = Document(text, agency(text or "", author, publisher))
    for claim_id, named in evidence.groupby("claim_id", sort=False)["source_id"]:
        found = origins({source: documents.get(source, Document(None)) for source in dict.fromkeys(named)})
        rows += [(str(claim_id), source, *origin) for source, origin in found.items()]
    return pd.DataFrame(rows, columns=["claim_id", "source_id", "origin", "why"], dtype="str")


def bearing(found: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `origins_of` whose source speaks for a claim, against it, or both."""
    bears = evidence[(evidence["stance"] != "context").to_numpy()]
    return found.merge(bears[["claim_id", "source_id"]].drop_duplicates(), on=["claim_id", "source_id"])


def origin_counts(found: pd.DataFrame) -> pd.DataFrame:
    """Return how many sources each claim has, of how many origins, and of how many of them no text was kept."""
    unknown = found["why"].str.endswith(NO_TEXT)
    counts = {
        "sources": ("source_id", "nunique"),
        "origins": ("origin", "nunique"),
        "unknown": ("unknown", "sum"),
    }
    of = found.assign(unknown=unknown).groupby("claim_id", sort=False).agg(**counts)
    return of.astype("int64").reset_index()


def anchored(quote: str, place: str, found: Words) -> tuple[Anchor, str] | None:
    """Return where a quote stands in a document, and the place there where it has one and none is given.

    >>> anchored("poured", "", Words("It rained. It poured.", (0, 11)))[1]
    'p. 2'
    """
    nth = int(place[1:]) if place[:1] == "#" and place[1:].isdecimal() and len(place) < 5 else 1
    page = place.removeprefix("p.").strip() if place[:2] == "p." else ""
    within = None
    if page.isdecimal() and 0 < int(page[:6]) <= len(found.pages):
        ends = (*found.pages[1:], len(found.text) + 1)
        within = (found.pages[int(page) - 1], ends[int(page) - 1])
    anchor = quotes.anchor(quote, found.text, nth, within)
    if anchor is None:
        return None
    on_page = found.page(anchor.start)
    return anchor, place or (f"p. {on_page}" if on_page else "")


def place_of(quote: str, place: str, documents: Iterable[Words | None]) -> str:
    """Return the place of a quote in the first of some documents that has it.

    Raises
    ------
    InvalidValue
        Where all of them can be read, and it stands in none.
    """
    texts = list(documents)
    if not quote or not texts:
        return place
    for found in texts:
        if found is not None and (stands := anchored(quote, place, found)):
            return stands[1]
    readable = [found for found in texts if found is not None and found.text]
    if len(readable) < len(texts):
        return place
    raise InvalidValue(
        "quote", quote, f"words that stand in the document{_beside(quote, readable)}", "evidence"
    )


def _beside(quote: str, texts: Iterable[Words]) -> str:
    for found in texts:
        if passage := quotes.nearest_passage(quote, found.text):
            quoted, there = quotes.marked(*passage)
            return f"; nearest to '{shown(quoted, 300)}' stands there '{shown(there, 300)}'"
    return "; nothing like it stands there"


def anchors(dataset: Dataset, store: Store) -> pd.DataFrame:
    """Return where each quote stands in the latest kept document that has it."""
    every, rows = kept(dataset), []
    for name, row_id, claim_id, source, quote, place in quotes_of(dataset, every):
        for snapshot, found in readable(store, every[source]):
            if stands := anchored(quote, place, found):
                at = stands[0]
                rows.append((name, row_id, claim_id, source, snapshot.snapshot_id, stands[1], at.exact, at.prefix,
                             at.suffix, at.start, at.end))  # fmt: skip
                break
    frame = pd.DataFrame(rows, columns=ANCHORS)
    return frame.astype({name: "int64" if name in ("start", "end") else "str" for name in ANCHORS})


def quotes_of(dataset: Dataset, sources: Collection[str]) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield the quotes of sources: table, row, claim, source, words and place."""
    for name, column in QUOTED.items():
        rows = dataset.cells(name)[~dataset.hidden(name)]
        rows = rows[rows[column].isin(list(sources)) & (rows["quote"] != "")]
        row_ids = rows[TABLES[name].id]
        places = rows["place"] if "place" in rows else [""] * len(rows)
        yield from (
            (name, str(row_id), str(claim_id), str(source), str(quote), str(place))
            for row_id, claim_id, source, quote, place in zip(
                row_ids, rows["claim_id"], rows[column], rows["quote"], places, strict=True
            )
        )


def compared(dataset: Dataset, source_id: str, before: Words | None, after: Words | None) -> pd.DataFrame:
    """Return what has become of a source's quotes between two documents kept of it, with the passages.

    `now` is `stands`, `changed` (something like it stands there), `vanished`, or `unknown` where one can't be read.
    """
    rows = []
    for name, row_id, claim_id, _, quote, place in quotes_of(dataset, [source_id]):
        stood = anchored(quote, place, before) if before else None
        stands = anchored(quote, place, after) if after else None
        was, there = (
            _passage(one[0], of) if one and of else "" for one, of in ((stood, before), (stands, after))
        )
        if stands:
            now = "stands"
        elif after is None or (before is not None and not stood):
            now = "unknown"
        else:
            near = quotes.nearest_passage(quote, after.text)
            now = "changed" if near else "vanished"
            there = quotes.marked(*near)[1] if near else ""
        rows.append((name, row_id, claim_id, quote, now, was, there))
    return pd.DataFrame(rows, columns=CHANGED, dtype="str")


def _passage(at: Anchor, found: Words) -> str:
    return found.text[max(at.start - 80, 0) : at.end + 80]


def judged(dataset: Dataset, evidence: Iterable[Mapping[str, str]]) -> str:
    """Return which words of which kept documents a status rests on: evidence, snapshot and hash of the quote."""
    parts = []
    for row in evidence:
        if them := of_source(dataset, row["source_id"]):
            parts.append(f"{row['evidence_id']}:{them[-1].snapshot_id}:{_hash(row['quote'])}")
    return SEPARATOR.join(parts)


def same_words(dataset: Dataset, one: str, other: str) -> bool:
    """Return whether two statuses were judged on the same words, whenever these were kept; also where one does not say."""
    if not one or not other:
        return True

    def bytes_of(part: str) -> list[str]:
        evidence, snapshot, *rest = part.split(":")
        return [
            evidence,
            *(row["sha256"] for row in dataset.found("snapshots", {"snapshot_id": snapshot})),
            *rest,
        ]

    ways = [sorted(map(bytes_of, judged.split(SEPARATOR))) for judged in (one, other)]
    return ways[0] == ways[1]


def _hash(quote: str) -> str:
    return hashlib.sha256(comparable(quote).encode()).hexdigest()[:12]


def findings(dataset: Dataset, store: Store) -> list[Finding]:
    """Find quotes that can't be anchored, and statuses that were judged on words that no longer stand."""
    every = kept(dataset)
    unread = {source for source, them in every.items() if all(_is_mute(one, store) for one in them)}
    made = [
        Finding(
            "not-anchored", "note",
            f"the quote can't be looked for in the document kept of {shown(source)}: it has no text that can be read.",
            "Look it up yourself: it is a scan, a recording or a page behind a login.",
            table=name, file=store.shown(name), column="quote", value=quote, row_id=row_id, claim_id=claim_id,
        )
        for name, row_id, claim_id, source, quote, _ in quotes_of(dataset, unread)
    ]  # fmt: skip
    return [*made, *_judged_on_others(dataset, store, every), *_of_one_origin(dataset, store, every)]


def _of_one_origin(dataset: Dataset, store: Store, kept: Collection[str]) -> Iterator[Finding]:
    cells, evidence = dataset.cells("sources"), dataset.shown("evidence")
    credits = cells["author"] + "\n" + cells["publisher"]
    named = cells["source_id"][credits.isin([one for one in credits.unique() if AGENCY.search(one)])]
    told = evidence[evidence["source_id"].isin([*kept, *named])].groupby("claim_id")["source_id"].nunique()
    evidence = evidence[evidence["claim_id"].isin(told.index[told > 1])]
    found = bearing(origins_of(dataset, store, evidence), evidence)
    for claim_id, *counts in origin_counts(found).to_numpy().tolist():
        if counts[1] < counts[0]:
            of = found[(found["claim_id"] == claim_id) & (found["origin"] != found["source_id"])]
            copies = "; ".join(f"{shown(source)}, {why}" for _, source, _, why in of.to_numpy().tolist())
            yield Finding(
                "shared-origin", "note", f"{in_words(*counts)}: {copies}.",
                "Count them as one, and look for a source that has it from elsewhere.",
                table="evidence", file=store.shown("evidence"), claim_id=claim_id,
            )  # fmt: skip


def _is_mute(one: Snapshot, store: Store) -> bool:
    """Return whether a kept document is there and has no words; a large one is not read to say so."""
    try:
        if not HASH.fullmatch(one.sha256) or not store.disk.has(store.document(one.sha256)):
            return False
        is_small = store.disk.size(store.document(one.sha256)) <= LARGEST_LOOKED_AT
    except OSError:  # such as a link in the place of its folder: `verify` names it
        return False
    if reading.is_text(one.media_type):
        return is_small and not ((found := words(store, one)) and found.text)
    return True


def _judged_on_others(
    dataset: Dataset, store: Store, every: Mapping[str, list[Snapshot]]
) -> Iterator[Finding]:
    statuses = dataset.shown("statuses").sort_values(["holds_from", "recorded_at", "status_id"])
    statuses = statuses.drop_duplicates("claim_id", keep="last")
    statuses = statuses[statuses["judged"] != ""]
    for row in statuses[["status_id", "claim_id", "judged"]].to_dict("records"):
        for part in row["judged"].split(SEPARATOR):
            evidence_id, _, rest = part.partition(":")
            snapshot_id, _, hashed = rest.partition(":")
            why = ""
            for attached in dataset.found("evidence", {"evidence_id": evidence_id}):
                source, quote = attached["source_id"], attached["quote"]
                them = every.get(source, [])
                before = next((one for one in them if one.snapshot_id == snapshot_id), None)
                if _hash(quote) != hashed:
                    why = f"the words quoted in {evidence_id} are others since"
                elif (
                    before
                    and them[-1].sha256 != before.sha256
                    and _is_changed(quote, before, them[-1], store)
                ):
                    on = them[-1].retrieved_at[:10]
                    why = (
                        f"what is quoted in {evidence_id} no longer stands in {shown(source)} as kept on {on}"
                    )
            if why:
                yield Finding(
                    "judged-on-another-version", "warning",
                    f"the status was judged on a version that no longer stands: {why}.",
                    "Look at the source again, and give the status anew, or another.",
                    table="statuses", file=store.shown("statuses"), column="judged", value=part,
                    row_id=row["status_id"], claim_id=row["claim_id"],
                )  # fmt: skip


def _is_changed(quote: str, before: Snapshot, after: Snapshot, store: Store) -> bool:
    """Return whether words that stood in one document are not in another; without a quote, whether all are the same."""
    was, there = words(store, before), words(store, after)
    if was is None or there is None:
        return False
    if not quote:
        return was.text != there.text
    return quotes.stands_in(quote, was.text) and not quotes.stands_in(quote, there.text)


def unseen(
    sources: pd.DataFrame,
    kept: pd.DataFrame,
    evidence: pd.DataFrame,
    today: pd.Timestamp,
    days: int,
    zone: ZoneInfo,
) -> pd.DataFrame:
    """Return the sources with an address that were not looked at for so many days, the longest first."""
    last = kept.groupby("source_id")["retrieved_at"].max()
    seen = last.reindex(sources["source_id"]).set_axis(sources.index)
    seen = seen.where(seen > sources["added_at"], sources["added_at"])
    seen_on = pd.to_datetime(seen, utc=True).dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    frame = sources[["source_id", "url", "title"]].assign(
        seen_on=seen_on,
        days=(today - seen_on).dt.days,
        claims=sources["source_id"].map(evidence.groupby("source_id")["claim_id"].nunique()),
    )
    frame = frame[(frame["days"] >= days) & (frame["url"] != "")]
    frame = frame.astype({"days": "int64"}).assign(claims=frame["claims"].fillna(0).astype("int64"))
    return frame.sort_values(["days", "source_id"], ascending=[False, True], ignore_index=True)
