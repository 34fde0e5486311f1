"""Serves the desk of claims.csv with Voilà, as a page without a notebook around it: `python scripts/app`."""

import sys
from pathlib import Path

from traitlets.config import Config
from voila.app import Voila  # type: ignore[import-untyped]

HERE = Path(__file__).resolve().parent

settings = Config()
# Whoever reaches the desk may write: the address that is printed has a token that can't be guessed.
settings.Voila.auto_token = True
# Voilà's page asks a content-delivery network for icons of controls that the desk doesn't have.
policy = "style-src 'self' 'unsafe-inline'; font-src 'self' data:; frame-ancestors 'self'"
settings.Voila.tornado_settings = {"headers": {"Content-Security-Policy": policy}}
# Each window has a kernel of its own. That of a closed one ends after ten minutes; an open one goes on.
settings.MappingKernelManager.cull_idle_timeout = 600
settings.MappingKernelManager.cull_interval = 60

if __name__ == "__main__":
    Voila.launch_instance([str(HERE / "desk.ipynb"), *sys.argv[1:]], config=settings)
