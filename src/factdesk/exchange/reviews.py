"""Values of JSON to fact-checks: every ClaimReview that stands in them, each as one row."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from factdesk import schema
from factdesk.exchange import flat_reviews
from factdesk.exchange.days import read_day
from factdesk.exchange.json_stream import Json, Part
from factdesk.exchange.months import is_language
from factdesk.text import addresses, clean, shown

Row = dict[str, Any]
Thing = dict[str, Any]
"""An object of JSON-LD, its properties without the vocabulary's address."""

COLUMNS = {
    "claim": "str", "claimant": "str", "claimant_role": "str", "made_on": "str", "made_on_precision": "str",
    "quote": "str", "appearances": "object", "works": "object", "topics": "object", "sources": "object",
    "rating": "str", "rating_value": "float64", "worst_rating": "float64", "best_rating": "float64",
    "reviewer": "str", "reviewer_url": "str", "review_url": "str", "reviewed_on": "str", "title": "str",
    "rationale": "str", "language": "str", "line": "int64", "place": "str", "misfit": "str", "remarks": "object",
    "review": "str",
}  # fmt: skip
"""The columns of a row, and what they hold; those of `object` hold lists."""

MOST_KEPT, MOST_OBJECTS = 200_000, 5_000
"""Characters of a review that is kept as it was published, and objects in it; one names others that name it again."""
_UTC = ZoneInfo("UTC")
_VOCABULARY = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)")
_ODD = re.compile("[:._/]")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?", re.ASCII)
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)


def rows(part: Part, today: date) -> Iterator[Row]:
    """Return a row for each ClaimReview in a part of a file; one for what is wrong with it where there is none.

    `today` tells years of two digits, and days of other calendars.

    >>> review = {"@type": "ClaimReview", "claimReviewed": "It rained.", "reviewRating": {"alternateName": "False"}}
    >>> [(row["claim"], row["rating"], row["place"]) for row in rows(Part({"@graph": [review]}), date(2025, 4, 1))]
    [('It rained.', 'False', '@graph[0]')]
    """
    found = False
    things = list(_things(part.value))
    known = _by_id(things)
    for place, review, of in _reviews(things):
        found = True
        row = _Review(review, of, known, today).row()
        row |= {"place": part.place + _between(part.place, place) + place, "line": part.line}
        if part.fault:
            row["misfit"] = part.fault
        yield row
    is_line = part.line > 0 and not part.place
    if not found and (part.fault or is_line):
        nothing: Row = {name: _NOTHING[kind]() for name, kind in COLUMNS.items()}
        misfit = part.fault or "no ClaimReview stands in the line."
        yield nothing | {"place": part.place, "line": part.line, "misfit": misfit}


def _between(place: str, within: str) -> str:
    if not place or not within:
        return ""
    return ", " if place.startswith("script") else "" if within.startswith("[") else "."


_NOTHING: dict[str, Any] = {"str": str, "object": list, "float64": lambda: math.nan, "int64": int}


# --- which objects are reviews


def _things(value: Json) -> Iterator[tuple[str, Thing, Thing]]:
    """Yield every object in a value with its place and the object that it stands in, in their order there."""
    waiting: list[tuple[str, Any, Thing]] = [("", value, {})]
    while waiting:
        place, one, of = waiting.pop()
        if isinstance(one, list):
            waiting += [(f"{place}[{at}]", part, of) for at, part in enumerate(one)][::-1]
        elif isinstance(one, dict):
            thing = _plain(one)
            yield place, thing, of
            waiting += [
                (f"{place}.{name}".lstrip("."), part, thing)
                for name, part in thing.items()
                if isinstance(part, (dict, list))
            ][::-1]


def _plain(thing: Mapping[str, Any]) -> Thing:
    plain = dict(thing)
    if _ODD.search(" ".join(thing)):
        plain = {_VOCABULARY.sub("", name): value for name, value in thing.items()}
        if flat_reviews.is_flat(plain):
            return flat_reviews.nested(plain)
    within = plain.get("claimReview")
    if isinstance(within, dict) and ("rating" in plain or "creativeWork" in plain):
        of = {"reviewRating": plain.get("rating"), "itemReviewed": plain.get("creativeWork")}
        return {"@type": "ClaimReview", **{name: value for name, value in of.items() if value}, **within}
    return plain


def _by_id(things: Sequence[tuple[str, Thing, Thing]]) -> dict[str, Thing]:
    """Return the objects of a document that others name by their `@id`."""
    found: dict[str, Thing] = {}
    for _, thing, _ in things:
        name = thing.get("@id")
        if isinstance(name, str) and len(thing) > 1 and not _is_reference(thing):
            found.setdefault(name, thing)
    return found


def _is_reference(thing: Thing) -> bool:
    return "@id" in thing and not thing.keys() - {"@id", "@type"}


def _reviews(things: Sequence[tuple[str, Thing, Thing]]) -> Iterator[tuple[str, Thing, Thing]]:
    """Yield each review with its place and the claim that it stands in."""
    for place, thing, of in things:
        within = thing.get("claimReview")
        if isinstance(within, (list, dict)) and "claimReviewed" not in thing:
            for at, one in enumerate(within if isinstance(within, list) else [within]):
                yield f"{place}.claimReview[{at}]".lstrip("."), _of_google(thing, one), {}
        elif "ClaimReview" in _types(thing) or "claimReviewed" in thing:
            yield place, thing, of


def _of_google(claim: Thing, review: Json) -> Thing:
    """Return a review of an answer of Google's Fact Check Tools in the words of ClaimReview."""
    one = _plain(review) if isinstance(review, dict) else {}
    publisher = one.get("publisher")
    site = publisher.get("site") if isinstance(publisher, dict) else None
    author = publisher | {"url": site} if isinstance(publisher, dict) and site else publisher
    item = {"author": claim.get("claimant"), "datePublished": claim.get("claimDate")}
    return {
        "claimReviewed": claim.get("text"), "itemReviewed": item, "author": author, "url": one.get("url"),
        "headline": one.get("title"), "datePublished": one.get("reviewDate"), "inLanguage": one.get("languageCode"),
        "reviewRating": {"alternateName": one.get("textualRating")},
    }  # fmt: skip


def _types(thing: Thing) -> set[str]:
    named = thing.get("@type")
    return {
        re.split("[/:#]", name)[-1]
        for name in (named if isinstance(named, list) else [named])
        if isinstance(name, str)
    }


# --- one review


class _Review:
    """One review, and what its properties hold in the types of a row."""

    def __init__(self, review: Thing, of: Thing, known: Mapping[str, Thing], today: date) -> None:
        self.known, self.review, self.today = known, review, today
        self.remarks: list[str] = []
        self.objects = 0
        own = self.first(review.get("itemReviewed"))
        self.item = of if not own and "Claim" in _types(of) else own
        self.rating = self.first(review.get("reviewRating"), "alternateName")
        language = self.line(review.get("inLanguage"))
        self.languages = ("en", language) if is_language(language) else ("en",)

    def row(self) -> Row:
        review, item, rating = self.review, self.item, self.rating
        is_claim = "Claim" in _types(item)
        claim, quote = self.line(review.get("claimReviewed")), self.text(item.get("text"))
        if not claim and is_claim:
            claim = self.line(item.get("name"), item.get("text"))
        author = item.get("author") or item.get("creator")
        made_on, precision = self.day(item.get("datePublished") or item.get("dateCreated"), "the claim", True)
        works = self.works(item, is_claim)
        reviewer = review.get("author") or review.get("publisher") or review.get("sourceOrganization")
        row: Row = {
            "claim": claim,
            "claimant": self.names(author),
            "claimant_role": self.line(self.first(author).get("jobTitle")),
            "made_on": made_on,
            "made_on_precision": precision,
            "quote": "" if quote == claim else quote,
            "appearances": [work["url"] for work in works],
            "works": works,
            "topics": self.topics(review, item),
            "sources": self.addresses("a source", review.get("citation"), review.get("isBasedOn")),
            "rating": self.line(rating.get("alternateName"), rating.get("name")),
            "rating_value": self.number(rating, "ratingValue"),
            "worst_rating": self.number(rating, "worstRating"),
            "best_rating": self.number(rating, "bestRating"),
            "reviewer": self.names(reviewer),
            "reviewer_url": self.line(*_of(self.first(reviewer), "url", "sameAs")),
            "review_url": "".join(
                self.addresses("the review", *_of(review, "url", "mainEntityOfPage")[:1])[:1]
            ),
            "reviewed_on": self.day(review.get("datePublished"), "the review")[0],
            "title": self.line(review.get("headline"), review.get("name")),
            "rationale": self.text(
                *_of(review, "reviewBody", "description"), rating.get("ratingExplanation")
            ),
            "language": self.line(review.get("inLanguage")),
        }
        row["misfit"] = self.misfit(row)
        row |= {"remarks": list(dict.fromkeys(self.remarks)), "review": self.published()}
        return {name: row.get(name) for name in COLUMNS}

    def published(self) -> str:
        """Return the review as JSON, what it names by ids in its place; nothing where that is too large to be kept."""
        item = {name: one for name, one in self.item.items() if name not in ("review", "claimReview")}
        own = self.review.get("itemReviewed") or item
        with contextlib.suppress(RecursionError, ValueError):  # infinity is no JSON
            whole = self.whole({**self.review, "itemReviewed": own})
            text = json.dumps(whole, allow_nan=False, sort_keys=True)
            return text if len(text) <= MOST_KEPT else ""
        return ""

    def whole(self, value: Json, within: tuple[str, ...] = ()) -> Json:
        """Return a value in which objects that are named by their ids stand themselves, but within themselves."""
        if isinstance(value, list):
            return [self.whole(one, within) for one in value]
        if isinstance(value, str) and value in self.known and not _WEB.match(value):
            value = {"@id": value}
        if not isinstance(value, dict):
            return value
        self.objects += 1
        if self.objects > MOST_OBJECTS:
            raise RecursionError
        thing, name = _plain(value), str(value.get("@id"))
        if _is_reference(thing) and name not in within:
            thing = self.known.get(name, thing)
        parts = ((key, one) for key, one in thing.items() if one not in (None, "", [], {}))
        return {key: one if key[:1] == "@" else self.whole(one, (*within, name)) for key, one in parts}

    def misfit(self, row: Row) -> str:
        """Return why a row can't be used."""
        if not row["claim"]:
            return "no claim: claimReviewed is empty."
        for name in ("claim", "claimant"):
            if len(row[name]) > schema.CELL_LIMIT:
                return (
                    f"the {name} has {len(row[name]):,} characters, and a cell holds {schema.CELL_LIMIT:,}."
                )
        value, worst, best = (row[f"{name}"] for name in ("rating_value", "worst_rating", "best_rating"))
        low, high = (worst, best) if not worst > best else (best, worst)
        if value < low or value > high:
            bound = f"below {low:g}" if value < low else f"above {high:g}"
            return f"the rating {value:g} is outside of its scale: {bound}."
        return ""

    # --- properties

    def first(self, value: Json, name: str = "name") -> Thing:
        """Return the first object of a property, the one that it names where it only does that; words as one with a name."""
        for leaf in _leaves(value):
            if isinstance(leaf, dict):
                thing = _plain(leaf)
                return self.known.get(str(thing["@id"]), thing) if _is_reference(thing) else thing
            if isinstance(leaf, str) and leaf in self.known:
                return self.known[leaf]
            if leaf not in (None, ""):
                return {name: leaf}
        return {}

    def text(self, *values: Json, one_line: bool = False) -> str:
        """Return the first text of some properties; what can't be seen is taken out of it, and said."""
        for leaf in _leaves(*values):
            if isinstance(leaf, dict):
                thing = self.first(leaf)
                leaf = _first_text(*_of(thing, "name", "text", "alternateName"))
            if isinstance(leaf, (int, float)) and not isinstance(leaf, bool):
                leaf = _digits(leaf)
            if isinstance(leaf, str) and leaf.strip():
                words, changes = clean(leaf, one_line)
                self.remarks += [f"{change}." for change in changes if change.startswith("taken out")]
                if "\ufffd" in words:
                    self.remarks.append("some letters can't be read: � stands for them.")
                if words:
                    return words
        return ""

    def line(self, *values: Json) -> str:
        return self.text(*values, one_line=True)

    def names(self, value: Json) -> str:
        """Return the names of one or several people or organisations."""
        named = (self.line(self.first(leaf)) for leaf in _leaves(value))
        return ", ".join(dict.fromkeys(filter(None, named)))

    def day(self, value: Json, of: str, is_rough: bool = False) -> tuple[str, str]:
        """Return a day and how exact it is; what can't be read is remarked on."""
        words = self.line(value)
        if not words:
            return "", ""
        found = _DAY.fullmatch(words)
        if found:
            precision = "" if found[3] else "month" if found[2] else "year"
            day = f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}"
            with contextlib.suppress(ValueError):
                day = schema.day_text(schema.parse_day(day))
                return (day, precision) if is_rough or not precision else self.no_day(of, words)
        day, precision, why = read_day(words, self.languages, _UTC, self.today)
        if day and (is_rough or not precision):
            return day, precision
        return self.no_day(of, words, why)

    def no_day(self, of: str, words: str, why: str = "") -> tuple[str, str]:
        """Remark on a day that can't be read."""
        self.remarks.append(f"the day of {of} can't be read: {shown(words)}{f' ({why})' if why else ''}.")
        return "", ""

    def number(self, thing: Thing, name: str) -> float:
        """Return a number, also one written as text; what is none is remarked on."""
        words = self.line(thing.get(name))
        if not words:
            return math.nan
        try:
            number = float(words.replace(",", ".")) if len(words) <= 40 else math.nan
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
        self.remarks.append(f"{name} is no number: {shown(words)}.")
        return math.nan

    def addresses(self, of: str, *values: Json) -> list[str]:
        """Return the web addresses of some properties, each once; what is none is remarked on."""
        found: dict[str, None] = {}
        for leaf in _leaves(*values):
            if isinstance(leaf, dict):
                thing = self.first(leaf)
                leaf = _first_text(*_of(thing, "url", "@id", "sameAs", "contentUrl"))
            words = self.line(leaf) if isinstance(leaf, str) else ""
            good = [one for one in addresses(words) if _WEB.match(one)]
            found |= dict.fromkeys(good)
            if words and not good:
                self.remarks.append(f"no address of {of}: {shown(words)}.")
        return list(found)

    def works(self, item: Thing, is_claim: bool) -> list[dict[str, str]]:
        """Return the documents in which a claim was made, the first one first, and what is said of each."""
        where = _of(item, "firstAppearance", "appearance")
        if not is_claim and (at := _of(item, "url", "sameAs")):  # the work in which the claim was made
            where += [{**item, "url": one} for one in _leaves(at[0])]
        found: dict[str, dict[str, str]] = {}
        for leaf in _leaves(*where):
            thing = self.first(leaf, "url")
            told = {
                "title": self.line(thing.get("headline"), thing.get("name")),
                "publisher": self.names(thing.get("publisher")),
                "author": self.names(thing.get("author")),
                "published_on": self.day(thing.get("datePublished"), "an appearance")[0],
            }
            urls = self.addresses("an appearance", *_of(thing, "url", "@id", "sameAs", "contentUrl")[:1])
            words = ", ".join(filter(None, told.values()))
            if words and not urls:
                self.remarks.append(f"an appearance without an address: {shown(words)}.")
            for url in urls:
                have = found.setdefault(url, {"url": url, **told})
                have |= {name: words for name, words in told.items() if not have[name]}
        return list(found.values())

    def topics(self, review: Thing, item: Thing) -> list[str]:
        found: dict[str, None] = {}
        for thing in (review, item):
            keywords = thing.get("keywords")
            named = re.split("[,;]", keywords) if isinstance(keywords, str) else list(_leaves(keywords))
            for leaf in [*named, *_leaves(thing.get("about"))]:
                if words := self.line(leaf).replace(schema.SEPARATOR, ","):
                    found[words] = None
        return list(found)


def _of(thing: Thing, *names: str) -> list[Any]:
    return [thing[name] for name in names if thing.get(name) not in (None, "", [], {})]


def _leaves(*values: Json) -> Iterator[Json]:
    """Yield what stands in lists within lists, in order; the value of one that JSON-LD wraps."""
    waiting: list[Any] = [value for value in values if value is not None][::-1]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one[::-1]
        elif isinstance(one, dict) and (wrapped := one.keys() & {"@value", "@list", "@set"}):
            waiting.append(one[min(wrapped)])
        elif one is not None:
            yield one


def _first_text(*values: Json) -> str:
    return next((leaf for leaf in _leaves(*values) if isinstance(leaf, str) and leaf.strip()), "")


def _digits(value: int | float) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
