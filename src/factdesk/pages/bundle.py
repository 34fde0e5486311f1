"""The ledger that travels inside a page: put in, given back byte for byte, and held against the page and a ledger."""

from __future__ import annotations

import base64
import io
import lzma
import re
import shutil
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from factdesk.checks.findings import findings_frame
from factdesk.errors import (
    FactdeskWarning,
    Finding,
    InvalidValue,
    LedgerUnreadable,
    NotAPage,
    NotFound,
    WriteFailed,
)
from factdesk.formats import counted
from factdesk.pages.claim import statuses
from factdesk.pages.html import GENERATOR, has_its_hash
from factdesk.schema import SEALS, TABLES, Table
from factdesk.storage import csvfile, table_file
from factdesk.storage.folder import Folder

if TYPE_CHECKING:
    from factdesk.ledger.ledger import Ledger

LARGEST, ALL = 256_000, 3_000_000
"""Bytes of a kept document, and of all of them, up to which they travel where that is asked for."""
DOCUMENTS = "documents"
"""What `evidence` is where kept documents, which are the work of others, are to travel whole."""

MOST_BYTES, MOST_FILES, MOST_RATIO = 1_000_000_000, 100_000, 100
"""What a page gives back at most, and how many bytes for one of its own: a page is a file from anywhere."""
LEAST_BOUND = 10_000_000
"""Bytes that a page may give back however small it is."""

FEW = 20
"""Rows that one finding names."""

_DIGEST = re.compile(r'<meta name="factdesk:digest" content="([0-9a-f]{32})">')
_BLOCK = re.compile(
    r'<script type="application/zip" data-holds="ledger" data-digest="([0-9a-f]{32})" data-names="(kept|left-out)"'
    r' data-without="([0-9a-f ]*)">([A-Za-z0-9+/=]*)</script>'
)
_NAME = r"[^/\\:\x00-\x1f]+"
_FILE = re.compile(
    rf"({_NAME})\.csv|({_NAME})/({_NAME}\.(?:csv|toml|gz)|snapshots/[0-9a-f]{{64}}|seals/{_NAME})"
)
_THEN = (1980, 1, 1, 0, 0, 0)
"""A date for every file, so that the same ledger gives the same bytes."""

WRITTEN = ("claim", "note", "place", "translation", "rationale", "gaps", "before", "after", "why")
"""Columns in which those who keep the ledger write in their own words."""

LEFT_OUT = "(name left out)"

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


@dataclass(frozen=True)
class Bundle:
    """A page's block of data, and in words what it leaves out."""

    markup: str
    words: str


def pack(ledger: Ledger, *, names: bool = True, documents: bool = False) -> Bundle:
    """Pack a ledger's files, as they stand, into a block that a page can carry.

    Kept documents are left out, whose quotes and hashes stand in the tables. Where they are asked for, those of more
    than 256 kB are left out, and all that go beyond 3 MB together. Without the names of those
    who logged and judged there are no seals: both their rows and ids that come from content need the names as proof.

    >>> import factdesk as fd
    >>> pack(fd.open("claims.csv"), names=False).words
    'The names of those who logged and judged are left out.'
    """
    copy = ledger.scratch() if names else nameless(ledger)
    assert copy.path is not None
    files, without = _files(copy.path, documents)
    digest = copy.digest()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _THEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    coded = base64.b64encode(packed.getvalue()).decode()
    words = [] if names else ["The names of those who logged and judged are left out."]
    if without:
        are = "is" if len(without) == 1 else "are"
        why = " for the page's size" if documents else ""
        words.append(f"{counted(len(without), 'kept document')} {are} left out{why}.")
    return Bundle(
        f'<script type="application/zip" data-holds="ledger" data-digest="{digest}" '
        f'data-names="{"kept" if names else "left-out"}" data-without="{" ".join(without)}">{coded}</script>\n',
        " ".join(words),
    )


def unpack(page: str | Path, to: str | Path) -> Path:
    """Write the ledger that a page carries, byte for byte as it was when the page was made.

    Parameters
    ----------
    page : str or path
        A page made with `fd.share(..., evidence=True)`.
    to : str or path
        A folder that is not there yet, or is empty.

    Returns
    -------
    pathlib.Path
        The ledger's CSV, for `fd.open`.

    Raises
    ------
    NotFound
        There is no such page.
    NotAPage
        It is no page of ours, carries no ledger, or what it carries can't be read.
    InvalidValue
        Something stands in the folder.

    Warns
    -----
    FactdeskWarning
        The page's bytes are not those that factdesk wrote; what it carries is given back all the same.

    Examples
    --------
    >>> import factdesk as fd, nbformat, nbformat.v4 as v4
    >>> notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Who said what?")])
    >>> nbformat.write(notebook, "who.ipynb")
    >>> _ = fd.share("who.ipynb", "who.html", ledger="claims.csv", evidence=True)
    >>> fd.open(fd.unpack("who.html", "given back")).digest() == fd.open("claims.csv").digest()
    True
    """
    text = _read(Path(page))
    block = _BLOCK.search(text)
    if block is None:
        raise NotAPage(str(page), "it carries no ledger (evidence=True lets one travel in a page)")
    files = _unpacked(str(page), block[4])
    if has_its_hash(text) is False:
        name = Path(page).name
        warnings.warn(
            f"{name} is not as factdesk made it, and what it carries may have been changed too: "
            f"factdesk verify {name} says what holds.",
            FactdeskWarning,
            stacklevel=2,
        )
    folder = Path(to)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InvalidValue("to", str(to), "a folder that is not there yet, or is empty")
        return _write(files, folder)
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidValue):
            raise
        raise WriteFailed(str(folder), str(error), "What was written until then stands.") from error


def verify_page(page: str | Path, ledger: Ledger | None = None) -> pd.DataFrame:
    """Whether a page, the ledger that it carries and that ledger's seals agree, and what has changed since.

    The hash of a page finds what was changed by mistake, or by whoever doesn't know of it; who does can write
    another. What can't be forged is a digest that somebody else has noted: of a seal, or in a printed chart.

    Returns findings as `Ledger.check` does: errors are what doesn't agree, notes what nobody can say and what has
    changed since in `ledger`, the ledger as it stands today. Raises NotFound and NotAPage.

    >>> import factdesk as fd, nbformat, nbformat.v4 as v4
    >>> notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Who said what?")])
    >>> nbformat.write(notebook, "who.ipynb")
    >>> _ = fd.share("who.ipynb", "sent.html", ledger="claims.csv", evidence=True)
    >>> verify_page("sent.html", fd.open("claims.csv"))["code"].tolist()
    ['no-seal']
    """
    return findings_frame(list(_findings(Path(page), ledger)))


def _read(page: Path) -> str:
    try:
        is_other = page.exists() and not page.is_file()  # a pipe or a device would be read without end
        data = b"" if is_other else page.read_bytes()
    except (OSError, ValueError) as error:
        raise NotFound("page", str(page)) from error
    if is_other:
        raise NotAPage(str(page), "it is a folder" if page.is_dir() else "it is no file")
    if GENERATOR.encode() not in data[:4096]:
        raise NotAPage(str(page), "factdesk didn't make it")
    return data.decode("utf-8", "surrogateescape")


def _files(path: Path, has_documents: bool) -> tuple[dict[str, bytes], list[str]]:
    """Return a ledger's files by their names in it, the CSV first, and the hashes of documents left out."""
    folder = path.with_suffix("")
    disk = Folder(path.parent)
    files = {path.name: disk.read(path)}
    documents: list[tuple[int, str, Path]] = []
    for file in disk.files(folder):
        name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
        if not _FILE.fullmatch(name):
            continue
        if file.parent.name == "snapshots":
            documents.append((disk.size(file), name, file))
        else:
            files[name] = disk.read(file)
    without, left = [], ALL if has_documents else -1
    for size, name, file in sorted(documents):  # the smallest first: most of them fit
        if size > min(LARGEST, left):
            without.append(file.name)
        else:
            files[name] = disk.read(file)
            left -= size
    return files, sorted(without)


def recorders(ledger: Ledger) -> set[str]:
    """Return the names in a ledger that only say who logged, judged or edited; who also speaks in it is not among them.

    Examples
    --------
    >>> import factdesk as fd
    >>> trial = fd.open("claims.csv", by="Bo Lind").scratch()
    >>> _ = trial.log("Pigs fly.", claimant="A passer-by")
    >>> "Bo Lind" in recorders(trial), "A passer-by" in recorders(trial)
    (True, False)
    """
    by, speaking = set[str](), {""}
    for name in TABLES:
        frame: pd.DataFrame = getattr(ledger, name)
        for column in frame.columns:
            if column.endswith("_by"):
                by |= set(frame[column].dropna().astype("str"))
            elif column in ("claimant", "author", "publisher"):
                speaking |= set(frame[column].dropna().astype("str"))
    return by - speaking


def left_out(names: set[str]) -> re.Pattern[str]:
    """Return what finds whole names in a text, the longest first; nothing where there are none."""
    listed = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)" if listed else r"(?!)")


def nameless(ledger: Ledger) -> Ledger:
    """Return a copy of a ledger without the names of those who logged and judged, also where their own words say them.

    What sources and claimants said stays as it is. There are no seals in it: they hold for the rows with names.

    Examples
    --------
    >>> import factdesk as fd
    >>> trial = fd.open("claims.csv", by="Bo Lind").scratch()
    >>> claim = trial.log("Pigs fly.", claimant="A passer-by", note="Bo Lind asked.")
    >>> nameless(trial).claims.iloc[-1][["note", "logged_by"]].tolist()
    ['(name left out) asked.', '']
    """
    copy, names = ledger.scratch(), left_out(recorders(ledger))
    assert copy.path is not None
    folder = copy.path.with_suffix("")
    shutil.rmtree(folder / "seals", ignore_errors=True)
    (folder / f"{SEALS.name}.csv").unlink(missing_ok=True)
    # What it was known to hold has the names too.
    shutil.rmtree(folder / ".factdesk", ignore_errors=True)
    for table in TABLES.values():
        file = _file(copy, table)
        if file.is_file():
            cells = _unnamed(_cells(file, table), table, names)
            if not cells[table.later_names].to_numpy().any():
                cells = cells.drop(columns=table.later_names)
            file.write_bytes(csvfile.render([list(cells.columns), *cells.to_numpy().tolist()]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong is among the findings
        return copy.refresh()


def _file(ledger: Ledger, table: Table) -> Path:
    assert ledger.path is not None
    return ledger.path if table.name == "claims" else ledger.path.with_suffix("") / f"{table.name}.csv"


def _cells(file: Path, table: Table) -> pd.DataFrame:
    return table_file.read(file.read_bytes(), table, file.name).cells


def _unnamed(cells: pd.DataFrame, table: Table, names: re.Pattern[str]) -> pd.DataFrame:
    cells = cells.copy()
    for column in table.names:
        if column.endswith("_by"):
            cells[column] = ""
        elif column in WRITTEN:
            cells[column] = cells[column].str.replace(names, LEFT_OUT, regex=True)
    if table.name == "changes":  # also where a name itself was changed
        of_name = cells["column"].str.endswith("_by")
        cells.loc[of_name, ["before", "after"]] = ""
    return cells


def _write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write a ledger's files into a folder, and return its CSV."""
    disk = Folder(folder)
    for name, data in files.items():
        path = folder / name
        disk.make(path.parent)
        disk.write_new(path, data)
    return folder / next(name for name in files if "/" not in name)


def _opened(files: Mapping[str, bytes], folder: Path) -> Ledger:
    from factdesk.ledger.opening import open as open_ledger

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is wrong is among the findings
        return open_ledger(_write(files, folder))


def _unpacked(page: str, coded: str) -> dict[str, bytes]:
    """Return the files of a block, none of which may stand elsewhere than in the ledger, or be of any size."""

    def refused(why: str) -> NotAPage:
        return NotAPage(page, f"the ledger in it can't be read: {why}")

    files: dict[str, bytes] = {}
    left = min(MOST_BYTES, max(LEAST_BOUND, MOST_RATIO * len(coded)))
    try:
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(coded, validate=True))) as archive:
            for entry in archive.infolist()[: MOST_FILES + 1]:
                with archive.open(entry) as file:
                    # What an entry says of its size is only what it says.
                    data = file.read(left + 1)
                left -= len(data)
                if left < 0:
                    break
                files[entry.filename] = data
    # An archive is broken in many ways: a wrong checksum, an end too early, a password, a method of its own.
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        ValueError,
        RuntimeError,
        OSError,
    ) as error:
        raise refused(str(error) or type(error).__name__) from error
    if left < 0 or len(files) > MOST_FILES:
        raise refused("it is larger than any ledger")
    if not files:
        raise refused("it is empty")
    tops = [name for name in files if "/" not in name]
    stem = tops[0].removesuffix(".csv") if len(tops) == 1 else ""
    for name in files:
        parts = PurePosixPath(name).parts
        foreign = not _FILE.fullmatch(name) or "/".join(parts) != name or ".." in parts
        if foreign or not stem or parts[0].removesuffix(".csv") != stem or any(map(_RESERVED.match, parts)):
            raise refused(f"{name[:80]!r} is no file of a ledger")
    return files


def _findings(page: Path, ledger: Ledger | None) -> Iterator[Finding]:
    text, file = _read(page), page.name
    is_whole = has_its_hash(text)
    if is_whole is None:
        yield Finding("page-without-hash", "note", "the page says nothing of its own bytes.",
                      "It was made by an older factdesk: make it again.", file=file)  # fmt: skip
    elif not is_whole:
        yield Finding("page-changed", "error", "the page's bytes are not those that factdesk wrote.",
                      "Ask for it where it came from; a browser or a mail program may have saved it in its own way.",
                      file=file)  # fmt: skip
    block, of_page = _BLOCK.search(text), _DIGEST.search(text)
    if block is None:
        yield Finding("no-ledger-inside", "note", "the page carries no ledger: only its own bytes were looked at.",
                      "Share it with evidence=True.", file=file)  # fmt: skip
        if ledger is not None and of_page and ledger.digest() != of_page[1]:
            yield Finding(
                "ledger-changed", "note", "the ledger has changed since the page was made.", file=file
            )
        return
    digest, has_names, without = block[1], block[2] == "kept", set(block[3].split())
    with tempfile.TemporaryDirectory() as folder:
        try:
            carried = _opened(_unpacked(str(page), block[4]), Path(folder))
        except LedgerUnreadable as error:
            yield from (replace(one, file=f"{file}: {one.file}") for one in error.places)
            return
        if carried.digest() != digest or (has_names and of_page and of_page[1] != digest):
            yield Finding("digest", "error", "the ledger in the page is not the one that the page speaks of: its digest "
                          f"is {carried.digest()[:8]}, the page says {(of_page or block)[1][:8]}.", file=file)  # fmt: skip
        if has_names:
            yield from _of_seals(carried, file, without)
        else:
            yield Finding("names-left-out", "note", "the names of those who logged and judged were left out, and with "
                          "them what seals and ids prove.", file=file)  # fmt: skip
        if ledger is not None:
            yield from _since(carried, ledger, file, has_names)


def _of_seals(carried: Ledger, file: str, without: set[str]) -> Iterator[Finding]:
    """Yield what the ledger in the page itself can't prove; documents that were left out are no fault."""
    snapshots = carried.snapshots
    absent = set(snapshots.loc[snapshots["sha256"].isin(without), "snapshot_id"])
    for row in carried.verify().to_dict("records"):
        if row["code"] == "snapshot-gone" and row["row_id"] in absent:
            continue
        named = {str(name): value for name, value in row.items()}
        yield replace(Finding(**named), file=f"{file}: {row['file']}" if row["file"] else file)
    if not len(carried.seals):
        yield Finding("no-seal", "note", "there is no seal in the page to hold its rows to.",
                      "ledger.seal() before sharing makes one.", file=file)  # fmt: skip


def _since(carried: Ledger, ledger: Ledger, file: str, has_names: bool) -> Iterator[Finding]:
    """Yield what has changed in the ledger since, by table and by status."""
    for name, table in TABLES.items():
        was, now = (_rows(one, table, has_names) for one in (carried, ledger))
        new = [row_id for row_id in now if row_id not in was]
        gone = [row_id for row_id in was if row_id not in now]
        other = [row_id for row_id, row in now.items() if was.get(row_id, row) != row]
        for code, severity, ids, what in (
            ("rows-since", "note", new, "new in the ledger since"),
            ("changed-since", "note", other, "another in the ledger now"),
            ("gone-since", "warning", gone, "no more in the ledger, though the page has it"),
        ):
            if ids:
                few = ", ".join(ids[:FEW]) + (f" and {len(ids) - FEW} more" if len(ids) > FEW else "")
                yield Finding(code, severity, f"{len(ids)} row{'' if len(ids) == 1 else 's'} of {name} {what}: {few}.",
                              table=name, file=file)  # fmt: skip
    then, today = statuses(carried), statuses(ledger)
    for claim_id, status in today.items():
        if then.get(claim_id, status) != status:
            yield Finding("status-since", "note", f"the page says {then[claim_id]}, the ledger now says {status}.",
                          table="statuses", file=file, value=status, claim_id=claim_id)  # fmt: skip


def _rows(ledger: Ledger, table: Table, has_names: bool) -> dict[str, Sequence[str]]:
    """Return a table's rows as text by their ids, what is withdrawn too."""
    cells = _cells(_file(ledger, table), table)
    if not has_names:
        cells = _unnamed(cells, table, left_out(recorders(ledger)))
    return dict(zip(cells[table.id], cells[list(table.names)].to_numpy().tolist(), strict=True))
