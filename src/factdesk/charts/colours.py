"""The colour and the sign of each status, on a light ground, a dark one and on paper; it needs no Altair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import cycle, pairwise

from factdesk.schema import Status


@dataclass(frozen=True)
class Theme:
    """Colours of everything but the statuses, and the ramp from the best rating to the worst."""

    name: str
    ground: str
    ink: str
    soft: str
    faint: str
    track: str
    ramp: tuple[str, ...]
    neutral: tuple[str, ...]

    def mix(self, strength: float) -> str:
        """Return the colour of so much ink, from 0 to 1, in the ground."""
        return _between((self.ground, self.ink), strength)


# The ends and the middle of each ramp are the default vocabulary's refuted, mixed and supported.
THEMES = {
    "light": Theme(
        "light", "#ffffff", "#14181d", "#59616b", "#dfe3e8", "#f1f3f5",
        ("#2b825a", "#9dc06b", "#dcb33a", "#d97a33", "#aa1f0a", "#56120c"),
        ("#dbd7d6", "#85a4db", "#996991", "#3d4248", "#b4c0ca", "#6a7f99", "#c7b4d6", "#8d8780"),
    ),
    "dark": Theme(
        "dark", "#14181d", "#eef1f4", "#a5adb7", "#39414b", "#1f252c",
        ("#059763", "#8fbf6b", "#e7bb4b", "#e2813d", "#c63614", "#7d2012"),
        ("#5f6369", "#94b3eb", "#c07aa2", "#e7e3e2", "#8796a3", "#4f6a8c", "#9d86b8", "#b3ada6"),
    ),
    "print": Theme("print", "#ffffff", "#000000", "#4a4a4a", "#d4d4d4", "#f2f2f2", (), ()),
}  # fmt: skip
"""On a light ground, on a dark one, and in greys for paper."""

PALEST, DARKEST = 0.93, 0.08
"""The first and the last of the greys (linear in sRGB) in which statuses are printed."""
NUMBERED_FROM = 16
"""So many statuses have a colour and a sign that no other has; a longer vocabulary is numbered."""


# Signs are shapes: as letters they would change the font of the words beside them. Outlines turn clockwise and
# holes the other way, so that the same path can be cut out of a square.
def _ring(x: float, y: float, radius: float, *, is_hole: bool = False) -> str:
    turn = 0 if is_hole else 1
    return f"M{x - radius:g},{y:g}a{radius},{radius} 0 1,{turn} {2 * radius:g},0a{radius},{radius} 0 1,{turn} {-2 * radius:g},0Z"


_CIRCLE = _ring(0, 0, 1) + _ring(0, 0, 0.74, is_hole=True)
_AROUND = [
    (round(0.8 * math.cos(n * math.pi / 4), 2), round(0.8 * math.sin(n * math.pi / 4), 2)) for n in range(8)
]
PATHS = {
    "●": _ring(0, 0, 1),
    "○": _CIRCLE,
    "◐": _CIRCLE + "M0,1A1,1 0 0,1 0,-1Z",
    "◔": _CIRCLE + "M0,0V-1A1,1 0 0,1 1,0Z",
    "◕": _CIRCLE + "M0,0V-1A1,1 0 1,1 -1,0Z",
    "✕": "M-1,-.62L-.62,-1L0,-.38L.62,-1L1,-.62L.38,0L1,.62L.62,1L0,.38L-.62,1L-1,.62L-.38,0Z",
    "⊖": _CIRCLE + "M-.6,-.16H.6V.16H-.6Z",
    "◌": "".join(_ring(x, y, 0.2) for x, y in _AROUND),
    "?": "M-.62,-.42A.62,.58 0 1,1 .2,.08V.42H-.2V-.12A.26,.26 0 1,0 -.22,-.42ZM-.22,.6H.22V1H-.22Z",
    "▽": "M-1,-.8H1L0,.9ZM0,.42L.58,-.55H-.58Z",
    "△": "M0,-.9L1,.8H-1ZM0,-.42L-.58,.55H.58Z",
    "□": "M-.9,-.9H.9V.9H-.9ZM-.64,-.64V.64H.64V-.64Z",
    "◇": "M0,-1L1,0L0,1L-1,0ZM0,-.6L-.6,0L0,.6L.6,0Z",
    "▷": "M-.8,-1L.9,0L-.8,1ZM-.55,-.58V.58L.42,0Z",
    "◁": "M.8,-1V1L-.9,0ZM.55,-.58L-.42,0L.55,.58Z",
    "⚐": "M-.8,-1H-.54V1H-.8ZM-.54,-1L.95,-.42L-.54,.16ZM-.54,-.72V-.12L.24,-.42Z",
    "+": "M-.2,-1H.2V-.2H1V.2H.2V1H-.2V.2H-1V-.2H-.2Z",
}
"""The shape of each sign, in a square from -1 to 1, as SVG writes paths."""
BY_RATING = ("✕⊖", "◔⊖", "◐◔", "◕◔", "●◕")
"""The signs of the fifths of a scale, from the worst."""
UNRATED = "○◔◌?▽△□◇▷◁+"
STANCES = {"supports": "●", "refutes": "✕", "mixed": "◐", "context": "○"}
"""The sign of each stance."""


@dataclass(frozen=True)
class Look:
    """How one status looks: its colour and sign, what is read on that colour, and the sign as a shape."""

    colour: str
    sign: str
    on: str
    path: str

    @property
    def tile(self) -> str:
        """The shape of a square with the sign cut out: one key of both."""
        return "M-1.6,-1.6V1.6H1.6V-1.6Z" + self.path


@lru_cache(maxsize=32)
def looks(vocabulary: tuple[Status, ...], theme: str = "light") -> dict[str, Look]:
    """Return the look of each status, by its name.

    Rated statuses take their colour from a ramp by their rating, the others a neutral one; on paper they are
    greys. What `ledger.toml` gives wins, but for colours on paper. Of up to sixteen statuses no two share both
    colour and sign; in a longer vocabulary the sign is the number of the status.

    Parameters
    ----------
    vocabulary : tuple of Status
        The ledger's statuses.
    theme : {"light", "dark", "print"}
        The ground that they are drawn on.

    Returns
    -------
    dict of str to Look
        In the order of the vocabulary.

    Examples
    --------
    >>> from factdesk.schema import VOCABULARY
    >>> looks(VOCABULARY)["refuted"].colour, looks(VOCABULARY)["refuted"].sign
    ('#aa1f0a', '✕')
    """
    colours = _greys(vocabulary) if theme == "print" else _colours(vocabulary, theme)
    signs = _signs(vocabulary)
    return {
        status.name: Look(colour, sign, ink_on(colour), _path(sign, number))
        for number, (status, colour, sign) in enumerate(zip(vocabulary, colours, signs, strict=True), 1)
    }


def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on a colour (WCAG 2, relative luminance).

    Examples
    --------
    >>> ink_on("#dcb33a"), ink_on("#3d4248")
    ('#000000', '#ffffff')
    """
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    luminance = sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    # Where the contrast with white is as great as with black.
    return "#ffffff" if luminance < 0.179 else "#000000"


def _places(vocabulary: Sequence[Status]) -> dict[str, float]:
    """Return where on the ramp, from 0 to 1, each rated status stands; equal ratings stand side by side.

    The worst rating ends the scale at the last colour but one: what shares it has the last. A scale of six and more
    takes that in too.
    """
    rated = [(number, status) for number, status in enumerate(vocabulary) if status.rating is not None]
    # Equal ratings stand in the vocabulary's order, or against it where it begins with the worst.
    steps = [b.rating - a.rating for (_, a), (_, b) in pairwise(rated)]  # type: ignore[operator]
    if sum(steps) > 0:
        rated.reverse()
    alike: dict[int, list[str]] = {}
    for _, status in rated:
        alike.setdefault(status.rating or 1, []).append(status.name)
    best = vocabulary[0].best_rating
    last = 1.0 if best > 5 and len(alike.get(1, ())) < 2 else 0.8
    places: dict[str, float] = {}
    for rating, names in alike.items():
        start = last * (best - rating) / (best - 1)
        width = last / (best - 1) / len(names) if rating > 1 else (1 - last) / max(len(names) - 1, 1)
        places |= {name: start + at * width for at, name in enumerate(names)}
    return places


def _colours(vocabulary: Sequence[Status], theme: str) -> list[str]:
    of, field = THEMES[theme], "dark" if theme == "dark" else "colour"
    given = {status.name: str(getattr(status, field) or "").lower() for status in vocabulary}
    spare = cycle([one for one in of.neutral if one not in given.values()] or of.neutral)
    places = _places(vocabulary)
    return [
        colour or (_between(of.ramp, places[name]) if name in places else next(spare))
        for name, colour in given.items()
    ]


def _greys(vocabulary: Sequence[Status]) -> list[str]:
    """Return greys from the palest: open statuses, then rated ones from the best, then the other settled ones."""
    places = _places(vocabulary)

    def order(status: Status) -> tuple[int, float]:
        return (1, places[status.name]) if status.name in places else (0 if not status.settled else 2, 0)

    ranked = [status.name for status in sorted(vocabulary, key=order)]
    steps = max(len(ranked) - 1, 1)
    ends = tuple("#" + f"{round(255 * end):02x}" * 3 for end in (PALEST, DARKEST))
    return [_between(ends, ranked.index(status.name) / steps) for status in vocabulary]


def _signs(vocabulary: Sequence[Status]) -> list[str]:
    if len(vocabulary) > NUMBERED_FROM:
        return [str(number) for number in range(1, len(vocabulary) + 1)]
    taken = {status.sign for status in vocabulary if status.sign}
    signs: list[str] = []
    for status in vocabulary:
        sign = status.sign
        if not sign:
            own = UNRATED if status.rating is None else BY_RATING[_fifth(status.rating, status.best_rating)]
            rest = "" if status.rating is None else UNRATED[4:]
            again = own[(len(signs) + len(signs) // len(own)) % len(own)]  # beside another colour each time
            sign = next((one for one in own + rest if one not in taken), again)
            taken.add(sign)
        signs.append(sign)
    return signs


def _fifth(rating: int, best: int) -> int:
    """Return in which fifth of a scale a rating lies, from 0; the first and the last hold the worst and the best only.

    >>> [_fifth(rating, 6) for rating in range(1, 7)]
    [0, 1, 2, 2, 3, 4]
    """
    return round(4 * (rating - 1) / (best - 1))


def _between(stops: Sequence[str], place: float) -> str:
    """Return the colour at a place from 0 to 1 between several."""
    at = min(max(place, 0), 1) * (len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    pairs = ((int(stops[low][k : k + 2], 16), int(stops[low + 1][k : k + 2], 16)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * (at - low)):02x}" for a, b in pairs)


def _path(sign: str, number: int) -> str:
    """Return the shape of a sign: ours, its letter in our typeface, or the number of its status."""
    return PATHS.get(sign) or _letter(sign) or "".join(_letters(str(number)))


@cache
def _letter(sign: str) -> str:
    return "".join(_letters(sign)) if sign else ""


def _letters(text: str) -> list[str]:
    """Return the outlines of characters beside one another, in a square from -1 to 1; none where one has no outline."""
    import io

    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    data = resources.files("factdesk").joinpath("static", "arimo-bold.woff").read_bytes()
    font = TTFont(io.BytesIO(data))
    names, glyphs = font.getBestCmap(), font.getGlyphSet()
    if not all(ord(one) in names for one in text):
        return []
    size, widths = font["head"].unitsPerEm, [glyphs[names[ord(one)]].width for one in text]
    scale = min(2.4 / size, 2 / max(sum(widths), 1))
    paths, left = [], -scale * sum(widths) / 2
    for one, width in zip(text, widths, strict=True):
        pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.3g}")
        glyphs[names[ord(one)]].draw(TransformPen(pen, (scale, 0, 0, -scale, left, 0.36 * scale * size)))
        paths.append(pen.getCommands())
        left += scale * width
    return paths
