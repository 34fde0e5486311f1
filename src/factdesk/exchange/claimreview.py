"""Fact-checks as others publish and read them, in schema.org's ClaimReview: read from files, and written of a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from factdesk.exchange.feeds import ALLOWED, parts, refused
from factdesk.exchange.json_stream import LISTS, Json
from factdesk.exchange.reviews import COLUMNS, Row, rows

__all__ = ["iter_reviews", "read"]


def read(source: str | Path) -> pd.DataFrame:
    """Read fact-checks from a file: a row for each review, also for those that can't be used.

    The file is a page that was saved (each script of JSON-LD in it), JSON-LD of any shape, JSON Lines, an answer of
    Google's Fact Check Tools, the feed of Data Commons, or a CSV or JSON of Fact-Check Insights. Nothing is fetched
    from the network, and `@context` is not followed.

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
        `misfit`, why a row can't be used, and `remarks`, what could not be read of it.

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
    holds_reviews, holds_others = False, False
    for part in parts(source):
        holds_others = holds_others or not _is_empty(part.value)
        for row in rows(part):
            holds_reviews = True
            yield row
    if holds_others and not holds_reviews:
        raise refused(Path(source), f"{ALLOWED}; in this one there is none")


def _is_empty(feed: Json) -> bool:
    """Return whether a value is a feed, or an answer, without any review."""
    return not feed or (isinstance(feed, dict) and any(feed.get(name) == [] for name in LISTS))
