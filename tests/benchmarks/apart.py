"""What pages cost the measurement: eight columns asked in a process apart, in the server's own, and by the bare SDK.

The same load for all three, one after the other: a page that draws the answers, another that is opened and clicked
meanwhile. Each answer's times are set against the server's own log. The bare SDK has a process of its own and no
page draws what it reads; the other page is opened and clicked all the same.

    python -m tests.benchmarks.apart
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from prompts.core.child_process import python
from tests.benchmarks.app import RUN, STOP_ALL, App, chromium, open_page, press_run
from tests.benchmarks.asking import PROMPT, a_run
from tests.benchmarks.report import figure, quantile, title
from tests.benchmarks.wire import ROOT, Answered, Pace, Wire

COLUMNS, ROUNDS = 8, 3
PACE = Pace(first_s=0.2, tokens=600, tokens_per_s=100)
WHOLE_S = PACE.first_s + PACE.tokens / PACE.tokens_per_s


@dataclass(frozen=True, slots=True)
class Read:
    """The times of one answer as a client read them."""

    model: str
    first_s: float
    duration_s: float
    contended: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """How much later than the server says, in milliseconds."""

    first_ms: float
    duration_ms: float
    contended: bool


def against(reads: Sequence[Read], log: Sequence[Answered]) -> list[Late]:
    """Each answer beside the server's own account of it."""
    served = {answer.model: answer for answer in log}
    return [
        Late(
            (read.first_s - served[read.model].first_text_s) * 1000,
            (read.duration_s - served[read.model].duration_s) * 1000, read.contended,
        )
        for read in reads
    ]  # fmt: skip


def open_and_click(browser: Browser, app: App) -> None:
    """Somebody else at work while the answers stream: two pages opened, by the clock and not when the last is there."""
    began = time.monotonic()
    page = browser.new_page()
    for at_s, path in ((1.0, "models"), (3.5, "history")):
        page.wait_for_timeout((began + at_s - time.monotonic()) * 1000)
        page.goto(f"{app.url}/{path}", wait_until="commit")
    page.wait_for_timeout((began + WHOLE_S + 0.5 - time.monotonic()) * 1000)
    page.close()


class Busy:
    """How much of the whole machine was at work while it is used as a context manager."""

    def __enter__(self) -> Busy:
        self._before = self._read()
        return self

    def __exit__(self, *_: object) -> None:
        idle, whole = (now - then for now, then in zip(self._read(), self._before, strict=True))
        self.share = 100 * (1 - idle / whole)

    @staticmethod
    def _read() -> tuple[int, int]:
        ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)


def through(browser: Browser, app: App, page: Page, wire: Wire) -> list[Late]:
    """The dashboard's answers, the first round left out: it warms."""
    late: list[Late] = []
    for number in range(ROUNDS + 1):
        before = len(wire.answered())
        run_id = press_run(page)
        open_and_click(browser, app)
        page.locator(STOP_ALL).wait_for(state="hidden")
        time.sleep(1)  # the last result is on record
        reads = [_as_read(stored) for stored in app.recorded(run_id).completions] if number else []
        late += against(reads, wire.answered()[before:]) if number else []
    return late


def _as_read(stored) -> Read:
    done = stored.completion
    assert done is not None, stored
    assert done.timings.time_to_first_token_s is not None, done
    assert done.timings.duration_s is not None, done
    return Read(
        stored.model, done.timings.time_to_first_token_s, done.timings.duration_s, "contended" in done.conditions
    )


def by_the_sdk(browser: Browser, app: App, wire: Wire) -> list[Late]:
    """The bare SDK's, with the same clicks beside it."""
    late: list[Late] = []
    command = python("-m", "tests.benchmarks.apart", wire.url)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        for number in range(ROUNDS + 1):
            before = len(wire.answered())
            client.stdin.write("\n")
            client.stdin.flush()
            open_and_click(browser, app)
            reads = [Read(**row) for row in json.loads(client.stdout.readline())]
            late += against(reads, wire.answered()[before:]) if number else []
        client.stdin.close()
    return late


async def bare(url: str) -> None:
    """Eight streams by OpenAI's SDK for each line of standard input; their times as a line of JSON."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="none", base_url=f"{url}/v1")

    async def ask(model: str) -> dict[str, object]:
        began, first = time.perf_counter(), None
        stream = await client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": PROMPT}], stream=True,
            stream_options={"include_usage": True},
        )  # fmt: skip
        async for chunk in stream:
            if first is None and chunk.choices and (chunk.choices[0].delta.content or "").strip():
                first = time.perf_counter()
        assert first is not None
        return {"model": model, "first_s": first - began, "duration_s": time.perf_counter() - began}

    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await asyncio.gather(*(ask(f"bench-{n}") for n in range(COLUMNS)))), flush=True)


def report(name: str, late: Sequence[Late], beside: Sequence[Late] = ()) -> None:
    """Median and p95 of one way; with `beside`, how far they are from the bare SDK's."""
    reads: tuple[tuple[str, Callable[[Late], float]], ...] = (
        ("first token", lambda each: each.first_ms),
        ("duration", lambda each: each.duration_ms),
    )
    for what, read in reads:
        for part, most in ((0.5, 5.0), (0.95, 15.0)):
            value = quantile([read(each) for each in late], part)
            than = value - quantile([read(each) for each in beside], part) if beside else None
            said = f"{value:.1f} ms after the server's own"
            if than is None:
                figure(f"{name}: {what}, p{part * 100:.0f}", value, " ms")
            else:
                figure(f"{name}: {what}, p{part * 100:.0f}, over the bare SDK's", than, " ms", most=most, note=said)
    if beside:
        figure(f"{name}: answers marked contended", sum(each.contended for each in late), f" of {len(late)}", most=0)


def resident_mb(pid: int) -> float:
    """Memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    """Print the figures."""
    title(f"{COLUMNS} columns at {PACE.tokens_per_s:g} tokens/s, drawn, another page opened and clicked")
    found: dict[str, list[Late]] = {}
    with Wire(PACE) as wire, chromium() as browser:
        for name, apart in (("thread", False), ("process", True)):
            with App(wire.url, apart=apart) as app:
                page = open_page(browser, app, a_run(("chat",) * COLUMNS))
                page.locator(RUN).wait_for()
                with Busy() as busy:
                    found[name] = through(browser, app, page, wire)
                figure(f"{name}: share of the machine at work", busy.share, " %")
                figure(f"{name}: memory of the server", resident_mb(app.process.pid), " MB")
                if (asking := app.asking_process()) is not None:
                    figure(f"{name}: memory of the asking process", resident_mb(asking), " MB")
                    with Busy() as busy:
                        found["bare"] = by_the_sdk(browser, app, wire)
                    figure("bare SDK: share of the machine at work", busy.share, " %")
                page.close()
    report("bare SDK", found["bare"])
    for name in ("thread", "process"):
        report(name, found[name], found["bare"])


if __name__ == "__main__":
    asyncio.run(bare(sys.argv[1])) if sys.argv[1:] else main()
