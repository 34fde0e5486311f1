"""Every kind of write that a ledger takes, made at random through the public calls, and what stands after it."""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import os
import pickle
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

import factdesk as fd
from factdesk import schema
from factdesk.errors import InvalidValue
from factdesk.ledger import ids
from factdesk.storage import fsync
from factdesk.storage import seals as seal_files
from factdesk.storage.files import Store
from factdesk.storage.journal import Entry

Move = Callable[[fd.Ledger, Random, Path], object]
Rows = dict[str, dict[str, tuple[str, ...]]]
Perform = Callable[[str, Path, Callable[[], Any]], Any]

WORDS = "rain snow hail fog storm gauge river, said, the; Minister's é 雨 🌧 =1+1 -2".split()  # noqa: SIM905


def words(random: Random, least: int = 2) -> str:
    text = " ".join(random.choices(WORDS, k=random.randint(least, 9)))
    return f"{text}\n{text[:9]}" if random.random() < 0.2 else text


def some(random: Random, ledger: fd.Ledger, name: str) -> str:
    """The id of any row that is in view."""
    return random.choice(getattr(ledger, name)[schema.TABLES[name].id].tolist())


def document(random: Random, folder: Path) -> Path:
    """A file to be attached, outside of the ledger."""
    data = random.randbytes(random.choice([0, 1, 700, 70_000]))
    path = folder / "documents" / f"{hashlib.sha256(data).hexdigest()[:8]}.pdf"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def address(random: Random) -> str:
    return f"https://example.org/{random.randrange(10**9)}"


def log(ledger: fd.Ledger, random: Random, _: Path) -> object:
    return ledger.log(words(random), claimant=words(random), quote=words(random), made_on="2025-03-10")


def log_a_promise(ledger: fd.Ledger, random: Random, _: Path) -> object:
    """The first of these replaces the header line: columns that came later are filled."""
    return ledger.log(
        words(random, 6), claimant="Radio", made_on="2025-03", due_on="2027", would_settle=words(random)
    )


def log_many(ledger: fd.Ledger, random: Random, _: Path) -> object:
    rows = [{"claim": words(random, 6), "claimant": words(random), "made_on": "2025"} for _ in range(3)]
    return ledger.log_many(pd.DataFrame(rows))


def judge_in_a_published_check(ledger: fd.Ledger, random: Random, _: Path) -> object:
    return ledger.set_status(
        some(random, ledger, "claims"), "mixed", rationale=words(random), published_at=address(random)
    )


def log_with_a_source(ledger: fd.Ledger, random: Random, _: Path) -> object:
    return ledger.log(words(random, 6), claimant="Radio", appearance=address(random), topics=["a", "b"])


def log_with_a_file(ledger: fd.Ledger, random: Random, folder: Path) -> object:
    return ledger.log(words(random, 6), claimant="Radio", appearance=document(random, folder))


def repeat(ledger: fd.Ledger, random: Random, _: Path) -> object:
    return ledger.repeat(some(random, ledger, "claims"), claimant=words(random), quote=words(random))


def repeat_with_a_file(ledger: fd.Ledger, random: Random, folder: Path) -> object:
    return ledger.repeat(some(random, ledger, "claims"), appearance=document(random, folder))


def attach(ledger: fd.Ledger, random: Random, _: Path) -> object:
    stance = random.choice(schema.STANCES)
    return ledger.attach(some(random, ledger, "claims"), address(random), stance=stance, quote=words(random))


def attach_a_file(ledger: fd.Ledger, random: Random, folder: Path) -> object:
    claim_id = some(random, ledger, "claims")
    return ledger.attach(claim_id, file=document(random, folder), stance="context", title=words(random))


def set_status(ledger: fd.Ledger, random: Random, _: Path) -> object:
    claim_id = some(random, ledger, "claims")
    own = ledger.evidence["evidence_id"][ledger.evidence["claim_id"] == claim_id].tolist()
    return ledger.set_status(
        claim_id,
        random.choice(ledger.settings.statuses),
        holds_from=f"2025-03-{random.randint(10, 28)}",
        rationale=words(random),
        evidence=random.sample(own, random.randint(0, min(2, len(own)))),
    )


def edit_a_cell(ledger: fd.Ledger, random: Random, _: Path) -> object:
    name, column = random.choice([("claims", "quote"), ("sources", "title"), ("evidence", "note")])
    return ledger.edit(name, some(random, ledger, name), why=words(random), **{column: words(random)})


def edit_many_cells(ledger: fd.Ledger, random: Random, _: Path) -> object:
    rows = random.sample(ledger.claims["claim_id"].tolist(), min(3, len(ledger.claims)))
    return ledger.edit("claims", rows, why=words(random), note=words(random), topics=[words(random)])


def withdraw(ledger: fd.Ledger, random: Random, _: Path) -> object:
    name = random.choice(["evidence", "statuses", "sources"])
    if len(getattr(ledger, name)) < 2:
        return log(ledger, random, _)
    return ledger.withdraw(name, some(random, ledger, name), why=words(random))


def reinstate(ledger: fd.Ledger, random: Random, _: Path) -> object:
    if ledger.withdrawn.empty:
        return ledger.withdraw("claims", some(random, ledger, "claims"), why=words(random))
    table, row_id = random.choice(ledger.withdrawn[["table", "row_id"]].to_numpy().tolist())
    return ledger.reinstate(table, row_id, why=words(random))


def describe(ledger: fd.Ledger, random: Random, _: Path) -> object:
    """A source that is known, described further: a cell of one table, set while a row of another is added."""
    return ledger.attach(
        some(random, ledger, "claims"), some(random, ledger, "sources"),
        stance="mixed", quote=words(random), author=words(random), publisher=words(random))  # fmt: skip


def seal(ledger: fd.Ledger, random: Random, _: Path) -> object:
    return ledger.seal(words(random))


def accept_edits(ledger: fd.Ledger, random: Random, _: Path) -> object:
    with contextlib.suppress(InvalidValue):  # where an earlier move left rows that are gone
        return ledger.accept_edits(why=words(random))
    return ledger.restore()


def accept_what_is_gone(ledger: fd.Ledger, random: Random, _: Path) -> object:
    return ledger.accept_edits(why=words(random), gone=True)


def restore(ledger: fd.Ledger, _: Random, __: Path) -> object:
    return ledger.restore()


def tidy(ledger: fd.Ledger, _: Random, __: Path) -> object:
    return ledger.tidy()


MOVES: dict[str, Move] = {
    move.__name__.replace("_", " "): move
    for move in (
        log, log_with_a_source, log_with_a_file, repeat, repeat_with_a_file, attach, attach_a_file,
        set_status, edit_a_cell, edit_many_cells, withdraw, reinstate, describe, seal, log_a_promise, log_many,
        judge_in_a_published_check,
    )
}  # fmt: skip
"""What can be done to a ledger at any time."""


# --- what others do to the files past the workbench, and the calls that are about that


def type_into_a_table(ledger: fd.Ledger, random: Random) -> None:
    """Type over a cell and add a row, as in a spreadsheet."""
    path = ledger._store.files["claims"]
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    random.choice(rows)[header.index("note")] = f"typed {random.randrange(10**6)}"
    new = {"claim_id": f"typed-{random.randrange(10**6)}", "claim": "Typed."}
    typed = dict(zip(header, rows[0], strict=False)) | new
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows, typed.values()])


def save_an_old_copy(ledger: fd.Ledger, random: Random) -> None:
    """Save the tables as they were before somebody else's work."""
    files = [ledger._store.files[name] for name in ("claims", "statuses")]
    old = [path.read_bytes() for path in files]
    ledger.edit("claims", some(random, ledger, "claims"), why="a slip", note=words(random))
    ledger.set_status(ledger.log(words(random), claimant="Radio"), "supported", rationale="Stones lie.")
    for path, data in zip(files, old, strict=True):
        path.write_bytes(data)


def write_rows_twice(ledger: fd.Ledger, random: Random) -> None:
    """Leave an edited row in both versions, and every row twice, as merges do."""
    path = ledger._store.files["claims"]
    head, *old = path.read_bytes().splitlines(keepends=True)
    ledger.edit("claims", some(random, ledger, "claims"), why="a slip", note=words(random))
    _, *new = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([head, *old, *new]))


ABOUT_FILES: dict[str, tuple[Move, Callable[[fd.Ledger, Random], None]]] = {
    "accept edits": (accept_edits, type_into_a_table),
    "accept what is gone": (accept_what_is_gone, save_an_old_copy),
    "restore": (restore, save_an_old_copy),
    "tidy": (tidy, write_rows_twice),
}
"""What can be done where the files were changed past the workbench, and what changes them so."""


def make(ledger: fd.Ledger, name: str, random: Random, folder: Path) -> object:
    """Make a move of that kind."""
    move = MOVES[name] if name in MOVES else ABOUT_FILES[name][0]
    with unwarned():
        return move(ledger, random, folder)


def change_files_for(name: str, ledger: fd.Ledger, random: Random) -> None:
    """Change files past the workbench where a move is about that."""
    if name in ABOUT_FILES:
        with unwarned():
            # Who opens a table sees what a dead writer left to be finished once somebody has; here that is now.
            with ledger._store.writing():
                pass
            ABOUT_FILES[name][1](ledger.refresh(), random)


# --- what stands


def frames(ledger: fd.Ledger) -> Rows:
    """Every row of every table as text by its id, what is withdrawn too, and the seals."""
    found: Rows = {}
    for name in schema.TABLES:
        rows = [tuple(row) for row in ledger._dataset.cells(name).to_numpy().tolist()]
        found[name] = {row[0]: row for row in rows}
        assert len(found[name]) == len(rows), f"{name}: an id stands twice"
    return found | {"seals": seals(ledger._store)}


def seals(store: Store) -> dict[str, tuple[str, ...]]:
    """Every seal's row by its id."""
    return {row[0]: tuple(row) for row in seal_files.read(store).cells.to_numpy().tolist()}


def with_entry(rows: Rows, entry: Written) -> Rows:
    """What stands once a call's rows are added and its cells set."""
    made = {name: dict(ones) for name, ones in rows.items()}
    for name, cells in entry.cells.items():
        names = schema.TABLES[name].names
        for row_id, column, _, after in cells:
            row = list(made[name][row_id])
            # Of a row that stands in two versions both are told to be settled, and one of them was shown.
            known = [was for other_id, of, was, _ in cells if (other_id, of) == (row_id, column)]
            assert row[names.index(column)] in (*known, after)
            row[names.index(column)] = after
            made[name][row_id] = tuple(row)
    for name, ones in entry.rows.items():
        made[name] |= {row[0]: tuple(row) for row in ones}
    return made


def lost_documents(folder: Path, rows: Rows) -> list[str]:
    """Snapshots and leaves of seals whose bytes are not there as they were kept."""
    at = schema.SNAPSHOTS.names.index("sha256")
    kept = {row[at]: folder / "claims" / "snapshots" / row[at] for row in rows["snapshots"].values()}
    lost = [
        f"the bytes of snapshot {name} are not there"
        for name, path in kept.items()
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != name
    ]
    for seal_id, row in rows["seals"].items():
        path = folder / "claims" / "seals" / f"{seal_id}.csv"
        leaves = path.read_text().splitlines()[1:] if path.exists() else []
        root = ids.root(bytes.fromhex(line.split(",")[0]) for line in leaves)
        if root != row[schema.SEALS.names.index("digest")]:
            lost.append(f"the leaves of seal {seal_id} are not there")
    return lost


def begun(folder: Path, seed: int) -> fd.Ledger:
    """A small ledger with something in every table, made by the public calls."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger = fd.create(folder / "claims.csv", title="Weather", by="Ada Quist")
    random = Random(seed)
    for move in (log, log_with_a_source, attach_a_file, attach, set_status, edit_a_cell, repeat):
        move(ledger, random, folder)
    return ledger


# --- who writes, and who looks after the writer is gone


@dataclass
class Written:
    """One call, as it was composed just before the first byte of it was written."""

    rows: dict[str, list[list[str]]]
    cells: dict[str, list[tuple[str, str, str, str]]]
    returned: bool = False

    @classmethod
    def of(cls, entry: Entry) -> Written:
        """Take down what a call is about to write."""
        cells = {
            name: [(c.row_id, c.column, c.before, c.after) for c in ones]
            for name, ones in entry.cells.items()
        }
        return cls(entry.rows, cells)


class Told:
    """What a writer tells through a pipe: each call before it is written, and again once it returned."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        self.calls = 0
        """How many calls changed the disk, where the writer came to its end."""

    def listen_in(self) -> None:
        """In the writer: tell of every call from now on."""
        os.close(self.reading)
        commit, seal = Store.commit, seal_files.keep

        def told(store: Store, entry: Entry, *rest: Any) -> Any:
            asked = Written.of(entry)
            self.tell(("asked", asked.rows, asked.cells))
            return commit(store, entry, *rest)

        def sealing(store: Store, row: Any, leaves: bytes) -> None:
            self.tell(("asked", {"seals": [[row[name] for name in schema.SEALS.names]]}, {}))
            seal(store, row, leaves)

        Store.commit, seal_files.keep = told, sealing

    def tell(self, what: object) -> None:
        data = pickle.dumps(what)
        data = len(data).to_bytes(4, "big") + data
        while data:
            data = data[os.write(self.writing, data) :]

    def heard(self) -> tuple[list[Written], list[str]]:
        """In who waits for the writer: everything told until its end; other words come second."""
        os.close(self.writing)
        with os.fdopen(self.reading, "rb") as pipe:
            data = pipe.read()
        calls: list[Written] = []
        said: list[str] = []
        while len(data) >= 4 and len(data) >= (end := 4 + int.from_bytes(data[:4], "big")):
            what, *rest = pickle.loads(data[4:end])
            data = data[end:]
            if what == "asked":
                calls.append(Written(*rest))
            elif what == "returned" and calls:
                calls[-1].returned = True
                self.calls = rest[0]
            else:
                said.append(what)
        return calls, said


def in_child(action: Callable[[Told], object]) -> tuple[int, Told]:
    """Do something in a process of its own, which tells of its writes; give its number."""
    told = Told()
    child = os.fork()
    if child:
        return child, told
    ending = 1
    try:
        told.listen_in()
        action(told)
        ending = 0
    except BaseException:
        told.tell((traceback.format_exc(),))
    finally:
        os._exit(ending)


def ended(child: int) -> int:
    """Wait for a process; give how it ended, -9 where it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextlib.contextmanager
def performing(perform: Perform) -> Iterator[None]:
    """Let another function do the calls that change the disk."""
    real = fsync.perform
    fsync.perform = perform
    try:
        yield
    finally:
        fsync.perform = real


def killed(where: Callable[[str, Path], bool], write: Callable[[], object]) -> list[Written]:
    """Let a writer in a process of its own be killed before the first call that is so; give what it had composed."""

    def die(call: str, path: Path, action: Callable[[], Any]) -> Any:
        if where(call, path):
            os.kill(os.getpid(), signal.SIGKILL)
        return action()

    def dying(_: Told) -> None:
        with performing(die):
            write()

    child, told = in_child(dying)
    calls, said = told.heard()
    assert ended(child) == -signal.SIGKILL, said
    return calls


def forbidden(call: str, path: Path, action: Callable[[], Any]) -> Any:
    """Stands for a place in which nothing may be written."""
    raise PermissionError(errno.EACCES, "Permission denied")


def opened_by_a_reader(folder: Path) -> fd.Ledger:
    """Open a ledger without writing anything, and take no row that is wrong."""
    with performing(forbidden):
        return fd.open(folder / "claims.csv", by="Next", strict=True)


@contextlib.contextmanager
def unwarned() -> Iterator[None]:
    """Don't show what the calls tell their writer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fd.FactdeskWarning)
        yield
