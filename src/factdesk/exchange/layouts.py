"""What a workbook's XML tells that its reader leaves out: how far sheets go, errors, links, merged cells."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from factdesk.text import shown

MOST_UNZIPPED = 500_000_000
"""Bytes that a workbook may unpack to."""
MOST_TIMES = 200
"""Times its size to which a large workbook may unpack."""
MOST_CELLS = 10_000_000
"""Cells that a workbook's sheets may span, the empty ones included: its reader holds 34 bytes for each."""
# A sheet that spans more cells than the first, of which not one in so many holds anything, is no table.
_FEW_CELLS, _SPARSE = 1_000_000, 100
_TEXT_LIMIT = 10_000
_REFERENCE = re.compile(r"([A-Z]{1,7})([0-9]{1,10})")
_LINK_FORMULA = re.compile(r'(?:of:)?=?\s*HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)
_CODE = re.compile(r"#\S{2,15}|Err:\d{3}")

_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c[\s/>]")
_PLAIN_CELL = re.compile(rb'<(?:[^\s<>/:]+:)?c r="([A-Z]{1,4})([0-9]{1,8})"')
_TOLD = re.compile(rb't\s*=\s*["\']e["\']|hyperlink|HYPERLINK|mergeCell')

Place = tuple[int, int]
"""Row and column of a cell, both from 0 on."""


@dataclass
class Layout:
    """One sheet: how many rows and columns it spans, how many cells hold something, and what stands where."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    links: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)

    def reach(self, row: int, column: int, count: int = 1) -> None:
        """Note cells that hold something, the last of which is here."""
        self.cells += count
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)


class Refused(ValueError):
    """A workbook is not read, although it may be sound."""


def scanned(data: bytes) -> tuple[bytes, dict[str, Layout]]:
    """Return a workbook's XML unpacked, in a ZIP that holds nothing else, and the layout of each sheet by its name.

    The reader is then given only what was looked at, and that is bounded: it holds every cell that a sheet spans,
    so that one cell in the last row and column of an empty sheet would take all memory. Raises ValueError.
    """
    try:
        parts = _parts(data)
        layouts = _of_ods(parts) if "content.xml" in parts else _of_xlsx(parts)
    except Refused:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        ValueError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error:
        raise ValueError(f"it is damaged, or no workbook ({shown(str(error), 100)})") from None
    spanned = [one.rows * one.columns for one in layouts.values()]
    if sum(spanned) > MOST_CELLS:
        raise ValueError(
            f"its sheets span {sum(spanned):,} cells, and {MOST_CELLS:,} can be read: save each table as CSV"
        )
    for (name, layout), cells in zip(layouts.items(), spanned, strict=True):
        if cells > max(_FEW_CELLS, _SPARSE * layout.cells):
            far = f"{layout.rows:,} rows and {layout.columns:,} columns"
            raise ValueError(
                f"the sheet '{shown(name)}' spans {far}, and holds {layout.cells:,} cells: take out what stands far "
                "from the table"
            )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as plain:
        for name, part in parts.items():
            plain.writestr(name, part)
    return out.getvalue(), layouts


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        listed = packed.infolist()
        names = {one.filename for one in listed}
        if "xl/workbook.bin" in names:
            raise Refused("it is a binary workbook (.xlsb): save it as .xlsx")
        if not names & {"xl/workbook.xml", "content.xml"}:
            raise Refused("it is a ZIP archive, and no workbook: unpack it")
        parts = {one.filename: one for one in listed if one.filename.endswith((".xml", ".rels", "mimetype"))}
        unzipped = sum(one.file_size for one in parts.values())
        if unzipped > MOST_UNZIPPED:
            raise Refused(f"it unpacks to more than {MOST_UNZIPPED:,} bytes")
        if unzipped > MOST_UNZIPPED // 10 and unzipped > MOST_TIMES * len(data):
            raise Refused(f"it unpacks to {unzipped // len(data):,} times its size, as no table does")
        unpacked = {name: packed.read(one) for name, one in parts.items()}
    if any(b"\0" in part[:4] or part[:2] in (b"\xff\xfe", b"\xfe\xff") for part in unpacked.values()):
        raise Refused("its XML is not UTF-8: save it again")
    return unpacked


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through XML with the local names of elements; a document type of its own is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local = _Local()

    def refused(*_: object) -> None:
        raise Refused("its XML declares a document type, as no workbook does")

    parser.StartDoctypeDeclHandler = refused
    parser.StartElementHandler = lambda name, found: start(local[name], found)
    if end:
        parser.EndElementHandler = lambda name: end(local[name])
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


class _Local(dict[str, str]):
    """The names of elements without their prefixes; few differ, and each is taken apart once."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(":")[2]
        return self[name]


def _elements(data: bytes, name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    _parse(data, lambda one, attributes: found.append(attributes) if one == name else None)
    return found


# --- XLSX


def _of_xlsx(parts: Mapping[str, bytes]) -> dict[str, Layout]:
    """Return the layouts of a workbook's sheets; those of no name, which its reader may find all the same, by path."""
    by_path = {
        path: _of_sheet(part, _targets(parts, path)) for path, part in parts.items() if b"sheetData" in part
    }
    targets = _targets(parts, "xl/workbook.xml")
    named: dict[str, Layout] = {}
    for sheet in _elements(parts["xl/workbook.xml"], "sheet"):
        of = next((value for key, value in sheet.items() if key.rpartition(":")[2] == "id"), "")
        path = posixpath.normpath(posixpath.join("/xl", targets.get(of, "")))[1:]
        if path in by_path:
            named[sheet.get("name", path)] = by_path.pop(path)
    return named | by_path


def _targets(parts: Mapping[str, bytes], path: str) -> dict[str, str]:
    """Return what a part refers to, by the names it uses for it."""
    folder, name = posixpath.split(path)
    found = parts.get(f"{folder}/_rels/{name}.rels")
    return (
        {one.get("Id", ""): one.get("Target", "") for one in _elements(found, "Relationship")}
        if found
        else {}
    )


def _of_sheet(data: bytes, targets: Mapping[str, str]) -> Layout:
    """Return the layout of a sheet; where each cell names its place, and none is special, without walking through it."""
    layout = Layout()
    plain = _PLAIN_CELL.findall(data)
    if plain and not _TOLD.search(data) and len(plain) == sum(1 for _ in _CELL.finditer(data)):
        columns = {_column(letters.decode()) for letters in {letters for letters, _ in plain}}
        layout.reach(max(int(digits) for _, digits in plain) - 1, max(columns), len(plain))
        if (
            layout.rows * layout.columns <= _FEW_CELLS
        ):  # else cells may be far from the table that are coloured only
            return layout
        layout = Layout()
    row = column = -1
    inside = kind = ""
    held: list[str] = []

    def start(name: str, found: dict[str, str]) -> None:
        nonlocal row, column, inside, kind
        if name == "row":
            given = found.get("r", "")
            row, column = int(given) - 1 if given.isascii() and given.isdigit() else row + 1, -1
        elif name == "c":
            at = _place(found.get("r", ""))
            row, column = at if at else (max(row, 0), column + 1)
            kind = found.get("t", "")
        elif name in ("v", "is", "f"):
            if name != "f":
                layout.reach(row, column)
            inside = name if name == "f" or kind == "e" else ""
            held.clear()
        elif name == "hyperlink":
            at, to = _place(found.get("ref", "")), next((v for k, v in found.items() if k.endswith("id")), "")
            if at and to in targets:
                layout.links[at] = targets[to]
        elif name == "mergeCell":
            corners = [_place(one) for one in found.get("ref", "").split(":")]
            if len(corners) == 2 and corners[0] and corners[1]:
                layout.merged.append((corners[0], corners[1]))

    def text(part: str) -> None:
        if inside and len(held) < _TEXT_LIMIT:
            held.append(part)

    def end(name: str) -> None:
        nonlocal inside
        if name != inside:
            return
        inside, said = "", "".join(held)
        if name == "v":
            layout.errors[row, column] = said[:40]
        elif link := _LINK_FORMULA.match(said):
            layout.links[row, column] = link[1].replace('""', '"')

    _parse(data, start, end, text)
    return layout


def _place(reference: str) -> Place | None:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    return int(found[2]) - 1, _column(found[1])


@lru_cache(maxsize=1 << 15)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


# --- ODS


def _of_ods(parts: Mapping[str, bytes]) -> dict[str, Layout]:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused("it is protected by a password")
    layouts: dict[str, Layout] = {}
    layout = Layout()
    row, column, rows = 0, 0, 1
    cell: dict[str, str] | None = None
    held: list[str] = []

    def start(name: str, found: dict[str, str]) -> None:
        nonlocal layout, row, column, rows, cell
        if name == "table":
            layout = layouts.setdefault(found.get("table:name", ""), Layout())
            row = 0
        elif name == "table-row":
            rows, column = _count(found, "table:number-rows-repeated"), 0
        elif name in ("table-cell", "covered-table-cell"):
            cell = found
            held.clear()
            if link := _LINK_FORMULA.match(found.get("table:formula", "")):
                layout.links[row, column] = link[1].replace('""', '"')
            down, right = (_count(found, f"table:number-{side}-spanned") for side in ("rows", "columns"))
            if down * right > 1:
                layout.merged.append(((row, column), (row + down - 1, column + right - 1)))
            if "office:value-type" in found:
                _hold(_count(found, "table:number-columns-repeated"))
        elif name == "a" and cell is not None:
            layout.links.setdefault((row, column), found.get("xlink:href", ""))

    def _hold(repeated: int) -> None:
        layout.reach(row + rows - 1, column + repeated - 1, rows * repeated)

    def text(part: str) -> None:
        if cell is not None and len(held) < _TEXT_LIMIT:
            held.append(part)

    def end(name: str) -> None:
        nonlocal row, column, cell
        if name in ("table-cell", "covered-table-cell") and cell is not None:
            said = "".join(held).strip()
            if cell.get("calcext:value-type") == "error" or (
                _CODE.fullmatch(said) and "table:formula" in cell
            ):
                layout.errors[row, column] = said[:40]
            column += _count(cell, "table:number-columns-repeated")
            cell = None
        elif name == "table-row":
            row += rows

    _parse(parts["content.xml"], start, end, text)
    return layouts


def _count(found: Mapping[str, str], name: str) -> int:
    given = found.get(name, "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 1
