"""In which form a table's file lies: whether as factdesk writes it, with whose columns, and in which order of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factdesk.errors import Finding
from factdesk.storage import csvfile, table_file
from factdesk.storage.no_table import named
from factdesk.storage.table_file import Reading
from factdesk.text import shown


def findings(reading: Reading, data: bytes, known: Sequence[bytes]) -> Iterator[Finding]:
    """Find what changes no row and yet is not as factdesk wrote it; `known` is the file as it was written or committed."""

    def form(message: str, line: int, advice: str = "Nothing to do.") -> Finding:
        return Finding("form", "note", message, advice, reading.table.name, reading.file, line)

    if (line := _line_of_another(reading, data)) is not None:
        message = "the file is written otherwise than factdesk writes it (line ends, quotation marks, order of columns, "
        yield form(f"{message}empty lines); it reads the same.", line)
    if extra := [one for one in reading.cells.columns if one not in reading.table.names]:
        message = f"the file has columns that are not the ledger's own, and nothing proves what they hold: {named(extra)}."
        yield form(message, 1, "Nothing to do where they are meant.")
    if data not in known and (at := _out_of_order(reading, known)) is not None:
        row_id = shown(str(reading.cells[reading.table.id].iat[at]))
        message = f"the rows stand in another order than they were written in, '{row_id}' after a later one."
        yield form(
            message,
            int(reading.lines[at]),
            "Nothing to do; a spreadsheet that sorts, or a merge, makes that.",
        )


def _line_of_another(reading: Reading, data: bytes) -> int | None:
    """Return the first line that is not as factdesk writes it; 0 where lines lack, None where all are so."""
    columns = [
        name
        for name in map(str, reading.cells)
        if name in reading.header or name not in reading.table.later_names
    ]
    whole = csvfile.render([columns, *reading.cells[columns].to_numpy().tolist()])
    if whole == data:
        return None
    # Rows that were written before the later columns came end early.
    early = csvfile.render(reading.cells[reading.table.first_names].to_numpy().tolist())
    lines = [one.splitlines(keepends=True) for one in (data, whole, whole[: whole.find(b"\n") + 1] + early)]
    for at, (line, *forms) in enumerate(zip(*lines, strict=False), 1):
        if line not in forms:
            return at
    return None if len(lines[0]) == len(lines[1]) else 0


def _out_of_order(reading: Reading, known: Sequence[bytes]) -> int | None:
    """Return the first row that stands after a later one: by a file that is known, else by the moments of the rows."""
    first = ~reading.cells[reading.table.id].duplicated()
    row_ids = reading.cells[reading.table.id][first]
    orders = []
    for data in known:
        earlier = table_file.read(data, reading.table, reading.file)
        if not earlier.fatal:
            places = {
                row_id: at for at, row_id in enumerate(earlier.cells[reading.table.id].drop_duplicates())
            }
            orders.append(row_ids.map(places).dropna())
    if not orders:
        orders = [reading.cells[reading.table.moment][first]]
    ahead = [one[one < one.cummax()] for one in orders]
    return None if any(one.empty for one in ahead) else int(ahead[0].index[0])
