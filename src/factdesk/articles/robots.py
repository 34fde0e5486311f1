"""What a server lets robots fetch, by its robots.txt (RFC 9309): the longest rule that matches holds."""

from __future__ import annotations

import re
import string
from urllib.parse import quote

_CODED = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset(f"{string.ascii_letters}{string.digits}-._~")
NOTHING = "User-agent: *\nDisallow: /"
"""The rules of a server that lets no robot fetch anything."""


def allows(rules: str, robot: str, path: str) -> bool:
    """Return whether a robot may fetch a path, its query included; of two rules as long, the one that allows holds.

    >>> rules = "User-agent: *\\nDisallow: /news/\\nAllow: /news/*.html$"
    >>> [allows(rules, "factdesk", path) for path in ("/news/a", "/news/a.html", "/news/a.html?b", "/")]
    [False, True, False, True]
    """
    groups = _groups(rules)
    of = groups.get(robot.lower(), groups.get("*", []))
    path = _in_one_form(path)
    found = [(len(pattern), is_allowed) for is_allowed, pattern in of if _matches(pattern, path)]
    return path == "/robots.txt" or max(found, default=(0, True))[1]


def _groups(rules: str) -> dict[str, list[tuple[bool, str]]]:
    """Return the rules of each robot, whether each allows or not."""
    groups: dict[str, list[tuple[bool, str]]] = {}
    robots: list[str] = []
    is_open = False  # whether more robots may be named for the rules that follow
    for line in rules.lstrip("\ufeff").splitlines():
        key, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        if (key := key.lower()) == "user-agent":
            token = re.match(r"\*|[a-zA-Z_-]*", value)
            robots = [*(robots if is_open else []), token[0].lower() if token else ""]
            groups.setdefault(robots[-1], [])
            is_open = True
        elif key in ("allow", "disallow"):
            is_open = False
            for robot in robots if value else ():
                groups[robot].append((key == "allow", _in_one_form(value)))
    return groups


def _in_one_form(path: str) -> str:
    def decoded(one: re.Match[str]) -> str:
        letter = chr(int(one[1], 16))
        return letter if letter in _UNRESERVED else one[0].upper()

    return _CODED.sub(decoded, quote(path, safe=string.punctuation))


def _matches(pattern: str, path: str) -> bool:
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    ends = pattern.endswith("$")
    last = rest.pop() if ends and rest else None
    for part in rest:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return not ends or at == len(path)
