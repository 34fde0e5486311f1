"""Names, ids and addresses that pass for others: letters of another script, and capitals or blanks alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from factdesk.errors import Finding
from factdesk.storage.table_file import Rows
from factdesk.text import shown

# Default_Ignorable_Code_Point beside category Cf: nothing is drawn for them (UTS #39, 4).
_NOT_DRAWN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
# Scripts that are written together in one word (UTS #39, 5.2, highly restrictive).
_TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
PLACES = 5
"""Places of a name that a message lists; the others are counted."""

SAME = "One name counts as two. If they are one, give them one spelling with edit."
OTHER = "If they are one, give them one spelling with edit; if not, take care which of them is meant."


def skeletons(texts: Sequence[str]) -> list[str]:
    """Return what each text looks like (UTS #39, 4): texts that look alike have one skeleton.

    It is for comparing only, and reads badly: `m` becomes `rn`, which looks like it. All texts are looked up
    at once, some 100,000 names in a third of a second.

    Examples
    --------
    >>> skeletons(["Rome", "Rom\u0435", "R0me"])
    ['Rorne', 'Rorne', 'ROrne']
    """
    if not texts:
        return []
    one = "\n".join(text.replace("\n", " ") for text in texts)
    bare = _NOT_DRAWN.sub("", unicodedata.normalize("NFD", one))
    drawn = unicodedata.normalize("NFD", bare.translate(_prototypes()))
    return [look.strip() for look in _BLANKS.sub(" ", drawn).split("\n")]


@cache
def _prototypes() -> dict[int, str]:
    """Return for each character the one that stands for all that look like it."""
    # The table names each pair from both ends. Whatever has several partners is what they all look like; of a
    # pair that stands alone either may stand for both, if it is the same one everywhere.
    to: dict[int, str] = {}
    for character, partners in _table().items():
        first, alone = partners[0], len(_table()[partners[0]]) == 1
        if len(character) == 1 == len(partners) and (first < character or len(first) > 1 or not alone):
            to[ord(character)] = first
    return {code: unicodedata.normalize("NFD", text).translate(to) for code, text in to.items()}


@cache
def _table() -> dict[str, list[str]]:
    """Return what each character, or few of them, looks like, by Unicode's table."""
    from confusable_homoglyphs.confusables import confusables_data

    table: dict[str, list[str]] = {}
    for character, partners in confusables_data.items():
        table.setdefault(_unmarked(character), []).extend(_unmarked(partner["c"]) for partner in partners)
    return table


def _unmarked(text: str) -> str:
    # marks are set around letters written from the right
    return text.replace("\u200e", "") or text


@cache
def _script(character: str) -> str:
    from confusable_homoglyphs import categories

    found = categories.alias(character)
    return "" if found in ("COMMON", "INHERITED") else str(found)


def mixed(text: str) -> str:
    """Return the first word that mixes scripts with a letter that passes for one of another; empty where none does.

    Latin with one Cyrillic letter is; Japanese in its scripts, `BBC عربي` and `IT-компания` are not.

    Examples
    --------
    >>> mixed("Ada Qu\u0456st"), mixed("Ада Квист"), mixed("東京タワー")
    ('Quіst', '', '')
    """
    if text.isascii():
        return ""
    return next((word for word in re.findall(r"\w+", text) if not word.isascii() and _is_mixed(word)), "")


def _is_mixed(word: str) -> bool:
    scripts = {script for script in map(_script, word) if script}
    if len(scripts) < 2 or any(scripts <= together for together in _TOGETHER):
        return False
    return bool(_passing(word))


def _passing(word: str) -> list[tuple[str, str]]:
    """Return the letters of the rarest script in a word that look like one of another script there, and that one."""
    scripts = Counter(script for script in map(_script, word) if script)
    rare = {script for script, n in scripts.items() if n == min(scripts.values())}
    found = []
    for letter in dict.fromkeys(word):
        if _script(letter) in rare:
            others = set(scripts) - {_script(letter)}
            found += [(letter, one) for one in _likenesses(letter) if _script(one) in others][:1]
    return found


@cache
def _likenesses(letter: str) -> tuple[str, ...]:
    """Return the letters that look like one, the one that stands for all of them first."""
    direct = _table().get(letter, [])
    further = [partner for one in direct for partner in _table()[one]]
    return tuple(one for one in dict.fromkeys([*direct, *further]) if len(one) == 1 and one != letter)


Names = dict[str, list[tuple[Rows, str, int]]]
"""The different names of one kind, most used first, and where each stands: rows, column and position."""


def findings(rows: Mapping[str, Rows]) -> Iterator[Finding]:
    """Find claimants, ids of claims and hosts of sources that pass for others; only different ones are compared."""
    yield from _alike("claimant", _names(rows, ("claims", "claimant"), ("appearances", "claimant")))
    yield from _alike("id", _names(rows, ("claims", "claim_id")))
    yield from _alike("host", _names(rows, ("sources", "url")))


def _names(rows: Mapping[str, Rows], *columns: tuple[str, str]) -> Names:
    found: Names = {}
    for table, column in columns:
        names = rows[table].cells[column].fillna("")
        for at, name in enumerate((_hosts(names) if column == "url" else names).tolist()):
            if name:
                found.setdefault(name, []).append((rows[table], column, at))
    return dict(sorted(found.items(), key=lambda one: -len(one[1])))


def _hosts(urls: pd.Series) -> pd.Series:
    """Return the host of each address; nothing where it is no web address."""
    found = pc.extract_regex(pa.array(urls), r"^(?i:https?)://(?:[^/?#@]*@)?(?P<host>[^/?#:\\\\]+)")
    hosts = pc.utf8_rtrim(pc.utf8_lower(pc.struct_field(found, "host")), ".").fill_null("")
    named = pd.Series(hosts.to_pandas(), index=urls.index, dtype="str")
    coded = named[named.str.contains("xn--", regex=False)].unique()
    return named.replace({host: _displayed(host) for host in coded}) if len(coded) else named


def _alike(kind: str, names: Names) -> Iterator[Finding]:
    seen = list(names)
    different: set[int] = set()
    for at, like in _pairs(seen):
        one, other = seen[at], seen[like]
        difference = _difference(one, other)
        what = f"'{shown(other)}' {_where(names[other])}: {difference or 'they differ in capitals or blanks only'}"
        message = f"the {kind} '{shown(one)}' {_where(names[one])} looks like {what}."
        severity = "note" if kind == "claimant" and _may_be_two(one, other) else "warning"
        if difference:
            different |= {at, like}
            yield _finding(names, one, "look-alike", severity, message, OTHER)
        else:
            yield _finding(names, one, "capitals-or-blanks", severity, message, SAME)
    for at, text in enumerate(seen):
        if text.isascii() or at in different:
            continue
        word = mixed(text)
        letters = _passing(word) if word else _passing_host(text) if kind == "host" else []
        if letters:
            pairs = _listed([f"{_letter(one)} looks like {_letter(other)}" for one, other in letters])
            what = f"mixes scripts in '{shown(word)}'" if word else "is not what it looks like"
            message = f"the {kind} '{shown(text)}' {_where(names[text])} {what}: {pairs}."
            advice = "Compare it with the source, and write it in one script."
            yield _finding(names, text, "mixed-scripts", "warning", message, advice)


def _pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Return each text that looks like an earlier one, capitals and blanks aside, and that one."""
    # A capital I looks like a small l, and its small form does not: so both forms are asked.
    drawn, folded = skeletons(texts), skeletons([text.casefold() for text in texts])
    by_drawn: dict[str, int] = {}
    by_folded: dict[str, int] = {}
    for at, (look, fold) in enumerate(zip(drawn, folded, strict=True)):
        like = min(by_drawn.get(look, at), by_folded.get(fold, at))
        by_drawn.setdefault(look, like)
        by_folded.setdefault(fold, like)
        if like != at:
            yield at, like


def _may_be_two(text: str, other: str) -> bool:
    """Return whether two names differ in `rn` for `m` only: Horner and Homer are two people."""
    return text != other and text.replace("rn", "m") == other.replace("rn", "m")


def _difference(text: str, other: str) -> str:
    """Return in which characters two texts differ; nothing where it is in capitals and blanks only."""
    one, two = (re.sub(r"\s+", " ", name).strip() for name in (text, other))
    if one.casefold() == two.casefold():
        return ""
    parts = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    apart = [(one[a:b], two[c:d]) for kind, a, b, c, d in parts if kind != "equal"]
    marked = [(mine, theirs) for mine, theirs in apart if mine.casefold() != theirs.casefold()]
    return _listed([f"{_letters(mine)} stands for {_letters(theirs)}" for mine, theirs in marked])


def _listed(parts: list[str]) -> str:
    more = f" and {len(parts) - PLACES} more" if len(parts) > PLACES else ""
    return "; ".join(parts[:PLACES]) + more


def _letters(text: str) -> str:
    return " ".join(_letter(one) for one in text[:PLACES]) if text else "nothing"


def _letter(letter: str) -> str:
    drawn = f"'{letter}' " if letter.isprintable() and not unicodedata.combining(letter) else ""
    name = unicodedata.name(letter, "")
    return f"{drawn}(U+{ord(letter):04X}{f' {name}' if name and not letter.isascii() else ''})"


def _displayed(host: str) -> str:
    """Return a host as people see it: with the letters that its `xn--` labels stand for."""
    return ".".join(_label(label) for label in host.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return unicodedata.normalize("NFC", label[4:].encode("ascii").decode("punycode"))
    except UnicodeError:
        return label


def _passing_host(host: str) -> list[tuple[str, str]]:
    """Return the letters of a host that is all of another script and reads as Latin, under a Latin domain."""
    *labels, domain = host.split(".")
    if not domain.isascii():
        return []
    looks = skeletons(labels)
    passing = (label for label, look in zip(labels, looks, strict=True) if look.isascii() > label.isascii())
    found = [(letter, skeletons([letter])[0]) for label in passing for letter in dict.fromkeys(label)]
    return [(letter, look) for letter, look in found if len(look) == 1 and look != letter]


def _where(places: Sequence[tuple[Rows, str, int]]) -> str:
    first = [f"{rows.file}:{rows.lines[at]}" for rows, _, at in places[:PLACES]]
    more = f" and {len(places) - PLACES} more" if len(places) > PLACES else ""
    return f"({', '.join(first)}{more})"


def _finding(names: Names, name: str, code: str, severity: str, message: str, advice: str) -> Finding:
    rows, column, at = names[name][0]
    return rows.finding(at, column, code, severity, message, advice, value=name)
