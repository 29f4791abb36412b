"""What reading costs: the difference of two long answers, and the first draw of a long finished run.

The run is on record before the app starts, so nothing of it is in memory or drawn. Timed in the page: from
the moment that the grid asks for its answers, mounted and empty, to the frame after the last of them.
"""

from __future__ import annotations

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from prompts.analysis.diff import difference
from prompts.core.run import Run
from prompts.record.recorder import Recorder
from providers.completion import Completion, Cost, Timings
from providers.interface import Usage
from tests.benchmarks.app import App, chromium
from tests.benchmarks.asking import a_run
from tests.benchmarks.report import figure, spread, title

COLUMNS = 8
TOKENS = 4_000
PER_TOKEN = 4  # characters
SAMPLE = Path(__file__).with_name("sample.md").read_text()

_WATCH = """
window.draws = [];
const ask = window.fetch;
window.fetch = async (address, ...given) => {
  const mounted = performance.now();
  const response = await ask(address, ...given);
  if (!String(address).includes("/events")) return response;
  const [shown, counted] = response.body.tee();
  new Response(counted).text().then(() =>
    requestAnimationFrame(() => setTimeout(() => window.draws.push(performance.now() - mounted))));
  return new Response(shown, response);
};
"""


def texts(tokens: int, count: int) -> list[str]:
    """Texts alike in form, each with words and code of its own, so that nothing is drawn from a cache."""
    made: list[str] = []
    for number in range(count):
        sections = (SAMPLE.replace("merge", f"merge{number}x{n}").replace("sort", f"sort{n}") for n in range(99))
        made.append("\n\n".join(sections)[: tokens * PER_TOKEN])
    return made


def differences() -> None:
    """Two answers of 3,000 tokens, from nothing in common to nearly all."""
    title("Difference of two answers of 3,000 tokens")
    dice = random.Random(5)
    words = ["".join(dice.choices("abcdefghijklm", k=dice.randint(1, 9))) for _ in range(600)]

    def prose() -> str:
        return "\n\n".join(" ".join(dice.choices(words, k=60)) + "." for _ in range(38))

    one, two = texts(3_000, 2)
    base = prose()
    pairs = {
        "two answers to one question": (one, two),
        "nothing in common": (base, prose()),
        "every 20th word changed": (base, " ".join(w if n % 20 else "changed" for n, w in enumerate(base.split(" ")))),
        "every second word changed": (base, " ".join(w if n % 2 else "x" for n, w in enumerate(base.split(" ")))),
        "one line each": (base.replace("\n", " "), prose().replace("\n", " ")),
        "thousands of equal lines": ("a b\n" * 3000, "a b\nc d\n" * 1500),
        "no spaces": ("".join(dice.choices("的一是不了人我在有他", k=4500)), "".join(dice.choices("的一是在", k=4500))),
    }
    for name, (a, b) in pairs.items():
        taken: list[float] = []
        for _ in range(9):
            started = time.perf_counter()
            difference(a, b)
            taken.append((time.perf_counter() - started) * 1000)
        spread(name, taken, " ms", most=100)


def finished_run(number: int) -> Run:
    """A run with its answers, not yet on record."""
    run = a_run(("chat",) * COLUMNS)
    return replace(run, prompt=f"{run.prompt} ({number})")


async def record(run: Run, database: str) -> None:
    """Put `run` and its answers on record."""
    recorder = await Recorder.open(database)
    try:
        await recorder.begin_run(run)
        for answer, text in zip(run.answers, texts(TOKENS, COLUMNS), strict=True):
            done = Completion(
                provider=answer.target.provider, model=answer.target.model, endpoint="http://127.0.0.1/v1",
                state="complete", text=text, thinking="", started_at=datetime.now(UTC), cost=Cost("local"),
                usage=Usage(12, TOKENS), timings=Timings(0.3, 0.3, 40.0, output_tokens_per_s=100.0),
            )  # fmt: skip
            attempt = await recorder.begin_attempt(answer.id, 1, endpoint=done.endpoint, target=answer.target)
            await recorder.finish(attempt, done)
    finally:
        await recorder.close()


def drawn(browser: Browser, app: App, run: Run) -> float:
    """Milliseconds from the grid, mounted, to the frame with the last answer."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(_WATCH)
    page.goto(f"{app.url}/?run={run.id}")
    page.wait_for_function("() => window.draws.length > 0")  # an expression would need eval
    taken: float = page.evaluate("window.draws[0]")
    page.close()
    return taken


def main() -> None:
    """Print the figures."""
    differences()
    title(f"Finished run of {COLUMNS} answers of {TOKENS:,} tokens, from mounted to drawn")
    runs = [finished_run(number) for number in range(6)]
    with App() as app, chromium() as browser, ThreadPoolExecutor(1) as thread:
        for run in runs:  # Playwright has an event loop in this thread
            thread.submit(asyncio.run, record(run, app.database)).result()
        figure("very first page of the app", drawn(browser, app, runs[0]), " ms", most=500)
        spread("first draw", [drawn(browser, app, run) for run in runs[1:]], " ms", most=500)
        spread("drawn again", [drawn(browser, app, run) for run in runs[1:]], " ms")


if __name__ == "__main__":
    main()
