"""A real Chromium and a real server for the browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from prompts.core.child_process import python
from tests import warm
from tests.browser.chromium import NAMES
from tests.patience import PATIENCE_MS, PATIENCE_S, wait_until

ROOT = Path(__file__).parents[2]
Serve = Callable[..., str]
Somebody = Callable[[], AbstractContextManager[BrowserContext]]
Server = subprocess.Popen[bytes] | warm.Forked

_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--process-per-site",  # the next test's page finds a warm process, with Streamlit's scripts compiled
    "--js-flags=--no-maglev --no-opt",  # a page lives for seconds: what makes its scripts faster never pays
)  # fmt: skip
_OPTIONS = (
    "--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none",
    "--browser.gatherUsageStats", "false", "--runner.postScriptGC", "false",
)  # fmt: skip
# One inline script of Streamlit's own page that does nothing for us.
_STREAMLITS_OWN = "Executing inline script violates the following Content Security Policy directive"


_LONGEST = (
    "test_axe", "test_team", "test_two_people", "test_replicas", "test_asking", "test_compare", "test_answer_grid",
    "test_reading", "test_manners", "test_again", "test_vote", "test_marks", "test_history", "test_experiments",
    "test_prompts", "test_local_models",
)  # fmt: skip
"""Begun first, so that no worker ends long before the others; the rest is short."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=_turn)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With a failure goes what its page shows: elsewhere, and on another day, nobody can look."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.failed and isinstance(page, Page) and not page.is_closed():
        with suppress(PlaywrightError):
            report.sections.append(("What the page shows", page.locator("body").aria_snapshot(timeout=PATIENCE_MS)))
    return report


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("browser") is None:
        return -1
    return _LONGEST.index(item.path.stem) if item.path.stem in _LONGEST else len(_LONGEST)


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """Not looked for here: dashboards and vendors serve a whole file, and keep connections from test to test."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: of `CHROMIUM`, of the system, or Playwright's own."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def free(browser: Browser) -> Iterator[list[Page]]:
    """Of each browser context that nobody uses a page that stays, and with it Chromium's process for our pages."""
    free: list[Page] = []
    yield free
    for page in free:
        page.context.close()


@pytest.fixture
def somebody(browser: Browser, free: list[Page]) -> Somebody:
    """Makes somebody who was never here, whose pages share nothing with those of others in the same test.

    A new context would cost two seconds: one that was used is cleared of all but the files of our pages.
    """

    @contextmanager
    def one() -> Iterator[BrowserContext]:
        kept = free.pop() if free else _kept(browser)
        try:
            yield from _cleared_after(kept)
        finally:
            free.append(kept)

    return one


@pytest.fixture
def context(somebody: Somebody) -> Iterator[BrowserContext]:
    with somebody() as context:
        yield context


def _kept(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.route("**", lambda route: route.fulfill(body="kept"))
    page.goto("http://127.0.0.1/")
    return page


def _cleared_after(kept: Page) -> Iterator[BrowserContext]:
    context = kept.context
    places = set[str]()
    visited = lambda page: page.on("framenavigated", lambda frame: places.add(frame.url))  # noqa: E731
    context.on("page", visited)
    try:
        yield context
    finally:
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


@pytest.fixture(scope="session")
def nest(isolated_session: None) -> Iterator[str | None]:
    """Where warm processes are had, in the surroundings that a dashboard of the tests begins in."""
    with warm.nest(ROOT / "dashboard") as name:
        yield name


@pytest.fixture(scope="module")
def serve(nest: str | None) -> Iterator[Serve]:
    """Start `streamlit run` on an app and give its address; all are ended with the module."""
    started: list[Server] = []

    def start(app: Path, env: Mapping[str, str] | None = None) -> str:
        port = free_port()
        started.append(began(app, port, {**os.environ, **(env or {})}, nest))
        return f"http://127.0.0.1:{port}"

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(PATIENCE_S)


def began(app: Path, port: int, environment: Mapping[str, str], nest: str | None) -> Server:
    """The server of an app once it answers: a warm process where there are any."""
    command = python("-m", "streamlit", "run", str(app), "--server.port", str(port), *_OPTIONS)
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    # From there, for the small apps of some tests wear the settings that Collate ships.
    process = warm.popen(nest)(command, cwd=ROOT / "dashboard", env=environment)
    _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
    return process


@pytest.fixture(scope="module")
def go_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a file lets the run of its name go on, in the harness of the answer grid."""
    return tmp_path_factory.mktemp("go-on")


_usual: list[int] = []


def free_port() -> int:
    """The same one for one dashboard after the other: Chromium keeps Streamlit's files, compiled, by their address."""
    for port in (*_usual, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
            probe.bind(("127.0.0.1", port))
            _usual[:] = _usual or [probe.getsockname()[1]]
            return probe.getsockname()[1]
    raise AssertionError("no port is free")


def _wait_until_healthy(url: str, process: Server) -> None:
    def healthy() -> bool:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url) as response:  # noqa: S310
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    wait_until(healthy)
