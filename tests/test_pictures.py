"""Every chart as it is seen: no words touch or are cut, and it looks as it did when somebody last looked at it.

The kept pictures in `tests/pictures/` are drawn anew with `python tests/test_pictures.py`; look at them before committing.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import altair as alt
import numpy as np
import pytest
import vl_convert
from colorspacious import cspace_convert
from drawn import PEOPLE, WORDS, corrected, generated, repeated, sample, written
from PIL import Image

import factdesk as fd
from factdesk.charts import CHARTS
from factdesk.export import picture
from factdesk.sheet import SIZES, THEMES
from factdesk.typeset import text_width

KEPT = Path(__file__).resolve().parent / "pictures"
KEPT_WIDTH = 300
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


@pytest.fixture(scope="module", params=LEDGERS)
def ledger(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    return LEDGERS[request.param](folder)


def drawn(name: str, ledger: fd.Ledger, **options: str) -> alt.LayerChart:
    more = {"claim_id": ledger.claims["claim_id"].iloc[0]} if name == "claim_card" else {}
    return CHARTS[name](ledger, **more, **options)


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
def test_no_words_touch_or_are_cut(name, size, ledger):
    spec = drawn(name, ledger, size=size).to_dict()
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
    return KEPT / f"{name}-{size}-{theme}.png"


def seen(image: Image.Image) -> np.ndarray:
    """A picture in CAM02-UCS, in which equal distances look equally far apart."""
    return cspace_convert(np.asarray(image, dtype=float) / 255, "sRGB1", "CAM02-UCS")


@pytest.mark.parametrize(("name", "theme", "size"), product(CHARTS, THEMES, SIZES))
def test_a_chart_looks_as_it_did_when_somebody_looked_at_it(name, theme, size):
    with Image.open(kept(name, theme, size)) as image:
        was = image.convert("RGB")
    now = small(name, theme, size)
    assert now.size == was.size, "draw the kept pictures anew, and look at them"
    if now.tobytes() != was.tobytes():
        apart = np.linalg.norm(seen(now) - seen(was), axis=-1)
        # A step from one status to another is 18 or more; a letter's edge may lie a hair elsewhere.
        assert (apart > 8).mean() < 0.002, "draw the kept pictures anew, and look at them"


def draw_all() -> None:
    """Draw the kept pictures anew."""
    KEPT.mkdir(exist_ok=True)
    for path in KEPT.glob("*.png"):
        path.unlink()
    for name, theme, size in product(CHARTS, THEMES, SIZES):
        small(name, theme, size).save(kept(name, theme, size), optimize=True)


if __name__ == "__main__":
    sys.exit(draw_all())
