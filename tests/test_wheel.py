"""The wheel, built from this repository and installed elsewhere, makes a case of one's own and opens it."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

OPEN_THE_CASE = """
import sys
import factdesk as fd
ledger = fd.open(sys.argv[1])
print(fd.__file__)
print(ledger.title)
print(len(ledger.claims))
"""


def run(*words: str | Path, cwd: Path) -> str:
    """Run a command elsewhere, with nothing that points at this checkout, and give what it prints."""
    pointing = ("PYTHON", "PIP_", "VIRTUAL_ENV")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(pointing)}
    done = subprocess.run(words, cwd=cwd, env=bare | {"PYTHONUTF8": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    built = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built, cwd=ROOT)
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory) -> Path:
    """The programs of an environment with the wheel in it; what it depends on is read from this one.

    A path in a .pth file is taken as it is: this environment's own .pth files, the one that leads to the
    checkout among them, are not read there.
    """
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home, symlinks=os.name != "nt")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        programs / "python",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
    ]
    run(
        *pip,
        "--disable-pip-version-check",
        "--no-warn-script-location",
        "--ignore-installed",
        wheel,
        cwd=home,
    )
    return programs


@pytest.fixture(scope="module")
def case(elsewhere, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    told = run(elsewhere / "factdesk", "new", "my-case", "Promises of the budget", cwd=folder)
    assert "my-case" in told
    return folder / "my-case"


def test_the_wheel_holds_every_file_of_the_package_its_licence_and_nothing_else(wheel):
    package = ROOT / "src" / "factdesk"
    files = [file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {file.relative_to(package.parent).as_posix() for file in files} - set(names) == set()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"factdesk"}
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_a_new_case_is_made_and_opened(elsewhere, case):
    ledger = next(case.glob("*.csv"))
    where, title, claims = run(
        elsewhere / "python", "-c", OPEN_THE_CASE, ledger, cwd=case.parent
    ).splitlines()
    assert Path(where).is_relative_to(elsewhere.parent)
    assert (title, claims) == ("Promises of the budget", "0")


def test_the_starter_notebooks_of_a_new_case_run_and_become_pages(elsewhere, case):
    run(elsewhere / "factdesk", "share", "notebooks", "site", cwd=case)
    desk, charts = sorted((case / "site").glob("0*.html"))
    assert "No claims yet" in desk.read_text("utf-8")
    assert charts.read_text("utf-8").count("data-chart=") == 2
