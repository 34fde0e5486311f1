"""A page printed as PDF by a browser that is on the machine: pictures as lines, text as text, headings as headings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from factdesk.charts.pdf import labelled
from factdesk.charts.provenance import packet, xmp
from factdesk.errors import NoBrowser, PrintFailed
from factdesk.pages.html import Facts, Part, plain

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
"""Programs that print in the same way, by name; the variable CHROME names another first."""

MARK = b"<factdesk:page>"
"""A PDF with this is one of ours."""

WAIT = 120
"""Seconds after which a browser is given up; a page of ten charts takes two."""

SHEET = "@page{size:A4}\n"
"""What is added to a page's style for print."""

# The title is the one thing that a PDF says of the page's state: it says so once everything is drawn.
_DRAWN = "factdesk: everything is drawn"
_SCRIPT = f"""(() => {{
"use strict";
const root = document.documentElement;
const check = () => {{
  const waits = (what, name) => document.querySelector(what) && !(name in root.dataset);
  if (!waits("[data-chart]", "drawn") && !waits("section.explorer", "explored")) document.title = "{_DRAWN}";
}};
new MutationObserver(check).observe(root, {{ attributes: true }});
check();
}})();
"""
WATCH = Part("watch", _SCRIPT, "", None)
"""What a page to be printed has to have among its parts."""

_FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync", "--disable-quic",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
    # Of the page's own clock, which runs on as soon as nothing is left to do.
    "--virtual-time-budget=60000",
)  # fmt: skip
_HREF = re.compile(r'(<a\b[^>]*?) href="(?!https?:|#)[^"]*"')
# Numbers that a browser gives the parts of a page change from one run to the next.
_NODE = re.compile(rb"\(node(\d{8})\)")
_LOCAL = re.compile(rb"/URI \(file:[^()\\#]*((?:#(?:[^()\\]|\\.)*)?)\)")


def browser() -> str:
    """Return the path of a browser that can print, or raise NoBrowser."""
    named = os.environ.get("CHROME", "")
    found = next((path for name in (named, *BROWSERS) if name and (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser((named, *BROWSERS) if named else BROWSERS)
    return found


def without_local_links(page: str) -> str:
    """Take the links to files beside a page out of it: printed, they would name the folder it was printed in.

    >>> without_local_links('<a href="./b.html">b</a> <a href="#c">c</a> <a href="https://example.org">d</a>')
    '<a>b</a> <a href="#c">c</a> <a href="https://example.org">d</a>'
    """
    return _HREF.sub(r"\1", page)


def printed(page: str, title: str, summary: str, facts: Facts | None) -> bytes:
    """Print a page, with `WATCH` among its parts, as PDF, with no network, in a profile that is thrown away.

    The PDF is tagged, and says what it is.
    Raises NoBrowser, and PrintFailed where the browser did not print, or not all of the page was drawn.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="factdesk-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(without_local_links(page), "utf-8", newline="\n")
        # A system's superuser has no sandbox to put a browser in; the page runs nothing but its own.
        is_superuser = hasattr(os, "geteuid") and os.geteuid() == 0
        asked = [
            program,
            *_FLAGS,
            *(["--no-sandbox"] if is_superuser else []),
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            printed_by = subprocess.run(
                asked, capture_output=True, timeout=WAIT, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired as error:
            raise PrintFailed(program, f"it took longer than {WAIT} seconds") from error
        except OSError as error:
            raise PrintFailed(program, str(error)) from error
        pdf = target.read_bytes() if target.is_file() else b""
        if not pdf.startswith(b"%PDF-"):
            lines = printed_by.stderr.decode(errors="replace").strip().splitlines()
            last = lines[-1].replace(folder, "") if lines else f"it ended with {printed_by.returncode}"
            raise PrintFailed(program, plain(last)[:200])
    if _DRAWN.encode() not in pdf:
        raise PrintFailed(program, "not everything in the page was drawn")
    ranks = {node: n for n, node in enumerate(sorted(set(_NODE.findall(pdf))), start=1)}
    pdf = _NODE.sub(lambda found: b"(node%08d)" % ranks[found[1]], pdf)
    # As long as before, so that what a PDF says of its own places still holds.
    pdf = _LOCAL.sub(lambda found: (b"/URI (%s)" % found[1]).ljust(len(found[0])), pdf)
    # Where a browser writes a PDF in another way than the one known here, it has no title rather than this one.
    pdf = pdf.replace(f"({_DRAWN})".encode(), b"(%s)" % (b" " * len(_DRAWN)))
    information = {
        "Title": plain(title),
        "Subject": plain(summary),
        "Author": plain(facts.publisher) if facts else "",
        "Creator": "factdesk",
    }
    origin = f"Ledger “{facts.title}”, as of {facts.day}, digest {facts.digest}" if facts else ""
    metadata = {
        "dc:title": information["Title"],
        "dc:description": information["Subject"],
        "dc:source": plain(origin),
        "xmp:CreatorTool": "factdesk",
        "factdesk:page": "notebook",
    }
    return labelled(pdf, information, packet(xmp(metadata)))
