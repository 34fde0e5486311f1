"""A ledger's folder that somebody else prepared: links, pipes and devices in it lead nowhere.

Bounded by default; `FACTDESK_FAULTS=long` tries every kind in every place with every call.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import pytest
import samples
from nbformat import v4

import factdesk as fd
from factdesk.errors import FactdeskError, LedgerUnreadable, WriteFailed
from factdesk.storage import git, journal
from faults import LONG

SECRET = b"claim_id,the secret of somebody's own\nkey-4711,words\n"


def _link(path: Path, secret: Path) -> None:
    path.symlink_to(secret)


def _link_to_nothing(path: Path, secret: Path) -> None:
    path.symlink_to(secret.with_name("not there yet"))


def _link_to_a_device(path: Path, secret: Path) -> None:
    path.symlink_to("/dev/zero")


def _pipe(path: Path, secret: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path, secret: Path) -> None:
    path.mkdir()


KINDS: tuple[Callable[[Path, Path], None], ...] = (_link, _link_to_nothing, _link_to_a_device, _pipe, _folder)
FOLDERS = (".", ".factdesk", ".factdesk/known", "snapshots", "seals")


@contextmanager
def within_seconds(seconds: int) -> Iterator[None]:
    """End what reads or waits without end."""

    def late(*_: object) -> None:
        raise AssertionError(f"not done after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    """The folder of a ledger with a file of every kind that there is."""
    folder = tmp_path_factory.mktemp("sealed")
    ledger = samples.rain(folder)
    ledger.edit("claims", "rain", note="looked up", why="to have a change")
    ledger.seal()
    (folder / "claims" / ".factdesk" / "lock").touch()
    return folder


def _places(folder: Path) -> list[str]:
    claims = folder / "claims"
    return sorted(
        path.relative_to(claims).as_posix()
        for path in claims.rglob("*")
        if path.is_file() and path.name != ".gitignore"
    )


def _stranger_s(sealed: Path, to: Path) -> tuple[Path, Path]:
    """Copy a ledger; return its folder, and somebody's own folder with a secret in it."""
    folder, home = to / "theirs", to / "home"
    shutil.copytree(sealed, folder)
    home.mkdir()
    (home / "secret").write_bytes(SECRET)
    return folder, home


def _secrets(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()
    }


def _calls(folder: Path, ledger: fd.Ledger, out: Path) -> dict[str, Callable[[], object]]:
    """Everything that reads, writes, copies or encloses files of a ledger."""
    claim_id = "rain"
    source = folder.parent / "source.txt"
    source.write_text("a new source")
    notebook = out / "page.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# Who said what?")]), notebook)
    return {
        "log": lambda: ledger.log("It hailed.", claimant="C. Stone"),
        "attach": lambda: ledger.attach(claim_id, file=source, stance="supports"),
        "set_status": lambda: ledger.set_status(claim_id, "mixed", rationale="Seen again."),
        "edit": lambda: ledger.edit("claims", claim_id, note="again", why="a test"),
        "seal": lambda: ledger.seal(),
        "scratch": lambda: ledger.scratch(),
        "check": lambda: ledger.check(),
        "verify": lambda: ledger.verify(),
        "restore": lambda: ledger.restore(),
        "refresh": lambda: ledger.refresh(),
        "share": lambda: fd.share(
            notebook, out / "page.html", ledger=folder / "claims.csv", evidence=True, allow_findings=True
        ),
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__.strip("_"))
def test_what_is_no_file_is_refused_by_name_when_the_ledger_is_opened(sealed, tmp_path, kind, tally):
    tried = 0
    for at, place in enumerate(_places(sealed)):
        if place == ".factdesk/lock" and kind is _folder:
            continue  # a folder there is no danger, and nobody can write
        folder, home = _stranger_s(sealed, tmp_path / str(at))
        (folder / "claims" / place).unlink()
        kind(folder / "claims" / place, home / "secret")
        if kind is _folder and place.startswith((".factdesk/known", "snapshots", "seals/")):
            continue  # an empty folder where a file may be: nothing is read there
        with within_seconds(20), pytest.raises(LedgerUnreadable) as refused:
            fd.open(folder / "claims.csv", by="Ada Quist")
        assert f"claims/{place}" in str(refused.value), place
        assert _secrets(home) == {"secret": SECRET}
        tried += 1
    tally("a link, pipe, device or folder in the place of each file, opened", tried=tried, followed=0)


@pytest.mark.parametrize("place", FOLDERS)
def test_a_folder_that_is_a_link_is_refused_by_name(sealed, tmp_path, place, tally):
    folder, home = _stranger_s(sealed, tmp_path)
    inner = folder / "claims" / place
    target = home / "folder"
    shutil.move(inner, target)
    before = _secrets(home)
    inner.symlink_to(target, target_is_directory=True)
    with within_seconds(20), pytest.raises(LedgerUnreadable) as refused:
        fd.open(folder / "claims.csv", by="Ada Quist")
    assert inner.relative_to(folder).as_posix() in str(refused.value)
    assert _secrets(home) == before
    tally("a folder of a ledger that is a link, opened", tried=1, followed=0)


def test_the_csv_itself_may_be_a_link(sealed, tmp_path):
    folder, _ = _stranger_s(sealed, tmp_path)
    (tmp_path / "short.csv").symlink_to(folder / "claims.csv")
    ledger = fd.open(tmp_path / "short.csv", by="Ada Quist")
    ledger.log("It hailed.", claimant="C. Stone")
    assert len(fd.open(folder / "claims.csv").claims) == len(ledger.claims)


def _swapped(sealed: Path, to: Path, place: str, kind: Callable[[Path, Path], None]) -> int:
    """Put something else in the place of a file of an open ledger, and call everything; return how many calls."""
    folder, home = _stranger_s(sealed, to)
    (to / "out").mkdir()
    ledger = fd.open(folder / "claims.csv", by="Ada Quist")
    inner = folder / "claims" / place
    if inner.is_dir():
        shutil.move(inner, home / "folder")
        secret = home / "folder"
    else:
        inner.unlink(missing_ok=True)
        secret = home / "secret"
    kind(inner, secret)
    before = _secrets(home)
    calls = _calls(folder, ledger, to / "out")
    for name, call in calls.items():
        with within_seconds(60), suppress(FactdeskError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = call()
            if name == "scratch":
                copied = b"".join(p.read_bytes() for p in made.path.parent.rglob("*") if p.is_file())
                assert b"key-4711" not in copied, place
        assert _secrets(home) == before, (place, name)
    page = to / "out" / "page.html"
    if page.exists() and inner.name != "folder":
        assert b"key-4711" not in page.read_bytes(), place
    return len(calls)


@pytest.mark.parametrize(
    "kind", [_link, _pipe] if not LONG else [_link, _link_to_nothing, _link_to_a_device, _pipe]
)
def test_no_call_of_an_open_ledger_follows_what_was_put_there_since(sealed, tmp_path, kind, tally):
    places = (
        _places(sealed) if LONG or kind is _link else ["ledger.toml", ".factdesk/journal", "statuses.csv"]
    )
    if not LONG:  # what is known of each table is read by the same lines
        places = [one for one in places if not re.search(r"known/(?!claims|seals)", one)]
    for at, place in enumerate([*places, *(FOLDERS if kind is _link else ())]):
        tried = _swapped(sealed, tmp_path / str(at), place, kind)
        tally("the same put there since, in the place of files and folders, by call", tried=tried, followed=0)


def test_a_file_with_another_name_elsewhere_is_parted_from_it_before_it_is_written(sealed, tmp_path, tally):
    folder, home = _stranger_s(sealed, tmp_path)
    for place in _places(sealed):
        inner = folder / "claims" / place
        (home / "other").mkdir(exist_ok=True)
        os.link(inner, home / "other" / place.replace("/", "_"))
    os.link(folder / "claims.csv", home / "other" / "claims.csv")
    before = _secrets(home)
    (tmp_path / "out").mkdir()
    ledger = fd.open(folder / "claims.csv", by="Ada Quist")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, call in _calls(folder, ledger, tmp_path / "out").items():
            call()
            assert _secrets(home) == before, name
    assert "It hailed." in set(fd.open(folder / "claims.csv").claims["claim"])
    tally(
        "files that have another name elsewhere, by call",
        tried=len(before) * len(_calls(folder, ledger, tmp_path / "out")),
        followed=0,
    )


SHAPES = (
    "[]", "null", "4711", '{"claims": 1}', '{"claims": []}', '{"claims": [0, "", [], 5]}',
    '{"claims": [0, "", [["a"]], []]}', '{"claims": [-1, "", [], []]}', '{"claims": ["0", "", [], []]}',
    '{"claims": [true, "", [], []]}', '{"claims": [0, 7, [], []]}', '{"other": [0, "", [], []]}',
    '{"claims": [0, "", [], [["rain", "no column", "", ""]]]}', '{"claims": [0, "", [], [["rain", "note", 1, ""]]]}',
    '{"claims": [0, "", [], [[]]]}', '{"claims": [0, "\\ud800", [], []]}', "[" * 100_000 + "]" * 100_000, "{",
)  # fmt: skip


ROWS = (
    ["id", "a,b\n"], ["hail", "<<<<<<< HEAD\n"], ["hail", ""], ["hail", "\0\n"], ["hail", 'hail,"open\n'],
    ["hail", "claim_id,claim\n"], ["hail", "hail" + "," * 11 + "\nhail" + "," * 11 + "\n"],
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_a_journal_whose_lines_are_no_rows_is_set_aside_and_not_carried_out(sealed, tmp_path, row):
    folder, _ = _stranger_s(sealed, tmp_path)
    claims = (folder / "claims.csv").read_bytes()
    body = json.dumps({"claims": [len(claims), claims.decode()[-40:], [row], []]})
    place = folder / "claims" / ".factdesk" / "journal"
    place.write_text(f"{journal._checksum(body)} {body}\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ledger = fd.open(folder / "claims.csv", by="Ada Quist")
        assert set(ledger.claims["claim_id"]) == {"rain", "snow"}
        ledger.log("It hailed.", claimant="C. Stone", claim_id="stones")
    assert (folder / "claims.csv").read_bytes().startswith(claims)
    assert set(fd.open(folder / "claims.csv").claims["claim_id"]) == {"rain", "snow", "stones"}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[:40])
def test_a_journal_with_the_right_checksum_and_the_wrong_shape_is_refused_and_nothing_is_written(
    sealed, tmp_path, shape, tally
):
    folder, _ = _stranger_s(sealed, tmp_path)
    place = folder / "claims" / ".factdesk" / "journal"
    place.write_text(f"{journal._checksum(shape)} {shape}\n")
    before = samples.files(folder)
    with within_seconds(20), pytest.raises(LedgerUnreadable, match="journal"):
        fd.open(folder / "claims.csv", by="Ada Quist")
    assert samples.files(folder) == before
    tally("journals of the right checksum and the wrong shape", tried=1, followed=0)


PROGRAMS = (
    "core.fsmonitor", "core.pager", "pager.log", "pager.rev-list", "core.editor", "sequence.editor", "core.sshCommand",
    "core.gitProxy", "core.askPass", "core.alternateRefsCommand", "credential.helper", "diff.external", "diff.x.textconv",
    "diff.x.command", "filter.x.clean", "filter.x.smudge", "filter.x.process", "merge.x.driver", "gpg.program",
    "gpg.ssh.program", "gpg.x509.program", "interactive.diffFilter", "uploadpack.packObjectsHook", "web.browser",
    "browser.x.cmd", "difftool.x.cmd", "trailer.x.command", "receive.procReceiveRefs",
)  # fmt: skip
"""Keys of Git's configuration that name a program (git-config(1))."""


def _git(folder: Path, *words: str, **given: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.skipif(not shutil.which("git"), reason="git is not there")
def test_no_program_that_a_stranger_s_git_configuration_names_is_run(sealed, tmp_path, tally):
    folder, marker = tmp_path / "theirs", tmp_path / "was run"
    shutil.copytree(sealed, folder)
    run = f"touch '{marker}'; echo"
    _git(folder, "init", "-q", "-b", "main")
    for key, value in {"user.name": "Ada", "user.email": "ada@example.org"}.items():
        _git(folder, "config", key, value)
    claims = (folder / "claims.csv").read_bytes()
    (folder / ".gitattributes").write_text("*.csv diff=x filter=x merge=x\n")
    for at, data in enumerate(
        (claims, claims.replace(b"snow,", b"hail,"), claims, claims[: claims.index(b"snow,")])
    ):
        (folder / "claims.csv").write_bytes(data)
        _git(folder, "add", "-A")
        _git(folder, "commit", "-qm", str(at))
    lost = _git(folder, "rev-parse", "HEAD~2:claims.csv").strip()
    (folder / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    for key in PROGRAMS:
        _git(folder, "config", key, run)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in (
        "post-checkout",
        "pre-auto-gc",
        "reference-transaction",
        "post-index-change",
        "fsmonitor-watchman",
    ):
        (hooks / name).write_text(f"#!/bin/sh\n{run}\n")
        (hooks / name).chmod(0o755)
    settings = {
        "core.hooksPath": str(hooks), "log.showSignature": "true", "extensions.partialClone": "origin",
        "remote.origin.promisor": "true", "remote.origin.url": f"ext::sh -c touch% '{marker}'",
        "protocol.allow": "always", "protocol.ext.allow": "always", "core.repositoryFormatVersion": "1",
        "alias.rev-list": f"!{run}", "alias.cat-file": f"!{run}", "alias.config": f"!{run}",
    }  # fmt: skip
    for key, value in settings.items():
        _git(folder, "config", key, value)
    marker.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ledger = fd.open(folder / "claims.csv")
        assert "orphan" in set(ledger.check()["code"])
        calls = (
            ledger.check,
            ledger.hand_edits,
            ledger.restore,
            ledger.verify,
            ledger.__repr__,
            ledger.scratch,
        )
        for call in calls:
            with suppress(FactdeskError):
                call()
        with suppress(FactdeskError):
            ledger.log("It hailed.", claimant="C. Stone")
    assert not marker.exists()
    keys = len(PROGRAMS) + len(settings) + len(list(hooks.iterdir()))
    tally(
        "programs that Git's configuration and hooks name, by call", tried=keys * (len(calls) + 3), followed=0
    )
    _git(folder, "log", "-S", "snow", "-p", "--", "claims.csv")
    assert marker.exists()  # else nothing was tried


def test_a_pipe_in_the_place_of_a_notebook_or_a_page_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "a.ipynb")
    os.mkfifo(tmp_path / "page.html")
    for call in (
        lambda: fd.share(tmp_path / "a.ipynb", tmp_path / "out.html"),
        lambda: fd.share(tmp_path, tmp_path / "site"),
        lambda: fd.unpack(tmp_path / "page.html", tmp_path / "given"),
        lambda: fd.provenance(tmp_path / "page.html"),
    ):
        with within_seconds(20), pytest.raises(FactdeskError):
            call()


@pytest.mark.parametrize("size", [1 << 40, 3_900_000_000])
@pytest.mark.parametrize(
    "place", ["claims/ledger.toml", "claims/.factdesk/journal", "claims/seals.csv", "claims.csv"]
)
def test_a_file_that_is_a_hole_takes_no_memory(sealed, tmp_path, place, size):
    folder, _ = _stranger_s(sealed, tmp_path)
    with (folder / place).open("r+b") as file:
        try:
            file.truncate(size)
        except OSError:
            pytest.skip("this disk makes no such file")
    with within_seconds(20), pytest.raises(LedgerUnreadable, match="bytes"):
        fd.open(folder / "claims.csv", by="Ada Quist").verify()


@pytest.mark.parametrize("kind", [_link, _link_to_a_device, _pipe], ids=lambda kind: kind.__name__.strip("_"))
def test_git_attributes_that_are_no_file_keep_a_ledger_from_being_made(tmp_path, kind):
    (tmp_path / "secret").write_bytes(SECRET)
    kind(tmp_path / ".gitattributes", tmp_path / "secret")
    with within_seconds(20), pytest.raises(WriteFailed, match=r"\.gitattributes.* The ledger was not made"):
        fd.create(tmp_path / "claims.csv", title="Rain")
    assert not (tmp_path / "claims.csv").exists() and (tmp_path / "secret").read_bytes() == SECRET


@pytest.mark.skipif(not shutil.which("git"), reason="git is not there")
def test_a_history_of_far_more_bytes_than_lie_on_the_disk_is_left_out(sealed, tmp_path, monkeypatch):
    monkeypatch.setattr(git, "MOST_BYTES", 1_000_000)
    folder, _ = _stranger_s(sealed, tmp_path)
    claims = (folder / "claims.csv").read_bytes()
    _git(folder, "init", "-q", "-b", "main")
    for key, value in {"user.name": "Ada", "user.email": "ada@example.org"}.items():
        _git(folder, "config", key, value)
    for at, data in enumerate((claims, bytes(2_000_000), claims)):
        (folder / "claims.csv").write_bytes(data)
        _git(folder, "add", "-A")
        _git(folder, "commit", "-qm", str(at))
    names = [f"HEAD~{at}:./claims.csv" for at in (2, 1, 0)]
    assert list(git._objects(folder, names)) == [claims, b"", claims]
    assert git.ever_held(folder / "claims.csv", ["It rained", "\0\0"]) == {"It rained"}


@pytest.mark.skipif(not shutil.which("git"), reason="git is not there")
def test_a_configuration_that_waits_for_a_pipe_is_waited_for_once(sealed, tmp_path, monkeypatch):
    monkeypatch.setattr(git, "SECONDS", 0.5)
    folder, _ = _stranger_s(sealed, tmp_path)
    _git(folder, "init", "-q")
    os.mkfifo(folder / ".git" / "fifo")
    with (folder / ".git" / "config").open("a") as config:
        config.write("[include]\n\tpath = fifo\n")
    with within_seconds(20):
        ledger = fd.open(folder / "claims.csv")
        ledger.check()
        assert repr(ledger)


def test_a_hole_is_copied_as_a_hole(sealed, tmp_path):
    folder, _ = _stranger_s(sealed, tmp_path)
    with (folder / "claims" / "snapshots" / "hole").open("wb") as file:
        file.truncate(90_000_000)
    copy = fd.open(folder / "claims.csv").scratch()
    copied = copy.path.with_suffix("") / "snapshots" / "hole"
    assert copied.stat().st_size == 90_000_000
    assert copied.stat().st_blocks * 512 < 1_000_000


SOME = KINDS if LONG else (_link, _pipe, _folder)
NOTES = ("imports/sheet.toml", "imports", *(("imports/sheet.csv", "imports/i-a.toml") if LONG else ()))


@pytest.mark.parametrize("kind", SOME, ids=lambda kind: kind.__name__.strip("_"))
def test_a_stranger_s_ledger_with_links_in_it_brings_nothing_of_theirs_in(sealed, tmp_path, kind, tally):
    """The folder may be prepared before it is opened, or while it is being merged."""
    places = [one for one in _places(sealed) if not one.startswith(".factdesk/known")]
    mine = samples.rain_files(tmp_path / "mine") / "claims.csv"
    if not LONG:
        places = [one for one in places if one.startswith("snapshots/")] + ["sources.csv"]
    before = samples.files(mine.parent)
    for at, place in enumerate(places):
        folder, home = _stranger_s(sealed, tmp_path / str(at))
        (folder / "claims" / place).unlink()
        kind(folder / "claims" / place, home / "secret")
        with within_seconds(20), suppress(FactdeskError):
            coming = fd.import_table(folder / "claims.csv", mine, by="Ada Quist")
            assert SECRET.decode() not in repr(coming)
        assert _secrets(home) == {"secret": SECRET}
        assert samples.files(mine.parent) == before, place
    tally("a link, pipe, device or folder in a ledger that is imported", tried=len(places), followed=0)


@pytest.mark.parametrize("kind", SOME, ids=lambda kind: kind.__name__.strip("_"))
def test_notes_of_imports_that_are_no_files_are_not_followed(tmp_path, kind):
    """Neither what a stranger keeps of a sheet is read through a link, nor what comes of the next one written there."""
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Claim,Speaker\nIt hailed.,Radio\n,Nobody\n", "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    (home / "secret").write_bytes(SECRET)
    for at, place in enumerate(NOTES):
        folder = tmp_path / str(at)
        ledger = (
            fd.import_table(sheet, samples.rain_files(folder) / "claims.csv", by="Ada Quist").write().ledger
        )
        path = ledger.path.with_suffix("") / place
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        kind(path, home if place == "imports" and kind is _link else home / "secret")
        with within_seconds(20), suppress(FactdeskError):
            again = fd.open(ledger.path, by="Ada Quist")
            coming = fd.import_table(sheet.with_name("sheet.csv"), again)
            assert SECRET.decode() not in repr(coming) + repr(again.imports)
            coming.write()
        assert _secrets(home) == {"secret": SECRET}, place
