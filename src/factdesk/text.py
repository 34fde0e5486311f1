"""Text that comes in: normalised once, and what can't be seen is taken out and reported."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

# C0 and C1 controls, zero-width space, word joiner, byte-order mark, bidi embeddings, overrides and isolates,
# and halves of surrogate pairs. The joiners U+200C and U+200D stay: Persian, Hindi and emoji need them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
HIDDEN_IN_FILES = r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{200b}\x{2060}\x{feff}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
"""The same for Arrow's regular expressions, to look through whole columns."""

_CONFLICT = re.compile(rb"(<{7}|>{7}|\|{7})( .*)?|={7}")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029\u2424]")


def clean(text: str, one_line: bool = False) -> tuple[str, list[str]]:
    """Normalise text to NFC, take out what can't be seen, and return it with what was changed, in words.

    >>> clean("pay\u202edlog\\r\\nnow")
    ('paydlog\\nnow', ['taken out: U+202E'])
    """
    if text.isascii() and text.isprintable():  # most cells of a spreadsheet
        plain = text.strip()
        return (re.sub(" +", " ", plain) if one_line and "  " in plain else plain), []
    changes: list[str] = []
    plain = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    hidden = _HIDDEN.findall(plain)
    if hidden:
        plain = _HIDDEN.sub("", plain)
        changes.append("taken out: " + ", ".join(sorted({f"U+{ord(mark):04X}" for mark in hidden})))
    normal = unicodedata.normalize("NFC", plain)
    if normal != plain:
        changes.append("written in Unicode's composed form (NFC)")
    normal = normal.strip()
    if one_line:
        if "\n" in normal:
            changes.append("put on one line")
        normal = re.sub(r"\s+", " ", normal)
    return normal, changes


def visible(text: str) -> str:
    """Return a file's text as it stands, but for what can't be seen, and a terminal may obey: that as its number.

    >>> visible("pay\u202edlog\\nnow")
    'pay\\\\u202edlog\\nnow'
    """
    return _HIDDEN.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def shown(text: str, limit: int = 80) -> str:
    """Return a file's text as messages show it: on one line, what can't be seen as its number, long text cut.

    >>> shown("pay\u202edlog"), shown("a" * 9, limit=4)
    ('pay\\\\u202edlog', 'aaaa… (9 characters)')
    """
    cut = text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"
    return visible(_LINE_BREAK.sub("\n", cut).replace("\n", "␤"))


def has_hidden(text: str) -> bool:
    """Return whether there is anything in a text that can't be seen.

    >>> has_hidden("pay\u202edlog"), has_hidden("two\\nlines")
    (True, False)
    """
    return _HIDDEN.search(text) is not None


def conflict_marks(data: bytes) -> list[tuple[int, str]]:
    """Return the lines that Git's merge marked where it left a conflict in a file: the number of each, and the mark.

    >>> conflict_marks(b"<<<<<<< ours\\na\\n=======\\nb\\n>>>>>>> theirs\\n")
    [(1, '<<<<<<< ours'), (3, '======='), (5, '>>>>>>> theirs')]
    """
    marks = [
        (number, line.decode("utf-8", "replace"))
        for number, line in enumerate(data.splitlines(), 1)
        if line[:1] in (b"<", b"=", b">", b"|") and _CONFLICT.fullmatch(line)
    ]
    # a row of = alone may underline a heading
    return marks if any(mark.startswith(("<", ">")) for _, mark in marks) else []


def conflict_mark(line: bytes) -> str:
    """Return the mark of a merge conflict that a line is; nothing where it is none.

    >>> conflict_mark(b"=======\\r\\n"), conflict_mark(b"a,b\\n")
    ('=======', '')
    """
    bare = line.rstrip(b"\r\n")
    return bare.decode("utf-8", "replace") if _CONFLICT.fullmatch(bare) else ""


def comparable(text: str) -> str:
    """Return text as quotes are compared: cleaned, on one line.

    >>> comparable("good\\n  signals")
    'good signals'
    """
    return clean(text, one_line=True)[0]


_APART = r"[\s,;|·，；、｜،؛]"
_BETWEEN_ADDRESSES = re.compile(
    rf"(?<!{_APART}){_APART}+(?=[a-z][a-z0-9+.-]{{0,30}}://)|(?<=\w)(?<!%[0-9a-f]{{2}})(?=https?://)",
    re.IGNORECASE,
)


def addresses(text: str) -> list[str]:
    """Return the addresses that a text joins; a comma parts two only where a further `://` follows it.

    >>> addresses("http://a.example/0,8599,1.html,https://b.example/?q=1; https://c.example")
    ['http://a.example/0,8599,1.html', 'https://b.example/?q=1', 'https://c.example']
    >>> addresses("https://a.example/1https://b.example"), addresses("https://web.archive.org/2020/https://a.example")
    (['https://a.example/1', 'https://b.example'], ['https://web.archive.org/2020/https://a.example'])
    """
    return [part.split()[0] for part in _BETWEEN_ADDRESSES.split(text) if "://" in part]


def alike(text: str) -> str:
    """Return what two texts have in common that differ in capitals, blanks and end marks only.

    >>> alike("Jobs rose ."), alike(" jobs  rose!")
    ('jobsrose', 'jobsrose')
    """
    bare = "".join(text.casefold().split())
    return bare.rstrip(".!?…:;,。！？؟۔।") or bare


def host(address: str) -> str:
    """Return the server that an address leads to, without a leading `www.`; nothing where it names none.

    >>> host("https://www.example.org/report"), host("http://[x")
    ('example.org', '')
    """
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:  # such as half of a bracket
        return ""


def isolated(words: str) -> str:
    """Set words in a script from right to left apart, so that numbers beside them keep their places (UAX #9).

    >>> isolated("mixed"), isolated("صحيح") == "\u2068صحيح\u2069"
    ('mixed', True)
    """
    is_from_right = any(unicodedata.bidirectional(one) in ("R", "AL") for one in words)
    return f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}" if is_from_right else words
