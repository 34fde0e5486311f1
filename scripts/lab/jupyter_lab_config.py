"""How `make lab` starts JupyterLab: at the notebooks, and asking nothing of anybody on the internet."""

import os
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
c = get_config()  # type: ignore[name-defined]  # noqa: F821

# The ledger lies beside the notebooks' folder, so the top folder is what is served.
c.ServerApp.root_dir = str(here.parent.parent)
c.LabApp.default_url = "/lab/tree/notebooks"

# overrides.json is read from there; without it a first start asks whether it may fetch news.
c.LabApp.app_settings_dir = str(here)
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

if sys.platform != "win32":
    # As root (in a container, say) JupyterLab refuses to start unless it is told that it may.
    c.ServerApp.allow_root = os.geteuid() == 0
if sys.platform.startswith("linux"):
    # With no display a text browser, where there is one, would hide the address that is printed.
    c.ServerApp.open_browser = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
