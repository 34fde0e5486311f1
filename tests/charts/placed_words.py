"""Where the charts that place their own words put them; goes with those charts."""

from collections.abc import Iterator

import vl_convert

from factdesk.charts.typeset import text_width

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
