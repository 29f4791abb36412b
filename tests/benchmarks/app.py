"""The real app in a process of its own, and a real Chromium to look at it. Linux: processor time is read from /proc."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, Page, sync_playwright

from prompts.core.child_process import python
from prompts.core.run import Run
from prompts.record.recorder import Recorder
from prompts.record.rows import StoredRun
from providers.config.connections import ENVIRONMENT
from tests.benchmarks.wire import ROOT
from tests.browser.chromium import find

T = TypeVar("T")
RUN, STOP_ALL = ".st-key-run button", ".st-key-stop-all button:enabled"
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_MS = 300_000
"""A busy machine is slow; how slow is told by figures, not by giving up."""
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


_HERE = "from dashboard import engine; engine.ask_apart = lambda: None; from streamlit.web import cli; cli.main()"
"""The server as `streamlit` starts it, and the asking left in its own interpreter."""


class App:
    """`streamlit run dashboard/app.py` with a record and a configuration of its own."""

    def __init__(
        self, url: str | None = None, *options: str, apart: bool = True, script: str = "dashboard/app.py",
        environ: Mapping[str, str] = {},
    ) -> None:  # fmt: skip
        """`url`: a wire server that stands in for every provider. `options`: for the interpreter.

        `apart`: a process of its own asks, as it always does outside of benchmarks. `script`: another app.
        `environ`: what more it finds in its environment.
        """
        self._script, self._more = script, environ
        self._wire, self._options, self._program = url, options, ("-m", "streamlit") if apart else ("-c", _HERE)

    def __enter__(self) -> App:
        self._folder = tempfile.TemporaryDirectory()
        self.start()
        return self

    def start(self) -> None:
        """Serve; again, after it has been killed, with the record and the configuration that are there."""
        place = Path(self._folder.name)
        self.database = f"sqlite:///{place}/collate.db"
        self.log = place / "log"
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = python(*self._options, *self._program, "run", self._script)
        command += ["--server.port", str(port), "--server.headless", "true"]
        environ = clean_environ()
        environ |= {"COLLATE_DATABASE_URL": self.database, "COLLATE_CONFIG": str(place / "collate.toml")}
        environ |= {"XDG_DATA_HOME": str(place)}  # where the asking process is found
        environ |= self._more
        if self._wire:
            environ |= {"ANTHROPIC_API_KEY": "none", "GOOGLE_API_KEY": "none"}
            (place / "collate.toml").write_text(_hosts(self._wire))
        with self.log.open("wb") as log:
            self.started = time.perf_counter()
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        self._wait_until_healthy()

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)
        self._folder.cleanup()

    @property
    def cpu_s(self) -> float:
        """Processor seconds of the server so far, user and system, all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def asking_process(self) -> int | None:
        """The process that asks, as the server has started it; `None` where the server asks."""
        for file in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = file.read_text().rpartition(")")
            except OSError:
                continue  # it has just ended
            if rest.split()[1] == str(self.process.pid):
                return int(name.partition(" ")[0])
        return None

    def noted_asker(self) -> int | None:
        """The process that asks, as it has noted itself, whoever started it; `None` where none ever was."""
        notes = [json.loads(file.read_text()) for file in Path(self._folder.name).rglob("*.json")]
        return next((note["process"] for note in notes if "process" in note), None)

    def put_on_record(self, run: Run) -> None:
        """A run that the page can be opened with, so that prompt and models are in their fields."""

        self._with_record(lambda recorder: recorder.begin_run(run))

    def recorded(self, run_id: str) -> StoredRun:
        """A run as the app has put it on record."""

        async def load(recorder: Recorder) -> StoredRun | None:
            return recorder.load_run(run_id)

        found = self._with_record(load)
        assert found is not None, run_id
        return found

    def _with_record(self, work: Callable[[Recorder], Coroutine[Any, Any, T]]) -> T:
        async def do() -> T:
            recorder = await Recorder.open(self.database)
            try:
                return await work(recorder)
            finally:
                await recorder.close()

        with ThreadPoolExecutor(1) as thread:  # Playwright has an event loop in this one
            return thread.submit(asyncio.run, do()).result()

    def _wait_until_healthy(self) -> None:
        while True:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as response:  # noqa: S310
                    if response.status == 200:
                        self.healthy = time.perf_counter()
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.01)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that the tests find, too."""
    found = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield browser
        browser.close()


def open_page(browser: Browser, app: App, run: Run) -> Page:
    """The Compare page with the prompt and the models of `run` in their fields."""
    app.put_on_record(run)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{app.url}/?run={run.id}")
    page.locator(RUN).wait_for()
    page.get_by_text(f"{len(run.answers)} calls to").wait_for()
    return page


def press_run(page: Page) -> str:
    """Ask again what is in the fields; the id of the new run."""
    before = page.url
    page.locator(RUN).click()
    page.wait_for_url(lambda url: url != before)
    return page.url.rpartition("run=")[2].partition("&")[0]


def clean_environ() -> dict[str, str]:
    """Ours without what would reach a vendor, and with compiled modules kept, as on anybody's machine."""
    unwanted = {*ENVIRONMENT, "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def _hosts(url: str) -> str:
    rows = {
        "chat": f'base_url = "{url}/v1"',
        "responses": f'base_url = "{url}/v1"\napi = "responses"',
        "anthropic": f'base_url = "{url}"',
        "google": f'base_url = "{url}"',
        "ollama": f'base_url = "{url}"',
    }
    return "".join(f"[providers.{name}]\n{row}\n" for name, row in rows.items())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
