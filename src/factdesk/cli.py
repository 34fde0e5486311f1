"""The same calls from a terminal: `factdesk new`, `candidates`, `check`, `verify`, `chart`, `export`, `provenance`, `share` and `unpack`."""

from __future__ import annotations

import argparse
import inspect
import json
import re
import shlex
import shutil
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import factdesk as fd
from factdesk import new_project
from factdesk.charts import redraw
from factdesk.checks.findings import findings_frame
from factdesk.errors import InvalidValue, LedgerUnreadable, NotebooksFailed, NotFound, WriteFailed
from factdesk.formats import counted
from factdesk.ledger.merge import Merge
from factdesk.pages.bundle import verify_page
from factdesk.schema import PERIODS
from factdesk.storage import csvfile
from factdesk.text import clean
from factdesk.vocabularies import VOCABULARIES

Command = Callable[[argparse.Namespace], int]
WELL, FINDINGS, MISUSE = 0, 1, 2
"""Exit statuses."""

ALL = "all"
"""In place of a kind of chart: every one."""

CHART_OPTIONS: dict[str, dict[str, Any]] = {
    "theme": {"help": "light, dark or print"},
    "size": {"help": "page, column, slide or card"},
    "locale": {"help": "how days and numbers are written, such as de or pt-BR"},
    "title": {"help": "in place of the sentence that the chart finds"},
    "span": {"nargs": 2, "metavar": ("FIRST", "LAST"), "help": "the days shown"},
    "gaps": {"choices": ["auto", "yes", "no"], "help": "draw long spans without an event narrow"},
    "every": {"choices": PERIODS, "help": "how often to count (status-over-time)"},
    "what": {"help": "held or given (status-over-time)"},
    "share": {"action": "store_const", "const": True, "help": "shares in place of counts"},
    "by": {"help": "claimant or topic (status-over-time), also kind (time-to-status)"},
    "sort": {"help": "the order of the claims (timeline)"},
    "group": {"help": "claimant, topic or none (timeline)"},
    "highlight": {"action": "append", "metavar": "ID", "help": "a claim to stand out; may be given again (timeline)"},
    "to-status": {"action": "append", "metavar": "STATUS", "help": "a status that ends the wait (time-to-status)"},
    "page": {"type": int, "help": "which page, where the claims take several (timeline)"},
}  # fmt: skip
FLAGS = {"claims": "--claim", "claim_id": "--claim", "to": "--to-status"}
"""Options of charts that have another name here."""
IDS_SHOWN, ROWS_SHOWN = 3, 10

PRINTED = "title subtitle description ledger as_of digest call version made scale unread"
"""What `provenance` prints as JSON."""

# Errors advise calls of Python; a terminal has commands.
COMMANDS = {
    "Make a new one with fd.create.": 'Make a new one with: factdesk new my-project "Title".',
    "Choose another name, or fd.open it.": "Choose another name.",
    "overwrite=True": "--overwrite",
    "allow_findings=True": "--allow-findings",
    "ledger.check()": "factdesk check",
    "columns={'…': 'claim'}": "--column NAME=claim",
    "columns={'…': 'claimant'}": "--column NAME=claimant",
    "constants={'claim': '…'}": "--constant claim=TEXT",
    "constants={'claimant': '…'}": "--constant claimant=TEXT",
    "Nothing is written yet: .write() does it.": "Nothing is written yet: --yes does it.",
}

_CORRECTION = re.compile(r"(columns|constants|statuses)=\{(['\"])(.*?)\2: (?:'([^']*)'|None)\}")

EXITS = "Exit status: 0 well; 1 something was found, such as rows that are set aside; 2 it could not be done."

LEDGER = "a ledger's CSV, or the folder of one ledger; default: claims.csv"
JSON = "print what is found as JSON"
RENAMED = {"whence": "provenance"}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status: 0 well, 1 findings, 2 misuse.

    Examples
    --------
    >>> main(["check", "claims.csv"])
    claims.csv: nothing is wrong.
    0
    """
    words = list(sys.argv[1:] if words is None else words)
    if words and words[0] in RENAMED:
        print(f"factdesk: {words[0]} is called {RENAMED[words[0]]} now.", file=sys.stderr)
        words[0] = RENAMED[words[0]]
    asked = _parser().parse_args(words)
    run: Command = asked.run
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", fd.FactdeskWarning)
            status = run(asked)
    except fd.FactdeskError as error:
        print(f"factdesk: {_shown(str(error))}", file=sys.stderr)
        status = FINDINGS if isinstance(error, NotebooksFailed) else MISUSE
    for one in caught:
        if issubclass(one.category, fd.FactdeskWarning) and run is not _check:
            print(f"factdesk: {_shown(str(one.message))}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    about = "A claim fact-checking workbench for Jupyter."
    parser = argparse.ArgumentParser(prog="factdesk", description=about)
    parser.add_argument("--version", action="version", version=f"factdesk {fd.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(run: Command, words: str, **switches: str) -> argparse.ArgumentParser:
        added = commands.add_parser(run.__name__.strip("_"), help=words, epilog=EXITS)
        added.set_defaults(run=run)
        for name, help_ in switches.items():
            added.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=help_)
        return added

    new = command(_new, "make a folder with an empty ledger and starter notebooks")
    new.add_argument("folder", type=Path, help="the folder to be made; nothing is overwritten")
    new.add_argument("title", help="what the ledger is called in charts and pages")
    new.add_argument("--publisher", default="", help="who publishes what comes of it")
    new.add_argument("--timezone", default="UTC", help="IANA name of the time zone in which its days begin")
    new.add_argument(
        "--statuses", default="factdesk", metavar="NAME", help=f"vocabulary: {', '.join(VOCABULARIES)}"
    )

    brought = command(
        _import,
        "bring a sheet, a feed or published reviews into a ledger",
        yes="write it; without this only what would come of it is shown",
        ours="take reviews of other organisations for statuses of this ledger",
        json="print what would come of it as JSON",
    )
    brought.add_argument("file", type=Path, help="CSV, TSV, XLSX, ODS, JSON, JSON Lines or a saved page")
    brought.add_argument(
        "--into", type=Path, default=Path("claims.csv"), metavar="LEDGER", help="made where there is none"
    )
    pair: dict[str, Any] = {"action": "append", "default": [], "type": _pair}
    brought.add_argument(
        "--column", **pair, metavar="NAME=FIELD", help="what a column is, such as Speaker=claimant"
    )
    brought.add_argument("--status", **pair, metavar="RATING=STATUS", help="which status a rating is")
    brought.add_argument("--constant", **pair, metavar="FIELD=TEXT", help="what holds of every row")
    days = "'day first', 'month first', 'excel' (numbers such as 45730) or a language of its months; may be given again"
    brought.add_argument("--days", action="append", help=days)
    brought.add_argument("--sheet", help="which sheet of a workbook")

    found = command(
        _candidates,
        "print what an article says that somebody said, and what in it is worth checking",
        json="print them as JSON",
        csv="print them as CSV",
        own="also the article's own sentences that are worth checking",
    )
    found.add_argument("article", help="a page, PDF, Markdown or text file; or an address, which is fetched")

    ledger: dict[str, Any] = {"type": Path, "nargs": "?", "default": Path("claims.csv")}
    check = command(_check, "name what is wrong or weak in a ledger", json=JSON)
    check.add_argument("ledger", **ledger, help=LEDGER)

    verify = command(_verify, "name what no longer matches a seal, a hash or an id", json=JSON)
    verify.add_argument("ledger", **ledger, help=f"{LEDGER}; or a shared page")
    verify.add_argument("--ledger", dest="against", type=Path, help="for a page: what has changed since")

    chart = command(_chart, "draw a chart to a file")
    chart.add_argument("kind", help=f"status-over-time, timeline, ...; {ALL!r} draws every one")
    chart.add_argument("ledger", **ledger, help=LEDGER)
    forms = "png, svg, pdf, html, json, csv or xlsx (default: KIND.png)"
    chart.add_argument("--to", type=Path, help=f"{forms}; with {ALL!r} a folder (default: charts/)")
    chart.add_argument("--claim", action="append", metavar="ID", help="a claim to draw; may be given again")
    for name, option in CHART_OPTIONS.items():
        chart.add_argument(f"--{name}", **option)

    export = command(
        _export,
        "write a whole ledger as a workbook or a database, its settled claims as a feed, its documents as WARC",
        overwrite="also replace a file that factdesk did not write",
    )
    export.add_argument("ledger", **ledger, help=LEDGER)
    export.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FILE",
        help="xlsx, sqlite (or db), json: ClaimReview, or warc",
    )

    origin = command(_provenance, "tell where a picture comes from, and whether it still holds", json=JSON)
    origin.add_argument("file", type=Path, help="a png, svg, pdf, html, json or xlsx that fd.save wrote")
    origin.add_argument("--ledger", type=Path, help="a ledger to compare it with")
    origin.add_argument("--again", type=Path, metavar="FILE", help="draw it again, into this file")

    share = command(
        _share,
        "render notebooks to pages that stand alone",
        no_execute="take the outputs as they are: a notebook is code, which is run with all that you may do",
        overwrite="also replace files that are no page of ours",
        evidence="let the ledger's tables travel inside of each page, with quotes and hashes",
        documents="let kept documents travel too, whole: they are the work of others",
        no_code="leave the notebooks' code out of the pages",
        no_names="leave out the names of those who logged and judged",
        allow_findings="share a ledger that has errors; its pages say so",
    )
    share.add_argument("notebooks", type=Path, help="a notebook or a folder of them")
    share.add_argument("to", type=Path, help="the folder, or for one notebook the page, to write to")
    share.add_argument("--ledger", type=Path, help="the ledger that the pages speak of, where they name none")
    share.add_argument("--timeout", type=float, default=600, help="seconds that a cell may take (600)")

    unpack = command(_unpack, "give back the ledger that travels inside a page")
    unpack.add_argument("page", type=Path, help="a page made with share --evidence")
    unpack.add_argument("to", type=Path, nargs="?", help="a new or empty folder (default: the page's name)")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.rpartition("=")
    if not mark:
        raise argparse.ArgumentTypeError(f"{text!r} has no '=': write it as NAME=VALUE")
    return name, value


def _import(asked: argparse.Namespace) -> int:
    coming = fd.import_table(
        asked.file, asked.into, columns=dict(asked.column), statuses=dict(asked.status), days=asked.days,
        constants=dict(asked.constant), sheet=asked.sheet, ours=asked.ours,
    )  # fmt: skip
    if isinstance(coming, Merge):
        if asked.json:
            names = ("counts", "new", "contrary", "edits", "left_out", "alike")
            frames = {name: getattr(coming, name) for name in names}
            frames["counts"] = frames["counts"].rename_axis("table").reset_index()
            _print_json({"questions": coming.questions, "remarks": coming.remarks}, frames)
        else:
            print(_shown("\n".join(coming.summary())))
        if asked.yes:
            coming.write()
        return FINDINGS if coming.questions else WELL
    if asked.json:
        frames = {"columns": coming.columns, "ratings": coming.ratings, "set_aside": coming.set_aside}
        _print_json({"counts": coming.counts, "questions": coming.questions}, frames)
    else:
        print(_shown(repr(coming) if not asked.yes else coming.summary()))
    if asked.yes:
        made, out = coming.write(), sys.stderr if asked.json else sys.stdout
        print(_shown(str(made)), file=out)
        if made.new and made.ledger.path:
            place = shlex.quote(str(asked.into or made.ledger.path))
            print(f"Next: factdesk chart status-over-time {place}", file=out)
    return FINDINGS if coming.counts["set aside"] or coming.questions else WELL


def _print_json(told: Mapping[str, object], frames: Mapping[str, pd.DataFrame]) -> None:
    rows = {name: json.loads(frame.to_json(orient="records")) for name, frame in frames.items()}
    print(json.dumps({**told, **rows}, ensure_ascii=True, indent=1))


def _new(asked: argparse.Namespace) -> int:
    made = new_project.new(
        asked.folder, asked.title, publisher=asked.publisher, timezone=asked.timezone, statuses=asked.statuses
    )
    notebook = sorted((made / "notebooks").iterdir())[0].relative_to(made)
    print(f"Made {made}: an empty ledger (claims.csv, claims/) and notebooks that open it.")
    # Where the environment is not activated, its programs are found beside its Python.
    jupyter = "jupyter"
    if not shutil.which(jupyter):
        jupyter = str(Path(sys.executable).absolute().with_name("jupyter"))
    print(f"Next: cd {shlex.quote(str(made))} && {shlex.quote(jupyter)} lab {notebook.as_posix()}")
    return WELL


def _candidates(asked: argparse.Namespace) -> int:
    """Print the candidates of an article: a word that is no address is a file, and never text."""
    is_address = re.match("https?://", asked.article, re.IGNORECASE)
    article = fd.read_article(asked.article if is_address else Path(asked.article))
    found = article.candidates(own=asked.own)
    if asked.json:
        print(json.dumps(json.loads(found.to_json(orient="records")), ensure_ascii=True, indent=1))
    elif asked.csv:
        texts = found.astype("object").where(found.notna(), "").astype("str")
        rows = [texts.columns.tolist(), *texts.to_numpy().tolist()]
        sys.stdout.write(csvfile.render(rows).decode("utf-8"))
    else:
        for row in found.astype("object").where(found.notna(), "").to_dict("records"):
            says = (
                f"{row['claimant'] or 'nobody named'} ({row['kind']}, {row['worth']:.2f}, {row['checkable']})"
            )
            print(_shown(f"{says}: {row['claim']}"))
        print(counted(len(found), "candidate"))
    return WELL


def _check(asked: argparse.Namespace) -> int:
    return _report(asked, _found(asked, fd.Ledger.check), "nothing is wrong.")


def _found(asked: argparse.Namespace, look: Callable[[fd.Ledger], pd.DataFrame]) -> pd.DataFrame:
    """Return what is found in the ledger asked for, which is called by its CSV where a folder was given."""
    try:
        ledger = fd.open(asked.ledger)
        if ledger.path and asked.ledger.is_dir():
            asked.ledger /= ledger.path.name
        return look(ledger)
    except LedgerUnreadable as error:
        return findings_frame(error.places)


def _verify(asked: argparse.Namespace) -> int:
    if asked.ledger.suffix.lower() in (".html", ".htm"):
        against = fd.open(asked.against) if asked.against else None
        found = verify_page(asked.ledger, against)
        whole = found.empty or not found["code"].isin(["no-ledger-inside", "no-seal", "names-left-out"]).any()
        return _report(asked, found, "page, data and seal agree." if whole else "what can be told agrees.")
    if asked.against:
        raise InvalidValue("--ledger", str(asked.against), "with a page, which it is held against")
    if asked.ledger.suffix.lower() != ".csv" and not asked.ledger.is_dir():
        if not asked.ledger.is_file():
            raise NotFound("ledger or page", str(asked.ledger))
        neither = "a ledger's CSV or its folder, or a shared page (.html); this is neither"
        raise InvalidValue("verify", str(asked.ledger), neither)
    well = "nothing differs, but there is no seal to hold the rows to: ledger.seal() makes one."

    def verified(ledger: fd.Ledger) -> pd.DataFrame:
        nonlocal well
        if sealed := len(ledger.seals):
            well = f"all matches ({counted(sealed, 'seal')})."
        return ledger.verify()

    return _report(asked, _found(asked, verified), well)


def _report(asked: argparse.Namespace, findings: pd.DataFrame, well: str) -> int:
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
    severities = findings["severity"].value_counts()
    print(", ".join(counted(n, str(severity)) for severity, n in severities.items() if n))


def _chart(asked: argparse.Namespace) -> int:
    charts = {name.replace("_", "-"): draw for name, draw in fd.charts.CHARTS.items()}
    kind = asked.kind.replace("_", "-")
    if kind not in (ALL, *charts):
        raise InvalidValue.choice("kind", asked.kind, [*charts, ALL])
    takes = {name: inspect.signature(draw).parameters for name, draw in charts.items()}
    options = {
        name: value for name in CHART_OPTIONS if (value := getattr(asked, name.replace("-", "_"))) is not None
    }
    if asked.gaps:
        options["gaps"] = {"auto": "auto", "yes": True, "no": False}[asked.gaps]
    if asked.to_status:
        options["to"] = options.pop("to-status")
    claims, is_of_one = asked.claim or [], "claim_id" in takes.get(kind, ())
    if claims and not is_of_one:
        options["claims"] = claims
    if len(claims) == 1 and (kind == ALL or is_of_one):
        options["claim_id"] = claims[0]
    targets = _every(asked, takes, options) if kind == ALL else {kind: asked.to or Path(f"{kind}.png")}
    for name, value in options.items() if kind != ALL else ():
        if name not in takes[kind]:
            able = ", ".join(one for one, of in takes.items() if name in of)
            raise InvalidValue(FLAGS.get(name, f"--{name}"), str(value), f"with {able} only")
    if is_of_one and "claim_id" not in options:
        known = ", ".join(fd.open(asked.ledger).claims["claim_id"].tail(IDS_SHOWN))
        some = f", such as {known}" if known else "; the ledger has none yet"
        name, given = ("--claim", ", ".join(claims)) if claims else ("kind", kind)
        raise InvalidValue(name, given, f"with --claim and the id of the one claim that it is of{some}")
    ledger = fd.open(asked.ledger)
    for name, target in targets.items():
        drawn = charts[name](ledger, **{one: of for one, of in options.items() if one in takes[name]})
        print(fd.save(drawn, target))
    return WELL


def _every(
    asked: argparse.Namespace, takes: Mapping[str, Mapping[str, object]], options: Mapping[str, object]
) -> dict[str, Path]:
    """Return the file of each chart that can be drawn, in a folder that is made for them."""
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
    targets = {}
    for name, of in takes.items():
        if "claim_id" in of and "claim_id" not in options:
            print(f"factdesk: {name} is not drawn: it is of one claim, --claim ID", file=sys.stderr)
        else:
            targets[name] = folder / f"{name}.png"
    return targets


def _export(asked: argparse.Namespace) -> int:
    ledger = fd.open(asked.ledger)
    print(fd.export(ledger, asked.to, overwrite=asked.overwrite))
    if asked.to.suffix.lower() == ".json":
        missing = fd.claimreview.write(ledger)["missing"]
        for words, count in missing.value_counts().items():
            print(f"factdesk: not said for {counted(count, 'claim')}: {words}", file=sys.stderr)
    return WELL


def _provenance(asked: argparse.Namespace) -> int:
    if asked.again and not asked.ledger:
        raise InvalidValue("--again", str(asked.again), "with --ledger: the chart is drawn of it")
    ledger = fd.open(asked.ledger) if asked.ledger else None
    found = fd.provenance(asked.file, ledger)
    standing = found.standing
    if asked.json:
        whole: dict[str, object] = {name: getattr(found, name) for name in PRINTED.split()}
        if standing:
            changed = json.loads(standing.changed.to_json(orient="records"))
            whole["standing"] = vars(standing) | {"changed": changed}
        print(json.dumps(whole, ensure_ascii=True, indent=1))
    else:
        print(_shown(str(found)))
        if standing and len(standing.changed):
            print("In the ledger, and not in the file:")
            for row in standing.changed.head(ROWS_SHOWN).to_dict("records"):
                print(_shown("- " + ", ".join(f"{name} {cell}" for name, cell in row.items())))
            if (more := len(standing.changed) - ROWS_SHOWN) > 0:
                print(f"and {more:,} more")
    if asked.again and ledger:
        written = fd.save(redraw.redrawn(found, ledger), asked.again, found.scale or None)
        print(written, file=sys.stderr if asked.json else sys.stdout)
    return WELL if standing is None or standing.well else FINDINGS


def _unpack(asked: argparse.Namespace) -> int:
    print(fd.unpack(asked.page, asked.to or asked.page.with_suffix("")))
    return WELL


def _share(asked: argparse.Namespace) -> int:
    if not asked.no_execute:
        print(
            "factdesk: the notebooks' code is run; --no-execute takes their outputs as they are.",
            file=sys.stderr,
        )
    pages = fd.share(
        asked.notebooks, asked.to, execute=not asked.no_execute, overwrite=asked.overwrite, ledger=asked.ledger,
        evidence="documents" if asked.documents else asked.evidence, names=not asked.no_names, code=not asked.no_code, allow_findings=asked.allow_findings,
        timeout=asked.timeout,
    )  # fmt: skip
    for page in pages:
        print(page)
    return WELL


def _option(correction: re.Match[str]) -> str:
    name, _, key, value = correction.groups()
    return f"--{'status' if name == 'statuses' else name[:-1]} {shlex.quote(f'{key}={value or str()}')}"


def _shown(text: str) -> str:
    """Return text in the terminal's own words, and without what it would obey."""
    for call, command in COMMANDS.items():
        text = text.replace(call, command)
    text = re.sub(
        r"fd\.import_table\((['\"].*?['\"]), (['\"].*?\.csv['\"])\)", r"factdesk import \1 --into \2", text
    )
    text = _CORRECTION.sub(_option, text)
    text = re.sub(r"\bdays='([^']*)'", lambda order: f"--days {shlex.quote(order[1])}", text)
    text = text.replace(", and .write() of that makes it", "; --yes makes it")
    return "\n".join(clean(line)[0] for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
