"""The errors and warnings that are ours: what was wrong, where, what is allowed and what to do."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import ClassVar


class FactdeskError(Exception):
    """Every error that is ours derives from this one.

    Examples
    --------
    >>> import factdesk as fd
    >>> try:
    ...     fd.open("nowhere/claims.csv")
    ... except fd.FactdeskError as error:
    ...     print(type(error).__name__)
    NotFound
    """

    sentence: ClassVar[str] = ""
    """What an error that is a dataclass says, with its parts in braces."""

    def __str__(self) -> str:
        if not self.sentence:
            return super().__str__()
        parts = {part.name: getattr(self, part.name) for part in fields(self)}  # type: ignore[arg-type]
        parts = {name: _safe(value) if isinstance(value, str) else value for name, value in parts.items()}
        return self.sentence.format(**parts).rstrip()

    def __reduce__(self) -> str | tuple[object, ...]:
        # Python's own way gives the class `args`, which OSError and its kin leave empty.
        if not is_dataclass(self):
            return super().__reduce__()
        return type(self), tuple(getattr(self, part.name) for part in fields(self))


def warn(message: str) -> None:
    """Warn of what somebody should know, at the line of theirs that led to it, however deep within factdesk it is said.

    >>> warn("It rained.")
    """
    level, frame = 2, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "factdesk":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, FactdeskWarning, stacklevel=level)


class FactdeskWarning(UserWarning):
    """Something was done, and the person who asked for it should know more about it.

    Examples
    --------
    >>> import warnings
    >>> import factdesk as fd
    >>> ledger = fd.open("claims.csv").scratch()
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     claim = ledger.log("It\u200b rained.", claimant="The Daily")
    >>> [issubclass(one.category, fd.FactdeskWarning) for one in caught]
    [True]
    """


@dataclass(eq=False)
class InvalidValue(FactdeskError, ValueError):
    """A value that its column can't hold; nothing was written."""

    column: str
    value: object
    allowed: str
    table: str = ""

    @classmethod
    def choice(
        cls, name: str, value: object, choices: Iterable[str], table: str = "", allowed: str = ""
    ) -> InvalidValue:
        """Return the error for a value that is none of `choices`: it names them, and the one that was misspelt.

        `allowed` says what is allowed where the choices are too many to list.

        Examples
        --------
        >>> from factdesk.errors import InvalidValue
        >>> print(InvalidValue.choice("every", "weeks", ["day", "week"]))
        every: 'weeks' can't be used. Allowed: day, week; nearest: 'week'.
        """
        choices = list(choices)
        near = "".join(f"; nearest: {word!r}" for word in misspelt(value, choices))
        return cls(name, value, (allowed or _safe(", ".join(choices))) + near, table)

    def __str__(self) -> str:
        where = f"{self.table}.{self.column}" if self.table else self.column
        message = f"{where}: {_shown(self.value)} can't be used. Allowed: {self.allowed}."
        return f"{message} Nothing was written." if self.table else message


class RowsRefused(FactdeskError, ValueError):
    """Rows of a frame can't be taken, and none of it was written; `reasons` says of each why, by its label.

    Examples
    --------
    >>> RowsRefused({3: "claim is empty."}, 20).reasons
    {3: 'claim is empty.'}
    """

    def __init__(self, reasons: Mapping[object, str], rows: int) -> None:
        self.reasons = dict(reasons)
        few = "\n".join(f"- row {_shown(row)}: {reason}" for row, reason in list(self.reasons.items())[:5])
        more = f"\n- and {len(self.reasons) - 5:,} more" if len(self.reasons) > 5 else ""
        advice = "errors='keep' writes the others and returns these with their reasons."
        super().__init__(
            f"{len(self.reasons):,} of {rows:,} rows can't be taken. Nothing was written; {advice}\n{few}{more}"
        )


@dataclass(eq=False)
class StatusesInUse(FactdeskError, ValueError):
    """A new vocabulary lacks words that rows hold; nothing was written."""

    words: Mapping[str, int]
    names: Sequence[str]

    def __str__(self) -> str:
        rows = {word: "1 row" if count == 1 else f"{count:,} rows" for word, count in self.words.items()}
        first = next(iter(self.words))
        return (
            f"The new vocabulary has no {' and no '.join(f'{_shown(word)} ({rows[word]})' for word in rows)}. Rows keep "
            f"their words, so say what each is called now: set_vocabulary(…, renamed={{{_shown(first)}: …}}), or "
            f"renamed_from of a status. Allowed: {', '.join(map(_shown, self.names))}. Nothing was written."
        )


class QuestionsOpen(FactdeskError, ValueError):
    """A sheet can't be brought in before its reader has said what it does not show; `questions` are these."""

    def __init__(self, name: str, questions: Sequence[str]) -> None:
        self.name, self.questions = name, list(questions)
        super().__init__(
            f"{_safe(name)} is not brought in yet. {' '.join(self.questions)} Nothing was written."
        )


@dataclass(eq=False)
class NotFound(FactdeskError, LookupError):
    """Something named is not there; the nearest that are, are named."""

    kind: str
    value: object
    near: Sequence[str] = ()
    advice: str = ""

    def __str__(self) -> str:
        message = f"There is no {self.kind} {_shown(self.value)}."
        if self.near:
            message += " Nearest: " + ", ".join(repr(name) for name in self.near) + "."
        return f"{message} {self.advice}".rstrip()


@dataclass(eq=False)
class LedgerUnreadable(FactdeskError):
    """Files that can't be read as a ledger's tables; every place is named, nothing was changed."""

    places: Sequence[Finding]
    remark: str = ""

    def __str__(self) -> str:
        lines = "\n".join(f"- {place}" for place in self.places)
        remark = f" {self.remark}" if self.remark else ""
        counted = "1 place" if len(self.places) == 1 else f"{len(self.places):,} places"
        return f"The ledger can't be read ({counted}). Its files were not touched.{remark}\n{lines}"


@dataclass(eq=False)
class LedgerExists(FactdeskError, FileExistsError):
    """Something stands where a new ledger was to be made."""

    path: str
    advice: str = "Choose another name, or fd.open it."

    sentence = "{path} is there already, and nothing is overwritten. {advice}"


@dataclass(eq=False)
class LedgerBusy(FactdeskError, TimeoutError):
    """Somebody else held the ledger's lock for too long."""

    path: str
    seconds: float
    holder: str = "somebody who left no name"

    sentence = (
        "Others use {path}, and for {seconds:g} seconds nobody gave it up; who took it last: {holder}. "
        "Nothing was written. Try again; a program that hangs can be ended, its lock goes with it."
    )


@dataclass(eq=False)
class ReadOnlyLedger(FactdeskError):
    """A view, or a ledger in a place that can't be written, was asked to change."""

    why: str
    advice: str = ""

    sentence = "This ledger can only be read: {why}. Nothing was written. {advice}"


@dataclass(eq=False)
class WriteFailed(FactdeskError, OSError):
    """The disk refused; the message says whether the write is undone or left to the next opener."""

    path: str
    reason: str
    outcome: str

    sentence = "Writing {path} failed: {reason}. {outcome}"


@dataclass(eq=False)
class NotANotebook(FactdeskError, ValueError):
    """A file that was to be shared is no notebook that can be read."""

    path: str
    reason: str

    sentence = "{path} can't be read as a notebook: {reason}. No page was written."


@dataclass(eq=False)
class NotebookFailed(FactdeskError):
    """A cell of a notebook failed, so that no page was made of it; the old one stands."""

    notebook: str
    cell: int
    error: str
    code: str = ""

    def __str__(self) -> str:
        notebook = _safe(self.notebook)
        where = f"{notebook}, cell {self.cell}" if self.cell else notebook
        code = f" (`{_safe(self.code)}`)" if self.code else ""
        return (
            f"{where}{code} failed: {_safe(self.error)}. No page was written; what stood there still stands."
        )


@dataclass(eq=False)
class NotebooksFailed(FactdeskError):
    """Some notebooks of a folder failed; of all others pages were written."""

    failed: Sequence[NotebookFailed | NotANotebook]
    written: int

    def __str__(self) -> str:
        of = f"{len(self.failed)} of {len(self.failed) + self.written} notebooks"
        return "\n".join([f"{of} failed; of the others pages were written.", *map(str, self.failed)])


@dataclass(eq=False)
class PageExists(FactdeskError, FileExistsError):
    """A file that factdesk didn't make stands where a page was to be written."""

    path: str

    sentence = (
        "{path} is there already and is no page that factdesk made. Nothing was written. "
        "Choose another place, or overwrite=True to replace it."
    )


@dataclass(eq=False)
class ExportExists(FactdeskError, FileExistsError):
    """A file that factdesk didn't write stands where a ledger was to be written to."""

    path: str

    sentence = (
        "{path} is there already, and factdesk did not write it. Nothing was written. "
        "Choose another name, or overwrite=True to replace it."
    )


@dataclass(eq=False)
class NotAPage(FactdeskError, ValueError):
    """A file that was to be unpacked or held against a ledger is no page that factdesk made, or not whole."""

    path: str
    reason: str

    sentence = "{path} is no page to be read: {reason}. Nothing was written."


@dataclass(eq=False)
class NoBrowser(FactdeskError, LookupError):
    """There is no browser on this machine that could print a page as PDF."""

    looked_for: Sequence[str]

    def __str__(self) -> str:
        return (
            "A PDF is printed by Chromium, Chrome or Edge, and none of them was found: "
            f"{', '.join(map(_safe, self.looked_for))}. Nothing was written. Install one (Debian and Ubuntu: apt "
            "install chromium; conda, Windows, macOS: Chrome or Edge), or set CHROME to its path."
        )


@dataclass(eq=False)
class PrintFailed(FactdeskError, OSError):
    """A browser was asked to print a page and did not."""

    browser: str
    reason: str

    sentence = (
        "{browser} did not print the page: {reason}. Nothing was written; what stood there still stands. "
        "Print the .html page from a browser's own menu, or set CHROME to another."
    )


@dataclass(eq=False)
class TableUnreadable(FactdeskError, ValueError):
    """A file or frame that was to be brought in is no table that can be read."""

    path: str
    reason: str
    advice: str = ""

    sentence = "{path} can't be read as a table: {reason}. Nothing was written. {advice}"


@dataclass(eq=False)
class ArticleUnreadable(FactdeskError, ValueError):
    """A document that has no words which can be read; nothing was written."""

    place: str
    reason: str
    advice: str

    sentence = "{place} {reason}. {advice}"


@dataclass(eq=False)
class NotFetched(FactdeskError, OSError):
    """An address that can't be fetched, or may not be; nothing was written."""

    url: str
    reason: str
    advice: str

    sentence = "{url} was not fetched: {reason}. {advice}"


@dataclass(eq=False)
class NotPlain(FactdeskError, ValueError):
    """A ledger's files were to be read past factdesk's own reader, and need it."""

    path: str
    reason: str

    sentence = (
        "{path} can't be loaded from its files as they are: {reason}. Nothing was loaded. Open it, which heeds that: "
        "store.load(fd.open('{path}'))."
    )


@dataclass(eq=False)
class NotInstalled(FactdeskError, ImportError):
    """What was asked for needs a package that is not installed.

    Examples
    --------
    >>> print(NotInstalled("Reading PDFs", "pypdf", "articles"))
    Reading PDFs needs pypdf, which is not installed. pip install "factdesk[articles]" brings it.
    """

    task: str
    package: str
    extra: str

    sentence = '{task} needs {package}, which is not installed. pip install "factdesk[{extra}]" brings it.'


@dataclass(eq=False)
class StoreTaken(FactdeskError, FileExistsError):
    """A store holds something else than the ledger that was to be loaded into it."""

    store: str
    holds: str
    advice: str

    sentence = "{store} holds {holds}. Nothing was loaded. {advice}"


@dataclass(eq=False)
class StoreFailed(FactdeskError, OSError):
    """A store could not be reached, or its engine refused."""

    store: str
    reason: str

    sentence = "{store} failed: {reason}. What it held before it still holds."


@dataclass(eq=False)
class UnsoundLedger(FactdeskError, ValueError):
    """A ledger that has errors among its findings was to be shared."""

    path: str
    count: int
    first: str

    def __str__(self) -> str:
        counted = "1 error" if self.count == 1 else f"{self.count} errors"
        return (
            f"{_safe(self.path)} has {counted} among its findings, the first: {_safe(self.first)} No page was written. "
            "Mend what ledger.check() names, or share with allow_findings=True: the pages then say so."
        )


@dataclass(frozen=True)
class Finding:
    """One place in a ledger's files that is wrong or weak."""

    code: str
    severity: str
    message: str
    advice: str = ""
    table: str = ""
    file: str = ""
    line: int = 0
    column: str = ""
    value: str = ""
    row_id: str = ""
    claim_id: str = ""
    places: int = 1
    """How many places it is about: more than one where only the first ones are named by themselves."""

    def __str__(self) -> str:
        where = (
            self.file + (f":{self.line}" if self.line else "") + (f" {self.column}" if self.column else "")
        )
        return f"{where}: {self.message}" + (f" {self.advice}" if self.advice else "")


def _safe(text: str) -> str:
    """Return a name or a system's words with what can't be seen, and a terminal may obey, as its number."""
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)


def _shown(value: object) -> str:
    try:
        # a long text is cut first: to write one of 50 MB out takes that much memory again
        shown = repr(value[:200] if isinstance(value, (str, bytes)) else value)
    except Exception:  # a whole number of 5,000 digits can't be written out; others' classes may fail too
        return f"this {type(value).__name__}"
    length = len(value) if isinstance(value, (str, bytes)) else len(shown)
    return shown if len(shown) <= 120 else f"{shown[:100]}… ({length:,} characters)"


def nearest(word: object, known: Sequence[str], n: int = 3) -> list[str]:
    """Return the known words most like the one that was typed, best first."""
    if not isinstance(word, str):
        return []
    lower = {name.lower(): name for name in reversed(list(known))}
    return [lower[name] for name in get_close_matches(word.lower(), list(lower), n=n, cutoff=0.5)]


def misspelt(word: object, choices: Iterable[str]) -> list[str]:
    """Return the choice that a word is but for a slip in each part of it; none where it may be another word.

    A word that is like another may be its opposite. So a part keeps its first letter (`untrue` is not `true`), and
    only scripts with capitals have slips: in the others one letter is a word.

    >>> misspelt("Half-true", ["half true", "true"]), misspelt("barely true", ["true"]), misspelt("ture", ["true"])
    (['half true'], [], ['true'])
    """
    if not isinstance(word, str) or len(word) > 100:
        return []
    typed = _parts(word)
    apart = {choice: slips for choice in choices if (slips := _slips(typed, _parts(choice))) is not None}
    return sorted(apart, key=lambda choice: apart[choice])[:1]


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _slips(typed: list[str], known: list[str]) -> int | None:
    """Return how many letters are too many and missing; None where the words can't be one."""
    if typed and "".join(typed) == "".join(known):
        return 0
    if not typed or len(typed) != len(known):
        return None
    slips = 0
    for one, other in zip(typed, known, strict=True):
        if one == other:
            continue
        is_other = one[0] != other[0] or re.findall("[0-9]", one) != re.findall("[0-9]", other)
        if is_other or one.upper() == one or abs(len(one) - len(other)) > 2:
            return None
        blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        same, letters = sum(block.size for block in blocks), len(one) + len(other)
        if letters - 2 * same > 2 or same / letters < 0.35:
            return None
        slips += letters - 2 * same
    return slips
