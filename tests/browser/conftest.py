"""A real Chromium and a real server for the browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from prompts.core.child_process import python
from tests.patience import PATIENCE_MS, PATIENCE_S, wait_until

ROOT = Path(__file__).parents[2]
Serve = Callable[..., str]

_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--process-per-site",  # the next test's page finds a warm process, with Streamlit's scripts compiled
)  # fmt: skip
_OPTIONS = (
    "--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none",
    "--browser.gatherUsageStats", "false", "--runner.postScriptGC", "false",
)  # fmt: skip
# One inline script of Streamlit's own page that does nothing for us.
_STREAMLITS_OWN = "Executing inline script violates the following Content Security Policy directive"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """Not looked for here: dashboards and vendors serve a whole file, and keep connections from test to test."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: of `CHROMIUM`, of the system, or Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def kept(browser: Browser) -> Iterator[Page]:
    """A page that stays from test to test, and with it Chromium's process for the pages of this computer."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.route("**", lambda route: route.fulfill(body="kept"))
    page.goto("http://127.0.0.1/")
    yield page
    context.close()


@pytest.fixture
def context(kept: Page) -> Iterator[BrowserContext]:
    """Somebody who was never here: the same for every test, for a new one costs a second; what it left is cleared."""
    context = kept.context
    places = set[str]()
    visited = lambda page: page.on("framenavigated", lambda frame: places.add(frame.url))  # noqa: E731
    context.on("page", visited)
    yield context
    context.remove_listener("page", visited)
    for page in context.pages:
        if page is not kept:
            page.close()
    context.clear_cookies()
    context.clear_permissions()
    browser = context.new_cdp_session(kept)
    for origin in {"/".join(place.split("/")[:3]) for place in places if place.startswith("http")}:
        browser.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    browser.detach()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; the test fails if a script on it failed, or if something was blocked that should not have been tried."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if _is_violation(message) else None)
    yield page
    assert wrong == []


def _is_violation(message: ConsoleMessage) -> bool:
    ours = "Content Security Policy" in message.text and _STREAMLITS_OWN not in message.text
    return message.type == "error" and ours


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Start `streamlit run` on an app and give its address; all are ended with the module."""
    started: list[subprocess.Popen[bytes]] = []

    def start(app: Path, env: Mapping[str, str] | None = None) -> str:
        port = _free_port()
        command = python("-m", "streamlit", "run", str(app), "--server.port", str(port), *_OPTIONS)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
        # From there, for the small apps of some tests wear the settings that Collate ships.
        process = subprocess.Popen(command, cwd=ROOT / "dashboard", env=environment)
        started.append(process)
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
        return f"http://127.0.0.1:{port}"

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def go_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a file lets the run of its name go on, in the harness of the answer grid."""
    return tmp_path_factory.mktemp("go-on")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    def healthy() -> bool:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url) as response:  # noqa: S310
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    wait_until(healthy)
