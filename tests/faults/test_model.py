"""A ledger beside a plain model of it: whatever is called, crashes, is typed by hand or merged, they agree."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import factdesk as fd
from factdesk import schema
from factdesk.storage import fsync
from faults import LONG, LONGER

WORDS = st.text(st.sampled_from("rain, snow;'=-\"\né雨"), max_size=12).map(lambda text: f"w{text}")
WHO, AT = st.integers(0, 1), st.integers(0, 99)
DAYS = st.integers(1, 28).map(lambda day: f"2025-03-{day:02d}")
STATUSES = [status.name for status in schema.VOCABULARY]
FIELDS = {"claims": ["claim", "claimant", "note"], "evidence": ["claim_id", "stance", "quote"],
          "statuses": ["claim_id", "status", "holds_from", "rationale"]}  # fmt: skip


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


@dataclass
class Model:
    """What a ledger should hold: plain dictionaries by id, and the ids of the claims withdrawn."""

    claims: dict[str, dict[str, str]] = field(default_factory=dict)
    evidence: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, dict[str, str]] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)

    def copy(self) -> Model:
        tables = (
            {key: dict(row) for key, row in table.items()}
            for table in (self.claims, self.evidence, self.statuses)
        )
        return Model(*tables, set(self.withdrawn))

    def shown(self) -> dict[str, dict[str, dict[str, str]]]:
        found = {"claims": {key: row for key, row in self.claims.items() if key not in self.withdrawn}}
        for name in ("evidence", "statuses"):
            rows = getattr(self, name)
            found[name] = {key: row for key, row in rows.items() if row["claim_id"] not in self.withdrawn}
        return found


def held(ledger: fd.Ledger) -> dict[str, dict[str, dict[str, str]]]:
    """What a ledger shows, as the model has it."""
    found = {}
    for name, columns in FIELDS.items():
        frame = getattr(ledger, name).astype("str")
        rows = frame[columns].to_dict("records")
        found[name] = dict(zip(frame[schema.TABLES[name].id], rows, strict=True))
    return found


class Desk(RuleBasedStateMachine):
    """Two writers on one ledger, a branch of it, and somebody with a spreadsheet."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="factdesk-"))
        self.path = self.folder / "claims.csv"
        self.names = itertools.count()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.writers = [fd.create(self.path, title="Model", by="Ada Quist")]
        self.writers.append(fd.open(self.path, by="Bo Lind"))
        self.side: tuple[Path, Path, Model] | None = None
        self.log(who=0, text="w", note="")

    # --- calls

    def _call(self, ledger: fd.Ledger, name: str, *given: Any, **named: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", fd.FactdeskWarning)
            return getattr(ledger, name)(*given, **named)

    def _some(self, table: str, at: int) -> str:
        ids = list(self.model.shown()[table])
        return ids[at % len(ids)]

    def _log(self, ledger: fd.Ledger, model: Model, text: str, note: str) -> None:
        claim_id = f"c{next(self.names)}"
        claim = f"{claim_id} {text}"
        self._call(ledger, "log", claim, claimant=text, claim_id=claim_id, note=note)
        cells = {"claim": " ".join(claim.split()), "claimant": " ".join(text.split()), "note": note.strip()}
        model.claims[claim_id] = cells

    @rule(who=WHO, text=WORDS, note=WORDS)
    def log(self, who: int, text: str, note: str) -> None:
        self._log(self.writers[who], self.model, text, note)

    @precondition(lambda self: self.model.shown()["claims"])
    @rule(who=WHO, at=AT, stance=st.sampled_from(schema.STANCES), quote=WORDS)
    def attach(self, who: int, at: int, stance: str, quote: str) -> None:
        claim_id, url = self._some("claims", at), f"https://example.org/{next(self.names)}"
        row_id = self._call(self.writers[who], "attach", claim_id, url, stance=stance, quote=quote)
        self.model.evidence[row_id] = {"claim_id": claim_id, "stance": stance, "quote": quote.strip()}

    def _judge(self, ledger: fd.Ledger, model: Model, claim_id: str, status: str, day: str) -> None:
        why = f"because {next(self.names)}"
        row_id = self._call(ledger, "set_status", claim_id, status, holds_from=day, rationale=why)
        model.statuses[row_id] = {"claim_id": claim_id, "status": status, "holds_from": day, "rationale": why}

    @precondition(lambda self: self.model.shown()["claims"])
    @rule(who=WHO, at=AT, status=st.sampled_from(STATUSES), day=DAYS)
    def judge(self, who: int, at: int, status: str, day: str) -> None:
        self._judge(self.writers[who], self.model, self._some("claims", at), status, day)

    def _edit(self, ledger: fd.Ledger, model: Model, claim_id: str, column: str, text: str) -> None:
        self._call(ledger, "edit", "claims", claim_id, why="a second look", **{column: text})
        model.claims[claim_id][column] = " ".join(text.split()) if column == "claimant" else text.strip()

    @precondition(lambda self: self.model.shown()["claims"])
    @rule(who=WHO, at=AT, text=WORDS)
    def edit(self, who: int, at: int, text: str) -> None:
        self._edit(self.writers[who], self.model, self._some("claims", at), "note", text)

    @precondition(lambda self: self.model.shown()["claims"])
    @rule(who=WHO, at=AT)
    def withdraw(self, who: int, at: int) -> None:
        claim_id = self._some("claims", at)
        self._call(self.writers[who], "withdraw", "claims", claim_id, why="a slip")
        self.model.withdrawn.add(claim_id)

    @precondition(lambda self: self.model.withdrawn)
    @rule(who=WHO)
    def reinstate(self, who: int) -> None:
        claim_id = min(self.model.withdrawn)
        self._call(self.writers[who], "reinstate", "claims", claim_id, why="none after all")
        self.model.withdrawn.discard(claim_id)

    @rule(who=WHO)
    def reopen(self, who: int) -> None:
        self.writers[who] = fd.open(self.path, by=self.writers[who]._by, strict=True)

    # --- crashes

    @precondition(lambda self: self.model.shown()["claims"])
    @rule(who=WHO, at=AT, call=st.integers(1, 16), what=st.sampled_from("lej"), text=WORDS)
    def crash(self, who: int, at: int, call: int, what: str, text: str) -> None:
        """A writer dies at some system call: the next opener finds the call whole, or not at all."""
        after, calls = self.model.copy(), itertools.count(1)
        claim_id = self._some("claims", at)

        def dying(_: str, __: Path, action: Any) -> Any:
            if next(calls) >= call:
                raise Killed
            return action()

        perform, fsync.perform = fsync.perform, dying
        returned = True
        try:
            if what == "l":
                self._log(self.writers[who], after, text, text)
            elif what == "e":
                self._edit(self.writers[who], after, claim_id, "note", text)
            else:
                self._judge(self.writers[who], after, claim_id, "mixed", "2025-03-15")
        except Killed:
            after, returned = self.model.copy(), False
        finally:
            fsync.perform = perform
        self.writers[who] = fd.open(self.path, by=self.writers[who]._by, strict=True)
        stood = held(self.writers[who])
        if returned or stood == self.model.shown():
            self.model = after
            return
        # It is there, so it is there whole.
        name = {"l": "claims", "e": "claims", "j": "statuses"}[what]
        before = self.model.shown()[name]
        more = [key for key, row in stood[name].items() if before.get(key) != row]
        assert len(more) == 1, (what, more)
        if what == "e":
            assert more == [claim_id]
            assert stood[name][claim_id]["note"] == text.strip()
        getattr(self.model, name)[more[0]] = stood[name][more[0]]

    # --- hands

    @precondition(lambda self: self.model.shown()["claims"])
    @rule(who=WHO, at=AT, accepts=st.booleans())
    def type_into_a_cell(self, who: int, at: int, accepts: bool) -> None:
        claim_id = self._some("claims", at)
        text, new = self.path.read_text("utf-8"), f"typed {next(self.names)}"
        if text.count(f"{claim_id} w") != 1:
            return  # the claim's words were typed over already
        self.path.write_text(text.replace(f"{claim_id} w", f"{new} w"), "utf-8")
        ledger = self.writers[who]
        edits = ledger.hand_edits()[["what", "row_id", "column"]].to_numpy().tolist()
        assert edits == [["cell changed", claim_id, "claim"]]
        if accepts:
            assert len(ledger.accept_edits(why="typed")) == 1
            claim = self.model.claims[claim_id]["claim"]
            self.model.claims[claim_id]["claim"] = claim.replace(f"{claim_id} w", f"{new} w", 1)
        else:
            self.path.write_text(text, "utf-8")

    @rule(who=WHO, text=WORDS)
    def save_an_old_copy(self, who: int, text: str) -> None:
        """A spreadsheet that was open meanwhile saves its content over a new claim and its status."""
        # Of a copy taken while a dead writer's edit waits to be finished `test_hands` says what becomes.
        with self.writers[who]._store.writing():
            pass
        old = {file: file.read_bytes() for file in (self.path, self.folder / "claims" / "statuses.csv")}
        self._log(self.writers[who], self.model, text, "")
        claim_id = next(reversed(self.model.claims))
        self._judge(self.writers[who], self.model, claim_id, "supported", "2025-03-20")
        for file, data in old.items():
            file.write_bytes(data)
        other = self.writers[1 - who]
        gone = other.hand_edits()
        assert set(gone["what"]) == {"row gone"}
        assert len(other.restore()) == 2

    # --- branches

    @precondition(lambda self: self.side is None)
    @rule()
    def branch(self) -> None:
        base, side = self.folder / f"base {next(self.names)}", self.folder / f"side {next(self.names)}"
        for copy in (base, side):
            copy.mkdir()
            shutil.copy(self.path, copy)
            private = shutil.ignore_patterns(".factdesk")
            shutil.copytree(self.folder / "claims", copy / "claims", ignore=private)
        self.side = base, side, Model(claims={key: dict(row) for key, row in self.model.claims.items()})

    @precondition(lambda self: self.side is not None and set(self.side[2].claims) - self.model.withdrawn)
    @rule(text=WORDS, at=AT, status=st.sampled_from(STATUSES), day=DAYS)
    def merge(self, text: str, at: int, status: str, day: str) -> None:
        """Somebody logged, judged and edited on a branch; Git's union merge brings it in."""
        assert self.side is not None
        base, side, model = self.side
        self.side = None
        ledger = fd.open(side / "claims.csv", by="Cy Vane")
        self._log(ledger, model, text, "on a branch")
        standing = ledger.claims["claim_id"].tolist()
        self._judge(ledger, model, standing[at % len(standing)], status, day)
        logged = standing[-1]
        if standing[:-1]:
            edited = standing[at % (len(standing) - 1)]
            self._edit(ledger, model, edited, "claimant", f"on a branch {text}")
            self.model.claims[edited]["claimant"] = model.claims[edited]["claimant"]
        for name in schema.TABLES:
            file = "claims.csv" if name == "claims" else f"claims/{name}.csv"
            words = ["git", "merge-file", "--union", "-p", self.folder / file, base / file, side / file]
            merged = subprocess.run(words, capture_output=True, check=True)
            (self.folder / file).write_bytes(merged.stdout)
        self.model.claims[logged] = model.claims[logged]
        self.model.statuses |= model.statuses
        brought = self.writers[0].hand_edits()  # there is no Git here to say where they came from
        assert set(brought["what"]) <= {"row added"}
        self.writers[0].accept_edits(why="from a branch")
        self.writers[0].tidy()

    # --- what always holds

    @invariant()
    def the_ledger_is_as_the_model(self) -> None:
        for writer in self.writers:
            assert held(writer.refresh()) == self.model.shown()
        again = fd.open(self.path, strict=True)
        assert held(again) == self.model.shown()
        assert again.digest() == self.writers[0].digest() == self.writers[1].digest()
        assert again.hand_edits().empty
        assert "error" not in set(again.check()["severity"])


def test_a_ledger_and_its_model_agree_whatever_happens(tally):
    examples, steps = (400, 40) if LONGER else (40, 30) if LONG else (5, 10)
    tried = 0

    class Counted(Desk):
        def teardown(self) -> None:
            nonlocal tried
            tried += 1
            super().teardown()

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks
    )
    run_state_machine_as_test(Counted, settings=how)
    tally("random stories beside a model", tried=tried, lost=0)
    assert tried >= examples // 2
