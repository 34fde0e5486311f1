"""Every chart as it is seen: no words touch or are cut, and it looks as it did when somebody last looked at it.

The kept pictures in `tests/pictures/` are drawn anew with `python tests/test_pictures.py`, or those of some charts with their
names after it; look at them before committing.
"""

import io
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import altair as alt
import numpy as np
import pytest
import vl_convert
from altair.utils.schemapi import debug_mode
from colorspacious import cspace_convert
from drawn import PEOPLE, WORDS, corrected, generated, repeated, sample, written
from fonts import take_the_renderer_s
from PIL import Image

import factdesk as fd
from factdesk.charts.canvas import SIZES, THEMES
from factdesk.charts.gallery import CHARTS
from factdesk.charts.save import picture
from factdesk.charts.svg_fonts import for_pixels
from factdesk.charts.typeset import text_width

KEPT = Path(__file__).resolve().parents[1] / "pictures"
KEPT_WIDTH = 300
SHEETS = KEPT / "ledgers"
PART_WIDTH, PART_GAP, GROUND = 180, 8, (136, 136, 136)
"""Of a kept sheet, on which a chart of a ledger stands in every size (side by side) and theme (beneath one another)."""
STEP = 17
"""Kept sheets have 16 steps of red, green and blue, which makes them half as large and moves no colour by 4."""
NAMES = ["Ministry of Agriculture, Fisheries and Rural Development of the Free State", "Владимир Путин", "محمد بن سلمان",
         "中华人民共和国外交部", "A"]  # fmt: skip


def long_names(folder: Path) -> fd.Ledger:
    claims = [
        {
            "claim_id": f"claim-{n}", "claim": f"{' '.join(WORDS * 3)} {n}.", "claimant": NAMES[n % 5],
            "made_on": f"2025-03-{10 + n}", "topics": "Arbeiterunfallversicherungsgesetz",
        }
        for n in range(9)
    ]  # fmt: skip
    statuses = [
        {
            "claim_id": f"claim-{n}",
            "status": "refuted",
            "holds_from": f"2025-04-{2 + n:02}",
            "rationale": "So.",
        }
        for n in range(7)
    ]
    return written(folder, claims, statuses)


def one_status(folder: Path) -> fd.Ledger:
    claims = [
        {"claim_id": f"claim-{n}", "claim": f"It rained {n}.", "claimant": "Radio", "made_on": "2025-03-10"}
        for n in range(20)
    ]
    return written(folder, claims, as_of="2025-03-10")


LEDGERS = {
    "sample": lambda folder: sample(),
    "1 claim": lambda folder: generated(folder, 1),
    "2 claims": lambda folder: generated(folder, 2),
    "60 claims": lambda folder: generated(folder, 60),
    "200 claims": lambda folder: generated(folder, 200, days=60, as_of="2025-08-01"),
    "long names": long_names,
    "one day, one status": one_status,
    "made again and again": lambda folder: repeated(folder, 60, most=40, names=(*NAMES, *PEOPLE)),
    "kept day by day": lambda folder: corrected(folder, 60, names=(*NAMES, *PEOPLE)),
    "twenty years": lambda folder: generated(folder, 80, days=7300, as_of="2045-04-30"),
}


KEPT_LEDGERS = [name for name in LEDGERS if name != "sample"]
"""Those of which a sheet is kept for each chart; of the sample every size and theme is kept."""


@pytest.fixture(scope="module", params=LEDGERS)
def ledger(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    return LEDGERS[request.param](folder)


def drawn(name: str, ledger: fd.Ledger, **options: str) -> alt.LayerChart:
    more = {"claim_id": ledger.claims["claim_id"].iloc[0]} if name == "claim_card" else {}
    written_on = ledger.statuses["recorded_at"].dt.date
    if (
        name == "revisions" and written_on.nunique() > 1
    ):  # else there was no day before on which much was known
        more = {"then": sorted(written_on)[len(written_on) // 2]}
    return CHARTS[name](ledger, **{**more, **options})


Box = tuple[float, float, float, float, str]


def boxes(spec: dict) -> Iterator[Box]:
    """The words of a chart, line by line: left, top, right, bottom as Vega's scene graph places them."""
    padding = spec["padding"]
    scene = vl_convert.vegalite_to_scenegraph(spec)["scenegraph"]
    yield from _boxes(scene, padding["left"], padding["top"])


def _boxes(item: dict, left: float, top: float) -> Iterator[Box]:
    for child in item.get("items", []):
        if item.get("marktype") == "text":
            yield from _lines(child, left, top)
        else:
            x, y = (child.get("x", 0), child.get("y", 0)) if item.get("marktype") == "group" else (0, 0)
            yield from _boxes(child, left + x, top + y)


def _lines(item: dict, left: float, top: float) -> Iterator[Box]:
    text, size = item.get("text", ""), item.get("fontSize", 11)
    if item.get("opacity", 1) == 0:
        return
    for n, line in enumerate(text if isinstance(text, list) else [text]):
        line = str(line)
        if not line.strip():
            continue
        wide = text_width(line, size, item.get("fontWeight") in ("bold", 700))
        x = left + item.get("x", 0) + item.get("dx", 0)
        x -= {"center": wide / 2, "right": wide}.get(item.get("align", "left"), 0)
        y = top + item.get("y", 0) + item.get("dy", 0) + n * item.get("lineHeight", size + 2)
        up = {"middle": size / 2, "top": 0.1 * size, "alphabetic": 0.8 * size, "bottom": size}
        y -= up.get(item.get("baseline", "alphabetic"), 0.8 * size)
        yield x, y, x + wide, y + size * 0.9, line


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_words_touch_or_are_cut_and_it_looks_as_it_did(name, size, ledger, request):
    specs = {"light": drawn(name, ledger, size=size).to_dict()}
    assert_words_apart(specs["light"])
    with debug_mode(
        False
    ):  # Altair's checks need no repetition: the others have all but their colours in common
        specs |= {theme: drawn(name, ledger, size=size, theme=theme).to_dict() for theme in ("dark", "print")}
    assert [*specs] == [*THEMES]
    assert (
        without_colours(specs["dark"]) == without_colours(specs["print"]) == without_colours(specs["light"])
    )
    of = request.node.callspec.params["ledger"]
    if of not in KEPT_LEDGERS:
        return
    with Image.open(sheet_file(name, of)) as image:
        was = image.convert("RGB")
    room = was.height // len(THEMES)
    left = list(SIZES).index(size) * (PART_WIDTH + PART_GAP)
    for n, spec in enumerate(specs.values()):
        now = part(spec)
        assert now.height <= room, ANEW
        framed = Image.new("RGB", (PART_WIDTH, room), GROUND)
        framed.paste(now)
        kept_part = was.crop((left, n * room, left + PART_WIDTH, (n + 1) * room))
        assert_alike(framed, kept_part, now.width * now.height)


COLOUR = re.compile(r"#[0-9a-f]{3,8}", re.IGNORECASE)


def without_colours(spec: dict) -> list[str]:
    """The marks of a chart with their rows, wherever they are kept and whatever their colours, in one order."""
    rows = {name: of for name, of in spec.get("datasets", {}).items()}
    found = set()
    for layer in spec["layer"]:
        own = dict(layer)
        of = own.pop("data", {}).get("name")
        around = json.dumps(own, sort_keys=True)
        for row in rows.get(of, [{}]):
            found.add(COLOUR.sub("#", f"{around} {json.dumps(row, sort_keys=True)}"))
    return sorted(found)


def assert_words_apart(spec: dict) -> None:
    padding = spec["padding"]
    width = spec["width"] + padding["left"] + padding["right"]
    height = spec["height"] + padding["top"] + padding["bottom"]
    found = sorted(boxes(spec))
    assert found
    cut = [one[4] for one in found if one[0] < 2 or one[1] < 2 or one[2] > width - 2 or one[3] > height - 2]
    assert cut == []
    touching = []
    for n, one in enumerate(found):
        for other in found[n + 1 :]:
            if other[0] >= one[2] - 1:
                break
            if other[1] < one[3] - 1 and one[1] < other[3] - 1:
                touching.append((one[4], other[4]))
    assert touching == []


ANEW = "draw the kept pictures anew, and look at them"


def pictured(name: str, **options: str) -> alt.LayerChart:
    """A chart of the sample ledger; where that has nothing to show, of one that was kept day by day."""
    if name != "revisions":
        return drawn(name, sample(), **options)
    with tempfile.TemporaryDirectory() as folder:
        kept = corrected(Path(folder), 24, days=21, seed=4)
        return drawn(name, kept, then="2025-03-25", **options)


def small(name: str, theme: str, size: str) -> Image.Image:
    spec = pictured(name, theme=theme, size=size).to_dict()
    image = Image.open(io.BytesIO(picture(spec, 1))).convert("RGB")
    return image.resize((KEPT_WIDTH, round(image.height * KEPT_WIDTH / image.width)), Image.Resampling.BOX)


def kept(name: str, theme: str, size: str) -> Path:
    return KEPT / f"{name}-{size}-{theme}.webp"


def seen(image: Image.Image) -> np.ndarray:
    """A picture in CAM02-UCS, in which equal distances look equally far apart."""
    return cspace_convert(np.asarray(image, dtype=float) / 255, "sRGB1", "CAM02-UCS")


def assert_alike(now: Image.Image, was: Image.Image, size: int) -> None:
    """Of so many pixels hardly any has another colour; a step from one status to another is 18 or more."""
    if now.tobytes() != was.tobytes():
        apart = np.linalg.norm(seen(now) - seen(was), axis=-1)
        # A letter's edge may lie a hair elsewhere.
        assert (apart > 8).sum() < 0.002 * size, ANEW


@pytest.mark.parametrize(("name", "theme", "size"), [*product(CHARTS, THEMES, SIZES)])
def test_a_chart_looks_as_it_did_when_somebody_looked_at_it(name, theme, size):
    with Image.open(kept(name, theme, size)) as image:
        was = image.convert("RGB")
    now = small(name, theme, size)
    assert now.size == was.size, ANEW
    assert_alike(now, was, now.width * now.height)


def test_every_kept_picture_is_looked_at_and_together_they_stay_small():
    sheets = {sheet_file(*pair) for pair in product(CHARTS, KEPT_LEDGERS)}
    assert set(SHEETS.glob("*")) == sheets
    assert sum(file.stat().st_size for file in KEPT.rglob("*.*")) < 6_000_000
    assert set(KEPT.glob("*.*")) == {kept(*one) for one in product(CHARTS, THEMES, SIZES)}


def sheet_file(name: str, of: str) -> Path:
    return SHEETS / f"{name}-{of.replace(',', '').replace(' ', '-')}.webp"


def part(spec: dict) -> Image.Image:
    """A chart as it stands on a kept sheet: small, in few colours."""
    width = spec["width"] + spec["padding"]["left"] + spec["padding"]["right"]
    svg = for_pixels(vl_convert.vegalite_to_svg(spec))[0]
    image = Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=PART_WIDTH / width))).convert("RGB")
    image = image.resize((PART_WIDTH, image.height))
    return Image.fromarray((np.round(np.asarray(image) / STEP) * STEP).astype(np.uint8))


def draw_sheet(name: str, of: str, ledger: fd.Ledger) -> None:
    parts = {
        (theme, size): part(drawn(name, ledger, size=size, theme=theme).to_dict())
        for theme, size in product(THEMES, SIZES)
    }
    room = max(one.height for one in parts.values()) + PART_GAP
    whole = Image.new("RGB", (len(SIZES) * (PART_WIDTH + PART_GAP) - PART_GAP, len(THEMES) * room), GROUND)
    for (row, column), one in zip(
        product(range(len(THEMES)), range(len(SIZES))), parts.values(), strict=True
    ):
        whole.paste(one, (column * (PART_WIDTH + PART_GAP), row * room))
    keep(whole, sheet_file(name, of))


def keep(image: Image.Image, path: Path) -> None:
    image.save(path, lossless=True, quality=100)  # WebP takes half of what PNG does


def draw(names: Sequence[str]) -> str | None:
    """Draw the kept pictures of some charts anew; of all of them where none is named."""
    if unknown := [name for name in names if name not in CHARTS]:
        return f"no such chart: {', '.join(unknown)}; there are {', '.join(CHARTS)}"
    SHEETS.mkdir(parents=True, exist_ok=True)
    asked = names or list(CHARTS)
    stays = {kept(*one) for one in product(CHARTS, THEMES, SIZES)}
    stays |= {sheet_file(*pair) for pair in product(CHARTS, KEPT_LEDGERS)}
    for path in KEPT.rglob("*.*"):
        if path not in stays:
            path.unlink()
    for name, theme, size in product(asked, THEMES, SIZES):
        keep(small(name, theme, size), kept(name, theme, size))
    for of in KEPT_LEDGERS:
        with tempfile.TemporaryDirectory() as folder:
            made = LEDGERS[of](Path(folder))
            for name in asked:
                draw_sheet(name, of, made)
    return None


if __name__ == "__main__":
    take_the_renderer_s()
    sys.exit(draw(sys.argv[1:]))
