"""Cut Arimo down to the alphabets that our charts are read in: `cut_fonts.py Arimo-Regular.ttf Arimo-Bold.ttf`.

The fonts of Debian's package fonts-croscore (Arimo 1.33, SIL Open Font License 1.1) gave what is in
src/factdesk/static/: Latin, Greek and Cyrillic with their extensions, and signs.
"""

import sys
from pathlib import Path

from fontTools import subset

STATIC = Path(__file__).resolve().parent.parent / "src" / "factdesk" / "static"
BLOCKS = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x20CF), (0x2100, 0x22FF),
    (0x25A0, 0x25FF),
]  # fmt: skip


def main(files: list[str]) -> None:
    """Write each as WOFF beside the other static files, under its own name in small letters."""
    options = subset.Options()
    options.set(flavor="woff", hinting=False, name_IDs=[0, 1, 2, 5, 13, 14])
    options.recalc_timestamp = False
    for file in map(Path, files):
        font = subset.load_font(file, options)
        chosen = subset.Subsetter(options)
        chosen.populate(unicodes=[code for first, last in BLOCKS for code in range(first, last + 1)])
        chosen.subset(font)
        subset.save_font(font, STATIC / f"{file.stem.lower()}.woff", options)


if __name__ == "__main__":
    main(sys.argv[1:])
