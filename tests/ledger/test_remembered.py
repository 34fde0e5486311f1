"""A ledger opened from the reading cache is the one that its files hold, whatever was done to them since."""

import os
import warnings
from pathlib import Path

import pytest
from faults import LONG
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factdesk as fd
from factdesk.ledger.ledger import Ledger
from factdesk.schema import TABLES
from factdesk.storage import reading_cache, table_file
from factdesk.storage.reading_cache import Cache

pytestmark = pytest.mark.filterwarnings("ignore::factdesk.errors.FactdeskWarning")


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """The folder of a cache that keeps ledgers of any size."""
    monkeypatch.setattr(reading_cache, "LEAST", 0)
    monkeypatch.setenv("FACTDESK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "readings"


@pytest.fixture
def path(tmp_path) -> Path:
    """A small ledger, not read by anybody yet."""
    (tmp_path / "desk").mkdir()
    made = begun(tmp_path / "desk" / "rain.csv")
    for name in ("one", "two", "three"):
        made.log(
            f"It rained, {name}.", claimant="The Daily", claim_id=name, made_on="2025-03-10", quote="a\nb"
        )
        made.attach(name, f"https://example.org/{name}", stance="supports", credibility=2)
        made.set_status(name, "supported", rationale="“So says” the gauge.", holds_from="2025-03-11")
    return made.path


def begun(path: Path) -> Ledger:
    """Return a new ledger."""
    return fd.create(path, title="Rain", by="Ada Quist")


def shown(path: Path) -> object:
    """Return all that a ledger shows, finds and proves; or the error that it opens with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ledger = fd.open(path, by="Bo Lind")
        except fd.FactdeskError as error:
            return str(error)
        frames = [getattr(ledger, name) for name in TABLES]
        known = ledger.as_known("2025-03-12").claims
        tables = [
            *frames,
            ledger.check(),
            ledger.hand_edits(),
            ledger.status_on(),
            ledger.counts(),
            known,
            ledger.withdrawn,
        ]
        texts = [(frame.to_csv(), frame.dtypes.astype(str).to_dict()) for frame in tables]
        return texts, ledger.digest(), ledger.unread, ledger.verify().to_csv()


def table(path: Path, name: str) -> Path:
    return path if name == "claims" else path.with_suffix("") / f"{name}.csv"


def _log(path: Path, at: int) -> None:
    fd.open(path, by="Cy").log(f"It hailed {at}.", claimant="Kurjer")


def _status(path: Path, at: int) -> None:
    fd.open(path, by="Cy").set_status("one", "refuted", rationale=f"Dry, {at}.", holds_from="2025-03-12")


def _withdraw(path: Path, at: int) -> None:
    fd.open(path, by="Cy").withdraw("claims", ["one", "two", "three"][at % 3], why="a slip")


def _edit(path: Path, at: int) -> None:
    fd.open(path, by="Cy").edit("claims", "three", why="a slip", claim=f"It rained, {at}.", due_on="2026")


def _by_hand(path: Path, at: int) -> None:
    _swap(table(path, ["claims", "statuses"][at % 2]), b"2025-03-1", b"2025-02-1")


def _wrongly_by_hand(path: Path, at: int) -> None:
    _swap(table(path, ["claims", "statuses", "evidence"][at % 3]), b"one", b"0ne")


def _line(path: Path, at: int) -> None:
    lines = [b"hand,Sleet.,Kurjer,,,,,,,,2025-03-12T09:00:00.000000Z,Bo\n", b"hand,Sleet", b"\n", b'x,"\n']
    with path.open("ab") as file:
        file.write(lines[at % 4])


def _sort(path: Path, at: int) -> None:
    file = table(path, ["claims", "statuses"][at % 2])
    header, *lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(header + b"".join(sorted(lines, reverse=True)))


def _columns(path: Path, at: int) -> None:
    import pandas as pd

    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame[frame.columns[::-1]].assign(mine=str(at)).to_csv(path, index=False)


def _checkout(path: Path, at: int) -> None:
    """Put an older file in the place, as Git does: another file of that name."""
    file = table(path, "statuses")
    new = file.with_name("new")
    new.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:2]))
    new.replace(file)


def _time_put_back(path: Path, at: int) -> None:
    """Change a file in place and put its time back, as some tools do: size, inode and time are the same."""
    held = path.stat()
    with path.open("r+b") as file:
        data = file.read()
        file.seek(0)
        file.write(data.replace(b"It rained", b"It poured"))
    os.utime(path, ns=(held.st_atime_ns, held.st_mtime_ns))


def _words(path: Path, at: int) -> None:
    text = table(path, "ledger").with_suffix(".toml")
    text.write_text(text.read_text("utf-8").replace('timezone = "UTC"', 'timezone = "Asia/Tokyo"'), "utf-8")


def _swap(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(file.read_bytes().replace(old, new, 1))


DONE = [
    _log, _status, _withdraw, _edit, _by_hand, _wrongly_by_hand, _line, _sort, _columns, _checkout, _time_put_back, _words,
]  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(DONE), st.integers(0, 11)), min_size=1, max_size=4)


@given(steps=STEPS)
@settings(
    max_examples=100 if LONG else 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_done_to_the_files_the_cache_shows_what_they_hold(steps, path, cache, tmp_path_factory):
    here = tmp_path_factory.mktemp("desk") / "rain.csv"
    _copy(path, here)
    for do, at in steps:
        shown(here)  # kept as it is before
        try:
            do(here, at)
        except fd.FactdeskError:
            continue
        from_cache = shown(here)
        os.environ["FACTDESK_CACHE"], kept = "off", os.environ["FACTDESK_CACHE"]
        try:
            assert from_cache == shown(here), f"after {do.__name__}"
        finally:
            os.environ["FACTDESK_CACHE"] = kept


def _copy(path: Path, to: Path) -> None:
    import shutil

    shutil.copy(path, to)
    shutil.copytree(path.with_suffix(""), to.with_suffix(""))


def read_whole(monkeypatch) -> list[str]:
    """Return the names of tables that are read whole from here on."""
    whole: list[str] = []
    read = table_file.read
    monkeypatch.setattr(table_file, "read", lambda *of: whole.extend({of[1].name} & set(TABLES)) or read(*of))
    return whole


def test_what_is_unchanged_or_was_added_to_is_not_read_again(path, cache, monkeypatch):
    first = shown(path)
    whole = read_whole(monkeypatch)
    ledger = fd.open(path)
    assert whole == []
    ledger.log("It hailed.", claimant="Kurjer")
    assert len(fd.open(path).claims) == 4
    assert whole == []
    assert first != shown(path)


def test_damage_is_noticed_and_what_was_kept_is_made_anew(path, cache, monkeypatch):
    known = shown(path)
    for suffix, spoil in ((".arrow", b"\xff" * 400), (".json", b"{"), (".json", b""), (".arrow", b"")):
        (file,) = cache.glob(f"*{suffix}")
        file.write_bytes(spoil + file.read_bytes()[len(spoil) :] if spoil else b"")
        assert shown(path) == known
    whole = read_whole(monkeypatch)
    fd.open(path)
    assert whole == []
    monkeypatch.setattr(reading_cache, "_boot", lambda: "another")  # the power was cut
    (file,) = cache.glob("*.arrow")
    held = file.stat()
    with file.open("r+b") as kept:
        kept.seek(held.st_size // 2)
        kept.write(b"\0" * 40)
    real = reading_cache.signature
    monkeypatch.setattr(
        reading_cache, "signature", lambda found: real(held) if found.st_ino == held.st_ino else real(found)
    )
    fd.open(path)
    assert set(whole) == set(TABLES)


def test_what_another_version_found_is_not_believed(path, cache, monkeypatch):
    known = shown(path)
    monkeypatch.setattr(reading_cache, "_code", lambda: "another")
    whole = read_whole(monkeypatch)
    fd.open(path)
    assert set(whole) == set(TABLES)
    whole.clear()
    fd.open(path)
    assert whole == []
    assert shown(path) == known


def test_a_cache_that_others_could_have_written_is_not_read(path, cache, monkeypatch):
    shown(path)
    assert Cache.of(path, path.with_suffix("")) is not None
    cache.chmod(0o770)
    assert Cache.of(path, path.with_suffix("")) is None
    cache.chmod(0o700)
    monkeypatch.setenv("FACTDESK_CACHE", str(path.with_suffix("")))
    assert Cache.of(path, path.with_suffix("")) is None
    monkeypatch.setenv("FACTDESK_CACHE", "off")
    assert Cache.of(path, path.with_suffix("")) is None
    assert not [file for file in cache.iterdir() if file.stat().st_mode & 0o077]


def test_small_ledgers_are_not_kept_and_of_large_ones_the_last_used(path, cache, monkeypatch, tmp_path):
    monkeypatch.setattr(reading_cache, "LEAST", 1_000_000)
    shown(path)
    assert not list(cache.glob("*.arrow"))
    monkeypatch.setattr(reading_cache, "LEAST", 0)
    monkeypatch.setattr(reading_cache, "MOST", 1)
    shown(path)
    (first,) = cache.glob("*.arrow")
    begun(tmp_path / "other.csv")
    assert [file for file in cache.glob("*.arrow") if file != first] == list(cache.glob("*.arrow"))


def test_what_can_not_be_kept_keeps_nobody_from_opening(path, cache, monkeypatch):
    known = shown(path)
    cache.parent.chmod(0o700)
    for file in cache.iterdir():
        file.unlink()
    cache.rmdir()
    cache.write_text("a file")
    assert shown(path) == known
