"""The project's promises about itself: its commands, its lock, its layers, and examples that run."""

import ast
import doctest
import importlib
import inspect
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import factdesk as fd
from factdesk import cli

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "factdesk"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LAB, ARTICLES, APP, DEV = (
    ROOT / "requirements" / f"{name}.txt" for name in ("lab", "articles", "app", "dev")
)
PAGES = {page: (ROOT / page).read_text("utf-8") for page in ("README.md", "CONTRIBUTING.md")}

# The rooms from the lowest up (what each is for stands in its first line). One imports only from lines above
# its own here; a new room gets a line.
LAYERS = [
    {"errors", "packed"},
    {"schema"},
    {"charts.colours", "vocabularies", "frames"},
    {
        "storage.fsync",
        "storage.scratch",
        "ledger.ids",
        "formats",
        "charts.pdf",
        "charts.chart_rows",
        "checks.spreadsheets",
        "text",
        "charts.svg_fonts",
        "exchange.xlsx",
    },
    {"articles.quotation_marks", "articles.given_names", "articles.cues", "articles.worth"},
    {"articles.parsed", "articles.by_rule"},
    {"articles.language_model", "articles.constructions", "articles.speakers"},
    {"articles.attributions"},
    {"articles.mentions"},
    {"articles.candidates"},
    {"articles.stylesheet", "articles.reachable", "articles.robots"},
    {"articles.webpage"},
    {"articles.reading"},
    {"articles.fetching"},
    {"articles.article"},
    {"articles.origins"},
    {"storage.no_table", "storage.folder", "checks.rewritten", "history.due", "checks.codes"},
    {"storage.documents"},
    {"exchange.target"},
    {
        "storage.no_ledger",
        "ledger.quotes",
        "ledger.unread",
        "checks.replay",
        "charts.provenance",
        "storage.settings",
        "storage.csvfile",
    },
    {"storage.table_file"},
    {
        "checks.merges",
        "storage.git",
        "ledger.intervals",
        "checks.homoglyphs",
        "charts.xlsx",
    },
    {"storage.missing", "checks.values"},
    {"checks.findings"},
    {"checks.sound"},
    {"storage.journal", "storage.lock", "storage.set_aside"},
    {"storage.baseline"},
    {"storage.growth", "storage.reading_cache"},
    {"storage.files", "checks.external_edits"},
    {"storage.create", "storage.seals"},
    {"ledger.row_index", "ledger.kept"},
    {"ledger.dataset", "ledger.parsing", "ledger.remembered"},
    {"ledger.snapshots"},
    {"ledger.marking"},
    {"ledger.transaction", "ledger.derived", "ledger.place", "history.row_versions"},
    {"ledger.at_once"},
    {
        "ledger.seal",
        "ledger.forms",
        "ledger.bulk",
        "ledger.hand_edits",
        "ledger.vocabulary",
        "ledger.imports",
        "ledger.sides",
    },
    {"ledger.documents"},
    {"ledger.candidates"},
    {"ledger.settling", "ledger.rekeyed", "ledger.others"},
    {"ledger.merging"},
    {"ledger.coming"},
    {"ledger.merge"},
    {"ledger.verify"},
    {"ledger.ledger"},
    {"ledger.opening"},
    {"history.repeats"},
    {"history.corrections", "history.revisions", "history.durations"},
    {"measures"},
    {"scale.stored", "scale.addresses"},
    {"scale.rows", "scale.questions", "scale.plain_files"},
    {"scale.engines"},
    {"scale.store"},
    {"exchange.fields", "exchange.layouts", "exchange.cells", "exchange.months"},
    {"exchange.delimited", "exchange.days", "exchange.ratings"},
    {"exchange.header", "exchange.columns"},
    {"exchange.workbooks"},
    {"exchange.records"},
    {"exchange.tables"},
    {"exchange.flat_reviews", "exchange.json_stream"},
    {"exchange.feeds"},
    {"exchange.reviews"},
    {"exchange.plan"},
    {"exchange.proposed"},
    {"exchange.doubles", "exchange.known_rows"},
    {"exchange.published"},
    {"exchange.claimreview"},
    {"exchange.preview"},
    {"exchange.coming_again"},
    {"exchange.ledger_tables", "exchange.new_ledger"},
    {"exchange.workbook", "exchange.sqlite", "exchange.warc"},
    {"exchange.export"},
    {"exchange.importing"},
    {"new_project", "pages.html"},
    {"charts.theme", "charts.time_axis", "charts.asked"},
    {"charts.marks"},
    {"charts.rows", "charts.events"},
    {"charts.chart"},
    {"charts.calls", "charts.bands"},
    {
        "charts.claim_card",
        "charts.claimants",
        "charts.evidence",
        "charts.repeats",
        "charts.status_over_time",
        "charts.time_to_status",
        "charts.timeline",
        "charts.transitions",
    },
    {"pages.claim"},
    {"pages.widgets", "pages.bundle", "pages.figure", "pages.formulas"},
    {"pages.explorer_rows", "pages.index", "pages.article"},
    {"pages.explorer", "pages.opened", "pages.run", "pages.redact"},
    {"pages.feed", "pages.printing"},
    {"pages.formats"},
    {"charts.save", "pages.share"},
    {"charts.display"},
    {"charts"},
    {"charts.redraw"},
    {"factdesk"},
    {"cli", "desk.days", "desk.drafts", "desk.forms", "desk.place", "desk.chooser"},
    {"desk.listing"},
    {"desk.whole", "desk.card", "desk.near", "desk.writing"},
    {"desk.article"},
    {"desk.workbench"},
    {"desk.parts"},
    {"desk"},
]


def ranges(line: list[str]) -> dict[str, SpecifierSet]:
    """Names and version ranges of dependencies as pyproject.toml lists them."""
    return {(parsed := Requirement(text)).name: parsed.specifier for text in line}


def pins(lock: Path) -> list[Requirement]:
    return [
        Requirement(line.rstrip(" \\")) for line in lock.read_text("utf-8").splitlines() if line[:1].isalnum()
    ]


# The lock


LOCKS = {
    "lab": (LAB, ["build"]),
    "articles": (ARTICLES, ["build", "articles"]),
    "app": (APP, ["build", "app"]),
    "dev": (DEV, ["build", "articles", "app", "scale", "postgres", "test", "lint"]),
}


@pytest.mark.parametrize(("lock", "extras"), LOCKS.values(), ids=LOCKS)
def test_the_lock_pins_every_dependency_with_hashes_and_names_no_address(lock, extras):
    text = lock.read_text("utf-8")
    packages = re.findall(r"^(?=[a-z0-9])(?:.*\\\n)*.*\n?", text, flags=re.MULTILINE)
    assert len(packages) == len(pins(lock))
    assert all(re.search(r"^[a-z0-9._-]+==\S+.*\\\n +--hash=sha256:[0-9a-f]{64}", one) for one in packages)
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted|file:| @ ", text)
    pinned: dict[str, list[str]] = {}
    for pin in pins(lock):
        pinned.setdefault(pin.name, []).extend(part.version for part in pin.specifier)
    for name, allowed in ranges(
        PROJECT["project"]["dependencies"] + [line for e in extras for line in EXTRAS[e]]
    ).items():
        assert pinned.get(name), f"{name} is not in the lock"
        assert all(allowed.contains(version) for version in pinned[name])


def test_the_lab_holds_no_tool_for_tests_or_lint_and_the_same_versions():
    lab, articles, app, dev = ({str(pin) for pin in pins(lock)} for lock in (LAB, ARTICLES, APP, DEV))
    tools = set(ranges(EXTRAS["test"] + EXTRAS["lint"]))
    assert lab < app < dev
    assert lab < articles < dev
    assert tools & {pin.name for pin in pins(APP)} == set()


def test_the_lock_leaves_out_what_makes_every_import_of_altair_slow():
    names = {pin.name for lock in (LAB, ARTICLES, APP, DEV) for pin in pins(lock)}
    assert {"jsonschema", "rfc3987-syntax", "lark"} & names == {"jsonschema"}


def test_what_builds_the_package_is_in_the_lock():
    assert PROJECT["build-system"]["requires"] == EXTRAS["build"]


# What is said twice


def test_the_conda_environment_names_the_same_packages_in_the_same_versions():
    lines = re.findall(
        r"^  - ([a-z0-9-]+)([^:\s]*)$", (ROOT / "environment.yml").read_text("utf-8"), flags=re.MULTILINE
    )
    conda = {name: SpecifierSet(versions) for name, versions in lines}
    assert conda == ranges(PROJECT["project"]["dependencies"]) | {
        "python": SpecifierSet(PROJECT["project"]["requires-python"]),
        "conda-forge": SpecifierSet(),
        "pip": SpecifierSet(),
    }


def test_every_dependency_has_its_reason_in_the_docs():
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    told = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, body = section.split("\n", 1)
        if reasons := re.findall(r"^\| `([a-z0-9-]+)` \| \S", body, flags=re.MULTILINE):
            told[heading.lower()] = reasons
    asked = {"runtime": PROJECT["project"]["dependencies"], **EXTRAS}
    assert told == {section: list(ranges(lines)) for section, lines in asked.items()}


def test_python_3_11_is_enough():
    assert "3.11" in SpecifierSet(PROJECT["project"]["requires-python"])
    assert "--python-version 3.11 " in (ROOT / "Makefile").read_text("utf-8")


# The commands


def commands(*languages: str) -> list[str]:
    """Lines of the code blocks of README.md and CONTRIBUTING.md, without prompts and remarks."""
    blocks = [
        body
        for text in PAGES.values()
        for language, body in re.findall(r"^```(\w+)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
        if language in languages
    ]
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line.split("  #")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


def environment() -> dict[str, str]:
    """This process's environment, with factdesk's source in front for those that did not install it."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}


@pytest.fixture
def sample(tmp_path) -> Path:
    """A copy of the sample ledger and the notebooks, to work in."""
    shutil.copy(ROOT / "claims.csv", tmp_path)
    for folder in ("claims", "notebooks"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".factdesk", ".ipynb*")
        )
    return tmp_path


def dry_run(command: str) -> list[str]:
    """What a call of make would run; without what the make that runs these tests hands on."""
    bare = {name: of for name, of in os.environ.items() if name != "ARGS" and not name.startswith("MAKE")}
    done = subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()


def test_the_readme_names_the_two_commands():
    assert {"make lab", "make test"} <= set(commands("sh"))


@pytest.mark.parametrize("command", sorted({c for c in commands("sh") if c.startswith("make")}))
def test_make_knows_every_target_that_the_pages_name(command):
    assert dry_run(command)


def test_factdesk_commands_that_the_pages_name_run(sample, monkeypatch):
    monkeypatch.chdir(sample)
    for line in commands("sh"):
        if not re.match(r"(make|git|cd|conda|jupyter|\.ci/run)\b", line):
            program, *words = shlex.split(line)
            assert program == "factdesk", f"no test knows what `{line}` does"
            assert cli.main(words) in (0, 1), line  # 1 says that there are findings


def test_python_that_the_pages_show_runs(sample, monkeypatch):
    monkeypatch.chdir(sample)
    names: dict = {}
    for text in PAGES.values():
        for block in re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
            exec(block, names)


def test_the_commands_for_windows_do_what_make_lab_does():
    script = (ROOT / "scripts" / "environment.sh").read_text("utf-8")
    lock, package = re.findall(r"^\$install (.*)$", script, flags=re.MULTILINE)
    assert [line.replace("\\", "/") for line in commands("bat")] == [
        "py -m venv .venv",
        ".venv/Scripts/python -m pip install " + lock.replace('"$lock"', "requirements/lab.txt"),
        shlex.join([".venv/Scripts/python", *lab_recipe()[1:]]),
    ]
    # What the third one does on its first day, the script did for make.
    assert package.removesuffix(" .") in (ROOT / "scripts" / "lab" / "__main__.py").read_text("utf-8")


def lab_recipe() -> list[str]:
    """What `make lab` runs once everything is set up."""
    return shlex.split(dry_run("make lab")[-1])


@pytest.mark.skipif(sys.platform == "win32", reason="make is not asked for on Windows")
def test_make_lab_starts_with_no_display_and_prints_an_address_that_answers(tmp_path):
    own = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    private = {name: str(tmp_path / name) for name in own}
    bare = {name: of for name, of in environment().items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    output = tmp_path / "output"
    with output.open("w") as sink:
        lab = subprocess.Popen(
            [sys.executable, *lab_recipe()[1:]], cwd=ROOT, env=bare | private, stdout=sink, stderr=sink
        )  # fmt: skip
    try:
        address = None
        deadline = time.monotonic() + 60
        while address is None and lab.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
            address = re.search(
                r"http://localhost:\d+/lab/tree/notebooks\?token=\w+", output.read_text("utf-8")
            )
        assert address, output.read_text("utf-8")
        with urllib.request.urlopen(address[0], timeout=30) as page:
            assert page.status == 200
            assert '"treePath": "notebooks"' in page.read().decode()
    finally:
        lab.send_signal(signal.SIGTERM)
        lab.wait(30)


@pytest.mark.skipif(sys.platform == "win32", reason="make is not asked for on Windows")
def test_setting_up_without_a_new_enough_python_says_so(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    setting_up = subprocess.run(
        [shutil.which("sh"), ROOT / "scripts" / "environment.sh", LAB],
        cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert setting_up.returncode == 1
    assert setting_up.stderr == "No Python 3.11 or newer was found. Install one, or uv.\n"


# The layers


def imported_rooms(file: Path) -> set[str]:
    """Rooms of factdesk that a file imports, wherever in it; `factdesk` for its public names."""
    tree = ast.parse(file.read_text("utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: imports are written out in full"
            module = node.module or ""
            is_package = module.count(".") < 2 and (PACKAGE.parent / module.replace(".", "/")).is_dir()
            names += [f"{module}.{alias.name}" for alias in node.names] if is_package else [module]
    parts = [name.split(".") for name in names if name.split(".")[0] == "factdesk"]
    return {".".join(part[1:3]) if len(part) > 1 else "factdesk" for part in parts}


def room_of(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def test_every_room_has_its_place_in_the_layers():
    rooms = {room_of(file) for file in PACKAGE.rglob("*.py") if not file.name.startswith("__")}
    assert rooms | {"factdesk", "charts", "desk"} == set().union(*LAYERS)


def test_arrows_between_rooms_point_down():
    height = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
    upward = [
        f"{room_of(file)} -> {other}"
        for file in sorted(PACKAGE.rglob("*.py"))
        if room_of(file) in height
        for other in imported_rooms(file) - {room_of(file)}
        if height.get(other, len(LAYERS)) >= height[room_of(file)]
    ]
    assert upward == []


def test_no_room_takes_the_name_of_a_public_function():
    """Importing a room sets its name on the package, and would put the module where the function was."""
    rooms = {room_of(file) for file in PACKAGE.rglob("*.py")}
    assert rooms & set(fd.__all__) == {"charts", "desk", "measures", "scale"}


def test_importing_factdesk_loads_neither_charts_nor_widgets_nor_jupyterlab():
    asked = "import sys, factdesk; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], env=environment(), capture_output=True, text=True, check=True
    )
    heavy = {
        "altair",
        "anywidget",
        "ipywidgets",
        "IPython",
        "jupyterlab",
        "nbclient",
        "nbformat",
        "vl_convert",
        "PIL",
    }
    assert heavy & set(loaded.stdout.split()) == set()


# The examples

MODULES = sorted(
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in PACKAGE.rglob("*.py")
    if ">>>" in file.read_text("utf-8")
)


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_run(module, sample, monkeypatch):
    monkeypatch.chdir(sample)
    tried = doctest.testmod(
        importlib.import_module(module), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert tried.failed == 0


def public_names() -> list[tuple[str, object]]:
    """What `factdesk` offers: its names, those of the rooms among them, and what a ledger can be asked."""
    found = [(f"fd.{name}", getattr(fd, name)) for name in fd.__all__ if not name.startswith("__")]
    for name, value in list(found):
        if inspect.ismodule(value):
            found.remove((name, value))
            found += [(f"{name}.{inner}", getattr(value, inner)) for inner in value.__all__]
    ledger = importlib.import_module("factdesk.ledger.ledger").Ledger
    found += [(f"Ledger.{name}", value) for name, value in vars(ledger).items() if not name.startswith("_")]
    return [(name, value) for name, value in found if callable(value) or isinstance(value, property)]


def test_every_public_name_has_a_docstring_with_an_example():
    bare = [name for name, value in public_names() if ">>>" not in (inspect.getdoc(value) or "")]
    assert bare == []
