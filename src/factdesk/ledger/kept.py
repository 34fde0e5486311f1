"""What follows from rows: worked out once, and kept until a row is written that it follows from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

Made = TypeVar("Made")
P = ParamSpec("P")


class Keeps(Protocol):
    """Holds what was worked out, each with the tables from which it follows."""

    _kept: dict[tuple[object, ...], tuple[set[object], Any]]


K = TypeVar("K", bound=Keeps)


def once(
    *follows_from: str,
) -> Callable[[Callable[Concatenate[K, P], Made]], Callable[Concatenate[K, P], Made]]:
    """Keep what a method returns until a row is written of one of these tables, or of the one it is asked about.

    >>> class Counted:
    ...     _kept = {}
    ...     @once("claims")
    ...     def work(self):
    ...         print("worked out")
    ...         return 7
    >>> counted = Counted()
    >>> counted.work(), counted.work()
    worked out
    (7, 7)
    """

    def keeping(make: Callable[Concatenate[K, P], Made]) -> Callable[Concatenate[K, P], Made]:
        @wraps(make)
        def kept(self: K, /, *about: P.args, **options: P.kwargs) -> Made:
            key = (make.__name__, *about)
            if key not in self._kept:
                self._kept[key] = ({*follows_from, *about}, make(self, *about, **options))
            made: Made = self._kept[key][1]
            return made

        return kept

    return keeping
