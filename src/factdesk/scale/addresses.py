"""Where a store lies: its address read, and written so that no password is in it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from factdesk.errors import FactdeskError, InvalidValue, StoreFailed

ALLOWED = (
    "duckdb:// (in memory), duckdb:///folder/file.duckdb, postgres://user:password@host:port/database, "
    "spark://local[2]/folder or spark://host:port/folder; in a user and a password / @ : ? # % are written "
    "%2F %40 %3A %3F %23 %25"
)
_PART = r"(?:[^\s/?#@:%\x00-\x1f]|%[0-9A-Fa-f]{2})"
_HOST = r"(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d+)?"
_POSTGRES = re.compile(
    rf"postgres(?:ql)?://(?:(?P<user>{_PART}*)(?::(?P<password>{_PART}*))?@)?"
    rf"(?P<place>(?:{_HOST}(?:,{_HOST})*)?(?:/{_PART}*)?)(?:\?(?P<options>[^\s#?@]*))?"
)
_SPARK = re.compile(r"spark://(?P<master>[\w.:,*\[\]-]+)(?P<folder>/[^\x00]*)?")


@dataclass(frozen=True)
class Address:
    """Where a store lies.

    Attributes
    ----------
    engine : str
        `duckdb`, `postgres` or `spark`.
    shown : str
        The address as it may be shown: without its password and its options.
    whole : str
        The address with all that it takes to connect.
    place : pathlib.Path or None
        The file or folder of an engine that runs here; None for one that is to be forgotten.
    """

    engine: str
    shown: str
    whole: str = field(default="", repr=False)
    place: Path | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @contextlib.contextmanager
    def failing(self) -> Iterator[None]:
        """Tell what a driver says in our words, and never with the password, in whatever way it spells it."""
        try:
            yield
        except FactdeskError:
            raise
        except Exception as error:  # each driver has classes of its own
            words = str(error).strip().split("\n")[0] or type(error).__name__
            for secret in sorted({*self.secrets, *map(unquote, self.secrets)}, key=len, reverse=True):
                words = words.replace(secret, "…")
            raise StoreFailed(self.shown, words[:300]) from None


def parsed(address: object) -> Address:
    """Parse an address.

    Raises
    ------
    InvalidValue
        Where it is none; its words are not repeated, as any of them may be a password.

    Examples
    --------
    >>> parsed("postgres://ada:s3cret@db.example/desk?sslmode=require").shown
    'postgres://ada@db.example/desk'
    >>> parsed("duckdb:///srv/desk.duckdb").place.name
    'desk.duckdb'
    """
    engine, there, rest = address.partition("://") if isinstance(address, str) else ("", "", "")
    if engine == "duckdb" and there and "\0" not in rest:
        return Address("duckdb", f"duckdb://{rest}", place=Path(rest).resolve() if rest else None)
    if engine in ("postgres", "postgresql") and (found := _POSTGRES.fullmatch(str(address))):
        user, password, place = found["user"], found["password"], found["place"]
        options = parse_qsl(found["options"] or "", keep_blank_values=True)
        secrets = [password or "", *(value for name, value in options if "password" in name.lower())]
        shown = f"postgres://{f'{user}@' if user else ''}{place}"
        return Address("postgres", shown, str(address), secrets=tuple(filter(None, secrets)))
    if engine == "spark" and (found := _SPARK.fullmatch(str(address))):
        master, folder = found["master"], found["folder"]
        is_name = re.match(r"local\b|yarn$", master)
        whole = master if is_name else f"spark://{master}"
        place = Path(folder).resolve() if folder and folder != "/" else None
        return Address("spark", str(address), whole, place)
    raise InvalidValue("address", f"{engine if there and engine.isalpha() else ''}://…", ALLOWED)
