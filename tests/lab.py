"""JupyterLab in a headless browser: what tests of notebooks and of the desk drive."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest
from playwright.sync_api import Browser, Page

SOURCE = Path(__file__).resolve().parent.parent / "src"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
]  # fmt: skip
FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run", "IPYTHONDIR": "ipython",
    "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
}  # fmt: skip
# No news is fetched and no update asked for; every cell is drawn, not only those that are seen.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
WAIT = 180_000


def needs_chromium(test: Callable) -> Callable:
    """Mark a test that starts a browser by itself, and leave it out where there is none."""
    return pytest.mark.browser(pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM}")(test))


@dataclass
class Lab:
    """A running JupyterLab: its address, its token and the folder that it serves."""

    address: str
    token: str
    folder: Path
    settings: Path

    def set(self, plugin: str, **values: object) -> None:
        """Set a plugin's settings, such as `apputils-extension/themes`."""
        file = self.settings / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))

    def write(self, name: str, *cells: str) -> None:
        """Write a notebook of code cells."""
        notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / name)

    def open(self, page: Page, name: str, *, kernel: bool = True) -> None:
        """Open a notebook in a workspace of its own, and wait until its kernel can work."""
        page.goto(f"{self.address}/lab/workspaces/w{secrets.token_hex(4)}/tree/{name}?token={self.token}")
        page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=WAIT)
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=WAIT)
        if kernel:
            self._wait_for_kernel(page)

    def _wait_for_kernel(self, page: Page) -> None:
        """Wait until the kernel can work: the toolbar says idle before there is one, the status bar does not."""
        page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=WAIT)

    def run_all(self, page: Page) -> None:
        """Run all cells, and wait until the last one has run; what is run while a kernel starts can be lost."""
        self._wait_for_kernel(page)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
        last = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
        deadline = time.monotonic() + WAIT / 1000
        while not re.fullmatch(r"\[\d+\]:", last.inner_text().strip()):
            if time.monotonic() > deadline:
                told = page.locator(".jp-Notebook .jp-InputPrompt").all_inner_texts()
                status = page.locator("#jp-main-statusbar").inner_text()
                raise TimeoutError(f"the cells did not run: {told}, {status!r}")
            page.wait_for_timeout(100)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Lab]:
    """Serve a folder with a JupyterLab that shares nothing with the one of whoever runs the tests."""
    port, token = free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as private:
        own = {name: str(Path(private) / place) for name, place in FOLDERS.items()}
        environment = {**os.environ, **own, "PYTHONPATH": str(SOURCE), "JUPYTER_PREFER_ENV_PATH": "1"}
        lab = Lab(f"http://127.0.0.1:{port}", token, folder, Path(own["JUPYTERLAB_SETTINGS_DIR"]))
        for plugin, values in SETTINGS.items():
            lab.set(plugin, **values)
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
            "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
        ]  # fmt: skip
        said = Path(private) / "said"
        with said.open("w") as sink:
            server = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=sink, stderr=sink, start_new_session=True
            )
        try:
            wait_for(f"{lab.address}/api?token={token}", server, said)
            yield lab
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)  # its own group: the server and its kernels
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def wait_for(address: str, server: subprocess.Popen, said: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{said.read_text()[-2000:]}")


@contextlib.contextmanager
def window(browser: Browser, width: int = 1400, height: int = 1000) -> Iterator[Page]:
    """Open a page that reaches this machine's own server and nothing else; what it asked for is in `asked`."""
    context = browser.new_context(viewport={"width": width, "height": height})
    asked: list[str] = []

    def refuse(route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(("http://127.0.0.1", "data:", "blob:")), refuse)
    page = context.new_page()
    page.asked = asked
    try:
        yield page
    finally:
        context.close()


@contextlib.contextmanager
def watched(
    browser: Browser, file: Path, fragment: str = "", *, until: str = "html[data-drawn]", **options: object
) -> Iterator[Page]:
    """Open a file without a network, and wait `until` it has this element.

    What its console and its errors say is in `said`, what it asks others for in `asked`.
    """
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: request.url.startswith("data:") or page.asked.append(request.url))
    try:
        page.goto(file.as_uri() + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_selector(until, state="attached", timeout=30_000)
        yield page
    finally:
        context.close()
