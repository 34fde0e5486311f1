"""Every chart looks as it did when somebody last looked at it.

`FACTDESK_PICTURES=anew make test ARGS=tests/charts/test_pictures.py` draws the kept pictures in `tests/pictures/` anew,
those of some charts with `ARGS="tests/charts/test_pictures.py -k timeline"`; look at them before committing.
"""

import io
import json
import os
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from colorspacious import cspace_convert
from drawings import DRAWINGS, drawing
from PIL import Image
from samples import LEDGERS, ROOT

from factdesk.charts import CHARTS
from factdesk.charts.colours import THEMES
from factdesk.charts.save import picture

KEPT = ROOT / "tests" / "pictures"
WIDTH, TALLEST = 400, 800
"""Pixels of a kept picture; of a taller one the upper part."""
STEP = 17
"""Kept pictures have 16 steps of red, green and blue, which makes them half as large and moves no colour by 9."""
ANEW = "draw the kept pictures anew, and look at them"
SHOWN = [*product(DRAWINGS, ["sample"], THEMES), *product(CHARTS, LEDGERS, ["light"])]
"""A picture of each chart of the sample in each theme, and one of each of the generated ledgers."""


def kept(name: str, ledger: str, theme: str) -> Path:
    return KEPT / f"{name}-{ledger}-{theme}.webp"


def small(name: str, ledger: str, theme: str) -> Image.Image | None:
    """Draw a chart as it is kept; nothing where the ledger has too few claims for it."""
    chart = drawing(name, ledger, theme)
    if chart is None:
        return None
    image = Image.open(io.BytesIO(picture(chart.to_dict(), 1))).convert("RGB")
    image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.BOX)
    image = image.crop((0, 0, WIDTH, min(image.height, TALLEST)))
    return Image.fromarray((np.round(np.asarray(image) / STEP) * STEP).astype(np.uint8))


def seen(image: Image.Image) -> np.ndarray:
    """A picture in CAM02-UCS, in which equal distances look equally far apart."""
    return cspace_convert(np.asarray(image, dtype=float) / 255, "sRGB1", "CAM02-UCS")


@pytest.mark.parametrize(("name", "ledger", "theme"), SHOWN)
def test_a_chart_looks_as_it_did_when_somebody_looked_at_it(name, ledger, theme):
    now, file = small(name, ledger, theme), kept(name, ledger, theme)
    if os.environ.get("FACTDESK_PICTURES") == "anew":
        file.unlink(missing_ok=True)
        if now is not None:
            now.save(file, lossless=True, quality=100)  # WebP takes half of what PNG does
    if now is None:
        pytest.skip("the ledger has too few claims for this chart")
    assert file.exists(), ANEW
    with Image.open(file) as image:
        was = image.convert("RGB")
    assert now.size == was.size, ANEW
    if now.tobytes() != was.tobytes():
        apart = np.linalg.norm(seen(now) - seen(was), axis=-1)
        # A letter's edge may lie a hair elsewhere; a step from one status to another is 18 or more.
        assert (apart > 8).sum() < 0.002 * apart.size, ANEW


@pytest.mark.parametrize("name", DRAWINGS)
def test_themes_differ_in_colours_only_and_every_reader_takes_their_json(name):
    light, dark, paper = (without_colours(drawing(name, "sample", theme).to_dict()) for theme in THEMES)
    assert light == dark
    assert light == paper


def without_colours(spec: dict) -> str:
    """A specification without what it notes of itself, and without names that Altair counts or hashes."""
    spec = {key: value for key, value in spec.items() if key != "usermeta"}
    datasets = spec.pop("datasets", {})
    data = sorted(json.dumps(rows, allow_nan=False) for rows in datasets.values())
    text = json.dumps([spec, *data], sort_keys=True, allow_nan=False)
    return re.sub(r"#[0-9a-fA-F]{3,8}\b|(?:data-|[a-z]+_)[0-9a-f]{6,}|(?:view|param)_[0-9]+", "#", text)


def test_kept_pictures_are_those_that_are_looked_at_and_small():
    assert set(KEPT.iterdir()) <= {kept(*one) for one in SHOWN}
    assert sum(file.stat().st_size for file in KEPT.iterdir()) < 2_000_000
