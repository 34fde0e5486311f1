"""Fact-checks as others publish and read them, in schema.org's ClaimReview: read from files, and written of a ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd

from factdesk.errors import InvalidValue, WriteFailed
from factdesk.exchange.feeds import ALLOWED, parts, refused
from factdesk.exchange.json_stream import LISTS, Json
from factdesk.exchange.published import Thing, told
from factdesk.exchange.reviews import COLUMNS, Row, rows
from factdesk.exchange.target import replace, target
from factdesk.schema import day_text
from factdesk.storage.create import is_of_a_ledger, lies_in_a_ledger

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

__all__ = ["iter_reviews", "read", "write"]

HEAD = '{\n "@context": "https://schema.org",\n "@type": "DataFeed",\n'
"""How a feed begins that is written here."""
_WEB = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)


def read(source: str | Path) -> pd.DataFrame:
    """Read fact-checks from a file: a row for each review, also for those that can't be used.

    The file is a page that was saved (each script of JSON-LD in it), JSON-LD of any shape, JSON Lines, an answer of
    Google's Fact Check Tools, the feed of Data Commons, or a CSV or JSON of Fact-Check Insights. Nothing is fetched
    from the network, and `@context` is not followed. Days are read as `import_table` reads them, with months' names in
    English and in the review's own language; one that may be two days is none.

    Parameters
    ----------
    source : str or pathlib.Path
        The file.

    Returns
    -------
    pandas.DataFrame
        `claim`, `claimant`, `claimant_role`, `made_on` (a day, or nothing), `made_on_precision` (`month` or `year` where
        no more is known), `quote`, `appearances` (addresses, the first known one first), `works` (what is said of each
        of them), `topics`, `sources`, `rating` (in words), `rating_value`, `worst_rating`, `best_rating`, `reviewer`,
        `reviewer_url`, `review_url`, `reviewed_on`, `title`, `rationale`, `language`; `line` and `place` in the file;
        `misfit`, why a row can't be used, and `remarks`, what could not be read of it; `review`, the whole as JSON.

    Raises
    ------
    NotFound, InvalidValue
        Where there is no such file, or none that holds fact-checks. One that breaks off is read as far as it goes; its
        last row says where.

    Examples
    --------
    >>> import factdesk as fd
    >>> from pathlib import Path
    >>> _ = Path("answer.json").write_text('''{"claims": [{"text": "It rained.", "claimant": "The Daily",
    ...     "claimReview": [{"url": "https://checks.example/1", "textualRating": "False"}]}]}''')
    >>> fd.claimreview.read("answer.json")[["claim", "claimant", "rating"]].values.tolist()
    [['It rained.', 'The Daily', 'False']]
    """
    found: dict[str, list[object]] = {name: [] for name in COLUMNS}
    for row in iter_reviews(source):
        for name, cells in found.items():
            cells.append(row[name])
    return pd.DataFrame({name: pd.Series(found[name], dtype=kind) for name, kind in COLUMNS.items()})


def iter_reviews(source: str | Path) -> Iterator[Row]:
    """Read fact-checks from a file one by one, as mappings with the columns of `read`; one of them is in memory.

    Raises what `read` raises, as soon as it is met with.

    Examples
    --------
    >>> import factdesk as fd
    >>> from pathlib import Path
    >>> _ = Path("review.json").write_text('{"@type": "ClaimReview", "claimReviewed": "It rained."}')
    >>> [row["claim"] for row in fd.claimreview.iter_reviews("review.json")]
    ['It rained.']
    """
    holds_reviews, holds_others, today = False, False, datetime.now(UTC).date()
    for part in parts(source):
        holds_others = holds_others or not _is_empty(part.value)
        for row in rows(part, today):
            holds_reviews = True
            yield row
    if holds_others and not holds_reviews:
        raise refused(Path(source), f"{ALLOWED}; in this one there is none")


def _is_empty(feed: Json) -> bool:
    """Return whether a value is a feed, or an answer, without any review."""
    return not feed or (isinstance(feed, dict) and any(feed.get(name) == [] for name in LISTS))


def write(ledger: Ledger, path: str | Path | None = None, *, page: str = "") -> pd.DataFrame:
    """Write a ledger's settled claims as ClaimReview, for search engines and other checkers.

    A review that was brought in says again all that it said, also what a ledger has no cells for (the checker's own
    address, the rating's word and number), but for what was edited or judged since. A claim with several published
    checks, each at its own address, has a review for each in the feed.

    A path that ends in `.json` becomes one feed of all of them. A path without a suffix becomes a folder: a file for
    each claim (`claim-ID.json`), to be put into the page of its check, and the feed beside them (`feed.json`); files of
    other names in it stay, and so do those of claims that are settled no more. Each review has its status's own address
    and day of publication, the rating on the vocabulary's scale, all appearances with an address, and the addresses
    that the status rests on.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a view of one. It needs a publisher: whose verdict it is.
    path : str or pathlib.Path, optional
        Where to write; without one nothing is written, and the answer says what would be missing.
    page : str, optional
        Address of a page in which all claims stand, for those whose check has no address of its own.

    Returns
    -------
    pandas.DataFrame
        What is not known, and so not said: a row for each `claim_id` and what is `missing`. Where the day of the
        published check is, the day on which the status was recorded stands in for it.

    Raises
    ------
    InvalidValue
        Where the ledger has no publisher, the page is no address, or the path has another suffix or is a ledger's own.
    NotFound, WriteFailed
        Where the folder is not there, or the disk refuses; what stood there still stands.

    Examples
    --------
    >>> import factdesk as fd
    >>> ledger = fd.create("tide.csv", title="Tides", publisher="The Desk")
    >>> tide = ledger.log("The tide is high.", claimant="A. Mariner", claim_id="tide", made_on="2025-03")
    >>> _ = ledger.set_status(tide, "supported", rationale="The gauge says so.", published_on="2025-03-14",
    ...     published_at="https://checks.example/tide")
    >>> fd.claimreview.write(ledger, "feed.json").values.tolist()
    [['tide', 'address of an appearance']]
    >>> fd.claimreview.read("feed.json").loc[0, ["review_url", "reviewed_on", "made_on_precision"]].tolist()
    ['https://checks.example/tide', '2025-03-14', 'month']
    """
    if not ledger.settings.publisher:
        allowed = (
            'a name in ledger.toml, such as publisher = "The Desk": a ClaimReview says whose verdict it is'
        )
        raise InvalidValue("publisher", "", allowed)
    if not isinstance(page, str) or (page and not _WEB.match(page)):
        raise InvalidValue(
            "page", page, "the address of a page, such as https://checks.example/claims.html, or nothing"
        )
    place, folder = _place(path)
    found = list(told(ledger, page=page or None))
    if folder:
        _make(folder)
        for claim_id, review in {claim_id: review for claim_id, review, _ in reversed(found)}.items():
            replace(folder / f"claim-{quote(claim_id, safe='')}.json", _rendered(review))
    if place:
        replace(place, _rendered(_feed(ledger, [review for _, review, _ in found])))
    missing = dict.fromkeys((claim_id, one) for claim_id, _, lacking in found for one in lacking)
    return pd.DataFrame(list(missing), columns=["claim_id", "missing"], dtype="str")


def _place(path: object) -> tuple[Path | None, Path | None]:
    """Return the feed to be written, and the folder for files of each claim."""
    if path is None:
        return None, None
    if isinstance(path, (str, PurePath)) and not Path(path).suffix and Path(path).name:
        folder = Path(path)
        target(folder.with_name(f"{folder.name}.json"), [".json"], lambda _: is_of_a_ledger(folder))
        return folder / "feed.json", folder
    if isinstance(path, (str, PurePath)) and Path(path).suffix.lower() != ".json":
        raise InvalidValue("path", str(path), "a name that ends in .json, or a folder's, without a suffix")
    return target(path, [".json"], lies_in_a_ledger), None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise WriteFailed(str(folder), str(error), "Nothing was written.") from error


def _feed(ledger: Ledger, found: list[Thing]) -> Thing:
    latest = ledger.latest_day
    items = [
        {"@type": "DataFeedItem", "dateCreated": one.get("datePublished", ""), "item": [one]} for one in found
    ]
    modified = {} if pd.isna(latest) else {"dateModified": day_text(latest)}
    return {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "name": ledger.title,
        **modified,
        "dataFeedElement": items,
    }


def _rendered(value: Thing) -> bytes:
    """Write JSON that stays data where it is pasted into a page."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return (text.translate({ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}) + "\n").encode()
