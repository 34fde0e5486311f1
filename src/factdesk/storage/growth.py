"""Whether a file is what it was and more: the part that is known by its hash, and the lines that were added."""

from __future__ import annotations

from dataclasses import dataclass

import xxhash

from factdesk.storage.baseline import Signature
from factdesk.storage.folder import read_up_to

Hashes = tuple[tuple[int, str], ...]
"""What bytes a file had, part by part: up to where, and the hash of the part; nothing where that is not known."""


@dataclass(frozen=True)
class Written:
    """What a table is after it was written to: its signature, and what was added; None where it was written anew."""

    signature: Signature
    lines: bytes | None


def hashes_of(data: bytes, start: int = 0) -> Hashes:
    """Return the hash of a file's bytes, or of those from somewhere on.

    >>> hashes_of(b"a")
    ((1, 'a96faf705af16834e6c632b61e964e1f'),)
    """
    return ((start + len(data), hash_of(data)),)


def added_to(hashes: Hashes, written: Written) -> Hashes:
    """Return the hashes of a file after it was written to."""
    if written.lines is None or not hashes:
        return ()
    return (*hashes, *hashes_of(written.lines, hashes[-1][0]))


def grown(descriptor: int, hashes: Hashes, size: int, is_sure: bool = False) -> bytes | None:
    """Return what was added to a file of a size now; None where it is not what it was before that.

    `is_sure` says that its first bytes need not be read to know that.
    """
    if not hashes or size <= hashes[-1][0]:
        return None
    known = hashes[-1][0]
    first = max(known - 1, 0) if is_sure else 0
    data = memoryview(read_up_to(descriptor, size - first, first))
    if len(data) < size - first:
        return None
    start = 0
    for end, held in hashes if not is_sure else ():
        if hash_of(data[start:end]) != held:
            return None
        start = end
    return bytes(data[known - first :]) if data[known - first - 1] == 10 else None


def hash_of(data: bytes | memoryview) -> str:
    """Return the hash of bytes, to know them by; it is none that could not be forged."""
    return xxhash.xxh3_128_hexdigest(data)
