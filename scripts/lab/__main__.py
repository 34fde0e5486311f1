"""Opens JupyterLab at the notebooks, once factdesk itself is in this environment too: `python scripts/lab`."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from jupyterlab.labapp import main  # type: ignore[import-untyped]

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
# As scripts/environment.sh does it: what builds factdesk came with the lock, so nothing is fetched.
INSTALL = "install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable"


def is_here() -> bool:
    """Return whether `import factdesk` takes the package of this folder."""
    found = find_spec("factdesk")
    return bool(found and found.origin and Path(found.origin).resolve().is_relative_to(TOP))


if __name__ == "__main__":
    if not is_here():
        done = subprocess.run([sys.executable, "-m", "pip", *INSTALL.split(), str(TOP)], check=False)
        if done.returncode:
            sys.exit("factdesk could not be put into this environment: pip says why above.")
    sys.exit(main([f"--config={HERE / 'jupyter_lab_config.py'}", *sys.argv[1:]]))
