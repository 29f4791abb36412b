"""Kill -9 of the real programs while an experiment is asked: `collate run`, and the dashboard's asking process.

After each kill the same is resumed: by `collate run --resume`, or by *Resume* on the page, until every cell is over or
the money is. What holds then is counted as in `experiment_kills`.

    python -m tests.benchmarks.run_kills 400 20
    python -m tests.benchmarks.run_kills 400 20 dashboard
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page

from prompts.core.child_process import python
from prompts.experiments.asked import Experiment, Progress
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan_writer import dumps
from prompts.record.recorder import Recorder
from tests.benchmarks.app import PATIENCE_MS, App, chromium, clean_environ
from tests.benchmarks.asking import runner_on
from tests.benchmarks.experiment_kills import CHARGED, PRICES, Asked, Place, told
from tests.benchmarks.report import title
from tests.benchmarks.wire import ROOT
from tests.wire.server import WireServer

CELLS, KILLS = 400, 20
LONGEST_S = 0.3
"""After a process has begun to ask, before it is killed: so short that there are kills until the last cells."""
RESUME = ".st-key-experiment-resume button"


def _resume_until_over(folder: Path, environ: dict[str, str], asked: Asked, kills: int) -> int:
    """`collate run`, killed and resumed until it ends by itself; how often it was killed."""
    chance, done = random.Random(1), 0
    command = [*python("-c", "import sys; from prompts.cli.main import main; sys.exit(main())"), "run", "plan.toml"]
    while True:
        before = asked.total
        more = ["--resume"] if before else []
        process = subprocess.Popen(
            [*command, "--yes", "--quiet", *more], cwd=folder, env=environ, stdout=subprocess.DEVNULL
        )  # fmt: skip
        while process.poll() is None and asked.total == before:
            time.sleep(0.005)
        if done < kills:
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, LONGEST_S))
            done += process.poll() is None
            process.kill()
        if process.wait() in (0, 1, 2, 3):
            return done


def of_command(cells: int, kills: int, budget: Decimal | None) -> None:
    """`collate run`, killed."""
    title(f"{cells:,} cells, `collate run` killed at random moments, budget {budget}; load {os.getloadavg()[0]:.1f}")
    asked = Asked()
    with tempfile.TemporaryDirectory() as name, WireServer(asked.script) as server:
        folder, url = Path(name), f"sqlite:///{name}/collate.db"
        (folder / "plan.toml").write_text(dumps(Place("", "", cells, budget).plan))
        (folder / "prices.toml").write_text(PRICES)
        (folder / "collate.toml").write_text(f'[providers.chat]\nbase_url = "{server.url}/v1"\n')
        environ = clean_environ() | {
            "COLLATE_DATABASE_URL": url, "COLLATE_CONFIG": str(folder / "collate.toml"), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        done = _resume_until_over(folder, environ, asked, kills)
        told(cells, asked.prompts, *asyncio.run(_found(url, server.url, folder)), done, budget)


def of_dashboard(cells: int, kills: int, budget: Decimal | None) -> None:
    """The process that asks for the dashboard, killed; *Resume* is pressed on the page."""
    title(
        f"{cells:,} cells, the asking process killed at random moments, budget {budget}; load {os.getloadavg()[0]:.1f}"
    )
    asked = Asked()
    with tempfile.TemporaryDirectory() as name, WireServer() as server:
        folder = Path(name)
        server.routes["/chat/completions"] = asked.script
        (folder / "prices.toml").write_text(PRICES)
        (folder / "plan.toml").write_text(dumps(Place("", "", cells, budget).plan))
        with App(server.url, environ={"COLLATE_PRICES": str(folder / "prices.toml")}) as app:
            with chromium() as browser:
                page = browser.new_page()
                page.set_default_timeout(PATIENCE_MS)
                _open(page, app, folder / "plan.toml")
                done = _press_until_over(page, app, asked, kills)
            told(cells, asked.prompts, *asyncio.run(_found(app.database, server.url, folder)), done, budget)


def _press_until_over(page: Page, app: App, asked: Asked, kills: int) -> int:
    """Start, then resume whenever the page offers it, until all is over; how often the asking process was killed."""
    chance, done = random.Random(1), 0
    while not _over(page):
        before = asked.total
        _press(page)
        while asked.total == before and not _over(page):
            page.wait_for_timeout(5)
        if done < kills and not _over(page) and (asker := app.noted_asker()) is not None:
            page.wait_for_timeout(1000 * chance.uniform(0, LONGEST_S))
            with suppress(ProcessLookupError):
                os.kill(asker, signal.SIGKILL)
                done += 1
        page.locator(RESUME).or_(page.get_by_text("Finished:")).first.wait_for()
    return done


def _open(page: Page, app: App, plan: Path) -> None:
    """The draft of that file, ready to start."""
    page.goto(f"{app.url}/experiments")
    page.locator(".st-key-experiment-open button").first.click()
    page.locator("input[type=file]").first.set_input_files(plan)
    page.locator(".st-key-experiment-start button:enabled").wait_for()


def _press(page: Page) -> None:
    """Start or resume."""
    page.locator(f".st-key-experiment-start button, {RESUME}").first.click()


def _over(page: Page) -> bool:
    return page.get_by_text(re.compile("Finished:|The budget .* is reached")).count() > 0


async def _found(url: str, wire: str, folder: Path) -> tuple[Experiment, Progress]:
    recorder = await Recorder.open(url)
    lab = Experiments(runner_on(wire, folder, recorder), recorder)
    try:
        return lab.list()[0], lab.progress(lab.list()[0].id)
    finally:
        await recorder.close()


def main(cells: int = CELLS, kills: int = KILLS, what: str = "run") -> None:
    """Print what was lost, what was asked twice and what it cost."""
    kill = of_dashboard if what == "dashboard" else of_command
    kill(cells, kills, None)
    kill(cells, kills, cells * CHARGED * Decimal("0.6"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
