"""The machine's own Chromium or Chrome, for tests; none is downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "apt-get install -y chromium"

FLAGS = (
    "--no-sandbox",  # in containers and on build machines there is often none to be had
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def executable() -> str | None:
    """Path of the browser; `AUTOANALYST_BROWSER` names another one. None: the machine has none."""
    named = os.environ.get("AUTOANALYST_BROWSER")
    found = (shutil.which(name) for name in ((named,) if named else NAMES))
    return next((path for path in found if path), None)
