"""The fonts that charts are drawn with here: the renderer's own Liberation Sans, whatever version a machine has."""

import os
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import vl_convert

SYSTEM = Path("/usr/share/fonts")
SET = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    '<text y="9" font-family="sans-serif">a</text></svg>'
)


def take_the_renderer_s() -> None:
    """Let the renderer load all fonts of the machine but its Liberation Sans.

    It would take that before its own, and read the file anew for each letter: three quarters of the time of a
    picture. What other programs see of the fonts stays as it is.
    """
    folders = {file.parent for file in SYSTEM.rglob("*") if file.is_file()}
    others = sorted(folder for folder in folders if not any(folder.glob("Liberation*")))
    if not others or "FONTCONFIG_FILE" in os.environ:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as file:
        named = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in others)
        file.write(f'<?xml version="1.0"?><fontconfig>{named}</fontconfig>')
        file.flush()
        os.environ["FONTCONFIG_FILE"] = file.name
        try:
            vl_convert.svg_to_png(SET)  # it loads them once, at the first picture
        finally:
            del os.environ["FONTCONFIG_FILE"]
