"""What several test files share: JupyterLab and the browser that looks at it."""

import os

# Else each kernel and program that a test starts compiles factdesk anew where that is set.
os.environ["PYTHONDONTWRITEBYTECODE"] = ""

import contextlib
import tempfile

import pytest
import samples
from faults import LONG
from fonts import take_the_renderer_s
from hypothesis import HealthCheck, settings
from lab import CHROMIUM, FLAGS, served, watched
from playwright.sync_api import sync_playwright

# Other work on the machine is no fault of ours: no example fails for the time it took.
settings.register_profile(
    "factdesk",
    parent=settings.get_profile("ci" if os.environ.get("CI") else "default"),
    deadline=None,
    max_examples=400 if LONG else 40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("factdesk")

take_the_renderer_s()

if not LONG:
    # No test cuts the power: what is synced, and when, is looked at in the calls.
    os.fsync = os.fdatasync = lambda descriptor: os.fstat(descriptor) and None

# No test writes into the user's own cache.
CACHE = tempfile.TemporaryDirectory(prefix="factdesk-cache-")
os.environ["FACTDESK_CACHE"] = CACHE.name


def pytest_collection_modifyitems(items):
    """Mark what drives a browser."""
    for item in items:
        if "playwright" in item.fixturenames:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright():
    """What starts browsers: there can be but one in a process."""
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's Chromium at /usr/bin/chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright):
    """A headless browser, started once."""
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def opened(chromium):
    """Open files as `watched` does; they are closed after the test."""
    with contextlib.ExitStack() as pages:
        yield lambda *where, **options: pages.enter_context(watched(chromium, *where, **options))


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab, started once, that serves a folder in which each test's notebooks have names of their own."""
    with served(tmp_path_factory.mktemp("notebooks")) as running:
        yield running


@pytest.fixture(scope="session")
def sample_ledger():
    """The sample ledger, to read."""
    return samples.sample_ledger()
