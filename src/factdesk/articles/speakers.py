"""Who is meant by the words that name a speaker: the full name as first given, with the office held, or the office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from factdesk.articles.given_names import HE_TITLES, MEN, SHE_TITLES, WOMEN
from factdesk.articles.parsed import Parsed, Span

HE, SHE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
THEY = frozenset({"they", "them", "their", "both", "all", "some", "others"})
IT = frozenset({"it", "its", "itself"})
WRITER = frozenset({"i", "we", "us", "our", "my", "me"})
RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof", "madam"})
BODIES = frozenset({"ORG", "GPE", "NORP"})
NO_OFFICE = frozenset({"DET", "CCONJ", "PUNCT", "SPACE"})
AGENCY = re.compile(
    r"\b(Reuters|Associated Press|AP|Agence France-Presse|AFP|dpa|Bloomberg News|United Press International|UPI|TASS|"
    r"Interfax|Xinhua|ANSA|EFE|Kyodo|PA Media|Press Association)\b"
)
_DATELINE = re.compile(rf"^[^\n]{{0,80}}?\({AGENCY.pattern}\)(?P<dash>\s*[-–—])?", re.MULTILINE)
_CREDIT = re.compile(rf"(?:.*\()?{AGENCY.pattern}\)?")
AGENCIES = {"AP": "Associated Press", "AFP": "Agence France-Presse", "UPI": "United Press International"}
LONGEST = 200_000
"""Characters of a text in which a dateline is looked for."""
FAR = 600
"""Words back within which a pronoun's person is looked for."""

NEAR = 60
"""Words back within which a better person goes before the nearest."""


class Speaker(NamedTuple):
    """Who says something, and the office held; empty where the text names nobody."""

    name: str = ""
    role: str = ""


NOBODY = Speaker()


@dataclass
class Person:
    """Somebody whom a text names: the words at each place, the full name, the office as first given."""

    name: str
    role: str = ""
    is_she: bool | None = None


def agency(text: str, author: str = "", publisher: str = "") -> str:
    """Return the news agency whose copy a text is, by its byline, dateline or publisher; nothing where none is named.

    >>> agency("OSLO (Reuters) - It rained."), agency("It rained.", "Ada Quist"), agency("", "", "The Daily (AP)")
    ('Reuters', '', 'Associated Press')
    """
    lines = _DATELINE.finditer(text.lstrip()[:LONGEST])
    dateline = next((one for one in lines if one["dash"] or not one.start()), None)
    found = AGENCY.search(author) or dateline or _CREDIT.fullmatch(publisher)
    return AGENCIES.get(found[1], found[1]) if found else ""


def _no_title(last: re.Match[str]) -> str:
    return "" if last[0].strip(" ,.").lower() in TITLES else last[0]


class Speakers:
    """The people that a text names, and who each mention means."""

    def __init__(self, p: Parsed, author: str = ""):
        self.p, self.author = p, author
        self.at: list[tuple[int, int, Person]] = []
        self._by_word: dict[int, Person] = {}
        self._gather()

    def _gather(self) -> None:
        named = [(first, end) for first, end, label in self.p.entity_spans if label == "PERSON"]
        full: dict[str, str] = {}
        names = {}
        for span in named:
            words = self._bare(*span)
            names[span] = words
            if len(words) > 1:
                full.setdefault(words[-1].lower(), " ".join(words))
        people: dict[str, Person] = {}
        for span in named:
            words = names[span]
            if not words:
                continue
            name = full.get(words[-1].lower(), " ".join(words))
            if len(words) > 1 and words[0].lower() != name.split()[0].lower():
                name = " ".join(words)  # a namesake
            person = people.setdefault(name, Person(name))
            person.role = person.role or self._role(*span)
            if person.is_she is None:
                person.is_she = self._is_she(*span, name, person.role)
            self.at.append((*span, person))
            self._by_word.update(dict.fromkeys(range(*span), person))
        self._add_surnames({name: people[whole] for name, whole in full.items() if whole in people})

    def _add_surnames(self, people: dict[str, Person]) -> None:
        """A surname is its bearer's name also where the model took it for something else."""
        p = self.p
        for i, word in enumerate(p.lower):
            is_alone = p.pos[i] == "PROPN" and p.deps[i] != "compound" and p.deps[i - 1] != "compound"
            if word in people and is_alone and i not in self._by_word:
                self._by_word[i] = people[word]
                self.at.append((i, i + 1, people[word]))
        self.at.sort(key=lambda one: one[0])

    def _bare(self, first: int, end: int) -> list[str]:
        words = [
            self.p.words[i] for i in range(first, end) if self.p.tags[i] != "POS" and self.p.words[i].strip()
        ]
        while words and words[0].lower().rstrip(".") in TITLES:
            words = words[1:]
        return [word for word in words if word[:1].isalpha()]

    def _role(self, first: int, end: int) -> str:
        """The office beside a name: before it ("French President X") or after a comma ("X, the minister of")."""
        p = self.p
        head = p.head(first, end)
        before = [i for i in range(p.lefts[head], first) if p.paragraph_of[i] == p.paragraph_of[head]]
        while before and (p.pos[before[0]] in NO_OFFICE or p.lower[before[0]] in ("mr.", "ms.", "mrs.")):
            before = before[1:]
        is_beside = bool(before) and before[-1] == first - 1 and len(before) <= 8
        if is_beside and any(p.pos[i] in ("NOUN", "PROPN") for i in before):
            words = self._text(before[0], first)
            if words and words.lower().rstrip(".") not in TITLES and "," not in words:
                return words
        for k in p.children[head]:
            is_office = p.pos[k] in ("NOUN", "PROPN") and p.entities[k] != "PERSON"
            if p.deps[k] == "appos" and k > head and is_office:
                return self._text(*self._short(k))
        if p.deps[head] == "appos" and p.pos[p.heads[head]] in ("NOUN", "PROPN") and p.heads[head] < head:
            above = p.heads[head]
            if p.entities[above] != "PERSON":
                return self._text(p.lefts[above], min(first, p.rights[above]))
        return ""

    def _short(self, head: int) -> Span:
        p = self.p
        end = p.rights[head]
        for k in p.children[head]:
            if k > head and p.deps[k] in ("relcl", "acl", "appos", "advcl", "conj", "cc", "punct"):
                end = min(end, p.lefts[k])
        return p.lefts[head], min(end, head + 12)

    def _is_she(self, first: int, end: int, name: str, role: str) -> bool | None:
        given = name.split()[0].lower()
        beside = {
            word.lower().rstrip(".") for word in (*self.p.words[max(0, first - 1) : end], *role.split())
        }
        if beside & SHE_TITLES or (given in WOMEN and not beside & HE_TITLES):
            return True
        return False if beside & HE_TITLES or given in MEN else None

    def _text(self, first: int, end: int) -> str:
        p = self.p
        if end <= first:
            return ""
        words = " ".join(p.text[p.starts[first] : p.ends[end - 1]].split())
        words = re.sub(r"^(?:the|a|an)\s+|['’]s?$", "", words, flags=re.IGNORECASE)
        words = re.sub(r",?\s*\b\w+\.?$", _no_title, words) if " " in words else words
        return words.strip(" ,;:—–-\"“”'‘’()")

    def meant(self, mention: Span | None, before: Speaker = NOBODY) -> Speaker:
        """Return who a mention means; `before` is who the statement before was attributed to."""
        if mention is None:
            return NOBODY
        p, (first, end) = self.p, mention
        if end - first > 1 and p.lower[end - 1] in RELATIVE:  # "the mayor, who"
            end -= 1
        head = p.head(first, end)
        word = p.lower[head]
        if end - first == 1 and word in HE | SHE:
            return self._of(self._person_before(first, is_she=word in SHE)) or NOBODY
        if end - first == 1 and word in THEY | IT:
            return self._group_before(first, is_many=word in THEY) or before
        if word in WRITER:
            return Speaker(self.author)
        if word in RELATIVE:
            return self._antecedent(head, before)
        listed = self._listed(first, end, head)
        if listed:
            return listed
        if p.pos[head] == "PRON":
            return NOBODY
        words = self._text(first, end)
        return self._by_office(first, words) or Speaker(words)

    def _of(self, person: Person | None) -> Speaker | None:
        return Speaker(person.name, person.role) if person else None

    def _listed(self, first: int, end: int, head: int) -> Speaker | None:
        """The people whom a phrase names as its head: one, or several joined."""
        p = self.p
        people: list[Person] = []
        for i in range(first, end):
            person = self._by_word.get(i)
            is_named = person is not None and (i == head or self._is_joined(i, head))
            if person is not None and is_named and person not in people:
                people.append(person)
        if not people and p.pos[head] in ("NOUN", "PROPN"):  # "the prime minister, Sir Keir Starmer"
            people = [
                self._by_word[k] for k in p.children[head] if p.deps[k] == "appos" and k in self._by_word
            ]
        if not people:
            return None
        return Speaker("; ".join(one.name for one in people), people[0].role if len(people) == 1 else "")

    def _is_joined(self, i: int, head: int) -> bool:
        at = i
        for _ in range(8):
            if at == head:
                return True
            dep, above = self.p.deps[at], self.p.heads[at]
            is_within_a_name = dep == "compound" and above == head and self.p.entities[head] != "PERSON"
            if is_within_a_name or dep not in ("conj", "compound", "flat", "appos", "nmod"):
                return False
            at = above
        return False

    def _person_before(self, at: int, *, is_she: bool) -> Person | None:
        """The last person that a pronoun can mean: known to be a woman or a man, then who does something, is nearest."""
        p, near, best = self.p, NEAR, None
        for first, end, person in reversed(self.at):
            if first >= at or p.quoted[first] >= 0 or person.is_she is (not is_she):
                continue
            if at - first > (near if best else FAR):
                break
            does = any(p.deps[i] in ("nsubj", "nsubjpass") for i in range(first, end))
            fit = (person.is_she is not None, does)
            if best is None or fit > best[0]:
                best = (fit, person)
        return best[1] if best else None

    def _group_before(self, at: int, *, is_many: bool) -> Speaker | None:
        p = self.p
        for i in range(at - 1, max(-1, at - FAR // 4), -1):
            if (
                p.deps[i] not in ("nsubj", "nsubjpass")
                or p.quoted[i] >= 0
                or p.pos[i] not in ("NOUN", "PROPN")
            ):
                continue
            if (is_many and p.tags[i] in ("NNS", "NNPS")) or (not is_many and p.entities[i] in BODIES):
                return Speaker(self._text(*self._short(i)))
        return None

    def _antecedent(self, head: int, before: Speaker) -> Speaker:
        at = self.p.heads[head]
        for _ in range(4):
            if self.p.deps[at] == "relcl":
                above = self.p.heads[at]
                span = self.p.lefts[above], above + 1
                return self._listed(*span, above) or Speaker(self._text(*span))
            at = self.p.heads[at]
        return before

    def _by_office(self, first: int, words: str) -> Speaker | None:
        """The one person introduced with an office, where a text goes on to speak of "the minister"."""
        if self.p.lower[first] != "the" or not words or self.p.entities[first]:
            return None
        office = set(words.lower().split())
        holders = {
            one.name: one for at, _, one in self.at if at < first and office <= set(one.role.lower().split())
        }
        return self._of(next(iter(holders.values()))) if len(holders) == 1 else None
