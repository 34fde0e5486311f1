"""No password of an address is ever shown."""

import traceback

import pytest

import factdesk as fd
from factdesk.errors import InvalidValue, StoreFailed
from factdesk.scale.addresses import parsed

SECRET = "hunter2"


@pytest.mark.parametrize(
    "address",
    [
        f"postgres://ada:{SECRET}@127.0.0.1:1/desk",
        f"postgresql://ada:{SECRET}%2F@127.0.0.1:1/desk?connect_timeout=1",
        f"postgres://127.0.0.1:1/desk?user=ada&password={SECRET}",
        f"postgres://ada:{SECRET}@127.0.0.1:1/desk?no_such_option={SECRET}",
        f"postgres://ada:{SECRET}@no-such-host.invalid/desk?connect_timeout=1",
    ],
)
def test_a_server_that_is_not_there_is_named_without_the_password(address):
    pytest.importorskip("psycopg")
    with pytest.raises(StoreFailed) as caught:
        fd.scale.connect(address)
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET not in told.replace(address, "")
    assert SECRET not in repr(parsed(address))
    assert "postgres://" in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        f"postgres://ada:{SECRET}/x@host/desk", f"postgres://ada:{SECRET}#@host/desk", f"postgres://ada:{SECRET}@x@host/desk",
        f"postgres://ada:{SECRET}?@host/desk", f"postgres://ada:%zz{SECRET}@host/desk", f"mysql://ada:{SECRET}@host/desk",
        f"{SECRET}://", f"ada:{SECRET}@host", f"spark://ada:{SECRET}@host/", f"duckdb://\0{SECRET}", None, 3, b"duckdb://",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_not_repeated(address):
    with pytest.raises(InvalidValue) as caught:
        fd.scale.connect(address)
    told = "".join(traceback.format_exception(caught.value, chain=True)).split("InvalidValue", 1)[1]
    assert SECRET not in told or f"{SECRET}://" == address
    assert "postgres://user:password@host" in str(caught.value)


@pytest.mark.parametrize(
    "name", ["", "Desk", "a b", "a'; drop table x", '"', "../up", "a" * 41, "1a", "a\0", None]
)
def test_a_name_is_a_plain_word(name):
    with pytest.raises(InvalidValue, match="a letter first"):
        fd.scale.connect("duckdb://", name=name)


def test_places_are_read():
    assert parsed("spark://local[2]").place is None
    assert (parsed("spark://local[2]/srv/desk").whole, str(parsed("spark://h:7077/srv").place)) == (
        "local[2]",
        "/srv",
    )
    assert parsed("spark://h:7077/srv").whole == "spark://h:7077"
    assert parsed("duckdb://md:cloud").place.is_absolute()


def test_an_engine_that_is_not_installed_is_told_with_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    for address, package in (("postgres://h/d", "psycopg, or its libpq"), ("spark://local[1]", "pyspark")):
        with pytest.raises(ImportError, match=rf"{package}, which is not installed\. pip install"):
            fd.scale.connect(address)
    monkeypatch.setitem(sys.modules, "ibis", None)
    monkeypatch.delitem(sys.modules, "factdesk.scale.engines", raising=False)
    monkeypatch.delattr("factdesk.scale.engines", raising=False)
    with pytest.raises(ImportError, match=r"factdesk\[scale\]"):
        fd.scale.connect("duckdb://")
