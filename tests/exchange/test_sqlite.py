"""A ledger as a database: tables that join, and a stranger's file that is read and never run."""

import sqlite3

import pytest
import samples

import factdesk as fd
from factdesk import schema
from factdesk.errors import TableUnreadable
from factdesk.exchange import sqlite
from factdesk.exchange.export import read_ledger_tables


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = fd.export(samples.sample_ledger(), tmp_path_factory.mktemp("out") / "sample.sqlite")
    with sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True) as opened:
        yield opened


def test_it_is_whole_and_every_row_that_is_referred_to_is_there(base):
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    refers = {row[2] for name in schema.TABLES for row in base.execute(f"PRAGMA foreign_key_list({name})")}
    assert refers == {"claims", "sources"}
    for name, table in schema.TABLES.items():
        keys = [row[1] for row in base.execute(f"PRAGMA table_info({name})") if row[5]]
        assert keys == [table.id]


def test_the_view_says_what_the_ledger_says_of_its_latest_day(base):
    held = samples.sample_ledger().status_on()
    found = base.execute(
        "SELECT claim_id, claim, status, rationale FROM status_now ORDER BY rowid"
    ).fetchall()
    cells = [held[name].astype("str").fillna("") for name in ("claim_id", "claim", "status", "rationale")]
    assert [(*row[:3], row[3] or "") for row in found] == list(zip(*cells, strict=True))


def test_what_is_not_known_is_null_and_a_size_is_a_number(tmp_path):
    path = fd.export(samples.rain(tmp_path), tmp_path / "out.db")
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT count(*) FROM claims WHERE made_on IS NULL").fetchone() == (1,)
        assert base.execute("SELECT typeof(bytes) FROM snapshots").fetchone() == ("integer",)
        settings = dict(base.execute("SELECT name, value FROM settings"))
    assert settings["title"] == "Rain" and len(settings["digest"]) == 32


def test_columns_that_differ_in_capitals_and_ids_that_stand_twice_are_kept(tmp_path):
    ledger = samples.rain(tmp_path)
    path = ledger.path
    path.write_text("\n".join(f"{line},{more}" for line, more in zip(path.read_text("utf-8").splitlines(), ["Mine,mine", "x,1", "y,2"], strict=True)) + "\n")  # fmt: skip
    table = read_ledger_tables(fd.export(fd.open(path), tmp_path / "out.db"))["claims"]
    assert (table["Mine"].tolist(), table["mine_"].tolist()) == (["x", "y"], ["1", "2"])


MAKES = "CREATE TABLE claims ({})".format(", ".join(schema.CLAIMS.names))
NAMES = ", ".join(f"'x' AS {name}" for name in schema.CLAIMS.names)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (f"CREATE VIEW claims AS SELECT {NAMES}", "no plain table"),
        (f"CREATE VIEW claims AS WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a FROM n) SELECT {NAMES} FROM n", "no plain table"),
        (f"CREATE VIRTUAL TABLE claims USING fts5({', '.join(schema.CLAIMS.names)})", "no plain table"),
        (f"{MAKES[:-1]}, extra AS (hex(zeroblob(100000000))))", ""),
        (f"CREATE TABLE claims (claim_id, claim AS (hex(zeroblob(100000000))), {', '.join(schema.CLAIMS.names[2:])})", "lacks claim"),
        (f"{MAKES}; CREATE TRIGGER t AFTER INSERT ON claims BEGIN SELECT hex(zeroblob(1000)); END; INSERT INTO claims (claim_id) VALUES ('a')", ""),
        (f"{MAKES}; CREATE INDEX i ON claims (abs(claim_id))", ""),
        (f"{MAKES}; INSERT INTO claims (claim_id) VALUES (x'00ff')", "holds bytes"),
        (f"{MAKES}; INSERT INTO claims (claim) VALUES (printf('%.*c', 5000000, 'x'))", "too big"),
        ("CREATE TABLE claims ({})".format(", ".join(f"a{n}" for n in range(1500))), "damaged|lacks"),
        ("CREATE TABLE claims (claim_id)", "lacks claim, claimant"),
        (f"CREATE TABLE other (a); {MAKES.replace('claims', 'Claims')}", "no table of claims"),
    ],
)  # fmt: skip
def test_nothing_of_a_strangers_database_is_run_and_what_is_no_table_is_refused(tmp_path, script, why):
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as made:
        try:
            made.executescript(script)
        except sqlite3.OperationalError as error:
            pytest.skip(str(error))
    before = path.read_bytes()
    if why:
        with pytest.raises(TableUnreadable, match=why):
            read_ledger_tables(path)
    else:
        assert set(read_ledger_tables(path)["claims"].columns) == set(schema.CLAIMS.names)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["theirs.db"]


def test_a_database_with_a_journal_beside_it_is_read_as_it_stands(tmp_path):
    path = fd.export(samples.rain(tmp_path), tmp_path / "out.db")
    data = bytearray(path.read_bytes())
    data[18:20] = b"\2\2"  # says that it is written with a journal of another kind
    path.write_bytes(data)
    path.with_name("out.db-wal").write_bytes(b"x" * 100)
    path.with_name("out.db-journal").write_bytes(b"x" * 100)
    assert len(read_ledger_tables(path)["claims"]) == 2


def test_bytes_that_were_changed_at_random_are_read_or_refused(tmp_path):
    import random

    chance = random.Random(7)
    whole = fd.export(samples.rain(tmp_path), tmp_path / "out.db").read_bytes()
    path = tmp_path / "broken.db"
    for _ in range(80):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 3, 30])):
            data[chance.randrange(16, len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice([len(data), chance.randrange(200, len(data))])])
        try:
            read_ledger_tables(path)
        except TableUnreadable as refused:
            assert str(refused)


def test_a_table_that_says_it_holds_more_than_the_file_is_not_believed(tmp_path, monkeypatch):
    path = fd.export(samples.rain(tmp_path), tmp_path / "out.db")
    with pytest.raises(ValueError, match="more than it can"), sqlite3.connect(path) as base:
        base.text_factory = lambda data: data.decode()
        sqlite._rows(base, "claims", 10)
