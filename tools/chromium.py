"""Finds the Chromium of the browser tests, or installs Debian's where that is possible."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> str | None:
    """The path of a Chromium: $CHROMIUM, else an installed one, else None."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return str(MACOS) if MACOS.exists() else None


def install() -> str | None:
    """Install Debian's package, as root on a machine that has apt-get; None where that fails."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0 or os.environ.get("CHROMIUM"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        done = subprocess.run([apt, "-q", *arguments], env=quiet, capture_output=True, check=False)
        if done.returncode and arguments != ["update"]:
            return None
    return find()
