"""Formulas written in LaTeX, set as MathML, which browsers show and read aloud without a script."""

from __future__ import annotations

import re

import nh3
from latex2mathml.converter import convert

from factdesk.pages.html import escape

LONGEST = 5_000
"""Characters of a formula that is set; what is longer is hardly one."""

TAGS = {
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt",
    "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
ATTRIBUTES = {
    "accent", "columnalign", "columnspacing", "display", "displaystyle", "fence", "form", "linethickness", "mathvariant",
    "maxsize", "minsize", "rowspacing", "scriptlevel", "separator", "stretchy", "width",
}  # fmt: skip
_MARKS = re.compile(r"\A\s*(?:\$\$|\$|\\\[|\\\()|(?:\$\$|\$|\\\]|\\\))\s*\Z")


def formula(latex: str, *, block: bool = False) -> str:
    """Set a formula, with or without dollars around it, as MathML; what can't be set stands as code, as it was written.

    >>> formula("$n < 2$")
    '<math display="inline"><mrow><mi>n</mi><mo>&lt;</mo><mn>2</mn></mrow></math>'
    >>> formula("\\\\frac{")
    '<code>\\\\frac{</code>'
    """
    written = _MARKS.sub("", latex).strip()
    try:
        made = convert(written, display="block" if block else "inline") if len(written) <= LONGEST else ""
    except Exception:  # its own errors, but also IndexError and RecursionError for what is none
        made = ""
    # The library takes words in a formula for markup.
    if not made or ("<" in written and "<mtext" in made):
        return f"<code>{escape(written)}</code>"
    return nh3.clean(made, tags=TAGS, attributes={"*": ATTRIBUTES}, link_rel=None)
