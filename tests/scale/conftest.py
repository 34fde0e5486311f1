"""The engines that stores are tried on, each started once: DuckDB, PostgreSQL and Spark, those that are here."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import factdesk as fd


def _binary(name: str) -> str | None:
    found = shutil.which(name)
    return found or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server of this session's own, on a socket in a folder of its own."""
    initdb, server = _binary("initdb"), _binary("pg_ctl")
    if not initdb or not server:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not on this machine")
    other, owner = [], None
    if os.geteuid() == 0:  # the server refuses to be run by root
        if not shutil.which("setpriv"):
            pytest.skip("PostgreSQL does not run as root, and there is no setpriv to run it as nobody")
        other, owner = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"], "nobody"
    folder = Path(tempfile.mkdtemp(prefix="factdesk-pg-", dir="/tmp"))
    if owner:
        shutil.chown(folder, owner)
    data = folder / "data"

    def run(*words: str) -> None:
        subprocess.run([*other, *words], cwd=folder, check=True, capture_output=True, timeout=120)

    made = ("-U", "ada", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    try:
        run(initdb, "-D", str(data), *made)
        # what it writes goes to a file: else it keeps this process's pipe
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(server, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {error.stderr.decode()[-200:]}")
    yield f"postgres://ada:s3cr%2Ft@/postgres?host={folder}"
    run(server, "-D", str(data), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stores(request, tmp_path_factory):
    """Connect to an engine under a name; each engine is started once."""
    opened = {}

    def connected(engine: str, name: str = "desk") -> fd.scale.Store:
        if (engine, name) not in opened:
            address = "duckdb://"
            if engine == "postgres":
                address = request.getfixturevalue("postgres")
            if engine == "spark":
                if not importlib.util.find_spec("pyspark"):
                    pytest.skip("pyspark is not installed")
                address = f"spark://local[2]{tmp_path_factory.mktemp('spark')}"
            opened[engine, name] = fd.scale.connect(address, name=name)
        return opened[engine, name]

    yield connected
    for store in opened.values():
        store.close()
