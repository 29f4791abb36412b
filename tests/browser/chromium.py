"""Find a Chromium for the browser tests, or install one: `python -m tests.browser.chromium`.

In this order: `CHROMIUM`, one that is on the path, Playwright's own, Debian's package, a download by Playwright.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from prompts.core.child_process import python

# The first has no window that it could show, which is half of what a browser works for while tests wait for it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a browser that can be started; `None` if there is none yet."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install() -> None:
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        print("Installing Debian's chromium for the browser tests", flush=True)
        subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False)
        done = subprocess.run(
            [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium-headless-shell"],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            check=False,
            stdout=subprocess.DEVNULL,
        )
        if done.returncode == 0:
            return
    print("Fetching Playwright's own Chromium for the browser tests", flush=True)
    subprocess.run(python("-m", "playwright", "install", "chromium"), check=True)


if __name__ == "__main__":
    if find() is None:
        _install()
    if (found := find()) is None:
        sys.exit("No Chromium could be installed. Install one and name it: CHROMIUM=/path/to/chromium make test")
    print(f"Browser tests use {found}")
