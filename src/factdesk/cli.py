"""The same calls from a terminal: `factdesk new`, `check`, `verify`, `chart`, `provenance`, `share` and `unpack`."""

from __future__ import annotations

import argparse
import inspect
import json
import shlex
import shutil
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

import factdesk as fd
from factdesk import new_project
from factdesk.charts import redraw
from factdesk.checks import values
from factdesk.errors import InvalidValue, LedgerUnreadable, NotFound, WriteFailed, nearest
from factdesk.pages.bundle import verify_page
from factdesk.schema import PERIODS
from factdesk.text import clean

WELL, FINDINGS, MISUSE = 0, 1, 2
"""Exit statuses."""

ALL = "all"
"""In place of a kind of chart: every one."""

SAID = (
    "title", "subtitle", "description", "ledger", "as_of", "digest", "call", "version", "made", "scale",
)  # fmt: skip
"""What `provenance` prints as JSON."""
ROWS_SHOWN = 10

# What errors advise is said in calls of Python; a terminal has commands.
COMMANDS = {
    "Make a new one with fd.create.": 'Make a new one with: factdesk new my-case "Title".',
    "Choose another name, or fd.open it.": "Choose another name.",
    "overwrite=True": "--overwrite",
    "ledger.check()": "factdesk check",
}

LEDGER = "a ledger's CSV, or the folder of one ledger; default: claims.csv"


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status: 0 well, 1 findings, 2 misuse.

    Examples
    --------
    >>> main(["check", "claims.csv"])
    claims.csv: nothing is wrong.
    0
    """
    words = list(sys.argv[1:] if words is None else words)
    if words[:1] == ["whence"]:
        print("factdesk: this command is called provenance now.", file=sys.stderr)
        words[0] = "provenance"
    asked = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = asked.run
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", fd.FactdeskWarning)
            status = run(asked)
    except fd.FactdeskError as error:
        print(f"factdesk: {_shown(str(error))}", file=sys.stderr)
        return MISUSE
    for one in told:
        if issubclass(one.category, fd.FactdeskWarning) and run is not _check:
            print(f"factdesk: {_shown(str(one.message))}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="factdesk", description="A claim fact-checking workbench for Jupyter."
    )
    parser.add_argument("--version", action="version", version=f"factdesk {fd.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="make a folder with an empty ledger and starter notebooks")
    new.add_argument("folder", type=Path, help="the folder to be made; nothing is overwritten")
    new.add_argument("title", help="what the ledger is called in charts and pages")
    new.add_argument("--publisher", default="", help="who publishes what comes of it")
    new.add_argument("--timezone", default="UTC", help="IANA name of the time zone in which its days begin")
    new.set_defaults(run=_new)

    checked = commands.add_parser("check", help="name what is wrong or weak in a ledger")
    checked.add_argument("ledger", type=Path, nargs="?", default=Path("claims.csv"), help=LEDGER)
    checked.add_argument("--json", action="store_true", help="print the findings as JSON")
    checked.set_defaults(run=_check)

    verified = commands.add_parser("verify", help="name what no longer matches a seal, a hash or an id")
    verified.add_argument(
        "ledger", type=Path, nargs="?", default=Path("claims.csv"), help=f"{LEDGER}; or a shared page"
    )
    verified.add_argument("--json", action="store_true", help="print the findings as JSON")
    verified.add_argument("--ledger", dest="against", type=Path, help="for a page: what has changed since")
    verified.set_defaults(run=_verify)

    chart = commands.add_parser("chart", help="draw a chart to a file")
    chart.add_argument(
        "kind", help=f"status-over-time, timeline, ...; {ALL!r} draws every one; another word names them"
    )
    chart.add_argument(
        "ledger",
        type=Path,
        nargs="?",
        default=Path("claims.csv"),
        help="default: claims.csv; its folder will do",
    )
    chart.add_argument(
        "--to", type=Path,
        help="png, svg, pdf, html, json, csv or xlsx (default: KIND.png); with 'all' a folder (default: charts/)",
    )  # fmt: skip
    chart.add_argument("--claim", action="append", metavar="ID", help="a claim to draw; may be given again")
    chart.add_argument("--theme", help="light, dark or print")
    chart.add_argument("--size", help="page, column, slide or card")
    chart.add_argument("--locale", help="how days and numbers are written, such as de or pt-BR")
    chart.add_argument("--title", help="in place of the sentence that the chart finds")
    chart.add_argument("--span", nargs=2, metavar=("FIRST", "LAST"), help="the days shown")
    chart.add_argument("--even", action="store_const", const=True, help="one scale for all days")
    chart.add_argument("--every", choices=PERIODS, help="how often to count (status-over-time)")
    chart.add_argument(
        "--then", metavar="DAY", help="the day, or moment with its time zone, compared with now (revisions)"
    )
    chart.add_argument("--share", action="store_const", const=True, help="shares in place of counts")
    chart.add_argument(
        "--by",
        help="claimant or topic (status-over-time), also kind (time-to-status), grade (evidence-balance)",
    )
    chart.add_argument("--page", type=int, help="which page, where the claims take several (timeline)")
    chart.add_argument(
        "--to-status", action="append", metavar="STATUS",
        help="the status that ends the wait; may be given again (time-to-status)",
    )  # fmt: skip
    chart.set_defaults(run=_chart)

    origin = commands.add_parser(
        "provenance", help="tell where a picture comes from, and whether it still holds"
    )
    origin.add_argument(
        "file", type=Path, help="a png, svg, pdf, html, json or xlsx that was saved from a chart"
    )
    origin.add_argument("--ledger", type=Path, help="a ledger to hold it against")
    origin.add_argument("--json", action="store_true", help="print what was found as JSON")
    origin.add_argument(
        "--again",
        type=Path,
        metavar="FILE",
        help="make the chart again, of the ledger as it is, into this file",
    )
    origin.set_defaults(run=_provenance)

    share = commands.add_parser("share", help="render notebooks to pages that stand alone")
    share.add_argument("notebooks", type=Path, help="a notebook or a folder of them")
    share.add_argument("to", type=Path, help="the folder, or for one notebook the page, to write to")
    share.add_argument("--no-execute", action="store_true", help="take the outputs as they are")
    share.add_argument("--overwrite", action="store_true", help="also replace files that are no page of ours")
    share.add_argument("--ledger", type=Path, help="the ledger that the pages speak of, where they name none")
    share.add_argument("--evidence", action="store_true", help="let the ledger travel inside of each page")
    share.add_argument("--no-code", action="store_true", help="leave the notebooks' code out of the pages")
    share.add_argument(
        "--no-names", action="store_true", help="leave out the names of those who logged and judged"
    )
    share.add_argument(
        "--allow-findings", action="store_true", help="share a ledger that has errors; its pages say so"
    )
    share.set_defaults(run=_share)

    unpacked = commands.add_parser("unpack", help="give back the ledger that travels inside a page")
    unpacked.add_argument("page", type=Path, help="a page made with share --evidence")
    unpacked.add_argument("to", type=Path, nargs="?", help="a new or empty folder (default: the page's name)")
    unpacked.set_defaults(run=_unpack)
    return parser


def _new(asked: argparse.Namespace) -> int:
    made = new_project.new(asked.folder, asked.title, publisher=asked.publisher, timezone=asked.timezone)
    notebook = sorted((made / "notebooks").iterdir())[0].relative_to(made)
    print(f"Made {made}: an empty ledger (claims.csv, claims/) and notebooks that open it.")
    # Where the environment is not activated, its programs are found beside its Python.
    jupyter = (
        "jupyter" if shutil.which("jupyter") else str(Path(sys.executable).absolute().with_name("jupyter"))
    )
    print(f"Next: cd {shlex.quote(str(made))} && {shlex.quote(jupyter)} lab {notebook.as_posix()}")
    return WELL


def _check(asked: argparse.Namespace) -> int:
    try:
        findings = _opened(asked).check()
    except LedgerUnreadable as error:
        findings = values.frame(error.places)
    return _told(asked, findings, "nothing is wrong.")


def _opened(asked: argparse.Namespace) -> fd.Ledger:
    """Open the ledger that is asked for; from now on it is called by its CSV, where a folder was given."""
    ledger = fd.open(asked.ledger)
    if ledger.path and asked.ledger.is_dir():
        asked.ledger /= ledger.path.name
    return ledger


def _verify(asked: argparse.Namespace) -> int:
    if asked.ledger.suffix.lower() in (".html", ".htm"):
        against = fd.open(asked.against) if asked.against else None
        found = verify_page(asked.ledger, against)
        whole = found.empty or not found["code"].isin(["no-ledger-inside", "no-seal", "names-left-out"]).any()
        return _told(asked, found, "page, data and seal agree." if whole else "what can be told agrees.")
    if asked.against:
        raise InvalidValue("--ledger", str(asked.against), "with a page, which it is held against")
    if asked.ledger.suffix.lower() != ".csv" and not asked.ledger.is_dir():
        if not asked.ledger.is_file():
            raise NotFound("ledger or page", str(asked.ledger))
        neither = "a ledger's CSV or its folder, or a shared page (.html); this is neither"
        raise InvalidValue("verify", str(asked.ledger), neither)
    well = ""
    try:
        ledger = _opened(asked)
        findings = ledger.verify()
        sealed = len(ledger.seals)
        well = (
            f"all matches ({sealed} seal{'' if sealed == 1 else 's'})."
            if sealed
            else ("nothing differs, but there is no seal to hold the rows to: ledger.seal() makes one.")
        )
    except LedgerUnreadable as error:
        findings = values.frame(error.places)
    return _told(asked, findings, well)


def _told(asked: argparse.Namespace, findings: pd.DataFrame, well: str) -> int:
    status = FINDINGS if (findings["severity"] != "note").any() else WELL
    if asked.json:
        print(json.dumps(json.loads(findings.to_json(orient="records")), ensure_ascii=True, indent=1))
        return status
    if len(findings):
        _print_findings(findings)
    if status == WELL:  # notes take nothing of it back
        print(f"{asked.ledger}: {well}")
    return status


def _print_findings(findings: pd.DataFrame) -> None:
    for row in findings.to_dict("records"):
        line = f"{row['file']}:{row['line']}" if row["line"] else row["file"]
        where = f"{line} {row['column']}".rstrip()
        print(_shown(f"{row['severity']}: {where}: {row['message']} {row['advice']} [{row['code']}]"))
    counted = findings["severity"].value_counts()
    print(", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in counted.items() if n))


IDS_SHOWN = 3
OPTIONS = ("theme", "size", "locale", "title", "span", "even", "every", "share", "then", "by", "page")
"""Of charts, as they can be asked for here."""


def _chart(asked: argparse.Namespace) -> int:
    charts = {name.replace("_", "-"): draw for name, draw in fd.charts.CHARTS.items()}
    kind = asked.kind.replace("_", "-")
    if kind not in (ALL, *charts):
        near = "".join(f"; nearest: {one!r}" for one in nearest(kind, list(charts), n=1))
        raise InvalidValue("kind", asked.kind, ", ".join([*charts, ALL]) + near)
    options = {name: value for name in OPTIONS if (value := getattr(asked, name)) is not None}
    if asked.to_status:
        options["to"] = asked.to_status
    takes = {name: inspect.signature(draw).parameters for name, draw in charts.items()}
    claims = asked.claim or []
    if claims and not (kind != ALL and "claim_id" in takes[kind]):
        options["claims"] = claims
    if len(claims) == 1 and (kind == ALL or "claim_id" in takes[kind]):
        options["claim_id"] = claims[0]
    if kind != ALL:
        for name, value in options.items():
            if name not in takes[kind]:
                able = ", ".join(one for one, of in takes.items() if name in of)
                flag = {"claims": "--claim", "claim_id": "--claim", "to": "--to-status"}.get(
                    name, f"--{name}"
                )
                raise InvalidValue(flag, str(value), f"with {able} only")
        if "claim_id" in takes[kind] and "claim_id" not in options:
            known = ", ".join(fd.open(asked.ledger).claims["claim_id"].tail(IDS_SHOWN))
            some = f", such as {known}" if known else "; the ledger has none yet"
            name, value = ("--claim", ", ".join(claims)) if claims else ("kind", kind)
            raise InvalidValue(name, value, f"with --claim and the id of the one claim that it is of{some}")
        targets = {kind: asked.to or Path(f"{kind}.png")}
    else:
        if asked.by:
            able = ", ".join(one for one, of in takes.items() if "by" in of)
            raise InvalidValue("--by", asked.by, f"with one of {able}: it means something else in each")
        folder = asked.to or Path("charts")
        if folder.suffix:
            raise InvalidValue("--to", str(folder), "a folder, into which every chart is drawn")
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise WriteFailed(str(folder), str(error), "Nothing was drawn.") from error
        whole = {name: "claim_id" in options or "claim_id" not in of for name, of in takes.items()}
        targets = {name: folder / f"{name}.png" for name, of in whole.items() if of}
        for name in takes.keys() - targets.keys():
            print(f"factdesk: {name} is not drawn: it is of one claim, --claim ID", file=sys.stderr)
    ledger = fd.open(asked.ledger)
    for name, target in targets.items():
        drawn = charts[name](ledger, **{one: of for one, of in options.items() if one in takes[name]})
        print(fd.save(drawn, target))
    return WELL


def _provenance(asked: argparse.Namespace) -> int:
    if asked.again and not asked.ledger:
        raise InvalidValue("--again", str(asked.again), "with --ledger: the chart is drawn of it")
    ledger = fd.open(asked.ledger) if asked.ledger else None
    found = fd.provenance(asked.file, ledger)
    standing = found.standing
    if asked.json:
        said: dict[str, object] = {name: getattr(found, name) for name in SAID}
        if standing:
            changed = json.loads(standing.changed.to_json(orient="records"))
            said["standing"] = {
                "well": standing.well, "says": standing.says, "changed": changed, "gone": standing.gone,
            }  # fmt: skip
        print(json.dumps(said, ensure_ascii=True, indent=1))
    else:
        print(_shown(str(found)))
        if standing and len(standing.changed):
            print("In the ledger, and not in the file:")
            for row in standing.changed.head(ROWS_SHOWN).to_dict("records"):
                print(_shown("- " + ", ".join(f"{name} {cell}" for name, cell in row.items())))
            left_out = len(standing.changed) - ROWS_SHOWN
            if left_out > 0:
                print(f"and {left_out:,} more")
    if asked.again and ledger:
        written = fd.save(redraw.redrawn(found, ledger), asked.again, found.scale or None)
        print(written, file=sys.stderr if asked.json else sys.stdout)
    return WELL if standing is None or standing.well else FINDINGS


def _unpack(asked: argparse.Namespace) -> int:
    print(fd.unpack(asked.page, asked.to or asked.page.with_suffix("")))
    return WELL


def _share(asked: argparse.Namespace) -> int:
    pages = fd.share(
        asked.notebooks, asked.to, execute=not asked.no_execute, overwrite=asked.overwrite, ledger=asked.ledger,
        evidence=asked.evidence, names=not asked.no_names, code=not asked.no_code, allow_findings=asked.allow_findings,
    )  # fmt: skip
    for page in pages:
        print(page)
    return WELL


def _shown(text: str) -> str:
    """Give text in the terminal's own words, and without what it would obey."""
    for call, command in COMMANDS.items():
        text = text.replace(call, command)
    return "\n".join(clean(line)[0] for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
